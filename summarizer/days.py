"""Days as they are printed, in English and alike on every system: `%-d` fails on Windows."""

from __future__ import annotations

from datetime import date


def with_weekday(day: date) -> str:
    """A day in full, with its weekday.

    >>> with_weekday(date(2031, 5, 2))
    'Friday, 2 May 2031'
    """
    return f"{day:%A}, {in_full(day)}"


def in_full(day: date) -> str:
    """A day with its month's whole name.

    >>> in_full(date(2031, 9, 2))
    '2 September 2031'
    """
    return f"{day.day} {day:%B} {day.year}"


def in_short(day: date) -> str:
    """A day with its month's name cut to three letters.

    >>> in_short(date(2031, 9, 2))
    '2 Sep 2031'
    """
    return f"{day.day} {day:%b} {day.year}"
