"""Screenshots for the docs, of the second example day's page and of the site: `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from summarizer import Settings, brief
from summarizer.page import render_page
from tests import chromium
from tests.conftest import DAYS, ROOT, read_day, replayed
from tests.served import started

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
OF_THE_SITE: dict[str, tuple[int, int, Scheme, str]] = {
    "site-ledger-light": (1280, 900, "light", f"/ledger?from={DAYS[0]}&to={DAYS[1]}"),
    "site-search-dark": (1280, 900, "dark", "/search?q=Lindermay&type=demand&type=dispute"),
}
"""Width, height, colour scheme, and the page's address."""


def main() -> None:
    """Take all of them."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium.running() as browser:
        _take_page(Path(folder), browser)
        _take_site(Path(folder), browser)


def _take_site(folder: Path, browser: Browser) -> None:
    """The site over the two days."""
    archive = folder / "archive.sqlite3"
    for day in DAYS:
        brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day, archive=str(archive)))
    with started("--archive", str(archive)) as (_, address, _said):
        for name, (width, height, scheme, path) in OF_THE_SITE.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(address.rstrip("/") + path)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
            print(f"docs/pictures/{name}.png")


def _take_page(folder: Path, browser: Browser) -> None:
    """The second day's page."""
    place = folder / "page.html"
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
