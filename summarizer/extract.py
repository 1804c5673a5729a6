"""Reading: each article once, one call an article, many at once.

The model gets numbered sentences and answers with their numbers; whatever is quoted later
is sliced from the text here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.answers import ActorNote, ArticleNotes, ClaimNote, Note, Noted
from summarizer.days import with_weekday
from summarizer.desk import Desk, all_of
from summarizer.errors import ModelError, RefusedRequest, Spent, TooMuch, UnreachableModel
from summarizer.models import Problem
from summarizer.parts import cut_in, cut_in_parts, join_notes
from summarizer.passage import Passage
from summarizer.prompts import Message, Prompt
from summarizer.reading import ReadBundle, Reading, all_notes
from summarizer.sift import Bundle, Report
from summarizer.text import Sentence, content_words, flatten, stands

DEEPEST = 3
"""Times that a passage is cut further when it proves to be too much: into eighths. A model that is cut off even then
won't be helped by sixteenths, and each try costs an answer of full length."""


@dataclass(frozen=True)
class Outcome:
    """What came of reading one article."""

    reading: Reading | None
    """None: not a part of it could be read."""
    problems: tuple[Problem, ...] = ()
    """What could not be read, and why."""
    stopped: bool = False
    """Whether it failed for a reason that any other article would meet now: no budget, time or endpoint left."""


async def extract_all(bundles: Sequence[Bundle], desk: Desk) -> tuple[list[ReadBundle | None], list[Problem]]:
    """`extract_each`, all together.

    Returns:
        What was read of each bundle, None where that is nothing; and the problems.
    """
    found: list[tuple[ReadBundle | None, list[Problem]]] = [(None, [])] * len(bundles)

    def take(position: int, bundle: ReadBundle | None, problems: list[Problem]) -> None:
        found[position] = bundle, problems

    await extract_each(bundles, desk, take, total=sum(len(bundle.to_read) for bundle in bundles))
    return [bundle for bundle, _ in found], [problem for _, some in found for problem in some]


async def extract_each(
    bundles: Iterable[Bundle],
    desk: Desk,
    take: Callable[[int, ReadBundle | None, list[Problem]], None],
    *,
    total: int = 0,
) -> None:
    """Read all that there is to read in bundles of copies, as many articles at once as the settings allow.

    An article that can't be read costs itself alone and comes back as a problem, and so does
    a part of a long one. Where it is the one that stands for its copies, another of them is
    read whole. What would fail for every article (no key, unknown model, nothing recorded) is
    raised.

    Bundles may come from a generator: of those that are read nothing is kept here.

    Args:
        bundles: taken as there is room for one more.
        desk: of the run.
        take: called with a bundle's position, what was read of it (None: nothing), and the problems.
        total: how many articles there are to read, for who is told; 0: not known.
    """
    done = 0

    async def read(report: Report) -> Outcome:
        nonlocal done
        outcome = await extract(report, desk)
        done += 1
        desk.tell("reading", done, total, report.article.name + (" (failed)" if outcome.problems else ""))
        return outcome

    async def read_and_hand_on(position: int, bundle: Bundle) -> None:
        take(position, *await read_bundle(bundle))

    async def read_bundle(bundle: Bundle) -> tuple[ReadBundle | None, list[Problem]]:
        nonlocal total
        current: Bundle | None = bundle
        lead, *others = await read_all(bundle)
        problems = [*lead.problems]
        while current and lead.reading is None and not lead.stopped and (current := current.without_lead()):
            total += len(current.to_read)
            lead, *others = await read_all(current)
            problems += lead.problems
        problems += [problem for outcome in others for problem in outcome.problems]
        if current is None:
            return None, problems
        if lead.reading:
            return _put_together(current, (lead, *others)), problems
        # The run stopped in mid-bundle. What others add stands for itself; those that add nothing are not read either.
        readings = tuple(replace(outcome.reading, copy_of=None) for outcome in others if outcome.reading)
        reason = "; ".join(problem.reason for problem in lead.problems)
        unread = (report for report in current.reports if not report.adds)
        problems += [_problem(report, reason, "the article was not read") for report in unread]
        sources = tuple(reading.source for reading in readings)
        return ReadBundle(readings, sources) if readings else None, problems

    async def read_all(bundle: Bundle) -> list[Outcome]:
        return await all_of(map(read, bundle.to_read), at_once=min(at_once, len(bundle.to_read)))

    desk.tell("reading", 0, total)
    at_once = desk.door.at_once
    await all_of((read_and_hand_on(*numbered) for numbered in enumerate(bundles)), at_once=at_once)


def _put_together(bundle: Bundle, outcomes: Iterable[Outcome]) -> ReadBundle:
    """A bundle with what was read of it."""
    readings = tuple(outcome.reading for outcome in outcomes if outcome.reading)
    sources = {reading.passage.article.id: reading.source for reading in readings}
    return ReadBundle(readings, tuple(sources.get(report.article.id) or report.source for report in bundle.reports))


async def extract(report: Report, desk: Desk) -> Outcome:
    """Read what there is to read in one article, in parts if it is long."""
    whole = report.passage
    plan = cut_in_parts(whole, desk.door.room(desk.prompts["extract"], ArticleNotes))
    parts = (_read_passage(passage, whole, desk, DEEPEST) for passage in plan)
    read = await all_of(parts, at_once=len(plan))
    found = [notes for some, _ in read for notes in some]
    failed = [failure for _, failures in read for failure in failures]
    if found:
        problems = tuple(_problem(report, failure.error, failure.cost) for failure in failed)
        return Outcome(Reading(whole, join_notes(found), len(found), report.copy_of), problems)
    reasons = "; ".join(dict.fromkeys(str(failure.error) for failure in failed))
    cost = "what it adds to its copies was not read" if report.copy_of else "the article was not read"
    stopped = all(isinstance(failure.error, (Spent, UnreachableModel)) for failure in failed)
    return Outcome(None, (_problem(report, reasons, cost),), stopped)


def _problem(report: Report, reason: object, cost: str) -> Problem:
    return Problem(stage="extract", article=report.article.name, reason=str(reason), cost=cost)


@dataclass(frozen=True)
class _Failure:
    """Why a passage was not read, and what that costs."""

    error: ModelError
    cost: str


async def _read_passage(
    passage: Passage, whole: Passage, desk: Desk, depth: int
) -> tuple[list[ArticleNotes], list[_Failure]]:
    """Read a passage; if it proves to be too much for one question, in parts, `depth` times at most."""
    numbers = passage.numbers
    partial = len(passage.sentences) < len(whole.sentences)
    cost = f"sentences {numbers.start} to {numbers.stop - 1} were not read" if partial else "the article was not read"
    try:
        return [await _ask(passage, whole, desk, divisible=depth > 0 and len(passage.shown) > 1)], []
    except RefusedRequest:
        raise
    except TooMuch as error:
        parts = cut_in(passage, error.parts)
        if not depth or len(parts) < 2:
            return [], [_Failure(error.with_traceback(None), cost)]
        read = await all_of(_read_passage(part, whole, desk, depth - 1) for part in parts)
        return [notes for found, _ in read for notes in found], [failure for _, failed in read for failure in failed]
    except ModelError as error:
        return [], [_Failure(error.with_traceback(None), cost)]


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
        published=with_weekday(article.published) if article.published else "",
        part=(numbers.start, numbers.stop - 1, count) if len(numbers) < count else (),
        copy=any(sentence.number in passage.known for sentence in passage.sentences),
        sentences=[
            (sentence.number if passage.shows(sentence.number) else None, flatten(passage.text(sentence)))
            for sentence in _with_context(passage)
        ],
        language=language,
    )


def _with_context(passage: Passage) -> Iterator[Sentence]:
    """The sentences that a passage shows, and before those that a copy adds the one that they follow."""
    before: Sentence | None = None
    for sentence in passage.sentences:
        if passage.shows(sentence.number):
            if before is not None:
                yield before
            yield sentence
            before = None
        elif sentence.number in passage.known:
            before = sentence


# ------------------------------------------------------------------------------- checking


def check_notes(notes: ArticleNotes, passage: Passage, language: str) -> Iterator[str]:
    """Say everything in `notes` that the passage does not bear out.

    Sentence numbers and actor ids must exist, nothing may rest on boilerplate, a spelling
    must stand in the text, and what is said to be shown must share a name or a content word
    with the sentences that are to show it. That is checked only where notes and article are in
    one language. Nothing may be noted twice.
    """
    actors = {actor.id: actor for actor in notes.actors}
    yield from _check_actors(notes.actors, passage, frozenset(notes.boilerplate))
    headline = () if notes.headline is None else (notes.headline,)
    listed = (number for number in notes.boilerplate if number not in passage.idle)
    yield from _check_cites("boilerplate and headline", (*listed, *headline), (), passage)
    same_language = notes.language.split("-")[0].lower() == language.split("-", maxsplit=1)[0].lower()
    forms = {actor.id: _forms(actor) for actor in notes.actors}
    seen: dict[Noted, str] = {}
    for label, note, refs in all_notes(notes):
        if (first := seen.setdefault(note, label)) != label:
            yield f"{label}: the same as {first}; note each thing once"
        for ref in refs:
            if ref not in actors:
                yield f"{label}: {ref} is not the id of an actor you listed"
        if note.via and not any(passage.places(note.via)):
            yield f"{label}: via {note.via!r} does not stand in the article in these letters"
        parties = [form for ref in refs if ref in actors for form in forms[ref]]
        for cites in _all_cites(note):
            wrong = list(_check_cites(label, cites, notes.boilerplate, passage))
            yield from wrong
            if same_language and not wrong:
                shown = " ".join(passage.quotes(cites))
                if not any(stands(name, shown) for name in parties):
                    said = (form for own in forms.values() if any(name in note.what for name in own) for form in own)
                    yield from _check_words(label, note.what, [*parties, *said], cites, shown)


def _check_cites(label: str, cites: Iterable[int], idle: Iterable[int], passage: Passage) -> Iterator[str]:
    """Say which sentence numbers don't exist, or are boilerplate."""
    own = passage.numbers
    for number in cites:
        if not passage.shows(number):
            yield f"{label}: there is no sentence {number}; those shown are of {own.start} to {own.stop - 1}"
        elif number in idle:
            yield f"{label}: sentence {number} is boilerplate by your own list"


def _check_words(label: str, what: str, names: Sequence[str], cites: Sequence[int], shown: str) -> Iterator[str]:
    """Say it if the sentences cited, `shown`, have nothing of what they are said to show."""
    named = any(stands(name, shown) for name in names)
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
    absent = [form for form in actor.spellings if not any(passage.places(form))]
    if absent:
        yield f"{actor.id}: {', '.join(map(repr, absent))} does not stand in the article in these letters"
    elif not any(number not in skipped for form in _forms(actor) for number, *_ in passage.places(form)):
        yield f"{actor.id}: {actor.name!r} does not stand in the story; add the spelling that does, or leave it out"


def _all_cites(note: Noted) -> Iterator[tuple[int, ...]]:
    """Every list of sentences that a note points to."""
    if isinstance(note, ClaimNote):
        yield from (stance.cites for stance in note.stances)
    elif isinstance(note, Note):
        yield note.cites
