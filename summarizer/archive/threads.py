"""Threads: one thing over all days, two days side by side, and what became of all things over a span of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, Row, Select, select

from summarizer.archive.conditions import among, within
from summarizer.archive.found import Changed, Changes, Diff, Difference, Thread
from summarizer.archive.reader import STEPS, Reader, all_changes, parsed
from summarizer.archive.tables import briefings, changes, roles, things
from summarizer.models import ChangeKind, Resolution
from summarizer.past import LETTERS


def thread(connection: Connection, id: str) -> Thread:
    """One thing over all days on which it was mentioned; `id` is its identity."""
    reader = Reader(connection)
    listed = select(things.c.key, things.c.date, things.c.name).where(things.c.identity == id)
    rows = connection.execute(listed.order_by(things.c.key.desc())).all()
    moves = all_changes().where(changes.c.identity == id)
    moves = moves.order_by(changes.c.date.desc(), changes.c.briefing.desc(), changes.c.position)
    name = reader.names([id])[id]
    return Thread(
        id=id,
        kind=LETTERS[id[0]],
        name=name,
        names=tuple(dict.fromkeys((name, *(row.name for row in rows)))),
        first=rows[-1].date,
        last=rows[0].date,
        mentions=tuple(reader.mentions([row.key for row in rows])),
        changes=tuple(reader.steps(moves).get(id, ())),
    )


def diff(connection: Connection, before: date, after: date) -> Diff:
    """Two days side by side: what the one has and the other has not, and what moved in between."""
    reader = Reader(connection)
    stood, stands = (_of_day(reader, day) for day in (before, after))
    ids = dict.fromkeys([*stands, *stood])
    moves = (
        all_changes()
        .where(changes.c.date > before, changes.c.date <= after, among(changes.c.identity, ids))
        .order_by(changes.c.date, changes.c.briefing, changes.c.position)
    )
    steps = reader.steps(moves)
    named = reader.names(ids)
    rows = {**stood, **stands}
    parties = reader.parties([row.key for row in rows.values()])
    return Diff(
        before=before,
        after=after,
        differences=tuple(
            Difference(
                id=id,
                kind=LETTERS[id[0]],
                name=named[id],
                parties=parties.get(rows[id].key, ()),
                before=stood[id].state if id in stood else None,
                after=stands[id].state if id in stands else None,
                caveats=from_json(rows[id].caveats),
                steps=tuple(steps.get(id, ())),
            )
            for id in ids
        ),
    )


def changed(
    connection: Connection,
    *,
    kinds: Sequence[ChangeKind | str],
    since: date | None,
    until: date | None,
    party: set[str] | None,
    most: int,
) -> Changes:
    """What became of things over a span of days, newest first, of a day as its briefing has it.

    Args:
        connection: that reads.
        kinds: of changes; empty: all.
        since: first day; None: from the beginning.
        until: last day; None: to the end.
        party: identities, one of whom the thing must name on some day; None: any.
        most: how many.
    """
    topic = select(briefings.c.topic).where(briefings.c.id == changes.c.briefing).scalar_subquery()
    asked = within(all_changes().add_columns(topic.label("topic")), changes.c.date, since, until)
    if kinds:
        asked = asked.where(changes.c.kind.in_([str(kind) for kind in kinds]))
    if party is not None:
        asked = asked.where(changes.c.identity.in_(select(roles.c.identity).where(among(roles.c.actor, party))))
    newest_first = (changes.c.date.desc(), changes.c.briefing, changes.c.position)
    rows = connection.execute(asked.order_by(*newest_first).limit(most + 1)).all()
    told = rows[:most]
    named = Reader(connection).names(row.identity for row in told)
    return Changes(
        changes=tuple(
            Changed(
                topic=row.topic or None,
                id=row.identity,
                kind=LETTERS[row.identity[0]],
                name=named[row.identity],
                step=step,
            )
            for row, step in zip(told, parsed((row.step for row in told), STEPS), strict=True)
        ),
        more=len(rows) > most,
    )


def _of_day(reader: Reader, day: date) -> dict[str, Row[Any]]:
    """The things of a day that go on from day to day, each as it was last mentioned."""
    columns = (things.c.key, things.c.identity, things.c.state, things.c.caveats)
    asked: Select[Any] = (
        select(*columns)
        .where(things.c.date == day, things.c.letter.not_in(("A", "E")))
        .where(things.c.status != Resolution.DIFFERENT_EVENTS.value)  # no dispute: it only looks like one
        .order_by(things.c.briefing, things.c.position)
    )
    found: dict[str, Row[Any]] = {}
    for row in reader.connection.execute(asked):
        if row.identity not in found or row.key > found[row.identity].key:
            found[row.identity] = row
    return found
