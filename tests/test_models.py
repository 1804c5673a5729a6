"""What flows: references resolve, quotations verify, JSON goes round."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from summarizer import Article, Briefing
from summarizer.errors import QuoteMismatch
from summarizer.models import Dispute, Evidence, Span, Usage, When
from tests.conftest import DAYS, ROOT, replayed


def altered(briefing: Briefing, path: str, value: Any) -> dict[str, Any]:
    """A briefing's data with one thing in it changed; path as demands.0.by.0."""
    data = briefing.model_dump(mode="json")
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = data
    for step in way:
        place = place[step]
    place[last] = value
    return data


def test_json_round_trip(briefing: Briefing) -> None:
    """A briefing survives JSON unchanged."""
    assert Briefing.model_validate_json(briefing.model_dump_json()) == briefing


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        pytest.param("demands.0.by.0", "A999", "names actor A999", id="actor of a demand"),
        pytest.param("demands.0.variants.0.article", "nowhere", "names source nowhere", id="source of a variant"),
        pytest.param("demands.0.variants.0.origin", "O99", "names origin O99", id="origin of a variant"),
        pytest.param("demands.0.variants.0.id", "D9.1", "does not carry", id="variant of another item"),
        pytest.param("stories.0.headline.cites.0", "D99", "names item D99", id="headline"),
        pytest.param("disputes.0.versions.0.variants.0", "C9.9", "names variant C9.9", id="version"),
        pytest.param("demands.0.id", "P1", "P1 is given twice", id="id twice"),
        pytest.param("actors.0.aliases.0.evidence.0.article", "gone", "names source gone", id="alias"),
        pytest.param("demands.0.surprise", 1, "Extra inputs", id="unknown field"),
    ],
)
def test_references_resolve_or_dont_validate(path: str, value: object, complaint: str) -> None:
    """A briefing that names what is not in it does not validate, and says what is missing."""
    with pytest.raises(ValidationError, match=complaint):
        Briefing.model_validate(altered(replayed(DAYS[0]), path, value))


def test_a_briefing_can_t_be_changed(briefing: Briefing) -> None:
    """What flows is frozen."""
    with pytest.raises(ValidationError, match="frozen"):
        briefing.demands = ()  # type: ignore[misc]


def test_quotations_are_the_articles_characters(briefing: Briefing, day: str) -> None:
    """Every quotation of an example briefing equals the article's characters: all of them."""
    from summarizer import load

    own = load(ROOT / "examples" / day).articles
    quoted_before = {evidence for change in briefing.changes for evidence in change.evidence_before}
    assert bool(quoted_before) == bool(briefing.compared_with)
    assert briefing.verify(own) == len(briefing.evidence) - len(quoted_before) > 50
    before = load(ROOT / "examples" / briefing.compared_with.isoformat()).articles if briefing.compared_with else ()
    articles = (*own, *before)
    assert briefing.verify(articles) == len(briefing.evidence)
    texts = {article.id: article.text for article in articles}
    for evidence in briefing.evidence:
        assert texts[evidence.article][evidence.start : evidence.end] == evidence.quote


def test_every_written_sentence_cites_items(briefing: Briefing) -> None:
    """Every summary sentence rests on items that exist: all of them."""
    ids = {thing.id for thing in (*briefing.items, *briefing.disputes, *briefing.changes)}
    assert len(briefing.lines) >= 5
    for line in briefing.lines:
        assert line.cites
        assert set(line.cites) <= ids


def test_verify_finds_one_altered_character() -> None:
    """A quotation that differs from its article by one character is named with both readings."""
    article = Article.of("He left. She stayed.", name="a.txt")
    evidence = Evidence(article=article.id, sentences=(2,), start=9, end=20, quote="She strayed"[:11])
    with pytest.raises(QuoteMismatch, match="She stayed") as caught:
        evidence.verify(article)
    assert caught.value.start == 9


def test_article_ids_hang_on_name_and_text() -> None:
    """The same text under two names is two articles; the same under one name is one."""
    one, other = Article.of("Rain.", name="a"), Article.of("Rain.", name="b")
    assert one.id != other.id
    assert one.id == Article.of("Rain.", name="a").id
    assert one.sha256 == other.sha256


def test_article_is_what_was_hashed() -> None:
    """An article whose text was changed afterwards does not validate."""
    data = Article.of("Rain.", name="a").model_dump() | {"text": "Ruin."}
    with pytest.raises(ValidationError, match="sha256"):
        Article.model_validate(data)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2)])
def test_spans_run_forward(start: int, end: int) -> None:
    """A span has at least one character."""
    with pytest.raises(ValidationError):
        Span(start=start, end=end)


@pytest.mark.parametrize(
    ("date", "precision"), [("2031", "year"), ("2031-05", "month"), ("2031-05-12", "day"), (None, None)]
)
def test_precision_is_the_date_s_length(date: str | None, precision: str | None) -> None:
    """How exact a date is follows from how much of it is given."""
    assert When(words="then", date=date).precision == precision


@pytest.mark.parametrize("date", ["2031-13", "31-05-12", "2031-5-1", "soon", "2031-05-32", "2031-02-30", "２０３１"])
def test_dates_are_dates(date: str) -> None:
    """What is no date, or part of one, does not validate."""
    with pytest.raises(ValidationError):
        When(date=date)


@pytest.mark.parametrize(("same", "resolution"), [(True, "different_events"), (False, "open")])
def test_same_event_before_contradiction(same: bool, resolution: str) -> None:
    """Versions of different events don't contradict each other, whatever else is said."""
    versions = [{"what": "a", "variants": ["C1.1"]}, {"what": "b", "variants": ["C1.2"]}]
    data = {"id": "X1", "issue": "i", "versions": versions, "same_event": same, "why": "w", "resolution": resolution}
    with pytest.raises(ValidationError, match="different events"):
        Dispute.model_validate(data)


def test_usage_with_an_unknown_price_has_an_unknown_cost() -> None:
    """Unknown and known add up to unknown, not to the known part."""
    known, unknown = Usage(requests=1, cost_usd=Decimal("0.5")), Usage(requests=1, cost_usd=None)
    assert (known + unknown).cost_usd is None
    assert (known + known).cost_usd == 1
