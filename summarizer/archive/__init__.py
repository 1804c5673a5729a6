"""The archive: every briefing whole, one id over all days for what is in it, and answers about the past."""

from __future__ import annotations

from summarizer.archive.archive import Archive, Entered
from summarizer.archive.base import Readers
from summarizer.archive.found import ActorRecord, Cast, Changes, Diff, Hits, Ledger, Listed, Mention, Thread

__all__ = [
    "ActorRecord",
    "Archive",
    "Cast",
    "Changes",
    "Diff",
    "Entered",
    "Hits",
    "Ledger",
    "Listed",
    "Mention",
    "Readers",
    "Thread",
]
