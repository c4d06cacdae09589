"""The sources that a question names: "according to Reuters", "the Post article", "as reported by both A and B".

A name alone is no source, since an outlet may be the topic: "Who heads the BBC?" limits nothing. It becomes one by a
cue beside it, by quotation marks around it, or by standing in a list with one that has a cue. Where any outlet is a
source, the others that the question names count as well: a limit too wide costs less than one that hides the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from qa.outlets import PAPERS, Known, Mention, mentions

Form = Literal["article", "aside", "name"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One source. ``text[start:end]`` is its name with the cue that makes it one.

    ``form``: the cue is a noun for the article itself ("the Post article on ..."), an aside that could be left out
    ("according to the Post"), or it is the name alone.
    """

    start: int
    end: int
    name: str
    outlets: tuple[str, ...]
    known: bool
    form: Form


_ARTICLE = r"(?:article|report|piece|story|stories|coverage|review|column|editorial|headline|reporting)s?"
_KIND_OF = (
    r"(?:(?:news|magazine|newspaper|website|own|latest|recent|subsequent|original|later|earlier|first|second|separate"
    r"|front-page|opinion)\s)*"
)
_REPORTED = (
    r"(?:reported|covered|mentioned|discussed|featured|noted|described|highlighted|detailed|published|stated|portrayed"
    r"|credited|scrutinized|scrutinised|depicted|cited|suggested|claimed|presented|outlined|documented|written"
    r"|recognized|recognised|quoted|revealed)"
)
_OPENING = r"(?:\b(?:both|the|The|an?)\s|[“\"‘']){0,3}"
_ARTICLES_OF = rf"(?:(?:an?\s|the\s|their\s)?{_KIND_OF}{_ARTICLE}\s(?:from|by|in|of)\s)?"
_ASIDE_BEFORE = re.compile(
    rf"(?:,\s)?\b(?:(?i:according\sto|as\sper|per|in\ssources\s(?:like|such\sas|including)|sources\s(?:like|such\sas|including))"
    rf"|(?:(?:[Aa]s|has\sbeen|have\sbeen|was|were|is|recently|also)\s)?(?:[Rr]ecently\s)?{_REPORTED}\s(?:by|in|on))\s{_ARTICLES_OF}{_OPENING}$"
)
_ARTICLE_BEFORE = re.compile(
    rf"(?:\b(?:[Tt]he|[Aa]n?|[Bb]oth|[Oo]ther|another)\s)?\b{_KIND_OF}(?:(?i:{_ARTICLE})|another|one)\s(?:published\s|printed\s)?(?:by|from|in)\s{_OPENING}$"
)
_ARTICLE_BEHIND = re.compile(rf"[”\"’']?(?:[’']s?)?[”\"’']?\s(?:\w+\s(?=piece))?{_KIND_OF}{_ARTICLE}\b")
_VERB_BEHIND = re.compile(
    r"[”\"’']?\s(?:reports|wrote|writes|reported)\b(?!\s(?:an?|its|record|revenues?|profits?|loss(?:es)?|earnings)\b)"
)
_DID_BEFORE = re.compile(rf"\b(?:did|does|has|do|have)\s{_OPENING}$")
_DID_BEHIND = re.compile(r"[”\"’']?\s(?:report|write)\b")
_PUBLISHED_BEHIND = re.compile(r"[”\"’']?\s(?:publish|run|print|carry)\b")
_LEFT_OUT = re.compile(
    r"\b(?:other\sthan|except(?:\sfor)?|apart\sfrom|aside\sfrom|besides|excluding|not(?:\s(?:from|by|in))?)\s(?:the\s)?[“\"‘']?$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[”\"’']?(?:,\s(?:and\s|or\s)?|\s(?:and|or|&)\s)(?:both\s)?(?:[Tt]he\s)?[“\"‘']?")
_QUOTES = {("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'")}

_NAME = r"(?:[A-Z0-9][\w.&’'-]*(?:\s(?:of|and|the|&|de|della)(?=\s[A-Z]))?\s?){1,5}"
_UNKNOWN = (
    re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]n|[Ff]rom|[Bb]y)\s(?P<name>(?!The\s)(?:[A-Z][\w.&’'-]*\s){1,4})articles?\b"),
    re.compile(rf"\b[Aa]rticles?\s(?:from|in)\s(?:the\s)?(?P<name>{_NAME})"),
)
_PAPERS = "|".join(sorted(PAPERS))
_UNKNOWN_PAPER = re.compile(
    rf"(?:\b(?:[Aa]ccording\sto|[Rr]eported\s(?:by|in)|{_ARTICLE}\s(?:from|by|in))\s(?:the\s)?"
    rf"(?P<name>(?:[A-Z][\w’'-]*\s){{0,3}}(?:Daily\s[A-Z]\w+|(?:{_PAPERS})\b)))"
)
_NO_OUTLET = re.compile(
    r"(?:\b(?:Wikipedia|Article|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|French|Dutch|Greek|Which|What|The)|(?:ish|ese|ian|can))$"
)


def attributions(text: str, known: Known) -> list[Attribution]:
    """The sources that ``text`` names, in their order; empty where it names none."""
    named = [mention for mention in mentions(text, known) if not _LEFT_OUT.search(text[: mention.start])]
    found: dict[int, Attribution] = {}
    for mention in named:
        if source := _cued(text, mention):
            found[mention.start] = source
    for earlier, later in (*pairwise(named), *pairwise(named[::-1])):
        if earlier.start in found and later.start not in found and _are_listed(text, earlier, later):
            cued = found[earlier.start]
            found[later.start] = Attribution(later.start, later.end, *_named(text, later), cued.form)
    unknown = _unknown(text, named)
    if found or unknown:
        for mention in named:
            if mention.known and mention.start not in found:
                found[mention.start] = Attribution(mention.start, mention.end, *_named(text, mention), "name")
    return sorted([*found.values(), *unknown], key=lambda source: source.start)


def _named(text: str, mention: Mention) -> tuple[str, tuple[str, ...], bool]:
    return text[mention.start : mention.end], mention.outlets, mention.known


def _cued(text: str, mention: Mention) -> Attribution | None:
    left, right = text[: mention.start], text[mention.end :]
    quoted = mention.known and (left[-1:], right[:1]) in _QUOTES
    behind = _ARTICLE_BEHIND.match(right)
    end = mention.end + (behind.end() if behind else 1 if quoted else 0)
    if aside := _ASIDE_BEFORE.search(left):
        return Attribution(aside.start(), end, *_named(text, mention), "article" if behind else "aside")
    if before := _ARTICLE_BEFORE.search(left):
        return Attribution(before.start(), end, *_named(text, mention), "article")
    if behind:
        opening = re.search(rf"{_OPENING}$", left)
        return Attribution(opening.start() if opening else mention.start, end, *_named(text, mention), "article")
    did = _DID_BEFORE.search(left)
    says = _VERB_BEHIND.match(right) or (did and _DID_BEHIND.match(right))
    says = says or (did and _PUBLISHED_BEHIND.match(right) and re.search(rf"(?i)\b{_ARTICLE}\b", left))
    if (says and not _may_be_a_word(left, mention, text)) or quoted:
        return Attribution(mention.start - quoted, end, *_named(text, mention), "name")
    return None


def _may_be_a_word(left: str, mention: Mention, text: str) -> bool:
    """Whether a capital may only begin the sentence: "People reported a light"."""
    begins = not left.strip() or left.rstrip()[-1] in ".?!"
    return begins and not mention.known and text[mention.start : mention.end].isalpha()


def _are_listed(text: str, one: Mention, other: Mention) -> bool:
    first, second = sorted((one, other), key=lambda mention: mention.start)
    return bool(_LISTED.fullmatch(text[first.end : second.start]))


def _extends(start: int, end: int, mention: Mention) -> bool:
    """Whether a name is another than the one that it begins with: "BBC Sound" is not "BBC"."""
    return start == mention.start and end > mention.end and not mention.known


def _unknown(text: str, named: Sequence[Mention]) -> list[Attribution]:
    """Sources that are no known name, but are named as nothing but an outlet is."""
    found: dict[int, Attribution] = {}
    for pattern in (*_UNKNOWN, _UNKNOWN_PAPER):
        for match in pattern.finditer(text):
            name = re.sub(r"[’']s$", "", match["name"].strip())
            start = match.start("name")
            end = start + len(name)
            free = all(end <= each.start or each.end <= start or _extends(start, end, each) for each in named)
            if free and name and not _NO_OUTLET.search(name):
                found.setdefault(start, Attribution(match.start(), match.end(), name, (name,), False, "article"))
    return list(found.values())


_WROTE = re.compile(
    r"[’']s?\s(?:\w+\s)?(?:article|column|piece|report|story|stories|reporting|coverage)s?\b|\s(?:write|wrote|writes|reports|reported)\b"
)
_BY = re.compile(r"(?:^|(?P<before>[\w’'-]+),?\s)(?:[Bb]y|[Ff]rom)\s$")
_MADE = re.compile(r"(?:ed|en|won|led|made|shot|sung|held|sold|built|told|done|run|set)$")
_WRITES = frozenset("written reported authored published covered described bylined penned filed".split())


def authors(text: str, known: Known) -> list[tuple[int, int, str]]:
    """The authors that ``text`` names by their full names with a cue: where, and who."""
    if not known.writers:
        return []
    words = list(re.finditer(r"[^\W_]+(?:[-’'.][^\W_]+)*\.?", text))
    found = []
    for at, word in enumerate(words):
        for last in words[at + 1 : at + 5]:
            name = text[word.start() : last.end()]
            writer = known.writers.get("".join(re.findall(r"[^\W_]+", re.sub(r"[’']s$", "", name).casefold())))
            if (
                writer
                and name[0].isupper()
                and _writes(text, word.start(), word.start() + len(re.sub(r"[’']s$", "", name)))
            ):
                found.append((word.start(), last.end(), writer))
    return found


def _writes(text: str, start: int, end: int) -> bool:
    if _WROTE.match(text, end):
        return True
    by = _BY.search(text[:start])
    before = (by["before"] or "").lower() if by else ""
    return (
        by is not None
        and (before in _WRITES or not _MADE.search(before))
        and (
            "by" in by[0].lower().split()
            or bool(re.search(r"(?:articles?|stories|reports?|pieces?|columns?)$", before))
        )
    )
