"""Hosts and IP addresses: one spelling for each, and which of them are public.

Old spellings of an address (a single number, octal, hexadecimal, IPv4 inside IPv6) are what lets a request through to
a network that it should not reach, so everything is judged in its one spelling.
"""

from __future__ import annotations

import ipaddress
import re
import socket

__all__ = ["is_address", "is_local_name", "is_public", "plain_host", "resolve_host"]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOCAL_NAMES = frozenset(("localhost", "localdomain", "local", "internal", "lan", "ip6-localhost", "ip6-loopback"))


def resolve_host(host: str, port: int) -> list[str]:
    """Every address of ``host``, the best first. Raises OSError."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet. One that embeds an IPv4 address is judged by that."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def plain_host(host: str) -> str:
    """The one spelling of a host: no trailing dot, numbers as an address. Raises ValueError for what is none.

    As in the URL standard (url.spec.whatwg.org, "ends in a number"), a host whose last label is a number is an
    IPv4 address, whichever of the old spellings it uses: 2130706433, 0x7f.1, 0177.0.0.1.
    """
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    host = host.lower().removesuffix(".")
    if not _NAME.fullmatch(host):
        raise ValueError("no host" if not host else "not a host's name")
    if not _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError as error:
        raise ValueError("a host of numbers that is no IP address") from error


def is_address(host: str) -> bool:
    """Whether a host in its one spelling is an IP address."""
    return ":" in host or host.replace(".", "").isdigit()


def is_local_name(host: str) -> bool:
    """Whether a name can only mean this machine or its own network, whoever resolves it."""
    return host.rsplit(".", 1)[-1] in _LOCAL_NAMES
