"""Everything bad goes through the front door: an error that names the source, the good part, and never a traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.articles import Article, clean_text
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers import read
from qa.readers.documents import open_file
from tests.bad_inputs import BAD, GOOD, MIXED, write_folder

LIMITS = LimitsSection(document_mb=4, line_mb=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bad")
    write_folder(root)
    return root


def outcome(path: Path) -> tuple[list[Article], list[str]]:
    """The articles and the errors of a file, read as the program reads it."""
    found = list(_read(path))
    articles = [each for each in found if isinstance(each, Article)]
    errors = [str(each) for each in found if isinstance(each, SourceError)]
    assert all(error.startswith(str(path)) for error in errors), errors
    assert all(article.source.startswith(str(path)) for article in articles)
    assert all(clean_text(article.text) == article.text for article in articles)
    return articles, errors


def _read(path: Path) -> Iterator[Article | SourceError]:
    try:
        document = open_file(path, str(path), LIMITS)
    except SourceError as error:
        yield error
        return
    try:
        yield from read(document)
    finally:
        document.stream.close()


def test_there_are_many_kinds() -> None:
    assert len(BAD) + len(MIXED) >= 100


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_of_every_form_is_one_article(folder: Path, name: str) -> None:
    articles, errors = outcome(folder / "good" / name)
    assert (len(articles), errors) == (1, [])


@pytest.mark.parametrize("name", BAD)
def test_what_is_bad_gives_an_error_that_says_why_and_no_article(folder: Path, name: str) -> None:
    articles, errors = outcome(folder / "bad" / name)
    assert articles == []
    assert errors
    assert BAD[name][1] in errors[0]
    assert len(errors[0]) < len(str(folder)) + 400


@pytest.mark.parametrize("name", MIXED)
def test_of_what_is_bad_in_part_the_good_part_comes_in(folder: Path, name: str) -> None:
    articles, errors = outcome(folder / "mixed" / name)
    assert len(articles) >= MIXED[name].articles
    assert len(errors) == MIXED[name].errors


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_an_error_of_the_system(tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text("Talks end\n\nText.")
    path.chmod(0)
    with pytest.raises(PermissionError):
        open_file(path, str(path), LIMITS)
