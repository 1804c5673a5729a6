"""Times that a model worked out: what can't be meant by an article's words, and what may be."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from summarizer.daynames import MONTHS, WEEKDAYS, names_in, weekdays_called
from summarizer.whens import misdated

MONDAY = date(2031, 5, 12)


@pytest.mark.parametrize(
    ("words", "day", "language"),
    [
        ("on Sunday", "2031-05-12", "en"),
        ("Sunday's", "2031-05-12", "en"),
        ("late on sunday night", "2031-05-12", "en"),
        ("Sunday at 8", "2031-05-12", "en"),
        ("a week from Sunday", "2031-05-19", "en"),
        ("Sunday week", "2031-05-19", "en"),
        ("in the early hours of Sunday", "2031-05-12", "en"),
        ("the following Sunday", "2031-05-19", "en"),
        ("Sun 10.30", "2031-05-12", "en-GB"),
        ("on Sun.", "2031-05-12", "en"),
        ("Sun 11 May", "2031-05-12", "en"),
        ("12 February", "2031-02-13", "en"),
        ("12 February", "2031-03-12", "en"),
        ("12 February", "2031-03", "en"),
        ("February 12th", "2031-02-11", "en"),
        ("the 12th of February", "2031-02-11", "en"),
        ("Feb. 12", "2031-02-11", "en"),
        ("12 Feb at 10:30", "2031-02-10", "en"),
        ("12 Feb, 6 p.m.", "2031-02-06", "en"),
        ("Monday, 12 February 2031", "2031-02-10", "en"),
        ("may 12", "2031-06-12", "en"),
        ("in May", "2031-06", "en"),
        ("May", "2031-06", "en"),
        ("late March", "2031-05-20", "en"),
        ("May 2031", "2031-06", "en"),
        ("in 2030", "2031", "en"),
        ("since February 2030", "2031-02", "en"),
        ("by the end of 2030.", "2031-12-31", "en"),
        ("am Dienstag", "2031-05-12", "de"),
        ("Sonntagabend, am Sonntag", "2031-05-12", "de"),
        ("am 12. Februar", "2031-02-13", "de-AT"),
        ("im März", "2031-05", "de"),
        ("mardi", "2031-05-12", "fr"),
        ("le 1er février", "2031-02-02", "fr"),
        ("en août 2030", "2030-07", "fr"),
        ("el sábado", "2031-05-12", "es"),
        ("el sabado", "2031-05-12", "es"),
        ("12 de febrero", "2031-02-10", "es"),
        ("el 12 de febrero de 2030", "2031-02-12", "es"),
        ("в воскресенье", "2031-05-12", "ru"),
        ("12 февраля", "2031-02-11", "ru"),
        ("12-го февраля", "2031-02-11", "ru"),
        ("в 2030 году", "2031-05-12", "ru"),
        ("يوم الأحد", "2031-05-12", "ar"),
        ("يوم الاحد", "2031-05-12", "ar"),
        ("12 فبراير", "2031-02-11", "ar"),
        ("١٢ فبراير", "2031-02-11", "ar"),
        ("segunda-feira", "2031-05-13", "pt-BR"),
        ("domenica", "2031-05-12", "it"),
        ("zondag 11 mei", "2031-05-12", "nl"),
        ("w niedzielę", "2031-05-12", "pl"),
        ("у неділю", "2031-05-12", "uk"),
        ("pazar günü", "2031-05-12", "tr"),
        ("سه شنبه", "2031-05-12", "fa"),
        ("ביום ראשון", "2031-05-12", "he"),
        ("12 בפברואר", "2031-02-11", "he"),
        ("星期日", "2031-05-12", "zh"),
        ("2月12日", "2031-02-11", "zh-Hans"),
        ("十二月", "2031-02", "zh"),
        ("12日(日)", "2031-05-12", "ja"),
        ("12日（日）", "2031-05-12", "ja"),
        ("일요일 오후", "2031-05-12", "ko"),
        ("2030년 5월", "2031-05", "ko"),
        ("ngày 12 tháng 2", "2031-02-11", "vi"),
        ("रविवार को", "2031-05-12", "hi"),
        ("วันอาทิตย์ที่ 11 พฤษภาคม", "2031-05-12", "th"),
        ("Jumapili", "2031-05-12", "sw"),
    ],
)  # fmt: skip
def test_what_can_not_be_meant(words: str, day: str, language: str) -> None:
    """Another weekday, month, day of the month or year than the words name is wrong, in whatever language."""
    said = misdated(words, day, MONDAY, language)
    assert said
    assert said.startswith(f"{words!r} is no {day}")


@pytest.mark.parametrize(
    ("words", "day", "language"),
    [
        pytest.param("on Sunday", "2031-05-11", "en", id="right"),
        pytest.param("on Sunday", "2031-05", "en", id="a month has all weekdays"),
        pytest.param("Sunday week", "2031-05-18", "en", id="right, a week on"),
        pytest.param("12 February", "2031", "en", id="a year has all months"),
        pytest.param("12 February at 10:30", "2031-02-12", "en", id="right, with a time"),
        pytest.param("Monday, 12 February", "2031-02-12", "en", id="an article that is wrong itself: a Wednesday"),
        pytest.param("yesterday (Monday)", "2031-05-11", "en", id="another"),
        pytest.param("Monday and Tuesday", "2031-05-14", "en", id="two weekdays"),
        pytest.param("from Monday to Wednesday", "2031-05-11", "en", id="a span of weekdays"),
        pytest.param("10–12 February", "2031-02-11", "en", id="a span of days"),
        pytest.param("10, 11 and 12 February", "2031-02-10", "en", id="several days"),
        pytest.param("Monday 10 and 17 February", "2031-02-14", "en", id="several days, one weekday"),
        pytest.param("28 February – 2 March", "2031-04", "en", id="two months"),
        pytest.param("between 10 and 12 February", "2031-03", "en", id="between"),
        pytest.param("2030 or 2031", "2029", "en", id="two years"),
        pytest.param("2030/31", "2032", "en", id="a season"),
        pytest.param("the day after Sunday", "2031-05-12", "en", id="the day after"),
        pytest.param("two days before 12 February", "2031-02-10", "en", id="days before"),
        pytest.param("a year from Sunday", "2032-05-11", "en", id="a year from"),
        pytest.param("three months from 12 February", "2031-05-12", "en", id="months from"),
        pytest.param("the week of 12 February", "2031-02-10", "en", id="a week's days"),
        pytest.param("overnight to Sunday", "2031-05-10", "en", id="a night has two days"),
        pytest.param("the weekend of 12 February", "2031-02-13", "en", id="a weekend"),
        pytest.param("may begin on a weekday", "2031-06-12", "en", id="may, the verb"),
        pytest.param("May begin", "2031-06", "en", id="May, the verb, in capitals"),
        pytest.param("as they march", "2031-06-12", "en", id="march, the verb"),
        pytest.param("the March for Peace", "2031-06-12", "en", id="a march"),
        pytest.param("where the crowd sat", "2031-05-12", "en", id="sat"),
        pytest.param("under the sun.", "2031-05-12", "en", id="sun"),
        pytest.param("Dan sat. Then they dec.", "2031-05-12", "en", id="sat and a dot"),
        pytest.param("the second", "2031-05-12", "en", id="second"),
        pytest.param("at 2030 GMT", "2031-05-12", "en", id="a time that looks like a year"),
        pytest.param("at 2030", "2031-05-12", "en", id="another"),
        pytest.param("the 2020s", "2031", "en", id="a decade"),
        pytest.param("2,030 days", "2031", "en", id="a number"),
        pytest.param("last year", "2031", "en", id="nothing that is checked"),
        pytest.param("on Sundays", "2031-05-12", "en", id="every week"),
        pytest.param("on Sunday", "soon", "en", id="no date"),
        pytest.param("on Sunday", "2031-02-30", "en", id="no such day"),
        pytest.param("on Sunday", "2031-05-12", "tlh", id="a language that isn't known"),
        pytest.param("on Sunday", "2031-05-12", "../../en", id="no language"),
        pytest.param("on Sunday", "2031-05-12", "", id="none"),
        pytest.param("so", "2031-05-12", "de", id="German so, for Sonntag"),
        pytest.param("die", "2031-05-12", "de", id="German die, for Dienstag"),
        pytest.param("nach dem Sonntag", "2031-05-12", "de", id="German after"),
        pytest.param("in der Nacht zum Sonntag", "2031-05-10", "de", id="a German night"),
        pytest.param("mar", "2031-05-12", "es", id="Spanish mar, for martes and marzo"),
        pytest.param("après dimanche", "2031-05-12", "fr", id="French after"),
        pytest.param("na segunda semana", "2031-05-13", "pt", id="a Portuguese second"),
        pytest.param("peste trei luni", "2031-05-13", "ro", id="Romanian months"),
        pytest.param("minggu lalu", "2031-05-05", "id", id="an Indonesian week"),
        pytest.param("после воскресенья, 12 февраля", "2031-02-13", "ru", id="Russian after"),
        pytest.param("в ночь на воскресенье", "2031-05-10", "ru", id="a Russian night"),
        pytest.param("بعد يوم الأحد", "2031-05-12", "ar", id="Arabic after"),
        pytest.param("اليوم التالي", "2031-05-13", "ar", id="Arabic the day, today"),
        pytest.param("για τρίτη φορά", "2031-05-12", "el", id="a Greek third"),
        pytest.param("שני הצדדים", "2031-05-13", "he", id="a Hebrew two"),
        pytest.param("星期日之后", "2031-05-12", "zh", id="Chinese after"),
        pytest.param("日曜日から", "2031-05-12", "ja", id="Japanese from"),
        pytest.param("สองอาทิตย์", "2031-05-12", "th", id="Thai weeks"),
        pytest.param("the Jumapili siku", "2031-05-12", "sw", id="words that nobody here knows"),
        pytest.param("2087 बैशाख", "2030-05-12", "ne", id="another calendar"),
        pytest.param("कल", "2031-05-12", "hi", id="Hindi yesterday, and tomorrow"),
    ],
)
def test_what_may_be_meant(words: str, day: str, language: str) -> None:
    """What is right, and what can be meant in two ways, is let be."""
    assert misdated(words, day, MONDAY, language) is None


@pytest.mark.parametrize(
    ("language", "yesterday", "today", "tomorrow"),
    [
        ("en", "yesterday", "today", "tomorrow"),
        ("en", "late yesterday evening", "later today", "tomorrow at 10:30 a.m."),
        ("en", "yesterday (Sunday)", "tonight", "tomorrow night"),
        ("de", "gestern Abend", "heute", "morgen"),
        ("fr", "hier soir", "aujourd’hui", "demain matin"),
        ("es", "ayer", "hoy", "mañana"),
        ("ru", "вчера вечером", "сегодня", "завтра утром"),
        ("ar", "مساء أمس", "اليوم", "غدًا"),
        ("zh", "昨天晚上", "今天", "明天上午"),
        ("ja", "昨日", "今日午後", "明日"),
        ("uk", "вчора", "сьогодні", "завтра"),
        ("sv", "i går", "idag", "imorgon"),
    ],
)
def test_days_counted_from_publication(language: str, yesterday: str, today: str, tomorrow: str) -> None:
    """Yesterday, today and tomorrow are counted from publication, or from the day of a quotation, one off."""
    for offset, words in ((-1, yesterday), (0, today), (1, tomorrow)):
        for other in (-4, -3, -2, -1, 0, 1, 2, 3):
            day = MONDAY + timedelta(other)
            near = abs(other - offset) <= 1
            assert (misdated(words, day.isoformat(), MONDAY, language) is None) == near, (words, other)
            assert misdated(words, day.isoformat(), None, language) is None or "Sunday" in words
        assert misdated(words, "2031-05", MONDAY, language) is None


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("the day before yesterday", "en"),
        ("a week from today", "en"),
        ("yesterday and today", "en"),
        ("before tomorrow", "en"),
        ("since yesterday", "en"),
        ("vorgestern", "de"),
        ("am Morgen", "de"),
        ("por la mañana", "es"),
        ("avant-hier", "fr"),
        ("前天", "zh"),
        ("一昨日", "ja"),
    ],
)
def test_days_that_are_not_counted(words: str, language: str) -> None:
    """Words that make yesterday another day, or tomorrow a morning, are let be."""
    assert misdated(words, "2031-05-15", MONDAY, language) is None


def test_what_is_said() -> None:
    """What is said names the words, the date and what is wrong with it."""
    assert misdated("on Sunday", "2031-05-12", None, "en") == "'on Sunday' is no 2031-05-12, which is a Monday"
    assert misdated("12 May", "2031-05-13", None, "en") == "'12 May' is no 2031-05-13"
    said = "'yesterday' is no 2031-05-14: the article is of 2031-05-12"
    assert misdated("yesterday", "2031-05-14", MONDAY, "en") == said


SURE = "en de fr es it pt nl sv da nb fi pl cs sk hu bg ru uk hr tr ar he hi bn zh ja ko vi th sw".split()
DAYS = st.dates(date(1901, 1, 1), date(2199, 12, 31))


@settings(deadline=None)
@given(st.sampled_from(SURE), DAYS, DAYS, st.data())
def test_weekdays_of_any_day(language: str, day: date, published: date, data: st.DataObject) -> None:
    """A day's own weekday is never wrong, any other always is, in every language with weekdays of its own."""
    names = [(name, number) for name, (kind, number) in names_in(language).items() if kind == "weekday"]
    assert len({number for _, number in names}) == 7, language
    name, number = data.draw(st.sampled_from(names))
    assert (misdated(name, day.isoformat(), published, language) is None) == (number == day.weekday())


@settings(deadline=None)
@given(st.sampled_from(SURE), DAYS, DAYS, st.data())
def test_months_of_any_day(language: str, day: date, other: date, data: st.DataObject) -> None:
    """Day, month and year of a date are never wrong, those of any other day always are."""
    names = [(name, number) for name, (kind, number) in names_in(language).items() if kind == "month"]
    assert len({number for _, number in names}) >= 11, language
    own = [name for name, number in names if number == day.month]
    assume(own)
    name = data.draw(st.sampled_from(own))
    words = f"{day.year}年{name}{day.day}日" if language in ("zh", "ja") else f"{day.day} {name} {day.year}"
    assert misdated(words, day.isoformat(), None, language) is None
    assert (misdated(words, other.isoformat(), None, language) is None) == (other == day)


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from([*SURE, "xx", ""]), st.text(max_size=12))
def test_anything(words: str, language: str, day: str) -> None:
    """Nothing that is written is too much."""
    misdated(words, "2031-05-12", date.max, language)
    misdated("tomorrow", day, date.max, language)


def test_names() -> None:
    """English has all its names, and a word may be short for weekdays in several languages."""
    assert set(names_in("en")) == {*WEEKDAYS, *MONTHS, "yesterday", "today", "tonight", "tomorrow"}
    assert weekdays_called("Mo", ["de", "fr"]) == {0}
    assert weekdays_called("mar.", ["fr", "es", "it", "xx"]) == {1}
    assert weekdays_called("Harbour", SURE) == frozenset()


def test_dateparser_is_not_imported() -> None:
    """Times are held to their words without the time it takes to import dateparser."""
    code = (
        "import sys; from summarizer.whens import misdated; assert misdated('am Sonntag', '2031-05-12', None, 'de');"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
