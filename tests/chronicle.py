"""Made-up briefings of days that follow each other, whose demands, meetings and claims go on over weeks.

Words are drawn as languages use them (few often, most hardly ever), names are made of the
same syllables, and no article was ever written. A day at full size has some 200 items, 40
articles and as many actors. The same seed makes the same days.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from summarizer.models import (
    Actor,
    ActorKind,
    Alias,
    Briefing,
    Change,
    ChangeKind,
    Claim,
    ClaimStatus,
    ClaimVariant,
    Demand,
    DemandStatus,
    DemandVariant,
    Dispute,
    Event,
    EventStatus,
    EventVariant,
    Evidence,
    Line,
    Origin,
    Proposal,
    ProposalStatus,
    ProposalVariant,
    Provenance,
    Resolution,
    Source,
    Stance,
    Story,
    Strength,
    Venue,
    VenueStatus,
    VenueVariant,
    Version,
    When,
)
from summarizer.numbering import things_of
from summarizer.past import evidence_of, name_of, state_of
from tests.wires import FREQUENT, SYLLABLES

FIRST = date(2031, 1, 1)
ARTICLES = 40
SHARES = (0.32, 0.24, 0.18, 0.14, 0.12)
"""Of a day's things, how many each of its stories has."""
OF_A_DAY = {"D": 25, "P": 12, "V": 18, "C": 60, "E": 60, "X": 25}
"""Things that a day mentions, by letter."""
NEW = {"D": 0.07, "P": 0.1, "V": 0.15, "C": 0.75, "E": 1.0, "X": 0.25}
"""Which part of them is new, at least."""
WAITING = {"D": 1.7, "P": 1.7, "V": 1.4, "C": 1.0, "E": 0.0, "X": 1.4}
"""Things under way, for each that a day mentions: of the others it says nothing."""
COURSES: Mapping[str, tuple[float, Mapping[Any, Sequence[Any]]]] = {
    "D": (0.04, {DemandStatus.OPEN: (DemandStatus.MET, DemandStatus.REJECTED, DemandStatus.WITHDRAWN)}),
    "P": (
        0.1,
        {
            ProposalStatus.FLOATED: (ProposalStatus.TABLED, ProposalStatus.WITHDRAWN),
            ProposalStatus.TABLED: (ProposalStatus.REJECTED, ProposalStatus.ACCEPTED, ProposalStatus.SUPERSEDED),
        },
    ),
    "V": (
        0.25,
        {
            VenueStatus.POSSIBLE: (VenueStatus.PLANNED, VenueStatus.CANCELLED),
            VenueStatus.PLANNED: (VenueStatus.CONFIRMED, VenueStatus.CANCELLED),
            VenueStatus.CONFIRMED: (VenueStatus.CONFIRMED,),
        },
    ),
    "C": (
        0.3,
        {
            ClaimStatus.ASSERTED: (ClaimStatus.DISPUTED, ClaimStatus.UNCONFIRMED, ClaimStatus.CONFIRMED),
            ClaimStatus.UNCONFIRMED: (ClaimStatus.CONFIRMED, ClaimStatus.DISPUTED),
            ClaimStatus.DISPUTED: (ClaimStatus.CONFIRMED,),
        },
    ),
    "E": (0.0, {EventStatus.PAST: ()}),
    "X": (0.15, {Resolution.OPEN: (Resolution.LATER_UPDATE, Resolution.DIFFERENT_EVENTS, Resolution.ERROR)}),
}
"""How likely a thing's status moves from one mention to the next, and where to; the first is that of a new thing."""
ENDS = {status: ChangeKind(status) for status in ("met", "rejected", "withdrawn")}
ANSWERS = {
    ClaimStatus.CONFIRMED: Stance.CONFIRMS,
    ClaimStatus.DISPUTED: Stance.DENIES,
    ClaimStatus.UNCONFIRMED: Stance.NEITHER,
}
BODIES = (ActorKind.ORGANISATION, ActorKind.INTERGOVERNMENTAL, ActorKind.GROUP, ActorKind.MEDIA)


@dataclass(eq=False)
class Going:
    """What goes on from day to day."""

    letter: str
    status: Any
    fixed: dict[str, Any]
    """What is the same on all days."""
    id: str | None = None
    """Over all days; None: not mentioned yet."""
    last: date | None = None
    state: str = ""
    called: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.status not in COURSES[self.letter][1]


@dataclass(eq=False)
class Plot:
    """A course of events: who is in it, and what is under way."""

    title: str
    ends: date
    parties: list[Going]
    people: list[Going] = field(default_factory=list)
    waiting: dict[str, list[Going]] = field(default_factory=lambda: {letter: [] for letter in OF_A_DAY})


@dataclass
class Made:
    """A briefing with the day's own ids, and what is to be known to enter it."""

    briefing: Briefing
    same: dict[str, str]
    """Ids over all days of what stood before, by the day's own."""
    things: list[Going]
    """In the order of the briefing's."""


class Chronicle:
    """Days that follow each other; `scale` makes them smaller."""

    def __init__(self, *, seed: int = 1, scale: float = 1.0, words: int = 20_000) -> None:
        self.draw = random.Random(seed)
        self.scale = scale
        self.day = FIRST
        self.words = self._vocabulary(words)
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(len(self.words))))
        self.states = [self._actor(ActorKind.STATE) for _ in range(30)]
        self.bodies = [self._actor(self.draw.choice(BODIES)) for _ in range(40)]
        self.outlets = [f"The {self._name()} {self.draw.choice(('Post', 'Times', 'Herald'))}" for _ in range(60)]
        self.plots: list[Plot] = []
        self.sources: dict[str, Source] = {}

    def days(self, count: int) -> Iterator[Made]:
        """The next so many days. Each is to be entered and its ids learnt before the next one is asked for."""
        for _ in range(count):
            self.plots = [plot for plot in self.plots if plot.ends >= self.day]
            self.plots += [self._plot() for _ in range(len(SHARES) - len(self.plots))]
            made = _Day(self).made()
            self.sources |= {source.id: source for source in made.briefing.sources if not source.earlier}
            yield made
            self.day += timedelta(days=1)

    @staticmethod
    def learn(made: Made, entered: Briefing) -> None:
        """Take note of the ids over all days that a day's things were given."""
        for thing, printed in zip(made.things, things_of(entered), strict=True):
            thing.id = printed.id

    # ----------------------------------------------------------------- words and chances

    def _vocabulary(self, count: int) -> list[str]:
        """Words, frequent ones first, which are short; a few have an accent."""
        found = dict.fromkeys(FREQUENT)
        while len(found) < count:
            syllables = 2 if len(found) < count / 10 else self.draw.choice((2, 3, 3, 4))
            word = "".join(self.draw.choices(SYLLABLES, k=syllables))
            found[word.replace("e", "é", 1) if self.draw.random() < 0.03 else word] = None
        return list(found)

    def phrase(self, fewest: int, most: int) -> str:
        """Words that nobody ever wrote in a row."""
        return " ".join(self.draw.choices(self.words, cum_weights=self._weights, k=self.draw.randint(fewest, most)))

    def sentence(self, fewest: int = 8, most: int = 16) -> str:
        """The same as a sentence."""
        return f"{self.phrase(fewest, most).capitalize()}."

    def pick(self, listed: Sequence[Any], fewest: int = 1, most: int = 1) -> list[Any]:
        """Some of a list, those at its head more often."""
        weights = [1 / (rank + 1) for rank in range(len(listed))]
        return list(dict.fromkeys(self.draw.choices(listed, weights, k=self.draw.randint(fewest, most))))

    def some(self, listed: Sequence[Any], count: int) -> list[Any]:
        """So many of a list, any as likely."""
        return self.draw.sample(listed, min(count, len(listed)))

    # ---------------------------------------------------------------- who, and in what

    def _name(self) -> str:
        return "".join(self.draw.choices(SYLLABLES, k=self.draw.choice((2, 3)))).capitalize()

    def _actor(self, kind: ActorKind, owner: Going | None = None) -> Going:
        name = self._name() if kind is ActorKind.STATE else f"{self._name()} {self._name()}"
        family = name.rpartition(" ")[2]
        office = self.phrase(1, 3).title() if owner and self.draw.random() < 0.7 else None
        spellings = (name, f"{office} {family}" if office else family)
        return Going("A", kind, {"name": name, "office": office, "owner": owner, "spellings": spellings})

    def _plot(self) -> Plot:
        parties = list(dict.fromkeys([*self.pick(self.states, 2, 4), *self.pick(self.bodies, 1, 3)]))
        plot = Plot(self.phrase(3, 5), self.day + timedelta(days=self.draw.randint(10, 120)), parties)
        plot.people = [self._actor(ActorKind.PERSON, self.pick(parties)[0]) for _ in range(12)]
        return plot


class _Day:
    """One day in the making."""

    def __init__(self, chronicle: Chronicle) -> None:
        self.all, self.draw, self.day = chronicle, chronicle.draw, chronicle.day
        self.of_story = max(4, round(ARTICLES * chronicle.scale / len(SHARES)))
        self.articles = [self._article(number) for number in range(self.of_story * len(SHARES))]
        self.sentences = dict.fromkeys((source.id for source in self.articles), 0)
        self.said: list[Evidence] = []
        self.actors: dict[Going, str] = {}
        self.listed: dict[str, list[tuple[Going, Any]]] = {letter: [] for letter in OF_A_DAY}
        self.silent: list[Going] = []

    def made(self) -> Made:
        """The whole of it."""
        stories = tuple(self._story(number, plot) for number, plot in enumerate(self.all.plots))
        listed = {"A": [(thing, self._actor(thing, id)) for thing, id in self.actors.items()], **self.listed}
        changes = tuple(self._changes())
        quoted = {each.article for change in changes for each in change.evidence_before}
        earlier = (self.all.sources[id].model_copy(update={"earlier": True}) for id in sorted(quoted))
        drawn = {letter: tuple(model for _, model in some) for letter, some in listed.items()}
        briefing = Briefing(
            date=self.day,
            stories=stories,
            actors=drawn["A"],
            demands=drawn["D"],
            proposals=drawn["P"],
            venues=drawn["V"],
            claims=drawn["C"],
            events=drawn["E"],
            disputes=drawn["X"],
            compared_with=self.day - timedelta(days=1) if self.day > FIRST else None,
            changes=changes,
            sources=(*self.articles, *earlier),
            origins=tuple(
                Origin(id=f"O-{source.id}", name=source.outlet, kind="outlet", articles=(source.id,))
                for source in self.articles
            ),
            provenance=Provenance(program="made up", schema_version="2", model="none"),
        )
        self._remember()
        return Made(
            briefing,
            same={model.id: thing.id for some in listed.values() for thing, model in some if thing.id},
            things=[thing for some in listed.values() for thing, _ in some],
        )

    def _article(self, number: int) -> Source:
        sha256 = hashlib.sha256(f"{self.day} {number}".encode()).hexdigest()
        return Source(
            id=sha256[:12],
            name=f"{self.day}-{number:02}.txt",
            title=self.all.sentence(6, 12),
            publisher=self.all.pick(self.all.outlets)[0],
            url=f"https://news.invalid/{self.day}/{number}",
            published=self.day,
            language="en",
            sha256=sha256,
            characters=100_000,
        )

    # ------------------------------------------------------------------------- a story

    def _story(self, number: int, plot: Plot) -> Story:
        """A story, with all that the day has of it."""
        self.own = self.articles[number * self.of_story : (number + 1) * self.of_story]
        self.cast = plot.parties + self.all.pick(plot.people, 3, 8)
        ids: list[str] = []
        for letter, count in OF_A_DAY.items():
            for thing in self._mentioned(plot, letter, max(2, round(count * self.all.scale * SHARES[number]))):
                ids.append(f"{letter}{len(self.listed[letter]) + 1}")
                self.listed[letter].append((thing, getattr(self, f"_{letter.lower()}")(thing, ids[-1])))
        lines = [Line(text=self.all.sentence(12, 28), cites=tuple(self.all.some(ids, 2))) for _ in range(6)]
        return Story(
            id=f"S{number + 1}",
            title=plot.title,
            articles=tuple(source.id for source in self.own),
            headline=lines[0],
            bottom_line=tuple(lines[1:5]),
            open_questions=tuple(lines[5:]),
            items=tuple(ids),
        )

    def _mentioned(self, plot: Plot, letter: str, count: int) -> list[Going]:
        """Things of a kind that the day mentions: some go on, and move; some are new."""
        waiting = [thing for thing in plot.waiting[letter] if not thing.over]
        born = max(count - len(waiting), round(count * NEW[letter] + self.draw.random() / 2))
        new = [self._new(plot, letter) for _ in range(min(born, count))]
        going_on = self.all.some(waiting, count - len(new))
        for thing in going_on:
            self._move(thing)
        self.silent += [thing for thing in waiting if thing not in going_on and letter in "DPV"]
        kept = round(count * WAITING[letter])
        plot.waiting[letter] = [*waiting, *new][-kept:] if kept else []
        return [*going_on, *new]

    def _new(self, plot: Plot, letter: str) -> Going:
        by = self.all.pick(plot.parties, 1, 2)
        fixed: dict[str, Any] = {
            "by": by,
            "of": [actor for actor in self.all.pick(plot.parties[::-1]) if actor not in by],
            "what": self.all.sentence(),
            "other": self.all.sentence(),
            "issue": self.all.phrase(2, 6),
            "place": self.all.phrase(1, 2).title(),
            "day": self.day + timedelta(days=self.draw.randint(0, 20)),
            "strength": self.all.pick(list(Strength))[0],
            "says": self.all.pick(self.cast[::-1], 1, 2),
            "answers": self.all.pick(self.cast),
        }
        return Going(letter, next(iter(COURSES[letter][1])), fixed)

    def _move(self, thing: Going) -> None:
        """What becomes of a thing from one mention to the next."""
        chance, course = COURSES[thing.letter]
        if self.draw.random() < 0.06:
            thing.fixed["strength"] = self.all.pick(list(Strength))[0]
        if thing.letter == "V" and thing.fixed["day"] < self.day:
            thing.status = VenueStatus.PAST
        elif self.draw.random() < chance:
            thing.status = self.all.pick(course[thing.status])[0]

    # ---------------------------------------------------------------- as models have it

    def _ids(self, actors: Sequence[Going]) -> tuple[str, ...]:
        """The day's ids of actors, whom it then has, as it has those whom they belong to."""
        for actor in actors:
            for each in filter(None, (actor, actor.fixed["owner"])):
                self.actors.setdefault(each, f"A{len(self.actors) + 1}")
        return tuple(self.actors[actor] for actor in actors)

    def _reports(self, id: str, what: str, most: int = 4) -> Iterator[dict[str, Any]]:
        """Two to four reports of one thing, with what variants of all kinds have."""
        for number, article in enumerate(self.all.some(self.own, self.draw.randint(2, most)), 1):
            yield {
                "id": f"{id}.{number}",
                "article": article.id,
                "what": what,
                "origin": f"O-{article.id}",
                "evidence": tuple(self._evidence(article.id) for _ in range(self.draw.randint(1, 2))),
            }

    def _evidence(self, article: str) -> Evidence:
        quote, start = self.all.sentence(12, 28), self.sentences[article] * 400
        self.sentences[article] += 1
        number = self.sentences[article]
        found = Evidence(article=article, sentences=(number,), start=start, end=start + len(quote), quote=quote)
        self.said.append(found)
        return found

    def _actor(self, thing: Going, id: str) -> Actor:
        owner = thing.fixed["owner"]
        aliases = (
            Alias(name=name, evidence=tuple(self.all.some(self.said, self.draw.randint(1, 3))))
            for name in self.all.pick(thing.fixed["spellings"], 1, 2)
        )
        return Actor(
            id=id,
            name=thing.fixed["name"],
            aliases=tuple(aliases),
            kind=thing.status,
            office=thing.fixed["office"],
            affiliation=self.actors[owner] if owner else None,
        )

    def _d(self, thing: Going, id: str) -> Demand:
        fixed = thing.fixed
        conditions = (self.all.phrase(4, 8),) if self.draw.random() < 0.2 else ()
        terms = {"strength": fixed["strength"], "status": thing.status, "conditions": conditions}
        return Demand(
            id=id,
            what=fixed["what"],
            variants=tuple(DemandVariant(**report, **terms) for report in self._reports(id, fixed["what"])),
            by=self._ids(fixed["by"]),
            of=self._ids(fixed["of"]),
            issue=fixed["issue"],
            **terms,
        )

    def _p(self, thing: Going, id: str) -> Proposal:
        fixed = thing.fixed
        terms = {"in_exchange": self.all.phrase(4, 8) if self.draw.random() < 0.3 else None, "status": thing.status}
        return Proposal(
            id=id,
            what=fixed["what"],
            variants=tuple(ProposalVariant(**report, **terms) for report in self._reports(id, fixed["what"])),
            by=self._ids(fixed["by"]),
            to=self._ids(fixed["of"]),
            issue=fixed["issue"],
            **terms,
        )

    def _v(self, thing: Going, id: str) -> Venue:
        fixed = thing.fixed
        terms = {"place": fixed["place"], "when": When(date=str(fixed["day"])), "status": thing.status}
        return Venue(
            id=id,
            what=fixed["what"],
            variants=tuple(VenueVariant(**report, **terms) for report in self._reports(id, fixed["what"])),
            kind="meeting",
            participants=self._ids(list(dict.fromkeys((*fixed["by"], *fixed["of"], *fixed["says"])))),
            **terms,
        )

    def _c(self, thing: Going, id: str) -> Claim:
        fixed, stances = thing.fixed, {Stance.ASSERTS: self._ids(thing.fixed["says"])}
        if thing.status in ANSWERS:
            stances[ANSWERS[thing.status]] = self._ids(fixed["answers"])
        taken = list(stances.items())
        return Claim(
            id=id,
            what=fixed["what"],
            variants=tuple(
                ClaimVariant(**report, stance=taken[n % len(taken)][0], actors=taken[n % len(taken)][1])
                for n, report in enumerate(self._reports(id, fixed["what"], most=3))
            ),
            asserted_by=stances[Stance.ASSERTS],
            confirmed_by=stances.get(Stance.CONFIRMS, ()),
            denied_by=stances.get(Stance.DENIES, ()),
            unconfirmed_by=stances.get(Stance.NEITHER, ()),
            status=thing.status,
        )

    def _e(self, thing: Going, id: str) -> Event:
        fixed = thing.fixed
        terms = {"when": When(date=str(self.day)), "status": thing.status}
        return Event(
            id=id,
            what=fixed["what"],
            variants=tuple(EventVariant(**report, **terms) for report in self._reports(id, fixed["what"], most=3)),
            actors=self._ids(fixed["says"]),
            place=fixed["place"],
            **terms,
        )

    def _x(self, thing: Going, id: str) -> Dispute:
        """Two sides, each of which has a claim or event of the day."""
        fixed = thing.fixed
        sides = self.all.some([model for letter in "CE" for _, model in self.listed[letter][-8:]], 2)
        held = (self._ids(fixed["by"]), self._ids(fixed["of"]))
        return Dispute(
            id=id,
            issue=fixed["issue"],
            versions=tuple(
                Version(what=what, held_by=by, variants=tuple(variant.id for variant in side.variants))
                for what, by, side in zip((fixed["what"], fixed["other"]), held, sides, strict=True)
            ),
            same_event=thing.status is not Resolution.DIFFERENT_EVENTS,
            why=self.all.sentence(),
            resolution=thing.status,
        )

    # ---------------------------------------------------------------------- what changed

    def _changes(self) -> Iterator[Change]:
        """What `summarizer.compare` would tell of: all but new claims and those that stay as they were."""
        told = [(thing, model, self._kind(thing, model)) for letter in "DPVCX" for thing, model in self.listed[letter]]
        stayed = (ChangeKind.NEW, ChangeKind.RESTATED)
        told = [each for each in told if each[0].letter != "C" or each[2] not in stayed]
        for number, (thing, model, kind) in enumerate(told, 1):
            yield Change(
                id=f"K{number}",
                item=model.id,
                kind=kind,
                what=thing.fixed["what"],
                since=thing.last or self.day - timedelta(days=1),
                before=thing.state or None,
                after=state_of(model),
                evidence_before=thing.evidence,
                evidence_after=evidence_of(model, self._variants),
            )
        for number, thing in enumerate(self.silent, len(told) + 1):
            assert thing.id is not None
            assert thing.last is not None
            yield Change(
                id=f"K{number}",
                item=thing.id,
                kind=ChangeKind.NOT_MENTIONED,
                what=thing.called,
                since=thing.last,
                before=thing.state,
                evidence_before=thing.evidence,
            )

    @property
    def _variants(self) -> dict[str, Any]:
        return {variant.id: variant for letter in "DPVCE" for _, m in self.listed[letter] for variant in m.variants}

    def _kind(self, thing: Going, model: Any) -> ChangeKind:
        """What became of a thing."""
        if thing.id is None:
            return ChangeKind.NEW
        if thing.state == state_of(model):
            return ChangeKind.RESTATED
        if thing.letter in "DP" and thing.status in ENDS:
            return ENDS[thing.status]
        if thing.letter == "D":
            return self.draw.choice((ChangeKind.HARDENED, ChangeKind.SOFTENED))
        return ChangeKind.ANSWERED if thing.letter == "X" else ChangeKind.MOVED

    def _remember(self) -> None:
        """Keep how each thing stands, for the days that follow."""
        variants = self._variants
        for letter in "DPVCX":
            for thing, model in self.listed[letter]:
                thing.last, thing.state, thing.called = self.day, state_of(model), name_of(model)
                thing.evidence = evidence_of(model, variants)
