"""One form for the many addresses of one article.

Two addresses that lead to the same article have, as far as an address can tell, the same canonical form. What
identifies an article (``id``, ``p``, ``story``...) is never taken away: two articles under one address would be worse
than one article under two. The form is for comparing; to open an article, use the address that was published.

The percent-encoding follows RFC 3986, section 6.2.2, the addresses of AMP caches the format that amp.dev describes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

__all__ = ["canonical_url", "host_of", "on_amp_cache", "same_site", "without_tracking"]

LONGEST = 8_000
"""Characters of the longest address; what is longer is none."""
ROUNDS = 32
"""How often an address may stand inside another one."""

_URL = re.compile(
    r"(?P<scheme>https?)://(?:[^/?#\\]*@)?(?P<host>[^/?#\\:@\[\]]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<path>[/\\][^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*\Z")
_PREFIX = re.compile(r"(?:www\d?|mobile|m|amp)\.")
_SHARED_ENDING = re.compile(r"(?:ac|co|com|edu|go|gob|gouv|gov|ltd|mil|ne|net|nhs|nom|or|org|police|sch)\.[a-z]{2}\Z")
"""Endings such as ``co.uk``, below which anyone can register a name."""

_ENCODED_OR_UNSAFE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~!$&'()*+,;=:@/-]")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]\Z")

_TRACKING = frozenset(
    "_ga _gl cmp cmpid dclid emc fbclid ftag gbraid gclid gclsrc guccounter igsh igshid intcmp ito li_fat_id mc_cid "
    "mc_eid mibextid mkt_tok msclkid ncid oly_anon_id oly_enc_id partner ref ref_src ref_url referrer rss s_cid smid "
    "smprod smtyp soc_src soc_trk sr_share taid ttclid twclid usqp vero_id wbraid wt.mc_id wt_mc xtor yclid "
    "__twitter_impression".split()
)
_TRACKING_PREFIXES = ("utm_", "ns_", "at_", "pk_", "mtm_", "hsa_", "guce_", "_hs", "amp_", "fb_", "__amp")
_AMP_VALUES = {"amp": ("", "1", "true", "yes", "amp"), "outputtype": ("amp", "valid_amp", "amp-type")}

_TAIL = re.compile(
    r"(?:/|/index\.(?:html?|php|aspx?)|(?<=/)index\.(?:html?|php|aspx?)|/amp(?:\.html?)?|(?<=[^/.])\.amp)\Z",
    re.IGNORECASE,
)
_AMP_HTML = re.compile(r"(?<=[^/.])\.amp(?=\.html?\Z)", re.IGNORECASE)
_VIEWER = re.compile(r"/amp/(?:s/)?(?P<inner>[^/].*)", re.DOTALL)
_CACHE = re.compile(r"/(?:[cvi]|wp)/(?:s/)?(?P<inner>[^/].*)", re.DOTALL)
_GOOGLE = re.compile(r"google\.[a-z]{2,3}(?:\.[a-z]{2})?\Z")
_CACHE_HOST = re.compile(r"(?:[a-z0-9-]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)\Z")


class _Parts(NamedTuple):
    host: str
    port: str
    path: str
    query: str

    @property
    def url(self) -> str:
        port = f":{self.port}" if self.port else ""
        query = f"?{self.query}" if self.query else ""
        return f"https://{self.host}{port}{self.path}{query}"


@lru_cache(maxsize=16_384)
def canonical_url(url: str) -> str:
    """The canonical form of an http address, "" for what is none. Applying it again changes nothing."""
    parts = _canonical(url)
    return parts.url if parts else ""


def without_tracking(url: str) -> str:
    """An address as it was written, without the parameters that only track."""
    path, question, query = url.partition("?")
    if not question:
        return url
    query, hash_, fragment = query.partition("#")
    kept = "&".join(part for part in re.split("&(?:amp;)*", query) if not _only_tracks(part))
    return path + ("?" + kept if kept else "") + hash_ + fragment


def host_of(url: str) -> str:
    """The host of the canonical form, "" for what is no http address."""
    parts = _canonical(url)
    return parts.host if parts else ""


def same_site(a: str, b: str) -> bool:
    """Whether two addresses are of one host, or one's host is below the other's. What is no address is of none."""
    first, second = host_of(a), host_of(b)
    if not first or not second:
        return False
    return first == second or first.endswith("." + second) or second.endswith("." + first)


def on_amp_cache(url: str) -> bool:
    """Whether an address is a copy of somebody else's page, kept by an AMP cache or Google's viewer."""
    parts = _split(url)
    return parts is not None and _carried(parts) is not None


@lru_cache(maxsize=16_384)
def _canonical(url: str) -> _Parts | None:
    parts = _split(url)
    for _ in range(ROUNDS):
        inner = _carried(parts) if parts else None
        if inner is None:
            return parts and parts._replace(path=_short(parts.path))
        parts = inner
    return None


def _split(url: str) -> _Parts | None:
    """The parts of an address, each in its one form; None for what is no http address."""
    found = _URL.match(re.sub(r"[\t\r\n]", "", url.strip())) if len(url) <= LONGEST else None
    if found is None:
        return None
    host, port = _host(found["host"]), int(found["port"] or 0)
    if not host or port > 65_535:
        return None
    path = _without_dots(_encoded((found["path"] or "/").replace("\\", "/"))) or "/"
    return _Parts(host, "" if port in (0, 80, 443) else str(port), path, _query(found["query"] or ""))


def _host(written: str) -> str:
    """A host in ASCII and lower case, without the prefixes that only tell the form of the page; "" if it is none."""
    if written.startswith("["):
        return written.lower()
    host = unquote(written).strip().rstrip(".").lower()
    if not host.isascii():
        host = _in_ascii(host)
    if not _HOST.match(host):
        return ""
    while (prefix := _PREFIX.match(host)) and _is_registrable(host[prefix.end() :]):
        host = host[prefix.end() :]
    return host


def _in_ascii(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii").rstrip(".")
    except (UnicodeError, ValueError, IndexError):
        return ""


def _is_registrable(host: str) -> bool:
    """Whether a host looks like one that somebody owns: ``post.example``, not ``com``, ``co.uk`` or a number."""
    return "." in host and not _SHARED_ENDING.fullmatch(host) and not host.replace(".", "").isdigit()


def _encoded(text: str) -> str:
    def normal(match: re.Match[str]) -> str:
        if len(match[0]) == 3:
            plain = chr(int(match[0][1:], 16))
            return plain if _UNRESERVED.match(plain) else match[0].upper()
        return quote(match[0], safe="", errors="replace")

    return _ENCODED_OR_UNSAFE.sub(normal, text)


def _without_dots(path: str) -> str:
    """A path without ``.`` and ``..`` (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if segments[-1] in (".", "..") and kept else "")


def _query(text: str) -> str:
    """The parameters that identify, sorted."""
    normal = (_encoded(part.replace("+", "%20").replace("?", "%3F")) for part in re.split("&(?:amp;)*", text))
    return "&".join(sorted(part for part in normal if part and not _only_tracks(part)))


def _only_tracks(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = name.lower()
    if name in _AMP_VALUES:
        return value.lower() in _AMP_VALUES[name]
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _short(path: str) -> str:
    """A path without what tells only the form of the page: ``/amp``, ``.amp``, ``index.html``, the last slash."""
    while True:
        shorter = _AMP_HTML.sub("", _TAIL.sub("", path))
        if shorter == path or not shorter:
            return shorter or "/"
        path = shorter


def _carried(parts: _Parts) -> _Parts | None:
    """The address of the page that an AMP viewer or cache shows under an address of its own, None where it is none."""
    pattern = _VIEWER if _GOOGLE.match(parts.host) else _CACHE if _CACHE_HOST.match(parts.host) else None
    found = pattern.match(parts.path) if pattern else None
    if found is None:
        return None
    query = f"?{parts.query}" if parts.query else ""
    inner = _split(f"https://{found['inner']}{query}")
    return inner if inner and "." in inner.host else None
