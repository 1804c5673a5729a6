"""Small briefings, made up for tests of the archive: a quarrel over a canal, from day to day."""

from __future__ import annotations

from datetime import date
from typing import Any

from summarizer.models import (
    Actor,
    ActorKind,
    Alias,
    Article,
    Briefing,
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
