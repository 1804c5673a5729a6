"""Cassettes: every reply of a model kept in a folder, and served from there again.

A cassette is a folder with one VCR file an interaction, named by what was asked, written
whole or not at all as each reply completes. It works as an HTTP transport under the
provider's own client: recordings hold what went over the wire, and a replay runs the same
code as the live run. Only completions are kept, and the refusal of a prompt that is
too long, since the run goes on from it in parts; a fault that was retried is not something
the model said.

Requests meet their recordings by method, path and body. Bodies are compared as JSON with
keys sorted, nulls dropped, the version numbers in pydantic's error links removed and limits
on the answer's length left out (they change with what an endpoint allows, not with what is
asked), and are looked up by hash: vcrpy's own search compares each request with every
recording.
"""

from __future__ import annotations

import asyncio
import difflib
import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from summarizer.account import Account
from summarizer.errors import BrokenRecording, MissingRecording
from summarizer.files import write_atomically
from summarizer.models import Article
from summarizer.past import Past
from summarizer.settings import Settings
from summarizer.transport import current_call
from summarizer.verdict import plain_refusal

MANIFEST = "cassette.json"
PAST = "past.json"

M = TypeVar("M", bound=BaseModel)
KEPT_HEADERS = {"content-type": "application/json"}
"""All others may carry keys, cookies, organisations or request ids, on either side."""
KEPT_FIELDS = frozenset({"object", "created", "model", "choices", "usage"})
"""Of a chat completion; its id, system_fingerprint and providers' additions are dropped."""
HOST = "http://model.invalid"
"""Stands in for the host: which server answered is nobody's business but the recorder's."""

UNASKED = ("max_tokens", "max_completion_tokens")
"""Parameters of a request that bound its answer and don't change what is asked."""

PYDANTIC_LINK = re.compile(r"(https://errors\.pydantic\.dev/)[\d.]+(/v/)")
ENDPOINT = re.compile(r"^.*(?=/(?:chat/completions|responses)$)")
RECORDING = re.compile(r"[\w-]+-[0-9a-f]{16}\.json", re.ASCII)


class Stamp(BaseModel):
    """What a recording was asked for; written into the file only, never sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str
    prompt_sha256: str
    answer: str
    schema_sha256: str
    article: str | None = None
    article_sha256: str | None = None


class RecordedArticle(BaseModel):
    """An article of the run that filled a cassette."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str
    head_sha256: str
    """Of title, publisher, date and language, which the model is told as well."""
    read: bool = True
    """Whether any recording reads it: not if it adds nothing to its copies, or its story is only listed."""

    @classmethod
    def of(cls, article: Article, *, read: bool = True) -> RecordedArticle:
        """What a manifest keeps of an article."""
        head = "\0".join(map(str, (article.title, article.publisher, article.published, article.language)))
        return cls(
            name=article.name,
            sha256=article.sha256,
            head_sha256=hashlib.sha256(head.encode("utf-8", "replace")).hexdigest(),
            read=read,
        )


class Manifest(BaseModel):
    """Of the last whole run over a cassette: what was read, and which recordings it used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[str, ...]
    day: date
    model: str
    language: str
    context: int | None = None
    max_output: int | None = None
    """What decides in how many parts a long article is read; None: as by default."""
    topic: str | None = None
    max_stories: int | None = None
    min_reports: int | None = None
    """What decides which stories are told; None: as by default."""
    batch: bool | None = None
    """Whether it was asked by the batch endpoint, at its price."""
    articles: tuple[RecordedArticle, ...]
    recordings: tuple[str, ...]


OPTIONAL = ("context", "max_output", "topic", "max_stories", "min_reports", "batch")
"""Settings that a manifest has if they were given."""
RECORDED = ("model", "language", *OPTIONAL)
"""Settings that a replay takes from it."""

_stamp: ContextVar[Callable[[], Stamp | None]] = ContextVar("stamp", default=lambda: None)


@contextmanager
def stamped(stamp: Callable[[], Stamp | None]) -> Iterator[None]:
    """Stamp every interaction recorded inside; the stamp is made when one is."""
    token = _stamp.set(stamp)
    try:
        yield
    finally:
        _stamp.reset(token)


def canonical(body: bytes) -> str:
    """A request body in the form in which bodies are compared: equal if the same is asked."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items() if inner is not None}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        if isinstance(value, str) and "errors.pydantic.dev" in value:
            return PYDANTIC_LINK.sub(r"\1\2", value)
        return value

    try:
        asked = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    if isinstance(asked, dict):
        asked = {key: value for key, value in asked.items() if key not in UNASKED}
    return json.dumps(plain(asked), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(method: str, path: str, body: str) -> str:
    """16 hex digits of a request in canonical form."""
    return hashlib.sha256(f"{method} {path}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Recording:
    """One interaction, read from its file."""

    path: Path
    method: str
    url_path: str
    body: str
    status: int
    headers: Mapping[str, list[str]]
    reply: bytes
    stamp: Stamp | None


class Cassette:
    """A folder of recordings, looked up by what was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()
        self.changed: tuple[str, ...] = ()
        """Options, and names of articles, that aren't what they were when it was recorded."""
        self._index = {path.stem.rpartition("-")[2]: path for path in recording_files(folder)}

    @staticmethod
    def operation(path: str) -> str:
        """What is asked of an endpoint, wherever a server has it: its path with the part before cut to /v1."""
        return ENDPOINT.sub("/v1", path)

    def find(self, key: str) -> Recording | None:
        """The recording of the request of this fingerprint; None if there is none.

        Raises:
            BrokenRecording: if its file can't be read, or no longer holds that request.
        """
        if key not in self._index:
            return None
        recording = load_recording(self._index[key])
        if fingerprint(recording.method, recording.url_path, recording.body) != key:
            raise BrokenRecording(recording.path, "its request was changed: it no longer hashes to the file's name")
        self.used.add(recording.path.name)
        return recording

    def keep(self, method: str, path: str, body: str, *, status: int, content: str, stamp: Stamp | None) -> None:
        """Write one interaction, whole or not at all; `content` is the reply's body as it may be kept."""
        from vcr.request import Request as VcrRequest  # a quarter of a second, and only recording needs it
        from vcr.serialize import serialize
        from vcr.serializers import jsonserializer

        key = fingerprint(method, path, body)
        name = f"{stamp.prompt if stamp else 'request'}-{key}.json"
        request = VcrRequest(method, HOST + path, body, dict(KEPT_HEADERS))
        reply = {
            "status": {"code": status, "message": None},
            "headers": {header: [value] for header, value in KEPT_HEADERS.items()},
            "body": {"string": content},
        }
        metadata = {"stamp": stamp.model_dump(exclude_none=True)} if stamp else None
        recording = {"requests": [request], "responses": [reply], "metadata": metadata}
        write_atomically(self.folder / name, serialize(recording, jsonserializer))
        self._index[key] = self.folder / name
        self.used.add(name)

    def complete(
        self,
        *,
        paths: tuple[str, ...],
        day: date,
        settings: Settings,
        articles: Iterable[Article],
        past: Past | None = None,
    ) -> None:
        """Note down that a run went through, which recordings it used, and what stood before."""
        given = settings.model_fields_set
        stamps = [load_recording(self.folder / name).stamp for name in self.used]
        read = {stamp.article_sha256 for stamp in stamps if stamp}
        manifest = Manifest(
            paths=paths,
            day=day,
            model=settings.model,
            language=settings.language,
            **{name: getattr(settings, name) for name in OPTIONAL if name in given},
            articles=tuple(RecordedArticle.of(article, read=article.sha256 in read) for article in articles),
            recordings=tuple(sorted(self.used)),
        )
        if past is None:
            (self.folder / PAST).unlink(missing_ok=True)
        else:
            write_atomically(self.folder / PAST, past.model_dump_json(indent=1, exclude_defaults=True) + "\n")
        write_atomically(self.folder / MANIFEST, manifest.model_dump_json(indent=1, exclude_none=True) + "\n")

    def missing(self, method: str, path: str, body: str, stamp: Stamp | None) -> MissingRecording:
        """The error that says what was asked, what is nearest to it, and how to record it."""
        asked = f"prompt {stamp.prompt!r}" + (f" for {stamp.article}" if stamp.article else "") if stamp else path
        remedy = f"to record it: the same command with --record {self.folder} instead of --replay"
        changed = f"changed since it was recorded: {', '.join(self.changed)}\n  " if self.changed else ""
        return MissingRecording(asked, changed + self._nearest(body, stamp), remedy)

    def _nearest(self, body: str, stamp: Stamp | None) -> str:
        """Say how the most similar recording differs from `body`."""
        found = [load_recording(path) for path in self._index.values()]
        if not found:
            return f"{self.folder} holds no recordings at all"
        kin = [r for r in found if stamp and r.stamp and r.stamp.prompt == stamp.prompt]
        if stamp and not kin:
            return f"nothing was recorded for this prompt in {self.folder}"
        twins = [r for r in kin if stamp and r.stamp and r.stamp.article == stamp.article]
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(_user_text(body)[:20_000])

        def likeness(recording: Recording) -> float:
            matcher.set_seq1(_user_text(recording.body)[:20_000])
            return matcher.quick_ratio()

        nearest = max(twins or kin or found, key=likeness)
        reasons = []
        if stamp and nearest.stamp:
            if nearest.stamp.prompt_sha256 != stamp.prompt_sha256:
                reasons.append("the prompt template has changed")
            if nearest.stamp.schema_sha256 != stamp.schema_sha256:
                reasons.append("the answer's schema has changed")
            if nearest.stamp.article != stamp.article:
                reasons.append(f"it is of {nearest.stamp.article}")
            elif nearest.stamp.article_sha256 != stamp.article_sha256:
                reasons.append("the article's text has changed")
        where = _first_difference(json.loads(nearest.body), json.loads(body))
        why = f" ({'; '.join(reasons)})" if reasons else ""
        return f"nearest recording: {nearest.path.name}{why}\n  {where}"


class CassetteTransport(httpx2.AsyncBaseTransport):
    """Answers from a cassette; what isn't there is asked of `live` and kept, or refused if there is none."""

    def __init__(
        self, cassette: Cassette, live: httpx2.AsyncBaseTransport | None, account: Account | None = None
    ) -> None:
        self.cassette = cassette
        self.live = live
        self.account = account or Account()
        self._locks: dict[str, asyncio.Lock] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Serve one request.

        Raises:
            MissingRecording: if it was never recorded and there is no live transport.
        """
        method, path = request.method, self.cassette.operation(request.url.path)
        body = canonical(await request.aread())
        key = fingerprint(method, path, body)
        async with self._locks.setdefault(key, asyncio.Lock()):
            if recording := self.cassette.find(key):  # also if it was recorded while this waited
                self.account.replayed += 1
                headers = [(name, value) for name, values in recording.headers.items() for value in values]
                return httpx2.Response(recording.status, headers=headers, content=recording.reply, request=request)
            return await self._ask(request, method, path, body)

    async def _ask(self, request: httpx2.Request, method: str, path: str, body: str) -> httpx2.Response:
        """Ask what was never recorded, and keep the answer."""
        if self.live is None:
            raise self.cassette.missing(method, path, body, _stamp.get()())
        response = await self.live.handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        if response.is_success and (kept := _allowed(response.content, fingerprint(method, path, body))):
            self.cassette.keep(method, path, body, status=response.status_code, content=kept, stamp=_stamp.get()())
            # The client gets what a replay will give it, down to the ids, or a re-ask would differ.
            return httpx2.Response(response.status_code, headers=KEPT_HEADERS, content=kept.encode(), request=request)
        if (call := current_call()) and (refused := plain_refusal(response.status_code, response.content)):
            stamp, status = _stamp.get()(), response.status_code
            call.keep_refusal = lambda: self.cassette.keep(
                method, path, body, status=status, content=refused, stamp=stamp
            )
        # The body was decoded while it was read: what says how it was coded no longer holds.
        headers = [(k, v) for k, v in response.headers.multi_items() if k not in ("content-encoding", "content-length")]
        return httpx2.Response(response.status_code, headers=headers, content=response.content, request=request)

    async def aclose(self) -> None:
        """Close the live transport."""
        if self.live is not None:
            await self.live.aclose()


# ------------------------------------------------------------------------------- checking


@dataclass(frozen=True)
class Finding:
    """Something about a cassette that a replay of today's program would stumble over."""

    name: str
    kind: str
    """stale, unused or missing"""
    reason: str


def check_cassette(
    folder: Path, *, prompts: Mapping[str, str], schemas: Mapping[str, str], articles: Sequence[RecordedArticle]
) -> list[Finding]:
    """Hold a cassette's stamps against what is current, without any request.

    Args:
        folder: the cassette.
        prompts: sha256 of each template, by name.
        schemas: sha256 of each answer's JSON schema, by name of the answer.
        articles: name and sha256 of each article's text.

    Returns:
        What is stale (recorded for another template, schema or text), unused (the last whole
        run did without it) and missing (an article that was never read).

    Raises:
        BrokenRecording: if a file can't be read.
    """
    manifest = load_manifest(folder)
    current = {article.sha256 for article in articles}
    findings = []
    read = set()
    for path in recording_files(folder):
        stamp = load_recording(path).stamp
        if stamp is None:
            continue
        reason = None
        if manifest and path.name not in manifest.recordings:
            findings.append(Finding(path.name, "unused", "the last whole run did without it"))
            continue
        if prompts.get(stamp.prompt) != stamp.prompt_sha256:
            reason = f"prompt {stamp.prompt!r} has changed since"
        elif schemas.get(stamp.answer) != stamp.schema_sha256:
            reason = f"schema of {stamp.answer} has changed since"
        elif stamp.article_sha256 and stamp.article_sha256 not in current:
            reason = f"article {stamp.article} has changed since, or is gone"
        if reason:
            findings.append(Finding(path.name, "stale", reason))
        elif stamp.article_sha256:
            read.add(stamp.article_sha256)
    if manifest:
        heads = {(article.name, article.sha256): article.head_sha256 for article in manifest.articles}
        findings += [
            Finding(article.name, "stale", "its title, publisher, date or language has changed since")
            for article in articles
            if heads.get((article.name, article.sha256), article.head_sha256) != article.head_sha256
        ]
    passed = {article.sha256 for article in manifest.articles if not article.read} if manifest else set()
    findings += [
        Finding(article.name, "missing", "no current recording reads this article")
        for article in articles
        if article.sha256 not in read | passed
    ]
    return findings


def recording_files(folder: Path) -> list[Path]:
    """All recordings in a cassette, in order of name."""
    return sorted(path for path in folder.glob("*.json") if RECORDING.fullmatch(path.name) and path.name[0] != ".")


def load_recording(path: Path) -> Recording:
    """Read one interaction, from a file in vcrpy's format.

    Raises:
        BrokenRecording: if it isn't one.
    """
    try:
        data = json.loads(path.read_bytes())
        (interaction,) = data["interactions"]
        request, response = interaction["request"], interaction["response"]
        stamp = data.get("metadata", {}).get("stamp")
        return Recording(
            path=path,
            method=request["method"],
            url_path=httpx2.URL(request["uri"]).path,
            body=request["body"],
            status=response["status"]["code"],
            headers=response["headers"],
            reply=response["body"]["string"].encode(),
            stamp=Stamp.model_validate(stamp) if stamp else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenRecording(path, f"is not a recording ({type(error).__name__}: {error})") from error


def load_manifest(folder: Path) -> Manifest | None:
    """The note of the last whole run; None if there was none."""
    return _load(folder / MANIFEST, Manifest, "a cassette's manifest")


def load_past(folder: Path) -> Past | None:
    """What stood before the day whose run is kept here; None if nothing did."""
    return _load(folder / PAST, Past, "what stood before a day")


def _load(path: Path, kind: type[M], what: str) -> M | None:
    """A model from its file; None if there is none."""
    try:
        return kind.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise BrokenRecording(path, f"is not {what}: {error}") from error


def changed_since(manifest: Manifest, settings: Settings, articles: Iterable[Article]) -> tuple[str, ...]:
    """Options that were given otherwise, and names of articles that had another text, title, publisher or date."""
    defaults = {name: type(settings).model_fields[name].default for name in OPTIONAL}
    then_given = {name: getattr(manifest, name) or defaults[name] for name in OPTIONAL}
    options = [f"--{name.replace('_', '-')}" for name in OPTIONAL if getattr(settings, name) != then_given[name]]
    then = {(article.name, article.sha256, article.head_sha256) for article in manifest.articles}
    known = {article.name for article in manifest.articles}
    now = map(RecordedArticle.of, articles)
    changed = (a.name for a in now if a.name in known and (a.name, a.sha256, a.head_sha256) not in then)
    return (*options, *changed)


def record_command(folder: Path, manifest: Manifest | None) -> str:
    """What to type to record what is missing in a cassette: what its last whole run was started with."""
    if manifest is None:
        return f"summarizer brief PATH… --record {shlex.quote(str(folder))}"
    words = ["summarizer", "brief", *manifest.paths, "--model", manifest.model]
    words += ["--language", manifest.language] if manifest.language != "en" else []
    for name in OPTIONAL:
        if value := getattr(manifest, name):
            words += [f"--{name.replace('_', '-')}", *([] if value is True else [str(value)])]
    words += ["--no-archive"] if (folder / PAST).exists() else []  # or it would be compared with one's own
    return shlex.join([*words, "--record", str(folder)])


def _allowed(content: bytes, key: str) -> str | None:
    """A completion without what could tell who asked; None for any other body, which may hold anything."""
    try:
        body = json.loads(content)
    except ValueError:
        return None
    if not isinstance(body, dict) or body.get("object") != "chat.completion" or not body.get("choices"):
        return None
    kept = {name: value for name, value in body.items() if name in KEPT_FIELDS}
    for choice in kept["choices"]:
        for number, call in enumerate((choice.get("message") or {}).get("tool_calls") or (), 1):
            call["id"] = f"call_{key}_{number}"
    return json.dumps({"id": f"recorded-{key}", **kept}, ensure_ascii=False)


def _user_text(body: str) -> str:
    """The messages of a request after the first, which differ from request to request."""
    try:
        messages = json.loads(body)["messages"]
        return "\n".join(str(message.get("content")) for message in messages[1:])
    except (ValueError, KeyError, TypeError, AttributeError):
        return body


def _first_difference(recorded: Any, asked: Any, path: str = "request") -> str:
    """Say where two JSON values part."""
    if isinstance(recorded, dict) and isinstance(asked, dict):
        for key in sorted({*recorded, *asked}):
            if recorded.get(key) != asked.get(key):
                return _first_difference(recorded.get(key), asked.get(key), f"{path}.{key}")
    if isinstance(recorded, list) and isinstance(asked, list):
        for position, (one, other) in enumerate(zip(recorded, asked, strict=False)):
            if one != other:
                return _first_difference(one, other, f"{path}[{position}]")
        return f"{path}: recorded with {len(recorded)} entries, asked with {len(asked)}"
    if isinstance(recorded, str) and isinstance(asked, str):
        pairs = enumerate(zip(recorded, asked, strict=False))
        at = next((i for i, (one, other) in pairs if one != other), min(len(recorded), len(asked)))
        start = max(0, at - 30)
        one, other = recorded[start : at + 30], asked[start : at + 30]
        return f"{path}, character {at}: recorded …{one!r}…, asked …{other!r}…"
    return f"{path}: recorded {str(recorded)[:80]!r}, asked {str(asked)[:80]!r}"
