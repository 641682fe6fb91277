"""A stand-in for api.weixin.qq.com on loopback, after the public documentation. All synthetic.

It knows accounts by their AppID; a test changes what one of them holds or answers at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.crawler.server import tell_faults

TOKEN = "/cgi-bin/stable_token"
PUBLISHED = "/cgi-bin/freepublish/batchget"
MATERIALS = "/cgi-bin/material/batchget_material"
FORMS: Mapping[str, Mapping[str, type]] = {
    TOKEN: {"grant_type": str, "appid": str, "secret": str, "force_refresh": bool},
    PUBLISHED: {"offset": int, "count": int, "no_content": int},
    MATERIALS: {"type": str, "offset": int, "count": int},
}
RID = "rid: 5fa26c60-1a0ebdd5-32fd1cd0"
MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40013: "invalid appid",
    40125: "invalid appsecret",
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    42001: "access_token expired",
    43002: "require POST method",
    45009: "reach max api daily quota limit",
    47001: "data format error",
    48001: "api unauthorized",
}


@dataclass
class Message:
    """One message, published or a material: its time in epoch seconds, its articles' titles."""

    at: int
    titles: Sequence[str]
    deleted: bool = False


@dataclass
class Account:
    """`errors` are error codes by address, `raw` whole answers by address.

    A token is good for `uses` uses, and said to be so for `seconds`.
    """

    secret: str
    published: Sequence[Message] = ()
    materials: Sequence[Message] = ()
    errors: dict[str, int] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    uses: int = 1_000_000
    seconds: int = 7200


class Refused(Exception):  # noqa: N818 - an answer, not an error
    pass


class StandIn:
    """Answers by address and body; `asked` has (address, AppID), `tokens` all that were issued.

    A use of a token that is used up is (`expired`, AppID).
    """

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self.accounts = accounts
        self.asked: list[tuple[str, str]] = []
        self.tokens: dict[str, list[Any]] = {}
        self.forced: list[str] = []
        self._lock = Lock()

    def answer(self, method: str, address: str, body: bytes) -> bytes:
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        with self._lock:
            if path not in FORMS:
                self.asked.append((path, ""))
                return b""
            try:
                form = _form(method, path, query, body)
                appid = form["appid"] if path == TOKEN else self._owner(query)
                account = self._account(path, appid)
                if path in account.raw:
                    return account.raw[path]
                found = self._token(form) if path == TOKEN else _listed(account, path, form)
            except Refused as refused:
                code = refused.args[0]
                found = {"errcode": code, "errmsg": f"{MESSAGES.get(code, 'error')} {RID}"}
        return json.dumps(found, ensure_ascii=False).encode()

    def _account(self, path: str, appid: str) -> Account:
        self.asked.append((path, appid))
        if appid not in self.accounts:
            raise Refused(40013)
        if path in self.accounts[appid].errors:
            raise Refused(self.accounts[appid].errors[path])
        return self.accounts[appid]

    def _token(self, form: Mapping[str, Any]) -> dict[str, Any]:
        appid, account = form["appid"], self.accounts[form["appid"]]
        if form["secret"] != account.secret:
            raise Refused(40125)
        mine = [token for token, (owner, _) in self.tokens.items() if owner == appid]
        if form["force_refresh"]:
            self.forced.append(appid)
        if form["force_refresh"] or not mine:
            for token in mine:
                self.tokens[token][1] = 0
            mine.append(f"84_{appid}-{len(mine)}_TOKEN")
            self.tokens[mine[-1]] = [appid, account.uses]
        return {"access_token": mine[-1], "expires_in": account.seconds}

    def _owner(self, query: Mapping[str, list[str]]) -> str:
        held = self.tokens.get(query["access_token"][0])
        if held is None:
            raise Refused(40001)
        if held[1] <= 0:
            self.asked.append(("expired", held[0]))
            raise Refused(42001)
        held[1] -= 1
        return str(held[0])


def _form(method: str, path: str, query: Mapping[str, Any], body: bytes) -> dict[str, Any]:
    """The body, which must be a JSON object of just the documented fields."""
    if method != "POST":
        raise Refused(43002)
    if (path == TOKEN) == ("access_token" in query):
        raise Refused(41001)
    form = json.loads(body)
    if {name: type(value) for name, value in form.items()} != FORMS[path]:
        raise Refused(47001)
    wrong_page = path != TOKEN and not (1 <= form["count"] <= 20 and form["offset"] >= 0)
    if wrong_page or form.get("grant_type", "client_credential") != "client_credential":
        raise Refused(47001)
    return dict(form)


def _listed(account: Account, path: str, form: Mapping[str, Any]) -> dict[str, Any]:
    held = account.published if path == PUBLISHED else account.materials
    shown = list(enumerate(held))[form["offset"] :][: form["count"]]
    name = "article_id" if path == PUBLISHED else "media_id"
    items = [
        {
            name: f"{name}-{number}",
            "update_time": message.at,
            "content": {"news_item": [_article(message, t, form) for t in message.titles]},
        }
        for number, message in shown
    ]
    return {"total_count": len(held), "item_count": len(items), "item": items}


def _article(message: Message, title: str, form: Mapping[str, Any]) -> dict[str, Any]:
    url = f"http://mp.weixin.qq.com/s?__biz=synthetic&mid={message.at}&sn={title}"
    given = {"title": title, "author": "", "url": url, "is_deleted": message.deleted}
    return given if form.get("no_content") == 1 else {**given, "content": "<p>正文</p>"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # a connection too many would be tried again a second later
    stand_in: StandIn

    def handle_error(self, request: object, client_address: object) -> None:
        tell_faults()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, _Server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        raw = self.server.stand_in.answer(self.command, self.path, body)
        self.send_response(200)
        self.send_header("Content-Type", "application/json; encoding=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        # A raw answer that ends in NUL is cut off: the connection is closed before its last byte.
        self.wfile.write(raw.rstrip(b"\0"))

    do_GET = do_POST  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving_wechat(accounts: Mapping[str, Account]) -> Iterator[tuple[StandIn, str]]:
    """The stand-in and its base address, as `[wechat] base_url` has it."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.stand_in = StandIn(accounts)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.stand_in, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
