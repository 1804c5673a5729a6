"""Who may read: names that the site answers to, a token, sessions made of it, and turns for those who guess."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

SHORTEST = 20
"""Characters that a token has at least: of 64 different ones that is 120 bits."""
SESSION = 12 * 3600
"""Seconds that a browser stays signed in."""
GUESSES, EACH = 5, 20.0
"""Wrong tokens that an address may give at once, and seconds after which it may give one more."""
ALL_GUESSES, ALL_EACH = 100, 1.0
"""The same for all addresses together: a network has many."""
ADDRESSES = 4096
"""Addresses that are remembered; the one that was quiet longest is forgotten."""
LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))
HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?P<port>:\d{1,5})?")


@dataclass(frozen=True)
class Access:
    """What a site asks of those who read it."""

    names: frozenset[str] = LOOPBACK
    """What a Host header may say, without a port, in lower case: another name leads here by deceit."""
    token: str | None = None
    """None: whoever reaches it may read."""
    behind_proxy: bool = False
    """Whether X-Forwarded-Proto and X-Forwarded-For are a proxy's own, and believed."""
    now: Callable[[], float] = time.time
    """Seconds since 1970."""

    def answers_to(self, host: str) -> bool:
        """Whether a Host header names this site.

        >>> Access().answers_to("localhost:8765"), Access().answers_to("news.example")
        (True, False)
        """
        match = HOST.fullmatch(host)
        return match is not None and match["name"].lower().rstrip(".") in self.names


def names_of(host: str, further: Iterable[str] = ()) -> frozenset[str]:
    """What a site bound to an address is called, with what else it is said to be called.

    >>> sorted(names_of("192.0.2.7", ["News.Example"]) - LOOPBACK)
    ['192.0.2.7', 'news.example']
    """
    own = [] if host in ("0.0.0.0", "::", "") else [f"[{host}]" if ":" in host else host]  # noqa: S104 - compared with
    return LOOPBACK | {name.lower() for name in (*own, *further)}


def is_loopback(host: str) -> bool:
    """Whether only programs of the same machine reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def new_token() -> str:
    """A token that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


class Gate:
    """Compares tokens, and makes and reads what a browser keeps instead of one."""

    def __init__(self, token: str, now: Callable[[], float] = time.time) -> None:
        self._token = hashlib.sha256(token.encode()).digest()
        self._key = secrets.token_bytes(32)  # with the process all sessions end
        self._now = now
        self.turns = Turns(now)

    def opens(self, token: str) -> bool:
        """Whether it is the token; takes as long whatever is wrong with it."""
        return hmac.compare_digest(hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest(), self._token)

    def new_session(self) -> str:
        """What a browser keeps: when it ends, and a seal that only this process can make."""
        ends = str(int(self._now()) + SESSION)
        return f"{ends}.{self._seal(ends)}"

    def is_session(self, said: str) -> bool:
        """Whether it was made here and hasn't ended."""
        ends, _, seal = said.partition(".")
        given = seal.encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._seal(ends).encode()):
            return False
        return self._now() < int(ends)

    def _seal(self, ends: str) -> str:
        return hmac.new(self._key, self._token + ends.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


@dataclass
class _Turn:
    """What is left of an address's guesses."""

    left: float
    at: float = field(default=0.0)


class Turns:
    """How often a wrong token may be given: by each address, and by all together."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._all = _Turn(ALL_GUESSES, now())
        self._each: OrderedDict[str, _Turn] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str) -> int:
        """Seconds until an address may try again; 0: now.

        One that has given the right token waits for its own wrong ones alone, so that strangers can't keep it out.
        """
        with self._lock:
            own = self._each.get(address)
            waits = [0 if address in self._known else _wait(self._all, ALL_GUESSES, ALL_EACH, self._now())]
            waits += [_wait(own, GUESSES, EACH, self._now())] if own else []
            return max(waits)

    def hit(self, address: str) -> None:
        """Note that the right token was given."""
        with self._lock:
            self._known[address] = None
            self._known.move_to_end(address)
            while len(self._known) > ADDRESSES:
                self._known.popitem(last=False)

    def missed(self, address: str) -> None:
        """Note that a wrong token was given."""
        with self._lock:
            own = self._each.setdefault(address, _Turn(GUESSES, self._now()))
            self._each.move_to_end(address)
            for turn, most, each in ((own, GUESSES, EACH), (self._all, ALL_GUESSES, ALL_EACH)):
                _wait(turn, most, each, self._now())
                turn.left = max(0.0, turn.left - 1)
            while len(self._each) > ADDRESSES:
                self._each.popitem(last=False)


def _wait(turn: _Turn, most: int, each: float, now: float) -> int:
    """Give back what has come with time; seconds until there is a whole guess."""
    turn.left = min(float(most), turn.left + max(0.0, now - turn.at) / each)
    turn.at = now
    return 0 if turn.left >= 1 else max(1, round((1 - turn.left) * each))


def network_of(address: str) -> str:
    """What one who guesses has as a rule: an IPv4 address, an IPv6 network.

    >>> network_of("2001:db8:1:2:3::4"), network_of("192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address
