"""Ways to make a true sentence of the news false by changing a name in it, or who is said to have said it.

Invariant: as of ``alterations``. A person takes a person's place, a country a country's, a team a team's; of two names
that may mean the same ("Biden", "Joe Biden") none takes the other's. Who is a person is read out of the articles
themselves: first names are those that several people bear who speak in them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from alterations import Alteration, Setting, in_capitals, unquoted, word_before

FAR = 12
"""People of other articles who are considered for a name's place."""

ORDINARY = 20
"""A word that stands without a capital once in so many times or more often is no first name."""

NAME = r"[A-ZÀ-Þ][a-zà-ÿ]+(?:[A-Z][a-zà-ÿ]+)?(?:[-’'][A-ZÀ-Þ][a-zà-ÿ]+)?|O[’'][A-Z][a-z]+"
_VERBS = (
    "said|says|told|added|tweeted|argued|warned|explained|announced|noted|testified|claimed|insisted|acknowledged"
    "|replied|answered|tells|writes|wrote|believes|believed|thinks|suggested|asked|estimated|estimates|asserted|agreed"
)
_SPEAKER = re.compile(rf"(?<![\w’'.-])({NAME}) ({NAME})(?: (?:{_VERBS})|, who|, \d\d,)(?!\w)")
_FULL = re.compile(rf"(?<![\w’'.-])({NAME}) (?:[A-Z]\. )?({NAME})(?![\w-]| (?:of )?[A-Z]|[’']s [A-Z])")
_NO_SURNAME = frozenset(
    """Street Road Avenue Park Center Centre University College School House County City State States Hall Bridge Beach
    Island Islands Lake River Valley Court Department Committee Council Party Office Police Bank Company Times Post Day
    Act Bowl Cup League Prize Award Awards Republic Kingdom Union Nations Congress Senate Airport Hospital Church Museum
    Theatre Theater Stadium Field Tower Square Inc Corp Jr Sr Group Foundation Institute Journal News Friday Monday
    Sunday Saturday Thursday Tuesday Wednesday Republicans Democrats Republican Democrat Democratic Americans American
    Airlines Original Convention Sachs Lives Matter Wales Leone Rica Lanka Zealand Korea Africa America York
    Kong""".split()
)
_NO_FIRST = frozenset(
    """American African Asian European Israeli British French German Russian Chinese Democratic Republican National
    North South East West New United Saint San Los Las El The Hong Sri Puerto Costa Hurricane Wells Morgan Hawaiian Max
    Goldman""".split()
)
_PRONOUN = re.compile(
    r"\b(?:he|she|his|hers?|him(?:self)?|herself|\w*wom[ae]n|\w*m[ae]n|actress|mother|father|wife|husband|brother|sister|son"
    r"|daughter|queen|king)\b",
    re.IGNORECASE,
)

_PLACES = (
    """France|Germany|Italy|Spain|Poland|Ukraine|Russia|China|Japan|India|Brazil|Mexico|Canada|Australia|Egypt|Nigeria
    |Kenya|Iran|Iraq|Syria|Afghanistan|Pakistan|Israel|Norway|Sweden|Finland|Denmark|Greece|Hungary|Belgium|Portugal
    |Austria|Switzerland|Ireland|Argentina|Chile|Colombia|Peru|Venezuela|Cuba|Haiti|Taiwan|Vietnam|Thailand|Indonesia
    |Malaysia|Singapore|Qatar|Saudi Arabia|Yemen|Ethiopia|Somalia|Sudan|South Africa|South Korea|North Korea|Belarus
    |New Zealand|Morocco|Libya|Romania|Bulgaria|Croatia|Serbia""",
    """Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana|Iowa
    |Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada
    |New Hampshire|New Jersey|New Mexico|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|South Carolina
    |South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|West Virginia|Wisconsin|Wyoming""",
    """Chicago|Los Angeles|San Francisco|Boston|Philadelphia|Houston|Dallas|Miami|Atlanta|Denver|Seattle|Detroit|Phoenix
    |Cleveland|Pittsburgh|Baltimore|Memphis|Nashville|New Orleans|Las Vegas|Minneapolis|Milwaukee|Cincinnati|San Diego
    |Orlando|Tampa|St. Louis|Sacramento|Austin|Buffalo|Portland""",
    """London|Paris|Berlin|Rome|Madrid|Moscow|Kyiv|Beijing|Tokyo|Brussels|Vienna|Warsaw|Istanbul|Cairo|Dubai|Mumbai|Delhi
    |Sydney|Melbourne|Toronto|Montreal|Geneva|Amsterdam|Dublin|Edinburgh|Manchester|Liverpool|Glasgow|Hong Kong|Shanghai
    |Seoul|Bangkok|Nairobi|Johannesburg|Tehran|Baghdad|Jerusalem""",
)
_BODIES = (
    "Apple|Google|Microsoft|Amazon|Meta|Facebook|Tesla|Netflix|Disney|Walmart|Starbucks|Boeing|Spotify|Uber|TikTok|Airbnb",
    "Toyota|Honda|Nissan|Hyundai|Volkswagen|BMW|Volvo|Subaru|Porsche|Audi",
    "FBI|CIA|NSA|DEA|FAA|FDA|CDC|EPA|NTSB|SEC|FTC|FCC",
    """Chiefs|Bengals|Steelers|Ravens|Cowboys|Packers|Seahawks|Broncos|Dolphins|Patriots|Falcons|Buccaneers|Vikings|Colts
    |Eagles|49ers|Texans|Jaguars|Raiders|Chargers""",
    "Lakers|Celtics|Knicks|Warriors|Bucks|Raptors|Clippers|Mavericks|Grizzlies|Nuggets|Pelicans|Pacers|Cavaliers",
    "Yankees|Mets|Dodgers|Astros|Phillies|Padres|Cubs|Mariners|Orioles|Guardians|Brewers",
    "Harvard University|Stanford University|Yale University|Princeton University|Columbia University|Duke University",
)
_SOURCES = (
    """White House|Pentagon|State Department|Justice Department|Treasury Department|Kremlin|United Nations
    |Federal Reserve|European Union|National Weather Service|World Health Organization""",
    "Associated Press|New York Times|Washington Post|Wall Street Journal|Los Angeles Times|Financial Times",
    "Reuters|CNN|Bloomberg|ESPN|NPR|Politico|Axios|CBS News|NBC News|ABC News|Fox News",
    "police|prosecutors|researchers|doctors|firefighters|witnesses|teachers|economists|astronomers",
)


def _split(groups: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(" ".join(name.split()) for name in group.split("|")) for group in groups)


_INSIDE = re.compile(r"[A-Z][\w.]+(?:,? (?:of|and|&|in|for|the)|,) $")
"""What stands before a part of a name: "University of California", "Bank of China", "Juárez, Mexico"."""
_BARE = re.compile(r"(?:^|, |\bto |said |\bthat |[Ll]ocal |[Ss]tate )$")

_GROUPS = _split((*_PLACES, *_BODIES))
_SPEAKERS = _split((*_SOURCES, *_BODIES[:3]))


@dataclass(frozen=True, slots=True)
class People:
    """First names that people in these articles bear, and full names of people, for those who have none beside them."""

    first: frozenset[str]
    known: tuple[str, ...]

    @classmethod
    def read(cls, texts: Sequence[str], *, bearers: int) -> People:
        """Those of ``texts``; a first name is one that so many speakers of other surnames bear."""
        surnames = defaultdict[str, set[str]](set)
        words = Counter(word for text in texts for word in re.findall(r"[^\W\d_]+", text))
        places = {word for group in _GROUPS for name in group for word in name.split()}
        for first, last in (pair for text in texts for pair in _SPEAKER.findall(text)):
            unlikely = last in _NO_SURNAME or first in _NO_FIRST or first in places
            if not unlikely and words[first.lower()] * ORDINARY <= words[first]:
                surnames[first].add(last)
        first = frozenset(name for name, those in surnames.items() if len(those) >= bearers)
        return cls(first, tuple(f"{name} {last}" for name in sorted(first) for last in sorted(surnames[name])))

    def named(self, text: str) -> list[str]:
        """The people whom ``text`` gives a full name, by first name and surname, each once."""
        pairs = [(match[1], match[2]) for match in _FULL.finditer(text)]
        return list(dict.fromkeys(f"{one} {two}" for one, two in pairs if one in self.first and two not in _NO_SURNAME))


def name(setting: Setting, people: People, chance: Random) -> list[Alteration]:
    """Another person, place or body in place of one that is not the speaker."""
    free = unquoted(setting.sentence)
    found = [*_persons(setting, people, chance), *_members(setting, _GROUPS, chance)]
    return [each for each in found if not _speaks(free, each.start, each.end)]


def attribution(setting: Setting, people: People, chance: Random) -> list[Alteration]:
    """Another speaker in place of the one who "said", "told" or according to whom it is so."""
    free = unquoted(setting.sentence)
    found = [*_persons(setting, people, chance), *_members(setting, _SPEAKERS, chance)]
    return [each for each in found if _speaks(free, each.start, each.end)]


def _speaks(free: str, start: int, end: int) -> bool:
    after = re.match(rf" (?:{_VERBS})\b(?! by\b)", free[end:])
    return bool(after or re.search(r"\b(?:said|says|told|added|[Aa]ccording to)(?: the)? $", free[:start]))


def _persons(setting: Setting, people: People, chance: Random) -> Iterator[Alteration]:
    """Full name for full name, surname for surname; pronouns would tell that it is another."""
    free, sentence = unquoted(setting.sentence), setting.sentence
    if _PRONOUN.search(sentence):
        return
    named = people.named(setting.article)
    for full in named:
        if full.split()[1] not in free:
            continue
        first, last = full.split()
        others = [each for each in named if not _shared(each, full) and not _mentions(sentence, each)]
        drawn = chance.sample(people.known, min(FAR, len(people.known)))
        far = [each for each in drawn if not _mentions(setting.article, each)]
        for match in re.finditer(rf"(?<![\w’'.-])(?:{first} (?:[A-Z]\. )?)?{re.escape(last)}(?![\w-])", free):
            if in_capitals(free, *match.span()) or sum(last in each for each in named) > 1:
                continue
            if word_before(free, match.start()) == "the":
                continue  # "the Trump adviser"
            for near, those in ((True, others), (False, far)):
                if those:
                    other = chance.choice(those)
                    now = other if " " in match[0] else other.split()[-1]
                    yield Alteration(*match.span(), match[0], now, near)


def _shared(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split()))


def _mentions(text: str, full: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in full.split())


def _members(setting: Setting, groups: Sequence[Sequence[str]], chance: Random) -> Iterator[Alteration]:
    """One of a group (countries, teams) in place of another."""
    free = unquoted(setting.sentence)
    for group in groups:
        for match in re.finditer(rf"(?<![\w’'.&-])(?:{'|'.join(map(re.escape, group))})(?![\w&-])", free):
            before = free[: match.start()]
            if in_capitals(free, *match.span()) or _INSIDE.search(before):
                continue
            if match[0].islower() and not _BARE.search(before):
                continue  # "fertility doctors"
            others = [each for each in group if each not in setting.sentence and each != match[0]]
            for near in (True, False):
                fitting = [each for each in others if _mentions_whole(setting.article, each) == near]
                if fitting:
                    yield Alteration(*match.span(), match[0], chance.choice(fitting), near)


def _mentions_whole(text: str, words: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", text) is not None
