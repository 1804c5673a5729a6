"""The notes that all but ours ask for: what `summarizer.answers.ArticleNotes` has, as a plain pydantic type."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

Status = Literal["past", "confirmed", "planned", "possible", "cancelled"]
CITES = "Numbers of the sentences that show it"
WHAT = "One sentence in your own words, understandable alone"
VIA = "Outlet or agency that the article says it has this from"
ISSUE = "The thing at issue, in 2 to 6 words"


class ActorNote(BaseModel):
    """Someone or something that acts in the article."""

    id: str = Field(description="a1, a2, …")
    name: str = Field(description="The fullest clean name, without title")
    spellings: list[str] = Field(
        default=[], description="Every other form in the article, letter by letter as printed; not descriptions"
    )
    kind: Literal["person", "state", "organisation", "intergovernmental", "group", "media", "unnamed"]
    office: str | None = None
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-3 of a real country, else left out")
    affiliation: str | None = Field(default=None, description="Id of the actor whom it belongs to or speaks for")


class DemandNote(BaseModel):
    """A party wants something of another."""

    what: str = Field(description=WHAT)
    via: str | None = Field(default=None, description=VIA)
    cites: list[int] = Field(description=CITES)
    by: list[str]
    of: list[str] = []
    issue: str = Field(description=ISSUE)
    strength: Literal["call", "demand", "precondition", "red_line"]
    conditions: list[str] = []
    status: Literal["open", "met", "rejected", "withdrawn"] = "open"
    first_stated: str | None = Field(default=None, description="Words of the article for when it was first made")
    first_stated_date: str | None = None


class ProposalNote(BaseModel):
    """A party offers or suggests something."""

    what: str = Field(description=WHAT)
    via: str | None = Field(default=None, description=VIA)
    cites: list[int] = Field(description=CITES)
    by: list[str]
    to: list[str] = []
    issue: str = Field(description=ISSUE)
    in_exchange: str | None = Field(default=None, description="What is asked in return")
    status: Literal["floated", "tabled", "accepted", "rejected", "withdrawn", "superseded"]


class VenueNote(BaseModel):
    """An occasion on which parties meet or speak."""

    what: str = Field(description=WHAT)
    via: str | None = Field(default=None, description=VIA)
    cites: list[int] = Field(description=CITES)
    kind: str = Field(description="call, meeting, summit, talks, session, visit …")
    place: str | None = None
    country: str | None = None
    participants: list[str] = []
    when: str | None = Field(default=None, description="Words of the article")
    date: str | None = None
    status: Status


class StanceNote(BaseModel):
    """What some parties do with a claim."""

    stance: Literal["asserts", "confirms", "denies", "neither"]
    by: list[str] = []
    cites: list[int] = Field(description=CITES)


class ClaimNote(BaseModel):
    """A consequential assertion whose standing matters."""

    what: str = Field(description="One sentence that names the occasion and its time, understandable alone")
    via: str | None = Field(default=None, description=VIA)
    stances: list[StanceNote]


class EventNote(BaseModel):
    """Something that happened, happens or will."""

    what: str = Field(description=WHAT)
    via: str | None = Field(default=None, description=VIA)
    cites: list[int] = Field(description=CITES)
    actors: list[str] = []
    place: str | None = None
    when: str | None = Field(default=None, description="Words of the article")
    date: str | None = None
    status: Literal["past", "ongoing", "planned", "possible", "cancelled"]


class ArticleNotes(BaseModel):
    """What one article says, by sentence number."""

    language: str = Field(description="BCP 47 tag of the article's language")
    other_languages: list[str] = Field(
        default=[], description="Tags of other languages that whole sentences of the story are in"
    )
    headline: int | None = Field(default=None, description="Number of the sentence that is the headline, if any")
    machine_translated: bool
    truncated: bool = False
    boilerplate: list[int] = Field(default=[], description="Numbers of all sentences that aren't the story")
    actors: list[ActorNote] = []
    demands: list[DemandNote] = []
    proposals: list[ProposalNote] = []
    venues: list[VenueNote] = []
    claims: list[ClaimNote] = []
    events: list[EventNote] = []


def demands_in(read: list[ArticleNotes]) -> int:
    """How many demands were noted in all."""
    return sum(len(notes.demands) for notes in read)
