"""Small briefings, made up for tests of the archive: a quarrel over a canal, from day to day."""

from __future__ import annotations

from datetime import date
from typing import Any

from summarizer.archive import Archive
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
    Origin,
    Provenance,
    Source,
    Stance,
    Story,
    Strength,
    Venue,
    VenueStatus,
    VenueVariant,
    When,
)

MONDAY, TUESDAY, WEDNESDAY = (date(2031, 9, day) for day in (1, 2, 3))

TEXT = (
    "Norland demands that Sudland reopen the canal. Anna Varga said so in Port Ambry. "
    "A meeting in Ambry is possible. Sudland, Norland says, promised a lock."
)
SENTENCES = ((0, 46), (47, 80), (81, 112), (113, 152))


def make_article(day: date) -> Article:
    """The article that a day's briefing is made of."""
    return Article.of(TEXT, name=f"{day}.txt", publisher="Harbour News", published=day)


def quoted(article: Article, number: int) -> Evidence:
    """A sentence of `TEXT` as evidence."""
    start, end = SENTENCES[number - 1]
    return Evidence(article=article.id, sentences=(number,), start=start, end=end, quote=article.text[start:end])


def make_briefing(
    day: date,
    *,
    topic: str | None = None,
    person: str = "Anna Varga",
    status: DemandStatus = DemandStatus.OPEN,
    meeting: VenueStatus = VenueStatus.POSSIBLE,
    **changes: Any,
) -> Briefing:
    """A briefing of one article: a demand, a venue and a claim, with the day's own ids."""
    article = make_article(day)
    source = Source.model_validate(article.as_source().model_dump())
    shared = {"article": article.id, "origin": "O1"}
    demand = "Norland demands that Sudland reopen the canal."
    return Briefing(
        **{
            "date": day,
            "topic": topic,
            "stories": (Story(id="S1", title="The canal", articles=(article.id,), items=("D1", "V1", "C1")),),
            "actors": (
                _actor("A1", "Norland", ActorKind.STATE, quoted(article, 1)),
                _actor("A2", "Sudland", ActorKind.STATE, quoted(article, 1)),
                _actor("A3", person, ActorKind.PERSON, quoted(article, 2), "A1"),
            ),
            "demands": (
                Demand(
                    id="D1",
                    what=demand,
                    by=("A1", "A3"),
                    of=("A2",),
                    issue="reopening the canal",
                    strength=Strength.DEMAND,
                    status=status,
                    variants=(
                        DemandVariant(
                            id="D1.1",
                            what=demand,
                            strength=Strength.DEMAND,
                            status=status,
                            evidence=(quoted(article, 1),),
                            **shared,
                        ),
                    ),
                ),
            ),
            "venues": (
                Venue(
                    id="V1",
                    what="A meeting in Ambry is possible.",
                    kind="meeting",
                    place="Ambry",
                    participants=("A1", "A2"),
                    when=When(words="in June", date="2031-06"),
                    status=meeting,
                    variants=(
                        VenueVariant(
                            id="V1.1",
                            what="A meeting in Ambry is possible.",
                            place="Ambry",
                            when=When(words="in June", date="2031-06"),
                            status=meeting,
                            evidence=(quoted(article, 3),),
                            **shared,
                        ),
                    ),
                ),
            ),
            "claims": (
                Claim(
                    id="C1",
                    what="Sudland promised Norland a lock.",
                    asserted_by=("A1",),
                    status=ClaimStatus.ASSERTED,
                    variants=(
                        ClaimVariant(
                            id="C1.1",
                            what="Sudland promised Norland a lock.",
                            stance=Stance.ASSERTS,
                            actors=("A1",),
                            evidence=(quoted(article, 4),),
                            **shared,
                        ),
                    ),
                ),
            ),
            "sources": (source,),
            "origins": (Origin(id="O1", name="Harbour News", kind="outlet", articles=(article.id,)),),
            "provenance": Provenance(program="summarizer 0", schema_version="2", model="test/model"),
            **changes,
        }
    )


def _actor(id: str, name: str, kind: ActorKind, evidence: Evidence, affiliation: str | None = None) -> Actor:
    return Actor(
        id=id, name=name, aliases=(Alias(name=name, evidence=(evidence,)),), kind=kind, affiliation=affiliation
    )


def dumped(archive: Archive) -> str:
    """All of an archive as lines."""
    lines: list[str] = []
    archive.dump(lines.append)
    return "".join(lines)


SAME = {id: id for id in ("A1", "A2", "A3", "D1", "V1", "C1")}
"""On another day all of it goes on."""

CANAL = ("reopening the canal", "Norland demands that Sudland reopen the canal.")
TOLLS = ("paying tolls", "Norland demands that Sudland pay tolls.")


def two_demands(day: date, first: tuple[str, str] = CANAL, second: tuple[str, str] = TOLLS) -> Briefing:
    """A briefing of two demands that stand in one sentence, the weightier first."""
    briefing = make_briefing(day)
    (only,) = briefing.demands
    demands = []
    for id, (issue, what) in (("D1", first), ("D2", second)):
        variant = only.variants[0].model_copy(update={"id": f"{id}.1", "what": what})
        demands.append(only.model_copy(update={"id": id, "issue": issue, "what": what, "variants": (variant,)}))
    story = briefing.stories[0].model_copy(update={"items": ("D1", "D2", "V1", "C1")})
    return Briefing.model_validate({**dict(briefing), "demands": demands, "stories": (story,)})


def silent_day(day: date, item: str, before: Briefing) -> Briefing:
    """A briefing without demands that says of one of another briefing that it is not mentioned."""
    (source,) = before.sources
    silence = Change(
        id="K1",
        item=item,
        kind=ChangeKind.NOT_MENTIONED,
        what="reopening the canal",
        since=before.date,
        before="open, demand",
        evidence_before=before.demands[0].evidence,
    )
    briefing = make_briefing(day, demands=(), stories=())
    earlier = source.model_copy(update={"earlier": True})
    changed = {"compared_with": before.date, "changes": (silence,), "sources": (*briefing.sources, earlier)}
    return Briefing.model_validate({**dict(briefing), **changed})
