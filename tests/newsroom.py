"""A day of any number of articles, a model that reads them by rule, and all that can go wrong on the way to it.

What the model answers is worked out from the request alone, so any order, any number of
runs and any cut of an article into parts must end in the same briefing.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from summarizer import Article, Settings, brief
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel

STATES = ("Norland", "Sudland", "Estmark", "Westfold", "Midgard")
THINGS = ("canal", "harbour", "bridge", "railway", "lock", "airfield", "tunnel")
LETTERS = "bdfgklmnprstv"


def name_of(number: int) -> str:
    """A person's name that no other number has, nor any spelling like it."""
    first, second, third = number // 169 % 13, number // 13 % 13, number % 13
    return f"Anna {LETTERS[first].upper()}o{LETTERS[second]}u{LETTERS[third]}ar"


def make_article(number: int, *, brief: bool = False) -> Article:
    """One short article with a headline and an advert; unless it is to be brief, it is no copy of any other."""
    state, other = STATES[number % 5], STATES[(number + 1 + number // 5 % 4) % 5]
    thing = THINGS[number % 7]
    text = (
        f"{state} and {other} at odds over the {thing}\n"
        f"{name_of(number)}, foreign minister of {state}, demanded that {other} reopen the {thing} at once.\n"
        "Advertisement\n"
        f"On Sunday {number + 10} barges waited at the {thing}, the harbour office said. Rain fell on everyone."
    )
    if not brief:
        text += f"\n{chatter(number)}"
    return Article.of(text, name=f"{number:04}.txt", publisher=f"Paper {number}")


def chatter(number: int) -> str:
    """A sentence of a hundred words that no other number has."""
    dice = random.Random(number)
    words = ("".join(dice.choice(LETTERS) + dice.choice("aeiou") for _ in range(3)) for _ in range(100))
    return f"{' '.join(words).capitalize()}."


HEADLINE = re.compile(r"^\[(\d+)\] \w+ and \w+ at odds over", re.M)
DEMAND = re.compile(r"^\[(\d+)\] (\w+ \w+), foreign minister of (\w+), demanded that (\w+) reopen the (\w+)", re.M)
EVENT = re.compile(r"^\[(\d+)\] On Sunday (\d+) barges waited at the (\w+)", re.M)
ADVERT = re.compile(r"^\[(\d+)\] Advertisement$", re.M)


def read(asked: Asked) -> dict[str, Any]:
    """What there is to note in a request's sentences."""
    notes: dict[str, Any] = {"language": "en", "machine_translated": False}
    notes["boilerplate"] = [int(match[1]) for match in ADVERT.finditer(asked.user)]
    if headline := HEADLINE.search(asked.user):
        notes["headline"] = int(headline[1])
    actors: list[dict[str, Any]] = []
    demands: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for match in DEMAND.finditer(asked.user):
        number, person, state, other, thing = match.groups()
        first = len(actors) + 1
        a, b, c = (f"a{first + i}" for i in range(3))
        actors += [{"id": a, "name": state, "kind": "state"}, {"id": b, "name": other, "kind": "state"}]
        actors += [{"id": c, "name": person, "kind": "person", "affiliation": a}]
        what = f"{state} demands that {other} reopen the {thing}."
        demands.append(
            {"what": what, "cites": [int(number)], "by": [a, c], "of": [b], "issue": f"reopening the {thing}"}
        )
        demands[-1]["strength"] = "demand"
    for match in EVENT.finditer(asked.user):
        number, count, thing = match.groups()
        what = f"{count} barges waited at the {thing}."
        events.append({"what": what, "cites": [int(number)], "status": "past"})
    return notes | {"actors": actors, "demands": demands, "events": events}


def listed_ids(asked: Asked) -> list[str]:
    """The ids with which a request's lines begin."""
    return [line.split(" | ")[0] for line in asked.user.splitlines() if " | " in line]


def sort_notes(asked: Asked) -> dict[str, Any]:
    """Notes of one issue, or of one place, belong together."""
    groups: dict[str, list[str]] = {}
    for line in asked.user.splitlines():
        if " | " in line:
            id, *cells = line.split(" | ")
            thing = next(thing for thing in THINGS if any(thing in cell for cell in cells))
            groups.setdefault(f"{cells[0] if id[0] == 'd' else ''} {thing}", []).append(id)
    several = [{"ids": ids, "lead": ids[0]} for ids in groups.values() if len(ids) > 1]
    return {"groups": several, "alone": [ids[0] for ids in groups.values() if len(ids) == 1]}


def answer(asked: Asked) -> dict[str, Any]:
    """What the rule-bound model answers."""
    if asked.answer == "ArticleNotes":
        return read(asked)
    if asked.answer == "Groups":
        return sort_notes(asked)
    if asked.answer == "Stories":
        ids = listed_ids(asked)
        return {"stories": [{"title": "A day on the canal", "ids": ids}]}
    if asked.answer == "Summary":
        id, said, *_ = asked.user.splitlines()[0].split(" | ")
        line = {"text": re.sub(r"\d", "", said)[:200], "cites": [id]}
        return {"headline": line, "bottom_line": [line]}
    return {}


# ---------------------------------------------------------------------------- what goes wrong


def late() -> str:
    """A Retry-After date, one second from now."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)


Make = Callable[[dict[str, Any]], Reply]

PASSING: dict[str, Make] = {
    "429 with seconds": lambda good: Fault(429, headers={"retry-after": "1"}),
    "429 with a date": lambda good: Fault(429, headers={"retry-after": late()}),
    "429 without": lambda good: Fault(429),
    "500": lambda good: Fault(500),
    "502 with a page": lambda good: Fault(502, body=b"<html>Bad gateway</html>", headers={"content-type": "text/html"}),
    "503": lambda good: Fault(503),
    "529": lambda good: Fault(529),
    "hang up": lambda good: Fault(hang_up=True),
    "reset": lambda good: Fault(hang_up=True, reset=True),
    "reset in mid-body": lambda good: Answered(content=good, cut=120, reset=True),
    "cut in mid-body": lambda good: Answered(content=good, cut=200),
    "truncated JSON": lambda good: Fault(200, body=b'{"id": "x", "choices": [{"message": {"role": "assi'),
    "no choices": lambda good: Fault(200, body=b'{"error": {"message": "upstream", "code": 502}}'),
    "a stream that stops": lambda good: Answered(content=good, cut=150, stall=30.0),
    "a drip": lambda good: Answered(content=good, drip=0.2),
    "no reply at all": lambda good: Answered(content=good, delay=30.0),
}
"""Faults of server and network, which are tried again."""

HANGING = ("a stream that stops", "a drip", "no reply at all")
"""Of these, the ones that nothing but a run's own patience ends."""

MENDED: dict[str, Make] = {
    "invalid JSON": lambda good: Answered(content='{"language": "en", '),
    "wrong types": lambda good: Answered(content=dict.fromkeys(good, 7) or {"x": 7}),
    "unknown field": lambda good: Answered(content={**good, "confidence": 0.9}),
    "unknown ids": lambda good: Answered(content={**good, "headline": 999, "groups": [{"ids": ["z9"], "lead": "z9"}]}),
    "nothing": lambda good: Answered(content=""),
    "prose": lambda good: Answered(content="Here is my summary of the article.", prose=True),
}
"""Answers that are sent back."""

HALVED: dict[str, Make] = {
    "cut by length": lambda good: Answered(content='{"language": "en", "actors": [', finish_reason="length"),
    "too long for the context": lambda good: Fault(
        400,
        body=b'{"error": {"message": "This model\'s maximum context length is 9000 tokens. However, your messages '
        b'resulted in 12000 tokens.", "code": "context_length_exceeded"}}',
    ),
}
"""Of a reading: it is asked for in halves."""

LOST: dict[str, Make] = {
    "refusal": lambda good: Answered(content={}, refusal="I can't help with that."),
    "content filter": lambda good: Answered(content="", prose=True, finish_reason="content_filter"),
    "filtered prompt": lambda good: Fault(400, body=b'{"error": {"message": "flagged", "code": "content_filter"}}'),
    "endless": lambda good: Answered(
        content='{"language": "en", "boilerplate": [' + "1, " * 5000, finish_reason="length"
    ),
}
"""What costs a question its answer."""


class Storm:
    """Answers by rule, but fails a share of the replies at random, with every kind of fault in turn.

    `kinds` are those that readings meet; what merges and writes meets what passes or is mended.
    """

    def __init__(self, seed: int, share: float, kinds: Iterable[str]) -> None:
        self.seed, self.share = seed, share
        self.met: Counter[str] = Counter()
        self.good: Counter[str] = Counter()
        """Whole and valid answers given, by question."""
        self.after: list[str] = []
        """Questions that were asked again after such an answer."""
        all_kinds = list(kinds)
        passing = [kind for kind in all_kinds if kind in PASSING or kind in MENDED]
        self._turns = {"reading": cycle(all_kinds), "merging": cycle(passing)}
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Reply:
        """The reply to a request."""
        question = hashlib.sha256(f"{asked.answer}{asked.user}".encode()).hexdigest()[:12]
        good = answer(asked)
        with self._lock:
            if self.good[question]:
                self.after.append(question)
            self._asked[question] += 1
            dice = random.Random(f"{self.seed} {question} {self._asked[question]}")
            if dice.random() >= self.share:
                self.good[question] += 1
                return good
            turn = self._turns["reading" if asked.answer == "ArticleNotes" else "merging"]
            kind = next(turn)
            self.met[kind] += 1
        return (PASSING | MENDED | HALVED | LOST)[kind](good)


def storm_settings(server: ScriptedModel, /, **changes: Any) -> Settings:
    """Settings of a run through a storm: sixteen at once, short waits, and patience with a machine that is busy."""
    given = {"concurrency": 16, "attempts": 9, "reasks": 5, "timeout": 60, "longest_wait": 0.05} | changes
    return Settings(base_url=server.base_url, api_key="sk-storm", **given)


def run_to_file(count: int, settings: Settings, path: Path) -> None:
    """Brief a day of so many articles and write the briefing: what a process of its own does."""
    briefing = brief([make_article(number) for number in range(count)], settings=settings)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(briefing.model_dump_json(indent=1))
    draft.replace(path)
