"""How long a briefing takes to print, how many sheets it has and how heavy it is; and the same by Chromium.

    python -m benchmarks.paper                   # the example day, and 400 items of 100 articles
    python -m benchmarks.paper --no-chromium

The big day is that of `benchmarks.page`. Seconds are of a processor for WeasyPrint, of a clock for Chromium, which
works in processes of its own and prints the page (`render_page(printed=True)`).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import pypdfium2

from benchmarks.page import big_day
from summarizer.models import Briefing
from summarizer.page import render_page
from summarizer.page.paper import print_engine, render_pdf
from tests import chromium
from tests.conftest import DAYS, replayed


def by_weasyprint(briefing: Briefing) -> tuple[float, bytes]:
    """Seconds, and the file."""
    begun = time.process_time()
    made = render_pdf(briefing)
    return time.process_time() - begun, made


def by_chromium(briefing: Briefing) -> tuple[float, bytes]:
    """Seconds, and the file."""
    with tempfile.TemporaryDirectory() as folder, chromium.running() as browser:
        place = Path(folder) / "page.html"
        place.write_text(render_page(briefing, printed=True), "utf-8", newline="")
        begun = time.perf_counter()
        page = browser.new_page()
        page.goto(place.as_uri())
        made = page.pdf(prefer_css_page_size=True, tagged=True, outline=True, print_background=True)
        return time.perf_counter() - begun, made


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--scale", type=float, default=2.5, help="times 200 items and 40 articles (2.5)")
    parser.add_argument("--no-chromium", action="store_true", help="WeasyPrint alone")
    options = parser.parse_args()
    print_engine()  # to import it is no part of printing
    ways = {"WeasyPrint": by_weasyprint} | ({} if options.no_chromium else {"Chromium": by_chromium})
    print("| day | items | by | sheets | kB | seconds |\n|---|---:|---|---:|---:|---:|")
    for name, briefing in {"example day": replayed(DAYS[1]), "big day": big_day(options.scale)[0]}.items():
        things = len(briefing.items) + len(briefing.disputes)
        for way, make in ways.items():
            took, made = make(briefing)
            sheets = len(pypdfium2.PdfDocument(made))
            print(f"| {name} | {things} | {way} | {sheets} | {len(made) / 1000:,.0f} | {took:.1f} |", flush=True)


if __name__ == "__main__":
    main()
