"""Items made of groups of notes: what stands on top, and each report's terms below.

Where reports differ, clean ones decide what stands on top. A machine translation decides
only where nothing else speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from summarizer.answers import ClaimNote, DemandNote, EventNote, Note, Noted, ProposalNote, VenueNote
from summarizer.cast import Cast
from summarizer.groups import Entry, N
from summarizer.models import (
    Claim,
    ClaimStatus,
    ClaimVariant,
    Demand,
    DemandStatus,
    DemandVariant,
    Event,
    EventVariant,
    Proposal,
    ProposalStatus,
    ProposalVariant,
    Stance,
    Venue,
    VenueStatus,
    VenueVariant,
    When,
)
from summarizer.origins import Origins
from summarizer.text import flatten
from summarizer.whens import misdated


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
            first_stated=_time(_first_stated(entry) for entry in clean),
            status=_answered([entry.note.status for entry in clean]),
            variants=tuple(
                DemandVariant(
                    **shared,
                    strength=entry.note.strength,
                    status=entry.note.status,
                    conditions=_flat(entry.note.conditions),
                    first_stated=_first_stated(entry),
                )
                for entry, shared in self._reports(id, group)
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
                    **shared,
                    in_exchange=flatten(entry.note.in_exchange) if entry.note.in_exchange else None,
                    status=entry.note.status,
                )
                for entry, shared in self._reports(id, group)
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
            when=_time(_when(e.note.when, e.note.date, e) for e in clean),
            status=_most_cautious([entry.note.status for entry in clean]),
            variants=tuple(
                VenueVariant(
                    **shared,
                    place=flatten(entry.note.place) if entry.note.place else None,
                    when=_when(entry.note.when, entry.note.date, entry),
                    status=entry.note.status,
                )
                for entry, shared in self._reports(id, group)
            ),
        )

    def claim(self, id: str, group: Sequence[Entry[ClaimNote]]) -> Claim:
        """One assertion, with a variant for every stance that a report has on it."""
        clean = _clean(group)
        lead = clean[0]
        variants: list[ClaimVariant] = []
        for entry in _lead_first(group):
            for stance in entry.note.stances:
                actors = self.cast.ids(entry.source.id, stance.by)
                shared = self._variant(id, len(variants) + 1, entry, stance.cites)
                variants.append(ClaimVariant(**shared, stance=stance.stance, actors=actors))

        deciding = [variant for variant in variants if not variant.translated] or variants

        def takers(stance: Stance) -> tuple[str, ...]:
            return tuple(dict.fromkeys(id for v in deciding if v.stance is stance for id in v.actors))

        return Claim(
            id=id,
            what=flatten(lead.note.what),
            asserted_by=takers(Stance.ASSERTS),
            confirmed_by=tuple(id for id in takers(Stance.CONFIRMS) if id not in takers(Stance.ASSERTS)),
            denied_by=takers(Stance.DENIES),
            unconfirmed_by=takers(Stance.NEITHER),
            status=_standing(deciding),
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
            when=_time(_when(e.note.when, e.note.date, e) for e in clean),
            status=lead.status,
            variants=tuple(
                EventVariant(
                    **shared,
                    when=_when(entry.note.when, entry.note.date, entry),
                    status=entry.note.status,
                )
                for entry, shared in self._reports(id, group)
            ),
        )

    def _actors(self, entries: Sequence[Entry[N]], refs: Callable[[N], Iterable[str]]) -> tuple[str, ...]:
        """The day's ids of everyone that the notes name, the clearest note's first."""
        return tuple(dict.fromkeys(id for entry in entries for id in self.cast.ids(entry.source.id, refs(entry.note))))

    def _reports(self, id: str, group: Sequence[Entry[N]]) -> Iterator[tuple[Entry[N], dict[str, Any]]]:
        """The entries, the one that leads first, each with what every kind of variant has."""
        for number, entry in enumerate(_lead_first(group), 1):
            yield entry, self._variant(id, number, entry)

    def _variant(self, id: str, number: int, entry: Entry[N], cites: Iterable[int] | None = None) -> dict[str, Any]:
        """What every kind of variant has."""
        note: Noted = entry.note
        shown = note.cites if isinstance(note, Note) else cites or ()
        return {
            "id": f"{id}.{number}",
            "article": entry.source.id,
            "what": flatten(note.what),
            "via": flatten(note.via) if note.via else None,
            "origin": self.origins.of(entry.source.id, note.via),
            "translated": not entry.clean,
            "evidence": entry.passage.evidence(shown),
        }


def _clean(group: Sequence[Entry[N]]) -> list[Entry[N]]:
    """The entries that decide: those in a person's words, or all if there are none."""
    return [entry for entry in group if entry.clean] or list(group)


def _lead_first(group: Sequence[Entry[N]]) -> list[Entry[N]]:
    """The clearest clean entry, then the others as they come."""
    lead = _clean(group)[0]
    others: list[Entry[N]] = [entry for entry in group if entry is not lead]
    return [lead, *others]


def _time(times: Iterable[When | None]) -> When | None:
    """The first time that has a date, or else the first: an undated article has a call "on Sunday" as well."""
    return min(filter(None, times), key=lambda time: time.date is None, default=None)


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
    """The least certain status that a report gives; what the clearest has as past is past."""
    if statuses[0] is VenueStatus.PAST:
        return VenueStatus.PAST
    return max((status for status in statuses if status is not VenueStatus.PAST), key=list(VenueStatus).index)


def _standing(variants: Sequence[ClaimVariant]) -> ClaimStatus:
    """Where a claim stands, from the stances taken on it; nobody confirms what they assert themselves."""
    stances = {variant.stance for variant in variants}
    asserting = {id for variant in variants if variant.stance is Stance.ASSERTS for id in variant.actors}
    if Stance.DENIES in stances:
        return ClaimStatus.DISPUTED
    if any(v.stance is Stance.CONFIRMS and not (v.actors and set(v.actors) <= asserting) for v in variants):
        return ClaimStatus.CONFIRMED
    return ClaimStatus.UNCONFIRMED if Stance.NEITHER in stances else ClaimStatus.ASSERTED


def _first_stated(entry: Entry[DemandNote]) -> When | None:
    return _when(entry.note.first_stated, entry.note.first_stated_date, entry)


def _when(words: str | None, date: str | None, entry: Entry[Any]) -> When | None:
    """A time, None if nothing is left of it.

    In an undated article only words with a year resolve to a date, and a date that is none of those that
    the words can mean is no date: a model's slip must not cost the article, nor stand.
    """
    words, source = flatten(words or ""), entry.source
    dated = source.published is not None or re.search(r"\d{4}", words)
    known = date if dated else None
    if words and known and misdated(words, known, source.published, source.language or "en"):
        known = None
    return When(words=words or None, date=known) if words or known else None
