"""Limits: how many at once and a minute, how much in all, how long, and how long a text."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Progress, brief
from summarizer.budget import Amount, Budget
from summarizer.cli import main
from summarizer.errors import BudgetSpent, DeadlinePassed, InvalidSettings, ModelError
from summarizer.plan import plan_run
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from summarizer.throttle import Throttle
from summarizer.verdict import Limits, _parts, plain_refusal
from tests.newsroom import answer, make_article, storm_settings

Scripted = Callable[..., ScriptedModel]


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("summarizer.throttle.pause", clock.wait)
    return clock


def busiest_minute(times: list[tuple[float, int]]) -> int:
    """The most that any sixty seconds hold."""
    return max(sum(amount for at, amount in times if start <= at < start + 60) for start, _ in times)


@pytest.mark.parametrize(
    ("limits", "amount", "most"),
    [
        pytest.param({"requests_per_minute": 10}, 1, 10, id="requests"),
        pytest.param({"tokens_per_minute": 1000}, 300, 900, id="tokens"),
        pytest.param({"tokens_per_minute": 100}, 300, 300, id="one larger than the cap goes alone"),
    ],
)
def test_no_minute_holds_more(clock: Clock, limits: dict[str, int], amount: int, most: int) -> None:
    """However many come, no sixty seconds see more requests or tokens than the settings allow; and as many as that."""

    async def go() -> list[tuple[float, int]]:
        throttle = Throttle(8, clock=clock, **limits)
        times: list[tuple[float, int]] = []

        async def one() -> None:
            async with throttle.turn(amount):
                times.append((clock.now, amount if "tokens_per_minute" in limits else 1))
                await clock.wait(0.5)

        await asyncio.gather(*(one() for _ in range(35)))
        return times

    assert busiest_minute(asyncio.run(go())) == most


def test_tokens_are_corrected_by_what_a_reply_took(clock: Clock) -> None:
    """A reply that took less than expected leaves room for more in its minute."""

    async def go() -> float:
        throttle = Throttle(1, tokens_per_minute=1000, clock=clock)
        for _ in range(5):
            async with throttle.turn(900) as turn:
                throttle.answered(turn, 10)
        return clock.now

    assert asyncio.run(go()) < 60


def test_repeated_429_halve_and_answers_bring_back(clock: Clock) -> None:
    """One 429 changes nothing; a second one halves what may be under way, once a round; answers add one a round."""

    async def go() -> None:
        throttle = Throttle(16, clock=clock)
        turns = []
        for _ in range(16):
            async with throttle.turn() as turn:
                turns.append(turn)
        throttle.crowded(turns[0])
        assert throttle.limit == 16
        throttle.crowded(turns[1])
        assert throttle.limit == 8
        for turn in turns[2:]:
            throttle.crowded(turn)
        assert throttle.limit == 8  # they were sent before the halving, and say nothing about it
        async with throttle.turn() as turn:
            throttle.crowded(turn)
        assert (throttle.limit, throttle.lowest) == (4, 4)
        for _ in range(200):
            async with throttle.turn() as turn:
                throttle.answered(turn)
        assert throttle.limit == 16

    asyncio.run(go())


def test_a_crowded_endpoint_gets_less_at_once(scripted: Scripted) -> None:
    """Against a server that takes four at once and answers 429 beyond, a run of sixteen finds its way, and is whole."""
    model = scripted()

    def reply(asked: Asked) -> Reply:
        if model._under_way > 4:
            return Fault(429)
        return Answered(content=answer(asked), delay=0.03)

    model.reply = reply
    seen: list[Progress] = []
    articles = [make_article(number) for number in range(80)]
    briefing = brief(articles, settings=storm_settings(model, attempts=40), listener=seen.append)
    account = seen[-1].account
    assert briefing.problems == ()
    assert account.lowest is not None
    assert account.lowest <= 8
    assert "slowed to" in account.summary()


def test_retry_after_holds_all_back(clock: Clock) -> None:
    """What a 429 asks for is waited by every request, not by the one that got it alone."""

    async def go() -> float:
        throttle = Throttle(4, clock=clock)
        async with throttle.turn() as turn:
            throttle.crowded(turn, 7)
        async with throttle.turn():
            return clock.now

    assert asyncio.run(go()) == 7


# ---------------------------------------------------------------------------------- budget


def test_nothing_is_admitted_that_might_pass(clock: Clock) -> None:
    """An attempt is admitted if it fits at its longest; what it took less is free again."""

    async def go() -> None:
        budget = Budget(max_tokens=1000, clock=clock)
        with budget.hold() as hold:
            await budget.admit(hold, Amount(900))
            budget.book(hold, Amount(100))
        with budget.hold() as hold:
            await budget.admit(hold, Amount(900))
            budget.lose(hold)  # nobody says what it took: counted in full
        with budget.hold() as hold, pytest.raises(BudgetSpent, match="1,000 might be passed: 1,000 are spent"):
            await budget.admit(hold, Amount(1))

    asyncio.run(go())


def test_what_fits_later_waits(clock: Clock) -> None:
    """An attempt that fits only once others have taken less than they set aside waits for them."""

    async def go() -> list[str]:
        budget = Budget(max_tokens=1000, clock=clock)
        order = []

        async def ask(name: str) -> None:
            with budget.hold() as hold:
                await budget.admit(hold, Amount(600))
                order.append(f"{name} in")
                await asyncio.sleep(0.01)
                budget.book(hold, Amount(50))
                order.append(f"{name} out")

        await asyncio.gather(ask("a"), ask("b"), ask("c"))
        return order

    assert asyncio.run(go()) == ["a in", "a out", "b in", "b out", "c in", "c out"]


@pytest.mark.parametrize("cap", ["tokens", "cost"])
def test_a_run_stops_before_its_cap(tmp_path: Path, cap: str) -> None:
    """A capped run never passes its cap, makes a whole briefing of what it read, and goes on from there later."""

    def reply(asked: Asked) -> Reply:
        return Answered(content=answer(asked), input_tokens=6000, output_tokens=1000)

    articles = [make_article(number) for number in range(20)]
    with ScriptedModel(reply, model="gpt-4o-mini") as model:
        limits: dict[str, Any] = {"max_tokens": 160_000} if cap == "tokens" else {"max_cost": Decimal("0.05")}
        settings = storm_settings(model, workspace=tmp_path, model="openai/gpt-4o-mini", **limits)
        seen: list[Progress] = []
        briefing = brief(articles, settings=settings, listener=seen.append)
        spent = seen[-1].account.spent
        if cap == "tokens":
            assert 80_000 < spent.input_tokens + spent.output_tokens <= 160_000
        else:
            assert spent.cost_usd is not None
            assert Decimal("0.015") < spent.cost_usd <= Decimal("0.05")
        assert 0 < len(briefing.sources) < 20
        assert briefing.stories
        unread = [problem for problem in briefing.problems if problem.article]
        assert len(unread) == 20 - len(briefing.sources)
        assert all(f"--max-{cap}" in problem.reason for problem in unread)
        assert len(unread) == len(briefing.problems)
        before = len(model.asked)
        whole = brief(articles, settings=storm_settings(model, workspace=tmp_path, model="openai/gpt-4o-mini"))
        assert whole.problems == ()
        again = [asked for asked in model.asked[before:] if asked.answer == "ArticleNotes"]
        assert len(again) == len(unread)


def test_a_cap_on_money_needs_a_price(scripted: Scripted) -> None:
    """Where no price is known, a cap on money is refused, with the cap that works."""
    with pytest.raises(InvalidSettings, match="--max-tokens"):
        brief(make_article(0), settings=storm_settings(scripted(answer), model="openai/nosuch", max_cost=Decimal(1)))


def test_the_deadline(scripted: Scripted, tmp_path: Path) -> None:
    """When four fifths of the time are up no article is begun; the rest is for merging; what was read is kept."""
    articles = [make_article(number) for number in range(40)]
    began = time.monotonic()
    brief(articles[:8], settings=storm_settings(scripted(answer), concurrency=4))
    deadline = round(max(3.0, 10 * (time.monotonic() - began)), 1)  # ten times what as many readings take here and now
    times: list[float] = []

    def held(asked: Asked) -> Reply:
        """Answer what is asked first; the rest when five sixths of the time are up."""
        times.append(time.monotonic())
        late = times[0] + deadline * 5 / 6 - times[-1] if asked.number > 8 else 0
        return Answered(content=answer(asked), delay=max(0, late))

    model = scripted(held)
    settings = storm_settings(model, workspace=tmp_path, concurrency=4, deadline=deadline)
    briefing = brief(articles, settings=settings)
    assert 8 <= len(briefing.sources) <= 8 + 2 * 4  # four under way, and as many that stand in line behind them
    unread = [problem for problem in briefing.problems if problem.article]
    assert len(unread) == 40 - len(briefing.sources)
    assert f"80% of the deadline of {deadline:g} seconds has passed" in unread[0].reason
    before = len([asked for asked in model.asked if asked.answer == "ArticleNotes"])
    assert before <= len(briefing.sources) + 4


def test_a_deadline_ends_what_hangs(scripted: Scripted) -> None:
    """A model that never answers costs no more than the deadline."""
    model = scripted(lambda asked: Answered(content={}, delay=60))
    with pytest.raises(ModelError, match=r"deadline of 0\.5 seconds has passed"):
        brief(make_article(0), settings=storm_settings(model, timeout=50, deadline=0.5))


def test_time_is_told() -> None:
    """The error of a deadline says how long it was, and what to do."""
    assert "run it again to go on" in str(DeadlinePassed(60))


# ------------------------------------------------------------------------------ long input


def long_article(paragraphs: int) -> Article:
    """An article of so many paragraphs: every tenth the newsroom's for another number, the rest weather."""
    weather = "Rain fell on the town and on the barges in the queue. " * 5
    parts = (make_article(n // 10).text if n % 10 == 0 else f"Day {n}. {weather.strip()}" for n in range(paragraphs))
    return Article.of("\n\n".join(parts), name="long.txt")


def test_a_megabyte_is_read_in_parts(scripted: Scripted) -> None:
    """An article of a megabyte is read in parts within the context; its numbers run on, and its quotations hold."""
    article = long_article(3700)
    assert article.characters > 1_000_000
    model = scripted(answer)
    briefing = brief(article, settings=storm_settings(model, timeout=30))
    readings = [asked for asked in model.asked if asked.answer == "ArticleNotes"]
    assert len(readings) > 10
    numbers = [int(n) for asked in readings for n in re.findall(r"^\[(\d+)\]", asked.user, re.M)]
    assert sorted(numbers) == [*range(1, len(numbers) + 1)]
    assert sum(len(demand.variants) for demand in briefing.demands) == 370
    assert briefing.verify([article]) > 700
    assert briefing.problems == ()
    assert max(evidence.end for evidence in briefing.evidence) > 990_000


def test_parts_end_with_paragraphs(scripted: Scripted) -> None:
    """Parts are cut between paragraphs, not within them."""
    model = scripted(answer)
    article = long_article(600)
    brief(article, settings=storm_settings(model, timeout=30))
    readings = [asked.user for asked in model.asked if asked.answer == "ArticleNotes"]
    assert len(readings) > 1
    firsts = [re.search(r"^\[\d+\] (.*)$", user, re.M) for user in readings]
    starts = {line for line in article.text.splitlines() if line}
    assert all(first and any(line.startswith(first[1]) for line in starts) for first in firsts)


def test_the_context_is_kept_to(scripted: Scripted) -> None:
    """Whatever the model's context, no request is estimated to pass it, the answer's room included."""
    for context in (12_000, 32_768):
        model = scripted(answer)
        brief([long_article(200), make_article(7)], settings=storm_settings(model, context=context, timeout=30))
        for asked in model.asked:
            sent = len(asked.system) + len(asked.user) + len(str(asked.body["tools"]))
            assert sent / 4 + asked.body["max_tokens"] < context


@pytest.mark.parametrize(
    ("said", "parameter", "output"),
    [
        ("This model supports at most 4096 completion tokens, whereas you provided 16384.", "max_tokens", 4096),
        ("max_tokens: 16384 > 8192, which is the maximum allowed number of output tokens", "max_tokens", 8192),
        ("This model's maximum context length is 9000 tokens, but you requested 20000", "max_tokens", 3000),
        ("Unsupported parameter: 'max_tokens' is not supported with this model.", "max_completion_tokens", 16384),
        ("the request exceeds the available context size (6000 tokens)", "max_tokens", 2000),
    ],
)
def test_limits_are_learned(said: str, parameter: str, output: int) -> None:
    """What an endpoint says of its limits is taken in, once."""
    limits = Limits("max_tokens", 16384)
    assert limits.learn(said)
    assert (limits.parameter, limits.output) == (parameter, output)
    assert not limits.learn(said)


def test_learned_limits_are_used(scripted: Scripted) -> None:
    """A request refused for the answer's limit is sent again with the one that is allowed, and costs no article."""

    def reply(asked: Asked) -> Reply:
        if asked.body.get("max_tokens", 0) > 4096:
            return Fault(400, body=b'{"error": {"message": "This model supports at most 4096 completion tokens"}}')
        return answer(asked)

    model = scripted(reply)
    assert brief(make_article(1), settings=storm_settings(model, context=100_000)).problems == ()
    assert [asked.body["max_tokens"] for asked in model.asked][:2] == [16384, 4096]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("maximum context length is 8192 tokens. However, your messages resulted in 20000 tokens.", 5),
        ("prompt is too long: 210000 tokens > 200000 maximum", 2),
        ("context length exceeded", 2),
    ],
)
def test_parts_follow_from_what_is_said(said: str, parts: int) -> None:
    """A refusal that gives figures says in how many parts to ask."""
    assert _parts(said) == parts
    recorded = plain_refusal(400, said.encode())
    assert recorded is not None
    assert _parts(recorded) == parts


# ------------------------------------------------------------------------------------ plan


def test_a_plan_asks_nobody(scripted: Scripted, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--dry-run needs no key, says articles, calls, tokens and cost, and knows what the journal has."""
    folder = tmp_path / "day"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(make_article(number).text)
    assert main(["brief", str(folder), "--dry-run", "--model", "openai/gpt-4o-mini"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^reading +3 +[\d,]+ +[\d,]+ +\$0\.\d{4}$", out, re.M)
    assert re.search(r"^total +12 ", out, re.M)
    model = scripted(answer)
    workspace = ["--workspace", str(tmp_path / "ws"), "--base-url", model.base_url]
    assert main(["brief", str(folder / "0.txt"), *workspace]) == 0
    asked = len(model.asked)
    capsys.readouterr()
    assert main(["brief", str(folder), *workspace, "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^0\.txt +5 +1 +1 +0 +0$", out, re.M)
    assert re.search(r"^reading +2 ", out, re.M)
    assert len(model.asked) == asked


def test_a_plan_is_near_the_truth() -> None:
    """For the shipped example the plan's tokens are those of the recorded run, give or take a half."""
    from tests.conftest import DAYS, ROOT, replayed

    for day in DAYS:
        from summarizer import Settings, load
        from summarizer.cassette import load_past

        past = load_past(ROOT / "cassettes" / day)
        plan = asyncio.run(plan_run(load(ROOT / "examples" / day).articles, Settings(), past=past))
        used = replayed(day).provenance.usage
        assert plan.total.calls == used.requests
        assert 0.6 < plan.total.input_tokens / used.input_tokens < 1.7
        assert 0.6 < plan.total.output_tokens / used.output_tokens < 1.7
