"""A language model that can be asked: a client's pieces, read in a thread of their own.

Invariants: whoever reads a stream is woken every ``BEAT`` seconds, whatever the server does; closing the stream closes
the connection at once, where the client can; a failure is a ModelError that says what to do (``qa.servers``).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from qa.config import AnswerSection
from qa.errors import ModelInterrupted, ModelUnreachable
from qa.models import Choice, Message, Piece
from qa.servers import wrapped_errors

BEAT = 0.1
"""Seconds after which a reader is woken though nothing came."""


class Client(Protocol):
    """One way to a model."""

    def pieces(self, messages: Sequence[Message]) -> Iterator[Piece]:
        """The reply as it comes. Raises ModelError or ConfigError."""

    def abort(self) -> None:
        """Let go of the connection, from any thread, as far as that can be done."""

    def warm(self) -> None:
        """Import what it needs."""

    def models(self) -> list[str]:
        """The names of the models that there are, sorted; none where that is not known. Raises ModelError."""


class LanguageModel:
    """A model that can be asked, from one thread at a time."""

    def __init__(self, choice: Choice, settings: AnswerSection) -> None:
        self.choice = choice
        self.name = choice.model or "the model"
        self.settings = settings
        self._refused: set[str] = set()

    def stream(self, messages: Sequence[Message]) -> Generator[Piece | None, None, None]:
        """The reply as it comes; None whenever nothing came for ``BEAT`` seconds.

        Raises ModelError: ModelUnreachable where no word came in time, ModelInterrupted where they stopped coming.
        """
        reader = _Reader(self._client(), messages, self.name)
        begun, heard = False, time.monotonic()
        try:
            while True:
                piece = reader.next(BEAT)
                if isinstance(piece, _End):
                    return
                if piece is not None:
                    begun, heard = begun or bool(piece.delta), time.monotonic()
                elif time.monotonic() - heard > (self.settings.timeout if begun else self.settings.first_timeout):
                    raise self._late(begun)
                yield piece
        finally:
            reader.close()

    def warm(self) -> None:
        """Load the client, which takes longer than most questions."""
        self._client().warm()

    def offered(self) -> list[str]:
        """The names of the models that its server offers, sorted; its own where it cannot say. Raises ModelError."""
        client = self._client()
        return client.models() or [self.choice.model]

    def _client(self) -> Client:
        if self.choice.provider == "openai":
            from qa.models.openai_client import OpenAIClient

            return OpenAIClient(self.choice, self.settings, self._refused)
        from qa.models.llamaindex_client import LlamaIndexClient

        return LlamaIndexClient(self.choice, self.settings)

    def _late(self, begun: bool) -> ModelUnreachable | ModelInterrupted:
        where = self.choice.server or "the model"
        if begun:
            return ModelInterrupted(
                f"{self.name}: {where} stopped sending in the middle of the answer, {self.settings.timeout:g} s ago. "
                "Try again, or raise [answer] timeout in config.toml."
            )
        return ModelUnreachable(
            f"{self.name}: {where} did not answer in time ({self.settings.first_timeout:g} s). Try again, or raise "
            "[answer] first_timeout in config.toml: a server that has to load its model first may need minutes."
        )


class _End:
    """What a reader gives when the reply is whole."""


class _Reader:
    """Reads a reply in a thread of its own, so that whoever waits for it can be woken and can leave."""

    def __init__(self, client: Client, messages: Sequence[Message], name: str) -> None:
        self._client = client
        self._came: queue.SimpleQueue[Piece | Exception | _End] = queue.SimpleQueue()
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(messages, name), name="newsdesk-model", daemon=True)
        self._thread.start()

    def _read(self, messages: Sequence[Message], name: str) -> None:
        begun = False
        try:
            pieces = self._client.pieces(messages)
            while True:
                with wrapped_errors(name, streaming=begun):
                    piece = next(pieces, None)
                if piece is None or self._left.is_set():
                    break
                begun = begun or bool(piece.delta)
                self._came.put(piece)
            self._came.put(_End())
        except Exception as error:  # whatever it is, the thread that waits raises it
            self._came.put(error)

    def next(self, seconds: float) -> Piece | _End | None:
        """What came next, None if nothing did in time."""
        try:
            came = self._came.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(came, Exception):
            raise came
        return came

    def close(self) -> None:
        self._left.set()
        self._client.abort()
        self._thread.join(BEAT)  # a client that cannot be aborted ends by itself, sooner or later
