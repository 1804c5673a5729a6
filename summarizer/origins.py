"""Origins: how many independent sources stand behind what several outlets carry.

Two signs are used: texts that are nearly the same, and an article's own word for where it
has a thing from ("told …"). No model is asked. Origins are of one story: an outlet that has
an agency's report of it may well have one of its own on another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from summarizer.answers import Noted
from summarizer.models import ActorKind, Origin, Source
from summarizer.names import fold_name
from summarizer.reading import Reading, ReadStory

NAMED = 3
"""Outlets that an origin is called after; a day's agency copy may have run in fifty."""
OUTLET = "(state )?((news|press|wire) )?(agency|service|newspaper|broadcaster)"
WHAT_IT_IS = re.compile(f"^(the )?{OUTLET} | {OUTLET}$", re.IGNORECASE)
"""What an outlet is, said before or behind its name. Left out where the rest is an outlet of the story by itself: "the
Norland state broadcaster" is not "the Norland news agency", and "the newspaper" nobody in particular."""


@dataclass(frozen=True)
class Origins:
    """All origins of a day, and which of them each note comes from."""

    origins: tuple[Origin, ...]
    _by_article: dict[str, str]
    _by_name: dict[str, dict[str, str]]
    """By article and folded name; all articles of a story share what is by name."""

    def of(self, article: str, via: str | None) -> str:
        """Id of the origin of a note: the outlet it is credited to, else that of the article of this id."""
        return self._by_name[article][_key(via)] if via else self._by_article[article]


@dataclass
class _Draft:
    id: str
    name: str
    kind: Literal["outlet", "copies", "attributed"]
    articles: list[str] = field(default_factory=list)


def trace_origins(stories: Sequence[ReadStory]) -> Origins:
    """Work out the independent origins of each story."""
    drafts: dict[str, _Draft] = {}
    by_article: dict[str, str] = {}
    by_name: dict[str, dict[str, str]] = {}

    def new(name: str, kind: Literal["outlet", "copies", "attributed"]) -> _Draft:
        id = f"O{len(drafts) + 1}"
        return drafts.setdefault(id, _Draft(id, name, kind))

    for story in stories:
        names: dict[str, str] = {}
        for members in _by_outlet([bundle.sources for bundle in story.bundles]):
            outlets = list(dict.fromkeys(source.outlet for source in members))
            more = f" and {len(outlets) - NAMED} more" if len(outlets) > NAMED else ""
            draft = new(" = ".join(outlets[:NAMED]) + more, "copies" if len(outlets) > 1 else "outlet")
            for source in members:
                draft.articles.append(source.id)
                by_article[source.id], by_name[source.id] = draft.id, names
                if source.publisher:
                    names.setdefault(_key(source.publisher), draft.id)
        credited = [(reading, via) for reading in story.readings for via in _credits(reading)]
        plain = {*names, *(_key(via) for _, via in credited)}
        for reading, via in credited:
            bare = _key(WHAT_IT_IS.sub("", via))
            key = bare if bare in plain else _key(via)
            id = names[key] if key in names else new(via, "attributed").id
            names[key] = names[_key(via)] = id
            if reading.source.id not in drafts[id].articles:
                drafts[id].articles.append(reading.source.id)
    return Origins(tuple(Origin.model_validate(vars(draft)) for draft in drafts.values()), by_article, by_name)


def _by_outlet(groups: Sequence[Sequence[Source]]) -> list[list[Source]]:
    """Groups that one publisher has to itself are one: an outlet is no witness to itself.

    Copies that several outlets carry are nobody's own; as a rule an agency's. They stay apart from what else these
    outlets have.
    """
    joined: list[list[Source]] = []
    own: dict[str, list[Source]] = {}
    for group in groups:
        publishers = {source.publisher for source in group}
        name = next(iter(publishers)) if len(publishers) == 1 else None
        if name in own:
            own[name].extend(group)
            continue
        joined.append(list(group))
        if name:
            own[name] = joined[-1]
    return joined


def _credits(reading: Reading) -> list[str]:
    """All outlets that an article says it has something from."""
    notes = reading.notes
    listed: list[Noted] = [*notes.demands, *notes.proposals, *notes.venues, *notes.claims, *notes.events]
    return list(dict.fromkeys(note.via for note in listed if note.via))


def _key(name: str | None) -> str:
    """Under which an outlet's names meet."""
    return fold_name(name or "", ActorKind.MEDIA)
