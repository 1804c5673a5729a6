"""A desk: everything that a run's stages share, built once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from summarizer.errors import ModelError, RefusedRequest
from summarizer.llm import Door
from summarizer.models import Problem, Usage
from summarizer.prompts import PromptBook
from summarizer.settings import Settings


@dataclass(frozen=True)
class Progress:
    """How far a stage is, and what the run took so far."""

    stage: str
    done: int
    total: int
    detail: str
    usage: Usage


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


async def all_of(work: Iterable[Coroutine[Any, Any, R]]) -> list[R]:
    """Do all at once; if one fails, call off the others and raise what it raised."""
    tasks = [asyncio.create_task(each) for each in work]
    async with called_off(*tasks):
        return list(await asyncio.gather(*tasks))


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
            self.listener(Progress(stage, done, total, detail, self.door.usage))
