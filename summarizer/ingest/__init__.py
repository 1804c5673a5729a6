"""Whatever a desk has becomes `Article`s; what can't be read becomes a `Problem`, and the rest goes on.

A place (`places`) gives blobs and links; a reader (`readers`) finds drafts of articles in a
blob, or more blobs and links; links are fetched. What is said of an article counts in this
order: its sidecar, its front matter or record, the page itself, whoever linked to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from summarizer.errors import NoArticles, UnreadableArticle
from summarizer.ingest.found import About, Blob, Draft, Link
from summarizer.ingest.heads import sidecar
from summarizer.ingest.places import expand
from summarizer.ingest.readers import BY_SUFFIX, is_read, reader_for
from summarizer.models import Article, Problem
from summarizer.text import flatten

LONGEST = 2_000_000
"""Characters; what is longer is no article, and reading it would cost what a thousand articles do."""
TOO_LONG = f"is longer than {LONGEST:,} characters"
SPLIT = "leave it out, or cut it into several files"


@dataclass(frozen=True)
class Intake:
    """What was read, and what could not be."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...] = ()
    paths: tuple[str, ...] = ()
    """As they were given."""


def load(*places: str | Path) -> Intake:
    """Read the articles in `places`: files, folders, patterns (`day/*.html`), `-` for standard input.

    [docs/reading.md](../docs/reading.md) lists the kinds of file. A folder gives the files in
    it that are of these kinds, in order of name, those in folders inside it too; hidden ones
    are left out. `NAME.meta.json` beside a file, and front matter in it, say what is known of
    it. A file given twice is read once.

    Raises:
        NoArticles: if a path does not exist, or there is nothing to read at all.
    """
    desk = _Intake()
    seen: set[str] = set()
    for place in places:
        for found in expand(place):
            where = found.url if isinstance(found, Link) else found.place
            if where not in seen:
                seen.add(where)
                desk.take(found)
    desk.name_passed()
    if not desk.articles:
        listed = ", ".join(map(str, places)) or "no paths"
        reasons = "; ".join(filter(None, (_reason(problem) for problem in desk.problems)))
        raise NoArticles(listed, reasons or f"give files, or a folder of files, that end in {', '.join(BY_SUFFIX)}")
    return Intake(tuple(desk.articles.values()), tuple(desk.problems), tuple(map(str, places)))


def _reason(problem: Problem) -> str:
    return f"{problem.article}: {problem.reason}" if problem.article else problem.reason


@dataclass
class _Intake:
    """What was taken in so far."""

    articles: dict[str, Article] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    """Suffixes of files that lay there and are of no kind that is read."""

    def take(self, found: Blob | Link) -> None:
        """Take in what there is at one place."""
        if isinstance(found, Link):
            self.links.append(found)
            return
        try:
            said = _sidecar(found)
        except UnreadableArticle as error:
            self._complain(error)
            return
        for article in self._articles(found, said):
            self.articles.setdefault(article.id, article)

    def _articles(self, blob: Blob, said: About) -> Iterator[Article]:
        """The articles in a blob, and in the blobs in it."""
        if blob.loose and not is_read(blob.name):
            self.passed[blob.suffix] += not blob.name.lower().endswith(".meta.json")
            return
        try:
            for found in reader_for(blob)(blob):
                if isinstance(found, Draft):
                    try:
                        yield finish(found.told(said))
                    except UnreadableArticle as error:
                        self._complain(error)
                elif isinstance(found, Blob):
                    yield from self._articles(found, said)
                elif isinstance(found, Link):
                    self.links.append(found)
                else:
                    self._complain(found)
        except UnreadableArticle as error:
            self._complain(error)

    def name_passed(self) -> None:
        """Say which files were passed over."""
        listed = ", ".join(
            f"{count} {suffix or 'without a suffix'}" for suffix, count in sorted((+self.passed).items())
        )
        if listed:
            reason = f"{listed} in the folders given: files of kinds that are not read"
            self.problems.append(Problem(stage="ingest", article=None, reason=reason, cost="they were passed over"))

    def _complain(self, error: UnreadableArticle) -> None:
        name = error.path if "!" in error.path or "#" in error.path else Path(error.path).name
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
    return Article.of(
        draft.text,
        name=draft.name,
        title=about.title,
        author=about.author,
        publisher=about.publisher or _host(about.url),
        url=about.url,
        published=about.published,
        language=about.language,
        cut=draft.cut,
        original=draft.original,
    )


def _host(url: str | None) -> str | None:
    """Who publishes at a URL, as far as that says it.

    >>> _host("https://www.gauge.example/rain")
    'gauge.example'
    """
    return (urlsplit(url).hostname or "").removeprefix("www.") or None if url else None


def newest(articles: Iterable[Article]) -> date | None:
    """The latest publication date among articles; None if none is dated."""
    return max((article.published for article in articles if article.published), default=None)
