"""A LlamaIndex class named in config.toml by its import path, made with the arguments that stand beside it.

A class that cannot be made is an error that names the table and what to do. Values of ``arguments`` stand in no
message, since a key may be among them.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from qa.config import is_secret
from qa.errors import ConfigError, ModelNotInstalled
from qa.keys import remember
from qa.servers import wrapped_errors

Made = TypeVar("Made")


def make(base: type[Made], class_path: str, arguments: Mapping[str, Any], *, table: str) -> Made:
    """An instance of the class at ``class_path``, a subclass of ``base``, for the configuration's ``table``.

    Raises ConfigError, ModelNotInstalled (with the command that installs the package) or ModelError.
    """
    chosen = _class(class_path, table)
    if not (isinstance(chosen, type) and issubclass(chosen, base)):
        raise ConfigError(f"{table} class_path = {class_path!r} is no LlamaIndex {base.__name__}.")
    for name, value in arguments.items():
        if is_secret(name) and isinstance(value, str):
            remember(value)
    with wrapped_errors(class_path):
        try:
            return chosen(**arguments)
        except ImportError as error:  # some classes look for what they need only when they are made
            raise ModelNotInstalled(f"{table} {class_path} lacks a package: {_line(error)}.") from error
        except (TypeError, ValueError, KeyError) as error:
            raise ConfigError(f"{table} arguments do not fit {class_path}: {_line(error)}.") from error


def _class(class_path: str, table: str) -> Any:
    module, _, name = class_path.rpartition(".")
    if not module or not all(part.isidentifier() for part in class_path.split(".")):
        raise ConfigError(f"{table} class_path must be the import path of a class, such as package.module.Class.")
    with wrapped_errors(class_path):
        try:
            found = importlib.import_module(module)
        except ImportError as error:
            raise ModelNotInstalled(
                f"{table} class_path = {class_path!r} cannot be imported ({_line(error)}). "
                f"Try 'pip install {_package(module)}'."
            ) from error
    if not hasattr(found, name):
        raise ConfigError(f"{table} class_path = {class_path!r}: the module {module} has no {name}.")
    return getattr(found, name)


def _package(module: str) -> str:
    """llama_index.embeddings.ollama.base -> llama-index-embeddings-ollama, as LlamaIndex names its packages."""
    parts = module.split(".")
    if parts[0] != "llama_index":
        return parts[0]
    return "-".join(parts[: 2 if parts[1:2] == ["core"] else 3]).replace("_", "-")


def _line(error: Exception) -> str:
    """What is wrong, on one line. Pydantic's own text would repeat the value; a KeyError's is only the key."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    if isinstance(error, ValidationError):
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
    return " ".join(str(error).split()).rstrip(" .")
