"""Papers: PDF and Word documents."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from summarizer.errors import UnreadableArticle
from summarizer.ingest.drafts import draft
from summarizer.ingest.found import About, Blob, Found
from summarizer.text import flatten

SAVE = "save its text as a text file"
PAGES = 500
"""Pages of a PDF; it reads a dozen a second, and a news desk's papers are shorter."""
WIDEST = 200
"""Largest ratio at which a document in a ZIP file may be compressed; text comes to 10."""

UNPACKED = 50_000_000
"""Bytes that a stream of a PDF may unpack to; a page's text comes to some 10,000."""
ALTOGETHER = 500_000_000
"""Bytes that all of them may unpack to."""
DEEPEST = 3
"""Times that a stream is looked into which was packed more than once."""
STREAM = re.compile(rb">>\s{0,9}stream\r?\n")

PROGRAM = re.compile(r"^(microsoft (word|powerpoint) - |untitled|document\d*$)|\.(docx?|indd|qxd|pdf|odt)$", re.I)
"""Titles that a program gave, not a person."""


def read_pdf(blob: Blob) -> Iterator[Found]:
    """The text of a PDF, a paragraph a line, columns one after the other.

    When the file was made says nothing of when its text was published, and is not used.

    Raises:
        UnreadableArticle: if it is broken, locked, too long, or has no text (a scan).
    """
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTTextContainer
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect, PDFTextExtractionNotAllowed
    from pdfminer.pdfparser import PDFParser

    data = blob.read()
    if _inflates(data):
        raise blob.unreadable(f"has a part that unpacks to more than {UNPACKED:,} bytes", SAVE)
    try:
        info = PDFDocument(PDFParser(io.BytesIO(data))).info
        pages = extract_pages(io.BytesIO(data), laparams=LAParams(), maxpages=PAGES + 1)
        paragraphs = []
        for number, page in enumerate(pages):
            if number == PAGES:
                raise blob.unreadable(f"has more than {PAGES} pages", "cut it into several files")
            paragraphs += [_joined(box.get_text()) for box in page if isinstance(box, LTTextContainer)]
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
        raise blob.unreadable("is locked by a password", f"unlock it, or {SAVE}") from error
    except UnreadableArticle:
        raise
    except Exception as error:
        # pdfminer raises whatever the broken part of a file makes Python raise: no list of types is complete.
        raise blob.unreadable(f"is a broken PDF ({flatten(str(error))[:100] or type(error).__name__})", SAVE) from error
    text = "\n".join(filter(None, paragraphs))
    if not text.strip():
        raise blob.unreadable("has no text in it, only pictures", "recognise its text with a program for that first")
    told = {key: _stated(value) for entry in info for key, value in entry.items() if key in ("Title", "Author")}
    title = told.get("Title")
    about = About(title=None if title and PROGRAM.search(title) else title, author=told.get("Author"))
    yield draft(blob, data, text, about=about, media_type="application/pdf")


def _inflates(data: bytes) -> bool:
    """Whether a PDF's streams, pictures apart, unpack to more than text ever is: pdfminer unpacks them whole."""
    view, left = memoryview(data), ALTOGETHER
    for match in STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        if end < 0:
            break
        about = data[max(0, match.start() - 1000) : match.start()].rpartition(b" obj")[2]
        if b"/Image" in about:
            continue
        packed: bytes | memoryview = view[match.end() : end]
        for _ in range(DEEPEST):
            try:
                packed = zlib.decompressobj().decompress(packed, UNPACKED + 1)
            except zlib.error:
                break
            left -= len(packed)
            if len(packed) > UNPACKED or left < 0:
                return True
    return False


def _joined(box: str) -> str:
    """A paragraph's lines as one, words that were parted at their ends made whole."""
    lines = re.sub(r"(?<=[^\W\d_])[-\u00ad]\n(?=[^\W\d_])", _rejoined, box.strip())
    return flatten(lines.replace("\x0c", ""))


def _rejoined(hyphen: re.Match[str]) -> str:
    """A hyphen at a line's end: none if the word goes on in small letters."""
    following = hyphen.string[hyphen.end() : hyphen.end() + 1]
    return "" if following.islower() else "-"


def _stated(value: object) -> str | None:
    """A PDF's own word for itself."""
    from pdfminer.utils import decode_text

    return flatten(decode_text(value)) or None if isinstance(value, bytes) else None


def read_docx(blob: Blob) -> Iterator[Found]:
    """The text of a Word document: paragraphs and tables in their order.

    Raises:
        UnreadableArticle: if it is broken, or has no text.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from lxml.etree import LxmlError

    data = blob.read()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > max(WIDEST * len(data), 1_000_000):
                raise blob.unreadable("unpacks to hundreds of times its size", "leave it out")
        document = docx.Document(io.BytesIO(data))
        lines = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [" · ".join(cell.text for cell in row.cells) for row in block.rows]
            else:
                lines.append(block.text)
        properties = document.core_properties
        about = About(title=flatten(properties.title) or None, author=flatten(properties.author) or None)
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        KeyError,
        ValueError,
        LxmlError,
        AttributeError,
        OSError,
    ) as error:
        raise blob.unreadable(f"is a broken Word document ({flatten(str(error))[:100]})", SAVE) from error
    yield draft(blob, data, "\n".join(line for line in map(flatten, lines) if line), about=about, media_type=DOCX)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
