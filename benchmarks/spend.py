"""Tokens and money of reading articles by pointing at sentences, beside other ways to have the same read.

    pip install rs-bpe 'langextract[openai]'
    python -m benchmarks.spend examples/2031-05-12                    # from the recordings
    python -m benchmarks.spend DAY=FOLDER,CASSETTE                    # of a day of one's own
    python -m benchmarks.spend --record --base-url URL DAY=FOLDER     # ask what isn't recorded yet

DAY is a folder of articles, FOLDER holds the recordings of the other ways (`benchmarks.ways`), a
folder each, and CASSETTE is what `summarizer brief DAY --record CASSETTE` wrote. An example day has
both in the project. Tokens are counted with `o200k_base` over what went over the wire. Where
langextract is not installed, what it made of its answers is taken from beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from benchmarks.bill import Bill, answer_text, bill
from benchmarks.found import Found, pointed_at
from benchmarks.pool import pooled, recall
from benchmarks.tape import running
from summarizer import Article, load
from summarizer.answers import ArticleNotes
from summarizer.cassette import load_manifest, load_recording, recording_files

ROOT = Path(__file__).parent.parent
SYSTEMS = ("quoting", "short", "langextract", "langextract-large")
KEPT = "found.json"
MODEL = "gpt-5.4-mini"
"""Asked for while recording: the recorded days' own."""
PRICED = ("gpt-4.1-mini", "gpt-4.1")
"""Models at whose list prices it is reckoned."""


class Kept(BaseModel):
    """What a way of reading made of a day, and which recordings it rests on."""

    recordings: tuple[str, ...]
    found: dict[str, tuple[Found, ...]]
    """By article."""


@dataclass(frozen=True)
class Day:
    """Articles, and where the recordings of reading them are."""

    articles: tuple[Article, ...]
    folder: Path
    """Of the other ways, a folder each."""
    cassette: Path
    """Of our own run."""

    @classmethod
    def of(cls, given: str, shortest: int | None) -> Day:
        """A day as it is named on the command line: DAY, DAY=FOLDER or DAY=FOLDER,CASSETTE."""
        path, _, places = given.partition("=")
        folder, _, cassette = places.partition(",")
        name = Path(path).name
        if not folder and Path(path).resolve().parent != ROOT / "examples":
            sys.exit(f"{path} is not an example of the project; say where its recordings are: {path}=FOLDER")
        articles = sorted(load(path).articles, key=lambda article: len(article.text))[:shortest]
        return cls(
            tuple(sorted(articles, key=lambda article: article.name)),
            Path(folder) if folder else ROOT / "benchmarks/recordings" / name,
            Path(cassette) if cassette else ROOT / "cassettes" / name,
        )


@dataclass(frozen=True)
class Spent:
    """What one way of reading took on a day, and what it found."""

    bill: Bill
    found: tuple[Found, ...]


# -------------------------------------------------------------------------------- recording


async def run(day: Day, system: str, model: str, base_url: str | None) -> tuple[Kept, list[str]]:
    """Read a day's articles in one way; what came of it, and what failed, an article a line."""
    from benchmarks.ways import ways

    with running(day.folder / system, base_url) as tape:
        read = ways(tape.url, model)[system]
        results = await asyncio.gather(*map(read, day.articles), return_exceptions=True)
    found: dict[str, tuple[Found, ...]] = {}
    failed = []
    for article, result in zip(day.articles, results, strict=True):
        if isinstance(result, BaseException):
            failed.append(f"{system}, {article.name}: {result}")
        else:
            found[article.name] = tuple(result)
    return Kept(recordings=tuple(sorted(tape.cassette.used)), found=found), failed


async def record(days: Sequence[Day], systems: Sequence[str], model: str, base_url: str) -> list[str]:
    """Read all days in all ways, all requests at once, and keep what was found; returns what failed."""

    async def keep(day: Day, system: str) -> list[str]:
        kept, failed = await run(day, system, model, base_url)
        (day.folder / system / KEPT).write_text(kept.model_dump_json(indent=1) + "\n", encoding="utf-8")
        things = sum(map(len, kept.found.values()))
        print(f"{day.folder / system}: {len(kept.recordings)} requests, {things} things found", file=sys.stderr)
        return failed

    runs = [keep(day, system) for day in days for system in systems]
    return [line for lines in await asyncio.gather(*runs) for line in lines]


# ------------------------------------------------------------------------------- replaying


def installed(system: str) -> bool:
    """Whether what a way of reading needs is there."""
    return not system.startswith("langextract") or importlib.util.find_spec("langextract") is not None


def spent(day: Day, system: str) -> Spent:
    """What one of the other ways took, from its recordings."""
    folder = day.folder / system
    files = recording_files(folder)
    if not files:
        sys.exit(f"{folder} holds no recordings: record them, or leave {system} out of --systems")
    if installed(system):
        model = json.loads(load_recording(files[0]).body)["model"]
        kept, failed = asyncio.run(run(day, system, model, None))
        if failed:
            sys.exit("\n".join(failed))
    else:
        kept = Kept.model_validate_json((folder / KEPT).read_bytes())
    names = {article.name for article in day.articles}
    found = tuple(item for name, items in kept.found.items() if name in names for item in items)
    return Spent(bill(load_recording(folder / name) for name in kept.recordings), found)


def ours(day: Day) -> tuple[Spent, Bill]:
    """What our own reading took, and what all that follows it did."""
    manifest = load_manifest(day.cassette)
    if manifest is None:
        sys.exit(f"{day.cassette} holds no whole run: summarizer brief DAY --record {day.cassette}")
    recordings = [load_recording(day.cassette / name) for name in manifest.recordings]
    articles = {article.name: article for article in day.articles}
    read, later = [], []
    found: list[Found] = []
    for recording in recordings:
        if recording.stamp is None or recording.stamp.prompt != "extract":
            later.append(recording)
        elif article := articles.get(recording.stamp.article or ""):
            read.append(recording)
            notes = ArticleNotes.model_validate_json(answer_text(json.loads(recording.reply)))
            found += pointed_at(article, notes)
    return Spent(bill(read), tuple(found)), bill(later)


def report(day: Day, systems: Sequence[str]) -> None:
    """Print a day's tables."""
    own, later = ours(day)
    all_ways = {"ours": own} | {system: spent(day, system) for system in systems}
    characters = sum(len(article.text) for article in day.articles)
    print(f"{len(day.articles)} articles of {characters / len(day.articles):,.0f} characters\n")
    print_tokens(all_ways, own.bill, len(day.articles))
    for model in PRICED:
        print_money(all_ways, own.bill, later, model)
    print_recall(all_ways)


def print_tokens(all_ways: Mapping[str, Spent], own: Bill, articles: int) -> None:
    """Tokens an article."""
    print("| reading, an article | requests | prompt tokens | ours to it | begins alike | answer tokens | ours to it |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, way in all_ways.items():
        b = way.bill
        print(
            f"| {name} | {b.requests / articles:.1f} | {b.prompt / articles:,.0f} | {own.prompt / b.prompt:.2f} | "
            f"{b.prefix * b.requests / b.prompt:.0%} ({b.prefix:,} a request) | "
            f"{b.answer / articles:,.0f} | {own.answer / b.answer:.2f} |"
        )
    print()


def print_money(all_ways: Mapping[str, Spent], own: Bill, later: Bill, model: str) -> None:
    """List prices of the day's reading, and of that with all that follows it in our own whole run."""
    columns = ("reading", "with cache", "briefing", "with cache")
    print(f"| {model}, US cents | {' | '.join(f'{name} | ours to it' for name in columns)} |")
    print(f"|---|{'---:|' * 2 * len(columns)}")
    rest = later.cost(model, cached=False)
    for name, way in all_ways.items():
        cells = []
        for added in (0.0, rest):
            for cached in (False, True):
                cost, least = (b.cost(model, cached=cached) + added for b in (way.bill, own))
                cells.append(f"{cost * 100:.3f} | {least / cost:.2f}")
        print(f"| {name} | {' | '.join(cells)} |")
    print()


def print_recall(all_ways: Mapping[str, Spent]) -> None:
    """What was found, of what anybody found."""
    things = pooled({name: way.found for name, way in all_ways.items()})
    print("| found | things noted | of all that was found | of what two found | quotations | not in the text |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, way in all_ways.items():
        noted = [item for item in way.found if item.kind != "actor"]
        (had, of), (sure, of_sure) = recall(things, name), recall(things, name, agreed=True)
        quoted, lost = sum(item.quoted for item in noted), sum(item.lost for item in noted)
        print(
            f"| {name} | {len(noted)} | {had} of {of}, {had / max(of, 1):.0%} | "
            f"{sure} of {of_sure}, {sure / max(of_sure, 1):.0%} | {quoted} | {lost} |"
        )
    print()


def main() -> None:
    """Record, or print the tables."""
    about = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spend", description=about)
    parser.add_argument("days", nargs="+", metavar="DAY[=FOLDER[,CASSETTE]]")
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="which, with commas between (all)")
    parser.add_argument("--shortest", type=int, metavar="N", help="only the N shortest articles of each day")
    parser.add_argument("--record", action="store_true", help="ask what isn't recorded")
    parser.add_argument("--base-url", help="of the model that is asked; the key is OPENAI_API_KEY's, if it is set")
    parser.add_argument("--model", default=MODEL, help=f"asked for while recording ({MODEL})")
    options = parser.parse_args()
    systems = [system for system in options.systems.split(",") if system]
    if unknown := set(systems) - set(SYSTEMS):
        parser.error(f"no systems: {', '.join(sorted(unknown))}; there are {', '.join(SYSTEMS)}")
    days = [Day.of(given, options.shortest) for given in options.days]
    if options.record:
        if not options.base_url:
            parser.error("--record needs --base-url")
        if not all(map(installed, systems)):
            sys.exit("langextract is not installed: pip install 'langextract[openai]', or leave it out of --systems")
        if failed := asyncio.run(record(days, systems, options.model, options.base_url)):
            sys.exit("\n".join([*failed, "run it again: what is recorded isn't asked again"]))
        return
    for given, day in zip(options.days, days, strict=True):
        print(f"## {Path(given.partition('=')[0]).name}\n")
        report(day, systems)


if __name__ == "__main__":
    main()
