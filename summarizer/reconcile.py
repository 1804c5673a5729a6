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
from summarizer.reading import Reading

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

    entries = [(reading, actor) for reading in readings for actor in reading.notes.actors]
    sure = surely_one(entries)
    merged_actors = await attempt("actors", merge_actors(sure, readings, desk), lambda: sure)
    cast = Cast([group for group in merged_actors if any(acts(mention) for mention in group)])
    origins = trace_origins(readings)

    async def merged(what: str, listed: list[Entry[N]]) -> list[list[Entry[N]]]:
        return await attempt(what, group_notes(what, listed, cast, readings, desk), lambda: [[e] for e in listed])

    start = asyncio.create_task
    kinds = (
        start(merged("demands", [*number_notes("d", readings, lambda r: r.notes.demands)])),
        start(merged("proposals", [*number_notes("p", readings, lambda r: r.notes.proposals)])),
        start(merged("venues", [*number_notes("v", readings, lambda r: r.notes.venues)])),
        start(merged("claims", [*number_notes("c", readings, lambda r: r.notes.claims)])),
        start(merged("events", [*number_notes("e", readings, lambda r: r.notes.events)])),
    )
    async with called_off(*kinds):
        demands, proposals, venues, claims, events = await asyncio.gather(
            kinds[0], kinds[1], kinds[2], kinds[3], kinds[4]
        )
    build = Builder(cast, origins)
    return Items(
        actors=cast.actors,
        demands=tuple(build.demand(f"D{i}", group) for i, group in enumerate(_weightiest(demands, origins), 1)),
        proposals=tuple(build.proposal(f"P{i}", group) for i, group in enumerate(_weightiest(proposals, origins), 1)),
        venues=tuple(build.venue(f"V{i}", group) for i, group in enumerate(_weightiest(venues, origins), 1)),
        claims=tuple(build.claim(f"C{i}", group) for i, group in enumerate(_weightiest(claims, origins), 1)),
        events=tuple(build.event(f"E{i}", group) for i, group in enumerate(_weightiest(events, origins), 1)),
        origins=origins.origins,
        problems=tuple(sorted(problems, key=lambda problem: problem.cost)),  # not as they came in
    )


def _weightiest(groups: list[list[Entry[N]]], origins: Origins) -> list[list[Entry[N]]]:
    """Groups with most independent origins first, then most reports, then as they came."""

    def weight(group: list[Entry[N]]) -> tuple[int, int]:
        independent = {origins.of(entry.reading, entry.note.via) for entry in group}
        return -len(independent), -len({entry.reading.article.id for entry in group})

    return sorted(groups, key=weight)
