"""What turns up on the way from a place to its articles: bytes, drafts, links.

A reader is given a `Blob` and yields what it finds in it: the draft of an article, more
blobs (what a ZIP file holds), links that would have to be fetched, and what it could not
read, as the error that says so, where the rest can be read all the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO
from urllib.parse import SplitResult, urlsplit

from summarizer.errors import UnreadableArticle
from summarizer.models import Original
from summarizer.text import hide_logins

URL = re.compile(r"https?://(www\.)?", re.I)

LARGEST = 50_000_000
"""Bytes of one document; a page, paper or letter that is larger is none."""


def parts_of(url: str | None) -> SplitResult:
    """The parts of a URL; empty ones if it is none, or broken.

    >>> parts_of("https://gauge.example/rain").path, parts_of("https://[gauge/rain").path
    ('/rain', '')
    """
    try:
        return urlsplit(url or "")
    except ValueError:
        return urlsplit("")


@dataclass(frozen=True)
class About:
    """What is said about an article besides its text. None: not said."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None

    def over(self, other: About) -> About:
        """This, and the other's word where this says nothing."""
        return About(**{name: value or getattr(other, name) for name, value in vars(self).items()})


@dataclass(frozen=True)
class Blob:
    """Bytes from somewhere, with what whoever had them says about them."""

    place: str
    """For messages: path or URL, with the names inside a container after it: `day.zip!a/b.html`."""
    data: bytes | Path
    media_type: str | None = None
    charset: str | None = None
    about: About = About()
    depth: int = 0
    """Of containers that it was in."""
    loose: bool = False
    """Whether it just lay there, in a folder or ZIP file: then it is read only if its name is of a kind that is."""

    @property
    def name(self) -> str:
        """The last part of the place: a file's name, or a URL without what all URLs begin with."""
        if URL.match(self.place):
            return URL.sub("", hide_logins(self.place)).rstrip("/")[:100]
        last = self.place.rstrip("/").rsplit("!", 1)[-1]
        return last.replace("\\", "/").rsplit("/", 1)[-1] or self.place

    @property
    def suffix(self) -> str:
        """Of the name, in lower case, with its dot."""
        return Path(parts_of(self.place).path if URL.match(self.place) else self.name).suffix.lower()

    def open(self) -> BinaryIO:
        """The bytes, to be read bit by bit.

        Raises:
            UnreadableArticle: if a file can't be opened.
        """
        if isinstance(self.data, bytes):
            return io.BytesIO(self.data)
        try:
            return self.data.open("rb")
        except OSError as error:
            raise self._unopened(error) from error

    def read(self) -> bytes:
        """All the bytes.

        Raises:
            UnreadableArticle: if a file can't be read, or they are too many for a document.
        """
        try:
            with self.open() as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise self._unopened(error) from error
        if len(data) > LARGEST:
            raise self.unreadable(f"is larger than {LARGEST:,} bytes", "leave it out, or cut it into several files")
        return data

    def head(self, size: int = 4096) -> bytes:
        """The first bytes.

        Raises:
            UnreadableArticle: if a file can't be read.
        """
        try:
            with self.open() as file:
                return file.read(size)
        except OSError as error:
            raise self._unopened(error) from error

    def inside(self, name: str, data: bytes, **changes: object) -> Blob:
        """A blob that this one holds."""
        return Blob(f"{self.place}!{name}", data, depth=self.depth + 1, **changes)  # type: ignore[arg-type]

    def unreadable(self, reason: str, advice: str) -> UnreadableArticle:
        """The error that says so of this."""
        return UnreadableArticle(self.place, reason, advice)

    def pass_over_briefing(self) -> None:
        """Let it lie, being a briefing that this program wrote.

        Raises:
            UnreadableArticle: if it was asked for by name.
        """
        if not self.loose:
            raise self.unreadable("is a briefing that this program wrote", "give the articles that it was made of")

    def _unopened(self, error: OSError) -> UnreadableArticle:
        return self.unreadable(error.strerror or str(error), "check that it exists and may be read")


@dataclass(frozen=True)
class Draft:
    """An article as it was found, before what its desk says about it."""

    name: str
    text: str
    original: Original
    about: About = About()
    cut: bool = False
    """Whether the text is known to break off."""

    def told(self, about: About) -> Draft:
        """The same, of which somebody knows more: what is said here comes first."""
        return replace(self, about=about.over(self.about))


@dataclass(frozen=True)
class Link:
    """Where an article, or a list of them, is to be had."""

    url: str
    about: About = About()


Found = Draft | Blob | Link | UnreadableArticle
Reader = Callable[[Blob], Iterator[Found]]
