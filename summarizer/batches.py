"""Batches: a list too long for one question, cut into those that aren't."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from summarizer.desk import all_of
from summarizer.errors import TooMuch
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


def check_ids(groups: Iterable[Sequence[str]], known: Iterable[str], what: str, group: str) -> Iterator[str]:
    """Say which ids of groups don't exist, or are listed twice.

    Args:
        groups: the ids of each group.
        known: those that there are.
        what: what an id is of, for messages.
        group: what a group is.
    """
    listed, there = Counter(id for ids in groups for id in ids), set(known)
    yield from (f"there is no {what} {id}" for id in listed if id not in there)
    yield from (f"{id} is listed twice; it belongs in one {group}" for id, count in listed.items() if count > 1)


def unlisted(groups: Iterable[Sequence[str]], known: Iterable[str]) -> list[str]:
    """The ids that are in no group."""
    listed = {id for ids in groups for id in ids}
    return [id for id in known if id not in listed]


def check_partition(groups: Iterable[Sequence[str]], known: Collection[str], what: str, group: str) -> Iterator[str]:
    """Say the same, and which ids are in no group."""
    groups = list(groups)
    yield from check_ids(groups, known, what, group)
    if forgotten := unlisted(groups, known):
        yield f"{', '.join(forgotten)} in no {group}; every {what} belongs in exactly one"


async def in_rounds(
    listed: list[T],
    ask: Callable[[list[T]], Awaitable[list[T]]],
    weight: Callable[[T], int],
    key: Callable[[T], Any],
    *,
    most: int,
    room: int,
    shift: int = 0,
) -> list[T]:
    """Have a list brought together by questions that hold at most `most` entries, and `room` tokens of them.

    Too many for one question are asked about in batches of alike ones, and what comes of them
    again, until one question holds them or little more comes together, with the batches cut at
    other places either.

    Args:
        listed: what is to be brought together.
        ask: joins those that belong together; fewer entries come back, or as many.
        weight: tokens of an entry.
        key: brings those into one batch that may belong together.
        most: entries in one question.
        room: tokens in one question.
        shift: by how many entries the cuts between batches are moved.

    Raises:
        ModelError: if no valid answer could be had.
    """
    if len(batched(listed, weight, most=most, room=room)) <= 1:
        try:
            return await ask(listed)
        except TooMuch:
            if len(listed) <= FEWEST:
                raise
            most = max(FEWEST, len(listed) // 2)
    alike = sorted(listed, key=key)
    batches = batched(alike[shift:] + alike[:shift], weight, most=most, room=room)
    parts = await all_of(in_rounds(batch, ask, weight, key, most=most, room=room) for batch in batches)
    joined = [entry for part in parts for entry in part]
    if len(joined) <= ENOUGH * len(listed):
        return await in_rounds(joined, ask, weight, key, most=most, room=room)
    half = max(1, len(batches[0]) // 2)
    return joined if shift else await in_rounds(joined, ask, weight, key, most=most, room=room, shift=half)
