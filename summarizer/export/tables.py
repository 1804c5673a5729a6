"""CSV as RFC 4180 has it: a row an item, and a row a quotation.

docs/export.md lists the columns.
"""

from __future__ import annotations

from summarizer.export.facts import Facts, Quotation
from summarizer.models import (
    AnyItem,
    Briefing,
    Claim,
    ClaimVariant,
    Demand,
    Event,
    Proposal,
    Venue,
    When,
)
from summarizer.sheet import write_sheet
from summarizer.text import web_address

ITEM_COLUMNS = (
    "date story id kind parties to issue what status strength conditions in_exchange when when_date place country"
    " asserted_by confirmed_by denied_by unconfirmed_by origins outlets translated_only disputes caveats quotes quote"
).split()

QUOTE_COLUMNS = (
    "date story item variant stance actors what origin via article outlet title published language url"
    " sentences start end translated quote"
).split()


def render_items(briefing: Briefing) -> str:
    """All items, a row each."""
    facts = Facts(briefing)
    return write_sheet(ITEM_COLUMNS, (item_row(item, facts) for item in briefing.items))


def render_quotes(briefing: Briefing) -> str:
    """All quotations of items, a row each, in the order of the items' table."""
    facts = Facts(briefing)
    return write_sheet(QUOTE_COLUMNS, (quote_row(q, facts) for item in briefing.items for q in facts.quotations(item)))


def item_row(item: AnyItem, facts: Facts) -> dict[str, object]:
    """What the first table has of an item; a column that its kind has no field for is empty."""
    when = when_of(item)
    return {
        "date": facts.briefing.date.isoformat(),
        "story": facts.story_of.get(item.id),
        "id": item.id,
        "kind": kind_of(item),
        **party_cells(item, facts),
        "what": item.what,
        "status": item.status,
        "when": when.words if when else None,
        "when_date": when.date if when else None,
        "place": item.place if isinstance(item, (Venue, Event)) else None,
        "country": item.country if isinstance(item, Venue) else None,
        "origins": len(item.origins),
        "outlets": facts.outlets(item.variants),
        "translated_only": all(variant.translated for variant in item.variants),
        "disputes": [dispute.id for dispute in facts.disputes(item)],
        "caveats": facts.caveats_of(item),
        "quotes": len(item.evidence),
        "quote": facts.clearest(item).shown,
    }


def kind_of(item: AnyItem) -> str:
    """Demand, proposal, claim or event; for a venue its own kind as well."""
    kind = type(item).__name__.lower()
    return f"{kind}: {item.kind}" if isinstance(item, Venue) else kind


def when_of(item: AnyItem) -> When | None:
    """The item's own time: of a demand, when it was first stated. None: not said."""
    if isinstance(item, Demand):
        return item.first_stated
    return item.when if isinstance(item, (Venue, Event)) else None


def party_cells(item: AnyItem, facts: Facts) -> dict[str, object]:
    """Who, and the columns that one kind of item alone has."""
    if isinstance(item, Demand):
        return {
            "parties": facts.names(item.by),
            "to": facts.names(item.of),
            "issue": item.issue,
            "strength": item.strength,
            "conditions": item.conditions,
        }
    if isinstance(item, Proposal):
        return {
            "parties": facts.names(item.by),
            "to": facts.names(item.to),
            "issue": item.issue,
            "in_exchange": item.in_exchange,
        }
    if isinstance(item, Claim):
        return {
            "asserted_by": facts.names(item.asserted_by),
            "confirmed_by": facts.names(item.confirmed_by),
            "denied_by": facts.names(item.denied_by),
            "unconfirmed_by": facts.names(item.unconfirmed_by),
        }
    return {"parties": facts.names(item.actor_ids)}


def quote_row(quotation: Quotation, facts: Facts) -> dict[str, object]:
    """What the second table has of a quotation."""
    item, variant, evidence, source = quotation.item, quotation.variant, quotation.evidence, quotation.source
    stance = variant if isinstance(variant, ClaimVariant) else None
    return {
        "date": facts.briefing.date.isoformat(),
        "story": facts.story_of.get(item.id),
        "item": item.id,
        "variant": variant.id,
        "stance": stance.stance if stance else None,
        "actors": facts.names(stance.actors) if stance else None,
        "what": variant.what,
        "origin": facts.briefing.origin(variant.origin).name,
        "via": variant.via,
        "article": source.id,
        "outlet": source.outlet,
        "title": source.title,
        "published": source.published.isoformat() if source.published else None,
        "language": source.language,
        "url": web_address(source.url),
        "sentences": [str(number) for number in evidence.sentences],
        "start": evidence.start,
        "end": evidence.end,
        "translated": quotation.translated,
        "quote": evidence.quote,
    }
