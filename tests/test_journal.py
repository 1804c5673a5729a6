"""The journal: what is kept, found, waited for and deleted."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer import Progress, brief
from summarizer.account import Account
from summarizer.cli import main
from summarizer.errors import JournalError
from summarizer.journal import FILE, Journal, Kept, opened
from summarizer.models import Usage
from summarizer.testing import Asked, Reply, ScriptedModel
from tests.newsroom import answer, make_article, storm_settings

Scripted = Callable[..., ScriptedModel]
TOOK = Usage(requests=1, input_tokens=100, output_tokens=10, cost_usd=Decimal("0.01"))


def kept(answer: str | None = "{}", **changes: Any) -> Kept:
    given: dict[str, Any] = {
        "prompt": "extract",
        "article": "a.txt",
        "model": "openai/m",
        "answered_by": "m",
        "usage": TOOK,
    }
    return Kept(**given | changes, answer=answer)


def account_of(articles: int, model: ScriptedModel, workspace: Path, **changes: Any) -> Account:
    seen: list[Progress] = []
    settings = storm_settings(model, workspace=workspace, **changes)
    brief([make_article(number) for number in range(articles)], settings=settings, listener=seen.append)
    return seen[-1].account


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"model": "openai/other"}, id="model"),
        pytest.param({"language": "de"}, id="language, which the prompt has"),
    ],
)
def test_what_determines_an_answer_is_in_its_key(scripted: Scripted, tmp_path: Path, changes: dict[str, str]) -> None:
    """Another model or another prompt is asked anew."""
    model = scripted(answer)
    first = account_of(2, model, tmp_path)
    other = account_of(2, model, tmp_path).sent
    assert other == 0
    settings = storm_settings(model, workspace=tmp_path).model_copy(update=changes)
    brief([make_article(number) for number in range(2)], settings=settings)
    asked = [asked.answer for asked in model.asked]
    assert (asked.count("ArticleNotes"), asked.count("Summary")) == (4, 2)
    assert len(asked) > first.sent


def test_another_endpoint_is_another_model(scripted: Scripted, tmp_path: Path) -> None:
    """What a test's scripted server answered is never taken for what a real one would."""
    account_of(2, scripted(answer), tmp_path)
    assert account_of(2, scripted(answer), tmp_path).kept == 0


def test_answers_are_held_to_todays_rules(scripted: Scripted, tmp_path: Path) -> None:
    """A kept answer that no longer passes is asked for anew."""
    model = scripted(answer)
    first = account_of(1, model, tmp_path)
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("UPDATE answers SET answer = '{\"language\": 7}' WHERE prompt = 'extract'")
    base.close()
    again = account_of(1, model, tmp_path)
    assert (again.sent, again.kept) == (1, first.sent - 1)


def spoil(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)


def make_newer(path: Path) -> None:
    with opened(path.parent):
        pass
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version=99")
    base.close()


@pytest.mark.parametrize(("prepare", "reason"), [(spoil, "not a database"), (make_newer, "format 99")])
def test_unusable_journals_say_so(tmp_path: Path, prepare: Callable[[Path], None], reason: str) -> None:
    """A broken journal, or a later program's, is an error that says what to do; it isn't touched."""
    prepare(tmp_path / FILE)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(JournalError, match=f"{reason}.*move it away, or give another --workspace"):
        Journal(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_workspace_that_is_a_file(tmp_path: Path) -> None:
    """A workspace that can't be a folder is an error that names it."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(JournalError, match="can't hold a journal"):
        Journal(tmp_path / "file")


def test_a_journal_that_fails_in_mid_run(scripted: Scripted, tmp_path: Path) -> None:
    """If answers can't be kept any more, the run goes on, and says how many it could not keep."""
    base = sqlite3.connect(tmp_path / FILE)

    def reply(asked: Asked) -> Reply:
        if asked.number == 0:
            with sqlite3.connect(tmp_path / FILE) as other:
                other.execute("DROP TABLE answers")
                other.execute(
                    "CREATE TABLE answers (key, prompt, article, model, answered_by, answer, usage, parts, used)"
                )
            other.close()
        return answer(asked)

    with opened(tmp_path):
        pass
    account = account_of(2, scripted(reply), tmp_path)
    base.close()
    assert account.unsaved == account.sent
    assert "could not be kept in the journal" in account.summary()


def test_stats_and_prune(scripted: Scripted, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`journal stats` says what is kept, by prompt and model; `prune` deletes what was not used for so long."""
    where = ["--workspace", str(tmp_path)]
    assert main(["journal", "stats", *where]) == 0
    assert "no journal there yet" in capsys.readouterr().out
    account = account_of(3, scripted(answer), tmp_path)
    assert main(["journal", "stats", *where]) == 0
    out = capsys.readouterr().out
    assert f"{account.sent} answers" in out
    assert re.search(r"^extract +openai/gpt-5.4-mini +3 +330 tokens, cost unknown +\d{4}-\d\d-\d\d", out, re.M)
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("UPDATE answers SET used = used - 10 * 86400 WHERE prompt = 'extract'")
    base.close()
    assert main(["journal", "prune", "--older-than", "7", *where]) == 0
    assert "3 answers deleted" in capsys.readouterr().out
    assert main(["journal", "prune", "--all", *where]) == 0
    assert f"{account.sent - 3} answers deleted" in capsys.readouterr().out


def test_the_command_line_keeps_a_journal_of_its_own(
    scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --workspace answers go to the user's data folder; --no-journal keeps and uses none."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    article = tmp_path / "a.txt"
    article.write_text(make_article(1).text)
    model = scripted(answer)
    command = ["brief", str(article), "--base-url", model.base_url, "--no-archive"]
    assert main([*command, "--no-journal"]) == 0
    assert not (tmp_path / "data").exists()
    assert main(command) == 0
    assert (tmp_path / "data/summarizer" / FILE).is_file()
    asked = len(model.asked)
    capsys.readouterr()
    assert main(command) == 0
    assert len(model.asked) == asked
    assert f"{asked // 2} answers from the journal" in capsys.readouterr().err
    (tmp_path / "data").rename(tmp_path / "gone")
    (tmp_path / "data").write_text("not a folder")
    assert main(command) == 0
    assert "no journal can be kept" in capsys.readouterr().err


def test_a_slash_at_the_end_is_no_other_endpoint(scripted: Scripted, tmp_path: Path) -> None:
    """The same URL written with a slash at its end finds the same answers."""
    model = scripted(answer)
    settings = storm_settings(model, workspace=tmp_path)
    brief(make_article(0), settings=settings)
    asked = len(model.asked)
    brief(make_article(0), settings=settings.model_copy(update={"base_url": f"{settings.base_url}/"}))
    assert len(model.asked) == asked


@pytest.mark.parametrize("days", ["-3", "0", "nan", "inf", "soon"])
def test_prune_wants_a_number_of_days(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no number of days above 0 deletes nothing."""
    with pytest.raises(SystemExit) as caught:
        main(["journal", "prune", f"--older-than={days}"])
    assert caught.value.code == 2
    assert "is not a number of days" in capsys.readouterr().err
