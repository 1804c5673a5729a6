"""Where the evidence is: the place on a day's page of a thing, and of a quotation in its article."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from summarizer.archive import Archive
from summarizer.errors import NotArchived
from summarizer.models import Briefing
from summarizer.page.view import Account
from summarizer.serve.asked import BriefingAsked, DayAsked, Id, QuotationAsked
from summarizer.serve.days import Days
from summarizer.serve.wording import day_path, thing_path

MOST = 10_000
"""Changes of a day that are looked through."""


def build_places(archive: Archive, days: Days) -> APIRouter:
    """Addresses that lead on to a place on a day's page, which alone knows its ids and numbers."""
    places = APIRouter(include_in_schema=False)

    @places.get("/days/{day}/quotation")
    def quotation(day: DayAsked, asked: Annotated[QuotationAsked, Query()]) -> Response:
        return Response(status_code=303, headers={"location": place_of_quotation(days, day, asked)})

    @places.get("/days/{day}/printed/{id}")
    def printed(day: DayAsked, id: Id, asked: Annotated[BriefingAsked, Query()]) -> Response:
        return Response(status_code=303, headers={"location": thing_path(archive.identity(day, id, asked.topic))})

    @places.get("/days/{day}/{id}")
    def thing(day: DayAsked, id: Id) -> Response:
        return Response(status_code=303, headers={"location": place_of_thing(archive, day, id)})

    return places


def place_of_thing(archive: Archive, day: date, id: str) -> str:
    """A day's page at a thing, by its id over all days; of what the day doesn't mention, at what it says of that.

    Raises:
        NotArchived: if the day says nothing of it.
        UnknownIdentity: if nothing goes by the id.
    """
    thread = archive.thread(id)
    for mention in thread.mentions:
        if mention.date == day:
            return f"{day_path(day, mention.topic)}#{mention.printed}"
    places: dict[str | None, int] = {}
    for changed in archive.changes(day, day, most=MOST).changes:
        place = places[changed.topic] = places.get(changed.topic, -1) + 1
        if changed.id == thread.id:
            return f"{day_path(day, changed.topic)}#{archive.briefing(day, changed.topic).changes[place].id}"
    raise NotArchived(None, f"{day} on {thread.id}", "")


def place_of_quotation(days: Days, day: date, asked: QuotationAsked) -> str:
    """A day's page at a quotation in its article, which is opened there; without a topic any page that has it.

    Raises:
        NotArchived: if no page of the day has the quotation.
    """
    for each in days.archive.list(day, day):
        if asked.topic is None or each.topic == asked.topic:
            numbers: Mapping[str, int] = json.loads(days.text("quotations", day, each.topic, _numbers))
            if number := numbers.get(f"{asked.article} {asked.start} {asked.end}"):
                return f"{day_path(day, each.topic)}#q{number}"
    raise NotArchived(None, f"{day} that has the quotation", "")


def _numbers(briefing: Briefing) -> str:
    """The numbers that quotations have on a day's page, by their article and characters, as JSON."""
    listed = Account(briefing).quotations
    return json.dumps({f"{each.article} {each.start} {each.end}": number for number, each in listed})
