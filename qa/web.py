"""``Fetcher``: the one way to pages and feeds on the web.

Addresses come from feeds and pages, so a stranger chose them. Two invariants hold for every request, after every
redirect. It goes to an address that was checked: a name is resolved once, all that it stands for must be public, and
the connection is made to one of these very addresses, so that a second answer of the name server cannot lead it
elsewhere. And it is polite: in the host's turn, within the host's robots.txt (RFC 9309), under our own name.

Connections are not kept. They are made to addresses, and many names share one: a kept connection could carry a
request for one name after its certificate was checked for another.
"""

from __future__ import annotations

import random
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import TYPE_CHECKING, Any

from qa.addresses import is_address, is_local_name, is_public, plain_host, resolve_host
from qa.articles import instant, one_line
from qa.config import WebSection
from qa.errors import ConfigError, SourceError
from qa.readers.documents import MIB, Page

if TYPE_CHECKING:
    import httpx
    from protego import Protego

__all__ = ["FetchError", "Fetcher", "GoneError"]

WHOLE = 4
"""How many times ``[web] timeout`` one page may take from the request to its last byte."""
LONGEST_WAIT = 60.0
"""Seconds that a server's Retry-After is waited for; a server that asks for more is left alone."""
LONGEST_DELAY = 30.0
"""Seconds of robots.txt's Crawl-delay that are honoured."""
ROBOTS_BYTES = 512 * 1024
"""Bytes of a robots.txt that count; RFC 9309 asks for 500 KiB at least."""
MOST_ADDRESSES = 4
"""Addresses of one name that are tried in turn."""
TICK = 0.25
"""Seconds between two looks at whether to stop, while waiting."""

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PASSING = frozenset((429, 500, 502, 503, 504))
_ACCEPT = "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.8"
_MEANING: Mapping[int, str] = {
    401: "asks for a login (401); save the page and ingest the file",
    402: "asks for a payment (402); save the page and ingest the file",
    403: "refused (403); save the page in a browser and ingest the file",
    404: "not found (404); correct the address or leave it out",
    410: "gone for good (410); leave it out",
    429: "too many requests (429); try again later",
    451: "withheld for legal reasons (451); leave it out",
}


class FetchError(SourceError):
    """A page cannot be fetched. ``status`` is that of the server's answer, None where there was no answer."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class GoneError(FetchError):
    """The server says that the page is not there, or no longer (404, 410)."""


class _DroppedError(FetchError):
    """The connection was not made, or broke; the next attempt may do better."""


class _StoppedError(FetchError):
    """The caller wants no more."""


@dataclass(frozen=True, slots=True)
class _Hop:
    """One address on the way to a page. ``peers`` are what to connect to, checked; ``shown`` names it in errors."""

    url: httpx.URL
    host: str
    peers: tuple[str, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class _Host:
    """When a host may be asked next, in seconds of the Fetcher's clock."""

    interval: float
    asked: float = float("-inf")
    busy_until: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class _Robots:
    """What robots.txt of one site allows: all where there are no ``rules``, nothing where there was ``trouble``."""

    rules: Protego | None = None
    trouble: str = ""
    read: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Fetcher:
    """Fetches pages; any number of threads may share one. A ``with`` block closes it.

    ``cancelled`` is asked between attempts and parts of a page; once it says so, whatever is under way raises. The
    other arguments stand in for the name server, the clocks (``clock`` for waiting, ``now`` in seconds since the
    epoch), sleeping and chance (0 to 1).
    """

    def __init__(
        self,
        config: WebSection,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        resolve: Callable[[str, int], list[str]] = resolve_host,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._config = config
        self._cancelled = cancelled
        self._resolve = resolve
        self._clock = clock
        self._now = now
        self._sleep = sleep
        self._chance = chance
        self._client = _client(config)
        # Its comment, in brackets, is no name that a robots.txt could mean.
        self._agent = re.sub(r"\([^)]*\)", "", config.user_agent).strip() or "Newsdesk"
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, _Robots] = {}

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._client.close()

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Page | None:
        """The page at ``url``; None where the validators of an earlier answer still hold (304). Raises FetchError."""
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        asked = {name: value for name, value in validators.items() if value}
        hop, reply = self._follow(url, asked, obey=self._config.robots)
        if reply.status == 304 and asked:
            return None
        if not 200 <= reply.status < 300:
            raise _failure(hop, reply.status)
        headers = reply.headers
        return Page(
            url=str(hop.url),
            body=reply.body,
            content_type=headers.get("content-type", ""),
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
        )

    def _follow(self, url: str, headers: Mapping[str, str], *, obey: bool) -> tuple[_Hop, _Reply]:
        """The last answer of the redirects that start at ``url``, each of them checked like the first."""
        hop = self._hop(url)
        for _ in range(self._config.redirects + 1):
            if obey:
                self._obey_robots(hop)
            reply = self._ask(hop, headers)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not location:
                return hop, reply
            hop = self._hop(location, after=hop, first=url)
        raise FetchError(
            f"{_shown(url)}: redirected more than {self._config.redirects} times ([web] redirects); "
            "correct the address or leave it out."
        )

    def _hop(self, url: str, *, after: _Hop | None = None, first: str = "") -> _Hop:
        """``url`` checked and resolved. Raises FetchError where nothing may be fetched from it."""
        import httpx

        shown = f"{_shown(first)}: redirected to {_shown(url)}" if after else _shown(url)
        try:
            parsed = after.url.join(url) if after else httpx.URL(url)
        except (httpx.InvalidURL, ValueError) as error:
            raise _no_address(shown, error) from error
        if parsed.scheme not in {"http", "https"}:
            raise FetchError(f"{shown}: only http and https addresses are fetched; correct it.")
        if parsed.userinfo:
            raise FetchError(f"{shown}: carries a user name or password; give the address without them.")
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        try:
            host = plain_host(parsed.raw_host.decode("ascii"))
            if port > 65535:
                raise ValueError(f"no port {port}")
        except ValueError as error:
            raise _no_address(shown, error) from error
        parsed = parsed.copy_with(host=host, fragment=None)
        return _Hop(parsed, host, self._peers(host, port, shown), shown)

    def _peers(self, host: str, port: int, shown: str) -> tuple[str, ...]:
        """What to connect to for ``host``: addresses, or itself where a proxy resolves it."""
        literal = is_address(host)
        if self._config.proxy and not literal:
            if is_local_name(host) and not self._config.allow_private:
                raise _private(shown, host)
            return (host,)
        try:
            peers = [host] if literal else self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            reason = one_line(str(getattr(error, "strerror", None) or error))
            raise FetchError(f"{shown}: {host} is not known ({reason}); correct the address or try later.") from error
        if not peers:
            raise FetchError(f"{shown}: {host} has no address; correct it or try later.")
        refused = next((peer for peer in peers if not is_public(peer)), None)
        if refused and not self._config.allow_private:
            raise _private(shown, refused)
        return tuple(peers[:MOST_ADDRESSES])

    def _obey_robots(self, hop: _Hop) -> None:
        """Raise FetchError unless the site's robots.txt lets us fetch ``hop``."""
        site = hop.url.copy_with(raw_path=b"/robots.txt")
        robots = self._robots.setdefault(str(site), _Robots())
        with robots.lock:
            if not robots.read:
                self._read_robots(robots, site, hop)
            allowed = robots.rules is None or robots.rules.can_fetch(str(hop.url), self._agent)
        if robots.trouble:
            raise FetchError(
                f"{hop.shown}: nothing is fetched from {hop.host} for now, since its robots.txt could not be read "
                f"({robots.trouble}); try again later."
            )
        if not allowed:
            raise FetchError(
                f"{hop.shown}: robots.txt of {hop.host} forbids it; leave it out, or set [web] robots = false if its "
                "owner lets you."
            )

    def _read_robots(self, robots: _Robots, site: httpx.URL, hop: _Hop) -> None:
        from protego import Protego

        try:
            _, reply = self._follow(str(site), {}, obey=False)
        except _StoppedError as stopped:
            raise self._stopped(hop) from stopped
        except FetchError as error:
            robots.trouble = str(error).removeprefix(f"{site}: ").rstrip(".")
        else:
            if 200 <= reply.status < 300:
                robots.rules = Protego.parse(reply.body[:ROBOTS_BYTES].decode("utf-8", "replace"))
                delay = robots.rules.crawl_delay(self._agent) or 0.0
                host = self._host(hop)
                with host.lock:
                    host.interval = max(host.interval, min(LONGEST_DELAY, delay))
            elif not 400 <= reply.status < 500:
                robots.trouble = f"status {reply.status}"
        robots.read = True

    def _ask(self, hop: _Hop, headers: Mapping[str, str]) -> _Reply:
        """The answer of one address, asked again while that may help."""
        attempt = 0
        while True:
            self._wait_for_turn(hop)
            last = attempt == self._config.retries
            wait = 2**attempt * (0.5 + self._chance())
            try:
                reply = self._attempt(hop, headers)
            except _DroppedError:
                if last:
                    raise
            else:
                wait = max(wait, self._retry_after(reply))
                if last or reply.status not in _PASSING or wait > LONGEST_WAIT:
                    return reply
            self._leave_alone(hop, wait)
            attempt += 1

    def _host(self, hop: _Hop) -> _Host:
        return self._hosts.setdefault(hop.host, _Host(self._config.pause))

    def _wait_for_turn(self, hop: _Hop) -> None:
        host = self._host(hop)
        with host.lock:
            turn = max(self._clock(), host.asked + host.interval, host.busy_until)
            host.asked = turn
        self._check_stop(hop)
        while (left := turn - self._clock()) > 0:
            self._sleep(min(left, TICK))
            self._check_stop(hop)

    def _leave_alone(self, hop: _Hop, seconds: float) -> None:
        host = self._host(hop)
        with host.lock:
            host.busy_until = max(host.busy_until, self._clock() + seconds)

    def _retry_after(self, reply: _Reply) -> float:
        """Seconds that the server asks to be left alone, 0 where it does not say."""
        said = reply.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return float(said[:9])
        try:
            return max(0.0, instant(parsedate_to_datetime(said)) - self._now())
        except (ValueError, OverflowError):
            return 0.0

    def _attempt(self, hop: _Hop, headers: Mapping[str, str]) -> _Reply:
        """One request, to the first of the hop's peers that takes the connection."""
        import httpx

        deadline = self._clock() + WHOLE * self._config.timeout
        try:
            for peer in hop.peers[:-1]:
                with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                    return self._exchange(hop, peer, headers, deadline)
                self._check_time(hop, deadline)
            return self._exchange(hop, hop.peers[-1], headers, deadline)
        except httpx.TimeoutException as error:
            raise FetchError(
                f"{hop.shown}: no answer within {self._config.timeout:g} s ([web] timeout); try again later."
            ) from error
        except (httpx.ProxyError, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            via = "the proxy ([web] proxy) failed" if self._config.proxy else "cannot be asked for"
            raise FetchError(f"{hop.shown}: {via} ({one_line(str(error))}); correct the settings.") from error
        except httpx.TransportError as error:
            raise _broken(hop, error) from error

    def _exchange(self, hop: _Hop, peer: str, headers: Mapping[str, str], deadline: float) -> _Reply:
        """One request to ``peer`` and its answer; the body is read only where it is a page."""
        import httpx

        url = hop.url.copy_with(host=peer)
        sent = {"Host": hop.url.netloc.decode("ascii"), **headers}
        with _cut_off(deadline - self._clock()) as (cut, trace):
            options = {"sni_hostname": hop.host, "trace": trace}
            try:
                with self._client.stream("GET", url, headers=sent, extensions=options) as response:
                    found = {name.lower(): value for name, value in response.headers.items()}
                    body = self._body(response, hop, deadline) if response.is_success else b""
            except (httpx.ReadError, httpx.RemoteProtocolError):
                if not cut.is_set():
                    raise
        if cut.is_set():
            raise self._too_slow(hop)
        return _Reply(response.status_code, found, body)

    def _body(self, response: httpx.Response, hop: _Hop, deadline: float) -> bytes:
        coding = response.headers.get("content-encoding", "identity").strip().lower() or "identity"
        if coding not in {"identity", "gzip", "x-gzip"}:
            raise FetchError(
                f"{hop.shown}: sent in a coding that was not asked for ({one_line(coding)}); leave it out."
            )
        most = int(self._config.page_mb * MIB)
        gzip = None if coding == "identity" else _Gzip()
        body = bytearray()
        try:
            for chunk in response.iter_raw():
                self._check_stop(hop)
                self._check_time(hop, deadline)
                body += gzip.take(chunk, most + 1 - len(body)) if gzip else chunk
                if len(body) > most:
                    raise FetchError(
                        f"{hop.shown}: larger than {self._config.page_mb:g} MB, the most that a page may hold "
                        "([web] page_mb); leave it out or raise the limit."
                    )
        except zlib.error as error:
            raise FetchError(f"{hop.shown}: damaged gzip ({error}); try again later.") from error
        if gzip and not gzip.complete:
            raise _DroppedError(f"{hop.shown}: broke off in the middle of the page; try again later.")
        return bytes(body)

    def _check_stop(self, hop: _Hop) -> None:
        if self._cancelled():
            raise self._stopped(hop)

    def _stopped(self, hop: _Hop) -> _StoppedError:
        return _StoppedError(f"{hop.shown}: not fetched, since the run was stopped; start it again.")

    def _check_time(self, hop: _Hop, deadline: float) -> None:
        if self._clock() > deadline:
            raise self._too_slow(hop)

    def _too_slow(self, hop: _Hop) -> FetchError:
        return FetchError(
            f"{hop.shown}: took longer than {WHOLE * self._config.timeout:g} s ({WHOLE} times [web] timeout); "
            "try again later."
        )


def _client(config: WebSection) -> httpx.Client:
    import httpx

    try:
        return httpx.Client(
            headers={
                "User-Agent": config.user_agent,
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip",
                "Connection": "close",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            timeout=config.timeout,
            proxy=config.proxy or None,
            trust_env=False,
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise ConfigError(f"[web] proxy cannot be used ({error}); write it as http://host:port.") from error


@contextmanager
def _cut_off(seconds: float) -> Iterator[tuple[threading.Event, Callable[[str, Mapping[str, Any]], None]]]:
    """Break the block's connection after ``seconds``, and set the event.

    The timeout of a read alone does not bound a server that sends its headers byte by byte. The second value is
    httpx's hook by which the connection becomes known.
    """
    cut = threading.Event()
    sockets: list[socket.socket] = []

    def trace(event: str, details: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            sockets.append(details["return_value"].get_extra_info("socket"))

    def cut_now() -> None:
        cut.set()
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, seconds), cut_now)
    timer.daemon = True
    timer.start()
    try:
        yield cut, trace
    finally:
        timer.cancel()


class _Gzip:
    """Decompresses gzip as it comes, never more at a time than it is asked for."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self._rest = False  # whether what follows the last member is no gzip any more, to be ignored as browsers do

    @property
    def complete(self) -> bool:
        return self._member.eof

    def take(self, data: bytes, most: int) -> bytes:
        """What ``data`` decompresses to, cut at ``most`` bytes. Raises zlib.error."""
        out = bytearray()
        while data and len(out) < most and not self._rest:
            if self._member.eof:
                self._rest = data[0] != 0x1F
                if self._rest:
                    break
                self._member = zlib.decompressobj(31)
            out += self._member.decompress(data, most - len(out))
            data = self._member.unconsumed_tail or self._member.unused_data
        return bytes(out)


def _shown(url: str) -> str:
    """``url`` as errors name it: on one line, of bounded length, without a password."""
    return one_line(re.sub(r"//[^/?#]*@", "//", url, count=1))[:500]


def _no_address(shown: str, error: Exception) -> FetchError:
    return FetchError(f"{shown}: not an address ({one_line(str(error))}); correct it.")


def _private(shown: str, host: str) -> FetchError:
    return FetchError(
        f"{shown}: {host} is not a public address; leave it out, or set [web] allow_private = true for a network "
        "that you trust."
    )


def _failure(hop: _Hop, status: int) -> FetchError:
    if status in {404, 410}:
        return GoneError(f"{hop.shown}: {_MEANING[status]}.", status=status)
    otherwise = f"the server failed ({status}); try again later" if status >= 500 else f"answered {status}, not a page"
    return FetchError(f"{hop.shown}: {_MEANING.get(status, otherwise)}.", status=status)


def _broken(hop: _Hop, error: Exception) -> FetchError:
    """What a failed connection means: a certificate that does not hold is for good, the rest may pass."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchError(f"{hop.shown}: its certificate does not hold ({cause.verify_message}); leave it out.")
        cause = cause.__cause__ or cause.__context__
    reason = one_line(str(error)) or type(error).__name__
    return _DroppedError(f"{hop.shown}: the connection failed ({reason}); try again later.")
