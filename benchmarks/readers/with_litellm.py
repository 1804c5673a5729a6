"""LiteLLM: https://docs.litellm.ai/docs/completion/json_mode."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or the import fetches a list of prices

from litellm import acompletion

from benchmarks.readers.material import KEY, MODEL, Place, each, question
from benchmarks.readers.notes import ArticleNotes, demands_in


def prepare(place: Place) -> Callable[[int], int]:
    """`acompletion` with a pydantic type as `response_format`, the reply's text validated by it."""
    asked = question(place.folder)

    async def ask(number: int) -> ArticleNotes:
        reply = await acompletion(
            model=f"openai/{MODEL}",
            api_base=place.base_url,
            api_key=KEY,
            messages=[{"role": "system", "content": asked.system}, {"role": "user", "content": asked.of(number)}],
            response_format=ArticleNotes,
        )
        return ArticleNotes.model_validate_json(reply.choices[0].message.content)

    return lambda count: demands_in(asyncio.run(each(ask, count, place.at_once)))
