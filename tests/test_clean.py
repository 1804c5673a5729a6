"""Cleaning: what is marked as no part of a story, and what never is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from summarizer import load
from summarizer.clean import boilerplate
from tests.conftest import EVERY, ROOT

LEAD = "The lock gate at Port Ambry failed in the night, and forty barges lay in the rain, the harbour office said."
END = "By noon a crane had come down from Sarn, and the first of them went through before dark on Monday."


def marked(*lines: str) -> list[str]:
    """What is marked of these lines, standing between a story's first paragraph and its last."""
    text = "\n".join([LEAD, *lines, END])
    return [text[start:end] for start, end in boilerplate(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "ADVERTISEMENT",
        "[Advertisement]",
        "Advertisement - scroll to continue",
        "Story continues below advertisement",
        "Anzeige",
        "Publicité",
        "Реклама",
        "広告",
        "إعلان",
        "See also: Ten bridges that sing",
        "See also\u00a0 Ten bridges that sing in the wind",
        "READ MORE: Minister falls into lock",
        "Read also:",
        "Lesen Sie auch: Zehn Brücken, die singen",
        "Lire aussi : Dix ponts qui chantent",
        "Читайте также: Десять мостов",
        "Leia também: Dez pontes",
        "関連記事：十の橋",
        "Trending",
        "Most read",
        "Related articles",
        "• Ten bridges that sing in the wind",
        "• Is your bridge in tune?",
        "» Lottery: Friday’s numbers",
        "Home | World | Rivers | Locks",
        "News > World > Port Ambry",
        "Share this: Post | Mail | Print",
        "Sign up for our newsletter. No spam, only eels.",
        "Subscribe to get the latest locks sent to your email.",
        "Get the evening letter straight to your inbox",
        "Leave a reply",
        "Leave a comment (0). Your name stays with the editor.",
        "Your email address will not be published. Required fields are marked *",
        "Comments are open to registered readers.",
        "We use cookies to remember how you like your news.",
        "Follow us on every channel",
        "© 2031 The Gauge. All rights reserved.",
        "The quay at Port Ambry. Photo: Ida Quill",
        "Barges on Sunday. (Reuters)",
        "FILE: The lock before the flood. Getty Images",
        "___",
        "শেয়ার করুন এবং মন্তব্য জানান",
        "شناسهٔ خبر و سرویس سیاسی",
        "{{ #verify }} Something went wrong {{ /verify }}",
    ],
)
def test_what_is_marked(line: str) -> None:
    """Labels, pointers, notices, rows of links, teasers, credits and headers in another script are no story."""
    assert marked(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "The ministry said: “We see also the bridges, and they are all sound, every one of them.”",
        "See also the minister’s own words: the lock was old. It failed at last.",
        "Advertisements for the lock had been withdrawn in April, the office said.",
        "More than forty barges waited at the lock.",
        "— Ida Quill, harbour master (@ambry) May 12, 2031",
        "– Minister of Locks, Anna Varga",
        "- “We can’t wait for another flood,” she said",
        "• The lock was built in 1911 and has failed twice since.",
        "She subscribed to no theory; the newsletter of the lock keepers had warned of it for years.",
        "THE DAY AFTER",
        "Who pays?",
        "“Share this burden,” she said, “or lose the river.”",
        "The comments were made in an interview on Sunday.",
        "Photographs of the gate were shown to the court.",
        "He said in Russian: «Шлюз был старый».",
        "The sign read «Шлюз закрыт».",
        "Norland, Sudland, Estmark · all three · have signed.",
    ],
)
def test_what_is_not_marked(line: str) -> None:
    """What a story might say is left to whoever reads it."""
    assert marked(line) == []


def test_lists_that_are_announced() -> None:
    """Bullets after a colon are the story's, and so are those above its first paragraph."""
    assert marked("The office wants three things:", "• a crane", "• a new gate", "• peace and quiet") == []
    assert marked("READ MORE:", "• a crane", "• a new gate") == ["READ MORE:", "• a crane", "• a new gate"]
    text = f"• Lock fails in the night\n• Forty barges wait\n{LEAD}\n{END}"
    assert boilerplate(text) == []


def test_what_stands_there_twice() -> None:
    """A caption that is repeated is marked the second time; the first may be the story's."""
    caption = "Barges wait at the lock in the rain on Monday"
    text = f"{LEAD}\n{caption}\n{END}\n{caption}"
    assert boilerplate(text) == [(text.rindex(caption), len(text))]


def test_a_dated_caption_above_the_headline() -> None:
    """A line that ends with a date above the headline is a picture's; the same line below it is not."""
    caption = "The harbour master and her deputy at the opening of the lock in Port Ambry, June 28, 2029."
    text = f"{caption}\n\nLock fails at Port Ambry in the night\n\n{LEAD}\n{END}"
    assert boilerplate(text) == [(0, len(caption))]
    assert marked(caption) == []


def test_titles_and_whole_texts_are_kept() -> None:
    """A headline may look like anything, and a text is never all boilerplate."""
    assert boilerplate(f"Trending\n{LEAD}", title="Trending") == []
    assert boilerplate("Advertisement\nTrending") == []
    assert boilerplate("") == []


def test_the_example_days() -> None:
    """Of what the author planted, one line of eighty is left to the model, and no line of a story is marked."""
    missed, extra = [], []
    for day in EVERY:
        planted = yaml.safe_load(Path(ROOT / f"examples/{day}.truth.yaml").read_text(encoding="utf-8"))["boilerplate"]
        for article in load(ROOT / "examples" / day).articles:
            words = [one["words"] for one in planted if one["article"] == article.name]
            found = [article.text[start:end] for start, end in boilerplate(article.text, article.title)]
            missed += [one for one in words if not any(one in line for line in found)]
            extra += [line for line in found if not any(one in line or line in one for one in words)]
    assert missed == ["Riverline gathers the river’s news so that you need not."]
    assert extra == []
