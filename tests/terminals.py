"""A real pseudo-terminal whose screen can be read, for what is only to be seen on one."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pyte
import pytest

from tests.conftest import ROOT


class Terminal:
    """A terminal of so many columns and lines, read as fast as it is written to."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = threading.Condition()
        self._master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        settings = termios.tcgetattr(self.slave)
        settings[1] &= ~termios.ONLCR  # what was written is what was sent
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(self.slave, termios.TCSANOW, settings)
        self._screen.set_mode(pyte.modes.LNM)
        self._sent = b""
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                read = os.read(self._master, 65536)
            except OSError:  # nobody has it open any more
                read = b""
            with self._changed:
                self._sent += read
                self._stream.feed(read)
                self._ended = not read
                self._changed.notify_all()
            if not read:
                return

    def close(self) -> None:
        """Hang up, once all that was written is read."""
        os.close(self.slave)
        with self._changed:
            assert self._changed.wait_for(lambda: self._ended, 60)
        os.close(self._master)

    @property
    def sent(self) -> str:
        """All that was sent to it, escape codes included."""
        return self._sent.decode()

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    @property
    def cursor(self) -> bool:
        """Whether the cursor is to be seen."""
        return not self._screen.cursor.hidden

    def wait_for(self, words: str) -> None:
        """Wait until these words stand on the screen.

        Raises:
            AssertionError: if they don't come within a minute.
        """
        with self._changed:
            assert self._changed.wait_for(lambda: any(words in line for line in self.lines), 60), self.lines

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a `summarizer` whose terminal this is."""

        def take() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        return subprocess.Popen(
            [sys.executable, "-m", "summarizer", *words],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            preexec_fn=take,  # noqa: PLW1509 - it makes two system calls
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
        )

    @contextmanager
    def instead_of(self, stream: str, monkeypatch: pytest.MonkeyPatch, **environment: str) -> Iterator[None]:
        """Have what this process writes to `stdout` or `stderr` go to this terminal; with these variables, too."""
        with monkeypatch.context() as patch, os.fdopen(os.dup(self.slave), "w", encoding="utf-8") as file:
            for name, value in {"TERM": "xterm-256color", **environment}.items():
                patch.setenv(name, value)
            patch.setattr(sys, stream, file)
            patch.setattr(sys, f"__{stream}__", file)
            yield
