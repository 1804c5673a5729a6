"""Reconciling: what several articles say of one thing becomes one item.

Names that can only be one are joined first, here; then the model sorts what remains, short,
and answers with ids: so a merge can't alter content, and each item keeps the list of what
went into it. Demands and proposals are merged at party and issue, venues and events at the
occasion, claims at what is asserted of one occasion; each report's terms stay as variants.

Where reports differ, clean ones decide what stands on top. A machine translation decides
only where nothing else speaks.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from summarizer.answers import (
    ActorNote,
    ClaimNote,
    DemandNote,
    EventNote,
    Groups,
    Note,
    Noted,
    ProposalNote,
    SameActors,
    VenueNote,
)
from summarizer.desk import Desk
from summarizer.errors import CassetteError, ModelError, RefusedRequest
from summarizer.extract import Reading
from summarizer.models import (
    Actor,
    ActorKind,
    Alias,
    Claim,
    ClaimStatus,
    ClaimVariant,
    Demand,
    DemandStatus,
    DemandVariant,
    Event,
    EventVariant,
    Evidence,
    Origin,
    Problem,
    Proposal,
    ProposalStatus,
    ProposalVariant,
    Stance,
    Venue,
    VenueStatus,
    VenueVariant,
    When,
)
from summarizer.names import Named, fold_name, group_names
from summarizer.origins import Origins, trace_origins
from summarizer.text import flatten

MOST_AT_ONCE = 80
"""Notes in one question. Tried up to 60 on the example and the real articles; a list of 80
short notes is about 4,000 tokens."""

N = TypeVar("N", bound=Noted)
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


@dataclass(frozen=True)
class Entry(Generic[N]):
    """One note on its way into an item, under the id that the model knows it by."""

    id: str
    reading: Reading
    note: N

    @property
    def clean(self) -> bool:
        """Whether the wording is a person's, not a machine's."""
        return not self.reading.article.translated


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
        try:
            result = await work
        except (CassetteError, RefusedRequest):
            raise
        except ModelError as error:
            problems.append(Problem(stage="reconcile", reason=str(error), cost=f"{what} are not merged", article=None))
            result = otherwise()
        done += 1
        desk.tell("reconciling", done, steps, what)
        return result

    entries = [(reading, actor) for reading in readings for actor in reading.notes.actors]
    sure = _surely_one(entries)
    merged_actors = await attempt("actors", merge_actors(sure, readings, desk), lambda: sure)
    cast = Cast([group for group in merged_actors if any(_acts(mention) for mention in group)])
    origins = trace_origins(readings)

    async def merged(what: str, listed: list[Entry[N]]) -> list[list[Entry[N]]]:
        return await attempt(what, group_notes(what, listed, cast, readings, desk), lambda: [[e] for e in listed])

    demands, proposals, venues, claims, events = await asyncio.gather(
        merged("demands", [*_entries("d", readings, lambda r: r.notes.demands)]),
        merged("proposals", [*_entries("p", readings, lambda r: r.notes.proposals)]),
        merged("venues", [*_entries("v", readings, lambda r: r.notes.venues)]),
        merged("claims", [*_entries("c", readings, lambda r: r.notes.claims)]),
        merged("events", [*_entries("e", readings, lambda r: r.notes.events)]),
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
        problems=tuple(problems),
    )


def _entries(letter: str, readings: Sequence[Reading], notes: Callable[[Reading], Sequence[N]]) -> Iterator[Entry[N]]:
    """All notes of one kind, numbered through the day."""
    listed = [(reading, note) for reading in readings for note in notes(reading)]
    return (Entry(f"{letter}{i}", reading, note) for i, (reading, note) in enumerate(listed, 1))


def _weightiest(groups: list[list[Entry[N]]], origins: Origins) -> list[list[Entry[N]]]:
    """Groups with most independent origins first, then most reports, then as they came."""

    def weight(group: list[Entry[N]]) -> tuple[int, int]:
        independent = {origins.of(entry.reading, entry.note.via) for entry in group}
        return -len(independent), -len({entry.reading.article.id for entry in group})

    return sorted(groups, key=weight)


# --------------------------------------------------------------------------------- actors

Mention = tuple[Reading, ActorNote]


def _surely_one(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Mentions whose names can only be one actor, before the model is asked."""
    named = [Named(reading.article.id, actor.name, actor.spellings, actor.kind) for reading, actor in mentions]
    return [[mentions[i] for i in group] for group in group_names(named)]


def _acts(mention: Mention) -> bool:
    """Whether an article's actor does anything in its notes, or somebody who does belongs to it."""
    reading, actor = mention
    return actor.id in reading.acting or actor.kind is ActorKind.MEDIA


async def merge_actors(groups: list[list[Mention]], readings: Sequence[Reading], desk: Desk) -> list[list[Mention]]:
    """Ask which groups of mentions are one actor; the one whose name is right comes first.

    Raises:
        ModelError: if no valid answer could be had.
    """
    if len(groups) < 2 or len(readings) < 2:
        return groups
    labelled = {f"g{i}": group for i, group in enumerate(groups, 1)}

    def check(answer: SameActors) -> Iterator[str]:
        listed = Counter(id for same in answer.same for id in same.ids)
        yield from (f"there is no entry {id}" for id in listed if id not in labelled)
        yield from (f"{id} is in more than one group" for id, count in listed.items() if count > 1)
        yield from (
            f"{same.name} is not among {', '.join(same.ids)}" for same in answer.same if same.name not in same.ids
        )

    message = desk.prompts["actors"].render(
        entries=[_describe_mentions(id, group, readings) for id, group in labelled.items()]
    )
    answer = await desk.door.ask(message, SameActors, check=check)
    for same in answer.same:
        first = labelled[same.name]
        first.extend(mention for id in same.ids if id != same.name for mention in labelled.pop(id))
    return list(labelled.values())


def _describe_mentions(id: str, group: Sequence[Mention], readings: Sequence[Reading]) -> dict[str, Any]:
    """What the model is told of a group of mentions."""
    first = group[0][1]
    forms = dict.fromkeys(form for _, actor in group for form in (actor.name, *actor.spellings))
    offices = dict.fromkeys(actor.office for _, actor in group if actor.office)
    belongs = dict.fromkeys(r.actors[actor.affiliation].name for r, actor in group if actor.affiliation in r.actors)
    return {
        "id": id,
        "kind": first.kind.value,
        "names": [flatten(form) for form in forms],
        "offices": [flatten(office) for office in offices],
        "affiliations": [flatten(name) for name in belongs],
        "articles": _article_numbers((reading for reading, _ in group), readings),
        "translated": all(reading.article.translated for reading, _ in group),
    }


def _article_numbers(some: Iterable[Reading], readings: Sequence[Reading]) -> list[int]:
    """Numbers, from 1, of the articles that these readings are of."""
    wanted = {reading.article.id for reading in some}
    return [number for number, reading in enumerate(readings, 1) if reading.article.id in wanted]


class Cast:
    """The day's actors, and whom each article's own actor ids mean."""

    def __init__(self, groups: Sequence[Sequence[Mention]]) -> None:
        ordered = sorted(groups, key=lambda group: -len({reading.article.id for reading, _ in group}))
        self._ids = {
            (reading.article.id, actor.id): f"A{number}"
            for number, group in enumerate(ordered, 1)
            for reading, actor in group
        }
        self.actors = tuple(self._actor(f"A{number}", group) for number, group in enumerate(ordered, 1))
        self._names = {actor.id: actor.name for actor in self.actors}

    def ids(self, reading: Reading, refs: Iterable[str]) -> tuple[str, ...]:
        """The day's ids for an article's own."""
        return tuple(dict.fromkeys(self._ids[reading.article.id, ref] for ref in refs))

    def names(self, reading: Reading, refs: Iterable[str]) -> str:
        """The day's names for an article's own ids, for the model to read."""
        return ", ".join(f"{flatten(self._names[id])}" for id in self.ids(reading, refs)) or "—"

    def _actor(self, id: str, group: Sequence[Mention]) -> Actor:
        # The first mention's name is the one that the model chose, or the only one there is.
        clean = [mention for mention in group if not mention[0].article.translated] or list(group)
        first = group[0] if group[0] in clean else clean[0]
        office = next(((r, a.office) for r, a in reversed(_dated_last(clean)) if a.office), None)
        owners = (self._ids.get((reading.article.id, actor.affiliation or "")) for reading, actor in clean)
        affiliations = Counter(owner for owner in owners if owner)
        affiliations.pop(id, None)
        return Actor(
            id=id,
            name=flatten(_fullest_name(first[1], clean)),
            aliases=tuple(_merge_aliases(alias for reading, actor in group for alias in reading.aliases(actor))),
            kind=first[1].kind,
            office=office[1] if office else None,
            office_as_of=office[0].article.published if office else None,
            country=next((actor.country for _, actor in clean if actor.country), None),
            affiliation=affiliations.most_common(1)[0][0] if affiliations else None,
        )


def _fullest_name(first: ActorNote, mentions: Sequence[Mention]) -> str:
    """The longest of the clean names that hold all words of the first one."""
    words = set(fold_name(first.name, first.kind).split())
    names = [actor.name for _, actor in mentions if words <= set(fold_name(actor.name, actor.kind).split())]
    return max((first.name, *names), key=lambda name: len(name.split()))


def _dated_last(mentions: Sequence[Mention]) -> list[Mention]:
    """Undated articles first, then by date: the last is the newest that is known."""
    undated = [m for m in mentions if m[0].article.published is None]
    dated = [m for m in mentions if m[0].article.published is not None]
    return [*undated, *sorted(dated, key=lambda m: str(m[0].article.published))]


def _merge_aliases(aliases: Iterable[Alias]) -> Iterator[Alias]:
    """One alias a spelling, with the evidence of every article that has it."""
    found: dict[str, list[Evidence]] = {}
    for alias in aliases:
        found.setdefault(alias.name, []).extend(alias.evidence)
    return (Alias(name=name, evidence=tuple(evidence)) for name, evidence in found.items())


# ---------------------------------------------------------------------------------- notes


async def group_notes(
    kind: str, entries: list[Entry[N]], cast: Cast, readings: Sequence[Reading], desk: Desk
) -> list[list[Entry[N]]]:
    """Ask which notes are about one thing; each group has its clearest note first.

    A list too long for one question is asked about in batches, then the batches' clearest
    notes with each other, until one question holds them or nothing more comes together.

    Raises:
        ModelError: if no valid answer could be had.
    """
    if len(entries) <= MOST_AT_ONCE:
        return await _group_at_once(kind, entries, cast, readings, desk)
    alike = sorted(entries, key=_sort_key)
    batches = [alike[at : at + MOST_AT_ONCE] for at in range(0, len(alike), MOST_AT_ONCE)]
    parts = await asyncio.gather(*(_group_at_once(kind, batch, cast, readings, desk) for batch in batches))
    groups = {group[0].id: group for part in parts for group in part}
    leads = [group[0] for group in groups.values()]
    if len(leads) == len(entries):
        return list(groups.values())
    joined = await group_notes(kind, leads, cast, readings, desk)
    return [[entry for lead in group for entry in groups[lead.id]] for group in joined]


def _sort_key(entry: Entry[N]) -> str:
    """Brings notes that may be about one thing into one batch."""
    return flatten(getattr(entry.note, "issue", "") or getattr(entry.note, "kind", "") or entry.note.what).casefold()


async def _group_at_once(
    kind: str, entries: list[Entry[N]], cast: Cast, readings: Sequence[Reading], desk: Desk
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

    numbers = {reading.article.id: number for number, reading in enumerate(readings, 1)}
    message = desk.prompts[kind].render(
        notes=[
            {
                "id": entry.id,
                "article": numbers[entry.reading.article.id],
                "translated": not entry.clean,
                **_describe(entry, cast),
            }
            for entry in entries
        ]
    )
    answer = await desk.door.ask(message, Groups, check=check)
    groups = []
    for group in answer.groups:
        others: list[Entry[N]] = [known[id] for id in group.ids if id != group.lead]
        groups.append([known[group.lead], *sorted(others, key=lambda entry: not entry.clean)])
    order = {entry.id: position for position, entry in enumerate(entries)}
    return sorted(groups, key=lambda group: min(order[entry.id] for entry in group))


def _describe(entry: Entry[N], cast: Cast) -> dict[str, str]:
    """What the model is told of a note: parties by name, everything on one line."""
    note: Noted = entry.note
    told = {"what": note.what}

    def names(refs: Iterable[str]) -> str:
        return cast.names(entry.reading, refs)

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
    return {key: flatten(value) for key, value in told.items()}


# ---------------------------------------------------------------------------------- items


class Builder:
    """Makes items of groups of notes whose clearest comes first."""

    def __init__(self, cast: Cast, origins: Origins) -> None:
        self.cast = cast
        self.origins = origins

    def demand(self, id: str, group: Sequence[Entry[DemandNote]]) -> Demand:
        """One party's demand on one issue."""
        clean = _clean(group)
        lead = clean[0].note
        return Demand(
            id=id,
            what=flatten(lead.what),
            by=self._actors(clean, lambda note: note.by),
            of=self._actors(clean, lambda note: note.of),
            issue=flatten(lead.issue),
            strength=lead.strength,
            conditions=next((_flat(entry.note.conditions) for entry in clean if entry.note.conditions), ()),
            first_stated=next(filter(None, (_first_stated(entry.note) for entry in clean)), None),
            status=_answered([entry.note.status for entry in clean]),
            variants=tuple(
                DemandVariant(
                    **self._variant(id, number, entry),
                    strength=entry.note.strength,
                    status=entry.note.status,
                    conditions=_flat(entry.note.conditions),
                    first_stated=_first_stated(entry.note),
                )
                for number, entry in enumerate(_lead_first(clean[0], group), 1)
            ),
        )

    def proposal(self, id: str, group: Sequence[Entry[ProposalNote]]) -> Proposal:
        """One party's proposal on one issue."""
        clean = _clean(group)
        lead = clean[0].note
        return Proposal(
            id=id,
            what=flatten(lead.what),
            by=self._actors(clean, lambda note: note.by),
            to=self._actors(clean, lambda note: note.to),
            issue=flatten(lead.issue),
            in_exchange=next((flatten(e.note.in_exchange) for e in clean if e.note.in_exchange), None),
            status=_furthest([entry.note.status for entry in clean]),
            variants=tuple(
                ProposalVariant(
                    **self._variant(id, number, entry),
                    in_exchange=flatten(entry.note.in_exchange) if entry.note.in_exchange else None,
                    status=entry.note.status,
                )
                for number, entry in enumerate(_lead_first(clean[0], group), 1)
            ),
        )

    def venue(self, id: str, group: Sequence[Entry[VenueNote]]) -> Venue:
        """One occasion."""
        clean = _clean(group)
        lead = clean[0].note
        return Venue(
            id=id,
            what=flatten(lead.what),
            place=next((flatten(entry.note.place) for entry in clean if entry.note.place), None),
            country=next((entry.note.country for entry in clean if entry.note.country), None),
            kind=flatten(lead.kind),
            participants=self._actors(clean, lambda note: note.participants),
            when=next(filter(None, (_when(e.note.when, e.note.date, e) for e in clean)), None),
            status=_most_cautious([entry.note.status for entry in clean]),
            variants=tuple(
                VenueVariant(
                    **self._variant(id, number, entry),
                    place=flatten(entry.note.place) if entry.note.place else None,
                    when=_when(entry.note.when, entry.note.date, entry),
                    status=entry.note.status,
                )
                for number, entry in enumerate(_lead_first(clean[0], group), 1)
            ),
        )

    def claim(self, id: str, group: Sequence[Entry[ClaimNote]]) -> Claim:
        """One assertion, with a variant for every stance that a report has on it."""
        clean = _clean(group)
        lead = clean[0]
        variants: list[ClaimVariant] = []
        for entry in _lead_first(lead, group):
            for stance in entry.note.stances:
                actors = self.cast.ids(entry.reading, stance.by)
                shared = self._variant(id, len(variants) + 1, entry, stance.cites)
                variants.append(ClaimVariant(**shared, stance=stance.stance, actors=actors))

        deciding = [variant for variant in variants if not variant.translated] or variants

        def takers(stance: Stance) -> tuple[str, ...]:
            return tuple(dict.fromkeys(id for v in deciding if v.stance is stance for id in v.actors))

        return Claim(
            id=id,
            what=flatten(lead.note.what),
            asserted_by=takers(Stance.ASSERTS),
            confirmed_by=takers(Stance.CONFIRMS),
            denied_by=takers(Stance.DENIES),
            unconfirmed_by=takers(Stance.NEITHER),
            status=_standing({variant.stance for variant in deciding}),
            variants=tuple(variants),
        )

    def event(self, id: str, group: Sequence[Entry[EventNote]]) -> Event:
        """One thing that happened or will."""
        clean = _clean(group)
        lead = clean[0].note
        return Event(
            id=id,
            what=flatten(lead.what),
            actors=self._actors(clean, lambda note: note.actors),
            place=next((flatten(entry.note.place) for entry in clean if entry.note.place), None),
            when=next(filter(None, (_when(e.note.when, e.note.date, e) for e in clean)), None),
            status=lead.status,
            variants=tuple(
                EventVariant(
                    **self._variant(id, number, entry),
                    when=_when(entry.note.when, entry.note.date, entry),
                    status=entry.note.status,
                )
                for number, entry in enumerate(_lead_first(clean[0], group), 1)
            ),
        )

    def _actors(self, entries: Sequence[Entry[N]], refs: Callable[[N], Iterable[str]]) -> tuple[str, ...]:
        """The day's ids of everyone that the notes name, the clearest note's first."""
        return tuple(dict.fromkeys(id for entry in entries for id in self.cast.ids(entry.reading, refs(entry.note))))

    def _variant(self, id: str, number: int, entry: Entry[N], cites: Iterable[int] | None = None) -> dict[str, Any]:
        """What every kind of variant has."""
        note: Noted = entry.note
        shown = note.cites if isinstance(note, Note) else cites or ()
        return {
            "id": f"{id}.{number}",
            "article": entry.reading.article.id,
            "what": flatten(note.what),
            "via": flatten(note.via) if note.via else None,
            "origin": self.origins.of(entry.reading, note.via),
            "translated": not entry.clean,
            "evidence": entry.reading.evidence(shown),
        }


def _clean(group: Sequence[Entry[N]]) -> list[Entry[N]]:
    """The entries that decide: those in a person's words, or all if there are none."""
    return [entry for entry in group if entry.clean] or list(group)


def _lead_first(lead: Entry[N], group: Sequence[Entry[N]]) -> list[Entry[N]]:
    others: list[Entry[N]] = [entry for entry in group if entry is not lead]
    return [lead, *others]


def _flat(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(flatten, texts)))


def _answered(statuses: Sequence[DemandStatus]) -> DemandStatus:
    """The clearest note's status, unless it has the demand open and another one has the answer.

    A report that leaves out the answer to a demand has it as open; that says nothing against
    the report that gives it. Withdrawn is another matter: terms that one report has as given
    up may be all that was given up.
    """
    if statuses[0] is not DemandStatus.OPEN:
        return statuses[0]
    answers = (DemandStatus.MET, DemandStatus.REJECTED)
    return next((status for status in statuses if status in answers), DemandStatus.OPEN)


def _furthest(statuses: Sequence[ProposalStatus]) -> ProposalStatus:
    """The furthest that a clean note has a proposal, by the same reasoning; of two ends, the clearest note's."""
    for early in (ProposalStatus.FLOATED, ProposalStatus.TABLED):
        statuses = [status for status in statuses if status is not early] or statuses
    return statuses[0]


def _most_cautious(statuses: Sequence[VenueStatus]) -> VenueStatus:
    """The least certain status that a report gives; past and cancelled stand if the clearest says so."""
    if statuses[0] in (VenueStatus.PAST, VenueStatus.CANCELLED):
        return statuses[0]
    ahead = [status for status in statuses if status not in (VenueStatus.PAST, VenueStatus.CANCELLED)]
    return max(ahead, key=list(VenueStatus).index)


def _standing(stances: set[Stance]) -> ClaimStatus:
    """Where a claim stands, from all stances that clean reports give on it."""
    if Stance.DENIES in stances:
        return ClaimStatus.DISPUTED
    if Stance.CONFIRMS in stances:
        return ClaimStatus.CONFIRMED
    return ClaimStatus.UNCONFIRMED if Stance.NEITHER in stances else ClaimStatus.ASSERTED


def _first_stated(note: DemandNote) -> When | None:
    if not (note.first_stated or note.first_stated_date):
        return None
    return When(words=flatten(note.first_stated) if note.first_stated else None, date=note.first_stated_date)


def _when(words: str | None, date: str | None, entry: Entry[Any]) -> When | None:
    """A time; words like "on Sunday" in an undated article resolve to no date."""
    if not (words or date):
        return None
    dated = entry.reading.article.published is not None or (words and any(c.isdigit() for c in words))
    return When(words=flatten(words) if words else None, date=date if dated else None)
