"""The only place that opens a browser: for addresses of the web alone, and never one that draws in this terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

from tui.display import disarm

PATIENCE = 10.0
"""Seconds in which a browser that cannot be started says so; one that runs on has opened."""
_BLANK = re.compile(r"\s")
_OPEN = """
import os, sys, webbrowser
try:
    found = webbrowser.get()
except webbrowser.Error:
    sys.exit(1)
drawing = {"www-browser", "links", "elinks", "lynx", "w3m"}
if os.path.basename(str(getattr(found, "name", ""))) in drawing:
    sys.exit(1)
sys.exit(0 if found.open(sys.argv[1]) else 1)
"""


def web_address(url: str) -> str:
    """The address that a browser may be sent to; empty for what is no ``http`` or ``https`` address of a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    plain = disarm(url) == url and not _BLANK.search(url)
    return url if parts.scheme in ("http", "https") and parts.netloc and plain else ""


def is_remote() -> bool:
    """Whether whoever sits in front has the browser on another machine."""
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


def open_page(address: str) -> bool:
    """Open a web address; whether there was a browser for it. May take ``PATIENCE``.

    A process of its own does it, cut off from the terminal: what a browser says must not stand in the screen.
    """
    if not web_address(address):
        return False
    silent = subprocess.DEVNULL
    command = [sys.executable, "-c", _OPEN, address]
    opening = subprocess.Popen(  # noqa: S603 - this Python, and an address that was looked at
        command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True
    )
    try:
        return opening.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True
