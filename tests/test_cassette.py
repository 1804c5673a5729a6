"""Cassettes: whole files, found by what was asked, with nobody's secrets in them."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Settings, brief
from summarizer.cassette import Cassette, CassetteTransport, Stamp, canonical, fingerprint, load_recording, stamped
from summarizer.errors import BrokenRecording, InvalidSettings, MissingRecording
from summarizer.testing import Answered, Asked, Reply, ScriptedModel
from tests.conftest import HARBOUR, ROOT, answer_all, settings_for

Scripted = Callable[..., ScriptedModel]


def body(text: str = "hello", **more: Any) -> bytes:
    return json.dumps(
        {"model": "m", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": text}], **more}
    ).encode()


class Live(httpx2.AsyncBaseTransport):
    """Stands in for the network; says back what was asked."""

    def __init__(self, status: int = 200, said: dict[str, Any] | None = None) -> None:
        self.status, self.said, self.calls = status, said, 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        said: dict[str, Any] = {"id": "chatcmpl-secret", "object": "chat.completion", "echo": "dropped"}
        said |= {"model": str(len(request.content)), "choices": [{"message": {"tool_calls": [{"id": "call_secret"}]}}]}
        if self.said is not None:
            said = self.said
        return httpx2.Response(self.status, json=said)


def send(folder: Path, content: bytes, live: Live | None = None, path: str = "/v1/chat/completions") -> httpx2.Response:
    async def go() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=CassetteTransport(Cassette(folder), live)) as client:
            return await client.post(
                f"http://host.example{path}", content=content, headers={"authorization": "Bearer sk-planted"}
            )

    return asyncio.run(go())


STAMP = Stamp(
    prompt="extract",
    prompt_sha256="p" * 64,
    answer="ArticleNotes",
    schema_sha256="s" * 64,
    article="a.txt",
    article_sha256="a" * 64,
)


def test_what_was_recorded_is_replayed(tmp_path: Path) -> None:
    """The reply of a replay is the recorded one, and nobody is asked."""
    live = Live()
    recorded = send(tmp_path, body(), live)
    replayed = send(tmp_path, body())
    assert live.calls == 1
    assert replayed.json()["model"] == recorded.json()["model"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_canonical_bodies(value: Any) -> None:
    """Key order, blanks and nulls in objects don't count; anything else does."""
    raw = json.dumps({"b": value, "a": 1, "n": None})
    assert canonical(raw.encode()) == canonical(json.dumps({"a": 1, "b": value}, indent=3).encode())
    assert canonical(raw.encode()) != canonical(json.dumps({"a": 2, "b": value}).encode())


def test_pydantic_s_version_does_not_count() -> None:
    """A re-ask holds pydantic's error text, whose link names its version."""
    text = "1 error\n  wrong [value_error]\n    For more, visit https://errors.pydantic.dev/{}/v/value_error\nmend it"
    one, other = (canonical(body(text.format(version))) for version in ("2.12", "2.14"))
    assert one == other
    assert "mend it" in one


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [("GET", "/v1/x", "{}"), ("POST", "/v1/y", "{}"), ("POST", "/v1/x", '{"a":1}')],
)
def test_method_path_and_body_count(method: str, path: str, asked: str) -> None:
    """Two requests meet only if all three agree."""
    assert fingerprint("POST", "/v1/x", "{}") != fingerprint(method, path, asked)


def test_many_at_once_get_their_own(tmp_path: Path) -> None:
    """Fifty overlapping recordings, then fifty overlapping replays: each request gets its own reply."""

    async def go(live: Live | None) -> list[str]:
        async with httpx2.AsyncClient(transport=CassetteTransport(Cassette(tmp_path), live)) as client:
            texts = ["x" * n for n in range(50)]
            replies = await asyncio.gather(
                *(client.post("http://h/v1/chat/completions", content=body(t)) for t in texts)
            )
            return [reply.json()["model"] for reply in replies]

    recorded = asyncio.run(go(Live()))
    assert len(set(recorded)) == 50
    assert asyncio.run(go(None)) == recorded


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_faults_are_not_recorded(tmp_path: Path, status: int) -> None:
    """A cassette holds what a model said, not that it said nothing."""
    assert send(tmp_path, body(), Live(status)).status_code == status
    assert not list(tmp_path.glob("*.json"))


def test_recording_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """What is there isn't asked again."""
    live = Live()
    for _ in range(3):
        send(tmp_path, body("one"), live)
    send(tmp_path, body("two"), live)
    assert live.calls == 2


@pytest.mark.parametrize(
    "said",
    [{"error": "Incorrect key: Bearer sk-PLANTED"}, {"object": "chat.completion", "choices": []}, {"object": "list"}],
)
def test_only_completions_are_recorded(tmp_path: Path, said: dict[str, Any]) -> None:
    """A body that is no answer may hold anything, and would be replayed for ever: it is passed on, not kept."""
    assert send(tmp_path, body(), Live(said=said)).json() == said
    assert not list(tmp_path.glob("*.json"))


def test_live_and_replay_get_the_same(tmp_path: Path) -> None:
    """The recorder gets the reply without ids too, so that a re-ask that repeats it meets its recording."""
    recorded = send(tmp_path, body(), Live())
    assert recorded.json() == send(tmp_path, body()).json()
    assert "secret" not in recorded.text
    assert "secret" not in next(iter(tmp_path.glob("*.json"))).read_text()


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/v1/chat/completions", "/team-token/chat/completions"])
def test_the_server_s_own_path_does_not_count(tmp_path: Path, path: str) -> None:
    """What one server has under another path is the same request, and that path stands in no recording."""
    send(tmp_path, body(), Live(), path="/gateway-PLANTED/v1/chat/completions")
    assert send(tmp_path, body(), path=path).status_code == 200
    assert "PLANTED" not in next(iter(tmp_path.glob("*.json"))).read_text()


def test_the_same_asked_twice_at_once_is_asked_once(tmp_path: Path) -> None:
    """Two identical requests that overlap cost one, and get one reply."""
    live = Live()

    async def go() -> list[httpx2.Response]:
        async with httpx2.AsyncClient(transport=CassetteTransport(Cassette(tmp_path), live)) as client:
            return await asyncio.gather(
                *(client.post("http://h/v1/chat/completions", content=body()) for _ in range(5))
            )

    assert len({reply.text for reply in asyncio.run(go())}) == 1
    assert live.calls == 1


def test_a_replay_is_of_the_recorded_run(tmp_path: Path, scripted: Scripted) -> None:
    """Model, language and, where no article is dated, the day come from the recording."""
    day = datetime.date(2031, 1, 2)
    article = Article.of(HARBOUR, name="a")
    settings = settings_for(scripted(), record=tmp_path, model="openai/other", language="en-GB")
    recorded = brief(article, day=day, settings=settings)
    replayed = brief(article, settings=Settings(replay=tmp_path))
    assert replayed.model_dump_json() == recorded.model_dump_json()


def test_nobody_s_secrets(tmp_path: Path, scripted: Scripted) -> None:
    """Key, organisation, cookies and request ids of a recorded run stand in no file of it."""
    planted = {"set-cookie": "session=PLANTED1", "x-request-id": "PLANTED2", "openai-organization": "PLANTED3"}

    def reply(asked: Asked) -> Reply:
        answer = answer_all(asked)
        assert isinstance(answer, dict)
        return Answered(answer, headers=planted)

    with ScriptedModel(reply) as model:
        settings = settings_for(model, record=tmp_path, api_key="sk-PLANTED4")
        brief(Article.of(HARBOUR, name="a"), settings=settings)
        assert all(asked.headers["authorization"] == "Bearer sk-PLANTED4" for asked in model.asked)
    files = list(tmp_path.iterdir())
    assert len(files) > 2
    for path in files:
        assert "PLANTED" not in path.read_text()
        assert "127.0.0.1" not in path.read_text()


def test_a_miss_says_what_differs(tmp_path: Path) -> None:
    """A missing recording's error names the prompt, the nearest recording, the difference and the remedy."""
    with stamped(lambda: STAMP):
        send(tmp_path, body("The dam is full."), Live())
    changed = STAMP.model_copy(update={"article_sha256": "b" * 64})
    with stamped(lambda: changed), pytest.raises(MissingRecording) as caught:
        send(tmp_path, body("The dim is full."))
    message = str(caught.value)
    assert "prompt 'extract' for a.txt" in message
    assert "the article's text has changed" in message
    assert "request.messages[1].content, character 5" in message
    assert "The dam" in message
    assert "The dim" in message
    assert f"--record {tmp_path}" in message


def test_a_miss_in_an_empty_folder(tmp_path: Path) -> None:
    """Nothing recorded is said as such."""
    with pytest.raises(MissingRecording, match="no recordings at all"):
        send(tmp_path, body())


def test_replay_refuses_an_altered_article(day: str) -> None:
    """One character of one article changed: replay refuses, and says what differs."""
    from summarizer import load

    articles = list(load(ROOT / "examples" / day).articles)
    at = articles[0].text.index("water")
    text = articles[0].text[:at] + "W" + articles[0].text[at + 1 :]
    first = articles[0]
    articles[0] = Article.of(
        text,
        name=first.name,
        title=first.title,
        publisher=first.publisher,
        published=first.published,
        language=first.language,
    )
    with pytest.raises(MissingRecording, match=r"(?s)changed since it was recorded: .*Water") as caught:
        brief(articles, settings=Settings(replay=ROOT / "cassettes" / day))
    assert first.name in str(caught.value)
    assert "water" in str(caught.value)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        pytest.param(lambda text: text[: len(text) // 2], "not a recording", id="cut short"),
        pytest.param(lambda text: "{}", "not a recording", id="empty"),
        pytest.param(lambda text: text.replace("hello", "hullo"), "no longer hashes", id="request changed"),
    ],
)
def test_broken_recordings_are_named(tmp_path: Path, damage: Callable[[str], str], reason: str) -> None:
    """A recording that can't be trusted is an error with its path, not a wrong answer."""
    send(tmp_path, body(), Live())
    (path,) = tmp_path.glob("*.json")
    path.write_text(damage(path.read_text()))
    with pytest.raises(BrokenRecording, match=reason):
        send(tmp_path, body())


def test_recordings_are_vcr_files_with_a_stamp(tmp_path: Path) -> None:
    """Vcrpy itself can read a recording; the stamp stands in its metadata, and was not sent."""
    from vcr.persisters.filesystem import FilesystemPersister
    from vcr.serializers import jsonserializer

    live = Live()
    with stamped(lambda: STAMP):
        send(tmp_path, body(), live)
    (path,) = tmp_path.glob("*.json")
    requests, responses, *_ = FilesystemPersister.load_cassette(path, jsonserializer)
    assert json.loads(requests[0].body) == json.loads(canonical(body()))
    assert responses[0]["status"]["code"] == 200
    ours = load_recording(path)
    assert (ours.body.encode(), ours.reply) == (requests[0].body, responses[0]["body"]["string"])
    assert ours.stamp == STAMP
    assert path.name.startswith("extract-")


def test_record_and_replay_exclude_each_other(tmp_path: Path) -> None:
    """Both at once is a mistake, named before anything is read."""
    with pytest.raises(InvalidSettings, match="either record or replay"):
        brief(Article.of("Rain.", name="a"), settings=Settings(record=tmp_path, replay=tmp_path))


@pytest.mark.parametrize("kind", ["cut by length", "too long for the context"])
def test_what_was_read_in_parts_replays_in_parts(
    scripted: Callable[..., ScriptedModel], tmp_path: Path, kind: str
) -> None:
    """A run in which a reading had to be halved is recorded, refusal included, and replays to the same bytes."""
    from tests.newsroom import HALVED, answer, make_article, storm_settings

    def reply(asked: Asked) -> Reply:
        whole = asked.answer == "ArticleNotes" and "A part of the article" not in asked.user
        return HALVED[kind]({}) if whole else answer(asked)

    articles = [make_article(1), make_article(2)]
    recorded = brief(articles, settings=storm_settings(scripted(reply), record=tmp_path))
    assert recorded.problems == ()
    replayed = brief(articles, settings=Settings(replay=tmp_path))
    assert replayed.model_dump_json() == recorded.model_dump_json()


def test_a_replay_cuts_where_the_recording_did(scripted: Scripted, tmp_path: Path) -> None:
    """A long article recorded with a context and an answer's length of its own replays without naming them."""
    from tests.newsroom import answer, storm_settings
    from tests.test_limits import long_article

    article = long_article(40)
    limits = {"context": 8192, "max_output": 3200}
    model = scripted(answer)
    recorded = brief(article, settings=storm_settings(model, record=tmp_path, **limits))
    assert [asked.answer for asked in model.asked].count("ArticleNotes") > 10
    assert recorded.problems == ()
    assert brief(article, settings=Settings(replay=tmp_path)) == recorded
