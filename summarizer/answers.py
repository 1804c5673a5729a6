"""What a model fills in: sentence numbers, ids and short wordings, never a quotation.

Each top-level answer is an `Answer`: after its types are right it is held to the material
that the question was about (known sentences, known ids), by the check that `checked_by`
sets. What the check finds becomes a validation error, so that the model is asked again.
Fields that have nothing to say may be left out; that keeps answers short.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

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
    """An answer's JSON schema, without what tells a model nothing; making one takes milliseconds.

    It goes out with every request. Left out are titles, bounds and patterns, to which an answer is held all
    the same, and null beside a type; a type that is needed once stands where it is needed. Of a reading's
    8,900 characters that leaves 4,300.
    """
    schema = answer.model_json_schema()
    types: dict[str, Any] = schema.pop("$defs", {})
    needed = Counter(re.findall(r'"#/\$defs/(\w+)"', json.dumps([schema, types])))
    often = {name for name, times in needed.items() if times > 1}
    lean = {"title": answer.__name__} | _lean(schema, types, often)
    if often:
        lean["$defs"] = {name: _lean(types[name], types, often) for name in sorted(often)}
    return lean


UNTOLD = ("title", "default", "additionalProperties", "pattern", "minLength", "maxLength", "minItems", "maxItems")
"""What a schema needn't tell a model."""


def _lean(schema: Mapping[str, Any], types: Mapping[str, Any], often: Collection[str]) -> dict[str, Any]:
    """A schema without what tells a model nothing, the types in it put where they are needed but for some."""
    said = {name: value for name, value in schema.items() if name not in UNTOLD}
    kinds = [kind for kind in said.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del said["anyOf"]
        return _lean({**kinds[0], **said}, types, often)
    named = str(said.get("$ref", "")).rpartition("/")[2]
    if named and named not in often:
        del said["$ref"]
        return _lean({**types[named], **said}, types, often)
    if "enum" in said:
        said.pop("description", None)  # the prompt says what its words mean
    if "properties" in said:
        said["properties"] = {field: _lean(value, types, often) for field, value in said["properties"].items()}
    if "items" in said:
        said["items"] = _lean(said["items"], types, often)
    if "anyOf" in said:
        said["anyOf"] = [_lean(value, types, often) for value in said["anyOf"]]
    return said


class Part(Lean):
    """Base of everything inside an answer."""


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
#
# What the fields mean stands in prompts/extract.md: here it would go out a second time with every article.

Cites = Annotated[tuple[int, ...], Field(min_length=1)]
ActorRef = Annotated[str, StringConstraints(pattern=r"^a\d+$")]
Actors = tuple[ActorRef, ...]
RealCountry = Annotated[Country, Field(description="ISO 3166-1 alpha-3 of a real country, else left out")]


class ActorNote(Part):
    """Someone or something that acts in the article."""

    id: ActorRef = Field(description="a1, a2, …")
    name: Text
    spellings: tuple[Text, ...] = ()
    kind: ActorKind
    office: str | None = None
    country: RealCountry | None = None
    affiliation: ActorRef | None = None


class Noted(Part):
    """Base of what is noted down: what it is, and where the article has it from."""

    what: Text
    via: str | None = None


class Note(Noted):
    """Base of what sentences show directly."""

    cites: Cites


class DemandNote(Note):
    """A party wants something of another."""

    by: Annotated[Actors, Field(min_length=1)]
    of: Actors = ()
    issue: Text
    strength: Strength
    conditions: tuple[Text, ...] = ()
    status: DemandStatus = DemandStatus.OPEN
    first_stated: str | None = None
    first_stated_date: PartialDate | None = None


class ProposalNote(Note):
    """A party offers or suggests something."""

    by: Annotated[Actors, Field(min_length=1)]
    to: Actors = ()
    issue: Text
    in_exchange: str | None = None
    status: ProposalStatus


class VenueNote(Note):
    """An occasion on which parties meet or speak."""

    kind: Text = Field(description="call, meeting, summit, talks, session, visit …")
    place: str | None = None
    country: RealCountry | None = None
    participants: Actors = ()
    when: str | None = None
    date: PartialDate | None = None
    status: VenueStatus


class StanceNote(Part):
    """What some parties do with a claim."""

    stance: Stance
    by: Actors = ()
    cites: Cites


class ClaimNote(Noted):
    """A consequential assertion whose standing matters."""

    stances: Annotated[tuple[StanceNote, ...], Field(min_length=1)]


class EventNote(Note):
    """Something that happened, happens or will."""

    actors: Actors = ()
    place: str | None = None
    when: str | None = None
    date: PartialDate | None = None
    status: EventStatus


class ArticleNotes(Answer):
    """What one article says, by sentence number."""

    language: Text = Field(description="BCP 47 tag of the article's language")
    other_languages: tuple[Text, ...] = Field(default=(), description="Tags")
    headline: int | None = None
    machine_translated: bool
    truncated: bool = False
    boilerplate: tuple[int, ...] = ()
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

    ids: Annotated[tuple[Text, ...], Field(min_length=1)]
    lead: Text = Field(description="The id of the clearest note, a clean one where there is one")


class Groups(Answer):
    """All notes, sorted into those about one thing: every id in one group, or alone."""

    groups: tuple[Group, ...] = ()
    alone: tuple[Text, ...] = Field(default=(), description="Ids of notes that belong to no other")


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
