"""Output: what a desk sends round, with nothing in it that acts."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from summarizer import Article, Briefing, render_markdown, render_text
from summarizer.models import Hazard
from tests.conftest import DAYS, ROOT, replayed

HOSTILE = (
    "https://evil.example www.evil.example @mention $x$ <script>alert(1)</script> *bold* [link](http://x) `code` | cell"
    " \x1b[31mred\x1b[0m \u202eevil # head ![i](y)"
)


def hostile(briefing: Briefing, trick: str = HOSTILE) -> Briefing:
    """A briefing in which everything that is shown tries to be markup."""

    def spoil(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {k: spoil(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [spoil(v, key) for v in value]
        return f"{trick} {value}" if key in SHOWN and isinstance(value, str) else value

    return Briefing.model_validate(spoil(briefing.model_dump(mode="json")))


SHOWN = {
    "what",
    "text",
    "issue",
    "name",
    "title",
    "publisher",
    "office",
    "place",
    "why",
    "words",
    "in_exchange",
    "conditions",
    "kind_",
}


def test_bottom_line_first(briefing: Briefing) -> None:
    """The headline is the title, the bottom line the first section, the quotations the last."""
    page = render_markdown(briefing)
    many = len(briefing.stories) > 1
    heads = re.findall(r"^## (.+)$", page, re.M)
    assert heads[0] == ("Stories" if many else "Bottom line")
    assert heads[-1] == "Quotations"
    assert many or page.startswith(f"# {briefing.lines[0].text[:20]}")
    order = ["Who demands what of whom", "Proposals", "Venues, by how certain", "Disputed"]
    sections = re.findall(rf"^{'#' * (2 + many)} (.+)$", page, re.M)
    assert [head for head in sections if head in order] == order * len(briefing.stories)


def test_every_item_is_shown_with_its_quotations(briefing: Briefing) -> None:
    """Each item has its line with a footnote for every stretch of evidence, and each footnote quotes it."""
    page = render_markdown(briefing)
    for item in briefing.items:
        (line,) = [line for line in page.splitlines() if line.startswith(f"- **{item.id}** ")]
        assert len(set(re.findall(r"\[\^\d+\]", line))) == len(item.evidence)
    signs = set(re.findall(r"\[\^(\d+)\](?!:)", page))
    notes = re.findall(r"^\[\^(\d+)\]: ", page, re.M)
    assert signs == set(notes)
    assert len(notes) == len(set(notes))


def test_machine_translations_are_not_quoted() -> None:
    """Machine-translated wording stands without quotation marks, and is named as what it is."""
    briefing = replayed(DAYS[0])
    (source,) = [source for source in briefing.sources if Hazard.MACHINE_TRANSLATION in source.hazards]
    notes = [
        line
        for line in render_markdown(briefing).splitlines()
        if re.match(rf"\[\^\d+\]: {re.escape(source.name)}", line)
    ]
    assert len(notes) > 5
    for note in notes:
        assert ": machine-translated wording: " in note
        assert not note.endswith("”")


@pytest.mark.parametrize("form", ["md", "text"])
def test_nothing_acts(form: str) -> None:
    """What articles and model say never becomes markup, and steers no terminal."""
    briefing = hostile(replayed(DAYS[0]))
    page = render_markdown(briefing) if form == "md" else render_text(briefing)
    if form == "md":
        assert not re.search(r"://|www\.|[@$]", page)  # of which GitHub makes links, mentions and formulas
    if form == "md":
        assert not re.search(r"://|www\.|@", page)  # GitHub would make links and mentions of them
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    if form == "md":
        html = MarkdownIt("commonmark", {"html": True}).enable("table").render(page)
        for tag in ("<script", "<a ", "<img", "<em>", "<code>", "http://x)</a"):
            assert tag not in html
        plain = MarkdownIt("commonmark").enable("table").render(render_markdown(replayed(DAYS[0])))
        for tag in ("<table>", "<li>", "<h3>", "<td>"):
            assert html.count(tag) == plain.count(tag)


def test_text_fits_its_width(briefing: Briefing) -> None:
    """Plain text keeps to the width asked for, but for single words that are longer."""
    for width in (40, 72, 120):
        assert all(
            len(line) <= width or " " not in line.strip("- ") for line in render_text(briefing, width).splitlines()
        )


def test_repository_shows_what_is_rendered(day: str) -> None:
    """The Markdown in the repository is what the program makes of the day."""
    assert render_markdown(replayed(day)) == (ROOT / f"examples/{day}.briefing.md").read_text(encoding="utf-8")


def test_problems_are_shown() -> None:
    """What could not be done is part of the page."""
    problem = {
        "stage": "ingest",
        "article": "b.txt",
        "reason": "byte 0 is not UTF-8",
        "cost": "the article was not read",
    }
    briefing = replayed(DAYS[0]).model_copy(update={"problems": ()})
    data = briefing.model_dump(mode="json") | {"problems": [problem]}
    page = render_markdown(Briefing.model_validate(data))
    assert "## Problems" in page
    assert "**b.txt**: the article was not read — byte 0 is not UTF-8" in page


def test_an_empty_briefing_is_a_page() -> None:
    """A day without items still says what was read."""
    data = replayed(DAYS[0]).model_dump(mode="json")
    kept = {key: data[key] for key in ("date", "sources", "provenance")}
    page = render_markdown(Briefing.model_validate(kept))
    assert page.startswith("# Briefing of 12 May 2031")
    assert "5 articles" in page


def test_flatten_keeps_scripts() -> None:
    """Text in other scripts is shown as it is."""
    article = Article.of("სიახლე № 55120. می‌خواهم.", name="a")
    from summarizer.text import flatten

    assert flatten(article.text) == article.text
