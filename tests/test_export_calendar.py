"""iCalendar: whole days, honest status, entries that last, and text that can't break out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar, Journal
from icalendar import Event as Entry

from summarizer import Briefing
from summarizer.export import export
from summarizer.models import Event, Venue
from tests.archived import make_briefing
from tests.conftest import DAYS, EVERY
from tests.exports import HOSTILE, as_met, by_one, changed, spoilt, stored


def entries(briefing: Briefing) -> dict[str, Entry]:
    """The entries of a briefing's calendar as icalendar reads them, by the id of their item."""
    calendar = Calendar.from_ical(export(briefing, "ics"))
    found = {}
    for entry in calendar.walk("VEVENT"):
        assert isinstance(entry, Entry)
        assert not entry.errors
        last = re.search(r"([VE]\d+), briefing of [\d-]+\Z", str(entry["description"]))
        assert last
        found[last[1]] = entry
    assert len(found) == len(calendar.walk("VEVENT"))
    return found


def unfolded(text: str) -> list[str]:
    """Content lines as RFC 5545, section 3.1 has them put together."""
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def unescaped(value: str) -> str:
    """TEXT as RFC 5545, section 3.3.11 has it read; icalendar itself misreads a backslash before an n."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


@pytest.mark.parametrize("day", EVERY)
def test_dated_occasions_are_entries(day: str) -> None:
    """Venues with a day are entries, and coming events with one; nothing else is."""
    briefing = stored(day)
    coming = [event for event in briefing.events if event.status in ("planned", "possible", "cancelled")]
    listed: list[Venue | Event] = [*briefing.venues, *coming]
    dated = {item.id: item.when.date for item in listed if item.when and item.when.date and len(item.when.date) == 10}
    found = entries(briefing)
    assert {id: entry.start.isoformat() for id, entry in found.items()} == dated
    for entry in found.values():
        assert type(entry.start) is date
        assert datetime(briefing.date.year, briefing.date.month, briefing.date.day, tzinfo=UTC) == entry.DTSTAMP
        assert entry["transp"] == "TRANSPARENT"
        assert "attendee" not in entry


def test_no_day_is_made_up() -> None:
    """A month is no entry: the calendar's description lists it, with what has no time at all."""
    briefing = changed(stored(), "venues", "V4", status="possible")
    timeless = next(event.id for event in briefing.events if event.when is None)
    briefing = changed(briefing, "events", timeless, status="planned")
    assert "V4" not in entries(briefing)
    description = str(Calendar.from_ical(export(briefing, "ics"))["description"])
    assert description.startswith("No entry, since no day is known:\n")
    assert re.search(r"^V4 .*— possible, in June \(2031-06\)$", description, re.M)
    assert re.search(rf"^{timeless} .*— planned, time not said$", description, re.M)


@pytest.mark.parametrize(
    ("status", "shown", "suffix"),
    [
        ("past", "CONFIRMED", ""),
        ("confirmed", "CONFIRMED", ""),
        ("planned", "TENTATIVE", " (planned)"),
        ("possible", "TENTATIVE", " (possible)"),
        ("cancelled", "CANCELLED", " (cancelled)"),
    ],
)
def test_status(status: str, shown: str, suffix: str) -> None:
    """RFC 5545 has three words; the summary and the categories keep ours."""
    entry = entries(as_met(stored(), "V1", status))["V1"]
    assert entry["status"] == shown
    assert entry["summary"] == f"Meeting: Edda Karvel, Ruvan Veshkadin{suffix}"
    assert [str(category) for category in entry.categories] == ["meeting", status]
    assert entry["location"] == "Sembra"


@pytest.mark.parametrize("day", DAYS)
def test_what_nobody_else_bears_out_is_tentative(day: str) -> None:
    """A call that only unnamed diplomats report, and a meeting that one article has, aren't shown as certain."""
    briefing = stored(day)
    for id in ("V4" if day == DAYS[0] else "V5", "V3"):
        entry = entries(briefing if id != "V3" else by_one(briefing, id))[id]
        assert entry["status"] == "TENTATIVE"
        assert str(entry["summary"]).endswith("(uncorroborated)")
        assert "uncorroborated" in [str(category) for category in entry.categories]
        assert " · uncorroborated\n" in str(entry["description"])
    assert entries(briefing)["V3"]["status"] == "CONFIRMED"


@pytest.mark.parametrize("day", EVERY)
def test_every_quotation_is_in_the_description(day: str) -> None:
    """A description quotes each stretch of evidence with its outlet; a machine's wording stands unquoted."""
    briefing = stored(day)
    for id, entry in entries(briefing).items():
        for variant in briefing.item(id).variants:
            for evidence in variant.evidence:
                source = briefing.source(evidence.article)
                words = " ".join(evidence.quote.split())
                shown = f"machine-translated wording: {words}" if source.translated else f"“{words}”"
                assert f"{source.outlet}: {shown}" in str(entry["description"])


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param({"when": {"date": "2031-05-29"}}, True, id="moved"),
        pytest.param({"status": "cancelled"}, True, id="called off"),
        pytest.param({"kind": "summit", "what": "They meet."}, True, id="worded otherwise"),
        pytest.param({"participants": ["A1", "A2"]}, True, id="states for their leaders"),
        pytest.param({"participants": ["A2", "A1"], "id": None}, True, id="another order, another number"),
        pytest.param({"place": "the spa of Sembra"}, False, id="a place in other words"),
        pytest.param({"participants": ["A3"]}, False, id="one party alone"),
        pytest.param({"kind": "phone call"}, False, id="a call for a meeting"),
    ],
)
def test_uids_last(changes: dict[str, Any], same: bool) -> None:
    """An entry is known again by its parties, its place, and whether it is a call: not by id, day or words."""
    was = entries(stored())["V1"]["uid"]
    data = stored().model_dump(mode="json")
    data["venues"][0] |= {name: value for name, value in changes.items() if name != "id"}
    data["date"] = "2031-05-14"
    later = Briefing.model_validate(data)
    if "id" in changes:
        later = later.model_copy(
            update={"venues": (later.venues[0].model_copy(update={"id": "V9"}), *later.venues[1:])}
        )
    is_now = entries(later)["V9" if "id" in changes else "V1"]["uid"]
    assert (was == is_now) == same


def test_uids_of_example_days_meet() -> None:
    """The engineers' talks at Ostrel are one entry on both example days, though their ids are made anew."""
    first, second = (entries(stored(day)) for day in DAYS)
    assert first["V3"]["uid"] == second["V3"]["uid"]
    assert str(first["V3"]["location"]) == "Ostrel"


def test_several_of_one_kind_are_told_apart_by_the_day() -> None:
    """Two calls of the same parties are two entries, and keep them when the day's briefing is made again."""
    found = entries(stored(DAYS[0]))
    assert found["V1"]["uid"] != found["V4"]["uid"]
    briefing = stored()
    twins = changed(
        briefing,
        "venues",
        "V2",
        **{name: getattr(briefing.item("V1"), name) for name in ("kind", "place", "participants", "what")}
        | {"when": {"date": "2031-05-22"}},
    )
    found = entries(twins)
    assert len({entry["uid"] for entry in found.values()}) == len(found)


@pytest.mark.parametrize("day", EVERY)
def test_lines_are_folded(day: str) -> None:
    """No line is longer than 75 octets, all end in CR LF, and none but the first part of a line lacks its blank."""
    text = export(spoilt(stored(day)), "ics")
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    assert "\r" not in "".join(lines)
    assert max(len(line.encode()) for line in lines) <= 75
    assert all(re.match(r" |[A-Z-]+[:;]", line) for line in lines[:-1])


@pytest.mark.parametrize("day", EVERY)
def test_hostile_text_stays_text(day: str) -> None:
    """An attacked calendar has the components and properties of the plain one; text reads back as it was shown."""

    def names(briefing: Briefing) -> list[str]:
        return [re.split("[:;]", line, maxsplit=1)[0] for line in unfolded(export(briefing, "ics"))]

    attacked = spoilt(stored(day))
    found = names(attacked)
    assert set(found) <= {*names(stored(day)), "LOCATION"}
    assert found.count("BEGIN") == names(stored(day)).count("BEGIN")
    shown = " ".join(re.sub("[\x00\x1b\u202e\u2066\ufeff]", "", HOSTILE).split()).replace("<", "‹").replace(">", "›")
    values = [unescaped(line.split(":", 1)[1]) for line in unfolded(export(attacked, "ics")) if line.startswith("DESC")]
    assert values
    assert all(shown in value for value in values)


def test_a_backslash_before_a_capital_n_is_no_line_break() -> None:
    """Text is escaped as the RFC asks, where icalendar's own escaping makes a line break of it."""
    text = export(changed(stored(), "venues", "V1", place=r"C:\New\Name; a, b"), "ics")
    assert r"LOCATION:C:\\New\\Name\; a\, b" in unfolded(text)


def test_a_calendar_without_entries() -> None:
    """A day without occasions is a calendar all the same."""
    data = stored().model_dump(mode="json")
    empty = Briefing.model_validate({key: data[key] for key in ("date", "provenance")})
    calendar = Calendar.from_ical(export(empty, "ics"))
    assert calendar["version"] == "2.0"
    assert str(calendar["name"]) == "Briefing of 13 May 2031"
    (journal,) = calendar.subcomponents
    assert isinstance(journal, Journal)
    assert str(journal["summary"]) == "No dated occasion: Briefing of 13 May 2031"
    assert journal.start == empty.date
    assert "description" not in journal


def test_a_calendar_of_undated_occasions_alone() -> None:
    """What has no day is listed in a journal entry of the briefing's day, since a calendar needs a component."""
    undated = make_briefing(date(2031, 9, 1))
    calendar = Calendar.from_ical(export(undated, "ics"))
    (journal,) = calendar.subcomponents
    assert isinstance(journal, Journal)
    assert journal.start == undated.date
    assert str(journal["description"]) == str(calendar["description"])
    assert "V1 A meeting in Ambry is possible. — possible, in June (2031-06)" in str(journal["description"])
    other = Calendar.from_ical(export(make_briefing(date(2031, 9, 1), topic="locks"), "ics")).subcomponents[0]
    assert journal["uid"] != other["uid"]
