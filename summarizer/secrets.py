"""Secrets: what must never be repeated, and how it is taken out of what others say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from summarizer.settings import Settings

NAMED = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD)$")
"""Variables whose values are kept out of errors."""
MASK = "[key]"


def scrub(said: object, settings: Settings) -> str:
    """What somebody said, an error above all, without any secret, should they have repeated one."""
    text = str(getattr(said, "message", said))
    named = (value.strip() for name, value in os.environ.items() if NAMED.search(name))
    given = [settings.api_key.get_secret_value().strip()] if settings.api_key else []
    known = {*own_secrets(settings), *(value for value in (*given, *named) if len(value) >= 8)}  # "true" is none
    return masked(text, known)


def masked(text: str, secrets: Iterable[str]) -> str:
    """A text without any of these."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def own_secrets(settings: Settings) -> Iterator[str]:
    """The keys that a run may use, and the password in its URL: so long that no text has them by chance."""
    given = [settings.api_key.get_secret_value()] if settings.api_key else []
    given += [value for name, value in os.environ.items() if name.endswith("_API_KEY")]
    yield from (key.strip() for key in given if len(key.strip()) >= 16)
    urls = (settings.base_url, os.environ.get("OPENAI_BASE_URL"))
    yield from filter(None, (urlsplit(url or "").password for url in urls))


def without_login(url: str) -> str:
    """A URL without user, password, query and the slash at its end; empty if it is none."""
    parts = urlsplit(url)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
    return bare.rstrip("/") if parts.netloc else ""
