"""A reading: an article with the notes that were taken of it, and the way back to its characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from summarizer.answers import ActorNote, ArticleNotes, Noted
from summarizer.models import Alias, Evidence, Hazard, Source, Span
from summarizer.passage import Passage
from summarizer.text import apart, flatten, runs

LONGEST_HEADLINE = 100
"""Characters of a line that may be a headline of several sentences."""


@dataclass(frozen=True)
class Reading:
    """An article with the notes a model took of it."""

    passage: Passage
    notes: ArticleNotes
    parts: int = 1
    """In how many it was read; each may have noted the same."""
    copy_of: str | None = None
    """Id of the article that was read in its place; the notes are of what this one adds."""

    @cached_property
    def source(self) -> Source:
        """What was read, with what the notes say of it as a text."""
        notes, passage, article = self.notes, self.passage, self.passage.article
        hazards = {*article.hazards}
        hazards |= {Hazard.MACHINE_TRANSLATION} if notes.machine_translated else set()
        hazards |= {Hazard.TRUNCATED} if notes.truncated and not self.copy_of else set()
        hazards |= {Hazard.MIXED_LANGUAGES} if notes.other_languages else set()
        headline = flatten(self._headline(passage.quote([notes.headline]))) if notes.headline else None
        noted = (passage.quote(run) for run in runs(notes.boilerplate))
        spans = {(place.start, place.end) for place in noted} | {(span.start, span.end) for span in article.boilerplate}
        return article.as_source(
            title=article.title or headline,
            language=article.language or notes.language,
            hazards=tuple(sorted(hazards)),
            boilerplate=tuple(Span(start=start, end=end) for start, end in apart(spans)),
            copy_of=self.copy_of,
        )

    def _headline(self, sentence: Evidence) -> str:
        """The line that a headline's sentence stands in, if it is no longer than headlines are."""
        text = self.passage.article.text
        start = text.rfind("\n", 0, sentence.start) + 1
        end = text.find("\n", sentence.end)
        line = text[start : end if end >= 0 else len(text)]
        return line if len(line) <= LONGEST_HEADLINE else sentence.quote

    @cached_property
    def actors(self) -> dict[str, ActorNote]:
        """The article's own actors, by the id that its notes use."""
        return {actor.id: actor for actor in self.notes.actors}

    @cached_property
    def acting(self) -> frozenset[str]:
        """Ids of the actors that a note names, and of those whom they belong to."""
        ids: set[str] = set()
        named = {ref for _, _, refs in all_notes(self.notes) for ref in refs}
        while named:  # an affiliation may itself have one
            ids |= named
            named = {owner for id in named if (owner := self.actors[id].affiliation)} - ids
        return frozenset(ids)

    def aliases(self, actor: ActorNote) -> tuple[Alias, ...]:
        """Every spelling of an actor that stands in the story, with the first place where it does."""
        found, skipped = {}, set(self.notes.boilerplate)
        for name in dict.fromkeys((actor.name, *actor.spellings)):
            places = self.passage.mentions(name)
            if place := next((place for place in places if place.sentences[0] not in skipped), None):
                found[name] = Alias(name=name, evidence=(place,))
        return tuple(found.values())


@dataclass(frozen=True)
class ReadBundle:
    """What was read of articles that are copies of each other."""

    readings: tuple[Reading, ...]
    """Of the one that was read whole, then of what others add."""
    sources: tuple[Source, ...]
    """All of them, those included that add nothing."""


@dataclass(frozen=True)
class ReadStory:
    """What was read of one story."""

    title: str
    bundles: tuple[ReadBundle, ...]

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """All readings of its articles."""
        return tuple(reading for bundle in self.bundles for reading in bundle.readings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """All its articles, copies included."""
        return tuple(source for bundle in self.bundles for source in bundle.sources)


def number_articles(readings: Iterable[Reading]) -> dict[str, int]:
    """The numbers, from 1, by which a model knows articles; by article id."""
    return {reading.source.id: number for number, reading in enumerate(readings, 1)}


def all_notes(notes: ArticleNotes) -> Iterator[tuple[str, Noted, tuple[str, ...]]]:
    """Every note with a label for messages and the actor ids it names."""
    for i, demand in enumerate(notes.demands):
        yield f"demands[{i}]", demand, (*demand.by, *demand.of)
    for i, proposal in enumerate(notes.proposals):
        yield f"proposals[{i}]", proposal, (*proposal.by, *proposal.to)
    for i, venue in enumerate(notes.venues):
        yield f"venues[{i}]", venue, venue.participants
    for i, claim in enumerate(notes.claims):
        yield f"claims[{i}]", claim, tuple(ref for stance in claim.stances for ref in stance.by)
    for i, event in enumerate(notes.events):
        yield f"events[{i}]", event, event.actors
