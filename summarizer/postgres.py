"""A connection to PostgreSQL, in a thread of its own: one statement after the other, and the event loop goes on.

It is for what several processes share while they run, the journal above all. The schema is
its own, so that an archive may be in the same database.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from summarizer.errors import JournalError

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

T = TypeVar("T")

SCHEMA = "summarizer_journal"
FORMAT = 1
"""The tables' version."""
MAKING = "making the tables"
"""What is locked while they are made."""
CONNECT = 10
"""Seconds to wait for a connection."""
AGAIN = (0.2, 1.0)
"""Seconds before a statement is tried again whose connection broke: a server that is restarted is back by then."""
GONE = 30.0
"""Seconds for which a server that could not be reached is not tried again, or each question would wait for it."""

TABLES = """
CREATE TABLE format (version integer NOT NULL);
CREATE TABLE answers (
    key text PRIMARY KEY,
    prompt text NOT NULL,
    article text,
    model text NOT NULL,
    answered_by text NOT NULL,
    answer text,
    parts integer,
    usage text NOT NULL,
    kept double precision NOT NULL,
    used double precision NOT NULL
);
CREATE TABLE runs (
    id text PRIMARY KEY,
    began double precision NOT NULL,
    max_tokens bigint,
    max_cost numeric,
    spent_tokens bigint NOT NULL DEFAULT 0,
    spent_cost numeric NOT NULL DEFAULT 0,
    held_tokens bigint NOT NULL DEFAULT 0,
    held_cost numeric NOT NULL DEFAULT 0,
    recent_requests bigint NOT NULL DEFAULT 0,
    recent_tokens bigint NOT NULL DEFAULT 0,
    not_before double precision NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
CREATE TABLE members (
    id text PRIMARY KEY,
    run text NOT NULL,
    held_tokens bigint NOT NULL DEFAULT 0,
    held_cost numeric NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
CREATE TABLE turns (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run text NOT NULL,
    at double precision NOT NULL,
    tokens bigint NOT NULL
);
CREATE INDEX turns_by_time ON turns (run, at);
CREATE FUNCTION take_turn(
    of_run text, needs bigint, rpm bigint, tpm bigint, minute double precision,
    OUT wait double precision, OUT number bigint
) LANGUAGE plpgsql AS $$
DECLARE
    now double precision;
    over record;
    run runs;
BEGIN
    PERFORM FROM runs WHERE id = of_run FOR UPDATE;
    now := extract(epoch FROM clock_timestamp());
    WITH gone AS (DELETE FROM turns WHERE turns.run = of_run AND at <= now - minute RETURNING tokens)
    SELECT count(*) AS requests, coalesce(sum(tokens), 0) AS tokens INTO over FROM gone;
    UPDATE runs SET recent_requests = recent_requests - over.requests, recent_tokens = recent_tokens - over.tokens
    WHERE id = of_run RETURNING * INTO run;
    IF run.not_before > now THEN
        wait := run.not_before - now;
    ELSIF run.recent_requests >= rpm OR (run.recent_requests > 0 AND run.recent_tokens + needs > tpm) THEN
        SELECT greatest(min(at) + minute - now, 0.001) INTO wait FROM turns WHERE turns.run = of_run;
    ELSE
        INSERT INTO turns (run, at, tokens) VALUES (of_run, now, needs) RETURNING turns.number INTO number;
        UPDATE runs SET recent_requests = recent_requests + 1, recent_tokens = recent_tokens + needs WHERE id = of_run;
    END IF;
END $$;
CREATE FUNCTION correct_turns(of_run text, numbers bigint[], took bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM runs WHERE id = of_run FOR UPDATE;
    WITH given AS (SELECT unnest(numbers) AS number, unnest(took) AS tokens),
    known AS (SELECT number, given.tokens, given.tokens - turns.tokens AS more FROM turns JOIN given USING (number)),
    changed AS (UPDATE turns SET tokens = known.tokens FROM known WHERE turns.number = known.number)
    UPDATE runs SET recent_tokens = recent_tokens + (SELECT coalesce(sum(more), 0) FROM known) WHERE id = of_run;
END $$;
"""

TABLE = """
SELECT FROM pg_class JOIN pg_namespace AS of ON of.oid = relnamespace WHERE nspname = %s AND relname = 'format'
"""
NAMESPACE = "SELECT FROM pg_namespace WHERE nspname = %s"
"""Asked of the catalogue's rows: `to_regclass` answers from a cache, which still says no after a wait for a lock."""

SESSION = """
SET search_path = summarizer_journal, pg_catalog;
SET synchronous_commit = off;
SET tcp_keepalives_idle = 30;
SET tcp_keepalives_interval = 10;
SET tcp_keepalives_count = 3;
"""
"""A killed process loses nothing, a server that loses power the last answers, as with the file. A machine that is
gone without a word is noticed after a minute, and its locks fall free."""


class Server:
    """One connection, made when it is first needed and made again when it breaks. Close it when done.

    A lock that is taken here is held until it is let go of, or until the process, or the connection, is gone.
    """

    def __init__(self, url: str) -> None:
        """Read the URL; nothing is connected yet.

        Raises:
            JournalError: if it names no PostgreSQL database, or psycopg isn't installed.
        """
        self._given = _read_url(url)
        self.place = _shown(self._given)
        """The database, without a password."""
        self._connection: Connection[Any] | None = None
        self._cursor: Cursor[Any]
        self._thread = ThreadPoolExecutor(1, "postgresql")
        self._held: set[int] = set()
        self._gone: tuple[float, JournalError] | None = None

    def open(self, *, make: bool = True) -> bool:
        """Connect, and make the tables if they aren't there; returns whether they are.

        Args:
            make: whether they may be made.

        Raises:
            JournalError: if the database can't be reached or used, or a later program's tables are in it.
        """
        return self.now(lambda cursor: see_to_tables(cursor, self.place, make=make))

    async def do(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Have statements run, outside the event loop's thread.

        Raises:
            JournalError: if the database doesn't do them.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._try, work)

    def now(self, work: Callable[[Cursor[Any]], T]) -> T:
        """The same, where there is no event loop."""
        return self._thread.submit(self._try, work).result()

    # --------------------------------------------------------------------- in the thread

    def _try(self, work: Callable[[Cursor[Any]], T]) -> T:
        """Run statements, again if the connection broke: each of ours may be run twice."""
        import psycopg  # noqa: PLC0415 - of an extra

        if self._gone and time.monotonic() < self._gone[0] + GONE:
            raise self._gone[1].with_traceback(None)
        for pause in (*AGAIN, None):
            try:
                return work(self._connected())
            except (psycopg.Error, UnicodeError, ValueError) as error:
                broken = isinstance(error, psycopg.OperationalError) and (
                    self._connection is None or self._connection.broken
                )
                if broken and pause is not None:
                    time.sleep(pause)
                    continue
                told = self._explained(error)
                self._gone = (time.monotonic(), told) if broken else None
                raise told from None  # what libpq says may have the URL in it
        raise AssertionError("the last attempt returns or raises")

    def _explained(self, error: Exception) -> JournalError:
        said = str(error).strip().split("\n")[0] or type(error).__name__
        password = self._given.get("password")
        reason = said.replace(password, "…") if password else said
        return JournalError(self.place, f"can't be used: {reason}", "mend it, or give another --journal")

    def _connected(self) -> Cursor[Any]:
        import psycopg  # noqa: PLC0415

        if self._connection is None or self._connection.closed:
            self._held.clear()  # whoever else wants these has them by now
            self._connection = None
            self._connection = psycopg.connect(**self._given, autocommit=True)
            self._connection.execute(SESSION)
            self._cursor = self._connection.cursor()  # one for all: making one takes as long as a statement
        return self._cursor

    # ----------------------------------------------------------------------------- locks

    def claim(self, cursor: Cursor[Any], name: str) -> bool:
        """Take a lock, inside of `do`; False if anybody has it, this process included."""
        number = _number(name)
        if number in self._held:  # PostgreSQL would give a connection twice what it has
            return False
        row = cursor.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()
        if row and row[0]:
            self._held.add(number)
            return True
        return False

    def holds(self, name: str) -> bool:
        """Whether this process has a lock."""
        return _number(name) in self._held

    def release(self, cursor: Cursor[Any], name: str) -> None:
        """Let go of a lock, inside of `do`, if it is held."""
        number = _number(name)
        if number in self._held:
            cursor.execute("SELECT pg_advisory_unlock(%s)", (number,))
            self._held.discard(number)

    def close(self) -> None:
        """Let go of the connection, and of all locks."""
        self._thread.shutdown(wait=True)
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.close()


def _number(name: str) -> int:
    """The lock's number: 63 bits, which no two names share by chance."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


def _read_url(url: str) -> dict[str, Any]:
    """What a URL says, as psycopg wants it. An error doesn't repeat it: it may hold a password."""
    advice = "write postgresql://USER@HOST/DATABASE; a password is best kept in ~/.pgpass"
    scheme, found, rest = url.partition("://")
    if not found or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise JournalError("the journal", "only PostgreSQL can be named as one for several machines", advice)
    try:
        import psycopg  # noqa: PLC0415 - of an extra
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    except ImportError:
        missing = "PostgreSQL needs psycopg, which isn't installed"
        raise JournalError("the journal", missing, "pip install 'summarizer[postgresql]'") from None
    try:
        given: dict[str, Any] = dict(conninfo_to_dict(f"postgresql://{rest}"))
    except psycopg.Error:
        raise JournalError("the journal", "is no database URL", advice) from None
    return {"connect_timeout": CONNECT} | given


def _shown(given: dict[str, Any]) -> str:
    """A database as messages name it."""
    user = f"{given['user']}@" if given.get("user") else ""
    port = f":{given['port']}" if given.get("port") else ""
    return f"postgresql://{user}{given.get('host', '')}{port}/{given.get('dbname', '')}"


def see_to_tables(cursor: Cursor[Any], place: str, *, make: bool) -> bool:
    """Whether the tables are there, made if they may be.

    Raises:
        JournalError: if they are a later program's.
    """
    version = _version(cursor)
    if version is None and make:
        with cursor.connection.transaction():  # two starts at once: the second one finds them
            lock_tables(cursor)
            if _version(cursor) is None:
                if not _any(cursor, NAMESPACE):
                    cursor.execute("CREATE SCHEMA summarizer_journal")  # else somebody made it for us, who may
                cursor.execute(TABLES)
                cursor.execute("INSERT INTO format VALUES (%s)", (FORMAT,))
        version = FORMAT
    if version is not None and version != FORMAT:
        reason = f"is a journal of format {version}, this program writes {FORMAT}"
        raise JournalError(place, reason, "give another --journal, or update summarizer")
    return version is not None


def lock_tables(cursor: Cursor[Any]) -> None:
    """Wait until nobody else makes the tables, and keep others from it until the transaction's end."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_number(MAKING),))


def _version(cursor: Cursor[Any]) -> int | None:
    """The tables' version; None: there are none."""
    if not _any(cursor, TABLE):
        return None
    row = cursor.execute("SELECT version FROM format").fetchone()
    return int(row[0]) if row else None


def _any(cursor: Cursor[Any], query: str) -> bool:
    """Whether the catalogue has a row of our schema."""
    return cursor.execute(query, (SCHEMA,)).fetchone() is not None
