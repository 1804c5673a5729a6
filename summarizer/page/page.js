"use strict";
// The page works without this: links lead to the articles below. With it they open beside the briefing.
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const panel = one("#panel"), articles = one(".articles"), desk = one("#main");
  const narrow = matchMedia("(max-width: 59.99rem)");
  let shown = [], at = 0, opener = null, home = null;

  document.documentElement.classList.add("js");
  one(".filters").hidden = false;

  // ------------------------------------------------------------------ evidence beside the briefing

  const pieces = (number) => all(`.cited[data-q~="${number}"]`);

  function open(numbers, title, from, first = 0) {
    shown = numbers;
    reveal(from);
    for (const side of all("body > *, .desk > main")) side.inert = narrow.matches && !side.contains(panel);
    one(".panel-title").textContent = title;
    one(".panel-quotes").replaceChildren(...numbers.map((number, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${i + 1} ${outlet(number)}`;
      button.addEventListener("click", () => show(i));
      const point = document.createElement("li");
      point.append(button);
      return point;
    }));
    one(".panel-quotes").hidden = one(".panel-steps").hidden = numbers.length < 2;
    show(first);
    panel.focus({ preventScroll: true });
  }

  // Beside the article the briefing is narrower, so that all below moves: what was looked at stays where it is.
  function hold(link) {
    const thing = link && (link.closest(".item, li, tr") || link);
    if (!thing || narrow.matches) return () => {};
    const wanted = Math.min(Math.max(thing.getBoundingClientRect().top, 60), innerHeight / 2);
    const move = () => scrollBy({ top: thing.getBoundingClientRect().top - wanted, behavior: "instant" });
    return () => { move(); requestAnimationFrame(move); };
  }

  function reveal(from) {
    if (panel.hidden) opener = from;
    const stay = hold(from);
    panel.hidden = false;
    document.body.classList.add("reading");
    stay();
  }

  const numbersOf = (item) => [...new Set(all("[data-q]", item).flatMap((link) => link.dataset.q.split(" ")))];

  const quotations = new Map();
  function quotation(number) {
    if (!quotations.size) {
      for (const piece of all(".cited")) {
        for (const each of piece.dataset.q.split(" ")) {
          quotations.set(each, (quotations.get(each) || "") + piece.textContent);
        }
      }
    }
    return quotations.get(number);
  }

  const outlet = (number) => one(".facts span", one(`#q${number}`).closest(".text")).textContent;

  function show(index) {
    at = index;
    const number = shown[at], text = one(`#q${number}`).closest(".text");
    place(text);
    for (const piece of all(".cited")) piece.classList.remove("now", "also");
    for (const other of shown) for (const piece of pieces(other)) piece.classList.add("also");
    for (const piece of pieces(number)) piece.classList.add("now");
    all(".panel-quotes button").forEach((button, i) => {
      if (i === at) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    });
    one(".panel-steps .place").textContent = `${at + 1} of ${shown.length}`;
    one(".panel-steps .previous").disabled = at === 0;
    one(".panel-steps .next").disabled = at === shown.length - 1;
    const mark = pieces(number)[0], view = one(".panel-text");
    view.scrollTop += mark.getBoundingClientRect().top - view.getBoundingClientRect().top - view.clientHeight / 3;
  }

  function place(text) {
    const view = one(".panel-text");
    if (view.contains(text)) return;
    putBack();
    home = document.createComment("");
    text.replaceWith(home);
    view.replaceChildren(text);
    view.scrollTop = 0;
  }

  function putBack() {
    const text = one(".text", panel);
    if (text && home) home.replaceWith(text);
    home = null;
  }

  function close() {
    if (panel.hidden) return;
    const stay = hold(opener);
    panel.hidden = true;
    putBack();
    document.body.classList.remove("reading");
    stay();
    for (const side of all("[inert]")) side.inert = false;
    for (const piece of all(".cited")) piece.classList.remove("now", "also");
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  function openLink(link) {
    const numbers = link.dataset.q.split(" "), item = link.closest(".item");
    const name = item && item.getAttribute("aria-label");
    open(numbers, name || (link.dataset.of || ""), link);
  }

  // An item's, all of it; of a dispute its first side's.
  const ownEvidence = (item) => item && (one(":scope > .open .evidence", item) || one(".evidence", item));

  function read(text, from) {
    shown = [];
    reveal(from);
    one(".panel-title").textContent = "Article";
    one(".panel-quotes").hidden = one(".panel-steps").hidden = true;
    for (const piece of all(".cited")) piece.classList.remove("now", "also");
    place(text);
    panel.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a");
    if (link && link.matches(".evidence")) {
      event.preventDefault();
      openLink(link);
    } else if (link && link.matches(".read")) {
      event.preventDefault();
      read(document.getElementById(link.hash.slice(1)), link);
    } else if (link && link.closest(".back")) {
      if (narrow.matches) close();
    } else if (!link && !event.target.closest("button, input, select, .panel-text")) {
      const evidence = ownEvidence(event.target.closest("article.item"));
      if (evidence && !String(getSelection())) openLink(evidence);
    }
  });
  one(".close", panel).addEventListener("click", close);
  one(".previous", panel).addEventListener("click", () => show(at - 1));
  one(".next", panel).addEventListener("click", () => show(at + 1));

  // ------------------------------------------------------------------------------- links to items

  function arrive() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const there = id && document.getElementById(id);
    for (const item of all(".here")) item.classList.remove("here");
    if (!there) return;
    if (/^q\d+$/.test(id)) {
      const number = id.slice(1), item = one(`.item:has([data-q~="${number}"])`);
      open([number], `${outlet(number)}${item ? `, for ${item.id}` : ""}`, null);
      if (item && !narrow.matches) { item.classList.add("here"); item.scrollIntoView(); }
      return;
    }
    if (there.matches(".text")) return read(there, null);
    if (there.matches(".item")) {
      if (there.hidden || there.closest("[hidden]")) { filters.reset(); filter(); }
      there.classList.add("here");
      there.scrollIntoView();
      there.focus({ preventScroll: true });
    }
  }
  addEventListener("hashchange", arrive);

  // -------------------------------------------------------------------------------------- filters

  const filters = one("#filters");
  const LETTERS = { ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ŧ: "t", ß: "ss", æ: "ae", œ: "oe", þ: "th" };
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[łøđðħıŧßæœþ]/g, (letter) => LETTERS[letter]);
  const items = all(".item"), chips = all(".chip"), texts = new Map();
  const wordsOf = (item) => {
    if (!texts.has(item)) {
      let own = item.textContent;  // without what the page itself says of every item
      for (const said of all(".evidence, .over", item)) own = own.replace(said.textContent, " ");
      texts.set(item, plain([own, ...numbersOf(item).map(quotation)].join(" ")));
    }
    return texts.get(item);
  };

  function filter() {
    const asked = new FormData(filters);
    const words = plain(asked.get("words")).split(/\s+/).filter(Boolean);
    const party = asked.get("party"), kind = asked.get("kind"), source = asked.get("source").split(" ").filter(Boolean);
    const fits = (thing) =>
      (!party || thing.dataset.parties.split(" ").includes(party)) &&
      (!kind || thing.dataset.kind === kind) &&
      (!source.length || thing.dataset.sources.split(" ").some((id) => source.includes(id)));
    let count = 0;
    const there = new Set();
    for (const item of items) {
      const found = fits(item) && words.every((word) => wordsOf(item).includes(word));
      if (item.hidden === found) item.hidden = !found;
      if (found) { count += 1; there.add(item.id); }
    }
    for (const chip of chips) chip.hidden = !there.has(chip.hash.slice(1));
    for (const row of all(".pairs li, .matrix tbody tr")) row.hidden = !one(".chip:not([hidden])", row);
    for (const group of all(".group")) group.hidden = !one(".item:not([hidden])", group);
    const all_there = count === items.length;
    for (const section of all("#main section:not(.articles)")) {
      if (one(".item", section)) section.hidden = !one(".item:not([hidden])", section) && !section.matches(".story");
    }
    // What was found comes first: pictures are of all, and a sentence is there if something that it rests on is.
    for (const line of all(".bottom-line li, .questions li")) {
      line.hidden = !all_there && !all(".cites a", line).some((id) => there.has(id.hash.slice(1)));
    }
    for (const list of all(".bottom-line, .questions")) list.hidden = !one("li:not([hidden])", list);
    for (const figure of all(".picture")) figure.hidden = !all_there;
    one("#movement")?.parentElement.toggleAttribute("hidden", !all_there);
    one("#nothing").hidden = count > 0 || !items.length;
    filters.elements.count.textContent = all_there ? "" : `${count} of ${items.length}`;
  }
  filters.addEventListener("input", filter);
  filters.addEventListener("reset", () => setTimeout(filter));
  filters.addEventListener("submit", (event) => event.preventDefault());

  // ---------------------------------------------------------------------------------------- paper

  function unfold() {
    for (const link of all(".open .evidence")) {
      const list = document.createElement("ol");
      list.className = "quotes unfolded";
      for (const number of link.dataset.q.split(" ")) {
        const text = one(`#q${number}`).closest(".text"), point = document.createElement("li");
        const [outlet, day] = all(".facts span", text).map((fact) => fact.textContent);
        const words = quotation(number).replace(/\s+/g, " ");
        point.value = number;
        point.textContent = `${"translated" in text.dataset ? `machine-translated wording: ${words}` : `“${words}”`} — ${outlet}, ${day}`;
        list.append(point);
      }
      link.closest(".open").after(list);
    }
  }
  const fold = () => { for (const list of all(".unfolded")) list.remove(); };
  if (!one(".quotes")) {
    addEventListener("beforeprint", unfold);
    addEventListener("afterprint", fold);
  }

  // ----------------------------------------------------------------------------------------- keys

  const keys = one("#keys"), single = one("input", keys);
  one(".keys-open").addEventListener("click", () => keys.showModal());

  function step(by) {
    const listed = items.filter((item) => !item.hidden && !item.closest("[hidden]"));
    const now = document.activeElement.closest && document.activeElement.closest(".item") || one(".here");
    const next = listed[Math.min(Math.max(listed.indexOf(now) + by, 0), listed.length - 1)];
    if (!next) return;
    for (const item of all(".here")) item.classList.remove("here");
    next.classList.add("here");
    next.scrollIntoView({ block: "nearest" });
    next.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !keys.open) return close();
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open || !single.checked) return;
    if (event.target.closest("input, select, textarea")) return;
    const here = event.target.closest(".item") || one(".here");
    const act = {
      "/": () => filters.elements.words.focus(),
      "j": () => step(1),
      "k": () => step(-1),
      "e": () => ownEvidence(here) && openLink(ownEvidence(here)),
      "n": () => !panel.hidden && at + 1 < shown.length && show(at + 1),
      "p": () => !panel.hidden && at > 0 && show(at - 1),
      "?": () => keys.showModal(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  arrive();
})();
