"""The totals of a sentence: its figures, each with what it counts, as far as form alone tells.

Only what may be held against another sentence's is one. A difference ("by 3 percent", "seven more"), a range, a part
("nine of the 22"), an age, and the number in a name are left out; a rough figure ("about 30") and the least of one
("at least six") are marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answers.candidates import Form, Mention, mentions
from qa.answers.facts import dates, numbers

__all__ = ["Stems", "Total", "totals"]

Stems = Callable[[str], frozenset[str]]
"""The stems of a text that tell what it is about."""


@dataclass(frozen=True, slots=True)
class Total:
    """A figure and what it counts.

    ``said`` is a substring of its sentence: the figure, and the noun behind it. ``unit`` tells what sizes can be
    compared; the size of a date is its month and day. ``heads``: stems of the noun behind it; ``frame``: of all of
    its clause, the figure left out. ``periods``: months, years and quarters of the clause. ``rough``: "about" and its
    like stand before it; ``least``: "at least" does.
    """

    said: str
    start: int
    form: Form
    unit: str
    size: float
    heads: frozenset[str]
    frame: frozenset[str]
    periods: frozenset[str]
    rough: bool = False
    least: bool = False


_FORMS: tuple[Form, ...] = ("money", "share", "date", "duration", "number")
"""The narrower first: "12 years" is a duration, not the number 12."""
_LEAST = re.compile(r"\bat least\s$", re.IGNORECASE)
_ROUGH = re.compile(
    r"(?:\b(?:about|around|some|nearly|almost|roughly|approximately|close to|an estimated|over|(?:more|fewer|less) than"
    r"|under|above|below|up to|as (?:many|much|few|little) as|just (?:over|under)|perhaps|upwards of)\s|[~<>])$",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"(?:\b(?:by|another|an? further|additional|extra|other|first|last|next|past|from|between|aged?|per|each|every"
    r"|than|of (?:the|its|his|her|their)|out of|page|number|in|within|not)\s|[–:/(#-]|\bto\s(?=[A-Z]))$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![.“\"’] )(?<!^)\b[A-Z][\w.]*\s$")
"""A name behind which a figure is its number: Article 5. What opens a sentence tells nothing by its capital."""
_PART_AFTER = re.compile(
    r"\s?[–/+-]|\s(?:to|and|or|-)\s[$£€]?\d|\s(?:[a-z]+\s)?(?:more|others?|additional|further|fewer|less|extra|times"
    r"|plus|ago|earlier|later|old)\b|\s(?:[a-z]+\s)?(?:out\s)?of\s(?:the|them|those|these|its|his|her|their|our|us|which|whom)\b"
    r"|\sin\s\d|\sor\s(?:so|more)\b|\s[A-Z]|st\b|nd\b|rd\b|th\b"
)
_AGE = re.compile(r",\s$"), re.compile(r",|\.?$|\sand\s")
_RATE = re.compile(r"(?:\s[a-z]+){0,2}\s(a|an|per|each|every)\s(second|minute|hour|day|night|week|month|quarter|year)\b")
_BOUND = re.compile(
    r"[;:—()]|,(?!\d)|\s(?:and|or|but|while|when|after|before|as|with|which|who|whose|because|since|including|compared"
    r"|although|though|where|if|than)\b"
)
_RISEN = re.compile(
    r"\b(?:r[io]sen?|rises|rising|climb\w*|reach\w*|st(?:ands?|ood)|gr[eo]wn?|increas\w+|br(?:ings?|ought|inging)|takes?"
    r"|taking|puts?|pushed|f[ae]ll(?:s|en)?|dropped|cut|raised|lowered)\b[^,;]{0,60}\s$"
)
_PERIOD = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:19|20)\d\d)\b"
    r"|\b(?:first|second|third|fourth|last|this|next|previous|prior|same)\s(?:quarter|year|season|month)\b|\byear\searlier\b"
)
_HEAD = re.compile(r"\s([a-z][\w’-]+)")
_NO_HEAD = frozenset(
    """a about after again all also although an and are as at be because been before being but by could did do does
    during each for from had has have he her his how if in into is it its later like might more most of off on or out
    over per said say says she since so than that the their them then there these they this those through to under
    until up was were what when where which while who will with within without would""".split()
)


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
    rate = _RATE.match(after)
    end = _head_end(sentence, mention.end) if mention.form in ("number", "share") else mention.end
    left, right = _clause(sentence, taken, at)
    around = f"{sentence[left : mention.start]} {sentence[mention.end : right]}"
    return Total(
        said=sentence[mention.start : end],
        start=mention.start,
        form=mention.form,
        unit=f"{measure[0]}/{rate[2]}" if rate else measure[0],
        size=measure[1],
        heads=stems(sentence[mention.end : end]),
        frame=stems(around),
        periods=frozenset(found.lower() for found in _PERIOD.findall(around)),
        rough=rough is not None,
        least=least is not None,
    )


def _measure(mention: Mention) -> tuple[str, float] | None:
    """A unit and a size; None for what is no one figure, such as "dozens" and a day without its month."""
    if mention.form == "date":
        days = dates(mention.text)
        return ("day", next(iter(100.0 * month + day for month, day in days))) if len(days) == 1 else None
    text = re.sub(r"(?<=\d)m\b", " million", re.sub(r"(?<=\d)k\b", " thousand", mention.text))
    found = numbers(re.sub(r"[$£€¥]", " ", text))
    if len(found) != 1:
        return None
    size, percent = next(iter(found))
    if mention.form == "money":
        return re.sub(r"[\d.,\s-]|(?:m|b|tr)illion|thousand|hundred|bn|(?<!\w)[mk]\b", "", mention.text).lower(), size
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
    for _ in range(2):
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
