"""A reading: an article with the notes that were taken of it, and the way back to its characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.answers import ActorNote, ArticleNotes, Noted
from summarizer.errors import UnknownSentence
from summarizer.models import Alias, Article, Evidence
from summarizer.text import Sentence, occurrences, runs


@dataclass(frozen=True)
class Reading:
    """An article with the notes a model took of it."""

    article: Article
    sentences: tuple[Sentence, ...]
    notes: ArticleNotes

    @cached_property
    def actors(self) -> dict[str, ActorNote]:
        """The article's own actors, by the id that its notes use."""
        return {actor.id: actor for actor in self.notes.actors}

    @cached_property
    def acting(self) -> frozenset[str]:
        """Ids of the actors that a note names, and of those whom they belong to."""
        ids = {ref for _, _, refs in all_notes(self.notes) for ref in refs}
        for _ in self.actors:  # an affiliation may itself have one
            ids |= {owner for id in ids if (owner := self.actors[id].affiliation)}
        return frozenset(ids)

    def evidence(self, cites: Iterable[int]) -> tuple[Evidence, ...]:
        """Turn sentence numbers into quotations, one for each run of consecutive sentences.

        Raises:
            UnknownSentence: if a number is not in the article.
        """
        return tuple(quote(self.article, self.sentences, run) for run in runs(cites))

    def aliases(self, actor: ActorNote) -> tuple[Alias, ...]:
        """Every spelling of an actor that stands in the story, with the first place where it does."""
        found, skipped = {}, set(self.notes.boilerplate)
        for name in dict.fromkeys((actor.name, *actor.spellings)):
            places = mentions(name, self.article, self.sentences)
            if place := next((place for place in places if place.sentences[0] not in skipped), None):
                found[name] = Alias(name=name, evidence=(place,))
        return tuple(found.values())


def mentions(name: str, article: Article, cut: Sequence[Sentence]) -> Iterator[Evidence]:
    """Everywhere that a name stands within one sentence, quoted as just the name."""
    starts = [sentence.start for sentence in cut]
    for start, end in occurrences(name, article.text):
        sentence = cut[max(0, bisect_right(starts, start) - 1)]
        if sentence.start <= start and end <= sentence.end:
            found = article.text[start:end]
            yield Evidence(article=article.id, sentences=(sentence.number,), start=start, end=end, quote=found)


def quote(article: Article, cut: Sequence[Sentence], numbers: Sequence[int]) -> Evidence:
    """The evidence that consecutive sentences of an article are.

    Raises:
        UnknownSentence: if a number is not in the article.
    """
    for number in numbers:
        if not 1 <= number <= len(cut):
            raise UnknownSentence(number, article.name, len(cut))
    start, end = cut[numbers[0] - 1].start, cut[numbers[-1] - 1].end
    return Evidence(article=article.id, sentences=tuple(numbers), start=start, end=end, quote=article.text[start:end])


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
