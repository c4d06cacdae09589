"""The totals of a sentence: its figures, each with what it counts, as far as form alone tells.

Only what may be held against another sentence's is one. A difference ("by 3 percent", "seven more"), a range, a part
("nine of the 22"), an age, and the number in a name are left out; a rough figure ("about 30") and the least of one
("at least six") are marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.mentions import Form, Mention, mentions
from qa.verification.facts import capitals, dates, numbers

__all__ = ["Stems", "Total", "placed", "totals"]

Stems = Callable[[str], frozenset[str]]
"""The stems of a text that tell what it is about."""


@dataclass(frozen=True, slots=True)
class Total:
    """A figure and what it counts.

    ``said`` is a substring of its sentence: the figure, and the noun behind it. It begins at ``start``, and what is
    said of it ends at ``reach``. ``unit`` tells what sizes can be compared; the size of a date is its month and day.
    ``heads``: stems of the noun behind it; ``frame``: of its clause without the figure; ``actors``: of the names before
    it there, ``places``: of those behind it with a preposition. ``periods``: months, years and quarters of the
    sentence. ``rough``: "about" or its like stands before it; ``least``: "at least" does.
    """

    said: str
    start: int
    reach: int
    form: Form
    unit: str
    size: float
    heads: frozenset[str]
    frame: frozenset[str]
    actors: frozenset[str]
    places: frozenset[str]
    periods: frozenset[str]
    rough: bool = False
    least: bool = False


_FORMS: tuple[Form, ...] = ("money", "share", "date", "duration", "number")
"""The narrower first: "12 years" is a duration, not the number 12."""
_LEAST = re.compile(r"\bat least\s$", re.IGNORECASE)
_ROUGH = re.compile(
    r"(?:\b(?:about|around|some|nearly|almost|roughly|approximately|close to|an estimated|over|(?:more|fewer|less) than"
    r"|under|above|below|up to|as (?:many|much|few|little) as|just (?:over|under)|perhaps|upwards of"
    r"|(?:shy|short) of)\s|[~<>])$",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"(?:\b(?:by|another|an? further|additional|extra|other|first|last|next|past|from|between|aged?|per|each|every"
    r"|than|top|of (?:the|its|his|her|their)|out of|(?:hundred|thousand) and|page|number|round|day|phase|week|chapter"
    r"|level|stage|part|step|category|in|within|not)\s|[–:/(#-]|\bto\s(?=[A-Z]))$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![.“\"’] )(?<!^)\b[A-Z][\w.]*\s$")
"""A name behind which a figure is its number: Article 5. What opens a sentence tells nothing by its capital."""
_PART_AFTER = re.compile(
    r"\s?[–/+-]|\s(?:to|and|or|-)\s[$£€]?\d|\s(?:[a-z]+\s)?(?:more|others?|additional|further|fewer|less|extra|times"
    r"|plus|ago|earlier|later|old)\b|\s(?:[a-z]+\s)?(?:out\s)?of\s(?:the|them|those|these|its|his|her|their|our|us|which|whom)\b"
    r"|\s(?:and\s)?(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b|\sin\s\d|\sor\s(?:so|more)\b|\s[A-Z]|\s(?:in|de)crease\b|\s(?:rise|drop|cut|jump|gain|decline|fall|hike|raise|growth)\b"
)
_AGE = re.compile(r",\s$"), re.compile(r",|\.?$|\sand\s")
_RATE = re.compile(
    r"(?:\s[a-z]+){0,4}?\s(?:per\s(?P<each>[a-z]+)"
    r"|(?:an?|each|every)\s(?P<time>second|minute|hour|day|night|week|month|quarter|year)\b)"
)
_BOUND = re.compile(
    r"[;:—()]|,(?!\d)|\s(?:and|or|but|while|when|after|before|as|with|which|who|whose|because|since|including|compared"
    r"|although|though|where|if|than)\b"
)
_STOP = re.compile(
    r"[;:—()]|,(?!\d)|\s(?:but|while|when|after|before|which|who|whose|because|since|although|if|than)\b"
)
_RISEN = re.compile(
    r"\b(?:r[io]sen?|rises|rising|climb\w*|reach\w*|st(?:ands?|ood)|gr[eo]wn?|increas\w+|br(?:ings?|ought|inging)|takes?"
    r"|taking|puts?|pushed|f[ae]ll(?:s|en)?|dropped|cut|raised|lowered)\b[^,;]{0,60}\s$"
)
_CHANGED = re.compile(
    r"\b(?:r[io]sen?|rises|rising|climb\w*|jump\w*|soar\w*|surg\w*|gain\w*|up|down|fell|fall\w*|drop\w*|declin\w*|decreas\w*"
    r"|increas\w*|gr[eo]wn?|grow\w*|lost|slow\w*|cut|raised?)\b(?!.*\b(?:to|at)\s$)"
)
"""A share of change depends on what it is counted from: only "to" or "at" makes it a total."""
_SUPPOSED = re.compile(r"\b(?:could|might|match\w*|beat|exceed\w*|surpass\w*|if)\b")
"""Before a figure that nobody says is so."""
_WHILE = re.compile(r"[^.;]{0,40}\b(?:in|over|within)\s(?:[a-z]+\s){0,3}\S+\s(?:hours|days|weeks|months|years)\b")
"""Behind a figure that is counted for a while only."""
_OTHER_TIME = re.compile(
    r"\b[Tt]he (?:most|fewest|previous|former|old|last)\b|\byears? (?:since|after)\b|\banniversary\b"
)
"""Before a figure that another event is measured by."""
_PLACED = re.compile(r"\b(?:in|at|near|for|by|of|from|across|off)\s(?:the\s)?([A-ZÀ-Þ]\w+)")
_PERIOD = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:19|20)\d\d)\b"
    r"|\b(?:first|second|third|fourth|last|this|next|previous|prior|same)\s(?:quarter|year|season|month)\b|\byear\searlier\b"
)
_HEAD = re.compile(r"\s([a-z][\w’-]+)")
_NO_HEAD = frozenset(
    """a about after again all also although an and are as at be because been before being but by could did died do
    does during each fell for from got had has have he held her his how if in into is it its later left like
    lost made met might more most of off on or out over per said saw say says sent she since so than that the
    their them then there these they this those through to told took under until up was went were what when
    where which while who will with within without won would""".split()
)


def placed(text: str) -> str:
    """The names in a text that a preposition of place stands before, with blanks between."""
    return " ".join(_PLACED.findall(text))


def totals(sentence: str, stems: Stems) -> list[Total]:
    """The totals of a sentence, in their order."""
    taken: list[Mention] = []
    for each in mentions(sentence, _FORMS, ()):
        if all(each.end <= other.start or other.end <= each.start for other in taken):
            taken.append(each)
    taken.sort(key=lambda each: each.start)
    read = (_total(sentence, taken, at, stems) for at in range(len(taken)))
    return [each for each in read if each is not None]


def _total(sentence: str, taken: Sequence[Mention], at: int, stems: Stems) -> Total | None:
    mention = taken[at]
    before, after = sentence[: mention.start], sentence[mention.end :]
    measure = _measure(mention)
    rough, least = _ROUGH.search(before), _LEAST.search(before)
    lead = before[: rough.start() if rough else least.start() if least else None]
    if measure is None or (mention.form != "date" and _is_part(lead, after)):
        return None
    left, right = _clause(sentence, taken, at)
    clause = sentence[left : mention.start], sentence[mention.end : right]
    around = " ".join(clause)
    if (
        _SUPPOSED.search(clause[0])
        or _WHILE.match(after)
        or _OTHER_TIME.search(before)
        or (mention.form == "share" and _CHANGED.search(lead))
    ):
        return None
    rate = _RATE.match(after)
    each = (rate["each"] or rate["time"]) if rate else ""
    opened = _opened(sentence, mention.start)
    lead = sentence[opened : mention.start]
    end = _head_end(sentence, mention.end) if mention.form in ("number", "share") else mention.end
    return Total(
        said=sentence[mention.start : end],
        start=mention.start,
        reach=_reach(sentence, taken, at),
        form=mention.form,
        unit=f"{measure[0]}/{each}" if each else measure[0],
        size=measure[1],
        heads=stems(sentence[mention.end : end]),
        frame=stems(around),
        actors=stems(" ".join(capitals(f", {lead}" if opened else lead))),
        places=stems(placed(clause[1])),
        periods=frozenset(found.lower() for found in _PERIOD.findall(f"{before} {after}")),
        rough=rough is not None,
        least=least is not None,
    )


def _opened(sentence: str, end: int) -> int:
    """Where the clause begins whose actors stand before ``end``: "X and Y had 5" is one."""
    return max((found.end() for found in _STOP.finditer(sentence, 0, end)), default=0)


def _reach(sentence: str, taken: Sequence[Mention], at: int) -> int:
    """Where what is said of a figure ends: at a mark, or at the next figure."""
    ends = [found.start() for found in _STOP.finditer(sentence, taken[at].end)]
    return min([len(sentence), *ends, *(each.start for each in taken[at + 1 :] if _measure(each))])


def _measure(mention: Mention) -> tuple[str, float] | None:
    """A unit and a size; None for what is no one figure, such as "dozens" and a day without its month."""
    if mention.form == "date":
        days = dates(mention.text)
        return ("day", next(iter(100.0 * month + day for month, day in days))) if len(days) == 1 else None
    text = re.sub(r"(?<=\d)m\b", " million", re.sub(r"(?<=\d)k\b", " thousand", mention.text))
    found = numbers(re.sub(r"[$£€¥]", " ", text))
    if len(found) != 1 or ("-" in mention.text[1:] and mention.form == "duration"):
        return None
    size, percent = next(iter(found))
    if mention.form == "money":
        return re.sub(r"[\d.,\s-]|(?:m|b|tr)illion|thousand|hundred|bn|(?<=\d)[mk]\b", "", mention.text).lower(), size
    if mention.form == "duration":
        return re.sub(r".*[\s-](\w+?)s?", r"\1", mention.text.lower()), size
    return ("%" if percent else ""), size


def _is_part(before: str, after: str) -> bool:
    """Whether a figure is no total by what stands around it."""
    if _PART_BEFORE.search(before) or _NUMBERED.search(before) or _PART_AFTER.match(after):
        return True
    opened, closed = _AGE
    return bool(opened.search(before) and closed.match(after))


def _head_end(sentence: str, end: int) -> int:
    """Where the noun behind a figure ends: before a word of grammar or a verb of the past, after two words at most."""
    for _ in range(3):
        found = _HEAD.match(sentence, end)
        if not found or found[1] in _NO_HEAD or found[1].endswith("ed"):
            break
        end = found.end()
    return end


def _clause(sentence: str, taken: Sequence[Mention], at: int) -> tuple[int, int]:
    """The clause of a figure: between the marks and the other figures around it.

    What rises to a figure is named where the sentence begins, however much stands between.
    """
    mention = taken[at]
    first = max((each.end for each in taken[:at]), default=0)
    last = min((each.start for each in taken[at + 1 :]), default=len(sentence))
    left = max([first, *(found.end() for found in _BOUND.finditer(sentence, first, mention.start))])
    if _RISEN.search(sentence, 0, mention.start) and not first:
        left = 0
    right = min([last, *(found.start() for found in _BOUND.finditer(sentence, mention.end, last))])
    return left, right
