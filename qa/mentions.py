"""What a short answer could be: the names, quoted titles, figures and noun phrases of a sentence, by their form alone.

Invariant: ``sentence[mention.start:mention.end] == mention.text``, so an answer always stands word for word in what
is cited. Nothing is looked up and nothing is parsed: a name is a run of capitals, a noun phrase a run of words that
are no grammar. More is found than is meant; which of it answers is told by the evidence (``short``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["name", "quoted", "noun", "number", "share", "money", "date", "duration"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A candidate where it stands in a sentence. ``whole``: a noun phrase with a word of grammar on either side."""

    text: str
    start: int
    end: int
    form: Form
    whole: bool = False


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_MONTHS}|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.?)"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_SPELT = rf"(?:(?:{_TENS})(?:-(?:{_ONES}))?|{_TEENS}|{_ONES}|dozens|hundreds|thousands)"
_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALE = r"(?:[\s-](?:hundred|thousand|million|billion|trillion)\b)?"
_UNIT = "second|minute|hour|day|week|month|year|decade"
_CURRENCY = "dollars|euros|pounds|yen|yuan|crowns|francs|marks|rupees|cents|pence"

_FIGURES: dict[Form, re.Pattern[str]] = {
    "number": re.compile(
        rf"(?<![\w.,$£€-])(?:{_FIGURE}{_SCALE}|{_SPELT}\b{_SCALE})(?![\w/:%-]|[,.]\d|\sper\s?cent|\s?%)", re.IGNORECASE
    ),
    "share": re.compile(
        rf"(?<![\w.,$£€-]){_FIGURE}(?:\s?%|[\s-]per\s?cent\b)|\b{_SPELT}\sper\s?cent\b"
        r"|\b(?:a|one)[\s-](?:half|third|quarter|fifth|tenth)\b|\b(?:two|three)[\s-](?:thirds|quarters|fifths)\b",
        re.IGNORECASE,
    ),
    "money": re.compile(
        rf"(?:\b[A-Z]{{1,2}})?[$£€¥]\s?{_FIGURE}(?:{_SCALE}|bn|m|k)(?!\w)|\b{_FIGURE}{_SCALE}\s(?:{_CURRENCY})\b"
        rf"|\b{_SPELT}{_SCALE}\s(?:{_CURRENCY})\b",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b(?:(?:{_DAYS}),?\s)?{_MONTH}\s\d{{1,2}}\b(?!:)(?:,\s\d{{4}})?|\b\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})?\b"
        rf"|\b{_MONTH}\s\d{{4}}\b|\b(?:next\s)?(?:{_DAYS})\b|(?<=\bin\s)(?:{_MONTHS})\b|\b(?:1[5-9]|20)\d\d\b"
    ),
    "duration": re.compile(
        rf"\b(?:{_FIGURE}|{_SPELT}|an?)[\s-](?:and a half\s)?(?:{_UNIT})s?\b(?!-old)", re.IGNORECASE
    ),
}
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_OF_MONTH = re.compile(rf"\b{_MONTH}\s$")

_INITIAL = r"(?:(?<=\b[A-Z])|(?<=\b(?:St|Jr|Sr|Dr|Mr|Ms|No|Lt))|(?<=\b(?:Mrs|Sen|Rep|Gov|Gen|Rev)))\."
_CAPITALISED = rf"(?:(?:al|el|bin)-)?[A-ZÀ-Þ](?:[\w&-]|[’'](?!s\b)\w|\.(?=\w))*(?:{_INITIAL})?"
_SMALL = "of|for|at|on|in|de|del|della|der|di|du|van|von|bin|al|la|le|the|to|and|&|with|a"
_RUN = re.compile(rf"(?<![\w’'])(?:{_CAPITALISED})(?:\s(?:(?:{_SMALL})\s){{0,2}}(?:{_CAPITALISED}|\d+(?![\w%,:])))*")
_LINKS = frozenset(_SMALL.split("|"))
_LOOSE = _LINKS & frozenset("for at on in to and with a the".split())
"""Links that as often stand between two names as inside one."""
_CALENDAR = frozenset(f"{_MONTHS}|{_DAYS}".split("|"))
_OFFICES = frozenset(
    """President Minister Secretary Senator Sen. Representative Rep. Governor Gov. Mayor Gen. Colonel Commander Justice
    Chancellor Dr. Dr Mr. Mr Mrs. Mrs Ms. Ms Professor Prof Ambassador Chairman Inspector Detective Sergeant Officer
    Superintendent Premier Archbishop Bishop Cardinal Lt. Congressman Congresswoman CEO Speaker Leader""".split()
)
_NO_NAME = frozenset(
    f"""The A An In On At And But He She It They We I You This That These Those There Here When While After Before As If
    For From With By Of To Some Many Most All Both Each No Not Yes Its His Her Their Our My Your Since Until During
    Under Over Also Still Now Then Even Only Once What Who Where Why How Which Whose Speaking According Despite However
    Although Though Because Through Between Among Within Without Amid Against Across Meanwhile Earlier Later Instead
    Last Next One Two Three Four Five Six Seven Eight Nine Ten Former More Other Another Such So Or Nor Per Via Than
    Police Officials Researchers Scientists Doctors Experts Critics Said Says Thus Today Yesterday Tomorrow Tonight
    Nearly About Around Can Could Will Would Should May Might Must Do Does Did Is Are Was Were Has Have Had Be Been
    Like Let Please Thanks Just Any Every Photo Watch Click {_MONTHS} {_DAYS}""".replace("|", " ").split()
)
_CONTRACTION = re.compile(r"\w+[’'](?:s|re|ve|ll|d|t|m)")
_QUOTED = re.compile(
    r"“([^“”]{2,70})”|‘([^‘’]{2,60})’(?!\w)|(?<!\w)\"([^\"]{2,70})\"|(?<![\w’'])'([A-Z][^']{2,60})'(?!\w)"
)
_UNBROKEN = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_](?:\w|[’'-](?=\w))*")

_GRAMMAR = frozenset(
    """a an the and or but if then than that this these those there here in on at by for from with of to into onto over
    under up down out off about above after again against all also am any are as be because been before being below
    between both can cannot could did do does doing during each every few further had has have having he her hers him
    his how i it its itself just me more most my no nor not now once only other our ours own same she should so some
    such their theirs them they through too until very was we were what when where which while who whom whose why will
    with would you your yours may might must shall like within since without among amid across around near per via yet
    though although however including despite another something anything everything nothing someone anyone everyone
    himself herself themselves one two three four five six seven eight nine ten many much lot lots several said say
    says told tell according get got getting make made makes making take took taken come came go goes went going see
    seen saw know known think thought want wants wanted use used using include includes included let put set new first
    last next year years week weeks day days month months time times people percent million billion thousand still even
    ever never always often today yesterday ago back way thing things part kind type number big large small great good
    best better bad old young early late later recent long high low less least well""".split()
)
_BEFORE_NOUN = frozenset(
    """a an the this that these those his her its their our your my of in on at for with by from to into as like
    including called some any no each every and or both which what""".split()
)
_AFTER_NOUN = frozenset(
    """of in on at for with by from to into as is are was were be has have had will would can could may might and or
    but that which who while when after before during since than if because despite amid under over""".split()
)
_PAST = re.compile(r"\w{3}(?<!e)ed$")
_LONGEST_NOUN = 3


def mentions(sentence: str, forms: Collection[Form], common: Collection[str]) -> Iterator[Mention]:
    """The candidates of these forms in a sentence, each place once; they may overlap.

    ``common``: words known to occur in lower case, by which the capital that begins a sentence is told from a name's.
    """
    for form in forms:
        if form == "name":
            yield from _names(sentence, common)
        elif form == "quoted":
            yield from _quoted(sentence)
        elif form == "noun":
            yield from _nouns(sentence)
        else:
            yield from _figures(sentence, form)


def _figures(sentence: str, form: Form) -> Iterator[Mention]:
    for found in _FIGURES[form].finditer(sentence):
        dated = _YEAR.fullmatch(found[0]) or _OF_MONTH.search(sentence, 0, found.start())
        if form != "number" or not dated:
            yield Mention(found[0], found.start(), found.end(), form)


Word = tuple[str, int, int]
"""A word with its start and end in the sentence."""


def _names(sentence: str, common: Collection[str]) -> Iterator[Mention]:
    for run in _RUN.finditer(sentence):
        words = [(word[0], word.start(), word.end()) for word in _UNBROKEN.finditer(sentence, *run.span())]
        if not sentence[: run.start()].strip(" “\"‘'(—–-") and words[0][0].lower() in common:
            words = words[1:]
        spans = {
            (piece[0][1], piece[-1][2]): None
            for cut in (frozenset[str](), _LOOSE, _LINKS)
            for part in _split(words, cut)
            for piece in _without_office(_trimmed(part))
            if piece
        }
        for start, end in spans:
            if not _CONTRACTION.fullmatch(sentence, start, end):
                yield Mention(sentence[start:end], start, end, "name")


def _split(words: Sequence[Word], cut: Collection[str]) -> Iterator[Sequence[Word]]:
    begin = 0
    for at, word in enumerate(words):
        if word[0] in cut:
            yield words[begin:at]
            begin = at + 1
    yield words[begin:]


def _trimmed(words: Sequence[Word]) -> Sequence[Word]:
    """Without what cannot begin or end a name."""
    while words and (words[0][0] in _NO_NAME or words[0][0] in _LINKS or words[0][0].isdigit()):
        words = words[1:]
    while words and (words[-1][0] in _LINKS or (words[-1][0] in _CALENDAR and words[-2:-1] and words[-2][0] in _LINKS)):
        words = words[:-1]
    return words


def _without_office(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """A name without the office before it: "California Rep. Kevin McCarthy" is a person of that name, and a place."""
    office = max((at for at, word in enumerate(words[:4]) if word[0] in _OFFICES), default=-1)
    if 0 <= office < len(words) - 1:
        yield _trimmed(words[office + 1 :])
        yield _trimmed(words[:office]) if office == 1 else ()
    else:
        yield words


def _quoted(sentence: str) -> Iterator[Mention]:
    """What stands in quotation marks and reads like a title: short, with a capital first."""
    for found in _QUOTED.finditer(sentence):
        start = found.start(found.lastindex or 0)
        title = found[found.lastindex or 0].rstrip(" ,.;")
        if 0 < len(title.split()) <= 8 and not title[0].islower():
            yield Mention(title, start, start + len(title), "quoted")


def _nouns(sentence: str) -> Iterator[Mention]:
    """Runs of words that are no grammar, and all their parts of up to three words."""
    words = [(word[0], word.start(), word.end()) for word in _WORD.finditer(sentence)]
    fits = [_may_be_noun(word[0], first=not at) for at, word in enumerate(words)]
    at = 0
    while at < len(words):
        end = at + 1
        while fits[at] and end < len(words) and fits[end] and sentence[words[end - 1][2] : words[end][1]] == " ":
            end += 1
        if fits[at]:
            yield from _parts(sentence, words, at, end)
        at = end


def _may_be_noun(word: str, *, first: bool) -> bool:
    lowered = word.lower()
    return (
        len(word) > 2
        and lowered not in _GRAMMAR
        and not lowered.endswith("ly")
        and (first or not word[0].isupper())
        and "’" not in word
        and "'" not in word
    )


def _parts(sentence: str, words: Sequence[Word], first: int, last: int) -> Iterator[Mention]:
    opened = first > 0 and words[first - 1][0].lower() in _BEFORE_NOUN
    after = sentence[words[last - 1][2] : words[last - 1][2] + 1]
    closed = after in '.,;:!?)”"—' or last == len(words) or words[last][0].lower() in _AFTER_NOUN
    for start in range(first, last):
        for end in range(start + 1, min(last, start + _LONGEST_NOUN) + 1):
            if not _PAST.search(words[end - 1][0]) and (start == first or not _PAST.search(words[start][0])):
                whole = (opened and start == first) and (closed and end == last)
                a, b = words[start][1], words[end - 1][2]
                yield Mention(sentence[a:b], a, b, "noun", whole)
