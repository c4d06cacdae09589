"""``newsdesk doctor``: each kind of damage is found, named with what mends it, and mended."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.catalog import INDEXES
from qa.config import AnswerSection, Config, Source, unknown_variables
from qa.doctor import REINDEX, REPAIR, RESTORE, Finding, examine, repair
from qa.errors import IndexUnavailable
from qa.places import Places
from tests.newsroom import Newsroom, article_file, assert_whole, newsroom, story
from tests.openai_server import OpenAIServer


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Newsroom]:
    for number in range(3):
        article_file(tmp_path / "news" / f"{number}.json", story(number))
    with newsroom(tmp_path, Source(path=tmp_path / "news", name="news")) as opened:
        opened.sync()
        yield opened


def some_id(archive: Newsroom) -> str:
    return str(archive.catalog.all("SELECT min(id) FROM chunks")[0][0])


def double_word(archive: Newsroom) -> None:
    """The same chunk twice in the word index, as two writers could leave it."""
    import tantivy

    (each,) = archive.catalog.indexed([some_id(archive)]).values()
    writer = archive.words._index.writer()
    writer.add_document(tantivy.Document(id=each.chunk.id, outlet="", title="", text=each.text, published_at=0))
    writer.commit()
    writer.wait_merging_threads()
    archive.words.reload()


def orphan(archive: Newsroom, index: str) -> None:
    """The catalog forgets a chunk that the index keeps."""
    with archive.catalog.transaction() as db:
        db.execute("DELETE FROM chunks WHERE id = ?", (some_id(archive),))
    other = {"words": "vectors", "vectors": "words"}[index]
    if other == "words":
        archive.words.write([], [min(set(archive.words.ids()))])
    else:
        archive.vectors.remove([min(set(archive.vectors.ids()))])


DAMAGE: dict[str, tuple[Callable[[Newsroom], object], str, str]] = {
    "word missing": (lambda a: a.words.write([], [some_id(a)]), "word index", "Lacks: 1 passage"),
    "vector missing": (lambda a: a.vectors.remove([some_id(a)]), "vectors", "Lacks: 1 passage"),
    "word doubled": (double_word, "word index", "Holds twice: 1 passage"),
    "word orphaned": (lambda a: orphan(a, "words"), "word index", "Holds of no article: 1 passage"),
    "vector orphaned": (lambda a: orphan(a, "vectors"), "vectors", "Holds of no article: 1 passage"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_mended(archive: Newsroom, kind: str) -> None:
    do, part, problem = DAMAGE[kind]
    assert examine(archive) == []
    name = some_id(archive)
    do(archive)
    assert examine(archive) == [Finding(part, f"{problem}, such as {name}.", REPAIR)]  # type: ignore[arg-type]
    repair(archive)
    assert examine(archive) == []
    assert_whole(archive)


def test_what_is_still_to_be_done_is_told_and_finished(archive: Newsroom, tmp_path: Path) -> None:
    article_file(tmp_path / "news" / "late.json", story(9, 60))
    archive.sync(embed=False)
    pending = archive.catalog.count_pending("vectors")
    assert pending > 1
    assert examine(archive) == [Finding("vectors", f"Still to come: {pending} passages.", "newsdesk sync")]
    repair(archive)
    assert examine(archive) == []


@pytest.mark.parametrize("index", INDEXES)
def test_an_index_that_is_lost_is_built_anew(archive: Newsroom, tmp_path: Path, index: str) -> None:
    held = archive.catalog.counts()[1]
    archive.close()
    folder = tmp_path / "archive" / {"words": "words", "vectors": "chroma"}[index]
    shutil.rmtree(folder)
    with newsroom(tmp_path) as again:
        (finding,) = examine(again)
        assert finding.problem.startswith(f"Lacks: {held} passages, such as ")
        repair(again)
        assert examine(again) == []
        assert_whole(again)


def test_a_word_index_that_cannot_be_read_is_built_anew(archive: Newsroom, tmp_path: Path) -> None:
    archive.close()
    for file in (tmp_path / "archive" / "words").iterdir():
        if file.suffix != ".lock":
            file.write_bytes(b"rubbish")
    with newsroom(tmp_path) as again:
        (finding,) = examine(again)
        assert (finding.part, finding.mend) == ("word index", REPAIR)
        repair(again)
        assert examine(again) == []
        assert_whole(again)


def test_passages_outside_their_article_are_found(archive: Newsroom) -> None:
    with archive.catalog.transaction() as db:
        db.execute("""UPDATE chunks SET "end" = 1000000 WHERE id = ?""", (some_id(archive),))
    assert examine(archive) == [Finding("catalog", "Holds 1 passage outside an article.", REINDEX)]
    archive.reindex()
    assert examine(archive) == []


def test_a_damaged_catalog_is_told(archive: Newsroom, tmp_path: Path) -> None:
    archive.close()
    path = tmp_path / "archive" / "catalog.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("INSERT INTO keys VALUES ('https://lost.example/', 'nobody')")
    db.close()
    with newsroom(tmp_path) as again:
        found = examine(again)
    assert [each.part for each in found] == ["catalog"]
    assert found[0].problem.endswith("1 rows refer to nothing.")


@pytest.mark.parametrize("lost", ["TABLE syncs", "INDEX listed_by_date"])
def test_a_part_that_a_sound_file_has_lost_is_told(archive: Newsroom, tmp_path: Path, lost: str) -> None:
    archive.close()
    with sqlite3.connect(tmp_path / "archive" / "catalog.db") as db:
        db.execute(f"DROP {lost}")
    db.close()
    with newsroom(tmp_path) as again:
        assert again.catalog.problems() == [f"{lost.split()[1]} missing"]
        told = next(iter(examine(again)))
        assert (told.part, told.mend) == ("catalog", RESTORE)
        if lost.startswith("TABLE"):
            with pytest.raises(IndexUnavailable, match=r"no such table: syncs\. The file has lost a part of") as caught:
                Places(again.catalog).synced()
            assert "Restore it from a backup" in str(caught.value)


def test_a_source_that_is_not_there_is_told(archive: Newsroom, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "news")
    (finding,) = examine(archive)
    assert finding.part == "sources"
    assert finding.problem == f"news: {tmp_path / 'news'}: no such file or folder."


def test_another_model_is_told(archive: Newsroom) -> None:
    archive.catalog.set_meta("model", "another")
    (finding,) = examine(archive)
    assert finding.part == "model"
    assert "made by another" in finding.problem


def test_a_variable_that_is_no_setting_is_told(archive: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_SEARCH_LIMTS", "x")
    monkeypatch.setenv("NEWSDESK_SEARCH_LIMIT", "x")
    assert list(unknown_variables(os.environ)) == [("NEWSDESK_SEARCH_LIMTS", "NEWSDESK_SEARCH_LIMIT")]
    (finding,) = examine(archive)
    assert finding == Finding(
        "configuration",
        "The environment sets NEWSDESK_SEARCH_LIMTS, which is no setting.",
        "perhaps NEWSDESK_SEARCH_LIMIT",
    )


def test_the_language_model_is_looked_for(tmp_path: Path) -> None:
    with OpenAIServer() as server:
        server.models = ["llama3.2", "qwen3:latest"]
        missing = {
            name: f"offers no {name}, but llama3.2, qwen3:latest" for name in ("gpt-9", "qwen3:8b", "qwen3:8b:latest")
        }
        for model, problem in ({"llama3.2": None, "qwen3": None, "qwen3:latest": None} | missing).items():
            section = AnswerSection(base_url=server.url, model=model, retries=0)
            with Archive.open(tmp_path / "archive", config=Config(answer=section)) as archive:
                found = [each.problem for each in examine(archive) if each.part == "language model"]
            assert ([problem in each for each in found] == [True]) if problem else not found
    with Archive.open(tmp_path / "archive", config=Config(answer=section)) as archive:
        (gone,) = (each for each in examine(archive) if each.part == "language model")
    assert "no connection to" in gone.problem


def test_a_key_in_plain_text_is_found(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[answer]\napi_key = "sk-plain-0123456789"\n', encoding="utf-8")
    with Archive.open(tmp_path / "archive", config=file) as archive:
        (found,) = (each for each in examine(archive) if each.part == "configuration")
    assert "[answer] api_key is a key in plain text" in found.problem
    assert "sk-plain" not in found.problem
    assert "sk-plain" not in repr(archive.config)
