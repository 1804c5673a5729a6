"""The archive's tables: a briefing whole, and what is in it as rows to ask by.

A row of `things` is one thing on one day. `item` is the id that the briefing prints, which
never changes; `own` the id that it has by itself, which only a split by days changes;
`identity` what it goes by now: `own`, followed through the merges in `identities`. Who is
who follows from `own` and `merged_into` alone; every other column called so, or `actor` or
`owner`, is worked out of them (`identities.settle`), for questions to be quick.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite's integers are as long, and its keys must be called so
A_DAY = 2**32
"""Keys that one day's things can have. They are in the order in which things are told, from the highest down: later
days first, of a day the briefing that was entered last, of a briefing what weighs most. So the row of a thing's highest
key is the thing as it was last mentioned."""


def keys_of(since: date | None, until: date | None) -> tuple[int, int]:
    """The lowest and the highest key that things of a span of days can have, both ends included."""
    return (since or date.min).toordinal() * A_DAY, ((until or date.max).toordinal() + 1) * A_DAY - 1


def _where(condition: str) -> dict[str, Any]:
    """An index of some rows only, in either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _of_briefing(*, primary_key: bool = False) -> Column[int]:
    reference = ForeignKey("briefings.id", ondelete="CASCADE")
    return Column("briefing", Integer, reference, nullable=False, primary_key=primary_key, autoincrement=False)


briefings = Table(
    "briefings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("date", Date, nullable=False),
    Column("topic", Text, nullable=False, comment="empty: all"),
    Column("compared_with", Date, comment="null: with none"),
    Column("headline", Text, nullable=False),
    Column("stories", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("problems", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="the briefing's JSON, packed by zlib"),
    Index("briefings_day", "date", "topic", unique=True),
)

identities = Table(
    "identities",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("letter", String(1), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False, comment="as it was first called"),
    Column("given", Text, comment="by a person; null: none was"),
    Column("merged_into", String(12), comment="null: it stands for itself"),
    Index("identities_number", "letter", "number", unique=True),
    Index("identities_given", "given", **_where("given IS NOT NULL")),
    Index("identities_merged", "merged_into", **_where("merged_into IS NOT NULL")),
)

counters = Table(
    "counters",
    metadata,
    Column("letter", String(1), primary_key=True),
    Column("taken", Integer, nullable=False, comment="the highest number ever given: none is given twice"),
)

things = Table(
    "things",
    metadata,
    Column("key", KEY, primary_key=True, autoincrement=False, comment="see A_DAY"),
    _of_briefing(),
    Column("date", Date, nullable=False),
    Column("item", String(12), nullable=False, comment="the id that the briefing prints"),
    Column("own", String(12), nullable=False, comment="the id that it has by itself; in a briefing no two have one"),
    Column("parted", Integer, nullable=False, comment="1: a person gave it that id, by a split of days"),
    Column("identity", String(12), nullable=False, comment="what `own` was merged into, or itself"),
    Column("letter", String(1), nullable=False),
    Column("position", Integer, nullable=False),
    Column("story", Text, comment="null: an actor"),
    Column("name", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("day", Text, comment="when it is, as far as known; YYYY, YYYY-MM or YYYY-MM-DD"),
    Column("affiliation", String(12), comment="whom an actor belongs to, as the briefing prints it"),
    Column("owner", String(12), comment="identity of whom an actor belongs to"),
    Column("told", Text, nullable=False, comment="what a model is told of it"),
    Column("evidence", Text, nullable=False, comment="JSON: a few quotations, as the briefing has them"),
    Column("quoted", Text, nullable=False, comment="JSON: the same, as answers have them"),
    Column("further", Text, nullable=False, comment="JSON: its other quotations, as answers have them"),
    Column("rungs", Text, comment="JSON: a venue's reports, as answers have them"),
    Column("caveats", Text, nullable=False, comment="JSON: what speaks against it, in words"),
    Column("sides", Text, comment="JSON: a dispute's versions: what, held_by (printed ids), outlets"),
    Index("things_item", "briefing", "item", unique=True),
    Index("things_identity", "identity", "date"),
    Index("things_day", "date", "letter", "identity"),
    Index("things_owner", "owner", "identity"),
)

roles = Table(
    "roles",
    metadata,
    Column("key", Integer, primary_key=True, comment="in the briefing's order"),
    Column("thing", KEY, ForeignKey("things.key", ondelete="CASCADE"), nullable=False),
    _of_briefing(),
    Column("date", Date, nullable=False),
    Column("actor", String(12), nullable=False, comment="identity"),
    Column("printed", String(12), nullable=False, comment="the id that the briefing prints"),
    Column("identity", String(12), nullable=False, comment="the thing's"),
    Column("role", Text, nullable=False),
    Index("roles_thing", "thing"),
    Index("roles_briefing", "briefing"),
    Index("roles_actor", "actor", "date", "identity", "thing"),
)

names = Table(
    "names",
    metadata,
    Column("thing", KEY, ForeignKey("things.key", ondelete="CASCADE"), nullable=False),
    _of_briefing(),
    Column("identity", String(12), nullable=False),
    Column("folded", Text, nullable=False),
    Column("name", Text, nullable=False),
    Index("names_thing", "thing"),
    Index("names_briefing", "briefing"),
    Index("names_identity", "identity", "name"),
    Index("names_folded", "folded", "identity"),
)

changes = Table(
    "changes",
    metadata,
    _of_briefing(primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("date", Date, nullable=False),
    Column("item", String(12), nullable=False, comment="the id that the briefing prints"),
    Column("identity", String(12), nullable=False),
    Column("kind", Text, nullable=False),
    Column("step", Text, nullable=False, comment="JSON: all of it, as answers have it"),
    Index("changes_identity", "identity", "date"),
    Index("changes_date", "date"),
)

sources = Table(
    "sources",
    metadata,
    _of_briefing(primary_key=True),
    Column("article", String(64), primary_key=True),
    Column("earlier", Integer, nullable=False, comment="1: an earlier day's, quoted by a change"),
    Column("data", Text, nullable=False, comment="JSON: all of it but its boilerplate"),
    Index("sources_article", "article"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(64), primary_key=True, comment="as `sources` have it, and of one text only"),
    Column("body", LargeBinary, nullable=False, comment="the article's text, packed by zlib"),
    comment="articles' texts, each once for all briefings that have it; `texts` are words to search by",
)

traces = Table(
    "traces",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("date", Date, nullable=False),
    Column("topic", Text, nullable=False),
    Column("own", String(12), nullable=False),
    Column("parted", Integer, nullable=False, comment="1: a person gave it that id, by a split of days"),
    Column("said", Text, nullable=False, comment="its name and what it was, to tell apart what stood in one place"),
    Column("article", String(64), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("traces_day", "date", "topic"),
    comment="where things stood that a briefing has no more, for when the day is made again: a row a quotation",
)

texts = Table(
    "texts",
    MetaData(),  # SQLite has it as an FTS5 table, PostgreSQL with a tsvector: see the migration
    Column("rowid", KEY, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
)
