"""config.toml read, explained and changed in place: everything that is not changed stays byte for byte.

Invariant: what is written is a whole file that ``qa.config`` takes; a file that somebody else has changed meanwhile is
not overwritten.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from qa.config import ENV_PREFIX, Config, Section, is_secret, load
from qa.errors import ConfigError

HERE = Path(__file__).parent
AT_ONCE = frozenset({"answer", "ui", "keys"})
"""Sections whose changes hold from the next question on; the others, from the next start."""
REINDEXED = frozenset({"chunks", "embedding"})
"""Sections after whose changes the archive has to be indexed anew."""
_KEY = re.compile(r"([A-Za-z_]+)\s*=")
_TABLE = re.compile(r"\[{1,2}([a-z]+)\]{1,2}\s*$")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: where it stands, what it is, its ``default``, what it may be (``bounds``, empty for anything)."""

    section: str
    name: str
    help: str
    default: Any
    bounds: str
    secret: bool

    @property
    def path(self) -> str:
        """``answer.model``."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The variable of the environment that beats the file."""
        return f"{ENV_PREFIX}{self.section}_{self.name}".upper()


def template() -> str:
    """The config.toml that comes with Newsdesk, in which every setting is explained."""
    inside, beside = HERE / "config.toml", HERE.parent / "config.toml"
    return (inside if inside.is_file() else beside).read_text(encoding="utf-8")


@cache
def settings() -> tuple[Setting, ...]:
    """Every setting that has one value, in the order of the file."""
    explained = dict(_explained(template()))
    found = []
    for table, section in _sections():
        for key, field in section.model_fields.items():
            default = field.get_default(call_default_factory=True)
            told = explained.get((table, key), "")
            found.append(Setting(table, key, told, default, _bounds(field), is_secret(key)))
    return tuple(found)


def _sections() -> Iterator[tuple[str, type[Section]]]:
    for table, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield table, field.annotation


def _explained(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """The comment above each key; keys that follow each other without one share theirs."""
    table, comment, fresh = "", "", True
    for line in text.splitlines():
        if found := _TABLE.match(line):
            table, comment, fresh = found[1], "", True
        elif line.startswith("#"):
            comment, fresh = (line[1:].strip() if fresh else f"{comment} {line[1:].strip()}"), False
        elif found := _KEY.match(line):
            yield (table, found[1]), comment
            fresh = True
        elif not line.strip():
            comment, fresh = "", True


def _bounds(field: Any) -> str:
    """``10 to 1000``, ``one of: none, onnx``."""
    if choices := [str(each) for each in get_args(field.annotation) if isinstance(each, str)]:
        return f"one of: {', '.join(choices)}"
    if field.annotation is bool:
        return "true or false"
    low = next((f"{each.ge}" for each in field.metadata if hasattr(each, "ge")), "")
    above = next((f"above {each.gt}" for each in field.metadata if hasattr(each, "gt")), "")
    high = next((f"{each.le}" for each in field.metadata if hasattr(each, "le")), "")
    if low and high:
        return f"{low} to {high}"
    return above or (f"at least {low}" if low else "")


def value_of(config: Config, setting: Setting) -> Any:
    """What holds now."""
    return getattr(getattr(config, setting.section), setting.name)


def shown(value: Any, *, secret: bool = False) -> str:
    """A value as the file has it; never that of a secret."""
    import tomlkit

    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    if secret:
        return "..." if value else '""'
    plain = list(value) if isinstance(value, tuple) else "" if value is None else value
    return str(tomlkit.item(str(plain) if isinstance(plain, Path) else plain).as_string()).strip()


def parsed(setting: Setting, text: str) -> Any:
    """What somebody typed as the setting's value: TOML, or plain words where a text is wanted. Raises ConfigError."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    text = text.strip()
    textual = isinstance(setting.default, str) or setting.default is None or setting.secret
    if textual and not text.startswith(('"', "'")):
        return text
    try:
        return tomlkit.parse(f"value = {text}\n").unwrap()["value"]
    except TOMLKitError as error:
        raise ConfigError(f"{setting.path} = {text}: {error}") from error


def changed(text: str, changes: Mapping[tuple[str, str], Any]) -> str:
    """The text of a config.toml with other values; all else stays as it was. Raises ConfigError for no TOML."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        for (section, name), value in changes.items():
            if section not in document:
                document[section] = tomlkit.table()
            document[section][name] = value
    except TOMLKitError as error:
        raise ConfigError(f"config.toml is no TOML: {error}") from error
    return tomlkit.dumps(document)


def checked(text: str, file: Path) -> Config:
    """The configuration that a text would be, were it in ``file``. Raises ConfigError."""
    handle, name = tempfile.mkstemp(suffix=".toml", dir=file.parent if file.parent.is_dir() else None)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
        return load(beside).model_copy(update={"file": file.absolute()})
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(beside), str(file))) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def save(file: Path, before: str, changes: Mapping[tuple[str, str], Any]) -> tuple[str, Config]:
    """Write changes to ``file``, whose text was ``before`` (empty: it is not there yet); gives its text and what holds.

    Raises ConfigError where a value cannot be, or the file was changed meanwhile.
    """
    there = file.read_bytes().decode("utf-8-sig") if file.is_file() else ""
    if there != before:
        raise ConfigError(f"{file} was changed by somebody else meanwhile; nothing was written. Read it again first.")
    text = changed(before, changes)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        config = checked(text, file)
        part = file.with_name(f".{file.name}.{os.getpid()}.part")
        part.write_bytes(text.encode())
        part.replace(file)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written ({error.strerror}); nothing was changed.") from error
    return text, config


def home() -> Path:
    """Where a config.toml of the user's own belongs."""
    import platformdirs

    return Path(platformdirs.user_config_dir("newsdesk")) / "config.toml"
