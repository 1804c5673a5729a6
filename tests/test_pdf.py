"""The briefing as paper: a tagged PDF that says what the page says, looks nothing up, and is the same each time."""

from __future__ import annotations

import io
import logging
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import html
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from summarizer import Article, Briefing, brief, load
from summarizer.archive import Archive
from summarizer.cli import main
from summarizer.days import in_full
from summarizer.errors import InputError
from summarizer.models import Problem
from summarizer.page import render_page
from summarizer.page.paper import nothing_fetched, print_engine, render_pdf, slices
from summarizer.page.paper import paper as printed
from summarizer.page.view import Account, Matrix
from summarizer.render import render_as, render_bytes
from summarizer.testing import ScriptedModel
from summarizer.text import flatten
from tests.conftest import DAYS, EVERY, HARBOUR, ROOT, replayed, settings_for
from tests.test_hostile import CORPUS, hostile_text, parrot
from tests.test_page_browser import KEPT

Capture = pytest.CaptureFixture[str]
A4 = (595.3, 841.9)


@dataclass(frozen=True)
class Sheet:
    """A page as a reader has it."""

    text: str
    width: float
    height: float
    right: float
    """How far to the right something stands, in points."""


class Read:
    """A PDF, read by programs that did not write it."""

    def __init__(self, content: bytes) -> None:
        self.file = pypdfium2.PdfDocument(content)
        self.document = PDFDocument(PDFParser(io.BytesIO(content)))
        self.catalog: dict[str, Any] = self.document.catalog
        self.sheets = [_sheet(page) for page in self.file]

    @property
    def text(self) -> str:
        """All words in a row, without the feet of pages, and without blanks: lines end where they like."""
        feet = (re.sub(r"[^\n]*\n[^\n]*\d+ of \d+\s*$", "", sheet.text) for sheet in self.sheets)
        return squeezed("".join(feet))

    def annotations(self) -> Iterator[dict[str, Any]]:
        """Links and whatever else one can point at."""
        for page in PDFPage.create_pages(self.document):
            for each in resolve1(page.annots) or ():
                yield resolve1(each)

    def names(self) -> set[str]:
        """What a link inside can lead to."""
        found, todo = set(), [resolve1(resolve1(self.catalog["Names"])["Dests"])]
        while todo:
            node = todo.pop()
            todo += [resolve1(kid) for kid in resolve1(node.get("Kids")) or ()]
            found |= {name.decode() for name in (resolve1(node.get("Names")) or ())[::2]}
        return found

    def tags(self) -> list[str]:
        """What a screen reader is told that things are, in no order."""
        found, todo, seen = [], [self.catalog["StructTreeRoot"]], set()
        while todo:
            node = todo.pop()
            if (number := getattr(node, "objid", None)) in seen and number is not None:
                continue
            seen.add(number)
            told = resolve1(node)
            if isinstance(told, list):
                todo += told
            elif isinstance(told, dict):
                found += [told["S"].name] if "S" in told else []
                todo += [told["K"]] if "K" in told else []
        return found


def _sheet(page: Any) -> Sheet:
    told = page.get_textpage()
    right = max((told.get_rect(n)[2] for n in range(told.count_rects())), default=0.0)
    width, height = page.get_size()
    return Sheet(told.get_text_range().replace("\r\n", "\n"), width, height, right)


def squeezed(text: str) -> str:
    """Without blanks, and with hyphens whatever a line's end made of them."""
    return re.sub(r"[\s\u200b\ufffe-]+", "", text)


@cache
def pdf(day: str) -> bytes:
    return render_pdf(replayed(day))


@cache
def read(day: str) -> Read:
    return Read(pdf(day))


def empty() -> Briefing:
    """A day of which nothing could be told: a sheet that is printed in no time."""
    return Briefing.model_validate({name: getattr(replayed(DAYS[0]), name) for name in KEPT})


def short() -> Briefing:
    """An example day's demands, with their matrix and picture, and who makes them."""
    told = replayed(DAYS[0])
    story = told.stories[0].model_copy(update={"bottom_line": (), "open_questions": ()})
    story = story.model_copy(update={"headline": None, "items": tuple(item.id for item in told.demands)})
    left_out = dict.fromkeys(("proposals", "venues", "claims", "events", "disputes"), ())
    return Briefing.model_validate(dict(told.model_copy(update={**left_out, "stories": (story,)})))


# -------------------------------------------------------------------------------- what it says


def test_paper_has_every_item_and_every_quotation(paper: None) -> None:
    """Each item's words, each version of a dispute, and each quotation in full, with who says so and when."""
    briefing, text = replayed(DAYS[1]), read(DAYS[1]).text
    told = Account(briefing)
    for line in briefing.lines:
        assert squeezed(line.text) in text
    for item in briefing.items:
        assert squeezed(f"{item.id}") in text and squeezed(item.what) in text
    for dispute in briefing.disputes:
        assert all(squeezed(version.what) in text for version in dispute.versions) and squeezed(dispute.why) in text
    assert all(squeezed(actor.name) in text for actor in briefing.actors)
    of_items = {number for id in told.items for number in told.quotations.cite(id, told.evidence(id))}
    assert len(of_items) > 50
    for number in of_items:
        each = told.quoted[number]
        words = flatten(each.words) if each.source.translated else f"“{flatten(each.words)}”"
        assert squeezed(f"{words} — {each.source.outlet}, {told.dated(each.source)}") in text


def words_of(tree: Any) -> set[str]:
    """All words, those of neighbouring elements apart."""
    return set(re.findall(r"\w+", " ".join(tree.xpath("//body//text()"))))


@pytest.mark.parametrize("day", EVERY)
def test_paper_says_what_the_page_says(day: str) -> None:
    """Whatever words are on the page are printed, but for its controls, the articles and what leads to them."""
    page = html.fromstring(render_page(replayed(day), printed=True))
    for gone in page.xpath(
        "//nav | //search | //aside | //dialog | //*[contains(@class, 'articles')] | //script | //style | //svg"
        " | //*[@class='evidence'] | //p[@class='open'] | //summary | //*[@class='pairs'] | //a[@class='skip']"
        " | //*[local-name()='svg'] | //*[@class='hint'] | //*[@id='nothing']"
    ):
        gone.drop_tree()
    told = html.fromstring(printed(replayed(day)))
    assert words_of(page) - words_of(told) <= {"Named", "in"}
    headings = [each.text_content().strip() for each in page.xpath("//h2 | //h3 | //h4")]
    there = [re.sub(r"^S\d+ ", "", each.text_content().strip()) for each in told.xpath("//h2 | //h3 | //h4 | //h5")]
    assert set(headings) <= set(there)
    assert told.xpath("//form | //button | //input | //script | //img | //link") == []


def test_paper_draws_how_things_moved(tmp_path: Path) -> None:
    """Out of an archive, where the page has it, with its table; ids of things that are not of the day lead nowhere."""
    with Archive(str(tmp_path / "archive.sqlite3")) as archive:
        for day in DAYS:
            archive.put(replayed(day))
        moved = archive.ledger_of(replayed(DAYS[1]).date)
    told = html.fromstring(printed(replayed(DAYS[1]), moved))
    (section,) = told.xpath("//section[h2[@id='movement']]")
    assert section.xpath("h2/text()") == ["How things moved since 12 May 2031"]
    assert len(section.xpath("figure")) == 1 and len(section.xpath("table/tbody/tr")) > 10
    links = {link[1:] for link in told.xpath("//a/@href") if link[0] == "#"}
    assert links <= set(told.xpath("//@id"))
    assert "movement" not in printed(replayed(DAYS[1]))


def test_each_sheet_is_numbered(paper: None) -> None:
    """A4, with the day, the headline and "3 of 25" at its foot; nothing runs off it."""
    sheets = read(DAYS[1]).sheets
    for number, sheet in enumerate(sheets, 1):
        assert (sheet.width, sheet.height) == pytest.approx(A4, abs=0.5)
        assert re.search(rf"\b{number} of {len(sheets)}\b", sheet.text)
        assert f"13 May 2031 · {replayed(DAYS[1]).title}" in sheet.text
        assert sheet.right < A4[0] - 40


def test_no_heading_stands_alone_at_a_foot(paper: None) -> None:
    """Below the last item that begins on a sheet stands something of it."""
    ids = [item.id for item in replayed(DAYS[1]).items]
    for sheet in read(DAYS[1]).sheets:
        lines = [line for line in sheet.text.splitlines() if line.strip()]
        body = [line for line in lines if " of " not in line or "13 May 2031 ·" not in line]
        assert not [id for id in ids if re.fullmatch(rf"{id} \w+", body[-1].strip())], body[-1]


def test_links_lead_to_items(paper: None) -> None:
    """An id leads to its item, a report's number to its quotation; out of the file lead http and https alone."""
    there, inside, outside = read(DAYS[1]).names(), set(), set()
    for each in read(DAYS[1]).annotations():
        assert each["Subtype"].name == "Link"
        if "Dest" in each:
            inside.add(resolve1(each["Dest"]).decode())
        else:
            outside.add(resolve1(each["A"])["URI"].decode())
    assert inside <= there
    items = {item.id for item in replayed(DAYS[1]).items}
    assert items <= there and {"demands", "sources"} <= inside and {"D1", "X1", "K1"} <= inside
    assert outside == {source.url for source in replayed(DAYS[1]).sources if source.url and not source.earlier}


def test_paper_says_what_it_is(paper: None) -> None:
    """Title, author, language and day are the briefing's, and no clock's."""
    told = read(DAYS[1]).file.get_metadata_dict()
    assert told["Title"] == f"{replayed(DAYS[1]).title} · 13 May 2031"
    assert told["Author"] == replayed(DAYS[1]).provenance.program
    assert told["CreationDate"] == told["ModDate"] == "D:20310513"
    assert resolve1(read(DAYS[1]).catalog["Lang"]) == b"en"


def test_headings_are_the_outline(paper: None) -> None:
    """Each part can be gone to by its heading, and each item below it by its id."""
    found = [(mark.level, mark.get_title()) for mark in read(DAYS[1]).file.get_toc()]
    told = Account(replayed(DAYS[1]))
    assert found[0] == (0, replayed(DAYS[1]).title)
    titles = [title for level, title in found if level == 1]
    assert [title for title in titles if title != "How this was made"] == [
        f"What changed since {in_full(replayed(DAYS[0]).date)}" if id == "changes" else title
        for id, title in told.outline
    ]
    listed = {title.partition(" ")[0] for _, title in found}
    assert {item.id for item in replayed(DAYS[1]).items} <= listed


def test_screen_readers_are_told_what_things_are(paper: None) -> None:
    """Headings, lists, tables with heads, pictures and links are tagged as such (PDF/UA)."""
    assert resolve1(read(DAYS[1]).catalog["MarkInfo"])["Marked"] is True
    tags = read(DAYS[1]).tags()
    assert {"H1", "H2", "H3", "H4", "L", "LI", "Table", "TR", "TH", "TD", "Figure", "Link", "P"} <= set(tags)
    assert b"pdfuaid" in resolve1(read(DAYS[1]).catalog["Metadata"]).get_data()


def test_the_same_briefing_is_the_same_file(paper: None, tmp_path: Path) -> None:
    """Byte for byte, in another process whose sets and dicts are in another order."""
    code = (
        "import sys\nfrom summarizer import Briefing\nfrom summarizer.page.paper import render_pdf\n"
        "sys.stdout.buffer.write(render_pdf(Briefing.model_validate_json(open(sys.argv[1]).read())))"
    )
    (tmp_path / "day.json").write_text(short().model_dump_json())
    command = [sys.executable, "-c", code, str(tmp_path / "day.json")]
    seeded = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env={"PYTHONHASHSEED": "1"}).stdout
    assert seeded == render_pdf(short())


def test_a_wide_matrix_is_cut_into_several() -> None:
    """Of twelve parties no table has more than five columns; each demand is in one, and no row is empty."""
    heads = tuple(f"Party {n}" for n in range(12))
    cells: Any = tuple((f"By {n}", tuple(((f"D{n}",) if n == m else ()) for m in range(12))) for n in range(12))
    parts = list(slices(Matrix(heads, cells)))
    assert [part.heads for part in parts] == [heads[:4], heads[4:8], heads[8:]]
    assert [[by for by, _ in part.rows] for part in parts] == [[f"By {n}" for n in range(m, m + 4)] for m in (0, 4, 8)]
    said: list[Any] = [cell for part in parts for _, row in part.rows for cell in row if cell]
    assert said == [(f"D{n}",) for n in range(12)]
    one = Matrix(heads[:5], tuple((by, row[:5]) for by, row in cells[:5]))
    assert list(slices(one)) == [one]


# ------------------------------------------------------------------------------ what it trusts


def test_hostile_articles_are_words_on_paper(
    paper: None, scripted: Callable[..., ScriptedModel], caplog: pytest.LogCaptureFixture
) -> None:
    """No markup, no link but to ids and the web, no attachment, no script, nothing fetched, nothing off the sheet."""
    dice = random.Random(6)
    trick = (
        "</style><script>alert(1)</script>\"'><img src=file:///etc/passwd><link rel=attachment href=file:///etc/passwd>"
        "<a href=file:///etc/passwd>a</a><style>@import url(http://127.0.0.1:9/x)</style>"
    )
    made = [
        Article.of(hostile_text(dice), name=f"{n}{trick}", publisher=trick, title=trick, url=f"javascript:alert({n})")
        for n in range(1)
    ]
    names = ("one-word.txt", "html.txt", "controls.txt")
    texts = (*(article for name in names for article in load(CORPUS / name).articles), *made)
    briefing = brief(texts, settings=settings_for(scripted(parrot)))
    with caplog.at_level(logging.WARNING, "weasyprint"):
        found = Read(render_pdf(briefing))
    assert [each.getMessage() for each in caplog.records if "notdef" not in each.getMessage()] == []
    assert "<script>alert(1)</script>" in found.text and squeezed(trick) in found.text
    for each in found.annotations():
        assert each["Subtype"].name == "Link"
        assert "Dest" in each or resolve1(each["A"])["URI"].startswith((b"http://", b"https://"))
    assert not {"OpenAction", "AA", "AcroForm", "AF"} & set(found.catalog)
    assert not {"EmbeddedFiles", "JavaScript"} & set(resolve1(found.catalog["Names"]))
    assert max(sheet.right for sheet in found.sheets) < A4[0] - 40


def test_nothing_is_fetched_or_read(paper: None, tmp_path: Path) -> None:
    """Even if markup got through: an address, a file and an inline image are all refused."""
    refuses = nothing_fetched(print_engine())
    (tmp_path / "secret.png").write_bytes(b"secret")
    for place in (f"file://{tmp_path}/secret.png", "http://127.0.0.1:9/", "data:image/png;base64,AAAA", "ftp://a/b"):
        with pytest.raises(ValueError, match="disallowed"):
            refuses.fetch(place)


def _saying(words: str) -> Briefing:
    """An example day whose first demand rests on these words."""
    told = replayed(DAYS[0])
    demand = told.demands[0]
    evidence = demand.evidence[0].model_copy(update={"quote": words})
    variant = demand.variants[0].model_copy(update={"evidence": (evidence,)})
    first = demand.model_copy(update={"variants": (variant, *demand.variants[1:])})
    return told.model_copy(update={"demands": (first, *told.demands[1:])})


def test_scripts_of_the_world_are_printed(paper: None) -> None:
    """Cyrillic and Greek words can be found in the file; Arabic ones stand as what they are, too."""
    words = {"ru": "Порт откроется завтра", "el": "Το λιμάνι ανοίγει", "ar": "يفتح الميناء غدا"}
    problems = tuple(Problem(stage="extract", reason=text, cost="nothing") for text in words.values())
    found = Read(render_pdf(empty().model_copy(update={"problems": problems})))
    assert squeezed(words["ru"]) in found.text and squeezed(words["el"]) in found.text
    assert sorted(set(squeezed(words["ar"]))) == sorted(set(squeezed(words["ar"])) & set(found.text))
    assert 'dir="rtl"' in printed(_saying(words["ar"])) and 'dir="rtl"' not in printed(_saying(words["ru"]))


# --------------------------------------------------------------------------------- how it is had


def test_an_ending_asks_for_paper(
    paper: None,
    scripted: Callable[..., ScriptedModel],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """`show -o x.pdf` writes it, `--format pdf` into a pipe is the same bytes; `brief` goes by the ending, too."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    place = str(tmp_path / "archive.sqlite3")
    with Archive(place) as archive:
        archive.put(empty())
    assert main(["show", "--archive", place, "-o", str(tmp_path / "x.pdf")]) == 0
    assert main(["show", "--archive", place, "--format", "pdf"]) == 0
    assert capsysbinary.readouterr().out == (tmp_path / "x.pdf").read_bytes()
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-1.7")
    asked = ["--base-url", scripted().base_url, "--no-archive", "--no-journal", "--quiet"]
    (tmp_path / "harbour.txt").write_text(HARBOUR)
    assert main(["brief", str(tmp_path / "harbour.txt"), *asked, "-o", str(tmp_path / "day.PDF")]) == 0
    assert Read((tmp_path / "day.PDF").read_bytes()).sheets


def test_show_goes_by_the_ending(tmp_path: Path) -> None:
    """Of every format, unless one is named."""
    place = str(tmp_path / "archive.sqlite3")
    with Archive(place) as archive:
        archive.put(empty())
    for name, begins in {"x.md": "# Briefing", "x.html": "<!doctype", "x.json": "{", "x.txt": "Briefing of"}.items():
        assert main(["show", "--archive", place, "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text("utf-8").startswith(begins)
    assert main(["show", "--archive", place, "--format", "text", "-o", str(tmp_path / "y.md")]) == 0
    assert (tmp_path / "y.md").read_text("utf-8") == (tmp_path / "x.txt").read_text("utf-8")


def test_a_terminal_gets_no_paper(paper: None, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """It is refused before anything is read or asked."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["brief", "nowhere", "--format", "pdf"]) == 2
    assert "summarizer: pdf: a terminal can't show it; name a file that ends in .pdf" in capsys.readouterr().err


def without_weasyprint(monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    return "summarizer: pdf needs WeasyPrint, which isn't installed: pip install 'summarizer[pdf]'\n"


def without_pango(monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """What WeasyPrint does where it doesn't find the library."""
    (folder / "weasyprint").mkdir()
    (folder / "weasyprint/__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(folder)
    return "summarizer: pdf needs Pango, which isn't installed: apt install libpango-1.0-0 "


@pytest.mark.parametrize("without", [without_weasyprint, without_pango])
def test_what_is_missing_is_said_before_anything_is_paid(
    without: Callable[[pytest.MonkeyPatch, Path], str],
    scripted: Callable[..., ScriptedModel],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: Capture,
) -> None:
    """By brief, show, daily and deliver, dry or not: code 2, what to install, and no question to the model."""
    said, model, out = without(monkeypatch, tmp_path), scripted(), str(tmp_path / "x.pdf")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    articles = str(CORPUS / "orders.txt")
    config = tmp_path / "summarizer.toml"
    config.write_text(
        f'folders = ["{CORPUS}"]\nworkspace = "workspace"\nbase_url = "{model.base_url}"\n'
        '[[deliveries]]\nto = "mail"\nhost = "h"\nfrom = "d@x.example"\nrecipients = ["a@x.example"]\n'
        'attach = ["pdf"]\n'
    )
    asking = ["--base-url", model.base_url]
    for words in (
        ["brief", articles, *asking, "-o", out],
        ["brief", articles, *asking, "--format", "pdf", "--dry-run"],
        ["show", "--format", "pdf", "-o", out],
        ["daily", "--config", str(config)],
        ["daily", "--config", str(config), "--dry-run"],
        ["deliver", "--config", str(config)],
    ):
        assert main(words) == 2
        assert capsys.readouterr().err.startswith(said), words
    assert model.asked == []
    assert not (tmp_path / "workspace/archive.sqlite3").exists()


def test_paper_is_bytes(paper: None) -> None:
    """`render_bytes` gives it as it gives every format; `render_as`, which gives text, says so."""
    assert render_bytes(empty(), "pdf") == render_pdf(empty())
    assert render_bytes(empty(), "md") == render_as(empty(), "md").encode()
    with pytest.raises(InputError, match="render_bytes gives it"):
        render_as(empty(), "pdf")


def test_the_docs_python_prints(paper: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code in docs/page.md writes a briefing as a PDF."""
    page = (ROOT / "docs/page.md").read_text(encoding="utf-8").partition("## On paper")[2]
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    monkeypatch.chdir(tmp_path)
    known: dict[str, Any] = {"briefing": empty()}
    exec(code, known)
    assert (tmp_path / "briefing.pdf").read_bytes() == render_pdf(empty())
