"""An archive of an earlier format opens as it is: nothing is lost, nothing is read as new."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from qa.articles import Article
from qa.catalog import INDEXES, Catalog, article_row
from qa.chunks import chunk
from qa.config import Source
from qa.errors import IndexUnavailable
from qa.places import Places
from qa.readers import read
from qa.readers.documents import open_file, source_of
from qa.schema import MIGRATIONS
from tests.newsroom import Bagged, article_file, assert_whole, lines_file, newsroom, reprint, settings, story, titles

OLD_COLUMNS = "id title outlet authors published published_at updated language url place source digest text".split()
TRACKED = "http://www.post.example/ferry?utm_source=mail"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    article_file(folder / "ferry.json", story(1), url=TRACKED, outlet="The Post", published="2026-03-01")
    article_file(folder / "copy.json", reprint(story(1)), outlet="Radio", published="2026-03-02")
    lines_file(folder / "wire.jsonl", {"title": "mast", "text": "A mast fell."}, {"title": "quay", "text": "It froze."})
    return folder


def old_id(article: Article) -> str:
    """As format 1 made it, of the address as it was written."""
    return hashlib.sha256((article.url or article.source).encode()).hexdigest()[:16]


@pytest.fixture
def archive_path(tmp_path: Path, news: Path) -> Path:
    """An archive of format 1 that holds the news, with nothing indexed yet."""
    folder = tmp_path / "archive"
    folder.mkdir()
    db = sqlite3.connect(folder / "catalog.db")
    for statement in MIGRATIONS[0]:
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")
    for file in sorted(news.iterdir()):
        document = open_file(file, source_of(file), settings().limits)
        with document.stream:
            articles = [each for each in read(document) if isinstance(each, Article)]
        for each in articles:
            article = replace(each, url=TRACKED) if each.url else each  # as it was written, tracking and all
            article = replace(article, id=old_id(article))
            values = [article_row(article)[name] for name in OLD_COLUMNS]
            db.execute(f"INSERT INTO articles ({', '.join(OLD_COLUMNS)}) VALUES ({', '.join('?' * 13)})", values)
            for piece in chunk(article, Bagged().count, tokens=180):
                db.execute(
                    'INSERT INTO chunks (id, article_id, ordinal, start, "end") VALUES (?, ?, ?, ?, ?)',
                    (piece.id, piece.article_id, piece.ordinal, piece.start, piece.end),
                )
        stat = file.stat()
        db.execute("INSERT INTO files VALUES (?, ?, ?, ?)", (str(file), stat.st_mtime_ns, stat.st_size, len(articles)))
    db.commit()
    db.close()
    return folder


def test_articles_keep_their_ids_and_are_known_by_address_and_by_file(archive_path: Path, news: Path) -> None:
    catalog = Catalog(archive_path / "catalog.db")
    held = {each.title: each for each in catalog.articles()}
    assert sorted(held) == ["copy", "ferry", "mast", "quay"]
    ferry = held["ferry"]
    assert ferry.id == hashlib.sha256(TRACKED.encode()).hexdigest()[:16]
    assert (ferry.section, ferry.partial, ferry.origins) == ("", False, ())
    for address in (TRACKED, "https://post.example/ferry", "https://m.post.example/ferry/amp"):
        assert catalog.ids_of(address) == [ferry.id]
    places = Places(catalog)
    assert places.at([str(news / "ferry.json")]) == [ferry.id]
    assert sorted(places.at([str(news / "wire.jsonl")])) == sorted([held["mast"].id, held["quay"].id])
    assert len(places.at([str(news)])) == 4
    assert [catalog.gone_since(each.id) for each in held.values()] == [None] * 4
    assert [catalog.count_pending(index) for index in INDEXES] == [catalog.counts()[1]] * 2
    assert catalog.problems() == []
    catalog.close()


def test_reading_its_files_again_finds_everything_unchanged(archive_path: Path, news: Path, tmp_path: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        ids = sorted(each.id for each in archive.articles())
        assert archive.sync().unchanged == 4  # not opened
        for file in news.iterdir():
            file.touch()
        report = archive.sync()
        assert (report.added, report.updated, report.unchanged, report.gone, report.failed) == (0, 0, 4, 0, ())
        assert sorted(each.id for each in archive.articles()) == ids
        assert_whole(archive)


def test_what_is_new_in_the_format_works_for_what_is_old(archive_path: Path, news: Path, tmp_path: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
        assert [each.title for each in archive.articles(copies=False)] == ["ferry", "mast", "quay"]
        article_file(news / "ferry.json", story(3), url="https://post.example/ferry", outlet="The Post")
        (news / "wire.jsonl").unlink()
        report = archive.sync()
        assert (report.added, report.updated, report.gone) == (0, 1, 2)
        (ferry,) = archive.matching(["https://post.example/ferry"])
        assert [each.article.text for each in archive.revisions(ferry)] == [story(1)]
        assert archive.remove([ferry]) == 1
        assert archive.sync().added == 0
        assert titles(archive) == ["copy", "mast", "quay"]


def test_two_old_articles_of_one_address_stay_and_the_newer_one_is_known_by_it(archive_path: Path) -> None:
    db = sqlite3.connect(archive_path / "catalog.db")
    names = "id, title, outlet, authors, published_at, language, url, place, source, digest, text"
    address = "https://post.example/ferry"
    values = ("second", "later", "", "[]", 2e9, "", address, "", "/x.txt", "d", "Text.")
    db.execute(f"INSERT INTO articles ({names}) VALUES ({', '.join('?' * 11)})", values)
    db.commit()
    db.close()
    catalog = Catalog(archive_path / "catalog.db")
    assert catalog.counts()[0] == 5
    assert catalog.ids_of(TRACKED) == ["second"]
    catalog.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(archive_path: Path) -> None:
    db = sqlite3.connect(archive_path / "catalog.db")
    db.execute("CREATE TABLE syncs (in_the_way)")  # the last statement of the next format will fail on it
    db.commit()
    with pytest.raises(IndexUnavailable, match="syncs already exists"):
        Catalog(archive_path / "catalog.db")
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"meta", "articles", "chunks", "discarded", "files", "syncs"}
    db.execute("DROP TABLE syncs")
    db.close()
    catalog = Catalog(archive_path / "catalog.db")
    assert catalog.counts()[0] == 4
    catalog.close()


def test_each_format_is_recorded_and_a_new_file_begins_with_the_last(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.db").close()
    db = sqlite3.connect(tmp_path / "catalog.db")
    assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    db.close()
