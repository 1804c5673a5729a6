"""Reconciling: what several articles say of one thing becomes one item, with every report kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from summarizer import Article
from summarizer.answers import ArticleNotes
from summarizer.desk import Desk
from summarizer.door import Door
from summarizer.models import Actor, ClaimStatus, DemandStatus, Hazard, Problem, ProposalStatus, VenueStatus, When
from summarizer.passage import Passage
from summarizer.prompts import PromptBook
from summarizer.reading import ReadBundle, Reading, ReadStory
from summarizer.reconcile import Items, reconcile
from summarizer.testing import Asked, Reply, ScriptedModel
from summarizer.text import sentences
from tests.conftest import answer_all, settings_for
from tests.newsroom import listed_ids

Scripted = Callable[..., ScriptedModel]

TEXT = "Norland wants the canal open. Anna Varga spoke. Sudland refuses. They may meet in Port Ambry on Sunday."
NORLAND = {"id": "a1", "name": "Norland", "kind": "state"}
SUDLAND = {"id": "a2", "name": "Sudland", "kind": "state"}


def reading(name: str, *, translated: bool = False, **notes: Any) -> Reading:
    given = {"language": "en", "machine_translated": translated, "actors": [NORLAND, SUDLAND]} | notes
    article = Article.of(f"{TEXT} {name}.", name=name)
    if translated:
        article = article.model_copy(update={"hazards": (Hazard.MACHINE_TRANSLATION,)})
    return Reading(Passage(article, sentences(article.text)), ArticleNotes.model_validate(given))


def demand(**changes: Any) -> dict[str, Any]:
    base = {
        "what": "Norland wants the canal open.",
        "cites": [1],
        "by": ["a1"],
        "of": ["a2"],
        "issue": "canal",
        "strength": "demand",
    }
    return base | changes


def together(asked: Asked) -> Reply:
    """A script that puts all notes of a kind into one group, led by the first."""
    if asked.answer == "Groups":
        ids = listed_ids(asked)
        return {"groups": [{"ids": ids, "lead": ids[0]}]}
    return answer_all(asked)


def story_of(*readings: Reading) -> ReadStory:
    """A story of articles none of which is a copy."""
    return ReadStory("the canal", tuple(ReadBundle((reading,), (reading.source,)) for reading in readings))


@dataclass(frozen=True)
class Reconciled(Items):
    """What one story comes to, and what comes with it."""

    cast: tuple[Actor, ...] = ()
    problems: tuple[Problem, ...] = ()


def run(model: ScriptedModel, *readings: Reading, **settings: Any) -> Reconciled:
    async def go() -> Reconciled:
        given = settings_for(model, **settings)
        async with Door(given) as door:
            day = await reconcile([story_of(*readings)], Desk(given, PromptBook(), door))
        return Reconciled(**vars(day.stories[0]), cast=day.actors, problems=day.problems)

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("words", "day", "kept"),
    [
        ("on Sunday", "2031-05-11", "2031-05-11"),
        ("on Sunday", "2031-05-12", None),
        ("in March", "2031-04", None),
        ("yesterday", "2031-05-08", None),
        ("some time ago", "2031-05-08", "2031-05-08"),
    ],
)
def test_days_fit_their_words(scripted: Scripted, words: str, day: str, kept: str | None) -> None:
    """A day that is none of those that the article's words can mean is none; the words stay."""
    venue = {"what": "They may meet in Port Ambry.", "cites": [4], "kind": "meeting", "status": "possible"}
    one = reading("a", venues=[venue | {"when": words, "date": day}])
    article = one.passage.article.model_copy(update={"published": date(2031, 5, 12)})
    (found,) = run(scripted(together), replace(one, passage=Passage.of(article))).venues
    assert found.when == When(words=words, date=kept)


def test_reports_of_one_demand_become_its_variants(scripted: Scripted) -> None:
    """One demand, a variant a report, each with its own terms and quotation; names alike were joined before."""
    items = run(
        scripted(together),
        reading("x", demands=[demand()]),
        reading("y", demands=[demand(what="Open it, Norland says.")]),
    )
    (found,) = items.demands
    assert [actor.name for actor in items.cast] == ["Norland", "Sudland"]
    assert [variant.id for variant in found.variants] == ["D1.1", "D1.2"]
    assert [variant.what for variant in found.variants] == ["Norland wants the canal open.", "Open it, Norland says."]
    assert all(evidence.quote == "Norland wants the canal open." for evidence in found.evidence)
    assert len({variant.article for variant in found.variants}) == 2


def test_clean_reports_decide(scripted: Scripted) -> None:
    """A machine translation that has the parties the wrong way round stays a variant and decides nothing."""
    items = run(
        scripted(together),
        reading("mt", translated=True, demands=[demand(by=["a2"], of=["a1"], strength="call", status="met")]),
        reading("clean", demands=[demand()]),
    )
    (found,) = items.demands
    names = {actor.id: actor.name for actor in items.cast}
    assert [names[id] for id in found.by] == ["Norland"]
    assert found.status is DemandStatus.OPEN
    assert [variant.translated for variant in found.variants] == [False, True]


def test_a_translation_decides_where_nothing_else_speaks(scripted: Scripted) -> None:
    """What only a machine-translated article has is kept."""
    items = run(
        scripted(together), reading("mt", translated=True, demands=[demand(status="rejected")]), reading("other")
    )
    assert items.demands[0].status is DemandStatus.REJECTED
    assert items.demands[0].variants[0].translated


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        pytest.param(["open", "rejected"], "rejected", id="an answer that one report leaves out"),
        pytest.param(["open", "met", "open"], "met", id="met"),
        pytest.param(["open", "withdrawn"], "open", id="part of the terms given up"),
        pytest.param(["withdrawn", "open"], "withdrawn", id="withdrawn by the clearest"),
    ],
)
def test_demand_status(scripted: Scripted, statuses: list[str], expected: str) -> None:
    """An answer beats silence; the clearest report says whether a demand was withdrawn."""
    readings = [reading(f"r{i}", demands=[demand(status=status)]) for i, status in enumerate(statuses)]
    assert run(scripted(together), *readings).demands[0].status == expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["floated", "tabled"], "tabled"),
        (["tabled", "floated"], "tabled"),
        (["floated", "accepted"], "accepted"),
        (["rejected", "accepted"], "rejected"),
    ],
)
def test_proposal_status(scripted: Scripted, statuses: list[str], expected: str) -> None:
    """The furthest that a clean report has it; of two ends, the clearest report's."""
    base = {"what": "Norland offers tolls.", "cites": [1], "by": ["a1"], "issue": "tolls"}
    readings = [reading(f"r{i}", proposals=[base | {"status": status}]) for i, status in enumerate(statuses)]
    assert run(scripted(together), *readings).proposals[0].status is ProposalStatus(expected)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["planned", "possible"], "possible"),
        (["confirmed", "planned"], "planned"),
        (["past", "possible"], "past"),
        (["cancelled", "planned"], "cancelled"),
        (["confirmed", "cancelled"], "cancelled"),
    ],
)
def test_venue_status(scripted: Scripted, statuses: list[str], expected: str) -> None:
    """A venue is no more certain than the most cautious report has it, and each report's own word is kept."""
    base = {"what": "They meet in Port Ambry.", "cites": [4], "kind": "meeting", "place": "Port Ambry"}
    readings = [reading(f"r{i}", venues=[base | {"status": status}]) for i, status in enumerate(statuses)]
    (venue,) = run(scripted(together), *readings).venues
    assert venue.status is VenueStatus(expected)
    assert [variant.status for variant in venue.variants] == statuses


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param(["asserts"], ClaimStatus.ASSERTED, id="asserted"),
        pytest.param(["asserts", "confirms a2"], ClaimStatus.CONFIRMED, id="confirmed"),
        pytest.param(["asserts", "confirms"], ClaimStatus.ASSERTED, id="confirmed by nobody else"),
        pytest.param(["asserts", "neither"], ClaimStatus.UNCONFIRMED, id="neither"),
        pytest.param(["confirms", "denies"], ClaimStatus.DISPUTED, id="disputed"),
    ],
)
def test_claim_standing(scripted: Scripted, stances: list[str], expected: ClaimStatus) -> None:
    """A claim stands as the stances taken on it say, each a variant with its own quotation."""
    listed = [
        {"stance": stance.split()[0], "by": [stance.split()[-1] if " " in stance else "a1"], "cites": [number]}
        for number, stance in enumerate(stances, 1)
    ]
    (claim,) = run(scripted(together), reading("x", claims=[{"what": "Norland spoke.", "stances": listed}])).claims
    assert claim.status is expected
    assert [variant.evidence[0].sentences for variant in claim.variants] == [(n,) for n in range(1, len(stances) + 1)]


def test_a_translation_s_stance_is_no_party_s(scripted: Scripted) -> None:
    """Where clean reports have a denial, a garbled confirmation is only a variant."""
    denies = {"what": "Norland spoke.", "stances": [{"stance": "denies", "by": ["a1"], "cites": [1]}]}
    confirms = {"what": "Norland spoke.", "stances": [{"stance": "confirms", "by": ["a1"], "cites": [1]}]}
    (claim,) = run(
        scripted(together), reading("x", claims=[denies]), reading("mt", translated=True, claims=[confirms])
    ).claims
    assert claim.denied_by
    assert not claim.confirmed_by
    assert len(claim.variants) == 2


def test_undated_words_resolve_to_no_date(scripted: Scripted) -> None:
    """Words like "on Sunday" in an undated article have no date, whatever the model made of them."""
    venue = {
        "what": "They meet.",
        "cites": [4],
        "kind": "meeting",
        "when": "on Sunday",
        "date": "2031-05-11",
        "status": "possible",
    }
    (found,) = run(scripted(together), reading("x", venues=[venue])).venues
    assert found.when is not None
    assert (found.when.words, found.when.date) == ("on Sunday", None)


def as_one(name: str, other: str) -> Callable[[Asked], Reply]:
    """The script `together`, which calls two entries one actor, under the first one's name."""

    def reply(asked: Asked) -> Reply:
        if asked.answer == "SameActors":
            lines = {line.split(" | ")[2]: line.split(" | ")[0] for line in asked.user.splitlines() if " | " in line}
            return {"same": [{"ids": [lines[other], lines[name]], "name": lines[name]}]}
        return together(asked)

    return reply


def test_the_model_joins_garbled_names(scripted: Scripted) -> None:
    """Entries that the model calls one become one actor under the name it chose, spellings and quotations kept."""
    items = run(scripted(as_one("Norland", "Sudland")), reading("x", demands=[demand()]), reading("y"))
    (actor,) = items.cast
    assert actor.name == "Norland"
    assert [alias.name for alias in actor.aliases] == ["Norland", "Sudland"]
    assert {evidence.quote for evidence in actor.evidence} == {"Norland", "Sudland"}
    assert items.demands[0].by == items.demands[0].of == (actor.id,)


def test_the_fullest_clean_name_is_shown(scripted: Scripted) -> None:
    """A bare surname gives way to the full name that another article has."""
    varga = {"id": "a1", "name": "Varga", "kind": "person"}
    full = {"id": "a1", "name": "Anna Varga", "spellings": ["Varga"], "kind": "person"}
    text: dict[str, Any] = {"demands": [demand(of=[], cites=[2])]}
    items = run(scripted(together), reading("x", actors=[varga], **text), reading("y", actors=[full], **text))
    assert [actor.name for actor in items.cast] == ["Anna Varga"]


def test_idle_actors_are_left_out(scripted: Scripted) -> None:
    """Who does nothing in any note is no actor of the day; whom an actor belongs to is."""
    actors = [NORLAND, SUDLAND, {"id": "a3", "name": "Anna Varga", "kind": "person", "affiliation": "a1"}]
    items = run(scripted(together), reading("x", actors=actors, demands=[demand(by=["a3"], of=[])]))
    assert [actor.name for actor in items.cast] == ["Norland", "Anna Varga"]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        pytest.param({"groups": [{"ids": ["d1"], "lead": "d1"}]}, "d2 not listed", id="forgotten"),
        pytest.param({"groups": [{"ids": ["d1", "d2", "d3"], "lead": "d1"}]}, "no note d3", id="unknown"),
        pytest.param({"alone": ["d1", "d2", "d3"]}, "no note d3", id="unknown, alone"),
        pytest.param(
            {"groups": [{"ids": ["d1", "d2"], "lead": "d1"}, {"ids": ["d2"], "lead": "d2"}]},
            "d2 is listed twice",
            id="twice",
        ),
        pytest.param(
            {"groups": [{"ids": ["d1", "d2"], "lead": "d1"}], "alone": ["d2"]},
            "d2 is listed twice",
            id="in a group and alone",
        ),
        pytest.param({"groups": [{"ids": ["d1", "d2"], "lead": "d7"}]}, "lead d7", id="lead"),
    ],
)
def test_groups_hold_every_note_once(scripted: Scripted, wrong: dict[str, Any], complaint: str) -> None:
    """A grouping that loses, invents or doubles a note is sent back with what is wrong."""

    def reply(asked: Asked) -> Reply:
        return wrong if asked.answer == "Groups" and not asked.reasked else together(asked)

    model = scripted(reply)
    run(model, reading("x", demands=[demand()]), reading("y", demands=[demand()]))
    assert complaint in next(asked for asked in model.asked if asked.reasked).body["messages"][-1]["content"]


def test_what_can_t_be_merged_is_left_unmerged(scripted: Scripted) -> None:
    """A kind whose grouping stays invalid is kept note by note, and the problem says what it costs."""

    def reply(asked: Asked) -> Reply:
        return {"groups": []} if asked.answer == "Groups" else answer_all(asked)

    items = run(scripted(reply), reading("x", demands=[demand()]), reading("y", demands=[demand()]))
    assert len(items.demands) == 2
    assert [(problem.stage, problem.cost) for problem in items.problems] == [("reconcile", "demands are not merged")]


def test_long_lists_are_sorted_in_batches(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """More notes than one question holds come together in batches, then the batches' leads; nothing is lost."""
    monkeypatch.setattr("summarizer.groups.MOST_AT_ONCE", 4)

    def reply(asked: Asked) -> Reply:
        if asked.answer != "Groups":
            return answer_all(asked)
        lines = [line.split(" | ") for line in asked.user.splitlines() if " | " in line]
        assert len(lines) <= 4
        issues: dict[str, list[str]] = {}
        for id, _, issue, *_ in lines:
            issues.setdefault(issue, []).append(id)
        return {"groups": [{"ids": ids, "lead": ids[-1]} for ids in issues.values()]}

    model = scripted(reply)
    readings = [reading(f"r{i}", demands=[demand(issue=issue) for issue in ("canal", "tolls")]) for i in range(9)]
    items = run(model, *readings)
    assert sorted((d.issue, len(d.variants)) for d in items.demands) == [("canal", 9), ("tolls", 9)]
    assert len([asked for asked in model.asked if asked.answer == "Groups"]) == 8  # 5 batches, then 2, then 1


def test_a_person_is_written_one_way(scripted: Scripted) -> None:
    """Wordings have the actor's name where articles write it in two ways; quotations, and its spellings, have both."""
    full = {"id": "a1", "name": "Anna Varga", "kind": "person"}
    bare = {"id": "a1", "name": "Warga", "kind": "person"}
    text = f"{TEXT} Warga spoke."
    first = reading("x", actors=[full], demands=[demand(of=[], cites=[2], what="Anna Varga wants it open.")])
    other = reading("y", actors=[bare], demands=[demand(of=[], cites=[5], what="Warga's wish: it opens.")])
    article = Article.of(text, name="y")
    other = replace(other, passage=Passage(article, sentences(article.text)))
    model = scripted(as_one("Anna Varga", "Warga"))
    (found,) = run(model, first, other).demands
    assert [variant.what for variant in found.variants] == ["Anna Varga wants it open.", "Varga's wish: it opens."]
    assert [evidence.quote for evidence in found.evidence] == ["Anna Varga spoke.", "Warga spoke."]
    (actor,) = run(model, first, other).cast
    assert {alias.name for alias in actor.aliases} == {"Anna Varga", "Warga"}
    (grouped,) = {asked.user for asked in model.asked if asked.answer == "Groups"}
    assert "Warga" not in grouped


def test_a_time_with_a_date_goes_before_one_without(scripted: Scripted) -> None:
    """Of an undated article's "on Sunday" and a dated one's, the occasion has the one that is known, whoever leads."""
    venue = {"what": "They may meet in Port Ambry.", "cites": [4], "kind": "meeting", "status": "possible"}
    vague = reading("x", venues=[venue | {"when": "on Sunday"}])
    known = reading("y", venues=[venue | {"when": "Sunday", "date": "2031-05-11"}])
    article = known.passage.article.model_copy(update={"published": date(2031, 5, 12)})
    (found,) = run(scripted(together), vague, replace(known, passage=Passage.of(article))).venues
    assert found.when == When(words="Sunday", date="2031-05-11")
    assert [variant.when and variant.when.date for variant in found.variants] == [None, "2031-05-11"]
    (found,) = run(scripted(together), vague, vague).venues
    assert found.when == When(words="on Sunday")
