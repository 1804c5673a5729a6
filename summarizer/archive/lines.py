"""The lines of a dump: what each may say.

A dump may be damaged, or made by somebody else: nothing of it is believed that isn't checked
here, so that an archive made of it can be trusted as one's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from summarizer.models import Briefing
from summarizer.numbering import things_of
from summarizer.past import LETTERS
from summarizer.text import flatten, is_blank

HIGHEST = 999_999_999
"""The highest number of an id: what both databases and the ids' columns hold."""
OFFSET = 2**31 - 1
"""The last character that evidence can end at: what both databases hold."""


def _flat(text: str) -> str:
    if flatten(text) != text:
        raise ValueError("it has something that can't be seen")
    return text


def _visible(text: str) -> str:
    if is_blank(text):
        raise ValueError("there is nothing in it to see")
    return text


Letter = Annotated[str, StringConstraints(pattern=f"^[{''.join(LETTERS)}]$")]
Id = Annotated[str, StringConstraints(pattern=f"^[{''.join(LETTERS)}][1-9][0-9]{{0,8}}$")]
Flat = Annotated[str, AfterValidator(_flat)]


class Line(BaseModel):
    """What a line has under the name of its kind: no more, and nothing that only looks like it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class IdentityLine(Line):
    """An id, and what a person has said of it."""

    id: Id
    name: Flat
    given: Annotated[Flat, AfterValidator(_visible)] | None
    merged_into: Id | None

    @model_validator(mode="after")
    def _of_a_kind(self) -> Self:
        if self.merged_into and self.merged_into[0] != self.id[0]:
            raise ValueError(f"{self.id} is merged into {self.merged_into}, which is of another kind")
        return self


class CounterLine(Line):
    """The highest number that was ever given in ids of a kind."""

    letter: Letter
    taken: int = Field(ge=0, le=HIGHEST)


class TraceLine(Line):
    """Where something stood that a day has no more."""

    date: date
    topic: str
    own: Id
    parted: int = Field(ge=0, le=1)
    said: Flat
    article: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    start: int = Field(ge=0, le=OFFSET)
    end: int = Field(gt=0, le=OFFSET)


class BriefingLine(Line):
    """A briefing as it was printed, and what doesn't follow from that."""

    own: Mapping[Id, Id] = {}
    """Ids that things have by themselves, by the printed ones where these are others."""
    parted: tuple[Id, ...] = ()
    """Printed ids of what a person gave its own id, by a split of days."""
    briefing: Briefing

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if wrong := next(wrong_ids(self.briefing), None):
            raise ValueError(wrong)
        printed = {thing.id for thing in things_of(self.briefing)}
        if strange := sorted({*self.own, *self.parted} - printed):
            raise ValueError(f"{', '.join(strange)} is nothing in the briefing")
        if strange := sorted(id for id, own in self.own.items() if id[0] != own[0]):
            raise ValueError(f"{', '.join(strange)} has an id of another kind")
        if len({self.own.get(id, id) for id in printed}) < len(printed):
            raise ValueError("two of its things have one id")
        return self


def wrong_ids(briefing: Briefing) -> Iterator[str]:
    """Say which of a briefing's ids aren't like those that the program gives."""
    for thing in things_of(briefing):
        if not _is_id(thing.id) or LETTERS[thing.id[0]] != type(thing).__name__.lower():
            yield f"{thing.id!r} is no id of {type(thing).__name__.lower()}s"
    for change in briefing.changes:
        if not _is_id(change.item):
            yield f"{change.item!r}, of which {change.id} tells, is no id"


def _is_id(id: str) -> bool:
    number = id[1:]
    return id[:1] in LETTERS and number.isascii() and number.isdigit() and number[0] != "0" and int(number) <= HIGHEST
