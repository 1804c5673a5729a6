"""How answers are written: pages by templates, models as JSON, troubles as either."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from summarizer.page import asset
from summarizer.pictures import css
from summarizer.pictures.style import palette
from summarizer.serve.wording import FILTERS
from summarizer.serve.wrong import TITLES, Trouble
from summarizer.text import escape_hidden, flatten

HERE = Path(__file__).parent
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
OWN = ("site.css", "nav.css", "search.js", "login.js", "icon.svg")
OF_A_DAY = ("page.css", "page.js")
"""What pages load: files of this package, and of the one that writes a day."""


def as_json(answer: BaseModel | tuple[BaseModel, ...], kind: Any = None) -> Response:
    """A model, or several (`kind` is their type then), as JSON in which nothing hides from the eye."""
    text = TypeAdapter(kind or type(answer)).dump_json(answer).decode()
    return Response(escape_hidden(text), media_type="application/json")


def page(template: str, /, status: int = 200, heads: Mapping[str, str] | None = None, **values: Any) -> Response:
    """A page, or a piece of one, by its template."""
    return Response(piece(template, **values), status_code=status, media_type="text/html", headers=dict(heads or {}))


def piece(template: str, /, **values: Any) -> str:
    """A piece of a page by its template."""
    return environment().get_template(template).render(values)


@cache
def static(name: str) -> tuple[str, str] | None:
    """A file that pages load, and as what; None: there is none of this name."""
    if name not in (*OWN, *OF_A_DAY):
        return None
    text = asset(name) if name in OF_A_DAY else (HERE / "static" / name).read_text("utf-8")
    text = palette() + text + css() if name == "site.css" else text
    return text, KINDS[Path(name).suffix]


def tell(
    trouble: Trouble, program: bool, heads: Mapping[str, str] | None = None, *, has_token: bool = False
) -> Response:
    """Why there is no answer: to a program as JSON, to a person as a page, on which one can sign out if `has_token`."""
    if program:
        text = escape_hidden(trouble.model_dump_json(exclude_none=True))
        headers = dict(heads or {})
        return Response(text, status_code=trouble.status, media_type="application/problem+json", headers=headers)
    title = TITLES.get(trouble.status, trouble.title)
    return page("trouble.html", trouble.status, heads, trouble=trouble, title=title, here="", has_token=has_token)


@cache
def environment() -> Environment:
    """The templates: whatever they print is made visible, then escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: flatten(value) if type(value) is str else "" if value is None else value,
    )
    made.filters |= FILTERS
    return made
