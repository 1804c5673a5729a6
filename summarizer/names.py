"""Names: which spellings are surely one name, before any model is asked.

Deliberately timid: what it joins can't be parted again later, what it leaves apart the
model still may join.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.models import Actor, ActorKind
from summarizer.text import WORD, fold

HONORIFICS = frozenset(
    """
    mr mrs ms miss mx dr prof professor sir dame lord lady baron baroness count countess hon honourable honorable
    rev reverend bishop archbishop cardinal pope imam sheikh rabbi
    president vice prime minister premier chancellor secretary deputy foreign defence defense interior finance water
    agriculture treasury state king queen prince princess emir sultan
    general gen colonel col major maj captain capt lieutenant lt admiral adm marshal commander sergeant sgt
    senator sen representative rep governor gov mayor ambassador envoy commissioner spokesman spokeswoman spokesperson
    chairman chairwoman chair director chief head leader former then acting us u s
    herr frau monsieur madame mme m don dona senor senora signor signora
    """.split()
)
"""Words before a person's name that are no part of it."""

Y_ENDING = re.compile(r"(?:iy|yy|ij|yi|ii|y|i)$")


def fold_name(name: str, kind: ActorKind = ActorKind.PERSON) -> str:
    """The key under which spellings of one name meet; empty if nothing but titles is left.

    Case, accents, script, possessives and, in a person's name, titles and the ways to
    write a final -y don't count; in other names a leading "the" doesn't.

    >>> fold_name("President Zelenskyy") == fold_name("Zelenskiy’s") == fold_name("ZELENSKY")
    True
    """
    words = WORD.findall(fold(re.sub(r"['’`]s?(?=\W|$)", "", name)))
    if kind is ActorKind.PERSON:
        titled = bool(words) and words[0] in HONORIFICS
        while words and words[0] in HONORIFICS:
            words = words[1:]
        if titled and words[:1] == ["of"]:  # "Foreign Minister of Norland" is an office, not a name
            return ""
        words = [Y_ENDING.sub("y", word) if len(word) > 3 else word for word in words]
    elif words and words[0] == "the":
        words = words[1:]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Named:
    """A name with its other spellings, as one article has them."""

    article: str
    name: str
    spellings: tuple[str, ...]
    kind: ActorKind
    folded: str = field(init=False)
    """The name's key; the other spellings' are in `keys` with it."""
    keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Fold each spelling once: it is compared with thousands."""
        folded = [fold_name(form, self.kind) for form in (self.name, *self.spellings)]
        object.__setattr__(self, "folded", folded[0])
        object.__setattr__(self, "keys", tuple(filter(None, dict.fromkeys(folded))))


def surely_same(one: Named, other: Named) -> bool:
    """Whether two entries can only be one actor.

    What one article keeps apart stays apart. Kinds must agree and a folded spelling must be
    shared. Two people whose full names differ in a first name (Anna Varga, Peter Varga) are
    not joined by a shared surname. Unnamed actors ("a senior official") are never joined by
    their words.
    """
    if one.article == other.article or one.kind is not other.kind or one.kind is ActorKind.UNNAMED:
        return False
    if not any(key in other.keys for key in one.keys):
        return False
    if one.kind is not ActorKind.PERSON:
        return True
    first, second = one.folded.split(), other.folded.split()
    full = len(first) > 1 and len(second) > 1
    return not full or first == second


def group_names(named: Iterable[Named]) -> list[list[int]]:
    """Sort entries into groups that are surely one actor; returns their positions.

    Sharing a bare surname with two different people joins an entry to neither, and what one
    article keeps apart is never joined through a third.
    """
    entries = list(named)
    groups: list[list[int]] = []
    articles: list[set[str]] = []
    by_key: dict[str, set[int]] = {}
    """Groups in which a folded spelling occurs: no other can hold the same actor."""

    def fits(entry: Named, group: int) -> bool:
        return entry.article not in articles[group] and any(surely_same(entry, entries[i]) for i in groups[group])

    # Full names first, so that a bare surname sees all who bear it before it is placed.
    for position in sorted(range(len(entries)), key=lambda i: (-len(entries[i].name.split()), i)):
        entry = entries[position]
        near = {group for key in entry.keys for group in by_key.get(key, ())}
        fitting = [group for group in near if fits(entry, group)]
        if len(fitting) == 1:
            home = fitting[0]
            groups[home].append(position)
            articles[home].add(entry.article)
        else:
            home = len(groups)
            groups.append([position])
            articles.append({entry.article})
        for key in entry.keys:
            by_key.setdefault(key, set()).add(home)
    return sorted(sorted(group) for group in groups)


ALIKE = {ActorKind.ORGANISATION, ActorKind.INTERGOVERNMENTAL, ActorKind.GROUP, ActorKind.MEDIA, ActorKind.STATE}
"""Kinds that one and the same body may be given on two days."""


def known_by_name(actors: Sequence[Actor], earlier: Mapping[str, Named]) -> dict[str, str]:
    """Actors whose names can only be those of earlier ones: ids over all days by the day's.

    Args:
        actors: the day's.
        earlier: by id over all days, all as if one article had them: what it keeps apart stays apart.
    """
    ids = list(earlier)
    today = [Named("today", a.name, tuple(alias.name for alias in a.aliases), a.kind) for a in actors]
    found = {}
    for group in group_names([*earlier.values(), *today]):
        if len(group) == 2:  # one of each side
            found[actors[group[1] - len(ids)].id] = ids[group[0]]
    by_fold: dict[str, list[str]] = {}
    for id, named in earlier.items():
        if named.kind in ALIKE and id not in found.values():
            by_fold.setdefault(named.folded, []).append(id)
    for actor, named in zip(actors, today, strict=True):
        if actor.id not in found and named.kind in ALIKE and len(by_fold.get(named.folded, ())) == 1:
            found[actor.id] = by_fold.pop(named.folded)[0]
    return found
