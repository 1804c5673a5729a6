"""How fast the site answers: one reader at a time, then many at once, on SQLite and on PostgreSQL.

    python -m benchmarks.serve                        # 30 days of some 200 items, 200 readers for 30 seconds
    python -m benchmarks.serve --days 5 --seconds 5

The days are made up (`tests/chronicle.py`), the site is a process of its own, readers are asyncio
on loopback, each with a connection that stays open. A time is until the last byte is there.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from benchmarks.archive import RARE, Known, both, fill

TURNS = 40
GENEROUS = 120.0
"""Seconds after which an answer is a failure."""


@dataclass
class Done:
    """What readers met."""

    took: list[float] = field(default_factory=list)
    """Seconds of each answer."""
    failed: list[str] = field(default_factory=list)
    """What went wrong, a line each."""


class Reader:
    """One connection to a site, kept open."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname
        assert parts.port
        self.host, self.port = parts.hostname, parts.port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, int]:
        """Ask for a path; returns status and bytes of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self.host, self.port)
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if b"connection: close" in head:
            await self.close()
        return int(head[9:12]), len(body)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def load(
    address: str, paths: Sequence[str], *, readers: int, each: int | None = None, seconds: float = math.inf
) -> Done:
    """Many readers at once, each asking for one path after the other.

    Args:
        address: of the site.
        paths: asked for in turn, every reader beginning elsewhere.
        readers: at once.
        each: how often each asks; None: until the time is up.
        seconds: until no more is asked.
    """
    done = Done()
    ends = time.monotonic() + seconds

    async def read(number: int) -> None:
        reader = Reader(address)
        for turn in count() if each is None else range(each):
            if time.monotonic() > ends:
                break
            path = paths[(number + turn) % len(paths)]
            begun = time.perf_counter()
            try:
                status, _ = await asyncio.wait_for(reader.get(path), GENEROUS)
            except (OSError, EOFError, TimeoutError) as error:
                done.failed.append(f"{path}: {type(error).__name__} {error}")
                await reader.close()
                continue
            done.took.append(time.perf_counter() - begun)
            if status != 200:
                done.failed.append(f"{path}: {status}")
        await reader.close()

    await asyncio.gather(*(read(number) for number in range(readers)))
    return done


@contextmanager
def serving(place: str) -> Iterator[str]:
    """The site over an archive, as a process; its address."""
    command = [sys.executable, "-m", "summarizer", "serve", "--archive", place, "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        line = process.stderr.readline()
        found = re.search(r"http://\S+", line)
        if not found:
            raise RuntimeError(line + process.stderr.read())
        yield found[0]
    finally:
        process.terminate()
        process.wait()


def questions(known: Known) -> dict[str, str]:
    """Paths that are asked for, by what they are called."""
    last, week = known.last, known.last.fromordinal(known.last.toordinal() - 6)
    rare, actor = known.word(RARE), known.actors[len(known.actors) // 2]
    return {
        "list of days": "/",
        "a day": f"/days/{last}",
        "a day, JSON": f"/api/briefings/{last}",
        "a thing": f"/things/{known.demand}",
        "an actor": f"/actors/{actor}",
        "list of actors": "/actors",
        "diff of two days": f"/diff?before={last.fromordinal(last.toordinal() - 1)}&after={last}",
        "ledger of a week, by party": f"/ledger?from={week}&to={last}&party={actor}",
        "ledger of a week": f"/ledger?from={week}&to={last}",
        "search": f"/search/hits?q={rare}",
        "changes, JSON": f"/api/changes?from={week}&most=100",
        "feed": "/feed.atom",
        "style sheet": "/static/site.css",
    }


def told(times: Sequence[float]) -> str:
    """Median, 95th percentile and longest in milliseconds, as three cells."""
    late = sorted(times)[math.ceil(0.95 * len(times)) - 1]
    return " | ".join(f"{each * 1000:.1f}" for each in (median(times), late, max(times)))


def main() -> None:
    """Print a table of single readers, and one of many at once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--days", type=int, default=30, help="how many to enter (30)")
    parser.add_argument("--readers", type=int, default=200, help="how many at once (200)")
    parser.add_argument("--seconds", type=float, default=30, help="how long they read (30)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="summarizer-serve-") as folder, both(Path(folder)) as archives:
        known = fill(archives, options.days)
        asked = questions(known)
        light = [path for name, path in asked.items() if name != "ledger of a week"]
        many: dict[str, Done] = {}
        for name, archive in archives.items():
            place = str(archive.base.url.render_as_string(hide_password=False))
            with serving(place) as address:
                print(f"\n| {name}, one reader: ms | median | 95th | longest |\n|---|---:|---:|---:|")
                for what, path in asked.items():
                    first = asyncio.run(load(address, [path], readers=1, each=1))
                    done = asyncio.run(load(address, [path], readers=1, each=TURNS))
                    assert first.failed == done.failed == []
                    print(f"| {what} | {told(done.took)} |", flush=True)
                many[name] = asyncio.run(load(address, light, readers=options.readers, seconds=options.seconds))
        head = f"{options.readers} readers, {options.seconds:g} s"
        print(f"\n| {head} | answers | a second | errors | median ms | 95th | longest |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for name, done in many.items():
            rate = len(done.took) / options.seconds
            print(f"| {name} | {len(done.took):,} | {rate:.0f} | {len(done.failed)} | {told(done.took)} |")
        for line in sorted({line for done in many.values() for line in done.failed})[:20]:
            print(line)


if __name__ == "__main__":
    main()
