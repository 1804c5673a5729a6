"""What keeping articles' texts adds to an archive, on SQLite and on PostgreSQL side by side.

    python -m benchmarks.texts                                 # 30 days of 100 articles of 6,000 characters
    python -m benchmarks.texts --days 5 --articles 20 --characters 3000

The days are those of `benchmarks.archive` (some 200 items), each with so many more articles, whose
words are made up as theirs are (`tests/chronicle.py`). Sizes are of databases that were just packed
(VACUUM), first with all texts, then after all were forgotten. Times are of a call with its answer
as models.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.archive import both, measure, sizes, told
from summarizer.archive import Archive
from summarizer.models import Article, Briefing
from tests.chronicle import FIRST, Chronicle

TURNS = 25


@dataclass
class Filled:
    """What was entered."""

    characters: int
    ids: list[str]
    times: dict[str, list[float]]
    """Seconds that entering a day took, by archive."""


def written(chronicle: Chronicle, count: int, characters: int) -> Iterator[Article]:
    """Articles of the chronicle's day, in paragraphs of six sentences."""
    for number in range(count):
        text = ""
        while len(text) < characters:
            text += " ".join(chronicle.sentence(8, 28) for _ in range(6)) + "\n\n"
        name = f"{chronicle.day}-told-{number:03}.txt"
        yield Article.of(text[:characters], name=name, publisher=chronicle.outlets[0], published=chronicle.day)


def fill(archives: Mapping[str, Archive], days: int, articles: int, characters: int) -> Filled:
    """Enter so many days, each with so many articles whose texts are kept, into all the archives."""
    chronicle = Chronicle()
    filled = Filled(0, [], {name: [] for name in archives})
    for number, made in enumerate(chronicle.days(days), 1):
        texts = list(written(chronicle, articles, characters))
        briefing = _with_sources(made.briefing, texts)
        for name, archive in archives.items():
            begun = time.perf_counter()
            entered = archive.put(briefing, made.same, articles=texts).briefing
            filled.times[name].append(time.perf_counter() - begun)
        chronicle.learn(made, entered)
        filled.ids += [article.id for article in texts]
        filled.characters += sum(article.characters for article in texts)
        print(f"\r{number} of {days} days entered", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return filled


def _with_sources(briefing: Briefing, articles: list[Article]) -> Briefing:
    sources = (*briefing.sources, *(article.as_source() for article in articles))
    return briefing.model_copy(update={"sources": sources})


def packed_sizes(archives: Mapping[str, Archive]) -> dict[str, int]:
    """Bytes that archives take on disk when nothing in them is free."""
    for archive in archives.values():
        raw = archive.base.engine.raw_connection()
        driver = raw.driver_connection
        assert driver is not None
        if archive.base.sqlite:
            driver.execute("VACUUM")
        else:
            driver.autocommit = True
            driver.execute("VACUUM FULL")
            driver.autocommit = False
        raw.close()
    return sizes(archives)


def report(archives: Mapping[str, Archive], filled: Filled) -> None:
    """Print times, then sizes with the texts and without; the texts are forgotten."""
    some = filled.ids[len(filled.ids) // 2]
    asked = {
        "an article": lambda archive: archive.articles([some]),
        "all articles of a day": lambda archive: archive.articles_of(FIRST),
    }
    print(f"| ms | {' | '.join(f'{name} | 95th' for name in archives)} |")
    print(f"|---|{'---:|' * 2 * len(archives)}")
    for name, ask in asked.items():
        times = measure(archives, ask, TURNS)
        print(f"| {name} | {' | '.join(told(times[each]) for each in archives)} |")
    print(f"| entering a day | {' | '.join(told(filled.times[each]) for each in archives)} |")
    print()
    full = packed_sizes(archives)
    forgotten = {name: archive.forget_texts(date.max) for name, archive in archives.items()}
    bare = packed_sizes(archives)
    days = len(next(iter(filled.times.values())))
    for name in archives:
        added = full[name] - bare[name]
        print(
            f"{name}: {forgotten[name]:,} texts of {filled.characters / len(filled.ids):,.0f} characters; "
            f"{bare[name] / 1e6 / days:.2f} MB a day without them, {full[name] / 1e6 / days:.2f} MB with them; "
            f"{added / forgotten[name]:,.0f} bytes each"
        )


def main() -> None:
    """Print a table of times, then sizes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.texts", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--days", type=int, default=30, help="how many to enter (30)")
    parser.add_argument("--articles", type=int, default=100, help="of a day (100)")
    parser.add_argument("--characters", type=int, default=6_000, help="of an article (6000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="summarizer-texts-") as folder, both(Path(folder)) as archives:
        report(archives, fill(archives, options.days, options.articles, options.characters))


if __name__ == "__main__":
    main()
