"""What comes into an archive from elsewhere: dumps that are damaged or made up, briefings of another archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from summarizer.archive import Archive
from summarizer.errors import ArchiveError
from tests.archived import MONDAY, SAME, TUESDAY, WEDNESDAY, dumped, make_briefing, silent_day

HEAD = '{"summarizer_archive": 1}'
WHOLE = make_briefing(MONDAY).model_dump_json()


def identity(id: str, **changes: Any) -> str:
    """An identity's line."""
    return json.dumps({"identity": {"id": id, "name": "x", "given": None, "merged_into": None} | changes})


def trace(**changes: Any) -> str:
    """A trace's line."""
    told = {"date": "2031-09-01", "topic": "", "own": "D1", "parted": 0, "said": "x", "article": "a"}
    return json.dumps({"trace": told | {"start": 0, "end": 5} | changes})


def briefing(whole: str = WHOLE, **said: Any) -> str:
    """A briefing's line."""
    return f"{json.dumps(said)[:-1]}{', ' if said else ''}" + f'"briefing": {whole}}}'


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(['{"trace": {}}'], "line 2 of the dump: date: Field required", id="an empty trace"),
        pytest.param(['{"trace": 3}'], "line 2 of the dump: it: Input should be an object", id="no trace"),
        pytest.param([trace(date=86400)], "line 2 of the dump: date: Input should be a valid date", id="no day"),
        pytest.param([trace()], "line 2 tells of D1, which has no line", id="a trace of nothing"),
        pytest.param([trace(start=2**40)], "line 2 of the dump: start: Input should be less", id="far away"),
        pytest.param(['{"identity": 3}'], "line 2 of the dump: it: Input should be an object", id="no identity"),
        pytest.param([identity("Dx")], "line 2 of the dump: id: String should match", id="no id"),
        pytest.param([identity("D1\n")], "line 2 of the dump: id: String should match", id="an id and more"),
        pytest.param([identity("D9999999999")], "line 2 of the dump: id: String should match", id="a vast number"),
        pytest.param([identity("D1", given="")], "given: there is nothing in it to see", id="called nothing"),
        pytest.param([identity("D1", name="a\x00b")], "name: it has something that can't be seen", id="hidden"),
        pytest.param([identity("D1", nope=1)], "nope: Extra inputs are not permitted", id="something more"),
        pytest.param([identity("D1"), identity("D1")], "line 3 has D1 once more", id="twice"),
        pytest.param([identity("D1", merged_into="D2")], "line 2 merges D1 into D2, which has no", id="into nothing"),
        pytest.param([identity("D1", merged_into="A2")], "it: D1 is merged into A2, which is of another", id="kinds"),
        pytest.param([identity("D1", merged_into="D1")], "line 2 merges D1 in a circle", id="into itself"),
        pytest.param(
            [identity("D3", merged_into="D1"), identity("D1", merged_into="D2"), identity("D2", merged_into="D1")],
            "line 2 merges D3 in a circle",
            id="in a circle",
        ),
        pytest.param(
            ['{"counter": {"letter": "D", "taken": "x"}}'], "taken: Input should be a valid int", id="no count"
        ),
        pytest.param(['{"counter": {"letter": "D", "taken": true}}'], "taken: Input should be a valid int", id="true"),
        pytest.param(['{"counter": {"letter": "D", "taken": 1e9}}'], "line 2 of the dump: taken", id="a vast count"),
        pytest.param(['{"counter": {"letter": "Q", "taken": 1}}'], "letter: String should match", id="no kind"),
        pytest.param(["[" * 50_000], "line 2 of the dump is no JSON", id="deep"),
        pytest.param(['{"briefing": ' + "[" * 50_000], "line 2 of the dump is no JSON", id="deep in a briefing"),
        pytest.param(['{"identity": 3, "trace": 3}'], "line 2 is nothing that a dump has", id="two in one"),
        pytest.param(["{}"], "line 2 is nothing that a dump has", id="nothing"),
        pytest.param([briefing(own=3)], "line 2 of the dump: own: Input should be an object", id="no ids of their own"),
        pytest.param([briefing(own={"D1": 5})], "line 2 of the dump: own.D1: Input should be", id="no id of its own"),
        pytest.param([briefing(own={"D1": "'; --"})], "own.D1: String should match pattern", id="hostile id"),
        pytest.param([briefing(own={"D7": "D8"})], "it: D7 is nothing in the briefing", id="nobody's own"),
        pytest.param([briefing(parted=["D7"])], "it: D7 is nothing in the briefing", id="nobody's split"),
        pytest.param([briefing(own={"D1": "A9"})], "it: D1 has an id of another kind", id="another kind"),
        pytest.param([briefing(own={"A1": "A2"})], "it: two of its things have one id", id="one id for two"),
        pytest.param([briefing(goes_by={})], "goes_by: Extra inputs are not permitted", id="something else"),
        pytest.param([briefing(WHOLE.replace('"D1', '"Dx'))], "it: 'Dx' is no id of demands", id="odd ids"),
        pytest.param([briefing(WHOLE.replace('"D1', '"C7'))], "it: 'C7' is no id of demands", id="ids of others"),
        pytest.param([briefing(), briefing()], f"line 3 has the briefing of {MONDAY} once more", id="a day twice"),
        pytest.param([briefing(), identity("D9")], "line 3 has a identity, which comes before all", id="too late"),
    ],
)
def test_a_damaged_dump(archive: Archive, lines: list[str], reason: str) -> None:
    """One error that names the line; nothing came in, and what is entered next is as in any new archive."""
    with pytest.raises(ArchiveError, match=reason):
        archive.load([HEAD, *lines])
    assert dumped(archive) == f"{HEAD}\n"
    assert archive.put(make_briefing(MONDAY)).briefing == make_briefing(MONDAY)


def test_no_number_is_given_twice_after_a_move(archive: Archive) -> None:
    """Even if the dump lost its counters, or they are too low."""
    lines = [HEAD, identity("D7"), '{"counter": {"letter": "D", "taken": 2}}', trace(own="D7"), briefing()]
    archive.load(lines)
    assert [item.id for item in archive.put(make_briefing(TUESDAY)).briefing.items] == ["D8", "V2", "C2"]


def test_line_numbers_count_blank_lines(archive: Archive) -> None:
    """A person finds the line that is named."""
    with pytest.raises(ArchiveError, match="line 4 is nothing"):
        archive.load([HEAD, "\n", "  \n", "{}"])


def test_a_briefing_of_another_archive_brings_no_silence_on_ours(archive: Archive) -> None:
    """What it says is not mentioned is nothing that is known here, and the same on all days that are loaded."""
    before = archive.put(make_briefing(MONDAY)).briefing
    other = make_briefing(MONDAY)
    days = [silent_day(MONDAY + timedelta(days=number), "D1", other) for number in (1, 2)]
    archive.load(day.model_dump_json() for day in days)
    assert archive.thread("D1").changes == ()
    silent = [archive.briefing(day).changes[0].item for day in (TUESDAY, WEDNESDAY)]
    assert silent == ["D2", "D2"]
    assert '{"identity": {"id": "D2", "name": "reopening the canal"' in dumped(archive)
    assert archive.briefing(MONDAY) == before


@pytest.mark.parametrize("head", [pytest.param([], id="briefings"), pytest.param([HEAD], id="a dump")])
def test_lines_are_read_as_they_are_entered(archive: Archive, head: list[str]) -> None:
    """A file of any length: a briefing is in before the next line is asked for."""
    entered: list[date] = []

    def lines() -> Iterator[str]:
        yield from head
        for number in range(3):
            assert len(entered) == number
            whole = make_briefing(MONDAY + timedelta(days=number)).model_dump_json()
            yield briefing(whole, own={"D1": f"D{number + 1}"}) if head else whole

    assert archive.load(lines(), entered.append) == 3


def test_what_a_person_parted_moves(archive: Archive) -> None:
    """A dump has it, and none of what follows from the briefings."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY), SAME)
    assert "own" not in dumped(archive)
    archive.split("D1", (TUESDAY,))
    last = json.loads(dumped(archive).splitlines()[-1])
    assert (last["own"], last["parted"]) == ({"D1": "D2"}, ["D1"])
