"""What is seen on a terminal: colours, widths, bars that move, and a clean screen after all."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from summarizer import render_text
from summarizer.archive import Archive
from summarizer.cli import main
from summarizer.cli.bars import Pace
from summarizer.render.text import TONE, TextPen
from summarizer.testing import Asked, Reply, ScriptedModel
from tests import newsroom, test_daily
from tests.conftest import DAYS, ROOT, replayed
from tests.terminals import Terminal
from tests.test_render import hostile

Scripted = Callable[..., ScriptedModel]
Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch
CODES = re.compile("\x1b\\[[0-9;]*m")
"""Escape codes that change looks, and nothing else."""
WIDTHS = (40, 80, 120, 200)

ASKED = {
    "show": ["show", DAYS[1]],
    "show an id": ["show", "D1"],
    "list": ["list"],
    "diff": ["diff", *DAYS],
    "ledger": ["ledger"],
    "actor": ["actor", "Edda", "Karvel"],
    "search": ["search", "Dunmar"],
}


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A terminal of 80 columns."""
    opened = Terminal()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive with the example's two days."""
    place = str(tmp_path_factory.mktemp("kept") / "archive.sqlite3")
    for day in DAYS:
        words = ["brief", str(ROOT / "examples" / day), "--replay", str(ROOT / "cassettes" / day), "--quiet"]
        assert main([*words, "--archive", place, "-o", place + ".md"]) == 0
    return place


def shown(columns: int, *words: str, monkeypatch: Patch) -> str:
    """What a command writes to a terminal."""
    terminal = Terminal(columns)
    with terminal.instead_of("stdout", monkeypatch):
        assert main(list(words)) == 0
    terminal.close()
    return terminal.sent


# ----------------------------------------------------------------------------------- text


@pytest.mark.parametrize("name", ASKED)
def test_colours_only_add(name: str, kept: str, monkeypatch: Patch, capsys: Capture) -> None:
    """On a terminal each answer has colours; without them it is, to the character, what a pipe gets."""
    on_terminal = shown(80, *ASKED[name], "--archive", kept, monkeypatch=monkeypatch)
    assert main([*ASKED[name], "--archive", kept, "--width", "80"]) == 0
    piped = capsys.readouterr().out
    assert CODES.search(on_terminal)
    assert "\x1b" not in piped
    assert CODES.sub("", on_terminal) == piped


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ASKED)
def test_every_answer_fits(name: str, width: int, kept: str, capsys: Capture) -> None:
    """No line is longer than the terminal is wide, prose no longer than 100 columns, and no word is cut."""
    assert main([*ASKED[name], "--archive", kept, "--width", str(width)]) == 0
    narrow = capsys.readouterr().out
    assert main([*ASKED[name], "--archive", kept, "--width", "400"]) == 0
    wide = capsys.readouterr().out
    lines = narrow.splitlines()
    assert max(map(len, lines)) <= width
    assert all(len(line) <= 100 for line in lines if line.startswith("- "))

    def words(page: str) -> set[str]:
        return {word.strip(":") for word in page.split() if not set(word) <= set("━─·-:")}

    assert words(narrow) <= words(wide)


def test_a_table_becomes_points_where_it_has_no_room() -> None:
    """A table stands in columns where no word need be cut, else each row is a point that names its cells."""
    pages = {}
    for width in (22, 60):
        pen = TextPen(width)
        pen.table(["", "Who", "What", "Said"], [["D1", "Vell Commission", "readings of the gauge", ""]])
        pages[width] = pen.page()
    assert pages[60].splitlines() == [
        "    Who              What",
        "──────────────────────────────────────────",
        "D1  Vell Commission  readings of the gauge",
    ]
    assert pages[22] == "- D1 · Who: Vell\n  Commission · What:\n  readings of the\n  gauge\n"


def test_cells_are_wrapped_and_figures_stand_to_the_right() -> None:
    """What is too long for a column goes on under itself; columns of figures end together."""
    pen = TextPen(28)
    pen.table(["Headline", "Items"], [["Talks on the gauges end", "1,204"], ["Rain", "7"]])
    assert pen.page().splitlines()[2:] == [
        "Talks on the gauges    1,204",
        "end",
        "Rain                       7",
    ]


def test_wide_characters_are_counted() -> None:
    """A character that takes two columns is counted as two."""
    pen = TextPen(24)
    pen.paragraph("金利据え置きを決定 日銀会合で")
    assert pen.page() == "金利据え置きを決定\n日銀会合で\n"


def test_sides_stand_beside_each_other_where_there_is_room() -> None:
    """The versions of a dispute are columns on a wide page, points on a narrow one."""
    page = render_text(replayed(DAYS[0]), 120)
    assert re.search(r"^Kestria, Tilde Rosk {5,}Morvane, Belat Jurkan", page, re.M)
    assert re.search(r"^- Kestria, Tilde Rosk: ", render_text(replayed(DAYS[0]), 60), re.M)


def test_statuses_have_words() -> None:
    """Each status has its word on the page, whatever its colour; what is not one has no colour."""
    pen = TextPen(80, color=True)
    for word in (*TONE, "Norland"):
        pen.bullet(pen.state(word))
    lines = pen.page().splitlines()
    assert [CODES.sub("", line) for line in lines] == [f"- {word}" for word in (*TONE, "Norland")]
    assert all(CODES.search(line) for line in lines[:-1])
    assert not CODES.search(lines[-1])


@pytest.mark.parametrize(
    ("environment", "options", "piped", "colored"),
    [
        pytest.param({}, [], False, True, id="a terminal"),
        pytest.param({"NO_COLOR": "1"}, [], False, False, id="NO_COLOR"),
        pytest.param({"NO_COLOR": ""}, [], False, True, id="NO_COLOR that is empty"),
        pytest.param({"TERM": "dumb"}, [], False, False, id="a dumb terminal"),
        pytest.param({}, ["--color", "never"], False, False, id="never"),
        pytest.param({"NO_COLOR": "1"}, ["--color", "always"], False, True, id="always, over NO_COLOR"),
        pytest.param({}, [], True, False, id="a pipe"),
        pytest.param({"FORCE_COLOR": "1"}, [], True, True, id="FORCE_COLOR in a pipe"),
        pytest.param({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], True, False, id="NO_COLOR over FORCE_COLOR"),
        pytest.param({}, ["--color", "always"], True, True, id="always, in a pipe"),
    ],
)
def test_who_decides_on_colours(
    environment: dict[str, str], options: list[str], piped: bool, colored: bool, tmp_path: Path
) -> None:
    """`--color` before NO_COLOR before FORCE_COLOR before whether it is a terminal, and which; else no code at all."""
    with Archive(str(tmp_path / "a.sqlite3")) as archive:
        archive.put(replayed(DAYS[0]))
    terminal = Terminal()
    words = ["list", "--archive", str(tmp_path / "a.sqlite3"), *options]
    with pytest.MonkeyPatch.context() as patch, (tmp_path / "pipe").open("w+") as file:
        with terminal.instead_of("stdout", patch, **environment):
            if piped:
                patch.setattr(sys, "stdout", file)
            assert main(words) == 0
        file.seek(0)
        written = file.read()
    terminal.close()
    assert ("\x1b" in (written if piped else terminal.sent)) == colored


@pytest.mark.parametrize(
    ("environment", "options", "width"),
    [
        pytest.param({}, [], 100, id="the terminal's"),
        pytest.param({"COLUMNS": "60"}, [], 60, id="COLUMNS"),
        pytest.param({"COLUMNS": "60"}, ["--width", "70"], 70, id="--width"),
    ],
)
def test_who_decides_on_the_width(
    environment: dict[str, str], options: list[str], width: int, kept: str, monkeypatch: Patch
) -> None:
    """`--width` before COLUMNS before the terminal's own."""
    terminal = Terminal(100)
    with terminal.instead_of("stdout", monkeypatch, **environment):
        assert main(["show", DAYS[0], "--archive", kept, "--color", "never", *options]) == 0
    terminal.close()
    assert terminal.sent == render_text(replayed(DAYS[0]), width)


def test_a_file_gets_plain_text(kept: str, tmp_path: Path, monkeypatch: Patch) -> None:
    """What goes to a file has 88 columns and no codes, on whatever terminal the command was given."""
    terminal, file = Terminal(60), tmp_path / "day.txt"
    with terminal.instead_of("stdout", monkeypatch, COLUMNS="60", FORCE_COLOR="1"):
        assert main(["show", DAYS[0], "--archive", kept, "-o", str(file)]) == 0
    terminal.close()
    assert file.read_text(encoding="utf-8") == render_text(replayed(DAYS[0]))
    assert terminal.sent == ""


@pytest.mark.parametrize("words", [["list", "--width", "19"], ["list", "--width", "wide"], ["list", "--color", "blue"]])
def test_a_wrong_look_is_named(words: list[str], capsys: Capture) -> None:
    """A width below 20 and an unknown colour are mistakes in the command."""
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert words[2] in capsys.readouterr().err


def test_hostile_text_is_text() -> None:
    """Markup, control characters and bidi overrides in articles are letters, or gone: codes are ours alone."""
    trick = "[red]red[/red] [link=http://x]x[/link] :boom: \x0e1loud\x0f \x1b[31m\x9b31m\u202e"
    briefing = hostile(replayed(DAYS[0]), trick)
    page = render_text(briefing, 200, color=True)
    codes = set(CODES.findall(page))
    assert codes <= {f"\x1b[{look}m" for look in (0, 1, 2, 31, 32, 33, 36)}
    plain = CODES.sub("", page)
    assert plain == render_text(briefing, 200)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)
    assert "[red]red[/red] [link=http://x]x[/link] :boom: 1loud [31m31m" in plain


def test_only_text_needs_rich() -> None:
    """A replay that is no text, seen on no terminal, doesn't load rich."""
    day = DAYS[0]
    script = (
        "import sys\nfrom summarizer.cli import main\n"
        f"assert main(['brief', 'examples/{day}', '--replay', 'cassettes/{day}']) == 0\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'rich']"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=ROOT)


# ------------------------------------------------------------------------------- progress


def put_articles(folder: Path, count: int, name: str = "{:02}.txt") -> None:
    """A folder with articles that are no copies of each other."""
    folder.mkdir()
    for number in range(count):
        (folder / name.format(number)).write_text(newsroom.make_article(number).text)


def after(terminal: Terminal, said: Callable[[int], str]) -> Callable[[Asked], Reply]:
    """A model that reads an article once `said(readings so far)` is on the screen."""
    readings = 0

    def reply(asked: Asked) -> Reply:
        nonlocal readings
        if asked.answer == "ArticleNotes":
            terminal.wait_for(said(readings))
            readings += 1
        return newsroom.answer(asked)

    return reply


def test_bars_move_and_end(
    terminal: Terminal, scripted: Scripted, tmp_path: Path, monkeypatch: Patch, capsys: Capture
) -> None:
    """Readings move a bar, with calls, tokens and cost under it; at the end lines remain, and stdout is clean."""
    put_articles(tmp_path / "day", 4)
    model = scripted(after(terminal, lambda readings: f"{readings}/4"))
    monkeypatch.setenv("COLUMNS", "80")
    with terminal.instead_of("stderr", monkeypatch):
        words = ["brief", str(tmp_path / "day"), "--base-url", model.base_url, "--concurrency", "1", "--no-journal"]
        assert main([*words, "--format", "json"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("{")
    assert "━" not in out
    terminal.wait_for("requests sent")
    assert re.search(r"reading +(\x1b\[[\d;]*m)+━", terminal.sent)
    assert re.search(r"4 answered, 440 tokens, (\$0\.\d{4}|cost unknown) · 0:\d\d gone", terminal.sent)
    assert "02.txt" in terminal.sent
    made, took = terminal.lines
    assert made.startswith("4 articles, ")
    assert re.match(r"\d+ requests sent, \d+ answered; ", took)
    assert terminal.cursor


def test_a_dumb_terminal_gets_lines(terminal: Terminal, scripted: Scripted, tmp_path: Path, monkeypatch: Patch) -> None:
    """Where nothing can be drawn over, progress is a line a step, as in a log."""
    put_articles(tmp_path / "day", 2)
    with terminal.instead_of("stderr", monkeypatch, TERM="dumb"):
        words = ["brief", str(tmp_path / "day"), "--base-url", scripted(newsroom.answer).base_url, "--no-journal"]
        assert main([*words, "-o", str(tmp_path / "b.md")]) == 0
    terminal.wait_for("requests sent")
    assert "reading 2/2  " in terminal.sent
    assert "\x1b" not in terminal.sent


def test_quiet_is_quiet(scripted: Scripted, tmp_path: Path, monkeypatch: Patch) -> None:
    """With --quiet nothing is drawn."""
    terminal = Terminal()
    put_articles(tmp_path / "day", 2)
    with terminal.instead_of("stderr", monkeypatch):
        words = ["brief", str(tmp_path / "day"), "--base-url", scripted(newsroom.answer).base_url, "--no-journal"]
        assert main([*words, "-o", str(tmp_path / "b.md"), "--quiet"]) == 0
    terminal.close()
    assert terminal.sent == ""


def test_warnings_don_t_tear_bars(terminal: Terminal, scripted: Scripted, tmp_path: Path, monkeypatch: Patch) -> None:
    """What is printed to stderr while bars are up stands whole above them, and stays when they are gone."""
    put_articles(tmp_path / "day", 3)
    seen = after(terminal, lambda readings: f"{readings}/3")

    def reply(asked: Asked) -> Reply:
        answer = seen(asked)
        if asked.answer == "ArticleNotes":
            sys.stderr.write(f"something is odd, said number {asked.number}\n")
        return answer

    monkeypatch.setenv("COLUMNS", "80")
    with terminal.instead_of("stderr", monkeypatch):
        words = ["brief", str(tmp_path / "day"), "--base-url", scripted(reply).base_url, "--concurrency", "1"]
        assert main([*words, "--no-journal", "-o", str(tmp_path / "b.md")]) == 0
    terminal.wait_for("requests sent")
    odd = [line for line in terminal.lines if "odd" in line]
    assert odd == [f"something is odd, said number {number}" for number in (1, 2, 3)]
    assert len(terminal.lines) == 5


def test_names_of_articles_steer_nothing(
    terminal: Terminal, scripted: Scripted, tmp_path: Path, monkeypatch: Patch
) -> None:
    """An article's name is shown as it is, without what steers a terminal, and is no markup."""
    put_articles(tmp_path / "day", 2, "[red]{:02}\x1b[2J\u202e.txt")
    model = scripted(after(terminal, lambda readings: f"[red]{readings - 1:02}[2J.txt" if readings else "0/2"))
    monkeypatch.setenv("COLUMNS", "80")
    with terminal.instead_of("stderr", monkeypatch):
        words = ["brief", str(tmp_path / "day"), "--base-url", model.base_url, "--concurrency", "1", "--no-journal"]
        assert main([*words, "-o", str(tmp_path / "b.md")]) == 0
    terminal.wait_for("requests sent")
    assert "\x1b[2J" not in terminal.sent
    assert "\u202e" not in terminal.sent


def test_ctrl_c_leaves_a_clean_screen(terminal: Terminal, scripted: Scripted, tmp_path: Path) -> None:
    """Interrupted, a run takes its bars away, says what it did, and leaves the cursor where it can be seen."""
    put_articles(tmp_path / "day", 3)
    model = scripted(after(terminal, lambda readings: "never" if readings == 2 else f"{readings}/3"))
    words = ["brief", str(tmp_path / "day"), "--base-url", model.base_url, "--concurrency", "1", "--no-journal"]
    run = terminal.start(*words)
    terminal.wait_for("2/3")
    terminal.press(b"\x03")
    assert run.wait(60) == 130
    terminal.wait_for("stopped;")
    model.error = None  # it waited for what never came
    told, stopped = terminal.lines
    assert told.startswith("so far: 4 requests sent, 3 answered; ")
    assert stopped.startswith("summarizer: stopped; ")
    assert terminal.cursor
    assert "\x1b[?25l" not in terminal.sent  # nor would a kill have left it hidden


def test_errors_leave_a_clean_screen(
    terminal: Terminal, scripted: Scripted, tmp_path: Path, monkeypatch: Patch
) -> None:
    """After an error its one line stands on the screen, and no bar."""
    put_articles(tmp_path / "day", 1)
    monkeypatch.setenv("COLUMNS", "80")
    with terminal.instead_of("stderr", monkeypatch):
        model = scripted(lambda asked: {"language": 1})
        words = ["brief", str(tmp_path / "day"), "--base-url", model.base_url, "--no-journal"]
        assert main(words) == 1
    terminal.wait_for("summarizer: ")
    assert not any("━" in line for line in terminal.lines)
    assert terminal.lines[0].startswith("so far: ")


def test_daily_says_which_day(terminal: Terminal, scripted: Scripted, tmp_path: Path, monkeypatch: Patch) -> None:
    """Each day of a daily run has its own bars under its number; a line a day goes to stdout, and remains."""
    seen: list[str] = []

    def reply(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes" and desk.number == 3:
            seen.append(f"day {len(seen) + 1}/2")
            terminal.wait_for(seen[-1])
        return test_daily.read(asked)

    desk = test_daily.Desk(tmp_path / "desk", scripted(reply))
    desk.put(test_daily.MON)
    assert desk.run(test_daily.MON, "--quiet") == 0
    desk.put(test_daily.TUE)
    desk.put(test_daily.WED)
    monkeypatch.setenv("COLUMNS", "80")
    with terminal.instead_of("stderr", monkeypatch), terminal.instead_of("stdout", monkeypatch):
        assert desk.run(test_daily.WED) == 0
    terminal.wait_for("2031-05-14: ")
    assert seen == ["day 1/2", "day 2/2"]
    assert not any("━" in line or "day 2/2" in line for line in terminal.lines)
    assert [line[:10] for line in terminal.lines if line.startswith("2031")] == ["2031-05-13", "2031-05-14"]


# ------------------------------------------------------------------------------ time left


def test_no_guess_before_a_few_are_in() -> None:
    """How long reading will take is said from the fifth reading on, from how fast they came."""
    pace = Pace()
    pace.begin(100, kept=0)
    for number in range(1, 5):
        pace.add(100 + 2 * number, kept=0)
        assert pace.left(100 + 2 * number, 10) is None
    pace.add(110, kept=0)
    assert pace.left(110, 10) == 20


def test_a_stall_is_seen() -> None:
    """While nothing comes in, what is left grows."""
    pace = Pace()
    pace.begin(0, kept=0)
    for number in range(1, 6):
        pace.add(number, kept=0)
    assert pace.left(5, 10) == 10
    assert pace.left(50, 10) == 100


def test_what_the_journal_has_says_nothing_about_pace() -> None:
    """Readings that were kept from an earlier run come in at once, and aren't counted."""
    pace = Pace()
    pace.begin(0, kept=3)
    for number in range(1, 61):
        pace.add(0.001 * number, kept=3 + number)
    assert pace.left(1, 10) is None
    for number in range(1, 6):
        pace.add(10.0 * number, kept=63)
    assert pace.left(50, 10) == 100


def test_only_the_last_readings_count() -> None:
    """An endpoint that slows down is believed: the pace is that of the last 32 readings."""
    pace = Pace()
    pace.begin(0, kept=0)
    for number in range(1, 101):
        pace.add(0.01 * number, kept=0)
    for number in range(1, 34):
        pace.add(1 + 5.0 * number, kept=0)
    assert pace.left(1 + 5.0 * 33, 10) == 50
