"""Caveats: what speaks against an item, in the same words on pages, in exports and in the archive's answers."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.models import AnyItem, Dispute, Resolution

AGAINST = {
    Resolution.OPEN: "disputed",
    Resolution.LATER_UPDATE: "brought up to date",
    Resolution.ERROR: "corrected",
    Resolution.TRANSLATION_VARIANT: "translated otherwise",
}
"""What is said of an item whose reports stand on one side of a contradiction, by what became of it."""

TRANSLATED_ONLY = "machine translation only"


class Caveats:
    """What some disputes, and the reports themselves, have against items."""

    def __init__(self, disputes: Iterable[Dispute]) -> None:
        self._sides: dict[str, dict[int, Dispute]] = {}
        """By variant the disputes that it stands on one side of, by their places in the briefing."""
        for place, dispute in enumerate(disputes):
            if dispute.same_event:
                for id in (id for version in dispute.versions for id in version.variants):
                    self._sides.setdefault(id, {})[place] = dispute

    def disputes(self, item: AnyItem) -> list[Dispute]:
        """The contradictions in which an item's reports stand on one side."""
        found = {place: x for variant in item.variants for place, x in self._sides.get(variant.id, {}).items()}
        return [found[place] for place in sorted(found)]

    def against(self, item: AnyItem) -> dict[str, list[str]]:
        """The ids of those contradictions, by what became of them in a word."""
        found: dict[str, list[str]] = {}
        for dispute in self.disputes(item):
            found.setdefault(AGAINST[dispute.resolution], []).append(dispute.id)
        return found

    def of(self, item: AnyItem) -> tuple[str, ...]:
        """Its caveats, as "disputed, see X1" or "machine translation only"; empty where nothing speaks against it."""
        told = [f"{word}, see {', '.join(ids)}" for word, ids in self.against(item).items()]
        return (*told, *([TRANSLATED_ONLY] if all(variant.translated for variant in item.variants) else []))
