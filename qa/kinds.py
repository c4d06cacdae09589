"""The kind of answer that a question in English asks for, told by its first asking word and the noun behind it.

"Which NFL team did he join?" asks for an organisation, because the noun phrase behind "which", its target, ends in
"team". English has no mark for where such a phrase ends, so it is read up to the first word that cannot belong to
it: an auxiliary, a preposition, a pronoun, a past tense.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal[
    "person",
    "place",
    "country",
    "organisation",
    "date",
    "number",
    "money",
    "duration",
    "yes or no",
    "reason",
    "how",
    "list",
    "other",
]

_PEOPLE = frozenset(
    """person man woman minister president actor actress singer politician player leader author director artist
    celebrity star senator governor mayor judge king queen prince princess pope musician rapper comedian athlete golfer
    driver coach manager boxer swimmer footballer striker goalkeeper quarterback writer novelist poet journalist
    presenter broadcaster host chef scientist billionaire entrepreneur executive ceo founder chairman chairwoman
    congressman congresswoman lawmaker candidate contender general official ambassador chancellor secretary dancer
    model designer filmmaker influencer winner individual figure republican democrat mp royal duchess duke nominee
    icon lawyer attorney owner captain champion teenager boy girl astronaut activist commander critic
    rep congressperson cricketer legend contender rider surgeon doctor teacher student""".split()
)
_ORGANISATIONS = frozenset(
    """team company party airline club bank agency network firm brand retailer chain university college school
    organisation organization charity newspaper publication outlet channel group band union league manufacturer
    automaker carmaker franchise studio supermarket startup giant business association institution federation
    corporation operator carrier employer insurer lender maker developer publisher orchestra museum provider
    department ministry store restaurant conglomerate""".split()
)
_PLACES = frozenset(
    """city town place village port capital island river continent state county region district venue stadium airport
    province location area borough suburb lake mountain beach park street neighbourhood neighborhood destination site
    islands""".split()
)
_COUNTRIES = frozenset(("country", "nation"))
_DATES = frozenset(("date", "day", "month", "year", "time", "century", "decade", "weekday"))
_HEADS: tuple[tuple[frozenset[str], Kind], ...] = (
    (_COUNTRIES, "country"),
    (_PEOPLE, "person"),
    (_ORGANISATIONS, "organisation"),
    (_PLACES, "place"),
    (_DATES, "date"),
    (frozenset(("number", "percentage", "share", "proportion", "percent", "rate", "score", "age")), "number"),
    (frozenset(("price", "sum", "amount", "cost", "salary", "fee")), "money"),
)
_IRREGULAR_PLURALS = {"countries": "country", "people": "person", "men": "man", "women": "woman", "children": "child"}

_AUXILIARY = (
    "is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must|shall|be|been|isn[’']t"
    "|wasn[’']t|didn[’']t|doesn[’']t|won[’']t"
)
_END = re.compile(
    rf"(?:{_AUXILIARY}|in|on|of|at|to|for|from|with|by|about|into|over|under|after|before|during|since|until|than|as"
    r"|and|or|but|that|who|whom|which|what|when|where|why|how|he|she|it|they|we|you|i|the|a|an|his|her|its|their|this"
    r"|these|those|not|now|also|recently|just|ever|last|next|reportedly|officially|won|said|led|became|began|took|made|lost|got"
    r"|went|hit|set|saw|fell|rose|came|left|beat|told|met|held|paid|put|ran|gave|found|drew|sold|bought|broke|wrote"
    r"|sang|cut|caught|grew|knew|shut|quit|stood|kept|chose|sank|rose|spent|sent|drove|makes?|plays?|says?|wins?|hosts|holds?|gets?|takes?|owns?|topped)"
)
_ADVERB = re.compile(r"\w{3,}ly")
_NO_ADVERBS = frozenset(("family", "italy", "july", "assembly", "monthly", "weekly", "daily", "early", "newly"))

_ASKS = re.compile(
    r"\b(?:(?P<long>how long|for how many (?:seconds|minutes|hours|days|weeks|months|years|decades))"
    r"|(?P<money>how much (?:money|did|does|do|will|was|were|is|has|have|would))"
    r"|(?P<number>how (?:many|much|old|far|high|tall|large|big|fast|often))"
    r"|(?P<reason>why|how come|what (?:caused|led to))"
    r"|(?P<how>how)(?! (?:about|ever)\b)"
    r"|(?P<person>who(?:m|se)?)"
    r"|(?P<date>when)"
    r"|(?P<place>where)"
    r"|(?P<noun>which|what))\b"
)
_SENTENCE = re.compile(r"[\w”’)]{3}[.!?]\s+(?=.*\?)")
_RELATIVE = re.compile(rf"when (?!(?:{_AUXILIARY})\b)")
_YES_OR_NO = re.compile(
    rf"(?!was (?:hat|ist|sind|haben|wird|war|will)\b)(?:{_AUXILIARY})\b"
    r"|(?:true or false|is it true)\b|.*\btrue or false\W*$",
    re.IGNORECASE | re.DOTALL,
)
_NAMING = re.compile(
    r"\W*(?:name|list|give|mention)\b(?: me)?(?: (?:some|all|the|a few|any|\w+(?= \w+s\b)))?", re.IGNORECASE
)
_PART_OF = re.compile(
    r"\s*(?:one )?of (?:the )?(?:these|those|following|his|her|its|their)?\s*|\s*(?:one|ones) of ", re.IGNORECASE
)
_SORT_OF = re.compile(r"\s+(?:\w+ )?(?:type|kind|sort|form|variety|breed)s? of (?:an? )?", re.IGNORECASE)
_NAME_OF = re.compile(
    r"\s+(?:is|are|was|were) (?:the )?names? of (?:the |an? |his |her |its |their )?(?:(?:[\w.]+ ){0,2}[\w.]+[’']s? )?"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_HAPPENED = {
    "which": re.compile(r"\s+(?:happen(?:s|ed)|came|occurred)\b"),
    "what": re.compile(r"\s+(?:happen(?:s|ed)\b|\w+ed\s+(?:the|an?|to|by|in|at|his|her|its|their|this|[A-Z]\w+)\b)"),
}
"""Verbs that follow at once: no thing is named."""
_WORD = re.compile(r"\s*((?:[A-Z]\.)+(?=\s)|[^\s,;:?!.()“”\"]+(?:\.[^\s,;:?!.()]+)*)([,;:?!.()“”\"]?)")


def kind_of(text: str) -> Kind:
    """The kind of answer that a question in English asks for: what its first asking word asks for."""
    return _read(text)[0]


def target_of(text: str) -> str:
    """The noun phrase that names the type of thing wanted: "NFL team" of "Which NFL team won?"; empty if none does."""
    return _read(text)[1]


def _read(text: str) -> tuple[Kind, str]:
    naming = _NAMING.match(text)
    asking = _asking_word(text.lower())
    if naming and (not asking or "?" not in text):
        target = _noun_phrase(text, naming.end())
        return ("list", target) if target else ("other", "")
    if _YES_OR_NO.match(text):
        return "yes or no", ""
    if not asking:
        return "other", ""
    if asking["noun"]:
        bare = _HAPPENED[asking[0]].match(text, asking.end())
        target = "" if bare else _target(text, asking.end())
        if asking[0] == "what" and re.fullmatch(r"[a-z]+ed", target):
            target = ""
        return _kind_of_noun(target, asking[0], text), target
    for group, kind in _BY_GROUP.items():
        if asking[group]:
            return kind, ""
    raise AssertionError(asking)


def _asking_word(lowered: str) -> re.Match[str] | None:
    """The first asking word that asks: of the last sentence rather than of what is told before it."""
    told = max((found.end() for found in _SENTENCE.finditer(lowered)), default=0)
    found = [*_ASKS.finditer(lowered, told)] or [*_ASKS.finditer(lowered)]
    asking = (each for each in found if not _RELATIVE.match(lowered, each.start()))
    return next(asking, found[0] if found else None)


_BY_GROUP: dict[str, Kind] = {
    "long": "duration",
    "money": "money",
    "number": "number",
    "reason": "reason",
    "how": "how",
    "person": "person",
    "date": "date",
    "place": "place",
}


def _target(text: str, at: int) -> str:
    for skipped in (_NAME_OF, _SORT_OF, _PART_OF):
        if found := skipped.match(text, at):
            return _noun_phrase(text, found.end())
    return _noun_phrase(text, at)


def _noun_phrase(text: str, at: int) -> str:
    """The words from ``at`` on that can be one noun phrase."""
    words: list[str] = []
    while found := _WORD.match(text, at):
        word, mark = found.groups()
        if _ends(word, words):
            break
        words.append(word)
        at = found.end()
        verb = re.match(r"\s*([a-z]+s)\b", text[at:])  # "which team plays", not "which team captains"
        if mark or (_head(word) and verb and not _head(verb[1])):
            break
        if _POSSESSIVE.search(word) and _head(word) not in _PEOPLE:  # "which country's prime minister": the country
            words[-1] = _POSSESSIVE.sub("", word)
            break
    return " ".join(words) if len(words) <= 6 else ""


def _ends(word: str, before: list[str]) -> bool:
    lowered = word.lower()
    nouns = [each for each in before if not _ADVERB.fullmatch(each.lower())]
    past = lowered.endswith("ed") and "-" not in word and bool(nouns) and not word[0].isupper()
    if lowered == "other" and before:  # "which countries other than France"
        return True
    adverb = bool(nouns) and bool(_ADVERB.fullmatch(lowered)) and lowered not in _NO_ADVERBS
    return past or adverb or bool(_END.fullmatch(lowered)) or not re.search(r"\w", word)


def _head(word: str) -> str:
    """The singular of a noun that tells a kind; empty for another word."""
    lowered = _POSSESSIVE.sub("", word.lower().strip(',;:?!.()“”"'))
    forms = (lowered, _IRREGULAR_PLURALS.get(lowered, ""), lowered.removesuffix("s"), re.sub("ies$", "y", lowered))
    return next((form for form in forms if any(form in nouns for nouns, _ in _HEADS)), "")


def _kind_of_noun(target: str, asking: str, text: str) -> Kind:
    if not target:
        return "other"
    last = target.rsplit(" ", 1)[-1]
    head = _head(last)
    plural = bool(head) and head != last.lower() and last.lower() != "islands"
    if plural and not re.search(rf"\b{asking} of\b", text.lower()):
        return "list"
    return next((kind for nouns, kind in _HEADS if head in nouns), "other")
