"""`summarizer serve`: pages and API over an archive, the same on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import psycopg
import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from summarizer.archive import Archive, Readers
from summarizer.archive.found import ActorRecord, Cast, Changes, Diff, Hits, Ledger, Listed, Thread
from summarizer.errors import ArchiveError, TooSlow
from summarizer.models import Briefing
from tests import postgres
from tests.archived import make_briefing
from tests.chronicle import FIRST
from tests.served import DAYS, LAST, TOPIC, fill, parsed, site_over

BOTH = f"before={FIRST}&after={LAST}"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where an archive of a few days is, in each of the two databases."""
    if request.param == "sqlite":
        place = str(tmp_path_factory.mktemp("served") / "archive.sqlite3")
    else:
        place = postgres.new_database(request.getfixturevalue("postgresql"))
    fill(place)
    return place


@pytest.fixture(scope="module")
def archive(filled: str) -> Iterator[Archive]:
    """It, to ask what the site should answer."""
    with Archive(filled) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(filled: str) -> Iterator[TestClient]:
    """A browser of the site over it."""
    with site_over(filled) as opened:
        yield opened


def test_every_question_is_answered_by_its_model(client: TestClient, archive: Archive) -> None:
    """Each path of the API answers with what the archive answers from Python."""
    demand = archive.ledger().demands[0]
    actor = archive.actors().actors[0]
    word = archive.briefing(LAST).demands[0].issue.split()[-1]
    on_topic = tuple(each for each in archive.list() if each.topic == TOPIC)
    asked: dict[str, tuple[Any, object]] = {
        "/api/briefings": (tuple[Listed, ...], archive.list()),
        f"/api/briefings?from={LAST}&topic={quote(TOPIC)}": (tuple[Listed, ...], on_topic),
        f"/api/briefings/{LAST}": (Briefing, archive.briefing(LAST)),
        f"/api/briefings/{LAST}?topic={quote(TOPIC)}": (Briefing, archive.briefing(LAST, TOPIC)),
        f"/api/diff?{BOTH}": (Diff, archive.diff(FIRST, LAST)),
        f"/api/ledger?from={FIRST}&to={LAST}": (Ledger, archive.ledger(FIRST, LAST)),
        f"/api/ledger?from={FIRST}&to={LAST}&party={actor.id}": (
            Ledger,
            archive.ledger(FIRST, LAST, party=actor.id),
        ),
        "/api/actors?most=3": (Cast, archive.actors(most=3)),
        f"/api/actors/{actor.id}": (ActorRecord, archive.actor(actor.id)),
        f"/api/actors/{quote(actor.name, safe='')}": (ActorRecord, archive.actor(actor.name)),
        f"/api/things/{demand.id}": (Thread, archive.thread(demand.id)),
        "/api/changes?most=5": (Changes, archive.changes(most=5)),
        f"/api/search?q={quote(word)}&type=demand": (Hits, archive.search(word, kinds=["demand"])),
    }
    for path, (kind, expected) in asked.items():
        reply = client.get(path)
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json"), path
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        assert adapter.validate_json(reply.content) == expected, path


def test_a_ledger_without_days_is_of_the_last_thirty(client: TestClient) -> None:
    """Without days the ledger ends with the archive's last and is thirty days long; a year is the longest."""
    told = Ledger.model_validate_json(client.get("/api/ledger").content)
    assert (told.until, (told.until - told.since).days) == (LAST, 29)
    reply = client.get("/api/ledger?from=2030-01-01&to=2031-12-31")
    assert reply.status_code == 422
    assert "at most 366 days" in reply.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/?topic={quote(TOPIC)}",
        f"/?from={LAST}&to=&topic=",
        f"/days/{FIRST}",
        f"/days/{LAST}",
        f"/days/{LAST}?topic={quote(TOPIC)}",
        "/diff",
        f"/diff?{BOTH}",
        "/ledger",
        f"/ledger?from={FIRST}&to={LAST}&party=&issue=",
        "/actors",
        "/actors?name=a",
        "/actors/A1",
        "/things/D1",
        "/search",
        "/search?q=a&party=&from=&to=",
        "/search?q=canal&type=demand&type=venue",
        "/api",
    ],
)
def test_every_page_is_whole(client: TestClient, path: str) -> None:
    """Each page has a language, one first heading, header, navigation, main part, a skip link, and labelled fields."""
    reply = client.get(path)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = parsed(reply.text)
    assert page.get("lang") == "en"
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//body//nav[@aria-label='Pages']")) == 1
    assert page.xpath("//main/@id") == ["main"] == [to[1:] for to in page.xpath("//a[@class='skip']/@href")]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    labelled = set(page.xpath("//label/@for"))
    for field in page.xpath("//body//input[not(@type='hidden')] | //body//select"):
        assert field.get("id") in labelled or field.xpath("ancestor::label"), path
    for target in page.xpath("//a/@href[starts-with(., '#')]"):
        assert target[1:] in ids
    for script in page.xpath("//script"):
        assert script.get("src", "").startswith("/static/")
        assert not (script.text or "").strip()
    assert not page.xpath("//style | //@style | //@onclick")


def test_every_link_leads_to_a_page(client: TestClient) -> None:
    """Whatever a page links to on the site is there."""
    found: dict[str, str] = {}
    for path in (
        "/",
        f"/days/{LAST}",
        f"/diff?{BOTH}",
        "/ledger",
        "/actors",
        "/actors/A1",
        "/things/D1",
        "/search?q=a",
    ):
        for to in parsed(client.get(path).text).xpath("//a/@href | //link/@href | //script/@src"):
            if to.startswith("/"):
                found.setdefault(to, path)
    assert len(found) > 30
    kinds: dict[str, list[str]] = {}
    for to in found:
        parts = urlsplit(to).path.split("/")
        kinds.setdefault(f"{parts[1]} {len(parts)}", []).append(to)
    for some in kinds.values():
        for to in some[:12]:
            reply = client.get(to, follow_redirects=True)
            assert reply.status_code == 200, f"{to} on {found[to]}"
            if at := urlsplit(str(reply.url)).fragment:
                assert parsed(reply.text).xpath("//*[@id=$at]", at=at), f"{to} on {found[to]}"


def test_days_are_listed_newest_first_by_topic(client: TestClient) -> None:
    """The first page has all briefings, newest first; a topic leaves those on it."""
    page = parsed(client.get("/").text)
    assert page.xpath("//ul[@class='days']//time/@datetime") == [
        str(day) for day in (LAST, LAST, *(date.fromordinal(LAST.toordinal() - n) for n in range(1, DAYS)))
    ]
    on_topic = parsed(client.get(f"/?topic={quote(TOPIC)}").text)
    assert on_topic.xpath("//ul[@class='days']//a/@href") == [f"/days/{LAST}?topic={quote(TOPIC, safe='')}"]
    assert on_topic.xpath("//option[@selected]/text()") == [TOPIC]


def test_a_day_leads_to_its_neighbours(client: TestClient) -> None:
    """A day's page leads to the days before and after on the same topic, to what moved, and to other topics."""
    page = parsed(client.get(f"/days/{LAST}").text)
    before = date.fromordinal(LAST.toordinal() - 1)
    around = page.xpath("//nav[@class='between']//a/@href")
    assert around == [
        f"/days/{before}",
        f"/diff?before={before}&after={LAST}",
        f"/ledger?to={LAST}",
        f"/days/{LAST}?topic={quote(TOPIC, safe='')}",
    ]


def test_a_day_on_several_topics_only(place: str) -> None:
    """A day without a briefing on all topics: its only one is shown, of several it is told which there are."""
    with Archive(place) as archive:
        archive.put(make_briefing(date(2031, 9, 1), topic="canal"))
    with site_over(place) as client:
        assert client.get("/days/2031-09-01").status_code == 200
        with Archive(place) as archive:
            archive.put(make_briefing(date(2031, 9, 1), topic="grain"))
        reply = client.get("/days/2031-09-01")
        assert reply.status_code == 404
        assert parsed(reply.text).xpath("//main//li/a/text()") == ["canal", "grain"]
        assert client.get("/api/briefings/2031-09-01").status_code == 404


def test_an_empty_archive_is_served(place: str) -> None:
    """Every page of an empty archive says that there is nothing yet."""
    with Archive(place):
        pass
    with site_over(place) as client:
        for path in ("/", "/diff", "/ledger", "/actors", "/search", "/feed.atom", "/api/briefings", "/api/actors"):
            assert client.get(path).status_code == 200, path
        assert "There is no briefing yet" in client.get("/").text
        assert client.get("/api/ledger").status_code == 404


def test_the_site_sees_what_arrives(place: str) -> None:
    """A briefing that is entered, made again or deleted while the site runs is seen at the next look."""
    day = date(2031, 9, 1)
    with Archive(place) as archive, site_over(place) as client:
        assert client.get(f"/days/{day}").status_code == 404
        archive.put(make_briefing(day))
        first = client.get(f"/days/{day}")
        assert "Berta Holm" not in first.text
        archive.put(make_briefing(day, person="Berta Holm"))
        second = client.get(f"/days/{day}", headers={"If-None-Match": first.headers["etag"]})
        assert second.status_code == 200
        assert "Berta Holm" in second.text
        archive.delete(day)
        assert client.get(f"/days/{day}").status_code == 404


def test_search_finds_what_is_being_typed(client: TestClient, archive: Archive) -> None:
    """On the page the last word may be unfinished; words in quotation marks, and all of the API's, are whole."""
    word = max(archive.briefing(LAST).demands[0].issue.split(), key=len)
    begun = word[:-1]
    assert parsed(client.get(f"/search?q={begun}").text).xpath("//ul[@class='things']/li")
    assert not parsed(client.get(f'/search?q="{begun}"').text).xpath("//ul[@class='things']/li")
    assert Hits.model_validate_json(client.get(f"/api/search?q={begun}").content).mentions == ()
    hits = client.get(f"/search/hits?q={begun}").text
    assert "<html" not in hits
    assert hits.strip() in client.get(f"/search?q={begun}").text


@pytest.mark.parametrize(
    ("path", "status", "where"),
    [
        ("/api/briefings/2031-02-30", 422, "date"),
        ("/api/briefings/1924992000", 422, "date"),
        ("/api/briefings/2001-01-01", 404, None),
        ("/api/briefings?from=soon", 422, "from"),
        ("/api/briefings?from=2031-01-02&to=2031-01-01", 422, None),
        ("/api/briefings?form=2031-01-02", 422, "form"),
        ("/api/diff", 422, "before"),
        ("/api/diff?before=2031-01-01&after=2031-01-01", 422, None),
        ("/api/diff?before=2001-01-01&after=2031-01-01", 404, None),
        ("/api/things/D0999", 404, None),
        ("/api/things/evil", 422, "id"),
        ("/api/actors/Nobody%20at%20all", 404, None),
        ("/api/actors?most=1001", 422, "most"),
        ("/api/search", 422, "q"),
        ("/api/search?q=%22%22", 422, None),
        ("/api/search?q=a%00b", 422, "q"),
        (f"/api/search?q={'x' * 201}", 422, "q"),
        (f"/api/search?q={'a+' * 99}a", 422, None),
        ("/api/search?q=x&type=spy", 422, "type.0"),
        ("/api/changes?kind=none", 422, "kind.0"),
        ("/api/ledger?party=%27%3B%20DROP%20TABLE%20things%3B--", 404, None),
        ("/api/nothing", 404, None),
    ],
)
def test_what_cannot_be_answered_is_said(client: TestClient, path: str, status: int, where: str | None) -> None:
    """A bad question gets the right status, and says what is wrong, where, and what to do; never how it is made."""
    reply = client.get(path)
    told = reply.json()
    assert (reply.status_code, told["status"], told.get("where")) == (status, status, where)
    assert reply.headers["content-type"] == "application/problem+json"
    assert told["detail"]
    assert told["advice"]
    assert not re.search(r"Traceback|sqlite|postgres|/tmp|SELECT|\.py", reply.text, re.IGNORECASE)


@pytest.mark.parametrize(
    "path", ["/days/2001-01-01", "/days/soon", "/things/D0999", "/actors/Nobody", "/nowhere", "/ledger?from=x"]
)
def test_people_are_told_on_a_page(client: TestClient, path: str) -> None:
    """A page that can't be shown says why, and what to do, in the site's own look."""
    reply = client.get(path)
    assert reply.status_code in (404, 422)
    assert "What to do" in parsed(reply.text).findtext(".//main") or "What to do" in reply.text
    assert reply.headers["cache-control"] == "no-store"


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    """Every answer has a tag; whoever has it already gets 304 and nothing more. HEAD has the head alone."""
    for path in ("/", f"/days/{LAST}", "/api/briefings", f"/api/briefings/{LAST}", "/feed.atom", "/static/site.css"):
        reply = client.get(path)
        tag = reply.headers["etag"]
        assert reply.headers["cache-control"] == "private, no-cache"
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        head = client.head(path)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
        assert head.headers["content-length"] == str(len(reply.content))


def test_the_feed_is_valid_atom(client: TestClient) -> None:
    """The feed has what RFC 4287 requires, ids that don't depend on the address, and no time but the days'."""
    atom = "{http://www.w3.org/2005/Atom}"
    reply = client.get("/feed.atom")
    assert reply.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(reply.content)
    assert feed.tag == f"{atom}feed"
    assert feed.findtext(f"{atom}id") == "tag:localhost,2025:briefings"
    assert feed.findtext(f"{atom}updated") == f"{LAST}T00:00:00Z"
    assert feed.findtext(f"{atom}author/{atom}name")
    rels = {link.get("rel"): link.get("href") for link in feed.findall(f"{atom}link")}
    assert rels == {"self": "http://localhost:8765/feed.atom", "alternate": "http://localhost:8765/"}
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == DAYS + 1
    ids = [entry.findtext(f"{atom}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    assert f"tag:localhost,2025:briefings/{LAST}/{quote(TOPIC, safe='')}" in ids
    for entry in entries:
        for name in ("title", "updated", "published", "summary"):
            assert entry.findtext(f"{atom}{name}")
        (link,) = entry.findall(f"{atom}link")
        assert client.get(link.get("href", "")).status_code == 200
    other = client.get("/feed.atom", headers={"Host": "127.0.0.1"})
    assert [e.findtext(f"{atom}id") for e in ElementTree.fromstring(other.content).findall(f"{atom}entry")] == ids


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    """FastAPI's own pages, whose scripts come from elsewhere, are off; the API's list is a page of our own."""
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert client.get(path).status_code == 404
    described = client.get("/openapi.json").json()
    listed = parsed(client.get("/api").text).xpath("//tbody/tr/th/code/text()")
    assert listed == list(described["paths"])


def test_readers_cannot_write(filled: str) -> None:
    """An archive that is opened for readers refuses to be written, whatever asks for it."""
    with Archive(filled, readers=Readers()) as archive:
        with pytest.raises(ArchiveError, match=r"read.?only"):
            archive.delete(LAST)
        assert len(archive.list()) == DAYS + 1


def test_readers_find_a_schema_of_its_own(postgresql: str) -> None:
    """What a database's URL says of its sessions, as which schema is meant, holds for readers as well."""
    place = postgres.new_database(postgresql)
    with psycopg.connect(place.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA desk")
    own = f"{place}?options=-csearch_path%3Ddesk"
    with Archive(own) as archive:
        archive.put(make_briefing(date(2031, 9, 1)))
    with site_over(own) as client:
        assert client.get("/days/2031-09-01").status_code == 200


def test_what_takes_too_long_is_broken_off(filled: str) -> None:
    """A reading that takes longer than it may ends with an error that says so; the next one is answered."""
    endless = {
        True: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        False: "SELECT pg_sleep(600)",
    }
    with Archive(filled, readers=Readers(at_once=1, longest=0.2)) as archive:
        with pytest.raises(TooSlow, match=r"longer than 0\.2 seconds"), archive.base.reading() as connection:
            connection.exec_driver_sql(endless[archive.base.sqlite]).all()
        assert len(archive.list()) == DAYS + 1


def test_the_api_table_is_the_api(client: TestClient) -> None:
    """docs/serve.md lists every path of the API with its parameters, and no other."""
    text = (Path(__file__).parent.parent / "docs/serve.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(/api/\S*)` \| (.*?) \|", text, re.MULTILINE)
    described = client.get("/openapi.json").json()["paths"]
    assert {path: sorted(re.findall(r"`(\w+)`", told)) for path, told in rows} == {
        path: sorted(each["name"] for each in operations["get"].get("parameters", []))
        for path, operations in described.items()
    }


def test_what_a_day_prints_leads_to_what_it_is(place: str) -> None:
    """After a split a day's page, and a caveat of that day, lead to the thing that the day's id is of."""
    with Archive(place) as archive:
        for day in (date(2031, 9, 1), date(2031, 9, 2)):
            archive.put(make_briefing(day), {"D1": "D1"} if day.day == 2 else {})
        other = archive.split("D1", ["2031-09-02"])
    with site_over(place) as client:
        for printed, id in (("2031-09-01", "D1"), ("2031-09-02", other)):
            page = parsed(client.get(f"/days/{printed}").text)
            (link,) = page.xpath("//article[@id='D1']//a[@class='over']/@href")
            reply = client.get(link, follow_redirects=False)
            assert (reply.status_code, reply.headers["location"]) == (303, f"/things/{id}")
        assert client.get("/days/2031-09-02/printed/D99").status_code == 404
        assert client.get("/days/2031-09-09/printed/D1").status_code == 404


def test_an_actor_with_a_slash_is_asked_for_by_programs(place: str) -> None:
    """As by people."""
    with Archive(place) as archive:
        archive.put(make_briefing(date(2031, 9, 1), person="Rhein/Main AG"))
    with site_over(place) as client:
        assert client.get("/api/actors/Rhein%2FMain%20AG").json()["name"] == "Rhein/Main AG"
