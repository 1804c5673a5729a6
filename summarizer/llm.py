"""The model at the other end: one question put to it, its answer made valid or the reason why not.

With `completions` the only file that imports instructor or openai. Two loops, kept apart: an invalid answer
is sent back with what is wrong with it (instructor), a fault of the transport is tried
again underneath (tenacity), where neither the provider's client nor a cassette sees it.
"""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
import instructor
import openai
from instructor.core import IncompleteOutputException, InstructorError, InstructorRetryException
from instructor.core.hooks import HookName, Hooks
from openai.types.chat import ChatCompletion
from pydantic import ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema
from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt

from summarizer.account import Account
from summarizer.answers import Answer, checked_by, schema_of
from summarizer.cassette import Cassette, CassetteTransport, stamped
from summarizer.completions import Completions, having
from summarizer.connections import Connections
from summarizer.errors import CutAnswer, DeclinedQuestion, EndlessAnswer, InvalidSettings, NoModel
from summarizer.question import Exchange, Question
from summarizer.secrets import own_secrets, scrub
from summarizer.settings import Settings
from summarizer.throttle import Throttle
from summarizer.transport import RetryingTransport, calling, let_go
from summarizer.usage import usage_of
from summarizer.verdict import Limits, explain

if TYPE_CHECKING:
    from summarizer.batch import BatchTransport, Told

A = TypeVar("A", bound=Answer)


class Model:
    """One model behind its provider's client."""

    def __init__(
        self,
        settings: Settings,
        *,
        cassette: Cassette | None,
        throttle: Throttle,
        account: Account,
        told: Told | None = None,
    ) -> None:
        """Make the client; nothing is sent yet. `told` hears how batches stand.

        Raises:
            NoModel: if there is no key, no server and no recordings to answer.
            InvalidSettings: if the provider can't be used so.
            JournalError: if batches can't be written down.
        """
        self.settings = settings
        self._told = told
        self._batches: BatchTransport | None = None
        self.account = account
        self.throttle = throttle
        self.provider = settings.model.partition("/")[0]
        self._endpoint: Completions | None = None
        self._transport = self._make_transport(cassette)
        with _hushed():
            self._create = self._make_client(recorded=cassette is not None)

    async def aclose(self, *, ended: bool = True) -> None:
        """Close the connections; a run that has not `ended` may be gone on with by another."""
        if self._batches is not None and ended:
            self._batches.forget()
        await self._transport.aclose()

    async def converse(
        self,
        question: Question[A],
        exchange: Exchange,
        limits: Limits,
        *,
        before: Callable[[], Awaitable[None]],
        after: Callable[[], None],
    ) -> A:
        """Ask, and have the answer mended; `exchange` says all along what is going on.

        `before` is awaited before every attempt, and may put a stop to it by raising. `after`
        is called when a completion came back, with the exchange's `last` and `usage` set.

        Raises:
            SummarizerError: of the family `ModelError` or `CassetteError`, if no valid answer could be had.
        """
        had: list[ChatCompletion] = []  # the first completion, where it was no good answer

        async def begin() -> None:
            exchange.attempts += 1
            self.account.mended += exchange.attempts > 1
            await before()

        async def begin_again(state: RetryCallState) -> None:
            if not (had and state.attempt_number == 1):
                await begin()

        def arrive(response: Any) -> None:
            """Note one response's usage, before instructor adds up its attempts in place."""
            exchange.last = response
            if not (had and response is had[0]):
                exchange.usage = usage_of(response, self.provider, batch=self.settings.batch)
                after()

        def mendable(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            return isinstance(error, ValueError) and not exchange.refusal  # pydantic's and instructor's parse errors

        messages = [
            {"role": "system", "content": question.message.system},
            {"role": "user", "content": question.message.user},
        ]
        bound: dict[str, Any] = {limits.parameter: limits.output}
        form = _prepared(question.answer)
        with (
            self._explained(question, exchange),
            checked_by(question.check),
            stamped(lambda: question.stamp),
            calling(exchange.call),
        ):
            if self._endpoint is not None:
                await begin()
                reply = await self._endpoint.ask(form, messages, bound)
                arrive(reply)
                if (good := _answer_in(reply, question.answer)) is not None:
                    return good
                had.append(ChatCompletion.construct(**reply))
            hooks = Hooks()
            hooks.on(HookName.COMPLETION_RESPONSE, arrive)
            retrying = AsyncRetrying(
                stop=stop_after_attempt(self.settings.reasks + 1), retry=mendable, before=begin_again, reraise=True
            )
            try:
                with _hushed(), having(had):
                    answer: A = await self._create(
                        messages=messages, response_model=form, max_retries=retrying, hooks=hooks, **bound
                    )
            finally:
                let_go(retrying)
        for name in answer.__dict__.keys() - type(answer).model_fields.keys():
            del answer.__dict__[name]  # instructor's: it would keep every reply and its usage for as long as the answer
        return answer

    @contextmanager
    def _explained(self, question: Question[A], exchange: Exchange) -> Iterator[None]:
        """Have what instructor and the client raise say what it comes to."""
        try:
            yield
        except IncompleteOutputException as error:
            if exchange.refusal:
                raise DeclinedQuestion(question.prompt, "the model", exchange.refusal) from None
            if exchange.loops:
                raise EndlessAnswer(question.prompt, exchange.usage.output_tokens) from None
            raise CutAnswer(question.prompt) from error
        except (InstructorRetryException, openai.OpenAIError, httpx2.HTTPError) as error:
            if exchange.refusal:
                reason = scrub(exchange.refusal, self.settings)
                raise DeclinedQuestion(question.prompt, "the model", reason) from None
            # From None: what instructor and the client raised holds the request, and what the provider said.
            raise explain(error, prompt=question.prompt, settings=self.settings, attempts=exchange.attempts) from None

    # ------------------------------------------------------------------ how it is built

    @property
    def counts_requests(self) -> bool:
        """Whether requests go through our own transport, where each waits for its turn."""
        return self.provider == "openai"

    def _make_transport(self, cassette: Cassette | None) -> httpx2.AsyncBaseTransport:
        settings = self.settings
        if settings.replay and cassette is not None:
            return CassetteTransport(cassette, None, self.account)
        try:
            wire = Connections(verify=_ssl_context(), proxy=_proxy(settings))
        except ValueError:
            # Not its own words: a proxy's URL may hold a login.
            raise InvalidSettings("the proxy that the environment names (HTTPS_PROXY …) can't be used") from None
        live = self._batched(wire) if settings.batch else self._retried(wire)
        return CassetteTransport(cassette, live, self.account) if cassette is not None else live

    def _retried(self, wire: httpx2.AsyncBaseTransport) -> httpx2.AsyncBaseTransport:
        settings = self.settings
        return RetryingTransport(
            wire,
            attempts=settings.attempts,
            timeout=settings.timeout,
            longest_wait=settings.longest_wait,
            throttle=self.throttle,
            account=self.account,
            secrets=tuple(own_secrets(settings)),
        )

    def _batched(self, wire: httpx2.AsyncBaseTransport) -> httpx2.AsyncBaseTransport:
        from summarizer.batch import BatchTransport  # noqa: PLC0415 - a run without batches needs none of it

        self._batches = BatchTransport(wire, self.settings, self.account, self._told)
        return self._batches

    def _make_client(self, *, recorded: bool) -> Callable[..., Awaitable[Any]]:
        """What asks, and re-asks: instructor's `create`."""
        settings = self.settings
        options: dict[str, Any] = {}
        if settings.base_url:
            options["base_url"] = settings.base_url
        if settings.api_key:
            options["api_key"] = settings.api_key.get_secret_value().strip()
        if self.provider == "openai":
            if settings.replay:
                options |= {"api_key": "replay", "base_url": settings.base_url or "http://model.invalid/v1"}
            elif "api_key" not in options and "OPENAI_API_KEY" not in os.environ:
                if not (settings.base_url or os.environ.get("OPENAI_BASE_URL")):
                    raise NoModel(settings.model)
                options["api_key"] = "none"
        elif recorded:
            raise InvalidSettings(
                f"recording and replay work through OpenAI-compatible endpoints, not {self.provider!r}: "
                f"use --model openai/NAME, with --base-url for a server other than OpenAI's"
            )
        try:
            if self.provider == "openai":
                http = httpx2.AsyncClient(transport=self._transport, timeout=settings.timeout)
                client = openai.AsyncOpenAI(http_client=http, **options)
                self._endpoint = Completions(client, http, settings.model.partition("/")[2])
                return partial(instructor.patch(create=self._endpoint.create), model=self._endpoint.model)
            other = instructor.from_provider(settings.model, async_client=True, **options)
        except (ValueError, ImportError, openai.OpenAIError, InstructorError) as error:
            said = scrub(error, settings)
            raise InvalidSettings(f"model {settings.model!r} can't be used: {said}") from None
        return other.create


@cache
def _ssl_context() -> ssl.SSLContext:
    """The one set of certificates; reading it takes 50 ms."""
    return httpx2.create_ssl_context()


def _answer_in(reply: Mapping[str, Any], answer: type[A]) -> A | None:
    """The answer in a reply; None if there is anything amiss, which is instructor's to say."""
    try:
        choice = reply["choices"][0]
        message = choice["message"]
        if choice.get("finish_reason") == "length" or message.get("refusal") is not None:
            return None
        return answer.model_validate_json(message["tool_calls"][0]["function"]["arguments"], strict=True)
    except (LookupError, TypeError, AttributeError, ValueError):
        return None


@cache
def _prepared(answer: type[A]) -> type[A]:
    """A type that instructor takes for the answer's, and finds no fields in.

    It is made once, and validates to the answer itself. Given the answer's own, instructor walks
    all types in it four times a call, which took a third of a reading.
    """

    class Form(instructor.ResponseSchema):
        model_config = ConfigDict(title=answer.__name__)  # what pydantic calls it in what is said to the model

        @classmethod
        def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
            return handler(answer)

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return {**schema_of(answer)}

    Form.__name__, Form.__doc__ = answer.__name__, answer.__doc__
    return cast(type[A], Form)


def _proxy(settings: Settings) -> str | None:
    """The proxy that the environment names for the endpoint, as the client would use without a transport of ours."""
    target = urlsplit(settings.base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1")
    if not target.hostname or proxy_bypass(target.hostname):
        return None
    named = getproxies().get(target.scheme) or getproxies().get("all")
    return f"http://{named}" if named and "://" not in named else named


# ---------------------------------------------------------------- what instructor would log

_ours: ContextVar[bool] = ContextVar("ours", default=False)


class _Hush(logging.Filter):
    """Drops what instructor logs about our questions: it repeats what providers say, keys and texts included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let pass what others ask."""
        return not _ours.get()


for _name in ("instructor", "instructor.v2", "instructor.v2.retry", "instructor.auto_client"):
    logging.getLogger(_name).addFilter(_Hush())


@contextmanager
def _hushed() -> Iterator[None]:
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)
