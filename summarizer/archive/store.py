"""Writing: a briefing goes in whole or not at all, and a day that is made again takes its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select

from summarizer.archive.conditions import among
from summarizer.archive.identities import (
    appearances,
    keep_traces,
    prune,
    register,
    resolver,
    taken_numbers,
    traced,
)
from summarizer.archive.kept import articles_in, drop_texts, keep_texts
from summarizer.archive.rows import (
    briefing_row,
    change_rows,
    name_rows,
    role_rows,
    source_rows,
    thing_rows,
    words_of,
)
from summarizer.archive.tables import (
    briefings,
    changes,
    identities,
    keys_of,
    names,
    roles,
    sources,
    texts,
    things,
    traces,
)
from summarizer.errors import OtherArticles
from summarizer.models import Actor, ActorKind, Article, Briefing, ChangeKind
from summarizer.names import Named, known_by_name
from summarizer.numbering import next_numbers, renumbered, things_of


def put(
    connection: Connection,
    briefing: Briefing,
    same: Mapping[str, str],
    place: str | None,
    articles: Iterable[Article] = (),
) -> tuple[Briefing, list[str]]:
    """Enter a briefing of the day's own ids; returns it with ids over all days, and what that means for other days.

    Args:
        connection: in a transaction that writes.
        briefing: the day's.
        same: ids over all days of what stood before, by the day's own.
        place: of the archive, for messages.
        articles: whose texts are to be kept, if they are among its sources.

    Raises:
        OtherArticles: if it would take the place of one with which it has no article in common.
    """
    day, topic = briefing.date, briefing.topic or ""
    resolve = resolver(connection)
    known = _each_once({own: resolve(id) for own, id in same.items()})
    replaced = find(connection, day, topic)
    if replaced is not None and not _shares_articles(connection, replaced, briefing):
        raise OtherArticles(place, day.isoformat())
    had = articles_in(connection, replaced) if replaced is not None else ()
    before = remove(connection, replaced, day, topic) if replaced is not None else _traced_ids(connection, day, topic)
    known = {**traced(connection, briefing, known.values()), **known}
    known = {**_by_name(connection, briefing, known), **known}
    ids = next_numbers(briefing, known, taken_numbers(connection))
    briefing = _as_named(connection, renumbered(briefing, ids))
    number = insert_all(connection, briefing, resolve)
    drop_texts(connection, had, made_again=number)
    keep_texts(connection, briefing.sources, articles)
    connection.execute(delete(traces).where(traces.c.date == day, traces.c.topic == topic))
    notes = _consequences(connection, day, before - set(ids.values()), replaced=bool(before))
    prune(connection, before)
    return briefing, notes


def _by_name(connection: Connection, briefing: Briefing, known: Mapping[str, str]) -> dict[str, str]:
    """Actors that nobody was asked about, known by their names, however long ago they were last mentioned."""
    left = [actor for actor in briefing.actors if actor.id not in known]
    keys = {row["folded"] for actor in left for row in name_rows(actor)} - {""}
    taken = set(known.values())
    spelt = select(names.c.identity).where(names.c.folded.in_(keys)).distinct()
    ids = [id for id in connection.execute(spelt).scalars() if id not in taken]
    forms: dict[str, list[str]] = {id: [] for id in ids}
    called = select(names.c.identity, names.c.name).where(among(names.c.identity, ids)).distinct()
    for id, name in sorted(tuple(row) for row in connection.execute(called)):  # each database has its own order
        forms[id].append(name)
    asked = select(things.c.identity, things.c.status).where(among(things.c.identity, ids)).order_by(things.c.key)
    kinds = dict(connection.execute(asked).all())
    ordered = sorted(kinds, key=lambda id: int(id[1:]))
    earlier = {id: Named("before", forms[id][0], tuple(forms[id]), ActorKind(kinds[id])) for id in ordered}
    return known_by_name(left, earlier)


def insert_all(connection: Connection, briefing: Briefing, resolve: Callable[[str], str]) -> int:
    """Write a briefing and all its rows; returns its number. `resolve` tells which identity an id goes by."""
    rows = list(thing_rows(briefing, resolve))
    register(connection, {row["item"]: row["name"] for row in rows})
    number: int = connection.execute(insert(briefings).returning(briefings.c.id), [briefing_row(briefing)]).scalar_one()
    keys = _new_keys(connection, briefing.date, len(rows))
    _insert(connection, things, [{"key": key, "briefing": number, **row} for key, row in zip(keys, rows, strict=True)])
    listed = list(zip(things_of(briefing), keys, strict=True))
    items = {item.id: item for item in briefing.items}
    called = {actor.id: actor.name for actor in briefing.actors}
    # Upwards: FTS5 begins a new segment whenever a key is lower than the one before.
    said = [{"rowid": key, "words": words_of(thing, items, called)} for thing, key in reversed(listed)]
    _insert(connection, texts, said)
    _insert(
        connection,
        roles,
        [
            {"thing": key, "briefing": number, **row}
            for thing, key in listed
            for row in role_rows(thing, items, briefing.date, resolve)
        ],
    )
    _insert(
        connection,
        names,
        [
            {"thing": key, "briefing": number, "identity": resolve(thing.id), **row}
            for thing, key in listed
            if isinstance(thing, Actor)
            for row in name_rows(thing)
        ],
    )
    _insert(connection, changes, [{"briefing": number, **row} for row in change_rows(briefing, resolve)])
    _insert(connection, sources, [{"briefing": number, **row} for row in source_rows(briefing)])
    return number


def _new_keys(connection: Connection, day: date, count: int) -> range:
    """Keys of a day that are below all that it has."""
    low, high = keys_of(day, day)
    taken = connection.execute(select(func.min(things.c.key)).where(things.c.key.between(low, high))).scalar()
    top = high if taken is None else taken - 1
    return range(top, top - count, -1)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _shares_articles(connection: Connection, number: int, briefing: Briefing) -> bool:
    """Whether a briefing has any article of one that is entered; true if either has none."""
    here = {source.id for source in briefing.sources if not source.earlier}
    asked = select(sources.c.article).where(sources.c.briefing == number, sources.c.earlier == 0)
    there = set(connection.execute(asked).scalars())
    return not here or not there or bool(here & there)


def find(connection: Connection, day: date, topic: str) -> int | None:
    """The number of a day's briefing; None if there is none."""
    found = connection.execute(select(briefings.c.id).where(briefings.c.date == day, briefings.c.topic == topic))
    return found.scalar_one_or_none()


def remove(connection: Connection, number: int, day: date, topic: str) -> set[str]:
    """Delete a briefing, but remember where its things stood; returns the identities that it had."""
    keep_traces(connection, number, day, topic)
    found = connection.execute(select(things.c.key, things.c.identity).where(things.c.briefing == number)).all()
    if found:
        gone = delete(texts).where(texts.c.rowid == bindparam("key"))
        connection.execute(gone, [{"key": key} for key, _ in found])
    for table in (changes, sources, names, roles, things):
        connection.execute(delete(table).where(table.c.briefing == number))
    connection.execute(delete(briefings).where(briefings.c.id == number))
    return {identity for _, identity in found}


def drop(connection: Connection, number: int, day: date, topic: str) -> list[str]:
    """Delete a briefing for good; returns what that means for other days."""
    had = articles_in(connection, number)
    before = remove(connection, number, day, topic)
    drop_texts(connection, had)
    return _consequences(connection, day, before, replaced=True)


def _traced_ids(connection: Connection, day: date, topic: str) -> set[str]:
    """Identities that a deleted briefing of the day had."""
    found = select(traces.c.identity).where(traces.c.date == day, traces.c.topic == topic)
    return set(connection.execute(found).scalars())


def _each_once(same: Mapping[str, str]) -> dict[str, str]:
    """Without what would give one id to two things of a day, as after a merge: the weightier keeps it."""
    taken: dict[str, str] = {}
    for own, id in same.items():
        taken.setdefault(id, own)
    return {own: id for id, own in taken.items()}


def _as_named(connection: Connection, briefing: Briefing) -> Briefing:
    """The briefing with the names that a person gave to actors."""
    ids = [actor.id for actor in briefing.actors]
    given = select(identities.c.id, identities.c.given).where(identities.c.id.in_(ids), identities.c.given.is_not(None))
    names_given = dict(connection.execute(given).all())
    if not names_given:
        return briefing
    named = [
        actor.model_copy(update={"name": names_given[actor.id]}) if actor.id in names_given else actor
        for actor in briefing.actors
    ]
    return briefing.model_copy(update={"actors": tuple(named)})


def _consequences(connection: Connection, day: date, lost: set[str], *, replaced: bool) -> list[str]:
    """What later briefings say of a day that is not, or no longer, as they knew it.

    Args:
        connection: that sees the day as it is now.
        day: that was entered, replaced or deleted.
        lost: identities that it had and has no more.
        replaced: whether it was there before.
    """
    later = select(briefings.c.date).where(briefings.c.date > day).order_by(briefings.c.date).distinct()
    days = connection.execute(later).scalars().all()
    if not days:
        return []
    told = list(_dangling(connection, day, lost))
    compared = connection.execute(later.where(briefings.c.compared_with == day)).scalars().all()
    if replaced and compared:
        told.append(f"{', '.join(map(str, compared))}: compared with it as it was; make that day again to compare anew")
    elif not replaced:
        told.append(f"{days[0]}: made before it, and not compared with it; make that day again to do so")
    return told


def _dangling(connection: Connection, day: date, lost: set[str]) -> Iterator[str]:
    """What becomes of the identities that a day has no more."""
    called = select(identities.c.id, identities.c.name).where(identities.c.id.in_(lost))
    known = dict(connection.execute(called).all())
    elsewhere = appearances(connection, lost)
    silent = dict(
        connection.execute(
            select(changes.c.identity, func.min(changes.c.date))
            .where(changes.c.identity.in_(lost), changes.c.date > day, changes.c.kind == ChangeKind.NOT_MENTIONED.value)
            .group_by(changes.c.identity)
        ).all()
    )
    ordered = sorted(known, key=lambda id: (id[0], int(id[1:])))
    if kept := [id for id in ordered if id in elsewhere]:
        yield f"no longer in it, and still in other days': {', '.join(kept)}"
    for id in ordered:
        if id in silent and id not in elsewhere:
            yield f"{id} ({known[id]}): in no briefing now, though that of {silent[id]} says that it is not mentioned"
