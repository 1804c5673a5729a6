"""How certain each meeting is: a row a meeting, a step a column, a dot a report, and the briefing's own verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from summarizer.models import Briefing, Story, Venue, VenueStatus
from summarizer.pictures.drawing import Box, Drawing, Mark, line, linked, rectangle, words
from summarizer.pictures.facts import Facts, told_date
from summarizer.pictures.picture import Picture
from summarizer.pictures.signs import Key, Sign, dot, keys
from summarizer.pictures.words import count, listed, shorten, wrap

WIDE = 860
MOST = 25
"""More meetings are not drawn: those with fewest reports are left out first."""
STEPS = (VenueStatus.POSSIBLE, VenueStatus.PLANNED, VenueStatus.CONFIRMED, VenueStatus.PAST, VenueStatus.CANCELLED)
NAME, APART = 226, 9
"""Pixels for what meets where, and between the ladder and what was cancelled."""
COLUMN = (WIDE - NAME - APART) / len(STEPS)
LINE = 16
TOP = 28
MOST_REPORTS = 6
"""Outlets named in a cell; more are counted."""

SIGNS: dict[bool, Sign] = {False: dot("pic-dark", 4), True: dot("pic-dark-line", 3.6)}
"""A report, by whether its wording is a machine's translation."""


def ladder(briefing: Briefing, story: Story | None = None) -> Picture | None:
    """How certain each report has each meeting, in a briefing or one story of it; None if there is no meeting.

    Draws at most `MOST` meetings.
    """
    facts = Facts(briefing, story)
    if not facts.venues:
        return None
    most = sorted(facts.venues, key=lambda venue: -len(venue.variants))[:MOST]
    drawn = sorted((venue for venue in facts.venues if venue in most), key=lambda venue: STEPS.index(venue.status))
    left_out = tuple(venue.id for venue in facts.venues if venue not in most)
    return Picture(
        name="ladder",
        title="How certain the meetings are",
        description=_described(drawn, len(left_out)),
        heads=("", "Meeting", "When", "The briefing has it as", *(step.value.capitalize() for step in STEPS)),
        rows=tuple(_row(facts, venue) for venue in drawn),
        left_out=left_out,
        drawing=_drawn(facts, drawn, len(left_out)),
    )


def _when(venue: Venue) -> str:
    """The date as far as it is known, else the words for it."""
    if venue.when is None:
        return "no date"
    return told_date(venue.when.date) if venue.when.date else f"“{venue.when.words}”"


def _reports(facts: Facts, venue: Venue, step: VenueStatus) -> list[tuple[str, bool]]:
    """Outlets that have it so, and whether in a machine's translation; an outlet's several reports are numbered."""
    found = Counter((facts.outlets[v.article], v.translated) for v in venue.variants if v.status is step)
    return [(f"{name} ×{number}" if number > 1 else name, translated) for (name, translated), number in found.items()]


def _row(facts: Facts, venue: Venue) -> tuple[str, ...]:
    reports = (", ".join(name for name, _ in _reports(facts, venue, step)) for step in STEPS)
    return venue.id, facts.title(venue), _when(venue), venue.status.value, *reports


def _described(drawn: Sequence[Venue], left_out: int) -> str:
    """How many meetings stand where, and of how many reports differ."""
    states = Counter(venue.status for venue in drawn)
    stand = listed([f"{states[step]} {step.value}" for step in STEPS if states[step]])
    apart = [venue.id for venue in drawn if len({variant.status for variant in venue.variants}) > 1]
    differ = f" Reports differ on {listed(apart)}." if apart else " No two reports differ."
    unseen = f" {left_out} more, of fewer reports, {'is' if left_out == 1 else 'are'} not drawn." if left_out else ""
    return f"Of {count(len(drawn), 'meeting')} {stand}, by the most cautious clean report.{differ}{unseen}"


def _lines(reports: Sequence[tuple[str, bool]]) -> list[tuple[Sign | None, str]]:
    """The lines of a cell: outlets, each with its dot in front of its first line, two lines at most."""
    shown = reports if len(reports) <= MOST_REPORTS + 1 else reports[:MOST_REPORTS]
    found: list[tuple[Sign | None, str]] = []
    for name, translated in shown:
        first, *rest = wrap(name, COLUMN - 29, 11, lines=2)
        found += [(SIGNS[translated], first), *((None, text) for text in rest)]
    return found if len(shown) == len(reports) else [*found, (None, f"and {len(reports) - len(shown)} more")]


# --------------------------------------------------------------------------- the drawing


def _column(step: VenueStatus) -> Box:
    """A step's column; that of what was cancelled stands apart."""
    place = STEPS.index(step)
    left = NAME + COLUMN * place + (APART if step is VenueStatus.CANCELLED else 0)
    return Box(left, 0, left + COLUMN, 0)


def _drawn(facts: Facts, drawn: Sequence[Venue], left_out: int) -> Drawing:
    """Columns, rows, and the keys under them."""
    marks: list[Mark] = []
    for step in STEPS:
        column = _column(step)
        marks.append(words((column.left + column.right) / 2, 16, step.value, "pic-strong", anchor="middle"))
    arrow = [(NAME + 4, 23), (_column(VenueStatus.PAST).right - 4, 23)]
    marks.append(line(arrow, "pic-axis"))
    tip = arrow[1][0]
    marks.append(line([(tip, 23), (tip - 7, 19.5), (tip - 7, 26.5)], "pic-grey", closed=True))
    y: float = TOP
    for venue in drawn:
        row, y = _meeting(facts, venue, y)
        marks += row
    marks.append(line([(0, y), (WIDE, y)], "pic-rule"))
    y += 4
    if left_out:
        marks.append(words(0, y + 14, f"And {left_out} more, of fewer reports, not drawn.", "pic-soft"))
        y += 22
    explained, bottom = keys(_keys(drawn), y + 2, WIDE)
    return Drawing(WIDE, bottom, (*marks, *explained))


def _keys(drawn: Sequence[Venue]) -> list[Key]:
    """What the dots and the frame mean."""
    frame = Key(
        lambda x, y: rectangle(Box(x - 11, y - 6, x + 11, y + 6), "pic-verdict", 3), "the briefing’s verdict", 11
    )
    signs = {False: "a report", True: "a report in a machine’s translation"}
    seen = {variant.translated for venue in drawn for variant in venue.variants}
    return [*(Key(SIGNS[kind], said, 5) for kind, said in signs.items() if kind in seen), frame]


def _meeting(facts: Facts, venue: Venue, top: float) -> tuple[list[Mark], float]:
    """A row, and where the next one begins."""
    cells = {step: _reports(facts, venue, step) for step in STEPS}
    names = wrap(facts.title(venue), NAME - 54, lines=2)
    lines = {step: _lines(found) for step, found in cells.items()}
    deep = max(len(names) + 1, *map(len, lines.values()))
    bottom = top + LINE * deep + 12
    marks = [line([(0, top), (WIDE, top)], "pic-rule"), words(2, top + 18, venue.id, "pic-id")]
    marks += [words(46, top + 18 + LINE * n, text) for n, text in enumerate(names)]
    when = shorten(_when(venue), NAME - 54, 11)
    marks.append(words(46, top + 18 + LINE * len(names), when, "pic-soft pic-small"))
    inside: list[Mark] = []
    for step in STEPS:
        column = _column(step)
        if venue.status is step:
            box = Box(column.left + 3, top + 4, column.right - 3, bottom - 4)
            inside.append(rectangle(box, "pic-verdict", 5))
        for place, (sign, text) in enumerate(lines[step]):
            y = top + 18 + LINE * place
            inside += [sign(column.left + 13, y - 4)] if sign else []
            inside.append(words(column.left + 21, y, text, "pic-text pic-small"))
    said = f"{venue.id}, meeting: {venue.what} ({_when(venue)}; {venue.status.value})"
    return [marks[0], linked(venue.id, said, [*marks[1:], *inside])], bottom
