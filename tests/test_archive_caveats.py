"""What an archive answers of items that something speaks against, and of each day by itself: the example's two days."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from summarizer.archive import Archive
from summarizer.archive.found import Record, stood_on
from summarizer.models import ChangeKind, Resolution
from summarizer.render.answers import render_answer
from tests.conftest import DAYS, ROOT
from tests.exports import changed, dispute_of, machine_s_claim, shipped, who_denies

MONDAY, TUESDAY = map(date.fromisoformat, DAYS)
GARBLED = machine_s_claim(shipped(DAYS[0]))
"""A claim of the first day that only a machine translation has."""


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive of the example's two days as they are shipped; but it is Karvel who says `GARBLED`."""
    archive = Archive(str(tmp_path_factory.mktemp("caveats") / "archive.sqlite3"))
    for day in DAYS:
        briefing = shipped(day)
        if day == DAYS[0]:
            (karvel,) = (actor.id for actor in briefing.actors if actor.name == "Edda Karvel")
            (claim,) = (claim.model_dump(mode="json") for claim in briefing.claims if claim.id == GARBLED)
            variants = [variant | {"actors": [karvel]} for variant in claim["variants"]]
            briefing = changed(briefing, "claims", GARBLED, asserted_by=[karvel], variants=variants)
        things = (*briefing.actors, *briefing.items, *briefing.disputes)
        archive.put(briefing, {thing.id: thing.id for thing in things if day == DAYS[1]})
    return archive


def lines(text: str) -> list[dict[str, str]]:
    """The rows of a sheet."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_claim_stands_as_the_briefing_prints_it(days: Archive) -> None:
    """A confirmation that only a machine translation has is none; that it contradicts the others is said."""
    (claim,) = (each for each in days.ledger().claims if each.id == "C1")
    stand = claim.stands[0]
    assert stand.denied_by == tuple(who_denies(shipped(DAYS[0]), "C1"))
    assert sorted(stand.denied_by) == ["Belat Jurkan", "Morvane"]
    assert (stand.status, stand.confirmed_by) == ("disputed", ())
    ids = [dispute_of(shipped(DAYS[0]), "C1", how) for how in (Resolution.OPEN, Resolution.TRANSLATION_VARIANT)]
    assert stand.caveats == (f"disputed, see {ids[0]}", f"translated otherwise, see {ids[1]}")
    jurkan = {part.id: part for part in days.actor("Belat Jurkan").parts}
    assert jurkan["C1"].roles == ("denies",)


def test_every_answer_says_what_speaks_against_a_thing(days: Archive) -> None:
    """Ledger, search, thread, actor and diff have a claim that only a machine translation has as that."""
    dispute = dispute_of(shipped(DAYS[0]), GARBLED, Resolution.TRANSLATION_VARIANT)
    caveats = (f"translated otherwise, see {dispute}", "machine translation only")
    (hit,) = (each for each in days.search('"foreign hand on the gates"').mentions if each.id == GARBLED)
    (stand,) = next(each for each in days.ledger().claims if each.id == GARBLED).stands
    (difference,) = (each for each in days.diff(MONDAY, TUESDAY).differences if each.id == GARBLED)
    found = [hit.caveats, stand.caveats, difference.caveats, days.thread(GARBLED).mentions[0].caveats]
    assert found == [caveats] * 4
    (part,) = (each for each in days.actor("Edda Karvel").parts if each.id == GARBLED)
    assert part.caveats == caveats
    for form in ("text", "md", "csv"):
        for answer in (
            days.ledger(),
            days.search("foreign hand gates"),
            days.thread(GARBLED),
            days.actor("Edda Karvel"),
        ):
            text = " ".join(render_answer(answer, form).split())
            assert "machine translation only" in text, (form, type(answer))


def test_caveats_are_those_that_the_page_prints(days: Archive) -> None:
    """Each item's caveats stand in its line of the day's Markdown, word for word."""
    page = (ROOT / f"examples/{DAYS[0]}.briefing.md").read_text(encoding="utf-8").splitlines()
    printed = {line[4:].partition("**")[0]: line for line in page if line.startswith("- **")}
    things = {id: days.thread(id).mentions[-1] for id in printed if id[0] in "DPVCE"}
    assert sum(bool(each.caveats) for each in things.values()) > 5
    for id, mention in things.items():
        told = printed[id].rpartition(" — ")[2].split(" [^")[0].split(" · ")
        assert [part for part in told if ", see X" in part or part == "machine translation only"] == [*mention.caveats]


def test_translated_wording_is_marked_in_sheets(days: Archive) -> None:
    """A quotation in a machine's wording has a word before it, so that nobody takes it for one."""
    (row,) = (row for row in lines(render_answer(days.thread(GARBLED), "csv")) if row["id"] == GARBLED)
    assert row["quotations"].startswith("machine-translated wording: ")
    marked = [row for row in lines(render_answer(days.ledger(), "csv")) if "machine-translated" in row["quotations"]]
    assert {row["outlets"] for row in marked} == {"04-sedna-teshik.txt"}


def test_a_row_of_the_ledger_is_of_its_day(days: Archive) -> None:
    """Who demanded it then, and what was said of a meeting then; the record's head has the last."""
    rows = lines(render_answer(days.ledger(), "csv"))
    parties = {row["date"]: row["party"] for row in rows if row["id"] == "D4"}
    assert parties == {DAYS[0]: "Kestria, Miska Ondrey", DAYS[1]: "Kestria, Edda Karvel"}
    said = {row["date"]: row["issue"] for row in rows if row["id"] == "V2"}
    assert said == {day: shipped(day).item("V2").what for day in DAYS}
    (record,) = (each for each in days.ledger().demands if each.id == "D4")
    assert record.by == ("Kestria", "Edda Karvel")
    assert [stood.by[1] for stood in record.days] == ["Miska Ondrey", "Edda Karvel"]


def test_a_day_without_a_mention_has_what_stood_before(days: Archive) -> None:
    """As the last day had it; before the first, as the first."""
    (record,) = (each for each in days.ledger().demands if each.id == "D4")
    wanted = [date(2031, 5, 1), MONDAY, TUESDAY, date(2031, 6, 1)]
    assert [stood_on(record.days, day).date for day in wanted] == [MONDAY, MONDAY, TUESDAY, TUESDAY]


def test_a_demand_made_long_ago_says_when(days: Archive) -> None:
    """The ledger has the day on which a demand was first made, as exactly as it is known."""
    found = {each.id: each for each in days.ledger().demands}
    assert (found["D9"].first_stated, found["D2"].first_stated, found["D1"].first_stated) == (
        "2029-03-14",
        "2031-04",
        None,
    )
    assert "first stated 2029-03-14" in render_answer(days.ledger(), "md")
    assert {row["first_stated"] for row in lines(render_answer(days.ledger(), "csv")) if row["id"] == "D9"} == {
        "2029-03-14"
    }


def test_one_thing_says_who(days: Archive) -> None:
    """A demand has who makes it and of whom, a claim who asserts and who denies it, a dispute its sides."""
    assert days.thread("D4").mentions[0].who == "by Kestria, Edda Karvel; of Morvane"
    denied = ", ".join(who_denies(shipped(DAYS[1]), "C1"))
    assert days.thread("C1").mentions[0].who == f"asserted by Kestria, Tilde Rosk; denied by {denied}"
    sides = days.thread("X2").mentions[0].sides
    assert [side.held_by for side in sides] == [("Kestria",), ("Morvane", "our hydrologists"), ()]
    assert sides[2].outlets == ("Meridian Wire", "The Delta Examiner")
    page = render_answer(days.thread("X2"), "md")
    assert all(f"{', '.join(side.held_by or side.outlets)}: {side.what}" in page for side in sides)


def test_the_sides_of_a_dispute_go_by_today_s_names(tmp_path: Path, days: Archive) -> None:
    """A person's name for an actor stands in a dispute's sides, too."""
    dumped: list[str] = []
    days.dump(dumped.append)
    with Archive(str(tmp_path / "named.sqlite3")) as archive:
        archive.load(dumped)
        (kestria,) = (id for id in ("A1",) if archive.actor(id).name == "Kestria")
        archive.rename(kestria, "the Kestrian Republic")
        assert archive.thread("X2").mentions[0].sides[0].held_by == ("the Kestrian Republic",)


@pytest.mark.parametrize("id", ["D2", "D4", "D8", "V1", "C1", "X2"])
def test_a_page_says_nothing_twice(id: str, days: Archive) -> None:
    """Each quotation, and each sentence about a thing, stands on its page once."""
    thread = days.thread(id)
    page = render_answer(thread, "md")
    today = thread.mentions[0]
    moved = {quoted for step in thread.changes for quoted in step.quotations}
    for quoted in moved:
        assert page.count(f"“{quoted.quote}” — ") == 1
    for mention in thread.mentions:
        assert page.count(mention.what) == 1
    assert today.what in page


def test_a_step_that_says_what_the_record_says_is_short(days: Archive) -> None:
    """What is said of a new or met demand stands in its head, not once more in its step."""
    page = render_answer(days.ledger(), "md")
    records: list[Record] = [*days.ledger().demands, *days.ledger().proposals]
    same = [record for record in records if record.what in {step.what for step in record.steps}]
    assert len(same) > 5
    for record in same:
        assert page.count(record.what) == 1
    assert "13 May 2031 met — open, call → met, call" in page
    assert any(step.kind is ChangeKind.SOFTENED and step.what in page for record in records for step in record.steps)
    assert "asserted by Kestria" in page
    assert "asserted: asserted by" not in page


def test_a_hit_is_told_once(days: Archive) -> None:
    """What goes by a sentence of its first day is told by what this day says, not by both."""
    hits = days.search("call", kinds=["venue", "claim"])
    page = render_answer(hits, "md")
    called = [mention for mention in hits.mentions if mention.name.endswith(".")]
    assert len(called) > 3
    for mention in called:
        assert mention.what in page
        assert f"{mention.name}: " not in page
    (issue,) = (demand.issue for demand in shipped(DAYS[0]).demands if demand.id == "D4")
    hit = render_answer(days.search("hull Dunmar"), "md")
    assert f"**D4** demand {issue}: Edda Karvel" in hit
