"""Drafts of articles, made alike by all readers."""

from __future__ import annotations

import hashlib

from summarizer.ingest.found import About, Blob, Draft
from summarizer.models import Original


def draft(
    blob: Blob,
    data: bytes,
    text: str,
    *,
    about: About,
    media_type: str,
    encoding: str | None = None,
    decoded: str | None = None,
    name: str | None = None,
    cut: bool = False,
) -> Draft:
    """The draft of an article that `data` was read as.

    Args:
        blob: where it was found; what is said there counts where the document itself says nothing.
        data: its bytes.
        text: its text, mended.
        about: what the document says of itself.
        media_type: what it was read as.
        encoding: of its bytes; None: they are no text.
        decoded: its text before it was mended; None: nothing was.
        name: of the article; None: that of the file.
        cut: whether the text is known to break off.
    """
    original = Original(
        place=blob.place,
        media_type=media_type,
        encoding=encoding,
        sha256=hashlib.sha256(data).hexdigest(),
        text=decoded if decoded != text else None,
    )
    return Draft(name or blob.name, text, original, about.over(blob.about), cut)
