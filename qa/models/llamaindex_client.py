"""Any language model of LlamaIndex, by the import path and the arguments in config.toml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qa import plugins
from qa.config import AnswerSection
from qa.models import Choice, Message, Piece, Usage

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


class LlamaIndexClient:
    """Any ``LLM`` of LlamaIndex. Its stream cannot be broken off from outside: it ends when it ends, unread."""

    def __init__(self, choice: Choice, settings: AnswerSection) -> None:
        self._choice = choice
        self._settings = settings

    def pieces(self, messages: Sequence[Message]) -> Iterator[Piece]:
        from llama_index.core.llms import ChatMessage

        chat = [ChatMessage(role=each["role"], content=each["content"]) for each in messages]
        usage, finish = None, ""
        for response in self._llm().stream_chat(chat):
            usage = _usage_of(response) or usage
            finish = _finish_of(response.raw) or finish
            thinking = bool((response.additional_kwargs or {}).get("thinking_delta"))
            yield Piece(response.delta or "", thinking and not response.delta)
        yield Piece(finish=finish or "stop", usage=usage)

    def abort(self) -> None:
        """Nothing can be done: LlamaIndex offers no way."""

    def models(self) -> list[str]:
        return []

    def warm(self) -> None:
        self._llm()

    def _llm(self) -> LLM:
        from llama_index.core.llms import LLM

        arguments = dict(self._settings.arguments)
        if self._choice.model:
            arguments["model_name" if "model_name" in arguments else "model"] = self._choice.model
        return plugins.make(LLM, self._settings.class_path, arguments, table="[answer]")  # type: ignore[type-abstract]


def _usage_of(response: Any) -> Usage | None:
    counts = response.additional_kwargs or {}
    tokens_in, tokens_out = counts.get("prompt_tokens"), counts.get("completion_tokens")
    return Usage(1, int(tokens_in), int(tokens_out or 0)) if tokens_in is not None else None


def _finish_of(raw: Any) -> str:
    choices = getattr(raw, "choices", None)
    return (choices[0].finish_reason or "") if choices else ""
