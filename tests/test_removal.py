"""Removing articles: what is chosen, that nothing of it is left, and who may bring it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.articles import Article
from qa.config import Source
from qa.errors import UsageError
from tests.newsroom import Newsroom, article_file, assert_whole, found_by_word, lines_file, newsroom, titles
from tests.web_server import WebServer, page

FERRY = "https://www.post.example/ferry"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    article_file(folder / "ferry.json", "The ferry sank.", outlet="The Post", published="2026-03-01", url=FERRY)
    article_file(folder / "d" / "tram.json", "The tram stopped.", outlet="Radio", published="2026-03-02T10:00:00Z")
    lines_file(
        folder / "d" / "wire.jsonl",
        {"title": "mast", "text": "A mast fell.", "outlet": "Radio", "published": "2026-03-03"},
        {"title": "quay", "text": "The quay froze.", "outlet": "Radio"},
    )
    return folder


@pytest.fixture
def archive(tmp_path: Path, news: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path, Source(name="news", path=news)) as opened:
        opened.sync()
        yield opened


def chosen(articles: list[Article]) -> list[str]:
    return [article.title for article in articles]


def test_articles_are_named_by_id_address_file_or_folder(
    archive: Newsroom, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ferry,) = archive.matching([FERRY])
    for name in (ferry.id, "http://m.post.example/ferry/?utm_source=x", "https://amp.post.example/ferry/amp"):
        assert archive.matching([name]) == [ferry]
    assert archive.matching([str(news / "ferry.json")]) == [ferry]
    assert chosen(archive.matching([str(news / "d" / "wire.jsonl")])) == ["mast", "quay"]
    assert chosen(archive.matching([str(news / "d")])) == ["mast", "tram", "quay"]
    monkeypatch.chdir(news)
    assert chosen(archive.matching(["d/../ferry.json", "d/tram.json"])) == ["tram", "ferry"]
    assert len(archive.matching(["."])) == 4


def test_what_is_given_narrows_together(archive: Newsroom, news: Path) -> None:
    assert chosen(archive.matching(outlet="radio")) == ["mast", "tram", "quay"]
    assert chosen(archive.matching(before="2026-03-03")) == ["tram", "ferry"]
    assert chosen(archive.matching(before="2026-03-02T10:00:00Z")) == ["ferry"]
    assert chosen(archive.matching(before="2026-03-02T10:00:01Z", outlet="Radio")) == ["tram"]
    assert chosen(archive.matching([str(news / "d")], before="2026-03-04")) == ["mast", "tram"]
    assert archive.matching([FERRY], outlet="Radio") == []
    assert archive.matching(outlet="The Moon Gazette") == []


def test_names_that_nothing_goes_by_and_nothing_at_all_are_refused(archive: Newsroom) -> None:
    with pytest.raises(UsageError, match="No article goes by 'nonsense'"):
        archive.matching([FERRY, "nonsense"])
    with pytest.raises(UsageError, match="Nothing to remove"):
        archive.matching()
    with pytest.raises(UsageError, match="before"):
        archive.matching(before="soon")
    assert len(archive.articles()) == 4


def test_nothing_is_left_of_what_was_removed(archive: Newsroom) -> None:
    ferry = archive.matching([FERRY])
    assert archive.remove(ferry) == 1
    assert titles(archive) == ["mast", "quay", "tram"]
    assert (found_by_word(archive, "ferry"), len(archive.words.ids()), archive.vectors.count()) == ([], 3, 3)
    assert_whole(archive)
    for table in ("keys", "locations", "signatures", "revisions"):
        rows = archive.catalog.all(f"SELECT count(*) FROM {table} WHERE article_id = ?", ferry[0].id)
        assert rows[0][0] == 0, table
    assert archive.remove([ferry[0].id, "nonsense"]) == 0


def test_a_sync_leaves_removed_articles_alone_even_when_their_file_changes(archive: Newsroom, news: Path) -> None:
    archive.remove(archive.matching([FERRY, str(news / "d" / "wire.jsonl")]))
    assert archive.sync().added == 0
    article_file(news / "ferry.json", "The ferry was raised.", url=FERRY + "?utm_source=mail")
    lines_file(
        news / "d" / "wire.jsonl",
        {"title": "mast", "text": "A mast fell on Friday."},
        {"title": "dune", "text": "A dune moved."},
    )
    report = archive.sync()
    assert (report.added, report.updated, report.gone) == (1, 0, 0)
    assert titles(archive) == ["dune", "tram"]


@pytest.mark.parametrize("touched", [False, True])
def test_an_ingest_by_hand_brings_a_removed_article_back(archive: Newsroom, news: Path, touched: bool) -> None:
    archive.remove(archive.matching([str(news)]))
    assert archive.articles() == []
    assert archive.sync().added == 0
    if touched:
        (news / "ferry.json").touch()
    assert archive.ingest([news / "ferry.json"]).added == 1
    assert archive.ingest([news / "d"]).added == 3
    assert archive.ingest([news]).unchanged == 4
    assert archive.sync().unchanged == 4
    assert_whole(archive)


PAGE = """<html><head><title>{0}</title></head><body><article><h1>{0}</h1>
<p>The {0} sank off Skarra on Friday with six people on board, the coast guard of the island said.</p>
<p>Boats from three harbours searched for survivors in the fog until the evening, and found two.</p>
</article></body></html>"""


def test_a_removed_entry_of_a_feed_is_not_fetched_again_by_a_sync(tmp_path: Path) -> None:
    with WebServer() as server:
        links = [server.on(f"/{name}", PAGE.format(name)) for name in ("ferry", "tram")]
        items = "".join(f"<item><title>{n}</title><link>{link}</link></item>" for n, link in enumerate(links))
        feed = server.on("/feed", f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>')
        with newsroom(tmp_path, Source(feed=feed)) as archive:
            assert archive.sync().added == 2
            archive.remove(archive.matching([links[0]]))
            assert archive.sync().added == 0
            assert server.count() == {"/feed": 2, "/ferry": 1, "/tram": 1}
            assert archive.ingest([feed]).added == 1
            assert server.count() == {"/feed": 3, "/ferry": 2, "/tram": 1}


def test_a_removed_page_comes_back_by_hand_alone(tmp_path: Path) -> None:
    with WebServer() as server:
        address = server.on("/ferry", page(PAGE.format("ferry"), etag='"1"'))
        with newsroom(tmp_path, Source(url=address)) as archive:
            archive.sync()
            archive.remove(archive.articles())
            assert archive.sync().added == 0
            assert archive.ingest([address]).added == 1
            assert archive.sync().articles == 1


def test_a_removal_that_is_interrupted_is_finished_by_the_next_writer(archive: Newsroom) -> None:
    archive.catalog.remove([each.id for each in archive.matching([FERRY])])
    assert len(found_by_word(archive, "ferry")) == 1
    assert [each.article.title for each in archive.search("ferry sank")] != ["ferry"]
    archive.embed()
    assert found_by_word(archive, "ferry") == []
    assert_whole(archive)
