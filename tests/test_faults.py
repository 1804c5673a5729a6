"""Whole runs through all that a provider and a network do: nothing lost, nothing asked twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import Article, Briefing, Progress, Settings, brief
from summarizer.account import Account
from summarizer.errors import ModelError, RefusedRequest
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests.newsroom import HALVED, HANGING, LOST, MENDED, PASSING, Storm, answer, make_article, storm_settings

Scripted = Callable[..., ScriptedModel]
TOOK = {"provenance": {"usage", "prompts"}}
"""What was asked, and what it took, is all that may differ."""


def account_of(articles: list[Article], settings: Settings) -> tuple[Briefing, Account]:
    seen: list[Progress] = []
    briefing = brief(articles, settings=settings, listener=seen.append)
    return briefing, seen[-1].account


def test_a_day_in_a_storm(scripted: Scripted, tmp_path: Path, thorough: bool) -> None:
    """With many replies failing in every way, all is read or listed; what was read makes the same briefing.

    Nothing is asked after it was answered, but for answers that came when the run had no more patience.
    """
    count, share = (200, 0.2) if thorough else (60, 0.4)
    articles = [make_article(number) for number in range(count)]
    storm = Storm(7, share, [*PASSING, *MENDED, *HALVED, *LOST])
    stormy, account = account_of(articles, storm_settings(scripted(storm), workspace=tmp_path, timeout=1.5))
    read = {source.name for source in stormy.sources}
    listed = {problem.article: problem.reason for problem in stormy.problems}
    assert read | set(listed) == {article.name for article in articles}
    assert all(listed.values())
    impatient = account.faults["no whole reply in time"] + account.faults["ReadTimeout"]
    assert len(set(storm.after)) <= impatient - sum(storm.met[kind] for kind in HANGING)
    assert set(storm.met) == {*PASSING, *MENDED, *HALVED, *LOST}
    assert account.sent == sum(storm.met.values()) + sum(storm.good.values())
    calm = brief([a for a in articles if a.name in read], settings=storm_settings(scripted(answer)))
    whole = [problem for problem in stormy.problems if problem.article not in read]
    assert stormy.model_dump(exclude={**TOOK, "problems": True}) == calm.model_dump(exclude={**TOOK, "problems": True})
    assert len(whole) == count - len(read)


@pytest.mark.parametrize("kind", [*PASSING, *MENDED])
def test_every_fault_passes(scripted: Scripted, kind: str) -> None:
    """Each kind of fault costs one request: the briefing is the same, usage included.

    What hangs costs one more for each reply that a busy machine then brings too late.
    """
    make = (PASSING | MENDED)[kind]

    def reply(asked: Asked) -> Reply:
        return make(answer(asked)) if asked.number == 0 else answer(asked)

    model = scripted(reply)
    patience = {"timeout": 0.7} if kind in HANGING else {}
    briefing, account = account_of([make_article(1)], storm_settings(model, **patience))
    calm = brief(make_article(1), settings=storm_settings(scripted(answer)))
    assert briefing == calm
    faults = sum(account.faults.values())
    assert account.sent == len(model.asked) == calm.provenance.usage.requests + account.mended + faults
    assert (account.mended, faults) == ((1, 0) if kind in MENDED else (0, max(1, faults if patience else 1)))


PARTS = {
    "cut by length": ["sentences 1 to 2", "sentences 3 to 5"],
    "too long for the context": ["sentences 1 to 1", "sentences 2 to 3", "sentences 4 to 5"],
}
"""In how many parts a refusal's figures make it sensible to ask."""


@pytest.mark.parametrize("kind", HALVED)
def test_what_is_too_much_is_halved(scripted: Scripted, kind: str, tmp_path: Path) -> None:
    """A reading that is cut off, or refused for its length, is asked for in parts, and not whole again."""

    def reply(asked: Asked) -> Reply:
        whole = asked.answer == "ArticleNotes" and "A part of the article" not in asked.user
        return HALVED[kind]({}) if whole else answer(asked)

    model = scripted(reply)
    settings = storm_settings(model, workspace=tmp_path)
    briefing, _ = account_of([make_article(1, brief=True)], settings)
    calm = brief(make_article(1, brief=True), settings=storm_settings(scripted(answer)))
    assert briefing.model_dump(exclude=TOOK) == calm.model_dump(exclude=TOOK)
    asked = [asked.user for asked in model.asked if asked.answer == "ArticleNotes"]
    assert sorted(re.findall(r"sentences \d to \d", "".join(asked))) == PARTS[kind]
    assert account_of([make_article(1, brief=True)], settings)[0] == briefing
    assert len([asked for asked in model.asked if asked.answer == "ArticleNotes"]) == len(asked)


@pytest.mark.parametrize("kind", LOST)
def test_what_cannot_be_mended_costs_one_article(scripted: Scripted, kind: str) -> None:
    """A refused, filtered or endless reading is asked for once, and listed with the reason."""
    lost = make_article(1)

    def reply(asked: Asked) -> Reply:
        mine = asked.answer == "ArticleNotes" and "Paper 1\n" in asked.user
        return LOST[kind]({}) if mine else answer(asked)

    model = scripted(reply)
    briefing, _ = account_of([make_article(0), lost, make_article(2)], storm_settings(model))
    assert [source.name for source in briefing.sources] == ["0000.txt", "0002.txt"]
    (problem,) = briefing.problems
    assert (problem.article, problem.cost) == ("0001.txt", "the article was not read")
    expected = {"refusal": "I can't help", "content filter": "content filter", "filtered prompt": "flagged"}
    assert expected.get(kind, "repeated itself until it was cut off") in problem.reason
    assert len([asked for asked in model.asked if "Paper 1\n" in asked.user]) == 1


def test_a_model_that_is_always_cut_off_is_given_up(scripted: Scripted) -> None:
    """Halving ends: one hopeless article costs a bounded number of requests, and itself alone."""
    cut = Answered(content='{"language": "en", ', finish_reason="length")

    def reply(asked: Asked) -> Reply:
        return cut if asked.answer == "ArticleNotes" and "Paper 0\n" in asked.user else answer(asked)

    model = scripted(reply)
    briefing, _ = account_of([make_article(0), make_article(1)], storm_settings(model))
    assert [source.name for source in briefing.sources] == ["0001.txt"]
    assert (
        len([asked for asked in model.asked if "Paper 0\n" in asked.user]) == 9
    )  # whole, 2 halves, 4, then single ones
    assert "cut off" in briefing.problems[0].reason


def test_a_lost_part_is_listed(scripted: Scripted) -> None:
    """If one half can't be read, the other is, and the problem names the sentences."""

    def reply(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes" and "A part of the article" not in asked.user:
            return HALVED["cut by length"]({})
        return LOST["refusal"]({}) if "sentences 1 to" in asked.user else answer(asked)

    briefing, _ = account_of([make_article(1, brief=True)], storm_settings(scripted(reply)))
    assert len(briefing.sources) == 1
    assert [problem.cost for problem in briefing.problems] == ["sentences 1 to 2 were not read"]


PERMANENT = [
    pytest.param(Fault(401), "check the API key", id="401"),
    pytest.param(Fault(402), "credit", id="402"),
    pytest.param(Fault(403), "allowed to do", id="403"),
    pytest.param(Fault(404), "check the model's name", id="404"),
    pytest.param(Fault(429, body=b'{"error": {"code": "insufficient_quota"}}'), "quota", id="quota"),
]


@pytest.mark.parametrize(("fault", "advice"), PERMANENT)
def test_permanent_errors_stop_the_run(scripted: Scripted, tmp_path: Path, fault: Fault, advice: str) -> None:
    """A refused key, model or account stops the run at once with what to do; what was answered is kept."""
    articles = [make_article(number) for number in range(40)]
    model = scripted(lambda asked: fault if asked.number >= 11 else answer(asked))  # the first one sorts them
    settings = storm_settings(model, workspace=tmp_path, concurrency=4)
    with pytest.raises(RefusedRequest, match=advice):
        brief(articles, settings=settings)
    assert len(model.asked) <= 11 + 2 * 4
    model.reply = answer
    before = len(model.asked)
    briefing = brief(articles, settings=settings)
    assert len(briefing.sources) == 40
    assert len([a for a in model.asked[before:] if a.answer == "ArticleNotes"]) == 30


def test_an_endpoint_that_declines_everything_stops_the_run(scripted: Scripted) -> None:
    """A 400 costs its article; the same for the first three, with none answered, is no matter of the articles."""
    odd = Fault(400, body=b'{"error": {"message": "tools are not supported"}}')
    model = scripted(lambda asked: odd)
    with pytest.raises(RefusedRequest, match=r"3 questions in a row.*tools are not supported"):
        brief([make_article(number) for number in range(40)], settings=storm_settings(model, concurrency=2))
    assert len(model.asked) <= 3 + 2 * 2


def test_a_400_for_one_article_costs_that_article(scripted: Scripted) -> None:
    """What the endpoint won't take of one article does not stop the others."""

    def reply(asked: Asked) -> Reply:
        mine = "Paper 3\n" in asked.user
        return Fault(400, body=b'{"error": {"message": "invalid character"}}') if mine else answer(asked)

    briefing, _ = account_of([make_article(number) for number in range(8)], storm_settings(scripted(reply)))
    assert len(briefing.sources) == 7
    assert "invalid character" in briefing.problems[0].reason


def test_a_dead_endpoint_is_given_up(scripted: Scripted) -> None:
    """When question after question gets no reply at all, the rest isn't tried: the run ends soon, and says why."""
    model = scripted(lambda asked: Fault(503))
    with pytest.raises(ModelError, match="given up after 5 questions in a row without a reply"):
        brief(
            [make_article(n) for n in range(100)],
            settings=storm_settings(model, attempts=2, concurrency=4, max_stories=100),
        )
    assert len(model.asked) < 40


def test_an_endpoint_that_dies_in_mid_run(scripted: Scripted, tmp_path: Path) -> None:
    """What was read before makes a briefing with problems; the next run asks only for the rest."""
    articles = [make_article(number) for number in range(30)]
    model = scripted(lambda asked: Fault(503) if asked.number >= 12 else answer(asked))
    settings = storm_settings(model, workspace=tmp_path, attempts=2, concurrency=4)
    briefing, _ = account_of(articles, settings)
    assert 8 <= len(briefing.sources) <= 12
    unread = {article.name for article in articles} - {source.name for source in briefing.sources}
    assert {problem.article for problem in briefing.problems if problem.article} == unread
    model.reply = answer
    before = len(model.asked)
    assert brief(articles, settings=settings).problems == ()
    asked = [asked for asked in model.asked[before:] if asked.answer == "ArticleNotes"]
    assert len(asked) == 30 - len(briefing.sources)


# ------------------------------------------------------- what a review found, each as it was found


@pytest.mark.parametrize(
    "said", [b"This model supports at most 4096 completion tokens", b"Unsupported parameter: 'max_tokens'"]
)
def test_limits_learned_while_others_are_under_way(scripted: Scripted, said: bytes) -> None:
    """Questions that were sent before a limit was learned are asked again with it, and cost no article."""

    def reply(asked: Asked) -> Reply:
        if asked.body.get("max_tokens", 0) > 4096:
            return Fault(400, body=b'{"error": {"message": "%s"}}' % said)
        return answer(asked)

    articles = [make_article(number) for number in range(8)]
    settings = storm_settings(scripted(reply), context=100_000, concurrency=8)
    assert brief(articles, settings=settings).problems == ()


def test_a_context_that_is_too_small_ends(scripted: Scripted) -> None:
    """An endpoint whose context holds no answer is not asked for ever."""
    small = Fault(400, body=b'{"error": {"message": "exceeds the available context size (512 tokens)"}}')
    model = scripted(lambda asked: small)
    with pytest.raises(ModelError, match="does not fit the model's context"):
        brief(make_article(0), settings=storm_settings(model))
    assert len(model.asked) < 30


@pytest.mark.parametrize("concurrency", [1, 4])
def test_replies_lost_under_a_cap_do_not_deadlock(scripted: Scripted, concurrency: int) -> None:
    """When all that is under way gets lost at once, and a cap is near, the run goes on, or says why not."""
    model = scripted(lambda asked: Fault(hang_up=True) if asked.number < concurrency else answer(asked))
    articles = [make_article(number) for number in range(4)]
    settings = storm_settings(model, concurrency=concurrency, max_tokens=50_000 + 24_000 * concurrency, deadline=20)
    try:
        briefing = brief(articles, settings=settings)
    except ModelError as error:
        assert "max-tokens" in str(error)
    else:
        assert all("max-tokens" in problem.reason for problem in briefing.problems)


def test_what_was_cut_by_chance_is_asked_again(scripted: Scripted, tmp_path: Path) -> None:
    """That a question which can't be parted was cut off is not remembered."""
    cut = Answered(content='{"headline": ', finish_reason="length")
    model = scripted(lambda asked: cut if asked.answer == "Summary" else answer(asked))
    settings = storm_settings(model, workspace=tmp_path)
    assert [problem.stage for problem in brief(make_article(0), settings=settings).problems] == ["write"]
    model.reply = answer
    assert brief(make_article(0), settings=settings).problems == ()


def test_declined_again_is_no_reason_to_stop(scripted: Scripted, tmp_path: Path) -> None:
    """If all but what the endpoint declines is in the journal, the next run is as the first."""

    def reply(asked: Asked) -> Reply:
        mine = any(f"Paper {number}\n" in asked.user for number in (1, 3, 5))
        return Fault(400, body=b'{"error": {"message": "no"}}') if mine else answer(asked)

    settings = storm_settings(scripted(reply), workspace=tmp_path)
    articles = [make_article(number) for number in range(8)]
    first = brief(articles, settings=settings)
    assert len(first.sources) == 5
    assert brief(articles, settings=settings) == first


@pytest.mark.parametrize("usage", [None, "lots", [1], {"prompt_tokens": "1"}, {"prompt_tokens": 1.5}])
def test_a_cap_holds_against_replies_that_hide_their_usage(scripted: Scripted, usage: object) -> None:
    """A reply that doesn't say what it took counts as the most it could have taken."""
    model = scripted()

    def reply(asked: Asked) -> Reply:
        body = json.loads(model.completion(Answered(content=answer(asked)), asked.answer))
        body.pop("usage")
        return Fault(200, body=json.dumps(body | ({"usage": usage} if usage is not None else {})).encode())

    model.reply = reply
    settings = storm_settings(model, max_tokens=120_000, concurrency=2)
    briefing, _ = account_of([make_article(number) for number in range(12)], settings)
    assert 0 < len(briefing.sources) < 6
    assert len(model.asked) <= 6


@pytest.mark.parametrize("status", [520, 524, 599])
def test_gateways_faults_pass(scripted: Scripted, status: int) -> None:
    """A gateway's own 5xx is tried again like any server's."""
    model = scripted(lambda asked: Fault(status) if asked.number == 0 else answer(asked))
    assert brief(make_article(0), settings=storm_settings(model)).problems == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"model": "\ud800\x1b[31m"}, id="model's name"),
        pytest.param(
            {"choices": [{"finish_reason": "length", "message": {"tool_calls": [{"function": None}]}}]}, id="call"
        ),
    ],
)
def test_odd_replies_cost_no_more_than_themselves(
    scripted: Scripted, tmp_path: Path, change: dict[str, object]
) -> None:
    """A reply that is odd in places nobody looks at does not end a run."""
    model = scripted()

    def reply(asked: Asked) -> Reply:
        good = json.loads(model.completion(Answered(content=answer(asked)), asked.answer))
        return Fault(200, body=json.dumps(good | change if "Paper 1\n" in asked.user else good).encode())

    model.reply = reply
    briefing, _ = account_of([make_article(0), make_article(1)], storm_settings(model, workspace=tmp_path))
    assert "0000.txt" in {source.name for source in briefing.sources}
    assert all(name.isprintable() for name in briefing.provenance.answered_by)
