"""Recognising: which of a day's things are ones that stood before.

Actors by their names first; then the model is asked about those that remain, and about
demands, proposals, venues, claims and disputes. It is shown what stood, a line each, and
answers with ids. Ids of the day on the one side, ids over all days on the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from summarizer.answers import Continuation, Continuations, KnownActors
from summarizer.batches import batched, check_ids, weigh
from summarizer.describe import describe_actor, describe_dispute, describe_item
from summarizer.desk import Desk, all_of
from summarizer.models import Actor, ActorKind, AnyItem, Dispute, Venue, VenueStatus
from summarizer.names import Named, known_by_name
from summarizer.past import LETTERS, Past, Standing, actors_in, date_of
from summarizer.reconcile import StoryOfDay
from summarizer.text import FIGURE

MOST_TOKENS = 24_000
"""Tokens of lines in one question, as estimated; today's have half of them at most. Tried up to 9,000."""

MOST_ACTORS = 100
"""Earlier actors in one question: those mentioned last."""

COMPARED = ("demand", "proposal", "venue", "claim", "dispute")
"""Kinds that go on from day to day; an event is over when it has been told."""


@dataclass(frozen=True)
class Recognised:
    """What a day has of what stood before."""

    actors: Mapping[str, str] = field(default_factory=dict)
    """Id over all days, by the day's own."""
    continued: Mapping[str, Continuation] = field(default_factory=dict)
    """By the day's own id; `before` has ids over all days."""

    @property
    def same(self) -> dict[str, str]:
        """Ids over all days by the day's own: of each continued thing the closest."""
        return {**self.actors, **{id: found.before[0] for id, found in self.continued.items()}}


async def recognise(
    stories: Sequence[StoryOfDay], actors: Sequence[Actor], past: Past, day: date, desk: Desk
) -> Recognised:
    """Find what of a day stood before.

    Raises:
        ModelError: if no valid answer could be had.
    """
    earlier = {s.id: Named("before", s.name, s.forms, ActorKind(s.status)) for s in past.of_kind("actor")}
    by_name = known_by_name(actors, earlier)
    asked = [_known_actors(actors, by_name, past, desk), *(_continued(s, by_name, past, day, desk) for s in stories)]
    answers = await all_of(asked)
    named = {answer.now: answer.before[0] for answer in answers[0]}
    taken: set[str] = set()
    continued: dict[str, Continuation] = {}
    for each in (each for answer in answers[1:] for each in answer):
        free = tuple(id for id in each.before if id not in taken)  # what lies in two questions may be found in both
        if free:
            continued[each.now] = each.model_copy(update={"before": free})
            taken.update(free)
    return Recognised({**by_name, **named}, continued)


# --------------------------------------------------------------------------------- actors


async def _known_actors(
    actors: Sequence[Actor], by_name: Mapping[str, str], past: Past, desk: Desk
) -> list[Continuation]:
    """Ask about the actors whom their names don't tell."""
    names = {actor.id: actor.name for actor in actors}
    today = {actor.id: describe_actor(actor, names) for actor in actors if actor.id not in by_name}
    known = set(by_name.values())
    left = [standing for standing in past.of_kind("actor") if standing.id not in known][:MOST_ACTORS]
    if not today or not left:
        return []
    earlier = {f"b{number}": standing for number, standing in enumerate(left, 1)}

    def check(answer: KnownActors) -> Iterator[str]:
        yield from check_ids(([each.now] for each in answer.known), today, "entry of today", "pair")
        yield from check_ids(([each.before] for each in answer.known), earlier, "earlier entry", "pair")

    message = desk.prompts["known"].render(
        today=[{"id": id, "text": text} for id, text in today.items()], earlier=_lines(earlier)
    )
    answer = await desk.door.ask(message, KnownActors, check=check)
    return [Continuation(now=each.now, before=(earlier[each.before].id,), change="restated") for each in answer.known]


# ---------------------------------------------------------------------------------- items


async def _continued(
    story: StoryOfDay, by_name: Mapping[str, str], past: Past, day: date, desk: Desk
) -> list[Continuation]:
    """Ask which things of a story go on from earlier ones that name one of its actors."""
    items = {item.id: item for item in story.items.all}
    actors = {actor.id: actor for actor in story.cast}
    texts = {
        thing.id: describe_dispute(thing) if isinstance(thing, Dispute) else describe_item(thing, actors)
        for thing in story.compared
    }
    named = {by_name[id] for thing in story.compared for id in actors_in(thing, items) if id in by_name}
    candidates = [standing for standing in past.of_kind(*COMPARED) if named & set(standing.actors)]
    if not texts or not candidates:
        return []
    room = min(MOST_TOKENS, desk.door.room(desk.prompts["compare"], Continuations))
    earlier = _as_fit(candidates, room // 2)
    left = room - sum(map(weigh, _lines(earlier)))
    batches = batched(
        story.compared, lambda thing: weigh({"text": texts[thing.id]}), most=len(texts), room=max(1, left)
    )
    found = await all_of(_ask(batch, texts, earlier, day, desk) for batch in batches)
    return [each for some in found for each in some]


def _as_fit(candidates: Iterable[Standing], room: int) -> dict[str, Standing]:
    """The candidates mentioned last, as many as there is room for, under the ids that the model knows them by."""
    fitting: dict[str, Standing] = {}
    for number, standing in enumerate(candidates, 1):
        room -= weigh({"text": standing.text})
        if room < 0 and fitting:
            break
        fitting[f"b{number}"] = standing
    return fitting


def _lines(earlier: Mapping[str, Standing]) -> list[dict[str, object]]:
    """What the model is told of what stood."""
    return [{"id": id, "kind": s.kind, "text": s.text, "last": s.last.isoformat()} for id, s in earlier.items()]


async def _ask(
    things: Sequence[AnyItem | Dispute],
    texts: Mapping[str, str],
    earlier: Mapping[str, Standing],
    day: date,
    desk: Desk,
) -> list[Continuation]:
    """Ask about some of a story's things."""
    today = {thing.id: thing for thing in things}

    def check(answer: Continuations) -> Iterator[str]:
        yield from check_ids(([each.now] for each in answer.continued), today, "entry of today", "pair")
        yield from check_ids((each.before for each in answer.continued), earlier, "earlier entry", "pair")
        for i, each in enumerate(answer.continued):
            before = [earlier[id] for id in each.before if id in earlier]
            if each.now in today:
                yield from check_continuation(f"continued[{i}]", each, today[each.now], texts[each.now], before)

    message = desk.prompts["compare"].render(
        day=day.isoformat(),
        language=desk.settings.language,
        today=[{"id": id, "kind": LETTERS[id[0]], "text": texts[id]} for id in today],
        earlier=_lines(earlier),
    )
    answer = await desk.door.ask(message, Continuations, check=check)
    return [
        each.model_copy(update={"before": tuple(earlier[id].id for id in each.before)}) for each in answer.continued
    ]


def check_continuation(
    label: str, found: Continuation, thing: AnyItem | Dispute, text: str, before: Sequence[Standing]
) -> Iterator[str]:
    """Say what is wrong with taking a thing for one that stood before.

    Args:
        label: what to call it in messages.
        found: what the model says.
        thing: as it stands today.
        text: what the model was told of it.
        before: what it is said to go on from.
    """
    for standing in before:
        if standing.kind != LETTERS[thing.id[0]]:
            yield f"{label}: {thing.id} is a {LETTERS[thing.id[0]]}, the earlier one a {standing.kind}"
        elif isinstance(thing, Venue) and _another_day(thing, standing):
            days = f"{thing.id} took place on {date_of(thing)}, the earlier one on {standing.when}"
            yield f"{label}: {days}: two occasions"
    if found.change == "restated":
        return
    if not (found.was and found.now_is and found.what):
        yield f"{label}: what is {found.change} needs `was`, `now_is` and `what`"
        return
    basis = " ".join((text, *(f"{standing.text} {standing.last}" for standing in before)))
    known = set(FIGURE.findall(basis))
    said = f"{found.was} {found.now_is} {found.what}"
    if strange := [figure for figure in FIGURE.findall(said) if figure not in known]:
        yield f"{label}: {', '.join(strange)} stands in none of the lines"


def _another_day(venue: Venue, before: Standing) -> bool:
    """Whether both took place, on days that are known and differ."""
    day = date_of(venue) or ""
    past = venue.status is VenueStatus.PAST and before.status == VenueStatus.PAST.value
    return past and len(day) == len(before.when or "") == 10 and day != before.when
