"""Bytes as text: in which encoding they are, and what a wrong one has done to them before."""

from __future__ import annotations

import codecs
import re

from summarizer.ingest.found import Blob

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a text may begin with to say how it is encoded; the longer marks first."""

DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding=["']([\w.:-]{2,40})""", re.I
)
"""How a page or feed says it is encoded."""

BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that no text has in an encoding that keeps ASCII; an escape sequence may be in a terminal's log."""

GARBLED = re.compile("[\x80-\u058f\u1e00-\u2fff\uf000-\ufffd]{2}|[\x80-\x9fÂÃŒœ]")
"""What a text has that may be garbled, one of them at least: what ftfy looks for costs 40 ms to import."""


def decode(blob: Blob, data: bytes) -> tuple[str, str]:
    """The text of some bytes, and the encoding that it was in.

    A mark at the beginning counts first, then UTF-8 if the bytes are valid as that, but for a
    few, then what the server or the page itself declares, then what charset-normalizer takes them for.

    Raises:
        UnreadableArticle: if they are no text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(blob, data, encoding), encoding.removesuffix("-sig")
    if not BINARY.search(data):
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
        if (damaged := _damaged(data)) is not None:
            return damaged, "utf-8"
    found = DECLARED.search(data[:4096])
    stated = (blob.charset, *(name.decode("ascii") for name in (found.groups() if found else ()) if name))
    for name in filter(None, stated):
        try:
            encoding = codecs.lookup(name).name
            return data.decode("cp1252" if encoding in ("iso8859-1", "ascii") else encoding), encoding
        except (LookupError, UnicodeDecodeError):
            continue
    return _guessed(blob, data)


def _decoded(blob: Blob, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"begins like {encoding.upper()}, but byte {error.start} is none"
        raise blob.unreadable(reason, "save it as UTF-8 text") from error


def _damaged(data: bytes) -> str | None:
    """The text, if it is UTF-8 but for a few bytes, each of which becomes U+FFFD; None if it is not."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - bad
    return text if good and bad <= max(10, good // 3) else None


def _guessed(blob: Blob, data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # 20 ms, and most text is UTF-8

    best = from_bytes(data).best()
    if best is None or (BINARY.search(data) and not best.encoding.startswith("utf")):
        raise blob.unreadable("is no text in any encoding known", "save it as UTF-8 text")
    return str(best), best.encoding.replace("_", "-")


def mend(text: str) -> str:
    r"""`text` with what a wrong encoding garbled put right, and nothing else touched.

    >>> mend("The mayor said: â€œItâ€™s late.â€\x9d")
    'The mayor said: “It’s late.”'
    """
    if not GARBLED.search(text):
        return text
    from ftfy import TextFixerConfig, fix_text
    from ftfy.badness import is_bad

    if not is_bad(text):
        return text
    return fix_text(
        text,
        TextFixerConfig(
            unescape_html=False,
            remove_terminal_escapes=False,
            fix_latin_ligatures=False,
            fix_character_width=False,
            uncurl_quotes=False,
            fix_line_breaks=False,
            fix_surrogates=False,
            remove_control_chars=False,
            normalization=None,
        ),
    )
