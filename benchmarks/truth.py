"""How much of what the examples' author planted is in the briefings, and how much else.

    python -m benchmarks.truth                     # all example days, from the cassettes
    python -m benchmarks.truth BRIEFING.json DAY   # any briefing of an example day

Changes are scored where the author planted any; see `Truth.score_changes`.

A planted item and a found one match if the found one cites sentences that carry the planted
one, and, for demands and proposals, is made by the same party. Each matches at most one
other: a demand left standing twice costs precision, two demands thrown together cost
recall. A planted dispute is found if two of its versions are set against each other, in
different versions of one dispute about the same event.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from summarizer import Article, Briefing, Settings, brief, load
from summarizer.models import Actor, AnyItem, Change, Dispute, Evidence

ROOT = Path(__file__).parent.parent
DAYS = ("2031-05-12", "2031-05-13", "2031-06-03")

Planted = dict[str, Any]
Found = TypeVar("Found", Actor, AnyItem, Dispute, Change)


@dataclass(frozen=True)
class Score:
    """Of one kind of item: how many were planted, found, and are both."""

    kind: str
    planted: int
    found: int
    both: int
    status_right: int | None = None
    """Of those that are both, how many have the planted status; None: the kind has none."""
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def recall(self) -> float:
        """Share of the planted that was found."""
        return self.both / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Share of the found that was planted."""
        return self.both / self.found if self.found else 1.0


class Truth:
    """What the author planted on one day, and the articles it stands in."""

    def __init__(self, day: str) -> None:
        self.day = day
        source = (ROOT / f"examples/{day}.truth.yaml").read_text(encoding="utf-8")
        self.planted: Planted = yaml.load(source, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.articles: dict[str, Article] = {
            article.name: article for article in load(ROOT / "examples" / day).articles
        }

        before = self.planted.get("compared_with")
        self.before: Truth | None = Truth(before.isoformat()) if before else None

        # What stands in small stories alone is listed by its head, and not read.
        told = {name for story in self.planted.get("stories", ()) for name in story["articles"]} or set(self.articles)
        texts = [self.articles[name].text for name in sorted(told)]
        self.planted["actors"] = [
            actor
            for actor in self.planted["actors"]
            if any(form in text for form in actor["aliases"] for text in texts)
        ]

    def anchors(self, evidence: Iterable[Planted]) -> list[tuple[str, int, int]]:
        """Article id and span of each planted fragment."""
        found = []
        for piece in evidence:
            article = self.articles[piece["article"]]
            start = article.text.index(piece["words"])
            found.append((article.id, start, start + len(piece["words"])))
        return found

    def hits(self, planted: Iterable[Planted], evidence: Iterable[Evidence]) -> int:
        """How many planted fragments found evidence touches."""
        found = list(evidence)
        return sum(
            any(e.article == article and e.start < end and start < e.end for e in found)
            for article, start, end in self.anchors(planted)
        )

    def words_of(self, id: str) -> list[Planted]:
        """The planted words of an item or dispute; none if the day hasn't it."""
        items = [*self.planted["demands"], *self.planted["proposals"], *self.planted["venues"]]
        sides = [(x["id"], side) for x in self.planted["disputes"] for side in x["versions"]]
        listed = [(item["id"], item) for item in items] + sides
        return [words for found, holder in listed if found == id for words in holder["evidence"]]

    def score(self, briefing: Briefing) -> list[Score]:
        """Scores for actors, demands, proposals, venues and disputes."""
        names = self._names(briefing)

        def same_party(planted: Planted, item: Any) -> bool:
            return bool(set(planted["by"]) & {name for id in item.by for name in names.get(id, ())})

        def anywhere(_: Planted, __: Any) -> bool:
            return True

        return [
            self._score("actors", briefing.actors, self._alias_hits),
            self._score("demands", briefing.demands, self._item_hits(same_party)),
            self._score("proposals", briefing.proposals, self._item_hits(same_party)),
            self._score("venues", briefing.venues, self._item_hits(anywhere)),
            self._score("disputes", [d for d in briefing.disputes if d.same_event], self._dispute_hits(briefing)),
            self.score_changes(briefing),
        ]

    def score_changes(self, briefing: Briefing) -> Score:
        """Changes: a planted and a found one match if they are of one kind, and quote words of each planted side.

        Those are the words planted for the change, and those planted for its item on that day. What was planted for
        a day that was compared with none can't be found, and isn't counted. Nor are claims, whose standing the
        author did not plant.
        """
        if not briefing.compared_with:
            return Score("changes", 0, 0, 0)
        return self._score("changes", [x for x in briefing.changes if x.item[0] != "C"], self._change_hits)

    def _change_hits(self, planted: Planted, change: Change) -> int:
        assert self.before
        stood = [*planted["before"], *self.before.words_of(planted["item"])] if planted["before"] else []
        stands = [*planted["after"], *self.words_of(planted["item"])] if planted["after"] else []
        before = self.before.hits(stood, change.evidence_before)
        after = self.hits(stands, change.evidence_after)
        whole = bool(before) == bool(planted["before"]) and bool(after) == bool(planted["after"])
        return before + after if whole and planted["kind"] == change.kind else 0

    def _score(self, kind: str, found: Sequence[Found], hits: Callable[[Planted, Found], int]) -> Score:
        """Match planted and found, best matches first."""
        planted = self.planted[kind]
        pairs = [(hits(p, f), -i, -j) for i, p in enumerate(planted) for j, f in enumerate(found)]
        of_planted: dict[int, int] = {}
        for count, i, j in sorted(pairs, reverse=True):
            if count and -i not in of_planted and -j not in of_planted.values():
                of_planted[-i] = -j
        right = None
        if planted and "status" in planted[0]:
            right = sum(planted[i]["status"] == getattr(found[j], "status", None) for i, j in of_planted.items())
        return Score(
            kind,
            len(planted),
            len(found),
            len(of_planted),
            right,
            tuple(p.get("id") or p.get("item") or p["name"] for i, p in enumerate(planted) if i not in of_planted),
            tuple(f"{f.id} {_label(f)}" for j, f in enumerate(found) if j not in of_planted.values()),
        )

    @staticmethod
    def _alias_hits(planted: Planted, actor: Actor) -> int:
        forms = {form.casefold() for form in planted["aliases"]}
        return len(forms & {alias.name.casefold() for alias in actor.aliases})

    def _item_hits(self, also: Callable[[Planted, Any], bool]) -> Callable[[Planted, AnyItem], int]:
        return lambda planted, item: self.hits(planted["evidence"], item.evidence) if also(planted, item) else 0

    def _dispute_hits(self, briefing: Briefing) -> Callable[[Planted, Dispute], int]:
        def hits(planted: Planted, dispute: Dispute) -> int:
            sides = [
                {
                    number
                    for number, version in enumerate(dispute.versions)
                    if self.hits(
                        side["evidence"], (e for id in version.variants for e in briefing.variant(id).evidence)
                    )
                }
                for side in planted["versions"]
            ]
            opposed = any(one != other for one in sides[0] for other in sides[1])
            return sum(map(len, sides)) if opposed else 0

        return hits

    def _names(self, briefing: Briefing) -> dict[str, set[str]]:
        """Planted names that each found actor goes by, its affiliation's included."""
        known: dict[str, set[str]] = {}
        for actor in briefing.actors:
            known[actor.id] = {p["name"] for p in self.planted["actors"] if self._alias_hits(p, actor)}
        for actor in briefing.actors:
            if actor.affiliation:
                known[actor.id] |= known[actor.affiliation]
        return known


def _label(found: Any) -> str:
    return str(getattr(found, "name", None) or getattr(found, "issue", None) or found.what)


def replayed(day: str) -> Briefing:
    """An example day's briefing, from its cassette."""
    return brief(ROOT / "examples" / day, settings=Settings(replay=ROOT / "cassettes" / day))


def table(scores: dict[str, list[Score]]) -> str:
    """Scores as a Markdown table, a row a kind, two columns a day."""
    head = "| | " + " | ".join(f"{day}: recall | precision | status right" for day in scores) + " |"
    lines = [head, "|---|" + "---:|---:|---:|" * len(scores)]
    for row in zip(*scores.values(), strict=True):
        cells = []
        for score in row:
            right = "—" if score.status_right is None else f"{score.status_right}/{score.both}"
            cells += [
                f"{score.recall:.2f} ({score.both}/{score.planted})",
                f"{score.precision:.2f} ({score.both}/{score.found})",
            ]
            cells.append(right)
        lines.append(f"| {row[0].kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and what was missed and found besides."""
    if len(sys.argv) == 3:
        briefings = {sys.argv[2]: Briefing.model_validate_json(Path(sys.argv[1]).read_bytes())}
    else:
        briefings = {day: replayed(day) for day in DAYS}
    scores = {day: Truth(day).score(briefing) for day, briefing in briefings.items()}
    print(table(scores))
    for day, listed in scores.items():
        for score in listed:
            for name in score.missed:
                print(f"{day} {score.kind}: missed {name}")
            for name in score.extra:
                print(f"{day} {score.kind}: besides {name}")


if __name__ == "__main__":
    main()
