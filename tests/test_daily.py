"""A desk's day: what it takes, that it is made once, that missed days are made up for."""

from __future__ import annotations

import argparse
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Settings
from summarizer.archive import Archive
from summarizer.archive.used import text_of
from summarizer.cli import build_parser, main
from summarizer.daily import DailyRun, plan_daily, run_daily
from summarizer.delivery.kinds import FORMS, Channel, Folder, Mail, Stdout
from summarizer.errors import AlreadyRunning, InvalidPlan, InvalidSettings, ModelError, NoArticles
from summarizer.planfile import STARTER, PlanFile, load_plan
from summarizer.render import render_as, render_bytes
from summarizer.settings import FetchOptions
from summarizer.testing import Asked, Fault, Reply, ScriptedModel
from tests import test_stories
from tests.conftest import DAYS, ROOT, replayed
from tests.postgres import new_database
from tests.processes import PATIENCE, Command, wait_for
from tests.test_stories import article
from tests.web import Site, http

Scripted = Callable[..., ScriptedModel]
Capture = pytest.CaptureFixture[str]
MON, TUE, WED, THU, FRI = (date(2031, 5, 12) + timedelta(days=n) for n in range(5))
DOCS = ROOT / "docs/daily.md"
FOLDER = '[[deliveries]]\nto = "folder"\n'


def read(asked: Asked) -> Reply:
    """As the model of the stories' tests, and what changed is cited first."""
    changed = re.findall(r"^(K\d+) \|", asked.user, re.M)
    if asked.answer != "Summary" or not changed:
        return test_stories.read(asked)
    line = {"text": "Norland wants it reopened", "cites": [changed[0]]}
    return {"headline": line, "bottom_line": [line]}


class Desk:
    """A folder with a summarizer.toml, articles, and a model that it asks."""

    def __init__(self, folder: Path, model: ScriptedModel, archive: str | None = None) -> None:
        self.folder, self.model = folder, model
        self.archive = archive or str(folder / "workspace/archive.sqlite3")
        self.named = {"archive": f'"{archive}"'} if archive else {}
        self.config = folder / "summarizer.toml"
        self.number = 0
        (folder / "articles").mkdir(parents=True)
        self.write()

    def write(self, lines: str = "", **changed: str) -> None:
        """The file, with other values for some keys, and more lines at its end."""
        keys = {"folders": '["articles"]', "workspace": '"workspace"', "min_reports": "1", "attempts": "1"}
        keys |= {"base_url": f'"{self.model.base_url}"', **self.named, **changed}
        output = f'{FOLDER}format = "md"\npath = "briefings/{{date}}.md"\n'
        self.config.write_text("".join(f"{key} = {value}\n" for key, value in keys.items()) + (lines or output))

    def put(self, published: date | None, matter: str = "canal", folder: str = "articles") -> str:
        """One more article; returns its name."""
        self.number += 1
        one = article(matter, self.number)
        head = f"title: {one.title}\npublisher: {one.publisher}\n" + (f"published: {published}\n" if published else "")
        path = self.folder / folder / f"{one.name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\n{head}---\n{one.text}")
        return path.name

    def run(self, day: date, *options: str) -> int:
        """`summarizer daily` of a day, here."""
        return main(["daily", "--config", str(self.config), "--date", day.isoformat(), *options])

    def start(self, day: date, *options: str) -> Command:
        """`summarizer daily` of a day, in a process of its own."""
        return Command("daily", "--config", str(self.config), "--date", day.isoformat(), *options)

    def python(self, day: date, today: date | None = None, **how: Any) -> DailyRun:
        """`run_daily` of a day, seen on that day."""
        return run_daily(load_plan(self.config), day=day, today=today or day, **how)

    def used(self) -> dict[date, list[str]]:
        """Names of the articles of each day's briefing in the archive."""
        with Archive(self.archive) as archive:
            briefings = [archive.briefing(listed.date, listed.topic) for listed in reversed(archive.list())]
        return {one.date: sorted(source.name for source in one.sources if not source.earlier) for one in briefings}

    def readings(self) -> int:
        return [asked.answer for asked in self.model.asked].count("ArticleNotes")

    def files(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "briefings").glob("*"))


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, scripted: Scripted) -> Desk:
    """A desk without articles, whose archive is where it is by default or on a PostgreSQL server."""
    server = getattr(request, "param", "sqlite") == "postgresql"
    archive = new_database(request.getfixturevalue("postgresql")) if server else None
    return Desk(tmp_path / "desk", scripted(read), archive)


on_both = pytest.mark.parametrize("desk", ["sqlite", "postgresql"], indirect=True)
"""Tests of a desk that are run with either database."""


# ------------------------------------------------------------------------------- what a day takes


def test_a_day_takes_yesterday_and_today(desk: Desk, capsys: Capture) -> None:
    """Articles dated on the day or the day before are read; older ones, and tomorrow's, are not."""
    desk.put(MON)
    two = [desk.put(TUE), desk.put(WED)]
    desk.put(THU)
    assert desk.run(WED, "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    assert desk.used() == {WED: two}
    assert desk.files() == ["2031-05-14.md"]
    assert desk.readings() == 2


@on_both
def test_nothing_is_used_twice(desk: Desk) -> None:
    """The next day takes what came late and what is new, not what the day before was made of."""
    first = [desk.put(MON), desk.put(TUE)]
    assert desk.run(TUE) == 0
    second = [desk.put(TUE), desk.put(WED)]
    assert desk.run(WED) == 0
    assert desk.used() == {TUE: first, WED: second}
    assert desk.readings() == 4


@on_both
def test_a_day_is_made_once(desk: Desk, capsys: Capture) -> None:
    """Started again, it asks nothing, reads no source, leaves the file alone, and says so with code 0."""
    name = desk.put(TUE)
    assert desk.run(TUE) == 0
    asked, page = len(desk.model.asked), desk.folder / "briefings/2031-05-13.md"
    page.write_text("edited")
    desk.put(TUE)
    (desk.folder / "articles").rename(desk.folder / "gone")
    capsys.readouterr()
    assert desk.run(TUE) == 0
    out, err = capsys.readouterr()
    assert out == "2031-05-13: in the archive already, nothing was asked; --again makes it anew\n"
    assert err == ""
    assert (len(desk.model.asked), desk.used(), page.read_text()) == (asked, {TUE: [name]}, "edited")


def test_a_day_without_news_is_no_briefing(desk: Desk, capsys: Capture) -> None:
    """If nothing is new nothing is asked, written or recorded: what comes later that day is still taken."""
    desk.put(MON)
    assert desk.run(MON) == 0
    asked = len(desk.model.asked)
    capsys.readouterr()
    assert desk.run(TUE) == 0
    nothing = "2031-05-13: nothing new among 1 article (1 of these two days were used), no briefing was made\n"
    assert capsys.readouterr().out == nothing
    assert (len(desk.model.asked), desk.files()) == (asked, ["2031-05-12.md"])
    late = desk.put(TUE)
    assert desk.run(TUE) == 0
    assert desk.used()[TUE] == [late]


def test_an_empty_folder_is_no_error(desk: Desk, capsys: Capture) -> None:
    """A desk whose folder is empty, and whose pattern nothing fits, has nothing new."""
    desk.write(folders='["articles", "incoming/*.html"]')
    assert desk.run(MON) == 0
    assert capsys.readouterr() == ("2031-05-12: nothing new among 0 articles, no briefing was made\n", "")


def test_undated_articles_count_when_they_are_first_seen(desk: Desk) -> None:
    """An undated article belongs to the day of the first start that saw it, also if that start failed."""
    early = desk.put(None)
    desk.model.reply = lambda asked: Fault(401)
    with pytest.raises(ModelError):
        desk.python(MON)
    desk.model.reply = read
    late = desk.put(None)
    desk.put(THU)
    assert [run.day for run in desk.python(THU).days] == [THU]
    assert early not in desk.used()[THU]
    assert late in desk.used()[THU]
    fresh = desk.put(None)
    desk.python(FRI)
    assert desk.used()[FRI] == [fresh]


def test_a_day_long_past_takes_no_undated_article_of_today(desk: Desk) -> None:
    """What is seen first while an old day is made again belongs to the day on which it is seen."""
    old = desk.put(MON)
    desk.put(None)
    desk.python(MON, today=FRI)
    assert desk.used() == {MON: [old]}
    assert desk.python(FRI, catch_up=0).days[0].state == "made"


def test_a_day_long_past_is_not_the_clock_s(desk: Desk) -> None:
    """Unless it is told otherwise, it is the clock's day on which an undated article is seen."""
    old = date.today() - timedelta(days=10)
    names = [desk.put(old)]
    desk.put(None)
    assert desk.run(old) == 0
    assert desk.used() == {old: names}


def test_a_feed_s_article_is_known_when_others_come_before_it(desk: Desk) -> None:
    """An entry that carries its text is the same article when it has moved down in the feed."""

    def entry(number: int, day: date) -> str:
        lines = article("canal", number).text.split("\n")[1:]
        text = "".join(f"<p>{line}</p>" for line in (*lines, "And so on and so forth, said the harbour office. " * 10))
        return (
            f"<item><title>canal {number}</title><link>https://gauge.example/{number}</link>"
            f"<pubDate>{day:%d %b %Y} 06:00:00 GMT</pubDate>"
            f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
        )

    entries = [entry(1, MON)]

    def reply(asked: object) -> bytes:
        head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        body = f"{head}<title>Gauge</title>{''.join(entries)}</channel></rss>"
        return http(body=body.encode(), content_type="application/rss+xml")

    with Site(reply) as site:
        table = "[fetch]\nallow_private = true\ndelay = 0\nrobots = false\n"
        desk.write(table, feeds=f'["{site.url}/feed"]', folders="[]")
        desk.python(MON)
        entries.insert(0, entry(2, TUE))
        desk.python(TUE)
    with Archive(desk.archive) as archive:
        own = [[one for one in archive.briefing(day).sources if not one.earlier] for day in (MON, TUE)]
    assert [[one.title for one in sources] for sources in own] == [["canal 1"], ["canal 2"]]
    assert own[0][0].name == own[1][0].name  # places in the feed, which tell nothing


def test_desks_of_other_topics_share_an_archive(desk: Desk, scripted: Scripted) -> None:
    """What one topic's briefing was made of is new to another's."""
    desk.put(MON, "canal")
    desk.put(MON, "lock")
    for topic in ("the canal", "the lock"):
        desk.write(topic=f'"{topic}"')
        assert desk.run(MON) == 0
    with Archive(desk.archive) as archive:
        titles = {one.topic: archive.briefing(MON, one.topic).stories[0].title for one in archive.list()}
    assert titles == {"the canal": "The canal", "the lock": "The lock"}


def reads_the_bridge(asked: Asked) -> bool:
    return asked.answer == "ArticleNotes" and "reopen the bridge" in asked.user


def test_an_article_that_could_not_be_read_is_taken_by_the_next_day(desk: Desk) -> None:
    """What a model declined is no source of the day's briefing, and so is new the day after."""
    names = [desk.put(MON, "canal"), desk.put(MON, "bridge")]
    desk.model.reply = lambda asked: Fault(400) if reads_the_bridge(asked) else read(asked)
    assert desk.run(MON) == 3
    desk.model.reply = read
    assert desk.run(TUE) == 0
    assert desk.used() == {MON: names[:1], TUE: names[1:]}


def test_an_article_that_could_not_be_read_is_taken_by_the_next_missed_day(desk: Desk) -> None:
    """Also if the day after is made by the same start."""
    names = [desk.put(MON), desk.put(TUE, "canal"), desk.put(TUE, "bridge")]
    assert desk.run(MON) == 0
    declined: list[int] = []

    def once(asked: Asked) -> Reply:
        if not declined and reads_the_bridge(asked):
            declined.append(asked.number)
            return Fault(400)
        return read(asked)

    desk.model.reply = once
    assert desk.run(WED) == 3
    assert desk.used() == {MON: names[:1], TUE: names[1:2], WED: names[2:]}


def test_an_article_that_was_only_listed_is_used(desk: Desk) -> None:
    """What was too small a story to be told isn't told the day after."""
    desk.write(min_reports="2")
    names = [desk.put(MON, matter) for matter in ("canal", "canal", "lock")]
    assert desk.run(MON) == 0
    assert desk.readings() == 2
    assert desk.run(TUE) == 0
    assert desk.used() == {MON: names}


def test_what_was_used_is_found_among_many(tmp_path: Path) -> None:
    """By its id on any day, by its text since a day; for its own topic alone."""
    made = replayed(DAYS[0])
    others = [Article.of(f"Rain {number}.", name="a.txt") for number in range(1200)]
    moved = [source.model_copy(update={"id": f"moved-{source.id}"}) for source in made.sources]
    keys = {text_of(source): frozenset({made.date}) for source in made.sources}
    with Archive(str(tmp_path / "a.sqlite3")) as archive:
        archive.put(made)
        assert archive.used([*others, *made.sources], since=date.max) == keys
        assert archive.used([*others, *moved], since=made.date) == keys
        assert archive.used([*others, *moved], since=date.max) == {}
        assert archive.used(made.sources, topic="rain", since=date.min) == {}


def test_folders_can_be_named_by_day(desk: Desk) -> None:
    """{date} in a place is each day in question and the day before; one that isn't there is no problem."""
    desk.write(folders='["articles/{date}"]')
    for day in (MON, TUE, WED):
        (desk.folder / f"articles/{day}").mkdir()
    desk.put(WED, folder=f"articles/{MON}")  # not looked into
    two = [desk.put(TUE, folder=f"articles/{TUE}"), desk.put(WED, folder=f"articles/{WED}")]
    assert desk.run(WED) == 0
    (desk.folder / f"articles/{THU}").mkdir()
    more = desk.put(THU, folder=f"articles/{THU}")
    assert desk.run(FRI, "--catch-up", "0") == 0
    assert desk.used() == {WED: two, FRI: [more]}


# ------------------------------------------------------------------------------- problems


def test_a_source_that_is_not_there_costs_itself(desk: Desk, capsys: Capture) -> None:
    """A folder that is missing is a problem of the briefing, which is made of the others; code 3."""
    desk.write(folders='["articles", "share"]')
    desk.put(MON)
    assert desk.run(MON) == 3
    err = capsys.readouterr().err
    assert f"{desk.folder}/share: nothing was read there: it does not exist; check the path" in err
    page = (desk.folder / "briefings/2031-05-12.md").read_text()
    assert "nothing was read there" in page


def test_a_source_that_is_not_there_is_told_on_a_quiet_day(desk: Desk, capsys: Capture) -> None:
    """Nothing new among what can be read is code 3 if something can't be: it may be there."""
    desk.write(folders='["articles", "share"]')
    desk.put(MON)
    assert desk.run(WED, "--quiet") == 3
    assert "share: nothing was read there" in capsys.readouterr().err


def test_no_source_at_all_is_no_quiet_day(desk: Desk, capsys: Capture) -> None:
    """If nothing can be read anywhere the start fails with code 1, and says what can't be."""
    with Site({}) as site:
        fetch = "[fetch]\nallow_private = true\ndelay = 0\nattempts = 1\n"
        desk.write(fetch, feeds=f'["{site.url}/feed"]', folders='["share"]')
        assert desk.run(MON) == 1
        err = capsys.readouterr().err
        assert "share: it does not exist" in err
        assert f"{site.url}/feed: the server answers 404" in err
        with pytest.raises(NoArticles):
            desk.python(MON)


def test_a_file_that_can_t_be_written_is_owed(desk: Desk, capsys: Capture) -> None:
    """The briefing is archived, the other file written, the code 3; the next start writes it, asking nothing."""
    tables = "".join(
        f'{FOLDER}format = "{form}"\npath = "{path}"\n'
        for form, path in (("md", "blocked/{date}.md"), ("json", "{date}.json"))
    )
    desk.write(tables)
    desk.put(MON)
    (desk.folder / "blocked").write_text("a file where a folder is to be")
    assert desk.run(MON) == 3
    out, err = capsys.readouterr()
    assert out.endswith(f"; wrote {desk.folder}/2031-05-12.json\n")
    lost = "the briefing was not delivered, and will be by the next start"
    assert re.search(
        rf"^summarizer: {desk.folder}/blocked/2031-05-12.md: {lost}: (Not a directory|File exists)", err, re.M
    )
    asked = len(desk.model.asked)
    (desk.folder / "2031-05-12.json").unlink()  # taken away by whoever it was for
    assert desk.run(MON) == 3
    (desk.folder / "blocked").unlink()
    capsys.readouterr()
    assert desk.run(MON) == 0
    assert capsys.readouterr().out.endswith(f"; wrote {desk.folder}/blocked/2031-05-12.md\n")
    with Archive(desk.archive) as archive:
        page = render_as(archive.briefing(MON), "md")
    assert (desk.folder / "blocked/2031-05-12.md").read_text() == page
    assert not (desk.folder / "2031-05-12.json").exists()
    assert len(desk.model.asked) == asked


def test_what_an_earlier_day_owes_is_written_by_the_next(desk: Desk, capsys: Capture) -> None:
    """A start that makes one day writes what is owed of another."""
    desk.put(MON)
    (desk.folder / "briefings").write_text("in the way")
    assert desk.run(MON) == 3
    (desk.folder / "briefings").unlink()
    desk.put(TUE)
    assert desk.run(TUE) == 0
    assert desk.files() == ["2031-05-12.md", "2031-05-13.md"]


# ------------------------------------------------------------------------------- missed days


@on_both
def test_missed_days_are_made_up_for(desk: Desk, capsys: Capture) -> None:
    """After three missed days, one of them without news: each with its own articles, compared with the one before."""
    names = {MON: [desk.put(MON)]}
    assert desk.run(MON) == 0
    names |= {TUE: [desk.put(TUE)], THU: [desk.put(THU), desk.put(THU)], FRI: [desk.put(FRI)]}
    quiet = FRI + timedelta(days=1)
    later = FRI + timedelta(days=2)
    names |= {later: [desk.put(later)]}
    capsys.readouterr()
    assert desk.run(later) == 0
    out = capsys.readouterr().out
    assert [line[:10] for line in out.splitlines()] == [str(day) for day in (TUE, THU, FRI, later)]
    assert desk.used() == names
    assert quiet not in names
    with Archive(desk.archive) as archive:
        compared = [archive.briefing(day).compared_with for day in names]
    assert compared == [None, MON, TUE, THU, FRI]
    assert desk.files() == [f"{day}.md" for day in names]
    assert desk.run(later) == 0


def test_a_first_start_has_missed_nothing(desk: Desk) -> None:
    """A desk that has no briefing yet makes that of the day, and of none before it."""
    desk.put(MON)
    two = [desk.put(WED), desk.put(THU)]
    assert desk.run(THU) == 0
    assert desk.used() == {THU: two}


def test_days_too_long_ago_are_named(desk: Desk, capsys: Capture) -> None:
    """No more days are made up for than asked, the latest; those before are named once."""
    for day in (MON, TUE, WED, THU, FRI):
        desk.put(day)
    assert desk.run(MON, "--quiet") == 0
    assert desk.run(FRI, "--catch-up", "1") == 0
    assert list(desk.used()) == [MON, THU, FRI]
    out = capsys.readouterr().out
    assert out.endswith("2031-05-13 to 2031-05-14: not made, as too long ago; --catch-up N makes up for more days\n")
    assert desk.run(FRI, "--catch-up", "9") == 0
    assert "too long ago" not in capsys.readouterr().out


@pytest.mark.parametrize(("in_file", "option", "days"), [(1, None, 2), (1, 0, 1), (0, 3, 4)])
def test_how_many_days_are_made_up_for(desk: Desk, in_file: int, option: int | None, days: int) -> None:
    """As the command has it, else as the file does."""
    desk.write(catch_up=str(in_file))
    for day in (MON, TUE, WED, THU, FRI):
        desk.put(day)
    desk.python(MON)
    assert len(desk.python(FRI, catch_up=option).days) == days


@on_both
def test_a_day_that_fails_stops_the_later_ones(desk: Desk, capsys: Capture) -> None:
    """Those before it stay, with their files; the next start goes on there, and asks again only what failed."""
    names = {
        day: [desk.put(day, matter)]
        for day, matter in zip((MON, TUE, WED, THU), ("canal", "lock", "bridge", "canal"), strict=True)
    }
    assert desk.run(MON) == 0
    desk.model.reply = lambda asked: Fault(401) if "the bridge" in asked.user else read(asked)
    assert desk.run(THU) == 1
    err = capsys.readouterr().err
    assert "2031-05-14 failed; later days, which compare with it, were not begun; the next start goes on there" in err
    assert list(desk.used()) == [MON, TUE]
    assert desk.files() == ["2031-05-12.md", "2031-05-13.md"]
    desk.model.reply = read
    assert desk.run(THU) == 0
    assert desk.used() == names
    assert desk.readings() == 5


def test_a_day_that_fails_for_good_can_be_left_out(desk: Desk) -> None:
    """--catch-up 0 makes the day itself; what the failing one had is then taken only if it is a day old."""
    desk.put(MON)
    desk.put(TUE, "bridge")
    name = desk.put(THU)
    assert desk.run(MON) == 0
    desk.model.reply = lambda asked: Fault(401) if "the bridge" in asked.user else read(asked)
    assert desk.run(THU) == 1
    assert desk.run(THU, "--catch-up", "0") == 0
    assert desk.used()[THU] == [name]


def test_a_day_that_can_t_be_entered_stops_the_later_ones(desk: Desk, capsys: Capture) -> None:
    """Its files are written, so that it isn't lost; the next start enters it without asking anything of it again."""
    names = {day: [desk.put(day)] for day in (MON, TUE, WED)}
    assert desk.run(MON) == 0
    with sqlite3.connect(desk.archive) as base:
        base.execute("CREATE TRIGGER full BEFORE INSERT ON briefings BEGIN SELECT RAISE(ABORT, 'no room'); END")
    assert desk.run(WED) == 1
    assert "the briefing is not in the archive" in capsys.readouterr().err
    assert desk.files() == ["2031-05-12.md", "2031-05-13.md"]
    with sqlite3.connect(desk.archive) as base:
        base.execute("DROP TRIGGER full")
    assert desk.run(WED) == 0
    assert desk.used() == names
    assert desk.readings() == 3


# ------------------------------------------------------------------------------- again


@on_both
def test_again_makes_a_day_anew(desk: Desk) -> None:
    """With what came late; answers that are kept are not asked for, and no other day is touched."""
    first = desk.put(MON)
    assert desk.run(MON) == 0
    late = desk.put(MON)
    assert desk.run(MON, "--again") == 0
    assert desk.used() == {MON: [first, late]}
    assert desk.readings() == 2
    assert "Paper 2" in (desk.folder / "briefings/2031-05-12.md").read_text()


@on_both
def test_again_loses_no_article(desk: Desk, capsys: Capture) -> None:
    """If a source has forgotten what a briefing was made of, it isn't replaced, and it is said what is missing."""
    names = [desk.put(MON) for _ in range(4)]
    assert desk.run(MON) == 0
    page = (desk.folder / "briefings/2031-05-12.md").read_bytes()
    kept = [(desk.folder / "articles" / name).read_text() for name in names]
    asked = len(desk.model.asked)
    for name in names[1:]:
        (desk.folder / "articles" / name).unlink()
    capsys.readouterr()
    for options in (["--again"], ["--again", "--dry-run"]):
        assert desk.run(MON, *options) == 1
        said = capsys.readouterr().err
        assert "2031-05-12: of the 4 articles of its briefing the sources hold 3 no more: " in said
        assert ", ".join(names[1:]) in said
        assert names[0] not in said
        assert "nothing was made" in said
    assert desk.used() == {MON: names}
    assert (desk.folder / "briefings/2031-05-12.md").read_bytes() == page
    assert len(desk.model.asked) == asked
    (words,) = re.findall(r"delete the briefing first: summarizer (.*)", said)
    for name, text in zip(names[2:], kept[2:], strict=True):
        (desk.folder / "articles" / name).write_text(text)
    assert desk.run(MON, "--again") == 1
    assert "the sources hold 1 no more: " + names[1] in capsys.readouterr().err
    assert main(shlex.split(words)) == 0
    assert desk.run(MON, "--again") == 0
    assert desk.used() == {MON: [names[0], *names[2:]]}


def test_again_says_what_could_not_be_read(desk: Desk, capsys: Capture) -> None:
    """A folder that isn't there now is named as what may be missing."""
    desk.write(folders='["articles", "share"]')
    desk.put(MON)
    gone = desk.put(MON, folder="share")
    assert desk.run(MON) == 0
    (desk.folder / "share").rename(desk.folder / "elsewhere")
    capsys.readouterr()
    assert desk.run(MON, "--again") == 1
    said = capsys.readouterr().err
    assert f"hold 1 no more: {gone}" in said
    assert re.search(r"could not be read: \S*share: it does not exist", said)


def test_again_takes_a_page_as_it_is_now(desk: Desk) -> None:
    """An article is not lost that is still at its URL, though in other words."""
    desk.put(MON)
    path = desk.folder / "articles" / desk.put(MON)
    text = path.read_text().replace("title:", "url: https://a.example/1\ntitle:", 1)
    path.write_text(text)
    assert desk.run(MON) == 0
    path.write_text(text + "\nOne more line says what came of it.\n")
    assert desk.run(MON, "--again") == 0
    path.write_text(text.replace("a.example/1", "a.example/2"))
    assert desk.run(MON, "--again") == 1


def test_again_of_an_earlier_day_leaves_later_ones_theirs(desk: Desk) -> None:
    """Made anew, a day takes nothing that another day's briefing was made of, and makes up for none."""
    first = desk.put(MON)
    assert desk.run(MON) == 0
    late, second = desk.put(MON), desk.put(TUE)
    assert desk.run(TUE) == 0
    desk.put(WED)
    fresh = desk.put(MON)
    assert desk.run(MON, "--again") == 0
    assert desk.used() == {MON: [first, fresh], TUE: [late, second]}


def test_an_undated_path_is_the_newest_day_s(desk: Desk) -> None:
    """A file without a day in its name isn't replaced by an older day that is made again."""
    desk.write(f'{FOLDER}format = "text"\npath = "latest.txt"\n')
    desk.put(MON, "canal")
    desk.put(TUE, "lock")
    assert desk.run(MON) == 0
    first = (desk.folder / "latest.txt").read_text()
    assert desk.run(TUE) == 0
    second = (desk.folder / "latest.txt").read_text()
    assert first != second
    assert desk.run(MON, "--again") == 0
    assert (desk.folder / "latest.txt").read_text() == second
    assert desk.run(TUE, "--again") == 0
    assert "13 May 2031" in (desk.folder / "latest.txt").read_text()


# ------------------------------------------------------------------------------- twice at once, killed


@pytest.fixture
def gate(desk: Desk) -> Iterator[threading.Event]:
    """Until it is set, the model answers nothing but what is asked first."""
    event = threading.Event()

    def slowly(asked: Asked) -> Reply:
        if asked.number > 2:
            event.wait(PATIENCE)
        return read(asked)

    desk.model.reply = slowly
    yield event
    event.set()


@on_both
def test_two_at_once(desk: Desk, gate: threading.Event) -> None:
    """Of two started at the same moment one makes the briefing; the other says who does, and ends with code 4."""
    for _ in range(4):
        desk.put(MON)
    both = [desk.start(MON) for _ in range(2)]
    wait_for(lambda: any(process.poll() is not None for process in both))
    (second,) = [process for process in both if process.poll() is not None]
    (first,) = [process for process in both if process is not second]
    code, out, err = second.end()
    assert (code, out) == (4, "")
    held = (
        rf"summarizer: another start is at it: process {first.pid} on \S+, since [-\d]+ [:\d]+; this one did nothing\n"
    )
    just = "summarizer: another start is at it: a process that has just begun; this one did nothing\n"
    assert re.fullmatch(f"{held}|{just}", err)
    code, _, err = desk.start(MON).end()  # by now the first has said who it is
    assert code == 4
    assert re.fullmatch(held, err)
    with pytest.raises(AlreadyRunning) as caught:
        desk.python(MON)
    assert f"process {first.pid} on " in caught.value.holder
    assert first.poll() is None
    gate.set()
    assert first.end()[0] == 0
    assert len(desk.used()[MON]) == 4
    assert desk.readings() == 4
    asked = len(desk.model.asked)
    assert desk.run(MON) == 0
    assert len(desk.model.asked) == asked


@on_both
def test_a_killed_start_is_taken_up_again(desk: Desk, gate: threading.Event) -> None:
    """SIGKILL half way keeps nobody out, and what was answered by then isn't asked again."""
    desk.write(concurrency="1")
    names = [desk.put(MON) for _ in range(4)]
    process = desk.start(MON)
    wait_for(lambda: len(desk.model.asked) > 3)  # one for the stories, two readings, and one that isn't answered
    process.send_signal(signal.SIGKILL)
    assert process.end()[0] == -signal.SIGKILL
    assert desk.used() == {}
    gate.set()
    assert desk.run(MON) == 0
    assert desk.used() == {MON: names}
    assert desk.readings() == 5
    assert [asked.answer for asked in desk.model.asked].count("Stories") == 1
    assert desk.files() == ["2031-05-12.md"]


def test_other_desks_don_t_wait(desk: Desk, gate: threading.Event) -> None:
    """A desk of another topic in the same workspace is none of the first's business."""
    for _ in range(4):
        desk.put(MON)
    process = desk.start(MON)
    wait_for(lambda: len(desk.model.asked) > 3)
    desk.write(topic='"the lock"')
    assert desk.python(FRI).days[0].state == "nothing new"
    gate.set()
    assert process.end()[0] == 0


# ------------------------------------------------------------------------------- dry runs


def test_a_dry_run_asks_nobody(desk: Desk, capsys: Capture) -> None:
    """It names the days that would be made and what they would take, and leaves neither archive nor lock."""
    desk.put(MON)
    assert desk.run(MON, "--dry-run") == 0
    out = capsys.readouterr().out
    assert out.startswith("2031-05-12: 1 new article\nopenai/gpt-5.4-mini, 1 article; nothing was asked\n")
    assert desk.model.asked == []
    assert not (desk.folder / "workspace").exists()
    assert desk.run(TUE, "--dry-run") == 0
    assert "2031-05-13: 1 new article" in capsys.readouterr().out  # of yesterday


@on_both
def test_a_dry_run_plans_what_is_missed(desk: Desk, capsys: Capture) -> None:
    """Each article is planned for the first of its two days, and a day that is done is said to be."""
    desk.put(MON)
    assert desk.run(MON) == 0
    names = [[desk.put(TUE)], [desk.put(WED), desk.put(WED)], []]
    planned = plan_daily(load_plan(desk.config), day=THU, today=THU)
    assert [(day, [one.name for one in intake.articles]) for day, intake in planned] == list(
        zip((TUE, WED, THU), names, strict=True)
    )
    capsys.readouterr()
    assert desk.run(THU, "--dry-run") == 0
    assert "2031-05-15: 0 new articles, nothing would be asked\n" in capsys.readouterr().out
    assert desk.run(MON, "--dry-run") == 0
    assert capsys.readouterr().out == "2031-05-12: in the archive already, nothing would be asked\n"


# ------------------------------------------------------------------------------- files


def test_files_of_each_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every format is written as it is, to the byte, into folders that are made for it."""
    day = date.fromisoformat(DAYS[0])
    monkeypatch.setenv("SUMMARIZER_REPLAY", str(ROOT / "cassettes" / DAYS[0]))
    tables = "".join(f'{FOLDER}format = "{form}"\npath = "out/{{date:%Y/%m}}/{{date}}.{form}"\n' for form in FORMS)
    config = tmp_path / "summarizer.toml"
    config.write_text(f'folders = ["{ROOT}/examples/{DAYS[0]}"]\nworkspace = "w"\narchive = "a.sqlite3"\n{tables}')
    run = run_daily(load_plan(config), day=day)
    (one,) = run.days
    assert one.briefing == replayed(DAYS[0])
    assert [path.name for path in one.written] == [f"{DAYS[0]}.{form}" for form in FORMS]
    with Archive(str(tmp_path / "a.sqlite3")) as archive:
        texts = archive.articles_of(day)
    for form, path in zip(FORMS, one.written, strict=True):
        assert path.parent == tmp_path / "out/2031/05"
        assert path.read_bytes() == render_bytes(replayed(DAYS[0]), form, texts)
    assert (tmp_path / f"out/2031/05/{DAYS[0]}.md").read_text() == (
        ROOT / f"examples/{DAYS[0]}.briefing.md"
    ).read_text()
    assert b"\r\n" in (tmp_path / f"out/2031/05/{DAYS[0]}.csv").read_bytes()
    assert b"\r\r\n" not in (tmp_path / f"out/2031/05/{DAYS[0]}.ics").read_bytes()
    assert (tmp_path / "a.sqlite3").exists()


# ------------------------------------------------------------------------------- the file


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("", "feeds, folders: there is nothing to read; name one, at least", id="empty"),
        pytest.param("folders = [", "is no TOML: ", id="no TOML"),
        pytest.param("topic: rain", "(at line 2, column 6); mend that line; texts stand in quotation marks", id="YAML"),
        pytest.param(
            'folders = "articles"',
            'folders: must be a list, in [ and ]; write it as in folders = ["articles"]',
            id="no list",
        ),
        pytest.param("folders = [1]", "folders 1: must be a text, in quotation marks", id="no text"),
        pytest.param('folders = ["-"]', "folders: '-' is nothing that can be read each day", id="standard input"),
        pytest.param('folders = ["{day}/{date}"]', "folders: in braces only the day is known: {date}", id="braces"),
        pytest.param("max_storys = 3", "max_storys: there is no such key; did you mean max_stories?", id="misspelt"),
        pytest.param("colour = 3", "colour: there is no such key; take it out", id="unknown"),
        pytest.param("max_cost = -1", "max_cost: must be greater than 0; write it as in max_cost = 2.50", id="range"),
        pytest.param('model = "gpt"', "model: write PROVIDER/NAME, as openai/gpt-5.4-mini, not 'gpt'", id="model"),
        pytest.param("catch_up = -1", "catch_up: must be greater than or equal to 0", id="catch_up"),
        pytest.param('record = "x"', "record: a recording is of one run; take it out", id="recording"),
        pytest.param('base_url = "http://me:pw@a.example"', "base_url: has a login in it; give it as", id="login"),
        pytest.param("fetch = 3", "fetch: must be a table; write it as in [fetch]", id="no table"),
        pytest.param(
            "[fetch]\nrobot = true", "fetch.robot: there is no such key; did you mean fetch.robots?", id="nested"
        ),
        pytest.param("[fetch]\nfoo = 1", "fetch.foo: there is no such key; take it out", id="nested, like none"),
        pytest.param(
            '[fetch]\nworkspace = "w"',
            "fetch.workspace: there is no such key; workspace belongs above the first [table]",
            id="below a table",
        ),
        pytest.param(
            f'{FOLDER}format = "md"',
            "deliveries 1.path: is missing; write it as in path = ",
            id="no path",
        ),
        pytest.param(
            f'{FOLDER}format = "doc"\npath = "a"',
            "deliveries 1.format: there is no format 'doc'; there are: md, html, pdf, json, text, svg, plover",
            id="format",
        ),
        pytest.param(
            f'{FOLDER}format = "md"\npath = "a/"',
            "deliveries 1.path: names no file",
            id="no file",
        ),
        *(
            pytest.param(
                f'{FOLDER}format = "md"\npath = "{path}"',
                "deliveries 1.path: in braces only the day",
                id=path,
            )
            for path in ("{day}.md", "{date.md", "{date.year}", "{date!r}", "{date:{x}}", "{}")
        ),
        pytest.param(
            f'{FOLDER}format = "md"\npath = "a"\n' * 2,
            "deliveries: two go to 'a'; give each a receiver of its own",
            id="one path twice",
        ),
    ],
)
def test_mistakes_in_the_file_are_named(text: str, complaint: str, tmp_path: Path, capsys: Capture) -> None:
    """Each names the file, the key, what is wrong and what to write, and is code 2."""
    config = tmp_path / "summarizer.toml"
    config.write_text(text if "folders" in text or not text else f'folders = ["articles"]\n{text}')
    assert main(["daily", "--config", str(config)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"summarizer: {config}: ")
    assert complaint in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        pytest.param(
            {"archive": '"articles/notes.txt"'}, "give another `archive` in {config}", id="what is no archive"
        ),
        pytest.param({"archive": '"articles"'}, "is a folder; name a file in it", id="a folder for an archive"),
        pytest.param({"workspace": '"articles/notes.txt/w"'}, "name another workspace", id="below a file"),
        pytest.param({}, 'base_url = "http://localhost:11434/v1" in {config}', id="nobody to ask"),
    ],
)
def test_advice_is_for_the_file(
    changed: dict[str, str], complaint: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong is told by the keys that a desk's file has, not by options that the command hasn't."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/notes.txt").write_text("---\npublished: 2031-05-12\n---\n" + "The lock is shut. " * 200)
    config = tmp_path / "summarizer.toml"
    keys = {"folders": '["articles"]', "workspace": '"workspace"', **changed}
    config.write_text("".join(f"{key} = {value}\n" for key, value in keys.items()))
    assert main(["daily", "--config", str(config), "--date", "2031-05-12", "--quiet"]) == (2 if changed else 1)
    err = capsys.readouterr().err
    assert complaint.format(config=config) in err
    assert not any(option in err for option in ("--archive", "--model", "--base-url", "--workspace"))


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    """Two wrong keys are two lines of one error, and attributes of it."""
    config = tmp_path / "summarizer.toml"
    config.write_text('folders = ["a"]\nmax_stories = 0\nlook_back = "long"\n')
    with pytest.raises(InvalidPlan) as caught:
        load_plan(config)
    assert [key for key, _, _ in caught.value.wrong] == ["look_back", "max_stories"]
    assert str(caught.value).count("\n  ") == 2


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        pytest.param(lambda path: None, "there is no such file; `summarizer daily --init --config", id="missing"),
        pytest.param(lambda path: path.mkdir(), "is a folder; name the file in it", id="folder"),
        pytest.param(lambda path: path.write_bytes(b"topic = '\xff'"), "is not UTF-8; save it as UTF-8", id="Latin 1"),
    ],
)
def test_files_that_can_t_be_read(make: Callable[[Path], Any], complaint: str, tmp_path: Path, capsys: Capture) -> None:
    """A file that isn't there, is none, or is no text is code 2, with what to do."""
    config = tmp_path / "summarizer.toml"
    make(config)
    assert main(["daily", "--config", str(config)]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        'api_key = "sk-PLANTED"',
        'OPENAI_API_KEY = "sk-PLANTED"',
        '[fetch]\npassword = "sk-PLANTED"',
        'key = "sk-PLANTED"',
    ],
)
def test_a_key_in_the_file_is_refused(line: str, tmp_path: Path, capsys: Capture) -> None:
    """It is not repeated, and its place is said to be the environment."""
    config = tmp_path / "summarizer.toml"
    config.write_text(f'folders = ["a"]\n{line}\n')
    assert main(["daily", "--config", str(config)]) == 2
    err = capsys.readouterr().err
    assert "is no place for it; take it out, and set OPENAI_API_KEY, or SUMMARIZER_API_KEY, in the environment" in err
    assert "PLANTED" not in err


def test_what_counts_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given goes before the environment, that before the file, that before the defaults, also within fetch."""
    config = tmp_path / "summarizer.toml"
    config.write_text(
        'folders = ["a"]\nmax_stories = 3\nlook_back = 4\ntimeout = 5\n[fetch]\ndelay = 6\nper_host = 7\n'
    )
    monkeypatch.setenv("SUMMARIZER_LOOK_BACK", "40")
    monkeypatch.setenv("SUMMARIZER_TIMEOUT", "50")
    monkeypatch.setenv("SUMMARIZER_FETCH__PER_HOST", "70")
    settings = load_plan(config, timeout=500).settings
    assert settings.min_reports == Settings.model_fields["min_reports"].default
    assert (settings.max_stories, settings.look_back, settings.timeout) == (3, 40, 500)
    assert settings.fetch == FetchOptions(delay=6, per_host=70)


def test_a_mistake_in_the_environment_is_called_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the variable, and not the file."""
    config = tmp_path / "summarizer.toml"
    config.write_text('folders = ["a"]\nmax_stories = 3\n')
    monkeypatch.setenv("SUMMARIZER_FETCH__DELAY", "-1")
    with pytest.raises(InvalidSettings, match=r"^SUMMARIZER_FETCH__DELAY: must be greater than or equal to 0$"):
        load_plan(config)


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it is started from; whole ones, ~ and URLs stay what they are, and brackets in the folder's name."""
    monkeypatch.setenv("HOME", "/home/ada")
    folder = tmp_path / "desk [1]"
    folder.mkdir()
    config = folder / "summarizer.toml"
    config.write_text(
        'feeds = ["https://news.example/feed"]\nfolders = ["in", "/srv/in", "~/in", "press/*.txt"]\n'
        f'workspace = "w"\nprompts = "p"\narchive = "a.sqlite3"\n{FOLDER}format = "md"\npath = "b/{{date}}.md"\n'
    )
    monkeypatch.chdir(folder)
    for path in (config, Path("summarizer.toml")):
        plan = load_plan(path)
        *places, pattern = plan.places([MON])
        assert places == ["https://news.example/feed", f"{folder}/in", "/srv/in", "/home/ada/in"]
        settings = plan.settings
        assert (settings.workspace, settings.prompts, settings.archive) == (
            folder / "w",
            folder / "p",
            f"{folder}/a.sqlite3",
        )
    (folder / "press").mkdir()
    (folder / "press/a.txt").write_text("Rain fell.")
    planned = plan_daily(plan, day=MON, today=MON)
    assert len(planned[0][1].articles) == 1
    assert pattern.endswith("/press/*.txt")
    config.write_text('folders = ["a"]\narchive = "postgresql+psycopg://desk@db.example/desk"\n')
    assert load_plan(config).settings.archive == "postgresql+psycopg://desk@db.example/desk"


def test_a_desk_needs_a_workspace_in_python(tmp_path: Path) -> None:
    """From Python nothing is kept in one's home unasked."""
    config = tmp_path / "summarizer.toml"
    config.write_text('folders = ["a"]\n')
    with pytest.raises(InvalidSettings, match="workspace: none is named"):
        run_daily(load_plan(config), day=MON)


def test_the_command_has_a_workspace_of_its_own(desk: Desk, tmp_path: Path) -> None:
    """Without one in the file, journal and archive are where `summarizer brief` has them."""
    desk.write()
    desk.config.write_text(desk.config.read_text().replace('workspace = "workspace"\n', ""))
    desk.put(MON)
    assert desk.run(MON) == 0
    assert (tmp_path / "data/summarizer/archive.sqlite3").exists()


@on_both
def test_a_desk_keeps_texts_or_not(desk: Desk) -> None:
    """What the day's articles said is in the archive, unless the file has it otherwise; a day made again heeds it."""
    desk.put(MON)
    desk.run(MON)
    for options, there in ((), 1), (("false",), 0), (("true",), 1):
        if options:
            desk.write(keep_texts=options[0])
            assert desk.run(MON, "--again") == 0
        with Archive(desk.archive) as archive:
            assert [source.id for source in archive.briefing(MON).sources]
            assert len(archive.articles_of(MON)) == there


# ------------------------------------------------------------------------------- the starter file


def test_a_starter_file(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """--init writes a file that can be used, and never over one that is there."""
    monkeypatch.chdir(tmp_path)
    assert main(["daily", "--init"]) == 0
    assert capsys.readouterr().out.endswith("then: summarizer daily --dry-run\n")
    plan = load_plan()
    assert plan.places([MON]) == (f"{tmp_path}/articles",)
    assert plan.settings.workspace == tmp_path / "workspace"
    Path("summarizer.toml").write_text("mine")
    assert main(["daily", "--init"]) == 2
    assert "summarizer.toml: is there already; edit it, or give another --config" in capsys.readouterr().err
    assert Path("summarizer.toml").read_text() == "mine"
    assert main(["daily", "--init", "--config", "a b/c.toml"]) == 2
    Path("a b").mkdir()
    assert main(["daily", "--init", "--config", "a b/c.toml"]) == 0
    assert capsys.readouterr().out.endswith("then: summarizer daily --config 'a b/c.toml' --dry-run\n")


def test_the_starter_file_has_every_key(tmp_path: Path) -> None:
    """With every comment taken away it is still a file that can be used, and no key is missing."""
    config = tmp_path / "summarizer.toml"
    config.write_text(re.sub(r"^# (?=\w+ = |\[)", "", STARTER, flags=re.M))
    data = tomllib.loads(config.read_text())
    assert set(data) == set(PlanFile.model_fields) - {"api_key", "record", "replay"}
    assert set(data["fetch"]) == set(FetchOptions.model_fields)
    for kind in (Folder, Mail, Channel, Stdout):
        tables = [each for each in data["deliveries"] if each["to"] == kind.__name__.lower()]
        keys = {field.alias or name for name, field in kind.model_fields.items()} - {"password_file", "url_file"}
        assert {key for table in tables for key in table} == keys
    plan = load_plan(config)
    assert set(re.search(r"# (md, .*)", STARTER)[1].split(", ")) == set(FORMS)  # type: ignore[index]
    kept = {"model", "language", "max_stories", "min_reports", "look_back", "concurrency", "timeout", "attempts"}
    kept |= {"longest_wait", "reasks", "max_output", "keep_texts"}
    for name in kept:  # said to be the default where there is one
        assert getattr(plan.settings, name) == Settings.model_fields[name].default, name
    for name in FetchOptions.model_fields.keys() - {"user_agent"}:
        assert getattr(plan.settings.fetch, name) == FetchOptions.model_fields[name].default, name
    assert plan.catch_up == PlanFile.model_fields["catch_up"].default


# ------------------------------------------------------------------------------- the docs


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.M | re.S)


def test_the_docs_show_the_starter_file() -> None:
    """The file in docs/daily.md is what --init writes."""
    assert STARTER in blocks("toml")


def test_the_docs_show_the_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options in docs/daily.md are the command's."""
    if sys.version_info >= (3, 13):
        pytest.skip("argparse words option strings otherwise from 3.13 on; the docs have 3.11's wording")
    monkeypatch.setenv("COLUMNS", "100")
    commands = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert commands.choices["daily"].format_help() in blocks("text")


def test_commands_in_the_docs_are_real() -> None:
    """Every `summarizer daily` in docs/daily.md, in cron's line and in the unit too, is one that can be typed."""
    found = re.findall(r"summarizer daily((?: +(?:--?[\w-]+|[\w./~-]+))*)", DOCS.read_text(encoding="utf-8"))
    commands = [words.split() for words in found if "--" in words]
    assert len(commands) >= 5
    for words in commands:
        build_parser().parse_args(["daily", *words])


def test_cron_s_line_in_the_docs_runs(desk: Desk) -> None:
    """Run by sh with an empty environment, it makes the briefing with the key of the file, and says nothing."""
    desk.put(date.today())
    (desk.folder / "desk.env").write_text("OPENAI_API_KEY=sk-of-the-file\n")
    (line,) = re.findall(r"^15 6 \* \* \*  (.+)$", blocks("cron")[0], re.M)
    line = line.replace("/srv/desk", str(desk.folder))
    line = line.replace("/usr/local/bin/summarizer", f"{sys.executable} -m summarizer")
    bare = {"PYTHONPATH": str(ROOT), "HOME": str(desk.folder)}
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, env=bare, cwd="/", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert desk.files() == [f"{date.today()}.md"]
    assert {asked.headers["authorization"] for asked in desk.model.asked} == {"Bearer sk-of-the-file"}


def test_the_docs_python_runs(desk: Desk, capsys: Capture) -> None:
    """The code in docs/daily.md makes the day's briefing."""
    desk.put(date.today())
    (code,) = blocks("python")
    exec(code.replace("/srv/desk", str(desk.folder)), {})
    path = desk.folder / f"briefings/{date.today()}.md"
    assert capsys.readouterr().out == f"{date.today()} made ({path!r},) ()\n"


def test_the_units_in_the_docs_fit_together() -> None:
    """The timer makes up for a time when the machine was off; the service waits for the network and has the key."""
    service, timer = blocks("ini")
    assert "Persistent=true" in timer
    assert re.search(r"^OnCalendar=\*-\*-\* \d\d:\d\d:00$", timer, re.M)
    assert re.search(r"^EnvironmentFile=/etc/summarizer/desk.env$", service, re.M)
    assert re.search(r"^ExecStart=/\S+/summarizer daily --config /\S+/summarizer.toml --quiet$", service, re.M)
    assert "After=network-online.target" in service
    assert "Type=oneshot" in service
