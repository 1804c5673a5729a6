"""The API keeps to what it says of itself: schemathesis asks what its OpenAPI document allows, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from summarizer.archive import Archive, Readers
from summarizer.serve import Access, build_site
from tests import postgres
from tests.served import fill

EXAMPLES = 12
"""Of each path, asked rightly and asked wrongly."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def described(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API over an archive of a few days, by its own description, in each of the two databases."""
    if request.param == "sqlite":
        place = str(tmp_path_factory.mktemp("described") / "archive.sqlite3")
    else:
        place = postgres.new_database(request.getfixturevalue("postgresql"))
    fill(place)
    with Archive(place, readers=Readers(at_once=4)) as archive:
        site = build_site(archive, Access(names=frozenset({"testserver"})))
        yield schemathesis.openapi.from_asgi("/openapi.json", site)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: str(mode.value))
def test_the_api_is_as_it_says(described: Any, mode: schemathesis.GenerationMode) -> None:
    """Whatever is asked, right or wrong, no answer is a 5xx, and each has a status, type and body that it describes."""
    asked: set[str] = set()
    for found in described.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def check(case: Any) -> None:
            asked.add(case.path)
            case.call_and_validate(
                excluded_checks=[positive_data_acceptance]
            )  # of two days, which is first, no schema says

        check()
    assert len(asked) == 9
