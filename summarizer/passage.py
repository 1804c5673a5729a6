"""A passage: numbered sentences of an article, those a model is shown and those it isn't, and the way back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.errors import UnknownSentence
from summarizer.models import Article, Evidence
from summarizer.text import Sentence, apart, occurrences, runs, sentences


@dataclass(frozen=True)
class Passage:
    """Consecutive sentences of an article: all of them, or a part. They keep their numbers."""

    article: Article
    sentences: tuple[Sentence, ...]
    idle: frozenset[int] = frozenset()
    """Numbers of those that are boilerplate: never shown, and nothing is found there."""
    known: frozenset[int] = frozenset()
    """Numbers of those that are read in another article, which this one is a copy of: not shown to be cited."""

    @classmethod
    def of(cls, article: Article, known: frozenset[int] = frozenset()) -> Passage:
        """A whole article."""
        cut = sentences(article.text, article.language)
        return cls(article, cut, _idle(article, cut), known)

    @property
    def numbers(self) -> range:
        """Of its sentences."""
        return range(self.sentences[0].number, self.sentences[-1].number + 1) if self.sentences else range(1, 1)

    @property
    def shown(self) -> tuple[Sentence, ...]:
        """The sentences that a model is shown, to cite from."""
        if not (self.idle or self.known):
            return self.sentences
        return tuple(sentence for sentence in self.sentences if self.shows(sentence.number))

    def shows(self, number: int) -> bool:
        """Whether a model is shown the sentence of this number."""
        return number in self.numbers and number not in self.idle and number not in self.known

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
        some = self.sentences[numbers.start - first : numbers.stop - first]
        return Passage(self.article, some, self.idle, self.known)

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
        """Everywhere that a name stands within one sentence of the story, quoted as just the name."""
        for number, start, end in self.places(name):
            found = self.article.text[start:end]
            yield Evidence(article=self.article.id, sentences=(number,), start=start, end=end, quote=found)

    def places(self, name: str) -> Iterator[tuple[int, int, int]]:
        """The same, as the sentence's number and the span."""
        if not self.sentences:
            return
        from_ = self.sentences[0].start
        for first, last in occurrences(name, self._text):
            start, end = from_ + first, from_ + last
            sentence = self.sentences[max(0, bisect_right(self._starts, start) - 1)]
            if sentence.start <= start and end <= sentence.end and sentence.number not in self.idle:
                yield sentence.number, start, end

    def quotes(self, cites: Iterable[int]) -> Iterator[str]:
        """The text of what `evidence` would be made of. Numbers that aren't in the passage are left out."""
        own = self.numbers
        for run in runs(number for number in cites if number in own):
            first, last = run[0] - own.start, run[-1] - own.start
            yield self.article.text[self.sentences[first].start : self.sentences[last].end]


def _idle(article: Article, cut: Sequence[Sentence]) -> frozenset[int]:
    """Numbers of the sentences that are boilerplate from end to end."""
    if not article.boilerplate:
        return frozenset()
    spans = list(apart((span.start, span.end) for span in article.boilerplate))
    ends = [end for _, end in spans]
    found = set()
    for sentence in cut:
        at = sentence.start
        for start, end in spans[bisect_right(ends, at) :]:
            if article.text[at:start].strip() or at >= sentence.end:
                break
            at = end
        if not article.text[at : sentence.end].strip():
            found.add(sentence.number)
    return frozenset(found)
