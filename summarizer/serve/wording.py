"""How pages word what an archive answers, and where their links lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from summarizer.archive.found import ROLES, Quoted
from summarizer.pictures import Picture
from summarizer.text import flatten, web_address

PARTS = {
    "by": "puts it forward",
    "of": "is asked for it",
    "to": "is addressed",
    "participant": "takes part",
    "actor": "acts",
    "asserts": "asserts it",
    "confirms": "confirms it",
    "denies": "denies it",
    "neither": "neither confirms nor denies it",
}
"""How it is said which part an actor has in a thing."""
DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
PAGE = re.compile(r"(?<![^ ])/(?:actors|api|api/briefings)?(?=[ ,.;]|$)")
REFERRED = re.compile(r"\bX\d{1,9}\b")


def long_day(day: date) -> str:
    """A day with its weekday, in words."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def short_day(day: date) -> str:
    """A day in few words."""
    return f"{day.day} {day:%b} {day.year}"


def span(first: date, last: date) -> str:
    """Two days, or one if they are the same."""
    return short_day(first) if first == last else f"{short_day(first)} to {short_day(last)}"


def words(kind: str) -> str:
    """A word of a model, as people write it."""
    return str(kind).replace("_", " ")


def slug(title: str) -> str:
    """What one can go to on a page by a title.

    >>> slug("As it was")
    'as-it-was'
    """
    return title.lower().replace(" ", "-")


def sentence(text: str) -> str:
    """A text with a capital and a full stop.

    >>> sentence("give another name")
    'Give another name.'
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def unbroken(text: str) -> Markup:
    """A text in which no date is cut at its hyphens when a line is full."""
    shown = str(escape(flatten(text)))
    return Markup(DATE.sub(r'<span class="whole">\g<0></span>', shown))  # noqa: S704 - escaped before


def referring(caveat: str, day: date, topic: str | None = None) -> Markup:
    """A caveat of a day's briefing, whose ids lead to the things that it prints so: "disputed, see X2"."""

    def led(found: re.Match[str]) -> str:
        return f'<a href="{escape(printed_path(day, found[0], topic))}">{found[0]}</a>'

    return Markup(REFERRED.sub(led, str(escape(flatten(caveat)))))  # noqa: S704 - escaped before


def advised(advice: str) -> Markup:
    """What to do, with the site's pages that it names as links."""
    shown = str(escape(sentence(flatten(advice))))
    return Markup(PAGE.sub(r'<a href="\g<0>">\g<0></a>', shown))  # noqa: S704 - escaped before


def in_roles(roles: Mapping[str, tuple[str, ...]]) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Who has which part in a thing: the words for it, and the names."""
    return [(ROLES[role], names) for role, names in roles.items() if role in ROLES]


def in_parts(roles: Iterable[str]) -> str:
    """What an actor does in a thing, in words."""
    return ", ".join(PARTS.get(role, words(role)) for role in roles)


def svg(picture: Picture) -> Markup:
    """A picture as a part of the page, its ids as links."""
    return Markup(picture.svg("picture-"))  # noqa: S704 - written as XML


# ------------------------------------------------------------------------------------- where links lead


def printed_path(day: date, id: str, topic: str | None) -> str:
    """Leads on to the page of a thing over all days, by the id that a day's briefing prints."""
    asked = f"?topic={quote(topic, safe='')}" if topic else ""
    return f"/days/{day.isoformat()}/printed/{quote(id, safe='')}{asked}"


def thing_path(id: str) -> str:
    """The page of a thing over all days."""
    return f"/{'actors' if id.startswith('A') else 'things'}/{quote(id, safe='')}"


def actor_path(name: str) -> str:
    """The page of an actor, by a name."""
    return f"/actors/{quote(name, safe='')}"


def day_path(day: date, topic: str | None) -> str:
    """The page of a day's briefing."""
    return f"/days/{day.isoformat()}" + (f"?topic={quote(topic, safe='')}" if topic else "")


def at_path(day: date, id: str) -> str:
    """What leads to a thing on a day's page, whatever the day calls it."""
    return f"/days/{day.isoformat()}/{quote(id, safe='')}"


def source_path(quoted: Quoted, day: date, topic: str | None = None) -> str:
    """What leads to a quotation in its article, on a day's page."""
    asked = {"article": quoted.article, "start": quoted.start, "end": quoted.end, **({"topic": topic} if topic else {})}
    return f"/days/{day.isoformat()}/quotation?{urlencode(asked)}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "long": long_day,
    "short": short_day,
    "span": span,
    "words": words,
    "slug": slug,
    "sentence": sentence,
    "unbroken": unbroken,
    "referring": referring,
    "advised": advised,
    "told": in_roles,
    "part": in_parts,
    "svg": svg,
    "link": web_address,
    "thing": thing_path,
    "actor": actor_path,
    "day": day_path,
    "at": at_path,
    "source": source_path,
}
"""By the names that templates use."""
