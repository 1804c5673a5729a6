"""The door: what it sends, what it has mended, what it tries again, what it counts."""

from __future__ import annotations

import asyncio
import datetime
import traceback
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from summarizer import Settings
from summarizer.answers import Groups
from summarizer.door import Door
from summarizer.errors import (
    CutAnswer,
    InvalidSettings,
    NoModel,
    RefusedRequest,
    RejectedAnswer,
    SummarizerError,
    UnreachableModel,
)
from summarizer.models import Usage
from summarizer.prompts import Message, PromptBook
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from summarizer.transport import RetryingTransport, retry_after
from tests.conftest import settings_for

Scripted = Callable[..., ScriptedModel]
GOOD = {"groups": [{"ids": ["d1"], "lead": "d1"}]}


def message(text: str = "material") -> Message:
    return Message(PromptBook()["demands"], "instructions", text)


def ask(settings: Settings, *, check: Any = None, times: int = 1) -> tuple[list[Groups], Door]:
    """Ask the door, so many times at once."""

    async def go() -> tuple[list[Groups], Door]:
        async with Door(settings) as door:
            asked = (door.ask(message(f"material {i}"), Groups, check=check) for i in range(times))
            return list(await asyncio.gather(*asked)), door

    return asyncio.run(go())


def replies(*given: Reply) -> Callable[[Asked], Reply]:
    """A script that gives these replies in turn, then the last one for ever."""
    return lambda asked: given[min(asked.number, len(given) - 1)]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits between attempts are noted down, not waited for."""
    waits: list[float] = []

    passed = [0.0]

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def hold(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr("summarizer.transport.pause_before_retry", sleep)
    monkeypatch.setattr("summarizer.throttle.pause", hold)
    monkeypatch.setattr("summarizer.throttle.monotonic", lambda: passed[0])
    return waits


def test_what_is_sent(scripted: Scripted) -> None:
    """Two messages, instructions first, one tool with the answer's lean schema, the model's bare name."""
    model = scripted(replies(GOOD))
    (answer,), _ = ask(settings_for(model, model="openai/some-model"))
    (asked,) = model.asked
    assert answer.groups[0].ids == ("d1",)
    assert (asked.system, asked.user, asked.answer) == ("instructions", "material 0", "Groups")
    assert asked.body["model"] == "some-model"
    assert asked.headers["authorization"] == "Bearer sk-test"
    group = asked.body["tools"][0]["function"]["parameters"]["properties"]["groups"]["items"]
    assert group["properties"]["ids"] == {"items": {"type": "string"}, "type": "array"}


def test_an_invalid_answer_is_sent_back(scripted: Scripted) -> None:
    """The model sees its answer and what is wrong with it, and mends it."""

    def check(answer: Groups) -> Iterator[str]:
        if "d1" not in answer.groups[0].ids:
            yield "there is no note d9"

    wrong = {"groups": [{"ids": ["d9"], "lead": "d9"}]}
    model = scripted(replies(wrong, GOOD))
    (answer,), door = ask(settings_for(model), check=check)
    assert answer.groups[0].lead == "d1"
    assert "there is no note d9" in model.asked[1].body["messages"][-1]["content"]
    assert door.account.spent == Usage(requests=2, input_tokens=200, output_tokens=20, cost_usd=None)
    assert door.account.mended == 1
    assert door.usage == Usage(requests=1, input_tokens=100, output_tokens=10, cost_usd=None)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(Answered('{"groups": ['), id="cut JSON"),
        pytest.param(Answered("I would rather not."), id="prose"),
        pytest.param({"groups": [{"ids": [], "lead": "d1"}]}, id="empty list"),
        pytest.param({"groups": [], "extra": 1}, id="unknown field"),
        pytest.param({"groups": "none"}, id="wrong type"),
    ],
)
def test_broken_answers_are_mended_or_rejected(scripted: Scripted, broken: Reply) -> None:
    """Asked again at most twice; then it is an error that says what was wrong."""
    assert ask(settings_for(scripted(replies(broken, GOOD))))[0][0].groups
    model = scripted(replies(broken))
    with pytest.raises(RejectedAnswer, match="'demands' in 3 attempts"):
        ask(settings_for(model))
    assert len(model.asked) == 3


def test_a_cut_answer_is_not_asked_for_again(scripted: Scripted) -> None:
    """An answer that hit the length limit would hit it again."""
    model = scripted(replies(Answered('{"groups": [', finish_reason="length")))
    with pytest.raises(CutAnswer):
        ask(settings_for(model))
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "fault",
    [pytest.param(Fault(status), id=str(status)) for status in (408, 429, 500, 502, 503, 504, 529)]
    + [pytest.param(Fault(hang_up=True), id="hang up")],
)
def test_passing_faults_are_tried_again(scripted: Scripted, fault: Fault) -> None:
    """A passing fault costs a request, not the answer; the model never hears of it."""
    model = scripted(replies(fault, fault, GOOD))
    (answer,), door = ask(settings_for(model))
    assert answer.groups
    assert len(model.asked) == 3
    assert not any(asked.reasked for asked in model.asked)
    assert door.usage.requests == 1


def test_attempts_are_bounded(scripted: Scripted) -> None:
    """A fault that doesn't pass ends in an error that says how often it was tried."""
    model = scripted(replies(Fault(503)))
    with pytest.raises(UnreachableModel, match="503 in 4 attempts"):
        ask(settings_for(model, attempts=4))
    assert len(model.asked) == 4


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        pytest.param(Fault(401), "check the API key", id="key"),
        pytest.param(Fault(404), "check the model's name", id="model"),
    ],
)
def test_refusals_stop_at_once(scripted: Scripted, fault: Fault, advice: str) -> None:
    """What asking again can't help is asked once, and the error says what to do."""
    model = scripted(replies(fault))
    with pytest.raises(RefusedRequest, match=advice):
        ask(settings_for(model))
    assert len(model.asked) == 1


def test_retry_after_is_obeyed(scripted: Scripted, no_waiting: list[float]) -> None:
    """The server's word on when to come back is taken."""
    ask(settings_for(scripted(replies(Fault(429, headers={"retry-after": "7"}), GOOD))))
    assert no_waiting == [7.0]


NOW = datetime.datetime(2031, 5, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("3", 3, id="seconds"),
        pytest.param("0.5", 0.5, id="fraction"),
        pytest.param(format_datetime(NOW + datetime.timedelta(seconds=9), usegmt=True), 9, id="date"),
        pytest.param(format_datetime(NOW - datetime.timedelta(days=1), usegmt=True), 0, id="past date"),
        pytest.param("86400", 60, id="too long"),
        pytest.param("soon", None, id="nonsense"),
        pytest.param("nan", None, id="not a number"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_retry_after_values(value: str | None, seconds: float | None) -> None:
    """Seconds or a date, never more than a minute, nothing where there is nothing."""
    assert retry_after(value, now=NOW) == seconds


def test_nobody_listens() -> None:
    """A refused connection is an error that names the endpoint."""
    with pytest.raises(UnreachableModel, match=r"http://127\.0\.0\.1:9/v1"):
        ask(Settings(base_url="http://127.0.0.1:9/v1", api_key="k", attempts=2))


def test_no_model_names_three_ways_on() -> None:
    """Without key, server or recordings the error says what to do, three times."""
    with pytest.raises(NoModel) as caught:
        Door(Settings())
    assert all(way in str(caught.value) for way in ("OPENAI_API_KEY", "http://localhost:11434/v1", "--replay"))


def test_a_local_server_needs_no_key(scripted: Scripted) -> None:
    """With a base URL, no key is asked for."""
    model = scripted(replies(GOOD))
    assert ask(Settings(base_url=model.base_url))[0][0].groups


def test_concurrency_is_limited(scripted: Scripted) -> None:
    """No more requests are under way than the settings allow, and as many as they allow."""
    model = scripted(replies(Answered(GOOD, delay=0.05)))
    ask(settings_for(model, concurrency=3), times=12)
    assert model.most_at_once == 3


def test_known_prices_are_counted(scripted: Scripted) -> None:
    """A model whose price is known costs something; an unknown one costs unknown, not nothing."""
    with ScriptedModel(replies(GOOD), model="gpt-4o-mini") as model:
        _, door = ask(settings_for(model), times=2)
    assert door.usage.cost_usd is not None
    assert door.usage.cost_usd > 0
    _, door = ask(settings_for(scripted(replies(GOOD))))
    assert door.usage.cost_usd is None


@pytest.mark.parametrize("model", ["anthropic/claude-x", "ollama/llama3.1"])
def test_cassettes_need_an_openai_compatible_endpoint(tmp_path: Path, model: str) -> None:
    """What can't be recorded is refused with the way that can."""
    with pytest.raises(InvalidSettings, match="openai/NAME"):
        Door(Settings(model=model, record=tmp_path))


def test_unknown_providers_are_named() -> None:
    """A provider that instructor doesn't know is an error in the settings."""
    with pytest.raises(InvalidSettings, match="nosuch/model"):
        Door(Settings(model="nosuch/model"))


@pytest.mark.parametrize("status", [401, 503])
def test_keys_stay_out_of_errors(scripted: Scripted, status: int) -> None:
    """A server that repeats the key does not get it into the error, nor do the settings show it."""
    echo = Fault(status, body=b'{"error": {"message": "Incorrect key: Bearer sk-PLANTED"}}')
    settings = settings_for(scripted(replies(echo)), api_key="sk-PLANTED\n", attempts=1)
    with pytest.raises(SummarizerError, match=r"Bearer \[key\]") as caught:
        ask(settings)
    shown = "".join(traceback.format_exception(caught.value)) + repr(settings)
    assert "PLANTED" not in shown


def test_logins_stay_out_of_errors() -> None:
    """User and password in a base URL are not repeated."""
    with pytest.raises(UnreachableModel) as caught:
        ask(Settings(base_url="http://user:PLANTED@127.0.0.1:9/v1", api_key="k", attempts=1))
    assert "127.0.0.1:9" in str(caught.value)
    assert "PLANTED" not in str(caught.value)


def test_an_empty_account_is_not_asked_again(scripted: Scripted) -> None:
    """A 429 that means the quota is used up stops at once, with what to do."""
    body = b'{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}'
    model = scripted(replies(Fault(429, body=body)))
    with pytest.raises(RefusedRequest, match="check the account's quota"):
        ask(settings_for(model))
    assert len(model.asked) == 1


def test_a_proxy_of_the_environment_is_used(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy, requests go through it."""
    proxy = scripted(replies(GOOD))
    monkeypatch.setenv("http_proxy", proxy.base_url.removesuffix("/v1"))
    monkeypatch.setenv("no_proxy", "")
    ask(Settings(base_url="http://model.example/v1", api_key="k"))
    assert len(proxy.asked) == 1


def test_last_fault_is_returned() -> None:
    """When all attempts fail on the wire, the last failure is the one raised."""

    class Down(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            raise httpx2.ConnectError("down")

    async def go() -> None:
        async with httpx2.AsyncClient(transport=RetryingTransport(Down(), attempts=2)) as client:
            await client.get("http://h/")

    with pytest.raises(httpx2.ConnectError, match="down"):
        asyncio.run(go())
