"""One start at a time, and what one start leaves for the next: both in a folder of the workspace."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from summarizer.archive.used import TextKey
from summarizer.errors import AlreadyRunning, JournalError
from summarizer.files import write_atomically

KEPT = timedelta(days=60)
"""How long it is remembered when an undated article, which is no longer there, was first seen, and who got a day's
briefing."""


class Holder(BaseModel):
    """Who is at it."""

    pid: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since:%Y-%m-%d %H:%M:%S}"


class Memory(BaseModel):
    """What one start leaves for the next."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: dict[str, date] = {}
    """By an undated article's mark, the day on which it was first seen."""
    owed: dict[date, tuple[str, ...]] = {}
    """By day, the receivers that its briefing is yet to get to."""
    had: dict[date, tuple[str, ...]] = {}
    """By day, the receivers that it was sent to."""

    def with_seen(self, marks: Iterable[str], today: date) -> Self:
        """With undated articles that are there today; those gone for long are forgotten."""
        there = {mark: self.seen.get(mark, today) for mark in marks}
        lately = {mark: day for mark, day in self.seen.items() if day >= today - KEPT}
        return self.model_copy(update={"seen": {**lately, **there}})

    def owing(self, day: date, receivers: Iterable[str]) -> Self:
        """With a day's briefing to be taken to just these receivers."""
        return self.model_copy(update={"owed": _with(self.owed, day, receivers)})

    def done(self, day: date, receiver: str, *, sent: bool) -> Self:
        """With a receiver that a day's briefing got to.

        Args:
            day: whose briefing it was.
            receiver: that has it.
            sent: whether it was sent, and not written, so that it can't be taken back.
        """
        left = (each for each in self.owed.get(day, ()) if each != receiver)
        memory = self.owing(day, left)
        if sent:
            lately = {each: had for each, had in self.had.items() if each >= max(day, *self.had) - KEPT}
            had = dict.fromkeys((*self.had.get(day, ()), receiver))
            memory = memory.model_copy(update={"had": _with(lately, day, had)})
        return memory


def _with(known: Mapping[date, tuple[str, ...]], day: date, receivers: Iterable[str]) -> dict[date, tuple[str, ...]]:
    """With just these receivers of a day, if any."""
    others = {each: of_day for each, of_day in known.items() if each != day}
    return {**others, **({day: listed} if (listed := tuple(receivers)) else {})}


class Once:
    """A desk's folder: its lock, and what it remembers."""

    def __init__(self, workspace: Path, archive: str, topic: str | None) -> None:
        """Name the files; nothing is made yet.

        Desks that write into different archives, or keep different topics, may share a workspace.
        """
        place = archive
        if "://" not in archive:
            path, desk = Path(archive).expanduser().resolve(), workspace.expanduser().resolve().parent
            # A desk that is moved whole, with its archive, remembers what it sent.
            place = path.relative_to(desk).as_posix() if path.is_relative_to(desk) else str(path)
        self.folder = workspace / "daily"
        self._name = hashlib.sha256(f"{place}\0{topic or ''}".encode()).hexdigest()[:12]

    def _file(self, suffix: str) -> Path:
        return self.folder / f"{self._name}.{suffix}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others out for as long as the block lasts; the system lets them in when a process dies.

        Raises:
            AlreadyRunning: at once, if another is in.
            JournalError: if the folder can't be used.
        """
        lock = FileLock(self._file("lock"), thread_local=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock.acquire(blocking=False)
        except Timeout:
            raise AlreadyRunning(self._holder()) from None
        except OSError as error:
            advice = "name another workspace"
            raise JournalError(self.folder, f"no lock can be held there: {error.strerror}", advice) from error
        try:
            holder = Holder(pid=os.getpid(), host=socket.gethostname(), since=datetime.now().replace(microsecond=0))
            self._write("holder.json", holder)
            yield
        finally:
            with suppress(OSError):
                self._file("holder.json").unlink()
            lock.release()

    def _holder(self) -> str:
        """Who is in, as far as is known: it may just have come."""
        try:
            return str(Holder.model_validate_json(self._file("holder.json").read_bytes()))
        except (OSError, ValidationError):
            return "a process that has just begun"

    def memory(self) -> Memory:
        """What was left; nothing, if this is the first start.

        Raises:
            JournalError: if it can't be read.
        """
        path = self._file("memory.json")
        try:
            return Memory.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return Memory()
        except NotADirectoryError as error:
            raise JournalError(self.folder, "lies under a file", "name another workspace") from error
        except (OSError, ValidationError) as error:
            reason = getattr(error, "strerror", None) or "is none of this program's files"
            raise JournalError(path, reason, "move it away; undated articles then count as first seen today") from error

    def remember(self, memory: Memory) -> None:
        """Leave it for the next start.

        Raises:
            JournalError: if it can't be written.
        """
        self._write("memory.json", memory)

    def _write(self, suffix: str, model: BaseModel) -> None:
        path = self._file(suffix)
        try:
            write_atomically(path, model.model_dump_json())
        except OSError as error:
            raise JournalError(path, f"can't be written: {error.strerror}", "free the disk") from error


def mark_of(key: TextKey) -> str:
    """What an undated article is remembered by."""
    return hashlib.sha256("\0".join(part or "" for part in key).encode("utf-8", "surrogatepass")).hexdigest()[:16]
