"""What several formats ask of a briefing: parties, quotations, sources, lasting ids. Knows no format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from summarizer.caveats import Caveats
from summarizer.models import (
    Actor,
    AnyItem,
    Briefing,
    ClaimStatus,
    Dispute,
    Evidence,
    Resolution,
    Source,
    Variant,
    Venue,
    VenueStatus,
    When,
    line_of,
)
from summarizer.past import evidence_of
from summarizer.text import escape_hidden, flatten

NAMESPACE = UUID("8c5f2c0e-53c5-4b0a-9d7e-6f0f6b8d2a41")
"""Of all ids made here: the same facts have the same id in every run and on every machine."""

REMOTE = {"phone", "telephone", "video", "videoconference", "teleconference"}
"""Words of a venue's kind that say that nobody travels."""

UNCORROBORATED = "uncorroborated"
"""What is said of a meeting that is past or agreed, if no more than one report's word stands behind that."""

AGREED = (VenueStatus.PAST, VenueStatus.CONFIRMED, VenueStatus.PLANNED)
UNSURE = (ClaimStatus.UNCONFIRMED, ClaimStatus.DISPUTED)


@dataclass(frozen=True)
class Quotation:
    """A stretch of an article that shows an item, and the report that it belongs to."""

    item: AnyItem
    variant: Variant
    evidence: Evidence
    source: Source

    @property
    def translated(self) -> bool:
        """Whether the wording may be a machine's, and so nobody's."""
        return self.variant.translated or self.source.translated

    @property
    def shown(self) -> str:
        """The wording on one line; in quotation marks unless it is a machine's."""
        words = flatten(self.evidence.quote)
        return f"machine-translated wording: {words}" if self.translated else f"“{words}”"


class Facts:
    """A briefing with its references looked up once."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.actors: Mapping[str, Actor] = {actor.id: actor for actor in briefing.actors}
        self.owners = {id: actor.affiliation for id, actor in self.actors.items()}
        self.known: Mapping[str, Source] = {source.id: source for source in briefing.sources}
        self.caveats = Caveats(briefing.disputes)
        self.story_of: Mapping[str, str] = {id: story.id for story in briefing.stories for id in story.items}

    def names(self, ids: Iterable[str]) -> list[str]:
        """Names of actors, each on one line."""
        return [flatten(self.actors[id].name) for id in ids]

    def line(self, id: str) -> list[str]:
        """An actor, whom it belongs to, whom that belongs to, up to the last."""
        return line_of(id, self.owners)

    def heads(self, ids: Sequence[str]) -> list[str]:
        """Of actors named together those that belong to none of the others: the state without its spokesman."""
        return [id for id in ids if not set(self.line(id)[1:]) & set(ids)]

    def country(self, id: str) -> str | None:
        """An actor's country, else that of whom it belongs to. None: not said."""
        return next((self.actors[id].country for id in self.line(id) if self.actors[id].country), None)

    def quotations(self, item: AnyItem, variants: Iterable[Variant] | None = None) -> Iterator[Quotation]:
        """The quotations of an item, or of some of its variants, report by report."""
        for variant in item.variants if variants is None else variants:
            for evidence in variant.evidence:
                yield Quotation(item, variant, evidence, self.known[evidence.article])

    def reports(self, variants: Iterable[Variant]) -> list[Source]:
        """The articles that variants stand in, each once."""
        return [self.known[id] for id in dict.fromkeys(variant.article for variant in variants)]

    def outlets(self, variants: Iterable[Variant]) -> list[str]:
        """What to call those articles in print, each name once."""
        return list(dict.fromkeys(flatten(source.outlet) for source in self.reports(variants)))

    def disputes(self, item: AnyItem) -> list[Dispute]:
        """The contradictions in which an item's reports stand on one side."""
        return self.caveats.disputes(item)

    def clearest(self, item: AnyItem) -> Quotation:
        """The quotation that says most of what an item says, as the archive's answers have it."""
        evidence = evidence_of(item, {})[0]
        return next(quotation for quotation in self.quotations(item) if quotation.evidence == evidence)

    def caveats_of(self, item: AnyItem) -> tuple[str, ...]:
        """What speaks against an item, of a meeting also that nobody else bears it out."""
        bare = isinstance(item, Venue) and item.status in AGREED and not self.corroborated(item)
        return (*self.caveats.of(item), *([UNCORROBORATED] if bare else []))

    def corroborated(self, venue: Venue) -> bool:
        """Whether more than one report's word stands behind a meeting's being as certain as its status says.

        Two independent origins must have it at least as certain, each in a report of its own and in a person's
        words; its reports may not stand on a side of an open contradiction, nor a dispute set them beside those of a
        claim that is disputed or that nobody confirmed.
        """
        certain = list(VenueStatus)
        sure = [v for v in venue.variants if certain.index(v.status) <= certain.index(venue.status)]
        firsthand = {origin.id for origin in self.briefing.origins if origin.kind != "attributed"}
        origins = {variant.origin for variant in sure if not variant.translated} & firsthand
        if len(origins) < 2 or any(dispute.resolution is Resolution.OPEN for dispute in self.disputes(venue)):
            return False
        own = {variant.id for variant in venue.variants}
        unsure = {v.id for claim in self.briefing.claims if claim.status in UNSURE for v in claim.variants}
        sides = [set(version.variants) for dispute in self.briefing.disputes for version in dispute.versions]
        return not any(side & own and side & unsure for side in sides)


def title_of(briefing: Briefing) -> str:
    """What to call a briefing, on one line."""
    return flatten(briefing.title)


def worded(when: When | None) -> str:
    """A time as the articles have it, on one line; empty if there is none."""
    return flatten(when.worded) if when else ""


def remote(venue: Venue) -> bool:
    """Whether a venue is a call: by its kind in English, or no place and the bare word "call"."""
    words = re.findall(r"\w+", venue.kind.casefold())
    return bool(REMOTE & set(words)) or (words in (["call"], ["conference", "call"]) and venue.place is None)


def lasting_id(*facts: str) -> str:
    """A UUID made of facts.

    >>> lasting_id("a", "b") == lasting_id("a", "b") != lasting_id("ab")
    True
    """
    return str(uuid5(NAMESPACE, "\n".join(map(flatten, facts))))


def urn(uuid: str) -> str:
    """A UUID as a URI."""
    return f"urn:uuid:{uuid}"


def briefing_id(briefing: Briefing) -> str:
    """A UUID of the day, the topic and the day's articles: the same ones read again make the same briefing, revised."""
    articles = sorted(source.id for source in briefing.sources if not source.earlier)
    return lasting_id("briefing", briefing.date.isoformat(), briefing.topic or "", *articles)


def to_json(value: Any, indent: int | None = None) -> str:
    """Strict JSON in which nothing hides: a lone surrogate, which no strict reader takes, is U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return escape_hidden(re.sub("[\ud800-\udfff]", "\ufffd", text))
