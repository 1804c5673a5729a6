"""Moving: an archive as lines of JSON, and back, on any machine and in either database.

The first line says what it is; then come identities, counters and traces, then the
briefings, oldest first, each whole, then the texts of articles, as far as they are kept.
All rows are made of these again, so that a dump of what was loaded equals the dump that it
was loaded from, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select

from summarizer.archive.identities import resolver
from summarizer.archive.kept import AT_ONCE, all_texts, insert_texts
from summarizer.archive.rows import unpack
from summarizer.archive.store import find, insert_all, put
from summarizer.archive.tables import briefings, counters, identities, things, traces
from summarizer.errors import ArchiveError
from summarizer.models import Briefing, Source
from summarizer.past import LETTERS

FORMAT = 1
HEAD = "summarizer_archive"
TABLES = {"identity": identities, "counter": counters, "trace": traces}
"""What is dumped of the rows; all others are made of the briefings."""


def dump(connection: Connection, place: str | None, *, texts: bool) -> Iterator[str]:
    """An archive, line by line, each with its end; with its articles' texts or without."""
    yield _line({HEAD: FORMAT})
    for name, table in TABLES.items():
        columns = [column for column in table.columns if column.name != "key"]
        rows = [dict(row) for row in connection.execute(select(*columns)).mappings()]
        for row in sorted(rows, key=_order):
            yield _line({name: {key: _plain(value) for key, value in row.items()}})
    resolve = resolver(connection)
    listed = connection.execute(select(briefings.c.date, briefings.c.topic, briefings.c.id)).all()
    for _, _, number in sorted(tuple(row) for row in listed):  # here: databases sort texts by locale
        body = connection.execute(select(briefings.c.body).where(briefings.c.id == number)).scalar_one()
        asked = select(things.c.item, things.c.identity).where(things.c.briefing == number).order_by(things.c.position)
        parted = {item: identity for item, identity in connection.execute(asked) if resolve(item) != identity}
        yield f'{{"goes_by": {json.dumps(parted)}, "briefing": {unpack(body)}}}\n'
    if texts:
        for id, text in all_texts(connection, place):
            yield _line({"article": {"id": id, "text": text}})


def _line(told: dict[str, Any]) -> str:
    line = json.dumps(told, ensure_ascii=False) + "\n"
    return line.encode("utf-8", "backslashreplace").decode()  # a lone surrogate, as JSON writes it


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    """Identities and counters by kind and number, traces by day and place."""
    letters = list(LETTERS)
    letter = row.get("letter")
    place = tuple(str(row.get(key, "")) for key in ("date", "topic", "identity", "article"))
    return (
        letters.index(letter) if letter else 0,
        row.get("number", 0),
        *place,
        row.get("start", 0),
        row.get("end", 0),
    )


def load(
    connection: Connection, lines: Iterable[str], place: str | None, told: Callable[[date], None], *, texts: bool
) -> int:
    """Fill an archive with what was dumped; or enter briefings, one a line or one in all, as JSON.

    A dump goes into an empty archive only: two archives' ids mean different things. Briefings of their own are
    entered as if they had just been made, and what they have is new.

    Args:
        connection: in a transaction that writes.
        lines: of the dump, or of JSON.
        place: of the archive, for messages.
        told: called with the day of each briefing that is in.
        texts: whether the texts that a dump has are kept; they are checked in any case.

    Returns:
        How many briefings were entered.

    Raises:
        ArchiveError: if it is neither, or the archive has something already that it would take the place of.
    """
    first, rest = _first(lines)
    head = _parsed(first, 1, place)
    if HEAD not in head:
        return _load_briefings(connection, first, rest, place, told)
    if head[HEAD] != FORMAT:
        raise ArchiveError(place, f"a dump of format {head[HEAD]}, this program reads {FORMAT}", "update summarizer")
    if (
        connection.execute(select(identities.c.id).limit(1)).first()
        or connection.execute(select(briefings.c.id)).first()
    ):
        raise ArchiveError(place, "isn't empty, and a dump's ids mean other things in it", "load it into a new archive")
    count, waiting = 0, {name: list[dict[str, Any]]() for name in TABLES}
    came = _Texts(connection, place, kept=texts)
    ended = False
    for number, line in enumerate(rest, 2):
        told_of = _parsed(line, number, place)
        kind = next((name for name in TABLES if name in told_of), None)
        if kind:
            row = told_of[kind]
            waiting[kind].append({**row, "date": date.fromisoformat(row["date"])} if kind == "trace" else row)
            continue
        if "article" in told_of:
            came.take(told_of["article"], number)
            continue
        if "briefing" not in told_of:
            raise ArchiveError(place, f"line {number} is nothing that a dump has", "dump it anew")
        if not ended:
            _fill(connection, waiting)
            ended, resolve = True, resolver(connection)
        briefing = _briefing(json.dumps(told_of["briefing"]), number, place)
        insert_all(connection, briefing, _going_by(told_of["goes_by"], resolve))
        came.expect(briefing.sources)
        count += 1
        told(briefing.date)
    if not ended:
        _fill(connection, waiting)
    came.keep()
    return count


class _Texts:
    """The texts that a dump has: each once, of an article that a briefing before it has, and of no other text."""

    def __init__(self, connection: Connection, place: str | None, *, kept: bool) -> None:
        self.connection, self.place, self.kept = connection, place, kept
        self.expected: dict[str, set[tuple[int, str]]] = {}
        """Length and hash of what may come, by article."""
        self.came: set[str] = set()
        self.waiting: dict[str, str] = {}

    def expect(self, listed: Iterable[Source]) -> None:
        """The sources of a briefing that is in."""
        for source in listed:
            self.expected.setdefault(source.id, set()).add((source.characters, source.sha256))

    def take(self, told: Any, number: int) -> None:
        """A line's text.

        Raises:
            ArchiveError: if it is not one that is expected.
        """
        if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in ("id", "text")):
            raise self._refused(number, "is nothing that a dump has")
        id, text = told["id"], told["text"]
        if id not in self.expected:
            raise self._refused(number, f"has the text of {id!r}, which no briefing before it has")
        if id in self.came:
            raise self._refused(number, f"has the text of {id!r} once more")
        if (len(text), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()) not in self.expected[id]:
            raise self._refused(number, f"has another text of {id!r} than its briefing was made of")
        self.came.add(id)
        if self.kept:
            self.waiting[id] = text
        if len(self.waiting) == AT_ONCE:
            self.keep()

    def keep(self) -> None:
        """Write what waits."""
        insert_texts(self.connection, self.waiting)
        self.waiting = {}

    def _refused(self, number: int, reason: str) -> ArchiveError:
        return ArchiveError(self.place, f"line {number} {reason}", "dump it anew")


def _going_by(parted: Mapping[str, str], resolve: Callable[[str], str]) -> Callable[[str], str]:
    """Which identity an id goes by in one briefing, of which some things were parted from theirs."""
    return lambda id: parted.get(id) or resolve(id)


def _fill(connection: Connection, waiting: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in waiting.items():
        if rows:
            connection.execute(insert(TABLES[name]), rows)


def _first(lines: Iterable[str]) -> tuple[str, Iterator[str]]:
    """The first line that says something, and the others."""
    rest = (line for line in lines if line.strip())
    return next(rest, ""), rest


def _parsed(line: str, number: int, place: str | None) -> dict[str, Any]:
    """A line's JSON; an empty object if it isn't whole by itself."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        if number == 1:
            return {}
        raise ArchiveError(place, f"line {number} of the dump is no JSON: {error}", "dump it anew") from error
    return found if isinstance(found, dict) else {}


def _load_briefings(
    connection: Connection, first: str, rest: Iterator[str], place: str | None, told: Callable[[date], None]
) -> int:
    """Enter briefings that are no dump: a line each, or one over several lines."""
    texts = [first, *rest]
    whole = "\n".join(texts)
    listed = texts if len(texts) > 1 and _is_whole(first) else [whole]
    count = 0
    for number, text in enumerate(listed, 1):
        briefing = _briefing(text, number, place)
        if find(connection, briefing.date, briefing.topic or "") is not None:
            on = f"{briefing.date} on {briefing.topic!r}" if briefing.topic else str(briefing.date)
            raise ArchiveError(
                place, f"has a briefing of {on} already", "delete that first: `summarizer archive delete`"
            )
        put(connection, briefing, {}, place)
        count += 1
        told(briefing.date)
    return count


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _briefing(text: str, number: int, place: str | None) -> Briefing:
    try:
        return Briefing.model_validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, wrong["loc"])) or "it"
        reason = f"line {number} is no briefing: {where}: {wrong['msg']}"
        raise ArchiveError(place, reason, "give a dump, or a briefing's JSON") from error
