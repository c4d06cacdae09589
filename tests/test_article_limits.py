"""Questions to named articles only, how many articles a question is put to, and what is like an article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.answers import Searching
from qa.archive import Archive
from qa.errors import UsageError
from qa.questions import Question
from tests.tui_fixtures import SEEDS, build_archive, copy_archive  # noqa: F401 - fixtures

FERRY = "How many people died in the ferry accident?"


def _named(archive: Archive, name: str) -> str:
    return next(each.id for each in archive.articles() if Path(each.source).name == name)


def test_only_the_named_articles_are_found(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        strike = _named(archive, "meridian-port-strike-begins.txt")
        inquiry = _named(archive, "courier-ferry-inquiry-opens.md")
        everywhere = {each.article.id for each in archive.search(FERRY)}
        assert len(everywhere) > 1
        assert {each.article.id for each in archive.search(FERRY, articles=[strike])} == {strike}
        assert {each.article.id for each in archive.search(FERRY, articles=(strike, inquiry))} == {strike, inquiry}
        answer = archive.ask(FERRY, articles=[inquiry])
        assert answer.asked is not None
        assert answer.asked.articles == (inquiry,)
        assert {each.article.id for each in answer.citations} == {inquiry}


def test_the_parts_of_a_question_keep_to_the_named_articles(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        strike = _named(archive, "meridian-port-strike-begins.txt")
        question = "How many people died in the ferry accident, and what pay rise does the union want?"
        found = archive.search(question, articles=[strike])
        assert {each.article.id for each in found} == {strike}


def test_an_id_that_no_article_has_is_an_error(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive, pytest.raises(UsageError, match="'nothing'"):
        archive.ask(FERRY, articles=["nothing"])


def test_the_limit_is_kept_with_the_conversation(archive_path: Path) -> None:
    with Archive.open(archive_path) as archive:
        strike = _named(archive, "meridian-port-strike-begins.txt")
        session = archive.sessions.append(archive.ask("What pay rise does the union want?", articles=[strike]))
        asked = archive.sessions.turns(session)[0].asked
        assert isinstance(asked, Question)
        assert asked.articles == (strike,)


@pytest.mark.parametrize(
    ("limits", "articles"),
    [
        ({}, 5),
        ({"outlets": ["The Belmarin Courier"]}, 1),
        ({"until": "2026-03-31"}, None),
        ({"since": "2031-01-01"}, 0),
    ],
)
def test_how_many_articles_are_searched(archive_path: Path, limits: dict[str, object], articles: int | None) -> None:
    with Archive.open(archive_path) as archive:
        first = next(archive.stream(FERRY, **limits))  # type: ignore[arg-type]
        assert isinstance(first, Searching)
        inside = [
            each
            for each in archive.articles()
            if articles is None and each.published is not None and each.published.isoformat()[:10] <= "2026-03-31"
        ]
        assert first.articles == (len(inside) if articles is None else articles)


def test_what_is_like_an_article_comes_nearest_first_and_without_its_copies(tmp_path: Path) -> None:
    report = (SEEDS / "meridian-ferry-capsizes.txt").read_text(encoding="utf-8")
    copy = tmp_path / "copy.jsonl"
    text = report.split("\n\n", 1)[1]
    copy.write_text(json.dumps({"title": "Ferry capsizes", "outlet": "The Copyist", "text": text}), encoding="utf-8")
    names = ("meridian-ferry-capsizes.txt", "courier-ferry-inquiry-opens.md", "meridian-cabinet-sworn-in.txt")
    with Archive.open(tmp_path / "archive") as archive:
        archive.ingest([*(SEEDS / name for name in names), copy])
        capsizes = next(each for each in archive.articles() if Path(each.source).name == names[0])
        assert len(archive.copies(capsizes)) == 2
        found = [Path(each.source).name for each in archive.similar(capsizes)]
        assert found == ["courier-ferry-inquiry-opens.md", "meridian-cabinet-sworn-in.txt"]
        assert len(archive.similar(capsizes, limit=1)) == 1


def test_nothing_is_like_an_article_that_is_not_embedded(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive") as archive:
        archive.ingest([SEEDS / "meridian-ferry-capsizes.txt", SEEDS / "meridian-ferry-charges.txt"], embed=False)
        assert archive.similar(archive.articles()[0]) == []
