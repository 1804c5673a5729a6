"""Reconciling: what several articles say of one thing becomes one item.

Actors first, then five kinds of item at once. Demands and proposals are merged at party and
issue, venues and events at the occasion, claims at what is asserted of one occasion; each
report's terms stay as variants. The model only sorts ids: a merge can't alter content, and
each item keeps the list of what went into it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from summarizer.answers import ClaimNote, DemandNote, EventNote, ProposalNote, VenueNote
from summarizer.cast import Cast, acts, merge_actors, surely_one
from summarizer.desk import Desk, all_of, called_off, spared
from summarizer.groups import Entry, N, group_notes, number_notes
from summarizer.items import Builder
from summarizer.models import Actor, AnyItem, Claim, Demand, Dispute, Event, Origin, Problem, Proposal, Variant, Venue
from summarizer.origins import Origins, trace_origins
from summarizer.reading import ReadStory, number_articles

Result = TypeVar("Result")


@dataclass(frozen=True)
class Items:
    """What the readings of one story come to."""

    demands: tuple[Demand, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    venues: tuple[Venue, ...] = ()
    claims: tuple[Claim, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def all(self) -> tuple[AnyItem, ...]:
        """All of them."""
        return (*self.demands, *self.proposals, *self.venues, *self.claims, *self.events)

    def actors(self, cast: Sequence[Actor]) -> tuple[Actor, ...]:
        """Those of a day's actors whom the items name."""
        named = {id for item in self.all for id in item.actor_ids}
        named |= {id for claim in self.claims for variant in claim.variants for id in variant.actors}
        return tuple(actor for actor in cast if actor.id in named)


@dataclass(frozen=True)
class StoryOfDay:
    """What a day has of one story, when it is held against what stood before, and written."""

    items: Items
    disputes: tuple[Dispute, ...] = ()
    cast: tuple[Actor, ...] = ()
    """The actors whom the items name."""

    @property
    def variants(self) -> dict[str, Variant]:
        """Each report's terms, by their id."""
        return {variant.id: variant for item in self.items.all for variant in item.variants}

    @property
    def compared(self) -> tuple[Demand | Proposal | Venue | Claim | Dispute, ...]:
        """What goes on from day to day: no event, which is over when it is told; of disputes those about one event."""
        disputes = (dispute for dispute in self.disputes if dispute.same_event)
        return (*self.items.demands, *self.items.proposals, *self.items.venues, *self.items.claims, *disputes)


@dataclass(frozen=True)
class Day:
    """What a day's readings come to."""

    actors: tuple[Actor, ...]
    stories: tuple[Items, ...]
    origins: tuple[Origin, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Noted:
    """The notes of one story, by kind, and what a question about them says of its articles."""

    called: str
    """What it is called in messages; empty: there is but one."""
    numbers: dict[str, int]
    demands: list[Entry[DemandNote]]
    proposals: list[Entry[ProposalNote]]
    venues: list[Entry[VenueNote]]
    claims: list[Entry[ClaimNote]]
    events: list[Entry[EventNote]]
    settled: bool
    """Whether nothing can be there twice: one article, read in one piece."""


@dataclass(frozen=True)
class _Merged:
    """The same, sorted into groups."""

    demands: list[list[Entry[DemandNote]]]
    proposals: list[list[Entry[ProposalNote]]]
    venues: list[list[Entry[VenueNote]]]
    claims: list[list[Entry[ClaimNote]]]
    events: list[list[Entry[EventNote]]]


async def reconcile(stories: Sequence[ReadStory], desk: Desk) -> Day:
    """Merge the readings of a day: actors over all its stories, items within each.

    What can't be reconciled is left unmerged and comes back as a problem.
    """
    problems: list[Problem] = []
    readings = [reading for story in stories for reading in story.readings]
    steps = 1 + 5 * len(stories)
    done = 0
    desk.tell("reconciling", 0, steps, "actors")

    async def attempt(what: str, work: Awaitable[Result], otherwise: Callable[[], Result]) -> Result:
        nonlocal done
        result, failed = await spared(work, otherwise, stage="reconcile", cost=f"{what} are not merged")
        problems.extend(failed)
        done += 1
        desk.tell("reconciling", done, steps, what)
        return result

    origins = trace_origins(stories)
    entries = [(reading, actor) for reading in readings for actor in reading.notes.actors]
    sure = surely_one(entries)
    merged_actors = await attempt("actors", merge_actors(sure, readings, desk), sure.copy)
    cast = Cast([group for group in merged_actors if any(acts(mention) for mention in group)])

    async def merged(kind: str, listed: list[Entry[N]], story: _Noted) -> list[list[Entry[N]]]:
        alone = [[entry] for entry in listed]
        what = f"{kind} of {story.called}" if story.called else kind
        work = _as_they_are(alone) if story.settled else group_notes(kind, listed, cast, story.numbers, desk)
        return await attempt(what, work, lambda: alone)

    async def merge(story: _Noted) -> _Merged:
        start = asyncio.create_task
        kinds = (
            start(merged("demands", story.demands, story)),
            start(merged("proposals", story.proposals, story)),
            start(merged("venues", story.venues, story)),
            start(merged("claims", story.claims, story)),
            start(merged("events", story.events, story)),
        )
        async with called_off(*kinds):
            return _Merged(*await asyncio.gather(kinds[0], kinds[1], kinds[2], kinds[3], kinds[4]))

    # From here on only the notes are needed, each until its item is made: of a thousand articles they are
    # megabytes, and the items as many again.
    many = len(stories) > 1
    noted = [_noted(story, cast, f"story {n}, {story.title!r}" if many else "") for n, story in enumerate(stories, 1)]
    del stories, readings, entries, sure, merged_actors
    waiting = map(merge, noted)
    del noted
    merged_stories = await all_of(waiting)
    del waiting
    build = Builder(cast, origins)
    made: Counter[str] = Counter()

    def make(letter: str, of: Callable[[str, list[Entry[N]]], Result], groups: list[list[Entry[N]]]) -> list[Result]:
        """Groups as items, those with most independent origins first, then most reports, then as they came."""
        items = []
        for group in _weightiest(groups, origins):
            made[letter] += 1
            items.append(of(f"{letter}{made[letter]}", group))
            group.clear()
        return items

    return Day(
        actors=cast.actors,
        stories=tuple(
            Items(
                demands=tuple(make("D", build.demand, story.demands)),
                proposals=tuple(make("P", build.proposal, story.proposals)),
                venues=tuple(make("V", build.venue, story.venues)),
                claims=tuple(make("C", build.claim, story.claims)),
                events=tuple(make("E", build.event, story.events)),
            )
            for story in merged_stories
        ),
        origins=origins.origins,
        problems=tuple(sorted(problems, key=lambda problem: problem.cost)),  # not as they came in
    )


async def _as_they_are(groups: list[list[Entry[N]]]) -> list[list[Entry[N]]]:
    """The groups, unasked."""
    return groups


def _noted(story: ReadStory, cast: Cast, called: str) -> _Noted:
    """The notes of a story, numbered as the model knows them."""
    readings = story.readings
    return _Noted(
        called,
        number_articles(readings),
        [*number_notes("d", readings, cast, lambda reading: reading.notes.demands)],
        [*number_notes("p", readings, cast, lambda reading: reading.notes.proposals)],
        [*number_notes("v", readings, cast, lambda reading: reading.notes.venues)],
        [*number_notes("c", readings, cast, lambda reading: reading.notes.claims)],
        [*number_notes("e", readings, cast, lambda reading: reading.notes.events)],
        settled=len(readings) == 1 and readings[0].parts == 1,
    )


def _weightiest(groups: list[list[Entry[N]]], origins: Origins) -> list[list[Entry[N]]]:
    """Groups with most independent origins first, then most reports, then as they came."""

    def weight(group: list[Entry[N]]) -> tuple[int, int]:
        independent = {origins.of(entry.source.id, entry.note.via) for entry in group}
        return -len(independent), -len({entry.source.id for entry in group})

    return sorted(groups, key=weight)
