"""LangExtract: https://github.com/google/langextract, "Using OpenAI Models"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import langextract as lx

from benchmarks.readers.material import KEY, MODEL, Place, text_of

PROMPT = """\
Extract from a news article who acts (actor), what one party demands of another (demand), what is offered or
suggested (proposal), occasions on which parties meet or speak (venue), consequential assertions with who asserts,
confirms or denies them (claim), and what happened, happens or will (event), in order of appearance. Use exact text of
the article for extractions, don't paraphrase. Give each what is to be known of it as attributes."""

TEXT = (
    "The ferries must be back by May, Ines Olm said on Monday. The port offered two boats for June. Both sides meet "
    "at the customs house on Friday. There was never a strike, the harbour master said. Rain closed the quay."
)


def examples() -> list[Any]:
    """One text with what is to be extracted of it, in order of appearance, as its prompts ask for."""
    first, second, third, fourth, fifth = TEXT.split(". ")
    demand, _, who = first.partition(", ")

    def found(of: str, text: str, **attributes: str) -> Any:
        return lx.data.Extraction(extraction_class=of, extraction_text=text, attributes=attributes)

    made = [
        found("demand", demand, what="Ines Olm demands ferries by May.", strength="demand", status="open"),
        found("actor", who[:8], kind="person"),
        found("proposal", second, what="The port offers two boats.", status="tabled"),
        found("venue", third, kind="meeting", place="customs house", status="planned"),
        found("claim", fourth, what="There was no strike.", stances="asserts: the harbour master"),
        found("event", fifth, what="The quay was closed.", status="past"),
    ]
    return [lx.data.ExampleData(text=TEXT, extractions=made)]


def prepare(place: Place) -> Callable[[int], int]:
    """Its defaults, but for as many workers as there may be requests under way: pieces of 1,000 characters."""
    return _prepare(place)


def prepare_whole(place: Place) -> Callable[[int], int]:
    """One piece an article, and as many pieces a batch as keep its workers busy."""
    return _prepare(place, max_char_buffer=8000, batch_length=8 * place.at_once)


def _prepare(place: Place, **options: Any) -> Callable[[int], int]:
    model = lx.factory.create_model(
        lx.factory.ModelConfig(
            model_id=MODEL,
            provider="OpenAILanguageModel",
            provider_kwargs={"api_key": KEY, "base_url": place.base_url, "max_workers": place.at_once},
        ),
        examples=examples(),
        use_schema_constraints=True,
    )

    def read(count: int) -> int:
        documents: Iterable[Any] = (lx.data.Document(text=text_of(number)) for number in range(count))
        read = lx.extract(
            text_or_documents=documents,
            prompt_description=PROMPT,
            examples=examples(),
            model=model,
            max_workers=place.at_once,
            use_schema_constraints=False,  # the model has them
            show_progress=False,
            **{"batch_length": place.at_once, **options},
        )
        return sum(extraction.extraction_class == "demand" for document in read for extraction in document.extractions)

    return read
