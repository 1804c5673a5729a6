"""A crew: the processes that work at one run, and its limits, which they keep together through PostgreSQL.

A run has a row that says what it has spent and set aside, and when the next request may go out;
each member has one that says what it has set aside itself. A member that dies lets go of its
lock; what it had set aside then counts as spent, since it may be paid for.
"""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import Any

from summarizer import throttle
from summarizer.budget import Amount, Budget, Hold
from summarizer.errors import BudgetSpent, JournalError
from summarizer.postgres import Server
from summarizer.settings import Settings
from summarizer.throttle import MINUTE, Throttle, Turn

SLACK = 1.0
"""Seconds that a request may go out late, and a minute still holds no more than it may."""
LOOK = 1.0
"""Seconds between two looks at whether others were asked to wait, where nothing else is asked of the run's row."""
WAIT = 0.2
"""Seconds between two attempts to set something aside, or to get a seat."""
FORGET = 7 * 86400
"""Seconds after which a run's row is deleted, should its process have been killed."""

BEGIN = """
INSERT INTO runs (id, began, max_tokens, max_cost) VALUES (%s, extract(epoch FROM clock_timestamp()), %s, %s)
"""
JOIN = "INSERT INTO members (id, run) VALUES (%s, %s)"
ELAPSED = "SELECT extract(epoch FROM clock_timestamp()) - began FROM runs WHERE id = %s"

TURN = "SELECT wait, number FROM take_turn(%s, %s, %s, %s, %s)"
CORRECT = "SELECT correct_turns(%s, %s, %s)"
HELD_BACK = "SELECT not_before - extract(epoch FROM clock_timestamp()) FROM runs WHERE id = %s"
HOLD_BACK = """
UPDATE runs SET not_before = greatest(not_before, extract(epoch FROM clock_timestamp()) + %s) WHERE id = %s
"""

ADMIT = """
WITH fits AS (
    UPDATE runs SET held_tokens = held_tokens + %(tokens)s, held_cost = held_cost + %(cost)s
    WHERE id = %(run)s
    AND (max_tokens IS NULL OR spent_tokens + held_tokens + %(tokens)s + %(back_tokens)s <= max_tokens)
    AND (max_cost IS NULL OR spent_cost + held_cost + %(cost)s + %(back_cost)s <= max_cost)
    RETURNING 1)
UPDATE members SET held_tokens = held_tokens + %(tokens)s, held_cost = held_cost + %(cost)s
WHERE id = %(member)s AND EXISTS (SELECT FROM fits)
"""
SETTLE = """
WITH mine AS (
    UPDATE members SET held_tokens = held_tokens - %(tokens)s, held_cost = held_cost - %(cost)s WHERE id = %(member)s)
UPDATE runs SET held_tokens = held_tokens - %(tokens)s, held_cost = held_cost - %(cost)s,
    spent_tokens = spent_tokens + %(spent_tokens)s, spent_cost = spent_cost + %(spent_cost)s
WHERE id = %(run)s
"""
BURY = """
WITH gone AS (DELETE FROM members WHERE id = %(member)s RETURNING held_tokens AS tokens, held_cost AS cost)
UPDATE runs SET held_tokens = held_tokens - gone.tokens, held_cost = held_cost - gone.cost,
    spent_tokens = spent_tokens + gone.tokens, spent_cost = spent_cost + gone.cost
FROM gone WHERE runs.id = %(run)s
"""
"""What a dead member had set aside is spent: what it was asking may be paid for."""


@dataclass(frozen=True)
class Refused:
    """Why nothing could be set aside."""

    spent: Amount
    held: int
    """Tokens that are set aside by all; 0: waiting won't help."""


class Crew:
    """The processes of a run, as one of them sees it."""

    def __init__(self, server: Server, run: str, *, seats: int = 1) -> None:
        """Use `begin`, or name the run that is to be joined."""
        self.server, self.run = server, run
        self.seats = seats
        """How many members may ask at the same time."""
        self._member = ""
        self._owed = _Owed()
        self._flushing: asyncio.Task[None] | None = None

    @classmethod
    def begin(cls, server: Server, settings: Settings) -> Crew:
        """Begin a run: limits hold for all that join it.

        Raises:
            JournalError: if the database can't be used.
        """
        run = uuid.uuid4().hex

        def work(cursor: Any) -> None:
            old = "SELECT id FROM runs WHERE began < extract(epoch FROM clock_timestamp()) - %s"
            for row in cursor.execute(old, (FORGET,)).fetchall():
                _forget(cursor, row[0])
            cursor.execute(BEGIN, (run, settings.max_tokens, settings.max_cost))

        server.now(work)
        return cls(server, run)

    async def leave(self, *, end: bool = False) -> None:
        """Write what is yet to be written; and forget the run, if this is its end."""

        def work(cursor: Any) -> None:
            self._pay(cursor)
            if end:
                _forget(cursor, self.run)

        with suppress(JournalError):  # it is forgotten some day
            await self.server.do(work)

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.server.now(lambda cursor: _seconds(cursor.execute(ELAPSED, (self.run,)).fetchone()))

    def _joined(self, cursor: Any) -> None:
        """Be a member, anew if the connection broke: what was set aside over it counts as spent, sooner or later."""
        if not (self._member and self.server.holds(self._member)):
            self._member = f"{self.run} {uuid.uuid4().hex}"
            self.server.claim(cursor, self._member)
            cursor.execute(JOIN, (self._member, self.run))

    # ------------------------------------------------------------------------------ seats

    @asynccontextmanager
    async def seat(self) -> AsyncIterator[int]:
        """Wait for a share of the requests that may be under way; yields its number, from 0.

        A run has as many as it began with. One whose holder died is free.
        """
        number = await self.server.do(self._sit)
        while number is None:  # another process lets go of one: nothing here could wake us
            await throttle.pause(WAIT)
            number = await self.server.do(self._sit)
        try:
            yield number
        finally:
            await asyncio.shield(self.server.do(lambda cursor: self.server.release(cursor, self._seat(number))))

    def _sit(self, cursor: Any) -> int | None:
        return next((n for n in range(self.seats) if self.server.claim(cursor, self._seat(n))), None)

    def _seat(self, number: int) -> str:
        return f"{self.run} seat {number}"

    # ------------------------------------------------------------------------------- pace

    async def turn(self, tokens: int, *, rpm: int | None, tpm: int | None) -> int:
        """Wait until the crew's last minute has room for a request that takes so many tokens; returns its number."""
        given = (self.run, tokens, rpm, tpm, MINUTE + SLACK)
        while True:
            wait, number = await self.server.do(lambda cursor: tuple(cursor.execute(TURN, given).fetchone() or ()))
            if number is not None:
                return int(number)
            await throttle.pause(wait)

    def took(self, number: int, tokens: int) -> None:
        """Note what a request really took; it is written soon."""
        self._owed.took[number] = tokens
        self._flush_soon()

    async def held_back(self) -> float:
        """Seconds for which the endpoint asked any of the crew to wait."""
        return await self.server.do(lambda cursor: _seconds(cursor.execute(HELD_BACK, (self.run,)).fetchone()))

    async def hold_back(self, seconds: float) -> None:
        """Have all wait."""
        await self.server.do(lambda cursor: cursor.execute(HOLD_BACK, (seconds, self.run)))

    # ----------------------------------------------------------------------------- budget

    async def admit(self, most: Amount, kept_back: Amount) -> Refused | None:
        """Set something aside; None: it is."""
        given = {"tokens": most.tokens, "cost": most.cost or Decimal(0)}
        given |= {"back_tokens": kept_back.tokens, "back_cost": kept_back.cost or Decimal(0)}

        def work(cursor: Any) -> Refused | None:
            self._joined(cursor)
            self._pay(cursor)
            given.update(run=self.run, member=self._member)
            if cursor.execute(ADMIT, given).rowcount:
                return None
            if self._bury_the_dead(cursor) and cursor.execute(ADMIT, given).rowcount:
                return None
            stands = "SELECT spent_tokens, spent_cost, held_tokens FROM runs WHERE id = %s"
            spent, cost, held = cursor.execute(stands, (self.run,)).fetchone()
            return Refused(Amount(spent, cost), held)

        return await self.server.do(work)

    def _bury_the_dead(self, cursor: Any) -> bool:
        """Count as spent what dead members had set aside; whether there are any."""
        found = False
        others = "SELECT id FROM members WHERE run = %s AND id <> %s"
        for (member,) in cursor.execute(others, (self.run, self._member)).fetchall():
            if self.server.claim(cursor, member):
                cursor.execute(BURY, {"member": member, "run": self.run})
                self.server.release(cursor, member)
                found = True
        return found

    def settle(self, released: Amount, spent: Amount) -> None:
        """Note that something set aside is free again, or what of it was spent; it is written soon."""
        self._owed.add(released, spent)
        self._flush_soon()

    def _flush_soon(self) -> None:
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self.flush())

    async def flush(self) -> None:
        """Write what was noted."""
        while self._owed:
            await self.server.do(self._pay)

    def _pay(self, cursor: Any) -> None:
        owed, self._owed = self._owed, _Owed()
        if owed.took:
            cursor.execute(CORRECT, (self.run, list(owed.took), list(owed.took.values())))
        if owed.amounts:
            self._joined(cursor)
            cursor.execute(SETTLE, owed.amounts | {"member": self._member, "run": self.run})


class _Owed:
    """What is yet to be written."""

    def __init__(self) -> None:
        self._released = self._spent = Amount()
        self.took: dict[int, int] = {}
        """Tokens that requests took, by their numbers."""

    def add(self, released: Amount, spent: Amount) -> None:
        """Add something that is set aside no more, and what of it was spent."""
        self._released += Amount(released.tokens, released.cost or Decimal(0))
        self._spent += Amount(spent.tokens, spent.cost or Decimal(0))

    @property
    def amounts(self) -> dict[str, Any]:
        """What was added, for a statement; empty: nothing was."""
        names = ("tokens", "cost", "spent_tokens", "spent_cost")
        values = (self._released.tokens, self._released.cost, self._spent.tokens, self._spent.cost)
        return dict(zip(names, values, strict=True)) if any(values) else {}

    def __bool__(self) -> bool:
        return bool(self.took or self.amounts)


def _seconds(row: Any) -> float:
    """Seconds from now; 0 for what is past."""
    return max(0.0, float(row[0])) if row else 0.0


def _forget(cursor: Any, run: str) -> None:
    cursor.execute("DELETE FROM turns WHERE run = %s", (run,))
    cursor.execute("DELETE FROM members WHERE run = %s", (run,))
    cursor.execute("DELETE FROM runs WHERE id = %s", (run,))


class CrewThrottle(Throttle):
    """A throttle whose requests and tokens a minute are the crew's, and so is a wait that an endpoint asks for."""

    def __init__(
        self,
        concurrency: int,
        crew: Crew,
        *,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
    ) -> None:
        super().__init__(concurrency)
        self._crew, self._limits = crew, (requests_per_minute, tokens_per_minute)
        self._numbers: dict[int, int] = {}
        """What the crew calls a turn, by its number here."""
        self._looked = -math.inf
        self._telling: set[asyncio.Task[None]] = set()

    @property
    def counts_tokens(self) -> bool:
        """Whether it matters what a request takes."""
        return self._limits[1] is not None

    @asynccontextmanager
    async def turn(self, tokens: int = 0) -> AsyncIterator[Turn]:
        """Wait until one more request may be sent; it is under way until the block is left."""
        async with super().turn(tokens) as turn:
            try:
                yield turn
            finally:
                self._numbers.pop(turn.number, None)

    async def _in_time(self, tokens: int) -> None:
        """Wait until the crew's minute has room, and the pause that any of it was asked for is over."""
        rpm, tpm = self._limits
        if rpm or tpm:
            self._numbers[self._number + 1] = await self._crew.turn(tokens, rpm=rpm, tpm=tpm)
        elif monotonic() > self._looked + LOOK:
            while (seconds := await self._crew.held_back()) > 0:
                await throttle.pause(seconds)
            self._looked = monotonic()

    def answered(self, turn: Turn, tokens: int | None = None) -> None:
        """A request was answered, and took so many tokens."""
        if tokens is not None and self.counts_tokens and (number := self._numbers.get(turn.number)) is not None:
            self._crew.took(number, tokens)
        super().answered(turn, tokens)

    def crowded(self, turn: Turn, seconds: float | None = None) -> None:
        """A request met a 429: all of the crew wait as long as it asks for."""
        super().crowded(turn, seconds)
        if seconds:
            self._looked = -math.inf
            task = asyncio.create_task(self._crew.hold_back(seconds))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)


class CrewBudget(Budget):
    """A budget whose caps are the crew's."""

    def __init__(self, crew: Crew, settings: Settings) -> None:
        super().__init__(max_tokens=settings.max_tokens, max_cost=settings.max_cost, deadline=settings.deadline)
        self._crew = crew
        if settings.deadline is not None:
            self._started -= crew.elapsed()

    @contextmanager
    def hold(self) -> Iterator[Hold]:
        """Set aside what one question may take; what is left of it is free again after the block."""
        with super().hold() as held:
            try:
                yield held
            finally:
                self._release(held)

    async def admit(self, hold: Hold, most: Amount) -> None:
        """Set aside `most` for the next attempt at a question, or wait until others of the crew are answered.

        Raises:
            BudgetSpent: if it might pass a cap.
        """
        self._release(hold)
        while refused := await self._try(most):
            if not refused.held:
                self.spent = refused.spent
                raise BudgetSpent(*self._told(most))
            await asyncio.sleep(WAIT)
        hold.amount = most

    def _told(self, most: Amount) -> tuple[str, str, str]:
        """The cap that `most` might pass, in words."""
        taken = (self.spent + self._kept_back + most).tokens
        return self._words(most, money=self.max_tokens is None or taken <= self.max_tokens)

    async def _try(self, most: Amount) -> Refused | None:
        asked = asyncio.ensure_future(self._crew.admit(most, self._kept_back))
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:  # it is set aside all the same
            if await asked is None:
                self._crew.settle(most, Amount())
            raise

    def book(self, hold: Hold, amount: Amount) -> None:
        """An attempt was answered, and took `amount`."""
        if self.capped:
            self._crew.settle(hold.amount, amount)
        super().book(hold, amount)

    def lose(self, hold: Hold) -> None:
        """An attempt was sent and its answer lost on the way."""
        super().lose(hold)
        self._crew.settle(hold.amount, hold.amount)
        hold.amount = Amount()

    def _release(self, hold: Hold) -> None:
        if hold.amount.tokens:
            self._crew.settle(hold.amount, Amount())
            hold.amount = Amount()
