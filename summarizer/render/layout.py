"""The layout: what a briefing says first, and what under it. Knows nothing of markup."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from summarizer.caveats import Caveats
from summarizer.days import in_full, in_short, with_weekday
from summarizer.models import (
    STANCES,
    AnyItem,
    Briefing,
    Change,
    ChangeKind,
    Claim,
    ClaimStatus,
    Demand,
    DemandVariant,
    Dispute,
    Event,
    Line,
    Proposal,
    ProposalStatus,
    Resolution,
    Source,
    Story,
    Variant,
    Venue,
    VenueStatus,
    VenueVariant,
    When,
    line_of,
)
from summarizer.past import name_of
from summarizer.render.pen import Pen
from summarizer.text import content_words
from summarizer.version import SIGNATURE

ASIDE = {
    "beyond": ("More stories", "Unread: those above weigh more."),
    "small": ("Also reported", "Unread: too few articles are about each of these."),
    "off_topic": ("Left out: not on the topic", "Unread."),
}
"""Heading and explanation of what was not read, by why it wasn't."""

QUIET = {
    ChangeKind.RESTATED: "Restated, as it stood:",
    ChangeKind.NOT_MENTIONED: "Not mentioned, which says nothing about it:",
}
"""What is said of changes that are none, by kind."""
OTHERWISE = "Restated, otherwise than it stood:"
"""What is said of those restated that differ, as a demand that was met, and that a report has as open."""

PROPOSALS_FIRST = (
    ProposalStatus.ACCEPTED,
    ProposalStatus.TABLED,
    ProposalStatus.FLOATED,
    ProposalStatus.REJECTED,
    ProposalStatus.WITHDRAWN,
    ProposalStatus.SUPERSEDED,
)
VENUES_FIRST = (
    VenueStatus.CONFIRMED,
    VenueStatus.PLANNED,
    VenueStatus.POSSIBLE,
    VenueStatus.CANCELLED,
    VenueStatus.PAST,
)
CLAIMS_FIRST = (ClaimStatus.DISPUTED, ClaimStatus.UNCONFIRMED, ClaimStatus.CONFIRMED, ClaimStatus.ASSERTED)
SETTLED = (Resolution.LATER_UPDATE, Resolution.ERROR)

DEMAND_HEADS = ("", "Who", "Of whom", "What", "How firmly", "Status")
WORDS = {"red_line": "red line", "neither": "neither confirms nor denies"}


def lay_out(briefing: Briefing, pen: Pen) -> None:
    """Write a briefing with a pen, bottom line first."""
    layout = Layout(briefing, pen)
    layout.top()
    if layout.many:
        layout.changes()
    for view in views(briefing):
        StoryLayout(briefing, pen, view).all()
    layout.side_stories()
    layout.actors()
    layout.sources()
    layout.problems()
    layout.provenance()
    if pen.notes:
        pen.heading(2, "Quotations")
        pen.write_notes(briefing)


@dataclass(frozen=True)
class View:
    """What a briefing has of one story; of a briefing without stories, all that it has."""

    story: Story | None
    demands: tuple[Demand, ...]
    proposals: tuple[Proposal, ...]
    venues: tuple[Venue, ...]
    claims: tuple[Claim, ...]
    events: tuple[Event, ...]
    disputes: tuple[Dispute, ...]


def views(briefing: Briefing) -> Iterator[View]:
    """A briefing story by story."""
    b = briefing
    if not b.stories:
        yield View(None, b.demands, b.proposals, b.venues, b.claims, b.events, b.disputes)
    for story in b.stories:
        own = set(story.items)
        yield View(
            story,
            tuple(item for item in b.demands if item.id in own),
            tuple(item for item in b.proposals if item.id in own),
            tuple(item for item in b.venues if item.id in own),
            tuple(item for item in b.claims if item.id in own),
            tuple(item for item in b.events if item.id in own),
            tuple(dispute for dispute in b.disputes if dispute.id in own),
        )


class Layout:
    """Section by section; a section that has nothing to say is left out."""

    def __init__(self, briefing: Briefing, pen: Pen) -> None:
        self.briefing = briefing
        self.pen = pen
        self.names = {actor.id: actor.name for actor in briefing.actors}
        self.offices = {actor.id: actor.office for actor in briefing.actors if actor.office}
        self.known = {source.id: source for source in briefing.sources}
        self.affiliations = {actor.id: actor.affiliation for actor in briefing.actors}
        self.many = len(briefing.stories) > 1
        self.aside = {id for side in briefing.side_stories for id in side.articles}

    # -------------------------------------------------------------------- the written part

    def top(self) -> None:
        """Headline, date line, and what stories there are, if there are several."""
        b, pen = self.briefing, self.pen
        pen.heading(1, pen.say(b.title))
        pen.paragraph(self.scope())
        if b.topic and not b.stories:
            pen.paragraph("No story of the day belongs to the topic.")
        if self.many:
            pen.heading(2, "Stories")
            for story in self.listed_stories():
                pen.bullet(f"{pen.strong(story.id)} {pen.say(story.name)} — {self.reports(story.articles)}")

    def scope(self) -> str:
        """The day, the beat, and how much was read."""
        b = self.briefing
        told = [source.id for source in b.read]
        listed = f" · {count_of(len(self.aside), 'more article')} listed, unread" if self.aside else ""
        topic = f" · on {self.pen.say(b.topic)}" if b.topic else ""
        return f"{with_weekday(b.date)}{topic} · {self.reports(told)}{listed}"

    def listed_stories(self) -> tuple[Story, ...]:
        """The stories that are named at the top."""
        return self.briefing.stories

    def reports(self, articles: Sequence[str]) -> str:
        """How many articles these are, and how many of them independent."""
        ids = set(articles)
        origins = [origin for origin in self.briefing.origins if ids & set(origin.articles)]
        own = [origin for origin in origins if origin.kind != "attributed"]
        credited = len(origins) - len(own)
        others = f" · {count_of(credited, 'other outlet')} credited" if credited else ""
        return f"{count_of(len(ids), 'article')}, of which {len(own)} independent{others}"

    def line(self, line: Line) -> str:
        """A written sentence and the ids that it rests on."""
        cites = self.pen.quiet(f"({', '.join(map(self.pen.to, line.cites))})")
        return f"{self.pen.say(line.text)} {cites}"

    def changes(self) -> None:
        """What changed since the briefing before; of what did not, no more than that."""
        b, pen = self.briefing, self.pen
        if not b.compared_with:
            return
        pen.heading(2, f"What changed since {in_full(b.compared_with)}")
        names = {thing.id: name_of(thing) for thing in (*b.items, *b.disputes)}
        for change in b.changes:
            if change.kind not in QUIET:
                self.change(change)
        for heading, listed in quiet(b.changes):
            if listed:
                pen.paragraph(heading)
            for change in listed:
                name = pen.say(names.get(change.item, change.what))
                days = (b.date - change.since).days
                stood = f"{pen.state(change.before or '')}, {count_of(days, 'day')} ago"
                stood += f" → {pen.state(change.after or '')}" if told_otherwise(change) else ""
                pen.bullet(f"{pen.strong(change.id)} {change.item} {name} — {stood} {self.both_days(change)}")
        if not b.changes:
            pen.paragraph("Nothing that was followed before.")

    def change(self, change: Change) -> None:
        """What became of one thing."""
        moved = " → ".join(self.pen.say(side) for side in (change.before, change.after) if side)
        told = f"{self.pen.to(change.item)} {self.state(change.kind)}: {self.pen.say(change.what)} — {moved}"
        self.pen.bullet(f"{self.pen.strong(change.id)} {told} {self.both_days(change)}")

    def both_days(self, change: Change) -> str:
        """Signs for what was said then and now."""
        return self.pen.cite((*change.evidence_before, *change.evidence_after))

    def side_stories(self) -> None:
        """What was not read, and why."""
        for why, (title, said) in ASIDE.items():
            listed = [side for side in self.briefing.side_stories if side.why == why]
            if listed:
                self.pen.heading(2, title)
                self.pen.paragraph(said)
            for side in listed:
                heads = "; ".join(self.head(self.known[id]) for id in side.articles)
                self.pen.bullet(f"{self.pen.strong(side.id)} {self.pen.say(side.title)} — {heads}")

    def head(self, source: Source) -> str:
        """An article that was not read, in a few words."""
        dated = f", {in_short(source.published)}" if source.published else ""
        title = f" “{self.pen.say(source.title)}”" if source.title else ""
        return f"{self.pen.say(source.outlet)}{title}{dated}"

    # -------------------------------------------------------------------- who, where, how

    def actors(self) -> None:
        """Who is who."""
        if not self.briefing.actors:
            return
        self.pen.heading(2, "Actors")
        rows = []
        stories = self.stories_of_actors() if self.many else {}
        for actor in self.briefing.actors:
            others = [self.pen.say(alias.name) for alias in actor.aliases if alias.name != actor.name]
            affiliation = self.pen.say(self.names[actor.affiliation]) if actor.affiliation else ""
            office = self.pen.say(actor.office) if actor.office else ""
            row = [self.pen.strong(actor.name), words(actor.kind), office, affiliation, ", ".join(others)]
            rows.append([*row, " ".join(stories.get(actor.id, ()))] if self.many else row)
        heads = ["Name", "Kind", "Office", "Belongs to", "Also spelt"]
        self.pen.table([*heads, "Stories"] if self.many else heads, rows)

    def stories_of_actors(self) -> dict[str, list[str]]:
        """Ids of the stories in which each actor does anything."""
        items = {item.id: item for item in self.briefing.items}
        found: dict[str, list[str]] = {}
        for story in self.briefing.stories:
            named = dict.fromkeys(actor for id in story.items if id in items for actor in items[id].actor_ids)
            for actor in named:
                found.setdefault(actor, []).append(story.id)
        return found

    def sources(self) -> None:
        """Articles, and how many independent origins they come to."""
        b, pen = self.briefing, self.pen
        if not any(source.id not in self.aside for source in b.sources):
            return
        pen.heading(2, "Sources")
        rows = []
        story_of = {id: story.id for story in b.stories for id in story.articles}
        for source in b.sources:
            if source.earlier or source.id in self.aside:
                continue
            title = pen.say(source.title or "untitled")
            origins = [origin.id for origin in b.origins if source.id in origin.articles]
            dated = in_short(source.published) if source.published else "undated"
            row = [pen.say(source.outlet), title, dated, " ".join(origins), self.care(source)]
            rows.append([story_of.get(source.id, ""), *row] if self.many else row)
        heads = ["Outlet", "Title", "Published", "Origins", "Handle with care"]
        pen.table(["Story", *heads] if self.many else heads, rows)
        for id, told in self.shared_origins():
            pen.bullet(f"{pen.strong(id)} {told}")

    def care(self, source: Source) -> str:
        """Why an article should be handled with care."""
        copied = f"same report as {self.pen.say(self.known[source.copy_of].outlet)}’s" if source.copy_of else ""
        return ", ".join(filter(None, (copied, *map(words, source.hazards))))

    def shared_origins(self) -> Iterator[tuple[str, str]]:
        """Origins that several articles have, or none has of its own: id, and who carries it."""
        for origin in self.briefing.origins:
            if len(origin.articles) > 1 or origin.kind == "attributed":
                carriers = ", ".join(dict.fromkeys(self.known[id].outlet for id in origin.articles))
                how = {"copies": "near copies", "outlet": "one outlet"}.get(origin.kind, "credited in the text")
                yield origin.id, f"{self.pen.say(origin.name)}: one origin ({how}), carried by {self.pen.say(carriers)}"

    def problems(self) -> None:
        """What could not be done."""
        if self.briefing.problems:
            self.pen.heading(2, "Problems")
        for (cost, reason), articles in self.briefing.problems_by_reason.items():
            about = f"{', '.join(map(self.pen.strong, articles))}: " if articles else ""
            self.pen.bullet(f"{about}{self.pen.say(cost)} — {self.pen.say(reason)}")

    def provenance(self) -> None:
        """How the briefing came about."""
        self.pen.heading(2, "How this was made")
        self.pen.paragraph(self.making())

    def making(self) -> str:
        """Program, model, and what it took."""
        p = self.briefing.provenance
        usage = p.usage
        cost = "cost unknown" if usage.cost_usd is None else f"US$ {usage.cost_usd:.4f}"
        answered = f", answered by {', '.join(p.answered_by)}" if p.answered_by else ""
        return self.pen.say(
            f"{p.program}; model {p.model}{answered}; {count_of(usage.requests, 'request')}, "
            f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out; {cost}. "
            f"{SIGNATURE}"
        )

    # ------------------------------------------------------------------------------ pieces

    def state(self, value: str) -> str:
        """How something stands, in a reader's words."""
        return self.pen.state(words(value))

    def parties(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Whom actors belong to, and whom those belong to in turn, up to the last; each once."""
        return tuple(dict.fromkeys(map(self.party, ids)))

    def party(self, id: str) -> str:
        """The last in an actor's line of affiliations."""
        return line_of(id, self.affiliations)[-1]

    def people(self, ids: Iterable[str]) -> str:
        """Names of actors."""
        return self.pen.say(", ".join(self.names[id] for id in ids))

    def voices(self, demand: Demand, party: Collection[str]) -> str:
        """Who voices a party's demand, and in what office."""
        voices = [id for id in demand.by if id not in party]
        told = (f"{self.names[id]} ({self.offices[id]})" if id in self.offices else self.names[id] for id in voices)
        return f"voiced by {self.pen.say(', '.join(told))}" if voices else ""

    def when(self, when: When) -> str:
        """A time as worded, with the date where that says more."""
        return self.pen.say(when.worded)


class StoryLayout(Layout):
    """One story: a section of its own if there are several, else the whole page."""

    def __init__(self, briefing: Briefing, pen: Pen, view: View) -> None:
        super().__init__(briefing, pen)
        self.view = view
        self.caveats = Caveats(view.disputes)
        self.disputed = {id for x in view.disputes for version in x.versions for id in version.variants}

    def all(self) -> None:
        """All that there is of it."""
        self.bottom_line()
        if not self.many:
            self.changes()
        self.demands()
        self.proposals()
        self.venues()
        self.disputes()
        self.claims()
        self.events()
        self.questions()

    def heading(self, level: int, text: str) -> None:
        """A heading, one deeper if there are several stories."""
        self.pen.heading(level + self.many, text)

    def bottom_line(self) -> None:
        """What it comes to."""
        story = self.view.story
        if story is None:
            return
        if self.many:
            self.pen.heading(2, f"{story.id} {self.pen.say(story.name)}")
        elif story.bottom_line:
            self.pen.heading(2, "Bottom line")
        for line in story.bottom_line:
            self.pen.bullet(self.line(line))
        if not story.items:
            self.pen.paragraph("Nothing was noted in its articles.")

    def questions(self) -> None:
        """Open questions."""
        questions = self.view.story.open_questions if self.view.story else ()
        if questions:
            self.heading(2, "Open questions")
        for line in questions:
            self.pen.bullet(self.line(line))

    # --------------------------------------------------------------------------- the items

    def demands(self) -> None:
        """Who demands what of whom, party by party."""
        if self.view.demands:
            self.heading(2, "Who demands what of whom")
            self.pen.table(DEMAND_HEADS, list(map(self.row, self.view.demands)))
        for party, demands in self.by_party():
            self.heading(3, self.people(party))
            for demand in demands:
                of = f"of {self.people(self.parties(demand.of))}" if demand.of else ""
                self.item(
                    demand, of, self.state(demand.strength), self.state(demand.status), self.voices(demand, party)
                )
                self.demand_details(demand)
                self.variants(demand)

    def by_party(self) -> list[tuple[tuple[str, ...], list[Demand]]]:
        """Demands by whose they are, in the order in which these first demand anything."""
        groups: dict[tuple[str, ...], list[Demand]] = {}
        for demand in self.view.demands:
            groups.setdefault(self.parties(demand.by), []).append(demand)
        return list(groups.items())

    def row(self, demand: Demand) -> list[str]:
        """A demand at a glance."""
        of = self.people(self.parties(demand.of)) if demand.of else "—"
        what = self.pen.say(demand.issue)
        return [
            self.pen.to(demand.id),
            self.people(self.parties(demand.by)),
            of,
            what,
            self.state(demand.strength),
            self.state(demand.status),
        ]

    def demand_details(self, demand: Demand) -> None:
        """Conditions, and since when."""
        if demand.conditions:
            self.pen.bullet(f"conditions: {'; '.join(map(self.pen.say, demand.conditions))}", 1)
        if demand.first_stated:
            self.pen.bullet(f"first stated: {self.when(demand.first_stated)}", 1)

    def proposals(self) -> None:
        """Proposals by status, furthest first."""
        if self.view.proposals:
            self.heading(2, "Proposals")
        for title, listed in self.proposals_by_status():
            self.heading(3, title)
            for proposal in listed:
                to = f" to {self.people(proposal.to)}" if proposal.to else ""
                self.item(proposal, f"{self.people(proposal.by)}{to}")
                if proposal.in_exchange:
                    self.pen.bullet(f"in exchange: {self.pen.say(proposal.in_exchange)}", 1)
                self.variants(proposal)

    def proposals_by_status(self) -> list[tuple[str, list[Proposal]]]:
        """The furthest first."""
        return _by_status(self.view.proposals, PROPOSALS_FIRST)

    def venues(self) -> None:
        """Occasions by how certain they are."""
        if self.view.venues:
            self.heading(2, "Venues, by how certain")
        for title, listed in self.venues_by_status():
            self.heading(3, title)
            for venue in listed:
                place = self.pen.say(venue.place) if venue.place else ""
                who = self.people(venue.participants) if venue.participants else ""
                self.item(venue, self.pen.say(venue.kind), place, who, self.when(venue.when) if venue.when else "")
                self.variants(venue)

    def venues_by_status(self) -> list[tuple[str, list[Venue]]]:
        """The most certain of what is to come first, then what was called off, then what is over."""
        return _by_status(self.view.venues, VENUES_FIRST)

    def claims(self) -> None:
        """Claims by standing, the contested first."""
        if self.view.claims:
            self.heading(2, "Claims and how they stand")
        for title, listed in self.claims_by_status():
            self.heading(3, title)
            for claim in listed:
                self.item(claim, self.stances(claim))

    def claims_by_status(self) -> list[tuple[str, list[Claim]]]:
        """The contested first."""
        return _by_status(self.view.claims, CLAIMS_FIRST)

    def stances(self, claim: Claim) -> str:
        """Who says what of a claim."""
        sides = {words: getattr(claim, field) for words, field in STANCES.items()}
        return "; ".join(f"{words} {self.people(ids)}" for words, ids in sides.items() if ids)

    def events(self) -> None:
        """What happened or will, the dated ones in order of time."""
        if self.view.events:
            self.heading(2, "Events")
        for event in self.events_by_date():
            place = self.pen.say(event.place) if event.place else ""
            self.item(event, self.when(event.when) if event.when else "", place, self.state(event.status))

    def events_by_date(self) -> list[Event]:
        """The dated ones in order of time, then the others."""
        return sorted(self.view.events, key=lambda event: (event.when and event.when.date) or "9")

    def item(self, item: AnyItem, *details: str) -> None:
        """One item: id, what, details, how many origins, what speaks against it, its quotations."""
        issue = f"{self.pen.say(item.issue)}: " if isinstance(item, (Demand, Proposal)) else ""
        details = (
            *details,
            count_of(len(item.origins), "origin"),
            *map(self.pen.state, self.caveats.of(item)),
        )
        self.pen.bullet(
            f"{self.pen.strong(item.id)} {issue}{self.pen.say(item.what)} — "
            f"{' · '.join(filter(None, details))} {self.pen.cite(item.evidence)}"
        )

    def variants(self, item: AnyItem) -> None:
        """Reports whose terms differ from the clearest one's."""
        for variant in self.differing(item):
            has_it, what = self.report(variant)
            self.pen.bullet(f"{has_it} {self.pen.cite(variant.evidence)}: {what}", 1)

    def differing(self, item: AnyItem) -> Iterator[Variant]:
        """Reports whose terms differ from the clearest one's, and machine translations that contradict it."""
        if isinstance(item, (Claim, Event)):
            return
        lead = content_words((item.variants[0].place or "") if isinstance(item, Venue) else "")
        seen = {_terms(item.variants[0], lead)}
        for variant in item.variants[1:]:
            terms = _terms(variant, lead)
            if terms not in seen or (variant.translated and variant.id in self.disputed):
                seen.add(terms)
                yield variant

    def report(self, variant: Variant) -> tuple[str, str]:
        """How one report has it: outlet and terms, then its words."""
        outlet = self.pen.say(self.known[variant.article].outlet)
        translated = "machine-translated: " if variant.translated else ""
        terms = ", ".join(filter(None, _terms(variant)))
        return f"{outlet} has it as {self.pen.state(terms)}", f"{translated}{self.pen.say(variant.what)}"

    # ------------------------------------------------------------------------ the disputes

    def disputes(self) -> None:
        """Contradictions side by side; then what is only a translation's, and what only looks like one."""
        for title, disputes in self.disputes_by_outcome():
            self.heading(2, title)
            for dispute in disputes:
                self.dispute(dispute)

    def disputes_by_outcome(self) -> list[tuple[str, list[Dispute]]]:
        """By what came of them."""
        sections: dict[str, list[Dispute]] = {}
        for dispute in self.view.disputes:
            if dispute.resolution is Resolution.DIFFERENT_EVENTS:
                title = "Looks like a contradiction, but is not"
            elif dispute.resolution is Resolution.TRANSLATION_VARIANT:
                title = "Contradicted only by a machine translation"
            elif dispute.resolution is not Resolution.OPEN:
                title = "Contradicted, and settled"
            else:
                title = "Disputed"
            sections.setdefault(title, []).append(dispute)
        return list(sections.items())

    def dispute(self, dispute: Dispute) -> None:
        """One contradiction: a column a version."""
        resolution = f" ({words(dispute.resolution)})" if dispute.resolution in SETTLED else ""
        self.heading(3, f"{self.pen.to(dispute.id)} {self.pen.say(dispute.issue)}{resolution}")
        heads = [self.holders(version.held_by, version.variants) for version in dispute.versions]
        cells = [f"{self.pen.say(v.what)} {self.version_signs(v.variants)}" for v in dispute.versions]
        self.pen.compare(heads, cells)
        sign = "One event" if dispute.same_event else "Not one event"
        self.pen.paragraph(f"{sign}: {self.pen.say(dispute.why)}")

    def holders(self, held_by: Sequence[str], variants: Sequence[str]) -> str:
        """Whose version it is: the parties', else the outlets'."""
        if held_by:
            return self.people(held_by)
        outlets = [self.known[self.briefing.variant(id).article].outlet for id in variants]
        return self.pen.say(", ".join(dict.fromkeys(outlets)))

    def version_signs(self, variants: Iterable[str]) -> str:
        """Quotations behind a version."""
        return self.pen.cite([evidence for id in variants for evidence in self.briefing.variant(id).evidence])


def quiet(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """Changes that are none, under what is said of them."""
    for kind, heading in QUIET.items():
        yield heading, [change for change in changes if change.kind is kind and not told_otherwise(change)]
        if kind is ChangeKind.RESTATED:
            yield OTHERWISE, [change for change in changes if told_otherwise(change)]


def told_otherwise(change: Change) -> bool:
    """Whether a thing is restated, but not as it stood."""
    return change.kind is ChangeKind.RESTATED and change.before != change.after


def _terms(variant: Variant, lead: frozenset[str] | None = None) -> tuple[str | None, ...]:
    """What a report's version of an item comes to, in words.

    Beside the clearest report's place, whose words are `lead`, a place that shares a word with it is no other.
    """
    if isinstance(variant, DemandVariant):
        return words(variant.strength), words(variant.status)
    if not isinstance(variant, VenueVariant):
        return (words(getattr(variant, "status", "")),)
    place = variant.place
    if lead is not None and not (place and lead and not content_words(place) & lead):
        place = None
    return words(variant.status), place


Ranked = TypeVar("Ranked", Proposal, Venue, Claim)


def _by_status(items: Iterable[Ranked], order: Iterable[StrEnum]) -> list[tuple[str, list[Ranked]]]:
    """Items by status, in this order; a title for each."""
    listed = tuple(items)
    groups = ((words(status).capitalize(), [each for each in listed if each.status is status]) for status in order)
    return [(title, group) for title, group in groups if group]


def words(value: str) -> str:
    """An enumeration's value as a reader would write it."""
    return WORDS.get(value, value.replace("_", " "))


def count_of(number: int, noun: str) -> str:
    """A number of things, in words."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
