"""A day's noisy news articles in, one typed briefing out, every line traced to its characters.

from summarizer import Settings, brief

briefing = brief("examples/2031-05-12", settings=Settings(replay="cassettes/2031-05-12"))
print(briefing.stories[0].headline.text)
"""

from __future__ import annotations

from summarizer.version import VERSION

TYPE_CHECKING = False  # typing's own takes a tenth of what `summarizer --help` does
if TYPE_CHECKING:
    from typing import Any

    from summarizer.archive import Archive
    from summarizer.briefing import brief, brief_async
    from summarizer.desk import Progress
    from summarizer.errors import SummarizerError
    from summarizer.ingest import load
    from summarizer.models import Article, Briefing
    from summarizer.render import render_markdown, render_text
    from summarizer.settings import Settings

__all__ = [
    "Archive",
    "Article",
    "Briefing",
    "Progress",
    "Settings",
    "SummarizerError",
    "__version__",
    "brief",
    "brief_async",
    "load",
    "render_markdown",
    "render_text",
]

__version__ = VERSION

_HOMES = {
    "Archive": "archive",
    "Article": "models",
    "Briefing": "models",
    "Progress": "desk",
    "Settings": "settings",
    "SummarizerError": "errors",
    "brief": "briefing",
    "brief_async": "briefing",
    "load": "ingest",
    "render_markdown": "render",
    "render_text": "render",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: openai alone takes a second to import."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"summarizer.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'summarizer' has no attribute {name!r}")
