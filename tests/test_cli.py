"""The command line, run as a person runs it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from summarizer import Briefing
from summarizer.cli import main
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests.conftest import DAYS, EVERY, HARBOUR, MANY, ROOT, answer_all, replayed
from tests.newsroom import chatter
from tests.processes import PATIENCE, Command, wait_for

Scripted = Callable[..., ScriptedModel]
Capture = pytest.CaptureFixture[str]


def run(*args: str | Path) -> int:
    """Run a command; argparse's own exits become codes too."""
    try:
        return main([str(arg) for arg in args])
    except SystemExit as exit:
        return int(exit.code or 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles."""
    place = tmp_path / "day"
    place.mkdir()
    (place / "a.txt").write_text(HARBOUR)
    (place / "b.txt").write_text(HARBOUR + " Then it rained.")
    return place


def test_brief_prints_markdown(day: str, capsys: Capture) -> None:
    """The briefing goes to stdout as Markdown, progress to stderr, and the exit code is 0."""
    assert run("brief", ROOT / "examples" / day, "--replay", ROOT / "cassettes" / day) == 0
    out, err = capsys.readouterr()
    assert out == (ROOT / f"examples/{day}.briefing.md").read_text(encoding="utf-8")
    assert re.search(r"^reading \d+/\d+  \d\d-[\w-]+\.txt  \(\d+ answered, [\d,]+ tokens, cost unknown\)$", err, re.M)
    stories = len(replayed(day).stories)
    assert f"writing {stories}/{stories}" in err


@pytest.mark.parametrize(("name", "start"), [("b.md", "# "), ("b.json", "{"), ("b.txt", "")])
def test_the_file_s_ending_chooses_the_format(tmp_path: Path, name: str, start: str, capsys: Capture) -> None:
    """-o writes the briefing in the format that its name asks for, and nothing to stdout."""
    day = DAYS[0]
    out = tmp_path / name
    assert run("brief", ROOT / "examples" / day, "--replay", ROOT / "cassettes" / day, "-o", out, "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    assert out.read_text().startswith(start or replayed(day).lines[0].text[:20])


def test_json_is_the_briefing(capsys: Capture) -> None:
    """--format json gives back the same briefing, which its own schema describes."""
    day = DAYS[1]
    assert run("brief", ROOT / "examples" / day, "--replay", ROOT / "cassettes" / day, "--format", "json") == 0
    out = capsys.readouterr().out
    assert Briefing.model_validate_json(out) == replayed(day)
    assert run("schema") == 0
    jsonschema.validate(json.loads(out), json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("name", ["Briefing", "Article", "ArticleNotes", "SameActors", "Groups", "Disputes", "Summary"])
def test_schemas(name: str, capsys: Capture) -> None:
    """Each schema printed is a valid JSON Schema."""
    assert run("schema", name) == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_without_a_model_three_ways_on(folder: Path, capsys: Capture) -> None:
    """No key, no server, no replay: one message with the three ways on, and exit code 1."""
    assert run("brief", folder) == 1
    err = capsys.readouterr().err
    assert all(way in err for way in ("OPENAI_API_KEY", "--base-url http://localhost:11434/v1", "--replay cassettes/"))
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["brief"], "required: PLACE", id="no path"),
        pytest.param(["brief", "nowhere"], "nowhere: it does not exist", id="missing path"),
        pytest.param(["brief", "x", "--date", "12.5.2031"], "write it as YYYY-MM-DD", id="date"),
        pytest.param(["brief", ".", "--concurrency", "0"], "concurrency", id="concurrency"),
        pytest.param(["brief", ".", "--model", "gpt"], "model", id="model without provider"),
        pytest.param(["brief", ".", "--record", "a", "--replay", "b"], "not allowed with", id="record and replay"),
        pytest.param(["brief", ".", "-o", "."], "is a folder", id="output is a folder"),
        pytest.param(["brief", ".", "-o", ""], "is a folder", id="output is empty"),
        pytest.param(["brief", ".", "-o", "b.odt"], "no format ends in .odt", id="output format"),
        pytest.param(["brief", ".", "-o", "a.txt/b.md"], "can't be written", id="output under a file"),
        pytest.param(["brief", ".", "--record", "a.txt"], "can't be made a folder", id="record into a file"),
        pytest.param(["brief", ".", "--base-url", "localhost"], "must begin with http", id="base URL"),
        pytest.param(["prompts", "show", "nosuch"], "there are: actors, claims", id="unknown prompt"),
        pytest.param(["prompts", "list", "--prompts", "nowhere"], "not a folder", id="prompt folder"),
        pytest.param(["schema", "Nothing"], "invalid choice", id="unknown schema"),
        pytest.param(["cassettes", "check", "nowhere"], "not a folder", id="cassette folder"),
        pytest.param([], "required: COMMAND", id="no command"),
    ],
)
def test_mistakes_are_named(
    args: list[str], message: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """A mistake in the command is one message that says what, and exit code 2."""
    monkeypatch.chdir(folder)
    assert run(*args) == 2
    assert message in capsys.readouterr().err


def test_partial_briefings_say_so(folder: Path, scripted: Scripted, capsys: Capture) -> None:
    """An article that can't be read is listed, the rest is briefed, and the exit code is 3."""
    (folder / "c.txt").write_bytes(b"\x89PNG\r\n")
    assert run("brief", folder, "--base-url", scripted().base_url) == 3
    out, err = capsys.readouterr()
    assert "**c.txt**: the article was not read" in out
    assert "summarizer: c.txt: the article was not read: is a picture (PNG)" in err


def test_errors_don_t_steer_the_terminal(folder: Path, scripted: Scripted, capsys: Capture) -> None:
    """What a server says is shown without its control characters."""
    model = scripted(lambda asked: Fault(401, body=b'{"error": {"message": "\\u001b[31mred\\u202e"}}'))
    assert run("brief", folder, "--base-url", model.base_url) == 1
    err = capsys.readouterr().err
    assert "check the API key" in err
    assert "\x1b" not in err
    assert "\u202e" not in err


def test_output_through_a_link(folder: Path, scripted: Scripted, tmp_path: Path) -> None:
    """A link is written through, not replaced, and a device is left a device."""
    link = tmp_path / "link.md"
    link.symlink_to(tmp_path / "target.md")
    assert run("brief", folder, "--base-url", scripted().base_url, "-o", link, "--quiet") == 0
    assert link.is_symlink()
    assert (tmp_path / "target.md").read_text().startswith("# ")
    assert run("brief", folder, "--base-url", scripted().base_url, "-o", "/dev/null", "--quiet") == 0
    assert Path("/dev/null").is_char_device()


def test_a_full_disk_is_one_line(capsys: Capture) -> None:
    """What can't be written to stdout is said on one line, without a traceback."""
    command = f"{sys.executable} -m summarizer schema > /dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("summarizer: ")
    assert len(done.stderr.splitlines()) == 1


def test_prompts_list_and_show(capsys: Capture) -> None:
    """Prompts are listed with version and hash, and shown as their files have them."""
    assert run("prompts", "list") == 0
    assert len(capsys.readouterr().out.splitlines()) == 13
    assert run("prompts", "show", "extract") == 0
    assert capsys.readouterr().out == (ROOT / "prompts/extract.md").read_text()


def test_version(capsys: Capture) -> None:
    """The version is the package's."""
    assert run("--version") == 0
    assert re.fullmatch(r"summarizer \d+\.\d+\.\d+\n", capsys.readouterr().out)


# ------------------------------------------------------------------------------- recording


def test_shipped_cassettes_are_current(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the repository's cassettes is stale, unused or missing."""
    monkeypatch.chdir(ROOT)
    assert run("cassettes", "check", *(f"cassettes/{day}" for day in EVERY)) == 0
    out = capsys.readouterr().out
    assert out.count(" 0 stale or missing") == 3
    assert "unused" not in out


def test_check_names_what_is_stale(folder: Path, scripted: Scripted, capsys: Capture, tmp_path: Path) -> None:
    """A changed prompt, a changed article and leftovers are named, with the command that records just that."""
    tapes = tmp_path / "tapes"
    assert run("brief", folder, "--base-url", scripted().base_url, "--record", tapes, "--quiet") == 0
    assert run("cassettes", "check", tapes) == 0
    (folder / "b.txt").write_text(HARBOUR + " Then it snowed.")
    capsys.readouterr()
    assert run("cassettes", "check", tapes) == 1
    out = capsys.readouterr().out
    assert "stale: article b.txt has changed since" in out
    assert "b.txt: missing: no current recording reads this article" in out
    assert f"to record just that: summarizer brief {folder} --model openai/gpt-5.4-mini --record {tapes}" in out

    model = scripted()
    assert run("brief", folder, "--base-url", model.base_url, "--record", tapes, "--quiet") == 0
    assert [asked.answer for asked in model.asked].count("ArticleNotes") == 1
    capsys.readouterr()
    assert run("cassettes", "check", tapes) == 0
    assert "unused; to delete them: rm " in capsys.readouterr().out  # b.txt as it was is still there

    (folder / "a.txt").write_text("---\ntitle: New\n---\n" + HARBOUR)
    assert run("cassettes", "check", tapes) == 1
    assert "a.txt: stale: its title, publisher, date or language has changed" in capsys.readouterr().out

    mine = tmp_path / "prompts"
    mine.mkdir()
    (mine / "write.md").write_text((ROOT / "prompts/write.md").read_text().replace("two minutes", "one minute"))
    capsys.readouterr()
    assert run("cassettes", "check", tapes, "--prompts", mine) == 1
    assert "stale: prompt 'write' has changed since" in capsys.readouterr().out


def test_replay_with_other_stories_is_explained(capsys: Capture) -> None:
    """A topic that nothing was recorded for is named as what differs."""
    day = ROOT / "examples" / MANY
    assert run("brief", day, "--replay", ROOT / "cassettes" / MANY, "--topic", "the strike", "--quiet") == 1
    assert "changed since it was recorded: --topic\n" in capsys.readouterr().err


def test_replay_of_a_changed_prompt_is_explained(capsys: Capture, tmp_path: Path) -> None:
    """With another template, replay says that it is the template that changed."""
    text = (ROOT / "prompts/extract.md").read_text().replace("for a desk", "for our desk")
    (tmp_path / "extract.md").write_text(text)
    day = DAYS[0]
    code = run("brief", ROOT / "examples" / day, "--replay", ROOT / "cassettes" / day, "--prompts", tmp_path, "--quiet")
    assert code == 1
    assert "the prompt template has changed" in capsys.readouterr().err


def test_a_killed_recording_keeps_what_had_arrived(folder: Path, scripted: Scripted, tmp_path: Path) -> None:
    """SIGKILL half way loses no reply that had arrived; recording again asks only for the rest."""
    for copy in folder.iterdir():
        copy.unlink()
    for number in range(12):
        (folder / f"n{number:02}.txt").write_text(f"{HARBOUR}\n{chatter(number)}\n{chatter(number + 50)}")
    tapes = tmp_path / "tapes"

    def slow(asked: Asked) -> Reply:
        answer = answer_all(asked)
        assert isinstance(answer, dict)
        return Answered(answer, delay=0 if asked.number <= 6 else PATIENCE)  # the first one sorts them

    first = scripted(slow)
    process = Command("brief", str(folder), "--base-url", first.base_url, "--record", str(tapes), "--concurrency", "2")
    wait_for(lambda: len(list(tapes.glob("extract-*.json"))) == 6)
    process.send_signal(signal.SIGKILL)
    assert process.end()[0] == -signal.SIGKILL
    kept = len(list(tapes.glob("extract-*.json")))
    assert kept == 6
    assert [asked.answer for asked in first.asked].count("ArticleNotes") - kept <= 2  # those under way

    second = scripted()
    assert run("brief", folder, "--base-url", second.base_url, "--record", tapes, "--quiet") == 0
    assert [asked.answer for asked in second.asked].count("ArticleNotes") == 12 - kept


def test_help_imports_nothing_heavy() -> None:
    """--help and --version load neither openai nor pydantic: they answer at once."""
    script = (
        "import sys\nfrom summarizer.cli import main\n"
        "try: main(['brief', '--help'])\nexcept SystemExit: pass\n"
        "heavy = {'openai', 'instructor', 'pydantic', 'httpx2', 'yaml', 'jinja2', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=ROOT)
