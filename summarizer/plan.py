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
from math import ceil

from summarizer.answers import ArticleNotes
from summarizer.batches import LINE
from summarizer.budget import Amount
from summarizer.extract import render_passage
from summarizer.journals import AnyJournal
from summarizer.models import Article
from summarizer.parts import cut_in_parts
from summarizer.passage import Passage
from summarizer.past import Past
from summarizer.prompts import PromptBook
from summarizer.question import Question, key_for, limits_of, room_for
from summarizer.recognise import MOST_TOKENS
from summarizer.settings import Settings
from summarizer.sift import Bundle, Report, sift
from summarizer.stories import LEAD, MOST_AT_ONCE, head_of
from summarizer.tokens import estimate_tokens
from summarizer.usage import price_of

ANSWER = 2.4
"""Tokens of a reading's answer to one of its article: 2.5 to 3.7 as estimated (`python -m benchmarks.answers`),
by which JSON is overestimated by 1.3."""
LONGEST = 8_000
"""Tokens that a reading's answer is expected to have at most: claims and events are limited to ten each."""
LATER_IN, LATER_OUT = 2.2, 0.4
"""Tokens that go into and come out of all that follows, to one that `ANSWER` makes of an article: 1.2 to 2.0 and
0.32 to 0.47 by the same command. The first has a margin, as a day's stories and past weigh differently."""
TITLE = 20
"""Tokens of a story's title and its ids, for each article in it."""
COMPARING = ("known", "compare")
"""Questions about what stood before, where anything did."""
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
    """Shown; of a copy those that it adds, 0 if it adds none."""
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
    batch: bool = False
    """Whether it would ask by the batch endpoint, at its price."""

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


async def plan_run(
    articles: Sequence[Article], settings: Settings, journal: AnyJournal | None = None, past: Past | None = None
) -> Plan:
    """Work out what a run over these articles would ask at most. Needs neither a key nor a network.

    How many stories there are, and which of them are too small or not on the topic, only a model can say: all
    articles are counted, and one story.
    """
    book = PromptBook(settings.prompts)
    bundles = sift(articles)
    planned = [await _plan_report(report, book, settings, journal) for bundle in bundles for report in bundle.reports]
    ahead = [article for article in planned if article.kept < article.parts]
    calls = sum(article.parts - article.kept for article in planned)
    inside, outside = sum(article.input_tokens for article in ahead), sum(article.output_tokens for article in ahead)
    later = later_step([article.output_tokens for article in planned], len(bundles), book, settings, past)
    reading = _step("reading", calls, inside, outside, settings)
    steps = (_sorting_step(bundles, book, settings), reading, later)
    return Plan(settings.model, tuple(planned), steps, settings.batch)


def _sorting_step(bundles: Sequence[Bundle], book: PromptBook, settings: Settings) -> Step:
    """What sorting articles into stories takes."""
    prompts = [book["stories"]] * (len(bundles) > 1) + [book["topic"]] * bool(settings.topic)
    told = sum(estimate_tokens(head_of(bundle.lead, LEAD)) + LINE for bundle in bundles)
    calls = ceil(len(bundles) / MOST_AT_ONCE)
    inside = len(prompts) * told + calls * sum(estimate_tokens(prompt.system) for prompt in prompts)
    outside = TITLE * len(bundles) if prompts else 0
    return _step("stories", calls * len(prompts), inside, outside, settings)


async def _plan_report(
    report: Report, book: PromptBook, settings: Settings, journal: AnyJournal | None
) -> PlannedArticle:
    """How one article would be read."""
    prompt, article, whole = book["extract"], report.article, report.passage
    if not report.adds:
        return PlannedArticle(article.name, 0, 0, 0, 0, 0)
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
    return PlannedArticle(article.name, len(whole.shown), len(passages), kept, inside, outside)


def _answer_tokens(passage: Passage, settings: Settings) -> int:
    """What a reading's answer is expected to have."""
    text = " ".join(passage.text(sentence) for sentence in passage.shown)
    return min(round(ANSWER * estimate_tokens(text)), LONGEST, limits_of(settings).output)


def later_step(answers: Sequence[int], articles: int, book: PromptBook, settings: Settings, past: Past | None) -> Step:
    """What merging, disputes, comparing and writing take, by what the readings' answers have."""
    prompts = (*(LATER_PROMPTS if articles > 1 else LATER_PROMPTS[-2:]), *(COMPARING if past else ()))
    fixed = sum(estimate_tokens(book[name].system) for name in prompts)
    stood = sum(estimate_tokens(standing.text) + LINE for standing in past.standing) if past else 0
    inside = round(LATER_IN * sum(answers)) + fixed + min(stood, MOST_TOKENS)
    return _step(
        "merging, comparing, writing" if past else "merging and writing",
        len(prompts),
        inside,
        round(LATER_OUT * sum(answers)),
        settings,
    )


def later_amount(articles: Sequence[Article], book: PromptBook, settings: Settings, past: Past | None = None) -> Amount:
    """What should be left for all that follows when all is read: the longest answer's room included."""
    texts = (article.text for article in articles)
    answers = [min(round(ANSWER * estimate_tokens(text)), LONGEST) for text in texts]
    later = later_step(answers, len(articles), book, settings, past)
    output = later.output_tokens + limits_of(settings).output
    cost = price_of(settings.model, input_tokens=later.input_tokens, output_tokens=output, batch=settings.batch)
    return Amount(later.input_tokens + output, cost)


def _step(name: str, calls: int, input_tokens: int, output_tokens: int, settings: Settings) -> Step:
    cost = price_of(settings.model, input_tokens=input_tokens, output_tokens=output_tokens, batch=settings.batch)
    return Step(name, calls, input_tokens, output_tokens, cost)
