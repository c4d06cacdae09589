"""Documents that could not be read: kept over runs, tried again as their source has them, mended, lost, dismissed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.config import Source
from qa.intake import Cancelled, Progress
from tests.newsroom import article_file, lines_file, newsroom, story, titles


def _failed(archive: Archive) -> list[tuple[str, str, int]]:
    return [(Path(each.document).name, each.source, each.more) for each in archive.failures()]


@pytest.fixture(name="source")
def make_source(tmp_path: Path) -> Source:
    folder = tmp_path / "news"
    article_file(folder / "one.json", story(1))
    (folder / "two.json").write_text("{broken", encoding="utf-8")
    return Source(path=folder, name="mine", outlet="Olm Post")


def test_a_failure_is_kept_until_its_document_is_read(source: Source, tmp_path: Path) -> None:
    assert source.path is not None
    with newsroom(tmp_path, source) as archive:
        archive.sync()
        (failed,) = archive.failures()
        assert (failed.name, failed.source, failed.more) == (f"{source.path}/two.json", "mine", 0)
        assert failed.error.startswith("not valid JSON")
    with newsroom(tmp_path, source) as archive:
        assert _failed(archive) == [("two.json", "mine", 0)]
        archive.retry()
        assert _failed(archive) == [("two.json", "mine", 0)]
        article_file(source.path / "two.json", story(2))
        report = archive.retry([failed.document])
        assert (report.added, report.unchanged) == (1, 0)
        assert _failed(archive) == []
        assert {article.outlet for article in archive.articles()} == {"Olm Post"}
        assert archive.retry().added == 0


def test_what_is_no_longer_there_is_no_failure(source: Source, tmp_path: Path) -> None:
    assert source.path is not None
    with newsroom(tmp_path, source) as archive:
        archive.sync()
        (source.path / "two.json").unlink()
        archive.sync()
        assert _failed(archive) == []
        by_hand = tmp_path / "hand"
        lines_file(by_hand / "lines.jsonl", {"title": "One"}, {"title": "Two"}, {"title": "Three", "text": story(3)})
        archive.ingest([by_hand])
        archive.ingest([tmp_path / "nowhere"])
        assert _failed(archive) == [("lines.jsonl", "", 1), ("nowhere", "", 0)]
        (by_hand / "lines.jsonl").unlink()
        archive.ingest([by_hand])
        assert _failed(archive) == [("nowhere", "", 0)]
        article_file(tmp_path / "nowhere" / "a.json", story(4))
        archive.ingest([tmp_path / "nowhere"])
        assert _failed(archive) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_was_closed_is_mended_by_opening_it(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    article_file(folder / "inner" / "one.json", story(1))
    (folder / "inner").chmod(0)
    with newsroom(tmp_path) as archive:
        archive.ingest([folder])
        assert _failed(archive) == [("inner", "", 0)]
        (folder / "inner").chmod(0o700)
        archive.retry()
        assert (_failed(archive), titles(archive)) == ([], ["one"])


def test_what_was_dismissed_comes_back_with_another_error_only(source: Source, tmp_path: Path) -> None:
    assert source.path is not None
    with newsroom(tmp_path, source) as archive:
        archive.sync()
        archive.dismiss([failed.document for failed in archive.failures()])
        assert archive.failures() == []
        archive.sync()
        assert archive.failures() == []
        (source.path / "two.json").write_text('{"title": "no text"}', encoding="utf-8")
        archive.sync()
        assert _failed(archive) == [("two.json", "mine", 0)]


def test_a_run_that_is_stopped_keeps_what_failed_so_far(source: Source, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 2:
            raise Cancelled

    with newsroom(tmp_path, source) as archive:
        assert archive.sync(progress=stop, embed=False).cancelled
        assert _failed(archive) == [("two.json", "mine", 0)]
