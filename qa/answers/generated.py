"""An answer that a language model writes from the passages, each sentence checked against the words that it cites.

While the model writes, a draft streams (``drafts``) and each whole sentence is checked in a thread of its own
(``checking``), so that neither waits for the other. Then the model is asked once to mend what failed; what still fails
is shown as it stands, with its verdict. What fails or is stopped after the first word keeps the sentences that had
come; a failing model is never replaced by extraction here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from qa.answers import GOOD, Answer, Checked, Citations, Event, Failed, Finished, Text, Working, markdown_text
from qa.answers.asking import LONGEST, STOPPED, ModelJudge, Stopped, completed, watched
from qa.answers.checking import Checker, Checks, Judged, as_sentence, as_sentences
from qa.answers.drafts import Draft
from qa.answers.evidence import Evidence
from qa.answers.extractive import Extractor, explain_absence
from qa.answers.markers import Claim, parse
from qa.answers.prompts import ABSTAINS, REVISE, VERSION, report_blocks, system_prompt, user_prompt
from qa.answers.repairs import mended, repair_request
from qa.answers.short import Evidence as Said
from qa.config import Config
from qa.entailment import Judge
from qa.errors import ConfigError, ModelError, ModelInterrupted, ModelRefused, NewsdeskError
from qa.models import Message, Usage
from qa.models.language_model import BEAT, LanguageModel
from qa.passages import Passage
from qa.questions import Question

if TYPE_CHECKING:
    from qa.verification import Verifier

CHARACTERS_A_TOKEN = 3
"""What the context is filled by; the server's tokenizer is not known. English has four, figures and other languages
have fewer."""
ENGLISH = 4
"""Characters a token of a text in English."""
READ_OF_IT = 0.5
"""Share of our own estimate below which a server cannot have read all of the prompt."""
OUTGROWN = "outgrown"
CUT_OFF = {
    "length": "the model reached its limit of tokens",
    OUTGROWN: "it had outgrown [answer] answer_tokens",
}
"""Ends of a stream that are none of the answer."""


class Revision(NamedTuple):
    """An answer that is to be written anew, and how."""

    answer: Answer
    how: str


class Generation:
    """Lets a model answer from passages of one archive."""

    def __init__(
        self, extractor: Extractor, verifier: Verifier, model: LanguageModel, config: Config, judge: Judge | None = None
    ) -> None:
        self.extractor = extractor
        self.verifier = verifier
        self.model = model
        self.settings = config.answer
        self.judge = judge
        self.judging = config.verification.judge == "model"

    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        *,
        revision: Revision | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """The answer as events. Closing the iterator closes the connection to the model; ``stop`` ends it early."""
        choice = self.model.choice
        answer = Answer(
            question.text,
            "generated",
            passages=tuple(passages),
            asked=question,
            model=choice.model,
            server=choice.server,
            prompts=VERSION,
            revision=revision.how if revision else "",
        )
        if not passages:
            yield from _abstained(answer, explain_absence(passages))
            return
        try:
            evidence = self._fitting(question, passages)
        except ConfigError as error:
            yield Failed(error, answer)
            return
        with closing(_Writing(self, question, evidence, revision, stop or threading.Event())) as writing:
            yield from writing.events(answer)

    def _fitting(self, question: Question, passages: Sequence[Passage]) -> Evidence:
        """The best passages that fit into the context beside the rules, the question and the answer."""
        tokens = self.settings.context_tokens
        room = (tokens - min(self.settings.answer_tokens, tokens // 4)) * CHARACTERS_A_TOKEN
        room -= len(system_prompt(question)) + len(user_prompt(question, Evidence(())))
        sizes = accumulate(len(block) + 2 for block in report_blocks(question, Evidence(tuple(passages))))
        fitting = sum(size <= room for size in sizes)
        if not fitting:
            raise ConfigError(
                f"[answer] context_tokens = {tokens} leaves no room for a single passage beside the question. Raise it."
            )
        return Evidence(tuple(passages[:fitting]))


class _Writing:
    """One answer in the making."""

    def __init__(
        self,
        generation: Generation,
        question: Question,
        evidence: Evidence,
        revision: Revision | None,
        stop: threading.Event,
    ) -> None:
        self._generation = generation
        self._settings = generation.settings
        self._model = generation.model
        self._question = question
        self._evidence = evidence
        self._revision = revision
        self._stop = stop
        self._checker = Checker(generation.verifier, evidence, generation.judge)
        self._checks = Checks(self._checker)
        self._judged: list[Judged] = []
        self._citations = Citations()
        self._usage = Usage()
        self._counted: Usage | None = None
        self._first: float | None = None
        self._named = ""
        self._second: ModelJudge | None = None
        self._notes: list[str] = []
        self._whole = False
        self.draft = Draft(len(evidence.sentences))

    def close(self) -> None:
        """Check no further."""
        self._checks.close()

    def events(self, answer: Answer) -> Iterator[Event]:
        """The answer as events."""
        try:
            finish = yield from self._written()
            if self.draft.abstains:
                yield from self._abstained(answer)
                return
            if rest := self.draft.rest():
                yield Text(rest)
            yield from self._checked(self.draft.text)
            self._whole = True
            yield from self._seconded()
            if finish in CUT_OFF:
                answer = replace(answer, incomplete=True)
                self._notes.append(f"The answer is cut off: {CUT_OFF[finish]}.")
            else:
                yield from self._repaired()
        except Stopped:
            if not self._whole:
                yield from self._checked(self.draft.complete)
                answer = replace(answer, incomplete=True)
                self._notes.append(STOPPED)
        except NewsdeskError as error:
            yield from self._checked(self.draft.complete)
            yield Failed(error, self._finished(replace(answer, incomplete=True)))
            return
        yield Finished(self._finished(answer))

    def _abstained(self, answer: Answer) -> Iterator[Event]:
        reason = self.draft.reason or explain_absence(answer.passages)
        answer = replace(answer, usage=self._usage, model=answer.model or self._named)
        yield from _abstained(answer, " ".join((reason, *self._notes)))

    # --- the model writes

    def _written(self) -> Generator[Event, None, str]:
        """Text as it comes, and the sentences that are checked meanwhile; gives the protocol's finish_reason."""
        finish = refusal = ""
        messages, began = self._messages(), time.monotonic()
        with closing(self._model.stream(messages)) as pieces:
            for piece in watched(pieces, self._stop, "waiting"):
                if isinstance(piece, Working):
                    yield piece
                elif piece is not None:
                    finish, refusal = piece.finish or finish, refusal + piece.refusal
                    self._counted = piece.usage or self._counted
                    self._named = self._named or piece.model
                    if piece.delta and self._first is None:
                        self._first = time.monotonic() - began
                    if new := self.draft.feed(piece.delta[: self._settings.context_tokens * LONGEST]):
                        yield Text(new)
                        self._checks.take(self.draft.settled)
                    if self._outgrown:
                        finish = OUTGROWN
                        break
                yield from self._told()
        self._compare(self._add_up(), messages)
        self._require_whole(finish, refusal)
        return finish

    @property
    def _outgrown(self) -> bool:
        """Whether the answer, or what was thought before it, is longer than it may be."""
        settings, draft = self._settings, self.draft
        return len(draft.text) > settings.answer_tokens * LONGEST or draft.written > settings.context_tokens * LONGEST

    def _messages(self, only: Collection[int] | None = None) -> list[Message]:
        """What the model is told; ``only``: with the passages that have one of these numbers."""
        question, evidence = self._question, self._evidence
        messages: list[Message] = [
            {"role": "system", "content": system_prompt(question)},
            {"role": "user", "content": user_prompt(question, evidence, only)},
        ]
        if self._revision is not None:
            messages += [
                {"role": "assistant", "content": _cited_by_number(self._revision.answer, evidence)},
                {"role": "user", "content": REVISE.format(how=self._revision.how)},
            ]
        return messages

    def _require_whole(self, finish: str, refusal: str) -> None:
        """Raises ModelError for a reply that ended well as far as HTTP goes, and is none or not all."""
        name, draft = self._model.name, self.draft
        if refusal:
            raise ModelRefused(f"{name}: the model declined to answer: {' '.join(refusal.split())[:300]}")
        if finish == "content_filter":
            raise ModelRefused(f"{name}: the server's content filter stopped the answer. Ask in other words.")
        if not draft.abstains and not parse(draft.text):
            if finish == "length" or draft.thought:
                raise ModelInterrupted(
                    f"{name}: the model answered nothing; it only thought, or its limit of tokens was used up before. "
                    "Raise that limit, or choose a model that thinks less."
                )
            raise ModelInterrupted(
                f"{name}: the model answered nothing. Try again; if it stays so, the prompt may be longer than the "
                "server's context (lower [answer] context_tokens), or model and base_url are not what you mean."
            )
        if not finish:
            raise ModelInterrupted(
                f"{name}: the connection broke off in the middle of the answer, or the server ended it. Try again."
            )

    def _add_up(self) -> Usage:
        """Add what the stream took, as far as it came."""
        counted = self._counted or Usage(1, known=False)
        self._usage = replace(counted, first_token=self._first).priced(self._settings)
        return counted

    def _compare(self, counted: Usage, messages: Sequence[Message]) -> None:
        """Say where the server cannot have read all of the prompt."""
        sent = _size(messages) // ENGLISH
        if counted.known and counted.tokens_in < READ_OF_IT * sent:
            self._notes.append(
                f"The server read {counted.tokens_in:,} of about {sent:,} tokens: a part of the evidence was cut off. "
                "Raise its context size, or lower [answer] context_tokens to it."
            )

    # --- what is written is checked

    def _told(self) -> Iterator[Event]:
        """The sentences that were checked since the last time."""
        for place, judged in self._checks.new():
            self._judged[place:] = [judged]
            sentence = as_sentence(judged, self._evidence, self._citations)
            cited = tuple(each for each in self._citations.all() if each.number in sentence.citations)
            yield Checked(place, sentence, cited)

    def _checked(self, text: str) -> Iterator[Event]:
        """Check all of a text, and wait for it."""
        self._checks.take(parse(text))
        began = time.monotonic()
        while not self._checks.done:
            self._checks.wait(BEAT)
            yield from self._told()
            if not self._checks.done:
                yield Working("checking", time.monotonic() - began)

    def _seconded(self) -> Iterator[Event]:
        """The second word of the model itself, where it is the judge; it writes nothing meanwhile."""
        if not self._generation.judging:
            return
        judge, began = ModelJudge(self._model, self._stop), time.monotonic()
        self._second = judge
        try:
            for place, judged in enumerate(self._judged):
                yield Working("checking", time.monotonic() - began)
                self._judged[place] = self._checker.second(judged, judge)
        except ModelError as error:
            self._notes.append(f"Not every sentence could be judged: {error}")

    def _repaired(self) -> Iterator[Event]:
        """Ask the model once to mend the sentences that failed; a version that is no better is not taken."""
        request = repair_request(self._judged) if self._settings.repair else None
        if request is None:
            return
        said: list[Message] = [
            {"role": "assistant", "content": self.draft.text},
            {"role": "user", "content": request},
        ]
        messages = [*self._messages(), *said]
        if _size(messages) > self._settings.context_tokens * CHARACTERS_A_TOKEN:
            messages = [*self._messages({number for each in self._judged for number in each.cited}), *said]
        try:
            reply, usage = yield from completed(self._model, messages, self._stop, "repairing")
            self._usage += usage
            self._judged = mended(reply, self._judged, self._check)
        except ModelError as error:
            self._notes.append(f"What failed could not be mended: {error}")

    def _check(self, claim: Claim, before: str) -> Judged:
        """One more claim, by everybody who checked the others."""
        judged = self._checker.check(claim, before)
        return judged if self._second is None else self._checker.second(judged, self._second)

    def _finished(self, answer: Answer) -> Answer:
        """The answer with its sentences; citations are numbered in the order in which they are first cited."""
        if not self._usage.calls:
            self._add_up()
        if self._second is not None:
            self._usage += self._second.usage
        citations = Citations()
        sentences = as_sentences(self._judged, self._evidence, citations)
        numbered = {each.number: each for each in citations.all()}
        sure = [
            Said(each.text, 1.0, origin=cited.id, title=cited.title, published=cited.published)
            for each in sentences
            if each.verdict in GOOD
            for cited in [numbered[each.citations[0]].article]
        ]
        short = None if answer.incomplete else self._generation.extractor.short(self._question, sure)
        return replace(
            answer,
            sentences=tuple(sentences),
            citations=citations.all(),
            confidence=sum(each.score for each in sentences) / len(sentences) if sentences else 0.0,
            short=short.text if short else "",
            short_confidence=short.confidence if short else 0.0,
            usage=self._usage,
            reason=" ".join(self._notes),
            model=answer.model or self._named,
        )


def _abstained(answer: Answer, reason: str) -> Iterator[Event]:
    yield Text(markdown_text(reason))
    yield Finished(replace(answer, abstained=True, reason=reason))


def _cited_by_number(answer: Answer, evidence: Evidence) -> str:
    """An earlier answer with the numbers that the evidence has now."""
    cited = {each.number: each for each in answer.citations}
    text = ""
    for sentence in answer.sentences:
        found = (evidence.number_of(cited[n].article.id, cited[n].start) for n in sentence.citations)
        markers = "".join(f"[{number}]" for number in dict.fromkeys(found) if number is not None)
        text += f"{sentence.opening}{sentence.text} {markers}".rstrip()
    return text.strip() or ABSTAINS


def _size(messages: Sequence[Message]) -> int:
    return sum(len(each["content"]) for each in messages)
