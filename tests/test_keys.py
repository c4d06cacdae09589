"""Keys: where they are looked for, keyrings that fail in every way a backend can, and texts without them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError, PasswordSetError

from qa.errors import ConfigError
from qa.keys import SERVICE, THREAD, find_key, forget_key, redact, remember, store_key
from tests.conftest import ROOT
from tui.crashes import record

NAME = "NEWSDESK_TEST_SERVER_KEY"
KEPT = "sk-kept-7f21"


class Kept(KeyringBackend):
    """A keyring in memory, which counts how often it was asked."""

    priority = 0.1  # never chosen by keyring itself

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("no such password")


class Broken(Kept):
    """A keyring that fails whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error

    def delete_password(self, service: str, username: str) -> None:
        raise self.error


class Sealed(Kept):
    """A keyring whose entries can be read, and nothing else."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"{password} is not for me")

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("not yours")


class Silent(Kept):
    """A keyring that answers when it is released, as one does whose user is away."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        found = super().get_password(service, username)
        self.released.wait()
        return found


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """No keyring but the test's own, and none after it."""
    before = keyring.get_keyring()
    assert isinstance(before, fail.Keyring)
    yield
    keyring.set_keyring(before)


@pytest.fixture
def kept() -> Kept:
    """A keyring with a key in it."""
    backend = Kept()
    backend.entries[SERVICE, NAME] = KEPT
    keyring.set_keyring(backend)
    return backend


# --- where a key comes from


def test_the_environment_comes_before_the_keyring_which_comes_before_plain_text(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAME, "  sk-set-7f22\n")
    assert find_key(NAME, plain="sk-plain-7f23") == "sk-set-7f22"
    assert kept.asked == 0
    monkeypatch.setenv(NAME, " \n")
    assert find_key(NAME, plain="sk-plain-7f23") == KEPT
    kept.entries.clear()
    assert find_key(NAME, plain=" sk-plain-7f23 ") == "sk-plain-7f23"
    assert find_key(NAME) == ""


def test_a_key_of_another_name_or_another_program_is_none(kept: Kept) -> None:
    kept.entries = {(SERVICE, "OTHER_KEY"): "sk-other-7f24", ("mail", NAME): "sk-mail-7f24"}
    assert find_key(NAME) == ""
    assert find_key(NAME, required=True) == ""


def test_no_name_asks_nobody(kept: Kept) -> None:
    assert find_key("", plain="sk-plain-7f23") == "sk-plain-7f23"
    assert find_key("", required=True) == ""
    assert kept.asked == 0


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_without_a_keyring_there_is_no_key_and_no_error(backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    assert find_key(NAME, required=True) == ""
    assert find_key(NAME, plain="sk-plain-7f23", required=True) == "sk-plain-7f23"


FAILURES = [
    (KeyringLocked("Failed to unlock the collection!"), "KeyringLocked: Failed to unlock the collection!"),
    (InitError("no\n  service."), "InitError: no service"),
    (RuntimeError(), "RuntimeError"),
    (TimeoutError("D-Bus"), "TimeoutError: D-Bus"),
    (ImportError("No module named 'dbus'"), "ImportError: No module named 'dbus'"),
]


@pytest.mark.parametrize(("error", "said"), FAILURES, ids=lambda value: type(value).__name__)
def test_a_keyring_that_fails_is_told_only_where_the_key_can_come_from_nowhere_else(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(Broken(error))
    assert find_key(NAME) == ""
    assert find_key(NAME, plain="sk-plain-7f23", required=True) == "sk-plain-7f23"
    with pytest.raises(ConfigError) as caught:
        find_key(NAME, required=True)
    assert str(caught.value) == (
        f"Newsdesk cannot read the system's keyring ({said}). Unlock it and try again, or set the environment "
        f"variable {NAME}, which is looked at first."
    )
    assert caught.value.__cause__ is error
    monkeypatch.setenv(NAME, "sk-set-7f22")
    assert find_key(NAME, required=True) == "sk-set-7f22"


def test_a_keyring_that_does_not_answer_is_left_alone_until_it_does() -> None:
    silent = Silent()
    silent.entries[SERVICE, NAME] = KEPT
    keyring.set_keyring(silent)
    try:
        with pytest.raises(ConfigError, match=r"^Newsdesk cannot read .* \(no answer in 0 s\)\. Unlock it"):
            find_key(NAME, required=True, patience=0)
        with pytest.raises(ConfigError, match=r"\(still no answer to what it was asked before\)"):
            find_key(NAME, required=True)
        assert find_key(NAME) == ""
        with pytest.raises(ConfigError, match=r"^Newsdesk cannot write to .* \(still no answer"):
            store_key(NAME, "sk-new-7f25")
    finally:
        silent.released.set()
        for thread in threading.enumerate():
            if thread.name == THREAD:
                thread.join()
    assert silent.asked == 1
    assert find_key(NAME, required=True) == KEPT


@pytest.mark.parametrize("key", ["two words", "clé", "a\nb"])
def test_what_is_no_key_is_refused_wherever_it_stands_and_not_shown(
    kept: Kept, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(plain: str = "") -> str:
        with pytest.raises(ConfigError) as caught:
            find_key(NAME, plain=plain)
        assert key not in str(caught.value)
        return str(caught.value)

    fault = " holds no key: it has a blank or a letter in it that no key has."
    kept.entries[SERVICE, NAME] = key
    assert refusal() == f"The entry {NAME} of the system's keyring{fault}"
    kept.entries.clear()
    assert refusal(plain=key) == f"The api_key of config.toml{fault}"
    monkeypatch.setenv(NAME, key)
    assert refusal() == f"The environment variable {NAME}{fault}"


def test_the_keyring_is_loaded_only_when_the_environment_has_no_key() -> None:
    code = (
        "import os, sys, qa.keys; "
        f"os.environ[{NAME!r}] = 'sk-set-7f22'; found = qa.keys.find_key({NAME!r}); print('keyring' in sys.modules); "
        f"del os.environ[{NAME!r}]; print(repr(qa.keys.find_key({NAME!r})), 'keyring' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "False\n'' True\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only here can a keyring be kept away by the environment")
def test_a_machine_without_a_desktop_has_no_keyring_and_no_error() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    environment |= {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus", "HOME": "/nonexistent"}
    code = f"import qa.keys; print(repr(qa.keys.find_key({NAME!r}, required=True)))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout == "''\n"


# --- keys that the keyring keeps


def test_a_key_is_kept_replaced_and_forgotten(kept: Kept) -> None:
    store_key(NAME, " sk-new-7f25\n")
    assert kept.entries == {(SERVICE, NAME): "sk-new-7f25"}
    assert find_key(NAME) == "sk-new-7f25"
    forget_key(NAME)
    assert kept.entries == {}
    with pytest.raises(ConfigError, match=rf"^The system's keyring has no key '{NAME}', so there is none to forget\.$"):
        forget_key(NAME)


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_where_no_keyring_keeps_it_the_environment_is_named(backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    with pytest.raises(ConfigError, match=rf"^There is no keyring .* Set the environment variable {NAME} instead\.$"):
        store_key(NAME, "sk-new-7f25")
    with pytest.raises(ConfigError, match=r"so there is none to forget"):
        forget_key(NAME)


def test_a_keyring_that_refuses_is_told_without_the_key() -> None:
    sealed = Sealed()
    sealed.entries[SERVICE, NAME] = KEPT
    keyring.set_keyring(sealed)
    with pytest.raises(ConfigError, match=r"cannot write to .* \(PasswordSetError: \[key\] is not for me\)"):
        store_key(NAME, "sk-new-7f26")
    with pytest.raises(ConfigError, match=r"cannot write to .* \(PasswordDeleteError: not yours\)"):
        forget_key(NAME)
    assert sealed.entries == {(SERVICE, NAME): KEPT}


@pytest.mark.parametrize(("key", "fault"), [(" \n", "it is empty"), ("two words", "it has a blank")])
def test_what_is_no_key_is_not_kept(kept: Kept, key: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=rf"^What was given holds no key: {fault}"):
        store_key(NAME, key)
    assert kept.entries == {(SERVICE, NAME): KEPT}


def test_a_key_needs_a_name(kept: Kept) -> None:
    with pytest.raises(ConfigError, match=r"^A key needs the name that it goes by"):
        store_key(" ", "sk-new-7f25")
    with pytest.raises(ConfigError, match="none to forget"):
        forget_key("")


# --- texts without keys


def test_whatever_was_found_is_taken_out_of_texts(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.entries[SERVICE, NAME] = "sk-ring-31"
    monkeypatch.setenv("OTHER_KEY", "sk-environ-32")
    assert redact("sk-ring-31, sk-environ-32 and sk-plain-33") == "sk-ring-31, sk-environ-32 and sk-plain-33"
    find_key(NAME)
    find_key("OTHER_KEY")
    find_key("", plain="sk-plain-33")
    assert redact("sk-ring-31, sk-environ-32, sk-plain-33!sk-plain-33") == "[key], [key], [key]![key]"


def test_the_longest_value_goes_first() -> None:
    for value in ("secret-41", "secret-41-and-more", "my-secret-41"):
        remember(value)
    assert redact("secret-41-and-more, secret-41-and, my-secret-41") == "[key], [key]-and, [key]"


def test_a_value_is_found_in_an_address_and_in_json() -> None:
    remember('a+b/c="51"\\')
    assert redact('GET /?key=a%2Bb%2Fc%3D%2251%22%5C {"key": "a+b/c=\\"51\\"\\\\"} a+b/c="51"\\') == (
        'GET /?key=[key] {"key": "[key]"} [key]'
    )


@pytest.mark.parametrize("value", ["", "none", "a", "key"])
def test_what_is_too_short_for_a_key_stays(value: str) -> None:
    remember(value)
    text = f"there is none, {value}, a key"
    assert redact(text) == text


def test_a_key_is_in_no_log(tmp_path: Path) -> None:
    remember("sk-logged-51")
    try:
        try:
            raise ValueError("Incorrect API key: sk-logged-51")
        except ValueError as cause:
            raise RuntimeError("worse, with sk-logged-51") from cause
    except RuntimeError as error:
        log = record(error, doing="asking", folder=tmp_path)
    told = log.read_text(encoding="utf-8")
    assert "ValueError: Incorrect API key: [key]" in told
    assert "RuntimeError: worse, with [key]" in told
    assert "sk-logged-51" not in told


def test_threads_may_remember_and_redact_at_once() -> None:
    started = threading.Barrier(8)
    left: list[str] = []

    def work(thread: int) -> None:
        started.wait()
        for n in range(25):
            value = f"secret-61-{thread}-{n:02}"
            remember(value)
            left.extend(each for each in (redact(value),) if each != "[key]")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left == []
    assert redact(" ".join(f"secret-61-{thread}-{n:02}" for thread in range(8) for n in range(25))) == " ".join(
        ["[key]"] * 200
    )
