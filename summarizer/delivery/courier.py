"""Takes a briefing to its receivers, one by one, and says of each what became of it. Remembers no day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from summarizer.delivery.channel import send_notice
from summarizer.delivery.kinds import Channel, Folder, Mail, Stdout, address_of
from summarizer.delivery.mail import DaysMail
from summarizer.delivery.post import Post
from summarizer.errors import SummarizerError
from summarizer.files import write_atomically, write_stdout
from summarizer.models import Briefing
from summarizer.render import render_as


@dataclass(frozen=True)
class Outcome:
    """What became of a briefing at one receiver."""

    receiver: str
    """As its table names it."""
    reason: str | None = None
    """Why it did not get there; None: it did."""
    path: Path | None = None
    """The file that was written or could not be; None: it is none."""


class Courier:
    """Takes briefings where a desk wants them; a server that failed once is not waited for again."""

    def __init__(self, deliveries: Sequence[Folder | Stdout | Mail | Channel], folder: Path) -> None:
        """Name the ways; paths are relative to the folder."""
        self._deliveries, self._folder = deliveries, folder
        self._posts: dict[tuple[str, ...], Post] = {}

    def deliver(self, briefing: Briefing, receivers: Collection[str]) -> Iterator[Outcome]:
        """Take a briefing to these receivers; what becomes of it is said of each before the next is begun.

        A failure is an outcome, and no exception.
        """
        for delivery in self._deliveries:
            mine = [receiver for receiver in delivery.receivers if receiver in receivers]
            if not mine:
                continue
            if isinstance(delivery, Mail):
                yield from self._mail(delivery, briefing, mine)
                continue
            path = self._file(delivery, briefing) if isinstance(delivery, Folder) else None
            reason = None
            try:
                if isinstance(delivery, Channel):
                    send_notice(delivery, briefing, self._folder)
                elif isinstance(delivery, Folder) and path is not None:
                    text = render_as(briefing, delivery.format, picture=delivery.picture)
                    write_atomically(path.resolve(), text, newline="")
                else:
                    write_stdout(render_as(briefing, delivery.format), newline="")
            except (OSError, ValueError, SummarizerError) as error:
                reason = getattr(error, "strerror", None) or str(error)
            yield Outcome(mine[0], reason, path)

    def _file(self, folder: Folder, briefing: Briefing) -> Path:
        return self._folder / Path(folder.path.format(date=briefing.date)).expanduser()

    def _mail(self, mail: Mail, briefing: Briefing, receivers: Sequence[str]) -> Iterator[Outcome]:
        """A mail each."""
        post = self._posts.setdefault(mail.receivers, Post(mail, self._folder))
        boxes = dict(zip(mail.receivers, mail.recipients, strict=True))
        try:
            written = DaysMail.of(mail, briefing)
        except (ValueError, SummarizerError) as error:  # an attachment can't be made
            yield from (Outcome(receiver, str(error)) for receiver in receivers)
            return
        try:
            for receiver in receivers:
                reason = None
                try:
                    box = boxes[receiver]
                    post.send(address_of(box).addr_spec, written.to(box, datetime.now().astimezone()))
                except SummarizerError as error:
                    reason = str(error)
                yield Outcome(receiver, reason)
        finally:
            post.close()
