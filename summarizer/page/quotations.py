"""Quotations numbered, and articles cut where they begin and end: the ground that a page leads back to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.models import Article, Briefing, Evidence, Source

ACTOR = "A"
"""With what an actor's id begins: names are everywhere, and lead nowhere."""
GAP = "\n[…]\n"
"""Between the quotations of an article whose text isn't there."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article over which nothing changes."""

    text: str
    quotations: tuple[int, ...]
    """Numbers of those that it is a part of."""
    begins: tuple[int, ...]
    """Numbers of those whose first piece it is."""
    cited_by: tuple[str, ...]
    """Ids of the items, disputes and changes that rest on a quotation which ends with it."""
    boilerplate: bool
    missing: bool = False
    """Whether it stands for text that isn't there."""


@dataclass(frozen=True)
class Text:
    """An article as a page shows it."""

    source: Source
    pieces: tuple[Piece, ...]
    whole: bool
    """Whether all its text is there; else its quotations are."""


class Quotations:
    """The quotations of a briefing by number, in the order in which they are first asked for."""

    def __init__(self, briefing: Briefing) -> None:
        self.known: Mapping[str, Source] = {source.id: source for source in briefing.sources}
        self._numbers: dict[Evidence, int] = {}
        self._cited_by: dict[int, dict[str, None]] = {}

    def cite(self, id: str, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        """Numbers of the quotations that a thing rests on, each once; the same stretch has one number everywhere."""
        numbers = dict.fromkeys(self._numbers.setdefault(each, len(self._numbers) + 1) for each in evidence)
        for number in numbers:
            self._cited_by.setdefault(number, {})[id] = None
        return tuple(numbers)

    def __iter__(self) -> Iterator[tuple[int, Evidence]]:
        return ((number, evidence) for evidence, number in self._numbers.items())

    def texts(self, articles: Iterable[Article]) -> list[Text]:
        """The articles that have a quotation, or whose text is there, in the briefing's order."""
        there = {article.id: article for article in articles}
        own: dict[str, list[tuple[int, Evidence]]] = {}
        for number, evidence in self:
            own.setdefault(evidence.article, []).append((number, evidence))
        found = []
        for source in self.known.values():
            quoted, article = own.get(source.id, []), there.get(source.id)
            if article is not None:
                pieces = self._cut(article.text, quoted, source)
                found.append(Text(source, tuple(pieces), whole=True))
            elif quoted:
                found.append(Text(source, tuple(self._alone(quoted, source)), whole=False))
        return found

    def _cut(self, text: str, quoted: Sequence[tuple[int, Evidence]], source: Source) -> Iterator[Piece]:
        """A text in pieces: a new one wherever a quotation or boilerplate begins or ends."""
        spans = [(each.start, each.end) for _, each in quoted]
        plain = [(span.start, min(span.end, len(text))) for span in source.boilerplate if span.start < len(text)]
        edges = sorted({0, len(text), *(edge for span in (*spans, *plain) for edge in span)})
        for start, end in pairwise(edges):
            covering = [(number, each) for number, each in quoted if each.start <= start and end <= each.end]
            ended = [number for number, each in covering if each.end == end]
            items = dict.fromkeys(id for number in ended for id in self._cited_by[number] if id[0] != ACTOR)
            yield Piece(
                text[start:end],
                tuple(number for number, _ in covering),
                tuple(number for number, each in covering if each.start == start),
                tuple(items),
                any(first <= start and end <= last for first, last in plain),
            )

    def _alone(self, quoted: Sequence[tuple[int, Evidence]], source: Source) -> Iterator[Piece]:
        """The quotations of an article without its text, in the article's order, as far as they go together."""
        reach = 0
        run: list[tuple[int, Evidence]] = []
        for number, each in sorted(quoted, key=lambda pair: (pair[1].start, -pair[1].end)):
            if run and each.start >= reach:
                yield from self._run(run, source)
                yield Piece(GAP, (), (), (), boilerplate=False, missing=True)
                run = []
            run.append((number, each))
            reach = max(reach, each.end)
        yield from self._run(run, source)

    def _run(self, run: Sequence[tuple[int, Evidence]], source: Source) -> Iterator[Piece]:
        """Quotations that overlap, put together again."""
        first = run[0][1].start
        text = ""
        for _, each in run:
            text += each.quote[max(0, len(text) - (each.start - first)) :]
        moved = [
            (number, each.model_copy(update={"start": each.start - first, "end": each.end - first}))
            for number, each in run
        ]
        yield from self._cut(text, moved, source.model_copy(update={"boilerplate": ()}))
