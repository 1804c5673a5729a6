"""Connections: what becomes of a request, and which of the client's errors tells what happened to it."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest

from summarizer.connections import KEPT, Connections
from summarizer.errors import InvalidSettings
from summarizer.llm import Model
from summarizer.settings import Settings
from summarizer.throttle import Throttle

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@asynccontextmanager
async def listening(script: Script) -> AsyncIterator[str]:
    """A server on loopback that does with each connection what the script says; yields its URL."""
    server = await asyncio.start_server(script, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def taken(reader: asyncio.StreamReader) -> bytes:
    """A request's head; its body is read as well."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line), 0)
    await reader.readexactly(length)
    return head


async def posted(url: str, **more: object) -> httpx2.Response:
    """What a post brings, whole."""
    timeout = httpx2.Timeout(1.0)
    connections = Connections(verify=ssl.create_default_context())
    async with httpx2.AsyncClient(transport=connections, timeout=timeout) as client:
        return await client.post(f"{url}/v1/x", content=b'{"a": 1}', **more)  # type: ignore[arg-type]


def meet(script: Script) -> Exception:
    """The error that a request to such a server ends in."""

    async def go() -> Exception:
        async with listening(script) as url:
            try:
                await posted(url)
            except httpx2.TransportError as error:
                return error
        raise AssertionError("nothing went wrong")

    return asyncio.run(go())


def test_a_reply_comes_whole_and_unpacked() -> None:
    """The body is what the server packed, and a redirect is a reply like another."""

    async def packed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await taken(reader)
        body = gzip.compress(b'{"b": 2}')
        head = f"HTTP/1.1 302 Found\r\nlocation: /y\r\ncontent-encoding: gzip\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    async def go() -> httpx2.Response:
        async with listening(packed) as url:
            return await posted(url)

    reply = asyncio.run(go())
    assert (reply.status_code, reply.json(), reply.headers["location"]) == (302, {"b": 2}, "/y")


def test_a_connection_is_used_again() -> None:
    """Requests one after the other go over one connection, for as long as it is kept."""
    opened = 0

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while not reader.at_eof():
            await taken(reader)
            writer.write(WHOLE)

    async def go() -> None:
        async with listening(twice) as url:
            connections = Connections(verify=ssl.create_default_context())
            async with httpx2.AsyncClient(transport=connections) as client:
                for _ in range(3):
                    await client.post(url, content=b"x")

    asyncio.run(go())
    assert opened == 1
    assert KEPT < 10


def test_a_login_in_the_url_is_sent_once() -> None:
    """It goes into a header, where the client puts it, and doesn't stand in the way."""
    heads: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await taken(reader))
        writer.write(WHOLE)

    async def go() -> None:
        async with listening(note) as url:
            await posted(url.replace("//", "//desk:word@"), headers={"x-a": "1"})

    asyncio.run(go())
    assert heads[0].lower().count(b"authorization: basic") == 1
    assert b"x-a: 1" in heads[0].lower()
    assert b"word" not in heads[0]


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await taken(reader)
    writer.close()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await taken(reader)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await taken(reader)
    writer.write(WHOLE.replace(b"2\r", b"200\r"))
    writer.close()


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await taken(reader)
    writer.write(b"hello\r\n\r\n")
    writer.close()


async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await taken(reader)
    await asyncio.sleep(5)


@pytest.mark.parametrize("script", [hang_up, reset, break_off, babble, stay_silent])
def test_what_went_out_is_never_called_not_sent(script: Script) -> None:
    """A reply that got lost may have been paid for: its error is none of a connection that was never made."""
    error = meet(script)
    assert isinstance(error, httpx2.TransportError)
    assert not isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout))


def test_nobody_there_is_told_apart() -> None:
    """A connection that is refused was never made."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(httpx2.ConnectError):
        asyncio.run(posted(f"http://127.0.0.1:{port}"))


def test_an_odd_proxy_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of a kind that can't be used ends a run before anything is asked, and isn't repeated."""
    from summarizer.account import Account

    monkeypatch.setenv("HTTP_PROXY", "socks5://user:secret@proxy.example:1080")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    settings = Settings(base_url="http://model.example/v1", api_key="any")
    with pytest.raises(InvalidSettings, match="proxy") as refused:
        Model(settings, cassette=None, throttle=Throttle(1), account=Account())
    assert "secret" not in str(refused.value)
