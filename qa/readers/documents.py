"""``Document``: the bytes that a reader is given, from a file, the web, an archive or standard input.

Whatever is read goes through here, so that the limits hold for every form: bytes of a whole document, bytes of a
line, how far a compressed file may expand, seconds that one document may take. What goes beyond is a SourceError,
and costs only that document.
"""

from __future__ import annotations

import builtins
import gzip
import io
import os
import re
import stat
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.decoding import decode

HEAD = 4096
"""Bytes that a reader may look at to tell whether a document is of its form."""
MIB = 1024 * 1024
FREE_EXPANSION = 16 * MIB
"""Bytes that a compressed file may expand to whatever its size."""

__all__ = ["Document", "Page", "Web", "open_file", "open_stream", "source_of"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent, decompressed: ``url`` is the address after redirects; validators are "" where none came."""

    url: str
    body: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


class Web(Protocol):
    """The way out that a reader may take, to follow a feed to its articles. Raises SourceError with the reason."""

    def get(self, url: str) -> Page:
        """The page at ``url``."""
        ...

    def get_changed(self, url: str) -> Page | None:
        """The page at ``url``, None if it is as it was when it was last taken in whole."""
        ...

    def is_known(self, url: str, updated: float | None) -> bool:
        """Whether the full article at ``url`` is in the archive, no older than ``updated`` (seconds since the epoch).

        Each such article counts as unchanged in the report.
        """
        ...


@dataclass
class Document:
    """One document. ``stream`` is decompressed already, and at its beginning; ``head`` holds its first bytes.

    ``source`` names it in errors and articles: an absolute path, an address, ``(standard input)``. ``name`` is the
    file's name, or the last part of the address, without ``.gz``. ``url`` and ``content_type`` are known for what
    came from the web. ``web`` is None where nothing may be fetched. A reader of feeds sets ``rolling``: what the
    document no longer holds may still be there.
    """

    source: str
    name: str
    stream: BinaryIO
    head: bytes
    limits: LimitsSection
    url: str = ""
    content_type: str = ""
    web: Web | None = None
    rolling: bool = False
    clock: Callable[[], float] = time.monotonic
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.clock()

    @property
    def suffix(self) -> str:
        """The extension in lower case, with its dot."""
        return Path(self.name).suffix.lower()

    def bytes(self) -> bytes:
        """The whole document. Raises SourceError beyond ``limits.document_mb``."""
        most = int(self.limits.document_mb * MIB)
        pieces = []
        left = most + 1
        while left and (piece := self.stream.read(min(left, MIB))):
            pieces.append(piece)
            left -= len(piece)
            self.check_time()
        if not left:
            raise SourceError(
                f"{self.source}: larger than {self.limits.document_mb:g} MB, the most that one document may hold "
                "([limits] document_mb)."
            )
        return b"".join(pieces)

    def text(self) -> str:
        """The whole document as text. Raises SourceError beyond ``limits.document_mb`` and for what is no text."""
        return decode(self.bytes(), self.source, self.content_type)

    def lines(self) -> Iterator[tuple[int, builtins.bytes | SourceError]]:
        """Number and bytes of every line, from 1. A line beyond ``limits.line_mb`` is an error in its place."""
        most = int(self.limits.line_mb * MIB)
        number = 0
        while line := self.stream.readline(most + 1):
            number += 1
            if len(line) > most and not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = self.stream.readline(MIB)
                    self.check_time()
                yield (
                    number,
                    SourceError(
                        f"{self.source}, line {number}: longer than {self.limits.line_mb:g} MB ([limits] line_mb)."
                    ),
                )
            else:
                yield number, line

    def peek_lines(self, count: int) -> list[builtins.bytes]:
        """The first ``count`` lines, each as far as ``limits.line_mb`` goes. They stay in the stream."""
        most = int(self.limits.line_mb * MIB)
        lines = [self.stream.readline(most) for _ in range(count)]
        self.stream = io.BufferedReader(_Rejoined(b"".join(lines), self.stream))
        return lines

    def restart_time(self) -> None:
        """Count time from now: a reader calls it after each article of a document that holds many."""
        self._started = self.clock()

    def check_time(self) -> None:
        """Raise SourceError if this document, or article of it, has taken more than ``limits.seconds``."""
        if self.clock() - self._started > self.limits.seconds:
            raise SourceError(f"{self.source}: took longer than {self.limits.seconds:g} s to read ([limits] seconds).")

    def within(
        self, source: str, name: str, data: builtins.bytes, *, url: str = "", content_type: str = ""
    ) -> Document:
        """A document that stands inside this one, such as a page of a crawl, or that it led to."""
        stream = io.BytesIO(data)
        return Document(
            source, name, stream, data[:HEAD], self.limits, url, content_type, web=self.web, clock=self.clock
        )


def open_file(path: Path, source: str, limits: LimitsSection, *, web: Web | None = None) -> Document:
    """The document in a file, decompressed where its content is gzip's. The caller closes ``stream``.

    Raises OSError, SourceError: also for a pipe or a device, which might never come to an end.
    """
    if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():  # a folder: open() says what it is
        raise SourceError(f"{source}: not a regular file; pipe its content into standard input instead.")
    raw = path.open("rb")
    return open_stream(raw, source, path.name, limits, web=web, size=os.fstat(raw.fileno()).st_size)


def open_stream(
    raw: BinaryIO, source: str, name: str, limits: LimitsSection, *, web: Web | None = None, size: int | None = None
) -> Document:
    """The document in an open stream; ``size`` is that of the compressed bytes, None where it is not known."""
    try:
        head, stream = _beginning(raw)
        if head.startswith(b"\x1f\x8b"):
            expanding = _Expanding(stream, source, limits, size)
            head, stream = _beginning(io.BufferedReader(expanding, 4 * io.DEFAULT_BUFFER_SIZE))
    except BaseException:
        raw.close()
        raise
    return Document(source, re.sub(r"\.gz\Z", "", name, flags=re.IGNORECASE), stream, head, limits, web=web)


def source_of(path: Path) -> str:
    """The one name of a file, however it was reached: its absolute path, without ``..``, in valid Unicode."""
    return os.fsencode(os.path.abspath(path)).decode("utf-8", "backslashreplace")  # noqa: PTH100 - keeps links


def _beginning(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first ``HEAD`` bytes and the whole stream, also of a pipe that gives a few bytes at a time."""
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    if stream.seekable():
        stream.seek(-len(head), io.SEEK_CUR)
        return head, stream
    return head, io.BufferedReader(_Rejoined(head, stream))


class _Rejoined(io.RawIOBase):
    """A stream with the bytes before it that were read from it already."""

    def __init__(self, before: bytes, stream: BinaryIO) -> None:
        self._before = memoryview(before)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        if self._before:
            data: Any = self._before[: len(view)]
            self._before = self._before[len(data) :]
        else:
            data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Expanding(io.RawIOBase):
    """Decompresses gzip as it is read, as far as the limits let it, and tells what is damaged as a SourceError."""

    def __init__(self, compressed: BinaryIO, source: str, limits: LimitsSection, size: int | None) -> None:
        self._compressed = _Counted(compressed)
        self._inner = gzip.GzipFile(fileobj=cast("BinaryIO", self._compressed), mode="rb")
        self._source = source
        self._limits = limits
        self._size = size
        self._expanded = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            data = self._inner.read(len(view))
        except (EOFError, OSError, zlib.error) as error:
            raise SourceError(f"{self._source}: damaged gzip ({error}); fetch or pack it again.") from error
        self._expanded += len(data)
        size = self._compressed.count if self._size is None else self._size
        if self._expanded > max(FREE_EXPANSION, size * self._limits.expansion):
            raise SourceError(
                f"{self._source}: expands to more than {self._limits.expansion:g} times its size ([limits] expansion)."
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        self._compressed.close()
        super().close()


class _Counted:
    """Counts the bytes that are read from a stream of unknown length."""

    def __init__(self, stream: BinaryIO) -> None:
        self.count = 0
        self._stream = stream
        self.close = stream.close

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data
