"""What a model is told of items and disputes that are there already: a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarizer.models import (
    STANCES,
    Actor,
    AnyItem,
    Change,
    Claim,
    ClaimVariant,
    Demand,
    DemandVariant,
    Dispute,
    Event,
    EventVariant,
    Proposal,
    ProposalVariant,
    Resolution,
    Variant,
    Venue,
    VenueVariant,
    When,
)
from summarizer.text import cell


def describe_actor(actor: Actor, names: Mapping[str, str]) -> str:
    """What a model is told of an actor when it is held against those of other days; `names` by actor id."""
    told = [actor.kind.value, " / ".join(dict.fromkeys((actor.name, *(alias.name for alias in actor.aliases))))]
    return cell(" · ".join((*told, *office_of(actor, names))))


def office_of(actor: Actor, names: Mapping[str, str]) -> list[str]:
    """An actor's office, and whose it is, as far as they are known; `names` by actor id."""
    office = [actor.office] if actor.office else []
    return office + ([f"of {names[actor.affiliation]}"] if actor.affiliation else [])


def describe_item(item: AnyItem, actors: Mapping[str, Actor]) -> str:
    """What the writer is told of an item, on one line."""

    def names(ids: Sequence[str]) -> str:
        return ", ".join(actors[id].name for id in ids)

    told = [item.what]
    if isinstance(item, Demand):
        told.insert(0, f"{names(item.by)} → {names(item.of) or 'anyone'}, {item.strength.value.replace('_', ' ')}")
        told.append(item.status.value)
        told += [f"conditions: {'; '.join(item.conditions)}"] if item.conditions else []
        told += [f"first stated {describe_when(item.first_stated)}"] if item.first_stated else []
    elif isinstance(item, Proposal):
        told.insert(0, f"{names(item.by)} → {names(item.to) or 'anyone'}")
        told += [f"in exchange for {item.in_exchange}"] if item.in_exchange else []
        told.append(item.status.value)
    elif isinstance(item, Venue):
        told.insert(0, f"{item.kind} of {names(item.participants) or 'unnamed parties'}")
        told += [item.place] if item.place else []
        told += [describe_when(item.when)] if item.when else []
        told.append(item.status.value)
    elif isinstance(item, Claim):
        told += [f"{words} {names(ids)}" for words, field in STANCES.items() if (ids := getattr(item, field))]
    elif isinstance(item, Event):
        told += [describe_when(item.when)] if item.when else []
        told.append(item.status.value)
    return cell(" · ".join(told))


def describe_change(change: Change) -> str:
    """What the writer is told of a change, on one line."""
    told = [change.kind.value.replace("_", " "), change.what]
    told += [f"{change.before} → {change.after}"] if change.before and change.after else []
    told += [f"since {change.since}"] if change.before else []
    return cell(" · ".join(told))


def describe_dispute(dispute: Dispute) -> str:
    """What the writer is told of a dispute, on one line."""
    kind = {
        Resolution.OPEN: "open contradiction",
        Resolution.DIFFERENT_EVENTS: "NOT a contradiction: different events",
        Resolution.TRANSLATION_VARIANT: "only a translation's wording",
        Resolution.LATER_UPDATE: "the later report supersedes the earlier",
        Resolution.ERROR: "one report is in error",
    }[dispute.resolution]
    versions = " — against — ".join(version.what for version in dispute.versions)
    return cell(f"{kind} · {dispute.issue} · {versions} · {dispute.why}")


def describe_variant(variant: Variant, numbers: Mapping[str, int], actors: Mapping[str, Actor]) -> dict[str, object]:
    """What the model is told of one report's terms."""
    told = [variant.what]
    if isinstance(variant, ClaimVariant):
        told.append(f"{variant.stance.value}: {', '.join(actors[id].name for id in variant.actors) or '—'}")
    elif isinstance(variant, (DemandVariant, ProposalVariant, VenueVariant, EventVariant)):
        told.append(variant.status.value)
    if isinstance(variant, VenueVariant) and variant.place:
        told.append(variant.place)
    if isinstance(variant, (VenueVariant, EventVariant)) and variant.when:
        told.append(describe_when(variant.when))
    return {
        "id": variant.id,
        "article": numbers[variant.article],
        "translated": variant.translated,
        "via": cell(variant.via or ""),
        "text": cell(" · ".join(told)),
    }


def describe_when(when: When) -> str:
    """A time in words, with the date where it is known."""
    if when.words and when.date:
        return f"{when.words} ({when.date})"
    return when.words or when.date or ""
