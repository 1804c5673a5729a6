"""A scripted model, for tests of what is built on this package: a server that answers as it is told.

>>> from summarizer import Article, Settings, brief
>>> def reply(asked: Asked) -> Reply:
...     if asked.answer == "ArticleNotes":
...         event = {"what": "Rain fell on Monday.", "cites": [1], "status": "past"}
...         return {"language": "en", "machine_translated": False, "events": [event]}
...     line = {"text": "Rain fell", "cites": ["E1"]}
...     return {"headline": line, "bottom_line": [line]}
>>> with ScriptedModel(reply) as model:
...     settings = Settings(base_url=model.base_url, api_key="any")
...     briefing = brief(Article.of("Rain fell on Monday.", name="a.txt"), settings=settings)
>>> briefing.events[0].evidence[0].quote, [asked.answer for asked in model.asked]
('Rain fell on Monday.', ['ArticleNotes', 'Summary'])

It speaks the OpenAI chat completions protocol on loopback, so the whole way down to the
wire is tested, faults included. Recorded replies of a real model are the other way to test
without a key: see `Settings.replay`.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from pydantic import BaseModel


@dataclass(frozen=True)
class Asked:
    """One request as the server got it."""

    number: int
    """Counts from 0, in order of arrival."""
    answer: str
    """Name of the answer type that is wanted: ArticleNotes, Groups, …"""
    system: str
    user: str
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def reasked(self) -> bool:
        """Whether an earlier answer came back to be mended."""
        return len(self.body["messages"]) > 2


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How a reply goes over the wire."""

    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the reply."""
    cut: int | None = None
    """Close the connection after so many bytes of the body; None: send all of it."""
    stall: float = 0.0
    """Seconds to wait, with the connection open, after the bytes of `cut`."""
    drip: float = 0.0
    """Seconds between one byte and the next."""
    reset: bool = False
    """Reset the connection where it would be closed."""


@dataclass(frozen=True)
class Fault(Sent):
    """A reply that is not an answer."""

    status: int = 500
    body: bytes = b'{"error": {"message": "scripted fault"}}'
    hang_up: bool = False
    """Close the connection without a word."""


@dataclass(frozen=True)
class Answered(Sent):
    """An answer with what surrounds it spelled out."""

    content: Mapping[str, Any] | BaseModel | str
    """A string is sent as it is, however broken, where the structured answer goes."""
    finish_reason: str = "stop"
    input_tokens: int = 100
    output_tokens: int = 10
    prose: bool = False
    """Send the content as what the model says, not as its structured answer."""
    refusal: str | None = None
    """Send this as the model's refusal, and no answer."""


Reply = Mapping[str, Any] | BaseModel | Answered | Fault


class ScriptedModel:
    """An OpenAI-compatible server on loopback whose every reply comes from a function."""

    def __init__(self, reply: Callable[[Asked], Reply], *, model: str = "scripted") -> None:
        self.reply = reply
        self.model = model
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self.stopped = threading.Event()
        self._under_way = 0
        self._lock = threading.Lock()
        self.error: Exception | None = None
        """What the script itself raised, if it did; raised again when the server stops."""
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": self}))

    @property
    def base_url(self) -> str:
        """Where it listens, as `Settings.base_url` wants it."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        # A short poll: the default of half a second is what every test would wait at its end.
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        if self.error is not None:
            raise self.error

    def serve(self, body: dict[str, Any], headers: Mapping[str, str]) -> Sent:
        """What to reply to one request; keeps it in `asked`."""
        messages = body["messages"]
        with self._lock:
            asked = Asked(
                number=len(self.asked),
                answer=body["tools"][0]["function"]["name"],
                system=messages[0]["content"],
                user=messages[1]["content"],
                body=body,
                headers=headers,
            )
            self.asked.append(asked)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            reply = self.reply(asked)
            sent = reply if isinstance(reply, Sent) else Answered(reply)
            self.stopped.wait(sent.delay) if sent.delay else None
            return sent
        except Exception as error:
            self.error = error
            return Fault(400, body=json.dumps({"error": {"message": f"the script raised {error!r}"}}).encode())
        finally:
            with self._lock:
                self._under_way -= 1

    def completion(self, answered: Answered, tool: str) -> bytes:
        """The body of a chat completion that carries an answer."""
        content = answered.content
        if isinstance(content, BaseModel):
            content = content.model_dump_json(exclude_defaults=True)
        arguments = content if isinstance(content, str) else json.dumps(content)
        message: dict[str, Any] = {"role": "assistant", "content": None}
        if answered.refusal is not None:
            message["refusal"] = answered.refusal
        elif answered.prose:
            message["content"] = arguments
        else:
            call = {"id": "call_1", "type": "function", "function": {"name": tool, "arguments": arguments}}
            message["tool_calls"] = [call]
        usage = {"prompt_tokens": answered.input_tokens, "completion_tokens": answered.output_tokens}
        return json.dumps(
            {
                "id": "chatcmpl-scripted",
                "object": "chat.completion",
                "created": 0,
                "model": self.model,
                "choices": [{"index": 0, "message": message, "finish_reason": answered.finish_reason}],
                "usage": {**usage, "total_tokens": answered.input_tokens + answered.output_tokens},
            }
        ).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """A client that hung up is no error of the server's."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or the body waits 40 ms for the client to acknowledge the head
    wbufsize = -1
    script: ScriptedModel

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.script.serve(body, {name.lower(): value for name, value in self.headers.items()})
        if isinstance(reply, Fault):
            if reply.hang_up:
                self._end(reply)
            else:
                self._send(reply.status, reply.body, reply)
        elif isinstance(reply, Answered):
            tool = body["tools"][0]["function"]["name"]
            self._send(200, self.script.completion(reply, tool), reply)

    def _send(self, status: int, payload: bytes, how: Sent) -> None:
        self.send_response(status)
        sent = {"content-type": "application/json", "content-length": str(len(payload)), **how.headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        first = payload[: how.cut]
        if how.drip:
            for byte in first:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.script.stopped.wait(how.drip):
                    return
        self.wfile.write(first if not how.drip else b"")
        self.wfile.flush()
        if how.cut is not None:
            self.script.stopped.wait(how.stall) if how.stall else None
            self._end(how)

    def _end(self, how: Sent) -> None:
        """Close the connection, or reset it."""
        self.close_connection = True
        if how.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())  # at once, and not when the handler lets go of its files

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
