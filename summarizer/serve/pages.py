"""The pages, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from summarizer.archive import Archive
from summarizer.archive.found import Diff, Hits
from summarizer.errors import InputError, NotArchived, UnknownIdentity
from summarizer.models import Briefing
from summarizer.page import render_page
from summarizer.pictures import movement
from summarizer.serve.access import SESSION, Gate
from summarizer.serve.api import ask_ledger
from summarizer.serve.asked import (
    ActorAsked,
    ActorsAsked,
    BriefingAsked,
    BriefingsAsked,
    DayAsked,
    DiffForm,
    Id,
    LedgerAsked,
    SearchForm,
    Words,
)
from summarizer.serve.days import Days
from summarizer.serve.feed import MOST, render_feed
from summarizer.serve.guard import COOKIE, Visitor
from summarizer.serve.replies import page, piece
from summarizer.serve.replies import static as static_file
from summarizer.serve.wording import printed_path
from summarizer.serve.wrong import Refused, Trouble, trouble_of

T = TypeVar("T")

KINDS = ("actor", "demand", "proposal", "venue", "claim", "event", "dispute")
ABOVE = Markup("<!-- above -->")
"""Stands on a page that is kept for what the day's neighbours change; no text has it, since texts are escaped."""
LONGEST_FORM = 4096
"""Bytes of a form."""
SUMMARY = 3
"""Sentences of a story that the feed has."""


def build_pages(archive: Archive, days: Days, name: str) -> APIRouter:
    """All that people see; `name` is what the feed's ids are made with."""
    pages = APIRouter(include_in_schema=False)

    @pages.get("/")
    def all_days(request: Request, asked: Annotated[BriefingsAsked, Query()]) -> Response:
        listed = archive.list()
        found = [
            each
            for each in listed
            if (asked.topic is None or each.topic == asked.topic)
            and (asked.since is None or each.date >= asked.since)
            and (asked.until is None or each.date <= asked.until)
        ]
        topics = sorted({each.topic for each in listed if each.topic}, key=str.casefold)
        months = [
            (month, list(some)) for month, some in groupby(found, key=lambda each: f"{each.date:%B} {each.date.year}")
        ]
        return page("days.html", asked=asked, months=months, topics=topics, any=bool(listed), **_shared(request))

    @pages.get("/days/{day}")
    def one_day(request: Request, day: DayAsked, asked: Annotated[BriefingAsked, Query()]) -> Response:
        listed = archive.list()
        there = [each for each in listed if each.date == day]
        try:
            found = days.find(day, asked.topic)
        except NotArchived:
            if not there:
                raise
            return page("topics.html", 404, day=day, there=there, asked=asked, **_shared(request))
        own = [each for each in listed if each.topic == found.topic]
        place = own.index(found)
        above = piece(
            "above.html",
            found=found,
            later=own[place - 1] if place else None,
            earlier=own[place + 1] if place + 1 < len(own) else None,
            others=[each for each in there if each != found],
            **_shared(request),
        )

        def render(briefing: Briefing) -> str:
            texts = archive.articles_of(day, found.topic)
            return render_page(
                briefing, texts, assets="/static", above=ABOVE, things=lambda id: printed_path(day, id, found.topic)
            )

        body = days.text("page", day, found.topic, render)
        return Response(body.replace(ABOVE, above, 1), media_type="text/html")

    @pages.get("/diff")
    def diff(request: Request, asked: Annotated[DiffForm, Query()]) -> Response:
        known = sorted({each.date for each in archive.list()}, reverse=True)
        latest: list[date | None] = [*known[:2], None, None]
        chosen = (asked.before or latest[1], asked.after or latest[0])

        def ask() -> Diff | None:
            if asked.before is None or asked.after is None:
                return None
            if asked.before == asked.after:
                raise Refused(422, "two different days are compared", "pick another day", where="after")
            return archive.diff(asked.before, asked.after)

        found, wrong = _tried(ask)
        return _with_form("diff.html", wrong, known=known, chosen=chosen, found=found, **_shared(request))

    @pages.get("/ledger")
    def ledger(request: Request, asked: Annotated[LedgerAsked, Query()]) -> Response:
        found, wrong = _tried(lambda: ask_ledger(archive, asked) if archive.list() else None)
        picture = movement(found) if found else None
        return _with_form("ledger.html", wrong, asked=asked, found=found, picture=picture, **_shared(request))

    @pages.get("/actors")
    def actors(request: Request, asked: Annotated[ActorsAsked, Query()]) -> Response:
        found = archive.actors(asked.name, since=asked.since, until=asked.until, most=asked.most)
        return page("actors.html", asked=asked, found=found, **_shared(request))

    @pages.get("/actors/{name:path}")
    def actor(request: Request, name: Words, asked: Annotated[ActorAsked, Query()]) -> Response:
        found = archive.actor(name, since=asked.since, until=asked.until, most=asked.most)
        return page("actor.html", asked=asked, found=found, kinds=KINDS, **_shared(request))

    @pages.get("/things/{id}")
    def thing(request: Request, id: Id) -> Response:
        return page("thing.html", found=archive.thread(id), **_shared(request))

    def hits(asked: SearchForm) -> Hits | None:
        if not asked.words.strip():
            return None
        return archive.search(asked.words, party=asked.party, kinds=asked.type, since=asked.since, until=asked.until)

    @pages.get("/search")
    def search(request: Request, asked: Annotated[SearchForm, Query()]) -> Response:
        found, wrong = _tried(lambda: hits(asked))
        return _with_form("search.html", wrong, asked=asked, found=found, kinds=KINDS, **_shared(request))

    @pages.get("/search/hits")
    def search_hits(asked: Annotated[SearchForm, Query()]) -> Response:
        found, wrong = _tried(lambda: hits(asked))
        return _with_form("hits.html", wrong, asked=asked, found=found)

    @pages.get("/api")
    def api(request: Request) -> Response:
        return page("api.html", paths=request.app.openapi()["paths"], **_shared(request))

    @pages.get("/feed.atom")
    def feed(request: Request) -> Response:
        entries = [(each, days.text("summary", each.date, each.topic, _summary)) for each in archive.list()[:MOST]]
        made = render_feed(entries, base=_visitor(request).base, name=name)
        return Response(made, media_type="application/atom+xml")

    return pages


def build_static() -> APIRouter:
    """What pages load: our own files, each by its name, read once."""
    static = APIRouter(include_in_schema=False)

    @static.get("/favicon.ico")
    def icon() -> Response:
        return file("icon.svg")

    @static.get("/static/{name}")
    def file(name: str) -> Response:
        found = static_file(name)
        if found is None:
            raise Refused(404, "there is no such file", "start at /")
        return Response(found[0], media_type=found[1])

    return static


def build_door() -> APIRouter:
    """The way in and out, for browsers."""
    door = APIRouter(include_in_schema=False)

    @door.get("/login")
    def form(request: Request, next: str = "/") -> Response:
        inside = _gate(request).is_session(_visitor(request).session())
        return page("login.html", inside=inside, next=_local(next), wrong=None, **_shared(request))

    @door.post("/login")
    async def sign_in(request: Request) -> Response:
        gate = _gate(request)
        visitor = _visitor(request)
        form = await _form(request)
        wanted = _local(form.get("next", "/"))
        wait = gate.turns.wait(visitor.address)
        if wait:
            told = f"Too many wrong tokens were given. Try again in {wait} seconds."
            heads = {"retry-after": str(wait)}
            return page("login.html", 429, heads, inside=False, next=wanted, wrong=told, **_shared(request))
        if not gate.opens(form.get("token", "")):
            gate.turns.missed(visitor.address)
            told = "That is not the token."
            return page("login.html", 401, inside=False, next=wanted, wrong=told, **_shared(request))
        gate.turns.hit(visitor.address)
        return _with_cookie(wanted, gate.new_session(), SESSION, secure=visitor.secure)

    @door.post("/logout")
    def sign_out(request: Request) -> Response:
        _gate(request)
        return _with_cookie("/login", "", 0, secure=_visitor(request).secure)

    return door


def _with_form(template: str, wrong: Trouble | None, **values: Any) -> Response:
    """A page that says by itself what is wrong with what was asked."""
    return page(template, wrong.status if wrong else 200, None, wrong=wrong, **values)


def _tried(ask: Callable[[], T]) -> tuple[T | None, Trouble | None]:
    """What was asked for, or why it can't be had, which is said under the form, with all that was filled in."""
    try:
        return ask(), None
    except Refused as error:
        return None, error.trouble
    except (NotArchived, UnknownIdentity, InputError) as error:
        return None, trouble_of(error)


def _with_cookie(to: str, value: str, seconds: int, *, secure: bool) -> Response:
    """On to another page, with a cookie that no script reads and no other site's page sends."""
    made = Response(status_code=303, headers={"location": to})
    made.set_cookie(COOKIE, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="strict")
    return made


async def _form(request: Request) -> dict[str, str]:
    """A short form's fields, each once."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise Refused(415, "that is no form", "send application/x-www-form-urlencoded")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise Refused(413, "the form is too long", "send token and next, no more")
    try:
        fields = parse_qs(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        raise Refused(400, "the form has too many fields", "send token and next, no more") from None
    return {name: values[0] for name, values in fields.items()}


def _local(path: str) -> str:
    """A path of this site, or its first page: never another site."""
    is_plain = path.isascii() and path.isprintable() and len(path) <= 2048
    return path if is_plain and path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _gate(request: Request) -> Gate:
    gate: Gate | None = request.scope["gate"]
    if gate is None:
        raise Refused(404, "this site asks for no token", "start at /")
    return gate


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.scope["visitor"]
    return visitor


def _shared(request: Request) -> dict[str, Any]:
    """What every page is told."""
    return {"here": request.url.path, "has_token": request.scope["gate"] is not None}


def _summary(briefing: Briefing) -> str:
    """What a briefing says first."""
    told = [line.text for story in briefing.stories for line in story.bottom_line[:SUMMARY]]
    return " ".join(told)[:4000]
