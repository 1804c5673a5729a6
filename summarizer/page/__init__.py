"""A briefing as a page: one file that needs nothing else, on which every line opens the words that it rests on."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from summarizer.models import Article, Briefing
from summarizer.page.quotations import Text
from summarizer.page.view import KINDS, LETTERS_SAID, Account, Figure
from summarizer.pictures.style import css, palette, palette_on_paper
from summarizer.render.layout import words
from summarizer.text import flatten, web_address

if TYPE_CHECKING:
    from summarizer.archive.found import Ledger

__all__ = ["asset", "render_page"]


def render_page(
    briefing: Briefing,
    articles: Iterable[Article] = (),
    *,
    ledger: Ledger | None = None,
    assets: str | None = None,
    printed: bool = False,
    above: Markup | None = None,
    things: Callable[[str], str] | None = None,
) -> str:
    """The briefing as an HTML page.

    Args:
        briefing: any.
        articles: texts to lead back to, earlier days' as well; of those that are not among them the page has the
            quotations alone.
        ledger: how its things came to where they stand (`Archive.ledger_of`), which is drawn; None: it isn't.
        assets: URL of the folder that serves `page.css` and `page.js`; None: both are in the page, which then
            allows itself these two, by their hashes, and nothing from elsewhere.
        printed: whether each item has its quotations under it; a browser that prints puts them there by itself.
        above: markup that a site puts before it, as its navigation; None: nothing.
        things: the URL under which a site has a thing over all days, by the id that the page has; None: nowhere.
    """
    account = Account(briefing, tuple(articles), printed, things, ledger)
    style, script = asset("page.css"), asset("page.js")
    inline = {"style": Markup(style), "script": Markup(script)}  # noqa: S704 - our own
    policy = (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    page = environment().get_template("page.html")
    return (
        page.render(
            b=briefing,
            page=account,
            kinds=KINDS,
            letters=LETTERS_SAID,
            assets=assets,
            above=above,
            policy=policy,
            **inline,
        )
        + "\n"
    )


@cache
def asset(name: str) -> str:
    """A file that the page needs: `page.css`, with its colours and the rules of its pictures, or `page.js`."""
    own = files(__package__).joinpath(name).read_text("utf-8")
    return f"{palette()}{palette_on_paper()}{own}{css()}" if name == "page.css" else own


def _source(text: str) -> str:
    """How a policy names a script or a style by what it is."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def environment() -> Environment:
    """Templates in which nothing that an article or a model says becomes markup."""
    made = Environment(
        loader=PackageLoader("summarizer.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters.update(words=words, body=body, svg=svg, link=web_address)
    return made


def _shown(value: object) -> object:
    """What is printed, on one line and without what hides or steers."""
    return flatten(value) if type(value) is str else value


def body(text: Text) -> Markup:
    """An article's characters, each quotation marked by its number, and behind it the ids that rest on it."""
    told = []
    for piece in text.pieces:
        told += [f'<span id="q{number}"></span>' for number in piece.begins]
        shown = exact(piece.text)
        plain = piece.boilerplate or piece.missing
        if piece.quotations:
            numbers = " ".join(map(str, piece.quotations))
            shown = f'<span class="cited{" plain" if plain else ""}" data-q="{numbers}">{shown}</span>'
        elif plain:
            shown = f'<span class="plain">{shown}</span>'
        told.append(shown)
        if piece.cited_by:
            links = "".join(f'<a href="#{escape(id)}">{escape(id)}</a>' for id in piece.cited_by)
            told.append(f'<span class="back">{links}</span>')
    return Markup("".join(told))  # noqa: S704 - each part is escaped


def svg(figure: Figure) -> Markup:
    """A picture as a part of the page, its ids as links."""
    return Markup(figure.picture.svg(figure.prefix))  # noqa: S704 - written as XML


def exact(text: str) -> str:
    """An article's characters as they are, so that a browser reads the same.

    A browser takes a carriage return for a line feed unless it is spelt out, and can't have NUL or half a
    surrogate pair at all: these are shown as a replacement character, as browsers do.
    """
    whole = text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(escape(whole)).replace("\r", "&#13;")
