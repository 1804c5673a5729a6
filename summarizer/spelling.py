"""Spelling: one person is written one way all through a briefing, however the articles write the name.

Only what a model worded is respelt; quotations stay as they stand. The actors' table has every spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeVar

from summarizer.answers import Noted
from summarizer.text import fold

ALIKE = 0.7
"""How alike two ways to write a name are at least, from 0 to 1: "Vechkadine" and "Veshkadin" are 0.84."""
SHORTEST = 3
"""Letters of a name that is respelt: initials are like too many others."""
WORDED = ("what", "issue", "in_exchange", "conditions")
"""Fields of notes that a model words."""

N = TypeVar("N", bound=Noted)


def respellings(people: Iterable[tuple[Iterable[str], str]], others: Iterable[str] = ()) -> dict[str, str]:
    """How the words of names that one article writes otherwise are written, by the word as the article has it.

    A word that two people share is left alone, if it isn't one word for both.

    >>> respellings([(("Ruwan Veshkhadin", "Veshkhadin"), "Ruvan Veshkadin")])
    {'Ruwan': 'Ruvan', 'Veshkhadin': 'Veshkadin'}

    Args:
        people: the ways in which the article writes each person, and the one that holds.
        others: the names of actors that stay as they are.
    """
    found: dict[str, str] = {}
    mixed = {word for name in others for word in name.split()}
    for forms, name in people:
        for form in forms:
            for word, right in _aligned(form.split(), name.split()):
                if found.setdefault(word, right) != right:
                    mixed.add(word)
    return {word: right for word, right in found.items() if word != right and word not in mixed}


def _aligned(form: list[str], name: list[str]) -> list[tuple[str, str]]:
    """The words of a name beside those that they are a spelling of: all if there are as many, else the last."""
    pairs = list(zip(form, name, strict=True)) if len(form) == len(name) else [(form[-1], name[-1])]
    return [pair for pair in pairs if min(map(len, pair)) >= SHORTEST and _is_spelling(*pair)]


@lru_cache(maxsize=10_000)
def _is_spelling(word: str, right: str) -> bool:
    """Whether one word is a way to write the other; a day's articles ask it of the same few names."""
    return word == right or SequenceMatcher(None, fold(word), fold(right), autojunk=False).ratio() >= ALIKE


class Speller:
    """Writes names in what a model worded as they are written all through."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words` are `respellings`, at least one."""
        self._words = words
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")

    def note(self, note: N) -> N:
        """A note so written; itself if there is nothing to write otherwise."""
        changes = {}
        for name in WORDED:
            said = getattr(note, name, None)
            new = self._text(said) if isinstance(said, str) else tuple(map(self._text, said)) if said else said
            if new != said:
                changes[name] = new
        return note.model_copy(update=changes) if changes else note

    def _text(self, text: str) -> str:
        return self._pattern.sub(lambda found: self._words[found[0]], text)
