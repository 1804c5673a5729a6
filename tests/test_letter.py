"""A briefing as a mail's two parts and as a short text: what stands in them, what fits, what is escaped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from summarizer import Briefing
from summarizer.models import Line, Resolution
from summarizer.render.layout import QUIET
from summarizer.render.letter import LARGEST, Letter, write_letter
from summarizer.render.notice import CHANGES, LONGEST, cut, write_notice
from summarizer.text import flatten
from tests.conftest import DAYS, MANY, replayed

SITE = "https://desk.example/2031-05-13"
HOSTILE = (
    "Rain\r\nBcc: eve@x.example\n\n<script>alert('1')</script> <img src=x onerror=y> & \"dykes\" \x1b[31m\u202etxt"
)


def shown(letter: Letter) -> str:
    """All words of the HTML part, blanks made one."""
    return flatten(str(html.fromstring(letter.html).text_content()))


def unwrapped(text: str) -> str:
    return flatten(text)


def with_headline(briefing: Briefing, text: str, **more: Any) -> Briefing:
    """The briefing, its first story told otherwise."""
    first = briefing.stories[0]
    line = Line(text=text, cites=first.bottom_line[0].cites)
    story = first.model_copy(update={"headline": line, "bottom_line": (line, *first.bottom_line[1:]), **more})
    return briefing.model_copy(update={"stories": (story, *briefing.stories[1:])})


def test_both_parts_have_what_comes_first(briefing: Briefing) -> None:
    """Headline, bottom line with ids, changes, demands and open disputes stand in the text and in the HTML."""
    letter = write_letter(briefing)
    lines = [line for story in briefing.stories for line in story.bottom_line]
    wanted = [f"{line.text} ({', '.join(line.cites)})" for line in lines]
    wanted += [story.name for story in briefing.stories]
    wanted += [change.what for change in briefing.changes if change.kind not in QUIET]
    wanted += [dispute.issue for dispute in briefing.disputes if dispute.resolution is Resolution.OPEN]
    for part in (unwrapped(letter.text), shown(letter)):
        assert [text for text in wanted if flatten(text) not in part] == []
    issues = [flatten(demand.issue) for demand in briefing.demands]
    assert [issue for issue in issues if issue not in shown(letter)] == []
    assert {word for issue in issues for word in issue.split()} <= set(letter.text.split())  # in cells of several lines


def test_quotations_are_as_they_stand(briefing: Briefing) -> None:
    """Every number in a part has its quotation at the end, word for word as in the briefing."""
    letter = write_letter(briefing)
    quotes = {flatten(evidence.quote) for evidence in briefing.evidence}
    for part in (unwrapped(letter.text.replace("-\n", "-")), shown(letter)):
        body, _, notes = part.rpartition("Quotations" if part is not unwrapped(letter.text) else "QUOTATIONS")
        del body
        assert notes or not briefing.disputes
    marks = {int(number) for number in re.findall(r"<sup[^>]*>\[(\d+)\]</sup>", letter.html)}
    told = dict(re.findall(r'font-size:13px">\[(\d+)\] .*?: (?:machine-translated wording: )?(.*?)</p>', letter.html))
    assert marks == {int(number) for number in told}
    for words in told.values():
        assert html.fromstring(f"<p>{words}</p>").text_content().strip("“”") in quotes


def test_ids_lead_to_the_day_s_page() -> None:
    """With a site every id is a link to its place there, and the plain text has the address whole; without, none is."""
    briefing = replayed(DAYS[1])
    letter = write_letter(briefing, link=SITE)
    links = html.fromstring(letter.html).xpath("//a/@href")
    cited = {id for line in briefing.stories[0].bottom_line for id in line.cites}
    assert {f"{SITE}#{id}" for id in cited} <= set(links)
    assert SITE in letter.text.splitlines()
    assert html.fromstring(write_letter(briefing).html).xpath("//a") == []


def test_the_html_is_what_mail_programs_show(briefing: Briefing) -> None:
    """No script, style sheet, picture or colour; nothing is fetched; it says that it goes with light and dark."""
    letter = write_letter(briefing, link=SITE)
    page = html.fromstring(letter.html)
    tags = {element.tag for element in page.iter()}
    assert tags <= set("html head meta title body div h1 h2 h3 h4 p a ul li table tr th td strong sup".split())
    styles = " ".join(page.xpath("//@style"))
    assert not re.search(r"color\s*:|url\(|background", styles)
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]


def test_hostile_words_stay_words() -> None:
    """Markup, line breaks and control characters of a headline are text in HTML, and on one line in plain text."""
    briefing = with_headline(replayed(DAYS[0]), HOSTILE)
    letter = write_letter(briefing)
    page = html.fromstring(letter.html)
    assert page.xpath("//script | //img | //@onerror") == []
    assert page.xpath("//h1")[0].text_content() == flatten(HOSTILE)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", letter.html + letter.text)
    assert "\nBcc" not in letter.text


def test_problems_are_told() -> None:
    """What could not be done stands in the mail."""
    from summarizer.models import Problem

    one = Problem(stage="ingest", article="share", reason="it does not exist", cost="nothing was read there")
    briefing = replayed(DAYS[0]).model_copy(update={"problems": (one,)})
    letter = write_letter(briefing)
    for part in (unwrapped(letter.text), shown(letter)):
        assert "share: nothing was read there — it does not exist" in part


@pytest.mark.parametrize("words", [20, 500])
@pytest.mark.parametrize("times", [1, 20])
def test_a_mail_is_never_cut_by_who_shows_it(times: int, words: int) -> None:
    """However long a day, the HTML stays under 100 kB, and what was left out is counted."""
    one = replayed(MANY)
    line = Line(text="Grain " * words, cites=one.stories[0].bottom_line[0].cites)
    stories = tuple(
        story.model_copy(update={"id": f"S{number}{story.id}", "bottom_line": (line,) * 8, "headline": line})
        for number in range(times)
        for story in one.stories
    )
    letter = write_letter(one.model_copy(update={"stories": stories}), link=SITE)
    assert len(letter.html.encode()) <= LARGEST
    if times > 1:
        assert re.search(r"… and \d+ more stories, too long for a mail", unwrapped(letter.text))


# ------------------------------------------------------------------------------- the short text


def test_a_notice_has_the_bottom_line_what_moved_and_the_way_to_the_rest() -> None:
    """With ids, the headline as its title, and the address of the page as its last line."""
    briefing = replayed(DAYS[1])
    notice = write_notice(briefing, longest=10_000, link=SITE)
    assert notice.title == briefing.stories[0].name
    lines = notice.body.splitlines()
    assert lines[0] == "Tuesday, 13 May 2031"
    assert lines[-1] == SITE
    bottom = briefing.stories[0].bottom_line
    assert lines[1 : 1 + len(bottom)] == [f"• {line.text} ({', '.join(line.cites)})" for line in bottom]
    moved = [change for change in briefing.changes if change.kind not in QUIET]
    assert lines[1 + len(bottom)] == "Changed since 12 May 2031:"
    assert len(moved) > CHANGES
    assert lines[-2] == f"… and {len(moved) - CHANGES} more"


def test_a_notice_of_many_stories_names_them() -> None:
    """Each with its id, the weightiest first."""
    briefing = replayed(MANY)
    notice = write_notice(briefing)
    assert notice.title == "Briefing of 3 June 2031"
    assert [line.split(" ", 2)[:2] for line in notice.body.splitlines()] == [
        ["•", story.id] for story in briefing.stories
    ]


@pytest.mark.parametrize("day", [*DAYS, MANY])
@pytest.mark.parametrize("title", [0, 20, 250])
def test_a_notice_fits(day: str, title: int) -> None:
    """Whatever a channel takes: body and title are no longer, a cut is marked, and sentences are whole if any is."""
    briefing = replayed(day)
    whole = write_notice(briefing, longest=100_000, longest_title=title, link=SITE).body.splitlines()
    for longest in [*range(1, 200, 3), *range(200, LONGEST, 97)]:
        notice = write_notice(briefing, longest=longest, longest_title=title, link=SITE)
        assert len(notice.body) <= longest
        assert len(notice.title) <= title
        lines = notice.body.splitlines()
        if lines[-1:] == [SITE]:
            lines.pop()
        if lines != whole[:-1]:
            assert not lines or lines[-1].endswith("…")
        assert lines[:-1] == whole[: len(lines[:-1])]


@given(st.text(alphabet="ab .!?", max_size=80), st.integers(0, 90))
def test_a_cut_text_is_no_longer_and_says_so(text: str, longest: int) -> None:
    """It is the text where it fits, else a beginning of it with "…", or nothing where not even that has room."""
    shorter = cut(text, longest)
    assert len(shorter) <= longest
    if len(text) <= longest:
        assert shorter == text
    else:
        assert shorter == "" or shorter.endswith("…")
        assert text.startswith(shorter.removesuffix("…").rstrip())


def test_a_notice_mentions_nobody() -> None:
    """What a chat would make a mention, a link or a format of is shown by other signs."""
    hostile = "<!channel> @everyone [free](https://x.example) *now* `rm` ~no~ http://y.example"
    hostile += " _x_ #here :bomb: www.zed.example"
    notice = write_notice(with_headline(replayed(DAYS[0]), hostile))
    for text in (notice.title, notice.body):
        assert not re.search(r"[<>@\[\]*`~|_#]|://|:bomb:|\w\.example", text)
    shown = "‹!channel› ＠everyone (free)(https: //x․example) ∗now∗ 'rm' ∼no∼ http: //y․example"
    assert notice.title == f"{shown} ＿x＿ ＃here ∶bomb: www․zed․example"
