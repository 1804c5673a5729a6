"""Files, written whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def write_atomically(path: Path, text: str, newline: str | None = None) -> None:
    """Write a file whole or not at all, whatever happens meanwhile and whoever else writes it.

    Args:
        path: of the file; folders that aren't there are made.
        text: what it is to hold.
        newline: as `open` has it; "" for a text whose lines end as they are to end.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        draft.write_text(text, encoding="utf-8", newline=newline)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
