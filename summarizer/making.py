"""Making: a day's articles, all the way to what a briefing says, on one screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from summarizer.budget import Amount
from summarizer.compare import compare, in_story
from summarizer.desk import Desk, all_of, spared
from summarizer.disputes import find_disputes, number_disputes, with_standing
from summarizer.errors import ModelError
from summarizer.extract import extract_all
from summarizer.ingest import Intake
from summarizer.models import (
    SCHEMA_VERSION,
    Actor,
    Briefing,
    Change,
    Dispute,
    Problem,
    Provenance,
    SideStory,
    Source,
    Story,
)
from summarizer.numbering import next_numbers, renumbered
from summarizer.past import Past
from summarizer.plan import later_amount
from summarizer.reading import ReadBundle, ReadStory, number_articles
from summarizer.recognise import Recognised, recognise
from summarizer.reconcile import Items, StoryOfDay, reconcile
from summarizer.sift import Bundle, sift
from summarizer.stories import Choice, Thread, choose
from summarizer.text import cell
from summarizer.version import VERSION
from summarizer.write import Written, write

R = TypeVar("R")
Read = tuple[list[ReadBundle | None], list[Problem]]
"""What was read of each bundle, None where that is nothing; and the problems."""

READING_SHARE = 0.8
"""Of the time until the deadline; the rest is for merging and writing what was read."""

MANY = 1000
"""Articles that take seconds to sift, so that it is said."""


async def make_briefing(intake: Intake, day: date, desk: Desk, past: Past | None = None) -> Made:
    """Take articles all the way: sort into stories, read, reconcile, hold against each other and the past, write."""
    budget = desk.door.budget
    if len(intake.articles) > MANY:
        desk.tell("sifting", 0, len(intake.articles))
    bundles = sift(intake.articles)
    with budget.keeping_back(Amount(), READING_SHARE):
        choice, unsorted = await choose(bundles, desk)
    leads = [bundle.lead for thread in choice.told for bundle in thread.bundles]
    later = later_amount(leads, desk.prompts, desk.settings, past) if budget.capped else Amount()
    with budget.keeping_back(later, READING_SHARE):
        stories, unread = await _read(choice.told, desk)
    del bundles, leads
    parts = [
        _Part(number, story.title, story.sources, number_articles(story.readings))
        for number, story in enumerate(stories, 1)
    ]
    reconciling = reconcile(stories, desk)
    del stories  # `reconcile` lets go of the readings bit by bit
    reconciled = await reconciling
    for part, items in zip(parts, reconciled.stories, strict=True):
        part.items, part.cast = items, items.actors(reconciled.actors)
    if parts and not any(part.items.all for part in parts):
        reason = "nothing was noted in any article: no demand, proposal, venue, claim or event"
        unread.append(Problem(stage="extract", article=None, reason=reason, cost="the briefing has no items"))
    notes, undisputed = await _of_each(
        parts,
        lambda part: find_disputes(part.items, part.cast, part.numbers, desk),
        lambda: (),
        desk,
        stage="disputes",
        cost="no disputes were looked for",
        progress="disputes",
    )
    for part, disputes in zip(parts, number_disputes(notes), strict=True):
        part.disputes = disputes
        part.items = replace(part.items, claims=with_standing(part.items.claims, disputes))
    actors = {actor.id: actor for actor in reconciled.actors}
    origins = {origin.id: cell(origin.name) for origin in reconciled.origins}
    recognised, changes, uncompared = await _compared(parts, reconciled.actors, past, day, desk)
    texts, unwritten = await _of_each(
        parts,
        lambda part: write(part.whole, in_story(changes, part.whole), actors, origins, desk),
        Written,
        desk,
        stage="write",
        cost="no headline, bottom line and open questions",
        progress="writing",
    )
    disputes = tuple(dispute for part in parts for dispute in part.disputes)
    briefing = Briefing(
        date=day,
        topic=desk.settings.topic,
        language=desk.settings.language,
        stories=tuple(part.story(text) for part, text in zip(parts, texts, strict=True)),
        side_stories=_side_stories(choice),
        actors=reconciled.actors,
        demands=tuple(item for part in parts for item in part.items.demands),
        proposals=tuple(item for part in parts for item in part.items.proposals),
        venues=tuple(item for part in parts for item in part.items.venues),
        claims=tuple(item for part in parts for item in part.items.claims),
        events=tuple(item for part in parts for item in part.items.events),
        disputes=disputes,
        compared_with=past.day if past and not uncompared else None,
        changes=changes,
        sources=_all_sources(parts, choice, changes, past),
        origins=reconciled.origins,
        problems=(*intake.problems, *unsorted, *unread, *reconciled.problems, *undisputed, *uncompared, *unwritten),
        provenance=Provenance(
            program=f"summarizer {VERSION}",
            schema_version=SCHEMA_VERSION,
            model=desk.settings.model,
            answered_by=tuple(sorted(desk.door.answered_by)),
            prompts=desk.door.prompt_uses(),
            usage=desk.door.usage,
        ),
    )
    return Made(briefing, recognised.same)


@dataclass(frozen=True)
class Made:
    """A briefing with the day's own ids, and those of what stood before."""

    briefing: Briefing
    same: Mapping[str, str]
    """Ids over all days by the day's own."""

    def numbered(self, past: Past | None) -> Briefing:
        """The briefing with ids over all days, without an archive to hand them out."""
        return renumbered(self.briefing, next_numbers(self.briefing, self.same, past.taken if past else {}))


async def _compared(
    parts: Sequence[_Part], actors: Sequence[Actor], past: Past | None, day: date, desk: Desk
) -> tuple[Recognised, tuple[Change, ...], list[Problem]]:
    """What of the day stood before, and what changed; nothing if there is no past."""
    if past is None or not parts:
        return Recognised(), (), []
    desk.tell("comparing", 0, 1)
    stories = [part.whole for part in parts]
    recognised, failed = await spared(
        recognise(stories, actors, past, day, desk),
        Recognised,
        stage="compare",
        cost="what changed since the briefing before is not known, and all is taken for new",
    )
    desk.tell("comparing", 1, 1)
    return recognised, () if failed else compare(stories, recognised, past), failed


@dataclass
class _Part:
    """One story on its way into a briefing."""

    number: int
    title: str
    sources: tuple[Source, ...]
    numbers: Mapping[str, int]
    """Of its articles, as a model knows them."""
    items: Items = field(default_factory=Items)
    cast: tuple[Actor, ...] = ()
    """The actors that its items name."""
    disputes: tuple[Dispute, ...] = ()

    @property
    def whole(self) -> StoryOfDay:
        """What there is of it when all is read and held against each other."""
        return StoryOfDay(self.items, self.disputes, self.cast)

    def story(self, text: Written) -> Story:
        """The story as a briefing has it."""
        return Story(
            id=f"S{self.number}",
            title=self.title,
            articles=tuple(source.id for source in self.sources),
            headline=text.headline,
            bottom_line=text.bottom_line,
            open_questions=text.open_questions,
            items=tuple(thing.id for thing in (*self.items.all, *self.disputes)),
        )


async def _read(told: Sequence[Thread], desk: Desk) -> tuple[list[ReadStory], list[Problem]]:
    """Read the articles of the stories that are told; one of which nothing could be read is left out.

    Raises:
        ModelError: if nothing at all could be read.
    """
    found, problems = await _reader(desk)([bundle for thread in told for bundle in thread.bundles], desk)
    read = iter(found)
    stories = [
        ReadStory(thread.title, tuple(bundle for _ in thread.bundles if (bundle := next(read)))) for thread in told
    ]
    stories = [story for story in stories if story.bundles]
    if told and not stories:
        reasons = list(dict.fromkeys(problem.reason for problem in problems))
        more = f"; and {len(reasons) - 2} more" if len(reasons) > 2 else ""
        count = len({problem.article for problem in problems})
        raise ModelError(f"not one of {count} articles could be read: {'; '.join(reasons[:2])}{more}")
    return stories, problems


def _reader(desk: Desk) -> Callable[[Sequence[Bundle], Desk], Awaitable[Read]]:
    """What reads articles: this process, or several."""
    if desk.settings.engine == "local":
        return extract_all
    from summarizer.engine import read_on_workers  # noqa: PLC0415 - its library takes most of a second

    return read_on_workers


async def _of_each(
    parts: Sequence[_Part],
    work: Callable[[_Part], Awaitable[R]],
    otherwise: Callable[[], R],
    desk: Desk,
    *,
    stage: str,
    cost: str,
    progress: str,
) -> tuple[list[R], list[Problem]]:
    """Do one thing for each story, all at once; one that fails costs its story that."""
    done = 0
    desk.tell(progress, 0, len(parts))

    async def one(part: _Part) -> tuple[R, list[Problem]]:
        nonlocal done
        about = f" in story {part.number}, {part.title!r}" if len(parts) > 1 else ""
        result = await spared(work(part), otherwise, stage=stage, cost=f"{cost}{about}")
        done += 1
        desk.tell(progress, done, len(parts))
        return result

    results = await all_of(map(one, parts))
    return [result for result, _ in results], [problem for _, some in results for problem in some]


def _side_stories(choice: Choice) -> tuple[SideStory, ...]:
    """What is not told."""
    return tuple(
        SideStory(id=f"N{number}", title=thread.title, articles=tuple(a.id for a in thread.articles), why=why)
        for number, (thread, why) in enumerate(choice.aside, 1)
    )


def _all_sources(
    parts: Sequence[_Part], choice: Choice, changes: Sequence[Change], past: Past | None
) -> tuple[Source, ...]:
    """The day's articles, then those of earlier days that changes quote."""
    own = (*(source for part in parts for source in part.sources), *_side_sources(choice))
    quoted = {evidence.article for change in changes for evidence in change.evidence_before}
    quoted -= {source.id for source in own}
    earlier = (source for source in past.sources if source.id in quoted) if past else ()
    return (*own, *(source.model_copy(update={"earlier": True}) for source in earlier))


def _side_sources(choice: Choice) -> Iterator[Source]:
    """The articles of what is not told."""
    for thread, _ in choice.aside:
        yield from (report.source for bundle in thread.bundles for report in bundle.reports)
