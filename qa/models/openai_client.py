"""OpenAI's own server, or any that speaks its protocol, by openai's client."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from qa.config import AnswerSection
from qa.errors import ConfigError
from qa.models import Choice, Message, Piece, Usage
from qa.servers import api_key, wrapped_errors

if TYPE_CHECKING:
    import httpx
    import openai

CONNECT = 10.0
"""Seconds to wait for a connection."""


class OpenAIClient:
    """OpenAI's own server, or any that speaks its protocol (``POST chat/completions``, server-sent events).

    Retries before the first word are the client's own, with the server's Retry-After. What a server refuses and an
    answer can do without (a temperature, the count of tokens) is left out from then on.
    """

    def __init__(self, choice: Choice, settings: AnswerSection, refused: set[str]) -> None:
        self._choice = choice
        self._settings = settings
        self._refused = refused
        self._sockets: list[socket.socket] = []
        self._aborted = False

    def pieces(self, messages: Sequence[Message]) -> Iterator[Piece]:
        with self._http() as http:
            client = self._openai(http)
            for chunk in self._begun(client, messages):
                yield _piece_of_chunk(chunk)

    def models(self) -> list[str]:
        with self._http() as http, wrapped_errors(self._choice.shown):
            return sorted(each.id for each in self._openai(http).models.list())

    def abort(self) -> None:
        self._aborted = True
        for each in self._sockets:
            with suppress(OSError):  # it may be closed already
                each.shutdown(socket.SHUT_RDWR)

    def warm(self) -> None:
        import openai  # noqa: F401

    def _http(self) -> httpx.Client:
        import httpx

        def watch(request: httpx.Request) -> None:
            request.extensions["trace"] = self._connected

        timeout = httpx.Timeout(None, connect=CONNECT)  # LanguageModel.stream counts the rest, retries included
        return httpx.Client(timeout=timeout, follow_redirects=True, event_hooks={"request": [watch]})

    def _connected(self, event: str, info: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                self._sockets.append(found)
        if self._aborted:
            self.abort()

    def _openai(self, http: httpx.Client) -> openai.OpenAI:
        import openai

        settings = self._settings
        plain = settings.api_key.get_secret_value()
        return openai.OpenAI(
            api_key=api_key(settings.api_key_env, settings.base_url, "[answer]", plain=plain),
            base_url=settings.base_url or None,
            max_retries=settings.retries,
            http_client=http,
        )

    def _begun(self, client: openai.OpenAI, messages: Sequence[Message]) -> Any:
        import openai

        model = self._choice.model or self._only_model(client)
        while True:
            optional = {"temperature": self._settings.temperature, "stream_options": {"include_usage": True}}
            sent: Any = {name: value for name, value in optional.items() if name not in self._refused}
            try:
                return client.chat.completions.create(
                    model=model,
                    messages=[dict(each) for each in messages],  # type: ignore[misc]
                    stream=True,
                    extra_body=self._settings.arguments or None,
                    **sent,
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                refused = {name for name in sent if name in str(error)}
                if not refused:
                    raise
                self._refused |= refused

    def _only_model(self, client: openai.OpenAI) -> str:
        """The server's model, where it has just one."""
        if not self._settings.base_url:
            raise ConfigError("[answer] model names no model of OpenAI's. Set it in config.toml, or use --model.")
        names = [each.id for each in client.models.list()]
        if len(names) != 1:
            there = ", ".join(sorted(names)[:20]) or "none"
            raise ConfigError(f"[answer] model is empty, and {self._choice.server} has these: {there}. Name one.")
        return names[0]


def _piece_of_chunk(chunk: Any) -> Piece:
    usage = _counted(chunk.usage)
    if not chunk.choices:
        return Piece(usage=usage, model=chunk.model or "")
    choice = chunk.choices[0]
    delta = choice.delta
    more = (getattr(delta, "model_extra", None) or {}) if delta is not None else {}
    thinking = bool(more.get("reasoning_content") or more.get("reasoning"))
    text, refusal = (delta.content or "", getattr(delta, "refusal", None) or "") if delta is not None else ("", "")
    return Piece(text, thinking and not text, refusal, choice.finish_reason or "", usage, chunk.model or "")


def _counted(usage: Any) -> Usage | None:
    if usage is None or usage.prompt_tokens is None:
        return None
    details = getattr(usage, "prompt_tokens_details", None)
    cached = getattr(details, "cached_tokens", None) or 0
    return Usage(1, usage.prompt_tokens, usage.completion_tokens or 0, cached)
