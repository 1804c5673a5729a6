"""The benchmark of tokens: what it records, finds again in texts, and counts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.found import Found, locate
from benchmarks.pool import pooled, recall
from benchmarks.tape import running
from benchmarks.ways import ways
from summarizer import Article
from summarizer.testing import Asked, Reply, ScriptedModel

TEXT = "The union of Lindow will not return.\nThe mayor offered a pause of a month."


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        pytest.param("The mayor offered", "The mayor offered", id="as it stands"),
        pytest.param("not return. The mayor", "not return.\nThe mayor", id="over a line break"),
        pytest.param("The mayor refused", None, id="in other words"),
        pytest.param("  ", None, id="nothing"),
    ],
)
def test_locate(quote: str, stands: str | None) -> None:
    """A quotation is found where it stands letter by letter, however blanks are set, and nowhere else."""
    span = locate(quote, TEXT)
    assert (TEXT[slice(*span)] if span else None) == stands


def found(kind: str, *spans: tuple[int, int], article: str = "a.txt") -> Found:
    return Found(article=article, kind=kind, what="", spans=spans, quoted=len(spans))


def test_pool() -> None:
    """Things of one kind in one article are one where their evidence overlaps, also over a third thing's."""
    things = pooled(
        {
            "one": [found("demand", (0, 10)), found("demand", (20, 30)), found("event", (0, 10))],
            "two": [found("demand", (9, 21)), found("demand", (0, 10), article="b.txt"), found("claim")],
        }
    )
    assert sorted((thing.kind, sorted(thing.systems)) for thing in things) == [
        ("demand", ["one", "two"]),
        ("demand", ["two"]),
        ("event", ["one"]),
    ]
    assert recall(things, "one") == (2, 3)
    assert recall(things, "two", agreed=True) == (1, 1)


@pytest.mark.parametrize("system", ["quoting", "short"])
def test_tape(tmp_path: Path, system: str) -> None:
    """What was recorded through a tape is answered by it when the model is gone; what wasn't is refused."""
    quotes = ["The mayor offered a pause", "these words stand nowhere"]

    def reply(asked: Asked) -> Reply:
        event = {"what": "A pause was offered.", "quotes": quotes, "status": "past"}
        if asked.answer == "ArticleNotes":
            return {"language": "en", "machine_translated": False, "events": [event]}
        return {"actors": [], "demands": [], "proposals": [], "venues": [], "claims": [], "events": [event]}

    article, other = Article.of(TEXT, name="a.txt"), Article.of("Rain fell.", name="b.txt")

    def read(some: Article, base_url: str | None) -> list[Found]:
        with running(tmp_path, base_url) as tape:
            return asyncio.run(_read(ways(tape.url, "any")[system], some))

    with ScriptedModel(reply) as model:
        recorded = read(article, model.base_url)
    (event,) = recorded
    assert [TEXT[start:end] for start, end in event.spans] == quotes[:1]
    assert (event.quoted, event.lost) == (2, 1)
    assert read(article, None) == recorded
    with pytest.raises(Exception, match="to record it"):
        read(other, None)


async def _read(reader: object, article: Article) -> list[Found]:
    assert callable(reader)
    items: list[Found] = await reader(article)
    return items
