"""Stories: a day's articles sorted, chosen, told one by one."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from summarizer import Article, Briefing, Progress, Settings, brief, render_markdown
from summarizer.cli import main
from summarizer.errors import ModelError
from summarizer.likeness import alike, grouped
from summarizer.sift import sift
from summarizer.stories import Thread, by_weight, head_of
from summarizer.testing import Asked, Fault, Reply, ScriptedModel
from tests.conftest import answer_all, notes, settings_for
from tests.newsroom import chatter, make_article, sort_notes

Scripted = Callable[..., ScriptedModel]


def article(matter: str, number: int, publisher: str | None = None) -> Article:
    """An article on one of the newsroom's matters, in words of its own."""
    text = f"{matter} {number}\nNorland demanded that Sudland reopen the {matter} at once, {number}.\n{chatter(number)}"
    outlet = publisher or f"Paper {number}"
    return Article.of(text, name=f"{matter}{number}", title=f"{matter} {number}", publisher=outlet)


DAY = [article("canal", 1), article("lock", 2), article("canal", 3), article("bridge", 4), article("lock", 5)]
DAY.append(article("canal", 6))


def sort_heads(asked: Asked) -> dict[str, Any]:
    """Stories by the first word of their heads."""
    stories: dict[str, list[str]] = {}
    for line in asked.user.splitlines():
        if " | " in line:
            id, *_, heads = line.split(" | ")
            stories.setdefault(heads.split()[0], []).append(id)
    return {"stories": [{"title": f"The {matter}", "ids": ids} for matter, ids in stories.items()]}


def read(asked: Asked) -> Reply:
    """A model that sorts by heads, and has a demand in every article."""
    if asked.answer == "Stories":
        return sort_heads(asked)
    if asked.answer == "OnTopic":
        (topic,) = re.findall(r"^Topic: the (\w+)$", asked.user, re.M)
        return {"ids": [line.split(" | ")[0] for line in asked.user.splitlines() if f"The {topic}" in line]}
    if asked.answer == "Groups":
        return sort_notes(asked)
    if asked.answer == "Summary":
        id, said, *_ = asked.user.splitlines()[0].split(" | ")
        line = {"text": re.sub(r"\d", "", said), "cites": [id]}
        return {"headline": line, "bottom_line": [line], "open_questions": [line]}
    if asked.answer != "ArticleNotes":
        return answer_all(asked)
    number, matter = re.findall(r"^\[(\d+)\] Norland demanded that Sudland reopen the (\w+)", asked.user, re.M)[0]
    actors = [{"id": "a1", "name": "Norland", "kind": "state"}, {"id": "a2", "name": "Sudland", "kind": "state"}]
    demand = {"what": f"Norland wants the {matter} reopened.", "cites": [int(number)], "by": ["a1"], "of": ["a2"]}
    demand |= {"issue": f"the {matter}", "strength": "demand"}
    return notes(actors=actors, demands=[demand], venues=[], boilerplate=[], headline=None)


def told(briefing: Briefing) -> dict[str, list[str]]:
    """Names of each story's articles, by its title."""
    return {story.title: [briefing.source(id).name for id in story.articles] for story in briefing.stories}


def test_a_day_is_told_story_by_story(scripted: Scripted) -> None:
    """Weightiest first; each has its own items and text; the actors are the day's; what is small is listed."""
    model = scripted(read)
    briefing = brief(DAY, settings=settings_for(model))
    assert briefing.problems == ()
    assert told(briefing) == {"The canal": ["canal1", "canal3", "canal6"], "The lock": ["lock2", "lock5"]}
    assert [(story.id, story.items) for story in briefing.stories] == [("S1", ("D1",)), ("S2", ("D2",))]
    assert [demand.issue for demand in briefing.demands] == ["the canal", "the lock"]
    assert [len(demand.variants) for demand in briefing.demands] == [3, 2]
    assert [actor.name for actor in briefing.actors] == ["Norland", "Sudland"]
    assert [line.cites for line in briefing.lines] == [("D1",)] * 3 + [("D2",)] * 3
    (side,) = briefing.side_stories
    assert (side.title, side.why, [briefing.source(id).name for id in side.articles]) == (
        "The bridge",
        "small",
        ["bridge4"],
    )
    readings = [asked for asked in model.asked if asked.answer == "ArticleNotes"]
    assert len(readings) == 5
    assert [len([a for a in model.asked if a.answer == kind]) for kind in ("Stories", "Disputes", "Summary")] == [
        1,
        2,
        2,
    ]


def test_stories_are_sections(scripted: Scripted) -> None:
    """The page begins with a list of stories; each has its own; what was not read stands at the end, by head."""
    page = render_markdown(brief(DAY, day=date(2031, 6, 3), settings=settings_for(scripted(read))))
    heads = re.findall(r"^(#+) (.+)$", page, re.M)
    assert heads[0] == ("#", "Briefing of 3 June 2031")
    tops = [text for level, text in heads if level == "##"]
    assert tops[:2] == ["Stories", "S1 Norland → Sudland, demand · Norland wants the canal reopened. · open"]
    assert tops[3:6] == ["Also reported", "Actors", "Sources"]
    assert [text for level, text in heads if level == "###"].count("Who demands what of whom") == 2
    assert "- **N1** The bridge — Paper 4 “bridge 4”" in page
    assert "6 articles" not in page.splitlines()[2]
    assert "5 articles, of which 5 independent · 1 more article listed" in page
    assert re.search(r"^\| S2 \| Paper 5 \|", page, re.M)


def test_one_story_is_the_whole_page(scripted: Scripted) -> None:
    """A day of one story has no list of stories and no section for it."""
    page = render_markdown(brief([DAY[0], DAY[2]], settings=settings_for(scripted(read))))
    assert "## Stories" not in page
    assert page.startswith("# Norland")
    assert "\n## Bottom line\n" in page
    assert "\n## Who demands what of whom\n" in page


def test_a_topic_keeps_one_beat(scripted: Scripted) -> None:
    """Only what belongs to it is read, however small; the rest is listed as left out."""
    model = scripted(read)
    briefing = brief(DAY, settings=settings_for(model, topic="the bridge"))
    assert told(briefing) == {"The bridge": ["bridge4"]}
    assert [(side.title, side.why) for side in briefing.side_stories] == [
        ("The canal", "off_topic"),
        ("The lock", "off_topic"),
    ]
    assert len([asked for asked in model.asked if asked.answer == "ArticleNotes"]) == 1
    page = render_markdown(briefing)
    assert "## Left out: not on the topic" in page
    assert "· on the bridge ·" in page


def test_a_capped_run_keeps_back_what_its_stories_need(scripted: Scripted) -> None:
    """What merging and writing will take is reckoned of the stories that are told, not of the day."""
    many = [article("canal", n) for n in range(100, 320)]
    briefing = brief([*many, DAY[3]], settings=settings_for(scripted(read), topic="the bridge", max_tokens=150_000))
    assert told(briefing) == {"The bridge": ["bridge4"]}
    assert briefing.problems == ()


def test_nothing_on_the_topic(scripted: Scripted) -> None:
    """A day without the topic makes a briefing that says so, and reads nothing."""
    model = scripted(read)
    briefing = brief(DAY, settings=settings_for(model, topic="the airfield"))
    assert (briefing.stories, briefing.items, briefing.problems) == ((), (), ())
    assert len(briefing.side_stories) == 3
    assert "No story of the day belongs to the topic." in render_markdown(briefing)
    assert [asked.answer for asked in model.asked] == ["Stories", "OnTopic"]


def test_a_topic_that_nobody_answers_stops_the_run(scripted: Scripted) -> None:
    """Without an answer nothing is read that may not have been asked for."""
    model = scripted(lambda asked: Fault(400) if asked.answer == "OnTopic" else read(asked))
    with pytest.raises(ModelError):
        brief(DAY, settings=settings_for(model, topic="the bridge"))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["The canal", "The lock"]),
        ({"min_reports": 1}, ["The canal", "The lock", "The bridge"]),
        ({"min_reports": 3}, ["The canal"]),
        ({"min_reports": 9}, ["The canal", "The lock", "The bridge"]),
        ({"max_stories": 1}, ["The canal"]),
        ({"min_reports": 1, "max_stories": 2}, ["The canal", "The lock"]),
    ],
)
def test_which_stories_are_told(scripted: Scripted, settings: dict[str, int], expected: list[str]) -> None:
    """Those with enough reports, up to a number; if none has enough, all are."""
    briefing = brief(DAY, settings=settings_for(scripted(read), **settings))
    assert list(told(briefing)) == expected
    assert len(briefing.side_stories) == 3 - len(expected)


def test_why_a_story_is_not_told(scripted: Scripted) -> None:
    """One that is large enough but weighs less than those told isn't called small."""
    briefing = brief(DAY, settings=settings_for(scripted(read), max_stories=1))
    assert [(side.title, side.why) for side in briefing.side_stories] == [
        ("The lock", "beyond"),
        ("The bridge", "small"),
    ]
    page = render_markdown(briefing)
    assert page.index("## More stories") < page.index("The lock —") < page.index("## Also reported")


def test_copies_count_once() -> None:
    """A story of one report in three outlets is smaller than one of two reports."""
    wire = [Article.of(DAY[0].text, name=f"w{n}", publisher=f"W{n}") for n in range(3)]
    copies, canal, lock = sift([*wire, DAY[2], DAY[4]])
    threads = [Thread("copies", (copies,)), Thread("two", (canal, lock))]
    choice = by_weight(threads, Settings())
    assert [[thread.title for thread in some] for some in (choice.told, choice.small)] == [["two"], ["copies"]]


def test_an_outlet_alone_weighs_less() -> None:
    """Of two stories with as many reports, that of more outlets comes first."""
    same = [article("lock", n, "One") for n in (1, 2, 3)]
    several = [article("canal", n) for n in (4, 5, 6)]
    threads = [Thread("same", tuple(sift(same))), Thread("several", tuple(sift(several)))]
    told = by_weight(threads, Settings()).told
    assert [thread.title for thread in told] == ["several", "same"]


@pytest.mark.parametrize(
    ("stories", "complaint"),
    [
        ([["s1", "s2", "s9"]], "there is no entry s9"),
        ([["s1", "s2"], ["s2"]], "s2 is listed twice; it belongs in one story"),
        ([["s1"]], "s2 in no story"),
    ],
)
def test_wrong_sortings_are_sent_back(scripted: Scripted, stories: list[list[str]], complaint: str) -> None:
    """Every article belongs to exactly one story, and the model is told what is wrong."""

    def reply(asked: Asked) -> Reply:
        if asked.answer == "Stories" and not asked.reasked:
            return {"stories": [{"title": "x", "ids": ids} for ids in stories]}
        return read(asked)

    model = scripted(reply)
    assert brief(DAY[:2], settings=settings_for(model)).problems == ()
    (again,) = [asked for asked in model.asked if asked.answer == "Stories" and asked.reasked]
    assert complaint in again.body["messages"][-1]["content"]


def test_without_an_answer_words_decide(scripted: Scripted) -> None:
    """If no model sorts the articles, their words do, and a problem says so."""
    rain = "Rain fell on the Marsh of Tolsund until the weir of Ambleside gave way, and forty cottages stood in water."
    flood = [
        Article.of(f"{rain} {more} {chatter(n)[:60]}", name=f"f{n}", publisher=f"P{n}")
        for n, more in enumerate(("Forty cottages stood empty.", "The weir of Ambleside was built in 1931."))
    ]
    nothing = {"language": "en", "machine_translated": False}

    def reply(asked: Asked) -> Reply:
        return Fault(400) if asked.answer == "Stories" else nothing

    model = scripted(reply)
    briefing = brief([*flood, DAY[0]], settings=settings_for(model, min_reports=1))
    (problem,) = [problem for problem in briefing.problems if problem.stage == "stories"]
    assert problem.cost == "stories were told apart by their articles' words alone"
    assert len(briefing.stories) == 2


def test_thousands_take_a_few_questions(scripted: Scripted) -> None:
    """A long day is asked about in batches, then what came of them; every article is in one story."""
    articles = [make_article(number) for number in range(900)]

    def reply(asked: Asked) -> Reply:
        if asked.answer == "Stories":
            stories: dict[str, list[str]] = {}
            for line in asked.user.splitlines():
                if found := re.search(r"at odds over the (\w+)", line):
                    stories.setdefault(found[1], []).append(line.split(" | ")[0])
            return {"stories": [{"title": f"The {thing}", "ids": ids} for thing, ids in stories.items()]}
        return answer_all(asked) if asked.answer != "ArticleNotes" else {"language": "en", "machine_translated": False}

    model = scripted(reply)
    briefing = brief(articles, settings=settings_for(model, max_stories=1, concurrency=16))
    asked = [asked for asked in model.asked if asked.answer == "Stories"]
    assert 5 <= len(asked) <= 8
    stories = [
        *told(briefing).values(),
        *([briefing.source(id).name for id in s.articles] for s in briefing.side_stories),
    ]
    assert sorted(name for names in stories for name in names) == [article.name for article in articles]
    assert len(stories) == 7


def test_progress_names_the_stage(scripted: Scripted) -> None:
    """A listener hears of the sorting."""
    seen: list[Progress] = []
    brief(DAY, settings=settings_for(scripted(read), topic="the canal"), listener=seen.append)
    assert [(p.stage, p.done, p.total) for p in seen][:4] == [
        ("stories", 0, 1),
        ("stories", 1, 1),
        ("topic", 0, 1),
        ("topic", 1, 1),
    ]


def test_the_command_line_takes_a_topic(scripted: Scripted, tmp_path: Any, capsys: Any) -> None:
    """--topic, --max-stories and --min-reports reach the run."""
    for one in DAY:
        (tmp_path / f"{one.name}.txt").write_text(one.text)
    model = scripted(read)
    words = [
        "brief",
        str(tmp_path),
        "--base-url",
        model.base_url,
        "--no-journal",
        "--no-archive",
        "--quiet",
        "--format",
        "text",
    ]
    assert main([*words, "--topic", "the lock", "--min-reports", "1"]) == 0
    out = capsys.readouterr().out
    assert "Left out: not on the topic" in out.replace("LEFT OUT: NOT ON THE TOPIC", "Left out: not on the topic")
    assert main([*words, "--max-stories", "1"]) == 0
    assert main([*words, "--max-stories", "0"]) == 2
    assert main([*words, "--topic", " \u200b"]) == 2


def test_heads() -> None:
    """A headline that the text begins with is said once; long ones are cut, also without blanks."""
    assert head_of(Article.of("Rain\nIt rained on us.", name="a", title="Rain"), 3) == "Rain — It rained on…"
    assert head_of(Article.of("It rained.", name="a"), 3) == "It rained."
    assert head_of(Article.of("Rainfall flooded us.", name="a", title="Rain"), 3) == "Rain — Rainfall flooded us."
    assert len(head_of(Article.of("雨" * 500, name="a"), 10)) <= 71


def test_items_belong_to_one_story(scripted: Scripted) -> None:
    """A briefing in which an item is in no story, or in two, does not validate."""
    briefing = brief(DAY, settings=settings_for(scripted(read)))
    data = briefing.model_dump()
    data["stories"][0]["items"] = ()
    with pytest.raises(ValidationError, match="D1 is in 0 stories"):
        Briefing.model_validate(data)
    data["stories"][0]["items"] = data["stories"][1]["items"] = ("D1", "D2")
    with pytest.raises(ValidationError, match="D2 is in 2 stories"):
        Briefing.model_validate(data)


def test_likeness() -> None:
    """Texts are alike by the rare words that they share, from 0 to 1, and groups are of those alike on average."""
    texts = ["The weir of Ambleside burst.", "Ambleside: a weir bursts.", "Curling in Selkamar.", "Ambleside wins."]
    pairs = alike(texts, 0.05)
    assert pairs[0][1:] == (0, 1)
    assert pairs[0][0] > 0.9
    assert grouped(4, pairs, 0.5) == [[0, 1], [2], [3]]
    assert alike([], 0.1) == []
    assert all(0 < like <= 1 + 1e-9 for like, _, _ in pairs)


def test_groups_are_of_those_alike_on_average() -> None:
    """Sums of likeness, kept from merge to merge, are what adding them up anew would give."""
    dice = random.Random(3)
    pairs = [(dice.random(), a, b) for b in range(40) for a in range(b) if dice.random() < 0.3]
    pairs.sort(reverse=True)
    known = {(a, b): like for like, a, b in pairs}
    home = {n: [n] for n in range(40)}
    for _, a, b in pairs:
        one, other = home[a], home[b]
        between = sum(known.get((min(i, j), max(i, j)), 0.0) for i in one for j in other)
        if one is not other and between >= 0.15 * len(one) * len(other):
            for position in other:
                home[position] = one
            one += other
    assert grouped(40, pairs, 0.15) == sorted(sorted(group) for group in {id(g): g for g in home.values()}.values())
