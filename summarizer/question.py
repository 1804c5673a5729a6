"""A question, what determines its answer, and what goes on about it while it is asked."""

from __future__ import annotations

import hashlib
import json
import math
import os
import zlib
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, Generic, TypeVar

from summarizer.answers import Answer, Check, schema_of
from summarizer.budget import Hold
from summarizer.cassette import Stamp
from summarizer.journal import key_of
from summarizer.models import Article, Usage
from summarizer.prompts import Message, Prompt
from summarizer.settings import Settings
from summarizer.tokens import MARGIN, estimate_tokens
from summarizer.transport import Call
from summarizer.usage import context_of
from summarizer.verdict import Limits, endpoint_of

A = TypeVar("A", bound=Answer)

OVERHEAD = 50
"""Tokens of a request that are neither prompt nor schema."""
LOOP = 0.05
"""An answer that was cut and packs to less than this share of its length repeats itself: the shipped answers
and their halves pack to 0.27 and more (`python -m benchmarks.answers`)."""


@cache
def schema_sha256(answer: type[Answer]) -> str:
    """Hash of an answer's JSON schema."""
    return hashlib.sha256(json.dumps(schema_of(answer), sort_keys=True).encode()).hexdigest()


@cache
def schema_tokens(answer: type[Answer]) -> int:
    """Tokens of an answer's JSON schema, as estimated."""
    return estimate_tokens(json.dumps(schema_of(answer)))


def context_for(settings: Settings) -> int:
    """Tokens that prompt and answer may have together."""
    return settings.context or context_of(settings.model)


def limits_of(settings: Settings) -> Limits:
    """What one question may take, as far as that is known before anything is asked."""
    own = settings.base_url or os.environ.get("OPENAI_BASE_URL") or not settings.model.startswith("openai/")
    parameter = "max_tokens" if own else "max_completion_tokens"
    return Limits(parameter, min(settings.max_output, context_for(settings) // 3))


def room_for(prompt: Prompt, answer: type[Answer], settings: Settings) -> int:
    """Tokens, as estimated, that the material of a question may have to fit the model's context with its answer."""
    fixed = _instruction_tokens(prompt.system) + schema_tokens(answer) + OVERHEAD
    return max(0, math.floor((context_for(settings) - limits_of(settings).output) / MARGIN) - fixed)


@lru_cache(maxsize=64)
def _instruction_tokens(system: str) -> int:
    """Of instructions, which don't change from one article to the next."""
    return estimate_tokens(system)


@dataclass(frozen=True)
class Question(Generic[A]):
    """One thing to ask."""

    message: Message
    answer: type[A]
    check: Check
    article: Article | None
    divisible: bool = False
    """Whether it can be asked in parts."""

    @property
    def prompt(self) -> str:
        """The prompt's name."""
        return self.message.prompt.name

    @cached_property
    def key(self) -> tuple[str, ...]:
        """What determines the answer, but for who gives it: prompt with material, schema, the article's characters."""
        text = self.article.sha256 if self.article else ""
        return self.prompt, self.message.system, self.message.user, schema_sha256(self.answer), text

    @cached_property
    def tokens(self) -> int:
        """Of prompt and schema, as estimated."""
        said = _instruction_tokens(self.message.system) + estimate_tokens(self.message.user)
        return said + schema_tokens(self.answer) + OVERHEAD

    @property
    def stamp(self) -> Stamp:
        """What a recording of the answer is stamped with."""
        return Stamp(
            prompt=self.prompt,
            prompt_sha256=self.message.prompt.sha256,
            answer=self.answer.__name__,
            schema_sha256=schema_sha256(self.answer),
            article=self.article.name if self.article else None,
            article_sha256=self.article.sha256 if self.article else None,
        )


def key_for(question: Question[A], settings: Settings) -> str:
    """Under which the journal keeps an answer: what determines it, and who gives it."""
    return key_of(settings.model, endpoint_of(settings), *question.key)


def parts_key_for(key: str, settings: Settings) -> str:
    """Under which the journal keeps that a question has to be asked in parts: with today's limits it may not."""
    return key_of(key, str(settings.max_output), str(settings.context))


@dataclass
class Exchange:
    """What goes on about one question."""

    call: Call
    hold: Hold
    attempts: int = 0
    """Times the model was asked, re-asks included."""
    last: Any = None
    """The last completion that came back, as an object or as JSON."""
    usage: Usage = field(default_factory=Usage)
    """What the last completion took."""

    @property
    def refusal(self) -> str | None:
        """What the model said instead of answering; None if it did not refuse."""
        choice = self._choice
        if refused := getattr(getattr(choice, "message", None), "refusal", None):
            return str(refused)[:500]
        return "content filter" if getattr(choice, "finish_reason", None) == "content_filter" else None

    @property
    def loops(self) -> bool:
        """Whether the last completion repeats itself."""
        message = getattr(self._choice, "message", None)
        calls = getattr(message, "tool_calls", None)
        function = getattr(calls[0], "function", None) if calls else None
        said = getattr(function, "arguments", None) if calls else getattr(message, "content", None)
        told = str(said or "").encode("utf-8", "replace")
        return len(told) > 2000 and len(zlib.compress(told)) < LOOP * len(told)

    @property
    def answered_by(self) -> str:
        """The model that answered, as the last completion has it; empty if it doesn't say."""
        last = self.last
        return str((last.get("model") if isinstance(last, dict) else getattr(last, "model", None)) or "")

    @property
    def _choice(self) -> Any:
        choices = getattr(self.last, "choices", None)
        return choices[0] if choices else None
