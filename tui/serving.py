"""The terminal UI in a browser, through textual-serve: each page runs the app in a process of its own.

Whoever reaches the page can do what its owner can: read the archive, add files of this machine, change settings. So it
listens on this machine alone unless told otherwise, and beyond it asks for a token. A page of somebody else's, open in
the same browser, is kept out in any case: by its origin, and by the name that it called this machine by.
"""

from __future__ import annotations

import ipaddress
import secrets
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

PAGE = Path(__file__).parent / "web" / "index.html"
PAGES = 16
"""Most pages open at a time: each is a process with the models in its memory."""
FONT_SIZE = 16
LEAVING = 5.0
"""Seconds that open pages get to end when the server does."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class DeskServer(Server):
    """Serves ``command``, a shell's line that starts the app. With a ``token``, pages are for those who have it."""

    def __init__(self, command: str, host: str, port: int, token: str = "") -> None:
        super().__init__(command, host=host, port=port, title="Newsdesk")
        self.token = token
        self.names = {"localhost", "127.0.0.1", "::1", host.strip("[]")}
        self.pages = 0

    @property
    def address(self) -> str:
        """What to open in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/" + (f"?token={self.token}" if self.token else "")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._admitted)
        return app

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002 - the library's signature
        """Say where it is."""
        sys.stderr.write(f"Newsdesk is at {self.address}\nCtrl+C ends it.\n")
        if not is_loopback(self.host):
            sys.stderr.write("What goes between it and a browser is not encrypted: use it in a network you trust.\n")
        sys.stderr.flush()

    @web.middleware
    async def _admitted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The page for those who may have it, with a policy that lets nothing in from elsewhere."""
        if refusal := self._refusal(request):
            return web.Response(status=403, text=refusal)
        if self.token and secrets.compare_digest(request.query.get("token", "").encode(), self.token.encode()):
            response: web.StreamResponse = web.HTTPFound(request.path)
            response.set_cookie(self._cookie, self.token, httponly=True, samesite="Strict")
            return response
        if self.token and not secrets.compare_digest(request.cookies.get(self._cookie, "").encode(), self._kept):
            return web.Response(status=401, text="Open the address that 'newsdesk serve' printed, with its token.")
        return await handler(request)

    def _refusal(self, request: web.Request) -> str:
        """Why a request is none of the page's own; empty for one that is."""
        if not self.token and (urlsplit(f"//{request.host}").hostname or "") not in self.names:
            return f"This is not {request.host}. Open the address that 'newsdesk serve' printed."
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return "Another site's page cannot use this one."
        return ""

    @property
    def _cookie(self) -> str:
        return f"newsdesk-{self.port}"

    @property
    def _kept(self) -> bytes:
        return self.token.encode()

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page, which opens the app."""
        size = request.query.get("fontsize", "")
        nonce = secrets.token_urlsafe(16)
        page = Template(PAGE.read_text(encoding="utf-8")).substitute(
            nonce=nonce, font_size=size if size.isdecimal() and len(size) < 3 else FONT_SIZE
        )
        response = web.Response(text=page, content_type="text/html")
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    async def handle_websocket(self, request: web.Request) -> web.StreamResponse:  # type: ignore[override]
        """The app behind a page, as long as that is open."""
        if self.pages >= PAGES:
            return web.Response(status=503, text=f"{PAGES} pages are open already; close one.")
        self.pages += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self.pages -= 1


def serve(command: Sequence[str], *, host: str, port: int, with_token: bool) -> None:
    """Serve the app until it is interrupted. ``command`` starts it; ``port`` 0 takes a free one.

    Raises OSError where the address cannot be listened on.
    """
    token = secrets.token_urlsafe(24) if with_token or not is_loopback(host) else ""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host.strip("[]"), port), family=family) as listening:
        server = DeskServer(f"exec {shlex.join(command)}", host, listening.getsockname()[1], token)
        web.run_app(
            server._make_app(),  # noqa: SLF001 - the library's seam for another server than its own
            sock=listening,
            print=None,
            shutdown_timeout=LEAVING,
            access_log=None,
        )
