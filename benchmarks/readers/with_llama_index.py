"""LlamaIndex: https://developers.llamaindex.ai/python/framework/understanding/extraction/structured_llms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from llama_index.core.llms import ChatMessage
from llama_index.llms.openai import OpenAI

from benchmarks.readers.material import KEY, MODEL, Place, each, question
from benchmarks.readers.notes import ArticleNotes, demands_in


def prepare(place: Place) -> Callable[[int], int]:
    """A structured LLM over a pydantic type."""
    asked = question(place.folder)
    llm = OpenAI(model=MODEL, api_base=place.base_url, api_key=KEY).as_structured_llm(ArticleNotes)

    async def ask(number: int) -> ArticleNotes:
        reply = await llm.achat(
            [ChatMessage(role="system", content=asked.system), ChatMessage(role="user", content=asked.of(number))]
        )
        found: ArticleNotes = reply.raw
        return found

    return lambda count: demands_in(asyncio.run(each(ask, count, place.at_once)))
