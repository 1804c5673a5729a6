"""Containers: files that hold files, packed or archived."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

from summarizer.ingest.found import LARGEST, About, Blob, Found

MEMBERS = 20_000
"""Files of one container that are read."""
UNPACKED = 2_000_000_000
"""Bytes that one container may unpack to."""
NESTED = 3
"""Containers in containers; more is nobody's honest archive."""


def read_zip(blob: Blob) -> Iterator[Found]:
    """The files of a ZIP file, in order of name; hidden ones, and what a Mac adds, are left out.

    Raises:
        UnreadableArticle: if it is broken, too large unpacked, or too deep in others.
    """
    _see_depth(blob)
    try:
        with blob.open() as file, zipfile.ZipFile(file) as packed:
            members = sorted((each for each in packed.infolist() if _wanted(each)), key=lambda each: each.filename)
            if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED:
                raise blob.unreadable(
                    f"unpacks to more than {MEMBERS:,} files or {UNPACKED:,} bytes",
                    "unpack it, and hand in what matters",
                )
            for member in members:
                yield from _member(blob, packed, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise blob.unreadable(f"is a broken ZIP file ({error})", "pack it anew, or leave it out") from error


def _wanted(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.replace("\\", "/").split("/")
    return not member.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _member(blob: Blob, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Found]:
    """One file of a ZIP file; read no further than a document may be long, whatever its header says."""
    inside = blob.inside(member.filename, b"", about=blob.about, loose=True)
    if member.flag_bits & 1:
        yield inside.unreadable("is locked by a password", "unpack it first")
        return
    try:
        with packed.open(member) as opened:
            data = opened.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        yield inside.unreadable(f"can't be unpacked ({error})", "pack it anew")
        return
    if len(data) > LARGEST:
        yield inside.unreadable(f"unpacks to more than {LARGEST:,} bytes", "leave it out")
    else:
        yield replace(inside, data=data)


def read_gzip(blob: Blob) -> Iterator[Found]:
    """The file that a gzip file holds.

    Raises:
        UnreadableArticle: if it is broken, or too large unpacked.
    """
    _see_depth(blob)
    try:
        with blob.open() as file, gzip.open(file) as packed:
            data = packed.read(UNPACKED // 4 + 1)
    except (gzip.BadGzipFile, zlib.error, EOFError, OSError) as error:
        raise blob.unreadable(f"is a broken gzip file ({error})", "pack it anew, or leave it out") from error
    if len(data) > UNPACKED // 4:
        raise blob.unreadable(f"unpacks to more than {UNPACKED // 4:,} bytes", "unpack it, and hand in what matters")
    name = blob.name.removesuffix(".gz")
    yield Blob(
        f"{blob.place}!{name}" if name != blob.name else blob.place, data, about=blob.about, depth=blob.depth + 1
    )


def read_warc(blob: Blob) -> Iterator[Found]:
    """The pages of a web archive, packed or not: every answer of status 200 that is a page or a document.

    When a page was archived says nothing of when it was published, and is not used.

    Raises:
        UnreadableArticle: if it is none.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    _see_depth(blob)
    found = False
    with blob.open() as file:
        try:
            kinds = WarcRecordType.response | WarcRecordType.resource
            for record in ArchiveIterator(file, record_types=kinds, parse_http=True, auto_decode="all"):
                headers = record.http_headers
                if headers is not None and headers.status_code != 200:
                    continue
                stated = record.http_content_type or record.headers.get("Content-Type") or ""
                media_type = stated.split(";")[0].strip().lower()
                if media_type not in MEDIA:
                    continue
                found = True
                url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
                data = record.reader.read(LARGEST + 1)
                page = blob.inside(url or "record", data, media_type=media_type, about=About(url=url or None))
                if len(data) > LARGEST:
                    yield page.unreadable(f"is larger than {LARGEST:,} bytes", "leave it out")
                else:
                    yield replace(page, charset=record.http_charset)
        except (OSError, ValueError, EOFError, AttributeError) as error:
            raise blob.unreadable(f"is a broken web archive ({error})", "archive the pages anew") from error
    if not found:
        raise blob.unreadable("is no web archive, or has no page in it", "leave it out")


MEDIA = {"text/html", "application/xhtml+xml", "text/plain", "application/pdf", "application/json"}
"""Media types of a web archive's records that may be articles."""


def _see_depth(blob: Blob) -> None:
    if blob.depth >= NESTED:
        raise blob.unreadable(f"is packed in {NESTED} containers", "unpack it first")
