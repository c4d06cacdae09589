"""Ways to make a true sentence of the news false by changing one thing: a number, a date, a negation.

Invariant: ``alteration.applied(sentence)`` differs from the sentence in ``sentence[start:end]`` alone, which lies
outside quotation marks, and says something else about the same matter, in English as good as before. Names and
speakers are in ``renamings``; what is drawn comes from a seeded source, so that a seed gives the same changes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

WIDEST = 30.0
"""A number that takes another's place is at most so many times as large or as small."""
APART = 1.25
"""What is only said about a number ("nearly") is false of one that is so many times as large."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """``sentence[start:end]`` is ``was`` and becomes ``now``. ``near``: ``now`` stands elsewhere in the passage (of a
    name: in the article), so that the claim holds nothing that its surroundings do not."""

    start: int
    end: int
    was: str
    now: str
    near: bool = False

    def applied(self, sentence: str) -> str:
        """The sentence with the change made."""
        return sentence[: self.start] + self.now + sentence[self.end :]


@dataclass(frozen=True, slots=True)
class Setting:
    """A sentence, what its passage says around it, and the whole article's text."""

    sentence: str
    around: str
    article: str


_QUOTATION = re.compile(r"“[^”]*”|\"[^\"]*\"")


def unquoted(sentence: str) -> str:
    """The sentence with blanks for what stands in quotation marks, at the same offsets."""
    return _QUOTATION.sub(lambda match: " " * len(match[0]), sentence)


def word_before(text: str, at: int) -> str:
    """The word that ends just before ``at``, "" at the beginning of the text and after a punctuation mark."""
    return match[1] if (match := re.search(r"([\w’'.&-]+) $", text[:at])) else ""


def in_capitals(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word stands right beside, so that what is there may be part of a longer name."""
    after = re.match(r"(?:’s|'s)?,? ?[A-Z]|-|–|/|’(?!s)|'(?!s)", text[end:])
    before = word_before(text, start)
    opening = not text[: start - len(before) - 1].strip() and before.lower() in _OPENINGS
    return bool(after) or (before[:1].isupper() and not opening) or text[start - 1 : start] in ("-", "–", "/", "’")


_OPENINGS = frozenset(
    """a about after all almost among an and around as at before between but by during even for from if in just more
    nearly of on only over since some than that the then this those through to under until when while with""".split()
)


# --- numbers

_ONES = "two three four five six seven eight nine ten eleven twelve".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELT = {word: float(value) for value, word in enumerate(_ONES, 2)}
_SPELT |= {word: 10.0 * value for value, word in enumerate(_TENS, 2)}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(
    r"(?<![\w.,/:#$£€–-])(?P<money>[$£€])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<scale> (?:{'|'.join(_SCALES)})\b)?(?P<share>%| per ?cent\b)?(?![\w/:(°’']|[.,]\d|[-–](?!(?:year|month|week|day"
    r"|hour|minute|mile|foot|point|time|game|yard)\b)| ?(?:[ap]\.?m\b|(?:st|nd|rd|th)\b|o’clock|to \d|and \d|or \d|-|–))"
)
_WORD = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(_SPELT)})(?P<scale> (?:{'|'.join(_SCALES)})\b)?(?P<share> per ?cent\b)?"
    r"(?![\w’']|-(?!(?:year|month|week|day|hour|minute|time|game|point|run|term)\b)| ?(?:or|to|and|hundred|of)\b)",
    re.IGNORECASE,
)
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
_NO_QUANTITY = frozenset({"911", "747", "737", "401", "24", "365"})
_ABOVE = re.compile(r"\b(?:more than|at least|over|above|exceed\w*|surpass\w*|beyond|upwards? of|topp\w+)\s$", re.I)
_BELOW = re.compile(r"\b(?:(?:less|fewer|no more) than|at most|under|below|up to|as (?:many|much) as|within)\s$", re.I)
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|roughly|some|approximately|estimated|close to|average of|just)\s$", re.I
)
_LOOSE = re.compile(r"\b(?:the|these|those|all|between|or|to|other|last|past|next|first|top|his|her|their|its)\s$", re.I)


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    text: str
    value: float
    form: tuple[str, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _numbers(text: str) -> Iterator[_Number]:
    for match in _NUMBER.finditer(text):
        digits, plain = match["digits"].replace(",", ""), not (match["money"] or match["scale"] or match["share"])
        if (plain and (_is_date(text, match) or digits in _NO_QUANTITY)) or digits.startswith("0"):
            continue
        kind = match["money"] or ("share" if match["share"] else "count")
        form = (kind, "scaled" if match["scale"] else "", "." if "." in digits else "", match["share"] or "")
        yield _Number(match.start(), match[0], float(digits) * _SCALES.get((match["scale"] or "").strip(), 1), form)
    for match in _WORD.finditer(text):
        if match["word"][0].isupper() and match.start() and text[match.start() - 2 : match.start()] != ". ":
            continue  # "the Big Ten"
        value = _SPELT[match["word"].lower()] * _SCALES.get((match["scale"] or "").strip(), 1)
        yield _Number(match.start(), match[0], value, ("word", match["scale"] or "", match["share"] or ""))


def _is_date(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    year = re.fullmatch(r"1[5-9]\d\d|20\d\d", match["digits"])
    return bool(year or re.search(rf"{_MONTH} $", before) or re.match(rf" {_MONTH}", after))


def number(setting: Setting, chance: Random) -> list[Alteration]:
    """Another number in place of one: of the same form from the passage, or the same with other digits."""
    free = unquoted(setting.sentence)
    own = list(_numbers(free))
    said = [one.value for one in _numbers(setting.sentence)]
    found = []
    for one in own:
        before = free[: one.start]
        if in_capitals(free, one.start, one.end) or before.endswith("round of ") or said.count(one.value) > 1 or _loose(one, before):
            continue
        others = {each.text: each.value for each in _numbers(setting.around) if each.form == one.form}
        for now, value in others.items():
            if _falsifies(one, value, before, said) and 1 / WIDEST <= value / one.value <= WIDEST:
                found.append(Alteration(one.start, one.end, one.text, _cased(now, one.text), near=True))
        for now, value in _altered(one, chance):
            if _falsifies(one, value, before, said) and now.lower() not in setting.around.lower():
                found.append(Alteration(one.start, one.end, one.text, now))
    return found


def _loose(one: _Number, before: str) -> bool:
    """Whether the number only points back ("the two men"), or is one, whose noun has no plural."""
    return one.value <= 1 or (one.form[0] == "word" and _LOOSE.search(before) is not None)


def _falsifies(one: _Number, value: float, before: str, said: Iterable[float]) -> bool:
    """Whether the sentence is false with ``value``: "more than 100" is true of what is more than 300."""
    if value in said or value <= 1 or (one.form[0] == "share" and (value > 100) != (one.value > 100)):
        return False
    if _ABOVE.search(before):
        return value > one.value * APART
    if _BELOW.search(before):
        return value * APART < one.value
    if _ABOUT.search(before):
        return max(value / one.value, one.value / value) > APART
    return True


def _altered(one: _Number, chance: Random) -> Iterator[tuple[str, float]]:
    """The number with one digit changed, two exchanged, or another scale; a spelt number as another one."""
    if one.form[0] == "word":
        word = one.text.split()[0].lower()
        other = chance.choice([each for each in (_ONES if word in _ONES else _TENS) if each != word])
        now = _cased(other + one.text[len(word) :], one.text)
        yield now, _SPELT[other] * one.value / _SPELT[word]
        return
    places = [at for at, each in enumerate(one.text) if each.isdigit()]
    at = chance.choice(places)
    digit = chance.choice([each for each in "123456789" if each != one.text[at]])
    yield from _read(one.text[:at] + digit + one.text[at + 1 :])
    scale = next((each for each in ("million", "billion") if each in one.text), "")
    if scale:
        yield from _read(one.text.replace(scale, "billion" if scale == "million" else "million"))
    left, right = places[0], places[-1]
    if len(places) > 1 and one.text[right] != "0" and one.text[left] != one.text[right]:
        middle = one.text[left + 1 : right]
        yield from _read(one.text[:left] + one.text[right] + middle + one.text[left] + one.text[right + 1 :])


def _read(text: str) -> Iterator[tuple[str, float]]:
    yield from ((one.text, one.value) for one in _numbers(text) if one.text == text)


def _cased(now: str, was: str) -> str:
    return now[0].upper() + now[1:] if was[0].isupper() else now[0].lower() + now[1:]


# --- dates

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DAY = re.compile(rf"(?<![\w-])(?:{'|'.join(_DAYS)})(?![\w-])")
_MONTH_DAY = re.compile(rf"(?<!\w)(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?![\w:/–-]| (?:to|and|or|through) )")
_DAY_MONTH = re.compile(rf"(?<![\w:/–-])(?P<day>\d{{1,2}}) (?P<month>{_MONTH})(?!\w)")
_MONTH_ALONE = re.compile(rf"(?<=\b[Ii]n )(?:{'|'.join(_MONTHS)})(?![\w-]| \d)|(?<=\blast )(?:{'|'.join(_MONTHS)})(?![\w-]| \d)")
_YEAR = re.compile(r"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\bthe )|(?<=\d, )|(?<=[a-z]{2}ber )|(?<=uary ))(?:19|20)\d\d(?![\w/–-])")
_RELATIVE = {
    "last week": ("last month", "last year"),
    "last month": ("last week", "last year"),
    "last year": ("last month", "two years ago"),
    "next week": ("next month", "next year"),
    "next month": ("next week", "next year"),
    "next year": ("next month", "in two years"),
    "yesterday": ("two days ago", "last week"),
    "tomorrow": ("next week", "next month"),
}
_AGO = re.compile(rf"(?<!the )\b(?:{'|'.join(_RELATIVE)})\b(?!’|'| to\b)")
_FEASTS = frozenset({(1, 6), (7, 4), (9, 11), (12, 25), (12, 24), (12, 31), (1, 1), (2, 14), (10, 31), (6, 19)})


def date(setting: Setting, chance: Random) -> list[Alteration]:
    """Another weekday, day, month, year or distance in time in place of one."""
    free = unquoted(setting.sentence)
    found = [*_weekdays(free, setting, chance), *_calendar_days(free, setting, chance), *_years(free, setting, chance)]
    for match in _MONTH_ALONE.finditer(free):
        found += _others(match, _MONTHS, setting, chance)
    for match in _AGO.finditer(free):
        now = chance.choice(_RELATIVE[match[0]])
        found.append(Alteration(*match.span(), match[0], now, near=now in setting.around))
    return [each for each in found if not in_capitals(free, each.start, each.end)]


def _others(match: re.Match[str], words: list[str], setting: Setting, chance: Random) -> Iterator[Alteration]:
    """One of ``words`` in place of the match, from the passage where it holds one, and one that it does not hold."""
    others = [each for each in words if each not in setting.sentence]
    for near in (True, False):
        fitting = [each for each in others if (each in setting.around) == near]
        if fitting:
            yield Alteration(*match.span(), match[0], chance.choice(fitting), near=near)


def _weekdays(free: str, setting: Setting, chance: Random) -> Iterator[Alteration]:
    for match in _DAY.finditer(free):
        if not re.match(rf",? {_MONTH}", free[match.end() :]):
            yield from _others(match, _DAYS, setting, chance)


def _calendar_days(free: str, setting: Setting, chance: Random) -> Iterator[Alteration]:
    """Another day of the month, or the month and day of another date in the passage."""
    for form in (_MONTH_DAY, _DAY_MONTH):
        for match in form.finditer(free):
            month = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(match["month"][:3]))
            if (month, int(match["day"])) in _FEASTS or word_before(free, match.start()).rstrip(",") in _DAYS:
                continue
            if re.search(rf"(?:{'|'.join(_DAYS)}), $", free[: match.start()]):
                continue
            others = [other[0] for other in form.finditer(setting.around) if other[0][:3] != match[0][:3] or
                      other["day"] != match["day"]]
            if others:
                yield Alteration(*match.span(), match[0], chance.choice(others), near=True)
            day = chance.choice([each for each in range(1, 29) if abs(each - int(match["day"])) > 1])
            now = match[0].replace(match["day"], str(day))
            if now not in setting.article:
                yield Alteration(*match.span(), match[0], now)


def _years(free: str, setting: Setting, chance: Random) -> Iterator[Alteration]:
    for match in _YEAR.finditer(free):
        year = int(match[0])
        others = {other for other in re.findall(r"(?<![\w,.$-])(?:19|20)\d\d(?![\w,.]\d|\w)", setting.around)}
        others = {other for other in others if other not in setting.sentence and abs(int(other) - year) <= 40}
        if others:
            yield Alteration(*match.span(), match[0], chance.choice(sorted(others)), near=True)
        now = str(year + chance.choice([-9, -7, -6, -5, -4, -3, -2, -1]))
        if now not in setting.article:
            yield Alteration(*match.span(), match[0], now)


# --- negation

_NEGATIVE = re.compile(
    r"\b(?:not|\w+n[’']t|cannot|never|no|none|nothing|nobody|neither|nor|without|hardly|barely|rarely|few|little|only"
    r"|unable|failed|fails|denied|refused|lack\w*)\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(r"\b(?:if|whether|unless|until|than|as|how|what|why|when|where|there|or|either|both|whatever)\b", re.I)
_PARTICIPLE = (
    r"(?:\w+ed|been|become|made|taken|seen|gone|come|won|lost|done|found|given|held|led|left|met|paid|put|run|sold|sent"
    r"|shown|spent|told|begun|grown|fallen|risen|written|spoken|broken|chosen|driven|hit|cut|set|kept|brought|caught"
    r"|built|bought)\b"
)
_POSITIVE = re.compile(
    rf"(?<=[a-z\d”’] )(?P<aux>is|are|was|were|will|would|can|should|(?:has|have|had)(?= {_PARTICIPLE}))(?= (?P<next>[a-z]+))"
)
_STUCK = frozenset(
    """already also still just only even both either almost nearly about roughly approximately some several most many
    always often sometimes so such too again now once how what why when where because more less over up among then
    something someone somewhere""".split()
)
_CONTRACTED = {"will": "won't", "can": "can't"}
_NEGATED = re.compile(
    r"\b(?P<aux>is|are|was|were|has|have|had|will|would|could|should|did|does|do|can)"
    r"(?P<mark> not| never|not|n[’']t)\b(?= (?P<next>[a-z]+))|\b(?P<odd>won|can)[’']t\b(?= (?P<after>[a-z]+))"
)
_NO_THINGS = re.compile(
    r"(?<=[a-z] )(?:(?P<verb>is|are|was|were|has|have|had|with) )no (?=(?:evidence|plans|injuries|signs|casualties|deaths"
    r"|survivors|indications|details|reports|suspects|arrests|problems|restrictions|limits)\b)"
)
_KEPT = frozenset("only just merely simply necessarily all every everyone always even much enough so a yet long many be".split())
_POLAR = re.compile(r"\b(?:any\w*|ever|yet|either|at all|until|nor|but|instead|rather|because|since|anymore|much|exactly)\b", re.I)


def negation(setting: Setting, chance: Random) -> list[Alteration]:
    """A negation put in or left out."""
    free = unquoted(setting.sentence)
    if len(_NEGATIVE.findall(free)) > 1 or _UNSURE.search(free):
        return []
    return [*_denied(free, setting.sentence, chance), *_affirmed(free, setting.sentence)]


def _denied(free: str, sentence: str, chance: Random) -> Iterator[Alteration]:
    if _NEGATIVE.search(sentence):
        return
    for match in _POSITIVE.finditer(free):
        aux, following = match["aux"], match["next"]
        if following in _STUCK or following.endswith("ly") or word_before(free, match.start()) in ("the", "a", "his"):
            continue
        ways = ["cannot" if aux == "can" else f"{aux} not", _CONTRACTED.get(aux, f"{aux}n't")]
        if aux in ("has", "have", "had"):
            ways.append(f"{aux} never")
        yield Alteration(*match.span(), aux, chance.choice(ways))


def _affirmed(free: str, sentence: str) -> Iterator[Alteration]:
    for match in _NEGATED.finditer(free):
        following = match["next"] or match["after"]
        if following not in _KEPT and not _POLAR.search(sentence[match.end() :]):
            yield Alteration(*match.span(), match[0], match["aux"] or {"won": "will", "can": "can"}[match["odd"]])
    for match in _NO_THINGS.finditer(free):
        if not _POLAR.search(sentence[match.end() :]):
            yield Alteration(*match.span(), match[0], f"{match['verb']} ")
