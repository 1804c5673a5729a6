"""What the tests of exported formats share: stored briefings, changed ones, and one that attacks every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from summarizer import Briefing
from summarizer.models import ChangeKind, Resolution
from summarizer.numbering import renumbered, things_of
from tests.conftest import DAYS, ROOT

SCHEMAS = ROOT / "tests/schemas"

HOSTILE = (
    '=HYPERLINK(A1)\r\nEND:VEVENT\r\nBEGIN:VALARM;x,y\\Name\\n "q" \'|cell</script><script>alert(1)</script>&amp;'
    "\x00\x1b[31m\x85\u2028\u2029\u202eevil\u2066\ufeff;=1+1\t@SUM(A1) *bold* 😀"
)
"""Line breaks of six kinds, markup, formulas, escapes of other formats, and characters that hide."""

WORDS = ("what", "text", "issue", "name", "title", "publisher", "author", "office", "place", "why", "words")
MORE = ("in_exchange", "conditions", "kind", "via", "language", "topic", "program", "model", "quote")


@cache
def shipped(day: str) -> Briefing:
    """An example day's briefing as the repository has it."""
    return Briefing.model_validate_json((ROOT / f"examples/{day}.briefing.json").read_text(encoding="utf-8"))


@cache
def stored(day: str = DAYS[1]) -> Briefing:
    """The same with ids of its own: V1 is its first venue."""
    briefing = shipped(day)
    counted: Counter[str] = Counter()
    ids = {}
    for thing in things_of(briefing):
        counted[thing.id[0]] += 1
        ids[thing.id] = f"{thing.id[0]}{counted[thing.id[0]]}"
    return renumbered(briefing, ids)


def dispute_of(briefing: Briefing, id: str, resolution: Resolution) -> str:
    """The id of the only contradiction that an item is in and that came out so."""
    own = {variant.id for variant in briefing.item(id).variants}
    (found,) = (
        dispute.id
        for dispute in briefing.disputes
        if dispute.resolution is resolution and any(own & {*version.variants} for version in dispute.versions)
    )
    return found


def who_denies(briefing: Briefing, id: str) -> list[str]:
    """The names of those who deny a claim, as the briefing has them one after the other."""
    (claim,) = (claim for claim in briefing.claims if claim.id == id)
    names = {actor.id: actor.name for actor in briefing.actors}
    return [names[actor] for actor in claim.denied_by]


def machine_s_claim(briefing: Briefing) -> str:
    """The id of the first claim that only a machine translation has, and clean reports contradict."""
    told = {id for dispute in briefing.disputes for version in dispute.versions for id in version.variants}
    return next(
        claim.id
        for claim in briefing.claims
        if all(variant.translated and variant.id in told for variant in claim.variants)
    )


def changed(briefing: Briefing, kind: str, id: str, /, **changes: Any) -> Briefing:
    """A briefing in which one thing of a kind (venues, demands, actors …) has other values."""
    data = briefing.model_dump(mode="json")
    data[kind] = [thing | changes if thing["id"] == id else thing for thing in data[kind]]
    return Briefing.model_validate(data)


def as_met(briefing: Briefing, id: str, status: str, /, **changes: Any) -> Briefing:
    """A briefing in which all reports of a meeting have it as so certain."""
    variants = [variant.model_dump(mode="json") | {"status": status} for variant in briefing.item(id).variants]
    return changed(briefing, "venues", id, status=status, variants=variants, **changes)


def by_one(briefing: Briefing, id: str) -> Briefing:
    """A briefing in which all reports of a meeting have it from one origin."""
    variants = [variant.model_dump(mode="json") for variant in briefing.item(id).variants]
    return changed(briefing, "venues", id, variants=[each | {"origin": variants[0]["origin"]} for each in variants])


def spoilt(briefing: Briefing, text: str = HOSTILE) -> Briefing:
    """A briefing in which everything that anybody words is hostile, quotations and URLs included."""
    data = _spoil(briefing.model_dump(mode="json"), text)
    for source in data["sources"]:
        source["characters"] = 10**9
        source["url"] = f"https://a.example/{text}"
    return Briefing.model_validate(data)


def _spoil(value: Any, text: str, key: str = "") -> Any:
    if isinstance(value, Mapping):
        made = {name: _spoil(part, text, name) for name, part in value.items()}
        if "quote" in made:
            made["end"] = made["start"] + len(made["quote"])
        return made
    if isinstance(value, (list, tuple)):
        return [_spoil(part, text, key) for part in value]
    if not isinstance(value, str) or key not in (*WORDS, *MORE) or value in KINDS:
        return value
    return f"{text}{value}"


KINDS = (
    {kind.value for kind in ChangeKind}
    | {"person", "state", "organisation", "intergovernmental", "group", "media", "unnamed"}
    | {
        "outlet",
        "copies",
        "attributed",
        "small",
        "beyond",
        "off_topic",
    }
)
"""Values of fields named kind or why that are one of a few."""
