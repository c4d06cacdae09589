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


@pytest.mark.parametrize(("claim", "texts"), [(None, ["x"]), (7, ["x"]), ("x", [None]), ("x", [7]), (b"x", ["x"])])
def test_what_is_no_text_is_an_error_in_words(claim: object, texts: list[object]) -> None:
    with pytest.raises(qa.UsageError, match="A claim is a text"):
        qa.verify(claim, texts)  # type: ignore[arg-type]


def test_a_number_is_cited_where_it_stands() -> None:
    texts = ["The inquiry into the ferry opened on Monday.", "Counsel said that 221 people had been aboard."]
    whole = " ".join(texts)
    at = len(texts[0]) + 1
    references = [qa.Reference(whole, 0, at - 1), qa.Reference(whole, at)]
    reading = Verifier(LocalEmbedder("int8").embed).read(references)
    assert reading.support("The inquiry into the ferry heard that 221 people had been aboard.")[-1] == 1


LEFT_OPEN: list[tuple[str, str, Label]] = [
    ("The attack killed 50.", "The attack may have killed 50.", "partly supported"),
    ("Apple will buy the firm.", "Apple is considering buying the firm.", "partly supported"),
    ("Police said the lorries had broken loose.", "Police said it was unclear whether lorries had broken loose.",
     "partly supported"),
    ("Santine committed false accounting.", "Santine was investigated on suspicion of false accounting.",
     "partly supported"),
    ("Dockers ended their planned strike.", "Dockers ended their planned strike on Friday.", "supported"),
    ("The attack may have killed 50.", "The attack may have killed 50, officials said.", "supported"),
    ("A memorial concert will be held.", "By her own wish there will be no memorial concert.", "contradicted"),
    ("Nobody was hurt.", "Three people were hurt.", "partly supported"),
    ("The ferry capsized because lorries broke loose.", "It was unclear whether lorries had broken loose on the ferry.",
     "partly supported"),
    ("“This was the sea,” said Aldergate.", "“This was not the sea,” Aldergate said.", "contradicted"),
    ("Vikstad would vote for the programme.", "Vikstad said that he would vote against the programme.", "contradicted"),
    ("Corvelast speeds the decline of kidney function.", "Corvelast slows the decline of kidney function.",
     "contradicted"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence", "label"), LEFT_OPEN)
def test_what_is_left_open_or_denied_is_not_stated(claim: str, evidence: str, label: Label) -> None:
    assert qa.verify(claim, [evidence]).label == label
