"""A mail server and a chat's webhook on loopback, which keep what they get and fail as they are told."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True)
class Arrived:
    """A mail as it came in."""

    sender: str
    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """As a mail program reads it."""
        parsed = BytesParser(policy=default).parsebytes(self.raw)
        assert isinstance(parsed, EmailMessage)
        return parsed


class _Speaker(SMTP):
    """One connection of a server's."""

    owner: MailServer

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Break off half way, if that is to be."""
        if self.owner.drops > 0:
            self.owner.drops -= 1
            await self.push("354 go on")
            assert self.transport
            self.transport.close()
            return
        await super().smtp_DATA(arg)


@dataclass
class MailServer:
    """A mail server on loopback; its port is its own from the beginning, and refuses connections until it is entered.

    What may be told: `security` as the program calls it; `logins` by user; addresses it `refuses`; how many
    times it `drops` the connection in the middle of a mail; what it does before it says that a mail is `taken`.
    """

    security: str = "none"
    logins: dict[str, str] = field(default_factory=dict)
    refuses: Collection[str] = ()
    drops: int = 0
    taken: Callable[[Arrived], None] = lambda mail: None
    says_no: str = "535 5.7.8 no such login"
    arrived: list[Arrived] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.authority = trustme.CA()
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        assert started.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        context = None
        if self.security != "none":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.authority.issue_cert("127.0.0.1").configure_cert(context)
        starttls = context if self.security == "starttls" else None

        def speaker() -> SMTP:
            self.connections += 1
            one = _Speaker(
                self,
                tls_context=starttls,
                require_starttls=bool(starttls),
                auth_required=bool(self.logins),
                auth_require_tls=False,
                authenticator=self._judge if self.logins else None,
                loop=self._loop,
            )
            one.owner = self
            return one

        tls = context if self.security == "tls" else None
        self._loop.run_until_complete(self._loop.create_server(speaker, sock=self._socket, ssl=tls))
        started.set()
        self._loop.run_forever()

    def _judge(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = self.logins.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=right, handled=False, message=None if right else self.says_no)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refuses:
            return "550 5.1.1 nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail for each recipient."""
        assert isinstance(envelope.content, bytes)
        for to in envelope.rcpt_tos:
            mail = Arrived(str(envelope.mail_from), to, envelope.content)
            self.arrived.append(mail)
            await asyncio.to_thread(self.taken, mail)
        return "250 taken"


class Dripping:
    """A server that says a byte now and then, and never finishes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.connections = 0
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._drip, args=(connection,), daemon=True).start()

    def _drip(self, connection: socket.socket) -> None:
        with connection:
            while not self._stopped.wait(0.05):
                try:
                    connection.sendall(b"2")
                except OSError:
                    return


class Webhook:
    """A chat's address on loopback: keeps what is posted to it, and answers with a status."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.posted: list[tuple[str, dict[str, Any]]] = []
        """Path and content of each."""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.posted.append((self.path, json.loads(body)))
                answer = b'{"ok": false, "error": "no"}' if hook.status >= 400 else b"ok"
                self.send_response(hook.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
