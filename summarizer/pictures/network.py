"""Who demands and proposes what, and of whom: read from left to right, as a sentence.

A party that asks stands on the left, whom it asks on the right, and between them, on the arrow, what
is asked. So nothing has to be looked up, and no label can meet another, however many there are. A
party that asks and is asked stands on both sides.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import TypeAlias

from summarizer.models import Briefing, Demand, Proposal, Story, Strength
from summarizer.pictures.drawing import Box, Drawing, Mark, group, line, linked, number, rectangle, room, shape, words
from summarizer.pictures.facts import Facts, each_once
from summarizer.pictures.picture import Picture
from summarizer.pictures.signs import STATUSES, Key, Sign, keys, told
from summarizer.pictures.words import count, listed, wrap

WIDE = 860
MOST_PARTIES = 20
MOST_ITEMS = 30
"""More is not drawn: what fewest independent reports have is left out first."""
NOBODY = ""
"""Stands for those whom an item names nobody in particular of."""
PARTY, CARD = 150, 364
"""Widths of a party's box and of a card, in pixels."""
LEFT, RIGHT = PARTY, WIDE - PARTY
"""Where arrows leave parties, and where they end."""
CARD_LEFT, CARD_RIGHT = (WIDE - CARD) / 2, (WIDE + CARD) / 2
LINE = 17
TOP = 26
"""Pixels for the heads of the columns."""

Asked: TypeAlias = Demand | Proposal


@dataclass(frozen=True)
class Bundle:
    """All demands, or all proposals, of the same parties of the same others: a card."""

    by: tuple[str, ...]
    to: tuple[str, ...]
    kind: str
    items: tuple[Asked, ...]


def network(briefing: Briefing, story: Story | None = None) -> Picture | None:
    """Who demands and proposes what, and of whom, in a briefing or one story of it; None if nobody does.

    Draws at most `MOST_PARTIES` parties and `MOST_ITEMS` items.
    """
    facts = Facts(briefing, story)
    asked: list[Asked] = [*facts.demands, *facts.proposals]
    if not asked:
        return None
    drawn = _chosen(facts, asked)
    bundles = _ordered(_bundles(facts, drawn))
    left_out = tuple(item.id for item in asked if item not in drawn)
    return Picture(
        name="network",
        title="Who demands and proposes what, and of whom",
        description=_described(facts, bundles) + _unseen(len(left_out)),
        heads=("", "Who", "Of whom, or to whom", "What", "Kind", "Status"),
        rows=tuple(_row(facts, item) for item in drawn),
        left_out=left_out,
        drawing=_drawn(facts, bundles, len(left_out)),
    )


def _to(item: Asked) -> tuple[str, ...]:
    return item.of if isinstance(item, Demand) else item.to


def _kind(item: Asked) -> str:
    return "demand" if isinstance(item, Demand) else "proposal"


def _state(item: Asked) -> str:
    """The status, and how firmly it is demanded if that says more than that it is."""
    firm = isinstance(item, Demand) and item.strength is not Strength.DEMAND
    return f"{item.status.value}, {item.strength.value.replace('_', ' ')}" if firm else item.status.value  # type: ignore[union-attr]


def _row(facts: Facts, item: Asked) -> tuple[str, ...]:
    to = facts.called(_to(item)) or "nobody in particular"
    return item.id, facts.called(item.by), to, facts.title(item), _kind(item), _state(item)


def _chosen(facts: Facts, asked: Sequence[Asked]) -> list[Asked]:
    """What is drawn, in the order of the briefing: what most independent reports have, as far as there is room."""
    parties: set[str] = set()
    chosen: set[str] = set()
    for item in sorted(asked, key=lambda item: -len(item.origins)):
        own = set(facts.parties((*item.by, *_to(item))))
        if len(chosen) < MOST_ITEMS and len(parties | own) <= MOST_PARTIES:
            parties |= own
            chosen.add(item.id)
    return [item for item in asked if item.id in chosen]


def _bundles(facts: Facts, asked: Iterable[Asked]) -> list[Bundle]:
    """Items by who asks, who is asked, and their kind."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[Asked]] = {}
    for item in asked:
        key = facts.parties(item.by), facts.parties(_to(item)) or (NOBODY,), _kind(item)
        found.setdefault(key, []).append(item)
    return [Bundle(*key, tuple(items)) for key, items in found.items()]


def _described(facts: Facts, bundles: Sequence[Bundle]) -> str:
    """Who asks most of whom, and where that stands; then how much else there is."""
    said = []
    ranked = sorted(bundles, key=lambda bundle: -len(bundle.items))
    for bundle in ranked[:3]:
        by = listed([facts.names[id] for id in bundle.by])
        to = listed([facts.names.get(id, "nobody in particular") for id in bundle.to])
        verb, toward = ("demands", "of") if bundle.kind == "demand" else ("proposes", "to")
        states = Counter(item.status.value for item in bundle.items)
        state = (
            listed([f"{n} {status}" for status, n in states.items()]) if len(bundle.items) > 1 else next(iter(states))
        )
        things = count(len(bundle.items), "thing")
        said.append(f"{by} {verb if len(bundle.by) == 1 else verb[:-1]} {things} {toward} {to} ({state})")
    more = sum(len(bundle.items) for bundle in ranked[3:])
    said += [f"{more} more between others"] if more else []
    return f"{'; '.join(said)}."


def _unseen(number: int) -> str:
    """How much of the day has no place in the picture."""
    return f" And {number} more, of fewer reports, that {'is' if number == 1 else 'are'} not drawn." if number else ""


# ----------------------------------------------------------------------------- the order


def _ordered(bundles: Sequence[Bundle]) -> list[Bundle]:
    """Cards from top to bottom, those of one party together, so that few arrows cross."""
    parties = list(each_once(*(bundle.by[:1] for bundle in bundles)))
    if len(parties) <= 6:
        return min((_sorted(bundles, order) for order in permutations(parties)), key=_crossings)
    best = _sorted(bundles, parties)
    fewest = _crossings(best)
    better = True
    while better:
        better = False
        for place in range(len(parties)):
            for to in range(len(parties)):
                changed = [*parties]
                changed.insert(to, changed.pop(place))
                found = _sorted(bundles, changed)
                if (crossed := _crossings(found)) < fewest:
                    best, fewest, parties, better = found, crossed, changed, True
    return best


def _sorted(bundles: Sequence[Bundle], parties: Sequence[str]) -> list[Bundle]:
    """Cards in an order of those who ask; within each, by where those stand who are asked."""
    found = sorted(bundles, key=lambda bundle: parties.index(bundle.by[0]))
    for _ in range(2):
        where = _middles(found, "to")
        found.sort(key=lambda b: (parties.index(b.by[0]), sum(where[id] for id in b.to) / len(b.to), b.kind))
    return found


def _middles(bundles: Sequence[Bundle], side: str) -> dict[str, float]:
    """How far down the middle of the cards is that lead to a party, by cards."""
    places: dict[str, list[int]] = {}
    for place, bundle in enumerate(bundles):
        for id in getattr(bundle, side):
            places.setdefault(id, []).append(place)
    return {id: sum(found) / len(found) for id, found in places.items()}


def _crossings(bundles: Sequence[Bundle]) -> int:
    """How often arrows cross."""
    crossed = 0
    for side in ("by", "to"):
        where = _middles(bundles, side)
        lows: list[tuple[float, str]] = []
        for bundle in reversed(bundles):
            ends = [(where[id], id) for id in getattr(bundle, side)]
            crossed += sum(bisect_left(lows, end) for end in ends)
            for end in ends:
                insort(lows, end)
    return crossed


# --------------------------------------------------------------------------- the drawing


def _drawn(facts: Facts, bundles: Sequence[Bundle], left_out: int) -> Drawing:
    """Heads, parties, arrows, cards, and the keys under them."""
    cards, deep = _cards(facts, bundles)
    left, low = _party_boxes(facts, bundles, cards, "by")
    right, lower = _party_boxes(facts, bundles, cards, "to")
    bottom = max(deep, low, lower) + 12
    marks = [
        words(LEFT / 2, 13, "Who", "pic-soft", anchor="middle"),
        words(WIDE / 2, 13, "demands or proposes what", "pic-soft", anchor="middle"),
        words((RIGHT + WIDE) / 2, 13, "of whom, or to whom", "pic-soft", anchor="middle"),
        *_arrows(bundles, cards, left, right),
        *(_party(facts, id, box) for id, box in left.items()),
        *(_party(facts, id, box) for id, box in right.items()),
    ]
    for bundle, box in zip(bundles, cards, strict=True):
        marks += _card(facts, bundle, box)
    kinds = {bundle.kind for bundle in bundles}
    samples = [Key(_sample(kind), kind, 18) for kind in ("demand", "proposal") if kind in kinds]
    states = told(STATUSES, {item.status.value for bundle in bundles for item in bundle.items})
    explained, bottom = keys([*samples, *states], bottom, WIDE)
    if left_out:
        marks.append(words(0, bottom + 12, _unseen(left_out), "pic-soft"))
        bottom += 20
    return Drawing(WIDE, bottom, (*marks, *explained))


def _ids(bundle: Bundle) -> float:
    """Pixels for the ids of a card."""
    return max(room(item.id, "pic-id") for item in bundle.items)


def _lines(facts: Facts, bundle: Bundle, item: Asked) -> tuple[str, ...]:
    """What is at issue, in as many lines as it takes, three at most."""
    taken = 16 + _ids(bundle) + 6 + room(_state(item), "pic-soft pic-small") + 22
    return wrap(facts.title(item), CARD - taken, lines=3)


def _cards(facts: Facts, bundles: Sequence[Bundle]) -> tuple[list[Box], float]:
    """Where the cards stand, one under the other, and where the last one ends."""
    found: list[Box] = []
    top: float = TOP
    for before, bundle in pairwise([None, *bundles]):
        assert bundle is not None
        top += 8 if before and before.by[0] == bundle.by[0] else 16 if before else 0
        height = sum(LINE * len(_lines(facts, bundle, item)) + 3 for item in bundle.items) + 7
        found.append(Box(CARD_LEFT, top, CARD_RIGHT, top + height))
        top += height
    return found, top


def _named(facts: Facts, id: str) -> tuple[str, ...]:
    return wrap(facts.names.get(id, "nobody in particular"), PARTY - 20, lines=3, bold=True)


def _party_boxes(
    facts: Facts, bundles: Sequence[Bundle], cards: Sequence[Box], side: str
) -> tuple[dict[str, Box], float]:
    """Where the parties of a side stand: each by the middle of its cards, as far as there is room; and the last end."""
    linked_to: dict[str, list[Box]] = {}
    for bundle, box in zip(bundles, cards, strict=True):
        for id in getattr(bundle, side):
            linked_to.setdefault(id, []).append(box)
    middles = {id: sum(box.top + box.bottom for box in boxes) / 2 / len(boxes) for id, boxes in linked_to.items()}
    high = {id: max(15.0 * len(_named(facts, id)) + 14, 11.0 * len(linked_to[id]) + 10) for id in linked_to}
    order = sorted(middles, key=lambda id: middles[id])
    tops: list[float] = []
    end: float = TOP
    for id in order:
        tops.append(max(end, middles[id] - high[id] / 2))
        end = tops[-1] + high[id] + 12
    limit = max(cards[-1].bottom, TOP + sum(high.values()) + 12 * (len(order) - 1))
    for place in reversed(range(len(order))):
        tops[place] = min(tops[place], limit - high[order[place]])
        limit = tops[place] - 12
    start = 0 if side == "by" else RIGHT
    boxes = {id: Box(start, top, start + PARTY, top + high[id]) for id, top in zip(order, tops, strict=True)}
    return boxes, max(box.bottom for box in boxes.values())


def _arrows(
    bundles: Sequence[Bundle], cards: Sequence[Box], left: dict[str, Box], right: dict[str, Box]
) -> Iterator[Mark]:
    """From parties to cards, and from cards to parties, each at a place of its own on the party's edge."""
    for boxes, side in ((left, "by"), (right, "to")):
        for id, box in boxes.items():
            own = [(bundle, card) for bundle, card in zip(bundles, cards, strict=True) if id in getattr(bundle, side)]
            gap = (box.height - 10) / len(own)
            for place, (bundle, card) in enumerate(own):
                y, level = box.top + 5 + gap * (place + 0.5), (card.top + card.bottom) / 2
                if side == "by":
                    yield _curve(LEFT, y, CARD_LEFT, level, f"pic-{bundle.kind}")
                else:
                    yield _curve(CARD_RIGHT, level, RIGHT - 10, y, f"pic-{bundle.kind}")
                    yield _head(RIGHT, y, bundle.kind)


def _curve(x: float, y: float, to_x: float, to_y: float, classes: str) -> Mark:
    """A line that leaves and arrives level."""
    half = (x + to_x) / 2
    a, b, c, d, e = map(number, (x, y, half, to_x, to_y))
    return shape("path", classes, d=f"M{a} {b} C{c} {b} {c} {e} {d} {e}")


def _head(x: float, y: float, kind: str) -> Mark:
    """An arrow's head: filled for demands, hollow for proposals."""
    return line([(x - 1, y), (x - 11, y - 4.8), (x - 11, y + 4.8)], f"pic-head-{kind}", closed=True)


def _sample(kind: str) -> Sign:
    return lambda x, y: group(line([(x - 18, y), (x + 7, y)], f"pic-{kind}"), _head(x + 18, y, kind))


def _party(facts: Facts, id: str, box: Box) -> Mark:
    """A party's box with its name, all of which a pointer gets to see."""
    lines = _named(facts, id)
    top = (box.top + box.bottom - 15 * len(lines)) / 2
    name = [
        words(box.left + PARTY / 2, top + 11.5 + 15 * n, text, "pic-strong", anchor="middle")
        for n, text in enumerate(lines)
    ]
    full = Mark("title", text=facts.names.get(id, "nobody in particular"))
    return group(full, rectangle(box, "pic-node" if id else "pic-nobody", 8), *name)


def _card(facts: Facts, bundle: Bundle, box: Box) -> Iterator[Mark]:
    """What is asked: status, id, what is at issue, and its status in words; each a link."""
    yield rectangle(box, f"pic-card-{bundle.kind}", 5)
    y = box.top + 5
    for item in bundle.items:
        _, by, to, issue, kind, state = _row(facts, item)
        x = box.left + 8
        start = x + 16 + _ids(bundle) + 6
        lines = _lines(facts, bundle, item)
        marks = [
            STATUSES[item.status.value](x + 6, y + 8.5),
            words(x + 16, y + 13, item.id, "pic-id"),
            *(words(start, y + 13 + LINE * n, text) for n, text in enumerate(lines)),
            words(box.right - 8, y + 13, state, "pic-soft pic-small", anchor="end"),
        ]
        yield linked(item.id, f"{item.id}, {kind}: {by} → {to}: {issue} ({state})", marks)
        y += LINE * len(lines) + 3
