"""A reading: an article with the notes that were taken of it, and the way back to its characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.answers import ActorNote, ArticleNotes, Noted
from summarizer.errors import UnknownSentence
from summarizer.models import Alias, Article, Evidence, Hazard, Source, Span
from summarizer.text import Sentence, flatten, occurrences, runs


@dataclass(frozen=True)
class Passage:
    """Consecutive sentences of an article: all of them, or a part. They keep their numbers."""

    article: Article
    sentences: tuple[Sentence, ...]

    @property
    def numbers(self) -> range:
        """Of its sentences."""
        return range(self.sentences[0].number, self.sentences[-1].number + 1) if self.sentences else range(1, 1)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _text(self) -> str:
        return self.article.text[self.sentences[0].start : self.sentences[-1].end]

    def text(self, sentence: Sentence) -> str:
        """A sentence's characters."""
        return self.article.text[sentence.start : sentence.end]

    def part(self, numbers: range) -> Passage:
        """Some of its sentences."""
        first = self.numbers.start
        return Passage(self.article, self.sentences[numbers.start - first : numbers.stop - first])

    def quote(self, numbers: Sequence[int]) -> Evidence:
        """The evidence that consecutive sentences are.

        Raises:
            UnknownSentence: if a number is not in the passage.
        """
        own = self.numbers
        for number in numbers:
            if number not in own:
                raise UnknownSentence(number, self.article.name, own.start, own.stop - 1)
        start = self.sentences[numbers[0] - own.start].start
        end = self.sentences[numbers[-1] - own.start].end
        quoted = self.article.text[start:end]
        return Evidence(article=self.article.id, sentences=tuple(numbers), start=start, end=end, quote=quoted)

    def evidence(self, cites: Iterable[int]) -> tuple[Evidence, ...]:
        """Turn sentence numbers into quotations, one for each run of consecutive sentences.

        Raises:
            UnknownSentence: if a number is not in the passage.
        """
        return tuple(self.quote(run) for run in runs(cites))

    def mentions(self, name: str) -> Iterator[Evidence]:
        """Everywhere that a name stands within one sentence, quoted as just the name."""
        if not self.sentences:
            return
        from_ = self.sentences[0].start
        for first, last in occurrences(name, self._text):
            start, end = from_ + first, from_ + last
            sentence = self.sentences[max(0, bisect_right(self._starts, start) - 1)]
            if sentence.start <= start and end <= sentence.end:
                found = self.article.text[start:end]
                yield Evidence(article=self.article.id, sentences=(sentence.number,), start=start, end=end, quote=found)


@dataclass(frozen=True)
class Reading:
    """An article with the notes a model took of it."""

    passage: Passage
    notes: ArticleNotes
    parts: int = 1
    """In how many it was read; each may have noted the same."""

    @cached_property
    def source(self) -> Source:
        """What was read, with what the notes say of it as a text."""
        notes, passage, article = self.notes, self.passage, self.passage.article
        hazards = {*article.hazards}
        hazards |= {Hazard.MACHINE_TRANSLATION} if notes.machine_translated else set()
        hazards |= {Hazard.TRUNCATED} if notes.truncated else set()
        headline = flatten(passage.quote([notes.headline]).quote) if notes.headline else None
        noted = (passage.quote(run) for run in runs(notes.boilerplate))
        spans = {(place.start, place.end) for place in noted} | {(span.start, span.end) for span in article.boilerplate}
        return article.as_source(
            title=article.title or headline,
            language=article.language or notes.language,
            hazards=tuple(sorted(hazards)),
            boilerplate=tuple(Span(start=start, end=end) for start, end in _apart(spans)),
        )

    @cached_property
    def actors(self) -> dict[str, ActorNote]:
        """The article's own actors, by the id that its notes use."""
        return {actor.id: actor for actor in self.notes.actors}

    @cached_property
    def acting(self) -> frozenset[str]:
        """Ids of the actors that a note names, and of those whom they belong to."""
        ids: set[str] = set()
        named = {ref for _, _, refs in all_notes(self.notes) for ref in refs}
        while named:  # an affiliation may itself have one
            ids |= named
            named = {owner for id in named if (owner := self.actors[id].affiliation)} - ids
        return frozenset(ids)

    def aliases(self, actor: ActorNote) -> tuple[Alias, ...]:
        """Every spelling of an actor that stands in the story, with the first place where it does."""
        found, skipped = {}, set(self.notes.boilerplate)
        for name in dict.fromkeys((actor.name, *actor.spellings)):
            places = self.passage.mentions(name)
            if place := next((place for place in places if place.sentences[0] not in skipped), None):
                found[name] = Alias(name=name, evidence=(place,))
        return tuple(found.values())


def _apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap as one.

    >>> list(_apart([(7, 9), (0, 3), (2, 5)]))
    [(0, 5), (7, 9)]
    """
    last: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if last is not None and start < last[1]:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last


def number_articles(readings: Iterable[Reading]) -> dict[str, int]:
    """The numbers, from 1, by which a model knows a day's articles; by article id."""
    return {reading.source.id: number for number, reading in enumerate(readings, 1)}


def all_notes(notes: ArticleNotes) -> Iterator[tuple[str, Noted, tuple[str, ...]]]:
    """Every note with a label for messages and the actor ids it names."""
    for i, demand in enumerate(notes.demands):
        yield f"demands[{i}]", demand, (*demand.by, *demand.of)
    for i, proposal in enumerate(notes.proposals):
        yield f"proposals[{i}]", proposal, (*proposal.by, *proposal.to)
    for i, venue in enumerate(notes.venues):
        yield f"venues[{i}]", venue, venue.participants
    for i, claim in enumerate(notes.claims):
        yield f"claims[{i}]", claim, tuple(ref for stance in claim.stances for ref in stance.by)
    for i, event in enumerate(notes.events):
        yield f"events[{i}]", event, event.actors
