"""Sources to the documents that they name: files and folders, globs, addresses, standard input.

Listing reads nothing. A source is listed completely, or what it could not list is in the listing as an error, which
the archive takes as a reason not to call anything gone.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.config import Source
from qa.errors import SourceError
from qa.readers import extensions

STANDARD_INPUT = "-"
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listing:
    """A source and what it names: paths of files, addresses as text, ``-`` for standard input; errors in between."""

    source: Source
    documents: tuple[Path | str | SourceError, ...]
    synced: bool = False

    @property
    def name(self) -> str:
        """Under which the archive keeps what came from it; empty for what was added by hand."""
        return self.source.label if self.synced else ""

    @property
    def errors(self) -> tuple[SourceError, ...]:
        """What could not be listed."""
        return tuple(document for document in self.documents if isinstance(document, SourceError))

    @property
    def complete(self) -> bool:
        """Whether everything could be listed."""
        return not self.errors


def list_source(source: Source) -> Listing:
    """What a configured source names now."""
    found: Iterator[Path | str | SourceError]
    if source.path is not None:
        found = find_files(source.path, include=source.include, exclude=source.exclude)
    elif source.glob:
        found = _glob(source)
    elif source.feed and not is_address(source.feed):
        found = find_files(source.feed)
    else:
        found = iter([source.feed or source.url])
    return Listing(source, tuple(found), synced=True)


def list_given(given: str | os.PathLike[str], *, outlet: str = "", language: str = "") -> Listing:
    """What somebody named by hand: a path, an address, or ``-``."""
    text = os.fspath(given)
    if _OTHER_SCHEME.match(text) and not is_address(text):
        refused = SourceError(f"{text}: not fetched; only http and https addresses are.")
        return Listing(Source.model_construct(outlet=outlet, language=language), (refused,))
    if text == STANDARD_INPUT or is_address(text):
        documents: tuple[Path | str | SourceError, ...] = (text,)
        source = Source.model_construct(url=text, outlet=outlet, language=language)
    else:
        documents = tuple(find_files(text))
        source = Source.model_construct(path=Path(text), outlet=outlet, language=language)
    return Listing(source, documents)


def is_address(text: str) -> bool:
    """Whether a source is named by its address on the web."""
    return text.lower().startswith(("http://", "https://"))


def find_files(
    source: str | os.PathLike[str], *, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> Iterator[Path | SourceError]:
    """The readable files that ``source`` names: itself, or what is below it, in the order of their names.

    ``include`` (empty: everything) and ``exclude`` hold shell patterns matched against the path below a folder and
    the file's own name. Hidden files, links to folders, pipes and kinds that no reader claims are passed over in a
    folder; a file named outright is read whatever its name.
    """
    try:
        path = Path(os.path.expanduser(source))
        folder, there, regular = path.is_dir(), path.exists(), path.is_file()
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, a closed folder, no such user, a zero byte
        yield SourceError(f"{source}: cannot be found ({error}).")
        return
    if folder:
        yield from _walk(path, _Patterns(tuple(include), tuple(exclude)))
    elif not there:
        yield SourceError(f"{path}: no such file or folder.")
    elif not regular:
        yield SourceError(f"{path}: neither a file nor a folder.")
    else:
        yield path


@dataclass(frozen=True, slots=True)
class _Patterns:
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    readable: tuple[str, ...] = field(default_factory=extensions)

    def match(self, below: str, name: str) -> bool:
        def any_of(patterns: tuple[str, ...]) -> bool:
            return any(fnmatch.fnmatch(below, each) or fnmatch.fnmatch(name, each) for each in patterns)

        plain = name.lower().removesuffix(".gz")
        known = os.path.splitext(plain)[1] in self.readable and not name.startswith(".")  # noqa: PTH122 - it is fast
        return known and (not self.include or any_of(self.include)) and not any_of(self.exclude)


def _walk(root: Path, patterns: _Patterns) -> Iterator[Path | SourceError]:
    problems: list[SourceError] = []

    def refuse(error: OSError) -> None:
        problems.append(SourceError(f"{error.filename}: cannot be listed ({error.strerror})."))

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if patterns.match(path.relative_to(root).as_posix(), name) and (path.is_file() or not path.exists()):
                yield path
    yield from problems


def _glob(source: Source) -> Iterator[Path | SourceError]:
    """The files that match, in the order of their paths. Links to folders are not followed below ``**``."""
    patterns = _Patterns(source.include, source.exclude)
    parts = Path(os.path.expanduser(source.glob)).parts
    fixed = next((at for at, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    root, rest = Path(*parts[:fixed]), parts[fixed:]
    if not root.is_dir():
        yield SourceError(f"{root}: no such folder; mend [[sources]] glob.")
        return
    try:
        found = sorted(root.glob("/".join((*rest, "*") if rest[-1] == "**" else rest)))
    except ValueError as error:
        yield SourceError(f"{source.glob}: not a pattern ({error}); mend [[sources]] glob.")
        return
    for path in found:
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.is_file() and patterns.match(path.as_posix(), path.name):
            yield path
