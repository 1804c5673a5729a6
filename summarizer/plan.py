"""A plan: what a run would ask and take, worked out without asking.

Prompts are counted as they would be sent. Answers can only be guessed, from what the shipped
recordings came to: a reading's answer is about `ANSWER` times its article, up to `LONGEST`,
and merging, disputes and writing take in `LATER_IN` and give out `LATER_OUT` times what the
readings gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from summarizer.answers import ArticleNotes
from summarizer.budget import Amount
from summarizer.extract import render_passage
from summarizer.journal import Journal
from summarizer.models import Article
from summarizer.parts import cut_in_parts
from summarizer.prompts import PromptBook
from summarizer.question import Question, key_for, limits_of, room_for
from summarizer.reading import Passage
from summarizer.settings import Settings
from summarizer.text import sentences
from summarizer.tokens import estimate_tokens
from summarizer.usage import price_of

ANSWER = 2.7
"""Tokens of a reading's answer to one of its article (`python -m benchmarks.answers`; 3.5 as estimated, and JSON is
overestimated by 1.3)."""
LONGEST = 8_000
"""Tokens that a reading's answer is expected to have at most: claims and events are limited to ten each."""
LATER_IN, LATER_OUT = 2.5, 0.5
"""Tokens that go into and come out of all that follows, to one of the readings' answers (by the same command)."""
LATER_PROMPTS = ("actors", "demands", "proposals", "venues", "claims", "events", "disputes", "write")


@dataclass(frozen=True)
class Step:
    """One kind of question, and what all of them would take."""

    name: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    """US dollars; None: no price is known."""


@dataclass(frozen=True)
class PlannedArticle:
    """How an article would be read."""

    name: str
    sentences: int
    parts: int
    kept: int
    """Parts that the journal has already."""
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Plan:
    """What a run would ask."""

    model: str
    articles: tuple[PlannedArticle, ...]
    steps: tuple[Step, ...]

    @property
    def total(self) -> Step:
        """All steps together."""
        costs = [step.cost for step in self.steps]
        return Step(
            name="total",
            calls=sum(step.calls for step in self.steps),
            input_tokens=sum(step.input_tokens for step in self.steps),
            output_tokens=sum(step.output_tokens for step in self.steps),
            cost=None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0)),
        )


async def plan_run(articles: Sequence[Article], settings: Settings, journal: Journal | None = None) -> Plan:
    """Work out what a run over these articles would ask. Needs neither a key nor a network."""
    book = PromptBook(settings.prompts)
    planned = [await _plan_article(article, book, settings, journal) for article in articles]
    ahead = [article for article in planned if article.kept < article.parts]
    calls = sum(article.parts - article.kept for article in planned)
    inside, outside = sum(article.input_tokens for article in ahead), sum(article.output_tokens for article in ahead)
    later = later_step([article.output_tokens for article in planned], len(articles), book, settings)
    return Plan(settings.model, tuple(planned), (_step("reading", calls, inside, outside, settings), later))


async def _plan_article(
    article: Article, book: PromptBook, settings: Settings, journal: Journal | None
) -> PlannedArticle:
    """How one article would be read."""
    prompt = book["extract"]
    whole = Passage(article, sentences(article.text, article.language))
    passages = cut_in_parts(whole, room_for(prompt, ArticleNotes, settings))
    kept = inside = outside = 0
    for passage in passages:
        message = render_passage(passage, whole, prompt, settings.language)
        question = Question(message, ArticleNotes, lambda _: (), article)
        if journal is not None and await journal.find(key_for(question, settings)):
            kept += 1
            continue
        inside += question.tokens
        outside += _answer_tokens(passage, settings)
    return PlannedArticle(article.name, len(whole.sentences), len(passages), kept, inside, outside)


def _answer_tokens(passage: Passage, settings: Settings) -> int:
    """What a reading's answer is expected to have."""
    text = " ".join(passage.text(sentence) for sentence in passage.sentences)
    return min(round(ANSWER * estimate_tokens(text)), LONGEST, limits_of(settings).output)


def later_step(answers: Sequence[int], articles: int, book: PromptBook, settings: Settings) -> Step:
    """What merging, disputes and writing take, by what the readings' answers have."""
    fixed = sum(estimate_tokens(book[name].system) for name in LATER_PROMPTS)
    prompts = LATER_PROMPTS if articles > 1 else LATER_PROMPTS[-2:]
    inside = round(LATER_IN * sum(answers)) + fixed
    return _step("merging and writing", len(prompts), inside, round(LATER_OUT * sum(answers)), settings)


def later_amount(articles: Sequence[Article], book: PromptBook, settings: Settings) -> Amount:
    """What should be left for merging, disputes and writing when all is read: the longest answer's room included."""
    texts = (article.text for article in articles)
    answers = [min(round(ANSWER * estimate_tokens(text)), LONGEST) for text in texts]
    later = later_step(answers, len(articles), book, settings)
    output = later.output_tokens + limits_of(settings).output
    cost = price_of(settings.model, input_tokens=later.input_tokens, output_tokens=output)
    return Amount(later.input_tokens + output, cost)


def _step(name: str, calls: int, input_tokens: int, output_tokens: int, settings: Settings) -> Step:
    cost = price_of(settings.model, input_tokens=input_tokens, output_tokens=output_tokens)
    return Step(name, calls, input_tokens, output_tokens, cost)
