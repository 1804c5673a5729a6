"""The transport under a provider's client: passing faults are tried again here, out of everyone's sight."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import httpx2
from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_random_exponential

from summarizer.account import Account
from summarizer.log import tell
from summarizer.secrets import MASK
from summarizer.throttle import Throttle, Turn, pause

PASSING_STATUS = frozenset({408, 409, 425, 429})
LASTING_STATUS = frozenset({501, 505})
CROWDED_STATUS = frozenset({429, 529})
"""Those of them that say: too many requests."""
USED_UP = (b"insufficient_quota", b"billing_hard_limit_reached", b"exceeded your current quota")
"""What a 429 says that waiting won't help."""
LONGEST_REPLY = 16 * 1024 * 1024
"""Bytes; a reply beyond that is no answer of ours."""


def passes(status: int) -> bool:
    """Whether an HTTP status is worth trying again: a server's own fault, those of gateways (520 to 529) included."""
    return status in PASSING_STATUS or (status >= 500 and status not in LASTING_STATUS)


@dataclass
class Call:
    """One question on its way down: what a transport is told of it, and tells of it."""

    id: str = ""
    prompt: str = ""
    article: str | None = None
    tokens: int = 0
    """Expected, prompt and answer together."""
    lost: Callable[[], Awaitable[None]] | None = None
    """Awaited when a request went out and its reply, perhaps paid for, got lost."""
    keep_refusal: Callable[[], None] = field(default=lambda: None)
    """Records that this was refused for its length; to be called if that is where it ends."""

    @property
    def names(self) -> dict[str, Any]:
        """What a log calls it."""
        return {"call": self.id, "prompt": self.prompt, "article": self.article}


_call: ContextVar[Call | None] = ContextVar("call", default=None)


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Requests sent inside belong to this question."""
    token = _call.set(call)
    try:
        yield
    finally:
        _call.reset(token)


def current_call() -> Call | None:
    """The question that is on its way here; None outside of one."""
    return _call.get()


class BrokenReply(httpx2.RemoteProtocolError):
    """A reply that came whole by its headers and is no completion: cut off, or a proxy's page."""


class RetryingTransport(httpx2.AsyncBaseTransport):
    """Sends a request again after a passing fault: waits as the server asks, else with jitter."""

    def __init__(
        self,
        inner: httpx2.AsyncBaseTransport,
        *,
        attempts: int,
        timeout: float = 180.0,
        longest_wait: float = 60.0,
        throttle: Throttle | None = None,
        account: Account | None = None,
        secrets: Sequence[str] = (),
    ) -> None:
        """Wrap another transport.

        Args:
            inner: what really sends.
            attempts: times a request is sent at most.
            timeout: seconds until one whole reply must be there; a client's own count from byte to byte.
            longest_wait: seconds between two attempts at most, whatever Retry-After asks for.
            throttle: how many at once and a minute; None: as many as come.
            account: where requests and faults are counted.
            secrets: what is masked in every reply, should a server repeat it.
        """
        self.inner = inner
        self.attempts = attempts
        self.timeout = timeout
        self.throttle = throttle or Throttle(1_000_000)
        self.account = account or Account()
        self._longest_wait = longest_wait
        self._secrets = [secret.encode() for secret in secrets]
        self._backoff = wait_random_exponential(multiplier=1, max=longest_wait)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the first reply that is no passing fault, or the last one there was.

        Raises:
            httpx2.TransportError: if the last attempt brought no reply at all, or a broken one.
        """
        call = current_call() or Call()
        try:
            first = await self._send(request, call)
        except httpx2.TransportError as error:
            return await self._try_again(request, call, error)
        return await self._try_again(request, call, first) if _passes(first) else first

    async def _try_again(
        self, request: httpx2.Request, call: Call, first: httpx2.Response | httpx2.TransportError
    ) -> httpx2.Response:
        """Go on from a first attempt that failed. What retries is made only now: that takes as long as sending."""
        had = [first]

        async def send() -> httpx2.Response:
            if not had:
                return await self._send(request, call)
            if isinstance(outcome := had.pop(), httpx2.Response):
                return outcome
            raise outcome

        def passing(state: RetryCallState) -> bool:
            assert state.outcome is not None
            if error := state.outcome.exception():
                return isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.UnsupportedProtocol)
            return _passes(state.outcome.result())

        async def announce(state: RetryCallState) -> None:
            wait = state.next_action.sleep if state.next_action else 0
            fault = _fault(state)
            tell(logging.WARNING, "again", **call.names, attempt=state.attempt_number, fault=fault, wait=round(wait, 2))

        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            sleep=pause_before_retry,
            retry=passing,
            before_sleep=announce,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        try:
            return await retrying(send)
        finally:
            let_go(retrying)

    async def _send(self, request: httpx2.Request, call: Call) -> httpx2.Response:
        """Send once, and say so if a reply may have been paid for that nobody got."""
        try:
            return await self._send_in_turn(request, call)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            raise
        except httpx2.TransportError:
            if call.lost:  # not in turn: this may have to wait for others, who wait for turns
                await call.lost()
            raise

    async def _send_in_turn(self, request: httpx2.Request, call: Call) -> httpx2.Response:
        """Send once, in turn, and wait for the whole reply."""
        async with self.throttle.turn(call.tokens) as turn:
            self.account.sent += 1
            began = monotonic()
            tell(logging.DEBUG, "sent", **call.names)
            try:
                async with asyncio.timeout(self.timeout):
                    response = await self._receive(request)
            except TimeoutError:
                self.account.faults["no whole reply in time"] += 1
                raise httpx2.ReadTimeout(f"no whole reply in {self.timeout:g} seconds", request=request) from None
            except httpx2.TransportError as error:
                self.account.faults[type(error).__name__] += 1
                raise
            self._take(response, turn)
            if passes(response.status_code):
                self.account.faults[str(response.status_code)] += 1
            tell(
                logging.DEBUG, "reply", **call.names, status=response.status_code, seconds=round(monotonic() - began, 3)
            )
            return response

    async def _receive(self, request: httpx2.Request) -> httpx2.Response:
        """One reply with its whole body, if that is of a sane length."""
        response = await self.inner.handle_async_request(request)
        try:
            pieces, length = [], 0
            async for piece in response.aiter_bytes():
                pieces.append(piece)
                length += len(piece)
                if length > LONGEST_REPLY:
                    raise BrokenReply(f"the reply is longer than {LONGEST_REPLY:,} bytes", request=request)
        finally:
            await response.aclose()
        # The body was decoded while it was read: what says how it was coded no longer holds.
        headers = [(k, v) for k, v in response.headers.multi_items() if k not in ("content-encoding", "content-length")]
        body = b"".join(pieces)
        for secret in self._secrets:
            body = body.replace(secret, MASK.encode())
        whole = httpx2.Response(response.status_code, headers=headers, content=body, request=request)
        if whole.is_success and (broken := _brokenness(whole.content)):
            raise BrokenReply(broken, request=request)
        return whole

    def _take(self, response: httpx2.Response, turn: Turn) -> None:
        """Tell the throttle how a request went."""
        if response.status_code in CROWDED_STATUS:
            self.throttle.crowded(turn, self._asked_for(response))
            if self.throttle.lowest < self.throttle.most:
                self.account.lowest = self.throttle.lowest
        elif response.is_success:
            self.throttle.answered(turn, _tokens(response) if self.throttle.counts_tokens else None)

    def _wait(self, state: RetryCallState) -> float:
        """Seconds to wait: what Retry-After asks for, else exponential with full jitter."""
        outcome = state.outcome
        if outcome is not None and not outcome.failed and (asked := self._asked_for(outcome.result())) is not None:
            return asked
        return self._backoff(state)

    def _asked_for(self, response: httpx2.Response) -> float | None:
        """Seconds that a reply asks to wait; None if it doesn't."""
        return retry_after(response.headers.get("retry-after"), now=datetime.now(UTC), longest=self._longest_wait)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()


def _passes(reply: httpx2.Response) -> bool:
    """Whether a reply is worth another attempt."""
    return passes(reply.status_code) and not any(words in reply.content for words in USED_UP)


def let_go(retrying: AsyncRetrying) -> None:
    """Have what a finished retrying refers to freed at once.

    It refers to itself, and so would keep question and reply until the collector comes by:
    of thousands of articles, megabytes.
    """
    vars(retrying).clear()


async def pause_before_retry(seconds: float) -> None:
    """Wait between two attempts."""
    await pause(seconds)


def _fault(state: RetryCallState) -> str:
    """What an attempt met, in a word."""
    assert state.outcome is not None
    error = state.outcome.exception()
    return type(error).__name__ if error else str(state.outcome.result().status_code)


def _brokenness(body: bytes) -> str | None:
    """What keeps a successful reply's body from being a completion; None if nothing does."""
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        return "the reply is no JSON, or cut off"
    if not isinstance(reply, dict) or not isinstance(reply.get("choices"), list) or not reply["choices"]:
        return "the reply has no choices in it"  # so some gateways report their own upstream's failure
    return None


def _tokens(response: httpx2.Response) -> int | None:
    """What a reply says that it took; None if it doesn't."""
    usage = response.json().get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    return total if isinstance(total, int) else None


def retry_after(value: str | None, *, now: datetime, longest: float = 60.0) -> float | None:
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
    return min(max(seconds, 0.0), longest) if math.isfinite(seconds) else None
