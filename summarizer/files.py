"""Files, written whole or not at all."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def write_atomically(path: Path, text: str, *, newline: str | None = None) -> None:
    """Write a file whole or not at all, whatever happens meanwhile and whoever else writes it."""
    with writing_atomically(path, newline=newline) as file:
        file.write(text)


@contextmanager
def writing_atomically(path: Path, *, newline: str | None = None) -> Iterator[TextIO]:
    """A file to write in; it takes its place when the block ends well, and is gone if not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with draft.open("w", encoding="utf-8", newline=newline) as file:
            yield file
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_stdout(text: str, *, newline: str | None = None) -> None:
    """Write to standard output, as UTF-8 whatever the system's own encoding is, and see it out."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline=newline)
    sys.stdout.write(text)
    sys.stdout.flush()
