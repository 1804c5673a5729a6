"""Search: words, phrases and beginnings of words over all items and their quotations.

Both databases are asked the same, for words folded the same way, so they find the same:
SQLite in an FTS5 table, PostgreSQL in a tsvector.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Text, bindparam, func, literal_column, select

from summarizer.archive.found import Hits, Mention
from summarizer.archive.reader import Reader, all_things, within
from summarizer.archive.rows import evidence_in
from summarizer.archive.tables import roles, texts, things
from summarizer.errors import InputError
from summarizer.models import Evidence
from summarizer.past import LETTERS
from summarizer.text import WORD, fold

TERM = re.compile(r'"(?P<phrase>[^"]*)"?(?P<open>\*)?|(?P<word>\S+)')
SHOWN = 3
"""Quotations of a hit: those that have most of the words."""


class Term:
    """One thing to look for: a word, a phrase, or the beginning of one."""

    def __init__(self, words: Sequence[str], *, begins: bool) -> None:
        self.words, self.begins = tuple(words), begins

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
    """What is looked for, all of which must be there.

    >>> [term.fts5() for term in parse_terms('harbour "no foreign hand" fill*')]
    ['"harbour"', '"no foreign hand"', '"fill" *']

    Raises:
        InputError: if there is nothing to look for.
    """
    terms = []
    for match in TERM.finditer(asked):
        said = match["phrase"] if match["phrase"] is not None else match["word"]
        words = WORD.findall(fold(said))
        if words:
            terms.append(Term(words, begins=bool(match["open"]) or said.endswith("*")))
    if not terms:
        raise InputError(f'{asked!r} has no word to look for; write words, "a phrase", or a beginning*')
    return terms


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
        asked: words, "phrases" and beginnings*.
        party: identities, one of whom it must name; None: any.
        kinds: kinds of things; empty: all.
        since: first day; None: from the beginning.
        until: last day; None: to the end.
        most: how many.
    """
    terms = parse_terms(asked)
    query = all_things().join(texts, texts.c.rowid == things.c.key).where(_matches(connection, terms))
    if party is not None:
        query = query.where(things.c.key.in_(select(roles.c.thing).where(roles.c.actor.in_(party))))
    if kinds:
        letters = [letter for letter, kind in LETTERS.items() if kind in kinds]
        query = query.where(things.c.letter.in_(letters))
    query = within(query, things.c.date, since, until)
    query = query.order_by(things.c.date.desc(), things.c.briefing, things.c.position).limit(most + 1)
    rows = connection.execute(query).all()
    reader = Reader(connection)
    found = reader.mentions(rows[:most])
    mentions = [_quoting(mention, row, terms, reader) for mention, row in zip(found, rows[:most], strict=True)]
    return Hits(words=asked, mentions=tuple(mentions), more=len(rows) > most)


def _matches(connection: Connection, terms: Sequence[Term]) -> ColumnElement[bool]:
    """The condition in the database's own words."""
    if connection.dialect.name == "sqlite":
        said = bindparam("words", " AND ".join(term.fts5() for term in terms), Text)
        return literal_column("texts").op("MATCH", is_comparison=True)(said)
    said = bindparam("words", " & ".join(term.tsquery() for term in terms), Text)
    query: Any = func.to_tsquery(literal_column("'simple'"), said)
    return literal_column("texts.vector").op("@@", is_comparison=True)(query)


def _quoting(mention: Mention, row: Row[Any], terms: Sequence[Term], reader: Reader) -> Mention:
    """The mention with those of its quotations that have the words, if any has one."""
    evidence = dict.fromkeys(Evidence(**each) for each in evidence_in(row.data))
    scored = []
    for position, each in enumerate(evidence):
        words = WORD.findall(fold(each.quote))
        scored.append((-sum(term.within(words) for term in terms), position, each))
    best = [each for score, _, each in sorted(scored, key=lambda s: s[:2]) if score][:SHOWN]
    if not best:
        return mention
    reader.learn_sources((row.briefing, each.article) for each in best)
    return mention.model_copy(update={"quotations": reader.quoted(row.briefing, best)})
