"""MinHash libraries beside ``qa.copies``: seconds, memory and error on 100,000 articles of 500 words.

Each is measured in a process of its own, on the same hashed shingles and with as many permutations and bands; a
library that is not installed is left out. ours keeps its keys in SQLite, the libraries keep theirs in memory and
would have to be filled at every start. Called by ``copies.py DATA --compare``.
"""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from qa import copies

ARTICLES, WORDS, QUERIES, PAIRS = 100_000, 500, 2000, 2000
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
MEGABYTE = 1 << 20


def compare(texts: list[str]) -> None:
    """Print a line for each library."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "shingles")
        seconds = write(texts, file)
        print(f"{ARTICLES} articles: {seconds:.0f} s to find and hash their shingles\n")
        print("            sign s  insert s  query ms  memory MB  disk MB  error (theory)")
        for name, run in (("ours", ours), ("rensa", rensa), ("datasketch", datasketch)):
            if name == "ours" or find_spec(name):
                with get_context("spawn").Pool(1) as pool:
                    print(f"{name:10}  {pool.apply(run, (file, Path(folder)))}", flush=True)


def write(texts: list[str], file: Path) -> float:
    """Write the shingles of articles whose sentences are drawn from ``texts``; the seconds of hashing."""
    chance = random.Random(0)
    sentences = [sentence for text in texts[:2000] for sentence in re.split(r"(?<=[.!?])\s+", text)]
    spent = 0.0
    with file.open("wb") as out:
        for _ in range(ARTICLES):
            words: list[str] = []
            while len(words) < WORDS:
                words += chance.choice(sentences).split()
            started = time.perf_counter()
            found = copies.shingles(" ".join(words[:WORDS]))
            spent += time.perf_counter() - started
            out.write(np.uint64(len(found)).tobytes() + found.tobytes())
    return spent


def read(file: Path) -> Iterator[Hashes]:
    """The shingles of every article."""
    with file.open("rb") as lines:
        while head := lines.read(8):
            yield np.frombuffer(lines.read(8 * int(np.frombuffer(head, dtype=np.uint64)[0])), dtype=np.uint64)


def pairs() -> Iterator[tuple[float, Hashes, Hashes]]:
    """Pairs of sets with their exact similarity, from 0.05 to 0.95."""
    numbers = np.random.default_rng(0)
    for _ in range(PAIRS):
        shared = int(500 * numbers.uniform(0.1, 0.97))
        values = numbers.integers(0, 1 << 64, 1000 - shared, dtype=np.uint64)
        yield shared / len(values), values[:500], values[500 - shared :]


def error(sign: Callable[[Hashes], Any], similarity: Callable[[Any, Any], float]) -> str:
    """The root mean square error of the estimated similarity, and what theory expects of it."""
    exact, found = zip(*((exact, similarity(sign(a), sign(b))) for exact, a, b in pairs()), strict=True)
    truth = np.array(exact)
    theory = np.sqrt(np.mean(truth * (1 - truth) / copies.PERMUTATIONS))
    return f"{np.sqrt(np.mean((np.array(found) - truth) ** 2)):.4f} ({theory:.4f})"


def measured(
    file: Path,
    sign: Callable[[Hashes], Any],
    insert: Callable[[int, Any], None],
    query: Callable[[Any], Any],
    similarity: Callable[[Any, Any], float],
    disk: Path | None = None,
) -> str:
    """A line of the table. Signatures are made and kept first, so that each step is timed alone."""
    before = held()
    signing = inserting = 0.0
    asked = []
    for number, hashes in enumerate(read(file)):
        started = time.perf_counter()
        signature = sign(hashes)
        signed = time.perf_counter()
        insert(number, signature)
        inserting += time.perf_counter() - signed
        signing += signed - started
        if number % (ARTICLES // QUERIES) == 0:
            asked.append(signature)
    memory = held() - before
    started = time.perf_counter()
    for signature in asked:
        query(signature)
    querying = (time.perf_counter() - started) / len(asked) * 1000
    size = disk.stat().st_size / MEGABYTE if disk else 0
    return f"{signing:6.1f}  {inserting:8.1f}  {querying:8.2f}  {memory:9.0f}  {size:7.0f}  {error(sign, similarity)}"


def held() -> float:
    """The memory that this process holds, in MB; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * resource.getpagesize() / MEGABYTE if status.exists() else 0.0


def ours(file: Path, folder: Path) -> str:
    database = sqlite3.connect(folder / "bands.db")
    database.executescript(
        """PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
        CREATE TABLE signatures (article INTEGER PRIMARY KEY, signature BLOB);
        CREATE TABLE bands (key INTEGER, article INTEGER, PRIMARY KEY (key, article)) WITHOUT ROWID;"""
    )

    def insert(number: int, signature: bytes) -> None:
        database.execute("INSERT INTO signatures VALUES (?, ?)", (number, signature))
        database.executemany("INSERT INTO bands VALUES (?, ?)", [(key, number) for key in copies.bands(signature)])
        if number % 500 == 499:
            database.commit()

    def query(signature: bytes) -> list[Any]:
        keys = copies.bands(signature)
        marks = ",".join("?" * len(keys))
        return database.execute(f"SELECT DISTINCT article FROM bands WHERE key IN ({marks})", keys).fetchall()

    return measured(file, copies.minima, insert, query, copies.similarity, folder / "bands.db")


def rensa(file: Path, _: Path) -> str:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.5, num_perm=copies.PERMUTATIONS, num_bands=copies.BANDS)

    def sign(hashes: Hashes) -> Any:
        made = RMinHash(copies.PERMUTATIONS, 1)
        made.update(hashes.view("S8").tolist())
        return made

    return measured(file, sign, index.insert, index.query, lambda a, b: float(a.jaccard(b)))


def datasketch(file: Path, _: Path) -> str:
    from datasketch import MinHash, MinHashLSH

    rows = copies.PERMUTATIONS // copies.BANDS
    index = MinHashLSH(num_perm=copies.PERMUTATIONS, params=(copies.BANDS, rows))

    def sign(hashes: Hashes) -> Any:
        made = MinHash(num_perm=copies.PERMUTATIONS, seed=1, hashfunc=lambda value: int(value) & 0xFFFFFFFF)
        made.update_batch(hashes)
        return made

    return measured(file, sign, index.insert, index.query, lambda a, b: float(a.jaccard(b)))
