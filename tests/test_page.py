"""The page as text: one file that needs nothing, says all that the briefing says, and keeps articles exact."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from itertools import pairwise
from tempfile import TemporaryDirectory

import pytest
from lxml import html

from summarizer import Article, Briefing, Settings, brief
from summarizer.archive import Archive, Ledger
from summarizer.models import Evidence
from summarizer.page import asset, body, render_page
from summarizer.page.quotations import GAP, Quotations
from summarizer.page.view import Account
from summarizer.render import render_as
from tests.conftest import DAYS, EVERY, ROOT, read_day, replayed


@cache
def moved() -> Ledger:
    """How the things of the second example day came to where they stand, out of an archive of both days."""
    with TemporaryDirectory() as folder, Archive(f"{folder}/archive.sqlite3") as archive:
        for day in DAYS:
            settings = Settings(replay=ROOT / "cassettes" / day, archive=archive.place)
            brief(ROOT / "examples" / day, settings=settings)
        return archive.ledger_of(DAYS[1])


@pytest.mark.parametrize("day", EVERY)
def test_a_page_is_one_small_file(day: str) -> None:
    """Under 300 kB with all its articles, the same each time, and nothing in it comes from elsewhere."""
    page = render_page(replayed(day), read_day(day))
    assert len(page.encode()) < 300_000
    assert page == render_as(replayed(day), "html", read_day(day))
    tree = html.fromstring(page)
    assert tree.xpath("//*[@src] | //link | //iframe | //object | //embed | //img") == []
    assert tree.xpath("//@style | //@*[starts-with(name(), 'on')]") == []
    assert "url(" not in asset("page.css") and "@import" not in asset("page.css")


def test_a_page_allows_itself_only_its_own_script_and_style() -> None:
    """The policy names both by their hashes, and allows nothing else."""
    page = render_page(replayed(DAYS[0]))
    policy = str(html.fromstring(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0])
    assert policy.startswith("default-src 'none'; ")
    for element in ("script", "style"):
        (text,) = re.findall(f"<{element}>(.*?)</{element}>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy


def test_served_pages_link_to_their_assets() -> None:
    """Where a server has script and style, the page names them and leaves the policy to it."""
    tree = html.fromstring(render_page(replayed(DAYS[0]), assets="/static"))
    assert tree.xpath("//link/@href | //script/@src") == ["/static/page.css", "/static/page.js"]
    assert tree.xpath("//style | //meta[@http-equiv]") == []


@pytest.mark.parametrize("day", EVERY)
def test_a_page_says_what_the_text_says(day: str) -> None:
    """Every sentence, item, dispute, change, actor and problem of the briefing stands on its page."""
    briefing = replayed(day)
    words = " ".join(html.fromstring(render_page(briefing)).text_content().split())
    for line in briefing.lines:
        if line not in [story.headline for story in briefing.stories] or len(briefing.stories) > 1:
            assert line.text in words
    for item in briefing.items:
        assert item.what in words
    for dispute in briefing.disputes:
        assert all(version.what in words for version in dispute.versions) and dispute.why in words
    for actor in briefing.actors:
        assert actor.name in words and (actor.office or "") in words
    assert all(problem.reason in words for problem in briefing.problems)
    assert Account(briefing).made in words


def test_a_page_draws_how_its_things_moved() -> None:
    """Out of the archive's last days: those of the page, by their ids there, with the same as a table; still small."""
    briefing = replayed(DAYS[1])
    page = render_page(briefing, read_day(DAYS[1]), ledger=moved())
    assert len(page.encode()) < 300_000
    (section,) = html.fromstring(page).xpath("//section[h2[@id='movement']]")
    assert section.xpath("h2")[0].text == "How things moved since 12 May 2031"
    drawn = {link[1:] for link in section.xpath(".//*[local-name()='svg']//@href")}
    assert drawn == {str(id) for id in section.xpath(".//tbody/tr/td[1]/text()")} != set()
    assert drawn >= {demand.id for demand in briefing.demands} | {venue.id for venue in briefing.venues}
    assert "#movement" in html.fromstring(page).xpath("//nav//@href")


@pytest.mark.parametrize("ledger", [None, "one day"])
def test_a_page_of_one_day_draws_no_movement(ledger: str | None) -> None:
    """Where there is no day before, and where nobody knows."""
    known = moved().model_copy(update={"since": moved().until}) if ledger else None
    assert 'id="movement"' not in render_page(replayed(DAYS[1]), ledger=known)


@pytest.mark.parametrize("day", EVERY)
def test_every_id_that_is_linked_to_is_there_once(day: str) -> None:
    """No link leads nowhere, no id is given twice."""
    tree = html.fromstring(render_page(replayed(day), read_day(day), ledger=moved() if day == DAYS[1] else None))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")} <= set(ids)


TEXT = "One. Two <b>three</b>. Four\r\nfive & six. \x00\ud800 Seven."


def quoted(start: int, end: int) -> Evidence:
    """A stretch of `TEXT`."""
    return Evidence(article=ARTICLE.id, sentences=(1,), start=start, end=end, quote=TEXT[start:end])


ARTICLE = Article.of(TEXT, name="a.txt", boilerplate=[(0, 4)])


def test_articles_are_cut_where_quotations_begin_and_end() -> None:
    """Quotations that overlap share pieces; each piece knows them, and what rests on those that end with it."""
    quotations = Quotations(_briefing())
    assert quotations.cite("D1", [quoted(5, 22)]) == (1,)
    assert quotations.cite("C1", [quoted(9, 36), quoted(5, 22)]) == (2, 1)
    assert quotations.cite("A1", [quoted(5, 22)]) == (1,)
    (text,) = quotations.texts([ARTICLE])
    told = [(piece.text, piece.quotations, piece.begins, piece.cited_by) for piece in text.pieces]
    assert told == [
        ("One.", (), (), ()),
        (" ", (), (), ()),
        ("Two ", (1,), (1,), ()),
        ("<b>three</b>.", (1, 2), (2,), ("D1", "C1")),
        (TEXT[22:36], (2,), (), ("C1",)),
        (TEXT[36:], (), (), ()),
    ]
    assert [piece.boilerplate for piece in text.pieces] == [True, *[False] * 5]
    assert "".join(piece.text for piece in text.pieces) == TEXT


def test_quotations_stand_for_a_text_that_is_not_there() -> None:
    """What overlaps is put together again; between others is a gap."""
    quotations = Quotations(_briefing())
    quotations.cite("D1", [quoted(9, 22), quoted(5, 15), quoted(24, 30)])
    (text,) = quotations.texts([])
    assert not text.whole
    assert "".join(piece.text for piece in text.pieces) == f"{TEXT[5:22]}{GAP}{TEXT[24:30]}"


def test_markup_in_an_article_is_text() -> None:
    """A browser reads an article's own characters: markup as characters, line ends as they were."""
    quotations = Quotations(_briefing())
    quotations.cite("D1", [quoted(5, 22)])
    (text,) = quotations.texts([ARTICLE])
    told = str(body(text))
    assert "&lt;b&gt;three&lt;/b&gt;" in told
    assert "Four&#13;\nfive &amp; six. \ufffd\ufffd Seven." in told


def _briefing() -> Briefing:
    known = replayed(DAYS[0])
    return known.model_copy(update={"sources": (ARTICLE.as_source(),)})


def test_a_matrix_of_many_columns_names_issues_alone() -> None:
    """What is demanded stands in cells of few columns; of many it would make them too long to be looked over."""
    briefing = replayed(DAYS[1])
    (matrix,) = html.fromstring(render_page(briefing)).xpath("//div[contains(@class, 'matrix')]")
    assert matrix.get("class").split() == ["wide", "matrix"]
    assert len(matrix.xpath(".//*[@class='gist']")) == len(matrix.xpath(".//a"))
    demand = briefing.demands[0]
    parties = [actor for actor in briefing.actors if actor.affiliation is None]
    several = tuple(
        demand.model_copy(update={"id": f"D{n}", "by": (one.id,), "of": (other.id,)})
        for n, (one, other) in enumerate(pairwise(parties[:6]), 90)
    )
    wide = briefing.model_copy(update={"demands": several, "changes": (), "stories": (), "disputes": ()})
    (matrix,) = html.fromstring(render_page(wide)).xpath("//div[contains(@class, 'matrix')]")
    assert matrix.get("class").split() == ["wide", "matrix", "many"]
