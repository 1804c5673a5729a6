"""Copies: which of a day's texts are the same report, cut, re-headed, edited or brought up to date.

Texts are compared by the runs of five words that they share. Which pairs are compared at all
is found from samples of these runs: of every text as many as tell it from others, taken by
their hashes, so that two texts' samples can be held against each other (scaled MinHash: the
same thresholds for all, coarser ones for longer texts). What looks alike is then compared in
full. `python -m benchmarks.copies` measures it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from summarizer.text import UNSPACED, WORD

Hashes = NDArray[np.uint64]

COPY = 0.25
"""Share of the shorter text's five-word runs that the longer one must hold to be its copy.

Independent reports of one event share under 0.05 by quoting the same people (example
corpus and five real articles); a wire report and its reworked copy share 0.4 and more.
"""
PART = 0.1
"""Share of the longer text's runs that the shorter one must hold: less is a digest of many reports, or a long read that
repeats one, and would bring together what has nothing to do with each other."""
RUN = 5
"""Words of a run."""
MOST = 128
"""Runs in a text's sample; half as many at least, where there are so many."""
ALIKE = 0.5
"""Share of what makes a copy that samples must have in common for two texts to be compared in full."""
SURE = 0.5
"""Share of a text's sample that need not be counted in full: of 32 runs and more, it is not a quarter of the text."""
FEW = 2
"""Texts that a run's other texts are held against: a phrase that a thousand texts share makes thousands of pairs then,
not half a million. Tried at 4 as well: the same was found."""
PASSES = 16
"""In which samples are sorted, so that memory holds a part of them twice, not all."""

UNIT = re.compile(rf"{UNSPACED.pattern}|\w+")
"""A word, or a letter of a script without blanks between words."""


def copy_groups(texts: Sequence[str]) -> list[list[int]]:
    """Sort texts into groups of near copies; returns their positions.

    The longest text of a group comes to it first; every other is a copy of a member that is
    longer, or as long. Groups come in order of their first positions, so do members.
    """
    if not texts:
        return []
    samples = [_sample(_runs(text)) for text in texts]
    sizes = [size for _, _, size in samples]
    order = sorted(range(len(texts)), key=lambda position: -sizes[position])

    @lru_cache(maxsize=256)
    def runs(rank: int) -> Hashes:
        return _runs(texts[order[rank]])

    home: dict[int, int] = {}
    groups: list[list[int]] = []
    later, earlier, shares = _alike([samples[position] for position in order])
    bounds = np.searchsorted(later, np.arange(len(order) + 1)).tolist()
    for rank, position in enumerate(order):
        near = slice(bounds[rank], bounds[rank + 1])
        found = (
            (share if share >= SURE else _shared(runs(rank), runs(longer)), -longer)
            for longer, share in zip(earlier[near].tolist(), shares[near].tolist(), strict=True)
        )
        best = max((copy for copy in found if copy[0]), default=None)
        if best is None:
            home[rank] = len(groups)
            groups.append([position])
        else:
            home[rank] = home[-best[1]]
            groups[home[rank]].append(position)
    return sorted(sorted(group) for group in groups)


def _runs(text: str) -> Hashes:
    """Hashes of a text's runs of words, sorted, each once.

    The same on every machine: what is sampled, and so what is found, must not change from run to run.
    """
    words = (UNIT if UNSPACED.search(text) else WORD).findall(text.casefold())  # the former takes twice as long
    hashes = np.fromiter((crc32(word.encode("utf-8", "surrogatepass")) for word in words), np.uint64, len(words))
    count = max(0, len(words) - RUN + 1)
    mixed = np.zeros(count, np.uint64)
    for shift in range(RUN):
        mixed = (mixed ^ hashes[shift : shift + count]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


Sample = tuple[Hashes, int, int]
"""Hashes below 2**64 >> level, the level, and how many runs the whole text has."""


def _sample(runs: Hashes) -> Sample:
    """As many of a text's runs as `MOST` allows."""
    level = 0
    while len(runs) >> level > MOST:
        level += 1
    kept = runs[: np.searchsorted(runs, np.uint64((1 << 64) - 1) >> np.uint64(level), side="right")]
    return kept.copy(), level, len(runs)


def _alike(samples: Sequence[Sample]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of texts that may be copies: places of the later and the earlier one among `samples`, longest first.

    With them the share of the later one's runs that the earlier one holds, going by the samples: that or more; 0 where
    they are too small to tell. Pairs come in order.
    """
    owner = np.repeat(np.arange(len(samples), dtype=np.uint64), [len(kept) for kept, _, _ in samples])
    hashes = np.concatenate([kept for kept, _, _ in samples])
    met = np.concatenate([_meetings(hashes, owner, rest) for rest in range(PASSES)])
    pairs, shared = np.unique(met, return_counts=True)
    levels = np.array([level for _, level, _ in samples])
    sizes = np.array([size for _, _, size in samples])
    later, earlier = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    # Earlier ones are longer, so theirs is the coarser sample, and the one that both were taken by.
    expected = np.maximum(1, sizes[later] / (1 << levels[earlier]))
    chosen = (shared >= ALIKE * COPY * expected) & (sizes[later] >= PART * sizes[earlier])
    telling = (expected >= MOST / 4) & (SURE * sizes[later] >= 2 * PART * sizes[earlier])
    share = np.where(telling, np.minimum(1, shared / expected), 0)
    return later[chosen], earlier[chosen], share[chosen]


def _meetings(hashes: Hashes, owner: NDArray[np.uint64], rest: int) -> NDArray[np.uint64]:
    """Every meeting of two texts in one of their runs, later << 32 | earlier; a part of them, by hash."""
    some = np.flatnonzero(hashes % np.uint64(PASSES) == np.uint64(rest))
    # Stable: owners come in order, so in a run's stretch the earlier (longer) texts stand first.
    some = some[np.argsort(hashes[some], kind="stable")]
    run, text = hashes[some], owner[some]
    starts = np.flatnonzero(np.concatenate(([True], run[1:] != run[:-1])))
    first = np.repeat(starts, np.diff(np.concatenate((starts, [len(run)]))))
    place = np.arange(len(run)) - first
    met = []
    for other in range(FEW):
        after = place > other
        met.append(text[after] << np.uint64(32) | text[first[after] + other])
    after = place > FEW
    met.append(text[after] << np.uint64(32) | text[np.flatnonzero(after) - 1])
    return np.concatenate(met)


def _shared(shorter: Hashes, longer: Hashes) -> float:
    """Share of the shorter text's runs that the longer one holds; 0 if that makes no copy."""
    if not len(shorter):
        return 0.0
    common = len(np.intersect1d(shorter, longer, assume_unique=True))
    return common / len(shorter) if common >= COPY * len(shorter) and common >= PART * len(longer) else 0.0
