"""Takes a briefing to its receivers, one by one, and says of each what became of it. Remembers no day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.delivery.channel import send_notice
from summarizer.delivery.kinds import Channel, Delivery, Folder, Mail, Stdout, address_of
from summarizer.delivery.mail import DaysMail
from summarizer.delivery.post import Post
from summarizer.errors import SummarizerError
from summarizer.files import write_atomically, write_stdout
from summarizer.models import Article, Briefing
from summarizer.render import PAGES, check_format, render_bytes

if TYPE_CHECKING:
    from summarizer.archive.found import Ledger


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

    def check(self, receivers: Collection[str] | None = None, *, stdout: bool = True) -> None:
        """See that what these receivers get can be written on this machine, before a briefing is made for them.

        Args:
            receivers: None: all.
            stdout: whether what goes to standard output will be written.

        Raises:
            NotInstalled: if a library for it isn't there.
            InputError: if standard output is a terminal, and it is nothing for one.
        """
        for delivery, _ in self._due(receivers):
            for form in delivery.forms:
                check_format(form, to_stdout=stdout and isinstance(delivery, Stdout))

    def takes_pages(self, receivers: Collection[str]) -> bool:
        """Whether one of these receivers gets a page, which has more than the briefing."""
        return any(form in PAGES for delivery, _ in self._due(receivers) for form in delivery.forms)

    def _due(self, receivers: Collection[str] | None) -> Iterator[tuple[Delivery, list[str]]]:
        """The ways to these receivers, and which of them each leads to."""
        for delivery in self._deliveries:
            mine = [receiver for receiver in delivery.receivers if receivers is None or receiver in receivers]
            if mine:
                yield delivery, mine

    def deliver(
        self,
        briefing: Briefing,
        receivers: Collection[str],
        articles: Sequence[Article] = (),
        ledger: Ledger | None = None,
    ) -> Iterator[Outcome]:
        """Take a briefing to these receivers; what becomes of it is said of each before the next is begun.

        A failure is an outcome, and no exception.

        Args:
            briefing: any.
            receivers: of those that the desk names.
            articles: whose texts a page has.
            ledger: what a page draws of the days before.
        """
        for delivery, mine in self._due(receivers):
            if isinstance(delivery, Mail):
                yield from self._mail(delivery, briefing, mine, articles, ledger)
                continue
            path = self._file(delivery, briefing) if isinstance(delivery, Folder) else None
            reason = None
            try:
                if isinstance(delivery, Channel):
                    send_notice(delivery, briefing, self._folder)
                elif isinstance(delivery, Folder) and path is not None:
                    form, picture = delivery.format, delivery.picture
                    content = render_bytes(briefing, form, articles, ledger=ledger, picture=picture)
                    write_atomically(path.resolve(), content)
                else:
                    write_stdout(render_bytes(briefing, delivery.format, articles, ledger=ledger))
            except (OSError, ValueError, SummarizerError) as error:
                reason = getattr(error, "strerror", None) or str(error)
            yield Outcome(mine[0], reason, path)

    def _file(self, folder: Folder, briefing: Briefing) -> Path:
        return self._folder / Path(folder.path.format(date=briefing.date)).expanduser()

    def _mail(
        self,
        mail: Mail,
        briefing: Briefing,
        receivers: Sequence[str],
        articles: Sequence[Article],
        ledger: Ledger | None,
    ) -> Iterator[Outcome]:
        """A mail each."""
        post = self._posts.setdefault(mail.receivers, Post(mail, self._folder))
        boxes = dict(zip(mail.receivers, mail.recipients, strict=True))
        try:
            written = DaysMail.of(mail, briefing, articles, ledger)
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
