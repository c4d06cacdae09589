"""An answer that a language model writes from the passages, each sentence checked against the words that it cites.

While the model writes, a draft streams: a marker is held back until it is whole, the beginning until it is known
not to abstain. Then every sentence gets its citations and its verdict (citations.py). What fails after the first
word keeps the sentences that had come; a failing model is never replaced by extraction.
"""

from __future__ import annotations

import re
from collections.abc import Generator as Generated
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from qa.answers import Answer, Event, Failed, Finished, Text, markdown_text
from qa.answers.citations import Checker
from qa.answers.extractive import Extractor, explain_absence
from qa.answers.markers import find_markers, parse, readable, unfinished
from qa.answers.prompts import ABSTAINS, evidence_block, system_prompt, user_prompt
from qa.answers.short import Evidence
from qa.config import AnswerSection
from qa.errors import ConfigError, ModelInterrupted, ModelRefused, NewsdeskError
from qa.passages import Passage
from qa.questions import Question
from qa.servers import api_key, wrapped_errors

if TYPE_CHECKING:
    import httpx
    from llama_index.llms.openai_like import OpenAILike

CHARACTERS_A_TOKEN = 4
"""An estimate for English; the server's tokenizer is not known."""
ANSWER_ROOM = 1000
"""Tokens of the context kept free for the answer, a quarter of the context where that is less."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one event of the stream brings; ``finish`` is the protocol's finish_reason, empty before the end."""

    delta: str
    refusal: str = ""
    finish: str = ""


def warm() -> None:
    """Load the model's client, which takes longer than most questions."""
    import llama_index.llms.openai_like  # noqa: F401


class Generator:
    """Lets the configured model answer from passages of one archive."""

    def __init__(self, extractor: Extractor, settings: AnswerSection) -> None:
        self._extractor = extractor
        self._settings = settings

    def stream(self, question: Question, passages: Sequence[Passage]) -> Iterator[Event]:
        """The answer as events. Closing the iterator closes the connection to the model."""
        settings = self._settings
        answer = Answer(question.text, "generated", passages=tuple(passages), asked=question, model=settings.model)
        if not passages:
            yield from _abstained(answer, explain_absence(passages))
            return
        draft, evidence = Draft(0), list[Passage]()
        try:
            evidence = self._fitting(question, passages)
            draft, finish, refusal = Draft(len(evidence)), "", ""
            with closing(self._pieces(question, evidence)) as pieces:
                for piece in pieces:
                    finish, refusal = piece.finish or finish, refusal + piece.refusal
                    if new := draft.feed(piece.delta):
                        yield Text(markdown_text(new))
            self._require_whole(draft, finish, refusal)
        except NewsdeskError as error:
            yield Failed(error, self._checked(answer, question, draft.complete, evidence))
            return
        if draft.abstains:
            yield from _abstained(answer, draft.reason or explain_absence(passages))
            return
        if rest := draft.rest():
            yield Text(markdown_text(rest))
        answer = self._checked(answer, question, draft.text, evidence)
        if finish == "length":
            answer = replace(answer, reason="The answer is cut off: the model reached its limit of tokens.")
        yield Finished(answer)

    def _fitting(self, question: Question, passages: Sequence[Passage]) -> list[Passage]:
        """The best passages that fit into the context beside the rules, the question and the answer."""
        tokens = self._settings.context_tokens
        room = (tokens - min(ANSWER_ROOM, tokens // 4)) * CHARACTERS_A_TOKEN
        room -= len(system_prompt(question)) + len(user_prompt(question, ()))
        sizes = accumulate(len(evidence_block(number, each)) + 2 for number, each in enumerate(passages, 1))
        fitting = [each for each, size in zip(passages, sizes, strict=True) if size <= room]
        if not fitting:
            raise ConfigError(
                f"[answer] context_tokens = {tokens} leaves no room for a single passage beside the question. Raise it."
            )
        return fitting

    def _pieces(self, question: Question, evidence: Sequence[Passage]) -> Generated[Piece, None, None]:
        """The model's reply as it comes. Raises ModelError, ConfigError."""
        import httpx
        from llama_index.core.llms import ChatMessage

        messages = [
            ChatMessage(role="system", content=system_prompt(question)),
            ChatMessage(role="user", content=user_prompt(question, evidence)),
        ]
        begun = False
        with httpx.Client(timeout=self._settings.timeout, follow_redirects=True) as http:
            with wrapped_errors(self._settings.model):
                chunks = self._model(http).stream_chat(messages)
            with closing(chunks):
                while True:
                    with wrapped_errors(self._settings.model, streaming=begun):
                        chunk = next(chunks, None)
                    if chunk is None:
                        return
                    piece = _piece(chunk)
                    begun = begun or bool(piece.delta)
                    yield piece

    def _model(self, http: httpx.Client) -> OpenAILike:
        from llama_index.llms.openai_like import OpenAILike

        settings = self._settings
        return OpenAILike(
            model=settings.model,
            is_chat_model=True,
            api_base=settings.base_url or None,
            api_key=api_key(settings.api_key_env, settings.base_url, "[answer]"),
            temperature=settings.temperature,
            timeout=settings.timeout,
            max_retries=settings.retries,
            context_window=settings.context_tokens,
            http_client=http,
        )

    def _require_whole(self, draft: Draft, finish: str, refusal: str) -> None:
        """Raises ModelError for a reply that ended well as far as HTTP goes, and is none or not all."""
        model = self._settings.model
        if refusal:
            raise ModelRefused(f"{model}: the model declined to answer: {' '.join(refusal.split())[:300]}")
        if finish == "content_filter":
            raise ModelRefused(f"{model}: the server's content filter stopped the answer. Ask in other words.")
        if not draft.abstains and not parse(draft.text):
            why = " (its limit of tokens was used up before)" if finish == "length" else ""
            raise ModelInterrupted(f"{model}: the model answered nothing{why}. Try again, or check model and base_url.")
        if not finish:
            raise ModelInterrupted(f"{model}: the connection broke off in the middle of the answer. Try again.")

    def _checked(self, answer: Answer, question: Question, text: str, evidence: Sequence[Passage]) -> Answer:
        checked = Checker(self._extractor, evidence).check(text)
        cited = {each.number: each.article for each in checked.citations}
        sure = [
            Evidence(each.text, 1.0, origin=article.id, title=article.title, published=article.published)
            for each in checked.sentences
            if each.verdict == "supported"
            for article in [cited[each.citations[0]]]
        ]
        short = self._extractor.short(question, sure)
        return replace(
            answer,
            sentences=checked.sentences,
            citations=checked.citations,
            confidence=checked.support,
            short=short.text if short else "",
            short_confidence=short.confidence if short else 0.0,
        )


def _abstained(answer: Answer, reason: str) -> Iterator[Event]:
    yield Text(markdown_text(reason))
    yield Finished(replace(answer, abstained=True, reason=reason))


def _piece(chunk: Any) -> Piece:
    choices = getattr(chunk.raw, "choices", None)
    if not choices:
        return Piece(chunk.delta or "")
    refusal = getattr(choices[0].delta, "refusal", None)
    return Piece(chunk.delta or "", refusal or "", choices[0].finish_reason or "")


_OPENING = " \t\r\n*_`\"'#>"
_ABSTAINS = re.compile(rf"[{re.escape(_OPENING)}]*{ABSTAINS}\b[*_`\"'.:]*")
_THOUGHT = re.compile(r"\s*<think>.*?(?:</think>\s*|\Z)", re.DOTALL)


class Draft:
    """What the model has written so far, and how much of it may be shown.

    Markers are shown with the numbers that the finished answer will most likely give them: in the order in which
    they first come, ``[7?]`` for evidence that does not exist. A model's thoughts (``<think>``) are no answer.
    """

    def __init__(self, evidence: int) -> None:
        self._evidence = evidence
        self._written = ""
        self._shown = 0
        self._numbers: dict[str, int] = {}

    @property
    def text(self) -> str:
        """All that was written, without thoughts."""
        thoughtless = _THOUGHT.sub("", self._written, count=1) if self._thinks else self._written
        return readable(thoughtless).lstrip()

    @property
    def complete(self) -> str:
        """The text without a marker that broke off, nothing if it abstains."""
        return "" if self._undecided else self.text[: self._whole]

    @property
    def abstains(self) -> bool:
        return bool(_ABSTAINS.match(self.text))

    @property
    def reason(self) -> str:
        """What the model says is missing, its first sentence; empty if it does not say."""
        claims = parse(_ABSTAINS.sub("", self.text, count=1))
        return f"The articles do not say. {claims[0].text}" if claims else ""

    @property
    def _whole(self) -> int:
        """Where the text ends that more text cannot change: before a marker or half a character."""
        text = self.text
        half = "\ud800" <= self._written[-1:] <= "\udbff"
        return len(text) - 1 if half else len(text) - unfinished(text)

    @property
    def _thinks(self) -> bool:
        return self._written.lstrip().startswith("<think>")

    @property
    def _undecided(self) -> bool:
        start = self._written.lstrip()
        opening = self.text.lstrip(_OPENING)
        return "<think>".startswith(start) or ABSTAINS.startswith(opening) or self.abstains

    def feed(self, delta: str) -> str:
        """Take in more, return what may now be shown."""
        self._written += delta
        return "" if self._undecided else self._show(self._whole)

    def rest(self) -> str:
        """What was held back, at the end of the stream."""
        return self._show(len(self.text))

    def _show(self, end: int) -> str:
        text, last, shown = self.text, self._shown, ""
        for marker in find_markers(text):
            if self._shown <= marker.start and marker.end <= end:
                shown += text[last : marker.start] + "".join(map(self._numbered, marker.names))
                last = marker.end
        shown += text[last:end]
        self._shown = max(end, self._shown)
        return shown

    def _numbered(self, name: str) -> str:
        if name.isdigit() and 1 <= int(name) <= self._evidence:
            return f"[{self._numbers.setdefault(name, len(self._numbers) + 1)}]"
        return f"[{name}?]"
