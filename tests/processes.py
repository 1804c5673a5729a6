"""Processes for tests that kill one or start several: forked from one that has imported all, which takes seconds."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATIENCE = 240
"""Seconds that something is waited for that comes at once, but on a machine with far too much to do."""

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["summarizer.briefing", "summarizer.daily", "summarizer.cli.commands", "alembic.command", "tests.newsroom"]
)


def forked(target: Callable[..., object], *args: object) -> BaseProcess:
    """A process that calls this, in the environment and the folder in which this one is now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))  # the server that forks is started by the first
        process = context.Process(target=_call, args=(target, args, dict(os.environ), Path.cwd()))
        process.start()
    return process


def _call(target: Callable[..., object], args: tuple[object, ...], environment: dict[str, str], folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background, as of some CI, ignores Ctrl-C
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    target(*args)


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until this is so.

    Raises:
        AssertionError: if it never is.
    """
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Command:
    """A `summarizer` that is running."""

    def __init__(self, *words: str) -> None:
        self._said = [Path(path) for path in (tempfile.mkstemp()[1], tempfile.mkstemp()[1])]
        self._process = forked(_run, words, *self._said)
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Its exit code, less than 0 if a signal ended it; None: it is running."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def end(self) -> tuple[int, str, str]:
        """Wait for its end; returns its exit code and what it wrote to stdout and stderr.

        Raises:
            AssertionError: if it doesn't end.
        """
        self._process.join(PATIENCE)
        code = self.poll()
        assert code is not None
        out, err = (path.read_text(encoding="utf-8") for path in self._said)
        for path in self._said:
            path.unlink()
        return code, out, err


def _run(words: tuple[str, ...], out: Path, err: Path) -> None:
    """Run a command as the program does, with files for stdout and stderr."""
    from summarizer.cli import main

    for number, name, path in ((1, "stdout", out), (2, "stderr", err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
        setattr(sys, name, io.TextIOWrapper(os.fdopen(number, "wb", closefd=False), "utf-8", write_through=True))
    sys.exit(main(list(words)))
