"""The journal: every answer a model gave, kept under what determines it, so that nothing is asked twice.

A SQLite file in a folder of its own. An answer is written in one transaction as it arrives:
a killed run loses none, and several runs may use the journal at once. What one run is
asking, another waits for. A run that dies lets go of what it was asking, since the system
lets go of its lock file.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import math
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from summarizer.errors import JournalError
from summarizer.log import tell
from summarizer.models import Usage

T = TypeVar("T")

FILE = "journal.sqlite3"
FORMAT = 1
"""The tables' version, in SQLite's user_version."""
POLL = 0.1
"""Seconds between two looks at whether another run has its answer."""
BUSY = 60.0
"""Seconds to wait for another run's transaction, which takes milliseconds."""

TABLES = """
CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    prompt TEXT NOT NULL,
    article TEXT,
    model TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    answer TEXT,
    parts INTEGER,
    usage TEXT NOT NULL,
    kept REAL NOT NULL,
    used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE asking (key TEXT PRIMARY KEY, run TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Kept:
    """One answer as it is kept."""

    prompt: str
    article: str | None
    """File name; None: the question is not about one article."""
    model: str
    answered_by: str
    answer: str | None
    """JSON; None: the question can't be asked whole, only in parts."""
    usage: Usage
    """What the reply took that brought it."""
    parts: int | None = None
    """In how many parts it may be asked; None: it was answered."""


@dataclass(frozen=True)
class Shelf:
    """What the journal holds for one prompt and model."""

    prompt: str
    model: str
    answers: int
    usage: Usage
    oldest: float
    newest: float
    """Seconds since 1970, when kept."""


def key_of(*parts: str) -> str:
    """The key for what determines an answer."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Journal:
    """All answers in a folder. Its methods may be called from one event loop at a time; close it when done."""

    def __init__(self, folder: Path) -> None:
        """Open the journal, and make it if there is none.

        Raises:
            JournalError: if the folder or the file can't be used.
        """
        self.path = folder / FILE
        self._run = uuid.uuid4().hex
        self._runs = folder / "runs"
        self._thread = ThreadPoolExecutor(1, "journal")  # SQLite's waits must not hold up the event loop
        try:
            self._runs.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._alive = FileLock(self._lock_of(self._run), thread_local=False)
            self._alive.acquire(blocking=False)
            with FileLock(folder / "open.lock", timeout=BUSY):
                self._base = self._open()
        except (OSError, Timeout) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise JournalError(folder, f"can't hold a journal: {reason}", "give another --workspace") from error

    def _open(self) -> sqlite3.Connection:
        """Connect, and make the tables if they aren't there."""
        advice = "move it away, or give another --workspace"
        try:
            base = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None, check_same_thread=False)
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")  # a killed process loses nothing; a power cut the last answers
            version = base.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                base.executescript(f"BEGIN; {TABLES} PRAGMA user_version={FORMAT}; COMMIT;")
            elif version != FORMAT:
                raise JournalError(self.path, f"is a journal of format {version}, this program writes {FORMAT}", advice)
            base.execute("SELECT count(*) FROM asking").fetchone()
        except sqlite3.Error as error:
            raise JournalError(self.path, f"can't be used as a journal: {error}", advice) from error
        return base

    async def find(self, key: str) -> Kept | None:
        """The answer kept under `key`; None if there is none."""
        return await self._do(lambda: self._find(key))

    def _find(self, key: str) -> Kept | None:
        row = self._base.execute(
            "SELECT prompt, article, model, answered_by, answer, usage, parts, used FROM answers WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        now = time.time()
        if row[7] < now - 3600:  # for prune; a write for every read would cost more than it tells
            self._base.execute("UPDATE answers SET used = ? WHERE key = ?", (now, key))
        prompt, article, model, answered_by, answer, usage, parts, _ = row
        return Kept(prompt, article, model, answered_by, answer, Usage.model_validate_json(usage), parts)

    async def keep(self, key: str, kept: Kept) -> None:
        """Write an answer, whole or not at all.

        Raises:
            JournalError: if it can't be written: a full disk, say.
        """
        await self._do(lambda: self._keep(key, kept))

    def _keep(self, key: str, kept: Kept) -> None:
        now = time.time()
        usage = kept.usage.model_dump_json()
        row = (key, kept.prompt, kept.article, kept.model, kept.answered_by, kept.answer, kept.parts, usage, now, now)
        self._base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    @asynccontextmanager
    async def asking(self, key: str, patience: float = math.inf) -> AsyncIterator[None]:
        """Wait until nobody else is asking this; whoever comes later waits for the end of the block.

        After `patience` seconds go on all the same: who asks so long has stopped, or asks in vain.

        Raises:
            JournalError: before the block, if the file can't be written.
        """
        waited = 0.0
        try:
            # What is waited for may happen in another process, hence the polling.
            while waited < patience and not await asyncio.shield(self._do(lambda: self._claim(key))):
                if not waited:
                    tell(logging.INFO, "waiting for another run", key=key[:8])
                await asyncio.sleep(POLL)
                waited += POLL
            yield
        finally:  # also if this was called off while the claim was being made: the release comes after it
            await asyncio.shield(self._do(lambda: self._release(key)))

    def _claim(self, key: str) -> bool:
        """Take the right to ask; False if somebody who is alive has it."""
        row = self._base.execute("SELECT run FROM asking WHERE key = ?", (key,)).fetchone()
        if row is not None:
            if self._lives(row[0]):
                return False
            self._base.execute("DELETE FROM asking WHERE run = ?", row)
        taken = self._base.execute("INSERT OR IGNORE INTO asking VALUES (?, ?)", (key, self._run)).rowcount
        return taken == 1

    def _release(self, key: str) -> None:
        with contextlib.suppress(sqlite3.Error):  # the claim ends with the run, if not before
            self._base.execute("DELETE FROM asking WHERE key = ? AND run = ?", (key, self._run))

    def _lock_of(self, run: str) -> Path:
        return self._runs / f"{run}.lock"

    def _lives(self, run: str) -> bool:
        """Whether a run still goes on: only then is its lock held."""
        if run == self._run:
            return True
        path = self._lock_of(run)
        if not path.exists():
            return False
        try:
            with FileLock(path, blocking=False):
                pass
        except (Timeout, OSError):
            return True
        path.unlink(missing_ok=True)
        return False

    async def _do(self, work: Callable[[], T]) -> T:
        """Do something with the file, outside the event loop's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._guarded, work)

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except sqlite3.Error as error:
            raise JournalError(
                self.path, f"can't be read or written: {error}", "free the disk, or move it away"
            ) from error

    # ------------------------------------------------------------------- stats and pruning

    def shelves(self) -> list[Shelf]:
        """What is kept, by prompt and model."""
        rows = self._guarded(
            lambda: self._base.execute(
                "SELECT prompt, model, usage, kept FROM answers ORDER BY prompt, model"
            ).fetchall()
        )
        found: dict[tuple[str, str], list[tuple[Usage, float]]] = {}
        for prompt, model, usage, kept in rows:
            found.setdefault((prompt, model), []).append((Usage.model_validate_json(usage), kept))
        return [
            Shelf(
                prompt=prompt,
                model=model,
                answers=len(listed),
                usage=sum((usage for usage, _ in listed), Usage()),
                oldest=min(kept for _, kept in listed),
                newest=max(kept for _, kept in listed),
            )
            for (prompt, model), listed in found.items()
        ]

    def prune(self, unused_since: float) -> int:
        """Remove the answers not used since then (seconds since 1970), and free the space; returns how many."""

        def remove() -> int:
            count = self._base.execute("DELETE FROM answers WHERE used < ?", (unused_since,)).rowcount
            self._base.execute("VACUUM")
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return count

        for path in self._runs.glob("*.lock"):
            self._lives(path.stem)
        return self._guarded(remove)

    def close(self) -> None:
        """Let go of the file."""
        self._thread.shutdown(wait=True)
        with contextlib.suppress(sqlite3.Error):
            self._base.execute("DELETE FROM asking WHERE run = ?", (self._run,))
            self._base.close()
        self._alive.release()
        self._lock_of(self._run).unlink(missing_ok=True)


def opened(folder: Path) -> closing[Journal]:
    """A journal for as long as the block lasts."""
    return closing(Journal(folder))
