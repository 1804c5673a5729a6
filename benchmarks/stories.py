"""What is done with a day's articles before the first question: copies and what they add, and likeness of heads.

    python -m benchmarks.stories            # 1,000, 10,000 and 100,000 articles
    python -m benchmarks.stories 5000

The articles are made up (`tests/wires.py`). Each number takes its turn in a fresh process; memory
is what its peak is above that of the articles. Entries are what a model is asked about to sort the
day into stories: articles that words make sure of are one.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from math import ceil

from summarizer import Article
from summarizer.sift import sift
from summarizer.stories import MOST_AT_ONCE, sorted_by_words
from tests.wires import Wires


def peak() -> int:
    """Megabytes that this process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(count: int) -> list[str]:
    """A row for a day of so many articles."""
    texts = Wires(count).texts
    articles = [Article.of(text, name=f"{n}.txt", publisher=f"Paper {n % 500}") for n, text in enumerate(texts)]
    before, begun = peak(), time.perf_counter()
    bundles = sift(articles)
    sifted, to_read = time.perf_counter(), sum(len(bundle.to_read) for bundle in bundles)
    entries = len(sorted_by_words(bundles)[0])
    sorted_ = time.perf_counter()
    row = [f"{count:,}", f"{len(bundles):,}", f"{to_read:,}", f"{entries:,}", f"{ceil(entries / MOST_AT_ONCE):,}"]
    return [*row, f"{sifted - begun:.1f} s", f"{sorted_ - sifted:.1f} s", f"{peak() - before} MB"]


def main() -> None:
    """Print a table, a row a number of articles."""
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    print("| articles | bundles | with something to read | entries | first questions | copies | likeness | memory |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for count in map(int, sys.argv[1:] or ("1000", "10000", "100000")):
        command = [sys.executable, "-m", "benchmarks.stories", "one", str(count)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
