"""What the crawler refuses: private addresses, forbidden paths, endless redirects, bombs.

Each refusal has a name of its own, so that a visit can say what it met. Addresses are checked
where the connection is made, after every name was resolved: a name that points inwards, a
decimal or IPv6-mapped form, a redirect or a name that changes its mind all end here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from http.cookiejar import Cookie
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import islice
from typing import Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.cookies import CookieJar
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.timed import BUDGET
from crawler.unpack import unpacked

# NAT64, by RFC 6052 and 8215; and the addresses "compatible" with IPv4, which are out of use.
_CARRIERS = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
MOST_COOKIES = 50  # of one host, and of one answer; as much as RFC 6265 asks for
LONGEST_COOKIE = 4096  # characters
_FEWEST_DOTS = 2


class AddressRefused(IgnoreRequest):
    """The address lies in a network that settings do not allow, or the scheme is not http(s)."""


class RobotsRefused(IgnoreRequest):
    """The site's robots.txt asks us not to fetch this address."""


class TargetRefused(IgnoreRequest):
    """A redirect to what is no address of a page."""


class RedirectLoop(IgnoreRequest):
    """Too many redirects."""


def is_allowed(address: str, networks: Sequence[str]) -> bool:
    """May we connect to this address? Public ones always, others when a network lists them."""
    ip: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    if isinstance(ip, IPv6Address):
        ip = _carried(ip) or ip
    if any(ip in ip_network(network, strict=False) for network in networks):
        return True
    inward = ip.is_multicast or (isinstance(ip, IPv6Address) and ip.is_site_local)
    return ip.is_global and not inward


def _carried(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a gateway would take this one for."""
    if any(ip in network for network in _CARRIERS):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def is_refused(host: str, networks: Sequence[str]) -> bool:
    """Is this host a bare address that we may not connect to? Of names it cannot be said."""
    try:
        return not is_allowed(host, networks)
    except ValueError:
        return False


REFUSED_HOSTS: dict[str, str] = {}


class _Filter:
    """Passes allowed addresses on; remembers a host all of whose addresses were refused."""

    def __init__(self, receiver: Any, host: str, networks: Sequence[str]) -> None:
        self.receiver, self.host, self.networks = receiver, host, networks
        self.passed = False
        self.refused: str | None = None

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_allowed(address.host, self.networks):
            self.passed = True
            self.receiver.addressResolved(address)
        else:
            self.refused = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        if self.refused is not None and not self.passed:
            REFUSED_HOSTS[self.host] = self.refused
        else:
            REFUSED_HOSTS.pop(self.host, None)
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves names and numbers alike, and hands on only addresses we may connect to."""

    def __init__(self, reactor: Any, networks: Sequence[str]) -> None:
        self.reactor, self.inner, self.networks = reactor, reactor.nameResolver, networks

    def install(self) -> None:
        """From now on every connection of this process goes through this resolver."""
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        *args: Any,
        **kwargs: Any,
    ) -> IHostResolution:
        guarded = _Filter(resolutionReceiver, hostName, self.networks)
        resolution: IHostResolution = self.inner.resolveHostName(guarded, hostName, *args, **kwargs)
        return resolution


class AddressGuard:
    """Refuses other schemes before the request, and names a refused address after it."""

    def process_request(self, request: Request) -> None:
        if urlparse_cached(request).scheme not in ("http", "https"):
            raise AddressRefused(f"scheme of {request.url} is not http or https")

    def process_exception(self, request: Request, exception: Exception) -> None:
        host = urlparse_cached(request).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in REFUSED_HOSTS:
            raise AddressRefused(f"{host} is {REFUSED_HOSTS[host]}: not an allowed network")


class NamedRobots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, its refusal under a name of its own.

    The time that a robots.txt takes is that of the subject which asked for it.
    """

    async def robot_parser(self, request: Request) -> Any:
        watch: Any = request.meta.get(BUDGET)
        with watch if watch is not None else nullcontext():
            return await super().robot_parser(request)

    def process_request_2(self, rp: Any, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsRefused(str(error)) from error


class NamedRedirects(RedirectMiddleware):
    """Scrapy's redirect middleware, a loop under a name of its own."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise RedirectLoop(str(error)) from error
        except ValueError as error:
            raise TargetRefused(str(error)) from error


class NamedCompression(HttpCompressionMiddleware):
    """Scrapy's decompression, by our own hand: whole, bounded, and what fails under a name."""

    def _handle_encoding(
        self, body: bytes, content_encoding: list[bytes], max_size: int
    ) -> tuple[bytes, list[bytes]]:
        to_decode, to_keep = self._split_encodings(content_encoding)
        names = [name.decode() for name in to_decode]
        return (unpacked(body, names, max_size) if body else body), to_keep


class BoundedCookies(CookiesMiddleware):
    """Cookies, few enough that a host takes them back, and never for more than one organisation.

    Scrapy asks a list from the internet which names belong to nobody, and waits for it: we give a
    cookie to a domain of three labels at least, else to its own host only.
    """

    def _process_cookies(
        self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request
    ) -> None:
        host = (urlparse_cached(request).hostname or "").lower()
        for cookie in islice(cookies, MOST_COOKIES):
            if cookie.domain.lstrip(".").count(".") < _FEWEST_DOTS:
                cookie.domain = host
            held = jar._cookies.get(cookie.domain, {}).values()
            size = len(cookie.name) + len(cookie.value or "")
            if size <= LONGEST_COOKIE and sum(map(len, held)) < MOST_COOKIES:
                jar.set_cookie_if_ok(cookie, request)
