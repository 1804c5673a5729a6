"""Reconciling: what several articles say of one thing becomes one item.

Actors first, then five kinds of item at once. Demands and proposals are merged at party and
issue, venues and events at the occasion, claims at what is asserted of one occasion; each
report's terms stay as variants. The model only sorts ids: a merge can't alter content, and
each item keeps the list of what went into it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from summarizer.cast import Cast, acts, merge_actors, surely_one
from summarizer.desk import Desk, called_off, spared
from summarizer.groups import Entry, N, group_notes, number_notes
from summarizer.items import Builder
from summarizer.models import Actor, AnyItem, Claim, Demand, Event, Origin, Problem, Proposal, Venue
from summarizer.origins import Origins, trace_origins
from summarizer.reading import Reading, number_articles

Result = TypeVar("Result")


@dataclass(frozen=True)
class Items:
    """What a day's readings come to."""

    actors: tuple[Actor, ...]
    demands: tuple[Demand, ...]
    proposals: tuple[Proposal, ...]
    venues: tuple[Venue, ...]
    claims: tuple[Claim, ...]
    events: tuple[Event, ...]
    origins: tuple[Origin, ...]
    problems: tuple[Problem, ...]

    @property
    def all(self) -> tuple[AnyItem, ...]:
        """All but the actors."""
        return (*self.demands, *self.proposals, *self.venues, *self.claims, *self.events)


async def reconcile(readings: Sequence[Reading], desk: Desk) -> Items:
    """Merge the readings of a day.

    A kind that can't be reconciled is left unmerged and comes back as a problem.
    """
    problems: list[Problem] = []
    steps = 6
    done = 0
    desk.tell("reconciling", 0, steps, "actors")

    async def attempt(what: str, work: Awaitable[Result], otherwise: Callable[[], Result]) -> Result:
        nonlocal done
        result, failed = await spared(work, otherwise, stage="reconcile", cost=f"{what} are not merged")
        problems.extend(failed)
        done += 1
        desk.tell("reconciling", done, steps, what)
        return result

    numbers, origins = number_articles(readings), trace_origins(readings)
    entries = [(reading, actor) for reading in readings for actor in reading.notes.actors]
    sure = surely_one(entries)
    merged_actors = await attempt("actors", merge_actors(sure, readings, desk), sure.copy)
    cast = Cast([group for group in merged_actors if any(acts(mention) for mention in group)])

    async def merged(what: str, listed: list[Entry[N]]) -> list[list[Entry[N]]]:
        return await attempt(what, group_notes(what, listed, cast, numbers, desk), lambda: [[e] for e in listed])

    # From here on only the notes are needed, each until its item is made: of a thousand articles they are
    # megabytes, and the items as many again.
    noted = (
        [*number_notes("d", readings, lambda r: r.notes.demands)],
        [*number_notes("p", readings, lambda r: r.notes.proposals)],
        [*number_notes("v", readings, lambda r: r.notes.venues)],
        [*number_notes("c", readings, lambda r: r.notes.claims)],
        [*number_notes("e", readings, lambda r: r.notes.events)],
    )
    del readings, entries, sure, merged_actors
    start = asyncio.create_task
    kinds = (
        start(merged("demands", noted[0])),
        start(merged("proposals", noted[1])),
        start(merged("venues", noted[2])),
        start(merged("claims", noted[3])),
        start(merged("events", noted[4])),
    )
    del noted
    async with called_off(*kinds):
        demands, proposals, venues, claims, events = await asyncio.gather(
            kinds[0], kinds[1], kinds[2], kinds[3], kinds[4]
        )
    del kinds
    build = Builder(cast, origins)

    def made(letter: str, make: Callable[[str, list[Entry[N]]], Result], groups: list[list[Entry[N]]]) -> list[Result]:
        """Groups as items, those with most independent origins first, then most reports, then as they came."""
        items = []
        for number, group in enumerate(_weightiest(groups, origins), 1):
            items.append(make(f"{letter}{number}", group))
            group.clear()
        return items

    return Items(
        actors=cast.actors,
        demands=tuple(made("D", build.demand, demands)),
        proposals=tuple(made("P", build.proposal, proposals)),
        venues=tuple(made("V", build.venue, venues)),
        claims=tuple(made("C", build.claim, claims)),
        events=tuple(made("E", build.event, events)),
        origins=origins.origins,
        problems=tuple(sorted(problems, key=lambda problem: problem.cost)),  # not as they came in
    )


def _weightiest(groups: list[list[Entry[N]]], origins: Origins) -> list[list[Entry[N]]]:
    """Groups with most independent origins first, then most reports, then as they came."""

    def weight(group: list[Entry[N]]) -> tuple[int, int]:
        independent = {origins.of(entry.source.id, entry.note.via) for entry in group}
        return -len(independent), -len({entry.source.id for entry in group})

    return sorted(groups, key=weight)
