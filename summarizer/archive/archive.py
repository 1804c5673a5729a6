"""An archive, opened: what one can do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from pydantic import ValidationError
from sqlalchemy import Connection, select

from summarizer.archive import identities as ids
from summarizer.archive import store
from summarizer.archive.base import Base
from summarizer.archive.before import past_before
from summarizer.archive.rows import unpack
from summarizer.archive.tables import briefings, identities, things
from summarizer.errors import ArchiveError, NotArchived, UnknownIdentity
from summarizer.models import SCHEMA_VERSION, Briefing, Model
from summarizer.past import Past


class Listed(Model):
    """A briefing as a list of them shows it."""

    date: date
    topic: str | None
    headline: str
    stories: int
    articles: int
    items: int
    changes: int
    problems: int


@dataclass(frozen=True)
class Entered:
    """A briefing as it was entered."""

    briefing: Briefing
    """With ids over all days."""
    notes: tuple[str, ...]
    """What it means for briefings of other days."""


class Archive:
    """Every briefing that was made, and what is known over all of them."""

    def __init__(self, place: str) -> None:
        """Open an archive, and make it if there is none.

        Args:
            place: SQLAlchemy URL (`sqlite:///PATH`, `postgresql+psycopg://…`), or path of a SQLite file.

        Raises:
            ArchiveError: if it can't be opened.
        """
        self.base = Base(place)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.base.close()

    # ----------------------------------------------------------------------------- writing

    def put(self, briefing: Briefing, same: Mapping[str, str] | None = None) -> Entered:
        """Enter a briefing; one of the same day and topic is replaced.

        Args:
            briefing: with the day's own ids.
            same: ids over all days of what stood before, by the day's own.
        """
        with self.base.writing() as connection:
            numbered, notes = store.put(connection, briefing, same or {})
        return Entered(numbered, tuple(notes))

    def delete(self, day: date, topic: str | None = None) -> tuple[str, ...]:
        """Delete a day's briefing; returns what that means for other days.

        Raises:
            NotArchived: if there is none.
        """
        with self.base.writing() as connection:
            number = store.find(connection, day, topic or "")
            if number is None:
                raise self._not_archived(day, topic)
            return tuple(store.drop(connection, number, day, topic or ""))

    def merge(self, kept: str, other: str) -> None:
        """From now on, one id for two: what went by `other` goes by `kept`, on all days and those to come.

        Raises:
            UnknownIdentity: if one isn't there, or they are of two kinds.
        """
        with self.base.writing() as connection:
            kept, other = self._identity(connection, kept), self._identity(connection, other)
            if kept == other:
                raise UnknownIdentity(self.base.place, other, f"is {kept} already", "nothing is to be merged")
            if kept[0] != other[0]:
                raise UnknownIdentity(self.base.place, other, f"is of another kind than {kept}", "merge two of a kind")
            ids.merge(connection, kept, other)

    def split(self, id: str, days: tuple[date, ...] = ()) -> str:
        """Part what goes by one id: what it had on some days, or, without days, what was merged into another.

        Returns:
            The id that the parted goes by.

        Raises:
            UnknownIdentity: if there is nothing to part.
        """
        with self.base.writing() as connection:
            if not days:
                return self._unmerged(connection, id)
            id = self._identity(connection, id)
            found = connection.execute(
                select(things.c.key, things.c.date, things.c.name).where(things.c.identity == id)
            ).all()
            parted = [row for row in found if row.date in days]
            if absent := [day.isoformat() for day in days if day not in {row.date for row in found}]:
                on = ", ".join(sorted({row.date.isoformat() for row in found}))
                raise UnknownIdentity(self.base.place, id, f"is not in {', '.join(absent)}", f"it is in {on}")
            if len(parted) == len(found):
                raise UnknownIdentity(self.base.place, id, "is on no other day", "name fewer days")
            new = ids.new_id(connection, id[0], parted[0].name)
            ids.move(connection, [row.key for row in parted], new)
            return new

    def _unmerged(self, connection: Connection, id: str) -> str:
        row = connection.execute(select(identities.c.merged_into).where(identities.c.id == id)).one_or_none()
        if row is None or row.merged_into is None:
            advice = "give the days that are to be parted from it"
            raise UnknownIdentity(self.base.place, id, "was not merged into another", advice)
        ids.unmerge(connection, id)
        return id

    def rename(self, id: str, name: str | None) -> None:
        """Call a thing otherwise, from now on; None: as it was first called.

        Raises:
            UnknownIdentity: if it isn't there.
        """
        with self.base.writing() as connection:
            id = self._identity(connection, id)
            connection.execute(identities.update().where(identities.c.id == id).values(given=name))

    def _identity(self, connection: Connection, id: str) -> str:
        """The id that a thing goes by now."""
        found = ids.resolver(connection)(id)
        if connection.execute(select(identities.c.id).where(identities.c.id == found)).one_or_none() is None:
            raise UnknownIdentity(
                self.base.place, id, "is no id of it", "see `summarizer search` and `summarizer show`"
            )
        return found

    # ----------------------------------------------------------------------------- reading

    def past(self, day: date, *, topic: str | None = None, look_back: int = 30) -> Past | None:
        """What stood before a day, in the briefings of so many days; None if there is none."""
        with self.base.reading() as connection:
            return past_before(connection, day, topic or "", day - timedelta(days=look_back))

    def list(self, since: date | None = None, until: date | None = None) -> tuple[Listed, ...]:
        """All briefings of a span of days, both ends included, newest first."""
        shown = [briefings.c[name] for name in Listed.model_fields]
        asked = select(*shown).order_by(briefings.c.date.desc(), briefings.c.topic)
        asked = asked.where(briefings.c.date >= since) if since else asked
        asked = asked.where(briefings.c.date <= until) if until else asked
        with self.base.reading() as connection:
            rows = connection.execute(asked).mappings().all()
        return tuple(Listed(**{**row, "topic": row["topic"] or None}) for row in rows)

    def briefing(self, day: date, topic: str | None = None) -> Briefing:
        """A day's briefing, whole, with the ids that it was printed with.

        Raises:
            NotArchived: if there is none.
            ArchiveError: if it was made by a version that this one can't read.
        """
        with self.base.reading() as connection:
            asked = select(briefings.c.body).where(briefings.c.date == day, briefings.c.topic == (topic or ""))
            body = connection.execute(asked).scalar_one_or_none()
        if body is None:
            raise self._not_archived(day, topic)
        try:
            return Briefing.model_validate_json(unpack(body))
        except ValidationError as error:
            reason = (
                f"the briefing of {day} does not fit this version (format {SCHEMA_VERSION}): {error.errors()[0]['msg']}"
            )
            raise ArchiveError(self.base.place, reason, "make that day again") from error

    def _not_archived(self, day: date, topic: str | None) -> NotArchived:
        on = f"{day} on {topic!r}" if topic else day.isoformat()
        listed = self.list()
        others = [each for each in listed if each.date == day]
        if others:
            topics = " or ".join(f"--topic {each.topic!r}" if each.topic else "no --topic" for each in others)
            return NotArchived(self.base.place, on, f"of that day there is one with {topics}")
        if not listed:
            return NotArchived(self.base.place, on, "it is empty; `summarizer brief` enters what it makes")
        near = min(listed, key=lambda each: abs((each.date - day).days))
        return NotArchived(self.base.place, on, f"the nearest is of {near.date}; see `summarizer list`")
