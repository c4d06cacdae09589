"""The answer in a few words: the thing of the kind asked for that the best sentences hold.

Candidates are found by their form alone (names by capitals, numbers by digits or words, dates as written), so a
short answer always stands word for word in the leading sentence. Each occurrence counts by its sentence's score and
by how near it stands to the question's own words. Where no candidate is clearly ahead there is no short answer: a
wrong one in front of the right sentence does more harm than none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from qa.questions import STOP_WORDS, Kind, Question

AHEAD = 1.5
"""How many times the support of the next candidate the best one needs; fitted with docs/evaluation.md's questions."""
COVERED = 0.2
"""Share of the question's terms that the leading sentence must hold; fitted likewise."""
PLACED = 0.5
"""The same where a place is asked for."""
READ = 4
"""Sentences in which another figure for the same thing forbids a short answer."""
COUNTED = 3.0
"""How many times a number counts that stands before the thing that is counted ("how many ships": "41 ships")."""
NEAR = 60.0
"""Characters from the question's words at which an occurrence counts half."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_SPELT = rf"(?:(?:{_TENS})(?:-(?:{_ONES}))?|{_TEENS}|{_ONES}|dozens|hundreds|thousands)"
_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALE = r"(?:\s(?:hundred|thousand|million|billion|trillion))?"
_UNIT = "second|minute|hour|day|week|month|year|decade"
_CURRENCY = "dollars|euros|pounds|yen|yuan|crowns|francs|marks|rupees|cents|pence"

_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "number": re.compile(
        rf"(?<![\w.,$£€-])(?:{_FIGURE}{_SCALE}(?:\s?%|\sper\s?cent\b)?|{_SPELT}\b{_SCALE})(?![\w/:])", re.IGNORECASE
    ),
    "money": re.compile(
        rf"(?:[A-Z]{{0,2}}[$£€¥])\s?{_FIGURE}(?:{_SCALE}|bn|m|k)\b|\b{_FIGURE}{_SCALE}\s(?:{_CURRENCY})\b"
        rf"|\b{_SPELT}{_SCALE}\s(?:{_CURRENCY})\b",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b(?:{_MONTHS})\s\d{{1,2}}(?:,\s\d{{4}})?\b|\b\d{{1,2}}\s(?:{_MONTHS})(?:\s\d{{4}})?\b"
        rf"|\b(?:{_MONTHS})\s\d{{4}}\b|\bnext\s(?:{_DAYS})\b|(?<=\bin\s)(?:{_MONTHS})\b"
        rf"|\b(?:19|20)\d\d\b|\bin\s(?:{_SPELT}|\d+)\s(?:{_UNIT})s\b|\b(?:next|last)\s(?:week|month|year)\b",
    ),
    "duration": re.compile(
        rf"\b(?:{_FIGURE}|{_SPELT}|an?)[\s-](?:and a half\s)?(?:{_UNIT})s?\b(?!-old)", re.IGNORECASE
    ),
}

_COUNTRIES = frozenset(
    """Afghanistan,Albania,Algeria,Andorra,Angola,Argentina,Armenia,Australia,Austria,Azerbaijan,Bahamas,Bahrain,
    Bangladesh,Barbados,Belarus,Belgium,Belize,Benin,Bhutan,Bolivia,Bosnia,Botswana,Brazil,Britain,Brunei,Bulgaria,
    Burkina Faso,Burundi,Cambodia,Cameroon,Canada,Cape Verde,Chad,Chile,China,Colombia,Congo,Costa Rica,Croatia,Cuba,
    Cyprus,Czech Republic,Denmark,Djibouti,Dominica,Dominican Republic,East Timor,Ecuador,Egypt,El Salvador,England,
    Eritrea,Estonia,Eswatini,Ethiopia,Fiji,Finland,France,Gabon,Gambia,Georgia,Germany,Ghana,Greece,Grenada,Guatemala,
    Guinea,Guyana,Haiti,Honduras,Hungary,Iceland,India,Indonesia,Iran,Iraq,Ireland,Israel,Italy,Ivory Coast,Jamaica,
    Japan,Jordan,Kazakhstan,Kenya,Kiribati,Kosovo,Kuwait,Kyrgyzstan,Laos,Latvia,Lebanon,Lesotho,Liberia,Libya,
    Liechtenstein,Lithuania,Luxembourg,Madagascar,Malawi,Malaysia,Maldives,Mali,Malta,Mauritania,Mauritius,Mexico,
    Micronesia,Moldova,Monaco,Mongolia,Montenegro,Morocco,Mozambique,Myanmar,Namibia,Nauru,Nepal,Netherlands,
    New Zealand,Nicaragua,Niger,Nigeria,North Korea,North Macedonia,Northern Ireland,Norway,Oman,Pakistan,Palau,Panama,
    Papua New Guinea,Paraguay,Peru,Philippines,Poland,Portugal,Qatar,Romania,Russia,Rwanda,Samoa,San Marino,
    Saudi Arabia,Scotland,Senegal,Serbia,Seychelles,Sierra Leone,Singapore,Slovakia,Slovenia,Solomon Islands,Somalia,
    South Africa,South Korea,South Sudan,Spain,Sri Lanka,Sudan,Suriname,Sweden,Switzerland,Syria,Taiwan,Tajikistan,
    Tanzania,Thailand,Togo,Tonga,Trinidad and Tobago,Tunisia,Turkey,Turkmenistan,Tuvalu,Uganda,Ukraine,
    United Arab Emirates,United Kingdom,United States,Uruguay,Uzbekistan,Vanuatu,Vatican,Venezuela,Vietnam,Wales,Yemen,
    Zambia,Zimbabwe""".replace("\n    ", "").split(",")
)
_TITLES = frozenset(
    """President Minister Secretary Senator Sen Representative Rep Governor Gov Mayor King Queen Prince Princess Pope
    General Gen Colonel Captain Commander Judge Justice Chancellor Dr Mr Mrs Ms Sir Lady Lord Professor Prof Ambassador
    Chairman Chief Director Inspector Detective Sergeant Officer Superintendent Attorney Premier Archbishop Bishop
    Cardinal""".split()
)
_NO_PERSON = frozenset(
    """Awards Award Bank Party Republicans Democrats Union Ministry Department University College School Council Court
    Company Group Agency Office Police Army Association Federation Committee Commission Church Times Post News House
    Street Stadium Park Hospital Airport Institute Island Islands Lines Museum Alliance League Cup Games
    States""".split()
)
_NO_NAME = frozenset(
    f"""The A An In On At And But He She It They We I You This That These Those There Here When While After Before As If
    For From With By Of To Some Many Most All Both Each No Not Yes Its His Her Their Our My Since Until During Under
    Over Also Still Now Then Even Only Once What Who Where Why How Which Speaking According Despite However Although
    Meanwhile Earlier Later Instead Last Next One Two Three Four Five Six Seven Eight Nine Ten Former More Other So Or
    Police Officials Researchers Scientists Doctors Experts Critics {_MONTHS} {_DAYS}""".replace("|", " ").split()
)
_COUNTED = re.compile(r"\bhow many (\w+)(?: (\w+))?")
_NAME_WORD = r"(?:(?:al|el|bin)-)?[A-ZÀ-Þ][\w’'.-]*\w|[A-ZÀ-Þ]\."
_NAME = re.compile(
    rf"\b(?:{_NAME_WORD})(?:\s(?:(?:de|del|della|der|di|du|van|von|bin|al|la|le)\s){{0,2}}(?:{_NAME_WORD}))*"
)
_SPEAKS_AFTER = re.compile(r",?\s(?:\d+,\s)?(?:said|says|told|added|quoting)\b")
_SPEAKS_BEFORE = re.compile(r"\b(?:said|says|according to)\s[^.;”\"]{0,60}$")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|outside|across|off|into)\s(?:the\s)?(?:[a-z]+\s){0,3}$")


def holds_kind(question: Question, sentence: str) -> float:
    """1 where the sentence holds something of the kind asked for that the question does not say itself, else 0."""
    return 1.0 if next(_found(question, sentence), None) else 0.0


def short_answer(question: Question, weighed: Sequence[tuple[str, float]], *, cover: float) -> str:
    """The best-supported candidate over ``weighed`` (sentence, score; best first), empty where none stands out.

    ``cover`` is the share of the question's terms in the leading sentence, in [0, 1].
    """
    if cover < COVERED or not weighed:
        return ""
    support: dict[str, float] = defaultdict(float)
    shown: dict[str, str] = {}
    lead = weighed[0][0]
    for rank, (sentence, score) in enumerate(weighed):
        for candidate, near in _found(question, sentence):
            support[candidate.casefold()] += score**2 * near / (1 + 0.5 * rank)
            if rank == 0:
                shown.setdefault(candidate.casefold(), candidate)
    ranked = sorted(shown, key=lambda key: -support[key])
    if not ranked or (len(ranked) > 1 and support[ranked[0]] < AHEAD * support[ranked[1]]):
        return ""
    best = shown[ranked[0]]
    if question.kind == "number" and _conflict(question, [sentence for sentence, _ in weighed[:READ]]):
        return ""
    if question.kind == "place" and (len(ranked) > 1 or cover < PLACED):
        return ""  # sentences are full of places: only one that stands alone beside what is asked is safe
    return best if question.kind != "number" or _fits_number(question, lead, best) else ""


def _conflict(question: Question, sentences: Sequence[str]) -> bool:
    """Whether several numbers count what the question counts: a toll that rises, outlets that disagree."""
    counted = {
        candidate.casefold()
        for sentence in sentences
        for start, candidate in _candidates("number", sentence)
        if _counts(question, sentence[start + len(candidate) :])
    }
    return len(counted) > 1


def _fits_number(question: Question, sentence: str, number: str) -> bool:
    """Whether the number counts what the question counts, or is a share or an age where that is asked."""
    rest = sentence[sentence.index(number) + len(number) :]
    if _COUNTED.search(question.text.lower()):
        return _counts(question, rest)
    return number.endswith(("%", "cent")) or "old" in question.text.lower().split()


def _found(question: Question, sentence: str) -> Iterator[tuple[str, float]]:
    """Candidates in a sentence, each with how near it stands to the question's words, in (0, 1]."""
    asked = {word.casefold() for word in re.findall(r"\w+", question.text)}
    hits = [hit.start() for hit in re.finditer(r"\w{4,}", sentence) if hit[0].casefold() in asked]
    for start, candidate in _candidates(question.kind, sentence):
        words = [word.casefold() for word in re.findall(r"\w+", candidate)]
        if not any(word in asked for word in words if len(word) > 3) and not asked.issuperset(words):
            distance = min((abs(start - hit) for hit in hits), default=len(sentence))
            near = 1 / (1 + distance / NEAR)
            yield candidate, near * (COUNTED if _counts(question, sentence[start + len(candidate) :]) else 1.0)


def _counts(question: Question, rest: str) -> bool:
    """Whether the words after a number are the thing that the question counts."""
    thing = _COUNTED.search(question.text.lower())
    counted = {word[:5] for word in (thing.groups() if thing else ()) if word and word not in STOP_WORDS}
    return any(word[:5] in counted for word in re.findall(r"\w+", rest.lower())[:3])


def _candidates(kind: Kind, sentence: str) -> Iterator[tuple[int, str]]:
    if kind in _PATTERNS:
        for found in _PATTERNS[kind].finditer(sentence):
            yield found.start(), found[0]
    elif kind in ("person", "place", "country"):
        for start, name in _names(sentence):
            is_country = name in _COUNTRIES
            located = bool(_PLACE_BEFORE.search(sentence, 0, start))
            no_person = is_country or located or _NO_PERSON & set(name.split())
            speaks = _SPEAKS_AFTER.match(sentence, start + len(name)) or _SPEAKS_BEFORE.search(sentence, 0, start)
            fits = {
                "person": " " in name and not no_person and not speaks,
                "place": located,
                "country": is_country,
            }
            if fits[kind]:
                yield start, name


def _names(sentence: str) -> Iterator[tuple[int, str]]:
    """Runs of capitalised words, without the titles and common words that they begin with."""
    for found in _NAME.finditer(sentence):
        words = re.sub(r"[’']s\b", "", found[0]).split(" ")
        bare = [word.strip(".") for word in words]
        skip = max((n + 1 for n, word in enumerate(bare) if word in _TITLES), default=0)
        while skip < len(words) and bare[skip] in _NO_NAME:
            skip += 1
        if skip < len(words) and not re.search(r"-[a-z]", words[-1]):
            yield found.start() + len(" ".join(words[:skip])), " ".join(words[skip:])
