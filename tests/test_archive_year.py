"""The archive over many days: both databases answer the same, before and after a person's word, and by indexes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.archive import Known, fill, plans, questions, report
from summarizer.archive import Archive
from tests.chronicle import FIRST, Chronicle
from tests.postgres import new_database

DAYS, SCALE = 6, 0.15
WHOLE = ("things", "roles", "names", "changes", "sources", "identities")
"""Tables that grow by hundreds of rows a day."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[tuple[Archive, Archive, Known]]:
    """The same days in each of the two databases, and what is known of them."""
    path = tmp_path_factory.mktemp("year") / "archive.sqlite3"
    with Archive(str(path)) as sqlite, Archive(new_database(postgresql)) as other:
        yield sqlite, other, fill({"SQLite": sqlite, "PostgreSQL": other}, DAYS, scale=SCALE)


def answers(archive: Archive, known: Known) -> dict[str, object]:
    """The answer to every question that is measured."""
    return {name: ask(archive) for name, ask in questions(archive, known).items()}


def test_the_same_seed_makes_the_same_days() -> None:
    """A measurement can be made again."""
    one, other = (next(Chronicle(scale=SCALE, words=500).days(1)) for _ in range(2))
    assert one.briefing == other.briefing


def test_made_up_days_go_on(known: tuple[Archive, Archive, Known]) -> None:
    """Demands last, new ones come, venues move, claims are made again."""
    sqlite, other, found = known
    assert [each.date for each in sqlite.list()] == [each.date for each in other.list()]
    assert found.days[found.demand] >= DAYS / 2
    ledger = sqlite.ledger()
    assert max(demand.first for demand in ledger.demands) > FIRST
    assert any(len({rung.status for rung in venue.rungs}) > 1 for venue in ledger.venues)
    assert any(days > 1 for id, days in found.days.items() if id[0] == "C")


def test_both_databases_answer_the_same(known: tuple[Archive, Archive, Known]) -> None:
    """To every question that is measured, word for word."""
    sqlite, other, found = known
    assert answers(sqlite, found) == answers(other, found)


def test_no_question_reads_a_whole_table(known: tuple[Archive, Archive, Known]) -> None:
    """But those for a part of a name read all names."""
    sqlite, _, found = known
    for name, ask in questions(sqlite, found).items():
        scanned = {line.split()[1] for line in plans(sqlite, ask) if line.strip().startswith("SCAN ")}
        assert scanned & set(WHOLE) == ({"names"} if "part of the name" in name else set()), name


def test_measurements_are_told(known: tuple[Archive, Archive, Known], capsys: pytest.CaptureFixture[str]) -> None:
    """A row a question, then sizes."""
    sqlite, other, found = known
    asked = questions(sqlite, found)
    report({"SQLite": sqlite, "PostgreSQL": other}, found, {"list": asked["list"]}, turns=2)
    printed = capsys.readouterr().out
    assert "| ms | SQLite | 95th | PostgreSQL | 95th |" in printed
    assert f"MB for {DAYS} briefings" in printed


def test_both_databases_answer_the_same_after_a_persons_word(known: tuple[Archive, Archive, Known]) -> None:
    """Two actors made one and parted again, a demand that was two, a given name."""
    sqlite, other, found = known
    kept, second = found.actors[:2]
    asked = questions(sqlite, found)
    before = answers(sqlite, found)
    parts = {id: {part.id for part in sqlite.actor(id, most=999).parts} for id in (kept, second)}
    for archive in (sqlite, other):
        archive.merge(kept, second)
    assert {part.id for part in sqlite.actor(kept, most=999).parts} == parts[kept] | parts[second]
    assert sqlite.actor(kept, most=999) == other.actor(kept, most=999)
    for archive in (sqlite, other):
        archive.split(second)
    assert {name: ask(sqlite) for name, ask in asked.items()} == before
    day = sqlite.thread(found.demand).last
    assert sqlite.split(found.demand, (day,)) == other.split(found.demand, (day,))
    for archive in (sqlite, other):
        archive.rename(kept, "Somewhere Else")
    assert answers(sqlite, found) == answers(other, found)
    assert sqlite.actor("somewhere else") == other.actor(kept)


def test_postgresql_plans_each_question_for_what_it_asks(known: tuple[Archive, Archive, Known]) -> None:
    """However often it was asked: a plan that is kept for any word would read all texts to find a rare one."""
    _, other, _ = known
    for _ in range(12):
        assert not other.search("nowhere").mentions
    with other.base.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar() == 0


def test_postgresql_finds_rare_words_by_its_index(known: tuple[Archive, Archive, Known]) -> None:
    """Once it knows its tables it would rather go through all days from the last, and find a rare word at the end."""
    _, other, _ = known
    with other.base.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    asked = [line for line in plans(other, lambda archive: archive.search("nowhere")) if "texts" in line]
    assert asked and not any("ORDER BY" in line or "texts_pkey" in line for line in asked)
