"""Full text: the same words find the same things in either database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.archive import Archive
from summarizer.archive.search import Term, parse_terms
from summarizer.errors import InputError
from tests.archived import MONDAY, TUESDAY, WEDNESDAY, make_briefing

CASES = [
    pytest.param("canal", ["D1"], id="a word"),
    pytest.param("CANAL demands", ["D1"], id="all words, whatever their case"),
    pytest.param("canal lock", [], id="one that isn't there"),
    pytest.param("rómised sudland", [], id="no word by its middle"),
    pytest.param("prómis*", ["C1"], id="a beginning, whatever its accents"),
    pytest.param('"reopen the canal"', ["D1"], id="a phrase"),
    pytest.param('"canal the reopen"', [], id="a phrase in another order"),
    pytest.param('"reopen the can*"', ["D1"], id="the beginning of a phrase"),
    pytest.param('"reopen the can"*', ["D1"], id="the star outside it"),
    pytest.param('"reopen th* canal"', [], id="a star within it is none"),
    pytest.param('"Norland demands that Sudland reopen the canal Norland"', [], id="no phrase over two texts"),
    pytest.param("promised-lock", [], id="a hyphen makes a phrase"),
    pytest.param("a-lock", ["C1"], id="and finds it"),
    pytest.param("varga", ["A3", "D1"], id="the names of whom it concerns"),
    pytest.param("Норланд", ["A1", "D1", "V1", "C1"], id="whatever its script"),
]


@pytest.mark.parametrize(("words", "found"), CASES)
def test_what_words_find(words: str, found: list[str], archive: Archive) -> None:
    """Words, phrases, beginnings."""
    archive.put(make_briefing(MONDAY))
    assert [mention.id for mention in archive.search(words).mentions] == found


def test_what_is_asked_for_besides(archive: Archive) -> None:
    """Party with those who belong to it, kind, days; newest first, and no more than are asked for."""
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        archive.put(make_briefing(day), {id: id for id in ("A1", "A2", "A3", "D1", "V1", "C1")} if day > MONDAY else {})

    def found(words: str, **besides: object) -> list[tuple[str, int]]:
        return [(m.id, m.date.day) for m in archive.search(words, **besides).mentions]  # type: ignore[arg-type]

    assert found("norland", kinds=("claim",)) == [("C1", 3), ("C1", 2), ("C1", 1)]
    assert found("canal", since=TUESDAY, until=TUESDAY) == [("D1", 2)]
    assert found("ambry", party="Anna Varga", kinds=("demand", "venue")) == []
    assert found("ambry", party="Sudland", kinds=("venue",), most=1) == [("V1", 3)]
    assert archive.search("ambry", most=1).more
    assert not archive.search("canal").more


def test_a_hit_shows_the_quotation_that_has_the_words(archive: Archive) -> None:
    """With its outlet, and where it stands."""
    archive.put(make_briefing(MONDAY))
    (mention,) = archive.search("lock").mentions
    (quoted,) = mention.quotations
    assert (quoted.quote, quoted.outlet, quoted.published) == (
        "Sudland, Norland says, promised a lock.",
        "Harbour News",
        MONDAY,
    )


@pytest.mark.parametrize("words", ["", "  ", "?!", '""', "*", '"*"', "\x00"])
def test_nothing_to_look_for(words: str) -> None:
    """Is an error that says what to write."""
    with pytest.raises(InputError, match="has no word to look for; write words"):
        parse_terms(words)


@given(st.text(max_size=40))
def test_no_word_is_syntax(words: str) -> None:
    """Whatever is typed, what reaches a database is folded words in its own quotation."""
    try:
        terms = parse_terms(words)
    except InputError:
        return
    for term in terms:
        assert all(word.isascii() and word.isalnum() and word == word.lower() for word in term.words)
        assert set(term.fts5()) <= set('"* abcdefghijklmnopqrstuvwxyz0123456789')


@pytest.mark.parametrize(
    ("term", "text", "there"),
    [
        pytest.param(Term(["no", "hand"], begins=False), "no foreign hand no hand", True, id="a phrase"),
        pytest.param(Term(["no", "ha"], begins=True), "no foreign hand no hand", True, id="its beginning"),
        pytest.param(Term(["no", "ha"], begins=False), "no foreign hand no hand", False, id="not its beginning"),
        pytest.param(Term(["hand"], begins=False), "", False, id="nothing"),
    ],
)
def test_terms_in_a_text(term: Term, text: str, there: bool) -> None:
    """Which quotation has the words is decided as the databases decide."""
    assert term.within(text.split()) is there
