"""Both journals, a file and a database: what is kept, found, waited for and deleted, and that they do it alike."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from summarizer import Progress, Settings, brief
from summarizer.account import Account
from summarizer.archive import Archive
from summarizer.cli import main
from summarizer.errors import JournalError
from summarizer.journals import AnyJournal, ServerJournal, journal_of
from summarizer.models import Usage
from summarizer.postgres import Server, lock_tables, see_to_tables
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests import postgres
from tests.newsroom import answer, make_article, run_to_file, storm_settings
from tests.processes import PATIENCE, forked, wait_for
from tests.test_journal import TOOK, kept

Scripted = Callable[..., ScriptedModel]


@dataclass(frozen=True)
class Place:
    """Where a journal is, as settings and as the command line have it."""

    settings: dict[str, Any]
    words: tuple[str, str]

    def open(self) -> AnyJournal:
        """Open it, and make it if there is none."""
        journal = journal_of(Settings(**self.settings))
        assert journal is not None
        return journal


@pytest.fixture
def kept_at(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A journal of either kind: a file, then a database of its own on a server."""
    if database == "sqlite":
        yield Place({"workspace": tmp_path}, ("--workspace", str(tmp_path)))
        return
    url = postgres.new_database(request.getfixturevalue("postgresql"))
    yield Place({"journal": url}, ("--journal", url))
    postgres.drop(url)


@pytest.fixture
def url(postgresql: str) -> Iterator[str]:
    """An empty database."""
    made = postgres.new_database(postgresql)
    yield made
    postgres.drop(made)


def account_of(articles: int, model: ScriptedModel, place: Place, **changes: Any) -> Account:
    seen: list[Progress] = []
    settings = storm_settings(model, **place.settings, **changes)
    brief([make_article(number) for number in range(articles)], settings=settings, listener=seen.append)
    return seen[-1].account


def test_what_is_kept_is_found(kept_at: Place) -> None:
    """An answer is there for the run that kept it, and for the next one, just as it was; the last one counts."""
    with closing(kept_at.open()) as journal:
        asyncio.run(journal.keep("k", kept(answer='{"was": 1}')))
        asyncio.run(journal.keep("k", kept(answer='{"is": "\\u0000 Ω"}')))
        asyncio.run(journal.keep("parts", kept(answer=None, article=None, parts=3)))
        found = asyncio.run(journal.find("k"))
        assert found == kept(answer='{"is": "\\u0000 Ω"}')
        assert str(found.usage.cost_usd) == "0.01"
        assert asyncio.run(journal.find("other")) is None
    with closing(kept_at.open()) as journal:
        assert asyncio.run(journal.find("other", "k", "parts")) == found
        assert asyncio.run(journal.find("parts", "k")) == kept(answer=None, article=None, parts=3)


def test_a_second_run_asks_nothing(kept_at: Place, scripted: Scripted) -> None:
    """The same articles again cost no request, and one more costs its reading and what follows from it."""
    model = scripted(answer)
    first = account_of(5, model, kept_at)
    assert (first.sent, first.kept) == (len(model.asked), 0)
    again = account_of(5, model, kept_at)
    assert (again.sent, again.kept) == (0, first.sent)
    more = account_of(6, model, kept_at)
    readings = [asked for asked in model.asked[first.sent :] if asked.answer == "ArticleNotes"]
    assert len(readings) == 1
    assert more.sent <= 1 + 8
    assert more.kept >= 5


def test_what_has_to_be_asked_in_parts_is_known(kept_at: Place, scripted: Scripted) -> None:
    """A reading that was cut off is not asked whole again by the next run."""

    def reply(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes" and "A part of the article" not in asked.user:
            return Answered(content='{"language": "en", "actors": [', finish_reason="length")
        return answer(asked)

    model = scripted(reply)
    first = account_of(1, model, kept_at)
    assert first.sent > 3
    assert account_of(1, model, kept_at).sent == 0


@pytest.mark.parametrize("own", [False, True], ids=["two processes", "one process"])
def test_only_one_asks(kept_at: Place, own: bool) -> None:
    """While one asks a thing, another waits for it, in another process or the same; then it goes on."""

    async def go() -> list[str]:
        with closing(kept_at.open()) as one, closing(kept_at.open()) as other:
            order: list[str] = []

            async def ask(journal: AnyJournal, name: str) -> None:
                async with journal.asking("k"):
                    order.append(f"{name} begins")
                    await asyncio.sleep(0.3)
                    order.append(f"{name} ends")

            first = asyncio.create_task(ask(one, "one"))
            await asyncio.sleep(0.1)
            await asyncio.gather(first, ask(one if own else other, "other"))
            return order

    assert asyncio.run(go()) == ["one begins", "one ends", "other begins", "other ends"]


def test_who_is_called_off_lets_go(kept_at: Place) -> None:
    """A question that is called off, while it claims or while it asks, keeps nobody from asking it."""

    async def go() -> None:
        with closing(kept_at.open()) as one, closing(kept_at.open()) as other:
            for turns in range(40):

                async def ask() -> None:
                    async with one.asking("k"):
                        await asyncio.sleep(30)

                task = asyncio.create_task(ask())
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            async with other.asking("k"):
                pass

    asyncio.run(asyncio.wait_for(go(), PATIENCE))


def hold(settings: dict[str, Any], mark: Path) -> None:
    """Claim a question, and never answer it."""

    async def go() -> None:
        journal = journal_of(Settings(**settings))
        assert journal is not None
        async with journal.asking("k"):
            await asyncio.to_thread(mark.touch)
            await asyncio.sleep(PATIENCE)

    asyncio.run(go())


def test_the_dead_don_t_ask(kept_at: Place, tmp_path: Path) -> None:
    """What a killed run was asking is free at once: the system lets go of what it had locked."""
    child = forked(hold, kept_at.settings, tmp_path / "mark")
    wait_for((tmp_path / "mark").exists)

    async def take() -> None:
        with closing(kept_at.open()) as journal:
            waiting = asyncio.create_task(asyncio.wait_for(ask(journal), PATIENCE))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            os.kill(child.pid or 0, signal.SIGKILL)
            await waiting

    async def ask(journal: AnyJournal) -> None:
        async with journal.asking("k"):
            pass

    asyncio.run(take())
    child.join()


def test_a_stopped_run_is_not_waited_for_for_ever(kept_at: Place) -> None:
    """What another run has been asking for longer than any question can take is asked all the same."""

    async def go() -> None:
        with closing(kept_at.open()) as one, closing(kept_at.open()) as other:
            async with one.asking("k"), other.asking("k", patience=0.3):
                pass

    asyncio.run(asyncio.wait_for(go(), PATIENCE))


def test_two_runs_over_one_journal(kept_at: Place, scripted: Scripted, tmp_path: Path) -> None:
    """Two runs at the same time are both right, and between them ask everything once."""

    def slowly(asked: Asked) -> Reply:
        return Answered(content=answer(asked), delay=0.02)

    model = scripted(slowly)
    calm = brief([make_article(number) for number in range(30)], settings=storm_settings(scripted(answer)))
    paths = [tmp_path / "one.json", tmp_path / "other.json"]
    settings = storm_settings(model, **kept_at.settings)
    processes = [forked(run_to_file, 30, settings, path) for path in paths]
    for process in processes:
        process.join(PATIENCE)
        assert process.exitcode == 0
    assert {path.read_text() for path in paths} == {calm.model_dump_json(indent=1)}
    assert len(model.asked) == calm.provenance.usage.requests


def test_shelves_and_pruning(kept_at: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Both tell what they have by prompt and model, tokens and money summed, and delete what was not used lately."""
    assert main(["journal", "stats", *kept_at.words]) == 0
    assert "no journal there yet" in capsys.readouterr().out
    with closing(kept_at.open()) as journal:
        for key in ("a", "b"):
            asyncio.run(journal.keep(key, kept()))
        asyncio.run(journal.keep("c", kept(model="openai/other", usage=Usage(requests=1, cost_usd=None))))
        first, second = journal.shelves()
        assert (first.prompt, first.model, first.answers, first.usage) == ("extract", "openai/m", 2, TOOK + TOOK)
        assert first.usage.cost_usd == Decimal("0.02")
        assert (second.answers, second.usage.cost_usd) == (1, None)
        assert first.oldest <= first.newest <= time.time()
        assert journal.size() > 0
        assert journal.prune(time.time() - 60) == 0
    assert main(["journal", "stats", *kept_at.words]) == 0
    assert "3 answers" in capsys.readouterr().out
    assert main(["journal", "prune", "--all", *kept_at.words]) == 0
    assert "3 answers deleted" in capsys.readouterr().out
    with closing(kept_at.open()) as journal:
        assert journal.shelves() == []


def test_what_was_used_lately_stays(url: str) -> None:
    """An old answer that is found again counts as used, and is not pruned."""
    with closing(Place({"journal": url}, ("", "")).open()) as journal:
        for key in ("old", "older"):
            asyncio.run(journal.keep(key, kept()))
        assert isinstance(journal, ServerJournal)
        journal.server.now(lambda cursor: cursor.execute("UPDATE answers SET used = used - 86400"))
        assert asyncio.run(journal.find("old")) is not None
        assert journal.prune(time.time() - 7200) == 1
        assert asyncio.run(journal.find("old")) is not None


def test_a_broken_connection_is_made_anew(url: str) -> None:
    """A journal whose connection the server closed goes on with another, and others may have what it was asking."""
    with closing(Place({"journal": url}, ("", "")).open()) as one:

        async def go() -> None:
            async with one.asking("k"):
                with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                await one.keep("k", kept())
            assert await one.find("k") == kept()
            async with one.asking("k"):
                pass

        asyncio.run(go())


def test_whoever_waits_for_the_tables_finds_them(url: str) -> None:
    """Two runs that are the first at the same time: one makes the tables, the other sees that they are there."""
    one, other = Server(url.replace("+psycopg", "")), Server(url.replace("+psycopg", ""))

    def make_while_another_waits(cursor: psycopg.Cursor[Any]) -> bool:
        with cursor.connection.transaction():
            lock_tables(cursor)
            opening.append(threads.submit(other.open))
            wait_for(lambda: one_is_waiting(cursor))
            return see_to_tables(cursor, one.place, make=True)

    def one_is_waiting(cursor: psycopg.Cursor[Any]) -> bool:
        return cursor.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone() is not None

    opening: list[Future[bool]] = []
    with ThreadPoolExecutor() as threads, closing(one), closing(other):
        assert one.now(make_while_another_waits)
        assert opening[0].result(PATIENCE)


def test_an_archive_may_be_in_the_same_database(url: str) -> None:
    """Journal and archive keep to schemas of their own, whichever comes first."""
    place = Place({"journal": url}, ("", ""))
    with closing(place.open()) as journal:
        asyncio.run(journal.keep("k", kept()))
    Archive(url).close()
    with closing(place.open()) as journal:
        assert asyncio.run(journal.find("k")) == kept()
    Archive(url).close()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param("mysql://u:hushhush@db.example/x", "only PostgreSQL", id="another database"),
        pytest.param("hushhush.sqlite3", "only PostgreSQL", id="a file"),
        pytest.param("postgresql://u:hush%hush@db.example/x", "is no database URL", id="no URL"),
        pytest.param("postgresql://u:hushhush@127.0.0.1:1/x", "can't be used", id="nobody there"),
    ],
)
def test_what_can_t_be_a_journal_says_so(given: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A journal that can't be had is an error that says what to do, and repeats no password."""
    assert main(["journal", "stats", "--journal", given]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert "hush" not in said
    assert "hush" not in repr(Settings(journal=given)) or "@" not in given


def test_a_later_program_s_tables_are_left_alone(url: str) -> None:
    """Tables of a later format are an error that says what to do."""
    place = Place({"journal": url}, ("", ""))
    place.open().close()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("UPDATE summarizer_journal.format SET version = 99")
    with pytest.raises(JournalError, match=r"format 99.*give another --journal"):
        place.open()


def test_a_plan_makes_no_journal(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--dry-run looks into a journal that is there, and makes none."""
    (tmp_path / "a.txt").write_text(make_article(1).text)
    command = ["brief", str(tmp_path / "a.txt"), "--journal", url, "--no-archive", "--dry-run"]
    assert main(command) == 0
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT to_regnamespace('summarizer_journal')").fetchone() == (None,)
    with pytest.raises(SystemExit):
        main([*command, "--no-journal"])
    assert "not allowed with argument --no-journal" in capsys.readouterr().err


def test_a_server_that_goes_away_in_mid_run(scripted: Scripted) -> None:
    """If the database is gone, the run goes on, and says how many answers it could not keep."""
    if postgres.programs() is None:
        pytest.skip("no server")
    model = scripted(lambda asked: Fault(500))
    with contextlib.ExitStack() as stack:
        place = Place({"journal": f"{stack.enter_context(postgres.server(**postgres.HASTY))}/postgres"}, ("", ""))

        def reply(asked: Asked) -> Reply:
            if asked.number == 0:
                stack.close()
            return answer(asked)

        model.reply = reply
        account = account_of(2, model, place)
    assert account.unsaved == account.sent
