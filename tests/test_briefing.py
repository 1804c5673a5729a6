"""The whole way: articles in, one briefing out, in a script and in a running loop."""

from __future__ import annotations

import asyncio
import datetime
import gc
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Briefing, Progress, Settings, brief, brief_async, load
from summarizer.errors import ModelError, NoArticles, RefusedRequest
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests.conftest import DAYS, HARBOUR, ROOT, answer_all, notes, replayed, settings_for, truth
from tests.newsroom import answer, make_article

Scripted = Callable[..., ScriptedModel]


def test_replays_are_equal_byte_for_byte(day: str) -> None:
    """Two replays give the same bytes, and those are the ones that the repository shows."""
    again = brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day, concurrency=2))
    assert again.model_dump_json() == replayed(day).model_dump_json()
    shown = (ROOT / f"examples/{day}.briefing.json").read_text(encoding="utf-8")
    assert again.model_dump_json(indent=2) + "\n" == shown


def test_what_a_briefing_holds(scripted: Scripted, article: Article) -> None:
    """Items, sources, origins and provenance of a small run."""
    model = scripted()
    briefing = brief(article, settings=settings_for(model))
    assert briefing.demands[0].what == "Norland demands that Sudland reopen the canal."
    assert briefing.sources[0].publisher == "Harbour News"
    assert not hasattr(briefing.sources[0], "text")
    assert briefing.provenance.answered_by == ("scripted",)
    assert [use.name for use in briefing.provenance.prompts] == ["disputes", "extract", "write"]
    assert briefing.provenance.usage.requests == len(model.asked) == 3
    assert briefing.verify([article]) == 5


@pytest.mark.parametrize(
    ("published", "day", "expected"),
    [
        pytest.param("2031-05-12", None, datetime.date(2031, 5, 12), id="newest article's"),
        pytest.param("2031-05-12", datetime.date(2031, 6, 1), datetime.date(2031, 6, 1), id="given"),
    ],
)
def test_the_date(scripted: Scripted, published: str, day: datetime.date | None, expected: datetime.date) -> None:
    """A briefing is of the day that is given, else of its newest article's."""
    dated = Article.of(HARBOUR, name="a", published=datetime.date.fromisoformat(published))
    undated = Article.of(HARBOUR, name="b")
    assert brief([undated, dated], day=day, settings=settings_for(scripted())).date == expected


def test_inside_a_running_loop(scripted: Scripted, article: Article) -> None:
    """`brief` works where an event loop already runs, as in a notebook, and raises its errors there."""
    settings = settings_for(scripted())

    async def cell() -> Briefing:
        return brief(article, settings=settings)

    assert asyncio.run(cell()).demands

    async def failing() -> Briefing:
        return brief([], settings=settings)

    with pytest.raises(NoArticles):
        asyncio.run(failing())


def test_awaited(scripted: Scripted, article: Article) -> None:
    """Asynchronous programs await the same run."""
    assert asyncio.run(brief_async(article, settings=settings_for(scripted()))).demands


def test_what_may_be_handed_in(scripted: Scripted, tmp_path: Path) -> None:
    """A path, paths, articles, or what `load` returned."""
    path = tmp_path / "a.txt"
    path.write_text(HARBOUR)
    article = Article.of(HARBOUR, name="a.txt")
    handed_in: list[Any] = [path, str(path), [path, article], load(path)]
    made = [brief(given, settings=settings_for(scripted())) for given in handed_in]
    assert len({briefing.model_dump_json() for briefing in made}) == 1


def test_progress_is_told(scripted: Scripted, article: Article) -> None:
    """Each stage says how far it is and what the run took so far."""
    seen: list[Progress] = []
    brief(article, settings=settings_for(scripted()), listener=seen.append)
    assert list(dict.fromkeys(progress.stage for progress in seen)) == ["reading", "reconciling", "disputes", "writing"]
    assert seen[-1].account.sent == seen[-1].account.spent.requests == 3


@pytest.mark.parametrize(("failing", "stage"), [("Disputes", "disputes"), ("Summary", "write")])
def test_a_stage_that_fails_costs_itself_alone(scripted: Scripted, article: Article, failing: str, stage: str) -> None:
    """Without disputes or a written part, the rest of the briefing is made, and the problem is in it."""

    def reply(asked: Asked) -> Reply:
        return {"nonsense": True} if asked.answer == failing else answer_all(asked)

    briefing = brief(article, settings=settings_for(scripted(reply)))
    assert briefing.demands
    assert [problem.stage for problem in briefing.problems] == [stage]


def test_no_reading_no_briefing(scripted: Scripted, article: Article) -> None:
    """If not one article could be read, that is an error that says why, not an empty briefing."""
    with pytest.raises(ModelError, match="not one of 1 articles could be read: no valid answer"):
        brief(article, settings=settings_for(scripted(lambda asked: {"nonsense": True})))


def test_nothing_noted_is_said(scripted: Scripted, article: Article) -> None:
    """A briefing without a single item says that nothing was noted, instead of passing for a quiet day."""
    briefing = brief(article, settings=settings_for(scripted(lambda asked: notes(demands=[], venues=[]))))
    assert briefing.items == ()
    assert [problem.cost for problem in briefing.problems] == ["the briefing has no items"]


def test_a_refusal_in_mid_run_is_raised(scripted: Scripted, article: Article) -> None:
    """A key that stops working stops the run, whatever the stage."""

    def reply(asked: Asked) -> Reply:
        return Fault(401) if asked.answer == "Disputes" else answer_all(asked)

    with pytest.raises(RefusedRequest):
        brief(article, settings=settings_for(scripted(reply)))


def test_nothing_from_boilerplate_or_teasers() -> None:
    """No evidence of an example briefing touches a planted boilerplate line or another story's teaser."""
    for day in DAYS:
        articles = truth(day).articles
        briefing = replayed(day)
        for line in truth(day).planted["boilerplate"]:
            article = articles[line["article"]]
            start = article.text.index(line["words"])
            inside = [
                e
                for e in briefing.evidence
                if e.article == article.id and e.start < start + len(line["words"]) and start < e.end
            ]
            assert not inside, line
        assert "Tamsin" not in briefing.model_dump_json()
        assert "Orrin" not in briefing.model_dump_json()


def test_an_interrupted_cell_asks_nothing_more(scripted: Scripted) -> None:
    """Interrupting `brief` inside a running loop stops its thread: no request is sent afterwards."""

    def slow(asked: Asked) -> Reply:
        return Answered(notes(), delay=0.1)

    model = scripted(slow)
    articles = [Article.of(f"{HARBOUR} Number {number}.", name=str(number)) for number in range(40)]

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    async def cell() -> Briefing:
        return brief(articles, settings=settings_for(model, concurrency=1))

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        with pytest.raises(KeyboardInterrupt):
            asyncio.run(cell())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    asked = len(model.asked)
    assert 0 < asked < 40
    time.sleep(0.5)
    assert len(model.asked) == asked


def test_nothing_waits_for_the_collector(scripted: Scripted) -> None:
    """Questions, replies and notes are freed as they are done with, of faulty attempts too."""
    seen: set[str] = set()

    def stumbling(asked: Asked) -> Reply:
        new = asked.user not in seen
        seen.add(asked.user)
        return Fault(status=503) if new and len(seen) % 2 else Answered(content=answer(asked))

    def alive() -> Counter[str]:
        return Counter(type(thing).__name__ for thing in gc.get_objects())

    settings = settings_for(scripted(stumbling), longest_wait=0.1)
    brief([make_article(0)], settings=settings)  # what is made once and kept
    gc.collect()
    gc.disable()
    try:
        before = alive()
        briefing = brief([make_article(number) for number in range(1, 9)], settings=settings)
        left = alive() - before
    finally:
        gc.enable()
    assert len(briefing.demands) == 8
    assert not left.keys() & {"Question", "Exchange", "Call", "ChatCompletion", "CompletionUsage"}
    assert not left.keys() & {"ArticleNotes", "DemandNote", "Reading"}
