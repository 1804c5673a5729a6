"""Small shapes that stand for a status, each told apart without its colour; and the keys that explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from summarizer.pictures.drawing import Mark, group, line, room, shape, words

Sign = Callable[[float, float], Mark]
"""Draws itself around a point, 12 pixels wide and high at most."""


def dot(classes: str, radius: float = 5) -> Sign:
    """A circle."""
    return lambda x, y: shape("circle", classes, cx=x, cy=y, r=radius)


def polygon(classes: str, *corners: tuple[float, float]) -> Sign:
    """A shape with corners, given from its middle."""
    return lambda x, y: line([(x + dx, y + dy) for dx, dy in corners], classes, closed=True)


def cross(classes: str, reach: float = 4) -> Sign:
    """Two strokes."""

    def drawn(x: float, y: float) -> Mark:
        falling = line([(x - reach, y - reach), (x + reach, y + reach)], classes)
        return group(falling, line([(x - reach, y + reach), (x + reach, y - reach)], classes))

    return drawn


def both(*signs: Sign) -> Sign:
    """One over the other."""
    return lambda x, y: group(*(sign(x, y) for sign in signs))


def stroke(classes: str, *points: tuple[float, float]) -> Sign:
    """An open line, given from its middle."""
    return lambda x, y: line([(x + dx, y + dy) for dx, dy in points], classes)


def diamond(classes: str, reach: float = 6) -> Sign:
    """A square on its corner."""
    return polygon(classes, (0, -reach), (reach, 0), (0, reach), (-reach, 0))


def square(classes: str, reach: float = 4.5) -> Sign:
    """A square."""
    return polygon(classes, (-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach))


def lettered(sign: Sign, letter: str, *, dark: bool = False, low: float = 4) -> Sign:
    """A sign with a letter in it; dark on a sign that is only an outline."""
    classes = "pic-letter-dark" if dark else "pic-letter"

    def drawn(x: float, y: float) -> Mark:
        return group(sign(x, y), words(x, y + low, letter, classes, anchor="middle"))

    return drawn


@dataclass(frozen=True)
class Key:
    """What a sign means, in a word."""

    sign: Sign
    said: str
    reach: float = 6
    """How far the sign reaches from its middle, sideways."""


def keys(listed: Iterable[Key | str], top: float, wide: float) -> tuple[tuple[Mark, ...], float]:
    """Signs with what they mean in as many lines as are needed, and where the next thing may begin, from the top.

    A string stands before those after it, on a line of its own.
    """
    marks: list[Mark] = []
    x, y = 0.0, top - 20
    for key in listed:
        if isinstance(key, str):
            x, y = 0.0, y + 20
            marks.append(words(0, y + 14, key, "pic-strong"))
            x = room(key, "pic-strong") + 12
            continue
        taken = 2 * key.reach + 6 + room(key.said, "pic-soft")
        if x + taken > wide or y < top:
            x, y = 0.0, y + 20
        marks.append(group(key.sign(x + key.reach, y + 10), words(x + 2 * key.reach + 6, y + 14, key.said, "pic-soft")))
        x += taken + 16
    return tuple(marks), y + 24


def told(kinds: dict[str, Sign], present: Iterable[str], names: dict[str, str] | None = None) -> list[Key]:
    """Keys for those signs that are drawn, in the order in which they are defined."""
    seen: Sequence[str] = list(present)
    return [Key(sign, (names or {}).get(kind, kind)) for kind, sign in kinds.items() if kind in seen]


STATUSES: dict[str, Sign] = {
    "open": dot("pic-dark-line", 4.5),
    "floated": dot("pic-brown-dash", 4.5),
    "tabled": both(dot("pic-blue-line", 5), dot("pic-blue", 1.5)),
    "met": both(dot("pic-good", 5), stroke("pic-tick", (-2.5, 0), (-0.6, 2.2), (2.8, -2.2))),
    "accepted": both(dot("pic-good", 5), stroke("pic-tick", (-2.5, 0), (-0.6, 2.2), (2.8, -2.2))),
    "rejected": cross("pic-bad-line"),
    "withdrawn": stroke("pic-grey-line", (-5, 0), (5, 0)),
    "superseded": both(stroke("pic-grey-line", (-5, -2), (5, -2)), stroke("pic-grey-line", (-5, 2.5), (5, 2.5))),
}
"""Where a demand or proposal stands."""
