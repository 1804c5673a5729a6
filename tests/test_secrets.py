"""Secrets: planted wherever a run could pick them up, and searched for wherever it could put them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer import Progress, Settings, brief
from summarizer.cli import main
from summarizer.errors import SummarizerError
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests.newsroom import PASSING, answer, make_article, storm_settings

Scripted = Callable[..., ScriptedModel]
KEY = "sk-PLANTED-0123456789"
PASSWORD = "PLANTED-password"
OTHER = "PLANTED-other-provider"

ECHO = f"Incorrect API key provided: {KEY} (Bearer {KEY}); org {OTHER}; login {PASSWORD}"
FAULTS: dict[str, Reply] = {
    "echoed in a 401": Fault(401, body=b'{"error": {"message": "%s"}}' % ECHO.encode()),
    "echoed in a 400": Fault(400, body=b'{"error": {"message": "%s"}}' % ECHO.encode()),
    "echoed in a 503": Fault(503, body=b'{"error": {"message": "%s"}}' % ECHO.encode()),
    "echoed in a 404's page": Fault(404, body=f"<html>{ECHO}</html>".encode()),
    "echoed in headers": Fault(500, headers={"x-request-key": KEY, "set-cookie": KEY}),
    "echoed in a refusal": Answered(content={}, refusal=ECHO),
    "echoed in broken JSON": Answered(content=f'{{"language": "{ECHO}'),
    "echoed in an unknown field": Answered(content={"language": "en", "machine_translated": False, "secret": ECHO}),
    "hang up": Fault(hang_up=True),
}


def planted(settings: Settings) -> Settings:
    """Settings with a key, and a login in the base URL."""
    url = (settings.base_url or "").replace("http://", f"http://user:{PASSWORD}@")
    return settings.model_copy(update={"base_url": url})


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of other providers are in the environment too."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", OTHER)


def files(folder: Path) -> bytes:
    """Every byte of every file in a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", FAULTS)
def test_keys_are_nowhere(
    kind: str, scripted: Scripted, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever fails and however it is worded: no key in log, error, traceback, cassette, journal or briefing."""
    caplog.set_level(logging.DEBUG, logger="summarizer")
    caplog.set_level(logging.DEBUG, logger="instructor")

    def reply(asked: Asked) -> Reply:
        hit = "Paper 1\n" in asked.user or (asked.answer == "Summary" and not asked.reasked)
        return FAULTS[kind] if hit else answer(asked)

    model = scripted(reply)
    articles = [make_article(number) for number in range(4)]
    shown: list[str] = []
    for folder in ({"workspace": tmp_path / "ws"}, {"record": tmp_path / "tape"}):
        seen: list[Progress] = []
        settings = planted(storm_settings(model, attempts=2, reasks=1, **folder)).model_copy(update={"api_key": None})
        settings = Settings(**settings.model_dump(exclude={"api_key"}), api_key=KEY)
        try:
            briefing = brief(articles, settings=settings, listener=seen.append)
            shown.append(briefing.model_dump_json())
        except SummarizerError as error:
            shown.append("".join(traceback.format_exception(error)))
        shown += [repr(settings), seen[-1].account.summary() if seen else ""]
    shown += [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    shown += list(capfd.readouterr())
    for secret in (KEY, PASSWORD, OTHER):
        assert secret not in "\n".join(shown)
        assert secret.encode() not in files(tmp_path)


def test_keys_are_not_printed(
    scripted: Scripted, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the command line print one, with --verbose and everything going wrong that can."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("SUMMARIZER_LONGEST_WAIT", "0")
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(make_article(number).text)
    faults = iter([*PASSING.values()][:12])

    def reply(asked: Asked) -> Reply:
        make = next(faults, None)
        return make(answer(asked)) if make else FAULTS["echoed in a 401"]

    url = scripted(reply).base_url.replace("http://", f"http://user:{PASSWORD}@")
    assert main(["brief", str(tmp_path), "--base-url", url, "--verbose", "--timeout", "2"]) == 1
    out, err = capfd.readouterr()
    assert "check the API key" in err
    for secret in (KEY, PASSWORD, OTHER):
        assert secret not in out + err


def test_logs_name_requests_and_never_what_is_in_them(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    """Every request is logged by id, article and prompt; nothing that an article or a model says is."""
    caplog.set_level(logging.DEBUG, logger="summarizer")
    article = make_article(1)
    model = scripted(lambda asked: Fault(503) if asked.number == 0 else answer(asked))
    brief(article, settings=storm_settings(model))
    events = [(record.getMessage(), getattr(record, "fields", {})) for record in caplog.records]
    reading = [(event, fields) for event, fields in events if fields.get("prompt") == "extract"]
    assert [event for event, _ in reading] == ["sent", "reply", "again", "sent", "reply", "answered"]
    assert {fields["article"] for _, fields in reading} == {article.name}
    assert len({fields["call"] for _, fields in reading}) == 1
    assert reading[2][1]["fault"] == "503"
    said = " ".join(str(fields) for _, fields in events)
    assert not any(word in said for word in ("minister", "barges", "reopen", "demand that"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"api_key": "sk-PLANTED\n0123456789"}, "characters that no key has", id="a key with a line break"),
        pytest.param({"api_key": "sk-PLANTED-é-0123456789"}, "characters that no key has", id="a key with an accent"),
        pytest.param({"base_url": f"user:{PASSWORD}@host/v1"}, "must begin with http", id="URL without scheme"),
        pytest.param({"base_url": f"http://user:{PASSWORD}@[::1"}, "must begin with http", id="broken URL"),
        pytest.param({"base_url": f"http://user:{PASSWORD}@host:abc/v1"}, "must begin with http", id="broken port"),
    ],
)
def test_settings_that_can_t_be_used_are_not_repeated(given: dict[str, Any], message: str) -> None:
    """A key or URL that is refused is not in the message."""
    with pytest.raises(SummarizerError, match=message) as caught:
        brief(make_article(0), settings=Settings(**{"api_key": KEY} | given))
    shown = "".join(traceback.format_exception(caught.value))
    assert "PLANTED" not in shown


@pytest.mark.parametrize("proxy", [f"user:{PASSWORD}@127.0.0.1:9", f"socks9://user:{PASSWORD}@127.0.0.1:9"])
def test_a_proxy_s_login_is_not_repeated(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that can't be used or reached is an error without its login."""
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(SummarizerError) as caught:
        brief(make_article(0), settings=Settings(base_url="http://model.example/v1", api_key=KEY, attempts=1))
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
