"""``config.toml`` to one frozen ``Config``.

Unknown keys fail, with the nearest known one suggested. What a caller passes beats the environment
(``NEWSDESK_SECTION_KEY``), which beats the file, which beats the defaults below. Relative paths are relative
to the file that names them.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from qa.errors import ConfigError
from qa.keys import remember

ENV_PREFIX = "NEWSDESK_"
Models = TypeVar("Models", "RerankSection", "VerificationSection")


class Section(BaseModel):
    """A table of config.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)


class ArchiveSection(Section):
    """Where the archive stands."""

    path: Path | None = None


class Source(Section):
    """What the archive keeps in step with: exactly one of a file or folder, a glob, a feed, a page."""

    name: str = ""
    path: Path | None = None
    glob: str = ""
    feed: str = ""
    url: str = ""
    outlet: str = ""
    language: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The path, pattern or address."""
        return str(self.path) if self.path is not None else self.glob or self.feed or self.url

    @property
    def label(self) -> str:
        """What the source is called: its name, else where it is."""
        return self.name or self.where

    @property
    def local(self) -> bool:
        """Whether it names files, not addresses."""
        return "://" not in (self.feed or self.url)

    @model_validator(mode="after")
    def _one_place(self) -> Source:
        given = [key for key in ("path", "glob", "feed", "url") if getattr(self, key)]
        if len(given) != 1:
            there = f"there are {' and '.join(given)}" if given else "there is none"
            raise ValueError(f"a source has exactly one of path, glob, feed and url; {there}")
        for address in filter(None, (self.feed, self.url)):
            if not address.startswith(("http://", "https://")) and not (self.feed and "://" not in address):
                raise ValueError(f"{address!r} is no http or https address")
        return self


class LimitsSection(Section):
    """What one document may cost."""

    document_mb: float = Field(32.0, gt=0)
    line_mb: float = Field(8.0, gt=0)
    depth: int = Field(100, ge=1, le=500)
    expansion: float = Field(100.0, ge=1)
    seconds: float = Field(60.0, gt=0)


class WebSection(Section):
    """How pages and feeds are fetched."""

    user_agent: str = Field("Newsdesk/0.1 (news archive reader)", pattern=r"^[\x20-\x7e]*[Nn]ewsdesk[\x20-\x7e]*$")
    pause: float = Field(1.0, ge=0, le=3600)
    timeout: float = Field(30.0, gt=0)
    retries: int = Field(3, ge=0, le=10)
    page_mb: float = Field(20.0, gt=0)
    redirects: int = Field(5, ge=0, le=20)
    allow_private: bool = False
    robots: bool = True
    proxy: str = ""


class ChunksSection(Section):
    """How articles are cut into passages."""

    tokens: int = Field(180, ge=40, le=2000)


class EmbeddingSection(Section):
    """The model that turns text into vectors."""

    provider: Literal["local", "openai", "llamaindex"] = "local"
    precision: Literal["int8", "fp32"] = "int8"
    threads: int = Field(0, ge=0, le=256)
    model: str = "text-embedding-3-small"
    base_url: str = ""
    api_key_env: str = ""
    batch_size: int = Field(64, ge=1, le=2048)
    timeout: float = Field(60.0, gt=0)
    retries: int = Field(5, ge=0, le=20)
    class_path: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict, repr=False)


class VectorsSection(Section):
    """Where Chroma keeps the vectors."""

    url: str = ""
    collection: str = Field("newsdesk", pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-zA-Z0-9]$")


class SearchSection(Section):
    """How passages are ranked."""

    limit: int = Field(10, ge=1, le=100)
    candidates: int = Field(150, ge=10, le=1000)
    meaning: float = Field(0.6, ge=0, le=1)
    title: float = Field(0.5, ge=0, le=10)
    age_days: float = Field(14.0, gt=0)
    per_article: int = Field(4, ge=1, le=100)
    novelty: float = Field(0.3, ge=0, le=1)
    characters: int = Field(1200, ge=100, le=10_000)


class RankingSection(Section):
    """What each signal of a passage counts; see qa/ranking.py."""

    match: float = Field(0.33, ge=0)
    cover: float = Field(0.1, ge=0)
    near: float = Field(0.09, ge=0)
    article: float = Field(0.135, ge=0)
    lead: float = Field(0.06, ge=0)
    recent: float = Field(0.11, ge=0)
    agreement: float = Field(0.055, ge=0)
    focus: float = Field(0.1, ge=0)
    newest: float = Field(0.1, ge=0)
    kind: float = Field(0.13, ge=0)
    recent_days: float = Field(60.0, gt=0)


class RerankSection(Section):
    """The optional model that reads the question and a passage together. ``path`` is empty for none."""

    provider: Literal["none", "onnx", "llamaindex"] = "none"
    passages: int = Field(20, ge=1, le=1000)
    weight: float = Field(0.5, ge=0, le=1)
    path: str = ""
    threads: int = Field(0, ge=0, le=256)
    batch_size: int = Field(16, ge=1, le=256)
    max_tokens: int = Field(512, ge=16, le=8192)
    class_path: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict, repr=False)


class AnswerSection(Section):
    """How answers are made, and the language model that writes them, where there is one."""

    provider: Literal["auto", "none", "openai", "llamaindex"] = "auto"
    model: str = ""
    base_url: str = ""
    api_key_env: str = ""
    api_key: SecretStr = SecretStr("")
    class_path: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict, repr=False)
    temperature: float = Field(0.0, ge=0, le=2)
    context_tokens: int = Field(8000, ge=500)
    answer_tokens: int = Field(1000, ge=50)
    memory_tokens: int = Field(1000, ge=0)
    first_timeout: float = Field(120.0, gt=0)
    timeout: float = Field(30.0, gt=0)
    retries: int = Field(2, ge=0, le=20)
    repair: bool = True
    on_failure: Literal["offer", "extract"] = "offer"
    price_in: float = Field(0.0, ge=0)
    price_cached: float = Field(0.0, ge=0)
    price_out: float = Field(0.0, ge=0)
    currency: str = "USD"
    sentences: int = Field(3, ge=1, le=10)
    evidence: float = Field(0.25, ge=0, le=1)
    short: float = Field(0.18, ge=0, le=1)

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("no http or https address of a server, such as http://localhost:11434/v1")
        return address


class VerificationSection(Section):
    """Who judges the sentences of a model beside the code. ``path`` is empty for none."""

    judge: Literal["none", "onnx", "model"] = "none"
    path: str = ""
    threads: int = Field(0, ge=0, le=256)
    batch_size: int = Field(8, ge=1, le=256)
    max_tokens: int = Field(512, ge=16, le=8192)
    labels: tuple[str, ...] = ()


class InterfaceSection(Section):
    """The terminal UI."""

    theme: str = "textual-dark"
    resume: bool = True


class Config(Section):
    """All settings, with the file they came from (None: defaults alone)."""

    archive: ArchiveSection = ArchiveSection()
    sources: tuple[Source, ...] = ()
    limits: LimitsSection = LimitsSection()
    web: WebSection = WebSection()
    chunks: ChunksSection = ChunksSection()
    embedding: EmbeddingSection = EmbeddingSection()
    vectors: VectorsSection = VectorsSection()
    search: SearchSection = SearchSection()
    ranking: RankingSection = RankingSection()
    rerank: RerankSection = RerankSection()
    answer: AnswerSection = AnswerSection()
    verification: VerificationSection = VerificationSection()
    ui: InterfaceSection = InterfaceSection()
    keys: dict[str, str] = Field(default_factory=dict)
    file: Path | None = Field(default=None, exclude=True)
    warnings: tuple[str, ...] = Field(default=(), exclude=True)

    @property
    def archive_path(self) -> Path:
        """Where the archive stands: as configured, else in the user's data folder."""
        if self.archive.path is not None:
            return self.archive.path
        import platformdirs

        return Path(platformdirs.user_data_dir("newsdesk")) / "archive"


_TABLES = Config.model_fields.keys() - {"file", "warnings"}
_PATHS = {("archive", "path"), ("rerank", "path"), ("verification", "path")}
_SECRET = re.compile(r"(?i)(?:^|[_-])(?:api[_-]?key|key|token|secret|password|authorization)$")


def is_secret(name: str) -> bool:
    """Whether a setting or an argument of this name holds a key, so that its value is never shown."""
    return _SECRET.search(name) is not None


def find() -> Path | None:
    """The configuration file in force when none is named: the working folder's, else the user's, else None."""
    import platformdirs

    here = Path("config.toml")
    if here.is_file() and not is_foreign(here):
        return here
    own = Path(platformdirs.user_config_dir("newsdesk")) / "config.toml"
    return own if own.is_file() else None


def is_foreign(path: Path) -> bool:
    """Whether a config.toml shares no table with Newsdesk's, so that some other program owns it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False  # reading it for real will say what is wrong with it
    return bool(tables) and not (tables.keys() & _TABLES)


def load(path: str | os.PathLike[str] | None = None, *, environ: Mapping[str, str] | None = None) -> Config:
    """Read ``path`` (None: defaults alone), with the environment's settings over it.

    Raises ConfigError naming the file and the key.
    """
    file = None if path is None else Path(path)
    data = {} if file is None else _parse(file)
    warnings = tuple(_plain_keys(data, file)) if file is not None else ()
    where = "the configuration" if file is None else str(file)
    variables: dict[str, str] = {}
    for table, key, name, value in _from_environment(os.environ if environ is None else environ):
        section = data.setdefault(table, {})
        if isinstance(section, dict):
            section[key] = value
            variables[f"{table}.{key}"] = name
    _check_keys(data, where)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_explain(error, where, variables)) from error
    return config if file is None else _anchor(config.model_copy(update={"warnings": warnings}), file.absolute())


def _plain_keys(data: Mapping[str, Any], file: Path) -> Iterator[str]:
    """A warning for each key that the file holds as plain text; no text that is shown has it from now on."""
    for table, section in data.items():
        for name, value in _secrets(section, "") if isinstance(section, dict) else ():
            for secret in (value, value.split()[-1]):  # "Bearer sk-..."
                remember(secret)
            yield (
                f"{file}: [{table}] {name} is a key in plain text; whoever reads the file has it. Keep it in the "
                "environment (api_key_env names the variable) or in the system's keyring ('newsdesk key')."
            )


def _secrets(section: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Name and value of each key; one that stands where the name of its variable belongs is one, too."""
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _secrets(value, f"{prefix}{name}.")
        elif isinstance(value, str) and value.strip():
            misplaced = name == "api_key_env" and re.fullmatch(r"\w+", value) is None
            if misplaced or is_secret(name):
                yield prefix + name, value


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}). Name another file with --config.") from error
    except ValueError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Table, key, variable and value of every setting in the environment. A path counts from the working folder."""
    for table, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            for key in field.annotation.model_fields:
                name = f"{ENV_PREFIX}{table}_{key}".upper()
                value = environ.get(name)
                if value is not None:
                    path = (table, key) in _PATHS
                    yield table, key, name, str(Path(os.path.expanduser(value)).absolute()) if path else value


def unknown_variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Variables that look like settings and are none, each with the nearest that is one."""
    known = {"NEWSDESK_CONFIG"}
    for table, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            known |= {f"{ENV_PREFIX}{table}_{key}".upper() for key in field.annotation.model_fields}
    for name in sorted(environ):
        if name.startswith(ENV_PREFIX) and name not in known:
            yield name, (difflib.get_close_matches(name, known, n=1, cutoff=0) or [""])[0]


def _check_keys(data: Mapping[str, Any], where: str) -> None:
    for table, section in data.items():
        if table not in _TABLES:
            raise ConfigError(_unknown(where, f"[{table}]" if isinstance(section, dict) else table, table, _TABLES))
        annotation = {"sources": Source, "keys": Section}.get(table, Config.model_fields[table].annotation)
        assert isinstance(annotation, type)
        assert issubclass(annotation, Section)
        for entry in section if isinstance(section, list) else [section]:
            if table == "keys" and isinstance(entry, dict):
                continue  # the terminal UI knows its actions, and says which is none
            if not isinstance(entry, dict):
                shown = f"[[{table}]]" if table == "sources" else f"[{table}]"
                raise ConfigError(f"{where}: {table!r} is a table; write {shown} and its keys below it.")
            for key in entry:
                if key not in annotation.model_fields:
                    raise ConfigError(_unknown(where, f"[{table}] {key}", key, annotation.model_fields))


def _unknown(where: str, shown: str, key: str, known: Any) -> str:
    near = difflib.get_close_matches(key, list(known), n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(sorted(known))}."
    return f"{where}: unknown key {shown}. {hint}"


def _explain(error: ValidationError, where: str, variables: Mapping[str, str]) -> str:
    problems = []
    for detail in error.errors():
        key = ".".join(str(part) for part in detail["loc"])
        place = f"the environment: {variables[key]}" if key in variables else f"{where}: {key}"
        given = _shown(str(detail["loc"][-1]), detail["input"])
        problems.append(f"{place} = {given}: {detail['msg']}")
    return "\n".join(problems)


def _shown(name: str, value: Any) -> str:
    """The value of a setting as a message has it: three dots for what is, or may hold, a key."""
    if name == "arguments" or is_secret(name):
        return "..."
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_shown(key, each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown("", each) for each in value) + "]"
    return repr(value)


def _anchor(config: Config, file: Path) -> Config:
    def resolved(path: Path) -> Path:
        return Path(os.path.normpath(file.parent / os.path.expanduser(path)))

    def model(section: Models) -> Models:
        return section.model_copy(update={"path": str(resolved(Path(section.path)))}) if section.path else section

    path = config.archive.path
    return config.model_copy(
        update={
            "file": file,
            "archive": ArchiveSection(path=None if path is None else resolved(path)),
            "sources": tuple(_anchored(source, resolved) for source in config.sources),
            "rerank": model(config.rerank),
            "verification": model(config.verification),
        }
    )


def _anchored(source: Source, resolved: Callable[[Path], Path]) -> Source:
    if source.path is not None:
        return source.model_copy(update={"path": resolved(source.path)})
    if source.glob:
        return source.model_copy(update={"glob": str(resolved(Path(source.glob)))})
    if source.feed and "://" not in source.feed:
        return source.model_copy(update={"feed": str(resolved(Path(source.feed)))})
    return source
