"""A desk's day: what is new since yesterday, made into a briefing once, however often it is started.

The archive is what says which days are done and which articles were used; a day that failed, or
that nobody started, is simply not in it yet.
"""

from __future__ import annotations

import glob
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from summarizer.archive import Archive, Ledger
from summarizer.archive.used import TextKey, text_of
from summarizer.briefing import brief
from summarizer.delivery.courier import Courier
from summarizer.delivery.kinds import Channel, Folder, Mail
from summarizer.desk import Listener
from summarizer.errors import ArchiveError, ArticlesGone, InputError, InvalidSettings, NotArchived
from summarizer.ingest import Intake, Told, none_of, take_in
from summarizer.models import Article, Briefing, Problem
from summarizer.once import Memory, Once, mark_of
from summarizer.planfile import DailyPlan
from summarizer.settings import Settings
from summarizer.text import flatten

A_DAY = timedelta(days=1)
TRIED = timedelta(days=14)
"""How long a briefing that can't be sent is tried again by each start."""


@dataclass(frozen=True)
class DayRun:
    """What became of one day."""

    day: date
    state: Literal["made", "archived", "nothing new"]
    """Made by this start; there already; or not to be made, as no article is left for it."""
    briefing: Briefing | None = None
    """None: none was made."""
    written: tuple[Path, ...] = ()
    sent: tuple[str, ...] = ()
    """Receivers of mails and channels that it was sent to by this start."""
    problems: tuple[Problem, ...] = ()
    """Of the briefing, the sources and the deliveries."""
    held: int = 0
    """Articles that the sources hold."""
    used: int = 0
    """Of these, those of the two days that a briefing of another day was made of."""


@dataclass(frozen=True)
class DailyRun:
    """What became of one start."""

    days: tuple[DayRun, ...]
    """Oldest first."""
    missed: tuple[date, date] | None = None
    """First and last of the days that are longer ago than is caught up; None: there are none."""


def run_daily(
    plan: DailyPlan,
    *,
    day: date | None = None,
    again: bool = False,
    catch_up: int | None = None,
    today: date | None = None,
    listener: Listener | None = None,
    told: Told | None = None,
    done: Callable[[DayRun], None] | None = None,
) -> DailyRun:
    """Make the day's briefing of what is new since yesterday, after those of the days that were missed.

    A day takes the articles that are dated on it or the day before, and that no other day's
    briefing was made of. An undated one counts as of the day on which it was first seen. A day
    that is in the archive isn't made twice.

    Args:
        plan: what is read, asked and written.
        day: whose briefing it is to be; None: today's.
        again: make this day anew, and no other.
        catch_up: so many missed days before it at most; None: as planned.
        today: the day on which undated articles are seen; None: the clock's, or the briefing's if that is later.
        listener: called with a `Progress` as a briefing goes on.
        told: called as articles come in, and with "day" as each day begins.
        done: called when a day is done: the days before it stay if one fails.

    Raises:
        AlreadyRunning: at once, if another start is at it.
        NotInstalled: before anything is read, if a library that a delivery needs isn't there.
        NoArticles: if nothing can be read of any source, and something should be.
        ArticlesGone: if this day is to be made anew, and articles that its briefing was made of are held no more.
        SummarizerError: as `brief`, of the first day that fails; later ones, which compare with it, aren't begun.
    """
    day = day or date.today()
    settings, once = _desk(plan)
    Courier(plan.deliveries, plan.folder).check()
    with once.alone(), Archive(settings.archive or "") as archive:
        start = _Start(plan, archive, once, once.memory(), listener, done)
        archived = _archived(archive, settings)
        days, missed = _due(archived, day, plan.catch_up if catch_up is None else catch_up, again=again)
        start.settle(archived, days, day)
        if days:
            pool, intake = _taken_in(
                plan, days, memory=start.memory, today=_seen_on(day, today), archive=archive, told=told
            )
            start.remember(pool.memory)
            _lose_nothing(archive, pool, days, settings.topic, intake.problems)
            start.make_all(days, pool, intake, archived, told)
        return DailyRun(tuple(start.runs), missed)


def plan_daily(
    plan: DailyPlan,
    *,
    day: date | None = None,
    again: bool = False,
    catch_up: int | None = None,
    today: date | None = None,
    told: Told | None = None,
) -> list[tuple[date, Intake]]:
    """The days that `run_daily` would make, and of what; asks nobody, and makes neither archive nor lock.

    Raises:
        NotInstalled: if a library that a delivery needs isn't there.
        NoArticles: if nothing can be read of any source, and something should be.
        ArticlesGone: if this day is to be made anew, and articles that its briefing was made of are held no more.
    """
    day = day or date.today()
    settings, once = _desk(plan)
    Courier(plan.deliveries, plan.folder).check(stdout=False)
    place = settings.archive or ""
    there = Archive(place) if "://" in place or Path(place).expanduser().is_file() else None
    try:
        archived = _archived(there, settings) if there else set()
        days, _ = _due(archived, day, plan.catch_up if catch_up is None else catch_up, again=again)
        if not days:
            return []
        pool, intake = _taken_in(plan, days, memory=once.memory(), today=_seen_on(day, today), archive=there, told=told)
        if there:
            _lose_nothing(there, pool, days, settings.topic, intake.problems)
    finally:
        if there:
            there.close()
    planned = []
    for each in days:
        articles = pool.of(each)
        pool.use(each, articles)
        if articles or each == day:
            planned.append((each, Intake(articles, intake.problems if each == day else (), intake.paths)))
    return planned


def deliver(plan: DailyPlan, day: date | None = None, *, to: Collection[str] = (), again: bool = False) -> DayRun:
    """Take a briefing of the archive to its receivers; asks no model.

    Files are written; mails and channels get it if they haven't had it in the last 60 days.

    Args:
        plan: of the desk; its topic says which briefing of the day is meant.
        day: whose briefing it is; None: the last one's.
        to: names of receivers, or kinds of them, as "mail"; empty: all.
        again: send it also to those who had it.

    Raises:
        AlreadyRunning: at once, if another start is at it.
        NotArchived: if there is no such briefing.
        InputError: if the desk's file has no such receiver, or none at all.
        NotInstalled: if a library that a delivery needs isn't there.
    """
    settings, once = _desk(plan)
    wanted = {
        receiver
        for delivery in plan.deliveries
        for receiver in delivery.receivers
        if not to or {delivery.to, receiver, receiver.removeprefix("mail to ").removeprefix("channel ")} & {*to}
    }
    if not wanted:
        there = ", ".join(receiver for delivery in plan.deliveries for receiver in delivery.receivers)
        raise InputError(f"the desk's file has no such receiver; there are: {there or 'none'}")
    Courier(plan.deliveries, plan.folder).check(wanted)
    with once.alone(), Archive(settings.archive or "") as archive:
        archived = _archived(archive, settings)
        if day not in archived and (day or not archived):
            advice = "`summarizer list` says which there are, `summarizer daily` makes them"
            raise NotArchived(archive.place, str(day or "any day"), advice)
        day = day or max(archived)
        start = _Start(plan, archive, once, once.memory(), None, None)
        due = [each for each in start.receivers(day, newest=day == max(archived), again=again) if each in wanted]
        start.remember(start.memory.owing(day, dict.fromkeys((*start.memory.owed.get(day, ()), *due))))
        written, sent, problems = start.deliver(archive.briefing(day, settings.topic), due)
        return DayRun(day, "archived", written=written, sent=sent, problems=problems)


def _desk(plan: DailyPlan) -> tuple[Settings, Once]:
    settings = plan.settings
    if settings.workspace is None or settings.archive is None:
        raise InvalidSettings('workspace: none is named; write workspace = "workspace" in the desk\'s file')
    return settings, Once(settings.workspace, settings.archive, settings.topic)


def _seen_on(day: date, today: date | None) -> date:
    """A day long past that is made now is not one on which anything was seen."""
    return today or max(day, date.today())


def _archived(archive: Archive, settings: Settings) -> set[date]:
    """The days that there is a briefing of."""
    return {listed.date for listed in archive.list() if listed.topic == settings.topic}


def _due(archived: set[date], day: date, catch_up: int, *, again: bool) -> tuple[list[date], tuple[date, date] | None]:
    """The days to be made, oldest first, and those that are too long ago.

    A desk that has no briefing yet has missed nothing.
    """
    if again or day in archived:
        return ([day] if again else []), None
    last = max((each for each in archived if each < day), default=day - A_DAY)
    open_days = [last + A_DAY * n for n in range(1, (day - last).days + 1)]
    late = open_days[: -1 - catch_up]
    return open_days[len(late) :], (late[0], late[-1]) if late else None


@dataclass
class _Pool:
    """The articles that the sources hold, and which day each is of."""

    articles: Sequence[Article]
    """Those of the days in question, in order."""
    dates: Mapping[str, date]
    """By id."""
    used: dict[TextKey, set[date]]
    memory: Memory
    held: int

    def around(self, day: date) -> list[Article]:
        """Those of a day and the day before."""
        return [article for article in self.articles if self.dates[article.id] in (day - A_DAY, day)]

    def of(self, day: date) -> tuple[Article, ...]:
        """Of these, what no other day's briefing was made of."""
        return tuple(article for article in self.around(day) if not self.used.get(text_of(article), set()) - {day})

    def use(self, day: date, articles: Iterable[Article]) -> None:
        """Count them as used on a day."""
        for article in articles:
            self.used.setdefault(text_of(article), set()).add(day)


def _taken_in(
    plan: DailyPlan, days: Sequence[date], *, memory: Memory, today: date, archive: Archive | None, told: Told | None
) -> tuple[_Pool, Intake]:
    """Read the sources; what is of none of these days is let go of.

    Raises:
        NoArticles: if nothing can be read, for other reasons than that nothing is there.
    """
    settings = plan.settings
    cache = settings.workspace / "web" if settings.workspace else None
    places, problems = _present(plan.places([days[0] - A_DAY, *days]))
    intake = take_in(*places, fetch=settings.fetch, cache=cache, told=told)
    intake = Intake(intake.articles, (*problems, *intake.problems), intake.paths)
    if intake.problems and not intake.articles:
        raise none_of(Intake((), intake.problems, plan.reads))
    marks = {article.id: mark_of(text_of(article)) for article in intake.articles if not article.published}
    memory = memory.with_seen(marks.values(), today)
    dates = {a.id: a.published or memory.seen[marks[a.id]] for a in intake.articles}
    near = tuple(a for a in intake.articles if days[0] - A_DAY <= dates[a.id] <= days[-1])
    used = archive.used(near, topic=settings.topic, since=days[0] - 2 * A_DAY) if archive else {}
    pool = _Pool(near, dates, {key: set(found) for key, found in used.items()}, memory, len(intake.articles))
    return pool, Intake((), intake.problems, intake.paths)


def _lose_nothing(
    archive: Archive, pool: _Pool, days: Sequence[date], topic: str | None, problems: Sequence[Problem]
) -> None:
    """See that what briefings of these days were made of is there, since they will be replaced.

    An article is there if its text is, or what its URL has now.

    Raises:
        ArticlesGone: if something isn't: a feed forgets, a share may not be mounted.
    """
    for day in days:
        held = pool.of(day)
        texts, urls = {text_of(article) for article in held}, {article.url for article in held if article.url}
        made_of = archive.made_of(day, topic)
        gone = [flatten(each.name) for each in made_of if text_of(each) not in texts and each.url not in urls]
        if gone:
            on = ["--topic", topic] if topic else []
            where = ["--archive", archive.place] if archive.place else []
            delete = shlex.join(["summarizer", "archive", "delete", day.isoformat(), *on, *where])
            unread = [f"{problem.article}: {problem.reason}" for problem in problems if problem.article]
            raise ArticlesGone(day.isoformat(), sorted(gone), len(made_of), delete, unread)


def _present(places: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """The places where there may be something, and those that should be there and aren't.

    A pattern that nothing fits is as an empty folder: nothing came in.
    """
    present: list[str] = []
    problems: list[Problem] = []
    for place in places:
        if "://" in place or Path(place).exists():
            present.append(place)
        elif glob.has_magic(place):
            present += [place] if any(glob.iglob(place, recursive=True)) else []  # noqa: PTH207 - may be absolute
        else:
            reason, cost = "it does not exist; check the path", "nothing was read there"
            problems.append(Problem(stage="ingest", article=place, reason=reason, cost=cost))
    return present, problems


@dataclass
class _Start:
    """One start, while it goes on."""

    plan: DailyPlan
    archive: Archive
    once: Once
    memory: Memory
    listener: Listener | None
    done: Callable[[DayRun], None] | None
    runs: list[DayRun] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = self.plan.settings
        self.courier = Courier(self.plan.deliveries, self.plan.folder)

    def remember(self, memory: Memory) -> None:
        """Keep it at once: a kill may come at any moment."""
        if memory != self.memory:
            self.once.remember(memory)
            self.memory = memory

    def finish(self, run: DayRun) -> None:
        """A day is done."""
        self.runs.append(run)
        if self.done:
            self.done(run)

    def settle(self, archived: set[date], days: Sequence[date], day: date) -> None:
        """Deliver what earlier starts owe of days that are in the archive, and say so of this day if it is."""
        for each in sorted({*self.memory.owed, *(archived & {day})} - {*days}):
            if each not in archived:  # it was begun and not made, or the archive is not where it was
                if each < day - TRIED:
                    late = tuple(_too_late(receiver, each) for receiver in self.memory.owed[each])
                    self.remember(self.memory.owing(each, ()))
                    self.finish(DayRun(each, "nothing new", problems=late))
                continue
            late = tuple(_too_late(receiver, each) for receiver in self.give_up(each, day))
            owed = self.memory.owed.get(each, ())
            written: tuple[Path, ...] = ()
            sent: tuple[str, ...] = ()
            problems: Sequence[Problem] = ()
            try:
                if owed:
                    written, sent, problems = self.deliver(self.archive.briefing(each, self.settings.topic), owed)
            except ArchiveError as error:
                problems = [_undelivered(str(error), receiver) for receiver in owed]
            self.finish(DayRun(each, "archived", written=written, sent=sent, problems=(*late, *problems)))

    def give_up(self, day: date, today: date) -> list[str]:
        """The receivers to which a day's briefing is no longer tried to be sent; they are owed nothing more."""
        if day >= today - TRIED:
            return []
        late = [receiver for receiver in self.memory.owed.get(day, ()) if receiver in self.sent_to]
        self.remember(self.memory.owing(day, (each for each in self.memory.owed.get(day, ()) if each not in late)))
        return late

    @property
    def sent_to(self) -> set[str]:
        """The receivers that can't be written to twice without getting it twice."""
        kinds = (Mail, Channel)
        return {to for delivery in self.plan.deliveries if isinstance(delivery, kinds) for to in delivery.receivers}

    def make_all(
        self, days: Sequence[date], pool: _Pool, intake: Intake, archived: set[date], told: Told | None
    ) -> None:
        """Make these days, as far as there is something to make them of; what can't be read is a problem of the last.

        Raises:
            SummarizerError: as `brief`.
        """
        for number, day in enumerate(days, 1):
            articles, last = pool.of(day), day == days[-1]
            problems = intake.problems if last else ()
            if not articles:
                if last:
                    used = len(pool.around(day))
                    self.finish(DayRun(day, "nothing new", problems=problems, held=pool.held, used=used))
                continue
            if told:
                told("day", number, len(days), f"{day}, {len(articles)} articles")
            newest = day >= max(archived, default=day)
            owed = self.receivers(day, newest=newest)
            self.remember(self.memory.owing(day, owed))
            made = brief(
                Intake(articles, problems, intake.paths), day=day, settings=self.settings, listener=self.listener
            )
            written, sent, undelivered = self.deliver(made, owed)
            self.finish(DayRun(day, "made", made, written, sent, (*made.problems, *undelivered), pool.held))
            if any(problem.stage == "archive" for problem in made.problems):
                return  # the next day compares with this one
            archived.add(day)
            kept = {source.id for source in made.sources if not source.earlier}
            pool.use(day, (article for article in articles if article.id in kept))

    def receivers(self, day: date, *, newest: bool, again: bool = False) -> list[str]:
        """Those that a day's briefing is for: who was sent it before isn't sent it again, unless it is to be."""
        had = () if again else self.memory.had.get(day, ())
        deliveries = (each for each in self.plan.deliveries if newest or not isinstance(each, Folder) or each.dated)
        return [receiver for delivery in deliveries for receiver in delivery.receivers if receiver not in had]

    def deliver(
        self, briefing: Briefing, receivers: Collection[str]
    ) -> tuple[tuple[Path, ...], tuple[str, ...], tuple[Problem, ...]]:
        """Take a briefing to its receivers, and remember each that it got to at once; to the others it stays owed."""
        written: list[Path] = []
        sent: list[str] = []
        problems: list[Problem] = []
        more = self.archived(briefing, problems) if self.courier.takes_pages(receivers) else ()
        for outcome in self.courier.deliver(briefing, receivers, *more):
            if outcome.reason is not None:
                problems.append(_undelivered(outcome.reason, str(outcome.path or outcome.receiver)))
                continue
            once = outcome.receiver in self.sent_to
            self.remember(self.memory.done(briefing.date, outcome.receiver, sent=once))
            written += [outcome.path] if outcome.path else []
            sent += [outcome.receiver] if once else []
        there = {receiver for delivery in self.plan.deliveries for receiver in delivery.receivers}
        owed = [receiver for receiver in self.memory.owed.get(briefing.date, ()) if receiver in there]
        self.remember(self.memory.owing(briefing.date, owed))
        return tuple(written), tuple(sent), tuple(problems)

    def archived(self, briefing: Briefing, problems: list[Problem]) -> tuple[Sequence[Article], Ledger] | tuple[()]:
        """What the archive knows of it besides: articles whose texts it has, and how things moved until then."""
        day = briefing.date, briefing.topic
        try:
            if self.archive.has(briefing):  # else it could not be entered, which is a problem of its own
                return self.archive.articles_of(*day), self.archive.ledger_of(*day)
        except ArchiveError as error:
            cost = "pages have the quotations without the articles' texts, and don't say how things moved"
            problems.append(Problem(stage="delivery", article=str(briefing.date), reason=str(error), cost=cost))
        return ()


def _undelivered(reason: str, receiver: str) -> Problem:
    cost = "the briefing was not delivered, and will be by the next start"
    return Problem(stage="delivery", article=receiver, reason=reason, cost=cost)


def _too_late(receiver: str, day: date) -> Problem:
    reason = f"it could not be in {TRIED.days} days; `summarizer deliver {day}` sends it all the same"
    return Problem(stage="delivery", article=receiver, reason=reason, cost="the briefing is no longer tried to be sent")
