"""BAML, its compiled core called through the client that `baml-cli generate` makes: https://docs.boundaryml.com."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from baml_client.async_client import b
from baml_py import ClientRegistry

from benchmarks.readers.material import KEY, MODEL, Place, each, question


def prepare(place: Place) -> Callable[[int], int]:
    """A function of `baml_src/notes.baml`, its model named when it is called."""
    asked = question(place.folder)
    registry = ClientRegistry()
    options = {"base_url": place.base_url, "model": MODEL, "api_key": KEY}
    registry.add_llm_client("stub", "openai-generic", options)
    registry.set_primary("stub")
    client = b.with_options(client_registry=registry)

    async def ask(number: int) -> Any:
        return await client.ReadArticle(asked.system, asked.of(number))

    return lambda count: sum(len(notes.demands) for notes in asyncio.run(each(ask, count, place.at_once)))
