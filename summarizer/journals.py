"""Which journal a run has: a file in its workspace, or one in PostgreSQL that several machines share."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from summarizer.journal import FILE, Asking, Journal, Kept, Shelf, found_or_claimed
from summarizer.models import Usage
from summarizer.postgres import Server
from summarizer.settings import Settings

UNUSED = 3600.0
"""Seconds after which a reading is noted, for prune: a write for every read would cost more than it tells."""

FIND = "SELECT key, prompt, article, model, answered_by, answer, usage, parts, used FROM answers WHERE key = ANY(%s)"
KEEP = """
INSERT INTO answers VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO UPDATE
SET answered_by = EXCLUDED.answered_by, answer = EXCLUDED.answer, parts = EXCLUDED.parts,
    usage = EXCLUDED.usage, kept = EXCLUDED.kept, used = EXCLUDED.used
"""
SHELVES = """
SELECT prompt, model, count(*), sum((took->>'requests')::bigint), sum((took->>'input_tokens')::bigint),
    sum((took->>'cached_tokens')::bigint), sum((took->>'output_tokens')::bigint),
    CASE WHEN bool_and(took->>'cost_usd' IS NOT NULL) THEN sum((took->>'cost_usd')::numeric) END, min(kept), max(kept)
FROM (SELECT prompt, model, kept, usage::jsonb AS took FROM answers) AS listed
GROUP BY prompt, model ORDER BY prompt COLLATE "C", model COLLATE "C"
"""


def journal_of(settings: Settings, *, make: bool = True) -> AnyJournal | None:
    """The journal that settings name, PostgreSQL before a file; None: they name none, or recordings take its place.

    Args:
        settings: of the run.
        make: whether it is made if there is none; else None is returned.

    Raises:
        JournalError: if it can't be used.
    """
    if settings.record or settings.replay:
        return None
    if settings.journal is not None:
        return server_journal(settings.journal, make=make)
    if settings.workspace is None or not (make or (settings.workspace / FILE).is_file()):
        return None
    return Journal(settings.workspace)


def server_journal(url: str, *, make: bool = True) -> ServerJournal | None:
    """A journal in PostgreSQL; None if there is none and it is not to be made.

    Raises:
        JournalError: if it can't be used.
    """
    server = Server(url)
    try:
        if server.open(make=make):
            return ServerJournal(server)
    except BaseException:
        server.close()
        raise
    server.close()
    return None


class ServerJournal(Asking):
    """All answers in a PostgreSQL database, for any number of processes on any number of machines.

    What one process is asking it has locked, by a lock that falls free when its connection is gone.
    """

    def __init__(self, server: Server) -> None:
        """Use an open server."""
        self.server = server
        self.path = server.place

    async def find(self, *keys: str) -> Kept | None:
        """The answer kept under the first of these keys that has one; None if none has.

        Raises:
            JournalError: if the database can't be read.
        """
        return await self.server.do(lambda cursor: self._find(cursor, keys))

    def _find(self, cursor: Any, keys: Sequence[str]) -> Kept | None:
        found = cursor.execute(FIND, (list(keys),)).fetchall()
        if not found:
            return None
        key, prompt, article, model, answered_by, answer, usage, parts, used = min(
            found, key=lambda row: keys.index(row[0])
        )
        now = time.time()
        if used < now - UNUSED:
            cursor.execute("UPDATE answers SET used = %s WHERE key = %s", (now, key))
        return Kept(prompt, article, model, answered_by, answer, Usage.model_validate_json(usage), parts)

    async def keep(self, key: str, kept: Kept) -> None:
        """Write an answer, whole or not at all; who was asking for it has done with that.

        Raises:
            JournalError: if it can't be written.
        """
        await self.server.do(lambda cursor: self._keep(cursor, key, kept))

    def _keep(self, cursor: Any, key: str, kept: Kept) -> None:
        now = time.time()
        article = kept.article.encode("utf-8", "replace").decode().replace("\0", "�") if kept.article else kept.article
        usage = kept.usage.model_dump_json()
        row = (key, kept.prompt, article, kept.model, kept.answered_by, kept.answer, kept.parts, usage, now, now)
        cursor.execute(KEEP, row)
        self.server.release(cursor, key)  # not in one statement: the lock would fall free before the answer is there

    async def _begin(self, key: str, keys: Sequence[str]) -> tuple[Kept | None, bool]:
        def find_or_claim(cursor: Any) -> tuple[Kept | None, bool]:
            return found_or_claimed(
                lambda: self._find(cursor, keys),
                lambda: self.server.claim(cursor, key),
                lambda: self.server.release(cursor, key),
            )

        return await self.server.do(find_or_claim)

    async def _end(self, key: str) -> None:
        if self.server.holds(key):
            await self.server.do(lambda cursor: self.server.release(cursor, key))

    def shelves(self) -> list[Shelf]:
        """What is kept, by prompt and model."""
        rows = self.server.now(lambda cursor: cursor.execute(SHELVES).fetchall())
        return [
            Shelf(
                prompt=prompt,
                model=model,
                answers=answers,
                usage=Usage(
                    requests=requests,
                    input_tokens=inside,
                    cached_tokens=cached,
                    output_tokens=outside,
                    cost_usd=cost,
                ),
                oldest=oldest,
                newest=newest,
            )
            for prompt, model, answers, requests, inside, cached, outside, cost, oldest, newest in rows
        ]

    def prune(self, unused_since: float) -> int:
        """Remove the answers not used since then (seconds since 1970); returns how many.

        The database uses the space again; the disk has it back when somebody runs VACUUM FULL.
        """

        def remove(cursor: Any) -> int:
            count = int(cursor.execute("DELETE FROM answers WHERE used < %s", (unused_since,)).rowcount)
            cursor.execute("VACUUM answers")
            return count

        return self.server.now(remove)

    def size(self) -> int:
        """Bytes that it takes in the database."""
        sized = "SELECT pg_total_relation_size('answers'::regclass)"
        row = self.server.now(lambda cursor: cursor.execute(sized).fetchone())
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Let go of the connection, and of what is being asked."""
        self.server.close()


AnyJournal = Journal | ServerJournal
"""Either: what they do is the same."""
