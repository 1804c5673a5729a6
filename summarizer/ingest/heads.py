"""What is said about an article: names of fields that people use, dates as they write them, front matter, sidecars."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from summarizer.ingest.found import About, Blob, parts_of
from summarizer.text import flatten, hide_logins

NAMES: dict[str, Sequence[str]] = {
    "title": ("title", "headline", "name", "head", "heading", "subject"),
    "author": ("author", "authors", "byline", "creator", "dccreator", "writer"),
    "publisher": (
        "publisher sitename site outlet source sourcename publication newspaper provider media feed domain hostname"
    ).split(),
    "url": ("url", "canonicalurl", "canonical", "link", "href", "permalink", "sourceurl", "articleurl", "uri"),
    "published": (
        "published publishedat datepublished publicationdate publishdate publisheddate pubdate publishtime "
        "publishedtime firstpublished date datetime timestamp time created createdat seendate dateline"
    ).split(),
    "language": ("language", "lang", "inlanguage", "locale"),
}
"""Names of fields that stand for each thing known of an article, best first; case, `_` and `-` don't count."""

KNOWN = "title, author, publisher, url, published, language"


def fold_key(key: str) -> str:
    """A field's name as it is looked up.

    >>> fold_key("Published_At") == fold_key("publishedAt")
    True
    """
    return re.sub(r"[\W_]", "", key).lower()


def about_of(fields: Mapping[str, Any]) -> About:
    """What fields say of an article, under whatever names; what can't be understood says nothing."""
    folded = {fold_key(str(key)): value for key, value in fields.items()}

    def first(kind: str) -> Any:
        return next((folded[name] for name in NAMES[kind] if folded.get(name)), None)

    url = as_line(first("url"))
    return About(
        title=as_line(first("title")),
        author=as_line(first("author")),
        publisher=as_line(first("publisher")),
        url=url if parts_of(url).scheme in ("http", "https") else None,
        published=next((day for name in NAMES["published"] if (day := parse_date(folded.get(name)))), None),
        language=parse_language(as_line(first("language"))),
    )


def as_line(value: Any) -> str | None:
    """A field's value as one line, without a URL's login: of a list all, of an object its name."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "title", "@id", "url", "href") if value.get(key)), None)
    if isinstance(value, (list, tuple)):
        value = ", ".join(filter(None, map(as_line, value)))
    return (flatten(hide_logins(str(value))) or None) if isinstance(value, (str, int, float)) else None


def parse_language(value: str | None) -> str | None:
    """A BCP 47 tag, of whatever names a language so; None if it is none.

    >>> parse_language("pt_BR"), parse_language("English")
    ('pt-BR', None)
    """
    tag = (value or "").replace("_", "-").split(".")[0]
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) else None


def parse_date(value: Any) -> date | None:
    """The day that a value names, as written there; None if it names none, or one of two.

    ISO 8601 and its relatives, the dates of mail and feeds, seconds and milliseconds since
    1970, and dates in words of any language that dateparser knows. `3/4/2031` names the 3rd
    of April or the 4th of March.

    >>> parse_date("2031-05-12 23:30:00+02:00"), parse_date("Mon, 12 May 2031 08:00:00 GMT")
    (datetime.date(2031, 5, 12), datetime.date(2031, 5, 12))
    >>> parse_date("3/4/2031") is None
    True
    """
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_seconds(float(value))
    return _of_words(flatten(value)) if isinstance(value, str) else None


def _of_words(text: str) -> date | None:
    """The day that a text names."""
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text):
        return _of_seconds(float(text))
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(text).date()
        except (ValueError, IndexError):
            continue
    return _in_words(text)


def _of_seconds(seconds: float) -> date | None:
    """The day of a time since 1970, in seconds or milliseconds, in UTC."""
    try:
        moment = datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.date() if moment.year > 1980 else None


def _in_words(text: str) -> date | None:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    day_or_month = re.match(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}", text)
    if day_or_month and numbers[0] <= 12 and numbers[1] <= 12 and numbers[0] != numbers[1] and "." not in text[:3]:
        return None
    if len(text) > 60 or not re.search(r"\d{4}", text):
        return None
    from dateparser import parse  # 0.3 s, and few dates need it

    settings: Any = {"STRICT_PARSING": True, "RETURN_AS_TIMEZONE_AWARE": False}
    if re.match(r"\d{1,2}\.", text):
        settings["DATE_ORDER"] = "DMY"
    found = parse(text, settings=settings)
    # "12 men 2031" is read as 12 months ago; what is not written there would depend on today's date.
    return found.date() if found and {found.year, found.day} <= set(numbers) else None


# --------------------------------------------------------------------- front matter, sidecars


def front_matter(blob: Blob, text: str) -> tuple[About, str]:
    """Part front matter from text. Dashed lines around anything but known fields are text.

    Raises:
        UnreadableArticle: if it is not YAML, or a date in it is none.
    """
    handler = YAMLHandler()
    if not handler.detect(text):
        return About(), text
    try:
        head, body = handler.split(text)
        given = yaml.load(head, yaml.BaseLoader)  # noqa: S506 - it makes strings, lists and dicts, and nothing else
    except ValueError:
        return About(), text
    except (yaml.YAMLError, RecursionError) as error:
        reason = f"its front matter is not YAML ({flatten(str(error))})"
        raise blob.unreadable(reason, f"front matter may give {KNOWN}") from error
    if not isinstance(given, dict) or not any(fold_key(str(key)) in names() for key, value in given.items() if value):
        return About(), text
    return stated(blob, given, "front matter"), body.lstrip("\r\n")


def sidecar(blob: Blob, meta: Blob) -> About:
    """What `NAME.meta.json` says of the file beside it.

    Raises:
        UnreadableArticle: if it is no JSON object of known fields.
    """
    try:
        given = json.loads(meta.read())
    except (ValueError, RecursionError) as error:
        raise blob.unreadable(f"{meta.name} is not JSON ({flatten(str(error))})", f"it may give {KNOWN}") from error
    if not isinstance(given, dict):
        raise blob.unreadable(f"{meta.name} is no JSON object", f"it may give {KNOWN}")
    return stated(blob, given, meta.name)


def stated(blob: Blob, given: Mapping[str, Any], where: str) -> About:
    """What a desk states, which has to be understood: fields that are nobody's are let be.

    Raises:
        UnreadableArticle: if a known field is no plain text, or a date in it is none.
    """
    for key, value in given.items():
        if value and fold_key(str(key)) in names() and isinstance(value, (list, dict)) and fold_key(key) != "authors":
            raise blob.unreadable(f"{key} in its {where} is no plain text", "write it on one line")
    dates = {key: value for key, value in given.items() if value and fold_key(str(key)) in NAMES["published"]}
    for key, value in dates.items():
        if parse_date(value) is None:
            raise blob.unreadable(f"{key}: {value!r} is not a date", "write it as YYYY-MM-DD, or leave it out")
    return about_of(given)


def names(kinds: Iterable[str] = NAMES) -> set[str]:
    """All names of these kinds of field."""
    return {name for kind in kinds for name in NAMES[kind]}
