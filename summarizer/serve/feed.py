"""The feed of briefings (Atom, RFC 4287), the same for the same archive whenever it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from summarizer.archive import Listed
from summarizer.serve.wording import day_path
from summarizer.text import flatten

ATOM = "http://www.w3.org/2005/Atom"
MOST = 30
"""Briefings in it, the newest."""
SINCE = "2025"
"""Since when, for tag URIs, the site has its name."""
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render_feed(entries: Iterable[tuple[Listed, str]], *, base: str, name: str) -> bytes:
    """The feed of some briefings, newest first, each with its summary.

    An archive holds no clock times, so an entry's time is the beginning of its day; a briefing
    that is made again keeps id and time, and its text is another.

    Args:
        entries: briefings and what each says first.
        base: scheme and host of the site.
        name: what its ids are made with: it must stay the same, whatever address a reader uses.
    """
    register_namespace("", ATOM)
    listed = list(entries)
    feed = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _say(feed, "title", "Briefings")
    _say(feed, "id", f"tag:{name},{SINCE}:briefings")
    _say(feed, "updated", _begin(max((each.date for each, _ in listed), default=date(int(SINCE), 1, 1))))
    _link(feed, "self", f"{base}/feed.atom", "application/atom+xml")
    _link(feed, "alternate", f"{base}/", "text/html")
    _say(SubElement(feed, f"{{{ATOM}}}author"), "name", "summarizer")
    for each, summary in listed:
        entry = SubElement(feed, f"{{{ATOM}}}entry")
        on = f" ({each.topic})" if each.topic else ""
        _say(entry, "title", f"{each.date.isoformat()}{on}: {each.headline}")
        _say(entry, "id", tag_of(each, name))
        _say(entry, "updated", _begin(each.date))
        _say(entry, "published", _begin(each.date))
        _link(entry, "alternate", base + day_path(each.date, each.topic), "text/html")
        if each.topic:
            SubElement(entry, f"{{{ATOM}}}category", {"term": _clean(each.topic)})
        _say(entry, "summary", summary or "Nothing was written.")
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def tag_of(listed: Listed, name: str) -> str:
    """A briefing's id: the same on every day that it is asked for.

    >>> blank = {"stories": 0, "articles": 0, "items": 0, "changes": 0, "problems": 0, "headline": ""}
    >>> tag_of(Listed(date=date(2031, 5, 12), topic="grain talks", **blank), "desk.example")
    'tag:desk.example,2025:briefings/2031-05-12/grain%20talks'
    """
    on = f"/{quote(listed.topic, safe='', errors='replace')}" if listed.topic else ""
    return f"tag:{name},{SINCE}:briefings/{listed.date.isoformat()}{on}"


def _begin(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _clean(text: str) -> str:
    """Text that XML can hold and in which nothing hides."""
    return NO_XML.sub("", flatten(text))


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = _clean(text)


def _link(parent: Element, rel: str, to: str, media: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": to, "type": media})
