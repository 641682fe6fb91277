"""Serves the demo county on loopback: one server for each host of the plan.

Nothing is written to disk and nothing listens beyond 127.0.0.1. Held connections are
released at once when the portal closes.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.demo.accounts import SHANGHAI
from app.demo.pages.reply import Ask, Reply, Route
from app.demo.pages.routes import routes_of
from app.demo.plan import Plan

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.02
MOST_FORM_BYTES = 65536
MISSING = Reply(b"404 Not Found", 404, "text/plain")


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the portal saw it. `path` includes the query; `at` is aware, UTC."""

    method: str
    path: str
    port: int
    user_agent: str
    at: datetime


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, port: int, routes: dict[str, Route], today: date, seen: list[Seen], released: Event
    ) -> None:
        self.routes = routes
        self.seen = seen
        self.released = released
        midnight = datetime.combine(today, time(), SHANGHAI).astimezone(UTC)
        self.modified = format_datetime(midnight, usegmt=True)
        super().__init__((LOOPBACK, port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer would ask the resolver for a name, which may take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that went away is part of the game; anything else is a fault of ours.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length", "0")), MOST_FORM_BYTES)
        self._answer(self.rfile.read(length))

    def do_HEAD(self) -> None:
        self._answer(b"")

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are kept in `Portal.requests`, not printed."""

    def _answer(self, body: bytes) -> None:
        self._note()
        url = urlsplit(self.path)
        ask = Ask(
            method=self.command,
            path=url.path,
            query=dict(parse_qsl(url.query, keep_blank_values=True)),
            form=dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)),
            referer=self.headers.get("Referer", ""),
            base=f"http://{LOOPBACK}:{self.server.server_port}",
            body=body,
        )
        route = self.server.routes.get(url.path)
        reply = route(ask) if route else MISSING
        if reply.hold:
            self.server.released.wait()
            return
        self._send(reply)

    def _note(self) -> None:
        agent = self.headers.get("User-Agent", "")
        port, now = self.server.server_port, datetime.now(UTC)
        self.server.seen.append(Seen(self.command, self.path, port, agent, now))

    def _send(self, reply: Reply) -> None:
        tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        fresh = reply.keep and self._has(tag)
        body = b"" if fresh else reply.body
        self.send_response(304 if fresh else reply.status)
        if reply.keep:
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", self.server.modified)
        if reply.location is not None:
            self.send_header("Location", reply.location)
        if not fresh:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _has(self, tag: str) -> bool:
        """Does the client already hold this page? A tag outranks a time (RFC 9110, 13.2.2)."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return tag in asked
        return self.headers.get("If-Modified-Since") == self.server.modified


class Portal:
    """The running county. `base_urls` gives `http://127.0.0.1:port` for each host."""

    def __init__(self, plan: Plan, first_port: int = 0) -> None:
        """Start serving. Ports follow `first_port`; 0 lets the system choose.

        Raises OSError when a port is taken.
        """
        self.plan = plan
        self.requests: list[Seen] = []
        self._released = Event()
        self._servers: dict[str, _Server] = {}
        self.base_urls: dict[str, str] = {}
        try:
            for number, host in enumerate(plan.hosts):
                port = first_port + number if first_port else 0
                server = self._servers[host] = self._start(host, port)
                self.base_urls[host] = f"http://{LOOPBACK}:{server.server_port}"
        except OSError:
            self.close()
            raise

    def _start(self, host: str, port: int) -> _Server:
        routes = routes_of(self.plan, host, self.base_urls)
        server = _Server(port, routes, self.plan.today, self.requests, self._released)
        Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
        return server

    def close(self) -> None:
        """Stop serving and let go of held connections. Harmless when called again."""
        self._released.set()
        while self._servers:
            _, server = self._servers.popitem()
            server.shutdown()
            server.server_close()

    def __enter__(self) -> Portal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
