"""Verdicts: what a provider's error comes to, in this package's own errors.

Providers word one thing in many ways; the patterns here are those of OpenAI, Azure, Anthropic,
OpenRouter, vLLM, llama.cpp and Ollama. Knows no client: errors are told by their attributes.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
from pydantic import ValidationError

from summarizer.errors import (
    DeclinedQuestion,
    LongPrompt,
    ModelError,
    RefusedRequest,
    RejectedAnswer,
    SummarizerError,
    UnreachableModel,
)
from summarizer.secrets import scrub, without_login
from summarizer.settings import Settings
from summarizer.text import flatten
from summarizer.transport import USED_UP, passes

ADVICE = {
    401: "check the API key",
    402: "check the account's credit",
    403: "check what the API key is allowed to do",
    404: "check the model's name ({model}) and the base URL",
}
"""Statuses that say no to every question alike, and what to do."""

FILTERED = re.compile(r"content[_ ](?:filter|policy|management)|moderation|flagged|safety (?:system|policy)", re.I)
TOO_LONG = re.compile(
    r"context[_ ](?:length|size|window)|prompt is too long|(?:input|prompt|request) (?:is )?too (?:long|large)"
    r"|too many (?:input )?tokens|reduce the length",
    re.I,
)
CONTEXT = re.compile(r"(?:maximum context length|context (?:size|window|length))\D{0,30}?(\d[\d,]*)", re.I)
SENT = re.compile(
    r"(?:resulted in|requested|contains?|has|request of)\s+(?:about\s+)?(\d[\d,]*)\s+(?:\w+\s+)?tokens", re.I
)
OUTPUT = re.compile(
    r"at most (\d[\d,]*) (?:completion|output) tokens|max_(?:completion_)?tokens: \d+ > (\d[\d,]*)", re.I
)
PARAMETER = re.compile(
    r"(?:unsupported|unknown|unrecognized|not (?:supported|permitted)|extra inputs).{0,80}?max_(?:completion_)?tokens"
    r"|max_(?:completion_)?tokens.{0,80}?(?:unsupported|unknown|unrecognized|not (?:supported|permitted)|extra inputs)",
    re.I | re.S,
)


@dataclass
class Limits:
    """What an endpoint lets one question take; corrected by what it says when it refuses one."""

    parameter: str
    """How it calls the limit on an answer's length."""
    output: int
    """Tokens that one answer may have."""
    swapped: bool = False

    def learn(self, message: str) -> bool:
        """Take in what a refusal says; returns whether the same question may go through now."""
        if PARAMETER.search(message) and not self.swapped:
            self.parameter = "max_tokens" if self.parameter == "max_completion_tokens" else "max_completion_tokens"
            self.swapped = True
            return True
        told = next((_number(group) for match in OUTPUT.finditer(message) for group in match.groups() if group), None)
        if told is None and (context := _told(CONTEXT, message)):
            told = context // 3
        if told is not None and (least := max(256, told)) < self.output:
            self.output = least
            return True
        return False


def explain(error: BaseException, *, prompt: str, settings: Settings, attempts: int) -> SummarizerError:
    """This package's own error for what lies at the bottom of another's; no key is in its text.

    Args:
        error: what was raised by a provider's client.
        prompt: name of the prompt that was asked.
        settings: model, endpoint and key of the run.
        attempts: times the question was asked.
    """
    chain = list(_causes(error))
    where = endpoint_of(settings)
    for cause in chain:
        if isinstance(cause, SummarizerError):
            return cause
    for cause in chain:
        status = getattr(cause, "status_code", None)
        if isinstance(status, int):  # every provider's client has it on its errors of HTTP status
            return _refusal(status, cause, prompt=prompt, settings=settings, where=where)
        if isinstance(cause, httpx2.HTTPError) or "Connection" in type(cause).__name__:
            bottom = f"{type(chain[-1]).__name__}: {scrub(chain[-1], settings)}".removesuffix(": ")
            advice = "; check the base URL and the network" if "Connect" in type(cause).__name__ else ""
            return UnreachableModel(where, f"{settings.attempts} attempts, the last: {bottom}{advice}")
    for cause in chain:
        if isinstance(cause, ValueError):
            return RejectedAnswer(prompt, attempts, scrub(_problems(cause), settings))
    return ModelError(f"prompt {prompt!r}: {type(chain[-1]).__name__}: {scrub(chain[-1], settings)}")


def _refusal(status: int, cause: BaseException, *, prompt: str, settings: Settings, where: str) -> ModelError:
    """What an HTTP status means, and what to do."""
    message = flatten(scrub(cause, settings))[:400]  # a gateway's page goes on for ever
    said = f"{message} {getattr(cause, 'code', '') or ''}"
    if status == 429 and any(words.decode() in f"{said} {getattr(cause, 'body', '')}" for words in USED_UP):
        return RefusedRequest(status, message, "check the account's quota")
    if passes(status):
        return UnreachableModel(where, f"status {status} in {settings.sendings} attempts: {message}")
    if status in (400, 403, 422) and FILTERED.search(said):
        return DeclinedQuestion(prompt, "the endpoint's content filter", message)
    if status == 413 or (status in (400, 422) and TOO_LONG.search(said)):
        return LongPrompt(prompt, message, _parts(message))
    if status in ADVICE:
        return RefusedRequest(status, message, ADVICE[status].format(model=settings.model))
    return DeclinedQuestion(prompt, f"the endpoint ({status})", message, status=status)


def plain_refusal(status: int, body: bytes) -> str | None:
    """A refusal of a prompt for its length, in words of our own, as it may be recorded; None if it is another one."""
    said = body[:10_000].decode("utf-8", "replace")
    if status != 413 and not (status in (400, 422) and TOO_LONG.search(said)):
        return None
    context, sent = _told(CONTEXT, said), _told(SENT, said)
    told = f"; maximum context length {context}, request has {sent} tokens" if context and sent else ""
    return json.dumps({"error": {"message": f"prompt is too long{told}", "code": "context_length_exceeded"}})


def _parts(message: str) -> int:
    """In how many parts a question may fit, from what a refusal says of context and length."""
    context, sent = _told(CONTEXT, message), _told(SENT, message)
    if not context or not sent or sent <= context:
        return 2
    return min(64, max(2, math.ceil(2 * sent / context)))


def _told(pattern: re.Pattern[str], message: str) -> int | None:
    match = pattern.search(message)
    return _number(match[1]) if match else None


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and everything it was raised from, outermost first."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _problems(error: ValueError) -> str:
    """What was wrong with an answer, on one line."""
    if not isinstance(error, ValidationError):
        return str(error)[:2000]
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'answer'}: {e['msg']}" for e in error.errors())[:2000]


def endpoint_of(settings: Settings) -> str:
    """What answers: a URL without login, else the model's name."""
    return without_login(settings.base_url or os.environ.get("OPENAI_BASE_URL") or "") or settings.model
