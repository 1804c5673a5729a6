"""`summarizer serve` against those who shouldn't read, and against what articles and models say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import httpx2
import pytest
from starlette.testclient import TestClient

from summarizer.archive import Archive
from summarizer.errors import NotArchived, UnknownIdentity
from summarizer.serve import Access
from summarizer.serve.access import (
    ADDRESSES,
    GUESSES,
    SESSION,
    Gate,
    Turns,
    is_loopback,
    names_of,
    network_of,
    new_token,
)
from summarizer.serve.days import Days, Kept
from summarizer.serve.guard import COOKIE, HEADERS
from tests.archived import MONDAY, make_briefing
from tests.served import HARMLESS, TRICKS, URLS, hostile_briefing, marks, parsed, site_over
from tests.test_hostile import steers

TOKEN = "a-token-of-the-tests-0123456789"
EVERY = (
    "/",
    f"/days/{MONDAY}",
    "/diff",
    "/ledger",
    "/actors",
    "/actors/A1",
    "/things/D1",
    "/search",
    "/search/hits?q=canal",
    "/api",
    "/feed.atom",
    "/static/site.css",
    "/openapi.json",
    "/api/briefings",
    "/api/search?q=canal",
)
BROWSER = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8765"}


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_900_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where an archive with one day is."""
    place = str(tmp_path_factory.mktemp("guarded") / "archive.sqlite3")
    with Archive(place) as archive:
        archive.put(make_briefing(MONDAY))
    return place


@pytest.fixture(scope="module")
def client(filled: str) -> Iterator[TestClient]:
    """A browser of the site over it, which asks for no token."""
    with site_over(filled) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def closed(filled: str, clock: Clock) -> Iterator[TestClient]:
    """A browser of the site over it, which asks for a token."""
    with site_over(filled, Access(token=TOKEN, now=clock)) as opened:
        yield opened


def sign_in(client: TestClient, token: str = TOKEN, **heads: str) -> httpx2.Response:
    """What the login form sends; returns the reply."""
    return client.post("/login", data={"token": token, "next": "/actors?name=a"}, headers={**BROWSER, **heads})


# ------------------------------------------------------------------------------ every answer


@pytest.mark.parametrize(
    ("method", "path", "heads"),
    [
        *(("GET", path, {}) for path in EVERY),
        ("HEAD", "/", {}),
        ("GET", "/nowhere", {}),
        ("GET", "/api/briefings?from=x", {}),
        ("GET", "/", {"Host": "evil.invalid"}),
        ("GET", f"/{'x' * 2000}", {}),
        ("POST", "/", {}),
        ("DELETE", "/api/briefings", {}),
        ("OPTIONS", "/api/briefings", {"Origin": "https://evil.invalid", "Access-Control-Request-Method": "GET"}),
        ("GET", "/api/briefings", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
        ("GET", "/login", {}),
    ],
)
def test_every_answer_has_the_headers(client: TestClient, method: str, path: str, heads: dict[str, str]) -> None:
    """Every answer, errors too, has the policy and all else that protects; none opens itself to other sites."""
    reply = client.request(method, path, headers=heads)
    for name, value in HEADERS.items():
        assert reply.headers[name] == value, name
    assert reply.headers["cache-control"] == ("private, no-cache" if reply.status_code == 200 else "no-store")
    assert "server" not in reply.headers
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert "set-cookie" not in reply.headers


def test_the_policy_is_strict() -> None:
    """Nothing is loaded but by the site's own files, nothing frames it, no form leads elsewhere."""
    policy = dict(part.split(" ", 1) for part in HEADERS["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in HEADERS["content-security-policy"]


def test_a_broken_page_tells_nothing(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen error is a plain 500 with all headers; nothing of the program is in it."""
    monkeypatch.setattr(Days, "find", lambda *_: 1 / 0)
    with site_over(filled) as client:
        for path in (f"/days/{MONDAY}", f"/api/briefings/{MONDAY}"):
            reply = client.get(path)
            assert reply.status_code == 500
            assert reply.headers["content-security-policy"]
            assert reply.headers["cache-control"] == "no-store"
            assert not re.search(r"Traceback|ZeroDivision|summarizer/|\.py", reply.text)


def test_an_archive_that_cannot_be_read_is_503(place: str) -> None:
    """When the database fails, the site says so without a word of what or where it is, and goes on once it can."""
    with Archive(place) as archive, site_over(place) as client:
        archive.put(make_briefing(MONDAY))
        rename = "ALTER TABLE {} RENAME TO {}"
        with archive.base.writing() as connection:
            connection.exec_driver_sql(rename.format("things", "gone"))
        for path in ("/api/search?q=canal", "/api/ledger", "/actors"):
            reply = client.get(path)
            assert reply.status_code == 503
            assert not re.search(r"things|sqlite|postgres|/tmp|SELECT", reply.text)
        with archive.base.writing() as connection:
            connection.exec_driver_sql(rename.format("gone", "things"))
        assert client.get("/api/search?q=canal").status_code == 200


# -------------------------------------------------------------------------- names and methods


@pytest.mark.parametrize(
    "host",
    [
        "evil.invalid",
        "localhost.evil.invalid",
        "127.0.0.1.evil.invalid",
        "localhost:80:80",
        "",
        "169.254.169.254",
        "localhost/",
        "a@localhost",
    ],
)
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    """A request by a name that isn't the site's is refused: a name can be made to lead to 127.0.0.1."""
    reply = client.get("/api/briefings", headers={"Host": host})
    assert (reply.status_code, reply.json()["where"]) == (421, "Host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8765", "[::1]:8765", "localhost."])
def test_loopback_names_are_answered(client: TestClient, host: str) -> None:
    """Loopback names are the site's own, with any port."""
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_two_hosts_are_refused(client: TestClient) -> None:
    """A request that names two hosts is refused."""
    reply = client.get("/", headers=[("Host", "localhost"), ("Host", "evil.invalid")])
    assert reply.status_code == 421


def test_further_names(filled: str) -> None:
    """The address that it is bound to, and names that it is given, are the site's own as well."""
    with site_over(filled, Access(names=names_of("192.0.2.7", ["News.Example"]))) as client:
        assert client.get("/", headers={"Host": "192.0.2.7:8765"}).status_code == 200
        assert client.get("/", headers={"Host": "news.example"}).status_code == 200
        assert client.get("/", headers={"Host": "other.example"}).status_code == 421
    assert names_of("0.0.0.0") == names_of("::") == Access().names


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_the_site_is_only_read(client: TestClient, method: str) -> None:
    """No method but GET and HEAD is answered, anywhere but at the form to sign in."""
    for path in ("/", "/api/briefings", f"/days/{MONDAY}"):
        reply = client.request(method, path, headers=BROWSER)
        assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD")


def test_other_sites_may_link_but_not_embed(client: TestClient) -> None:
    """A link from elsewhere is followed; what another site's page loads as its own part is refused."""
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/", headers=linked).status_code == 200
    for mode, dest in (("no-cors", "script"), ("cors", "empty"), ("navigate", "iframe")):
        heads = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        assert client.get("/api/briefings", headers=heads).status_code == 403


def test_sizes_are_bounded(client: TestClient) -> None:
    """Paths, queries, headers and forms have bounds."""
    assert client.get(f"/actors/{'x' * 1100}").status_code == 414
    assert client.get(f"/search?q={'x' * 5000}").status_code == 414
    assert client.get("/", headers={f"X-{n}": "1" for n in range(200)}).status_code == 431


# ------------------------------------------------------------------------- token and sessions


@pytest.mark.parametrize("path", [path for path in EVERY if not path.startswith("/static/")])
def test_without_the_token_nothing_is_read(closed: TestClient, path: str) -> None:
    """Programs are told that a token is needed, people are led to the form and back; nothing else is said."""
    reply = closed.get(path)
    if path.startswith("/api/") or path == "/openapi.json":
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, 'Bearer realm="summarizer"')
    else:
        assert (reply.status_code, reply.headers["location"]) == (303, f"/login?next={quote(path, safe='')}")
    assert "Varga" not in reply.text
    assert closed.get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize(
    "said", [f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer", "Bearer ", f"Bearer x{TOKEN}", TOKEN, "Bearer é"]
)
def test_a_wrong_token_opens_nothing(closed: TestClient, said: str) -> None:
    """Only the token itself opens."""
    reply = closed.get("/api/briefings", headers={b"Authorization": said.encode()})
    assert reply.status_code == 401
    assert TOKEN not in reply.text


def test_signing_in_and_out(closed: TestClient, clock: Clock) -> None:
    """The form gives a cookie that no script reads and no other site sends, which is not the token, and ends."""
    page = parsed(closed.get("/login?next=/actors").text)
    assert page.xpath("//input[@name='next']/@value") == ["/actors"]
    assert page.xpath("//meta[@name='referrer']/@content") == ["same-origin"]  # or browsers don't say whose form it is
    reply = sign_in(closed)
    assert (reply.status_code, reply.headers["location"]) == (303, "/actors?name=a")
    cookie = reply.headers["set-cookie"]
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly",
        f"Max-Age={SESSION}",
        "Path=/",
        "SameSite=strict",
    }
    assert TOKEN not in cookie
    assert closed.get("/").status_code == 200
    assert closed.get("/api/briefings").status_code == 200
    clock.seconds += SESSION + 1
    assert closed.get("/").status_code == 303
    clock.seconds -= SESSION
    assert closed.get("/").status_code == 200
    assert closed.post("/logout", headers=BROWSER).headers["location"] == "/login"
    assert closed.get("/").status_code == 303


@pytest.mark.parametrize("cookie", ["", ".", "9999999999.", f"9999999999.{'0' * 64}", TOKEN, "x.y.z", "²." + "0" * 64])
def test_a_made_up_cookie_opens_nothing(closed: TestClient, cookie: str) -> None:
    """A cookie that wasn't made here opens nothing; nor one whose end was put off."""
    heads = {b"Cookie": f"{COOKIE}={cookie}".encode()}
    assert closed.get("/", headers=heads).status_code == 303
    made = Gate(TOKEN).new_session()
    assert closed.get("/", headers={"Cookie": f"{COOKIE}={made}"}).status_code == 303
    sign_in(closed)
    ends, seal = closed.cookies[COOKIE].split(".")
    closed.cookies.clear()
    assert closed.get("/", headers={"Cookie": f"{COOKIE}={int(ends) + 1}.{seal}"}).status_code == 303
    assert closed.get("/", headers={"Cookie": f"other=1; {COOKIE}={ends}.{seal}"}).status_code == 200


@pytest.mark.parametrize(
    "heads",
    [
        {},
        {"Origin": "https://evil.invalid"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1234"},
        {"Origin": "https://localhost:8765"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8765"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.invalid"},
    ],
)
def test_other_sites_cannot_sign_in(closed: TestClient, heads: dict[str, str]) -> None:
    """A form that wasn't sent by the site's own page does nothing, though its token is right."""
    for path in ("/login", "/logout"):
        reply = closed.post(path, data={"token": TOKEN}, headers=heads)
        assert reply.status_code in (401, 403)
        assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    "to",
    [
        "//evil.invalid",
        "https://evil.invalid",
        "/\\evil.invalid",
        "evil",
        "/\r\nX: 1",
        "javascript:x",
        "/" + "x" * 3000,
    ],
)
def test_signing_in_leads_nowhere_else(closed: TestClient, to: str) -> None:
    """After signing in one is on the site, wherever the form was made to lead."""
    reply = closed.post("/login", data={"token": TOKEN, "next": to}, headers=BROWSER)
    assert (reply.status_code, reply.headers["location"]) == (303, "/")


def test_forms_are_bounded(closed: TestClient) -> None:
    """The form is short, and a form."""
    heads = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
    assert closed.post("/login", content=b"token=" + b"x" * 10_000, headers=heads).status_code == 413
    assert closed.post("/login", content=b"&".join(b"a=1" for _ in range(50)), headers=heads).status_code == 400
    assert closed.post("/login", json={"token": TOKEN}, headers=BROWSER).status_code == 415
    assert closed.post("/login", data={"token": ""}, headers=BROWSER).status_code == 401


def test_guessing_is_slow(closed: TestClient, clock: Clock) -> None:
    """After a few wrong tokens, by header or form, no token of that address counts for a time, not even the right."""
    for n in range(GUESSES):
        assert closed.get("/api/briefings", headers={"Authorization": f"Bearer {n}"}).status_code == 401
    reply = closed.get("/api/briefings", headers={"Authorization": f"Bearer {TOKEN}"})
    assert reply.status_code == 429
    assert 0 < int(reply.headers["retry-after"]) <= 20
    assert sign_in(closed).status_code == 429
    clock.seconds += 21
    assert sign_in(closed).status_code == 303
    for n in range(GUESSES):
        sign_in(closed, str(n))
    assert closed.get("/").status_code == 200, "who is signed in is not kept out by another's guesses"


def test_strangers_don_t_keep_out_who_has_the_token(clock: Clock) -> None:
    """An address that gave the right token waits for its own wrong ones alone."""
    turns = Turns(clock)
    turns.hit("192.0.2.1")
    for n in range(200):
        turns.missed(f"198.51.100.{n}")
    assert (turns.wait("192.0.2.1"), turns.wait("192.0.2.2") > 0) == (0, True)
    for _ in range(GUESSES):
        turns.missed("192.0.2.1")
    assert turns.wait("192.0.2.1") > 0


@pytest.mark.parametrize("path", ["/actors/Ve%C5%A1kadin", "/actors/AT%26T%3F%20now", "/actors/A%2FB%23c?most=3"])
def test_signing_in_leads_on_as_it_was_asked(path: str, closed: TestClient) -> None:
    """Letters, signs and slashes of an address are spelt after it as before."""
    to_form = closed.get(path, headers={"accept": "text/html"}, follow_redirects=False)
    form = parsed(closed.get(to_form.headers["location"]).text)
    assert form.xpath("//input[@name='next']/@value") == [path]


def test_turns_of_many_addresses(clock: Clock) -> None:
    """Addresses have turns of their own; all together have some, too; how many are remembered is bounded."""
    turns = Turns(clock)
    for n in range(GUESSES):
        assert turns.wait("192.0.2.1") == 0, n
        turns.missed("192.0.2.1")
    assert turns.wait("192.0.2.1") > 0
    assert turns.wait("192.0.2.2") == 0
    for n in range(100):
        turns.missed(f"198.51.100.{n}")
    assert turns.wait("192.0.2.2") > 0
    clock.seconds += 1000
    assert turns.wait("192.0.2.1") == turns.wait("192.0.2.2") == 0
    for n in range(ADDRESSES + 10):
        turns.missed(str(n))
    assert len(turns._each) == ADDRESSES


def test_a_proxy_is_believed_only_where_it_is_there(filled: str) -> None:
    """X-Forwarded-Proto makes the cookie Secure, and X-Forwarded-For tells addresses apart, only behind a proxy."""
    heads = {"X-Forwarded-Proto": "https", "Origin": "https://localhost:8765"}
    with site_over(filled, Access(token=TOKEN)) as client:
        assert sign_in(client, **heads).status_code == 403
        assert "Secure" not in sign_in(client).headers["set-cookie"]
    with site_over(filled, Access(token=TOKEN, behind_proxy=True)) as client:
        assert "Secure" in sign_in(client, **heads).headers["set-cookie"]
        for n in range(GUESSES):
            sign_in(client, "wrong", **heads, **{"X-Forwarded-For": f"203.0.113.{n}, 192.0.2.1"})
        assert sign_in(client, **heads, **{"X-Forwarded-For": "192.0.2.1"}).status_code == 429
        assert sign_in(client, **heads, **{"X-Forwarded-For": "192.0.2.2"}).status_code == 303
        assert (
            "https://localhost" in client.get("/feed.atom", headers={**heads, "Authorization": f"Bearer {TOKEN}"}).text
        )


def test_addresses() -> None:
    """What is loopback, and which addresses are one who guesses."""
    assert [
        is_loopback(host)
        for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", "192.0.2.1", "news.example")
    ] == [True] * 4 + [False] * 3
    assert network_of("2001:db8::1") == network_of("2001:db8::2") != network_of("2001:db8:0:1::1")
    assert network_of("no address") == "unknown"
    assert len({new_token() for _ in range(50)}) == 50
    assert all(len(new_token()) >= 43 for _ in range(50))


# -------------------------------------------------------------------------------- what is said


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, TestClient]]:
    """Browsers of a site over two days of tricks, and of one over two harmless days."""
    folder = tmp_path_factory.mktemp("hostile")
    with Archive(str(folder / "evil")) as archive:
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            archive.put(hostile_briefing(day))
    with Archive(str(folder / "kind")) as archive:
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            archive.put(
                hostile_briefing(day, HARMLESS, ("ftp://x.invalid/",) * 6 + ("https://x.invalid/",) * (len(URLS) - 6))
            )
    with site_over(str(folder / "evil")) as evil, site_over(str(folder / "kind")) as kind:
        yield evil, kind


PAGES = (
    "/",
    f"/days/{MONDAY}",
    f"/diff?before={MONDAY}&after={MONDAY + timedelta(days=1)}",
    "/ledger",
    "/actors",
    "/actors/A1",
    "/things/D1",
    "/things/V1",
    "/search?q=alert",
    "/search/hits?q=alert",
)


@pytest.mark.parametrize("path", PAGES)
def test_what_is_said_never_becomes_markup(hostile: tuple[TestClient, TestClient], path: str) -> None:
    """No element, attribute, address or sign that acts comes from what articles or a model say."""
    reply = hostile[0].get(path)
    assert reply.status_code == 200
    assert "alert(1)" in reply.text
    if not path.startswith("/days/"):  # a day's page shows articles by their very characters, each in a part of its own
        assert steers(reply.text) == []
    for tag, attribute in marks(reply.text):
        assert re.fullmatch(r"[a-z0-9]+", tag), tag
        assert tag not in ("style", "img", "iframe", "foreignobject", "object", "embed")
        assert "evil" not in f"{tag}{attribute}"
        assert not attribute.startswith("on")
        assert attribute != "style"
    page = parsed(reply.text)
    for to in page.xpath("//@href | //@src | //@action"):
        assert to.startswith(("/", "#", "https://", "data:,")), to
        assert not to.startswith("//")
    for outside in page.xpath("//a[starts-with(@href, 'http')]"):
        assert outside.get("rel") == "noopener noreferrer nofollow"
        assert outside.get("href").startswith(("http://", "https://"))
    for script in page.xpath("//script"):
        assert script.get("src") in ("/static/search.js", "/static/page.js")
        assert script.text is None


@pytest.mark.parametrize("path", PAGES)
def test_hostile_pages_are_built_like_harmless_ones(hostile: tuple[TestClient, TestClient], path: str) -> None:
    """A page of tricks has the same kinds of elements with the same attributes as one of harmless words."""
    evil, kind = (client.get(path).text for client in hostile)
    assert marks(evil) == marks(kind)


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_asked_never_becomes_markup(client: TestClient, trick: str) -> None:
    """Words, names and days that one asks for are shown as text, on pages and in errors."""
    said = quote(trick.replace("\x00", "").replace("\x1b", ""), safe="")
    for path in (
        f"/search?q={said}",
        f"/search/hits?q={said}",
        f"/actors?name={said}",
        f"/actors/{said}",
        f"/days/{said}",
        f"/ledger?party={said}",
        f"/?topic={said}",
        f"/{said}",
        f"/login?next={said}",
    ):
        reply = client.get(path)
        assert reply.status_code < 500
        assert not [mark for mark in marks(reply.text) if "evil" in mark[0] + mark[1] or mark[1].startswith("on")]


def test_the_feed_of_hostile_days_is_whole(hostile: tuple[TestClient, TestClient]) -> None:
    """Whatever headlines say, the feed is XML, with the words as text."""
    reply = hostile[0].get("/feed.atom")
    feed = ElementTree.fromstring(reply.content)
    assert {element.tag.rpartition("}")[2] for element in feed.iter()} == set(
        "feed title id updated link author name entry published category summary".split()
    )
    assert "<script>alert(1)</script>" in (feed.findtext("{*}entry/{*}title") or "")


def test_answers_hide_nothing(hostile: tuple[TestClient, TestClient]) -> None:
    """JSON spells out every character that steers or hides."""
    for path in (
        "/api/briefings",
        f"/api/briefings/{MONDAY}",
        "/api/ledger",
        "/api/actors",
        "/api/things/D1",
        "/api/changes",
    ):
        reply = hostile[0].get(path)
        assert reply.status_code == 200
        assert steers(reply.text) == []
        assert "<x-evil" in reply.text
    assert "\\u202e" in hostile[0].get(f"/api/briefings/{MONDAY}?topic=").text + hostile[0].get("/api/ledger").text


# --------------------------------------------------------------------------- pages that are kept


def test_pages_are_made_once_and_let_go() -> None:
    """A page is made once however often it is asked for; those not used for longest go when there are too many."""
    kept: Kept[str] = Kept(most=10)
    made: list[str] = []

    def make(text: str) -> str:
        made.append(text)
        return text

    for text in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
        assert kept.get(text[0], lambda text=text: make(text)) == text  # type: ignore[misc]
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"]
    assert kept.size <= 10


def test_a_page_that_fails_is_asked_for_again(filled: str) -> None:
    """What could not be made is not kept."""
    with Archive(filled) as archive:
        days = Days(archive)
        with pytest.raises(NotArchived):
            days.text("page", date(2001, 1, 1), None, lambda _: "")
        with pytest.raises(UnknownIdentity):
            archive.actor("Nobody")
        assert days.text("page", MONDAY, None, lambda made: str(made.date)) == str(MONDAY)


def test_what_is_made_twice_counts_once() -> None:
    """As when a maker fails while others wait; and what counts is bytes in memory."""
    kept: Kept[str] = Kept(most=100)
    for _ in range(20):
        kept._keep("a", "ł" * 10)
    assert kept.size == 20
    kept._keep("b", "🜁" * 22)
    assert (kept.size, list(kept._kept)) == (88, ["b"])
