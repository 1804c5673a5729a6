"""Whatever a desk has becomes `Article`s; what can't be read becomes a `Problem`, and the rest goes on.

A place (`places`) gives blobs and links; a reader (`readers`) finds drafts of articles in a
blob, or more blobs and links; links are fetched. What is said of an article counts in this
order: its sidecar, its front matter or record, the page itself, whoever linked to it; of the day
it was published on, after all of these, its URL and its text (`dating`).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from summarizer.clean import boilerplate
from summarizer.errors import NoArticles, Unfetched, UnreadableArticle
from summarizer.ingest.dating import find_day
from summarizer.ingest.endings import breaks_off
from summarizer.ingest.found import About, Blob, Draft, Link, parts_of
from summarizer.ingest.heads import sidecar
from summarizer.ingest.places import expand
from summarizer.ingest.readers import BY_SUFFIX, is_read, reader_for
from summarizer.models import Article, Problem
from summarizer.settings import FetchOptions
from summarizer.sync import run
from summarizer.text import flatten, hide_logins

LONGEST = 2_000_000
"""Characters; what is longer is no article, and reading it would cost what a thousand articles do."""
TOO_LONG = f"is longer than {LONGEST:,} characters"
SPLIT = "leave it out, or cut it into several files"

DEEPEST = 3
"""Links that are followed to an article: a list of feeds, a feed, a page."""

COMPANIONS = frozenset(
    """
    .jpg .jpeg .png .gif .svg .webp .avif .ico .bmp .css .js .mjs .map .woff .woff2 .ttf .otf .eot .mp3 .mp4 .webm
    .m4a .ogg
    """.split()
)
"""Files that come with a saved page and are never articles: nothing is lost with them, and nothing is said."""

FOLDERS = re.compile(r"^[^!#]*/")
"""What stands before a file's name in its place."""

Told = Callable[[str, int, int | None, str], None]
"""Called with "loading" or "fetching", how many articles or links are done, how many there are (None: not known yet),
and the last one's name or URL."""
EVERY = 1.0
"""Seconds between two words about loading."""


@dataclass(frozen=True)
class Intake:
    """What was read, and what could not be."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...] = ()
    paths: tuple[str, ...] = ()
    """As they were given."""


def load(
    *places: str | Path, fetch: FetchOptions | None = None, cache: Path | None = None, told: Told | None = None
) -> Intake:
    """Read the articles in `places`: files, folders, patterns (`day/*.html`), URLs, `-` for standard input.

    docs/reading.md lists the kinds of file. A folder gives the files in it that are of these
    kinds, in order of name, those in folders inside it too; hidden ones are left out.
    `NAME.meta.json` beside a file, and front matter in it, say what is known of it. Feeds, and
    lists of URLs, are followed to their articles. What is given twice is read once.

    Args:
        places: paths, patterns, URLs, `-`.
        fetch: how pages are fetched; None: as by default.
        cache: folder that fetched pages are kept in; None: they are fetched anew each time.
        told: called as articles come in, at most once a second, and after every link.

    Raises:
        NoArticles: if a path does not exist, or there is nothing to read at all.
    """
    intake = take_in(*places, fetch=fetch, cache=cache, told=told)
    if not intake.articles:
        raise none_of(intake)
    return intake


def take_in(
    *places: str | Path, fetch: FetchOptions | None = None, cache: Path | None = None, told: Told | None = None
) -> Intake:
    """Read the articles in `places` as `load` does; if there is nothing to read in them, that is no error."""
    told = told or (lambda *_: None)
    desk = _Intake(told=told)
    seen: set[str] = set()
    for place in places:
        for found in expand(place):
            where = found.url if isinstance(found, Link) else found.place
            if where not in seen:
                seen.add(where)
                desk.take(found)
    if desk.links:
        run(fetch_all(desk, fetch or FetchOptions(), cache, told))
    desk.name_passed()
    return Intake(
        tuple(desk.articles.values()), tuple(desk.problems), tuple(hide_logins(str(place)) for place in places)
    )


def none_of(intake: Intake) -> NoArticles:
    """The error that says why nothing could be read."""
    reasons = "; ".join(filter(None, (_reason(problem) for problem in intake.problems)))
    kinds = f"give files, or a folder of files, that end in {', '.join(BY_SUFFIX)}"
    return NoArticles(hide_logins(", ".join(intake.paths)) or "no paths", reasons or kinds)


def _reason(problem: Problem) -> str:
    return f"{problem.article}: {problem.reason}" if problem.article else problem.reason


@dataclass
class _Intake:
    """What was taken in so far."""

    articles: dict[str, Article] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    """By URL."""
    passed: Counter[str] = field(default_factory=Counter)
    """Suffixes of files that lay there and are of no kind that is read."""
    told: Told = lambda *_: None
    last: float = field(default_factory=time.monotonic)
    """When it was told how far it is."""

    def take(self, found: Blob | Link) -> None:
        """Take in what there is at one place; links are noted, each once."""
        if isinstance(found, Link):
            self.links.setdefault(found.url, found)
            return
        try:
            said = _sidecar(found)
        except UnreadableArticle as error:
            self.complain(error)
            return
        for article in self._articles(found, said):
            self.articles.setdefault(article.id, article)
            if time.monotonic() - self.last >= EVERY:
                self.last = time.monotonic()
                self.told("loading", len(self.articles), None, article.name)

    def _articles(self, blob: Blob, said: About) -> Iterator[Article]:
        """The articles in a blob, and in the blobs in it."""
        if blob.loose and not is_read(blob.name):
            if blob.suffix not in COMPANIONS and not blob.name.lower().endswith(".meta.json"):
                self.passed[blob.suffix] += 1
            return
        try:
            for found in reader_for(blob)(blob):
                if isinstance(found, Draft):
                    try:
                        yield finish(found.told(said))
                    except UnreadableArticle as error:
                        self.complain(error)
                elif isinstance(found, Blob):
                    yield from self._articles(found, said)
                elif isinstance(found, Link):
                    self.take(found)
                else:
                    self.complain(found)
        except UnreadableArticle as error:
            self.complain(error)

    def name_passed(self) -> None:
        """Say which files were passed over."""
        listed = ", ".join(f"{count} {suffix or 'without a suffix'}" for suffix, count in sorted(self.passed.items()))
        if listed:
            reason = f"{listed}, of kinds that are not read; docs/reading.md lists those that are"
            self.problems.append(Problem(stage="ingest", article=None, reason=reason, cost="files were passed over"))

    def complain(self, error: UnreadableArticle) -> None:
        """Say what could not be read, and why."""
        name = error.path if "://" in error.path.split("!")[0] else FOLDERS.sub("", error.path)
        reason = f"{error.reason}; {error.advice}"
        self.problems.append(Problem(stage="ingest", article=name, reason=reason, cost="the article was not read"))


def _sidecar(blob: Blob) -> About:
    """What a file beside this one says of it: `a.html.meta.json`, or `a.meta.json`.

    Raises:
        UnreadableArticle: if there is one that can't be understood.
    """
    if isinstance(blob.data, Path):
        for path in (blob.data.with_name(f"{blob.data.name}.meta.json"), blob.data.with_suffix(".meta.json")):
            if path.is_file():
                return sidecar(blob, Blob(str(path), path))
    return About()


def finish(draft: Draft) -> Article:
    """The article that a draft comes to.

    Raises:
        UnreadableArticle: if it has nothing in it that can be seen, or is longer than `LONGEST`.
    """
    place = draft.original.place
    if not flatten(draft.text[:LONGEST]):
        raise UnreadableArticle(place, "has no text", "leave it out, or save the article's text in it")
    if len(draft.text) > LONGEST:
        raise UnreadableArticle(place, TOO_LONG, SPLIT)
    about = draft.about
    idle = boilerplate(draft.text, about.title)
    return Article.of(
        draft.text,
        name=draft.name,
        title=about.title,
        author=about.author,
        publisher=about.publisher or _host(about.url),
        url=about.url,
        published=about.published or find_day(about.url, draft.text, about.title, idle),
        language=about.language,
        cut=draft.cut or breaks_off(draft.text, idle),
        boilerplate=idle,
        original=draft.original,
    )


def _host(url: str | None) -> str | None:
    """Who publishes at a URL, as far as that says it.

    >>> _host("https://www.gauge.example/rain")
    'gauge.example'
    """
    return (parts_of(url).hostname or "").removeprefix("www.") or None


async def fetch_all(desk: _Intake, options: FetchOptions, cache: Path | None, told: Told) -> None:
    """Fetch what links lead to, and what those lead to: a list of feeds, its feeds, their articles.

    They are read in the order of the links, however they come in.
    """
    from summarizer.web import Fetcher  # 0.1 s, and most days are files

    async with Fetcher(options, cache=cache) as fetcher:
        fetched = 0

        async def get(link: Link) -> Blob | UnreadableArticle:
            nonlocal fetched
            try:
                page = await fetcher.fetch(link.url)
            except Unfetched as error:
                return UnreadableArticle(link.url, error.reason, error.advice)
            finally:
                fetched += 1
                told("fetching", fetched, len(desk.links), hide_logins(link.url))
            about = About(url=page.final_url).over(link.about)
            return Blob(link.url, page.body, page.media_type, page.charset, about)

        begun: set[str] = set()
        for _ in range(DEEPEST):
            waiting = [link for url, link in desk.links.items() if url not in begun]
            begun.update(link.url for link in waiting)
            for found in await asyncio.gather(*map(get, waiting)):
                if isinstance(found, Blob):
                    desk.take(found)
                else:
                    desk.complain(found)
    for link in desk.links.values():
        if link.url not in begun:
            desk.complain(UnreadableArticle(link.url, "is linked to through too many lists", "give it itself"))


def newest(articles: Iterable[Article]) -> date | None:
    """The latest publication date among articles; None if none is dated."""
    return max((article.published for article in articles if article.published), default=None)
