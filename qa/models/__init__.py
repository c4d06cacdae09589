"""Language models: messages in, pieces of text out as they come. Which one, where it is, what it cost.

Invariant: nothing is sent before the user has named a model or a server; a key in the environment names neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from qa.config import AnswerSection
from qa.errors import UsageError

Message = Mapping[Literal["role", "content"], str]
"""One message of a chat: the role is system, user or assistant."""

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that answers, and the server that the question and the passages go to. ``model`` may be the server's."""

    provider: Literal["openai", "llamaindex"]
    model: str
    server: str

    @property
    def shown(self) -> str:
        """``gpt-4o at api.openai.com``."""
        return f"{self.model or 'the model'} at {self.server}"


def choose(settings: AnswerSection, model: str | None = None) -> Choice | None:
    """The model that would answer now, None where none is configured. ``model`` names another one of its server.

    Costs nothing and asks nobody. Raises UsageError for a ``model`` where the configuration wants none.
    """
    name = settings.model if model is None else model
    if settings.provider == "none":
        if model:
            raise UsageError(
                f"model = {model!r}: [answer] provider is 'none' in config.toml, so that no model is asked."
            )
        return None
    if settings.provider == "llamaindex" or (settings.provider == "auto" and settings.class_path):
        host = next((str(settings.arguments[key]) for key in _ADDRESSES if settings.arguments.get(key)), "")
        name = name or str(settings.arguments.get("model") or settings.arguments.get("model_name") or "")
        return Choice("llamaindex", name, _host(host) or settings.class_path)
    if settings.provider == "openai" or settings.base_url or name:
        return Choice("openai", name, _host(settings.base_url) if settings.base_url else "api.openai.com")
    return None


_ADDRESSES = ("base_url", "api_base", "azure_endpoint", "url", "host")


def _host(address: str) -> str:
    """Host and port of an address, without the user and password that it may hold."""
    return urlsplit(address if "//" in address else f"//{address}").netloc.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took of a model.

    ``tokens_in`` holds the ``cached`` ones, which a server had read before. ``known``: the server counted them.
    ``first_token``: seconds from the request to the first word of the answer. ``cost`` in ``currency``; None where no
    price is configured or nothing was counted.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0
    known: bool = True
    first_token: float | None = None
    cost: float | None = None
    currency: str = ""

    def __add__(self, other: Usage) -> Usage:
        costs = [each.cost for each in (self, other) if each.calls]
        first = self.first_token if self.first_token is not None else other.first_token
        return Usage(
            calls=self.calls + other.calls,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cached=self.cached + other.cached,
            known=self.known and other.known,
            first_token=first,
            cost=None if None in costs or not costs else sum(cost for cost in costs if cost is not None),
            currency=self.currency or other.currency,
        )

    def priced(self, settings: AnswerSection) -> Usage:
        """The same with its cost, where prices are configured."""
        if not (settings.price_in or settings.price_out) or not self.known:
            return self
        cached = settings.price_cached or settings.price_in
        fresh = self.tokens_in - self.cached
        cost = (fresh * settings.price_in + self.cached * cached + self.tokens_out * settings.price_out) / MILLION
        return replace(self, cost=cost, currency=settings.currency)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one event of a stream brings.

    ``thinking``: the model thinks, which is no part of the answer. ``finish`` is the protocol's finish_reason, empty
    before the end. ``usage`` counts the whole stream so far. ``model``: what the server calls the model.
    """

    delta: str = ""
    thinking: bool = False
    refusal: str = ""
    finish: str = ""
    usage: Usage | None = None
    model: str = ""
