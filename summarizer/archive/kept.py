"""The texts of articles: each is kept once, for as long as a briefing has the article."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy import Connection, delete, insert, or_, select

from summarizer.archive.conditions import among
from summarizer.archive.rows import pack, unpack
from summarizer.archive.tables import articles, briefings, sources
from summarizer.errors import ArchiveError
from summarizer.models import Article, Source

AT_ONCE = 100
"""Texts in memory at a time, while all are read."""

# ----------------------------------------------------------------------------------- writing


def keep_texts(connection: Connection, listed: Iterable[Source], given: Iterable[Article]) -> None:
    """Keep the texts of those articles that are among a briefing's sources; what was kept of them is replaced."""
    hashes = {source.id: source.sha256 for source in listed}
    insert_texts(connection, {each.id: each.text for each in given if hashes.get(each.id) == each.sha256})


def insert_texts(connection: Connection, texts: dict[str, str]) -> None:
    """Keep texts, by their articles' ids, in place of what was kept."""
    if texts:
        connection.execute(delete(articles).where(among(articles.c.id, texts)))
        connection.execute(insert(articles), [{"id": id, "body": pack(text)} for id, text in texts.items()])


def articles_in(connection: Connection, number: int) -> Sequence[str]:
    """The ids of all articles that a briefing has."""
    return connection.execute(select(sources.c.article).where(sources.c.briefing == number)).scalars().all()


def drop_texts(connection: Connection, ids: Collection[str], made_again: int | None = None) -> None:
    """Drop the texts of articles that no briefing has any more.

    Args:
        connection: in a transaction that writes.
        ids: of the articles that a briefing had that is gone.
        made_again: number of the one that takes its place: what that was made of itself is kept anew, or not.
    """
    still = select(sources.c.article).where(sources.c.article == articles.c.id)
    if made_again is not None:
        still = still.where(or_(sources.c.briefing != made_again, sources.c.earlier == 1))
    if ids:
        connection.execute(delete(articles).where(among(articles.c.id, ids), ~still.exists()))


def forget_texts(connection: Connection, before: date) -> int:
    """Drop the texts of articles that no briefing of that day or later was made of; returns how many."""
    since = (
        select(sources.c.article)
        .join(briefings, briefings.c.id == sources.c.briefing)
        .where(sources.c.article == articles.c.id, sources.c.earlier == 0, briefings.c.date >= before)
    )
    return connection.execute(delete(articles).where(~since.exists())).rowcount


# ----------------------------------------------------------------------------------- reading


def kept_articles(connection: Connection, ids: Iterable[str], place: str | None) -> dict[str, Article]:
    """Articles whose texts are kept, by id, in the order asked for; see `Archive.articles`."""
    asked = [id for id in dict.fromkeys(ids) if id.isprintable()]  # PostgreSQL can't look for a NUL, or a surrogate
    texts = _texts(connection, asked, place)
    by_briefing: dict[int, list[str]] = {}
    for id, number in _last_briefings(connection, texts).items():
        by_briefing.setdefault(number, []).append(id)
    found = {
        each.id: each
        for number, some in by_briefing.items()
        for each in _articles(connection, number, {id: texts[id] for id in some}, place)
    }
    return {id: found[id] for id in asked if id in found}


def kept_of(connection: Connection, number: int, place: str | None) -> tuple[Article, ...]:
    """A briefing's articles whose texts are kept, in its order."""
    return tuple(_articles(connection, number, _texts(connection, articles_in(connection, number), place), place))


def kept_ids(connection: Connection, number: int) -> list[str]:
    """The ids of a briefing's articles whose texts are kept, in order; a text is the same as long as its id is."""
    of_briefing = select(sources.c.article).where(sources.c.briefing == number)
    return sorted(connection.execute(select(articles.c.id).where(articles.c.id.in_(of_briefing))).scalars())


def all_texts(connection: Connection, place: str | None) -> Iterator[tuple[str, str]]:
    """All that is kept: ids, in order, and texts."""
    ids = sorted(connection.execute(select(articles.c.id)).scalars())  # here: databases sort texts by locale
    for start in range(0, len(ids), AT_ONCE):
        yield from sorted(_texts(connection, ids[start : start + AT_ONCE], place).items())


def _texts(connection: Connection, ids: Iterable[str], place: str | None) -> dict[str, str]:
    """Texts by their articles' ids."""
    rows = connection.execute(select(articles.c.id, articles.c.body).where(among(articles.c.id, ids))).all()
    return {id: _unpacked(id, body, place) for id, body in rows}


def _unpacked(id: str, body: bytes, place: str | None) -> str:
    try:
        return unpack(body)
    except (zlib.error, UnicodeDecodeError) as error:
        raise _broken(id, str(error), place) from error


def _last_briefings(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """By article, the number of the last briefing that was made of it; else of the last that quotes it."""
    asked = (
        select(sources.c.article, 1 - sources.c.earlier, briefings.c.date, briefings.c.topic, briefings.c.id)
        .join(briefings, briefings.c.id == sources.c.briefing)
        .where(among(sources.c.article, ids))
    )
    found = sorted(tuple(row) for row in connection.execute(asked))  # here: databases sort texts by locale
    return {id: number for id, *_, number in found}


def _articles(connection: Connection, number: int, texts: dict[str, str], place: str | None) -> Iterator[Article]:
    """A briefing's sources with their texts, in its order."""
    if not texts:
        return
    body = connection.execute(select(briefings.c.body).where(briefings.c.id == number)).scalar_one()
    for source in from_json(unpack(body))["sources"]:
        if source["id"] in texts:
            yield _article(source, texts[source["id"]], place)


def _article(source: dict[str, Any], text: str, place: str | None) -> Article:
    try:
        return Article.model_validate({**source, "text": text})
    except ValidationError as error:
        raise _broken(source["id"], error.errors()[0]["msg"].removeprefix("Value error, "), place) from error


def _broken(id: str, reason: str, place: str | None) -> ArchiveError:
    return ArchiveError(place, f"article {id} can't be read back: {reason}", "make its day again")
