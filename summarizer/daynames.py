"""Names of days: what weekdays, months, yesterday and tomorrow are called, in a language.

English is here. The rest is dateparser's, which has 200 languages, a file each: a file is read
by itself, in 1 ms, when its language is first asked for. To import dateparser takes 0.15 s.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from summarizer.text import UNSPACED

WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
MONTHS = tuple("january february march april may june july august september october november december".split())
OFFSETS = {"1 day ago": -1, "0 day ago": 0, "in 1 day": 1}
"""What dateparser calls yesterday, today and tomorrow."""

Name = tuple[str, int]
"""What a name stands for: weekday 0 to 6, month 1 to 12, offset -1 to 1 in days; "other" is nothing that is checked."""

ENGLISH: Mapping[str, Name] = {
    **{name: ("weekday", number) for number, name in enumerate(WEEKDAYS)},
    **{name: ("month", number) for number, name in enumerate(MONTHS, 1)},
    **{"yesterday": ("offset", -1), "today": ("offset", 0), "tonight": ("offset", 0), "tomorrow": ("offset", 1)},
}
CALENDARS = frozenset("am bo ckb dz lrc mzn ne om ps ti".split())
"""Languages in which years may be counted otherwise, in numbers that ours have too, or months called so."""
OTHERWISE: Mapping[str, str] = {
    "el": "δευτέρα τρίτη τετάρτη πέμπτη",
    "fa": "دو_شنبه د",
    "he": "ראשון שני שלישי רביעי חמישי שישי",
    "pt": "segunda terça quarta quinta sexta",
    "th": "จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์",
}
"""Names that are ordinals, planets or weeks as well; of `fa`, two that are wrong in dateparser 1.5."""
UNITS = "year month week day hour minute second am pm ago in skip".split()
"""Other entries of dateparser's files: a name that is one of these too, as `luni` in Romanian, says nothing."""
PREFIXES = {"he": "בלמ"}
"""Letters that are written on to a name, and mean "on", "to", "from"."""

MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060]")
"""Accents, vowel points and joiners: what one writes and another leaves out."""
SYLLABLES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=64)
def names_in(language: str) -> Mapping[str, Name]:
    """The names of days in a language, `bare`; none if it isn't known. `language` is a BCP 47 tag.

    Left out is what stands for two things (`mar` is a Tuesday and a month in Spanish, `कल` both
    yesterday and tomorrow in Hindi), for something else as well, or is short for another name.

    >>> names = names_in("de-AT")
    >>> names["sonntag"], names["gestern"], "so" in names
    (('weekday', 6), ('offset', -1), False)
    """
    tag = file_of(language)
    return ENGLISH if tag == "en" else dict(_names(tag))


def weekdays_called(word: str, languages: Iterable[str]) -> frozenset[int]:
    """The weekdays, 0 is Monday, that a word is the name of or short for in any of some languages.

    >>> sorted(weekdays_called("Mar.", ["fr", "de"]))
    [1]
    """
    called = bare(word).strip(". ")
    return frozenset(number for language in languages for number in _weekdays(file_of(language)).get(called, ()))


@lru_cache(maxsize=256)
def _weekdays(tag: str) -> Mapping[str, frozenset[int]]:
    """All names and abbreviations of a language's weekdays, `bare`, with what they stand for."""
    found: dict[str, frozenset[int]] = {}
    for number, key in enumerate(WEEKDAYS):
        for name in _dictionary(tag).get(key, ()):
            plain = bare(name).strip(". ")
            found[plain] = found.get(plain, frozenset()) | {number}
    return found


def _names(tag: str) -> Iterator[tuple[str, Name]]:
    """The names of a language that stand for one thing only, and aren't short for a longer one."""
    listed = list(_listed(tag))
    meanings = Counter(name for name, _ in set(listed))
    doubtful = {bare(name) for unit in UNITS for name in _dictionary(tag).get(unit, ())}
    doubtful |= {bare(name).replace("_", " ") for name in OTHERWISE.get(tag, "").split()}
    for name, meaning in listed:
        others = (other for other, same in listed if same == meaning)
        if meanings[name] == 1 and name not in doubtful and not _is_short(name, others):
            yield name, meaning
            yield from ((prefix + name, meaning) for prefix in PREFIXES.get(tag, ""))


def _is_short(name: str, others: Iterable[str]) -> bool:
    """Whether a name is short for one of others: `sept`, `mar`, but not `март` for `марта`; or so short that it may be.

    Letters that are syllables say more, and in a script without blanks, where names aren't parted, others say less.
    """
    fewest = 2 if SYLLABLES.search(name) else 5 if UNSPACED.search(name) else 3
    long = [other for other in others if other != name and other.startswith(name)]
    return len(name) < fewest or any(len(name) < 4 or len(other) - len(name) > 2 for other in long)


def _listed(tag: str) -> Iterator[tuple[str, Name]]:
    """All names that a language's file lists, `bare`."""
    entries = _dictionary(tag)
    for kind, keys, first in (("weekday", WEEKDAYS, 0), ("month", MONTHS, 1)):
        for number, key in enumerate(keys, first):
            yield from ((bare(name), (kind, number)) for name in entries.get(key, ()))
    for key, names in entries.get("relative-type", {}).items():
        if re.search(r"\bday\b", key):  # the day before yesterday too, lest a part of it be taken for yesterday
            meaning = ("offset", OFFSETS[key]) if key in OFFSETS else ("other", 0)
            yield from ((bare(name), meaning) for name in names)


def file_of(language: str) -> str:
    """The name of a language's file: its tag, without region; empty if there is none.

    >>> file_of("pt-BR"), file_of("sr-latn"), file_of("no"), file_of("../x")
    ('pt', 'sr-Latn', 'nb', '')
    """
    found = re.fullmatch(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-\w+)*", language.replace("_", "-"), re.I | re.A)
    if not found:
        return ""
    tongue = {"no": "nb", "iw": "he", "in": "id"}.get(found[1].lower(), found[1].lower())
    written = f"{tongue}-{found[2].title()}" if found[2] else tongue
    return "" if tongue in CALENDARS else next((tag for tag in (written, tongue) if tag == "en" or _path(tag)), "")


def _path(tag: str) -> Path | None:
    """Where dateparser has a language; found without importing it."""
    spec = importlib.util.find_spec("dateparser")
    for place in (spec.submodule_search_locations or ()) if spec and tag else ():
        path = Path(place, "data", "date_translation_data", f"{tag}.py")
        if path.is_file():
            return path
    return None


@lru_cache(maxsize=256)
def _dictionary(tag: str) -> Mapping[str, Any]:
    """What dateparser has of a language; empty if nothing."""
    path = _path(tag)
    spec = importlib.util.spec_from_file_location(f"_dates_{tag}", path) if path else None
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    entries: Mapping[str, Any] = module.info
    return entries


def bare(text: str) -> str:
    """`text` in small letters, without accents, vowel points and joiners, with plain apostrophes and blanks.

    >>> bare("Sábado’s  12 ЙУЛЯ")
    "sabado's 12 иуля"
    """
    plain = MARKS.sub("", unicodedata.normalize("NFKD", text.casefold().replace("’", "'")))
    return " ".join(unicodedata.normalize("NFC", plain).split())
