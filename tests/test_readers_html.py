"""Web pages: the text, what the page says about it and which of it is believed, damaged and hostile pages."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from qa.articles import Article
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.documents import HEAD, Document
from qa.readers.html import HtmlReader, NoArticle, article_from_html

URL = "https://post.example/world/bridge-closes"
CET = timezone(timedelta(hours=1))
FIRST = "The council of Varnholm voted on Tuesday to close the harbour bridge until the end of the year."
SECOND = "Engineers had found cracks in its northern pier, which carries two thirds of the load, officials said."
THIRD = "Ferries will run every ten minutes from March, and the detour over Old Lock adds twenty minutes."
BODY = f"<p>{FIRST}</p>\n<p>{SECOND}</p>\n<h2>What comes\n next</h2>\n<p>{THIRD}</p>"
TEXT = f"{FIRST}\n\n{SECOND}\n\n## What comes next\n\n{THIRD}"


def page(head: str = "", body: str = BODY, *, html: str = "<html>", top: str = "") -> str:
    links = "".join(f"<li><a href='/s{n}'>Section {n}</a></li>" for n in range(9))
    return (
        f"<!doctype html>{html}<head>{head}</head><body><nav><ul>{links}</ul></nav>"
        f"<main><article>{top}{body}</article></main>"
        f"<aside><a href='/other'>Another story</a></aside><footer>Imprint and contact</footer></body></html>"
    )


def json_ld(*values: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def read(markup: str | bytes, **options: Any) -> Article:
    data = markup if isinstance(markup, bytes) else markup.encode()
    return article_from_html(data, **{"source": "a.html", "url": URL, **options})


def origins(article: Article) -> dict[str, str]:
    return dict(article.origins)


# --- text


def test_the_text_is_the_articles_paragraphs_and_headings_alone() -> None:
    found = read(page("<title>Bridge closes</title>", top="<h1>Bridge closes</h1>"))
    assert found.title == "Bridge closes"
    assert found.text == TEXT
    assert origins(found)["text"] == "page"
    assert origins(found)["title"] == "<h1>"


def test_lists_quotes_and_line_ends_become_paragraphs_and_lines() -> None:
    extra = (
        f"<ul><li>Buses <b>run</b> on</li><li>Trams do not</li></ul><blockquote><p>{SECOND}</p></blockquote>"
        "<p>Town Hall<br>Harbour Road 1</p><h3>Related stories</h3>"
    )
    found = read(page(body=f"<p>{FIRST}</p>{extra}"))
    assert found.text == f"{FIRST}\n\nBuses run on\n\nTrams do not\n\n{SECOND}\n\nTown Hall\nHarbour Road 1"


def test_tables_comments_and_scripts_are_no_text() -> None:
    extra = "<table><tr><td>Cell 1</td></tr></table><script>var x = 'SCRIPT';</script><!-- REMARK -->"
    comments = "<section id='comments' class='comments'><p>I never liked that bridge, said a reader.</p></section>"
    assert read(page(body=BODY + extra + comments)).text == TEXT


def test_a_page_without_article_text_is_refused() -> None:
    with pytest.raises(NoArticle, match=r"^a\.html: no article text found\.$"):
        read("<!doctype html><html><head><title>Front</title></head><body></body></html>")
    with pytest.raises(SourceError, match="no article text found"):
        read("<html>")


def test_the_text_in_json_ld_stands_in_where_the_page_shows_none() -> None:
    found = read(f"<html><head>{json_ld({'@type': 'NewsArticle', 'articleBody': FIRST})}</head><body></body></html>")
    assert (found.text, origins(found)["text"]) == (FIRST, "json-ld")


# --- what the page says


def test_json_ld_gives_every_field() -> None:
    node = {
        "@context": "https://schema.org",
        "@type": "ReportageNewsArticle",
        "headline": "Bridge &amp; lock close | The Post",
        "datePublished": "2024-03-17T08:30:00+01:00",
        "dateModified": "2024-03-17T10:00:00+01:00",
        "author": [{"@type": "Person", "name": "Ann Lee"}, {"@id": "#bo"}, "By Cy Fox and Di Roe"],
        "publisher": {"@type": "Organization", "name": "The Post"},
        "articleSection": ["World", "Europe"],
        "inLanguage": "en_GB",
        "dateline": "VARNHOLM",
        "mainEntityOfPage": URL,
    }
    graph = {"@graph": [{"@type": "WebPage"}, node, {"@type": "Person", "@id": "#bo", "name": "Bo Day"}]}
    found = read(page(json_ld([graph]) + meta("og:title", "Other") + meta("article:section", "Other")))
    assert found.title == "Bridge & lock close"
    assert found.published == datetime(2024, 3, 17, 8, 30, tzinfo=CET)
    assert found.updated == datetime(2024, 3, 17, 10, 0, tzinfo=CET)
    assert found.authors == ("Ann Lee", "Bo Day", "Cy Fox", "Di Roe")
    assert (found.outlet, found.section, found.language, found.place) == ("The Post", "World", "en-gb", "VARNHOLM")
    fields = ("title", "outlet", "authors", "published", "updated", "language", "section", "place")
    assert origins(found) == {"url": "address", **dict.fromkeys(fields, "json-ld"), "text": "page"}
    assert found.notes == ()


def test_meta_tags_give_what_json_ld_does_not() -> None:
    head = (
        meta("og:title", "Bridge closes - Post")
        + meta("og:site_name", "The Post")
        + meta("article:published_time", "2024-03-17T08:30:00Z")
        + meta("article:modified_time", "2024-03-18")
        + '<meta name="Author" content="By Ann Lee, Bo Day and Cy Fox">'
        + meta("article:section", "World")
    )
    found = read(page(head, html='<html lang="en-US">'))
    assert (found.title, found.outlet, found.section) == ("Bridge closes", "The Post", "World")
    assert (found.published, found.updated) == (datetime(2024, 3, 17, 8, 30, tzinfo=UTC), date(2024, 3, 18))
    assert (found.authors, found.language) == (("Ann Lee", "Bo Day", "Cy Fox"), "en-us")
    assert origins(found)["published"] == "meta article:published_time"
    assert origins(found)["authors"] == "meta author"
    assert origins(found)["language"] == "<html lang>"


@pytest.mark.parametrize(
    ("tag", "origin"),
    [
        ('<meta name="DC.date.issued" content="2024-03-17">', "meta dc.date.issued"),
        ('<meta name="dcterms:created" content="2024-03-17">', "meta dcterms.created"),
        ('<meta name="parsely-pub-date" content="2024-03-17">', "meta parsely-pub-date"),
        ('<meta name="sailthru.date" content="2024-03-17">', "meta sailthru.date"),
        ('<meta itemprop="datePublished" content="2024-03-17">', "meta datepublished"),
        ('<meta name="pubdate" content="20240317">', "meta pubdate"),
    ],
)
def test_each_family_of_meta_tags_gives_the_date(tag: str, origin: str) -> None:
    found = read(page(tag))
    assert (found.published, origins(found)["published"]) == (date(2024, 3, 17), origin)


@pytest.mark.parametrize(
    ("url", "top", "expected", "origin"),
    [
        (URL, '<time datetime="2024-03-17">today</time>', date(2024, 3, 17), "<time>"),
        ("https://post.example/2024/03/17/bridge", "", date(2024, 3, 17), "address"),
        ("https://post.example/2024/mar/17/bridge", "", date(2024, 3, 17), "address"),
        ("https://post.example/2024-03-17-bridge", "", date(2024, 3, 17), "address"),
        ("https://post.example/20240317/bridge", "", date(2024, 3, 17), "address"),
        (URL, '<div class="byline">By Ann Lee, March 17, 2024</div>', date(2024, 3, 17), "text"),
        (URL, '<span class="pub-date">Published: 17 March 2024, 9 am</span>', date(2024, 3, 17), "text"),
        (URL, "<p>VARNHOLM, March 17, 2024 (Meridian Wire) - It closed.</p>", date(2024, 3, 17), "text"),
        ("https://post.example/1234567/bridge", "", None, None),
        ("https://post.example/2024/13/45/bridge", "", None, None),
    ],
)
def test_the_markup_the_address_and_the_text_give_a_date_in_this_order(
    url: str, top: str, expected: date | None, origin: str | None
) -> None:
    found = read(page(top=top), url=url)
    assert (found.published, origins(found).get("published")) == (expected, origin)


def test_the_time_of_another_story_is_not_the_articles() -> None:
    beside = '<aside><time datetime="2023-01-01">older</time></aside>'
    assert read(beside + page()).published is None


def test_the_first_place_wins_and_an_implausible_date_gives_way_with_a_note() -> None:
    head = (
        json_ld({"@type": "NewsArticle", "datePublished": "2999-01-01"})
        + meta("article:published_time", "0021-03-17T00:00:00Z")
        + '<meta name="date" content="03/04/2024"><meta name="parsely-pub-date" content="soon">'
    )
    found = read(
        page(head, top='<time datetime="2024-03-17T08:30:00Z">x</time>'), url="https://post.example/2020/01/01/a"
    )
    assert (found.published, origins(found)["published"]) == (datetime(2024, 3, 17, 8, 30, tzinfo=UTC), "<time>")
    assert found.notes == (
        "date '2999-01-01' lies in the future (published, json-ld); ignored",
        "date '0021-03-17T00:00:00Z' lies before 1900 (published, meta article:published_time); ignored",
        "date 'soon' is not understood (published, meta parsely-pub-date); ignored",
        "date '03/04/2024' reads two ways (day and month) (published, meta date); ignored",
    )


def test_an_update_that_is_no_later_than_publication_is_none() -> None:
    node = {"@type": "Article", "datePublished": "2024-03-17T08:30:00Z", "dateModified": "2024-03-17T08:30:00Z"}
    found = read(page(json_ld(node)))
    assert (found.updated, "updated" in origins(found)) == (None, False)


@pytest.mark.parametrize(
    ("title", "outlet", "expected"),
    [
        ("Bridge closes | The Post", "The Post", "Bridge closes"),
        ("Bridge closes | Post", "The Post", "Bridge closes"),
        ("Bridge closes - the post", "Post", "Bridge closes"),
        ("Bridge closes — The Post", "The Post", "Bridge closes"),
        ("Bridge closes at The Post", "The Post", "Bridge closes at The Post"),
        ("The Post", "The Post", "The Post"),
        ("Bridge closes | Opinion", "The Post", "Bridge closes | Opinion"),
    ],
)
def test_a_title_loses_the_outlets_tail(title: str, outlet: str, expected: str) -> None:
    assert read(page(meta("og:title", title) + meta("og:site_name", outlet))).title == expected


def test_bylines_in_the_markup_name_the_authors() -> None:
    found = read(page(top='<p class="byline">By Ann Lee, harbour correspondent, and Bo Day | 17 March 2024</p>'))
    assert (found.authors, origins(found)["authors"]) == (("Ann Lee", "Bo Day"), "text")


def test_addresses_handles_and_the_outlet_are_no_authors() -> None:
    head = meta("article:author", "https://social.example/ann") + meta("author", "The Post")
    assert read(page(head + meta("og:site_name", "The Post"))).authors == ()


def test_a_page_for_subscribers_is_noted() -> None:
    found = read(page(json_ld({"@type": "NewsArticle", "isAccessibleForFree": "False"})))
    assert found.notes == ("the page says that it is for subscribers; its text may be only the beginning",)


# --- JSON-LD as pages have it


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Bridge closes",}',
        '<!-- {"@type": "NewsArticle", "headline": "Bridge closes"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Bridge closes"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Bridge\ncloses"};',
        '{"@type": ["Thing", "http://schema.org/BlogPosting"], "headline": ["Bridge closes"]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "schema:Article", "name": "Bridge closes"}}',
    ],
)
def test_json_ld_is_read_with_the_faults_that_pages_have(script: str) -> None:
    found = read(page(f'<script type="application/ld+json">{script}</script>'))
    assert (found.title, origins(found)["title"], found.notes) == ("Bridge closes", "json-ld", ())


@pytest.mark.parametrize(
    ("script", "note"),
    [
        ('{"@type": "NewsArticle", headline}', "JSON-LD 1 is not valid JSON"),
        ("[" * 10_000 + "]" * 10_000, "JSON-LD 1 is nested too deeply; ignored"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "JSON-LD 1 is nested too deeply; ignored"),
    ],
    ids="broken lists objects".split(),
)
def test_json_ld_that_cannot_be_read_is_noted(script: str, note: str) -> None:
    found = read(page(f'<script type="application/ld+json">{script}</script>'))
    assert (found.text, len(found.notes)) == (TEXT, 1)
    assert found.notes[0].startswith(note)


@pytest.mark.parametrize("value", [None, 7, [], [[]], {}, {"name": {"name": 3}}, [None], True, "\ud800"])
def test_json_ld_of_any_shape_breaks_nothing(value: Any) -> None:
    names = ("headline", "author", "publisher", "datePublished", "dateModified", "inLanguage", "url", "@id")
    node = {
        "@type": "NewsArticle",
        **dict.fromkeys((*names, "articleSection", "mainEntityOfPage", "articleBody"), value),
    }
    assert read(page(json_ld(node))).text == TEXT


def test_among_several_articles_the_one_at_the_pages_address_is_meant() -> None:
    other = {"@type": "NewsArticle", "headline": "Other", "url": "https://post.example/other"}
    own = {"@type": "NewsArticle", "headline": "Own", "mainEntityOfPage": {"@id": URL + "/?utm_source=x"}}
    assert read(page(json_ld(other, own))).title == "Own"
    listed = read(page("<title>Front</title>" + json_ld(other, {**other, "url": "https://post.example/third"})))
    assert listed.title == "Front"


# --- addresses


@pytest.mark.parametrize(
    ("head", "url", "expected", "aliases", "notes"),
    [
        ("", URL, URL, (), ()),
        ('<link rel="canonical" href="/a?id=1#top">', URL, "https://post.example/a?id=1", (URL,), ()),
        ('<link rel="canonical" href="https://www.post.example/a">', URL, "https://www.post.example/a", (URL,), ()),
        (f'<link rel="canonical" href="{URL}/">', URL + "?utm_source=x", URL + "/", (), ()),
        (
            '<link rel="canonical" href="https://other.example/a">',
            URL,
            URL,
            (),
            ("rel=canonical 'https://other.example/a' is of another site than the page; ignored",),
        ),
        ('<link rel="canonical" href="/">', URL, URL, (), ("rel=canonical '/' is the front page; ignored",)),
        (
            '<link rel="canonical" href="file:///etc/passwd">',
            URL,
            URL,
            (),
            ("rel=canonical 'file:///etc/passwd' is not an http address; ignored",),
        ),
        ('<link rel="canonical" href="https://post.example/a">', "", "https://post.example/a", (), ()),
        (meta("og:url", "https://post.example/b"), URL, "https://post.example/b", (URL,), ()),
        (
            '<link rel="canonical" href="https://post.example/a">',
            "https://post-example.cdn.ampproject.org/c/s/post.example/a/amp",
            "https://post.example/a",
            (),
            (),
        ),
        ("", "", "", (), ()),
    ],
)
def test_a_page_is_believed_about_its_address_within_its_own_site(
    head: str, url: str, expected: str, aliases: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    found = read(page(head), url=url)
    assert (found.url, found.aliases, found.notes) == (expected, aliases, notes)


def test_a_page_saved_by_a_browser_keeps_its_address() -> None:
    markup = page().replace("<html>", f"<!-- saved from url=(0040){URL} --><html>", 1)
    assert read(markup, url="").url == URL


# --- encodings

FRENCH = "Le café « Émile » a fermé à midi, et le maire Zoé Lefèvre s'est dit très déçu de la décision du conseil. "


@pytest.mark.parametrize(
    ("encoding", "head", "content_type"),
    [
        ("utf-8", "", ""),
        ("utf-8-sig", '<meta charset="iso-8859-1">', ""),
        ("utf-16", "", ""),
        ("utf-16-le", "", "text/html"),
        ("utf-8", '<meta charset="iso-8859-1">', "text/html; charset=windows-1252"),
        ("windows-1252", '<meta charset="windows-1252">', ""),
        ("windows-1252", "", "text/html; charset=ISO-8859-1"),
        ("windows-1252", '<meta charset="utf-8">', "text/html; charset=UTF-8"),
        ("windows-1252", '<meta charset="nonsense">', "text/html; charset=punycode"),
        ("windows-1252", "", ""),
    ],
)
def test_encodings_survive_however_they_are_declared(encoding: str, head: str, content_type: str) -> None:
    found = read(page(head, f"<p>{FRENCH * 3}</p>").encode(encoding), content_type=content_type)
    assert (found.text, found.notes) == ((FRENCH * 3).strip(), ())


def test_a_declared_old_encoding_is_used() -> None:
    russian = "Совет города решил закрыть мост до конца года, сообщили чиновники во вторник. " * 3
    data = page('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', f"<p>{russian}</p>")
    assert read(data.encode("koi8-r")).text == russian.strip()


def test_a_page_with_damaged_bytes_is_read_and_noted() -> None:
    data = page(body=f"<p>{FRENCH * 3}</p>").encode().replace(b"midi", b"mi\xffdi", 1)
    found = read(data)
    assert found.text == (FRENCH * 3).replace("midi", "mi\ufffddi", 1).strip()
    assert found.notes == ("1 bytes of the page are damaged",)


def test_zero_bytes_are_left_out() -> None:
    assert read(page().replace("bridge", "bri\0dge")).text == TEXT


# --- pages of a crawl

LONG = BODY + f"<p>{SECOND} {THIRD}</p>"


@pytest.mark.parametrize(
    "head",
    [
        json_ld({"@type": "NewsArticle"}),
        meta("og:type", "article"),
        meta("article:published_time", "2024-03-17"),
    ],
)
def test_in_a_crawl_a_page_that_calls_itself_an_article_is_one(head: str) -> None:
    assert read(page(head, LONG), only_articles=True).text.startswith(FIRST)


@pytest.mark.parametrize(
    ("head", "body", "reason"),
    [
        ("", LONG, "not an article by the page's own word"),
        (meta("date", "2024-03-17"), LONG, "not an article by the page's own word"),
        (meta("og:type", "website"), LONG, "not an article by the page's own word"),
        (json_ld({"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle"}]}), LONG, "the page's own word"),
        (meta("og:type", "article"), f"<p>{FIRST}</p>", "fewer than 50 words"),
    ],
)
def test_in_a_crawl_other_pages_are_no_articles(head: str, body: str, reason: str) -> None:
    with pytest.raises(NoArticle, match=reason):
        read(page(head, body), only_articles=True)


# --- hostile pages


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<html><body>" + "<p>word</p>" * 50_001, "more than 50,000 elements"),
        ("<html><body><p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x</p>", "more than 10,000 attributes"),
        ('<html><body><p =" ' + " ".join(f"a{n}" for n in range(20_000)) + ">x</p>", "more than 10,000 attributes"),
        ("<html><body><p x='>' " + "a='b'" * 20_000 + ">x</p>", "more than 10,000 attributes"),
        ("<html><body>" + "<div>" * 200_000 + BODY, "no article text found (nested deeper than 256 elements"),
        ("<html><body>" + "<p" * 1_000_000, "no article text found"),
        ("<html><body><p>" + "word " * 2_200_000, "or more than 10 MB"),
    ],
    ids="elements attributes quotes values depth tags length".split(),
)
def test_a_page_that_would_take_minutes_is_refused_with_the_reason(markup: str, reason: str) -> None:
    with pytest.raises(SourceError) as raised:
        read(markup)
    assert reason in str(raised.value)


def test_large_pages_and_wild_markup_are_read() -> None:
    assert len(read(page(body=f"<p>{(FIRST + ' ') * 50_000}</p>")).text) == 50_000 * (len(FIRST) + 1) - 1
    found = read("<html><body><article>" + BODY + "<b>bold <i>text " * 1_000)
    assert found.text.startswith(TEXT)
    assert found.notes == ("nested deeper than 256 elements, or more than 10 MB; what follows was not read",)


# --- the reader


def document(data: bytes, name: str = "a", content_type: str = "") -> Document:
    return Document(name, name, io.BytesIO(data), data[:HEAD], LimitsSection(), url=URL, content_type=content_type)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><p>x",
        b"\xef\xbb\xbf\r\n<HTML lang=en>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
        b"<!-- one --> <!-- two -->\n<html>",
        "<!doctype html>".encode("utf-16"),
        "<html>".encode("utf-16-be"),
    ],
)
def test_a_page_is_recognised_by_its_beginning(data: bytes) -> None:
    assert HtmlReader().recognises(document(data))


@pytest.mark.parametrize(
    "data",
    [b"", b"A headline\n\n<html>", b"<rss><html>", b"<htmlx>", b"<!-- x " * 500, b"<!---->" * 580 + b"x", b"\xff"],
)
def test_what_does_not_begin_as_a_page_is_not_recognised(data: bytes) -> None:
    assert not HtmlReader().recognises(document(data))


def test_what_was_sent_as_html_is_recognised() -> None:
    assert HtmlReader().recognises(document(b"<p>x", content_type="text/HTML; charset=utf-8"))
    assert not HtmlReader().recognises(document(b"<p>x", content_type="text/plain"))


def test_the_reader_gives_one_article_with_its_source() -> None:
    (found,) = HtmlReader().read(document(page().encode()))
    assert isinstance(found, Article)
    assert (found.source, found.url, found.text) == ("a", URL, TEXT)
