"""The commands that change an archive, or move it: delete, merge, split, rename, forget-texts, dump, load."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from summarizer.cli.commands import ALL, check_output, settings_of
from summarizer.cli.past import opened_archive
from summarizer.cli.screen import visible


def run_delete(args: argparse.Namespace) -> int:
    """`summarizer archive delete DATE`."""
    with opened_archive(args) as archive:
        notes = archive.delete(args.day, args.topic)
    print(f"{args.day}: deleted")
    for note in notes:
        print(f"archive: {visible(note)}", file=sys.stderr)
    return ALL


def run_merge(args: argparse.Namespace) -> int:
    """`summarizer archive merge ID ID`."""
    with opened_archive(args) as archive:
        archive.merge(args.id, *args.others)
        print(f"{', '.join(args.others)}: from now on {args.id}, {visible(archive.name(args.id))}")
    return ALL


def run_split(args: argparse.Namespace) -> int:
    """`summarizer archive split ID [DATE…]`."""
    with opened_archive(args) as archive:
        parted = archive.split(args.id, tuple(args.days))
        of = f" of {', '.join(map(str, args.days))}" if args.days else ""
        print(f"{args.id}{of}: from now on {parted}, {visible(archive.name(parted))}")
    return ALL


def run_rename(args: argparse.Namespace) -> int:
    """`summarizer archive rename ID [NAME]`."""
    with opened_archive(args) as archive:
        archive.rename(args.id, args.name)
        print(f"{args.id}: from now on {visible(archive.name(args.id))}")
    return ALL


def run_forget_texts(args: argparse.Namespace) -> int:
    """`summarizer archive forget-texts --before DATE`."""
    with opened_archive(args) as archive:
        count = archive.forget_texts(args.before)
    print(f"{count} text{'s' * (count != 1)} forgotten, of articles that were read before {args.before} only")
    return ALL


def run_dump(args: argparse.Namespace) -> int:
    """`summarizer archive dump`."""
    check_output(args.output, "jsonl")
    with opened_archive(args) as archive:
        if args.output is None:
            archive.dump(sys.stdout.write, texts=args.texts)
            return ALL
        from summarizer.files import writing_atomically

        with writing_atomically(args.output) as file:
            archive.dump(file.write, texts=args.texts)
    return ALL


def run_load(args: argparse.Namespace) -> int:
    """`summarizer archive load FILE`."""
    from summarizer.errors import InputError

    try:
        with _lines(args.file) as lines, opened_archive(args, make=True) as archive:
            texts = settings_of(args).keep_texts
            count = archive.load(lines, told=lambda day: print(f"{day}", file=sys.stderr), texts=texts)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{args.file} can't be read: {getattr(error, 'strerror', None) or error}") from error
    print(f"{count} briefing{'s' * (count != 1)} entered")
    return ALL


def _lines(file: str) -> AbstractContextManager[Iterable[str]]:
    """The lines of a file, or of standard input."""
    return nullcontext(sys.stdin) if file == "-" else Path(file).open(encoding="utf-8", newline="\n")
