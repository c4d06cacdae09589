"""config.toml: complete, strict, and beaten by the environment."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import qa.keys
from qa.config import Config, Source, find, is_foreign, load
from qa.errors import ConfigError
from tests.conftest import ROOT

DOCUMENTED: dict[str, Any] = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
SECTIONS = sorted(Config.model_fields.keys() - {"file", "keys", "sources", "warnings"})


def section_type(name: str) -> type[BaseModel]:
    annotation = Config.model_fields[name].annotation
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return annotation


def write(folder: Path, content: str | bytes, name: str = "config.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path | None, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ=environ)
    return str(caught.value)


# --- the file that documents every setting


def test_the_documented_file_has_every_table_and_no_other() -> None:
    assert sorted(DOCUMENTED) == sorted([*SECTIONS, "keys", "sources"])


@pytest.mark.parametrize("name", SECTIONS)
def test_the_documented_file_has_every_key_with_its_default(name: str, defaults: Config) -> None:
    assert DOCUMENTED[name].keys() == section_type(name).model_fields.keys()
    if name != "archive":
        assert DOCUMENTED[name] == getattr(defaults, name).model_dump(mode="json")


def test_every_key_of_a_source_is_explained_before_the_first(defaults: Config) -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    explained = set(re.findall(r"\w+", text[: text.index("[[sources]]\n")]))
    assert set(Source.model_fields) <= explained
    assert defaults.sources == ()


def test_the_documented_file_loads_and_differs_from_the_defaults_only_where_it_says(defaults: Config) -> None:
    found = load(ROOT / "config.toml", environ={})
    assert found.archive.path == found.archive_path == ROOT / "archive"
    assert found.sources == (Source(path=ROOT / "seeds"),)
    assert found.file == ROOT / "config.toml"
    kept = {"archive": found.archive, "sources": found.sources, "file": found.file}
    assert defaults.model_copy(update=kept) == found


# --- what is refused


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[serch]\nlimit = 5", "unknown key [serch]. Did you mean 'search'?"),
        ("[search]\nlimits = 5", "unknown key [search] limits. Did you mean 'limit'?"),
        ("[[sources]]\npath = 'x'\nexlude = []", "unknown key [sources] exlude. Did you mean 'exclude'?"),
        ("[ui]\nzzz = 1", "unknown key [ui] zzz. Known are: resume, theme."),
        (
            "zzz = 5",
            "unknown key zzz. Known are: answer, archive, chunks, embedding, keys, limits, ranking, rerank, search, ",
        ),
        ("limit = 5", "unknown key limit. Did you mean 'limits'?"),
        ("file = 'x'", "unknown key file. Known are: "),
        ("search = 5", "'search' is a table; write [search] and its keys below it."),
        ("sources = 'seeds'", "'sources' is a table; write [[sources]] and its keys below it."),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_known_one(tmp_path: Path, content: str, message: str) -> None:
    path = write(tmp_path, content)
    assert refusal(path).startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("[search]\nlimit = 'many'", "search.limit = 'many'"),
        ("[search]\nlimit = 0", "search.limit = 0"),
        ("[search]\nlimit = 101", "search.limit = 101"),
        ("[search]\nmeaning = 1.1", "search.meaning = 1.1"),
        ("[search]\nmeaning = nan", "search.meaning = nan"),
        ("[search]\nage_days = 0", "search.age_days = 0"),
        ("[chunks]\ntokens = 39", "chunks.tokens = 39"),
        ("[chunks]\ntokens = 180.5", "chunks.tokens = 180.5"),
        ("[answer]\nprovider = 'magic'", "answer.provider = 'magic'"),
        (
            "[answer]\nbase_url = 'localhost:8080/v1'",
            "answer.base_url = 'localhost:8080/v1': Value error, no http or https",
        ),
        ("[answer]\nbase_url = 'http://'", "answer.base_url = 'http://': Value error, no http or https"),
        ("[answer]\nmodel = 5", "answer.model = 5"),
        ("[embedding]\nprovider = 'cloud'", "embedding.provider = 'cloud'"),
        ("[embedding]\narguments = 'x'", "embedding.arguments = ...: "),
        ("[rerank]\nprovider = 'local'", "rerank.provider = 'local'"),
        ("[rerank]\nweight = 1.1", "rerank.weight = 1.1"),
        ("[rerank]\nmax_tokens = 8", "rerank.max_tokens = 8"),
        ("[vectors]\ncollection = 'a b'", "vectors.collection = 'a b'"),
        ("[ui]\nresume = 'perhaps'", "ui.resume = 'perhaps'"),
        ("[[sources]]\ninclude = 'x'\npath = 'y'", "sources.0.include = 'x'"),
        ("[limits]\ndocument_mb = 0", "limits.document_mb = 0"),
        ("[limits]\ndepth = 501", "limits.depth = 501"),
        ("[web]\npause = -1", "web.pause = -1"),
        ("[web]\nuser_agent = 'Mozilla/5.0'", "web.user_agent = 'Mozilla/5.0'"),
        ("[[search]]\nlimit = 5", "search = [{'limit': 5}]"),
    ],
)
def test_a_value_of_the_wrong_type_or_size_is_named_with_file_and_key(tmp_path: Path, content: str, key: str) -> None:
    path = write(tmp_path, content)
    assert refusal(path).startswith(f"{path}: {key}")


@pytest.mark.parametrize("table", ["embedding", "rerank", "answer"])
@pytest.mark.parametrize(
    "content",
    [
        "[TABLE]\narguments = 'sk-secret-71'",
        "[TABLE]\narguments = ['sk-secret-71']",
        "[[TABLE]]\narguments = {headers = 'sk-secret-71'}",
        "[[TABLE]]\n[[TABLE]]\narguments = [{headers = 'sk-secret-71'}]",
    ],
)
def test_what_may_hold_a_key_is_in_no_message(tmp_path: Path, table: str, content: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, content.replace("TABLE", table)), environ={})
    assert "sk-secret-71" not in "".join(format_exception(caught.value))
    assert "..." in str(caught.value)


@pytest.mark.parametrize("content", ["[answer]\napi_key = ['sk-secret-74']", "[[answer]]\napi_key = 'sk-secret-74'"])
def test_a_mistyped_key_is_in_no_message(tmp_path: Path, content: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, content), environ={})
    assert "sk-secret-74" not in "".join(format_exception(caught.value))


def test_arguments_in_the_environment_are_in_no_message() -> None:
    message = refusal(None, NEWSDESK_ANSWER_ARGUMENTS='{"api_key": "sk-secret-72"}')
    assert message.startswith("the environment: NEWSDESK_ANSWER_ARGUMENTS = ...: ")
    assert "sk-secret-72" not in message


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("arguments = {api_key = 'sk-plain-75'}", "arguments.api_key"),
        (
            "arguments = {extra_headers = {Authorization = 'Bearer sk-plain-75'}}",
            "arguments.extra_headers.Authorization",
        ),
        ("arguments = {extra_headers = {X-Api-Key = 'sk-plain-75'}}", "arguments.extra_headers.X-Api-Key"),
        ("api_key_env = 'sk-plain-75'", "api_key_env"),
    ],
)
def test_a_key_anywhere_in_the_file_is_warned_of_and_in_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, name: str
) -> None:
    monkeypatch.setattr("qa.keys._SECRETS", type(qa.keys._SECRETS)())
    (warning,) = load(write(tmp_path, f"[answer]\n{content}"), environ={}).warnings
    assert f"[answer] {name} is a key in plain text" in warning
    assert qa.keys.redact(f"{warning} sk-plain-75!") == f"{warning} [key]!"


def test_the_name_of_a_variable_is_no_key(tmp_path: Path) -> None:
    assert load(write(tmp_path, "[answer]\napi_key_env = 'MY_KEY_2'"), environ={}).warnings == ()


def test_arguments_are_not_shown_with_the_configuration(tmp_path: Path) -> None:
    tables = "".join(f"[{name}]\narguments = {{x = 'sk-secret-73'}}\n" for name in ("embedding", "rerank", "answer"))
    found = load(write(tmp_path, tables), environ={})
    assert found.rerank.arguments == {"x": "sk-secret-73"}
    assert "sk-secret-73" not in repr(found)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("exclude = ['x']", "a source has exactly one of path, glob, feed and url; there is none"),
        ("path = 'a'\nglob = 'b'", "a source has exactly one of path, glob, feed and url; there are path and glob"),
        ("feed = 'https://a.example'\nurl = 'https://a.example'", "there are feed and url"),
        ("path = 'a'\nglob = 'b'\nfeed = 'c'\nurl = 'd'", "there are path and glob and feed and url"),
        ("url = 'post.example/a'", "'post.example/a' is no http or https address"),
        ("url = 'file:///etc/passwd'", "'file:///etc/passwd' is no http or https address"),
        ("feed = 'ftp://post.example/a'", "'ftp://post.example/a' is no http or https address"),
    ],
)
def test_a_source_is_in_exactly_one_place(tmp_path: Path, source: str, says: str) -> None:
    path = write(tmp_path, f"[[sources]]\npath = 'news'\n[[sources]]\n{source}")
    message = refusal(path)
    assert message.startswith(f"{path}: sources.1 = ")
    assert message.endswith(says)


def test_a_source_is_called_by_its_name_or_else_by_where_it_is(tmp_path: Path) -> None:
    content = """
        sources = [
            { path = "news", name = "wire" }, { path = "news" }, { glob = "news/**/*.xml" },
            { feed = "https://post.example/rss" }, { feed = "lists/all.opml" }, { url = "https://post.example/a" },
        ]
    """
    found = load(write(tmp_path, content), environ={}).sources
    assert [source.label for source in found] == [
        "wire",
        str(tmp_path / "news"),
        str(tmp_path / "news" / "**" / "*.xml"),
        "https://post.example/rss",
        str(tmp_path / "lists" / "all.opml"),
        "https://post.example/a",
    ]


def test_every_wrong_value_is_named_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "[search]\nlimit = 0\n[chunks]\ntokens = 1")
    assert len(refusal(path).splitlines()) == 2


@pytest.mark.parametrize("content", ["[search", "limit = ", b"\xff\xfe\x00", "a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: str | bytes) -> None:
    path = write(tmp_path, content)
    assert refusal(path).startswith(f"{path}: not valid TOML: ")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        message = refusal(path)
        assert message.startswith(f"{path}: cannot be read (")
        assert message.endswith("Name another file with --config.")


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert load(write(tmp_path, b"\xef\xbb\xbf[search]\nlimit = 7\n"), environ={}).search.limit == 7


def test_a_configuration_cannot_be_changed(defaults: Config) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        defaults.search.limit = 5  # type: ignore[misc]


# --- the environment


def test_the_environment_beats_the_file_which_beats_the_default(tmp_path: Path) -> None:
    path = write(tmp_path, "[search]\nlimit = 7\ncandidates = 20\n")
    found = load(path, environ={"NEWSDESK_SEARCH_LIMIT": "8", "NEWSDESK_UI_RESUME": "false", "OTHER": "x"})
    assert (found.search.limit, found.search.candidates, found.search.per_article) == (8, 20, 4)
    assert found.ui.resume is False
    assert load(path, environ={}).search.limit == 7


def test_the_environment_of_the_process_counts_unless_another_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_ANSWER_API_KEY_ENV", "MY_KEY")
    assert load().answer.api_key_env == "MY_KEY"
    assert load(environ={}).answer.api_key_env == ""


@pytest.mark.parametrize("content", [None, "[search]\nlimit = 7\n"])
def test_a_wrong_value_in_the_environment_names_its_variable(tmp_path: Path, content: str | None) -> None:
    path = None if content is None else write(tmp_path, content)
    message = refusal(path, NEWSDESK_SEARCH_LIMIT="many")
    assert message.startswith("the environment: NEWSDESK_SEARCH_LIMIT = 'many': ")


# --- paths


def test_relative_paths_count_from_the_file_that_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "[archive]\npath = 'data/../archive'\n[[sources]]\npath = '../news'\n[[sources]]\npath = '/abs'\n"
    write(tmp_path, content, "sub/config.toml")
    monkeypatch.chdir(tmp_path)
    found = load("sub/config.toml", environ={})
    assert found.archive_path == tmp_path / "sub" / "archive"
    assert [source.path for source in found.sources] == [tmp_path / "news", Path("/abs")]
    assert found.file == tmp_path / "sub" / "config.toml"


def test_a_path_in_the_environment_counts_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "[archive]\npath = 'here'\n", "sub/config.toml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load(path, environ={"NEWSDESK_ARCHIVE_PATH": "there"}).archive_path == tmp_path / "there"
    assert load(None, environ={"NEWSDESK_ARCHIVE_PATH": "~/a"}).archive_path == tmp_path / "home" / "a"


def test_a_rerankers_folder_counts_as_every_path_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, "[rerank]\npath = 'models/cross'\n", "sub/config.toml")
    assert load(path, environ={}).rerank.path == str(tmp_path / "sub" / "models" / "cross")
    assert load(path, environ={"NEWSDESK_RERANK_PATH": "cross"}).rerank.path == str(tmp_path / "cross")
    assert load(write(tmp_path, "[rerank]\n"), environ={}).rerank.path == ""


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = write(tmp_path, "[archive]\npath = '~/a'\n[[sources]]\npath = '~/news'\n", "sub/config.toml")
    found = load(path, environ={})
    assert (found.archive_path, found.sources[0].path) == (tmp_path / "a", tmp_path / "news")


def test_without_a_path_the_archive_is_in_the_users_data_folder(tmp_path: Path, defaults: Config) -> None:
    assert defaults.archive_path == tmp_path / "xdg-data" / "newsdesk" / "archive"


# --- which file


def test_the_working_folders_file_comes_before_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find() is None
    own = write(tmp_path, "[ui]\n", "xdg-config/newsdesk/config.toml")
    assert find() == own
    here = write(tmp_path, "[search]\n")
    assert find() == Path("config.toml")
    here.unlink()
    here.mkdir()
    assert find() == own


@pytest.mark.parametrize(
    ("content", "foreign"),
    [
        ("[tool.other]\nx = 1\n", True),
        ("file = 'x'\n", True),
        ("baseURL = 'https://x.example'\n[params]\n", True),
        ("[search]\nlimit = 5\n[tool]\n", False),
        ("", False),
        ("# nothing\n", False),
        ("[broken", False),
        (b"\xff\xff", False),
        (b"\xef\xbb\xbf[search]\n", False),
    ],
)
def test_a_config_file_of_another_program_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | bytes, foreign: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, content)
    assert is_foreign(path) is foreign
    assert find() == (None if foreign else Path("config.toml"))


def test_a_named_file_is_never_foreign(tmp_path: Path) -> None:
    assert "unknown key [params]" in refusal(write(tmp_path, "[params]\nx = 1\n"))
