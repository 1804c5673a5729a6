"""Copies: which texts are one report."""

from __future__ import annotations

import pytest

from summarizer import load
from summarizer.copies import copy_groups
from tests.conftest import DAYS, ROOT
from tests.wires import Wires, scores

WIRE = "The dam at Sarn was closed on Monday after a night of rain, and nobody on the quay could say for how long."
LONG = " ".join(f"Sentence {number} of the long report tells what clause {number} of it says." for number in range(60))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([WIRE, f"New head.\n{WIRE}\nSee also."], [[0, 1]], id="copy with new head"),
        pytest.param(
            [WIRE, "Rain fell all night, and on Monday the gates of the dam were shut."], [[0], [1]], id="same facts"
        ),
        pytest.param([WIRE, WIRE.upper()], [[0, 1]], id="case"),
        pytest.param(["Rain.", "Rain."], [[0], [1]], id="too short to tell"),
        pytest.param([WIRE, f"{WIRE} {LONG}"], [[0], [1]], id="a long read that repeats one"),
        pytest.param([LONG[:900], LONG, LONG[-900:]], [[0, 1, 2]], id="two parts of one report"),
        pytest.param(
            ["大雨で水門が閉じた。" * 3, "昨夜の大雨で水門が閉じた。" * 3], [[0, 1]], id="no blanks between words"
        ),
        pytest.param([WIRE.replace("ai", "a\ud800i"), WIRE], [[0, 1]], id="half a character"),
        pytest.param([], [], id="none"),
    ],
)
def test_copies(texts: list[str], expected: list[list[int]]) -> None:
    """Near copies are one group; reports of the same facts in other words are not."""
    assert copy_groups(texts) == expected


def test_the_example_s_copy_is_found() -> None:
    """Of all nine example articles, only the Intelligencer's is a copy, of the wire's report."""
    articles = [article for day in DAYS for article in load(ROOT / "examples" / day).articles]
    copies = [[articles[i].name for i in group] for group in copy_groups([a.text for a in articles]) if len(group) > 1]
    assert copies == [["01-meridian-wire.txt", "02-sembra-intelligencer.txt"]]


def test_a_made_up_day() -> None:
    """Of a thousand reports cut, re-headed, edited and brought up to date, all are found, and hardly anything else."""
    wires = Wires(1000)
    groups = copy_groups(wires.texts)
    precision, recall = scores(groups, wires.origins)
    assert precision > 0.99
    assert recall > 0.99
    assert sorted(position for group in groups for position in group) == list(range(1000))


def test_a_phrase_that_all_share() -> None:
    """Hundreds of reports that end alike are not copies of each other, and hundreds of copies are one group."""
    wires = Wires(800, seed=3)
    reports = {origin: text for text, origin in zip(wires.texts, wires.origins, strict=True) if text.count("\n") > 15}
    ending = "All of this was first told in our morning letter, which you may have for nothing."
    assert len(copy_groups([f"{text} {ending}" for text in reports.values()])) == len(reports) > 200
    assert len(copy_groups([f"Edition {number}. {LONG}" for number in range(300)])) == 1
