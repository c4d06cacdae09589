"""Whether a changed number, name, date, negation or speaker is noticed: true sentences of the news, and false ones.

    python benchmarks/perturbed.py FOLDER [--seed N] [--n 300] [--show 50]     print some of them, to be read
    python benchmarks/figures.py perturbed DATA                                measure the verification on them

FOLDER holds ``2023.articles.jsonl`` of RealTimeQA. Invariants: the sentence is ``passage[start:end]`` word for word,
the passage whole sentences of the article around it; an unchanged claim is that sentence, a changed one differs from it
in one place; each article gives one claim at most; the same seed gives the same claims. The sentences that are left
unchanged are chosen like the others: something in each could have been changed. The texts are their publishers' and
are never written into the repository.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import alterations
import renamings
import renumberings
from alterations import Alteration, Setting
from datasets import rows
from renamings import People
from tables import Row, Table

from qa.articles import clean_text
from qa.chunks import Span, sentences
from qa.evaluation.figures import Figure, figure, median, slowest

if TYPE_CHECKING:
    from sections import Bench

    from qa.verification import Reading

Kind = Literal["number", "name", "date", "negation", "attribution"]
KINDS: tuple[Kind, ...] = ("number", "name", "date", "negation", "attribution")
Cited = Literal["sentence", "passage"]
CITED: dict[Cited, str] = {"sentence": "the sentence", "passage": "the whole passage"}
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
    r"|contribut|read more|editor[’']s note|all rights|this (?:story|article)|correction|updated|cookie|download|email"
    r"|watch:|more:)|\(\d{3}\)|\d-\d{4}"
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
    every = list(stories(folder))
    Random(seed).shuffle(every)
    people = People.read([story.text for story in every[:READ]], bearers=BEARERS)
    return drawn(every, people, Random(seed), n=n)


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


def changes(kind: Kind, setting: Setting, people: People, chance: Random) -> list[Alteration]:
    """Every change of one kind that the sentence allows."""
    if kind == "number":
        return renumberings.number(setting, chance)
    if kind in ("name", "attribution"):
        renamed = renamings.name if kind == "name" else renamings.attribution
        return renamed(setting, people, chance)
    return (alterations.date if kind == "date" else alterations.negation)(setting, chance)


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


# --- the figures


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, and the label and the milliseconds of its verification, by what was cited."""

    item: Item
    labels: Mapping[Cited, str]
    milliseconds: Mapping[Cited, float]


def judged(item: Item, reading: Reading, cited: int, size: int) -> Judged:
    """The verification of one claim; the evidence has been read, and another claim verified against it."""
    reading.verify(item.title or "Nothing is known.", range(size))
    labels, taken = dict[Cited, str](), dict[Cited, float]()
    numbers: dict[Cited, Sequence[int]] = {"sentence": [cited], "passage": range(size)}
    for name, those in numbers.items():
        begun = time.perf_counter()
        labels[name] = reading.verify(item.claim, those).label
        taken[name] = (time.perf_counter() - begun) * 1e3
    return Judged(item, labels, taken)


def verified(every: Sequence[Item]) -> Iterator[Judged]:
    """Each claim verified with the local model over the sentences of its passage."""
    from qa.config import load
    from qa.embedders import make_embedder
    from qa.verification import Reference, Verifier

    verifier = Verifier(make_embedder(load(None, environ={})).embed)
    for number, item in enumerate(every):
        if number % 100 == 0:
            print(f"perturbed: {number} of {len(every)}", file=sys.stderr)
        spans = evidence(item)
        day = date.fromisoformat(item.published) if item.published else None
        references = [
            Reference(item.passage, span.start, span.end, title=item.title, outlet=item.outlet, published=day)
            for span in spans
        ]
        yield judged(item, verifier.read(references), spans.index(Span(item.start, item.end)), len(spans))


def evidence(item: Item) -> list[Span]:
    """The sentences of the passage, that of the claim among them as the article has it."""
    own = Span(item.start, item.end)
    others = [span for span in sentences(item.passage) if span.end <= own.start or span.start >= own.end]
    return sorted([*others, own])


def share(name: str, hits: Sequence[bool]) -> Figure:
    """A share with its Wilson interval (Wilson, 1927), which is right beside 0 and 1, too."""
    n, z = len(hits), 1.959964
    value = sum(hits) / n
    middle, wide = (value + z * z / (2 * n)), z * math.sqrt(value * (1 - value) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * wide) / (1 + z * z / n) for sign in (-1, 1))
    return Figure(name, value, max(0.0, low), min(1.0, high), n)


def perturbed(bench: Bench) -> Iterator[Table]:
    """Changed sentences caught and true ones accused, by kind, and the time that a verification takes."""
    found = list(verified(items(bench.data / "realtimeqa")))
    for cited, title in CITED.items():
        measured = tuple(table_rows(found, cited))
        yield Table(f"RealTimeQA sentences with one thing changed, citing {title}", measured)
    times = [
        Row(f"citing {title}", (figure("median ms", median, taken), figure("95th percentile ms", slowest, taken)))
        for cited, title in CITED.items()
        for taken in [[each.milliseconds[cited] for each in found]]
    ]
    yield Table("One verification, the evidence read", tuple(times))


def table_rows(found: Sequence[Judged], cited: Cited) -> Iterator[Row]:
    """A row for all, one for each kind, and one for each source of what was put in."""
    for kind in ("all", *KINDS):
        of_kind = [each for each in found if kind in ("all", each.item.kind)]
        caught, accused = (
            [each.labels[cited] != "supported" for each in of_kind if each.item.changed == changed]
            for changed in (True, False)
        )
        yield Row(kind, (share("changed caught", caught), share("true accused", accused)))
    for near, name in ((True, "put in from the same text"), (False, "put in from elsewhere")):
        those = [
            each for each in found if each.item.changed and each.item.near == near and each.item.kind != "negation"
        ]
        yield Row(name, (share("changed caught", [each.labels[cited] != "supported" for each in those]),))


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
