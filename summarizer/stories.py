"""Stories: which of a day's articles are about one course of events, and which of those are told.

Heads and leads go out, a line each, and ids come back, sorted. What a story's words make sure of
is joined before, so that a day of thousands of articles takes a few questions; what belongs
together although it looks apart, in another language above all, is for the model to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from summarizer.answers import OnTopic, Stories
from summarizer.batches import batched, check_partition, in_rounds, weigh
from summarizer.days import in_short
from summarizer.desk import Desk, all_of, spared
from summarizer.likeness import alike, grouped
from summarizer.models import Article, Problem
from summarizer.settings import Settings
from summarizer.sift import Bundle, story_of
from summarizer.text import cell, flatten

MOST_AT_ONCE = 150
"""Entries in one question: 150 tokens each. Tried up to 61 on real articles."""
SURE = 0.35
"""How alike heads and leads are that are joined before the model is asked."""
LIKELY = 0.15
"""How alike those are that are put into one question, and joined if no model answers."""
HEAD = 120
"""Words of an article that likeness goes by."""
LEAD = 70
"""Words of an article's text that the model is shown, after the headline."""
LETTERS = 7
"""Letters that a word has at most on average, for scripts that don't part words."""
HEADS = 3
"""Articles of an entry that are shown."""


Why = Literal["small", "beyond", "off_topic"]
"""Why a story is not told, as `SideStory` has it."""


@dataclass(frozen=True)
class Thread:
    """Articles about one course of events."""

    title: str
    bundles: tuple[Bundle, ...]

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """All of them, copies included."""
        return tuple(report.article for bundle in self.bundles for report in bundle.reports)

    @property
    def weight(self) -> tuple[int, int, int]:
        """How much there is to it: outlets with a report of their own, reports, articles."""
        outlets = {bundle.lead.outlet for bundle in self.bundles}
        return len(outlets), len(self.bundles), len(self.articles)


@dataclass(frozen=True)
class Choice:
    """Which stories of a day are told."""

    told: tuple[Thread, ...]
    beyond: tuple[Thread, ...] = ()
    """What is large enough, but weighs less than those."""
    small: tuple[Thread, ...] = ()
    """What too few articles are about."""
    off_topic: tuple[Thread, ...] = ()
    """What was not asked for."""

    @property
    def aside(self) -> Iterator[tuple[Thread, Why]]:
        """All that is not told, and why."""
        yield from ((thread, "beyond") for thread in self.beyond)
        yield from ((thread, "small") for thread in self.small)
        yield from ((thread, "off_topic") for thread in self.off_topic)


async def choose(bundles: Sequence[Bundle], desk: Desk) -> tuple[Choice, list[Problem]]:
    """Sort articles into stories, and choose those that are told, weightiest first.

    Raises:
        ModelError: if a topic was given, and no model says what belongs to it.
    """
    threads, problems = await _sort(bundles, desk)
    kept = await _on_topic(threads, desk) if desk.settings.topic else threads
    on = {id(thread) for thread in kept}
    off_topic = tuple(thread for thread in threads if id(thread) not in on)
    return replace(by_weight(kept, desk.settings), off_topic=off_topic), problems


def by_weight(threads: Sequence[Thread], settings: Settings) -> Choice:
    """The stories that are told, and those that aren't, each weightiest first.

    If none is large enough, as on a day of a few articles, all count as large enough.
    """
    heaviest = sorted(threads, key=lambda thread: thread.weight, reverse=True)
    large = [thread for thread in heaviest if len(thread.bundles) >= settings.min_reports] or heaviest
    enough = set(map(id, large))
    small = tuple(thread for thread in heaviest if id(thread) not in enough)
    return Choice(tuple(large[: settings.max_stories]), tuple(large[settings.max_stories :]), small)


async def _sort(bundles: Sequence[Bundle], desk: Desk) -> tuple[list[Thread], list[Problem]]:
    """Sort articles into stories; by their words alone if no model does."""
    single = [Thread(_title(bundle.lead), (bundle,)) for bundle in bundles]
    if len(single) < 2:
        return single, []
    desk.tell("stories", 0, 1)
    sure, likely = sorted_by_words(bundles)
    place = {id(bundles[i]): number for number, i in enumerate(i for group in likely for i in group)}

    def joined(groups: Sequence[Sequence[int]]) -> list[Thread]:
        return [Thread(single[group[0]].title, tuple(bundles[i] for i in group)) for group in groups]

    work = in_rounds(
        joined(sure),
        lambda some: _ask(some, desk),
        lambda thread: weigh(_describe("s", thread)),
        lambda thread: place[id(thread.bundles[0])],
        most=MOST_AT_ONCE,
        room=desk.door.room(desk.prompts["stories"], Stories),
    )
    cost = "stories were told apart by their articles' words alone"
    threads, problems = await spared(work, lambda: joined(likely), stage="stories", cost=cost)
    desk.tell("stories", 1, 1)
    return threads, problems


def sorted_by_words(bundles: Sequence[Bundle]) -> tuple[list[list[int]], list[list[int]]]:
    """Positions of the bundles that their words make sure are about one thing; and of those that likely are."""
    pairs = alike([head_of(bundle.lead, HEAD) for bundle in bundles], LIKELY / 2)
    return grouped(len(bundles), pairs, SURE), grouped(len(bundles), pairs, LIKELY)


async def _ask(threads: list[Thread], desk: Desk) -> list[Thread]:
    """Ask which of these belong together."""
    if len(threads) < 2:
        return threads
    known = {f"s{number}": thread for number, thread in enumerate(threads, 1)}

    def check(answer: Stories) -> Iterator[str]:
        return check_partition((story.ids for story in answer.stories), known, "entry", "story")

    message = desk.prompts["stories"].render(
        entries=[_describe(id, thread) for id, thread in known.items()], language=desk.settings.language
    )
    answer = await desk.door.ask(message, Stories, check=check)
    order = {id: position for position, id in enumerate(known)}

    def joined(ids: Sequence[str]) -> tuple[Bundle, ...]:
        return tuple(bundle for id in sorted(ids, key=order.__getitem__) for bundle in known[id].bundles)

    stories = sorted(answer.stories, key=lambda story: min(order[id] for id in story.ids))
    return [Thread(flatten(story.title), joined(story.ids)) for story in stories]


async def _on_topic(threads: Sequence[Thread], desk: Desk) -> list[Thread]:
    """The stories that belong to the topic asked for."""
    desk.tell("topic", 0, 1)
    topic, prompt = flatten(desk.settings.topic or ""), desk.prompts["topic"]

    async def ask(some: Sequence[Thread]) -> list[Thread]:
        known = {f"s{number}": thread for number, thread in enumerate(some, 1)}

        def check(answer: OnTopic) -> Iterator[str]:
            return (f"there is no story {id}" for id in answer.ids if id not in known)

        message = prompt.render(topic=topic, entries=[_describe(id, thread) for id, thread in known.items()])
        answer = await desk.door.ask(message, OnTopic, check=check)
        return [thread for id, thread in known.items() if id in answer.ids]

    batches = batched(
        threads,
        lambda thread: weigh(_describe("s", thread)),
        most=MOST_AT_ONCE,
        room=desk.door.room(prompt, OnTopic),
    )
    kept = [thread for found in await all_of(map(ask, batches)) for thread in found]
    desk.tell("topic", 1, 1)
    return kept


def _describe(id: str, thread: Thread) -> dict[str, object]:
    """What the model is told of a story so far."""
    leads = [bundle.lead for bundle in thread.bundles]
    days = sorted({article.published for article in leads if article.published})
    dates = [in_short(day) for day in (*days[:1], *days[1:][-1:])]
    outlets = dict.fromkeys(article.outlet for article in thread.articles)
    more = f" and {len(outlets) - HEADS} more" if len(outlets) > HEADS else ""
    return {
        "id": id,
        "title": cell(thread.title),
        "date": " to ".join(dates),
        "outlets": cell(", ".join(list(outlets)[:HEADS])) + more,
        "heads": [cell(head_of(article, LEAD)) for article in leads[:HEADS]],
    }


def head_of(article: Article, words: int) -> str:
    """An article's headline and first words."""
    title = flatten(article.title or "")
    begins = flatten(story_of(article)[: 4 * LETTERS * words])
    lead = re.sub(rf"^{re.escape(title)}(?!\w)", "", begins).strip()
    cut = " ".join(lead.split()[:words])[: LETTERS * words]
    return " — ".join(filter(None, (title, cut + ("…" if len(cut) < len(lead) else ""))))


def _title(article: Article) -> str:
    """What to call a story of which there is but one article."""
    return flatten(article.title or "") or head_of(article, 12) or article.name
