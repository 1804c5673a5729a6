"""Moving: an archive as lines of JSON, which `loading` makes an archive of, on any machine and in either database.

The first line says what it is; then come identities, counters and traces, then the
briefings, oldest first, each whole, with what a person has said of who is who in it, then
the texts of articles, as far as they are kept. All rows are made of these again, so that a
dump of what was loaded equals the dump that it was loaded from, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from summarizer.archive.identities import number_of
from summarizer.archive.kept import all_texts
from summarizer.archive.lines import IdentityLine, TraceLine
from summarizer.archive.rows import unpack
from summarizer.archive.tables import briefings, counters, identities, things, traces
from summarizer.past import LETTERS

FORMAT = 1
HEAD = "summarizer_archive"


def dump(connection: Connection, place: str | None, *, texts: bool) -> Iterator[str]:
    """An archive, line by line, each with its end; with its articles' texts or without."""
    yield _line({HEAD: FORMAT})
    letters = list(LETTERS)
    known = connection.execute(select(*(identities.c[name] for name in IdentityLine.model_fields))).mappings()
    for row in sorted(known, key=lambda row: (letters.index(row["id"][0]), number_of(row["id"]))):
        yield _line({"identity": dict(row)})
    taken = connection.execute(select(counters.c.letter, counters.c.taken)).mappings()
    for row in sorted(taken, key=lambda row: letters.index(row["letter"])):
        yield _line({"counter": dict(row)})
    stood = select(*(traces.c[name] for name in TraceLine.model_fields))
    for row in sorted(connection.execute(stood).mappings(), key=lambda row: tuple(row.values())):
        yield _line({"trace": {**row, "date": row["date"].isoformat()}})
    # In the order in which those of a day were entered: the last of them is what counts.
    listed = select(briefings.c.id).order_by(briefings.c.date, briefings.c.id)
    for number in connection.execute(listed).scalars().all():
        body = connection.execute(select(briefings.c.body).where(briefings.c.id == number)).scalar_one()
        asked = select(things.c.item, things.c.own, things.c.parted).where(things.c.briefing == number)
        rows = connection.execute(asked.order_by(things.c.position)).all()
        own = {item: own for item, own, _ in rows if own != item}
        parted = [item for item, _, parted in rows if parted]
        said = {name: value for name, value in (("own", own), ("parted", parted)) if value}
        yield f'{_line(said).rstrip()[:-1]}{", " if said else ""}"briefing": {unpack(body)}}}\n'
    if texts:
        for id, text in all_texts(connection, place):
            yield _line({"article": {"id": id, "text": text}})


def _line(told: Mapping[str, Any]) -> str:
    line = json.dumps(told, ensure_ascii=False) + "\n"
    return line.encode("utf-8", "backslashreplace").decode()  # a lone surrogate, as JSON writes it
