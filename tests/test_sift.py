"""Sifting: of copies one is read, and of the others what they add."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from summarizer import Article, brief
from summarizer.models import Origin
from summarizer.passage import Passage
from summarizer.sift import sift
from summarizer.testing import Answered, Asked, Fault, Reply, ScriptedModel
from tests.conftest import answer_all, notes, one_story, settings_for

Scripted = Callable[..., ScriptedModel]

WIRE = (
    "The ferry Lindermay ran aground off Harl on Monday with 212 people aboard.",
    "Nobody was hurt, the harbour master said.",
    "The company has not agreed to pay for the salvage.",
    "Divers were to look at the hull on Tuesday morning.",
    "The strait has been closed to all ships of more than 3,000 tonnes since noon.",
    "Two tugs from Tolsund stood by, and a third was on its way.",
)


def article(*lines: str, name: str = "a", publisher: str | None = None, **known: object) -> Article:
    return Article.of("\n".join(lines), name=name, publisher=publisher or name.title(), **known)  # type: ignore[arg-type]


def added(*articles: Article) -> list[str]:
    """What is read of the copies besides the one that is read whole."""
    (bundle,) = sift(articles)
    return [
        report.passage.text(sentence)
        for report in bundle.reports[1:]
        if report.adds
        for sentence in report.passage.shown
    ]


def test_a_cut_copy_adds_nothing() -> None:
    """Of a copy that breaks off nothing is read; it says which article is read in its place."""
    whole, cut = article(*WIRE, name="whole"), article(*WIRE[:4], name="cut")
    (bundle,) = sift([cut, whole])
    assert [report.article.name for report in bundle.reports] == ["whole", "cut"]
    assert [report.copy_of for report in bundle.reports] == [None, whole.id]
    assert bundle.to_read == bundle.reports[:1]


@pytest.mark.parametrize(
    ("line", "reads"),
    [
        pytest.param("Nobody was hurt, the harbour master said on Monday evening.", True, id="words added"),
        pytest.param("The company has agreed to pay for the salvage.", True, id="no longer not"),
        pytest.param("The company has not refused to pay for the salvage.", True, id="another verb"),
        pytest.param("The ferry Lindermay ran aground off Harl on Monday with 221 people aboard.", True, id="a figure"),
        pytest.param("The ferry Lindermay ran aground off Harl on Tuesday with 212 people aboard.", True, id="a day"),
        pytest.param("The company refused.", True, id="short and new"),
        pytest.param("The ferry Lindermay ran aground off Harl.", True, id="the rest left out"),
        pytest.param("The hull on Tuesday morning.", True, id="the beginning left out"),
        pytest.param("Nobody was hurt, the harbour master said?", True, id="a question"),
        pytest.param("The strait has been closed by all ships of more than 3,000 tonnes since noon.", True, id="by"),
        pytest.param(
            "The strait has been closed to all ships of more than -3,000 tonnes since noon.", True, id="minus"
        ),
        pytest.param("***", False, id="no words"),
        pytest.param("A ferry, Lindermay, ran aground off Harl on Monday with 212 people aboard", False, id="commas"),
        pytest.param("Divers were to look at the hull on Tuesday morning", False, id="the full stop"),
        pytest.param("Two tugs from Tolsund stood by, and a third was on its way, it said.", False, id="it said"),
        pytest.param("NOBODY WAS HURT, THE HARBOUR MASTER SAID.", False, id="capitals"),
        pytest.param("Nobody was hurt, said the harbour master.", False, id="said first"),
    ],
)
def test_what_a_copy_adds(line: str, reads: bool) -> None:
    """A sentence is read if its words don't stand in the article read; what alters nothing doesn't count."""
    assert added(article(*WIRE, "x" * 200, name="whole"), article(*WIRE, line, name="copy")) == [line] * reads


def test_sentences_run_together_add_nothing() -> None:
    """One sentence made of two is known if both are; half of one isn't: what was left out may turn it around."""
    joined = f"{WIRE[3].rstrip('.')}; {WIRE[4].lower()}"
    half = "Two tugs from Tolsund stood by."
    assert added(article(*WIRE, "x" * 200, name="whole"), article(*WIRE[:3], joined, half, name="copy")) == [half]


def test_sentences_that_were_parted_otherwise_add_nothing() -> None:
    """Two sentences that are one in the article read are known together."""
    parted = ("The strait has been closed to all ships", "of more than 3,000 tonnes since noon.")
    assert added(article(*WIRE, "x" * 200, name="whole"), article(*WIRE[:4], *parted, WIRE[5], name="copy")) == []
    assert added(article(*WIRE, "x" * 200, name="whole"), article(*WIRE[:4], parted[0], name="copy")) == []
    assert added(article(*WIRE, "x" * 200, name="whole"), article(*WIRE[:4], parted[1], name="copy")) == [parted[1]]


def test_a_copy_that_was_cut_in_a_sentence_adds_nothing() -> None:
    """What breaks off in the middle of a sentence is known by its beginning."""
    cut = article(*WIRE[:4], WIRE[4][:40], name="cut")
    assert added(article(*WIRE, name="whole"), cut) == []


def test_what_one_copy_adds_isn_t_read_in_the_next() -> None:
    """A sentence that two copies add is read once."""
    new = "The company said on Tuesday that it would pay after all."
    whole = article(*WIRE, *("Gulls circled over the wreck, and children counted them aloud.",), name="whole")
    assert added(whole, article(*WIRE, new, name="b"), article(*WIRE[1:], new, name="c")) == [new]


def test_of_equal_copies_the_dated_one_is_read() -> None:
    """Relative dates resolve in it."""
    from datetime import date

    undated, dated = article(*WIRE, "Ends.", name="a"), article(*WIRE, name="b", published=date(2031, 6, 3))
    assert sift([undated, dated])[0].lead is dated


def test_scripts_without_blanks() -> None:
    """Copies in Chinese are compared letter by letter."""
    lines = (
        "总统周一在首都会见了邻国的外交部长和代表团。",
        "双方没有就大坝的水量达成任何协议或共识。",
        "会谈将于下周四在另一座城市继续举行。",
    )
    new = "外交部长拒绝对记者的提问发表任何评论。"
    assert added(article(*lines, "晴" * 60, name="a"), article(*lines, new, name="b")) == [new]


def test_vowel_signs_make_words() -> None:
    """A sentence of Hindi that differs in signs alone says something else."""
    lines = ("राजा के पिता की सोमवार को मौत हो गई।", "बाँध पर बातचीत अगले सप्ताह होगी।", "नदी का पानी फिर बढ़ रहा है।")
    new = "राजा के पोते की सोमवार को मौत हो गई।"
    assert added(article(*lines, "क" * 200, name="a"), article(*lines[1:], new, name="b")) == [new]


def test_what_a_stopped_run_loses_is_listed(scripted: Scripted) -> None:
    """If no endpoint is left for the one that is read, what others add stands, and the rest are problems."""

    def reply(asked: Asked) -> Reply:
        mine = asked.answer == "ArticleNotes" and "Gulls" in asked.user
        return Fault(503) if mine else read(asked)

    whole = article(*WIRE, "Gulls circled over the wreck, and children counted them aloud.", name="Wire")
    update = article(*WIRE[:3], "The company said on Tuesday that it would pay after all.", name="Update")
    cut = article(*WIRE[:4], name="Cut")
    settings = settings_for(scripted(reply), attempts=1)
    briefing = brief([whole, update, cut], settings=settings)
    assert [(source.name, source.copy_of) for source in briefing.sources] == [("Update", None)]
    assert [problem.article for problem in briefing.problems] == ["Wire", "Cut"]


def test_nothing_is_left_without_a_line() -> None:
    """Lines that all of an outlet's articles have aren't marked where nothing would be left; nor is a title."""
    dice = random.Random(6)

    def story(n: int, *lines: str, title: str | None = None) -> Article:
        return Article.of("\n".join(lines), name=f"g{n}", publisher="Gauge", title=title)

    words = [" ".join("".join(dice.choices("abcdefghij", k=6)) for _ in range(60)) for _ in range(3)]
    letters = [story(n, "Letter from Harl", f"{words[n]}.", title="Letter from Harl") for n in range(3)]
    empty = story(9, "Letter from Harl")
    marked = [len(report.article.boilerplate) for bundle in sift([*letters, empty]) for report in bundle.reports]
    assert marked == [0, 0, 0, 0]


def test_an_outlet_s_own_lines_are_boilerplate() -> None:
    """A line that three different articles of one outlet have is no story's; one that two outlets have is."""
    dice = random.Random(5)

    def story(n: int, publisher: str, *more: str) -> Article:
        words = " ".join("".join(dice.choices("abcdefghij", k=6)) for _ in range(60))
        return article(f"{words}.", *more, name=f"{publisher}{n}", publisher=publisher)

    footer = "The Gauge of Harl, every morning since 1881"
    articles = [story(n, "Gauge", footer) for n in range(3)] + [story(n, f"Paper {n}", footer) for n in range(3)]
    bundles = sift(articles)
    marked = [[b.lead.text[span.start : span.end] for span in b.lead.boilerplate] for b in bundles]
    assert marked == [[footer]] * 3 + [[]] * 3
    assert [report.passage.idle for report in bundles[0].reports] == [frozenset({2})]


def test_copies_of_one_outlet_keep_their_lines() -> None:
    """Three updates of one report have the same lines, and these are the story's."""
    updates = [article(*WIRE, f"It was {n} o'clock in Harl.", name=f"u{n}", publisher="Gauge") for n in range(4)]
    (bundle,) = sift(updates)
    assert all(not report.article.boilerplate for report in bundle.reports)


def read(asked: Asked) -> Reply:
    """Notes of the first and last numbered sentence."""
    if asked.answer == "Stories":
        return one_story(asked)
    if asked.answer == "Summary":
        id, said, *_ = asked.user.splitlines()[0].split(" | ")
        return {"headline": {"text": said, "cites": [id]}, "bottom_line": [{"text": said, "cites": [id]}]}
    if asked.answer != "ArticleNotes":
        return answer_all(asked)
    numbers = [int(line[1 : line.index("]")]) for line in asked.user.splitlines() if line[1:2].isdigit()]
    events = [{"what": f"What sentence {n} has.", "cites": [n], "status": "past"} for n in {numbers[0], numbers[-1]}]
    return notes(actors=[], demands=[], venues=[], headline=None, boilerplate=[], language="xx", events=events)


def test_a_copy_s_additions_are_asked_about_with_what_they_follow(scripted: Scripted) -> None:
    """The model is shown what is new, under its number, and unnumbered what stands before it; all outlets are named."""
    new = "The company said on Tuesday that it would pay after all."
    whole = article(*WIRE, "Gulls circled over the wreck, and children counted them aloud.", name="Wire")
    update = article(*WIRE[:3], new, *WIRE[3:5], name="Update")
    cut = article(*WIRE[:4], name="Cut")
    model = scripted(read)
    briefing = brief([whole, update, cut], settings=settings_for(model))
    readings = [asked.user for asked in model.asked if asked.answer == "ArticleNotes"]
    assert len(readings) == 2
    (asked,) = (user for user in readings if "A copy of an article" in user)
    assert [line for line in asked.splitlines() if line.startswith("[")] == [f"[-] {WIRE[2]}", f"[4] {new}"]
    assert {source.name: source.copy_of for source in briefing.sources} == {
        "Wire": None,
        "Update": whole.id,
        "Cut": whole.id,
    }
    (origin,) = briefing.origins
    assert origin == Origin(
        id="O1", name="Wire = Update = Cut", kind="copies", articles=tuple(source.id for source in briefing.sources)
    )
    assert {e.quote for e in briefing.evidence} == {whole.text.splitlines()[0], whole.text.splitlines()[-1], new}
    assert briefing.verify([whole, update, cut]) == 3


def test_boilerplate_is_not_shown(scripted: Scripted) -> None:
    """Marked lines are left out of the question; the other sentences keep their numbers."""
    model = scripted(read)
    marked = article(WIRE[0], "Advertisement", WIRE[1], name="a")
    marked = Article.of(marked.text, name="a", boilerplate=[(len(WIRE[0]) + 1, len(WIRE[0]) + 14)])
    briefing = brief(marked, settings=settings_for(model))
    shown = [line for line in model.asked[0].user.splitlines() if line.startswith("[")]
    assert shown == [f"[1] {WIRE[0]}", f"[3] {WIRE[1]}"]
    assert briefing.verify([marked]) == 2


def test_if_the_longest_can_t_be_read_the_next_is(scripted: Scripted) -> None:
    """A model that declines one copy is asked about another one, whole."""

    def reply(asked: Asked) -> Reply:
        mine = asked.answer == "ArticleNotes" and "Gulls" in asked.user
        return Answered(content={}, refusal="I can't help with that.") if mine else read(asked)

    whole = article(*WIRE, "Gulls circled over the wreck, and children counted them aloud.", name="Wire")
    copies = [article(*WIRE[:n], name=f"Copy {n}") for n in (4, 5)]
    briefing = brief([whole, *copies], settings=settings_for(scripted(reply)))
    assert [problem.article for problem in briefing.problems] == ["Wire"]
    assert {source.name: source.copy_of for source in briefing.sources} == {"Copy 5": None, "Copy 4": copies[1].id}
    assert {evidence.quote for evidence in briefing.evidence} == {WIRE[0], WIRE[4]}


def test_passages_know_what_they_show() -> None:
    """A sentence is boilerplate only if all of it is."""
    text = "One. Two.\nThree four. Five."
    half = Article.of(text, name="a", boilerplate=[(0, 9), (10, 15)])
    passage = Passage.of(half, frozenset({4}))
    assert [sentence.number for sentence in passage.shown] == [3]
    assert passage.idle == {1, 2}
    assert not passage.shows(9)


def test_bundles_of_nothing() -> None:
    """No articles make no bundles, and one has nothing to fall back on."""
    assert sift([]) == []
    assert sift([article(*WIRE)])[0].without_lead() is None
