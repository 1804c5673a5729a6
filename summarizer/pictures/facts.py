"""What all pictures ask of a briefing: whose parties, which items, what to call them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import chain

from summarizer.models import AnyItem, Briefing, PartialDate, Story, Venue, line_of
from summarizer.past import name_of
from summarizer.pictures.words import say


class Facts:
    """A briefing, or one story of it."""

    def __init__(self, briefing: Briefing, story: Story | None = None) -> None:
        b, own = briefing, set(story.items) if story else None
        self.briefing = b
        self.names = {actor.id: say(actor.name) or "?" for actor in b.actors}
        self._owners = {actor.id: actor.affiliation for actor in b.actors}
        self.demands = [item for item in b.demands if own is None or item.id in own]
        self.proposals = [item for item in b.proposals if own is None or item.id in own]
        self.venues = [item for item in b.venues if own is None or item.id in own]
        self.events = [item for item in b.events if own is None or item.id in own]
        self.outlets = {source.id: say(source.outlet) or "?" for source in b.sources}

    def parties(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Whom actors belong to, up to the last; each once."""
        return tuple(dict.fromkeys(line_of(id, self._owners)[-1] for id in ids))

    def called(self, ids: Iterable[str]) -> str:
        """Names of parties in a row."""
        return ", ".join(self.names[id] for id in self.parties(ids))

    def title(self, item: AnyItem) -> str:
        """What an item is called in a picture; a meeting without a place by who meets."""
        if isinstance(item, Venue) and not item.place and item.participants:
            return f"{say(item.kind)}, {self.called(item.participants)}"
        return say(name_of(item)) or "?"


def on_axis(day: PartialDate) -> bool:
    """Whether a date is one that the calendar can count on from: the years 0 and 9999 are at its ends."""
    return 0 < int(day[:4]) < 9999


def span_of(day: PartialDate) -> tuple[date, date]:
    """First and last day that a date may mean.

    >>> span_of("2031-02")
    (datetime.date(2031, 2, 1), datetime.date(2031, 2, 28))
    """
    if len(day) == 10:
        return date.fromisoformat(day), date.fromisoformat(day)
    if len(day) == 4:
        return date(int(day), 1, 1), date(int(day), 12, 31)
    year, month = map(int, day.split("-"))
    after = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


MONTHS = "January February March April May June July August September October November December".split()
"""English, whatever the machine's language."""


def told_date(day: PartialDate, year: int | None = None) -> str:
    """A date in words, as exact as it is; a day in a `year` that need not be said without it.

    >>> told_date("2031-05"), told_date("2031-05-12"), told_date("2031-05-12", 2031)
    ('May 2031', '12 May 2031', '12 May')
    """
    if len(day) == 4:
        return day
    month = MONTHS[int(day[5:7]) - 1]
    if len(day) == 7:
        return f"{month} {day[:4]}"
    return f"{int(day[8:])} {month[:3]}{'' if int(day[:4]) == year else f' {day[:4]}'}"


def told_day(day: date) -> str:
    """A day in words."""
    return told_date(day.isoformat())


def each_once(*many: Iterable[str]) -> tuple[str, ...]:
    """All of them, each once, in order."""
    return tuple(dict.fromkeys(chain.from_iterable(many)))
