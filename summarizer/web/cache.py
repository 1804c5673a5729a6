"""The web cache: replies kept on disk, for as long as their servers say, so that little is fetched twice.

A SQLite file that several runs may use at once. It can always be done without: whatever is
wrong with it, it is told in the log, and the run goes on with no cache.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from summarizer.log import tell
from summarizer.web.wire import Reply

T = TypeVar("T")

FILE = "pages-1.sqlite3"
"""1 is the table's format."""
BUSY = 60.0
"""Seconds to wait for another run's transaction, which takes milliseconds."""
TABLE = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    received REAL NOT NULL
) WITHOUT ROWID
"""
HEADERS = ("age", "cache-control", "content-type", "etag", "last-modified", "location")
KEPT_STATUS = frozenset({200, 203, 204, 301, 302, 307, 308, 404, 410})
"""Those that say what a page is, and not how its server fares."""
BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def is_fresh(reply: Reply, now: datetime) -> bool:
    """Whether a kept reply may be used without asking: Cache-Control's max-age isn't over yet."""
    return timedelta() <= now - reply.received < _lifetime(reply)  # one from the future is of a clock set wrong


def is_worth_keeping(reply: Reply) -> bool:
    """Whether a reply may be kept and will be of use: it stays fresh for a while, or can be asked about."""
    if "no-store" in _directives(reply):
        return False
    return bool(_lifetime(reply)) or (reply.status == 200 and bool(conditions(reply)))


def conditions(reply: Reply) -> dict[str, str]:
    """Headers that ask a server whether a kept reply still holds; empty if nothing can be asked."""
    asked = {"if-none-match": reply.headers.get("etag"), "if-modified-since": reply.headers.get("last-modified")}
    return {name: value for name, value in asked.items() if value}


def confirm(kept: Reply, answer: Reply) -> Reply:
    """A kept reply after its server said that it still holds: as old as that answer, with what it says anew."""
    stale = {name: value for name, value in kept.headers.items() if name != "age"}
    return replace(kept, headers=stale | _needed(answer.headers), received=answer.received)


def _needed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in HEADERS if name in headers}


def _directives(reply: Reply) -> dict[str, str]:
    """Cache-Control's directives, each with what stands behind its equals sign."""
    parts = (part.partition("=") for part in reply.headers.get("cache-control", "").lower().split(","))
    return {name.strip(): value.strip().strip('"') for name, _, value in parts}


def _lifetime(reply: Reply) -> timedelta:
    """How long after it was received a reply is fresh."""
    said = _directives(reply)
    if "no-cache" in said:
        return timedelta()
    seconds = _seconds(said.get("max-age", "")) - _seconds(reply.headers.get("age", ""))
    return timedelta(seconds=max(seconds, 0))


def _seconds(said: str) -> int:
    """A number of seconds; 0 if it is none, and 31 years if it is longer than anybody means."""
    return min(int(said[:12]), 10**9) if re.fullmatch(r"[0-9]+", said) else 0


class WebCache:
    """All kept replies in a folder. Close it when done."""

    def __init__(self, folder: Path) -> None:
        """Open the cache, and make it if there is none."""
        self.path = folder / FILE
        self._thread = ThreadPoolExecutor(1, "webcache")  # SQLite's waits must not hold up the event loop
        self._base: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(folder / "open.lock", timeout=BUSY):
                self._base = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None, check_same_thread=False)
                self._base.execute("PRAGMA journal_mode=WAL")
                self._base.execute("PRAGMA synchronous=NORMAL")
                self._base.execute(TABLE)
        except (OSError, sqlite3.Error) as error:
            self._lose(error)

    async def find(self, url: str) -> Reply | None:
        """The reply kept for a URL; None if there is none."""
        return await self._do(lambda base: _find(base, url))

    async def keep(self, url: str, reply: Reply) -> None:
        """Keep a reply in the place of any before, or take that away if this one is not to be kept.

        A fault says nothing of the page, and changes nothing.
        """
        await self._do(lambda base: _keep(base, url, reply))

    def prune(self, older_than: timedelta) -> int:
        """Remove the replies received, or last confirmed, before that, and free the space; returns how many."""
        return self._guarded(lambda base: _prune(base, datetime.now(UTC) - older_than)) or 0

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something with the file, outside the event loop's thread; None if there is no file any more."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._guarded, work)

    def _guarded(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        if self._base is None:
            return None
        try:
            return work(self._base)
        except sqlite3.Error as error:
            self._lose(error)
            return None

    def _lose(self, error: OSError | sqlite3.Error) -> None:
        """Go on without; a file that is broken is removed, so that the next run has a cache again."""
        tell(logging.WARNING, "no web cache", path=str(self.path), reason=str(error))
        self._disconnect()
        if getattr(error, "sqlite_errorcode", None) in BROKEN:
            for path in (self.path, *(self.path.with_name(FILE + part) for part in ("-wal", "-shm"))):
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _disconnect(self) -> None:
        if self._base is not None:
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = None

    def close(self) -> None:
        """Let go of the file."""
        self._thread.shutdown(wait=True)
        self._disconnect()


def _find(base: sqlite3.Connection, url: str) -> Reply | None:
    row = base.execute("SELECT status, headers, body, received FROM pages WHERE url = ?", (url,)).fetchone()
    if row is None:
        return None
    status, headers, body, received = row
    try:
        return Reply(status, json.loads(headers), zlib.decompress(body), datetime.fromtimestamp(received, UTC))
    except (ValueError, zlib.error):
        return None  # damaged where SQLite doesn't look: as good as none, and soon overwritten


def _keep(base: sqlite3.Connection, url: str, reply: Reply) -> None:
    if reply.status not in KEPT_STATUS:
        return
    if not is_worth_keeping(reply):
        base.execute("DELETE FROM pages WHERE url = ?", (url,))
        return
    headers = json.dumps(_needed(reply.headers))
    row = (url, reply.status, headers, zlib.compress(reply.body), reply.received.timestamp())
    base.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", row)


def _prune(base: sqlite3.Connection, before: datetime) -> int:
    count = base.execute("DELETE FROM pages WHERE received < ?", (before.timestamp(),)).rowcount
    base.execute("VACUUM")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count
