"""The synchronous face over asynchronous work, in a script and where an event loop already runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


def _loop_runs() -> bool:
    """Whether this thread is already inside an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run(work: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine to its end, in a thread of its own where an event loop already runs."""
    if not _loop_runs():
        return asyncio.run(work)
    outcome: list[R] = []
    failure: list[BaseException] = []
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any] | None]] = []

    async def known() -> R:
        running.append((asyncio.get_running_loop(), asyncio.current_task()))
        return await work

    def begin() -> None:
        try:
            outcome.append(asyncio.run(known()))
        except BaseException as error:  # handed to the caller's thread, below
            failure.append(error)

    thread = threading.Thread(target=begin, name="summarizer")
    thread.start()
    try:
        thread.join()
    except BaseException:  # an interrupted cell must not go on asking in the background
        for loop, task in running:
            if task is not None:
                loop.call_soon_threadsafe(task.cancel)
        thread.join()
        raise
    if failure:
        raise failure[0]
    return outcome[0]
