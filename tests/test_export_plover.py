"""PLOVER records: names that the manual has, events that follow, and the way back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from summarizer import Briefing
from summarizer.export import export
from summarizer.export.plover import CiteInfo, Entity, Location, Record, records
from summarizer.models import Demand, Resolution, VenueStatus
from tests.archived import MONDAY, make_briefing
from tests.conftest import DAYS, EVERY, ROOT
from tests.exports import SCHEMAS, as_met, by_one, changed, dispute_of, stored

MANUAL: dict[str, Any] = json.loads((SCHEMAS / "plover-2.0.json").read_text(encoding="utf-8"))
OURS = {"trace", "actor_id", "actor_kind"}


def of(briefing: Briefing, id: str) -> list[Record]:
    """The records that an item makes."""
    return [record for record in records(briefing) if record.trace.item == id]


def told(record: Record) -> str:
    """A record in a line: who, what, how, to whom."""
    who, whom = (", ".join(entity.entity_text for entity in side) for side in (record.actor, record.recipient))
    mode = f"-{record.mode[0]}" if record.mode else ""
    return f"{who} {record.event[0]}{mode} {whom}".strip()


@pytest.mark.parametrize("day", EVERY)
def test_every_name_is_the_manuals(day: str) -> None:
    """Fields, events, modes, codes, sectors, quad categories and scores are those of the manual."""
    for model, table in ((Record, "record"), (Entity, "entity"), (Location, "location"), (CiteInfo, "citation")):
        assert set(model.model_fields) - OURS <= set(MANUAL["fields"][table])
    for briefing in (stored(day), *travelled(stored(day))):
        for record in records(briefing):
            (event,) = record.event
            assert event in MANUAL["events"]
            assert set(record.mode or ()) <= set(MANUAL["events"][event])
            assert record.quad_code == MANUAL["quad_codes"][event]
            name = f"{event}: {record.mode[0].capitalize()}" if record.mode else event
            assert record.event_scale == MANUAL["scale"][name]
            for entity in (*record.actor, *record.recipient):
                assert entity.sector is None or entity.sector in MANUAL["sectors"]
                assert entity.code is None or entity.code in MANUAL["non_state_codes"] or len(entity.code) == 3


def travelled(briefing: Briefing) -> list[Briefing]:
    """The same day with meetings of every mode."""
    if len(briefing.venues) < 3 or briefing.date.day == 3:
        return []
    abroad = {"status": "past", "place": "x"}
    real = changed(changed(briefing, "actors", "A1", country="FRA"), "actors", "A2", country="DEU")
    return [
        changed(real, "venues", "V3", **abroad, country="CHE"),
        changed(real, "venues", "V3", **abroad, country="FRA", kind="state visit"),
    ]


def test_two_topics_of_a_day_make_records_of_their_own() -> None:
    """Both have a demand that goes by D1: the event of the one is not that of the other."""
    ids = [record.id for topic in ("grain", "locks", None) for record in records(make_briefing(MONDAY, topic=topic))]
    assert len(set(ids)) == len(ids) == 3
    assert all(re.fullmatch(r"2031-09-01-[0-9a-f]{8}-D1_REQUEST", id) for id in ids[:2])
    assert ids[2] == "2031-09-01-D1_REQUEST"


@pytest.mark.parametrize("day", EVERY)
def test_every_record_leads_back(day: str) -> None:
    """A record has its item, and at least one quotation, each of which is the item's own evidence."""
    briefing = stored(day)
    lines = export(briefing, "plover").splitlines()
    assert len(lines) == len(list(records(briefing))) > 5
    assert len({json.loads(line)["id"] for line in lines}) == len(lines)
    for line in lines:
        trace = json.loads(line)["trace"]
        own = {(e.article, e.start, e.end, e.quote) for e in briefing.item(trace["item"]).evidence}
        found = {(e["article"], e["start"], e["end"], e["quote"]) for e in trace["evidence"]}
        assert found
        assert found <= own
        assert {e["outlet"] for e in trace["evidence"]} <= {source.outlet for source in briefing.sources}


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        pytest.param({"status": "open"}, ["Morvane REQUEST Kestria"], id="made"),
        pytest.param({"status": "met"}, ["Morvane REQUEST Kestria"], id="met: how is not said"),
        pytest.param({}, ["Morvane REQUEST Kestria", "Kestria REJECT Morvane"], id="rejected"),
        pytest.param({"status": "withdrawn"}, ["Morvane REQUEST Kestria", "Morvane CONCEDE Kestria"], id="withdrawn"),
        pytest.param({"of": []}, ["Morvane REQUEST"], id="rejected by nobody in particular"),
        pytest.param({"of": ["A1", "A8"]}, ["Morvane REQUEST Kestria, Lanthe"], id="rejected by one of two"),
        pytest.param(
            {"of": ["A1", "A12"]},
            ["Morvane REQUEST Kestria, Oskel Brandvaar", "Kestria REJECT Morvane"],
            id="of a state and its minister: one party",
        ),
        pytest.param({"strength": "red_line", "status": "open"}, ["Morvane REJECT Kestria"], id="ruled out"),
        pytest.param({"strength": "red_line"}, ["Morvane REJECT Kestria"], id="a refusal that is refused"),
    ],
)
def test_demands(changes: dict[str, Any], made: list[str]) -> None:
    """A demand is a request, a red line a refusal; what became of it follows if it is known who answered."""
    assert list(map(told, of(changed(stored(), "demands", "D6", **changes), "D6"))) == made


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        pytest.param({"status": "rejected"}, ["Kestria REJECT Morvane, Leyda Kharoul"], id="rejected"),
        pytest.param({"status": "accepted"}, ["Kestria AGREE Morvane, Leyda Kharoul"], id="accepted"),
        pytest.param({"status": "accepted", "to": ["A1", "A8"]}, [], id="accepted by one of two"),
        pytest.param({"status": "tabled"}, [], id="tabled: an offer or a wish"),
        pytest.param({"status": "floated"}, [], id="floated"),
        pytest.param({"status": "withdrawn"}, [], id="withdrawn"),
        pytest.param({"status": "superseded"}, [], id="superseded"),
    ],
)
def test_proposals(changes: dict[str, Any], made: list[str]) -> None:
    """A proposal is an event once its one addressee has answered."""
    assert list(map(told, of(changed(stored(), "proposals", "P3", **changes), "P3"))) == made


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        pytest.param({}, "CONSULT-phone", id="a call"),
        pytest.param({"kind": "telephone conversation"}, "CONSULT-phone", id="by telephone"),
        pytest.param({"kind": "video summit", "place": "x"}, "CONSULT-phone", id="by video"),
        pytest.param({"kind": "courtesy call", "place": "x"}, "CONSULT", id="a call on somebody"),
        pytest.param({"kind": "conversation"}, "CONSULT", id="not said how"),
        pytest.param({"status": "confirmed"}, "AGREE", id="agreed"),
        pytest.param({"status": "planned"}, "AGREE", id="planned"),
        pytest.param({"status": "possible"}, None, id="only possible"),
        pytest.param({"status": "cancelled"}, None, id="cancelled: by whom is not said"),
        pytest.param({"participants": []}, None, id="by nobody in particular"),
    ],
)
def test_venues(changes: dict[str, Any], made: str | None) -> None:
    """A past occasion is a consultation of all who took part; a coming one is agreed to."""
    found = of(changed(stored(), "venues", "V2", **changes), "V2")
    assert [told(record) for record in found] == ([f"Edda Karvel, Ruvan Veshkadin {made}"] if made else [])


@pytest.mark.parametrize(
    ("kind", "country", "made"),
    [
        pytest.param("talks", "CHE", "Kestria, Morvane CONSULT-third-party", id="in a third country"),
        pytest.param("state visit", "FRA", "Morvane CONSULT-visit Kestria", id="a visit, host and guest"),
        pytest.param("talks", "FRA", "Kestria, Morvane CONSULT", id="talks in one's country are no visit"),
        pytest.param("visit", "CHE", "Kestria, Morvane CONSULT-third-party", id="a visit without a host there"),
        pytest.param("visit", None, "Kestria, Morvane CONSULT", id="country not said"),
    ],
)
def test_where_parties_meet(kind: str, country: str | None, made: str) -> None:
    """Who is host, or that nobody is, follows from countries alone; without all of them it doesn't follow."""
    real = changed(changed(stored(), "actors", "A1", country="FRA"), "actors", "A2", country="DEU")
    meeting = {"kind": kind, "country": country, "place": "x"}
    (record,) = of(as_met(real, "V3", "past", **meeting), "V3")
    assert told(record) == made
    assert record.event_loc == Location(extracted_place="x", country_code=country)
    (unknown,) = of(as_met(changed(stored(), "actors", "A1", country="FRA"), "V3", "past", **meeting), "V3")
    assert unknown.mode is None


@pytest.mark.parametrize("day", DAYS)
def test_a_meeting_on_one_report_s_word_is_no_event(day: str) -> None:
    """Sunday's call, which several report, is a consultation; Thursday's, which nobody confirmed, is none."""
    briefing = stored(day)
    calls = [(id_of(briefing, day), of(briefing, id_of(briefing, day))) for day in ("2031-05-11", "2031-05-08")]
    assert [len(records) for _, records in calls] == [1, 0]
    assert of(by_one(briefing, calls[0][0]), calls[0][0]) == []


def id_of(briefing: Briefing, day: str) -> str:
    """The id of the meeting that is of a day."""
    return next(venue.id for venue in briefing.venues if venue.when and venue.when.date == day)


def test_a_trace_has_the_caveats() -> None:
    """What is disputed, or turned around by a machine translation, says so."""
    (demand, *_) = of(stored(DAYS[0]), "D1")
    dispute = dispute_of(stored(DAYS[0]), "D1", Resolution.TRANSLATION_VARIANT)
    assert demand.trace.caveats == (f"translated otherwise, see {dispute}",)


def test_dates_are_the_events_own_or_the_earliest_reports() -> None:
    """A date that is exact to the day is the event's; else it is that of the report, and says so."""
    briefing = stored()
    assert [(r.date, r.trace.dated_by) for r in of(briefing, "V2")] == [("2031-05-11", "when")]
    assert [(r.date, r.trace.dated_by) for r in of(briefing, "D8")] == [("2029-03-14", "first_stated")]
    assert [(r.date, r.trace.dated_by) for r in of(briefing, "V1")] == [("2031-05-13", "published")]
    vague = changed(briefing, "venues", "V2", when={"words": "in May", "date": "2031-05"})
    assert [(r.date, r.trace.dated_by, r.trace.when) for r in of(vague, "V2")] == [
        ("2031-05-13", "published", "2031-05")
    ]
    data = briefing.model_dump(mode="json")
    data["sources"] = [source | {"published": None} for source in data["sources"]]
    assert {r.trace.dated_by for r in of(Briefing.model_validate(data), "V1")} == {"briefing"}


def test_an_answer_is_shown_by_the_reports_that_have_it() -> None:
    """A rejection's evidence is that of the reports which have the demand as rejected."""
    (_, rejected) = of(stored(), "D6")
    demand = stored().item("D6")
    assert isinstance(demand, Demand)
    saying = [variant for variant in demand.variants if variant.status == "rejected"]
    assert {e.start for e in rejected.trace.evidence} == {e.start for v in saying for e in v.evidence}


@pytest.mark.parametrize(
    ("changes", "code", "sector"),
    [
        pytest.param({"kind": "state", "country": "XKX"}, "KOS", None, id="Kosovo"),
        pytest.param({"kind": "intergovernmental"}, "IGO", None, id="a body"),
        pytest.param({"kind": "intergovernmental", "name": "United Nations"}, "UNO", None, id="United Nations"),
        pytest.param({"kind": "media"}, None, "JRN", id="media"),
        pytest.param({"kind": "state"}, None, None, id="a state is no government"),
    ],
)
def test_entities(changes: dict[str, Any], code: str | None, sector: str | None) -> None:
    """An entity's code is its country or body, also of those who belong to it; only media have a sector."""
    (record,) = of(changed(stored(), "actors", "A2", **changes), "D8")
    assert {entity.code for entity in record.actor} == {code}
    assert record.actor[0].sector == sector


def test_claims_and_events_make_no_record() -> None:
    """What is said, asserted or denied has no name in PLOVER; nor has what simply happened."""
    assert {record.trace.item[0] for record in records(stored())} == {"D", "P", "V"}


def test_every_status_is_in_the_docs() -> None:
    """The docs say of every status of a venue what it makes."""
    page = (ROOT / "docs/export.md").read_text(encoding="utf-8")
    assert all(f"`{status}`" in page for status in VenueStatus)
