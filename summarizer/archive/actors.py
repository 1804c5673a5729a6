"""Actors: whom a name means, who belongs to whom, what they had a part in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, false, func, or_, select

from summarizer.archive.conditions import among, within
from summarizer.archive.found import ActorListed, ActorRecord, Cast, Part
from summarizer.archive.identities import given_names, number_of, resolver
from summarizer.archive.reader import Reader
from summarizer.archive.tables import identities, names, roles, things
from summarizer.errors import UnknownIdentity
from summarizer.models import ActorKind
from summarizer.names import fold_name
from summarizer.past import LETTERS

KINDS = (ActorKind.PERSON, ActorKind.STATE)
"""One for each way in which names are folded."""
MOST_TOLD = 8
"""Actors that an error names when a name means several."""
MOST_NEAR = 3
"""Actors that an error suggests for a name that is nobody's."""
ALIKE = 0.75
"""Share of letters that a name has in common with one that is suggested for it: Karvell and Karvel have 0.92."""


def find_actor(connection: Connection, asked: str, place: str | None) -> str:
    """The actor whom an id or a name means.

    A name is found whole first, as it is spelt anywhere or as a person gave it, then as a part of one.

    Raises:
        UnknownIdentity: if it means none, or several.
    """
    resolve = resolver(connection)
    if re.fullmatch(r"A\d+", asked):
        id = resolve(asked)
        if connection.execute(select(identities.c.id).where(identities.c.id == id)).one_or_none():
            return id
    keys = {fold_name(asked, kind) for kind in KINDS} - {""}
    spelt = select(names.c.identity).where(names.c.folded.in_(keys)).distinct()
    given = [(resolve(id), {fold_name(name, kind) for kind in KINDS}) for id, name in given_names(connection)]
    found = set(connection.execute(spelt).scalars())
    found |= {id for id, forms in given if forms & keys}
    if not found and keys:
        parts = [names.c.folded.contains(key, autoescape=True) for key in keys]
        found = set(connection.execute(select(names.c.identity).where(or_(*parts)).distinct()).scalars())
        found |= {id for id, forms in given if any(key in form for form in forms for key in keys)}
    if len(found) == 1:
        return str(found.pop())
    if not found:
        near = _near(connection, keys, given)
        advice = f"did you mean {near}?" if near else "try a part of the name, or `summarizer search`"
        raise UnknownIdentity(place, asked, "is no actor of it", advice)
    told = Reader(connection).names(sorted(found, key=number_of)[:MOST_TOLD])
    listed = ", ".join(f"{id} {name}" for id, name in told.items())
    more = f" and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    raise UnknownIdentity(place, asked, f"may be {listed}{more}", "give the id")


def _near(connection: Connection, keys: set[str], given: Iterable[tuple[str, set[str]]]) -> str:
    """Whom somebody may have meant who is called nearly so, by whole names and by their words; empty if nobody is."""
    spelt = select(names.c.folded, names.c.identity).distinct().order_by(names.c.folded, names.c.identity)
    called = [(form, id) for id, forms in given for form in sorted(forms - {""})]
    known: dict[str, list[str]] = {}
    for folded, identity in [*connection.execute(spelt), *called]:
        for form in {folded, *folded.split()}:
            known.setdefault(form, []).append(identity)
    forms = [form for key in sorted(keys) for form in difflib.get_close_matches(key, known, MOST_NEAR, ALIKE)]
    found = list(dict.fromkeys(id for form in forms for id in known[form]))[:MOST_NEAR]
    return " or ".join(f"{id} {name}" for id, name in Reader(connection).names(found).items())


def members_of(connection: Connection, actor: str) -> set[str]:
    """An actor and all who belong to it, and to those in turn."""
    found, new = {actor}, {actor}
    while new:
        asked = select(things.c.identity).where(among(things.c.owner, new)).distinct()
        new = set(connection.execute(asked).scalars()) - found
        found |= new
    return found


def cast(connection: Connection, *, part: str | None, since: date | None, until: date | None, most: int) -> Cast:
    """Who is mentioned over a span of days, those mentioned on most days first.

    Args:
        connection: that reads.
        part: of one of the actor's spellings, case and accents apart; None: anybody.
        since: first day; None: from the beginning.
        until: last day; None: to the end.
        most: how many.
    """
    days = func.count(func.distinct(things.c.date))
    last = func.max(things.c.date)
    asked = select(
        things.c.identity,
        func.min(things.c.date).label("first"),
        last.label("last"),
        days.label("days"),
        func.max(things.c.key).label("key"),
    ).where(things.c.letter == "A")
    if part is not None:
        keys = {fold_name(part, ActorKind.PERSON), fold_name(part, ActorKind.STATE)} - {""}
        spelt = or_(false(), *(names.c.folded.contains(key, autoescape=True) for key in keys))
        asked = asked.where(things.c.identity.in_(select(names.c.identity).where(spelt)))
    asked = within(asked, things.c.date, since, until).group_by(things.c.identity)
    busiest = (days.desc(), last.desc(), func.length(things.c.identity), things.c.identity)
    rows = connection.execute(asked.order_by(*busiest).limit(most + 1)).all()
    told = rows[:most]
    shown = select(things.c.key, things.c.status, things.c.what, things.c.owner)
    as_last = {row.key: row for row in connection.execute(shown.where(among(things.c.key, (row.key for row in told))))}
    owners = [row.owner for row in as_last.values() if row.owner]
    named = Reader(connection).names([*(row.identity for row in told), *owners])
    return Cast(
        actors=tuple(
            ActorListed(
                id=row.identity,
                name=named[row.identity],
                kind=own.status,
                office=own.what or None,
                belongs_to=named[own.owner] if own.owner else None,
                first=row.first,
                last=row.last,
                days=row.days,
            )
            for row, own in ((row, as_last[row.key]) for row in told)
        ),
        more=len(rows) > most,
    )


def actor_record(
    connection: Connection, actor: str, *, since: date | None, until: date | None, most: int
) -> ActorRecord:
    """All that an actor, and those who belong to it, had a part in.

    Args:
        connection: that reads.
        actor: its identity.
        since: first day; None: from the beginning.
        until: last day; None: to the end.
        most: parts that are told, of each kind those mentioned last.
    """
    reader = Reader(connection)
    members = members_of(connection, actor)
    asked = select(things.c.date, things.c.status, things.c.what, things.c.owner).where(things.c.identity == actor)
    own = connection.execute(asked.order_by(things.c.key.desc())).all()
    spellings = connection.execute(
        select(names.c.name, func.count()).where(names.c.identity == actor).group_by(names.c.name)
    )
    told = reader.names([actor, *sorted(members), *([own[0].owner] if own[0].owner else [])])
    return ActorRecord(
        id=actor,
        name=told[actor],
        kind=own[0].status,
        spellings=tuple(name for name, _ in sorted(spellings, key=lambda pair: (-pair[1], pair[0]))),
        offices=tuple({row.what.casefold(): row.what for row in reversed(own) if row.what}.values())[::-1],
        belongs_to=told[own[0].owner] if own[0].owner else None,
        members=tuple(told[id] for id in sorted(members - {actor}, key=number_of)),
        first=own[-1].date,
        last=own[0].date,
        parts=tuple(_parts(reader, members, since, until, most)),
    )


def _parts(reader: Reader, members: set[str], since: date | None, until: date | None, most: int) -> Iterable[Part]:
    """What some actors had a part in, by kind, last mentioned first."""
    asked = select(
        roles.c.identity,
        func.min(roles.c.date).label("first"),
        func.max(roles.c.date).label("last"),
        func.count(func.distinct(roles.c.date)).label("days"),
        func.max(roles.c.thing).label("key"),
    ).where(among(roles.c.actor, members))
    spans = within(asked, roles.c.date, since, until).group_by(roles.c.identity).subquery()
    newest_first = (spans.c.last.desc(), func.length(spans.c.identity), spans.c.identity)
    rank = func.row_number().over(partition_by=func.substr(spans.c.identity, 1, 1), order_by=newest_first)
    ranked = select(spans, rank.label("rank")).subquery()
    letters = list(LETTERS)
    told = sorted(
        reader.connection.execute(select(ranked).where(ranked.c.rank <= most)).all(),
        key=lambda row: (letters.index(row.identity[0]), row.rank),
    )
    keys = [row.key for row in told]
    taken = _roles(reader, members, keys)
    for row, mention in zip(told, reader.mentions(keys), strict=True):
        yield Part(
            id=row.identity,
            kind=mention.kind,
            roles=taken.get(row.key, ()),
            name=mention.name,
            what=mention.what,
            state=mention.state,
            caveats=mention.caveats,
            parties=mention.parties,
            first=row.first,
            last=row.last,
            days=row.days,
            quotations=mention.quotations,
        )


def _roles(reader: Reader, members: set[str], keys: list[int]) -> dict[int, tuple[str, ...]]:
    """The roles that some actors have in things, by the things' keys."""
    found: dict[int, dict[str, None]] = {}
    asked = select(roles.c.thing, roles.c.role).where(among(roles.c.thing, keys), among(roles.c.actor, members))
    for key, role in reader.connection.execute(asked.order_by(roles.c.key)):
        found.setdefault(key, {})[role] = None
    return {key: tuple(told) for key, told in found.items()}
