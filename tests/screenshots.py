"""Screenshots of the second example day's page for the docs: `python -m tests.screenshots`, or `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from summarizer.page import render_page
from tests import chromium
from tests.conftest import DAYS, ROOT, read_day, replayed

FOLDER = ROOT / "docs/pictures"
Scheme = Literal["light", "dark"]
SHOTS: dict[str, tuple[int, int, Scheme, str, str]] = {
    "page-light": (1280, 900, "light", "", ""),
    "page-dark": (1280, 900, "dark", "", ""),
    "demands-light": (1280, 900, "light", "#demands", ""),
    "evidence-light": (1280, 900, "light", "#D4", "#D4 > .open .evidence"),
    "phone-light": (390, 844, "light", "#demands", ""),
    "phone-dark": (390, 844, "dark", "#demands", ""),
    "phone-evidence-dark": (390, 844, "dark", "#D4", "#D4 > .open .evidence"),
}
"""Width, height, colour scheme, what stands on top, and what is clicked."""


def main() -> None:
    """Take all of them."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium.running() as browser:
        place = Path(folder) / "page.html"
        place.write_text(render_page(replayed(DAYS[1]), read_day(DAYS[1])), "utf-8", newline="")
        for name, (width, height, scheme, top, click) in SHOTS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(place.as_uri())
            if top:
                page.locator(top).evaluate("thing => thing.scrollIntoView()")
            if click:
                page.locator(click).first.click()
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
            print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
