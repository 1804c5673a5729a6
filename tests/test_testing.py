"""The scripted model that the package ships for its users' tests."""

from __future__ import annotations

import pytest

from summarizer import Article, Settings, brief
from summarizer.errors import SummarizerError
from summarizer.testing import Asked, Reply, ScriptedModel
from tests.conftest import HARBOUR, answer_all


def test_a_script_s_own_error_is_raised() -> None:
    """A mistake in the script is not mistaken for the model's: it comes out when the server stops."""

    def reply(asked: Asked) -> Reply:
        raise LookupError("no such line in the script")

    with pytest.raises(LookupError, match="no such line"), ScriptedModel(reply) as model:
        with pytest.raises(SummarizerError, match="the script raised"):
            brief(Article.of(HARBOUR, name="a"), settings=Settings(base_url=model.base_url, api_key="k"))
        assert len(model.asked) == 1


def test_what_was_asked_is_kept() -> None:
    """Every request is kept with its parts, in order of arrival."""
    with ScriptedModel(answer_all) as model:
        brief(Article.of(HARBOUR, name="a"), settings=Settings(base_url=model.base_url, api_key="k"))
    assert [asked.number for asked in model.asked] == [0, 1, 2]
    assert [asked.answer for asked in model.asked] == ["ArticleNotes", "Disputes", "Summary"]
    assert not any(asked.reasked for asked in model.asked)
