"""Search: words, phrases and beginnings of words over all items and their quotations.

Both databases are asked the same, for words folded the same way, so they find the same:
SQLite in an FTS5 table, PostgreSQL in a tsvector.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, exists, func, literal_column, select

from summarizer.archive.conditions import among
from summarizer.archive.found import Hits, Quoted
from summarizer.archive.reader import Reader
from summarizer.archive.tables import keys_of, roles, texts, things
from summarizer.archive.words import words_in
from summarizer.errors import InputError
from summarizer.past import LETTERS

TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"(?P<open>\*)?|(?P<word>[^\s"]+))')
SHOWN = 3
"""Quotations of a hit: those that have most of the words."""
MOST = 64
"""Words in a search. PostgreSQL's stack is too small for a phrase of some thousands, and nobody looks for one."""


COMMON = 300
"""Hits from which on what is looked for is common: then the newest are found soon by going through the days."""


class Term:
    """One thing to look for, or that must not be there: a word, a phrase, or the beginning of one."""

    def __init__(self, words: Sequence[str], *, begins: bool, without: bool = False) -> None:
        self.words, self.begins, self.without = tuple(words), begins, without

    def fts5(self) -> str:
        """As FTS5 has it."""
        return f'"{" ".join(self.words)}"{" *" if self.begins else ""}'

    def tsquery(self) -> str:
        """As PostgreSQL has it."""
        return f"({' <-> '.join(self.words)}{':*' if self.begins else ''})"

    def within(self, words: Sequence[str]) -> bool:
        """Whether a folded text has it."""
        count = len(self.words)
        *firm, last = self.words
        return any(
            list(words[i : i + count - 1]) == firm
            and (words[i + count - 1].startswith(last) if self.begins else words[i + count - 1] == last)
            for i in range(len(words) - count + 1)
        )


def parse_terms(asked: str) -> list[Term]:
    """What is looked for: all of it must be there, but for what has a minus before it, none of which may be.

    >>> [term.fts5() for term in parse_terms('harbour "no foreign hand" fill*')]
    ['"harbour"', '"no foreign hand"', '"fill" *']

    Raises:
        InputError: if there is nothing to look for, more than `MOST` words, or a sign that means nothing.
    """
    if asked.count('"') % 2:
        raise InputError(f'{asked[:80]!r} has a quotation mark without its other; write "a phrase" between two')
    terms: list[Term] = []
    for match in TERM.finditer(asked):
        said = match["phrase"] if match["phrase"] is not None else match["word"]
        if "*" in said.rstrip("*"):
            raise InputError(
                f"{said[:80]!r} has a star within it; it stands for the rest of a word: write a beginning*"
            )
        if words := words_in(said):
            begins = bool(match["open"]) or said.endswith("*")
            terms.append(Term(words, begins=begins, without=bool(match["minus"])))
    if all(term.without for term in terms):
        raise InputError(f'{asked!r} has no word to look for; write words, "a phrase", or a beginning*')
    if (count := sum(len(term.words) for term in terms)) > MOST:
        raise InputError(f"a search of {count:,} words; look for {MOST} at most, those that matter")
    return terms


def is_said(words: Sequence[str], terms: Iterable[Term]) -> bool:
    """Whether a folded text has all that is looked for, and nothing that must not be there."""
    return all(term.within(words) is not term.without for term in terms)


def search(
    connection: Connection,
    asked: str,
    *,
    party: set[str] | None,
    kinds: Sequence[str],
    since: date | None,
    until: date | None,
    most: int,
) -> Hits:
    """What has all the words, newest first.

    Args:
        connection: that reads.
        asked: words, "phrases", beginnings*, and -words that must not be there.
        party: identities, one of whom it must name; None: any.
        kinds: kinds of things; empty: all.
        since: first day; None: from the beginning.
        until: last day; None: to the end.
        most: how many.
    """
    terms = parse_terms(asked)
    query = select(texts.c.rowid).where(_matches(connection, terms))
    if party is not None:
        query = query.where(exists().where(roles.c.thing == texts.c.rowid, among(roles.c.actor, party)))
    if kinds:
        letters = [letter for letter, kind in LETTERS.items() if kind in kinds]
        query = query.where(exists().where(things.c.key == texts.c.rowid, among(things.c.letter, letters)))
    if since or until:
        query = query.where(texts.c.rowid.between(*keys_of(since, until)))
    keys = _newest(connection, query, most + 1)
    reader = Reader(connection)
    shown = _quotations(reader, keys[:most], terms)
    mentions = (
        mention.model_copy(update={"quotations": shown[key]}) if key in shown else mention
        for key, mention in zip(keys, reader.mentions(keys[:most]), strict=False)
    )
    return Hits(words=asked, mentions=tuple(mentions), more=len(keys) > most)


def _newest(connection: Connection, query: Select[Any], most: int) -> Sequence[int]:
    """The highest keys that a query has, the highest first.

    PostgreSQL can't guess how rare a word is: asked for the newest, it would go through all days, hoping to have found
    enough soon. So it is asked for some first, in no order, and these are all unless the word is a common one.
    """
    if connection.dialect.name == "postgresql":
        some = connection.execute(query.limit(COMMON)).scalars().all()
        if len(some) < COMMON:
            return sorted(some, reverse=True)[:most]
    return connection.execute(query.order_by(texts.c.rowid.desc()).limit(most)).scalars().all()


def _matches(connection: Connection, terms: Sequence[Term]) -> ColumnElement[bool]:
    """The condition in the database's own words."""
    wanted = [term for term in terms if not term.without]
    barred = [term for term in terms if term.without]
    if connection.dialect.name == "sqlite":
        asked = " NOT ".join([f"({' AND '.join(term.fts5() for term in wanted)})", *(term.fts5() for term in barred)])
        said = bindparam("words", asked, Text)
        return literal_column("texts").op("MATCH", is_comparison=True)(said)
    asked = " & ".join([*(term.tsquery() for term in wanted), *(f"!{term.tsquery()}" for term in barred)])
    said = bindparam("words", asked, Text)
    query: Any = func.to_tsquery(literal_column("'simple'"), said)
    return literal_column("texts.vector").op("@@", is_comparison=True)(query)


def _quotations(reader: Reader, keys: Sequence[int], terms: Sequence[Term]) -> dict[int, tuple[Quoted, ...]]:
    """Of each thing those quotations that have most of the words, by key; without those that have none such."""
    asked = select(things.c.key, things.c.quoted, things.c.further).where(among(things.c.key, keys))
    said = {key: from_json(quoted) + from_json(further) for key, quoted, further in reader.connection.execute(asked)}
    best = {key: _best(quotations, terms) for key, quotations in said.items()}
    return {key: tuple(Quoted(**each) for each in some) for key, some in best.items() if some}


def _best(quotations: Iterable[dict[str, Any]], terms: Sequence[Term]) -> list[dict[str, Any]]:
    """The quotations that have most of the words; of those that have as many the clearest."""
    scored = []
    for each in quotations:
        words = words_in(each["quote"])
        scored.append((sum(term.within(words) for term in terms if not term.without), each))
    scored.sort(key=lambda pair: -pair[0])
    return [each for score, each in scored if score][:SHOWN]
