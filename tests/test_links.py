"""Links: pages, feeds and lists of them are followed to their articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer import Settings, brief, load
from summarizer.errors import NoArticles
from summarizer.settings import FetchOptions
from summarizer.testing import ScriptedModel
from tests.conftest import settings_for
from tests.newsroom import answer, make_article
from tests.test_formats import FEED, STORY, page, pdf
from tests.web import Site, http

OPEN = FetchOptions(allow_private=True, delay=0, attempts=1)


def html(text: str, **about: str) -> bytes:
    """A page with a story of its own."""
    return http(
        body=page(f"{text} {STORY}").replace("https://gauge.example/lock", "").encode(), content_type="text/html"
    )


def site(**more: bytes) -> Site:
    """A newspaper with a feed of two articles, of which one is gone, and a list of that feed."""
    walled = page("Only this.", body="<p>Subscribe to continue reading.</p>")

    def reply(asked: object) -> bytes:
        path = getattr(asked, "path", "")
        base = f"http://127.0.0.1:{served.port}"
        items = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in ("one", "gone"))
        feed = f"<rss version='2.0'><channel><title>Gauge</title><link>{base}</link>{items}</channel></rss>"
        replies = {
            "/one": html("One thing."),
            "/two": html("Another thing."),
            "/feed": http(body=feed.encode(), content_type="application/rss+xml"),
            "/full": http(body=FEED.encode(), content_type="text/xml"),
            "/list": http(body=f'<opml><outline xmlUrl="{base}/feed"/></opml>'.encode(), content_type="text/xml"),
            "/paper": http(body=pdf("The gate had been mended."), content_type="application/pdf"),
            "/json": http(body=json.dumps({"text": STORY, "title": "Lock"}).encode(), content_type="application/json"),
            "/wall": http(body=walled.encode(), content_type="text/html"),
        }  # fmt: skip
        return replies.get(path, http(404)) if path not in more else more[path]

    served = Site(reply)
    return served


@pytest.mark.parametrize(
    ("paths", "articles", "problems"),
    [
        pytest.param(["/one"], 1, [], id="a page"),
        pytest.param(["/one", "/two", "/one"], 2, [], id="one twice"),
        pytest.param(["/feed"], 1, ["it answers 404"], id="a feed"),
        pytest.param(["/list"], 1, ["it answers 404"], id="a list of feeds"),
        pytest.param(["/full"], 1, [], id="a feed with whole articles"),
        pytest.param(["/paper"], 1, [], id="a paper"),
        pytest.param(["/json"], 1, [], id="a record"),
        pytest.param(["/one", "/wall"], 1, ["is behind a paywall"], id="a paywall"),
    ],
)
def test_links_are_followed(paths: list[str], articles: int, problems: list[str]) -> None:
    """Each place on a site leads to its articles; what leads nowhere is a problem that names its URL."""
    with site() as served:
        intake = load(*(served.url + path for path in paths), fetch=OPEN)
        assert len(intake.articles) == articles
        assert len(intake.problems) == len(problems)
        for problem, reason in zip(intake.problems, problems, strict=True):
            assert reason.replace("it answers", "answers") in problem.reason
            assert str(problem.article).startswith(served.url)


def test_lists_of_links_in_a_file(tmp_path: Path) -> None:
    """A text file of URLs is a list of links, and what is told of each page is how many there are."""
    told: list[tuple[int, int | None]] = []
    with site() as served:
        (tmp_path / "links.txt").write_text(f"# today\n{served.url}/one\n\n{served.url}/two\n")
        intake = load(tmp_path / "links.txt", fetch=OPEN, told=lambda _, done, total, __: told.append((done, total)))
    assert len(intake.articles) == 2
    assert told == [(1, 2), (2, 2)]
    first = intake.articles[0]
    assert first.text.startswith("Lock fails") or "One thing." in first.text
    assert first.publisher == "The Gauge"
    assert first.original is not None
    assert first.original.place.endswith("/one")


def test_private_addresses_are_refused() -> None:
    """A page on one's own machine is not fetched unless that is allowed, and nothing is asked of it."""
    with site() as served:
        with pytest.raises(NoArticles, match=r"127\.0\.0\.1"):
            load(f"{served.url}/one", fetch=FetchOptions(attempts=1))
        assert served.requests == []


def test_a_briefing_of_a_page(tmp_path: Path) -> None:
    """URLs can be briefed, in Python as from the command line, and what was fetched is kept in the workspace."""
    story = make_article(1).text.replace("\n", "</p><p>")
    body = page().replace(STORY.replace(". ", ".</p><p>"), story + "</p><p>" + "Nothing else happened all day. " * 12)
    with Site({"/a": http(body=body.encode(), content_type="text/html")}) as served, ScriptedModel(answer) as model:
        settings: Settings = settings_for(model, fetch=OPEN, workspace=tmp_path)
        briefing = brief(f"{served.url}/a", settings=settings)
    assert briefing.sources[0].publisher == "The Gauge"
    assert briefing.demands
    assert (tmp_path / "web").is_dir()
