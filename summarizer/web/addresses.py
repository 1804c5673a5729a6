"""Addresses: which of them are public, and a way to connect to no others.

Knows IANA's registries of special addresses, and nothing of pages.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpcore2

PORTS = frozenset({80, 443, 8080, 8443})
"""Those that pages are served at; behind others are databases, mail and machines' own services."""
PATIENCE = 5.0
"""Seconds until the next address of a name is tried."""

# A table of our own: what `is_private` and `is_global` say changes with the version of Python.
BARRED_IPV4 = {
    IPv4Network(network): kind
    for network, kind in {
        "0.0.0.0/8": "an unspecified address",
        "10.0.0.0/8": "a private address",
        "100.64.0.0/10": "a private address, of a provider's network",
        "127.0.0.0/8": "this machine",
        "169.254.0.0/16": "a link-local address",
        "172.16.0.0/12": "a private address",
        "192.0.0.0/24": "a reserved address",
        "192.0.2.0/24": "an address for documentation",
        "192.88.99.0/24": "a reserved address",
        "192.168.0.0/16": "a private address",
        "198.18.0.0/15": "an address for benchmarks",
        "198.51.100.0/24": "an address for documentation",
        "203.0.113.0/24": "an address for documentation",
        "224.0.0.0/4": "a multicast address",
        "240.0.0.0/4": "a reserved address",
    }.items()
}
BARRED_IPV6 = {
    IPv6Network(network): kind
    for network, kind in {
        "::/128": "an unspecified address",
        "::1/128": "this machine",
        "::/96": "an IPv4 address in an IPv6 one",
        "::ffff:0:0/96": "an IPv4 address in an IPv6 one",
        "2001::/23": "a reserved address",
        "2001:db8::/32": "an address for documentation",
        "2002::/16": "an IPv4 address in an IPv6 one",
        "3fff::/20": "an address for documentation",
        "fc00::/7": "a private address",
        "fe80::/10": "a link-local address",
        "ff00::/8": "a multicast address",
    }.items()
}
GLOBAL_IPV6 = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
"""What networks without IPv4 give out for a host that has nothing else: it is what the IPv4 address in it is."""


class Barred(Exception):
    """A host that may not be connected to; says why."""


def barred_as(address: IPv4Address | IPv6Address) -> str | None:
    """What kind of address this is, in words, if it isn't public; None if it is.

    >>> barred_as(ip_address("10.1.2.3"))
    'a private address'
    """
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in BARRED_IPV4.items() if address in network), None)
    if address in NAT64:
        return barred_as(IPv4Address(int(address) & 0xFFFF_FFFF))
    kind = next((kind for network, kind in BARRED_IPV6.items() if address in network), None)
    return kind or (None if address in GLOBAL_IPV6 else "a reserved address")


class Guard(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses only.

    A name is looked up here, once, and the connection goes to an address that this look-up
    gave: nobody can answer with a public address first and with another when it is connected
    to. Host header and certificate are still those of the name.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's; the time for a whole reply is `wire`'s)
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first of a host's addresses that answers.

        Raises:
            Barred: if any of them isn't public: a name that is at home inside and outside is no news site.
            socket.gaierror: if there is no such name.
            httpcore2.ConnectError: if none answers; ConnectTimeout, if the last one is silent.
        """
        addresses = await look_up(host, port)
        if not self._allow_private:
            for address in addresses:
                if kind := barred_as(address):
                    raise Barred(f"{host} is at {address}, {kind}")
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(str(address), port, PATIENCE, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure


async def look_up(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """The addresses of a host, in the system's order; odd spellings such as 0x7f.1 come out as what they mean.

    Raises:
        socket.gaierror: if there is no such name.
    """
    # As bytes, since Python would put a str through an IDNA of its own, with errors of its own.
    found = await asyncio.get_running_loop().getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(where[0]) for *_, where in found))
