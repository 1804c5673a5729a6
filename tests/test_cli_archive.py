"""The commands that ask, mend and move an archive."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from summarizer.archive import ActorRecord, Archive, Diff, Hits, Ledger, Listed, Thread
from summarizer.cli import main
from tests.archived import MONDAY, TUESDAY, dumped, make_briefing
from tests.conftest import DAYS, HARBOUR, ROOT

Capture = pytest.CaptureFixture[str]
FORMATS = ("text", "md", "json", "csv")

QUESTIONS: dict[str, tuple[list[str], TypeAdapter[Any]]] = {
    "list": (["list"], TypeAdapter(tuple[Listed, ...])),
    "show an id": (["show", "D1"], TypeAdapter(Thread)),
    "diff": (["diff", *DAYS], TypeAdapter(Diff)),
    "ledger": (["ledger"], TypeAdapter(Ledger)),
    "ledger of a party": (["ledger", "--party", "Morvane", "--issue", "flow", "--from", DAYS[0]], TypeAdapter(Ledger)),
    "actor": (["actor", "Edda", "Karvel"], TypeAdapter(ActorRecord)),
    "search": (["search", '"foreign hand*"', "--type", "demand", "--to", DAYS[1]], TypeAdapter(Hits)),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive with the example's two days."""
    place = str(tmp_path_factory.mktemp("kept") / "archive.sqlite3")
    for day in DAYS:
        words = ["brief", str(ROOT / "examples" / day), "--replay", str(ROOT / "cassettes" / day), "--quiet"]
        assert main([*words, "--archive", place, "-o", place + ".md"]) == 0
    return place


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_in_every_format(name: str, form: str, kept: str, capsys: Capture) -> None:
    """JSON is the Python answer, CSV has a line a row, Markdown and text say something of each."""
    words, kind = QUESTIONS[name]
    assert main([*words, "--archive", kept, "--format", form]) == 0
    out = capsys.readouterr().out
    assert main([*words, "--archive", kept, "--format", "json"]) == 0
    answer = kind.validate_json(capsys.readouterr().out)
    rows = [each.row() for each in answer] if isinstance(answer, tuple) else answer.rows()
    if form == "json":
        assert json.loads(out)
    elif form == "csv":
        read = list(csv.reader(io.StringIO(out, newline="")))
        assert len(read) == len(rows) + 1
        assert {len(line) for line in read} == {len(rows[0])}
    else:
        shown = [row for row in rows if name != "diff" or row["kind"] != "claim"]  # of claims the page has few
        named = {str(row.get("id", "")) for row in shown}
        assert rows
        assert all(id in out for id in named)
        assert "\x1b" not in out


@pytest.mark.parametrize("form", FORMATS)
def test_a_day_is_shown_as_it_was_made(form: str, kept: str, capsys: Capture) -> None:
    """Without a day, the last."""
    assert main(["show", DAYS[1], "--archive", kept, "--format", form]) == 0
    named = capsys.readouterr().out
    assert main(["show", "--archive", kept, "--format", form]) == 0
    assert capsys.readouterr().out == named
    ending = {"md": "md", "json": "json"}.get(form)
    if ending:
        assert named == (ROOT / f"examples/{DAYS[1]}.briefing.{ending}").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ["show", "2031-05-20"], "no briefing of 2031-05-20; the nearest is of 2031-05-13", id="no such day"
        ),
        pytest.param(["show", "D999"], "'D999' is no id of it", id="no such id"),
        pytest.param(["show", "yesterday"], "is neither a day nor an id", id="neither"),
        pytest.param(["diff", "2031-05-12", "2031-05-20"], "no briefing of 2031-05-20", id="diff"),
        pytest.param(["actor", "Nobody"], "is no actor of it", id="nobody"),
        pytest.param(["actor", "Ondrey"], "may be A8 Miska Ondrey, A11 Sarel Ondrey; give the id", id="two of a name"),
        pytest.param(["search", "?!"], "has no word to look for", id="no word"),
        pytest.param(["export", "--format", "pdf"], "plover, ninjs, jsonld, ics", id="no such format"),
        pytest.param(["export", "-o", "x.pdf"], "no format ends so", id="no such ending"),
        pytest.param(["export", "nowhere.json"], "can't be read", id="no such file"),
        pytest.param(["archive", "merge", "D1", "P1"], "another kind", id="merge"),
        pytest.param(["archive", "delete", "2031-05-20"], "no briefing of 2031-05-20", id="delete"),
        pytest.param(["archive", "load", "nowhere.jsonl"], "can't be read", id="load"),
        pytest.param(["archive", "load", str(ROOT / "README.md")], "README.md can't be loaded into /", id="load what"),
        pytest.param(["ledger", "--from", DAYS[1], "--to", DAYS[0]], "ends before it begins", id="reversed"),
        pytest.param(["diff", DAYS[1], DAYS[0]], "give the earlier day first", id="diff reversed"),
        pytest.param(
            ["list", "--from", "2031-06-01"], "2031-06-01 or later; there are some of 2031-05-12 to", id="list"
        ),
        pytest.param(["show", "D4", "--topic", "water"], "D4 is one thing over all days", id="a thing on a topic"),
        pytest.param(["actor", "Karvell"], "did you mean A3 Edda Karvel?", id="misspelt"),
        pytest.param(["search", 'a "phrase'], "quotation mark without its other", id="open phrase"),
        pytest.param(["export", "--format", "ics", "-o", "x.csv"], "of that name is csv, not ics", id="two formats"),
        pytest.param(["export", "--format", "csv", "-o", "x.quotes.csv"], "quotes-csv, not csv", id="two tables"),
    ],
)
def test_a_wrong_question(words: list[str], said: str, kept: str, capsys: Capture) -> None:
    """One line says what is wrong and what there is; exit code 2."""
    assert main([*words, "--archive", kept]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["ledger", "--foo"], "summarizer ledger: error: unrecognized arguments: --foo", id="unknown"),
        pytest.param(["archive", "merge", "D1", "D2", "--now"], "summarizer archive merge: error: unrecog", id="verb"),
        pytest.param(["search", "water", "--most", "-1"], "'-1' is no number of answers; write 1 or more", id="most"),
    ],
)
def test_a_wrong_option(words: list[str], said: str, kept: str, capsys: Capture) -> None:
    """The command's own usage says what it knows."""
    with pytest.raises(SystemExit) as stopped:
        main([*words, "--archive", kept])
    assert stopped.value.code == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.startswith(f"usage: summarizer {words[0]}")


def test_an_archive_that_names_no_place(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given as nothing, by option or variable, it isn't the default's."""
    for words, place in ((["list", "--archive", ""], None), (["list"], " ")):
        if place:
            monkeypatch.setenv("SUMMARIZER_ARCHIVE", place)
        assert main(words) == 2
        assert "--archive or SUMMARIZER_ARCHIVE: names no place" in capsys.readouterr().err


def test_an_empty_archive_is_one_to_every_command(tmp_path: Path, capsys: Capture) -> None:
    """All say that it is empty, with one exit code."""
    place = str(tmp_path / "empty.sqlite3")
    Archive(place).close()
    for words in (["list"], ["ledger"], ["search", "water"], ["show"], ["export"]):
        assert main([*words, "--archive", place]) == 2
        assert "it is empty; `summarizer brief` enters what it makes" in capsys.readouterr().err


def test_an_actor_is_shown_by_what_it_did(kept: str, capsys: Capture) -> None:
    """Its id over all days gives what its name gives, not its name six times."""
    for words in (["show", "A1"], ["actor", "Kestria"]):
        assert main([*words, "--archive", kept, "--format", "json"]) == 0
    shown, named = capsys.readouterr().out.split("}\n{")
    assert ActorRecord.model_validate_json(shown + "}") == ActorRecord.model_validate_json("{" + named)


def test_without_an_archive(tmp_path: Path, capsys: Capture) -> None:
    """Asking makes none; the error says what makes one."""
    file = tmp_path / "archive.sqlite3"
    for where in (["--workspace", str(tmp_path)], ["--archive", str(file)], ["--archive", f"sqlite:///{file}"]):
        assert main(["list", *where]) == 2
        assert "there is no archive yet; `summarizer brief` enters what it makes" in capsys.readouterr().err
        assert not file.exists()


def test_a_dump_that_can_t_be_loaded_leaves_no_archive(tmp_path: Path, capsys: Capture) -> None:
    """A file that was made for it goes again; one that was there stays."""
    dump, file = tmp_path / "dump.jsonl", tmp_path / "archive.sqlite3"
    dump.write_text('{"summarizer_archive": 1}\n{"trace": {}}\n')
    for made in (False, True):
        assert main(["archive", "load", str(dump), "--archive", str(file)]) == 2
        assert "line 2 of the dump: date: Field required" in capsys.readouterr().err
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            *(["archive.sqlite3"] if made else []),
            "dump.jsonl",
        ]
        Archive(str(file)).close()


@pytest.mark.parametrize("ending", ["plover.jsonl", "ninjs.json", "jsonld", "ics", "csv", "quotes.csv"])
def test_exports(ending: str, kept: str, tmp_path: Path, capsys: Capture) -> None:
    """The ending chooses the format; a file's briefing and the archive's give the same, to the byte."""
    one, other = tmp_path / f"one.{ending}", tmp_path / f"other.{ending}"
    assert main(["export", DAYS[0], "--archive", kept, "-o", str(one)]) == 0
    assert main(["export", str(ROOT / f"examples/{DAYS[0]}.briefing.json"), "-o", str(other)]) == 0
    assert one.read_bytes() == other.read_bytes() != b""
    assert (b"\r\n" in one.read_bytes()) == (ending in ("ics", "csv", "quotes.csv"))
    assert b"\r\r" not in one.read_bytes()


def test_mending(tmp_path: Path, capsys: Capture) -> None:
    """Merge, split, rename, delete: each says what is so from now on."""
    place = str(tmp_path / "a.sqlite3")
    with Archive(place) as archive:
        for day in (MONDAY, TUESDAY):
            archive.put(make_briefing(day))

    def said(*words: str) -> str:
        assert main(["archive", *words, "--archive", place]) == 0
        return capsys.readouterr().out.strip()

    whose = "reopening the canal (by Norland, Anna Varga; of Sudland)"
    assert said("merge", "D1", "D2") == f"D2, {whose}: from now on D1, {whose}"
    assert said("split", "D2") == "D2: from now on D2, reopening the canal"
    assert said("merge", "D1", "D2")
    assert said("split", "D1", str(TUESDAY)) == f"D1 of {TUESDAY}: from now on D3, reopening the canal"
    assert said("rename", "A3", "Anna V.") == "A3: from now on Anna V."
    assert said("rename", "A3") == "A3: from now on Anna Varga"
    assert said("delete", str(MONDAY)) == f"{MONDAY}: deleted"
    assert said("merge", "D3", "D1") == f"D1, reopening the canal: from now on D3, {whose}"  # D1 is in no briefing now
    assert said("split", "D1") == "D1: from now on D1, reopening the canal"  # though it is in no briefing any more


def test_mending_that_is_refused(tmp_path: Path, capsys: Capture) -> None:
    """Nothing is done by halves, and nothing is called nothing."""
    place = str(tmp_path / "a.sqlite3")
    with Archive(place) as archive:
        for day in (MONDAY, TUESDAY):
            archive.put(make_briefing(day))
        before = dumped(archive)
        for words, said in (
            (["merge", "D1", "D2", "D99"], "'D99' is no id of it"),
            (["rename", "A3", ""], "A3 can't be called nothing"),
        ):
            assert main(["archive", *words, "--archive", place]) == 2
            assert said in capsys.readouterr().err
            assert dumped(archive) == before


def test_a_merge_says_what_is_one(kept: str, tmp_path: Path, capsys: Capture) -> None:
    """By ids, as they are now, names and parties; that nobody has the same part in both is said, too."""
    place = str(tmp_path / "a.sqlite3")
    shutil.copy(kept, place)
    assert main(["archive", "rename", "D4", "harbour access", "--archive", place]) == 0
    capsys.readouterr()
    assert main(["archive", "merge", "D4", "D2", "--archive", place]) == 0
    out, err = capsys.readouterr()
    kestria = "harbour access (by Kestria, Edda Karvel; of Morvane)"
    assert out == f"D2, halt to filling of the reservoir (by Morvane; of Kestria): from now on D4, {kestria}\n"
    assert err == "archive: nobody has the same part in D2 and in D4; `summarizer archive split D2` undoes it\n"
    assert main(["archive", "merge", "D2", "D8", "--archive", place]) == 0
    out, err = capsys.readouterr()
    assert out.endswith(f": from now on D2, now D4, {kestria}\n")
    assert err == ""


def test_moving(kept: str, tmp_path: Path, capsys: Capture) -> None:
    """A dump through a file or a pipe makes the same archive again."""
    file, other = tmp_path / "dump.jsonl", str(tmp_path / "other.sqlite3")
    assert main(["archive", "dump", "--archive", kept, "-o", str(file)]) == 0
    assert main(["archive", "dump", "--archive", kept]) == 0
    assert capsys.readouterr().out == file.read_text(encoding="utf-8")
    assert main(["archive", "load", str(file), "--archive", other]) == 0
    assert capsys.readouterr().out == "2 briefings entered\n"
    assert main(["archive", "dump", "--archive", other]) == 0
    assert capsys.readouterr().out == file.read_text(encoding="utf-8")


# ----------------------------------------------------------------------- where a run is entered


@pytest.mark.parametrize(
    ("words", "entered"),
    [
        pytest.param([], "data/summarizer/archive.sqlite3", id="by default"),
        pytest.param(["--workspace", "{0}/w"], "w/archive.sqlite3", id="in the workspace"),
        pytest.param(["--archive", "{0}/x.sqlite3"], "x.sqlite3", id="where one says"),
        pytest.param(["--no-journal"], "data/summarizer/archive.sqlite3", id="without a journal"),
        pytest.param(["--no-archive"], None, id="nowhere"),
        pytest.param(["--replay"], None, id="a replay"),
        pytest.param(["--replay", "--archive", "{0}/y.sqlite3"], "y.sqlite3", id="a replay, where one says"),
    ],
)
def test_where_a_run_is_entered(
    words: list[str], entered: str | None, tmp_path: Path, scripted: Callable[..., object], capsys: Capture
) -> None:
    """In the workspace, if nothing else is said; a replay, which is of another day, only where it is."""
    if "--replay" in words:
        command = ["brief", str(ROOT / "examples" / DAYS[0]), "--replay", str(ROOT / "cassettes" / DAYS[0])]
        words = [word for word in words if word != "--replay"]
    else:
        (tmp_path / "a.txt").write_text(HARBOUR)
        command = ["brief", str(tmp_path / "a.txt"), "--base-url", scripted().base_url]  # type: ignore[attr-defined]
    assert main([*command, "--quiet", *(word.format(tmp_path) for word in words)]) == 0
    found = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.sqlite3") if path.name != "journal.sqlite3"]
    assert found == ([entered] if entered else [])
    if entered:
        with Archive(str(tmp_path / entered)) as archive:
            assert len(archive.list()) == 1


def test_a_day_s_page_has_the_texts_that_the_archive_keeps(tmp_path: Path, capsys: Capture) -> None:
    """`show DATE --format html` is the page that the day's run writes; one thing over all days has no page."""
    place, page = str(tmp_path / "a.sqlite3"), tmp_path / "day.html"
    day = DAYS[0]
    command = ["brief", f"{ROOT}/examples/{day}", "--replay", f"{ROOT}/cassettes/{day}", "--archive", place, "--quiet"]
    assert main([*command, "-o", str(page)]) == 0
    assert main(["show", day, "--archive", place, "--format", "html"]) == 0
    assert capsys.readouterr().out == page.read_text("utf-8")
    assert main(["show", "D1", "--archive", place, "--format", "html"]) == 2
    assert "no format 'html'; there are: text, md, json, csv" in capsys.readouterr().err


def test_a_page_draws_what_the_archive_knows(kept: str, tmp_path: Path, capsys: Capture) -> None:
    """`brief` and `show` draw how things moved until the day, and `brief` that of no other briefing of the day."""
    place = str(tmp_path / "archive.sqlite3")
    shutil.copy(kept, place)
    replay = ["brief", str(ROOT / "examples" / DAYS[1]), "--replay", str(ROOT / "cassettes" / DAYS[1]), "--quiet"]
    assert main([*replay, "--archive", place, "--format", "html"]) == 0
    made = capsys.readouterr().out
    assert "How things moved since 12 May 2031" in made
    assert main(["show", DAYS[1], "--archive", place, "--format", "html"]) == 0
    assert capsys.readouterr().out == made
    assert main([*replay, "--no-archive", "--format", "html"]) == 0
    assert "How things moved" not in capsys.readouterr().out
    with Archive(place) as archive:
        archive.delete(DAYS[1])
        archive.put(make_briefing(date.fromisoformat(DAYS[1])))
    assert main([*replay, "--archive", place, "--format", "html"]) in (0, 3)
    assert "How things moved" not in capsys.readouterr().out
