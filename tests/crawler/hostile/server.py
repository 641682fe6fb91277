"""A server without manners: each answer writes its own bytes to the wire. All is synthetic.

It listens on all of 127.0.0.0/8, and the address that a visitor connects to names the case he
meets: no header is trusted to tell where he came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from socket import SO_RCVBUF, SO_SNDBUF, SOL_SOCKET, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

_HEAD_BYTES = 64 * 1024
HELD_SECONDS = 120


class Caller:
    """One request: what was asked, and the wire back. A visitor who hangs up ends the answer."""

    def __init__(self, server: HostileServer, wire: socket) -> None:
        self.server, self._wire = server, wire
        self.host = str(wire.getsockname()[0])
        head = self._read_head().decode("latin-1")
        first, _, rest = head.partition("\r\n")
        self.path = [*first.split(" "), ""][1]
        pairs = (line.partition(":") for line in rest.split("\r\n"))
        self.headers = {name.lower(): value.strip() for name, _, value in pairs}

    def _read_head(self) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head and len(head) < _HEAD_BYTES:
            more = self._wire.recv(4096)
            if not more:
                break
            head += more
        return head

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.server.port}"

    def say(self, *parts: bytes) -> None:
        for part in parts:
            self._wire.sendall(part)

    def drip(self, body: bytes, seconds: float = 0.5) -> None:
        """Send a byte at a time."""
        for at in range(len(body)):
            self.say(body[at : at + 1])
            if self.server.released.wait(seconds):
                return

    def hold(self) -> None:
        """Say nothing more until the visitor has gone."""
        self._wire.settimeout(HELD_SECONDS)
        self._wire.recv(1)

    def forever(self, part: bytes) -> None:
        """Say the same for ever."""
        while not self.server.released.is_set():
            self.say(part)


Answer = Callable[[Caller], None]
Pages = Mapping[str, Answer]


class HostileServer(ThreadingTCPServer):
    """`cases` by address, then path (`*` answers any path); `asked` has the paths by address."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, cases: Mapping[str, Pages]) -> None:
        super().__init__(("0.0.0.0", 0), _Handler)  # noqa: S104 - all of loopback, see above
        self.cases = cases
        self.asked: defaultdict[str, list[str]] = defaultdict(list)
        self.released = Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        if str(client_address[0]).startswith("127."):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who hangs up is what these tests want; nothing to print."""


class _Handler(BaseRequestHandler):
    def handle(self) -> None:
        server: HostileServer = self.server  # type: ignore[assignment]
        self.request.setsockopt(SOL_SOCKET, SO_SNDBUF, 64 * 1024)
        self.request.setsockopt(SOL_SOCKET, SO_RCVBUF, 64 * 1024)
        caller = Caller(server, self.request)
        server.asked[caller.host].append(caller.path)
        pages = server.cases.get(caller.host, {})
        answer = pages.get(caller.path.partition("?")[0]) or pages.get("*") or missing
        answer(caller)


def missing(caller: Caller) -> None:
    caller.say(head(404, length=0))


def head(
    status: int = 200, length: int | None = None, *more: str, kind: str = "text/html"
) -> bytes:
    """The head of an answer after which the connection is closed."""
    lines = [f"HTTP/1.1 {status} Synthetic", f"Content-Type: {kind}; charset=utf-8", *more]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def shown(body: str | bytes, *more: str, status: int = 200, kind: str = "text/html") -> Answer:
    """An honest answer of this body."""
    raw = body.encode() if isinstance(body, str) else body
    return lambda caller: caller.say(head(status, len(raw), *more, kind=kind), raw)


@contextmanager
def hostile_server(cases: Mapping[str, Pages]) -> Iterator[HostileServer]:
    server = HostileServer(cases)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
