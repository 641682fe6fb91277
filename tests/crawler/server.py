"""A server on loopback that serves what a test tells it to. All pages are synthetic."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Answer = Callable[[BaseHTTPRequestHandler], None]


def tell_faults() -> None:
    """Print what a server failed with: to its client it looks like a broken connection.

    A client that hangs up on a bomb is what these tests want, and nothing to print.
    """
    if not isinstance(sys.exception(), ConnectionError):
        traceback.print_exc()


class Server(ThreadingHTTPServer):
    """`answers` by path; `seen` collects (path, headers); `released` lets held answers go.

    HEAD is answered by `HEAD path`, else as GET without the body; `asked` has every request as
    `METHOD path`.
    """

    daemon_threads = True
    request_queue_size = 128  # a connection too many would be tried again a second later

    def __init__(self, host: str, answers: Mapping[str, Answer]) -> None:
        super().__init__((host, 0), _Handler)
        self.answers = answers
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.asked: list[str] = []
        self.released = Event()

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        tell_faults()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        if not isinstance(server, Server):
            raise TypeError("this handler belongs to a Server")
        server.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        name = f"{self.command} {self.path}"
        server.asked.append(name)
        given = server.answers
        (given[name] if name in given else given.get(self.path, missing))(self)

    do_POST = do_HEAD = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Quiet."""


def missing(handler: BaseHTTPRequestHandler) -> None:
    page("", status=404)(handler)


def page(body: str | bytes, status: int = 200, **headers: str) -> Answer:
    """Answer with these bytes; header names are written with underscores."""
    raw = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        told = {"Content_Type": "text/html; charset=utf-8", **headers}
        for name, value in told.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(raw)

    return answer


def redirect(to: str) -> Answer:
    return page("", status=302, Location=to)


@contextmanager
def serving(answers: Mapping[str, Answer], host: str = "127.0.0.1") -> Iterator[Server]:
    server = Server(host, answers)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
