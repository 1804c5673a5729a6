"""Disputes: where reports or parties contradict each other about one and the same thing.

The gate comes first: whether the versions are about the same event. What only looks alike
(two calls on two days) is kept too, marked as different events, so that nobody has to
wonder twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

from summarizer.answers import DisputeNote, Disputes
from summarizer.batches import batched, weigh
from summarizer.describe import describe_variant
from summarizer.desk import Desk, all_of
from summarizer.errors import TooMuch
from summarizer.models import (
    Actor,
    AnyItem,
    Claim,
    ClaimStatus,
    Dispute,
    Resolution,
    Variant,
    Version,
)
from summarizer.reconcile import Items
from summarizer.text import cell, flatten

MOST_TOKENS = 24_000
"""Tokens of items in one question, as estimated. Tried up to 12,000 on the example and the real articles."""


async def find_disputes(
    items: Items, cast: Sequence[Actor], numbers: Mapping[str, int], desk: Desk
) -> tuple[DisputeNote, ...]:
    """Ask what contradicts what in one story, among the variants of one item first, then among items.

    `cast` are the actors that the items name, `numbers` the articles' by id, as the model knows them.

    Items too many for one question are asked about in batches, those of one party together:
    what lies in two batches is not compared.

    Raises:
        ModelError: if no valid answer could be had.
    """
    if sum(len(item.variants) for item in items.all) < 2:
        return ()
    actors = {actor.id: actor for actor in cast}
    room = desk.door.room(desk.prompts["disputes"], Disputes) - weigh({actor.id: actor.name for actor in cast})

    def describe(item: AnyItem) -> dict[str, object]:
        return _describe(item, numbers, actors)

    def weight(item: AnyItem) -> int:
        return weigh(describe(item))

    def batches(listed: Sequence[AnyItem], most: int) -> list[list[AnyItem]]:
        return batched(listed, weight, most=most, room=max(1, min(room, MOST_TOKENS)))

    async def ask(listed: Sequence[AnyItem]) -> Sequence[DisputeNote]:
        if sum(len(item.variants) for item in listed) < 2:
            return []
        try:
            return await _ask(listed, describe, cast, desk)
        except TooMuch:
            if len(listed) < 2:
                raise
            halves = batches(listed, -(-len(listed) // 2))
            return [note for found in await all_of(map(ask, halves)) for note in found]

    whole = batches(items.all, len(items.all))
    if len(whole) > 1:  # those of one party together
        whole = batches(sorted(items.all, key=lambda item: min(item.actor_ids, default="")), len(items.all))
    notes = [note for found in await all_of(map(ask, whole)) for note in found]
    return tuple(sorted(notes, key=_most_open))


def number_disputes(stories: Sequence[Sequence[DisputeNote]]) -> list[tuple[Dispute, ...]]:
    """The disputes of each story, numbered through the day."""
    numbers = count(1)
    return [tuple(_dispute(f"X{next(numbers)}", note) for note in notes) for notes in stories]


def _dispute(id: str, note: DisputeNote) -> Dispute:
    return Dispute(
        id=id,
        issue=flatten(note.issue),
        versions=tuple(
            Version(what=flatten(version.what), held_by=version.held_by, variants=version.variants)
            for version in note.versions
        ),
        same_event=note.same_event,
        why=flatten(note.why),
        resolution=Resolution(note.resolution),
    )


async def _ask(
    listed: Sequence[AnyItem], describe: Callable[[AnyItem], dict[str, object]], cast: Sequence[Actor], desk: Desk
) -> tuple[DisputeNote, ...]:
    """Ask about some items."""
    variants = {variant.id: variant for item in listed for variant in item.variants}
    actors = {actor.id: actor for actor in cast}
    message = desk.prompts["disputes"].render(
        actors=[{"id": actor.id, "name": cell(actor.name)} for actor in cast], items=[describe(item) for item in listed]
    )

    def check(answer: Disputes) -> Iterator[str]:
        for i, dispute in enumerate(answer.disputes):
            yield from check_dispute(f"disputes[{i}]", dispute, variants, actors)

    answer = await desk.door.ask(message, Disputes, check=check)
    return answer.disputes


def _describe(item: AnyItem, numbers: Mapping[str, int], actors: Mapping[str, Actor]) -> dict[str, object]:
    """What the model is told of an item."""
    return {
        "id": item.id,
        "what": cell(item.what),  # the shipped prompt has it in the reports' lines alone
        "parties": [cell(actors[id].name) for id in dict.fromkeys(item.actor_ids)],
        "variants": [describe_variant(variant, numbers, actors) for variant in item.variants],
    }


def with_standing(claims: Sequence[Claim], disputes: Sequence[Dispute]) -> tuple[Claim, ...]:
    """The claims, those that stand against another one in an open dispute marked as disputed."""
    contested = {
        id
        for dispute in disputes
        if dispute.resolution is Resolution.OPEN
        for version in dispute.versions
        for id in version.variants
    }
    return tuple(
        claim.model_copy(update={"status": ClaimStatus.DISPUTED})
        if any(variant.id in contested for variant in claim.variants)
        else claim
        for claim in claims
    )


def check_dispute(
    label: str, dispute: DisputeNote, variants: Mapping[str, Variant], actors: Mapping[str, Actor]
) -> Iterator[str]:
    """Say what is wrong with one dispute: unknown ids, or a contradiction between different events."""
    for version in dispute.versions:
        yield from (f"{label}: there is no line {id}" for id in version.variants if id not in variants)
        yield from (f"{label}: there is no actor {id}" for id in version.held_by if id not in actors)
    counted = Counter(id for version in dispute.versions for id in dict.fromkeys(version.variants))
    if shared := [id for id, times in counted.items() if times > 1]:
        yield f"{label}: {', '.join(shared)} can't say so on both sides; each line belongs to one version"
    if dispute.same_event and dispute.resolution == "different_events":
        yield f"{label}: same_event is true, so the resolution can't be different_events"
    if not dispute.same_event and dispute.resolution != "different_events":
        yield (
            f"{label}: same_event is false, so nothing is contradicted: the resolution must be different_events, "
            "or the entry be left out"
        )


def _most_open(dispute: DisputeNote) -> int:
    """Open disputes first, look-alikes last."""
    return ["open", "later_update", "error", "translation_variant", "different_events"].index(dispute.resolution)
