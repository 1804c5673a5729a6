"""What is read: articles of 6 kB, as many as are wanted, and the question that everyone asks of each.

An article is one of the shipped example's with ten made-up lines of its own under it. So no two
are alike, the same number is always the same article, and the notes that were recorded of the
example's are right for each. Knows no package but Python's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

MODEL = "gpt-4o-mini"
"""A name that all of them know; the stub doesn't mind."""
KEY = "none"
EXAMPLE = Path(__file__).parents[2] / "examples/2031-05-12/01-meridian-wire.txt"
LINES = 10
LETTERS = bytes(b"abcdefgh iklmnopr stuvwz aeiou  "[byte % 32] for byte in range(256))
"""For each byte a letter or a blank."""


@dataclass(frozen=True)
class Place:
    """Where and how to ask."""

    base_url: str
    at_once: int
    """Requests under way at most."""
    folder: Path
    """What is made for a run: `question.json`, a workspace, generated code."""


@dataclass(frozen=True)
class Question:
    """The question about an article, all but the article's own lines."""

    system: str
    user: str
    """The numbered sentences that all articles have."""
    sentences: int
    """How many those are."""

    def of(self, number: int) -> str:
        """What is asked about an article, from 0."""
        own = enumerate(own_lines(number), self.sentences + 1)
        return self.user + "".join(f"[{place}] {line}\n" for place, line in own)


def question(folder: Path) -> Question:
    """The question as it was left in a folder."""
    return Question(**json.loads((folder / "question.json").read_text(encoding="utf-8")))


@cache
def example() -> str:
    """The text of the example's article."""
    return EXAMPLE.read_text(encoding="utf-8").split("---\n", 2)[2].strip()


def own_lines(number: int) -> list[str]:
    """The lines that only this article has: up to 150 characters each, one sentence each, of no meaning."""
    made = hashlib.shake_128(str(number).encode()).digest(LINES * 148).translate(LETTERS).decode()
    return [f"X{' '.join(made[place : place + 148].split())}." for place in range(0, len(made), 148)]


def text_of(number: int) -> str:
    """An article's text."""
    return "\n".join((example(), *own_lines(number)))


async def each(ask: Callable[[int], Awaitable[T]], count: int, at_once: int) -> list[T]:
    """Ask about the first so many articles, so many at once."""
    numbers, done = iter(range(count)), list[T]()

    async def go_on() -> None:
        for number in numbers:
            done.append(await ask(number))

    await asyncio.gather(*(go_on() for _ in range(at_once)))
    return done
