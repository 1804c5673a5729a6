"""Likeness: which texts are about one thing, going by the words that few others have.

Each text is a set of stems weighted by how rare they are that day. Only texts that share one of
their rarest stems are compared, so that a hundred thousand don't make billions of pairs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from summarizer.text import content_words

RAREST = 12
"""Stems of a text by which others are found that may be like it."""
COMMON = 60
"""Texts that may have a stem, for others to be found by it."""

ENOUGH = 0.25
"""Share of the likeness asked for that the rarest stems have to make up, for two texts to be compared in full."""

Pair = tuple[float, int, int]
"""How alike, from 0 to 1, and the positions of the two."""


def alike(texts: Sequence[str], least: float) -> list[Pair]:
    """Pairs of texts that are at least so alike (the cosine of their weighted stems), most alike first."""
    once: dict[str, str] = {}  # each stem as one object, however many texts have it
    stems = [sorted(once.setdefault(stem, stem) for stem in content_words(text)) for text in texts]
    spread = Counter(stem for some in stems for stem in some)
    once.clear()
    weights = [_weighted(stems.pop(), spread, len(texts)) for _ in texts][::-1]  # one goes as the other comes
    having: defaultdict[str, list[int]] = defaultdict(list)
    pairs: list[Pair] = []
    for b, some in enumerate(weights):
        shared = sorted((spread[stem], stem) for stem in some if 1 < spread[stem] <= COMMON)
        rarest = [stem for _, stem in shared[:RAREST]]
        by_rarest: defaultdict[int, float] = defaultdict(float)
        for stem in rarest:
            for a in having[stem]:
                by_rarest[a] += some[stem] * weights[a][stem]
            having[stem].append(b)
        met = (a for a, like in by_rarest.items() if like >= ENOUGH * least)
        pairs += ((like, a, b) for a in met if (like := _cosine(weights[a], some)) >= least)
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))


def grouped(count: int, pairs: Sequence[Pair], least: float) -> list[list[int]]:
    """Positions from 0 to `count`, those in one group whose groups are at least so alike on average.

    `pairs` that are not listed count as not alike at all. Groups come in order of their first positions.
    """
    home = list(range(count))
    groups = {position: [position] for position in range(count)}
    between: list[dict[int, float]] = [{} for _ in range(count)]  # sums of likeness, group by group
    for like, a, b in pairs:
        between[a][b] = between[b][a] = like
    for _, one, other in pairs:
        a, b = home[one], home[other]
        if a == b or between[a][b] < least * len(groups[a]) * len(groups[b]):
            continue
        if len(groups[a]) < len(groups[b]):
            a, b = b, a
        for position in groups[b]:
            home[position] = a
        groups[a] += groups.pop(b)
        for c, like in between[b].items():
            del between[c][b]
            if c != a:
                between[a][c] = between[c][a] = between[a].get(c, 0.0) + like
        between[b] = {}
    return sorted(sorted(group) for group in groups.values())


def _weighted(stems: Sequence[str], spread: Counter[str], count: int) -> dict[str, float]:
    """A text's stems that others have too, with their weights; all its stems together have the length 1."""
    raw = {stem: math.log((1 + count) / spread[stem]) for stem in stems}
    length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {stem: weight / length for stem, weight in raw.items() if spread[stem] > 1}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return math.fsum(one[stem] * other[stem] for stem in one.keys() & other.keys())
