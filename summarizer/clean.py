r"""Cleaning: which lines of an article are no part of its story.

Nothing is taken away: lines are marked, and sentences keep their places. What is marked is
told by how it begins (advertisement, see also, share, newsletter, comments …, in the
languages that news is mostly written in), by its form (a bullet that is a headline, links
parted by bars), by its script (an aggregator's header above an article in another one) and
by standing there twice. A line that might be the story's is left to the model that reads it.

    >>> text = "The lock failed.\nAdvertisement\nSee also: Ten bridges\nIt was mended."
    >>> [text[start:end] for start, end in boilerplate(text)]
    ['Advertisement', 'See also: Ten bridges']
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LINE = re.compile(r"[^\n\r\x0b\x0c\u2028\u2029]+")

LABELS = re.compile(
    r"""
    advert(isement|orial|s)?|ad(vertisement)?\s*[-–—:]\s*.{0,60}|story\ continues\ below(\ (this\ )?(ad|advert).*)?
    |(the\ )?(article|story)\ continues\ (below|after)\b.{0,60}|sponsored(\ (content|by|:).{0,80})?
    |promoted\ content.{0,40}
    |anzeige|werbung|publicit[ée]|publicidad|pubblicità|publicidade|advertentie|annonse?|reklam[ae]?|mainos|hirdetés
    |реклама|διαφήμιση|إعلان|پیام\ بازرگانی|פרסומת|विज्ञापन|广告|廣告|広告|광고|โฆษณา|quảng\ cáo|iklan
    |trending(\ now)?|most\ (read|popular|viewed)|top\ stories|editor(’|')?s(’|')?\ picks?|popular\ now
    |recommended(\ for\ you)?
    |(more\ )?(related|similar)\ (articles?|stories|news|topics|links|content|posts)|you\ (may|might)\ also\ like.{0,60}
    |associated\ links|quick\ links|skip\ (past|to)\ .{0,60}|after\ newsletter\ promotion|view\ comments|load\ more
    |show\ more
    |back\ to\ top|leave\ a\ (reply|comment)\b.{0,80}|comments?\s*\(?\d*\)?|invalid\ email|continue\ reading.{0,80}
    |print(able)?\ version|e-?mail\ us\ here|legal\ disclaimer:?|_{3,}|\*(\s*\*)*|[-–—=]{2,}
    """,
    re.I | re.X,
)
"""What a whole line says that is a label."""

POINTERS = re.compile(
    r"""
    (see|read|watch|listen)\ (also|more|next|our\ (other|full|latest)\ \w+)\b
    |(also|more)\ (read|from|on\ this|in\ this)\b
    |more\ (stories|news|coverage|from)\b|related\s*:|read\ more|don[’']t\ miss\b\s*[:!]|in\ case\ you\ missed\ it
    |sponsored\s*:
    |lesen\ sie\ (auch|mehr)|mehr\ zum\ thema|auch\ interessant|(à\ )?lire\ (aussi|également)|voir\ aussi
    |sur\ le\ même\ sujet
    |(lea|leer|ver|vea)\ (también|además|más)|te\ puede\ interesar|leggi\ anche|vedi\ anche|lees\ (ook|meer)
    |les\ (også|mer)
    |läs\ (också|mer|även)|læs\ (også|mere)|lue\ myös|leia\ (também|mais)|veja\ também|czytaj\ (też|także|więcej)
    |zobacz\ (też|także)|čtěte\ (také|více)|přečtěte\ si|olvassa\ el|citește\ și|читайте\ (также|ещё|еще)
    |смотрите\ также
    |читайте\ також|διαβάστε\ (επίσης|ακόμα)|ayrıca\ oku|اقرأ\ (أيضا|المزيد)|بیشتر\ بخوانید
    |相关(阅读|新闻|报道)|延伸阅读|関連記事
    |관련\s?기사
    """,
    re.I | re.X,
)
"""How a line begins that points to another article; after it a colon, a title, or nothing."""

NOTICES = re.compile(
    r"""
    subscribe\ (to|now|for|here|today)\b|sign\ up\ (to|for|here|now)\b
    |\bnewsletter\b.{0,80}(inbox|sign|free|subscri|spam)
    |(to|in)\ your\ (e-?mail|inbox)\b|your\ (e-?mail\ )?address\ (will|is)\ not|required\ fields\ are|we\ use\ cookies
    |accept(ed|ing)?\ cookies|all\ rights\ reserved|©|\(c\)\ \d{4}|^copyright\b|^share\ (this|on|via|article)\b
    |follow\ us\ on|^discover\ more\ from|like\ what\ you\ read|^comments\ are\ (open|closed|moderated)
    |^your\ comment\ will
    |^was\ this\ (text|article|page|story)\b|^(download|get)\ (our|the)\ (free\ )?app\b
    |^join\ (the|our)\ (conversation|channel)
    |^(support|donate\ to)\ (the|our)\ .{0,60}(journalism|costs|less|today|reader)|^enable\ notifications|\{\{.*\}\}
    |^view\ original\ content|^visit\ us\ on\ social|^click\ (here|to)\b|^tap\ (here|to)\b|^\[?(continue|keep)\ reading
    |^to\ receive\ the\ news|^you\ are\ receiving|zum\ newsletter|newsletter\ abonnieren|inscrivez-vous|abonnez-vous
    |suscr[ií]b(ete|ase)|iscriviti|подпи(шитесь|сывайтесь)|zapisz\ się
    """,
    re.I | re.X,
)
"""What a line says that wants something of its reader: an address, a click, money."""

MENU = re.compile(r"[^|>›»/·•]{1,32}(\s[|>›»/·•]\s[^|>›»/·•.]{1,40}){2,}")
"""A row of links: three and more, parted."""

BULLET = re.compile(r"\s*([•·▪▸►‣●○◦■□➤→]|[*»›]\s)\s*")
"""A dash is none: it begins quotations, and names those who said them."""
CREDIT = re.compile(
    r"""
    (\b(photo(graph)?|picture|image|illustration|video|credit|foto|bild|quelle|crédit)s?\s*[:/©]\s*\S.{0,60}
    |\((ap|afp|reuters|getty|epa|dpa|pa|xinhua)(\s(photo|images|wire))?(/[\w\s.]+)?\)
    |\bgetty\ images|file\ (photo|picture|image))\W*$
    """,
    re.I | re.X,
)
"""How a caption ends."""
DATED = re.compile(r",\s(\w+\.?\s\d{1,2},?|\d{1,2}\.?\s\w+|\w+)\s\d{4}\.?$")
"""How a caption ends that says when its picture was taken."""

ENDED = re.compile(r"[.!?…:;,]['\"”’»)\]]*$|[。！？।؟۔]$")
LONGEST = 300
"""Characters of a line that is no story; a paragraph of more is read, whatever its form."""
LONGEST_NOTICE = 1000
"""Characters of one that wants something of its reader in its first words, `NEAR`: sign-up forms come as one line."""
NEAR = 100
EDGE = 12
"""Lines from an article's beginning or end in which headers of another script stand."""
REPEATED = 3
"""Articles of one outlet that have a line which is then no story's."""
REPEATED_PROSE = 5
"""The same of a line that ends as sentences do: what a story is about is recalled in the next one as well."""
OTHER_SCRIPT = 0.8
"""Share of a line's letters that are of another script than the article's, to be a header."""


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str

    @property
    def prose(self) -> bool:
        """Whether it reads like a sentence or more: ended, and not short."""
        return bool(ENDED.search(self.text)) and len(self.text.split()) > 7


def boilerplate(text: str, title: str | None = None) -> list[tuple[int, int]]:
    """Spans of the lines of `text` that are no part of its story; ends exclusive, in order.

    `title` is the article's, if it is known apart from its text: a line that says the same is
    a headline, whatever its form.
    """
    lines = _lines(text)
    script = _script("".join(line.text for line in lines))
    seen: Counter[str] = Counter()
    marked = []
    for number, line in enumerate(lines):
        seen[line.text] += 1
        if line.text == title:
            continue
        if len(line.text) > LONGEST:
            if len(line.text) < LONGEST_NOTICE and NOTICES.search(line.text[:NEAR]):
                marked.append((line.start, line.end))
        elif (
            _is_furniture(line.text)
            or _is_teaser(lines, number)
            or _is_caption(lines, number)
            or (seen[line.text] > 1 and len(line.text) > 3)
            or (min(number, len(lines) - 1 - number) < EDGE and _is_foreign(line.text, script))
        ):
            marked.append((line.start, line.end))
    return marked if len(marked) < len(lines) else []


def repeated(texts: Iterable[str]) -> frozenset[str]:
    """Lines that so many of one outlet's articles have that they are no story's. Copies must not be among them."""
    counted: Counter[str] = Counter()
    prose: set[str] = set()
    for text in texts:
        lines = [line for line in _lines(text) if len(line.text) <= LONGEST]
        counted.update({line.text for line in lines})
        prose.update(line.text for line in lines if ENDED.search(line.text))
    return frozenset(
        line for line, count in counted.items() if count >= (REPEATED_PROSE if line in prose else REPEATED)
    )


def spans_of(text: str, lines: frozenset[str]) -> list[tuple[int, int]]:
    """Where these lines stand in a text; nothing if it has no others."""
    own = _lines(text)
    found = [(line.start, line.end) for line in own if line.text in lines]
    return found if len(found) < len(own) else []


def _lines(text: str) -> list[_Line]:
    """The lines of a text that have something in them."""
    found = ((match, " ".join(match[0].split())) for match in LINE.finditer(text))
    return [_Line(match.start(), match.end(), line) for match, line in found if line]


def _is_furniture(line: str) -> bool:
    """Whether a line is a label, a pointer, a notice or a row of links."""
    if LABELS.fullmatch(line.strip(" -–—:.[]()")) or LABELS.fullmatch(line):
        return True
    if POINTERS.match(line) and len(line) < LONGEST // 2 and not re.search(r"[.!]\s+\S+\s", line):
        return True
    return bool(NOTICES.search(line)) or bool(MENU.fullmatch(line))


def _is_teaser(lines: Sequence[_Line], number: int) -> bool:
    """Whether a line is a bullet that is another article's headline: not ended as a sentence, among paragraphs.

    Bullets that a line announces with a colon, and those above the first paragraph, are the story's.
    """
    if not _is_headline_bullet(lines[number].text):
        return False
    first = number
    while first and _is_headline_bullet(lines[first - 1].text):
        first -= 1
    if not any(line.prose for line in lines[:first]):
        return False
    return not lines[first - 1].text.endswith(":") or bool(POINTERS.match(lines[first - 1].text))


def _is_headline_bullet(line: str) -> bool:
    """Whether a line begins with a bullet and ends as headlines do."""
    said = BULLET.sub("", line, count=1)
    return said != line and len(said) < LONGEST // 2 and not re.search(r"[.!;,:…]['\"”’»)\]]*$", said)


def _is_caption(lines: Sequence[_Line], number: int) -> bool:
    """Whether a line is a picture's: credited, or dated and above the headline."""
    line = lines[number].text
    if CREDIT.search(line) and not re.search(r"\w\w[.!?]['\"”’]?\s+[A-Z“\"'].*\w\w[.!?]['\"”’]?\s+[A-Z“\"']", line):
        return True
    following = lines[number + 1].text if number + 1 < len(lines) else ""
    headline = 3 < len(following.split()) < 20 and not ENDED.search(following)
    return number < 2 and headline and bool(DATED.search(line)) and not re.search(r"[“”\"«»]", line)


def _script(text: str) -> str:
    """The script that most letters of a text are of: the first word of their Unicode names."""
    counted = Counter(_script_of(letter) for letter in text[:20_000] if letter.isalpha())
    return counted.most_common(1)[0][0] if counted else ""


def _is_foreign(line: str, script: str) -> bool:
    """Whether a line is written in another script than the article."""
    letters = [letter for letter in line if letter.isalpha()]
    other = sum(_script_of(letter) != script for letter in letters)
    return len(letters) > 3 and other >= OTHER_SCRIPT * len(letters) and not re.search(r"[.。।؟۔!?]['\"”’»)]*$", line)


def _script_of(letter: str) -> str:
    """A letter's script; Chinese and Japanese count as one, since they are written with each other."""
    name = unicodedata.name(letter, "?").split(" ", 1)[0].split("-", 1)[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH") else name
