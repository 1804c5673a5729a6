"""An archive, opened: what one can do with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from pydantic import ValidationError
from sqlalchemy import Connection, select

from summarizer.archive import identities as ids
from summarizer.archive import store
from summarizer.archive.actors import actor_record, cast, find_actor, members_of
from summarizer.archive.base import Base, Readers
from summarizer.archive.before import past_before
from summarizer.archive.conditions import within
from summarizer.archive.found import ActorRecord, Cast, Changes, Diff, Hits, Ledger, Listed, Thread
from summarizer.archive.kept import forget_texts, kept_articles, kept_ids, kept_of
from summarizer.archive.ledger import ledger
from summarizer.archive.loading import load
from summarizer.archive.moving import dump
from summarizer.archive.reader import Reader
from summarizer.archive.rows import unpack
from summarizer.archive.search import search
from summarizer.archive.spans import Day, briefed, check_most, day_of, span_of
from summarizer.archive.tables import briefings, identities, things
from summarizer.archive.threads import changed, diff, thread
from summarizer.archive.used import TextKey, days_used, made_of
from summarizer.errors import ArchiveError, NotArchived, UnknownIdentity
from summarizer.models import SCHEMA_VERSION, Article, Briefing, ChangeKind, Source
from summarizer.past import Past
from summarizer.text import flatten, is_blank


@dataclass(frozen=True)
class Entered:
    """A briefing as it was entered."""

    briefing: Briefing
    """With ids over all days."""
    notes: tuple[str, ...]
    """What it means for briefings of other days."""


class Archive:
    """Every briefing that was made, and what is known over all of them. Days are dates, or texts as 2031-05-12."""

    def __init__(self, place: str, *, make: bool = True, readers: Readers | None = None) -> None:
        """Open an archive.

        Args:
            place: SQLAlchemy URL (`sqlite:///PATH`, `postgresql+psycopg://…`), or path of a SQLite file.
            make: whether to make one, with the folders above it, if there is none.
            readers: how many threads read it at once, and how long each may; it can't be written then, nor made.
                None: it is for one thread's work, and may be written.

        Raises:
            ArchiveError: if it can't be opened, or isn't there and is not to be made.
        """
        self.base = Base(place, make=make, readers=readers)

    @property
    def place(self) -> str | None:
        """Where it is, without a password."""
        return self.base.place

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.base.close()

    # ----------------------------------------------------------------------------- writing

    def put(
        self, briefing: Briefing, same: Mapping[str, str] | None = None, *, articles: Iterable[Article] = ()
    ) -> Entered:
        """Enter a briefing; one of the same day and topic is replaced, and so are the texts of its articles.

        Args:
            briefing: with the day's own ids.
            same: ids over all days of what stood before, by the day's own.
            articles: whose texts are to be kept; those that are no sources of it are left out.

        Raises:
            OtherArticles: if it would take the place of one with which it has no article in common.
        """
        with self.base.writing() as connection:
            numbered, notes = store.put(connection, briefing, same or {}, self.place, articles)
        return Entered(numbered, tuple(notes))

    def delete(self, day: Day, topic: str | None = None) -> tuple[str, ...]:
        """Delete a day's briefing; returns what that means for other days.

        Raises:
            NotArchived: if there is none.
        """
        day = day_of(day)
        with self.base.writing() as connection:
            number = self._number(connection, day, topic)
            return tuple(store.drop(connection, number, day, topic or ""))

    def merge(self, kept: str, *others: str) -> None:
        """From now on, one id for several: what went by the others goes by `kept`, on all days and those to come.

        Raises:
            UnknownIdentity: if one isn't there, or they are of two kinds; then nothing is merged.
        """
        with self.base.writing() as connection:
            kept = self._identity(connection, kept)
            for each in others:
                other = self._identity(connection, each)
                if kept == other:
                    raise UnknownIdentity(self.place, other, f"is {kept} already", "nothing is to be merged")
                if kept[0] != other[0]:
                    raise UnknownIdentity(self.place, other, f"is of another kind than {kept}", "merge two of a kind")
                ids.merge(connection, kept, other)

    def split(self, id: str, days: Sequence[Day] = ()) -> str:
        """Part what goes by one id: what it had on some days, or, without days, what was merged into another.

        Returns:
            The id that the parted goes by.

        Raises:
            UnknownIdentity: if there is nothing to part.
        """
        on = tuple(map(day_of, days))
        with self.base.writing() as connection:
            if not on:
                return self._unmerged(connection, id)
            id = self._identity(connection, id)
            found = set(connection.execute(select(things.c.date).where(things.c.identity == id).distinct()).scalars())
            if absent := [day.isoformat() for day in on if day not in found]:
                there = ", ".join(day.isoformat() for day in sorted(found)) or "no briefing any more"
                raise UnknownIdentity(self.place, id, f"is not in {', '.join(absent)}", f"it is in {there}")
            if found == set(on):
                raise UnknownIdentity(self.place, id, "is on no other day", "name fewer days")
            return ids.part(connection, id, on)

    def _unmerged(self, connection: Connection, id: str) -> str:
        row = connection.execute(select(identities.c.merged_into).where(identities.c.id == id)).one_or_none()
        if row is None or row.merged_into is None:
            advice = "give the days that are to be parted from it"
            raise UnknownIdentity(self.place, id, "was not merged into another", advice)
        ids.unmerge(connection, id)
        return id

    def rename(self, id: str, name: str | None) -> None:
        """Call a thing otherwise, from now on, by a name on one line; None: as it was first called.

        Raises:
            UnknownIdentity: if it isn't there.
            ArchiveError: if nothing of the name can be seen.
        """
        given = None if name is None else flatten(name)
        if given is not None and is_blank(given):
            raise ArchiveError(self.place, f"{id} can't be called nothing", "give a name, or none for the first one")
        with self.base.writing() as connection:
            id = self._identity(connection, id)
            connection.execute(identities.update().where(identities.c.id == id).values(given=given))

    def _identity(self, connection: Connection, id: str) -> str:
        """The id that a thing goes by now."""
        found = ids.resolver(connection)(id)
        if connection.execute(select(identities.c.id).where(identities.c.id == found)).one_or_none() is None:
            raise UnknownIdentity(self.place, id, "is no id of it", "see `summarizer search` and `summarizer show`")
        return found

    def forget_texts(self, before: Day) -> int:
        """Forget the texts of all articles that no briefing of that day or later was made of; returns how many.

        Briefings stay as they are, with their quotations.
        """
        with self.base.writing() as connection:
            return forget_texts(connection, day_of(before))

    # ------------------------------------------------------------------------------ moving

    def dump(self, write: Callable[[str], object], *, texts: bool = True) -> None:
        """Write all of it as lines of JSON: `load` makes an archive of them that dumps the same, byte for byte.

        Args:
            write: called with each line and its end.
            texts: whether the articles' texts are among them.
        """
        with self.base.reading() as connection:
            for line in dump(connection, self.place, texts=texts):
                write(line)

    def load(self, lines: Iterable[str], told: Callable[[date], None] = lambda _: None, *, texts: bool = True) -> int:
        """Fill it with a dump's lines, or enter briefings that are JSON; all of them or none.

        Args:
            lines: of a dump, of one briefing's JSON, or of several, one a line.
            told: called with the day of each briefing that is in.
            texts: whether the articles' texts that a dump has are kept.

        Returns:
            How many briefings came in.

        Raises:
            ArchiveError: if they are none of these, or it has something already whose place they would take.
        """
        with self.base.writing() as connection:
            return load(connection, lines, self.place, told, texts=texts)

    # ----------------------------------------------------------------------------- reading

    def past(self, day: Day, *, topic: str | None = None, look_back: int = 30) -> Past | None:
        """What stood before a day, in the briefings of so many days; None if there is none."""
        day = day_of(day)
        with self.base.reading() as connection:
            return past_before(connection, day, topic or "", day - timedelta(days=look_back))

    def span(self, since: Day | None = None, until: Day | None = None) -> tuple[date, date]:
        """The first and the last day, of all or of a span, that there is a briefing of.

        Raises:
            NotArchived: if there is none; it says which days there are.
        """
        with self.base.reading() as connection:
            return briefed(connection, *span_of(since, until), self.place)

    def list(self, since: Day | None = None, until: Day | None = None) -> tuple[Listed, ...]:
        """All briefings of a span of days, both ends included, newest first; none if there is none."""
        since, until = span_of(since, until)
        shown = [briefings.c[name] for name in Listed.model_fields]
        asked = within(select(*shown), briefings.c.date, since, until)
        with self.base.reading() as connection:
            rows = connection.execute(asked).mappings().all()
        rows = sorted(rows, key=lambda row: (-row["date"].toordinal(), row["topic"]))  # databases sort texts by locale
        return tuple(Listed(**{**row, "topic": row["topic"] or None}) for row in rows)

    def briefing(self, day: Day, topic: str | None = None) -> Briefing:
        """A day's briefing, whole, with the ids that it was printed with.

        Raises:
            NotArchived: if there is none.
            ArchiveError: if it was made by a version that this one can't read.
        """
        body = self._body(day_of(day), topic)
        try:
            return Briefing.model_validate_json(unpack(body))
        except ValidationError as error:
            reason = (
                f"the briefing of {day} does not fit this version (format {SCHEMA_VERSION}): {error.errors()[0]['msg']}"
            )
            raise ArchiveError(self.place, reason, "make that day again") from error

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Articles with their texts, by `Source.id`; what is not kept is not among them.

        Each is as the last briefing that was made of it has it, else as one that quotes it as an earlier day's.

        Raises:
            ArchiveError: if a text is not the one that a briefing was made of.
        """
        with self.base.reading() as connection:
            return kept_articles(connection, ids, self.place)

    def articles_of(self, day: Day, topic: str | None = None) -> tuple[Article, ...]:
        """The sources of a day's briefing with their texts, in its order; what is not kept is not among them.

        Raises:
            NotArchived: if there is no such briefing.
            ArchiveError: if a text is not the one that the briefing was made of.
        """
        day = day_of(day)
        with self.base.reading() as connection:
            number = self._number(connection, day, topic)
            return kept_of(connection, number, self.place)

    def has(self, briefing: Briefing) -> bool:
        """Whether this is what is kept of its day and topic, by all its items."""
        try:
            return self.briefing(briefing.date, briefing.topic).items == briefing.items
        except NotArchived:
            return False

    def mark(self, day: Day, topic: str | None = None) -> str:
        """A hash of a day's briefing and of which texts are kept: as long as it is the same, so is all of the day.

        Raises:
            NotArchived: if there is none.
        """
        day = day_of(day)
        with self.base.reading() as connection:
            number = self._number(connection, day, topic)
            body = connection.execute(select(briefings.c.body).where(briefings.c.id == number)).scalar_one()
            return hashlib.sha256(body + ",".join(kept_ids(connection, number)).encode()).hexdigest()

    def used(
        self, articles: Sequence[Source], *, topic: str | None = None, since: Day
    ) -> Mapping[TextKey, frozenset[date]]:
        """On which days briefings of a topic were made of these articles, by their texts; see `used.text_of`.

        Args:
            articles: looked for by id in all briefings, by text in those since then.
            topic: None: all stories.
            since: the first day whose briefings may have one under another id.
        """
        with self.base.reading() as connection:
            return days_used(connection, articles, topic or "", day_of(since))

    def made_of(self, day: Day, topic: str | None = None) -> tuple[Source, ...]:
        """The articles that a day's briefing was made of, without their boilerplate; none if there is none."""
        with self.base.reading() as connection:
            return made_of(connection, day_of(day), topic or "")

    def search(
        self,
        words: str,
        *,
        party: str | None = None,
        kinds: Sequence[str] = (),
        since: Day | None = None,
        until: Day | None = None,
        most: int = 50,
    ) -> Hits:
        """What has all the words, in its own or a quotation's, newest first.

        Args:
            words: words, "phrases", beginnings*, and -words that must not be there; case and accents don't count.
            party: id or name of an actor whom, or whose people, it must name.
            kinds: actor, demand, proposal, venue, claim, event, dispute; empty: all.
            since: first day; None: from the beginning.
            until: last day; None: to the end.
            most: how many.

        Raises:
            InputError: if there is no word to look for, more than 64, or a sign that means nothing.
            NotArchived: if there is no briefing in the span.
            UnknownIdentity: if nobody goes by the party's name, or several do.
        """
        since, until = span_of(since, until)
        check_most(most)
        with self.base.reading() as connection:
            briefed(connection, since, until, self.place)
            return search(
                connection,
                words,
                party=self._members(connection, party),
                kinds=kinds,
                since=since,
                until=until,
                most=most,
            )

    def actor(self, name: str, *, since: Day | None = None, until: Day | None = None, most: int = 50) -> ActorRecord:
        """All that an actor, and those who belong to it, demanded, proposed and said, and where they met.

        Args:
            name: id or name, or a part of one.
            since: first day; None: from the beginning.
            until: last day; None: to the end.
            most: of each kind, those mentioned last.

        Raises:
            NotArchived: if there is no briefing in the span.
            UnknownIdentity: if nobody goes by it, or several do.
        """
        since, until = span_of(since, until)
        check_most(most)
        with self.base.reading() as connection:
            actor = find_actor(connection, name, self.place)
            self._check_is_told(connection, actor)
            briefed(connection, since, until, self.place)
            return actor_record(connection, actor, since=since, until=until, most=most)

    def identity(self, day: Day, printed: str, topic: str | None = None) -> str:
        """What a thing goes by over all days that a day's briefing prints as this.

        Raises:
            NotArchived: if there is no such briefing.
            UnknownIdentity: if it prints no such id.
        """
        day = day_of(day)
        with self.base.reading() as connection:
            number = self._number(connection, day, topic)
            asked = select(things.c.identity).where(things.c.briefing == number, things.c.item == printed)
            found = connection.execute(asked).scalar_one_or_none()
        if found is None:
            raise UnknownIdentity(self.place, printed, f"is not printed by the briefing of {day}", "see the day's page")
        return str(found)

    def name(self, id: str) -> str:
        """What a thing is called, also if it is in no briefing any more.

        Raises:
            UnknownIdentity: if nothing ever had the id.
        """
        with self.base.reading() as connection:
            found = self._identity(connection, id)
            return Reader(connection).names([found])[found]

    def actors(
        self, part: str | None = None, *, since: Day | None = None, until: Day | None = None, most: int = 200
    ) -> Cast:
        """Who is mentioned, those mentioned on most days first.

        Args:
            part: of a name, under any of its spellings; None: anybody.
            since: first day; None: from the beginning.
            until: last day; None: to the end.
            most: how many.

        Raises:
            InputError: if the days are no span, or that is no number of actors.
        """
        since, until = span_of(since, until)
        check_most(most)
        with self.base.reading() as connection:
            return cast(connection, part=part, since=since, until=until, most=most)

    def changes(
        self,
        since: Day | None = None,
        until: Day | None = None,
        *,
        kinds: Sequence[ChangeKind | str] = (),
        party: str | None = None,
        most: int = 200,
    ) -> Changes:
        """What became of things over a span of days, newest first.

        Args:
            since: first day; None: from the beginning.
            until: last day; None: to the end.
            kinds: of changes; empty: all.
            party: id or name of an actor whom, or whose people, the thing must name.
            most: how many.

        Raises:
            InputError: if the days are no span, or that is no number of changes.
            UnknownIdentity: if nobody goes by the party's name, or several do.
        """
        since, until = span_of(since, until)
        check_most(most)
        with self.base.reading() as connection:
            members = self._members(connection, party)
            return changed(connection, kinds=kinds, since=since, until=until, party=members, most=most)

    def thread(self, id: str) -> Thread:
        """One thing over all days.

        Raises:
            UnknownIdentity: if nothing goes by the id.
        """
        with self.base.reading() as connection:
            found = self._identity(connection, id)
            self._check_is_told(connection, found)
            return thread(connection, found)

    def diff(self, before: Day, after: Day) -> Diff:
        """Two days side by side, the earlier first.

        Raises:
            InputError: if the first comes after the second.
            NotArchived: if a day has no briefing.
        """
        before, after = day_of(before), day_of(after)
        span_of(before, after)
        with self.base.reading() as connection:
            asked = select(briefings.c.date).where(briefings.c.date.in_((before, after)))
            there = set(connection.execute(asked).scalars())
            for day in (before, after):
                if day not in there:
                    raise self._not_archived(day, None)
            return diff(connection, before, after)

    def ledger(
        self,
        since: Day | None = None,
        until: Day | None = None,
        *,
        party: str | None = None,
        issue: str | None = None,
    ) -> Ledger:
        """Over a span of days, who wants and offers what, and what came of it; where they meet; what stands.

        Args:
            since: first day; None: the first that there is.
            until: last day; None: the last that there is.
            party: id or name of an actor whom, or whose people, it must name.
            issue: words that it must be about.

        Raises:
            NotArchived: if there is no briefing in the span.
            UnknownIdentity: if nobody goes by the party's name, or several do.
        """
        since, until = span_of(since, until)
        with self.base.reading() as connection:
            first, last = briefed(connection, since, until, self.place)
            members = self._members(connection, party)
            return ledger(connection, since=since or first, until=until or last, party=members, issue=issue)

    def ledger_of(self, day: Day, topic: str | None = None, *, days: int = 30) -> Ledger:
        """How the things of a day's briefing came to where they stand: the ledger of so many days up to it.

        Each is called by the id that the day's briefing prints.

        Raises:
            NotArchived: if there is no such briefing.
        """
        day = day_of(day)
        since = date.fromordinal(max(1, day.toordinal() - days + 1))
        with self.base.reading() as connection:
            number = self._number(connection, day, topic)
            asked = select(things.c.identity, things.c.item).where(things.c.briefing == number)
            printed: dict[str, str] = {}
            for identity, item in connection.execute(asked.order_by(things.c.position)):
                printed.setdefault(identity, item)
            first, _ = briefed(connection, since, day, self.place)
            found = ledger(connection, since=first, until=day, of=printed)
        return found.renamed(printed)

    def _body(self, day: date, topic: str | None) -> bytes:
        """A day's briefing as it is kept."""
        with self.base.reading() as connection:
            asked = select(briefings.c.body).where(briefings.c.date == day, briefings.c.topic == (topic or ""))
            body = connection.execute(asked).scalar_one_or_none()
        if body is None:
            raise self._not_archived(day, topic)
        return bytes(body)

    def _check_is_told(self, connection: Connection, id: str) -> None:
        if not ids.appearances(connection, [id]):
            advice = "its day was deleted, or made again without it"
            raise UnknownIdentity(self.place, id, "is in no briefing any more", advice)

    def _number(self, connection: Connection, day: date, topic: str | None) -> int:
        """A day's briefing in its table."""
        number = store.find(connection, day, topic or "")
        if number is None:
            raise self._not_archived(day, topic)
        return number

    def _members(self, connection: Connection, party: str | None) -> set[str] | None:
        """An actor and those who belong to it; None if none is asked for."""
        return None if party is None else members_of(connection, find_actor(connection, party, self.place))

    def _not_archived(self, day: date, topic: str | None) -> NotArchived:
        on = f"{day} on {topic!r}" if topic else day.isoformat()
        listed = self.list()
        others = [each for each in listed if each.date == day]
        if others:
            topics = " or ".join(f"--topic {each.topic!r}" if each.topic else "no --topic" for each in others)
            return NotArchived(self.place, on, f"of that day there is one with {topics}")
        if not listed:
            return NotArchived(self.place, on, "it is empty; `summarizer brief` enters what it makes")
        near = min(listed, key=lambda each: abs((each.date - day).days))
        return NotArchived(self.place, on, f"the nearest is of {near.date}; see `summarizer list`")
