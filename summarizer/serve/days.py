"""Days as pages: made once, and kept as long as the archive has the same briefing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from typing import Generic, TypeVar

from summarizer.archive import Archive, Listed
from summarizer.errors import NotArchived
from summarizer.models import Briefing

MOST = 64 * 2**20
"""Bytes that made pages take in memory: some hundred days of 200 items."""

K = TypeVar("K", bound=Hashable)


def _size(text: str) -> int:
    """Bytes that it takes in memory, but for some dozens."""
    return len(text) * (1 if text.isascii() else 2 if max(text) < "\U00010000" else 4)


class Kept(Generic[K]):
    """Texts that take long to make, the last used of them; each is made once however many ask at the same time."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[K, str] = OrderedDict()
        self._making: dict[K, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[], str]) -> str:
        """What is kept by a key, else what is made for it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            try:
                made = make()
                self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _keep(self, key: K, made: str) -> None:
        """Keep it, and let go of those that were not used for longest."""
        with self._lock:
            self.size += _size(made) - _size(self._kept.get(key, ""))
            self._kept[key] = made
            while self.size > self.most:
                self.size -= _size(self._kept.popitem(last=False)[1])


class Days:
    """The briefings of an archive, as they are asked for by day and topic."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.kept: Kept[tuple[str, ...]] = Kept()

    def find(self, day: date, topic: str | None) -> Listed:
        """Which briefing is meant: that of the topic; without one that on all topics, or the day's only one.

        Raises:
            NotArchived: if there is none, or several that could be meant.
        """
        there = self.archive.list(day, day)
        found = [each for each in there if each.topic == topic] or (list(there) if topic is None else [])
        if len(found) == 1:
            return found[0]
        if not there:
            raise NotArchived(None, day.isoformat(), "")
        on = f"{day} on {topic!r}" if topic else f"{day} on all topics"
        raise NotArchived(None, on, "")

    def text(self, how: str, day: date, topic: str | None, make: Callable[[Briefing], str]) -> str:
        """What is made of a briefing, kept by how it is made and by what the archive has.

        Raises:
            NotArchived: if there is none.
        """
        mark = self.archive.mark(day, topic)
        return self.kept.get((how, day.isoformat(), topic or "", mark), lambda: make(self.archive.briefing(day, topic)))
