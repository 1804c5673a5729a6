"""Killed in the middle, again and again, and two at once: the journal loses nothing and asks nothing twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

from summarizer import brief
from summarizer.testing import Answered, Asked, Reply, ScriptedModel
from tests.newsroom import HANGING, MENDED, PASSING, Storm, answer, make_article, run_to_file, storm_settings
from tests.processes import PATIENCE, forked

Scripted = Callable[..., ScriptedModel]
COUNT, KILLS = 60, 5
"""Articles of a run, and how often it is killed, in every run of the tests."""
THOROUGH = 200, 20
"""The same with `--thorough`."""
SEEN = [*(kind for kind in PASSING if kind not in HANGING), *MENDED]
"""Faults that no clock decides on: how long a run waits for a reply can't be told from one that was late."""


def start(model: ScriptedModel, workspace: Path, path: Path, count: int) -> BaseProcess:
    """A run in a process of its own."""
    settings = storm_settings(model, workspace=workspace)
    return forked(run_to_file, count, settings, path)


def finish(process: BaseProcess) -> None:
    process.join(PATIENCE)
    assert process.exitcode == 0


def test_killed_again_and_again(scripted: Scripted, tmp_path: Path, thorough: bool) -> None:
    """SIGKILL at random moments, each followed by a rerun: byte for byte the briefing of an unbroken run.

    Answers given over all runs exceed the ideal by no more than what was in flight at the kills.
    """
    count, kills = THOROUGH if thorough else (COUNT, KILLS)
    calm = brief([make_article(number) for number in range(count)], settings=storm_settings(scripted(answer)))
    storm = Storm(3, 0.2, SEEN)
    model = scripted(storm)
    dice = random.Random(20310512)
    workspace, path = tmp_path / "workspace", tmp_path / "briefing.json"
    begun = landed = in_flight = 0
    while landed < kills:
        process = start(model, workspace, path, count)
        before, moment = len(model.asked), dice.randrange(1, 25)
        while process.is_alive() and len(model.asked) - before < moment:  # so many requests, then so many milliseconds
            time.sleep(0.002)
        time.sleep(dice.random() * 0.05)
        if process.is_alive():
            os.kill(process.pid or 0, signal.SIGKILL)
            landed += 1
            in_flight += 16
        process.join()
        begun += 1
        assert begun < 3 * kills
        if path.exists():  # it was quicker than the kill, and has left nothing to ask: begin anew, and count anew
            path.unlink()
            assert landed > kills // 2
            workspace = tmp_path / f"workspace-{begun}"
            storm.good.clear()
            in_flight = 0
    finish(start(model, workspace, path, count))
    first = path.read_bytes()
    assert first.decode() == calm.model_dump_json(indent=1)
    ideal = len(storm.good)
    assert sum(storm.good.values()) - ideal <= in_flight
    before = len(model.asked)
    finish(start(model, workspace, path, count))
    assert path.read_bytes() == first
    assert len(model.asked) == before


def test_two_runs_over_one_workspace(scripted: Scripted, tmp_path: Path) -> None:
    """Two runs at the same time are both right, and between them ask everything once."""

    def slowly(asked: Asked) -> Reply:
        return Answered(content=answer(asked), delay=0.02)

    model = scripted(slowly)
    calm = brief([make_article(number) for number in range(60)], settings=storm_settings(scripted(answer)))
    paths = [tmp_path / "one.json", tmp_path / "other.json"]
    processes = [start(model, tmp_path / "workspace", path, 60) for path in paths]
    for process in processes:
        finish(process)
    assert {path.read_text() for path in paths} == {calm.model_dump_json(indent=1)}
    assert len(model.asked) == calm.provenance.usage.requests
