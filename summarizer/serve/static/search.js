"use strict";
// Search as one types: asks for the hits of the form as it stands, once typing rests; without this the form works by itself.

const PAUSE = 250; // milliseconds without a key
const form = document.getElementById("search");
const hits = document.getElementById("hits");
const site = document.title.slice(document.title.lastIndexOf(" · "));
const told = document.getElementById("told"); // what screen readers hear of it
let waiting = 0;
let asking = new AbortController();

function address(path) {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(filled).toString();
  return query ? `${path}?${query}` : path;
}

async function ask() {
  asking.abort();
  const mine = (asking = new AbortController());
  const here = address(form.getAttribute("action"));
  hits.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(address(form.dataset.hits), { signal: mine.signal, credentials: "same-origin" });
    const text = await reply.text();
    if (mine !== asking) return; // what is asked by now is something else
    if (reply.redirected) return location.assign(here); // signed out meanwhile
    const page = new DOMParser().parseFromString(text, "text/html");
    const main = page.getElementById("main"); // of a page that says why not
    show(main ? [...main.querySelectorAll("p")] : [...page.body.childNodes]);
    document.title = (form.q.value ? `Search: ${form.q.value}` : "Search") + site;
    history.replaceState(null, "", here);
  } catch (error) {
    if (mine !== asking) return;
    const line = document.createElement("p");
    line.className = "told wrong";
    line.textContent = "The site does not answer. Is it still running?";
    show([line]);
  }
}

function show(nodes) {
  hits.replaceChildren(...nodes);
  hits.removeAttribute("aria-busy");
  told.textContent = (hits.querySelector(".told, .wrong, p") || { textContent: "" }).textContent;
}

function askSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
}

form.addEventListener("input", askSoon);
if (form.q.value !== form.q.defaultValue) askSoon(); // typed before this was there to hear it
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  ask();
});
