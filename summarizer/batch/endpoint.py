"""The protocol of a batch endpoint, as OpenAI has it: five requests, each tried again after passing faults.

https://platform.openai.com/docs/api-reference/batch and https://platform.openai.com/docs/guides/batch
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Annotated, Any
from urllib.parse import quote

import httpx2
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_random_exponential

from summarizer.account import Account
from summarizer.errors import ModelError, RefusedRequest, UnreachableModel
from summarizer.secrets import MASK, own_secrets, scrub, without_login
from summarizer.settings import Settings
from summarizer.text import flatten
from summarizer.transport import LONGEST_REPLY, USED_UP, BrokenReply, passes, pause_before_retry, retry_after
from summarizer.verdict import ADVICE, endpoint_of

CHAT = "/chat/completions"
"""Where a base URL's completions are."""
ASKED = "/v1/chat/completions"
"""What a line of a batch asks, wherever a server has it."""
LONGEST_FILE = 4 * 1024**3
"""Bytes of a batch's replies; fifty thousand of ten thousand tokens have half of that."""
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
"""Statuses of a batch of which nothing more comes."""
PAGES = 50
"""Pages of a hundred batches each that are looked through for one's own."""
SLACK = 3600
"""Seconds by which an endpoint's clock may go after ours."""
UNANSWERED = 504
"""Status of a request that its batch ended without a reply to."""
KEPT_HEADERS = ("authorization", "openai-organization", "openai-project", "user-agent")
"""Of a completion's request, what a batch's requests have as well."""


class Counts(BaseModel):
    """How many of a batch's requests are done."""

    completed: int = 0
    failed: int = 0


class Wrong(BaseModel):
    """What an endpoint has against a batch or a request."""

    code: str | None = None
    message: str | None = None


class Errors(BaseModel):
    """What it has against a batch as a whole."""

    data: tuple[Wrong, ...] | None = None


class Batch(BaseModel):
    """A batch as its endpoint tells of it."""

    id: str = Field(pattern=r"^\w[\w.:=+@-]*$", max_length=500)
    status: Annotated[str, AfterValidator(str.lower), Field(pattern=r"^\w+$", max_length=50)]
    """validating, in_progress, finalizing, cancelling; or, when nothing more comes of it, one of `ENDED`."""
    created_at: float = 0
    """Seconds since 1970."""
    output_file_id: str | None = None
    error_file_id: str | None = None
    request_counts: Counts | None = None
    errors: Errors | None = None
    metadata: dict[str, Any] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in ENDED

    @property
    def done(self) -> int:
        """Requests that are done, well or not."""
        return self.request_counts.completed + self.request_counts.failed if self.request_counts else 0

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """What speaks against it."""
        return (self.errors.data or ()) if self.errors else ()


class _Page(BaseModel):
    data: tuple[Batch, ...]
    has_more: bool = False


class _File(BaseModel):
    id: str = Field(min_length=1, max_length=500)


class _Response(BaseModel):
    status_code: int = Field(ge=100, le=599)
    body: Any = None


class _Line(BaseModel):
    """One line of a batch's output or error file."""

    custom_id: str
    response: _Response | None = None
    error: Wrong | None = None


class Endpoint:
    """A server that takes batches."""

    def __init__(
        self,
        client: httpx2.AsyncClient,
        request: httpx2.Request,
        settings: Settings,
        account: Account,
    ) -> None:
        """Get to know it by the request for a completion that a provider's client made: where it is, and the key.

        Args:
            client: what sends.
            request: for a completion.
            settings: how often and how long it is tried.
            account: where faults are counted.
        """
        self._client = client
        self._url = request.url
        self._headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
        self._settings = settings
        self._account = account
        self._secrets = [secret.encode() for secret in own_secrets(settings)]
        self._backoff = wait_random_exponential(multiplier=1, max=settings.longest_wait)

    async def submit(self, name: str, file: IO[bytes], token: str) -> Batch:
        """Upload a file of requests, and have it worked off within a day.

        Whatever gets lost on the way, one batch is made: before a second attempt it is looked
        whether the first did it after all.

        Args:
            name: of the file.
            file: JSON lines.
            token: our own name for the batch, by which `find` knows it.

        Raises:
            RefusedRequest: if the endpoint will not.
            UnreachableModel: if it fails every attempt.
            httpx2.TransportError: if the last attempt brought no reply.
        """
        files = {"file": (name, file, "application/jsonl")}
        reply = await self._ask("POST", "/files", _File, data={"purpose": "batch"}, files=files)
        uploaded = _File.model_validate_json(reply.content)
        asked: dict[str, Any] = {"input_file_id": uploaded.id, "endpoint": ASKED, "completion_window": "24h"}
        asked |= {"metadata": {"summarizer": token}}
        began = time.time()
        for attempt in range(1, self._settings.attempts + 1):
            try:
                reply = await self._ask("POST", "/batches", Batch, times=1, json=asked)
                return Batch.model_validate_json(reply.content)
            except (UnreachableModel, httpx2.TransportError):
                if attempt == self._settings.attempts:
                    raise
                await pause_before_retry(min(2.0 ** (attempt - 1), self._settings.longest_wait))
                if (made := await self.find(token, began)) is not None:
                    return made
        raise AssertionError  # there is one attempt at least

    async def find(self, token: str, since: float) -> Batch | None:
        """The batch that was submitted under a token, since then (seconds since 1970); None if none was."""
        after: dict[str, str] = {}
        for _ in range(PAGES):
            reply = await self._ask("GET", "/batches", _Page, params={"limit": "100", **after})
            page = _Page.model_validate_json(reply.content)
            for batch in page.data:
                if (batch.metadata or {}).get("summarizer") == token:
                    return batch
            if not page.has_more or not page.data or page.data[-1].created_at < since - SLACK:  # newest first
                return None
            after = {"after": page.data[-1].id}
        return None

    async def look(self, id: str) -> Batch | None:
        """A batch as it is now; None if the endpoint knows none of that name."""
        reply = await self._ask("GET", f"/batches/{quote(id, safe='')}", Batch, missing=True)
        return Batch.model_validate_json(reply.content) if reply.is_success else None

    async def fetch(self, id: str, into: IO[bytes]) -> None:
        """Write a file of replies to another; one that is not there any more is empty."""
        await self._ask("GET", f"/files/{quote(id, safe='')}/content", None, missing=True, into=into)

    def replies(self, file: IO[bytes]) -> Iterator[tuple[str, int, bytes]]:
        """Key, HTTP status and body of each reply in a file; lines that are none are passed over."""
        file.seek(0)
        while line := file.readline(LONGEST_REPLY):
            try:
                told = _Line.model_validate_json(self._masked(line))
            except ValidationError:
                continue
            if told.response is None:
                wrong = told.error or Wrong()
                yield told.custom_id, UNANSWERED, failure(wrong.message or wrong.code or "there is no reply to it")
                continue
            status, body = told.response.status_code, told.response.body
            if status < 300 and not (isinstance(body, dict) and body.get("choices")):
                yield told.custom_id, 502, failure("the reply has no choices in it")
            else:
                yield told.custom_id, status, json.dumps(body).encode()

    @property
    def place(self) -> str:
        """Its base URL, without a login."""
        return without_login(str(self.where("")))

    def where(self, path: str) -> httpx2.URL:
        """A URL beside that of completions."""
        return self._url.copy_with(path=self._url.path.removesuffix(CHAT) + path)

    # ------------------------------------------------------------------ one request

    async def _ask(
        self,
        method: str,
        path: str,
        kind: type[BaseModel] | None,
        *,
        times: int | None = None,
        missing: bool = False,
        into: IO[bytes] | None = None,
        **sent: Any,
    ) -> httpx2.Response:
        """Send a request until there is a reply that is no passing fault.

        Args:
            method: of HTTP.
            path: after the base URL.
            kind: what the reply has to be.
            times: attempts; None: as by the settings.
            missing: whether a 404 is an answer.
            into: where the body goes; None: into the response.
            sent: query, or body.

        Raises:
            RefusedRequest: if the endpoint will not.
            UnreachableModel: if it fails every attempt.
            httpx2.TransportError: if the last attempt brought no reply.
        """

        def passing(state: RetryCallState) -> bool:
            assert state.outcome is not None
            if error := state.outcome.exception():
                return isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.UnsupportedProtocol)
            reply = state.outcome.result()
            return passes(reply.status_code) and not any(words in reply.content for words in USED_UP)

        retrying = AsyncRetrying(
            stop=stop_after_attempt(times or self._settings.attempts),
            wait=self._wait,
            sleep=pause_before_retry,
            retry=passing,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        reply: httpx2.Response = await retrying(self._send, method, path, kind, into, sent)
        if reply.is_success or (missing and reply.status_code == 404):
            return reply
        raise self._refusal(reply)

    async def _send(
        self, method: str, path: str, kind: type[BaseModel] | None, into: IO[bytes] | None, sent: Mapping[str, Any]
    ) -> httpx2.Response:
        request = self._client.build_request(
            method, self.where(path), headers=self._headers, timeout=self._settings.timeout, **sent
        )
        try:
            reply = await self._received(request, into)
            if kind is not None and reply.is_success:
                try:
                    kind.model_validate_json(reply.content)
                except ValidationError:
                    raise BrokenReply(f"the reply to {method} {path} is none of a batch endpoint's") from None
        except httpx2.TransportError as error:
            self._account.faults[type(error).__name__] += 1
            raise
        if passes(reply.status_code):
            self._account.faults[str(reply.status_code)] += 1
        return reply

    async def _received(self, request: httpx2.Request, into: IO[bytes] | None) -> httpx2.Response:
        """A reply with its whole body, if that is of a sane length; the body of a good one `into` a file, if given."""
        response = await self._client.send(request, stream=True)
        to_file = into is not None and response.is_success
        if into is not None:
            into.seek(0)
            into.truncate()
        pieces, length = [], 0
        try:
            async for piece in response.aiter_bytes():
                length += len(piece)
                if length > (LONGEST_FILE if to_file else LONGEST_REPLY):
                    raise BrokenReply(f"the reply is longer than {length - len(piece):,} bytes", request=request)
                if into is not None and to_file:
                    into.write(piece)
                else:
                    pieces.append(piece)
        finally:
            await response.aclose()
        headers = {name: response.headers[name] for name in ("retry-after",) if name in response.headers}
        body = self._masked(b"".join(pieces))
        return httpx2.Response(response.status_code, headers=headers, content=body, request=request)

    def _masked(self, said: bytes) -> bytes:
        for secret in self._secrets:
            said = said.replace(secret, MASK.encode())
        return said

    def _wait(self, state: RetryCallState) -> float:
        """Seconds until the next attempt: what Retry-After asks for, else exponential with full jitter."""
        if state.outcome is not None and not state.outcome.failed:
            header, longest = state.outcome.result().headers.get("retry-after"), self._settings.longest_wait
            if (asked := retry_after(header, now=datetime.now(UTC), longest=longest)) is not None:
                return asked
        return self._backoff(state)

    def _refusal(self, reply: httpx2.Response) -> ModelError:
        """What a status that is no success comes to."""
        status = reply.status_code
        said = flatten(scrub(reply.content[:2000].decode("utf-8", "replace"), self._settings))[:400]
        if passes(status) and not any(words in reply.content for words in USED_UP):
            reason = f"status {status} in {self._settings.attempts} attempts: {said}"
            return UnreachableModel(endpoint_of(self._settings), reason)
        advice = "see whether this endpoint takes batches, or ask without --batch"
        if status in (401, 402, 403):
            advice = ADVICE[status]
        elif status == 429:
            advice = "check the account's quota"
        return RefusedRequest(status, said, advice)


def failure(reason: str) -> bytes:
    """A body that says what went wrong, as endpoints have it."""
    return json.dumps({"error": {"message": flatten(reason)[:400]}}).encode()
