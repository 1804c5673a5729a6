"""What is told when a page or an answer can't be given: what, where, what to do; never how the program is made."""

from __future__ import annotations

import re
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field

from summarizer.errors import ArchiveError, InputError, NotArchived, SummarizerError, TooSlow, UnknownIdentity

TITLES = {
    400: "That can’t be read",
    403: "Not from there",
    404: "Not found",
    405: "This site is only read",
    421: "Not by that name",
    422: "That can’t be asked",
    429: "Too many tries",
    500: "Something went wrong",
    503: "Not just now",
}
"""What a page says of a status, where that is plainer than its phrase."""


class Trouble(BaseModel):
    """Why there is no answer, as RFC 9457 has it (`application/problem+json`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(description="The status in words")
    status: int
    detail: str = Field(description="What is wrong")
    where: str | None = Field(default=None, description="The parameter that it is about; None: the whole")
    advice: str = Field(description="What to do")


class Refused(Exception):
    """A request that can't be answered."""

    def __init__(self, status: int, detail: str, advice: str, *, where: str | None = None) -> None:
        self.trouble = trouble(status, detail, advice, where=where)
        super().__init__(detail)


def trouble(status: int, detail: str, advice: str, *, where: str | None = None) -> Trouble:
    """Say why there is no answer."""
    return Trouble(title=HTTPStatus(status).phrase, status=status, detail=detail, where=where, advice=advice)


def trouble_of(error: SummarizerError) -> Trouble:
    """An archive's error without the archive's place, which is nobody's business out there."""
    if isinstance(error, NotArchived):
        return trouble(404, error.reason, "see which days there are: /, or /api/briefings")
    if isinstance(error, UnknownIdentity):
        told = re.sub(" of it$", " of this archive", error.reason)
        return trouble(404, told, "give an id, or another part of a name; /actors has them all")
    if isinstance(error, TooSlow):
        return trouble(503, error.reason, error.advice)
    if isinstance(error, ArchiveError):
        return trouble(503, "the archive can't be read just now", "try again; whoever runs this site sees more")
    if isinstance(error, InputError):
        what, _, advice = str(error).partition("; ")
        return trouble(422, what, advice or "ask otherwise")
    return trouble(500, "something went wrong here", "try again; whoever runs this site sees more")
