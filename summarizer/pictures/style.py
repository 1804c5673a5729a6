"""The colours and rules of pictures: `pictures.css`, as a page has it and with the colours put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#1a1c1e",
    "soft": "#565c64",
    "line": "#d5d9de",
    "fill": "#f3f5f7",
    "accent": "#1f4e8c",
    "mark": "#ffe58a",
    "good": "#1c6b3a",
    "bad": "#a1261f",
    "warn": "#7a5000",
}
"""Colours on white paper, by the name of the page's variable."""
DARK: Mapping[str, str] = {
    "paper": "#14171a",
    "ink": "#e8e9ea",
    "soft": "#a9b0b8",
    "line": "#3a4048",
    "fill": "#1d2125",
    "accent": "#8ab8f0",
    "mark": "#6b5600",
    "good": "#7fc79a",
    "bad": "#f0978f",
    "warn": "#e0b25a",
}
"""The same where a reader prefers dark screens."""


def palette() -> str:
    """The colours as variables of a page: light, and dark for readers who prefer that."""
    return (
        f":root {{ color-scheme: light dark; {_variables(LIGHT)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}\n"
    )


def palette_on_paper() -> str:
    """The light ones alone, whatever a reader prefers on screens."""
    return f"@media print {{ :root {{ {_variables(LIGHT)} }} }}\n"


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


Rules = dict[str, dict[str, str]]
"""Values by class and property."""


@cache
def css() -> str:
    """The rules for a page that has pictures in it; their colours are the page's variables."""
    return (files("summarizer.pictures") / "pictures.css").read_text(encoding="utf-8")


@cache
def rules() -> Rules:
    """The rules of `css`, read."""
    text = re.sub(r"/\*.*?\*/", "", css(), flags=re.S)
    found: Rules = {}
    for name, body in re.findall(r"\.([\w-]+) \{([^}]*)\}", text):
        pairs = (pair.partition(":") for pair in body.split(";") if pair.strip())
        found[name] = {prop.strip(): value.strip() for prop, _, value in pairs}
    return found


def coloured(value: str, colours: Mapping[str, str]) -> str:
    """A value with its colour put in."""
    return re.sub(r"var\(--(\w+)\)", lambda match: colours[match[1]], value)


@cache
def standalone_css() -> str:
    """The rules with colours put in, light, then dark for readers who prefer that: for a file of its own."""
    light = "".join(_rule(name, body, LIGHT) for name, body in rules().items())
    tinted = {name: {p: v for p, v in body.items() if "var(" in v} for name, body in rules().items()}
    dark = "".join(_rule(name, body, DARK) for name, body in tinted.items() if body)
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _rule(name: str, body: Mapping[str, str], colours: Mapping[str, str]) -> str:
    told = "; ".join(f"{prop}: {coloured(value, colours)}" for prop, value in body.items())
    return f".{name} {{ {told} }}\n"


def attributes(classes: str) -> dict[str, str]:
    """What classes come to as attributes with light colours: for print engines, which read no style sheet here."""
    found: dict[str, str] = {}
    for name in classes.split():
        found |= {prop: coloured(value, LIGHT) for prop, value in rules()[name].items()}
    return found


def font_of(classes: str) -> tuple[float, bool]:
    """Font size in pixels, and whether it is bold, of a text of these classes."""
    found = rules()["pic"] | {p: v for name in classes.split() for p, v in rules()[name].items()}
    return float(found["font-size"].removesuffix("px")), found.get("font-weight") == "700"
