"""How fast a big page opens and filters in Chromium, and how long it takes to write.

    python -m benchmarks.page                    # 500 items, 100 articles of some 6 kB

The day is made up (`tests/chronicle.py`), with articles written around its quotations. The page is opened from a file,
each time in a new window, so that nothing of it is kept.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from summarizer.models import Article, Briefing
from summarizer.page import render_page
from tests import chromium
from tests.chronicle import Chronicle
from tests.conftest import DAYS, read_day, replayed

TURNS = 9
CHARACTERS = 6000
"""Of an article."""

PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
FILTERED = """(change) => new Promise((done) => {
    const form = document.querySelector('#filters'), [name, value] = change, begun = performance.now();
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event('input', {bubbles: true}));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})"""


def big_day(scale: float = 2.5) -> tuple[Briefing, list[Article]]:
    """A made-up day and articles that have its quotations where they are said to stand."""
    chronicle = Chronicle(scale=scale)
    briefing = next(iter(chronicle.days(1))).briefing
    dice = random.Random(1)
    articles = []
    for source in briefing.sources:
        quoted = sorted({(e.start, e.quote) for e in briefing.evidence if e.article == source.id})
        text = ""
        for start, quote in quoted:
            text = text[:start].ljust(start) if len(text) < start else text[:start]
            text += quote
        while len(text) < CHARACTERS:
            text += " " + " ".join(dice.choices(chronicle.words, k=12)).capitalize() + "."
        told = source.model_dump() | {"text": text, "original": None, "boilerplate": ()}
        articles.append(Article.model_construct(**told))
    return briefing, articles


def measure(page: str, searches: Sequence[str], party: str) -> dict[str, list[float]]:
    """Milliseconds until something is to be seen, and until each filter has acted."""
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, chromium.running() as browser:
        place = Path(folder) / "page.html"
        place.write_text(page, "utf-8", newline="")
        for _ in range(TURNS):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            opened = context.new_page()
            opened.goto(place.as_uri())
            opened.wait_for_function(PAINTED)
            note(times, "first contentful paint", opened.evaluate(PAINTED))
            for name, value in (("words", searches[0]), ("words", " ".join(searches)), ("words", "")):
                told = f"search for {len(value.split())} words" if value else "show all again"
                note(times, told, opened.evaluate(FILTERED, [name, value]))
            note(times, "one party", opened.evaluate(FILTERED, ["party", party]))
            context.close()
    return times


def note(times: dict[str, list[float]], name: str, value: Any) -> None:
    """One more time."""
    times.setdefault(name, []).append(float(value))


def main() -> None:
    """Print a table for an example day and a big one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--scale", type=float, default=2.5, help="times 200 items and 40 articles (2.5)")
    options = parser.parse_args()
    days = {"example day": (replayed(DAYS[1]), list(read_day(DAYS[1]))), "big day": big_day(options.scale)}
    print("| day | items | articles | page | written in | what | ms |\n|---|---:|---:|---:|---:|---|---:|")
    for name, (briefing, articles) in days.items():
        writing = []
        for _ in range(TURNS):
            begun = time.perf_counter()
            page = render_page(briefing, articles)
            writing.append(time.perf_counter() - begun)
        things, size = len(briefing.items) + len(briefing.disputes), len(page.encode()) / 1000
        head = f"| {name} | {things} | {len(articles)} | {size:,.0f} kB"
        words = [briefing.items[0].what.split()[-1].strip("."), briefing.items[1].what.split()[0]]
        for told, times in measure(page, words, briefing.actors[0].id).items():
            print(f"{head} | {median(writing) * 1000:.0f} ms | {told} | {median(times):.0f} |", flush=True)


if __name__ == "__main__":
    main()
