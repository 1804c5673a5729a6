"""Progress on a terminal: a bar a stage, drawn anew in its place. Only imported where there is a terminal."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

FEW = 5
"""Readings that must be in before it is said how long the others will take."""

RECENT = 32
"""Readings that tell how fast it goes: the last ones, since an endpoint may slow down."""

LONGEST_BAR = 40
"""Columns."""

LONGEST_NAME = len("reconciling")
"""Columns, from the first stage on: bars don't move when a stage of a longer name begins."""


class Pace:
    """How fast articles are read, and so how long the others will take."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=RECENT + 1)
        """When reading began, or the last readings came in."""
        self._kept = 0
        self._skip = 0

    def begin(self, now: float, kept: int) -> None:
        """Start at `now`, in seconds; `kept` answers have come from the journal so far."""
        self._times.clear()
        self._times.append(now)
        self._kept, self._skip = kept, 0

    def add(self, now: float, kept: int) -> None:
        """Another article is read; those that the journal had say nothing about how fast a model is."""
        self._skip += kept - self._kept
        self._kept = kept
        if self._skip > 0:
            self._skip -= 1
        else:
            self._times.append(now)

    def left(self, now: float, articles: int) -> float | None:
        """Seconds that so many articles will take; None while too few are in to tell."""
        count = len(self._times) - 1
        return articles * (now - self._times[0]) / count if count >= FEW else None


def in_words(seconds: float) -> str:
    """A span of time as nobody can take it for exact.

    >>> in_words(3), in_words(42), in_words(600), in_words(8000)
    ('a few seconds', 'about 40 s', 'about 10 min', 'about 2 h')
    """
    if seconds < 10:
        return "a few seconds"
    if seconds < 95:
        return f"about {round(seconds, -1):.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.0f} h"


@dataclass(frozen=True)
class Stage:
    """A stage of a run, as far as it is."""

    name: str
    done: int
    total: int | None
    """None: not known."""

    @property
    def count(self) -> str:
        """How far it is, in figures."""
        return f"{self.done:,}" if self.total is None else f"{self.done:,}/{self.total:,}"


class Bars:
    """The bars of a run, under each other, with what it did so far and how long reading will take."""

    def __init__(self, *, color: bool, account: Callable[[], str]) -> None:
        """Begin drawing on stderr; `account` says what the run did, whenever it is asked."""
        self._account = account
        self._began = monotonic()
        self._head = self._detail = ""
        self._stages: dict[str, Stage] = {}
        self._pace = Pace()
        self._console = _Console(stderr=True, no_color=not color, highlight=False, markup=False, emoji=False)
        self._live = Live(
            get_renderable=self._draw,
            console=self._console,
            refresh_per_second=5,
            transient=True,
            redirect_stdout=False,  # the briefing goes there, and to no screen
        )
        self._live.start()

    def stop(self) -> None:
        """Take the bars off the screen."""
        self._live.stop()

    def begin(self, head: str) -> None:
        """Begin another run, with a line over its bars."""
        self._head, self._stages = head, {}

    def show(self, stage: Stage, detail: str, kept: int = 0) -> None:
        """Say how far a stage is; `kept` answers have come from the journal so far."""
        if stage.name == "reading":
            (self._pace.add if stage.done else self._pace.begin)(monotonic(), kept)
        others = {name: each for name, each in self._stages.items() if each.total is not None}
        self._stages = {**others, stage.name: stage}  # of what had no known end the last figure is not the last word
        self._detail = detail

    def _draw(self) -> Group:
        """All that there is to see now."""
        width, height = self._console.size
        stages = list(self._stages.values())[3 - height :]
        head = [Text(self._head, "bold", overflow="ellipsis", no_wrap=True)] if self._head else []
        told = [self._account(), f"{_clock(monotonic() - self._began)} gone", self._left()]
        detail = [Text(self._detail, "dim", overflow="ellipsis", no_wrap=True)] if self._detail else []
        return Group(*head, _rows(stages, width), Text(" · ".join(filter(None, told))), *detail)

    def _left(self) -> str:
        """How long reading will take."""
        stage = self._stages.get("reading")
        if stage is None or stage.total is None or stage.done >= stage.total:
            return ""
        seconds = self._pace.left(monotonic(), stage.total - stage.done)
        return "" if seconds is None else f"{in_words(seconds)} left to read"


def _rows(stages: list[Stage], width: int) -> Table:
    """A line a stage: its name, its bar, its figures."""
    counts = max((len(stage.count) for stage in stages), default=0)
    bar = max(4, min(LONGEST_BAR, width - LONGEST_NAME - counts - 4))
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(width=LONGEST_NAME)
    for stage in stages:
        drawn = ProgressBar(total=stage.total, completed=stage.done, width=bar, pulse=stage.total is None)
        rows.add_row(Text(stage.name), drawn, Text(stage.count))
    return rows


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    return f"{minutes}:{seconds:02}"


class _Console(Console):
    """A console that leaves the cursor alone: a run that is killed could not show it again."""

    def show_cursor(self, show: bool = True) -> bool:
        """Do nothing."""
        return False
