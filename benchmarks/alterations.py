"""Ways to make a true sentence of the news false by changing one thing: here a date or a negation.

Invariant: ``alteration.applied(sentence)`` differs from the sentence in ``sentence[start:end]`` alone, which lies
outside quotation marks, and says something else about the same matter, in English as good as before. What is drawn
comes from a seeded source, so that a seed gives the same changes again. Numbers are in ``renumberings``, names and
speakers in ``renamings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Alteration:
    """``sentence[start:end]`` is ``was`` and becomes ``now``.

    ``near``: ``now`` stands elsewhere in the passage (a name, in the article), so that the claim holds nothing that its
    surroundings do not hold.
    """

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


def article_fits(sentence: str, one: Alteration) -> bool:
    """Whether "a" or "an" in front of what is changed still goes with it."""
    if word_before(sentence, one.start).lower() not in ("a", "an"):
        return True
    was, now = (re.match(r"[aeiouAEIOU]|8|1[18]\b", word) is not None for word in (one.was, one.now))
    return was == now


def in_capitals(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word stands right beside, so that what is there may be part of a longer name."""
    after = re.match(r"(?:’s|'s)?,? ?[A-Z]| \d+ers| of [A-Z]|-|–|/|’(?!s)|'(?!s)", text[end:])
    before = word_before(text, start)
    opening = not text[: start - len(before) - 1].strip() and before.lower() in _OPENINGS
    return bool(after) or (before[:1].isupper() and not opening) or text[start - 1 : start] in ("-", "–", "/", "’")


_OPENINGS = frozenset(
    """a about after all almost among an and around as at before between but by during even for from if in just more
    nearly of on only over since some than that the then this those through to under until when while with""".split()
)


# --- dates

MONTHS = "January February March April May June July August September October November December".split()
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DAY = re.compile(rf"(?<![\w-])(?:{'|'.join(_DAYS)})(?![\w-])")
_MONTH_DAY = re.compile(rf"(?<!\w)(?P<month>{MONTH}) (?P<day>\d{{1,2}})(?![\w:/–-]| (?:to|and|or|through) )")
_DAY_MONTH = re.compile(rf"(?<![\w:/–-])(?P<day>\d{{1,2}}) (?P<month>{MONTH})(?!\w)")
_MONTH_ALONE = re.compile(
    rf"(?<=\b[Ii]n )(?:{'|'.join(MONTHS)})(?![\w-]| \d)|(?<=\blast )(?:{'|'.join(MONTHS)})(?![\w-]| \d)"
)
_YEAR = re.compile(
    r"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\bthe )|(?<=\d, )|(?<=[a-z]{2}ber )|(?<=uary ))(?:19|20)\d\d(?![\w/–-])"
)
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
        found += _others(match, MONTHS, setting, chance)
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
        if not re.match(rf",? {MONTH}", free[match.end() :]):
            yield from _others(match, _DAYS, setting, chance)


def _calendar_days(free: str, setting: Setting, chance: Random) -> Iterator[Alteration]:
    """Another day of the month, or the month and day of another date in the passage."""
    for form in (_MONTH_DAY, _DAY_MONTH):
        for match in form.finditer(free):
            month = next(at for at, name in enumerate(MONTHS, 1) if name.startswith(match["month"][:3]))
            if (month, int(match["day"])) in _FEASTS or word_before(free, match.start()).rstrip(",") in _DAYS:
                continue
            if re.search(rf"(?:{'|'.join(_DAYS)}), $", free[: match.start()]):
                continue
            others = [
                other[0]
                for other in form.finditer(setting.around)
                if other[0][:3] != match[0][:3] or other["day"] != match["day"]
            ]
            if others:
                yield Alteration(*match.span(), match[0], chance.choice(others), near=True)
            day = chance.choice([each for each in range(1, 29) if abs(each - int(match["day"])) > 1])
            now = match[0].replace(match["day"], str(day))
            if now not in setting.article:
                yield Alteration(*match.span(), match[0], now)


def _years(free: str, setting: Setting, chance: Random) -> Iterator[Alteration]:
    for match in _YEAR.finditer(free):
        year = int(match[0])
        others = set(re.findall(r"(?<![\w,.$-])(?:19|20)\d\d(?![\w,.]\d|\w)", setting.around))
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
_UNSURE = re.compile(
    r"\b(?:if|whether|unless|until|than|as|how|what|why|when|where|there|or|either|both|whatever)\b", re.IGNORECASE
)
_PARTICIPLE = (
    r"(?:\w+ed|been|become|made|taken|seen|gone|come|won|lost|done|found|given|held|led|left|met|paid|put|run|sold|sent"
    r"|shown|spent|told|begun|grown|fallen|risen|written|spoken|broken|chosen|driven|hit|cut|set|kept|brought|caught"
    r"|built|bought)\b"
)
_POSITIVE = re.compile(
    rf"(?<=[a-z\d”’] )(?P<aux>is|are|was|were|will|would|can|should|(?:has|have|had)(?= {_PARTICIPLE}))"
    r"(?= (?P<next>[a-z]+))"
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
    r"(?<=[a-z] )(?:(?P<verb>is|are|was|were|has|have|had|with) )no (?=(?:evidence|plans|injuries|signs|casualties"
    r"|deaths|survivors|indications|details|reports|suspects|arrests|problems|restrictions|limits)\b)"
)
_KEPT = frozenset(
    "only just merely simply necessarily all every everyone always even much enough so a yet long many be".split()
)
_POLAR = re.compile(
    r"\b(?:any\w*|ever|yet|either|at all|until|nor|but|instead|rather|because|since|anymore|much|exactly"
    r"|for (?:several|many|years|long))\b",
    re.IGNORECASE,
)


def negation(setting: Setting, chance: Random) -> list[Alteration]:
    """A negation put in or left out."""
    free = unquoted(setting.sentence)
    if len(_NEGATIVE.findall(free)) > 1 or _UNSURE.search(free):
        return []
    return [*_denied(free, setting.sentence, chance), *_affirmed(free, setting.sentence)]


_SOME = re.compile(r"(?:\d|\b(?:two|three|four|five|six|dozens|hundreds|thousands|all|each|many|others))(?: \w+)? $")
"""A subject of which both can be true: "two people have died", "two people have not died"."""
_BOUND = re.compile(r"\b(?:before|after|once|since|because|while)\b[^,;]*$", re.IGNORECASE)
"""The beginning of a clause that has no sense when denied: "before service can resume"."""


def _denied(free: str, sentence: str, chance: Random) -> Iterator[Alteration]:
    if _NEGATIVE.search(sentence):
        return
    for match in _POSITIVE.finditer(free):
        aux, following = match["aux"], match["next"]
        if following in _STUCK or following.endswith("ly") or word_before(free, match.start()) in ("the", "a", "his"):
            continue
        if _SOME.search(free[: match.start()]) or _BOUND.search(free[: match.start()]):
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
