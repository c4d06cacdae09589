"""What every test gets: no network beyond loopback, no configuration or keyring of the user's own, a small archive."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import qa
from qa.config import Config, load

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")  # a change is judged by the same cases each time; new ones are looked for by hand

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"

_connect = socket.socket.connect
_LOOPBACK = ("127.", "::1", "localhost")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(_LOOPBACK):
        raise AssertionError(f"a test reached for {address[0]}, beyond loopback")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """An app keeps what it loaded out of garbage collections for good; many in one process would fill the memory."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No network, no settings from outside. The cache of the built model is kept: it takes seconds to build."""
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    for name in os.environ:
        if name.startswith(("NEWSDESK_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg-config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg-data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")  # subprocesses have no keyring either


@pytest.fixture(scope="session")
def defaults() -> Config:
    """The default configuration."""
    return load(None, environ={})


@pytest.fixture(scope="session")
def seeds_archive(tmp_path_factory: pytest.TempPathFactory, defaults: Config) -> Iterator[qa.Archive]:
    """An archive of all sample articles, for reading."""
    source = qa.config.Source(path=SEEDS)
    config = defaults.model_copy(update={"sources": (source,)})
    with qa.Archive.open(tmp_path_factory.mktemp("seeds") / "archive", config=config) as archive:
        archive.sync()
        yield archive


@pytest.fixture
def archive(tmp_path: Path, defaults: Config) -> Iterator[qa.Archive]:
    """An empty archive of the test's own."""
    with qa.Archive.open(tmp_path / "archive", config=defaults) as opened:
        yield opened
