"""What a page says, in the order in which it says it; knows nothing of HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from summarizer.caveats import TRANSLATED_ONLY
from summarizer.days import in_full, in_short
from summarizer.models import (
    Actor,
    AnyItem,
    Article,
    Briefing,
    Change,
    Demand,
    Dispute,
    Evidence,
    Line,
    Proposal,
    Source,
    line_of,
)
from summarizer.page.quotations import Quotations, Text
from summarizer.past import LETTERS, Thing, actors_in, name_of, status_of
from summarizer.pictures import Picture, draw, movement
from summarizer.render.layout import ASIDE, QUIET, StoryLayout, count_of, quiet, told_otherwise, views, words
from summarizer.render.pen import BarePen
from summarizer.text import clipped, fold

if TYPE_CHECKING:
    from summarizer.archive.found import Ledger, Record

KINDS = ("demand", "proposal", "venue", "event", "dispute", "claim", "actor", "change")
"""What can be filtered by, in the page's order."""
LETTERS_SAID = "Ids: " + " · ".join(
    f"{letter} {kind}" for letter, kind in {**LETTERS, "K": "change", "O": "origin"}.items()
)
"""What the letter of an id says."""
GIST = 220
"""Characters of a demand in the matrix."""
MOVED = {"changes": "What changed", "movement": "How things moved"}
"""What the contents call sections that have a day in their titles."""
BIG = 150
"""Cards from which on a browser is told to lay out what is in sight alone."""
FIGURES = {"venues": "ladder", "timeline": "timeline"}
"""Which picture a section begins with."""


@dataclass(frozen=True)
class Fact:
    """A few words, and ids that they lead to."""

    text: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """How one report has it, where that differs."""

    text: str
    quotations: tuple[int, ...]


@dataclass(frozen=True)
class Side:
    """One version of a dispute."""

    head: str
    what: str
    quotations: tuple[int, ...]


@dataclass(frozen=True)
class Card:
    """One thing: what it is, how it stands, and what it rests on."""

    id: str
    kind: str
    what: str
    head: str = ""
    status: str = ""
    facts: tuple[Fact, ...] = ()
    points: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    sides: tuple[Side, ...] = ()
    quotations: tuple[int, ...] = ()
    parties: tuple[str, ...] = ()
    """Ids of the actors whom it names, and of whom they belong to."""
    sources: tuple[str, ...] = ()
    """Ids of the articles that it rests on."""


@dataclass(frozen=True)
class Group:
    """Cards under one heading."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Cell:
    """A demand in the matrix."""

    id: str
    issue: str
    gist: str
    """What is demanded, at no more length than a cell bears; not shown where columns are many."""
    strength: str
    status: str
    parties: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Who demands what of whom."""

    heads: tuple[str, ...]
    """Of whom."""
    rows: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]
    """Who demands, and a cell of demands for each of whom."""


@dataclass(frozen=True)
class Sentence:
    """A written sentence, the things that it cites, and what these rest on."""

    text: str
    ids: tuple[str, ...]
    quotations: tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """A picture, and what its ids begin with on the page."""

    prefix: str
    picture: Picture


@dataclass(frozen=True)
class Section:
    """A part of the page that can be gone to."""

    id: str
    title: str
    groups: tuple[Group, ...] = ()
    intro: str = ""
    matrix: Matrix | None = None
    figure: Figure | None = None


@dataclass(frozen=True)
class StoryView:
    """One story of the page."""

    id: str
    title: str
    about: str
    lines: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    questions: tuple[Sentence, ...]


@dataclass(frozen=True)
class ActorRow:
    """Who is who."""

    id: str
    name: str
    kind: str
    office: str
    belongs_to: str
    others: str
    stories: tuple[str, ...]
    parties: tuple[str, ...]
    sources: tuple[str, ...]
    quotations: tuple[int, ...]


@dataclass(frozen=True)
class SourceRow:
    """An article, and which independent origins it has."""

    source: Source
    origins: tuple[str, ...]
    care: str
    story: str
    shown: bool
    """Whether the page has its text, or a quotation of it."""


@dataclass(frozen=True)
class Quoted:
    """A quotation by its number."""

    number: int
    words: str
    source: Source


@dataclass
class Account:
    """A briefing, as a page tells it; each property is a part of the page."""

    briefing: Briefing
    articles: Sequence[Article] = ()
    printed: bool = False
    """Whether each item has its quotations under it, as on paper."""
    over_all_days: Callable[[str], str] | None = None
    """The URL of a thing over all days; None: it has none."""
    ledger: Ledger | None = None
    """How its things came to where they stand."""
    quotations: Quotations = field(init=False)

    def __post_init__(self) -> None:
        self.quotations = Quotations(self.briefing)
        self.layouts = [StoryLayout(self.briefing, BarePen(), view) for view in views(self.briefing)]
        self.layout = self.layouts[0]
        self.owners = {actor.id: actor.affiliation for actor in self.briefing.actors}
        self.items: Mapping[str, AnyItem] = {item.id: item for item in self.briefing.items}
        self.things: Mapping[str, Thing] = {
            thing.id: thing for thing in (*self.briefing.actors, *self.briefing.items, *self.briefing.disputes)
        }
        self.changed = {change.id: change for change in self.briefing.changes}
        self.variants = {variant.id: variant for item in self.briefing.items for variant in item.variants}
        # All that cites comes before the texts, which are cut by what is cited.
        self.changes = self._changes()
        self.stories = [self._story(layout) for layout in self.layouts]
        self.actors = [self._actor(actor) for actor in self.briefing.actors]
        self.texts: list[Text] = self.quotations.texts(self.articles)

    # ------------------------------------------------------------------------------- pieces

    @property
    def title(self) -> str:
        """The headline, or the day if there are several stories."""
        return self.briefing.title

    @property
    def day(self) -> str:
        """The date in words."""
        return in_full(self.briefing.date)

    @property
    def about(self) -> str:
        """The day, and how much was read."""
        return self.layout.scope()

    @property
    def many(self) -> bool:
        """Whether there are several stories."""
        return self.layout.many

    @property
    def big(self) -> bool:
        """Whether there is more than a browser lays out at once."""
        return len(self.items) + len(self.changed) > BIG

    @property
    def nothing(self) -> str:
        """What is said where there is no story."""
        about_topic = self.briefing.topic and not self.briefing.stories
        return "No story of the day belongs to the topic." if about_topic else "Nothing was found."

    @property
    def outline(self) -> list[tuple[str, str]]:
        """The parts that can be gone to: id and title."""
        found = []
        moved = [(section.id, MOVED[section.id]) for section in self.moved]
        for story in self.stories:
            if self.many:
                found.append((story.id, story.title))
            else:
                found.append((story.id or "story", "Bottom line"))
                found += moved
                found += [(section.id, section.title) for section in story.sections]
                found += [("questions", "Open questions")] if story.questions else []
        found += moved if self.many else []
        found += [(id, title) for id, title, _, _ in self.side_stories]
        told = {"actors": self.actors, "sources": self.sources, "problems": self.problems}
        return found + [(id, id.capitalize()) for id, rows in told.items() if rows]

    @property
    def parties(self) -> list[tuple[str, str]]:
        """Whom a thing can be filtered by: id and name, by name."""
        acting = {id for item in self.briefing.items for id in self.line(actors_in(item, self.items))}
        named = self.layout.names
        return sorted(((id, named[id]) for id in acting), key=lambda pair: fold(pair[1]))

    @property
    def outlets(self) -> list[tuple[str, list[str]]]:
        """Outlets and their articles, by name."""
        found: dict[str, list[str]] = {}
        for source in self.quotations.known.values():
            if source.id not in self.layout.aside:
                found.setdefault(source.outlet, []).append(source.id)
        return sorted(found.items(), key=lambda pair: fold(pair[0]))

    def dated(self, source: Source) -> str:
        """When an article was published, in words."""
        return in_short(source.published) if source.published else "undated"

    @cached_property
    def quoted(self) -> dict[int, Quoted]:
        """All quotations by number."""
        known = self.quotations.known
        return {number: Quoted(number, each.quote, known[each.article]) for number, each in self.quotations}

    def line(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Ids of actors and of those whom they belong to."""
        return tuple(dict.fromkeys(each for id in ids for each in line_of(id, self.owners)))

    def sentence(self, line: Line) -> Sentence:
        """A written sentence."""
        numbers = dict.fromkeys(n for id in line.cites for n in self.quotations.cite(id, self.evidence(id)))
        return Sentence(line.text, line.cites, tuple(numbers))

    def evidence(self, id: str) -> tuple[Evidence, ...]:
        """What a thing or a change rests on."""
        if id in self.changed:
            change = self.changed[id]
            return tuple(dict.fromkeys((*change.evidence_after, *change.evidence_before)))
        thing = self.things[id]
        if isinstance(thing, Dispute):
            return self.of_variants([each for version in thing.versions for each in version.variants])
        return tuple(dict.fromkeys(thing.evidence))

    def of_variants(self, ids: Iterable[str]) -> tuple[Evidence, ...]:
        """What some reports' terms rest on."""
        return tuple(dict.fromkeys(each for id in ids for each in self.variants[id].evidence))

    def card(self, thing: Thing, **told: object) -> Card:
        """One thing with what is the same for all kinds."""
        evidence = self.evidence(thing.id)
        return Card(
            id=thing.id,
            kind=LETTERS[thing.id[0]],
            status=status_of(thing),
            quotations=self.quotations.cite(thing.id, evidence),
            parties=self.line(actors_in(thing, self.items)),
            sources=tuple(dict.fromkeys(each.article for each in evidence)),
            **told,  # type: ignore[arg-type]
        )

    # ------------------------------------------------------------------------------ stories

    def _story(self, layout: StoryLayout) -> StoryView:
        story = layout.view.story
        prefix = f"{story.id}-" if story and layout.many else ""
        lines = tuple(self.sentence(line) for line in story.bottom_line) if story else ()
        told = StoryCards(self, layout, prefix)
        return StoryView(
            id=story.id if story else "",
            title=story.name if story else "",
            about=layout.reports(story.articles) if story else "",
            lines=lines,
            sections=tuple(told.sections()),
            questions=tuple(self.sentence(line) for line in story.open_questions) if story else (),
        )

    def _changes(self) -> Section | None:
        """What changed since the briefing before; None if there was none."""
        b = self.briefing
        if not b.compared_with:
            return None
        moved = tuple(self._change(change) for change in b.changes if change.kind not in QUIET)
        others = (Group(title.rstrip(":"), tuple(map(self._change, listed))) for title, listed in quiet(b.changes))
        groups = tuple(group for group in (Group("", moved), *others) if group.cards)
        intro = "" if b.changes else "Nothing that was followed before."
        return Section("changes", f"What changed since {in_full(b.compared_with)}", groups, intro)

    def _change(self, change: Change) -> Card:
        moved = " → ".join(side for side in (change.before, change.after) if side)
        still = change.kind in QUIET
        thing = self.things.get(change.item)
        ago = f"{change.before}, {count_of((self.briefing.date - change.since).days, 'day')} ago"
        stood = f"{ago} → {change.after}" if told_otherwise(change) else ago
        evidence = self.evidence(change.id)
        parties = actors_in(thing, self.items) if thing else ()
        return Card(
            id=change.id,
            kind="change",
            head="",
            what=name_of(thing) if still and thing else change.what,
            status=change.kind.value,
            facts=(
                Fact("", (change.item,)) if thing else Fact(change.item),
                *([Fact(stood)] if still else [Fact(moved)] if moved else []),
            ),
            quotations=self.quotations.cite(change.id, evidence),
            parties=self.line(parties),
            sources=tuple(dict.fromkeys(each.article for each in evidence)),
        )

    @property
    def moved(self) -> list[Section]:
        """What changed since the day before, and how things moved, as far as that is known."""
        return [section for section in (self.changes, self.movement) if section]

    @cached_property
    def movement(self) -> Section | None:
        """How the day's things came to where they stand; None where that is not known, or of one day alone."""
        if self.ledger is None or self.ledger.since == self.ledger.until:
            return None
        picture = movement(self._as_called_today(self.ledger))
        since = in_full(self.ledger.since)
        return Section("movement", f"How things moved since {since}", figure=Figure("", picture)) if picture else None

    def _as_called_today(self, ledger: Ledger) -> Ledger:
        """With the names that things have on this page: an archive calls a demand what it was called first."""

        def called(records: Iterable[Record]) -> tuple[Record, ...]:
            there = ((record, self.items.get(record.id)) for record in records)
            return tuple(
                record.model_copy(update={"issue": item.issue}) if isinstance(item, (Demand, Proposal)) else record
                for record, item in there
            )

        return ledger.model_copy(update={"demands": called(ledger.demands), "proposals": called(ledger.proposals)})

    # ------------------------------------------------------------------------------- the rest

    def _actor(self, actor: Actor) -> ActorRow:
        named = self.layout.names
        evidence = tuple(dict.fromkeys(actor.evidence))
        return ActorRow(
            id=actor.id,
            name=actor.name,
            kind=actor.kind.value,
            office=actor.office or "",
            belongs_to=named[actor.affiliation] if actor.affiliation else "",
            others=", ".join(alias.name for alias in actor.aliases if alias.name != actor.name),
            stories=tuple(self._stories_of_actors.get(actor.id, ())),
            parties=self.line([actor.id]),
            sources=tuple(dict.fromkeys(each.article for each in evidence)),
            quotations=self.quotations.cite(actor.id, evidence),
        )

    @cached_property
    def _stories_of_actors(self) -> dict[str, list[str]]:
        return self.layout.stories_of_actors() if self.layout.many else {}

    @cached_property
    def sources(self) -> list[SourceRow]:
        """Articles that were read."""
        b = self.briefing
        story_of = {id: story.id for story in b.stories for id in story.articles}
        shown = {text.source.id for text in self.texts}
        return [
            SourceRow(
                source,
                tuple(origin.id for origin in b.origins if source.id in origin.articles),
                self.layout.care(source),
                story_of.get(source.id, "") if self.layout.many else "",
                source.id in shown,
            )
            for source in b.sources
            if not source.earlier and source.id not in self.layout.aside
        ]

    @property
    def shared_origins(self) -> list[str]:
        """Which outlets' reports come to one."""
        return [f"{id} {told}" for id, told in self.layout.shared_origins()]

    @property
    def side_stories(self) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
        """What was not read, by why: id, title, what that means, and id, title and articles of each story."""
        found = []
        for why, (title, said) in ASIDE.items():
            listed = [side for side in self.briefing.side_stories if side.why == why]
            known = self.quotations.known
            rows = [(s.id, s.title, "; ".join(self.layout.head(known[id]) for id in s.articles)) for s in listed]
            if rows:
                found.append((f"aside-{why}", title, said, rows))
        return found

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What could not be done: about which articles, and what it cost and why."""
        listed = self.briefing.problems_by_reason.items()
        return [(", ".join(articles), f"{cost} — {reason}") for (cost, reason), articles in listed]

    @property
    def made(self) -> str:
        """How the briefing came about."""
        return self.layout.making()


class StoryCards:
    """The cards of one story, section by section."""

    def __init__(self, account: Account, layout: StoryLayout, prefix: str) -> None:
        self.account, self.layout, self.view, self.prefix = account, layout, layout.view, prefix

    def sections(self) -> Iterator[Section]:
        """Those that have something to say."""
        view, prefix = self.view, self.prefix
        if view.demands:
            title = "Who demands what of whom"
            demands = tuple(self.demands())
            matrix = self.matrix({card.id: card for group in demands for card in group.cards})
            yield Section(f"{prefix}demands", title, demands, matrix=matrix, figure=self.figure("network"))
        for id, title, groups in (
            ("proposals", "Proposals", self.proposals()),
            ("venues", "Venues, by how certain", self.venues()),
            ("timeline", "Events", self.events()),
            ("disputes", "Disputes", self.disputes()),
            ("claims", "Claims and how they stand", self.claims()),
        ):
            if listed := tuple(groups):
                yield Section(f"{prefix}{id}", title, listed, figure=self.figure(FIGURES.get(id)))

    def figure(self, name: str | None) -> Figure | None:
        """One of the story's pictures; None if there is none, or nothing to show."""
        picture = draw(self.account.briefing, name, self.view.story) if name else None
        return Figure(f"{self.prefix}{name}", picture) if picture else None

    def matrix(self, cards: Mapping[str, Card]) -> Matrix:
        """Who demands, down; of whom, across; `cards` are the demands' by id."""
        layout = self.layout
        cells: dict[str, dict[str, list[Cell]]] = {}
        heads: dict[str, None] = {}
        for demand in self.view.demands:
            card = cards[demand.id]
            cell = Cell(
                demand.id,
                demand.issue,
                clipped(demand.what, GIST),
                words(demand.strength),
                words(demand.status),
                card.parties,
                card.sources,
            )
            for by in layout.parties(demand.by):
                for of in layout.parties(demand.of) or ("",):
                    heads[of] = None
                    cells.setdefault(by, {}).setdefault(of, []).append(cell)
        columns = sorted(heads, key=lambda id: id == "")
        named = {**layout.names, "": "nobody in particular"}
        return Matrix(
            tuple(named[of] for of in columns),
            tuple((named[by], tuple(tuple(row.get(of, ())) for of in columns)) for by, row in cells.items()),
        )

    def demands(self) -> Iterator[Group]:
        """Party by party."""
        layout = self.layout
        for party, demands in layout.by_party():
            cards = [
                self._item(
                    demand,
                    [*self._of(demand.of, "of"), words(demand.strength), layout.voices(demand, party)],
                    [*self._conditions(demand), *self._first_stated(demand)],
                )
                for demand in demands
            ]
            yield Group(layout.people(party), tuple(cards))

    def _of(self, ids: Sequence[str], word: str) -> list[str]:
        return [f"{word} {self.layout.people(self.layout.parties(ids))}"] if ids else []

    def _conditions(self, demand: Demand) -> list[str]:
        return [f"condition: {condition}" for condition in demand.conditions]

    def _first_stated(self, demand: Demand) -> list[str]:
        return [f"first stated: {self.layout.when(demand.first_stated)}"] if demand.first_stated else []

    def proposals(self) -> Iterator[Group]:
        """By status, furthest first."""
        for status, listed in self.layout.proposals_by_status():
            yield Group(
                status,
                tuple(
                    self._item(
                        proposal,
                        [f"by {self.layout.people(proposal.by)}", *self._to(proposal)],
                        [f"in exchange: {proposal.in_exchange}"] if proposal.in_exchange else [],
                    )
                    for proposal in listed
                ),
            )

    def _to(self, proposal: Proposal) -> list[str]:
        return [f"to {self.layout.people(proposal.to)}"] if proposal.to else []

    def venues(self) -> Iterator[Group]:
        """By how certain they are."""
        layout = self.layout
        for status, listed in layout.venues_by_status():
            cards = []
            for venue in listed:
                facts = [venue.kind, venue.place or "", layout.people(venue.participants)]
                cards.append(self._item(venue, [*facts, layout.when(venue.when) if venue.when else "no date"]))
            yield Group(status, tuple(cards))

    def events(self) -> Iterator[Group]:
        """In order of time."""
        cards = []
        for event in self.layout.events_by_date():
            facts = [self.layout.when(event.when) if event.when else "", event.place or ""]
            cards.append(self._item(event, facts))
        if cards:
            yield Group("", tuple(cards))

    def claims(self) -> Iterator[Group]:
        """By standing, the contested first."""
        for status, listed in self.layout.claims_by_status():
            yield Group(status, tuple(self._item(claim, [self.layout.stances(claim)]) for claim in listed))

    def disputes(self) -> Iterator[Group]:
        """What contradicts itself, then what only seems to."""
        for title, listed in self.layout.disputes_by_outcome():
            yield Group(title, tuple(map(self._dispute, listed)))

    def _dispute(self, dispute: Dispute) -> Card:
        sides = tuple(
            Side(
                self.layout.holders(version.held_by, version.variants),
                version.what,
                self.account.quotations.cite(dispute.id, self.account.of_variants(version.variants)),
            )
            for version in dispute.versions
        )
        sign = "One event" if dispute.same_event else "Not one event"
        return self.account.card(dispute, what=f"{sign}: {dispute.why}", head=dispute.issue, sides=sides)

    def _item(self, item: AnyItem, facts: Sequence[str], points: Sequence[str] = ()) -> Card:
        """A card with what is said of all items."""
        layout = self.layout
        told = [Fact(fact) for fact in facts if fact]
        told += [Fact(count_of(len(item.origins), "origin"))]
        told += [Fact(f"{word}, see", tuple(ids)) for word, ids in layout.caveats.against(item).items()]
        if all(variant.translated for variant in item.variants):
            told.append(Fact(TRANSLATED_ONLY))
        return self.account.card(
            item,
            what=item.what,
            head=item.issue if isinstance(item, (Demand, Proposal)) else "",
            facts=tuple(told),
            points=tuple(points),
            reports=tuple(
                Report(": ".join(layout.report(variant)), self.account.quotations.cite(item.id, variant.evidence))
                for variant in layout.differing(item)
            ),
        )
