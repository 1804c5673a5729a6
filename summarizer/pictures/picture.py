"""A picture, and the forms that it is given in."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from summarizer.pictures.drawing import Box, Drawing, Mark, element, number, rectangle, words
from summarizer.pictures.style import attributes, standalone_css
from summarizer.pictures.words import wrap

SVG = "http://www.w3.org/2000/svg"
MARGIN = 14
"""Pixels around a picture that is a file of its own."""


@dataclass(frozen=True)
class Picture:
    """What is to be seen, the same as a table, and the drawing."""

    name: str
    """network, timeline, ladder or movement."""
    title: str
    description: str
    """A sentence or two that say what is to be seen."""
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The picture as a table: one row each for all that is drawn, the id of the item first."""
    left_out: tuple[str, ...]
    """Ids of what has no place in it for want of room; `description` says how many."""
    drawing: Drawing = field(repr=False)

    def svg(self, prefix: str = "", *, links: bool = True) -> str:
        """The `<svg>` for a web page that has the rules of `css()`: classes only, no style and no script.

        With links it is a group, named and described, in which only the links are told to who can't see it: an
        image may have nothing in it that is operated. Without links it is an image.

        Args:
            prefix: of the ids, which must differ from those of other pictures on the page.
            links: whether items are links to `#D3` and so on.
        """
        title, told = f"{prefix}{self.name}-title", f"{prefix}{self.name}-description"
        root = self._root({"role": "group" if links else "img", "aria-labelledby": f"{title} {told}"})
        root.set("class", "pic")
        ET.SubElement(root, "title", {"id": title}).text = self.title
        ET.SubElement(root, "desc", {"id": told}).text = self.description
        for mark in self.drawing.marks:
            found = element(mark, links=links, resolved=False)
            if links and mark.tag != "a":
                found.set("aria-hidden", "true")
            root.append(found)
        return _text(root)

    def standalone(self) -> str:
        """A file of its own, light or dark as its reader prefers, under its title and description; no links."""
        head, height = self._head()
        root = self._root({"role": "img", "aria-labelledby": "title description", "class": "pic"}, height)
        ET.SubElement(root, "title", {"id": "title"}).text = self.title
        ET.SubElement(root, "desc", {"id": "description"}).text = self.description
        ET.SubElement(root, "style").text = f"\n{standalone_css()}"
        sheet = Box(-MARGIN, -height - MARGIN, self.drawing.width + MARGIN, self.drawing.height + MARGIN)
        for mark in (rectangle(sheet, "pic-paper"), *head, *self.drawing.marks):
            root.append(element(mark, links=False, resolved=False))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{_text(root)}\n'

    def printed(self, fonts: str | None = None) -> str:
        """The `<svg>` for print engines, which read no style sheet inside it: light colours as attributes, no links.

        Args:
            fonts: families, as CSS has them; None: those of a page.
        """
        root = self._root(attributes("pic") | ({"font-family": fonts} if fonts else {}))
        ET.SubElement(root, "title").text = self.title
        ET.SubElement(root, "desc").text = self.description
        root.extend(element(mark, links=False, resolved=True) for mark in self.drawing.marks)
        return _text(root)

    def _head(self) -> tuple[list[Mark], float]:
        """Title and description as words above the drawing, and how high they are."""
        room = self.drawing.width
        titles = wrap(self.title, room, 16, bold=True)
        lines = wrap(self.description, room, lines=6) if self.description else ()
        height = 22 * len(titles) + 17 * len(lines) + 8
        marks = [words(0, 16 + 22 * n - height, text, "pic-title") for n, text in enumerate(titles)]
        top = 22 * len(titles) - height
        return [*marks, *(words(0, top + 13 + 17 * n, text, "pic-soft") for n, text in enumerate(lines))], height

    def _root(self, given: dict[str, str], head: float | None = None) -> ET.Element:
        """The outermost element; with a head, the sheet is so much higher, and has a margin."""
        margin = 0 if head is None else MARGIN
        width, height = self.drawing.width + 2 * margin, self.drawing.height + (head or 0) + 2 * margin
        sheet = " ".join(map(number, (-margin, -(head or 0) - margin, width, height)))
        return ET.Element(
            "svg", {"xmlns": SVG, "viewBox": sheet, "width": number(width), "height": number(height), **given}
        )


def blank(name: str, said: str) -> Picture:
    """What stands in for a picture with nothing to show: a sentence."""
    return Picture(name, said, "", (), (), (), Drawing(600, 1, ()))


def _text(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode")
