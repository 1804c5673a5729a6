"""IPTC ninjs 3.1: the briefing as a news item that a content management system takes in.

A day of one story is one text. A day of several is a composite, which holds each story as a text of
its own, since a desk hands each to someone else; its own body is the whole page, for readers that
take no parts. Articles and dated occasions hang on the text that they belong to. There is no time of
day in it: every field that asks for one is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, TypeAlias

from summarizer.days import in_full
from summarizer.export.facts import Facts, briefing_id, lasting_id, title_of, to_json, urn
from summarizer.models import Actor, ActorKind, AnyItem, Briefing, Change, Event, Evidence, Source, Story, Venue
from summarizer.render import render_markdown, render_text
from summarizer.text import flatten, web_address
from summarizer.version import SIGNATURE

Object: TypeAlias = dict[str, Any]

STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}

BRIEFING = {"name": "Briefing", "uri": "http://cv.iptc.org/newscodes/genre/Summary"}
"""IPTC's genre for a summary of several news items."""

SYNTHETIC = {
    "name": "Composite including generative AI elements",
    "uri": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
}
"""A model's sentences beside quotations sliced from articles."""

COUNTRY = "http://cvx.iptc.org/iso3166-1a3/"
"""Before an ISO 3166-1 alpha-3 code it is IPTC's URI of a country."""

ORGANISATIONS = (ActorKind.ORGANISATION, ActorKind.INTERGOVERNMENTAL, ActorKind.MEDIA)
"""IPTC's organisations. A state is a place; a group and the unnamed are nothing that has a name of its own."""


def render_ninjs(briefing: Briefing) -> str:
    """The briefing as one ninjs object."""
    return to_json(item_of(briefing), indent=2) + "\n"


def item_of(briefing: Briefing) -> Object:
    """The whole briefing: a text, or a composite of its stories."""
    whole = Piece(briefing, briefing_id(briefing))
    if len(briefing.stories) < 2:
        return {"standard": STANDARD, **whole.item("text"), "associations": whole.associations()}
    stories = []
    for story in briefing.stories:
        part = Piece(only(briefing, story), lasting_id(whole.id, *sorted(story.articles)))
        about = {"name": flatten(story.name), "rel": "story"}
        stories.append({**about, **part.item("text"), "associations": part.associations()})
    return {"standard": STANDARD, **whole.item("composite"), "associations": stories}


def only(briefing: Briefing, story: Story) -> Briefing:
    """A briefing of one of its stories, with what that refers to."""
    own = set(story.items)
    kinds = ("demands", "proposals", "venues", "claims", "events", "disputes")
    kept = {kind: tuple(thing for thing in getattr(briefing, kind) if thing.id in own) for kind in kinds}
    changes = tuple(change for change in briefing.changes if change.item in own)
    part = briefing.model_copy(
        update={**kept, "stories": (story,), "side_stories": (), "changes": changes, "problems": ()}
    )
    facts = Facts(briefing)
    named = {id for item in part.items for id in item.actor_ids}
    named |= {id for dispute in part.disputes for version in dispute.versions for id in version.held_by}
    cast = {id for actor in named for id in facts.line(actor)}
    cited = {e.article for item in (*part.items, *part.changes) for e in evidence_of(item)} | set(story.articles)
    cited |= {source.copy_of for source in briefing.sources if source.id in cited and source.copy_of}
    return part.model_copy(
        update={
            "actors": tuple(actor for actor in briefing.actors if actor.id in cast),
            "sources": tuple(source for source in briefing.sources if source.id in cited),
            "origins": tuple(origin for origin in briefing.origins if cited & set(origin.articles)),
        }
    )


def evidence_of(thing: AnyItem | Change) -> tuple[Evidence, ...]:
    """The evidence of an item or a change."""
    return (*thing.evidence_before, *thing.evidence_after) if isinstance(thing, Change) else thing.evidence


class Piece:
    """A text about a briefing, or about one story of it."""

    def __init__(self, briefing: Briefing, id: str) -> None:
        self.briefing = briefing
        self.id = id
        self.facts = Facts(briefing)

    def item(self, kind: str) -> Object:
        """The text with what it is about."""
        b = self.briefing
        markdown = render_markdown(b)
        lines = b.stories[0].bottom_line if len(b.stories) == 1 else ()
        made = {
            "uri": urn(self.id),
            "type": kind,
            "language": flatten(b.language),
            "version": hashlib.sha256(markdown.encode()).hexdigest()[:12],
            "title": title_of(b),
            "by": flatten(b.provenance.program),
            "edNote": f"Made by {flatten(b.provenance.program)} with {flatten(b.provenance.model)}. {SIGNATURE}",
            "headlines": [{"role": "main", "contentType": "text/plain", "value": title_of(b)}],
            "descriptions": [plain("summary", flatten(line.text)) for line in lines],
            "bodies": [body("main", "text/plain", render_text(b)), body("richtext", "text/markdown", markdown)],
            "people": self.people(),
            "organisations": self.organisations(),
            "places": self.places(),
            "subjects": self.subjects(),
            "events": [{"id": item.id, **mention(flatten(item.what))} for item in self.occurrences()],
            "infoSources": [{"name": name} for name in self.outlets()],
            "genres": [BRIEFING],
            "digitalSourceType": SYNTHETIC,
        }
        return given(made)

    def associations(self) -> list[Object]:
        """The articles it is made of, then its dated occasions."""
        dated = [venue for venue in self.briefing.venues if venue.when and venue.when.date]
        return [*map(source_object, self.briefing.read), *map(self.occasion, dated)]

    def occurrences(self) -> list[Venue | Event]:
        """Where parties met, and what happened."""
        return [*self.briefing.venues, *self.briefing.events]

    def cast(self, kinds: Iterable[ActorKind]) -> list[Actor]:
        """Actors of some kinds."""
        return [actor for actor in self.briefing.actors if actor.kind in kinds]

    def people(self) -> list[Object]:
        """Persons by name."""
        return [mention(flatten(actor.name)) for actor in self.cast([ActorKind.PERSON])]

    def organisations(self) -> list[Object]:
        """Bodies by name."""
        return [mention(flatten(actor.name)) for actor in self.cast(ORGANISATIONS)]

    def places(self) -> list[Object]:
        """States, then where parties met and things happened; each name once."""
        states = [
            mention(flatten(actor.name)) | ({"uri": COUNTRY + actor.country} if actor.country else {})
            for actor in self.cast([ActorKind.STATE])
        ]
        spots = [mention(flatten(i.place)) for i in self.occurrences() if i.place]
        return list({place["name"]: place for place in (*spots, *states)}.values())

    def subjects(self) -> list[Object]:
        """The topic that was kept, and what demands and proposals are about; each once."""
        b = self.briefing
        issues = [b.topic] if b.topic else []
        issues += [demand.issue for demand in b.demands] + [proposal.issue for proposal in b.proposals]
        creator = flatten(b.provenance.program)
        return [{"name": name, "rel": "about", "creator": creator} for name in dict.fromkeys(map(flatten, issues))]

    def outlets(self) -> list[str]:
        """Outlets that were read, and those that they credit."""
        credited = [origin.name for origin in self.briefing.origins if origin.kind == "attributed"]
        return list(dict.fromkeys(map(flatten, (*(source.outlet for source in self.briefing.read), *credited))))

    def occasion(self, venue: Venue) -> Object:
        """A venue as an event of its own: ninjs takes a month or a year for a date."""
        day = venue.when.date if venue.when else None
        made = {
            "name": flatten(venue.what),
            "rel": "event",
            "uri": urn(lasting_id(self.id, venue.id)),
            "type": "event",
            "title": flatten(venue.what),
            "descriptions": [
                plain("status", venue.status.value),
                plain("kind", flatten(venue.kind)),
                *(plain("caveat", caveat) for caveat in self.facts.caveats_of(venue)),
            ],
            "eventDetails": {"dates": {"expectedStartDate": day}},
            "people": [mention(flatten(actor.name)) for actor in self.taking_part(venue, [ActorKind.PERSON])],
            "organisations": [mention(flatten(actor.name)) for actor in self.taking_part(venue, ORGANISATIONS)],
            "places": [mention(flatten(venue.place))] if venue.place else [],
        }
        return given(made)

    def taking_part(self, venue: Venue, kinds: Iterable[ActorKind]) -> list[Actor]:
        """Participants of some kinds."""
        return [self.facts.actors[id] for id in venue.participants if self.facts.actors[id].kind in kinds]


def source_object(source: Source) -> Object:
    """An article as an associated text: where it can be read, not what it says."""
    dated = f", {in_full(source.published)}" if source.published else ""
    title = flatten(source.title or "")
    url = web_address(source.url)
    made = {
        "name": f"{flatten(source.outlet)}{dated}{': ' if title else ''}{title}",
        "rel": "source",
        "uri": urn(lasting_id("article", source.id)),
        "type": "text",
        "representationType": "partial",
        "language": flatten(source.language or ""),
        "by": flatten(source.author or ""),
        "headlines": [{"role": "main", "contentType": "text/plain", "value": title}] if title else [],
        "infoSources": [{"name": flatten(source.publisher)}] if source.publisher else [],
        "altIds": [{"role": "article", "value": source.id}, {"role": "sha256", "value": source.sha256}],
        "renditions": [{"name": "web", "href": url}] if url else [],
    }
    return given(made)


def plain(role: str, text: str) -> Object:
    """A description without markup."""
    return {"role": role, "contentType": "text/plain", "value": text}


def body(role: str, media_type: str, text: str) -> Object:
    """A body with its length."""
    return {
        "role": role,
        "contentType": media_type,
        "charCount": len(text),
        "wordCount": len(text.split()),
        "value": text,
    }


def mention(name: str) -> Object:
    """Somebody or something that the text names."""
    return {"name": name, "rel": "mentions"}


def given(made: Object) -> Object:
    """An object without the fields that nothing is known for."""
    return {name: value for name, value in made.items() if value not in ("", [], None)}
