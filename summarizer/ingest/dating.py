"""When an article was published, where nothing says so but its URL and its text.

Only what can hardly be anything else counts, since a wrong day is worse than none: a day in the
URL's path, a line at the top or at the end that is nothing but a date, the dateline of a first
paragraph. A date without a year is none, nor is one in running text, in a caption or a title.
What day it is today never matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from summarizer.clean import LINE
from summarizer.daynames import MONTHS, weekdays_called
from summarizer.ingest.found import parts_of
from summarizer.ingest.heads import parse_date
from summarizer.text import flatten

YEARS = range(1990, 2100)
"""Of publications; few ids of eight figures begin so and are a day as well."""

SLASHED = re.compile(r"(?<=/)(\d{4})/(\d\d?|[a-z]{3,9})/(\d\d?)(?=/|$)", re.I)
JOINED = re.compile(r"(?<![^/_-])(\d{4})([-_]?)(\d\d)\2(\d\d)(?![^/_.-])")
"""Days in paths: /2031/5/12/, /2031/may/12/; -2031-05-12, _2031_05_12. and /20310512/."""
IN_PATHS = {
    name: number
    for number, full in enumerate(MONTHS, 1)
    for name in (full, full[:3], full[:4] if number == 9 else full)
}

FIRST, LAST = 6, 3
"""Lines from the top and from the end, of those with something in them, where dates stand alone."""
LONGEST = 100
"""Characters of such a line: two dates with labels, weekdays, times and zones."""
YEAR = r"(?<!\d)(?:199\d|20\d\d)(?!\d)"
ANY_YEAR = re.compile(YEAR)
PUBLISHED = r"""
    (?:(?:first|originally)\s)?(?:published|posted)|date(?:\sof\spublication)?|(?:publication|publish|release)\sdate|issued
    |veröffentlicht|erschienen|publiziert|publiée?|paru|mis\sen\sligne|publicad[oa]|fecha|pubblicat[oa]|gepubliceerd
    |geplaatst|publicera[dt]|publiceret|publisert|julkaistu|opublikowano|data\spublikacji|publikov[aá]no|zverejnené
    |megjelent|közzétéve|publicat|objavljeno|публикувано|опубликован[оа]?|дата\sпубликации|опубліковано|δημοσιεύ[τθ]ηκε
    |δημοσίευση|yay[ıi]n(?:lanma)?\starihi|نشر(?:\s(?:في|بتاريخ))?|تاريخ\sالنشر|تاریخ\sانتشار|פורסם|प्रकाशित
    |发[布表](?:时间|日期|于)?|發[布表](?:時間|日期|於)?|公開日?|掲載日?|配信|입력|등록|diterbitkan|dipublikasikan
"""
UPDATED = r"""
    (?:last\s)?(?:updated|modified|edited|revised)|stand|(?:zuletzt\s)?(?:aktualisiert|geändert|bearbeitet)|mise?\sà\sjour
    |modifiée?|màj|actualizad[oa]|modificad[oa]|aggiornat[oa]|atualizad[oa]|(?:laatst\s)?(?:bijgewerkt|gewijzigd)
    |uppdatera[dt]|opdateret|oppdatert|päivitetty|zaktualizowano|aktualizacja|aktualizov[aá]no|frissítve|actualizat
    |ažurirano|обновлен[оа]?|изменено|оновлено|ενημερώθηκε|(?:son\s)?güncellen?me(?:\starihi)?|آخر\sتحديث|עודכן|अपडेट
    |更新(?:时间|時間|日期|日時|日|于|於)?|最終更新日?|수정|diperbarui
"""
LABEL = re.compile(
    rf"(?<!\w)(?:(?P<published>{PUBLISHED})|(?P<updated>{UPDATED}))(?![^\W\d_])"
    r"[\s:：]*(?:(?:on|at|le|am|den|el|em|il|op|dnia|в|la)\b)?[\s:：]*",
    re.I | re.X,
)
"""What is written before a date to say what it is of."""
ASIDE = re.compile(
    r"""
    (?:(?<!\w)(?:at|um|à|alle\s+ore|alle|às|a\s+las|ore|kl\.?|klo|om|o|в|о|saat)\s+)?
    (?:(?<=\d)T|(?<![\d./-]))\d{1,2}(?::|\.|\s?h\s?)\d\d(?::\d\d(?:\.\d+)?)?(?![\d]|[./-]\d)
    (?:\s?[ap]\.?\s?m\b\.?)?(?:\s?(?:uhr|h|hrs|hours|uur)\b)?
    (?:\s?\(?(?-i:GMT|UTC|MSK|[BIJKW]ST|CES?T|[EW]ES?T|[ECMP][SD]?T|A[EC][SD]T|HKT|SGT|Z)\b(?:[+-]\d{1,2})?\)?)?
    (?:\s?[+-]\d\d:?\d\d)?
    |(?<![\d.])\d{1,2}\s?[ap]\.?m\b\.?
    |\b\d{1,2}[\s-]min(?:ute)?s?\s+read\b
    """,
    re.I | re.X,
)
"""What stands beside a date and changes nothing: a time of day with its zone, how long the article is to read."""
WIDE = str.maketrans("（），：", "(),:")
AROUND = " \t,;:|·•()[]–—-*_#"

WORD = r"[^\W\d_][^\s\d,;:()/|–—]{1,19}"
DATE = rf"""
    (?:
        \d{{1,2}}(?:st|nd|rd|th|er|re|\.|º|°|-?го|-?е)?[\s-]*(?:de\s+|of\s+|d[ie]\s+)?{WORD},?[\s-]+(?:del?\s+)?{YEAR}
        |{WORD}\s*\d{{1,2}}(?:st|nd|rd|th)?,?\s+{YEAR}
        |{YEAR}\.?\s+{WORD}\s+\d{{1,2}}\.?
        |{YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]
        |{YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}\.?
        |\d{{1,2}}[./-]\d{{1,2}}[./-]{YEAR}
    )
"""
"""A date with its year, as far as its form goes; whether it is one, and which, is `parse_date`'s to say."""
ALONE = re.compile(
    rf"(?:(?P<before>{WORD}(?:\s{WORD})?)\.?,?\s+)??(?:le\s+|den\s+)?(?P<date>{DATE})(?:\s?(?:г|р|года|року|r)\b\.?)?"
    rf"(?:,?\s?\(?(?P<after>{WORD}(?:\s{WORD})?)\)?)?",
    re.I | re.X,
)
"""A date, perhaps with its weekday before or after it."""
DATELINE = re.compile(
    rf"""
    (?P<place>[^\W\d_][^\d:;!?()|]{{1,70}}?)(?P<told>\s*\([^()\d]{{2,40}}\))?\s*[,/(،]\s*(?:le\s+)?
    (?P<date>{DATE})(?:\s?(?:г|р|года|року)\b\.?)?\)?
    (?P<by>\s*(?:\([^()\d]{{2,40}}\)|/[^/\d]{{2,40}}/))?\s*\.?\s*(?:--|[-–—:/])\s*(?P<said>\S.*)
    """,
    re.I | re.X,
)
"""How an agency's first paragraph begins: "HAVRIN, May 12, 2031 (Orrery) - ", "HAVRIN (12 May 2031) – "."""
FEWEST = 6
"""Words that follow a dateline."""
OTHER = re.compile(
    r"(\S+ ){0,2}(event|archive|file|deadline|when|termin|veranstaltung|archiv|foto|photo|picture|image)( \S+)?:?", re.I
)
"""A short line under which a date is of something else than the article."""

TONGUES = "en de fr es it pt nl sv da nb fi pl cs sk hu ro hr sr bg ru uk el tr ar fa he hi zh ja ko id vi".split()
"""Languages in which weekdays are known where the article's isn't."""


def find_day(url: str | None, text: str, title: str | None = None, idle: Sequence[tuple[int, int]] = ()) -> date | None:
    """The day that an article's URL or text says it was published on; None if neither does.

    Args:
        url: where it was published.
        text: its text.
        title: its headline, which is no date of its own.
        idle: spans of lines that are no part of the story, such as captions; no dateline is looked for in them.
    """
    if day := _in_path(parts_of(url).path):
        return day
    lines = [match for match in LINE.finditer(text) if not match[0].isspace()]
    first, last = lines[:FIRST], lines[FIRST:][-LAST:]
    alone = [_plain(match[0]) if match and len(match[0]) <= LONGEST else "" for match in (*first, None, *last)]
    opening = [_plain(match[0][:300]) for match in first if match.span() not in idle]
    return _of_lines("" if line == title else line for line in alone) or _of_dateline(opening)


def _plain(line: str) -> str:
    """A line without blanks to spare, with figures and brackets as they are written in English."""
    return re.sub(r"[^\D0-9]", lambda figure: str(int(figure[0])), flatten(line).translate(WIDE))


def _in_path(path: str) -> date | None:
    """The one day that a URL's path names."""
    named = SLASHED.findall(path) + [(year, month, day) for year, _, month, day in JOINED.findall(path)]
    days = {day for parts in named if (day := _day_of(*parts))}
    return days.pop() if len(days) == 1 else None


def _day_of(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else IN_PATHS.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day)) if int(year) in YEARS else None
    except ValueError:
        return None


# ----------------------------------------------------------------------------------- lines


def _of_lines(lines: Iterable[str]) -> date | None:
    """The day in the lines that are nothing but dates; two days of a kind say nothing.

    That of publication counts first, then one without a label, then that of the last change.
    """
    found: dict[str, set[date]] = {"published": set(), "": set(), "updated": set()}
    label, other = "", False
    for line in lines:
        if other or OTHER.fullmatch(line):
            other = not other
            continue
        if LABEL.fullmatch(line):  # its date stands on the next one
            label = line
            continue
        for kind, day in _stamps(f"{label} {line}" if label else line):
            found[kind].add(day)
        label = ""
    days = next(filter(None, found.values()), set())
    return days.pop() if len(days) == 1 else None


def _stamps(line: str) -> list[tuple[str, date]]:
    """The dates in a line, each with what its label says it is of; none if anything else is in it."""
    if not ANY_YEAR.search(line):
        return []
    found = []
    for start, end in pairwise((0, *(match.start() for match in LABEL.finditer(line)), len(line))):
        label = LABEL.match(line, start, end)
        said = ASIDE.sub(" ", line[label.end() if label else start : end]).strip(AROUND)
        if said:
            day = None if not label and re.search(r"\d{4}\.$", said) else _day_in(said)
            if day is None:
                return []
            found.append((label.lastgroup or "" if label else "", day))
    return found


def _day_in(said: str) -> date | None:
    """The day that words name which are nothing but a date, with its own weekday or none."""
    match = ALONE.fullmatch(said)
    day = parse_date(match["date"]) if match else None
    if match is None or day is None or day.year not in YEARS:
        return None
    weekdays = filter(None, match.group("before", "after"))
    return day if all(day.weekday() in weekdays_called(word, TONGUES) for word in weekdays) else None


def _of_dateline(lines: Iterable[str]) -> date | None:
    """The day in a first paragraph's dateline: after a place in capitals, or beside an agency's name."""
    for line in lines:
        match = DATELINE.match(line) if ANY_YEAR.search(line) else None
        if match and len(match["said"].split()) >= FEWEST:
            place = re.split("[,/]", match["place"])[0]
            day = parse_date(match["date"])
            if (place.isupper() or match["told"] or match["by"]) and day and day.year in YEARS:
                return day
    return None
