"""Texts: where sentences stand, which words carry meaning, what may be shown.

Knows characters and nothing of articles, models or files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

import sentencex
from anyascii import anyascii

LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
"""A line: everything up to what `str.splitlines` takes for a break."""

WRAP_WIDTHS = range(55, 101)
"""Lengths of the full lines of hard-wrapped text: wires and mail wrap at 60 to 80, some at 100."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` of a text, end exclusive; `number` counts from 1."""

    number: int
    start: int
    end: int


def sentences(text: str, language: str | None = None) -> tuple[Sentence, ...]:
    """Cut `text` into sentences, keeping where each stands.

    Paragraphs are cut first: one bullet or unclosed quotation mark must not swallow the
    paragraphs after it. Each line is a paragraph, unless the lines are hard-wrapped. Spans
    are in order, don't overlap, begin and end with something to see, and leave out nothing
    but blanks. `language` is a BCP 47 tag; None is read as English.

    >>> text = "He left. She stayed."
    >>> [text[s.start : s.end] for s in sentences(text)]
    ['He left.', 'She stayed.']
    """
    tongue = (language or "en").split("-")[0].lower()
    found: list[Sentence] = []
    for start, end in _paragraphs(text):
        for first, last in _cut(text[start:end], tongue):
            found.append(Sentence(len(found) + 1, start + first, start + last))
    return tuple(found)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the paragraphs: lines, with the lines of a hard-wrapped block joined."""
    block: list[tuple[int, int]] = []
    for match in LINE.finditer(text):
        if not match.group().strip():
            continue
        if block and _breaks(text, block[-1][1], match.start()) > 1:
            yield from _joined(text, block)
            block = []
        block.append(match.span())
    yield from _joined(text, block)


def _breaks(text: str, start: int, end: int) -> int:
    """How many line breaks stand between two lines."""
    return len(text[start:end].replace("\r\n", "\n").replace(" ", "").replace("\t", ""))


def _joined(text: str, block: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """One span for a hard-wrapped block, a span a line for any other."""
    full = [text[start:end].rstrip() for start, end in block[:-1]]
    wrapped = len(full) >= 2 and all(len(line) in WRAP_WIDTHS for line in full)
    unfinished = [line for line in full if line[-1:] not in ".!?:;\"'”’»"]
    if wrapped and len(unfinished) * 2 > len(full):
        yield block[0][0], block[-1][1]
    else:
        yield from block


def _cut(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """Spans of a paragraph's sentences, without the blanks around them."""
    # One character for one, so that offsets hold: line breaks of wrapped text become blanks,
    # lone surrogates (which sentencex can't take) the replacement character.
    smooth = paragraph
    if not paragraph.isprintable():
        smooth = re.sub(r"[\ud800-\udfff]", "\ufffd", smooth)
        smooth = re.sub(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", smooth)
    at = 0
    for boundary in sentencex.get_sentence_boundaries(language, smooth):
        end = max(at, min(boundary["end_index"], len(paragraph)))
        yield from _pieces(paragraph, at, end)
        at = end
    yield from _pieces(paragraph, at, len(paragraph))


LONGEST_SENTENCE = 2000
"""Characters; what goes on for longer without an end is cut at a blank, so that it can be pointed to at all. The
longest sentence of the example and of five real articles has 417."""


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span without blanks at its ends, in pieces if it is very long; nothing if it is all blanks."""
    while end - start > LONGEST_SENTENCE:
        blank = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        cut = blank if blank > 0 else start + LONGEST_SENTENCE
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without blanks at its ends; nothing if it is all blanks."""
    piece = text[start:end]
    if stripped := piece.strip():
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(stripped)


def flatten(text: str) -> str:
    r"""`text` on one line, with nothing in it that steers a terminal or hides from the eye.

    Blanks of all kinds become single spaces; control, format (bidi overrides, zero-width)
    and surrogate characters go, but for the joiners that scripts such as Persian and
    emoji need.

    >>> flatten("a\x1b[31m\u202eb\nc")
    'a[31mb c'
    """
    if text.isascii() and text.isprintable() and "  " not in text:  # as most sentences are
        return text.strip()
    return " ".join(SHED.sub("", " ".join(text.split())).split())


def hide_logins(text: str) -> str:
    """`text` without user and password in any URL of it.

    >>> hide_logins("https://desk:p@ss@feeds.example/x?to=a@b")
    'https://feeds.example/x?to=a@b'
    """
    return LOGIN.sub(r"\1", text) if "@" in text else text


LOGIN = re.compile(r"(^\s*(?:[\w+.-]+:)?//)[^/?#]*@|(?<=://)[^/?#\s]*@")
"""What stands before the last @ of a URL's host. Blanks are part of it if the text begins with a URL."""


def web_address(url: str | None) -> str | None:
    """A URL that may be linked, in ASCII and without a login. None: there is none, or it leads to no page of the web.

    An article's may be anything: `javascript:`, a login that looks like a host, markup.

    >>> web_address("https://a.example/ü b"), web_address("javascript:alert(1)")
    ('https://a.example/%C3%BC%20b', None)
    """
    try:
        parts = urlsplit(flatten(hide_logins(url or "")))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        _ = parts.port  # a colon where no port follows: an odd login, before a slash that isn't its end
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", host):
        return None
    return quote(parts.geturl(), safe="%:/?#[]@!$&'()*+,;=~") if parts.netloc.isascii() else None


def clipped(text: str, longest: int | None) -> str:
    """A text, cut at a word and marked as cut if it is longer."""
    if longest is None or len(text) <= longest:
        return text
    return f"{text[: longest - 1].rpartition(' ')[0] or text[: longest - 1]}…"


def cell(text: str) -> str:
    r"""`text` on one line, without the bar that parts the fields of a line.

    >>> cell("all | none\n")
    'all / none'
    """
    return flatten(text).replace("|", "/")


def is_blank(text: str) -> bool:
    r"""Whether there is nothing in `text` to see.

    >>> is_blank(" \u200d\x1b"), is_blank("a")
    (True, False)
    """
    return not UNSEEN.sub("", text).strip()


HIDDEN = {"Cc", "Cf", "Cs"}
"""Unicode categories that are never shown: control, format, surrogate."""


# ------------------------------------------------------------------------------------ words

WORD = re.compile(r"[^\W_]+")

STOPWORDS = frozenset(
    """
    a about above after again against all also although am among an and any are as at be because been before being
    between both but by can could did do does doing down during each either else even ever every few for from further
    get gets give given gives go goes had has have having he her here hers him his how however i if in into is it its
    itself just like made make makes many may me might more most much must my neither no nor not now of off on once one
    only or other our out over own per rather same say saying says said she should since so some such than that the
    their them then there these they this those though through to told too two under until up upon us very was way we
    well were what when where whether which while who whom whose why will with within without would yet you your
    """.split()
)
"""Words that any two English sentences may share without being about the same thing."""

STEM = 5
"""Letters that count of a word: refill, refills, refilling are one. Tried on the example corpus."""


FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def fold(text: str) -> str:
    """`text` in lower case and plain ASCII letters, whatever script it came in.

    >>> fold("Őrség–Ørsted")
    'orseg-orsted'
    """
    return anyascii(unicodedata.normalize("NFKC", text).replace("\u00ad", "")).casefold()


def content_words(*texts: str) -> frozenset[str]:
    """Stems of the words that carry meaning: folded, no stopwords, figures whole.

    >>> sorted(content_words("The dams of 2031 were being filled"))
    ['2031', 'dams', 'fille']
    """
    words = (word for text in texts for word in WORD.findall(fold(text)))
    return frozenset(
        w if w.isdigit() else w[:STEM] for w in words if w not in STOPWORDS and (len(w) > 2 or w.isdigit())
    )


def occurrences(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Spans at which `name` stands in `text` as whole words, exactly as spelt but for the blanks in it.

    >>> list(occurrences("Oda", "Oda met Odabar and Oda’s aide"))
    [(0, 3), (19, 22)]
    """
    words = name.split()
    if not words:
        return
    if not _has_unseen(text):
        yield from _exactly(words, text)
        return
    gap = f"{UNSEEN.pattern}*"
    pattern = r"\s+".join(gap.join(map(re.escape, word)) for word in words)
    before = "" if UNSPACED.match(words[0][0]) else r"(?<!\w)"
    after = "" if UNSPACED.match(words[-1][-1]) else r"(?!\w)"
    yield from (match.span() for match in re.finditer(before + pattern + after, text))


def stands(name: str, text: str) -> bool:
    """Whether `occurrences` finds `name` in `text`; quicker where it does."""
    words = name.split()
    if not words:
        return False
    return any(_exactly(words, text)) or (_has_unseen(text) and any(occurrences(name, text)))


def _exactly(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Where words stand with nothing but blanks between them.

    Without a pattern: compiling one for each name costs ten times the search.
    """
    start = text.find(words[0])
    while start >= 0:
        end = _end_of(words, text, start)
        if (
            end is None
            or (_is_word(text[start - 1 : start]) and not UNSPACED.match(words[0][0]))
            or (_is_word(text[end : end + 1]) and not UNSPACED.match(words[-1][-1]))
        ):
            start = text.find(words[0], start + 1)
        else:
            yield start, end
            start = text.find(words[0], end)


def _end_of(words: Sequence[str], text: str, start: int) -> int | None:
    """Where words end that stand in `text` from `start` on with blanks between them; None if they don't."""
    end = start + len(words[0])
    for word in words[1:]:
        at = end
        while text[at : at + 1].isspace():
            at += 1
        if at == end or not text.startswith(word, at):
            return None
        end = at + len(word)
    return end


def _is_word(letter: str) -> bool:
    """Whether a letter, if there is one, is part of a word."""
    return letter.isalnum() or letter == "_"


@lru_cache(maxsize=64)
def _has_unseen(text: str) -> bool:
    """Whether anything hides in a text; asked for every name that is looked for in it."""
    if text.isascii():  # what is left without its blanks can then be asked much faster
        return not "".join(text.split()).isprintable()
    return UNSEEN.search(text) is not None


UNSEEN = re.compile(
    "["
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd"
    r"\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    "]"
)
"""All characters of the categories in `HIDDEN` that are no blanks: web text has soft hyphens, zero-width blanks and
worse inside words. As ranges, since looking through all of Unicode takes 0.1 s; a test holds them to it."""


SHED = re.compile(rf"(?![\u200c\u200d]){UNSEEN.pattern}")
"""What a flattened text loses: a pass of this takes a tenth of looking up each character's category."""


def escape_hidden(json: str) -> str:
    r"""JSON with every character that steers a terminal or hides from the eye as its escape; it means the same.

    >>> escape_hidden('"a\u202eb"')
    '"a\\u202eb"'
    """

    def escaped(match: re.Match[str]) -> str:
        units = match[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))

    return (
        json
        if json.isascii() and "\x7f" not in json
        else re.sub(rf"{UNSEEN.pattern}|[\x85\u2028\u2029]", escaped, json)
    )


UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts that don't part words by blanks, or hang particles on: Thai, Lao, Burmese, Khmer, Japanese,
Chinese, Korean."""


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Sorted, without doubles, cut where they are not consecutive.

    >>> list(runs([7, 3, 4, 4]))
    [(3, 4), (7,)]
    """
    run: list[int] = []
    for number in sorted(set(numbers)):
        if run and number != run[-1] + 1:
            yield tuple(run)
            run = []
        run.append(number)
    if run:
        yield tuple(run)


def apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap as one.

    >>> list(apart([(7, 9), (0, 3), (2, 5)]))
    [(0, 5), (7, 9)]
    """
    last: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if last is not None and start < last[1]:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last
