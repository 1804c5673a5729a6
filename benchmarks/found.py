"""What a way of reading found in an article, as kinds of things and the characters that show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from summarizer.answers import ArticleNotes
from summarizer.models import Article
from summarizer.passage import Passage
from summarizer.reading import all_notes

KINDS = ("demand", "proposal", "venue", "claim", "event")


class Found(BaseModel):
    """One thing that was found in an article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    kind: str
    what: str
    spans: tuple[tuple[int, int], ...]
    """Characters of the article, end exclusive; those of quotations that stand in it."""
    quoted: int
    """How many quotations it was given with."""
    lost: int = 0
    """How many of them don't stand in the article, not even with blanks folded."""


def locate(quote: str, text: str) -> tuple[int, int] | None:
    r"""Where a quotation stands in a text: exactly, else with every run of blanks taken for any other.

    >>> locate("a dry  year", "It was a dry\nyear."), locate("a wet year", "It was a dry year.")
    ((7, 17), None)
    """
    wanted = quote.strip()
    if not wanted:
        return None
    if (at := text.find(wanted)) >= 0:
        return at, at + len(wanted)
    folded = re.search(r"\s+".join(map(re.escape, wanted.split())), text)
    return folded.span() if folded else None


def by_quotation(article: Article, kind: str, what: str, quotes: Iterable[str]) -> Found:
    """A thing that is shown by quotations."""
    every = list(quotes)
    spans = [span for quote in every if (span := locate(quote, article.text))]
    return Found(
        article=article.name,
        kind=kind,
        what=what,
        spans=tuple(spans),
        quoted=len(every),
        lost=len(every) - len(spans),
    )


def quoted_in(article: Article, notes: BaseModel) -> Iterator[Found]:
    """The things in notes that quote: each with all `quotes` wherever they stand inside it."""
    dumped = notes.model_dump(mode="json")
    for kind in KINDS:
        for note in dumped.get(f"{kind}s") or ():
            yield by_quotation(article, kind, note["what"], _quotes(note))


def _quotes(value: Any) -> Iterator[str]:
    """All that stands under `quotes` in a dumped note."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inner if key == "quotes" else _quotes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _quotes(inner)


def pointed_at(article: Article, notes: ArticleNotes) -> Iterator[Found]:
    """The things in our own notes, which point to sentences."""
    passage = Passage.of(article)
    for label, note, _ in all_notes(notes):
        numbers = sorted(set(_cites(note.model_dump())))
        spans = tuple((evidence.start, evidence.end) for evidence in passage.evidence(numbers))
        kind = label.partition("[")[0].removesuffix("s")
        yield Found(article=article.name, kind=kind, what=note.what, spans=spans, quoted=len(spans))


def _cites(value: Any) -> Iterator[int]:
    """All that stands under `cites` in a dumped note."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inner if key == "cites" else _cites(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _cites(inner)
