"""Pictures: what is drawn is what the table says, nothing overlaps, and no article's words become markup.

python -m tests.test_pictures     # draws the pictures in docs/pictures anew
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer import Briefing, Settings, brief
from summarizer.archive import Archive
from summarizer.archive.found import ClaimRecord, Ladder, Ledger, Record, Rung, Stand, Step
from summarizer.cli import main
from summarizer.delivery.kinds import Folder
from summarizer.errors import InvalidPlan, UnknownFormat, UnknownPicture
from summarizer.models import (
    Actor,
    ActorKind,
    Alias,
    Demand,
    DemandStatus,
    DemandVariant,
    Event,
    EventStatus,
    EventVariant,
    Evidence,
    Origin,
    Proposal,
    ProposalStatus,
    ProposalVariant,
    Provenance,
    Source,
    Strength,
    Venue,
    VenueStatus,
    VenueVariant,
    When,
)
from summarizer.pictures import PICTURES, Picture, css, draw, movement, render_movement, render_picture
from summarizer.pictures.axis import make_axis
from summarizer.pictures.drawing import Box
from summarizer.pictures.style import DARK, LIGHT, rules
from summarizer.pictures.words import shorten, width
from summarizer.planfile import load_plan
from summarizer.render import render_as
from summarizer.render.answers import render_answer
from tests.conftest import DAYS, ROOT, replayed

DOCS = ROOT / "docs/pictures"
SHOWN = {f"{name}.svg": name for name in (*PICTURES, "movement")}
"""Pictures of the example in the docs."""
NAMES = ("network", "timeline", "ladder")
NS = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    '<script>alert("x")</script>',
    "]]><svg onload=alert(1)>&amp;&#0;",
    "\x00\x08\x1b[31m\ufffe\uffff control",
    "\u202eright to left\u202c שלום עולם مرحبا بالعالم",
    "W" * 400,
    "a\u0301" * 200,
    "会談の場所はまだ決まっていない" * 6,
    "  \n\t  ",
    "'\" style='fill:url(#x)' href=javascript:alert(1)",
)


# ------------------------------------------------------------------------ what is seen


def texts(svg: str) -> Iterator[tuple[Box, str]]:
    """Every text with the box that it takes, by the places that the SVG says; widths are the ones allowed for."""
    for text in ET.fromstring(svg.encode()).iter(f"{NS}text"):
        classes = text.get("class", "").split()
        found = {prop: value for name in classes for prop, value in rules()[name].items()}
        size = float(found.get("font-size", "12px").removesuffix("px"))
        wide = width(text.text or "", size, bold="font-weight" in found)
        x, y = float(text.get("x", "")), float(text.get("y", ""))
        left = x - {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0)
        yield Box(left, y - size * 0.75, left + wide, y + size * 0.22), text.text or ""


def rectangles(svg: str, *classes: str) -> list[Box]:
    """The boxes of these classes."""
    found = []
    for rect in ET.fromstring(svg.encode()).iter(f"{NS}rect"):
        if rect.get("class") in classes:
            x, y, wide, high = (float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
            found.append(Box(x, y, x + wide, y + high))
    return found


def check_layout(picture: Picture) -> None:
    """No two texts meet, none is cut by its box or by the sheet, no box meets another, and none is small."""
    svg = picture.standalone()
    root = ET.fromstring(svg.encode())
    left, top, wide, high = map(float, root.get("viewBox", "").split())
    assert wide <= 890
    sheet = Box(left - 0.1, top - 0.1, left + wide + 0.1, top + high + 0.1)
    found = list(texts(svg))
    assert found
    for (one, first), (other, second) in combinations(found, 2):
        assert not one.meets(other, -0.6), (first, second)
    boxes = rectangles(svg, "pic-node", "pic-nobody", "pic-card-demand", "pic-card-proposal", "pic-verdict")
    for one, other in combinations(boxes, 2):
        assert not one.meets(other)
    for box, text in found:
        assert box.within(sheet), text
        for frame in boxes:
            assert box.within(frame) or not box.meets(frame, -0.6), text
    assert min(float(body["font-size"][:-2]) for body in rules().values() if "font-size" in body) >= 11


def links(picture: Picture) -> list[str]:
    """Ids that it leads to."""
    return re.findall(r'<a href="#([^"]+)"', picture.svg())


# --------------------------------------------------------------------- made-up briefings


def big(seed: int, *, parties: int = 20, items: int = 30, names: tuple[str, ...] = ()) -> Briefing:
    """A briefing of so many parties and demands or proposals, half as many meetings and as many events."""
    lot = random.Random(seed)
    source = Source(
        id="s1", name="a.txt", publisher=lot.choice(names) if names else "Harbour News", sha256="0" * 64, characters=999
    )
    quoted = Evidence(article="s1", sentences=(1,), start=0, end=4, quote="Said")

    def words(least: int = 1, most: int = 9) -> str:
        if names:
            return lot.choice(names)
        return " ".join(
            "".join(lot.choices("abcdeilmnorstuvw", k=lot.randint(2, 11))) for _ in range(lot.randint(least, most))
        )

    def when() -> When | None:
        day = date(2031, 5, 12) + timedelta(days=round(lot.gauss(0, 300) ** 3 / 90_000))
        return lot.choice(
            [None, When(words=words()), *(When(date=day.isoformat()[:length]) for length in (4, 7, 10, 10))]
        )

    actors = tuple(
        Actor(id=f"A{n}", name=words(1, 4), aliases=(Alias(name="x", evidence=(quoted,)),), kind=ActorKind.STATE)
        for n in range(parties)
    )

    def some(least: int, most: int) -> tuple[str, ...]:
        return tuple(actor.id for actor in lot.sample(actors, min(lot.randint(least, most), len(actors))))

    def report(id: str, number: int = 1) -> dict[str, Any]:
        return {"id": f"{id}.{number}", "article": "s1", "what": words(), "origin": "O1", "evidence": (quoted,)}

    demands, proposals, venues, events = [], [], [], []
    for n in range(items):
        if lot.random() < 0.6:
            stand: dict[str, Any] = {
                "strength": lot.choice(list(Strength)),
                "status": lot.choice(list(DemandStatus)),
                "first_stated": when(),
            }
            demands.append(
                Demand(
                    id=f"D{n}",
                    what=words(),
                    issue=words(),
                    by=some(1, 2),
                    of=some(0, 3),
                    variants=(DemandVariant(**report(f"D{n}"), **stand),),
                    **stand,
                )
            )
        else:
            status = lot.choice(list(ProposalStatus))
            proposals.append(
                Proposal(
                    id=f"P{n}",
                    what=words(),
                    issue=words(),
                    by=some(1, 1),
                    to=some(0, 2),
                    status=status,
                    variants=(ProposalVariant(**report(f"P{n}"), status=status),),
                )
            )
    for n in range(items // 2):
        variants = tuple(
            VenueVariant(**report(f"V{n}", m), status=lot.choice(list(VenueStatus)), translated=lot.random() < 0.3)
            for m in range(1, lot.randint(2, 12))
        )
        venues.append(
            Venue(
                id=f"V{n}",
                what=words(),
                place=lot.choice([None, words()]),
                kind=words(1, 1),
                participants=some(0, 4),
                when=when(),
                status=variants[0].status,
                variants=variants,
            )
        )
    for n in range(items):
        told: dict[str, Any] = {"when": when(), "status": lot.choice(list(EventStatus))}
        events.append(Event(id=f"E{n}", what=words(), variants=(EventVariant(**report(f"E{n}"), **told),), **told))
    return Briefing(
        date=date(2031, 5, 12),
        actors=actors,
        demands=tuple(demands),
        proposals=tuple(proposals),
        venues=tuple(venues),
        events=tuple(events),
        sources=(source,),
        origins=(Origin(id="O1", name="Harbour News", kind="outlet", articles=("s1",)),),
        provenance=Provenance(program="made up", schema_version="2", model="none"),
    )


def ledger(
    seed: int, *, things: int = 60, days: int = 365, names: tuple[str, ...] = ("a", "long name of a party")
) -> Ledger:
    """A ledger of so many things over so many days, some of which moved often."""
    lot = random.Random(seed)
    first = date(2031, 1, 1)

    def some(most: int) -> list[date]:
        return sorted(first + timedelta(days=lot.randrange(days)) for _ in range(lot.randint(1, most)))

    kinds = "hardened softened met rejected withdrawn answered moved".split()
    records = []
    for n in range(things):
        when = some(lot.choice((1, 3, 40)))
        steps = tuple(
            Step.model_validate(
                {
                    "date": day,
                    "kind": lot.choice(kinds) if place else lot.choice(("stated", "new", "first_reported")),
                    "what": "x",
                }
            )
            for place, day in enumerate(when)
        )
        records.append(
            Record(
                id=f"D{n}",
                by=tuple(lot.choices(names, k=2)),
                to=tuple(lot.choices(names, k=lot.randint(0, 2))),
                issue=lot.choice(names),
                what="x",
                state=lot.choice(names),
                caveats=(),
                first_stated=None,
                first=when[0],
                last=when[-1],
                days=(),
                steps=steps,
            )
        )
    ladders = []
    for n in range(things // 2):
        rungs = tuple(
            Rung(
                date=day,
                outlet="x",
                status=lot.choice(list(VenueStatus)),
                when=None,
                day=None,
                place=None,
                quotations=(),
            )
            for day in some(9)
        )
        ladders.append(
            Ladder(
                id=f"V{n}",
                what=lot.choice(names),
                participants=(),
                state=lot.choice(names),
                caveats=(),
                days=(),
                rungs=rungs,
            )
        )
    claims = []
    for n in range(things // 2):
        stands = tuple(
            Stand(
                date=day,
                what="x",
                caveats=(),
                status=lot.choice("asserted confirmed unconfirmed disputed".split()),
                asserted_by=(),
                confirmed_by=(),
                denied_by=(),
                unconfirmed_by=(),
                quotations=(),
            )
            for day in some(5)
        )
        claims.append(ClaimRecord(id=f"C{n}", what=lot.choice(names), stands=stands))
    return Ledger(
        since=first,
        until=first + timedelta(days=days - 1),
        demands=tuple(records),
        proposals=(),
        venues=tuple(ladders),
        claims=tuple(claims),
    )


def made(seed: int, **given: Any) -> list[Picture]:
    """All pictures of a made-up briefing."""
    briefing = big(seed, **given)
    return [picture for name in NAMES if (picture := draw(briefing, name))]


# -------------------------------------------------------------------------------- tests


@pytest.mark.parametrize("name", NAMES)
def test_example_days_are_drawn_clear(briefing: Briefing, name: str) -> None:
    """On every example day no text meets another, none leaves its box or the sheet, and nothing is left out."""
    picture = draw(briefing, name)
    assert picture
    check_layout(picture)
    assert picture.left_out == ()


@pytest.mark.parametrize("seed", range(12))
def test_big_days_are_drawn_clear(seed: int) -> None:
    """The same holds of twenty parties with thirty items, dates over centuries, and of two parties with many."""
    for picture in made(seed, parties=(2, 5, 20, 40)[seed % 4], items=(30, 80)[seed % 2]):
        check_layout(picture)


@pytest.mark.parametrize(("seed", "days"), [(1, 1), (2, 2), (3, 20), (4, 40), (5, 365), (6, 3000)])
def test_ledgers_are_drawn_clear(seed: int, days: int) -> None:
    """A ledger of one day as of eight years fits the sheet, and no text on it meets another."""
    picture = movement(ledger(seed, days=days))
    assert picture
    check_layout(picture)


@pytest.mark.parametrize("seed", range(4))
def test_marks_of_a_row_are_apart(seed: int) -> None:
    """Two steps of one thing are never drawn over each other, however near their days are."""
    picture = movement(ledger(seed))
    assert picture
    for link in ET.fromstring(picture.svg().encode()).iter(f"{NS}a"):
        middles = sorted(float(t.get("x", "")) for t in link.iter(f"{NS}text") if t.get("text-anchor") == "middle")
        assert all(b - a >= 15 for a, b in pairwise(middles))


def test_everything_is_drawn_or_counted(briefing: Briefing) -> None:
    """Each demand, proposal and meeting is a row of the table and a link in the picture."""
    network, ladder = draw(briefing, "network"), draw(briefing, "ladder")
    assert network
    assert ladder
    assert [row[0] for row in network.rows] == [item.id for item in briefing.items if item.id[0] in "DP"]
    assert {row[0] for row in ladder.rows} == {venue.id for venue in briefing.venues}


@pytest.mark.parametrize("seed", range(6))
def test_the_table_is_the_picture(seed: int) -> None:
    """The items that are drawn are those of the table; the others are named as left out, and counted in words."""
    briefing = big(seed, parties=30, items=90)
    letters = {"network": "DP", "timeline": "VE", "ladder": "V"}
    for picture in made(seed, parties=30, items=90):
        ids = [row[0] for row in picture.rows]
        assert sorted(links(picture)) == sorted(ids)
        assert len(set(ids)) == len(ids)
        assert set(ids).isdisjoint(picture.left_out)
        of_kind = {item.id for item in briefing.items if item.id[0] in letters[picture.name]}
        assert of_kind <= {*ids, *picture.left_out}
        assert all(len(row) == len(picture.heads) for row in picture.rows)
        assert picture.left_out
        assert str(len(picture.left_out)) in picture.description
        assert str(len(picture.left_out)) in picture.svg().partition("</desc>")[2]


def test_a_year_keeps_what_moved_most() -> None:
    """Of a long ledger the rows that moved most are kept, and the others counted."""
    whole = ledger(7, things=200)
    picture = movement(whole)
    assert picture
    assert len(picture.rows) == 40
    assert sorted(links(picture)) == sorted(row[0] for row in picture.rows)
    kept = {row[0]: row[3].count(";") for row in picture.rows if row[0][0] == "D"}
    lost = [len(record.steps) - 1 for record in whole.demands if record.id in picture.left_out]
    assert min(kept.values()) >= max(lost)
    assert f"{len(picture.left_out)} more are not" in picture.description


@pytest.mark.parametrize("name", NAMES)
def test_the_same_briefing_makes_the_same_bytes(name: str) -> None:
    """No clock, no chance and no order of sets has a part in a picture."""
    briefing = replayed(DAYS[0])
    copy = Briefing.model_validate_json(briefing.model_dump_json())
    one, other = draw(briefing, name), draw(copy, name)
    assert one
    assert other
    assert (one.standalone(), one.svg("a"), one.printed()) == (other.standalone(), other.svg("a"), other.printed())


def test_a_network_says_who_asks_what_of_whom() -> None:
    """A person's demand is that of whom they belong to in the end; the description counts, and says where it stands."""
    picture = draw(replayed(DAYS[0]), "network")
    assert picture
    assert picture.rows[0] == (
        "D1",
        "Morvane",
        "Kestria",
        "guaranteed flow at Kell Ford",
        "demand",
        "open, precondition",
    )
    assert picture.description.startswith("Morvane demands 2 things of Kestria (2 open); ")
    assert picture.svg().count('class="pic-node"') == 8  # six who ask, two who are asked
    assert 'class="pic-nobody"' not in picture.svg()


def test_demands_and_proposals_differ_without_colour() -> None:
    """A proposal's arrow is dashed and its head hollow; a demand's is neither."""
    look = rules()
    assert "stroke-dasharray" in look["pic-proposal"]
    assert "stroke-dasharray" not in look["pic-demand"]
    assert look["pic-head-proposal"]["fill"] != look["pic-head-demand"]["fill"]


def test_a_month_is_as_wide_as_it_is() -> None:
    """A date of which only the month is known is a bar from its first day to its last; long gaps are drawn short."""
    axis = make_axis([(date(2031, 5, 1), date(2031, 5, 31)), (date(1999, 1, 1), date(1999, 1, 1))], 0, 400)
    assert [gap.short for gap in axis.stretches] == [False, True, False]
    assert axis.breaks[0].start == date(1999, 1, 2)
    a_day = axis.at(date(2031, 5, 2)) - axis.at(date(2031, 5, 1))
    assert axis.at(date(2031, 6, 1)) - axis.at(date(2031, 5, 1)) == pytest.approx(31 * a_day)


@pytest.mark.parametrize("year", ["0000", "0001", "9998", "9999", "0000-05", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_fault(year: str) -> None:
    """A year that nothing can be counted from is a thing without a known date."""
    briefing = big(1, items=4)
    event = briefing.events[0].model_copy(update={"when": When(date=year)})
    picture = draw(briefing.model_copy(update={"events": (event, *briefing.events[1:])}), "timeline")
    assert picture
    check_layout(picture)


def test_what_has_nothing_to_show_is_none() -> None:
    """There is no picture of nothing; a file says so in words."""
    empty = big(1, items=0)
    for name in NAMES:
        assert draw(empty, name) is None
        svg = render_picture(empty, name)
        assert len(list(texts(svg))) == 1
    nothing = Ledger(since=DAY, until=DAY, demands=(), proposals=(), venues=(), claims=())
    assert movement(nothing) is None
    assert "There is nothing in these days." in render_movement(nothing)


DAY = date(2031, 5, 12)


def test_one_story_can_be_drawn_alone() -> None:
    """Of a day of many stories each has pictures of its own items only."""
    briefing = replayed("2031-06-03")
    for story in briefing.stories:
        for name in NAMES:
            if picture := draw(briefing, name, story):
                assert {row[0] for row in picture.rows} <= set(story.items)


# ---------------------------------------------------------------------------- the forms


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    """Markup, control characters, other directions, endless words and none at all make well-formed pictures."""
    pictures = made(3, parties=6, items=12, names=(text, "Norland"))
    moved = movement(ledger(3, things=6, days=9, names=(text or "x", "Norland")))
    for picture in (*pictures, *([moved] if moved else [])):
        check_layout(picture)
        check_forms(picture)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=60), st.integers(0, 9))
def test_any_words_make_well_formed_pictures(text: str, seed: int) -> None:
    """Whatever Unicode has."""
    for picture in made(seed, parties=4, items=6, names=(text, "Norland")):
        check_layout(picture)
        check_forms(picture)


def check_forms(picture: Picture) -> None:
    """Every form is well-formed, of known elements and attributes only, and the page's has no style and no script."""
    tags = {"svg", "title", "desc", "g", "a", "rect", "circle", "path", "text"}
    for form, more in ((picture.svg("p"), set()), (picture.printed(), set()), (picture.standalone(), {"style"})):
        root = ET.fromstring(form.encode())
        assert {element.tag.removeprefix(NS) for element in root.iter()} <= tags | more
        assert not [
            name for element in root.iter() for name in element.attrib if name.startswith("on") or name == "style"
        ]
    for form in (picture.printed(), picture.standalone()):
        assert not any("href" in element.attrib for element in ET.fromstring(form.encode()).iter())
    assert "var(" not in picture.printed() + picture.standalone()


def test_the_form_for_pages_has_classes_only(briefing: Briefing) -> None:
    """Its classes are those of the rules, its ids begin with the prefix, and it names and describes itself."""
    for name in NAMES:
        picture = draw(briefing, name)
        assert picture
        check_forms(picture)
        root = ET.fromstring(picture.svg("s1-").encode())
        assert root.get("aria-labelledby") == f"s1-{name}-title s1-{name}-description"
        assert (root[0].text, root[1].text) == (picture.title, picture.description)
        assert all(id.startswith("s1-") for id in re.findall(r' id="([^"]+)"', picture.svg("s1-")))
        used = {each for element in root.iter() for each in element.get("class", "").split()}
        assert used <= set(rules())
        assert "fill=" not in picture.svg()


def test_links_are_told_and_the_rest_is_not() -> None:
    """With links a picture is a group in which only they are told; without, an image."""
    picture = draw(replayed(DAYS[0]), "network")
    assert picture
    root = ET.fromstring(picture.svg().encode())
    assert root.get("role") == "group"
    assert all(child.tag == f"{NS}a" or child.get("aria-hidden") == "true" for child in root[2:])
    first = next(root.iter(f"{NS}a"))
    assert first[0].text == "D1, demand: Morvane → Kestria: guaranteed flow at Kell Ford (open, precondition)"
    assert 'role="img"' in picture.svg(links=False)
    assert "<a " not in picture.svg(links=False)


def contrast(one: str, other: str) -> float:
    """As WCAG 2 reckons it."""

    def light(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read(colours: dict[str, str]) -> None:
    """All words have a contrast of 4.5 to 1 with what they stand on, letters with their signs, signs 3 to 1."""
    for word in ("ink", "soft", "accent"):
        for ground in ("paper", "fill"):
            assert contrast(colours[word], colours[ground]) >= 4.5
    assert contrast(colours["ink"], colours["mark"]) >= 4.5
    for sign in ("ink", "soft", "accent", "good", "bad", "warn"):
        assert contrast(colours["paper"], colours[sign]) >= 4.5


def test_colours_are_the_pages_own() -> None:
    """The rules name no colour but by a variable that is known, in light and dark."""
    assert not re.search(r"#[0-9a-f]{3}", css())
    assert set(re.findall(r"var\(--(\w+)\)", css())) <= LIGHT.keys() == DARK.keys()
    svg = render_picture(replayed(DAYS[0]), "network")
    assert "prefers-color-scheme: dark" in svg
    assert LIGHT["accent"] in svg.partition("@media")[0]
    assert DARK["accent"] in svg.partition("@media")[2]


def test_widths_are_no_less_than_those_of_a_wide_font() -> None:
    """What words are taken to need is at least what DejaVu Sans gives them, in thousandths of the font size."""
    dejavu = {
        "a": 613,
        "i": 278,
        "m": 974,
        "w": 818,
        "M": 863,
        "W": 989,
        "O": 787,
        "1": 636,
        " ": 318,
        "…": 1000,
        "é": 615,
    }
    assert all(width(character, 1000) >= wide for character, wide in dejavu.items())
    assert width(shorten("W" * 400, 100)) <= 100


# ------------------------------------------------------------------------ how it is asked


Capture = pytest.CaptureFixture[str]


def test_brief_draws(capsys: Capture, tmp_path: Path) -> None:
    """`summarizer brief --format svg` draws the picture that is asked for; a file's ending is enough."""
    words = ["brief", str(ROOT / "examples" / DAYS[0]), "--replay", str(ROOT / "cassettes" / DAYS[0]), "--quiet"]
    assert main([*words, "--format", "svg", "--picture", "ladder"]) == 0
    assert capsys.readouterr().out == render_picture(replayed(DAYS[0]), "ladder")
    assert main([*words, "-o", str(tmp_path / "day.svg")]) == 0
    assert (tmp_path / "day.svg").read_text(encoding="utf-8") == render_picture(replayed(DAYS[0]), "network")
    assert main([*words, "--picture", "ladder"]) == 2
    assert "--picture ladder: md has no pictures; give --format svg" in capsys.readouterr().err


def test_the_archive_draws(capsys: Capture, two_days: str) -> None:
    """`show` draws a day, `ledger` how things moved; a thing over all days is no picture."""
    assert main(["show", DAYS[0], "--archive", two_days, "--format", "svg", "--picture", "timeline"]) == 0
    with Archive(two_days) as archive:
        assert capsys.readouterr().out == render_picture(archive.briefing(date.fromisoformat(DAYS[0])), "timeline")
        assert main(["ledger", "--archive", two_days, "--format", "svg"]) == 0
        assert capsys.readouterr().out == render_movement(archive.ledger())
    assert main(["show", "D4", "--archive", two_days, "--format", "svg"]) == 2
    assert "no format 'svg'" in capsys.readouterr().err


def test_movement_says_what_moved(two_days: str) -> None:
    """The ledger's steps are the picture's: softened, met, rejected, and a meeting that became likelier."""
    with Archive(two_days) as archive:
        picture = movement(archive.ledger())
    assert picture
    told = {row[0]: row[3] for row in picture.rows}
    assert told["D1"] == "12 May 2031 new; 13 May 2031 softened"
    assert told["D5"].endswith("13 May 2031 met")
    assert told["V2"] == "12 May 2031 possible; 13 May 2031 planned"


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive of the two example days of one dispute."""
    return archived(tmp_path_factory.mktemp("days"))


def archived(folder: Path) -> str:
    place = str(folder / "archive.sqlite3")
    for day in DAYS:
        brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day, archive=place))
    return place


def test_wrong_names_are_named() -> None:
    """A picture that nobody draws, and an answer that is no picture, are named with what there is."""
    with pytest.raises(UnknownPicture, match="no picture 'map'; there are: network, timeline, ladder"):
        render_as(replayed(DAYS[0]), "svg", picture="map")
    with pytest.raises(UnknownFormat):
        render_answer((), "svg")


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('format = "svg"\npicture = "map"', "there is no picture 'map'; there are: network, timeline, ladder"),
        ('format = "md"\npicture = "ladder"', "md has no pictures; only svg has"),
    ],
)
def test_a_desks_file_names_pictures(lines: str, complaint: str, tmp_path: Path) -> None:
    """An output of a desk may be a picture, and a mistake in it is named."""
    config = tmp_path / "summarizer.toml"
    config.write_text(
        'folders = ["a"]\n[[deliveries]]\nto = "folder"\npath = "a.svg"\nformat = "svg"\npicture = "ladder"\n'
    )
    (folder,) = load_plan(config).deliveries
    assert isinstance(folder, Folder)
    assert folder.picture == "ladder"
    config.write_text(f'folders = ["a"]\n[[deliveries]]\nto = "folder"\npath = "a.svg"\n{lines}\n')
    with pytest.raises(InvalidPlan, match=re.escape(complaint)):
        load_plan(config)


# ------------------------------------------------------------------------------ the docs


def of_docs(place: str) -> dict[str, Callable[[], str]]:
    """How each picture in the docs is drawn."""

    def moved() -> str:
        with Archive(place) as archive:
            return render_movement(archive.ledger())

    drawn = {f"{name}.svg": lambda name=name: render_picture(replayed(DAYS[0]), name) for name in PICTURES}
    return {**drawn, "movement.svg": moved}


@pytest.mark.parametrize("file", SHOWN)
def test_the_docs_pictures_are_current(file: str, two_days: str) -> None:
    """The pictures in the docs are those that the program draws; `make examples` draws them anew."""
    assert (DOCS / file).read_text(encoding="utf-8") == of_docs(two_days)[file]()


def write() -> None:
    """Draw them."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for file, drawn in of_docs(archived(Path(folder))).items():
            (DOCS / file).write_text(drawn(), encoding="utf-8")


if __name__ == "__main__":
    write()
