"""Chat completions of an OpenAI-compatible endpoint: what openai's client knows, and none of what it costs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2
import instructor
import openai
from openai.types.chat import ChatCompletion
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json


class Completions:
    """An OpenAI-compatible endpoint, asked for completions as `client.chat.completions.create` does.

    That walks each request by its declared types, copies it, and puts URL and headers together anew, which
    costs more than sending it; and it imports all that OpenAI offers, which takes 0.4 s. Where to ask and as
    whom is the client's; a reply is its `ChatCompletion`, and a refusal its `APIStatusError`.
    """

    def __init__(self, client: openai.AsyncOpenAI, http: httpx2.AsyncClient, model: str) -> None:
        self.model = model
        self._http = http
        self._url = client.base_url.join("chat/completions")
        given = {"Authorization": f"Bearer {client.api_key}", **client.default_headers}
        said = {name: value for name, value in given.items() if isinstance(value, str)}
        self._headers = http.build_request("POST", self._url, headers=said).headers
        del self._headers["content-length"]
        self._waits = {"timeout": http.timeout.as_dict()}

    async def ask(
        self, form: type[BaseModel], messages: list[dict[str, str]], bound: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What instructor would ask first, and the reply's JSON."""
        return await self._post({"messages": messages, "model": self.model, **bound, **tool_of(form)})

    async def create(self, **request: Any) -> ChatCompletion:
        """What instructor asks by; a completion that was had already is the first that it gets."""
        had = _had.get()
        if had is not None and not had.taken:
            had.taken = True
            return had.completion
        return ChatCompletion.construct(**await self._post(request))

    async def _post(self, request: Mapping[str, Any]) -> dict[str, Any]:
        sent = httpx2.Request(
            "POST", self._url, headers=self._headers, content=_as_json(request), extensions=self._waits
        )
        reply = await self._http.send(sent)
        if not reply.is_success:
            raise _refused(reply)
        found: dict[str, Any] = json.loads(reply.content)
        return found


@dataclass
class _Had:
    """A completion that instructor has not seen yet."""

    completion: ChatCompletion
    taken: bool = False


_had: ContextVar[_Had | None] = ContextVar("had", default=None)


@contextmanager
def having(completions: Sequence[ChatCompletion]) -> Iterator[None]:
    """Have instructor begin with a completion, if there is one: it says what is wrong with it, and asks again."""
    token = _had.set(_Had(completions[0]) if completions else None)
    try:
        yield
    finally:
        _had.reset(token)


@cache
def tool_of(form: type[BaseModel]) -> Mapping[str, Any]:
    """How a request says what is to be filled in, as instructor writes it."""
    schema = instructor.generate_openai_schema(form)
    choice = {"type": "function", "function": {"name": schema["name"]}}
    return {"tools": [{"type": "function", "function": schema}], "tool_choice": choice}


def _as_json(request: Mapping[str, Any]) -> bytes:
    try:
        return to_json(request)
    except PydanticSerializationError:  # half a character, which a model can say, and has to be told of
        return json.dumps(request).encode()


def _refused(reply: httpx2.Response) -> openai.APIStatusError:
    """A reply that is no completion, as the client has it."""
    try:
        body = json.loads(reply.content)
        message = f"Error code: {reply.status_code} - {body}"
    except ValueError:
        body = reply.text.strip()
        message = body or f"Error code: {reply.status_code}"
    return openai.APIStatusError(
        message, response=reply, body=body.get("error", body) if isinstance(body, dict) else body
    )
