"""Tokens: how many a text comes to, estimated offline.

No tokenizer is asked: each model has its own, and theirs are fetched when first used. The
estimate counts words, figures, signs and letters of other scripts by how the widespread
byte-pair encodings cut them.
"""

from __future__ import annotations

import math
import re

MARGIN = 1.25
"""What an estimate is multiplied by where it must not be too low.

Against cl100k_base the estimate was 0.82 (German) to 1.34 times the count (links), against o200k_base 0.86 to 3.18
(Thai); 1.0 for English articles, 1.3 for JSON (`python -m benchmarks.tokens`).
"""

WORDS = re.compile(r"[A-Za-z]+")
LONG_WORDS = re.compile(r"[A-Za-z]{8,}")
FIGURES = re.compile(r"[0-9]{1,2}")
SIGNS = re.compile(r"[!-/:-@\[-`{-~\n]| {2,}")
OTHERS = (
    (re.compile("[\u0080-\u058f]"), 0.5),  # letters with accents, Greek, Cyrillic
    (re.compile("[\u0590-\u08ff]"), 0.75),  # Hebrew, Arabic
    (re.compile("[\u0900-\uffff]"), 1.0),
    (re.compile("[\U00010000-\U0010ffff]"), 2.5),
)


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` comes to, without the margin.

    A word is one token, a longer one two, a run of letters that is no word one for every
    three; two digits are one, signs one each.

    >>> estimate_tokens("The ministers met on 12 May 2031.")
    10
    """
    # A list for each kind of piece, and no loop in Python: this is done to every text that is sent.
    count = float(len(WORDS.findall(text)) + len(FIGURES.findall(text)) + len(SIGNS.findall(text)))
    count += sum(1 if len(word) < 16 else len(word) / 3 - 1 for word in LONG_WORDS.findall(text))
    if not text.isascii():
        count += sum(weight * len(letters.findall(text)) for letters, weight in OTHERS)
    return math.ceil(count)


def bound_tokens(text: str) -> float:
    """What `estimate_tokens` can't be above for a text: for asking whether it fits, which it mostly does, in no time.

    >>> estimate_tokens("Wetterfahne!") <= bound_tokens("Wetterfahne!")
    True
    """
    return len(text) if text.isascii() else len(text) * max(weight for _, weight in OTHERS)


def most_tokens(text: str) -> int:
    """How many tokens `text` comes to at most, as far as that can be said without its tokenizer."""
    return math.ceil(estimate_tokens(text) * MARGIN)
