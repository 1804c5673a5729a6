"""How much room words take in a picture, and how they are made to fit. Knows no picture."""

from __future__ import annotations

import re
import unicodedata

from summarizer.text import flatten

_EMS = {
    "ijlI'J|": 0.31,
    " .,·’‘": 0.33,
    ":;!/ft-r[]": 0.42,
    '()“”"': 0.53,
    "sczL–?*": 0.58,
    "abdeghknopquvxyFTYP+=<>0123456789": 0.65,
    "ABCEKRSVXZ": 0.71,
    "HNUDOQG&w→×~": 0.84,
    "mMW%@—…": 1.0,
}
"""Widths of characters in ems: those of DejaVu Sans, the widest sans-serif that a system comes with, rounded up."""
_EM = {character: em for characters, em in _EMS.items() for character in characters}
_OTHER = {"W": 1.05, "F": 1.05}
"""Ems of a character that East Asian scripts make wide; any other that is not in the table takes `_ANY`."""
_ANY = 0.9
BOLDER = 1.14
"""How much wider bold words are."""
_NO_XML = re.compile("[\ufffe\uffff]")
"""What a flattened text may have and XML may not."""


def say(text: str) -> str:
    r"""Text as it may stand in a picture: on one line, with nothing that steers, hides, or is no XML.

    >>> say("a\x00b\n\ufffec")
    'ab c'
    """
    return _NO_XML.sub("", flatten(text))


def width(text: str, size: float = 12, *, bold: bool = False) -> float:
    """Pixels that a text takes at most, in any common sans-serif font, at a font size in pixels.

    >>> width("Kell Ford") < 70
    True
    """
    ems = sum(_ems(character) for character in text)
    return ems * size * (BOLDER if bold else 1)


def _ems(character: str) -> float:
    em = _EM.get(character)
    if em is not None:
        return em
    if unicodedata.combining(character):
        return 0.0
    base = unicodedata.normalize("NFD", character)[0]
    return _EM.get(base) or _OTHER.get(unicodedata.east_asian_width(character), _ANY)


def shorten(text: str, room: float, size: float = 12, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits into so many pixels, with an ellipsis.

    >>> shorten("guaranteed flow at Kell Ford", 120)
    'guaranteed flow…'
    """
    if width(text, size, bold=bold) <= room:
        return text
    kept, taken = 0, width("…", size, bold=bold)
    for character in text:
        taken += width(character, size, bold=bold)
        if taken > room:
            break
        kept += 1
    cut = text[:kept]
    word = cut.rfind(" ") if text[kept : kept + 1] != " " else kept
    cut = cut[:word] if word > kept * 0.6 else cut
    return f"{cut.rstrip(' ,;:–-')}…"


def wrap(text: str, room: float, size: float = 12, *, lines: int = 2, bold: bool = False) -> tuple[str, ...]:
    """The text in so many lines at most, each as wide as fits; what doesn't fit gives way to an ellipsis.

    >>> wrap("Vell Basin Commission", 90)
    ('Vell Basin', 'Commission')
    """
    found: list[str] = []
    words = text.split(" ")
    while words:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size, bold=bold) <= room:
            line = f"{line} {words.pop(0)}"
        if len(found) == lines - 1:
            line = " ".join((line, *words))
            words = []
        found.append(shorten(line, room, size, bold=bold))
    return tuple(found)


def count(number: int, noun: str) -> str:
    """A number of things, in words.

    >>> count(2, "demand")
    '2 demands'
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: list[str]) -> str:
    """Words in a row, the last one after an "and".

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
