"""What a reply took and what a question would: tokens, money at list prices, the model's context."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from summarizer.models import Usage

UNKNOWN_CONTEXT = 32_768
"""Tokens that a model of unknown context is taken to have: what local servers commonly are started with."""


BATCHED = {"processing": "batch"}
"""What the price list calls an answer by the batch endpoint: half the price; all of it where no other is listed."""


def usage_of(response: Any, provider: str, *, batch: bool = False) -> Usage:
    """What one response took, at list prices, those of a `batch` if it came by one; None: no price is known."""
    import genai_prices  # 50 ms, and only a live or replayed run needs it

    raw = response.model_dump(warnings=False) if hasattr(response, "model_dump") else response
    raw = raw if isinstance(raw, dict) else {}
    flavor = "chat" if provider == "openai" else "default"
    try:
        if isinstance(name := raw.get("model"), str) and not _is_listed(provider, name):
            raise LookupError
        extracted = genai_prices.extract_usage(raw, provider_id=provider, api_flavor=flavor)
        used = extracted.usage
    except Exception:  # a reply may say anything about itself, and nothing that it says may cost the answer
        usage = raw.get("usage")
        said = usage if isinstance(usage, dict) else {}
        count = [n if isinstance(n := said.get(name), int) else 0 for name in ("prompt_tokens", "completion_tokens")]
        return Usage(requests=1, input_tokens=count[0], output_tokens=count[1], cost_usd=None)
    try:
        context = BATCHED if batch else None
        cost: Decimal | None = extracted.calc_price(price_context=context).total_price
    except (LookupError, ValueError):  # of a model that isn't listed
        cost = None
    return Usage(
        requests=1,
        input_tokens=used.input_tokens or 0,
        cached_tokens=used.cache_read_tokens or 0,
        output_tokens=used.output_tokens or 0,
        cost_usd=cost,
    )


def price_of(model: str, *, input_tokens: int, output_tokens: int, batch: bool = False) -> Decimal | None:
    """What so many tokens cost at list prices in US dollars, nothing cached; None if no price is known.

    `model` is PROVIDER/NAME; `batch` says that they go by the batch endpoint.
    """
    import genai_prices

    provider, _, name = model.partition("/")
    used = genai_prices.Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        context = BATCHED if batch else None
        return genai_prices.calc_price(used, name, provider_id=provider, price_context=context).total_price
    except LookupError:
        return None


@lru_cache(maxsize=64)
def _is_listed(provider: str, name: str) -> bool:
    """Whether the price list has a model; to find that it hasn't takes it longer than all else that a reply needs."""
    import genai_prices

    try:
        genai_prices.calc_price(genai_prices.Usage(), name, provider_id=provider)
    except (LookupError, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def context_of(model: str) -> int:
    """Tokens that prompt and answer may have together, as known for PROVIDER/NAME."""
    import genai_prices

    provider, _, name = model.partition("/")
    try:
        known = genai_prices.calc_price(genai_prices.Usage(), name, provider_id=provider).model.context_window
    except LookupError:
        known = None
    return known or UNKNOWN_CONTEXT
