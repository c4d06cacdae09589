"""A real HTTP server on the loopback that speaks OpenAI's protocol as it is told to.

Each request takes the next behaviour from a queue; a request without one is answered with status 500, so that a
test that asks too often fails. Everything a test waits for is an event, nothing is a pause.

What the model writes may name an evidence sentence by how it begins: ``[[Counsel to the inquiry]]`` is sent as ``[12]``
where the prompt numbers the sentence that begins so 12, ``[[=Counsel to the inquiry]]`` as the bare ``12``.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

PATIENCE = 20.0
"""Seconds after which whatever a test waits for is given up."""


@dataclass(frozen=True)
class Wait:
    """Send nothing until the event is set."""

    event: threading.Event


@dataclass(frozen=True)
class Tell:
    """Set the event: what stands before was sent."""

    event: threading.Event


Step = bytes | Wait | Tell | Literal["cut", "stall", "hang up"]
"""``cut`` resets the connection; ``stall`` sends nothing until the server stops; ``hang up`` waits until the client
closes the connection, then sets ``hung_up``."""


@dataclass(frozen=True)
class Reply:
    """One response. ``chunked`` False ends the body by closing the connection, as some servers do."""

    steps: Sequence[Step]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    chunked: bool = True


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


Behaviour = Reply | Callable[[Request], Any]
"""A reply, or what makes one, or what makes one in turn, of the request."""


_EVIDENCE = re.compile(rb"\[\[(=?)([^\[\]]+)\]\]")


def number_of(request: Request, start: str) -> int:
    """The number of the evidence sentence that begins with ``start``."""
    prompt = request.body["messages"][1]["content"]
    found = re.search(rf"^\[(\d+)\] {re.escape(start)}", prompt, re.MULTILINE)
    assert found, f"no evidence begins with {start!r}"
    return int(found[1])


def numbered_text(text: str, request: Request) -> str:
    """The text with the numbers of the evidence that it names, to be cut up where that would cut a name."""
    (step,) = numbered(Reply([text.encode()]), request).steps
    assert isinstance(step, bytes)
    return step.decode()


def numbered(reply: Reply, request: Request) -> Reply:
    """The reply with the numbers of the evidence that it names."""

    def number(found: re.Match[bytes]) -> bytes:
        bare = str(number_of(request, found[2].decode())).encode()
        return bare if found[1] else b"[" + bare + b"]"

    steps = [_EVIDENCE.sub(number, step) if isinstance(step, bytes) else step for step in reply.steps]
    return replace(reply, steps=steps)


def event(content: Mapping[str, Any]) -> bytes:
    """One server-sent event; text stands in it as UTF-8, not as escapes."""
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"


def delta(finish: str | None = None, **fields: Any) -> bytes:
    """One chunk of a streamed completion."""
    choice = {"index": 0, "delta": fields, "finish_reason": finish}
    return event(
        {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
    )


def usage(tokens_in: int = 5000, tokens_out: int = 20, cached: int = 0) -> bytes:
    """The chunk without choices that ends a stream with usage."""
    counts: dict[str, Any] = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out}
    counts |= {"total_tokens": tokens_in + tokens_out, "prompt_tokens_details": {"cached_tokens": cached}}
    base = {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": []}
    return event({**base, "usage": counts})


def begin(*fragments: str) -> list[Step]:
    """A stream as far as its text goes, and no end."""
    return [delta(role="assistant", content=""), *(delta(content=fragment) for fragment in fragments)]


def end(finish: str = "stop") -> list[Step]:
    """The end of a stream."""
    return [delta(finish), usage(), b"data: [DONE]\n\n"]


def says(*fragments: str, finish: str = "stop") -> Reply:
    """A whole reply, one event a fragment."""
    return Reply([*begin(*fragments), *end(finish)])


def in_groups(reply: Reply, size: int) -> Behaviour:
    """The same bytes, ``size`` at a time, whatever they cut through."""

    def cut(request: Request) -> Reply:
        whole = b"".join(step for step in numbered(reply, request).steps if isinstance(step, bytes))
        return Reply([whole[start : start + size] for start in range(0, len(whole), size)])

    return cut


def plain_json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A response that is no stream."""
    return Reply([json.dumps(content).encode()], status, {"Content-Type": "application/json", **(headers or {})})


def error(status: int, message: str, headers: Mapping[str, str] | None = None, **fields: Any) -> Reply:
    """An error as OpenAI sends it. Retries come at once unless ``headers`` say otherwise."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": None, **fields}}
    return plain_json(body, status, {"retry-after-ms": "1", **(headers or {})})


class OpenAIServer:
    """The server; a ``with`` block stops it."""

    def __init__(self) -> None:
        self.queue: deque[Behaviour] = deque()
        self.requests: list[Request] = []
        self.models: list[str] = ["scripted"]
        self.moved = ""
        """Where the list of models is, if it is elsewhere."""
        self.hung_up = threading.Event()
        self.stopping = threading.Event()
        server = self

        class Handler(_Handler):
            script = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def will(self, *behaviours: Behaviour) -> None:
        """Answer the next requests so."""
        self.queue.extend(behaviours)

    def __enter__(self) -> OpenAIServer:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: OpenAIServer

    def handle(self) -> None:
        with suppress(ConnectionError):  # a client may go at any moment
            super().handle()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.script.requests.append(request)
        behaviour = self.script.queue.popleft() if self.script.queue else error(500, "the script has ended")
        while not isinstance(behaviour, Reply):
            behaviour = behaviour(request)
        self._send(numbered(behaviour, request))

    def do_GET(self) -> None:
        if self.script.moved:
            self._send(Reply([], 307, {"Location": self.script.moved}))
            return
        listed = [{"id": name, "object": "model", "created": 1, "owned_by": "test"} for name in self.script.models]
        found = plain_json({"object": "list", "data": listed})
        self._send(found if self.path.endswith("/models") else error(404, f"no {self.path} here"))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        try:
            for step in reply.steps:
                if not self._take(step, reply.chunked):
                    return
            if reply.chunked:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:  # the client has gone
            self.close_connection = True
            self.script.hung_up.set()

    def _take(self, step: Step, chunked: bool) -> bool:
        """Do one step; False if the connection is done with."""
        if isinstance(step, bytes):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(step), step) if chunked else step)
            return True
        if isinstance(step, Tell):
            step.event.set()
            return True
        if isinstance(step, Wait):
            return step.event.wait(PATIENCE)
        self.close_connection = True
        if step == "cut":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()
            self.connection.close()
        elif step == "stall":
            self.script.stopping.wait(PATIENCE)
        else:
            self.connection.settimeout(PATIENCE)
            try:
                gone = not self.connection.recv(1)
            except ConnectionError:
                gone = True
            if gone:
                self.script.hung_up.set()
        return False

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass
