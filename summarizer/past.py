"""What stood before a day: each thing as it was when it was last mentioned.

An archive makes it of the days before; a cassette keeps it with the replies, since the
questions were asked with it. Ids are those over all days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, zip_longest
from typing import TypeAlias

from pydantic import Field

from summarizer.models import (
    Actor,
    AnyItem,
    Claim,
    Demand,
    Dispute,
    Event,
    Evidence,
    Model,
    PartialDate,
    Proposal,
    Source,
    Text,
    Variant,
    Venue,
)
from summarizer.text import content_words

Thing: TypeAlias = AnyItem | Actor | Dispute
"""What has an id over all days."""

LETTERS: Mapping[str, str] = {
    "A": "actor",
    "D": "demand",
    "P": "proposal",
    "V": "venue",
    "C": "claim",
    "E": "event",
    "X": "dispute",
}
"""With what an id begins, and of which kind of thing it is."""

SHOWN = 3
"""Quotations that stand for a thing when it is compared with how it was on another day."""
OF_EACH_SIDE = 2
"""Of a dispute's versions, so many each."""


class Standing(Model):
    """One thing as it was when it was last mentioned."""

    id: Text
    name: Text = Field(description="Of an actor; else what is at issue, or what it is")
    text: Text = Field(description="What a model is told of it")
    status: Text
    state: Text = Field(description="Its status and what goes with it, in words")
    when: PartialDate | None = Field(default=None, description="None: no date is known")
    first: date
    last: date
    actors: tuple[Text, ...] = Field(default=(), description="Ids of whom it names; of an actor whom it belongs to")
    forms: tuple[Text, ...] = Field(default=(), description="An actor's spellings")
    evidence: tuple[Evidence, ...] = Field(default=(), description="Some, from the day when it was last mentioned")
    elsewhere: bool = Field(default=False, description="Only briefings of other topics have it")

    @property
    def kind(self) -> str:
        """Actor, demand, proposal, venue, claim, event or dispute."""
        return LETTERS[self.id[0]]


class Past(Model):
    """All that stood before a day, as far as one looks back."""

    day: date = Field(description="Of the last briefing")
    standing: tuple[Standing, ...] = Field(default=(), description="Last mentioned first")
    sources: tuple[Source, ...] = Field(default=(), description="Those of the evidence")
    taken: dict[str, int] = Field(default={}, description="The highest number that is taken, by the letter of the id")

    def of_kind(self, *kinds: str) -> Iterator[Standing]:
        """The things of some kinds."""
        return (standing for standing in self.standing if standing.kind in kinds)


def name_of(thing: Thing) -> str:
    """What a thing is called in a list: a name, what is at issue, where people meet, or what it is."""
    if isinstance(thing, Actor):
        return thing.name
    if isinstance(thing, Venue) and thing.place:
        return f"{thing.kind}, {thing.place}"
    return thing.issue if isinstance(thing, (Demand, Proposal, Dispute)) else thing.what


def status_of(thing: Thing) -> str:
    """The status; an actor's kind, a dispute's resolution."""
    if isinstance(thing, Actor):
        return thing.kind.value
    return thing.resolution.value if isinstance(thing, Dispute) else thing.status.value


def state_of(thing: Thing) -> str:
    """The status and what goes with it, in words: a demand's strength, when and where people meet."""
    status = status_of(thing).replace("_", " ")
    if isinstance(thing, Demand):
        return f"{status}, {thing.strength.value.replace('_', ' ')}"
    if isinstance(thing, Venue):
        return ", ".join([status, *([thing.when.date or thing.when.words or ""] if thing.when else ["no date"])])
    return status


def date_of(thing: Thing) -> str | None:
    """When it is, or was first made, as far as that is known."""
    if isinstance(thing, Demand):
        return thing.first_stated.date if thing.first_stated else None
    return thing.when.date if isinstance(thing, (Venue, Event)) and thing.when else None


def evidence_of(thing: Thing, variants: Mapping[str, Variant]) -> tuple[Evidence, ...]:
    """A few quotations that show how a thing stands, of which the clearest come first.

    Of an item those of its leading report and of others that have the same status; of a
    dispute each side's.
    """
    if isinstance(thing, Actor):
        return thing.evidence[:SHOWN]
    if isinstance(thing, Dispute):
        sides = (_in_turn(v.what, [variants[id] for id in v.variants])[:OF_EACH_SIDE] for v in thing.versions)
        return tuple(dict.fromkeys(chain.from_iterable(sides)))
    return tuple(_in_turn(thing.what, _leading(thing.variants))[:SHOWN])


def _in_turn(what: str, variants: Iterable[Variant]) -> list[Evidence]:
    """A quotation of each report, then a second of each, each once; of a report's those first that say most of it."""
    words = content_words(" ".join(word for word in what.split() if not word[:1].isupper()))  # names are everywhere

    def says(evidence: Evidence) -> int:
        return -len(words & content_words(evidence.quote))

    rounds = chain.from_iterable(zip_longest(*(sorted(variant.evidence, key=says) for variant in variants)))
    return list(dict.fromkeys(filter(None, rounds)))


def _leading(variants: Sequence[Variant]) -> list[Variant]:
    """The leading report, and those in a person's words that have the same status or stance."""

    def stands(variant: Variant) -> object:
        return getattr(variant, "status", None) or getattr(variant, "stance", None)

    lead = variants[0]
    return [lead, *(v for v in variants[1:] if stands(v) == stands(lead) and v.translated <= lead.translated)]


def actors_in(thing: Thing, items: Mapping[str, AnyItem]) -> tuple[str, ...]:
    """Ids of whom a thing names: a dispute those who hold its versions, and those whom its items name."""
    if isinstance(thing, Actor):
        return (thing.affiliation,) if thing.affiliation else ()
    if isinstance(thing, Claim):
        stances = (id for variant in thing.variants for id in variant.actors)
        return tuple(dict.fromkeys((*thing.actor_ids, *stances)))
    if isinstance(thing, Dispute):
        held = (id for version in thing.versions for id in version.held_by)
        owners = dict.fromkeys(id.rpartition(".")[0] for version in thing.versions for id in version.variants)
        return tuple(dict.fromkeys((*held, *(id for owner in owners for id in items[owner].actor_ids))))
    return tuple(dict.fromkeys(thing.actor_ids))
