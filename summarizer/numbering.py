"""Numbering: the ids of a day's things become those that they have over all days.

A day's own ids (D1 is the weightiest demand) are what a model is asked with, so that a
question doesn't depend on what else an archive holds. At the end each thing that stood
before gets the id that it has had since, and each new one the next that is free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from summarizer.models import Briefing, ChangeKind

HOLDERS = frozenset(
    """
    id by of to participants actors asserted_by confirmed_by denied_by unconfirmed_by held_by affiliation variants items
    cites item
    """.split()
)
"""Fields of a briefing's models that hold ids."""


def things_of(briefing: Briefing) -> Iterable[Any]:
    """All of a briefing that has an id over all days."""
    return (*briefing.actors, *briefing.items, *briefing.disputes)


def next_numbers(briefing: Briefing, same: Mapping[str, str], taken: Mapping[str, int]) -> dict[str, str]:
    """An id over all days for each thing of a briefing.

    Args:
        briefing: with the day's own ids.
        same: ids over all days of what stood before, by the day's own.
        taken: the highest number that is taken, by letter.
    """
    counted = dict(taken)
    ids: dict[str, str] = {}
    for thing in things_of(briefing):
        letter = thing.id[0]
        if thing.id not in same:
            counted[letter] = counted.get(letter, 0) + 1
        ids[thing.id] = same.get(thing.id) or f"{letter}{counted[letter]}"
    return ids


def renumbered(briefing: Briefing, ids: Mapping[str, str]) -> Briefing:
    """The briefing with other ids; what is not mentioned keeps that of an earlier day.

    >>> renumber("D3.2", {"D3": "D17"}), renumber("S1", {"D3": "D17"})
    ('D17.2', 'S1')
    """
    if all(old == new for old, new in ids.items()):
        return briefing
    silent = {change.id for change in briefing.changes if change.kind is ChangeKind.NOT_MENTIONED}
    given = briefing.model_dump()
    changes = given.pop("changes")
    anew = _walk(given, lambda id: renumber(id, ids))
    anew["changes"] = [
        change if change["id"] in silent else {**change, "item": renumber(change["item"], ids)} for change in changes
    ]
    return Briefing.model_validate(anew)


def renumber(id: str, ids: Mapping[str, str]) -> str:
    """One id, or a variant's, as it is now; any other as it was."""
    owner, point, number = id.partition(".")
    return f"{ids[owner]}{point}{number}" if owner in ids else id


def _walk(value: Any, change: Callable[[str], str], *, holds: bool = False) -> Any:
    """A dumped model with its ids changed, wherever a field holds ids."""
    if isinstance(value, dict):
        return {key: _walk(inner, change, holds=key in HOLDERS) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_walk(inner, change, holds=holds) for inner in value]
    return change(value) if holds and isinstance(value, str) else value
