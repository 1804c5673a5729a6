"""Connections to an endpoint, kept between requests: aiohttp's, behind httpx2's transport.

They take half the time of httpx2's own. openai ships a transport like this (`DefaultAioHttpClient`),
which calls a connection that broke after a request went out one that was never made; here that
makes a difference, since such a reply may have been paid for.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import httpx2
from yarl import URL

KEPT = 5.0
"""Seconds that an idle connection is kept: less than servers do, or a request meets one that is being closed."""

MEANING: tuple[tuple[type[Exception], type[httpx2.TransportError]], ...] = (
    (aiohttp.ClientProxyConnectionError, httpx2.ProxyError),
    (aiohttp.ClientHttpProxyError, httpx2.ProxyError),
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (TimeoutError, httpx2.ReadTimeout),
    (aiohttp.InvalidURL, httpx2.UnsupportedProtocol),
    (aiohttp.ClientOSError, httpx2.ReadError),
    (aiohttp.ClientError, httpx2.RemoteProtocolError),
    (OSError, httpx2.ReadError),
)
"""What an error of aiohttp is to the client; the first that fits."""


@contextmanager
def _told(request: httpx2.Request) -> Iterator[None]:
    """Have errors be httpx2's."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        kind = next(theirs for ours, theirs in MEANING if isinstance(error, ours))
        raise kind(str(error) or type(error).__name__, request=request) from error


class _Body(httpx2.AsyncByteStream):
    """A reply's body as it comes, still packed as it was sent."""

    def __init__(self, reply: aiohttp.ClientResponse, request: httpx2.Request) -> None:
        self._reply, self._request = reply, request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told(self._request):
            async for piece in self._reply.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        self._reply.release() if self._reply.content.at_eof() else self._reply.close()


class Connections(httpx2.AsyncBaseTransport):
    """As many connections as there are requests under way."""

    def __init__(self, *, verify: ssl.SSLContext, proxy: str | None = None) -> None:
        """Nothing is connected yet.

        Args:
            verify: the certificates that are trusted.
            proxy: URL of the proxy that all goes through.

        Raises:
            ValueError: if the proxy can't be used.
        """
        self._verify = verify
        self._proxy = None if proxy is None else URL(proxy)
        if self._proxy is not None and (self._proxy.scheme not in ("http", "https") or not self._proxy.host):
            raise ValueError("only HTTP proxies can be used")
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request.

        Raises:
            httpx2.TransportError: if no reply came.
        """
        session = self._session or self._open()
        waits = request.extensions.get("timeout", {})
        with _told(request):
            reply = await session.request(
                request.method,
                URL(str(request.url), encoded=True).with_user(None),  # a login in it is in the headers by now
                data=await request.aread() or None,
                headers=request.headers.multi_items(),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    sock_connect=waits.get("connect"), sock_read=waits.get("read"), connect=waits.get("pool")
                ),
                proxy=self._proxy,
            )
        return httpx2.Response(reply.status, headers=reply.raw_headers, stream=_Body(reply, request), request=request)

    def _open(self) -> aiohttp.ClientSession:
        """Begin, now that there is an event loop."""
        connector = aiohttp.TCPConnector(limit=0, ssl=self._verify, keepalive_timeout=KEPT)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        return self._session

    async def aclose(self) -> None:
        """Close them."""
        if self._session is not None:
            await self._session.close()
