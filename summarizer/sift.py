"""Sifting: what of a day's articles has to be read.

Of articles that are copies of one another, one is read whole, and of the others what they add.
A sentence adds nothing if it is a sentence of the article read, or several of them in a row, word
for word: "the", "that" and "said" don't count, all others do. So a figure, a preposition or an
answer that an update changes is read, and a moved comma isn't.

Lines that an outlet has under everything it publishes are marked as boilerplate here, where
its articles are seen together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from summarizer.clean import ENDED, repeated, spans_of
from summarizer.copies import copy_groups
from summarizer.models import Article, Source, Span
from summarizer.passage import Passage
from summarizer.text import UNSPACED, apart

EMPTY = frozenset("a an and has have it said says that the".split())
"""Words that come and go between copies and alter nothing. A word of another language that is spelt like one is dropped
as well, in both texts."""
SIGN = r"[$€£¥₽₹%‰?]|(?<![\w-])[-−](?=\d)"
WORD = r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff])+"
"""Letters and the marks on them: without its vowel signs a word of Hindi is any of several."""
TOKEN = re.compile(f"{SIGN}|{WORD}")
TOKEN_UNSPACED = re.compile(f"{SIGN}|{UNSPACED.pattern}|{WORD}")
TOGETHER = 3
"""Sentences of a copy that may be one in the article read: what ends a sentence is not always told alike."""
ENOUGH = 0.9
"""Share of the longest copy's length from which on another may be read in its place, if it is dated and that isn't."""


@dataclass(frozen=True)
class Report:
    """An article, and what of it has to be read."""

    article: Article
    known: frozenset[int] = frozenset()
    """Numbers of its sentences that add nothing to `copy_of` and the copies before this one."""
    copy_of: str | None = None
    """Id of the article that is read in its place."""
    adds: bool = True
    """Whether there is anything to read in it."""

    @property
    def passage(self) -> Passage:
        """The article in sentences."""
        return Passage.of(self.article, self.known)

    @property
    def source(self) -> Source:
        """The article as a briefing keeps it if it isn't read."""
        return self.article.as_source(copy_of=self.copy_of)


@dataclass(frozen=True)
class Bundle:
    """Articles that are one report: the one that is read whole, then its copies."""

    reports: tuple[Report, ...]

    @property
    def lead(self) -> Article:
        """The article that is read whole."""
        return self.reports[0].article

    @property
    def to_read(self) -> tuple[Report, ...]:
        """Those that have something to read."""
        return tuple(report for report in self.reports if report.adds)

    def without_lead(self) -> Bundle | None:
        """What there is to read if the lead can't be; None: nothing."""
        rest = [report.article for report in self.reports[1:]]
        return bundle(rest) if rest else None


def sift(articles: Sequence[Article]) -> list[Bundle]:
    """Sort articles into bundles, in order of their first members."""
    groups = copy_groups(_Stories(articles))
    marked = _without_furniture(articles, groups)
    if marked is not articles:
        groups = copy_groups(_Stories(marked))
    return [bundle([marked[i] for i in group]) for group in groups]


def bundle(articles: Sequence[Article]) -> Bundle:
    """Copies as one bundle."""
    if len(articles) == 1:
        return Bundle((Report(articles[0]),))
    lengths = [len(story_of(article)) for article in articles]
    most = max(lengths)

    def rank(i: int) -> tuple[bool, bool, int]:
        """Of the nearly longest a dated one comes first, else the longest."""
        return lengths[i] < ENOUGH * most, articles[i].published is None, -lengths[i]

    lead, *others = (articles[i] for i in sorted(range(len(articles)), key=rank))
    known = _Known()
    known.take(Passage.of(lead))
    reports = [Report(lead)]
    for article in others:
        passage = Passage.of(article)
        numbers = known.of(passage)
        reports.append(Report(article, numbers, lead.id, adds=len(numbers) < len(passage.shown)))
        known.take(replace(passage, known=numbers))
    return Bundle(tuple(reports))


def _without_furniture(articles: Sequence[Article], groups: Sequence[Sequence[int]]) -> Sequence[Article]:
    """The articles, the lines that their outlets repeat marked as boilerplate; the same if there are none."""
    own: dict[str, list[str]] = {}
    for group in groups:
        for publisher, i in {articles[i].publisher: i for i in group}.items():
            if publisher:
                own.setdefault(publisher, []).append(articles[i].text)
    lines = {publisher: found for publisher, texts in own.items() if (found := repeated(texts))}
    if not lines:
        return articles
    return [_marked(article, lines.get(article.publisher or "", frozenset())) for article in articles]


def _marked(article: Article, lines: frozenset[str]) -> Article:
    """An article, these lines marked as boilerplate, but for its title; as it is if nothing were left of it."""
    spans = {(span.start, span.end) for span in article.boilerplate}
    more = spans.union(spans_of(article.text, lines - {article.title or ""}))
    if more == spans:
        return article
    marked = article.model_copy(update={"boilerplate": tuple(Span(start=a, end=b) for a, b in sorted(more))})
    return marked if story_of(marked).strip() else article


def story_of(article: Article) -> str:
    """An article's text without its boilerplate."""
    text, kept, at = article.text, [], 0
    for start, end in apart((span.start, span.end) for span in article.boilerplate):
        kept.append(text[at:start])
        at = end
    return "".join((*kept, text[at:])) if kept else text


class _Stories(Sequence[str]):
    """Articles' texts without their boilerplate, made when they're asked for: all at once are as much again."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles

    def __len__(self) -> int:
        return len(self._articles)

    def __getitem__(self, i: Any) -> Any:
        return story_of(self._articles[i])


class _Known:
    """What was read of a bundle, sentence by sentence."""

    def __init__(self) -> None:
        self._read: list[list[str]] = []
        self._starts: dict[str, list[tuple[int, int]]] = {}
        """Where sentences begin with a word: which of those read, which sentence."""

    def take(self, passage: Passage) -> None:
        """Add what a passage shows."""
        said = list(filter(None, (_said(passage.text(sentence)) for sentence in passage.shown)))
        for number, sentence in enumerate(said):
            self._starts.setdefault(sentence.partition(" ")[0], []).append((len(self._read), number))
        self._read.append(said)

    def of(self, passage: Passage) -> frozenset[int]:
        """Numbers of the sentences that add nothing to it."""
        shown = passage.shown
        said = [_said(passage.text(sentence)) for sentence in shown]
        broken = bool(shown) and not ENDED.search(passage.text(shown[-1]))  # a copy that was cut ends anywhere
        known: set[int] = set()
        for first in range(len(shown)):
            for last in range(first, min(first + TOGETHER, len(shown))):
                together = " ".join(filter(None, said[first : last + 1]))
                if self._has(together, cut=broken and last == len(shown) - 1):
                    known.update(sentence.number for sentence in shown[first : last + 1])
        return frozenset(known)

    def _has(self, said: str, *, cut: bool) -> bool:
        """Whether a sentence is one that was read, or several of them in a row; if it is cut, how they begin."""
        return not said or any(self._begins(said, *at, cut=cut) for at in self._starts.get(said.partition(" ")[0], ()))

    def _begins(self, said: str, article: int, number: int, *, cut: bool) -> bool:
        sentences = self._read[article]
        read = sentences[number]
        while len(read) < len(said) and said.startswith(f"{read} ") and number + 1 < len(sentences):
            number += 1
            read = f"{read} {sentences[number]}"
        return said == read or (cut and f"{read} ".startswith(f"{said} "))


def _said(text: str) -> str:
    """What counts of a sentence, in order: its words, and signs that make another figure or a question of it."""
    parts = (TOKEN_UNSPACED if UNSPACED.search(text) else TOKEN).findall(text.casefold())
    return " ".join(part for part in parts if part not in EMPTY)
