"""The commands. Each imports what it needs when it runs: `--help` loads argparse and nothing else."""

from __future__ import annotations

import argparse
import gc
import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext

from summarizer.cli.look import look_of
from summarizer.cli.screen import Screen, complain, describe_plan, visible

TYPE_CHECKING = False  # typing's own takes a tenth of what `--help` does
if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from summarizer.archive.found import Ledger
    from summarizer.cli.look import Look
    from summarizer.ingest import Intake
    from summarizer.journals import AnyJournal
    from summarizer.models import Article, Briefing
    from summarizer.past import Past
    from summarizer.settings import Settings

ALL, NONE, USAGE, PARTIAL = 0, 1, 2, 3
"""Exit codes: a whole briefing, none, a mistake in the command, a briefing with problems."""
UNDER_WAY = 5
"""Exit code: batches are under way, and the same command collects them."""

ANSWERS = (
    "Stories",
    "OnTopic",
    "ArticleNotes",
    "SameActors",
    "Groups",
    "Disputes",
    "KnownActors",
    "Continuations",
    "Summary",
)


def run_brief(args: argparse.Namespace) -> int:
    """`summarizer brief`."""
    gc.disable()  # importing makes a million objects that stay: looking through them took a sixth of a replay's time
    from summarizer.briefing import brief
    from summarizer.ingest import load
    from summarizer.render import check_format

    gc.freeze()
    gc.enable()

    form = args.format or format_of(args.output)
    check_picture(args.picture, form)
    check_format(form, to_stdout=args.output is None and not args.dry_run)
    if args.no_journal and args.journal:
        args.parser.error("argument --journal: not allowed with argument --no-journal")
    given = settings_of(args)
    settings = _with_archive(_with_journal(given, wanted=not args.no_journal), given, wanted=not args.no_archive)
    check_output(args.output, args.format, make=not args.dry_run)
    with logged(args.verbose), Screen(quiet=args.quiet or args.verbose, color=args.color) as screen:
        cache = None if args.no_journal else (settings.workspace or data_folder()) / "web"
        intake = load(*args.paths, fetch=settings.fetch, cache=cache, told=screen.taken_in)
        if args.dry_run:
            screen.clear()
            return dry_run(intake, args.date, settings, look_of(args))
        briefing = brief(intake, day=args.date, settings=settings, listener=screen.show)
        screen.close(briefing)
    write_briefing(briefing, form, args, *_with_past(briefing, form, settings, intake.articles))
    complain(briefing.problems)
    return PARTIAL if briefing.problems else ALL


def _with_past(
    briefing: Briefing, form: str, settings: Settings, articles: Iterable[Article]
) -> tuple[Iterable[Article], Ledger | None]:
    """What a page has besides: the articles, those of days before if an archive has them, and how things moved."""
    from summarizer.errors import ArchiveError
    from summarizer.render import PAGES

    if form in PAGES and settings.archive is not None:
        from summarizer.archive import Archive

        try:
            with Archive(settings.archive) as archive:
                if archive.has(briefing):
                    kept = archive.articles_of(briefing.date, briefing.topic)
                    moved = archive.ledger_of(briefing.date, briefing.topic)
                    return tuple({each.id: each for each in (*kept, *articles)}.values()), moved
        except ArchiveError:  # it could not be entered, which is one of the briefing's problems
            pass
    return articles, None


def write_briefing(
    briefing: Briefing,
    form: str,
    args: argparse.Namespace,
    articles: Iterable[Article] = (),
    ledger: Ledger | None = None,
) -> None:
    """To the file or stdout; text as it looks best there."""
    from summarizer.render import render_as, render_bytes, render_text

    if form == "text":
        write_out(render_text(briefing, **look_of(args, args.output)), args.output)
    elif form == "pdf":
        write_out(render_bytes(briefing, form, ledger=ledger), args.output)
    else:
        write_out(render_as(briefing, form, articles, ledger=ledger, picture=args.picture), args.output)


def settings_of(args: argparse.Namespace) -> Settings:
    """Options that were given, over the environment, over the defaults."""
    from pydantic import ValidationError

    from summarizer.errors import InvalidSettings
    from summarizer.settings import Settings

    given = {name: value for name, value in vars(args).items() if name in Settings.model_fields and value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"{_option(e['loc'])}: {_plain(e['msg'])}" for e in error.errors(include_input=False))
        raise InvalidSettings(wrong) from None


def _option(place: tuple[int | str, ...]) -> str:
    """How a setting is given: as an option, and as a variable."""
    if len(place) > 1:
        return f"SUMMARIZER_{'__'.join(map(str, place)).upper()}"
    name = str(place[0])
    option = {"requests_per_minute": "rpm", "tokens_per_minute": "tpm"}.get(name, name).replace("_", "-")
    return f"--{option} or SUMMARIZER_{name.upper()}"


def _plain(message: str) -> str:
    """What pydantic says, to a person."""
    return message.removeprefix("Value error, ").replace("Input should be", "must be")


def _with_journal(settings: Settings, *, wanted: bool) -> Settings:
    """The settings with a folder for the journal, if one is wanted and a cassette doesn't take its place."""
    if not wanted:
        return settings.model_copy(update={"workspace": None, "journal": None})
    if settings.workspace or settings.replay or (settings.record and not settings.batch):
        return settings
    return settings.model_copy(update={"workspace": own_workspace()})


def _with_archive(settings: Settings, given: Settings, *, wanted: bool) -> Settings:
    """The settings with an archive, if one is wanted; a replay, which is of another day, enters only one that is named.

    Args:
        settings: of the run.
        given: as they came from options and environment.
        wanted: whether there is to be one.
    """
    if not wanted:
        return settings.model_copy(update={"archive": None})
    if settings.archive or (given.replay and not given.workspace):
        return settings
    folder = given.workspace or settings.workspace or own_workspace()
    return settings.model_copy(update={"archive": settings.archive_in(folder) if folder else None})


def _kept_journal(args: argparse.Namespace) -> AnyJournal | None:
    """The journal as given, as in the environment, or the user's own; None, and said, if there is none."""
    from summarizer.journal import FILE
    from summarizer.journals import journal_of

    settings = settings_of(args)
    named = None if args.workspace else settings.journal  # what is typed goes before a variable
    folder = settings.workspace or data_folder()
    changes = {"journal": named, "workspace": folder, "record": None, "replay": None}
    journal = journal_of(settings.model_copy(update=changes), make=False)
    if journal is None:
        print(f"{'the database' if named else folder / FILE}: no journal there yet")
    return journal


def data_folder() -> Path:
    """The user's own folder for what the program keeps."""
    import platformdirs

    return platformdirs.user_data_path("summarizer", appauthor=False)


def own_workspace(advice: str = "see --workspace") -> Path | None:
    """The user's own folder for the journal; None, with a word about it, if there can be none."""
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "no permission")
    except OSError as error:
        print(f"summarizer: no journal can be kept in {folder}: {error.strerror}; {advice}", file=sys.stderr)
        return None
    return folder


@contextmanager
def logged(wanted: bool) -> Iterator[None]:
    """Log to stderr inside, if wanted."""
    import logging

    from summarizer.log import LOGGER, JsonLines

    if not wanted:
        yield
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    level = LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)


def dry_run(intake: Intake, day: date | None, settings: Settings, look: Look) -> int:
    """`summarizer brief --dry-run`: what would be asked."""
    import asyncio
    from datetime import date

    from summarizer.ingest import newest
    from summarizer.journals import journal_of
    from summarizer.plan import plan_run

    past = _past_of_plan(day or newest(intake.articles) or date.today(), settings)
    journal = journal_of(settings, make=False)
    with closing(journal) if journal else nullcontext():
        plan = asyncio.run(plan_run(intake.articles, settings, journal, past))
    write_out(describe_plan(plan, look), None)
    complain(intake.problems)
    return PARTIAL if intake.problems else ALL


def _past_of_plan(day: date, settings: Settings) -> Past | None:
    """What stood before, if there is an archive; none is made for it."""
    place = settings.archive
    if place is None or ("://" not in place and not os.path.isfile(place)):  # noqa: PTH113
        return None
    from summarizer.archive import Archive

    with Archive(place) as archive:
        return archive.past(day, topic=settings.topic, look_back=settings.look_back)


FORMATS = {".md": "md", ".html": "html", ".pdf": "pdf", ".json": "json", ".txt": "text", ".svg": "svg"}


def format_of(output: Path | None, other: str = "md") -> str:
    """The format that a file's ending asks for; the other if it asks for none."""
    return FORMATS.get(output.suffix.lower() if output else "", other)


def check_output(output: Path | None, form: str | None, *, make: bool = True) -> None:
    """Say before a run what would keep its briefing from being written after it.

    Args:
        output: the file; None: stdout.
        form: the format that was asked for; None: by the file's ending.
        make: whether folders above it are made.
    """
    from summarizer.errors import InputError

    if output is None:
        return
    if output.is_dir() or output.name == "":
        raise InputError(f"-o {str(output)!r} is a folder; name a file in it")
    if form is None and output.suffix and output.suffix.lower() not in FORMATS:
        raise InputError(f"-o {output}: no format ends in {output.suffix}; use {', '.join(FORMATS)}, or give --format")
    if not make:
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"-o {output} can't be written: {error.strerror}") from error
    if not os.access(output if output.exists() else output.parent, os.W_OK):
        raise InputError(f"-o {output} can't be written: no permission")


def check_picture(picture: str | None, form: str) -> None:
    """Say before a run that only one format is a picture."""
    from summarizer.errors import InputError

    if picture and form != "svg":
        raise InputError(f"--picture {picture}: {form} has no pictures; give --format svg, or end -o in .svg")


def write_out(content: str | bytes, output: Path | None, *, newline: str | None = None) -> None:
    """To the file, whole or not at all; else to stdout."""
    from summarizer.errors import InputError
    from summarizer.files import write_atomically, write_stdout

    if output is None:
        write_stdout(content, newline=newline)
        return

    try:
        if output.exists() and not output.is_file():  # a device or a pipe is written to, not replaced
            if isinstance(content, bytes):
                output.write_bytes(content)
            else:
                output.write_text(content, encoding="utf-8", newline=newline)
        else:
            write_atomically(output.resolve(), content, newline=newline)
    except OSError as error:
        raise InputError(f"-o {output} can't be written: {error.strerror}") from error


def run_prompts_list(args: argparse.Namespace) -> int:
    """`summarizer prompts list`."""
    from summarizer.prompts import PromptBook

    for prompt in PromptBook(args.prompts):
        head = prompt.head
        print(f"{head.name:<10} {head.version:<4} {prompt.sha256[:8]}  {head.about}  → {head.answer}")
    return ALL


def run_prompts_show(args: argparse.Namespace) -> int:
    """`summarizer prompts show NAME`."""
    from summarizer.prompts import PromptBook

    print(PromptBook(args.prompts)[args.name].source, end="")
    return ALL


def run_schema(args: argparse.Namespace) -> int:
    """`summarizer schema [NAME]`."""
    import json

    from summarizer import answers, models

    model = getattr(models if args.name in ("Briefing", "Article") else answers, args.name)
    print(json.dumps(model.model_json_schema(), indent=2))
    return ALL


def run_cassettes_check(args: argparse.Namespace) -> int:
    """`summarizer cassettes check DIR…`."""
    from summarizer import answers
    from summarizer.cassette import RecordedArticle, check_cassette, load_manifest, record_command, recording_files
    from summarizer.errors import InvalidSettings, NoArticles
    from summarizer.ingest import load
    from summarizer.prompts import PromptBook
    from summarizer.question import schema_sha256

    prompts = {prompt.name: prompt.sha256 for prompt in PromptBook(args.prompts)}
    schemas = {name: schema_sha256(getattr(answers, name)) for name in ANSWERS}
    code = ALL
    folders = [folder for given in args.folders for folder in _cassettes_in(given)]
    if not folders:
        raise InvalidSettings(f"{', '.join(map(str, args.folders))} is not a folder of recordings")
    for folder in folders:
        manifest = load_manifest(folder)
        articles = manifest.articles if manifest else ()
        if manifest:
            try:
                articles = tuple(map(RecordedArticle.of, load(*manifest.paths).articles))
            except NoArticles as error:
                print(f"{folder}: its articles aren't where they were recorded from: {visible(str(error))}")
                code = NONE
        findings = check_cassette(folder, prompts=prompts, schemas=schemas, articles=articles)
        for finding in findings:
            print(visible(f"{folder / finding.name}: {finding.kind}: {finding.reason}"))
        serious = [finding for finding in findings if finding.kind != "unused"]
        print(f"{folder}: {len(recording_files(folder))} recordings, {len(serious)} stale or missing")
        if unused := [finding.name for finding in findings if finding.kind == "unused"]:
            remove = shlex.join(["rm", *(str(folder / name) for name in unused)])
            print(visible(f"{folder}: {len(unused)} unused; to delete them: {remove}"))
        if serious:
            print(visible(f"{folder}: to record just that: {record_command(folder, manifest)}"))
            code = NONE
        if not manifest:
            print(
                visible(f"{folder}: no whole run was recorded here; to record one: {record_command(folder, manifest)}")
            )
            code = NONE
    return code


def _cassettes_in(path: Path) -> list[Path]:
    """A folder of recordings, or those in a folder of such; of a file, which a pattern may have caught, none."""
    if not path.is_dir():
        return []
    inner = sorted(manifest.parent for manifest in path.glob("*/cassette.json"))
    return inner if inner and not (path / "cassette.json").exists() else [path]


def run_journal_stats(args: argparse.Namespace) -> int:
    """`summarizer journal stats`."""
    from datetime import datetime

    from summarizer.account import took
    from summarizer.render.text import TextPen

    journal = _kept_journal(args)
    if journal is None:
        return ALL
    with closing(journal):
        shelves = journal.shelves()
        megabytes = journal.size() / 1e6
    print(f"{journal.path}: {sum(shelf.answers for shelf in shelves)} answers, {megabytes:.1f} MB")
    if shelves:
        rows = [
            [
                shelf.prompt,
                shelf.model,
                str(shelf.answers),
                took(shelf.usage),
                datetime.fromtimestamp(shelf.oldest).strftime("%Y-%m-%d"),
                datetime.fromtimestamp(shelf.newest).strftime("%Y-%m-%d"),
            ]
            for shelf in shelves
        ]
        pen = TextPen(**look_of(args))
        pen.table(["prompt", "model", "answers", "took", "oldest", "newest"], [list(map(pen.say, row)) for row in rows])
        write_out(pen.page(), None)
    return ALL


def run_journal_prune(args: argparse.Namespace) -> int:
    """`summarizer journal prune`."""
    import time

    journal = _kept_journal(args)
    if journal is None:
        return ALL
    with closing(journal):
        count = journal.prune(float("inf") if args.all else time.time() - args.older_than * 86400)
        megabytes = journal.size() / 1e6
    print(f"{journal.path}: {count} answers deleted, {megabytes:.1f} MB left")
    return ALL
