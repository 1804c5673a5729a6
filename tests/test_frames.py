"""The ledger as data frames, where the libraries are."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from summarizer.archive import Archive
from summarizer.archive.found import Ledger
from summarizer.models import VenueStatus
from tests.archived import MONDAY, TUESDAY, make_briefing


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_table_is_a_frame(library: Literal["pandas", "polars"], archive: Archive) -> None:
    """A line for each step, rung and standing, under the ledger's columns."""
    archive.put(make_briefing(MONDAY))
    archive.put(make_briefing(TUESDAY, meeting=VenueStatus.PLANNED), {"D1": "D1", "V1": "V1", "C1": "C1"})
    ledger = archive.ledger()
    for name, length in (("demands", 1), ("proposals", 0), ("venues", 2), ("claims", 1)):
        frame: Any = ledger.frame(name, library)  # type: ignore[arg-type]
        assert len(frame) == length
        assert tuple(frame.columns) == Ledger.columns
    venues: Any = ledger.frame("venues", library)
    assert list(venues["step"]) == ["possible", "planned"]
    assert list(venues["date"]) == [MONDAY, TUESDAY]
