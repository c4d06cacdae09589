"""Documents to articles: defaults, what is read by its content, and how little is asked of the web."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.articles import Article
from qa.catalog import Catalog
from qa.config import Source
from qa.errors import SourceError
from qa.reading import Finished, Found, Reading, Sighting, Unchanged
from qa.sources import Listing, list_given, list_source
from tests.newsroom import Newsroom, article_file, assert_whole, lines_file, newsroom, settings, titles
from tests.web_server import Reply, WebServer, page


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    catalog = Catalog(tmp_path / "catalog.db")
    opened = Reading(catalog, settings())
    yield opened
    opened.close()
    catalog.close()


def found(reading: Reading, listing: Listing) -> list[Found]:
    return [each for document in listing.documents if not isinstance(document, SourceError)
            for each in reading.read(document, listing)]  # fmt: skip


def articles(results: list[Found]) -> list[Article]:
    return [each.article for each in results if isinstance(each, Sighting)]


# --- files


def test_defaults_stand_in_only_where_an_article_names_none(reading: Reading, tmp_path: Path) -> None:
    file = lines_file(
        tmp_path / "a.jsonl",
        {"title": "a", "text": "One.", "outlet": "Radio", "language": "fr"},
        {"title": "b", "text": "Two.", "outlet": "Radio"},
        {"title": "c", "text": "Three.", "language": "fr"},
        {"title": "d", "text": "Four."},
    )
    expected = [("Radio", "fr"), ("Radio", "en"), ("The Post", "fr"), ("The Post", "en")]
    for listing in (
        list_given(file, outlet="The Post", language="EN"),
        list_source(Source(path=file, outlet="The Post", language="EN")),
    ):
        assert [(each.outlet, each.language) for each in articles(found(reading, listing))] == expected
    assert [each.outlet for each in articles(found(reading, list_given(file)))] == ["Radio", "Radio", "", ""]


def test_a_file_is_finished_with_its_state_only_when_all_of_it_was_read(reading: Reading, tmp_path: Path) -> None:
    file = lines_file(tmp_path / "a.jsonl", {"title": "a", "text": "One."}, {"title": "b", "text": "Two."})
    *sightings, finished = found(reading, list_given(file))
    assert [type(each) for each in sightings] == [Sighting, Sighting]
    assert isinstance(finished, Finished)
    assert finished.file is not None
    assert (finished.place, finished.whole, finished.vanished) == (str(file), True, False)
    assert (finished.file.path, finished.file.size, finished.file.articles) == (str(file), file.stat().st_size, 2)
    file.write_text('{"title": "a", "text": "One."}\n{broken\n', encoding="utf-8")
    assert [type(each) for each in found(reading, list_given(file))] == [Sighting, SourceError]


def test_a_file_named_outright_is_read_by_its_content(reading: Reading, tmp_path: Path) -> None:
    plain = tmp_path / "export.data"
    plain.write_text(json.dumps({"title": "Ferry sinks", "text": "The ferry sank."}), encoding="utf-8")
    packed = tmp_path / "export.unknown"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert [each.title for each in articles(found(reading, list_given(plain)))] == ["Ferry sinks"]
    assert [each.title for each in articles(found(reading, list_given(packed)))] == ["Ferry sinks"]
    noise = tmp_path / "noise.unknown"
    noise.write_bytes(b"\x00\x01\x02" * 500)
    (error,) = found(reading, list_given(noise))
    assert str(error).startswith(f"{noise}: not a kind that can be read; these can: ")


def test_what_cannot_be_opened_fails_alone(reading: Reading, tmp_path: Path) -> None:
    (tmp_path / "itself.txt").symlink_to("itself.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere")
    article_file(tmp_path / "a.json", "One.")
    results = found(reading, list_given(tmp_path))
    assert [type(each) for each in results] == [Sighting, Finished, SourceError, SourceError]
    assert [str(each) for each in results if isinstance(each, SourceError)] == [
        f"{tmp_path}/gone.txt: cannot be read (No such file or directory).",
        f"{tmp_path}/itself.txt: cannot be read (Too many levels of symbolic links).",
    ]


def test_standard_input_is_read_as_lines(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    class Typed:
        buffer = io.BytesIO(b'{"title": "a", "text": "One."}\n{"title": "b", "text": "Two."}\n')

    monkeypatch.setattr("sys.stdin", Typed())
    results = found(reading, list_given("-"))
    assert [(each.title, each.source) for each in articles(results)] == [
        ("a", "(standard input)#a"),
        ("b", "(standard input)#b"),
    ]
    assert [each.file for each in results if isinstance(each, Finished)] == [None]


# --- pages


def html(name: str, text: str = "sank off Skarra") -> str:
    return f"""<html><head><title>{name}</title></head><body><article><h1>{name}</h1>
<p>The {name} {text} on Friday with six people on board, the coast guard of the island said to the radio.</p>
<p>Near the {name} boats from three harbours searched for survivors in the fog until the evening.</p>
</article></body></html>"""


def only(archive: Newsroom) -> Article:
    (article,) = archive.articles()
    return article


def test_a_page_is_asked_for_with_the_validators_of_its_last_answer(server: WebServer, tmp_path: Path) -> None:
    url = server.on(
        "/ferry", page(html("ferry"), etag='"1"', last_modified="Mon, 02 Mar 2026 10:00:00 GMT"), page(b"", 304)
    )
    with newsroom(tmp_path, Source(url=url)) as archive:
        assert archive.sync().added == 1
        report = archive.sync()
        assert (report.added, report.updated, report.unchanged, report.gone, report.failed) == (0, 0, 1, 0, ())
        first, second = server.requests
        assert "if-none-match" not in first.headers
        assert second.headers["if-none-match"] == '"1"'
        assert second.headers["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_no_more_is_gone_and_is_there_again_when_it_is_back(
    server: WebServer, tmp_path: Path, status: int
) -> None:
    whole = page(html("ferry"), etag='"1"')
    url = server.on("/ferry", whole, page("no", status), page("no", status), whole)
    with newsroom(tmp_path, Source(url=url)) as archive:
        archive.sync()
        report = archive.sync()
        assert (report.gone, [each.source for each in report.failed]) == (1, [url])
        assert archive.status(only(archive)).gone is not None
        assert archive.sync().gone == 0
        assert archive.sync().unchanged == 1
        assert archive.status(only(archive)).gone is None
        assert "if-none-match" not in server.requests[-1].headers


@pytest.mark.parametrize("reply", [page("busy", 503), page("no", 403), page("<html></html>")])
def test_a_page_that_fails_is_not_gone(server: WebServer, tmp_path: Path, reply: Reply) -> None:
    url = server.on("/ferry", page(html("ferry")), reply)
    with newsroom(tmp_path, Source(url=url)) as archive:
        archive.sync()
        report = archive.sync()
        assert (report.gone, len(report.failed)) == (0, 1)
        assert archive.status(only(archive)).gone is None


def test_a_page_by_hand_is_always_asked_for_anew_and_never_gone(server: WebServer, tmp_path: Path) -> None:
    url = server.on(
        "/ferry", page(html("ferry"), etag='"1"'), page(html("ferry", "was raised"), etag='"2"'), page("no", 404)
    )
    with newsroom(tmp_path) as archive:
        assert archive.ingest([url]).added == 1
        assert archive.ingest([url]).updated == 1
        report = archive.ingest([url])
        assert (report.gone, len(report.failed)) == (0, 1)
        assert [request.headers.get("if-none-match") for request in server.requests] == [None] * 3


def test_other_schemes_are_no_addresses(tmp_path: Path) -> None:
    with newsroom(tmp_path) as archive:
        report = archive.ingest(["file:///etc/hostname", "ftp://post.example/a"])
        assert (report.added, len(report.failed)) == (0, 2)


# --- feeds


def feed(server: WebServer, *names: str, etag: str = "") -> Reply:
    items = "".join(
        f"<item><title>{name}</title><link>{server.url('/' + name)}</link><guid>{name}</guid></item>" for name in names
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Post</title>{items}</channel></rss>'
    kind = "application/rss+xml"
    return page(body, content_type=kind, etag=etag) if etag else page(body, content_type=kind)


def serve(server: WebServer, *replies: Reply) -> str:
    for name in ("ferry", "tram", "quay"):
        server.on(f"/{name}", html(name))
    return server.on("/feed", *replies)


def test_a_second_sync_of_a_feed_costs_one_conditional_request(server: WebServer, tmp_path: Path) -> None:
    url = serve(server, feed(server, "ferry", "tram", etag='"1"'), page(b"", 304))
    with newsroom(tmp_path, Source(name="post", feed=url)) as archive:
        assert archive.sync().added == 2
        assert server.count() == {"/feed": 1, "/ferry": 1, "/tram": 1}
        report = archive.sync()
        assert (report.added, report.unchanged, report.gone, report.failed) == (0, 2, 0, ())
        assert server.count() == {"/feed": 2, "/ferry": 1, "/tram": 1}
        assert server.requests[-1].headers["if-none-match"] == '"1"'


def test_a_changed_feed_fetches_its_new_entries_alone(server: WebServer, tmp_path: Path) -> None:
    url = serve(server, feed(server, "ferry", "tram"), feed(server, "quay", "ferry", "tram"))
    with newsroom(tmp_path, Source(feed=url)) as archive:
        archive.sync()
        report = archive.sync()
        assert (report.added, report.unchanged) == (1, 2)
        assert server.count() == {"/feed": 2, "/ferry": 1, "/tram": 1, "/quay": 1}
        assert titles(archive) == ["ferry", "quay", "tram"]
        assert_whole(archive)


def test_what_a_feed_knows_is_never_fetched_again_nor_gone(server: WebServer, tmp_path: Path) -> None:
    url = serve(server, feed(server, "ferry", "tram"))
    with newsroom(tmp_path, Source(feed=url)) as archive:
        assert [archive.sync().gone for _ in range(3)] == [0, 0, 0]
        assert server.count() == {"/feed": 3, "/ferry": 1, "/tram": 1}


def test_what_a_feed_drops_is_not_gone(server: WebServer, tmp_path: Path) -> None:
    url = serve(server, feed(server, "ferry", "tram"), feed(server, "quay"))
    with newsroom(tmp_path, Source(feed=url)) as archive:
        archive.sync()
        report = archive.sync()
        assert (report.added, report.gone) == (1, 0)
        assert [archive.status(each).gone for each in archive.articles()] == [None] * 3


def test_a_feed_that_could_not_be_read_to_its_end_is_asked_for_anew(server: WebServer, tmp_path: Path) -> None:
    url = serve(server, feed(server, "ferry", "missing", etag='"1"'))
    with newsroom(tmp_path, Source(feed=url)) as archive:
        report = archive.sync()
        assert (report.added, len(report.failed)) == (1, 1)
        archive.sync()
        assert [request.headers.get("if-none-match") for request in server.requests if request.path == "/feed"] == [
            None
        ] * 2
        assert server.count()["/ferry"] == 1


def test_an_unchanged_page_counts_what_stands_at_its_address(server: WebServer, tmp_path: Path) -> None:
    url = serve(server, feed(server, "ferry", "tram", etag='"1"'), page(b"", 304))
    with newsroom(tmp_path, Source(feed=url)) as archive:
        archive.sync()
        listing = list_source(Source(feed=url))
        reading = Reading(archive.catalog, archive.config)
        assert list(reading.read(url, listing)) == [Unchanged(2)]
        reading.close()
