"""Models for entailment: tiny real ones of one to three labels, in any order; claims kept whole; what is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from qa.config import VerificationSection
from qa.entailment import MEANINGS, UNDECIDED, Judgement, OnnxEntailment, make_judge
from qa.errors import ConfigError, ModelError, ModelNotInstalled
from tests.test_rerankers import GRAPH, ONE_KIND, folder, sigmoid, write_graph

__all__ = ["folder"]  # the fixture: a folder with a tokenizer

NLI = ("contradiction", "entailment", "neutral")
REMEDY = (
    "Name them in the order of the model's output, such as "
    'labels = ["contradiction", "entailment", "neutral"] in [verification].'
)
PAIR = ("bridge olm", "bridge olm")
"""Two pairs of equal words: a logit is twice its weight."""


def write_config(folder: Path, labels: tuple[Any, ...] = NLI, **other: Any) -> None:
    content = {"id2label": {str(n): label for n, label in enumerate(labels)}, **other}
    (folder / "config.json").write_text(json.dumps(content), encoding="utf-8")


def model(folder: Path, labels: tuple[str, ...] = NLI, weights: tuple[float, ...] = (-1.0, 2.0, 0.5)) -> OnnxEntailment:
    write_graph(folder / "model.onnx", weights=weights)
    write_config(folder, labels)
    return OnnxEntailment(folder, threads=1)


def softmax(*logits: float) -> list[float]:
    return [math.exp(logit) / sum(map(math.exp, logits)) for logit in logits]


def approx(entailment: float, contradiction: float) -> Judgement:
    shares: list[Any] = [pytest.approx(entailment), pytest.approx(contradiction)]
    return Judgement(*shares)


# --- what a judgement is


def test_three_labels_share_one_certainty(folder: Path) -> None:
    judge = model(folder)
    assert judge.name == "overlap"
    contradiction, entailment, _ = softmax(-2, 4, 1)
    assert judge.judge([PAIR, ("storm", "ferry")]) == [approx(entailment, contradiction), approx(1 / 3, 1 / 3)]


@pytest.mark.parametrize(
    ("labels", "entailed", "contradicted"),
    [
        (("contradiction", "entailment", "neutral"), 1, 0),
        (("entailment", "neutral", "contradiction"), 0, 2),
        (("CONTRADICTION", "NEUTRAL", "ENTAILMENT"), 2, 0),
        (("Entailment", "Contradiction", "Neutral"), 0, 1),
        (("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"), 0, 1),
    ],
)
def test_the_order_of_the_labels_is_the_models_own(
    folder: Path, labels: tuple[str, ...], entailed: int, contradicted: int
) -> None:
    shares = softmax(-2, 4, 1)
    assert model(folder, labels).judge([PAIR]) == [approx(shares[entailed], shares[contradicted])]


@pytest.mark.parametrize(
    ("labels", "entailed", "contradicted"),
    [
        (("entailment", "not_entailment"), 0, None),
        (("not-entailment", "entailment"), 1, None),
        (("hallucinated", "consistent"), 1, None),
        (("contradiction", "entailment"), 1, 0),
    ],
)
def test_of_two_labels_one_is_entailment(
    folder: Path, labels: tuple[str, ...], entailed: int, contradicted: int | None
) -> None:
    shares = softmax(-1, 0.5)
    (found,) = model(folder, labels, (-0.5, 0.25)).judge([PAIR])
    assert found == approx(shares[entailed], 0.0 if contradicted is None else shares[contradicted])


@pytest.mark.parametrize("label", ["LABEL_0", "consistent", "entailment"])
def test_one_label_is_a_logit(folder: Path, label: str) -> None:
    judge = model(folder, (label,), (-1.5,))
    assert judge.judge([PAIR, ("storm", "ferry")]) == [approx(sigmoid(-3)[0], 0), approx(0.5, 0)]


def test_the_evidence_is_the_first_text_and_the_claim_the_second(folder: Path) -> None:
    of_claim = GRAPH.replace("Mul(shown, second)", "Identity(shown)").replace(
        "Sub(shown, of_text)", "Mul(shown, second)"
    )
    write_graph(folder / "model.onnx", graph=of_claim, weights=(1.0,))
    write_config(folder, ("LABEL_0",))
    judge = OnnxEntailment(folder)  # pairs of equal words, one of the claim and one of both texts
    assert judge.judge([("bridge bridge", "olm"), ("olm", "bridge bridge")]) == [
        approx(sigmoid(1)[0], 0),
        approx(sigmoid(4)[0], 0),
    ]


def test_extreme_logits_neither_overflow_nor_leave_the_unit_range(folder: Path) -> None:
    judge = model(folder, weights=(-1e30, 1e30, 0.0))
    assert judge.judge([PAIR]) == [Judgement(1.0, 0.0)]


def test_judgements_stand_in_the_order_of_the_pairs_whatever_the_batch(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(0.1,))
    write_config(folder, ("LABEL_0",))
    counts = [1 + n * 7 % 11 for n in range(11)]
    pairs = [("bridge " * count, "bridge") for count in counts]
    expected = [approx(share, 0) for share in sigmoid(*(0.1 * count for count in counts))]
    for size in (1, 2, 4, 64):
        assert OnnxEntailment(folder, batch_size=size).judge(pairs) == expected


def test_no_pairs_have_no_judgements(folder: Path) -> None:
    assert model(folder).judge([]) == []


@pytest.mark.parametrize("text", ["", " \n", "\x00", "\ufffd" * 300, "日本語 " * 2000, "x" * 50_000], ids=len)
def test_any_evidence_and_any_claim_has_a_judgement_in_the_unit_range(folder: Path, text: str) -> None:
    for found in model(folder).judge([(text, "bridge"), ("bridge", text), (text, text)]):
        assert 0 <= found.entailment <= 1
        assert 0 <= found.contradiction <= 1


# --- texts that are too long


def test_long_evidence_loses_its_end_and_the_claim_nothing(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(0.1,))
    write_config(folder, ("LABEL_0",))
    judge = OnnxEntailment(folder, max_tokens=32)  # 29 words and three marks
    evidence = "bridge " * 9 + "olm " * 50
    claim = "ferry " * 18 + "bridge olm"
    assert judge.judge([(evidence, claim)]) == [approx(sigmoid(0.9)[0], 0)]
    assert judge.judge([("bridge " * 50, "bridge")]) == [approx(sigmoid(2.8)[0], 0)]


def test_a_claim_that_leaves_the_evidence_less_than_a_quarter_is_undecided(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(0.1,))
    write_config(folder, ("LABEL_0",))
    judge = OnnxEntailment(folder, max_tokens=32)
    claims = ["bridge " * count for count in (1, 22, 21, 29, 30, 5000, 2)]
    found = judge.judge([("bridge", claim) for claim in claims])
    assert [each is UNDECIDED for each in found] == [False, True, False, True, True, True, False]
    assert [found[0], found[2], found[6]] == [approx(share, 0) for share in sigmoid(0.1, 2.1, 0.2)]


def test_the_fewest_tokens_suffice_to_load_a_model(folder: Path) -> None:
    write_graph(folder / "model.onnx")
    write_config(folder, ("LABEL_0",))
    assert OnnxEntailment(folder, max_tokens=16).judge([("bridge", "bridge")]) == [approx(sigmoid(1)[0], 0)]


# --- as configured


def test_none_is_made_where_another_judge_or_none_is_configured() -> None:
    assert make_judge(VerificationSection()) is None
    assert make_judge(VerificationSection(judge="model")) is None


def test_the_settings_make_the_judge(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(1.0, 0.0))
    section = VerificationSection(
        judge="onnx", path=str(folder), threads=1, batch_size=2, max_tokens=32, labels=("entailment", "neutral")
    )
    judge = make_judge(section)
    assert judge is not None
    assert judge.name == "overlap"
    assert judge.judge([PAIR] * 3) == [approx(softmax(2, 0)[0], 0)] * 3
    assert judge.judge([("bridge", "bridge " * 22)])[0] is UNDECIDED


def test_labels_that_are_set_come_before_the_models_own(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(-1.0, 2.0, 0.5))
    write_config(folder, ("LABEL_0", "LABEL_1", "LABEL_2"))
    shares = softmax(-2, 4, 1)
    judge = OnnxEntailment(folder, labels=("neutral", "contradiction", "entailment"))
    assert judge.judge([PAIR]) == [approx(shares[2], shares[1])]


def test_onnx_without_a_path_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"^\[verification\] path must name the folder .* docs/entailment\.md says how"
    ):
        make_judge(VerificationSection(judge="onnx"))


# --- models that are refused


def refusal(folder: Path, error: type[Exception] = ConfigError, **settings: Any) -> str:
    with pytest.raises(error) as caught:
        OnnxEntailment(folder, **settings)
    assert type(caught.value) is error
    return str(caught.value)


def test_a_missing_folder_graph_or_tokenizer_is_named_as_the_table_has_it(tmp_path: Path, folder: Path) -> None:
    none = tmp_path / "none"
    said = refusal(none, ModelNotInstalled)
    assert said.startswith(f"[verification] path = {str(none)!r}: there is no such folder. docs/entailment.md")
    assert refusal(folder, ModelNotInstalled).startswith(f"{folder}: none of model.onnx, onnx/model.onnx, ")
    write_graph(folder / "model.onnx")
    (folder / "tokenizer.json").unlink()
    assert "the model's tokenizer is not there. docs/entailment.md" in refusal(folder, ModelNotInstalled)


@pytest.mark.parametrize("content", [b"", b"no graph"])
def test_a_file_that_is_no_graph_is_named(folder: Path, content: bytes) -> None:
    (folder / "model.onnx").write_bytes(content)
    assert "onnxruntime cannot load the model (" in refusal(folder, ModelError)


def test_a_folder_that_does_not_say_its_labels_is_refused(folder: Path) -> None:
    write_graph(folder / "model.onnx")
    said = f"{folder / 'config.json'}: cannot be read (No such file or directory), and so not the model's labels. "
    assert refusal(folder) == said + REMEDY
    assert OnnxEntailment(folder, labels=["consistent"]).judge([PAIR]) == [approx(sigmoid(2)[0], 0)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no JSON", "not valid JSON (Expecting value: line 1 column 1 (char 0)), so that the labels are not known."),
        (b"\xff\xfe", "not valid JSON ("),
        (b"[" * 100_000, "not valid JSON ("),
        (b"[]", "there is no id2label that names the model's labels from 0 on."),
        (b"{}", "there is no id2label"),
        (b'{"id2label": ["entailment"]}', "there is no id2label"),
        (b'{"id2label": {}}', "there is no id2label"),
        (b'{"id2label": {"1": "entailment"}}', "there is no id2label"),
        (b'{"id2label": {"0": null}}', "the labels are None, which does not say what each means."),
    ],
)
def test_a_config_without_labels_is_refused(folder: Path, content: bytes, says: str) -> None:
    write_graph(folder / "model.onnx")
    (folder / "config.json").write_bytes(content)
    said = refusal(folder)
    assert said.startswith(f"{folder / 'config.json'}: {says}")
    assert said.endswith(REMEDY)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (("LABEL_0", "LABEL_1"), "the labels are LABEL_0, LABEL_1, which does not say what each means. "),
        (("entailment", "LABEL_1"), "which does not say what each means. "),
        (("POSITIVE", "NEGATIVE"), "which does not say what each means. "),
        (("neutral", "contradiction"), "but exactly one must mean entailment, and one at the most contradiction. "),
        (("entailment", "supports"), "but exactly one must mean entailment"),
    ],
)
def test_labels_that_do_not_say_what_they_mean_are_refused(folder: Path, labels: tuple[str, ...], says: str) -> None:
    write_graph(folder / "model.onnx", weights=(1.0, 2.0))
    write_config(folder, labels)
    said = refusal(folder)
    assert said.startswith(f"{folder / 'config.json'}: the labels are {', '.join(labels)}, ")
    assert says in said
    assert said.endswith(REMEDY)
    assert refusal(folder, labels=labels) == said.replace(str(folder / "config.json"), "[verification] labels")


@pytest.mark.parametrize("labels", [("entailment", "contradiction", "refutes"), ("contradiction",)])
def test_a_meaning_that_is_missing_or_doubled_is_refused(folder: Path, labels: tuple[str, ...]) -> None:
    write_graph(folder / "model.onnx", weights=(1.0,) * len(labels))
    write_config(folder, labels)
    assert "exactly one must mean entailment, and one at the most contradiction" in refusal(folder)


def test_more_or_fewer_labels_than_the_model_has_are_refused(folder: Path) -> None:
    write_graph(folder / "model.onnx", weights=(1.0, 2.0, 3.0))
    write_config(folder, ("entailment", "not_entailment"))
    said = f"the labels are entailment, not_entailment, but {folder / 'model.onnx'} tells 3 apart. {REMEDY}"
    assert refusal(folder) == f"{folder / 'config.json'}: {said}"
    assert refusal(folder, labels=("entailment", "not_entailment")) == f"[verification] labels: {said}"


def test_an_output_that_is_no_row_of_labels_is_refused(folder: Path) -> None:
    tokens = GRAPH.replace("float[N, K] OUTPUT", "float[N, L, V] OUTPUT").replace(
        "Add(weighed, bias)", "Add(words, bias)"
    )
    write_graph(folder / "model.onnx", graph=tokens)
    write_config(folder)
    assert "where a classifier gives one row of labels for each pair" in refusal(folder, ModelError)


@pytest.mark.parametrize("bias", [math.nan, math.inf])
def test_scores_that_are_no_numbers_are_refused(folder: Path, bias: float) -> None:
    write_graph(folder / "model.onnx", weights=(1.0, 2.0, 3.0), bias=bias)
    write_config(folder)
    assert "it gives scores that are no numbers" in refusal(folder, ModelError)


@pytest.mark.parametrize(("kind", "number"), [("double", 11), ("float16", 10)])
def test_logits_of_another_precision_are_numbers_and_words_are_none(folder: Path, kind: str, number: int) -> None:
    other = GRAPH.replace("float[N, K] OUTPUT", f"{kind}[N, K] OUTPUT").replace(
        "OUTPUT = Add(weighed, bias)", f"sum = Add(weighed, bias) OUTPUT = Cast<to = {number}>(sum)"
    )
    write_graph(folder / "model.onnx", graph=other, weights=(2.0,))
    write_config(folder, ("consistent",))
    assert OnnxEntailment(folder).judge([PAIR]) == [approx(sigmoid(4)[0], 0)]
    write_graph(folder / "model.onnx", graph=other.replace(f"{kind}[", "string[").replace(f"to = {number}", "to = 8"))
    assert "it gives scores that are no numbers" in refusal(folder, ModelError)


def test_other_inputs_are_listed(folder: Path) -> None:
    write_graph(folder / "model.onnx", graph=ONE_KIND.replace("attention_mask", "position_ids"))
    write_config(folder)
    assert "a judge takes input_ids, attention_mask and perhaps token_type_ids, all integers." in refusal(
        folder, ModelError
    )


def test_a_graph_of_one_fixed_shape_is_refused_with_its_own_table(folder: Path) -> None:
    write_graph(folder / "model.onnx", graph=GRAPH.replace("KIND[N, L]", "int64[1, 32]"))
    assert "if it only takes fewer tokens, lower [verification] max_tokens." in refusal(folder, ModelError)


def test_every_meaning_is_written_as_names_are_compared() -> None:
    assert all(name == name.lower().strip() and "_" not in name and "-" not in name for name in MEANINGS)
