"""Asking by a provider's batch endpoint: half the price, for answers that may take a day.

`transport` collects what is asked and hands out what was answered, `endpoint` makes the
requests of the protocol, `sent` remembers what was submitted, whatever happens to the run.
"""

from __future__ import annotations

from summarizer.batch.transport import BatchTransport, Told

__all__ = ["BatchTransport", "Told"]
