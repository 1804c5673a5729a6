"""Reading: each article once, one call an article, many at once.

The model gets numbered sentences and answers with their numbers; whatever is quoted later
is sliced from the text here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from summarizer.answers import ActorNote, ArticleNotes, ClaimNote, Note, Noted
from summarizer.desk import Desk, all_of
from summarizer.errors import ModelError, RefusedRequest, TooMuch
from summarizer.models import Article, Problem
from summarizer.parts import cut_in, cut_in_parts, join_notes
from summarizer.prompts import Message, Prompt
from summarizer.reading import Passage, Reading, all_notes
from summarizer.text import content_words, flatten, occurrences, sentences

DEEPEST = 3
"""Times that a passage is cut further when it proves to be too much: into eighths. A model that is cut off even then
won't be helped by sixteenths, and each try costs an answer of full length."""


async def extract_all(articles: Sequence[Article], desk: Desk) -> tuple[list[Reading], list[Problem]]:
    """Read all articles, as many at once as the settings allow.

    An article that can't be read costs itself alone and comes back as a problem, and so does
    a part of a long one. What would fail for every article (no key, unknown model, nothing
    recorded) is raised.

    Returns:
        The readings in order of the articles, and the problems.
    """
    done = 0

    async def read(article: Article) -> tuple[Reading | None, list[Problem]]:
        nonlocal done
        reading, problems = await extract(article, desk)
        done += 1
        desk.tell("reading", done, len(articles), article.name + (" (failed)" if problems else ""))
        return reading, problems

    desk.tell("reading", 0, len(articles))
    # Twice as many as may be under way: some always wait to be sent again.
    results = await all_of((read(article) for article in articles), at_once=2 * desk.settings.concurrency)
    readings = [reading for reading, _ in results if reading is not None]
    return readings, [problem for _, problems in results for problem in problems]


async def extract(article: Article, desk: Desk) -> tuple[Reading | None, list[Problem]]:
    """Read one article, in parts if it is long.

    Returns:
        The reading, None if not a part of it could be read; and what could not be read, and why.
    """
    whole = Passage(article, sentences(article.text, article.language))
    plan = cut_in_parts(whole, desk.door.room(desk.prompts["extract"], ArticleNotes))
    read = await all_of(_read_passage(passage, whole, desk, DEEPEST) for passage in plan)
    found = [notes for some, _ in read for notes in some]
    problems = [problem for _, problems in read for problem in problems]
    if not found:
        reasons = dict.fromkeys(problem.reason for problem in problems)
        cost = "the article was not read"
        return None, [Problem(stage="extract", article=article.name, reason="; ".join(reasons), cost=cost)]
    notes = join_notes(found)
    return Reading(whole, notes, len(found)), problems


async def _read_passage(
    passage: Passage, whole: Passage, desk: Desk, depth: int
) -> tuple[list[ArticleNotes], list[Problem]]:
    """Read a passage; if it proves to be too much for one question, in parts, `depth` times at most."""
    numbers = passage.numbers
    partial = len(passage.sentences) < len(whole.sentences)
    cost = f"sentences {numbers.start} to {numbers.stop - 1} were not read" if partial else "the article was not read"
    try:
        return [await _ask(passage, whole, desk, divisible=depth > 0 and len(passage.sentences) > 1)], []
    except RefusedRequest:
        raise
    except TooMuch as error:
        parts = cut_in(passage, error.parts)
        if depth and len(parts) > 1:
            read = await all_of(_read_passage(part, whole, desk, depth - 1) for part in parts)
            return [notes for found, _ in read for notes in found], [problem for _, found in read for problem in found]
        reason = str(error)
    except ModelError as error:
        reason = str(error)
    return [], [Problem(stage="extract", article=whole.article.name, reason=reason, cost=cost)]


async def _ask(passage: Passage, whole: Passage, desk: Desk, *, divisible: bool) -> ArticleNotes:
    """Ask about one passage.

    Raises:
        ModelError: if no valid notes could be had.
    """

    def check(notes: ArticleNotes) -> Iterator[str]:
        return check_notes(notes, passage, desk.settings.language)

    message = render_passage(passage, whole, desk.prompts["extract"], desk.settings.language)
    return await desk.door.ask(message, ArticleNotes, check=check, article=passage.article, divisible=divisible)


def render_passage(passage: Passage, whole: Passage, prompt: Prompt, language: str) -> Message:
    """The question about a passage of an article."""
    article, numbers, count = passage.article, passage.numbers, len(whole.sentences)
    return prompt.render(
        title=flatten(article.title or ""),
        publisher=flatten(article.publisher or ""),
        published=article.published.strftime("%A, %-d %B %Y") if article.published else "",
        part=(numbers.start, numbers.stop - 1, count) if len(numbers) < count else (),
        sentences=[(sentence.number, flatten(passage.text(sentence))) for sentence in passage.sentences],
        language=language,
    )


# ------------------------------------------------------------------------------- checking


def check_notes(notes: ArticleNotes, passage: Passage, language: str) -> Iterator[str]:
    """Say everything in `notes` that the passage does not bear out.

    Sentence numbers and actor ids must exist, nothing may rest on boilerplate, a spelling
    must stand in the text, and what is said to be shown must share a name or a content word
    with the sentences that are to show it. The last is checked only where notes and article
    are in one language. Nothing may be noted twice.
    """
    actors = {actor.id: actor for actor in notes.actors}
    yield from _check_actors(notes.actors, passage, frozenset(notes.boilerplate))
    headline = () if notes.headline is None else (notes.headline,)
    yield from _check_cites("boilerplate and headline", (*notes.boilerplate, *headline), (), passage)
    same_language = notes.language.split("-")[0].lower() == language.split("-", maxsplit=1)[0].lower()
    seen: dict[Noted, str] = {}
    for label, note, refs in all_notes(notes):
        if (first := seen.setdefault(note, label)) != label:
            yield f"{label}: the same as {first}; note each thing once"
        for ref in refs:
            if ref not in actors:
                yield f"{label}: {ref} is not the id of an actor you listed"
        if note.via and not any(passage.mentions(note.via)):
            yield f"{label}: via {note.via!r} does not stand in the article in these letters"
        meant = [actors[ref] for ref in refs if ref in actors]
        meant += [actor for actor in notes.actors if any(map(note.what.count, _forms(actor)))]
        names = [form for actor in meant for form in _forms(actor)]
        for cites in _all_cites(note):
            wrong = list(_check_cites(label, cites, notes.boilerplate, passage))
            yield from wrong
            if same_language and not wrong:
                shown = " ".join(quoted.quote for quoted in passage.evidence(cites))
                yield from _check_words(label, note.what, names, cites, shown)


def _check_cites(label: str, cites: Iterable[int], idle: Iterable[int], passage: Passage) -> Iterator[str]:
    """Say which sentence numbers don't exist, or are boilerplate."""
    own = passage.numbers
    for number in cites:
        if number not in own:
            yield f"{label}: there is no sentence {number}; the article has {own.start} to {own.stop - 1}"
        elif number in idle:
            yield f"{label}: sentence {number} is boilerplate by your own list"


def _check_words(label: str, what: str, names: Sequence[str], cites: Sequence[int], shown: str) -> Iterator[str]:
    """Say it if the sentences cited, `shown`, have nothing of what they are said to show."""
    named = any(True for name in names for _ in occurrences(name, shown))
    if not named and not content_words(what, *names) & content_words(shown):
        listed = ", ".join(map(str, cites))
        yield f"{label}: sentence {listed} shares neither a name nor a content word with what it is to show"


def _check_actors(actors: Sequence[ActorNote], passage: Passage, skipped: frozenset[int]) -> Iterator[str]:
    """Say which actors are listed twice, belong to nobody listed, or aren't in the text."""
    listed = Counter(actor.id for actor in actors)
    yield from (f"actor id {id} is given twice" for id, count in listed.items() if count > 1)
    for actor in actors:
        yield from _check_spellings(actor, passage, skipped)
        if actor.affiliation and actor.affiliation not in listed:
            yield f"{actor.id}: affiliation {actor.affiliation} is not the id of an actor you listed"


def _forms(actor: ActorNote) -> tuple[str, ...]:
    return (actor.name, *actor.spellings)


def _check_spellings(actor: ActorNote, passage: Passage, skipped: frozenset[int]) -> Iterator[str]:
    """Say which spellings don't stand in the text, and whether none stands in the story."""
    absent = [form for form in actor.spellings if not any(passage.mentions(form))]
    if absent:
        yield f"{actor.id}: {', '.join(map(repr, absent))} does not stand in the article in these letters"
    elif not any(place.sentences[0] not in skipped for form in _forms(actor) for place in passage.mentions(form)):
        yield f"{actor.id}: {actor.name!r} does not stand in the story; add the spelling that does, or leave it out"


def _all_cites(note: Noted) -> Iterator[tuple[int, ...]]:
    """Every list of sentences that a note points to."""
    if isinstance(note, ClaimNote):
        yield from (stance.cites for stance in note.stances)
    elif isinstance(note, Note):
        yield note.cites
