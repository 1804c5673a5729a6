"""A real PostgreSQL for the tests: a server of one's own, on a free port of loopback, gone when they are over."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
"""Where packages keep the server's programs, which Debian's don't put on the path."""

_numbers = count(1)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; None if PostgreSQL isn't installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = [path for place in PLACES for path in Path("/").glob(place[1:]) if (path / "initdb").is_file()]
    return max(found, key=lambda path: [int(part) for part in path.parts if part.isdecimal()], default=None)


HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings of a server whose machine won't lose power: a transaction is as whole as ever, its disk isn't waited for."""


@contextmanager
def server(**settings: str) -> Iterator[str]:
    """A server that is running, with these settings of its own; yields the URL of it, without a database.

    PostgreSQL won't run as root: then it runs as the user `postgres`, whom its package makes.
    """
    folder = programs()
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="summarizer-postgres-"))
    root = os.geteuid() == 0
    owner = pwd.getpwnam("postgres") if root else pwd.getpwuid(os.geteuid())
    os.chown(home, owner.pw_uid, owner.pw_gid)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = home / "data"

    def call(program: str, *words: str) -> None:
        user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if root else {}
        command = [str(folder / program), *words]
        done = subprocess.run(command, check=False, cwd=home, capture_output=True, **user)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {(done.stdout + done.stderr).decode(errors='replace')}")

    try:
        call("initdb", "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
        options += "".join(f" -c {name}={value}" for name, value in settings.items())
        call("pg_ctl", "-D", str(data), "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://tester@127.0.0.1:{port}"
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def drop(place: str) -> None:
    """Let a database go that `new_database` made: a server's files take long to remove when there are hundreds."""
    url, _, name = place.replace("postgresql+psycopg://", "postgresql://").rpartition("/")
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def new_database(url: str, locale: str | None = None, like: str | None = None) -> str:
    """A database of its own on a server, of a locale or the server's; returns its URL for SQLAlchemy.

    `like` is such a URL: it has then all that is in that one, which nobody may have open meanwhile.
    """
    name = f"archive{next(_numbers)}"
    how = f" TEMPLATE template0 LOCALE '{locale}'" if locale else ""
    if like:
        how = f" TEMPLATE {like.rpartition('/')[2]}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{how}".encode())
    return f"{url}/{name}".replace("postgresql://", "postgresql+psycopg://")
