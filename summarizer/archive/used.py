"""Which articles briefings were made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Select, select

from summarizer.archive.tables import briefings, sources
from summarizer.models import Source

AT_ONCE = 500
"""Ids in one question: SQLite takes 32,766 values, older ones 999."""

TextKey = tuple[str, str | None, str | None]
"""Hash, publisher and URL: what an article is known by when its place in a feed or file, and so its id, has changed."""


def text_of(source: Source) -> TextKey:
    """What makes an article the same one, whatever it is called."""
    return source.sha256, source.publisher, source.url


def days_used(
    connection: Connection, articles: Sequence[Source], topic: str, since: date
) -> Mapping[TextKey, frozenset[date]]:
    """On which days briefings of a topic were made of these articles; those of none are left out.

    Args:
        connection: that reads.
        articles: looked for by id in all briefings, by text in those since then.
        topic: empty: all stories.
        since: an entry of a feed gets another id when others come before it, which happens within days.
    """
    wanted = {text_of(article) for article in articles}
    by_id = {article.id: text_of(article) for article in articles}
    found: dict[TextKey, set[date]] = {}
    for ids in _chunks(sorted(by_id)):
        for article, day, _ in connection.execute(_used(topic).where(sources.c.article.in_(ids))):
            found.setdefault(by_id[article], set()).add(day)
    for _, day, data in connection.execute(_used(topic).where(briefings.c.date >= since)):
        source = json.loads(data)
        text = source["sha256"], source.get("publisher"), source.get("url")
        if text in wanted:
            found.setdefault(text, set()).add(day)
    return {text: frozenset(days) for text, days in found.items()}


def made_of(connection: Connection, day: date, topic: str) -> tuple[Source, ...]:
    """The articles that a day's briefing of a topic was made of, without their boilerplate; none if there is none."""
    asked = _used(topic).where(briefings.c.date == day).order_by(sources.c.article)
    return tuple(Source.model_validate_json(data) for _, _, data in connection.execute(asked))


def _used(topic: str) -> Select[str, date, str]:
    """Articles of a topic's own briefings, not those of earlier days that a change quotes."""
    return (
        select(sources.c.article, briefings.c.date, sources.c.data)
        .join(briefings, briefings.c.id == sources.c.briefing)
        .where(briefings.c.topic == topic, sources.c.earlier == 0)
    )


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
