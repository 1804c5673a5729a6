"""Writing: headline, bottom line and open questions, each sentence resting on items.

The only prose that a model writes. A sentence that cites no item, an id that does not
exist, or a figure that stands in nothing it cites is sent back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.answers import Summary, WrittenLine
from summarizer.batches import weigh
from summarizer.compare import TOLD
from summarizer.describe import describe_change, describe_dispute, describe_item, office_of
from summarizer.desk import Desk
from summarizer.models import Actor, ActorKind, AnyItem, Change, Dispute, Line, Variant
from summarizer.reconcile import StoryOfDay
from summarizer.text import FIGURE, cell, content_words, flatten
from summarizer.tokens import estimate_tokens

MOST_TOKENS = 24_000
"""Tokens of items that are told, as estimated: some 400 items."""


@dataclass(frozen=True)
class Written:
    """The written part of a story."""

    headline: Line | None = None
    bottom_line: tuple[Line, ...] = ()
    open_questions: tuple[Line, ...] = ()


async def write(
    story: StoryOfDay, changes: Sequence[Change], actors: Mapping[str, Actor], origins: Mapping[str, str], desk: Desk
) -> Written:
    """Have the written part of a story written, led by what changed if anything did.

    `actors` are the day's by id, `origins` names by origin id. Of items too many for one question, those with most
    independent origins are told.

    Raises:
        ModelError: if no valid answer could be had.
    """
    listed, disputes = story.items.all, story.disputes
    if not listed:
        return Written()
    moved = [change for change in changes if change.kind in TOLD]
    facts = {item.id: describe_item(item, actors) for item in listed}
    facts |= {dispute.id: describe_dispute(dispute) for dispute in disputes}
    facts |= {change.id: describe_change(change) for change in moved}
    quoted = {item.id: " ".join(evidence.quote for evidence in item.evidence) for item in listed}
    quoted |= _quoted_in_disputes(disputes, story.variants)
    quoted |= {x.id: " ".join(e.quote for e in (*x.evidence_before, *x.evidence_after)) for x in moved}
    people = _people(listed, actors)
    offices = " ".join(people.values())
    besides = sum(weigh({"text": facts[id]}) for id in facts if id[0] in "XK")
    room = desk.door.room(desk.prompts["write"], Summary) - besides
    told = _weightiest(listed, facts, people, max(1, min(room, MOST_TOKENS)))
    message = desk.prompts["write"].render(
        items=[
            {"id": item.id, "origins": [origins[id] for id in item.origins], "text": facts[item.id]} for item in told
        ],
        disputes=[{"id": dispute.id, "text": facts[dispute.id]} for dispute in disputes],
        changes=[{"id": change.id, "item": change.item, "text": facts[change.id]} for change in moved],
        people=list(dict.fromkeys(people[id] for item in told for id in item.actor_ids if id in people)),
        language=desk.settings.language,
    )

    def check(summary: Summary) -> Iterator[str]:
        english = desk.settings.language.split("-")[0].lower() == "en"
        for label, line in _labelled(summary):
            yield from check_line(label, line, facts, quoted, same_language=english, offices=offices)
        changed = [change.id for change in moved]
        if changed and not set(changed) & set(summary.bottom_line[0].cites):
            yield f"bottom_line[0]: the first sentence says what changed, and cites one of {', '.join(changed)}"

    summary = await desk.door.ask(message, Summary, check=check)
    return Written(
        _line(summary.headline), tuple(map(_line, summary.bottom_line)), tuple(map(_line, summary.open_questions))
    )


def _weightiest(
    listed: Sequence[AnyItem], facts: Mapping[str, str], people: Mapping[str, str], room: int
) -> list[AnyItem]:
    """The items with most origins, as many as there is room for with their people, in the order that they came in."""
    taken, chosen, known = 0, set[str](), set[str]()
    for item in sorted(listed, key=lambda item: -len(item.origins)):
        new = {id for id in item.actor_ids if id in people} - known
        taken += weigh({"text": facts[item.id]}) + sum(estimate_tokens(people[id]) for id in new)
        if taken > room and chosen:
            break
        chosen.add(item.id)
        known |= new
    return [item for item in listed if item.id in chosen]


def _people(listed: Sequence[AnyItem], actors: Mapping[str, Actor]) -> dict[str, str]:
    """Who the persons in these items are, by id, as far as the articles say it."""
    names = {id: actor.name for id, actor in actors.items()}
    named = (actors[id] for id in dict.fromkeys(id for item in listed for id in item.actor_ids))
    persons = (actor for actor in named if actor.kind is ActorKind.PERSON)
    return {
        actor.id: cell(f"{actor.name}: {', '.join(office)}") for actor in persons if (office := office_of(actor, names))
    }


def _labelled(summary: Summary) -> Iterator[tuple[str, WrittenLine]]:
    yield "headline", summary.headline
    yield from ((f"bottom_line[{i}]", line) for i, line in enumerate(summary.bottom_line))
    yield from ((f"open_questions[{i}]", line) for i, line in enumerate(summary.open_questions))


def _line(written: WrittenLine) -> Line:
    return Line(text=flatten(written.text), cites=tuple(dict.fromkeys(written.cites)))


def check_line(
    label: str,
    line: WrittenLine,
    facts: Mapping[str, str],
    quoted: Mapping[str, str],
    *,
    same_language: bool,
    offices: str = "",
) -> Iterator[str]:
    """Say what a written sentence has that the items it cites don't.

    Args:
        label: what to call the line.
        line: the sentence.
        facts: what the writer was told of each item, by id.
        quoted: the items' quotations, by id.
        same_language: whether words can be compared, or figures only.
        offices: who people are, which every sentence may say.
    """
    unknown = [id for id in line.cites if id not in facts]
    if unknown:
        yield f"{label}: there is no item {', '.join(unknown)}"
    if not line.cites:
        yield f"{label}: cites nothing; give the ids of the items that it rests on"
    if unknown or not line.cites:
        return
    basis = " ".join(f"{facts[id]} {quoted.get(id, '')}" for id in line.cites)
    known = {figure.lstrip("0") for figure in FIGURE.findall(f"{basis} {offices}")}
    strange = [figure for figure in FIGURE.findall(line.text) if figure.lstrip("0") not in known]
    if strange:
        yield f"{label}: {', '.join(strange)} stands in none of the items that it cites"
    if same_language and not content_words(line.text) & content_words(basis):
        yield f"{label}: shares neither a name nor a content word with the items that it cites"


def _quoted_in_disputes(disputes: Sequence[Dispute], variants: Mapping[str, Variant]) -> dict[str, str]:
    """The quotations behind each dispute's versions, by dispute id."""
    return {
        dispute.id: " ".join(
            evidence.quote
            for version in dispute.versions
            for id in version.variants
            for evidence in variants[id].evidence
        )
        for dispute in disputes
    }
