"""A local, read-only site over an archive: pages for people, an API for programs."""

from __future__ import annotations

from summarizer.serve.access import Access
from summarizer.serve.site import build_site

__all__ = ["Access", "build_site"]
