"""Model servers: whose key is sent, and what their failures mean. The only place that knows openai's exceptions.

Invariant: a key never stands in a message, not even where a server repeats it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qa.errors import (
    ConfigError,
    ModelBusy,
    ModelError,
    ModelInterrupted,
    ModelRefused,
    ModelUnreachable,
    NewsdeskError,
)
from qa.keys import find_key, redact

OPENAI = "OPENAI_API_KEY"
"""The variable that OpenAI's own client reads."""


def api_key(variable: str, base_url: str, table: str, *, plain: str = "") -> str:
    """The key that goes by ``variable`` (``qa.keys``), else ``plain``. A server of one's own may need none.

    Where no variable is named, OpenAI's own is looked up for OpenAI, and for no other server: its key is not theirs.
    Raises ConfigError that names the configuration's ``table``, or where something else than a key is kept.
    """
    variable = variable or ("" if base_url else OPENAI)
    if key := find_key(variable, plain=plain, required=not base_url):
        return key
    if base_url:
        return "none"
    raise ConfigError(
        f"No key for OpenAI: the environment variable {variable} is not set, and the system's keyring has none. Set "
        f"it, run 'newsdesk key', or name a server of your own with base_url in {table} of config.toml."
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

    openai: Any = sys.modules.get("openai")  # no exception of openai's can come from a client that was never loaded
    if openai is not None and isinstance(error, openai.APIStatusError):
        return _status(error.status_code, _said(error), error.response.headers.get("retry-after"), model)
    timeouts: tuple[type[Exception], ...] = (httpx.TimeoutException, TimeoutError)
    broken: tuple[type[Exception], ...] = (httpx.TransportError, ConnectionError)
    garbled: tuple[type[Exception], ...] = (ValueError, TypeError, AttributeError, KeyError, httpx.DecodingError)
    reported: tuple[type[Exception], ...] = ()
    if openai is not None:
        timeouts += (openai.APITimeoutError,)
        broken += (openai.APIConnectionError,)
        garbled += (openai.APIResponseValidationError,)
        reported += (openai.APIError,)
    if isinstance(error, (*timeouts, *broken)) or _cut_short(error):
        return _disconnected(error, model, streaming=streaming or _cut_short(error), late=isinstance(error, timeouts))
    if isinstance(error, garbled):
        kind = ModelInterrupted if streaming else ModelError
        what = f"{model}: the server sent something that is no answer ({_cause(error)})."
        return kind(f"{what} Try again, or check base_url.")
    if isinstance(error, reported):  # an error event inside a stream
        todo = "Lower context_tokens, or raise the server's." if _TOO_LONG.search(_said(error)) else "Try again."
        return ModelInterrupted(f"{model}: the server reported an error: {_said(error)}. {todo}")
    return ModelError(f"{model}: {type(error).__name__}: {_cause(error)}. Check the model's settings in config.toml.")


def _disconnected(error: Exception, model: str, *, streaming: bool, late: bool) -> ModelError:
    server = _address(error)
    patience = "Try again, or raise timeout in config.toml."
    if streaming and late:
        return ModelInterrupted(f"{model}: {server} stopped sending in the middle of the answer. {patience}")
    if streaming:
        return ModelInterrupted(f"{model}: the connection broke off in the middle of the answer. Try again.")
    if late:
        return ModelUnreachable(f"{model}: {server} did not answer in time. {patience}")
    why = f"no connection to {server} ({_cause(error)})"
    return ModelUnreachable(f"{model}: {why}. Start the server or check base_url, then try again.")


def _status(status: int, said: str, retry_after: str | None, model: str) -> ModelError:
    kind: type[ModelError] = ModelRefused
    what, todo = "the server rejected the request", "Check the settings in config.toml."
    if _TOO_LONG.search(said):
        what, todo = "the request is longer than the model's context", "Lower context_tokens, or raise the server's."
    elif status == 401:
        what, todo = (
            "the server refused the key",
            "Check the key that api_key_env names, in the environment or the keyring.",
        )
    elif status == 403:
        what, todo = "the key has no permission for this", "Choose another model or key."
    elif status == 404:
        what, todo = "the server does not know this model or address", "Check model and base_url."
    elif status == 429:
        kind, what, todo = ModelBusy, "too many requests, or the quota is used up", "Try again later."
        if retry_after and retry_after.isdigit():
            todo = f"It asks to wait {retry_after} s. {todo}"
    elif status >= 500:
        kind, what, todo = ModelBusy, "the server failed", "Try again later."
    return kind(f"{model}: {what} ({status}: {said}). {todo}")


_TOO_LONG = re.compile(
    r"(?i)context[ _](?:length|size|window)|maximum context|too many tokens|(?:prompt|input) is too long"
    r"|exceeds? .{0,30}context"
)
"""How servers say that a prompt is too long; OpenAI's code is context_length_exceeded."""


def _said(error: Any) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        body = body.get("message") or body.get("detail") or (body.get("error") or {})
    if isinstance(body, list):  # what FastAPI says of a request that does not fit
        body = "; ".join(str(each.get("msg", each)) if isinstance(each, dict) else str(each) for each in body)
    if isinstance(body, dict):
        body = body.get("message")
    message = body if isinstance(body, str) else getattr(error, "message", str(error))
    return _shown(str(message), error)


def _cause(error: BaseException) -> str:
    root = error
    while root.__cause__ is not None:
        root = root.__cause__
    return _shown(str(root), error) or type(root).__name__


def _shown(message: str, error: BaseException) -> str:
    """``message`` on one line, at most 300 characters, without a key."""
    request = _request(error)
    key = "" if request is None else request.headers.get("authorization", "").removeprefix("Bearer ")
    if len(key) > 4:  # "none" stands for no key
        message = message.replace(key, "[key]")
    return " ".join(redact(message).split())[:300].rstrip(" .")


def _address(error: BaseException) -> str:
    """The server that was asked, without the user and password that a base_url may hold."""
    request = _request(error)
    return "the server" if request is None else f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"


def _request(error: BaseException) -> Any:
    """The request that failed; httpx raises where its errors have none."""
    try:
        return getattr(error, "request", None)
    except RuntimeError:
        return None


def _cut_short(error: Exception) -> bool:
    """Whether the bytes ended within a character, which is how a connection cut there shows."""
    return isinstance(error, UnicodeDecodeError) and error.reason == "unexpected end of data"
