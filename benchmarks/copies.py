"""How copies are found among many articles: time, memory, precision and recall, beside datasketch.

    pip install datasketch
    python -m benchmarks.copies            # 10,000 and 100,000 articles
    python -m benchmarks.copies 5000

The articles are made up (`tests/wires.py`): independent reports that share quotations and closing
lines, and copies that were cut, re-headed, edited or brought up to date. datasketch's MinHash LSH
gets the same runs of five words, 128 permutations, and groups are what its candidates link, once
as they are and once held to the threshold by their estimated Jaccard similarity. Each takes its
turn in a fresh process; memory is what its peak is above that of the texts.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from tests.wires import Wires, scores

Groups = list[list[int]]


def ours(texts: Sequence[str]) -> Groups:
    """`summarizer.copies`."""
    from summarizer.copies import copy_groups

    return copy_groups(texts)


def lsh(threshold: float, *, held: bool) -> Callable[[Sequence[str]], Groups]:
    """Datasketch's MinHash LSH at a threshold of Jaccard similarity."""

    def group(texts: Sequence[str]) -> Groups:
        from datasketch import MinHash, MinHashLSH

        index = MinHashLSH(threshold=threshold, num_perm=128)
        minhashes: list[MinHash] = []
        home = list(range(len(texts)))

        def root(position: int) -> int:
            while home[position] != position:
                home[position] = home[home[position]]
                position = home[position]
            return position

        for position, text in enumerate(texts):
            words = text.casefold().split()
            minhash = MinHash(num_perm=128)
            minhash.update_batch({" ".join(words[i : i + 5]).encode() for i in range(len(words) - 4)})
            for other in index.query(minhash):
                if not held or minhash.jaccard(minhashes[other]) >= threshold:
                    home[root(position)] = root(other)
            index.insert(position, minhash)
            minhashes.append(minhash)
        groups: dict[int, list[int]] = {}
        for position in range(len(texts)):
            groups.setdefault(root(position), []).append(position)
        return list(groups.values())

    return group


WAYS: dict[str, Callable[[Sequence[str]], Groups]] = {
    "summarizer.copies": ours,
    "datasketch, 0.5": lsh(0.5, held=False),
    "datasketch, 0.3": lsh(0.3, held=False),
    "datasketch, 0.3, held to it": lsh(0.3, held=True),
    "datasketch, 0.2, held to it": lsh(0.2, held=True),
}


def measure(way: str, count: int) -> dict[str, float]:
    """One way on so many articles: seconds, MB above the texts, precision, recall."""
    wires = Wires(count)
    texts_alone = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    groups = WAYS[way](wires.texts)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    precision, recall = scores(groups, wires.origins)
    return {"seconds": seconds, "memory": (peak - texts_alone) / 1024, "precision": precision, "recall": recall}


def main() -> None:
    """Print a table, a row a way and size."""
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
        return
    print("| articles | | time | memory | precision | recall |")
    print("|---:|---|---:|---:|---:|---:|")
    for count in [int(sys.argv[1])] if len(sys.argv) == 2 else [10_000, 100_000]:
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.copies", way, str(count)]
            found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            print(
                f"| {count:,} | {way} | {found['seconds']:.1f} s | {found['memory']:.0f} MB "
                f"| {found['precision']:.3f} | {found['recall']:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
