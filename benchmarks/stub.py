"""A model that costs next to nothing: an OpenAI-compatible server on loopback, in a process of its own.

    python -m benchmarks.stub --latency 0.5 --core 0 --content notes.json
    python -m benchmarks.stub --latency 0.5 --answer tests.newsroom:answer

It prints its base URL, and answers every chat completion after the latency: with the content of a
file, always the same; or with what a function of the request returns, as `summarizer.testing` has
it (`Asked` in, a mapping out). The answer goes where the request asks for it: into a call of its
tool, or, where it names none, into the message's text. GET /seen says what came, as JSON (`Seen`);
DELETE /seen forgets it. What `summarizer.testing.ScriptedModel` does besides, faults of every kind,
isn't here: this one is for thousands of requests a second.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic, process_time
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
USAGE = {"prompt_tokens": 2000, "completion_tokens": 500, "total_tokens": 2500}
"""What every reply says that it took; not counted."""

Respond = Callable[[int, dict[str, Any]], bytes]
"""Makes the body of a reply of a request's number, from 0, and its body."""


@dataclass
class Seen:
    """What came."""

    requests: int = 0
    prompt_bytes: int = 0
    """Of the requests' bodies."""
    repeated: int = 0
    """Requests whose body had come before, byte for byte."""
    most_at_once: int = 0
    """Requests that waited for their reply at the same time."""
    first: float = 0.0
    """When the first came, in seconds of `time.monotonic`, which all processes of a machine share."""
    last: float = 0.0
    """When the last came."""
    replied: float = 0.0
    """When the last reply went out."""
    cpu: float = 0.0
    """Seconds that the stub itself took for it."""


class Stub:
    """What all connections share: how to answer, and what came."""

    def __init__(self, respond: Respond, latency: float) -> None:
        self.respond = respond
        self.latency = latency
        self.seen = Seen()
        self.began = process_time()
        self.under_way = 0
        self._bodies: set[int] = set()

    def take(self, body: bytes) -> bytes:
        """Count a request, and make its reply."""
        seen, now = self.seen, monotonic()
        seen.first, seen.last = seen.first or now, now
        number, seen.requests = seen.requests, seen.requests + 1
        seen.prompt_bytes += len(body)
        self._bodies.add(hash(body))
        seen.repeated = seen.requests - len(self._bodies)
        self.under_way += 1
        seen.most_at_once = max(seen.most_at_once, self.under_way)
        return whole(self.respond(number, json.loads(body)))

    def leave(self) -> None:
        """Count a reply that went out."""
        self.under_way -= 1
        self.seen.replied = monotonic()

    def forget(self) -> None:
        """Begin to count anew."""
        self.seen, self.began = Seen(), process_time()
        self._bodies.clear()


class Connection(asyncio.Protocol):
    """One client's connection, kept open; one request after the other."""

    def __init__(self, stub: Stub) -> None:
        self.stub = stub
        self._transport: asyncio.Transport
        self._buffer = bytearray()
        self._needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what came, and answer each request that is whole."""
        self._buffer += data
        while len(self._buffer) >= self._needed:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._buffer[:end])
            length = LENGTH.search(head)
            self._needed = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < self._needed:
                return
            body = bytes(self._buffer[end + 4 : self._needed])
            del self._buffer[: self._needed]
            self._needed = 0
            self._answer(head.split(b" ", 2), body)

    def _answer(self, line: list[bytes], body: bytes) -> None:
        """Answer one request: at once what it has seen, after the latency all else."""
        if line[1] == b"/seen":
            if line[0] == b"DELETE":
                self.stub.forget()
            seen = replace(self.stub.seen, cpu=process_time() - self.stub.began)
            self._transport.write(whole(json.dumps(asdict(seen)).encode()))
            return
        reply = self.stub.take(body)
        if self.stub.latency:
            asyncio.get_running_loop().call_later(self.stub.latency, self._send, reply)
        else:
            self._send(reply)

    def _send(self, reply: bytes) -> None:
        self.stub.leave()
        if not self._transport.is_closing():
            self._transport.write(reply)


def whole(body: bytes) -> bytes:
    """A reply as it goes over the wire."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(body) + body


def tool_of(body: Mapping[str, Any]) -> str | None:
    """The tool that a request wants called: the one that it chooses, else its first; None: it has none."""
    chosen, tools = body.get("tool_choice"), body.get("tools")
    if isinstance(chosen, dict):
        return str(chosen["function"]["name"])
    return str(tools[0]["function"]["name"]) if tools else None


def completion(content: str, tool: str | None) -> bytes:
    """The body of a chat completion that carries an answer."""
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if tool is not None:
        call = {"id": "call_1", "type": "function", "function": {"name": tool, "arguments": content}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": "stop" if tool is None else "tool_calls"}
    reply = {"id": "chatcmpl-stub", "object": "chat.completion", "created": 0, "model": "stub"}
    return json.dumps(reply | {"choices": [choice], "usage": USAGE}).encode()


def always(content: str) -> Respond:
    """The same answer to everything."""
    made: dict[str | None, bytes] = {}

    def respond(_: int, body: dict[str, Any]) -> bytes:
        tool = tool_of(body)
        if tool not in made:
            made[tool] = completion(content, tool)
        return made[tool]

    return respond


def by(name: str) -> Respond:
    """What a function makes of each request; it is named MODULE:FUNCTION."""
    from summarizer.testing import Asked

    module, _, function = name.partition(":")
    answer = getattr(importlib.import_module(module), function)

    def respond(number: int, body: dict[str, Any]) -> bytes:
        messages, tool = body["messages"], tool_of(body)
        asked = Asked(number, tool or "", messages[0]["content"], messages[-1]["content"], body, {})
        return completion(json.dumps(answer(asked)), tool)

    return respond


# ------------------------------------------------------------------------- from another process


@dataclass(frozen=True)
class Running:
    """A stub in a process of its own."""

    address: str

    @property
    def base_url(self) -> str:
        """Where a client finds it."""
        return f"{self.address}/v1"

    def seen(self, *, forget: bool = False) -> Seen:
        """What came so far; if it is to forget that, what there is then: nothing."""
        request = urllib.request.Request(f"{self.address}/seen", method="DELETE" if forget else "GET")
        with urllib.request.urlopen(request, timeout=30) as reply:
            return Seen(**json.load(reply))


@contextmanager
def serving(
    *, latency: float = 0.0, content: Path | None = None, answer: str | None = None, core: int | None = None
) -> Iterator[Running]:
    """A stub, for as long as the block lasts.

    Args:
        latency: seconds before each reply.
        content: file whose text is every answer.
        answer: MODULE:FUNCTION that makes each answer; one of both has to be given.
        core: the one that it is to keep to; None: any.
    """
    command = [sys.executable, "-m", "benchmarks.stub", "--latency", str(latency)]
    command += ["--content", str(content)] if content else ["--answer", str(answer)]
    command += ["--core", str(core)] if core is not None else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)
    try:
        assert process.stdout
        line = process.stdout.readline().strip()
        if not line:
            raise RuntimeError("the stub didn't start; what it says is above")
        yield Running(line.removesuffix("/v1"))
    finally:
        process.terminate()
        process.wait()


async def serve(respond: Respond, latency: float, port: int) -> None:
    """Answer until the process is ended."""
    stub = Stub(respond, latency)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(stub), "127.0.0.1", port, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve on loopback."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stub", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="before each reply (0)")
    parser.add_argument("--port", type=int, default=0, help="to listen on (any that is free)")
    parser.add_argument("--core", type=int, metavar="N", help="the one to keep to (any)")
    answers = parser.add_mutually_exclusive_group(required=True)
    answers.add_argument("--content", type=Path, metavar="FILE", help="its text is every answer")
    answers.add_argument("--answer", metavar="MODULE:FUNCTION", help="makes each answer")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    respond = by(options.answer) if options.answer else always(options.content.read_text(encoding="utf-8"))
    asyncio.run(serve(respond, options.latency, options.port))


if __name__ == "__main__":
    main()
