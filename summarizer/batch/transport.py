"""A transport that asks in batches: what is asked while nothing is answered goes out together.

Whoever asks notices nothing but the time it takes, so every stage works as it is, re-asks
included: a run comes to a handful of batches, about one a step.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import IO

import httpx2

from summarizer.account import Account
from summarizer.batch.endpoint import ASKED, CHAT, UNANSWERED, Batch, Endpoint, failure
from summarizer.batch.sent import Known, Sent
from summarizer.errors import (
    BatchCancelled,
    BatchesUnderWay,
    InvalidSettings,
    JournalError,
    RefusedRequest,
    UnreachableModel,
)
from summarizer.log import tell
from summarizer.settings import Settings
from summarizer.text import flatten
from summarizer.transport import USED_UP, passes
from summarizer.verdict import endpoint_of

MOST_REQUESTS = 50_000
"""Requests that a batch may have (https://platform.openai.com/docs/api-reference/batch/create)."""
MOST_BYTES = 190_000_000
"""Bytes that its file may have: 200 MB (there), and some room."""
ENVELOPE = 120
"""Bytes of a line in it besides what is asked."""
TURN, QUIET = 0.05, 5
"""Seconds of a turn, and turns in a row without another question, after which nothing more will be asked for now.
Counted in turns: a loop that was kept busy for long has not been quiet."""
FIRST_LOOK = 2.0
"""Seconds until a batch is looked at again; then twice as many, up to `longest_wait`."""
TOO_MANY = "token_limit_exceeded"
"""What an endpoint says of a batch if there would be too much waiting there with it."""

Told = Callable[[int, int, str], None]
"""Called with how many requests are done, of how many, and how their batches stand."""


@dataclass
class _Waiting:
    """A request that somebody waits for the reply to."""

    body: bytes
    replies: list[asyncio.Future[tuple[int, bytes]]] = field(default_factory=list)


class BatchTransport(httpx2.AsyncBaseTransport):
    """Answers requests for chat completions by way of batches; sends all others as they are.

    Neither concurrency, nor requests or tokens a minute, nor the timeout of a request hold for
    what goes into a batch: an endpoint has limits of its own for them.
    """

    def __init__(
        self, inner: httpx2.AsyncBaseTransport, settings: Settings, account: Account, told: Told | None = None
    ) -> None:
        """Open what was submitted; nothing is sent yet.

        Args:
            inner: what really sends.
            settings: workspace, and how often, how long and how patiently to ask.
            account: where requests and faults are counted.
            told: called whenever batches stand otherwise than before.

        Raises:
            JournalError: if the workspace can't be used.
        """
        if settings.workspace is None:
            raise InvalidSettings("batch: what is submitted has to be written down; give a --workspace")
        self.inner = inner
        self._settings = settings
        self._account = account
        self._told = told
        self._last_told = (0, 0, "")
        self._sent = Sent(settings.workspace)
        self._client = httpx2.AsyncClient(transport=inner)
        self._endpoint: Endpoint | None = None
        self._began = monotonic()
        self._waiting: dict[str, _Waiting] = {}
        self._arrived = 0
        self._arrival = asyncio.Event()
        self._unsent = 0
        """Bytes that came since it was submitted last."""
        self._work: asyncio.Task[None] | None = None
        self._own: set[str] = set()
        """Keys of what this run has submitted."""
        self._served: set[str] = set()
        """Keys of what it has got a reply to."""
        self._most = MOST_REQUESTS
        """Requests that a batch may have, as far as its endpoint had room."""
        self._crowded = False
        """Whether it had too little, so that one batch goes after another."""
        self._turned_away = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the reply, whenever it comes.

        Raises:
            BatchesUnderWay: if it takes longer than this run waits.
            BatchCancelled: if somebody called its batch off.
            RefusedRequest: if the endpoint will not take the batch.
            UnreachableModel: if it could not be submitted in the attempts allowed.
        """
        if not request.url.path.endswith(CHAT):
            return await self.inner.handle_async_request(request)
        self._endpoint = self._endpoint or Endpoint(self._client, request, self._settings, self._account)
        body = await request.aread()
        key = _key(self._endpoint.place, body)
        reply = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(key, _Waiting(body))
        waiting.replies.append(reply)
        self._arrived += 1
        self._unsent += len(body)
        self._arrival.set()
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._go_on(self._endpoint))
        try:
            status, content = await reply
        finally:
            waiting.replies.remove(reply)
            if not waiting.replies and self._waiting.get(key) is waiting:
                del self._waiting[key]
        headers = {"content-type": "application/json"}
        return httpx2.Response(status, headers=headers, content=content, request=request)

    async def _go_on(self, endpoint: Endpoint) -> None:
        """Submit and collect for as long as somebody waits."""
        longest = max(self._settings.longest_wait, TURN)
        wait = first = min(FIRST_LOOK, longest)
        stirred = True  # whoever got a reply may ask something else at once
        try:
            while self._waiting:
                if stirred or self._arrival.is_set():
                    await self._gather()
                served = self._serve()
                submitted = await self._submit(endpoint)
                ended = await self._look(endpoint)
                stirred = served + self._serve() > 0
                if stirred or submitted:
                    wait = first
                if stirred or ended:
                    continue
                left = self._seconds_left
                if left is not None and left <= 0:
                    raise self._under_way("")
                await self._pause(wait if left is None else min(wait, left))
                wait = min(2 * wait, longest)
        except Exception as error:  # whoever waits is told
            waiting, self._waiting = self._waiting, {}
            for reply in (reply for each in waiting.values() for reply in each.replies if not reply.done()):
                reply.set_exception(error)

    async def _gather(self) -> None:
        """Wait until nothing more is asked for now, or a file is full."""
        quiet = 0
        while quiet < QUIET and self._unsent < MOST_BYTES:
            before = self._arrived
            await asyncio.sleep(TURN)
            quiet = quiet + 1 if self._arrived == before else 0
        self._arrival.clear()

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until something more is asked."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrival.wait()

    # ------------------------------------------------------------------ what is known

    def _serve(self) -> int:
        """Hand out the replies that are there; returns how many."""
        served = 0
        for key, known in self._sent.find(self._waiting).items():
            if known.status is None or self._goes_again(key, known):
                continue
            content = self._sent.reply(key)
            for reply in self._waiting[key].replies:
                if not reply.done():
                    reply.set_result((known.status, content))
            del self._waiting[key]
            self._served.add(key)
            self._account.collected += known.status < 300 and key not in self._own
            served += 1
        return served

    def _goes_again(self, key: str, known: Known) -> bool:
        """Whether a request whose reply is there is to be submitted once more."""
        if known.status is None or not passes(known.status) or known.times >= self._settings.sendings:
            return False
        content = self._sent.reply(key)
        return not any(words in content for words in USED_UP)

    def _under_way(self, reason: str) -> BatchesUnderWay:
        """The error for a run that leaves."""
        found = self._sent.find(self._waiting).values()
        batches = dict.fromkeys(known.batch for known in found if known.batch)
        return BatchesUnderWay(endpoint_of(self._settings), list(batches), len(self._waiting), reason)

    @property
    def _seconds_left(self) -> float | None:
        """Until batches are left; None: they never are."""
        wait = self._settings.batch_wait
        return None if wait is None else self._began + wait - monotonic()

    # ------------------------------------------------------------------ what is submitted

    async def _submit(self, endpoint: Endpoint) -> int:
        """Submit what isn't yet; returns how many requests."""
        self._unsent = 0
        if not self._open_keys() or (self._crowded and self._tokens()):
            return 0
        submitted = 0
        async with self._sent.alone():
            await self._recover(endpoint)
            sizes = {key: len(self._waiting[key].body) for key in self._open_keys()}  # another run may have come first
            for keys in portions(sizes, most=self._most):
                await self._submit_one(endpoint, keys)
                submitted += len(keys)
                if self._crowded:
                    break
        return submitted

    def _open_keys(self) -> list[str]:
        """What is in no batch that is known to be submitted, and has no reply that holds."""
        found = self._sent.find(self._waiting)

        def is_open(key: str) -> bool:
            known = found.get(key)
            if known is None or known.status is not None:
                return known is None or self._goes_again(key, known)
            return known.batch is None

        return [key for key in self._waiting if is_open(key)]

    def _tokens(self) -> dict[str, str]:
        """The batches that are waited for: the endpoint's names by our own."""
        found = self._sent.find(self._waiting).values()
        return {known.token: known.batch for known in found if known.token and known.batch}

    async def _recover(self, endpoint: Endpoint) -> None:
        """Find out what became of batches that runs were submitting when they died."""
        for token, made in self._sent.nameless(endpoint.place):
            batch = await endpoint.find(token, made)
            if batch is None:
                self._sent.drop(token)
            else:
                self._sent.name(token, batch.id)

    async def _submit_one(self, endpoint: Endpoint, keys: list[str]) -> None:
        """Submit one batch: first it is written down, so that it is found again whatever happens."""
        token = uuid.uuid4().hex
        self._sent.claim(token, endpoint.place, keys)
        try:
            with tempfile.TemporaryFile() as file:
                self._write(file, keys)
                batch = await endpoint.submit(f"summarizer-{token}.jsonl", file, token)
        except (RefusedRequest, UnreachableModel, httpx2.TransportError) as error:
            if isinstance(error, RefusedRequest):
                self._sent.drop(token)
            raise
        self._sent.name(token, batch.id)
        self._own.update(keys)
        self._account.sent += len(keys)
        self._account.batches += 1
        tell(logging.INFO, "batch submitted", batch=batch.id, requests=len(keys))

    def _write(self, file: IO[bytes], keys: Iterable[str]) -> None:
        """A line a request."""
        for key in keys:
            body = self._waiting[key].body
            whole = json.dumps(json.loads(body)).encode() if b"\n" in body else body
            file.write(b'{"custom_id":"%s","method":"POST","url":"%s","body":' % (key.encode(), ASKED.encode()))
            file.write(whole + b"}\n")
        file.seek(0)

    # ------------------------------------------------------------------ what is collected

    async def _look(self, endpoint: Endpoint) -> int:
        """See how the batches stand; returns how many have ended."""
        ended = done = total = 0
        states: list[str] = []
        for token, id in self._tokens().items():
            count = self._sent.count(token)
            try:
                batch = await endpoint.look(id)
            except (UnreachableModel, httpx2.TransportError) as error:  # what is submitted isn't lost by that
                raise self._under_way(f"{type(error).__name__}: {error}") from None
            total += count
            done += min(count, batch.done) if batch else 0
            states.append(f"{id} {batch.status if batch else 'is not known there'}")
            if batch is None:
                self._sent.end(token, UNANSWERED, failure(f"the endpoint knows no batch {id} any more"))
                ended += 1
            elif batch.ended:
                tell(logging.INFO, "batch ended", batch=batch.id, status=batch.status, done=batch.done)
                ended += await self._collect(endpoint, token, batch)
        self._tell(done, total, f"{states[0] if len(states) == 1 else f'{len(states)} batches'}" if states else "")
        return ended

    def _tell(self, done: int, total: int, state: str) -> None:
        """Say how the batches stand, if it is news."""
        if self._told and total and (done, total, state) != self._last_told:
            self._last_told = (done, total, state)
            self._told(done, total, state)

    async def _collect(self, endpoint: Endpoint, token: str, batch: Batch) -> int:
        """Take in what a batch that has ended brought; returns whether something can go on by that.

        Raises:
            BatchCancelled: if somebody called it off.
            RefusedRequest: if the endpoint would not take it.
        """
        if batch.status == "failed":
            return self._take_back(token, batch)
        count = self._sent.count(token)
        for id in filter(None, (batch.output_file_id, batch.error_file_id)):
            with tempfile.TemporaryFile() as file:
                await endpoint.fetch(id, file)
                replies = endpoint.replies(file)
                if batch.status == "cancelled":
                    replies = (reply for reply in replies if reply[1] != UNANSWERED)
                self._sent.answer(token, self._counted(replies))
        if batch.status == "cancelled":
            raise BatchCancelled(batch.id, count - self._sent.drop(token), count)
        self._sent.end(token, UNANSWERED, failure(f"batch {batch.id} {batch.status} without a reply to it"))
        return 1

    def _counted(self, replies: Iterable[tuple[str, int, bytes]]) -> Iterator[tuple[str, int, bytes]]:
        """Replies, with the faults among them counted."""
        for key, status, reply in replies:
            if passes(status):
                self._account.faults[str(status)] += 1
            yield key, status, reply

    def _take_back(self, token: str, batch: Batch) -> int:
        """A batch was not taken: if too much was waiting there, it goes in smaller ones, one after another.

        Raises:
            RefusedRequest: if that doesn't help, or something else is wrong.
        """
        count = self._sent.drop(token)
        said = flatten("; ".join(filter(None, (wrong.message or wrong.code for wrong in batch.wrong))))[:400]
        if all(wrong.code != TOO_MANY for wrong in batch.wrong):
            advice = "see whether the model can be asked by batch, or ask without --batch"
            raise RefusedRequest(400, said or f"batch {batch.id} failed, and nothing is said of why", advice)
        others = bool(self._tokens())
        self._crowded = True
        if others:
            return 0
        if count > 1:
            self._most = count // 2
            return 1
        self._turned_away += 1
        if self._turned_away >= self._settings.attempts:
            raise RefusedRequest(429, said, "wait until other batches of the account are done, then run it again")
        return 0

    # ------------------------------------------------------------------ the end

    def forget(self) -> None:
        """The run has ended of itself: the replies that it got serve no other, as they would not without batches."""
        with suppress(JournalError):  # nor is a briefing lost for that
            self._sent.retire(self._served)

    async def aclose(self) -> None:
        """Stop; what is submitted goes on at the endpoint."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._client.aclose()
        self._sent.close()


def portions(sizes: Mapping[str, int], *, most: int = MOST_REQUESTS, room: int = MOST_BYTES) -> Iterator[list[str]]:
    """Keys of requests, in order, in as few files as have at most `most` each and `room` bytes, where single ones do.

    >>> list(portions({"a": 600, "b": 600, "c": 1200}, room=2000))
    [['a', 'b'], ['c']]
    """
    some: list[str] = []
    length = 0
    for key, size in sizes.items():
        if some and (len(some) >= most or length + size + ENVELOPE > room):
            yield some
            some, length = [], 0
        some.append(key)
        length += size + ENVELOPE
    if some:
        yield some


def _key(endpoint: str, body: bytes) -> str:
    """32 hex digits of a request: equal if the same is asked of the same endpoint."""
    asked = json.dumps(json.loads(body), sort_keys=True)
    return hashlib.sha256(f"{endpoint}\n{asked}".encode()).hexdigest()[:32]
