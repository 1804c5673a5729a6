"""The whole way: articles in, one `Briefing` out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from summarizer.budget import Amount
from summarizer.cassette import RECORDED, changed_since, load_manifest
from summarizer.desk import Desk, Listener, all_of, spared
from summarizer.disputes import find_disputes, number_disputes, with_standing
from summarizer.door import Door
from summarizer.errors import ModelError, NoArticles
from summarizer.extract import extract_all
from summarizer.ingest import LONGEST, SPLIT, TOO_LONG, Intake, load, newest
from summarizer.models import (
    SCHEMA_VERSION,
    Article,
    Briefing,
    Problem,
    Provenance,
    SideStory,
    Source,
    Story,
)
from summarizer.plan import later_amount
from summarizer.prompts import PromptBook
from summarizer.reading import ReadStory, number_articles
from summarizer.reconcile import reconcile
from summarizer.settings import Settings
from summarizer.sift import sift
from summarizer.stories import Choice, Thread, choose
from summarizer.sync import run
from summarizer.version import VERSION
from summarizer.write import Written, write

R = TypeVar("R")

READING_SHARE = 0.8
"""Of the time until the deadline; the rest is for merging and writing what was read."""

Articles = str | Path | Article | Intake | Iterable[str | Path | Article]
"""What a briefing can be made of: paths, articles, or what `load` returned."""


def brief(
    articles: Articles,
    *,
    day: date | None = None,
    settings: Settings | None = None,
    listener: Listener | None = None,
) -> Briefing:
    """Make one briefing of a day's articles.

    Works in a script, and in a notebook, where an event loop already runs.

    Args:
        articles: paths of text files and folders, articles, or what `load` returned.
        day: the briefing's date; None: that of the newest article, else today's.
        settings: model, limits, recordings; None: environment and defaults.
        listener: called with a `Progress` as the run goes on.

    Raises:
        NoArticles: if there is nothing to read.
        NoModel: if there is nobody to ask.
        RefusedRequest: if the endpoint refuses for good.
        MissingRecording: in a replay, if something was never recorded.
        ModelError: if not a single article could be read.
    """
    return run(brief_async(articles, day=day, settings=settings, listener=listener))


async def brief_async(
    articles: Articles,
    *,
    day: date | None = None,
    settings: Settings | None = None,
    listener: Listener | None = None,
) -> Briefing:
    """Make one briefing of a day's articles, in the event loop that runs. See `brief`."""
    settings = settings or Settings()
    manifest = load_manifest(settings.replay) if settings.replay else None
    if manifest:  # a replay is of the run that was recorded, unless it is told otherwise
        recorded = manifest.model_dump(include={*RECORDED}, exclude_none=True)
        settings = settings.model_copy(
            update={name: value for name, value in recorded.items() if name not in settings.model_fields_set}
        )
        day = day or manifest.day
    intake = await _intake(articles, settings)
    async with Door(settings) as door:
        if manifest and door.cassette:
            door.cassette.changed = changed_since(manifest, settings, intake.articles)
        desk = Desk(settings, PromptBook(settings.prompts), door, listener)
        briefing = await make_briefing(intake, day or newest(intake.articles) or date.today(), desk)
        whole = all(problem.stage == "ingest" for problem in briefing.problems)
        if settings.record and door.cassette is not None and whole:
            door.cassette.complete(
                paths=intake.paths,
                day=briefing.date,
                settings=settings,
                articles=intake.articles,
            )
    return briefing


async def make_briefing(intake: Intake, day: date, desk: Desk) -> Briefing:
    """Take articles all the way: sort into stories, read, reconcile, hold against each other, write."""
    budget = desk.door.budget
    bundles = sift(intake.articles)
    with budget.keeping_back(Amount(), READING_SHARE):
        choice, unsorted = await choose(bundles, desk)
    leads = [bundle.lead for thread in choice.told for bundle in thread.bundles]
    later = later_amount(leads, desk.prompts, desk.settings) if budget.capped else Amount()
    with budget.keeping_back(later, READING_SHARE):
        stories, unread = await _read(choice.told, desk)
    del bundles, leads
    sides = _side_stories(choice)
    titles = [story.title for story in stories]
    sources = [story.sources for story in stories]
    numbers = [number_articles(story.readings) for story in stories]
    reconciling = reconcile(stories, desk)
    del stories  # `reconcile` lets go of the readings bit by bit
    reconciled = await reconciling
    if titles and not any(items.all for items in reconciled.stories):
        reason = "nothing was noted in any article: no demand, proposal, venue, claim or event"
        unread.append(Problem(stage="extract", article=None, reason=reason, cost="the briefing has no items"))
    listed = reconciled.stories
    casts = [items.actors(reconciled.actors) for items in listed]
    abouts = [f" in story {number}, {title!r}" if len(titles) > 1 else "" for number, title in enumerate(titles, 1)]
    contradictions = await _of_each(
        "disputes",
        {
            about: find_disputes(items, cast, known, desk)
            for about, items, cast, known in zip(abouts, listed, casts, numbers, strict=True)
        },
        tuple,
        "no disputes were looked for",
        desk,
    )
    disputes = number_disputes([notes for notes, _ in contradictions])
    written = await _of_each(
        "write",
        {
            about: write(items, cast, some, desk)
            for about, items, cast, some in zip(abouts, listed, casts, disputes, strict=True)
        },
        Written,
        "no headline, bottom line and open questions",
        desk,
    )
    unsaid = [problem for _, some in (*contradictions, *written) for problem in some]
    return Briefing(
        date=day,
        topic=desk.settings.topic,
        stories=tuple(
            Story(
                id=f"S{number}",
                title=title,
                articles=tuple(source.id for source in some),
                headline=text.headline,
                bottom_line=text.bottom_line,
                open_questions=text.open_questions,
                items=tuple(thing.id for thing in (*items.all, *contested)),
            )
            for number, (title, some, items, contested, (text, _)) in enumerate(
                zip(titles, sources, listed, disputes, written, strict=True), 1
            )
        ),
        side_stories=sides,
        actors=reconciled.actors,
        demands=tuple(item for items in listed for item in items.demands),
        proposals=tuple(item for items in listed for item in items.proposals),
        venues=tuple(item for items in listed for item in items.venues),
        claims=with_standing(
            [item for items in listed for item in items.claims], [dispute for some in disputes for dispute in some]
        ),
        events=tuple(item for items in listed for item in items.events),
        disputes=tuple(dispute for some in disputes for dispute in some),
        sources=(*(source for some in sources for source in some), *_side_sources(choice)),
        origins=reconciled.origins,
        problems=(*intake.problems, *unsorted, *unread, *reconciled.problems, *unsaid),
        provenance=Provenance(
            program=f"summarizer {VERSION}",
            schema_version=SCHEMA_VERSION,
            model=desk.settings.model,
            answered_by=tuple(sorted(desk.door.answered_by)),
            prompts=desk.door.prompt_uses(),
            usage=desk.door.usage,
        ),
    )


async def _read(told: Sequence[Thread], desk: Desk) -> tuple[list[ReadStory], list[Problem]]:
    """Read the articles of the stories that are told; one of which nothing could be read is left out.

    Raises:
        ModelError: if nothing at all could be read.
    """
    found, problems = await extract_all([bundle for thread in told for bundle in thread.bundles], desk)
    read = iter(found)
    stories = [
        ReadStory(thread.title, tuple(bundle for _ in thread.bundles if (bundle := next(read)))) for thread in told
    ]
    stories = [story for story in stories if story.bundles]
    if told and not stories:
        reasons = list(dict.fromkeys(problem.reason for problem in problems))
        more = f"; and {len(reasons) - 2} more" if len(reasons) > 2 else ""
        count = len({problem.article for problem in problems})
        raise ModelError(f"not one of {count} articles could be read: {'; '.join(reasons[:2])}{more}")
    return stories, problems


async def _of_each(
    stage: str, work: Mapping[str, Coroutine[Any, Any, R]], otherwise: Callable[[], R], cost: str, desk: Desk
) -> list[tuple[R, list[Problem]]]:
    """Do one thing for each story, all at once; one that fails costs its story that. `work` is by what it is for."""
    done, telling = 0, {"write": "writing"}.get(stage, stage)
    desk.tell(telling, 0, len(work))

    async def one(each: Coroutine[Any, Any, R], about: str) -> tuple[R, list[Problem]]:
        nonlocal done
        result = await spared(each, otherwise, stage=stage, cost=f"{cost}{about}")
        done += 1
        desk.tell(telling, done, len(work))
        return result

    return await all_of(one(each, about) for about, each in work.items())


def _side_stories(choice: Choice) -> tuple[SideStory, ...]:
    """What is not told, what was not asked for last."""
    listed: list[tuple[Thread, Literal["small", "beyond", "off_topic"]]] = [
        (thread, "beyond") for thread in choice.beyond
    ]
    listed += [(thread, "small") for thread in choice.small]
    listed += [(thread, "off_topic") for thread in choice.off_topic]
    return tuple(
        SideStory(id=f"N{number}", title=thread.title, articles=tuple(a.id for a in thread.articles), why=why)
        for number, (thread, why) in enumerate(listed, 1)
    )


def _side_sources(choice: Choice) -> Iterator[Source]:
    """The articles of what is not told."""
    for thread in (*choice.beyond, *choice.small, *choice.off_topic):
        yield from (report.source for bundle in thread.bundles for report in bundle.reports)


async def _intake(articles: Articles, settings: Settings) -> Intake:
    """Whatever was handed in, as articles."""
    if isinstance(articles, Intake):
        return articles
    given = [articles] if isinstance(articles, (str, Path, Article)) else list(articles)
    ready = [thing for thing in given if isinstance(thing, Article)]
    paths = [thing for thing in given if not isinstance(thing, Article)]
    cache = settings.workspace / "web" if settings.workspace else None
    intake = await asyncio.to_thread(load, *paths, fetch=settings.fetch, cache=cache) if paths else Intake(())
    unique = {article.id: article for article in (*ready, *intake.articles)}
    if not unique:
        raise NoArticles("what was handed in", "it is empty")
    unread = tuple(
        Problem(stage="ingest", article=article.name, reason=f"{TOO_LONG}; {SPLIT}", cost="the article was not read")
        for article in unique.values()
        if article.characters > LONGEST
    )
    fit = tuple(article for article in unique.values() if article.characters <= LONGEST)
    if not fit:
        raise NoArticles("what was handed in", f"each {TOO_LONG}; {SPLIT}")
    return Intake(fit, (*intake.problems, *unread), intake.paths)
