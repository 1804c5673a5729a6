"""The archive: every briefing whole, one id over all days for what is in it, and answers about the past."""

from __future__ import annotations

from summarizer.archive.archive import Archive, Entered, Listed

__all__ = ["Archive", "Entered", "Listed"]
