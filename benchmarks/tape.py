"""A tape between any OpenAI client and a model: what is asked goes through once, and is answered from it ever after.

The client is given a base URL on loopback and is otherwise as its makers ship it. Recordings are
a cassette's (`summarizer.cassette`), so they hold what went over the wire and nothing of who asked.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from summarizer.cassette import Cassette, CassetteTransport
from summarizer.errors import CassetteError

PATIENCE = 3600.0
"""Seconds that an answer may take."""
NOWHERE = "http://model.invalid/v1"
PASSED_ON = ("authorization", "content-type")
"""Headers of a client that the model gets; neither is recorded."""


@dataclass(frozen=True)
class Tape:
    """A tape that runs."""

    url: str
    """What a client takes for its provider's base URL."""
    cassette: Cassette


@contextmanager
def running(folder: Path, base_url: str | None = None) -> Iterator[Tape]:
    """Serve the recordings of `folder` on loopback; what isn't there is asked of `base_url` and kept.

    Without a `base_url` it is answered with 404 and a message that says what was asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cassette = Cassette(folder)
    live = httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_connections=None)) if base_url else None
    client = httpx2.AsyncClient(transport=CassetteTransport(cassette, live), timeout=PATIENCE)
    upstream = (base_url or NOWHERE).rstrip("/")

    async def complete(request: Request) -> Response:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        try:
            reply = await client.post(f"{upstream}/chat/completions", content=await request.body(), headers=headers)
        except CassetteError as error:
            return JSONResponse({"error": {"message": str(error)}}, status_code=404)
        except httpx2.HTTPError as error:
            return JSONResponse({"error": {"message": f"{upstream}: {error!r}"}}, status_code=502)
        return Response(reply.content, reply.status_code, media_type=reply.headers.get("content-type"))

    app = Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:  # it listens before anything is sent
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Tape(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", cassette)
        finally:
            server.should_exit = True
            thread.join()
