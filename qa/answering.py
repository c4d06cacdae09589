"""A question to the events of its answer: understood, searched, answered with or without a model, explained.

``Archive`` lends it its parts. Invariant: a stream ends with exactly one Finished or Failed, whose answer holds the
passages that were found, whatever went wrong after they were.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from qa.answers import (
    Absence,
    Answer,
    Citation,
    Citations,
    Event,
    Failed,
    Finished,
    Found,
    Searching,
    Sentence,
    Verdict,
)
from qa.answers.asking import STOPPED, Stopped
from qa.answers.checking import Checker, as_sentence
from qa.answers.conversation import Summaries, standalone
from qa.answers.evidence import Evidence
from qa.answers.extractive import READ, Extractor, asks
from qa.answers.generated import Generation, Revision
from qa.answers.markers import Claim
from qa.catalog import Catalog
from qa.chunks import sentences
from qa.config import Config
from qa.embedders import Embedder
from qa.entailment import Judge
from qa.errors import ModelError, NewsdeskError
from qa.models import Choice, Usage
from qa.models.language_model import LanguageModel
from qa.passages import Passage
from qa.questions import Question, Turn
from qa.stop_words import content_words
from qa.words import WordIndex

if TYPE_CHECKING:
    from qa.verification import Verifier

FACTS = 6
"""Passages that a sentence of a draft is held against."""
ALONE = 6
"""Words with content from which a sentence of a draft is searched for alone; a shorter one needs the one before it."""

Understand = Callable[[str], Question]
"""The question as it is understood; given the words to which a model rewrote it, empty for none."""


class Parts(Protocol):
    """What is needed of an archive; each part loads when it is first asked for."""

    catalog: Catalog
    config: Config

    @property
    def words(self) -> WordIndex: ...
    @property
    def embedder(self) -> Embedder: ...
    @property
    def judge(self) -> Judge | None: ...

    def find(self, question: Question, limit: int) -> list[Passage]:
        """The best passages."""


@dataclass(slots=True)
class _Asking:
    """One question while it is answered. ``answer``: what there is of its answer, ``last`` the event to end with."""

    answer: Answer
    passages: tuple[Passage, ...] = ()
    searched: float = 0.0
    usage: Usage | None = None
    last: Finished | Failed | None = None

    @property
    def question(self) -> Question:
        """As it is understood by now."""
        assert self.answer.asked is not None
        return self.answer.asked


class Answering:
    """Answers questions to one archive."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._models: dict[Choice, LanguageModel] = {}
        self._summaries: Summaries = {}

    @cached_property
    def verifier(self) -> Verifier:
        """What holds sentences against their evidence."""
        from qa.verification import Verifier

        return Verifier(self._parts.embedder.embed)

    def model(self, choice: Choice) -> LanguageModel:
        """The model, made once."""
        return self._models.setdefault(choice, LanguageModel(choice, self._parts.config.answer))

    def _extractor(self) -> Extractor:
        return Extractor(self._parts.words, self._parts.embedder, self._parts.config.answer)

    def _generation(self, choice: Choice) -> Generation:
        parts = self._parts
        return Generation(self._extractor(), self.verifier, self.model(choice), parts.config, parts.judge)

    # --- one question

    def events(
        self,
        question: Question,
        limit: int,
        choice: Choice | None,
        *,
        turns: Sequence[Turn] = (),
        understand: Understand,
        stop: threading.Event,
    ) -> Generator[Event, None, None]:
        """The answer as events. ``turns``: those that a model may make the question stand alone by."""
        started = time.perf_counter()
        asking = _Asking(Answer(question.text, "generated" if choice else "extractive", asked=question))
        try:
            yield from self._stages(asking, limit, choice, turns, understand, stop)
        except Stopped:
            asking.last = Finished(replace(asking.answer, incomplete=True, reason=STOPPED))
        except NewsdeskError as failure:
            asking.last = Failed(failure, asking.answer)
        assert asking.last is not None
        total = time.perf_counter() - started
        timings = {"search": asking.searched, "answer": total - asking.searched, "total": total}
        answer = asking.last.answer
        used = [each for each in (answer.usage, asking.usage) if each is not None and each.calls]
        usage = sum(used[1:], used[0]) if used else None
        answer = replace(answer, passages=asking.answer.passages, timings=timings, usage=usage)
        yield self._ended(replace(asking.last, answer=answer), asking)

    def _stages(
        self,
        asking: _Asking,
        limit: int,
        choice: Choice | None,
        turns: Sequence[Turn],
        understand: Understand,
        stop: threading.Event,
    ) -> Generator[Event, None, None]:
        """All events but the last one, which is left in ``asking``."""
        started = time.perf_counter()
        question = asking.question
        error = None
        if choice is not None and turns:
            try:
                model = self.model(choice)
                words, asking.usage = yield from standalone(model, question.text, turns, self._summaries, stop)
                question = understand(words)
            except ModelError as failure:  # the passages are still worth having
                error = failure
        yield Searching(question, self._parts.catalog.count_inside(*question.limited))
        asking.passages = tuple(self._parts.find(question, max(limit, READ)))
        asking.searched = time.perf_counter() - started
        asking.answer = replace(asking.answer, asked=question, passages=asking.passages[:limit])
        yield Found(asking.answer.passages)
        if error is not None:
            raise error
        if stop.is_set():
            raise Stopped
        shown = asking.passages if choice is None else asking.answer.passages
        for event in self._answers(question, shown, choice, stop):
            if isinstance(event, Finished | Failed):
                asking.last = event
            else:
                yield event

    def _answers(
        self, question: Question, passages: Sequence[Passage], choice: Choice | None, stop: threading.Event
    ) -> Iterator[Event]:
        if choice is None:
            yield from self._extractor().stream(question, passages)
        else:
            yield from self._generation(choice).stream(question, passages, stop=stop)

    def _ended(self, event: Finished | Failed, asking: _Asking) -> Finished | Failed:
        """The last event: an absence explained, a failure made good by quotes where that is configured."""
        question = asking.question
        if isinstance(event, Failed):
            extracts = self._parts.config.answer.on_failure == "extract"
            if not extracts or not isinstance(event.error, ModelError) or event.answer.sentences:
                return event
            quoted = self._extractor().answer(question, asking.passages)
            reason = f"{event.error} So this is quoted, as [answer] on_failure says. {quoted.reason}".strip()
            kept = {name: getattr(event.answer, name) for name in ("passages", "timings", "usage")}
            event = Finished(replace(quoted, **kept, reason=reason))
        answer = event.answer
        if answer.abstained:
            within = self._parts.catalog.count_inside(*question.limited)
            near = answer.absence.near[: len(answer.passages)] if answer.absence else ()
            answer = replace(answer, reason=answer.reason + self._unfinished(), absence=Absence(within, near))
        return Finished(answer)

    def _unfinished(self) -> str:
        """What an absence may be due to: passages that an interrupted or running ingest has not embedded yet."""
        pending = self._parts.catalog.count_pending("vectors")
        if not pending:
            return ""
        total = self._parts.catalog.counts()[1]
        return f" {pending:,} of {total:,} passages are not embedded yet; when they are, ask again."

    # --- an answer once more, a text of somebody else's

    def revise(self, answer: Answer, how: str, choice: Choice, stop: threading.Event) -> Generator[Event, None, None]:
        """An answer written anew from the same passages."""
        started = time.perf_counter()
        assert answer.asked is not None
        yield Found(answer.passages)
        revision = Revision(answer, how)
        for event in self._generation(choice).stream(answer.asked, answer.passages, revision=revision, stop=stop):
            if isinstance(event, Finished | Failed):
                total = time.perf_counter() - started
                timings = {"search": 0.0, "answer": total, "total": total}
                yield replace(event, answer=replace(event.answer, timings=timings))
            else:
                yield event

    def check(self, text: str, understand: Understand) -> Iterator[tuple[Sentence, tuple[Citation, ...]]]:
        """The sentences of a text, each with its verdict and all that has been cited so far."""
        citations, before = Citations(), ""
        for span in sentences(text):
            said = " ".join(text[span.start : span.end].split())
            if asks(said):
                continue
            sought = said if len(content_words(said)) >= ALONE else f"{before} {said}".strip()
            evidence = Evidence(tuple(self._parts.find(understand(sought), FACTS)))
            judged = Checker(self.verifier, evidence, self._parts.judge).check(Claim(said, ()), before)
            sentence = as_sentence(judged, evidence, citations)
            yield replace(sentence, corrected=False, verdict=_as_found(sentence)), citations.all()
            before = said


def _as_found(sentence: Sentence) -> Verdict:
    return "unsupported" if sentence.verdict == "no citation" else sentence.verdict
