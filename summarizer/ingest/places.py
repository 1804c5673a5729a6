"""Places: what somebody means by a path, a pattern, a URL or a dash."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from summarizer.errors import NoArticles
from summarizer.ingest.found import Blob, Link

STDIN = "standard input"


def expand(place: str | Path) -> Iterator[Blob | Link]:
    """What there is to read at a place.

    A folder gives its files in order of name, those in folders inside it too; hidden ones
    are left out.

    Raises:
        NoArticles: if it does not exist, or nothing does that fits it.
    """
    given = str(place)
    if given == "-":
        yield Blob(STDIN, sys.stdin.buffer.read())
    elif given.lower().startswith(("http://", "https://")):
        yield Link(given)
    elif Path(given).exists():
        yield from _at(Path(given))
    elif glob.has_magic(given):
        found = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        if not found:
            raise NoArticles(given, "nothing fits this pattern; check it")
        for path in found:
            yield from _at(Path(path))
    else:
        raise NoArticles(given, "it does not exist; check the path")


def _at(path: Path) -> Iterator[Blob]:
    if not path.is_dir():
        yield _blob(path)
        return
    files = sorted(file for file in path.rglob("*") if file.is_file())
    for file in files:
        if not any(part[0] == "." for part in file.relative_to(path).parts):
            yield replace(_blob(file), loose=True)


def _blob(path: Path) -> Blob:
    """A file; a name may be any bytes."""
    return Blob(os.fsencode(path).decode("utf-8", "replace"), path)
