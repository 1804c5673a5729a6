"""What flows through the program and what users get: articles, items, one briefing.

Every model is frozen and refuses unknown fields. Characters are counted from 0, ends are
exclusive, sentences are counted from 1. A `Briefing` whose references don't resolve does
not validate. Evidence hangs on the variant that it shows, once: `Item.evidence` collects
it from there. Field names follow PLOVER (actor, recipient), IPTC (event status), PolNeAR
(source, cue, content) and ISO 3166-1 alpha-3 where these have a name for the thing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Annotated, Any, Generic, Literal, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from summarizer.days import in_full
from summarizer.errors import QuoteMismatch
from summarizer.text import hide_logins

SCHEMA_VERSION = "2"
"""Raised whenever a stored briefing of the version before would no longer validate."""

Text = Annotated[str, StringConstraints(min_length=1)]
Day: TypeAlias = date
"""A date, where a field is called so."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


def _on_the_calendar(text: str) -> str:
    if not text.isascii() or (len(text) == 10 and not date.fromisoformat(text)):
        raise ValueError(f"{text!r} is no date")
    return text


PartialDate = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"),
    AfterValidator(_on_the_calendar),
]


Bare = Annotated[str, AfterValidator(hide_logins)]
"""A URL, or a name that may have one in it, without the login that it may have come with."""


class Lean(BaseModel):
    """Base of all models that a run may have a hundred thousand of: frozen, no unknown fields.

    Two things are done for memory, neither of which is seen from outside. Which fields were
    given is not remembered: pydantic keeps a set for it with every object, 700 bytes from the
    fifth field on, and nobody asks. And the field names are shared by all objects of a class,
    as CPython does for plain objects, where pydantic has a dict of their own for each: 112
    bytes for five fields, not 184, and 160 for eleven, not 464.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _: object, /) -> None:
        """Share what all objects can share."""
        put = object.__setattr__
        plain = object.__new__(type(self))
        for name, value in self.__dict__.items():
            put(plain, name, value)
        put(self, "__dict__", plain.__dict__)
        put(self, "__pydantic_fields_set__", _NO_FIELDS)


_NO_FIELDS: set[str] = set()


class Model(Lean):
    """Base of all that flows."""


# ------------------------------------------------------------------ articles and evidence


class Hazard(StrEnum):
    """Why an article's wording should be handled with care."""

    MACHINE_TRANSLATION = "machine_translation"
    TRUNCATED = "truncated"
    UNDATED = "undated"
    MIXED_LANGUAGES = "mixed_languages"


class Span(Model):
    """Characters `start` to `end` of a text, end exclusive."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span ends after it starts, not {self.start} to {self.end}")
        return self


class Source(Model):
    """An article as a briefing keeps it: all but the text."""

    id: Text
    name: Bare = Field(min_length=1, description="File name, or whatever else the reader of the article was given")
    title: str | None = Field(default=None, description="None: not known")
    author: str | None = Field(default=None, description="None: not known")
    publisher: str | None = Field(default=None, description="None: not known")
    url: Bare | None = Field(default=None, description="None: not known")
    published: date | None = Field(default=None, description="None: nobody said")
    language: str | None = Field(default=None, description="BCP 47; None: not known")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(description="Of the text in UTF-8")
    characters: int = Field(ge=0, description="Length of the text")
    hazards: tuple[Hazard, ...] = ()
    boilerplate: tuple[Span, ...] = Field(default=(), description="Navigation, teasers, adverts: no evidence there")
    copy_of: str | None = Field(
        default=None,
        description="Source id of the article that was read in its place, being nearly the same; only what this one "
        "adds was read of it. None: it is no copy, or the one that was read",
    )
    earlier: bool = Field(default=False, description="An earlier day's article, cited by changes only")

    @property
    def translated(self) -> bool:
        """Whether the wording is suspected to be a machine's."""
        return Hazard.MACHINE_TRANSLATION in self.hazards

    @property
    def outlet(self) -> str:
        """What to call the source in print: publisher, else file name."""
        return self.publisher or self.name


class Original(Model):
    """What an article was read from, as it was."""

    place: Bare = Field(min_length=1, description="Path or URL, with the names inside a container or list after ! or #")
    media_type: Text = Field(description="What it was read as")
    encoding: str | None = Field(default=None, description="None: its bytes are no text")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(description="Of its bytes")
    text: str | None = Field(default=None, description="As it was before it was mended; None: nothing was")


class Article(Source):
    """A text to read, with what is known about it.

    >>> Article.of("Rain fell.", name="a.txt").characters
    10
    """

    text: str
    original: Original | None = Field(default=None, description="None: it was handed in as a text")

    @classmethod
    def of(
        cls,
        text: str,
        *,
        name: str,
        title: str | None = None,
        author: str | None = None,
        publisher: str | None = None,
        url: str | None = None,
        published: date | None = None,
        language: str | None = None,
        cut: bool = False,
        boilerplate: Iterable[tuple[int, int]] = (),
        original: Original | None = None,
    ) -> Self:
        """Make an article of a text, with its id, hash and length worked out.

        The id is made of name, publisher, url and text, so it is the same in every run and on
        every machine, and two outlets' identical copies stay two articles. A URL's login is dropped.
        """
        name, url = hide_logins(name), hide_logins(url) if url else url
        raw = text.encode("utf-8", "surrogatepass")
        head = "\0".join((name, publisher or "", url or "", ""))
        key = hashlib.sha256(head.encode("utf-8", "surrogatepass") + raw).hexdigest()
        return cls(
            id=key[:12],
            name=name,
            title=title,
            author=author,
            publisher=publisher,
            url=url,
            published=published,
            language=language,
            sha256=hashlib.sha256(raw).hexdigest(),
            characters=len(text),
            hazards=((Hazard.TRUNCATED,) if cut else ()) + (() if published else (Hazard.UNDATED,)),
            boilerplate=tuple(Span(start=start, end=end) for start, end in boilerplate),
            text=text,
            original=original,
        )

    @model_validator(mode="after")
    def _text_is_what_was_hashed(self) -> Self:
        if len(self.text) != self.characters:
            raise ValueError(f"the text has {len(self.text)} characters, not {self.characters}")
        if hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest() != self.sha256:
            raise ValueError("the text does not hash to sha256")
        return self

    def as_source(self, **found: Any) -> Source:
        """The same article without its text, with whatever was `found` out about it."""
        return Source(**{name: getattr(self, name) for name in Source.model_fields} | found)


class Evidence(Model):
    """Where something is said: a stretch of an article, quoted by slicing its text."""

    article: Text = Field(description="Source id")
    sentences: tuple[int, ...] = Field(min_length=1, description="Consecutive sentence numbers, from 1")
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    quote: Text = Field(description="Always text[start:end]")

    @model_validator(mode="after")
    def _quote_fills_the_span(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"{self.start} to {self.end} is not the length of the quotation ({len(self.quote)})")
        return self

    def verify(self, article: Article) -> None:
        """Check the quotation against the article's characters.

        Raises:
            QuoteMismatch: if they differ.
        """
        found = article.text[self.start : self.end]
        if found != self.quote:
            raise QuoteMismatch(article.name, self.start, self.end, self.quote, found)


class Origin(Model):
    """One independent source of what is reported, however many outlets carry it."""

    id: Text
    name: Text
    kind: Literal["outlet", "copies", "attributed"] = Field(
        description="outlet: its own reporting; copies: near-duplicate texts; attributed: 'told …', named in the text"
    )
    articles: tuple[Text, ...] = Field(min_length=1, description="Source ids of all that carry it")


# --------------------------------------------------------------------------------- actors


class ActorKind(StrEnum):
    """What an actor is."""

    PERSON = "person"
    STATE = "state"
    ORGANISATION = "organisation"
    INTERGOVERNMENTAL = "intergovernmental"
    GROUP = "group"
    MEDIA = "media"
    UNNAMED = "unnamed"


class Alias(Model):
    """One spelling of an actor's name, and where it stands."""

    name: Text
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Actor(Model):
    """Who acts: one entry, however many spellings."""

    id: Text
    name: Text
    aliases: tuple[Alias, ...] = Field(min_length=1, description="All spellings found, the name's own included")
    kind: ActorKind
    office: str | None = Field(default=None, description="As the articles give it; None: not said")
    office_as_of: date | None = Field(default=None, description="Newest dated article that gives it; None: undated")
    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-3; None: none, or not said")
    affiliation: str | None = Field(default=None, description="Actor id of whom it belongs to or speaks for")

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where each spelling stands."""
        return tuple(evidence for alias in self.aliases for evidence in alias.evidence)


def line_of(id: str, owners: Mapping[str, str | None]) -> list[str]:
    """An actor, whom it belongs to, whom that belongs to, up to the last; `owners` by actor id.

    >>> line_of("A3", {"A3": "A2", "A2": "A1", "A1": None})
    ['A3', 'A2', 'A1']
    """
    ids = [id]
    while (owner := owners[ids[-1]]) and owner not in ids:
        ids.append(owner)
    return ids


# ---------------------------------------------------------------------------------- items


class When(Model):
    """A time as the article words it, and as far as it can be resolved."""

    words: str | None = Field(default=None, description="As written; None: only the date is known")
    date: PartialDate | None = Field(default=None, description="YYYY, YYYY-MM or YYYY-MM-DD; None: not resolvable")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.words or self.date):
            raise ValueError("a time has words or a date; None is no time at all")
        return self

    @property
    def worded(self) -> str:
        """As worded, with the date where that says more."""
        words = [part for part in (self.words, self.date) if part]
        return f"{words[0]} ({words[1]})" if len(set(words)) == 2 else words[0]

    @property
    def precision(self) -> Literal["day", "month", "year"] | None:
        """How exact `date` is; None where it is."""
        return {10: "day", 7: "month", 4: "year"}.get(len(self.date or ""))  # type: ignore[return-value]


class Variant(Model):
    """One report's terms for an item: its own words are in the evidence."""

    id: Text = Field(description="Item id, a point, a number: D3.2")
    article: Text = Field(description="Source id")
    what: Text
    via: str | None = Field(default=None, description="Outlet that the article says it has this from; None: its own")
    origin: Text = Field(description="Origin id")
    translated: bool = Field(default=False, description="Machine-translated wording: never a verbatim quotation")
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Strength(StrEnum):
    """How firmly something is demanded, weakest first."""

    CALL = "call"
    DEMAND = "demand"
    PRECONDITION = "precondition"
    RED_LINE = "red_line"


class DemandStatus(StrEnum):
    """Where a demand stands."""

    OPEN = "open"
    MET = "met"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    FLOATED = "floated"
    TABLED = "tabled"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class VenueStatus(StrEnum):
    """How certain it is that people meet there, most certain first."""

    PAST = "past"
    CONFIRMED = "confirmed"
    PLANNED = "planned"
    POSSIBLE = "possible"
    CANCELLED = "cancelled"


class EventStatus(StrEnum):
    """Whether something has happened (IPTC event status, shortened)."""

    PAST = "past"
    ONGOING = "ongoing"
    PLANNED = "planned"
    POSSIBLE = "possible"
    CANCELLED = "cancelled"


class Stance(StrEnum):
    """What a party does with a claim."""

    ASSERTS = "asserts"
    CONFIRMS = "confirms"
    DENIES = "denies"
    NEITHER = "neither"
    """Neither confirms nor denies, or declines to say."""


class ClaimStatus(StrEnum):
    """Where a claim stands, from the stances taken on it."""

    ASSERTED = "asserted"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"


class DemandVariant(Variant):
    """A demand as one report has it."""

    strength: Strength
    status: DemandStatus
    conditions: tuple[Text, ...] = ()
    first_stated: When | None = Field(default=None, description="None: not said")


class ProposalVariant(Variant):
    """A proposal as one report has it."""

    in_exchange: str | None = Field(default=None, description="What is asked in return; None: nothing said")
    status: ProposalStatus


class VenueVariant(Variant):
    """A venue as one report has it: certainty is each report's own."""

    place: str | None = Field(default=None, description="None: not said, or by telephone")
    when: When | None = Field(default=None, description="None: not said")
    status: VenueStatus


class ClaimVariant(Variant):
    """One stance on a claim, as one report has it."""

    stance: Stance
    actors: tuple[Text, ...] = Field(description="Actor ids of who takes it; empty: the report does not say who")


class EventVariant(Variant):
    """An event as one report has it."""

    when: When | None = Field(default=None, description="None: not said")
    status: EventStatus


V = TypeVar("V", bound=Variant)


class Item(Model, Generic[V]):
    """What several reports say of one thing: each report's terms, and the clearest of them on top."""

    id: Text
    what: Text
    variants: tuple[V, ...] = Field(min_length=1, description="Clearest first")

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence, variant by variant, each stretch once."""
        return tuple(dict.fromkeys(evidence for variant in self.variants for evidence in variant.evidence))

    @property
    def origins(self) -> tuple[str, ...]:
        """Ids of the independent origins, in order of variants."""
        return tuple(dict.fromkeys(variant.origin for variant in self.variants))

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Ids of all actors that the item names."""
        return ()


class Demand(Item[DemandVariant]):
    """A party wants something of another: one entry for each party and issue."""

    by: tuple[Text, ...] = Field(min_length=1, description="Actor ids")
    of: tuple[Text, ...] = Field(default=(), description="Actor ids; empty: nobody in particular")
    issue: Text
    strength: Strength
    conditions: tuple[Text, ...] = ()
    first_stated: When | None = Field(default=None, description="None: not said")
    status: DemandStatus

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Who demands, then of whom."""
        return (*self.by, *self.of)


class Proposal(Item[ProposalVariant]):
    """A party offers or suggests something."""

    by: tuple[Text, ...] = Field(min_length=1, description="Actor ids")
    to: tuple[Text, ...] = Field(default=(), description="Actor ids; empty: nobody in particular")
    issue: Text
    in_exchange: str | None = Field(default=None, description="What is asked in return; None: nothing said")
    status: ProposalStatus

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Who proposes, then to whom."""
        return (*self.by, *self.to)


class Venue(Item[VenueVariant]):
    """An occasion on which parties meet or speak, and where: one entry an occasion."""

    place: str | None = Field(default=None, description="None: not said, or by telephone")
    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-3; None: none, or not said")
    kind: Text = Field(description="Call, meeting, summit, talks, session …")
    participants: tuple[Text, ...] = Field(default=(), description="Actor ids")
    when: When | None = Field(default=None, description="None: not said")
    status: VenueStatus = Field(description="The most cautious that a clean report gives")

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Who meets."""
        return self.participants


class Claim(Item[ClaimVariant]):
    """A consequential assertion whose standing matters."""

    asserted_by: tuple[Text, ...] = Field(default=(), description="Actor ids")
    confirmed_by: tuple[Text, ...] = Field(default=(), description="Actor ids")
    denied_by: tuple[Text, ...] = Field(default=(), description="Actor ids")
    unconfirmed_by: tuple[Text, ...] = Field(default=(), description="Actor ids: neither confirm nor deny it")
    status: ClaimStatus

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Everyone who takes a stance."""
        return (*self.asserted_by, *self.confirmed_by, *self.denied_by, *self.unconfirmed_by)


STANCES = {
    "asserted by": "asserted_by",
    "confirmed by": "confirmed_by",
    "denied by": "denied_by",
    "neither confirmed nor denied by": "unconfirmed_by",
}
"""How it is said who stands where on a claim, and the field that has them."""


class Event(Item[EventVariant]):
    """Something that happened, happens or will."""

    actors: tuple[Text, ...] = Field(default=(), description="Actor ids")
    place: str | None = Field(default=None, description="None: not said")
    when: When | None = Field(default=None, description="None: not said")
    status: EventStatus

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Who took part."""
        return self.actors


AnyItem: TypeAlias = Demand | Proposal | Venue | Claim | Event


# ------------------------------------------------------------------- disputes and changes


class Resolution(StrEnum):
    """What a contradiction turns out to be."""

    OPEN = "open"
    DIFFERENT_EVENTS = "different_events"
    TRANSLATION_VARIANT = "translation_variant"
    LATER_UPDATE = "later_update"
    ERROR = "error"


class Version(Model):
    """One side of a dispute."""

    what: Text
    held_by: tuple[Text, ...] = Field(default=(), description="Actor ids; empty: the report itself")
    variants: tuple[Text, ...] = Field(min_length=1, description="Variant ids: the evidence is theirs")


class Dispute(Model):
    """Versions that contradict each other, or only seem to."""

    id: Text
    issue: Text
    versions: tuple[Version, ...] = Field(min_length=2)
    same_event: bool = Field(description="False: they only look like one event")
    why: Text = Field(description="What shows that the versions are, or are not, about one event")
    resolution: Resolution

    @model_validator(mode="after")
    def _same_event_before_contradiction(self) -> Self:
        if self.same_event == (self.resolution is Resolution.DIFFERENT_EVENTS):
            raise ValueError("versions of different events, and only those, resolve as different_events")
        return self


class ChangeKind(StrEnum):
    """What became of an item since the briefing before."""

    NEW = "new"
    FIRST_REPORTED = "first_reported"
    RESTATED = "restated"
    HARDENED = "hardened"
    SOFTENED = "softened"
    MET = "met"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    MOVED = "moved"
    NOT_MENTIONED = "not_mentioned"


class Change(Model):
    """What became of an item or dispute since it was last mentioned, with evidence from both days."""

    id: Text
    item: Text = Field(description="Item or dispute id; of what is not mentioned one of an earlier briefing")
    kind: ChangeKind
    what: Text
    since: date = Field(description="When it was last mentioned; of what was not there, the last briefing's date")
    before: str | None = Field(default=None, description="As it stood; None: not there")
    after: str | None = Field(default=None, description="As it stands; None: not mentioned")
    evidence_before: tuple[Evidence, ...] = ()
    evidence_after: tuple[Evidence, ...] = ()


# ------------------------------------------------------------------------------- briefing


class Line(Model):
    """A written sentence and the items that it rests on."""

    text: Text
    cites: tuple[Text, ...] = Field(min_length=1, description="Item, dispute or change ids")


class Story(Model):
    """One course of events that articles of the day are about, and what is written of it."""

    id: Text
    title: Text = Field(description="What it is about, in a few words")
    articles: tuple[Text, ...] = Field(min_length=1, description="Source ids, copies included")
    headline: Line | None = Field(default=None, description="None: nothing could be written")
    bottom_line: tuple[Line, ...] = Field(default=(), description="Most consequential first")
    open_questions: tuple[Line, ...] = ()
    items: tuple[Text, ...] = Field(description="Ids of the items and disputes that belong to it")

    @property
    def name(self) -> str:
        """What to call it in print: its headline, or its title where none could be written."""
        return self.headline.text if self.headline else self.title

    @property
    def lines(self) -> tuple[Line, ...]:
        """All its written sentences."""
        return (*((self.headline,) if self.headline else ()), *self.bottom_line, *self.open_questions)


class SideStory(Model):
    """A story whose articles were not read."""

    id: Text
    title: Text
    articles: tuple[Text, ...] = Field(min_length=1, description="Source ids, copies included")
    why: Literal["small", "beyond", "off_topic"] = Field(
        description="small: too few articles are about it; beyond: others weigh more; off_topic: not asked for"
    )


class Problem(Model):
    """Something that could not be done, and what it cost."""

    stage: Text = Field(description="ingest, stories, extract, reconcile, disputes or write")
    article: Bare | None = Field(default=None, description="File name; None: not about one article")
    reason: Text
    cost: Text = Field(description="What is missing from the briefing because of it")


def by_reason(problems: Iterable[Problem]) -> dict[tuple[str, str], list[str]]:
    """Which articles met the same: by what it cost and why, in the order of the problems."""
    found: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        found.setdefault((problem.cost, problem.reason), []).extend([problem.article] if problem.article else [])
    return found


class PromptUse(Model):
    """A prompt as it was when it was used."""

    name: Text
    version: Text
    sha256: Text


class Usage(Model):
    """How many replies there were, and what they took."""

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = Field(default=0, description="Part of the input that the provider had cached")
    output_tokens: int = 0
    cost_usd: Decimal | None = Field(default=Decimal(0), description="At list prices; None: a price is not known")

    def __add__(self, other: Usage) -> Usage:
        costs = (self.cost_usd, other.cost_usd)
        return Usage(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost_usd=None if None in costs else sum((c for c in costs if c is not None), Decimal(0)),
        )


class Provenance(Model):
    """How a briefing came about. Holds no clock time, so a replay is equal byte for byte."""

    program: Text = Field(description="summarizer and its version")
    schema_version: Text
    model: Text = Field(description="As asked for")
    answered_by: tuple[Text, ...] = Field(default=(), description="As the replies name themselves")
    prompts: tuple[PromptUse, ...] = ()
    usage: Usage = Field(
        default=Usage(),
        description="Of the replies that the briefing was made of, whenever they were given; not of those sent back",
    )


class Briefing(Model):
    """A day's articles as one typed, traced account. References resolve, or it does not validate."""

    date: date
    topic: str | None = Field(default=None, description="The beat that was kept; None: all")
    language: Text = Field(default="en", description="BCP 47 tag of the language that it is written in")
    stories: tuple[Story, ...] = Field(default=(), description="Weightiest first")
    side_stories: tuple[SideStory, ...] = Field(default=(), description="Those that were not read, and why")
    actors: tuple[Actor, ...] = ()
    demands: tuple[Demand, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    venues: tuple[Venue, ...] = ()
    claims: tuple[Claim, ...] = ()
    events: tuple[Event, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    compared_with: Day | None = Field(default=None, description="Date of the last briefing before; None: with none")
    changes: tuple[Change, ...] = Field(default=(), description="What moved first, then what is new, then the rest")
    sources: tuple[Source, ...] = ()
    origins: tuple[Origin, ...] = ()
    problems: tuple[Problem, ...] = ()
    provenance: Provenance

    @property
    def title(self) -> str:
        """What to call it in print: its only story's name, else its date."""
        return self.stories[0].name if len(self.stories) == 1 else f"Briefing of {in_full(self.date)}"

    @property
    def items(self) -> tuple[AnyItem, ...]:
        """All demands, proposals, venues, claims and events, in that order."""
        return (*self.demands, *self.proposals, *self.venues, *self.claims, *self.events)

    @property
    def read(self) -> tuple[Source, ...]:
        """The day's articles, without those of stories that were only listed, and of earlier days."""
        aside = {id for side in self.side_stories for id in side.articles}
        return tuple(source for source in self.sources if not source.earlier and source.id not in aside)

    @property
    def problems_by_reason(self) -> dict[tuple[str, str], list[str]]:
        """Which articles met the same: by what it cost and why, in the order of the problems."""
        return by_reason(self.problems)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All written sentences: headlines, bottom lines, open questions."""
        return tuple(line for story in self.stories for line in story.lines)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence in the briefing, each stretch once."""
        return tuple(dict.fromkeys(self._all_evidence()))

    def _all_evidence(self) -> Iterator[Evidence]:
        """All evidence, some of it more than once."""
        for holder in (*self.actors, *self.items):
            yield from holder.evidence
        for change in self.changes:
            yield from (*change.evidence_before, *change.evidence_after)

    def actor(self, id: str) -> Actor:
        """The actor of this id. Raises KeyError where there is none."""
        return _find(self.actors, id)

    def item(self, id: str) -> AnyItem:
        """The demand, proposal, venue, claim or event of this id. Raises KeyError where there is none."""
        return _find(self.items, id)

    def variant(self, id: str) -> Variant:
        """The variant of this id. Raises KeyError where there is none."""
        return _find((variant for item in self.items for variant in item.variants), id)

    def source(self, id: str) -> Source:
        """The source of this id. Raises KeyError where there is none."""
        return _find(self.sources, id)

    def origin(self, id: str) -> Origin:
        """The origin of this id. Raises KeyError where there is none."""
        return _find(self.origins, id)

    def _repr_html_(self) -> str:
        """The page, in a frame of its own, for a notebook."""
        from summarizer.page import render_page  # noqa: PLC0415 - what is shown knows what it shows, not the other way
        from summarizer.page.notebook import framed  # noqa: PLC0415

        return framed(render_page(self))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows: the page; where it can't show that, the text."""
        from summarizer.render import render_text  # noqa: PLC0415

        return {"text/html": self._repr_html_(), "text/plain": render_text(self)}

    def verify(self, articles: Iterable[Article]) -> int:
        """Check every quotation against the articles' characters; return how many were checked.

        Those of earlier days' articles, which changes quote, are checked where these are handed in as well.

        Raises:
            QuoteMismatch: at the first that differs.
            KeyError: if an article of the day was not handed in that evidence points into.
        """
        texts = {article.id: article for article in articles}
        earlier = {source.id for source in self.sources if source.earlier} - set(texts)
        checked = [evidence for evidence in self.evidence if evidence.article not in earlier]
        for evidence in checked:
            evidence.verify(texts[evidence.article])
        return len(checked)

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        """How many of what: the whole would be megabytes, and asyncio prints a task's result to itself at its end."""
        yield "date", self.date.isoformat()
        for name in ("sources", "actors", "demands", "proposals", "venues", "claims", "events", "disputes", "problems"):
            yield name, len(getattr(self, name))

    @model_validator(mode="after")
    def _references_resolve(self) -> Self:
        if broken := list(_broken_references(self)):
            raise ValueError("; ".join(broken))
        return self


T = TypeVar("T", Actor, Source, Origin, Variant, AnyItem)


def _find(things: Iterable[T], id: str) -> T:
    for thing in things:
        if thing.id == id:
            return thing
    raise KeyError(id)


def _broken_references(briefing: Briefing) -> Iterator[str]:
    """Say every id given twice, and every reference of `briefing` that leads nowhere."""
    b = briefing
    variants = [variant for item in b.items for variant in item.variants]
    named = [
        *b.stories,
        *b.side_stories,
        *b.actors,
        *b.items,
        *variants,
        *b.disputes,
        *b.changes,
        *b.sources,
        *b.origins,
    ]
    counted = Counter(thing.id for thing in named)
    yield from (f"id {id} is given twice" for id, count in counted.items() if count > 1)
    known = {
        "actor": {actor.id for actor in b.actors},
        "source": {source.id for source in b.sources},
        "origin": {origin.id for origin in b.origins},
        "variant": {variant.id for variant in variants},
        "item": {thing.id for thing in (*b.items, *b.disputes, *b.changes)},
    }
    # One at a time: listed, the references of a day of thousands would take more than the briefing.
    for owner, kind, id in chain(_item_references(b), _other_references(b)):
        if id is not None and id not in known[kind]:
            yield f"{owner} names {kind} {id}, which is not in the briefing"
    if b.stories:
        told = Counter(id for story in b.stories for id in story.items)
        for thing in (*b.items, *b.disputes):
            if told[thing.id] != 1:
                yield f"{thing.id} is in {told[thing.id]} stories, not in one"
    for item in b.items:
        for variant in item.variants:
            owner, _, number = variant.id.rpartition(".")
            if owner != item.id or not number.isdecimal():
                yield f"variant {variant.id} does not carry its item's id {item.id}"
    lengths = {source.id: source.characters for source in b.sources}
    for evidence in b._all_evidence():
        if evidence.article not in lengths:
            yield f"evidence {evidence.quote[:40]!r} names source {evidence.article}, which is not in the briefing"
        elif evidence.end > lengths[evidence.article]:
            yield f"evidence {evidence.quote[:40]!r} ends after its article does"


def _item_references(b: Briefing) -> Iterator[tuple[str, str, str | None]]:
    """Owner, kind and id of everything that items refer to."""
    for item in b.items:
        yield from ((item.id, "actor", id) for id in item.actor_ids)
        for variant in item.variants:
            yield variant.id, "source", variant.article
            yield variant.id, "origin", variant.origin
            if isinstance(variant, ClaimVariant):
                yield from ((variant.id, "actor", id) for id in variant.actors)


def _other_references(b: Briefing) -> Iterator[tuple[str, str, str | None]]:
    """Owner, kind and id of everything that all but items refer to."""
    yield from ((actor.id, "actor", actor.affiliation) for actor in b.actors)
    yield from ((x.id, "variant", id) for x in b.disputes for version in x.versions for id in version.variants)
    yield from ((x.id, "actor", id) for x in b.disputes for version in x.versions for id in version.held_by)
    yield from ((x.id, "item", x.item) for x in b.changes if x.kind is not ChangeKind.NOT_MENTIONED)
    yield from ((story.id, "item", id) for story in b.stories for id in story.items)
    yield from ((story.id, "source", id) for story in b.stories for id in story.articles)
    yield from ((side.id, "source", id) for side in b.side_stories for id in side.articles)
    yield from ((source.id, "source", source.copy_of) for source in b.sources)
    yield from ((f"the line {line.text!r}", "item", id) for line in b.lines for id in line.cites)
    yield from ((origin.id, "source", id) for origin in b.origins for id in origin.articles)
