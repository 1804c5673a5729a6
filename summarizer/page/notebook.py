"""A page as a notebook shows it: in a frame, so that neither restyles or runs in the other."""

from __future__ import annotations

from html import escape

MAY = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""What the page may do in its frame: run its own script, and open an outlet's article in a tab. It has no origin."""

STYLE = "width: 100%; height: 40rem; border: 1px solid #8888; resize: vertical; overflow: auto; background: Canvas"


def framed(page: str) -> str:
    """The page as one HTML element, 40 lines high, which a reader can draw longer."""
    return f'<iframe title="Briefing" sandbox="{MAY}" style="{STYLE}" srcdoc="{escape(page)}"></iframe>'
