"""Records: JSON, JSON lines and CSV, an article a record, under whatever names their fields have."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from summarizer.errors import UnreadableArticle
from summarizer.ingest.decode import decode, mend
from summarizer.ingest.drafts import draft
from summarizer.ingest.found import LARGEST, Blob, Found, Link
from summarizer.ingest.heads import about_of, fold_key
from summarizer.ingest.pages import page_draft
from summarizer.text import flatten

TEXTS = (
    "text body content articlebody fulltext maintext articletext article rawtext contenttext story paragraphs bodytext"
).split()
"""Names of fields that hold an article's text, best first; as in `heads.NAMES`, case, `_` and `-` don't count."""
PAGES = "html contenthtml bodyhtml rawhtml pagehtml".split()
"""Names of fields that hold a page."""
LISTS = "articles items results data docs documents records hits entries response".split()
"""Names of fields that hold a list of articles."""
INNER = ("_source", "article", "attributes", "fields")
"""Names of fields that hold the record itself."""


def read_json(blob: Blob) -> Iterator[Found]:
    """The articles of a JSON file: one, a list, or what search engines and news services answer with."""
    data = blob.read()
    text, _ = decode(blob, data)
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n{" in text.strip():  # lines, under the wrong name
            yield from read_lines(blob)
            return
        raise blob.unreadable(f"is not JSON ({flatten(str(error))[:100]})", "mend it, or leave it out") from error
    if isinstance(given, dict) and "jsonfeed.org" in str(given.get("version")):
        yield from _json_feed(blob, given)
        return
    if isinstance(given, dict) and {"provenance", "side_stories", "sources"} <= set(given):
        blob.pass_over_briefing()
        return
    records = _records(given)
    if not records:
        raise blob.unreadable("holds no list of articles", "give a list of objects, or one, each with a text")
    for number, record in enumerate(records, 1):
        yield from read_record(blob, record, str(number) if len(records) > 1 else None)


def read_lines(blob: Blob) -> Iterator[Found]:
    """The articles of a file with a JSON object on every line; a broken line costs itself alone."""
    with blob.open() as file:
        number = 0
        while line := file.readline(LARGEST + 1):
            number += 1
            if len(line) > LARGEST:
                raise blob.unreadable(f"line {number} is larger than {LARGEST:,} bytes", "leave that line out")
            if not line.strip():
                continue
            inside = Blob(f"{blob.place}#{number}", line, about=blob.about)
            try:
                text, _ = decode(inside, line)
                yield from read_record(blob, json.loads(text), str(number))
            except (ValueError, RecursionError) as error:
                yield inside.unreadable(f"is not JSON ({flatten(str(error))[:100]})", "mend or remove the line")
            except UnreadableArticle as error:
                yield error
    if not number:
        raise blob.unreadable("is empty", "leave it out")


def read_csv(blob: Blob) -> Iterator[Found]:
    """The articles of a table whose first row names the columns; parted by commas, semicolons, tabs or bars."""
    data = blob.read()
    text, _ = decode(blob, data)
    csv.field_size_limit(LARGEST)
    first = text.split("\n", 1)[0]
    comma = max(",;\t|", key=first.count)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
        if not rows.fieldnames:
            raise blob.unreadable("is empty", "leave it out")
        for number, row in enumerate(rows, 2):
            yield from read_record(blob, {key: value for key, value in row.items() if key}, str(number))
    except csv.Error as error:
        raise blob.unreadable(f"is not CSV ({flatten(str(error))})", "mend it, or save it anew") from error


def read_record(blob: Blob, record: Any, number: str | None) -> Iterator[Found]:
    """The article that a record is, or the link that it gives."""
    for inner in INNER:
        if isinstance(record, dict) and isinstance(record.get(inner), dict):
            record = {**record, **record[inner]}
    place = f"{blob.place}#{number}" if number else blob.place
    inside = Blob(place, b"", about=blob.about)
    if not isinstance(record, dict):
        yield inside.unreadable(f"is no object, but {type(record).__name__}", "give an object with a text")
        return
    folded = {fold_key(str(key)): value for key, value in record.items()}
    about = about_of(record)
    id = folded.get("id") or folded.get("guid") or folded.get("uuid")
    label = flatten(str(id)) if isinstance(id, (str, int)) and id else number
    name = f"{blob.name}#{label}" if label else blob.name
    data = json.dumps(record, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    text = next((found for key in TEXTS if (found := _text(folded.get(key)))), None)
    page = next((folded[key] for key in PAGES if isinstance(folded.get(key), str) and folded[key].strip()), None)
    if text and _is_page(text):
        page, text = page or text, None
    if text:
        yield draft(inside, data, mend(text), about=about, media_type="application/json", decoded=text, name=name)
    elif page:
        try:
            yield page_draft(inside, data, page, "utf-8", name=name).told(about)
        except UnreadableArticle as error:
            yield error
    elif about.url and not any(key in folded for key in (*TEXTS, *PAGES)):
        yield Link(about.url, about)
    else:
        fields = ", ".join(map(str, record)) or "none"
        yield inside.unreadable(
            f"has no text; its fields are {flatten(fields)[:200]}",
            f"name the text's field one of {', '.join(TEXTS[:4])}",
        )


def _records(given: Any) -> list[Any]:
    """The records that a JSON value holds."""
    if isinstance(given, list):
        return given
    if not isinstance(given, dict):
        return []
    folded = {fold_key(str(key)): value for key, value in given.items()}
    if any(_text(folded.get(key)) for key in (*TEXTS, *PAGES)):
        return [given]
    for key in LISTS:
        if found := _records(folded.get(key)):
            return found
    return [given] if folded and not any(key in folded for key in LISTS) else []


def _text(value: Any) -> str | None:
    """A field's value as text: of a list of paragraphs, a line each. None if it is none."""
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        value = "\n".join(value)
    return value if isinstance(value, str) and value.strip() else None


def _is_page(text: str) -> bool:
    """Whether a field that should hold text holds HTML."""
    start = text.lstrip()[:200].lower()
    return start.startswith(("<!doctype", "<html", "<p", "<div", "<article", "<h1", "<body")) and "</" in text


def _json_feed(blob: Blob, feed: Mapping[str, Any]) -> Iterator[Found]:
    """The items of a JSON Feed: those with their text as articles, others as links."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise blob.unreadable("is a feed without items", "leave it out")
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            item.setdefault("publisher", feed.get("title"))
            item.setdefault("language", feed.get("language"))
            if not item.get("authors") and (author := item.get("author") or feed.get("authors")):
                item["authors"] = author
        yield from read_record(blob, item, str(number))
