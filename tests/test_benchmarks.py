"""What the benchmarks measure with: a stub that answers, a question that is everyone's, a reader that reads."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bench import Measured, Setting
from benchmarks.peers import keep, load, memory_table, tables
from benchmarks.readers import ours
from benchmarks.readers.material import Place, question, text_of
from benchmarks.readers.notes import ArticleNotes as PlainNotes
from benchmarks.readers.recorded import demands, extractions, leave, notes, quoted
from benchmarks.stub import by, serving
from summarizer.answers import ArticleNotes
from summarizer.extract import render_passage
from summarizer.passage import Passage
from summarizer.prompts import PromptBook
from summarizer.testing import Asked


def ask(base_url: str, **body: Any) -> dict[str, Any]:
    """The message of a reply to a request."""
    asked = {"messages": [{"role": "user", "content": "Read it."}], **body}
    request = urllib.request.Request(f"{base_url}/chat/completions", data=json.dumps(asked).encode())
    with urllib.request.urlopen(request, timeout=30) as reply:
        message: dict[str, Any] = json.load(reply)["choices"][0]["message"]
    return message


def answer(asked: Asked) -> dict[str, Any]:
    """What the stub of a test makes of a request."""
    return {"number": asked.number, "said": asked.user, "wanted": asked.answer}


def tool(name: str) -> dict[str, Any]:
    """A tool of that name."""
    return {"type": "function", "function": {"name": name, "parameters": {}}}


def test_the_stub_answers_where_it_is_asked_to(tmp_path: Path) -> None:
    """An answer goes into a call of the tool that is chosen, of the first one there is, or into the text."""
    content = tmp_path / "content.json"
    content.write_text('{"language": "en"}')
    with serving(content=content) as stub:
        chosen = ask(stub.base_url, tools=[tool("A"), tool("B")], tool_choice=tool("B"))
        first = ask(stub.base_url, tools=[tool("A"), tool("B")], tool_choice="required")
        text = ask(stub.base_url, response_format={"type": "json_object"})
    assert [each["tool_calls"][0]["function"]["name"] for each in (chosen, first)] == ["B", "A"]
    assert chosen["tool_calls"][0]["function"]["arguments"] == text["content"] == '{"language": "en"}'


def test_the_stub_counts_what_comes(tmp_path: Path) -> None:
    """Requests, their bytes and those that came before are counted until that is forgotten."""
    (tmp_path / "content.json").write_text("{}")
    with serving(content=tmp_path / "content.json", latency=0.01) as stub:
        for temperature in (0, 1, 1):
            ask(stub.base_url, temperature=temperature)
        seen, after = stub.seen(), stub.seen(forget=True)
    assert (seen.requests, seen.repeated, seen.most_at_once) == (3, 1, 1)
    assert seen.prompt_bytes == 3 * len('{"messages": [{"role": "user", "content": "Read it."}], "temperature": 0}')
    assert 0 < seen.first < seen.last < seen.replied
    assert after.requests == after.prompt_bytes == after.most_at_once == 0


def test_a_function_answers() -> None:
    """A function that is named answers each request by what stands in it."""
    messages = [{"role": "system", "content": "Read."}, {"role": "user", "content": "It rains."}]
    reply = json.loads(by("tests.test_benchmarks:answer")(1, {"messages": messages, "tools": [tool("Notes")]}))
    arguments = reply["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(arguments) == {"number": 1, "said": "It rains.", "wanted": "Notes"}


@pytest.mark.parametrize("few", [False, True])
def test_ours_reads_what_is_measured(tmp_path: Path, few: bool) -> None:
    """Each article is asked about once, its notes pass every check, and another run takes them from the journal."""
    leave(tmp_path)
    with serving(content=tmp_path / ("few.json" if few else "all.json")) as stub:
        found = ours.prepare(Place(stub.base_url, 2, tmp_path))(3)
        again = ours.prepare(Place(stub.base_url, 2, tmp_path))(3)
        seen = stub.seen()
    assert found == again == 3 * demands(few)
    assert (seen.requests, seen.repeated) == (3, 0)


def test_everyone_asks_what_we_ask(tmp_path: Path) -> None:
    """Others get the very prompt that ours makes of an article, and articles of 6,000 characters, no two alike."""
    leave(tmp_path)
    passage = Passage.of(ours.article(7))
    message = render_passage(passage, passage, PromptBook(None)["extract"], "en")
    asked = question(tmp_path)
    assert (asked.system, asked.of(7).strip()) == (message.system, message.user.strip())
    assert len({text_of(number) for number in range(100)}) == 100
    assert all(5_900 < len(text_of(number)) < 6_200 for number in range(100))


def test_everyone_gets_the_same_answer() -> None:
    """The plain type that others ask for has our fields, and takes the recorded notes; langextract's are as many."""
    assert PlainNotes.model_fields.keys() == ArticleNotes.model_fields.keys()
    plain, own = PlainNotes.model_validate_json(notes()), ArticleNotes.model_validate_json(notes())
    assert plain.model_dump(mode="json") == own.model_dump(mode="json")
    kinds = [next(iter(each)) for each in extractions(False)]
    assert len(kinds) == sum(map(len, (own.actors, own.demands, own.proposals, own.venues, own.claims, own.events)))
    assert kinds.count("demand") == len(own.demands) == demands(few=False)


def test_langextract_gets_what_stands_in_its_piece() -> None:
    """Of a piece of an article only what is quoted from it comes back, and of all pieces everything."""
    text = text_of(0)
    whole = quoted(Asked(0, "", "", f"Q: none\nQ: {text}", {}, {}))["extractions"]
    first = quoted(Asked(0, "", "", f"Q: {text}\nQ: {text[:1000]}", {}, {}))["extractions"]
    assert len(whole) == len(extractions(False))
    assert 0 < len(first) < len(whole)


def measured(reader: str, latency: float, wall: float, articles: int = 100) -> Measured:
    """A run of 100 articles, ten at once, unless fewer were read."""
    setting = Setting(100, 10, latency)
    return Measured(reader, setting, articles, 0.5, wall, articles / 100, 120.0, articles, articles * 20_000, 0.1)


def test_a_table_holds_against_the_ideal(tmp_path: Path) -> None:
    """Wall time is over latency times the rounds needed; the median of runs counts; fewer articles are told."""
    runs = [measured("ours", 0.5, wall) for wall in (5.5, 5.0, 9.0)] + [measured("ours", 0, 2.0)]
    runs.append(measured("langextract", 0.5, 7.5, articles=50))
    keep(tmp_path / "kept.jsonl", runs)
    assert load(tmp_path / "kept.jsonl") == runs
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in tables(runs).splitlines()]
    head, _, ours_, other = lines
    assert head[:4] == ["100 articles, 10 at once", "start-up s", "articles a second, 0 ms", "wall over ideal, 500 ms"]
    assert ours_ == ["ours", "0.50", "50", "1.10", "10.0", "10.0", "120", "1.00", "20.0"]
    assert other == ["langextract (50 articles)", "0.50", "—", "3.00", "—", "10.0", "120", "1.00", "20.0"]


def test_memory_is_told_over_the_first_run() -> None:
    """What more articles take is told in all, and for each of them."""
    first, second = measured("ours", 0, 1.0), measured("ours", 0, 1.0, articles=1124)
    table = memory_table([first, Measured(**(vars(second) | {"peak": 130.0}))])
    assert table.splitlines()[2:] == ["| 100 | 120 | 0 | — |", "| 1,124 | 130 | 10 | 10.0 |"]
