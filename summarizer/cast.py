"""The cast: who acts on a day, and whom each article's own actors are.

Names that can only be one are joined here; then the model is asked about the groups that
remain. It answers with ids, so it can't alter a name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from summarizer.answers import ActorNote, SameActors
from summarizer.batches import check_ids, in_rounds, weigh
from summarizer.desk import Desk
from summarizer.models import Actor, ActorKind, Alias, Evidence
from summarizer.names import Named, fold_name, group_names
from summarizer.reading import Reading, number_articles
from summarizer.spelling import N, Speller, respellings
from summarizer.text import cell, flatten

MOST_AT_ONCE = 150
"""Entries in one question. Tried up to 70 on the example and the real articles."""

MOST_NUMBERS = 12
"""Articles that an entry is said to be in: who is in so many is in the news, and the rest tells nothing more."""

Mention = tuple[Reading, ActorNote]
"""An actor as one article has it."""


def surely_one(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Mentions whose names can only be one actor, before the model is asked."""
    named = [Named(reading.source.id, actor.name, actor.spellings, actor.kind) for reading, actor in mentions]
    return [[mentions[i] for i in group] for group in group_names(named)]


def acts(mention: Mention) -> bool:
    """Whether an article's actor does anything in its notes, or somebody who does belongs to it."""
    reading, actor = mention
    return actor.id in reading.acting or actor.kind is ActorKind.MEDIA


async def merge_actors(groups: list[list[Mention]], readings: Sequence[Reading], desk: Desk) -> list[list[Mention]]:
    """Ask which groups of mentions are one actor; the one whose name is right comes first.

    Raises:
        ModelError: if no valid answer could be had.
    """
    if len(groups) < 2 or (len(readings) < 2 and all(reading.parts == 1 for reading in readings)):
        return groups
    numbers = number_articles(readings)
    return await in_rounds(
        groups,
        lambda some: _merge_at_once(some, numbers, desk),
        lambda group: weigh(_describe_mentions("g", group, numbers)),
        lambda group: fold_name(group[0][1].name, group[0][1].kind),
        most=MOST_AT_ONCE,
        room=desk.door.room(desk.prompts["actors"], SameActors),
    )


async def _merge_at_once(groups: list[list[Mention]], numbers: Mapping[str, int], desk: Desk) -> list[list[Mention]]:
    labelled = {f"g{i}": list(group) for i, group in enumerate(groups, 1)}

    def check(answer: SameActors) -> Iterator[str]:
        yield from check_ids((same.ids for same in answer.same), labelled, "entry", "group")
        yield from (
            f"{same.name} is not among {', '.join(same.ids)}" for same in answer.same if same.name not in same.ids
        )

    message = desk.prompts["actors"].render(
        entries=[_describe_mentions(id, group, numbers) for id, group in labelled.items()]
    )
    answer = await desk.door.ask(message, SameActors, check=check)
    for same in answer.same:
        first = labelled[same.name]
        first.extend(mention for id in same.ids if id != same.name for mention in labelled.pop(id))
    return list(labelled.values())


def _describe_mentions(id: str, group: Sequence[Mention], numbers: Mapping[str, int]) -> dict[str, Any]:
    """What the model is told of a group of mentions."""
    first = group[0][1]
    forms = dict.fromkeys(form for _, actor in group for form in (actor.name, *actor.spellings))
    offices = dict.fromkeys(actor.office for _, actor in group if actor.office)
    belongs = dict.fromkeys(r.actors[actor.affiliation].name for r, actor in group if actor.affiliation in r.actors)
    articles = sorted({numbers[reading.source.id] for reading, _ in group})
    return {
        "id": id,
        "kind": first.kind.value,
        "names": [cell(form) for form in forms],
        "offices": [cell(office) for office in offices],
        "affiliations": [cell(name) for name in belongs],
        "articles": [*articles[:MOST_NUMBERS], *(["…"] if len(articles) > MOST_NUMBERS else [])],
        "translated": all(reading.source.translated for reading, _ in group),
    }


class Cast:
    """The day's actors, and whom each article's own actor ids mean."""

    def __init__(self, groups: Sequence[Sequence[Mention]]) -> None:
        ordered = sorted(groups, key=lambda group: -len({reading.source.id for reading, _ in group}))
        self._ids = {
            (reading.source.id, actor.id): f"A{number}"
            for number, group in enumerate(ordered, 1)
            for reading, actor in group
        }
        self.actors = tuple(self._actor(f"A{number}", group) for number, group in enumerate(ordered, 1))
        self._names = {actor.id: actor.name for actor in self.actors}
        self._spellers = self._make_spellers(ordered)

    def ids(self, article: str, refs: Iterable[str]) -> tuple[str, ...]:
        """The day's ids for an article's own."""
        return tuple(dict.fromkeys(self._ids[article, ref] for ref in refs))

    def names(self, article: str, refs: Iterable[str]) -> str:
        """The day's names for an article's own ids, for the model to read."""
        return ", ".join(cell(self._names[id]) for id in self.ids(article, refs)) or "—"

    def respelt(self, article: str, note: N) -> N:
        """An article's note with people's names as the day has them."""
        speller = self._spellers.get(article)
        return speller.note(note) if speller else note

    def _make_spellers(self, groups: Sequence[Sequence[Mention]]) -> dict[str, Speller]:
        """By article, what writes people's names as this day has them, where the article has others."""
        people: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        others: defaultdict[str, list[str]] = defaultdict(list)
        for actor, group in zip(self.actors, groups, strict=True):
            for reading, note in group:
                if actor.kind is ActorKind.PERSON:
                    people[reading.source.id].append(((note.name, *note.spellings), actor.name))
                else:
                    others[reading.source.id].append(note.name)
        found = {article: respellings(named, others[article]) for article, named in people.items()}
        return {article: Speller(words) for article, words in found.items() if words}

    def _actor(self, id: str, group: Sequence[Mention]) -> Actor:
        # The first mention's name is the one that the model chose, or the only one there is.
        clean = [mention for mention in group if not mention[0].source.translated] or list(group)
        first = group[0] if group[0] in clean else clean[0]
        office = next(((r, a.office) for r, a in reversed(_dated_last(clean)) if a.office), None)
        owners = (self._ids.get((reading.source.id, actor.affiliation or "")) for reading, actor in clean)
        affiliations = Counter(owner for owner in owners if owner)
        affiliations.pop(id, None)
        return Actor(
            id=id,
            name=flatten(_fullest_name(first[1], clean)),
            aliases=tuple(_merge_aliases(alias for reading, actor in group for alias in reading.aliases(actor))),
            kind=first[1].kind,
            office=office[1] if office else None,
            office_as_of=office[0].source.published if office else None,
            country=next((actor.country for _, actor in clean if actor.country), None),
            affiliation=affiliations.most_common(1)[0][0] if affiliations else None,
        )


def _fullest_name(first: ActorNote, mentions: Sequence[Mention]) -> str:
    """The longest of the clean names that hold all words of the first one."""
    words = set(fold_name(first.name, first.kind).split())
    names = [actor.name for _, actor in mentions if words <= set(fold_name(actor.name, actor.kind).split())]
    return max((first.name, *names), key=lambda name: len(name.split()))


def _dated_last(mentions: Sequence[Mention]) -> list[Mention]:
    """Undated articles first, then by date: the last is the newest that is known."""
    undated = [m for m in mentions if m[0].source.published is None]
    dated = [m for m in mentions if m[0].source.published is not None]
    return [*undated, *sorted(dated, key=lambda m: str(m[0].source.published))]


def _merge_aliases(aliases: Iterable[Alias]) -> Iterator[Alias]:
    """One alias a spelling, with the evidence of every article that has it."""
    found: dict[str, list[Evidence]] = {}
    for alias in aliases:
        found.setdefault(alias.name, []).extend(alias.evidence)
    return (Alias(name=name, evidence=tuple(evidence)) for name, evidence in found.items())
