"""Who found how much of what anybody found, as TREC pools it: there is no list of all that could be found.

Things of one kind in one article whose evidence overlaps are taken for one. So two demands in one
sentence count once, whoever tells them apart, and nothing is said of whether a thing was worth noting or
described rightly. What nobody found is missed by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.found import KINDS, Found


@dataclass
class Thing:
    """What some systems found at one place."""

    kind: str
    spans: list[tuple[int, int]]
    systems: set[str] = field(default_factory=set)


def pooled(found: Mapping[str, Iterable[Found]]) -> list[Thing]:
    """All things that any system found, each once; `found` is by system. What has no evidence is left out."""
    places: dict[str, list[Thing]] = {}
    for system, items in found.items():
        for item in items:
            if item.kind not in KINDS or not item.spans:
                continue
            things = places.setdefault(f"{item.kind} {item.article}", [])
            one = Thing(item.kind, list(item.spans), {system})
            for other in [thing for thing in things if _overlap(thing.spans, one.spans)]:
                things.remove(other)
                one.spans += other.spans
                one.systems |= other.systems
            things.append(one)
    return [thing for things in places.values() for thing in things]


def _overlap(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> bool:
    return any(start < until and begin < end for start, end in some for begin, until in others)


def recall(things: Iterable[Thing], system: str, *, agreed: bool = False) -> tuple[int, int]:
    """How many things a system has, of how many; `agreed`: of those that two systems or more have."""
    counted = [thing for thing in things if not agreed or len(thing.systems) > 1]
    return sum(system in thing.systems for thing in counted), len(counted)
