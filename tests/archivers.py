"""Eight processes that archive at once, one of which is killed: `python -m tests.archivers PLACE ROUNDS`.

A process of its own, so that its children are forked from one that has no threads. Prints how many of those
that were killed had entered their day, and dies of the first thing that is wrong.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import date, timedelta

from sqlalchemy import func, select

from summarizer.archive import Archive
from summarizer.archive.tables import articles, briefings, changes, identities, names, roles, sources, texts, things
from summarizer.models import Article, Briefing, Demand
from summarizer.numbering import things_of
from tests.archived import MONDAY, make_article, make_briefing

AT_ONCE = 8
DEMANDS = 15
SHARED = Article.of("The tide tables of Port Ambry, which every day has.", name="tides.txt", published=MONDAY)
"""An article that all briefings have."""


def big_briefing(day: date) -> Briefing:
    """A briefing that takes some time to enter."""
    briefing = make_briefing(day)
    first = briefing.demands[0]
    demands = tuple(_again(first, number) for number in range(1, DEMANDS + 1))
    story = briefing.stories[0].model_copy(update={"items": (*(d.id for d in demands), "V1", "C1")})
    sources = (*briefing.sources, SHARED.as_source())
    return Briefing.model_validate({**dict(briefing), "demands": demands, "stories": (story,), "sources": sources})


def enter(archive: Archive, day: date) -> None:
    """Enter a day with the texts of its articles."""
    archive.put(big_briefing(day), articles=(make_article(day), SHARED))


def _again(demand: Demand, number: int) -> Demand:
    variant = demand.variants[0].model_copy(update={"id": f"D{number}.1"})
    return demand.model_copy(update={"id": f"D{number}", "variants": (variant,)})


def fork(place: str, day: date) -> int:
    """A process that enters a day; returns its number."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with Archive(place) as archive:
                enter(archive, day)
            code = 0
        finally:
            os._exit(code)
    return child


def check(archive: Archive, day: date) -> bool:
    """Whether a day is there; if it is, all of it must be."""
    with archive.base.reading() as connection:

        def count(table: object, *where: object) -> int:
            asked = select(func.count()).select_from(table).where(*where)  # type: ignore[arg-type]
            return int(connection.execute(asked).scalar_one())

        for table in (things, roles, names, changes, sources):
            assert count(table, table.c.briefing.not_in(select(briefings.c.id))) == 0, f"orphans in {table.name}"
        assert count(articles, articles.c.id.not_in(select(sources.c.article))) == 0, "texts of no briefing's articles"
        assert count(sources, sources.c.article.not_in(select(articles.c.id))) == 0, "articles without their texts"
        assert count(texts) == count(things), "texts without things, or the other way round"
        assert count(things, things.c.identity.not_in(select(identities.c.id))) == 0, "things without identity"
        number = connection.execute(select(briefings.c.id).where(briefings.c.date == day)).scalar_one_or_none()
        if number is None:
            return False
        rows = count(things, things.c.briefing == number)
    whole = archive.briefing(day)
    assert rows == len(list(things_of(whole))) == DEMANDS + 5, f"half a briefing of {day}"
    assert [each.text for each in archive.articles_of(day)] == [make_article(day).text, SHARED.text], "other texts"
    return True


def main() -> None:
    """Round after round."""
    place, rounds = sys.argv[1], int(sys.argv[2])
    luck = random.Random(7)
    day, saved, took = MONDAY, 0, 0.5
    with Archive(place) as archive:
        for turn in range(rounds):
            days = [day + timedelta(days=n) for n in range(AT_ONCE)]
            day = days[-1] + timedelta(days=1)
            started = time.monotonic()
            children = {fork(place, each): each for each in days}
            victim = luck.choice(list(children))
            time.sleep(luck.uniform(0, took))
            os.kill(victim, signal.SIGKILL)
            for child, each in children.items():
                _, status = os.waitpid(child, 0)
                assert child == victim or os.waitstatus_to_exitcode(status) == 0, f"round {turn}: {each} failed"
            took = time.monotonic() - started
            for child, each in children.items():
                there = check(archive, each)
                assert there or child == victim, f"round {turn}: {each} is lost"
                saved += there and child == victim
            enter(archive, children[victim])
            assert check(archive, children[victim])
        assert len(archive.list()) == rounds * AT_ONCE
        numbers = [int(id[1:]) for id in _demand_ids(archive)]
        assert len(set(numbers)) == len(numbers) == rounds * AT_ONCE * DEMANDS, "an id was given twice"
    print(f"{rounds} rounds, {rounds * AT_ONCE} days; of {rounds} that were killed {saved} had entered theirs")


def _demand_ids(archive: Archive) -> list[str]:
    with archive.base.reading() as connection:
        return list(connection.execute(select(identities.c.id).where(identities.c.letter == "D")).scalars())


if __name__ == "__main__":
    main()
