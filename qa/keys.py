"""Where API keys come from. (The lead's first version; helper J replaces it whole.)"""

from __future__ import annotations

import os
import re

from qa.errors import ConfigError

_KEYS: set[str] = set()


def find_key(variable: str, *, plain: str = "") -> str:
    """The key that goes by ``variable`` in the environment, else ``plain``."""
    key = os.environ.get(variable, "").strip() or plain
    if key and not re.fullmatch(r"[!-~]+", key):
        raise ConfigError(
            f"The environment variable {variable} holds no key: it has a blank or a letter in it that no key has."
        )
    if key:
        remember(key)
    return key


def remember(value: str) -> None:
    """Never show this value."""
    _KEYS.add(value)


def redact(text: str) -> str:
    """``text`` without keys."""
    for key in sorted(_KEYS, key=len, reverse=True):
        if len(key) > 4:
            text = text.replace(key, "[key]")
    return text
