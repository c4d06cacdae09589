"""Model servers: whose key is sent, and what their failures mean. The only place that knows openai's exceptions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import (
    ConfigError,
    ModelBusy,
    ModelError,
    ModelInterrupted,
    ModelRefused,
    ModelUnreachable,
    NewsdeskError,
)


def api_key(variable: str, base_url: str, table: str) -> str:
    """The key in the environment ``variable``. A server of one's own (``base_url``) may need none.

    Raises ConfigError that names the configuration's ``table``.
    """
    key = os.environ.get(variable, "").strip()
    if key:
        return key
    if base_url:
        return "none"
    raise ConfigError(
        f"No key for OpenAI: the environment variable {variable} is not set. Set it, or name a server of your "
        f"own with base_url in {table} of config.toml."
    )


@contextmanager
def wrapped_errors(model: str, *, streaming: bool = False) -> Iterator[None]:
    """Turn whatever a model's client raises into a ModelError that says what to do.

    ``streaming``: the answer has begun, so that a broken connection is an interruption.
    """
    try:
        yield
    except (NewsdeskError, GeneratorExit, KeyboardInterrupt):
        raise
    except Exception as error:
        raise _translated(error, model, streaming) from error


def _translated(error: Exception, model: str, streaming: bool) -> ModelError:
    import httpx

    openai = sys.modules.get("openai")  # an exception of openai's cannot come from a client that was never loaded
    if openai is not None and isinstance(error, openai.APIStatusError):
        return _status(error.status_code, _said(error), error.response.headers.get("retry-after"), model)
    timeouts: tuple[type[Exception], ...] = (httpx.TimeoutException, TimeoutError)
    broken: tuple[type[Exception], ...] = (httpx.TransportError, ConnectionError)
    if openai is not None:
        timeouts += (openai.APITimeoutError,)
        broken += (openai.APIConnectionError,)
    if isinstance(error, timeouts):
        when = "stopped sending" if streaming else "did not answer"
        kind = ModelInterrupted if streaming else ModelUnreachable
        return kind(f"{model}: the server {when} in time. Try again, or raise timeout in config.toml.")
    if isinstance(error, broken):
        if streaming:
            return ModelInterrupted(f"{model}: the connection broke off in the middle of the answer. Try again.")
        return ModelUnreachable(f"{model}: no connection to the server ({_cause(error)}). Check base_url, then retry.")
    if openai is not None and isinstance(error, openai.APIError):  # an error event inside a stream
        return ModelInterrupted(f"{model}: the server reported an error: {_said(error)}. Try again.")
    if streaming and isinstance(error, ValueError):
        return ModelInterrupted(f"{model}: the server sent something that is no answer ({_cause(error)}). Try again.")
    return ModelError(f"{model}: {type(error).__name__}: {_cause(error)}")


def _status(status: int, said: str, retry_after: str | None, model: str) -> ModelError:
    if status == 401:
        return ModelRefused(f"{model}: the server refused the key (401: {said}). Check the key's variable.")
    if status == 403:
        return ModelRefused(f"{model}: the key has no permission for this (403: {said}).")
    if status == 404:
        return ModelRefused(
            f"{model}: the server does not know this model or address (404: {said}). Check model and base_url."
        )
    if status == 429:
        wait = f" It asks to wait {retry_after} s." if retry_after else ""
        return ModelBusy(f"{model}: too many requests, or the quota is used up (429: {said}).{wait} Try again later.")
    if status >= 500:
        return ModelBusy(f"{model}: the server failed ({status}: {said}). Try again later.")
    return ModelRefused(f"{model}: the server rejected the request ({status}: {said}).")


def _said(error: Exception) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        body = body.get("message") or (body.get("error") or {})
    message = body if isinstance(body, str) else getattr(error, "message", str(error))
    return " ".join(str(message).split())[:300]


def _cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split())[:300] or type(error).__name__
