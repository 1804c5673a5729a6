"""Writing: a briefing goes in whole or not at all, and a day that is made again takes its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, or_, select

from summarizer.archive.assign import assign
from summarizer.archive.conditions import among
from summarizer.archive.identities import appearances, number_of, register, resolver
from summarizer.archive.kept import articles_in, drop_texts, keep_texts
from summarizer.archive.rows import (
    GoesBy,
    briefing_row,
    change_rows,
    name_rows,
    role_rows,
    source_rows,
    thing_rows,
    words_of,
)
from summarizer.archive.tables import briefings, changes, identities, keys_of, names, roles, sources, texts, things
from summarizer.archive.traces import forget, keep_traces, traces_of
from summarizer.errors import OtherArticles
from summarizer.models import Actor, Article, Briefing, ChangeKind
from summarizer.numbering import renumbered, things_of
from summarizer.text import flatten


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
    replaced = find(connection, day, topic)
    if replaced is not None and not _shares_articles(connection, replaced, briefing):
        raise OtherArticles(place, day.isoformat())
    had = articles_in(connection, replaced) if replaced is not None else ()
    before = remove(connection, replaced, day, topic) if replaced is not None else set()
    remembered = traces_of(connection, day, topic)
    if replaced is None:
        before = {resolve(own) for own in remembered}
    given = assign(connection, briefing, same, remembered, resolve)
    briefing = _as_named(connection, renumbered(briefing, given.printed))
    number = insert_all(connection, briefing, given.goes_by)
    drop_texts(connection, had, made_again=number)
    keep_texts(connection, briefing.sources, articles)
    forget(connection, day, topic, given.found_again)
    lost = before - {given.goes_by(id) for id in given.printed.values()}
    return briefing, _consequences(connection, day, topic, lost, replaced=bool(before))


def insert_all(connection: Connection, briefing: Briefing, goes_by: GoesBy) -> int:
    """Write a briefing and all its rows; returns its number."""
    rows = list(thing_rows(briefing, goes_by))
    silent = {change.item: flatten(change.what) for change in briefing.changes}
    register(connection, silent | {id: row["name"] for row in rows for id in (row["own"], row["item"])})
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
            for row in role_rows(thing, items, briefing.date, goes_by)
        ],
    )
    _insert(
        connection,
        names,
        [
            {"thing": key, "briefing": number, "identity": goes_by(thing.id), **row}
            for thing, key in listed
            if isinstance(thing, Actor)
            for row in name_rows(thing)
        ],
    )
    _insert(connection, changes, [{"briefing": number, **row} for row in change_rows(briefing, goes_by)])
    _insert(connection, sources, [{"briefing": number, **row} for row in source_rows(briefing)])
    return number


def _new_keys(connection: Connection, day: date, count: int) -> range:
    """Keys of a day that are above all that it has, the highest first."""
    low, high = keys_of(day, day)
    taken = connection.execute(select(func.max(things.c.key)).where(things.c.key.between(low, high))).scalar()
    first = low if taken is None else taken + 1
    return range(first + count - 1, first - 1, -1)


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
    # All other rows go with it.
    connection.execute(delete(briefings).where(briefings.c.id == number))
    return {identity for _, identity in found}


def drop(connection: Connection, number: int, day: date, topic: str) -> list[str]:
    """Delete a briefing for good; returns what that means for other days."""
    had = articles_in(connection, number)
    before = remove(connection, number, day, topic)
    drop_texts(connection, had)
    return _consequences(connection, day, topic, before, replaced=True)


def _as_named(connection: Connection, briefing: Briefing) -> Briefing:
    """The briefing with the names that a person gave to actors."""
    ids = [actor.id for actor in briefing.actors]
    called = select(identities.c.id, identities.c.given).where(identities.c.given.is_not(None))
    given = dict(connection.execute(called.where(among(identities.c.id, ids))).all())
    if not given:
        return briefing
    named = (Actor.model_validate({**dict(each), "name": given.get(each.id, each.name)}) for each in briefing.actors)
    return briefing.model_copy(update={"actors": tuple(named)})


def _consequences(connection: Connection, day: date, topic: str, lost: set[str], *, replaced: bool) -> list[str]:
    """What later briefings say of a day that is not, or no longer, as they knew it.

    Args:
        connection: that sees the day as it is now.
        day: that was entered, replaced or deleted.
        topic: of which.
        lost: identities that it had and has no more.
        replaced: whether it was there before.
    """
    told = list(_dangling(connection, day, lost))
    of_the_day = select(briefings.c.topic).where(briefings.c.date == day)
    later = (
        select(briefings.c.date)
        .where(briefings.c.date > day)
        .where(or_(briefings.c.topic == topic, briefings.c.topic.not_in(of_the_day)))  # those have one of their own
        .order_by(briefings.c.date)
        .distinct()
    )
    if replaced:
        compared = connection.execute(later.where(briefings.c.compared_with == day)).scalars().all()
        if compared:
            listed = ", ".join(map(str, compared))
            told.append(f"{listed}: compared with it as it was; make that day again to compare anew")
    elif first := connection.execute(later.limit(1)).scalar():
        told.append(f"{first}: made before it, and not compared with it; make that day again to do so")
    return told


def _dangling(connection: Connection, day: date, lost: set[str]) -> Iterator[str]:
    """What becomes of the identities that a day has no more."""
    called = select(identities.c.id, identities.c.name).where(among(identities.c.id, lost))
    known = dict(connection.execute(called).all())
    elsewhere = appearances(connection, lost)
    silent = dict(
        connection.execute(
            select(changes.c.identity, func.min(changes.c.date))
            .where(among(changes.c.identity, lost), changes.c.date > day)
            .where(changes.c.kind == ChangeKind.NOT_MENTIONED.value)
            .group_by(changes.c.identity)
        ).all()
    )
    ordered = sorted(known, key=lambda id: (id[0], number_of(id)))
    if kept := [id for id in ordered if id in elsewhere]:
        yield f"no longer in it, and still in other days': {', '.join(kept)}"
    for id in ordered:
        if id in silent and id not in elsewhere:
            yield f"{id} ({known[id]}): in no briefing now, though that of {silent[id]} says that it is not mentioned"
