"""Which documents a source names: listed completely, or with an error that says what is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from qa.config import Source
from qa.errors import SourceError
from qa.sources import Listing, find_files, is_address, list_given, list_source


def plant(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("A headline\n\nText.")
    return root


def names(root: Path, *exclude: str, include: tuple[str, ...] = ()) -> list[str]:
    return below(root, Listing(Source(path=root), tuple(find_files(root, include=include, exclude=exclude))))


def below(root: Path, listing: Listing) -> list[str]:
    """The files of a complete listing, by their path below ``root``."""
    assert listing.complete
    return [each.relative_to(root).as_posix() for each in listing.documents if isinstance(each, Path)]


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


@pytest.mark.parametrize("name", ["a.unknown", "noext", "a.txt.bak", "b.gz"])
def test_a_file_named_outright_is_itself_whatever_its_kind(tmp_path: Path, name: str) -> None:
    assert list(find_files(plant(tmp_path, name) / name)) == [tmp_path / name]


def test_a_compressed_file_counts_where_its_kind_is_known(tmp_path: Path) -> None:
    plant(tmp_path, "a.txt.gz", "b.JSONL.GZ", "c.unknown.gz", "d.gz", ".e.txt.gz")
    assert names(tmp_path) == ["a.txt.gz", "b.JSONL.GZ"]


@pytest.mark.parametrize(
    ("include", "exclude", "left"),
    [
        (("*.md",), (), ["README.md", "d/c.md"]),
        (("d/*",), (), ["d/b.txt", "d/c.md"]),
        (("*.md", "a.*"), ("README.*",), ["a.txt", "d/c.md"]),
        (("*",), ("*",), []),
        (("*.unknown",), (), []),
    ],
)
def test_patterns_include_before_others_exclude(
    tmp_path: Path, include: tuple[str, ...], exclude: tuple[str, ...], left: list[str]
) -> None:
    plant(tmp_path, "README.md", "a.txt", "d/b.txt", "d/c.md", "d/e.unknown")
    assert names(tmp_path, *exclude, include=include) == left


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
def test_a_link_that_leads_nowhere_is_listed_so_that_reading_says_what_is_wrong(tmp_path: Path, target: str) -> None:
    plant(tmp_path, "a.txt")
    (tmp_path / "itself.txt").symlink_to(target)
    assert names(tmp_path) == ["a.txt", "itself.txt"]


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


def test_a_link_to_a_pipe_or_a_device_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "to-pipe.txt").symlink_to("pipe.txt")
    (tmp_path / "to-zero.txt").symlink_to("/dev/zero")
    assert list(find_files(tmp_path)) == []


# --- globs


def globbed(root: Path, pattern: str, **patterns: Any) -> list[str]:
    return below(root, list_source(Source(glob=str(root / pattern), **patterns)))


def test_a_glob_names_files_of_known_kinds_each_once_in_order(tmp_path: Path) -> None:
    plant(tmp_path, "b/2.txt", "a/1.txt", "a/x.png", "a/.h.txt", ".c/3.txt", "a/d/4.json", "5.txt")
    assert globbed(tmp_path, "*/*.txt") == ["a/1.txt", "b/2.txt"]
    assert globbed(tmp_path, "**") == ["5.txt", "a/1.txt", "a/d/4.json", "b/2.txt"]
    assert globbed(tmp_path, "**/*.txt", exclude=("1.*",)) == ["5.txt", "b/2.txt"]
    assert globbed(tmp_path, "a/**/*", include=("*.json",)) == ["a/d/4.json"]
    assert globbed(tmp_path, "[ab]/?.txt") == ["a/1.txt", "b/2.txt"]


def test_a_glob_that_matches_nothing_yet_is_complete_and_empty(tmp_path: Path) -> None:
    listing = list_source(Source(glob=str(tmp_path / "*.txt")))
    assert (listing.documents, listing.complete) == ((), True)


def test_a_glob_whose_folder_is_not_there_is_incomplete(tmp_path: Path) -> None:
    listing = list_source(Source(glob=str(tmp_path / "unmounted" / "*" / "*.txt")))
    assert [str(each) for each in listing.documents] == [
        f"{tmp_path / 'unmounted'}: no such folder; mend [[sources]] glob."
    ]
    assert not listing.complete


def test_a_glob_does_not_go_round_in_folders_that_link_to_themselves(tmp_path: Path) -> None:
    plant(tmp_path, "a.txt", "d/b.txt")
    (tmp_path / "d" / "up").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to(".")
    assert globbed(tmp_path, "**/*.txt") == ["a.txt", "d/b.txt"]


# --- configured and given


def test_a_source_lists_under_its_name(tmp_path: Path) -> None:
    plant(tmp_path, "a.txt", "b.md")
    listing = list_source(Source(name="wire", path=tmp_path, exclude=("*.md",)))
    assert (listing.name, listing.synced, listing.complete) == ("wire", True, True)
    assert listing.documents == (tmp_path / "a.txt",)
    assert list_source(Source(path=tmp_path)).name == str(tmp_path)


def test_addresses_are_listed_as_they_are() -> None:
    for kind in ("feed", "url"):
        source = Source.model_validate({kind: "https://post.example/x"})
        listing = list_source(source)
        assert (listing.documents, listing.name) == (("https://post.example/x",), "https://post.example/x")


def test_a_feed_may_be_a_file(tmp_path: Path) -> None:
    file = plant(tmp_path, "list.xml") / "list.xml"
    assert list_source(Source(feed=str(file))).documents == (file,)


def test_a_missing_folder_makes_the_listing_incomplete(tmp_path: Path) -> None:
    listing = list_source(Source(path=tmp_path / "missing"))
    assert [str(each) for each in listing.documents] == [f"{tmp_path / 'missing'}: no such file or folder."]
    assert not listing.complete


@pytest.mark.parametrize("given", ["-", "https://post.example/x", "HTTP://post.example"])
def test_what_is_given_by_hand_belongs_to_no_source(given: str) -> None:
    listing = list_given(given, outlet="The Post", language="en")
    assert (listing.documents, listing.name, listing.synced) == ((given,), "", False)
    assert (listing.source.outlet, listing.source.language) == ("The Post", "en")


@pytest.mark.parametrize("text", ["http", "https.txt", "httpx://x", "ftp://x", "file:///etc/passwd", "./http://x"])
def test_what_is_no_address_is_a_path(text: str) -> None:
    assert not is_address(text)


def test_paths_are_given_as_text_or_as_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "a.txt")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert list_given("~/a.txt").documents == list_given(tmp_path).documents == (tmp_path / "a.txt",)
