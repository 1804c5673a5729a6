"""Reading rows as people read them: names for ids, quotations with the outlet that has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, func, select

from summarizer.archive.conditions import among
from summarizer.archive.found import Mention, Quoted, Step
from summarizer.archive.tables import briefings, changes, identities, roles, things
from summarizer.past import LETTERS

CONCERNED = "concerned"
"""The role of those whom a dispute's items name: they are found by it, and aren't its parties."""

T = TypeVar("T")
QUOTED = TypeAdapter(list[tuple[Quoted, ...]])
STEPS = TypeAdapter(list[Step])


class Reader:
    """What one connection reads of an archive, each name once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._names: dict[str, str] = {}

    def mentions(self, keys: Sequence[int]) -> list[Mention]:
        """Things by their keys, in the order of these."""
        columns = "key date item identity letter what state quoted".split()
        topic = select(briefings.c.topic).where(briefings.c.id == things.c.briefing).scalar_subquery()
        asked = select(*(things.c[name] for name in columns), topic.label("topic"))
        rows = self.connection.execute(asked.where(among(things.c.key, keys))).all()
        parties = self.parties(keys)
        named = self.names(row.identity for row in rows)
        told = {row.key: (row, said) for row, said in zip(rows, parsed((r.quoted for r in rows), QUOTED), strict=True)}
        return [
            Mention(
                date=row.date,
                topic=row.topic or None,
                id=row.identity,
                printed=row.item,
                kind=LETTERS[row.letter],
                name=named[row.identity],
                what=row.what,
                state=row.state,
                parties=parties.get(row.key, ()),
                quotations=said,
            )
            for row, said in (told[key] for key in keys)
        ]

    def quotations(self, keys: Iterable[int]) -> dict[int, tuple[Quoted, ...]]:
        """A few quotations of each thing, by the things' keys."""
        return self.by_key(select(things.c.key, things.c.quoted).where(among(things.c.key, keys)), QUOTED)

    def by_key(self, asked: Select[Any], models: TypeAdapter[list[T]]) -> dict[Any, T]:
        """Rows of a key and of JSON: models by key."""
        rows = self.connection.execute(asked).all()
        return dict(zip((key for key, _ in rows), parsed((told for _, told in rows), models), strict=True))

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """What things are called: as a person named them, else as they were first called."""
        asked = list(dict.fromkeys(ids))
        if missing := [id for id in asked if id not in self._names]:
            called = func.coalesce(identities.c.given, identities.c.name)
            found = self.connection.execute(select(identities.c.id, called).where(among(identities.c.id, missing)))
            self._names.update(found.all())
        return {id: self._names.get(id, id) for id in asked}

    def parties(self, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Names of whom things name, by the things' keys."""
        asked = select(roles.c.thing, roles.c.actor).where(among(roles.c.thing, keys), roles.c.role != CONCERNED)
        found: dict[int, dict[str, None]] = {}
        for key, actor in self.connection.execute(asked.order_by(roles.c.key)).all():
            found.setdefault(key, {})[actor] = None
        named = self.names(actor for actors in found.values() for actor in actors)
        return {key: tuple(named[actor] for actor in actors) for key, actors in found.items()}

    def steps(self, asked: Select[Any]) -> dict[str, list[Step]]:
        """Changes, by identity, in the order that they are asked for."""
        rows = self.connection.execute(asked).all()
        found: dict[str, list[Step]] = {}
        for row, step in zip(rows, parsed((row.step for row in rows), STEPS), strict=True):
            found.setdefault(row.identity, []).append(step)
        return found


def parsed(told: Iterable[str], models: TypeAdapter[list[T]]) -> list[T]:
    """The JSON of many rows as models: of all at once, which takes half the time of one by one."""
    return models.validate_json(f"[{','.join(told)}]")


def all_changes() -> Select[Any]:
    """All rows of changes: what they are of, and how they are told."""
    return select(changes.c.identity, changes.c.step)
