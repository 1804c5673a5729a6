"""A briefing on paper: the page's account as a PDF, on A4, each item with its quotations under it."""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from summarizer.errors import NotInstalled
from summarizer.models import Briefing
from summarizer.page import environment
from summarizer.page.view import Account, Card, Matrix, Quoted
from summarizer.pictures import Picture
from summarizer.pictures.style import LIGHT, coloured
from summarizer.text import clipped, flatten

if TYPE_CHECKING:
    from summarizer.archive.found import Ledger

COLUMNS = 5
"""Of a matrix, side by side: with more, words don't fit into their columns."""
TALL = 0.7
"""Height of a picture over its width, from which it would leave much of a page empty before it."""
LONGEST_FOOT, LONGEST_LABEL = 100, 80
"""Characters of the headline in the running foot, and of an item in the outline."""
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""What WeasyPrint needs of a system, as Debian calls it."""
FONTS = "'Noto Sans', 'Liberation Sans', Arial, Helvetica, 'DejaVu Sans', sans-serif"
"""The first that a machine has; signs that it lacks are taken from others."""
ENDLESS, BREAK = 28, "\u200b"
"""Characters of a word that may be broken in a table, and what allows it."""
VARIANT = "pdf/ua-1"
"""Tagged, so that screen readers read it."""


def print_engine() -> Any:
    """WeasyPrint, ready to print.

    Raises:
        NotInstalled: if it isn't there, or the system's libraries that it needs aren't.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a library that it can do without
            import weasyprint  # noqa: PLC0415 - of an extra, and slow
    except ImportError:
        raise NotInstalled("pdf", "WeasyPrint", "pip install 'summarizer[pdf]'") from None
    except OSError:
        advice = f"apt install {PACKAGES}, on Debian and Ubuntu; docs/page.md has other systems"
        raise NotInstalled("pdf", "Pango", advice) from None
    return weasyprint


def render_pdf(briefing: Briefing, *, ledger: Ledger | None = None) -> bytes:
    """The briefing as a PDF; the same bytes for the same briefing, as long as fonts and WeasyPrint are the same.

    Nothing is fetched, and no file but fonts is read.

    Args:
        briefing: any.
        ledger: how its things came to where they stand (`Archive.ledger_of`), which is drawn; None: it isn't.

    Raises:
        NotInstalled: without the extra `summarizer[pdf]`, or without Pango.
    """
    engine = print_engine()
    page = paper(briefing, ledger)
    mark = hashlib.sha256(page.encode()).digest()[:16]
    printed = engine.HTML(string=page, url_fetcher=nothing_fetched(engine))
    return bytes(printed.write_pdf(pdf_variant=VARIANT, pdf_identifier=mark, presentational_hints=True))


def nothing_fetched(engine: Any) -> Any:
    """What WeasyPrint fetches with: nothing, of no kind of address."""
    return engine.urls.URLFetcher(allowed_protocols=())


def paper(briefing: Briefing, ledger: Ledger | None = None) -> str:
    """What is printed, as HTML for a print engine: no controls, no articles, and no link but to ids and the web."""
    account = Account(briefing, printed=True, ledger=ledger)
    headline = clipped(flatten(account.title), LONGEST_FOOT)
    foot = headline if account.day in headline else f"{account.day} · {headline}"
    told = environment().get_template("paper.html")
    tools = {"label": _label, "slices": slices, "tall": _is_tall, "drawn": _drawn, "words_of": _words_of, "soft": _soft}
    return told.render(b=briefing, page=account, foot=foot, style=_style(), **tools)


@cache
def _style() -> Markup:
    """The rules, with colours and fonts put in."""
    own = files(__package__).joinpath("paper.css").read_text("utf-8")
    return Markup(coloured(own, {**LIGHT, "fonts": FONTS}))  # noqa: S704 - our own


def _label(card: Card) -> str:
    """An item in the outline."""
    return f"{card.id} {card.head or clipped(flatten(card.what), LONGEST_LABEL)}"


def _is_tall(picture: Picture) -> bool:
    return picture.drawing.height > TALL * picture.drawing.width


def _drawn(picture: Picture) -> Markup:
    return Markup(picture.printed(FONTS))  # noqa: S704 - written as XML


def _words_of(quoted: Quoted) -> Markup:
    """A quotation in its own language and direction, in quotation marks if nobody translated it."""
    words = flatten(quoted.words)
    marked = words if quoted.source.translated else f"“{words}”"
    language = f' lang="{escape(quoted.source.language)}"' if quoted.source.language else ""
    return Markup(f'<span class="words" dir="{_direction(words)}"{language}>{escape(marked)}</span>')  # noqa: S704


def _soft(text: str) -> Markup:
    """A text for a table's cell, which is as wide as its longest word: endless ones may be broken."""
    words = (_broken(word) if len(word) > ENDLESS else word for word in flatten(text).split(" "))
    return Markup(escape(" ".join(words)))  # noqa: S704 - escaped, and not to be flattened again


def _broken(word: str) -> str:
    return BREAK.join(word[n : n + ENDLESS // 2] for n in range(0, len(word), ENDLESS // 2))


def _direction(words: str) -> str:
    """Where a text begins, by its first letter that says.

    >>> _direction("12 — السلام"), _direction("Sarn السلام")
    ('rtl', 'ltr')
    """
    strong = (unicodedata.bidirectional(sign) for sign in words)
    return next(("ltr" if kind == "L" else "rtl" for kind in strong if kind in ("L", "R", "AL")), "ltr")


def slices(matrix: Matrix, most: int = COLUMNS) -> Iterator[Matrix]:
    """A matrix as several of at most so many columns, alike in width; rows with nothing in them are left out."""
    count = -(-len(matrix.heads) // most)
    for n in range(count):
        of = slice(n * len(matrix.heads) // count, (n + 1) * len(matrix.heads) // count)
        rows = tuple((by, cells[of]) for by, cells in matrix.rows if any(cells[of]))
        yield Matrix(matrix.heads[of], rows)
