"""A briefing as rows: what is written of it beside the whole."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from summarizer.archive.found import Quoted, Rung, Step
from summarizer.archive.words import GAP, words_in
from summarizer.caveats import Caveats
from summarizer.describe import describe_actor, describe_dispute, describe_item
from summarizer.models import (
    Actor,
    AnyItem,
    Briefing,
    ChangeKind,
    Claim,
    Demand,
    Dispute,
    Event,
    Evidence,
    Proposal,
    Source,
    Stance,
    Variant,
    Venue,
    VenueVariant,
)
from summarizer.names import fold_name
from summarizer.numbering import things_of
from summarizer.past import Thing, actors_in, date_of, evidence_of, name_of, state_of, status_of
from summarizer.text import flatten

QUOTED = TypeAdapter(tuple[Quoted, ...])
RUNGS = TypeAdapter(tuple[Rung, ...])
SHOWN = 2
"""Quotations of a rung."""
TAKERS = {
    Stance.ASSERTS: "asserted_by",
    Stance.CONFIRMS: "confirmed_by",
    Stance.DENIES: "denied_by",
    Stance.NEITHER: "unconfirmed_by",
}
"""By stance the field of a claim that has who takes it: what its clean reports come to, as the briefing prints it."""

Row = dict[str, Any]


@dataclass(frozen=True)
class GoesBy:
    """Which identity a briefing's printed ids go by."""

    resolve: Callable[[str], str]
    """From an id to the one that it was merged into, or itself."""
    own: Mapping[str, str] = field(default_factory=dict)
    """The id that a thing has by itself, by the printed one where that is another."""
    parted: Collection[str] = ()
    """Printed ids of what a person gave its own id, by a split of days."""

    def __call__(self, printed: str) -> str:
        """The identity of a thing of the briefing."""
        return self.resolve(self.own.get(printed, printed))


def pack(text: str) -> bytes:
    """A text, or a briefing's JSON, as it is kept."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpack(body: bytes) -> str:
    """What was packed."""
    return zlib.decompress(body).decode("utf-8", "surrogatepass")


def briefing_row(briefing: Briefing) -> Row:
    """What a list of briefings shows of one."""
    return {
        "date": briefing.date,
        "topic": briefing.topic or "",
        "compared_with": briefing.compared_with,
        "headline": "; ".join(flatten(story.name) for story in briefing.stories),
        "stories": len(briefing.stories),
        "articles": sum(not source.earlier for source in briefing.sources),
        "items": len(briefing.items),
        "changes": len(briefing.changes),
        "problems": len(briefing.problems),
        "body": pack(briefing.model_dump_json()),
    }


def thing_rows(briefing: Briefing, goes_by: GoesBy) -> Iterator[Row]:
    """A row for each thing, in the briefing's order."""
    actors = {actor.id: actor for actor in briefing.actors}
    names = {id: actor.name for id, actor in actors.items()}
    variants = {variant.id: variant for item in briefing.items for variant in item.variants}
    story_of = {id: story.id for story in briefing.stories for id in story.items}
    sources = {source.id: source for source in briefing.sources}
    caveats = Caveats(briefing.disputes)
    for position, thing in enumerate(things_of(briefing)):
        owner = thing.affiliation if isinstance(thing, Actor) else None
        shown = evidence_of(thing, variants)
        own = () if isinstance(thing, Dispute) else thing.evidence
        reports = thing.variants if isinstance(thing, Venue) else ()
        rungs = tuple(_rung(briefing.date, variant, sources) for variant in reports)
        yield {
            "date": briefing.date,
            "item": thing.id,
            "own": goes_by.own.get(thing.id, thing.id),
            "parted": int(thing.id in goes_by.parted),
            "identity": goes_by(thing.id),
            "letter": thing.id[0],
            "position": position,
            "story": story_of.get(thing.id),
            "name": flatten(name_of(thing)),
            "what": flatten(what_of(thing)),
            "status": status_of(thing),
            "state": state_of(thing),
            "day": date_of(thing),
            "affiliation": owner,
            "owner": goes_by(owner) if owner else None,
            "told": told_of(thing, actors, names),
            "evidence": dump(shown),
            "quoted": QUOTED.dump_json(quote(shown, sources)).decode(),
            "further": QUOTED.dump_json(quote((each for each in own if each not in shown), sources)).decode(),
            "rungs": RUNGS.dump_json(rungs).decode() if rungs else None,
            "caveats": json.dumps(() if isinstance(thing, (Actor, Dispute)) else caveats.of(thing)),
            "sides": json.dumps(sides_of(thing, variants, sources)) if isinstance(thing, Dispute) else None,
        }


def quote(evidence: Iterable[Evidence], sources: Mapping[str, Source]) -> tuple[Quoted, ...]:
    """Evidence as answers have it, each stretch once."""
    return tuple(Quoted.of(each, sources[each.article]) for each in dict.fromkeys(evidence))


def _rung(day: date, variant: VenueVariant, sources: Mapping[str, Source]) -> Rung:
    """How certain a report has a meeting."""
    return Rung(
        date=day,
        outlet=sources[variant.evidence[0].article].outlet,
        status=variant.status.value,
        when=variant.when.words if variant.when else None,
        day=variant.when.date if variant.when else None,
        place=variant.place,
        quotations=quote(variant.evidence[:SHOWN], sources),
    )


def sides_of(dispute: Dispute, variants: Mapping[str, Variant], sources: Mapping[str, Source]) -> list[Row]:
    """A dispute's versions: what each is, the printed ids of who holds it, and the outlets that have it."""
    return [
        {
            "what": flatten(version.what),
            "held_by": version.held_by,
            "outlets": list(dict.fromkeys(sources[variants[id].article].outlet for id in version.variants)),
        }
        for version in dispute.versions
    ]


def what_of(thing: Thing) -> str:
    """A thing in a sentence."""
    if isinstance(thing, Actor):
        return thing.office or ""
    return thing.why if isinstance(thing, Dispute) else thing.what


def told_of(thing: Thing, actors: Mapping[str, Actor], names: Mapping[str, str]) -> str:
    """What a model is told of a thing."""
    if isinstance(thing, Actor):
        return describe_actor(thing, names)
    return describe_dispute(thing) if isinstance(thing, Dispute) else describe_item(thing, actors)


def dump(evidence: tuple[Evidence, ...]) -> str:
    """Evidence as JSON."""
    return json.dumps([each.model_dump() for each in evidence], ensure_ascii=False)


def role_rows(thing: Thing, items: Mapping[str, AnyItem], day: date, goes_by: GoesBy) -> Iterator[Row]:
    """Who has which part in a thing, each part once; `items` by their ids."""
    found = dict.fromkeys((role, id) for role, ids in _roles(thing, items) for id in ids)
    shared = {"date": day, "identity": goes_by(thing.id)}
    return ({**shared, "role": role, "actor": goes_by(id), "printed": id} for role, id in found)


def _roles(thing: Thing, items: Mapping[str, AnyItem]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(thing, Demand):
        yield from (("by", thing.by), ("of", thing.of))
    elif isinstance(thing, Proposal):
        yield from (("by", thing.by), ("to", thing.to))
    elif isinstance(thing, Venue):
        yield "participant", thing.participants
    elif isinstance(thing, Event):
        yield "actor", thing.actors
    elif isinstance(thing, Claim):
        yield from ((stance.value, getattr(thing, field)) for stance, field in TAKERS.items())
        yield "concerned", tuple(id for id in actors_in(thing, items) if id not in thing.actor_ids)
    elif isinstance(thing, Dispute):
        yield "holds", tuple(id for version in thing.versions for id in version.held_by)
        yield "concerned", actors_in(thing, items)


def name_rows(actor: Actor) -> Iterator[Row]:
    """An actor's spellings, as articles have them, and the keys under which they are found."""
    forms = dict.fromkeys(alias.name for alias in actor.aliases)
    return ({"name": flatten(name), "folded": fold_name(name, actor.kind)} for name in forms)


def words_of(thing: Thing, items: Mapping[str, AnyItem], names: Mapping[str, str]) -> str:
    """What a thing is found by: its own words, the names of whom it concerns, its quotations."""
    if isinstance(thing, Actor):
        return search_words(thing.name, thing.office or "", *(alias.name for alias in thing.aliases))
    parties = (names[id] for id in actors_in(thing, items))
    if isinstance(thing, Dispute):
        return search_words(thing.issue, thing.why, *(version.what for version in thing.versions), *parties)
    quotes = (evidence.quote for evidence in thing.evidence)
    return search_words(name_of(thing), thing.what, *_details(thing), *parties, *quotes)


def _details(item: AnyItem) -> Iterator[str]:
    if isinstance(item, Demand):
        yield from item.conditions
    elif isinstance(item, Proposal):
        yield item.in_exchange or ""
    elif isinstance(item, Venue):
        yield from (item.kind, item.place or "")


def search_words(*texts: str) -> str:
    """The words of texts as they are looked for: folded, so that both databases find the same."""
    found = (" ".join(words_in(text)) for text in dict.fromkeys(texts))
    return f" {GAP} ".join(filter(None, found))


def change_rows(briefing: Briefing, goes_by: GoesBy) -> Iterator[Row]:
    """A row for each change; what is not mentioned is no thing of the briefing, and its id an earlier one's."""
    sources = {source.id: source for source in briefing.sources}
    for position, change in enumerate(briefing.changes):
        step = Step(
            date=briefing.date,
            kind=change.kind,
            what=change.what,
            since=change.since,
            before=change.before,
            after=change.after,
            quotations_before=quote(change.evidence_before, sources),
            quotations=quote(change.evidence_after, sources),
        )
        silent = change.kind is ChangeKind.NOT_MENTIONED
        yield {
            "position": position,
            "date": briefing.date,
            "item": change.item,
            "identity": goes_by.resolve(change.item) if silent else goes_by(change.item),
            "kind": change.kind.value,
            "step": step.model_dump_json(),
        }


def source_rows(briefing: Briefing) -> Iterator[Row]:
    """A row for each article."""
    for source in briefing.sources:
        data = source.model_copy(update={"boilerplate": ()}).model_dump_json()
        yield {"article": source.id, "earlier": int(source.earlier), "data": data}


def evidence_in(data: str) -> Iterator[dict[str, Any]]:
    """All evidence in the JSON of something, some of it perhaps more than once."""
    waiting = [from_json(data)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and "quote" in value:
            yield value
        elif isinstance(value, (dict, list)):
            waiting.extend(reversed(list(value.values() if isinstance(value, dict) else value)))


def spans_of(data: str) -> set[tuple[str, int, int]]:
    """Where something stands, from its JSON: article, start and end of all evidence in it."""
    return {(each["article"], each["start"], each["end"]) for each in evidence_in(data)}
