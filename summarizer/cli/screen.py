"""What a person sees while a run goes on, and at its end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from summarizer.cli.look import is_colored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from summarizer.account import Account
    from summarizer.cli.bars import Bars
    from summarizer.cli.look import Look
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
    """Progress on stderr: bars on a terminal, a line a step in a log."""

    def __init__(self, *, quiet: bool, color: str = "auto") -> None:
        self.quiet = quiet
        self._color = color
        self._drawn = not quiet and sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
        self._bars: Bars | None = None
        self._account: Account | None = None
        self._notes: list[str] = []
        """What a briefing's entry means for other days."""

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.clear()
        if kind is not None and self._account is not None and not self.quiet:
            print(f"so far: {self._account.summary()}", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the bars off the screen, for other things to be printed; what is shown next begins new ones."""
        if self._bars:
            self._bars.stop()
            self._bars = None

    def show(self, progress: Progress) -> None:
        """Say how far the run is and what it took."""
        account = self._account = progress.account
        if self.quiet:
            return
        if progress.stage == "archive":
            self._notes.append(progress.detail)
            return
        detail = visible(progress.detail)
        if self._drawn:
            self._step(progress.stage, progress.done, progress.total, detail, account.kept)
        else:
            told = f"  {detail}" if detail else ""
            self._print(f"{progress.stage} {progress.done}/{progress.total}{told}  ({_so_far(account)})")

    def taken_in(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Say how many articles or pages are there, or which day is begun."""
        if self.quiet:
            return
        if not self._drawn:
            self._print(f"{stage} {done:,}{f'/{total:,}' if total else ''}  {visible(what)}")
        elif stage == "day":
            self._drawing().begin(f"day {done:,}/{total:,}  {visible(what)}")
        else:
            self._step(stage, done, total, visible(what))

    def _step(self, stage: str, done: int, total: int | None, detail: str, kept: int = 0) -> None:
        from summarizer.cli.bars import Stage

        self._drawing().show(Stage(stage, done, total), detail, kept)

    def _drawing(self) -> Bars:
        """The bars, drawn from when they are first needed."""
        if self._bars is None:
            from summarizer.cli.bars import Bars

            self._bars = Bars(color=is_colored(sys.stderr, self._color), account=self._told)
        return self._bars

    def _told(self) -> str:
        return _so_far(self._account) if self._account else ""

    def _print(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    def close(self, briefing: Briefing) -> None:
        """Say what the whole run came to; another may follow."""
        account, notes = self._account, self._notes
        self._account, self._notes = None, []
        if self.quiet:
            return
        self.clear()
        counts = {"article": briefing.read, "item": briefing.items, "dispute": briefing.disputes}
        made = ", ".join(f"{len(things)} {name}{'s' if len(things) != 1 else ''}" for name, things in counts.items())
        self._print(f"{made}\n{account.summary()}" if account else made)
        for note in notes:
            self._print(f"archive: {visible(note)}")


def _so_far(account: Account) -> str:
    """What a run did, briefly."""
    from summarizer.account import took

    told = [f"{account.kept} from the journal"] if account.kept else []
    if account.spent.requests:
        told.append(f"{account.spent.requests} answered, {took(account.spent)}")
    elif account.sent:
        told.append(f"{account.sent} sent, none answered yet")
    return ", ".join(told) or "nothing asked yet"


def describe_plan(plan: Plan, look: Look) -> str:
    """What a run would ask, as tables."""
    from summarizer.render.text import TextPen

    pen = TextPen(**look)
    articles = f"{len(plan.articles)} article{'s' * (len(plan.articles) != 1)}"
    pen.paragraph(f"{pen.say(plan.model)}, {articles}; nothing was asked")
    pen.table(
        ["article", "sentences", "parts", "kept", "input tokens", "output tokens"],
        [
            [
                pen.say(article.name),
                f"{article.sentences:,}",
                f"{article.parts:,}",
                f"{article.kept:,}",
                f"{article.input_tokens:,}",
                f"{article.output_tokens:,}",
            ]
            for article in plan.articles
        ],
    )
    pen.table(
        ["questions", "calls", "input tokens", "output tokens", "cost"],
        [
            [step.name, f"{step.calls:,}", f"{step.input_tokens:,}", f"{step.output_tokens:,}", _price(step)]
            for step in (*plan.steps, plan.total)
        ],
    )
    pen.paragraph(ESTIMATED.format(prices="the list prices of batches" if plan.batch else "list prices"))
    return pen.page()


ESTIMATED = (
    "Estimated: prompts by their text, answers by what the shipped recordings came to; at {prices}, without "
    "re-asks. What is kept in the journal isn't asked again; merging may be there as well. Of copies only "
    "what they add is read. How many stories there are only a model can tell: one is counted here; each more "
    "takes up to seven calls, and articles of small ones aren't read."
)


def _price(step: Step) -> str:
    return "unknown" if step.cost is None else f"${step.cost:.4f}"
