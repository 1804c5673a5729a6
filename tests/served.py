"""Archives to serve in tests, the site over them, and pages taken apart."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from lxml import html
from starlette.testclient import TestClient

from summarizer.archive import Archive, Readers
from summarizer.models import (
    Actor,
    ActorKind,
    Alias,
    Article,
    Briefing,
    Change,
    ChangeKind,
    Claim,
    ClaimStatus,
    ClaimVariant,
    Demand,
    DemandStatus,
    DemandVariant,
    Evidence,
    Line,
    Origin,
    Problem,
    Provenance,
    SideStory,
    Source,
    Stance,
    Story,
    Strength,
    Venue,
    VenueStatus,
    VenueVariant,
    When,
)
from summarizer.serve import Access, build_site
from tests.archived import make_briefing
from tests.chronicle import FIRST, Chronicle

TOPIC = "canal & <locks>"
DAYS = 4
LAST = date(FIRST.year, FIRST.month, FIRST.day + DAYS - 1)


def fill(place: str) -> None:
    """Four small days that go on from each other, and on the last one also a briefing on a topic."""
    chronicle = Chronicle(scale=0.06, words=400)
    with Archive(place) as archive:
        for made in chronicle.days(DAYS):
            chronicle.learn(made, archive.put(made.briefing, made.same).briefing)
        archive.put(make_briefing(LAST, topic=TOPIC))


@contextmanager
def site_over(place: str, access: Access | None = None) -> Iterator[TestClient]:
    """A browser of a site over an archive, by a loopback name; it doesn't follow redirects."""
    with (
        Archive(place, readers=Readers(at_once=4)) as archive,
        TestClient(
            build_site(archive, access),
            base_url="http://localhost:8765",
            raise_server_exceptions=False,
            follow_redirects=False,
        ) as client,
    ):
        yield client


@contextmanager
def started(*words: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """The command, once it says where it is: its process, its address, what it said."""
    command = [sys.executable, "-m", "summarizer", "serve", "--port", "0", *words]
    bare = {name: said for name, said in os.environ.items() if not name.startswith("SUMMARIZER_")}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=bare | env)
    said: list[str] = []
    try:
        assert process.stderr
        for line in process.stderr:
            said.append(line)
            found = re.search(r"the archive is at (http://\S+) ", line)
            if found:
                yield process, found[1], said
                break
        else:
            raise AssertionError("".join(said))
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def parsed(text: str) -> Any:
    """A page as a tree."""
    return html.fromstring(text)


def marks(text: str) -> set[tuple[str, str]]:
    """Every kind of element of a page with every attribute that it has anywhere."""
    elements = [each for each in parsed(text).iter() if isinstance(each.tag, str)]
    return {(each.tag, name) for each in elements for name in ("", *each.attrib)}


# ------------------------------------------------------------------------------- hostile days

TRICKS = (
    "<script>alert(1)</script><x-evil x-evil=1>",
    "\"><img src=x onerror=alert(1) x-evil='1'>",
    "' x-evil=1 autofocus onfocus=alert(1) '",
    "</title></textarea></style></script><x-evil>",
    "{{ 7*7 }}{% for x in y %} &lt;x-evil&gt; &#60;x-evil&#62;",
    "]]><x-evil/><!-- <x-evil> -->",
    "\u202edesrever\u202c \u2066isolated\u2069 \x1b[31mred \x00 \u2028 \ufffe",
    "javascript:alert(1)",
)
URLS = (
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.invalid/x",
    "https://user:word@evil.invalid/",
    'https://evil.invalid/" onclick="alert(1)" x-evil="1',
    "https://evil.invalid/<x-evil>",
    "https://evil.invalid/?a=1&lt;x-evil&gt;",
)
HARMLESS = tuple(f"alert number {n}" for n in range(len(TRICKS)))


def hostile_briefing(day: date, tricks: tuple[str, ...] = TRICKS, urls: tuple[str, ...] = URLS) -> Briefing:
    """A briefing in which every text is a trick, and every address leads astray; or a harmless one built like it."""
    said = " ".join(tricks)
    articles = [
        Article.of(f"{trick} {said}", name=f"{n}{trick}", publisher=trick, title=trick, author=trick, url=url)
        for n, (trick, url) in enumerate(zip((*tricks, *tricks), urls, strict=False))
    ]
    evidence = tuple(
        Evidence(article=each.id, sentences=(1,), start=0, end=len(each.text), quote=each.text) for each in articles
    )
    shared = {"article": articles[0].id, "origin": "O1", "what": said, "evidence": evidence}
    told = tuple(Line(text=f"{trick} {said}", cites=("D1",)) for trick in tricks)
    names = {f"A{n}": f"{trick} {said}" for n, trick in enumerate(tricks, 1)}
    return Briefing(
        date=day,
        topic=said.replace("\x00", ""),
        stories=(
            Story(
                id="S1",
                title=said,
                articles=tuple(each.id for each in articles),
                headline=told[0],
                bottom_line=told,
                open_questions=told,
                items=("D1", "V1", "C1"),
            ),
        ),
        side_stories=(SideStory(id="S2", title=said, articles=(articles[0].id,), why="small"),),
        actors=tuple(
            Actor(
                id=id,
                name=name,
                aliases=(Alias(name=name, evidence=evidence[:1]), Alias(name=said, evidence=evidence[:1])),
                kind=ActorKind.STATE,
                office=said,
                affiliation="A1" if id != "A1" else None,
            )
            for id, name in names.items()
        ),
        demands=(
            Demand(
                id="D1",
                what=said,
                by=tuple(names),
                of=tuple(names),
                issue=said,
                strength=Strength.CALL,
                conditions=(said,),
                status=DemandStatus.OPEN,
                variants=(
                    DemandVariant(id="D1.1", strength=Strength.CALL, status=DemandStatus.OPEN, **shared),
                    DemandVariant(id="D1.2", strength=Strength.DEMAND, status=DemandStatus.MET, **shared),
                ),
            ),
        ),
        venues=(
            Venue(
                id="V1",
                what=said,
                kind=said,
                place=said,
                participants=("A1", "A2"),
                when=When(words=said),
                status=VenueStatus.POSSIBLE,
                variants=(
                    VenueVariant(id="V1.1", place=said, when=When(words=said), status=VenueStatus.POSSIBLE, **shared),
                ),
            ),
        ),
        claims=(
            Claim(
                id="C1",
                what=said,
                asserted_by=("A1",),
                status=ClaimStatus.ASSERTED,
                variants=(ClaimVariant(id="C1.1", stance=Stance.ASSERTS, actors=("A1",), **shared),),
            ),
        ),
        compared_with=date.fromordinal(day.toordinal() - 1),
        changes=(
            Change(
                id="N1",
                item="D1",
                kind=ChangeKind.HARDENED,
                what=said,
                since=date.fromordinal(day.toordinal() - 1),
                before=said,
                after=said,
                evidence_before=evidence[:2],
                evidence_after=evidence[2:4],
            ),
        ),
        sources=tuple(Source.model_validate(each.as_source().model_dump()) for each in articles),
        origins=(Origin(id="O1", name=said, kind="outlet", articles=tuple(each.id for each in articles)),),
        problems=(Problem(stage="extract", article=said, reason=said, cost=said),),
        provenance=Provenance(program=said, schema_version="2", model=said, answered_by=(said,)),
    )
