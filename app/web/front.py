"""What the reverse proxy says of a request: the browser's address, its way, and who it is.

It is believed where it comes from a proxy of `[web] trusted_proxies`, and nowhere else: whoever
could say it for themselves could be anybody.
"""

from __future__ import annotations

import logging
from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import WebSection

log = logging.getLogger("xunjian.web")
SAID = "xunjian.front"
LONGEST_LOGIN = 64
MOST_WARNED = 1000  # addresses: one who forges has many, and the log is to be read
Address = IPv4Address | IPv6Address


class Front:
    """Puts into each request what its proxy says of it, and leaves out what anybody else says."""

    def __init__(self, app: ASGIApp, web: WebSection) -> None:
        self._app, self._web = app, web
        self._warned: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = self._read(scope)
        await self._app(scope, receive, send)

    def _read(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope["client"] else ""
        named = headers.getlist(self._web.login_header) if self._web.login_header else []
        if not self._trusts(_address(peer)):
            if named:
                self._warn(peer)
            return scope
        said = {**scope, "client": (self._browser(peer, headers), 0), SAID: _login(named)}
        way = headers.getlist("x-forwarded-proto")[-1:]
        if way and way[0].strip() in ("http", "https"):
            said["scheme"] = way[0].strip()
        return said

    def _browser(self, peer: str, headers: Headers) -> str:
        """The last address that no proxy of ours has: what stands before it anybody may write."""
        found = peer
        for given in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
            address = _address(given.strip())
            if address is None:
                break
            found = str(address)
            if not self._trusts(address):
                break
        return found

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(address in each for each in self._web.proxies)

    def _warn(self, peer: str) -> None:
        if peer not in self._warned and len(self._warned) < MOST_WARNED:
            self._warned.add(peer)
            log.warning(
                "%s sent %s and is no proxy of [web] trusted_proxies: it is not believed",
                peer or "?",
                self._web.login_header,
            )


def front_login(request: Request) -> str | None:
    """Whom has the proxy made sure of? None: nobody, or there is no such proxy."""
    login: str | None = request.scope.get(SAID)
    return login


def _login(named: list[str]) -> str | None:
    """The login of the one header there is; of two, one may be the browser's own."""
    if len(named) > 1:
        log.warning("the proxy passed on more than one login: none is believed")
        return None
    try:
        login = "".join(named).encode("latin-1").decode("utf-8").strip()
    except UnicodeDecodeError:
        return None
    return login if 0 < len(login) <= LONGEST_LOGIN else None


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
