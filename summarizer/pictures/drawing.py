"""What pictures are made of: lines, shapes and words at places, in pixels from the top left; and their SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.etree import ElementTree as ET

from summarizer.pictures.style import attributes, font_of
from summarizer.pictures.words import say, width

Number: TypeAlias = float


@dataclass(frozen=True)
class Box:
    """A rectangle; right and bottom are exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Box:
        """A box with its middle at a point."""
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def meets(self, other: Box, apart: float = 0) -> bool:
        """Whether the two have a point in common, or are not so far apart."""
        return (
            self.left < other.right + apart
            and other.left < self.right + apart
            and self.top < other.bottom + apart
            and other.top < self.bottom + apart
        )

    def within(self, other: Box) -> bool:
        """Whether all of it lies in the other."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class Mark:
    """One element: a shape, a text, or several that belong together."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    inside: tuple[Mark, ...] = ()
    target: str = ""
    """Of a link: the id that it leads to."""


@dataclass(frozen=True)
class Drawing:
    """Marks on a sheet so wide and high."""

    width: float
    height: float
    marks: tuple[Mark, ...] = field(repr=False)


def number(value: float) -> str:
    """A length as SVG has it, to a tenth of a pixel.

    >>> number(3.04), number(-0.01), number(2.25)
    ('3', '0', '2.2')
    """
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")


def shape(tag: str, classes: str, **places: float | str) -> Mark:
    """A shape; places are SVG's attributes."""
    told = ((name, value if isinstance(value, str) else number(value)) for name, value in places.items())
    return Mark(tag, (("class", classes), *told))


def rectangle(box: Box, classes: str, corner: float = 0) -> Mark:
    """A box that is seen."""
    rounded = {"rx": corner} if corner else {}
    return shape("rect", classes, x=box.left, y=box.top, width=box.width, height=box.height, **rounded)


def line(points: Sequence[tuple[float, float]], classes: str, *, closed: bool = False) -> Mark:
    """A line from point to point."""
    told = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return shape("path", classes, d=f"M{told}{' Z' if closed else ''}")


def words(x: float, y: float, text: str, classes: str = "pic-text", *, anchor: str = "") -> Mark:
    """A text whose base line begins at a point, or has its `middle` or `end` there."""
    told = (("class", classes), ("x", number(x)), ("y", number(y)))
    return Mark("text", (*told, ("text-anchor", anchor)) if anchor else told, say(text))


def group(*marks: Mark) -> Mark:
    """Marks that belong together."""
    return Mark("g", inside=marks)


def linked(id: str, told: str, marks: Iterable[Mark]) -> Mark:
    """Marks that lead to an item; `told` is what is said of it where a pointer rests on them."""
    return Mark("a", text=say(told), inside=tuple(marks), target=id)


def room(text: str, classes: str = "pic-text") -> float:
    """Pixels that a text of these classes takes, at most."""
    size, bold = font_of(classes)
    return width(text, size, bold=bold)


def element(mark: Mark, *, links: bool, resolved: bool) -> ET.Element:
    """A mark as XML.

    Args:
        mark: to write.
        links: whether links are links; else they are groups.
        resolved: whether classes give way to attributes with light colours.
    """
    given = dict(mark.attributes)
    if resolved and "class" in given:
        given |= attributes(given.pop("class"))
    if mark.tag == "a":
        found = ET.Element("a", {"href": f"#{mark.target}"}) if links else ET.Element("g")
        ET.SubElement(found, "title").text = mark.text
    else:
        found = ET.Element(mark.tag, given)
        found.text = mark.text or None
    found.extend(element(each, links=links, resolved=resolved) for each in mark.inside)
    return found
