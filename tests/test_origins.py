"""Origins: how many independent sources there are."""

from __future__ import annotations

from typing import Any

from summarizer import Article, Briefing
from summarizer.answers import ArticleNotes
from summarizer.origins import trace_origins
from summarizer.passage import Passage
from summarizer.reading import ReadBundle, Reading, ReadStory
from summarizer.text import sentences
from tests.conftest import DAYS, replayed
from tests.test_reconcile import story_of

WIRE = "The dam at Sarn was closed on Monday after a night of rain, and nobody on the quay could say for how long."


def reading(name: str, text: str, *vias: str, publisher: str | None = None) -> Reading:
    events = [{"what": "It rained.", "cites": [1], "status": "past", "via": via} for via in vias]
    notes = ArticleNotes.model_validate({"language": "en", "machine_translated": False, "events": events})
    return Reading(Passage(Article.of(text, name=name, publisher=publisher), sentences(text)), notes)


def test_one_agency_s_interview_is_one_origin() -> None:
    """Three papers that have a thing from one agency are one source for it; the agency's own report is the same one."""
    readings = [
        reading("a", "Rain, he told Orrery.", "Orrery"),
        reading("b", "It rained, the Orrery agency said.", "the Orrery agency"),
        reading("c", "Rain fell on the quay.", publisher="Orrery"),
        reading("d", "Our own man got wet."),
        reading(
            "e", "Rain, says the news agency Orrery, and the agency is right.", "the news agency Orrery", "the agency"
        ),
    ]
    origins = trace_origins([story_of(*readings)])
    assert {
        origins.of(readings[0].source.id, "Orrery"),
        origins.of(readings[1].source.id, "the Orrery agency"),
        origins.of(readings[2].source.id, None),
    } == {"O3"}
    assert origins.of(readings[3].source.id, None) == "O4"
    assert origins.of(readings[4].source.id, "the news agency Orrery") == "O3"
    assert [(origin.name, len(origin.articles)) for origin in origins.origins][-1] == ("the agency", 1)
    assert [len(origin.articles) for origin in origins.origins] == [1, 1, 4, 1, 1, 1]


def test_what_an_outlet_is_makes_no_name() -> None:
    """Outlets that are called by nothing but what they are, or by whose they are, stay apart."""
    vias = ["the newspaper", "the broadcaster", "Norland state broadcaster", "Norland news agency", "a local newspaper"]
    readings = [reading(f"n{n}", f"Rain, said {via}.", via) for n, via in enumerate(vias)]
    origins = trace_origins([story_of(*readings)])
    assert [origin.name for origin in origins.origins if origin.kind == "attributed"] == vias


def test_an_outlet_is_no_witness_to_itself() -> None:
    """Two different articles of one publisher are one origin."""
    readings = [
        reading("a", "Rain fell on the quay.", publisher="The Gauge"),
        reading("b", "Somebody else."),
        reading("c", "The sun came out at noon.", publisher="The Gauge"),
    ]
    origins = trace_origins([story_of(*readings)])
    assert [(origin.name, origin.kind) for origin in origins.origins] == [("The Gauge", "outlet"), ("b", "outlet")]
    assert origins.of(readings[0].source.id, None) == origins.of(readings[2].source.id, None)


def test_copies_are_nobody_s_own() -> None:
    """What an outlet has of its own, beside an agency's report that it carries too, is a second origin."""
    wire = [reading(name, WIRE, publisher=name) for name in ("The Gauge", "The Sluice")]
    copies = ReadBundle(tuple(wire), tuple(one.source for one in wire))
    own = reading("own", "The sun came out at noon, and everyone went swimming.", publisher="The Gauge")
    story = ReadStory("rain", (copies, ReadBundle((own,), (own.source,))))
    assert [(origin.name, origin.kind) for origin in trace_origins([story]).origins] == [
        ("The Gauge = The Sluice", "copies"),
        ("The Gauge", "outlet"),
    ]


def test_many_outlets_are_counted_not_named() -> None:
    """An agency's report in fifty papers is called after three of them."""
    wire = [reading(f"P{n}", WIRE, publisher=f"P{n}") for n in range(50)]
    story = ReadStory("rain", (ReadBundle(tuple(wire), tuple(one.source for one in wire)),))
    (origin,) = trace_origins([story]).origins
    assert (origin.name, len(origin.articles)) == ("P0 = P1 = P2 and 47 more", 50)


def test_origins_are_of_one_story() -> None:
    """An outlet's reports on two stories are two origins, and so are an agency's that it credits."""
    rain = reading("a", "Rain, he told Orrery.", "Orrery", publisher="The Gauge")
    sun = reading("b", "Sun, he told Orrery.", "Orrery", publisher="The Gauge")
    origins = trace_origins([story_of(rain), story_of(sun)])
    assert [origin.name for origin in origins.origins] == ["The Gauge", "Orrery", "The Gauge", "Orrery"]
    assert origins.of(rain.source.id, "Orrery") != origins.of(sun.source.id, "Orrery")


def test_an_agency_that_is_not_there_is_an_origin_too() -> None:
    """An outlet that is only credited counts as one, named as it is printed."""
    origins = trace_origins([story_of(reading("a", "Rain, he told Orrery.", "Orrery"))])
    assert [(o.name, o.kind) for o in origins.origins] == [("a", "outlet"), ("Orrery", "attributed")]


def count(briefing: Briefing, **names: Any) -> int:
    return len([origin for origin in briefing.origins if all(getattr(origin, k) == v for k, v in names.items())])


def test_origins_of_the_example() -> None:
    """Day one: five articles, one pair of copies, the interview with Orrery one origin of two papers."""
    briefing = replayed(DAYS[0])
    assert count(briefing, kind="copies") == 1
    assert count(briefing, kind="outlet") == 3
    (orrery,) = [origin for origin in briefing.origins if "Orrery" in origin.name]
    assert len(orrery.articles) == 2
