"""The site in a real browser: each page's looks, search as one types, signing in, hostile days, ways to evidence."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from summarizer import Article, Settings, brief
from summarizer.archive import Archive
from summarizer.ingest import load
from summarizer.testing import ScriptedModel
from summarizer.text import flatten
from tests.archived import make_briefing
from tests.chromium import Seen, new_page
from tests.conftest import DAYS, ROOT, settings_for
from tests.served import TRICKS, hostile_briefing, started
from tests.test_hostile import CORPUS, hostile_text, parrot

TOKEN = "a-token-of-the-tests-0123456789"
AXE = Axe().axe_script
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
NEXT = f"/days/{DAYS[1]}"
TOPICS = "2031-09-01"
"""A day with two briefings, each on a topic."""
SHOWN: dict[str, tuple[str, int]] = {
    "days": ("/", 200),
    "no days": ("/?from=2001-01-01&to=2001-01-02", 200),
    "day": (f"/days/{DAYS[0]}", 200),
    "day on a topic": (f"/days/{DAYS[1]}?topic=grain%20talks", 200),
    "day with several topics": (f"/days/{TOPICS}", 404),
    "diff, unasked": ("/diff", 200),
    "diff": (f"/diff?before={DAYS[0]}&after={DAYS[1]}", 200),
    "diff of one day": (f"/diff?before={DAYS[0]}&after={DAYS[0]}", 422),
    "ledger": (f"/ledger?from={DAYS[0]}&to={DAYS[1]}", 200),
    "ledger of a party": (f"/ledger?from={DAYS[0]}&to={DAYS[1]}&party=Morvane", 200),
    "ledger of nobody": ("/ledger?party=Nobody", 404),
    "ledger of nothing": ("/ledger?issue=zeppelins", 200),
    "actors": ("/actors", 200),
    "actors, none": ("/actors?name=zeppelin", 200),
    "actor": ("/actors/Karvel", 200),
    **{f"thing {id}": (f"/things/{id}", 200) for id in ("A1", "D1", "P2", "V2", "C4", "E1", "X2")},
    "search": ("/search", 200),
    "hits": ("/search?q=flow&type=demand&type=dispute", 200),
    "no hits": ("/search?q=zeppelin", 200),
    "search that can't be": ("/search?q=%22%22", 422),
    "API": ("/api", 200),
    "404": ("/nowhere", 404),
    "404 of an actor": ("/actors/Nobody", 404),
    "422": ("/ledger?from=tomorrow", 422),
}
"""Every page of the site, by what it is: its address, and its status."""


@dataclass
class Site:
    """A site that is running."""

    address: str

    def at(self, path: str) -> str:
        """The URL of a page."""
        return self.address.rstrip("/") + path


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where an archive of the two example days is, with a topic on the second, and a day of two topics."""
    place = str(tmp_path_factory.mktemp("site") / "examples.sqlite3")
    for day in DAYS:
        brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day, archive=place))
    with Archive(place) as archive:
        archive.put(make_briefing(date.fromisoformat(DAYS[1]), topic="grain talks"))
        for topic in ("canal", "locks"):
            archive.put(make_briefing(date.fromisoformat(TOPICS), topic=topic))
    return place


@pytest.fixture(scope="module")
def site(examples: str) -> Iterator[Site]:
    """The command over it."""
    with started("--archive", examples) as (_, address, _said):
        yield Site(address)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window of a desk's size."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def opened(context: BrowserContext, site: Site) -> Iterator[tuple[Page, Site]]:
    """An empty page for the site; at the end nothing was complained of, and nothing asked for from elsewhere."""
    page, seen = new_page(context)
    yield page, site
    assert_quiet(seen, site)


def assert_quiet(seen: Seen, site: Site, *, refused: bool = False) -> None:
    """Nothing was complained of, save, where that was meant, that the site refuses; nothing left the site."""
    told = [each for each in seen.complaints if not (refused and each.startswith("Failed to load resource"))]
    assert told == []
    assert [url for url in seen.requests if not url.startswith(site.address)] == []


# ------------------------------------------------------------------------------------ every page's looks


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[tuple[Page, Seen]]:
    """One page for all looks."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield new_page(context)
    context.close()


@pytest.mark.parametrize("name", SHOWN)
def test_every_page_in_every_look(window: tuple[Page, Seen], site: Site, name: str) -> None:
    """On desks and phones, light and dark, axe-core finds nothing, nothing is too wide, nothing is complained of."""
    page, seen = window
    seen.requests.clear()
    seen.complaints.clear()
    path, status = SHOWN[name]
    reply = page.goto(site.at(path))
    assert reply is not None
    assert reply.status == status
    assert_looks(page)
    assert_quiet(seen, site, refused=status != 200)


THIN = """() => {
    for (const list of document.querySelectorAll('.things, tbody, .group, #main section > ul')) {
        for (const each of [...list.children].slice(2)) each.remove();
    }
    const more = ['section > .things ~ .things ~ *', '.group ~ .group', '.picture a ~ a ~ a', '.articles',
        '.matrix tr > :nth-child(n+4)', '.pairs li:nth-child(n+3)', '.side:nth-child(n+3)'];
    for (const each of document.querySelectorAll(more.join())) each.remove();
}"""
"""Leaves two of what a page has many of: axe-core takes seconds for all of them, and they are made alike."""
LOOKS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("desktop", "light"), ("phone", "dark"))
"""Colours don't depend on the width, so two looks show all four."""


def assert_looks(page: Page) -> None:
    """What is asked of the look of a page that is open."""
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page)
    page.evaluate(THIN)
    page.evaluate(AXE)
    for size, scheme in LOOKS:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        listed = [{"id": each["id"], "of": [node["html"][:160] for node in each["nodes"][:4]]} for each in found]
        assert found == [], f"{page.url}, {size}, {scheme}: {json.dumps(listed, indent=1)}"


def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    found = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    assert found[0] <= found[1], page.url


def test_a_table_on_a_phone_says_what_each_cell_is(opened: tuple[Page, Site]) -> None:
    """On a phone a table's rows stand under each other, each cell behind its head, and none is cut."""
    page, site = opened
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (SHOWN["diff"][0], "/actors", "/ledger", "/api"):
        page.goto(site.at(path))
        table = page.locator("table").first
        heads = [head.lower() for head in table.locator("thead th").all_text_contents()]
        cell = table.locator("tbody td[data-head]:not(:empty)").first
        assert str(cell.get_attribute("data-head")).lower() in heads
        said = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert str(cell.get_attribute("data-head")) in said
        cut = "all => all.filter(cell => cell.getBoundingClientRect().right > innerWidth).length"
        assert page.eval_on_selector_all("tbody td, tbody th", cut) == 0


def test_the_ledger_picture_leads_to_its_rows(opened: tuple[Page, Site]) -> None:
    """The ledger begins with how things moved; each row of the picture leads to that thing on the page."""
    page, site = opened
    page.goto(site.at(SHOWN["ledger"][0]))
    links = page.eval_on_selector_all(".picture a", "all => all.map(a => a.getAttribute('href'))")
    assert "#D1" in links
    assert all(page.locator(f"li[id='{to[1:]}']").count() == 1 for to in links)
    page.locator(".picture a[href='#V2']").click()
    expect(page.locator("#V2")).to_be_in_viewport()


# ------------------------------------------------------------------------------------ search as one types


def test_search_as_one_types(opened: tuple[Page, Site]) -> None:
    """Hits come without a reload, the address keeps what was asked, and Back from a hit leads to the same hits."""
    page, site = opened
    page.goto(site.at("/search"))
    page.evaluate("window.same = history.length")
    page.locator("#q").press_sequentially("Linderm")
    expect(page.locator("#hits li")).not_to_have_count(0)
    expect(page.locator("#told")).to_contain_text("mention")
    expect(page).to_have_url(site.at("/search?q=Linderm"))
    expect(page).to_have_title("Search: Linderm · summarizer")
    page.locator("input[value=demand]").check()
    expect(page).to_have_url(site.at("/search?q=Linderm&type=demand"))
    expect(page.locator("#hits li")).to_have_count(1)
    assert page.evaluate("window.same === history.length"), "no reload, and no trail of addresses to go back through"
    said = page.locator("#hits").inner_text()
    page.locator("#hits .id").first.click()
    expect(page.locator("h1")).to_contain_text("release of barge and crew")
    page.go_back()
    expect(page.locator("#q")).to_have_value("Linderm")
    assert page.locator("#hits").inner_text() == said
    page.goto(page.url)
    assert page.locator("#hits").inner_text() == said


def test_what_is_typed_early_is_asked(opened: tuple[Page, Site]) -> None:
    """Words that were typed before the page's script had come are searched for once it has."""
    page, site = opened
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search.js", hold)
    page.goto(site.at("/search"), wait_until="commit")
    page.fill("#q", "Lindermay")
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    expect(page.locator("#hits li")).not_to_have_count(0)
    expect(page).to_have_url(site.at("/search?q=Lindermay"))


@pytest.mark.parametrize("late", ["whole", "body"])
def test_the_last_typed_words_win(opened: tuple[Page, Site], late: str) -> None:
    """An answer that comes after that to later words is not shown, whether all of it is late or its text alone."""
    page, site = opened
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "q=zeppelin" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.goto(site.at("/search"))
    if late == "whole":
        page.route("**/search/hits?*", hold)
    else:  # the answer is there, its text isn't until it is asked to be
        page.evaluate(
            """() => {
            const text = Response.prototype.text;
            Response.prototype.text = async function () {
                const said = await text.call(this);
                if (this.url.includes('zeppelin')) await new Promise((go) => { window.go = go; });
                return said;
            };
        }"""
        )
    page.fill("#q", "zeppelin")
    expect(page.locator("#hits")).to_have_attribute("aria-busy", "true")
    if late == "body":
        page.wait_for_function("() => !!window.go")
    page.fill("#q", "Lindermay")
    expect(page.locator("#hits li")).not_to_have_count(0)
    if late == "whole":
        assert len(held) == 1
        held[0].fulfill(body="<p class='told'>Nothing has zeppelin.</p>", content_type="text/html")
    else:
        page.evaluate("window.go()")
    page.evaluate("new Promise(go => setTimeout(go))")
    expect(page.locator("#hits li")).not_to_have_count(0)
    expect(page).to_have_url(site.at("/search?q=Lindermay"))


def test_search_by_keys_alone(opened: tuple[Page, Site]) -> None:
    """With keys alone one types, asks at once by Enter, goes to a hit and opens its evidence."""
    page, site = opened
    page.goto(site.at("/search"))
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("Lindermay barge")
    page.keyboard.press("Enter")
    expect(page.locator("#hits li")).not_to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "q", "asking moves nobody's focus"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "source":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#panel .cited.now").first).to_be_in_viewport()


def test_an_empty_field_clears(opened: tuple[Page, Site]) -> None:
    """Where nothing is found that is said; when the field is emptied all goes, and the address is the page's own."""
    page, site = opened
    page.goto(site.at("/search?q=Lindermay"))
    expect(page.locator("#hits li")).not_to_have_count(0)
    page.fill("#q", "zeppelin")
    expect(page.locator("#hits")).to_have_text("Nothing has “zeppelin”.")
    page.fill("#q", "")
    expect(page.locator("#hits > *")).to_have_count(0)
    expect(page).to_have_url(site.at("/search"))
    expect(page).to_have_title("Search · summarizer")


def test_search_says_why_not(context: BrowserContext, site: Site) -> None:
    """What can't be asked is said where hits would be, what was typed stays, and the next answer takes its place."""
    page, seen = new_page(context)
    page.goto(site.at("/search"))
    page.fill("#party", "Nobody at all")
    page.fill("#q", "flow")
    expect(page.locator("#hits .wrong")).to_contain_text("Nobody at all")
    expect(page.locator("#told")).to_contain_text("Nobody at all")
    expect(page.locator("#party")).to_have_value("Nobody at all")
    page.fill("#from", "2031-06-01")
    page.fill("#to", "2031-05-01")
    page.fill("#party", "")
    expect(page.locator("#hits")).to_contain_text("The last day (to) is before the first (from)")
    page.fill("#from", "")
    page.fill("#to", "")
    expect(page.locator("#hits li")).not_to_have_count(0)
    assert_quiet(seen, site, refused=True)


def test_search_says_that_nobody_answers(context: BrowserContext, examples: str) -> None:
    """When the site was stopped meanwhile, typing says so; what was typed stays, and so does the address."""
    with started("--archive", examples) as (process, address, _said):
        site = Site(address)
        page, seen = new_page(context)
        page.goto(site.at("/search?q=Lindermay"))
        process.kill()
        process.wait()
        page.fill("#q", "flow")
        expect(page.locator("#hits")).to_have_text("The site does not answer. Is it still running?")
        expect(page.locator("#told")).to_contain_text("does not answer")
        assert page.url == site.at("/search?q=Lindermay")
        assert_quiet(seen, site, refused=True)


def test_the_site_without_script(browser: Browser, site: Site) -> None:
    """Where scripts are off the search is a form, and a quotation's link leads to its words in the article."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page, seen = new_page(context)
    page.goto(site.at("/search"))
    page.fill("#q", "Lindermay")
    page.check("input[value=demand]")
    page.click("#search button")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["Lindermay"], "type": ["demand"]}
    expect(page.locator("#hits li")).not_to_have_count(0)
    page.locator("#hits .source").first.click()
    number = urlsplit(page.url).fragment[1:]
    expect(page.locator(f".articles .cited[data-q~='{number}']").first).to_be_in_viewport()
    assert_quiet(seen, site)
    context.close()


# ------------------------------------------------------------------------------------ a token


@pytest.fixture(scope="module")
def closed(examples: str) -> Iterator[Site]:
    """The command over the same archive, which asks for a token."""
    with started("--archive", examples, SUMMARIZER_TOKEN=TOKEN) as (_, address, _said):
        yield Site(address)


def test_signing_in_and_out(context: BrowserContext, closed: Site) -> None:
    """Who isn't signed in is asked, refused, let in, and led to the very place; signed out, one is asked again."""
    page, seen = new_page(context)
    page.goto(closed.at(f"{NEXT}#D4"))
    expect(page.locator("h1")).to_have_text("Sign in")
    assert_looks(page)
    page.fill("#token", "not-the-token-of-the-tests")
    with page.expect_response("**/login") as reply:
        page.click("text=Sign in >> visible=true >> nth=-1")
    assert reply.value.status == 401
    expect(page.get_by_role("alert")).to_have_text("That is not the token.")
    assert_looks(page)
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    expect(page).to_have_url(closed.at(f"{NEXT}#D4"))
    expect(page.locator("#D4")).to_be_in_viewport()
    (cookie,) = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    assert page.evaluate("document.cookie") == ""
    page.goto(closed.at("/"))
    page.click("text=Sign out")
    expect(page.locator("h1")).to_have_text("Sign out")
    assert_looks(page)
    page.click("button")
    expect(page.locator("h1")).to_have_text("Sign in")
    assert context.cookies() == []
    page.goto(closed.at("/actors"))
    expect(page.locator("h1")).to_have_text("Sign in")
    assert_quiet(seen, closed, refused=True)


def test_a_session_that_ends_while_one_types(context: BrowserContext, closed: Site) -> None:
    """Whoever is signed out meanwhile is asked for the token, and then finds what was typed last."""
    page, seen = new_page(context)
    page.goto(closed.at("/search?q=flow"))
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator("#hits li")).not_to_have_count(0)
    context.clear_cookies()
    page.fill("#q", "Lindermay")
    expect(page.locator("h1")).to_have_text("Sign in")
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    expect(page).to_have_url(closed.at("/search?q=Lindermay"))
    expect(page.locator("#hits li")).not_to_have_count(0)
    assert_quiet(seen, closed)


# ------------------------------------------------------------------------------------ hostile days

EVIL = (date(2031, 5, 12), date(2031, 5, 13))
TRICK = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
ENDLESS = "Endless" * 60
"""A word for which no line has room."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """The command over an archive of hostile days, and where that is.

    The first day's briefing is of the hostile corpus and of made-up tricks, by a model that repeats them; on a topic
    both days have one in which every text is a trick and an endless word.
    """
    place = str(tmp_path_factory.mktemp("site") / "hostile.sqlite3")
    dice = random.Random(6)
    made = [
        Article.of(
            f"{hostile_text(dice)} {ENDLESS}",
            name=f"{n}{TRICK}",
            publisher=f"{TRICK}{ENDLESS}",
            title=TRICK,
            url=f"javascript:alert({n})",
        )
        for n in range(6)
    ]
    with ScriptedModel(parrot) as model:
        settings = settings_for(model, archive=place, timeout=60)
        brief((*load(CORPUS).articles, *made), day=EVIL[0], settings=settings)
    with Archive(place) as archive:
        for day in EVIL:
            said = hostile_briefing(day, (*TRICKS, ENDLESS))
            archive.put(said.model_copy(update={"topic": flatten(TRICKS[0])}))
    with started("--archive", place) as (_, address, _said):
        yield Site(address), place


def test_hostile_days_do_nothing(context: BrowserContext, hostile: tuple[Site, str]) -> None:
    """Whatever articles and models say, on no page a script runs, anything is fetched, or a word breaks the window."""
    site, place = hostile
    with Archive(place) as archive:
        thread = {thing.id[0]: thing.id for thing in archive.diff(*EVIL).differences}
        party = archive.actors().actors[0].id
        event = archive.search("alert", kinds=["event"]).mentions[0].id
    assert set(thread) >= {"D", "C", "V"}
    paths = (
        "/",
        *(f"/days/{day}" for day in EVIL),
        f"/days/{EVIL[0]}?topic=other",
        f"/diff?before={EVIL[0]}&after={EVIL[1]}",
        f"/ledger?from={EVIL[0]}&to={EVIL[1]}",
        "/actors",
        f"/actors/{party}",
        f"/things/{party}",
        f"/things/{event}",
        *(f"/things/{id}" for id in thread.values()),
        "/search?q=alert",
        f"/search?q={quote(TRICK, safe='')}",
        f"/actors/{quote(TRICK, safe='')}",
        f"/ledger?party={quote(TRICK, safe='')}",
        "/api",
    )
    page, seen = new_page(context)
    for path in paths:
        page.goto(site.at(path))
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert_fits(page)
        assert page.locator("img, iframe, object, embed, base, style, meta[http-equiv], x-evil").count() == 0
        foreign = "all => all.filter(s => !/^.static.(page|search).js$/.test(s.getAttribute('src')) || s.textContent)"
        assert page.eval_on_selector_all("script", f"{foreign}.length") == 0
        links = page.eval_on_selector_all(
            "a[href]", "all => all.map(a => new URL(a.href.baseVal ?? a.href, location).protocol)"
        )
        assert set(links) <= {"http:", "https:"}
        assert page.eval_on_selector_all(
            "*", "all => all.every(e => !/\\b(on|x-evil)/.test(e.getAttributeNames().join(' ')))"
        )
    page.goto(site.at(f"/days/{EVIL[0]}"))
    page.locator(".evidence").first.click()
    expect(page.locator("#panel .cited.now").first).to_be_visible()
    page.goto(site.at("/search"))
    page.fill("#q", "alert")
    expect(page.locator("#hits li")).not_to_have_count(0)
    read = """async () => {
        const text = await (await fetch('/feed.atom')).text();
        const read = new DOMParser().parseFromString(text, 'application/xml');
        const names = [...new Set([...read.querySelectorAll('*')].map((each) => each.localName))].sort();
        return [read.querySelectorAll('parsererror').length, read.querySelectorAll('entry').length, names.join(' ')];
    }"""
    names = "author category entry feed id link name published summary title updated"
    assert page.evaluate(read) == [0, 3, names]
    assert_quiet(seen, site, refused=True)


# ------------------------------------------------------------------------------------ ways to the evidence

LINES = {
    "diff": ".pair tbody tr",
    "ledger of a party": ".things > li",
    "actors": "tbody tr",
    "actor": ".things > li",
    **{name: ".things > li" for name in SHOWN if name.startswith("thing")},
    "hits": ".things > li",
    "days": ".days > li",
}
"""What is a line on the pages that have any."""

FOLLOWED = """(hashes) => hashes.map((hash) => {
    const there = document.getElementById(hash);
    if (!there) return [hash, null];
    if (there.matches('.item')) return [hash, there.querySelectorAll('.evidence').length];
    history.replaceState(null, '', '#' + hash);
    dispatchEvent(new Event('hashchange'));
    const words = [...document.querySelectorAll('#panel .cited.now')].map((piece) => piece.textContent).join('');
    document.querySelector('#panel .close').click();
    return [hash, words];
})"""


def test_every_line_leads_to_its_evidence(opened: tuple[Page, Site]) -> None:
    """From each line of each page one click leads to the thing on its day's page, and from a quotation to its words."""
    page, site = opened
    asked: dict[str, set[str]] = {}
    for name, lines in LINES.items():
        page.goto(site.at(SHOWN[name][0]))
        count = page.locator(lines).count()
        assert count
        led = "all => all.filter(line => line.querySelector('a.evidence, a.source, a[href^=\"/days/\"]')).length"
        assert page.eval_on_selector_all(lines, led) == count, name
        for to, said in page.eval_on_selector_all(
            "main a.evidence, main a.source",
            """all => all.map(a => {
                const quoted = a.matches('figcaption *') && a.closest('figure').querySelector('p').textContent;
                return [a.getAttribute('href'), quoted || ''];
            })""",
        ):
            asked.setdefault(to, set()).add(said)
    assert len(asked) > 200
    places: dict[str, dict[str, set[str]]] = {}
    for to, said in asked.items():
        place = to
        if "#" not in to:
            reply = page.request.get(site.at(to), max_redirects=0)
            assert reply.status == 303, to
            place = reply.headers["location"]
        at, _, hash = place.partition("#")
        places.setdefault(at, {}).setdefault(hash, set()).update(said)
    assert set(places) >= {*(f"/days/{day}" for day in DAYS), f"/days/{DAYS[1]}?topic=grain%20talks"}
    for at, hashes in places.items():
        page.goto(site.at(at))
        for hash, found in page.evaluate(FOLLOWED, list(hashes)):
            if re.fullmatch(r"q\d+", hash):
                for said in hashes[hash] - {""}:
                    words = re.sub(r"^Machine-translated wording: |^“|”$", "", said)
                    assert flatten(found) == words
                assert found, (at, hash)
            else:
                assert found and found > 0, (at, hash)


def test_a_click_leads_to_the_evidence(opened: tuple[Page, Site]) -> None:
    """A state of two days leads to the thing on that day; a quotation's source opens the article at its words."""
    page, site = opened
    page.goto(site.at(SHOWN["diff"][0]))
    page.locator(".pair tr", has=page.locator("a.id", has_text="D4")).locator(".evidence").last.click()
    expect(page).to_have_url(site.at(f"/days/{DAYS[1]}#D4"))
    expect(page.locator("#D4")).to_be_in_viewport()
    page.go_back()
    page.locator("a.id", has_text="D4").first.click()
    words = page.locator("figure p").first.text_content()
    page.locator("a.source").first.click()
    marked = page.locator("#panel .cited.now")
    expect(marked.first).to_be_in_viewport()
    assert flatten("".join(marked.all_text_contents())) == str(words)[1:-1]


def test_what_a_day_is_silent_about_leads_to_what_it_says_of_that(opened: tuple[Page, Site]) -> None:
    """A thing that a day doesn't mention is found there among what changed; what it says nothing of is not found."""
    page, site = opened
    page.goto(site.at(f"/days/{DAYS[1]}/D6"))
    change = page.locator(f"#{urlsplit(page.url).fragment}")
    expect(change).to_contain_text("not mentioned")
    expect(change).to_be_in_viewport()
    assert page.request.get(site.at(f"/days/{TOPICS}/D6")).status == 404
    assert page.request.get(site.at(f"/days/{DAYS[0]}/quotation?article=none&start=0&end=1")).status == 404
