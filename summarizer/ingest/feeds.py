"""Feeds, and lists of feeds: what they carry in full are articles, the rest are links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from summarizer.errors import UnreadableArticle
from summarizer.ingest.found import About, Blob, Found, Link
from summarizer.ingest.heads import parse_date, parse_language
from summarizer.ingest.pages import page_draft
from summarizer.text import flatten

FULL = 120
"""Words of an entry that is taken for the whole article where the feed says it carries content, not a summary."""


def read_feed(blob: Blob) -> Iterator[Found]:
    """The entries of an RSS or Atom feed: those that carry their article as that, others as links.

    Raises:
        UnreadableArticle: if it is no feed, or has no entries.
    """
    import feedparser

    data = blob.read()
    parsed = feedparser.parse(data, response_headers={"content-location": blob.about.url or ""})
    if not parsed.get("version"):
        raise blob.unreadable("is no feed", "give the feed's own address, or the page's text")
    if not parsed.entries:
        raise blob.unreadable("is a feed without entries", "leave it out, or try again later")
    feed = parsed.feed
    for number, entry in enumerate(parsed.entries, 1):
        about = About(
            title=_line(entry.get("title")),
            author=_line(entry.get("author")),
            publisher=_line((entry.get("source") or {}).get("title")) or _line(feed.get("title")),
            url=_url(blob, entry.get("link")),
            published=parse_date(entry.get("published") or entry.get("updated")),
            language=parse_language(feed.get("language")),
        )
        content = next((part.value for part in entry.get("content", ()) if part.get("value")), "")
        inside = Blob(f"{blob.place}#{number}", b"", about=about)
        if len(re.sub(r"<[^>]*>", " ", content).split()) >= FULL:
            try:
                yield page_draft(inside, content.encode(), f"<html><body><article>{content}</article>", "utf-8").told(
                    about
                )
                continue
            except UnreadableArticle:
                pass  # then as a link
        if about.url:
            yield Link(about.url, about)
        else:
            yield inside.unreadable("has neither an article's text nor a link", "leave it out")


def read_opml(blob: Blob) -> Iterator[Found]:
    """The feeds of an OPML list, as links.

    Raises:
        UnreadableArticle: if it is broken, or lists none.
    """
    from lxml import etree

    data = blob.read()
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise blob.unreadable(f"is broken XML ({flatten(str(error))[:100]})", "export the list anew") from error
    urls = [url for outline in root.iter("outline") for key, url in outline.attrib.items() if key.lower() == "xmlurl"]
    if not urls:
        raise blob.unreadable("lists no feed", "give an OPML list whose outlines have an xmlUrl")
    yield from (Link(str(url)) for url in dict.fromkeys(urls))


def is_feed(start: str) -> bool:
    """Whether XML that begins so is a feed."""
    return bool(re.search(r"<(rss|feed|rdf:RDF|channel)[\s>]", start))


def _line(value: Any) -> str | None:
    return flatten(re.sub(r"<[^>]*>", " ", str(value))) or None if value else None


def _url(blob: Blob, link: Any) -> str | None:
    url = urljoin(blob.about.url or "", str(link)) if link else ""
    return url if url.startswith(("http://", "https://")) else None
