"""Times: whether a day that a model worked out is one that the words for it can mean.

Knows words and the calendar, nothing of articles or models. A model may be asked again for what
is said here, so nothing is said of words that can be meant in two ways: "the day after Sunday",
"10–12 February", "Monday and Tuesday".

    >>> misdated("on Sunday", "2031-05-12", None, "en")
    "'on Sunday' is no 2031-05-12, which is a Monday"
    >>> misdated("am Sonntag", "2031-05-11", None, "de-AT") is None
    True
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from summarizer.daynames import ENGLISH, MONTHS, WEEKDAYS, Name, bare, file_of, names_in
from summarizer.text import UNSPACED

SHORT = re.compile(r"\b(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b", re.I)
"""English abbreviations; they count in capitals, with a dot or beside a number, since "sat" and "sun" are words too."""
SPELT = {name[:3]: name for name in (*WEEKDAYS, *MONTHS)}
MODAL = re.compile(r"\b(?:may|march)\b", re.I)
"""Months that are verbs as well: they count beside a number, or in capitals where a month may stand."""
BEFORE_MONTH = re.compile(
    r"\b(?:in|of|by|since|until|till|from|during|through|early|late|mid|last|next|this|every|each)[\s-]$", re.I
)
NUMBER_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?[\s,-]{1,2}(?:of\s)?$")
NUMBER_AFTER = re.compile(r"\.?[\s,-]{1,2}\d")

BESIDE: Mapping[str, str] = {
    "en": r"after|before|following (?!\w+day\b)|prior|ahead|eve|anniversary|days?|minutes?|weekends?|within|between"
    r"|overnight|midnight|than|to|(?<!early )(?<!small )(?<!late )hours?|fiscal|financial|academic|school|season|winter"
    r"|(?:month|year)s? (?:from|on|later|ago|earlier)|nights? of|new year",
    "de": r"nach|vor|zwischen|tage?n?|tags|stunden?|vorabend|wochenende|jahrestag|bis|mitternacht"
    r"|nacht (?:auf|zum|zu)|später",
    "fr": r"il y a|après|avant|entre|veille|(?:sur)?lendemain|jours?|heures?|week-?end|anniversaire|minuit|saison"
    r"|hiver",
    "es": r"hace|después|antes|entre|tras|víspera|días|horas|fin de semana|aniversario|hasta|medianoche|temporada",
    "it": r"fa|dopo|prima|tra|fra|vigilia|giorni?|ore|indomani|week-?end|fine settimana|anniversario"
    r"|mezzanotte|stagione",
    "pt": r"há|atrás|depois|antes|após|entre|véspera|dias|horas|fim de semana|aniversário|meia-noite|temporada",
    "nl": r"geleden|na|voor|tussen|dag|dagen|uur|weekend|vooravond|verjaardag|middernacht|tot|nacht op|seizoen",
    "ru": r"назад|после|до|перед|между|день|дн\w+|сут\w+|час\w*|накануне|через|спустя|выходн\w+|ночь на|годовщин\w+"
    r"|полноч\w+|полуноч\w+|по",
    "uk": r"тому|після|до|перед|між|день|дн\w+|доб\w+|годин\w*|напередодні|через|вихідн\w+|ніч на|річниц\w+"
    r"|опівночі|північ|по",
    "pl": r"temu|po|przed|między|dzień|dni\w*|godzin\w*|wigili\w+|weekend\w*|noc na|rocznic\w+|północ\w*|do",
    "ar": r"بعد|قبل|بين|أيام|يومين|ساعات|عشية|ذكرى|حتى|إلى",
    "fa": r"پس|بعد|قبل|پیش|بین|روزهای|ساعت|سالگرد|تا",
    "zh": r"前|后|後|至|到|天|夕|周年|週年|一周|一週",
    "ja": r"前|後|から|まで|間|年目",
    "ko": r"전|후|까지|부터|사이|주년|뒤",
    "th": r"หลัง|ก่อน|ถึง|ระหว่าง",
}
"""Words that put a time beside the one they name, or say that it is a span."""
WEEKS = re.compile(r"\b(?:weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|недел\w+|тиж\w+|tydzien|tygodni\w*)\b")
"""Words, `bare`, after which a day and a month may say where a week begins: "the week of 12 February"."""
PARTS = """
    late early earlier later evening morning afternoon night noon midday at on around about local time s
    abend früh nacht vormittag nachmittag mittag um uhr soir matin nuit vers noche tarde sera mattina notte pomeriggio
    alle ore noite avond ochtend middag om вечером утром днём ночью в ввечері вранці вдень вночі wieczorem rano w akşam
    مساء صباح ظهر فجر يوم 晚上 上午 下午 早上 凌晨 晚 夜 午前 午後 오전 오후 저녁 아침
    """
"""Words that may stand beside one such as "yesterday" without making it another day."""

CLOCK = re.compile(
    r"(?<![\d.])\d{1,2}\s?[:.h]\s?\d\d(?!\d|[./-]\d)(?:\s?[ap]\.?m\b\.?)?"
    r"|\b\d{1,2}\s?(?:[ap]\.?\s?m\b\.?|uhr\b|h\b|o'clock\b|[点點時时시])"
    r"|\b\d{4}\s?(?:gmt|utc|hrs|hours|local|h|[a-z]{1,3}t)\b|\b(?:at|um|kl|klo|om)\s\d{4}\b"
)
"""Times of day, `bare`: their figures are no days and no years."""
YEAR = re.compile(r"(?<![\w.,:])(?:19|20|21)\d\d(?=$|[년年]|[^\w.,:]|[.,:](?!\d))")
RANGE = re.compile(r"\d\w{0,2}\.?\s?[-–—/~〜]\s?\d")
NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
DAY_BEFORE = re.compile(
    r"(?<![\d.,:])(\d{1,2})(?:[^\W\d_]{1,2}|-[^\W\d_]{1,2}|\.)?,?\s?(?:(?!in|on|at|by|im|am)[^\W\d_]{1,2}['\s]\s?)?$"
)
DAY_AFTER = re.compile(r"[.,]?\s?(?:the\s)?(\d{1,2})(?![\d:]|\.\d)")
"""A day's number beside its month: "12th of", "12-го", "12 de" before it, ", the 12th" after it."""

LETTERS = re.compile(r"[^\W\d_]+")
SIGNS = "[\u0900-\u0963\u0966-\u0d7f]"
"""Of Indic scripts: vowel signs, which Python takes for no letters, stand among them."""


def misdated(words: str, date: str, published: datetime.date | None, language: str) -> str | None:
    """What is wrong with a time that was worked out; None: nothing, or nothing can be told.

    A weekday, month, day of a month or year that the words name has to be the date's, as far as
    it goes; yesterday, today and tomorrow are counted from the day of publication, or the day before or after.

    Args:
        words: an article's words for a time.
        date: what they are said to mean: YYYY, YYYY-MM or YYYY-MM-DD.
        published: the article's day; None: not known.
        language: of the words, as a BCP 47 tag.
    """
    said = _said(words, language)
    given = [int(part) for part in date.split("-")] if re.fullmatch(r"\d{4}(-\d\d){0,2}", date) else []
    if said is None or not given:
        return None
    year, month, day = (*given, 0, 0)[:3]
    wrong = f"{words!r} is no {date}"
    if said.year not in (None, year) or (month and said.month not in (None, month)):
        return wrong
    try:
        whole = datetime.date(year, month, day) if month and day else None
    except ValueError:
        return None
    return _misses(said, whole, published, wrong) if whole else None


def _misses(said: _Said, day: datetime.date, published: datetime.date | None, wrong: str) -> str | None:
    """How a whole day misses what was said: its number, else the day counted from publication, else the weekday."""
    if said.day is not None:
        return None if said.day == day.day else wrong
    if said.offset is not None and published:
        contradictory = said.weekday not in (None, (published.weekday() + said.offset) % 7)
        # A day off is let pass: "tomorrow" may be in a quotation of the day before.
        if contradictory or abs((day - published).days - said.offset) <= 1:
            return None
        return f"{wrong}: the article is of {published}"
    if said.weekday in (None, day.weekday()):
        return None
    return f"{wrong}, which is a {WEEKDAYS[day.weekday()].title()}"


# ---------------------------------------------------------------------------- what is said


@dataclass(frozen=True)
class _Said:
    """What words name of a time. None: they don't, or not for certain."""

    weekday: int | None
    month: int | None
    year: int | None
    offset: int | None
    """Days from that of publication."""
    day: int | None = None
    """Of the month that is named."""


def _said(words: str, language: str) -> _Said | None:
    """What words name of a time; None if it may be two times, a span, or one beside what they name."""
    tongue = _tongue(language)
    if tongue is None:
        return None
    text = CLOCK.sub(" ", bare(_spelt_out(words) if tongue.names is ENGLISH else words))
    found = [(tongue.names[match[0]], *match.span()) for match in tongue.pattern.finditer(text)]
    rest = _without(text, [(start, end) for _, start, end in found])
    named = [{number for (kind, number), *_ in found if kind == of} for of in ("weekday", "month", "offset")]
    named.append(set(map(int, YEAR.findall(text))))
    if RANGE.search(text) or tongue.is_beside(text, rest) or any(len(numbers) > 1 for numbers in named):
        return None
    weekday, month, offset, year = (next(iter(numbers), None) for numbers in named)
    if not _parts() >= set(LETTERS.findall(rest)):
        offset = None
    if WEEKS.search(rest):
        return _Said(weekday, None, year, None)
    said = _Said(weekday, month, year, offset)
    return said if month is None else _with_day(said, text, found)


def _with_day(said: _Said, text: str, found: Iterable[tuple[Name, int, int]]) -> _Said:
    """What is said, with the number beside the month; where others stand about, no day is certain."""
    beside = set()
    for (kind, _), start, end in found:
        if kind == "month":
            matches = DAY_BEFORE.search(text, 0, start), DAY_AFTER.match(text, end)
            beside |= {match.span(1) for match in matches if match}
    numbers = [match.span() for match in NUMBER.finditer(text)]
    others = [at for at in numbers if at not in beside and not any(s <= at[0] < e for _, s, e in found)]
    if len(beside) == 1 and not others:
        ((start, end),) = beside
        return replace(said, day=int(text[start:end]))
    return replace(said, weekday=None, offset=None) if beside or others else said


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with blanks where these spans were."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _spelt_out(words: str) -> str:
    """English with its abbreviations spelt out, and without the "may" and "march" that are no months."""
    text = unicodedata.normalize("NFKC", words)
    return MODAL.sub(_month_or_nothing, SHORT.sub(_in_full, text))


def _in_full(short: re.Match[str]) -> str:
    counts = short[0][0].isupper() and (short.string.startswith(".", short.end()) or _beside_number(short))
    return SPELT[short[0][:3].lower()] if counts else short[0]


def _month_or_nothing(modal: re.Match[str]) -> str:
    alone = modal.string.strip(" .,") == modal[0]
    may_stand = modal[0][0].isupper() and (alone or BEFORE_MONTH.search(modal.string, 0, modal.start()))
    return modal[0] if may_stand or _beside_number(modal) else ""


def _beside_number(word: re.Match[str]) -> bool:
    before = NUMBER_BEFORE.search(word.string, 0, word.start())
    return bool(before or NUMBER_AFTER.match(word.string, word.end()))


# ------------------------------------------------------------------------------- languages


@dataclass(frozen=True)
class _Tongue:
    """The names of a language, `bare`."""

    names: Mapping[str, Name]
    pattern: re.Pattern[str]
    """Finds them, the longest first."""
    beside: re.Pattern[str] | None
    """Finds words of `BESIDE`; None: they aren't known."""

    def is_beside(self, text: str, rest: str) -> bool:
        """Whether a time beside the one named may be meant, of a text and what is left of it without its names.

        Where the words that say so aren't known, more than one other word may be among them.
        """
        others = LETTERS.findall(rest)
        if self.beside is None:
            return len(others) > 1 or bool(UNSPACED.search(rest))
        if not UNSPACED.search(self.beside.pattern):
            return bool(self.beside.search(text))
        return any(self.beside.search(_without_parts(word)) for word in others)


def _without_parts(word: str) -> str:
    """A word of a script without blanks, without the parts of a day in it: 午後 is not 後."""
    for part in _parts():
        if UNSPACED.match(part):
            word = word.replace(part, " ")
    return word


@lru_cache(maxsize=1)
def _parts() -> frozenset[str]:
    return frozenset(bare(PARTS).split())


@lru_cache(maxsize=64)
def _tongue(language: str) -> _Tongue | None:
    """What is known of a language; None if nothing is."""
    names = names_in(language)
    if not names:
        return None
    pattern = "|".join(_as_pattern(name) for name in sorted(names, key=len, reverse=True))
    beside = bare(BESIDE.get(file_of(language)[:2], ""))
    bounds = "" if UNSPACED.search(beside) else r"\b"
    return _Tongue(names, re.compile(pattern), re.compile(f"{bounds}(?:{beside}){bounds}") if beside else None)


def _as_pattern(name: str) -> str:
    """A name as a whole word, where blanks part words."""
    return re.escape(name) if UNSPACED.search(name) else rf"(?<!\w){re.escape(name)}(?!{SIGNS}|\w)"
