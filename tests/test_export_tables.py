"""CSV: a row an item, a row a quotation, and no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io
import re

import pytest

from summarizer import Briefing
from summarizer.export import export
from summarizer.export.tables import ITEM_COLUMNS, QUOTE_COLUMNS
from summarizer.models import Claim, Resolution
from summarizer.sheet import sheet_cell as cell
from summarizer.text import content_words
from tests.conftest import DAYS, EVERY, ROOT
from tests.exports import dispute_of, machine_s_claim, spoilt, stored, who_denies


def rows(briefing: Briefing, form: str = "csv") -> list[dict[str, str]]:
    """A table as Python's own reader has it."""
    return list(csv.DictReader(io.StringIO(export(briefing, form), newline=""), strict=True))


@pytest.mark.parametrize("day", EVERY)
def test_a_row_an_item(day: str) -> None:
    """Every item has its row, in the order of the briefing, with what it is and where it stands."""
    briefing = stored(day)
    found = rows(briefing)
    assert [row["id"] for row in found] == [item.id for item in briefing.items]
    for row, item in zip(found, briefing.items, strict=True):
        assert row["date"] == day
        assert row["status"] == item.status
        assert row["origins"] == str(len(item.origins))
        assert row["quotes"] == str(len(item.evidence))
        assert row["story"] in {story.id for story in briefing.stories}


@pytest.mark.parametrize("day", EVERY)
def test_a_row_a_quotation(day: str) -> None:
    """Every stretch of evidence of every report has its row, by which it can be found in its article."""
    briefing = stored(day)
    found = {(row["variant"], row["article"], row["start"], row["end"]) for row in rows(briefing, "quotes-csv")}
    assert found == {
        (variant.id, evidence.article, str(evidence.start), str(evidence.end))
        for item in briefing.items
        for variant in item.variants
        for evidence in variant.evidence
    }


def test_columns_by_kind() -> None:
    """A column that an item's kind has no field for is empty."""
    found = {row["id"]: row for row in rows(stored())}
    demand, proposal, venue, claim, event = (found[id] for id in ("D8", "P2", "V1", "C3", "E1"))
    assert (demand["parties"], demand["to"]) == ("Morvane; Leyda Kharoul", "Kestria; Oskel Brandvaar")
    assert (demand["strength"], demand["when"], demand["when_date"]) == ("demand", "14 March 2029", "2029-03-14")
    assert "two berths at Dunmar" in proposal["in_exchange"]
    assert proposal["in_exchange"] == next(each.in_exchange for each in stored().proposals if each.id == "P2")
    assert (venue["kind"], venue["place"], venue["when_date"]) == ("venue: meeting", "Sembra", "2031-05-22")
    denied = who_denies(stored(), "C3")
    assert sorted(denied) == ["Belat Jurkan", "Morvane"]
    assert (claim["asserted_by"], claim["denied_by"]) == ("Kestria; Tilde Rosk", "; ".join(denied))
    dispute = dispute_of(stored(), "C3", Resolution.OPEN)
    assert (claim["disputes"], claim["parties"], claim["place"]) == (dispute, "", "")
    assert event["parties"] == "Morvane; Kestria; Hanne Dresk; Furrow League"
    assert not any(row["strength"] for row in (proposal, venue, claim, event))


def test_a_stance_has_who_takes_it() -> None:
    """In the quotations of a claim stands what each report has of whom."""
    found = [row for row in rows(stored(), "quotes-csv") if row["item"] == "C3"]
    claim = stored().item("C3")
    assert isinstance(claim, Claim)
    names = {actor.id: actor.name for actor in stored().actors}
    stances = {(variant.stance.value, "; ".join(names[id] for id in variant.actors)) for variant in claim.variants}
    assert {(row["stance"], row["actors"]) for row in found} == stances
    assert {stance for stance, _ in stances} == {"asserts", "denies"}


def test_machine_translation_is_marked() -> None:
    """A quotation in a machine's wording says so in both tables."""
    marked = [row for row in rows(stored(DAYS[0]), "quotes-csv") if row["translated"] == "yes"]
    assert {row["outlet"] for row in marked} == {"04-sedna-teshik.txt"}
    first = [row["quote"] for row in rows(stored(DAYS[0])) if row["translated_only"] == "yes"]
    assert first
    assert all(quote.startswith("machine-translated wording: ") for quote in first)


def test_the_quotation_of_a_row_is_the_one_that_says_it() -> None:
    """Of a report's sentences the one that shares most words with the item, not the first that it cites."""
    for day in DAYS:
        for item in stored(day).items:
            row = next(row for row in rows(stored(day)) if row["id"] == item.id)
            own = [" ".join(evidence.quote.split()) for evidence in item.variants[0].evidence]
            words = content_words(" ".join(word for word in item.what.split() if not word[:1].isupper()))
            shared = {quote: len(words & content_words(quote)) for quote in own}
            shown = next(quote for quote in own if quote in row["quote"])
            assert shared[shown] == max(shared.values())


def test_caveats_stand_in_a_column() -> None:
    """Of each item what speaks against it, as the page has it; of a meeting also that nobody else bears it out."""
    briefing = stored(DAYS[0])
    found = {row["id"]: row["caveats"] for row in rows(briefing)}
    dispute, mangled = (dispute_of(briefing, "C1", each) for each in (Resolution.OPEN, Resolution.TRANSLATION_VARIANT))
    assert found["C1"] == f"disputed, see {dispute}; translated otherwise, see {mangled}"
    claim = machine_s_claim(briefing)
    dispute = dispute_of(briefing, claim, Resolution.TRANSLATION_VARIANT)
    assert found[claim] == f"translated otherwise, see {dispute}; machine translation only"
    assert (found["V1"], found["V4"]) == ("", "uncorroborated")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("=1+1", "'=1+1", id="equals"),
        pytest.param("+1", "'+1", id="plus"),
        pytest.param("-1", "'-1", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'=1", id="tab"),
        pytest.param("\r=1", "'=1", id="carriage return"),
        pytest.param("\u200b=1", "'=1", id="hidden"),
        pytest.param("＝1", "'＝1", id="full width"),
        pytest.param("a;=1", "a;'=1", id="after a semicolon"),
        pytest.param("a; -5 degrees", "a; '-5 degrees", id="after a semicolon and a blank"),
        pytest.param("a = b - c", "a = b - c", id="within"),
        pytest.param("", "", id="empty"),
    ],
)
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    """A cell that begins like a formula, or would where semicolons part cells, is text."""
    assert cell(text) == shown


@pytest.mark.parametrize("form", ["csv", "quotes-csv"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_no_row_can_be_broken(form: str, separator: str) -> None:
    """Whatever the material says, no cell begins like a formula, whether commas or semicolons part cells."""
    text = export(spoilt(stored()), form)
    assert text.count("\r\n") == len(re.findall(r"[\r\n]+", text))
    columns = ITEM_COLUMNS if form == "csv" else QUOTE_COLUMNS
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    assert separator == ";" or {len(row) for row in read} == {len(columns)}
    assert not [c for row in read for c in row if re.match(r"\s*[=+\-@＝＋－＠]", c)]


def test_every_column_is_in_the_docs() -> None:
    """The docs say of every column what it holds."""
    page = (ROOT / "docs/export.md").read_text(encoding="utf-8")
    assert [name for name in (*ITEM_COLUMNS, *QUOTE_COLUMNS) if f"`{name}`" not in page] == []
