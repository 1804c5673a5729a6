"""Plain text for a terminal or a mail."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from summarizer.models import Briefing
from summarizer.render.pen import Pen, describe_place
from summarizer.text import flatten


class TextPen(Pen):
    """Writes wrapped text; control characters of the material are gone."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = max(40, width)

    def say(self, text: str) -> str:
        """On one line, without anything that steers a terminal."""
        return flatten(text)

    def strong(self, text: str) -> str:
        """As it is."""
        return self.say(text)

    def mark(self, number: int) -> str:
        """A number in brackets."""
        return f"[{number}]"

    def heading(self, level: int, text: str) -> None:
        """A heading, underlined if it is a high one."""
        lines = textwrap.wrap(text.upper() if level == 2 else text, self.width)
        rule = {1: "=", 2: "-"}.get(level)
        self.lines += ["", *lines, *([rule * max(map(len, lines))] if rule else [])]

    def paragraph(self, text: str) -> None:
        """A wrapped paragraph."""
        self.lines += ["", *textwrap.wrap(text, self.width), ""]

    def bullet(self, text: str, level: int = 0) -> None:
        """A point, indented under its dash."""
        indent = "  " * level
        self.lines += textwrap.wrap(
            text, self.width, initial_indent=f"{indent}- ", subsequent_indent=f"{indent}  ", break_on_hyphens=False
        )

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns where they fit the width; else a point a row."""
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        if sum(widths) + 2 * len(widths) <= self.width:
            lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in (head, *rows)]
            self.lines += ["", *lines, ""]
            return
        for row in rows:
            self.bullet(" · ".join(filter(None, row)))

    def compare(self, heads: Sequence[str], cells: Sequence[str]) -> None:
        """A point a side."""
        for head, cell in zip(heads, cells, strict=True):
            self.bullet(f"{head}: {cell}")

    def write_notes(self, briefing: Briefing) -> None:
        """The quotations, numbered."""
        for evidence, number in self.notes.items():
            quote = self.say(evidence.quote)
            translated = briefing.source(evidence.article).translated
            shown = f"machine-translated wording: {quote}" if translated else f"“{quote}”"
            label = f"[{number}] "
            self.lines += textwrap.wrap(
                f"{label}{self.say(describe_place(briefing, evidence))}: {shown}",
                self.width,
                subsequent_indent=" " * len(label),
            )

    def page(self) -> str:
        """The page, without runs of blank lines."""
        return re.sub(r"\n{3,}", "\n\n", super().page())
