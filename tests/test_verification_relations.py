"""The right words in another relation: who does it to whom, who says it, another word in the place of one."""

from __future__ import annotations

import pytest

import qa
from qa.embedders import LocalEmbedder
from qa.verification import Label, Verifier

CASES: list[tuple[str, str, Label]] = [
    ("Apple sued Samsung.", "Samsung sued Apple on Monday over patents.", "contradicted"),
    ("Apple was sued by Samsung.", "Samsung sued Apple on Monday over patents.", "supported"),
    ("Samsung sued Apple.", "Apple was sued by Samsung on Monday.", "supported"),
    ("Ukraine attacked Russia.", "Ukraine was attacked by Russia on Thursday.", "contradicted"),
    ("Arsenal beat Manchester City 2-1.", "Manchester City beat Arsenal 2-1 at home.", "contradicted"),
    ("Biden met Xi.", "Xi met Biden in Bali.", "supported"),
    ("Google bought Fitbit.", "Fitbit was bought by Google in 2021.", "supported"),
    ("Carter said the coalition would win.", "“The coalition will win,” said Lavrov to Carter.", "contradicted"),
    ("Carter said the coalition would win.", "“The coalition will win,” Carter told Lavrov.", "supported"),
    ("According to Carter, the coalition would win.", "The coalition will win, according to Carter.", "supported"),
    ("The mayor praised the new bridge on Tuesday.", "The mayor opened the new bridge on Tuesday.", "partly supported"),
    ("Police shot three protesters.", "Police arrested three protesters.", "partly supported"),
    ("Police detained three protesters.", "Police arrested three protesters.", "supported"),
    ("Seven people were killed in the blaze.", "Seven people died in the blaze.", "supported"),
    ("The bank was founded in 1994.", "The bank was sold in 1994.", "partly supported"),
    ("The failed bank was taken over by Union Kessler.", "Union Kessler will take over the failed bank.", "supported"),
    ("The bank was taken over by Union Kessler.", "Union Kessler took over the failed bank.", "supported"),
    ("The talks ended in an agreement.", "The talks failed to end in an agreement.", "contradicted"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence", "label"), CASES)
def test_the_same_words_in_another_relation(claim: str, evidence: str, label: Label) -> None:
    found = qa.verify(claim, [evidence])
    assert found.label == label, found
    assert (found.label == "supported") is (found.score >= 0.5)
    for reason in found.reasons:
        assert claim[reason.start : reason.end] == reason.text


def test_a_number_is_cited_where_it_stands() -> None:
    texts = ["The inquiry into the ferry opened on Monday.", "Counsel said that 221 people had been aboard."]
    whole = " ".join(texts)
    at = len(texts[0]) + 1
    references = [qa.Reference(whole, 0, at - 1), qa.Reference(whole, at)]
    reading = Verifier(LocalEmbedder("int8").embed).read(references)
    assert reading.support("The inquiry into the ferry heard that 221 people had been aboard.")[-1] == 1
