"""The database under an archive: SQLite in a file, or PostgreSQL by URL, one code path.

A write is one transaction, and only one goes on at a time: SQLite takes its write lock at
the beginning, PostgreSQL an advisory lock. A killed writer leaves what was there before.
"""

from __future__ import annotations

import gc
import math
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from summarizer.errors import ArchiveError, TooSlow
from summarizer.settings import ARCHIVE_FILE

HEAD = "0001"
"""The newest migration."""
REVISION = re.compile(r"\d{4}")
"""What migrations of ours are called, newer ones too."""
OURS = {"briefings", "identities", "things"}
"""Tables that an archive has had from the first."""
BUSY = 60
"""Seconds to wait for another writer."""
LOCK = 0x5D_A1_1E
"""Number of PostgreSQL's advisory lock for writers; that of archives alone."""


CACHE = 65_536
"""Kilobytes of a SQLite file kept in memory instead of 2,000: a month is 30,000. Several readers share them."""
QUERY_CANCELED = "57014"
"""PostgreSQL's code for a statement that took too long."""
LOOKED = 10_000
"""Steps of SQLite's machine after which it looks at the time: some tenth of a millisecond."""


@dataclass(frozen=True)
class Readers:
    """How an archive is opened that is read by several at once, and not written."""

    at_once: int = 8
    """Connections, each for one thread; further ones wait."""
    longest: float = 10.0
    """Seconds that one reading may take before it is broken off."""


class Base:
    """A database, opened and brought up to date."""

    def __init__(self, place: str, *, make: bool = True, readers: Readers | None = None) -> None:
        """Open it.

        Args:
            place: SQLAlchemy URL, or path of a SQLite file.
            make: whether to make it if there is none.
            readers: those who read it at once; it is neither made nor written then. None: it may be.

        Raises:
            ArchiveError: if it can't be opened, was made by a newer program, has another program's tables, or isn't
                there and is not to be made.
        """
        self.make, self.readers = make and readers is None, readers
        self.url = _url_of(place)
        self.place = self.url.database if self.sqlite else self.url.render_as_string(hide_password=True)
        self.engine = self._engine()
        with self._told("can't be opened as an archive"):
            self._bring_up_to_date()

    @property
    def sqlite(self) -> bool:
        """Whether it is SQLite; else it is PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    def _engine(self) -> Engine:
        try:
            if self.sqlite:
                self._see_to_the_file()
                engine = create_engine(self.url, connect_args={"timeout": BUSY}, **self._pool())
                event.listen(engine, "connect", _prepare)
                event.listen(engine, "begin", _begin)
                if self.readers:
                    event.listen(engine, "connect", _only_reading(self.readers))
                return engine
            # Each question planned for what it asks: a plan for any word reads all texts to find a rare one.
            asked: dict[str, Any] = {"prepare_threshold": None}
            if self.readers:
                given = self.url.query.get("options", "")  # a schema of its own
                own = f"-c default_transaction_read_only=on -c statement_timeout={round(self.readers.longest * 1000)}"
                asked["options"] = " ".join((*((given,) if isinstance(given, str) else given), own)).strip()
            return create_engine(self.url, connect_args=asked, **self._pool())
        except (ImportError, NoSuchModuleError) as error:
            advice = "install summarizer[postgresql], or write postgresql+psycopg://…"
            raise ArchiveError(self.place, f"no driver for it: {error}", advice) from error
        except OSError as error:
            raise ArchiveError(self.place, error.strerror or str(error), "give another --archive") from error

    def _see_to_the_file(self) -> None:
        """Make the folders above SQLite's file, if it may be made."""
        path = Path(self.url.database or "")
        if path.is_dir():
            raise ArchiveError(self.place, "is a folder", f"name a file in it, as {path / ARCHIVE_FILE}")
        if self.make:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.is_file() and not str(path).startswith("file:"):
            raise self._not_there()

    def _not_there(self) -> ArchiveError:
        advice = "`summarizer brief` enters what it makes, replays only with --archive; --archive names another"
        return ArchiveError(self.place, "there is no archive yet", advice)

    def _pool(self) -> dict[str, Any]:
        """A connection for each reader; of PostgreSQL one that still answers, should the server have been restarted."""
        if self.readers is None:
            return {}
        return {"pool_size": self.readers.at_once, "max_overflow": 0, "pool_pre_ping": not self.sqlite}

    def _bring_up_to_date(self) -> None:
        """Run the migrations that it hasn't had."""
        with self.engine.connect() as connection:
            if not self.sqlite:  # or what another start is making may show up in between
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            tables = set(inspect(connection).get_table_names())
            version = _version(connection)
        ours = version is not None and REVISION.fullmatch(version) and tables >= OURS
        if (tables or version) and not ours:
            advice = "give another --archive"
            if not self.sqlite:
                advice = "give another --archive, or a schema of its own: …/database?options=-csearch_path%3Dsummarizer"
            raise ArchiveError(self.place, "has another program's tables", advice)
        if self.sqlite:  # not before it is known to be ours: another program's file stays as it is
            event.listen(self.engine, "connect", _write_ahead)
            self.engine.dispose()
        if version == HEAD:
            return
        if version is None and not self.make:
            raise self._not_there()
        if version is not None and version > HEAD:
            advice = "update summarizer, or give another --archive"
            raise ArchiveError(self.place, f"was made by a newer summarizer (format {version})", advice)
        if self.readers:
            raise ArchiveError(self.place, "is of an older format, and is only read", "open it once to be written")
        from alembic.command import upgrade  # noqa: PLC0415 - 0.3 s, and needed once
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.writing() as connection:
            config.attributes["connection"] = connection
            upgrade(config, "head")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the archive as it is at one moment."""
        with self._told("can't be read"), self._quickly(), self.engine.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            if self.readers and self.sqlite:
                connection.info["until"] = time.monotonic() + self.readers.longest
            with connection.begin():
                yield connection

    def _quickly(self) -> AbstractContextManager[None]:
        """Without the collector, but where readers are many: there it would never run."""
        return nullcontext() if self.readers else _without_collecting()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one connection that writes; all is kept at its end, or nothing."""
        with self._told("can't be written"), self.engine.connect() as connection:
            connection = connection.execution_options(writing=True)  # noqa: PLW2901
            if not self.sqlite:  # whoever had to wait has to see what was written meanwhile
                connection = connection.execution_options(isolation_level="READ COMMITTED")  # noqa: PLW2901
            with connection.begin():
                if not self.sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """The database's own errors as one of ours."""
        try:
            yield
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
            if self.readers and _broken_off(error):
                raise TooSlow(self.place, self.readers.longest) from error
            raise ArchiveError(self.place, f"{what}: {cause}", "mend it, or give another --archive") from error

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave Python's collector off: an answer is a hundred thousand objects without a cycle, of which it sees none go.

    With it on, a year's ledger takes twice as long, what stood before a day a tenth more.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def file_of(place: str) -> Path | None:
    """The file that an archive is in; None: it is on a server, or SQLite is given a URI of its own.

    Raises:
        ArchiveError: if the place is neither a path nor a URL of an archive.
    """
    url = _url_of(place)
    if url.get_backend_name() != "sqlite" or url.database is None or url.database.startswith("file:"):
        return None
    return Path(url.database)


def _url_of(place: str) -> URL:
    """A URL, or a path as one."""
    if "://" not in place:
        return URL.create("sqlite", database=str(Path(place).expanduser()))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:  # of a port that is no number it says only that
        shown = re.sub(r"//\S*@", "//…@", place)
        raise ArchiveError(shown, "is no database URL", "write sqlite:///PATH or postgresql+psycopg://…") from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        shown = url.render_as_string(hide_password=True)
        raise ArchiveError(shown, "is neither SQLite nor PostgreSQL", "write sqlite:///PATH or postgresql+psycopg://…")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ArchiveError(place, "names no file", "an archive has to outlive the run: write sqlite:///PATH")
    return url


def _prepare(connection: Any, _: object) -> None:
    """A new SQLite connection: transactions are ours to begin."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{CACHE}")


def _only_reading(readers: Readers) -> Callable[[Any, Any], None]:
    """What makes a new SQLite connection refuse to write, and break off what takes too long."""

    def prepare(connection: sqlite3.Connection, record: Any) -> None:
        def late() -> bool:
            return time.monotonic() > float(record.info.get("until", math.inf))

        connection.execute(f"PRAGMA cache_size=-{CACHE // readers.at_once}")
        connection.execute("PRAGMA query_only=ON")
        connection.set_progress_handler(late, LOOKED)

    return prepare


def _broken_off(error: SQLAlchemyError) -> bool:
    """Whether a database broke off what took too long."""
    cause = getattr(error, "orig", None)
    return str(cause) == "interrupted" or getattr(cause, "sqlstate", None) == QUERY_CANCELED


def _write_ahead(connection: Any, _: object) -> None:
    """An archive's SQLite connection: readers don't wait for writers."""
    connection.execute("PRAGMA journal_mode=WAL")


def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at once: a transaction that reads first and writes then may be refused it."""
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _version(connection: Connection) -> str | None:
    """The last migration that it had; None if it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None
