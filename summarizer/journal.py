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
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
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


def found_or_claimed(
    find: Callable[[], Kept | None], claim: Callable[[], bool], release: Callable[[], None]
) -> tuple[Kept | None, bool]:
    """What is kept; or else whether the right to ask was taken."""
    if found := find():
        return found, False
    if not claim():
        return None, False
    if found := find():  # it came between the two
        release()
    return found, found is None


class Asking(ABC):
    """Of what two processes want to know only one asks; the other waits, and finds the answer kept."""

    @asynccontextmanager
    async def asking(
        self, key: str, *others: str, patience: float = math.inf, anew: bool = False
    ) -> AsyncIterator[Kept | None]:
        """Find what is kept, or be the one that asks for it: until it is kept, or the block ends, others wait.

        After `patience` seconds go on all the same: who asks so long has stopped, or asks in vain.

        Args:
            key: what would be asked.
            others: under which there may be something as well.
            patience: seconds to wait for others that are asking.
            anew: whether it is to be asked whatever is kept.

        Yields:
            What is kept under the first of the keys that has something; None: it is to be asked.

        Raises:
            JournalError: before the block, if the journal can't be used.
        """
        keys = () if anew else (key, *others)
        found, mine, waited = None, False, 0.0
        try:
            while waited < patience:
                begun = asyncio.ensure_future(self._begin(key, keys))
                try:
                    found, mine = await asyncio.shield(begun)
                except asyncio.CancelledError:  # what was begun comes to its end all the same
                    with contextlib.suppress(JournalError):
                        _, mine = await begun
                    raise
                if found or mine:
                    break
                if not waited:
                    tell(logging.INFO, "waiting for another run", key=key[:8])
                await asyncio.sleep(POLL)  # what is waited for may happen in another process
                waited += POLL
            yield found
        finally:
            if mine:
                with contextlib.suppress(JournalError):  # the claim ends with the run, if not before
                    await asyncio.shield(self._end(key))

    @abstractmethod
    async def _begin(self, key: str, keys: Sequence[str]) -> tuple[Kept | None, bool]:
        """What is kept under the first of `keys` that has something; or else whether `key` is ours to ask about."""

    @abstractmethod
    async def _end(self, key: str) -> None:
        """Let others ask, if nothing was kept, which would have done so."""


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


class Journal(Asking):
    """All answers in a folder. Its methods may be called from one event loop at a time; close it when done."""

    def __init__(self, folder: Path) -> None:
        """Open the journal, and make it if there is none.

        Raises:
            JournalError: if the folder or the file can't be used.
        """
        self.path = folder / FILE
        self._run = uuid.uuid4().hex
        self._mine: set[str] = set()
        """Keys of what is being asked here."""
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

    async def find(self, *keys: str) -> Kept | None:
        """The answer kept under the first of these keys that has one; None if none has."""
        return await self._do(lambda: self._find_first(keys))

    def _find_first(self, keys: Sequence[str]) -> Kept | None:
        return next(filter(None, map(self._find, keys)), None)

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
        """Write an answer, whole or not at all; who was asking for it has done with that.

        Raises:
            JournalError: if it can't be written: a full disk, say.
        """
        await self._do(lambda: self._keep(key, kept))

    def _keep(self, key: str, kept: Kept) -> None:
        now = time.time()
        usage = kept.usage.model_dump_json()
        row = (key, kept.prompt, kept.article, kept.model, kept.answered_by, kept.answer, kept.parts, usage, now, now)
        self._base.execute("BEGIN IMMEDIATE")
        try:
            self._base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._base.execute("DELETE FROM asking WHERE key = ? AND run = ?", (key, self._run))
            self._base.execute("COMMIT")
        except sqlite3.Error:
            with contextlib.suppress(sqlite3.Error):
                self._base.execute("ROLLBACK")
            raise
        self._mine.discard(key)

    async def _begin(self, key: str, keys: Sequence[str]) -> tuple[Kept | None, bool]:
        def find_or_claim() -> tuple[Kept | None, bool]:
            return found_or_claimed(
                lambda: self._find_first(keys), lambda: self._claim(key), lambda: self._release(key)
            )

        return await self._do(find_or_claim)

    async def _end(self, key: str) -> None:
        if key in self._mine:
            await self._do(lambda: self._release(key))

    def _claim(self, key: str) -> bool:
        """Take the right to ask; False if somebody who is alive has it."""
        row = self._base.execute("SELECT run FROM asking WHERE key = ?", (key,)).fetchone()
        if row is not None:
            if self._lives(row[0]):
                return False
            self._base.execute("DELETE FROM asking WHERE run = ?", row)
        taken = self._base.execute("INSERT OR IGNORE INTO asking VALUES (?, ?)", (key, self._run)).rowcount == 1
        if taken:
            self._mine.add(key)
        return taken

    def _release(self, key: str) -> None:
        self._mine.discard(key)
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

    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size

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
