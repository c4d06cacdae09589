"""A real web server on the loopback whose pages are scripted.

A path gives its replies in turn, and the last one ever after; a path without a script is not found (404). Everything
a test waits for is an event, nothing is a pause.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

PATIENCE = 20.0
"""Seconds after which whatever a test waits for is given up."""

Step = bytes | Callable[[], object] | Literal["cut", "stall"]
"""Bytes are sent; a callable is called (an event's ``set`` or ``wait``); ``cut`` resets the connection; ``stall``
sends nothing until the server stops."""


@dataclass(frozen=True)
class Reply:
    """One response. ``length`` is the Content-Length it claims, None to end the body by closing the connection.

    ``raw`` sends the steps as they are, status line and headers included.
    """

    steps: Sequence[Step]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    raw: bool = False


def page(body: str | bytes, status: int = 200, **headers: str) -> Reply:
    """A whole response; a header is written with ``_`` for ``-``."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Reply([data], status, {"Content-Type": "text/html; charset=utf-8", **named}, len(data))


def redirect(location: str, status: int = 302) -> Reply:
    """A response that leads elsewhere."""
    return page(b"", status, location=location)


@dataclass(frozen=True)
class Request:
    """What a client sent; names of headers are in lower case."""

    path: str
    headers: Mapping[str, str]


class WebServer:
    """The server; a ``with`` block stops it."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self._replies: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self._scheme = "https" if tls else "http"
        server = self

        class Handler(_Handler):
            script = server

        self._http = _Server(("127.0.0.1", 0), Handler)
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._http.server_address[1]
        return port

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of ``path``, by any name that leads here."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def on(self, path: str, *replies: Reply | str) -> str:
        """Answer ``path`` so, and return its address."""
        self._replies[path] = [page(reply) if isinstance(reply, str) else reply for reply in replies]
        return self.url(path)

    def count(self) -> dict[str, int]:
        """How often each path was asked for."""
        return dict(Counter(request.path for request in self.requests))

    def take(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            replies = self._replies.get(request.path, [page("not here", 404)])
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def __enter__(self) -> WebServer:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may go at any moment, and refuse a certificate."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: WebServer

    def do_GET(self) -> None:
        reply = self.script.take(Request(self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.close_connection = True
        with suppress(OSError):  # the client has gone
            if not reply.raw:
                self._send_head(reply)
            for step in reply.steps:
                if isinstance(step, bytes):
                    self.wfile.write(step)
                elif callable(step):
                    step()
                elif step == "stall":
                    self.script.stopping.wait(PATIENCE)
                else:
                    self._cut()
                    return

    def _send_head(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.length is not None:
            self.send_header("Content-Length", str(reply.length))
        self.send_header("Connection", "close")
        self.end_headers()

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass
