"""What changed since the days before: recognised by name and by the model, told by the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from summarizer import Settings, brief
from summarizer.answers import Continuation
from summarizer.archive import Archive
from summarizer.compare import compare
from summarizer.models import (
    Briefing,
    Change,
    ChangeKind,
    Claim,
    ClaimStatus,
    Demand,
    DemandStatus,
    Dispute,
    Resolution,
    Strength,
    Venue,
    VenueStatus,
    Version,
    When,
)
from summarizer.past import Past, Standing
from summarizer.recognise import Recognised, check_continuation
from summarizer.reconcile import Items, StoryOfDay
from summarizer.render import render_as
from summarizer.render.answers import render_answer
from summarizer.testing import Asked, Reply, ScriptedModel
from tests.archived import MONDAY, TUESDAY, WEDNESDAY, make_briefing
from tests.conftest import DAYS, ROOT, answer_all, replayed, settings_for, truth

Scripted = Callable[..., ScriptedModel]

TODAY = make_briefing(WEDNESDAY)
DEMAND, VENUE, CLAIM = TODAY.demands[0], TODAY.venues[0], TODAY.claims[0]
DISPUTE = Dispute(
    id="X1",
    issue="the lock",
    versions=(Version(what="promised", variants=("C1.1",)), Version(what="not promised", variants=("V1.1",))),
    same_event=True,
    why="one promise",
    resolution=Resolution.OPEN,
)


def standing(id: str, status: str, **changes: Any) -> Standing:
    """Something as it stood on Monday."""
    given: dict[str, Any] = {
        "id": id,
        "name": "something",
        "text": "Norland → Sudland, demand · reopen 2 canals · open",
        "status": status,
        "state": status,
        "first": MONDAY,
        "last": MONDAY,
        "actors": ("A1",),
        "evidence": DEMAND.evidence,
    }
    return Standing(**given | changes)


def past_of(*standings: Standing, day: date = TUESDAY) -> Past:
    """What stood before Wednesday."""
    return Past(day=day, standing=standings)


def changes_of(
    thing: Demand | Venue | Claim | Dispute,
    before: Standing | None,
    change: str = "restated",
    words: Mapping[str, str] | None = None,
) -> tuple[Change, ...]:
    """What is told of one thing that goes on from another, or from nothing."""
    items = Items(
        demands=(thing,) if isinstance(thing, Demand) else (),
        venues=(thing,) if isinstance(thing, Venue) else (VENUE,),
        claims=(thing,) if isinstance(thing, Claim) else (CLAIM,),
    )
    story = StoryOfDay(items, (thing,) if isinstance(thing, Dispute) else (), TODAY.actors)
    found = {}
    if before is not None:
        said = {"now": thing.id, "before": [before.id], "change": change, **(words or {})}
        found[thing.id] = Continuation.model_validate(said)
    recognised = Recognised({"A1": "A1", "A2": "A2", "A3": "A3"}, found)
    told = compare([story], recognised, past_of(*((before,) if before else ())))
    return tuple(x for x in told if x.item == thing.id)


@pytest.mark.parametrize(
    ("status", "before", "said", "kind"),
    [
        pytest.param(DemandStatus.MET, "open", "restated", ChangeKind.MET, id="met"),
        pytest.param(DemandStatus.REJECTED, "open", "answered", ChangeKind.REJECTED, id="rejected, whatever was said"),
        pytest.param(DemandStatus.WITHDRAWN, "open", "softened", ChangeKind.WITHDRAWN, id="withdrawn"),
        pytest.param(DemandStatus.REJECTED, "rejected", "restated", ChangeKind.RESTATED, id="still rejected"),
        pytest.param(DemandStatus.OPEN, "open", "hardened", ChangeKind.HARDENED, id="hardened"),
        pytest.param(DemandStatus.OPEN, "open", "softened", ChangeKind.SOFTENED, id="softened"),
        pytest.param(DemandStatus.OPEN, "open", "answered", ChangeKind.ANSWERED, id="answered"),
        pytest.param(DemandStatus.OPEN, "rejected", "restated", ChangeKind.RESTATED, id="asked anew"),
    ],
)
def test_what_became_of_a_demand(status: DemandStatus, before: str, said: str, kind: ChangeKind) -> None:
    """A status that moved is told as such; otherwise what the model saw in the terms."""
    demand = DEMAND.model_copy(update={"status": status})
    words = {} if said == "restated" else {"was": "two", "now_is": "one", "what": "It came down."}
    (change,) = changes_of(demand, standing("D7", before), said, words)
    assert change.kind is kind
    assert change.since == MONDAY
    told = kind in (ChangeKind.HARDENED, ChangeKind.SOFTENED, ChangeKind.ANSWERED)
    assert (change.what, change.before, change.after) == (
        ("It came down.", "two", "one") if told else (DEMAND.what, before, f"{status}, demand")
    )
    assert change.evidence_before == change.evidence_after == DEMAND.evidence


def test_a_status_that_is_older_than_the_earlier_line_is_first_reported() -> None:
    """What "has been rejected in the past" is not rejected today, though nobody told it before."""
    demand = DEMAND.model_copy(update={"status": DemandStatus.REJECTED})
    (change,) = changes_of(demand, standing("D7", "open"), "restated", {"long_since": "true"})
    assert (change.kind, change.before, change.after) == (ChangeKind.FIRST_REPORTED, "open", "rejected, demand")
    (change,) = changes_of(demand, standing("D7", "rejected"), "restated", {"long_since": "true"})
    assert change.kind is ChangeKind.RESTATED


@pytest.mark.parametrize(
    ("status", "day", "before", "was", "kind"),
    [
        pytest.param("planned", "2031-06", "possible", "2031-06", ChangeKind.MOVED, id="nearer"),
        pytest.param("cancelled", "2031-06", "planned", "2031-06", ChangeKind.MOVED, id="called off"),
        pytest.param("planned", "2031-06-20", "planned", "2031-06", ChangeKind.RESTATED, id="told more exactly"),
        pytest.param("planned", "2031-06-20", "planned", "2031-06-12", ChangeKind.MOVED, id="another day"),
        pytest.param("planned", "2031-06-20", "planned", None, ChangeKind.MOVED, id="a day at last"),
        pytest.param("planned", None, "planned", "2031-06-20", ChangeKind.RESTATED, id="the day isn't said today"),
    ],
)
def test_what_became_of_a_venue(status: str, day: str | None, before: str, was: str | None, kind: ChangeKind) -> None:
    """It moved if its certainty or its day did; what is only worded otherwise did not."""
    when = When(date=day) if day else None
    venue = VENUE.model_copy(update={"status": VenueStatus(status), "when": when})
    (change,) = changes_of(venue, standing("V7", before, when=was))
    assert change.kind is kind


def test_what_became_of_a_claim() -> None:
    """Only a standing that moved is told: a day has dozens of claims."""
    confirmed = CLAIM.model_copy(update={"status": ClaimStatus.CONFIRMED})
    (change,) = changes_of(confirmed, standing("C7", "unconfirmed"))
    assert (change.kind, change.before, change.after) == (ChangeKind.MOVED, "unconfirmed", "confirmed")
    assert changes_of(CLAIM, standing("C7", "asserted")) == ()
    assert changes_of(CLAIM, None) == ()


def test_what_became_of_a_dispute() -> None:
    """Settled, or met by a finding, it is answered; a new one is told with its sides."""
    settled = DISPUTE.model_copy(update={"resolution": Resolution.LATER_UPDATE})
    assert changes_of(settled, standing("X7", "open"))[0].kind is ChangeKind.ANSWERED
    found = {"was": "open", "now_is": "found", "what": "It was found."}
    assert changes_of(DISPUTE, standing("X7", "open"), "answered", found)[0].kind is ChangeKind.ANSWERED
    assert changes_of(DISPUTE, standing("X7", "open"))[0].kind is ChangeKind.RESTATED
    (new,) = changes_of(DISPUTE, None)
    assert (new.kind, new.what) == (ChangeKind.NEW, "the lock: promised — against — not promised")


@pytest.mark.parametrize(
    ("first_stated", "kind"),
    [
        pytest.param(None, ChangeKind.NEW, id="no date"),
        pytest.param("2029-03-14", ChangeKind.FIRST_REPORTED, id="two years ago"),
        pytest.param("2030", ChangeKind.FIRST_REPORTED, id="last year"),
        pytest.param("2031", ChangeKind.NEW, id="some time this year"),
        pytest.param("2031-09-01", ChangeKind.FIRST_REPORTED, id="the day before the last briefing"),
        pytest.param("2031-09-02", ChangeKind.NEW, id="the day of the last briefing"),
    ],
)
def test_what_is_old_news_is_first_reported(first_stated: str | None, kind: ChangeKind) -> None:
    """A demand that was made before the last briefing, and isn't known from it, isn't new."""
    when = When(date=first_stated) if first_stated else None
    (change,) = changes_of(DEMAND.model_copy(update={"first_stated": when}), None)
    assert (change.kind, change.since) == (kind, TUESDAY)
    assert change.evidence_before == ()


def test_a_meeting_to_come_is_new_whenever_it_is_dated() -> None:
    """Only what is past, or was called off, can have been there before without being reported."""
    early = VENUE.model_copy(update={"when": When(date="2031-08-12")})
    assert changes_of(early, None)[0].kind is ChangeKind.NEW
    assert changes_of(early.model_copy(update={"status": VenueStatus.PAST}), None)[0].kind is ChangeKind.FIRST_REPORTED


@pytest.mark.parametrize(
    ("before", "told"),
    [
        pytest.param(standing("D9", "open"), True, id="an open demand"),
        pytest.param(standing("D9", "rejected"), True, id="a rejected one"),
        pytest.param(standing("D9", "met"), False, id="one that was met"),
        pytest.param(standing("D9", "open", actors=("A9",)), False, id="of somebody who isn't in the news"),
        pytest.param(standing("P9", "withdrawn"), False, id="a withdrawn proposal"),
        pytest.param(standing("V9", "past"), False, id="a meeting that is over"),
        pytest.param(standing("V9", "cancelled", last=TUESDAY), True, id="one called off yesterday"),
        pytest.param(standing("V9", "cancelled"), False, id="one called off long ago"),
        pytest.param(standing("C9", "disputed"), False, id="a claim"),
        pytest.param(standing("D9", "open", elsewhere=True), False, id="one that only another topic's briefings have"),
    ],
)
def test_silence_is_not_mentioned_and_no_more(before: Standing, told: bool) -> None:
    """What a party in the news no longer speaks of is "not mentioned", as it stood: never withdrawn."""
    every = compare([StoryOfDay(Items(demands=(DEMAND,)), (), TODAY.actors)], RECOGNISED, past_of(before))
    silent = [x for x in every if x.kind is ChangeKind.NOT_MENTIONED]
    assert bool(silent) is told
    for change in silent:
        assert (change.item, change.before, change.after) == (before.id, before.state, None)
        assert (change.since, change.evidence_before) == (before.last, before.evidence)


RECOGNISED = Recognised({"A1": "A1", "A2": "A2", "A3": "A3"}, {})


def test_silence_is_of_the_topic_s_own_things(archive: Archive) -> None:
    """What the grain desk told is nothing that the locks desk doesn't mention, though both know it by one id."""
    second = DEMAND.model_copy(update={"id": "D2", "issue": "the lock"})
    second = second.model_copy(update={"variants": (second.variants[0].model_copy(update={"id": "D2.1"}),)})
    archive.put(make_briefing(MONDAY, topic="grain"))
    locks = make_briefing(MONDAY, topic="locks", demands=(), venues=(), stories=())
    archive.put(locks, {"A1": "A1", "A2": "A2", "A3": "A3", "C1": "C1"})

    def silent(topic: str | None) -> list[str]:
        past = archive.past(TUESDAY, topic=topic)
        assert past
        assert {"D1", "V1"} <= {each.id for each in past.of_kind("demand", "venue")}
        told = compare([StoryOfDay(Items(demands=(second,)), (), TODAY.actors)], RECOGNISED, past)
        return [change.item for change in told if change.kind is ChangeKind.NOT_MENTIONED]

    assert silent("grain") == ["D1", "V1"]
    assert silent("locks") == silent(None) == silent("bridges") == []
    earlier = make_briefing(MONDAY - timedelta(days=3), topic="locks", venues=(), claims=(), stories=())
    archive.put(earlier, {id: id for id in ("D1", "A1", "A2", "A3")})
    assert silent("locks") == ["D1"]


def test_what_moved_is_told_first() -> None:
    """Then what is new, then what was restated, then silence."""
    story = StoryOfDay(Items(demands=(DEMAND,), venues=(VENUE,)), (), TODAY.actors)
    second = DEMAND.model_copy(update={"id": "D2", "status": DemandStatus.MET})
    story = StoryOfDay(Items(demands=(DEMAND, second), venues=(VENUE,)), (), TODAY.actors)
    found = {
        "D1": Continuation(now="D1", before=("D7",), change="restated"),
        "D2": Continuation(now="D2", before=("D8",), change="restated"),
    }
    past = past_of(standing("D7", "open"), standing("D8", "open"), standing("D9", "open"))
    told = compare([story], Recognised(RECOGNISED.actors, found), past)
    assert [(x.id, x.item, x.kind.value) for x in told] == [
        ("K1", "D2", "met"),
        ("K2", "V1", "new"),
        ("K3", "D1", "restated"),
        ("K4", "D9", "not_mentioned"),
    ]


def restated(day: date, since: date, status: DemandStatus, before: str) -> Briefing:
    """A day on which the demand is told again, with another status or the same."""
    today = make_briefing(day, status=status, compared_with=since)
    demand = today.demands[0]
    change = Change(
        id="K1",
        item="D1",
        kind=ChangeKind.RESTATED,
        what=demand.what,
        since=since,
        before=before,
        after=f"{status}, demand",
        evidence_after=demand.evidence,
    )
    return Briefing.model_validate({**dict(today), "changes": (change,)})


SAME = {id: id for id in ("A1", "A2", "A3", "D1", "V1", "C1")}


def told_by(archive: Archive, before: date, after: date) -> tuple[str | None, str | None, str]:
    """How a diff has the demand: as it stood, as it stands, and in a word."""
    (found,) = (each for each in archive.diff(before, after).differences if each.id == "D1")
    return found.before, found.after, found.how


def test_a_report_that_leaves_out_an_answer_restates(archive: Archive) -> None:
    """What was met, and is told as open, is restated: in the briefing, and between two days, with both states."""
    archive.put(make_briefing(MONDAY, status=DemandStatus.MET))
    told = restated(TUESDAY, MONDAY, DemandStatus.OPEN, "met, demand")
    archive.put(told, SAME)
    assert told_by(archive, MONDAY, TUESDAY) == ("met, demand", "open, demand", "restated")
    page = render_answer(archive.diff(MONDAY, TUESDAY), "md")
    assert "## Told again, otherwise than it stood" in page
    assert "## Moved" not in page
    (line,) = (line for line in render_as(told, "md").splitlines() if "**K1**" in line)
    assert "met, demand, 1 day ago → open, demand" in line
    assert "Restated, otherwise than it stood:" in render_as(told, "text")
    assert "Restated, as it stood:" not in render_as(told, "text")
    as_it_stood = restated(TUESDAY, MONDAY, DemandStatus.OPEN, "open, demand")
    assert "Restated, as it stood:" in render_as(as_it_stood, "text")
    assert "otherwise" not in render_as(as_it_stood, "text")


def test_what_was_silent_and_is_back_is_mentioned(archive: Archive) -> None:
    """Of two days that have a thing alike, the silence between them says nothing."""
    archive.put(make_briefing(MONDAY))
    silence = Change(id="K1", item="D1", kind=ChangeKind.NOT_MENTIONED, what="x", since=MONDAY, before="open, demand")
    quiet = make_briefing(TUESDAY, demands=(), stories=(), compared_with=MONDAY, changes=(silence,))
    archive.put(quiet, {id: id for id in SAME if id != "D1"})
    archive.put(restated(WEDNESDAY, MONDAY, DemandStatus.OPEN, "open, demand"), SAME)
    assert told_by(archive, MONDAY, WEDNESDAY) == ("open, demand", "open, demand", "same")
    assert told_by(archive, MONDAY, TUESDAY) == ("open, demand", None, "not mentioned")
    assert told_by(archive, TUESDAY, WEDNESDAY) == (None, "open, demand", "restated")


# ------------------------------------------------------------------------- held to the lines


@pytest.mark.parametrize(
    ("found", "thing", "before", "wrong"),
    [
        pytest.param({"change": "restated"}, DEMAND, standing("V1", "possible"), "is a demand", id="another kind"),
        pytest.param({"change": "hardened"}, DEMAND, standing("D1", "open"), "needs `was`", id="no words"),
        pytest.param(
            {"change": "softened", "was": "2 canals", "now_is": "1 canal", "what": "Less."},
            DEMAND,
            standing("D1", "open"),
            "1 stands in none of the lines",
            id="a figure of its own",
        ),
        pytest.param(
            {"change": "restated"},
            VENUE.model_copy(update={"status": VenueStatus.PAST, "when": When(date="2031-06-12")}),
            standing("V1", "past", when="2031-06-09"),
            "two occasions",
            id="two calls on two days",
        ),
    ],
)
def test_what_the_model_may_not_say(found: dict[str, Any], thing: Demand | Venue, before: Standing, wrong: str) -> None:
    """A continuation is held to the two lines that it joins."""
    said = Continuation(now=thing.id, before=("b1",), **found)
    (problem,) = check_continuation("continued[0]", said, thing, "the canal", [before])
    assert wrong in problem


def test_a_postponed_meeting_is_one() -> None:
    """Two days of one planned occasion can be one; only what took place on two days can't."""
    later = VENUE.model_copy(update={"status": VenueStatus.PLANNED, "when": When(date="2031-06-24")})
    said = Continuation(now="V1", before=("b1",), change="restated")
    assert list(check_continuation("x", said, later, "", [standing("V1", "planned", when="2031-06-22")])) == []


# ---------------------------------------------------------------------- the way through a run


def two_days(archive: Archive, scripted: Scripted, tmp_path: Any, answer: Any) -> Any:
    """A day, then another whose questions a script answers."""
    text = (
        "Ministers met in Port Ambry. Foreign minister Anna Varga of Norland demanded that Sudland reopen the canal.\n"
    )
    place = archive.base.url.render_as_string(hide_password=False)
    made = []
    for day in (MONDAY, TUESDAY):
        article = tmp_path / f"{day}.txt"
        article.write_text(
            f"---\ndate: {day}\n---\n{text}Advertisement\nNo promise was made. A second meeting is possible."
        )
        settings = settings_for(scripted(answer), archive=place)
        made.append(brief(article, day=day, settings=settings))
    return made


def continued(asked: Asked) -> Reply:
    """A script that recognises the demand, softened."""
    if asked.answer == "Continuations":
        lines = [line.split(" | ") for line in asked.user.splitlines()]
        earlier = next(line[0] for line in lines if line[0].startswith("b") and line[1] == "demand")
        softened = {"was": "reopen", "now_is": "half", "what": "Norland asks for less."}
        return {"continued": [{"now": "D1", "before": [earlier], "change": "softened", **softened}]}
    if asked.answer == "Summary":
        cites = ["K1", "D1"] if "K1 |" in asked.user else ["D1"]
        line = {"text": "Norland wants the canal reopened", "cites": cites}
        return {"headline": line, "bottom_line": [line]}
    return answer_all(asked)


def test_a_run_compares_and_leads_with_what_changed(archive: Archive, scripted: Scripted, tmp_path: Any) -> None:
    """The writer is told of the changes, and its first sentence cites one; ids go on."""
    first, second = two_days(archive, scripted, tmp_path, continued)
    assert first.changes == ()
    assert second.compared_with == MONDAY
    change = second.changes[0]
    assert (change.item, change.kind, change.since) == ("D1", ChangeKind.SOFTENED, MONDAY)
    assert {second.source(e.article).earlier for e in change.evidence_before} == {True}
    assert second.demands[0].id == "D1"
    assert second.stories[0].bottom_line[0].cites == ("K1", "D1")
    assert second == archive.briefing(TUESDAY)


def test_a_bottom_line_without_the_change_is_sent_back(archive: Archive, scripted: Scripted, tmp_path: Any) -> None:
    """The writer is told which changes there are; one that won't tell them costs the story its top."""

    def silent(asked: Asked) -> Reply:
        line = {"text": "Norland wants the canal reopened", "cites": ["D1"]}
        return {"headline": line, "bottom_line": [line]} if asked.answer == "Summary" else continued(asked)

    _, second = two_days(archive, scripted, tmp_path, silent)
    (problem,) = (problem for problem in second.problems if problem.stage == "write")
    assert "the first sentence says what changed, and cites one of K1" in problem.reason


def test_without_an_answer_all_is_new(archive: Archive, scripted: Scripted, tmp_path: Any) -> None:
    """A model that can't compare costs the comparison, not the briefing; actors are still known by name."""

    def broken(asked: Asked) -> Reply:
        return {"continued": [{"now": "D9"}]} if asked.answer == "Continuations" else answer_all(asked)

    _, second = two_days(archive, scripted, tmp_path, broken)
    assert (second.compared_with, second.changes) == (None, ())
    (problem,) = second.problems
    assert problem.stage == "compare"
    assert [actor.id for actor in second.actors] == ["A1", "A2", "A3"]
    assert second.demands[0].id == "D2"


def test_the_planted_changes_are_found() -> None:
    """Over the example's two days every planted change is found, silence and old news among them."""
    (score,) = (score for score in truth(DAYS[1]).score(replayed(DAYS[1])) if score.kind == "changes")
    assert score.recall == 1.0
    assert score.precision > 0.9
    planted = {kind["kind"] for kind in truth(DAYS[1]).planted["changes"]}
    assert planted >= {"not_mentioned", "first_reported", "met", "rejected", "withdrawn", "softened", "hardened"}


def test_a_replay_knows_what_stood_before() -> None:
    """A cassette has it: without an archive the replay is compared with the same days."""
    alone = brief(ROOT / "examples" / DAYS[1], settings=Settings(replay=ROOT / "cassettes" / DAYS[1]))
    assert alone.compared_with == date.fromisoformat(DAYS[0])
    assert Strength.PRECONDITION in {demand.strength for demand in alone.demands}
