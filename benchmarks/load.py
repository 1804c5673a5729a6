"""How near a run comes to the least time it could take, and what memory it needs.

    python -m benchmarks.load

A scripted model in a process of its own answers after half a second. The least time for n
readings, sixteen at once, is then ceil(n / 16) half seconds. Held against it is the time,
as the model has it, from the first request to the last reading's answer; start-up before
it, and merging and writing after it, are given apart. Memory is the process's peak (its
resident set), for runs of 200 and of 2,000 articles, each in a fresh process.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import resource
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection

from summarizer.testing import Answered, Asked, Reply, ScriptedModel
from tests.newsroom import answer

AT_ONCE = 16
LATENCY = 0.5


def serve(latency: float, pipe: Connection) -> None:
    """Answer until the other side hangs up."""
    arrivals: list[float] = []

    def reply(asked: Asked) -> Reply:
        if asked.answer == "ArticleNotes":
            arrivals.append(time.perf_counter())
        return Answered(content=answer(asked), delay=latency)

    with ScriptedModel(reply) as model:
        model.asked = _Forgetful()  # a server that keeps all requests would need the memory, and the time
        pipe.send(model.base_url)
        pipe.recv()
        pipe.send(arrivals[-1] + latency - arrivals[0])


class _Forgetful(list[Asked]):
    """Takes everything and keeps nothing."""

    def append(self, asked: Asked) -> None:
        """Forget it."""


def measure(count: int, base_url: str) -> dict[str, float]:
    """Brief a day of so many articles: seconds of the whole run, and peak memory in MB."""
    began = time.perf_counter()
    from summarizer import Settings, brief
    from tests.newsroom import make_article

    articles = [make_article(number) for number in range(count)]
    settings = Settings(base_url=base_url, api_key="any", concurrency=AT_ONCE)
    brief(articles, settings=settings)
    whole = time.perf_counter() - began
    return {"whole": whole, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def in_process(count: int, base_url: str) -> dict[str, float]:
    """`measure` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.load", str(count), base_url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run(count: int, latency: float) -> dict[str, float]:
    """`in_process` against a model of so much latency, itself in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=serve, args=(latency, theirs), daemon=True)
    server.start()
    try:
        found = in_process(count, ours.recv())
        ours.send("done")
        return found | {"reading": ours.recv()}
    finally:
        server.terminate()


def main() -> None:
    """Print a table, a row a run."""
    if len(sys.argv) == 3:
        threading.stack_size(256 * 1024)
        print(json.dumps(measure(int(sys.argv[1]), sys.argv[2])))
        return
    print("| articles | latency | least | reading | ratio | start-up, merging, writing | peak memory |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for count, latency in ((200, LATENCY), (2000, LATENCY)):
        found = run(count, latency)
        least = math.ceil(count / AT_ONCE) * latency
        print(
            f"| {count:,} | {latency:g} s | {least:.1f} s | {found['reading']:.2f} s | {found['reading'] / least:.2f} "
            f"| {found['whole'] - found['reading']:.1f} s | {found['peak']:.0f} MB |",
            flush=True,
        )


if __name__ == "__main__":
    main()
