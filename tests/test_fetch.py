"""Fetching: what is fetched, what never is, how politely, and what any server can do to it."""

from __future__ import annotations

import asyncio
import gzip
import logging
import re
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
import trustme

from summarizer.errors import SummarizerError, Unfetched
from summarizer.settings import FetchOptions
from summarizer.version import VERSION
from summarizer.web import Fetcher, Page
from summarizer.web.addresses import barred_as
from summarizer.web.cache import FILE, WebCache
from summarizer.web.robots import parse_robots
from tests.web import Internet, Request, Sent, Site, gzipped, http, redirect

PUBLIC = "93.184.215.14"
ANYWHERE: dict[str, Any] = {"allow_private": False}
Opened = Callable[..., Site]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Signs certificates."""
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """That authority alone is trusted; to read the machine's own takes a 20th of a second a fetcher, too."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.fixture
def site() -> Iterator[Opened]:
    """Starts sites, and stops them when the test is over."""
    with ExitStack() as running:
        yield lambda replies, **how: running.enter_context(Site(replies, **how))


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    """Names and addresses that lead where the test says."""
    return Internet().lay(monkeypatch)


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Second attempts come at once; holds the waits there would have been."""
    waits: list[float] = []

    async def skip(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("summarizer.web.pause_before_retry", skip)
    return waits


def options(**changes: Any) -> FetchOptions:
    """Loopback, without robots, delay and second attempts, but for what a test is about."""
    return FetchOptions(**({"allow_private": True, "robots": False, "delay": 0, "attempts": 1} | changes))


def fetch_all(urls: list[str], *, cache: Path | None = None, **changes: Any) -> list[Page | Unfetched]:
    """What one fetcher brings, all asked for at once."""

    async def go() -> list[Page | Unfetched]:
        async with Fetcher(options(**changes), cache=cache) as fetcher:

            async def one(url: str) -> Page | Unfetched:
                try:
                    return await fetcher.fetch(url)
                except Unfetched as error:
                    return error

            return await asyncio.gather(*map(one, urls))

    return asyncio.run(go())


def fetch(url: str, **changes: Any) -> Page:
    """One page."""
    (page,) = fetch_all([url], **changes)
    if isinstance(page, Unfetched):
        raise page
    return page


def reason(url: str, **changes: Any) -> str:
    """Why a page can't be had."""
    with pytest.raises(Unfetched) as caught:
        fetch(url, **changes)
    return str(caught.value.reason)


# ------------------------------------------------------------------------------------ pages


@pytest.mark.parametrize(
    ("said", "media_type", "charset"),
    [
        ("text/html; charset=UTF-8", "text/html", "utf-8"),
        ('Application/RSS+XML;version=2; CHARSET="iso-8859-1"', "application/rss+xml", "iso-8859-1"),
        ("text/html", "text/html", None),
        (None, "application/octet-stream", None),
        ("nonsense", "application/octet-stream", None),
    ],
)
def test_a_page_is_what_was_sent(site: Opened, said: str | None, media_type: str, charset: str | None) -> None:
    """A page has its body byte for byte, and its type and charset as the server has them."""
    body = bytes(range(256))
    server = site({"/a?b=c": http(200, body, content_type=said)})
    before = datetime.now(UTC)
    page = fetch(f"{server.url}/a?b=c#part")
    assert (page.url, page.final_url) == (f"{server.url}/a?b=c#part", f"{server.url}/a?b=c")
    assert (page.status, page.body, page.from_cache) == (200, body, False)
    assert (page.media_type, page.charset) == (media_type, charset)
    assert before <= page.fetched <= datetime.now(UTC)


def test_what_a_request_says(site: Opened) -> None:
    """A request has these headers and no others: no cookie that was set before, no login."""
    server = site({"/": http(200, b"a", set_cookie="id=1; Path=/"), "/next": http(200, b"b")})

    async def go() -> None:
        async with Fetcher(options(), cache=None) as fetcher:
            await fetcher.fetch(server.url)
            await fetcher.fetch(f"{server.url}/next")

    asyncio.run(go())
    expected = {"accept": "*/*", "accept-encoding": "gzip", "user-agent": f"summarizer/{VERSION}"}
    assert [dict(asked.headers) for asked in server.requests] == [
        {"host": f"127.0.0.1:{server.port}", **expected},
    ] * 2


def test_an_address_of_ipv6(site: Opened) -> None:
    """An IPv6 address in a URL is named to the server in its brackets."""
    try:
        server = site({"/": http(200, b"a")}, host="::1")
    except OSError:
        pytest.skip("no IPv6 on this machine")
    assert fetch(server.url).body == b"a"
    assert server.requests[0].headers["host"] == f"[::1]:{server.port}"


@pytest.mark.parametrize(("status", "body"), [(200, b""), (204, None)])
def test_an_empty_page_is_a_page(site: Opened, status: int, body: bytes | None) -> None:
    """A reply without a body is a page without one."""
    server = site({"/": http(status, content_length=None if body is None else 0)})
    assert (fetch(server.url).status, fetch(server.url).body) == (status, b"")


def test_names_beyond_ascii(site: Opened, internet: Internet) -> None:
    """A host name in any script is looked up, and named to the server, as IDNA has it."""
    server = site({"/%C3%A4": http(200, b"a")})
    internet.names["xn--bcher-kva.example"] = [PUBLIC]
    internet.routes[PUBLIC] = server
    page = fetch("http://Bücher.example/ä", **ANYWHERE)
    assert page.final_url == "http://xn--bcher-kva.example/%C3%A4"
    assert server.requests[0].headers["host"] == "xn--bcher-kva.example"


def test_what_an_error_says() -> None:
    """An error says what, where and what to do, keeps its facts, and repeats no password."""
    with pytest.raises(SummarizerError) as caught:
        fetch("http://me:secret@127.0.0.1/a")
    error = caught.value
    assert isinstance(error, Unfetched)
    assert error.url == "http://me:secret@127.0.0.1/a"
    assert error.reason == "it has a login in it, and none is sent"
    assert str(error) == f"http://…@127.0.0.1/a: {error.reason}; leave out what stands before the @"


# -------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://news.example/", "it is no URL of http or https"),
        ("ftp://news.example:80/", "it is no URL of http or https"),
        ("file:///etc/passwd", "it is no URL of http or https"),
        ("news.example/a", "it is no URL of http or https"),
        ("http:///a", "it is no URL of http or https"),
        ("http://user@news.example/", "it has a login in it"),
        ("http://:pass@news.example/", "it has a login in it"),
        ("http://news.example:22/", "port 22 is none that pages are served at (80, 443, 8080, 8443)"),
        ("http://news.example:6379/", "port 6379"),
        ("http://news.example:0/", "port 0"),
        ("http://news.example:99999/", "port 99999"),
        ("http://news.example:abc/", "it is no URL"),
        ("http://☃.example/", "it is no URL"),
        ("http://news.example/\r\nX: y", "it is no URL"),
        ("http://news.example/\ud800", "it is no URL"),
        ("", "it is no URL"),
    ],
)
def test_urls_that_are_not_fetched(internet: Internet, url: str, why: str) -> None:
    """Of other schemes, ports and spellings, and of logins, nothing is even looked up."""
    assert why in reason(url, **ANYWHERE)
    assert internet.looked_up == []


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("0.0.0.0", "unspecified"),
        ("10.255.255.255", "private"),
        ("100.64.0.1", "private"),
        ("100.127.255.255", "private"),
        ("127.0.0.1", "this machine"),
        ("127.255.255.254", "this machine"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.1", "reserved"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "benchmarks"),
        ("203.0.113.5", "documentation"),
        ("224.0.0.251", "multicast"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "this machine"),
        ("::127.0.0.1", "IPv4 address in"),
        ("::ffff:127.0.0.1", "IPv4 address in"),
        ("::ffff:8.8.8.8", "IPv4 address in"),
        ("2002:7f00:1::1", "IPv4 address in"),
        ("64:ff9b::7f00:1", "this machine"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("64:ff9b:1::1", "reserved"),
        ("2001::1", "reserved"),
        ("2001:db8::1", "documentation"),
        ("100::1", "reserved"),
        ("fc00::1", "private"),
        ("fd12:3456::1", "private"),
        ("fe80::1", "link-local"),
        ("fe80::1%2", "link-local"),
        ("fec0::1", "reserved"),
        ("ff02::1", "multicast"),
        ("4000::1", "reserved"),
    ],
)
def test_addresses_that_are_not_public(address: str, kind: str) -> None:
    """What is no public machine's address is known for what it is."""
    assert kind in str(barred_as(ip_address(address)))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "9.255.255.255",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "223.255.255.255",
        "2606:2800:21f:cb07::1",
        "2a00:1450::1",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses(address: str) -> None:
    """What lies just beside them is public, and so is a public address behind NAT64."""
    assert barred_as(ip_address(address)) is None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0"],
)
def test_however_it_is_spelled(internet: Internet, host: str) -> None:
    """This machine is not connected to, however its address is spelled."""
    assert re.search("this machine|IPv4 address in|unspecified|no URL", reason(f"http://{host}/", **ANYWHERE))
    assert internet.connected == []


def test_loopback_can_be_allowed(site: Opened) -> None:
    """With allow_private, and only then, a server on this machine and any port, if it is one, is fetched from."""
    server = site({"/": http(200, b"a")})
    assert fetch(server.url).body == b"a"
    assert "port" in reason(server.url, **ANYWHERE)
    assert "port 65536" in reason("http://127.0.0.1:65536/")


def test_one_private_answer_bars_a_name(internet: Internet) -> None:
    """A name with a public and a private address is not connected to at all."""
    internet.names["both.example"] = [PUBLIC, "10.0.0.1"]
    assert reason("http://both.example/", **ANYWHERE) == "both.example is at 10.0.0.1, a private address"
    assert internet.connected == []


def test_names_are_looked_up_once(site: Opened, internet: Internet) -> None:
    """The address that was checked is the one connected to: a second answer, of this machine, is never asked for."""
    server = site({"/": http(200, b"public")})
    internet.names["rebind.example"] = iter([[PUBLIC], ["127.0.0.1"]])
    internet.routes[PUBLIC] = server
    assert fetch("http://rebind.example/", **ANYWHERE).body == b"public"
    assert internet.looked_up == ["rebind.example"]
    assert internet.connected == [(PUBLIC, 80)]


def test_new_connections_are_checked_anew(site: Opened, internet: Internet) -> None:
    """A name that was public for robots.txt and is this machine's for the page is not connected to again."""
    internet.names["rebind.example"] = iter([[PUBLIC], ["127.0.0.1"]])
    internet.routes[PUBLIC] = site({})
    assert reason("http://rebind.example/", robots=True, **ANYWHERE) == "rebind.example is at 127.0.0.1, this machine"
    assert internet.connected == [(PUBLIC, 80)]


def test_the_next_address_is_tried(site: Opened, internet: Internet) -> None:
    """Where one address of a name refuses, the next one is connected to."""
    internet.names["two.example"] = ["127.0.0.1", "127.0.0.2"]
    internet.routes["127.0.0.2"] = site({"/": http(200, b"second")})
    assert fetch(f"http://two.example:{closed_port()}/").body == b"second"


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://10.0.0.1/", "10.0.0.1 is at 10.0.0.1, a private address"),
        ("http://inside.example/", "inside.example is at 192.168.1.1, a private address"),
        ("//169.254.169.254/latest/meta-data", "a link-local address"),
        ("http://news.example:22/", "port 22"),
        ("http://me:secret@news.example/", "it has a login in it"),
        ("file:///etc/passwd", "it is no URL of http or https"),
        ("http://[::1", "it is no URL"),
        ("http://xn--zz--/", "there is no host of that name"),
    ],
)
def test_redirects_are_checked(site: Opened, internet: Internet, location: str, why: str) -> None:
    """What a redirect leads to is held to the same rules, and the error says which step it was."""
    internet.names |= {"news.example": [PUBLIC], "inside.example": ["192.168.1.1"]}
    internet.routes[PUBLIC] = site(lambda _: redirect(location))
    said = reason("http://news.example/", **ANYWHERE)
    assert why in said
    assert "redirected to" in said
    assert {address for address, _ in internet.connected} == {PUBLIC}


def test_proxies_are_not_used(site: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies that the environment names get nothing."""
    proxy, server = site({}), site({"/": http(200, b"a")})
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert fetch(server.url).body == b"a"
    assert proxy.requests == []


# -------------------------------------------------------------------------------------- TLS


def tls_for(authority: trustme.CA, *names: str, **how: Any) -> tuple[ssl.SSLContext, list[str | None]]:
    """A server's side of TLS with a certificate for some names, and the names that it will be asked for."""
    context, asked_for = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), list[str | None]()
    authority.issue_cert(*names, **how).configure_cert(context)
    context.sni_callback = lambda _, name, __: asked_for.append(name)
    return context, asked_for


def test_certificates_are_checked_by_name(site: Opened, internet: Internet, authority: trustme.CA) -> None:
    """The address that is connected to changes nothing of the name in TLS and in Host, and SSL_CERT_FILE is heeded."""
    tls, asked_for = tls_for(authority, "news.example")
    server = site({"/": http(200, b"a")}, tls=tls)
    internet.names |= {"news.example": [PUBLIC], "other.example": [PUBLIC]}
    internet.routes[PUBLIC] = server
    assert fetch("https://news.example/", **ANYWHERE).body == b"a"
    assert (server.requests[0].headers["host"], asked_for) == ("news.example", ["news.example"])
    said = reason("https://other.example/", **ANYWHERE)
    assert said.startswith("its certificate can't be trusted: Hostname mismatch")
    assert len(server.requests) == 1


def test_wrong_certificates(site: Opened, authority: trustme.CA, no_waits: list[float]) -> None:
    """A certificate that can't be trusted is said for what it is, and not tried again."""
    unknown = site({}, tls=tls_for(trustme.CA(), "127.0.0.1")[0])
    expired = site({}, tls=tls_for(authority, "127.0.0.1", not_after=datetime(2020, 1, 1))[0])
    untrusted = "its certificate can't be trusted: "
    assert reason(unknown.url, attempts=3) == f"{untrusted}unable to get local issuer certificate"
    assert reason(expired.url, attempts=3) == f"{untrusted}certificate has expired"
    assert no_waits == []


def test_no_tls_at_all(site: Opened) -> None:
    """A server that speaks no TLS at an address of https is said to."""
    server = site({})
    assert reason(server.url.replace("http:", "https:")).startswith("no secure connection")


# ----------------------------------------------------------------------------------- robots

ROBOTS = b"""\
User-agent: *
Disallow: /

User-agent: summarizer
Disallow: /private
Allow: /private/but
Disallow: /*.pdf$

User-agent: sum
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/", True), ("/private/a", False), ("/private/but/b", True), ("/a.pdf", False), ("/a.pdf?b", True)],
)
def test_robots_rules(site: Opened, path: str, allowed: bool) -> None:
    """robots.txt is asked for first, and the rules for summarizer decide, the longest one first."""
    server = site({"/robots.txt": http(200, ROBOTS), path: http(200, b"a")})
    if allowed:
        assert fetch(server.url + path, robots=True).body == b"a"
        assert server.paths == ["/robots.txt", path]
    else:
        assert reason(server.url + path, robots=True) == "its robots.txt asks programs to leave it alone"
        assert server.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(200, True), (401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)
def test_robots_statuses(site: Opened, status: int, allowed: bool) -> None:
    """No robots.txt allows everything; one that the server can't show now, nothing."""
    server = site({"/robots.txt": http(status), "/": http(200, b"a")})
    if allowed:
        assert fetch(server.url, robots=True).body == b"a"
    else:
        assert reason(server.url, robots=True) == f"the server answers {status} (asked for its robots.txt)"
        assert server.paths == ["/robots.txt"]


def test_robots_unreachable() -> None:
    """Where robots.txt can't be had for want of a connection, nothing is fetched, and the error says which."""
    said = reason(f"http://127.0.0.1:{closed_port()}/", robots=True)
    assert said == "connection refused (asked for its robots.txt)"


def test_robots_once(site: Opened, tmp_path: Path) -> None:
    """Many pages of a host at once ask for its robots.txt once; a later run has it from disk."""
    server = site(lambda asked: http(200, b"", cache_control="max-age=60" if "robots" in asked.path else "no-store"))
    urls = [f"{server.url}/{number}" for number in range(10)]
    for run in (1, 2):
        fetch_all(urls, robots=True, cache=tmp_path)
        assert (server.paths.count("/robots.txt"), len(server.paths)) == (1, 1 + run * 10)


def test_robots_elsewhere(site: Opened) -> None:
    """A robots.txt that is redirected to is the host's."""
    there = site({"/rules": http(200, b"User-agent: *\nDisallow: /")})
    here = site({"/robots.txt": redirect(f"{there.url}/rules", 301)})
    assert "leave it alone" in reason(here.url, robots=True)


def test_robots_on_the_way(site: Opened) -> None:
    """A redirect to a host whose robots.txt forbids it is not followed."""
    there = site({"/robots.txt": http(200, b"User-agent: *\nDisallow: /")})
    here = site({"/": redirect(f"{there.url}/a")})
    assert reason(here.url, robots=True) == (
        f"its robots.txt asks programs to leave it alone (redirected to {there.url}/a)"
    )
    assert there.paths == ["/robots.txt"]


def test_long_robots(site: Opened) -> None:
    """Of a robots.txt without end 500 KiB are read, and whole lines of it are heeded."""
    comment = b"# " + b"x" * 1021 + b"\n"

    def replies(asked: Request) -> Sent:
        if asked.path != "/robots.txt":
            return http(200, b"a")
        return (b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /no\n", *[comment] * 500, *[b"Disallow: /\n"] * 10**6)

    server = site(replies)
    no, yes = fetch_all([f"{server.url}/no", f"{server.url}/yes"], robots=True, timeout=5)
    assert isinstance(no, Unfetched)
    assert "leave it alone" in no.reason
    assert isinstance(yes, Page)
    assert server.sent < 10**7


def test_half_a_rule() -> None:
    """The rule that the limit cuts through is left out."""
    start, end = b"User-agent: *\nDisallow: /a\n#", b"\nDisallow: /"
    cut = start + b"x" * (500 * 1024 - len(start + end)) + end
    rules = parse_robots(200, cut)
    assert rules is not None
    assert (rules.allow("http://h/a"), rules.allow("http://h/b")) == (False, True)


def test_hostile_robots() -> None:
    """A robots.txt made to keep its reader busy takes a second or two, not minutes."""
    names = b"".join(b"User agent a%d\n" % number for number in range(20_000))
    began = time.monotonic()
    rules = parse_robots(200, names + b"Disallow: /*a*b*c\n" * 12_000)
    assert rules is not None
    assert rules.allow("http://h/" + "ab" * 1000)
    assert time.monotonic() - began < 10


def test_crawl_delay(site: Opened) -> None:
    """A Crawl-delay is kept between requests, up to ten seconds of it."""
    robots = http(200, b"User-agent: *\nCrawl-delay: 0.3")
    server = site(lambda asked: robots if asked.path == "/robots.txt" else http(200))
    assert seconds_for([f"{server.url}/{number}" for number in range(2)], robots=True) >= 0.6
    rules = parse_robots(200, b"User-agent: *\nCrawl-delay: 86400")
    assert rules is not None
    assert rules.delay == 10


# ----------------------------------------------------------------------------------- limits


def seconds_for(urls: list[str], **changes: Any) -> float:
    """How long it takes to fetch some pages."""
    began = time.monotonic()
    assert all(isinstance(page, Page) for page in fetch_all(urls, **changes))
    return time.monotonic() - began


def test_delay(site: Opened) -> None:
    """Requests to one host keep their distance, however many may be under way."""
    server = site(lambda _: http(200))
    assert seconds_for([f"{server.url}/{number}" for number in range(6)], delay=0.1, per_host=6) >= 0.5


def test_distance_is_kept_where_others_are_waited_for(site: Opened, internet: Internet) -> None:
    """Requests to one host keep their distance when they had to wait for room among all."""
    slow, server = site(lambda _: [0.4, http(200)]), site(lambda _: http(200))
    internet.names["slow.example"] = ["127.0.0.1"]
    urls = [f"http://slow.example:{slow.port}/", *(f"{server.url}/{number}" for number in range(3))]
    assert seconds_for(urls, delay=0.1, at_once=1, per_host=3) >= 0.6


def test_at_once(site: Opened, internet: Internet) -> None:
    """No host sees more at once than allowed, nor do all hosts together; and as many as that."""
    internet.names |= {f"{number}.example": ["127.0.0.1"] for number in range(3)}
    server = site(lambda _: [0.15, http(200)])
    fetch_all([f"http://0.example:{server.port}/{n}" for n in range(6)], per_host=2, at_once=5)
    assert server.most_at_once == 2
    fetch_all([f"http://{n % 3}.example:{server.port}/{n}" for n in range(18)], per_host=2, at_once=5)
    assert server.most_at_once == 5


def drip(head: bytes) -> Iterator[bytes | float]:
    """A reply that comes byte by byte, without end."""
    yield head
    while True:
        yield b"x"
        yield 0.02


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(lambda: [60.0], id="silent"),
        pytest.param(lambda: drip(b"HTTP/1.1 200 OK\r\n\r\n"), id="dripping body"),
        pytest.param(lambda: drip(b"HTTP/1.1 200 OK\r\nX: "), id="dripping header"),
        pytest.param(lambda: [b"HTTP/1.1 102 Wait\r\n\r\n", 0.02] * 5000, id="never more than provisional"),
    ],
)
def test_the_time_for_a_whole_reply(site: Opened, no_waits: list[float], reply: Callable[[], Sent]) -> None:
    """A server that is silent, or drips, is left when the time for a whole reply is up, and not asked again."""
    server = site(lambda _: reply())
    began = time.monotonic()
    assert reason(server.url, timeout=0.3, attempts=3) == "no whole reply in 0.3 seconds"
    assert time.monotonic() - began < 10
    assert (len(server.requests), no_waits) == (1, [])


def test_a_fetch_that_is_called_off(site: Opened) -> None:
    """A fetch that is called off leaves its place to others."""
    server = site(lambda asked: [60.0] if asked.path == "/silent" else http(200, b"a"))

    async def go() -> Page:
        async with Fetcher(options(at_once=1, per_host=1), cache=None) as fetcher:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await fetcher.fetch(f"{server.url}/silent")
            async with asyncio.timeout(5):
                return await fetcher.fetch(server.url)

    assert asyncio.run(go()).body == b"a"


PACKED = http(200, content_length=None, content_encoding="gzip")


@cache
def zeros() -> bytes:
    """A lot of nothing, packed: a piece of 64 kB of it is 64 MB."""
    pack = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    return b"".join(pack.compress(bytes(2**20)) for _ in range(128))


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(lambda: chain([PACKED], repeat(zeros())), id="gzip bomb"),
        pytest.param(lambda: chain([PACKED], repeat(gzip.compress(b""))), id="members of nothing"),
        pytest.param(lambda: chain([http(200, content_length=None)], repeat(bytes(2**16))), id="endless"),
        pytest.param(lambda: http(200, b"x" * 100_001), id="a byte too long"),
        pytest.param(lambda: gzipped(b"x" * 100_001), id="a byte too long, packed"),
    ],
)
def test_the_largest_page(site: Opened, reply: Callable[[], Sent]) -> None:
    """A page is given up as soon as it is longer than allowed, packed or unpacked, in little memory."""
    sent = reply()
    server = site(lambda _: sent)
    tracemalloc.start()
    try:
        assert reason(server.url, largest=100_000) == "it is longer than 100,000 bytes"
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()
    assert server.sent < 16 * 2**20


def test_a_page_may_be_that_large(site: Opened) -> None:
    """A page of the very length that is allowed comes whole, packed or not."""
    body = b"x" * 100_000
    server = site({"/plain": http(200, body), "/packed": gzipped(body)})
    assert fetch(f"{server.url}/plain", largest=100_000).body == body
    assert fetch(f"{server.url}/packed", largest=100_000).body == body


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, identity", "x"])
def test_packings_not_asked_for(site: Opened, coding: str) -> None:
    """Only gzip is asked for; what is packed otherwise, or twice, is not unpacked."""
    server = site({"/": http(200, gzip.compress(b"a"), content_encoding=coding)})
    assert reason(server.url) == f"it is packed as {coding!r}, which was not asked for"


@pytest.mark.parametrize(
    ("packed", "body"),
    [
        pytest.param(gzip.compress(b"a" * 1000), b"a" * 1000, id="one"),
        pytest.param(gzip.compress(b"a") + gzip.compress(b"b"), b"ab", id="two members"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_gzip(site: Opened, packed: bytes, body: bytes) -> None:
    """What is packed with gzip comes unpacked, all its members."""
    server = site({"/": http(200, packed, content_encoding="gzip")})
    assert fetch(server.url).body == body


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        pytest.param(gzip.compress(b"a" * 1000)[:-1], "the reply was cut short", id="cut"),
        pytest.param(b"plain", "it can't be unpacked", id="not packed"),
        pytest.param(gzip.compress(b"a") + b"garbage", "it can't be unpacked", id="garbage"),
        pytest.param(gzip.compress(b"a")[:-8] + bytes(8), "it can't be unpacked", id="wrong sum"),
    ],
)
def test_broken_gzip(site: Opened, packed: bytes, why: str) -> None:
    """What can't be unpacked whole is no page, though no length shows it."""
    server = site({"/": http(200, packed, content_encoding="gzip", content_length=None)})
    assert why in reason(server.url)


# -------------------------------------------------------------------------------- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Opened, status: int) -> None:
    """A redirect is followed, in whatever form it is given, and its fragment dropped."""

    def replies(asked: Request) -> Sent:
        host = asked.headers["host"]
        ways = {"/a/start": "next?b=c#part", "/a/next?b=c": "/root", "/root": f"//{host}/x", "/x": f"http://{host}/end"}
        return redirect(ways[asked.path], status) if asked.path in ways else http(200, b"end")

    server = site(replies)
    page = fetch(f"{server.url}/a/start")
    assert (page.url, page.final_url, page.body) == (f"{server.url}/a/start", f"{server.url}/end", b"end")
    assert server.paths == ["/a/start", "/a/next?b=c", "/root", "/x", "/end"]


@pytest.mark.parametrize(("encoding", "path"), [("utf-8", "/%C3%A4"), ("latin-1", "/%C3%A4")])
def test_redirects_beyond_ascii(site: Opened, encoding: str, path: str) -> None:
    """A redirect that is no ASCII is taken for UTF-8, or else Latin-1, and asked for in UTF-8."""
    server = site({"/": http(302, location="/ä", encoding=encoding), path: http(200, b"a")})
    assert fetch(server.url).final_url == server.url + path


def test_redirects_are_bounded(site: Opened) -> None:
    """So many redirects are followed and no more; a circle is said to be one."""
    server = site(lambda asked: redirect(f"/{int(asked.path[1:]) - 1}") if asked.path != "/0" else http(200, b"a"))
    assert fetch(f"{server.url}/3", redirects=3).body == b"a"
    assert reason(f"{server.url}/4", redirects=3) == "it redirects more than 3 times (redirected to /0)"
    assert reason(f"{server.url}/1", redirects=0) == "it redirects more than 0 times (redirected to /0)"
    circle = site({"/a": redirect("/b"), "/b": redirect("/a#again")})
    assert reason(f"{circle.url}/a").startswith("it redirects in a circle")
    assert circle.paths == ["/a", "/b"]


def test_a_redirect_to_nowhere(site: Opened) -> None:
    """A redirect that doesn't say where to is an answer like any other that brings no page."""
    assert reason(site({"/": http(302)}).url) == "the server answers 302, Found"


# --------------------------------------------------------------------------------- attempts


def in_turn(*replies: Sent) -> Callable[[Request], Sent]:
    """One reply after the other, the last one for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


CUT = http(200, b"abc", content_length=10)


@pytest.mark.parametrize(
    "fault",
    [
        http(429),
        http(500),
        http(502),
        http(503),
        http(408),
        b"",
        CUT,
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0\r\n\r\n",
    ],
    ids=["429", "500", "502", "503", "408", "hung up", "cut body", "cut header", "no HTTP"],
)
def test_passing_faults(site: Opened, no_waits: list[float], fault: Sent) -> None:
    """What may pass is tried again, after a wait, as often as allowed."""
    server = site(in_turn(fault, fault, http(200, b"a")))
    assert fetch(server.url, attempts=3).body == b"a"
    assert (len(server.requests), len(no_waits)) == (3, 2)
    server = site(in_turn(fault))
    with pytest.raises(Unfetched):
        fetch(server.url, attempts=2)
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 410, 451, 501, 505])
def test_lasting_faults(site: Opened, no_waits: list[float], status: int) -> None:
    """What won't pass is not tried again."""
    server = site({"/": http(status)})
    assert str(status) in reason(server.url, attempts=3)
    assert len(server.requests) == 1


def test_waits_are_random_and_grow(site: Opened, no_waits: list[float]) -> None:
    """Waits between attempts are drawn anew, so that many fetchers don't come back at one moment."""
    reason(site(in_turn(http(500))).url, attempts=30)
    assert len(set(no_waits)) == 29
    assert max(no_waits) <= 10
    assert max(no_waits[:1]) <= 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(site: Opened, no_waits: list[float], status: int) -> None:
    """A host is left alone for as long as it asks, by all that want something of it."""
    server = site(in_turn(http(status, retry_after=1), http(200, b"a")))
    assert seconds_for([f"{server.url}/{number}" for number in range(3)], per_host=1, attempts=2) >= 1
    first, second = (asked.at for asked in server.requests[:2])
    assert second - first > 0.9


def test_a_long_retry_after(site: Opened, no_waits: list[float]) -> None:
    """A server that asks to be left alone for more than a minute is."""
    server = site(in_turn(http(429, retry_after=61)))
    assert reason(server.url, attempts=3) == "the server answers 429, and asks to wait 61 seconds"
    assert len(server.requests) == 1


# ------------------------------------------------------------------------------------ cache


def cached_run(server: Site, cache: Path, path: str = "/") -> tuple[Page, list[Request]]:
    """What one run with a cache gets, and what it asks for."""
    before = len(server.requests)
    page = fetch(server.url + path, cache=cache)
    return page, server.requests[before:]


@pytest.mark.parametrize(
    "control", ["max-age=60", "public, Max-Age=60", 'max-age="60"', "private, max-age=99999999999999999999999"]
)
def test_fresh_pages_cost_nothing(site: Opened, tmp_path: Path, control: str) -> None:
    """A page that its server calls fresh is taken from disk by later runs, without a request, not for robots either."""
    server = site({"/": http(200, b"a", cache_control=control, content_type="text/html; charset=utf-8")})
    first, _ = cached_run(server, tmp_path)
    again = fetch(server.url, cache=tmp_path, robots=True)
    assert len(server.requests) == 1
    assert (first.from_cache, again.from_cache) == (False, True)
    assert (again.body, again.media_type, again.charset) == (b"a", "text/html", "utf-8")
    assert again.fetched == first.fetched


ETAG = ("etag", '"v1"', "if-none-match")


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"cache_control": "max-age=0"}, ETAG),
        ({"cache_control": "max-age=60", "age": 60}, ETAG),
        ({"cache_control": "no-cache, max-age=60"}, ETAG),
        ({"cache_control": "max-age=-5"}, ETAG),
        ({"cache_control": "max-age=soon"}, ETAG),
        ({}, ETAG),
        ({}, ("etag", 'W/"v1"', "if-none-match")),
        ({}, ("etag", '"日本"', "if-none-match")),
        ({}, ("last_modified", "Mon, 12 May 2031 08:00:00 GMT", "if-modified-since")),
    ],
)
def test_stale_pages_are_asked_about(
    site: Opened, tmp_path: Path, headers: dict[str, object], validator: tuple[str, str, str]
) -> None:
    """A page that may have changed is asked about; 304 serves the kept body, as of now."""
    name, value, condition = validator
    said: dict[str, Any] = {name: value, **headers}

    def replies(asked: Request) -> Sent:
        return http(304, content_length=None, **said) if condition in asked.headers else http(200, b"a", **said)

    server = site(replies)
    first, asked = cached_run(server, tmp_path)
    assert condition not in asked[0].headers
    for _ in range(2):
        page, asked = cached_run(server, tmp_path)
        assert asked[0].headers[condition] == value
        assert (page.body, page.status, page.from_cache) == (b"a", 200, True)
        assert page.fetched > first.fetched


def test_a_304_makes_fresh(site: Opened, tmp_path: Path) -> None:
    """What a 304 says of freshness holds from then on."""
    fresh = http(304, content_length=None, cache_control="max-age=60")
    server = site(in_turn(http(200, b"a", etag="1", age=90), fresh))
    assert [len(cached_run(server, tmp_path)[1]) for _ in range(4)] == [1, 1, 0, 0]


def test_changed_pages_replace(site: Opened, tmp_path: Path) -> None:
    """A page that changed takes the kept one's place."""
    server = site(in_turn(http(200, b"a", etag="1"), http(200, b"b", etag="2"), http(304, content_length=None)))
    pages = [cached_run(server, tmp_path)[0] for _ in range(3)]
    assert [(page.body, page.from_cache) for page in pages] == [(b"a", False), (b"b", False), (b"b", True)]
    assert server.requests[2].headers["if-none-match"] == "2"


def test_what_must_not_be_kept_is_not(site: Opened, tmp_path: Path) -> None:
    """no-store leaves nothing on disk, of this reply or one before."""
    server = site(
        in_turn(
            http(200, b"the first", etag="1"), http(200, b"a secret", cache_control="no-store, max-age=60", etag="2")
        )
    )
    for _ in range(3):
        page, asked = cached_run(server, tmp_path)
    assert (page.body, len(asked), "if-none-match" in asked[0].headers) == (b"a secret", 1, False)


def test_redirects_are_kept(site: Opened, tmp_path: Path) -> None:
    """A redirect is kept as a page is."""
    server = site(
        {
            "/": http(301, location="/end", cache_control="max-age=60"),
            "/end": http(200, b"a", cache_control="max-age=60"),
        }
    )
    assert [len(cached_run(server, tmp_path)[1]) for _ in range(2)] == [2, 0]
    assert cached_run(server, tmp_path)[0].final_url == f"{server.url}/end"


def test_faults_leave_the_cache_alone(site: Opened, tmp_path: Path) -> None:
    """A fault is not taken for the page, however fresh its server calls it, and doesn't cost the page that is kept."""
    fault = http(500, cache_control="max-age=60")
    server = site(in_turn(http(200, b"a", etag="1"), fault, http(304, content_length=None)))
    cached_run(server, tmp_path)
    with pytest.raises(Unfetched):
        fetch(server.url, cache=tmp_path)
    assert cached_run(server, tmp_path)[0].body == b"a"


def test_a_missing_page_is_kept(site: Opened, tmp_path: Path) -> None:
    """That there is no page is kept for as long as its server says."""
    server = site({"/": http(404, cache_control="max-age=60")})
    for _ in range(2):
        assert "there is no such page" in reason(server.url, cache=tmp_path)
    assert len(server.requests) == 1


def test_prune(site: Opened, tmp_path: Path) -> None:
    """What is older than asked is removed, and counted; the rest stays."""
    server = site(lambda _: http(200, b"a", cache_control="max-age=60"))
    fetch_all([f"{server.url}/{number}" for number in range(3)], cache=tmp_path)
    time.sleep(0.2)
    new, _ = cached_run(server, tmp_path, "/new")
    cache = WebCache(tmp_path)
    assert cache.prune(timedelta(hours=1)) == 0
    assert cache.prune(datetime.now(UTC) - new.fetched + timedelta(seconds=0.1)) == 3
    cache.close()
    assert [len(cached_run(server, tmp_path, path)[1]) for path in ("/new", "/0")] == [0, 1]


RUN = """
import asyncio, pathlib, sys
from summarizer.web import Fetcher, FetchOptions
async def go(base, cache):
    options = FetchOptions(allow_private=True, delay=0, per_host=8, robots=False)
    async with Fetcher(options, cache=pathlib.Path(cache)) as fetcher:
        pages = await asyncio.gather(*(fetcher.fetch(f"{base}/{n % 60}") for n in range(300)))
        assert all(page.body == page.url.encode()[-3:] * 1000 for page in pages)
asyncio.run(go(*sys.argv[1:]))
"""


def test_two_runs_at_once(site: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Two processes may use one cache at once, from its making on; what they leave is whole."""

    def replies(asked: Request) -> Sent:
        url = f"{server.url}{asked.path}".encode()
        return http(200, url[-3:] * 1000, cache_control="max-age=600")

    server = site(replies)
    command = [sys.executable, "-c", RUN, server.url, str(tmp_path)]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(run.communicate()[1], run.returncode) for run in runs] == [(b"", 0)] * 2
    before = len(server.requests)
    with caplog.at_level(logging.WARNING, "summarizer"):
        pages = fetch_all([f"{server.url}/{number}" for number in range(60)], cache=tmp_path)
    assert all(isinstance(page, Page) and page.from_cache for page in pages)
    assert (len(server.requests), caplog.messages) == (before, [])


OPEN = """
import logging, pathlib, sys, time
from summarizer.web.cache import WebCache
logging.basicConfig(level="WARNING")
print("ready", flush=True)
start = float(input())
for number in range(60):
    time.sleep(max(0, start + number * 0.01 - time.time()))
    WebCache(pathlib.Path(sys.argv[1]) / str(number)).close()
"""


def test_many_make_one_cache(tmp_path: Path) -> None:
    """Processes that make a cache at one moment make one, and all of them have it."""
    command = [sys.executable, "-c", OPEN, str(tmp_path)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    runs = [subprocess.Popen(command, text=True, **pipes) for _ in range(4)]
    assert [run.stdout.readline() for run in runs if run.stdout] == ["ready\n"] * 4
    start = f"{time.time() + 0.1}\n"
    for run in runs:
        assert run.stdin
        run.stdin.write(start)
        run.stdin.flush()
    assert [run.communicate()[1] for run in runs] == [""] * 4


def break_file(path: Path) -> None:
    """Overwrite all but the first page of a file."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b"no database " * 1000), id="no database"),
        pytest.param(break_file, id="broken within"),
    ],
)
def test_a_broken_cache(
    site: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None]
) -> None:
    """A broken file costs the cache, not the run; it is told, and the next run has a cache again."""
    server = site(lambda _: http(200, b"a" * 50, cache_control="max-age=60"))
    urls = [f"{server.url}/{number}" for number in range(50)]
    fetch_all(urls, cache=tmp_path)
    spoil(tmp_path / FILE)
    with caplog.at_level(logging.WARNING, "summarizer"):
        pages = fetch_all(urls, cache=tmp_path)
    assert all(isinstance(page, Page) for page in pages)
    assert caplog.messages == ["no web cache"]
    fetch_all(urls, cache=tmp_path)
    before = len(server.requests)
    fetch_all(urls, cache=tmp_path)
    assert len(server.requests) == before


def test_no_room_for_a_cache(site: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where no folder can be made, the run goes on without."""
    (tmp_path / "file").write_text("in the way")
    with caplog.at_level(logging.WARNING, "summarizer"):
        page, _ = cached_run(site({"/": http(200, b"a")}), tmp_path / "file")
    assert (page.body, caplog.messages) == (b"a", ["no web cache"])


def test_a_page_from_the_future(site: Opened, tmp_path: Path) -> None:
    """What a clock set wrong kept as of tomorrow is not fresh for all that time."""
    server = site({"/": http(200, b"a", cache_control="max-age=60")})
    cached_run(server, tmp_path)
    change(tmp_path, "received = received + 86400")
    assert [len(cached_run(server, tmp_path)[1]) for _ in range(2)] == [1, 0]


def change(folder: Path, how: str) -> None:
    """Change what a cache keeps, behind its back."""
    with closing(sqlite3.connect(folder / FILE)) as base:
        base.execute(f"UPDATE pages SET {how}")
        base.commit()


def test_a_damaged_body(site: Opened, tmp_path: Path) -> None:
    """A kept body that doesn't unpack is fetched again."""
    server = site({"/": http(200, b"a", cache_control="max-age=60")})
    cached_run(server, tmp_path)
    change(tmp_path, "body = x'00'")
    assert [len(cached_run(server, tmp_path)[1]) for _ in range(2)] == [1, 0]


# ---------------------------------------------------------------------------------- servers


def closed_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (206, "206, Partial Content"),
        (304, "304, Not Modified"),
        (400, "400, Bad Request"),
        (401, "401, it wants a login"),
        (402, "402, it wants to be paid"),
        (403, "403, it is not for us"),
        (404, "404, there is no such page"),
        (410, "410, the page is gone"),
        (451, "451, it is withheld for legal reasons"),
        (500, "500, Internal Server Error"),
        (799, "799, a status of its own"),
    ],
)
def test_statuses_in_words(site: Opened, status: int, words: str) -> None:
    """A status that brings no page is told by number and in words."""
    length = None if status == 304 else 0
    assert reason(site({"/": http(status, content_length=length)}).url) == f"the server answers {words}"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        pytest.param(CUT, "received 3 bytes, expected 10", id="shorter than it says"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "the reply is broken", id="cut chunk"
        ),
        pytest.param(b"", "Server disconnected without sending a response", id="nothing"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(50_000)),
            "the reply is broken",
            id="header flood",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10**6, "the reply is broken", id="endless header"),
        pytest.param(b"220 mail.example ESMTP\r\n\r\n", "the reply is broken", id="another protocol"),
    ],
)
def test_broken_replies(site: Opened, reply: bytes, why: str) -> None:
    """A reply that is no whole HTTP is no page."""
    assert why in reason(site({"/": reply}).url)


def test_nobody_there(internet: Internet) -> None:
    """Nobody listening, and no such host, are told apart."""
    assert reason(f"http://127.0.0.1:{closed_port()}/") == "connection refused"
    assert reason("http://nosuch.example/") == "there is no host of that name"
    assert reason(f"http://{'a' * 64}.example/") == "there is no host of that name"
    assert reason("http://a..example/") == "there is no host of that name"
