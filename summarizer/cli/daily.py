"""`summarizer daily` and `summarizer deliver`: a desk's day from its file, said in a line a day."""

from __future__ import annotations

import argparse
import re
import shlex
import sys

from summarizer.cli import commands
from summarizer.cli.commands import ALL, NONE, PARTIAL, USAGE
from summarizer.cli.look import look_of
from summarizer.cli.screen import Screen, complain, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from summarizer.daily import DayRun
    from summarizer.planfile import DailyPlan

BUSY = 4
"""Exit code: another start is at it."""
NAMED = 3
"""Receivers that are named of those that a briefing was sent to."""

NO_MODEL = """\
no way to ask {model}. Two ways on:
  1. a key:           export OPENAI_API_KEY=…   (or the key of the provider in `model`)
  2. a local server:  model = "openai/llama3.1" and base_url = "http://localhost:11434/v1" in {config}   (Ollama)"""
"""What to do without a key; `brief` has options for what a desk has keys of its file for."""


def run_daily(args: argparse.Namespace) -> int:
    """`summarizer daily`."""
    if args.init:
        return _init(args.config)
    from summarizer.errors import AlreadyRunning, ArchiveError, JournalError, NoArticles, NoModel
    from summarizer.planfile import load_plan

    plan = _with_folders(load_plan(args.config))
    try:
        return _dry_run(plan, args) if args.dry_run else _run(plan, args)
    except NoModel as error:
        print(f"summarizer: {visible(NO_MODEL.format(model=error.model, config=args.config))}", file=sys.stderr)
        return NONE
    except (ArchiveError, JournalError) as error:
        print(f"summarizer: {visible(_as_keys(str(error), args.config))}", file=sys.stderr)
        return USAGE
    except AlreadyRunning as error:
        print(f"summarizer: {visible(str(error))}", file=sys.stderr)
        return BUSY
    except NoArticles as error:  # no mistake in the command: a feed that is down, a share that isn't mounted
        print(f"summarizer: {visible(str(error))}", file=sys.stderr)
        return NONE


def _as_keys(said: str, config: Path) -> str:
    """What is said to somebody who gives options, for somebody who writes a file: --archive is its key `archive`."""
    return re.sub(r"--(archive|journal|workspace|topic)\b", lambda option: f"`{option[1]}` in {config}", said)


def _run(plan: DailyPlan, args: argparse.Namespace) -> int:
    from datetime import date

    from summarizer.daily import run_daily
    from summarizer.errors import BatchesUnderWay, SummarizerError

    asked = args.date or date.today()
    begun: list[str] = []

    with commands.logged(args.verbose), Screen(quiet=args.quiet or args.verbose, color=args.color) as screen:

        def told(stage: str, done: int, total: int | None, what: str) -> None:
            if stage == "day":
                begun.append(what.partition(",")[0])
            screen.taken_in(stage, done, total, what)

        def done(run: DayRun) -> None:
            screen.clear()
            if run.briefing:
                screen.close(run.briefing)
            if not args.quiet:
                print(visible(_line(run)), file=_beside(plan), flush=True)
            complain(run.problems)

        try:
            run = run_daily(
                plan,
                day=asked,
                again=args.again,
                catch_up=args.catch_up,
                listener=screen.show,
                told=told,
                done=done,
            )
        except BatchesUnderWay:
            if begun and not args.quiet:
                print(f"{begun[-1]}: not made yet, its batches are under way", file=_beside(plan), flush=True)
            raise
        except SummarizerError:
            if begun and begun[-1] != asked.isoformat():
                then = "later days, which compare with it, were not begun; the next start goes on there"
                print(f"summarizer: {begun[-1]} failed; {then}, --catch-up 0 leaves it out", file=sys.stderr)
            raise
    if run.missed and not args.quiet:
        first, last = run.missed
        print(f"{first} to {last}: not made, as too long ago; --catch-up N makes up for more days", file=_beside(plan))
    if asked not in {day.day for day in run.days}:
        return NONE
    return PARTIAL if any(day.problems for day in run.days) else ALL


def _line(run: DayRun) -> str:
    """What became of a day."""
    if run.state == "made" and run.briefing:
        counts = {
            "article": len(run.briefing.read),
            "item": len(run.briefing.items),
            "change": len(run.briefing.changes),
        }
        told = ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in counts.items())
    elif run.state == "archived":
        told = "in the archive already, nothing was asked; --again makes it anew"
    else:
        used = f" ({run.used} of these two days were used)" if run.used else ""
        told = f"nothing new among {run.held} article{'s' * (run.held != 1)}{used}, no briefing was made"
    return f"{run.day}: {told}{_delivered(run)}"


def _delivered(run: DayRun) -> str:
    """Where a briefing was written and sent."""
    written = f"; wrote {', '.join(map(str, run.written))}" if run.written else ""
    more = f" and {len(run.sent) - NAMED} more" if len(run.sent) > NAMED else ""
    sent = f"; sent {', '.join(run.sent[:NAMED])}{more}" if run.sent else ""
    return f"{written}{sent}"


def _beside(plan: DailyPlan) -> TextIO:
    """Where it is said what became of a day: not among a briefing that goes to stdout."""
    return sys.stderr if any(delivery.to == "stdout" for delivery in plan.deliveries) else sys.stdout


def run_deliver(args: argparse.Namespace) -> int:
    """`summarizer deliver [DATE]`."""
    from summarizer.daily import deliver
    from summarizer.errors import AlreadyRunning
    from summarizer.planfile import load_plan

    plan = _with_folders(load_plan(args.config))
    try:
        run = deliver(plan, args.day, to=args.to, again=args.again)
    except AlreadyRunning as error:
        print(f"summarizer: {visible(str(error))}", file=sys.stderr)
        return BUSY
    if not args.quiet:
        told = _delivered(run).removeprefix("; ")
        nothing = "" if run.problems else "nothing to write, and everybody was sent it before; --again sends it again"
        if told or nothing:
            print(visible(f"{run.day}: {told or nothing}"), file=_beside(plan), flush=True)
    complain(run.problems)
    return PARTIAL if run.problems else ALL


def _dry_run(plan: DailyPlan, args: argparse.Namespace) -> int:
    """`summarizer daily --dry-run`: which days would be made, and what would be asked for them."""
    from datetime import date

    from summarizer.daily import plan_daily

    code = ALL
    with commands.logged(args.verbose), Screen(quiet=args.quiet or args.verbose, color=args.color) as screen:
        planned = plan_daily(plan, day=args.date, again=args.again, catch_up=args.catch_up, told=screen.taken_in)
    if not planned:
        print(f"{args.date or date.today()}: in the archive already, nothing would be asked")
    for day, intake in planned:
        articles = len(intake.articles)
        print(f"{day}: {articles} new article{'s' * (articles != 1)}{'' if articles else ', nothing would be asked'}")
        if articles:
            code = max(code, commands.dry_run(intake, day, plan.settings, look_of(args)))
        elif intake.problems:
            complain(intake.problems)
            code = PARTIAL
    return code


def _with_folders(plan: DailyPlan) -> DailyPlan:
    """The plan with the user's own folders where it names none."""
    from dataclasses import replace

    from summarizer.errors import InvalidSettings
    from summarizer.planfile import with_archive

    workspace = plan.settings.workspace or commands.own_workspace("name a workspace in the desk's file")
    if workspace is None:
        raise InvalidSettings("workspace: a desk needs one; name a folder in its file, or in SUMMARIZER_WORKSPACE")
    return replace(plan, settings=with_archive(plan.settings.model_copy(update={"workspace": workspace})))


def _init(path: Path) -> int:
    """`summarizer daily --init`."""
    from summarizer.errors import InvalidPlan
    from summarizer.planfile import FILE, STARTER

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER)
    except FileExistsError:
        raise InvalidPlan(path, ("", "is there already", "edit it, or give another --config")) from None
    except OSError as error:
        raise InvalidPlan(path, ("", f"can't be written: {error.strerror}", "give another --config")) from error
    config = "" if str(path) == FILE else f" --config {shlex.quote(str(path))}"
    print(f"{path}: written; say in it what to read, then: summarizer daily{config} --dry-run")
    return ALL
