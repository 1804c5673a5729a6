"""Full text: the same words find the same things in either database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.archive import Archive
from summarizer.archive.search import MOST, Term, parse_terms
from summarizer.archive.words import GAP, MARK, words_in
from summarizer.errors import InputError
from summarizer.models import Briefing
from tests.archived import MONDAY, TUESDAY, WEDNESDAY, make_briefing
from tests.postgres import new_database

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
    pytest.param("norland -canal", ["A1", "V1", "C1"], id="without a word"),
    pytest.param('norland -"reopen the" -lock', ["A1", "V1"], id="without a phrase, and without a word"),
    pytest.param("norland -prom* -possib*", ["A1", "D1"], id="without a beginning"),
    pytest.param("-canal norland -canal", ["A1", "V1", "C1"], id="wherever it stands"),
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


def saying(words: Sequence[str], many: int = 40) -> Briefing:
    """A briefing whose demands are at issue over these words, so many each."""
    briefing = make_briefing(MONDAY)
    first = briefing.demands[0]
    demands = []
    for number, start in enumerate(range(0, len(words), many), 1):
        variant = first.variants[0].model_copy(update={"id": f"D{number}.1"})
        issue = " ".join(words[start : start + many])
        demands.append(first.model_copy(update={"id": f"D{number}", "issue": issue, "variants": (variant,)}))
    story = briefing.stories[0].model_copy(update={"items": (*(demand.id for demand in demands), "V1", "C1")})
    return Briefing.model_validate({**dict(briefing), "demands": tuple(demands), "stories": (story,)})


@pytest.fixture(params=["sqlite", "C.UTF-8", "C"])
def of_any_locale(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an archive can be made: a file, a database, one whose locale knows no letters but ASCII's."""
    if request.param == "sqlite":
        return str(tmp_path / "archive.sqlite3")
    return new_database(request.getfixturevalue("postgresql"), request.param)


def test_words_of_digits_and_letters_are_words(of_any_locale: str) -> None:
    """Thousands that PostgreSQL takes for numbers in part: each is found whole, by its beginning, in a phrase."""
    luck = random.Random(20)
    made = ["".join(luck.choices("0123456789bekqxz", k=luck.randint(1, 9))) for _ in range(2000)]
    made += [f"{luck.randint(0, 99)}e{luck.randint(0, 99)}{luck.choice(['', 'f', 'e1', 'x9'])}" for _ in range(1000)]
    many = 40
    with Archive(of_any_locale) as archive:
        archive.put(saying(made, many))
        said = {f"D{start // many + 1}": made[start : start + many] for start in range(0, len(made), many)}

        def found(words: str) -> set[str]:
            return {mention.id for mention in archive.search(words, kinds=("demand",), most=999).mentions}

        for at in luck.sample(range(len(made)), 40):
            word, start = made[at], made[at][: luck.randint(1, 3)]
            assert found(word) == {id for id, words in said.items() if word in words}
            assert found(f"{start}*") == {id for id, words in said.items() if any(w.startswith(start) for w in words)}
            if (at + 1) % many:
                assert f"D{at // many + 1}" in found(f'"{word} {made[at + 1]}"')


def test_a_flight_s_number_is_shown(archive: Archive) -> None:
    """A quotation that has a word of digits and letters is known to have it."""
    briefing = make_briefing(MONDAY, person="Flight 9e6f90")
    archive.put(briefing)
    assert [m.id for m in archive.search("9e6f90").mentions] == [m.id for m in archive.search("9e6*").mentions]
    assert {m.id for m in archive.search("9e6f90").mentions} == {"A3", "D1"}
    assert archive.search("9e6").mentions == ()
    archive.put(saying(["the 9e6f90 order"]))
    assert [record.id for record in archive.ledger(issue="9e6*").demands] == ["D1"]
    assert archive.ledger(issue="9e6").demands == ()
    assert Term(words_in("9e6"), begins=True).within(words_in("Flight 9E6f90 left"))


def test_no_beginning_finds_everything(archive: Archive) -> None:
    """A letter with which no word begins finds nothing, though all texts are parted by something."""
    archive.put(make_briefing(MONDAY))
    for start in ("z", "zq", "q", "zh"):
        assert archive.search(f"{start}*").mentions == ()


def test_words_without_end_are_words(archive: Archive) -> None:
    """One of thousands of letters is kept and found, in either database."""
    archive.put(saying(["a" * 5000]))
    assert [mention.id for mention in archive.search("a" * 5000).mentions] == ["D1"]
    assert [mention.id for mention in archive.search("aaaaaaa*").mentions] == ["D1"]


def test_too_many_words(archive: Archive) -> None:
    """A search has so many words at most: more is an error that says so, in either database."""
    archive.put(make_briefing(MONDAY))
    assert archive.search(" ".join(["canal"] * MOST)).mentions
    assert archive.search(f'"{" ".join(["canal"] * MOST)}"').mentions == ()
    for words in (" ".join(["canal"] * (MOST + 1)), f'"{"canal " * 20_000}"'):
        with pytest.raises(InputError, match=f"look for {MOST} at most"):
            archive.search(words)


@pytest.mark.parametrize("words", ["", "  ", "?!", '""', "*", '"*"', "\x00", "-canal", '-"the canal" -lock'])
def test_nothing_to_look_for(words: str) -> None:
    """Is an error that says what to write."""
    with pytest.raises(InputError, match="has no word to look for; write words"):
        parse_terms(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param('"the canal', "quotation mark without its other", id="an open phrase"),
        pytest.param('canal "', "quotation mark without its other", id="an odd one"),
        pytest.param("c*al", "star within it", id="a star within a word"),
        pytest.param('"reopen th* canal"', "star within it", id="a star within a phrase"),
    ],
)
def test_signs_that_mean_nothing(words: str, said: str, archive: Archive) -> None:
    """Are refused, in a search and in what a ledger is about, not left out as if they weren't there."""
    archive.put(make_briefing(MONDAY))
    for ask in (archive.search, lambda issue: archive.ledger(issue=issue)):
        with pytest.raises(InputError, match=said):
            ask(words)


@given(st.text(max_size=40))
def test_no_word_is_syntax(words: str) -> None:
    """Whatever is typed, what reaches a database is folded words in its own quotation."""
    try:
        terms = parse_terms(words)
    except InputError:
        return
    for term in terms:
        assert all(word.isalnum() and word == word.lower() for word in term.words)
        assert set(term.fts5()) <= set('"* abcdefghijklmnopqrstuvwxyz0123456789' + MARK)
        assert GAP not in term.words
        assert not any(GAP.startswith(word) for word in term.words)


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
