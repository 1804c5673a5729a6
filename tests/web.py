"""A small internet on loopback: sites that send the very bytes they are told, names and addresses that lead there."""

from __future__ import annotations

import gzip
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import pytest


@dataclass(frozen=True)
class Request:
    """One request as a site got it."""

    path: str
    headers: Mapping[str, str]
    """By lower-case name, in order of arrival."""
    at: float = field(default_factory=time.monotonic)


Sent = bytes | Iterable[bytes | float]
"""Bytes of a reply; a number among them is seconds to wait."""


def http(status: int = 200, body: bytes = b"", encoding: str = "utf-8", **headers: object) -> bytes:
    """A whole reply; content_type="text/html" is a header, and None leaves one out."""
    said = {"content_length": len(body), "connection": "close", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in said.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *lines, "", ""]).encode(encoding) + body


def redirect(location: str, status: int = 302) -> bytes:
    """A reply that leads elsewhere."""
    return http(status, location=location)


def gzipped(body: bytes, **headers: Any) -> bytes:
    """A whole reply, packed."""
    return http(200, gzip.compress(body), content_encoding="gzip", **headers)


class Site:
    """A server on loopback whose every reply comes from a function, or a table of paths; anything else is a 404."""

    def __init__(
        self,
        replies: Callable[[Request], Sent] | Mapping[str, Sent],
        *,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._replies = replies if callable(replies) else lambda asked: replies.get(asked.path, http(404))
        self.requests: list[Request] = []
        self.sent = 0
        """Bytes that went out."""
        self.most_at_once = 0
        self._under_way = 0
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._tls = tls
        server = type("Server", (_Server,), {"address_family": socket.AF_INET6 if ":" in host else socket.AF_INET})
        self._server = server((host, 0), type("Handler", (_Handler,), {"site": self}))
        self.port = self._server.server_address[1]
        self.url = f"http{'s' if tls else ''}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.requests]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self, connection: socket.socket) -> None:
        """Read one request and send its reply."""
        connection.settimeout(10)
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := connection.recv(65_536)):
                return
            head += piece
            if head[:1] == b"\x16":  # a client that speaks TLS to a server that doesn't
                connection.sendall(http(400))
                return
        first, *lines = head.decode().rstrip("\r\n").split("\r\n")
        asked = Request(first.split(" ")[1], {n.lower(): v for n, _, v in (line.partition(": ") for line in lines)})
        with self._lock:
            self.requests.append(asked)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            reply = self._replies(asked)
            for part in [reply] if isinstance(reply, bytes) else reply:
                if isinstance(part, bytes):
                    connection.sendall(part)
                    self.sent += len(part)
                elif self._stopped.wait(part):
                    return
        finally:
            with self._lock:  # before the client sees the end, or the next request seems to be at the same time
                self._under_way -= 1
            connection.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client that hung up is no error of the site's."""


class _Handler(socketserver.BaseRequestHandler):
    site: Site

    def handle(self) -> None:
        self.site.serve(self.request)


@dataclass
class Internet:
    """What names mean and where addresses lead, by hand; and who asked for what."""

    names: dict[str, list[str] | Iterator[list[str]]] = field(default_factory=dict)
    """Addresses by name; an iterator answers each look-up anew."""
    routes: dict[str, Site] = field(default_factory=dict)
    """Sites by address, at any port."""
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def lay(self, monkeypatch: pytest.MonkeyPatch) -> Self:
        """Put this under the system's own look-ups and connections."""
        look_up, connect = socket.getaddrinfo, socket.socket.connect

        def answer(host: bytes, port: int, *_: Any, **how: Any) -> Any:
            name = host.decode()
            self.looked_up.append(name)
            known = self.names.get(name)
            if known is None:
                return look_up(host, port, type=how.get("type", 0), flags=socket.AI_NUMERICHOST)
            addresses = known if isinstance(known, list) else next(known)
            return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        def lead(connecting: socket.socket, where: Any) -> None:
            self.connected.append(where[:2])
            site = self.routes.get(where[0])
            connect(connecting, ("127.0.0.1", site.port) if site else where)

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        monkeypatch.setattr(socket.socket, "connect", lead)
        return self
