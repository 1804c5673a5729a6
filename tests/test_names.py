"""Names that are surely one."""

from __future__ import annotations

import pytest

from summarizer.models import ActorKind
from summarizer.names import Named, fold_name, group_names

PERSON, STATE = ActorKind.PERSON, ActorKind.STATE


@pytest.mark.parametrize(
    ("name", "same"),
    [
        pytest.param("Zelenskiy", "Zelensky", id="transliteration"),
        pytest.param("President Zelenskyy", "Zelenskyy", id="honorific"),
        pytest.param("KARVEL", "Karvel", id="case"),
        pytest.param("Veškadin", "Veskadin", id="accent"),
        pytest.param("Kharoul’s", "Kharoul", id="possessive"),
        pytest.param("Hegustes’", "Hegustes", id="apostrophe"),
        pytest.param("foreign minister Leyda Kharoul", "Leyda Kharoul", id="office"),
    ],
)
def test_fold_names(name: str, same: str) -> None:
    """Names that differ only in spelling convention fold to one key."""
    assert fold_name(name) == fold_name(same) != ""


@pytest.mark.parametrize("name", ["President", "Foreign Minister", "Foreign Minister of Norland"])
def test_a_title_alone_is_no_name(name: str) -> None:
    """What holds only a title, or an office, has no key, and so joins nothing."""
    assert fold_name(name) == ""


def test_offices_are_kept_in_other_names() -> None:
    """In the name of a body, words that are titles for people are part of the name."""
    assert fold_name("State Water Company", ActorKind.ORGANISATION) == "state water company"


def entry(article: str, name: str, *spellings: str, kind: ActorKind = PERSON) -> Named:
    return Named(article, name, spellings, kind)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([entry("x", "Edda Karvel", "Karvel"), entry("y", "Karvel")], [[0, 1]], id="surname"),
        pytest.param(
            [entry("x", "Anna Varga", "Varga"), entry("y", "Peter Varga", "Varga")], [[0], [1]], id="shared surname"
        ),
        pytest.param(
            [entry("x", "Anna Varga"), entry("x", "Peter Varga"), entry("y", "Varga")],
            [[0], [1], [2]],
            id="bare surname",
        ),
        pytest.param(
            [entry("x", "Kim Jong Un", "Kim"), entry("y", "Kim Yo Jong", "Kim")], [[0], [1]], id="family name first"
        ),
        pytest.param(
            [entry("x", "Edda Karvel", "Karvel"), entry("x", "Tilde Karvel"), entry("y", "Edda Karvel", "Karvel")],
            [[0, 2], [1]],
            id="not through a third",
        ),
        pytest.param([entry("x", "Oda"), entry("x", "Oda")], [[0], [1]], id="kept apart by one article"),
        pytest.param(
            [entry("x", "Norland", kind=STATE), entry("y", "Norland", kind=ActorKind.GROUP)],
            [[0], [1]],
            id="kinds differ",
        ),
        pytest.param(
            [
                entry("x", "a senior official", kind=ActorKind.UNNAMED),
                entry("y", "a senior official", kind=ActorKind.UNNAMED),
            ],
            [[0], [1]],
            id="unnamed",
        ),
        pytest.param(
            [entry("x", "Pete Hegseth", "Hegseth"), entry("y", "Hegus", "Heggs", "Hegseth")],
            [[0, 1]],
            id="one clean form",
        ),
    ],
)
def test_groups(entries: list[Named], expected: list[list[int]]) -> None:
    """Only what can only be one actor is joined before the model is asked."""
    assert group_names(entries) == expected
