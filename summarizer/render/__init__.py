"""Output: one layout of a briefing, written with different pens."""

from __future__ import annotations

from summarizer.models import Briefing
from summarizer.render.layout import lay_out
from summarizer.render.markdown import MarkdownPen
from summarizer.render.text import TextPen

__all__ = ["render_markdown", "render_text"]


def render_markdown(briefing: Briefing) -> str:
    """The briefing as GitHub-flavoured Markdown with footnotes that quote.

    Whatever articles and model say is escaped: none of it becomes markup.
    """
    pen = MarkdownPen()
    lay_out(briefing, pen)
    return pen.page()


def render_text(briefing: Briefing, width: int = 88) -> str:
    """The briefing as plain text, wrapped at `width` columns, with numbered quotations at the end."""
    pen = TextPen(width)
    lay_out(briefing, pen)
    return pen.page()
