"""Addresses: one canonical form, and which of them are of one site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles.urls import canonical_url, on_amp_cache, same_site

STORY = "https://post.example/world/bridge-closes"


@pytest.mark.parametrize(
    "url",
    [
        "https://post.example/world/bridge-closes",
        "http://post.example/world/bridge-closes",
        "HTTPS://POST.Example/world/bridge-closes",
        "https://www.post.example/world/bridge-closes",
        "https://m.post.example/world/bridge-closes",
        "https://mobile.post.example/world/bridge-closes",
        "https://amp.post.example/world/bridge-closes",
        "https://www.m.post.example./world/bridge-closes",
        "https://post.example:443/world/bridge-closes",
        "http://post.example:80/world/bridge-closes",
        "https://ann:secret@post.example/world/bridge-closes",
        "https://post.example/world/bridge-closes#comments",
        "https://post.example/world/bridge-closes/",
        "https://post.example/world/bridge-closes//",
        "https://post.example/world/bridge-closes/index.html",
        "https://post.example/world/bridge-closes/amp",
        "https://post.example/world/bridge-closes/amp/",
        "https://post.example/world/bridge-closes.amp",
        "https://post.example/world/bridge-closes?amp=1",
        "https://post.example/world/bridge-closes?amp",
        "https://post.example/world/bridge-closes?outputType=amp",
        "https://post.example/world/./x/../bridge-closes",
        "https://post.example/world/bridge%2Dcloses",
        "https://post.example/w%6Frld/bridge-closes?",
        "https://post.example/world/bridge-closes?utm_source=a&utm_medium=b&fbclid=c&gclid=d",
        "https://post.example/world/bridge-closes?ref=home&amp;smid=tw&amp;CMP=share",
        "https://post.example/world/bridge-closes?at_medium=RSS&ns_mchannel=x&ito=1490",
        "https://www.google.com/amp/s/www.post.example/world/bridge-closes/amp/",
        "https://google.co.uk/amp/post.example/world/bridge-closes?amp=1",
        "https://post-example.cdn.ampproject.org/c/s/post.example/world/bridge-closes?usqp=mq331AQ",
        "https://cdn.ampproject.org/v/s/amp.post.example/world/bridge-closes.amp?amp_js_v=0.1",
        " https://post.example/world/bridge-\ncloses ",
        "https:\\\\post.example\\world\\bridge-closes".replace("\\\\", "//", 1),
    ],
)
def test_the_addresses_of_one_article_have_one_form(url: str) -> None:
    assert canonical_url(url) == STORY


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://post.example", "https://post.example/"),
        ("https://post.example/index.php?p=12&utm_id=3", "https://post.example/?p=12"),
        ("https://post.example/s?story=2&id=1&article=3", "https://post.example/s?article=3&id=1&story=2"),
        ("https://post.example/s?q=a+b&Q=%e4", "https://post.example/s?Q=%E4&q=a%20b"),
        ("https://post.example/s?amp=2&outputType=json", "https://post.example/s?amp=2&outputType=json"),
        ("https://post.example/story.amp.html", "https://post.example/story.html"),
        ("https://post.example:8080/a", "https://post.example:8080/a"),
        ("http://127.0.0.1:8000/a", "https://127.0.0.1:8000/a"),
        ("http://[::1]:8000/a", "https://[::1]:8000/a"),
        ("http://localhost/a", "https://localhost/a"),
        ("https://post.example/Straße/ü b", "https://post.example/Stra%C3%9Fe/%C3%BC%20b"),
        ("https://zürich.example/a", "https://xn--zrich-kva.example/a"),
        ("https://XN--ZRICH-KVA.example/a", "https://xn--zrich-kva.example/a"),
        ("https://post.example/100%", "https://post.example/100%25"),
        ("https://post.example/a%2Fb", "https://post.example/a%2Fb"),
        ("https://post.example/camp", "https://post.example/camp"),
        ("https://post.example/x/a.example", "https://post.example/x/a.example"),
        ("https://web.example/2020/https://post.example/a", "https://web.example/2020/https://post.example/a"),
        ("https://www.com/a", "https://www.com/a"),
        ("https://m.co.uk/a", "https://m.co.uk/a"),
        ("https://amp.dev/a", "https://amp.dev/a"),
        ("https://google.com/amp/s/nowhere", "https://google.com/amp/s/nowhere"),
    ],
)
def test_what_identifies_an_article_is_kept(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "post.example/a", "//post.example/a", "/a", "file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.c"),
        *("ftp://post.example/a", "https://", "https:///a", "https://post..example/", "https://a b.example/"),
        *("https://post.example:99999/", "https://[zz]/", "https://-.example/", "https://%00.example/"),
        "https://post.example/" + "a" * 8_000,
        "https://" + "google.com/amp/s/" * 60 + "post.example/a",
    ],
)
def test_what_is_no_http_address_has_no_form(url: str) -> None:
    assert canonical_url(url) == ""


PIECES = st.sampled_from(
    [
        *("http://", "https://", "www.", "m.", "amp.", "google.com", "/amp/s/", "/amp", "cdn.ampproject.org", "/c/s/"),
        *("/", "//", ".", "..", "?", "&", "&amp;", "=", "#", "%", "%2", "%41", "%2f", "%2e", "index.html", ".amp"),
        *(".html", "utm_x=1", "id=3", "a", "ü", "ß", "\\", "@", ":", "443", "99999", "[", "]", "::1", " ", "\t", "\n"),
        *("\ud800", "+", ";", "com", "co.uk", "xn--", "-", "_", "ref=a", "amp=1", "AMP", "\x00", "İ", "。"),
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.lists(PIECES).map("".join),
    st.lists(PIECES).map(lambda pieces: "https://post.example/" + "".join(pieces)),
    st.lists(PIECES).map(lambda pieces: "https://google.com/amp/s/" + "".join(pieces)),
)


@given(TEXTS)
def test_any_text_has_a_form_which_is_its_own_form(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once
    assert once == "" or once.startswith("https://")
    assert once.isascii()


@given(TEXTS, TEXTS)
def test_being_of_one_site_goes_both_ways(a: str, b: str) -> None:
    assert same_site(a, b) == same_site(b, a)
    assert same_site(a, a) == (canonical_url(a) != "")


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://www.post.example/a", "http://m.post.example/b", True),
        ("https://news.post.example/a", "https://post.example/b", True),
        ("https://post.example/a", "https://other.example/a", False),
        ("https://post.example/a", "https://notpost.example/a", False),
        ("https://post.example/a", "file:///post.example/a", False),
        ("", "", False),
    ],
)
def test_a_site_is_a_host_and_those_below_it(a: str, b: str, same: bool) -> None:
    assert same_site(a, b) is same


@pytest.mark.parametrize(
    ("url", "cached"),
    [
        ("https://post-example.cdn.ampproject.org/c/s/post.example/a", True),
        ("https://www.google.com/amp/s/post.example/a", True),
        ("https://www.google.com/search?q=a", False),
        ("https://post.example/a/amp", False),
        ("no address", False),
    ],
)
def test_a_copy_on_an_amp_cache_is_known_as_one(url: str, cached: bool) -> None:
    assert on_amp_cache(url) is cached
