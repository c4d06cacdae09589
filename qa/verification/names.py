"""The names of a sentence, and whether two of them may mean the same person, place or body.

A surname stands for a full name, an acronym for what it abbreviates, "French" for France; titles are no part of a
name. Another first name before the same surname is another person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from qa.verification import facts
from qa.verification.facts import Name
from qa.verification.words import Word, fold

_TITLES = frozenset(
    """president vice minister secretary senator sen representative rep governor gov mayor gen general colonel col major
    commander justice chancellor dr mr mrs ms miss sir lady lord dame professor prof ambassador chairman chairwoman
    inspector detective sergeant officer superintendent premier archbishop bishop cardinal lt captain capt congressman
    congresswoman ceo speaker leader king queen prince princess duke duchess pope coach judge prime chief executive
    former the republican republicans democrat democrats director deputy head foreign attorney spokesman spokeswoman
    spokesperson reverend rev father sister st saint jr sr ii iii iv actor singer author founder""".split()
)
_IRREGULAR = """
    france french; netherlands dutch holland; greece greek; spain spanish spaniard; switzerland swiss; denmark
    danish dane; wales welsh; uk britain british briton kingdom england english; us usa america american states;
    china chinese; norway norwegian; sweden swedish swede; finland finnish finn; ireland irish; scotland scottish
    scot; poland polish pole; turkey turkish turk turkiye; thailand thai; czechia czech; philippines filipino
    philippine; afghanistan afghan; peru peruvian; ukraine ukrainian; taiwan taiwanese; portugal portuguese; israel
    israeli; iraq iraqi; pakistan pakistani; niger nigerien; saudi saudis arabia; eu european europe; un nations;
    germany german; kazakhstan kazakh; uzbekistan uzbek; lebanon lebanese; argentina argentine argentinian; cuba
    cuban; serbia serbian serb; croatia croatian croat; vatican; russia russian; japan japanese; iceland icelandic;
    kosovo kosovar; congo congolese; cyprus cypriot; monaco monegasque; burma myanmar
"""
"""Countries with their peoples, where no rule tells one from the other."""
_SAME = {word: n for n, line in enumerate(_IRREGULAR.split(";")) for word in line.split()}
_DEMONYM = re.compile(r"(?:ians?|eans?|ans?|ese|ish|ic|is?|ers?|ns?)\Z")
_LAND = frozenset(("", "a", "e", "y", "ia", "o", "us", "any", "land", "en", "ey", "al", "an", "ea", "on", "os", "ua"))
_SMALL = frozenset("of for the and in on at de la".split())
_PLAIN_OPENING = frozenset(
    """police officials researchers scientists doctors experts critics ministers lawmakers residents witnesses
    prosecutors authorities investigators analysts protesters voters counsel organisers organizers republicans
    democrats speaking asked today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december two three four five six seven eight
    nine ten first second third both everyone nobody someone anyone whether such like just people passengers workers
    additionally finally similarly furthermore consequently specifically overall yes no""".split()
)
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december""".split()
)
Forms = Collection[str]
"""The folded words of a text that may stand for one another."""


def names(text: str, known: Forms, common: Forms) -> list[Name]:
    """The names of a sentence without what is only a day or a month.

    ``known``: folded words that stand with a capital inside the texts at hand; ``common``: those that stand small
    there. Both decide on a word that opens a sentence, where a capital says nothing.
    """
    acting = _ACTING.match(text)

    def is_name(word: str) -> bool:
        folded = fold(word)
        if folded in _PLAIN_OPENING or (folded in common and folded not in known):
            return False
        return folded in known or (len(word) > 1 and word.isupper()) or (acting is not None and acting[1] == word)

    found = facts.names_at(text, is_name)
    trimmed = (_trimmed(text, each) for each in found)
    return [each for each in trimmed if any(fold(word) not in _CALENDAR and len(word) > 1 for word in each.words)]


def _trimmed(text: str, name: Name) -> Name:
    """A name without the days and months at either end."""
    inside = [at for at, word in enumerate(name.words) if fold(word) not in _CALENDAR]
    if not inside or len(inside) == len(name.words):
        return name
    kept = name.words[inside[0] : inside[-1] + 1]
    start = text.find(kept[0], name.start + sum(map(len, name.words[: inside[0]])))
    end = text.rfind(kept[-1], start, name.end - sum(map(len, name.words[inside[-1] + 1 :]))) + len(kept[-1])
    return Name(start, end, kept) if name.start <= start < end <= name.end else name


def capitals(text: str) -> frozenset[str]:
    """The folded words that stand with a capital behind a small word, a comma or a blank inside a sentence."""
    return frozenset(fold(found[1]) for found in _INSIDE.finditer(text))


_ACTING = re.compile(
    r"\W{0,3}([A-ZÀ-Þ][\w-]*?[a-z])(?:[’']s|\s(?:said|says|told|tells|added|adds|wrote|writes|denied|argued|argues|claimed"
    r"|warned|noted|explained|replied|tweeted|suggested|insisted|announced|testified|acknowledged|admitted))\b"
)
"""A word that opens a sentence and says or has something is a name, unless it is known small."""
_INSIDE = re.compile(r"(?<=[\w,;] )([A-ZÀ-Þ][^\W\d_]*)")


def core(name: Name) -> tuple[str, ...]:
    """The folded words of a name without titles, months and days; all of them where nothing else is left."""
    words = tuple(part for word in name.words for part in _parts(word))
    proper = tuple(word for word in words if word not in _TITLES and word not in _CALENDAR)
    return proper or words


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    pieces = [word] if "." in word else re.split(r"[-–]", word)
    return tuple(folded for piece in pieces if (folded := fold(piece.replace(".", ""))))


def known(name: Name, forms: Forms) -> bool:
    """Whether every word of a name, or one that may stand for it, is among those of a text."""
    proper = core(name)
    return all(word in forms or any(alike(word, other) for other in _near(word, forms)) for word in proper)


def _near(word: str, forms: Forms) -> list[str]:
    group = _SAME.get(word)
    return [other for other in forms if other[:2] == word[:2] or (group is not None and _SAME.get(other) == group)]


@lru_cache(maxsize=65_536)
def alike(one: str, other: str) -> bool:
    """Whether two folded words mean one name: equal but for a plural, or a country and its people."""
    if one in (other, f"{other}s") or other == f"{one}s":
        return True
    ours, theirs = (_SAME.get(word, _SAME.get(word.removesuffix("s"))) for word in (one, other))
    if ours is not None and theirs is not None:
        return ours == theirs
    return _of_land(one, other) or _of_land(other, one)


def _of_land(people: str, land: str) -> bool:
    ending = _DEMONYM.search(people)
    if not ending or len(people) < 5 or people in _SAME:
        return False
    stems = {people[: ending.start()], _DEMONYM.sub("", people)}
    return any(len(root) > 2 and land.startswith(root) and land[len(root) :] in _LAND for root in stems)


def is_land(word: str) -> bool:
    """Whether a folded word is one of the better known countries or peoples."""
    return word in _SAME


def may_open(word: Word, common: Forms) -> bool:
    """Whether the word that opens a sentence may be a name: it has a capital and is not known to be written small."""
    if not word.capital or word.folded in common or word.folded in _PLAIN_OPENING or word.folded in _CALENDAR:
        return False
    return word.counts and len(word.folded) > 2


def same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two cores may be one name: the words of the shorter end or begin the longer, or abbreviate it."""
    short, long = sorted((tuple(one), tuple(other)), key=len)
    if not short:
        return False
    if len(short) == 1 and is_acronym(short[0], long):
        return True
    ends = all(alike(a, b) for a, b in zip(reversed(short), reversed(long), strict=False))
    begins = all(alike(a, b) for a, b in zip(short, long, strict=False))
    if ends or begins:
        return True
    initials = len(short) == len(long) and alike(short[-1], long[-1]) and min(len(short[0]), len(long[0])) == 1
    return (initials and short[0][0] == long[0][0]) or (len(short) > 1 and set(short) <= set(long))


def is_acronym(short: str, long: Sequence[str]) -> bool:
    """Whether a folded word is made of the first letters of the words of a name."""
    letters = "".join(word[0] for word in long if word not in _SMALL)
    return len(long) > 1 and len(short) > 1 and short in (letters, "".join(word[0] for word in long))


def acronyms(found: Sequence[Name]) -> frozenset[str]:
    """The folded acronyms of the longer names."""
    made = (tuple(fold(word) for word in each.words) for each in found)
    return frozenset(
        "".join(word[0] for word in words if word and word not in _SMALL) for words in made if len(words) > 1
    )
