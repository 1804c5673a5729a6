"""How long the program takes to start: `--help` beside argparse alone, a replayed day beside importing instructor.

    python -m benchmarks.startup [ROUNDS]

Each command is started in turn, round after round (10), so that what else the machine does falls on all alike.
Wall time, of the quickest start of each and of the middle one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parent.parent
ROUNDS = 10


def commands(folder: Path) -> dict[str, list[str]]:
    """What is started, by what it is called."""
    program = [str(Path(sys.executable).with_name("summarizer"))]
    day = ["examples/2031-05-12", "--replay", "cassettes/2031-05-12", "--no-archive", "--quiet"]
    return {
        "import argparse": [sys.executable, "-c", "import argparse"],
        "summarizer --help": [*program, "--help"],
        "from instructor import from_openai": [sys.executable, "-c", "from instructor import from_openai"],
        "summarizer brief --replay": [*program, "brief", *day, "-o", str(folder / "briefing.md")],
    }


def measure(rounds: int) -> dict[str, list[float]]:
    """Seconds of each command's starts; the first round, which fills caches, isn't counted."""
    with tempfile.TemporaryDirectory() as folder:
        started = commands(Path(folder))
        took: dict[str, list[float]] = {name: [] for name in started}
        for number in range(rounds + 1):
            for name, command in started.items():
                began = perf_counter()
                subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
                if number:
                    took[name].append(perf_counter() - began)
    return took


def table(took: Mapping[str, Sequence[float]]) -> str:
    """A row a command, and what is asked of them."""
    lines = ["| started | quickest, s | median, s |", "|---|---:|---:|"]
    lines += [f"| `{name}` | {min(times):.3f} | {median(times):.3f} |" for name, times in took.items()]
    argparse, helped, instructor, replayed = took.values()
    ratios = [f"{of(helped) / of(argparse):.2f}" for of in (min, median)]
    more = [f"{of(replayed) - of(instructor):.2f}" for of in (min, median)]
    lines += [f"| `--help` over argparse, times | {' | '.join(ratios)} |"]
    lines += [f"| a replayed day over instructor, s | {' | '.join(more)} |"]
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))


if __name__ == "__main__":
    main()
