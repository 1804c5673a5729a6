"""Who is who: ids hold when days are made again, a person's word holds, and undoing it undoes all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from summarizer.archive import Archive
from summarizer.archive.identities import resolver
from summarizer.archive.tables import changes, names, roles, sources, texts, things
from summarizer.errors import ArchiveError, UnknownIdentity
from summarizer.models import Actor, Alias, Briefing, Change, ChangeKind, DemandStatus
from tests.archived import (
    CANAL,
    MONDAY,
    SAME,
    TOLLS,
    TUESDAY,
    WEDNESDAY,
    dumped,
    make_briefing,
    silent_day,
    two_demands,
)


def days_of(archive: Archive, id: str) -> list[date]:
    """On which days something was mentioned, newest first."""
    return [mention.date for mention in archive.thread(id).mentions]


def demands_of(briefing: Briefing) -> dict[str, str]:
    """What is at issue in a briefing's demands, by their ids."""
    return {demand.id: demand.issue for demand in briefing.demands}


def settled(archive: Archive) -> bool:
    """Whether every row says of who is who what follows from the things' own ids and the merges."""
    with archive.base.reading() as connection:
        resolve = resolver(connection)
        listed = connection.execute(select(things)).all()
        by_key = {row.key: row for row in listed}
        printed = {(row.briefing, row.item): row for row in listed}
        own = {(row.briefing, row.own) for row in listed}
        owners = (printed[row.briefing, row.affiliation].identity if row.affiliation else None for row in listed)
        parts = connection.execute(select(roles)).all()
        told = connection.execute(select(changes)).all()
        silent = ChangeKind.NOT_MENTIONED.value
        return (
            len(own) == len(listed)
            and all(row.identity == resolve(row.own) for row in listed)
            and [row.owner for row in listed] == list(owners)
            and all(row.identity == by_key[row.thing].identity for row in connection.execute(select(names)))
            and all(row.identity == by_key[row.thing].identity for row in parts)
            and all(row.actor == printed[row.briefing, row.printed].identity for row in parts)
            and all(row.identity == resolve(row.item) for row in told if row.kind == silent)
            and all(row.identity == printed[row.briefing, row.item].identity for row in told if row.kind != silent)
        )


# ------------------------------------------------------------------------- days made again


def test_ids_outlast_a_version_without_them(archive: Archive) -> None:
    """What one version of a day leaves out gets its id again in the next, if nobody else has known it, too."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY), SAME)
    for _ in range(2):
        archive.put(make_briefing(MONDAY, demands=(), stories=()))
    assert archive.put(make_briefing(MONDAY)).briefing == make_briefing(MONDAY)
    assert days_of(archive, "D1") == [TUESDAY, MONDAY]


def test_what_only_a_silence_names_keeps_its_id(archive: Archive) -> None:
    """The briefing that says that it is not mentioned still means it."""
    before = archive.put(make_briefing(MONDAY)).briefing
    archive.put(silent_day(TUESDAY, "D1", before), {"V1": "V1"})
    archive.put(make_briefing(MONDAY, demands=(), stories=()))
    assert archive.put(make_briefing(MONDAY)).briefing.demands[0].id == "D1"
    assert [step.kind for step in archive.thread("D1").changes] == [ChangeKind.NOT_MENTIONED]


def test_two_things_in_one_sentence_keep_their_ids(archive: Archive) -> None:
    """Whichever comes first when the day is made again: they are told apart by what is said of them."""
    archive.put(two_demands(MONDAY))
    archive.put(two_demands(TUESDAY), {"D1": "D1", "D2": "D2"})
    again = archive.put(two_demands(MONDAY, TOLLS, CANAL)).briefing
    assert demands_of(again) == {"D2": TOLLS[0], "D1": CANAL[0]}
    archive.delete(MONDAY)
    assert demands_of(archive.put(two_demands(MONDAY, TOLLS, CANAL)).briefing) == {"D2": TOLLS[0], "D1": CANAL[0]}


def test_of_things_that_nothing_tells_apart_the_lower_number_comes_first(archive: Archive) -> None:
    """D2 before D10, as people count."""
    for day in range(8):
        archive.put(make_briefing(MONDAY + timedelta(days=10 + day)))
    archive.put(two_demands(MONDAY, CANAL, CANAL))
    assert list(demands_of(archive.briefing(MONDAY))) == ["D9", "D10"]
    assert list(demands_of(archive.put(two_demands(MONDAY, CANAL, CANAL)).briefing)) == ["D9", "D10"]
    archive.put(make_briefing(MONDAY))
    assert archive.briefing(MONDAY).demands[0].id == "D9"


def test_what_is_said_to_be_the_same_comes_before_where_it_stood(archive: Archive) -> None:
    """A thing that is recognised as an earlier one keeps its id; what only stands where that stood doesn't get it."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY))
    again = archive.put(two_demands(TUESDAY, TOLLS, CANAL), {"D1": "D1"}).briefing
    assert demands_of(again) == {"D1": TOLLS[0], "D2": CANAL[0]}


# ---------------------------------------------------------------------------------- merges


def test_merged_things_of_one_day_stay_merged(archive: Archive) -> None:
    """When the day is made again, and on the next, if both go on: the second is printed as what was merged."""
    archive.put(two_demands(MONDAY))
    archive.merge("D1", "D2")
    assert demands_of(archive.put(two_demands(MONDAY)).briefing) == {"D1": CANAL[0], "D2": TOLLS[0]}
    for day, same in ((TUESDAY, {"D1": "D1", "D2": "D2"}), (WEDNESDAY, {"D1": "D1", "D2": "D1"})):
        assert demands_of(archive.put(two_demands(day), same).briefing) == {"D1": CANAL[0], "D2": TOLLS[0]}
    assert [record.id for record in archive.ledger().demands] == ["D1"]
    assert days_of(archive, "D1") == [WEDNESDAY] * 2 + [TUESDAY] * 2 + [MONDAY] * 2
    assert settled(archive)


def test_two_things_without_a_merge_are_not_one(archive: Archive) -> None:
    """Where two are said to be one and no id is left, the weightier is, and the other is new."""
    archive.put(make_briefing(MONDAY))
    made = archive.put(two_demands(TUESDAY), {"D1": "D1", "D2": "D1"}).briefing
    assert demands_of(made) == {"D1": CANAL[0], "D2": TOLLS[0]}
    assert [record.id for record in archive.ledger().demands] == ["D2", "D1"]


def test_several_are_merged_or_none(archive: Archive) -> None:
    """If one of them can't be, nothing is."""
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        archive.put(make_briefing(day))
    before = dumped(archive)
    with pytest.raises(UnknownIdentity, match="'D99' is no id of it"):
        archive.merge("D1", "D2", "D99")
    assert dumped(archive) == before
    archive.merge("D1", "D2", "D3")
    assert days_of(archive, "D3") == [WEDNESDAY, TUESDAY, MONDAY]


def test_undoing_a_merge_undoes_all_of_it(archive: Archive) -> None:
    """Things, parts, names, whom actors belong to, changes, and the silences of days that have no such thing."""
    first = archive.put(two_demands(MONDAY)).briefing
    archive.put(silent_day(TUESDAY, "D2", first), {"V1": "V1"})
    archive.put(make_briefing(WEDNESDAY, person="Ana Wargha"))
    asked: tuple[Callable[[Archive], object], ...] = (
        dumped,
        lambda a: a.ledger(),
        lambda a: a.thread("D2"),
        lambda a: a.actor("A1"),
        lambda a: a.actor("A2"),
        lambda a: a.actor("A4"),
        lambda a: a.past(WEDNESDAY + timedelta(days=1)),
    )
    before = [ask(archive) for ask in asked]
    assert [step.kind for step in archive.thread("D2").changes] == [ChangeKind.NOT_MENTIONED]
    for kept, other in (("D1", "D2"), ("A3", "A4"), ("A2", "A1")):
        archive.merge(kept, other)
        assert settled(archive)
    assert [step.kind for step in archive.thread("D1").changes] == [ChangeKind.NOT_MENTIONED]
    assert archive.actor("A4").belongs_to == "Sudland"
    for id in ("A1", "D2", "A4"):
        archive.split(id)
        assert settled(archive)
    assert [ask(archive) for ask in asked] == before


def test_a_merge_can_be_undone_after_days_were_made_again(archive: Archive) -> None:
    """A day that had the merged id by itself gets it back, though it was printed otherwise since."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY))
    archive.merge("D1", "D2")
    assert archive.put(make_briefing(TUESDAY), SAME).briefing.demands[0].id == "D1"
    with_word = dumped(archive)
    archive.split("D2")
    assert days_of(archive, "D2") == [TUESDAY]
    assert archive.put(make_briefing(TUESDAY)).briefing.demands[0].id == "D2"
    assert '"own": {"D1": "D2"}' in with_word


def test_a_deleted_day_follows_a_merge_that_is_undone(archive: Archive) -> None:
    """Where its things stood is remembered by the ids that they had."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY))
    archive.delete(TUESDAY)
    before = dumped(archive)
    archive.merge("D1", "D2")
    archive.split("D2")
    assert dumped(archive) == before
    assert archive.put(make_briefing(TUESDAY)).briefing.demands[0].id == "D2"


# ---------------------------------------------------------------------------------- splits


def test_a_split_holds_when_the_day_is_made_again(archive: Archive) -> None:
    """However often, and whatever the model says is the same; deleted in between, or moved to another archive."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY), SAME)
    assert archive.split("D1", (TUESDAY,)) == "D2"
    for _ in range(3):
        assert archive.put(make_briefing(TUESDAY), SAME).briefing.demands[0].id == "D2"
    archive.delete(TUESDAY)
    assert archive.put(make_briefing(TUESDAY), SAME).briefing.demands[0].id == "D2"
    assert days_of(archive, "D1") == [MONDAY]
    assert '"parted": ["D2"]' in dumped(archive)


def test_what_was_split_merged_and_parted_again(archive: Archive) -> None:
    """Undoing the merge brings the split back."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY), SAME)
    parted = archive.split("D1", (TUESDAY,))
    before = dumped(archive), archive.ledger()
    archive.merge("D1", parted)
    assert days_of(archive, "D1") == [TUESDAY, MONDAY]
    assert archive.split(parted) == parted
    assert (dumped(archive), archive.ledger()) == before
    assert (days_of(archive, "D1"), days_of(archive, parted)) == ([MONDAY], [TUESDAY])


def test_two_merged_things_are_split_from_others_together(archive: Archive) -> None:
    """Both of a day go by the new id, and do so again when the day is made again."""
    for day in (MONDAY, TUESDAY):
        archive.put(two_demands(day), {"D1": "D1", "D2": "D2"} if day == TUESDAY else None)
    archive.merge("D1", "D2")
    parted = archive.split("D1", (TUESDAY,))
    for _ in range(2):
        assert days_of(archive, parted) == [TUESDAY, TUESDAY]
        assert days_of(archive, "D1") == [MONDAY, MONDAY]
        assert settled(archive)
        archive.put(two_demands(TUESDAY), {"D1": "D1", "D2": "D2"})


# ----------------------------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["", " \t\n", "\x1b\u202e", "\u200d\u200b"])
def test_nothing_is_called_nothing(archive: Archive, name: str) -> None:
    """A name that nobody can see is refused, and all is as it was."""
    archive.put(make_briefing(MONDAY))
    before = dumped(archive)
    with pytest.raises(ArchiveError, match="A3 can't be called nothing; give a name"):
        archive.rename("A3", name)
    assert dumped(archive) == before


def test_a_given_name_is_on_one_line(archive: Archive) -> None:
    """Without what steers a terminal, in answers and in briefings to come, which can be read again."""
    archive.put(make_briefing(MONDAY))
    archive.rename("A3", "Anna\x1b[31m\n  Varga\u202e")
    archive.put(make_briefing(TUESDAY))
    assert archive.actor("A3").name == archive.briefing(TUESDAY).actors[2].name == "Anna[31m Varga"


def test_a_given_name_is_a_name(archive: Archive) -> None:
    """Somebody is found by it, whole or in part, after a merge too, and known by it when the news call them so."""
    archive.put(make_briefing(MONDAY, person="Ana Wargha"))
    archive.rename("A3", "Annalena Baerbock")
    for asked in ("Annalena Baerbock", "baerbock", "Foreign Minister Annalena Baerbock"):
        assert archive.actor(asked).id == "A3"
    assert archive.put(make_briefing(TUESDAY, person="Annalena Baerbock")).briefing.actors[2].id == "A3"
    assert archive.put(make_briefing(WEDNESDAY, person="Ana Wargha")).briefing.actors[2].id == "A3"
    later = archive.put(make_briefing(WEDNESDAY + timedelta(days=1), person="Peter Hahn")).briefing
    archive.rename(later.actors[2].id, "Foo Bar")
    archive.merge("A3", later.actors[2].id)
    assert archive.actor("Foo Bar").id == archive.actor("foo").id == "A3"
    assert archive.search("canal", party="Foo Bar") == archive.search("canal", party="A3")


def test_a_given_name_is_no_spelling(archive: Archive) -> None:
    """Spellings are what articles have."""
    archive.put(make_briefing(MONDAY, person="Ana Wargha"))
    archive.rename("A3", "Annalena Baerbock")
    archive.put(make_briefing(TUESDAY, person="Ana Wargha"))
    assert archive.briefing(TUESDAY).actors[2].name == "Annalena Baerbock"
    assert archive.actor("A3").spellings == ("Ana Wargha",)


def test_either_name_of_a_merged_actor_is_known(archive: Archive) -> None:
    """Two full names that a person made one: whichever the news have."""
    archive.put(make_briefing(MONDAY, person="Anna Varga"))
    archive.put(make_briefing(TUESDAY, person="Zoe Wargha"))
    archive.merge("A3", "A4")
    for day, person in enumerate(("Zoe Wargha", "Anna Varga"), 3):
        assert archive.put(make_briefing(date(2031, 9, day), person=person)).briefing.actors[2].id == "A3"


def test_a_bare_surname_joins_no_two_people(archive: Archive) -> None:
    """Somebody who is also called by the surname alone stays apart from another who is."""
    archive.put(_with_surname(MONDAY, "Anna Varga"))
    assert archive.put(_with_surname(TUESDAY, "Peter Varga")).briefing.actors[2].id == "A4"


def _with_surname(day: date, person: str) -> Briefing:
    briefing = make_briefing(day, person=person)
    *others, last = briefing.actors
    alias = Alias(name=person.rpartition(" ")[2], evidence=last.aliases[0].evidence)
    changed = Actor.model_validate({**dict(last), "aliases": (*last.aliases, alias)})
    return briefing.model_copy(update={"actors": (*others, changed)})


# ------------------------------------------------------------------------ as last mentioned


def test_as_last_mentioned_is_the_same_in_every_answer(archive: Archive) -> None:
    """Of two briefings of a day the one that was entered last counts; of two things in it the weightier."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(MONDAY, topic="locks", status=DemandStatus.MET), SAME)

    def states() -> set[str]:
        past = archive.past(TUESDAY)
        assert past
        return {
            archive.ledger().demands[0].state,
            archive.thread("D1").mentions[0].state,
            *(part.state for part in archive.actor("Norland").parts if part.id == "D1"),
            *(standing.state for standing in past.of_kind("demand")),
            *(str(each.after) for each in archive.diff(MONDAY, MONDAY).differences if each.id == "D1"),
        }

    assert states() == {"met, demand"}
    archive.put(make_briefing(MONDAY), SAME)
    assert states() == {"open, demand"}


def test_a_move_keeps_the_order_of_a_day(archive: Archive, tmp_path: Path) -> None:
    """What was entered last counts in the copy, too, whatever its topic."""
    archive.put(make_briefing(MONDAY, topic="locks", status=DemandStatus.MET))
    archive.put(make_briefing(MONDAY), SAME)
    with Archive(str(tmp_path / "other.sqlite3")) as other:
        other.load(dumped(archive).splitlines())
        assert dumped(other) == dumped(archive)
        assert other.ledger() == archive.ledger()
        assert other.past(TUESDAY) == archive.past(TUESDAY)
        assert archive.ledger().demands[0].state == "open, demand"


def test_a_partys_ledger_tells_all_days_of_a_thing(archive: Archive) -> None:
    """Also those on which it didn't name the party: its state is the one that its last step led to."""
    archive.put(make_briefing(MONDAY))
    second = make_briefing(TUESDAY, status=DemandStatus.MET)
    demand = second.demands[0].model_copy(update={"of": ()})
    change = Change(
        id="K1",
        item="D1",
        kind=ChangeKind.MET,
        what="The canal is open.",
        since=MONDAY,
        before="open, demand",
        after="met, demand",
        evidence_after=demand.evidence,
    )
    second = second.model_copy(update={"demands": (demand,), "changes": (change,), "compared_with": MONDAY})
    archive.put(Briefing.model_validate(dict(second)), SAME)
    assert archive.ledger(party="Sudland").demands == archive.ledger().demands
    (record,) = archive.ledger(party="Sudland").demands
    assert (record.last, record.state, record.steps[-1].after) == (TUESDAY, "met, demand", "met, demand")
    assert archive.ledger(TUESDAY, party="Sudland").demands == ()


# ------------------------------------------------------------------------------ other topics


def test_a_day_of_one_topic_means_nothing_for_another(archive: Archive) -> None:
    """Only its own later briefings were compared with it, and those of topics that had none that day."""
    for topic in (None, "locks"):
        archive.put(make_briefing(MONDAY, topic=topic))
    for topic in (None, "bridges"):
        later = make_briefing(TUESDAY, topic=topic)
        archive.put(later.model_copy(update={"compared_with": MONDAY}))
    of_locks = archive.delete(MONDAY, "locks")
    assert of_locks[1:] == (f"{TUESDAY}: compared with it as it was; make that day again to compare anew",)
    archive.delete(TUESDAY, "bridges")
    archive.put(make_briefing(MONDAY, topic="locks"))
    assert not any("compared with it" in note for note in archive.delete(MONDAY, "locks"))


def test_deleting_leaves_no_rows(archive: Archive) -> None:
    """All that a briefing has is gone with it."""
    first = archive.put(two_demands(MONDAY)).briefing
    archive.put(silent_day(TUESDAY, "D1", first))
    for day in (MONDAY, TUESDAY):
        archive.delete(day)
    with archive.base.reading() as connection:
        for table in (things, roles, names, changes, sources, texts):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0
