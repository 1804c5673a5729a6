"""What a very large day takes, reckoned from what was measured of small ones and from a price list.

    python -m benchmarks.scale [ARTICLES …]      # 1000000 100000000

Nothing is measured here. Each figure it starts from is a constant below, with the benchmark that gave it; prices
are those that `genai-prices` lists.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import genai_prices

MODEL = "gpt-4.1-mini"
DAY = 86_400
PEAK = 3
"""The busiest hour over the average one. An assumption."""
SPEED = 100
"""Tokens of an answer a second. An assumption: it is the model's."""

READ = 61 / 69
"""Articles that are read whole, the others being copies: of 69 real ones (docs/reading.md)."""
STABLE = 2_669
"""Prompt tokens that all readings begin with (`benchmarks.spend`)."""
OWN = (3_751 - 2_669) / 4.536 * 6
"""Prompt tokens of an article of 6 kB (`benchmarks.spend`, at 4.5 kB)."""
ANSWER = 1_905
"""Answer tokens of a reading (`benchmarks.spend`)."""
LATER_IN, LATER_OUT = 1.29, 0.32
"""Tokens of all that follows, for each token of a reading's answer: the mean of three days (`benchmarks.answers`)."""
LATER_CALLS = 72 / 1_000
"""Questions besides the readings, an article (`benchmarks.increment`)."""
CPU = 0.0045
"""Seconds of one core that a reading takes (`benchmarks.peers`)."""
SIFT = (280.7 + 74.7) / 100_000
"""Seconds of one core to find copies and what is about one thing (`benchmarks.stories`)."""
HELD = 35e3
"""Bytes that a run holds of each article that it has read (docs/performance.md)."""
KEPT = 8.8e3
"""Bytes of an answer in the journal, with its row (docs/scale.md)."""


@dataclass(frozen=True)
class Load:
    """A day of so many articles, all of it told."""

    articles: int

    @property
    def read(self) -> float:
        """Articles that are asked about."""
        return self.articles * READ

    @property
    def cached(self) -> float:
        """Prompt tokens that a provider's cache may have."""
        return self.read * STABLE

    @property
    def fresh(self) -> float:
        """Prompt tokens that it can't have."""
        return self.read * (OWN + LATER_IN * ANSWER)

    @property
    def answered(self) -> float:
        """Answer tokens."""
        return self.read * ANSWER * (1 + LATER_OUT)

    def cost(self, *, cache: bool) -> float:
        """US dollars at list prices."""
        used = genai_prices.Usage(
            input_tokens=round(self.cached + self.fresh),
            cache_read_tokens=round(self.cached) if cache else 0,
            output_tokens=round(self.answered),
        )
        return float(genai_prices.calc_price(used, MODEL, provider_id="openai").total_price)

    def rows(self) -> list[tuple[str, str]]:
        """What it takes, in words and figures."""
        second = self.read / DAY
        return [
            ("questions", f"{self.read * (1 + LATER_CALLS) / 1e6:,.2f} M"),
            (
                "prompt tokens, of them in reach of a cache",
                f"{(self.cached + self.fresh) / 1e9:,.1f} G, {self.cached / 1e9:,.1f} G",
            ),
            ("answer tokens", f"{self.answered / 1e9:,.1f} G"),
            (f"{MODEL} at list prices, nothing cached", f"${self.cost(cache=False):,.0f}"),
            ("the same, all cached that can be", f"${self.cost(cache=True):,.0f}"),
            ("the same by batch, at half the price, nothing cached", f"${self.cost(cache=False) / 2:,.0f}"),
            (f"readings a second, on average and at {PEAK} times that", f"{second:,.0f}, {PEAK * second:,.0f}"),
            (f"requests under way then, at {SPEED} tokens a second", f"{PEAK * second * ANSWER / SPEED:,.0f}"),
            (
                "prompt and answer tokens a minute then",
                f"{PEAK * 60 * (self.cached + self.fresh + self.answered) / DAY / 1e6:,.0f} M",
            ),
            ("cores busy with reading then", f"{PEAK * second * CPU:,.1f}"),
            ("hours of one core to find copies and stories", f"{self.articles * SIFT / 3600:,.1f}"),
            ("memory of it all in one run", f"{self.read * HELD / 1e9:,.0f} GB"),
            ("journal, a day", f"{self.read * KEPT / 1e9:,.0f} GB"),
        ]


def table(loads: list[Load]) -> str:
    """A column a day."""
    columns = [load.rows() for load in loads]
    lines = ["| | " + " | ".join(f"{load.articles / 1e6:,g} M articles" for load in loads) + " |"]
    lines.append("|---|" + "---:|" * len(loads))
    rows = zip(*columns, strict=True)
    lines += [f"| {cells[0][0]} | {' | '.join(value for _, value in cells)} |" for cells in rows]
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table([Load(int(argument)) for argument in sys.argv[1:] or ("1000000", "100000000")]))


if __name__ == "__main__":
    main()
