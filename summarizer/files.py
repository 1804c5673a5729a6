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


def write_atomically(path: Path, content: str | bytes, *, newline: str | None = None) -> None:
    """Write a file whole or not at all, whatever happens meanwhile and whoever else writes it."""
    if isinstance(content, bytes):
        with _taking_its_place(path) as draft:
            draft.write_bytes(content)
        return
    with writing_atomically(path, newline=newline) as file:
        file.write(content)


@contextmanager
def writing_atomically(path: Path, *, newline: str | None = None) -> Iterator[TextIO]:
    """A file to write in; it takes its place when the block ends well, and is gone if not."""
    with _taking_its_place(path) as draft, draft.open("w", encoding="utf-8", newline=newline) as file:
        yield file


@contextmanager
def _taking_its_place(path: Path) -> Iterator[Path]:
    """The path of a draft, which replaces the file when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        yield draft
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_stdout(content: str | bytes, *, newline: str | None = None) -> None:
    """Write to standard output, text as UTF-8 whatever the system's own encoding is, and see it out."""
    if isinstance(content, bytes):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline=newline)
    sys.stdout.write(content)
    sys.stdout.flush()
