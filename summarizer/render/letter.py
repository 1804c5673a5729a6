"""A briefing as a mail: what a reader needs first, as plain text and as HTML that mail programs show.

Mail programs run no script and drop style sheets; some cut a mail after 102 kB. So styles stand in
the elements, no colour is set but one that reads on light and on dark, and what makes a mail too
long is left out, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from summarizer.days import in_full
from summarizer.models import Briefing, Resolution, Story
from summarizer.render.layout import DEMAND_HEADS, QUIET, StoryLayout, View, views
from summarizer.render.pen import Pen, describe_place
from summarizer.render.text import TextPen
from summarizer.text import clipped, flatten

LARGEST = 100_000
"""Bytes that the HTML may have."""
WIDTH = 72
"""Columns of the plain text."""

RULE = "1px solid #999"
SMALL = "font-size:13px"
CELL = f"padding:4px 8px 4px 0;border-bottom:{RULE};text-align:left;vertical-align:top"
HEADINGS = {
    1: "font-size:24px;line-height:1.25;margin:0 0 8px",
    2: f"font-size:18px;line-height:1.3;margin:28px 0 8px;padding-top:12px;border-top:{RULE}",
}
DEEP = "font-size:16px;line-height:1.3;margin:20px 0 6px"


class Detail(NamedTuple):
    """How much of a briefing is told."""

    rows: int | None
    """Stories, and demands, changes and disputes of each, that are told; None: all."""
    characters: int | None
    """Of one text; None: all."""
    quoted: bool
    """Whether quotations stand at the end."""


DETAILS = (
    Detail(None, None, True),
    Detail(None, None, False),
    Detail(40, 600, False),
    Detail(20, 400, False),
    Detail(10, 300, False),
    Detail(5, 200, False),
    Detail(2, 120, False),
)
"""From all to what fits whatever the day was."""


@dataclass(frozen=True)
class Letter:
    """A briefing's mail, without its envelope."""

    headline: str
    text: str
    html: str


def headline_of(briefing: Briefing) -> str:
    """What the day comes to, on one line: the weightiest story's headline."""
    return flatten(briefing.stories[0].name) if briefing.stories else f"Briefing of {in_full(briefing.date)}"


def write_letter(briefing: Briefing, *, link: str | None = None, attached: Sequence[str] = ()) -> Letter:
    """The mail of a briefing; both parts say the same.

    Args:
        briefing: that is told.
        link: address of the day's page, to whose parts ids then lead.
        attached: names of files that come with it.
    """
    for detail in DETAILS:
        page = HtmlPen(briefing, detail, link)
        LetterLayout(briefing, page, detail).all(attached)
        html = page.page()
        if len(html.encode()) <= LARGEST:
            break
    plain = PlainPen(detail, link)
    LetterLayout(briefing, plain, detail).all(attached)
    return Letter(headline_of(briefing), plain.page(), html)


class HtmlPen(Pen):
    """Writes HTML for mail programs; whatever it is given to say is escaped."""

    def __init__(self, briefing: Briefing, detail: Detail, link: str | None) -> None:
        super().__init__()
        self.language, self.title = briefing.language, headline_of(briefing)
        self.detail, self.link = detail, link
        self._depth = 0

    def say(self, text: str) -> str:
        """Escaped, on one line."""
        return escape(clipped(flatten(text), self.detail.characters))

    def strong(self, text: str) -> str:
        """Bold."""
        return f"<strong>{self.say(text)}</strong>"

    def to(self, id: str) -> str:
        """An id that leads to the day's page."""
        return f'<a href="{escape(self.link)}#{quote(id)}">{escape(id)}</a>' if self.link else escape(id)

    def mark(self, number: int) -> str:
        """A raised number."""
        return f'<sup style="font-size:11px">[{number}]</sup>' if self.detail.quoted else ""

    def heading(self, level: int, text: str) -> None:
        """A heading."""
        self._add(f'<h{level} style="{HEADINGS.get(level, DEEP)}">{text}</h{level}>')

    def paragraph(self, text: str) -> None:
        """A paragraph."""
        self._add(f'<p style="margin:0 0 10px">{text}</p>')

    def site(self) -> None:
        """The way to the day's page."""
        if self.link:
            self.paragraph(f'<a href="{escape(self.link)}">{escape(self.link)}</a>')

    def bullet(self, text: str, level: int = 0) -> None:
        """A list item; a point under a point in a list of its own."""
        self._nest(level + 1)
        self.lines.append(f'<li style="margin:0 0 6px">{text}')

    def _nest(self, depth: int) -> None:
        """Open and close lists, so that a point may follow, or at depth 0 anything else."""
        while self._depth > depth:
            self.lines.append("</li></ul>")
            self._depth -= 1
        if depth and self._depth == depth:
            self.lines.append("</li>")
        while self._depth < depth:
            self.lines.append('<ul style="margin:0 0 10px;padding-left:20px">')
            self._depth += 1

    def _add(self, html: str) -> None:
        self._nest(0)
        self.lines.append(html)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table with rules between its rows."""
        heads = "".join(f'<th style="{CELL};{SMALL}">{cell}</th>' for cell in head)
        body = ("".join(f'<td style="{CELL}">{cell}</td>' for cell in row) for row in rows)
        self._table("".join(f"<tr>{row}</tr>\n" for row in (heads, *body)))

    def compare(self, heads: Sequence[str], cells: Sequence[str]) -> None:
        """A row a side, as phones are narrow."""
        sides = zip(heads, cells, strict=True)
        self._table("".join(f'<tr><th style="{CELL}">{h}</th><td style="{CELL}">{c}</td></tr>\n' for h, c in sides))

    def _table(self, rows: str) -> None:
        style = f"border-collapse:collapse;width:100%;margin:0 0 12px;border-top:{RULE};font-size:14px"
        self._add(f'<table style="{style}">\n{rows}</table>')

    def write_notes(self, briefing: Briefing) -> None:
        """The quotations, numbered; a machine translation's wording is not put in quotation marks."""
        for evidence, number in self.notes.items():
            shown = _quoted(briefing, evidence.article, self.say(evidence.quote))
            where = self.say(describe_place(briefing, evidence))
            self._add(f'<p style="margin:0 0 6px;{SMALL}">[{number}] {where}: {shown}</p>')

    def page(self) -> str:
        """A whole HTML document."""
        self._nest(0)
        body = "\n".join(self.lines)
        return (
            f'<!doctype html>\n<html lang="{escape(self.language)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
            f'<title>{escape(self.title)}</title></head>\n<body style="margin:0;padding:16px">\n'
            '<div style="max-width:680px;margin:0 auto;font-family:Helvetica,Arial,sans-serif;font-size:16px;'
            f'line-height:1.5">\n{body}\n</div></body></html>\n'
        )


class PlainPen(TextPen):
    """Writes the same as plain text."""

    def __init__(self, detail: Detail, link: str | None) -> None:
        super().__init__(WIDTH)
        self.detail, self.link = detail, link

    def say(self, text: str) -> str:
        """On one line, no longer than is told."""
        return clipped(super().say(text), self.detail.characters)

    def mark(self, number: int) -> str:
        """A number in brackets."""
        return super().mark(number) if self.detail.quoted else ""

    def site(self) -> None:
        """The address of the day's page, which must not be wrapped."""
        if self.link:
            self.lines += ["", self.link, ""]


class LetterLayout(StoryLayout):
    """What of a briefing stands in a mail."""

    pen: HtmlPen | PlainPen

    def __init__(self, briefing: Briefing, pen: HtmlPen | PlainPen, detail: Detail, view: View | None = None) -> None:
        self.detail = detail
        self._views = list(views(briefing))
        super().__init__(briefing, pen, view or self._views[0])
        self.pen = pen

    def listed_stories(self) -> tuple[Story, ...]:
        """No more than are told."""
        return self.briefing.stories[: self.detail.rows]

    def all(self, attached: Sequence[str] = ()) -> None:
        """Headline, bottom line, what changed, demands, disputes; what else there is in a line."""
        self.top()
        self.pen.site()
        if self.many:
            self.changes()
        for view in self._views[: self.detail.rows]:
            LetterLayout(self.briefing, self.pen, self.detail, view).story()
        self.left_out(len(self._views), "story", "stories")
        self.rest(attached)
        self.provenance()
        if self.pen.notes and self.detail.quoted:
            self.pen.heading(2, "Quotations")
            self.pen.write_notes(self.briefing)

    def story(self) -> None:
        """One story."""
        self.bottom_line()
        if not self.many:
            self.changes()
        if demands := self.view.demands:
            self.heading(2, "Who demands what of whom")
            self.pen.table(DEMAND_HEADS, [self.row(demand) for demand in demands[: self.detail.rows]])
            self.left_out(len(demands), "demand", "demands")
        if disputes := [each for each in self.view.disputes if each.resolution is Resolution.OPEN]:
            self.heading(2, "Disputed")
            for dispute in disputes[: self.detail.rows]:
                self.dispute(dispute)
            self.left_out(len(disputes), "dispute", "disputes")

    def changes(self) -> None:
        """What changed since the briefing before; what did not is counted."""
        b = self.briefing
        if not b.compared_with:
            return
        self.pen.heading(2, f"What changed since {in_full(b.compared_with)}")
        moved = [change for change in b.changes if change.kind not in QUIET]
        for change in moved[: self.detail.rows]:
            self.change(change)
        self.left_out(len(moved), "change", "changes")
        same = len(b.changes) - len(moved)
        if same:
            self.pen.paragraph(f"Restated, or not mentioned: {same} followed before.")
        elif not moved:
            self.pen.paragraph("Nothing that was followed before.")

    def problems(self) -> None:
        """What could not be done, and to how many articles."""
        reasons = self.briefing.problems_by_reason
        for (cost, reason), articles in list(reasons.items())[: self.detail.rows]:
            about = f"{len(articles)} × " if len(articles) > 1 else f"{self.pen.say(articles[0])}: " if articles else ""
            self.pen.bullet(f"{about}{self.pen.say(cost)} — {self.pen.say(reason)}")
        self.left_out(len(reasons), "problem", "problems")

    def left_out(self, count: int, one: str, several: str) -> None:
        """Say how many were left out, if any were."""
        if self.detail.rows is not None and (more := count - self.detail.rows) > 0:
            self.pen.paragraph(f"… and {more} more {one if more == 1 else several}, too long for a mail.")

    def rest(self, attached: Sequence[str]) -> None:
        """What there is besides, and where."""
        b = self.briefing
        counts = {
            "proposal": len(b.proposals),
            "venue": len(b.venues),
            "claim": len(b.claims),
            "event": len(b.events),
            "side story": len(b.side_stories),
            "problem": len(b.problems),
        }
        told = [f"{n} {name if n == 1 else f'{name}s'.replace('storys', 'stories')}" for name, n in counts.items() if n]
        self.pen.heading(2, "Besides")
        if told:
            self.pen.paragraph(f"In the briefing itself: {', '.join(told)}.")
        if attached:
            self.pen.paragraph(f"Attached: {self.pen.say(', '.join(attached))}")
        self.problems()


def _quoted(briefing: Briefing, article: str, quote: str) -> str:
    return f"machine-translated wording: {quote}" if briefing.source(article).translated else f"“{quote}”"
