"""Words as the full text has them: in what is kept and in what is asked, so that both databases find the same."""

from __future__ import annotations

from summarizer.text import WORD, fold

MARK = "ж"
"""A letter that no folded word has, since these are plain ASCII.

FTS5 and PostgreSQL's parser, whatever its locale, take it for a letter. It stands before words that begin with a
digit, which PostgreSQL else takes for numbers, and parts where a number could end: `9e6f90` into `9e6` and `f90`.
"""

GAP = MARK
"""A word that nobody can look for, nor for its beginning, between texts: no phrase reaches over it."""

LONGEST = 500
"""Characters that count of a word: PostgreSQL takes none of more than 2,047 bytes."""


def words_in(text: str) -> list[str]:
    """The words of a text, in order, as they are kept and looked for.

    >>> words_in("Flight 9E6f90 to Łódź")
    ['flight', 'ж9e6f90', 'to', 'lodz']
    """
    return [_marked(word[:LONGEST]) for word in WORD.findall(fold(text))]


def _marked(word: str) -> str:
    return MARK + word if word[0].isdigit() else word
