"""The way to the web: what is fetched, what is refused, how often and how politely."""

from __future__ import annotations

import gc
import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.addresses import is_public, resolve_host
from qa.config import WebSection
from qa.errors import ConfigError, SourceError
from qa.readers.documents import MIB, Page
from qa.web import Fetcher, FetchError, GoneError
from tests.web_server import PATIENCE, Reply, WebServer, page, redirect

PUBLIC = "93.184.215.14"
ROBOTS = "/robots.txt"


class Clock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept = 0.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds
        self.slept += seconds


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


Fetch = Callable[..., Fetcher]


@pytest.fixture
def fetcher(clock: Clock) -> Iterator[Fetch]:
    """Makes a Fetcher that may reach the loopback, and waits in no real time."""
    made: list[Fetcher] = []

    def make(*, resolve: Any = None, cancelled: Any = lambda: False, now: float = 0.0, **settings: Any) -> Fetcher:
        config = WebSection(**{"allow_private": True, "pause": 0, "robots": False, **settings})
        made.append(
            Fetcher(
                config,
                resolve=resolve or (lambda host, port: ["127.0.0.1"]),
                cancelled=cancelled,
                clock=clock,
                now=lambda: now,
                sleep=clock.sleep,
                chance=lambda: 0.5,
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


def got(fetcher: Fetcher, url: str, **validators: str) -> Page:
    found = fetcher.get(url, **validators)
    assert found is not None
    return found


def problem(fetcher: Fetcher, url: str, kind: type[FetchError] = FetchError) -> str:
    with pytest.raises(kind) as caught:
        fetcher.get(url)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{url}: ")
    return str(caught.value).removeprefix(f"{url}: ")


# --- a page


def test_a_page_comes_with_its_type_and_validators(server: WebServer, fetcher: Fetch) -> None:
    url = server.on("/a?b=1", page("<p>Ferry.", etag='"v1"', last_modified="Tue, 03 Mar 2026 08:00:00 GMT"))
    assert got(fetcher(), url + "#part") == Page(
        url=url,
        body=b"<p>Ferry.",
        content_type="text/html; charset=utf-8",
        etag='"v1"',
        last_modified="Tue, 03 Mar 2026 08:00:00 GMT",
    )


def test_a_request_says_who_asks_and_for_what(server: WebServer, fetcher: Fetch) -> None:
    server.on("/a", "text")
    got(fetcher(user_agent="Newsdesk/9 (desk@varnholm.example)"), server.url("/a", "varnholm.example"))
    sent = server.requests[0].headers
    assert sent["host"] == f"varnholm.example:{server.port}"
    assert sent["user-agent"] == "Newsdesk/9 (desk@varnholm.example)"
    assert (sent["accept-encoding"], sent["connection"]) == ("gzip", "close")
    assert "if-none-match" not in sent


def test_a_page_that_is_as_it_was_is_none(server: WebServer, fetcher: Fetch) -> None:
    url = server.on("/a", page("", 304))
    assert fetcher().get(url, etag='"v1"', last_modified="Tue, 03 Mar 2026 08:00:00 GMT") is None
    sent = server.requests[0].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Tue, 03 Mar 2026 08:00:00 GMT")
    assert problem(fetcher(), url) == "answered 304, not a page."


def test_no_cookie_comes_back_to_the_server(server: WebServer, fetcher: Fetch) -> None:
    url = server.on("/a", page("text", set_cookie="reader=17; Path=/"))
    web = fetcher()
    got(web, url)
    got(web, url)
    assert "cookie" not in server.requests[1].headers


def test_the_environment_chooses_no_proxy(server: WebServer, fetcher: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert got(fetcher(), server.on("/a", "text")).body == b"text"


def test_several_threads_share_a_fetcher(server: WebServer, fetcher: Fetch) -> None:
    urls = [server.on(f"/{n}", f"page {n}") for n in range(12)]
    web = fetcher(robots=True)
    with ThreadPoolExecutor(6) as pool:
        bodies = [found.body for found in pool.map(lambda url: got(web, url), urls)]
    assert bodies == [f"page {n}".encode() for n in range(12)]
    assert server.count()[ROBOTS] == 1


# --- what failed, and what to do


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (204, None),
        (400, "answered 400, not a page."),
        (401, "asks for a login (401); save the page and ingest the file."),
        (403, "refused (403); save the page in a browser and ingest the file."),
        (451, "withheld for legal reasons (451); leave it out."),
        (501, "the server failed (501); try again later."),
        (300, "answered 300, not a page."),
    ],
)
def test_a_status_is_told_once_with_what_to_do(
    server: WebServer, fetcher: Fetch, status: int, message: str | None
) -> None:
    url = server.on("/a", page("", status))
    if message is None:
        assert got(fetcher(), url).body == b""
    else:
        with pytest.raises(FetchError) as caught:
            fetcher().get(url)
        assert (str(caught.value), caught.value.status) == (f"{url}: {message}", status)
        assert not isinstance(caught.value, GoneError)
    assert server.count() == {"/a": 1}


@pytest.mark.parametrize(
    ("status", "message"),
    [(404, "not found (404); correct the address or leave it out."), (410, "gone for good (410); leave it out.")],
)
def test_a_page_that_vanished_can_be_told_from_one_that_fails(
    server: WebServer, fetcher: Fetch, status: int, message: str
) -> None:
    with pytest.raises(GoneError) as caught:
        fetcher().get(server.on("/a", page("", status)))
    assert (str(caught.value), caught.value.status) == (f"{server.url('/a')}: {message}", status)
    assert isinstance(caught.value, SourceError)


def test_a_password_in_an_address_is_refused_and_not_repeated(server: WebServer, fetcher: Fetch) -> None:
    with pytest.raises(FetchError) as caught:
        fetcher().get("http://desk:secret@varnholm.example/a")
    assert str(caught.value) == (
        "http://varnholm.example/a: carries a user name or password; give the address without them."
    )


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://varnholm.example/a", "gopher://a", "data:text/html,a"])
def test_only_http_and_https_are_fetched(fetcher: Fetch, url: str) -> None:
    assert problem(fetcher(), url) == "only http and https addresses are fetched; correct it."


@pytest.mark.parametrize(
    "url",
    ["", "varnholm", "http://", "http://[", "http://a..b/", "http://a b/", "http://a:99999/", "http://1.2.3.4.5/"],
)
def test_what_is_no_address_is_said_to_be_none(fetcher: Fetch, url: str) -> None:
    assert problem(fetcher(), url).endswith("; correct it.")


@given(st.text(max_size=40) | st.text(alphabet="/:@[]%.0x1a#?\\ \n", max_size=20).map(lambda rest: f"http://{rest}"))
def test_no_text_whatever_is_more_than_a_source_error(url: str) -> None:
    """A proxy that is not there keeps what is an address after all from being reached."""
    config = WebSection(robots=False, retries=0, proxy="http://127.0.0.1:9")
    with Fetcher(config) as web, pytest.raises(FetchError):
        web.get(url)


def test_a_name_that_is_not_known_is_said(fetcher: Fetch) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    message = "varnholm.example is not known (Name or service not known); correct the address or try later."
    assert problem(fetcher(resolve=unknown), "http://varnholm.example/") == message
    message = "varnholm.example has no address; correct it or try later."
    assert problem(fetcher(resolve=lambda host, port: []), "http://varnholm.example/") == message


def test_the_system_resolves_names() -> None:
    assert resolve_host("127.0.0.1", 80) == ["127.0.0.1"]


# --- where nothing may be fetched from


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 127.8.8.8 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
    100.127.255.255 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1
    64:ff9b:1::8.8.8.8 2002:7f00:1:: 2002:a00:1:: 2001:0:7f00:1:: 2001:db8::1 fc00::1 fd00:ec2::254 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 100::1 4000::1 nonsense""".split(),
)
def test_an_address_that_is_not_public_is_refused(fetcher: Fetch, address: str) -> None:
    assert not is_public(address)
    web = fetcher(allow_private=False, resolve=lambda host, port: [PUBLIC, address])
    assert problem(web, "http://varnholm.example/") == (
        f"{address} is not a public address; leave it out, or set [web] allow_private = true for a network that "
        "you trust."
    )


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "8.8.8.8", "172.32.0.1", "100.128.0.1", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)
def test_an_address_of_the_public_internet_is_none_of_these(address: str) -> None:
    assert is_public(address)


LOOPBACK_SPELLINGS = (
    "127.0.0.1 127.0.0.1. 127.1 2130706433 0x7f000001 0x7f.1 0x7F.0.0.1 017700000001 0177.1 0 0x0 [::1] [::] "
    "[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [64:ff9b::127.0.0.1] 127。0。0。1"
).split()


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
def test_no_spelling_of_an_address_slips_through(fetcher: Fetch, host: str, proxy: str) -> None:
    web = fetcher(allow_private=False, proxy=proxy, resolve=lambda host, port: [PUBLIC])
    assert "is not a public address" in problem(web, f"http://{host}/")


@pytest.mark.parametrize(
    "host", ["0177.0.0.1", "256.1.1.1", "1.2.3.4.5", "0x7f.0.0.0x100", "4294967296", "127.0.0.1..", "%31"]
)
def test_a_host_of_numbers_that_is_no_address_is_refused(fetcher: Fetch, host: str) -> None:
    web = fetcher(allow_private=False, resolve=lambda host, port: [PUBLIC])
    assert "not an address" in problem(web, f"http://{host}/")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost.", "LOCALHOST", "a.localhost", "ip6-localhost", "printer.local"]
)
def test_names_of_this_network_are_refused_where_a_proxy_resolves(fetcher: Fetch, host: str) -> None:
    web = fetcher(allow_private=False, proxy="http://127.0.0.1:9")
    assert "is not a public address" in problem(web, f"http://{host}/")


def test_localhost_is_refused_where_we_resolve(fetcher: Fetch) -> None:
    web = fetcher(allow_private=False, resolve=resolve_host)
    for host in ("localhost", "localhost."):
        assert "is not a public address" in problem(web, f"http://{host}:9/")


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of the socket that the guard of the tests stopped
def test_the_connection_goes_to_the_very_address_that_was_checked(fetcher: Fetch) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    web = fetcher(allow_private=False, resolve=lambda host, port: answers.pop(0))
    with pytest.raises(AssertionError, match=f"a test reached for {PUBLIC}, beyond loopback"):
        web.get("http://varnholm.example/")
    gc.collect()
    assert answers == [["127.0.0.1"]]


def test_a_name_is_resolved_once_a_hop_with_its_port(server: WebServer, fetcher: Fetch) -> None:
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    server.on("/a", redirect(server.url("/b", "odde.example")))
    server.on("/b", page("", 503), "text")
    found = got(fetcher(resolve=resolve), server.url("/a", "Varnholm.Example."))
    assert found.url == server.url("/b", "odde.example")
    assert asked == [("varnholm.example", server.port), ("odde.example", server.port)]


def test_the_next_address_is_tried_where_one_takes_no_connection(server: WebServer, fetcher: Fetch) -> None:
    server.on("/a", "text")
    web = fetcher(resolve=lambda host, port: ["::1", "127.0.0.1"])
    assert got(web, server.url("/a", "varnholm.example")).body == b"text"
    assert server.count() == {"/a": 1}


# --- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_page_has_its_last_address(
    server: WebServer, fetcher: Fetch, status: int
) -> None:
    server.on("/old/a", redirect("../new/a?x=1#top", status))
    server.on("/new/a?x=1", "text")
    assert got(fetcher(), server.url("/old/a")).url == server.url("/new/a?x=1")


def test_a_chain_of_redirects_has_an_end(server: WebServer, fetcher: Fetch) -> None:
    url = server.on("/a", redirect("/a"))
    assert problem(fetcher(redirects=3), url) == (
        "redirected more than 3 times ([web] redirects); correct the address or leave it out."
    )
    assert server.count() == {"/a": 4}


def test_every_redirect_is_checked_like_the_first(server: WebServer, fetcher: Fetch) -> None:
    """A proxy stands in for the public internet, so that the first address is an allowed one."""
    web = fetcher(allow_private=False, proxy=server.url(""))
    for target, reason in {
        "http://169.254.169.254/latest": "169.254.169.254 is not a public address; ",
        "http://0x7f.1/": "127.0.0.1 is not a public address; ",
        "//localhost/": "localhost is not a public address; ",
        "file:///etc/passwd": "only http and https addresses are fetched; ",
        "http://desk:secret@odde.example/": "carries a user name or password; ",
        "http://[": "not an address (",
    }.items():
        server.on("http://varnholm.example/a", redirect(target))
        message = problem(web, "http://varnholm.example/a")
        assert message.startswith(f"redirected to {target.replace('desk:secret@', '')}: {reason}")
    assert server.count() == {"http://varnholm.example/a": 6}


def test_a_proxy_is_asked_for_names_and_may_stand_on_this_machine(server: WebServer, fetcher: Fetch) -> None:
    server.on("http://varnholm.example/a", "text")

    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    web = fetcher(allow_private=False, proxy=server.url(""), resolve=never)
    assert got(web, "http://varnholm.example/a").body == b"text"


@pytest.mark.parametrize("proxy", ["nonsense", "gopher://127.0.0.1:1"])
def test_a_proxy_that_is_none_is_an_error_of_the_settings(proxy: str) -> None:
    with pytest.raises(ConfigError, match=r"^\[web\] proxy cannot be used .*; write it as http://host:port\.$"):
        Fetcher(WebSection(proxy=proxy))


# --- how much, how long


def zipped(data: bytes) -> Reply:
    packed = gzip.compress(data)
    return Reply([packed], headers={"Content-Encoding": "gzip"}, length=len(packed))


def test_a_compressed_page_is_decompressed(server: WebServer, fetcher: Fetch) -> None:
    body = b"<p>Ferry timetable.</p>" * 10_000
    assert got(fetcher(), server.on("/a", zipped(body))).body == body
    halves = gzip.compress(body[:100]) + gzip.compress(body[100:])
    split = [halves[start : start + 7] for start in range(0, len(halves), 7)]
    server.on("/a", Reply([*split, b"\0\0padding"], headers={"Content-Encoding": "x-gzip"}))
    assert got(fetcher(), server.url("/a")).body == body


TOO_LARGE = "larger than 0.5 MB, the most that a page may hold ([web] page_mb); leave it out or raise the limit."


def test_a_page_larger_than_the_limit_stops_early(server: WebServer, fetcher: Fetch) -> None:
    most = MIB // 2
    url = server.on("/a", page(b"x" * most), page(b"x" * (most + 1)), Reply([b"x" * MIB, "stall"], length=10 * MIB))
    web = fetcher(page_mb=0.5)
    assert len(got(web, url).body) == most
    assert problem(web, url) == TOO_LARGE
    assert problem(web, url) == TOO_LARGE  # before the stall


def test_a_gzip_bomb_stops_early(server: WebServer, fetcher: Fetch) -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(64))
    url = server.on("/a", Reply([packed, "stall"], headers={"Content-Encoding": "gzip"}))
    assert problem(fetcher(page_mb=0.5), url) == TOO_LARGE


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd"])
def test_a_coding_that_was_not_asked_for_is_refused(server: WebServer, fetcher: Fetch, coding: str) -> None:
    url = server.on("/a", page("text", content_encoding=coding))
    assert problem(fetcher(), url) == f"sent in a coding that was not asked for ({coding}); leave it out."


def test_damaged_gzip_is_said(server: WebServer, fetcher: Fetch) -> None:
    url = server.on("/a", page("no gzip", content_encoding="gzip"))
    assert problem(fetcher(), url).startswith("damaged gzip (Error -3")


def test_a_page_may_not_take_longer_than_four_timeouts(server: WebServer, fetcher: Fetch, clock: Clock) -> None:
    def pass_time() -> None:
        clock.time += 70

    url = server.on("/a", Reply([b"a", pass_time, b"b", pass_time, b"c", "stall"], length=4))
    assert problem(fetcher(timeout=30), url) == ("took longer than 120 s (4 times [web] timeout); try again later.")
    assert server.count() == {"/a": 1}


def test_headers_that_come_byte_by_byte_are_broken_off(server: WebServer, fetcher: Fetch) -> None:
    gone = threading.Event()

    def drip() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while not gone.wait(0.02):
            yield b"X-Slow: 1\r\n"

    class Drip(list[Any]):
        def __iter__(self) -> Iterator[Any]:
            return drip()

    url = server.on("/a", Reply(Drip(), raw=True))
    try:
        assert problem(fetcher(timeout=0.2), url) == "took longer than 0.8 s (4 times [web] timeout); try again later."
    finally:
        gone.set()


def test_a_server_that_does_not_answer_is_given_up(server: WebServer, fetcher: Fetch) -> None:
    url = server.on("/a", Reply(["stall"], raw=True))
    assert problem(fetcher(timeout=0.1), url) == "no answer within 0.1 s ([web] timeout); try again later."
    assert server.count() == {"/a": 1}


# --- trying again


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_after_longer_and_longer_waits(
    server: WebServer, fetcher: Fetch, clock: Clock, status: int
) -> None:
    url = server.on("/a", page("", status), page("", status), page("", status), "text")
    assert got(fetcher(), url).body == b"text"
    assert clock.slept == pytest.approx(1 + 2 + 4)


def test_trying_again_has_an_end(server: WebServer, fetcher: Fetch) -> None:
    busy = server.on("/busy", page("", 429))
    down = server.on("/down", page("", 503))
    with pytest.raises(FetchError) as caught:
        fetcher(retries=2).get(busy)
    assert (str(caught.value), caught.value.status) == (f"{busy}: too many requests (429); try again later.", 429)
    assert problem(fetcher(retries=0), down) == "the server failed (503); try again later."
    assert server.count() == {"/busy": 3, "/down": 1}


@pytest.mark.parametrize(
    "broken",
    [
        Reply(["cut"], raw=True),
        Reply([b"half of it", "cut"], length=100),
        Reply([b"half of it"], length=100),
        Reply([gzip.compress(b"text")[:-9]], headers={"Content-Encoding": "gzip"}),
        Reply([b"nonsense\r\n\r\n"], raw=True),
    ],
)
def test_a_connection_that_breaks_is_tried_again(server: WebServer, fetcher: Fetch, broken: Reply) -> None:
    url = server.on("/a", broken, "text")
    assert got(fetcher(), url).body == b"text"
    server.on("/a", broken)
    assert problem(fetcher(retries=1), url).endswith("; try again later.")
    assert server.count() == {"/a": 4}


def test_a_closed_port_is_said(fetcher: Fetch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        message = problem(fetcher(retries=1), f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert message == "the connection failed ([Errno 111] Connection refused); try again later."


@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ("7", 7.0),
        ("60", 60.0),
        (formatdate(1_772_525_000 + 45, usegmt=True), 45.0),
        (formatdate(1_772_525_000 - 45, usegmt=True), 1.0),
        ("soon", 1.0),
        ("-5", 1.0),
        ("", 1.0),
    ],
)
def test_a_server_says_when_to_come_again(
    server: WebServer, fetcher: Fetch, clock: Clock, said: str, waited: float
) -> None:
    url = server.on("/a", page("", 503, retry_after=said), "text")
    assert got(fetcher(now=1_772_525_000), url).body == b"text"
    assert clock.slept == pytest.approx(waited)


@pytest.mark.parametrize("said", ["61", "9" * 400, formatdate(4_000_000_000, usegmt=True)])
def test_a_server_that_asks_for_more_than_a_minute_is_left_alone(
    server: WebServer, fetcher: Fetch, clock: Clock, said: str
) -> None:
    url = server.on("/a", page("", 429, retry_after=said))
    assert problem(fetcher(), url) == "too many requests (429); try again later."
    assert (server.count(), clock.slept) == ({"/a": 1}, 0)


# --- in the host's turn


def test_a_host_is_asked_once_a_pause(server: WebServer, fetcher: Fetch, clock: Clock) -> None:
    moments: list[float] = []
    for path in ("/a", "/b", "/c"):
        server.on(path, Reply([lambda: moments.append(clock.time)]))
    web = fetcher(pause=2.5)
    for host, path in [("varnholm.example", "/a"), ("varnholm.example", "/b"), ("odde.example", "/c")]:
        got(web, server.url(path, host))
    assert moments == [1000, 1002.5, 1002.5]
    clock.time = 1010
    got(web, server.url("/a", "VARNHOLM.example."))
    assert moments[3:] == [1010]


def test_redirects_and_robots_wait_for_their_turn_as_well(server: WebServer, fetcher: Fetch, clock: Clock) -> None:
    server.on("/a", redirect("/b"))
    server.on("/b", "text")
    got(fetcher(pause=1, robots=True), server.url("/a"))
    assert server.count() == {ROBOTS: 1, "/a": 1, "/b": 1}
    assert clock.slept == pytest.approx(2)


def test_threads_take_turns_at_a_host(server: WebServer, clock: Clock) -> None:
    """Each waits until its own turn; time is moved on when all of them wait."""
    waiting, served = threading.Semaphore(0), threading.Semaphore(0)
    moved = threading.Condition()
    seen: list[float] = []

    def sleep(seconds: float) -> None:
        with moved:
            start = clock.time
            waiting.release()
            assert moved.wait_for(lambda: clock.time > start, PATIENCE)

    def note_time() -> None:
        seen.append(clock.time)
        served.release()

    server.on("/a", Reply([note_time]))
    config = WebSection(allow_private=True, robots=False, pause=10)
    with Fetcher(config, clock=clock, sleep=sleep) as web, ThreadPoolExecutor(3) as pool:
        pages = [pool.submit(web.get, server.url("/a")) for _ in range(3)]
        for asleep in (2, 1):
            assert served.acquire(timeout=PATIENCE)
            for _ in range(asleep):
                assert waiting.acquire(timeout=PATIENCE)
            with moved:
                clock.time += 10
                moved.notify_all()
        assert all(found.result(PATIENCE) for found in pages)
    assert seen == [1000, 1010, 1020]


# --- robots.txt


def test_robots_are_read_once_a_host_and_heeded(server: WebServer, fetcher: Fetch) -> None:
    server.on(ROBOTS, "User-agent: *\nDisallow: /private/\nAllow: /private/open\n")
    for path in ("/a", "/b", "/private/open", "/private/a"):
        server.on(path, "text")
    web = fetcher(robots=True)
    for path in ("/a", "/b", "/private/open"):
        got(web, server.url(path))
    assert problem(web, server.url("/private/a")) == (
        "robots.txt of 127.0.0.1 forbids it; leave it out, or set [web] robots = false if its owner lets you."
    )
    assert server.count() == {ROBOTS: 1, "/a": 1, "/b": 1, "/private/open": 1}


def test_rules_for_us_beat_rules_for_all(server: WebServer, fetcher: Fetch) -> None:
    server.on("/a", "text")
    server.on(ROBOTS, "User-agent: *\nDisallow: /\n\nUser-agent: newsdesk\nDisallow:\n")
    assert got(fetcher(robots=True), server.url("/a")).body == b"text"
    server.on(ROBOTS, "User-agent: *\nDisallow:\n\nUser-agent: Newsdesk\nDisallow: /\n")
    assert "forbids it" in problem(fetcher(robots=True), server.url("/a"))
    server.on(ROBOTS, "User-agent: archive\nDisallow: /\n")  # a word of our comment is not our name
    assert got(fetcher(robots=True), server.url("/a")).body == b"text"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_without_robots_everything_is_allowed(server: WebServer, fetcher: Fetch, status: int) -> None:
    server.on(ROBOTS, page("User-agent: *\nDisallow: /\n", status))
    assert got(fetcher(robots=True, retries=0), server.on("/a", "text")).body == b"text"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (page("", 500), "status 500"),
        (Reply(["cut"], raw=True), "the connection failed"),
        (redirect("http://desk:secret@odde.example/"), "carries a user name or password"),
    ],
)
def test_robots_that_cannot_be_read_forbid_all_for_now(
    server: WebServer, fetcher: Fetch, reply: Reply, reason: str
) -> None:
    server.on(ROBOTS, reply)
    web = fetcher(robots=True, retries=0)
    for path in ("/a", "/b"):
        message = problem(web, server.on(path, "text"))
        assert message.startswith("nothing is fetched from 127.0.0.1 for now, since its robots.txt could not be read (")
        assert reason in message
        assert message.endswith("); try again later.")
    assert server.count() == {ROBOTS: 1}


def test_a_redirect_is_held_to_the_robots_of_where_it_leads(server: WebServer, fetcher: Fetch) -> None:
    with WebServer() as other:
        other.on(ROBOTS, "User-agent: *\nDisallow: /")
        server.on("/a", redirect(other.url("/b")))
        message = problem(fetcher(robots=True), server.url("/a"))
        assert message.startswith(f"redirected to {other.url('/b')}: robots.txt of 127.0.0.1 forbids it")
        assert other.count() == {ROBOTS: 1}


def test_robots_may_be_redirected(server: WebServer, fetcher: Fetch) -> None:
    server.on(ROBOTS, redirect("/rules"))
    server.on("/rules", "User-agent: *\nDisallow: /")
    assert "forbids it" in problem(fetcher(robots=True), server.on("/a", "text"))


def test_robots_can_be_switched_off(server: WebServer, fetcher: Fetch) -> None:
    server.on(ROBOTS, "User-agent: *\nDisallow: /")
    assert got(fetcher(robots=False), server.on("/a", "text")).body == b"text"
    assert server.count() == {"/a": 1}


@pytest.mark.parametrize(
    ("said", "waited"), [("7", 7.0), ("3600", 30.0), ("0", 1.0), ("-4", 1.0), ("nan", 1.0), ("x", 1.0)]
)
def test_a_crawl_delay_is_kept_within_reason(
    server: WebServer, fetcher: Fetch, clock: Clock, said: str, waited: float
) -> None:
    server.on(ROBOTS, f"User-agent: *\nCrawl-delay: {said}\nDisallow: /private/\n")
    server.on("/a", "text")
    got(fetcher(robots=True, pause=1), server.url("/a"))
    assert clock.slept == pytest.approx(waited)


# --- stopping


def test_a_stop_ends_a_wait(server: WebServer, fetcher: Fetch, clock: Clock) -> None:
    url = server.on("/a", page("", 503, retry_after="60"))
    web = fetcher(cancelled=lambda: clock.time > 1001)
    assert problem(web, url) == "not fetched, since the run was stopped; start it again."
    assert (server.count(), clock.slept) == ({"/a": 1}, 1.25)


def test_a_stop_ends_a_page_in_its_middle(server: WebServer, fetcher: Fetch) -> None:
    stop = threading.Event()
    url = server.on("/a", Reply([b"a", stop.set, b"b", "stall"], length=9))
    web = fetcher(cancelled=stop.is_set)
    assert "the run was stopped" in problem(web, url)


def test_after_a_stop_nothing_is_asked(server: WebServer, fetcher: Fetch) -> None:
    web = fetcher(cancelled=lambda: True, robots=True)
    assert "the run was stopped" in problem(web, server.on("/a", "text"))
    assert server.count() == {}


# --- certificates

CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8+qQXU88O/1wCWXJ
S2uJGXm7FzfnMCH7kYYBv8gKNeChRANCAAQ8k/EQP900aGeqGFq5GRox/bfwditD
rorNnEFgcMIh1EDmckR+5dO9db9bSfcYdUdu/HYkNv8Nucf+oGzvLR/8
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBqzCCAVCgAwIBAgIUU0lENg/LHB2LWDmIRz7O5jl0CvcwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQdmFybmhvbG0uZXhhbXBsZTAgFw0yNjExMjIxOTUwMTlaGA8y
MTI2MTAyOTE5NTAxOVowGzEZMBcGA1UEAwwQdmFybmhvbG0uZXhhbXBsZTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABDyT8RA/3TRoZ6oYWrkZGjH9t/B2K0Ouis2c
QWBwwiHUQOZyRH7l0711v1tJ9xh1R278diQ2/w25x/6gbO8tH/yjcDBuMB0GA1Ud
DgQWBBTSzy9UrB06+DlbbeEgWlKRkxXUvzAfBgNVHSMEGDAWgBTSzy9UrB06+Dlb
beEgWlKRkxXUvzAPBgNVHRMBAf8EBTADAQH/MBsGA1UdEQQUMBKCEHZhcm5ob2xt
LmV4YW1wbGUwCgYIKoZIzj0EAwIDSQAwRgIhAMAXsIowR7J+5FfX0hQzAgHghJcz
ddR+qMKDvTkhugmlAiEAveJXFQMs/MTczrqldA20m79Httyl0k5sB1iEbntTskE=
-----END CERTIFICATE-----
"""


def test_a_certificate_is_checked_against_the_name(tmp_path: Path, fetcher: Fetch) -> None:
    """The server's is for varnholm.example, and signed by itself."""
    file = tmp_path / "server.pem"
    file.write_text(CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    names: list[str | None] = []
    context.sni_callback = lambda connection, name, made: names.append(name)
    with WebServer(context) as server:
        message = problem(fetcher(), server.url("/a", "varnholm.example"))
    assert message.startswith("its certificate does not hold (self")
    assert names == ["varnholm.example"]
    assert server.requests == []
