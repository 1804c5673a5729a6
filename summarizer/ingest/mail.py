"""Mail: a letter with an article in it, or a box of letters."""

from __future__ import annotations

import email
import email.policy
import mailbox
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from pathlib import Path

from summarizer.errors import UnreadableArticle
from summarizer.ingest.decode import mend
from summarizer.ingest.drafts import draft
from summarizer.ingest.found import About, Blob, Found
from summarizer.ingest.heads import parse_date, parse_language
from summarizer.ingest.pages import page_draft
from summarizer.text import flatten

ATTACHED = (".pdf", ".docx", ".html", ".htm", ".txt", ".md", ".eml")
"""Attachments that may be articles; others are part of the letter."""


def read_mail(blob: Blob) -> Iterator[Found]:
    """The article that a letter is, and those attached to it.

    Raises:
        UnreadableArticle: if it has neither.
    """
    yield from _letter(blob, blob.read())


def read_mailbox(blob: Blob) -> Iterator[Found]:
    """The articles of a mailbox (mbox); a letter that can't be read costs itself alone."""
    if not blob.head(5).startswith(b"From "):
        raise blob.unreadable("is no mailbox: it does not begin with 'From '", "export it as mbox, or leave it out")
    with tempfile.TemporaryDirectory(prefix="summarizer-") as folder:
        path = blob.data if isinstance(blob.data, Path) else Path(folder) / "box"
        if isinstance(blob.data, bytes):
            path.write_bytes(blob.data)
        box = mailbox.mbox(path, create=False)
        try:
            for number in box.iterkeys():
                inside = Blob(f"{blob.place}#{int(number) + 1}", b"", about=blob.about, depth=blob.depth)
                try:
                    yield from _letter(inside, box.get_bytes(number))
                except UnreadableArticle as error:
                    yield error
        finally:
            box.close()


def _letter(blob: Blob, data: bytes) -> Iterator[Found]:
    """The articles of a letter's bytes."""
    letter = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(letter, EmailMessage) or not (letter.get("From") or letter.get("Subject") or letter.get("Date")):
        raise blob.unreadable("is no mail: it has neither From, Subject nor Date", "leave it out")
    body = letter.get_body(("plain", "html"))
    sender, address = parseaddr(_header(letter, "From") or "")
    about = About(
        title=_header(letter, "Subject"),
        publisher=flatten(sender or address) or None,
        published=parse_date(_header(letter, "Date")),
        language=parse_language(_header(letter, "Content-Language")),
    )
    name = blob.name if blob.suffix == ".eml" else f"{blob.name} {about.title or ''}".strip()
    attached = [
        part for part in letter.iter_attachments() if Path(part.get_filename() or "").suffix.lower() in ATTACHED
    ]
    text = _content(body) if body is not None else ""
    if text.strip() and body is not None:
        if body.get_content_subtype() == "html":
            try:
                yield page_draft(blob, data, text, "utf-8", name=name).told(about)
            except UnreadableArticle as error:
                if not attached:
                    raise
                yield error
        else:
            mended = mend(text)
            yield draft(blob, data, mended, about=about, media_type="message/rfc822", decoded=text, name=name)
    elif not attached:
        raise blob.unreadable("has no text", "leave it out")
    for part in attached:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield blob.inside(str(part.get_filename()), content, media_type=part.get_content_type(), about=about)


def _header(letter: EmailMessage, name: str) -> str | None:
    """A header's value; None if there is none, or it can't be understood."""
    try:
        value = letter.get(name)
    except (ValueError, IndexError, AttributeError, TypeError):  # headers that the standard library can't parse
        return None
    return flatten(str(value)) or None if value else None


def _content(part: MIMEPart) -> str:
    """The text of a part, in whatever encoding it says, or another."""
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return content if isinstance(content, str) else ""
