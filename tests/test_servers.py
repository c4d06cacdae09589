"""Keys, wrapped errors, and the embedding client against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import numpy as np
import pytest

from qa.config import EmbeddingSection
from qa.embedders import OpenAIEmbedder
from qa.errors import ConfigError, ModelBusy, ModelError, ModelInterrupted, ModelRefused, ModelUnreachable
from qa.servers import api_key, wrapped_errors
from tests.openai_server import OpenAIServer, Reply, Request, error, plain_json

KEY = "sk-test-0123456789abcdef"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with OpenAIServer() as running:
        yield running


def embedder(server: OpenAIServer, **fields: object) -> OpenAIEmbedder:
    values = {"base_url": server.url, "api_key_env": "OPENAI_API_KEY", "retries": 0, "batch_size": 2, **fields}
    return OpenAIEmbedder(EmbeddingSection.model_validate({"provider": "openai", "model": "small", **values}))


def vectors(request: Request) -> Reply:
    """Vectors as OpenAI sends them, last first: [length, 1, 0] for each text."""
    rows = [
        {"object": "embedding", "index": index, "embedding": [float(len(text)), 1.0, 0.0]}
        for index, text in enumerate(request.body["input"])
    ]
    return data(*reversed(rows))


def data(*rows: object) -> Reply:
    counts = {"prompt_tokens": 1, "total_tokens": 1}
    return plain_json({"object": "list", "model": "small", "data": list(rows), "usage": counts})


def test_batches_in_order_and_unit_length(server: OpenAIServer) -> None:
    server.will(vectors, vectors, vectors)
    found = embedder(server).embed(["a", "bb", "ccc", "dddd", "eeeee"])
    assert [request.body["input"] for request in server.requests] == [["a", "bb"], ["ccc", "dddd"], ["eeeee"]]
    assert server.requests[0].path == "/v1/embeddings"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert found.shape == (5, 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(found[:, 0] / found[:, 1], [1, 2, 3, 4, 5], rtol=1e-6)


def test_a_question_is_one_vector(server: OpenAIServer) -> None:
    server.will(vectors)
    assert embedder(server).embed_query("abc").shape == (3,)


def test_a_rate_limit_is_waited_for(server: OpenAIServer) -> None:
    server.will(error(429, "Rate limit"), vectors)
    assert embedder(server, retries=1).embed(["a"]).shape == (1, 3)
    assert len(server.requests) == 2


ROW = {"object": "embedding", "index": 0, "embedding": [1.0, 0.0]}


@pytest.mark.parametrize(
    ("reply", "kind", "part"),
    [
        (data(ROW), ModelError, "asked for 2 vectors, got 1"),
        (data(ROW, {**ROW, "index": 1, "embedding": [1.0]}), ModelError, "lengths [1, 2]"),
        (data(), ModelError, "small"),
        (plain_json({"hello": "world"}), ModelError, "no answer"),
        (plain_json("<html>"), ModelError, "no answer"),
        (Reply([b"<html>Welcome</html>"], headers={"Content-Type": "text/html"}), ModelError, "no answer"),
        (Reply([b"{garbage"], headers={"Content-Type": "application/json"}), ModelError, "no answer"),
        (error(401, f"Incorrect API key provided: {KEY}"), ModelRefused, "401"),
        (error(429, "Quota"), ModelBusy, "quota"),
        (error(500, "Oh"), ModelBusy, "500"),
        (Reply(["cut"]), ModelUnreachable, "no connection"),
    ],
)
def test_failures(server: OpenAIServer, reply: Reply, kind: type[ModelError], part: str) -> None:
    server.will(reply)
    with pytest.raises(ModelError) as caught:
        embedder(server).embed(["a", "b"])
    assert type(caught.value) is kind
    assert part in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_slow_server(server: OpenAIServer) -> None:
    server.will(Reply(["stall"]))
    with pytest.raises(ModelUnreachable, match="did not answer in time"):
        embedder(server, timeout=0.2).embed(["a"])


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", f"  {KEY}\n")
    assert api_key("A_KEY", "", "[answer]") == KEY
    monkeypatch.setenv("A_KEY", "")
    assert api_key("A_KEY", "http://127.0.0.1:1/v1", "[answer]") == "none"
    with pytest.raises(ConfigError, match=r"A_KEY is not set.*\[answer\]"):
        api_key("A_KEY", "", "[answer]")


def test_openais_key_is_sent_to_no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert api_key("", "", "[answer]") == KEY
    assert api_key("", "http://127.0.0.1:1/v1", "[answer]") == "none"
    assert api_key("OPENAI_API_KEY", "http://127.0.0.1:1/v1", "[answer]") == KEY


@pytest.mark.parametrize("key", ["two words", "clé", "a\nb"])
def test_what_is_no_key_is_told_without_it(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("A_KEY", key)
    with pytest.raises(ConfigError, match="holds no key") as caught:
        api_key("A_KEY", "", "[answer]")
    assert key not in str(caught.value)


def test_a_base_url_does_not_tell_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as gone:
        address = gone.url.replace("//", "//user:hunter2@")
    section = EmbeddingSection(provider="openai", base_url=address, retries=0)
    with pytest.raises(ModelUnreachable) as caught:
        OpenAIEmbedder(section).embed(["a"])
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("raised", "streaming", "kind"),
    [
        (httpx.ReadTimeout("late"), False, ModelUnreachable),
        (httpx.ReadTimeout("late"), True, ModelInterrupted),
        (httpx.RemoteProtocolError("gone"), True, ModelInterrupted),
        (ConnectionResetError("gone"), False, ModelUnreachable),
        (ValueError("what"), True, ModelInterrupted),
        (LookupError("what"), False, ModelError),
    ],
)
def test_other_clients_errors(raised: Exception, streaming: bool, kind: type[ModelError]) -> None:
    with pytest.raises(ModelError) as caught, wrapped_errors("m", streaming=streaming):
        raise raised
    assert type(caught.value) is kind
    assert caught.value.__cause__ is raised
    assert str(caught.value).startswith("m: ")


@pytest.mark.parametrize("raised", [ConfigError("x"), KeyboardInterrupt(), GeneratorExit()])
def test_what_is_not_the_models_passes(raised: BaseException) -> None:
    with pytest.raises(type(raised)), wrapped_errors("m"):
        raise raised
