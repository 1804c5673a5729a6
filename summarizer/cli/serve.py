"""`summarizer serve`: a site over the archive."""

from __future__ import annotations

import argparse
import os
import sys

from summarizer.cli.commands import ALL
from summarizer.cli.past import archive_place
from summarizer.cli.screen import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "SUMMARIZER_TOKEN"


def run_serve(args: argparse.Namespace) -> int:
    """`summarizer serve`."""
    from summarizer.errors import InputError

    place = archive_place(args)
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"`summarizer serve` needs {error.name}, which isn't installed: pip install 'summarizer[serve]'"
        ) from error
    from summarizer.archive import Archive, Readers
    from summarizer.serve import Access, build_site
    from summarizer.serve.access import is_loopback, names_of
    from summarizer.serve.run import address_of, bind, serve
    from summarizer.serve.site import THREADS

    token = _token(args)
    if token is None and (args.behind_proxy or not is_loopback(args.host)):
        why = "--behind-proxy" if is_loopback(args.host) else f"--host {args.host}"
        raise InputError(f"{why}: others can reach it, so it needs a token; give --token-file or --new-token")
    access = Access(names_of(args.host, args.names), token, args.behind_proxy)
    Archive(place, make=False).close()  # brings it up to date, which readers may not
    listening = bind(args.host, args.port)
    address = address_of(listening)

    def started() -> None:
        print(f"summarizer: the archive is at {address} (Ctrl-C stops)", file=sys.stderr, flush=True)
        if args.new_token:
            print(f"summarizer: token: {token}", file=sys.stderr, flush=True)
        if not (is_loopback(args.host) or args.behind_proxy):
            note = "what is read and the token pass unencrypted; a proxy with https is safer (docs/serve.md)"
            print(f"summarizer: {note}", file=sys.stderr, flush=True)
        if args.open:
            import webbrowser

            webbrowser.open(address)

    with Archive(place, readers=Readers(at_once=THREADS)) as archive:
        serve(build_site(archive, access, name=(args.names or ["localhost"])[0]), listening, started)
    return ALL


def _token(args: argparse.Namespace) -> str | None:
    """The token that was named; None: none was."""
    from summarizer.errors import InputError
    from summarizer.serve.access import SHORTEST, new_token

    if args.new_token:
        return new_token()
    where = f"--token-file {args.token_file}" if args.token_file else VARIABLE
    if args.token_file:
        token = _read(args.token_file)
    elif (said := os.environ.get(VARIABLE)) is not None:
        token = said.strip()
    else:
        return None
    if len(token) < SHORTEST or not (token.isascii() and token.isprintable() and " " not in token):
        raise InputError(
            f"{visible(where)}: a token is one line of at least {SHORTEST} ASCII letters, digits and signs; "
            "--new-token makes one"
        )
    return token


def _read(path: Path) -> str:
    """A token's file; one that others can read is told of."""
    from summarizer.errors import InputError

    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            print(f"summarizer: --token-file {visible(str(path))}: others can read it; chmod 600", file=sys.stderr)
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise InputError(f"--token-file {path}: {reason}; name a file with one line, the token") from error
