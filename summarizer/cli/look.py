"""How text is shown where it goes: how wide, and whether in colour. One place for all commands."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from pathlib import Path
    from typing import TextIO, TypedDict

    class Look(TypedDict):
        """What text is rendered with."""

        width: int
        """Columns."""
        color: bool
        """Whether it has escape codes."""


COLORS = ("auto", "always", "never")


def look_of(args: argparse.Namespace, output: Path | None = None) -> Look:
    """The look that was asked for, else the one that fits where the text goes.

    Columns are as COLUMNS says, else the terminal's; where there is none, 88. A file has no colours unless always.
    """
    import shutil

    from summarizer.render import WIDTH

    here = output is None and (sys.stdout.isatty() or "COLUMNS" in os.environ)
    fitting = shutil.get_terminal_size((WIDTH, 24)).columns if here else WIDTH
    color = args.color == "always" if output else is_colored(sys.stdout, args.color)
    return {"width": args.width or fitting, "color": color}


def is_colored(stream: TextIO, wanted: str) -> bool:
    """Whether to use colours; where neither `always` nor `never` is wanted, NO_COLOR, FORCE_COLOR and TERM decide."""
    if wanted != "auto":
        return wanted == "always"
    from rich.console import Console

    console = Console(file=stream)
    return console.color_system is not None and not console.no_color
