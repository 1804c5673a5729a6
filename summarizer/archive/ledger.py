"""The ledger: over a span of days, who wants and offers what, where they meet, what stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from summarizer.archive.found import ClaimRecord, Ladder, Ledger, Mention, Record, Rung, Stand, Step
from summarizer.archive.reader import Reader, all_changes, all_things, within
from summarizer.archive.search import Term, parse_terms
from summarizer.archive.tables import changes, roles, things
from summarizer.models import ChangeKind, Stance, Venue
from summarizer.text import WORD, fold

LETTERS_TOLD = ("D", "P", "V", "C")
SHOWN = 2
"""Quotations of a rung or standing."""


def ledger(
    connection: Connection,
    *,
    since: date,
    until: date,
    party: set[str] | None = None,
    issue: str | None = None,
) -> Ledger:
    """All that was demanded, proposed, arranged and claimed in a span of days.

    Args:
        connection: that reads.
        since: first day.
        until: last day.
        party: identities, one of whom a thing must name; None: any.
        issue: words that a demand's or proposal's issue, or what else is said of a thing, must have; None: any.
    """
    reader = Reader(connection)
    asked = all_things().where(things.c.letter.in_(LETTERS_TOLD), things.c.date >= since, things.c.date <= until)
    if party is not None:
        asked = asked.where(things.c.key.in_(select(roles.c.thing).where(roles.c.actor.in_(party))))
    rows = connection.execute(asked.order_by(things.c.date, things.c.briefing, things.c.position)).all()
    by_id: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_id.setdefault(row.identity, []).append(row)
    if issue:
        terms = parse_terms(issue)
        by_id = {id: some for id, some in by_id.items() if _is_about(some, terms)}
    steps = reader.steps(_moves(by_id, since, until))
    return Ledger(
        since=since,
        until=until,
        demands=_records(reader, {id: some for id, some in by_id.items() if id[0] == "D"}, steps),
        proposals=_records(reader, {id: some for id, some in by_id.items() if id[0] == "P"}, steps),
        venues=_ladders(reader, [some for id, some in by_id.items() if id[0] == "V"]),
        claims=_claims(reader, [some for id, some in by_id.items() if id[0] == "C"]),
    )


def _is_about(rows: Sequence[Row[Any]], terms: Sequence[Term]) -> bool:
    """Whether a thing's name, or what it was said to be on a day, has all words."""
    texts = dict.fromkeys(f"{row.name} {row.what}" for row in rows)
    return any(all(term.within(words) for term in terms) for words in (WORD.findall(fold(text)) for text in texts))


def _moves(ids: Iterable[str], since: date, until: date) -> Select[Any]:
    """The changes of a span, but for restatements and silence."""
    idle = (ChangeKind.RESTATED.value, ChangeKind.NOT_MENTIONED.value)
    asked = all_changes().where(changes.c.kind.not_in(idle), changes.c.identity.in_(list(ids)))
    return within(asked, changes.c.date, since, until).order_by(changes.c.date, changes.c.position)


def _records(
    reader: Reader, by_id: Mapping[str, Sequence[Row[Any]]], steps: Mapping[str, Sequence[Step]]
) -> tuple[Record, ...]:
    """Demands or proposals, those of one party together, then those on one issue."""
    named = reader.names(by_id)
    told = _roles(reader, [rows[-1].key for rows in by_id.values()])
    opening = reader.mentions([rows[0] for rows in by_id.values()])
    records = []
    for (id, rows), first in zip(by_id.items(), opening, strict=True):
        last, found = rows[-1], steps.get(id, ())
        begun = bool(found) and found[0].date == first.date
        stated = Step(date=first.date, kind="stated", what=first.what, after=first.state, quotations=first.quotations)
        records.append(
            Record(
                id=id,
                by=told.get(last.key, {}).get("by", ()),
                to=told.get(last.key, {}).get("of", ()) or told.get(last.key, {}).get("to", ()),
                issue=named[id],
                what=last.what,
                state=last.state,
                first=rows[0].date,
                last=last.date,
                steps=tuple(found) if begun else (stated, *found),
            )
        )
    return tuple(sorted(records, key=lambda record: (record.by[:1], record.issue, record.id)))


def _roles(reader: Reader, keys: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Names of whom things name, by the things' keys and their role."""
    asked = select(roles.c.thing, roles.c.role, roles.c.actor).order_by(roles.c.key)
    found: dict[int, dict[str, list[str]]] = {}
    for start in range(0, len(keys), 500):
        for key, role, actor in reader.connection.execute(asked.where(roles.c.thing.in_(keys[start : start + 500]))):
            found.setdefault(key, {}).setdefault(role, []).append(actor)
    named = reader.names(actor for some in found.values() for actors in some.values() for actor in actors)
    return {
        key: {role: tuple(named[actor] for actor in actors) for role, actors in some.items()}
        for key, some in found.items()
    }


def _ladders(reader: Reader, listed: Sequence[Sequence[Row[Any]]]) -> tuple[Ladder, ...]:
    """Occasions with a rung for each report and day."""
    found = [[(row, Venue.model_validate_json(row.data)) for row in rows] for rows in listed]
    reader.learn_sources(
        (row.briefing, variant.article) for pairs in found for row, venue in pairs for variant in venue.variants
    )
    parties = reader.parties([pairs[-1][0].key for pairs in found])
    return tuple(
        Ladder(
            id=pairs[-1][0].identity,
            what=pairs[-1][1].what,
            participants=parties.get(pairs[-1][0].key, ()),
            state=pairs[-1][0].state,
            rungs=tuple(rung for row, venue in pairs for rung in _rungs(reader, row, venue)),
        )
        for pairs in found
    )


def _rungs(reader: Reader, row: Row[Any], venue: Venue) -> Iterable[Rung]:
    """A rung for each report of a day."""
    for variant in venue.variants:
        quotations = reader.quoted(row.briefing, variant.evidence[:SHOWN])
        yield Rung(
            date=row.date,
            outlet=quotations[0].outlet,
            status=variant.status.value,
            when=variant.when.words if variant.when else None,
            day=variant.when.date if variant.when else None,
            place=variant.place,
            quotations=quotations,
        )


def _claims(reader: Reader, listed: Sequence[Sequence[Row[Any]]]) -> tuple[ClaimRecord, ...]:
    """Claims with a line for each day on which their standing moved."""
    moved = [[row for i, row in enumerate(rows) if not i or row.status != rows[i - 1].status] for rows in listed]
    shown = [row for rows in moved for row in rows]
    told = _roles(reader, [row.key for row in shown])
    mentions = {row.key: mention for row, mention in zip(shown, reader.mentions(shown), strict=True)}
    return tuple(
        ClaimRecord(
            id=rows[-1].identity,
            what=rows[-1].what,
            stands=tuple(_stand(row, told.get(row.key, {}), mentions[row.key]) for row in stood),
        )
        for rows, stood in zip(listed, moved, strict=True)
    )


def _stand(row: Row[Any], told: Mapping[str, tuple[str, ...]], mention: Mention) -> Stand:
    """Where a claim stood on a day."""
    return Stand(
        date=row.date,
        status=row.status,
        asserted_by=told.get(Stance.ASSERTS, ()),
        confirmed_by=told.get(Stance.CONFIRMS, ()),
        denied_by=told.get(Stance.DENIES, ()),
        unconfirmed_by=told.get(Stance.NEITHER, ()),
        quotations=mention.quotations[:SHOWN],
    )
