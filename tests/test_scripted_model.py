"""The scripted model over the wire: each of its answers gets the verdicts that were written down beforehand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa.answers import Answer, Finished, Sentence
from qa.archive import Archive
from qa.articles import Article
from qa.config import AnswerSection, Config
from qa.passages import Passage
from qa.questions import understand
from tests.model_cases import CASES, Expected, ModelCase, evidence_sentences
from tests.openai_server import OpenAIServer, says

NOW = "2026-11-22"


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


@pytest.fixture(scope="module")
def archive(server: OpenAIServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    section = AnswerSection(base_url=server.url, model="m", context_tokens=100_000, answer_tokens=4000, retries=0)
    with Archive.open(tmp_path_factory.mktemp("archive"), config=Config(answer=section)) as opened:
        yield opened


def whole(article: Article) -> Passage:
    return Passage(article.id, article.text, 0, len(article.text), 1.0, 0.5, 1.0, 1.0, article)


def answered(case: ModelCase, archive: Archive, server: OpenAIServer) -> Answer:
    """What becomes of the case's answer; asked to mend it, the model writes the same again."""
    written = case.written(evidence_sentences(case.articles()))
    server.queue.clear()
    server.will(says(*written), *[says(f"1: {written}")])
    choice = archive.chosen()
    assert choice is not None
    passages = [whole(each) for each in case.articles()]
    *_, last = archive._answering._generation(choice).stream(understand(case.question, now=NOW), passages)
    assert isinstance(last, Finished), last
    return last.answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.name}")
def test_each_sentence_gets_the_verdict_written_down_beforehand(
    case: ModelCase, archive: Archive, server: OpenAIServer
) -> None:
    answer = answered(case, archive, server)
    quotes = evidence_sentences(case.articles())
    assert len(answer.sentences) == len(case.expected), [each.text for each in answer.sentences]
    for sentence, expected in zip(answer.sentences, case.expected, strict=True):
        assert sentence.text in case.shown(expected, quotes)
        assert sentence.verdict in expected.verdicts, (sentence.verdict, sentence.score, sentence.reasons)
        assert_cited(answer, sentence, expected)


def assert_cited(answer: Answer, sentence: Sentence, expected: Expected) -> None:
    cited = [answer.citations[number - 1].quote for number in sentence.citations]
    if sentence.verdict not in ("unsupported", "no citation"):
        for start in expected.cites:
            assert any(quote.startswith(start) for quote in cited), cited
    assert sentence.unresolved == expected.unresolved
    assert expected.corrected in (None, sentence.corrected)
    for words in expected.names:
        assert any(words in reason.text or reason.text in words for reason in sentence.reasons), sentence.reasons
