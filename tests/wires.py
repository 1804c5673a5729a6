"""A day of any number of made-up reports, of which it is known which are copies of which.

Words are drawn as languages use them (few often, most hardly ever), so independent reports
share runs of words by chance; those of one story share a quotation too, and those of one
outlet its closing lines, none of which makes a copy.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "ar", "en", "il")]
FREQUENT = "the of and to in a is that for it was on with as by at from he said has have not are this be will".split()


class Wires:
    """Reports, and for each the number of what it is a report of: equal numbers are copies."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self._random = random.Random(seed)
        words = sorted(
            {"".join(self._random.choices(SYLLABLES, k=self._random.choice((2, 2, 3)))) for _ in range(30_000)}
        )
        self._random.shuffle(words)
        self._words = FREQUENT + words
        self._weights = [1 / (rank + 5) for rank in range(len(self._words))]
        self._closings = [self.sentences(2) for _ in range(40)]
        self.texts: list[str] = []
        self.origins: list[int] = []
        number = 0
        while len(self.texts) < count:
            quotation = self.sentences(1)
            for _ in range(self._random.randint(1, 3)):  # independent reports of one story
                body = self.sentences(self._random.randint(8, 40))
                body.insert(self._random.randrange(len(body)), quotation[0])
                for version in self._versions(body):
                    self._add(version, number)
                number += 1
        del self.texts[count:], self.origins[count:]
        together = list(zip(self.texts, self.origins, strict=True))
        self._random.shuffle(together)
        self.texts, self.origins = [text for text, _ in together], [origin for _, origin in together]

    def sentences(self, count: int) -> list[str]:
        """Sentences that nobody ever wrote."""
        lengths = [self._random.randint(8, 24) for _ in range(count)]
        drawn = iter(self._random.choices(self._words, self._weights, k=sum(lengths)))
        return [" ".join(next(drawn) for _ in range(length)).capitalize() + "." for length in lengths]

    def _versions(self, body: list[str]) -> list[list[str]]:
        """A report, and, of a third of them, up to six copies: cut, re-headed, edited, brought up to date."""
        versions = [body]
        if self._random.random() < 1 / 3:
            changes = (self._cut, self._reheaded, self._edited, self._updated)
            versions += [self._random.choice(changes)(body) for _ in range(self._random.randint(1, 6))]
        return versions

    def _cut(self, body: Sequence[str]) -> list[str]:
        return list(body[: max(4, int(len(body) * self._random.uniform(0.35, 0.9)))])

    def _reheaded(self, body: Sequence[str]) -> list[str]:
        return [*self.sentences(2), *body[2:], *self.sentences(1)]

    def _edited(self, body: Sequence[str]) -> list[str]:
        """Every 15th word another one, and a sentence in ten left out."""

        def edited(sentence: str) -> str:
            words = sentence[:-1].split()
            return (
                " ".join(self._random.choice(self._words) if self._random.random() < 1 / 15 else w for w in words) + "."
            )

        return [edited(sentence) for sentence in body if self._random.random() > 0.1]

    def _updated(self, body: Sequence[str]) -> list[str]:
        return [*self.sentences(self._random.randint(2, 6)), *body]

    def _add(self, sentences: Sequence[str], number: int) -> None:
        self.texts.append("\n".join([*sentences, *self._random.choice(self._closings)]))
        self.origins.append(number)


def pairs(groups: Sequence[Sequence[int]]) -> int:
    """How many pairs there are within groups."""
    return sum(len(group) * (len(group) - 1) // 2 for group in groups)


def scores(found: Sequence[Sequence[int]], origins: Sequence[int]) -> tuple[float, float]:
    """Precision and recall of the pairs that stand in one group."""
    known: dict[int, list[int]] = {}
    for position, origin in enumerate(origins):
        known.setdefault(origin, []).append(position)
    right = sum(origins[one] == origins[other] for group in found for one, other in combinations(group, 2))
    return right / max(1, pairs(found)), right / max(1, pairs(list(known.values())))
