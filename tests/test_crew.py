"""A crew: limits that hold for all processes of a run, and for those that come when others died."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer import Settings
from summarizer.budget import Amount
from summarizer.crew import Crew, CrewBudget, CrewThrottle
from summarizer.errors import BudgetSpent, DeadlinePassed
from summarizer.postgres import Server
from tests import postgres
from tests.processes import PATIENCE, forked, wait_for


@pytest.fixture
def url(postgresql: str) -> Iterator[str]:
    """An empty database."""
    made = postgres.new_database(postgresql)
    yield made
    postgres.drop(made)


@contextlib.contextmanager
def two(url: str, settings: Settings, seats: int = 1) -> Iterator[tuple[Crew, Crew]]:
    """The one who begins a run, and another who joins it over a connection of its own."""
    first, second = Server(url), Server(url)
    first.open()
    crew = Crew.begin(first, settings)
    yield crew, Crew(second, crew.run, seats=seats)
    second.close()
    first.close()


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long anybody waited for a turn; they only wait a moment each."""
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(30 if len(waits) > 2 else 0)

    monkeypatch.setattr("summarizer.throttle.pause", pause)
    return waits


async def sent(throttles: list[CrewThrottle], tokens: int, count: int) -> int:
    """How many of so many requests go out without waiting."""
    gone = 0

    async def one(throttle: CrewThrottle) -> None:
        nonlocal gone
        async with throttle.turn(tokens):
            gone += 1

    tasks = [asyncio.create_task(one(throttles[n % len(throttles)])) for n in range(count)]
    _, waiting = await asyncio.wait(tasks, timeout=3)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return gone


@pytest.mark.parametrize(
    ("limits", "tokens", "most"),
    [
        pytest.param({"requests_per_minute": 10}, 1, 10, id="requests"),
        pytest.param({"tokens_per_minute": 1000}, 300, 3, id="tokens"),
        pytest.param({"tokens_per_minute": 100}, 300, 1, id="one larger than the cap goes alone"),
    ],
)
def test_a_minute_is_the_crew_s(url: str, asleep: list[float], limits: dict[str, Any], tokens: int, most: int) -> None:
    """Two processes together send no more in a minute than one might; who is too many waits for its end."""
    with two(url, Settings(**limits)) as crews:
        throttles = [CrewThrottle(8, crew, **limits) for crew in crews]
        assert asyncio.run(sent(throttles, tokens, most + 4)) == most
        assert 50 < asleep[0] <= 61


def test_tokens_are_corrected_for_all(url: str) -> None:
    """What a reply took less than expected is room for another process in the same minute."""
    with two(url, Settings()) as crews:
        one, other = (CrewThrottle(8, crew, tokens_per_minute=1000) for crew in crews)

        async def go() -> None:
            async with one.turn(900) as turn:
                one.answered(turn, 10)
            await crews[0].flush()
            async with asyncio.timeout(PATIENCE), other.turn(900):
                pass

        asyncio.run(go())


@pytest.mark.parametrize("limits", [{}, {"requests_per_minute": 1000}], ids=["no limits", "limits a minute"])
def test_a_retry_after_holds_back_all(url: str, asleep: list[float], limits: dict[str, int]) -> None:
    """What one process is asked to wait, the other waits, too, with and without limits a minute."""
    with two(url, Settings()) as crews:

        async def go() -> None:
            one, other = (CrewThrottle(8, crew, **limits) for crew in crews)
            async with one.turn() as turn:
                one.crowded(turn, 40)
            await asyncio.gather(*one._telling)
            await sent([other], 1, 1)

        asyncio.run(go())
    assert 20 < asleep[0] <= 40


def test_a_cap_is_the_crew_s(url: str) -> None:
    """Two processes together set aside no more than the cap; what is left over by one is the other's."""
    settings = Settings(max_tokens=1000)
    with two(url, settings) as crews:

        async def go() -> None:
            one, other = (CrewBudget(crew, settings) for crew in crews)
            with one.hold() as first, other.hold() as second:
                await one.admit(first, Amount(600))
                waiting = asyncio.create_task(other.admit(second, Amount(600)))
                await asyncio.sleep(0.5)
                assert not waiting.done()
                one.book(first, Amount(300))
                await asyncio.wait_for(waiting, PATIENCE)
                other.book(second, Amount(600))
            with other.hold() as third, pytest.raises(BudgetSpent, match=r"--max-tokens 1,000.*900 are spent"):
                await other.admit(third, Amount(101))
            with other.keeping_back(Amount(50), 1.0), other.hold() as third, pytest.raises(BudgetSpent):
                await other.admit(third, Amount(51))
            with one.hold() as third:
                await one.admit(third, Amount(100))
            with one.hold() as third:  # it wasn't used after all
                await one.admit(third, Amount(100))
                one.lose(third)
            with one.hold() as last, pytest.raises(BudgetSpent):
                await one.admit(last, Amount(1))

        asyncio.run(go())


def test_a_cap_on_money_is_the_crew_s(url: str) -> None:
    """The same in dollars."""
    settings = Settings(max_cost=Decimal("0.10"))
    with two(url, settings) as crews:

        async def go() -> None:
            one, other = (CrewBudget(crew, settings) for crew in crews)
            with one.hold() as first:
                await one.admit(first, Amount(10, Decimal("0.07")))
                one.book(first, Amount(10, Decimal("0.06")))
            await crews[0].flush()
            with other.hold() as second, pytest.raises(BudgetSpent, match=r"--max-cost 0.10.*\$0.0600 is spent"):
                await other.admit(second, Amount(10, Decimal("0.05")))

        asyncio.run(go())


def hold(url: str, run: str, mark: Path) -> None:
    """Take a seat, set something aside, and do nothing with it."""

    async def go() -> None:
        server = Server(url)
        crew = Crew(server, run)
        budget = CrewBudget(crew, Settings(max_tokens=1000))
        async with crew.seat():
            with budget.hold() as held:
                await budget.admit(held, Amount(700))
                await asyncio.to_thread(mark.touch)
                await asyncio.sleep(PATIENCE)

    asyncio.run(go())


def test_the_dead_leave_their_seat_and_no_money(url: str, tmp_path: Path) -> None:
    """A killed process's share is free at once; what it had set aside counts as spent, since it may be paid for."""
    settings = Settings(max_tokens=1000)
    with two(url, settings) as (one, _):
        child = forked(hold, url, one.run, tmp_path / "mark")
        wait_for((tmp_path / "mark").exists)

        async def sit() -> int:
            async with one.seat() as number:
                return number

        async def go() -> None:
            sitting = asyncio.create_task(sit())
            await asyncio.sleep(0.5)
            assert not sitting.done()
            os.kill(child.pid or 0, signal.SIGKILL)
            assert await asyncio.wait_for(sitting, PATIENCE) == 0
            budget = CrewBudget(one, settings)
            with budget.hold() as held:
                with pytest.raises(BudgetSpent, match="700 are spent"):
                    await budget.admit(held, Amount(301))
                await budget.admit(held, Amount(300))

        asyncio.run(go())
        child.join()


def test_a_deadline_is_of_the_run(url: str) -> None:
    """Who joins later has as much less time."""
    settings = Settings(deadline=100)
    with two(url, settings) as (one, other):
        left = CrewBudget(other, settings).seconds_left
        assert left is not None
        assert 50 < left <= 100
        one.server.now(lambda cursor: cursor.execute("UPDATE runs SET began = began - 200"))
        with pytest.raises(DeadlinePassed):
            CrewBudget(other, settings).check_time()


def test_nothing_is_left_of_a_run(url: str) -> None:
    """A run that ended is forgotten, and one that was killed a week ago is, too."""
    with two(url, Settings()) as (one, other):
        count = "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM members), (SELECT count(*) FROM turns)"

        async def go() -> None:
            assert await other.admit(Amount(1), Amount()) is None
            await other.turn(1, rpm=100, tpm=None)

        asyncio.run(go())
        assert one.server.now(lambda cursor: cursor.execute(count).fetchone()) == (1, 1, 1)
        asyncio.run(one.leave(end=True))
        assert one.server.now(lambda cursor: cursor.execute(count).fetchone()) == (0, 0, 0)
        Crew.begin(one.server, Settings())
        one.server.now(lambda cursor: cursor.execute("UPDATE runs SET began = began - 8 * 86400"))
        Crew.begin(one.server, Settings())
        assert one.server.now(lambda cursor: cursor.execute(count).fetchone()) == (1, 0, 0)
