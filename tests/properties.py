"""What must hold of any text and any answer. Hypothesis tries it, and so does the fuzzer."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

from pydantic import ValidationError

from summarizer import Article
from summarizer.answers import ArticleNotes
from summarizer.extract import check_notes, render_passage
from summarizer.models import Briefing, Provenance
from summarizer.origins import trace_origins
from summarizer.parts import cut_in, join_notes
from summarizer.passage import Passage
from summarizer.prompts import PromptBook
from summarizer.reading import ReadBundle, Reading, ReadStory
from summarizer.render import render_markdown, render_text
from summarizer.text import HIDDEN, escape_hidden, sentences
from summarizer.verdict import Limits, plain_refusal

BOOK = PromptBook()


def shown(page: str) -> set[str]:
    """Categories of what a page holds that must not be shown."""
    return {unicodedata.category(c) for c in page if c not in "\n\u200c\u200d"} & (HIDDEN | {"Zl", "Zp"})


def check_text(text: str, parts: int) -> None:
    """Sentences are in order and lose nothing but blanks; a prompt is one line a sentence; parts make the whole."""
    article = Article.of(text, name="a.txt")
    passage = Passage(article, sentences(text))
    end = 0
    for number, sentence in enumerate(passage.sentences, 1):
        assert sentence.number == number
        assert not text[end : sentence.start].strip()
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end] != ""
        end = sentence.end
    assert not text[end:].strip()
    user = render_passage(passage, passage, BOOK["extract"], "en").user
    assert sum(line.startswith("[") for line in user.splitlines()) == len(passage.sentences)
    assert not shown(user)
    pieces = cut_in(passage, parts)
    assert [s for piece in pieces for s in piece.sentences] == list(passage.sentences)
    assert len(pieces) <= max(1, parts)


def check_answer(text: str, answer: str) -> None:
    """Whatever is answered is refused, or complained about, or makes quotations that hold."""
    article = Article.of(text, name="a.txt")
    passage = Passage(article, sentences(text))
    try:
        notes = ArticleNotes.model_validate_json(answer)
    except ValidationError:
        return
    if list(check_notes(notes, passage, "en")):
        return
    assert join_notes([notes]) == notes
    reading = Reading(passage, notes)
    trace_origins([ReadStory("a", (ReadBundle((reading,), (reading.source,)),))])
    for actor in notes.actors:
        for alias in reading.aliases(actor):
            alias.evidence[0].verify(article)
    for event in notes.events:
        for evidence in passage.evidence(event.cites):
            evidence.verify(article)


def check_page(said: str) -> None:
    """A briefing that says anything at all is a page on which nothing acts, and JSON that means the same."""
    provenance = Provenance(program="p", schema_version="1", model=said or "m")
    briefing = Briefing.model_validate(
        {
            "date": date(2031, 5, 12),
            "problems": [{"stage": "extract", "article": said, "reason": said or "r", "cost": said or "c"}],
            "provenance": provenance,
        }
    )
    assert not shown(render_markdown(briefing))
    assert not shown(render_text(briefing))
    page = escape_hidden(briefing.model_dump_json(indent=1))
    assert not shown(page)
    assert json.loads(page) == json.loads(briefing.model_dump_json())


def check_refusal(body: bytes) -> None:
    """Whatever an endpoint says when it refuses can be read, and a limit learned from it is a sane one."""
    plain_refusal(400, body)
    limits = Limits("max_tokens", 16384)
    limits.learn(body.decode("utf-8", "replace"))
    assert 256 <= limits.output <= 16384
