"""A briefing in the formats of the field; what each carries is in docs/export.md.

Every format is a function of the briefing alone: no clock, no network, no file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from summarizer.errors import UnknownFormat

if TYPE_CHECKING:
    from summarizer.models import Briefing

__all__ = ["FORMATS", "Format", "export"]


@dataclass(frozen=True)
class Format:
    """A format by its name, and where it is written."""

    name: str
    suffix: str
    """How a file's name ends; the longest that fits decides."""
    media_type: str
    what: str
    home: str
    """Module and function; imported when it is first used, as icalendar takes a tenth of a second."""

    def write(self, briefing: Briefing) -> str:
        """The briefing in this format.

        Calendars and tables end their lines in CR LF, as their standards ask: a file is to be opened with newline="".
        """
        module, function = self.home.split(":")
        render = cast("Callable[[Briefing], str]", getattr(import_module(f"{__name__}.{module}"), function))
        return render(briefing)


FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format("plover", ".plover.jsonl", "application/x-ndjson", "PLOVER event records", "plover:render_plover"),
        Format("ninjs", ".ninjs.json", "application/json", "IPTC ninjs 3.1 news item", "ninjs:render_ninjs"),
        Format("jsonld", ".jsonld", "application/ld+json", "schema.org graph", "schemaorg:render_graph"),
        Format("ics", ".ics", "text/calendar", "calendar of dated occasions", "calendar:render_calendar"),
        Format("csv", ".csv", "text/csv", "table of items", "tables:render_items"),
        Format("quotes-csv", ".quotes.csv", "text/csv", "table of quotations", "tables:render_quotes"),
    )
}


def export(briefing: Briefing, form: str) -> str:
    """The briefing in one of the `FORMATS`, by its name.

    Raises:
        UnknownFormat: if there is none of this name.
    """
    if form not in FORMATS:
        raise UnknownFormat(form, list(FORMATS))
    return FORMATS[form].write(briefing)
