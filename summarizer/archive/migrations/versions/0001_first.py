"""The first tables. Written out, so that they stay as they were when `tables` goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make all tables, and the index of words that each database has in its own way."""
    op.create_table(
        "briefings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("compared_with", sa.Date),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("stories", sa.Integer, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("problems", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("briefings_day", "briefings", ["date", "topic"], unique=True)
    op.create_table(
        "identities",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("letter", sa.String(1), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("given", sa.Text),
        sa.Column("merged_into", sa.String(12)),
    )
    op.create_index("identities_number", "identities", ["letter", "number"], unique=True)
    given = sa.text("given IS NOT NULL")
    op.create_index("identities_given", "identities", ["given"], sqlite_where=given, postgresql_where=given)
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("identities_merged", "identities", ["merged_into"], sqlite_where=merged, postgresql_where=merged)
    op.create_table(
        "counters",
        sa.Column("letter", sa.String(1), primary_key=True),
        sa.Column("taken", sa.Integer, nullable=False),
    )
    op.create_table(
        "things",
        sa.Column("key", KEY, primary_key=True, autoincrement=False),
        _of_briefing(),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("item", sa.String(12), nullable=False),
        sa.Column("own", sa.String(12), nullable=False),
        sa.Column("parted", sa.Integer, nullable=False),
        sa.Column("identity", sa.String(12), nullable=False),
        sa.Column("letter", sa.String(1), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("story", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("day", sa.Text),
        sa.Column("affiliation", sa.String(12)),
        sa.Column("owner", sa.String(12)),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("quoted", sa.Text, nullable=False),
        sa.Column("further", sa.Text, nullable=False),
        sa.Column("rungs", sa.Text),
        sa.Column("caveats", sa.Text, nullable=False),
        sa.Column("sides", sa.Text),
    )
    op.create_index("things_item", "things", ["briefing", "item"], unique=True)
    op.create_index("things_identity", "things", ["identity", "date"])
    op.create_index("things_day", "things", ["date", "letter", "identity"])
    op.create_index("things_owner", "things", ["owner", "identity"])
    op.create_table(
        "roles",
        sa.Column("key", sa.Integer, primary_key=True),
        _of_thing(),
        _of_briefing(),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("actor", sa.String(12), nullable=False),
        sa.Column("printed", sa.String(12), nullable=False),
        sa.Column("identity", sa.String(12), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
    )
    op.create_index("roles_thing", "roles", ["thing"])
    op.create_index("roles_briefing", "roles", ["briefing"])
    op.create_index("roles_actor", "roles", ["actor", "date", "identity", "thing"])
    op.create_table(
        "names",
        _of_thing(),
        _of_briefing(),
        sa.Column("identity", sa.String(12), nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_index("names_thing", "names", ["thing"])
    op.create_index("names_briefing", "names", ["briefing"])
    op.create_index("names_identity", "names", ["identity", "name"])
    op.create_index("names_folded", "names", ["folded", "identity"])
    op.create_table(
        "changes",
        _of_briefing(primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("item", sa.String(12), nullable=False),
        sa.Column("identity", sa.String(12), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
    )
    op.create_index("changes_identity", "changes", ["identity", "date"])
    op.create_index("changes_date", "changes", ["date"])
    op.create_table(
        "sources",
        _of_briefing(primary_key=True),
        sa.Column("article", sa.String(64), primary_key=True),
        sa.Column("earlier", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_index("sources_article", "sources", ["article"])
    op.create_table(
        "articles",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "traces",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("own", sa.String(12), nullable=False),
        sa.Column("parted", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("article", sa.String(64), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
    )
    op.create_index("traces_day", "traces", ["date", "topic"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE texts USING fts5(words, tokenize='ascii', prefix='2 3 4')")
    else:
        op.execute(
            "CREATE TABLE texts (rowid BIGINT PRIMARY KEY, words TEXT NOT NULL, "
            "vector TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED)"
        )
        op.execute("CREATE INDEX texts_vector ON texts USING gin (vector)")


def _of_briefing(*, primary_key: bool = False) -> sa.Column[int]:
    reference = sa.ForeignKey("briefings.id", ondelete="CASCADE")
    return sa.Column("briefing", sa.Integer, reference, nullable=False, primary_key=primary_key, autoincrement=False)


def _of_thing() -> sa.Column[int]:
    return sa.Column("thing", KEY, sa.ForeignKey("things.key", ondelete="CASCADE"), nullable=False)
