"""Fetching: pages and feeds by URL, from public hosts only, as politely as their hosts ask for.

    async with Fetcher(FetchOptions(), cache=folder) as fetcher:
        page = await fetcher.fetch("https://news.example/feed.xml")

Knows redirects, robots.txt, caching and second attempts. What is in a page it need not know.
"""

from __future__ import annotations

import asyncio
import http.client
import logging
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx2
from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_random_exponential

from summarizer.errors import Unfetched
from summarizer.log import tell
from summarizer.settings import FetchOptions
from summarizer.text import hide_logins
from summarizer.transport import let_go, passes, pause_before_retry, retry_after
from summarizer.web.addresses import PORTS
from summarizer.web.cache import WebCache, conditions, confirm, is_fresh
from summarizer.web.hosts import Hosts
from summarizer.web.robots import LARGEST, Rules, parse_robots
from summarizer.web.wire import ELSEWHERE, LATER, Failed, Reply, Wire

DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_WAIT = 60.0
"""Seconds that a server may ask to be left alone; who asks for more is not asked again."""
REFUSALS = {
    401: ("it wants a login", ELSEWHERE),
    402: ("it wants to be paid", ELSEWHERE),
    403: ("it is not for us", ELSEWHERE),
    404: ("there is no such page", "check the address"),
    410: ("the page is gone", "leave it out"),
    451: ("it is withheld for legal reasons", "leave it out"),
}
MEDIA_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)", re.A)
CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.A | re.I)


@dataclass(frozen=True)
class Page:
    """What a URL led to."""

    url: str
    """As asked for."""
    final_url: str
    """Where it was after all redirects, without fragment."""
    status: int
    """200 to 299, without 206."""
    media_type: str
    """Lower case; application/octet-stream if the server doesn't say."""
    charset: str | None
    """Lower case, from the header; None if it doesn't say."""
    body: bytes
    """Unpacked; may be empty."""
    fetched: datetime
    """When the server sent or last confirmed it, in UTC."""
    from_cache: bool
    """Whether the body came from disk."""


@dataclass
class _Site:
    """What is known of one scheme, host and port."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | Failed | None = None
    """Failed: it has rules and can't show them; None: nobody asked yet."""


def host_of(url: httpx2.URL) -> str:
    """The host in ASCII; `url.host` would be in its own script, and an error where it is no valid IDNA."""
    return url.raw_host.decode("ascii")


class Fetcher:
    """Fetches pages, many at once. Use it as an asynchronous context manager.

    No cookie is kept and no login sent. Proxies that the environment names are not used: a
    proxy looks names up by itself, and what it then connects to could not be checked.
    """

    def __init__(self, options: FetchOptions, *, cache: Path | None) -> None:
        """Make ready to fetch.

        Args:
            options: how.
            cache: folder that pages are kept in; None: nothing is kept.
        """
        self.options = options
        self._wire = Wire(
            user_agent=options.user_agent,
            timeout=options.timeout,
            at_once=options.at_once,
            allow_private=options.allow_private,
        )
        self._hosts = Hosts(at_once=options.at_once, per_host=options.per_host, delay=options.delay)
        self._sites: dict[str, _Site] = {}
        self._cache = WebCache(cache) if cache else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wire.close()
        if self._cache:
            self._cache.close()

    async def fetch(self, url: str) -> Page:
        """The page at a URL, fetched or from the cache.

        Raises:
            Unfetched: if it can't be had.
        """
        try:
            final, reply, from_cache = await self._follow(url)
            if not 200 <= reply.status < 300 or reply.status == 206:
                phrase = http.client.responses.get(reply.status, "a status of its own")
                words, advice = REFUSALS.get(reply.status, (phrase, LATER))
                raise Failed(f"the server answers {reply.status}, {words}", advice)
        except Failed as error:
            raise Unfetched(url, error.reason, error.advice) from error
        said = reply.headers.get("content-type", "")
        media_type, charset = MEDIA_TYPE.match(said), CHARSET.search(said)
        return Page(
            url=url,
            final_url=str(final),
            status=reply.status,
            media_type=media_type[1].lower() if media_type else "application/octet-stream",
            charset=charset[1].lower() if charset else None,
            body=reply.body,
            fetched=reply.received,
            from_cache=from_cache,
        )

    async def _follow(self, start: str, *, for_robots: bool = False) -> tuple[httpx2.URL, Reply, bool]:
        """The first reply that is no redirect, where it was, and whether it was kept; each step is checked anew."""
        url, to = self._checked(start), None
        passed = [url]
        while True:
            try:
                reply, from_cache = await self._get(url, for_robots=for_robots)
                if reply.status not in REDIRECTS or "location" not in reply.headers:
                    return url, reply, from_cache
                to = hide_logins(reply.headers["location"])[:200]
                if len(passed) > self.options.redirects:
                    raise Failed(f"it redirects more than {self.options.redirects} times", "check the address")
                url = self._checked(reply.headers["location"], base=url)
                to = str(url)[:200]
                if url in passed:
                    raise Failed("it redirects in a circle", "check the address")
                passed.append(url)
            except Failed as error:
                if to is None:
                    raise
                raise Failed(f"{error.reason} (redirected to {to})", error.advice) from error

    def _checked(self, text: str, base: httpx2.URL | None = None) -> httpx2.URL:
        """A URL, without its fragment, if it is one to fetch from; relative to `base`, if there is one."""
        try:
            url = base.join(text) if base else httpx2.URL(text)
            url = url.copy_with(fragment=None, raw_path=url.raw_path)  # which has a slash where there is no path
        except (httpx2.InvalidURL, ValueError) as error:  # which httpx2 lets through: a lone surrogate
            raise Failed(f"it is no URL: {error}", "check the address") from error
        if url.scheme not in DEFAULT_PORTS or not url.raw_host:
            raise Failed("it is no URL of http or https", "give one that begins with https://")
        if url.userinfo:
            raise Failed("it has a login in it, and none is sent", "leave out what stands before the @")
        port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
        if port not in (range(1, 65_536) if self.options.allow_private else PORTS):
            ports = ", ".join(map(str, sorted(PORTS)))
            raise Failed(f"port {port} is none that pages are served at ({ports})", "leave it out")
        return url

    async def _get(self, url: httpx2.URL, *, for_robots: bool) -> tuple[Reply, bool]:
        """The reply for one URL, and whether its body was kept; asks as little as it can."""
        kept = await self._cache.find(str(url)) if self._cache else None
        if kept and is_fresh(kept, datetime.now(UTC)):
            return kept, True
        if self.options.robots and not for_robots:
            await self._heed_robots(url)
        largest = LARGEST if for_robots else self.options.largest
        reply = await self._ask(url, conditions(kept) if kept else {}, largest, cut=for_robots)
        confirmed = kept is not None and reply.status == 304
        if kept and confirmed:
            reply = confirm(kept, reply)
        if self._cache:
            await self._cache.keep(str(url), reply)
        return reply, confirmed

    # ------------------------------------------------------------------------------ robots

    async def _heed_robots(self, url: httpx2.URL) -> None:
        """Go on only if the host's robots.txt allows this URL; it is asked for once."""
        origin = str(url.copy_with(raw_path=b"/robots.txt"))
        site = self._sites.setdefault(origin, _Site())
        async with site.lock:
            if site.rules is None:
                site.rules = await self._load_rules(origin)
                if isinstance(site.rules, Rules):
                    self._hosts.slow_down(host_of(url), site.rules.delay)
        if isinstance(site.rules, Failed):
            raise Failed(f"{site.rules.reason} (asked for its robots.txt)", site.rules.advice)
        if not site.rules.allow(str(url)):
            raise Failed("its robots.txt asks programs to leave it alone", ELSEWHERE)

    async def _load_rules(self, url: str) -> Rules | Failed:
        """The rules in a robots.txt, or why they can't be had."""
        try:
            _, reply, _ = await self._follow(url, for_robots=True)
        except Failed as error:
            return error
        rules = parse_robots(reply.status, reply.body)
        return rules or Failed(f"the server answers {reply.status}", LATER)

    # ---------------------------------------------------------------------------- attempts

    async def _ask(self, url: httpx2.URL, fields: Mapping[str, str], most: int, *, cut: bool) -> Reply:
        """The first reply that is no passing fault, or the last one there was."""

        def passing(state: RetryCallState) -> bool:
            assert state.outcome is not None
            if error := state.outcome.exception():
                return isinstance(error, Failed) and error.passing
            return passes(state.outcome.result().status)

        async def announce(state: RetryCallState) -> None:
            tell(logging.WARNING, "again", host=host_of(url), attempt=state.attempt_number)

        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.options.attempts),
            wait=wait_random_exponential(multiplier=1, max=10),
            sleep=pause_before_retry,
            retry=passing,
            before_sleep=announce,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        try:
            return await retrying(self._ask_once, url, fields, most, cut=cut)
        finally:
            let_go(retrying)

    async def _ask_once(self, url: httpx2.URL, fields: Mapping[str, str], most: int, *, cut: bool) -> Reply:
        """Ask in turn, and leave the host alone for as long as it asks in its reply."""
        async with self._hosts.turn(host_of(url)):
            reply = await self._wire.get(url, fields, most=most, cut=cut)
        tell(logging.DEBUG, "fetched", host=host_of(url), status=reply.status, bytes=len(reply.body))
        if passes(reply.status):
            asked = retry_after(reply.headers.get("retry-after"), now=reply.received, longest=math.inf) or 0.0
            if asked > LONGEST_WAIT:
                raise Failed(f"the server answers {reply.status}, and asks to wait {asked:.0f} seconds", LATER)
            self._hosts.hold(host_of(url), asked)
        return reply
