"""NewsML-G2 and NITF as agencies send them: every field, what may not be used, and XML that would do harm."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from qa.articles import Article
from qa.config import LimitsSection
from qa.errors import SourceError
from qa.readers.documents import Document, open_stream
from qa.readers.newsml import NewsmlReader
from qa.readers.nitf import NitfReader
from qa.readers.release import check_release
from qa.readers.xml_tree import paragraphs, parse_xml, root_name, text_of

CET = timezone(timedelta(hours=1))
NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def of(content: str | bytes, name: str = "a.xml") -> Document:
    data = content if isinstance(content, bytes) else content.encode()
    return open_stream(io.BytesIO(data), name, name, LimitsSection())


def articles(reader: Any, content: str | bytes) -> list[Article]:
    found = list(reader.read(of(content)))
    assert all(isinstance(each, Article) for each in found), found
    return found


def problems(reader: Any, content: str | bytes) -> list[str]:
    try:
        return [str(each) for each in reader.read(of(content)) if isinstance(each, SourceError)]
    except SourceError as error:
        return [str(error)]


# --- NewsML-G2


def item(
    *,
    attributes: str = 'guid="urn:newsml:meridian.example:20260304:1" version="2"',
    meta: str = "",
    about: str = "<headline>Harbour talks end</headline>",
    content: str = "<inlineData>Ministers met.</inlineData>",
) -> str:
    return (
        f'<newsItem {NAR} standard="NewsML-G2" standardversion="2.34" {attributes}>'
        f"<itemMeta>{meta}</itemMeta><contentMeta>{about}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


WHOLE = item(
    attributes='guid="urn:newsml:meridian.example:20260304:1" version="2" xml:lang="en-GB"',
    meta=(
        '<itemClass qcode="ninat:text"/><provider qcode="nprov:MW"><name>Meridian Wire</name></provider>'
        "<versionCreated>2026-03-04T12:30:00+01:00</versionCreated>"
        "<firstCreated>2026-03-04T10:00:00+01:00</firstCreated><embargoed>2026-03-04T11:00:00+01:00</embargoed>"
        '<pubStatus qcode="stat:usable"/><title>A title</title>'
        '<link rel="irel:isAlternate" href="https://meridian.example/talks"/>'
    ),
    about=(
        "<contentCreated>2026-03-04T09:00:00+01:00</contentCreated>"
        "<contentModified>2026-03-04T12:00:00+01:00</contentModified>"
        '<located qcode="geo:1"><name>Varnholm</name></located>'
        '<creator qcode="staff:1"><name>Ann Lee</name></creator><creator literal="Bo Day"/>'
        '<language tag="en"/><genre qcode="genre:Current"/><subject qcode="medtop:1"><name>Labour</name></subject>'
        '<headline role="hldr:subHeadline">Strike goes on</headline><headline>Harbour <b>talks</b> end</headline>'
        "<by>By someone else</by><dateline>VARNHOLM, March 4</dateline>"
    ),
    content=(
        '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
        "<head><title>Not text</title></head><body><h1>Harbour talks end</h1>"
        '<p>Ministers <a href="x">met</a> on\n Monday.<br/>They agreed.</p><script>x</script>'
        "<h2>What next</h2><ul><li>One</li><li>Two</li></ul>"
        "<table><tr><td>Votes</td><td>5</td></tr></table><!-- no --><?no no?>tail</body></html></inlineXML>"
    ),
)


def test_an_item_of_newsml_g2_fills_every_field() -> None:
    (found,) = articles(NewsmlReader(), WHOLE)
    assert (found.title, found.outlet, found.authors) == ("Harbour talks end", "Meridian Wire", ("Ann Lee", "Bo Day"))
    assert found.published == datetime(2026, 3, 4, 9, tzinfo=CET)
    assert found.updated == datetime(2026, 3, 4, 12, tzinfo=CET)
    assert (found.place, found.language, found.section) == ("Varnholm", "en", "Labour")
    assert found.url == "https://meridian.example/talks"
    assert found.source == "a.xml#urn:newsml:meridian.example:20260304:1"
    assert found.text == ("Ministers met on Monday. They agreed.\n\n## What next\n\nOne\n\nTwo\n\nVotes 5\n\ntail")
    assert found.notes == ()


def test_an_item_with_little_is_an_article_too() -> None:
    meta = '<provider qcode="nprov:MW"/><versionCreated>2026-03-04T12:30:00Z</versionCreated><title>A title</title>'
    about = "<by>By Ann Lee and Bo Day</by><dateline>VARNHOLM</dateline>"
    (found,) = articles(NewsmlReader(), item(attributes='guid="https://mw.example/1"', meta=meta, about=about))
    assert (found.title, found.authors, found.place) == ("A title", ("Ann Lee", "Bo Day"), "VARNHOLM")
    assert (found.published, found.updated) == (datetime(2026, 3, 4, 12, 30, tzinfo=UTC), None)
    assert (found.url, found.outlet, found.text) == ("https://mw.example/1", "MW", "Ministers met.")


@pytest.mark.parametrize(
    "content",
    [
        "<inlineXML><nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf></inlineXML>",
        '<inlineXML><p xmlns="http://www.w3.org/1999/xhtml"/></inlineXML><inlineData>One.\n\nTwo.</inlineData>',
        '<inlineData contenttype="text/html">&lt;p&gt;One.&lt;p&gt;Two.&lt;img onerror=x&gt;</inlineData>',
        '<remoteContent href="file:///etc/passwd"/><inlineData contenttype="text/plain">One.\n\nTwo.</inlineData>',
    ],
)
def test_the_text_comes_in_any_rendition(content: str) -> None:
    assert [found.text for found in articles(NewsmlReader(), item(content=content))] == ["One.\n\nTwo."]


def message(*items: str) -> str:
    return (
        f"<newsMessage {NAR}><header><sent>2026-03-04</sent></header><itemSet>{''.join(items)}</itemSet></newsMessage>"
    )


def test_a_message_gives_its_items_and_a_bad_one_costs_only_itself() -> None:
    content = message(
        item(attributes='guid="g:1"'),
        f'<packageItem {NAR} guid="g:2"><itemMeta/></packageItem>',
        item(attributes='guid="g:3"', content="", meta='<itemClass qcode="ninat:picture"/>'),
        item(attributes='guid="g:4"'),
    )
    found = list(NewsmlReader().read(of(content)))
    assert [each.source if isinstance(each, Article) else str(each) for each in found] == [
        "a.xml#g:1",
        "a.xml#g:3: no text (it is of the class 'picture').",
        "a.xml#g:4",
    ]


def test_of_several_versions_the_latest_counts_and_says_so() -> None:
    content = message(
        *(
            item(attributes=f'guid="g" version="{version}"', content=f"<inlineData>v{version}</inlineData>")
            for version in (2, 10, 9)
        )
    )
    (found,) = articles(NewsmlReader(), content)
    assert (found.text, found.source) == ("v10", "a.xml#g")
    assert found.notes == ("takes the place of version 2", "takes the place of version 9")


def test_items_without_a_guid_are_told_apart() -> None:
    found = articles(NewsmlReader(), message(item(attributes=""), item(attributes="")))
    assert [each.source for each in found] == ["a.xml#Harbour talks end", "a.xml#Harbour talks end~2"]


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ('<pubStatus qcode="stat:withheld"/>', "withheld by its provider; not taken in."),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "cancelled by its provider; "),
        ("<embargoed>2998-01-01T00:00:00Z</embargoed>", "under embargo until 2998-01-01T00:00:00Z; not taken in. "),
        ("<embargoed/>", "under embargo; not taken in. "),
        ("<embargoed>some day</embargoed>", "under embargo until some day; not taken in. "),
    ],
)
def test_what_may_not_be_used_does_not_come_in(meta: str, told: str) -> None:
    (problem,) = problems(NewsmlReader(), item(attributes='guid="g"', meta=meta))
    assert problem.startswith(f"a.xml#g: {told}")


def test_an_embargo_holds_until_its_moment() -> None:
    end = datetime(2026, 3, 4, 12, tzinfo=UTC)
    check_release("s", status="stat:usable", embargo=end.isoformat(), now=end.timestamp())
    check_release("s", status="", embargo=None, now=0)
    with pytest.raises(SourceError, match=r"^s: under embargo until 2026-03-04T12:00:00\+00:00; not taken in"):
        check_release("s", status="stat:usable", embargo=end.isoformat(), now=end.timestamp() - 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('<NewsML Version="1.2"/>', "a.xml: NewsML 1.2, which cannot be read; ask for NewsML-G2 or NITF."),
        (f"<packageItem {NAR}/>", "a.xml: no news item in it (<packageItem>)."),
        (message(), "a.xml: no news item in it (<newsMessage>)."),
    ],
)
def test_newsml_without_a_news_item_is_refused(content: str, told: str) -> None:
    assert problems(NewsmlReader(), content) == [told]


# --- NITF

NITF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://www.iptc.org/std/NITF/3.3/specification/dtd/nitf-3-3.dtd">
<!-- <rss> -->
<nitf{namespace} version="-//IPTC//DTD NITF 3.3//EN" xml:lang="fr">
  <head>
    <title>Not the title</title>
    <tobject><tobject.subject tobject.subject.type="Labour"/></tobject>
    <docdata management-status="usable">
      <doc-id id-string="mw-2026-77"/><urgency ed-urg="3"/>
      <date.issue norm="20260304T101500+0100"/><date.release norm="20260304"/><doc.copyright holder="Holder"/>
    </docdata>
    <pubdata name="The Harbour Post" ex-ref="https://post.example/77" position.section="Business"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>Harbour <em>talks</em> end</hl1><hl2>Strike goes on</hl2></hedline>
      <byline>By <person>Ann Lee</person> and <person>Bo Day</person><byttl>Staff</byttl></byline>
      <dateline><location>Varnholm</location>, <story.date norm="20260303">March 3</story.date></dateline>
    </body.head>
    <body.content>
      <p>Ministers of <org>Costavia</org> met at the caf&eacute; on Monday.</p>
      <media><media-caption>Not text</media-caption></media>
      <hl2>What next</hl2>
      <block><p>They agreed.</p><ul><li>One</li><li>Two</li></ul></block>
    </body.content>
  </body>
</nitf>
"""


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://iptc.org/std/NITF/2006-10-18/"'])
def test_nitf_fills_every_field(namespace: str) -> None:
    (found,) = articles(NitfReader(), NITF.replace("{namespace}", namespace))
    assert (found.title, found.outlet, found.authors) == (
        "Harbour talks end",
        "The Harbour Post",
        ("Ann Lee", "Bo Day"),
    )
    assert (found.published, found.place) == (datetime(2026, 3, 4, 10, 15, tzinfo=CET), "Varnholm")
    assert (found.language, found.section, found.url) == ("fr", "Business", "https://post.example/77")
    assert found.text == (
        "## Strike goes on\n\nMinisters of Costavia met at the café on Monday.\n\n## What next\n\nThey agreed.\n\n"
        "One\n\nTwo"
    )
    assert (found.source, found.notes) == ("a.xml", ())


def nitf(head: str = "", opening: str = "", content: str = "<p>Text.</p>") -> str:
    return (
        f"<nitf><head>{head}</head><body><body.head>{opening}</body.head>"
        f"<body.content>{content}</body.content></body></nitf>"
    )


@pytest.mark.parametrize(
    ("opening", "authors"),
    [
        ("<byline>By Ann Lee and Bo Day<byttl>Port staff</byttl></byline>", ("Ann Lee", "Bo Day")),
        ('<byline class="print_byline">By ANN LEE</byline><byline class="normalized_byline">x</byline>', ("ANN LEE",)),
        ("<byline/>", ()),
    ],
)
def test_bylines_without_persons_are_read_as_they_are_written(opening: str, authors: tuple[str, ...]) -> None:
    assert articles(NitfReader(), nitf(opening=opening))[0].authors == authors


def test_the_lesser_places_of_a_field_count_where_the_first_is_empty() -> None:
    head = '<title>T</title><docdata><doc-id id-string="http://p.example/1"/><doc.copyright holder="Holder"/></docdata>'
    opening = '<dateline>VARNHOLM <story.date norm="20260303"/></dateline>'
    (found,) = articles(NitfReader(), nitf(head, opening))
    assert (found.title, found.url, found.outlet) == ("T", "http://p.example/1", "Holder")
    assert (found.published, found.place) == (date(2026, 3, 3), "VARNHOLM")


def test_an_archive_that_gives_the_beginning_twice_gives_it_once() -> None:
    blocks = '<block class="lead_paragraph"><p>One.</p></block><block class="full_text"><p>One.</p><p>Two.</p></block>'
    assert articles(NitfReader(), nitf(content=blocks))[0].text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (nitf('<docdata management-status="withheld"/>'), "a.xml: withheld by its provider; not taken in."),
        (nitf('<docdata management-status="embargoed"/>'), "a.xml: under embargo; not taken in."),
        (
            nitf('<docdata><date.release norm="29980101"/></docdata>'),
            "a.xml: under embargo until 29980101; not taken in. Read it again after that.",
        ),
        (nitf(content="<media/>"), "a.xml: no text in its body.content."),
        (
            "<catalog/>",
            "a.xml: XML of a kind that cannot be read (<catalog>); NewsML-G2, NITF, RSS, Atom and OPML can.",
        ),
    ],
)
def test_nitf_that_may_not_be_used_or_holds_nothing_is_refused(content: str, told: str) -> None:
    assert problems(NitfReader(), content) == [told]


# --- XML

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "opening",
    [
        f'<!DOCTYPE nitf [<!ENTITY l0 "lol">{LAUGHS}]><nitf x="&l9;">',
        f'<!DOCTYPE nitf [<!ENTITY l0 "lol">{LAUGHS}]><nitf>&l9;',
        '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf>&x;',
        '<!DOCTYPE nitf [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><nitf>&x;',
        '<!DOCTYPE nitf [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><nitf>',
        '<!DOCTYPE nitf [<!ENTITY x "harmless">]><nitf>',
        '<!DOCTYPE nitf [<!ENTITY x "harmless">]><nitf><unclosed>',
    ],
)
def test_xml_with_entities_of_its_own_is_refused(opening: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        told = problems(NitfReader(), f"{opening}</nitf>".encode(encoding))
        assert told == ["a.xml: declares XML entities of its own, which is not allowed: news needs none."]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "a.xml: empty."),
        (b"<nitf>" * 100_000, "a.xml: not well-formed XML (Excessive depth in document: 256"),
        (b"<nitf>" * 100_000 + b"</nitf>" * 100_000, "a.xml: not well-formed XML (Excessive depth in document: 256"),
        (b"<nitf><body>", "a.xml: not well-formed XML (Premature end of data in tag body line 1"),
        (b"<nitf>caf\xe9</nitf>", "a.xml: not well-formed XML (Invalid bytes in character encoding"),
        (b'<?xml version="1.0" encoding="nonsense"?><nitf>\xe9</nitf>', "a.xml: not well-formed XML (Unsupported enc"),
        (b"<nitf>\x00</nitf>", "a.xml: not well-formed XML ("),
        ("<nitf>Half".encode("utf-16")[:-1], "a.xml: not well-formed XML ("),
    ],
    ids=lambda each: str(each[:20]),
)
def test_xml_that_is_not_well_formed_is_one_error(content: bytes, told: str) -> None:
    (problem,) = problems(NitfReader(), content)
    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("iso-8859-1", "iso-8859-1"),
        ("windows-1252", "windows-1252"),
        ("iso-8859-1", "utf-8"),
        ("utf-16", "utf-8"),
        ("nonsense", "utf-8"),
        ("utf-16", "utf-16"),
    ],
)
def test_what_the_bytes_prove_beats_the_declared_encoding(declared: str, encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{declared}"?><a>Café</a>'.encode(encoding)
    assert parse_xml(b"\n" + data if encoding == "utf-8" else data, "a").text == "Café"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<nitf>", "nitf"),
        ('\ufeff\n<?xml version="1.0"?><!-- <rss> --><n:nitf xmlns:n="x"/>', "nitf"),
        ('<!DOCTYPE nitf [<!ENTITY a "<rss>">\n]>\n<nitf\n>', "nitf"),
        ("Text <nitf>", ""),
        ("<!-- open <nitf>", ""),
        ("<", ""),
        ("", ""),
        ("{}", ""),
    ],
)
def test_the_first_element_tells_the_form(head: str, name: str) -> None:
    for encoding in ("utf-8", "utf-16", "utf-16-le"):
        assert root_name(of(head.encode(encoding))) == name
    assert NitfReader().recognises(of(head)) is (name == "nitf")
    assert not NewsmlReader().recognises(of(head))
    assert NewsmlReader().recognises(of(message()))


def test_text_is_put_together_block_by_block() -> None:
    tree = parse_xml(
        b"<div>a <b>b</b>\n c<p>d<br/>e</p>f<h2>g</h2><table><tr><td>h</td><td>i</td></tr></table></div>", "a"
    )
    assert paragraphs(tree) == ["a b c", "d e", "f", "## g", "h i"]
    assert text_of(tree) == "a b c d e f g h i"
