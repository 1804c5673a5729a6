"""Plain text, with or without front matter; or a list of links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.ingest.decode import decode, mend
from summarizer.ingest.drafts import draft
from summarizer.ingest.found import Blob, Found, Link
from summarizer.ingest.heads import front_matter
from summarizer.version import SIGNATURE

SIGNED = re.compile(
    r"\bsummarizer \d[\w.]*;\s+model\s[^\n].{0,600}?\s" + r"\s+".join(map(re.escape, SIGNATURE.split())), re.S
)
"""How a briefing ends, but for its quotations."""
LINK = re.compile(r"https?://\S+")


def read_text(blob: Blob) -> Iterator[Found]:
    """The article that a text is; of a text that is nothing but URLs, a line each, those.

    Lines of a list of URLs may be empty, or begin with `#`. A briefing that was written among the
    articles is none of them, and passed over.

    Raises:
        UnreadableArticle: if it is no text, or a briefing that was asked for by name.
    """
    data = blob.read()
    decoded, encoding = decode(blob, data)
    lines = [line.strip() for line in decoded[:200_000].splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if lines and all(map(LINK.fullmatch, lines)):
        yield from map(Link, lines)
        return
    if SIGNED.search(decoded):
        blob.pass_over_briefing()
        return
    mended = mend(decoded)
    about, text = front_matter(blob, mended)
    before = decoded if mended != decoded else None  # what was only parted from its front matter is not kept
    yield draft(blob, data, text, about=about, media_type="text/plain", encoding=encoding, decoded=before)
