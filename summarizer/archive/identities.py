"""Identities: which id a thing goes by now, and what a person has said about that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, delete, func, insert, select, update

from summarizer.archive.rows import dump, spans_of, unpack
from summarizer.archive.tables import briefings, changes, counters, identities, names, roles, things, traces
from summarizer.models import Briefing
from summarizer.numbering import things_of
from summarizer.past import evidence_of

MOST_HOPS = 1000
"""Merges that are followed from one id; more can't be but in a broken archive."""


def resolver(connection: Connection) -> Callable[[str], str]:
    """From an id to the one that it was merged into, or itself."""
    merged = select(identities.c.id, identities.c.merged_into).where(identities.c.merged_into.is_not(None))
    into = dict(connection.execute(merged).all())

    def resolve(id: str) -> str:
        for _ in range(MOST_HOPS):
            if id not in into:
                break
            id = into[id]
        return id

    return resolve


def taken_numbers(connection: Connection) -> dict[str, int]:
    """The highest number ever given, by letter."""
    return dict(connection.execute(select(counters.c.letter, counters.c.taken).order_by(counters.c.letter)).all())


def register(connection: Connection, named: Mapping[str, str]) -> None:
    """Enter identities that are not there yet: names by id."""
    known = set(connection.execute(select(identities.c.id).where(identities.c.id.in_(named))).scalars())
    rows = [
        {"id": id, "letter": id[0], "number": int(id[1:]), "name": name}
        for id, name in named.items()
        if id not in known
    ]
    if rows:
        connection.execute(insert(identities), rows)
    taken = taken_numbers(connection)
    for letter in {row["letter"] for row in rows}:
        highest = max(int(str(row["number"])) for row in rows if row["letter"] == letter)
        if letter not in taken:
            connection.execute(insert(counters).values(letter=letter, taken=highest))
        elif highest > taken[letter]:
            connection.execute(update(counters).where(counters.c.letter == letter).values(taken=highest))


def keep_traces(connection: Connection, briefing: int, day: date, topic: str) -> None:
    """Remember where the things of a briefing stood, before it is deleted."""
    found = connection.execute(
        select(things.c.identity, things.c.quoted, things.c.further).where(things.c.briefing == briefing)
    )
    rows = [
        {"date": day, "topic": topic, "identity": identity, "article": article, "start": start, "end": end}
        for identity, quoted, further in found
        for article, start, end in sorted(spans_of(quoted) | spans_of(further))
    ]
    connection.execute(delete(traces).where(traces.c.date == day, traces.c.topic == topic))
    if rows:
        connection.execute(insert(traces), rows)


def traced(connection: Connection, briefing: Briefing, left_out: Iterable[str]) -> dict[str, str]:
    """Which things of a briefing stood in the one that it replaces: identities by the day's own ids.

    Of a kind, those that share most quotations are one. Identities that are taken are left out.
    """
    listed = connection.execute(
        select(traces.c.identity, traces.c.article, traces.c.start, traces.c.end).where(
            traces.c.date == briefing.date, traces.c.topic == (briefing.topic or "")
        )
    )
    stood: dict[tuple[str, int, int], list[str]] = {}
    for identity, article, start, end in listed:
        stood.setdefault((article, start, end), []).append(identity)
    gone = set(left_out)
    pairs: list[tuple[int, str, str]] = []
    variants = {variant.id: variant for item in briefing.items for variant in item.variants}
    for thing in things_of(briefing):
        shared: dict[str, int] = {}
        for span in spans_of(thing.model_dump_json()) | spans_of(dump(evidence_of(thing, variants))):
            for identity in stood.get(span, ()):
                if identity[0] == thing.id[0] and identity not in gone:
                    shared[identity] = shared.get(identity, 0) + 1
        pairs += [(-count, thing.id, identity) for identity, count in shared.items()]
    found: dict[str, str] = {}
    for _, id, identity in sorted(pairs):
        if id not in found and identity not in found.values():
            found[id] = identity
    return found


# ------------------------------------------------------------------------- what a person says


def merge(connection: Connection, kept: str, other: str) -> None:
    """From now on `other` goes by the id `kept`."""
    connection.execute(update(identities).where(identities.c.id == other).values(merged_into=kept))
    _repoint(connection, other, kept)


def unmerge(connection: Connection, id: str) -> None:
    """Let what briefings print as `id`, and what was merged into that, go by it again."""
    was = resolver(connection)(id)
    connection.execute(update(identities).where(identities.c.id == id).values(merged_into=None))
    resolve = resolver(connection)
    listed = connection.execute(select(things.c.key, things.c.item).where(things.c.identity == was))
    reassign(connection, {key: id for key, item in listed if resolve(item) == id})


def reassign(connection: Connection, given: Mapping[int, str]) -> None:
    """Let some appearances go by other ids, which are given by their keys."""
    for key, id in given.items():
        connection.execute(update(things).where(things.c.key == key).values(identity=id))
        connection.execute(update(names).where(names.c.thing == key).values(identity=id))
        connection.execute(update(roles).where(roles.c.thing == key).values(identity=id))
    concerned = set(connection.execute(select(things.c.briefing).where(things.c.key.in_(list(given)))).scalars())
    resolve = resolver(connection)
    for briefing in concerned:
        body = connection.execute(select(briefings.c.body).where(briefings.c.id == briefing)).scalar_one()
        printed = json.loads(unpack(body))
        owners = {actor["id"]: actor["affiliation"] for actor in printed["actors"]}
        listed = connection.execute(
            select(things.c.key, things.c.item, things.c.identity).where(things.c.briefing == briefing)
        ).all()
        goes_by = {row.item: row.identity for row in listed}
        for row in listed:
            if row.item[0] == "A":
                owner = owners[row.item]
                connection.execute(
                    update(things).where(things.c.key == row.key).values(owner=goes_by[owner] if owner else None)
                )
                connection.execute(
                    update(roles)
                    .where(roles.c.briefing == briefing, roles.c.printed == row.item)
                    .values(actor=row.identity)
                )
        for position, change in enumerate(printed["changes"]):
            connection.execute(
                update(changes)
                .where(changes.c.briefing == briefing, changes.c.position == position)
                .values(identity=goes_by.get(change["item"]) or resolve(change["item"]))
            )


def _repoint(connection: Connection, old: str, new: str) -> None:
    """All rows that go by one id go by another."""
    for column in (
        things.c.identity,
        things.c.owner,
        roles.c.actor,
        roles.c.identity,
        names.c.identity,
        changes.c.identity,
        traces.c.identity,
    ):
        connection.execute(update(column.table).where(column == old).values({column.name: new}))


def new_id(connection: Connection, letter: str, name: str) -> str:
    """The next free id of a kind, entered."""
    id = f"{letter}{taken_numbers(connection).get(letter, 0) + 1}"
    register(connection, {id: name})
    return id


def appearances(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """On how many days each of these identities appears; 0 is left out."""
    counted = (
        select(things.c.identity, func.count(func.distinct(things.c.date)))
        .where(things.c.identity.in_(list(ids)))
        .group_by(things.c.identity)
    )
    return dict(connection.execute(counted).all())


def prune(connection: Connection, ids: Iterable[str]) -> None:
    """Forget those of these identities that nothing goes by, unless a person or a deleted day knows them."""
    known = set(appearances(connection, ids))
    traced_ids = select(traces.c.identity)
    merged = select(identities.c.merged_into).where(identities.c.merged_into.is_not(None))
    idle = [id for id in ids if id not in known]
    connection.execute(
        delete(identities).where(
            identities.c.id.in_(idle),
            identities.c.given.is_(None),
            identities.c.merged_into.is_(None),
            identities.c.id.not_in(traced_ids),
            identities.c.id.not_in(merged),
        )
    )
