"""Output: one layout of a briefing, written with different pens."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.models import Article, Briefing
from summarizer.render.layout import lay_out
from summarizer.render.markdown import MarkdownPen
from summarizer.text import escape_hidden

WIDTH = 88
"""Columns of text that goes to no terminal."""

__all__ = ["render_as", "render_markdown", "render_text"]


def render_as(briefing: Briefing, form: str, articles: Iterable[Article] = (), *, picture: str | None = None) -> str:
    """The briefing as `md`, `text`, `html`, `svg` or `json`, or in one of `summarizer.export.FORMATS`.

    Args:
        briefing: any.
        form: what it is to be.
        articles: whose texts an `html` page leads back to.
        picture: which an `svg` is (`summarizer.pictures.PICTURES`); None: the network.

    Raises:
        UnknownFormat: if there is none of this name.
        UnknownPicture: if there is none of this name.
    """
    if form == "svg":
        from summarizer.pictures import render_picture  # noqa: PLC0415 - hardly any run draws

        return render_picture(briefing, picture or "network")
    if form == "json":
        return escape_hidden(briefing.model_dump_json(indent=2) + "\n")
    if form in ("md", "text"):
        return render_markdown(briefing) if form == "md" else render_text(briefing)
    if form == "html":
        from summarizer.page import render_page  # noqa: PLC0415 - templates aren't needed for the others

        return render_page(briefing, articles)
    from summarizer.export import export  # noqa: PLC0415 - ninjs has bodies that are rendered here

    return export(briefing, form)


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
