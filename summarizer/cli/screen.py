"""What a person sees while a run goes on, and at its end."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.account import Account
    from summarizer.desk import Progress
    from summarizer.models import Briefing, Problem
    from summarizer.plan import Plan, Step


def visible(text: str) -> str:
    """Several lines, without anything that steers a terminal."""
    from summarizer.text import flatten

    return "\n".join(" " * (len(line) - len(line.lstrip(" "))) + flatten(line) for line in text.split("\n"))


def complain(problems: Iterable[Problem]) -> None:
    """Say what went wrong, what met the same together."""
    from summarizer.models import by_reason

    for (cost, reason), articles in by_reason(problems).items():
        about = f"{', '.join(articles)}: " if articles else ""
        print(f"summarizer: {visible(f'{about}{cost}: {reason}')}", file=sys.stderr)


class Screen:
    """Progress on stderr: a live line on a terminal, a line a step in a log."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.live = not quiet and sys.stderr.isatty()
        self._account: Account | None = None
        self._notes: list[str] = []
        """What a briefing's entry means for other days."""

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._clear()
        if kind is not None and self._account is not None and not self.quiet:
            print(f"so far: {self._account.summary()}", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self.live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, progress: Progress) -> None:
        """Say how far the run is and what it took."""
        self._account = progress.account
        if self.quiet:
            return
        if progress.stage == "archive":
            self._notes.append(progress.detail)
            return
        detail = f"  {visible(progress.detail)}" if progress.detail else ""
        self._print(f"{progress.stage} {progress.done}/{progress.total}{detail}  ({_so_far(progress.account)})")

    def taken_in(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Say how many articles or pages are there."""
        if not self.quiet:
            self._print(f"{stage} {done:,}{f'/{total:,}' if total else ''}  {visible(what)}")

    def _print(self, line: str) -> None:
        if self.live:
            columns = shutil.get_terminal_size().columns
            print(f"\r\x1b[K{line[: columns - 1]}", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def close(self, briefing: Briefing) -> None:
        """Say what the whole run came to; another may follow."""
        account, notes = self._account, self._notes
        self._account, self._notes = None, []
        if self.quiet:
            return
        self._clear()
        counts = {"article": briefing.sources, "item": briefing.items, "dispute": briefing.disputes}
        made = ", ".join(f"{len(things)} {name}{'s' if len(things) != 1 else ''}" for name, things in counts.items())
        summary = f"\n{account.summary()}" if account else ""
        print(f"{made}{summary}", file=sys.stderr, flush=True)
        for note in notes:
            print(f"archive: {visible(note)}", file=sys.stderr, flush=True)


def _so_far(account: Account) -> str:
    """What a run did, briefly."""
    from summarizer.account import took

    told = [f"{account.kept} from the journal"] if account.kept else []
    if account.spent.requests:
        told.append(f"{account.spent.requests} answered, {took(account.spent)}")
    elif account.sent:
        told.append(f"{account.sent} sent, none answered yet")
    return ", ".join(told) or "nothing asked yet"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A head and rows under each other: the first column to the left, columns of figures to the right."""
    columns = list(zip(*rows, strict=True))
    fits = [
        str.rjust if i and all(cell[:1].isdigit() or cell[:1] == "$" for cell in column[1:]) else str.ljust
        for i, column in enumerate(columns)
    ]
    widths = [max(map(len, column)) for column in columns]
    lines = ([fit(cell, width) for fit, cell, width in zip(fits, row, widths, strict=True)] for row in rows)
    return "\n".join("  ".join(line).rstrip() for line in lines)


def describe_plan(plan: Plan) -> str:
    """What a run would ask, as tables."""
    heads = ["article", "sentences", "parts", "kept", "input tokens", "output tokens"]
    articles = [
        [
            visible(article.name),
            f"{article.sentences:,}",
            f"{article.parts:,}",
            f"{article.kept:,}",
            f"{article.input_tokens:,}",
            f"{article.output_tokens:,}",
        ]
        for article in plan.articles
    ]
    steps = [
        [step.name, f"{step.calls:,}", f"{step.input_tokens:,}", f"{step.output_tokens:,}", _price(step)]
        for step in (*plan.steps, plan.total)
    ]
    return (
        f"{plan.model}, {len(plan.articles)} article{'s' * (len(plan.articles) != 1)}; nothing was asked\n\n"
        f"{table([heads, *articles])}\n\n"
        f"{table([['questions', 'calls', 'input tokens', 'output tokens', 'cost'], *steps])}\n\n"
        "Estimated: prompts by their text, answers by what the shipped recordings came to; at list prices, without\n"
        "re-asks. What is kept in the journal isn't asked again; merging may be there as well. Of copies only\n"
        "what they add is read. How many stories there are only a model can tell: one is counted here; each more\n"
        "takes up to seven calls, and articles of small ones aren't read."
    )


def _price(step: Step) -> str:
    return "unknown" if step.cost is None else f"${step.cost:.4f}"
