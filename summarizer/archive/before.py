"""What stood before a day, out of the archive's rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, func, select

from summarizer.archive.conditions import among
from summarizer.archive.identities import taken_numbers
from summarizer.archive.reader import parsed
from summarizer.archive.tables import briefings, identities, names, roles, sources, things
from summarizer.models import Evidence, Source
from summarizer.past import LETTERS, Past, Standing

EVIDENCE = TypeAdapter(list[tuple[Evidence, ...]])
SOURCES = TypeAdapter(list[Source])
STANDING = TypeAdapter(tuple[Standing, ...])


def past_before(connection: Connection, day: date, topic: str, since: date) -> Past | None:
    """All things as they were last mentioned before a day; None if there is no briefing so near.

    Args:
        connection: that reads.
        day: before which.
        topic: whose last briefing counts as the one before, if it has any; what only others' have is marked.
        since: the first day that is looked at.
    """
    near = select(func.max(briefings.c.date)).where(briefings.c.date < day, briefings.c.date >= since)
    previous = connection.execute(near.where(briefings.c.topic == topic)).scalar() or connection.execute(near).scalar()
    if previous is None:
        return None
    latest = select(func.max(things.c.key)).where(things.c.date < day, things.c.date >= since, things.c.letter != "E")
    rows = _ordered(connection, latest.group_by(things.c.identity))
    ids = [row.identity for row in rows]
    called = select(identities.c.id, identities.c.given).where(identities.c.given.is_not(None))
    given = dict(connection.execute(called).all())
    firsts = select(things.c.identity, func.min(things.c.date)).where(among(things.c.identity, ids))
    first = dict(connection.execute(firsts.group_by(things.c.identity)).all())
    part = select(roles.c.thing, roles.c.actor).where(among(roles.c.thing, (row.key for row in rows)))
    concerned = _gathered(connection, part)
    spelt = select(names.c.identity, names.c.name).where(among(names.c.identity, (id for id in ids if id[0] == "A")))
    forms = _gathered(connection, spelt.distinct())
    told = _told(connection, day, topic, since)
    standing = STANDING.validate_python(
        [
            {
                "id": row.identity,
                "name": given.get(row.identity) or row.name,
                "text": row.told,
                "status": row.status,
                "state": row.state,
                "when": row.day,
                "first": first[row.identity],
                "last": row.date,
                "actors": concerned.get(row.key, ()) or ((row.owner,) if row.owner else ()),
                "forms": forms.get(row.identity, ()),
                "evidence": evidence,
                "elsewhere": row.identity not in told,
            }
            for row, evidence in zip(rows, parsed((row.evidence for row in rows), EVIDENCE), strict=True)
        ]
    )
    return Past(
        day=previous,
        standing=standing,
        sources=_sources(connection, since, {e.article for each in standing for e in each.evidence}),
        taken=taken_numbers(connection),
    )


def _told(connection: Connection, day: date, topic: str, since: date) -> set[str]:
    """Identities that briefings of a topic have."""
    own = select(briefings.c.id).where(briefings.c.topic == topic, briefings.c.date < day, briefings.c.date >= since)
    found = select(things.c.identity).where(things.c.briefing.in_(own)).distinct()
    return set(connection.execute(found).scalars())


def _ordered(connection: Connection, keys: Select[Any]) -> list[Row[Any]]:
    """Things of these keys, last mentioned first."""
    columns = "key date identity letter name status state day owner told evidence".split()
    rows = connection.execute(select(*(things.c[name] for name in columns)).where(things.c.key.in_(keys))).all()
    letters = list(LETTERS)
    return sorted(rows, key=lambda row: (-row.date.toordinal(), letters.index(row.letter), int(row.identity[1:])))


def _gathered(connection: Connection, asked: Select[Any]) -> dict[Any, tuple[str, ...]]:
    """Values by key, each once, in their order."""
    found: dict[Any, set[str]] = {}
    for key, value in connection.execute(asked).all():
        found.setdefault(key, set()).add(value)
    return {key: tuple(sorted(values)) for key, values in found.items()}


def _sources(connection: Connection, since: date, articles: set[str]) -> tuple[Source, ...]:
    """Those of these articles that briefings since then have."""
    asked = (
        select(sources.c.article, sources.c.data)
        .join(briefings, briefings.c.id == sources.c.briefing)
        .where(briefings.c.date >= since, sources.c.earlier == 0, among(sources.c.article, articles))
        .order_by(sources.c.article, briefings.c.id)
    )
    kept = dict(connection.execute(asked).all())
    return tuple(parsed(kept.values(), SOURCES))
