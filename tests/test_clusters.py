"""Clusters of near-copies: named by the earliest, growing by later ones, compared anew when one changes or goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from qa.articles import make_article
from qa.catalog import Catalog
from qa.clusters import Clusters
from qa.copies import version
from tests.newsroom import Newsroom, article_file, assert_whole, newsroom, reprint, story

REPORT = story(1)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.db")
    yield opened
    opened.close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as opened:
        yield opened


def print_in(folder: Path, outlet: str, published: str | None, text: str = REPORT) -> Path:
    """One outlet's print of a report, with a line of its own."""
    fields = {} if published is None else {"published": published}
    return article_file(folder / f"{outlet}.json", reprint(text, outlet), outlet=outlet, **fields)


def copies(archive: Newsroom, outlet: str) -> list[str]:
    """The outlets of the copies of one outlet's article, as the archive orders them."""
    (article,) = archive.matching(outlet=outlet)
    return [copy.outlet for copy in archive.copies(article)]


def shown(archive: Newsroom) -> list[str]:
    """The outlets of the articles that stand for their copies."""
    return [article.outlet for article in archive.articles(copies=False)]


def test_the_earliest_print_stands_for_its_copies_and_undated_ones_come_last(archive: Newsroom, tmp_path: Path) -> None:
    for outlet, published in (
        ("Undated", None),
        ("Second", "2026-03-02"),
        ("First", "2026-03-01"),
        ("Third", "2026-03-03"),
    ):
        print_in(tmp_path / "news", outlet, published)
    article_file(tmp_path / "news" / "other.json", story(2), outlet="Other", published="2026-03-02")
    archive.ingest([tmp_path / "news"])
    for outlet in ("Undated", "Second", "First", "Third"):
        assert copies(archive, outlet) == ["First", "Second", "Third", "Undated"]
    assert copies(archive, "Other") == []
    assert shown(archive) == ["Other", "First"]
    assert len(archive.articles()) == 5
    assert len(archive.articles(copies=False, limit=1, offset=1)) == 1


def test_a_cluster_grows_by_what_comes_later(archive: Newsroom, tmp_path: Path) -> None:
    for day, outlet in enumerate(("First", "Second", "Third"), 1):
        archive.ingest([print_in(tmp_path, outlet, f"2026-03-0{day}")])
        assert shown(archive) == ["First"]
    assert copies(archive, "Third") == ["First", "Second", "Third"]


def test_an_earlier_print_that_arrives_later_stands_for_the_cluster(archive: Newsroom, tmp_path: Path) -> None:
    archive.ingest([print_in(tmp_path, "Second", "2026-03-02"), print_in(tmp_path, "Third", "2026-03-03")])
    assert shown(archive) == ["Second"]
    archive.ingest([print_in(tmp_path, "First", "2026-03-01")])
    assert shown(archive) == ["First"]
    assert copies(archive, "Third") == ["First", "Second", "Third"]


def test_a_print_that_is_copied_by_two_clusters_makes_one_of_them(archive: Newsroom, tmp_path: Path) -> None:
    """An agency's report, printed in halves by some papers and as a whole by one."""
    first, second = story(1, sentences=9), story(2, sentences=9)
    archive.ingest([
        article_file(tmp_path / "a.json", first, outlet="A", published="2026-03-01"),
        article_file(tmp_path / "b.json", second, outlet="B", published="2026-03-02"),
    ])  # fmt: skip
    assert (copies(archive, "A"), copies(archive, "B")) == ([], [])
    both = article_file(tmp_path / "c.json", f"{first}\n\n{second}", outlet="C", published="2026-03-03")
    archive.ingest([both])
    assert copies(archive, "B") == ["A", "B", "C"]
    archive.remove(archive.matching(outlet="C"))
    assert (copies(archive, "A"), copies(archive, "B")) == ([], [])


def test_a_changed_article_leaves_and_the_rest_is_compared_anew(archive: Newsroom, tmp_path: Path) -> None:
    for day, outlet in enumerate(("First", "Second", "Third"), 1):
        archive.ingest([print_in(tmp_path, outlet, f"2026-03-0{day}")])
    archive.ingest([print_in(tmp_path, "First", "2026-03-01", story(3))])
    assert copies(archive, "First") == []
    assert copies(archive, "Second") == ["Second", "Third"]
    assert sorted(shown(archive)) == ["First", "Second"]
    archive.ingest([print_in(tmp_path, "First", "2026-03-01")])
    assert copies(archive, "Third") == ["First", "Second", "Third"]
    assert_whole(archive)


def test_a_removed_article_leaves_and_of_two_one_is_left_alone(archive: Newsroom, tmp_path: Path) -> None:
    for day, outlet in enumerate(("First", "Second", "Third"), 1):
        archive.ingest([print_in(tmp_path, outlet, f"2026-03-0{day}")])
    archive.remove(archive.matching(outlet="First"))
    assert copies(archive, "Third") == ["Second", "Third"]
    archive.remove(archive.matching(outlet="Third"))
    assert (copies(archive, "Second"), shown(archive)) == ([], ["Second"])
    assert_whole(archive)


def test_the_same_text_of_another_week_is_no_copy(archive: Newsroom, tmp_path: Path) -> None:
    for outlet, published in (("A", "2026-03-01"), ("B", "2026-03-06"), ("C", "2026-03-12")):
        print_in(tmp_path / "news", outlet, published)
    archive.ingest([tmp_path / "news"])
    assert copies(archive, "A") == ["A", "B"]
    assert copies(archive, "C") == []


def test_identical_passages_of_copies_are_embedded_once(archive: Newsroom, tmp_path: Path) -> None:
    long = story(1, sentences=60)  # of several passages
    for outlet, published in (("First", "2026-03-01"), ("Second", "2026-03-02")):
        article_file(tmp_path / "news" / f"{outlet}.json", long, outlet=outlet, published=published)
    report = archive.ingest([tmp_path / "news"])
    assert report.chunks == 2 * len(archive.model.texts) > 2
    archive.model.texts.clear()
    archive.ingest([article_file(tmp_path / "Third.json", long, outlet="Third", published="2026-03-03")])
    assert archive.model.texts == []
    ids = [row["id"] for row in archive.catalog.all("SELECT id FROM chunks ORDER BY ordinal, id")]
    vectors = archive.vectors.get(ids)
    for first, second, third in zip(ids[::3], ids[1::3], ids[2::3], strict=True):
        assert (vectors[first] == vectors[second]).all()
        assert (vectors[first] == vectors[third]).all()
    assert_whole(archive)


def test_the_same_words_in_articles_that_are_no_copies_are_embedded_each(archive: Newsroom, tmp_path: Path) -> None:
    for outlet, published in (("First", "2026-03-01"), ("Second", "2026-04-01")):
        article_file(tmp_path / "news" / f"{outlet}.json", REPORT, outlet=outlet, published=published)
    report = archive.ingest([tmp_path / "news"])
    assert len(archive.model.texts) == report.chunks


# --- the catalog's part


def test_settling_is_done_in_parts_and_says_when_it_is_done(catalog: Catalog) -> None:
    articles = [make_article(title=str(n), text=reprint(REPORT, f"w{n}"), source=str(n)) for n in range(5)]
    catalog.store([(each, []) for each in articles])
    clusters = Clusters(catalog)
    assert clusters.count_pending() == 5
    assert [clusters.settle(2) for _ in range(4)] == [2, 2, 1, 0]
    assert clusters.count_pending() == 0
    assert len(catalog.copies([articles[0].id])[articles[0].id]) == 5


@pytest.mark.parametrize("names", ["".join(each) for each in permutations("abc")])
@pytest.mark.parametrize("days", list(permutations((1, 2, 3))))
@pytest.mark.parametrize("batch", [1, 10])
def test_a_cluster_is_one_in_whatever_order_its_articles_come(
    catalog: Catalog, names: str, days: tuple[int, ...], batch: int
) -> None:
    """Ids decide which are compared first, dates which is the earliest: every pairing makes the same cluster."""
    dates = dict(zip(names, days, strict=True))
    for name, day in dates.items():
        text = reprint(REPORT, {"a": "First", "b": "Second", "c": "Third"}[name])
        article = make_article(title=name, text=text, source=name, published=date(2026, 3, day))
        catalog.store([(replace(article, id=name), [])])
    clusters = Clusters(catalog)
    while clusters.settle(batch):
        pass
    earliest_first = tuple(sorted(names, key=dates.__getitem__))
    found = catalog.copies(list(names))
    assert {name: tuple(copy.id for copy in found[name]) for name in names} == dict.fromkeys(names, earliest_first)
    assert [each.id for each in catalog.articles(copies=False)] == [earliest_first[0]]


def test_signatures_of_another_version_are_made_anew(catalog: Catalog) -> None:
    articles = [make_article(title=str(n), text=reprint(REPORT, f"w{n}"), source=str(n)) for n in range(2)]
    catalog.store([(each, []) for each in articles])
    clusters = Clusters(catalog)
    while clusters.settle(10):
        pass
    assert catalog.get_meta("signatures") == version()
    catalog.set_meta("signatures", "of another make")
    assert clusters.settle(10) == 2
    assert catalog.get_meta("signatures") == version()
    assert len(catalog.copies([articles[0].id])[articles[0].id]) == 2


def test_articles_too_short_to_tell_are_copies_only_of_themselves(catalog: Catalog) -> None:
    short = [
        make_article(title=str(n), text=text, source=str(n))
        for n, text in enumerate(["It rained.", "It rained!", "It snowed."])
    ]
    catalog.store([(each, []) for each in short])
    Clusters(catalog).settle(10)
    found = catalog.copies([each.id for each in short])
    assert {name: len(copies) for name, copies in found.items()} == {short[0].id: 2, short[1].id: 2}
