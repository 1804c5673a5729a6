"""What stood before a day, out of the archive's rows."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, Subquery, func, select

from summarizer.archive.identities import taken_numbers
from summarizer.archive.tables import briefings, identities, names, roles, sources, things
from summarizer.models import Evidence, Source
from summarizer.past import LETTERS, Past, Standing


def past_before(connection: Connection, day: date, topic: str, since: date) -> Past | None:
    """All things as they were last mentioned before a day; None if there is no briefing so near.

    Args:
        connection: that reads.
        day: before which.
        topic: whose last briefing counts as the one before, if it has any.
        since: the first day that is looked at.
    """
    near = select(func.max(briefings.c.date)).where(briefings.c.date < day, briefings.c.date >= since)
    previous = connection.execute(near.where(briefings.c.topic == topic)).scalar() or connection.execute(near).scalar()
    if previous is None:
        return None
    latest = (
        select(things.c.identity, func.max(things.c.date).label("last"))
        .where(things.c.date < day, things.c.date >= since, things.c.letter != "E")
        .group_by(things.c.identity)
        .subquery()
    )
    rows = _last_mentioned(connection, latest)
    firsts = _firsts(connection, latest)
    concerned = _gathered(connection, _shown(latest, roles.c.thing, roles.c.actor).join(roles))
    forms = _gathered(
        connection, select(names.c.identity, names.c.name).join(latest, names.c.identity == latest.c.identity)
    )
    standing = tuple(
        Standing(
            id=row.identity,
            name=row.given or row.name,
            text=row.told,
            status=row.status,
            state=row.state,
            when=row.day,
            first=firsts[row.identity],
            last=row.date,
            actors=concerned.get(row.key, ()) or ((row.owner,) if row.owner else ()),
            forms=forms.get(row.identity, ()),
            evidence=tuple(Evidence(**each) for each in json.loads(row.evidence)),
        )
        for row in rows
    )
    return Past(
        day=previous,
        standing=standing,
        sources=_sources(connection, since, {e.article for each in standing for e in each.evidence}),
        taken=taken_numbers(connection),
    )


def _shown(latest: Subquery, *columns: Any) -> Select[Any]:
    """Of all things as they were last mentioned."""
    return (
        select(*columns)
        .select_from(things)
        .join(latest, (things.c.identity == latest.c.identity) & (things.c.date == latest.c.last))
    )


def _last_mentioned(connection: Connection, latest: Subquery) -> list[Row[Any]]:
    """A row for each identity, last mentioned first; of one that a day has twice the weightier."""
    asked = _shown(latest, things, identities.c.given).join(identities, identities.c.id == things.c.identity)
    listed = connection.execute(asked.order_by(things.c.briefing.desc(), things.c.position.desc())).all()
    rows = {row.identity: row for row in listed}
    letters = list(LETTERS)
    return sorted(
        rows.values(), key=lambda row: (-row.date.toordinal(), letters.index(row.letter), int(row.identity[1:]))
    )


def _firsts(connection: Connection, latest: Subquery) -> dict[str, date]:
    """When each was first mentioned."""
    asked = (
        select(things.c.identity, func.min(things.c.date))
        .join(latest, things.c.identity == latest.c.identity)
        .group_by(things.c.identity)
    )
    return dict(connection.execute(asked).all())


def _gathered(connection: Connection, asked: Select[Any]) -> dict[Any, tuple[str, ...]]:
    """Values by key, each once, in their order."""
    found: dict[Any, dict[str, None]] = {}
    for key, value in sorted(connection.execute(asked)):
        found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def _sources(connection: Connection, since: date, articles: set[str]) -> tuple[Source, ...]:
    """Those of these articles that briefings since then have."""
    asked = (
        select(sources.c.article, sources.c.data)
        .join(briefings, briefings.c.id == sources.c.briefing)
        .where(briefings.c.date >= since, sources.c.earlier == 0)
        .order_by(sources.c.article)
    )
    kept = {article: data for article, data in connection.execute(asked) if article in articles}
    return tuple(Source.model_validate_json(data) for data in kept.values())
