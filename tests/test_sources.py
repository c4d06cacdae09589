"""Which files a source names, and that all the samples come in."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from qa.articles import Article
from qa.articles.files import READERS, find_files, read_file
from qa.errors import SourceError
from tests.conftest import SEEDS


def plant(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("A headline\n\nText.")
    return root


def names(root: Path, *exclude: str) -> list[str]:
    found = list(find_files(root, exclude=exclude))
    assert not [each for each in found if isinstance(each, SourceError)]
    return [each.relative_to(root).as_posix() for each in found if isinstance(each, Path)]


def refusal(source: str | Path) -> str:
    (found,) = find_files(source)
    assert isinstance(found, SourceError)
    return str(found)


def test_a_folder_gives_its_readable_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    plant(tmp_path, "b.txt", "a.MD", "c/d.json", "c/a/e.jsonl", "picture.png", "noext", "a.txt.bak")
    assert names(tmp_path) == ["a.MD", "b.txt", "c/d.json", "c/a/e.jsonl"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, "a.txt", ".b.txt", ".git/c.txt", "d/.e/f.txt", "d/.g.md")
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (("README.md",), ["a.txt", "d/b.txt", "d/c.md"]),
        (("d/*",), ["README.md", "a.txt"]),
        (("*.md", "a.*"), ["d/b.txt"]),
        (("?.txt",), ["README.md", "d/README.md", "d/c.md"]),
        (("d/README.md",), ["README.md", "a.txt", "d/b.txt", "d/c.md"]),
        (("readme.md", "b", "d"), ["README.md", "a.txt", "d/README.md", "d/b.txt", "d/c.md"]),
    ],
)
def test_patterns_exclude_by_name_and_by_path(tmp_path: Path, exclude: tuple[str, ...], left: list[str]) -> None:
    plant(tmp_path, "README.md", "a.txt", "d/README.md", "d/b.txt", "d/c.md")
    assert names(tmp_path, *exclude) == left


def test_a_file_named_outright_is_itself_even_when_hidden(tmp_path: Path) -> None:
    file = plant(tmp_path, ".a.txt") / ".a.txt"
    assert list(find_files(str(file))) == [file]


def test_a_file_of_unknown_kind_named_outright_is_an_error_that_names_the_known_ones(tmp_path: Path) -> None:
    file = plant(tmp_path, "a.pdf") / "a.pdf"
    assert refusal(file) == f"{file}: not a kind that can be read; these can: {', '.join(READERS)}."


@pytest.mark.parametrize("name", ["missing", "missing.txt", "a.txt/below.txt", "nul\x00.txt"])
def test_what_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    plant(tmp_path, "a.txt")
    assert refusal(tmp_path / name) == f"{tmp_path / name}: no such file or folder."


@pytest.mark.parametrize("source", ["x" * 5000 + ".txt", "~no_such_user_here/a.txt"], ids=["long", "user"])
def test_a_name_that_the_system_refuses_is_an_error(source: str) -> None:
    assert refusal(source).startswith((f"{source}: cannot be found (", f"{source}: no such file"))


def test_links_to_files_are_followed_and_links_to_folders_are_not(tmp_path: Path) -> None:
    root = plant(tmp_path / "root", "a/b.txt")
    plant(tmp_path / "elsewhere", "c.txt")
    (root / "loop").symlink_to(root)
    (root / "a" / "up").symlink_to("..")
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    (root / "file.txt").symlink_to(tmp_path / "elsewhere" / "c.txt")
    assert names(root) == ["file.txt", "a/b.txt"]


@pytest.mark.parametrize("target", ["gone.txt", "itself.txt"])
def test_a_link_that_leads_nowhere_fails_alone(tmp_path: Path, target: str) -> None:
    plant(tmp_path, "a.txt")
    (tmp_path / "itself.txt").symlink_to(target)
    results = [article for file in find_files(tmp_path) if isinstance(file, Path) for article in read_file(file)]
    assert [type(each) for each in results] == [Article, SourceError]
    assert str(results[1]).startswith(f"{tmp_path / 'itself.txt'}: cannot be read (")


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    plant(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert names(tmp_path) == ["a.txt"]
    assert refusal(tmp_path / "pipe.txt") == f"{tmp_path / 'pipe.txt'}: neither a file nor a folder."


def test_a_folder_that_cannot_be_listed_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    plant(tmp_path, "a/1.txt", "b/2.txt", "c/3.txt")
    walk = find_files(tmp_path)
    assert next(walk) == tmp_path / "a" / "1.txt"
    shutil.rmtree(tmp_path / "b")
    file, error = walk
    assert file == tmp_path / "c" / "3.txt"
    assert str(error).startswith(f"{tmp_path / 'b'}: cannot be listed (")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_without_permission_is_an_error(tmp_path: Path) -> None:
    plant(tmp_path, "a.txt", "closed/b.txt")
    (tmp_path / "closed").chmod(0)
    try:
        file, error = find_files(tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert file == tmp_path / "a.txt"
    assert "cannot be listed" in str(error)


def test_every_sample_comes_in_and_one_alone_has_no_date() -> None:
    files = [file for file in find_files(SEEDS, exclude=["README.md"]) if isinstance(file, Path)]
    found = [article for file in files for article in read_file(file)]
    articles = [each for each in found if isinstance(each, Article)]
    assert [str(each) for each in found if isinstance(each, SourceError)] == []
    assert len(articles) == len({each.id for each in articles}) == 50
    assert [Path(each.source).name for each in articles if each.published is None] == ["meridian-olm-tunnel-opens.txt"]
    assert [(each.source, each.notes) for each in articles if each.notes] == []
    assert all(each.title and each.outlet for each in articles)


def test_a_link_to_a_pipe_or_a_device_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "to-pipe.txt").symlink_to("pipe.txt")
    (tmp_path / "to-zero.txt").symlink_to("/dev/zero")
    assert list(find_files(tmp_path)) == []


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "noise.txt"
    path.write_bytes(bytes(random.Random(1).choices(range(1, 256), k=20_000)))
    (problem,) = read_file(path)
    assert isinstance(problem, SourceError)
    assert "not a text file" in str(problem)
