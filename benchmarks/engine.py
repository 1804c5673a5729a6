"""Several workers: how much faster a day is read, and what a killed one costs.

    python -m benchmarks.engine               # a day of 2,000 with one process, and with 1, 2 and 4 workers
    python -m benchmarks.engine --kill        # a day of 10,000 over 4 workers, one killed half way

A stub in a process of its own answers after half a second. PostgreSQL is one that this starts. Articles
and answers are those of the tests (`tests.newsroom`). Each worker may have sixteen requests under way; with
--kill the one process has as many as all four.
Reading is what the run says of itself, from the first to the last article, and holds what Dask takes to
start its workers and to end them. A request is repeated if its body had come before, byte for byte. The
briefing of several workers is held against that of one process, byte for byte.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.stub import Running, Seen, serving
from summarizer import Article, Briefing, Progress, Settings, brief
from tests import postgres
from tests.newsroom import make_article

AT_ONCE = 16
"""Requests under way, for each worker."""
LATENCY = 0.5


@dataclass
class Run:
    """What a run came to."""

    briefing: Briefing
    reading: float
    """Seconds."""
    seen: Seen
    killed: int | None
    """Articles that were read when a worker was killed; None: none was."""
    journaled: int
    """Readings that the journal has."""


class Watch:
    """Listens to a run, and kills a worker half way if it is to."""

    def __init__(self, *, kill: bool) -> None:
        self.kill = kill
        self.began = self.ended = 0.0
        self.killed: int | None = None

    def __call__(self, progress: Progress) -> None:
        """Take a step's time."""
        if progress.stage != "reading":
            return
        now = time.monotonic()
        self.began, self.ended = self.began or now, now
        if self.kill and self.killed is None and progress.done >= progress.total / 2:
            self.killed = progress.done
            threading.Thread(target=kill_one).start()


def kill_one() -> None:
    """SIGKILL for one of this process's workers."""
    import psutil

    workers = [p for p in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(p.cmdline())]
    os.kill(workers[0].pid, signal.SIGKILL)


def run(articles: list[Article], stub: Running, workers: int, *, at_once: int, kill: bool = False) -> Run:
    """Brief a day with so many workers; 0: in this process, with a journal in a file."""
    stub.seen(forget=True)
    watch = Watch(kill=kill)
    given: dict[str, Any] = {"base_url": stub.base_url, "api_key": "any", "concurrency": at_once}
    with tempfile.TemporaryDirectory() as folder:
        if not workers:
            made = brief(articles, settings=Settings(workspace=Path(folder), **given), listener=watch)
            return Run(made, watch.ended - watch.began, stub.seen(), None, readings(Path(folder)))
        with postgres.server(**postgres.HASTY) as url:
            place = f"{url}/postgres"
            settings = Settings(engine="dask", workers=workers, journal=place, **given)
            made = brief(articles, settings=settings, listener=watch)
            return Run(made, watch.ended - watch.began, stub.seen(), watch.killed, readings(place))


def readings(place: Path | str) -> int:
    """How many readings a journal has."""
    from contextlib import closing

    from summarizer.journals import journal_of

    settings = Settings(workspace=place) if isinstance(place, Path) else Settings(journal=place)
    journal = journal_of(settings)
    assert journal is not None
    with closing(journal):
        return sum(shelf.answers for shelf in journal.shelves() if shelf.prompt == "extract")


def main() -> None:
    """Print a table, a row a run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kill", action="store_true", help="kill a worker half way, of four")
    parser.add_argument("--articles", type=int, metavar="N", help="default: 2,000, and 10,000 with --kill")
    options = parser.parse_args()
    count = options.articles or (10_000 if options.kill else 2_000)
    articles = [make_article(number) for number in range(count)]
    print("| workers | reading | a second | requests | repeated | readings journaled | briefing |")
    print("|---:|---:|---:|---:|---:|---:|---|")
    same = True
    with serving(latency=LATENCY, answer="tests.newsroom:answer") as stub:
        first: str | None = None
        for workers in (0, 4) if options.kill else (0, 1, 2, 4):
            at_once = AT_ONCE * (4 if options.kill else max(1, workers))
            done = run(articles, stub, workers, at_once=at_once, kill=options.kill and workers > 0)
            text = done.briefing.model_dump_json()
            first = first or text
            same &= text == first
            name = f"{workers or 'one process'}" + (f", one killed after {done.killed:,}" if done.killed else "")
            print(
                f"| {name} | {done.reading:.1f} s | {count / done.reading:.0f} | {done.seen.requests:,} "
                f"| {done.seen.repeated} | {done.journaled:,} | {'the same' if text == first else 'ANOTHER'} |",
                flush=True,
            )
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
