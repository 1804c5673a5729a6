"""Waiting for others, but not for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")


def within(seconds: float, work: Callable[[], R]) -> R:
    """What `work` returns, if it does so in time.

    A time-out of a socket's is of one read: who sends a byte now and then is never late. This one is of the
    whole. What is late goes on in a thread that keeps no program from ending; nobody hears of it any more.

    Raises:
        TimeoutError: if it isn't done in time.
    """
    outcome: list[R] = []
    failure: list[BaseException] = []

    def begin() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # handed to the caller's thread, below
            failure.append(error)

    thread = threading.Thread(target=begin, name="summarizer delivery", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError(f"not done in {seconds:g} seconds")
    if failure:
        raise failure[0]
    return outcome[0]
