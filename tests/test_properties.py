"""Hypothesis on the ways of text and answer; `tests/fuzz.py` has atheris try the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import HARBOUR, notes
from tests.properties import check_answer, check_page, check_refusal, check_text
from tests.test_hostile import TRICKS

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
TEXT = st.lists(st.one_of(ANY, st.sampled_from([*TRICKS, HARBOUR, "\n", ". ", "”"])), max_size=6).map("".join)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 9), st.sampled_from(["a1", "a2", "past", "en", "", *TRICKS])
)


def mutated(value: Any) -> st.SearchStrategy[Any]:
    """A good answer in which anything may be something else, or gone."""
    if isinstance(value, dict):
        fields = {name: st.one_of(mutated(inner), mutated(inner), SCALARS) for name, inner in value.items()}
        return st.fixed_dictionaries({}, optional=fields)
    if isinstance(value, list):
        return st.lists(st.sampled_from(value).flatmap(mutated), max_size=3) if value else st.just([])
    return st.one_of(st.just(value), st.just(value), SCALARS)


@settings(max_examples=150, deadline=None)
@given(TEXT, st.integers(1, 9))
def test_any_text(text: str, parts: int) -> None:
    """Any text is cut, asked about and parted without loss."""
    check_text(text, parts)


@settings(max_examples=200, deadline=None)
@given(mutated(notes()))
def test_any_answer(answer: Any) -> None:
    """Any answer is refused or holds."""
    check_answer(HARBOUR, json.dumps(answer))


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_any_page(said: str) -> None:
    """Nothing that is said acts on a page."""
    check_page(said)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=200), TEXT.map(str.encode)))
def test_any_refusal(body: bytes) -> None:
    """Any refusal can be read."""
    check_refusal(body)
