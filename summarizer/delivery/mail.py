"""A briefing as a mail message: headers, a text and an HTML part, attachments. Sends nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from summarizer.delivery.kinds import Mail, address_of
from summarizer.export import FORMATS
from summarizer.models import Article, Briefing
from summarizer.render import render_bytes
from summarizer.render.letter import Letter, write_letter
from summarizer.text import clipped, flatten, fold

if TYPE_CHECKING:
    from summarizer.archive.found import Ledger

POLICY = SMTP.clone(cte_type="7bit")
"""Bodies are packed so that any server passes them on unchanged."""
LONGEST_SUBJECT = 200
"""Characters."""

ENDINGS = {
    "md": (".md", "text/markdown"),
    "html": (".html", "text/html"),
    "pdf": (".pdf", "application/pdf"),
    "json": (".json", "application/json"),
    "text": (".txt", "text/plain"),
    "svg": (".svg", "image/svg+xml"),
    **{form.name: (form.suffix, form.media_type) for form in FORMATS.values()},
}
"""By format, how an attachment's name ends and what it is."""


@dataclass(frozen=True)
class DaysMail:
    """What all recipients of a day's mail get."""

    mail: Mail
    briefing: Briefing
    letter: Letter
    attachments: Mapping[str, tuple[str, bytes]]
    """By name: media type and content."""
    edition: str
    """The same as long as the briefing says the same."""

    @classmethod
    def of(
        cls, mail: Mail, briefing: Briefing, articles: Sequence[Article] = (), ledger: Ledger | None = None
    ) -> DaysMail:
        """Write it; articles and ledger are what a page that is attached has besides."""
        attachments = {}
        for form in dict.fromkeys(mail.attach):
            suffix, media_type = ENDINGS[form]
            content = render_bytes(briefing, form, articles, ledger=ledger)
            attachments[f"briefing-{briefing.date}{suffix}"] = (media_type, content)
        link = mail.link.format(date=briefing.date) if mail.link else None
        said = briefing.model_dump_json(exclude={"provenance", "problems"})
        edition = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(mail, briefing, write_letter(briefing, link=link, attached=tuple(attachments)), attachments, edition)

    def to(self, recipient: str, now: datetime) -> bytes:
        """The message for one of the recipients, ready to be sent.

        Its Message-ID follows from day, recipient and what the briefing says: sent twice, it is one mail twice.
        """
        sender, receiver = address_of(self.mail.sender), address_of(recipient)
        message = EmailMessage(policy=POLICY)
        message["From"] = sender
        message["To"] = receiver
        message["Date"] = now
        message["Message-ID"] = f"<{self._mark(receiver)}@{sender.domain}>"
        message["List-Id"] = self._list_id(sender)
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"  # what Exchange goes by
        if re.fullmatch(r"[A-Za-z0-9-]+", self.briefing.language):
            message["Content-Language"] = self.briefing.language
        message.set_content(self.letter.text)
        message.add_alternative(self.letter.html, subtype="html")
        for name, (media_type, content) in self.attachments.items():
            kind, subtype = media_type.split("/")
            message.add_attachment(content, kind, subtype, filename=name)
            if kind == "text":
                part = list(message.iter_attachments())[-1]
                part.set_param("charset", "utf-8")
        return f"Subject: {_folded(self.subject())}\r\n".encode("ascii") + message.as_bytes()

    def subject(self) -> str:
        """On one line, and no longer than mail programs show."""
        b = self.briefing
        told = {"headline": self.letter.headline, "date": b.date, "topic": flatten(b.topic or "")}
        return clipped(flatten(self.mail.subject.format(**told)), LONGEST_SUBJECT) or f"Briefing of {b.date}"

    def _mark(self, receiver: Address) -> str:
        told = "\0".join((self.briefing.topic or "", receiver.addr_spec.lower(), self.edition))
        return f"briefing.{self.briefing.date:%Y%m%d}.{hashlib.sha256(told.encode()).hexdigest()[:24]}"

    def _list_id(self, sender: Address) -> str:
        """What mail programs sort by: one a topic."""
        words = re.sub(r"[^a-z0-9]+", "-", fold(self.briefing.topic or "")).strip("-")[:40].strip("-")
        return f"<{f'{words}.' if words else ''}briefing.{sender.domain}>"


def _folded(subject: str) -> str:
    """A subject as it crosses the wire: in lines of 76 characters, in which nothing but ASCII stands.

    The standard library's new interface loses blanks where it folds what is not ASCII, and takes a text that looks
    encoded for one that is; its old one does neither.
    """
    plain = subject.isascii() and "=?" not in subject and max(map(len, subject.split())) < 60
    header = Header(subject, "us-ascii" if plain else "utf-8", maxlinelen=76, header_name="Subject")
    return header.encode(linesep="\r\n")
