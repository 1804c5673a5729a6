"""How large a model's answers are: by pointing instead of quoting, against what it read, and packed.

    python -m benchmarks.answers

Takes the recorded answers of both example days as they are, and the same answers with each
list of sentence numbers replaced by the sentences' text, as a model would have to write it
that is asked to quote. Counts characters of JSON over all answers of a day, reading and the
later stages together.

Then the ratios that a plan rests on (`summarizer.plan`), in estimated tokens, and how far
answers pack, by which one that repeats itself is told from one that is only long
(`summarizer.question.LOOP`).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer import load
from summarizer.cassette import load_recording, recording_files
from summarizer.text import sentences
from summarizer.tokens import estimate_tokens

ROOT = Path(__file__).parent.parent
DAYS = ("2031-05-12", "2031-05-13", "2031-06-03")


def spelled_out(answer: Any, quotes: Sequence[str]) -> Any:
    """An answer with its sentence numbers replaced by the sentences they mean."""
    if isinstance(answer, dict):
        return {
            key: [quotes[number - 1] for number in value] if key == "cites" else spelled_out(value, quotes)
            for key, value in answer.items()
        }
    if isinstance(answer, list):
        return [spelled_out(value, quotes) for value in answer]
    return answer


def shares() -> dict[str, tuple[float, float]]:
    """By day: by what share all answers are smaller, and the readings alone."""
    found = {}
    for day, rows in sizes().items():
        read = [row for row in rows if row[0]]
        found[day] = (_saved(rows), _saved(read))
    return found


def sizes() -> dict[str, list[tuple[bool, int, int]]]:
    """By day, for each recorded answer: whether it is a reading, its size, its size spelled out."""
    found = {}
    for day in DAYS:
        quotes = {
            article.name: [article.text[s.start : s.end] for s in sentences(article.text, article.language)]
            for article in load(ROOT / "examples" / day).articles
        }
        rows = []
        for path in recording_files(ROOT / "cassettes" / day):
            recording = load_recording(path)
            call = json.loads(recording.reply)["choices"][0]["message"]["tool_calls"][0]["function"]
            answer = json.loads(call["arguments"])
            article = recording.stamp.article if recording.stamp else None
            quoted = spelled_out(answer, quotes[article]) if article else answer
            ours, theirs = (len(json.dumps(a, ensure_ascii=False)) for a in (answer, quoted))
            rows.append((article is not None, ours, theirs))
        found[day] = rows
    return found


def _saved(rows: list[tuple[bool, int, int]]) -> float:
    return 1 - sum(row[1] for row in rows) / sum(row[2] for row in rows)


def ratios(day: str) -> dict[str, float]:
    """Of estimated tokens: a reading's answer to its article, what follows to the readings' answers; and packing."""
    texts = {article.name: article.text for article in load(ROOT / "examples" / day).articles}
    read = answered = later_in = later_out = 0
    packed = []
    for path in recording_files(ROOT / "cassettes" / day):
        recording = load_recording(path)
        call = json.loads(recording.reply)["choices"][0]["message"]["tool_calls"][0]["function"]
        out = estimate_tokens(call["arguments"])
        halves = [call["arguments"], *_halves(call["arguments"])]
        packed += [len(zlib.compress(text.encode())) / len(text.encode()) for text in halves if len(text) > 2000]
        article = recording.stamp.article if recording.stamp else None
        if article:
            read += estimate_tokens(texts[article])
            answered += out
        else:
            later_in += sum(estimate_tokens(str(m.get("content"))) for m in json.loads(recording.body)["messages"][1:2])
            later_out += out
    return {
        "a reading's answer to its article": answered / read,
        "what goes into all that follows, to the readings' answers": later_in / answered,
        "what comes out of it, to the same": later_out / answered,
        "packed size of the answer, or half of one, that packs best": min(packed),
    }


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def main() -> None:
    """Print a table, a row a day, and one of ratios."""
    print("| day | answers | characters | spelled out | smaller by | readings alone, smaller by |")
    print("|---|---:|---:|---:|---:|---:|")
    saved = shares()
    for day, rows in sizes().items():
        ours, theirs = sum(row[1] for row in rows), sum(row[2] for row in rows)
        print(f"| {day} | {len(rows)} | {ours:,} | {theirs:,} | {saved[day][0]:.0%} | {saved[day][1]:.0%} |")
    print()
    print("| ratio | " + " | ".join(DAYS) + " |")
    print("|---|---:|---:|")
    found = [ratios(day) for day in DAYS]
    for name in found[0]:
        print(f"| {name} | " + " | ".join(f"{of_day[name]:.2f}" for of_day in found) + " |")


if __name__ == "__main__":
    main()
