"""Files become `Article`s; what can't be read becomes a `Problem`, and the rest goes on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from summarizer.errors import NoArticles, UnreadableArticle
from summarizer.models import Article, Problem
from summarizer.text import flatten

SUFFIXES = (".txt", ".md")

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


def load(*paths: str | Path) -> Intake:
    """Read the articles in `paths`: text files, and folders of them.

    A folder gives its `.txt` and `.md` files in order of name, those in folders inside it
    too; hidden ones are left out. YAML front matter gives title, publisher, url, published
    and language. A file given twice is read once.

    Raises:
        NoArticles: if a path does not exist, or there is nothing to read at all.
    """
    articles: dict[str, Article] = {}
    problems = []
    for path in dict.fromkeys(found for given in paths for found in _files(Path(given))):
        try:
            article = load_article(path)
            articles.setdefault(article.id, article)
        except UnreadableArticle as error:
            reason = f"{error.reason}; {error.advice}"
            problems.append(Problem(stage="ingest", article=path.name, reason=reason, cost="the article was not read"))
    if not articles:
        listed = ", ".join(map(str, paths)) or "no paths"
        reasons = "; ".join(f"{problem.article}: {problem.reason}" for problem in problems)
        raise NoArticles(listed, reasons or f"give a folder or files that end in {' or '.join(SUFFIXES)}")
    return Intake(tuple(articles.values()), tuple(problems), tuple(map(str, paths)))


def load_article(path: Path) -> Article:
    """Read one file.

    Raises:
        UnreadableArticle: if it can't be opened, is no UTF-8 text, has nothing in it that can be
            seen, is longer than `LONGEST`, or its front matter can't be understood.
    """
    try:
        if path.is_file() and path.stat().st_size > 4 * LONGEST:  # no text of UTF-8 that large is shorter
            raise UnreadableArticle(str(path), TOO_LONG, SPLIT)
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableArticle(
            str(path), error.strerror or str(error), "check that it exists and may be read"
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8"
        raise UnreadableArticle(str(path), reason, "save it as UTF-8 text") from error
    head, text = _front_matter(path, text)
    if not flatten(text[:LONGEST]):
        raise UnreadableArticle(str(path), "has no text", "leave it out, or save the article's text in it")
    if len(text) > LONGEST:
        raise UnreadableArticle(str(path), TOO_LONG, SPLIT)
    name = os.fsencode(path.name).decode("utf-8", "replace")  # a name may be any bytes
    return Article.of(text, name=name, **head)


def _files(path: Path) -> Iterator[Path]:
    """The files to read at a path."""
    if path.is_dir():
        inside = (file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
        yield from sorted(file for file in inside if not any(part[0] == "." for part in file.relative_to(path).parts))
    elif path.exists():
        yield path
    else:
        raise NoArticles(str(path), "it does not exist; check the path")


FIELDS = ("title", "publisher", "url", "published", "language")


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any], str]:
    """Part front matter from text. Dashed lines around anything but known fields are text."""
    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        head, body = handler.split(text)
        given = yaml.load(head, yaml.BaseLoader)  # noqa: S506 - it makes strings, lists and dicts, and nothing else
    except ValueError:
        return {}, text
    except (yaml.YAMLError, RecursionError) as error:
        reason = f"its front matter is not YAML ({flatten(str(error))})"
        raise UnreadableArticle(str(path), reason, f"front matter may give {', '.join(FIELDS)}") from error
    known = {key: given[key] for key in FIELDS if given.get(key)} if isinstance(given, dict) else {}
    if not known:
        return {}, text
    for key, value in known.items():
        if not isinstance(value, str):
            raise UnreadableArticle(str(path), f"{key} in its front matter is no plain text", "write it on one line")
    if "published" in known:
        known["published"] = _as_date(path, known["published"])
    return known, body.lstrip("\r\n")


def _as_date(path: Path, value: str) -> date:
    """A front matter's date; of a time, the day as written there."""
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise UnreadableArticle(
            str(path), f"published: {value!r} is not a date", "write it as YYYY-MM-DD, or leave it out"
        ) from None


def newest(articles: Iterable[Article]) -> date | None:
    """The latest publication date among articles; None if none is dated."""
    return max((article.published for article in articles if article.published), default=None)
