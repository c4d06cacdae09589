"""What an article said before: kept when it changes, opened by whatever cites it, and never coming back by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from qa.answers import Answer, Citation
from qa.articles import Article
from qa.config import Source
from tests.newsroom import Newsroom, article_file, assert_whole, found_by_word, newsroom
from tests.web_server import WebServer, page

URL = "https://post.example/ferry"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as opened:
        yield opened


def report(folder: Path, text: str, name: str = "ferry") -> Path:
    """The ferry's article as it stands in a file."""
    file = article_file(folder / f"{name}.json", text, title="Ferry", url=URL)
    step = 10**9 * len(text)  # another version is another state of the file, however coarse its clock
    os.utime(file, ns=(step, step))
    return file


def only(archive: Newsroom) -> Article:
    (article,) = archive.articles()
    return article


def texts(archive: Newsroom) -> list[str]:
    """What the one article says now, and what it said before, the latest first."""
    article = only(archive)
    return [article.text, *(each.article.text for each in archive.revisions(article))]


def test_an_update_keeps_every_earlier_version(archive: Newsroom, tmp_path: Path) -> None:
    for text in ("Six died.", "Seventeen died.", "Twenty-nine people died."):
        archive.ingest([report(tmp_path, text)])
    assert texts(archive) == ["Twenty-nine people died.", "Seventeen died.", "Six died."]
    (latest, first) = archive.revisions(only(archive))
    assert latest.replaced.tzinfo == UTC
    assert latest.replaced >= first.replaced
    assert (latest.article.id, latest.article.url) == (only(archive).id, URL)
    assert (found_by_word(archive, "seventeen"), len(found_by_word(archive, "twenty"))) == ([], 1)
    assert_whole(archive)


def test_what_did_not_change_leaves_no_revision(archive: Newsroom, tmp_path: Path) -> None:
    archive.ingest([report(tmp_path, "Six died.")])
    os.utime(tmp_path / "ferry.json", ns=(1, 1))
    assert archive.ingest([tmp_path / "ferry.json"]).unchanged == 1
    assert texts(archive) == ["Six died."]
    archive.reindex()
    assert texts(archive) == ["Six died."]


def test_an_earlier_version_that_another_place_still_holds_does_not_come_back(
    archive: Newsroom, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    archive.ingest([report(old, "Six died.")])
    assert archive.ingest([report(new, "Seventeen died.")]).updated == 1
    for _ in range(2):
        os.utime(old / "ferry.json")
        os.utime(new / "ferry.json")
        again = archive.ingest([old, new])
        assert (again.updated, again.unchanged) == (0, 2)
    assert texts(archive) == ["Seventeen died.", "Six died."]
    assert archive.ingest([report(old, "Twenty-nine people died.")]).updated == 1
    assert archive.ingest([new]).updated == 0
    assert texts(archive) == ["Twenty-nine people died.", "Seventeen died.", "Six died."]


def test_a_page_that_goes_back_to_what_it_said_is_followed(archive: Newsroom, tmp_path: Path) -> None:
    for text in ("Six died.", "Seventeen died.", "Six died."):
        archive.ingest([report(tmp_path, text)])
    assert texts(archive) == ["Six died.", "Seventeen died.", "Six died."]
    assert len(found_by_word(archive, "died")) == 1
    assert_whole(archive)


# --- what cites it


def cited(article: Article, quote: str) -> Answer:
    """An answer that quotes an article."""
    start = article.text.index(quote)
    return Answer("How many?", "extractive", citations=(Citation(1, article, start, start + len(quote), quote),))


def test_a_citation_opens_its_words_after_an_update_and_after_removal(archive: Newsroom, tmp_path: Path) -> None:
    archive.ingest([report(tmp_path, "The ferry sank. Six died.")])
    session = archive.sessions.append(cited(only(archive), "Six died."))
    archive.ingest([report(tmp_path, "The ferry sank off Skarra. Seventeen died.")])
    archive.sessions.append(cited(only(archive), "Seventeen died."), session)
    archive.remove(archive.articles())
    quotes = [turn.citations[0] for turn in archive.sessions.turns(session)]
    assert [each.quote for each in quotes] == ["Six died.", "Seventeen died."]
    assert [each.article.text[each.start : each.end] for each in quotes] == ["Six died.", "Seventeen died."]


def test_a_status_says_what_has_become_of_an_article(archive: Newsroom, tmp_path: Path) -> None:
    archive.ingest([report(tmp_path, "Six died.")])
    then = only(archive)
    assert (archive.status(then).state, archive.status(then).now) == ("current", then)
    archive.ingest([report(tmp_path, "Seventeen died.")])
    assert (archive.status(then).state, archive.status(then).now) == ("changed", only(archive))
    assert archive.status(only(archive)).state == "current"
    now = only(archive)
    archive.remove([now])
    assert (archive.status(then).state, archive.status(then).now) == ("removed", None)


def test_a_status_says_since_when_the_source_no_longer_has_it(tmp_path: Path) -> None:
    file = report(tmp_path / "news", "Six died.")
    with newsroom(tmp_path, Source(path=file.parent)) as archive:
        archive.sync()
        assert archive.status(only(archive)).gone is None
        file.unlink()
        archive.sync()
        status = archive.status(only(archive))
        assert status.state == "current"
        assert status.gone is not None
        assert status.gone.tzinfo == UTC


# --- extracts

PAGE = """<html><head><title>Ferry sinks</title></head><body><article><h1>Ferry sinks</h1>
<p>The ferry sank off Skarra on Friday with six people on board, the coast guard of the island said.</p>
<p>Boats from three harbours searched for survivors in the fog until the evening, and found two.</p>
</article></body></html>"""


def feed(link: str, text: str = "The ferry sank.") -> str:
    return f"""<?xml version="1.0"?><rss version="2.0"><channel><title>The Post</title><item><title>Ferry sinks</title>
<link>{link}</link><guid>1</guid><description>{text}</description></item></channel></rss>"""


def test_the_whole_text_replaces_a_feeds_extract_and_never_the_other_way_round(tmp_path: Path) -> None:
    with WebServer() as server:
        link = server.on("/ferry", page("busy", 503), page(PAGE), page("busy", 503))
        address = server.on(
            "/feed", *(page(feed(link, text), content_type="application/rss+xml") for text in "AB"), feed(link, "C")
        )
        with newsroom(tmp_path, Source(feed=address)) as archive:
            first = archive.sync()
            assert (first.added, len(first.warnings)) == (1, 1)
            assert (only(archive).partial, only(archive).text) == (True, "A")
            assert archive.sync().updated == 1
            assert not only(archive).partial
            assert "Boats from three harbours" in only(archive).text
            assert archive.sync().updated == 0
            (tmp_path / "saved.xml").write_text(feed(link, "D"))
            assert archive.ingest([tmp_path / "saved.xml"]).updated == 0
            assert [each.article.text for each in archive.revisions(only(archive))] == ["A"]
            assert_whole(archive)
