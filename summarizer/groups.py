"""Groups: notes of several articles, sorted into those about one thing.

The model sees each note as a line and answers with ids: a whole partition, every note in
exactly one group or alone, each group led by its clearest note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from summarizer.answers import ClaimNote, DemandNote, EventNote, Groups, Noted, ProposalNote, VenueNote
from summarizer.batches import check_ids, in_rounds, unlisted, weigh
from summarizer.cast import Cast
from summarizer.desk import Desk
from summarizer.models import Source
from summarizer.passage import Passage
from summarizer.reading import Reading
from summarizer.text import cell, content_words, flatten

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
    letter: str, readings: Sequence[Reading], cast: Cast, notes: Callable[[Reading], Sequence[N]]
) -> Iterator[Entry[N]]:
    """All notes of one kind, numbered through the day, with people's names as the day has them."""
    listed = ((reading, cast.respelt(reading.source.id, note)) for reading in readings for note in notes(reading))
    return (Entry(f"{letter}{i}", reading.source, reading.passage, note) for i, (reading, note) in enumerate(listed, 1))


async def group_notes(
    kind: str, entries: list[Entry[N]], cast: Cast, numbers: Mapping[str, int], desk: Desk
) -> list[list[Entry[N]]]:
    """Ask which notes are about one thing; each group has its clearest note first.

    Raises:
        ModelError: if no valid answer could be had.
    """
    weights = {entry.id: weigh(_describe(entry, cast, numbers)) for entry in entries}
    return await in_rounds(
        [[entry] for entry in entries],
        lambda groups: _group_at_once(kind, groups, cast, numbers, desk),
        lambda group: weights[group[0].id],
        lambda group: _sort_key(group[0], cast),
        most=MOST_AT_ONCE,
        room=desk.door.room(desk.prompts[kind], Groups),
    )


def _sort_key(entry: Entry[N], cast: Cast) -> str:
    """Brings notes that may be about one thing into one batch: those of one party, which alone can be one demand."""
    note = entry.note
    if isinstance(note, (DemandNote, ProposalNote)):
        return f"{cast.names(entry.source.id, note.by[:1])} {' '.join(sorted(content_words(note.issue)))}".casefold()
    return flatten(getattr(note, "kind", "") or note.what).casefold()


async def _group_at_once(
    kind: str, groups: list[list[Entry[N]]], cast: Cast, numbers: Mapping[str, int], desk: Desk
) -> list[list[Entry[N]]]:
    """Ask about groups, by the clearest note of each."""
    if len(groups) < 2:
        return groups
    known = {group[0].id: group for group in groups}

    def check(answer: Groups) -> Iterator[str]:
        listed = (*(group.ids for group in answer.groups), answer.alone)
        yield from check_ids(listed, known, "note", "group, or alone")
        if forgotten := unlisted(listed, known):
            yield f"{', '.join(forgotten)} not listed; every note belongs in one group, or in `alone`"
        yield from (
            f"lead {g.lead} is not in its group {', '.join(g.ids)}" for g in answer.groups if g.lead not in g.ids
        )

    message = desk.prompts[kind].render(notes=[_describe(group[0], cast, numbers) for group in groups])
    answer = await desk.door.ask(message, Groups, check=check)
    order = {id: position for position, id in enumerate(known)}
    led = {group.lead: group.ids for group in answer.groups} | {id: (id,) for id in answer.alone}
    together = []
    for lead, ids in sorted(led.items(), key=lambda group: min(order[id] for id in group[1])):
        others = sorted((known[id] for id in ids if id != lead), key=lambda other: not other[0].clean)
        together.append([entry for some in (known[lead], *others) for entry in some])
    return together


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
