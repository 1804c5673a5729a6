"""One request for one page over the wire, and its whole reply, as long as allowed, or why there is none.

Knows HTTP, TLS and compression; redirects, robots and second attempts are `fetch`'s.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpcore2
import httpx2

from summarizer.web.addresses import Barred, Guard

ELSEWHERE = "open it in a browser and save its text as a file"
LATER = "try again later"


class Failed(Exception):
    """No reply, or none that can be used."""

    def __init__(self, reason: str, advice: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.advice, self.passing = reason, advice, passing
        """`passing`: asking again at once may help."""


@dataclass(frozen=True)
class Reply:
    """A reply, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name; of one given twice, the values joined by commas."""
    body: bytes
    """Unpacked; empty for replies that don't bring what was asked for."""
    received: datetime
    """In UTC."""


class Wire:
    """Connections to any number of hosts.

    Cookies, logins and the environment's proxies are nothing it knows of. A proxy would look
    names up by itself, and connect to whatever it finds; so it goes round it.
    """

    def __init__(self, *, user_agent: str, timeout: float, at_once: int, allow_private: bool) -> None:
        """Make ready to connect.

        Args:
            user_agent: what it calls itself.
            timeout: seconds for a whole reply, from looking up the name to the last byte.
            at_once: connections at most.
            allow_private: connect to addresses that aren't public, too.
        """
        self._timeout = timeout
        # gzip alone is asked for: every server has it, and what else a client unpacks depends on what is installed.
        self._fields = {"user-agent": user_agent, "accept": "*/*", "accept-encoding": "gzip"}
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=httpcore2.default_ssl_context(),
            max_connections=at_once,
            keepalive_expiry=5.0,
            network_backend=Guard(allow_private=allow_private),
        )

    async def get(self, url: httpx2.URL, fields: Mapping[str, str], *, most: int, cut: bool = False) -> Reply:
        """Send one GET, and wait for the whole reply.

        Args:
            url: without login and fragment.
            fields: headers beside those that every request has.
            most: bytes that the body may have, packed or unpacked.
            cut: leave out what is beyond that, rather than fail.

        Raises:
            Failed: if there is no whole reply.
        """
        sent = {"host": url.netloc.decode("ascii"), **self._fields, **fields}
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._pool.stream(
                    "GET",
                    httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=[(name.encode(), value.encode()) for name, value in sent.items()],
                ) as answer,
            ):
                headers = httpx2.Headers(answer.headers)
                body = await _read(answer, headers, most, cut=cut) if 200 <= answer.status < 300 else b""
                return Reply(answer.status, dict(headers), body, datetime.now(UTC))
        except Barred as error:
            raise Failed(str(error), "only what is public is fetched; leave it out") from error
        except TimeoutError as error:
            raise Failed(f"no whole reply in {self._timeout:g} seconds", f"{LATER}, or allow more time") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as error:
            raise _told(error) from error

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


async def _read(answer: httpcore2.Response, headers: httpx2.Headers, most: int, *, cut: bool) -> bytes:
    """The body, unpacked while it comes."""
    coding = headers.get("content-encoding", "").strip().lower() or "identity"
    if coding not in ("identity", "gzip", "x-gzip"):
        raise Failed(f"it is packed as {coding!r}, which was not asked for", ELSEWHERE)
    unpack = _Gunzip() if "gzip" in coding else None
    body, arrived = bytearray(), 0
    async for piece in answer.aiter_stream():
        arrived += len(piece)
        for part in unpack.pieces(piece, most + 1) if unpack else (piece,):
            body += part
            if len(body) > most or arrived > most:
                if cut:
                    return bytes(body[:most])
                raise Failed(f"it is longer than {most:,} bytes", "allow more, or leave it out")
    if unpack and arrived and not unpack.whole:
        raise Failed("the reply was cut short", LATER, passing=True)
    return bytes(body)


class _Gunzip:
    """Unpacks gzip, of one member or several, a bounded piece at a time."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def whole(self) -> bool:
        """Whether what came so far ends where a member ends."""
        return self._member.eof

    def pieces(self, packed: bytes, most: int) -> Iterator[bytes]:
        """What `packed` brings, in pieces of at most `most` bytes."""
        while packed:
            if self._member.eof:
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                yield self._member.decompress(packed, most)
            except zlib.error as error:
                raise Failed(f"it can't be unpacked: {error}", ELSEWHERE) from error
            packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail


def _told(error: Exception) -> Failed:
    """What a failed request comes to, in words."""
    root: BaseException = error
    while deeper := root.__cause__ or root.__context__:  # the pool raises "from None", and hides what it was
        root = deeper
    reason, advice, passing = f"the reply is broken: {root}", LATER, True
    match root:
        case socket.gaierror(errno=socket.EAI_AGAIN):
            reason, advice = "its name can't be looked up now", f"{LATER}, or see to the network"
        case socket.gaierror():
            reason, advice, passing = "there is no host of that name", "check the address", False
        case ssl.SSLCertVerificationError():
            reason, advice, passing = f"its certificate can't be trusted: {root.verify_message}", "leave it out", False
        case ssl.SSLError():
            reason = f"no secure connection: {root.reason or root}"
        case OSError(errno=int(number)):
            reason = os.strerror(number).lower()
        case _ if isinstance(error, httpcore2.TimeoutException):
            reason = "nobody answers at its address"
    return Failed(reason, advice, passing=passing)
