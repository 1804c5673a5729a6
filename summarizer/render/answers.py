"""What an archive answers, as a page: one layout for each kind of answer, written with any pen."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from pydantic import TypeAdapter

from summarizer.archive.found import (
    ActorRecord,
    ClaimRecord,
    Diff,
    Difference,
    Hits,
    Ladder,
    Ledger,
    Listed,
    Mention,
    Part,
    Quoted,
    Record,
    Step,
    Thread,
)
from summarizer.days import in_short, with_weekday
from summarizer.errors import UnknownFormat
from summarizer.render.markdown import MarkdownPen
from summarizer.render.pen import Pen
from summarizer.sheet import write_sheet
from summarizer.text import escape_hidden

Answer = tuple[Listed, ...] | Hits | Thread | ActorRecord | Diff | Ledger
"""What one can ask for."""

NEW = ("new", "first reported")
"""How what was not there before came to be."""

PLURALS = {
    "demand": "Demands",
    "proposal": "Proposals",
    "venue": "Venues",
    "claim": "Claims",
    "event": "Events",
    "dispute": "Disputes",
}


FORMS = ("text", "md", "json", "csv")
"""How every answer can be written."""


def lay_out_answer(answer: Answer, pen: Pen) -> None:
    """Write an answer with a pen."""
    page = Page(pen)
    if isinstance(answer, Hits):
        page.hits(answer)
    elif isinstance(answer, Thread):
        page.thread(answer)
    elif isinstance(answer, ActorRecord):
        page.actor(answer)
    elif isinstance(answer, Diff):
        page.diff(answer)
    elif isinstance(answer, Ledger):
        page.ledger(answer)
    else:
        page.briefings(answer)


def render_answer(answer: Answer, form: str, width: int = 88, *, color: bool = False) -> str:
    """An answer as `text`, `md`, `json` or `csv`, a ledger as `svg` as well.

    Of text, `width` is in columns, and `color` for a terminal.

    Raises:
        UnknownFormat: if an answer of this kind is not written so.
    """
    if form == "svg" and isinstance(answer, Ledger):
        from summarizer.pictures import render_movement  # noqa: PLC0415 - hardly any run draws

        return render_movement(answer)
    if form not in FORMS:
        raise UnknownFormat(form, list(FORMS))
    if form == "json":
        kind: TypeAdapter[Any] = TypeAdapter(tuple[Listed, ...] if isinstance(answer, tuple) else type(answer))
        return escape_hidden(kind.dump_json(answer, indent=2).decode() + "\n")
    if form == "csv":
        columns = tuple(Listed.model_fields) if isinstance(answer, tuple) else answer.columns
        return write_sheet(columns, [each.row() for each in answer] if isinstance(answer, tuple) else answer.rows())
    from summarizer.render.text import TextPen  # noqa: PLC0415 - rich takes 60 ms, and only text needs it

    pen = MarkdownPen() if form == "md" else TextPen(width, color=color)
    lay_out_answer(answer, pen)
    return pen.page()


class Page:
    """Pieces of pages, escaped by the pen."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.say = pen.say

    def briefings(self, listed: Sequence[Listed]) -> None:
        """All briefings, newest first."""
        topics = any(each.topic for each in listed)
        rows = [
            [
                each.date.isoformat(),
                *([self.say(each.topic or "")] if topics else []),
                self.say(each.headline),
                str(each.articles),
                str(each.items),
                str(each.changes),
                str(each.problems),
            ]
            for each in listed
        ]
        heads = ["Day", *(["Topic"] if topics else []), "Headline", "Articles", "Items", "Changes", "Problems"]
        if rows:
            self.pen.table(heads, rows)
        else:
            self.pen.paragraph("No briefing in it.")

    def hits(self, found: Hits) -> None:
        """What was found, day by day."""
        if not found.mentions:
            self.pen.paragraph(f"Nothing has {self.say(found.words)}.")
        for day, mentions in groupby(found.mentions, key=lambda mention: mention.date):
            self.pen.heading(2, with_weekday(day))
            for mention in mentions:
                self.mention(mention)
        if found.more:
            self.pen.paragraph("There is more: ask for more by --most, or for less by --party, --type, --from, --to.")

    def mention(self, mention: Mention, *, named: bool = True) -> None:
        """One thing on one day."""
        printed = f" (printed {mention.printed})" if mention.printed != mention.id else ""
        name = f" {self.say(mention.name)}" if named and not _is_sentence(mention.name) else ""
        head = f"{self.pen.strong(mention.id)}{printed} {mention.kind}{name}: " if named else ""
        told = [self.say(mention.what)] if mention.what and mention.what != name.strip() else []
        told += [self.say(mention.who or ", ".join(mention.parties))] if mention.parties else []
        self.pen.bullet(f"{head}{' — '.join([*told, self.stood(mention.state, mention.caveats)])}")
        self.quotations(mention.quotations)

    def stood(self, state: str, caveats: Sequence[str]) -> str:
        """A thing's state, and what speaks against it, no word twice."""
        told = [] if any(caveat.startswith(f"{state},") for caveat in caveats) else [state]
        return " · ".join(map(self.pen.state, [*told, *caveats]))

    def quotations(self, quotations: Iterable[Quoted], level: int = 1) -> None:
        """Quotations under a point."""
        for each in quotations:
            published = f", {in_short(each.published)}" if each.published else ""
            shown = self.say(each.marked if each.translated else f"“{each.quote}”")
            self.pen.bullet(f"{self.pen.quiet(shown)} — {self.say(each.outlet)}{published}", level)

    def thread(self, thread: Thread) -> None:
        """One thing over all days."""
        pen = self.pen
        pen.heading(1, f"{thread.id} {self.say(thread.name)}")
        days = len({mention.date for mention in thread.mentions})
        pen.paragraph(f"{thread.kind} · {_span(thread.first, thread.last)} · on {days} {'days' if days > 1 else 'day'}")
        said = {mention.what for mention in thread.mentions}
        if others := [name for name in thread.names[1:] if name not in said]:
            pen.paragraph(f"Also called {self.say('; '.join(others))}")
        if thread.changes:
            pen.heading(2, "What became of it")
            self.steps(thread.changes, said)
        pen.heading(2, "Day by day")
        told = {quoted for step in thread.changes for quoted in step.quotations}
        for mention in thread.mentions:
            stood = [self.stood(mention.state, mention.caveats), *([self.say(mention.who)] if mention.who else [])]
            what = f": {self.say(mention.what)}" if mention.what not in ("", thread.name) else ""
            pen.bullet(f"{pen.strong(in_short(mention.date))} {' — '.join(stood)}{what}")
            for side in mention.sides:
                pen.bullet(f"{self.say(', '.join(side.held_by or side.outlets))}: {self.say(side.what)}", 1)
            self.quotations(quoted for quoted in mention.quotations if quoted not in told)

    def steps(self, steps: Iterable[Step], said: Container[str]) -> None:
        """What became of a thing; what is `said` of it elsewhere on the page isn't said again."""
        for step in steps:
            self.pen.bullet(self.moved(step, self.pen.strong(in_short(step.date)), said))
            self.quotations(step.quotations)

    def moved(self, step: Step, day: str, said: Container[str]) -> str:
        """A day's move in a line."""
        kind = self.pen.state(str(step.kind).replace("_", " "))
        what = "" if step.what in said or step.kind == "stated" else f": {self.say(step.what)}"
        moved = " → ".join(self.pen.state(side) for side in (step.before, step.after) if side)
        return " — ".join(filter(None, (f"{day} {kind}{what}", moved)))

    def actor(self, record: ActorRecord) -> None:
        """All that an actor had a part in."""
        pen = self.pen
        pen.heading(1, f"{record.id} {self.say(record.name)}")
        told = [record.kind, *([self.say(record.offices[0])] if record.offices else [])]
        told += [f"of {self.say(record.belongs_to)}"] if record.belongs_to else []
        pen.paragraph(f"{' · '.join(told)} · {_span(record.first, record.last)}")
        others = [name for name in record.spellings if name != record.name]
        if others:
            pen.paragraph(f"Also spelt {self.say(', '.join(others))}")
        if len(record.offices) > 1:
            pen.paragraph(f"Before, or elsewhere: {self.say('; '.join(record.offices[1:]))}")
        if record.members:
            pen.paragraph(f"With {self.say(', '.join(record.members))}")
        for kind, title in PLURALS.items():
            parts = [part for part in record.parts if part.kind == kind]
            if parts:
                pen.heading(2, title)
            for part in parts:
                self.part(part)

    def part(self, part: Part) -> None:
        """What an actor has to do with a thing."""
        days = f", on {part.days} days" if part.days > 1 else ""
        name = "" if _is_sentence(part.name) else part.name
        head = " ".join(filter(None, (self.pen.strong(part.id), self.say(name), f"({', '.join(part.roles)})")))
        what = f"{self.say(part.what)} — " if part.what and part.what != name else ""
        stood = self.stood(part.state, part.caveats)
        self.pen.bullet(f"{head}: {what}{stood}; {_span(part.first, part.last)}{days}")
        self.quotations(part.quotations)

    def diff(self, diff: Diff) -> None:
        """Two days side by side: what moved first, what stayed last."""
        pen = self.pen
        pen.heading(1, f"{with_weekday(diff.before)} and {with_weekday(diff.after)}")
        listed = [each for each in diff.differences if each.kind != "claim" or each.how not in ("new", "not mentioned")]
        groups = {
            "Moved": [each for each in listed if each.how not in ("same", "restated", "not mentioned", *NEW)],
            "New": [each for each in listed if each.how in NEW],
            "Told again, otherwise than it stood": [each for each in listed if each.how == "restated"],
            "Not mentioned on the second day": [each for each in listed if each.how == "not mentioned"],
            "As it was": [each for each in listed if each.how == "same"],
        }
        for title, differences in groups.items():
            if differences:
                pen.heading(2, title)
                pen.table(
                    ["", "What", "Who", in_short(diff.before), in_short(diff.after), "How"],
                    [self.difference(each) for each in differences],
                )
        claims = [each for each in diff.differences if each.kind == "claim" and each.how == "new"]
        if claims:
            pen.heading(2, "Claims that are new")
        for each in claims:
            pen.bullet(f"{pen.strong(each.id)} {self.say(each.name)} — {self.stood(each.after or '', each.caveats)}")

    def difference(self, each: Difference) -> list[str]:
        """A line of the table."""
        return [
            each.id,
            self.say(each.name),
            self.say(", ".join(each.parties)),
            self.pen.state(each.before or "—"),
            self.pen.state(each.after or "—"),
            self.pen.state(each.how),
        ]

    # ------------------------------------------------------------------------------ ledger

    def ledger(self, ledger: Ledger) -> None:
        """Demands and proposals by party, meetings, claims."""
        pen = self.pen
        pen.heading(1, f"Ledger, {_span(ledger.since, ledger.until)}")
        if not ledger.rows():
            pen.paragraph("Nothing in these days.")
        self.records("Demands", ledger.demands)
        self.records("Proposals", ledger.proposals)
        if ledger.venues:
            pen.heading(2, "Venues")
        for ladder in ledger.venues:
            self.ladder(ladder)
        if ledger.claims:
            pen.heading(2, "Claims")
        for claim in ledger.claims:
            self.claim(claim)

    def records(self, title: str, records: Sequence[Record]) -> None:
        """Demands or proposals, by party."""
        if records:
            self.pen.heading(2, title)
        for party, own in groupby(records, key=lambda record: record.by[:1]):
            self.pen.heading(3, self.say(", ".join(party) or "nobody in particular"))
            for record in own:
                to = f" → {self.say(', '.join(record.to))}" if record.to else ""
                span = _span(record.first, record.last)
                head = f"{self.pen.strong(record.id)} {self.say(record.issue)}{to}: {self.say(record.what)}"
                since = f"; first stated {record.first_stated}" if record.first_stated else ""
                self.pen.bullet(f"{head} — {self.stood(record.state, record.caveats)}{since}; {span}")
                for step in record.steps:
                    self.pen.bullet(self.moved(step, in_short(step.date), {record.what}), 1)
                    self.quotations(step.quotations, 2)

    def ladder(self, ladder: Ladder) -> None:
        """How certain each report and day has a meeting."""
        pen = self.pen
        pen.heading(3, f"{ladder.id} {self.say(ladder.what)}")
        if ladder.caveats:
            pen.paragraph(self.say(" · ".join(ladder.caveats)))
        pen.table(
            ["Day", "Outlet", "How certain", "When", "Where"],
            [
                [
                    in_short(rung.date),
                    self.say(rung.outlet),
                    self.pen.state(rung.status),
                    self.say(" ".join(filter(None, (rung.when, f"({rung.day})" if rung.day else "")))),
                    self.say(rung.place or ""),
                ]
                for rung in ladder.rungs
            ],
        )

    def claim(self, claim: ClaimRecord) -> None:
        """How a claim's standing moved."""
        self.pen.bullet(f"{self.pen.strong(claim.id)} {self.say(claim.what)}")
        for stand in claim.stands:
            if stand.stances.startswith(stand.status):
                stood = " · ".join([self.say(stand.stances), *map(self.pen.state, stand.caveats)])
            else:
                who = f": {self.say(stand.stances)}" if stand.stances else ""
                stood = f"{self.stood(stand.status, stand.caveats)}{who}"
            self.pen.bullet(f"{in_short(stand.date)} {stood}", 1)


def _is_sentence(name: str) -> bool:
    """Whether a thing is called by what its first day said of it, in whose place stands what is said of it today."""
    return name.endswith((".", "!", "?"))


def _span(first: date, last: date) -> str:
    return in_short(first) if first == last else f"{in_short(first)} to {in_short(last)}"
