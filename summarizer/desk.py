"""A desk: everything that a run's stages share, built once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from summarizer.llm import Door
from summarizer.models import Usage
from summarizer.prompts import PromptBook
from summarizer.settings import Settings


@dataclass(frozen=True)
class Progress:
    """How far a stage is, and what the run took so far."""

    stage: str
    done: int
    total: int
    detail: str
    usage: Usage


Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class Desk:
    """What the stages of one run work with."""

    settings: Settings
    prompts: PromptBook
    door: Door
    listener: Listener | None = None

    def tell(self, stage: str, done: int, total: int, detail: str = "") -> None:
        """Report progress to whoever listens."""
        if self.listener:
            self.listener(Progress(stage, done, total, detail, self.door.usage))
