"""The engine: several processes read, some are killed, and the briefing is the one that a single process makes."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import LocalCluster

from summarizer import Progress, Settings, brief
from summarizer.cli import main
from summarizer.engine import _is_safe, _sent
from summarizer.errors import DeadlinePassed, InvalidSettings, ModelError, NoWorkers, RefusedRequest, UnreachableModel
from summarizer.log import LOGGER
from summarizer.models import Briefing
from summarizer.prompts import PromptBook
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests import postgres
from tests.newsroom import answer, make_article, storm_settings
from tests.processes import PATIENCE, forked, wait_for

Scripted = Callable[..., ScriptedModel]
COUNT = 60


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers that are there, for all tests of the module."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("OPENAI_", "SUMMARIZER_"))]:
            patch.delenv(name)
        with LocalCluster(
            n_workers=2, threads_per_worker=2, host="127.0.0.1", dashboard_address=None, silence_logs=logging.CRITICAL
        ) as made:
            yield made


@pytest.fixture
def url(postgresql: str) -> Iterator[str]:
    """An empty database."""
    made = postgres.new_database(postgresql)
    yield made
    postgres.drop(made)


@pytest.fixture
def given(cluster: LocalCluster, url: str) -> dict[str, Any]:
    """Settings of a run over the workers."""
    return {"engine": "dask", "scheduler": cluster.scheduler_address, "journal": url}


def readings(model: ScriptedModel) -> Counter[str]:
    """How often each article was asked about."""
    return Counter(asked.user for asked in model.asked if asked.answer == "ArticleNotes")


def workers_now() -> set[int]:
    """Process ids of Dask's workers that belong to this one."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "spawn_main" in " ".join(process.cmdline()):
                found.add(process.pid)
    return found


def calm(scripted: Scripted, count: int = COUNT) -> Briefing:
    """What a single process makes of the same."""
    return brief([make_article(number) for number in range(count)], settings=storm_settings(scripted(answer)))


def test_several_processes_make_the_same_briefing(scripted: Scripted, given: dict[str, Any]) -> None:
    """Byte for byte what one process makes, each article asked about once, with progress and an account; then again."""
    model = scripted(answer)
    seen: list[tuple[str, int, int]] = []
    accounts = []

    def listen(progress: Progress) -> None:
        seen.append((progress.stage, progress.done, progress.total))
        accounts.append(progress.account)

    articles = [make_article(number) for number in range(COUNT)]
    made = brief(articles, settings=storm_settings(model, **given), listener=listen)
    assert made.model_dump_json(indent=1) == calm(scripted).model_dump_json(indent=1)
    assert len(model.asked) == accounts[-1].sent == made.provenance.usage.requests
    assert set(readings(model).values()) == {1}
    steps = [done for stage, done, total in seen if stage == "reading" and total == COUNT]
    assert (steps[0], steps[-1]) == (0, COUNT)
    assert len(steps) > 4
    again = brief(articles, settings=storm_settings(model, **given), listener=listen)
    assert again == made
    assert (accounts[-1].sent, accounts[-1].kept) == (0, made.provenance.usage.requests)


def test_no_more_are_under_way_than_one_process_would_have(scripted: Scripted, given: dict[str, Any]) -> None:
    """The workers have the settings' concurrency between them."""
    model = scripted(lambda asked: Answered(content=answer(asked), delay=0.05))
    brief([make_article(number) for number in range(30)], settings=storm_settings(model, **given, concurrency=5))
    assert 1 < model.most_at_once <= 5


def test_a_worker_is_killed(scripted: Scripted, url: str) -> None:
    """SIGKILL in mid-run, on workers of our own: the same briefing, and only what was in flight is asked again.

    In flight is also what was answered the moment before, and not kept yet.
    """
    killed: list[int] = []
    at_once = 8
    lock = threading.Lock()
    others = workers_now()

    def reply(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes":
            with lock:
                if len(model.asked) > COUNT // 2 and not killed:
                    killed.append(random.Random(20310512).choice(sorted(workers_now() - others)))
                    os.kill(killed[0], signal.SIGKILL)
        return Answered(content=answer(asked), delay=0.05)

    model = scripted(answer)
    model.reply = reply
    settings = storm_settings(model, engine="dask", workers=2, journal=url, concurrency=at_once)
    made = brief([make_article(number) for number in range(COUNT)], settings=settings)
    assert killed
    assert made.model_dump_json(indent=1) == calm(scripted).model_dump_json(indent=1)
    assert sum(count - 1 for count in readings(model).values()) <= at_once
    assert workers_now() == others


def test_a_refused_key_stops_the_run(scripted: Scripted, given: dict[str, Any]) -> None:
    """What would fail for every article stops all workers, as an error of the same kind with the same evidence."""
    model = scripted(answer)

    def reply(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes":
            return Fault(401, body=b'{"error": {"message": "wrong key"}}')
        return answer(asked)

    model.reply = reply
    with pytest.raises(RefusedRequest, match="401") as caught:
        brief([make_article(number) for number in range(COUNT)], settings=storm_settings(model, **given))
    assert caught.value.status == 401
    assert len(readings(model)) < COUNT


def test_a_cap_holds_over_all_workers(scripted: Scripted, given: dict[str, Any]) -> None:
    """The run stops before its cap, keeps what it paid for, and lists what it could not read."""
    model = scripted(lambda asked: Answered(content=answer(asked), input_tokens=3000, output_tokens=500))
    settings = storm_settings(model, **given, max_tokens=160_000, max_output=2000, reasks=0)
    made = brief([make_article(number) for number in range(COUNT)], settings=settings)
    assert 0 < len([problem for problem in made.problems if "--max-tokens 160,000" in problem.reason]) < COUNT
    assert 3500 * len(model.asked) <= 160_000


def test_requests_a_minute_hold_over_all_workers(scripted: Scripted, given: dict[str, Any]) -> None:
    """As many requests go out as may in a minute; when the time is up, what was not read is listed."""
    model = scripted(answer)
    settings = storm_settings(model, **given, requests_per_minute=20, deadline=10)
    made = brief([make_article(number) for number in range(40)], settings=settings)
    assert len(model.asked) == 20
    assert any("deadline of 10 seconds" in problem.reason for problem in made.problems)


def test_a_dead_endpoint_is_given_up(scripted: Scripted, given: dict[str, Any]) -> None:
    """If nothing gets through, each worker gives up by itself, and the run says so."""

    def reply(asked: Asked) -> Reply:
        return Fault(503) if asked.answer == "ArticleNotes" else answer(asked)

    model = scripted(reply)
    with pytest.raises(ModelError, match="given up"):
        brief([make_article(number) for number in range(COUNT)], settings=storm_settings(model, **given, attempts=2))
    assert len([asked for asked in model.asked if asked.answer == "ArticleNotes"]) < 2 * COUNT


def test_workers_logs_come_home(scripted: Scripted, given: dict[str, Any]) -> None:
    """What is logged of a request in a worker is logged where the run began, without the key."""
    records: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler, level = Keep(), LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.DEBUG)
    try:
        brief([make_article(number) for number in range(10)], settings=storm_settings(scripted(answer), **given))
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
    answered = [r for r in records if r.getMessage() == "answered" and getattr(r, "fields", {})["prompt"] == "extract"]
    assert len({getattr(record, "fields", {})["article"] for record in answered}) == 10
    assert "sk-storm" not in repr([vars(record) for record in records])


def test_keys_are_not_shown(cluster: LocalCluster, scripted: Scripted, given: dict[str, Any]) -> None:
    """A task's name, and what workers and scheduler keep of it for people to see, have neither keys nor texts."""
    from summarizer.worker import Chunk, Terms

    settings = storm_settings(scripted(answer), **given)
    terms = Terms("r" * 32, settings, PromptBook(), 2, None, 1.0, 0)  # type: ignore[arg-type]
    shown = f"{terms!r} {Chunk(())!r}"
    assert "sk-storm" not in shown
    assert "base_url" not in shown


@pytest.mark.parametrize(
    ("address", "safe"),
    [("tls://10.0.0.1:8786", True), ("tcp://127.0.0.1:1", True), ("tcp://[::1]:1", True), ("tcp://10.0.0.1:1", False)],
)
def test_no_secret_crosses_a_network_in_clear(address: str, safe: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and passwords are sent where nobody can listen; elsewhere workers have their own."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    settings = Settings(journal="postgresql://u:hushhush@db/x", base_url="http://v:hushhush@model/v1")
    assert _is_safe(address) == safe
    sent = _sent(settings, safe=safe)
    assert (b"hushhush" in pickle.dumps(sent)) == safe
    assert (b"sk-of-the-environment" in pickle.dumps(sent)) == safe
    assert (sent.model, "u" in (sent.journal or "")) == (settings.model, True)


@pytest.mark.parametrize(
    "error",
    [
        RefusedRequest(401, "no", "try"),
        DeadlinePassed(3.0, 0.8),
        UnreachableModel("there", "why"),
        NoWorkers("there", "why", "what"),
    ],
)
def test_errors_travel(error: Exception) -> None:
    """An error comes out of another process with its words and its evidence."""
    there = pickle.loads(pickle.dumps(error))
    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))


def test_prompts_travel() -> None:
    """Templates come out of another process as they were, after they were rendered, too."""
    book = PromptBook()
    book["stories"].render(entries=[], language="en")
    there = pickle.loads(pickle.dumps(book))
    assert [(prompt.name, prompt.sha256) for prompt in there] == [(prompt.name, prompt.sha256) for prompt in book]


def test_what_doesn_t_go_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a journal that is shared, or with recordings, the engine is refused before anything is asked."""
    with pytest.raises(InvalidSettings, match="--journal postgresql"):
        brief(make_article(1), settings=Settings(engine="dask", api_key="any", workspace=tmp_path))
    with pytest.raises(InvalidSettings, match="leave --engine out"):
        brief(make_article(1), settings=Settings(engine="dask", journal="postgresql://x/y", record=tmp_path))
    (tmp_path / "a.txt").write_text("x")
    assert main(["brief", str(tmp_path / "a.txt"), "--scheduler", "http://x"]) == 2
    assert "--scheduler or SUMMARIZER_SCHEDULER" in capsys.readouterr().err


def test_a_scheduler_that_isn_t_there(url: str, scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster that can't be reached is an error that says what to do."""
    monkeypatch.setattr("summarizer.engine.JOINING", 0.5)
    settings = storm_settings(scripted(answer), engine="dask", scheduler="tcp://127.0.0.1:1", journal=url)
    with pytest.raises(NoWorkers, match="see that scheduler and workers run"):
        brief([make_article(1), make_article(2)], settings=settings)


def interrupted(settings: Settings) -> None:
    """A run that Ctrl-C ends."""
    try:
        brief([make_article(number) for number in range(400)], settings=settings)
    except KeyboardInterrupt:
        os._exit(130)


def test_ctrl_c_stops_the_workers(scripted: Scripted, given: dict[str, Any]) -> None:
    """Nothing goes out any more when a run is interrupted, though the workers stay."""
    model = scripted(lambda asked: Answered(content=answer(asked), delay=0.05))
    process = forked(interrupted, storm_settings(model, **given))
    wait_for(lambda: len(model.asked) > 40)
    os.kill(process.pid or 0, signal.SIGINT)
    process.join(PATIENCE)
    assert process.exitcode == 130
    count = len(model.asked)
    time.sleep(0.5)
    assert len(model.asked) == count < 400
