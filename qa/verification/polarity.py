"""Whether a claim denies what its evidence affirms, or the other way round, as far as the words alone tell.

Two signs: a negation on one side only, in front of the same words, and a word whose opposite stands in its place
("rose", "fell"). Where both come together they cancel each other ("did not accept", "rejected").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qa.verification.words import Word, stem

NEGATORS = frozenset("not no never nor neither nobody none nothing without nowhere hardly barely".split())
"""Folded words that deny what follows."""
DENIERS = frozenset(
    """non declin refus fail deni reject unlik unabl imposs fals untru disput refut rule ban bar forbid forbad prohibit
    prevent cancel lack scrap abandon denial refusal failur dismiss halt suspend stop avoid exclud""".split()
)
"""Stems that deny without a negation: with one of them on either side, negations cannot be compared."""

_OPPOSITES = """
    rise rose risen increase grow grew grown climb gain up higher jump surge soar raise raised expand / fall fell
    fallen decrease drop decline shrink shrank down lower plunge tumble reduce cut slump dip slip lost
    lose shed; win won victory
    beat defeat / lose lost loss lost; accept approve agree back support endorse adopt pass passed favour favor /
    reject oppose refuse veto block decline against; before ahead / after following; more most greater / less least
    fewer; first earliest / last latest final; all every everyone always / none no never nobody; allow permit let
    legal legalise lawful / ban forbid forbade prohibit bar illegal unlawful; start begin began begun open opened
    launch commence / end finish stop stopped close closed halt conclude; arrive enter join / leave left depart
    quit; guilty convict convicted / innocent acquit acquitted; confirm admit acknowledge confirmed / deny denied
    dispute; buy bought purchase acquire / sell sold; hire appoint / fire sack dismiss; alive survive survived /
    dead die died kill killed; above over exceed / below under; success succeed successful / fail failed failure
    unsuccessful; strong stronger strengthen / weak weaker weaken; possible likely able can / impossible unlikely
    unable cannot; true correct accurate / false wrong incorrect inaccurate; safe / dangerous unsafe; profit / loss;
    improve better best / worsen worse worst; hot warm hottest warmest / cold cool coldest coolest; high highest /
    low lowest; large largest big biggest / small smallest; old oldest older / young youngest younger; long longest
    / short shortest; same / different; public / private; male man men boy father son husband / female woman women
    girl mother daughter wife; north northern / south southern; east eastern / west western; left / right; early
    earlier / late later; inside / outside; include included / exclude excluded; create build built / destroy
    demolish; arrest detain detained / release released free freed; import / export; attack / defend; love / hate;
    rich / poor; majority / minority; maximum / minimum; present / absent; hope / fear; praise praised / criticise
    criticised criticize criticized condemn condemned; extend extended / shorten shortened; ally allies friend /
    enemy enemies; lend / borrow; lift lifted / impose imposed; suspend suspended revoke revoked withdraw withdrawn
    / renew renewed restore restored reinstate reinstated grant granted; protest opposition against / support favour
    favor; happy pleased / unhappy sad angry; fast faster / slow slower; full / empty; heavy heavier / light lighter;
    speed speeds sped accelerate accelerates accelerated / slow slows slowed delay; for / against; uphold upheld
    sustain / overturn overturned quash quashed
"""
"""Pairs of what excludes each other in the news, as folded words."""


@lru_cache(maxsize=1)
def _sides() -> dict[str, list[tuple[int, int]]]:
    """By folded word and by stem the pairs that it is in, and on which side."""
    found: dict[str, list[tuple[int, int]]] = {}
    for pair, line in enumerate(_OPPOSITES.split(";")):
        for side, words in enumerate(line.split("/")):
            for word in words.split():
                for form in {word, stem(word)}:
                    found.setdefault(form, []).append((pair, side))
    return found


@lru_cache(maxsize=65_536)
def _places(folded: str, stemmed: str) -> tuple[tuple[int, int], ...]:
    sides = _sides()
    return tuple(sides.get(folded) or sides.get(stemmed) or ())


def has_opposite(word: Word) -> bool:
    """Whether a word is known to have an opposite."""
    return bool(_places(word.folded, word.stem))


def opposite(one: Word, other: Word) -> bool:
    """Whether two words are opposites."""
    theirs = _places(other.folded, other.stem)
    return any((pair, 1 - side) in theirs for pair, side in _places(one.folded, one.stem))


def negations(found: Sequence[Word]) -> list[int]:
    """The places of the negations that deny something: "not only" and "no more than" do not."""
    places = []
    for at, word in enumerate(found):
        behind = found[at + 1].folded if at + 1 < len(found) else ""
        beyond = found[at + 2].folded if at + 2 < len(found) else ""
        if word.folded not in NEGATORS or (
            word.folded == "not" and behind in ("only", "least", "just", "merely", "simply")
        ):
            continue
        if word.folded in ("no", "not") and behind in ("fewer", "less", "more", "later", "sooner") and beyond == "than":
            continue
        if word.folded in ("no", "not") and behind == "doubt":
            continue
        places.append(at)
    return places
