"""True sentences of the news, and the same with a number, name, date, negation or speaker changed.

    python benchmarks/perturbed.py FOLDER [--seed N] [--n 300] [--show 50]     print some of them, to be read

``verdicts`` measures the verification on them.
FOLDER holds ``2023.articles.jsonl`` of RealTimeQA. Invariants: the sentence is ``passage[start:end]`` word for word,
the passage whole sentences of the article around it; an unchanged claim is that sentence, a changed one differs from it
in one place; each article gives one claim at most; the same seed gives the same claims. The sentences that are left
unchanged are chosen like the others: something in each could have been changed. The texts are their publishers' and
are never written into the repository.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Literal

import alterations
import renamings
import renumberings
import rewordings
from alterations import Alteration, Setting
from datasets import rows
from renamings import People

from qa.articles import clean_text
from qa.chunks import Span, sentences

Kind = Literal["number", "name", "date", "negation", "attribution"]
KINDS: tuple[Kind, ...] = ("number", "name", "date", "negation", "attribution")
FILE = "2023.articles.jsonl"
SEED, COUNT = 20230101, 300
READ = 3000
"""Articles of which the names of people are learnt."""
BEARERS = 3
"""So many speakers bear what counts as a first name."""
NEAR = 0.75
"""Where a text allows both, so many of the changes put in what stands in it; in all, about half do."""
PASSAGE = 1200
"""Most characters of a passage, as the product's."""
OUTLETS = {"usatoday.com": "USA TODAY", "cnn.com": "CNN", "theweek.co.uk": "The Week"}


@dataclass(frozen=True, slots=True)
class Story:
    """An article to take sentences from; ``published`` is an ISO date or ""."""

    id: str
    title: str
    published: str
    outlet: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A claim about a sentence, ``passage[start:end]``.

    ``at`` is where the claim says ``now`` instead of ``was``; in an unchanged claim both are "" and ``at`` is 0.
    ``near``: what was put in stands elsewhere in the same passage, a name in the same article.
    """

    article: str
    title: str
    published: str
    outlet: str
    passage: str
    start: int
    end: int
    claim: str
    kind: Kind
    changed: bool
    was: str = ""
    now: str = ""
    at: int = 0
    near: bool = False

    @property
    def sentence(self) -> str:
        """The true sentence."""
        return self.passage[self.start : self.end]


# --- the sentences


def stories(folder: Path) -> Iterator[Story]:
    """The articles of RealTimeQA whose text is whole."""
    for row in rows(folder / FILE):
        text = clean_text(row["text"])
        if "%2" not in text and "\ufffd" not in text and len(text) >= 600:
            yield Story(row["id"], row["title"], (row["published"] or "")[:10], _outlet(row["url"]), text)


def _outlet(url: str) -> str:
    host = url.split("/")[2]
    return next((outlet for domain, outlet in OUTLETS.items() if host.endswith(domain)), host.removeprefix("www."))


_DATELINE = r"[A-Z][A-Z .,]{2,}.{0,30}?(?:—|–|-|\()"
_BOILERPLATE = (
    r"(?i:sign up|subscri|newsletter|click|copyright|©|https?:|www\.|getty|photo|advertis|follow (?:us|him|her|@)"
    r"|contribut|read more|editor[’']s note|all rights|this (?:story|article)|correction|updated|cookie|privacy"
    r"|download|email|watch:|more:)|\(\d{3}\)|\d-\d{4}"
)
_ODD = r"[?\n|•…@%&*#{}\[\]=_/;:]|\.\.|‘|(?<!\w)'|'(?!\w)|’(?!\w)| [-–—] | -- "
_ABBREVIATION = r"\b(?:[A-Z]|Rep|Sen|Gov|Gen|Dr|Mr|Mrs|Ms|No|St|Jr|Sr|vs|Lt|Inc|U\.S|D\.C|[ap]\.m)\.$"


def usable(text: str, span: Span) -> bool:
    """Whether a sentence is one, in prose, long enough to be judged and with quotation marks that close."""
    sentence = text[span.start : span.end]
    paragraph = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    plain = sentence.replace("%", "")
    return (
        8 <= len(sentence.split()) <= 40
        and re.match(r"[A-Z“\"]", sentence) is not None
        and re.search(r"[a-z\d)%”\"’][.!]?[”\"]?$", sentence) is not None
        and sentence[-1] in '.!”"'
        and not re.match(_DATELINE, sentence)
        and not any(re.search(each, plain) for each in (_BOILERPLATE, _ODD, _ABBREVIATION))
        and all(part.count("“") == part.count("”") and part.count('"') % 2 == 0 for part in (paragraph, sentence))
    )


def passage(spans: Sequence[Span], place: int) -> Span:
    """The sentence with its neighbours, after and before in turn, up to 1,200 characters."""
    first = last = place
    growing = True
    while growing:
        growing = False
        for low, high in ((first, last + 1), (first - 1, last + 1), (first - 1, last)):
            fits = low >= 0 and high < len(spans) and (low, high) != (first, last)
            if fits and spans[high].end - spans[low].start <= PASSAGE:
                first, last, growing = low, high, True
                break
    return Span(spans[first].start, spans[last].end)


# --- the claims


def items(folder: Path, *, seed: int = SEED, n: int = COUNT) -> list[Item]:
    """``n`` changed claims and ``n`` unchanged ones, as many of each kind."""
    return drawn(*learnt(folder, seed=seed), Random(seed), n=n)


def learnt(folder: Path, *, seed: int = SEED) -> tuple[list[Story], People]:
    """The articles in the order of a seed, and the people in them."""
    every = list(stories(folder))
    Random(seed).shuffle(every)
    return every, People.read([story.text for story in every[:READ]], bearers=BEARERS)


def drawn(every: Sequence[Story], people: People, chance: Random, *, n: int) -> list[Item]:
    """At most one claim from each story, in the stories' order, until there are enough of each kind."""
    left = {(kind, changed): n // len(KINDS) for kind in KINDS for changed in (True, False)}
    found: list[Item] = []
    for story in every:
        wanted = sorted((key for key in left if left[key]), key=lambda key: -left[key])
        if not wanted:
            break
        kind, changed = chance.choice([key for key in wanted if left[key] >= left[wanted[0]] - 2])
        item = _item(story, kind, changed=changed, people=people, chance=chance)
        if item is not None:
            left[kind, changed] -= 1
            found.append(item)
    return found


def said_otherwise(every: Iterable[Item], people: People) -> list[Item]:
    """The true sentences of all items that can be said in other words, so said: claims that are as true."""
    found = ((item, rewordings.reworded(item.sentence, people)) for item in every)
    return [
        replace(item, claim=claim, changed=False, was="", now="", at=0, near=False)
        for item, claim in found
        if claim != item.sentence
    ]


def changes(kind: Kind, setting: Setting, people: People, chance: Random) -> list[Alteration]:
    """Every change of one kind that the sentence allows."""
    if kind == "number":
        found = renumberings.number(setting, chance)
    elif kind in ("name", "attribution"):
        renamed = renamings.name if kind == "name" else renamings.attribution
        found = renamed(setting, people, chance)
    else:
        found = (alterations.date if kind == "date" else alterations.negation)(setting, chance)
    return [each for each in found if alterations.article_fits(setting.sentence, each)]


def _item(story: Story, kind: Kind, *, changed: bool, people: People, chance: Random) -> Item | None:
    """A claim about a random sentence of the story; half of the changes are near ones where there are any."""
    spans = sentences(story.text)
    places = [place for place, span in enumerate(spans) if usable(story.text, span)]
    chance.shuffle(places)
    near = chance.random() < NEAR
    others: tuple[Span, Span, list[Alteration]] | None = None
    for place in places:
        span, around = spans[place], passage(spans, place)
        rest = f"{story.text[around.start : span.start]}\n{story.text[span.end : around.end]}"
        setting = Setting(story.text[span.start : span.end], rest, story.text)
        possible = changes(kind, setting, people, chance)
        if fitting := [each for each in possible if each.near == near]:
            return _made(story, span, around, kind, chance.choice(fitting) if changed else None)
        others = others or ((span, around, possible) if possible else None)
    if others is None:
        return None
    span, around, possible = others
    return _made(story, span, around, kind, chance.choice(possible) if changed else None)


def _made(story: Story, span: Span, around: Span, kind: Kind, one: Alteration | None) -> Item:
    sentence = story.text[span.start : span.end]
    about = {
        "article": story.id,
        "title": story.title,
        "published": story.published,
        "outlet": story.outlet,
        "passage": story.text[around.start : around.end],
        "start": span.start - around.start,
        "end": span.end - around.start,
    }
    made: dict[str, Any] = {**about, "kind": kind, "changed": one is not None}
    if one is None:
        return Item(**made, claim=sentence)
    return Item(**made, claim=one.applied(sentence), was=one.was, now=one.now, at=one.start, near=one.near)


def evidence(item: Item) -> list[Span]:
    """The sentences of the passage, that of the claim among them as the article has it."""
    own = Span(item.start, item.end)
    others = [span for span in sentences(item.passage) if span.end <= own.start or span.start >= own.end]
    return sorted([*others, own])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help=f"where {FILE} is")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--n", type=int, default=COUNT, help="changed ones, and as many unchanged")
    parser.add_argument("--show", type=int, default=50, help="changed ones to print")
    options = parser.parse_args()
    every = items(options.folder, seed=options.seed, n=options.n)
    changed = [item for item in every if item.changed]
    print(f"{len(changed)} changed, {sum(item.near for item in changed)} near; {len(every) - len(changed)} unchanged")
    for item in Random(options.seed).sample(changed, min(options.show, len(changed))):
        print(f"\n{item.kind}{', near' if item.near else ''}: {item.was!r} -> {item.now!r}\n  {item.sentence}")
        print(f"  {item.claim}")


if __name__ == "__main__":
    main()
