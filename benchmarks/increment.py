"""One more article: what it costs a day that was read already.

    python -m benchmarks.increment

A day of 1,000 articles is briefed, then again with one more, with the journal of the first. A stub in a
process of its own answers after half a second, sixteen at once; articles and answers are those of the
tests (`tests.newsroom`). Tokens are estimated, as everywhere in the program; those of requests alone,
since the stub's answers cost nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.stub import Running, serving
from summarizer import Progress, Settings, brief
from summarizer.account import Account
from tests.newsroom import make_article

LATENCY = 0.5
BYTES = 4.0
"""Of a request's body, to a token: what English is estimated at."""


def run(count: int, stub: Running, workspace: Path) -> str:
    """Brief so many; returns a row's cells."""
    stub.seen(forget=True)
    stages: Counter[str] = Counter()
    account = Account()

    def listen(progress: Progress) -> None:
        nonlocal account
        account = progress.account
        stages[progress.stage] += 1

    settings = Settings(base_url=stub.base_url, api_key="any", concurrency=16, workspace=workspace)
    began = time.perf_counter()
    brief([make_article(number) for number in range(count)], settings=settings, listener=listen)
    seconds = time.perf_counter() - began
    seen = stub.seen()
    tokens = f"{seen.prompt_bytes / BYTES:,.0f}"
    return f"| {count:,} | {seen.requests:,} | {account.kept:,} | {tokens} | {seconds:.1f} s |"


def main() -> None:
    """Print a table, a row a run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.increment", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=1000, metavar="N", help="of the day before one more comes")
    count = parser.parse_args().articles
    print("| articles | calls | from the journal | prompt tokens | time |")
    print("|---:|---:|---:|---:|---:|")
    with serving(latency=LATENCY, answer="tests.newsroom:answer") as stub, tempfile.TemporaryDirectory() as folder:
        for articles in (count, count + 1, count + 1):
            print(run(articles, stub, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
