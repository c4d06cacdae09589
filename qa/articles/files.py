"""Files and folders to articles. What cannot be read is yielded as an error and costs only itself."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa.articles import Article
from qa.articles.fields import read_json, read_json_lines
from qa.articles.plain import read_markdown, read_text
from qa.errors import SourceError

Reader = Callable[[str, str], Iterator[Article | SourceError]]

MOST_ODD = 0.005
"""Share of characters without a meaning in Windows-1252 above which bytes are no text."""

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".json": read_json,
    ".jsonl": read_json_lines,
}


def find_files(source: str | os.PathLike[str], *, exclude: Sequence[str] = ()) -> Iterator[Path | SourceError]:
    """The readable files that ``source`` names: itself, or what is below it, in the order of their names.

    ``exclude`` holds shell patterns matched against the path below a folder and the file's own name. Hidden
    files, links to folders, pipes and kinds without a reader are passed over in a folder; a file named outright
    must have a reader.
    """
    try:
        path = Path(os.path.expanduser(source))
        folder, there, regular = path.is_dir(), path.exists(), path.is_file()
    except (OSError, RuntimeError) as error:  # a name too long, a folder that is closed, no such user
        yield SourceError(f"{source}: cannot be found ({error}).")
        return
    if folder:
        yield from _walk(path, exclude)
    elif not there:
        yield SourceError(f"{path}: no such file or folder.")
    elif not regular:
        yield SourceError(f"{path}: neither a file nor a folder.")
    elif path.suffix.lower() not in READERS:
        yield SourceError(f"{path}: not a kind that can be read; these can: {', '.join(READERS)}.")
    else:
        yield path


def _walk(root: Path, exclude: Sequence[str]) -> Iterator[Path | SourceError]:
    problems: list[SourceError] = []

    def refuse(error: OSError) -> None:
        problems.append(SourceError(f"{error.filename}: cannot be listed ({error.strerror})."))

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            below = path.relative_to(root).as_posix()
            hidden = name.startswith(".") or path.suffix.lower() not in READERS
            excluded = any(fnmatch.fnmatch(below, p) or fnmatch.fnmatch(name, p) for p in exclude)
            if not hidden and not excluded and (path.is_file() or not path.exists()):
                yield path
    yield from problems


def source_of(path: Path) -> str:
    """The one name of a file, however it was reached: its absolute path, without ``..``, in valid Unicode."""
    return os.fsencode(os.path.abspath(path)).decode("utf-8", "backslashreplace")  # noqa: PTH100 - keeps links


def read_file(path: Path) -> Iterator[Article | SourceError]:
    """The articles in one file. Their ``source`` is its absolute path, with ``#`` and a key where it holds several."""
    source = source_of(path)
    try:
        text = decode(path.read_bytes(), source)
        yield from READERS[path.suffix.lower()](text, source)
    except OSError as error:
        yield SourceError(f"{source}: cannot be read ({error.strerror}).")
    except SourceError as error:
        yield error


def decode(data: bytes, source: str) -> str:
    """Text of a file in UTF-8, UTF-16 with a mark, or Windows-1252. Raises SourceError for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data:
        raise SourceError(f"{source}: not a text file (it holds zero bytes).")
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise SourceError(f"{source}: damaged UTF-16.") from error
        text = data.decode("cp1252", "replace")
        odd = sum(character == "\ufffd" or (character < " " and character not in "\t\n\r\f") for character in text)
        if odd > len(text) * MOST_ODD:
            raise SourceError(f"{source}: not a text file (its bytes are no text in UTF-8 or Windows-1252).") from None
    if not text.strip():
        raise SourceError(f"{source}: empty.")
    return text
