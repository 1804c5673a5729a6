"""PLOVER 2.0 event records: what follows from an item's typed fields, and nothing that has to be guessed.

Names are those of the PLOVER manual (chapters "Event Categories", "Country Names and Sector
Codes" and "Data Fields"); `trace`, `actor_id` and `actor_kind` are ours. docs/export.md says which
item makes which event, and which makes none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, TypeAlias

from pydantic import Field

from summarizer.export.facts import Facts, Quotation, lasting_id, remote, to_json
from summarizer.models import (
    ActorKind,
    Briefing,
    Demand,
    DemandStatus,
    Model,
    PartialDate,
    Proposal,
    ProposalStatus,
    Strength,
    Text,
    Variant,
    Venue,
    VenueStatus,
    When,
)
from summarizer.text import web_address

CODEBOOK = "PLOVER 2.0 draft"

Dating: TypeAlias = Literal["first_stated", "when", "published", "briefing"]
"""Whether a date is the item's own, the earliest report's or, of undated reports, the briefing's."""


class EventType(StrEnum):
    """The event categories of which an item can be one."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    CONCEDE = "CONCEDE"
    REQUEST = "REQUEST"
    REJECT = "REJECT"


class Mode(StrEnum):
    """The modes that follow from a venue's fields."""

    VISIT = "visit"
    THIRD_PARTY = "third-party"
    PHONE = "phone"


QUAD = {
    EventType.AGREE: 1,
    EventType.CONSULT: 1,
    EventType.CONCEDE: 1,
    EventType.REQUEST: 3,
    EventType.REJECT: 3,
}
"""The manual's quad categories: 1 verbal cooperation, 3 verbal conflict."""

SCALE = {
    (EventType.AGREE, None): 2.5,
    (EventType.CONSULT, None): 2.5,
    (EventType.CONSULT, Mode.VISIT): 4.0,
    (EventType.CONSULT, Mode.THIRD_PARTY): 1.0,
    (EventType.CONSULT, Mode.PHONE): 1.5,
    (EventType.CONCEDE, None): 4.5,
    (EventType.REQUEST, None): 0.0,
    (EventType.REJECT, None): -2.0,
}
"""The manual's conflict–cooperation scores."""

BODIES = {"united nations": "UNO", "un": "UNO", "european union": "EUR", "eu": "EUR"}
"""The two intergovernmental bodies with a code of their own; all others are IGO."""

COUNTRIES = {"XKX": "KOS"}
"""Where the manual's code is none of ISO 3166's."""


class Entity(Model):
    """Who acts, or at whom it is directed."""

    code: str | None = Field(default=None, description="Country, IGO, UNO or EUR; None: not said")
    sector: str | None = Field(default=None, description="JRN for media; None: does not follow")
    entity_text: Text
    office: str | None = Field(default=None, description="As the articles give it; None: not said")
    actor_id: Text = Field(description="Ours: id in the briefing")
    actor_kind: ActorKind = Field(description="Ours")


class Location(Model):
    """Where it happened."""

    extracted_place: str | None = Field(description="None: not said")
    country_code: str | None = Field(description="ISO 3166-1 alpha-3; None: not said")


class CiteInfo(Model):
    """What the record was coded by."""

    codebook: Text = CODEBOOK


class Quote(Model):
    """Ours: where an article shows it."""

    article: Text
    sentences: tuple[int, ...]
    start: int
    end: int
    quote: Text = Field(description="Always text[start:end] of the article")
    translated: bool = Field(description="Machine-translated wording: never a verbatim quotation")
    outlet: Text
    url: str | None = Field(description="None: not known")


class Trace(Model):
    """Ours: the way back into the briefing and the articles."""

    briefing: str = Field(description="Its date")
    item: Text
    story: str | None = Field(description="None: the briefing has no stories")
    what: Text
    issue: str | None = Field(description="None: a venue")
    status: Text
    strength: str | None = Field(description="None: no demand")
    dated_by: Dating = Field(description="What `date` is the date of")
    when: str | None = Field(description="The item's own time, as exact as it is known; None: not known")
    origins: int = Field(description="How many independent origins the item has")
    caveats: tuple[str, ...] = Field(description="What speaks against it: disputed, machine translation only")
    evidence: tuple[Quote, ...]


class Record(Model):
    """One event."""

    id: Text
    date: PartialDate = Field(description="YYYY-MM-DD")
    actor: tuple[Entity, ...] = Field(min_length=1)
    recipient: tuple[Entity, ...] = ()
    event: tuple[EventType, ...] = Field(min_length=1, max_length=1)
    mode: tuple[Mode, ...] | None = Field(default=None, description="None: does not follow")
    context: None = Field(default=None, description="Always None: no field of an item says what a text is about")
    quad_code: int
    event_scale: float
    event_loc: Location | None = Field(
        default=None, description="None: not said, or the event is a word, not a meeting"
    )
    coder: Text = Field(description="The program that made the briefing")
    cite_info: CiteInfo = CiteInfo()
    trace: Trace


@dataclass(frozen=True)
class Deed:
    """What somebody did, by the manual's names, before it is a record."""

    event: EventType
    actors: Sequence[str]
    recipients: Sequence[str] = ()
    mode: Mode | None = None
    when: When | None = None
    dated_by: Dating = "published"
    where: Location | None = None


def render_plover(briefing: Briefing) -> str:
    """The briefing's events, one JSON object a line."""
    return "".join(to_json(record.model_dump()) + "\n" for record in records(briefing))


def records(briefing: Briefing) -> Iterator[Record]:
    """The briefing's events, in the order of its items."""
    coder = Coder(briefing)
    for demand in briefing.demands:
        yield from coder.demand(demand)
    for proposal in briefing.proposals:
        yield from coder.proposal(proposal)
    for venue in briefing.venues:
        yield from coder.venue(venue)


class Coder:
    """Makes records of one briefing's items."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.facts = Facts(briefing)
        topic = f"-{lasting_id('topic', briefing.topic)[:8]}" if briefing.topic else ""
        self.day = f"{briefing.date.isoformat()}{topic}"
        """With what the records' ids begin: item ids may be those of another topic's briefing of the day."""

    def demand(self, demand: Demand) -> Iterator[Record]:
        """That it was made, or that something was ruled out; that it was rejected or withdrawn."""
        ruled_out = demand.strength is Strength.RED_LINE
        made = Deed(
            EventType.REJECT if ruled_out else EventType.REQUEST,
            demand.by,
            demand.of,
            when=demand.first_stated,
            dated_by="first_stated",
        )
        yield self.record(demand, made, demand.variants)
        answers = [variant for variant in demand.variants if variant.status is demand.status] or demand.variants
        parties = self.facts.heads(demand.of)
        if demand.status is DemandStatus.WITHDRAWN:
            yield self.record(demand, Deed(EventType.CONCEDE, demand.by, demand.of), answers)
        elif demand.status is DemandStatus.REJECTED and len(parties) == 1 and not ruled_out:
            yield self.record(demand, Deed(EventType.REJECT, parties, demand.by), answers)

    def proposal(self, proposal: Proposal) -> Iterator[Record]:
        """That it was accepted or rejected, if it was made to a single party."""
        event = {ProposalStatus.ACCEPTED: EventType.AGREE, ProposalStatus.REJECTED: EventType.REJECT}
        parties = self.facts.heads(proposal.to)
        if proposal.status in event and len(parties) == 1:
            answers = [variant for variant in proposal.variants if variant.status is proposal.status]
            deed = Deed(event[proposal.status], parties, proposal.by)
            yield self.record(proposal, deed, answers or proposal.variants)

    def venue(self, venue: Venue) -> Iterator[Record]:
        """That parties met, or mean to; on one report's word it is no event."""
        if not venue.participants or not self.facts.corroborated(venue):
            return
        if venue.status is VenueStatus.PAST:
            yield self.record(venue, self.meeting(venue), venue.variants)
        elif venue.status in (VenueStatus.CONFIRMED, VenueStatus.PLANNED):
            yield self.record(venue, Deed(EventType.AGREE, venue.participants), venue.variants)

    def meeting(self, venue: Venue) -> Deed:
        """How parties met, who came, and who was host; all came where nobody is known to be host."""
        where = Location(extracted_place=venue.place, country_code=venue.country)
        met = Deed(
            EventType.CONSULT,
            venue.participants,
            when=venue.when,
            dated_by="when",
            where=where if venue.place or venue.country else None,
        )
        if remote(venue):
            return replace(met, mode=Mode.PHONE)
        countries = {id: self.facts.country(id) for id in venue.participants}
        if venue.country is None or None in countries.values():
            return met
        hosts = [id for id, country in countries.items() if country == venue.country]
        guests = [id for id in venue.participants if id not in hosts]
        if not hosts and len(set(countries.values())) > 1:
            return replace(met, mode=Mode.THIRD_PARTY)
        if hosts and guests and venue.kind.casefold().split()[-1:] == ["visit"]:
            return replace(met, mode=Mode.VISIT, actors=guests, recipients=hosts)
        return met

    # ------------------------------------------------------------------------------ pieces

    def record(self, item: Demand | Proposal | Venue, deed: Deed, variants: Sequence[Variant]) -> Record:
        """A record of what was done, as `variants` of an item show it."""
        date, dated_by = self.reported(variants)
        if deed.when and deed.when.date and deed.when.precision == "day":
            date, dated_by = deed.when.date, deed.dated_by
        return Record(
            id=f"{self.day}-{item.id}_{deed.event}",
            date=date,
            actor=tuple(map(self.entity, deed.actors)),
            recipient=tuple(map(self.entity, deed.recipients)),
            event=(deed.event,),
            mode=(deed.mode,) if deed.mode else None,
            quad_code=QUAD[deed.event],
            event_scale=SCALE[deed.event, deed.mode],
            event_loc=deed.where,
            coder=self.briefing.provenance.program,
            trace=self.trace(item, variants, dated_by),
        )

    def reported(self, variants: Sequence[Variant]) -> tuple[str, Dating]:
        """The day of the earliest report, else the briefing's, and which of the two it is."""
        days = [source.published for source in self.facts.reports(variants) if source.published]
        return (min(days).isoformat(), "published") if days else (self.briefing.date.isoformat(), "briefing")

    def trace(self, item: Demand | Proposal | Venue, variants: Sequence[Variant], dated_by: Dating) -> Trace:
        """The way back from a record."""
        when = item.first_stated if isinstance(item, Demand) else item.when if isinstance(item, Venue) else None
        return Trace(
            briefing=self.briefing.date.isoformat(),
            item=item.id,
            story=self.facts.story_of.get(item.id),
            what=item.what,
            issue=None if isinstance(item, Venue) else item.issue,
            status=item.status,
            strength=item.strength if isinstance(item, Demand) else None,
            dated_by=dated_by,
            when=(when.date or when.words) if when else None,
            origins=len(item.origins),
            caveats=self.facts.caveats_of(item),
            evidence=tuple(dict.fromkeys(map(quoted, self.facts.quotations(item, variants)))),
        )

    def entity(self, id: str) -> Entity:
        """An actor as the manual describes entities."""
        actor = self.facts.actors[id]
        return Entity(
            code=self.code(id),
            sector="JRN" if actor.kind is ActorKind.MEDIA else None,
            entity_text=actor.name,
            office=actor.office,
            actor_id=id,
            actor_kind=actor.kind,
        )

    def code(self, id: str) -> str | None:
        """An actor's country, or the intergovernmental body that it is or belongs to."""
        if country := self.facts.country(id):
            return COUNTRIES.get(country, country)
        for owner in map(self.facts.actors.__getitem__, self.facts.line(id)):
            if owner.kind is ActorKind.INTERGOVERNMENTAL:
                spelt = (alias.name.casefold() for alias in owner.aliases)
                return next((BODIES[name] for name in (owner.name.casefold(), *spelt) if name in BODIES), "IGO")
        return None


def quoted(quotation: Quotation) -> Quote:
    """A quotation as a trace has it."""
    evidence, source = quotation.evidence, quotation.source
    return Quote(
        article=evidence.article,
        sentences=evidence.sentences,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        translated=quotation.translated,
        outlet=source.outlet,
        url=web_address(source.url),
    )
