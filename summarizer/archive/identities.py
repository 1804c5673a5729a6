"""Identities: which id a thing goes by now, and what a person has said about that.

A thing on a day has an id of its own (`things.own`); a person may say that one id is
another (`identities.merged_into`). All else follows, and is settled after each such word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, func, insert, select, update

from summarizer.archive.conditions import among
from summarizer.archive.tables import changes, counters, identities, names, roles, things
from summarizer.models import ChangeKind

MOST_HOPS = 1000
"""Merges that are followed from one id; more can't be but in a broken archive."""


class Resolver:
    """From an id to the one that it was merged into, or itself."""

    def __init__(self, into: Mapping[str, str]) -> None:
        self._into = into

    def __call__(self, id: str) -> str:
        """The id that another goes by now."""
        for _ in range(MOST_HOPS):
            if id not in self._into:
                break
            id = self._into[id]
        return id

    def group(self, id: str) -> list[str]:
        """All that goes by one id: itself, then what was merged into it, by number."""
        return [id, *sorted((other for other in self._into if self(other) == id), key=number_of)]


def number_of(id: str) -> int:
    """An id's number, by which ids of a kind are ordered: D2 comes before D10."""
    return int(id[1:])


def resolver(connection: Connection) -> Resolver:
    """The merges that there are."""
    merged = select(identities.c.id, identities.c.merged_into).where(identities.c.merged_into.is_not(None))
    return Resolver(dict(connection.execute(merged).all()))


def taken_numbers(connection: Connection) -> dict[str, int]:
    """The highest number ever given, by letter."""
    return dict(connection.execute(select(counters.c.letter, counters.c.taken).order_by(counters.c.letter)).all())


def register(connection: Connection, named: Mapping[str, str]) -> None:
    """Enter identities that are not there yet: names by id."""
    known = set(connection.execute(select(identities.c.id).where(among(identities.c.id, named))).scalars())
    rows = [
        {"id": id, "letter": id[0], "number": number_of(id), "name": name}
        for id, name in named.items()
        if id not in known
    ]
    if rows:
        connection.execute(insert(identities), rows)
    highest: dict[str, int] = {}
    for row in rows:
        highest[str(row["letter"])] = max(highest.get(str(row["letter"]), 0), int(str(row["number"])))
    count(connection, highest)


def count(connection: Connection, highest: Mapping[str, int]) -> None:
    """Take note that numbers were given, up to these, by letter."""
    taken = taken_numbers(connection)
    for letter, number in highest.items():
        if letter not in taken:
            connection.execute(insert(counters).values(letter=letter, taken=number))
        elif number > taken[letter]:
            connection.execute(update(counters).where(counters.c.letter == letter).values(taken=number))


def new_id(connection: Connection, letter: str, name: str) -> str:
    """The next free id of a kind, entered."""
    id = f"{letter}{taken_numbers(connection).get(letter, 0) + 1}"
    register(connection, {id: name})
    return id


def appearances(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """On how many days each of these identities appears; 0 is left out."""
    counted = (
        select(things.c.identity, func.count(func.distinct(things.c.date)))
        .where(among(things.c.identity, ids))
        .group_by(things.c.identity)
    )
    return dict(connection.execute(counted).all())


def given_names(connection: Connection) -> list[tuple[str, str]]:
    """The names that a person gave to actors, with the ids that they were given to."""
    asked = select(identities.c.id, identities.c.given).where(identities.c.given.is_not(None))
    return [(id, name) for id, name in connection.execute(asked.order_by(identities.c.number)).all() if id[0] == "A"]


# ------------------------------------------------------------------------- what a person says


def merge(connection: Connection, kept: str, other: str) -> None:
    """From now on `other` goes by the id `kept`; both stand for themselves."""
    _say(connection, other, kept)
    settle(connection, other)


def unmerge(connection: Connection, id: str) -> None:
    """Let what has an id of its own, and what was merged into that, go by it again."""
    was = resolver(connection)(id)
    _say(connection, id, None)
    settle(connection, was)


def _say(connection: Connection, id: str, merged_into: str | None) -> None:
    connection.execute(update(identities).where(identities.c.id == id).values(merged_into=merged_into))


def part(connection: Connection, id: str, days: Sequence[date]) -> str:
    """Give what goes by an id on some days a new one; returns that.

    Of two things that go by it on one day, as after a merge, the second gets one that is merged into the new one: no
    briefing has an id twice.
    """
    theirs = things.c.identity == id, things.c.date.in_(days)
    rows = connection.execute(
        select(things.c.key, things.c.briefing, things.c.name).where(*theirs).order_by(things.c.key)
    ).all()
    of_briefing: dict[int, list[int]] = {}
    for key, briefing, _ in rows:
        of_briefing.setdefault(briefing, []).insert(0, key)  # what weighs most first
    new = new_id(connection, id[0], rows[0].name)
    for place in range(max(map(len, of_briefing.values()))):
        own = new
        if place:
            own = new_id(connection, id[0], rows[0].name)
            _say(connection, own, new)
        keys = [listed[place] for listed in of_briefing.values() if place < len(listed)]
        connection.execute(update(things).where(among(things.c.key, keys)).values(own=own, parted=1))
    settle(connection, id)
    return new


def settle(connection: Connection, was: str) -> None:
    """Let all rows that go by an id go by what they should, after a person has said who is who.

    Args:
        connection: in a transaction that writes.
        was: the only identity whose things may go by another from now on.
    """
    theirs = things.c.identity == was
    moved: list[int] = []
    for now, some in _now(connection, things.c.own, was, theirs).items():
        of_these = theirs, among(things.c.own, some)
        moved += connection.execute(select(things.c.key).where(*of_these)).scalars()
        connection.execute(update(things).where(*of_these).values(identity=now))
    for table in (names, roles):
        settled = select(things.c.identity).where(things.c.key == table.c.thing).scalar_subquery()
        connection.execute(update(table).where(among(table.c.thing, moved)).values(identity=settled))
    printed = things.alias()

    def goes_by(briefing: Column[Any], item: Column[Any]) -> Any:
        """The identity of what a briefing prints under an id."""
        asked = select(printed.c.identity).where(printed.c.briefing == briefing, printed.c.item == item)
        return asked.correlate(briefing.table).scalar_subquery()

    said = changes.c.identity == was
    silent = changes.c.kind == ChangeKind.NOT_MENTIONED.value
    owner = goes_by(things.c.briefing, things.c.affiliation)
    connection.execute(update(things).where(things.c.owner == was).values(owner=owner))
    actor = goes_by(roles.c.briefing, roles.c.printed)
    connection.execute(update(roles).where(roles.c.actor == was).values(actor=actor))
    changed = goes_by(changes.c.briefing, changes.c.item)
    connection.execute(update(changes).where(said, ~silent).values(identity=changed))
    for now, some in _now(connection, changes.c.item, was, said, silent).items():
        connection.execute(update(changes).where(said, silent, among(changes.c.item, some)).values(identity=now))


def _now(connection: Connection, column: Column[Any], was: str, *where: Any) -> dict[str, list[str]]:
    """Ids of some rows that no longer go by what they did, by what they go by now."""
    resolve = resolver(connection)
    found: dict[str, list[str]] = {}
    for id in sorted(connection.execute(select(column).where(*where).distinct()).scalars()):
        if resolve(id) != was:
            found.setdefault(resolve(id), []).append(id)
    return found
