"""Markdown: GitHub's flavour, with footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.models import Briefing
from summarizer.render.pen import Pen, describe_place
from summarizer.text import flatten

SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#])")


AUTOMATIC = re.compile(r":(?=//)|(?<=www)\.|[@$]", re.IGNORECASE)
"""Where GitHub's flavour makes links, mentions and formulas by itself."""


class MarkdownPen(Pen):
    """Writes Markdown; special characters of the material are escaped."""

    def say(self, text: str) -> str:
        """Escaped, on one line."""
        text = SPECIAL.sub(r"\\\1", flatten(text))
        text = re.sub(r"^([-+=])", r"\\\1", text)
        text = re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
        return AUTOMATIC.sub(lambda match: f"&#{ord(match[0])};", text)

    def strong(self, text: str) -> str:
        """Bold."""
        return f"**{self.say(text)}**"

    def mark(self, number: int) -> str:
        """A footnote's sign."""
        return f"[^{number}]"

    def heading(self, level: int, text: str) -> None:
        """An ATX heading."""
        self.lines += ["", f"{'#' * level} {text}", ""]

    def paragraph(self, text: str) -> None:
        """A paragraph."""
        self.lines += ["", text, ""]

    def bullet(self, text: str, level: int = 0) -> None:
        """A list item."""
        self.lines.append(f"{'  ' * level}- {text}")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A pipe table."""
        lines = [head, ["---"] * len(head), *rows]
        self.lines += ["", *(f"| {' | '.join(cells)} |" for cells in lines), ""]

    def compare(self, heads: Sequence[str], cells: Sequence[str]) -> None:
        """A table of one row."""
        self.table(heads, [cells])

    def write_notes(self, briefing: Briefing) -> None:
        """Footnotes; a machine translation's wording is not put in quotation marks."""
        self.lines.append("")
        for evidence, number in self.notes.items():
            quote = self.say(evidence.quote)
            if briefing.source(evidence.article).translated:
                shown = f"machine-translated wording: {quote}"
            else:
                shown = f"“{quote}”"
            self.lines.append(f"[^{number}]: {self.say(describe_place(briefing, evidence))}: {shown}")

    def page(self) -> str:
        """The page, without runs of blank lines."""
        return re.sub(r"\n{3,}", "\n\n", super().page())
