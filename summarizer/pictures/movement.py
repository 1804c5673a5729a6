"""How things moved over the days of a ledger: a row a thing, a column a day, week, month or year, a mark a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from summarizer.models import VenueStatus
from summarizer.pictures.drawing import Box, Drawing, Mark, line, linked, rectangle, room, words
from summarizer.pictures.facts import told_date, told_day
from summarizer.pictures.picture import Picture
from summarizer.pictures.signs import Key, Sign, cross, diamond, dot, keys, lettered, polygon, square
from summarizer.pictures.words import count, say, shorten

if TYPE_CHECKING:
    from summarizer.archive.found import ClaimRecord, Ladder, Ledger, Record

WIDE = 860
MOST = 40
"""Rows; more are not drawn: what moved least is left out first, then what was last mentioned longest ago."""
LEFT, RIGHT = 372, 706
"""Between them stand the columns; names before, how it stands after."""
STEP = 18
"""Pixels that a mark takes."""
LANE = 22
TOP = 40

SIGNS: dict[str, dict[str, Sign]] = {
    "Demands and proposals": {
        "stated": lettered(dot("pic-dark-line", 7), "N", dark=True),
        "first reported": lettered(dot("pic-brown-dash", 7), "F", dark=True),
        "hardened": lettered(polygon("pic-brown", (0, -8), (8.5, 6.5), (-8.5, 6.5)), "H", low=5.5),
        "softened": lettered(polygon("pic-blue", (0, 8), (8.5, -6.5), (-8.5, -6.5)), "S", low=3),
        "moved": lettered(polygon("pic-dark", (-7, -7), (2, -7), (8, 0), (2, 7), (-7, 7)), "T"),
        "answered": lettered(square("pic-dark-line", 6.5), "A", dark=True),
        "met": lettered(square("pic-good", 7), "M"),
        "rejected": lettered(
            polygon("pic-bad", (-3, -8), (3, -8), (8, -3), (8, 3), (3, 8), (-3, 8), (-8, 3), (-8, -3)), "R"
        ),
        "withdrawn": lettered(diamond("pic-grey-line", 8.5), "W", dark=True),
    },
    "Meetings": {
        "possible": lettered(dot("pic-brown-dash", 7), "?", dark=True),
        "planned": lettered(diamond("pic-blue-line", 8.5), "P", dark=True),
        "confirmed": lettered(diamond("pic-good", 9), "C"),
        "past": lettered(dot("pic-dark", 7.5), "D"),
        "cancelled": cross("pic-bad-line", 5),
    },
    "Claims": {
        "asserted": lettered(dot("pic-dark-line", 7), "A", dark=True),
        "confirmed": lettered(square("pic-good", 7), "C"),
        "unconfirmed": lettered(dot("pic-brown-dash", 7), "U", dark=True),
        "disputed": lettered(diamond("pic-bad", 9), "D"),
    },
}
"""Steps of each kind of thing, each with its shape and letter."""
SAID = {"stated": "new", "past": "done (past)", "moved": "terms or status moved"}
"""What the keys say where a step's own word says too little."""
BIRTHS = ("stated", "first reported")
CAUTIOUS = [VenueStatus.CANCELLED, VenueStatus.POSSIBLE, VenueStatus.PLANNED, VenueStatus.CONFIRMED, VenueStatus.PAST]


@dataclass(frozen=True)
class Course:
    """A thing with what became of it."""

    section: str
    id: str
    who: str
    short: str
    """The same where there is little room; empty: not said there."""
    what: str
    state: str
    first: date
    last: date
    steps: tuple[tuple[date, str], ...] = field(repr=False)

    @property
    def moves(self) -> int:
        """How often it moved: to be stated, or to be first heard of, is no move."""
        return sum(kind not in BIRTHS for _, kind in self.steps) - (self.section != "Demands and proposals")


def movement(ledger: Ledger) -> Picture | None:
    """How demands and proposals, meetings and claims moved over a ledger's days; None if there is nothing in it.

    Of claims only those whose standing moved. Draws at most `MOST` things.
    """
    courses = [
        *map(_of_record, (*ledger.demands, *ledger.proposals)),
        *map(_of_ladder, ledger.venues),
        *(_of_claim(claim) for claim in ledger.claims if len(claim.stands) > 1),
    ]
    if not courses:
        return None
    ranked = sorted(courses, key=lambda course: (-course.moves, -course.last.toordinal()))
    most = {course.id for course in ranked[:MOST]}
    drawn = [course for course in courses if course.id in most]
    left_out = tuple(course.id for course in courses if course.id not in most)
    return Picture(
        name="movement",
        title="How things moved",
        description=_described(ledger, courses, drawn),
        heads=("", "Who", "What", "Steps", "Stands"),
        rows=tuple((c.id, c.who, c.what, _steps(c), c.state) for c in drawn),
        left_out=left_out,
        drawing=_drawn(drawn, len(left_out)),
    )


def _of_record(record: Record) -> Course:
    by, to = ([say(name) for name in names] for names in (record.by, record.to))
    who = " → ".join(", ".join(names) for names in (by, to) if names)
    short = " → ".join(names[0] for names in (by, to) if names)
    steps = tuple((step.date, _kind(str(step.kind))) for step in record.steps)
    kind = "Demands and proposals"
    return Course(kind, record.id, who, short, say(record.issue), record.state, record.first, record.last, steps)


def _kind(kind: str) -> str:
    told = kind.replace("_", " ")
    return "stated" if told == "new" else told


def _of_ladder(ladder: Ladder) -> Course:
    """Of a day's reports the most cautious counts, and only days on which that moved."""
    days = [(day, {rung.status for rung in rungs}) for day, rungs in groupby(ladder.rungs, key=lambda rung: rung.date)]
    stood = [(day, next(step.value for step in CAUTIOUS if step.value in found)) for day, found in days]
    who = say(", ".join(ladder.participants))
    moved = _moved(stood)
    return Course("Meetings", ladder.id, who, "", say(ladder.what), ladder.state, days[0][0], days[-1][0], moved)


def _of_claim(claim: ClaimRecord) -> Course:
    stood = [(stand.date, stand.status) for stand in claim.stands]
    who = say(", ".join(claim.stands[-1].asserted_by))
    return Course("Claims", claim.id, who, "", say(claim.what), stood[-1][1], stood[0][0], stood[-1][0], _moved(stood))


def _moved(stood: Sequence[tuple[date, str]]) -> tuple[tuple[date, str], ...]:
    """The first, and those that differ from the one before."""
    return tuple(each for place, each in enumerate(stood) if not place or each[1] != stood[place - 1][1])


def _steps(course: Course) -> str:
    return "; ".join(f"{told_day(day)} {SAID['stated'] if kind == 'stated' else kind}" for day, kind in course.steps)


def _described(ledger: Ledger, courses: Sequence[Course], drawn: Sequence[Course]) -> str:
    """Over which time how many things moved, and which the most; and which are drawn."""
    span = (
        told_day(ledger.since)
        if ledger.since == ledger.until
        else f"{told_day(ledger.since)} to {told_day(ledger.until)}"
    )
    moved = [course for course in courses if course.moves]
    most = max(courses, key=lambda course: course.moves)
    top = f", most of all {most.id} ({most.what}), {count(most.moves, 'time')}" if most.moves > 1 else ""
    rest = len(courses) - len(drawn)
    unseen = f" The {len(drawn)} that moved most are drawn, and {rest} more are not." if rest else ""
    return f"{span}: of {count(len(courses), 'thing')} {len(moved)} moved{top}.{unseen}"


# ----------------------------------------------------------------------------- the scale

UNITS: dict[str, Callable[[date], bool]] = {
    "day": lambda day: True,
    "week": lambda day: day.weekday() == 0,
    "month": lambda day: day.day == 1,
    "quarter": lambda day: day.day == 1 and day.month % 3 == 1,
    "year": lambda day: day.day == day.month == 1,
    "decade": lambda day: day.day == day.month == 1 and day.year % 10 == 0,
}
"""On which days each begins."""


@dataclass(frozen=True)
class Scale:
    """All days from the first to the last, each as wide as the others."""

    first: date
    last: date

    @classmethod
    def of(cls, courses: Iterable[Course]) -> Scale:
        """All the days on which these things are mentioned."""
        days = {day for course in courses for day in (course.first, course.last, *(day for day, _ in course.steps))}
        return cls(min(days), max(days))

    @property
    def days(self) -> tuple[date, ...]:
        """All of them."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def middle(self, day: date) -> float:
        """Where a day's middle is; few days are not spread over the whole sheet."""
        wide = min(170.0, (RIGHT - LEFT) / ((self.last - self.first).days + 1))
        return LEFT + wide * ((day - self.first).days + 0.5)

    def heads(self) -> list[tuple[float, str]]:
        """The days that are named over the columns: all, or the first of weeks, months, quarters, years, decades."""
        days = self.days
        for unit, begins in UNITS.items():
            named = [day for day in days if begins(day)]
            if len(named) * (STEP if unit == "day" else 62) <= RIGHT - LEFT:
                break
        year = days[0].year if days[0].year == days[-1].year else None
        return [(self.middle(day), told_date(day.isoformat(), year)) for day in named or days[:1]]


def _apart(wanted: Sequence[float]) -> list[float]:
    """Places in a row no nearer to each other than marks are wide, each as near as can be to where it is wanted.

    >>> _apart([380, 384, 500])
    [381.0, 399.0, 500.0]
    """
    heaps: list[list[float]] = []
    for place in wanted:
        heaps.append([place])
        while len(heaps) > 1 and _start(heaps[-1]) < _start(heaps[-2]) + STEP * len(heaps[-2]):
            last = heaps.pop()
            heaps[-1] += last
    found = [_start(heap) + STEP * n for heap in heaps for n in range(len(heap))]
    limit: float = RIGHT - STEP / 2
    for place in reversed(range(len(found))):
        found[place] = min(found[place], limit)
        limit = found[place] - STEP
    limit = LEFT + STEP / 2
    for place in range(len(found)):
        found[place] = max(found[place], limit)
        limit = found[place] + STEP
    return found


def _start(heap: Sequence[float]) -> float:
    """Where the first of marks that touch stands, for their middle to be where theirs would be."""
    return sum(heap) / len(heap) - STEP * (len(heap) - 1) / 2


# --------------------------------------------------------------------------- the drawing


def _drawn(courses: Sequence[Course], left_out: int) -> Drawing:
    """Columns, sections with their rows, and the keys."""
    scale = Scale.of(courses)
    rows: list[Mark] = []
    y: float = TOP
    explained: list[Key | str] = []
    for section, signs in SIGNS.items():
        own = [course for course in courses if course.section == section]
        if not own:
            continue
        rows.append(words(0, y + 16, section, "pic-strong"))
        y += 24
        start = 4 + max(room(course.id, "pic-id") for course in own) + 6
        for place, course in enumerate(own):
            rows += [rectangle(Box(0, y, WIDE, y + LANE), "pic-band")] if place % 2 == 0 else []
            rows.append(_row(scale, course, signs, y + LANE / 2, start))
            y += LANE
        y += 8
        drawn = {kind for course in own for _, kind in course.steps}
        explained.append(f"{section}:")
        explained += [Key(sign, SAID.get(kind, kind), 9) for kind, sign in signs.items() if kind in drawn]
    if left_out:
        rows.append(words(0, y + 12, f"And {left_out} more that moved less, or longer ago, not drawn.", "pic-soft"))
        y += 20
    told, bottom = keys(explained, y + 4, WIDE)
    heads, ticks = _heads(scale, y - (26 if left_out else 4))
    return Drawing(WIDE, bottom, (*heads, *_under(rows, ticks), *told))


def _under(rows: Sequence[Mark], ticks: Sequence[Mark]) -> Iterator[Mark]:
    """Rows with the lines of the columns over their bands and under all else."""
    yield from (row for row in rows if row.tag == "rect")
    yield from ticks
    yield from (row for row in rows if row.tag != "rect")


def _heads(scale: Scale, bottom: float) -> tuple[list[Mark], list[Mark]]:
    """Days over the columns, as many as have room, and a line under each of these."""
    marks = [words(WIDE - 4, 26, "stands", "pic-soft pic-small", anchor="end")]
    year = scale.first.year
    if year == scale.last.year:
        marks.append(words(LEFT - 14, 26, str(year), "pic-soft pic-small", anchor="end"))
    ticks = []
    end: float = LEFT - 8
    for middle, said in scale.heads():
        half = room(said, "pic-soft pic-small") / 2
        if middle - half >= end and middle + half <= RIGHT + 30:
            marks.append(words(middle, 26, said, "pic-soft pic-small", anchor="middle"))
            ticks.append(line([(middle, 32), (middle, bottom)], "pic-rule"))
            end = middle + half + 8
    return marks, ticks


def _row(scale: Scale, course: Course, signs: dict[str, Sign], y: float, start: float) -> Mark:
    """Id, who and what, the line from first to last mention, the marks on it, and how it stands."""
    free = LEFT - 14 - start - room(course.what)
    who = shorten(f"{course.short}: " if course.short else "", max(160, free))
    what = shorten(course.what, LEFT - 14 - start - room(who, "pic-soft"))
    state = shorten(course.state, WIDE - RIGHT - 12, 11)
    told = f"{course.id}: {course.who}: {course.what} ({_steps(course)}; {course.state})"
    marks = [words(4, y + 4.5, course.id, "pic-id")]
    marks += [words(start, y + 4.5, who, "pic-soft")] if who else []
    marks.append(words(start + room(who, "pic-soft"), y + 4.5, what))
    most = (RIGHT - LEFT) // STEP - 2
    shown = course.steps[-most:]
    more = f"+{len(course.steps) - len(shown)}" if len(course.steps) > len(shown) else ""
    places = _apart([scale.middle(day) for day, _ in shown])
    left, right = min(scale.middle(course.first), places[0]), max(scale.middle(course.last), places[-1])
    marks.append(line([(left - 4, y), (right + 4, y)], "pic-span"))
    marks += [signs[kind](x, y) for x, (_, kind) in zip(places, shown, strict=True)]
    marks += [words(places[0] - 10, y + 4, more, "pic-text pic-small", anchor="end")] if more else []
    marks.append(words(WIDE - 4, y + 4.5, state, "pic-text pic-small", anchor="end"))
    return linked(course.id, told, marks)
