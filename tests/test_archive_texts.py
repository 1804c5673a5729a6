"""The archive keeps what articles said: each text once, whole, for as long as a briefing has the article."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from benchmarks.archive import plans
from summarizer import Article, Settings, brief, load
from summarizer.archive import Archive
from summarizer.archive.kept import AT_ONCE
from summarizer.archive.tables import articles
from summarizer.cli import main
from summarizer.errors import ArchiveError, NotArchived
from summarizer.models import Briefing, Original, Source
from tests.archived import MONDAY, TUESDAY, WEDNESDAY, make_article, make_briefing
from tests.conftest import DAYS, ROOT
from tests.postgres import new_database

Capture = pytest.CaptureFixture[str]
OTHER = Article.of("The lock at Port Ambry is dry.", name="lock.txt", published=MONDAY)
ID = make_article(MONDAY).id
ODD = Article.of(
    "nul \0, \x1b[31m, lone \udc9b, line \u2028 and \x85, \U0001f6a2 \r\n'; --", name="odd", published=MONDAY
)


def with_sources(briefing: Briefing, *more: Article, earlier: Sequence[Article] = ()) -> Briefing:
    """A briefing that has more articles, and quotes some of earlier days."""
    quoted = (article.as_source(earlier=True) for article in earlier)
    sources = (*briefing.sources, *(article.as_source() for article in more), *quoted)
    return briefing.model_copy(update={"sources": sources})


def kept(archive: Archive) -> int:
    """How many texts it has."""
    with archive.base.reading() as connection:
        return connection.execute(select(func.count()).select_from(articles)).scalar_one()


def dumped(archive: Archive, *, texts: bool = True) -> list[str]:
    """All of an archive as lines."""
    lines: list[str] = []
    archive.dump(lines.append, texts=texts)
    return lines


def enter(archive: Archive, *days: date) -> None:
    """Enter days with the texts of their articles."""
    for day in days:
        archive.put(make_briefing(day), articles=[make_article(day)])


# ------------------------------------------------------------------------------- in and out


def test_an_article_comes_out_as_it_went_in(archive: Archive) -> None:
    """By its id or its day; what is no source of the briefing is not kept, nor what the text was mended from."""
    article = make_article(MONDAY)
    before = Original(place="a.html", media_type="text/html", encoding="utf-8", sha256="0" * 64, text="<p>")
    given = article.model_copy(update={"original": before})
    archive.put(make_briefing(MONDAY), articles=[given, OTHER])
    assert archive.articles([OTHER.id, article.id, article.id, "nothing"]) == {article.id: article}
    assert archive.articles_of(MONDAY) == (article,)
    assert archive.articles(["", "\0", "\ud800", "'; --", "x" * 10_000]) == archive.articles([]) == {}
    assert kept(archive) == 1
    with pytest.raises(NotArchived, match=f"no briefing of {TUESDAY}"):
        archive.articles_of(TUESDAY)


def test_another_text_under_an_article_s_id_is_not_kept(archive: Archive) -> None:
    """A source says by its hash which text it is of."""
    other = OTHER.model_copy(update={"id": make_article(MONDAY).id})
    archive.put(make_briefing(MONDAY), articles=[other])
    assert kept(archive) == 0


def test_an_article_is_as_its_last_briefing_has_it(archive: Archive) -> None:
    """What is known about it may change from briefing to briefing; one that only quotes it has no say."""
    article = make_article(MONDAY)
    enter(archive, MONDAY)
    second, third = (with_sources(make_briefing(day)) for day in (TUESDAY, WEDNESDAY))
    renamed = article.as_source(title="The canal")
    archive.put(second.model_copy(update={"sources": (*second.sources, renamed)}))
    archive.put(with_sources(third, earlier=[article]))
    assert archive.articles([article.id])[article.id].title == "The canal"
    assert archive.articles_of(MONDAY)[0].title is None
    assert archive.articles_of(WEDNESDAY)[0].earlier
    archive.delete(MONDAY)
    archive.delete(TUESDAY)
    assert archive.articles([article.id])[article.id].earlier


def test_hostile_texts_go_in_and_out(archive: Archive, tmp_path: Path) -> None:
    """What is no text to a database, and ends a line elsewhere, is a character like any other, in a dump as well."""
    archive.put(with_sources(make_briefing(MONDAY), ODD), articles=[ODD])
    assert archive.articles([ODD.id])[ODD.id].text == ODD.text
    path = tmp_path / "dump.jsonl"
    path.write_text("".join(dumped(archive)), encoding="utf-8", newline="")
    with Archive(str(tmp_path / "other.sqlite3")) as other, path.open(encoding="utf-8", newline="\n") as lines:
        other.load(lines)
        assert other.articles([ODD.id])[ODD.id].text == ODD.text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(zlib.compress(b"Norland demands nothing."), "the text has 24 characters, not 152", id="shorter"),
        pytest.param(zlib.compress(b"x" * 152), "does not hash", id="as long"),
        pytest.param(zlib.compress(b"\xff"), "can't decode", id="no UTF-8"),
        pytest.param(b"Norland", "incorrect header check", id="not packed"),
    ],
)
def test_a_text_that_was_changed_is_refused(archive: Archive, body: bytes, reason: str) -> None:
    """What is read is what was read then, or an error names the article; making its day again mends it."""
    enter(archive, MONDAY)
    with archive.base.writing() as connection:
        connection.execute(update(articles).values(body=body))
    (id,) = (source.id for source in archive.briefing(MONDAY).sources)
    for ask in (lambda: archive.articles([id]), lambda: archive.articles_of(MONDAY)):
        with pytest.raises(ArchiveError, match=f"article {id} can't be read back: .*{reason}.*make its day again"):
            ask()
    enter(archive, MONDAY)
    assert archive.articles([id])


def test_no_table_is_read_from_end_to_end_for_an_article(tmp_path: Path) -> None:
    """Nor for those of a day: an archive of years opens an article as fast as one of days."""
    with Archive(str(tmp_path / "archive.sqlite3")) as archive:
        enter(archive, MONDAY, TUESDAY)
        asks: list[Callable[[Archive], object]] = [lambda a: a.articles([ID]), lambda a: a.articles_of(MONDAY)]
        for ask in asks:
            planned = [line.split() for line in plans(archive, ask) if line.startswith("    ")]
            assert {words[1] for words in planned if words[0] == "SCAN"} <= {"json_each"}
            assert ["SEARCH", "articles"] in [words[:2] for words in planned]


# ------------------------------------------------------------------------------- how long


def test_two_briefings_share_a_text(archive: Archive) -> None:
    """It is kept once, and goes with the last of them."""
    article = make_article(MONDAY)
    for topic in (None, "locks"):
        archive.put(make_briefing(MONDAY, topic=topic), articles=[article])
    assert kept(archive) == 1
    archive.delete(MONDAY)
    assert archive.articles_of(MONDAY, "locks") == (article,)
    archive.delete(MONDAY, "locks")
    assert kept(archive) == 0


def test_an_earlier_day_s_text_is_kept_for_a_change_that_quotes_it(archive: Archive) -> None:
    """Though its own day is deleted, and the day that quotes it is made again."""
    article = make_article(MONDAY)
    enter(archive, MONDAY)
    quoting = with_sources(make_briefing(TUESDAY), earlier=[article])
    for _ in range(2):
        archive.put(quoting, articles=[make_article(TUESDAY)])
        assert [each.text for each in archive.articles_of(TUESDAY)] == [make_article(TUESDAY).text, article.text]
        if MONDAY in {each.date for each in archive.list()}:
            archive.delete(MONDAY)
    enter(archive, TUESDAY)
    assert archive.articles([article.id]) == {}
    assert kept(archive) == 1


def test_a_day_that_is_made_again_has_the_texts_it_is_made_of(archive: Archive) -> None:
    """Those of articles that it no longer has go; without texts all go but what another briefing has."""
    article = make_article(MONDAY)
    archive.put(with_sources(make_briefing(MONDAY), OTHER, ODD), articles=[article, OTHER, ODD])
    archive.put(with_sources(make_briefing(TUESDAY), ODD), articles=[make_article(TUESDAY), ODD])
    archive.put(with_sources(make_briefing(MONDAY), ODD), articles=[article, ODD])
    assert set(archive.articles([article.id, OTHER.id, ODD.id])) == {article.id, ODD.id}
    archive.put(with_sources(make_briefing(MONDAY), ODD))
    assert [each.id for each in archive.articles_of(MONDAY)] == [ODD.id]
    archive.put(with_sources(make_briefing(MONDAY), OTHER), articles=[OTHER])
    assert [each.id for each in archive.articles_of(MONDAY)] == [OTHER.id]
    assert len(archive.articles_of(TUESDAY)) == 2


def test_texts_are_forgotten_by_the_last_day_that_was_made_of_them(archive: Archive) -> None:
    """A day that only quotes an article doesn't keep its text from being forgotten; briefings stay as they are."""
    first, second = make_article(MONDAY), make_article(TUESDAY)
    enter(archive, MONDAY)
    archive.put(with_sources(make_briefing(TUESDAY), OTHER), articles=[second, OTHER])
    archive.put(with_sources(make_briefing(WEDNESDAY), OTHER, earlier=[first]), articles=[OTHER])
    before = [archive.briefing(day) for day in (MONDAY, TUESDAY, WEDNESDAY)]
    assert archive.forget_texts(MONDAY) == 0
    assert archive.forget_texts(TUESDAY) == 1
    assert set(archive.articles([first.id, second.id, OTHER.id])) == {second.id, OTHER.id}
    assert archive.forget_texts(WEDNESDAY) == 1
    assert [each.id for each in archive.articles_of(WEDNESDAY)] == [OTHER.id]
    assert [archive.briefing(day) for day in (MONDAY, TUESDAY, WEDNESDAY)] == before


def test_a_person_s_word_leaves_texts_alone(archive: Archive) -> None:
    """Whatever is merged, split or renamed."""
    enter(archive, MONDAY, TUESDAY)
    before = [archive.articles_of(day) for day in (MONDAY, TUESDAY)]
    archive.merge("D1", "D2")
    archive.split("A1", (TUESDAY,))
    archive.rename("A1", "Northland")
    assert [archive.articles_of(day) for day in (MONDAY, TUESDAY)] == before
    assert kept(archive) == 2


# ------------------------------------------------------------------------------- through a run


def test_a_run_keeps_the_texts_that_it_read(archive: Archive, empty: str) -> None:
    """A replay too: every quotation of both example days can be held against what is kept, and each text is whole."""
    for day in DAYS:
        made = brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day, archive=empty))
        read = {article.id: article.text for article in load(ROOT / "examples" / day).articles}
        out = archive.articles_of(made.date)
        assert [each.id for each in out] == [source.id for source in made.sources]
        assert made.verify(out) == len(made.evidence)
        assert {each.id: each.text for each in out if not each.earlier} == read
        assert [Source(**each.as_source().model_dump()) for each in out] == list(made.sources)
    assert any(each.earlier for each in out)


def test_texts_need_not_be_kept(archive: Archive, empty: str) -> None:
    """Where they mustn't be stored; the briefing is the same."""
    settings = Settings(replay=ROOT / "cassettes" / DAYS[0], archive=empty, keep_texts=False)
    made = brief(ROOT / "examples" / DAYS[0], settings=settings)
    assert archive.briefing(made.date) == made
    assert archive.articles_of(made.date) == ()
    assert kept(archive) == 0


# ------------------------------------------------------------------------------- moving


def test_a_dump_has_each_text_once(archive: Archive, tmp_path: Path, postgresql: str) -> None:
    """From one database into the other and back it is equal byte for byte, with texts and without."""
    many = [Article.of(f"Report {n}.", name=f"{n}.txt", published=MONDAY) for n in range(AT_ONCE + 20)]
    archive.put(with_sources(make_briefing(MONDAY), *many, ODD), articles=[make_article(MONDAY), *many, ODD])
    archive.put(with_sources(make_briefing(TUESDAY), many[0], earlier=[many[1]]))
    lines = dumped(archive)
    assert sum(line.startswith('{"article"') for line in lines) == AT_ONCE + 22
    bare = dumped(archive, texts=False)
    assert bare == [line for line in lines if not line.startswith('{"article"')]
    for place in (tmp_path / "other.sqlite3", new_database(postgresql)):
        with Archive(str(place)) as other:
            assert other.load(lines) == 2
            assert dumped(other) == lines
            for day in (MONDAY, TUESDAY):
                assert other.articles_of(day) == archive.articles_of(day)
    for given in (bare, lines):
        with Archive(str(tmp_path / f"{len(given)}.sqlite3")) as other:
            other.load(given, texts=False)
            assert (dumped(other), kept(other)) == (bare, 0)


def as_line(**changes: object) -> str:
    """A dump's line with the text of Monday's article, or another."""
    return json.dumps({"article": {"id": ID, "text": make_article(MONDAY).text, **changes}})


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param([as_line(), as_line()], f"line 14 has the text of '{ID}' once more", id="twice"),
        pytest.param([as_line(text="x" * 152)], f"line 13 has another text of '{ID}' than its briefing", id="hash"),
        pytest.param([as_line(text="x")], "line 13 has another text", id="shorter"),
        pytest.param([as_line(text="x" * 5_000_000)], "line 13 has another text", id="huge"),
        pytest.param(
            [as_line(), as_line(id=OTHER.id)], "line 14 has the text .* no briefing before it has", id="nobody's"
        ),
        pytest.param([as_line(id="\x1b[31m")], r"line 13 has the text of '\\x1b\[31m'", id="an id to look at"),
        pytest.param([as_line(id=7)], "line 13 is nothing that a dump has", id="no id"),
        pytest.param([as_line(text=None)], "line 13 is nothing that a dump has", id="no text"),
        pytest.param(['{"article": "text"}'], "line 13 is nothing that a dump has", id="no article"),
        pytest.param([as_line()[:-9]], "line 13 of the dump is no JSON", id="cut off"),
        pytest.param(['{"article": ' + "[" * 100_000], "line 13 of the dump is no JSON", id="deep"),
    ],
)
def test_texts_that_can_t_be_loaded(archive: Archive, tmp_path: Path, more: list[str], reason: str) -> None:
    """The error names the line, and nothing came in, whether texts are to be kept or not."""
    with Archive(str(tmp_path / "from.sqlite3")) as source:
        enter(source, MONDAY)
        lines = dumped(source, texts=False)
    assert len(lines) == 12
    for texts in (True, False):
        with pytest.raises(ArchiveError, match=reason):
            archive.load([*lines, *more], texts=texts)
    assert archive.list() == ()
    assert kept(archive) == 0


def test_a_text_comes_after_its_briefing(archive: Archive, tmp_path: Path) -> None:
    """Before it, it is nobody's."""
    with Archive(str(tmp_path / "from.sqlite3")) as source:
        enter(source, MONDAY)
        *lines, briefing, text = dumped(source)
    with pytest.raises(ArchiveError, match="which no briefing before it has"):
        archive.load([*lines, text, briefing])


# ------------------------------------------------------------------------------- as commands


def test_texts_at_the_command_line(place: str, tmp_path: Path, capsys: Capture) -> None:
    """Kept unless one says otherwise, moved or not, and forgotten."""
    first = date.fromisoformat(DAYS[0])
    words = ["brief", str(ROOT / "examples" / DAYS[0]), "--replay", str(ROOT / "cassettes" / DAYS[0]), "--quiet"]
    out = ["-o", str(tmp_path / "b.md")]

    def count(where: str) -> int:
        with Archive(where) as archive:
            return len(archive.articles_of(first))

    assert main([*words, *out, "--archive", place, "--no-texts"]) == 0
    assert count(place) == 0
    assert main([*words, *out, "--archive", place]) == 0
    assert count(place) == 5
    for number, (dump, more, there) in enumerate(
        [([], [], 5), (["--no-texts"], [], 0), ([], ["--no-texts"], 0)],
    ):
        file, other = str(tmp_path / f"{number}.jsonl"), str(tmp_path / f"{number}.sqlite3")
        assert main(["archive", "dump", "--archive", place, "-o", file, *dump]) == 0
        assert main(["archive", "load", file, "--archive", other, *more]) == 0
        assert count(other) == there
    capsys.readouterr()
    for before, said in ((DAYS[0], 0), (DAYS[1], 5)):
        assert main(["archive", "forget-texts", "--before", before, "--archive", place]) == 0
        assert capsys.readouterr().out == f"{said} texts forgotten, of articles that were read before {before} only\n"
    assert count(place) == 0


def test_a_desk_that_may_not_store_texts_says_so_once(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the environment, where loading a dump heeds it, too."""
    with Archive(str(tmp_path / "from.sqlite3")) as archive:
        enter(archive, MONDAY)
        lines = "".join(dumped(archive))
    (tmp_path / "dump.jsonl").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("SUMMARIZER_KEEP_TEXTS", "false")
    place = str(tmp_path / "to.sqlite3")
    assert main(["archive", "load", str(tmp_path / "dump.jsonl"), "--archive", place]) == 0
    with Archive(place) as archive:
        assert archive.articles_of(MONDAY) == ()
        assert archive.load(io.StringIO(make_briefing(TUESDAY).model_dump_json())) == 1
