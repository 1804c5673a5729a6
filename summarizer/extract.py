"""Reading: each article once, one call an article, many at once.

The model gets numbered sentences and answers with their numbers; whatever is quoted later
is sliced from the text here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from summarizer.answers import ActorNote, ArticleNotes, ClaimNote, Note, Noted
from summarizer.desk import Desk, all_of, spared
from summarizer.models import Article, Hazard, Problem, Span
from summarizer.reading import Reading, all_notes, mentions
from summarizer.text import Sentence, content_words, flatten, occurrences, runs, sentences


async def extract_all(articles: Sequence[Article], desk: Desk) -> tuple[list[Reading], list[Problem]]:
    """Read all articles, at most `settings.concurrency` at once.

    An article that can't be read costs itself alone and comes back as a problem. What would
    fail for every article (no key, unknown model, nothing recorded) is raised.

    Returns:
        The readings in order of the articles, and the problems.
    """
    done = 0

    async def read(article: Article) -> tuple[Reading | None, list[Problem]]:
        nonlocal done
        cost = "the article was not read"
        reading, problems = await spared(
            extract(article, desk), lambda: None, stage="extract", article=article.name, cost=cost
        )
        done += 1
        desk.tell("reading", done, len(articles), article.name + (" (failed)" if problems else ""))
        return reading, problems

    desk.tell("reading", 0, len(articles))
    results = await all_of(read(article) for article in articles)
    readings = [reading for reading, _ in results if reading is not None]
    return readings, [problem for _, problems in results for problem in problems]


async def extract(article: Article, desk: Desk) -> Reading:
    """Read one article.

    Raises:
        ModelError: if no valid notes could be had.
    """
    cut = sentences(article.text, article.language)
    message = desk.prompts["extract"].render(
        title=flatten(article.title or ""),
        publisher=flatten(article.publisher or ""),
        published=article.published.strftime("%A, %-d %B %Y") if article.published else "",
        sentences=[(s.number, flatten(article.text[s.start : s.end])) for s in cut],
        language=desk.settings.language,
    )

    def check(notes: ArticleNotes) -> Iterator[str]:
        return check_notes(notes, article, cut, desk.settings.language)

    notes = await desk.door.ask(message, ArticleNotes, check=check, article=article)
    return Reading(_with_notes(article, cut, notes), cut, notes)


def _with_notes(article: Article, cut: Sequence[Sentence], notes: ArticleNotes) -> Article:
    """The article with what the reading found out about it as a text."""
    hazards = {*article.hazards}
    hazards |= {Hazard.MACHINE_TRANSLATION} if notes.machine_translated else set()
    hazards |= {Hazard.TRUNCATED} if notes.truncated else set()
    headline = cut[notes.headline - 1] if notes.headline else None
    return article.model_copy(
        update={
            "title": article.title or (flatten(article.text[headline.start : headline.end]) if headline else None),
            "language": article.language or notes.language,
            "hazards": tuple(sorted(hazards)),
            "boilerplate": tuple(
                Span(start=cut[run[0] - 1].start, end=cut[run[-1] - 1].end) for run in runs(notes.boilerplate)
            ),
        }
    )


# ------------------------------------------------------------------------------- checking


def check_notes(notes: ArticleNotes, article: Article, cut: Sequence[Sentence], language: str) -> Iterator[str]:
    """Say everything in `notes` that the article does not bear out.

    Sentence numbers and actor ids must exist, nothing may rest on boilerplate, a spelling
    must stand in the text, and what is said to be shown must share a name or a content word
    with the sentences that are to show it. The last is checked only where notes and article
    are in one language.
    """
    actors = {actor.id: actor for actor in notes.actors}
    yield from _check_actors(notes.actors, article, cut, frozenset(notes.boilerplate))
    headline = () if notes.headline is None else (notes.headline,)
    yield from _check_cites("boilerplate and headline", (*notes.boilerplate, *headline), (), cut)
    same_language = notes.language.split("-")[0].lower() == language.split("-", maxsplit=1)[0].lower()
    for label, note, refs in all_notes(notes):
        for ref in refs:
            if ref not in actors:
                yield f"{label}: {ref} is not the id of an actor you listed"
        if note.via and not any(occurrences(note.via, article.text)):
            yield f"{label}: via {note.via!r} does not stand in the article in these letters"
        meant = [actors[ref] for ref in refs if ref in actors]
        meant += [actor for actor in notes.actors if any(map(note.what.count, _forms(actor)))]
        names = [form for actor in meant for form in _forms(actor)]
        for cites in _all_cites(note):
            wrong = list(_check_cites(label, cites, notes.boilerplate, cut))
            yield from wrong
            if same_language and not wrong:
                shown = " ".join(article.text[cut[number - 1].start : cut[number - 1].end] for number in cites)
                yield from _check_words(label, note.what, names, cites, shown)


def _check_cites(label: str, cites: Iterable[int], idle: Iterable[int], cut: Sequence[Sentence]) -> Iterator[str]:
    """Say which sentence numbers don't exist, or are boilerplate."""
    for number in cites:
        if not 1 <= number <= len(cut):
            yield f"{label}: there is no sentence {number}; the article has 1 to {len(cut)}"
        elif number in idle:
            yield f"{label}: sentence {number} is boilerplate by your own list"


def _check_words(label: str, what: str, names: Sequence[str], cites: Sequence[int], shown: str) -> Iterator[str]:
    """Say it if the sentences cited, `shown`, have nothing of what they are said to show."""
    named = any(True for name in names for _ in occurrences(name, shown))
    if not named and not content_words(what, *names) & content_words(shown):
        listed = ", ".join(map(str, cites))
        yield f"{label}: sentence {listed} shares neither a name nor a content word with what it is to show"


def _check_actors(
    actors: Sequence[ActorNote], article: Article, cut: Sequence[Sentence], skipped: frozenset[int]
) -> Iterator[str]:
    """Say which actors are listed twice, belong to nobody listed, or aren't in the text."""
    listed = Counter(actor.id for actor in actors)
    yield from (f"actor id {id} is given twice" for id, count in listed.items() if count > 1)
    for actor in actors:
        yield from _check_spellings(actor, article, cut, skipped)
        if actor.affiliation and actor.affiliation not in listed:
            yield f"{actor.id}: affiliation {actor.affiliation} is not the id of an actor you listed"


def _forms(actor: ActorNote) -> tuple[str, ...]:
    return (actor.name, *actor.spellings)


def _check_spellings(
    actor: ActorNote, article: Article, cut: Sequence[Sentence], skipped: frozenset[int]
) -> Iterator[str]:
    """Say which spellings don't stand in the text, and whether none stands in the story."""
    absent = [form for form in actor.spellings if not any(mentions(form, article, cut))]
    if absent:
        yield f"{actor.id}: {', '.join(map(repr, absent))} does not stand in the article in these letters"
    elif not any(place.sentences[0] not in skipped for form in _forms(actor) for place in mentions(form, article, cut)):
        yield f"{actor.id}: {actor.name!r} does not stand in the story; add the spelling that does, or leave it out"


def _all_cites(note: Noted) -> Iterator[tuple[int, ...]]:
    """Every list of sentences that a note points to."""
    if isinstance(note, ClaimNote):
        yield from (stance.cites for stance in note.stances)
    elif isinstance(note, Note):
        yield note.cites
