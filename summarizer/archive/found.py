"""What an archive answers: models that say by themselves on which days and by whose words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from summarizer.models import STANCES, ChangeKind, Day, Evidence, PartialDate, Source, Text

Row: TypeAlias = dict[str, Any]
"""A line of a table: strings, numbers and dates by column, the same columns in all lines of one table."""


MENTIONED = tuple("date id kind parties name what state caveats quotations outlets".split())
"""Columns of a table of mentions."""

ROLES = {
    "by": "by",
    "of": "of",
    "to": "to",
    "participant": "",
    "actor": "",
    "asserts": "asserted by",
    "confirms": "confirmed by",
    "denies": "denied by",
    "neither": "neither confirmed nor denied by",
}
"""How it is said which part somebody has in a thing; of a dispute its sides say it."""


class Answer(BaseModel):
    """Base of all answers: frozen, no unknown fields. They don't stay, so they are made fast, not small."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Listed(Answer):
    """A briefing in a list of them."""

    date: date
    topic: str | None = Field(description="None: all")
    headline: str
    stories: int
    articles: int
    items: int
    changes: int
    problems: int

    def row(self) -> Row:
        """As a line of a table."""
        return self.model_dump()


class Quoted(Answer):
    """A quotation, and where it stands."""

    quote: Text
    outlet: Text
    published: date | None = Field(description="None: nobody said")
    article: Text = Field(description="Source id")
    name: Text = Field(description="The article's file name")
    url: str | None = Field(description="None: not known")
    start: int
    end: int
    translated: bool = Field(description="Machine-translated wording: never a verbatim quotation")

    @classmethod
    def of(cls, evidence: Evidence, source: Source) -> Self:
        """Evidence with what is known of its article."""
        return cls(
            quote=evidence.quote,
            outlet=source.outlet,
            published=source.published,
            article=source.id,
            name=source.name,
            url=source.url,
            start=evidence.start,
            end=evidence.end,
            translated=source.translated,
        )

    @property
    def marked(self) -> str:
        """The wording, with a word before it if it is a machine's."""
        return f"machine-translated wording: {self.quote}" if self.translated else self.quote


class Side(Answer):
    """One version of what is disputed."""

    what: Text
    held_by: tuple[Text, ...] = Field(description="Names; empty: the reports themselves")
    outlets: tuple[Text, ...] = Field(description="That have it")


class Mention(Answer):
    """One thing on one day."""

    date: date
    topic: str | None = Field(description="Of the briefing; None: all")
    id: Text = Field(description="That it goes by over all days")
    printed: Text = Field(description="The id that the day's briefing prints")
    kind: Text
    name: Text
    what: str
    state: Text
    caveats: tuple[Text, ...] = Field(description="What speaks against it, as the day's briefing says it")
    parties: tuple[Text, ...] = Field(description="All whom it names")
    roles: dict[str, tuple[Text, ...]] = Field(description="The same by their part: by, of, to, participant, asserts …")
    sides: tuple[Side, ...] = Field(description="Of a dispute")
    quotations: tuple[Quoted, ...]

    @property
    def who(self) -> str:
        """Who has which part in it, in words; empty for a dispute and where nobody has."""
        return in_words(self.roles)

    def row(self) -> Row:
        """As a line of a table."""
        return {
            "date": self.date,
            "id": self.id,
            "kind": self.kind,
            "parties": ", ".join(self.parties),
            "name": self.name,
            "what": self.what,
            "state": self.state,
            "caveats": "; ".join(self.caveats),
            **_words(self.quotations),
        }


def in_words(roles: Mapping[str, tuple[str, ...]]) -> str:
    """Who has which part in a thing.

    >>> in_words({"by": ("Anna Varga",), "of": ("Sudland",)})
    'by Anna Varga; of Sudland'
    """
    return "; ".join(f"{ROLES[role]} {', '.join(names)}".strip() for role, names in roles.items() if role in ROLES)


class Hits(Answer):
    """What a search found, newest first."""

    columns: ClassVar[tuple[str, ...]] = MENTIONED

    words: str
    mentions: tuple[Mention, ...]
    more: bool = Field(description="Whether there are more than were asked for")

    def rows(self) -> list[Row]:
        """As a table."""
        return [mention.row() for mention in self.mentions]


class Thread(Answer):
    """One thing over all days."""

    columns: ClassVar[tuple[str, ...]] = MENTIONED

    id: Text
    kind: Text
    name: Text
    names: tuple[Text, ...] = Field(description="An actor's spellings; of other things what they were called")
    first: date
    last: date
    mentions: tuple[Mention, ...] = Field(description="Newest first")
    changes: tuple[Step, ...] = Field(description="What became of it, newest first")

    def rows(self) -> list[Row]:
        """Its mentions as a table."""
        return [mention.row() for mention in self.mentions]


class Step(Answer):
    """What became of a thing on one day; `stated` where it was first mentioned."""

    date: date
    kind: ChangeKind | Literal["stated"]
    what: str
    since: Day | None = Field(default=None, description="When it was last mentioned before; None: never")
    before: str | None = Field(default=None, description="As it stood; None: not there")
    after: str | None = Field(default=None, description="As it stands; None: not mentioned")
    quotations_before: tuple[Quoted, ...] = ()
    quotations: tuple[Quoted, ...] = ()


class Part(Answer):
    """What an actor has to do with a thing."""

    id: Text
    kind: Text
    roles: tuple[Text, ...] = Field(description="by, of, to, participant, asserts, confirms, denies, neither …")
    name: Text
    what: str = Field(description="As it was when it was last mentioned")
    state: Text
    caveats: tuple[Text, ...] = Field(description="What speaks against it, as the last of its days has it")
    parties: tuple[Text, ...]
    first: date
    last: date
    days: int = Field(description="On how many it was mentioned")
    quotations: tuple[Quoted, ...] = Field(description="Of the last of them")

    def row(self) -> Row:
        """As a line of a table."""
        told = self.model_dump(include={"id", "kind", "name", "what", "state", "first", "last", "days"})
        listed = {
            "roles": ", ".join(self.roles),
            "parties": ", ".join(self.parties),
            "caveats": "; ".join(self.caveats),
        }
        return {**told, **listed, "quotations": _words(self.quotations)["quotations"]}


class ActorRecord(Answer):
    """What an actor, and who belongs to it, had a part in."""

    columns: ClassVar[tuple[str, ...]] = tuple(
        "id kind roles parties name what state caveats first last days quotations".split()
    )

    id: Text
    name: Text
    kind: Text
    spellings: tuple[Text, ...]
    offices: tuple[Text, ...] = Field(description="Newest first")
    belongs_to: str | None = Field(description="Name; None: nobody, or not known")
    members: tuple[Text, ...] = Field(description="Names of those who belong to it")
    first: date
    last: date
    parts: tuple[Part, ...] = Field(description="By kind and role, last mentioned first")

    def rows(self) -> list[Row]:
        """As a table."""
        return [part.row() for part in self.parts]


class ActorListed(Answer):
    """An actor in a list of them, as it was when it was last mentioned."""

    id: Text
    name: Text
    kind: Text
    office: str | None = Field(description="None: not said")
    belongs_to: str | None = Field(description="Name; None: nobody, or not known")
    first: date
    last: date
    days: int = Field(description="On how many it was mentioned")


class Cast(Answer):
    """Who is in the briefings, those mentioned on most days first."""

    actors: tuple[ActorListed, ...]
    more: bool = Field(description="Whether there are more than were asked for")


class Changed(Answer):
    """What became of one thing on one day."""

    topic: str | None = Field(description="Of the briefing that says so; None: all")
    id: Text = Field(description="Of the thing, over all days")
    kind: Text
    name: Text
    step: Step


class Changes(Answer):
    """What became of things over a span of days, newest first."""

    changes: tuple[Changed, ...]
    more: bool = Field(description="Whether there are more than were asked for")


class Difference(Answer):
    """One thing on two days."""

    id: Text
    kind: Text
    name: Text
    parties: tuple[Text, ...]
    before: str | None = Field(description="As it stood on the first day; None: not mentioned then")
    after: str | None = Field(description="As it stands on the second; None: not mentioned then")
    caveats: tuple[Text, ...] = Field(description="What speaks against it, as the later of its days has it")
    steps: tuple[Step, ...] = Field(description="What became of it in between and on the second day, oldest first")

    @property
    def how(self) -> str:
        """In a word: the last thing that became of it. Told again, otherwise than it stood, it is restated."""
        if self.after is None:
            return "not mentioned"
        quiet = (ChangeKind.RESTATED, ChangeKind.NOT_MENTIONED, "stated")
        told = [step.kind for step in self.steps if step.kind not in quiet]
        if told:
            return str(told[-1]).replace("_", " ")
        if self.before == self.after:
            return "same"
        if self.steps and self.steps[-1].kind is ChangeKind.RESTATED:
            return "restated"
        return "new" if self.before is None else "moved"

    def row(self) -> Row:
        """As a line of a table."""
        told = self.model_dump(include={"id", "kind", "name", "before", "after"})
        what = "; ".join(step.what for step in self.steps if step.kind is not ChangeKind.RESTATED)
        listed = {"parties": ", ".join(self.parties), "caveats": "; ".join(self.caveats)}
        return {**told, **listed, "how": self.how, "what": what}


class Diff(Answer):
    """Two days side by side."""

    columns: ClassVar[tuple[str, ...]] = tuple("id kind parties name before after caveats how what".split())

    before: date
    after: date
    differences: tuple[Difference, ...]

    def rows(self) -> list[Row]:
        """As a table."""
        return [difference.row() for difference in self.differences]


# ----------------------------------------------------------------------------- the ledger


class Stood(Answer):
    """How one day had a thing."""

    date: date
    what: str
    state: Text
    caveats: tuple[Text, ...] = Field(description="What speaks against it, as the day's briefing says it")
    by: tuple[Text, ...] = Field(description="Who demands or proposes it, or meets")
    to: tuple[Text, ...] = Field(description="Of whom it is demanded, or to whom it is proposed")


def stood_on(days: Sequence[Stood], day: date) -> Stood:
    """How a thing stood on a day: as that day had it, else as the last before, else as the first."""
    return next((stood for stood in reversed(days) if stood.date <= day), days[0])


class Record(Answer):
    """A demand or proposal over a span of days."""

    id: Text
    by: tuple[Text, ...] = Field(description="At the end of the span")
    to: tuple[Text, ...] = Field(
        description="Of whom it is demanded, or to whom it is proposed, at the end of the span"
    )
    issue: Text
    what: str = Field(description="As it was last stated")
    state: Text = Field(description="At the end of the span")
    caveats: tuple[Text, ...] = Field(description="What speaks against it, at the end of the span")
    first_stated: PartialDate | None = Field(description="When a demand was first made, as far as that is known")
    first: date
    last: date
    days: tuple[Stood, ...] = Field(description="How each day had it, oldest first")
    steps: tuple[Step, ...] = Field(description="Oldest first")

    @property
    def answers(self) -> tuple[Step, ...]:
        """What others said to it."""
        return tuple(s for s in self.steps if s.kind in (ChangeKind.MET, ChangeKind.REJECTED, ChangeKind.ANSWERED))

    @property
    def concessions(self) -> tuple[Step, ...]:
        """Where one side gave way."""
        return tuple(s for s in self.steps if s.kind in (ChangeKind.MET, ChangeKind.SOFTENED, ChangeKind.WITHDRAWN))


class Rung(Answer):
    """How certain one report of one day has a meeting."""

    date: date
    outlet: Text
    status: Text
    when: str | None = Field(description="As worded; None: not said")
    day: PartialDate | None = Field(description="None: not resolvable")
    place: str | None = Field(description="None: not said, or by telephone")
    quotations: tuple[Quoted, ...]


class Ladder(Answer):
    """An occasion, from possible to past."""

    id: Text
    what: str
    participants: tuple[Text, ...]
    state: Text
    caveats: tuple[Text, ...] = Field(description="What speaks against it, at the end of the span")
    days: tuple[Stood, ...] = Field(description="How each day had it, oldest first")
    rungs: tuple[Rung, ...] = Field(description="A rung a report and day, oldest first")


class Stand(Answer):
    """Where a claim stood on a day, from the day on which that was so."""

    date: date
    what: str = Field(description="The claim as the day has it")
    status: Text
    caveats: tuple[Text, ...] = Field(description="What speaks against it, as the day's briefing says it")
    asserted_by: tuple[Text, ...]
    confirmed_by: tuple[Text, ...]
    denied_by: tuple[Text, ...]
    unconfirmed_by: tuple[Text, ...]
    quotations: tuple[Quoted, ...]

    @property
    def stances(self) -> str:
        """Who stands where, in words."""
        told = {words: getattr(self, field) for words, field in STANCES.items()}
        return "; ".join(f"{words} {', '.join(names)}" for words, names in told.items() if names)


class ClaimRecord(Answer):
    """How a claim's standing moved."""

    id: Text
    what: str
    stands: tuple[Stand, ...] = Field(description="Oldest first; a day on which nothing moved is left out")


LedgerTable = Literal["demands", "proposals", "venues", "claims"]


class Ledger(Answer):
    """Who wants and offers what over a span of days, and what came of it; where they meet; what stands."""

    columns: ClassVar[tuple[str, ...]] = tuple(
        "kind id date party to issue first_stated step what before after caveats outlets quotations".split()
    )

    since: date
    until: date
    demands: tuple[Record, ...] = Field(description="By party, then issue")
    proposals: tuple[Record, ...] = Field(description="By party, then issue")
    venues: tuple[Ladder, ...]
    claims: tuple[ClaimRecord, ...]

    def renamed(self, ids: Mapping[str, str]) -> Self:
        """The same with other ids for things, by those that they have."""
        tables = ("demands", "proposals", "venues", "claims")
        return self.model_copy(
            update={
                name: tuple(each.model_copy(update={"id": ids[each.id]}) for each in getattr(self, name))
                for name in tables
            }
        )

    def rows(self) -> list[Row]:
        """As one table: a line for each step, rung and standing, by day within each thing."""
        return list(chain.from_iterable(self.table(name) for name in ("demands", "proposals", "venues", "claims")))

    def table(self, name: LedgerTable) -> list[Row]:
        """One of its parts as a table; all have the same columns."""
        if name in ("demands", "proposals"):
            return [row for record in getattr(self, name) for row in _record_rows(name[:-1], record)]
        if name == "venues":
            return [row for ladder in self.venues for row in _ladder_rows(ladder)]
        return [row for claim in self.claims for row in _claim_rows(claim)]

    def frame(self, name: LedgerTable, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """One of its parts as a data frame, a line for each step.

        Raises:
            ImportError: if the library isn't there; the extra `summarizer[frames]` brings both.
        """
        from importlib import import_module  # noqa: PLC0415 - neither is needed for anything else

        rows = self.table(name)
        return import_module(library).DataFrame({column: [row[column] for row in rows] for column in self.columns})


def _line(kind: str, id: str, **told: Any) -> Row:
    """A line of the ledger's table, with all columns."""
    return {"kind": kind, "id": id, **{column: told.get(column) or "" for column in Ledger.columns[2:]}}


def _words(quotations: tuple[Quoted, ...]) -> Row:
    return {
        "outlets": ", ".join(dict.fromkeys(each.outlet for each in quotations)),
        "quotations": " / ".join(each.marked for each in quotations),
    }


def _record_rows(kind: str, record: Record) -> Iterator[Row]:
    for step in record.steps:
        stood = stood_on(record.days, step.date)
        yield _line(
            kind,
            record.id,
            date=step.date,
            party=", ".join(stood.by),
            to=", ".join(stood.to),
            issue=record.issue,
            first_stated=record.first_stated,
            caveats="; ".join(stood.caveats),
            step=str(step.kind).replace("_", " "),
            what=step.what,
            before=step.before,
            after=step.after,
            **_words(step.quotations),
        )


def _ladder_rows(ladder: Ladder) -> Iterator[Row]:
    for rung in ladder.rungs:
        stood = stood_on(ladder.days, rung.date)
        yield _line(
            "venue",
            ladder.id,
            date=rung.date,
            party=", ".join(stood.by),
            issue=stood.what,
            step=rung.status,
            what=", ".join(filter(None, (rung.place, rung.when, rung.day))),
            caveats="; ".join(stood.caveats),
            outlets=rung.outlet,
            quotations=_words(rung.quotations)["quotations"],
        )


def _claim_rows(claim: ClaimRecord) -> Iterator[Row]:
    previous = ""
    for stand in claim.stands:
        yield _line(
            "claim",
            claim.id,
            date=stand.date,
            party=", ".join(stand.asserted_by),
            issue=stand.what,
            step=stand.status,
            caveats="; ".join(stand.caveats),
            what=stand.stances,
            before=previous,
            after=stand.status,
            **_words(stand.quotations),
        )
        previous = stand.status


Thread.model_rebuild()
Changed.model_rebuild()
