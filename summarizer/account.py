"""The account of a run: what was asked, what came back, what went wrong on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from summarizer.models import Usage


@dataclass
class Account:
    """Counts what a run does, as it does it."""

    sent: int = 0
    """Requests that went out, those tried again included."""
    batches: int = 0
    """Batches in which they went out."""
    collected: int = 0
    """Replies that came by a batch which an earlier run had submitted."""
    kept: int = 0
    """Answers that the journal had already."""
    replayed: int = 0
    """Replies that were served from recordings."""
    unsaved: int = 0
    """Answers that the journal could not keep."""
    mended: int = 0
    """Answers sent back because something was wrong with them."""
    faults: Counter[str] = field(default_factory=Counter)
    """Requests that met a fault of server or network, by kind."""
    lowest: int | None = None
    """Least requests under way at once that repeated 429 forced; None: they never did."""
    spent: Usage = field(default_factory=Usage)
    """All replies of this run, those that were sent back included."""

    def taken(self) -> Account:
        """What it counted so far; from here on it counts anew."""
        counted = replace(self)
        vars(self).update(vars(Account()))
        return counted

    def add(self, other: Account) -> None:
        """Count what another process did, too."""
        for name in ("sent", "kept", "replayed", "unsaved", "mended", "faults", "spent"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lowest = min((n for n in (self.lowest, other.lowest) if n is not None), default=None)

    def summary(self) -> str:
        """The account on one line.

        >>> Account(sent=3, kept=2, faults=Counter({"503": 1}), spent=Usage(requests=2, cost_usd=None)).summary()
        '3 requests sent, 2 answered, 2 answers from the journal; faults: 503 ×1; 0 tokens, cost unknown'
        """
        by = f" in {self.batches} batch{'es' * (self.batches != 1)}" if self.batches else ""
        answered = self.spent.requests - self.replayed - self.collected
        told = [f"{self.sent} requests sent{by}, {answered} answered"] if self.sent else []
        told += [f"{self.collected} collected of batches submitted before"] if self.collected else []
        told += [f"{self.mended} sent back to be mended"] if self.mended else []
        told += [f"{self.kept} answers from the journal"] if self.kept else []
        told += [f"{self.replayed} from recordings"] if self.replayed else []
        parts = [", ".join(told) or "nothing was asked"]
        if self.faults:
            parts.append("faults: " + ", ".join(f"{kind} ×{count}" for kind, count in self.faults.most_common()))
        if self.lowest is not None:
            parts.append(f"slowed to {self.lowest} at once")
        if self.unsaved:
            parts.append(f"{self.unsaved} answers could not be kept in the journal")
        parts += [took(self.spent)] if self.spent.requests else []
        return "; ".join(parts)


def took(usage: Usage) -> str:
    """Tokens and money in words."""
    cost = "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    return f"{usage.input_tokens + usage.output_tokens:,} tokens, {cost}"
