"""Where articles stand: what a sync calls gone, what it never does, and what it does not open again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from qa.articles import Article, make_article
from qa.catalog import Catalog
from qa.chunks import Chunk
from qa.config import Source
from qa.errors import UsageError
from qa.intake import IngestReport
from qa.places import FileState, Places, Synced, is_path
from tests.newsroom import Newsroom, article_file, lines_file, newsroom, titles


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.db")
    yield opened
    opened.close()


def stored(catalog: Catalog, *names: str) -> list[str]:
    articles: list[tuple[Article, list[Chunk]]] = [
        (make_article(title=name, text=f"Text of {name}.", source=f"/n/{name}", url=f"https://post.example/{name}"), [])
        for name in names
    ]
    catalog.store(articles)
    return [article.id for article, _ in articles]


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.gone, len(report.failed)


def gone(archive: Newsroom) -> list[str]:
    """The titles of the articles that are marked."""
    return sorted(each.title for each in archive.articles() if archive.status(each).gone)


# --- the records


def test_a_file_counts_as_read_only_in_exactly_the_recorded_state(catalog: Catalog) -> None:
    places = Places(catalog)
    places.set_read([FileState("/a", 5, 10, 3), FileState("/b", 1, 1, 0)])
    assert places.articles_read("/a", 5, 10) == 3
    assert places.articles_read("/b", 1, 1) == 0
    assert [places.articles_read(*state) for state in (("/a", 6, 10), ("/a", 5, 11), ("/c", 5, 10))] == [None] * 3
    places.set_read([FileState("/a", 6, 10, 4)])
    assert (places.articles_read("/a", 6, 10), places.articles_read("/a", 5, 10)) == (4, None)


def test_articles_are_found_at_their_place_and_below_their_folder(catalog: Catalog) -> None:
    places = Places(catalog)
    a, b, c = stored(catalog, "a", "b", "c")
    places.seen([("/n/1.txt", a, "", 1), ("/n/d/2.txt", b, "", 1), ("/n2/3.txt", c, "", 1), ("/n/d/2.txt", a, "", 1)])
    assert places.at(["/n/1.txt"]) == [a]
    assert sorted(places.at(["/n"])) == sorted(places.at(["/n/"])) == sorted([a, b])
    assert sorted(places.at(["/n/d", "/n2"])) == sorted([a, b, c])
    assert places.at(["/", "/n/1"]) == places.at(["/"])
    assert (places.at(["/n/1"]), places.at([])) == ([], [])


def test_an_article_is_gone_when_its_last_place_has_lost_it(catalog: Catalog) -> None:
    places = Places(catalog)
    (a,) = stored(catalog, "a")
    places.seen([("/1", a, "s", 1), ("/2", a, "s", 1)])
    assert (places.vanished("/1"), catalog.gone_since(a)) == (0, None)
    assert places.vanished("/2") == 1
    since = catalog.gone_since(a)
    assert since is not None
    assert since.utcoffset() is not None
    assert places.vanished("/2") == 0
    places.seen([("/1", a, "s", 2)])
    assert catalog.gone_since(a) is None


def test_a_place_drops_what_it_held_before_this_run(catalog: Catalog) -> None:
    places = Places(catalog)
    a, b = stored(catalog, "a", "b")
    places.seen([("/1", a, "", 1), ("/1", b, "", 1)])
    places.seen([("/1", b, "", 2)])
    assert places.dropped("/1", 2) == 1
    assert (catalog.gone_since(a) is None, catalog.gone_since(b) is None) == (False, True)
    assert places.at(["/1"]) == [b]


def test_what_vanished_is_asked_for_and_read_afresh_when_it_is_back(catalog: Catalog) -> None:
    places = Places(catalog)
    places.set_read([FileState("/a", 1, 1, 1)])
    places.set_validators([("https://x.example", '"1"', "yesterday")])
    assert places.validators("https://x.example") == ('"1"', "yesterday")
    places.vanished("/a")
    places.vanished("https://x.example")
    assert places.articles_read("/a", 1, 1) is None
    assert places.validators("https://x.example") == ("", "")


def test_an_article_is_known_if_it_is_whole_and_read_since(catalog: Catalog) -> None:
    places = Places(catalog)
    (a,) = stored(catalog, "a")
    key = "https://post.example/a"
    assert not places.is_known(key, None)  # stored, yet where it was read was not recorded any more
    places.seen([("/1", a, "", 50 * 10**9)])
    assert [places.is_known(key, updated) for updated in (None, 49.0, 50.0, 51.0)] == [True, True, True, False]
    assert not places.is_known("https://post.example/b", None)
    extract = make_article(title="e", text="Part.", source="f#e", url="https://post.example/e", partial=True)
    catalog.store([(extract, [])])
    places.seen([("f", extract.id, "", 50 * 10**9)])
    assert not places.is_known("https://post.example/e", None)


def test_a_sync_is_recorded_with_its_counts(catalog: Catalog) -> None:
    places = Places(catalog)
    ended = datetime.fromisoformat("2026-03-04T05:06:07+00:00")
    places.record(Synced("wire", ended, 9, 9, 9, 9))
    places.record(Synced("wire", ended, 1, 2, 3, 4))
    places.record(Synced("post", ended, 0, 0, 0, 0))
    assert places.synced() == [Synced("post", ended, 0, 0, 0, 0), Synced("wire", ended, 1, 2, 3, 4)]


@pytest.mark.parametrize(("place", "path"), [("/a", True), ("https://x.example", False), ("(standard input)", False)])
def test_a_place_is_a_path_or_an_address(place: str, path: bool) -> None:
    assert is_path(place) is path


# --- a folder in step


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Two articles in files of their own, two in one file."""
    article_file(tmp_path / "news" / "ferry.json", "The ferry sank.")
    article_file(tmp_path / "news" / "d" / "bridge.json", "The bridge opened.")
    lines_file(
        tmp_path / "news" / "wire.jsonl",
        {"id": "1", "title": "mast", "text": "A mast fell."},
        {"id": "2", "title": "quay", "text": "The quay froze."},
    )
    return tmp_path / "news"


def test_a_sync_tells_new_changed_unchanged_and_gone_apart(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(name="news", path=news)) as archive:
        assert counts(archive.sync()) == (4, 0, 0, 0, 0)
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)
        article_file(news / "ferry.json", "The ferry was raised from the sea.")
        article_file(news / "tram.json", "The tram stopped.")
        (news / "d" / "bridge.json").unlink()
        assert counts(archive.sync()) == (1, 1, 2, 1, 0)
        assert gone(archive) == ["bridge"]
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)
        assert archive.search("bridge opened")[0].article.title == "bridge"


def test_a_file_that_did_not_change_is_not_opened_again(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
        state = (news / "ferry.json").stat()
        (news / "ferry.json").write_text("{broken".ljust(state.st_size), encoding="utf-8")
        os.utime(news / "ferry.json", ns=(state.st_atime_ns, state.st_mtime_ns))
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)
        os.utime(news / "ferry.json", ns=(state.st_atime_ns, state.st_mtime_ns + 1))
        assert counts(archive.sync()) == (0, 0, 3, 0, 1)
        assert gone(archive) == []


def test_what_is_back_is_no_longer_gone(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
        (news / "ferry.json").rename(tmp_path / "away")
        assert archive.sync().gone == 1
        (tmp_path / "away").rename(news / "ferry.json")  # with the times that it had
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)
        assert gone(archive) == []


def test_an_article_that_its_file_no_longer_holds_is_gone_and_the_others_stay(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
        lines_file(news / "wire.jsonl", {"id": "2", "title": "quay", "text": "The quay froze."})
        assert counts(archive.sync()) == (0, 0, 3, 1, 0)
        assert gone(archive) == ["mast"]
        lines_file(
            news / "wire.jsonl",
            {"id": "1", "title": "mast", "text": "A mast fell."},
            {"id": "2", "title": "quay", "text": "The quay froze."},
        )
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)
        assert gone(archive) == []


def test_a_file_that_could_not_be_read_to_its_end_drops_nothing(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
        (news / "wire.jsonl").write_text('{"id": "2", "title": "quay", "text": "The quay froze."}\n{broken\n')
        assert counts(archive.sync()) == (0, 0, 3, 0, 1)
        assert gone(archive) == []


@pytest.mark.parametrize("kind", ["path", "glob"])
def test_a_source_whose_folder_is_not_there_marks_nothing(tmp_path: Path, news: Path, kind: str) -> None:
    where = news if kind == "path" else news / "**" / "*.json*"
    with newsroom(tmp_path, Source.model_validate({kind: where if kind == "path" else str(where)})) as archive:
        assert archive.sync().added == 4
        news.rename(tmp_path / "unmounted")
        assert counts(archive.sync()) == (0, 0, 0, 0, 1)
        assert gone(archive) == []
        (tmp_path / "unmounted").rename(news)
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_is_closed_marks_nothing(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
        (news / "ferry.json").unlink()
        (news / "d").chmod(0)
        try:
            assert counts(archive.sync()) == (0, 0, 2, 0, 1)
        finally:
            (news / "d").chmod(0o700)
        assert archive.sync().gone == 1


def test_what_was_added_by_hand_or_lies_elsewhere_is_never_marked(tmp_path: Path, news: Path) -> None:
    other = article_file(tmp_path / "other" / "tram.json", "The tram stopped.")
    by_hand = article_file(tmp_path / "desk" / "note.json", "A note.")
    with newsroom(tmp_path, Source(name="a", path=news), Source(name="b", path=other.parent)) as archive:
        archive.ingest([by_hand])
        archive.sync()
        other.unlink()
        by_hand.unlink()
        assert archive.sync(["a"]).gone == 0
        assert archive.sync().gone == 1
        assert gone(archive) == ["tram"]


def test_what_was_added_by_hand_first_belongs_to_the_source_that_holds_it(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.ingest([news])
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)
        (news / "ferry.json").unlink()
        assert archive.sync().gone == 1


def test_an_article_at_two_places_is_gone_when_both_are(tmp_path: Path) -> None:
    url = "https://post.example/ferry"
    one = article_file(tmp_path / "news" / "a.json", "The ferry sank.", title="ferry", url=url)
    two = article_file(tmp_path / "news" / "b.json", "The ferry sank.", title="ferry", url=url + "?utm_source=x")
    with newsroom(tmp_path, Source(path=tmp_path / "news")) as archive:
        assert counts(archive.sync()) == (1, 0, 1, 0, 0)
        one.unlink()
        assert archive.sync().gone == 0
        two.unlink()
        assert archive.sync().gone == 1
        assert gone(archive) == ["ferry"]


def test_a_file_that_is_excluded_now_and_still_there_is_not_gone(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(name="news", path=news)) as archive:
        archive.sync()
    with newsroom(tmp_path, Source(name="news", path=news, exclude=("ferry.*",))) as archive:
        assert counts(archive.sync()) == (0, 0, 3, 0, 0)
        (news / "ferry.json").unlink()
        assert archive.sync().gone == 1


def test_a_file_that_vanishes_before_it_is_read_fails_alone_and_is_gone_next_time(tmp_path: Path, news: Path) -> None:
    class Late(Newsroom):
        """Reads only after a file has gone, as a sync beside another program may."""

        def _take_in(self, *arguments, **options) -> IngestReport:  # type: ignore[no-untyped-def]
            (news / "ferry.json").unlink(missing_ok=True)
            return super()._take_in(*arguments, **options)

    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
    with newsroom(tmp_path, Source(path=news), kind=Late) as archive:
        report = archive.sync()
        assert counts(report) == (0, 0, 3, 0, 1)
        assert [(each.source, each.error) for each in report.failed] == [
            (str(news / "ferry.json"), "cannot be read (No such file or directory).")
        ]
        assert archive.sync().gone == 1


def test_each_source_is_recorded_under_its_name(tmp_path: Path, news: Path) -> None:
    sources = (Source(name="wire", path=news), Source(path=tmp_path / "missing"))
    with newsroom(tmp_path, *sources) as archive:
        archive.sync(["wire"])
        places = Places(archive.catalog)
        assert [each.source for each in places.synced()] == ["wire"]
        archive.sync()
        found = {each.source: (each.added, each.updated, each.gone, each.failed) for each in places.synced()}
        assert found == {"wire": (0, 0, 0, 0), str(tmp_path / "missing"): (0, 0, 0, 1)}
        archive.ingest([article_file(tmp_path / "desk" / "note.json", "A note.")])
        assert len(places.synced()) == 2


def test_an_unknown_source_is_refused_with_those_there_are(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(name="wire", path=news), Source(path=tmp_path)) as archive:
        with pytest.raises(UsageError) as caught:
            archive.sync(["wire", "wires"])
        assert str(caught.value) == f"No source is called wires. Configured are: wire, {tmp_path}."
        assert titles(archive) == []
    with newsroom(tmp_path) as archive, pytest.raises(UsageError, match="Configured are: none"):
        archive.sync(["wire"])


# --- files that move


def test_a_moved_file_keeps_its_id_and_is_not_embedded_again(tmp_path: Path, news: Path) -> None:
    with newsroom(tmp_path, Source(path=news)) as archive:
        archive.sync()
        ids = {each.title: each.id for each in archive.articles()}
        archive.model.texts.clear()
        (news / "ferry.json").rename(news / "d" / "renamed.json")
        shutil.move(news / "wire.jsonl", news / "d" / "wire-1.jsonl")
        assert counts(archive.sync()) == (0, 0, 4, 0, 0)
        assert ({each.title: each.id for each in archive.articles()}, gone(archive)) == (ids, [])
        assert archive.model.texts == []
        moved = archive.article(ids["ferry"])
        assert moved is not None
        assert moved.source == str(news / "d" / "renamed.json")
        (news / "d" / "renamed.json").unlink()
        assert archive.sync().gone == 1


def test_a_moved_file_that_is_replaced_by_a_new_one_costs_neither_article(tmp_path: Path) -> None:
    """A paper that writes ``today.json`` each day, and keeps yesterday's under its date."""
    today = article_file(tmp_path / "news" / "today.json", "The ferry sank.", title="ferry")
    with newsroom(tmp_path, Source(path=today.parent)) as archive:
        archive.sync()
        today.rename(today.parent / "2026-03-04.json")
        article_file(today, "The bridge opened.", title="bridge")
        archive.sync()
        assert titles(archive) == ["bridge", "ferry"]
        assert archive.sync().unchanged == 2


def test_a_new_file_at_the_old_place_of_a_moved_one_is_another_article(tmp_path: Path) -> None:
    today = article_file(tmp_path / "news" / "today.json", "The ferry sank.", title="ferry")
    with newsroom(tmp_path, Source(path=today.parent)) as archive:
        archive.sync()
        today.rename(today.parent / "2026-03-04.json")
        archive.sync()
        article_file(today, "The bridge opened.", title="bridge")
        archive.sync()
        assert titles(archive) == ["bridge", "ferry"]
