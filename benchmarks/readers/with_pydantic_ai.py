"""Pydantic AI: https://ai.pydantic.dev/output."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from benchmarks.readers.material import KEY, MODEL, Place, each, question
from benchmarks.readers.notes import ArticleNotes, demands_in


def prepare(place: Place) -> Callable[[int], int]:
    """An agent with an `output_type`, which it asks for as a tool."""
    asked = question(place.folder)
    model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=place.base_url, api_key=KEY))
    agent = Agent(model, output_type=ArticleNotes, instructions=asked.system)

    async def ask(number: int) -> ArticleNotes:
        found: ArticleNotes = (await agent.run(asked.of(number))).output
        return found

    return lambda count: demands_in(asyncio.run(each(ask, count, place.at_once)))
