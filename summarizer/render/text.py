"""Text for a terminal, a file or a mail: the same characters with colours or without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO

from rich.box import Box
from rich.console import Console
from rich.containers import Lines
from rich.table import Table
from rich.text import Text

from summarizer.models import Briefing
from summarizer.render.pen import Pen, describe_place
from summarizer.text import SHED, flatten

NARROWEST = 20
"""Columns; what is narrower is written as wide as this."""

PROSE = 100
"""Columns that a line of prose has at most, however wide the page: the eye loses longer ones. Tables may be wider."""

SIDE_BY_SIDE = 36
"""Columns that each of several texts has at least where they stand beside each other."""

TALLEST = 5
"""Lines that a table's cell may take; where one would take more, each row becomes a point."""

GAP = 2
"""Columns between those of a table."""

FIGURE = re.compile(r"\$?\d|(unknown)?$")
"""What columns of figures, which go to the right, have in their cells."""

PADDING = re.compile(r"(?: |\x1b\[[0-9;]*m)+$")
"""What fills a line of a table up, with the codes in it."""

RULED = Box("    \n    \n ── \n" + "    \n" * 5)
"""A table with a line under its head, and no other."""

TONES = {
    "green": ("met", "accepted", "confirmed", "softened"),
    "red": ("rejected", "withdrawn", "cancelled", "disputed", "hardened", "red line"),
    "yellow": ("open", "floated", "tabled", "planned", "possible", "ongoing", "unconfirmed", "moved", "answered"),
    "cyan": ("new", "first reported"),
    "dim": ("superseded", "restated", "same", "not mentioned"),
}
"""Colours of the words for how things stand. The words are there without them."""

TONE = {word: tone for tone, words in TONES.items() for word in words}

LOOKS = ("bold", *TONES)
BEGIN, END = "\x0e", "\x0f"
MARKS = re.compile(f"({BEGIN}[0-{len(LOOKS) - 1}]|{END})")
"""Where a look begins and ends in ready text. What articles and model say has no control characters once it is said, so
none of it can be taken for these."""


class TextPen(Pen):
    """Writes text that is wrapped at words; of the material, what steers a terminal is gone."""

    def __init__(self, width: int, *, color: bool = False) -> None:
        """Take a page of `width` columns; with `color`, escape codes are written for the looks of things."""
        super().__init__()
        self.width = max(NARROWEST, width)
        self.prose = min(PROSE, self.width)
        self.color = color
        self._console = Console(  # nothing of it comes from the environment: a page is the same everywhere
            file=StringIO(),
            width=self.width,
            height=100,
            color_system="standard" if color else None,
            force_terminal=color,
            force_jupyter=False,
            legacy_windows=False,
            safe_box=False,
            _environ={},
        )

    def say(self, text: str) -> str:
        """On one line, without anything that steers a terminal."""
        return flatten(text)

    def strong(self, text: str) -> str:
        """Bold."""
        return _looking("bold", self.say(text))

    def quiet(self, ready: str) -> str:
        """Dim."""
        return _looking("dim", ready)

    def state(self, text: str) -> str:
        """Its words in colours."""
        words = self.say(text).split(", ")
        return ", ".join(_looking(TONE[word], word) if word in TONE else word for word in words)

    def mark(self, number: int) -> str:
        """A number in brackets."""
        return self.quiet(f"[{number}]")

    def heading(self, level: int, text: str) -> None:
        """A heading, underlined if it is a high one."""
        head = _laid(text.upper() if level == 2 else text)
        head.stylize("bold")
        lines = head.wrap(self._console, self.prose)
        for line in lines:
            line.rstrip()
        if rule := {1: "━", 2: "─"}.get(level):
            lines.append(Text(rule * max(line.cell_len for line in lines), "dim"))
        self.lines.append("")
        self._print(lines)

    def paragraph(self, text: str) -> None:
        """A wrapped paragraph."""
        self.lines.append("")
        self._wrap(text)
        self.lines.append("")

    def bullet(self, text: str, level: int = 0) -> None:
        """A point, indented under its dash."""
        self._wrap(text, f"{'  ' * level}- ")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns that fit the page, without those that are empty; where they don't fit, a point a row."""
        kept = [i for i, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
        heads = [_laid(head[i]) for i in kept]
        cells = [[_laid(row[i]) for i in kept] for row in rows]
        widths = self._widths([heads, *cells])
        if widths is None:
            for row in rows:
                told = (
                    f"{self.quiet(head[i])}: {row[i]}" if head[i] and i > kept[0] else row[i] for i in kept if row[i]
                )
                self.bullet(" · ".join(told))
            return
        if not head[kept[0]]:
            for id, *_ in cells:
                id.stylize("bold")
        self._draw(heads, cells, widths)

    def compare(self, heads: Sequence[str], cells: Sequence[str]) -> None:
        """Side by side if the page is wide enough; else a point a side."""
        width = min(PROSE, (self.width + GAP) // max(1, len(heads)) - GAP)
        if width < SIDE_BY_SIDE:
            for head, cell in zip(heads, cells, strict=True):
                self.bullet(f"{head}: {cell}")
            return
        self._draw(list(map(_laid, heads)), [list(map(_laid, cells))], [width] * len(heads))

    def write_notes(self, briefing: Briefing) -> None:
        """The quotations, numbered."""
        for evidence, number in self.notes.items():
            quote = self.say(evidence.quote)
            translated = briefing.source(evidence.article).translated
            shown = f"machine-translated wording: {quote}" if translated else f"“{quote}”"
            self._wrap(f"{self.say(describe_place(briefing, evidence))}: {self.quiet(shown)}", f"[{number}] ")

    def page(self) -> str:
        """The page, without runs of blank lines."""
        return re.sub(r"\n{3,}", "\n\n", super().page())

    # ------------------------------------------------------------------------------ pieces

    def _wrap(self, ready: str, first: str = "") -> None:
        """Write ready text as wrapped prose, its first line after `first`, the others under it."""
        lines = _laid(ready).wrap(self._console, self.prose - len(first))
        for number, line in enumerate(lines):
            line.rstrip()
            lines[number] = Text.assemble(" " * len(first) if number else first, line)
        self._print(lines)

    def _draw(self, heads: Sequence[Text], rows: Sequence[Sequence[Text]], widths: Sequence[int]) -> None:
        """Write a table."""
        table = Table(box=RULED, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0), border_style="dim")
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            figures = column and all(FIGURE.match(row[column].plain) for row in rows)
            table.add_column(head, width=width, justify="right" if figures else "left", header_style="bold")
        for row in rows:
            table.add_row(*row)
        with self._console.capture() as drawn:
            self._console.print(table)
        self.lines += ["", *(PADDING.sub(_ended, line) for line in drawn.get().splitlines()), ""]

    def _print(self, lines: Lines) -> None:
        """Write lines that fit the page."""
        if not self.color:
            self.lines += (line.plain.rstrip() for line in lines)
            return
        with self._console.capture() as written:
            self._console.print(Text("\n").join(lines), soft_wrap=True)
        self.lines += written.get().splitlines()

    def _widths(self, rows: Sequence[Sequence[Text]]) -> list[int] | None:
        """Columns' widths at which no word is cut and no cell taller than `TALLEST`; None if the page has no room."""
        columns = list(zip(*rows, strict=True))
        room = self.width - GAP * (len(columns) - 1)
        least = [max(_longest_word(cell) for cell in column) for column in columns]
        most = [max(cell.cell_len for cell in column) for column in columns]
        for widest in range(room, 0, -1):
            widths = [max(low, min(high, widest)) for low, high in zip(least, most, strict=True)]
            if (spare := room - sum(widths)) >= 0:
                for column in [i for i, high in enumerate(most) if high > widths[i]][:spare]:
                    widths[column] += 1
                tall = (-(-high // width) > TALLEST for high, width in zip(most, widths, strict=True) if width)
                return None if any(tall) else widths
        return None


def _looking(look: str, ready: str) -> str:
    """Ready text with a look."""
    return f"{BEGIN}{LOOKS.index(look)}{ready}{END}" if ready else ready


def _laid(ready: str) -> Text:
    """Ready text with its looks, as rich has it: nothing in it is markup to rich."""
    text = Text()
    looks: list[str] = []
    for piece in MARKS.split(ready):
        if piece == END:
            del looks[-1:]
        elif piece[:1] == BEGIN:
            looks.append(LOOKS[int(piece[1:])])
        elif piece:
            text.append(SHED.sub("", piece), " ".join(looks) or None)
    return text


def _ended(padding: re.Match[str]) -> str:
    """What is left of padding: the end of a look."""
    return "\x1b[0m" if "\x1b" in padding[0] else ""


def _longest_word(text: Text) -> int:
    """Columns of the longest word."""
    return max((word.cell_len for word in map(Text, text.plain.split())), default=0)
