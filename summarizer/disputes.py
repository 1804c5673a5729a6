"""Disputes: where reports or parties contradict each other about one and the same thing.

The gate comes first: whether the versions are about the same event. What only looks alike
(two calls on two days) is kept too, marked as different events, so that nobody has to
wonder twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from summarizer.answers import DisputeNote, Disputes
from summarizer.describe import describe_variant
from summarizer.desk import Desk
from summarizer.models import (
    Actor,
    Claim,
    ClaimStatus,
    Dispute,
    Resolution,
    Variant,
    Version,
)
from summarizer.reading import Reading
from summarizer.reconcile import Items
from summarizer.text import flatten


async def find_disputes(items: Items, readings: Sequence[Reading], desk: Desk) -> tuple[Dispute, ...]:
    """Ask what contradicts what, among the variants of one item first, then among items.

    Raises:
        ModelError: if no valid answer could be had.
    """
    listed = items.all
    variants = {variant.id: variant for item in listed for variant in item.variants}
    actors = {actor.id: actor for actor in items.actors}
    if len(variants) < 2:
        return ()
    desk.tell("disputes", 0, 1)
    numbers = {reading.article.id: number for number, reading in enumerate(readings, 1)}
    message = desk.prompts["disputes"].render(
        actors=[{"id": actor.id, "name": actor.name} for actor in items.actors],
        items=[
            {
                "id": item.id,
                "what": item.what,
                "parties": [actors[id].name for id in dict.fromkeys(item.actor_ids)],
                "variants": [describe_variant(variant, numbers, actors) for variant in item.variants],
            }
            for item in listed
        ],
    )

    def check(answer: Disputes) -> Iterator[str]:
        for i, dispute in enumerate(answer.disputes):
            yield from check_dispute(f"disputes[{i}]", dispute, variants, actors)

    answer = await desk.door.ask(message, Disputes, check=check)
    desk.tell("disputes", 1, 1)
    return tuple(
        Dispute(
            id=f"X{number}",
            issue=flatten(note.issue),
            versions=tuple(
                Version(what=flatten(version.what), held_by=version.held_by, variants=version.variants)
                for version in note.versions
            ),
            same_event=note.same_event,
            why=flatten(note.why),
            resolution=Resolution(note.resolution),
        )
        for number, note in enumerate(sorted(answer.disputes, key=_most_open), 1)
    )


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
    counted = Counter(id for version in dispute.versions for id in set(version.variants))
    if shared := [id for id, count in counted.items() if count > 1]:
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
