"""What a question's short answer should look like: its forms, its type, and the terms that should stand near it.

The noun that asks tells more than its kind: a state is one of fifty, a song stands in quotation marks, an animal is
written small. The lists are of such nouns and of what everybody knows the members of; they decide nothing, they are
evidence beside other evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.mentions import Form
from qa.questions import STOP_WORDS, Kind, Question

Terms = Callable[[str], Sequence[str]]
"""A text's words as the archive knows them: lower case, stemmed, in order."""
Rarity = Callable[[Sequence[str]], Mapping[str, float]]
"""How rare each term is in the archive, in (0, 1]; 1 for a term that no passage holds."""

Type = Literal["person", "place", "country", "state", "work", "named", "common", "figure", "open"]
"""What kind of thing is wanted, as far as its noun tells: one with a name (``named`` if no narrower type fits), one
of a common kind such as an animal (``common``), a figure; ``open`` for neither."""

COUNTRIES = frozenset(
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
    Tanzania,Thailand,Togo,Tonga,Trinidad and Tobago,Tunisia,Turkey,Turkmenistan,Tuvalu,UK,US,U.S,Uganda,Ukraine,
    United Arab Emirates,United Kingdom,United States,Uruguay,Uzbekistan,Vanuatu,Vatican,Venezuela,Vietnam,Wales,Yemen,
    Zambia,Zimbabwe""".replace("\n    ", "").split(",")
)
STATES = frozenset(
    """Alabama,Alaska,Arizona,Arkansas,California,Colorado,Connecticut,Delaware,Florida,Georgia,Hawaii,Idaho,Illinois,
    Indiana,Iowa,Kansas,Kentucky,Louisiana,Maine,Maryland,Massachusetts,Michigan,Minnesota,Mississippi,Missouri,
    Montana,Nebraska,Nevada,New Hampshire,New Jersey,New Mexico,New York,North Carolina,North Dakota,Ohio,Oklahoma,
    Oregon,Pennsylvania,Rhode Island,South Carolina,South Dakota,Tennessee,Texas,Utah,Vermont,Virginia,Washington,
    West Virginia,Wisconsin,Wyoming""".replace("\n    ", "").split(",")
)

_WORKS = frozenset("movie film song book show album serie musical sitcom game play novel poem opera podcast".split())
_NAMED = frozenset(
    """platform app service award hurricane storm cyclone church festival planet mission rocket telescope hotel event
    cryptocurrency brand tournament cup race war law bill policy program programme variant virus vaccine model car
    conference division sitcom entity language religion competition""".split()
)
_COMMON = frozenset(
    """animal food color colour sport specie drug crop ingredient product item material symptom breed fruit vegetable
    drink condition cause crime substance weapon pet dish meat spice flavor flavour activity medication fee method
    object issue problem chemical mineral metal job profession habit technology energy fuel device vehicle plant
    creature insect bird fish mammal seed nut cheese disease illness part organ word""".split()
)

_SENTENCE_END = re.compile(r"[.?!]”?\s+(?=[A-Z“\"])")
_BY_NOUN: dict[str, Type] = {
    **dict.fromkeys(_NAMED, "named"),
    **dict.fromkeys(_WORKS, "work"),
    **dict.fromkeys(("host", "figure"), "person"),
    **dict.fromkeys(("country", "countrie", "nation"), "country"),
    "state": "state",
}
_COUNTED = re.compile(
    r"\bhow many ((?:[\w’'-]+ ){0,2}?[\w’'-]+)(?= (?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|in"
    r"|on|of|at|to|for|from|with|by|that|who|left|took|\w+ed)\b|[^\w ’'-]|$)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\bwhat (?:is|are|was|were|will) (?:the |this |that |its |his |her |their )?((?:[\w-]+ ){1,3})(?:be )?called",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\bwhat (?:\w+ ){0,3}?(?:price|cost|sum|amount|fine|fee|budget|bill|value)\b|\bwhat (?:is|was) .*\bworth\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:percent\w*|per cent|share|proportion|fraction|by how much)\b", re.IGNORECASE)
_MEASURED = re.compile(r"\bhow (?:old|far|high|tall|large|big|fast|often|heavy|deep)\b|\btime\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What fits as the answer.

    ``forms``: the likeliest first. ``head``: the stem of the noun that names the type, empty for none. ``several``:
    more than one thing is asked for. ``said``: all of the question's stems, grammar included. ``weights`` of its terms
    sum to 1; those of the sentence that asks count double.
    """

    forms: tuple[Form, ...]
    type: Type
    target: str
    head: str
    several: bool
    said: frozenset[str]
    weights: Mapping[str, float]

    @property
    def gazetteer(self) -> frozenset[str]:
        """All things of the type, where they are few and known to everybody; else empty."""
        return {"country": COUNTRIES, "state": STATES}.get(self.type, frozenset())


def wanted(question: Question, terms: Terms, rarity: Rarity) -> Wanted:
    """What the question's short answer should look like."""
    text, kind, target = question.text, question.kind, question.target
    if not target and (named := _COUNTED.search(text) or _CALLED.search(text)):
        target = named[1].strip()
    begin = max((end.end() for end in _SENTENCE_END.finditer(text)), default=0)
    typed = [term for term in terms(target) if term not in STOP_WORDS]
    told = [term for term in dict.fromkeys(terms(text)) if term not in STOP_WORDS]
    rare, asked = rarity(told), frozenset(terms(text[begin:]))
    weights = {term: rare[term] * (1 if term in asked else 0.5) * (0.3 if term in typed else 1) for term in told}
    total = sum(weights.values()) or 1.0
    forms = forms_of(kind, text)
    return Wanted(
        forms=forms,
        type="figure" if "noun" not in forms else _type(kind, target.lower()),
        target=target,
        head=typed[-1] if typed else "",
        several=kind == "list" or bool(re.search(r"\b(?:which|what) two\b", text, re.IGNORECASE)),
        said=frozenset(terms(text)),
        weights={term: weight / total for term, weight in weights.items()},
    )


def forms_of(kind: Kind, text: str) -> tuple[Form, ...]:
    """The forms that an answer of this kind may have, the likeliest first."""
    if _SHARE.search(text) and kind in ("number", "money", "how", "other"):
        return ("share", "money", "number") if "how much" in text.lower() else ("share", "number")
    if kind == "number":
        return ("number", "duration") if _MEASURED.search(text) else ("number",)
    if kind == "other" and _PRICE.search(text):
        kind = "money"
    if kind == "other" and _COUNTED.search(text):
        return ("number",)
    by_kind: dict[Kind, tuple[Form, ...]] = {
        "money": ("money", "share", "number"),
        "duration": ("duration", "number"),
        "date": ("date",),
    }
    return by_kind.get(kind, ("name", "quoted", "noun"))


def _type(kind: Kind, target: str) -> Type:
    words = [word.removesuffix("s") for word in target.split()]
    last = words[-1] if words else ""
    by_kind: dict[Kind, Type] = {
        "country": "country",
        "person": "person",
        "place": "place",
        "organisation": "named",
    }
    if last in _BY_NOUN:
        return _BY_NOUN[last]
    if kind in by_kind:
        return by_kind[kind]
    return "common" if _COMMON.intersection(words) else "open"
