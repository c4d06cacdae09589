"""Feeds and lists of feeds: what an entry says, the article that it leads to, and what stands in for it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import Any

import pytest

from qa.articles import Article, instant
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers import choose, read
from qa.readers.documents import HEAD, Document, Page, Web
from qa.readers.feed import FeedReader
from qa.readers.opml import OpmlReader

FEED = "https://post.example/feeds/world.rss"
LINK = "https://post.example/world/ferry"
CET = timezone(timedelta(hours=1))


@dataclass
class Pages:
    """A web of a few pages. A page that is an error fails with it; one that stands in ``unchanged`` is as it was."""

    pages: dict[str, str | bytes | Page | SourceError]
    known: dict[str, float | None] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str) -> Page:
        self.asked.append(url)
        found = self.pages.get(url, SourceError(f"{url}: not found (404); correct the address or leave it out."))
        if isinstance(found, SourceError):
            raise found
        if isinstance(found, Page):
            return found
        return Page(url, found.encode() if isinstance(found, str) else found, "text/html; charset=utf-8")

    def get_changed(self, url: str) -> Page | None:
        return None if url in self.unchanged else self.get(url)

    def is_known(self, url: str, updated: float | None) -> bool:
        return url in self.known and self.known[url] == updated


def document(content: str | bytes, *, name: str = "world.rss", url: str = FEED, web: Web | None = None) -> Document:
    data = content.encode() if isinstance(content, str) else content
    return Document(url, name, io.BytesIO(data), data[:HEAD], LimitsSection(), url=url, web=web)


def found(content: str | bytes, **given: Any) -> list[Article | SourceError]:
    return list(read(document(content, **given)))


def articles(content: str | bytes, **given: Any) -> list[Article]:
    every = found(content, **given)
    assert all(isinstance(each, Article) for each in every), every
    return [each for each in every if isinstance(each, Article)]


def article(content: str | bytes, **given: Any) -> Article:
    (only,) = articles(content, **given)
    return only


def problems(content: str | bytes, **given: Any) -> list[str]:
    every = found(content, **given)
    assert all(isinstance(each, SourceError) for each in every), every
    return [str(each) for each in every]


def rss(*items: str, head: str = "<title>Varnholm Post</title>") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel>{head}{''.join(items)}</channel></rss>"
    )


def item(**members: str) -> str:
    names = {"content": "content:encoded", "creator": "dc:creator", "updated": "atom:updated"}
    parts = (f"<{names.get(name, name)}>{escape(value)}</{names.get(name, name)}>" for name, value in members.items())
    return f"<item>{''.join(parts)}</item>".replace("<guid>", '<guid isPermaLink="false">')


PARAGRAPHS = [
    "The ferry between Varnholm and Odde will stop for two weeks in April, the harbour office said on Tuesday.",
    "Engineers will exchange both ramps, which were built in 1978 and have been repaired eleven times since then.",
    "A bus will take passengers around the fjord, a journey of ninety minutes instead of the usual twenty.",
]


def web_page(*paragraphs: str, head: str = "") -> str:
    body = "".join(f"<p>{each}</p>" for each in paragraphs or PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article>{body}</article></body></html>"
    )


# --- what an entry says


def test_rss_without_the_web_gives_what_the_feed_holds_and_says_that_it_is_partial() -> None:
    one = article(
        rss(
            item(
                title="Ferry to Odde stops",
                link=LINK,
                guid="post-17",
                creator="Jane Odde",
                pubDate="Tue, 03 Mar 2026 08:00:00 +0100",
                updated="2026-03-03T09:30:00Z",
                category="World",
                description="<p>The ferry stops.</p><p>A bus will run.</p>",
            ),
            head="<title>Varnholm Post</title><language>en-GB</language>",
        )
    )
    assert (one.title, one.text) == ("Ferry to Odde stops", "The ferry stops.\n\nA bus will run.")
    assert (one.outlet, one.authors, one.section) == ("Varnholm Post", ("Jane Odde",), "World")
    assert one.published == datetime(2026, 3, 3, 8, tzinfo=CET)
    assert one.updated == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert (one.language, one.url, one.source) == ("en-gb", LINK, f"{FEED}#post-17")
    assert (one.partial, one.notes, one.aliases) == (True, (), ())
    assert dict(one.origins) == dict.fromkeys(
        ("title", "outlet", "authors", "section", "published", "updated", "language"), "feed"
    )


def test_atom_gives_the_same() -> None:
    one = article(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Varnholmer Post</title>
        <entry><title type="html">Fähre &amp;amp; Bus</title><id>urn:post:17</id>
        <link rel="self" href="/self"/><link rel="enclosure" href="/a.mp3"/><link href="../welt/faehre"/>
        <author><name>Jane Odde</name></author><author><name>Kim Lund</name></author>
        <published>2026-03-03T08:00:00+01:00</published><updated>2026-03-03T09:30:00Z</updated>
        <category term="welt" label="Welt"/><summary>Kurz.</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Die Fähre hält.</p><p>Ein Bus fährt.</p>
        </div></content></entry></feed>"""
    )
    assert (one.title, one.text) == ("Fähre & Bus", "Die Fähre hält.\n\nEin Bus fährt.")
    assert (one.outlet, one.authors, one.section) == ("Varnholmer Post", ("Jane Odde", "Kim Lund"), "Welt")
    assert (one.published, one.updated) == (
        datetime(2026, 3, 3, 8, tzinfo=CET),
        datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    )
    assert (one.language, one.url) == ("de", "https://post.example/welt/faehre")
    assert one.source == f"{FEED}#urn:post:17"


def test_rss_1_gives_the_same() -> None:
    one = article(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Odde Daily</title></channel>
        <item rdf:about="https://odde.example/1"><title>Ramp</title><link>https://odde.example/1</link>
        <description>The ramp is old.</description><dc:date>2026-03-02</dc:date></item></rdf:RDF>"""
    )
    assert (one.title, one.text, one.outlet) == ("Ramp", "The ramp is old.", "Odde Daily")
    assert (one.url, one.source) == ("https://odde.example/1", f"{FEED}#https://odde.example/1")


def json_feed(*items: Any, **head: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Odde Daily", "items": items, **head})


@pytest.mark.parametrize("slash", ["/", "\\/"])
def test_json_feed_gives_the_same(slash: str) -> None:
    content = json_feed(
        {
            "id": 17,
            "url": "/ramp",
            "title": "Ramp",
            "content_html": "<p>One.</p><script>alert()</script><p>Two <b>three</b>.</p>",
            "summary": "Short.",
            "date_published": "2026-03-03T08:00:00+01:00",
            "date_modified": "2026-03-03T09:30:00Z",
            "authors": [{"name": "Jane Odde"}, {"url": "https://odde.example/kim"}, {"name": "Kim Lund"}],
            "tags": ["World", "Ferries"],
            "language": "en",
        },
        language="da",
    ).replace("/", slash)
    one = article(content, name="feed.json", url="https://odde.example/feed.json")
    assert (one.title, one.text) == ("Ramp", "One.\n\nTwo three.")
    assert (one.outlet, one.authors, one.section) == ("Odde Daily", ("Jane Odde", "Kim Lund"), "World")
    assert (one.published, one.updated) == (
        datetime(2026, 3, 3, 8, tzinfo=CET),
        datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    )
    assert (one.language, one.url) == ("en", "https://odde.example/ramp")
    assert one.source == "https://odde.example/feed.json#17"


def test_json_feed_1_names_one_author_and_the_feed_speaks_for_its_items() -> None:
    content = json_feed(
        {"id": "a", "content_text": "Text of a.", "author": {"name": "Kim Lund"}},
        {"id": "b", "content_text": "Text of b."},
        version="https://jsonfeed.org/version/1",
        author={"name": "The desk"},
        language="da",
    )
    assert [(one.text, one.authors, one.language, one.url) for one in articles(content, name="feed.json")] == [
        ("Text of a.", ("Kim Lund",), "da", ""),
        ("Text of b.", ("The desk",), "da", ""),
    ]


def test_an_entry_of_an_aggregator_names_its_own_outlet() -> None:
    entry = item(title="Ferry", link=LINK, description="Text.").replace(
        "</item>", '<source url="https://odde.example">Odde Daily</source></item>'
    )
    assert article(rss(entry, head="<title>ferry - News search</title>")).outlet == "Odde Daily"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain text.", "Plain text."),
        ("Tom &amp; Ann", "Tom & Ann"),
        ("One<br><br/>two<br>three", "One\n\ntwo three"),
        ("<h2>Ramps</h2><ul><li>One</li><li>two</li></ul>", "## Ramps\n\nOne\n\ntwo"),
        ("<p>One\n  <a href='x'>two</a>,<em>three</em></p>", "One two,three"),
        ("<style>p {}</style><!-- no -->Yes.", "Yes."),
        ("<p>never closed <b>at all", "never closed at all"),
    ],
)
def test_html_becomes_paragraphs(html: str, text: str) -> None:
    assert article(rss(item(link=LINK, description=html))).text == text
    assert article(json_feed({"url": LINK, "content_html": html}), name="a.json").text == text


def test_the_longest_of_an_entrys_texts_is_taken() -> None:
    one = article(rss(item(link=LINK, description="Short.", content="<p>The long text.</p><p>All of it.</p>")))
    assert one.text == "The long text.\n\nAll of it."


def test_mail_addresses_are_no_part_of_an_author() -> None:
    entry = item(link=LINK, description="Text.", author="desk@post.example (Kim Lund)")
    assert article(rss(entry)).authors == ("Kim Lund",)
    assert article(rss(item(link=LINK, description="Text.", author="desk@post.com"))).authors == ()


def test_a_link_is_resolved_against_the_address_of_the_feed() -> None:
    one = article(rss(item(link="../world/ferry?id=1", description="Text.")))
    assert one.url == "https://post.example/world/ferry?id=1"


@pytest.mark.parametrize("link", ["file:///etc/passwd", "javascript:alert(1)", "ftp://post.example/a", "http://"])
def test_a_link_that_is_no_http_address_is_noted_and_never_followed(link: str) -> None:
    web = Pages({})
    one = article(json_feed({"id": "a", "url": link, "content_text": "Text."}), name="a.json", web=web)
    assert (one.url, one.partial, web.asked) == ("", True, [])
    assert one.notes == (f"link {link!r} is not an http address; ignored",)


def test_a_date_that_is_not_understood_is_noted_and_left_out() -> None:
    one = article(rss(item(link=LINK, description="Text.", pubDate="03/04/2026")))
    assert one.published is None
    assert one.notes == ("date '03/04/2026' reads two ways (day and month) (published); stored without it",)


# --- the article that it leads to

ENTRY = {
    "title": "Ferry to Odde stops",
    "link": LINK,
    "guid": "post-17",
    "creator": "Jane Odde",
    "pubDate": "Tue, 03 Mar 2026 08:00:00 +0100",
    "category": "World",
    "description": "The ferry stops.",
}


def test_with_the_web_the_article_is_fetched_and_the_feed_fills_what_its_page_does_not_say() -> None:
    web = Pages({LINK: web_page()})
    one = article(rss(item(**ENTRY)), web=web)
    assert one.text == "\n\n".join(PARAGRAPHS)
    assert (one.title, one.authors, one.section) == ("Ferry to Odde stops", ("Jane Odde",), "World")
    assert one.published == datetime(2026, 3, 3, 8, tzinfo=CET)
    assert (one.url, one.source, one.aliases) == (LINK, f"{FEED}#post-17", ())
    assert (one.partial, one.notes) == (False, ())
    origins = dict(one.origins)
    assert {origins[name] for name in ("title", "authors", "section", "published")} == {"feed"}
    assert origins["text"] == "page"
    assert web.asked == [LINK]


def test_what_the_page_says_itself_stands() -> None:
    head = (
        '<title>Ferry stops for repairs</title><meta property="og:title" content="Ferry stops for repairs">'
        '<meta property="og:site_name" content="The Varnholm Post">'
        '<meta property="article:published_time" content="2026-03-03T07:15:00+01:00">'
    )
    one = article(rss(item(**ENTRY)), web=Pages({LINK: web_page(head=head)}))
    assert (one.title, one.outlet) == ("Ferry stops for repairs", "The Varnholm Post")
    assert one.published == datetime(2026, 3, 3, 7, 15, tzinfo=CET)
    assert dict(one.origins)["published"] != "feed"


def test_an_unclear_date_in_the_feed_is_noted_only_where_the_page_has_none() -> None:
    entry = item(**{**ENTRY, "pubDate": "03/04/2026"})
    dated = '<meta property="article:published_time" content="2026-03-03T07:15:00+01:00">'
    assert article(rss(entry), web=Pages({LINK: web_page(head=dated)})).notes == ()
    assert article(rss(entry), web=Pages({LINK: web_page()})).notes == (
        "date '03/04/2026' reads two ways (day and month) (published); stored without it",
    )


def test_an_entrys_link_that_leads_elsewhere_is_an_alias() -> None:
    short = "https://short.example/x7"
    web = Pages({short: Page(LINK, web_page().encode(), "text/html")})
    one = article(rss(item(**{**ENTRY, "link": short})), web=web)
    assert (one.url, one.aliases) == (LINK, (short,))


def test_a_known_article_is_not_fetched_again() -> None:
    plain, updated = item(**ENTRY), item(**ENTRY, updated="2026-03-03T09:30:00Z")
    moment = instant(datetime(2026, 3, 3, 9, 30, tzinfo=UTC))
    assert found(rss(plain), web=Pages({}, known={LINK: None})) == []
    assert found(rss(updated), web=Pages({}, known={LINK: moment})) == []
    web = Pages({LINK: web_page()}, known={LINK: None})
    assert len(articles(rss(updated), web=web)) == 1
    assert web.asked == [LINK]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (SourceError(f"{LINK}: the server failed (503); try again later."), "the server failed (503); try again later"),
        ("<html><body></body></html>", "no article text found"),
    ],
)
def test_where_the_page_fails_the_feeds_own_text_is_stored_with_the_reason(
    page: str | SourceError, reason: str
) -> None:
    one = article(rss(item(**ENTRY)), web=Pages({LINK: page}))
    assert (one.text, one.partial, one.url, one.title) == ("The ferry stops.", True, LINK, "Ferry to Odde stops")
    (note,) = one.notes
    assert note.startswith("only what the feed gave of it (")
    assert reason in note


def test_where_the_page_fails_and_the_feed_has_no_text_the_entry_is_an_error() -> None:
    entries = rss(
        item(title="Ferry", link=LINK), item(title="Bus", link="https://post.example/bus", description="Text.")
    )
    error, other = found(entries, web=Pages({}))
    assert isinstance(error, SourceError)
    assert str(error) == f"{FEED}, entry 1 ({LINK}): {LINK}: not found (404); correct the address or leave it out."
    assert isinstance(other, Article)
    assert other.title == "Bus"


def test_the_full_text_of_a_feed_beats_a_page_with_less() -> None:
    full = "".join(f"<p>{each}</p>" for each in [*PARAGRAPHS, "Tickets that were bought stay valid until June."])
    one = article(rss(item(**ENTRY, content=full)), web=Pages({LINK: web_page()}))
    assert one.text.endswith("usual twenty.\n\nTickets that were bought stay valid until June.")
    assert (one.partial, dict(one.origins)["text"]) == (False, "feed")
    longer_summary = {**ENTRY, "description": full}
    one = article(rss(item(**longer_summary)), web=Pages({LINK: web_page()}))
    assert one.text == "\n\n".join(PARAGRAPHS)


# --- one bad entry costs only itself


def test_an_entry_without_text_is_an_error_that_names_it() -> None:
    assert problems(rss(item(title="Ferry", link=LINK), item(title="Bus"), "<item></item>")) == [
        f"{FEED}, entry 1 ({LINK}): no text.",
        f"{FEED}, entry 2 (Bus): no text.",
        f"{FEED}, entry 3 (without a link): no text.",
    ]


def test_an_entry_of_json_that_is_none_is_an_error() -> None:
    content = json_feed("text", None, {"id": "a", "content_text": "Text."}, {"id": "b", "content_text": ["no"]})
    first, second, third, fourth = found(content, name="a.json", url="")
    assert [str(first), str(second)] == [f", entry {n}: expected an object." for n in (1, 2)]
    assert isinstance(third, Article)
    assert str(fourth) == ", entry 4 (b): no text."


def test_an_entry_without_a_link_is_read_where_it_stands() -> None:
    one = article(rss(item(title="Ferry", description="The ferry stops.")), web=Pages({}))
    assert (one.url, one.source, one.partial, one.notes) == ("", f"{FEED}#Ferry", True, ())


def test_entries_that_stand_twice_come_once_and_a_shared_guid_takes_no_article_away() -> None:
    content = rss(
        item(title="A", link=LINK, guid="1", description="New text."),
        item(title="A", link=f"{LINK}?utm_source=rss", guid="2", description="Old text."),
        item(title="B", link="https://post.example/b", guid="1", description="Text of B."),
        item(title="C", guid="c", description="Text of C."),
        item(title="C", guid="c", description="Text of C."),
    )
    assert [(one.text, one.source) for one in articles(content)] == [
        ("New text.", f"{FEED}#1"),
        ("Text of B.", f"{FEED}#1~2"),
        ("Text of C.", f"{FEED}#c"),
    ]


def test_the_number_of_entries_is_bounded() -> None:
    every = found(json_feed(*({"id": n, "content_text": "Text."} for n in range(1, 10_003))), name="a.json")
    assert [type(each) for each in every] == [*[Article] * 10_000, SourceError]
    assert str(every[-1]) == f"{FEED}: more than 10,000 entries; the others were not read."


def test_an_entry_of_too_much_html_is_an_error() -> None:
    content = json_feed({"id": "a", "content_html": "<p>" * 400_000}, {"id": "b", "content_text": "Text."})
    error, other = found(content, name="a.json")
    assert str(error) == f"{FEED}, entry 1: not understood (more than 1 MB of HTML)."
    assert isinstance(other, Article)


# --- feeds that are broken, hostile, or none


@pytest.mark.parametrize(
    "content",
    [
        rss(item(title="Ferry", link=LINK, description="The ferry stops.")).replace("</channel></rss>", ""),
        rss(item(title="Ferry", link=LINK, description="The ferry stops.")).replace("Varnholm Post", "A & B"),
        "\n\n  " + rss(item(title="Ferry", link=LINK, description="The ferry stops.")),
        rss(item(title="Ferry", link=LINK, description="The ferry stops.")).replace("utf-8", "utf-16").encode("utf-16"),
        "\ufeff" + rss(item(title="Ferry", link=LINK, description="The ferry stops.")),
        (
            '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://odde.example/rss-0.91.dtd">'
            '<rss version="0.91"><channel><item><title>Ferry</title>'
            f"<link>{LINK}</link><description>The ferry stops.</description></item></channel></rss>"
        ),
    ],
)
def test_a_feed_that_is_a_little_broken_is_read(content: str | bytes) -> None:
    one = article(content)
    assert (one.title, one.text, one.url) == ("Ferry", "The ferry stops.", LINK)


def test_a_feed_without_entries_is_no_error() -> None:
    assert found(rss()) == []
    assert found(json_feed(), name="a.json") == []


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        ("<rss version='2.0'><channel><title>a</chan", "a.rss", "not a feed ("),
        ("no feed at all", "a.rss", "not a feed ("),
        ("", "a.rss", "not a feed ("),
        ("<data><a/></data>", "a.atom", "not a feed (its root is none that feeds have); check what stands there."),
        ('{"version": "https://jsonfeed.org/version/1", "items": 3}', "a.json", "not a JSON Feed; expected an object"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [', "a.json", "not valid JSON: "),
        ('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 200_000, "a.json", "nested too deeply."),
    ],
)
def test_what_is_no_feed_is_an_error(content: str, name: str, reason: str) -> None:
    (message,) = problems(content, name=name)
    assert message.startswith(f"{FEED}: {reason}")


BOMB = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'


@pytest.mark.parametrize(
    "prolog",
    [
        f"<!DOCTYPE rss [{BOMB}]>",
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://odde.example/[.dtd" [<!ENTITY % a SYSTEM "http://odde.example/x">%a;]>',
        f"<!-- <a --><?x <b ?><!DOCTYPE rss [{BOMB}]>",
        f"junk <!DOCTYPE rss [{BOMB}]>",
        f"<!doctype rss [\n<!entity x 'y'>{BOMB}]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused_before_it_is_parsed(prolog: str, encoding: str) -> None:
    content = prolog + rss(item(link=LINK, description="&c;")).split("?>", 1)[1]
    assert problems(content.encode(encoding)) == [
        f"{FEED}: declares XML entities of its own, which is not allowed: news needs none."
    ]


def test_a_text_about_entities_is_a_text() -> None:
    one = article(
        rss("<item><description><![CDATA[Write &lt;!ENTITY a 'b'&gt; <!ENTITY c 'd'> thus.]]></description></item>")
    )
    assert one.text.startswith("Write <!ENTITY a 'b'>")


def test_a_feed_that_is_the_name_of_a_file_opens_no_file() -> None:
    (message,) = problems("/etc/passwd")
    assert message.startswith(f"{FEED}: not a feed (")


# --- which documents are feeds


@pytest.mark.parametrize(
    ("head", "reader"),
    [
        ("<rss version='2.0'>", "feed"),
        ("\ufeff<?xml version='1.0'?>\n<!-- a feed -->\n<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", "feed"),
        ("<rdf:RDF xmlns:rdf='x' xmlns='http://purl.org/rss/1.0/'>", "feed"),
        ('\n{"title": "a", "version": "https://jsonfeed.org/version/1.1"', "feed"),
        ("<opml version='2.0'>", "OPML"),
    ],
)
def test_a_feed_is_known_by_its_content(head: str, reader: str) -> None:
    assert choose(document(head, name="a.xml")).name == reader


@pytest.mark.parametrize(
    "head", ["<feed>", "<rdf:RDF xmlns:rdf='x'>", "<html><rss>", '{"version": "1.1"}', "rss", "", "<rssx>", "<opml>"]
)
def test_other_documents_are_not_taken_for_feeds(head: str) -> None:
    assert not FeedReader().recognises(document(head, name="a.xml"))


# --- lists of feeds

LIST = "/lists/desk.opml"
ODDE = "https://odde.example/feed.json"


def opml(*outlines: str) -> str:
    return f'<opml version="2.0"><head><title>Desk</title></head><body>{"".join(outlines)}</body></opml>'


def outline(url: str, *within: str) -> str:
    return f'<outline text="a" type="rss" xmlUrl="{url}">{"".join(within)}</outline>'


def listed(content: str, web: Web | None) -> list[Article | SourceError]:
    given = document(content, name="desk.opml", url="", web=web)
    given.source = LIST
    return list(read(given))


@pytest.fixture
def feeds() -> Pages:
    return Pages(
        {
            FEED: rss(item(title="Ferry", link=LINK, guid="17", description="The ferry stops.")),
            ODDE: json_feed({"id": "a", "url": "/ramp", "content_text": "The ramp is old."}),
            LINK: web_page(),
        }
    )


def test_a_list_is_read_feed_by_feed_each_once(feeds: Pages) -> None:
    content = opml(
        f'<outline text="Near">{outline(FEED, outline(ODDE))}</outline>',
        f'<outline text="again" xmlurl=" {FEED} "/><outline text="no feed" htmlUrl="https://odde.example/"/>',
    )
    first, second = listed(content, feeds)
    assert isinstance(first, Article)
    assert (first.source, first.url, first.partial) == (f"{FEED}#17", LINK, False)
    assert isinstance(second, Article)
    assert (second.source, second.url, second.partial) == (f"{ODDE}#a", "https://odde.example/ramp", True)
    assert feeds.asked == [FEED, LINK, ODDE, "https://odde.example/ramp"]


def test_a_feed_that_is_as_it_was_gives_nothing_and_one_that_fails_costs_only_itself(feeds: Pages) -> None:
    feeds.unchanged.add(FEED)
    error, one = listed(opml(outline("https://gone.example/rss"), outline(FEED), outline(ODDE)), feeds)
    assert str(error) == "https://gone.example/rss: not found (404); correct the address or leave it out."
    assert isinstance(one, Article)
    assert one.text == "The ramp is old."


def test_a_list_leads_to_feeds_and_no_further(feeds: Pages) -> None:
    more, page = "https://odde.example/more.opml", "https://odde.example/"
    feeds.pages |= {more: opml(outline(more)), page: web_page()}
    assert [str(each) for each in listed(opml(outline(more), outline(page)), feeds)] == [
        f"{more}: another list of feeds; correct the address in {LIST}, or take it out.",
        f"{page}: not a feed; correct the address in {LIST}, or take it out.",
    ]
    assert feeds.asked == [more, page]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (opml(), "names no feed; expected outlines with an xmlUrl."),
        (opml("<outline xmlUrl='a'>"), "not well-formed XML ("),
        ("<data/>", "not OPML; its root is 'data'."),
        (f"<!DOCTYPE opml [{BOMB}]><opml><outline xmlUrl='&c;'/></opml>", "declares XML entities of its own"),
    ],
)
def test_what_is_no_list_is_an_error(feeds: Pages, content: str, reason: str) -> None:
    (error,) = listed(content, feeds)
    assert str(error).startswith(f"{LIST}: {reason}")
    assert feeds.asked == []


def test_a_list_needs_the_web() -> None:
    (error,) = listed(opml(outline(FEED)), None)
    assert str(error) == f"{LIST}: a list of feeds, and nothing may be fetched here; give it to ingest or sync."


def test_a_list_is_known_by_its_content_and_its_extension() -> None:
    assert OpmlReader().recognises(document("<!-- a --><opml>", name="a.xml"))
    assert choose(document("<data>", name="a.opml")).name == "OPML"
