"""The site: pages and API over one archive, behind the guard."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from summarizer.archive import Archive
from summarizer.errors import SummarizerError
from summarizer.log import LOGGER
from summarizer.serve.access import Access
from summarizer.serve.api import build_api, mend_schema
from summarizer.serve.days import Days
from summarizer.serve.guard import Guard, Visitor
from summarizer.serve.pages import build_door, build_pages, build_static
from summarizer.serve.places import build_places
from summarizer.serve.replies import tell
from summarizer.serve.wrong import Refused, Trouble, trouble, trouble_of
from summarizer.version import VERSION

THREADS = 8
"""Questions that are answered at once, each with a connection of its own; more would wait for the processor."""


def build_site(archive: Archive, access: Access | None = None, *, name: str = "localhost") -> ASGIApp:
    """The site as an ASGI application.

    Args:
        archive: opened for `THREADS` readers; it stays the caller's to close.
        access: who may read; None: whoever reaches it by a loopback name.
        name: what the feed's ids are made with.
    """
    return Guard(build_app(archive, name=name), access or Access())


def build_app(archive: Archive, *, name: str = "localhost") -> FastAPI:
    """Pages and API without the guard; its OpenAPI document is `app.openapi()`."""
    days = Days(archive)

    @contextlib.asynccontextmanager
    async def with_threads(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = archive.base.readers.at_once if archive.base.readers else 1
        yield

    app = FastAPI(
        title="summarizer",
        version=VERSION,
        description="A read-only archive of briefings: what was asked, offered, claimed and disputed, day by day.",
        docs_url=None,  # loads scripts from elsewhere; /api lists the same
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        lifespan=with_threads,
    )
    app.include_router(build_api(archive, days))
    app.include_router(build_pages(archive, days, name))
    app.include_router(build_places(archive, days))
    app.include_router(build_static())
    app.include_router(build_door())
    made = app.openapi
    app.openapi = lambda: app.openapi_schema or mend_schema(made())  # type: ignore[method-assign]
    _tell_troubles(app)
    return app


def _tell_troubles(app: FastAPI) -> None:
    """What is answered when something is wrong."""

    def told(request: Request, wrong: Trouble) -> Response:
        visitor: Visitor = request.scope["visitor"]
        return tell(wrong, visitor.is_program, has_token=request.scope["gate"] is not None)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        return told(request, error.trouble)

    @app.exception_handler(SummarizerError)
    async def unanswered(request: Request, error: SummarizerError) -> Response:
        found = trouble_of(error)
        if found.status >= 500:
            LOGGER.warning("serve: %s", error)
        return told(request, found)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return told(request, invalid_trouble(error))

    @app.exception_handler(HTTPException)
    async def unknown(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return told(request, trouble(404, "there is no such page", "start at /, or see /api for programs"))
        return told(request, trouble(error.status_code, error.detail, "ask otherwise"))

    @app.exception_handler(Exception)
    async def broken(request: Request, _: Exception) -> Response:
        return told(request, trouble(500, "something went wrong here", "try again; whoever runs this site sees more"))


def invalid_trouble(error: RequestValidationError) -> Trouble:
    """The first of what is wrong with the parameters."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or None
    detail = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        detail = "there is no such parameter"
    return trouble(422, detail, "see /api for what can be asked", where=where)
