"""Templates that a desk writes into its file: what may stand in braces."""

from __future__ import annotations

from datetime import date
from string import Formatter

from summarizer.settings import Unusable

SAMPLE = {"date": date(2031, 5, 12), "headline": "Canal", "topic": "canal", "id": "D1"}
"""What each name stands for, to try a template with."""


def names_in(template: str) -> list[str]:
    """What stands in braces, without how it is to be written."""
    parts = Formatter().parse(template)
    return [f"{name}{'!' if conversion else ''}" for _, name, _, conversion in parts if name is not None]


def check_braces(template: str, *known: str) -> str:
    """The template, in which nothing but these names stands in braces.

    Raises:
        Unusable: if anything else does, or one can't be written so.
    """
    try:
        if set(names_in(template)) <= set(known):
            template.format(**{name: SAMPLE[name] for name in known})
            return template
    except (LookupError, ValueError):
        pass
    if known == ("date",):
        raise Unusable("in braces only the day is known: {date}, or {date:%Y/%m/%d}")
    told = ", ".join(f"{{{name}}}" for name in known)
    raise Unusable(f"in braces these are known: {told}")
