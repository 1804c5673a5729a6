"""The command line: words a person types, words on the screen. The only place that prints or exits.

Imports what a command needs when it runs: `--help` loads argparse and nothing else.
"""

from __future__ import annotations

import argparse
import gc
import io
import logging
import os
import re
import shlex
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.desk import Progress
    from summarizer.models import Briefing, Usage
    from summarizer.settings import Settings

ALL, NONE, USAGE, PARTIAL = 0, 1, 2, 3
"""Exit codes: a whole briefing, none, a mistake in the command, a briefing with problems."""


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    args = build_parser().parse_args(argv)
    logging.getLogger("instructor").addHandler(logging.NullHandler())  # what it logs, errors here say better
    logging.getLogger("instructor").propagate = False
    from summarizer.errors import InputError, PromptError, SummarizerError

    try:
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except (InputError, PromptError) as error:
        _complain(error)
        return USAGE
    except SummarizerError as error:
        _complain(error)
        return NONE
    except KeyboardInterrupt:
        print("summarizer: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NONE
    except OSError as error:
        _complain(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains once more
        return NONE


def _complain(error: Exception) -> None:
    print(f"summarizer: {_visible(str(error))}", file=sys.stderr)


def _visible(text: str) -> str:
    """Several lines, without anything that steers a terminal."""
    from summarizer.text import flatten

    return "\n".join(" " * (len(line) - len(line.lstrip(" "))) + flatten(line) for line in text.split("\n"))


# -------------------------------------------------------------------------------- parser


def build_parser() -> argparse.ArgumentParser:
    """All commands and options."""
    parser = argparse.ArgumentParser(
        prog="summarizer",
        description="Turn a day's news articles into one briefing in which every line can be checked.",
        epilog="Exit codes: 0 whole briefing, 3 with problems (see its section Problems), 1 none, 2 wrong usage.",
    )
    parser.add_argument("--version", action=Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_brief(commands)
    _add_prompts(commands)
    _add_schema(commands)
    _add_cassettes(commands)
    return parser


class Version(argparse.Action):
    """Prints the version; looks it up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print and exit."""
        from summarizer.version import VERSION

        print(f"summarizer {VERSION}")
        parser.exit()


Commands = argparse._SubParsersAction  # the only name that argparse has for it


def _add_brief(commands: Commands[argparse.ArgumentParser]) -> None:
    brief = commands.add_parser(
        "brief",
        help="make a briefing of articles",
        description="Make one briefing of a day's articles. Progress goes to stderr, the briefing to stdout or a file.",
        epilog="Every setting also has a variable SUMMARIZER_NAME: SUMMARIZER_MODEL, SUMMARIZER_TIMEOUT …",
    )
    brief.set_defaults(run=run_brief)
    brief.add_argument("paths", nargs="+", metavar="PATH", help="a text file, or a folder of .txt and .md files")
    brief.add_argument(
        "--date", type=_date, metavar="YYYY-MM-DD", help="the briefing's date (default: newest article's)"
    )
    brief.add_argument("--format", choices=("md", "json", "text"), help="default: by the ending of -o, else md")
    brief.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there instead of to stdout")
    brief.add_argument("--quiet", action="store_true", help="no progress")
    model = brief.add_argument_group("model")
    model.add_argument("--model", metavar="PROVIDER/NAME", help="default: openai/gpt-5.4-mini")
    model.add_argument("--base-url", metavar="URL", help="OpenAI-compatible endpoint, as http://localhost:11434/v1")
    model.add_argument("--concurrency", type=int, metavar="N", help="requests under way at once (default: 8)")
    model.add_argument("--timeout", type=float, metavar="SECONDS", help="to wait for one reply (default: 180)")
    model.add_argument("--language", metavar="TAG", help="language of the briefing (default: en)")
    model.add_argument("--prompts", type=Path, metavar="DIR", help="templates that replace those of the same name")
    tapes = brief.add_argument_group("recordings").add_mutually_exclusive_group()
    tapes.add_argument("--record", type=Path, metavar="DIR", help="keep every reply; what is there isn't asked again")
    tapes.add_argument("--replay", type=Path, metavar="DIR", help="take every reply from there; asks nobody")


def _add_prompts(commands: Commands[argparse.ArgumentParser]) -> None:
    prompts = commands.add_parser("prompts", help="list or show the prompts", description="List or show the prompts.")
    verbs = prompts.add_subparsers(metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="all prompts: name, version, hash, what it asks")
    listed.set_defaults(run=run_prompts_list)
    shown = verbs.add_parser("show", help="one prompt as its file has it")
    shown.set_defaults(run=run_prompts_show)
    shown.add_argument("name", metavar="NAME")
    for verb in (listed, shown):
        verb.add_argument("--prompts", type=Path, metavar="DIR", help="templates that replace those of the same name")


def _add_schema(commands: Commands[argparse.ArgumentParser]) -> None:
    schema = commands.add_parser(
        "schema",
        help="print a JSON Schema",
        description="Print the JSON Schema of a briefing, or of what a model fills in.",
    )
    schema.set_defaults(run=run_schema)
    names = ("Briefing", "Article", *ANSWERS)
    schema.add_argument("name", nargs="?", default="Briefing", choices=names, metavar="NAME", help=", ".join(names))


ANSWERS = ("ArticleNotes", "SameActors", "Groups", "Disputes", "Summary")


def _add_cassettes(commands: Commands[argparse.ArgumentParser]) -> None:
    cassettes = commands.add_parser("cassettes", help="check recordings", description="Check recordings.")
    verbs = cassettes.add_subparsers(metavar="VERB", required=True)
    check = verbs.add_parser(
        "check",
        help="name what is stale, unused or missing",
        description="Hold recordings against today's prompts, schemas and articles. Asks nobody. "
        "Exit code 1 if something is stale or missing.",
    )
    check.set_defaults(run=run_cassettes_check)
    check.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    check.add_argument("--prompts", type=Path, metavar="DIR", help="templates that replace those of the same name")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as YYYY-MM-DD") from None


# ------------------------------------------------------------------------------ commands


def run_brief(args: argparse.Namespace) -> int:
    """`summarizer brief`."""
    gc.disable()  # importing makes a million objects that stay: looking through them took a sixth of a replay's time
    from summarizer.briefing import brief
    from summarizer.ingest import load

    gc.freeze()
    gc.enable()

    settings = _settings(args)
    _check_output(args.output, args.format)
    intake = load(*args.paths)
    with Screen(quiet=args.quiet) as screen:
        briefing = brief(intake, day=args.date, settings=settings, listener=screen.show)
        screen.close(briefing)
    _write(_rendered(briefing, args.format or _format_of(args.output)), args.output)
    for problem in briefing.problems:
        about = f"{problem.article}: " if problem.article else ""
        print(f"summarizer: {_visible(f'{about}{problem.cost}: {problem.reason}')}", file=sys.stderr)
    return PARTIAL if briefing.problems else ALL


def _settings(args: argparse.Namespace) -> Settings:
    """Options that were given, over the environment, over the defaults."""
    from pydantic import ValidationError

    from summarizer.errors import InvalidSettings
    from summarizer.settings import Settings

    names = ("model", "base_url", "concurrency", "timeout", "language", "prompts", "record", "replay")
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise InvalidSettings(wrong) from None


UNSHOWN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What JSON lets stand though a terminal obeys it: C1 controls and bidi overrides, escaped in what is printed."""

FORMATS = {".md": "md", ".json": "json", ".txt": "text"}


def _format_of(output: Path | None) -> str:
    return FORMATS.get(output.suffix.lower() if output else "", "md")


def _rendered(briefing: Briefing, form: str) -> str:
    if form == "json":
        text = briefing.model_dump_json(indent=2) + "\n"
        return UNSHOWN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    from summarizer.render import render_markdown, render_text

    return render_markdown(briefing) if form == "md" else render_text(briefing)


def _check_output(output: Path | None, form: str | None) -> None:
    """Say before a run what would keep its briefing from being written after it."""
    from summarizer.errors import InputError

    if output is None:
        return
    if output.is_dir() or output.name == "":
        raise InputError(f"-o {str(output)!r} is a folder; name a file in it")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"-o {output} can't be written: {error.strerror}") from error
    if not os.access(output if output.exists() else output.parent, os.W_OK):
        raise InputError(f"-o {output} can't be written: no permission")
    if form is None and output.suffix and output.suffix.lower() not in FORMATS:
        raise InputError(f"-o {output}: no format ends in {output.suffix}; use {', '.join(FORMATS)}, or give --format")


def _write(text: str, output: Path | None) -> None:
    """To the file, whole or not at all; else to stdout."""
    if output is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        sys.stdout.write(text)
        return
    from summarizer.errors import InputError
    from summarizer.files import write_atomically

    try:
        if output.exists() and not output.is_file():  # a device or a pipe is written to, not replaced
            output.write_text(text, encoding="utf-8")
        else:
            write_atomically(output.resolve(), text)
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
    from summarizer.llm import schema_sha256
    from summarizer.prompts import PromptBook

    prompts = {prompt.name: prompt.sha256 for prompt in PromptBook(args.prompts)}
    schemas = {name: schema_sha256(getattr(answers, name)) for name in ANSWERS}
    code = ALL
    for folder in args.folders:
        if not folder.is_dir():
            raise InvalidSettings(f"{folder} is not a folder of recordings")
        manifest = load_manifest(folder)
        articles = manifest.articles if manifest else ()
        if manifest:
            try:
                articles = tuple(map(RecordedArticle.of, load(*manifest.paths).articles))
            except NoArticles as error:
                print(f"{folder}: its articles aren't where they were recorded from: {_visible(str(error))}")
                code = NONE
        findings = check_cassette(folder, prompts=prompts, schemas=schemas, articles=articles)
        for finding in findings:
            print(_visible(f"{folder / finding.name}: {finding.kind}: {finding.reason}"))
        serious = [finding for finding in findings if finding.kind != "unused"]
        print(f"{folder}: {len(recording_files(folder))} recordings, {len(serious)} stale or missing")
        if unused := [finding.name for finding in findings if finding.kind == "unused"]:
            remove = shlex.join(["rm", *(str(folder / name) for name in unused)])
            print(f"{folder}: {len(unused)} unused; to delete them: {remove}")
        if serious:
            print(f"{folder}: to record just that: {record_command(folder, manifest)}")
            code = NONE
        if not manifest:
            print(f"{folder}: no whole run was recorded here; to record one: {record_command(folder, manifest)}")
            code = NONE
    return code


# ------------------------------------------------------------------------------ progress


class Screen:
    """Progress on stderr: a live line on a terminal, a line a step in a log."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.live = not quiet and sys.stderr.isatty()

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, progress: Progress) -> None:
        """Say how far the run is and what it took."""
        if self.quiet:
            return
        detail = f"  {_visible(progress.detail)}" if progress.detail else ""
        line = f"{progress.stage} {progress.done}/{progress.total}{detail}  ({_took(progress.usage)})"
        if self.live:
            columns = shutil.get_terminal_size().columns
            print(f"\r\x1b[K{line[: columns - 1]}", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def close(self, briefing: Briefing) -> None:
        """Say what the whole run came to."""
        if self.quiet:
            return
        if self.live:
            print("\r\x1b[K", end="", file=sys.stderr)
        made = f"{len(briefing.sources)} articles, {len(briefing.items)} items, {len(briefing.disputes)} disputes"
        print(f"{made}  ({_took(briefing.provenance.usage)})", file=sys.stderr, flush=True)


def _took(usage: Usage) -> str:
    """Requests, tokens and money on one line."""
    if not usage.requests:
        return "nothing asked yet"
    cost = "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    return f"{usage.requests} requests, {usage.input_tokens + usage.output_tokens:,} tokens, {cost}"
