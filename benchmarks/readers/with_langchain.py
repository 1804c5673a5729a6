"""LangChain, `with_structured_output`: https://docs.langchain.com/oss/python/langchain/models#structured-output."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from langchain_openai import ChatOpenAI

from benchmarks.readers.material import KEY, MODEL, Place, each, question
from benchmarks.readers.notes import ArticleNotes, demands_in


def prepare(place: Place) -> Callable[[int], int]:
    """A chat model bound to a pydantic type, which it asks for as a JSON schema."""
    asked = question(place.folder)
    model = ChatOpenAI(model=MODEL, base_url=place.base_url, api_key=KEY).with_structured_output(ArticleNotes)

    async def ask(number: int) -> ArticleNotes:
        found: ArticleNotes = await model.ainvoke([("system", asked.system), ("human", asked.of(number))])
        return found

    return lambda count: demands_in(asyncio.run(each(ask, count, place.at_once)))
