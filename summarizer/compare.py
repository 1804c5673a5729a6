"""Comparing: what became of what stood before, and what is new. Asks nobody.

Where a status moved, the code says so; whether terms hardened or softened the model has
said. Silence is never a change of mind: what isn't mentioned is "not mentioned".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from summarizer.answers import Continuation
from summarizer.models import (
    AnyItem,
    Change,
    ChangeKind,
    Claim,
    Demand,
    DemandStatus,
    Dispute,
    Evidence,
    Proposal,
    ProposalStatus,
    Venue,
    VenueStatus,
)
from summarizer.past import Past, Standing, actors_in, date_of, evidence_of, state_of, status_of
from summarizer.recognise import Recognised
from summarizer.reconcile import StoryOfDay
from summarizer.text import flatten

ENDS: Mapping[str, ChangeKind] = {
    DemandStatus.MET: ChangeKind.MET,
    DemandStatus.REJECTED: ChangeKind.REJECTED,
    DemandStatus.WITHDRAWN: ChangeKind.WITHDRAWN,
    ProposalStatus.REJECTED: ChangeKind.REJECTED,
    ProposalStatus.WITHDRAWN: ChangeKind.WITHDRAWN,
}
"""A demand's or proposal's new status that has a name of its own as a change; any other is a move."""

OVER: Mapping[str, set[DemandStatus] | set[ProposalStatus] | set[VenueStatus]] = {
    "demand": {DemandStatus.MET, DemandStatus.WITHDRAWN},
    "proposal": {ProposalStatus.ACCEPTED, ProposalStatus.WITHDRAWN, ProposalStatus.SUPERSEDED},
    "venue": {VenueStatus.PAST},
}
"""Statuses after which nobody waits to hear more, by kind; of other kinds silence says nothing."""

ORDER = (
    {
        ChangeKind.MET,
        ChangeKind.REJECTED,
        ChangeKind.WITHDRAWN,
        ChangeKind.HARDENED,
        ChangeKind.SOFTENED,
        ChangeKind.ANSWERED,
        ChangeKind.MOVED,
    },
    {ChangeKind.NEW, ChangeKind.FIRST_REPORTED},
    {ChangeKind.RESTATED},
    {ChangeKind.NOT_MENTIONED},
)
"""What is told first."""

TOLD = ORDER[0] | ORDER[1]
"""What the writer is told of, and the bottom line begins with."""


UNNUMBERED = "K"
"""The id of a change until all are there and ranked. Its item is the day's own id; of silence, one over all days."""


def compare(stories: Sequence[StoryOfDay], recognised: Recognised, past: Past) -> tuple[Change, ...]:
    """What changed since the days before: what moved first, then what is new, what was restated, what is silent."""
    drafts = [draft for story in stories for draft in _changes(story, recognised, past)]
    drafts += _silences(stories, recognised, past)
    ranked = sorted(drafts, key=lambda draft: next(i for i, kinds in enumerate(ORDER) if draft.kind in kinds))
    return tuple(draft.model_copy(update={"id": f"K{number}"}) for number, draft in enumerate(ranked, 1))


def _changes(story: StoryOfDay, recognised: Recognised, past: Past) -> Iterator[Change]:
    """What became of a story's things."""
    stood = {standing.id: standing for standing in past.standing}
    variants = story.variants
    for thing in story.compared:
        found = recognised.continued.get(thing.id)
        shown = evidence_of(thing, variants)
        if found is None:
            if not isinstance(thing, Claim):  # a day has dozens, and each is new
                yield _new(thing, shown, past)
            continue
        before = stood[found.before[0]]
        kind = _kind(thing, before, found)
        if isinstance(thing, Claim) and kind is ChangeKind.RESTATED:
            continue
        told = kind in (ChangeKind.HARDENED, ChangeKind.SOFTENED, ChangeKind.ANSWERED)
        yield Change(
            id=UNNUMBERED,
            item=thing.id,
            kind=kind,
            what=flatten(found.what) if told and found.what else _what(thing),
            since=before.last,
            before=flatten(found.was) if told and found.was else before.state,
            after=flatten(found.now_is) if told and found.now_is else state_of(thing),
            evidence_before=before.evidence,
            evidence_after=shown,
        )


def _kind(thing: AnyItem | Dispute, before: Standing, found: Continuation) -> ChangeKind:
    """What became of a thing."""
    status = status_of(thing)
    moved = status != before.status
    if moved and found.long_since:
        return ChangeKind.FIRST_REPORTED
    if isinstance(thing, (Demand, Proposal)):
        if moved and status in ENDS:
            return ENDS[status]
        if isinstance(thing, Proposal) and moved:
            return ChangeKind.MOVED
        return ChangeKind(found.change)
    if isinstance(thing, Dispute):
        return ChangeKind.ANSWERED if moved or found.change == "answered" else ChangeKind.RESTATED
    if isinstance(thing, Venue):
        day = date_of(thing)
        moved = moved or (day is not None and not _agree(day, before.when))
    return ChangeKind.MOVED if moved else ChangeKind.RESTATED


def _agree(day: str, before: str | None) -> bool:
    """Whether two dates, each as far as it is known, can be one; none at all agrees with none."""
    return before is not None and (day.startswith(before) or before.startswith(day))


def _new(thing: AnyItem | Dispute, shown: tuple[Evidence, ...], past: Past) -> Change:
    """What was not there; first reported, if it is older than the last briefing."""
    older = isinstance(thing, (Demand, Venue)) and _ended_before(date_of(thing), past.day)
    past_venue = not isinstance(thing, Venue) or thing.status in (VenueStatus.PAST, VenueStatus.CANCELLED)
    return Change(
        id=UNNUMBERED,
        item=thing.id,
        kind=ChangeKind.FIRST_REPORTED if older and past_venue else ChangeKind.NEW,
        what=_what(thing),
        since=past.day,
        after=state_of(thing),
        evidence_after=shown,
    )


def _ended_before(when: str | None, day: date) -> bool:
    """Whether a date, a month or a year is over before a day."""
    return when is not None and when < day.isoformat()[: len(when)]


def _what(thing: AnyItem | Dispute) -> str:
    """A thing in a sentence; a dispute in its issue and sides."""
    if isinstance(thing, Dispute):
        return f"{thing.issue}: {' — against — '.join(version.what for version in thing.versions)}"
    return thing.what


def _silences(stories: Sequence[StoryOfDay], recognised: Recognised, past: Past) -> Iterator[Change]:
    """What is not mentioned, though one of its parties acts today: of what briefings of the topic have told."""
    acting = {
        recognised.actors[id]
        for story in stories
        for item in story.items.all
        for id in actors_in(item, {})
        if id in recognised.actors
    }
    mentioned = {id for found in recognised.continued.values() for id in found.before}
    for standing in past.of_kind(*OVER):
        over = standing.status in {status.value for status in OVER[standing.kind]}
        just_called_off = standing.status == VenueStatus.CANCELLED and standing.last < past.day
        expected = not standing.elsewhere and acting & set(standing.actors)
        if standing.id in mentioned or over or just_called_off or not expected:
            continue
        yield Change(
            id=UNNUMBERED,
            item=standing.id,
            kind=ChangeKind.NOT_MENTIONED,
            what=standing.name,
            since=standing.last,
            before=standing.state,
            evidence_before=standing.evidence,
        )


def in_story(changes: Sequence[Change], story: StoryOfDay) -> tuple[Change, ...]:
    """Those of the changes that are of one story's things."""
    own = {thing.id for thing in story.compared}
    return tuple(x for x in changes if x.item in own and x.kind is not ChangeKind.NOT_MENTIONED)
