"""Other ways to read an article for the same things, each as its makers show it.

`quoting` asks our own questions and has them answered by quotation. `short` is what somebody
writes with instructor in half an hour. `langextract` runs with its defaults, `langextract-large`
with the whole article in one piece: its pieces of 1,000 characters repeat description and example
with each, and cut what belongs together.
"""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal

import instructor
import openai
from pydantic import BaseModel, Field, create_model

from benchmarks.found import Found, by_quotation, quoted_in
from benchmarks.tape import PATIENCE
from summarizer import answers
from summarizer.days import with_weekday
from summarizer.models import Article
from summarizer.prompts import load_prompt

LARGE = 20_000
"""Characters: more than any article here has."""

Read = Callable[[Article], Awaitable[list[Found]]]


def ways(url: str, model: str) -> dict[str, Read]:
    """All ways to read an article through a server at `url`, by name."""
    key = os.environ.get("OPENAI_API_KEY", "none")
    client = openai.AsyncOpenAI(base_url=url, api_key=key, timeout=PATIENCE, max_retries=0)
    asking = instructor.from_openai(client)
    return {
        "quoting": partial(read_quoting, asking, model),
        "short": partial(read_short, asking, model),
        "langextract": partial(read_langextract, url, key, model, {}),
        "langextract-large": partial(read_langextract, url, key, model, {"max_char_buffer": LARGE}),
    }


# -------------------------------------------------------------- the same questions, quoting

Quotes = Annotated[tuple[str, ...], Field(min_length=1, description="Passages that show it, copied letter by letter")]


@cache
def quoting(kind: type[answers.Part]) -> type[BaseModel]:
    """A type of our answers with quotations for sentence numbers, and all else as it is."""
    fields: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        inner = next((arg for arg in _arguments(field.annotation) if issubclass(arg, answers.Part)), None)
        if name == "cites":
            fields["quotes"] = (Quotes, ...)
        elif name == "headline":
            fields[name] = (str | None, Field(default=None, description="The article's headline, copied, if any"))
        elif name == "boilerplate":
            about = "First words of all lines that aren't the story, copied"
            fields[name] = (tuple[str, ...], Field(default=(), description=about))
        elif inner:
            fields[name] = (tuple[quoting(inner), ...], field)  # type: ignore[misc]
        else:
            fields[name] = (field.annotation, field)
    about = (kind.__doc__ or "").replace("by sentence number", "by quotation")
    made: type[BaseModel] = create_model(kind.__name__, __base__=answers.Part, __doc__=about, **fields)
    return made


def _arguments(annotation: Any) -> list[type]:
    return [arg for arg in getattr(annotation, "__args__", ()) if isinstance(arg, type)]


async def read_quoting(client: instructor.AsyncInstructor, model: str, article: Article) -> list[Found]:
    """Our questions, as a plain instructor call."""
    prompt = load_prompt(Path(__file__).with_name("quoting.md")).render(
        title=article.title or "",
        publisher=article.publisher or "",
        published=with_weekday(article.published) if article.published else "",
        text=article.text.strip(),
        language="en",
    )
    notes: BaseModel = await client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        response_model=quoting(answers.ArticleNotes),
    )
    return list(quoted_in(article, notes))


# ------------------------------------------------------------------ written in half an hour

SHORT = """\
Extract what this news article says about who wants what from whom.

- actors: people, states and organisations that act or speak
- demands: somebody wants something of somebody (also conditions and what a party rules out)
- proposals: somebody offers or suggests something
- venues: calls, meetings, talks and visits, held or planned
- claims: important assertions that others may dispute, and who asserts or denies them
- events: what else happened, happens or will happen

Describe each in one sentence of your own. In quotes, copy the passages that show it, word for word.
Dates are YYYY-MM-DD; work them out from the date of publication.
"""

Copied = Annotated[list[str], Field(description="Verbatim passages of the article")]


class ShortActor(BaseModel):
    """Who acts or speaks."""

    name: str
    kind: Literal["person", "state", "organisation", "other"]
    office: str | None = None


class ShortDemand(BaseModel):
    """Somebody wants something."""

    what: str
    by: list[str]
    of: list[str]
    strength: Literal["call", "demand", "precondition", "red_line"]
    status: Literal["open", "met", "rejected", "withdrawn"]
    quotes: Copied


class ShortProposal(BaseModel):
    """Somebody offers something."""

    what: str
    by: list[str]
    to: list[str]
    in_exchange: str | None = None
    status: Literal["floated", "tabled", "accepted", "rejected", "withdrawn"]
    quotes: Copied


class ShortVenue(BaseModel):
    """An occasion to meet or speak."""

    what: str
    place: str | None = None
    date: str | None = None
    participants: list[str]
    status: Literal["past", "confirmed", "planned", "possible", "cancelled"]
    quotes: Copied


class ShortClaim(BaseModel):
    """An assertion that may be disputed."""

    what: str
    asserted_by: list[str]
    denied_by: list[str]
    quotes: Copied


class ShortEvent(BaseModel):
    """Something that happens."""

    what: str
    place: str | None = None
    date: str | None = None
    status: Literal["past", "ongoing", "planned", "possible", "cancelled"]
    quotes: Copied


class ShortNotes(BaseModel):
    """What the article says."""

    actors: list[ShortActor]
    demands: list[ShortDemand]
    proposals: list[ShortProposal]
    venues: list[ShortVenue]
    claims: list[ShortClaim]
    events: list[ShortEvent]


async def read_short(client: instructor.AsyncInstructor, model: str, article: Article) -> list[Found]:
    """Ten lines and some types."""
    published = f"Published: {article.published}\n\n" if article.published else ""
    title = f"{article.title}\n\n" if article.title else ""
    notes: ShortNotes = await client.chat.completions.create(
        model=model,
        messages=[
            {"role": "system", "content": SHORT},
            {"role": "user", "content": published + title + article.text.strip()},
        ],
        response_model=ShortNotes,
    )
    return list(quoted_in(article, notes))


# ------------------------------------------------------------------------------ langextract

DESCRIPTION = """\
Extract from news articles the actors, demands, proposals, venues, claims and events, in order of appearance.
A demand: somebody wants something of somebody, also a condition or what a party rules out.
A proposal: somebody offers or suggests something. A venue: a call, meeting, talks or visit, held or planned.
A claim: an important assertion that others may dispute. An event: what else happened, happens or will happen.
Use exact text for extractions. Do not paraphrase.
Give attributes that say what it means, who it is by and of, its status and when."""

EXAMPLE = (
    "The tram drivers' union of Lindow said on Tuesday that it would not return to work before the city withdraws "
    "its new rota. Mayor Jutta Prahl offered to suspend the rota for a month if the trams run by Friday. She will "
    "receive the union in the town hall on Wednesday. The union says that 214 drivers fell ill last year; the city "
    "disputes the figure. On Monday all nine lines stood still."
)
EXTRACTED: tuple[tuple[str, str, dict[str, str | list[str]]], ...] = (
    ("actor", "The tram drivers' union of Lindow", {"name": "tram drivers' union of Lindow", "kind": "organisation"}),
    (
        "demand",
        "it would not return to work before the city withdraws its new rota",
        {
            "what": "The union wants the city of Lindow to withdraw its new rota before drivers return to work.",
            "by": ["tram drivers' union of Lindow"],
            "of": ["city of Lindow"],
            "strength": "precondition",
            "status": "open",
        },
    ),
    ("actor", "Mayor Jutta Prahl", {"name": "Jutta Prahl", "kind": "person", "office": "mayor"}),
    (
        "proposal",
        "offered to suspend the rota for a month if the trams run by Friday",
        {
            "what": "Mayor Jutta Prahl offers to suspend the rota for a month.",
            "by": ["Jutta Prahl"],
            "to": ["tram drivers' union of Lindow"],
            "in_exchange": "the trams run by Friday",
            "status": "tabled",
        },
    ),
    (
        "venue",
        "receive the union in the town hall on Wednesday",
        {
            "what": "Jutta Prahl will receive the tram drivers' union in the town hall on Wednesday.",
            "participants": ["Jutta Prahl", "tram drivers' union of Lindow"],
            "place": "town hall",
            "when": "on Wednesday",
            "status": "planned",
        },
    ),
    (
        "claim",
        "214 drivers fell ill last year",
        {
            "what": "214 tram drivers of Lindow fell ill last year.",
            "asserted_by": ["tram drivers' union of Lindow"],
            "denied_by": ["city of Lindow"],
        },
    ),
    (
        "event",
        "On Monday all nine lines stood still",
        {"what": "All nine tram lines of Lindow stood still on Monday.", "when": "On Monday", "status": "past"},
    ),
)

_threads = ThreadPoolExecutor(max_workers=256, thread_name_prefix="langextract")


async def read_langextract(url: str, key: str, model: str, options: dict[str, Any], article: Article) -> list[Found]:
    """Langextract, called as its README calls it with a model of OpenAI's."""
    run = partial(_extract, url, key, model, options, article)
    return await asyncio.get_running_loop().run_in_executor(_threads, run)


def _extract(url: str, key: str, model: str, options: dict[str, Any], article: Article) -> list[Found]:
    import langextract as lx

    examples = [
        lx.data.ExampleData(
            text=EXAMPLE,
            extractions=[
                lx.data.Extraction(extraction_class=kind, extraction_text=text, attributes=attributes)
                for kind, text, attributes in EXTRACTED
            ],
        )
    ]
    config = lx.factory.ModelConfig(
        model_id=model, provider="openai", provider_kwargs={"api_key": key, "base_url": url}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that a model made beforehand has its schema already
        client: Any = lx.factory.create_model(config, examples=examples, use_schema_constraints=True)
        # What `extract` makes itself has no way to wait longer than ten minutes for an answer.
        client._client = client._client.with_options(timeout=PATIENCE, max_retries=0)
        found = lx.extract(
            text_or_documents=article.text,
            prompt_description=DESCRIPTION,
            examples=examples,
            model=client,
            show_progress=False,
            **options,
        )
    return [
        by_quotation(
            article, item.extraction_class, str((item.attributes or {}).get("what", "")), [item.extraction_text]
        )
        for item in found.extractions or ()
    ]
