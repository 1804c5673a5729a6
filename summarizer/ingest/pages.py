"""Web pages: the main text, and what the page says of itself; or that it is no article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from summarizer.ingest.decode import decode, mend
from summarizer.ingest.drafts import draft
from summarizer.ingest.found import About, Blob, Draft, Found
from summarizer.ingest.heads import about_of, as_line, parse_date, parse_language

LARGEST_PAGE = 5_000_000
"""Characters; a page of that length takes the parser half a minute, and its text is in the first tenth."""

FEWEST = 25
"""Words; a page of fewer has no article. Headline and lead of the shortest agency flash come to more."""
WHOLE = 150
"""Words; a page that asks its readers to pay and shows fewer has shown a taste."""

LANGUAGE = re.compile(r"<html[^>]{0,400}?\s(?:xml:)?lang\s*=\s*[\"']?([\w-]{2,20})", re.I)
LINKED_DATA = re.compile(r"<script[^>]{0,200}?application/ld\+json[^>]{0,200}>(.*?)</script", re.I | re.S)
NEWS = re.compile(r"Article$|BlogPosting$|Report$")
"""Types of schema.org that are articles: NewsArticle, ReportageNewsArticle, LiveBlogPosting …"""

WALL = re.compile(
    r"subscribe (now )?to (continue|read|keep)|(to|and) (continue|keep) reading|already a subscriber|subscribers? only|"
    r"for subscribers|this (article|content|story) is (for|reserved for|available to) |"
    r"register (now )?to (continue|read)|unlock (this|the) (article|story)|weiterlesen mit|nur für abonnent|"
    r"jetzt abonnieren|réservé aux abonnés|pour lire la suite|il vous reste|contenido exclusivo|solo para suscriptores|"
    r"riservato agli abbonati|tylko dla prenumerator|только для подписчик|仅限订阅|有料会員",
    re.I,
)
"""What a page says that wants to be paid."""
CONSENT = re.compile(
    r"(we|our partners)[^.]{0,60}(use|store)[^.]{0,40}cookies|before you continue|accept (all )?cookies|"
    r"consent to (the use|our use|cookies)|verwenden cookies|utilisons des cookies|utilizamos cookies|"
    r"enable javascript|checking your browser|verify (that )?you are (a )?human|are you a robot",
    re.I,
)
"""What a page says that stands before the article: of cookies, or that it takes its reader for a machine."""


def read_page(blob: Blob) -> Iterator[Found]:
    """The article on a web page.

    Raises:
        UnreadableArticle: if the page has none, or only a taste of one.
    """
    data = blob.read()
    html, encoding = decode(blob, data)
    yield page_draft(blob, data, html, encoding)


def page_draft(blob: Blob, data: bytes, html: str, encoding: str, *, name: str | None = None) -> Draft:
    """The draft of a page whose source is decoded.

    Raises:
        UnreadableArticle: if the page has no article, or only a taste of one.
    """
    if len(html) > LARGEST_PAGE:
        raise blob.unreadable(f"is a page of more than {LARGEST_PAGE:,} characters", "save its text as a text file")
    from trafilatura import bare_extraction  # half a second, and many a day has no page
    from trafilatura.settings import Document

    source = re.sub("[\ud800-\udfff]", "\ufffd", mend(html))  # a lone surrogate would end the text where it stands
    found = bare_extraction(
        source,
        url=blob.about.url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        # The latest date that counts is today's by default: a page's own word is taken whatever the clock says.
        date_extraction_params={
            "original_date": True,
            "outputformat": "%Y-%m-%d",
            "extensive_search": False,
            "max_date": "2999-12-31",
        },
    )
    if not isinstance(found, Document):
        found = Document()
    text = found.text or ""
    linked = _linked_data(source)
    walled = linked.get("isAccessibleForFree") in (False, "False", "false")
    words = len(text.split())
    _see_that_it_is_an_article(blob, text, source, words, walled=walled)
    language = LANGUAGE.search(source[:20_000])
    about = About(
        title=as_line(found.title),
        author=as_line(found.author),
        publisher=as_line(found.sitename),
        url=as_line(found.url),
        published=parse_date(found.date),
        language=parse_language(language[1]) if language else None,
    ).over(about_of({key: value for key, value in linked.items() if key != "name"}))
    cut = bool(walled or WALL.search(text[-400:])) and words < 4 * WHOLE
    return draft(blob, data, text, about=about, media_type="text/html", encoding=encoding, name=name, cut=cut)


def _see_that_it_is_an_article(blob: Blob, text: str, source: str, words: int, *, walled: bool) -> None:
    """See whether a page has an article.

    Raises:
        UnreadableArticle: if it has none.
    """
    visible = text + re.sub(r"(?s)<script.*?</script>|<style.*?</style>|<[^>]*>", " ", source)[:20_000]
    if words < WHOLE and (walled or WALL.search(visible)):
        raise blob.unreadable("is behind a paywall", "save the whole article, or hand in its text")
    if words < FEWEST * 3 and CONSENT.search(visible):
        raise blob.unreadable(
            "asks for consent, or for a person, before it shows an article", "save the article itself"
        )
    if words < FEWEST:
        raise blob.unreadable("has no article on it", "leave it out, or hand in the article's text")


def _linked_data(source: str) -> dict[str, Any]:
    """What the page says of its article in JSON-LD; empty if nothing."""
    waiting: list[Any] = []
    for script in LINKED_DATA.finditer(source):
        try:
            waiting.append(json.loads(script[1]))
        except (ValueError, RecursionError):
            continue
    while waiting:
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting.extend(thing[:50])
        elif isinstance(thing, dict):
            kinds = thing.get("@type")
            if any(
                isinstance(kind, str) and NEWS.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                return thing
            waiting.extend(thing[key] for key in ("@graph", "mainEntity") if key in thing)
    return {}
