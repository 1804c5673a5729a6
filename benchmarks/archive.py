"""How long an archive of a year takes to answer, on SQLite and on PostgreSQL side by side.

    python -m benchmarks.archive                 # 365 days of some 200 items, minutes to enter
    python -m benchmarks.archive --days 30
    python -m benchmarks.archive --plans         # and how each database goes about each question

The days are made up (`tests/chronicle.py`) and entered into both as they are made. PostgreSQL
is a server of its own (`tests/postgres.py`), set up as its package does. Times are of the call
with its answer as models; each turn asks the one and then the other, and what they read is in
memory, since they have been asked before.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event

from summarizer.archive import Archive
from summarizer.models import Briefing
from summarizer.numbering import things_of
from tests.chronicle import FIRST, Chronicle
from tests.postgres import new_database, server

TURNS = 25
LONGEST = 8.0
"""Seconds after which a question is not asked again."""
LAST = 14
"""Days at the end whose entering counts."""
RARE, COMMON, BEGINNING = 0.7, 0.003, 0.1
"""Where the words that are looked for stand in the vocabulary, the frequent ones being first."""

WIDE = 200
"""Characters of a plan's line that are shown: it has all the values of a list."""

Ask = Callable[[Archive], object]


@dataclass
class Known:
    """What the questions are about, gathered while the days are entered."""

    words: Sequence[str]
    times: dict[str, list[float]]
    """Seconds that entering a day took, by archive."""
    last: date = FIRST
    days: Counter[str] = field(default_factory=Counter)
    """On how many days a thing was mentioned."""
    parts: Counter[str] = field(default_factory=Counter)
    """How often an actor was named."""

    def note(self, briefing: Briefing) -> None:
        """Take note of a day."""
        self.last = briefing.date
        self.days.update(thing.id for thing in things_of(briefing))
        self.parts.update(id for item in briefing.items for id in item.actor_ids)

    @property
    def demand(self) -> str:
        """The one that was mentioned on most days."""
        return max((id for id in self.days if id[0] == "D"), key=lambda id: self.days[id])

    @property
    def actors(self) -> list[str]:
        """Whoever was named, the busiest first."""
        return [id for id, _ in self.parts.most_common()]

    def word(self, place: float) -> str:
        """A word of the vocabulary."""
        return self.words[int(len(self.words) * place)]


def fill(archives: Mapping[str, Archive], count: int, *, scale: float = 1.0) -> Known:
    """Enter so many days into all the archives."""
    chronicle = Chronicle(scale=scale)
    known = Known(chronicle.words, {name: [] for name in archives})
    for number, made in enumerate(chronicle.days(count), 1):
        for name, archive in archives.items():
            begun = time.perf_counter()
            entered = archive.put(made.briefing, made.same).briefing
            known.times[name].append(time.perf_counter() - begun)
        chronicle.learn(made, entered)
        known.note(entered)
        print(f"\r{number} of {count} days entered", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return known


def questions(archive: Archive, known: Known) -> dict[str, Ask]:
    """All that is asked, by what it is called; `archive` is any that was filled."""
    middle = FIRST + (known.last - FIRST) // 2
    before, week, month = (max(FIRST, middle - timedelta(days=days)) for days in (1, 6, 29))
    demand = archive.thread(known.demand)
    party, issue = demand.mentions[0].parties[0], demand.name.split()[-1]
    phrase = " ".join(demand.mentions[0].quotations[0].quote.rstrip(".").split()[3:6])
    busiest = known.actors[0]
    person = archive.thread(known.actors[len(known.actors) // 2]).name
    rare, common = known.word(RARE), known.word(COMMON)
    return {
        "list": lambda a: a.list(),
        "show a day": lambda a: a.briefing(middle),
        "what stood before a day": lambda a: a.past(known.last),
        f"thread of a demand ({known.days[demand.id]} days)": lambda a: a.thread(demand.id),
        f"thread of the busiest actor ({known.days[busiest]} days)": lambda a: a.thread(busiest),
        "diff of two days": lambda a: a.diff(before, middle),
        "diff of two days a month apart": lambda a: a.diff(month, middle),
        "ledger of a week": lambda a: a.ledger(week, middle),
        "ledger of a month": lambda a: a.ledger(month, middle),
        "ledger of a month, by party": lambda a: a.ledger(month, middle, party=busiest),
        "ledger of all days": lambda a: a.ledger(),
        "ledger of all days, by party": lambda a: a.ledger(party=busiest),
        "ledger of all days, by party and issue": lambda a: a.ledger(party=party, issue=issue),
        f"actor, the busiest ({known.parts[busiest]:,} parts)": lambda a: a.actor(busiest),
        "actor, the busiest, in a month": lambda a: a.actor(busiest, since=month, until=middle),
        "actor, a person by name": lambda a: a.actor(person),
        "actor, a person by a part of the name": lambda a: a.actor(person[:-1]),
        "search for a rare word": lambda a: a.search(rare),
        "search for a common word": lambda a: a.search(common),
        "search for the commonest word": lambda a: a.search(known.words[0]),
        "search for two common words": lambda a: a.search(f"{known.words[30]} {common}"),
        "search for a phrase": lambda a: a.search(f'"{phrase}"'),
        "search for the beginning of a word": lambda a: a.search(f"{known.word(BEGINNING)[:3]}*"),
        "search for a common word, by party": lambda a: a.search(common, party=busiest),
        "search for a common word, by kind": lambda a: a.search(common, kinds=["demand", "venue"]),
        "search for a common word, in a month": lambda a: a.search(common, since=month, until=middle),
        "search for a common word, by party and kind, in a month": lambda a: a.search(
            common, party=busiest, kinds=["claim"], since=month, until=middle
        ),
        "search for a word that nobody said": lambda a: a.search("nowhere"),
    }


def measure(archives: Mapping[str, Archive], ask: Ask, turns: int) -> dict[str, list[float]]:
    """Seconds of each turn, by archive, after one that doesn't count."""
    times: dict[str, list[float]] = {name: [] for name in archives}
    for archive in archives.values():
        ask(archive)
    for _ in range(turns):
        for name, archive in archives.items():
            begun = time.perf_counter()
            ask(archive)
            times[name].append(time.perf_counter() - begun)
        if sum(map(sum, times.values())) > LONGEST:
            break
    return times


def told(times: Sequence[float]) -> str:
    """Median and 95th percentile in milliseconds, as two cells."""
    late = sorted(times)[math.ceil(0.95 * len(times)) - 1]
    return f"{median(times) * 1000:.1f} | {late * 1000:.1f}"


def sizes(archives: Mapping[str, Archive]) -> dict[str, int]:
    """Bytes that archives take on disk."""
    found = {}
    for name, archive in archives.items():
        asked = "SELECT pg_database_size(current_database())"
        if archive.base.sqlite:
            asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        with archive.base.reading() as connection:
            found[name] = int(connection.exec_driver_sql(asked).scalar_one())
    return found


def plans(archive: Archive, ask: Ask) -> Iterator[str]:
    """Each statement of a question once, and how the database goes about it."""
    found: dict[str, Any] = {}

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        found.setdefault(statement, parameters)

    event.listen(archive.base.engine, "before_cursor_execute", note)
    ask(archive)
    event.remove(archive.base.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if archive.base.sqlite else "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF)"
    with archive.base.reading() as connection:
        for statement, parameters in found.items():
            if statement.lstrip().startswith(("SELECT", "WITH")):
                rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
                yield " ".join(statement.split())
                yield from (f"    {line[:WIDE]}{' …' * (len(line) > WIDE)}" for *_, line in rows)


@contextmanager
def both(folder: Path) -> Iterator[dict[str, Archive]]:
    """An empty archive on each database."""
    with (
        server() as url,
        Archive(str(folder / "archive.db")) as sqlite,
        Archive(new_database(url)) as postgresql,
    ):
        yield {"SQLite": sqlite, "PostgreSQL": postgresql}


def main() -> None:
    """Print a table, a row a question, then sizes, and plans if they are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--days", type=int, default=365, help="how many to enter (365)")
    parser.add_argument("--plans", action="store_true", help="show how each database goes about each question")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="summarizer-archive-") as folder, both(Path(folder)) as archives:
        known = fill(archives, options.days)
        asked = questions(archives["SQLite"], known)
        with archives["PostgreSQL"].base.engine.connect() as connection:  # as it does by itself, minutes later
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
        report(archives, known, asked)
        if options.plans:
            for name, ask in asked.items():
                for database, archive in archives.items():
                    print(f"\n## {name}: {database}\n")
                    print("\n".join(f"    {line}" for line in plans(archive, ask)))


def report(archives: Mapping[str, Archive], known: Known, asked: Mapping[str, Ask], turns: int = TURNS) -> None:
    """Print times and sizes."""
    print(f"| ms | {' | '.join(f'{name} | 95th' for name in archives)} |")
    print(f"|---|{'---:|' * 2 * len(archives)}")
    for name, ask in asked.items():
        times = measure(archives, ask, turns)
        print(f"| {name} | {' | '.join(told(times[each]) for each in archives)} |", flush=True)
    print(f"| entering a day | {' | '.join(told(known.times[each][-LAST:]) for each in archives)} |")
    print()
    count = len(next(iter(known.times.values())))
    for name, size in sizes(archives).items():
        print(f"{name}: {size / 1e6:,.0f} MB for {count} briefings, {size / 1e6 / count:.2f} MB each")


if __name__ == "__main__":
    main()
