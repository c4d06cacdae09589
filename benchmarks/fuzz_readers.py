"""Looks for bytes that make a reader fail, guided by the branches that they reach: atheris on libFuzzer.

A reader may give articles whose text is clean, and errors that name the source; anything else that it does ends the
run, and the bytes are left in a file ``crash-...`` of the working folder. Install atheris by hand; it is no
dependency:

    pip install atheris
    python benchmarks/fuzz_readers.py --minutes 10 --reader CSV
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

OURS = ("qa.articles", "qa.readers", "tests.bad_inputs")
SLOWEST = 20
"""Seconds that one input may take."""


def main() -> None:
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        raise SystemExit("atheris is not installed; it is no dependency of Newsdesk: pip install atheris") from None
    with atheris.instrument_imports(include=list(OURS), enable_loader_override=False):
        import qa.readers
        from tests.bad_inputs import GOOD, MIXED

        every = {reader.name: reader for reader in qa.readers.readers()}
    options = _options(tuple(every))
    chosen = [every[options.reader]] if options.reader else list(every.values())
    samples = [*GOOD.values(), *(mixed.content for mixed in MIXED.values())]
    with tempfile.TemporaryDirectory() as corpus:
        for number, sample in enumerate(each for each in samples if isinstance(each, bytes)):
            Path(corpus, str(number)).write_bytes(bytes([number % len(chosen)]) + sample)
        bounds = (f"-max_total_time={int(options.minutes * 60)}", f"-timeout={SLOWEST}", "-max_len=8192")
        atheris.Setup([sys.argv[0], *bounds, corpus], lambda data: _try(data, chosen))
        atheris.Fuzz()


def _options(names: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--reader", choices=names, help="one reader alone; every one unless given")
    return parser.parse_args()


def _try(data: bytes, readers: list[Any]) -> None:
    """Give ``data`` to a reader: the one that its first byte chooses."""
    from qa.errors import SourceError

    if not data:
        return
    reader = readers[data[0] % len(readers)]
    try:
        for found in _read(reader, data[1:]):
            _check(found)
    except SourceError as error:
        _check(error)


def _read(reader: Any, data: bytes) -> Iterator[Any]:
    from qa.config import LimitsSection
    from qa.readers.documents import open_stream

    document = open_stream(io.BytesIO(data), "fuzz", f"fuzz{reader.extensions[0]}", LimitsSection())
    with closing(document.stream):
        reader.recognises(document)
        yield from reader.read(document)


def _check(found: Any) -> None:
    from qa.articles import Article, clean_text

    if isinstance(found, Article):
        assert found.text, "an article without text"
        assert clean_text(found.text) == found.text, "text that is not clean"
        for part in (found.title, found.source, found.url, found.digest, *found.notes):
            part.encode("utf-8")
    else:
        assert str(found).startswith("fuzz"), f"an error that does not name its source: {found}"
        str(found).encode("utf-8")


if __name__ == "__main__":
    main()
