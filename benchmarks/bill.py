"""What asking took: tokens of what went over the wire, and their list price."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import genai_prices

from summarizer.cassette import Recording

LEAST_CACHED, STEP = 1024, 128
"""Tokens from which OpenAI caches what prompts begin with, and the step in which it does."""


@dataclass(frozen=True)
class Bill:
    """Of a number of requests, in tokens."""

    requests: int = 0
    prompt: int = 0
    """Tools and schemas included."""
    prefix: int = 0
    """With which every one of the prompts begins."""
    answer: int = 0

    @property
    def cached(self) -> int:
        """What of the prompts a provider's cache can serve: of all requests but the first."""
        return self.prefix // STEP * STEP * (self.requests - 1) if self.prefix >= LEAST_CACHED else 0

    def cost(self, model: str, *, cached: bool) -> float:
        """US dollars at the list price of a model of OpenAI's."""
        used = genai_prices.Usage(
            input_tokens=self.prompt,
            cache_read_tokens=self.cached if cached else 0,
            output_tokens=self.answer,
        )
        return float(genai_prices.calc_price(used, model, provider_id="openai").total_price)


def bill(recordings: Iterable[Recording]) -> Bill:
    """What recorded requests and their answers took."""
    prompts, answers = [], []
    for recording in recordings:
        prompts.append(prompt_text(json.loads(recording.body)))
        answers.append(answer_text(json.loads(recording.reply)))
    return Bill(
        requests=len(prompts),
        prompt=sum(map(count, prompts)),
        prefix=count(os.path.commonprefix(prompts)),  # noqa: RUF071 - characters are meant
        answer=sum(map(count, answers)),
    )


def prompt_text(body: dict[str, Any]) -> str:
    """All that a model reads of a request: tools or schema, which providers put first, then the messages."""
    forms = [body[name] for name in ("tools", "response_format") if body.get(name)]
    parts = [json.dumps(form, ensure_ascii=False, separators=(",", ":")) for form in forms]
    for message in body["messages"]:
        parts.append(f"{message['role']}\n{message.get('content') or ''}")
        parts += [call["function"]["arguments"] for call in message.get("tool_calls") or ()]
    return "\n".join(parts)


def answer_text(reply: dict[str, Any]) -> str:
    """All that a model wrote: the arguments of its calls, or what it said; JSON without blanks.

    The blanks in recorded answers are the relay's, which wrote down what it was handed as an object.
    """
    message = reply["choices"][0]["message"]
    calls = message.get("tool_calls") or ()
    told = [message.get("content") or "", *(call["function"]["arguments"] for call in calls)]
    return "\n".join(map(_compact, told)).strip()


def _compact(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        return text


@cache
def _tokenizer() -> Any:
    from rs_bpe.bpe import openai

    return openai.o200k_base()


def count(text: str) -> int:
    """Tokens of a text, by `o200k_base`."""
    return int(_tokenizer().count(text))
