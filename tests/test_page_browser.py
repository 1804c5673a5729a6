"""The page in a real browser: evidence, keys, filters, links, print, and what assistive tools make of it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from summarizer import Article, Briefing, brief
from summarizer.ingest import load
from summarizer.page import render_page
from summarizer.page.view import Account
from summarizer.testing import ScriptedModel
from summarizer.text import flatten
from tests.chromium import Seen, new_page
from tests.conftest import DAYS, EVERY, read_day, replayed, settings_for
from tests.test_hostile import CORPUS, hostile_text, parrot
from tests.test_page import moved

HERE = re.compile(r"\bhere\b")
KEPT = ("date", "topic", "language", "sources", "origins", "provenance")
"""What a briefing of which nothing could be told still has."""
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@cache
def account(day: str) -> Account:
    """What the page of an example day tells."""
    return Account(replayed(day), read_day(day))


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """URLs of the example days' pages, in files as a desk would mail them."""
    folder = tmp_path_factory.mktemp("pages")
    for day in EVERY:
        page = render_page(replayed(day), read_day(day), ledger=moved() if day == DAYS[1] else None)
        (folder / f"{day}.html").write_text(page, "utf-8", newline="")
    return {day: (folder / f"{day}.html").as_uri() for day in EVERY}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window of a desk's size."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def opened(context: BrowserContext, pages: dict[str, str]) -> Iterator[Page]:
    """The second example day's page; at the end nothing was complained of, nothing asked for."""
    page, seen = new_page(context)
    page.goto(pages[DAYS[1]])
    yield page
    assert_quiet(seen)


def assert_quiet(seen: Seen) -> None:
    """The page complained of nothing and asked for nothing but itself."""
    assert seen.complaints == []
    assert {url.split("#")[0].rsplit("/", 1)[-1] for url in seen.requests} <= {f"{day}.html" for day in EVERY}


STEP = """() => {
    const marked = [...document.querySelectorAll('.cited.now')], view = document.querySelector('.panel-text');
    const box = view.getBoundingClientRect(), mark = marked[0].getBoundingClientRect();
    return {
        words: marked.map((piece) => piece.textContent).join(''),
        seen: mark.top >= box.top - 1 && mark.top < box.bottom && box.height > 100,
        inside: marked.every((piece) => view.contains(piece)),
    };
}"""


EVERY_LINK = (
    """() => [...document.querySelectorAll('.evidence')].map((link) => {
    const step = STEP, steps = [];
    link.click();
    for (const number of link.dataset.q.split(' ')) {
        if (steps.length) document.querySelector('.next').click();
        steps.push(step());
    }
    return [link.dataset.q, steps];
})"""
).replace("STEP", STEP)


@pytest.mark.parametrize("day", EVERY)
def test_the_marked_words_are_the_quotation(context: BrowserContext, pages: dict[str, str], day: str) -> None:
    """Each item and each sentence opens its evidence; step by step the marked words are its quotations, in sight."""
    page, seen = new_page(context)
    page.goto(pages[day])
    told = account(day)
    items = {item.id for item in (*told.briefing.items, *told.briefing.disputes, *told.briefing.changes)}
    opening = page.eval_on_selector_all(".item", "all => all.filter(i => i.querySelector('.evidence')).map(i => i.id)")
    assert items | {actor.id for actor in told.briefing.actors} == set(opening)
    found = page.evaluate(EVERY_LINK)
    assert len(found) >= len(items) + len(told.briefing.lines) - len(told.briefing.stories)
    for numbers, steps in found:
        assert [step["words"] for step in steps] == [told.quoted[int(number)].words for number in numbers.split()]
        assert all(step["seen"] and step["inside"] for step in steps)
    assert_quiet(seen)


def test_a_click_opens_the_evidence_and_back(opened: Page) -> None:
    """A click anywhere on an item opens its first quotation; from the article's sentence one comes back to items."""
    opened.locator("#D1 .what").click()
    expect(opened.locator("#panel")).to_be_visible()
    expect(opened.locator(".panel-title")).to_contain_text("D1")
    expect(opened.locator("#panel .cited.now").first).to_be_in_viewport()
    back = opened.locator("#panel .back a").first
    target = back.get_attribute("href")
    back.click()
    expect(opened.locator(str(target))).to_be_in_viewport()
    assert opened.url.endswith(str(target))
    opened.locator("#panel .close").click()
    expect(opened.locator("#panel")).to_be_hidden()


def test_all_items_that_cite_a_sentence_are_named_behind_it(opened: Page) -> None:
    """Behind a quotation stand the ids of all items, disputes and changes that rest on it."""
    told = account(DAYS[1])
    demand = told.briefing.demands[0]
    number = told.quotations.cite(demand.id, demand.evidence)[0]
    behind = opened.locator(f".cited[data-q~='{number}'] ~ .back").first
    names = behind.locator("a").all_text_contents()
    assert demand.id in names
    assert all(name in opened.evaluate("[...document.querySelectorAll('.item')].map(i => i.id)") for name in names)


def test_the_keyboard_does_it_all(opened: Page) -> None:
    """Search, go from item to item, open evidence, step through it and come back, without a pointer."""
    press = opened.keyboard.press
    press("j")
    press("j")
    here = opened.evaluate("document.activeElement.id")
    assert here == opened.locator(".item").nth(1).get_attribute("id")
    press("e")
    assert opened.evaluate("document.activeElement.id") == "panel"
    press("n")
    expect(opened.locator(".panel-steps .place")).to_contain_text("2 of")
    press("p")
    expect(opened.locator(".panel-steps .place")).to_contain_text("1 of")
    press("Escape")
    expect(opened.locator("#panel")).to_be_hidden()
    assert opened.evaluate("document.activeElement.closest('.item').id") == here
    press("/")
    assert opened.evaluate("document.activeElement.name") == "words"
    opened.keyboard.type("Lindermay")
    expect(opened.locator("output")).to_contain_text(" of ")
    opened.evaluate("document.activeElement.blur()")
    press("?")
    expect(opened.locator("#keys")).to_be_visible()
    press("Escape")
    expect(opened.locator("#keys")).to_be_hidden()


def test_single_keys_can_be_switched_off(opened: Page) -> None:
    """Whoever steers by voice isn't thrown about by letters."""
    opened.locator(".keys-open").click()
    opened.locator("#keys input").uncheck()
    opened.locator("#keys form button").click()
    opened.keyboard.press("j")
    assert opened.locator(".here").count() == 0


def test_tab_reaches_evidence(opened: Page) -> None:
    """Evidence is opened by Tab and Enter alone, and focus comes back to where it was."""
    opened.locator("#main").focus()
    opened.keyboard.press("Tab")
    assert "sentence" in opened.evaluate("document.activeElement.className")
    first = opened.evaluate("document.activeElement.textContent")
    opened.keyboard.press("Enter")
    expect(opened.locator("#panel")).to_be_visible()
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.querySelector('#panel').contains(document.activeElement)")
    opened.keyboard.press("Escape")
    assert opened.evaluate("document.activeElement.textContent") == first


def shown(page: Page) -> set[str]:
    """Ids of the items that are to be seen."""
    visible = "all => all.filter(i => !i.hidden && !i.closest('[hidden]')).map(i => i.id)"
    return set(page.eval_on_selector_all(".item", visible))


def things(day: str) -> dict[str, Any]:
    """All cards of a page by id."""
    told = account(day)
    sections = [section for story in told.stories for section in story.sections]
    sections += [told.changes] if told.changes else []
    cards = {card.id: card for section in sections for group in section.groups for card in group.cards}
    return cards | {actor.id: actor for actor in told.actors}


@pytest.mark.parametrize("day", EVERY)
def test_filters(context: BrowserContext, pages: dict[str, str], day: str) -> None:
    """By party, kind and source just those are left that fit; showing all brings back all."""
    page, seen = new_page(context)
    page.goto(pages[day])
    cards, told = things(day), account(day)
    assert shown(page) == set(cards)
    for id, _ in told.parties[:6]:
        page.select_option("[name=party]", id)
        assert shown(page) == {card.id for card in cards.values() if id in card.parties}
    page.select_option("[name=party]", "")
    page.select_option("[name=kind]", "claim")
    assert shown(page) == {id for id in cards if id[0] == "C"}
    page.select_option("[name=kind]", "")
    for _, ids in told.outlets:
        page.select_option("[name=source]", " ".join(ids))
        assert shown(page) == {card.id for card in cards.values() if set(ids) & set(card.sources)}
    page.click("button[type=reset]")
    expect(page.locator("output")).to_have_text("")
    assert shown(page) == set(cards)
    assert_quiet(seen)


def test_search_finds_words_of_items_and_quotations(opened: Page) -> None:
    """All words must be there, in any case and without accents; empty sections go, and so do a matrix's cells."""
    opened.fill("[name=words]", "LINDÉRMAY barge")
    left = shown(opened)
    assert left and left < set(things(DAYS[1]))
    for id in left:
        assert "lindermay" in str(opened.locator(f"#{id}").text_content()).lower()
    chips = opened.eval_on_selector_all(".matrix .chip", "all => all.filter(c => !c.hidden).map(c => c.hash.slice(1))")
    assert set(chips) == {id for id in left if id[0] == "D"}
    opened.fill("[name=words]", "zeppelin")
    assert shown(opened) == set()
    expect(opened.locator("output")).to_contain_text("0 of")


@pytest.mark.parametrize("id", ["D3", "V2", "X10", "C16", "K1", "A1"])
def test_links_to_items(context: BrowserContext, pages: dict[str, str], id: str) -> None:
    """A link to an item shows it, marked, even where a filter hid it."""
    page, seen = new_page(context)
    page.goto(f"{pages[DAYS[1]]}#{id}")
    expect(page.locator(f"#{id}")).to_be_in_viewport()
    expect(page.locator(f"#{id}")).to_have_class(HERE)
    page.fill("[name=words]", "zeppelin")
    page.evaluate(f"location.hash = ''; location.hash = '{id}'")
    expect(page.locator(f"#{id}")).to_be_in_viewport()
    assert_quiet(seen)


def test_links_to_quotations(context: BrowserContext, pages: dict[str, str]) -> None:
    """A link to a quotation opens its article there."""
    page, seen = new_page(context)
    page.goto(f"{pages[DAYS[1]]}#q5")
    assert page.evaluate(STEP)["words"] == account(DAYS[1]).quoted[5].words
    assert_quiet(seen)


def test_without_script(browser: Browser, pages: dict[str, str]) -> None:
    """Where scripts are off, evidence is further down the page, and a link leads there."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page, seen = new_page(context)
    page.goto(pages[DAYS[1]])
    expect(page.locator(".filters")).to_be_hidden()
    link = page.locator("#D1 .evidence").last
    number = str(link.get_attribute("href"))[2:]
    link.click()
    words = account(DAYS[1]).quoted[int(number)].words
    piece = page.locator(f".articles .cited[data-q~='{number}']").first
    expect(piece).to_be_in_viewport()
    assert str(piece.text_content()) in words
    assert_quiet(seen)
    context.close()


def test_print(opened: Page) -> None:
    """On paper each item has its quotations under it; what only a screen can use is gone."""
    opened.locator("#D1 .evidence").first.click()
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(opened.locator("#D1 > .quotes")).to_be_visible()
    listed = opened.locator("#D1 > .quotes li").all_text_contents()
    told = account(DAYS[1])
    assert len(listed) == len(told.briefing.demands[0].evidence)
    assert flatten(told.quoted[int(told.stories[0].sections[0].groups[0].cards[0].quotations[0])].words) in listed[0]
    for gone in (".filters", "#panel", ".contents", ".articles", ".open"):
        expect(opened.locator(gone).first).to_be_hidden()
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.locator(".quotes").count() == 0
    assert opened.pdf(format="A4").count(b"/Type /Page\n") > 3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("day", EVERY)
def test_assistive_tools_find_nothing_wrong(
    browser: Browser, pages: dict[str, str], day: str, scheme: Any, size: str
) -> None:
    """axe-core has nothing to say of the page, nor with evidence open; nothing is wider than the window."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page, seen = new_page(context)
    page.goto(pages[day])
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    item = page.locator(".item:has(.evidence)").first
    item.locator(".evidence").first.click()
    assert_accessible(page, "#panel", f"#{item.get_attribute('id')}")
    assert_quiet(seen)
    context.close()


def assert_accessible(page: Page, *changed: str) -> None:
    """axe-core finds no violation.

    Where it has looked before, contrasts, which take it nearly all of its time, are looked at in what has changed.
    """
    every: dict[str, Any] = {"resultTypes": ["violations"]}
    runs: list[tuple[Any, dict[str, Any]]] = [(None, every)]
    if changed:
        where = {"include": [[each] for each in changed]}
        contrast = "color-contrast"
        runs = [(None, every | {"rules": {contrast: {"enabled": False}}}), (where, every | {"runOnly": [contrast]})]
    found = [each for where, how in runs for each in Axe().run(page, where, how).response["violations"]]
    listed = [{"id": each["id"], "of": [node["html"][:160] for node in each["nodes"][:4]]} for each in found]
    assert found == [], json.dumps(listed, indent=1)


def test_hostile_articles_do_nothing(
    context: BrowserContext, tmp_path: Path, scripted: Callable[..., ScriptedModel]
) -> None:
    """Whatever articles and a model that repeats them say, no script runs, nothing is fetched, evidence still opens."""
    dice = random.Random(6)
    trick = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    made = [
        Article.of(hostile_text(dice), name=f"{n}{trick}", publisher=trick, title=trick, url=f"javascript:alert({n})")
        for n in range(40)
    ]
    texts = (*load(CORPUS).articles, *made)
    briefing = brief(texts, settings=settings_for(scripted(parrot)))
    place = tmp_path / f"{DAYS[0]}.html"
    place.write_text(render_page(briefing, texts), "utf-8", newline="")
    page, seen = new_page(context)
    page.goto(place.as_uri())
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, embed, svg script, link, base, meta[http-equiv=refresh]").count() == 0
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    assert all(link.startswith(("#", "https://", "http://")) for link in links)
    page.locator(".evidence").first.click()
    expect(page.locator("#panel .cited.now").first).to_be_visible()
    told = Account(briefing, tuple(texts))
    for numbers, steps in page.evaluate(EVERY_LINK):
        words = [as_browsers_read(told.quoted[int(number)].words) for number in numbers.split()]
        assert [step["words"] for step in steps] == words
    assert_quiet(seen)


def as_browsers_read(words: str) -> str:
    """What no page can hold is a replacement character."""
    return words.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_a_page_without_texts_shows_the_quotations(context: BrowserContext, tmp_path: Path) -> None:
    """Where nobody handed the articles in, evidence opens the quotations, and says that the text isn't there."""
    place = tmp_path / f"{DAYS[0]}.html"
    place.write_text(render_page(replayed(DAYS[0])), "utf-8", newline="")
    page, seen = new_page(context)
    page.goto(place.as_uri())
    page.locator("#D1 .evidence").last.click()
    expect(page.locator("#panel .absent")).to_contain_text("isn’t kept here")
    told = Account(replayed(DAYS[0]))
    for numbers, steps in page.evaluate(EVERY_LINK):
        assert [step["words"] for step in steps] == [told.quoted[int(number)].words for number in numbers.split()]
    assert_quiet(seen)


def test_an_empty_briefing_is_a_page(context: BrowserContext, tmp_path: Path) -> None:
    """A day of which nothing could be told has a page that says so."""
    empty = Briefing.model_validate({name: getattr(replayed(DAYS[0]), name) for name in KEPT})
    place = tmp_path / f"{DAYS[0]}.html"
    place.write_text(render_page(empty), "utf-8", newline="")
    page, seen = new_page(context)
    page.goto(place.as_uri())
    expect(page.locator("main")).to_contain_text("Nothing was found")
    assert_accessible(page)
    assert_quiet(seen)


def test_what_was_looked_at_stays_in_place(opened: Page) -> None:
    """Beside an article the briefing is narrower and longer; the item whose evidence was opened is where it was."""
    for id in ("D4", "X2", "K6"):
        item = opened.locator(f"#{id}")
        item.scroll_into_view_if_needed()
        link = item.locator(".evidence").first
        before = link.evaluate("link => link.closest('.item').getBoundingClientRect().top")
        link.click()
        opened.wait_for_timeout(50)
        after = link.evaluate("link => link.closest('.item').getBoundingClientRect().top")
        assert 0 <= after <= max(before, 60) + 5, id
        opened.keyboard.press("Escape")


def test_what_was_found_comes_first(opened: Page) -> None:
    """A filter leaves sentences that rest on what was found, and no picture of all; where nothing is, it says so."""
    words = opened.get_by_label("Search")
    words.fill("barge")
    there = shown(opened)
    sentences = opened.locator(".bottom-line li:visible")
    assert 0 < sentences.count() < opened.locator(".bottom-line li").count()
    for ids in sentences.locator(".cites").all_inner_texts():
        assert there & set(ids.split())
    assert opened.locator(".picture:visible").count() == 0
    words.fill("zzzz")
    expect(opened.locator("#nothing")).to_be_visible()
    assert opened.locator(".bottom-line:visible").count() == 0
    opened.get_by_role("button", name="Show all").click()
    expect(opened.locator("#nothing")).to_be_hidden()
    assert opened.locator(".picture:visible").count() > 0


def test_a_quotation_that_is_linked_says_whose_it_is(context: BrowserContext, pages: dict[str, str]) -> None:
    """The outlet stands above it, and an item that rests on it beside it."""
    page, _ = new_page(context)
    page.goto(f"{pages[DAYS[1]]}#q17")
    quoted = account(DAYS[1]).quoted[17]
    expect(page.locator(".panel-title")).to_contain_text(quoted.source.outlet)
    assert page.locator(".item.here").evaluate("item => item.getBoundingClientRect().top >= 0")


def test_search_is_of_what_is_told(opened: Page) -> None:
    """Not of what the page says of every item, and of letters that other keyboards lack as well."""
    words = opened.get_by_label("Search")
    everything = shown(opened)
    words.fill("quotations for")
    assert shown(opened) < everything
    words.fill("KARVEL")
    assert (found := shown(opened))
    words.fill("karveł")
    assert shown(opened) == found


def test_a_fragment_that_is_none_does_nothing(context: BrowserContext, pages: dict[str, str]) -> None:
    """The page is there all the same, and complains of nothing."""
    page, seen = new_page(context)
    page.goto(f"{pages[DAYS[1]]}#%")
    assert shown(page)
    assert_quiet(seen)
