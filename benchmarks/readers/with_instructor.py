"""Instructor, plain: https://python.useinstructor.com."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import instructor

from benchmarks.readers.material import KEY, MODEL, Place, each, question
from benchmarks.readers.notes import ArticleNotes, demands_in


def prepare(place: Place) -> Callable[[int], int]:
    """A client made from a provider's name, asked with `response_model`."""
    client = instructor.from_provider(f"openai/{MODEL}", async_client=True, base_url=place.base_url, api_key=KEY)
    asked = question(place.folder)

    async def ask(number: int) -> ArticleNotes:
        found: ArticleNotes = await client.create(
            response_model=ArticleNotes,
            messages=[{"role": "system", "content": asked.system}, {"role": "user", "content": asked.of(number)}],
        )
        return found

    return lambda count: demands_in(asyncio.run(each(ask, count, place.at_once)))
