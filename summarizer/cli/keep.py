"""The commands that change an archive, or move it: delete, merge, split, rename, forget-texts, dump, load."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

from summarizer.cli.commands import ALL, check_output, settings_of
from summarizer.cli.past import opened_archive
from summarizer.cli.screen import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from summarizer.archive import Archive, Thread


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
        kept = _told(archive, args.id)
        others = [_told(archive, id) for id in args.others]
        archive.merge(args.id, *args.others)
        for id, other in zip(args.others, others, strict=True):
            print(visible(f"{_described(archive, id, other)}: from now on {_described(archive, args.id, kept)}"))
            if kept and other and _are_strangers(kept, other):
                undo = f"`summarizer archive split {other.id}` undoes it"
                note = f"nobody has the same part in {other.id} and in {kept.id}; {undo}"
                print(f"archive: {visible(note)}", file=sys.stderr)
    return ALL


def _told(archive: Archive, id: str) -> Thread | None:
    """A thing before it is merged; None: no briefing has it any more."""
    from summarizer.errors import UnknownIdentity

    try:
        return archive.thread(id)
    except UnknownIdentity:
        return None


def _described(archive: Archive, id: str, thread: Thread | None) -> str:
    """The id that a thing goes by, what it is called, and whose it is."""
    if thread is None:
        return f"{id}, {archive.name(id)}"
    was = "" if thread.id == id else f"{id}, now "
    who = thread.mentions[0].who
    return f"{was}{thread.id}, {thread.name}{f' ({who})' if who else ''}"


def _are_strangers(one: Thread, other: Thread) -> bool:
    """Whether nobody has the same part in both, on any day, though somebody has one in each."""
    parts = [
        {(role, name) for mention in thread.mentions for role, names in mention.roles.items() for name in names}
        for thread in (one, other)
    ]
    return all(parts) and not parts[0] & parts[1]


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
    from summarizer.errors import ArchiveError, InputError

    try:
        with _lines(args.file) as lines, opened_archive(args, make=True) as archive:
            texts = settings_of(args).keep_texts
            try:
                count = archive.load(lines, told=lambda day: print(f"{day}", file=sys.stderr), texts=texts)
            except ArchiveError as error:
                reason = f"{args.file} can't be loaded into {error.place}: {error.reason}; {error.advice}"
                raise InputError(reason) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{args.file} can't be read: {getattr(error, 'strerror', None) or error}") from error
    print(f"{count} briefing{'s' * (count != 1)} entered")
    return ALL


def _lines(file: str) -> AbstractContextManager[Iterable[str]]:
    """The lines of a file, or of standard input."""
    return nullcontext(sys.stdin) if file == "-" else open(file, encoding="utf-8", newline="\n")  # noqa: PTH123
