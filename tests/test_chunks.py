"""Sentences and chunks are exact pieces of the text, whole and in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.articles import Article, clean_text
from qa.chunks import MAX_SENTENCE, WINDOW, Chunk, Count, Span, chunk, sections, sentences


def by_words(texts: Sequence[str]) -> list[int]:
    """A count like WordPiece's: blanks are free, a long word is many tokens."""
    return [sum(-(-len(word) // 6) for word in text.split()) for text in texts]


def by_length(texts: Sequence[str]) -> list[int]:
    """The estimate for a server's model: four characters a token, blanks included."""
    return [-(-len(text) // 4) for text in texts]


COUNTS = [by_words, by_length]


def of_text(text: str) -> Article:
    return Article(id="a", title="T", text=clean_text(text), source="a.txt")


def quotes(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def assert_exact(text: str, spans: Sequence[Span | Chunk]) -> None:
    for span in spans:
        piece = text[span.start : span.end]
        assert piece
        assert piece == piece.strip()
    assert all(one.end <= other.start for one, other in pairwise(spans))


HEADING = "- A lack of ground forces -"

texts = st.lists(
    st.one_of(
        st.sampled_from(
            ["He left. ", "At 5 p.m. Tuesday ", '"Why?" she asked. ', "\n\n", "\n", " ", "  ", "... ", "* * * "]
        ),
        st.sampled_from(["\n\n## Head\n\n", f"\n\n{HEADING}\n\n", "\n\n---\n\n", "x" * 500, "!" * 300, "wörd " * 60]),
        st.sampled_from(["日本語のテキスト。" * 30, "a b " * 700, "foo\nbar\n" * 300, "word  " * 400, "z" * 2500]),
        st.text(st.characters(), max_size=40),
    ),
    max_size=12,
).map("".join)


@given(texts, st.sampled_from(COUNTS), st.sampled_from([40, 180]))
@example("word  " * 900, by_words, 40)
@example("a\nb\n" * 900, by_length, 40)
@example("One. " + "! " * 400 + "Two.", by_words, 40)
def test_sentences_and_chunks_are_exact_ordered_and_whole(text: str, count: Count, tokens: int) -> None:
    article = of_text(text)
    text = article.text
    found, chunks = sentences(text), chunk(article, count, tokens=tokens)
    assert_exact(text, found)
    assert_exact(text, chunks)
    assert [each.ordinal for each in chunks] == list(range(len(chunks)))
    assert {each.article_id for each in chunks} <= {article.id}
    for each in found:
        assert each.end - each.start <= MAX_SENTENCE
        assert any(character.isalnum() for character in text[each.start : each.end])
        whole = any(one.start <= each.start and each.end <= one.end for one in chunks)
        assert whole or count([text[each.start : each.end]])[0] > tokens
        assert any(one.start <= each.start < one.end for one in chunks)
    assert all(count([text[each.start : each.end]])[0] <= tokens for each in chunks)
    letters = [at for at, letter in enumerate(text) if letter.isalnum()]
    inside = {at for each in chunks for at in range(each.start, each.end)}
    missing = {text[:at].count("\n") for at in letters if at not in inside}
    lines = text.split("\n")
    assert all(lines[number] in ("## Head", HEADING) or is_heading(lines[number]) for number in missing)


def is_heading(line: str) -> bool:
    return sentences(line) == []


def test_a_heading_ends_a_section_and_is_in_no_chunk() -> None:
    text = f"One. Two.\n\n{HEADING}\n\nThree.\n\n## Four\n\nFive.\n\n---\n\nSix."
    assert [[text[s.start : s.end] for s in section] for section in sections(text)] == [
        ["One.", "Two."],
        ["Three."],
        ["Five."],
        ["Six."],
    ]
    assert [text[c.start : c.end] for c in chunk(of_text(text), by_words, tokens=180)] == [
        "One. Two.",
        "Three.",
        "Five.",
        "Six.",
    ]


@pytest.mark.parametrize(
    "line", ["- 'Retreating' -", "– What next? –", "— Talks —", "* * *", "## Sub", "# H", "====", "***", "___"]
)
def test_a_line_that_looks_like_a_heading_is_no_sentence(line: str) -> None:
    assert quotes(f"One.\n\n{line}\n\nTwo.") == ["One.", "Two."]


@pytest.mark.parametrize("line", ["- a point", "-5 degrees fell on -Monday", "#hashtag wins", "a - b - c"])
def test_a_line_that_only_resembles_a_heading_is_a_sentence(line: str) -> None:
    assert quotes(f"One.\n\n{line}\n\nTwo.") == ["One.", line, "Two."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "U.S. Sen. John McCain, R-Ariz., told Mr. Smith at 5 p.m. Tuesday. He left.",
            ["U.S. Sen. John McCain, R-Ariz., told Mr. Smith at 5 p.m. Tuesday.", "He left."],
        ),
        ("It began at 9 a.m. EST on Monday. It ended.", ["It began at 9 a.m. EST on Monday.", "It ended."]),
        ("They met at 5 p.m. Then they left.", ["They met at 5 p.m.", "Then they left."]),
        ("It opened at 8 a.m. Jan. 5 in Paris. Few came.", ["It opened at 8 a.m. Jan. 5 in Paris.", "Few came."]),
        (
            '"We will stay," he said. "It is over." She left.',
            ['"We will stay," he said.', '"It is over."', "She left."],
        ),
        ("“It is over.” She left.", ["“It is over.”", "She left."]),
        ('"Why?" he asked. "Because!"', ['"Why?" he asked.', '"Because!"']),
        ("It fell 3.5 percent. It rose.", ["It fell 3.5 percent.", "It rose."]),
        ("One line\nwraps here. Next.", ["One line\nwraps here.", "Next."]),
        ("No stop\n\nAnother", ["No stop", "Another"]),
        ("...\n\n!!!\n\n", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("x" * 4500, [2000, 2000, 500]),
        ("a " * 1500 + "end.", [1999, 1004]),
        ("word\n" * 500, [1999, 499]),
        ("aaa   " * 400, [1995, 399]),
    ],
    ids=["no blank", "blanks", "line ends", "many blanks"],
)
def test_a_run_without_end_is_cut_at_a_blank_where_there_is_one(text: str, lengths: list[int]) -> None:
    text = text.strip()
    assert [span.end - span.start for span in sentences(text)] == lengths
    assert "".join("".join(quotes(text)).split()) == "".join(text.split())


def test_a_paragraph_without_end_is_split_by_windows_and_nothing_of_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    import sentencex

    read: list[int] = []
    split = sentencex.get_sentence_boundaries

    def noted(language: str, text: str) -> object:
        read.append(len(text))
        return split(language, text)

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", noted)
    said = [f"In the year {number} “the boats were {number % 7} and more." for number in range(2000)]
    assert [" ".join(said)[each.start : each.end] for each in sentences(" ".join(said))] == said
    assert max(read) <= WINDOW
    for odd in ("“" * 3 * WINDOW + "x", "x" * 3 * WINDOW, " " * 3 * WINDOW + "x", "“a. " * WINDOW):
        found = sentences(odd)
        kept = "".join(odd[each.start : each.end] for each in found)
        assert re.sub(r"\W", "", kept) == re.sub(r"\W", "", odd)
    assert max(read) <= WINDOW


def test_a_section_is_cut_into_chunks_of_about_equal_length() -> None:
    text = " ".join(f"Word word word word number {n:04}." for n in range(30))  # 30 sentences of 6 tokens
    sizes = by_words([text[c.start : c.end] for c in chunk(of_text(text), by_words, tokens=100)])
    assert sum(sizes) == by_words([text])[0]
    assert max(sizes) <= 100
    assert max(sizes) - min(sizes) <= 6 * 2


def test_a_sentence_longer_than_a_chunk_is_cut_within_the_limit_however_dense_it_is() -> None:
    text = "a b c d e f g h i j " * 30 + "incomprehensibilities " * 20
    pieces = [text[c.start : c.end] for c in chunk(of_text(text), by_words, tokens=40)]
    assert max(by_words(pieces)) <= 40
    assert " ".join(pieces) == text.strip()


def test_the_same_content_gives_the_same_ids_and_other_content_others() -> None:
    article = of_text("One. Two. Three.\n\n## Head\n\nFour.")
    ids = [each.id for each in chunk(article, by_words, tokens=180)]
    assert ids == [each.id for each in chunk(replace(article), by_words, tokens=180)]
    assert len(set(ids)) == len(ids) == 2
    for other in (replace(article, title="Other"), replace(article, text="One."), replace(article, id="0" * 16)):
        assert not set(ids) & {each.id for each in chunk(other, by_words, tokens=180)}


def test_an_article_without_sentences_has_no_chunks() -> None:
    assert chunk(of_text("## Only a heading\n\n..."), by_words, tokens=180) == []
