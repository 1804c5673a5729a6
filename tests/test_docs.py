"""The README shows what the program really prints.

python -m tests.test_docs     # writes the outputs into the README
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.answers import shares
from benchmarks.truth import table
from summarizer import Archive, Settings, brief
from summarizer.cli import build_parser, main
from tests.conftest import DAYS, EVERY, MANY, ROOT, replayed, truth

README = ROOT / "README.md"
TERMINAL = ROOT / "docs/terminal.md"


def help_text() -> str:
    """`summarizer brief --help` at 100 columns."""
    os.environ["COLUMNS"] = "100"
    commands = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return str(commands.choices["brief"].format_help())


def beginning(day: str, lines: int) -> str:
    """The first lines of an example's briefing."""
    page = (ROOT / f"examples/{day}.briefing.md").read_text(encoding="utf-8")
    return "\n".join(page.splitlines()[:lines]) + "\n"


def python_output() -> str:
    """What the README's Python prints."""
    code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    assert code
    out = io.StringIO()
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(out):
            exec(code[1], {})
    finally:
        os.chdir(here)
    return out.getvalue()


def plan() -> str:
    """What --dry-run says of the shipped example."""
    os.environ.pop("COLUMNS", None)
    out = io.StringIO()
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(out):
            assert main(["brief", f"examples/{DAYS[0]}", "--dry-run", "--no-journal"]) == 0
    finally:
        os.chdir(here)
    return out.getvalue()


@cache
def days() -> str:
    """Where `make days` would have put its archive."""
    place = str(Path(tempfile.mkdtemp()) / "archive.sqlite3")
    for day in DAYS:
        brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day, archive=place))
    return place


def asked(*words: str, lines: int, form: str = "md") -> str:
    """The first lines of an answer about the example's two days."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([*words, "--archive", days(), "--format", form]) == 0
    return fenced({"md": "markdown"}.get(form, form), "\n".join(out.getvalue().splitlines()[:lines]) + "\n")


def scores() -> str:
    """The table of scores."""
    return table({day: truth(day).score(replayed(day)) for day in EVERY}) + "\n"


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}```\n"


OUTPUTS: dict[str, Callable[[], str]] = {
    "make brief": lambda: fenced("markdown", beginning(DAYS[0], 24)),
    f"make brief DAY={MANY}": lambda: fenced("markdown", beginning(MANY, 16)),
    "summarizer brief --help": lambda: fenced("text", help_text()),
    f"summarizer brief examples/{DAYS[0]} --dry-run --no-journal": lambda: fenced("text", plan()),
    "make days": lambda: asked("diff", *DAYS, lines=16),
    "summarizer ledger --party Morvane --issue flow": lambda: asked(
        "ledger", "--party", "Morvane", "--issue", "flow", lines=16
    ),
    "python": lambda: fenced("text", python_output()),
    "python -m benchmarks.truth": scores,
}


ON_A_TERMINAL: dict[str, Callable[[], str]] = {
    f"summarizer diff {' '.join(DAYS)} --width {width}": lambda width=width, lines=lines: asked(  # type: ignore[misc]
        "diff", *DAYS, "--width", str(width), lines=lines, form="text"
    )
    for width, lines in ((72, 20), (40, 13))
}


def block(name: str) -> re.Pattern[str]:
    """An output in the README: from its comment to the end of the block or table after it."""
    return re.compile(
        rf"(<!-- output: {re.escape(name)} -->\n\n?)(```.*?\n```\n|(?:\|.*\n)*)", re.S if "truth" not in name else 0
    )


@pytest.mark.parametrize("name", [*OUTPUTS, *ON_A_TERMINAL])
def test_outputs_are_real(name: str) -> None:
    """Each output shown in the README, and on the page about terminals, is what the program prints."""
    if "--help" in name and sys.version_info >= (3, 13):
        pytest.skip("argparse words option strings otherwise from 3.13 on; the README has 3.11's wording")
    page, outputs = (TERMINAL, ON_A_TERMINAL) if name in ON_A_TERMINAL else (README, OUTPUTS)
    shown = block(name).search(page.read_text(encoding="utf-8"))
    assert shown
    assert shown[2] == outputs[name]()


def test_answer_sizes_are_real() -> None:
    """The README's figure for the size of answers is the recordings', and at least a quarter is saved."""
    saved = [share for share, _ in shares().values()]
    assert min(saved) >= 0.25
    ends = dict.fromkeys(f"{share:.0%}" for share in (min(saved), max(saved)))
    assert f"| {' to '.join(ends)} smaller |" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", [README, *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "cassettes/README.md"]
)
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link in the docs leads to a file."""
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_named_commands_exist() -> None:
    """Every make target and module that the docs name is there."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in (README, ROOT / "CONTRIBUTING.md", ROOT / "docs/design.md"))
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^    make (\w+)", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for module in re.findall(r"python -m (benchmarks\.\w+)", text):
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists(), module


def test_the_archive_s_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's code asks and mends an archive of the example's two days, and names every public method."""
    page = (ROOT / "docs/archive.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.S)
    assert code
    shutil.copy(days(), tmp_path / "archive.sqlite3")
    monkeypatch.chdir(tmp_path)
    known: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code[1], known)
    assert "D1 guaranteed flow at Kell Ford open, demand" in out.getvalue()
    assert (known["count"], known["frame"].shape[0] > 1) == (2, True)
    assert known["hits"].mentions
    public = {name for name, method in vars(Archive).items() if callable(method) and name[0] != "_"} - {"close"}
    assert {name for name in public if f".{name}(" not in code[1]} == set()


def write() -> None:
    """Put the real outputs into the README and the page about terminals."""
    text = README.read_text(encoding="utf-8")
    saved = [share for share, _ in shares().values()]
    text = re.sub(r"\d+% (?:to|and) \d+% smaller", f"{min(saved):.0%} to {max(saved):.0%} smaller", text)
    README.write_text(filled(text, OUTPUTS), encoding="utf-8")
    TERMINAL.write_text(filled(TERMINAL.read_text(encoding="utf-8"), ON_A_TERMINAL), encoding="utf-8")


def filled(text: str, outputs: dict[str, Callable[[], str]]) -> str:
    """A page with its outputs as they are now."""
    for name, output in outputs.items():
        made = output()
        text = block(name).sub(lambda match, made=made: match[1] + made, text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    write()


@pytest.mark.parametrize(("page", "least"), [("reliability", 40), ("reading", 25), ("batch", 15)])
def test_every_row_of_a_table_has_its_test(page: str, least: int) -> None:
    """Each row names at least one test, and each test that is named exists."""
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)::(test_\w+)`", text))
    for module, test in named:
        assert f"def {test}(" in (ROOT / f"tests/{module}.py").read_text(encoding="utf-8"), f"{module}::{test}"
    tables = re.split("## (?:Speed and memory|Measured)", text)[0]
    rows = [line for line in tables.splitlines() if line.startswith("| ") and not line.endswith("| test |")]
    assert len(rows) >= least
    assert [row for row in rows if "test_" not in row] == []
