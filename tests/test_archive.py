"""The archive as a programmer uses it: articles in, passages and answers out, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import qa
from qa.config import Config
from tests.conftest import ROOT
from tests.newsroom import article_file, found_by_word, newsroom


def _article(folder: Path, name: str, **fields: object) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    return path


@pytest.fixture
def tolls(tmp_path: Path) -> Path:
    """A folder in which three outlets report a growing toll, and one article has no date."""
    folder = tmp_path / "tolls"
    folder.mkdir()
    rows = (
        ("first", "Ferry sinks off Skarra", "The Post", "2026-04-11", "Six people died when the ferry sank."),
        (
            "second",
            "Ferry toll rises",
            "Radio",
            "2026-04-13T18:00:00+02:00",
            "Seventeen people died when the ferry sank.",
        ),
        ("third", "Captain charged", "The Post", "2026-09-17", "Twenty-nine people died when the ferry sank."),
    )
    for name, title, outlet, published, text in rows:
        _article(folder, name, title=title, outlet=outlet, published=published, text=text)
    _article(
        folder, "undated", title="Ferry history", outlet="Annals", text="A ferry sank there in bad weather before."
    )
    return folder


def test_ingest_reports_what_came_of_each_source(archive: qa.Archive, tolls: Path) -> None:
    _article(tolls, "bad", title="No text")
    _article(tolls, "odd", title="Odd date", text="The bridge opened.", published="03/04/2026")
    report = archive.ingest([tolls, tolls / "missing.txt"])
    assert (report.added, report.updated, report.unchanged, report.articles) == (5, 0, 0, 5)
    assert [Path(each.source).name for each in report.failed] == ["bad.json", "missing.txt"]
    assert "two ways" in report.warnings[0].error
    again = archive.ingest([tolls])
    assert (again.added, again.updated, again.unchanged, len(again.failed)) == (0, 0, 5, 1)


def test_a_changed_file_is_an_update_whose_old_words_are_gone(archive: qa.Archive, tolls: Path) -> None:
    archive.ingest([tolls])
    _article(tolls, "third", title="Captain charged", outlet="The Post", text="Prosecutors dropped the zeppelin case.")
    report = archive.ingest([tolls])
    assert (report.added, report.updated, report.unchanged) == (0, 1, 3)
    assert archive.search("zeppelin case")[0].article.title == "Captain charged"
    assert not any("Twenty-nine" in passage.text for passage in archive.search("Twenty-nine people died"))
    assert archive.vectors.count() == archive.catalog.counts()[1]


def test_every_passage_and_citation_is_the_articles_own_words(seeds_archive: qa.Archive) -> None:
    for passage in seeds_archive.search("ferry accident off Skarra"):
        assert passage.article.text[passage.start : passage.end] == passage.text
    answer = seeds_archive.ask("How many people died in the ferry accident?")
    assert answer.citations
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote


def _titles(archive: qa.Archive, **options: object) -> set[str]:
    return {passage.article.title for passage in archive.search("ferry sank", **options)}  # type: ignore[arg-type]


def test_filters_apply_to_dates_outlets_and_now(archive: qa.Archive, tolls: Path) -> None:
    archive.ingest([tolls])
    assert len(_titles(archive)) == 4
    assert _titles(archive, since="2026-04-13") == {"Ferry toll rises", "Captain charged"}
    assert _titles(archive, until=date(2026, 4, 11)) == {"Ferry sinks off Skarra"}
    assert _titles(archive, until=datetime(2026, 4, 13, 15, tzinfo=UTC)) == {"Ferry sinks off Skarra"}
    assert _titles(archive, since="2026-04-12", until="2026-04-14") == {"Ferry toll rises"}
    assert _titles(archive, outlets=["the post"]) == {"Ferry sinks off Skarra", "Captain charged"}
    assert _titles(archive, now="2026-04-12") == {"Ferry sinks off Skarra", "Ferry history"}


def test_of_equal_reports_the_newest_comes_first_as_of_now(archive: qa.Archive, tolls: Path) -> None:
    archive.ingest([tolls])
    assert archive.search("people died when the ferry sank", now="2026-04-14")[0].article.title == "Ferry toll rises"
    assert archive.search("people died when the ferry sank", now="2026-09-20")[0].article.title == "Captain charged"


def test_no_more_than_a_few_passages_from_one_article(seeds_archive: qa.Archive) -> None:
    found = seeds_archive.search("Costavia", limit=50)
    per_article = [sum(other.article.id == each.article.id for other in found) for each in found]
    assert max(per_article) <= seeds_archive.config.search.per_article


def test_the_stream_is_searching_found_text_finished(seeds_archive: qa.Archive) -> None:
    events = list(seeds_archive.stream("Who painted The Eel Seller?"))
    kinds = [type(event).__name__ for event in events]
    assert kinds[:2] == ["Searching", "Found"]
    assert kinds[-1] == "Finished"
    assert set(kinds[2:-1]) == {"Text"}
    finished = events[-1]
    assert isinstance(finished, qa.Finished)
    assert finished.answer.short == "Cornelis van Ostrand"
    assert finished.answer.timings["total"] >= finished.answer.timings["search"] > 0


@pytest.mark.parametrize(
    "question", ["How do I bake bread?", "Who won the World Cup final in Qatar?", "?!", "the of and"]
)
def test_what_the_articles_do_not_say_is_refused_with_the_nearest(seeds_archive: qa.Archive, question: str) -> None:
    answer = seeds_archive.ask(question)
    assert answer.abstained
    assert not answer.sentences
    assert not answer.citations
    assert answer.text == answer.reason
    assert "do not say" in answer.reason


def test_an_empty_archive_answers_that_there_is_nothing(archive: qa.Archive) -> None:
    assert archive.search("anything") == []
    answer = archive.ask("What happened?")
    assert answer.abstained
    assert "nothing in the archive" in answer.reason


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"now": "tomorrow"}, "now"),
        ({"since": "2026-05-01", "until": "2026-04-01"}, "window"),
        ({"outlets": ["The Moon Gazette"]}, "The Moon Gazette"),
        ({"mode": "guess"}, "mode"),
    ],
)
def test_wrong_arguments_are_refused_before_any_work(
    seeds_archive: qa.Archive, options: dict[str, object], says: str
) -> None:
    with pytest.raises(qa.UsageError, match=says):
        seeds_archive.stream("ferry", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ["", "   \n", "x" * 5000])
def test_an_empty_or_endless_question_is_refused(seeds_archive: qa.Archive, question: str) -> None:
    with pytest.raises(qa.UsageError, match="question"):
        seeds_archive.ask(question)


@pytest.mark.parametrize("what", ["ingest", "sync", "embed", "remove", "reindex"])
def test_every_way_to_write_waits_for_the_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr("qa.lock.WRITER_WAIT", 0.0)
    calls = {
        "ingest": lambda archive: archive.ingest([tmp_path]),
        "sync": lambda archive: archive.sync(),
        "embed": lambda archive: archive.embed(),
        "remove": lambda archive: archive.remove(["x"]),
        "reindex": lambda archive: archive.reindex(),
    }
    with newsroom(tmp_path) as first, newsroom(tmp_path) as second:
        with first.writing("crawl"), pytest.raises(qa.ArchiveBusy, match="newsdesk crawl, process") as caught:
            calls[what](second)
        assert caught.value.retryable
        calls[what](second)
        assert not (first.path / "writer").exists()


@pytest.mark.parametrize("sources", [[], [""], ["a.txt", ""]])
def test_nothing_to_ingest_is_refused(archive: qa.Archive, sources: list[str]) -> None:
    with pytest.raises(qa.UsageError, match="Nothing to ingest"):
        archive.ingest(sources)


def test_one_source_may_be_given_by_itself(archive: qa.Archive, tolls: Path) -> None:
    assert archive.ingest(tolls / "first.json", embed=False).added == 1  # type: ignore[arg-type]
    assert archive.ingest(str(tolls / "second.json"), embed=False).added == 1


def test_a_second_writer_is_told_who_holds_the_archive(tmp_path: Path, defaults: Config, tolls: Path) -> None:
    holder = f"""
import sys, qa
with qa.Archive.open({str(tmp_path / "archive")!r}) as archive, archive.writing("ingest"):
    print("held", flush=True)
    sys.stdin.readline()
"""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", holder], **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline().strip() == "held"
        with qa.Archive.open(tmp_path / "archive", config=defaults) as archive:
            with pytest.raises(qa.ArchiveBusy, match=f"process {process.pid}"):
                archive.ingest([tolls])
            process.communicate("\n")
            assert archive.ingest([tolls]).added == 4


def test_a_reader_sees_what_another_process_took_in_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By words and by meaning, without opening the archive again, whatever it had looked at before."""
    monkeypatch.setattr("qa.archive.VECTORS_PAUSE", 0.0)
    article_file(tmp_path / "bridge.json", "The bridge opened on Friday.")
    ferry = article_file(tmp_path / "ferry.json", "The ferry sank on Monday.")

    def elsewhere(do: str) -> None:
        imports = "from pathlib import Path\nfrom tests.newsroom import newsroom\n"
        code = f"{imports}with newsroom(Path({str(tmp_path)!r})) as a: {do}"
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)

    with newsroom(tmp_path) as reader:
        reader.ingest([tmp_path / "bridge.json"])
        assert [each.article.title for each in reader.search("ferry sank")] == ["bridge"]
        elsewhere(f"a.ingest([{str(ferry)!r}])")
        found = reader.search("the ferry sank on monday")
        assert found[0].article.title == "ferry"
        assert found[0].words > 0
        assert found[0].meaning > 0.5
        assert len(found_by_word(reader, "ferry")) == reader.vectors.count() - 1 == 1
        elsewhere("a.remove(a.matching([" + repr(str(ferry)) + "]))")
        assert [each.article.title for each in reader.search("the ferry sank on monday")] == ["bridge"]
        assert (found_by_word(reader, "ferry"), reader.vectors.count()) == ([], 1)


def test_beside_a_writer_the_vectors_are_reopened_now_and_then_and_the_words_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with newsroom(tmp_path) as reader, newsroom(tmp_path) as writer:
        for name in ("one", "two", "three"):
            writer.ingest([article_file(tmp_path / f"{name}.json", f"The ferry {name} sank.")])
            found = reader.search(f"the ferry {name} sank")
            assert found[0].article.title == name
            monkeypatch.setattr("qa.archive.VECTORS_PAUSE", float("inf"))
        assert reader._generations["vectors"] < reader._current()["vectors"]
        monkeypatch.setattr("qa.archive.VECTORS_PAUSE", 0.0)
        assert reader.search("the ferry three sank")[0].meaning > 0.9
        assert reader._generations == reader._current()


def test_the_convenience_function_opens_asks_and_closes(archive: qa.Archive, tolls: Path) -> None:
    archive.ingest([tolls])
    answer = qa.ask("How many people died when the ferry sank?", archive=archive.path)
    assert answer.sentences[0].verdict == "quoted"
    with pytest.raises(qa.ArchiveMissing, match="no archive there"):
        qa.ask("anything", archive=archive.path / "elsewhere")
    assert not (archive.path / "elsewhere").exists()


def test_nothing_is_asked_before_a_model_is_named(archive: qa.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    assert archive.chosen() is None
    with pytest.raises(qa.ConfigError, match="No model is configured"):
        archive.chosen("generated")
    named = archive.chosen(model="gpt-4o")
    assert named is not None
    assert named.shown == "gpt-4o at api.openai.com"
    assert archive.chosen("extractive", "gpt-4o") is None


def test_a_damaged_catalog_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(qa.IndexUnavailable, match=r"catalog\.db"):
        qa.Archive.open(tmp_path)


def test_a_path_that_cannot_be_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here", encoding="utf-8")
    with pytest.raises(qa.ArchiveError, match="file"):
        qa.Archive.open(tmp_path / "file" / "archive")


def test_a_failure_names_its_whole_path_even_with_a_colon_in_it(archive: qa.Archive, tmp_path: Path) -> None:
    path = tmp_path / "part 1: begin.json"
    path.write_text("{", encoding="utf-8")
    (failure,) = archive.ingest([path]).failed
    assert failure.source == str(path)
    assert failure.error.startswith("not valid JSON")


def test_an_absence_tells_what_is_not_embedded_yet(archive: qa.Archive, tolls: Path) -> None:
    archive.ingest([tolls])
    with archive.catalog.transaction() as db:
        db.execute("UPDATE chunks SET vectors = 0 WHERE ordinal = 0")
    answer = archive.ask("Who won the chess tournament in Reykjavik?")
    assert answer.abstained
    assert "4 of 4 passages are not embedded yet; when they are, ask again" in answer.reason


def test_a_reindex_under_way_is_named(archive: qa.Archive, tolls: Path) -> None:
    archive.ingest([tolls])
    with archive.writing("reindex"):
        archive.catalog.set_meta("model", "(rebuilding)")
        with pytest.raises(qa.ArchiveBusy, match="newsdesk reindex, process"):
            archive.search("ferry")
