"""Loading: an archive made of a dump's lines, or filled with briefings' own JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import SQLAlchemyError

from summarizer.archive.identities import count, new_id, number_of, resolver
from summarizer.archive.kept import AT_ONCE, insert_texts
from summarizer.archive.lines import BriefingLine, CounterLine, IdentityLine, TraceLine, wrong_ids
from summarizer.archive.moving import FORMAT, HEAD
from summarizer.archive.rows import GoesBy
from summarizer.archive.store import find, insert_all, put
from summarizer.archive.tables import briefings, identities, traces
from summarizer.errors import ArchiveError
from summarizer.models import Briefing, ChangeKind, Source
from summarizer.text import flatten


def load(
    connection: Connection, lines: Iterable[str], place: str | None, told: Callable[[date], None], *, texts: bool
) -> int:
    """Fill an archive with what was dumped; or enter briefings, one a line or one in all, as JSON.

    A dump goes into an empty archive only: two archives' ids mean different things. Briefings of their own are
    entered as if they had just been made, and what they have is new.

    Args:
        connection: in a transaction that writes.
        lines: of the dump, or of JSON; they are read as they are entered.
        place: of the archive, for messages.
        told: called with the day of each briefing that is in.
        texts: whether the texts that a dump has are kept; they are checked in any case.

    Returns:
        How many briefings were entered.

    Raises:
        ArchiveError: if it is neither, or the archive has something already that it would take the place of; it names
            the line.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    _, first = head = next(numbered, (1, ""))
    begun = _object(first) or {}
    if HEAD not in begun:
        return _load_briefings(connection, chain([head], numbered), place, told, whole=bool(begun))
    if begun[HEAD] != FORMAT:
        raise ArchiveError(place, f"a dump of format {begun[HEAD]}, this program reads {FORMAT}", "update summarizer")
    if (
        connection.execute(select(identities.c.id).limit(1)).first()
        or connection.execute(select(briefings.c.id)).first()
    ):
        raise ArchiveError(place, "isn't empty, and a dump's ids mean other things in it", "load it into a new archive")
    loading = _Loading(connection, place, told, texts=texts)
    for number, line in numbered:
        with _at(number, place):
            loading.take(number, line)
    loading.begin()
    loading.texts.keep()
    return loading.count


@contextmanager
def _at(number: int, place: str | None) -> Iterator[None]:
    """Whatever is wrong with a line of a dump as an error that names it."""
    try:
        yield
    except ValidationError as error:
        raise ArchiveError(place, f"line {number} of the dump: {_first_of(error)}", "dump it anew") from error
    except ValueError as error:
        raise ArchiveError(place, f"line {number} {error}", "dump it anew") from error
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
        raise ArchiveError(place, f"line {number} of the dump can't be entered: {cause}", "dump it anew") from error


def _first_of(error: ValidationError) -> str:
    """What is wrong first, and where."""
    wrong = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, wrong['loc'])) or 'it'}: {wrong['msg'].removeprefix('Value error, ')}"


class _Loading:
    """A dump on its way in: what is told before the briefings waits until it can be checked as a whole."""

    def __init__(self, connection: Connection, place: str | None, told: Callable[[date], None], *, texts: bool) -> None:
        self.connection, self.place, self.told = connection, place, told
        self.texts = _Texts(connection, kept=texts)
        self.identities: dict[str, tuple[int, IdentityLine]] = {}
        """With the numbers of their lines, by id."""
        self.counters: dict[str, int] = {}
        self.traces: list[tuple[int, TraceLine]] = []
        self.resolve: Callable[[str], str] | None = None
        """None: no briefing has come yet."""
        self.count = 0

    def take(self, number: int, line: str) -> None:
        """A line.

        Raises:
            ValueError: if it is nothing that can stand there.
        """
        found = _object(line)
        if found is None:
            raise ValueError("of the dump is no JSON, or not all of it")
        if "briefing" in found:
            self._enter(line)
            return
        if "article" in found:
            self.texts.take(found["article"])
            return
        kind, row = next(iter(found.items()), ("", None))
        if kind not in ("identity", "counter", "trace") or len(found) > 1:
            raise ValueError("is nothing that a dump has")
        if self.resolve is not None:
            raise ValueError(f"has a {kind}, which comes before all briefings")
        text = json.dumps(row)
        if kind == "identity":
            identity = IdentityLine.model_validate_json(text)
            if identity.id in self.identities:
                raise ValueError(f"has {identity.id} once more")
            self.identities[identity.id] = number, identity
        elif kind == "counter":
            counter = CounterLine.model_validate_json(text)
            self.counters[counter.letter] = max(counter.taken, self.counters.get(counter.letter, 0))
        else:
            self.traces.append((number, TraceLine.model_validate_json(text)))

    def _enter(self, line: str) -> None:
        """A briefing's line."""
        entered = BriefingLine.model_validate_json(line)
        briefing, resolve = entered.briefing, self.begin()
        if find(self.connection, briefing.date, briefing.topic or "") is not None:
            raise ValueError(f"has the briefing of {_day(briefing)} once more")
        insert_all(self.connection, briefing, GoesBy(resolve, entered.own, entered.parted))
        self.texts.expect(briefing.sources)
        self.count += 1
        self.told(briefing.date)

    def begin(self) -> Callable[[str], str]:
        """Write what has waited, once; returns the merges.

        Raises:
            ArchiveError: if a line names what isn't there.
        """
        if self.resolve is None:
            self._check()
            rows = [identity for _, identity in self.identities.values()]
            if rows:
                numbers = ({"letter": row.id[0], "number": number_of(row.id), **row.model_dump()} for row in rows)
                self.connection.execute(insert(identities), list(numbers))
            for row in rows:
                self.counters[row.id[0]] = max(number_of(row.id), self.counters.get(row.id[0], 0))
            count(self.connection, self.counters)
            if self.traces:
                self.connection.execute(insert(traces), [trace.model_dump() for _, trace in self.traces])
            self.resolve = resolver(self.connection)
        return self.resolve

    def _check(self) -> None:
        """Every id that is named has a line, and following merges comes to an end."""
        into = {id: identity.merged_into for id, (_, identity) in self.identities.items()}
        ends: set[str] = set()
        for id, (number, identity) in self.identities.items():
            with _at(number, self.place):
                if identity.merged_into and identity.merged_into not in into:
                    raise ValueError(f"merges {id} into {identity.merged_into}, which has no line")
                seen, at = {id}, into[id]
                while at is not None and at not in ends:
                    if at in seen:
                        raise ValueError(f"merges {id} in a circle")
                    seen.add(at)
                    at = into.get(at)
                ends |= seen
        for number, trace in self.traces:
            with _at(number, self.place):
                if trace.own not in into:
                    raise ValueError(f"tells of {trace.own}, which has no line")


class _Texts:
    """The texts that a dump has: each once, of an article that a briefing before it has, and of no other text."""

    def __init__(self, connection: Connection, *, kept: bool) -> None:
        self.connection, self.kept = connection, kept
        self.expected: dict[str, set[tuple[int, str]]] = {}
        """Length and hash of what may come, by article."""
        self.came: set[str] = set()
        self.waiting: dict[str, str] = {}

    def expect(self, listed: Iterable[Source]) -> None:
        """The sources of a briefing that is in."""
        for source in listed:
            self.expected.setdefault(source.id, set()).add((source.characters, source.sha256))

    def take(self, told: Any) -> None:
        """A line's text.

        Raises:
            ValueError: if it is not one that is expected.
        """
        if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in ("id", "text")):
            raise ValueError("is nothing that a dump has")
        id, text = told["id"], told["text"]
        if id not in self.expected:
            raise ValueError(f"has the text of {id!r}, which no briefing before it has")
        if id in self.came:
            raise ValueError(f"has the text of {id!r} once more")
        if (len(text), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()) not in self.expected[id]:
            raise ValueError(f"has another text of {id!r} than its briefing was made of")
        self.came.add(id)
        if self.kept:
            self.waiting[id] = text
        if len(self.waiting) == AT_ONCE:
            self.keep()

    def keep(self) -> None:
        """Write what waits."""
        insert_texts(self.connection, self.waiting)
        self.waiting = {}


def _object(line: str) -> dict[str, Any] | None:
    """A line's JSON object, empty if it is something else; None if it is no JSON by itself."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else {}


def _load_briefings(
    connection: Connection,
    lines: Iterable[tuple[int, str]],
    place: str | None,
    told: Callable[[date], None],
    *,
    whole: bool,
) -> int:
    """Enter briefings that are no dump.

    Args:
        connection: in a transaction that writes.
        lines: with their numbers.
        place: of the archive, for messages.
        told: called with the day of each briefing that is in.
        whole: whether each line is a briefing; else all are one.
    """
    fresh: dict[str, str] = {}
    count = 0
    for number, text in lines if whole else [(1, "\n".join(line for _, line in lines))]:
        briefing = _briefing(text, number, place)
        if find(connection, briefing.date, briefing.topic or "") is not None:
            advice = "delete that first: `summarizer archive delete`"
            raise ArchiveError(place, f"has a briefing of {_day(briefing)} already", advice)
        put(connection, _of_its_own(connection, briefing, fresh), {}, place)
        count += 1
        told(briefing.date)
    return count


def _day(briefing: Briefing) -> str:
    """Which briefing it is."""
    return f"{briefing.date} on {briefing.topic!r}" if briefing.topic else briefing.date.isoformat()


def _of_its_own(connection: Connection, briefing: Briefing, fresh: dict[str, str]) -> Briefing:
    """A briefing of another archive whose silences have ids that mean nothing else here.

    Args:
        connection: in a transaction that writes.
        briefing: with ids of the other archive.
        fresh: ids that were given already, by those; more are put in.
    """
    changes = []
    for change in briefing.changes:
        if change.kind is ChangeKind.NOT_MENTIONED:
            if change.item not in fresh:
                fresh[change.item] = new_id(connection, change.item[0], flatten(change.what))
            change = change.model_copy(update={"item": fresh[change.item]})  # noqa: PLW2901
        changes.append(change)
    return briefing.model_copy(update={"changes": tuple(changes)})


def _briefing(text: str, number: int, place: str | None) -> Briefing:
    try:
        briefing = Briefing.model_validate_json(text)
        if wrong := next(wrong_ids(briefing), None):
            raise ValueError(wrong)
    except ValueError as error:
        reason = _first_of(error) if isinstance(error, ValidationError) else str(error)
        advice = "give a dump, or a briefing's JSON"
        raise ArchiveError(place, f"line {number} is no briefing: {reason}", advice) from error
    return briefing
