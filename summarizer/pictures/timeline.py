"""What happened, happens and will, and since when things are demanded, along an axis of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from summarizer.models import AnyItem, Briefing, Story, When
from summarizer.pictures.axis import A_DAY, Axis, make_axis
from summarizer.pictures.drawing import Box, Drawing, Mark, group, line, linked, rectangle, room, words
from summarizer.pictures.facts import Facts, on_axis, span_of, told_date, told_day
from summarizer.pictures.picture import Picture
from summarizer.pictures.signs import Key, Sign, cross, diamond, dot, keys, polygon, told
from summarizer.pictures.words import count, say, shorten

WIDE = 860
MOST_DATED = 40
"""More is not drawn: what lies farthest from the briefing's day is left out first."""
MOST_UNDATED = 30
LANE = 21
"""Pixels from one entry to the next."""
TOP = 54
"""Pixels for the axis with its dates."""
LEFT = 470
"""Where the axis begins; what stands before it is in words."""

SIGNS: dict[str, Sign] = {
    "past": dot("pic-dark", 5),
    "ongoing": polygon("pic-blue", (-5, -5), (6, 0), (-5, 5)),
    "confirmed": diamond("pic-good"),
    "planned": diamond("pic-blue-line"),
    "possible": dot("pic-brown-dash", 5),
    "cancelled": cross("pic-bad-line"),
    "demanded since": polygon("pic-grey", (0, -5), (5.5, 4.5), (-5.5, 4.5)),
}
"""How certain something is, by shape: full is so, hollow is to be, dashed may be."""
BARS = {
    "past": "pic-bar-past",
    "ongoing": "pic-bar-ongoing",
    "confirmed": "pic-bar-confirmed",
    "planned": "pic-blue-line",
    "possible": "pic-brown-dash",
    "cancelled": "pic-bar-cancelled",
    "demanded since": "pic-bar-past",
}
"""The same for a bar: a date of which only the month or year is known."""


@dataclass(frozen=True)
class Entry:
    """An item with its time."""

    item: AnyItem
    state: str
    when: When | None

    @property
    def date(self) -> str:
        """As exact as it is known; empty: not known."""
        date = (self.when.date if self.when else None) or ""
        return date if date and on_axis(date) else ""

    @property
    def told(self) -> str:
        """The time in words."""
        if self.date:
            return told_date(self.date)
        return f"no date (“{say(self.when.words or self.when.date or '')}”)" if self.when else "no date"


def timeline(briefing: Briefing, story: Story | None = None) -> Picture | None:
    """Events, meetings and demands by their dates, in a briefing or one story of it; None if nothing has a date.

    Draws at most `MOST_DATED` of them, and lists `MOST_UNDATED` without a date.
    """
    facts = Facts(briefing, story)
    entries = _entries(facts)
    near = sorted((entry for entry in entries if entry.date), key=lambda entry: _distance(entry, briefing.date))
    if not near:
        return None
    dated = sorted(near[:MOST_DATED], key=lambda entry: (span_of(entry.date), entries.index(entry)))
    undated = [entry for entry in entries if not entry.date]
    shown = undated[:MOST_UNDATED]
    left_out = tuple(entry.item.id for entry in entries if entry not in dated and entry not in shown)
    return Picture(
        name="timeline",
        title="What happened, and what is to come",
        description=_described(briefing.date, dated, undated, len(left_out)),
        heads=("", "When", "What", "How certain"),
        rows=tuple((entry.item.id, entry.told, facts.title(entry.item), entry.state) for entry in (*dated, *shown)),
        left_out=left_out,
        drawing=_drawn(facts, dated, shown, len(left_out)),
    )


def _entries(facts: Facts) -> list[Entry]:
    """Meetings and events; of demands those that somebody said were made before."""
    found = [Entry(venue, venue.status.value, venue.when) for venue in facts.venues]
    found += [Entry(event, event.status.value, event.when) for event in facts.events]
    stated = (
        demand
        for demand in facts.demands
        if demand.first_stated and demand.first_stated.date and on_axis(demand.first_stated.date)
    )
    return [*found, *(Entry(demand, "demanded since", demand.first_stated) for demand in stated)]


def _distance(entry: Entry, day: date) -> int:
    """Days between an entry and a day; what is to come counts for nearer."""
    first, last = span_of(entry.date)
    return 0 if first <= day <= last else (day - last).days * 2 if last < day else (first - day).days


def _described(day: date, dated: Sequence[Entry], undated: Sequence[Entry], left_out: int) -> str:
    """How much of what, over which time."""
    states = Counter(entry.state for entry in dated)
    told_states = ", ".join(
        f"{states[state]} {state}" if state != "demanded since" else count(states[state], "demand")
        for state in SIGNS
        if states[state]
    )
    first, last = told_date(dated[0].date), told_date(max(dated, key=lambda entry: span_of(entry.date)[1]).date)
    over = first if first == last else f"{first} to {last}"
    none = f" {len(undated)} more {'has' if len(undated) == 1 else 'have'} no known date." if undated else ""
    unseen = f" {left_out} of all are not drawn." if left_out else ""
    return f"{over}, seen from {told_day(day)}: {told_states}.{none}{unseen}"


# --------------------------------------------------------------------------- the drawing


def _drawn(facts: Facts, dated: Sequence[Entry], undated: Sequence[Entry], left_out: int) -> Drawing:
    """Axis, a lane for each entry, what has no date, and the keys."""
    day = facts.briefing.date
    axis = make_axis([(day, day), *(span_of(entry.date) for entry in dated)], LEFT, WIDE - 4)
    bottom: float = TOP + LANE * len(dated) + 4
    marks: list[Mark] = [rectangle(_lane(place), "pic-band") for place in range(0, len(dated), 2)]
    marks += _axis(axis, day, bottom)
    start = 4 + max(room(entry.item.id, "pic-id") for entry in dated) + 6
    marks += [_entry(facts, axis, entry, _lane(place), start) for place, entry in enumerate(dated)]
    if undated:
        marks.append(words(0, bottom + 17, "Without a known date", "pic-strong"))
        bottom += 26
    for place, entry in enumerate(undated):
        marks.append(_undated(facts, entry, WIDE / 2 * (place % 2), bottom + LANE * (place // 2) + LANE / 2))
    bottom += LANE * ((len(undated) + 1) // 2) + (6 if undated else 0)
    if left_out:
        said = f"And {left_out} more that {'is' if left_out == 1 else 'are'} not drawn."
        marks.append(words(0, bottom + 13, said, "pic-soft"))
        bottom += 22
    states = told(SIGNS, {entry.state for entry in (*dated, *undated)})
    more = [Key(_bar_sample, "month or year, day not known", 13)] if any(len(e.date) < 10 for e in dated) else []
    broken = [Key(_break_sample, "time drawn short", 6)] if axis.breaks else []
    explained, bottom = keys([*states, *more, *broken], bottom + 2, WIDE)
    return Drawing(WIDE, bottom, (*marks, *explained))


def _lane(place: int) -> Box:
    """Where an entry stands, counted from 0."""
    return Box(0, TOP + LANE * place, WIDE, TOP + LANE * (place + 1))


def _axis(axis: Axis, day: date, bottom: float) -> list[Mark]:
    """The line with its breaks and dates, and the briefing's day."""
    y = TOP - 8.0
    marks = []
    x = axis.stretches[0].left
    for gap in axis.breaks:
        middle = (gap.left + gap.right) / 2
        marks += [line([(x, y), (middle - 3, y)], "pic-axis"), _break_sample(middle, y)]
        x = middle + 3
    marks.append(line([(x, y), (axis.stretches[-1].right, y)], "pic-axis"))
    now = axis.middle(day)
    said = f"{told_day(day)}, the briefing’s day"
    half = room(said, "pic-id") / 2
    marks.append(words(min(max(now, half), WIDE - half), 12, said, "pic-id", anchor="middle"))
    marks += [line([(now, 17), (now, bottom)], "pic-today")]
    return [*marks, *_dates(axis, day, y)]


def _dates(axis: Axis, day: date, y: float) -> list[Mark]:
    """Days over their ticks, as many as have room: where stretches begin first."""
    marks = []
    taken: list[tuple[float, float]] = [(axis.middle(day) - 3, axis.middle(day) + 3)]
    edges = [stretch.start for stretch in axis.stretches]
    days = dict.fromkeys(axis.days)
    for each in dict.fromkeys([*(each for each in edges if each in days), *edges, *days]):
        x = axis.middle(each) if each in days else axis.at(each)
        said = told_date(each.isoformat(), day.year)
        half = room(said, "pic-soft pic-small") / 2
        middle = min(max(x, half), WIDE - half)
        if each != day and all(middle + half + 8 <= a or b <= middle - half - 8 for a, b in taken):
            taken.append((middle - half, middle + half))
            marks.append(line([(x, y - 4), (x, y + 4)], "pic-axis"))
            marks.append(words(middle, y - 9, said, "pic-soft pic-small", anchor="middle"))
    return marks


def _break_sample(x: float, y: float) -> Mark:
    """Two slanting strokes through a line."""
    return group(line([(x - 5, y + 5), (x - 1, y - 5)], "pic-axis"), line([(x + 1, y + 5), (x + 5, y - 5)], "pic-axis"))


def _bar_sample(x: float, y: float) -> Mark:
    return rectangle(Box(x - 13, y - 5, x + 13, y + 5), "pic-grey-line", 2)


def _entry(facts: Facts, axis: Axis, entry: Entry, lane: Box, start: float) -> Mark:
    """Id, what and when; sign or bar; and of what goes on a line up to the briefing's day."""
    y = (lane.top + lane.bottom) / 2
    first, last = span_of(entry.date)
    if first == last:
        sign, end = SIGNS[entry.state](axis.middle(first), y), axis.middle(first) + 6
    else:
        bar = Box(axis.at(first), y - 5, axis.at(last + A_DAY), y + 5)
        sign, end = _bar(axis, entry, bar), bar.right
    when = told_date(entry.date, facts.briefing.date.year)
    text = shorten(facts.title(entry.item), LEFT - 14 - start - room(when, "pic-soft pic-small") - 8)
    marks = [
        words(4, y + 4.5, entry.item.id, "pic-id"),
        words(start, y + 4.5, text),
        words(LEFT - 14, y + 4.5, when, "pic-soft pic-small", anchor="end"),
    ]
    now = axis.middle(facts.briefing.date)
    if entry.state == "ongoing" and end < now:
        marks.append(line([(end, y), (now, y)], "pic-going"))
    return linked(entry.item.id, _told(entry), [*marks, sign])


def _bar(axis: Axis, entry: Entry, box: Box) -> Mark:
    """As wide as the time that is meant, cut where that is drawn short."""
    marks = [rectangle(box, BARS[entry.state], 2)]
    y = (box.top + box.bottom) / 2
    if entry.state == "cancelled":
        marks.append(cross("pic-bad-line")((box.left + box.right) / 2, y))
    for gap in axis.breaks:
        middle = (gap.left + gap.right) / 2
        if box.left < middle < box.right:
            marks.append(line([(middle - 2, y + 6), (middle + 2, y - 6)], "pic-cut"))
    return group(*marks)


def _undated(facts: Facts, entry: Entry, x: float, y: float) -> Mark:
    """An item of which no date is known, with the words for its time."""
    at = x + 26 + room(entry.item.id, "pic-id")
    said = shorten(f"“{say(entry.when.words or entry.when.date or '')}”", 130, 11) if entry.when else ""
    text = shorten(facts.title(entry.item), WIDE / 2 - (at - x) - room(said, "pic-soft pic-small") - 20)
    marks = [
        SIGNS[entry.state](x + 9, y),
        words(x + 20, y + 4.5, entry.item.id, "pic-id"),
        words(at, y + 4.5, text),
        *([words(at + room(text) + 7, y + 4.5, said, "pic-soft pic-small")] if said else []),
    ]
    return linked(entry.item.id, _told(entry), marks)


def _told(entry: Entry) -> str:
    """All of it in a line."""
    kind = type(entry.item).__name__.lower()
    return f"{entry.item.id}, {kind}: {entry.item.what} ({entry.told}; {entry.state})"
