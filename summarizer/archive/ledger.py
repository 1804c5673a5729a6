"""The ledger: over a span of days, who wants and offers what, where they meet, what stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from pydantic_core import from_json
from sqlalchemy import Connection, Row, Select, select

from summarizer.archive.conditions import among, within
from summarizer.archive.found import ClaimRecord, Ladder, Ledger, Quoted, Record, Rung, Step, Stood
from summarizer.archive.reader import Reader, all_changes
from summarizer.archive.search import Term, is_said, parse_terms
from summarizer.archive.tables import changes, roles, things
from summarizer.archive.words import words_in
from summarizer.models import ChangeKind, Stance

Rows: TypeAlias = Sequence[Row[Any]]
"""Of one thing, as it was last mentioned last."""
Roles: TypeAlias = Mapping[str, tuple[str, ...]]
"""Names by the part that they have."""

LETTERS_TOLD = ("D", "P", "V", "C")
SHOWN = 2
"""Quotations of a standing."""
DAYS = TypeAdapter(list[tuple[Stood, ...]])
RUNGS = TypeAdapter(list[tuple[Rung, ...]])
CLAIMS = TypeAdapter(tuple[ClaimRecord, ...])


def ledger(
    connection: Connection,
    *,
    since: date,
    until: date,
    party: set[str] | None = None,
    issue: str | None = None,
    of: Iterable[str] | None = None,
) -> Ledger:
    """All that was demanded, proposed, arranged and claimed in a span of days.

    Args:
        connection: that reads.
        since: first day.
        until: last day.
        party: identities, one of whom a thing must name on a day of the span; None: any.
        issue: words that a demand's or proposal's issue, or what else is said of a thing, must have; None: any.
        of: identities of the things; None: all.
    """
    reader = Reader(connection)
    columns = "key briefing date identity name what status state caveats day".split()
    asked = select(*(things.c[name] for name in columns)).where(things.c.letter.in_(LETTERS_TOLD))
    asked = within(asked, things.c.date, since, until)
    if of is not None:
        asked = asked.where(among(things.c.identity, of))
    if party is not None:
        theirs = within(select(roles.c.identity).where(among(roles.c.actor, party)), roles.c.date, since, until)
        # Not as a part of the question: PostgreSQL would read all days to join them.
        asked = asked.where(among(things.c.identity, connection.execute(theirs.distinct()).scalars()))
    rows = connection.execute(asked.order_by(things.c.date, things.c.briefing, things.c.position)).all()
    by_id: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_id.setdefault(row.identity, []).append(row)
    if issue:
        terms = parse_terms(issue)
        named = reader.names(by_id)
        by_id = {id: some for id, some in by_id.items() if _is_about(named[id], some, terms)}
    listed = [sorted(some, key=lambda row: row.key) for some in by_id.values()]
    told = reader.roles(row.key for some in listed for row in some)
    of_kind: dict[str, list[Rows]] = {letter: [] for letter in LETTERS_TOLD}
    for some in listed:
        of_kind[some[0].identity[0]].append(some)
    steps = reader.steps(_moves([some[0].identity for some in of_kind["D"] + of_kind["P"]], since, until))
    return Ledger(
        since=since,
        until=until,
        demands=_records(reader, of_kind["D"], told, steps),
        proposals=_records(reader, of_kind["P"], told, steps),
        venues=_ladders(reader, of_kind["V"], told),
        claims=_claims(reader, of_kind["C"], told),
    )


def _is_about(named: str, rows: Sequence[Row[Any]], terms: Sequence[Term]) -> bool:
    """Whether a thing's name, now or on a day, with what it was said to be on that day, has all words."""
    texts = dict.fromkeys(f"{named} {row.name} {row.what}" for row in rows)
    return any(is_said(words_in(text), terms) for text in texts)


def _moves(ids: Iterable[str], since: date, until: date) -> Select[Any]:
    """The changes of a span, but for restatements and silence."""
    idle = (ChangeKind.RESTATED.value, ChangeKind.NOT_MENTIONED.value)
    asked = all_changes().where(changes.c.kind.not_in(idle), among(changes.c.identity, ids))
    return within(asked, changes.c.date, since, until).order_by(changes.c.date, changes.c.briefing, changes.c.position)


def _records(
    reader: Reader, listed: Sequence[Rows], told: Mapping[int, Roles], steps: Mapping[str, Sequence[Step]]
) -> tuple[Record, ...]:
    """Demands or proposals, those of one party together, then those on one issue; `listed` has each thing's rows."""
    named = reader.names(rows[0].identity for rows in listed)
    quotations = reader.quotations([rows[0].key for rows in listed])
    records = []
    for rows, days in zip(listed, _days(listed, told), strict=True):
        first, last = rows[0], rows[-1]
        found = steps.get(last.identity, ())
        begun = bool(found) and found[0].date == first.date
        said = quotations[first.key]
        stated = Step(date=first.date, kind="stated", what=first.what, after=first.state, quotations=said)
        records.append(
            Record(
                id=last.identity,
                by=days[-1].by,
                to=days[-1].to,
                issue=named[last.identity],
                what=last.what,
                state=last.state,
                caveats=days[-1].caveats,
                first_stated=next((row.day for row in reversed(rows) if row.day), None),
                first=first.date,
                last=last.date,
                days=days,
                steps=tuple(found) if begun else (stated, *found),
            )
        )
    return tuple(sorted(records, key=lambda record: (record.by[:1], record.issue, record.id)))


def _days(listed: Sequence[Rows], told: Mapping[int, Roles]) -> list[tuple[Stood, ...]]:
    """How each day had things, thing by thing, as last mentioned last."""
    nobody: Roles = {}
    return DAYS.validate_python(
        [
            [
                {
                    "date": row.date,
                    "what": row.what,
                    "state": row.state,
                    "caveats": from_json(row.caveats),
                    "by": roles.get("by") or roles.get("participant", ()),
                    "to": roles.get("of") or roles.get("to", ()),
                }
                for row, roles in ((row, told.get(row.key, nobody)) for row in rows)
            ]
            for rows in listed
        ]
    )


def _ladders(reader: Reader, listed: Sequence[Rows], told: Mapping[int, Roles]) -> tuple[Ladder, ...]:
    """Occasions with a rung for each report and day."""
    keys = (row.key for rows in listed for row in rows)
    rungs = reader.by_key(select(things.c.key, things.c.rungs).where(among(things.c.key, keys)), RUNGS)
    return tuple(
        Ladder(
            id=rows[-1].identity,
            what=rows[-1].what,
            participants=days[-1].by,
            state=rows[-1].state,
            caveats=days[-1].caveats,
            days=days,
            rungs=tuple(rung for row in rows for rung in rungs[row.key]),
        )
        for rows, days in zip(listed, _days(listed, told), strict=True)
    )


def _claims(reader: Reader, listed: Sequence[Rows], told: Mapping[int, Roles]) -> tuple[ClaimRecord, ...]:
    """Claims with a line for each day on which their standing moved."""
    moved = [[row for i, row in enumerate(rows) if not i or row.status != rows[i - 1].status] for rows in listed]
    quotations = reader.quotations([row.key for rows in moved for row in rows])
    return CLAIMS.validate_python(
        [
            {
                "id": rows[-1].identity,
                "what": rows[-1].what,
                "stands": [_stand(row, told.get(row.key, {}), quotations[row.key][:SHOWN]) for row in stood],
            }
            for rows, stood in zip(listed, moved, strict=True)
        ]
    )


def _stand(row: Row[Any], told: Roles, quotations: tuple[Quoted, ...]) -> dict[str, Any]:
    """Where a claim stood on a day."""
    return {
        "date": row.date,
        "what": row.what,
        "status": row.status,
        "caveats": from_json(row.caveats),
        "asserted_by": told.get(Stance.ASSERTS, ()),
        "confirmed_by": told.get(Stance.CONFIRMS, ()),
        "denied_by": told.get(Stance.DENIES, ()),
        "unconfirmed_by": told.get(Stance.NEITHER, ()),
        "quotations": quotations,
    }
