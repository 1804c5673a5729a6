"""Reading on several processes, by Dask: the same code, prompts and journal, and so the same briefing.

Chunks of bundles are tasks. A worker that dies has its chunks read by another, which finds in the
journal what was answered.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from summarizer.desk import Desk, all_of
from summarizer.errors import NotInstalled, NoWorkers
from summarizer.log import LOGGER
from summarizer.models import Article, Problem
from summarizer.reading import ReadBundle
from summarizer.settings import Settings
from summarizer.sift import Bundle
from summarizer.version import VERSION
from summarizer.worker import Chunk, ReadChunk, Terms, read_chunk, stop_reading, version

THREADS = 2
"""Chunks that a worker of ours reads at once: when one is nearly done, the other keeps the endpoint busy."""
WAITING = 2
"""Chunks that are handed out for each that is read: a worker needn't wait for its next."""
LONGEST = 1_000_000
"""Characters in one chunk, where single articles aren't longer."""
DEATHS = 10
"""Workers that may die over one chunk; then its articles are not read."""
NO_PAGES: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
"""Dask's settings under which nothing of workers of ours can be looked at by HTTP."""
JOINING = 60.0
"""Seconds to wait for the first worker."""


async def read_on_workers(bundles: Sequence[Bundle], desk: Desk) -> tuple[list[ReadBundle | None], list[Problem]]:
    """Read what `extract_all` would, on the workers of the settings' engine; returns the same.

    Raises:
        NoWorkers: if there are none.
        NotInstalled: if Dask isn't.
        SummarizerError: what would stop one process, as a refused key; what others read is kept in the journal.
    """
    total = sum(len(bundle.to_read) for bundle in bundles)
    desk.tell("reading", 0, total)
    if not total:
        return [], []
    async with _client(desk.settings) as (client, threads):
        terms = _terms(desk, min(len(threads), desk.settings.concurrency), client)
        chunks = list(_chunks(bundles, terms))
        done = 0

        async def read(number: int, chunk: Chunk) -> ReadChunk:
            nonlocal done
            found = await _read(client, f"reading-{terms.run[:8]}-{number}", terms, chunk)
            desk.door.account.add(found.account)
            _log(found.logged)
            if found.failure:
                raise found.failure
            desk.door.usage += found.usage
            desk.door.answered_by |= found.answered_by
            desk.door.prompts.update((name, desk.prompts[name]) for name in found.prompts)
            done += chunk.articles
            desk.tell("reading", done, total, found.last)
            return _at_home(found, chunk)

        try:
            handed_out = WAITING * sum(threads.values())
            work = (read(number, chunk) for number, chunk in enumerate(chunks))
            parts = await all_of(work, at_once=min(handed_out, len(chunks)))
        finally:
            with suppress(OSError, asyncio.TimeoutError):
                await asyncio.shield(client.run(stop_reading, terms.run, on_error="ignore"))
    return [bundle for part in parts for bundle in part.bundles], [each for part in parts for each in part.problems]


async def _read(client: Any, key: str, terms: Terms, chunk: Chunk) -> ReadChunk:
    """Have one chunk read."""
    from distributed import KilledWorker  # noqa: PLC0415 - of an extra

    future = client.submit(read_chunk, terms, chunk, key=key, pure=False)
    try:
        found: ReadChunk = await future
        return found
    except KilledWorker:
        reason = f"workers died over it, {DEATHS} times in all"
        unread = [
            Problem(stage="extract", article=report.article.name, reason=reason, cost="the article was not read")
            for bundle in chunk.bundles
            for report in bundle.reports
        ]
        return ReadChunk.lost(len(chunk.bundles), unread)
    finally:
        future.release()


def _terms(desk: Desk, seats: int, client: Any) -> Terms:
    """What the workers have to know."""
    assert desk.door.crew is not None
    kept_back, share = desk.door.budget.kept_back
    level = LOGGER.getEffectiveLevel() if _is_listened_to() else logging.CRITICAL
    settings = _sent(desk.settings, safe=_is_safe(client.scheduler.address))
    return Terms(desk.door.crew.run, settings, desk.prompts, seats, kept_back, share, level)


def _sent(settings: Settings, *, safe: bool) -> Settings:
    """The settings as workers get them: what the environment says here holds there, too, and no secret goes in clear.

    Args:
        settings: of the run.
        safe: whether nobody can listen; else workers take keys and passwords from where they run.
    """
    changes: dict[str, Any] = {"archive": None, "workspace": None, "prompts": None, "engine": "dask"}
    journal = settings.journal or ""
    if settings.model.startswith("openai/"):
        changes["base_url"] = settings.base_url or os.environ.get("OPENAI_BASE_URL")
        key = settings.api_key or SecretStr(os.environ.get("OPENAI_API_KEY", ""))
        changes["api_key"] = key if key.get_secret_value() else None
    if not safe:
        changes["api_key"] = None
        changes["journal"] = _without_password(journal)
        changes["base_url"] = _without_password(str(url)) if (url := changes.get("base_url")) else None
    return settings.model_copy(update=changes)


def _without_password(url: str) -> str:
    """A URL without the password of its login."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}" if user else host))


def _is_safe(address: str) -> bool:
    """Whether what is sent to a scheduler is seen by nobody else: it is encrypted, or stays on this machine."""
    parts = urlsplit(address)
    try:
        return parts.scheme == "tls" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def _chunks(bundles: Sequence[Bundle], terms: Terms) -> Iterator[Chunk]:
    """Bundles in order, so many together as keep a worker's share busy, but fewer if each is to have some."""
    share = max(1, terms.settings.concurrency // terms.seats)
    most = max(1, min(4 * share, len(bundles) // (2 * THREADS * terms.seats)))
    together: list[Bundle] = []
    characters = 0
    for bundle in bundles:
        length = sum(report.article.characters for report in bundle.reports)
        if together and (len(together) >= most or characters + length > LONGEST):
            yield Chunk(tuple(together))
            together, characters = [], 0
        together.append(bundle)
        characters += length
    if together:
        yield Chunk(tuple(together))


def _at_home(found: ReadChunk, chunk: Chunk) -> ReadChunk:
    """What was read, of the articles that are here: copies of them came back."""
    own = {report.article.id: report.article for bundle in chunk.bundles for report in bundle.reports}
    return replace(found, bundles=[_with_own(bundle, own) if bundle else None for bundle in found.bundles])


def _with_own(bundle: ReadBundle, own: Mapping[str, Article]) -> ReadBundle:
    readings = tuple(
        replace(reading, passage=replace(reading.passage, article=own[reading.passage.article.id]))
        for reading in bundle.readings
    )
    return replace(bundle, readings=readings)


def _is_listened_to() -> bool:
    """Whether anybody wants to see what is logged."""
    return any(not isinstance(handler, logging.NullHandler) for handler in (*LOGGER.handlers, *logging.root.handlers))


def _log(said: Sequence[tuple[float, int, str, dict[str, Any]]]) -> None:
    """Say here what was logged in a worker, as of then."""
    for created, level, event, fields in said:
        if LOGGER.isEnabledFor(level):
            record = LOGGER.makeRecord(LOGGER.name, level, "", 0, event, (), None, extra={"fields": fields})
            record.created = created
            LOGGER.handle(record)


# ------------------------------------------------------------------------------ the cluster


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[tuple[Any, dict[str, int]]]:
    """A cluster's client, and its workers with the chunks that each may read at once."""
    try:
        import dask  # noqa: PLC0415 - of an extra
        from distributed import Client  # noqa: PLC0415
    except ImportError as error:
        raise NotInstalled("--engine dask", "Dask", "pip install 'summarizer[dask]'") from error
    # A worker that dies over a chunk is no reason to take the chunk for the cause: the first time it isn't.
    given: dict[str, Any] = {
        "distributed.scheduler.allowed-failures": DEATHS,
        "distributed.admin.tick.limit": "1h",
        **NO_PAGES,
    }
    with dask.config.set(given):
        async with AsyncExitStack() as stack:
            where: Any = settings.scheduler
            if where is None:
                where = await stack.enter_async_context(_own_workers(settings.workers or os.cpu_count() or 1))
            client: Any = Client(where, asynchronous=True, set_as_default=False, timeout=JOINING)
            try:
                await stack.enter_async_context(client)
                await client.wait_for_workers(1, timeout=JOINING)
                threads = dict(await client.nthreads())
            except OSError as error:  # what is waited for in vain, too
                reason = str(error).split("\n")[0] or "there are no workers"
                raise NoWorkers(settings.scheduler or "Dask", reason, "see that scheduler and workers run") from None
            await _check_versions(client, settings)
            yield client, threads


@asynccontextmanager
async def _own_workers(count: int) -> AsyncIterator[Any]:
    """Workers on this machine, that nobody else can talk to: loopback alone, and only with a certificate of theirs."""
    from distributed import LocalCluster, Security  # noqa: PLC0415 - of an extra

    with tempfile.TemporaryDirectory(prefix="summarizer-") as folder:
        async with LocalCluster(
            n_workers=count,
            threads_per_worker=THREADS,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # None would open its own port for pages; this one has none
            scheduler_kwargs={"dashboard": False},
            worker_dashboard_address=None,
            security=Security.temporary(),
            memory_limit=0,  # or what is read may be written to disk
            local_directory=folder,
            silence_logs=logging.CRITICAL,
            asynchronous=True,
        ) as cluster:
            yield cluster


async def _check_versions(client: Any, settings: Settings) -> None:
    """See whether the workers have this program.

    Raises:
        NoWorkers: if one hasn't, or has another version.
    """
    where = settings.scheduler or "Dask"
    try:
        versions = {str(found) for found in (await client.run(version)).values()}
    except ImportError as error:
        raise NoWorkers(where, f"workers lack something: {error}", "install summarizer[dask] there") from None
    if versions != {VERSION}:
        others = ", ".join(sorted(versions - {VERSION}))
        raise NoWorkers(where, f"workers have summarizer {others}, this is {VERSION}", "install the same everywhere")
