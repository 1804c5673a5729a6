"""Logging: what happens to which request, by id, article and prompt. Never what is in it.

Goes to the standard library's logger "summarizer", as events with fields; who wants to see
them attaches a handler, with `JsonLines` for one JSON object a line.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

LOGGER = logging.getLogger("summarizer")
LOGGER.addHandler(logging.NullHandler())  # or Python prints warnings where nobody asked for a log


def tell(level: int, event: str, **fields: Any) -> None:
    """Log an event; fields are names, numbers and hashes, nothing that an article or a model says."""
    if LOGGER.isEnabledFor(level):
        LOGGER.log(level, event, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """One JSON object a line, in ASCII: no name in it can steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """A record's time, level, event and fields."""
        fields = {name: value for name, value in getattr(record, "fields", {}).items() if value is not None}
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": time, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(said | fields, default=str)
