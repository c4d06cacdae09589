"""One contract for the vectors, over Chroma embedded and a real Chroma server on loopback."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import numpy as np
import pytest

import qa
from qa.articles import make_article
from qa.catalog import Indexed
from qa.chunks import Chunk
from qa.config import Config, VectorsSection
from qa.vectors import VectorIndex

Opener = Callable[[], VectorIndex]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Chroma's own server, stopped by its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--host", "127.0.0.1", "--port", str(port)]
    folder = tmp_path_factory.mktemp("chroma-server")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--path", str(folder / "data")], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/api/v2/heartbeat", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)
        _collect()


def _collect() -> None:
    """Chroma's HTTP client leaves its sockets to the garbage collector, which warns of each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "chroma run ended"
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("chroma run did not answer")


@pytest.fixture(params=["embedded", "server"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same index each time it is called; all of them are closed at the end."""
    url = request.getfixturevalue("server") if request.param == "server" else ""
    section = VectorsSection(url=url, collection=f"t{abs(hash(tmp_path)):x}")
    opened: list[VectorIndex] = []

    def open_index() -> VectorIndex:
        opened.append(VectorIndex(tmp_path / "chroma", section))
        return opened[-1]

    yield open_index
    for index in opened:
        index.close()
    opened.clear()
    _collect()


def _chunk(number: int, *, outlet: str = "The Post", published: date | None = date(2026, 3, 1)) -> Indexed:
    article = make_article(
        title=f"Title {number}", text=f"Words {number}.", source=f"file-{number}", outlet=outlet, published=published
    )
    return Indexed(Chunk(f"chunk-{number}", article.id, 0, 0, len(article.text)), article)


def _axis(number: int) -> np.ndarray:
    vector = np.zeros(8, dtype=np.float32)
    vector[number] = 1.0
    return vector


def _fill(index: VectorIndex, chunks: list[Indexed]) -> None:
    index.add(chunks, np.stack([_axis(number) for number in range(len(chunks))]))


def test_the_nearest_come_first_with_their_cosine(opener: Opener) -> None:
    index = opener()
    _fill(index, [_chunk(n) for n in range(4)])
    query = (_axis(2) * 0.8 + _axis(1) * 0.6).astype(np.float32)
    found = index.search(query, 2)
    assert [name for name, _ in found] == ["chunk-2", "chunk-1"]
    assert [cosine for _, cosine in found] == pytest.approx([0.8, 0.6], abs=1e-4)


def test_all_that_there_is_comes_where_fewer_are_there_than_asked_for(opener: Opener) -> None:
    index = opener()
    assert index.search(_axis(0), 5) == []
    _fill(index, [_chunk(0, outlet=""), _chunk(1, published=None), _chunk(2)])
    found = index.search(_axis(1), 5)
    assert (found[0][0], sorted(name for name, _ in found)) == ("chunk-1", ["chunk-0", "chunk-1", "chunk-2"])
    assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.0, 0.0], abs=1e-4)
    assert [name for name, _ in index.search(-_axis(1), 5)][-1] == "chunk-1"
    index.remove(["chunk-1"])
    assert "chunk-1" not in [name for name, _ in index.search(_axis(1), 5)]


def test_vectors_come_back_by_name_as_they_were(opener: Opener) -> None:
    index = opener()
    _fill(index, [_chunk(n) for n in range(3)])
    found = index.get(["chunk-2", "never-there", "chunk-0"])
    assert sorted(found) == ["chunk-0", "chunk-2"]
    assert found["chunk-2"].tolist() == _axis(2).tolist()
    assert found["chunk-2"].dtype == np.float32
    assert index.get([]) == {}
    assert sorted(index.ids()) == ["chunk-0", "chunk-1", "chunk-2"]


def test_adding_twice_leaves_one_and_removing_forgets(opener: Opener) -> None:
    index = opener()
    chunks = [_chunk(n) for n in range(3)]
    _fill(index, chunks)
    _fill(index, chunks)
    assert index.count() == 3
    index.remove(["chunk-1", "never-there"])
    assert index.count() == 2
    assert set(index.get(["chunk-0", "chunk-1"])) == {"chunk-0"}


def test_vectors_outlive_the_process_that_wrote_them(opener: Opener) -> None:
    first = opener()
    _fill(first, [_chunk(n) for n in range(3)])
    first.close()
    assert [name for name, _ in opener().search(_axis(1), 1)] == ["chunk-1"]


def test_clearing_allows_vectors_of_another_length(opener: Opener) -> None:
    index = opener()
    _fill(index, [_chunk(0)])
    index.clear()
    assert index.count() == 0
    index.add([_chunk(1)], np.ones((1, 3), dtype=np.float32))
    assert index.count() == 1


def test_plain_llama_index_can_open_the_collection(opener: Opener) -> None:
    from llama_index.core.vector_stores import VectorStoreQuery
    from llama_index.vector_stores.chroma import ChromaVectorStore

    index = opener()
    _fill(index, [_chunk(n) for n in range(3)])
    store = ChromaVectorStore(chroma_collection=index.collection)
    result = store.query(VectorStoreQuery(query_embedding=_axis(1).tolist(), similarity_top_k=1))
    assert result.nodes is not None
    assert result.nodes[0].get_content() == "Words 1."
    assert result.nodes[0].metadata["outlet"] == "The Post"


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(qa.IndexUnavailable, match=r"http://127\.0\.0\.1:9: Chroma"):
        VectorIndex(tmp_path, VectorsSection(url="http://127.0.0.1:9"))


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://"])
def test_an_address_that_is_none_is_a_configuration_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(qa.ConfigError, match="url"):
        VectorIndex(tmp_path, VectorsSection(url=url))


def test_an_archive_on_a_server_answers(server: str, tmp_path: Path, defaults: Config) -> None:
    (tmp_path / "a.txt").write_text("Bridge opens\n\nThe bridge over the Olm opened on Friday.\n", encoding="utf-8")
    vectors = VectorsSection(url=server, collection="whole-archive")
    config = defaults.model_copy(update={"vectors": vectors})
    with qa.Archive.open(tmp_path / "archive", config=config) as archive:
        archive.ingest([tmp_path / "a.txt"])
        answer = archive.ask("When did the bridge over the Olm open?")
    assert not (tmp_path / "archive" / "chroma").exists()
    assert answer.citations[0].quote == "The bridge over the Olm opened on Friday."
