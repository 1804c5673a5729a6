"""Files become articles; what can't be read costs itself alone."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from summarizer import load, render_markdown, render_text
from summarizer.errors import NoArticles
from summarizer.models import Article, Hazard
from tests.conftest import DAYS, replayed

HEAD = """---
title: Rain
publisher: The Gauge
url: https://gauge.example/rain
published: 2031-05-12
language: en
---

"""


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(path: Path) -> Article:
    """The one article that a file comes to."""
    (article,) = load(path).articles
    return article


def test_front_matter_is_metadata(tmp_path: Path) -> None:
    """Front matter is taken off the text, and offsets count from the text's first character."""
    article = only(put(tmp_path, "a.txt", HEAD + "Rain fell.\n"))
    assert (article.title, article.publisher, article.language) == ("Rain", "The Gauge", "en")
    assert article.published == datetime.date(2031, 5, 12)
    assert article.text == "Rain fell.\n"
    assert article.hazards == ()


def test_without_front_matter_nothing_is_known(tmp_path: Path) -> None:
    """A bare text has no title, publisher or date, and is flagged as undated."""
    article = only(put(tmp_path, "a.txt", "Rain fell.\n"))
    assert (article.title, article.publisher, article.published) == (None, None, None)
    assert article.hazards == (Hazard.UNDATED,)
    assert article.outlet == "a.txt"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("--- 12 May ---\nRain fell.", id="dashes around a dateline"),
        pytest.param("---\nRain fell.", id="a rule"),
        pytest.param("---\nLONDON: It rained.\n---\nAnd rained.", id="a dateline between rules"),
        pytest.param("---\njust a line\n---\nRain fell.", id="two rules"),
    ],
)
def test_dashes_alone_are_text(tmp_path: Path, text: str) -> None:
    """Text that starts with a dashed line but has no fields after it is kept whole."""
    assert only(put(tmp_path, "a.txt", text)).text == text


def test_front_matter_is_words(tmp_path: Path) -> None:
    """YAML's own ideas of what "no" and "12:30" are don't get at titles and languages."""
    article = only(put(tmp_path, "a.txt", "---\ntitle: 12:30\nlanguage: no\n---\nDet regnet."))
    assert (article.title, article.language) == ("12:30", "no")


def test_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    """Line ends and blanks stay as they are; only a byte order mark goes."""
    text = "  One.\r\n\r\nTwo.\t\n"
    assert only(put(tmp_path, "a.txt", b"\xef\xbb\xbf" + text.encode())).text == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"\xff\xfe\x00", "begins like UTF-16, but byte 2 is none", id="half a UTF-16 character"),
        pytest.param(b"Rain\x00\x01\x02\xf1\x03", "is no text in any encoding known", id="no text"),
        pytest.param(b"\x89PNG\r\n\x1a\n", r"is a picture \(PNG\)", id="a picture"),
        pytest.param(b"", "has no text", id="empty"),
        pytest.param(b" \n\n", "has no text", id="blank"),
        pytest.param(HEAD.encode(), "has no text", id="front matter only"),
        pytest.param(b"---\ntitle: [\n---\nRain.", "not YAML", id="broken front matter"),
        pytest.param(b"---\ntitle: [a, b]\n---\nRain.", "title in its front matter is no plain text", id="a list"),
        pytest.param(b"---\npublished: 2031-02-30\n---\nRain.", "'2031-02-30' is not a date", id="no such day"),
        pytest.param(b"---\npublished: soon\n---\nRain.", "'soon' is not a date", id="no date"),
    ],
)
def test_unreadable_files_say_why(tmp_path: Path, content: bytes, reason: str) -> None:
    """The problem names the file, what is wrong with it, and what to do."""
    with pytest.raises(NoArticles, match=reason) as caught:
        load(put(tmp_path, "a.txt", content))
    assert "a.txt: " in str(caught.value)
    assert "; " in caught.value.reason


def test_the_rest_goes_on(tmp_path: Path) -> None:
    """An unreadable file becomes a problem; the others are read."""
    put(tmp_path, "a.txt", "Rain fell.")
    put(tmp_path, "b.txt", b"\xff\xd8\xff\xe0")
    intake = load(tmp_path)
    assert [article.name for article in intake.articles] == ["a.txt"]
    assert [(problem.stage, problem.article) for problem in intake.problems] == [("ingest", "b.txt")]


def test_folders_are_read_in_order(tmp_path: Path) -> None:
    """Text files of a folder and those inside it, in order of path; hidden ones are left out, others named."""
    for name in ("b.txt", "a/z.md", "c.TXT", ".hidden.txt", "a/.git/x.txt", "notes.odt", "logo.png"):
        put(tmp_path, name, f"Text of {name}.")
    intake = load(tmp_path)
    assert [article.name for article in intake.articles] == ["z.md", "b.txt", "c.TXT"]
    assert intake.problems[0].reason == "1 .odt, of kinds that are not read; docs/reading.md lists those that are"


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    """A folder and a file in it don't make two articles of one."""
    path = put(tmp_path, "a.txt", "Rain fell.")
    assert len(load(tmp_path, path, str(path)).articles) == 1


def test_identical_texts_of_two_outlets_are_two_articles(tmp_path: Path) -> None:
    """A copy under another name is another article; whether it is another source is found out later."""
    put(tmp_path, "a.txt", "Rain fell.")
    put(tmp_path, "b.txt", "Rain fell.")
    one, other = load(tmp_path).articles
    assert one.id != other.id
    assert one.sha256 == other.sha256


@pytest.mark.parametrize(
    ("name", "reason"), [("missing", "does not exist"), (".", "files, or a folder of files, that end in")]
)
def test_nothing_to_read(tmp_path: Path, name: str, reason: str) -> None:
    """No path, no articles: an error that says which."""
    with pytest.raises(NoArticles, match=reason):
        load(tmp_path / name)


def test_long_loading_shows_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever loads many articles hears of it now and then, how many there are and the last one's name."""
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"It rained for the {number}th time.")
    heard: list[tuple[object, ...]] = []
    load(tmp_path, told=lambda *said: heard.append(said))
    assert heard == []
    monkeypatch.setattr("summarizer.ingest.EVERY", 0.0)
    load(tmp_path, told=lambda *said: heard.append(said))
    assert heard == [("loading", n + 1, None, f"{n}.txt") for n in range(5)]


@pytest.mark.parametrize("form", ["md", "json", "txt"])
def test_a_briefing_is_no_article(tmp_path: Path, form: str) -> None:
    """A briefing that was written among the articles is passed over; one that is asked for by name is refused."""
    page = tmp_path / f"briefing.{form}"
    briefing = replayed(DAYS[1])
    text = {"md": render_markdown, "txt": render_text}.get(form, lambda b: b.model_dump_json(indent=2))(briefing)
    page.write_text(text, encoding="utf-8")
    (tmp_path / "a.txt").write_text("It rained on the quay.")
    intake = load(tmp_path)
    assert [article.name for article in intake.articles] == ["a.txt"]
    assert intake.problems == ()
    with pytest.raises(NoArticles, match="is a briefing that this program wrote"):
        load(page)
