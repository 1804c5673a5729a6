"""This project: the whole way from a text to checked notes, journal included (`extract_each`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from benchmarks.readers.material import KEY, MODEL, Place, text_of
from summarizer.desk import Desk
from summarizer.door import Door
from summarizer.extract import extract_each
from summarizer.models import Article, Problem
from summarizer.prompts import PromptBook
from summarizer.reading import ReadBundle
from summarizer.settings import Settings
from summarizer.sift import Bundle, Report


def prepare(place: Place) -> Callable[[int], int]:
    """What a run has before it reads the first article."""
    settings = Settings(
        model=f"openai/{MODEL}",
        base_url=place.base_url,
        api_key=KEY,
        concurrency=place.at_once,
        workspace=place.folder / "workspace",
    )
    desk = Desk(settings, PromptBook(None), Door(settings))

    demands = 0
    problems: list[Problem] = []

    def take(_: int, bundle: ReadBundle | None, failed: list[Problem]) -> None:
        nonlocal demands
        problems.extend(failed)
        demands += sum(len(reading.notes.demands) for reading in bundle.readings) if bundle else 0

    async def read(count: int) -> int:
        async with desk.door:
            bundles = (Bundle((Report(article(number)),)) for number in range(count))
            await extract_each(bundles, desk, take)
        if problems:
            raise RuntimeError(f"{len(problems)} articles were not read, the first one because: {problems[0].reason}")
        return demands

    return lambda count: asyncio.run(read(count))


def article(number: int) -> Article:
    """An article of a number, from 0."""
    return Article.of(
        text_of(number),
        name=f"{number:05}.txt",
        publisher="Meridian Wire",
        published=date(2031, 5, 12),
        language="en",
    )
