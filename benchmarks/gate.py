"""The gate: questions with known answers over the sample articles, and the floors that no change may fall through.

    python benchmarks/gate.py [--floors FILE] [--failed]

builds an archive of ``seeds/`` with the default settings, asks the questions of ``tests/data/seed_*.jsonl``, prints
every figure (and, with ``--failed``, every question that went wrong), and exits with 1 if one is below its floor
(``at_least``) or above its ceiling (``at_most``) in benchmarks/floors.toml. It takes half a minute: no text is embedded
twice, so the times that it prints are not those of use.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qa
from qa.config import Source, load
from qa.evaluation import Evaluation, Figure, evaluate, read_cases
from qa.printing import print_evaluation

if TYPE_CHECKING:
    from qa.embedders import Embedder, Vectors

ROOT = Path(__file__).parent.parent
QUESTIONS = tuple(sorted((ROOT / "tests" / "data").glob("seed_*.jsonl")))
FLOORS = ROOT / "benchmarks" / "floors.toml"
EVERY = "every"
"""The table of the floors over all questions; the others are named for a kind of question."""


class Remembering:
    """An embedder that embeds no text twice: many questions read the same sentences."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.count = embedder.count
        self.embed_query = embedder.embed_query
        self._embed = embedder.embed
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the embedder's own."""
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._embed(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._embed([])


class Samples(qa.Archive):
    """The archive of the sample articles; it takes a third of the time to question."""

    @cached_property
    def embedder(self) -> Embedder:
        """The local model."""
        from qa.embedders import make_embedder

        return Remembering(make_embedder(self.config))


def measured() -> Evaluation:
    """What the sample questions come to, in an archive made for it."""
    source = Source(path=ROOT / "seeds")
    config = load(None, environ={}).model_copy(update={"sources": (source,)})
    cases = [case for file in QUESTIONS for case in read_cases(file)]
    with tempfile.TemporaryDirectory() as folder, Samples.open(folder, config=config) as archive:
        archive.sync()
        return evaluate(archive, cases, mode="extractive")


def broken(figures: Mapping[str, Sequence[Figure]], floors: Mapping[str, Any]) -> Iterator[str]:
    """A line for each bound that is not kept; a bound on what is not measured is not kept either.

    ``figures``: by kind of question. ``floors``: by kind, ``at_least`` and ``at_most``, each a bound by figure.
    """
    for kind, bounds in floors.items():
        found = {each.name: each for each in figures.get(kind, ())}
        for side, sign in (("at_least", 1), ("at_most", -1)):
            for name, bound in bounds.get(side, {}).items():
                figure = found.get(name)
                if figure is None:
                    yield f"{kind}: {name} is not measured"
                elif sign * figure.value < sign * bound:
                    word = "below its floor" if sign > 0 else "above its ceiling"
                    yield f"{kind}: {name} is {figure.value:.3f} (n = {figure.n}), {word} {bound:.3f}"


def main() -> int:
    """Measure and compare; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--floors", type=Path, default=FLOORS)
    parser.add_argument("--failed", action="store_true", help="list the questions that went wrong, too")
    options = parser.parse_args()
    evaluation = measured()
    print_evaluation(evaluation, as_json=False, failed=options.failed)
    floors = tomllib.loads(options.floors.read_text("utf-8"))
    lines = list(broken({EVERY: evaluation.figures, **evaluation.kinds}, floors))
    print(
        "\n".join(
            [
                "",
                *lines,
                f"{len(lines)} bounds of {options.floors.name} are not kept" if lines else "every bound is kept",
            ]
        )
    )
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
