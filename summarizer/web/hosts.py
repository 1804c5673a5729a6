"""Turns: how many requests may be under way, in all and at one host, and how soon after one another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from summarizer.throttle import pause


class _Host:
    """What is under way at one host, and when the next may go."""

    def __init__(self, at_once: int, delay: float) -> None:
        self.slots = asyncio.Semaphore(at_once)
        self.line = asyncio.Lock()
        self.delay = delay
        self.not_before = 0.0


class Hosts:
    """Lets requests through in order of arrival, host by host."""

    def __init__(self, *, at_once: int, per_host: int, delay: float) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._per_host, self._delay = per_host, delay
        self._hosts: dict[str, _Host] = {}

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host(self._per_host, self._delay))

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait until one more request may go to a host; it is under way until the block is left."""
        host = self._host(name)
        async with host.slots:
            async with host.line:
                while (seconds := host.not_before - monotonic()) > 0:
                    await pause(seconds)
                # Last, so that who waits for one host takes no other's place; in line, so that the delay holds.
                await self._all.acquire()
                host.not_before = monotonic() + host.delay
            try:
                yield
            finally:
                self._all.release()

    def slow_down(self, name: str, delay: float) -> None:
        """Leave at least so many seconds between two requests to a host from now on."""
        host = self._host(name)
        host.delay = max(host.delay, delay)
        host.not_before = max(host.not_before, monotonic() + host.delay)

    def hold(self, name: str, seconds: float) -> None:
        """Send nothing to a host for so many seconds."""
        host = self._host(name)
        host.not_before = max(host.not_before, monotonic() + seconds)
