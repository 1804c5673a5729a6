"""The site as a process: binds, says where it is, stops cleanly."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from summarizer.errors import InputError

MOST_CONNECTIONS = 1000
"""Open at once; further ones are told 503."""
PATIENCE = 5
"""Seconds that answers under way have when it is stopped."""
BACKLOG = 2048
"""Connections that wait to be taken."""
LARGEST_HEAD = 16_384
"""Bytes of a request's headers."""
IDLE = 30
"""Seconds that a connection stays open unused."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free.

    Raises:
        InputError: if it can't be had.
    """
    # By its protocol's number, or asyncio leaves Nagle's algorithm on: each answer would wait 40 ms for an ACK.
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, proto=socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
        return listening
    except OverflowError:
        listening.close()
        raise InputError(f"--port {port}: there is no such port; give one from 0 to 65535") from None
    except OSError as error:
        listening.close()
        told = {
            errno.EADDRINUSE: f"--port {port}: in use on {host}; give another, or stop what uses it",
            errno.EACCES: f"--port {port}: this user may not bind it; give one above 1023",
            errno.EADDRNOTAVAIL: f"--host {host}: not an address of this machine; give one that is",
        }
        raise InputError(
            told.get(error.errno or 0, f"--host {host}: {error.strerror or error}; give an address of this machine")
        ) from error


def address_of(listening: socket.socket) -> str:
    """The URL of a site that listens there, as one types it on this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def serve(site: ASGIApp, listening: socket.socket, started: Callable[[], None] = lambda: None) -> None:
    """Answer until SIGINT or SIGTERM, then let answers under way be finished.

    Args:
        site: what answers.
        listening: a bound socket; it is closed at the end.
        started: called once it is about to answer; connections wait until it does.
    """
    logging.getLogger("uvicorn.error").addFilter(_without_noise)
    config = uvicorn.Config(
        site,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the guard reads them, if it was told to
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=PATIENCE,
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )
    started()
    with contextlib.closing(listening):
        Server(config).run(sockets=[listening])


class Server(uvicorn.Server):
    """Uvicorn's, but a signal ends it and is not raised once more: to be stopped is no error."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal; at a second one at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, frame: FrameType | None) -> None:
            self.force_exit = self.should_exit and number == signal.SIGINT
            self.should_exit = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _without_noise(record: logging.LogRecord) -> bool:
    """Whether a line of uvicorn's is for the operator: what a client sent amiss isn't."""
    return "Invalid HTTP request" not in record.getMessage()
