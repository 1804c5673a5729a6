"""Every kind of file: what is understood of it, and what is said of broken and empty ones."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from summarizer import load
from summarizer.errors import NoArticles
from summarizer.ingest.heads import parse_date
from summarizer.models import Hazard
from tests.layouts import make_pages

DAY = datetime.date(2031, 5, 12)
STORY = (
    "The harbour of Port Ambry was closed on Monday after the lock gate failed in the night, the harbour office said. "
    "Norland’s envoy Anna Varga demanded that Sudland send its engineers at once, and offered to pay for the crane. "
    "“We can’t wait for another flood,” she told reporters on the quay, where forty barges lay in the rain."
)
AD = "Advertisement: buy your umbrellas at Tolliver’s, where it never rains but it pours."


def page(story: str = STORY, head: str = "", body: str = "") -> str:
    return f"""<!doctype html><html lang="en-GB"><head><title>Lock fails</title>
    <meta property="og:title" content="Lock fails at Port Ambry"><meta name="author" content="Ida Quill">
    <meta property="og:site_name" content="The Gauge"><link rel="canonical" href="https://gauge.example/lock">
    <meta property="article:published_time" content="2031-05-12T08:30:00+02:00">{head}</head>
    <body><nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
    <article><h1>Lock fails at Port Ambry</h1><p>{story.replace(". ", ".</p><p>")}</p></article>{body}
    <footer>About us · Terms · Privacy</footer></body></html>"""


RECORD = {"headline": "Lock fails", "source": {"id": None, "name": "The Gauge"}, "link": "https://gauge.example/lock",
          "publishedAt": "2031-05-12T08:30:00Z", "lang": "en", "content": STORY}  # fmt: skip


def pdf(*lines: str, encrypt: bool = False) -> bytes:
    """A PDF of one page, written by hand; `encrypt` names a lock that nobody has the key to."""
    text = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 11 Tf 72 720 Td {text}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (Lock fails) /Author (Ida Quill) >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32),
    ]
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    lock = b" /Encrypt 7 0 R /ID [(a) (a)]" if encrypt else b""
    out.write(
        b"trailer << /Size %d /Root 1 0 R /Info 6 0 R%s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, lock, table)
    )
    return out.getvalue()


def word() -> bytes:
    document = docx.Document()
    for sentence in STORY.split(". "):
        document.add_paragraph(sentence.rstrip(".") + ".")
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "Barges", "40"
    document.core_properties.title, document.core_properties.author = "Lock fails", "Ida Quill"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def letter(*, html: bool = False, attached: bool = False) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = (
        "The Gauge <desk@gauge.example>",
        "Lock fails",
        "Mon, 12 May 2031 08:30:00 +0200",
    )
    if html:
        mail.set_content(page(), subtype="html")
    else:
        mail.set_content(STORY)
    if attached:
        mail.add_attachment(
            pdf("The gate had been", "mended twice."), maintype="application", subtype="pdf", filename="r.pdf"
        )
        mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    return mail.as_bytes()


def mbox(*letters: bytes) -> bytes:
    return b"".join(
        b"From MAILER Mon May 12 08:30:00 2031\n" + one.replace(b"\nFrom ", b"\n>From ") + b"\n\n" for one in letters
    )


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("__", "."), data)
    return out.getvalue()


def warc(*pages: tuple[str, int, str, bytes]) -> bytes:
    records: list[bytes] = []
    for url, status, media_type, body in pages:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        records.append(
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{len(records)}>\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2032-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(head) + len(body)}\r\n\r\n".encode() + head + body + b"\r\n\r\n"
        )  # fmt: skip
    return b"".join(records)


ARCHIVE = warc(
    ("https://gauge.example/lock", 200, "text/html; charset=utf-8", page().encode()),
    ("https://gauge.example/gone", 404, "text/html", page().encode()),
    ("https://gauge.example/logo.png", 200, "image/png", b"\x89PNG"),
)

FEED = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Gauge</title><link>https://gauge.example/</link><language>en-gb</language>
<item><title>Lock fails</title><link>https://gauge.example/lock</link><pubDate>Mon, 12 May 2031 08:30:00 GMT</pubDate>
<content:encoded><![CDATA[<p>{"</p><p>".join([STORY] * 3)}</p>]]></content:encoded></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Gauge</title><id>urn:g</id>
<entry><title>Lock fails</title><id>urn:1</id><updated>2031-05-12T08:30:00Z</updated><link href="https://gauge.example/lock"/>
<content type="html">&lt;p&gt;{"&lt;/p&gt;&lt;p&gt;".join([STORY] * 3)}&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "The Gauge", "language": "en",
             "items": [{"id": "1", "url": "https://gauge.example/lock", "title": "Lock fails",
                        "date_published": "2031-05-12T08:30:00Z", "content_html": page()}]}  # fmt: skip


def put(folder: Path, name: str, content: bytes | str | object) -> Path:
    path = folder / name
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


HEAD = "---\ntitle: Lock fails\npublisher: The Gauge\npublished: 2031-05-12\n---\n"


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        pytest.param("a.txt", HEAD + STORY, "title publisher published", id="txt"),
        pytest.param("a.md", HEAD + STORY, "title publisher published", id="md"),
        pytest.param("a.html", page(), "title publisher published url author language", id="html"),
        pytest.param("a.txt", page(), "title publisher published url author language", id="html called txt"),
        pytest.param("a.json", RECORD, "title publisher published url language", id="json, one"),
        pytest.param("a.json", [RECORD], "title publisher published url language", id="json, a list"),
        pytest.param(
            "a.json", {"status": "ok", "articles": [RECORD]}, "title publisher published url", id="json, news API"
        ),
        pytest.param(
            "a.json", {"hits": {"hits": [{"_source": RECORD}]}}, "title publisher published", id="json, a search"
        ),
        pytest.param("a.json", JSON_FEED, "title publisher published url language", id="json feed"),
        pytest.param("a.jsonl", json.dumps(RECORD) + "\n", "title publisher published url language", id="jsonl"),
        pytest.param("a.json", json.dumps({"html": page()}), "title publisher published url", id="json with a page"),
        pytest.param(
            "a.csv",
            f'Title,Source,Date,Text\nLock fails,The Gauge,2031-05-12,"{STORY}"\n',
            "title publisher published",
            id="csv",
        ),
        pytest.param(
            "a.csv", f'title;date;body\nLock fails;12 May 2031;"{STORY}"\n', "title published", id="csv, semicolons"
        ),
        pytest.param("a.tsv", f"title\tdate\tbody\nLock fails\t2031-05-12\t{STORY}\n", "title published", id="tsv"),
        pytest.param("a.eml", letter(), "title publisher published", id="eml"),
        pytest.param("a.eml", letter(html=True), "title publisher published", id="eml, html"),
        pytest.param("a.mbox", mbox(letter()), "title publisher published", id="mbox"),
        pytest.param("a.docx", word(), "title author", id="docx"),
        pytest.param("a.warc", ARCHIVE, "title publisher published url", id="warc"),
        pytest.param("a.warc.gz", gzip.compress(ARCHIVE), "title publisher published url", id="warc.gz"),
        pytest.param("a.zip", zipped(b__html=page().encode(), c__png=b"x"), "title publisher published url", id="zip"),
        pytest.param(
            "a.zip", zipped(b__zip=zipped(c__jsonl=json.dumps(RECORD).encode())), "title publisher", id="zip in zip"
        ),
        pytest.param(
            "a.jsonl.gz", gzip.compress(json.dumps(RECORD).encode()), "title publisher published", id="jsonl.gz"
        ),
        pytest.param("a.rss", FEED, "title publisher published url", id="rss"),
        pytest.param("a.xml", FEED, "title publisher published url", id="rss called xml"),
        pytest.param("a.atom", ATOM, "title publisher published url", id="atom"),
    ],
)
def test_what_is_understood(tmp_path: Path, name: str, content: bytes | str | object, known: str) -> None:
    """The story is in the text, what stands around it is not, and what is known of it is in its fields."""
    (article,) = load(put(tmp_path, name, content)).articles
    read = " ".join(article.text.split())
    assert all(sentence in read for sentence in STORY.split(". "))
    assert not any(words in read for words in ("Home", "Privacy", "<p>"))
    expected = {
        "title": ("Lock fails", "Lock fails at Port Ambry"),
        "author": ("Ida Quill",),
        "publisher": ("The Gauge",),
        "published": (DAY,),
        "url": ("https://gauge.example/lock",),
        "language": ("en", "en-GB", "en-gb"),
    }
    assert {field: getattr(article, field) in expected[field] for field in known.split()} == dict.fromkeys(
        known.split(), True
    )
    assert article.original is not None
    assert article.original.place.startswith(str(tmp_path / name))


def test_pdf_lines_become_paragraphs(tmp_path: Path) -> None:
    """A PDF's lines are joined, words parted at their ends are whole again, and a printing date is no date."""
    (article,) = load(
        put(tmp_path, "a.pdf", pdf("The harbour office said the gate of the", "lock had been repair-", "ed twice."))
    ).articles
    assert article.text == "The harbour office said the gate of the lock had been repaired twice."
    assert (article.title, article.author, article.published) == ("Lock fails", "Ida Quill", None)


def test_attachments_are_read(tmp_path: Path) -> None:
    """A letter and the paper attached to it are two articles; its logo is none."""
    intake = load(put(tmp_path, "a.eml", letter(attached=True)))
    assert [article.name for article in intake.articles] == ["a.eml", "r.pdf"]
    assert intake.articles[1].published == DAY
    assert intake.problems == ()


PAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
COOKIES = "Before you continue, choose which cookies we and our partners may set."
BROKEN: list[tuple[str, bytes | str | object, str]] = [
    ("a.html", "<html><body><p>Not found.</p></body></html>", "has no article on it"),
    ("a.html", page("Only the first lines are free.", PAID), "behind a paywall"),
    ("a.html", page(STORY[:110], body="<p>Subscribe to continue reading.</p>"), "behind a paywall"),
    ("a.html", f"<html><body><p>{COOKIES}</p></body></html>", "asks for consent"),
    ("a.html", "<html><body><p>Checking your browser. Please enable JavaScript.</p></body></html>", "asks for consent"),
    ("a.json", "{", "is not JSON"),
    ("a.json", {"a": 1, "b": 2}, "has no text; its fields are a, b"),
    ("a.json", [], "holds no list of articles"),
    ("a.json", [3], "is no object, but int"),
    ("a.jsonl", "{}\n", "has no text; its fields are none"),
    ("a.jsonl", "", "is empty"),
    ("a.csv", "", "is empty"),
    ("a.csv", "a,b\n1,2\n", "has no text; its fields are a, b"),
    ("a.eml", "no mail at all", "is no mail"),
    ("a.eml", b"From: a@b.example\nSubject: x\n\n", "has no text"),
    ("a.mbox", "no box", "is no mailbox"),
    ("a.pdf", b"%PDF-1.4\n", "is a broken PDF"),
    ("a.pdf", pdf("x")[:300], "is a broken PDF"),
    ("a.pdf", pdf(), "has no text in it, only pictures"),
    ("a.pdf", pdf("x", encrypt=True), "is locked by a password"),
    ("a.docx", b"PK\x03\x04rubbish", "is a broken Word document"),
    ("a.docx", zipped(a__txt=b"x"), "is a broken Word document"),
    ("a.zip", b"PK\x03\x04rubbish", "is a broken ZIP file"),
    ("a.zip", zipped(a__zip=zipped(b__zip=zipped(c__zip=zipped(d__txt=b"Rain.")))), "is packed in 3 containers"),
    ("a.gz", b"\x1f\x8bxx", "is a broken gzip file"),
    ("a.warc", b"WARC/1.0\r\n\r\n", "is no web archive, or has no page in it"),
    ("a.warc", "no archive", "is a broken web archive"),
    ("a.rss", "<rss version='2.0'><channel></channel></rss>", "is a feed without entries"),
    ("a.atom", "no feed", "is no feed"),
    ("a.opml", "<opml><body></body></opml>", "lists no feed"),
    ("a.opml", "<opml><body>", "is broken XML"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or PowerPoint document"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "reason"), BROKEN, ids=[f"{name}, {reason}" for name, _, reason in BROKEN])
def test_broken_ones_say_why(tmp_path: Path, name: str, content: bytes | str | object, reason: str) -> None:
    """A broken or empty file becomes a problem that names it and says why; the file beside it is read."""
    beside = put(tmp_path, "z.txt", STORY)
    intake = load(put(tmp_path, name, content), beside)
    assert [article.name for article in intake.articles] == ["z.txt"]
    (problem,) = intake.problems
    assert problem.article is not None
    assert problem.article.split("!")[0].split("#")[0].endswith(name)
    assert reason in problem.reason
    assert "; " in problem.reason


def test_a_broken_record_costs_itself(tmp_path: Path) -> None:
    """Of lines, rows and letters, those that can be read are."""
    lines = "\n".join([json.dumps(RECORD), "{broken", json.dumps({"id": "x9", "text": "Rain fell on the quay."})])
    intake = load(put(tmp_path, "a.jsonl", lines))
    assert [article.name for article in intake.articles] == ["a.jsonl#1", "a.jsonl#x9"]
    assert [problem.article for problem in intake.problems] == ["a.jsonl#2"]


def test_sidecars_have_the_last_word(tmp_path: Path) -> None:
    """`NAME.meta.json` is above the page's own word, and is no article itself."""
    put(tmp_path, "a.html", page())
    put(tmp_path, "a.html.meta.json", {"publisher": "Port Ambry Gauge", "published": "2031-05-13"})
    (article,) = load(tmp_path).articles
    assert (article.publisher, article.published) == ("Port Ambry Gauge", datetime.date(2031, 5, 13))
    assert article.title == "Lock fails at Port Ambry"
    put(tmp_path, "a.html.meta.json", {"published": "soon"})
    with pytest.raises(NoArticles, match="'soon' is not a date"):
        load(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """Text comes out as it was written, whatever it is encoded in."""
    (article,) = load(put(tmp_path, "a.txt", STORY.encode(encoding))).articles
    assert article.text == STORY


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8"])
def test_declared_encodings(tmp_path: Path, encoding: str) -> None:
    """A page is read in the encoding that it declares."""
    russian = "Порт закрыт с понедельника, сообщила администрация. Посол потребовал немедленно прислать инженеров. " * 3
    html = page(russian, f'<meta charset="{encoding}">').replace("·", "-")
    (article,) = load(put(tmp_path, "a.html", html.encode(encoding))).articles
    assert "Посол потребовал немедленно" in article.text
    assert article.original is not None
    assert article.original.encoding is not None


def test_mojibake_is_mended_and_kept(tmp_path: Path) -> None:
    """Text garbled by a wrong encoding is put right; evidence counts in what is read, and what was there is kept."""
    garbled = STORY.replace("”", "’").encode().decode("cp1252")
    (article,) = load(put(tmp_path, "a.txt", garbled)).articles
    assert article.text == STORY.replace("”", "’")
    assert article.original is not None
    assert article.original.text == garbled
    (clean,) = load(put(tmp_path, "b.txt", STORY)).articles
    assert clean.original is not None
    assert clean.original.text is None


def test_a_few_bad_bytes(tmp_path: Path) -> None:
    """UTF-8 with a byte gone bad is UTF-8 with one mark of it, not a text of another encoding."""
    (article,) = load(put(tmp_path, "a.txt", STORY.encode().replace(b"lock", b"lo\xffk"))).articles
    assert article.text == STORY.replace("lock", "lo\ufffdk")


def test_cut_pages_are_flagged(tmp_path: Path) -> None:
    """A page that shows a good part before it wants to be paid is read, and marked as cut."""
    (article,) = load(put(tmp_path, "a.html", page(" ".join([STORY] * 3) + " Subscribe to continue reading."))).articles
    assert Hazard.TRUNCATED in article.hazards


def test_patterns_and_the_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern stands for what fits it, a dash for standard input, of whatever kind that is."""
    for name in ("a.txt", "b.txt", "c.md"):
        put(tmp_path, name, f"{STORY} {name}")
    assert [article.name for article in load(f"{tmp_path}/*.txt").articles] == ["a.txt", "b.txt"]
    with pytest.raises(NoArticles, match="nothing fits this pattern"):
        load(f"{tmp_path}/*.pdf")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(RECORD).encode())))
    (article,) = load("-").articles
    assert (article.title, article.name) == ("Lock fails", "standard input")


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2031-05-12", DAY),
        ("2031-05-12 23:59:00+00:00", DAY),
        ("20310512T083000Z", DAY),
        ("Mon, 12 May 2031 08:30:00 GMT", DAY),
        ("12 May 2031", DAY),
        ("12. Mai 2031", DAY),
        ("12.05.2031", DAY),
        ("May 12, 2031, 8:30 p.m.", DAY),
        (1936341000, DAY),
        ("1936341000000", DAY),
        ("05/12/2031", None),
        ("13/05/2031", datetime.date(2031, 5, 13)),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        ("2031", None),
        ("12 men 2031", None),
        ([2031], None),
    ],
)
def test_dates(given: object, day: datetime.date | None) -> None:
    """A date is the day it names as written; what names two days, or none, names none."""
    assert parse_date(given) == day


def test_bombs_are_stopped(tmp_path: Path) -> None:
    """A file that unpacks to thousands of times its size is refused before it has."""
    bomb = zipped(a__txt=b"\0" * 60_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(NoArticles, match="unpacks to more than 50,000,000 bytes"):
        load(put(tmp_path, "a.zip", bomb))
    with pytest.raises(NoArticles, match="unpacks to hundreds of times its size"):
        load(put(tmp_path, "a.docx", bomb))


@pytest.mark.parametrize("times", [1, 2])
def test_pdf_bombs_are_stopped(tmp_path: Path, times: int) -> None:
    """A PDF one of whose streams unpacks to more than any text is refused, packed twice over as well."""
    stream = b"BT (Rain) Tj ET " * 4_000_000
    for _ in range(times):
        stream = zlib.compress(stream)
    filters = b" ".join([b"/FlateDecode"] * times)
    whole = pdf("Rain fell on the quay.")
    head, _, tail = whole.partition(b"endobj")
    bomb = b"endobj\n9 0 obj\n<< /Filter [%s] /Length %d >>\nstream\n%s\nendstream\nendobj" % (
        filters,
        len(stream),
        stream,
    )
    with pytest.raises(NoArticles, match="unpacks to more than 50,000,000 bytes"):
        load(put(tmp_path, "a.pdf", head + bomb + tail))


def test_the_story_of_every_layout(tmp_path: Path) -> None:
    """On pages of sixteen layouts the whole story comes out, and next to nothing else that stands on them."""
    right = wrong = sentences = 0
    for number, made in enumerate(make_pages(32)):
        (article,) = load(put(tmp_path, f"{number}.html", made.html)).articles
        text = " ".join(article.text.split())
        right += sum(sentence in text for sentence in made.story)
        wrong += sum(sentence in text for sentence in made.around)
        sentences += len(made.story)
    assert right == sentences
    assert wrong / (right + wrong) < 0.05


@pytest.mark.parametrize(
    ("given", "author"),
    [
        ({"authors": ["Ida Quill", "Tom Reed"]}, "Ida Quill, Tom Reed"),
        ({"author": {"@type": "Person", "name": "Ida Quill"}}, "Ida Quill"),
        ({"byline": [{"name": "Ida Quill"}, {"name": "Tom Reed"}]}, "Ida Quill, Tom Reed"),
        ({"author": " "}, None),
    ],
)
def test_authors(tmp_path: Path, given: dict[str, object], author: str | None) -> None:
    """Authors are named on one line, however a record lists them."""
    (article,) = load(put(tmp_path, "a.json", {"text": STORY, **given})).articles
    assert article.author == author


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.json", {"url": "http://[gauge/lock", "text": STORY}, id="a record"),
        pytest.param("a.txt", f"---\nurl: http://[gauge/lock\n---\n{STORY}", id="front matter"),
        pytest.param("a.warc", warc(("http://[gauge/lock", 200, "text/plain", STORY.encode())), id="an archive"),
    ],
)
def test_broken_urls(tmp_path: Path, name: str, content: bytes | str | object) -> None:
    """An article whose URL can't be taken apart is read; whose it is that URL doesn't say."""
    (article,) = load(put(tmp_path, name, content)).articles
    assert (article.text, article.publisher) == (STORY, None)
