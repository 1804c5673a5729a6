"""CPU time that the cassette layer takes for each replayed call, at growing numbers of recordings.

    python -m benchmarks.replay [1000 2000 4000]

Records as many calls as asked, through the transport that a run uses, with bodies of the
size of the example's, then replays them all. Measured is the process's CPU time over all
replayed calls, and over the same calls answered by a transport that does nothing else, in
the same process and run; the difference is the cassette layer's. Fingerprints of bodies are
part of it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

import httpx2

from summarizer.cassette import Cassette, CassetteTransport, load_recording, recording_files

ROOT = Path(__file__).parent.parent


class Canned(httpx2.AsyncBaseTransport):
    """Answers every request alike, at once."""

    def __init__(self, reply: bytes) -> None:
        self.reply = reply

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The reply."""
        await request.aread()
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=self.reply)


async def seconds(transport: httpx2.AsyncBaseTransport, bodies: list[bytes]) -> float:
    """CPU seconds that it takes to send all bodies."""
    async with httpx2.AsyncClient(transport=transport) as client:
        start = time.process_time()
        for body in bodies:
            (await client.post("http://model.invalid/v1/chat/completions", content=body)).json()
        return time.process_time() - start


def main() -> None:
    """Print a table, a row for each number of recordings."""
    sizes = [int(arg) for arg in sys.argv[1:]] or [1000, 2000, 4000]
    sample = max((load_recording(p) for p in recording_files(ROOT / "cassettes/2031-05-12")), key=lambda r: len(r.body))
    print(f"request {len(sample.body):,} bytes, reply {len(sample.reply):,} bytes\n")
    print("| recordings | opening the cassette, ms | CPU a call, ms | without cassette, ms | cassette layer, ms |")
    print("|---:|---:|---:|---:|---:|")
    for size in sizes:
        request = json.loads(sample.body)
        bodies = []
        for number in range(size):
            request["messages"][1]["content"] = f"{number} {json.loads(sample.body)['messages'][1]['content']}"
            bodies.append(json.dumps(request).encode())
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            asyncio.run(seconds(CassetteTransport(Cassette(folder), Canned(sample.reply)), bodies))
            start = time.process_time()
            cassette = Cassette(folder)
            opening = time.process_time() - start
            replayed = asyncio.run(seconds(CassetteTransport(cassette, None), bodies)) / size * 1000
            bare = asyncio.run(seconds(Canned(sample.reply), bodies)) / size * 1000
        print(f"| {size} | {opening * 1000:.1f} | {replayed:.2f} | {bare:.2f} | {replayed - bare:.2f} |")


if __name__ == "__main__":
    main()
