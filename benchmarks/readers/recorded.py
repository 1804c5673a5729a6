"""What the stub answers about an article: the notes that were recorded of the example's, or quotations of the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.readers.material import LINES, Question, example
from benchmarks.readers.ours import article
from summarizer.answers import ArticleNotes
from summarizer.extract import render_passage
from summarizer.passage import Passage
from summarizer.prompts import PromptBook
from summarizer.reading import all_notes
from summarizer.testing import Asked

RECORDINGS = Path(__file__).parents[2] / "cassettes/2031-05-12"


@cache
def notes(few: bool = False) -> str:
    """The recorded notes as JSON, 36 of them in 8.5 kB; or a few: one demand with its actors, 0.9 kB."""
    for path in sorted(RECORDINGS.glob("extract-*.json")):
        last = json.loads(path.read_text(encoding="utf-8"))["interactions"][-1]
        messages = json.loads(last["request"]["body"])["messages"]
        if example().split(".")[0] in messages[1]["content"]:
            reply = json.loads(last["response"]["body"]["string"])["choices"][0]["message"]
            recorded = str(reply["tool_calls"][0]["function"]["arguments"])
            return json.dumps(_some(json.loads(recorded))) if few else recorded
    raise RuntimeError(f"nothing in {RECORDINGS} is about the example's article; record it again")


def _some(found: dict[str, Any]) -> dict[str, Any]:
    """The first demand, and whom it is by and of."""
    demand = found["demands"][0]
    named = {*demand["by"], *demand.get("of", ())}
    named |= {actor["affiliation"] for actor in found["actors"] if actor["id"] in named and "affiliation" in actor}
    actors = [actor for actor in found["actors"] if actor["id"] in named]
    return {"language": "en", "machine_translated": False, "actors": actors, "demands": [demand]}


def demands(few: bool) -> int:
    """How many demands are in them."""
    return len(json.loads(notes(few))["demands"])


def leave(folder: Path) -> None:
    """Leave in a folder what all readers ask (`question.json`), and what the stub answers (`all.json`, `few.json`)."""
    passage = Passage.of(article(0))
    message = render_passage(passage, passage, PromptBook(None)["extract"], "en")
    sentences = passage.numbers.stop - 1 - LINES
    common = message.user[: message.user.index(f"[{sentences + 1}] ")]
    asked = Question(message.system, common, sentences)
    if asked.of(0).strip() != message.user.strip():
        raise RuntimeError("an article's own lines aren't its last sentences; the question can't be put together")
    (folder / "question.json").write_text(json.dumps(asdict(asked)), encoding="utf-8")
    (folder / "all.json").write_text(notes(), encoding="utf-8")
    (folder / "few.json").write_text(notes(few=True), encoding="utf-8")


@cache
def extractions(few: bool) -> tuple[dict[str, Any], ...]:
    """The recorded notes as langextract wants them: words of the article for each, in order, none of them twice.

    Notes that cite one sentence share its words out, which is kind: what it can't find word for word
    and in order langextract looks for a hundred times as long.
    """
    passage = Passage.of(article(0))
    found = ArticleNotes.model_validate_json(notes(few))
    noted: dict[int, list[tuple[str, dict[str, str]]]] = {}
    for actor in found.actors:
        place = next(place for name in (actor.name, *actor.spellings) for place in passage.mentions(name))
        noted.setdefault(place.sentences[0], []).append(("actor", _told(actor.model_dump(mode="json"))))
    for label, note, _ in all_notes(found):
        said = note.model_dump(mode="json")
        cites = said.pop("cites", None) or said["stances"][0]["cites"]
        noted.setdefault(cites[0], []).append((label.split("s[")[0], _told(said)))
    made = []
    for number in sorted(noted):
        words, shares = passage.quote([number]).quote.split(" "), len(noted[number])
        for share, (kind, attributes) in enumerate(noted[number]):
            own = words[share * len(words) // shares : (share + 1) * len(words) // shares]
            made.append({kind: " ".join(own), f"{kind}_attributes": attributes})
    return tuple(made)


def _told(noted: dict[str, Any]) -> dict[str, str]:
    """What there is to say, as text."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in noted.items() if value}


def quoted(asked: Asked, few: bool = False) -> dict[str, Any]:
    """Those of the extractions whose words stand in the piece that langextract asks about."""
    piece = asked.user.rpartition("\nQ: ")[2]
    return {"extractions": [each for each in extractions(few) if str(next(iter(each.values()))) in piece]}


def quoted_few(asked: Asked) -> dict[str, Any]:
    """The same of a few notes."""
    return quoted(asked, few=True)
