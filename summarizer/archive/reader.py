"""Reading rows as people read them: names for ids, quotations with the outlet that has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import from_json
from sqlalchemy import Connection, Select, func, select

from summarizer.archive.conditions import among
from summarizer.archive.found import Mention, Quoted, Side, Step
from summarizer.archive.tables import briefings, changes, identities, roles, things
from summarizer.past import LETTERS

CONCERNED = "concerned"
"""The role of those whom a dispute's items name, and of those who take a stance on a claim in a machine translation
alone: they are found by it, and aren't its parties."""

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
        columns = "key date item identity letter what state quoted caveats sides".split()
        topic = select(briefings.c.topic).where(briefings.c.id == things.c.briefing).scalar_subquery()
        asked = select(*(things.c[name] for name in columns), topic.label("topic"))
        rows = self.connection.execute(asked.where(among(things.c.key, keys))).all()
        roles_of = self.roles(keys)
        sides = self._sides({row.key: from_json(row.sides) for row in rows if row.sides})
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
                caveats=from_json(row.caveats),
                parties=_each_once(roles_of.get(row.key, {})),
                roles=roles_of.get(row.key, {}),
                sides=sides.get(row.key, ()),
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
        """Names of whom things name, each once, by the things' keys."""
        return {key: _each_once(told) for key, told in self.roles(keys).items()}

    def roles(self, keys: Iterable[int]) -> dict[int, dict[str, tuple[str, ...]]]:
        """Names of whom things name, by the things' keys and their role, in a role each once."""
        asked = select(roles.c.thing, roles.c.role, roles.c.actor).where(
            among(roles.c.thing, keys), roles.c.role != CONCERNED
        )
        rows = self.connection.execute(asked.order_by(roles.c.key)).all()
        named = self.names(actor for _, _, actor in rows)
        found: dict[int, dict[str, dict[str, None]]] = {}
        for key, role, actor in rows:
            found.setdefault(key, {}).setdefault(role, {})[named[actor]] = None
        return {key: {role: tuple(names) for role, names in told.items()} for key, told in found.items()}

    def _sides(self, told: Mapping[int, list[dict[str, Any]]]) -> dict[int, tuple[Side, ...]]:
        """Disputes' versions, with names for the ids that were printed, by the disputes' keys."""
        asked = select(roles.c.thing, roles.c.printed, roles.c.actor).where(among(roles.c.thing, told))
        goes_by = {(key, printed): actor for key, printed, actor in self.connection.execute(asked)} if told else {}
        named = self.names(goes_by.values())
        return {
            key: tuple(
                Side(
                    what=side["what"],
                    held_by=tuple(dict.fromkeys(named[goes_by[key, id]] for id in side["held_by"])),
                    outlets=side["outlets"],
                )
                for side in sides
            )
            for key, sides in told.items()
        }

    def steps(self, asked: Select[Any]) -> dict[str, list[Step]]:
        """Changes, by identity, in the order that they are asked for."""
        rows = self.connection.execute(asked).all()
        found: dict[str, list[Step]] = {}
        for row, step in zip(rows, parsed((row.step for row in rows), STEPS), strict=True):
            found.setdefault(row.identity, []).append(step)
        return found


def _each_once(told: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """All names of some roles."""
    return tuple(dict.fromkeys(chain.from_iterable(told.values())))


def parsed(told: Iterable[str], models: TypeAdapter[list[T]]) -> list[T]:
    """The JSON of many rows as models: of all at once, which takes half the time of one by one."""
    return models.validate_json(f"[{','.join(told)}]")


def all_changes() -> Select[Any]:
    """All rows of changes: what they are of, and how they are told."""
    return select(changes.c.identity, changes.c.step)
