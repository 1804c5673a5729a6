"""What all tests share: an environment without keys, articles, a scripted model."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from benchmarks.truth import Truth
from summarizer import Article, Briefing, Settings, brief
from summarizer.archive import Archive
from summarizer.errors import NotInstalled
from summarizer.ingest import load
from summarizer.page.paper import PACKAGES, print_engine
from summarizer.testing import Asked, Reply, ScriptedModel
from tests import chromium, postgres
from tests.newsroom import listed_ids

collect_ignore = ["fuzz.py"]  # needs atheris, and is no test

ROOT = Path(__file__).parent.parent
DAYS = ("2031-05-12", "2031-05-13")
"""Two days of one dispute."""
MANY = "2031-06-03"
"""A day of many stories."""
EVERY = (*DAYS, MANY)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--thorough`: what is left to chance is tried as often as the docs say."""
    parser.addoption(
        "--thorough", action="store_true", help="kill, storm and try hostile texts as often as the docs say"
    )


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether what is left to chance is tried as often as the docs say; else as often as every run can afford."""
    return bool(request.config.getoption("thorough"))


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, no endpoint, no setting comes from the machine that the tests run on, and no journal goes there."""
    import os

    shown = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TTY_")
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "SUMMARIZER_", *shown))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


NO_SERVER = "POSTGRESQL IS NOT INSTALLED: the archive was not tested on it. Install your system's package `postgresql`."
NO_BROWSER = "CHROMIUM IS NOT INSTALLED: no page was tested in a browser. Install your system's package `chromium`."

NO_PANGO = f"PANGO IS NOT INSTALLED: nothing was printed. Install your system's packages {PACKAGES}."


@pytest.fixture(scope="session")
def paper() -> None:
    """WeasyPrint with its libraries; without them what is printed isn't tested, and loudly so."""
    try:
        print_engine()
    except NotInstalled:
        pytest.skip(NO_PANGO)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real PostgreSQL server, started for the tests; without it they are skipped, and loudly so."""
    if postgres.programs() is None:
        pytest.skip(NO_SERVER)
    with postgres.server(**postgres.HASTY) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, started for a module's tests; without it they are skipped, and loudly so.

    Not for a session's: while it runs, so does Playwright's event loop, in which others can't start theirs.
    """
    if chromium.program() is None:
        pytest.skip(NO_BROWSER)
    with chromium.running() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Each of the two databases."""
    return str(request.param)


@pytest.fixture
def place(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an archive can be made: a file, then a database of its own on a server."""
    if database == "sqlite":
        yield str(tmp_path / "archive.sqlite3")
        return
    made = postgres.new_database(request.getfixturevalue("postgresql"))
    yield made
    postgres.drop(made)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty archive in a file, to be copied: making its tables anew takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "archive.sqlite3"
    Archive(str(path)).close()
    return path


@pytest.fixture(scope="session")
def empty_database(postgresql: str) -> str:
    """An empty archive on the server, to be copied."""
    place = postgres.new_database(postgresql)
    Archive(place).close()
    return place


@pytest.fixture
def empty(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty archive is, in each of the two databases."""
    if database == "sqlite":
        yield str(shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "archive.sqlite3"))
        return
    like = request.getfixturevalue("empty_database")
    made = postgres.new_database(request.getfixturevalue("postgresql"), like=like)
    yield made
    postgres.drop(made)


@pytest.fixture
def archive(empty: str) -> Iterator[Archive]:
    """An empty archive, in each of the two databases."""
    with Archive(empty) as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it at the end, where it is read."""
    for loud in (NO_SERVER, NO_BROWSER, NO_PANGO):
        skipped = [report for report in terminalreporter.stats.get("skipped", ()) if loud in str(report.longrepr)]
        if skipped:
            terminalreporter.write_sep("!", f"{loud} {len(skipped)} tests skipped", red=True, bold=True)


@cache
def replayed(day: str) -> Briefing:
    """An example day's briefing from its cassette, made once for all tests."""
    return brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day))


@cache
def read_day(day: str) -> tuple[Article, ...]:
    """An example day's articles, and those of the day before, which its changes quote."""
    days = DAYS if day in DAYS else (day,)
    return load(*(ROOT / "examples" / each for each in days)).articles


@cache
def truth(day: str) -> Truth:
    """What the author planted on an example day, read once for all tests."""
    return Truth(day)


@pytest.fixture(params=EVERY)
def day(request: pytest.FixtureRequest) -> str:
    """Each of the example days."""
    return str(request.param)


@pytest.fixture
def briefing(day: str) -> Briefing:
    """Each example day's replayed briefing."""
    return replayed(day)


HARBOUR = (
    "Ministers met in Port Ambry. Foreign minister Anna Varga of Norland demanded that Sudland reopen the canal.\n"
    "Advertisement\n"
    "Sudland’s envoy Peter Varga said no promise had been made. A second meeting is possible in June."
)


@pytest.fixture
def article() -> Article:
    """A short article: five sentences, the third of them an advert's label."""
    return Article.of(HARBOUR, name="harbour.txt", publisher="Harbour News")


def notes(**changes: Any) -> dict[str, Any]:
    """A valid reading of `article`, with changes."""
    return {
        "language": "en",
        "machine_translated": False,
        "boilerplate": [3],
        "actors": [
            {"id": "a1", "name": "Norland", "kind": "state"},
            {"id": "a2", "name": "Sudland", "kind": "state"},
            {"id": "a3", "name": "Anna Varga", "kind": "person", "affiliation": "a1"},
        ],
        "demands": [
            {
                "what": "Norland demands that Sudland reopen the canal.",
                "cites": [2],
                "by": ["a1", "a3"],
                "of": ["a2"],
                "issue": "reopening the canal",
                "strength": "demand",
            }
        ],
        "venues": [
            {
                "what": "Ministers met in Port Ambry.",
                "cites": [1],
                "kind": "meeting",
                "place": "Port Ambry",
                "status": "past",
            }
        ],
    } | changes


def answer_all(asked: Asked) -> Reply:
    """A script that reads every article as `notes`, all as one story, merges nothing, and writes one line."""
    if asked.answer in ("Stories", "OnTopic"):
        return one_story(asked)
    if asked.answer == "ArticleNotes":
        return notes()
    if asked.answer == "Groups":
        return {"alone": listed_ids(asked)}
    if asked.answer in ("SameActors", "Disputes", "KnownActors", "Continuations"):
        return {}
    line = {"text": "Norland wants the canal reopened", "cites": ["D1"]}
    return {"headline": line, "bottom_line": [line]}


def one_story(asked: Asked) -> Reply:
    """All articles as one story, all stories on topic."""
    ids = listed_ids(asked)
    return {"ids": ids} if asked.answer == "OnTopic" else {"stories": [{"title": "The canal", "ids": ids}]}


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedModel]]:
    """Starts scripted models, and stops them when the test is over."""
    running: list[ScriptedModel] = []

    def start(reply: Callable[[Asked], Reply] = answer_all) -> ScriptedModel:
        running.append(ScriptedModel(reply).__enter__())
        return running[-1]

    yield start
    for model in running:
        model.__exit__()


def settings_for(server: ScriptedModel, **changes: Any) -> Settings:
    """Settings that ask a scripted model."""
    given: dict[str, Any] = {"base_url": server.base_url, "api_key": "sk-test", "timeout": 10} | changes
    return Settings(**given)
