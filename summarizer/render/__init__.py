"""Output: one layout of a briefing, written with different pens."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from summarizer.errors import InputError
from summarizer.models import Article, Briefing
from summarizer.render.layout import lay_out
from summarizer.render.markdown import MarkdownPen
from summarizer.text import escape_hidden

if TYPE_CHECKING:
    from summarizer.archive.found import Ledger

WIDTH = 88
"""Columns of text that goes to no terminal."""

PAGES = ("html", "pdf")
"""Formats that have more than the briefing, where an archive knows more."""

__all__ = ["PAGES", "check_format", "render_as", "render_bytes", "render_markdown", "render_text"]


def render_as(
    briefing: Briefing,
    form: str,
    articles: Iterable[Article] = (),
    *,
    ledger: Ledger | None = None,
    picture: str | None = None,
) -> str:
    """The briefing as `md`, `text`, `html`, `svg` or `json`, or in one of `summarizer.export.FORMATS`.

    Args:
        briefing: any.
        form: what it is to be.
        articles: whose texts an `html` page leads back to.
        ledger: how its things came to where they stand (`Archive.ledger_of`), which `html` and `pdf` draw.
        picture: which an `svg` is (`summarizer.pictures.PICTURES`); None: the network.

    Raises:
        UnknownFormat: if there is none of this name.
        UnknownPicture: if there is none of this name.
        InputError: if it is `pdf`, which is no text; `render_bytes` gives it.
    """
    if form == "pdf":
        raise InputError("pdf is no text; summarizer.render.render_bytes gives it")
    if form == "svg":
        from summarizer.pictures import render_picture  # noqa: PLC0415 - hardly any run draws

        return render_picture(briefing, picture or "network")
    if form == "json":
        return escape_hidden(briefing.model_dump_json(indent=2) + "\n")
    if form in ("md", "text"):
        return render_markdown(briefing) if form == "md" else render_text(briefing)
    if form == "html":
        from summarizer.page import render_page  # noqa: PLC0415 - templates aren't needed for the others

        return render_page(briefing, articles, ledger=ledger)
    from summarizer.export import export  # noqa: PLC0415 - ninjs has bodies that are rendered here

    return export(briefing, form)


def render_bytes(
    briefing: Briefing,
    form: str,
    articles: Iterable[Article] = (),
    *,
    ledger: Ledger | None = None,
    picture: str | None = None,
) -> bytes:
    """The briefing as a file has it: as `pdf`, or what `render_as` gives, in UTF-8; arguments as there.

    Raises:
        UnknownFormat: if there is none of this name.
        UnknownPicture: if there is none of this name.
        NotInstalled: if a library for it isn't there.
    """
    if form == "pdf":
        from summarizer.page.paper import render_pdf  # noqa: PLC0415 - templates aren't needed for the others

        return render_pdf(briefing, ledger=ledger)
    return render_as(briefing, form, articles, ledger=ledger, picture=picture).encode()


def check_format(form: str, *, to_stdout: bool = False) -> None:
    """See that a briefing can be written so on this machine, before one is made.

    Args:
        form: any.
        to_stdout: whether it goes to standard output.

    Raises:
        NotInstalled: if a library for it isn't there.
        InputError: if standard output is a terminal, and it is nothing for one.
    """
    if form != "pdf":
        return
    if to_stdout and sys.stdout.isatty():
        raise InputError("pdf: a terminal can't show it; name a file that ends in .pdf, or lead it into one with >")
    from summarizer.page.paper import print_engine  # noqa: PLC0415

    print_engine()


def render_markdown(briefing: Briefing) -> str:
    """The briefing as GitHub-flavoured Markdown with footnotes that quote.

    Whatever articles and model say is escaped: none of it becomes markup.
    """
    pen = MarkdownPen()
    lay_out(briefing, pen)
    return pen.page()


def render_text(briefing: Briefing, width: int = WIDTH, *, color: bool = False) -> str:
    """The briefing as text of `width` columns, with numbered quotations at the end.

    Prose is wrapped at 100 columns at most. With `color` there are escape codes in it for a terminal, and without them
    it is the same text. Whatever articles and model say is without anything that steers a terminal.
    """
    from summarizer.render.text import TextPen  # noqa: PLC0415 - rich takes 60 ms, and most pages are Markdown

    pen = TextPen(width, color=color)
    lay_out(briefing, pen)
    return pen.page()
