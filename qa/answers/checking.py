"""The claims of a model to sentences with citations and verdicts.

A marker names a sentence of the evidence, which is what is cited. Where the cited sentences do not say what the claim
says and others of the evidence do, those are cited instead, and the sentence is marked as corrected. Invariants: a
marker that leads to no evidence stays, as unresolved; nothing outside the evidence is cited; the verdict is about the
sentences that are cited in the end, and rests on them and what stands around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from qa.answers import Citations, Sentence, Verdict
from qa.answers.evidence import Evidence
from qa.answers.markers import Claim, is_block
from qa.entailment import UNDECIDED, Judge
from qa.errors import NewsdeskError
from qa.verification import Finding, Verification, facts

if TYPE_CHECKING:
    from qa.verification import Reading, Verifier

RANKS: dict[Verdict, int] = {
    "contradicted": 0,
    "unsupported": 1,
    "no citation": 1,
    "partly supported": 2,
    "supported": 3,
    "quoted": 4,
}
"""From worst to best, for choosing between two versions of a sentence."""
NEAR = 0.4
"""Score from which a claim without a citation is given one that says a part of it."""
DOUBTED = 0.1
"""Probability of a judge below which a sentence is not even partly supported."""
JUDGED = 0.5
"""Probability from which a judge's word counts."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict. ``cited`` are numbers of the evidence, ``unresolved`` markers that lead to none."""

    claim: Claim
    verdict: Verdict
    score: float
    cited: tuple[int, ...]
    unresolved: tuple[str, ...] = ()
    reasons: tuple[Finding, ...] = ()
    corrected: bool = False
    written: str = ""

    @property
    def rank(self) -> int:
        """How good the verdict is."""
        return RANKS[self.verdict]


class Checker:
    """Checks claims against the evidence that their model was shown. Not to be shared between threads."""

    def __init__(self, verifier: Verifier, evidence: Evidence, judge: Judge | None = None) -> None:
        self._verifier = verifier
        self._evidence = evidence
        self._judge = judge

    @cached_property
    def reading(self) -> Reading:
        """The evidence, read; the first check waits for it."""
        return self._verifier.read(self._evidence.references)

    def prepare(self) -> None:
        """Read the evidence ahead. Its errors come again with the first claim."""
        with suppress(NewsdeskError):
            self.reading.prepare()

    def check(self, claim: Claim, before: str = "") -> Judged:
        """The verdict on a claim; ``before``: the sentence of the answer before it, which says what "it" is."""
        if is_block(claim.text):
            return Judged(claim, "no citation", 0.0, ())
        named = [name for name in claim.markers if self._exists(name)]
        unresolved = tuple(name for name in claim.markers if not self._exists(name))
        cited = tuple(int(name) for name in named)
        if any(_same(claim.text, self._evidence.sentences[number - 1].text) for number in cited):
            return Judged(claim, "quoted", 1.0, cited, unresolved)
        found, cited, corrected = self._verified(claim.text, cited, before)
        verdict: Verdict = found.label if cited else "no citation"
        judged = Judged(claim, verdict, found.score, cited, unresolved, found.reasons, corrected)
        return self.second(judged, self._judge) if self._judge is not None else judged

    def _exists(self, name: str) -> bool:
        return name.isdigit() and 1 <= int(name) <= len(self._evidence.sentences)

    def _verified(self, text: str, cited: tuple[int, ...], before: str) -> tuple[Verification, tuple[int, ...], bool]:
        """The verification against what is cited, or against what should have been."""
        given = self._verify(text, cited, before)
        if given.label == "supported":
            return given, cited, False
        best = self._joinable(text, tuple(place + 1 for place in self.reading.support(text, before=before)))
        tried = [numbers for numbers in (best, _joined(cited, best)) if numbers and set(numbers) != set(cited)]
        for numbers in tried:
            other = self._verify(text, numbers, before)
            if other.label == "supported" or (not cited and _near(other)):
                return other, numbers, True
        for place in () if given.label in ("contradicted", "partly supported") else self.reading.nearest(text):
            other = self._verify(text, (place + 1,), before)
            if other.label == "contradicted":
                return other, (place + 1,), True
        return given, cited, False

    def _joinable(self, text: str, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """The evidence of the first article, and of each other one that brings a number of the claim by itself.

        What two articles say apart, neither of them says; but a claim may well put their figures side by side.
        """
        wanted, kept = facts.numbers(text), list[int]()
        first = self._evidence.sentences[numbers[0] - 1].passage.article.id if numbers else ""
        for number in numbers:
            each = self._evidence.sentences[number - 1]
            brought = facts.numbers(each.text) & wanted
            if each.passage.article.id == first or (len(wanted) > 1 and brought):
                kept.append(number)
        return tuple(kept)

    def _verify(self, text: str, cited: Sequence[int], before: str) -> Verification:
        if not cited:
            return Verification("unsupported", 0.0, ())
        return self.reading.verify(text, [number - 1 for number in cited], before=before)

    def second(self, judged: Judged, judge: Judge) -> Judged:
        """The verdict after a judge, who weighs meaning, while figures and names stay the code's to compare."""
        if not judged.cited or judged.verdict == "quoted":
            return judged
        told = "\n".join(self._told(number) for number in judged.cited)
        (said,) = judge.judge([(told, judged.claim.text)])
        if said is UNDECIDED:
            return judged
        facts = [each for each in judged.reasons if each.kind != "words"]
        if said.contradiction >= JUDGED and judged.verdict != "contradicted":
            return replace(judged, verdict="contradicted", score=min(judged.score, 1 - said.contradiction))
        if said.entailment >= JUDGED and not facts and judged.verdict in ("partly supported", "unsupported"):
            return replace(judged, verdict="supported", score=said.entailment, reasons=())
        if said.entailment < JUDGED and judged.verdict == "supported":
            partly = said.entailment >= DOUBTED
            verdict: Verdict = "partly supported" if partly else "unsupported"
            return replace(judged, verdict=verdict, score=min(judged.score, said.entailment))
        return judged

    def _told(self, number: int) -> str:
        """A cited sentence with what a reader needs to understand it: its article and the sentence before."""
        each = self._evidence.sentences[number - 1]
        before = self._evidence.sentences[number - 2] if number > 1 else None
        led = f"{before.text} " if before is not None and before.passage is each.passage else ""
        article = each.passage.article
        day = f" ({article.published.isoformat()[:10]})" if article.published else ""
        return f"{article.title}{day}: {led}{each.text}"


def as_sentences(judged: Iterable[Judged], evidence: Evidence, citations: Citations) -> list[Sentence]:
    """Claims as the sentences of an answer; each evidence gets its number when it is first cited."""
    return [as_sentence(each, evidence, citations) for each in judged]


def as_sentence(judged: Judged, evidence: Evidence, citations: Citations) -> Sentence:
    """A claim as a sentence of an answer."""
    cited = (evidence.sentences[number - 1] for number in judged.cited)
    numbers = [citations.cite(each.passage.article, each.span.start, each.span.end) for each in cited]
    return Sentence(
        text=judged.claim.text,
        citations=tuple(dict.fromkeys(numbers)),
        verdict=judged.verdict,
        unresolved=judged.unresolved,
        reasons=judged.reasons,
        score=judged.score,
        corrected=judged.corrected,
        written=judged.written,
        opening=judged.claim.opening,
    )


def _near(found: Verification) -> bool:
    """Whether evidence is worth citing for a claim that cites none, though it does not say all of it."""
    return found.label == "contradicted" or (found.label == "partly supported" and found.score >= NEAR)


def _joined(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({*one, *other}))


def _same(claim: str, sentence: str) -> bool:
    """Whether a claim is the sentence, but for blanks, the form of quotation marks and those around it."""
    return _folded(claim) == _folded(sentence)


_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})


def _folded(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split()).strip('" ')


class Checks:
    """Checks the claims of one answer in a thread of its own, while the next ones come. Close it in the end."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._pool = ThreadPoolExecutor(1, "newsdesk-check")
        self._pool.submit(checker.prepare)  # the evidence is read while the model has not begun to write
        self._failed = False
        self._taken: list[tuple[Claim, str, Future[Judged]]] = []
        self._told = 0

    def take(self, claims: Sequence[Claim]) -> None:
        """Check the first claims of the answer; one that has changed since it was taken is checked again."""
        if self._failed:
            return
        del self._taken[len(claims) :]
        self._told = min(self._told, len(claims))
        for place, claim in enumerate(claims):
            before = claims[place - 1].text if place else ""
            if place < len(self._taken):
                if self._taken[place][:2] == (claim, before):
                    continue
                self._taken[place][2].cancel()
            task = (claim, before, self._pool.submit(self._checker.check, claim, before))
            self._taken[place : place + 1] = [task]
            self._told = min(self._told, place)

    def new(self) -> list[tuple[int, Judged]]:
        """What has been checked since this was last called, with its place, in order.

        Raises, once, the error of the first check that failed; what comes behind it is not checked any more.
        """
        found: list[tuple[int, Judged]] = []
        while self._told < len(self._taken) and self._taken[self._told][2].done():
            if (error := self._taken[self._told][2].exception()) is not None:
                if found:
                    return found
                self._failed = True
                del self._taken[self._told :]
                raise error
            found.append((self._told, self._taken[self._told][2].result()))
            self._told += 1
        return found

    @property
    def done(self) -> bool:
        """Whether all that was taken is checked and told."""
        return self._told == len(self._taken)

    def wait(self, seconds: float) -> None:
        """Until the next claim is checked, so long at most."""
        if not self.done:
            wait([self._taken[self._told][2]], seconds)

    def close(self) -> None:
        """Check no further."""
        self._pool.shutdown(wait=False, cancel_futures=True)
