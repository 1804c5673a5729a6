"""Writing: no sentence without items, no figure from nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from summarizer import Article, brief
from summarizer.answers import WrittenLine
from summarizer.testing import Asked, Reply, ScriptedModel
from summarizer.write import check_line
from tests.conftest import HARBOUR, answer_all, notes, settings_for

FACTS = {"D1": "Norland → Sudland, demand · reopen the canal by 15 June for 1,200 boats", "V1": "talks in Port Ambry"}


@pytest.mark.parametrize(
    ("text", "cites", "complaint"),
    [
        pytest.param("Norland wants the canal reopened by 15 June.", ["D1"], None, id="sound"),
        pytest.param("The canal matters to 1,200 boats.", ["D1", "V1"], None, id="figure as it stands"),
        pytest.param("Norland wants it.", [], "cites nothing", id="no citation"),
        pytest.param("Norland wants it.", ["D9"], "no item D9", id="unknown item"),
        pytest.param("Norland wants it by 16 June.", ["D1"], "16 stands in none", id="figure from nowhere"),
        pytest.param("Norland wants it by 15 June.", ["V1"], "15 stands in none", id="figure of an item not cited"),
        pytest.param("Prices rose.", ["V1"], "shares neither", id="nothing in common"),
    ],
)
def test_lines_are_held_to_their_items(text: str, cites: list[str], complaint: str | None) -> None:
    """What a sentence has that its items don't is named."""
    line = WrittenLine(text=text, cites=tuple(cites))
    found = list(check_line("headline", line, FACTS, {}, same_language=True))
    assert found == [] if complaint is None else complaint in found[0]


def test_quotations_count_as_basis() -> None:
    """A figure may stand in the quotation instead of the item's wording."""
    line = WrittenLine(text="Talks on 22 May.", cites=("V1",))
    assert list(check_line("x", line, FACTS, {"V1": "They will talk on 22 May."}, same_language=True)) == []


def test_other_languages_are_held_to_figures_only() -> None:
    """Words can't be compared across languages; figures and citations can."""
    line = WrittenLine(text="Gespräche in 3 Tagen.", cites=("V1",))
    assert "3 stands in none" in next(check_line("x", line, FACTS, {}, same_language=False))


def test_who_people_are_may_be_said_anywhere() -> None:
    """An office has its own figures, and every sentence may name it."""
    line = WrittenLine(text="Anna Varga, judge of the 7th Chamber, wants the canal reopened.", cites=("D1",))
    assert "7 stands in none" in next(check_line("x", line, FACTS, {}, same_language=True))
    offices = "Anna Varga: judge of the 7th Chamber"
    assert list(check_line("x", line, FACTS, {}, same_language=True, offices=offices)) == []


def test_an_uncited_sentence_is_sent_back(scripted: Callable[..., ScriptedModel]) -> None:
    """The model is asked to mend a sentence that cites nothing."""

    def reply(asked: Asked) -> Reply:
        answer = answer_all(asked)
        if asked.answer == "Summary" and not asked.reasked:
            return {"headline": {"text": "Norland", "cites": []}, "bottom_line": [{"text": "Norland", "cites": ["D1"]}]}
        return answer

    model = scripted(reply)
    briefing = brief(Article.of(HARBOUR, name="a"), settings=settings_for(model))
    assert "headline: cites nothing" in model.asked[-1].body["messages"][-1]["content"]
    assert [line.cites for line in briefing.lines] == [("D1",), ("D1",)]


def test_the_writer_is_told_who_the_people_are(scripted: Callable[..., ScriptedModel]) -> None:
    """Notes have names alone, so that the writer gets offices and sides of those named in them, and of nobody else."""
    actors = [
        *notes()["actors"][:2],
        {"id": "a3", "name": "Anna Varga", "kind": "person", "office": "Foreign minister", "affiliation": "a5"},
        {"id": "a4", "name": "Peter Varga", "kind": "person", "office": "envoy", "affiliation": "a2"},
        {"id": "a5", "name": "Port Ambry", "kind": "organisation"},
    ]

    def reply(asked: Asked) -> Reply:
        return notes(actors=actors) if asked.answer == "ArticleNotes" else answer_all(asked)

    model = scripted(reply)
    brief(Article.of(HARBOUR, name="a"), settings=settings_for(model))
    assert model.asked[-1].user.endswith("\nPeople:\nAnna Varga: Foreign minister, of Port Ambry")


def test_many_people_leave_room_for_items(scripted: Callable[..., ScriptedModel]) -> None:
    """Who people are is told with the items that name them, and takes no room from the others."""
    office = "vice-chair of " + ", ".join(["the standing committee for canals, locks and harbours"] * 6)
    crowd = [
        {"id": f"a{n}", "name": f"Person {n}", "kind": "person", "office": f"{n}, {office}"} for n in range(3, 300)
    ]
    demand = {**notes()["demands"][0], "issue": "toll free passage", "by": [person["id"] for person in crowd]}

    def reply(asked: Asked) -> Reply:
        if asked.answer != "ArticleNotes":
            return answer_all(asked)
        return notes(actors=[*notes()["actors"][:2], *crowd], demands=[*notes()["demands"][:1], demand])

    model = scripted(reply)
    article = Article.of(HARBOUR + "".join(f" Person {n}." for n in range(3, 300)), name="a")
    briefing = brief(article, settings=settings_for(model, context=20_000))
    assert len(briefing.demands) == 2
    (written,) = (asked.user for asked in model.asked if asked.answer == "Summary")
    assert "D1 | " in written
    assert "D2 | " not in written
    assert "Person 3: 3, vice-chair" in written
    assert "Person 4" not in written


def test_a_day_without_items_has_no_summary(scripted: Callable[..., ScriptedModel]) -> None:
    """Where nothing is demanded, proposed or claimed, nothing is written, and nobody is asked to."""
    model = scripted(lambda asked: {"language": "en", "machine_translated": False})
    briefing = brief(Article.of("Rain.", name="a"), settings=settings_for(model))
    assert briefing.lines == ()
    assert [asked.answer for asked in model.asked] == ["ArticleNotes"]
