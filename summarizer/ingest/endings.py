"""Texts that say themselves that they break off, and go on where somebody sells or hosts the rest."""

from __future__ import annotations

import re
from collections.abc import Collection

from summarizer.clean import LINE
from summarizer.text import flatten

COUNTED = re.compile(r"\[\s?\+\s?\d[\d.,]*\s?(?:char(?:acter)?s?|words?)\s?\]$", re.I)
"""What news services put where they cut a text: "[+1234 chars]"."""
TRAILS_OFF = re.compile(r"(?:…|\.\.\.)\s?[\])]?$")
"""How a paragraph ends that was cut; one that ends in a quotation mark is somebody who left it at that."""
POINTERS = """
    (click|tap) here to (read|see) .{1,40}
    (read|see|view|show|load) more
    (read|see|view) (more )?(on|at|in) .{1,40}
    (read|see|view) (the )?(full|whole|entire|complete) (story|article|report|text|post|version)( .{1,40})?
    read (the rest|on)( .{1,40})?
    (continue|keep) reading( .{1,80})?
    (jetzt )?weiterlesen
    (jetzt )?(hier )?weiter lesen
    lesen sie (hier )?(mehr|weiter)
    mehr lesen
    (pour )?lire (la suite|plus)( .{1,40})?
    lire l['’]article( complet| entier)?
    (seguir|sigue|siga|continuar|continúe) leyendo
    leer más
    continua a leggere
    leggi (tutto|di più|ancora|l['’]articolo)
    continu(e|ar) (a ler|lendo)
    le(r|ia) mais
    lees (verder|meer)
    verder lezen
    läs (mer|vidare)
    les (mer|videre)
    læs (mere|videre)
    lue lisää
    czytaj (dalej|więcej)
    číst (dále|více)
    čítať ďalej
    tovább( olvasom)?
    citește (mai departe|mai mult|tot articolul)
    чита(ть|йте) (далее|дальше|полностью)
    читати (далі|більше)
    διαβάστε περισσότερα
    devamını oku
    اقرأ المزيد
    ادامه مطلب
    קרא עוד
    और पढ़ें
    (阅读|閱讀|查看)(更多|全文)
    続きを読む
    더 ?(보기|읽기)
    baca selengkapnya
    (xem|đọc) (thêm|tiếp)
    """
GATED = re.compile(r"\b(?:app|subscri\w+|subscription|account|log ?in|register|members?(?:hip)?|abonn?\w+|abo)\b", re.I)
"""What is said where the rest of a text is to be had for money or an address: no paragraph need trail off before it."""
POINTER = re.compile("|".join(f"(?:{line.strip()})" for line in POINTERS.strip().splitlines()), re.I)
"""What a line says that leads to the rest."""
AROUND = " \t[](){}<>«»‹›→➔➜▶►↓…._-–—:|"


def breaks_off(text: str, idle: Collection[tuple[int, int]] = ()) -> bool:
    r"""Whether a text ends in a mark that it was cut: a count of what is missing, or a pointer to it after an ellipsis.

    `idle` are spans of lines that are no part of the story: what stands below the end doesn't count.

    >>> breaks_off("The lock failed, and forty bar… [+1234 chars]")
    True
    >>> breaks_off("The lock failed, and…\nRead more"), breaks_off("The lock failed.\nRead more")
    (True, False)
    """
    idle = frozenset(idle)
    lines = [match for match in LINE.finditer(text, max(0, len(text) - 10_000)) if not match[0].isspace()]
    for number in range(len(lines) - 1, -1, -1):
        line = flatten(lines[number][0])
        if COUNTED.search(line) or _points_on(line):
            return True
        if POINTER.fullmatch(line.strip(AROUND)):
            return number > 0 and bool(GATED.search(line) or TRAILS_OFF.search(flatten(lines[number - 1][0])))
        if lines[number].span() not in idle:
            return False
    return False


def _points_on(line: str) -> bool:
    """Whether a paragraph trails off and leads on in one line: "forty bar… Read more"."""
    said, _, last = re.sub(r"\.\.\.", "…", line).rpartition("…")
    return bool(said) and POINTER.fullmatch(last.strip(AROUND)) is not None
