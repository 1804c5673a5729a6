"""ninjs: valid against IPTC's schema, one text a story, nothing in it that a clock told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from summarizer import Briefing
from summarizer.export import export
from summarizer.render import render_markdown
from tests.conftest import DAYS, EVERY, MANY
from tests.exports import SCHEMAS, changed, spoilt, stored

SCHEMA = json.loads((SCHEMAS / "ninjs-schema_3.1.json").read_text(encoding="utf-8"))
URI = re.compile(r"(urn:uuid:[0-9a-f-]{36}|https?://[!-~]+)\Z")


def ninjs(briefing: Briefing) -> dict[str, Any]:
    """The briefing's ninjs object."""
    return dict(json.loads(export(briefing, "ninjs")))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects within one."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects(part)
    elif isinstance(value, list):
        for part in value:
            yield from objects(part)


@pytest.mark.parametrize("day", EVERY)
@pytest.mark.parametrize("attacked", [False, True])
def test_valid_against_the_published_schema(day: str, attacked: bool) -> None:
    """Every object is valid, and every URI is one, whatever the articles say."""
    item = ninjs(spoilt(stored(day)) if attacked else stored(day))
    assert list(Draft202012Validator(SCHEMA).iter_errors(item)) == []
    for part in objects(item):
        for name in part.keys() & {"uri", "href", "schema"}:
            assert URI.match(part[name]), part[name]


def test_the_schema_refuses_what_is_wrong() -> None:
    """The check can fail: an unknown field is refused."""
    assert list(Draft202012Validator(SCHEMA).iter_errors(ninjs(stored()) | {"body_html": ""}))


def test_a_day_of_one_story_is_one_text() -> None:
    """Its headline is the story's, its bodies the page as text and as Markdown."""
    briefing = stored(DAYS[0])
    item = ninjs(briefing)
    assert item["type"] == "text"
    assert briefing.stories[0].headline
    assert item["headlines"][0]["value"] == briefing.stories[0].headline.text
    assert [body["contentType"] for body in item["bodies"]] == ["text/plain", "text/markdown"]
    assert item["bodies"][1]["value"] == render_markdown(briefing)
    assert len(item["descriptions"]) == len(briefing.stories[0].bottom_line)


def test_a_day_of_several_stories_is_a_composite_of_texts() -> None:
    """Each story is a text of its own, with its own people, articles and page; no item is in two of them."""
    briefing = stored(MANY)
    item = ninjs(briefing)
    assert item["type"] == "composite"
    texts = item["associations"]
    assert [text["type"] for text in texts] == ["text"] * len(briefing.stories)
    for text, story in zip(texts, briefing.stories, strict=True):
        page = text["bodies"][1]["value"]
        assert page.startswith(f"# {story.name[:20]}")
        assert all(f"**{id}**" in page for id in story.items if id[0] != "X")
        articles = {part["altIds"][0]["value"] for part in text["associations"] if part["rel"] == "source"}
        assert set(story.articles) <= articles
        assert {event["id"] for event in text.get("events", [])} == {id for id in story.items if id[0] in "VE"}


@pytest.mark.parametrize("day", EVERY)
def test_people_bodies_and_places(day: str) -> None:
    """Persons are people, bodies and media organisations, states places; groups and the unnamed are none."""
    briefing = stored(day)
    item = ninjs(briefing)
    names = {kind: {thing["name"] for thing in item[kind]} for kind in ("people", "organisations", "places")}
    kinds = {"person": "people", "state": "places"} | dict.fromkeys(
        ["organisation", "intergovernmental", "media"], "organisations"
    )
    for actor in briefing.actors:
        assert actor.kind not in kinds or actor.name in names[kinds[actor.kind]]
        assert actor.kind in kinds or actor.name not in names["people"] | names["organisations"]


def test_a_country_has_iptcs_uri() -> None:
    """A state of ISO 3166 is a place with the URI of its code."""
    places = ninjs(changed(stored(), "actors", "A1", country="FRA"))["places"]
    assert {"name": "Kestria", "rel": "mentions", "uri": "http://cvx.iptc.org/iso3166-1a3/FRA"} in places


def test_occasions_keep_the_precision_of_their_date() -> None:
    """A month is a month: ninjs has truncated dates, and no day is made up."""
    events = [part for part in ninjs(stored())["associations"] if part["rel"] == "event"]
    dates = [event["eventDetails"]["dates"]["expectedStartDate"] for event in events]
    assert dates == [venue.when.date for venue in stored().venues if venue.when]
    assert "2031-06" in dates


def test_a_model_wrote_it_and_the_item_says_so() -> None:
    """The digital source type names generative AI; the editor's note names program and model."""
    item = ninjs(stored())
    assert item["digitalSourceType"]["uri"].endswith("/compositeSynthetic")
    assert stored().provenance.model in item["edNote"]


@pytest.mark.parametrize("day", EVERY)
def test_no_time_of_day(day: str) -> None:
    """No field that asks for a time of day is there."""
    timed = {"firstCreated", "versionCreated", "contentCreated", "embargoedUntil", "expires", "startDate", "endDate"}
    assert not [part for part in objects(ninjs(stored(day))) if part.keys() & timed]


def test_the_same_articles_read_again_are_a_revision() -> None:
    """The URI is of day, topic and articles; the version of what is written."""
    briefing = stored()
    old, new = ninjs(briefing), ninjs(changed(briefing, "venues", "V1", status="confirmed"))
    assert old["uri"] == new["uri"]
    assert old["version"] != new["version"]
    other = ninjs(briefing.model_copy(update={"topic": "water"}))
    assert other["uri"] != old["uri"]
    assert "water" in [subject["name"] for subject in other["subjects"]]
