"""Articles in, one `Briefing` out: what a caller hands in and gets, recordings and the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.cassette import RECORDED, changed_since, load_manifest, load_past
from summarizer.desk import Desk, Listener, Progress
from summarizer.door import Door
from summarizer.errors import ArchiveError, NoArticles
from summarizer.ingest import LONGEST, SPLIT, TOO_LONG, Intake, load, newest
from summarizer.making import Made, make_briefing
from summarizer.models import Article, Briefing, Problem
from summarizer.past import Past
from summarizer.prompts import PromptBook
from summarizer.settings import Settings
from summarizer.sync import run

if TYPE_CHECKING:
    from summarizer.archive import Archive

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
        BatchesUnderWay: by batch, if it takes longer than this run waits; the same call collects it later.
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
    day = day or newest(intake.articles) or date.today()

    def told(done: int, total: int, how: str) -> None:
        if listener:
            listener(Progress("batch", done, total, how, door.account))

    async with Door(settings, told=told) as door:
        if manifest and door.cassette:
            door.cassette.changed = changed_since(manifest, settings, intake.articles)
        desk = Desk(settings, PromptBook(settings.prompts), door, listener)
        with _opened(settings.archive) as archive:
            past = _past(day, archive, settings)
            made = await make_briefing(intake, day, desk, past)
            whole = all(problem.stage == "ingest" for problem in made.briefing.problems)
            if settings.record and door.cassette is not None and whole:
                door.cassette.complete(
                    paths=intake.paths,
                    day=day,
                    settings=settings,
                    articles=intake.articles,
                    past=past,
                )
            return _entered(made, past, archive, desk, intake.articles if settings.keep_texts else ())


@contextmanager
def _opened(place: str | None) -> Iterator[Archive | None]:
    """The archive for as long as the block lasts, if there is to be one."""
    if place is None:
        yield None
        return
    from summarizer.archive import Archive  # noqa: PLC0415 - a database's libraries take a third of a second

    with Archive(place) as archive:
        yield archive


def _past(day: date, archive: Archive | None, settings: Settings) -> Past | None:
    """What stood before: as the archive has it; of a recorded run without one, as it was then.

    Raises:
        ArchiveError: in a replay, if the archive hasn't what the recorded run was compared with.
    """
    folder = settings.replay or settings.record
    recorded = load_past(folder) if folder else None
    if archive is None or (settings.replay and recorded is None):
        return recorded
    past = archive.past(day, topic=settings.topic, look_back=settings.look_back)
    if settings.replay and recorded and (past is None or past.day != recorded.day):
        reason = f"the recorded run was compared with the briefing of {recorded.day}, which is not the last one here"
        raise ArchiveError(archive.place, reason, "replay that day into it first, or give --no-archive")
    return past


def _entered(
    made: Made, past: Past | None, archive: Archive | None, desk: Desk, articles: Iterable[Article]
) -> Briefing:
    """The briefing with ids over all days, in the archive if there is one; if it can't be entered, it isn't lost.

    Args:
        made: with the day's own ids.
        past: what it was compared with.
        archive: where it is to be entered.
        desk: whose listener is told what it means for other days.
        articles: whose texts are kept with it.
    """
    if archive is None:
        return made.numbered(past)
    try:
        entered = archive.put(made.briefing, made.same, articles=articles)
    except ArchiveError as error:
        briefing = made.numbered(past)
        problem = Problem(stage="archive", article=None, reason=str(error), cost="the briefing is not in the archive")
        return briefing.model_copy(update={"problems": (*briefing.problems, problem)})
    for note in entered.notes:
        desk.tell("archive", 1, 1, note)
    return entered.briefing


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
