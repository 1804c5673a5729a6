"""What the layout needs of a pen; how things look is the pen's affair."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from summarizer.models import Briefing, Evidence


class Pen(ABC):
    """Writes headings, bullets, tables and notes. Text handed to `say` is escaped there."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.notes: dict[Evidence, int] = {}

    @abstractmethod
    def say(self, text: str) -> str:
        """Text as it may stand on the page: nothing in it acts as markup."""

    @abstractmethod
    def strong(self, text: str) -> str:
        """Text that stands out."""

    def quiet(self, ready: str) -> str:
        """Ready text that stands back; the same, where nothing does."""
        return ready

    def state(self, text: str) -> str:
        """Words for how something stands, parted by commas; said like any other, where they have no colours."""
        return self.say(text)

    def to(self, id: str) -> str:
        """An id, and where the pen knows one the way to it."""
        return id

    @abstractmethod
    def mark(self, number: int) -> str:
        """The sign that leads to a note."""

    @abstractmethod
    def heading(self, level: int, text: str) -> None:
        """A heading; 1 is the page's own."""

    @abstractmethod
    def paragraph(self, text: str) -> None:
        """A paragraph of ready text."""

    @abstractmethod
    def bullet(self, text: str, level: int = 0) -> None:
        """A point of ready text; level 1 is a point under a point."""

    @abstractmethod
    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table of ready cells."""

    @abstractmethod
    def compare(self, heads: Sequence[str], cells: Sequence[str]) -> None:
        """Ready texts side by side, each under its head."""

    @abstractmethod
    def write_notes(self, briefing: Briefing) -> None:
        """All quotations that were referred to."""

    def cite(self, evidence: Sequence[Evidence]) -> str:
        """Signs for quotations; the same stretch has the same number everywhere."""
        numbers = sorted({self.notes.setdefault(e, len(self.notes) + 1) for e in evidence})
        return "".join(map(self.mark, numbers))

    def page(self) -> str:
        """All that was written."""
        return "\n".join(self.lines).strip("\n") + "\n"


class BarePen(Pen):
    """Writes nothing: whoever asks a layout for its words alone escapes them for itself."""

    def say(self, text: str) -> str:
        """As it is."""
        return text

    def strong(self, text: str) -> str:
        """As it is."""
        return text

    def mark(self, number: int) -> str:
        """The number."""
        return str(number)

    def heading(self, level: int, text: str) -> None:
        """Nothing."""

    def paragraph(self, text: str) -> None:
        """Nothing."""

    def bullet(self, text: str, level: int = 0) -> None:
        """Nothing."""

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Nothing."""

    def compare(self, heads: Sequence[str], cells: Sequence[str]) -> None:
        """Nothing."""

    def write_notes(self, briefing: Briefing) -> None:
        """Nothing."""


def describe_place(briefing: Briefing, evidence: Evidence) -> str:
    """Outlet, article and sentence numbers of a quotation."""
    source = briefing.source(evidence.article)
    first, last = evidence.sentences[0], evidence.sentences[-1]
    where = f"sentence {first}" if first == last else f"sentences {first}–{last}"
    name = f", {source.name}" if source.publisher else ""
    return f"{source.outlet}{name}, {where}"
