"""Origins: how many independent sources stand behind what several outlets carry.

Two signs are used: texts that are nearly the same, and an article's own word for where it
has a thing from ("told …"). No model is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.answers import Noted
from summarizer.copies import copy_groups
from summarizer.models import ActorKind, Origin
from summarizer.names import fold_name
from summarizer.reading import Reading


@dataclass(frozen=True)
class Origins:
    """All origins of a day, and which of them each note comes from."""

    origins: tuple[Origin, ...]
    _by_article: dict[str, str]
    _by_name: dict[str, str]

    def of(self, article: str, via: str | None) -> str:
        """Id of the origin of a note: the outlet it is credited to, else that of the article of this id."""
        return self._by_name[_key(via)] if via else self._by_article[article]


def trace_origins(readings: Sequence[Reading]) -> Origins:
    """Work out the day's independent origins."""
    groups = _by_outlet(copy_groups([_story(reading) for reading in readings]), readings)
    names: dict[str, str] = {}
    by_article: dict[str, str] = {}
    drafts: list[dict[str, object]] = []
    for group in groups:
        members = [readings[i].source for i in group]
        id = f"O{len(drafts) + 1}"
        kind = "copies" if len({source.outlet for source in members}) > 1 else "outlet"
        name = " = ".join(dict.fromkeys(source.outlet for source in members))
        drafts.append({"id": id, "name": name, "kind": kind, "articles": [source.id for source in members]})
        for source in members:
            by_article[source.id] = id
            if source.publisher:
                names.setdefault(_key(source.publisher), id)
    for reading in readings:
        for via in _credits(reading):
            if _key(via) not in names:
                names[_key(via)] = id = f"O{len(drafts) + 1}"
                drafts.append({"id": id, "name": via, "kind": "attributed", "articles": []})
            carriers = next(d for d in drafts if d["id"] == names[_key(via)])["articles"]
            if isinstance(carriers, list) and reading.source.id not in carriers:
                carriers.append(reading.source.id)
    return Origins(tuple(Origin.model_validate(draft) for draft in drafts), by_article, names)


def _by_outlet(groups: Sequence[Sequence[int]], readings: Sequence[Reading]) -> list[list[int]]:
    """Groups of which one publisher has a part in each are one: an outlet is no witness to itself."""
    joined: dict[int, list[int]] = {}
    home: dict[str, int] = {}
    for number, group in enumerate(groups):
        members = list(group)
        for other in {home[name] for i in group if (name := readings[i].source.publisher) in home}:
            members += joined.pop(other)
        joined[number] = sorted(members)
        home |= {name: number for i in members if (name := readings[i].source.publisher)}
    return sorted(joined.values())


def _story(reading: Reading) -> str:
    """An article's text without its boilerplate."""
    skipped = set(reading.notes.boilerplate)
    passage = reading.passage
    return "\n".join(passage.text(sentence) for sentence in passage.sentences if sentence.number not in skipped)


def _credits(reading: Reading) -> list[str]:
    """All outlets that an article says it has something from."""
    notes = reading.notes
    listed: list[Noted] = [*notes.demands, *notes.proposals, *notes.venues, *notes.claims, *notes.events]
    return list(dict.fromkeys(note.via for note in listed if note.via))


def _key(name: str | None) -> str:
    """Under which an outlet's names meet."""
    return fold_name(name or "", ActorKind.MEDIA)
