"""What was submitted in batches, and the replies that came: a SQLite file in the workspace.

A request is written down before its batch is submitted, and stays until the run that asked
has ended of itself: a run that is killed, or leaves its batches, finds here what it has paid for.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from summarizer.errors import JournalError

FILE = "batches.sqlite3"
FORMAT = 1
"""The tables' version, in SQLite's user_version."""
KEPT = 30 * 86400.0
"""Seconds until what nobody asked for again is forgotten: as long as OpenAI keeps a batch's files."""
SERVED = 2 * 86400.0
"""Seconds until a reply that has served is deleted: longer than a run that began before that will still go on."""
BUSY = 60.0
"""Seconds to wait for another run's transaction, which takes milliseconds."""
POLL = 0.1
"""Seconds between two looks at whether another run is still submitting."""
ADVICE = "move it away, or give another --workspace"

TABLES = """
CREATE TABLE batches (
    token TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL,
    id TEXT,
    made REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE requests (
    key TEXT PRIMARY KEY,
    token TEXT,
    times INTEGER NOT NULL,
    status INTEGER,
    reply BLOB,
    made REAL NOT NULL,
    served REAL
);
CREATE INDEX requests_by_token ON requests (token);
"""


@dataclass(frozen=True)
class Known:
    """What is known of one request."""

    token: str | None
    """Our own name for the batch that it is in; None: its batch has ended."""
    batch: str | None
    """The endpoint's name for it; None: not told yet, or ended."""
    times: int
    """How often it was submitted."""
    status: int | None
    """HTTP status of the reply; None: there is none yet."""


class Sent:
    """The file. Its calls are short: they don't leave the event loop's thread."""

    def __init__(self, folder: Path) -> None:
        """Open the file, and make it if there is none.

        Raises:
            JournalError: if the folder or the file can't be used.
        """
        self.path = folder / FILE
        self._began = time.time()
        self._lock = FileLock(folder / "batches.lock", thread_local=False)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(folder / "open.lock", timeout=BUSY):
                self._base = self._open()
        except (OSError, Timeout) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise JournalError(folder, f"can't hold batches: {reason}", "give another --workspace") from error

    def _open(self) -> sqlite3.Connection:
        try:
            base = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None)
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=FULL")  # a batch that is not remembered would be paid for twice
            version = base.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                base.executescript(f"BEGIN; {TABLES} PRAGMA user_version={FORMAT}; COMMIT;")
            elif version != FORMAT:
                raise JournalError(self.path, f"is of format {version}, this program writes {FORMAT}", ADVICE)
            base.execute("DELETE FROM requests WHERE made < ?", (time.time() - KEPT,))
            base.execute("DELETE FROM requests WHERE served < ?", (time.time() - SERVED,))
            base.execute("DELETE FROM batches WHERE made < ?", (time.time() - KEPT,))
        except sqlite3.Error as error:
            raise JournalError(self.path, f"can't be used for batches: {error}", ADVICE) from error
        return base

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Be the only run that submits; the system lets others in when a process dies."""
        while True:
            try:
                self._lock.acquire(blocking=False)
                break
            except Timeout:  # not waited for in a thread: that could not be called off
                await asyncio.sleep(POLL)
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block's changes, or none.

        Raises:
            JournalError: if the file can't be read or written: a full disk, say.
        """
        try:
            with self._base:
                self._base.execute("BEGIN IMMEDIATE")
                yield self._base
        except sqlite3.Error as error:
            raise JournalError(
                self.path, f"can't be read or written: {error}", "free the disk, or move it away"
            ) from error

    def find(self, keys: Iterable[str]) -> dict[str, Known]:
        """What is known of these requests, by key.

        Nothing of those that were never submitted, or served only runs that had ended when this one began.
        """
        with self._transaction() as base:
            rows = base.execute(
                "SELECT r.key, r.token, b.id, r.times, r.status FROM requests r LEFT JOIN batches b "
                "ON b.token = r.token WHERE r.key IN (SELECT value FROM json_each(?)) "
                "AND (r.served IS NULL OR r.served >= ?)",
                (json.dumps(list(keys)), self._began),
            )
            return {key: Known(*row) for key, *row in rows}

    def reply(self, key: str) -> bytes:
        """The body of the reply to a request that has one."""
        with self._transaction() as base:
            return bytes(base.execute("SELECT reply FROM requests WHERE key = ?", (key,)).fetchone()[0])

    def count(self, token: str) -> int:
        """Requests of a batch that have no reply yet."""
        with self._transaction() as base:
            return int(base.execute("SELECT count(*) FROM requests WHERE token = ?", (token,)).fetchone()[0])

    def claim(self, token: str, endpoint: str, keys: Iterable[str]) -> None:
        """Write down that these are about to be submitted as one batch."""
        now = time.time()
        with self._transaction() as base:
            base.execute("INSERT INTO batches VALUES (?, ?, NULL, ?)", (token, endpoint, now))
            base.executemany(
                "INSERT INTO requests VALUES (?, ?, 1, NULL, NULL, ?, NULL) ON CONFLICT (key) DO UPDATE SET "
                "token = excluded.token, times = iif(served IS NULL, times + 1, 1), status = NULL, reply = NULL, "
                "made = excluded.made, served = NULL",
                ((key, token, now) for key in keys),
            )

    def name(self, token: str, batch: str) -> None:
        """Write down what the endpoint calls a batch that was submitted."""
        with self._transaction() as base:
            base.execute("UPDATE batches SET id = ? WHERE token = ?", (batch, token))

    def nameless(self, endpoint: str) -> list[tuple[str, float]]:
        """Tokens of batches that were perhaps submitted, and when (seconds since 1970)."""
        with self._transaction() as base:
            rows = base.execute("SELECT token, made FROM batches WHERE endpoint = ? AND id IS NULL", (endpoint,))
            return [(token, made) for token, made in rows]

    def answer(self, token: str, replies: Iterable[tuple[str, int, bytes]]) -> None:
        """Keep replies (key, status, body) to requests of a batch; to others nothing is taken."""
        with self._transaction() as base:
            base.executemany(
                "UPDATE requests SET status = ?, reply = ?, token = NULL WHERE key = ? AND token = ?",
                ((status, reply, key, token) for key, status, reply in replies),
            )

    def end(self, token: str, status: int, reply: bytes) -> None:
        """A batch has ended; requests without a reply get this one."""
        with self._transaction() as base:
            base.execute(
                "UPDATE requests SET status = ?, reply = ?, token = NULL WHERE token = ?", (status, reply, token)
            )
            base.execute("DELETE FROM batches WHERE token = ?", (token,))

    def drop(self, token: str) -> int:
        """Forget a batch that was not taken, or not to its end; returns how many requests had no reply."""
        with self._transaction() as base:
            count = base.execute("DELETE FROM requests WHERE token = ?", (token,)).rowcount
            base.execute("DELETE FROM batches WHERE token = ?", (token,))
            return count

    def retire(self, keys: Iterable[str]) -> None:
        """Keep replies that have served from runs that begin later; those that go on already may be about to ask."""
        with self._transaction() as base:
            statement = "UPDATE requests SET served = ? WHERE key = ? AND token IS NULL"
            now = time.time()
            base.executemany(statement, ((now, key) for key in keys))

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
