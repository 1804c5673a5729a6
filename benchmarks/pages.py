"""How whole and how clean the text of web pages comes out: ours beside other libraries, in one run.

    pip install --upgrade pip; pip install newspaper4k readability-lxml resiliparse
    python -m benchmarks.pages

The pages are made up (`tests/layouts.py`): sixteen layouts, each sentence on them known as the
story's or as something else's. Recall is the share of the stories' sentences that come out,
precision the share of what comes out that is the stories'. Ours is trafilatura as `ingest.pages`
has it, then what `clean` doesn't mark. justext is left out: it goes by stop words, and the pages'
words are invented. Times are of one process, one page after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tests.layouts import Layout, make_pages

COUNT = 320


def ours(page: Layout) -> str:
    """`summarizer`: main text, without the lines that are marked."""
    from summarizer.clean import boilerplate
    from summarizer.errors import UnreadableArticle
    from summarizer.ingest.found import Blob
    from summarizer.ingest.pages import page_draft

    data = page.html.encode()
    try:
        text = page_draft(Blob("page.html", data), data, page.html, "utf-8").text
    except UnreadableArticle:
        return ""
    marked = boilerplate(text)
    kept, last = [], 0
    for start, end in marked:
        kept.append(text[last:start])
        last = end
    return "".join([*kept, text[last:]])


def newspaper(page: Layout) -> str:
    """newspaper4k."""
    from newspaper import Article

    article = Article("https://gauge.example/a", language="en", fetch_images=False)
    article.download(input_html=page.html)
    article.parse()
    return str(article.text)


def readability(page: Layout) -> str:
    """readability-lxml, its summary's text."""
    from lxml import html
    from readability import Document

    return str(html.fromstring(Document(page.html).summary()).text_content())


def resiliparse(page: Layout) -> str:
    """resiliparse, main content."""
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(page.html, main_content=True))


WAYS: dict[str, Callable[[Layout], str]] = {
    "summarizer": ours,
    "newspaper4k": newspaper,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def measure(way: Callable[[Layout], str], pages: Sequence[Layout]) -> tuple[float, float, float]:
    """Recall and precision of sentences, and pages a second."""
    way(pages[0])
    began = time.perf_counter()
    texts = [" ".join(way(page).split()) for page in pages]
    seconds = time.perf_counter() - began
    right = sum(sentence in text for page, text in zip(pages, texts, strict=True) for sentence in page.story)
    wrong = sum(sentence in text for page, text in zip(pages, texts, strict=True) for sentence in page.around)
    return right / sum(len(page.story) for page in pages), right / max(1, right + wrong), len(pages) / seconds


def main() -> None:
    """Print a table, a row a library."""
    pages = make_pages(COUNT)
    print("| library | recall | precision | pages a second |")
    print("|---|---:|---:|---:|")
    for name, way in WAYS.items():
        recall, precision, speed = measure(way, pages)
        print(f"| {name} | {recall:.3f} | {precision:.3f} | {speed:.0f} |", flush=True)


if __name__ == "__main__":
    main()
