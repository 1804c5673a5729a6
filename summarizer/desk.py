"""A desk: everything that a run's stages share, built once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from summarizer.llm import Door
from summarizer.models import Usage
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
