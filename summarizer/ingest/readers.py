"""Which reader reads what: by what a file begins with, then its name, then what a server calls it."""

from __future__ import annotations

import re

from summarizer.ingest.containers import read_gzip, read_warc, read_zip
from summarizer.ingest.feeds import is_feed, read_feed, read_opml
from summarizer.ingest.found import Blob, Reader
from summarizer.ingest.mail import read_mail, read_mailbox
from summarizer.ingest.pages import read_page
from summarizer.ingest.papers import DOCX, read_docx, read_pdf
from summarizer.ingest.plain import read_text
from summarizer.ingest.records import read_csv, read_json, read_lines

BY_SUFFIX: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".json": read_json,
    ".jsonl": read_lines,
    ".ndjson": read_lines,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".eml": read_mail,
    ".mbox": read_mailbox,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".warc": read_warc,
    ".zip": read_zip,
    ".gz": read_gzip,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
    ".opml": read_opml,
}

BY_MEDIA_TYPE: dict[str, Reader] = {
    "text/html": read_page,
    "application/xhtml+xml": read_page,
    "application/pdf": read_pdf,
    DOCX: read_docx,
    "application/json": read_json,
    "application/feed+json": read_json,
    "application/x-ndjson": read_lines,
    "application/rss+xml": read_feed,
    "application/atom+xml": read_feed,
    "application/rdf+xml": read_feed,
    "text/csv": read_csv,
    "message/rfc822": read_mail,
    "text/x-opml": read_opml,
    "application/zip": read_zip,
    "application/warc": read_warc,
}

BEGINNINGS: tuple[tuple[bytes, Reader], ...] = ((b"%PDF-", read_pdf), (b"\x1f\x8b", read_gzip), (b"WARC/1.", read_warc))
"""What only files of one kind begin with, whatever they are called."""

OTHERS = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture, sound or film (RIFF)"),
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint document"),
    (b"{\\rtf", "an RTF document"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"ID3", "a sound (MP3)"),
)
"""What other files begin with, to say what they are."""

MARKUP = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html[\s>])", re.I | re.S)


def reader_for(blob: Blob) -> Reader:
    """The reader of a blob.

    Raises:
        UnreadableArticle: if it can't be opened, or is known to be of a kind that is not read.
    """
    head = blob.head()
    for start, what in OTHERS:
        if head.startswith(start):
            raise blob.unreadable(f"is {what}", "save its text as a text file, or leave it out")
    if head.startswith(b"PK\x03\x04"):
        return read_docx if blob.suffix == ".docx" or blob.media_type == DOCX else read_zip
    if blob.name.lower().endswith(".warc.gz") and head.startswith(b"\x1f\x8b"):
        return read_warc
    for start, reader in BEGINNINGS:
        if head.startswith(start) or (start == b"%PDF-" and start in head[:1024] and blob.suffix == ".pdf"):
            return reader
    return _by_name(blob, head.decode("utf-8", "replace").lstrip("\ufeff"))


def _by_name(blob: Blob, start: str) -> Reader:
    """By name or media type; of text, and of what has neither, by how it begins."""
    named = BY_SUFFIX.get(blob.suffix)
    if blob.media_type and not (named and blob.media_type in ("text/plain", "application/octet-stream")):
        named = BY_MEDIA_TYPE.get(blob.media_type, named if blob.media_type.endswith("xml") else None)
    if named in (None, read_text, read_feed):
        if MARKUP.match(start):
            return read_page
        if re.search(r"<opml[\s>]", start):
            return read_opml
        if start.lstrip().startswith("<") and is_feed(start):
            return read_feed
    if named is None and start.lstrip().startswith(("{", "[{")):
        return read_lines if "}\n{" in start else read_json
    return named or read_text


def is_read(name: str) -> bool:
    """Whether files so named are read where they stand in a folder."""
    suffix = "." + name.lower().rsplit(".", 1)[-1] if "." in name else ""
    return suffix in BY_SUFFIX and not name.lower().endswith(".meta.json")
