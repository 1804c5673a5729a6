"""Reading an article: numbers become quotations, and notes are held to the text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from summarizer import Article, Settings
from summarizer.answers import ArticleNotes
from summarizer.desk import Desk, Progress
from summarizer.door import Door
from summarizer.errors import RefusedRequest, UnknownSentence
from summarizer.extract import check_notes, extract_all
from summarizer.models import Hazard, Problem
from summarizer.passage import Passage
from summarizer.prompts import PromptBook
from summarizer.reading import Reading
from summarizer.sift import Bundle, Report
from summarizer.testing import Asked, Fault, Reply, ScriptedModel
from summarizer.text import sentences
from tests.conftest import HARBOUR, notes, settings_for


def problems(article: Article, **changes: Any) -> list[str]:
    given = ArticleNotes.model_validate(notes(**changes))
    return list(check_notes(given, Passage(article, sentences(article.text)), "en"))


def with_demand(**changes: Any) -> dict[str, Any]:
    return {"demands": [notes()["demands"][0] | changes]}


def with_actor(**changes: Any) -> dict[str, Any]:
    return {"actors": [*notes()["actors"], {"id": "a4", "name": "Peter Varga", "kind": "person"} | changes]}


def test_good_notes_pass(article: Article) -> None:
    """Notes that the article bears out have no problems."""
    assert problems(article) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param(
            with_demand(cites=[9]), "there is no sentence 9; those shown are of 1 to 5", id="unknown sentence"
        ),
        pytest.param(with_demand(cites=[0]), "there is no sentence 0", id="sentence 0"),
        pytest.param(with_demand(cites=[3]), "sentence 3 is boilerplate", id="boilerplate"),
        pytest.param(with_demand(cites=[4], what="Tariffs fall."), None, id="a name is enough"),
        pytest.param(with_actor(name="Advertisement"), "does not stand in the story", id="name only in boilerplate"),
        pytest.param(with_demand(by=["a9"]), "a9 is not the id of an actor", id="unknown actor"),
        pytest.param(with_demand(via="Reuters"), "via 'Reuters' does not stand", id="via not in the text"),
        pytest.param({"boilerplate": [12]}, "there is no sentence 12", id="unknown boilerplate"),
        pytest.param({"headline": 0}, "there is no sentence 0", id="unknown headline"),
        pytest.param(with_actor(spellings=["Vargas"]), "'Vargas' does not stand", id="spelling not in the text"),
        pytest.param(with_actor(name="Harbour master"), "does not stand in the story", id="name not in the text"),
        pytest.param(with_actor(name="Sudland envoy", spellings=["Peter Varga"]), None, id="a spelling is enough"),
        pytest.param(with_actor(affiliation="a7"), "affiliation a7", id="unknown affiliation"),
        pytest.param(with_actor(id="a3"), "actor id a3 is given twice", id="id twice"),
        pytest.param({"demands": notes()["demands"] * 2}, "demands[1]: the same as demands[0]", id="noted twice"),
    ],
)
def test_notes_are_held_to_the_article(article: Article, changes: dict[str, Any], complaint: str | None) -> None:
    """Each way in which notes can go beyond their article is named so that it can be mended."""
    found = problems(article, **changes)
    if complaint is None:
        assert found == []
    else:
        assert any(complaint in problem for problem in found), found


def test_evidence_must_have_to_do_with_what_it_shows(article: Article) -> None:
    """Sentences that share neither a name nor a content word with the note don't show it."""
    elsewhere = {"what": "Tariffs on wool doubled.", "cites": [5], "status": "past"}
    assert "shares neither a name nor a content word" in problems(article, events=[elsewhere])[0]
    assert problems(article, events=[elsewhere | {"what": "A meeting may follow."}]) == []


def test_a_name_s_other_spelling_is_a_shared_name() -> None:
    """A note that says Norland is borne out by a sentence that says only Havn, its capital."""
    text = "Norland is a state. Havn never replied."
    article = Article.of(text, name="a")
    actors = [{"id": "a1", "name": "Norland", "spellings": ["Havn"], "kind": "state"}]
    claim = {"what": "Norland gave no answer.", "stances": [{"stance": "asserts", "cites": [2]}]}
    assert problems(article, boilerplate=[], actors=actors, demands=[], venues=[], claims=[claim]) == []


def test_words_are_not_compared_across_languages() -> None:
    """Notes in English on an article in German share no words, and need not."""
    article = Article.of("Der Hafen bleibt zu.", name="a")
    event = {"what": "The port stays closed.", "cites": [1], "status": "ongoing"}
    assert problems(article, language="de", boilerplate=[], actors=[], demands=[], venues=[], events=[event]) == []


def test_quotations_are_sliced(article: Article) -> None:
    """Consecutive sentences make one quotation, others one each; all are the text's characters."""
    passage = Passage(article, sentences(article.text))
    one, other = passage.evidence([5, 1, 2])
    assert one.sentences == (1, 2)
    assert one.quote == article.text[one.start : one.end]
    assert one.quote.startswith("Ministers met")
    assert one.quote.endswith("the canal.")
    assert other.quote == "A second meeting is possible in June."
    with pytest.raises(UnknownSentence, match="1 to 5, cited 6"):
        passage.quote([6])


def test_names_are_quoted_where_they_stand() -> None:
    """An alias's evidence is the name itself, in the story rather than in boilerplate."""
    text = "See also: Norland wins at curling\nNorland demanded an answer."
    article = Article.of(text, name="a")
    given = notes(boilerplate=[1], actors=[{"id": "a1", "name": "Norland", "kind": "state"}], demands=[], venues=[])
    reading = Reading(Passage(article, sentences(text)), ArticleNotes.model_validate(given))
    (alias,) = reading.aliases(reading.notes.actors[0])
    assert (alias.evidence[0].quote, alias.evidence[0].sentences) == ("Norland", (2,))


def read(
    articles: list[Article], settings: Settings, seen: list[Progress] | None = None
) -> tuple[list[Reading], list[Problem]]:
    async def go() -> tuple[list[Reading], list[Problem]]:
        async with Door(settings) as door:
            listener = seen.append if seen is not None else None
            bundles = [Bundle((Report(article),)) for article in articles]
            read, problems = await extract_all(bundles, Desk(settings, PromptBook(), door, listener))
            return [reading for bundle in read if bundle for reading in bundle.readings], problems

    return asyncio.run(go())


def test_the_article_learns_what_the_reading_found(scripted: Callable[..., ScriptedModel], article: Article) -> None:
    """Language, headline, hazards and boilerplate spans come from the reading."""
    noted = notes(machine_translated=True, truncated=True, headline=1, other_languages=["de"])
    model = scripted(lambda asked: noted)
    (reading,), _ = read([article], settings_for(model))
    found = reading.source
    assert found.title == "Ministers met in Port Ambry."
    assert set(found.hazards) == {*Hazard}
    assert [article.text[span.start : span.end] for span in found.boilerplate] == ["Advertisement"]


def test_sentences_are_numbered_one_a_line(scripted: Callable[..., ScriptedModel], article: Article) -> None:
    """The model sees each sentence on a line of its own, whatever breaks or controls it holds."""
    model = scripted(lambda asked: notes())
    hostile = Article.of(HARBOUR.replace("A second", "\x1b[31m\u202eA\tsecond"), name="h")
    read([hostile], settings_for(model))
    assert model.asked[0].user.endswith("[5] [31mA second meeting is possible in June.")


def test_one_bad_reading_costs_itself_alone(scripted: Callable[..., ScriptedModel], article: Article) -> None:
    """An article whose answer stays invalid becomes a problem; the others are read, in order."""

    def reply(asked: Asked) -> Reply:
        return notes(boilerplate=[99]) if "bad one" in asked.user else notes()

    bad = Article.of(HARBOUR + " A bad one.", name="bad.txt")
    good = Article.of(HARBOUR + " A good one.", name="good.txt")
    seen: list[Progress] = []
    readings, failed = read([bad, article, good], settings_for(scripted(reply)), seen)
    assert [reading.source.name for reading in readings] == ["harbour.txt", "good.txt"]
    assert [(problem.article, problem.stage) for problem in failed] == [("bad.txt", "extract")]
    assert "no sentence 99" in failed[0].reason
    assert [progress.done for progress in seen] == [0, 1, 2, 3]


def test_what_fails_for_all_is_raised(scripted: Callable[..., ScriptedModel], article: Article) -> None:
    """A refused key is no problem of one article."""
    with pytest.raises(RefusedRequest):
        read([article], settings_for(scripted(lambda asked: Fault(401))))
