"""What a model fills in: sentence numbers, ids and short wordings, never a quotation.

Each top-level answer is an `Answer`: after its types are right it is held to the material
that the question was about (known sentences, known ids), by the check that `checked_by`
sets. What the check finds becomes a validation error, so that the model is asked again.
Fields that have nothing to say may be left out; that keeps answers short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from summarizer.models import (
    ActorKind,
    Country,
    DemandStatus,
    EventStatus,
    Lean,
    PartialDate,
    ProposalStatus,
    Stance,
    Strength,
    VenueStatus,
)
from summarizer.text import flatten


def _seen(text: str) -> str:
    if not flatten(text):
        raise ValueError("there is nothing in it that can be seen")
    return text


Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_seen)]

Check = Callable[[Any], Iterable[str]]

_check: ContextVar[Check | None] = ContextVar("check", default=None)


@contextmanager
def checked_by(check: Check) -> Iterator[None]:
    """Hold every `Answer` validated inside to `check`, which yields what is wrong with it.

    A context variable, not a validation context: instructor would render every message,
    the article included, as a template if it were given one.
    """
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


@cache
def schema_of(answer: type[Answer]) -> Mapping[str, Any]:
    """An answer's JSON schema; making one takes milliseconds."""
    return answer.model_json_schema()


def _lean(schema: dict[str, Any]) -> None:
    """Drop from a JSON schema what tells a model nothing: titles of fields, null beside a type.

    The schema goes out with every request; this takes a fifth off that of a reading (10,400 to 8,233 characters).
    """
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        if not field.get("default", True):
            del field["default"]
        kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1:
            del field["anyOf"]
            schema["properties"][name] = {**kinds[0], **field}


class Part(Lean):
    """Base of everything inside an answer."""

    model_config = ConfigDict(json_schema_extra=_lean)


class Answer(Part):
    """Base of a whole answer, held to the check in force."""

    @model_validator(mode="after")
    def _held_to_the_material(self) -> Self:
        check = _check.get()
        problems = list(check(self)) if check else []
        if problems:
            raise ValueError("; ".join(problems))
        return self


# --------------------------------------------------------------------- reading an article

Cites = Annotated[tuple[int, ...], Field(min_length=1, description="Numbers of the sentences that show it")]
ActorRef = Annotated[str, StringConstraints(pattern=r"^a\d+$")]
Actors = tuple[ActorRef, ...]


class ActorNote(Part):
    """Someone or something that acts in the article."""

    id: ActorRef = Field(description="a1, a2, …")
    name: Text = Field(description="The fullest clean name, without title")
    spellings: tuple[Text, ...] = Field(
        default=(), description="Every other form in the article, letter by letter as printed; not descriptions"
    )
    kind: ActorKind
    office: str | None = None
    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-3 of a real country, else left out")
    affiliation: ActorRef | None = Field(default=None, description="Id of the actor whom it belongs to or speaks for")


class Noted(Part):
    """Base of what is noted down: what it is, and where the article has it from."""

    what: Text = Field(description="One sentence in your own words, understandable alone")
    via: str | None = Field(default=None, description="Outlet or agency that the article says it has this from")


class Note(Noted):
    """Base of what sentences show directly."""

    cites: Cites


class DemandNote(Note):
    """A party wants something of another."""

    by: Annotated[Actors, Field(min_length=1)]
    of: Actors = ()
    issue: Text = Field(description="The thing at issue, in 2 to 6 words")
    strength: Strength
    conditions: tuple[Text, ...] = ()
    status: DemandStatus = DemandStatus.OPEN
    first_stated: str | None = Field(default=None, description="Words of the article for when it was first made")
    first_stated_date: PartialDate | None = None


class ProposalNote(Note):
    """A party offers or suggests something."""

    by: Annotated[Actors, Field(min_length=1)]
    to: Actors = ()
    issue: Text = Field(description="The thing at issue, in 2 to 6 words")
    in_exchange: str | None = Field(default=None, description="What is asked in return")
    status: ProposalStatus


class VenueNote(Note):
    """An occasion on which parties meet or speak."""

    kind: Text = Field(description="call, meeting, summit, talks, session, visit …")
    place: str | None = None
    country: Country | None = None
    participants: Actors = ()
    when: str | None = Field(default=None, description="Words of the article")
    date: PartialDate | None = None
    status: VenueStatus


class StanceNote(Part):
    """What some parties do with a claim."""

    stance: Stance
    by: Actors = ()
    cites: Cites


class ClaimNote(Noted):
    """A consequential assertion whose standing matters."""

    what: Text = Field(description="One sentence that names the occasion and its time, understandable alone")
    stances: Annotated[tuple[StanceNote, ...], Field(min_length=1)]


class EventNote(Note):
    """Something that happened, happens or will."""

    actors: Actors = ()
    place: str | None = None
    when: str | None = Field(default=None, description="Words of the article")
    date: PartialDate | None = None
    status: EventStatus


class ArticleNotes(Answer):
    """What one article says, by sentence number."""

    language: Text = Field(description="BCP 47 tag of the article's language")
    other_languages: tuple[Text, ...] = Field(
        default=(), description="Tags of other languages that whole sentences of the story are in"
    )
    headline: int | None = Field(default=None, description="Number of the sentence that is the headline, if any")
    machine_translated: bool
    truncated: bool = False
    boilerplate: tuple[int, ...] = Field(default=(), description="Numbers of all sentences that aren't the story")
    actors: tuple[ActorNote, ...] = ()
    demands: tuple[DemandNote, ...] = ()
    proposals: tuple[ProposalNote, ...] = ()
    venues: tuple[VenueNote, ...] = ()
    claims: tuple[ClaimNote, ...] = ()
    events: tuple[EventNote, ...] = ()


# ----------------------------------------------------------------------------- the stories


class StoryNote(Part):
    """Articles that are about one course of events."""

    title: Text = Field(description="What the story is, in 3 to 8 words")
    ids: Annotated[tuple[Text, ...], Field(min_length=1)]


class Stories(Answer):
    """All articles, sorted into stories: every id in exactly one."""

    stories: tuple[StoryNote, ...]


class OnTopic(Answer):
    """Which stories belong to a topic."""

    ids: tuple[Text, ...] = Field(default=(), description="Ids of the stories that belong to the topic; none if none")


# ----------------------------------------------------------------------------- reconciling


class SameActor(Part):
    """Entries that are one and the same actor."""

    ids: Annotated[tuple[Text, ...], Field(min_length=2)]
    name: Text = Field(description="The id whose name is right")


class SameActors(Answer):
    """Which entries are one actor; entries not listed stay as they are."""

    same: tuple[SameActor, ...] = ()


class Group(Part):
    """Notes that are about one thing."""

    label: Text = Field(description="What they are all about, in a few words")
    ids: Annotated[tuple[Text, ...], Field(min_length=1)]
    lead: Text = Field(description="The id of the clearest note, a clean one where there is one")


class Groups(Answer):
    """All notes, sorted into groups: every id in exactly one."""

    groups: tuple[Group, ...]


# -------------------------------------------------------------------------------- disputes


class VersionNote(Part):
    """One side."""

    what: Text = Field(description="What this side has, in one sentence")
    held_by: tuple[Text, ...] = Field(default=(), description="Actor ids, where parties disagree; else left out")
    variants: Annotated[tuple[Text, ...], Field(min_length=1, description="Ids of the lines that say so")]


class DisputeNote(Part):
    """Versions that contradict each other, or only seem to."""

    issue: Text = Field(description="What it is about, in 2 to 8 words")
    versions: Annotated[tuple[VersionNote, ...], Field(min_length=2)]
    why: Text = Field(description="What shows that they are, or are not, about one and the same event or fact")
    same_event: bool
    resolution: Literal["open", "different_events", "translation_variant", "later_update", "error"]


class Disputes(Answer):
    """All contradictions, and all that are easily mistaken for one."""

    disputes: tuple[DisputeNote, ...] = ()


# ------------------------------------------------------------------------------ comparing


class KnownActor(Part):
    """An actor of today that is one known from before."""

    now: Text = Field(description="Id of today's entry")
    before: Text = Field(description="Id of the earlier entry")


class KnownActors(Answer):
    """Which of today's actors are earlier ones; those not listed are new."""

    known: tuple[KnownActor, ...] = ()


class Continuation(Part):
    """An entry of today that goes on from an earlier one."""

    now: Text = Field(description="Id of today's entry")
    before: Annotated[tuple[Text, ...], Field(min_length=1, description="Earlier id; if several, the closest first")]
    change: Literal["restated", "hardened", "softened", "answered"]
    long_since: bool = Field(default=False, description="Whether its other status is older than the earlier entry")
    was: str | None = Field(default=None, description="As it stood, in a few words; left out if restated")
    now_is: str | None = Field(default=None, description="As it stands, in a few words; left out if restated")
    what: str | None = Field(default=None, description="What changed, in one sentence; left out if restated")


class Continuations(Answer):
    """Which of today's entries go on from earlier ones; those not listed are new."""

    continued: tuple[Continuation, ...] = ()


# --------------------------------------------------------------------------------- writing


class WrittenLine(Part):
    """One sentence and the ids that it rests on."""

    text: Text
    cites: tuple[Text, ...] = Field(description="Ids of the items that the sentence rests on")


class Summary(Answer):
    """The written part of a briefing."""

    headline: WrittenLine
    bottom_line: Annotated[tuple[WrittenLine, ...], Field(min_length=1, max_length=8)]
    open_questions: tuple[WrittenLine, ...] = Field(default=(), max_length=8)
