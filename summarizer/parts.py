"""Parts: an article too long for one question is read in several, and their notes joined.

Sentences keep their numbers, so that a note of any part points to the same characters as if
the article had been read whole.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TypeVar

from summarizer.answers import ActorNote, ArticleNotes, Noted
from summarizer.names import Named, group_names
from summarizer.passage import Passage
from summarizer.tokens import bound_tokens, estimate_tokens

MOST_AT_ONCE = 16_000
"""Tokens, as estimated, that are read in one question: some 12,000 words of English. Longer than nearly all news;
beyond it the notes would no longer fit an answer of ordinary length."""
SLACK = 0.15
"""Share of a part by which its end may move to meet a paragraph's."""
NUMBER = 4
"""Tokens of a sentence's number and brackets."""

N = TypeVar("N", bound=Noted)


def cut_in_parts(passage: Passage, room: int) -> list[Passage]:
    """A passage in as few parts as have at most `room` tokens each, as estimated, where sentences allow."""
    most = min(room, MOST_AT_ONCE)
    if bound_tokens(passage.article.text) + NUMBER * len(passage.sentences) <= most:
        return [passage]
    weights = _weights(passage)
    if sum(weights) <= most:
        return [passage]
    return cut_in(passage, math.ceil(sum(weights) * (1 + 2 * SLACK) / max(1, most)))


def cut_in(passage: Passage, parts: int) -> list[Passage]:
    """A passage in about `parts` of equal length, cut at paragraphs where one ends near by, else at sentences."""
    count = len(passage.sentences)
    parts = min(parts, len(passage.shown))
    if parts < 2:
        return [passage]
    ends = list(accumulate(_weights(passage)))
    size = ends[-1] / parts
    at = {0, count}
    breaks = [i for i in range(1, count) if _paragraph_ends(passage, i)]
    break_ends = [ends[i - 1] for i in breaks]
    for part in range(1, parts):
        target = part * size
        near = [i for i in _around(breaks, break_ends, target) if abs(ends[i - 1] - target) <= SLACK * size]
        best = min(near or _around(range(1, count), ends[:-1], target), key=lambda i: abs(ends[i - 1] - target))
        at.add(best)
    places = sorted(at)
    first = passage.numbers.start
    pieces = (passage.part(range(first + a, first + b)) for a, b in pairwise(places))
    return [piece for piece in pieces if piece.shown]


def _around(places: Sequence[int], weights: Sequence[float], target: float) -> list[int]:
    """The places just before and just after a weight."""
    found = bisect_left(weights, target)
    return [places[i] for i in (found - 1, found) if 0 <= i < len(places)]


def _weights(passage: Passage) -> list[int]:
    return [
        estimate_tokens(passage.text(sentence)) + NUMBER if passage.shows(sentence.number) else 0
        for sentence in passage.sentences
    ]


def _paragraph_ends(passage: Passage, i: int) -> bool:
    """Whether a line ends between a passage's sentence and the one before."""
    between = passage.article.text[passage.sentences[i - 1].end : passage.sentences[i].start]
    return "\n" in between or "\r" in between


def join_notes(parts: Sequence[ArticleNotes]) -> ArticleNotes:
    """The notes of an article's parts as if they were of the whole: actors with one name are one, ids are given anew.

    Headline and language are the first part's, which has the head of the article; it breaks
    off if the last part does, and is machine-translated if most parts seem so.
    """
    if len(parts) == 1:
        return parts[0]
    listed = [(i, actor) for i, notes in enumerate(parts) for actor in notes.actors]
    groups = group_names(Named(str(i), actor.name, actor.spellings, actor.kind) for i, actor in listed)
    ids = {
        (listed[position][0], listed[position][1].id): f"a{number}"
        for number, group in enumerate(groups, 1)
        for position in group
    }
    own = [{old: new for (part, old), new in ids.items() if part == i} for i in range(len(parts))]

    def all_of(kind: Callable[[ArticleNotes], Sequence[N]], *fields: str) -> tuple[N, ...]:
        """The notes of one kind from all parts, the actors in these fields by their new ids."""
        return tuple(
            note.model_copy(update={field: _refs(getattr(note, field), names) for field in fields})
            for names, notes in zip(own, parts, strict=True)
            for note in kind(notes)
        )

    return ArticleNotes.model_construct(  # its parts were held to the article; together they may be too long for one
        language=parts[0].language,
        headline=parts[0].headline,
        machine_translated=sum(notes.machine_translated for notes in parts) * 2 > len(parts),
        truncated=parts[-1].truncated,
        boilerplate=tuple(sorted({number for notes in parts for number in notes.boilerplate})),
        actors=tuple(
            _one_actor(f"a{number}", [(own[listed[i][0]], listed[i][1]) for i in group])
            for number, group in enumerate(groups, 1)
        ),
        demands=all_of(lambda notes: notes.demands, "by", "of"),
        proposals=all_of(lambda notes: notes.proposals, "by", "to"),
        venues=all_of(lambda notes: notes.venues, "participants"),
        claims=tuple(
            claim.model_copy(
                update={
                    "stances": tuple(
                        stance.model_copy(update={"by": _refs(stance.by, names)}) for stance in claim.stances
                    )
                }
            )
            for names, notes in zip(own, parts, strict=True)
            for claim in notes.claims
        ),
        events=all_of(lambda notes: notes.events, "actors"),
    )


def _refs(refs: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """A part's actor ids as the whole's."""
    return tuple(dict.fromkeys(names[ref] for ref in refs))


def _one_actor(id: str, entries: Sequence[tuple[Mapping[str, str], ActorNote]]) -> ActorNote:
    """What several parts have of one actor; the fullest name leads."""
    lead = max((actor for _, actor in entries), key=lambda actor: len(actor.name.split()))
    forms = dict.fromkeys(form for _, actor in entries for form in (actor.name, *actor.spellings))
    owners = [names[actor.affiliation] for names, actor in entries if actor.affiliation]
    return lead.model_copy(
        update={
            "id": id,
            "spellings": tuple(form for form in forms if form != lead.name),
            "office": next((actor.office for _, actor in entries if actor.office), None),
            "country": next((actor.country for _, actor in entries if actor.country), None),
            "affiliation": next((owner for owner in owners if owner != id), None),
        }
    )
