"""What one can ask: the parameters of pages and API, with their bounds."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from summarizer.models import ChangeKind

LONGEST_SPAN = 366
"""Days of a ledger at most: that of a year takes three seconds."""
USUAL_SPAN = 30
"""Days of a ledger where no first day is given."""

PRINTED = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""Text without what steers a terminal or what no database keeps."""


def _day(said: Any) -> Any:
    if not isinstance(said, str):
        return said
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
        raise ValueError("a day is written YYYY-MM-DD")
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise ValueError("there is no such day") from None


def _or_none(said: Any) -> Any:
    """A field that a form sends empty was not filled in."""
    return None if isinstance(said, str) and not said.strip() else said


DayAsked = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
MaybeDay = Annotated[
    date | None,
    BeforeValidator(lambda said: _day(_or_none(said))),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}]}),
]
Id = Annotated[str, StringConstraints(pattern=r"^[ADPVCEX][0-9]{1,9}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTED)]
MaybeWords = Annotated[
    Annotated[str, StringConstraints(max_length=200, pattern=PRINTED)] | None,
    BeforeValidator(_or_none),
    WithJsonSchema({"type": "string", "maxLength": 200, "pattern": PRINTED}),
]
Topic = Annotated[
    Annotated[str, StringConstraints(max_length=500, pattern=PRINTED)] | None,
    BeforeValidator(_or_none),
    WithJsonSchema({"type": "string", "maxLength": 500, "pattern": PRINTED}),
]
Kind = Literal["actor", "demand", "proposal", "venue", "claim", "event", "dispute"]


class Asked(BaseModel):
    """Parameters of one question; what it doesn't know is an error, since a misspelt one would be silently left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Span(Asked):
    """A span of days, both ends included."""

    since: MaybeDay = Field(default=None, alias="from", description="First day; without it from the beginning")
    until: MaybeDay = Field(default=None, alias="to", description="Last day; without it to the end")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the last day (to) is before the first (from)")
        return self


class BriefingsAsked(Span):
    """Which briefings."""

    topic: Topic = Field(default=None, description="Those on a topic; without it all")


class BriefingAsked(Asked):
    """Which of a day's briefings."""

    topic: Topic = Field(default=None, description="Without it the one on all topics, or the only one")


class QuotationAsked(BriefingAsked):
    """Which quotation of a day."""

    article: Words = Field(description="Source id")
    start: int = Field(ge=0, lt=2**31, description="Where it begins, in characters")
    end: int = Field(ge=0, lt=2**31, description="Where it ends, exclusive")


class DiffAsked(Asked):
    """Which two days."""

    before: DayAsked
    after: DayAsked

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.before == self.after:
            raise ValueError("two different days are compared")
        return self


class LedgerAsked(Span):
    """Which part of the ledger."""

    party: MaybeWords = Field(default=None, description="Id or name of an actor whom, or whose people, it must name")
    issue: MaybeWords = Field(default=None, description="Words that it must be about")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.since and self.until and (self.until - self.since).days >= LONGEST_SPAN:
            raise ValueError(f"a ledger is of at most {LONGEST_SPAN} days")
        return self

    def span(self, last: date) -> tuple[date, date]:
        """First and last day: as asked, else the last thirty days that end on the archive's last."""
        if self.since and not self.until:
            return self.since, min(max(last, self.since), _later(self.since, LONGEST_SPAN - 1))
        until = self.until or last
        return self.since or _later(until, 1 - USUAL_SPAN), until


def _later(day: date, days: int) -> date:
    """A day so many days later, or the first or last that there is."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.min if days < 0 else date.max


class ActorsAsked(Span):
    """Which actors."""

    name: MaybeWords = Field(default=None, description="A part of a name, under any spelling")
    most: int = Field(default=200, ge=1, le=1000, description="How many")


class ActorAsked(Span):
    """Which part of what an actor did."""

    most: int = Field(default=50, ge=1, le=500, description="Of each kind, those mentioned last")


class ChangesAsked(Span):
    """Which changes."""

    party: MaybeWords = Field(default=None, description="Id or name of an actor whom, or whose people, it must name")
    kind: list[ChangeKind] = Field(default=[], max_length=20, description="Kinds of changes; without any all")
    most: int = Field(default=200, ge=1, le=1000, description="How many")


class SearchAsked(Span):
    """What is looked for."""

    q: Words = Field(description='Words that must all be there, "phrases", beginnings*')
    party: MaybeWords = Field(default=None, description="Id or name of an actor whom, or whose people, it must name")
    type: list[Kind] = Field(default=[], max_length=20, description="Kinds of things; without any all")
    most: int = Field(default=50, ge=1, le=500, description="How many")


class SearchForm(Span):
    """The same as a page's form sends it, which may be empty."""

    q: Annotated[str, StringConstraints(max_length=200, pattern=PRINTED)] = ""
    party: MaybeWords = None
    type: list[Kind] = Field(default=[], max_length=20)

    @property
    def words(self) -> str:
        """What is looked for; the last word may be the beginning of one, since it is being typed."""
        if self.q.count('"') % 2 or not re.search(r"\w{2}$", self.q):
            return self.q
        return f"{self.q}*"


class DiffForm(Asked):
    """Which two days, as a page's form sends them: none at first."""

    before: MaybeDay = None
    after: MaybeDay = None
