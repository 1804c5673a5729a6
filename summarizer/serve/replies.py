"""How answers are written: pages by templates, models as JSON, troubles as either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from summarizer.page import asset
from summarizer.pictures.style import palette
from summarizer.serve.wrong import Trouble
from summarizer.text import escape_hidden, flatten, web_address

HERE = Path(__file__).parent
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
OWN = ("site.css", "nav.css", "search.js")
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
    text = palette() + text if name == "site.css" else text
    return text, KINDS[Path(name).suffix]


def tell(trouble: Trouble, program: bool, heads: Mapping[str, str] | None = None) -> Response:
    """Why there is no answer: to a program as JSON, to a person as a page."""
    if program:
        text = escape_hidden(trouble.model_dump_json(exclude_none=True))
        headers = dict(heads or {})
        return Response(text, status_code=trouble.status, media_type="application/problem+json", headers=headers)
    return page("trouble.html", trouble.status, heads, trouble=trouble, here="", has_token=False)


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
    made.filters |= {
        "long": lambda day: f"{day:%A}, {day.day} {day:%B} %Y".replace("%Y", str(day.year)),
        "short": lambda day: f"{day.day} {day:%b} {day.year}",
        "span": _span,
        "words": lambda kind: str(kind).replace("_", " "),
        "link": web_address,
        "thing": thing_path,
        "day": day_path,
        "actor": lambda name: f"/actors/{quote(name, safe='')}",
    }
    return made


def _span(first: date, last: date) -> str:
    short = environment().filters["short"]
    return str(short(first) if first == last else f"{short(first)} to {short(last)}")


def thing_path(id: str) -> str:
    """The page of a thing over all days."""
    return f"/{'actors' if id.startswith('A') else 'things'}/{quote(id, safe='')}"


def day_path(day: date, topic: str | None) -> str:
    """The page of a day's briefing."""
    return f"/days/{day.isoformat()}" + (f"?topic={quote(topic, safe='')}" if topic else "")
