"""Disputes: same event before contradiction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from summarizer.answers import DisputeNote, VersionNote
from summarizer.desk import Desk
from summarizer.disputes import check_dispute, find_disputes, number_disputes
from summarizer.door import Door
from summarizer.models import Dispute
from summarizer.prompts import PromptBook
from summarizer.reading import number_articles
from summarizer.reconcile import reconcile
from summarizer.testing import Asked, Reply, ScriptedModel
from tests.conftest import DAYS, answer_all, replayed, settings_for
from tests.test_reconcile import reading, story_of

CLAIM = {
    "what": "A promise was made.",
    "stances": [{"stance": "asserts", "by": ["a1"], "cites": [1]}, {"stance": "denies", "by": ["a2"], "cites": [3]}],
}
GOOD: dict[str, Any] = {
    "issue": "whether a promise was made",
    "versions": [
        {"what": "It was.", "held_by": ["A1"], "variants": ["C1.1"]},
        {"what": "It was not.", "held_by": ["A2"], "variants": ["C1.2"]},
    ],
    "why": "one and the same call",
    "same_event": True,
    "resolution": "open",
}


def find(
    scripted: Callable[..., ScriptedModel], *answers: list[dict[str, Any]]
) -> tuple[tuple[Dispute, ...], list[Asked]]:
    """Disputes found by a model that gives these answers in turn, and what it was asked."""
    asked: list[Asked] = []

    def reply(request: Asked) -> Reply:
        if request.answer != "Disputes":
            return answer_all(request)
        asked.append(request)
        return {"disputes": answers[min(len(asked), len(answers)) - 1]}

    async def go() -> tuple[Dispute, ...]:
        settings = settings_for(scripted(reply))
        readings = [reading("x", claims=[CLAIM])]
        async with Door(settings) as door:
            desk = Desk(settings, PromptBook(), door)
            day = await reconcile([story_of(*readings)], desk)
            notes = await find_disputes(day.stories[0], day.actors, number_articles(readings), desk)
            return number_disputes([notes])[0]

    return asyncio.run(go()), asked


def test_a_dispute_sets_versions_side_by_side(scripted: Callable[..., ScriptedModel]) -> None:
    """Each version has its holders and the lines that are its evidence."""
    (dispute,), asked = find(scripted, [GOOD])
    assert [version.held_by for version in dispute.versions] == [("A1",), ("A2",)]
    assert "C1.2 | A promise was made. · denies: Sudland" in asked[0].user


def test_complaints_come_in_the_answer_s_order() -> None:
    """What is wrong is said alike in every run, or a recorded re-ask could not be replayed."""
    ids = tuple(f"E{n}.1" for n in range(40, 0, -1))
    twice = VersionNote(what="x", variants=ids)
    note = DisputeNote(issue="x", versions=(twice, twice), why="x", same_event=True, resolution="open")
    (complaint,) = check_dispute("x", note, dict.fromkeys(ids), {})  # type: ignore[arg-type]
    assert complaint.startswith(f"x: {', '.join(ids)} can't say so")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param({"same_event": False}, "nothing is contradicted", id="different events contradict nothing"),
        pytest.param({"resolution": "different_events"}, "can't be different_events", id="one event"),
        pytest.param(
            {"versions": [GOOD["versions"][0], {"what": "x", "variants": ["C9.9"]}]}, "no line C9.9", id="unknown line"
        ),
        pytest.param(
            {"versions": [GOOD["versions"][0], {"what": "x", "held_by": ["A9"], "variants": ["C1.2"]}]},
            "no actor A9",
            id="unknown actor",
        ),
        pytest.param(
            {"versions": [GOOD["versions"][0], GOOD["versions"][0]]}, "C1.1 can't say so on both sides", id="one line"
        ),
        pytest.param({"versions": GOOD["versions"][:1]}, "at least 2", id="one version"),
    ],
)
def test_the_gate(scripted: Callable[..., ScriptedModel], changes: dict[str, Any], complaint: str) -> None:
    """An entry that contradicts itself or points nowhere is sent back."""
    disputes, asked = find(scripted, [GOOD | changes], [GOOD])
    assert len(disputes) == 1
    assert complaint in asked[1].body["messages"][-1]["content"]


def test_open_ones_come_first(scripted: Callable[..., ScriptedModel]) -> None:
    """What is open stands before what is settled and what only looks like a dispute."""
    alike = GOOD | {"same_event": False, "resolution": "different_events"}
    disputes, _ = find(scripted, [alike, GOOD | {"resolution": "error"}, GOOD])
    assert [dispute.resolution for dispute in disputes] == ["open", "error", "different_events"]
    assert [dispute.id for dispute in disputes] == ["X1", "X2", "X3"]


def test_a_claim_in_an_open_dispute_is_disputed() -> None:
    """Two figures for one thing: neither claim stands as merely asserted, on either day."""
    for day in DAYS:
        briefing = replayed(day)
        contested = {
            id for x in briefing.disputes if x.resolution == "open" for version in x.versions for id in version.variants
        }
        claims = [claim for claim in briefing.claims if {variant.id for variant in claim.variants} & contested]
        assert claims
        assert {claim.status for claim in claims} == {"disputed"}


def test_two_calls_are_not_one() -> None:
    """Day one: the confirmed call of Sunday says nothing of Thursday's, which stays unconfirmed."""
    briefing = replayed(DAYS[0])
    thursday = [claim for claim in briefing.claims if "8 May" in claim.what and "spoke" in claim.what]
    assert thursday
    for claim in thursday:
        assert claim.status == "unconfirmed"
        assert not claim.confirmed_by
