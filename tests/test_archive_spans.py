"""Days that a caller names: spans, single days as texts, and how many answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from summarizer.archive import Archive
from summarizer.errors import ArchiveError, InputError, NotArchived
from tests.archived import MONDAY, TUESDAY, WEDNESDAY, make_briefing

Ask = Callable[..., Any]

SPANS: dict[str, Callable[[Archive], Ask]] = {
    "span": lambda archive: archive.span,
    "ledger": lambda archive: archive.ledger,
    "search": lambda archive: lambda since, until: archive.search("canal", since=since, until=until),
    "actor": lambda archive: lambda since, until: archive.actor("Norland", since=since, until=until),
}


@pytest.mark.parametrize("name", [*SPANS, "list"])
def test_a_span_that_ends_before_it_begins_is_refused(name: str, archive: Archive) -> None:
    """Whatever is asked: an answer of nothing would say that nothing happened."""
    archive.put(make_briefing(MONDAY))
    ask = archive.list if name == "list" else SPANS[name](archive)
    with pytest.raises(InputError, match="it ends before it begins; give the earlier day first"):
        ask(TUESDAY, MONDAY)


@pytest.mark.parametrize("name", SPANS)
def test_a_span_without_a_briefing_says_which_days_there_are(name: str, archive: Archive) -> None:
    """Open or closed; one in which a briefing is has an answer."""
    for day in (MONDAY, TUESDAY):
        archive.put(make_briefing(day))
    ask = SPANS[name](archive)
    there = f"there are some of {MONDAY} to {TUESDAY}"
    with pytest.raises(NotArchived, match=f"no briefing of {WEDNESDAY} or later; {there}"):
        ask(WEDNESDAY, None)
    with pytest.raises(NotArchived, match=f"no briefing of 2031-08-01 or earlier; {there}"):
        ask(None, "2031-08-01")
    with pytest.raises(NotArchived, match=f"no briefing of 2031-08-01 to 2031-08-02; {there}"):
        ask("2031-08-01", "2031-08-02")
    assert ask(str(MONDAY), "2031-12-31") == ask(MONDAY, TUESDAY) if name != "ledger" else ask(MONDAY, TUESDAY).demands


def test_an_empty_archive_says_so(archive: Archive) -> None:
    """To each question; only the list is empty, for programs that count."""
    for ask in (archive.span, archive.ledger, lambda: archive.search("canal")):
        with pytest.raises(NotArchived, match="it is empty"):
            ask()
    assert archive.list() == ()


def test_days_are_dates_or_texts(archive: Archive) -> None:
    """Wherever a day is asked for; of a moment its day counts."""
    first, second = (archive.put(make_briefing(day)).briefing for day in (MONDAY, TUESDAY))
    assert archive.briefing(str(MONDAY)) == archive.briefing(datetime(2031, 9, 1, 8)) == first
    assert archive.diff(str(MONDAY), str(TUESDAY)) == archive.diff(MONDAY, TUESDAY)
    assert archive.past(str(TUESDAY)) == archive.past(TUESDAY)
    assert archive.list(str(TUESDAY)) == archive.list(TUESDAY) != archive.list()
    archive.merge("D1", "D2")
    assert archive.split("D1", [str(TUESDAY)]) == "D3"
    archive.delete(str(MONDAY))
    assert archive.span() == (TUESDAY, second.date)


@pytest.mark.parametrize("day", ["yesterday", "2031-13-01", "20310901", "2031-W36-1", "", 20310901])
def test_what_is_no_day(day: Any, archive: Archive) -> None:
    """An error shows how to write one."""
    archive.put(make_briefing(MONDAY))
    asks: list[Ask] = [archive.briefing, archive.list, archive.delete, archive.past, archive.ledger]
    for ask in asks:
        with pytest.raises(InputError, match="is no day; give a date, or write it as 2031-05-12"):
            ask(day)


def test_two_days_are_held_against_each_other_in_their_order(archive: Archive) -> None:
    """The earlier first: what is new and what is gone would change places."""
    for day in (MONDAY, TUESDAY):
        archive.put(make_briefing(day))
    with pytest.raises(InputError, match="give the earlier day first"):
        archive.diff(TUESDAY, MONDAY)


@pytest.mark.parametrize("most", [0, -1])
def test_answers_are_asked_for_one_at_least(most: int, archive: Archive) -> None:
    """None, or fewer, would be told as if there were no more."""
    archive.put(make_briefing(MONDAY))
    asks: list[Ask] = [archive.search, archive.actor]
    for ask in asks:
        with pytest.raises(InputError, match="ask for 1, at least"):
            ask("Norland", most=most)


def test_an_archive_need_not_be_made(tmp_path: Path, postgresql: str) -> None:
    """Where it isn't there that is an error, and nothing is there afterwards: no folder, no file, no table."""
    from tests.postgres import new_database

    for place in (str(tmp_path / "a/b.sqlite3"), f"sqlite:///{tmp_path / 'a/b.sqlite3'}", new_database(postgresql)):
        for _ in range(2):
            with pytest.raises(ArchiveError, match="there is no archive yet"):
                Archive(place, make=False)
    assert list(tmp_path.iterdir()) == []
    Archive(str(tmp_path / "a/b.sqlite3")).close()
    Archive(str(tmp_path / "a/b.sqlite3"), make=False).close()


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    """The error names a file in it."""
    with pytest.raises(ArchiveError, match=f"is a folder; name a file in it, as {tmp_path}/archive.sqlite3"):
        Archive(str(tmp_path))


def test_a_url_that_can_t_be_read_shows_no_password() -> None:
    """A port that is no number is told of without the login before it."""
    with pytest.raises(ArchiveError, match="is no database URL") as caught:
        Archive("postgresql+psycopg://desk:hunter2@127.0.0.1:abc/desk")
    assert "hunter2" not in str(caught.value)


def test_a_name_that_is_nobody_s_has_near_ones(archive: Archive) -> None:
    """Whole names and their words, however they are written; what is like nobody's gets no guess."""
    archive.put(make_briefing(MONDAY))
    for asked, told in (
        ("Vargga", "did you mean A3 Anna Varga?"),
        ("Norlund", "did you mean A1 Norland or A2 Sudland?"),
    ):
        with pytest.raises(ArchiveError, match="is no actor of it") as caught:
            archive.actor(asked)
        assert str(caught.value).endswith(told) or "did you mean A1 Norland?" in str(caught.value)
    with pytest.raises(ArchiveError, match="try a part of the name"):
        archive.actor("Quetzal")


def test_a_given_name_is_an_issue(archive: Archive) -> None:
    """The ledger finds a demand by what a person calls it, as by what it was called."""
    archive.put(make_briefing(MONDAY))
    archive.rename("D1", "harbour access")
    for issue in ("harbour access", "reopening", "harbour canal"):
        assert [record.id for record in archive.ledger(issue=issue).demands] == ["D1"]
    assert archive.ledger(issue="harbour -canal").demands == ()
