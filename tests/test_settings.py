"""Settings explained and changed: all else of the file stays byte for byte, and nobody's work is overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.config import Config, load
from qa.errors import ConfigError
from qa.settings import changed, checked, parsed, save, settings, shown, template, value_of

FILE = """# mine, do not touch
[answer]   # who
model = 'llama3'   # the small one
temperature=0.0


[ui]
theme = "nord"
"""


def _named(path: str) -> object:
    return next(each for each in settings() if each.path == path)


def test_every_setting_is_explained_and_has_its_default_in_the_file_that_comes_with_it(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(template(), encoding="utf-8")
    config = load(file, environ={})
    for setting in settings():
        assert len(setting.help) > 15, setting.path
        if setting.section != "archive":
            assert value_of(config, setting) == setting.default, setting.path


def test_a_change_leaves_everything_else_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(FILE, encoding="utf-8")
    text, config = save(file, FILE, {("answer", "temperature"): 0.7, ("search", "limit"): 5})
    assert file.read_text(encoding="utf-8") == text
    assert (config.answer.temperature, config.search.limit) == (0.7, 5)
    assert config.file == file
    kept = [line for line in FILE.splitlines() if not line.startswith("temperature")]
    assert [line for line in text.splitlines() if line in kept][: len(kept)] == kept
    assert "[search]\nlimit = 5" in text
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_line_ends_of_another_system_stay(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(FILE.replace("\n", "\r\n").encode())
    save(file, FILE.replace("\n", "\r\n"), {("ui", "theme"): "gruvbox"})
    assert file.read_bytes() == FILE.replace("\n", "\r\n").replace('"nord"', '"gruvbox"').encode()


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    _, config = save(file, "", {("ui", "resume"): False})
    assert file.read_text(encoding="utf-8") == "[ui]\nresume = false\n"
    assert config.ui.resume is False


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(FILE + "# new\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="changed by somebody else"):
        save(file, FILE, {("ui", "theme"): "gruvbox"})
    assert file.read_text(encoding="utf-8") == FILE + "# new\n"


def test_a_value_that_cannot_be_is_told_with_the_file_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(FILE, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        save(file, FILE, {("answer", "temperature"): 9})
    assert f"{file}: answer.temperature = 9" in str(caught.value)
    assert file.read_text(encoding="utf-8") == FILE
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ConfigError, match="cannot be written"):
        save(tmp_path / "config.toml", "", {("ui", "resume"): False})


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("answer.model", "llama3.2:3b", "llama3.2:3b"),
        ("answer.model", '"quoted"', "quoted"),
        ("search.limit", "5", 5),
        ("answer.repair", "false", False),
        ("answer.arguments", "{ top_p = 0.5 }", {"top_p": 0.5}),
        ("verification.labels", '["a", "b"]', ["a", "b"]),
    ],
)
def test_what_is_typed_is_read_as_the_setting_wants_it(path: str, typed: str, value: object) -> None:
    assert parsed(_named(path), typed) == value  # type: ignore[arg-type]


def test_what_is_no_value_is_told() -> None:
    with pytest.raises(ConfigError, match=r"search\.limit = five"):
        parsed(_named("search.limit"), "five")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="no TOML"):
        changed("[answer\n", {("ui", "theme"): "nord"})


def test_keys_are_never_shown(tmp_path: Path) -> None:
    config = checked('[answer]\nmodel = "m"\napi_key = "sk-secret"\n', tmp_path / "config.toml")
    key = _named("answer.api_key")
    assert shown(value_of(config, key), secret=True) == "..."  # type: ignore[arg-type]
    assert shown(value_of(Config(), key), secret=True) == '""'  # type: ignore[arg-type]
