"""Web pages of many layouts, of which it is known which sentences are the story's and which are not."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.wires import Wires


@dataclass(frozen=True)
class Layout:
    """A page, and what is on it."""

    name: str
    html: str
    story: tuple[str, ...]
    around: tuple[str, ...]


def _p(sentences: Sequence[str], *, per: int = 2) -> list[str]:
    """Paragraphs of some sentences each."""
    return [f"<p>{' '.join(sentences[i : i + per])}</p>" for i in range(0, len(sentences), per)]


def _page(main: str, story: list[str], around: list[str], head: str = "") -> str:
    """A page with a menu, a side column, a footer and whatever is in the middle."""
    links = "".join(f'<li><a href="/{i}">{words[:28]}</a></li>' for i, words in enumerate(around[:6]))
    side = "".join(f'<div class="teaser"><a href="/t{i}">{words}</a></div>' for i, words in enumerate(around[6:9]))
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{story[0][:60]}</title>{head}</head><body>"
        f"<header><nav><ul>{links}</ul></nav></header>{main}<aside class=sidebar>{side}</aside>"
        f"<footer><p>{around[9]}</p><p>About · Terms · Privacy</p></footer></body></html>"
    )


def _article(story: list[str], around: list[str]) -> str:
    return f"<article><h1>{story[0]}</h1>{''.join(_p(story[1:]))}</article>"


def _div_soup(story: list[str], around: list[str]) -> str:
    blocks = "".join(f'<div class="x{i}"><div>{p}</div></div>' for i, p in enumerate(_p(story)))
    return f'<div id="wrap"><div class="c1">{blocks}</div><div class="c2"><div>{around[10]}</div></div></div>'


def _teasers_inside(story: list[str], around: list[str]) -> str:
    parts = _p(story)
    links = "".join(f'<li><a href="/{n}">{words}</a></li>' for n, words in enumerate(around[10:12]))
    box = f'<div class="related"><h3>More stories</h3><ul>{links}</ul></div>'
    return f"<article><h1>Head</h1>{''.join(parts[:2])}{box}{''.join(parts[2:])}</article>"


def _newsletter_inside(story: list[str], around: list[str]) -> str:
    parts = _p(story)
    form = "<form><input type=email><button>Sign up</button></form>"
    box = f'<div class="newsletter-signup"><p>{around[10]}</p>{form}</div>'
    return f"<main><article>{''.join(parts[:2])}{box}{''.join(parts[2:])}</article></main>"


def _cookies(story: list[str], around: list[str]) -> str:
    banner = (
        f'<div id="cookie-consent" role="dialog"><p>{around[10]}</p><p>{around[11]}</p><button>Accept</button></div>'
    )
    return f"{banner}{_article(story, around)}"


def _captions(story: list[str], around: list[str]) -> str:
    figure = f'<figure><img src="/i.jpg" alt="x"><figcaption>{around[10]} Photo: I. Quill</figcaption></figure>'
    return f"<article><h1>Head</h1>{figure}{''.join(_p(story))}</article>"


def _comments(story: list[str], around: list[str]) -> str:
    talk = "".join(f'<li class="comment"><p>{words}</p></li>' for words in around[10:16])
    return f'{_article(story, around)}<section id="comments"><h2>Comments</h2><ol>{talk}</ol></section>'


def _breaks(story: list[str], around: list[str]) -> str:
    return f'<div class="content"><h2>Head</h2>{"<br><br>".join(story)}<br><br><a href="/more">{around[10]}</a></div>'


def _old_tables(story: list[str], around: list[str]) -> str:
    cells = f"<td width=150><font size=1><a href=/a>{around[10]}</a><br><a href=/b>{around[11]}</a></font></td>"
    text = "".join(f"<p><font face=arial>{p}</font></p>" for p in story)
    return f"<table width=760><tr>{cells}<td><font size=2>{text}</font></td></tr></table>"


def _list_story(story: list[str], around: list[str]) -> str:
    points = "".join(f"<li>{sentence}</li>" for sentence in story[3:7])
    return f"<article><h1>Head</h1>{''.join(_p(story[:3]))}<ul>{points}</ul>{''.join(_p(story[7:]))}</article>"


def _quotations(story: list[str], around: list[str]) -> str:
    quoted = f"<blockquote><p>{story[3]}</p></blockquote>"
    return f"<article><h1>Head</h1>{''.join(_p(story[:3]))}{quoted}{''.join(_p(story[4:]))}</article>"


def _table_story(story: list[str], around: list[str]) -> str:
    rows = "".join(f"<tr><td>{sentence}</td><td>{n}</td></tr>" for n, sentence in enumerate(story[3:6]))
    return f"<article><h1>Head</h1>{''.join(_p(story[:3]))}<table>{rows}</table>{''.join(_p(story[6:]))}</article>"


def _live(story: list[str], around: list[str]) -> str:
    posts = "".join(
        f'<div class="post"><time datetime="2031-05-12T{9 + n}:00">{9 + n}:00</time>{p}</div>'
        for n, p in enumerate(_p(story))
    )
    return f'<main><h1>Live</h1><div class="live-blog">{posts}</div></main>'


def _amp(story: list[str], around: list[str]) -> str:
    fallback = f"<amp-ad width=300 height=250><div fallback>{around[10]}</div></amp-ad>"
    return f'<div class="article-body">{"".join(_p(story[:4]))}{fallback}{"".join(_p(story[4:]))}</div>'


def _microdata(story: list[str], around: list[str]) -> str:
    body = f'<div itemprop="articleBody">{"".join(_p(story))}</div><div class="share">{around[10]}</div>'
    return f'<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Head</h1>{body}</div>'


def _pull_quotes(story: list[str], around: list[str]) -> str:
    parts = _p(story)
    aside = f'<aside class="pullquote"><p>{around[10]}</p></aside>'
    return f"<article><h1>Head</h1>{''.join(parts[:3])}{aside}{''.join(parts[3:])}</article>"


LAYOUTS: dict[str, Callable[[list[str], list[str]], str]] = {
    "article": _article,
    "div soup": _div_soup,
    "teasers inside": _teasers_inside,
    "newsletter inside": _newsletter_inside,
    "cookie banner": _cookies,
    "captions": _captions,
    "comments": _comments,
    "line breaks": _breaks,
    "old tables": _old_tables,
    "list": _list_story,
    "quotations": _quotations,
    "table": _table_story,
    "live": _live,
    "amp": _amp,
    "microdata": _microdata,
    "pull quotes": _pull_quotes,
}


def make_pages(count: int, seed: int = 1) -> list[Layout]:
    """So many pages, layout after layout, each with a story and surroundings of its own."""
    wires = Wires(10, seed)
    chance = random.Random(seed)
    pages = []
    for number in range(count):
        name = list(LAYOUTS)[number % len(LAYOUTS)]
        story, around = wires.sentences(chance.randint(10, 30)), wires.sentences(16)
        linked = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story[0],
            "datePublished": "2031-05-12",
        }
        head = f'<script type="application/ld+json">{json.dumps(linked)}</script>'
        html = _page(LAYOUTS[name](story, around), story, around, head if number % 3 == 0 else "")
        pages.append(Layout(name, html, tuple(story), tuple(around)))
    return pages
