"""The commands that ask an archive: list, show, diff, ledger, actor, search; and export."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager

from summarizer.cli.commands import (
    ALL,
    check_output,
    check_picture,
    data_folder,
    format_of,
    settings_of,
    write_briefing,
    write_out,
)
from summarizer.cli.look import look_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from summarizer.archive import Archive
    from summarizer.models import Briefing
    from summarizer.render.answers import Answer


@contextmanager
def opened_archive(args: argparse.Namespace, *, make: bool = False) -> Iterator[Archive]:
    """The archive that is meant, for as long as the block lasts.

    Args:
        args: of the command.
        make: make a file that isn't there, and remove it if nothing could be put in; else it is an error.
    """
    from summarizer.archive import Archive
    from summarizer.archive.base import file_of

    place = archive_place(args)
    file = file_of(place)
    made = file if file is not None and not file.exists() else None
    with Archive(place, make=make) as archive:
        try:
            yield archive
        except BaseException:
            if made is not None and not archive.list():
                archive.close()
                made.unlink()
            raise


def archive_place(args: argparse.Namespace) -> str:
    """Where the archive is that is meant."""
    settings = settings_of(args)
    return settings.archive_in(settings.workspace or data_folder())


def _say(answer: Answer, args: argparse.Namespace) -> int:
    """Write an answer as it was asked for."""
    from summarizer.render.answers import render_answer

    text = args.format == "text"
    page = render_answer(answer, "text", **look_of(args, args.output)) if text else render_answer(answer, args.format)
    write_out(page, args.output)
    return ALL


def run_list(args: argparse.Namespace) -> int:
    """`summarizer list`."""
    with opened_archive(args) as archive:
        archive.span(args.since, args.until)  # an answer of nothing would say that nothing happened
        return _say(archive.list(args.since, args.until), args)


def run_show(args: argparse.Namespace) -> int:
    """`summarizer show [DATE | ID]`."""
    from summarizer.errors import InputError
    from summarizer.render import PAGES, check_format

    form = args.format = args.format or format_of(args.output, "text")
    check_picture(args.picture, form)
    check_format(form, to_stdout=args.output is None)
    with opened_archive(args) as archive:
        if args.what is not None and re.fullmatch(r"[A-Z]\d+", args.what):
            if args.topic is not None:
                raise InputError(
                    f"--topic is of a day's briefing; {args.what} is one thing over all days, on any topic"
                )
            return _say(archive.actor(args.what) if args.what[0] == "A" else archive.thread(args.what), args)
        day = _day(archive, args)
        briefing = archive.briefing(*day)
        articles = archive.articles_of(*day) if form == "html" else ()
        ledger = archive.ledger_of(*day) if form in PAGES else None
    write_briefing(briefing, form, args, articles, ledger)
    return ALL


def _day(archive: Archive, args: argparse.Namespace) -> tuple[date, str | None]:
    """The day and topic that are meant: as given, else the last that there is."""
    from summarizer.errors import InputError, NotArchived

    if args.what is None:
        archive.span()
        listed = [each for each in archive.list() if args.topic is None or each.topic == args.topic]
        if not listed:
            raise NotArchived(archive.place, f"any day on {args.topic!r}", "`summarizer list` has all topics")
        return listed[0].date, listed[0].topic
    from datetime import date

    try:
        day = date.fromisoformat(args.what)
    except ValueError:
        raise InputError(f"{args.what!r} is neither a day nor an id; write 2031-05-12, or D4") from None
    topics = [each.topic for each in archive.list(day, day)]
    if args.topic is None and len(topics) == 1:
        return day, topics[0]
    return day, args.topic


def run_diff(args: argparse.Namespace) -> int:
    """`summarizer diff DATE DATE`."""
    with opened_archive(args) as archive:
        return _say(archive.diff(*args.days), args)


def run_ledger(args: argparse.Namespace) -> int:
    """`summarizer ledger`."""
    with opened_archive(args) as archive:
        return _say(archive.ledger(args.since, args.until, party=args.party, issue=args.issue), args)


def run_actor(args: argparse.Namespace) -> int:
    """`summarizer actor NAME`."""
    with opened_archive(args) as archive:
        return _say(archive.actor(" ".join(args.name), since=args.since, until=args.until, most=args.most), args)


def run_search(args: argparse.Namespace) -> int:
    """`summarizer search WORDS`."""
    with opened_archive(args) as archive:
        found = archive.search(
            " ".join(args.words),
            party=args.party,
            kinds=args.kinds or (),
            since=args.since,
            until=args.until,
            most=args.most,
        )
    return _say(found, args)


def run_export(args: argparse.Namespace) -> int:
    """`summarizer export [DATE | FILE]`."""
    from summarizer.export import export

    form = _export_form(args.format, args.output)
    check_output(args.output, form)
    write_out(export(_briefing(args), form), args.output, newline="")
    return ALL


def _export_form(given: str | None, output: Path | None) -> str:
    """The format that was asked for by name, or by a file's ending, the longest that fits."""
    from summarizer.errors import InputError, UnknownFormat
    from summarizer.export import FORMATS

    name = output.name.lower() if output else ""
    fitting = [form for form in FORMATS.values() if name.endswith(form.suffix)]
    if given is not None:
        if given not in FORMATS:
            raise UnknownFormat(given, list(FORMATS))
        best = max(fitting, key=lambda form: len(form.suffix)).name if fitting else given
        if best != given:
            raise InputError(f"-o {output}: a file of that name is {best}, not {given}; leave one of the two out")
        return given
    if output is None:
        return "csv"
    if not fitting:
        endings = ", ".join(form.suffix for form in FORMATS.values())
        raise InputError(f"-o {output}: no format ends so; use {endings}, or give --format")
    return max(fitting, key=lambda form: len(form.suffix)).name


def _briefing(args: argparse.Namespace) -> Briefing:
    """A briefing of the archive, or of a file."""
    from summarizer.models import Briefing

    if args.what is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", args.what):
        from pydantic import ValidationError

        from summarizer.errors import InputError

        try:
            with open(args.what, "rb") as file:  # noqa: PTH123
                return Briefing.model_validate_json(file.read())
        except OSError as error:
            raise InputError(f"{args.what} can't be read: {error.strerror}") from error
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_url=False)[0]["msg"]
            raise InputError(f"{args.what} is no briefing's JSON: {wrong}") from error
    with opened_archive(args) as archive:
        return archive.briefing(*_day(archive, args))
