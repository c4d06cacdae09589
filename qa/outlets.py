"""The names by which questions call outlets, and the names that stand in a question.

An outlet is found by its name with or without "the", by what stands before a dash or a bar in it ("The Independent" of
"The Independent - Life and Style"), by its address ("theverge.com"), by a last word that papers go by ("the Courier"),
and by the short names of the well-known ones.
What is compared is a name's letters and digits alone: "CBS Sports" is "CBSSports.com".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

MOST_WORDS = 7
"""Words of the longest name that is looked for."""

_WELL_KNOWN = """
The New York Times|NYT|NYTimes|nytimes.com; The Wall Street Journal|WSJ|wsj.com;
The Washington Post|WaPo|washingtonpost.com; Financial Times|FT|ft.com; The Associated Press|AP|AP News|apnews.com;
Agence France-Presse|AFP|afp.com; Reuters|reuters.com;
BBC|BBC News|BBC Sport|BBC Sports|BBC World Service|bbc.com|bbc.co.uk; CNN|CNN International|cnn.com;
The Guardian|theguardian.com; Bloomberg|Bloomberg News|Bloomberg Businessweek|bloomberg.com; Forbes|forbes.com;
Fortune|fortune.com; The Economist|economist.com; CNBC|cnbc.com; NBC News|nbcnews.com; ABC News|abcnews.go.com;
CBS News|cbsnews.com; CBS Sports|cbssports.com; Fox News|foxnews.com; NPR|npr.org; PBS|PBS NewsHour|pbs.org;
USA Today|usatoday.com; Los Angeles Times|LA Times|latimes.com; Chicago Tribune|chicagotribune.com;
The Boston Globe|bostonglobe.com; Politico|politico.com|politico.eu; Axios|axios.com; The Hill|thehill.com;
Newsweek|newsweek.com; Time|Time Magazine|time.com; The Atlantic|theatlantic.com; Vox|vox.com;
The New Yorker|newyorker.com; Vanity Fair|vanityfair.com; Rolling Stone|rollingstone.com;
People|People Magazine|people.com; Variety|variety.com;
The Hollywood Reporter|Hollywood Reporter|hollywoodreporter.com; Deadline|deadline.com; Billboard|billboard.com;
ESPN|espn.com; Sports Illustrated|si.com; The Athletic|theathletic.com; Sporting News|sportingnews.com;
Sky Sports|skysports.com; Sky News|news.sky.com; ITV News|itv.com; Channel 4 News|channel4.com;
The Times|thetimes.co.uk; The Sunday Times; The Telegraph|The Daily Telegraph|telegraph.co.uk;
The Independent|independent.co.uk; Daily Mail|MailOnline|dailymail.co.uk; Daily Mirror|mirror.co.uk;
The Sun|thesun.co.uk; Daily Express|express.co.uk; Evening Standard|standard.co.uk; Metro|metro.co.uk;
New Statesman|newstatesman.com; The Spectator|spectator.co.uk; The Scotsman|scotsman.com;
The Irish Times|irishtimes.com; RTÉ|RTE|rte.ie; TechCrunch|techcrunch.com; The Verge|theverge.com; Wired|wired.com;
Engadget|engadget.com; Ars Technica|arstechnica.com; CNET|cnet.com; ZDNet|zdnet.com; Gizmodo|gizmodo.com;
Mashable|mashable.com; 9to5Mac|9to5mac.com; GSMArena|gsmarena.com; VentureBeat|venturebeat.com; Polygon|polygon.com;
Kotaku|kotaku.com; IGN|ign.com; Hacker News; MIT Technology Review; Search Engine Land|searchengineland.com;
Business Insider|Insider|businessinsider.com; Quartz|qz.com; Yahoo News; Yahoo Finance; MarketWatch|marketwatch.com;
Barron’s|barrons.com; HuffPost|Huffington Post|huffpost.com; BuzzFeed News; Vice News; The Intercept;
ProPublica|propublica.org; Bellingcat; Nature|nature.com; New Scientist|newscientist.com; Scientific American;
National Geographic; Al Jazeera|aljazeera.com; Deutsche Welle|DW|dw.com; France 24|france24.com;
Euronews|euronews.com; Le Monde|lemonde.fr; Le Figaro; Libération; Der Spiegel|Spiegel|spiegel.de; Die Zeit|zeit.de;
Die Welt|welt.de; Süddeutsche Zeitung|SZ|sueddeutsche.de; Frankfurter Allgemeine Zeitung|FAZ|faz.net;
Neue Zürcher Zeitung|NZZ|nzz.ch; El País|elpais.com; El Mundo|elmundo.es; Corriere della Sera|corriere.it;
La Repubblica|repubblica.it; ANSA|ansa.it; dpa; TASS|tass.com; RIA Novosti; Interfax; RT; The Moscow Times;
Meduza|meduza.io; Novaya Gazeta; The Kyiv Independent|kyivindependent.com; Ukrainska Pravda; Xinhua|xinhuanet.com;
Global Times; South China Morning Post|SCMP|scmp.com; China Daily; Caixin; The Japan Times|japantimes.co.jp;
Nikkei|Nikkei Asia|nikkei.com; NHK|NHK World; Kyodo News|Kyodo; Yonhap|Yonhap News Agency; The Korea Herald;
The Straits Times|straitstimes.com; Bangkok Post; Channel NewsAsia|CNA|channelnewsasia.com;
The Times of India|timesofindia.indiatimes.com; Hindustan Times|hindustantimes.com; The Hindu|thehindu.com;
The Indian Express|indianexpress.com; The Economic Times|economictimes.indiatimes.com; Business Standard;
NDTV|ndtv.com; Mint|livemint.com; Dawn|dawn.com; The Sydney Morning Herald|SMH|smh.com.au; The Age|theage.com.au;
The Australian; ABC Australia; The New Zealand Herald|NZ Herald|nzherald.co.nz;
The Globe and Mail|theglobeandmail.com; Toronto Star|thestar.com; CBC|CBC News|cbc.ca; Haaretz|haaretz.com;
The Jerusalem Post|jpost.com; The Times of Israel|timesofisrael.com; Anadolu Agency; Hürriyet; Al Arabiya;
The National; Arab News; Mail & Guardian; News24; Daily Nation; The East African; Folha de S.Paulo; O Globo; Clarín;
La Nación; Voice of America|VOA; Radio Free Europe|RFE/RL; United Press International|UPI;
Press Association|PA Media; Kyiv Post; The Mirror; The Observer; The Conversation; The Daily Beast; Slate; Salon;
The Nation; National Review; The Messenger; MSNBC|msnbc.com
"""

PAPERS = frozenset(
    """Times Post News Herald Tribune Journal Gazette Chronicle Telegraph Observer Daily Magazine Weekly Globe Mail
    Standard Mirror Examiner Inquirer Courier Dispatch Sentinel Bulletin Register Echo Argus Broadcasting""".split()
)
"""Last words of the names of papers, by which they go for short ("the Courier")."""

Names = Mapping[str, tuple[str, ...]]
"""What is compared of a name, to the outlets that go by it."""


@dataclass(frozen=True)
class Known:
    """What an archive has articles of, for telling a source that a question names from a thing that it asks about.

    ``outlets`` as the articles name them; ``hosts`` pairs the host of an outlet's address with the outlet
    ("theverge.com", "The Verge"); ``authors`` by their full names; ``newest`` is the day of the newest article;
    ``sites`` the hosts of articles that name no outlet.
    """

    outlets: tuple[str, ...] = ()
    hosts: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    newest: date | None = None
    sites: tuple[str, ...] = ()

    @cached_property
    def names(self) -> Names:
        """Every name to the outlets that it may mean: the full names first, then parts of them, then hosts."""
        found: dict[str, tuple[str, ...]] = {}
        short = ((re.split(r"\s[|–—-]\s|\s\(", outlet)[0], outlet) for outlet in self.outlets)
        last = ((outlet.rsplit(" ", 1)[-1], outlet) for outlet in self.outlets if " " in outlet)
        papers = ((word, outlet) for word, outlet in last if word in PAPERS and key(word) not in WELL_KNOWN)
        for pairs in (((outlet, outlet) for outlet in self.outlets), short, self.hosts, papers):
            level: dict[str, tuple[str, ...]] = {}
            for name, outlet in pairs:
                level[key(name)] = tuple(dict.fromkeys((*level.get(key(name), ()), outlet)))
            found |= {name: outlets for name, outlets in level.items() if len(name) > 1 and name not in found}
        return found

    def may_hold(self, outlet: str) -> bool:
        """Whether articles that name no outlet may be this one's: "nytimes.com" may be of The New York Times."""
        words = re.findall(r"[^\W_]+", outlet.casefold().removeprefix("the "))
        letters = "".join(word[0] for word in words)
        forms = {key(outlet), letters, f"{letters[:-1]}{words[-1]}" if words else ""}
        return any(form in key(site) for form in forms if len(form) > 2 for site in self.sites)

    @cached_property
    def writers(self) -> Mapping[str, str]:
        """Authors of at least two names, by what is compared."""
        return {_letters(name): name for name in self.authors if " " in name.strip()}


@dataclass(frozen=True, slots=True)
class Mention:
    """``text[start:end]`` is the name of these outlets; ``known`` says that the archive has articles of them."""

    start: int
    end: int
    outlets: tuple[str, ...]
    known: bool


def key(name: str) -> str:
    """What is compared of an outlet's name."""
    name = re.sub(r"(?i)^(?:https?://)?(?:www\.)?", "", name.strip())
    name = re.sub(r"(?i)\.(?:com|org|net|co|go|gov|edu|[a-z]{2})(?:\.[a-z]{2})?$", "", name)
    return _letters(re.sub(r"(?i)^the\s", "", name)) or _letters(name)


def _letters(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", name.casefold()))


_GROUPS = [group.strip().split("|") for group in _WELL_KNOWN.split(";")]
WELL_KNOWN: Mapping[str, tuple[str, ...]] = {key(name): tuple(group) for group in _GROUPS for name in group}
"""The outlets that a question may name whether or not an archive has them, by what is compared."""

_WORD = re.compile(r"[^\W_]+(?:[.&/][^\W_]+)*")
_GAP = re.compile(r"[\s|–—&/'’.-]{1,3}")


def mentions(text: str, known: Known) -> list[Mention]:
    """The outlets that ``text`` names, in their order: the longest name at each place."""
    words = list(_WORD.finditer(text))
    found: list[Mention] = []
    for at, word in enumerate(words):
        if found and word.start() < found[-1].end:
            continue
        if word[0][0].isupper() or word[0][0].isdigit() or "." in word[0]:
            for last in _runs(text, words, at):
                outlets, has = _outlets(text[word.start() : last], known)
                if outlets and not _is_piece(text, word.start(), last):
                    found.append(Mention(word.start(), last, outlets, has))
                    break
    return found


def _is_piece(text: str, start: int, end: int) -> bool:
    """Whether a short name of papers is only a piece of a longer name: no "Journal" in "the News Journal"."""
    name = re.sub(r"(?i)^the\s", "", text[start:end])
    if name not in PAPERS:
        return False
    alone = name != text[start:end] or re.search(r"\b[Tt]he\s[“\"‘']?$", text[:start])
    return not alone or bool(re.match(r"\s[A-Z]", text[end:]))


def _runs(text: str, words: list[re.Match[str]], at: int) -> Iterator[int]:
    """Where the runs of words that begin at ``at`` end, the longest first."""
    ends = [words[at].end()]
    for before, after in zip(words[at:], words[at + 1 : at + MOST_WORDS], strict=False):
        if not _GAP.fullmatch(text[before.end() : after.start()]):
            break
        ends.append(after.end())
    return reversed(ends)


def _outlets(name: str, known: Known) -> tuple[tuple[str, ...], bool]:
    """The outlets of a name, and whether the archive has them. "the" alone, or in lower case, is not part of it."""
    wanted = key(name)
    if wanted in ("the", "") or (name[0].islower() and "." not in name):
        return (), False
    if wanted in known.names:
        return known.names[wanted], True
    for alias in WELL_KNOWN.get(wanted, ()):
        if key(alias) in known.names:
            return known.names[key(alias)], True
    return WELL_KNOWN.get(wanted, ())[:1], False
