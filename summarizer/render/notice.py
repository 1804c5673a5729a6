"""A briefing as a short text for a chat or a phone: headline, bottom line, what changed, the way to the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.days import in_full, with_weekday
from summarizer.models import Briefing
from summarizer.render.layout import QUIET
from summarizer.render.letter import headline_of
from summarizer.text import clipped, flatten, sentences

LONGEST = 2_000
"""Characters of a notice, where the channel would take more."""
CHANGES = 5
"""Changes that it tells at most."""

DEFUSED = str.maketrans(
    {"<": "‹", ">": "›", "[": "(", "]": ")", "@": "＠", "*": "∗", "`": "'", "~": "∼", "|": "¦", "_": "＿", "#": "＃"}
)
"""Signs by which chats mention people or everybody, link and format, and what is shown instead."""
HOST = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")
"""The dot of what chats take for an address: a letter or digit before it and two letters after."""
EMOJI = re.compile(r":(?=[\w+-]+:)")


@dataclass(frozen=True)
class Notice:
    """What is sent to a channel."""

    title: str
    """Empty, if the channel has none: the headline is the body's first line."""
    body: str


def write_notice(
    briefing: Briefing, *, longest: int = LONGEST, longest_title: int = 250, link: str | None = None
) -> Notice:
    """The short text of a briefing; what doesn't fit is left out from the end, and a "…" says so.

    Args:
        briefing: that is told.
        longest: characters that the body may have.
        longest_title: characters that the title may have; 0: there is none.
        link: address of the day's page, kept whole if it fits at all.
    """
    several = f"Briefing of {in_full(briefing.date)}"
    headline = several if len(briefing.stories) > 1 else _safe(headline_of(briefing))
    points = list(_points(briefing))
    title = cut(headline, longest_title) if longest_title > 0 else ""
    if title != headline:
        points = [headline, *points]
    end = link if link and len(link) <= longest else ""
    room = longest - (len(end) + 1 if end else 0)
    return Notice(title, "\n".join(filter(None, (_fitted(points, room), end))))


def _points(briefing: Briefing) -> Iterator[str]:
    """Line by line, the weightiest first."""
    if len(briefing.stories) == 1:
        yield with_weekday(briefing.date)
        lines = briefing.stories[0].bottom_line
        yield from (f"• {_safe(line.text)} ({', '.join(line.cites)})" for line in lines)
    else:
        for story in briefing.stories:
            cites = f" ({', '.join(story.headline.cites)})" if story.headline else ""
            yield f"• {story.id} {_safe(story.name)}{cites}"
    moved = [change for change in briefing.changes if change.kind not in QUIET]
    if moved and briefing.compared_with:
        yield f"Changed since {in_full(briefing.compared_with)}:"
    for change in moved[:CHANGES]:
        yield f"• {change.item} {str(change.kind).replace('_', ' ')}: {_safe(change.what)}"
    if len(moved) > CHANGES:
        yield f"… and {len(moved) - CHANGES} more"


def _fitted(points: list[str], room: int) -> str:
    """As many of the points as there is room for; of the first, as much of it."""
    if len("\n".join(points)) <= room:
        return "\n".join(points)
    told = ""
    for point in points:
        longer = f"{told}\n{point}" if told else point
        if len(longer) + len("\n…") > room:
            break
        told = longer
    return f"{told}\n…" if told else cut("\n".join(points), room)


def cut(text: str, longest: int) -> str:
    """A text of no more characters: cut after a sentence if one fits, else after a word, and marked as cut.

    >>> cut("The port is open. Ships are loading.", 25)
    'The port is open. …'
    """
    if len(text) <= longest:
        return text
    fitting = [sentence.end for sentence in sentences(text) if sentence.end + 2 <= longest]
    if fitting:
        return f"{text[: fitting[-1]]} …"
    return clipped(text, longest) if longest > 0 else ""


def _safe(text: str) -> str:
    """On one line, with nothing in it that a chat makes a mention, a link, a sign or a format of.

    >>> _safe("_So_ says www.evil.example/login :bomb: to @all")
    '＿So＿ says www․evil․example/login ∶bomb: to ＠all'
    """
    return HOST.sub("․", EMOJI.sub("∶", flatten(text).translate(DEFUSED).replace("://", ": //")))
