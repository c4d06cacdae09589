"""OpenAI's own server, or any that speaks its protocol, by openai's client."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import unquote, urlsplit

from qa.config import AnswerSection
from qa.errors import ConfigError, ModelRefused, ModelUnreachable
from qa.keys import redact, remember
from qa.models import Choice, Message, Piece, Usage
from qa.servers import api_key, wrapped_errors

if TYPE_CHECKING:
    import httpx
    import openai

CONNECT = 10.0
"""Seconds to wait for a connection."""
LISTING = 30.0
"""Seconds to wait, at the most, for the list of models: no model has to be loaded for it."""
MOST_TOKENS = 1_000_000_000
"""What is above it is no count of tokens."""


class OpenAIClient:
    """OpenAI's own server, or any that speaks its protocol (``POST chat/completions``, server-sent events).

    Invariant: nothing goes to another server than the configured one, so a redirect is an error. Retries before the
    first word are the client's own, with the server's Retry-After. What a server refuses and an answer can do without
    (a temperature, the count of tokens) is left out from then on.
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
            with self._without_redirects():
                begun = self._begun(client, messages)
            kind = begun.response.headers.get("content-type", "")
            if kind.startswith("application/json"):  # a server that does not stream answers all the same
                begun.response.read()
                yield _piece_of_reply(begun.response.json())
                return
            if kind.startswith("text/html"):
                raise ModelRefused(
                    f"{self._choice.shown}: the server sent a web page, no answer. Check base_url: most end in /v1."
                )
            for chunk in begun:
                yield _piece_of_chunk(chunk)

    def models(self) -> list[str]:
        import httpx
        import openai

        seconds = min(LISTING, self._settings.first_timeout)
        timeout = httpx.Timeout(seconds, connect=min(CONNECT, seconds))
        with self._http() as http, wrapped_errors(self._choice.shown), self._without_redirects():
            client = self._openai(http).with_options(max_retries=0)  # each would wait as long
            try:
                return sorted(each.id for each in client.models.list(timeout=timeout))
            except openai.APITimeoutError as error:
                raise ModelUnreachable(
                    f"{self._choice.server} did not say in time which models it has ({seconds:g} s at the most). Try "
                    "again, or start the server anew."
                ) from error

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
        return httpx.Client(timeout=timeout, event_hooks={"request": [watch]})

    @contextmanager
    def _without_redirects(self) -> Iterator[None]:
        """Say where a server sends the request on to. Raises ModelRefused for it."""
        import openai

        try:
            yield
        except openai.APIStatusError as error:
            if (onward := error.response.next_request) is None:
                raise
            url = onward.url
            path = url.raw_path.decode("ascii").partition("?")[0]
            address = redact(f"{url.scheme}://{url.netloc.decode('ascii')}{path}")[:200]
            raise ModelRefused(
                f"{self._choice.shown}: the server sends the request on to {address}. Newsdesk follows no redirect: "
                "nothing goes but to the configured address. If that other one is meant, change base_url."
            ) from error

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
        address = urlsplit(settings.base_url)
        for secret in filter(None, (address.username, address.password)):
            remember(secret)
            remember(unquote(secret))
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
    """What a chunk brings of the first choice. Raises ValueError for one that is none."""
    usage, name = _counted(chunk.usage), _text(chunk.model)
    choice = next((each for each in chunk.choices or () if not each.index), None)
    if choice is None or choice.delta is None:
        return Piece(usage=usage, model=name, finish=_text(choice.finish_reason) if choice is not None else "")
    delta, more = choice.delta, choice.delta.model_extra or {}
    text = _text(delta.content)
    thinking = bool(more.get("reasoning_content") or more.get("reasoning"))
    return Piece(text, thinking and not text, _text(delta.refusal), _text(choice.finish_reason), usage, name)


def _piece_of_reply(reply: Any) -> Piece:
    """The whole answer of a server that did not stream. Raises ValueError for a reply that is none."""
    try:
        choice = reply["choices"][0]
        message = choice["message"]
    except (LookupError, TypeError) as error:
        raise ValueError(f"JSON without an answer: {json.dumps(reply)[:100]}") from error
    finish = _text(choice.get("finish_reason")) or "stop"
    text, refusal = _text(message.get("content")), _text(message.get("refusal"))
    usage = _counted(SimpleNamespace(**given)) if isinstance(given := reply.get("usage"), dict) else None
    return Piece(text, refusal=refusal, finish=finish, usage=usage, model=_text(reply.get("model")))


def _text(value: Any) -> str:
    """A text, or the texts of a list of parts, as some servers send them. Raises ValueError for what is none."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return "".join(_text(part.get("text")) for part in value if part.get("type", "text") == "text")
    raise ValueError(f"{json.dumps(value)[:100]} where a text belongs")


def _counted(usage: Any) -> Usage | None:
    """The counts, None where they are none: an answer is worth more than its count."""
    tokens_in, tokens_out = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None) or 0
    if not _is_count(tokens_in) or not _is_count(tokens_out):
        return None
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None) or 0
    return Usage(1, tokens_in, tokens_out, min(cached, tokens_in) if _is_count(cached) else 0)


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and 0 <= value < MOST_TOKENS
