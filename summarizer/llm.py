"""The one door to a model: a prompt and an answer type go in, a validated answer comes out.

The only file that imports instructor or openai. Two loops, kept apart: an invalid answer
is sent back with what is wrong with it (instructor), a fault of the transport is tried
again underneath (tenacity), where neither the provider's client nor a cassette sees it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import ssl
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
import instructor
import openai
import openai.resources  # the client imports it when it is first used; here --help is spared and nothing else waits
from instructor.core import IncompleteOutputException, InstructorError, InstructorRetryException
from instructor.core.hooks import HookName, Hooks
from pydantic import ValidationError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from summarizer.answers import Answer, Check, checked_by
from summarizer.cassette import Cassette, CassetteTransport, Stamp, stamped
from summarizer.errors import (
    CutAnswer,
    InvalidSettings,
    ModelError,
    NoModel,
    RefusedRequest,
    RejectedAnswer,
    SummarizerError,
    UnreachableModel,
)
from summarizer.models import Article, PromptUse, Usage
from summarizer.prompts import Message, Prompt
from summarizer.settings import Settings
from summarizer.transport import PASSING_STATUS, RetryingTransport
from summarizer.usage import usage_of

A = TypeVar("A", bound=Answer)


class Door:
    """Asks one model, within limits, and keeps count. Close it when done (`async with`)."""

    def __init__(self, settings: Settings) -> None:
        """Make the client; nothing is sent yet.

        Raises:
            NoModel: if there is no key, no server and no recordings to answer.
            InvalidSettings: if the settings contradict each other.
        """
        if settings.record and settings.replay:
            raise InvalidSettings("give either record or replay, not both")
        if settings.replay and not settings.replay.is_dir():
            raise InvalidSettings(f"replay: {settings.replay} is not a folder of recordings")
        if settings.record:
            _make_folder(settings.record)
        if settings.base_url and not settings.base_url.startswith(("http://", "https://")):
            raise InvalidSettings(f"base URL {settings.base_url!r} must begin with http:// or https://")
        self.settings = settings
        self.usage = Usage()
        self.answered_by: set[str] = set()
        self.prompts: dict[str, Prompt] = {}
        folder = settings.replay or settings.record
        self.cassette = Cassette(folder) if folder else None
        self._transport = self._make_transport()
        self._client = self._make_client()
        self._limit = asyncio.Semaphore(settings.concurrency)

    async def __aenter__(self) -> Door:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def ask(
        self, message: Message, answer: type[A], *, check: Check | None = None, article: Article | None = None
    ) -> A:
        """Ask, and have invalid answers mended.

        Args:
            message: the rendered prompt.
            answer: what the model fills in.
            check: yields what is wrong with a well-typed answer, to be re-asked about.
            article: the one that the question is about, if it is about one.

        Raises:
            RejectedAnswer: if the answer is still invalid after the re-asks allowed.
            CutAnswer: if the model's length limit cut the answer.
            RefusedRequest: if the endpoint refuses for good: key, model, quota.
            UnreachableModel: if it can't be reached, or fails every attempt.
            MissingRecording: in a replay, if this was never recorded.
        """
        self.prompts[message.prompt.name] = message.prompt

        def stamp() -> Stamp:
            return Stamp(
                prompt=message.prompt.name,
                prompt_sha256=message.prompt.sha256,
                answer=answer.__name__,
                schema_sha256=schema_sha256(answer),
                article=article.name if article else None,
                article_sha256=article.sha256 if article else None,
            )

        hooks = Hooks()
        hooks.on(HookName.COMPLETION_RESPONSE, self._count)
        try:
            async with self._limit:
                with checked_by(check or (lambda _: ())), stamped(stamp):
                    return await self._client.create(
                        messages=[
                            {"role": "system", "content": message.system},
                            {"role": "user", "content": message.user},
                        ],
                        response_model=_prepared(answer),
                        max_retries=AsyncRetrying(
                            stop=stop_after_attempt(self.settings.reasks + 1),
                            retry=retry_if_exception_type(ValueError),  # pydantic's and instructor's parse errors
                            reraise=True,
                        ),
                        hooks=hooks,
                    )
        except IncompleteOutputException as error:
            raise CutAnswer(message.prompt.name) from error
        except (InstructorRetryException, openai.OpenAIError, httpx2.HTTPError) as error:
            self._explain(error, message.prompt.name)

    def prompt_uses(self) -> tuple[PromptUse, ...]:
        """The prompts asked so far, by name."""
        used = sorted(self.prompts.values(), key=lambda prompt: prompt.name)
        return tuple(PromptUse(name=p.name, version=p.head.version, sha256=p.sha256) for p in used)

    # ------------------------------------------------------------------ how it is built

    def _make_transport(self) -> httpx2.AsyncBaseTransport:
        settings = self.settings
        if settings.replay and self.cassette is not None:
            return CassetteTransport(self.cassette, None)
        live = RetryingTransport(
            httpx2.AsyncHTTPTransport(verify=_ssl_context(), proxy=_proxy(settings)), attempts=settings.attempts
        )
        return CassetteTransport(self.cassette, live) if self.cassette is not None else live

    def _make_client(self) -> instructor.AsyncInstructor:
        settings = self.settings
        provider = settings.model.partition("/")[0]
        options: dict[str, Any] = {"async_client": True}
        if settings.base_url:
            options["base_url"] = settings.base_url
        if settings.api_key:
            options["api_key"] = settings.api_key.get_secret_value().strip()
        if provider == "openai":
            options |= {
                "http_client": httpx2.AsyncClient(transport=self._transport, timeout=settings.timeout),
                "timeout": settings.timeout,
                "max_retries": 0,
            }
            if settings.replay:
                options |= {"api_key": "replay", "base_url": settings.base_url or "http://model.invalid/v1"}
            elif "api_key" not in options and "OPENAI_API_KEY" not in os.environ:
                if not (settings.base_url or os.environ.get("OPENAI_BASE_URL")):
                    raise NoModel(settings.model)
                options["api_key"] = "none"
        elif self.cassette is not None:
            raise InvalidSettings(
                f"recording and replay work through OpenAI-compatible endpoints, not {provider!r}: "
                f"use --model openai/NAME, with --base-url for a server other than OpenAI's"
            )
        try:
            client = instructor.from_provider(settings.model, **options)
        except (ValueError, ImportError, openai.OpenAIError, InstructorError) as error:
            raise InvalidSettings(f"model {settings.model!r} can't be used: {error}") from error
        return client  # type: ignore[no-any-return]

    # ------------------------------------------------------------------ what it takes

    def _count(self, response: Any) -> None:
        """Add one response's usage, before instructor adds up its attempts in place."""
        self.answered_by.add(str(getattr(response, "model", self.settings.model)))
        used = usage_of(response, self.settings.model.partition("/")[0])
        self.usage = self.usage + used

    def _explain(self, error: Exception, prompt: str) -> NoReturn:
        """Raise this package's own error for what lies at the bottom of another's; no key is in its text."""
        chain = list(_causes(error))
        where = _without_login(self.settings.base_url or os.environ.get("OPENAI_BASE_URL") or self.settings.model)
        for cause in chain:
            if isinstance(cause, SummarizerError):
                raise cause
        for cause in chain:
            status = getattr(cause, "status_code", None)
            if isinstance(status, int):  # openai's APIStatusError; other providers' clients have the same attribute
                raise _refusal(status, self._scrubbed(cause), self.settings, where) from None
            if isinstance(cause, (openai.APIConnectionError, httpx2.HTTPError)):
                bottom = f"{type(chain[-1]).__name__}: {self._scrubbed(chain[-1])}".removesuffix(": ")
                raise UnreachableModel(where, bottom) from None
        for cause in chain:
            if isinstance(cause, ValueError):
                attempts = getattr(error, "n_attempts", self.settings.reasks + 1)
                raise RejectedAnswer(prompt, attempts, self._scrubbed(_problems(cause))) from error
        raise ModelError(f"prompt {prompt!r}: {type(chain[-1]).__name__}: {self._scrubbed(chain[-1])}") from None

    def _scrubbed(self, said: object) -> str:
        """What somebody else said, without the key, should they have repeated it."""
        key = self.settings.api_key.get_secret_value() if self.settings.api_key else ""
        text = str(getattr(said, "message", said))
        for secret in filter(None, (key.strip(), os.environ.get("OPENAI_API_KEY", "").strip())):
            text = text.replace(secret, "[key]")
        return text


@cache
def _ssl_context() -> ssl.SSLContext:
    """The one set of certificates; reading it takes 50 ms."""
    return httpx2.create_ssl_context()


@cache
def _prepared(answer: type[A]) -> type[A]:
    """The answer's type as instructor uses it: made once, where it would make it, and its schema, for each call."""
    return instructor.response_schema(answer)


@cache
def schema_sha256(answer: type[Answer]) -> str:
    """Hash of an answer's JSON schema."""
    return hashlib.sha256(json.dumps(answer.model_json_schema(), sort_keys=True).encode()).hexdigest()


def _make_folder(folder: Path) -> None:
    """A folder for recordings, before anything is asked that could then not be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidSettings(f"record: {folder} can't be made a folder of recordings: {error.strerror}") from error
    if not os.access(folder, os.W_OK):
        raise InvalidSettings(f"record: {folder} can't be written to")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and everything it was raised from, outermost first."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _refusal(status: int, message: str, settings: Settings, where: str) -> ModelError:
    """Say what an HTTP status means and what to do."""
    advice: dict[int, str] = {
        401: "check the API key",
        402: "check the account's credit",
        403: "check what the API key is allowed to do",
        404: f"check the model's name ({settings.model}) and the base URL",
    }
    if status == 429 and "quota" in message:
        return RefusedRequest(status, message, "check the account's quota")
    if status in PASSING_STATUS:
        return UnreachableModel(where, f"status {status} in {settings.attempts} attempts: {message}")
    return RefusedRequest(status, message, advice.get(status, "see the provider's documentation of this status"))


def _without_login(url: str) -> str:
    """A URL without user and password; anything else as it is."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if parts.netloc else url


def _proxy(settings: Settings) -> str | None:
    """The proxy that the environment names for the endpoint, as the client would use without a transport of ours."""
    target = urlsplit(settings.base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1")
    if not target.hostname or proxy_bypass(target.hostname):
        return None
    return getproxies().get(target.scheme) or getproxies().get("all")


def _problems(error: ValueError) -> str:
    """What was wrong with an answer, on one line."""
    if not isinstance(error, ValidationError):
        return str(error)[:2000]
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'answer'}: {e['msg']}" for e in error.errors())[:2000]
