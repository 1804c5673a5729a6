"""A briefing as a notebook shows it."""

from __future__ import annotations

from html.parser import HTMLParser

from summarizer import Briefing, render_text
from summarizer.page import render_page
from tests.conftest import DAYS, replayed
from tests.test_render import HOSTILE, hostile

Tag = tuple[str, dict[str, str | None]]


class Tags(HTMLParser):
    """The tags of a fragment, and what text stands between them."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.text = ""
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_notebook_gets_the_page_in_a_frame(briefing: Briefing) -> None:
    """The HTML is one frame, which has the whole page in it and nothing of the notebook's."""
    shown = Tags(briefing._repr_html_())
    ((tag, attributes),) = shown.tags
    assert (tag, shown.text) == ("iframe", "")
    assert attributes["srcdoc"] == render_page(briefing)
    assert "allow-scripts" in (attributes["sandbox"] or "")
    assert "allow-same-origin" not in (attributes["sandbox"] or "")  # or the page could reach the notebook


def test_nothing_gets_out_of_the_frame() -> None:
    """Whatever articles and model say, a notebook gets one element."""
    briefing = hostile(replayed(DAYS[0]), f"'\"></iframe><script>alert(1)</script> {HOSTILE}")
    shown = Tags(briefing._repr_html_())
    assert [tag for tag, _ in shown.tags] == ["iframe"]
    assert shown.text == ""


def test_where_no_page_can_be_shown_there_is_text(briefing: Briefing) -> None:
    """A notebook on a terminal, or made a PDF, has the text without escape codes."""
    shown = briefing._repr_mimebundle_()
    assert shown == {"text/html": briefing._repr_html_(), "text/plain": render_text(briefing)}
