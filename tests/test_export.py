"""All exported formats: each is whole, the same every time, and nothing in the material breaks it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from summarizer import Article, Briefing
from summarizer.errors import InputError, UnknownFormat
from summarizer.export import FORMATS, export
from summarizer.export.facts import briefing_id, to_json
from summarizer.models import Original
from summarizer.render import render_as
from summarizer.text import HIDDEN
from tests.archived import MONDAY, TUESDAY, make_briefing
from tests.conftest import EVERY, ROOT
from tests.exports import changed, spoilt, stored

JSON = {"plover", "ninjs", "jsonld"}


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    """Each format's name."""
    return str(request.param)


def documents(text: str, form: str) -> list[Any]:
    """What a JSON format holds: one document, or one a line."""
    return list(map(json.loads, text.splitlines())) if form == "plover" else [json.loads(text)]


def test_an_unknown_format_is_an_input_error() -> None:
    """A name that is none of a format is refused, and those that are are named."""
    with pytest.raises(UnknownFormat, match="no format 'pdf'; there are: plover, ninjs, jsonld, ics, csv, quotes-csv"):
        export(stored(), "pdf")
    assert issubclass(UnknownFormat, InputError)


def test_formats_are_told_apart_by_their_suffix() -> None:
    """No two formats end alike."""
    assert len({form.suffix for form in FORMATS.values()}) == len(FORMATS)


@pytest.mark.parametrize("day", EVERY)
def test_an_export_is_the_same_every_time(form: str, day: str) -> None:
    """A briefing has one export in a format, and no line of it is left open."""
    text = export(stored(day), form)
    assert text == export(Briefing.model_validate_json(stored(day).model_dump_json()), form)
    assert text.endswith("\n")


PROGRAM = """
import sys
from pathlib import Path
from summarizer.export import FORMATS, export
from summarizer.models import Briefing
briefing = Briefing.model_validate_json(Path("examples/2031-05-13.briefing.json").read_bytes())
"""


def run(code: str, **environment: str) -> str:
    """What a program with `briefing` prints, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + code], cwd=ROOT, capture_output=True, check=True, env=environment
    )
    return done.stdout.decode()


def test_no_clock_is_read() -> None:
    """Neither the time zone nor the seed of hashes changes a character."""
    code = "sys.stdout.buffer.write(ascii([export(briefing, form) for form in FORMATS]).encode())"
    made = run(code, TZ="Pacific/Kiritimati", PYTHONHASHSEED="1")
    assert made == run(code, TZ="Etc/GMT+12", PYTHONHASHSEED="2")
    here = Briefing.model_validate_json((ROOT / "examples/2031-05-13.briefing.json").read_bytes())
    assert made == ascii([export(here, form) for form in FORMATS])


def test_libraries_are_imported_by_the_format_that_needs_them() -> None:
    """Writing a table does not import icalendar; writing a calendar does."""
    code = "for form in ('csv', 'ics'): export(briefing, form); print('icalendar' in sys.modules)"
    assert run(code).split() == ["False", "True"]


@pytest.mark.parametrize("day", EVERY)
def test_nothing_hides(form: str, day: str) -> None:
    """No control, format or surrogate character stands in an export but the ends of its lines."""
    text = export(spoilt(stored(day)), form)
    text.encode()
    lines = text.replace("\r\n", "\n") if form not in JSON else text
    assert not {unicodedata.category(c) for c in lines if c not in "\n\u200c\u200d"} & (HIDDEN | {"Zl", "Zp"})
    if form in JSON:
        assert documents(text, form)


def test_a_briefing_of_nothing_can_be_exported(form: str) -> None:
    """A day without items, stories and articles is written like any other."""
    data = stored().model_dump(mode="json")
    empty = Briefing.model_validate({key: data[key] for key in ("date", "provenance")})
    text = export(empty, form)
    assert form == "plover" or text.endswith("\n")
    if form in JSON - {"plover"}:
        assert documents(text, form)


@pytest.mark.parametrize("word", ["\ud800", "\udfff\ud800", "a\udc80b"])
def test_lone_surrogates_are_replaced_one_for_one(word: str) -> None:
    """JSON that a strict reader takes: a lone surrogate is U+FFFD, so that offsets hold."""
    text = to_json({"a": word})
    assert text.encode()
    assert len(json.loads(text)["a"]) == len(word)
    assert "\ufffd" in text


def test_a_briefing_holds_no_lone_surrogate() -> None:
    """A briefing with one does not validate, so that no format meets it in a quotation."""
    with pytest.raises(ValidationError):
        changed(stored(), "venues", "V1", what="a\udc80b")


def test_huge_lines_are_written(form: str) -> None:
    """A name, a place and a quotation of a hundred thousand letters break nothing."""
    words = "x;" * 50_000
    data = changed(stored(), "actors", "A1", name=words).model_dump(mode="json")
    venue = data["venues"][0]
    evidence = venue["variants"][0]["evidence"][0]
    evidence.update(quote=words, end=evidence["start"] + len(words))
    venue.update(place=words, what=words, kind=words)
    data["sources"] = [source | {"characters": 10**6} for source in data["sources"]]
    assert export(Briefing.model_validate(data), form).encode()


@settings(max_examples=25, deadline=None)
@given(words=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_text_can_be_exported(words: str) -> None:
    """Whatever is written in a briefing, JSON parses, and tables and calendars are UTF-8."""
    briefing = stored()
    venue = briefing.venues[0].model_copy(update={"what": words, "kind": words, "place": words})
    actors = tuple(actor.model_copy(update={"name": words}) for actor in briefing.actors)
    odd = briefing.model_copy(update={"venues": (venue, *briefing.venues[1:]), "actors": actors})
    for form in FORMATS:
        text = export(odd, form)
        assert text.encode()
        if form in JSON:
            documents(text, form)


def test_no_login_is_put_out() -> None:
    """An article's login is gone before anything is made of it: from page, JSON, answers and exports."""
    login = "https://desk:hunter2@feeds.example/x"
    article = Article.of("Rain fell.", name=f"day.warc!{login}", url=login, original=original(login))
    assert article.url == "https://feeds.example/x"
    assert article.id == Article.of("Rain fell.", name="day.warc!https://feeds.example/x", url=article.url).id
    assert "hunter2" not in article.model_dump_json()
    briefing = make_briefing(MONDAY)
    data = briefing.model_dump(mode="json")
    data["sources"][0] |= {"url": login, "name": login}
    data["problems"] = [{"stage": "ingest", "article": login, "reason": "x", "cost": "y"}]
    told = Briefing.model_validate(data)
    for form in (*FORMATS, "md", "json", "text"):
        page = export(told, form) if form in FORMATS else render_as(told, form)
        assert "hunter2" not in page, form


def original(place: str) -> Original:
    """What an article was read from, at a place."""
    return Original(place=place, media_type="text/plain", sha256="0" * 64)


def test_an_earlier_day_s_article_makes_no_other_briefing() -> None:
    """The id is of the day's own articles, whatever a change quotes besides."""
    briefing = make_briefing(TUESDAY)
    quoted = make_briefing(MONDAY).sources[0].model_copy(update={"earlier": True})
    compared = briefing.model_copy(update={"sources": (*briefing.sources, quoted)})
    assert briefing_id(compared) == briefing_id(briefing)
    assert briefing_id(briefing) != briefing_id(make_briefing(MONDAY))


def test_every_format_has_its_chapter() -> None:
    """The docs have each format in a heading, and no other."""
    page = (ROOT / "docs/export.md").read_text(encoding="utf-8")
    heads = " ".join(re.findall(r"^## .*$", page, re.M))
    assert re.findall(r"`([\w-]+)`", heads) == list(FORMATS)
