"""Traces: where the things of a day stood, so that the day keeps its ids when it is made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from summarizer.archive.conditions import among
from summarizer.archive.identities import number_of
from summarizer.archive.rows import dump, spans_of, what_of
from summarizer.archive.tables import things, traces
from summarizer.models import Briefing
from summarizer.numbering import things_of
from summarizer.past import Thing, evidence_of, name_of
from summarizer.text import content_words

Place = tuple[str, int, int]
"""Article, start and end."""


@dataclass(frozen=True)
class Trace:
    """What is remembered of a thing that a briefing had."""

    own: str
    """The id that it had by itself; none is twice on a day."""
    parted: bool
    """Whether a person gave it that, by a split of days."""
    said: str
    """Its name and what it was."""
    places: frozenset[Place]


def keep_traces(connection: Connection, briefing: int, day: date, topic: str) -> None:
    """Remember where the things of a briefing stood, before it is deleted; of others that the day once had, too."""
    found = connection.execute(
        select(things.c.own, things.c.parted, things.c.name, things.c.what, things.c.quoted, things.c.further).where(
            things.c.briefing == briefing
        )
    )
    rows = [
        {
            "date": day,
            "topic": topic,
            "own": row.own,
            "parted": row.parted,
            "said": f"{row.name} {row.what}".strip(),
            "article": article,
            "start": start,
            "end": end,
        }
        for row in found
        for article, start, end in sorted(spans_of(row.quoted) | spans_of(row.further))
    ]
    forget(connection, day, topic, (str(row["own"]) for row in rows))
    if rows:
        connection.execute(insert(traces), rows)


def forget(connection: Connection, day: date, topic: str, ids: Iterable[str]) -> None:
    """Forget where things stood: those of these ids of their own."""
    connection.execute(delete(traces).where(traces.c.date == day, traces.c.topic == topic, among(traces.c.own, ids)))


def traces_of(connection: Connection, day: date, topic: str) -> dict[str, Trace]:
    """What is remembered of a day, by the things' own ids."""
    found: dict[tuple[str, int, str], list[Place]] = {}
    asked = select(traces).where(traces.c.date == day, traces.c.topic == topic).order_by(traces.c.key)
    for row in connection.execute(asked):
        found.setdefault((row.own, row.parted, row.said), []).append((row.article, row.start, row.end))
    return {own: Trace(own, bool(parted), said, frozenset(some)) for (own, parted, said), some in found.items()}


def retrace(
    briefing: Briefing, remembered: Mapping[str, Trace], said: Mapping[str, str], resolve: Callable[[str], str]
) -> dict[str, Trace]:
    """Which things of a briefing stood where those stood that are remembered: traces by the day's own ids.

    Of a kind, those that share most quotations are one. Where as many are shared, as by two demands in one sentence,
    what is said to be the same counts first, then how many words they share, then the lower number.

    Args:
        briefing: with the day's own ids.
        remembered: of the day.
        said: identities, by the day's own ids, that things are said to have.
        resolve: from an id to the identity that it goes by now.
    """
    standing: dict[Place, list[str]] = {}
    for own, trace in remembered.items():
        for place in trace.places:
            standing.setdefault(place, []).append(own)
    words = {own: content_words(trace.said) for own, trace in remembered.items()}
    pairs = []
    for position, (thing, places) in enumerate(_placed(briefing)):
        shared: dict[str, int] = {}
        for place in places:
            for own in standing.get(place, ()):
                if own[0] == thing.id[0]:
                    shared[own] = shared.get(own, 0) + 1
        here = content_words(name_of(thing), what_of(thing)) if shared else frozenset()
        for own, count in shared.items():
            agrees = said.get(thing.id) == resolve(own)
            pairs.append((-count, not agrees, -len(here & words[own]), number_of(own), position, thing.id, own))
    found: dict[str, Trace] = {}
    taken: set[str] = set()
    for *_, id, own in sorted(pairs):
        if id not in found and own not in taken:
            found[id] = remembered[own]
            taken.add(own)
    return found


def _placed(briefing: Briefing) -> Iterator[tuple[Thing, set[Place]]]:
    """All things of a briefing, and where they stand."""
    variants = {variant.id: variant for item in briefing.items for variant in item.variants}
    for thing in things_of(briefing):
        yield thing, spans_of(thing.model_dump_json()) | spans_of(dump(evidence_of(thing, variants)))
