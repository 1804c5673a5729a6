"""The archive: what goes in comes out, on either database; ids last; a person's word holds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from summarizer import Settings, brief
from summarizer.archive import Archive
from summarizer.archive.base import HEAD
from summarizer.archive.tables import metadata
from summarizer.errors import ArchiveError, InputError, NotArchived, OtherArticles, UnknownIdentity
from summarizer.models import Briefing, Change, ChangeKind, DemandStatus, VenueStatus
from tests import postgres
from tests.archived import MONDAY, TUESDAY, WEDNESDAY, dumped, make_briefing, quoted
from tests.conftest import DAYS, EVERY, ROOT, replayed


def enter_days(archive: Archive) -> None:
    """Enter two days, on the second of which all goes on."""
    archive.put(make_briefing(MONDAY))
    same = {id: id for id in ("A1", "A2", "A3", "D1", "V1", "C1")}
    archive.put(make_briefing(TUESDAY, meeting=VenueStatus.PLANNED), same)


# ------------------------------------------------------------------------------- in and out


@pytest.mark.parametrize("day", EVERY)
def test_a_briefing_comes_out_as_it_went_in(archive: Archive, day: str) -> None:
    """Whole, to the last character."""
    entered = archive.put(replayed(day))
    out = archive.briefing(date.fromisoformat(day))
    assert out == entered.briefing
    assert out.model_dump_json() == entered.briefing.model_dump_json()


def test_briefings_are_listed_newest_first(archive: Archive) -> None:
    """With what is in them; a span of days has both its ends."""
    for day in (TUESDAY, MONDAY, WEDNESDAY):
        archive.put(make_briefing(day))
    assert [each.date for each in archive.list()] == [WEDNESDAY, TUESDAY, MONDAY]
    assert [each.date for each in archive.list(MONDAY, TUESDAY)] == [TUESDAY, MONDAY]
    (first,) = archive.list(until=MONDAY)
    assert (first.headline, first.articles, first.items) == ("The canal", 1, 3)


def test_a_day_has_a_briefing_a_topic(archive: Archive) -> None:
    """Another topic's of the same day is another briefing; the same topic's takes its place."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(MONDAY, topic="locks"))
    archive.put(make_briefing(MONDAY, topic="locks", person="Peter Varga"))
    assert [each.topic for each in archive.list()] == [None, "locks"]
    assert archive.briefing(MONDAY).actors[2].name == "Anna Varga"
    assert archive.briefing(MONDAY, "locks").actors[2].name == "Peter Varga"
    with pytest.raises(NotArchived, match="of that day there is one with no --topic or --topic 'locks'"):
        archive.briefing(MONDAY, "bridges")


def test_a_day_that_is_not_there(archive: Archive) -> None:
    """The error names the nearest that is."""
    with pytest.raises(NotArchived, match="it is empty"):
        archive.briefing(MONDAY)
    archive.put(make_briefing(MONDAY))
    with pytest.raises(NotArchived, match=f"no briefing of {WEDNESDAY}; the nearest is of {MONDAY}"):
        archive.briefing(WEDNESDAY)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        pytest.param("mysql://localhost/x", "neither SQLite nor PostgreSQL", id="another database"),
        pytest.param("sqlite://", "names no file", id="in memory"),
        pytest.param("postgresql+nothing://localhost/x", "no driver", id="no such driver"),
        pytest.param("postgres://x:secret@127.0.0.1:1/x", "can't be opened", id="the short name"),
        pytest.param("://", "is no database URL", id="no URL"),
        pytest.param("postgresql://x:secret@127.0.0.1:1/x", "can't be opened", id="nobody there"),
    ],
)
def test_what_is_no_archive(place: str, reason: str) -> None:
    """An error says what is wrong, and shows no password."""
    with pytest.raises(ArchiveError, match=reason) as caught:
        Archive(place)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_archive_is_left_alone(tmp_path: Path) -> None:
    """A file of another kind is refused, and as it was; so is an archive of a newer program."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but somebody's notes, and long enough to be taken for one" * 20)
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="not a database"):
        Archive(str(path))
    assert path.read_bytes() == before
    newer = str(tmp_path / "newer.sqlite3")
    Archive(newer).close()
    with sqlite3.connect(newer) as base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")
    base.close()
    with pytest.raises(ArchiveError, match="newer summarizer"):
        Archive(newer)


@pytest.mark.parametrize("version", [None, "0001", "4ac7ee2f9b01", "9999"])
def test_another_programs_database_is_left_alone(place: str, version: str | None) -> None:
    """Whatever its migrations are called: it is refused, and gets no table of ours."""
    with create_engine(place if "://" in place else f"sqlite:///{place}").begin() as connection:
        connection.execute(text("CREATE TABLE notes (said TEXT)"))
        if version is not None:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
            connection.execute(text(f"INSERT INTO alembic_version VALUES ('{version}')"))
    before = None if "://" in place else Path(place).read_bytes()
    with pytest.raises(ArchiveError, match="has another program's tables"):
        Archive(place)
    with create_engine(place if "://" in place else f"sqlite:///{place}").connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"notes", "alembic_version"}
    assert before is None or Path(place).read_bytes() == before


def test_a_schema_of_its_own_will_do(postgresql: str) -> None:
    """A PostgreSQL database that other programs use has room for an archive beside them."""
    place = postgres.new_database(postgresql)
    with create_engine(place).begin() as connection:
        connection.execute(text("CREATE TABLE notes (said TEXT)"))
        connection.execute(text("CREATE SCHEMA desk"))
    with pytest.raises(ArchiveError, match="options=-csearch_path%3Dsummarizer"):
        Archive(place)
    with Archive(f"{place}?options=-csearch_path%3Ddesk") as archive:
        archive.put(make_briefing(MONDAY))
        assert len(archive.list()) == 1
    with create_engine(place).connect() as connection:
        assert inspect(connection).get_table_names() == ["notes"]
        assert "things" in inspect(connection).get_table_names("desk")


def test_writers_take_turns_whatever_the_database_says(postgresql: str) -> None:
    """Where transactions see what was there when they began, unless told otherwise, nobody fails who had to wait."""
    place = postgres.new_database(postgresql)
    name = place.rpartition("/")[2]
    with create_engine(place).begin() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'"))
    with Archive(place) as archive, ThreadPoolExecutor(6) as pool:
        days = [MONDAY + timedelta(days=number) for number in range(6)]
        made = list(pool.map(lambda day: archive.put(make_briefing(day)).briefing.demands[0].id, days))
    assert sorted(made) == [f"D{number}" for number in range(1, 7)]


def test_migrations_make_the_tables_that_the_program_knows(archive: Archive) -> None:
    """Every column and index of `tables` is what the migrations have made."""
    known = inspect(archive.base.engine)
    for table in metadata.sorted_tables:
        assert {column["name"] for column in known.get_columns(table.name)} == {column.name for column in table.columns}
        assert {index.name for index in table.indexes} == {index["name"] for index in known.get_indexes(table.name)}
        nullable = {column["name"] for column in known.get_columns(table.name) if column["nullable"]}
        assert nullable == {column.name for column in table.columns if column.nullable}
    with archive.base.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def test_hostile_words_go_in_and_out(archive: Archive) -> None:
    """What would break a statement, a query or a terminal is a text like any other."""
    person = "Robert'); DROP TABLE things;-- \x00\x1b[31m\u202e %s {} \" * NEAR("
    archive.put(make_briefing(MONDAY, person=person))
    assert archive.briefing(MONDAY).actors[2].name == person
    assert archive.search("drop table").mentions[0].id == "A3"
    for words in ('NEAR( "', "a OR b", "'; --", '"', "* *", "(lock)", "lock & ! |", "<->", "col:lock", "lock:*"):
        try:
            archive.search(words)
        except InputError as error:
            assert re.search("no word to look for|a quotation mark without its other", str(error))


# ------------------------------------------------------------------------------ ids that last


def test_ids_go_on_from_day_to_day(archive: Archive) -> None:
    """What stood before keeps its id, what is new gets one that nothing ever had."""
    archive.put(make_briefing(MONDAY))
    second = archive.put(make_briefing(TUESDAY), {"D1": "D1"}).briefing
    assert [item.id for item in second.items] == ["D1", "V2", "C2"]
    assert second.demands[0].variants[0].id == "D1.1"
    assert second.venues[0].variants[0].id == "V2.1"
    assert second.stories[0].items == ("D1", "V2", "C2")
    archive.delete(TUESDAY)
    third = archive.put(make_briefing(WEDNESDAY)).briefing
    assert [item.id for item in third.items] == ["D2", "V3", "C3"]


def test_actors_are_known_by_their_names(archive: Archive) -> None:
    """However long ago, and under any spelling; two people with one surname stay two."""
    archive.put(make_briefing(MONDAY))
    later = archive.put(make_briefing(MONDAY + timedelta(days=400), person="President Anná VARGA")).briefing
    assert [actor.id for actor in later.actors] == ["A1", "A2", "A3"]
    other = archive.put(make_briefing(MONDAY + timedelta(days=401), person="Peter Varga")).briefing
    assert [actor.id for actor in other.actors] == ["A1", "A2", "A4"]


def test_a_day_that_is_made_again_keeps_its_ids(archive: Archive) -> None:
    """Whatever order its things come in, even if it was deleted in between, and later days still have them."""
    enter_days(archive)
    again = make_briefing(MONDAY)
    for _ in range(2):
        entered = archive.put(again)
        assert entered.briefing == again
        assert entered.notes == ()
        archive.delete(MONDAY)
    assert archive.put(again).briefing == again


def test_what_a_replaced_day_means_for_later_ones(archive: Archive) -> None:
    """Ids that later days have hold; what later days were compared with, and now isn't so, is said."""
    archive.put(make_briefing(MONDAY))
    article = archive.briefing(MONDAY).sources[0]
    silence = Change(
        id="K1",
        item="D1",
        kind=ChangeKind.NOT_MENTIONED,
        what="reopening the canal",
        since=MONDAY,
        before="open, demand",
        evidence_before=archive.briefing(MONDAY).demands[0].evidence,
    )
    second = make_briefing(TUESDAY)
    second = second.model_copy(
        update={
            "compared_with": MONDAY,
            "changes": (silence,),
            "sources": (*second.sources, article.model_copy(update={"earlier": True})),
        }
    )
    archive.put(second, {"V1": "V1"})
    without = make_briefing(MONDAY, demands=(), stories=())
    notes = archive.put(without).notes
    assert notes == (
        f"D1 (reopening the canal): in no briefing now, though that of {TUESDAY} says that it is not mentioned",
        f"{TUESDAY}: compared with it as it was; make that day again to compare anew",
    )
    assert archive.briefing(TUESDAY).changes[0].item == "D1"
    assert archive.thread("V1").first == MONDAY
    notes = archive.delete(MONDAY)
    assert "no longer in it, and still in other days': A1, A2, A3, V1" in notes


def test_a_day_of_other_articles_is_not_replaced(archive: Archive) -> None:
    """Undated articles, or another beat, would take the place of what has nothing to do with them: nothing is lost."""
    archive.put(make_briefing(MONDAY))
    other = make_briefing(TUESDAY).model_copy(update={"date": MONDAY})
    with pytest.raises(OtherArticles, match=f"has a briefing of {MONDAY} already.*archive delete {MONDAY}"):
        archive.put(other)
    assert archive.briefing(MONDAY) == make_briefing(MONDAY)
    archive.delete(MONDAY)
    assert archive.put(other).briefing.date == MONDAY


def test_a_day_entered_late_is_told_of(archive: Archive) -> None:
    """Later days know nothing of a day that was entered after them, and that is said."""
    archive.put(make_briefing(TUESDAY))
    assert archive.put(make_briefing(MONDAY)).notes == (
        f"{TUESDAY}: made before it, and not compared with it; make that day again to do so",
    )


# --------------------------------------------------------------------------- a person's word


def test_merged_things_go_by_one_id(archive: Archive) -> None:
    """On all days and those to come, where either id is used; the briefings are as they were printed."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY))  # nobody saw that it goes on: D2
    archive.merge("D1", "D2")
    assert [mention.printed for mention in archive.thread("D2").mentions] == ["D2", "D1"]
    assert archive.briefing(TUESDAY).demands[0].id == "D2"
    past = archive.past(WEDNESDAY)
    assert past
    assert [standing.id for standing in past.of_kind("demand")] == ["D1"]
    third = archive.put(make_briefing(WEDNESDAY), {"D1": "D2"}).briefing
    assert third.demands[0].id == "D1"
    with pytest.raises(UnknownIdentity, match="is D1 already"):
        archive.merge("D1", "D2")
    with pytest.raises(UnknownIdentity, match="another kind"):
        archive.merge("D1", "V1")
    with pytest.raises(UnknownIdentity, match="is no id of it"):
        archive.merge("D1", "D99")


def test_merged_actors_are_one_to_names_too(archive: Archive) -> None:
    """What was said of one spelling is found under the other, from then on as well."""
    archive.put(make_briefing(MONDAY, person="Anna Varga"))
    archive.put(make_briefing(TUESDAY, person="Ana Wargha"))
    archive.merge("A3", "A4")
    assert archive.actor("Wargha").id == archive.actor("Anna Varga").id == "A3"
    assert archive.actor("Wargha").spellings == ("Ana Wargha", "Anna Varga")
    third = archive.put(make_briefing(WEDNESDAY, person="Ana Wargha")).briefing
    assert third.actors[2].id == "A3"


def test_a_merge_can_be_undone(archive: Archive) -> None:
    """All is as it was: the dump is the one of before."""
    archive.put(make_briefing(MONDAY, person="Anna Varga"))
    archive.put(make_briefing(TUESDAY, person="Ana Wargha"))
    before = dumped(archive), archive.actor("A4"), archive.ledger()
    archive.merge("A3", "A4")
    archive.merge("D1", "D2")
    assert archive.split("D2") == "D2"
    assert archive.split("A4") == "A4"
    assert (dumped(archive), archive.actor("A4"), archive.ledger()) == before
    with pytest.raises(UnknownIdentity, match="was not merged"):
        archive.split("A4")


def test_split_things_go_by_two_ids(archive: Archive) -> None:
    """Those of the days that are named get a new one, and what follows is told apart."""
    enter_days(archive)
    assert archive.split("D1", (TUESDAY,)) == "D2"
    assert [mention.date for mention in archive.thread("D1").mentions] == [MONDAY]
    assert [(m.date, m.printed) for m in archive.thread("D2").mentions] == [(TUESDAY, "D1")]
    assert archive.split("A3", (TUESDAY,)) == "A4"
    assert [part.id for part in archive.actor("A4").parts] == ["D2"]
    with pytest.raises(UnknownIdentity, match=f"is not in {WEDNESDAY}; it is in {MONDAY}"):
        archive.split("D1", (WEDNESDAY,))
    with pytest.raises(UnknownIdentity, match="is on no other day"):
        archive.split("D1", (MONDAY,))


def test_a_given_name_is_remembered(archive: Archive) -> None:
    """In every answer, and by the briefings to come."""
    archive.put(make_briefing(MONDAY, person="Ana Wargha"))
    archive.rename("A3", "Anna Varga")
    archive.rename("D1", "the canal")
    assert archive.actor("anna varga").name == "Anna Varga"
    assert archive.put(make_briefing(TUESDAY, person="Ana Wargha")).briefing.actors[2].name == "Anna Varga"
    assert archive.ledger(until=MONDAY).demands[0].issue == "the canal"
    past = archive.past(TUESDAY)
    assert past
    assert {standing.name for standing in past.standing} >= {"the canal", "Anna Varga"}
    archive.rename("D1", None)
    assert archive.thread("D1").name == "reopening the canal"


def test_how_a_days_things_came_to_where_they_stand(archive: Archive) -> None:
    """The ledger of so many days up to it, of its things alone, by the ids that it prints."""
    enter_days(archive)
    archive.put(make_briefing(WEDNESDAY, topic="canal"))
    whole = archive.ledger_of(TUESDAY)
    assert whole == archive.ledger(until=TUESDAY)
    assert [stood.date for stood in whole.demands[0].days] == [MONDAY, TUESDAY]
    assert archive.split("D1", (TUESDAY,)) == "D3"
    (told,) = archive.ledger_of(TUESDAY).demands
    assert (told.id, told.first) == ("D1", TUESDAY)
    assert archive.ledger_of(str(TUESDAY), days=1).since == TUESDAY
    with pytest.raises(NotArchived):
        archive.ledger_of(WEDNESDAY)


def test_what_is_in_no_briefing_any_more(archive: Archive) -> None:
    """Is known by its id, and told of as that."""
    archive.put(make_briefing(MONDAY))
    archive.delete(MONDAY)
    for ask in (archive.actor, archive.thread):
        with pytest.raises(UnknownIdentity, match="'A3' is in no briefing any more; its day was deleted"):
            ask("A3")


# --------------------------------------------------------------------------- what stood before


def test_what_stood_before_a_day(archive: Archive) -> None:
    """Each thing as it was when it was last mentioned, within the days that one looks back; later days don't count."""
    enter_days(archive)
    archive.put(make_briefing(WEDNESDAY, status=DemandStatus.MET), {"D1": "D1"})
    past = archive.past(WEDNESDAY)
    assert past
    assert past.day == TUESDAY
    (venue,) = past.of_kind("venue")
    assert (venue.id, venue.state, venue.first, venue.last) == ("V1", "planned, 2031-06", MONDAY, TUESDAY)
    (demand,) = past.of_kind("demand")
    assert (demand.status, demand.actors) == ("open", ("A1", "A2", "A3"))
    assert demand.evidence[0].quote == "Norland demands that Sudland reopen the canal."
    assert demand.evidence[0].article in {source.id for source in past.sources}
    (person,) = (standing for standing in past.of_kind("actor") if standing.id == "A3")
    assert (person.forms, person.actors) == (("Anna Varga",), ("A1",))
    assert past.taken == {"A": 3, "D": 1, "V": 2, "C": 2}
    assert archive.past(MONDAY) is None
    assert archive.past(MONDAY + timedelta(days=40), look_back=30) is None
    assert archive.past(MONDAY + timedelta(days=40), look_back=50)


def test_the_last_briefing_on_the_topic_is_the_one_before(archive: Archive) -> None:
    """Where there is one; things are known from all of them."""
    archive.put(make_briefing(MONDAY, topic="locks"))
    archive.put(make_briefing(TUESDAY))
    of_topic, of_all, of_other = (archive.past(WEDNESDAY, topic=topic) for topic in ("locks", None, "bridges"))
    assert of_topic
    assert of_all
    assert of_other
    assert (of_topic.day, of_all.day, of_other.day) == (MONDAY, TUESDAY, TUESDAY)
    assert len(list(of_topic.of_kind("demand"))) == 2


# ----------------------------------------------------------------------------------- moving


def test_a_dump_makes_the_same_archive_anywhere(archive: Archive, tmp_path: Path, postgresql: str) -> None:
    """From one database into the other and back, byte for byte, with all that a person said and deleted."""
    enter_days(archive)
    for day in EVERY:
        archive.put(replayed(day))
    archive.merge("A1", archive.actor("Kestria").id)
    archive.put(make_briefing(WEDNESDAY), {"D1": "D1"})
    archive.split("D1", (TUESDAY,))
    archive.rename("A2", "Somebody")
    archive.delete(TUESDAY)
    lines = dumped(archive)
    assert lines.count("\n") > 100
    for place in (str(tmp_path / "other.sqlite3"), postgres.new_database(postgresql)):
        with Archive(place) as other:
            seen: list[date] = []
            assert other.load(lines.splitlines(keepends=True), seen.append) == len(seen) == 5
            assert dumped(other) == lines
            asked: tuple[Callable[[Archive], object], ...] = (
                lambda a: a.ledger(),
                lambda a: a.list(),
                lambda a: a.search("canal dam*"),
                lambda a: a.actor("Norland"),
                lambda a: a.past(date(2031, 9, 4), look_back=200),
                lambda a: a.diff(MONDAY, WEDNESDAY),
                lambda a: a.thread("D1"),
            )
            for ask in asked:
                assert ask(other) == ask(archive)
            assert other.put(make_briefing(TUESDAY)).briefing == archive.put(make_briefing(TUESDAY)).briefing
            archive.delete(TUESDAY)


def test_briefings_can_be_loaded_by_themselves(archive: Archive) -> None:
    """One as the program writes it, or several, a line each; all or none; what is there isn't overwritten."""
    whole = (ROOT / f"examples/{DAYS[0]}.briefing.json").read_text(encoding="utf-8")
    assert archive.load(whole.splitlines(keepends=True)) == 1
    assert archive.briefing(date.fromisoformat(DAYS[0])) == replayed(DAYS[0])
    lines = [make_briefing(day).model_dump_json() + "\n" for day in (MONDAY, TUESDAY)]
    assert archive.load(lines) == 2
    with pytest.raises(ArchiveError, match=f"has a briefing of {TUESDAY} already"):
        archive.load([make_briefing(WEDNESDAY).model_dump_json(), lines[1]])
    assert WEDNESDAY not in {each.date for each in archive.list()}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(["{}"], "is no briefing: date: Field required", id="no briefing"),
        pytest.param(["hello"], "line 1 is no briefing", id="no JSON"),
        pytest.param([], "line 1 is no briefing", id="nothing"),
        pytest.param(['{"summarizer_archive": 99}'], "format 99", id="another format"),
        pytest.param(['{"summarizer_archive": 1}', '{"briefing": 3, "goes_by": {}}'], "line 2", id="half a line"),
        pytest.param(['{"summarizer_archive": 1}', '{"briefing"'], "line 2 of the dump is no JSON", id="cut off"),
        pytest.param(['{"summarizer_archive": 1}', "[]"], "line 2 is nothing that a dump has", id="something else"),
    ],
)
def test_what_can_t_be_loaded(archive: Archive, lines: list[str], reason: str) -> None:
    """The error names the line, and nothing came in."""
    with pytest.raises(ArchiveError, match=reason):
        archive.load(lines)
    assert archive.list() == ()


def test_a_dump_needs_an_empty_archive(archive: Archive) -> None:
    """Its ids would mean other things."""
    archive.put(make_briefing(MONDAY))
    with pytest.raises(ArchiveError, match="isn't empty"):
        archive.load(dumped(archive).splitlines())


# ---------------------------------------------------------------------- the way through a run


def test_two_days_in_a_row(archive: Archive, empty: str) -> None:
    """Replayed into an archive, the example's second day is what it is by itself, byte for byte."""
    archive.close()
    for day in DAYS:
        settings = Settings(replay=ROOT / "cassettes" / day, archive=empty)
        made = brief(ROOT / "examples" / day, settings=settings)
        assert made.model_dump_json() == replayed(day).model_dump_json()
        assert archive.briefing(made.date) == made
    assert replayed(DAYS[1]).compared_with == date.fromisoformat(DAYS[0])


def test_a_replay_needs_what_it_was_compared_with(place: str) -> None:
    """The recorded second day can't be replayed into an archive without the first; the error says so."""
    settings = Settings(replay=ROOT / "cassettes" / DAYS[1], archive=place)
    with pytest.raises(ArchiveError, match=f"compared with the briefing of {DAYS[0]}.*replay that day into it first"):
        brief(ROOT / "examples" / DAYS[1], settings=settings)


def test_a_briefing_that_can_t_be_entered_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is returned, with a problem that says where it isn't."""
    place = str(tmp_path / "a.sqlite3")
    with Archive(place) as archive, archive.base.writing() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON briefings BEGIN SELECT RAISE(ABORT, 'full'); END")
        )
    settings = Settings(replay=ROOT / "cassettes" / DAYS[0], archive=place)
    made = brief(ROOT / "examples" / DAYS[0], settings=settings)
    assert made.items == replayed(DAYS[0]).items
    (problem,) = (problem for problem in made.problems if problem.stage == "archive")
    assert "full" in problem.reason
    assert problem.cost == "the briefing is not in the archive"


def test_evidence_points_into_the_made_up_article() -> None:
    """The tests' own briefings are sound: what they quote stands there."""
    briefing = make_briefing(MONDAY)
    assert isinstance(briefing, Briefing)
    assert quoted.__doc__
