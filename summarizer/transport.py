"""The transport under a provider's client: passing faults are tried again here, out of everyone's sight."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_random_exponential

PASSING_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses worth trying again."""
LONGEST_WAIT = 60.0
"""Seconds; a Retry-After beyond that is cut to it."""


class RetryingTransport(httpx2.AsyncBaseTransport):
    """Sends a request again after a passing fault: waits as the server asks, else with jitter."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, *, attempts: int) -> None:
        self.inner = inner
        self.attempts = attempts

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the first reply that is no passing fault, or the last one there was."""

        async def send() -> httpx2.Response:
            response = await self.inner.handle_async_request(request)
            try:
                await response.aread()
            finally:
                await response.aclose()
            return response

        def passing(state: RetryCallState) -> bool:
            assert state.outcome is not None
            if error := state.outcome.exception():
                return isinstance(error, httpx2.TransportError)
            reply = state.outcome.result()
            return reply.status_code in PASSING_STATUS and b"insufficient_quota" not in reply.content

        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.attempts),
            wait=_wait,
            sleep=_pause,
            retry=passing,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        return await retrying(send)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()


async def _pause(seconds: float) -> None:
    """Wait between two attempts."""
    await asyncio.sleep(seconds)


_backoff = wait_random_exponential(multiplier=1, max=LONGEST_WAIT)


def _wait(state: RetryCallState) -> float:
    """Seconds to wait: what Retry-After asks for, else exponential with full jitter."""
    outcome = state.outcome
    if outcome is not None and not outcome.failed:
        asked = retry_after(outcome.result().headers.get("retry-after"), now=datetime.now(UTC))
        if asked is not None:
            return asked
    return _backoff(state)


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, given as a number or as a date; None if it doesn't.

    >>> retry_after("7", now=datetime(2031, 5, 12, tzinfo=UTC))
    7.0
    """
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None
