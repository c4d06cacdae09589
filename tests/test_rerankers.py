"""Rerankers: a tiny real cross-encoder and LlamaIndex classes, judged by the same contract; and what is refused."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.parser
import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import Field
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from qa.classifiers import GRAPHS
from qa.config import Config, RerankSection
from qa.errors import ConfigError, ModelError, ModelNotInstalled, ModelUnreachable
from qa.rerankers import OnnxReranker, Reranker, Scores, blend, make_reranker
from tests.conftest import ROOT

QUESTION = "when did the bridge over the olm open"
TEXTS = [
    "a storm hit varnholm",
    "the bridge over the olm did open on friday",
    "the ferry over the olm was late",
    "bridge",
]
PROBED = 20
"""Tokens of the longer pair that a model is tried with when it loads."""
MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
VOCABULARY = MARKS + sorted({word for text in (QUESTION, *TEXTS) for word in text.split()})

# The number of pairs of equal words, one of the question and one of the text, times WEIGHTS, plus BIAS.
GRAPH = """
<ir_version: 8, opset_import: ["" : 17]>
reranker (KIND[N, L] input_ids, KIND[N, L] attention_mask, KIND[N, L] token_type_ids) => (float[N, K] OUTPUT)
<float[1] zero = {0.0}>
{
    words = Gather(table, input_ids)
    shown = Cast<to = 1>(attention_mask)
    second = Cast<to = 1>(token_type_ids)
    of_text = Mul(shown, second)
    of_question = Sub(shown, of_text)
    question = Einsum<equation = "nl,nlv->nv">(of_question, words)
    text = Einsum<equation = "nl,nlv->nv">(of_text, words)
    shared = Einsum<equation = "nv,nv->n">(question, text)
    weighed = Einsum<equation = "n,k->nk">(shared, weights)
    OUTPUT = Add(weighed, bias)
}
"""
# The same for models with one kind of token: how many tokens there are.
ONE_KIND = """
<ir_version: 8, opset_import: ["" : 17]>
reranker (int64[N, L] input_ids, int64[N, L] attention_mask) => (float[N, K] OUTPUT)
{
    words = Gather(table, input_ids)
    shown = Cast<to = 1>(attention_mask)
    length = Einsum<equation = "nl,nlv->n">(shown, words)
    weighed = Einsum<equation = "n,k->nk">(length, weights)
    OUTPUT = Add(weighed, bias)
}
"""


def write_tokenizer(folder: Path, **padding: Any) -> None:
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    if padding:
        tokenizer.enable_padding(**padding)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_graph(
    path: Path, *, weights: tuple[float, ...] = (1.0,), bias: float = 0.0, graph: str = GRAPH, **names: str
) -> None:
    words = np.eye(len(VOCABULARY), dtype=np.float32)
    words[: len(MARKS)] = 0
    constants = {
        "table": words,
        "weights": np.array(weights, dtype=np.float32),
        "bias": np.array([bias], dtype=np.float32),
    }
    for name, value in {"KIND": "int64", "OUTPUT": "logits", **names}.items():
        graph = graph.replace(name, value)
    model = onnx.parser.parse_model(graph)
    model.graph.initializer.extend(onnx.numpy_helper.from_array(value, name) for name, value in constants.items())
    path.parent.mkdir(exist_ok=True)
    onnx.save(model, str(path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a tokenizer, to which a test adds the graph."""
    path = tmp_path / "overlap"
    path.mkdir()
    write_tokenizer(path)
    return path


class Postprocessor(BaseNodePostprocessor):
    """Scores a node by the number of its words that the question shares; ``best`` of them are kept, best first."""

    best: int = Field(default=100, gt=0)

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        assert query_bundle is not None
        assert all(each.score is None for each in nodes)
        asked = set(query_bundle.query_str.split())
        for each in nodes:
            each.score = self.score(float(len(asked.intersection(each.node.get_content().split()))))
        return sorted(nodes, key=lambda each: -(each.score or 0.0))[: self.best]

    def score(self, shared: float) -> float:
        return shared


class Shares(Postprocessor):
    """Scores in [0, 1]."""

    def score(self, shared: float) -> float:
        return shared / 8


class Logits(Postprocessor):
    """Scores around zero."""

    def score(self, shared: float) -> float:
        return shared - 3


class Order(Postprocessor):
    """Leaves one score out: only the order says what it thinks."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        ranked = super()._postprocess_nodes(nodes, query_bundle)
        ranked[0].score = None
        return ranked


class Twice(Postprocessor):
    """Returns each node again, with a worse score."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        ranked = super()._postprocess_nodes(nodes, query_bundle)
        return [*ranked, *(NodeWithScore(node=each.node, score=0.0) for each in ranked)]


class Nothing(Postprocessor):
    """Drops every node."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        return []


class Foreign(Postprocessor):
    """Returns a node of its own."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        return [*nodes, NodeWithScore(node=TextNode(id_="other", text="other"), score=1.0)]


class NoNumber(Postprocessor):
    """Gives scores that are no numbers."""

    def score(self, shared: float) -> float:
        return math.nan


class Unreachable(Postprocessor):
    """Fails as a client does whose server went away."""

    def score(self, shared: float) -> float:
        raise ConnectionResetError("peer went away")


class Keyless(Postprocessor):
    """Takes its key from the environment."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        os.environ["NEWSDESK_TEST_NO_SUCH_KEY"]


class Incomplete(Postprocessor):
    """Finds out when it is made that a package is missing."""

    def __init__(self, **arguments: Any) -> None:
        raise ImportError("Please run `pip install some-reranker`.")


def plugin(base: Config, name: str, **arguments: Any) -> Config:
    path = name if "." in name or not name else f"{__name__}.{name}"
    section = RerankSection(provider="llamaindex", class_path=path, arguments=arguments)
    return base.model_copy(update={"rerank": section})


def cross_encoder(base: Config, folder: Path, **settings: Any) -> Config:
    return base.model_copy(update={"rerank": RerankSection(provider="onnx", path=str(folder), **settings)})


def made(config: Config) -> Reranker:
    reranker = make_reranker(config)
    assert reranker is not None
    return reranker


def sigmoid(*logits: float) -> list[float]:
    return [1 / (1 + math.exp(-logit)) for logit in logits]


def order(scores: Scores) -> list[int]:
    """The places of the texts, best first."""
    return [int(n) for n in np.argsort(-scores, kind="stable")]


def test_none_is_configured_by_default(defaults: Config) -> None:
    assert make_reranker(defaults) is None


# --- what every reranker keeps


@pytest.fixture(params=["onnx", "Postprocessor", "Shares", "Logits"])
def reranker(request: pytest.FixtureRequest, defaults: Config, folder: Path) -> Reranker:
    if request.param != "onnx":
        return made(plugin(defaults, request.param))
    write_graph(folder / "model.onnx", bias=-3.0)
    return made(cross_encoder(defaults, folder, threads=1, batch_size=2))


def test_the_texts_that_share_more_with_the_question_score_higher(reranker: Reranker) -> None:
    assert order(reranker.rerank(QUESTION, TEXTS)) == [1, 2, 3, 0]


def test_scores_are_float32_in_unit_range_in_the_order_of_the_texts(reranker: Reranker) -> None:
    scores = reranker.rerank(QUESTION, TEXTS * 5)
    assert (scores.shape, scores.dtype) == ((20,), np.dtype(np.float32))
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert scores.tolist() == scores[: len(TEXTS)].tolist() * 5
    assert reranker.rerank(QUESTION, TEXTS[::-1]).tolist() == scores[: len(TEXTS)][::-1].tolist()


def test_no_texts_have_no_scores(reranker: Reranker) -> None:
    scores = reranker.rerank(QUESTION, [])
    assert (scores.shape, scores.dtype) == ((0,), np.dtype(np.float32))


@pytest.mark.parametrize("text", ["", " \n", "\x00", "\ufffd" * 300, "日本語 " * 2000, "x" * 50_000], ids=len)
def test_any_text_has_a_score(reranker: Reranker, text: str) -> None:
    assert np.isfinite(reranker.rerank(text, [text, "bridge"])).all()


# --- cross-encoders


def test_one_label_is_a_logit(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(0.5,), bias=-2.0)
    reranker = OnnxReranker(folder, threads=1)
    assert reranker.name == "overlap"
    # Equal pairs of words, "the" of the question twice: 0; 2 + 1 + 1 + 2 + 1 + 1 + 1; 2 + 1 + 2 + 1; 1.
    assert reranker.rerank(QUESTION, TEXTS).tolist() == pytest.approx(sigmoid(-2, 2.5, 1, -1.5))


def test_of_two_labels_the_last_is_relevant(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(-1.0, 0.5), bias=7.0)
    scores = OnnxReranker(folder).rerank("bridge", ["bridge bridge", "olm"])
    assert scores.tolist() == pytest.approx([math.exp(8) / (math.exp(8) + math.exp(5)), 0.5])


def test_extreme_logits_neither_overflow_nor_become_equal(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(10.0,), bias=-60.0)
    scores = OnnxReranker(folder).rerank("bridge", ["", "bridge", "bridge " * 100])
    assert scores.tolist() == pytest.approx([*sigmoid(-60, -50), 1.0], rel=1e-5)


def test_a_logit_for_each_pair_needs_no_column(folder: Path) -> None:
    flat = GRAPH.replace("float[N, K] OUTPUT", "float[N] OUTPUT").replace("Add(weighed, bias)", "Add(shared, bias)")
    write_graph(folder / "model.onnx", graph=flat)
    assert OnnxReranker(folder).rerank("bridge", ["bridge", "olm"]).tolist() == pytest.approx(sigmoid(1, 0))


@pytest.mark.parametrize("kind", ["int32", "int64"])
def test_inputs_may_be_of_either_integer(folder: Path, kind: str) -> None:
    write_graph(folder / "model.onnx", KIND=kind)
    assert OnnxReranker(folder).rerank("bridge", ["bridge"]).tolist() == pytest.approx(sigmoid(1))


def test_a_model_without_kinds_of_token_gets_none(folder: Path) -> None:
    write_graph(folder / "model.onnx", graph=ONE_KIND, weights=(-1.0,))
    scores = OnnxReranker(folder).rerank("bridge olm", ["storm", "the storm hit varnholm"])
    assert scores.tolist() == pytest.approx(sigmoid(-3, -6))


def test_the_only_output_may_have_any_name(folder: Path) -> None:
    write_graph(folder / "model.onnx", OUTPUT="relevance")
    assert OnnxReranker(folder).rerank("bridge", ["bridge"]).tolist() == pytest.approx(sigmoid(1))


@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_stands_where_exporters_put_it(folder: Path, name: str) -> None:
    write_graph(folder / name)
    assert OnnxReranker(folder).rerank("bridge", ["bridge"]).tolist() == pytest.approx(sigmoid(1))


def test_the_full_graph_comes_before_the_quantised_one(folder: Path) -> None:
    write_graph(folder / "model_quantized.onnx", bias=-9.0)
    write_graph(folder / "onnx" / "model.onnx")
    assert OnnxReranker(folder).rerank("bridge", ["bridge"]).tolist() == pytest.approx(sigmoid(1))


def test_the_batch_changes_no_score(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(0.1,))
    texts = ["bridge " * (1 + n * 7 % 11) for n in range(11)]
    expected = sigmoid(*(0.1 * (1 + n * 7 % 11) for n in range(11)))
    for size in (1, 2, 4, 11, 64):
        assert OnnxReranker(folder, batch_size=size).rerank("bridge", texts).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    "padding", [{"length": 400}, {"direction": "left"}, {"pad_id": 1, "pad_token": "[UNK]", "pad_to_multiple_of": 8}]
)
def test_padding_of_the_tokenizers_own_costs_nothing_and_changes_nothing(folder: Path, padding: dict[str, Any]) -> None:
    write_tokenizer(folder, **padding)
    write_graph(folder / "model.onnx", graph=GRAPH)
    scores = OnnxReranker(folder, max_tokens=16).rerank("bridge", ["bridge", "bridge bridge olm the over"])
    assert scores.tolist() == pytest.approx(sigmoid(1, 2))


def test_a_pair_that_is_too_long_loses_the_end_of_its_longer_part(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(0.1,))
    reranker = OnnxReranker(folder, max_tokens=16)  # 13 words and three marks
    long = "bridge " * 50
    assert reranker.rerank("bridge", [long, "olm " * 12 + "bridge"]).tolist() == pytest.approx(sigmoid(1.2, 0))
    assert reranker.rerank(long, ["bridge"]).tolist() == pytest.approx(sigmoid(1.2))


def test_importing_rerankers_loads_no_runtime_and_silences_the_one_to_come() -> None:
    code = (
        "import os, sys, qa.rerankers; "
        "print(os.environ['ORT_DISABLE_TELEMETRY'], {'onnxruntime', 'tokenizers', 'llama_index'} & sys.modules.keys())"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "1 set()\n"


# --- cross-encoders that are refused


def refusal(folder: Path, error: type[ModelError] = ModelError, **settings: Any) -> str:
    with pytest.raises(error) as caught:
        OnnxReranker(folder, **settings)
    assert type(caught.value) is error
    return str(caught.value)


def test_onnx_without_a_path_is_refused(defaults: Config) -> None:
    with pytest.raises(ConfigError, match=r"^\[rerank\] path must name the folder .* docs/rerankers\.md says how"):
        make_reranker(defaults.model_copy(update={"rerank": RerankSection(provider="onnx")}))


def test_a_missing_folder_graph_or_tokenizer_is_named(tmp_path: Path, folder: Path) -> None:
    none = tmp_path / "none"
    assert refusal(none, ModelNotInstalled).startswith(f"[rerank] path = {str(none)!r}: there is no such folder. ")
    assert refusal(folder, ModelNotInstalled).startswith(f"{folder}: none of model.onnx, onnx/model.onnx, ")
    write_graph(folder / "model.onnx")
    (folder / "tokenizer.json").unlink()
    said = refusal(folder, ModelNotInstalled)
    assert said.startswith(f"{folder / 'tokenizer.json'}: the model's tokenizer is not there. ")


@pytest.mark.parametrize("content", [b"", b"no graph", b"\x00" * 1000, b"version https://git-lfs.example/spec/v1\n"])
def test_a_file_that_is_no_graph_is_named(folder: Path, content: bytes) -> None:
    (folder / "model.onnx").write_bytes(content)
    assert refusal(folder).startswith(f"{folder / 'model.onnx'}: onnxruntime cannot load the model (")


@pytest.mark.parametrize("content", ["", "{}", "no JSON"])
def test_a_file_that_is_no_tokenizer_is_named(folder: Path, content: str) -> None:
    write_graph(folder / "model.onnx")
    (folder / "tokenizer.json").write_text(content, encoding="utf-8")
    assert refusal(folder).startswith(f"{folder / 'tokenizer.json'}: not the tokenizer of a model (")


@pytest.mark.parametrize(
    ("change", "inputs"),
    [
        (("attention_mask", "position_ids"), "input_ids tensor(int64), position_ids tensor(int64)"),
        (("KIND", "float"), "attention_mask tensor(float)"),
    ],
)
def test_other_inputs_are_listed(folder: Path, change: tuple[str, str], inputs: str) -> None:
    whole = GRAPH.replace(
        "words = Gather(table, input_ids)", "ids = Cast<to = 7>(input_ids) words = Gather(table, ids)"
    )
    write_graph(folder / "model.onnx", graph=whole.replace(*change))
    said = refusal(folder)
    assert said.startswith(f"{folder / 'model.onnx'}: its inputs are ")
    assert inputs in said
    assert "a reranker takes input_ids, attention_mask and perhaps token_type_ids, all integers." in said


def test_several_outputs_without_logits_are_listed(folder: Path) -> None:
    both = GRAPH.replace("float[N, K] OUTPUT", "float[N, K] OUTPUT, float[N] shared")
    write_graph(folder / "model.onnx", graph=both, OUTPUT="scores")
    assert "its outputs are scores, shared; a classifier's is called logits." in refusal(folder)
    write_graph(folder / "model.onnx", graph=both)
    assert OnnxReranker(folder).rerank("bridge", ["bridge"]).tolist() == pytest.approx(sigmoid(1))


def test_more_than_two_labels_are_refused(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(1.0, 2.0, 3.0))
    assert refusal(folder).endswith("it tells 3 labels apart, but a reranker has one, or two.")


def test_an_output_that_is_no_row_of_labels_is_refused(folder: Path) -> None:
    tokens = GRAPH.replace("float[N, K] OUTPUT", "float[N, L, V] OUTPUT").replace(
        "Add(weighed, bias)", "Add(words, bias)"
    )
    write_graph(folder / "model.onnx", graph=tokens)
    assert f"for 2 pairs it gives an array of shape [2, {PROBED}, {len(VOCABULARY)}], where" in refusal(folder)


def test_scores_that_are_no_numbers_are_refused(folder: Path) -> None:
    write_graph(folder / "model.onnx", bias=math.nan)
    assert "it gives scores that are no numbers" in refusal(folder)


def test_a_graph_of_one_fixed_shape_is_refused_when_it_loads(folder: Path) -> None:
    write_graph(folder / "model.onnx", graph=GRAPH.replace("KIND[N, L]", "int64[1, 32]"))
    said = refusal(folder)
    assert f"the model failed on 2 pairs of {PROBED} tokens (" in said
    assert "It must take any number of either" in said


# --- LlamaIndex


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("Postprocessor", {}, [0, 1, 3 / 6, 1 / 6]),
        ("Shares", {}, [0, 6 / 8, 3 / 8, 1 / 8]),
        ("Logits", {}, sigmoid(-3, 3, 0, -2)),
        ("Postprocessor", {"best": 2}, [0, 1, 3 / 6, 0]),
        ("Logits", {"best": 3}, [0, *sigmoid(3, 0, -2)]),
        ("Order", {}, [1 / 4, 1, 3 / 4, 2 / 4]),
        ("Order", {"best": 2}, [0, 1, 1 / 2, 0]),
        ("Twice", {}, [0, 1, 3 / 6, 1 / 6]),
        ("Nothing", {}, [0, 0, 0, 0]),
    ],
)
def test_scores_of_any_scale_count_else_the_order_and_what_is_dropped_gets_nothing(
    defaults: Config, name: str, arguments: dict[str, Any], expected: list[float]
) -> None:
    reranker = made(plugin(defaults, name, **arguments))
    assert reranker.name == f"{__name__}.{name}"
    assert reranker.rerank(QUESTION, TEXTS).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("Foreign", ModelError, "it returned a node that it was not given, so it is no reranker"),
        ("NoNumber", ModelError, "it gives scores that are no numbers"),
        ("Unreachable", ModelUnreachable, "peer went away"),
    ],
)
def test_a_postprocessor_that_fails_is_an_error(
    defaults: Config, name: str, error: type[ModelError], says: str
) -> None:
    with pytest.raises(ModelError, match=says) as caught:
        made(plugin(defaults, name)).rerank(QUESTION, TEXTS)
    assert type(caught.value) is error
    assert str(caught.value).startswith(f"{__name__}.{name}: ")


@pytest.mark.parametrize(
    ("class_path", "error", "says"),
    [
        (
            "llama_index.postprocessor.some_rerank.SomeRerank",
            ModelNotInstalled,
            "pip install llama-index-postprocessor-some-rerank",
        ),
        ("llama_index.core.no_such_module.Thing", ModelNotInstalled, "pip install llama-index-core'"),
        ("no_such_package.part.Thing", ModelNotInstalled, "pip install no_such_package'"),
        ("Incomplete", ModelNotInstalled, "lacks a package: Please run `pip install some-reranker`"),
        ("Keyless", ConfigError, "Keyless: 'NEWSDESK_TEST_NO_SUCH_KEY' is missing."),
        ("llama_index.core.postprocessor.NoSuchThing", ConfigError, "has no NoSuchThing"),
        ("pathlib.Path", ConfigError, "is no LlamaIndex BaseNodePostprocessor"),
        ("pathlib.sys", ConfigError, "is no LlamaIndex BaseNodePostprocessor"),
        ("llama_index.core.postprocessor.types.BaseNodePostprocessor", ConfigError, "arguments do not fit"),
        ("..relative.Thing", ConfigError, "must be the import path of a class"),
        ("some package.Thing", ConfigError, "must be the import path of a class"),
        ("", ConfigError, "must be the import path of a class"),
    ],
)
def test_a_class_that_is_none_is_refused(defaults: Config, class_path: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        make_reranker(plugin(defaults, class_path))
    assert type(caught.value) is error
    assert str(caught.value).startswith("[rerank] ")
    assert says in str(caught.value)


def test_a_module_that_fails_when_it_is_imported_is_named(
    defaults: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "desk_broken_reranker.py").write_text("raise RuntimeError('no driver')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match=r"^desk_broken_reranker\.Thing: RuntimeError: no driver"):
        make_reranker(plugin(defaults, "desk_broken_reranker.Thing"))


def test_arguments_that_do_not_fit_are_named_without_their_values(defaults: Config) -> None:
    with pytest.raises(ConfigError) as caught:
        make_reranker(plugin(defaults, "Postprocessor", best="sk-secret"))
    said = f"[rerank] arguments do not fit {__name__}.Postprocessor: best: Input should be a valid integer"
    assert str(caught.value).startswith(said)
    assert "sk-secret" not in str(caught.value)


# --- with the scores of the search


def judged(*scores: float) -> Scores:
    return np.array(scores, dtype=np.float32)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(0.0, [1.6, 1.2, 0.8, 0.4]), (1.0, [0.4, 1.6, 0.7, 1.0]), (0.5, [1.0, 1.4, 0.75, 0.7])],
)
def test_the_rerankers_scores_count_by_their_weight_in_the_range_of_the_searchs(
    weight: float, expected: list[float]
) -> None:
    assert blend([1.6, 1.2, 0.8, 0.4], judged(0.1, 0.9, 0.3, 0.5), weight) == pytest.approx(expected)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("build", [lambda: judged(0.5, 0.5, 0.5), lambda: judged(0, 0, 0)])
def test_where_it_judges_all_alike_the_search_decides(weight: float, build: Callable[[], Scores]) -> None:
    assert blend([1.6, 1.2, 0.8], build(), weight) == [1.6, 1.2, 0.8]


def test_one_passage_or_none_keeps_its_score() -> None:
    assert blend([1.3], judged(0.2), 1.0) == [1.3]
    assert blend([], judged(), 0.5) == []
