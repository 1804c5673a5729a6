"""iCalendar (RFC 5545): an all-day entry for every occasion with a day, past, agreed or only possible.

An occasion with no day, or no more than a month or a year, is no entry, since any day would be
invented; the calendar's description lists those. If none has a day, a journal entry of the briefing's
day says so: a calendar has at least one component (section 3.6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Journal
from icalendar import Event as Entry
from icalendar.prop import vCategory, vText

from summarizer.export.facts import UNCORROBORATED, Facts, lasting_id, remote, title_of, worded
from summarizer.models import Briefing, Event, EventStatus, Venue
from summarizer.text import content_words, flatten, fold

STATUS = {
    "past": "CONFIRMED",
    "confirmed": "CONFIRMED",
    "planned": "TENTATIVE",
    "possible": "TENTATIVE",
    "cancelled": "CANCELLED",
}
"""RFC 5545 has three words. A planned occasion and a possible one differ in summary and categories. One that is past
or confirmed is TENTATIVE, too, where no more than one report's word stands behind that."""

UNDATED = "No entry, since no day is known:"

OVER = (EventStatus.PAST, EventStatus.ONGOING)

SAID = ("planned", "possible", "cancelled")
"""What stands in the summary: programs that show a calendar seldom show its STATUS."""


class Escaped(vText):
    r"""Text escaped as RFC 5545, section 3.3.11 asks.

    icalendar's own takes a backslash before a capital N for a line break, and leaves properties that it
    doesn't know, X-WR-CALNAME among them, as they are.
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The value as it stands in a file."""
        return str(self).translate(ESCAPES).encode()


ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def render_calendar(briefing: Briefing) -> str:
    """The briefing's dated venues and coming events as a calendar, in order of time."""
    facts = Facts(briefing)
    listed = occasions(briefing)
    dated = [item for item in listed if item.when and item.when.precision == "day"]
    calendar = Calendar()
    put(calendar, "prodid", "-//summarizer//briefing//EN")
    put(calendar, "version", "2.0")
    put(calendar, "name", title_of(briefing))
    put(calendar, "x-wr-calname", title_of(briefing))
    undated = [undated_line(item) for item in listed if item not in dated]
    if undated:
        put(calendar, "description", "\n".join([UNDATED, *undated]))
    for item, uid in sorted(zip(dated, lasting_ids(dated, facts), strict=True), key=lambda pair: day_of(pair[0])):
        calendar.add_component(entry(item, uid, facts))
    if not dated:
        calendar.add_component(nothing_dated(facts, undated))
    return bytes(calendar.to_ical()).decode()


def occasions(briefing: Briefing) -> list[Venue | Event]:
    """All venues, and the events that are still to come, or were called off."""
    return [*briefing.venues, *(event for event in briefing.events if event.status not in OVER)]


def day_of(item: Venue | Event) -> date:
    """The day of an occasion that has one."""
    assert item.when and item.when.date
    return date.fromisoformat(item.when.date)


def entry(item: Venue | Event, uid: str, facts: Facts) -> Entry:
    """One occasion; free time, since nobody who looks at it is invited."""
    made = Entry()
    put(made, "uid", uid)
    made.add("dtstamp", datetime.combine(facts.briefing.date, time(), UTC))
    made.add("dtstart", day_of(item))
    put(made, "summary", summary(item, facts))
    put(made, "description", "\n".join(description(item, facts)))
    bare = UNCORROBORATED in facts.caveats_of(item)
    put(made, "status", "TENTATIVE" if bare else STATUS[item.status])
    put(made, "transp", "TRANSPARENT")
    if item.place:
        put(made, "location", flatten(item.place))
    categories = vCategory([])
    words = [kind_of(item).translate(BRACKETS), item.status.value, *([UNCORROBORATED] if bare else [])]
    categories.cats = list(map(Escaped, words))
    made["categories"] = categories
    return made


def nothing_dated(facts: Facts, undated: Sequence[str]) -> Journal:
    """That the briefing has no occasion with a day, and those without one: of its day, for which nothing is planned."""
    briefing = facts.briefing
    made = Journal()
    put(made, "uid", lasting_id("no dated occasion", briefing.date.isoformat(), briefing.topic or ""))
    made.add("dtstamp", datetime.combine(briefing.date, time(), UTC))
    made.add("dtstart", briefing.date)
    put(made, "summary", f"No dated occasion: {title_of(briefing)}")
    if undated:
        put(made, "description", "\n".join([UNDATED, *undated]))
    return made


def put(component: Calendar | Entry | Journal, name: str, text: str) -> None:
    """Give a component a property of text; its angle brackets are others, since some programs read HTML there."""
    component[name] = Escaped(text.translate(BRACKETS))


BRACKETS = str.maketrans("<>", "‹›")


def kind_of(item: Venue | Event) -> str:
    """What kind of occasion it is; a comma would part it into two categories for careless readers."""
    return flatten(item.kind).replace(",", " ") if isinstance(item, Venue) else "event"


def summary(item: Venue | Event, facts: Facts) -> str:
    """The line that a calendar shows: who meets, or what comes; with a word of doubt where there is doubt."""
    who = ", ".join(facts.names(item.actor_ids))
    kind = kind_of(item)
    line = f"{kind[:1].upper()}{kind[1:]}: {who}" if isinstance(item, Venue) and who else flatten(item.what)
    doubt = [item.status.value] if item.status in SAID else []
    doubt += [UNCORROBORATED] if UNCORROBORATED in facts.caveats_of(item) else []
    return f"{line} ({', '.join(doubt)})" if doubt else line


def description(item: Venue | Event, facts: Facts) -> list[str]:
    """What it is, what speaks against it, and every quotation with its outlet."""
    origins = f"{len(item.origins)} origin{'s' if len(item.origins) > 1 else ''}"
    return [
        flatten(item.what),
        " · ".join([item.status, worded(item.when), origins, *facts.caveats_of(item)]),
        "",
        *dict.fromkeys(f"{flatten(q.source.outlet)}: {q.shown}" for q in facts.quotations(item)),
        "",
        f"{item.id}, briefing of {facts.briefing.date.isoformat()}",
    ]


def undated_line(item: Venue | Event) -> str:
    """An occasion without a day, in one line."""
    return f"{item.id} {flatten(item.what)} — {item.status}, {worded(item.when) or 'time not said'}"


def lasting_ids(items: Sequence[Venue | Event], facts: Facts) -> list[str]:
    """An id each that another day's briefing gives the same occasion, too, as far as that can be.

    Item ids last in an archive only, and a briefing may be in none. What lasts is who meets and where. The day is left
    out, so that an occasion that is moved moves its entry, unless several have the same parties and place:
    those are told apart by the day, and by their words if that is the same, too.
    """
    keys = [key(item, facts) for item in items]
    for more in ([day_of(item).isoformat() for item in items], [item.what for item in items], [i.id for i in items]):
        shared = {found for found, count in Counter(keys).items() if count > 1}
        keys = [(*found, own) if found in shared else found for found, own in zip(keys, more, strict=True)]
    return [lasting_id(*found) for found in keys]


def key(item: Venue | Event, facts: Facts) -> tuple[str, ...]:
    """Whom an occasion brings together, and where; of an event also its day, since nothing else tells it."""
    parties = sorted({fold(name) for name in facts.names(facts.line(id)[-1] for id in item.actor_ids)})
    place = " ".join(sorted(content_words(item.place or "")))
    if isinstance(item, Venue):
        return "venue", "remote" if remote(item) else "in person", place, *parties
    return "event", day_of(item).isoformat(), place, *parties
