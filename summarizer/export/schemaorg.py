"""schema.org as JSON-LD: one graph of what the briefing says, who says it, and in which article.

Only types and properties of the published vocabulary; what it has no word for (demands,
proposals, a denial) is left out or said in words. docs/export.md has the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from summarizer.export.facts import (
    UNCORROBORATED,
    Facts,
    briefing_id,
    lasting_id,
    title_of,
    to_json,
    urn,
    worded,
)
from summarizer.models import (
    STANCES,
    Actor,
    ActorKind,
    Briefing,
    Claim,
    ClaimStatus,
    ClaimVariant,
    Evidence,
    Source,
    Stance,
    Story,
    Venue,
    VenueStatus,
)
from summarizer.text import flatten, web_address

Node: TypeAlias = dict[str, Any]

TYPES: dict[ActorKind, str | list[str]] = {
    ActorKind.PERSON: "Person",
    ActorKind.STATE: ["Country", "Organization"],
    ActorKind.ORGANISATION: "Organization",
    ActorKind.INTERGOVERNMENTAL: "Organization",
    ActorKind.MEDIA: "NewsMediaOrganization",
}
"""A state that speaks is a country that acts as an organisation. Groups and the unnamed are neither."""

EVENT_STATUS = {
    VenueStatus.PAST: "EventScheduled",
    VenueStatus.CONFIRMED: "EventScheduled",
    VenueStatus.CANCELLED: "EventCancelled",
}
"""Planned and possible have no name there."""

SYNTHETIC = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
"""Headlines and abstracts are a model's words, and say so."""

BEARS_OUT = (Stance.ASSERTS, Stance.CONFIRMS)


def render_graph(briefing: Briefing) -> str:
    """The briefing as a JSON-LD document that may stand in a page's script element."""
    document = {"@context": "https://schema.org", "@graph": list(Graph(briefing).nodes())}
    text = to_json(document, indent=2)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") + "\n"


class Graph:
    """Makes the nodes of one briefing."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.facts = Facts(briefing)
        self.own = briefing_id(briefing)

    def nodes(self) -> Iterator[Node]:
        """All of them: the briefing, its stories, who is who, articles, claims, occasions, quotations."""
        b = self.briefing
        claims = [*b.claims]
        venues = [venue for venue in b.venues if venue.when and venue.when.date]
        yield self.page()
        yield from map(self.story, b.stories)
        yield from (self.actor(actor) for actor in b.actors if actor.kind in TYPES)
        yield from map(article, self.briefing.read)
        yield from map(self.claim, claims)
        yield from map(self.venue, venues)
        yield from self.quotations([*claims, *venues])

    def page(self) -> Node:
        """The briefing itself."""
        b = self.briefing
        return node(
            "Article",
            urn(self.own),
            headline=title_of(b),
            dateCreated=b.date.isoformat(),
            keywords=flatten(b.topic or ""),
            creditText=b.provenance.program,
            digitalSourceType={"@id": SYNTHETIC},
            hasPart=[self.ref(story.id) for story in b.stories],
            isBasedOn=list(map(source_ref, self.briefing.read)),
        )

    def story(self, story: Story) -> Node:
        """A story: what is written of it, and who is in it."""
        named = dict.fromkeys(
            id for item in self.briefing.items if item.id in story.items for id in item.actor_ids if self.has(id)
        )
        return self.mine(
            story.id,
            "Article",
            headline=flatten(story.name),
            abstract=" ".join(flatten(line.text) for line in story.bottom_line),
            digitalSourceType={"@id": SYNTHETIC},
            isPartOf={"@id": urn(self.own)},
            mentions=list(map(self.ref, named)),
            isBasedOn=[source_ref(self.facts.known[id]) for id in story.articles],
        )

    def actor(self, actor: Actor) -> Node:
        """A person, body or country."""
        owner = self.facts.actors[actor.affiliation] if actor.affiliation else None
        body = owner is not None and owner.kind in TYPES and owner.kind is not ActorKind.PERSON
        person = actor.kind is ActorKind.PERSON
        return self.mine(
            actor.id,
            TYPES[actor.kind],
            name=flatten(actor.name),
            alternateName=[flatten(alias.name) for alias in actor.aliases if alias.name != actor.name],
            jobTitle=flatten(actor.office or "") if person else None,
            affiliation=self.ref(owner.id) if person and owner and body else None,
        )

    def claim(self, claim: Claim) -> Node:
        """A claim: who makes it, where it stands, and in words how it stands."""
        made = [variant for variant in claim.variants if variant.stance in BEARS_OUT]
        reports = self.facts.reports(made)
        return self.mine(
            claim.id,
            "Claim",
            text=flatten(claim.what),
            description=self.standing(claim),
            author=[self.ref(id) for id in claim.asserted_by if self.has(id)],
            appearance=list(map(source_ref, reports)),
            firstAppearance=first_of(reports),
        )

    def standing(self, claim: Claim) -> str:
        """Where a claim stands, and what speaks against it, since there are no properties for that."""
        sides = {words: getattr(claim, field) for words, field in STANCES.items()}
        said = [f"{words} {', '.join(self.facts.names(ids))}" for words, ids in sides.items() if ids]
        status = [] if claim.asserted_by and claim.status is ClaimStatus.ASSERTED else [claim.status.value]
        return "; ".join([*status, *said, *self.facts.caveats_of(claim)])

    def venue(self, venue: Venue) -> Node:
        """An occasion with a date, as exact as it is known; scheduled, if more than one report's word is for it."""
        caveats = self.facts.caveats_of(venue)
        scheduled = venue.status in EVENT_STATUS and UNCORROBORATED not in caveats
        address = node("PostalAddress", None, addressCountry=venue.country) if venue.country else None
        place = (
            node("Place", None, name=flatten(venue.place or ""), address=address) if venue.place or address else None
        )
        return self.mine(
            venue.id,
            "Event",
            name=flatten(venue.what),
            description="; ".join([flatten(venue.kind), venue.status, worded(venue.when), *caveats]),
            startDate=venue.when.date if venue.when else None,
            eventStatus={"@id": f"https://schema.org/{EVENT_STATUS[venue.status]}"} if scheduled else None,
            location=place,
            attendee=[self.ref(id) for id in venue.participants if self.has(id)],
        )

    def quotations(self, items: Iterable[Claim | Venue]) -> Iterator[Node]:
        """The stretches of articles that show items, each once; machine-translated wording is nobody's."""
        about: dict[Evidence, dict[str, list[Node]]] = {}
        for item in items:
            for quotation in self.facts.quotations(item):
                if not quotation.translated:
                    uses = about.setdefault(quotation.evidence, {})
                    bears_out = isinstance(quotation.variant, ClaimVariant) and quotation.variant.stance in BEARS_OUT
                    listed = uses.setdefault("interpretedAsClaim" if bears_out else "about", [])
                    if self.ref(item.id) not in listed:
                        listed.append(self.ref(item.id))
        for evidence, uses in about.items():
            yield node(
                "Quotation",
                urn(lasting_id("quotation", evidence.article, str(evidence.start), str(evidence.end))),
                identifier=f"{evidence.article}[{evidence.start}:{evidence.end}]",
                text=flatten(evidence.quote),
                isPartOf=source_ref(self.facts.known[evidence.article]),
                **uses,
            )

    # ------------------------------------------------------------------------------ pieces

    def has(self, id: str) -> bool:
        """Whether an actor is a node."""
        return self.facts.actors[id].kind in TYPES

    def ref(self, id: str) -> Node:
        """A reference to something of this briefing."""
        return {"@id": urn(lasting_id(self.own, id))}

    def mine(self, id: str, kind: str | list[str], **properties: Any) -> Node:
        """Something of this briefing, with its id there."""
        return node(kind, self.ref(id)["@id"], identifier=id, **properties)


def node(kind: str | list[str], id: str | None, **properties: Any) -> Node:
    """A node with those properties that have a value."""
    given = {name: value for name, value in properties.items() if value not in (None, "", [])}
    return {"@type": kind} | ({"@id": id} if id else {}) | given


def article(source: Source) -> Node:
    """An article: the same node in every briefing that read it."""
    publisher = node("Organization", None, name=flatten(source.publisher)) if source.publisher else None
    return node(
        "NewsArticle",
        source_ref(source)["@id"],
        identifier=source.id,
        headline=flatten(source.title or ""),
        creditText=flatten(source.author or ""),
        publisher=publisher,
        datePublished=source.published.isoformat() if source.published else None,
        inLanguage=flatten(source.language or ""),
        url=web_address(source.url),
    )


def source_ref(source: Source) -> Node:
    """A reference to an article."""
    return {"@id": urn(lasting_id("article", source.id))}


def first_of(reports: list[Source]) -> Node | None:
    """The one report that is older than all others; None where that isn't known."""
    days = [source.published for source in reports]
    if not reports or None in days or days.count(oldest := min(day for day in days if day)) > 1:
        return None
    return source_ref(reports[days.index(oldest)])
