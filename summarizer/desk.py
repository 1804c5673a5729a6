"""A desk: everything that a run's stages share, built once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from summarizer.account import Account
from summarizer.door import Door
from summarizer.errors import ModelError, RefusedRequest
from summarizer.models import Problem
from summarizer.prompts import PromptBook
from summarizer.settings import Settings


@dataclass(frozen=True)
class Progress:
    """How far a stage is."""

    stage: str
    done: int
    total: int
    detail: str
    account: Account
    """Of the run so far; it goes on counting."""


R = TypeVar("R")
S = TypeVar("S")


@asynccontextmanager
async def called_off(*tasks: asyncio.Task[Any]) -> AsyncIterator[None]:
    """See to it that none of these goes on when the block is left, however it is left."""
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def all_of(work: Iterable[Coroutine[Any, Any, R]], *, at_once: int | None = None) -> list[R]:
    """Do all, `at_once` at a time or all at once; if one fails, call off the others and raise what it raised.

    What is not begun costs nothing if `work` is a generator.
    """
    if at_once == 1:
        return [await each for each in work]
    if at_once is None:
        tasks = [asyncio.create_task(each) for each in work]
        async with called_off(*tasks):
            return list(await asyncio.gather(*tasks))
    waiting = enumerate(work)
    done: dict[int, R] = {}

    async def go_on() -> None:
        for position, each in waiting:
            done[position] = await each

    workers = [asyncio.create_task(go_on()) for _ in range(at_once)]
    async with called_off(*workers):
        await asyncio.gather(*workers)
    return [done[position] for position in sorted(done)]


async def spared(
    work: Awaitable[R], otherwise: Callable[[], S], *, stage: str, cost: str, article: str | None = None
) -> tuple[R | S, list[Problem]]:
    """Do one part of a run; if the model gives no usable answer, do without it and say what that costs.

    What would fail for every part alike (a refused key, nothing recorded) is raised.
    """
    try:
        return await work, []
    except RefusedRequest:
        raise
    except ModelError as error:
        return otherwise(), [Problem(stage=stage, article=article, reason=str(error), cost=cost)]


Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class Desk:
    """What the stages of one run work with."""

    settings: Settings
    prompts: PromptBook
    door: Door
    listener: Listener | None = None

    def tell(self, stage: str, done: int, total: int, detail: str = "") -> None:
        """Report progress to whoever listens."""
        if self.listener:
            self.listener(Progress(stage, done, total, detail, self.door.account))
