"""Pictures of a briefing and of a ledger, as SVG: words stay words, and the same input makes the same bytes.

A picture is given as the `<svg>` of a web page, which has the rules of `css()`; as a file of its own; and
for print engines. docs/pictures.md says what each shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from summarizer.errors import UnknownPicture
from summarizer.models import Briefing, Story
from summarizer.pictures.ladder import ladder
from summarizer.pictures.movement import movement
from summarizer.pictures.network import network
from summarizer.pictures.picture import Picture, blank
from summarizer.pictures.style import css
from summarizer.pictures.timeline import timeline

if TYPE_CHECKING:
    from summarizer.archive.found import Ledger

__all__ = [
    "PICTURES",
    "Picture",
    "css",
    "draw",
    "ladder",
    "movement",
    "network",
    "render_movement",
    "render_picture",
    "timeline",
]

PICTURES: Mapping[str, Callable[[Briefing, Story | None], Picture | None]] = {
    "network": network,
    "timeline": timeline,
    "ladder": ladder,
}
"""What draws a briefing, or one story of it, by name; None where there is nothing to show."""

EMPTY = {
    "network": "Nobody demands or proposes anything.",
    "timeline": "No event, meeting or demand has a known date.",
    "ladder": "There is no meeting.",
    "movement": "There is nothing in these days.",
}
"""What a file says in which there is nothing to show."""


def draw(briefing: Briefing, name: str, story: Story | None = None) -> Picture | None:
    """A picture of a briefing, or of one of its stories, by its name; None if there is nothing to show.

    Raises:
        UnknownPicture: if there is none of this name.
    """
    if name not in PICTURES:
        raise UnknownPicture(name, list(PICTURES))
    return PICTURES[name](briefing, story)


def render_picture(briefing: Briefing, name: str) -> str:
    """A picture of a briefing as an SVG file; where there is nothing to show, the file says so in words.

    Raises:
        UnknownPicture: if there is none of this name.
    """
    return (draw(briefing, name) or blank(name, EMPTY[name])).standalone()


def render_movement(ledger: Ledger) -> str:
    """How things moved over a ledger's days, as an SVG file; where there is nothing, the file says so in words."""
    return (movement(ledger) or blank("movement", EMPTY["movement"])).standalone()
