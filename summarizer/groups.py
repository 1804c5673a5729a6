"""Groups: notes of several articles, sorted into those about one thing.

The model sees each note as a line and answers with ids: a whole partition, every note in
exactly one group, each group led by its clearest note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from summarizer.answers import ClaimNote, DemandNote, EventNote, Groups, Noted, ProposalNote, VenueNote
from summarizer.batches import ENOUGH, FEWEST, batched, weigh
from summarizer.cast import Cast
from summarizer.desk import Desk, all_of
from summarizer.errors import TooMuch
from summarizer.models import Source
from summarizer.reading import Passage, Reading
from summarizer.text import cell, flatten

MOST_AT_ONCE = 80
"""Notes in one question. Tried up to 60 on the example and the real articles; a list of 80
short notes is about 4,000 tokens."""

N = TypeVar("N", bound=Noted)


@dataclass(frozen=True, slots=True)
class Entry(Generic[N]):
    """One note on its way into an item, under the id that the model knows it by."""

    id: str
    source: Source
    passage: Passage
    note: N

    @property
    def clean(self) -> bool:
        """Whether the wording is a person's, not a machine's."""
        return not self.source.translated


def number_notes(
    letter: str, readings: Sequence[Reading], notes: Callable[[Reading], Sequence[N]]
) -> Iterator[Entry[N]]:
    """All notes of one kind, numbered through the day."""
    listed = [(reading, note) for reading in readings for note in notes(reading)]
    return (Entry(f"{letter}{i}", reading.source, reading.passage, note) for i, (reading, note) in enumerate(listed, 1))


async def group_notes(
    kind: str,
    entries: list[Entry[N]],
    cast: Cast,
    numbers: Mapping[str, int],
    desk: Desk,
    *,
    most: int | None = None,
    shift: int = 0,
) -> list[list[Entry[N]]]:
    """Ask which notes are about one thing; each group has its clearest note first.

    A list too long for one question is asked about in batches, then the batches' clearest
    notes with each other, until one question holds them or little more comes together, with
    the batches cut at other places either. `most` is how many notes go into a question,
    `shift` where the batches are cut.

    Raises:
        ModelError: if no valid answer could be had.
    """
    most = most or MOST_AT_ONCE
    weights = {entry.id: weigh(_describe(entry, cast, numbers)) for entry in entries}

    def weight(entry: Entry[N]) -> int:
        return weights[entry.id]

    room = desk.door.room(desk.prompts[kind], Groups)
    batches = batched(entries, weight, most=most, room=room)
    if len(batches) <= 1:
        try:
            return await _group_at_once(kind, entries, cast, numbers, desk)
        except TooMuch:
            if len(entries) <= FEWEST:
                raise
            most = max(FEWEST, len(entries) // 2)
    alike = sorted(entries, key=_sort_key)
    alike = alike[shift:] + alike[:shift]
    batches = batched(alike, weight, most=most, room=room)
    parts = await all_of(group_notes(kind, batch, cast, numbers, desk, most=most) for batch in batches)
    groups = {group[0].id: group for part in parts for group in part}
    leads = [group[0] for group in groups.values()]
    if len(leads) > ENOUGH * len(entries):
        if shift:
            return list(groups.values())
        shift = most // 2
    else:
        shift = 0
    joined = await group_notes(kind, leads, cast, numbers, desk, most=most, shift=shift)
    return [[entry for lead in group for entry in groups[lead.id]] for group in joined]


def _sort_key(entry: Entry[N]) -> str:
    """Brings notes that may be about one thing into one batch."""
    return flatten(getattr(entry.note, "issue", "") or getattr(entry.note, "kind", "") or entry.note.what).casefold()


async def _group_at_once(
    kind: str, entries: list[Entry[N]], cast: Cast, numbers: Mapping[str, int], desk: Desk
) -> list[list[Entry[N]]]:
    if len(entries) < 2:
        return [[entry] for entry in entries]
    known = {entry.id: entry for entry in entries}

    def check(answer: Groups) -> Iterator[str]:
        listed = Counter(id for group in answer.groups for id in group.ids)
        yield from (f"there is no note {id}" for id in listed if id not in known)
        yield from (f"{id} is in more than one group" for id, count in listed.items() if count > 1)
        if forgotten := [id for id in known if id not in listed]:
            yield f"{', '.join(forgotten)} in no group; every note belongs in exactly one"
        yield from (
            f"lead {g.lead} is not in its group {', '.join(g.ids)}" for g in answer.groups if g.lead not in g.ids
        )

    message = desk.prompts[kind].render(notes=[_describe(entry, cast, numbers) for entry in entries])
    answer = await desk.door.ask(message, Groups, check=check)
    groups = []
    for group in answer.groups:
        others: list[Entry[N]] = [known[id] for id in group.ids if id != group.lead]
        groups.append([known[group.lead], *sorted(others, key=lambda entry: not entry.clean)])
    order = {entry.id: position for position, entry in enumerate(entries)}
    return sorted(groups, key=lambda group: min(order[entry.id] for entry in group))


def _describe(entry: Entry[N], cast: Cast, numbers: Mapping[str, int]) -> dict[str, object]:
    """What the model is told of a note: parties by name, everything on one line."""
    note: Noted = entry.note
    told = {"what": note.what}

    def names(refs: Iterable[str]) -> str:
        return cast.names(entry.source.id, refs)

    if isinstance(note, DemandNote):
        told |= {"by": names(note.by), "of": names(note.of), "issue": note.issue, "status": note.status.value}
        told |= {"when": note.first_stated or ""}
    elif isinstance(note, ProposalNote):
        told |= {"by": names(note.by), "to": names(note.to), "issue": note.issue, "status": note.status.value}
    elif isinstance(note, VenueNote):
        told |= {"kind": note.kind, "place": note.place or "", "participants": names(note.participants)}
        told |= {"when": note.when or "", "date": note.date or "", "status": note.status.value}
    elif isinstance(note, ClaimNote):
        stances = (f"{stance.stance.value}: {names(stance.by)}" for stance in note.stances)
        told |= {"stances": "; ".join(stances)}
    elif isinstance(note, EventNote):
        told |= {"actors": names(note.actors), "place": note.place or "", "when": note.when or ""}
        told |= {"date": note.date or "", "status": note.status.value}
    said: dict[str, object] = {key: cell(value) for key, value in told.items()}
    return said | {"id": entry.id, "article": numbers[entry.source.id], "translated": not entry.clean}
