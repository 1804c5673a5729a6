"""Eight processes that archive at once, one of them killed, again and again: nothing is lost, nothing is half there."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT

ROUNDS, THOROUGH = 6, 50
"""How often in every run, and how often with `--thorough`."""


def test_eight_archive_at_once_and_one_is_killed(place: str, thorough: bool) -> None:
    """SIGKILL at a random moment of each round: every other day is there, whole; the killed one whole or not at all.

    `tests.archivers` holds every row against its briefing after each round, and every id against all others.
    """
    rounds = THOROUGH if thorough else ROUNDS
    command = [sys.executable, "-m", "tests.archivers", place, str(rounds)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"{rounds} rounds, {8 * rounds} days; of {rounds} that were killed" in done.stdout
