"""One request to a model, with what goes on told while it lasts, and left as soon as the asker wants no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Literal

from qa.answers import Working
from qa.answers.drafts import without_thoughts
from qa.answers.prompts import JUDGE, JUDGED, as_data
from qa.entailment import UNDECIDED, Judgement
from qa.errors import ModelInterrupted
from qa.models import Message, Piece, Usage
from qa.models.language_model import LanguageModel

DRAINED = 0.3
"""Seconds after a stop in which what has come is still taken."""
LONGEST = 6
"""Characters a token after which a reply has outgrown what it may take: some models never end."""
STOPPED = "Stopped; what had come is kept."
TELLING = 0.25
"""Seconds between two tellings of what goes on."""


Doing = Literal["rewriting", "waiting", "checking", "repairing"]


class Stopped(Exception):
    """The asker wants no more."""


def watched(pieces: Iterable[Piece | None], stop: threading.Event, doing: Doing) -> Iterator[Piece | Working | None]:
    """The pieces of a stream, None for every beat without one, and in between what goes on before the first word.

    Raises Stopped, after what has come already and lies waiting.
    """
    began = told = time.monotonic()
    silent, thinking = True, False
    stopped: float | None = None
    if stop.is_set():
        raise Stopped
    for piece in pieces:
        if stop.is_set():
            stopped = stopped or time.monotonic()
            if piece is None or time.monotonic() - stopped > DRAINED:
                raise Stopped
        if piece is not None:
            silent, thinking = silent and not piece.delta, piece.thinking
        yield piece
        if silent and time.monotonic() - told >= TELLING:
            told = time.monotonic()
            yield Working("thinking" if thinking else doing, told - began)


def completed(
    model: LanguageModel, messages: Sequence[Message], stop: threading.Event, doing: Doing
) -> Generator[Working, None, tuple[str, Usage]]:
    """The whole reply to a request, without thoughts, and what it took.

    Raises Stopped, ModelError; ModelInterrupted also for a reply that has no end or that somebody cut off.
    """
    text, finish, usage = "", "", Usage(1, known=False)
    began = told = time.monotonic()
    with closing(model.stream(messages)) as pieces:
        for piece in pieces:
            if stop.is_set():
                raise Stopped
            if piece is not None:
                text, finish, usage = text + piece.delta, piece.finish or finish, piece.usage or usage
            if len(text) > model.settings.context_tokens * LONGEST:
                finish = "length"
                break
            if time.monotonic() - told >= TELLING:
                told = time.monotonic()
                yield Working(doing, told - began)
    if finish != "stop":
        why = "was cut off" if finish == "length" else "did not come to its end"
        raise ModelInterrupted(f"{model.name}: its reply {why}. Try again.")
    return without_thoughts(text), usage.priced(model.settings)


class ModelJudge:
    """The model itself as the judge of its sentences, one request each. ``usage`` sums them up."""

    def __init__(self, model: LanguageModel, stop: threading.Event) -> None:
        self.name = model.name
        self.usage = Usage()
        self._model = model
        self._stop = stop

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judgement]:
        """The verdicts on pairs of evidence and claim. An answer that is none judges nothing. Raises Stopped."""
        return [self._one(evidence, claim) for evidence, claim in pairs]

    def _one(self, evidence: str, claim: str) -> Judgement:
        messages: list[Message] = [
            {"role": "system", "content": JUDGE},
            {"role": "user", "content": JUDGED.format(evidence=as_data(evidence), claim=as_data(claim))},
        ]
        asking = completed(self._model, messages, self._stop, "checking")
        while True:
            try:
                next(asking)
            except StopIteration as ended:
                text, usage = ended.value
                self.usage += usage
                return _judgement(text)


def _judgement(text: str) -> Judgement:
    word = text.strip().strip("*`.\"'").upper()
    if word.startswith("SUPPORTED"):
        return Judgement(entailment=0.9, contradiction=0.0)
    if word.startswith("CONTRADICTED"):
        return Judgement(entailment=0.0, contradiction=0.9)
    return Judgement(entailment=0.0, contradiction=0.0) if word.startswith("UNSUPPORTED") else UNDECIDED
