"""`summarizer serve` as a process: what it says, what it refuses, how it stops, and many readers at once."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from benchmarks.serve import load
from summarizer.archive import Archive
from summarizer.cli import main
from tests.archived import MONDAY, TUESDAY, make_briefing
from tests.served import started

TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture
def filled(place: str) -> str:
    """Where an archive with one day is, in each of the two databases."""
    with Archive(place) as archive:
        archive.put(make_briefing(MONDAY))
    return place


@pytest.fixture
def file(tmp_path: Path) -> str:
    """An archive with one day, as a file."""
    place = str(tmp_path / "one.sqlite3")
    with Archive(place) as archive:
        archive.put(make_briefing(MONDAY))
    return place


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says when it doesn't start."""
    assert main(["serve", *words]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_stops(filled: str, number: int) -> None:
    """It says its address, answers there, sees what arrives, and ends cleanly at Ctrl-C or SIGTERM."""
    with started("--archive", filled) as (process, address, _):
        assert address.startswith("http://127.0.0.1:")
        reply = httpx2.get(address)
        assert reply.status_code == 200
        assert "server" not in reply.headers
        assert reply.headers["content-security-policy"]
        assert httpx2.get(f"{address}days/{TUESDAY}").status_code == 404
        with Archive(filled) as archive:
            archive.put(make_briefing(TUESDAY))
        assert httpx2.get(f"{address}days/{TUESDAY}").status_code == 200
        assert httpx2.get(address, headers={"Host": "evil.invalid"}).status_code == 421
        process.send_signal(number)
        assert process.stderr
        assert process.stderr.read() == ""
        assert process.wait(timeout=30) == 0


def test_what_is_no_http_is_no_trouble(file: str) -> None:
    """Noise on the socket, a head without end and a request cut short harm nobody else."""
    with started("--archive", file) as (process, address, _):
        port = int(address.rstrip("/").rpartition(":")[2])
        for noise in (
            b"\x16\x03\x01\x02\x00",
            b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000,
            b"GET /\x00 HTTP/1.1\r\n\r\n",
            b"GET / HT",
        ):
            with closing(socket.create_connection(("127.0.0.1", port))) as connection:
                connection.sendall(noise)
                connection.shutdown(socket.SHUT_WR)
                assert b"200 OK" not in connection.recv(4096)
        assert httpx2.get(address).status_code == 200
        process.terminate()
        assert process.stderr
        assert process.stderr.read() == ""


def test_a_token_is_made_and_asked_for(file: str) -> None:
    """--new-token prints a token, with which alone one reads."""
    with started("--archive", file, "--new-token") as (process, address, _):
        assert process.stderr
        token = process.stderr.readline().rpartition(" ")[2].strip()
        assert httpx2.get(f"{address}api/briefings").status_code == 401
        heads = {"Authorization": f"Bearer {token}"}
        assert httpx2.get(f"{address}api/briefings", headers=heads).status_code == 200


def test_a_token_comes_from_a_file_or_the_environment(file: str, tmp_path: Path) -> None:
    """A token is read from a file, of which it is said if others can read it, or from the environment; never shown."""
    kept = tmp_path / "token"
    kept.write_text(f"{TOKEN}\n")
    kept.chmod(0o644)
    heads = {"Authorization": f"Bearer {TOKEN}"}
    for words, env in ((("--token-file", str(kept)), {}), ((), {"SUMMARIZER_TOKEN": TOKEN})):
        with started("--archive", file, *words, **env) as (_, address, said):
            assert httpx2.get(address).status_code == 303
            assert httpx2.get(f"{address}api/briefings", headers=heads).status_code == 200
            assert TOKEN not in "".join(said)
            assert ("others can read it; chmod 600" in "".join(said)) is bool(words)


@pytest.mark.parametrize(
    "words", [("--host", "0.0.0.0"), ("--host", "::"), ("--behind-proxy",), ("--host", "192.0.2.1")]
)
def test_others_need_a_token(file: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Where others can reach it, it doesn't start without a token."""
    assert "needs a token; give --token-file or --new-token" in refused(capsys, "--archive", file, *words)


@pytest.mark.parametrize("token", ["", "short", "two words that are long enough", "ümlaute-sind-nicht-erlaubt-hier"])
def test_weak_tokens_are_refused(
    file: str, token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A token that can be guessed, or can't be sent, is refused, and not repeated."""
    monkeypatch.setenv("SUMMARIZER_TOKEN", token)
    said = refused(capsys, "--archive", file)
    assert "SUMMARIZER_TOKEN: a token is one line of at least 20" in said
    assert not token or token not in said


def test_what_keeps_it_from_starting_is_said(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing archive, a busy port, an address of another machine and a missing token's file are clear errors."""
    assert "there is no archive yet" in refused(capsys, "--archive", str(tmp_path / "none"))
    with closing(socket.create_server(("127.0.0.1", 0))) as busy:
        port = busy.getsockname()[1]
        assert f"--port {port}: in use on 127.0.0.1" in refused(capsys, "--archive", file, "--port", str(port))
    assert "from 0 to 65535" in refused(capsys, "--archive", file, "--port", "70000")
    said = refused(capsys, "--archive", file, "--token-file", str(tmp_path / "none"))
    assert "No such file or directory; name a file with one line" in said
    said = refused(capsys, "--archive", file, "--host", "192.0.2.1", "--new-token")
    assert "--host 192.0.2.1: not an address of this machine" in said


def test_a_missing_extra_is_named(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without FastAPI or uvicorn the error says what to install."""
    for name in ("fastapi", "uvicorn"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, name, None)
            assert "pip install 'summarizer[serve]'" in refused(capsys, "--archive", file)


def test_many_readers_at_once(filled: str) -> None:
    """Sixty readers of pages, API, search and feed at once all get what they ask for."""
    paths = ("/", f"/days/{MONDAY}", "/ledger", "/search/hits?q=canal", "/api/ledger", "/api/actors", "/feed.atom")
    with started("--archive", filled) as (_, address, _):
        done = asyncio.run(load(address, paths, readers=60, each=4))
    assert done.failed == []
    assert len(done.took) == 240
