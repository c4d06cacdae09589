"""Evidence and a claim to how far the one entails or contradicts the other: a model for entailment on onnxruntime.

Models for it are trained on pairs of premise and hypothesis (Bowman et al., 2015; Williams et al., 2018) and differ in
the order of their labels, which is read from the model's own ``config.json`` and never guessed: taken in a wrong order,
every verdict would be turned round. The claim is never cut, since half of it is another claim.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.classifiers import Logits, PairClassifier, sigmoid
from qa.config import VerificationSection
from qa.errors import ConfigError

TABLE = "[verification]"
GUIDE = "docs/entailment.md says how to export a model."
REMEDY = (
    "Name them in the order of the model's output, such as "
    f'labels = ["contradiction", "entailment", "neutral"] in {TABLE}.'
)
ROOM = 0.25
"""The share of ``max_tokens`` that the evidence needs at the least for a judgement to be one."""


Meaning = Literal["entailment", "contradiction", "neither"]

MEANINGS: dict[str, Meaning] = {
    "entailment": "entailment",
    "entailed": "entailment",
    "entails": "entailment",
    "supports": "entailment",
    "supported": "entailment",
    "consistent": "entailment",
    "contradiction": "contradiction",
    "contradicts": "contradiction",
    "contradictory": "contradiction",
    "refutes": "contradiction",
    "refuted": "contradiction",
    "neutral": "neither",
    "not enough info": "neither",
    "not entailment": "neither",
    "not entailed": "neither",
    "non entailment": "neither",
    "not supported": "neither",
    "inconsistent": "neither",
    "hallucinated": "neither",
}
"""What models call their labels: in any case, with any mark between the words."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely evidence entails a claim, and how likely it contradicts it, each in [0, 1], their sum at most 1."""

    entailment: float
    contradiction: float


UNDECIDED = Judgement(entailment=0.5, contradiction=0.0)
"""This very object stands where nothing could be judged: compare with ``is``."""


class Judge(Protocol):
    """Who judges claims by evidence."""

    @property
    def name(self) -> str:
        """What judged, as it is shown."""

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judgement]:
        """The judgement on each pair of evidence and claim, in their order. Raises ModelError."""


def make_judge(section: VerificationSection) -> Judge | None:
    """The configured model for entailment, loaded; None where another judge or none is configured.

    Raises ConfigError, ModelNotInstalled or ModelError.
    """
    if section.judge != "onnx":
        return None
    if not section.path:
        raise ConfigError(f"{TABLE} path must name the folder that holds the model. {GUIDE}")
    return OnnxEntailment(
        Path(section.path),
        threads=section.threads,
        batch_size=section.batch_size,
        max_tokens=section.max_tokens,
        labels=section.labels,
    )


class OnnxEntailment:
    """A sequence classifier of evidence and claim.

    ``folder`` holds the graph, its ``tokenizer.json`` and, unless ``labels`` names them in order, a ``config.json``
    with the labels: entailment, contradiction and neutral; entailment and its opposite; or one, whose logit says how
    consistent both are. Evidence beyond ``max_tokens`` loses its end; a claim that leaves it less than a quarter is
    UNDECIDED.
    """

    def __init__(
        self,
        folder: Path,
        *,
        threads: int = 0,
        batch_size: int = 8,
        max_tokens: int = 512,
        labels: Sequence[str] = (),
    ) -> None:
        self.name = folder.name
        self._classifier = PairClassifier(
            folder,
            table=TABLE,
            role="judge",
            guide=GUIDE,
            threads=threads,
            batch_size=batch_size,
            max_tokens=max_tokens,
            cut="first",
        )
        where = f"{TABLE} labels" if labels else str(folder / "config.json")
        names = labels or _names(folder / "config.json")
        if len(names) != self._classifier.labels:
            raise ConfigError(
                f"{where}: the labels are {', '.join(names)}, but {self._classifier.graph} tells "
                f"{self._classifier.labels} apart. {REMEDY}"
            )
        self._meanings = _meanings(names, where)
        self._least = int(max_tokens * ROOM)

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judgement]:
        rooms = self._classifier.room([claim for _, claim in pairs])
        whole = [place for place, room in enumerate(rooms) if room >= self._least]
        shares = _shares(self._classifier.logits([pairs[place] for place in whole]))
        judged = [UNDECIDED] * len(pairs)
        for place, row in zip(whole, shares, strict=True):
            judged[place] = Judgement(self._share("entailment", row), self._share("contradiction", row))
        return judged

    def _share(self, meaning: Meaning, row: NDArray[np.float64]) -> float:
        return float(row[self._meanings.index(meaning)]) if meaning in self._meanings else 0.0


def _names(file: Path) -> list[str]:
    """The labels of a model in the order of its output, as ``id2label`` in its config.json has them."""
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{file}: cannot be read ({error.strerror}), and so not the model's labels. {REMEDY}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: not valid JSON ({error}), so that the labels are not known. {REMEDY}") from error
    named = content.get("id2label") if isinstance(content, dict) else None
    places = [str(place) for place in range(len(named))] if isinstance(named, dict) else []
    if not isinstance(named, dict) or not named or named.keys() != set(places):
        raise ConfigError(f"{file}: there is no id2label that names the model's labels from 0 on. {REMEDY}")
    return [str(named[place]) for place in places]


def _meanings(names: Sequence[str], where: str) -> list[Meaning]:
    """What each label means. Raises ConfigError where that is not clear."""
    plain = [re.sub(r"[\W_]+", " ", name).strip().lower() for name in names]
    if plain == [
        "label 0"
    ]:  # what transformers calls the only label of a model that rates how consistent two texts are
        return ["entailment"]
    found = [MEANINGS[name] for name in plain if name in MEANINGS]
    if len(found) < len(plain):
        raise ConfigError(f"{where}: the labels are {', '.join(names)}, which does not say what each means. {REMEDY}")
    if found.count("entailment") != 1 or found.count("contradiction") > 1:
        raise ConfigError(
            f"{where}: the labels are {', '.join(names)}, but exactly one must mean entailment, and one at the most "
            f"contradiction. {REMEDY}"
        )
    return found


def _shares(logits: Logits) -> NDArray[np.float64]:
    """Logits [n, labels] as probabilities that sum to 1, or as that of the only label."""
    if logits.shape[1] == 1:
        return sigmoid(logits).astype(np.float64)
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
