"""A batch endpoint on loopback: takes files and batches as OpenAI's does, and fails as it is told."""

from __future__ import annotations

import email
import email.policy
import json
import re
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from summarizer import Settings
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests.newsroom import answer

HANG_UP = 0
"""In place of a status: close the connection without a word."""
STEPS = ("upload", "create", "list", "look", "fetch")

Meddle = Callable[[str, str], int | None]
"""Told a step of the protocol, and whether it is "before" or "after" the server did it; a status fails the request."""


class BatchServer:
    """Works off batches, each when it was looked at often enough; a script answers their requests."""

    def __init__(
        self,
        reply: Callable[[Asked], Reply] = answer,
        *,
        looks: int = 1,
        ends: Iterable[str] = (),
        most: int = 50_000,
        meddle: Meddle | None = None,
        model: str = "scripted",
    ) -> None:
        """Make a server; it begins with the `with` block.

        Args:
            reply: the script.
            looks: after how many a batch has ended.
            ends: how one batch after another ends; those after them are completed. "expired" and "cancelled"
                leave the second half unanswered, "gone" is a batch that nobody knows any more.
            most: requests that fit into its queue; a batch with which there would be more fails.
            meddle: may fail any request.
            model: what answers.
        """
        self.model = ScriptedModel(reply, model=model)
        self.looks, self.ends, self.most, self.meddle = looks, iter(ends), most, meddle
        self.lines: list[list[dict[str, Any]]] = []
        """What was submitted, batch by batch, those that failed included."""
        self.direct = 0
        """Completions that were asked for without a batch."""
        self.headers: list[dict[str, str]] = []
        self.noise: list[bytes] = []
        """Lines that stand before the replies in each file of them."""
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.cancelled: set[str] = set()
        self._looked: dict[str, int] = {}
        self._lock = threading.RLock()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": self}))

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self.model.__enter__()
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.model.__exit__()

    @property
    def submitted(self) -> list[str]:
        """The custom ids of all requests, in order."""
        return [line["custom_id"] for lines in self.lines for line in lines]

    # ------------------------------------------------------------------ what it does

    def upload(self, content: bytes) -> dict[str, Any]:
        """Take a file."""
        with self._lock:
            id = f"file-{len(self.files)}"
            self.files[id] = content
            return {"id": id, "object": "file", "bytes": len(content), "purpose": "batch"}

    def create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take a batch."""
        assert asked["endpoint"] == "/v1/chat/completions"
        assert asked["completion_window"] == "24h"
        with self._lock:
            lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
            assert len({line["custom_id"] for line in lines}) == len(lines)
            queued = sum(
                batch["request_counts"]["total"] for batch in self.batches.values() if batch["status"] == "in_progress"
            )
            self.lines.append(lines)
            batch = {
                "id": f"batch_{len(self.batches)}",
                "object": "batch",
                "status": "in_progress",
                "created_at": 2_000_000_000 + len(self.batches),
                "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
                "metadata": asked["metadata"],
                "end": next(self.ends, "completed"),
                "lines": lines,
            }
            self.batches[batch["id"]] = batch
            if queued + len(lines) > self.most:
                limit = "Enqueued token limit reached for scripted. Limit: 2,000,000 enqueued tokens."
                batch |= {"status": "failed", "errors": {"data": [{"code": "token_limit_exceeded", "message": limit}]}}
            elif batch["end"].startswith("failed: "):
                wrong = {"code": "invalid_request", "message": batch["end"][len("failed: ") :]}
                batch |= {"status": "failed", "errors": {"data": [wrong]}}
            return shown(batch)

    def look(self, id: str) -> dict[str, Any] | None:
        """A batch, worked off if it was looked at often enough."""
        with self._lock:
            batch = self.batches.get(id)
            if batch is None or batch["end"] == "gone":
                return None
            self._looked[id] = self._looked.get(id, 0) + 1
            if batch["status"] == "in_progress" and self._looked[id] > self.looks:
                self._work_off(batch)
            return shown(batch)

    def _work_off(self, batch: dict[str, Any]) -> None:
        lines, end = batch["lines"], batch["end"]
        count = len(lines) if end == "completed" else len(lines) // 2
        good, bad = list(self.noise), list(self.noise)
        for line in reversed(lines[:count]):  # in no order that anybody could rely on
            response = self._reply(line["body"])
            told = {"id": "batch_req_1", "custom_id": line["custom_id"], "response": response, "error": None}
            (good if response["status_code"] == 200 else bad).append(json.dumps(told).encode())
        for line in lines[count:]:
            error = {"code": f"batch_{end}", "message": f"This request was not executed: the batch {end}."}
            told = {"id": "batch_req_1", "custom_id": line["custom_id"], "response": None, "error": error}
            bad.append(json.dumps(told).encode())
        batch["status"] = end
        batch["request_counts"] |= {"completed": len(good), "failed": len(bad)}
        for name, found in (("output_file_id", good), ("error_file_id", bad)):
            if found:
                batch[name] = self.upload(b"\n".join(found))["id"]

    def _reply(self, body: dict[str, Any]) -> dict[str, Any]:
        sent = self.model.serve(body, {})
        if isinstance(sent, Fault):
            return {"status_code": sent.status, "request_id": "r", "body": json.loads(sent.body)}
        assert isinstance(sent, Answered)
        completion = self.model.completion(sent, body["tools"][0]["function"]["name"])
        return {"status_code": 200, "request_id": "r", "body": json.loads(completion)}

    def page(self, after: str | None) -> dict[str, Any]:
        """Batches, newest first, two at a time."""
        with self._lock:
            listed = list(reversed(self.batches.values()))
            start = next((i + 1 for i, batch in enumerate(listed) if batch["id"] == after), 0)
            data = [shown(batch) for batch in listed[start : start + 2]]
            return {"object": "list", "data": data, "has_more": start + 2 < len(listed)}


def shown(batch: dict[str, Any]) -> dict[str, Any]:
    """A batch as it is told of."""
    return {name: value for name, value in batch.items() if name not in ("end", "lines")}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client that hung up is no error of the server's."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    script: BatchServer

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if match := re.fullmatch(r"/v1/files/([^/]+)/content", url.path):
            found = self.script.files.get(unquote(match[1]))
            self._step("fetch", lambda: found)
        elif url.path == "/v1/batches":
            self._step("list", lambda: self.script.page(parse_qs(url.query).get("after", [None])[0]))
        elif match := re.fullmatch(r"/v1/batches/([^/]+)", url.path):
            id = unquote(match[1])
            self._step("look", lambda: self.script.look(id))
        else:
            self._send(404, {"error": {"message": f"no such path: {url.path}"}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.script.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.path == "/v1/files":
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            parts = email.message_from_bytes(head + body, policy=email.policy.HTTP)
            named = {part.get_param("name", header="content-disposition"): part for part in parts.iter_parts()}
            assert named["purpose"].get_content().strip() == "batch"
            content = named["file"].get_payload(decode=True)
            assert isinstance(content, bytes)
            self._step("upload", lambda: self.script.upload(content))
        elif self.path == "/v1/batches":
            self._step("create", lambda: self.script.create(json.loads(body)))
        else:
            self.script.direct += 1
            self._send(500, {"error": {"message": "ask by batch"}})

    def _step(self, step: str, do: Callable[[], dict[str, Any] | bytes | None]) -> None:
        meddle = self.script.meddle or (lambda step, when: None)
        fault = meddle(step, "before")
        if fault is None:
            done = do()
            fault = meddle(step, "after")
        if fault == HANG_UP:
            self.close_connection = True
        elif fault is not None:
            self._send(fault, {"error": {"message": "scripted fault"}})
        elif done is None:
            self._send(404, {"error": {"message": "there is no such thing"}})
        else:
            self._send(200, done)

    def _send(self, status: int, told: dict[str, Any] | bytes) -> None:
        payload = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


def batch_settings(server: BatchServer, /, **changes: Any) -> Settings:
    """Settings of a run by batch, with short waits."""
    given = {"batch": True, "attempts": 3, "longest_wait": 0.02, "timeout": 60} | changes
    return Settings(base_url=server.base_url, api_key="sk-batch-0123456789", **given)
