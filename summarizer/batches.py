"""Batches: a list too long for one question, cut into those that aren't."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from summarizer.tokens import estimate_tokens

T = TypeVar("T")

FEWEST = 8
"""Entries that are always asked about together: a model cut off at so few won't be helped by fewer."""
ENOUGH = 0.8
"""Share of entries left, above which a round brought too little together to be worth another."""
LINE = 20
"""Tokens of a line that its template adds."""


def batched(listed: Sequence[T], weight: Callable[[T], int], *, most: int, room: int) -> list[list[T]]:
    """Consecutive batches of at most `most` each, whose weights come to at most `room`, where single ones do.

    >>> batched([4, 4, 4, 9, 1], lambda n: n, most=2, room=8)
    [[4, 4], [4], [9], [1]]
    """
    batches: list[list[T]] = []
    taken = 0
    for each in listed:
        weighs = weight(each)
        if not batches or len(batches[-1]) >= most or taken + weighs > room:
            batches.append([])
            taken = 0
        batches[-1].append(each)
        taken += weighs
    return batches


def weigh(told: Mapping[str, object]) -> int:
    """Tokens of a line that says all this, as estimated."""
    return LINE + sum(estimate_tokens(str(value)) for value in told.values())
