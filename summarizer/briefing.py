"""The whole way: articles in, one `Briefing` out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from summarizer.budget import Amount
from summarizer.cassette import load_manifest
from summarizer.desk import Desk, Listener, spared
from summarizer.disputes import find_disputes, with_standing
from summarizer.door import Door
from summarizer.errors import ModelError, NoArticles
from summarizer.extract import extract_all
from summarizer.ingest import LONGEST, SPLIT, TOO_LONG, Intake, load, newest
from summarizer.models import SCHEMA_VERSION, Article, Briefing, Problem, Provenance
from summarizer.plan import later_amount
from summarizer.prompts import PromptBook
from summarizer.reading import number_articles
from summarizer.reconcile import reconcile
from summarizer.settings import Settings
from summarizer.sync import run
from summarizer.version import VERSION
from summarizer.write import Written, write

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
        recorded = manifest.model_dump(include={"model", "language", "context", "max_output"}, exclude_none=True)
        settings = settings.model_copy(
            update={name: value for name, value in recorded.items() if name not in settings.model_fields_set}
        )
        day = day or manifest.day
    intake = await _intake(articles, settings)
    async with Door(settings) as door:
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
    """Take articles all the way: read, reconcile, hold against each other, write."""
    budget = desk.door.budget
    later = later_amount(intake.articles, desk.prompts, desk.settings) if budget.capped else Amount()
    with budget.keeping_back(later, READING_SHARE):
        readings, unread = await extract_all(intake.articles, desk)
    if not readings:
        reasons = list(dict.fromkeys(problem.reason for problem in unread))
        more = f"; and {len(reasons) - 2} more" if len(reasons) > 2 else ""
        raise ModelError(f"not one of {len(unread)} articles could be read: {'; '.join(reasons[:2])}{more}")
    numbers, sources = number_articles(readings), tuple(reading.source for reading in readings)
    reconciling = reconcile(readings, desk)
    del readings  # `reconcile` lets go of them bit by bit
    items = await reconciling
    if not items.all:
        reason = "nothing was noted in any article: no demand, proposal, venue, claim or event"
        unread.append(Problem(stage="extract", article=None, reason=reason, cost="the briefing has no items"))
    disputes, undisputed = await spared(
        find_disputes(items, numbers, desk), tuple, stage="disputes", cost="no disputes were looked for"
    )
    written, unwritten = await spared(
        write(items, disputes, desk),
        lambda: Written((), ()),
        stage="write",
        cost="no headline, bottom line and open questions",
    )
    return Briefing(
        date=day,
        stories=written.stories,
        actors=items.actors,
        demands=items.demands,
        proposals=items.proposals,
        venues=items.venues,
        claims=with_standing(items.claims, disputes),
        events=items.events,
        disputes=disputes,
        open_questions=written.open_questions,
        sources=sources,
        origins=items.origins,
        problems=(*intake.problems, *unread, *items.problems, *undisputed, *unwritten),
        provenance=Provenance(
            program=f"summarizer {VERSION}",
            schema_version=SCHEMA_VERSION,
            model=desk.settings.model,
            answered_by=tuple(sorted(desk.door.answered_by)),
            prompts=desk.door.prompt_uses(),
            usage=desk.door.usage,
        ),
    )


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
