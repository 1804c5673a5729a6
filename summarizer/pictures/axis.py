"""An axis of time on which long stretches without anything are drawn short, with a break that is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

A_DAY = timedelta(days=1)
BREAK = 30
"""Pixels that stand for a stretch that is drawn short."""
WHOLE = (400, 120, 62, 31, 14, 7, 3, 1)
"""Choices of how many days a stretch may have to be drawn at its length."""
LEAST = 5
MOST = 40
"""Pixels of a day, at least, where that can be, and at most."""


@dataclass(frozen=True)
class Stretch:
    """Days from `start` up to `end`, and the pixels that they take."""

    start: date
    end: date
    left: float
    right: float
    short: bool
    """Whether it is drawn shorter than it is."""


@dataclass(frozen=True)
class Axis:
    """Stretches without a gap between them."""

    stretches: tuple[Stretch, ...]

    def at(self, day: date) -> float:
        """Where a day begins, in pixels."""
        for stretch in self.stretches:
            if stretch.start <= day <= stretch.end:
                part = (day - stretch.start).days / (stretch.end - stretch.start).days
                return stretch.left + part * (stretch.right - stretch.left)
        raise ValueError(f"{day} is not on the axis")

    def middle(self, day: date) -> float:
        """Where a day's middle is."""
        return (self.at(day) + self.at(day + A_DAY)) / 2

    @property
    def breaks(self) -> tuple[Stretch, ...]:
        """The stretches that are drawn short."""
        return tuple(stretch for stretch in self.stretches if stretch.short)

    @property
    def days(self) -> tuple[date, ...]:
        """All days that are drawn at their length."""
        whole = (stretch for stretch in self.stretches if not stretch.short)
        return tuple(stretch.start + A_DAY * n for stretch in whole for n in range((stretch.end - stretch.start).days))


def make_axis(spans: Iterable[tuple[date, date]], left: float, right: float) -> Axis:
    """An axis between two places on which all spans, first to last day, stand.

    A stretch in which no span begins or ends is drawn short if it has too many days for what room there is.
    """
    edges = sorted({edge for first, last in spans for edge in (first, last + A_DAY)})
    lengths = [(b - a).days for a, b in pairwise(edges)]
    longest, pixels = _scale(lengths, right - left)
    return Axis(tuple(_stretches(edges, lengths, longest, left, pixels)))


def _scale(lengths: Sequence[int], wide: float) -> tuple[int, tuple[float, float]]:
    """Days that a stretch may have to be drawn at its length, and the pixels of a day, and of a short stretch.

    As few as can be are drawn short; where no choice leaves a day `LEAST` pixels, the one that leaves it most
    without giving more than half of the sheet to stretches that are drawn short.
    """
    best, most = max(lengths), 0.0
    for longest in WHOLE:
        whole = sum(length for length in lengths if length <= longest)
        room = wide - BREAK * sum(length > longest for length in lengths)
        a_day = room / whole if whole and room >= wide / 2 else 0.0
        if a_day > most:
            best, most = longest, a_day
        if most >= LEAST:
            break
    if not most:
        return best, (wide / sum(lengths), 0.0)
    return best, (min(MOST, most), BREAK)


def _stretches(
    edges: Sequence[date], lengths: Sequence[int], longest: int, left: float, pixels: tuple[float, float]
) -> Iterator[Stretch]:
    """The stretches between edges; `pixels` are those of a day, and of a stretch that is drawn short."""
    for (start, end), length in zip(pairwise(edges), lengths, strict=True):
        right = left + (pixels[1] if length > longest else length * pixels[0])
        yield Stretch(start, end, left, right, length > longest)
        left = right
