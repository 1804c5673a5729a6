"""The API: what an archive answers, as JSON by the models that Python gets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from summarizer.archive.archive import Archive
from summarizer.archive.found import ActorRecord, Cast, Changes, Diff, Hits, Ledger, Listed, Thread
from summarizer.models import Briefing
from summarizer.serve.asked import (
    ActorAsked,
    ActorsAsked,
    BriefingAsked,
    BriefingsAsked,
    ChangesAsked,
    DayAsked,
    DiffAsked,
    Id,
    LedgerAsked,
    SearchAsked,
    Words,
)
from summarizer.serve.days import Days
from summarizer.serve.replies import as_json
from summarizer.serve.wrong import Trouble
from summarizer.text import escape_hidden

TOLD: dict[int | str, dict[str, Any]] = {
    401: {"model": Trouble, "description": "The token is missing or wrong"},
    422: {"model": Trouble, "description": "A parameter that can't be used"},
    429: {"model": Trouble, "description": "Too many wrong tokens"},
    503: {"model": Trouble, "description": "The archive can't be read, or the question takes too long"},
}
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": Trouble, "description": "Not in the archive"}}


def build_api(archive: Archive, days: Days) -> APIRouter:
    """All that programs can ask."""
    api = APIRouter(prefix="/api", responses=TOLD)

    @api.get("/briefings", response_model=tuple[Listed, ...], summary="All briefings, newest first")
    def briefings(asked: Annotated[BriefingsAsked, Query()]) -> Response:
        listed = archive.list(asked.since, asked.until)
        found = tuple(each for each in listed if asked.topic is None or each.topic == asked.topic)
        return as_json(found, tuple[Listed, ...])

    @api.get("/briefings/{date}", response_model=Briefing, responses=UNKNOWN, summary="A day's briefing, whole")
    def briefing(
        date: Annotated[DayAsked, Path(description="The day")], asked: Annotated[BriefingAsked, Query()]
    ) -> Response:
        found = days.find(date, asked.topic)
        text = days.text("json", date, found.topic, lambda made: escape_hidden(made.model_dump_json()))
        return Response(text, media_type="application/json")

    @api.get("/diff", response_model=Diff, responses=UNKNOWN, summary="Two days side by side")
    def diff(asked: Annotated[DiffAsked, Query()]) -> Response:
        return as_json(archive.diff(asked.before, asked.after))

    @api.get(
        "/ledger",
        response_model=Ledger,
        responses=UNKNOWN,
        summary="Who wants what and what came of it; without from and to of the last thirty days",
    )
    def ledger(asked: Annotated[LedgerAsked, Query()]) -> Response:
        return as_json(ask_ledger(archive, asked))

    @api.get("/actors", response_model=Cast, summary="Who is mentioned, on most days first")
    def actors(asked: Annotated[ActorsAsked, Query()]) -> Response:
        return as_json(archive.actors(asked.name, since=asked.since, until=asked.until, most=asked.most))

    @api.get(
        "/actors/{name:path}", response_model=ActorRecord, responses=UNKNOWN, summary="What an actor had a part in"
    )
    def actor(
        name: Annotated[Words, Path(description="Id or name, or a part of one")], asked: Annotated[ActorAsked, Query()]
    ) -> Response:
        return as_json(archive.actor(name, since=asked.since, until=asked.until, most=asked.most))

    @api.get("/things/{id}", response_model=Thread, responses=UNKNOWN, summary="One thing over all days")
    def thing(id: Annotated[Id, Path(description="As D4")]) -> Response:
        return as_json(archive.thread(id))

    @api.get("/changes", response_model=Changes, responses=UNKNOWN, summary="What became of things, newest first")
    def changes(asked: Annotated[ChangesAsked, Query()]) -> Response:
        found = archive.changes(asked.since, asked.until, kinds=asked.kind, party=asked.party, most=asked.most)
        return as_json(found)

    @api.get("/search", response_model=Hits, responses=UNKNOWN, summary="What has all the words, newest first")
    def search(asked: Annotated[SearchAsked, Query()]) -> Response:
        found = archive.search(
            asked.q, party=asked.party, kinds=asked.type, since=asked.since, until=asked.until, most=asked.most
        )
        return as_json(found)

    return api


def ask_ledger(archive: Archive, asked: LedgerAsked) -> Ledger:
    """The ledger of what was asked for, of a bounded span.

    Raises:
        NotArchived: if the archive is empty.
        UnknownIdentity: if nobody goes by the party's name, or several do.
    """
    listed = archive.list()
    if not listed:
        return archive.ledger()  # says that it is empty
    since, until = asked.span(listed[0].date)
    return archive.ledger(since, until, party=asked.party, issue=asked.issue)


def mend_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document in which troubles are problem+json, and the token is known."""
    for path in schema["paths"].values():
        for operation in path.values():
            for status, told in operation["responses"].items():
                if status >= "400" and "application/json" in told.get("content", {}):
                    told["content"] = {"application/problem+json": told["content"].pop("application/json")}
    schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{}, {"token": []}]
    return schema
