"""Days of publication that nothing states: what counts as one in a URL and a text, and what must not."""

from __future__ import annotations

import datetime
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import load
from summarizer.ingest.dating import find_day
from summarizer.ingest.endings import breaks_off
from summarizer.models import Article, Hazard

DAY = datetime.date(2031, 5, 12)
LEAD = "The lock gate at Port Ambry failed in the night, and forty barges lay in the rain, the harbour office said."
STORY = (
    f"{LEAD}\nIt had been mended twice, on 3 May 2029 and after the flood.\nA crane is on its way from Sarn.\nBy noon…"
)
REST = "\n".join(f"Barge number {number} lay in the rain until the crane had come." for number in range(12))


@pytest.mark.parametrize(
    "path",
    [
        "/2031/05/12/lock-fails",
        "/2031/5/12/lock-fails",
        "/world/2031/may/12/lock-fails",
        "/world/2031/May/12/lock-fails.html",
        "/lock-fails/2031/05/12/",
        "/lock-fails/2031/05/12",
        "/2031-05-12-lock-fails",
        "/world/lock-fails-2031-05-12/",
        "/lock_fails_2031_05_12.html",
        "/20310512/lock-fails",
        "/lock-fails-20310512.html",
        "/lock-fails-20310512-p5lb1x",
        "/20310512/lock-fails-20310512.html",
    ],
)
def test_days_in_urls(path: str) -> None:
    """A URL's path may name the day; nothing in the text is asked then."""
    assert find_day(f"https://gauge.example{path}", "Published 3 June 2031\nRain fell.") == DAY


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/2031/05/", id="a month"),
        pytest.param("/2031/05/lock-fails", id="a month, and a title"),
        pytest.param("/2031/05/12-locks-that-fail", id="a month, and a title with a number"),
        pytest.param("/2031/05/12345", id="a month, and an id"),
        pytest.param("/2031/02/30/lock-fails", id="no such day"),
        pytest.param("/2031/13/12/lock-fails", id="no such month"),
        pytest.param("/2031/mud/12/lock-fails", id="no month"),
        pytest.param("/1931/05/12/lock-fails", id="before there was a web"),
        pytest.param("/3031/05/12/lock-fails", id="a thousand years on"),
        pytest.param("/12/05/2031/lock-fails", id="day or month first"),
        pytest.param("/lock-fails-120310512", id="a longer number"),
        pytest.param("/lock-fails-203105120", id="another"),
        pytest.param("/lock-fails-a20310512", id="an id that begins with a letter"),
        pytest.param("/lock-fails-20310512b", id="an id that ends with one"),
        pytest.param("/lock-fails-20313112", id="eight figures that are no day"),
        pytest.param("/41b3-2031-05-123-faea", id="figures of an id"),
        pytest.param("/2031-05_12-lock-fails", id="parted in two ways"),
        pytest.param("/2031/05/12/what-happened-on-2029-05-03", id="two days"),
        pytest.param("/lock-fails?day=2031-05-12", id="a query"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_day_in_a_url(path: str) -> None:
    """Months, ids and what is no day of the calendar say nothing, nor do two days."""
    assert find_day(f"https://gauge.example{path}", LEAD) is None


@pytest.mark.parametrize(
    "line",
    [
        "12 May 2031",
        "May 12, 2031",
        "Monday, May 12th, 2031",
        "Mon 12 May 2031 07.40 BST",
        "10:15 AM EST, Mon May 12, 2031",
        "12 May 2031 (Monday)",
        "2031-05-12",
        "2031-05-12T08:30:00+02:00",
        "2031/05/12",
        "12-May-2031",
        "12.05.2031, 08:30 Uhr",
        "Published 12 May 2031, 07:40",
        "Published: Monday, May 12, 2031 at 8:30 a.m. ET",
        "First published on May 12, 2031",
        "Posted on 12 May 2031",
        "Date: 12 May 2031",
        "DATE 12 MAY 2031",
        "May 12, 2031 · 3 min read",
        "| 12 May 2031 |",
        "Updated 12 May 2031",
        "Last modified on Mon 12 May 2031 07.40 BST",
        "Published 12 May 2031 | Updated 13 May 2031, 10:00",
        "12 May 2031 (updated 13 May 2031)",
        "Published\n12 May 2031\nUpdated\n13 May 2031",
        "Updated 13 May 2031\nPublished 12 May 2031",
        "12. Mai 2031",
        "Veröffentlicht am Montag, 12. Mai 2031",
        "Stand: 12.05.2031, 08:30 Uhr",
        "Publié le 12 mai 2031 à 08h30, mis à jour le 13 mai 2031 à 10:00",
        "Le 12 mai 2031",
        "Publicado el 12 de mayo de 2031",
        "segunda-feira, 12 de maio de 2031",
        "Pubblicato il 12 maggio 2031 alle ore 8:30",
        "12 мая 2031",
        "Опубликовано 12 мая 2031 г., 10:30",
        "12 травня 2031 року",
        "12 maja 2031",
        "2031. május 12.",
        "12 Mayıs 2031 Pazartesi",
        "الاثنين 12 مايو 2031",
        "١٢ مايو ٢٠٣١",
        "יום שני, 12 במאי 2031",
        "发布时间：2031年5月12日 08:30",
        "2031年5月12日 星期一",
        "2031年5月12日（月曜日）",
        "2031년 5월 12일",
    ],
)
@pytest.mark.parametrize("place", ["first", "below the headline", "last"])
def test_lines_that_are_dates(line: str, place: str) -> None:
    """A line at the top or the end that is nothing but a date names the day, in many languages and with any label."""
    text = {
        "first": f"{line}\n\n{STORY}\n{REST}",
        "below the headline": f"Lock fails\nBy Ida Quill\n\n{line}\n{STORY}\n{REST}",
        "last": f"Lock fails\n{REST}\n{STORY}\n\n{line}",
    }[place]
    if place != "last" or "\n" not in line:
        assert find_day(None, text, "Lock fails") == DAY


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("12 May", id="no year"),
        pytest.param("Monday", id="a weekday"),
        pytest.param("May 2031", id="a month"),
        pytest.param("2031", id="a year"),
        pytest.param("3/4/2031", id="day or month first"),
        pytest.param("31 February 2031", id="no such day"),
        pytest.param("12 May 1931", id="long ago"),
        pytest.param("Tuesday, 12 May 2031", id="another weekday"),
        pytest.param("© 2031 The Gauge", id="a copyright"),
        pytest.param("© 12 May 2031", id="a copyright of a day"),
        pytest.param("What happened on 3 May 2029", id="a title"),
        pytest.param("3 May 2029: the day the lock failed", id="another"),
        pytest.param("On 3 May 2029", id="a heading"),
        pytest.param("Harbour, 3 May 2029.", id="a caption"),
        pytest.param("Harbour, 3 May 2029", id="a caption without a full stop"),
        pytest.param("3 May 2029.", id="a caption's end"),
        pytest.param("Port Ambry 12 May 2031", id="a place"),
        pytest.param("12 May 2031 – 14 May 2031", id="a span"),
        pytest.param("12 May 2031\n13 May 2031", id="two days"),
        pytest.param("Published 12 May 2031\nFirst published 13 May 2031", id="two days of publication"),
        pytest.param("By Ida Quill, 12 May 2031", id="a byline"),
        pytest.param("Photo taken 12 May 2031", id="a photograph"),
        pytest.param("Accessed 12 May 2031", id="somebody's visit"),
        pytest.param("Date of birth: 12 May 2031", id="a birth"),
        pytest.param("Volume 12, 2031", id="a volume"),
        pytest.param("12 men 2031", id="what would be counted from today"),
        pytest.param("Lock fails, 12 May 2031", id="the headline"),
    ],
)
def test_lines_that_are_none(line: str) -> None:
    """A line with anything but a date in it is none, nor is one without a year, or with the wrong weekday."""
    assert find_day(None, f"Lock fails\n{line}\n{STORY}\n{REST}\n{line}", "Lock fails, 12 May 2031") is None


def test_where_lines_count() -> None:
    """Dates alone count among the first lines and the last; further in they may be headings. A headline is none."""
    assert find_day(None, f"{REST}\n12 May 2031\n{REST}") is None
    assert find_day(None, f"12 May 2031\n{STORY}", "12 May 2031") is None
    assert find_day(None, "12 May 2031") == DAY
    assert find_day(
        None, f"Barges\n{LEAD}\n{LEAD}\n{LEAD}\n{LEAD}\nUpdated\n{REST}\n12 May 2031\nPublished 13 May 2031\nRain"
    ) == datetime.date(2031, 5, 13)
    assert find_day(None, "Updated\n\nRain fell.\n12 May 2031\nPublished 13 May 2031") == datetime.date(2031, 5, 13)


@pytest.mark.parametrize(
    "dateline",
    [
        "HAVRIN, May 12, 2031 (Orrery) - ",
        "HAVRIN, 12 May 2031 — ",
        "HAVRIN (Orrery), May 12, 2031 – ",
        "HAVRIN (12 May 2031) – ",
        "HAVRIN, N.O., May 12, 2031 /Orrery/ -- ",
        "PORT AMBRY, Norland, May 12, 2031 /Orrery Wire/ -- ",
        "HAVRIN, NORLAND / Orrery Wire / May 12, 2031 / ",
        "HAVRIN, NO, May 12, 2031 / Orrery.example / -- ",
        "HAVRIN, Monday, May 12, 2031 (Orrery) - ",
        "Havrin, 12. Mai 2031 (Orrery) - ",
        "Havrin, 12 may 2031 (Orrery).- ",
        "HAVRIN, le 12 mai 2031 (Orrery) — ",
        "ХАВРИН, 12 мая 2031 г. /Оррери/. — ",
        "ХАВРИН, 12 мая 2031 — ",
    ],
)
@pytest.mark.parametrize("before", ["", "Lock fails\nBy Ida Quill\n\n"])
def test_datelines(dateline: str, before: str) -> None:
    """An agency's dateline with a year names the day."""
    assert find_day(None, f"{before}{dateline}{LEAD}\n{REST}") == DAY


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("HAVRIN, May 12 (Orrery) - ", id="no year"),
        pytest.param("HAVRIN (Orrery) - ", id="no day"),
        pytest.param("HAVRIN, 3/4/2031 (Orrery) - ", id="day or month first"),
        pytest.param("In Havrin, on 12 May 2031, the lock failed. ", id="a sentence"),
        pytest.param("HAVRIN, 12 May 2031. ", id="no dash"),
        pytest.param("Harbour, 3 May 2029 – ", id="a caption"),
        pytest.param("The flood of 3 May 2029 – ", id="running text"),
        pytest.param("HAVRIN: 12 May 2031 was a Monday - ", id="running text with a place"),
    ],
)
def test_what_is_no_dateline(opening: str) -> None:
    """Without a year, a place in capitals or an agency, what a paragraph begins with is no dateline."""
    assert find_day(None, f"{opening}{LEAD}\n{REST}") is None


def test_where_datelines_count() -> None:
    """A dateline stands at the top, before a paragraph; not in a caption, and not further down."""
    dateline = f"HAVRIN, 12 May 2031 — {LEAD}"
    assert find_day(None, f"{REST}\n{dateline}") is None
    assert find_day(None, "HAVRIN, 12 May 2031 — Rain fell.") is None
    caption = f"{dateline} Photo: Ida Quill"
    assert find_day(None, f"{caption}\n{REST}", idle=[(0, len(caption))]) is None


def read(folder: Path, name: str, content: str) -> Article:
    """The one article that a file with this content comes to."""
    (folder / name).write_text(content, encoding="utf-8")
    (article,) = load(folder / name).articles
    return article


def test_days_nobody_states(tmp_path: Path) -> None:
    """What is stated of an article counts first, then its URL, then its text; with a day it is not undated."""
    text = f"Published 13 May 2031\n{STORY}"
    url = "https://gauge.example/2031/05/12/lock"
    stated = read(tmp_path, "a.txt", f"---\npublished: 2031-05-14\nurl: {url}\n---\n{text}")
    assert (stated.published, stated.hazards) == (datetime.date(2031, 5, 14), ())
    assert read(tmp_path, "b.txt", f"---\nurl: {url}\n---\n{text}").published == DAY
    assert read(tmp_path, "c.txt", text).published == datetime.date(2031, 5, 13)
    assert read(tmp_path, "d.json", json.dumps({"url": url, "text": STORY})).published == DAY
    undated = read(tmp_path, "e.txt", STORY)
    assert (undated.published, undated.hazards) == (None, (Hazard.UNDATED,))


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text(text: str, path: str) -> None:
    """Whatever a text and a URL are, looking for a day in them comes to an end, and so does looking for theirs."""
    find_day(f"https://gauge.example/{path}", f"{text}\n12 May 2031 {text}\n{path} 2031")
    breaks_off(f"{text}…\n{path}")


@pytest.mark.parametrize(
    "line",
    [
        "A" * 300 + ", 2031",
        "A, " * 100 + "2031",
        "12 " * 30 + "2031",
        "PORT " * 50 + "12 May 2031",
        "published " * 9 + "2031",
        "(" * 90 + " 2031",
    ],
)
def test_no_line_takes_long(line: str) -> None:
    """No line is a trap for the patterns."""
    begun = time.perf_counter()
    find_day(None, f"{line}\n" * 9)
    breaks_off(f"{line}\n" * 9)
    assert time.perf_counter() - begun < 1


# -------------------------------------------------------------------------------- endings


@pytest.mark.parametrize("line", ["Event date", "Archive photo", "Foto", "File picture:"])
def test_dates_of_other_things(line: str) -> None:
    """A date under such a line is not the article's."""
    assert find_day(None, f"The lock failed\n{line}\n3 June 2031\nIt was mended.", None, ()) is None


def test_the_rest_is_for_members() -> None:
    """A pointer to where the rest is to be had for money or an address needs no paragraph that trails off."""
    assert breaks_off("The lock failed on Monday.\n[Continue reading in the Upland Post app]")
    assert breaks_off("The lock failed on Monday.\nSubscribe\nRead the full story with a subscription")
    assert not breaks_off("The lock failed on Monday.\nContinue reading: ten bridges")


@pytest.mark.parametrize(
    "end",
    [
        "and forty bar… [+1234 chars]",
        "and forty bar... [+1,234 chars]",
        "and forty barges [+12 characters]\n",
        "and forty bar…\nRead more",
        "and forty bar...\n\nContinue reading",
        "and forty bar […]\nContinue reading Lock fails at Port Ambry →",
        "and forty bar…\n[Read the full story at The Gauge]",
        "and forty bar… Read more",
        "and forty bar... » Continue reading",
        "and forty bar…\nRead more\nAdvertisement\nShare this: Post | Mail | Print",
        "und vierzig Käh…\nLesen Sie weiter",
        "und vierzig Käh …\nWeiterlesen »",
        "et quarante pén…\nLire la suite",
        "y cuarenta bar…\nSeguir leyendo",
        "и сорок бар…\nЧитать далее",
        "四十艘…\n阅读全文",
    ],
)
def test_texts_that_break_off(tmp_path: Path, end: str) -> None:
    """A count of what is missing, and a pointer to it after an ellipsis, say that a text was cut, of whatever kind."""
    assert Hazard.TRUNCATED in read(tmp_path, "a.txt", f"{LEAD}\nThe gate had failed, {end}").hazards
    assert Hazard.TRUNCATED in read(tmp_path, "a.json", json.dumps({"text": f"{LEAD}\nThe gate, {end}"})).hazards


@pytest.mark.parametrize(
    "end",
    [
        "and forty barges lay in the rain.",
        "and forty barges lay in the rain …",
        "and forty barges lay in the rain.\nRead more",
        "and forty barges lay in the rain.\nContinue reading",
        "“and forty barges …”\nRead more",
        "and forty bar…\nRead more: Ten bridges that sing",
        "and forty bar…\nRead more\nA crane had come down from Sarn by noon, and the first barge went through.",
        "and forty barges. [+1234 chars]\nA crane had come down from Sarn by noon, and the first went through.",
        "and a chart of [+12 metres]",
        "and… read more slowly than they could have been expected to.",
    ],
)
def test_texts_that_do_not(tmp_path: Path, end: str) -> None:
    """An ellipsis alone, a pointer after a whole sentence, or to another article, says nothing of the kind."""
    assert Hazard.TRUNCATED not in read(tmp_path, "a.txt", f"{LEAD}\nThe gate had failed, {end}").hazards


def test_what_stands_below_the_end() -> None:
    """A pointer counts where nothing but what is no part of the story stands below it; nothing else breaks off."""
    text = "The gate had failed, and forty bar…\nRead more\nShare this"
    share = (text.index("Share"), len(text))
    assert breaks_off(text, [share])
    assert not breaks_off(text)
    assert not breaks_off("Share this", [(0, 10)])
