"""What goes on in a worker process: chunks of a run's articles are read by the same code, with the same journal.

What is sent here and back shows neither keys nor texts when something prints it: a scheduler's
dashboard, a worker's log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from summarizer.account import Account
from summarizer.budget import Amount
from summarizer.desk import Desk, Progress
from summarizer.door import Door
from summarizer.errors import SummarizerError
from summarizer.extract import extract_all
from summarizer.log import LOGGER
from summarizer.models import Problem, Usage
from summarizer.prompts import PromptBook
from summarizer.reading import ReadBundle
from summarizer.settings import Settings
from summarizer.sift import Bundle
from summarizer.version import VERSION

IDLE = 1.0
"""Seconds after the last chunk for which a worker keeps its connections, and its share of the requests."""


@dataclass(frozen=True, repr=False)
class Terms:
    """What holds for all chunks of a run."""

    run: str
    settings: Settings
    prompts: PromptBook
    seats: int
    """Workers that may ask at the same time."""
    kept_back: Amount
    """What is left of the budget for what comes after reading."""
    share: float
    """Of the time until the deadline that is for reading."""
    level: int
    """Of what is logged, as `logging` has it."""

    def __repr__(self) -> str:
        return f"<terms of run {self.run[:8]}>"


@dataclass(frozen=True, repr=False)
class Chunk:
    """Bundles that are read by one worker."""

    bundles: tuple[Bundle, ...]

    @property
    def articles(self) -> int:
        """How many are to be read."""
        return sum(len(bundle.to_read) for bundle in self.bundles)

    def __repr__(self) -> str:
        return f"<{self.articles} articles>"


@dataclass(frozen=True, repr=False)
class ReadChunk:
    """What came of reading a chunk."""

    bundles: Sequence[ReadBundle | None]
    problems: Sequence[Problem]
    usage: Usage
    answered_by: frozenset[str]
    prompts: frozenset[str]
    """Names of those that were asked."""
    last: str
    """What was said of the article that was read last."""
    account: Account
    """Of the worker, since the chunk before."""
    logged: Sequence[tuple[float, int, str, dict[str, Any]]]
    """Likewise: when (seconds since 1970), level, event and fields."""
    failure: SummarizerError | None = None
    """What would stop the run in one process, and has to stop it here."""

    def __repr__(self) -> str:
        return f"<{len(self.bundles)} bundles, read>"

    @classmethod
    def lost(
        cls,
        bundles: int = 0,
        problems: Sequence[Problem] = (),
        *,
        logged: Sequence[tuple[float, int, str, dict[str, Any]]] = (),
        failure: SummarizerError | None = None,
    ) -> ReadChunk:
        """A chunk of which nothing was read."""
        nothing: frozenset[str] = frozenset()
        return cls([None] * bundles, problems, Usage(), nothing, nothing, "", Account(), logged, failure)


async def read_chunk(terms: Terms, chunk: Chunk) -> ReadChunk:
    """Read a chunk, as many articles at once as this worker's share allows."""
    async with _at_work(terms) as reader:
        return await reader.read(chunk)


async def stop_reading(run: str) -> None:
    """Call off what this worker is reading for a run."""
    reader = _readers.get(run)
    if reader is not None:
        await reader.stop()


async def version() -> str:
    """Of the program that this worker has."""
    return VERSION


_readers: dict[str, _Reader] = {}


@asynccontextmanager
async def _at_work(terms: Terms) -> AsyncIterator[_Reader]:
    """This process's reader for a run, made if it has none, closed when it has been idle."""
    reader = _readers.get(terms.run)
    if reader is None:
        reader = _readers[terms.run] = _Reader(terms)
    async with reader.busy():
        yield reader


class _Collected(logging.Handler):
    """What was logged, to be sent to where the run began."""

    def __init__(self) -> None:
        super().__init__()
        self._said: list[tuple[float, int, str, dict[str, Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._said.append((record.created, record.levelno, record.getMessage(), getattr(record, "fields", {})))

    def taken(self) -> list[tuple[float, int, str, dict[str, Any]]]:
        """What was said since this was last asked."""
        said, self._said = self._said, []
        return said

    @contextmanager
    def collecting(self, level: int) -> Iterator[None]:
        """Collect inside of the block."""
        before = LOGGER.level
        LOGGER.addHandler(self)
        LOGGER.setLevel(level)
        try:
            yield
        finally:
            LOGGER.removeHandler(self)
            LOGGER.setLevel(before)


@dataclass
class _Reader:
    """A door of this process's own, and its seat in the crew, for as long as there are chunks."""

    terms: Terms
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _door: Door | None = None
    _closing: asyncio.Task[None] | None = None
    _log: _Collected = field(default_factory=_Collected)

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Stay open for as long as the block lasts, and a little longer."""
        if self._closing:
            self._closing.cancel()
            self._closing = None
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)
            if not self._tasks:
                self._closing = asyncio.create_task(self._close_when_idle())

    async def read(self, chunk: Chunk) -> ReadChunk:
        """Read a chunk; what would stop the run comes back as a value."""
        said: list[str] = []

        def listen(progress: Progress) -> None:
            said[:] = [progress.detail]

        try:
            async with self._opening:
                door = (self._door or await self._open()).beside()
        except SummarizerError as error:
            return ReadChunk.lost(logged=self._log.taken(), failure=error.with_traceback(None))
        failure: SummarizerError | None = None
        bundles: list[ReadBundle | None] = []
        problems: list[Problem] = []
        try:
            bundles, problems = await extract_all(chunk.bundles, Desk(door.settings, self.terms.prompts, door, listen))
        except SummarizerError as error:
            failure = error.with_traceback(None)
        return ReadChunk(
            bundles,
            problems,
            door.usage,
            frozenset(door.answered_by),
            frozenset(door.prompts),
            said[0] if said else "",
            door.account.taken(),
            self._log.taken(),
            failure,
        )

    async def _open(self) -> Door:
        """Make the door; sit down, which says how many requests may be under way here."""
        terms, whole = self.terms, self.terms.settings
        stack = self._stack = AsyncExitStack()
        if terms.level < logging.CRITICAL:
            stack.enter_context(self._log.collecting(terms.level))
        try:
            waiting = Door(whole, joins=terms.run)  # its connection holds the seat
            await stack.enter_async_context(waiting)
            assert waiting.crew is not None
            waiting.crew.seats = terms.seats
            number = await stack.enter_async_context(waiting.crew.seat())
            waiting.throttle.allow(whole.concurrency // terms.seats + (number < whole.concurrency % terms.seats))
            stack.enter_context(waiting.budget.keeping_back(terms.kept_back, terms.share))
        except BaseException:
            await stack.aclose()
            raise
        self._door = waiting
        return waiting

    async def stop(self) -> None:
        """Call off all that is being read, and close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._close()

    async def _close_when_idle(self) -> None:
        await asyncio.sleep(IDLE)
        if not self._tasks:
            await self._close()

    async def _close(self) -> None:
        _readers.pop(self.terms.run, None)
        self._door = None
        await self._stack.aclose()
