"""Where API keys come from, and where they must not appear.

A key is looked for in the environment, then in the system's keyring (the service ``SERVICE``, the variable's name as
the user), then in what config.toml gives. Invariant: no key that was found or registered here is in a text that went
through ``redact``. The keyring is loaded when the environment has no key, and asked in a thread of its own, since a
keyring that waits for an unlocked desktop may never answer.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar
from urllib.parse import quote

from qa.errors import ConfigError

SERVICE = "newsdesk"
PATIENCE = 60.0
"""Seconds that the keyring has for an answer: as long as it takes to unlock it by hand."""
THREAD = "newsdesk-keyring"
SHORTEST = 5
"""Characters below which a value is too common to be taken out of texts; it would be no key."""

Answer = TypeVar("Answer")


def find_key(variable: str, *, plain: str = "", required: bool = False, patience: float = PATIENCE) -> str:
    """The key that goes by ``variable``: the environment's, the keyring's, else ``plain``; empty where none is.

    Where no keyring is, none has the key. One that fails, or takes longer than ``patience`` seconds, is passed over,
    unless the key is ``required`` and nothing else gives it. Raises ConfigError for that, and for what is no key.
    """
    key, place = os.environ.get(variable, "").strip() if variable else "", f"The environment variable {variable}"
    failure = None
    if not key and variable:
        place = f"The entry {variable} of the system's keyring"
        try:
            key = (_asked(lambda: _kept(variable), "read", variable, patience) or "").strip()
        except ConfigError as error:
            failure = error
    if not key:
        key, place = plain.strip(), "The api_key of config.toml"
    if not key:
        if failure is not None and required:
            raise failure
        return ""
    return _valid(key, place)


def store_key(variable: str, key: str, *, patience: float = PATIENCE) -> None:
    """Keep ``key`` in the system's keyring. Raises ConfigError where there is none, it fails, or that is no key."""
    if not variable.strip():
        raise ConfigError("A key needs the name that it goes by, such as OPENAI_API_KEY.")
    given = _valid(key.strip(), "What was given")
    if not _asked(lambda: _put(variable, given), "write to", variable, patience):
        raise ConfigError(
            f"There is no keyring on this system that keeps a key. Set the environment variable {variable} instead."
        )


def forget_key(variable: str, *, patience: float = PATIENCE) -> None:
    """Delete the key from the system's keyring. Raises ConfigError where none is, or the keyring fails."""
    if not variable or not _asked(lambda: _dropped(variable), "write to", variable, patience):
        raise ConfigError(f"The system's keyring has no key {variable!r}, so there is none to forget.")


def remember(value: str) -> None:
    """Keep ``value`` out of every text that goes through ``redact`` from now on."""
    _SECRETS.add(value)


def redact(text: str) -> str:
    """``text`` with ``[key]`` for each key known, also as it stands in an address or in JSON; the longest first."""
    return _SECRETS.pattern.sub("[key]", text)


class _Secrets:
    """The values that no text may show. May be shared between threads: the pattern is replaced whole."""

    def __init__(self) -> None:
        self.pattern = re.compile(r"(?!)")  # matches nothing
        self._forms: set[str] = set()
        self._lock = threading.Lock()

    def add(self, value: str) -> None:
        if len(value) < SHORTEST:
            return
        with self._lock:
            forms = {value, quote(value, safe=""), json.dumps(value)[1:-1]}
            if not forms <= self._forms:
                self._forms |= forms
                self.pattern = re.compile("|".join(map(re.escape, sorted(self._forms, key=len, reverse=True))))


_SECRETS = _Secrets()
_LATE: list[Future[Any]] = []
"""The calls of the keyring that were given up; what it may yet answer."""


def _valid(key: str, place: str) -> str:
    """``key``, registered. Raises ConfigError, which does not show it, where it cannot be one."""
    if not re.fullmatch(r"[!-~]+", key):
        fault = "it has a blank or a letter in it that no key has" if key else "it is empty"
        raise ConfigError(f"{place} holds no key: {fault}.")
    remember(key)
    return key


def _asked(call: Callable[[], Answer], doing: str, variable: str, patience: float) -> Answer:
    """What ``call`` gets from the keyring. Raises ConfigError where that fails or takes too long.

    While an earlier call is without its answer, the keyring is not asked again: each would wait as long.
    """
    if not all(earlier.done() for earlier in _LATE):
        raise _failure(doing, variable, "still no answer to what it was asked before")
    done: Future[Answer] = Future()

    def run() -> None:
        try:
            done.set_result(call())
        except BaseException as error:  # backends raise what they like; it is told in the caller's thread
            done.set_exception(error)

    threading.Thread(target=run, name=THREAD, daemon=True).start()
    try:
        return done.result(patience)
    except Exception as error:
        if not done.done():
            _LATE.append(done)
            raise _failure(doing, variable, f"no answer in {patience:g} s") from error
        said = redact(" ".join(str(error).split())).rstrip(" .")
        raise _failure(doing, variable, f"{type(error).__name__}: {said}" if said else type(error).__name__) from error


def _failure(doing: str, variable: str, why: str) -> ConfigError:
    return ConfigError(
        f"Newsdesk cannot {doing} the system's keyring ({why}). Unlock it and try again, or set the environment "
        f"variable {variable}, which is looked at first."
    )


def _kept(variable: str) -> str | None:
    import keyring
    from keyring.errors import NoKeyringError

    try:
        return keyring.get_password(SERVICE, variable)
    except NoKeyringError:
        return None


def _put(variable: str, key: str) -> bool:
    """Whether the keyring has the key afterwards; one that is switched off takes it and keeps nothing."""
    import keyring
    from keyring.errors import NoKeyringError

    try:
        keyring.set_password(SERVICE, variable, key)
    except NoKeyringError:
        return False
    return keyring.get_password(SERVICE, variable) == key


def _dropped(variable: str) -> bool:
    """Whether there was a key, which is gone now."""
    import keyring

    if _kept(variable) is None:
        return False
    keyring.delete_password(SERVICE, variable)
    return True
