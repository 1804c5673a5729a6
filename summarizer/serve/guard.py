"""Before and after every answer: who asks, by which name, how much; and the headers that each answer has.

It stands around the whole site, so what it says holds for errors as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summarizer.serve.access import Access, Gate, network_of
from summarizer.serve.replies import tell
from summarizer.serve.wrong import Trouble, trouble

LONGEST_PATH, LONGEST_QUERY = 1024, 4096
"""Bytes of a path and of a query."""
MOST_HEADERS = 100
COOKIE = "summarizer_session"
OPEN = ("/login", "/static/", "/favicon.ico")
"""What may be seen without a token: the way in, and what it looks like."""
POSTED = ("/login", "/logout")

POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS: Mapping[str, str] = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex, nofollow",
    "vary": "Cookie, Authorization",
}
"""Of every answer, whatever its status."""

Heads: TypeAlias = dict[bytes, list[bytes]]


@dataclass
class Visitor:
    """What of a request decides whether it is answered."""

    scope: Scope
    heads: Heads
    access: Access
    path: str = field(init=False)
    secure: bool = field(init=False)
    address: str = field(init=False)

    def __post_init__(self) -> None:
        client = self.scope.get("client")
        self.path = self.scope["path"]
        self.address = client[0] if client else "unknown"
        self.secure = self.scope["scheme"] == "https"
        if self.access.behind_proxy:
            self.secure = self.one(b"x-forwarded-proto").lower() == "https"
            self.address = self.one(b"x-forwarded-for").rpartition(",")[2].strip() or self.address
        self.address = network_of(self.address)

    def one(self, name: bytes) -> str:
        """A header's value; empty if it isn't there, or is there twice."""
        values = self.heads.get(name, [])
        return values[0].decode("latin-1") if len(values) == 1 else ""

    @property
    def is_program(self) -> bool:
        """Whether it asks the API, and wants its troubles told as JSON."""
        return self.path.startswith("/api/") or self.path == "/openapi.json"

    @property
    def base(self) -> str:
        """Scheme and host of the site, as the visitor names them."""
        return f"{'https' if self.secure else 'http'}://{self.one(b'host').lower()}"

    def is_from_here(self) -> bool:
        """Whether a form was sent by one of the site's own pages: browsers say so, and no page can make them lie."""
        site, origin = self.one(b"sec-fetch-site"), self.one(b"origin").lower()
        return (site == "same-origin" and origin in ("", self.base)) or (not site and origin == self.base)

    def is_embedded_elsewhere(self) -> bool:
        """Whether another site's page asks for it as a part of itself, not a person who follows a link."""
        apart = self.one(b"sec-fetch-site") in ("cross-site", "same-site")
        followed = self.one(b"sec-fetch-mode") == "navigate" and self.one(b"sec-fetch-dest") in ("document", "")
        return apart and not followed

    def session(self) -> str:
        """What the browser keeps of its sign-in; empty: nothing."""
        for header in self.heads.get(b"cookie", []):
            for pair in header.decode("latin-1").split(";"):
                name, _, value = pair.strip().partition("=")
                if name == COOKIE:
                    return value
        return ""

    def bearer(self) -> str | None:
        """The token that a program gives; None: none."""
        scheme, _, token = self.one(b"authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None


class Guard:
    """The site behind all that is asked of every request."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access
        self.gate = Gate(access.token, access.now) if access.token is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say why not."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        heads: Heads = {}
        for name, value in scope["headers"]:
            heads.setdefault(name.lower(), []).append(value)
        visitor = Visitor(scope, heads, self.access)
        answer = Answer(scope["method"] == "HEAD", heads.get(b"if-none-match", []))
        refusal = self._refusal(visitor)
        scope = {
            **scope,
            "method": "GET" if scope["method"] == "HEAD" else scope["method"],
            "scheme": "https" if visitor.secure else "http",
            "visitor": visitor,
            "gate": self.gate,
        }
        try:
            await (refusal or self.app)(scope, receive, answer.take)
        finally:  # what was answered is sent, and an error is told to the server, which logs it
            if answer.status:
                await answer.give(send)

    def _refusal(self, visitor: Visitor) -> ASGIApp | None:
        """What is answered instead; None: it may pass."""
        wrong = self._wrong(visitor)
        if wrong is not None:
            return tell(wrong, visitor.is_program, {"allow": "GET, HEAD"} if wrong.status == 405 else {})
        return self._closed(visitor) if self.gate is not None else None

    def _wrong(self, visitor: Visitor) -> Trouble | None:
        """What is wrong with a request whoever sends it."""
        if not self.access.answers_to(visitor.one(b"host")):
            advice = "use the address that `summarizer serve` printed, or start it with --name for this one"
            return trouble(421, "this site does not go by that name", advice, where="Host")
        return too_much(visitor.scope) or self._unwanted(visitor)

    def _unwanted(self, visitor: Visitor) -> Trouble | None:
        """What is wrong with what it would do, or where it comes from."""
        method = visitor.scope["method"]
        if method not in ("GET", "HEAD") and not (method == "POST" and visitor.path in POSTED):
            return trouble(405, "this site is only read", "use GET or HEAD")
        if method == "POST" and not visitor.is_from_here():
            advice = "use the site's own form; behind a proxy that speaks https, start it with --behind-proxy"
            return trouble(403, "the form was not sent by this site", advice, where="Origin")
        if visitor.is_embedded_elsewhere():
            return trouble(403, "another site asked for this", "open it by itself", where="Sec-Fetch-Site")
        return None

    def _closed(self, visitor: Visitor) -> ASGIApp | None:
        """What is answered to those who haven't shown the token; None: they have, or need not."""
        assert self.gate is not None
        if visitor.path.startswith(OPEN) or self.gate.is_session(visitor.session()):
            return None
        given = visitor.bearer()
        if given is not None:
            wait = self.gate.turns.wait(visitor.address)
            if wait:
                said = trouble(429, "too many wrong tokens were given", f"try again in {wait} seconds")
                return tell(said, True, {"retry-after": str(wait)})
            if self.gate.opens(given):
                self.gate.turns.hit(visitor.address)
                return None
            self.gate.turns.missed(visitor.address)
        if visitor.is_program or given is not None or visitor.scope["method"] == "POST":
            said = trouble(401, "a token is needed", "send it as `Authorization: Bearer …`", where="Authorization")
            return tell(said, True, {"www-authenticate": 'Bearer realm="summarizer"'})
        query = visitor.scope["query_string"].decode("latin-1")
        path = (visitor.scope.get("raw_path") or quote(visitor.path).encode()).decode("latin-1")
        wanted = quote(f"{path}?{query}" if query else path, safe="")
        return Redirect(f"/login?next={wanted}")


def too_much(scope: Scope) -> Trouble | None:
    """What of a request is larger than any that is meant."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(path) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_QUERY:
        return trouble(414, "the address is too long", "ask for less")
    if len(scope["headers"]) > MOST_HEADERS:
        return trouble(431, "there are too many headers", "send fewer")
    return None


class Answer:
    """An answer, taken from the site and given with what every answer has."""

    def __init__(self, only_head: bool, known: Iterable[bytes]) -> None:
        self.only_head = only_head
        self.known = b",".join(known).decode("latin-1")
        self.status = 0
        self.heads: list[tuple[bytes, bytes]] = []
        self.body = bytearray()

    async def take(self, message: Message) -> None:
        """What the site answers; all of it is in memory anyway."""
        if message["type"] == "http.response.start":
            self.status, self.heads = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def give(self, send: Send) -> None:
        """Send it: whole, only its head, or that it is what the visitor has already."""
        own = {name.lower() for name, _ in self.heads}
        heads = [(name, value) for name, value in self.heads if name.lower() not in (b"content-length", b"server")]
        heads += [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in own]
        if (
            self.status == 200 and b"cache-control" not in own
        ):  # kept by nobody but the reader, and asked about each time
            tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'
            heads += [(b"cache-control", b"private, no-cache"), (b"etag", tag.encode())]
            if self._has(tag):
                self.status = 304
                heads = [(name, value) for name, value in heads if name.lower() != b"content-type"]
        elif b"cache-control" not in own:
            heads.append((b"cache-control", b"no-store"))
        if self.status != 304:
            heads.append((b"content-length", str(len(self.body)).encode()))
        body = b"" if self.only_head or self.status == 304 else bytes(self.body)
        await send({"type": "http.response.start", "status": self.status, "headers": heads})
        await send({"type": "http.response.body", "body": body})

    def _has(self, tag: str) -> bool:
        """Whether the visitor has it, weak tags counting as well."""
        return self.known.strip() == "*" or tag in re.findall(r'"[^"]*"', self.known)


@dataclass(frozen=True)
class Redirect:
    """The way to another page of the site."""

    to: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send there."""
        heads = [(b"location", self.to.encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": heads})
        await send({"type": "http.response.body", "body": b""})
