"""Assigning: which id over all days each thing of a day's briefing is printed with.

By what a person has parted, by what is said to be the same, by where it stood when the day
was made before, and actors by their names; what none of these tells is new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from summarizer.archive.conditions import among
from summarizer.archive.identities import Resolver, given_names, number_of, taken_numbers
from summarizer.archive.rows import GoesBy, name_rows
from summarizer.archive.tables import names, things
from summarizer.archive.traces import Trace, retrace
from summarizer.models import ActorKind, Briefing
from summarizer.names import Named, fold_name, known_by_name
from summarizer.numbering import next_numbers, things_of


@dataclass(frozen=True)
class Assigned:
    """The ids of a day's things."""

    printed: Mapping[str, str]
    """Ids over all days, by the day's own."""
    goes_by: GoesBy
    found_again: frozenset[str]
    """The remembered things that are there again, under whatever id: by their own."""


def assign(
    connection: Connection,
    briefing: Briefing,
    same: Mapping[str, str],
    remembered: Mapping[str, Trace],
    resolve: Resolver,
) -> Assigned:
    """Give each thing of a briefing an id over all days.

    What a person parted on the day stays so, whatever is said to be the same.

    Args:
        connection: that sees the archive without the briefing that this one replaces.
        briefing: with the day's own ids.
        same: ids over all days of what stood before, by the day's own.
        remembered: what stood in the day when it was made before.
        resolve: from an id to the identity that it goes by now.
    """
    said = {id: resolve(earlier) for id, earlier in same.items()}
    traced = retrace(briefing, remembered, said, resolve)
    stood = {id: resolve(trace.own) for id, trace in traced.items()}
    parted = {id for id, trace in traced.items() if trace.parted}
    claimed = {identity for id, identity in said.items() if id not in parted and stood.get(id) != identity}
    known = {id: identity for id, identity in stood.items() if identity not in claimed}
    known |= said
    known |= {id: stood[id] for id in parted}
    known |= _by_name(connection, briefing, known, resolve)
    wishes = {id: trace.own for id, trace in traced.items() if known.get(id) == stood[id]}
    printed = next_numbers(briefing, _printed(briefing, known, wishes, resolve), taken_numbers(connection))
    own = {printed[id]: wish for id, wish in wishes.items() if printed[id] != wish}
    goes_by = GoesBy(resolve, own, frozenset(printed[id] for id in parted))
    return Assigned(printed, goes_by, frozenset(trace.own for trace in traced.values()))


def _printed(
    briefing: Briefing, known: Mapping[str, str], wishes: Mapping[str, str], resolve: Resolver
) -> dict[str, str]:
    """An id for each thing whose identity is known, none twice.

    Of several that go by one, as after a merge, the first gets that, the others what was merged into it. Where nothing
    is left, a thing is new.

    Args:
        briefing: whose things stand in the order of their weight.
        known: identities by the day's own ids.
        wishes: ids that things had by themselves, which they get again if they can.
        resolve: from an id to the identity that it goes by now.
    """
    sharing: dict[str, list[str]] = {}
    for thing in things_of(briefing):
        if thing.id in known:
            sharing.setdefault(known[thing.id], []).append(thing.id)
    printed: dict[str, str] = {}
    for identity, some in sharing.items():
        first, *others = sorted(some, key=lambda id: wishes.get(id) != identity)
        printed[first] = identity
        if not others:
            continue
        wished = {wishes[id] for id in some if id in wishes}
        free = (id for id in resolve.group(identity) if id != identity and id not in wished)
        for id in others:
            if given := wishes.get(id) or next(free, None):
                printed[id] = given
    return printed


def _by_name(connection: Connection, briefing: Briefing, known: Mapping[str, str], resolve: Resolver) -> dict[str, str]:
    """Actors that nobody was asked about, known by their names, however long ago they were last mentioned.

    A name that a person gave counts as a spelling.
    """
    left = [actor for actor in briefing.actors if actor.id not in known]
    keys = {row["folded"] for actor in left for row in name_rows(actor)} - {""}
    if not keys:
        return {}
    taken = set(known.values())
    given: dict[str, list[str]] = {}
    for id, name in given_names(connection):
        given.setdefault(resolve(id), []).append(name)
    spelt = set(connection.execute(select(names.c.identity).where(among(names.c.folded, keys)).distinct()).scalars())
    called = {id for id, some in given.items() if keys & {fold_name(name, kind) for name in some for kind in ActorKind}}
    ids = sorted((spelt | called) - taken, key=number_of)
    forms: dict[str, set[str]] = {id: set(given.get(id, ())) for id in ids}
    written = select(names.c.identity, names.c.name).where(among(names.c.identity, ids)).distinct()
    for id, name in connection.execute(written):
        forms[id].add(name)
    asked = select(things.c.identity, things.c.status).where(among(things.c.identity, ids)).order_by(things.c.key)
    kinds = {id: ActorKind(kind) for id, kind in connection.execute(asked)}
    today = {fold_name(actor.name, actor.kind) for actor in left}
    earlier = {}
    for id in (id for id in ids if id in kinds):
        listed = sorted(forms[id], key=_by_use(kinds[id], today))
        earlier[id] = Named("before", listed[0], tuple(listed), kinds[id])
    return known_by_name(left, earlier)


def _by_use(kind: ActorKind, today: Collection[str]) -> Callable[[str], tuple[bool, bool, str]]:
    """Order of an actor's spellings: only the first full name counts, so one that the day has comes before others."""

    def order(name: str) -> tuple[bool, bool, str]:
        folded = fold_name(name, kind)
        full = " " in folded
        return not (full and folded in today), not full, name

    return order
