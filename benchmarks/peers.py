"""How near the limit a reading is, beside other programs that ask a model for typed answers.

    python -m benchmarks.peers                                        # all of it, some 40 minutes
    python -m benchmarks.peers --readers ours,instructor --articles 200 --latency 0 --at-once 16
    python -m benchmarks.peers --few --latency 0                      # answers of 0.9 kB, not of 8.5
    python -m benchmarks.peers --memory                               # ours alone, with more and more articles

A stub (`benchmarks.stub`) answers after a fixed latency, on one core; the reader is a fresh process
on the other. Each gets the same articles and question, and has the same notes for an answer, those
that a model gave of the shipped example (`benchmarks/readers`). Ours is the whole way from a text to
checked notes in the journal; the others are given the finished prompt and stop at a typed object.
Their environments are made, with pip, in the folder that `--cache` names; what was measured is kept
there too (`measured.jsonl`), and `--only-table` makes the table anew from it.

Wall over ideal: seconds from the client being ready to the last notes, over latency × ceil(articles
/ at once). CPU: user and system of the whole process, after start-up, an article. Start-up: imports
and making the client. Peak: the process's resident set, at its highest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from statistics import median

from benchmarks.bench import READERS, Bench, Measured, Setting, machine

MEMORY = (200, 2_000, 20_000)
"""Articles of the runs that show what memory grows with."""


# -------------------------------------------------------------------------------------- telling


def tables(all_measured: Sequence[Measured]) -> str:
    """A table for each number of articles and of requests at once; the median, where there were several runs."""
    pages = []
    for few, articles, at_once in sorted({_table_of(m.setting) for m in all_measured}):
        here = [m for m in all_measured if _table_of(m.setting) == (few, articles, at_once)]
        late = sorted({m.setting.latency for m in here})
        head = [f"{articles:,} articles, {at_once} at once{', few notes' if few else ''}", "start-up s"]
        head += [f"wall over ideal, {told(latency)}" if latency else "articles a second, 0 ms" for latency in late]
        head += [f"CPU ms an article, {told(latency)}" for latency in late]
        head += ["peak MB", "requests an article", "prompt kB an article"]
        lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
        own = {reader: [m for m in here if m.reader == reader] for reader in READERS}
        lines += [row(reader, runs, late) for reader, runs in own.items() if runs]
        pages.append("\n".join(lines))
    return "\n\n".join(pages)


def _table_of(setting: Setting) -> tuple[bool, int, int]:
    return setting.few, setting.articles, setting.at_once


def row(reader: str, own: Sequence[Measured], late: Sequence[float]) -> str:
    """One reader's line."""
    by = {latency: [m for m in own if m.setting.latency == latency] for latency in late}
    fewer = min(m.articles for m in own)
    cells = [reader if fewer == own[0].setting.articles else f"{reader} ({fewer} articles)"]
    cells.append(f"{median(m.start for m in own):.2f}")
    for latency, runs in by.items():
        if not runs:
            cells.append("—")
        elif latency:
            cells.append(f"{median(m.over_ideal for m in runs):.2f}")
        else:
            cells.append(f"{median(m.articles / m.wall for m in runs):.0f}")
    cells += [f"{median(m.cpu / m.articles for m in runs) * 1000:.1f}" if runs else "—" for runs in by.values()]
    cells.append(f"{max(m.peak for m in own):.0f}")
    cells.append(f"{median(m.requests / m.articles for m in own):.2f}")
    cells.append(f"{median(m.prompt_bytes / m.articles for m in own) / 1000:.1f}")
    return f"| {' | '.join(cells)} |"


def told(latency: float) -> str:
    """A latency in milliseconds."""
    return f"{latency * 1000:g} ms"


def memory_table(measured: Sequence[Measured]) -> str:
    """Peak memory by number of articles."""
    lines = ["| articles | peak MB | over the first | kB an article over the first |", "|---:|---:|---:|---:|"]
    first = measured[0]
    for run in measured:
        more = run.peak - first.peak
        each = f"{more * 1024 / (run.articles - first.articles):.1f}" if run is not first else "—"
        lines.append(f"| {run.articles:,} | {run.peak:.0f} | {more:.0f} | {each} |")
    return "\n".join(lines)


# ------------------------------------------------------------------------------------- the whole


def load(path: Path) -> list[Measured]:
    """What was measured before."""
    if not path.exists():
        return []
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Measured(**(each | {"setting": Setting(**each["setting"])})) for each in found]


def keep(path: Path, all_measured: Sequence[Measured]) -> None:
    """Keep what was measured, a line a run."""
    path.write_text("".join(f"{json.dumps(asdict(each))}\n" for each in all_measured), encoding="utf-8")


def side_by_side(bench: Bench, names: Sequence[str], settings: Sequence[Setting], rounds: int) -> Iterator[Measured]:
    """Every reader at every setting, one after the other, and so again each round; one that fails is told of."""
    for _, setting, name in product(range(rounds), settings, names):
        if setting.at_once > READERS[name].at_once:
            continue
        try:
            run = bench.measure(name, setting)
        except (RuntimeError, subprocess.SubprocessError) as error:
            print(f"{name}, {setting}: {error}", file=sys.stderr)
            continue
        what = f"{name}, {run.articles} articles, {setting.at_once} at once, {told(setting.latency)}"
        took = f"{run.wall:.1f} s, CPU {run.cpu:.1f} s, the stub's {run.stub:.1f} s"
        print(f"{what}: {took}", file=sys.stderr)
        yield run


def numbers(text: str) -> list[int]:
    """Whole numbers between commas."""
    return [int(part) for part in text.replace("_", "").split(",")]


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--readers", default=",".join(READERS), help="names between commas (all)")
    parser.add_argument("--articles", type=numbers, default=[200, 2_000], help="how many (200,2000)")
    parser.add_argument("--latency", type=numbers, default=[0, 50, 500], help="milliseconds (0,50,500)")
    parser.add_argument("--at-once", type=numbers, default=[16, 64], help="requests under way (16,64)")
    parser.add_argument("--few", action="store_true", help="answers of one demand, not of 36 notes")
    parser.add_argument("--rounds", type=int, default=1, help="how often; the table has the median (1)")
    parser.add_argument("--cache", type=Path, help="folder of the readers' environments (a temporary one)")
    parser.add_argument("--memory", action="store_true", help="ours with 200, 2,000 and 20,000 articles instead")
    parser.add_argument("--only-table", action="store_true", help="measure nothing, tell what is kept in --cache")
    options = parser.parse_args()
    names = options.readers.split(",")
    if unknown := set(names) - READERS.keys():
        parser.error(f"no reader is called {', '.join(sorted(unknown))}; there are: {'; '.join(READERS)}")
    with tempfile.TemporaryDirectory(prefix="summarizer-peers-") as temporary:
        bench = Bench(options.cache or Path(temporary))
        print(f"{machine()}; {bench.versions(['ours'] if options.memory else names)}\n", flush=True)
        if options.memory:
            print(memory_table([bench.measure("ours", Setting(count, 16, 0)) for count in MEMORY]))
            return
        kept = bench.folder / "measured.jsonl"
        found = load(kept)
        if not options.only_table:
            settings = [
                Setting(articles, at_once, latency / 1000, options.few)
                for articles, at_once, latency in product(options.articles, options.at_once, options.latency)
            ]
            again = set(product(names, settings))
            found = [run for run in found if (run.reader, run.setting) not in again]
            for run in side_by_side(bench, names, settings, options.rounds):
                found.append(run)
                keep(kept, found)
        print(tables(found))


if __name__ == "__main__":
    main()
