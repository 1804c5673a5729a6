"""Reading rows as people read them: names for ids, quotations with the outlet that has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from summarizer.archive.found import Mention, Quoted, Step
from summarizer.archive.tables import briefings, changes, identities, roles, sources, things
from summarizer.models import Change, Evidence, Source
from summarizer.past import LETTERS

MANY = 500
"""Values in one list of a question: databases take some ten thousand, but plan shorter ones better."""

CONCERNED = "concerned"
"""The role of those whom a dispute's items name: they are found by it, and aren't its parties."""


class Reader:
    """What one connection reads of an archive, each name and source once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._names: dict[str, str] = {}
        self._sources: dict[tuple[int, str], Source] = {}

    def mentions(self, rows: Sequence[Row[Any]]) -> list[Mention]:
        """Rows of `things`, with the topic of their briefing, as mentions."""
        parties = self.parties([row.key for row in rows])
        evidence = {row.key: [Evidence(**each) for each in json.loads(row.evidence)] for row in rows}
        self.learn_sources((row.briefing, each.article) for row in rows for each in evidence[row.key])
        named = self.names(row.identity for row in rows)
        return [
            Mention(
                date=row.date,
                topic=row.topic or None,
                id=row.identity,
                printed=row.item,
                kind=LETTERS[row.letter],
                name=named[row.identity] if row.letter == "A" else row.name,
                what=row.what,
                state=row.state,
                parties=parties.get(row.key, ()),
                quotations=self.quoted(row.briefing, evidence[row.key]),
            )
            for row in rows
        ]

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """What things are called: as a person named them, else as they were first called."""
        asked = list(dict.fromkeys(ids))
        for some in _cut([id for id in asked if id not in self._names]):
            called = func.coalesce(identities.c.given, identities.c.name)
            found = self.connection.execute(select(identities.c.id, called).where(identities.c.id.in_(some)))
            self._names.update(found.all())
        return {id: self._names.get(id, id) for id in asked}

    def parties(self, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Names of whom things name, by the things' keys."""
        found: dict[int, dict[str, None]] = {}
        for some in _cut(keys):
            asked = select(roles.c.thing, roles.c.actor).where(roles.c.thing.in_(some), roles.c.role != CONCERNED)
            for key, actor in self.connection.execute(asked.order_by(roles.c.key)):
                found.setdefault(key, {})[actor] = None
        named = self.names(actor for actors in found.values() for actor in actors)
        return {key: tuple(named[actor] for actor in actors) for key, actors in found.items()}

    def learn_sources(self, wanted: Iterable[tuple[int, str]]) -> None:
        """Look up articles, each by briefing and id, before they are quoted."""
        missing = [pair for pair in dict.fromkeys(wanted) if pair not in self._sources]
        for some in _cut(missing):
            asked = select(sources.c.briefing, sources.c.article, sources.c.data).where(
                sources.c.briefing.in_({briefing for briefing, _ in some}),
                sources.c.article.in_({article for _, article in some}),
            )
            for briefing, article, data in self.connection.execute(asked):
                self._sources[briefing, article] = Source.model_validate_json(data)

    def quoted(self, briefing: int, evidence: Iterable[Evidence]) -> tuple[Quoted, ...]:
        """Evidence with what is known of its article."""
        found = []
        for each in evidence:
            source = self._sources[briefing, each.article]
            found.append(
                Quoted(
                    quote=each.quote,
                    outlet=source.outlet,
                    published=source.published,
                    article=source.id,
                    name=source.name,
                    url=source.url,
                    start=each.start,
                    end=each.end,
                    translated=source.translated,
                )
            )
        return tuple(found)

    def steps(self, asked: Select[Any]) -> dict[str, list[Step]]:
        """Changes, by identity, in the order that they are asked for."""
        rows = [(row, Change.model_validate_json(row.data)) for row in self.connection.execute(asked)]
        self.learn_sources(
            (row.briefing, each.article)
            for row, change in rows
            for each in (*change.evidence_before, *change.evidence_after)
        )
        found: dict[str, list[Step]] = {}
        for row, change in rows:
            step = Step(
                date=row.date,
                kind=change.kind,
                what=change.what,
                since=change.since,
                before=change.before,
                after=change.after,
                quotations_before=self.quoted(row.briefing, change.evidence_before),
                quotations=self.quoted(row.briefing, change.evidence_after),
            )
            found.setdefault(row.identity, []).append(step)
        return found


def all_things() -> Select[Any]:
    """All rows of things, with the topic of their briefing."""
    return select(things, briefings.c.topic).join(briefings, briefings.c.id == things.c.briefing)


def all_changes() -> Select[Any]:
    """All rows of changes."""
    return select(changes.c.briefing, changes.c.date, changes.c.identity, changes.c.data)


def within(asked: Select[Any], column: Any, since: date | None, until: date | None) -> Select[Any]:
    """Only those of a span of days, both ends included; None: without that end."""
    asked = asked.where(column >= since) if since else asked
    return asked.where(column <= until) if until else asked


def _cut(listed: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """In pieces."""
    return (listed[start : start + MANY] for start in range(0, len(listed), MANY))
