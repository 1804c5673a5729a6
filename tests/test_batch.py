"""By batch: the same briefing at half the price, whatever the endpoint and the machine do meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Briefing, Progress, Settings, brief
from summarizer.account import Account
from summarizer.batch.sent import Sent
from summarizer.cli import main
from summarizer.errors import (
    BatchCancelled,
    BatchesUnderWay,
    InvalidSettings,
    JournalError,
    ModelError,
    RefusedRequest,
)
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests.batching import HANG_UP, BatchServer, batch_settings
from tests.newsroom import MENDED, answer, make_article, run_to_file, storm_settings
from tests.processes import PATIENCE, Command, forked, wait_for

Serve = Callable[..., BatchServer]
COUNT = 8
"""Articles of a run."""


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts batch endpoints, and stops them when the test is over."""
    running: list[BatchServer] = []

    def start(*args: Any, **given: Any) -> BatchServer:
        running.append(BatchServer(*args, **given).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture(scope="module")
def calm() -> Briefing:
    """The day's briefing without batches."""
    with ScriptedModel(answer) as model:
        return brief(day(), settings=storm_settings(model))


def day(count: int = COUNT) -> list[Article]:
    return [make_article(number) for number in range(count)]


def run(server: BatchServer, workspace: Path, **changes: Any) -> tuple[Briefing, Account]:
    """A day's briefing by batch, and the run's account."""
    seen: list[Progress] = []
    settings = batch_settings(server, workspace=workspace, **changes)
    briefing = brief(day(), settings=settings, listener=seen.append)
    return briefing, seen[-1].account


# ------------------------------------------------------------------------------- as it should be


def test_by_batch_it_is_the_same_briefing(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """A run by batch ends in the same briefing, each question is submitted once, and none is asked otherwise."""
    server = serve()
    briefing, account = run(server, tmp_path)
    assert briefing == calm
    assert (server.direct, len(set(server.submitted))) == (0, len(server.submitted))
    assert (account.sent, account.batches) == (len(server.submitted), len(server.lines))
    assert all(headers["authorization"] == "Bearer sk-batch-0123456789" for headers in server.headers)
    again, account = run(server, tmp_path)
    assert (again, account.batches, account.kept) == (calm, 0, len(server.submitted))


def test_all_readings_go_into_one_batch(serve: Serve, tmp_path: Path) -> None:
    """Neither concurrency nor requests or tokens a minute keep from a batch what could be in it."""
    server = serve()
    settings = batch_settings(
        server, workspace=tmp_path, concurrency=1, requests_per_minute=1, tokens_per_minute=1, timeout=0.5
    )
    brief(day(40), settings=settings)
    read = [sum("ArticleNotes" in json.dumps(line["body"]["tools"]) for line in lines) for lines in server.lines]
    assert sorted(read)[-1] > 20  # all of them, but if the machine was so busy that a quarter of a second was quiet
    assert sum(read) == 40


def test_answers_are_mended_by_the_next_batch(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """What is wrong with an answer goes back in a later batch, with the question."""
    kinds = iter(MENDED.values())

    def reply(asked: Asked) -> Reply:
        kind = None if asked.reasked or asked.answer != "ArticleNotes" else next(kinds, None)
        return kind(answer(asked)) if kind else answer(asked)

    server = serve(reply)
    briefing, account = run(server, tmp_path)
    assert briefing.items == calm.items
    assert account.mended == len(MENDED)


def test_progress_says_how_many_requests_are_done(serve: Serve, tmp_path: Path) -> None:
    """A listener hears how many of a batch's requests are done, and how it stands, whenever that changes."""
    seen: list[Progress] = []
    brief(day(), settings=batch_settings(serve(looks=3), workspace=tmp_path), listener=seen.append)
    told = [(each.done, each.total, each.detail) for each in seen if each.stage == "batch"]
    assert (0, 1, "batch_0 in_progress") in told
    assert any(done == total > 1 and how.endswith("completed") for done, total, how in told)
    assert len(told) == len(set(told))


def test_a_batch_costs_half(serve: Serve, tmp_path: Path) -> None:
    """Account and briefing have the price of batches: half of what the same tokens cost otherwise."""
    server = serve(model="gpt-5.4-mini")
    halved, account = run(server, tmp_path, model="openai/gpt-5.4-mini", max_cost=Decimal(1))
    with ScriptedModel(answer, model="gpt-5.4-mini") as model:
        full = brief(day(), settings=storm_settings(model, model="openai/gpt-5.4-mini"))
    cost = full.provenance.usage.cost_usd
    assert cost
    assert (halved.provenance.usage.cost_usd, account.spent.cost_usd) == (cost / 2, cost / 2)


def test_a_cap_holds_at_the_price_of_batches(serve: Serve, tmp_path: Path) -> None:
    """A cap lets through at half the price what it would not otherwise; what it keeps waiting goes in a later batch."""
    capped = {"model": "openai/gpt-5.4-mini", "max_output": 4096, "context": 100_000}
    server = serve(model="gpt-5.4-mini")
    briefing, _ = run(server, tmp_path, max_cost=Decimal("0.09"), **capped)
    assert len(briefing.read) == COUNT
    with ScriptedModel(answer, model="gpt-5.4-mini") as model:
        settings = storm_settings(model, max_cost=Decimal("0.045"), **capped)
        with pytest.raises(ModelError):
            brief(day(), settings=settings)


def test_a_plan_has_the_price_of_batches(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--dry-run --batch` says half of what `--dry-run` says, and that it is the price of batches."""
    (tmp_path / "a.txt").write_text(day(1)[0].text)
    totals = []
    for words in ([], ["--batch"]):
        assert main(["brief", str(tmp_path / "a.txt"), "--dry-run", "--no-archive", *words]) == 0
        out = capsys.readouterr().out
        totals.append(Decimal(next(line for line in out.splitlines() if line.startswith("total")).split("$")[1]))
        assert ("list prices of batches" in " ".join(out.split())) == bool(words)
    assert abs(totals[0] - 2 * totals[1]) <= Decimal("0.0001")


# ------------------------------------------------------------------------------- leaving and coming back


def test_leaving_and_coming_back(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """A run that leaves its batches is gone on with by the next; nothing is submitted twice, whatever it takes."""
    server = serve(looks=2)
    for runs in range(40):  # noqa: B007
        try:
            briefing, account = run(server, tmp_path, batch_wait=0)
            break
        except BatchesUnderWay as error:
            assert error.batches
            assert "the same command collects" in str(error)
    assert briefing == calm
    assert runs > len(server.lines) > 3
    assert len(set(server.submitted)) == len(server.submitted)
    assert account.collected


def test_what_is_to_be_mended_survives_leaving(serve: Serve, tmp_path: Path) -> None:
    """An invalid answer that was paid for isn't asked for anew by the next run: its re-ask goes on from it."""

    def reply(asked: Asked) -> Reply:
        return answer(asked) if asked.reasked or asked.answer != "ArticleNotes" else Answered(content="")

    server = serve(reply, looks=0)
    for _ in range(40):
        try:
            run(server, tmp_path, batch_wait=0)
            break
        except BatchesUnderWay:
            continue
    assert len(set(server.submitted)) == len(server.submitted)


def test_a_run_that_has_ended_leaves_no_replies(serve: Serve, tmp_path: Path) -> None:
    """What a run could not use in the end is asked anew by the next one, as it is without batches."""
    broken = True

    def reply(asked: Asked) -> Reply:
        return Answered(content="") if broken and asked.answer == "Summary" else answer(asked)

    server = serve(reply)
    assert run(server, tmp_path)[0].problems
    broken = False
    assert not run(server, tmp_path)[0].problems


def test_a_run_that_goes_on_has_the_replies_of_one_that_ended_meanwhile(tmp_path: Path) -> None:
    """A reply that has served is there for runs that went on then, and for none that began later."""
    earlier = Sent(tmp_path)
    earlier.claim("t", "http://model.invalid/v1", ["k"])
    earlier.answer("t", [("k", 200, b"{}")])
    other = Sent(tmp_path)
    earlier.retire(["k"])
    assert (other.find(["k"])["k"].status, other.reply("k")) == (200, b"{}")
    later = Sent(tmp_path)
    assert later.find(["k"]) == {}
    later.claim("u", "http://model.invalid/v1", ["k"])
    assert other.find(["k"])["k"].times == 1
    for sent in (earlier, other, later):
        sent.close()


def test_a_login_is_not_written_down(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """The file of batches has an endpoint's URL without a user and a password that stand in it."""
    server = serve()
    url = server.base_url.replace("://", "://desk:not-for-others@")
    settings = batch_settings(server, workspace=tmp_path).model_copy(update={"base_url": url})
    assert brief(day(), settings=settings) == calm
    assert not any(b"not-for-others" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def start(server: BatchServer, workspace: Path, path: Path) -> BaseProcess:
    """A run in a process of its own."""
    return forked(run_to_file, COUNT, batch_settings(server, workspace=workspace), path)


def finish(process: BaseProcess) -> None:
    process.join(PATIENCE)
    assert process.exitcode == 0


STEPS = [(step, when) for step in ("upload", "create", "look", "fetch") for when in ("before", "after")]


@pytest.mark.parametrize(("step", "when"), STEPS)
def test_killed_at_each_step(serve: Serve, tmp_path: Path, calm: Briefing, step: str, when: str) -> None:
    """SIGKILL before or after the endpoint did what it was asked, unheard: the next run finds what was submitted."""
    reached, over = threading.Event(), threading.Event()
    times = iter(range(100))

    def hold(asked: str, now: str) -> int | None:
        if (asked, now) == (step, when) and not over.is_set() and next(times) == 1:  # of the second batch, or look
            reached.set()
            over.wait(PATIENCE)
            return HANG_UP
        return None

    server = serve(meddle=hold)
    path = tmp_path / "briefing.json"
    process = start(server, tmp_path / "workspace", path)
    assert reached.wait(PATIENCE)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    over.set()
    finish(start(server, tmp_path / "workspace", path))
    assert path.read_text() == calm.model_dump_json(indent=1)
    assert len(set(server.submitted)) == len(server.submitted)


def test_killed_at_random(serve: Serve, tmp_path: Path, calm: Briefing, thorough: bool) -> None:
    """SIGKILL at random moments, each followed by a rerun: the briefing is the same, nothing is submitted twice."""
    server = serve(looks=2)
    path, dice = tmp_path / "briefing.json", random.Random(20310512)
    for _ in range(20 if thorough else 5):
        process = start(server, tmp_path / "workspace", path)
        before = len(server.headers) + len(server.batches)
        moment = dice.randrange(1, 5)
        wait_for(lambda: not process.is_alive() or len(server.headers) + len(server.batches) - before >= moment)  # noqa: B023
        time.sleep(dice.random() * 0.1)
        if process.is_alive():
            os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    finish(start(server, tmp_path / "workspace", path))
    assert path.read_text() == calm.model_dump_json(indent=1)
    assert len(set(server.submitted)) == len(server.submitted)


def test_two_runs_at_once(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """Two runs over one workspace are both right, and submit everything once between them."""
    server = serve(looks=3)
    paths = [tmp_path / "one.json", tmp_path / "other.json"]
    processes = [start(server, tmp_path / "workspace", path) for path in paths]
    for process in processes:
        finish(process)
    assert {path.read_text() for path in paths} == {calm.model_dump_json(indent=1)}
    assert len(set(server.submitted)) == len(server.submitted)


# ------------------------------------------------------------------------------- what endpoints do


@pytest.mark.parametrize("end", ["expired", "gone"])
def test_what_a_batch_left_unanswered_is_submitted_again(
    serve: Serve, tmp_path: Path, calm: Briefing, end: str
) -> None:
    """What a batch that expired has answered is kept, the rest goes into another; of one that is gone all."""
    server = serve(ends=["completed", end])
    briefing, _ = run(server, tmp_path)
    assert briefing == calm
    twice = {key for key in server.submitted if server.submitted.count(key) == 2}
    assert len(twice) == (COUNT // 2 if end == "expired" else COUNT)
    assert max(map(server.submitted.count, server.submitted)) == 2


def test_what_expires_twice_is_told(serve: Serve, tmp_path: Path) -> None:
    """Articles that two batches left unanswered are listed, with what the endpoint says of it; the next run asks."""
    server = serve(ends=["completed", "expired", "expired"])
    briefing, _ = run(server, tmp_path)
    missing = [problem for problem in briefing.problems if problem.stage == "extract"]
    assert len(missing) == COUNT // 4
    assert all("the batch expired" in problem.reason for problem in missing)
    assert not run(server, tmp_path)[0].problems


def test_a_batch_that_is_cancelled_stops_the_run(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """Who cancels a batch means it: the run stops and says what is kept; the next one submits the rest."""
    server = serve(ends=["completed", "cancelled"])
    with pytest.raises(BatchCancelled, match=f"{COUNT // 2} of {COUNT} requests answered, which are kept"):
        run(server, tmp_path)
    before = len(server.submitted)
    assert run(server, tmp_path)[0] == calm
    assert len([key for key in server.submitted[before:] if key in server.submitted[:before]]) == COUNT // 2


def test_a_queue_that_is_full_gets_smaller_batches(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """Where too much waits for an endpoint, it is asked in smaller batches, one after another."""
    server = serve(most=3)
    assert run(server, tmp_path)[0] == calm
    taken = [len(batch["lines"]) for batch in server.batches.values() if batch["status"] == "completed"]
    assert max(taken) <= 3
    assert sum(taken) == len(set(server.submitted))


def test_a_queue_that_stays_full_is_told(serve: Serve, tmp_path: Path) -> None:
    """Where not even one request fits, the run stops, and says what the endpoint says."""
    with pytest.raises(RefusedRequest, match=r"Enqueued token limit reached .* wait until other batches"):
        run(serve(most=0), tmp_path)


def test_a_batch_that_is_refused_as_a_whole_stops_the_run(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """The run says what the endpoint has against the batch; the next one submits it again."""
    server = serve(ends=["failed: the model scripted can't be asked by batch"])
    with pytest.raises(RefusedRequest, match="can't be asked by batch; see whether the model"):
        run(server, tmp_path)
    assert run(server, tmp_path)[0] == calm


@pytest.mark.parametrize("status", [429, 500, 503])
def test_errors_that_pass_are_submitted_once_more(serve: Serve, tmp_path: Path, calm: Briefing, status: int) -> None:
    """A request that failed by the server's fault goes into another batch; if it fails again, it is listed."""
    failed: list[str] = []

    def once(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes" and len(failed) < 3 and asked.user not in failed:
            failed.append(asked.user)
            return Fault(status)
        return answer(asked)

    briefing, account = run(serve(once), tmp_path / "once")
    assert (briefing, account.faults) == (calm, {str(status): 3})

    def always(asked: Asked) -> Reply:
        return Fault(status) if "0003" in asked.user or asked.user in failed[:1] else answer(asked)

    briefing, _ = run(serve(always), tmp_path / "always")
    assert [problem.stage for problem in briefing.problems] == ["extract"]
    assert f"status {status} in 2 attempts" in briefing.problems[0].reason


def test_errors_that_last_mean_what_they_mean_without_batches(serve: Serve, tmp_path: Path) -> None:
    """A request that is declined costs its article; a quota that is used up stops the run."""

    def declined(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes" and "barges" in asked.user and "On Sunday 12 " in asked.user:
            return Fault(400, body=b'{"error": {"message": "flagged", "code": "content_filter"}}')
        return answer(asked)

    briefing, _ = run(serve(declined), tmp_path)
    assert ["content filter" in problem.reason for problem in briefing.problems] == [True]
    used_up = b'{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}'
    with pytest.raises(RefusedRequest, match="quota"):
        run(serve(lambda _: Fault(429, body=used_up)), tmp_path / "other")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", [500, HANG_UP])
def test_faults_on_the_way_pass(serve: Serve, tmp_path: Path, calm: Briefing, status: int, when: str) -> None:
    """Each step that fails is tried again; a batch that was made, unheard, isn't made twice."""
    left = {"upload", "create", "list", "look", "fetch"}  # `list` is asked for since `create` fails

    def meddle(asked: str, now: str) -> int | None:
        if now != when or asked not in left:
            return None
        left.remove(asked)
        return status

    server = serve(meddle=meddle)
    briefing, account = run(server, tmp_path)
    assert briefing == calm
    assert not left
    assert len(set(server.submitted)) == len(server.submitted)
    assert account.faults


def test_an_endpoint_that_can_t_be_looked_at_is_left(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """If batches can't be looked after, the run leaves them, and says why, before it tells half a day's news."""
    down = True

    def meddle(asked: str, now: str) -> int | None:
        return 503 if down and asked == "look" else None

    server = serve(meddle=meddle)
    with pytest.raises(BatchesUnderWay, match=r"can't be looked after now: UnreachableModel: .*status 503"):
        run(server, tmp_path)
    down = False
    assert run(server, tmp_path)[0] == calm
    assert len(set(server.submitted)) == len(server.submitted)


def test_an_endpoint_without_batches_says_so(scripted: Callable[..., ScriptedModel], tmp_path: Path) -> None:
    """An endpoint that takes no files is told from one that is down, with what to do."""
    server = BatchServer(meddle=lambda step, when: 404)
    with server, pytest.raises(RefusedRequest, match=r"\(404\).*ask without --batch"):
        run(server, tmp_path)


def test_replies_are_not_believed(serve: Serve, tmp_path: Path, calm: Briefing) -> None:
    """Lines that are no replies, or reply to what was never in the batch, are passed over; keys are masked."""
    stray = {"custom_id": "0" * 32, "response": {"status_code": 200, "body": {"choices": [{}]}}}
    wrong = {"custom_id": 7, "response": {"status_code": "x"}}
    server = serve()
    server.noise = [b"{", b"null", b"\xff", json.dumps(stray).encode(), json.dumps(wrong).encode()]
    assert run(server, tmp_path)[0] == calm

    def leak(asked: Asked) -> Reply:
        return Fault(400, body=b'{"error": {"message": "sk-batch-0123456789 may not ask this"}}')

    with pytest.raises(ModelError) as caught:
        run(serve(leak), tmp_path / "leak")
    assert "sk-batch" not in str(caught.value)
    assert "[key] may not ask this" in str(caught.value)
    assert not any(b"sk-batch" in path.read_bytes() for path in (tmp_path / "leak").rglob("*") if path.is_file())


# ------------------------------------------------------------------------------- settings, recordings, commands


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"workspace": None}, "written down in a workspace", id="no workspace"),
        pytest.param({"model": "anthropic/claude-x"}, "OpenAI-compatible", id="another provider"),
        pytest.param({"deadline": 60}, "give --batch-wait", id="a deadline"),
        pytest.param({"batch": False, "batch_wait": 5}, "give --batch, too", id="nothing to wait for"),
    ],
)
def test_settings_that_don_t_go_with_batches(serve: Serve, tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    """What can't be done by batch is refused before anything is asked, with what to do."""
    with pytest.raises(InvalidSettings, match=said):
        run(serve(), **({"workspace": tmp_path} | changes))


def test_a_broken_file_of_batches_says_so(serve: Serve, tmp_path: Path) -> None:
    """A file that is none of ours is left alone, with what to do."""
    (tmp_path / "batches.sqlite3").write_text("something else entirely, and long enough to be read as a header")
    with pytest.raises(JournalError, match=r"can't be used for batches.*move it away"):
        run(serve(), tmp_path)


def test_a_run_by_batch_is_recorded_and_replayed(serve: Serve, tmp_path: Path) -> None:
    """A replay of what was recorded by batch asks nobody and is the same briefing, price included."""
    server = serve(model="gpt-5.4-mini")
    tape = tmp_path / "tape"
    recorded, _ = run(server, tmp_path / "workspace", record=tape, model="openai/gpt-5.4-mini")
    replayed = brief(day(), settings=Settings(replay=tape))
    assert replayed == recorded
    assert recorded.provenance.usage.cost_usd
    again, account = run(server, tmp_path / "workspace", record=tape, model="openai/gpt-5.4-mini")
    assert (again.items, account.sent) == (recorded.items, 0)


def files(folder: Path) -> list[str]:
    """The day's articles as files; returns their names."""
    folder.mkdir()
    for article in day():
        (folder / article.name).write_text(article.text)
    return [str(folder)]


def words(server: BatchServer, folder: Path, *more: str) -> list[str]:
    options = ["--base-url", server.base_url, "--batch", "--no-archive", "--date", "2031-05-12"]
    return ["brief", str(folder), *options, *more]


def comfort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_LONGEST_WAIT", "0.02")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-batch-0123456789")


def test_the_command_leaves_and_collects(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`brief --batch --batch-wait 0` ends with code 5 and says how to go on, until the briefing is there."""
    comfort(monkeypatch)
    files(tmp_path / "day")
    server = serve(looks=1)
    codes: list[int] = []
    said = ""
    while not codes or codes[-1] == 5:
        assert len(codes) < 40
        codes.append(main(words(server, tmp_path / "day", "--batch-wait", "0")))
        said += capsys.readouterr().err
    assert (codes[-1], codes.count(5) > 3) == (0, True)
    assert "come back later: the same command collects" in said
    assert "batch 0/8  batch_1 in_progress" in said
    assert "collected of batches submitted before" in said
    assert len(set(server.submitted)) == len(server.submitted)


def test_interrupted_while_it_waits(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a run that waits for a batch; the same command goes on from there."""
    comfort(monkeypatch)
    files(tmp_path / "day")
    server = serve(looks=10**9)
    command = Command(*words(server, tmp_path / "day"))
    wait_for(lambda: bool(server.batches))
    time.sleep(0.2)
    command.send_signal(signal.SIGINT)
    code, _, err = command.end()
    assert (code, "isn't asked again" in err) == (130, True)
    server.looks = 0
    assert Command(*words(server, tmp_path / "day")).end()[0] == 0
    assert len(set(server.submitted)) == len(server.submitted)


def test_a_desk_s_day_by_batch(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`daily` leaves its batches after `batch_wait` with code 5 and lets go of its lock; a later start delivers."""
    comfort(monkeypatch)
    monkeypatch.chdir(tmp_path)
    files(tmp_path / "articles")
    server = serve()
    (tmp_path / "summarizer.toml").write_text(
        f'folders = ["articles"]\nbase_url = "{server.base_url}"\nbatch = true\nbatch_wait = 0\n'
        'workspace = "workspace"\n[[deliveries]]\nto = "folder"\nformat = "md"\npath = "{date}.md"\n'
    )
    codes: list[int] = []
    while not codes or codes[-1] == 5:
        assert len(codes) < 40
        codes.append(main(["daily"]))
    out, err = capsys.readouterr()
    assert codes[-1] == 0
    assert codes.count(5) > 3
    assert "not made yet, its batches are under way" in out
    assert "failed" not in err
    assert list(tmp_path.glob("20*.md"))
    assert len(set(server.submitted)) == len(server.submitted)
