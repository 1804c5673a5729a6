"""A throttle: how many requests may be under way, and how many a minute.

Requests under way follow AIMD, as TCP does: repeated 429 halve their number, answers bring
it back by one a round. Requests and tokens a minute are held over every sliding minute; a
leaky bucket, such as aiolimiter's, lets up to twice the rate pass in the first one.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from summarizer.log import tell

MINUTE = 60.0


@dataclass
class Turn:
    """One request that was let through."""

    number: int
    at: float
    tokens: int
    """Expected; corrected when the reply says what it took."""


class Throttle:
    """Lets requests through in order of arrival, no more than the limits allow."""

    def __init__(
        self,
        concurrency: int,
        *,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.most = concurrency
        self.limit = float(concurrency)
        """How many may be under way now; between 1 and `most`."""
        self.lowest = concurrency
        """The least that `limit` has been, whole."""
        self._rpm, self._tpm = requests_per_minute, tokens_per_minute
        self._clock = clock or monotonic
        self._queue = asyncio.Lock()
        self._room = asyncio.Event()
        self._under_way = 0
        self._number = 0
        self._recent: deque[Turn] = deque()
        self._not_before = 0.0
        self._quiet = math.inf
        """Answers since the last 429."""
        self._shrunk_at = 0

    @property
    def counts_tokens(self) -> bool:
        """Whether it matters what a request takes."""
        return self._tpm is not None

    def allow(self, concurrency: int) -> None:
        """Let so many be under way at once from now on."""
        self.most = self.lowest = concurrency
        self.limit = float(concurrency)

    @asynccontextmanager
    async def turn(self, tokens: int = 0) -> AsyncIterator[Turn]:
        """Wait until one more request may be sent; it is under way until the block is left.

        Args:
            tokens: what it is expected to take, prompt and answer together.
        """
        async with self._queue:  # first come, first served
            while self._under_way >= math.floor(self.limit):
                self._room.clear()
                await self._room.wait()
            await self._in_time(tokens)
            self._number += 1
            self._under_way += 1
            turn = Turn(self._number, self._clock(), tokens)
            if self._rpm or self._tpm:
                self._recent.append(turn)
        try:
            yield turn
        finally:
            self._under_way -= 1
            self._room.set()

    async def _in_time(self, tokens: int) -> None:
        """Wait until the pause asked for is over and the last minute has room."""
        while (seconds := self._seconds_to_wait(tokens)) > 0:
            await pause(seconds)

    def _seconds_to_wait(self, tokens: int) -> float:
        """Seconds until the pause asked for is over and the last minute has room."""
        now = self._clock()
        while self._recent and self._recent[0].at <= now - MINUTE:
            self._recent.popleft()
        wait = self._not_before - now
        requests, taken = len(self._recent), sum(turn.tokens for turn in self._recent)
        for turn in self._recent:  # oldest first: until which of them must be over a minute ago?
            crowded = self._rpm is not None and requests >= self._rpm
            # A request that is larger than the cap by itself goes alone, not never.
            costly = self._tpm is not None and taken + tokens > self._tpm
            if not crowded and not costly:
                break
            wait = max(wait, turn.at + MINUTE - now)
            requests, taken = requests - 1, taken - turn.tokens
        return wait

    def answered(self, turn: Turn, tokens: int | None = None) -> None:
        """A request was answered, and took so many tokens: a little more may be under way."""
        if tokens is not None:
            turn.tokens = tokens
        self._quiet += 1
        if self.limit < self.most:
            before = math.floor(self.limit)
            self.limit = min(self.most, self.limit + 1 / self.limit)
            if math.floor(self.limit) > before:
                tell(logging.INFO, "recovered", concurrency=math.floor(self.limit))
                self._room.set()

    def crowded(self, turn: Turn, seconds: float | None = None) -> None:
        """A request met a 429: repeated ones halve what may be under way, a Retry-After holds all back.

        One 429 alone changes nothing, nor do those that were sent before the last halving:
        they say nothing about it.
        """
        if seconds:
            self._not_before = max(self._not_before, self._clock() + seconds)
        if turn.number <= self._shrunk_at:
            return
        repeated = self._quiet <= self.limit
        self._quiet = 0
        if repeated and self.limit > 1:
            self.limit = max(1.0, self.limit / 2)
            self.lowest = min(self.lowest, math.floor(self.limit))
            self._shrunk_at = self._number
            tell(logging.WARNING, "slowed", concurrency=math.floor(self.limit))


async def pause(seconds: float) -> None:
    """Wait."""
    await asyncio.sleep(seconds)
