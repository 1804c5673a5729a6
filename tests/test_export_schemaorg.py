"""schema.org: every type and property is published, and is used where it is defined."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from summarizer import Briefing
from summarizer.export import export
from summarizer.models import Claim, Hazard, Resolution, Stance
from tests.conftest import DAYS, EVERY
from tests.exports import SCHEMAS, as_met, by_one, dispute_of, machine_s_claim, spoilt, stored, who_denies

VOCABULARY: dict[str, Any] = json.loads((SCHEMAS / "schemaorg-30.0.json").read_text(encoding="utf-8"))
PLAIN = {"Text", "URL", "Date", "DateTime"}


def graph(briefing: Briefing) -> list[dict[str, Any]]:
    """The briefing's nodes."""
    document = json.loads(export(briefing, "jsonld"))
    assert document["@context"] == "https://schema.org"
    return list(document["@graph"])


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """All nodes with a type, those within others too."""
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for part in value.values():
            yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)


def of(found: list[dict[str, Any]], id: str) -> dict[str, Any]:
    """The node of something in the briefing."""
    (node,) = [node for node in found if node.get("identifier") == id]
    return node


def kinds(node: dict[str, Any]) -> set[str]:
    """A node's types and all their ancestors."""
    types = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    return {kind for own in types for kind in (own, *VOCABULARY["types"][own])}


def everything(day: str) -> Briefing:
    """A day in which every property has a value somewhere."""
    data = stored(day).model_dump(mode="json")
    data["topic"] = "water"
    data["sources"] = [source | {"author": "A. Quill"} for source in data["sources"]]
    data["venues"][0] |= {"country": "FRA", "place": "x", "status": "cancelled", "when": {"date": "2031"}}
    data["venues"][1] |= {"country": "FRA", "place": None, "status": "confirmed", "when": {"date": "2031-06"}}
    return Briefing.model_validate(data)


@pytest.mark.parametrize("day", EVERY)
def test_properties_are_used_as_they_are_defined(day: str) -> None:
    """A property stands on a type of its domain, and its value is of its range."""
    used = set()
    for briefing in (stored(day), everything(day), spoilt(stored(day))):
        found = graph(briefing)
        types = {node["@id"]: kinds(node) for node in nodes(found) if "@id" in node}
        for node in nodes(found):
            for name, value in node.items():
                if name.startswith("@"):
                    continue
                used.add(name)
                defined = VOCABULARY["properties"][name]
                assert kinds(node) & set(defined["domain"]), (node["@type"], name)
                for part in value if isinstance(value, list) else [value]:
                    assert fits(part, defined["range"], types), (name, part)
    assert used <= VOCABULARY["properties"].keys()


def fits(value: Any, range: list[str], types: dict[str, set[str]]) -> bool:
    """Whether a value is of one of a range's types."""
    if isinstance(value, str):
        return bool(PLAIN & set(range))
    if "@type" in value:
        return bool(kinds(value) & set(range))
    if value["@id"] in types:
        return bool(types[value["@id"]] & set(range))
    return VOCABULARY["members"][value["@id"].removeprefix("https://schema.org/")] in range


def test_the_table_has_no_more_than_is_used() -> None:
    """Every type and property of the committed table is used by some day."""
    found = [node for day in EVERY for node in nodes(graph(everything(day)))]
    used = {kind for node in found for kind in ([node["@type"]] if isinstance(node["@type"], str) else node["@type"])}
    assert VOCABULARY["types"].keys() == used
    assert VOCABULARY["properties"].keys() == {name for node in found for name in node if not name.startswith("@")}


@pytest.mark.parametrize("day", EVERY)
def test_references_lead_to_nodes(day: str) -> None:
    """Every reference leads to a node of the graph, and each node is there once."""
    found = graph(stored(day))
    ids = [node["@id"] for node in found]
    assert len(set(ids)) == len(ids)
    for node in found:
        for value in node.values():
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict) and part.keys() == {"@id"}:
                    assert part["@id"] in ids or part["@id"].startswith("https://schema.org/")


def test_a_claim_has_who_makes_it_and_says_who_denies_it() -> None:
    """Those who assert it are its authors; a denial has no property, and is said in words."""
    found = graph(stored())
    claim = of(found, "C3")
    dispute = dispute_of(stored(), "C3", Resolution.OPEN)
    names = {node["@id"]: node.get("name") for node in found}
    assert [names[author["@id"]] for author in claim["author"]] == ["Kestria", "Tilde Rosk"]
    denied = who_denies(stored(), "C3")
    assert sorted(denied) == ["Belat Jurkan", "Morvane"]
    assert claim["description"] == (
        f"disputed; asserted by Kestria, Tilde Rosk; denied by {', '.join(denied)}; disputed, see {dispute}"
    )


def test_a_machine_s_claim_says_so() -> None:
    """What only a machine translation has is described as that, and as contradicted by the clean reports."""
    id = machine_s_claim(stored(DAYS[0]))
    dispute = dispute_of(stored(DAYS[0]), id, Resolution.TRANSLATION_VARIANT)
    claim = of(graph(stored(DAYS[0])), id)
    assert claim["description"] == f"asserted; translated otherwise, see {dispute}; machine translation only"


def test_quotations_are_of_their_article_and_bear_out_or_concern_a_claim() -> None:
    """What asserts a claim is interpreted as it; what denies it is about it; the words are the article's."""
    briefing = stored()
    found = graph(briefing)
    item = briefing.item("C3")
    assert isinstance(item, Claim)
    claim = {"@id": of(found, "C3")["@id"]}
    for variant in item.variants:
        for evidence in variant.evidence:
            quotation = of(found, f"{evidence.article}[{evidence.start}:{evidence.end}]")
            assert quotation["isPartOf"]["@id"] == of(found, evidence.article)["@id"]
            side = "interpretedAsClaim" if variant.stance in (Stance.ASSERTS, Stance.CONFIRMS) else "about"
            assert claim in quotation[side]
            assert quotation["text"] == " ".join(evidence.quote.split())


def test_machine_translated_wording_is_no_quotation() -> None:
    """An article whose wording is a machine's is named, and not quoted."""
    briefing = stored(DAYS[0])
    (source,) = [source for source in briefing.sources if Hazard.MACHINE_TRANSLATION in source.hazards]
    found = graph(briefing)
    article = {"@id": of(found, source.id)["@id"]}
    assert not [node for node in found if node["@type"] == "Quotation" and node["isPartOf"] == article]


def test_the_first_appearance_is_said_only_if_it_is_known() -> None:
    """Of dated reports the single oldest comes first; of two of one day, or an undated one, nobody knows."""
    briefing = stored()
    reports = list(dict.fromkeys(variant.article for variant in briefing.claims[0].variants))
    data = briefing.model_dump(mode="json")

    def dated(days: dict[str, str | None]) -> dict[str, Any]:
        sources = [s | {"published": days.get(s["id"], "2031-05-13")} for s in data["sources"]]
        return of(graph(Briefing.model_validate(data | {"sources": sources})), "C1")

    assert "firstAppearance" not in dated({})
    oldest = next(
        id for id in reports if of(graph(briefing), id)["@id"] == of(graph(briefing), "C1")["appearance"][0]["@id"]
    )
    assert dated({oldest: "2031-05-12"})["firstAppearance"] == of(graph(briefing), "C1")["appearance"][0]
    assert "firstAppearance" not in dated({oldest: None})


def test_groups_and_the_unnamed_are_no_nodes() -> None:
    """There is no type for them, so they are named in words only."""
    briefing = stored()
    ids = {node.get("identifier") for node in graph(briefing)}
    for actor in briefing.actors:
        assert (actor.id in ids) == (actor.kind not in ("group", "unnamed"))


@pytest.mark.parametrize(
    ("status", "named"),
    [("confirmed", "EventScheduled"), ("past", "EventScheduled"), ("cancelled", "EventCancelled"), ("planned", None)],
)
def test_an_occasion_has_a_status_where_there_is_a_name(status: str, named: str | None) -> None:
    """Confirmed, past and cancelled have a name in schema.org; planned and possible are said in words."""
    event = of(graph(as_met(stored(), "V1", status)), "V1")
    assert event.get("eventStatus") == ({"@id": f"https://schema.org/{named}"} if named else None)
    assert status in event["description"]
    bare = of(graph(by_one(as_met(stored(), "V1", status), "V1")), "V1")
    doubted = status in ("confirmed", "past", "planned")
    assert bare.get("eventStatus") == (None if doubted else event.get("eventStatus"))
    assert bare["description"].endswith("; uncorroborated") == doubted


def test_nothing_ends_a_script_element() -> None:
    """The document may be put into a page: no angle bracket and no ampersand stands in it."""
    assert not set("<>&") & set(export(spoilt(stored()), "jsonld"))


def test_an_article_is_one_node_in_every_briefing() -> None:
    """An article's id is made of the article alone; all else is of its briefing."""
    briefing = stored()
    other = graph(briefing.model_copy(update={"topic": "water"}))
    for node in graph(briefing):
        same = of(other, node["identifier"]) if "identifier" in node else other[0]
        assert (same["@id"] == node["@id"]) == (node["@type"] in ("NewsArticle", "Quotation"))
