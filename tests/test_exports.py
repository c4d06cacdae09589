"""Conversations as files: what stands in them, and that nothing in them acts on who reads them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import qa
from qa.answers import Answer, Citations, Sentence
from qa.archive import Archive
from qa.articles import make_article
from qa.errors import NewsdeskError, UsageError
from qa.exports import citation_reference, citation_text, file_name, format_of, save
from tests.tui_fixtures import (  # noqa: F401 - fixtures
    HOSTILE_OUTLET,
    HOSTILE_TEXT,
    HOSTILE_TITLE,
    build_archive,
    copy_archive,
    keep_conversation,
    refused_answer,
    written_answer,
)

MADE = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)


@pytest.fixture(name="conversation")
def kept_conversation(archive_path: Path) -> list[Answer]:
    keep_conversation(archive_path)
    with Archive.open(archive_path) as archive:
        session = archive.sessions.recent()[0].id
        archive.sessions.append(written_answer(archive), session)
        archive.sessions.append(refused_answer(archive), session)
        return archive.sessions.turns(session)


def hostile_answer() -> Answer:
    article = make_article(
        title=HOSTILE_TITLE, text=HOSTILE_TEXT, outlet=HOSTILE_OUTLET, source="/x", url="javascript:alert(1)//http://x"
    )
    numbers = Citations()
    quote = "# A heading? <script>alert(1)</script> ![pic](http://evil.example/a.png) \u009b2J &amp; more."
    start = article.text.index("# A heading?")
    number = numbers.cite(article, start, start + len(quote))
    return Answer(
        f"{HOSTILE_TITLE}\n---\ntitle: x",
        "generated",
        sentences=(
            Sentence(HOSTILE_TEXT, (number,), "quoted"),
            Sentence("1. <b>x</b>", (), "unsupported", ("9\u202e",)),
        ),
        citations=numbers.all(),
        passages=(),
        model="<img src=x onerror=alert(1)>",
        server="h",
    )


def test_markdown_has_every_quote_as_a_footnote(conversation: list[Answer]) -> None:
    text = qa.export(conversation, "markdown", title="The ferry", made=MADE)
    assert text.startswith('---\ntitle: "The ferry"\nexported: 2026-05-14T09:30:00+00:00\nmodels: ["llama3"]\n')
    assert "tokens_in: 1240\ntokens_out: 85\n" in text
    for turn, answer in enumerate(conversation, 1):
        for citation in answer.citations:
            note = next(line for line in text.splitlines() if line.startswith(f"[^{turn}-{citation.number}]: "))
            assert f"“{citation.quote}”" in note
            assert citation.article.outlet in note
            assert re.search(r"\d{1,2} [A-Z][a-z]{2} 2026", note)
            assert text.count(f"[^{turn}-{citation.number}]") >= 2
    assert "✗ contradicted" in text
    assert "understood: last week" in text
    assert "The articles differ on people died:" in text
    assert "The articles do not say." in text


def test_json_is_the_answers_as_the_command_line_prints_them(conversation: list[Answer]) -> None:
    read = json.loads(qa.export(conversation, "json", made=MADE))
    assert {key: read[key] for key in ("format", "version", "title", "exported")} == {
        "format": "newsdesk-conversation",
        "version": 1,
        "title": conversation[0].question,
        "exported": "2026-05-14T09:30:00+00:00",
    }
    assert read["turns"] == json.loads(json.dumps([each.as_json() for each in conversation]))


class Reading(HTMLParser):
    """The tags of a page, its ids and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        assert not any(name.startswith("on") for name in named)
        self.ids += filter(None, [named.get("id")])
        self.links += filter(None, [named.get("href")])

    def handle_data(self, data: str) -> None:
        self.words += data


def test_html_is_one_page_whose_notes_lead_both_ways(conversation: list[Answer]) -> None:
    page = Reading(qa.export(conversation, "html", title="The ferry", made=MADE))
    assert len(page.ids) == len(set(page.ids))
    inside = [link for link in page.links if link.startswith("#")]
    assert {link[1:] for link in inside} == set(page.ids)
    for answer in conversation:
        for citation in answer.citations:
            assert f"“{citation.quote}”" in page.words
    assert "✗ contradicted" in page.words


def test_nothing_hostile_is_markup_in_html() -> None:
    text = qa.export([hostile_answer()], "html", made=MADE)
    page = Reading(text)
    assert not {"script", "img", "b", "iframe"} & set(page.tags)
    assert all(link.startswith("#") for link in page.links)
    assert "<script>alert(1)</script>" in page.words
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f]", text)


def test_nothing_hostile_is_markup_in_markdown() -> None:
    text = qa.export([hostile_answer()], "markdown", made=MADE)
    front, _, rest = text.removeprefix("---\n").partition("\n---\n")
    assert len(front.splitlines()) == 5
    kinds = {token.type for token in MarkdownIt("gfm-like").enable("linkify").parse(rest)}
    assert not kinds & {"html_block", "fence", "code_block", "hr", "ordered_list_open", "table_open"}
    inline = [child.type for token in MarkdownIt("gfm-like").parse(rest) for child in token.children or ()]
    assert not {"html_inline", "image", "link_open", "code_inline"} & set(inline)
    assert "\u202e" not in text


def test_an_address_is_a_link_only_where_a_browser_may_go_there(conversation: list[Answer]) -> None:
    cited = conversation[0].citations[0]
    for url, linked in (("https://post.example/1", True), ("javascript:alert(1)", False), ('http://a/"x', False)):
        citation = replace(cited, article=replace(cited.article, url=url))
        answer = replace(conversation[0], citations=(citation, *conversation[0].citations[1:]))
        assert (url in Reading(qa.export([answer], "html")).links) is linked
        assert (f"<{url}>" in qa.export([answer])) is linked


def test_a_citation_as_text_and_as_a_reference(conversation: list[Answer]) -> None:
    cited = conversation[0].citations[0]
    citation = replace(cited, article=replace(cited.article, url="https://post.example/1", authors=("Ann Lee",)))
    assert citation_text(citation) == (
        "“Twenty-eight people are known to have died.” (The Belmarin Courier, 7 May 2026, https://post.example/1)"
    )
    title = citation.article.title
    assert citation_reference(citation) == (
        f"Ann Lee. “{title}.” The Belmarin Courier, 7 May 2026. https://post.example/1 "
        "“Twenty-eight people are known to have died.”"
    )


@pytest.mark.parametrize(
    ("given", "meant"),
    [("md", "markdown"), (".HTML", "html"), ("htm", "html"), ("json", "json"), ("Markdown", "markdown")],
)
def test_formats_by_name_and_by_suffix(given: str, meant: str) -> None:
    assert format_of(given) == meant


def test_what_cannot_be_exported_is_said(conversation: list[Answer]) -> None:
    with pytest.raises(UsageError, match="markdown, json, html"):
        qa.export(conversation, "docx")
    with pytest.raises(UsageError, match="nothing to export"):
        qa.export([])


def test_names_of_files() -> None:
    assert file_name("Who leads the dockers' union?", "markdown") == "who-leads-the-dockers-union.md"
    assert file_name("../../etc/passwd \x00", "html") == "etc-passwd.html"
    assert file_name("???", "json") == "conversation.json"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    assert save("one", path) == path
    with pytest.raises(UsageError, match="there already"):
        save("two", path)
    assert path.read_text() == "one"
    save("two", path, overwrite=True)
    assert path.read_text() == "two"
    with pytest.raises(UsageError, match="folder"):
        save("three", tmp_path)
    with pytest.raises(NewsdeskError, match="cannot be written"):
        save("three", tmp_path / "nowhere" / "out.md")
    assert [each.name for each in tmp_path.iterdir()] == ["out.md"]
