"""A question that leans on the turns before, made to stand alone.

"And in Syria?" is the question before with another place; "Why?" is the question before, asked for its reason; "When
did he say that?" gets the name and the topic put back. A question with names or nouns of its own for its pronouns
stands alone and is left as it is. What a pronoun means is guessed from the words alone, the latest fitting name, so
the reader is shown what was added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.kinds import kind_of, target_of
from qa.stop_words import content_words

REACH = 4
"""Turns back that a question may lean on."""
MOST_TOPIC_WORDS = 12
TOLD = 3
"""So many words with content before a pronoun tell a story that holds whom it means."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before, as typed, and the text of its answer, empty where there was none."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands alone, what in it did not (``words``), and what was added for that."""

    text: str
    words: str = ""
    added: str = ""


_NAME_WORD = r"(?:al-|el-|bin-)?[A-ZÀ-Þ][\w’'-]*\w"
_NAME_LINK = r"\s(?:(?:of|de|del|la|the|van|von|bin|al)\s){0,2}"
_NAME = re.compile(rf"{_NAME_WORD}(?:{_NAME_LINK}{_NAME_WORD})*|\b[A-Z]{{2,}}\b")
_NO_NAME = frozenset(
    """The A An In On At And But He She It They We I You This That These Those Who What When Where Why How Which Whose
    Did Does Do Is Are Was Were Has Have Had Will Would Can Could Should May Might True False According After
    Before While Name List Tell Give Since During For From By If As Yes No Not Also Then Now His Her Their Its
    Our My To Of Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July
    August September October November December Mr Mrs Ms Dr President Minister""".split()
)
_FRAGMENT = re.compile(
    r"^(?:and|but|or|so)\s+(?P<rest>.+)$|^(?:and\s+)?(?:what|how)\s+about\s+(?P<about>.+)$", re.IGNORECASE
)
_BARE = re.compile(
    r"^(?:and |but |so )?(?:why(?: not| so)?|when(?: exactly)?|where(?: exactly)?|who(?: else)?|what (?:else|then|for)"
    r"|how(?: so| many| much| long| come)?|since when|until when|by whom|with whom|for how long|which ones?)$",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"^(?:tell me more|(?:any )?more(?: details| on (?:this|that|it))?|go on|and then|(?:can you )?explain(?: that)?"
    r"|what happened (?:next|then|after(?:wards| that)?)|(?:any|what) (?:examples|else is known))$",
    re.IGNORECASE,
)
_LED = re.compile(
    r"^(?P<preposition>in|at|on|for|from|by|with|to|near|of|against|during)\s+(?P<name>.+)$", re.IGNORECASE
)
_ORDINAL = re.compile(
    r"\bthe (?P<nth>first|second|third|fourth|last|other|former|latter)(?: one| two)?\b(?!\s+[a-z])", re.IGNORECASE
)
_NTH = {"first": 0, "former": 0, "second": 1, "other": 1, "latter": 1, "third": 2, "fourth": 3, "last": -1}
_PERSON = re.compile(r"\b(?P<pronoun>he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?P<pronoun>they|them|their|theirs|it|its)\b", re.IGNORECASE)
_POINTED = re.compile(
    r"\b(?:do|did|done|say|said|about|of|after|before|since|by|from|like|with|for|to|is|was|mean|happen|know|call|does|made"
    r"|cause|caused|why|how) (?P<this>that|this|those|these)\b"
    r"(?=\W*$|,|\s(?:happen|mean|matter|mentioned|possible|true|work))"
    r"|\b(?P<there>there|(?:next|previous|other|new) ones?)(?=\W*$)",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|will|has|does|did) it (?:true|possible|likely|called|take|been|rain|legal|safe|the case)\b"
    r"|^it\b|\bit (?:is|was|will be|takes|seems|appears)\b|\b(?:take|make|keep|find) it\b",
    re.IGNORECASE,
)
_AUXILIARY = "(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should)"
_ANTECEDENT = re.compile(
    r"\b(?:a|an|the|this|these|those|some|every|each|no|two|three|many|whose|one of)\s+[\w’-]+|\b\w{4,}s\b"
    rf"|^who\s+(?!{_AUXILIARY}\b)\w+",
    re.IGNORECASE,
)
_FRONTED = re.compile(
    r"^(?:before|after|while|when|although|as|if|since|in|with|during|at|on|by|for|despite|following)\s+"
    r"(?:he|she|it|they|his|her|its|their)\b.*,",
    re.IGNORECASE,
)


def complete(text: str, turns: Sequence[Turn]) -> Completed:
    """``text`` made to stand alone by the turns before it (the oldest first); as it is where it does."""
    context = Turn("")
    for turn in turns[-REACH:]:
        before = _complete(turn.question, context).text if context.question else turn.question
        context = Turn(before, turn.answer)
    return _complete(text, context) if context.question else Completed(text)


def _complete(text: str, before: Turn) -> Completed:
    bare = text.strip(" ?!.…")
    if asked := _BARE.match(bare) or _AGAIN.match(bare):
        ask = re.sub(r"^(?:and|but|so) ", "", asked[0], flags=re.IGNORECASE)
        return Completed(f"{ask[:1].upper()}{ask[1:]}? {_topic(before)}", bare, _topic(before))
    if ordinal := _ORDINAL.search(bare):
        listed = _names(before.answer) or _names(before.question)
        nth = _NTH[ordinal["nth"].lower()]
        if len(listed) > max(nth, 0) and not _antecedent(bare[: ordinal.start()]):
            return _filled(text, ordinal[0], listed[nth], before)
    if (fragment := _FRAGMENT.match(bare)) and not _has_question(fragment["rest"] or ""):
        return _swapped(bare, (fragment["rest"] or fragment["about"]).strip(), before)
    return _pronouns(text, before)


def _has_question(words: str) -> bool:
    return bool(re.match(rf"(?:who|what|when|where|why|how|which|{_AUXILIARY})\b.*\s", words, re.IGNORECASE))


def _filled(text: str, words: str, name: str, before: Turn) -> Completed:
    """The name in the place of the words; a fragment takes the topic along."""
    whole = text.replace(words, name, 1)
    if len(content_words(whole)) > len(name.split()) + 1:
        return Completed(whole, words, name)
    topic = _topic(before, without=name)
    return Completed(f"{whole.strip(' ?')}: {topic}" if topic else whole, words, f"{name}; {topic}" if topic else name)


def _swapped(bare: str, new: str, before: Turn) -> Completed:
    """The question before with ``new`` in the place of what it stands for.

    That is what follows the same preposition there, else the only name; where neither stands there, it is added.
    """
    question = before.question.rstrip(" ?.")
    names = _names(question)
    if led := _LED.match(new):
        same = re.compile(rf"\b{led['preposition']} (?:the )?(?:{_NAME.pattern}|\d{{4}})")
        old = [found[0] for found in same.finditer(question)]
        changed = f"{question.replace(old[-1], new)}?" if old else f"{question} {new}?"
    elif len(names) == 1 and new[:1].isupper():
        changed = f"{question.replace(names[0], new, 1)}?"
    else:
        changed = f"{new[:1].upper()}{new[1:]}: {_topic(Turn(before.question))}"
    return Completed(changed, bare, changed)


def _pronouns(text: str, before: Turn) -> Completed:
    """Pronouns that nothing in the question itself explains, replaced by what they stand for."""
    if _FRONTED.match(text):
        return Completed(text)
    person = _PERSON.search(text)
    if person and not _is_person_named(text[: person.start()]):
        if name := _latest_person(before):
            whole = _with_name(text, person, name)
            return _pointed(whole, before, Completed(whole, person[0], name))
        return _with_topic(text, person[0], before)
    thing = _THING.search(text)
    if thing and not _EXPLETIVE.search(text) and not _antecedent(text[: thing.start()]):
        return _with_topic(text, thing[0], before)
    return _pointed(text, before, Completed(text))


def _pointed(text: str, before: Turn, done: Completed) -> Completed:
    """The pointing "that", "there" at the end of a question: the topic of the turn before."""
    pointed = _POINTED.search(text)
    if not pointed or _antecedent(
        re.sub(_NAME, "", text[: pointed.start()]) if done.words else text[: pointed.start()]
    ):
        return done
    found = _with_topic(text, pointed["this"] or pointed["there"], before)
    words = f"{done.words}, {found.words}" if done.words else found.words
    return Completed(found.text, words, f"{done.added}; {found.added}" if done.added else found.added)


def _with_topic(text: str, words: str, before: Turn) -> Completed:
    said = {word.casefold() for word in re.findall(r"[\w’'-]+", text)}
    topic = " ".join(each for each in _topics(before) if not said.issuperset(each.casefold().split()))
    return Completed(f"{text.rstrip(' ?')} ({topic})?", words, topic) if topic else Completed(text)


def _with_name(text: str, pronoun: re.Match[str], name: str) -> str:
    owns = pronoun[0].lower() in ("his", "hers") or (
        pronoun[0].lower() == "her" and re.match(r"\s+[a-z]", text[pronoun.end() :]) is not None
    )
    return f"{text[: pronoun.start()]}{name}{'’s' if owns else ''}{text[pronoun.end() :]}"


def _is_person_named(words: str) -> bool:
    """Whether the words before a pronoun hold somebody it can mean: a name, "the minister", "Who lost", a story."""
    loses = re.match(rf"who\s+(?!{_AUXILIARY}\b)\w+", words, re.IGNORECASE)
    if loses or _names(words) or len(content_words(words)) >= TOLD:
        return True
    target = target_of(words)
    nouns = [target] if target else re.findall(r"(?i)\b(?:an?|the|this)\s+([\w-]+)", words)
    return any(kind_of(f"Which {noun}") == "person" for noun in nouns)


def _antecedent(words: str) -> bool:
    return bool(_names(words) or target_of(words) or _ANTECEDENT.search(words))


def _latest_person(before: Turn) -> str:
    """The person spoken of last: whom the answer names where one was asked for, else the latest in the question."""
    asked, told = _names(before.question), _names(before.answer)
    new = [name for name in told if not any(name in other or other in name for other in asked)]
    people = [name for name in asked if not _is_place(before.question, name)]
    if kind_of(before.question) == "person" and new:
        people = new
    fitting = people or new
    return _short(next((name for name in fitting if " " in name), next(iter(fitting), "")))


def _is_place(text: str, name: str) -> bool:
    return bool(re.search(rf"\b(?:in|at|near|from|to|of)\s(?:the\s)?{re.escape(name)}", text))


def _names(text: str) -> list[str]:
    """The names in a text, each once, in their order."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        words = re.sub(r"[’']s$", "", match[0]).split(" ")
        while words and words[0] in _NO_NAME:
            words = words[1:]
        if words:
            found[" ".join(words)] = None
    return list(found)


def _topics(before: Turn, *, without: str = "") -> list[str]:
    """What the turn before was about: the words of its question, and the name that answered it."""
    left_out = {word.casefold() for word in without.split()}
    words = [word for word in content_words(before.question) if word.casefold() not in left_out][:MOST_TOPIC_WORDS]
    if not without and kind_of(before.question) in ("person", "country", "organisation", "place"):
        said = {word.casefold() for word in words}
        new = (name for name in _names(before.answer) if said.isdisjoint(name.casefold().split()))
        words += [_short(name) for name in new][:1]
    return words


def _topic(before: Turn, *, without: str = "") -> str:
    return " ".join(_topics(before, without=without))


def _short(name: str) -> str:
    """A person's name without where they are from."""
    return name.split(" of ", 1)[0]
