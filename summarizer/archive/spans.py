"""Days that a caller names, one or a span of them: as dates, or as texts that are read here and nowhere else."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import Connection, func, select

from summarizer.archive.conditions import within
from summarizer.archive.tables import briefings
from summarizer.errors import InputError, NotArchived

Day: TypeAlias = date | str
"""A date, or a text as 2031-05-12."""
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.A)


def day_of(day: Day) -> date:
    """A day as a date.

    >>> day_of("2031-05-12")
    datetime.date(2031, 5, 12)

    Raises:
        InputError: if it is none.
    """
    if isinstance(day, date):
        return day.date() if isinstance(day, datetime) else day
    try:
        if DAY.fullmatch(day):
            return date.fromisoformat(day)
    except (TypeError, ValueError):
        pass
    raise InputError(f"{day!r} is no day; give a date, or write it as 2031-05-12")


def span_of(since: Day | None, until: Day | None) -> tuple[date | None, date | None]:
    """A span of days as dates, both ends included; None: without that end.

    Raises:
        InputError: if an end is no day, or the first comes after the last.
    """
    first, last = (None if day is None else day_of(day) for day in (since, until))
    if first and last and first > last:
        raise InputError(f"{first} to {last} is no span of days: it ends before it begins; give the earlier day first")
    return first, last


def briefed(connection: Connection, since: date | None, until: date | None, place: str | None) -> tuple[date, date]:
    """The first and the last day of a span that there is a briefing of.

    Raises:
        NotArchived: if there is none; it says which days there are.
    """
    days = select(func.min(briefings.c.date), func.max(briefings.c.date))
    first, last = connection.execute(within(days, briefings.c.date, since, until)).one()
    if first is not None:
        return first, last
    first, last = connection.execute(days).one()
    if first is None:
        raise NotArchived(place, "any day", "it is empty; `summarizer brief` enters what it makes")
    asked = f"{since} to {until}" if since and until else f"{since} or later" if since else f"{until} or earlier"
    raise NotArchived(place, asked, f"there are some of {first}" + (f" to {last}" if last > first else ""))


def check_most(most: int) -> None:
    """See that a number of answers is one.

    Raises:
        InputError: if it is not above 0.
    """
    if most < 1:
        raise InputError(f"{most} is no number of answers; ask for 1, at least")
