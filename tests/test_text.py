"""Sentences and spans, for any text."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text import (
    HIDDEN,
    UNSEEN,
    content_words,
    escape_hidden,
    flatten,
    fold,
    occurrences,
    runs,
    sentences,
    web_address,
)
from tests.conftest import DAYS, ROOT

ANY_TEXT = st.text(st.characters(), max_size=400)
NEWS_TEXT = st.lists(
    st.sampled_from(["He left.", "“She stayed", "?», ", "\n", "\r\n", " ", "Mr. Oda", "• more", "\u2028", "3.5 m", "…"])
    | st.text(max_size=8)
).map("".join)


def cut(text: str, language: str | None = None) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, language)]


@given(ANY_TEXT | NEWS_TEXT)
@settings(max_examples=400)
def test_spans_cover_all_but_blanks(text: str) -> None:
    """Spans are in order, don't overlap, begin and end visibly, and leave out only blanks."""
    at = 0
    for number, sentence in enumerate(sentences(text), 1):
        assert sentence.number == number
        assert at <= sentence.start < sentence.end <= len(text)
        assert not text[at : sentence.start].strip()
        piece = text[sentence.start : sentence.end]
        assert piece == piece.strip()
        at = sentence.end
    assert not text[at:].strip()


@given(ANY_TEXT | NEWS_TEXT)
def test_no_sentence_spans_a_blank_line(text: str) -> None:
    """A paragraph's end ends a sentence, whatever is unclosed in it."""
    marked = f"{text}\n\nZzz begins here."
    assert cut(marked)[-1].endswith("Zzz begins here.")
    assert "\n\n" not in cut(marked)[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He left. She stayed.", ["He left.", "She stayed."], id="two"),
        pytest.param("• Teaser without end\nIt rained.", ["• Teaser without end", "It rained."], id="bullet"),
        pytest.param("“I go, he said.\nShe stayed.", ["“I go, he said.", "She stayed."], id="unclosed quotation"),
        pytest.param("Mr. Oda met Dr. Lin.", ["Mr. Oda met Dr. Lin."], id="abbreviations"),
        pytest.param("  \n\t\n", [], id="blank"),
        pytest.param("", [], id="empty"),
        pytest.param("\ufeffOne.\r\nTwo.", ["\ufeffOne.", "Two."], id="mark and CRLF"),
        pytest.param("A \ud800 boat. Then more.", ["A \ud800 boat.", "Then more."], id="lone surrogate"),
    ],
)
def test_cuts(text: str, expected: list[str]) -> None:
    """Paragraphs are cut first, then sentences."""
    assert cut(text) == expected


def test_hard_wrapped_text_is_joined() -> None:
    """Lines wrapped at a column are one paragraph: their ends are no ends of sentences."""
    text = (
        "The ministers of the two states met on Sunday in a hut above the\n"
        "river and talked for as long as the lamp had oil, which was not as\n"
        "long as either of them had hoped. Then they went home.\n"
    )
    assert len(cut(text)) == 2
    assert cut(text)[1] == "Then they went home."


def test_language_is_used() -> None:
    """Abbreviations are those of the text's language."""
    assert cut("Er kam z.B. am Montag. Sie ging.", "de") == ["Er kam z.B. am Montag.", "Sie ging."]


@pytest.mark.parametrize("day", DAYS)
def test_example_sentences_stay_in_their_lines(day: str) -> None:
    """In the example, every line break ends a sentence."""
    for path in (ROOT / "examples" / day).glob("*.txt"):
        assert not [piece for piece in cut(path.read_text(encoding="utf-8")) if "\n" in piece]


@given(ANY_TEXT)
def test_flatten_is_one_harmless_line(text: str) -> None:
    """What is shown has no line break, no control and no hidden character, and flattening is final."""
    flat = flatten(text)
    assert len(flat.splitlines()) <= 1
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in flat)
    assert flatten(flat) == flat
    flat.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("The dam is refilled", "refilling of dams", id="endings"),
        pytest.param("Veškadin spoke", "a call of Veskadin", id="accents"),
        pytest.param("420 cubic metres", "at least 420", id="figures"),
    ],
)
def test_content_words_meet(one: str, other: str) -> None:
    """Two wordings of one thing share a content word."""
    assert content_words(one) & content_words(other)


def test_stopwords_carry_nothing() -> None:
    """Sentences that share only grammar share nothing."""
    assert not content_words("They said that it would have been") & content_words("He told us of those who were there")


def test_occurrences_span_line_breaks() -> None:
    """A name that was wrapped is found as it is printed."""
    text = "Ruvan\nVeshkadin met Ruvan Veshkadinov"
    assert [text[a:b] for a, b in occurrences("Ruvan Veshkadin", text)] == ["Ruvan\nVeshkadin"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("北京", "昨天北京要求开放港口。", id="Chinese"),
        pytest.param("한국", "한국은 거부했다.", id="Korean"),
        pytest.param("ไทย", "วันนี้ไทยเรียกร้อง", id="Thai"),
        pytest.param("Veshkadin", "Vesh\u00adkadin left.", id="soft hyphen"),
        pytest.param("Veshkadin", "Vesh\u200bkadin left.", id="zero-width blank"),
    ],
)
def test_names_are_found_as_scripts_and_web_pages_write_them(name: str, text: str) -> None:
    """Scripts without blanks between words, and invisible characters within them, hide no name."""
    assert len(list(occurrences(name, text))) == 1


def test_runs() -> None:
    """Consecutive numbers come together; doubles and order don't matter."""
    assert list(runs([9, 2, 1, 3, 3])) == [(1, 2, 3), (9,)]


def test_fold_is_plain() -> None:
    """Every script folds to lower-case ASCII letters."""
    assert fold("Győr Çelik Санкт") == "gyor celik sankt"


def test_hidden_characters_are_all_known() -> None:
    """What is looked for inside names, and escaped in JSON, is what `flatten` drops, character by character."""
    blanks = set("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
    newer = set(map(chr, range(0x13439, 0x13440)))  # no characters yet in Python 3.11's tables
    hidden = {c for c in map(chr, range(0x110000)) if unicodedata.category(c) in HIDDEN} - blanks
    found = {c for c in map(chr, range(0x110000)) if UNSEEN.match(c)}
    assert found - newer == hidden - newer


def test_escaped_json_means_the_same() -> None:
    """Escaping changes how a JSON text looks, not what it says."""
    said = {"text": "a\u202eb \U000e0041 \ufeff \u2028 \u0085 \u200c é 你好 😀"}
    page = escape_hidden(json.dumps(said, ensure_ascii=False))
    assert json.loads(page) == said
    assert not any(unicodedata.category(c) in HIDDEN for c in page)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://a.example/x?y=1&z=%20#f", "https://a.example/x?y=1&z=%20#f", id="as it is"),
        pytest.param("http://bücher.example/", None, id="a host that is not ASCII"),
        pytest.param("https://a.example/ü", "https://a.example/%C3%BC", id="letters of a path"),
        pytest.param('https://a.example/">x', "https://a.example/%22%3Ex", id="markup"),
        pytest.param("HTTP://a.example", "http://a.example", id="capitals"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param(" JaVaScRiPt:alert(1)", None, id="script in disguise"),
        pytest.param("java\tscript:alert(1)", None, id="script with a blank"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("//a.example/x", None, id="no scheme"),
        pytest.param("https://", None, id="no host"),
        pytest.param("http://[::1", None, id="a broken host"),
        pytest.param("file:///etc/passwd", None, id="a file"),
        pytest.param("a.html", None, id="a name"),
        pytest.param("https://a.example/x\ny\u202e", "https://a.example/x%20y", id="what hides"),
        pytest.param(None, None, id="none"),
    ],
)
def test_web_addresses(url: str | None, shown: str | None) -> None:
    """A URL is given if it leads to a page of the web, and then in ASCII."""
    assert web_address(url) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://desk:hunter2@feeds.example/x", "https://feeds.example/x", id="user and password"),
        pytest.param("https://hunter2@feeds.example/x?a=b@c", "https://feeds.example/x?a=b@c", id="a user"),
        pytest.param("https://desk:hunter2@@feeds.example/@x", "https://feeds.example/@x", id="an @ in it"),
        pytest.param("https://desk:hunter2/@feeds.example/x", None, id="a slash in it"),
        pytest.param("https://desk:hun\tter2@feeds.example/x", "https://feeds.example/x", id="a blank in it"),
        pytest.param("https://user%3Ahunter2@feeds.example:8443/", "https://feeds.example:8443/", id="and a port"),
    ],
)
def test_web_addresses_have_no_login(url: str, shown: str | None) -> None:
    """What stands before a URL's host is left out."""
    assert web_address(url) == shown
