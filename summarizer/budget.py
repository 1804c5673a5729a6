"""A budget: what a run may still take of tokens, money and time.

A question is let through only if it fits even at its longest; what it really took is
booked when it is answered. So a cap is never passed, and what was paid for is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic

from summarizer.errors import BudgetSpent, DeadlinePassed


@dataclass(frozen=True)
class Amount:
    """Tokens and what they cost in US dollars; None: no price is known."""

    tokens: int = 0
    cost: Decimal | None = Decimal(0)

    def __add__(self, other: Amount) -> Amount:
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Amount(self.tokens + other.tokens, cost)


class Hold:
    """What one question has set aside until it is answered."""

    def __init__(self, amount: Amount) -> None:
        self.amount = amount


class Budget:
    """The caps of a run, and how much of them is left."""

    def __init__(
        self,
        *,
        max_tokens: int | None = None,
        max_cost: Decimal | None = None,
        deadline: float | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Start the clock. `deadline` is in seconds from now."""
        self.max_tokens, self.max_cost, self.deadline = max_tokens, max_cost, deadline
        self.spent = Amount()
        self._held: set[Hold] = set()
        self._settled = asyncio.Event()
        self._kept_back = Amount()
        self._share = 1.0
        self._clock = clock or monotonic
        self._started = self._clock()

    @property
    def capped(self) -> bool:
        """Whether tokens or money are limited at all."""
        return self.max_tokens is not None or self.max_cost is not None

    @property
    def seconds_left(self) -> float | None:
        """Until the deadline; None if there is none."""
        return None if self.deadline is None else self._started + self.deadline - self._clock()

    def check_time(self) -> None:
        """See whether there is time to begin something.

        Raises:
            DeadlinePassed: if the time for what is being done is up.
        """
        if self.deadline is not None and self._clock() - self._started >= self.deadline * self._share:
            raise DeadlinePassed(self.deadline, self._share)

    @property
    def kept_back(self) -> tuple[Amount, float]:
        """What is left for later: an amount, and the share of the time that is not."""
        return self._kept_back, self._share

    @contextmanager
    def keeping_back(self, amount: Amount, share: float) -> Iterator[None]:
        """Leave something for what comes after the block: an amount, and all but a share of the time."""
        self._kept_back, self._share = amount, share
        try:
            yield
        finally:
            self._kept_back, self._share = Amount(), 1.0

    @contextmanager
    def hold(self) -> Iterator[Hold]:
        """Set aside what one question may take; what is left of it is free again after the block."""
        held = Hold(Amount())
        self._held.add(held)
        try:
            yield held
        finally:
            self._held.discard(held)
            self._settled.set()

    async def admit(self, hold: Hold, most: Amount) -> None:
        """Set aside `most` for the next attempt at a question.

        If it fits only once others are answered, wait for them: each takes less than it set aside.

        Raises:
            BudgetSpent: if it might pass a cap.
        """
        hold.amount = Amount()
        while passed := self._passed(most):
            if not any(other.amount.tokens for other in self._held):
                raise BudgetSpent(*passed)
            self._settled.clear()
            await self._settled.wait()
        hold.amount = most

    def _passed(self, most: Amount) -> tuple[str, str, str] | None:
        """The cap that `most` might pass, what is taken of it, and `most`, in words; None if it fits."""
        taken = self.spent + self._kept_back
        for other in self._held:
            taken += other.amount
        after = taken + most
        if self.max_tokens is not None and after.tokens > self.max_tokens:
            return self._words(most)
        if self.max_cost is not None and (after.cost is None or after.cost > self.max_cost):
            return self._words(most, money=True)
        return None

    def _words(self, most: Amount, *, money: bool = False) -> tuple[str, str, str]:
        """A cap that `most` might pass, what is taken of it, and `most`, in words."""
        if not money:
            told = f"{self.spent.tokens:,} are spent, {self._kept_back.tokens:,} set aside for merging and writing"
            return f"--max-tokens {self.max_tokens:,}", told, f"{most.tokens:,}"
        spent, aside = self.spent.cost or 0, self._kept_back.cost or 0
        told = f"${spent:.4f} is spent, ${aside:.4f} set aside for merging and writing"
        return f"--max-cost {self.max_cost}", told, f"${most.cost or 0:.4f}"

    def book(self, hold: Hold, amount: Amount) -> None:
        """An attempt was answered, and took `amount`."""
        hold.amount = Amount()
        self.spent += amount
        self._settled.set()

    def lose(self, hold: Hold) -> None:
        """An attempt was sent and its answer lost on the way: nobody says what it took, so count the most."""
        self.spent += hold.amount
