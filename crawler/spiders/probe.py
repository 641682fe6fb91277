"""Is each site open just now? Our own network is looked at first, and again after failures.

A round never asks a site more than once. Failures are told at its end: when by then no host for
comparison can be reached, they are ours.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from scrapy import Request
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol

from checks.facts import Outcome
from checks.probes import Probe
from crawler.probe import as_line
from crawler.settings import host_port
from crawler.spiders.base import FetchingSpider, LookFailedError, failed_page
from crawler.timed import STOPWATCH, Stopwatch
from storage.clock import now

OURS = "本机网络不通：设置的对照主机均无法连接"
CHECK_SECONDS = 10
# Without a host for comparison nothing shows whose fault these are.
_PERHAPS_OURS = ("CannotResolveHostError", "DNSLookupError", "NoRouteError", "ConnectBindError")
_TLS = "OpenSSL.SSL"


class ProbeSpider(FetchingSpider):
    """Visits each home page once. Says one JSON line on stdout for each."""

    name = "probe"

    def __init__(self, homes: Mapping[str, str], check_hosts: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.homes = homes
        self.check_hosts = check_hosts

    async def start(self) -> AsyncIterator[Any]:
        await self.probe_all()
        for nothing in list[Any]():
            yield nothing

    async def probe_all(self) -> None:
        """One round. Good probes are told at once, failures when it is known whose they are."""
        if not await self._network_is_up():
            for site in self.homes:
                _say(Probe(site, now(), None, Outcome.UNREACHABLE, ours=True), None, OURS)
            return
        failures = await self._ask_all()
        ours = bool(failures) and not await self._network_is_up()
        for probe, status, note in failures:
            if ours:
                probe = Probe(probe.site, probe.at, probe.elapsed_ms, probe.outcome, ours=True)
                note = f"{OURS}；{note}"
            _say(probe, status, note)

    async def _ask_all(self) -> list[tuple[Probe, int | None, str]]:
        waiting = iter(self.homes.items())
        failures: list[tuple[Probe, int | None, str]] = []

        async def work() -> None:
            for site, home in waiting:
                made = await self._ask(site, home)
                if made[0].outcome is Outcome.UNREACHABLE:
                    failures.append(made)
                else:
                    _say(*made)

        workers = self.crawler.settings.getint("CONCURRENT_REQUESTS")
        await asyncio.gather(*(work() for _ in range(workers)))
        return failures

    async def _ask(self, site: str, home: str) -> tuple[Probe, int | None, str]:
        watch, at = Stopwatch(), now()
        try:
            answer = await self.fetch_page(Request(home, meta={STOPWATCH: watch}))
            failed, status = failed_page(answer), answer.page.status
            outcome = failed.outcome if failed else Outcome.OK
            note = failed.why if failed else "首页正常打开"
        except LookFailedError as failure:
            outcome, note, status = *self._met(failure), None
        except Exception as error:
            # What our own program could not read says nothing of the site.
            self.logger.exception("probing %s failed", home)
            outcome, status = Outcome.UNREADABLE, None
            note = f"探测程序出错：{type(error).__name__}: {error}"
        return Probe(site, at, watch.ms, outcome), status, note

    def _met(self, failure: LookFailedError) -> tuple[Outcome, str]:
        """What a visit met that brought no page; unclear where the reason may lie with us."""
        causes = list(_causes(failure))
        if any(type(cause).__module__.startswith(_TLS) for cause in causes):
            why = "未能建立安全连接，可能是本机不支持该网站的加密方式，不计为无法打开"
            return Outcome.UNREADABLE, why
        unsure = any(type(cause).__name__ in _PERHAPS_OURS for cause in causes)
        if unsure and not self.check_hosts:
            return Outcome.UNREADABLE, f"{failure.why}；未设对照主机，不能排除本机网络原因"
        return failure.outcome, failure.why

    async def _network_is_up(self) -> bool:
        """Can any host for comparison be reached? Without one set nothing is asked."""
        if not self.check_hosts:
            return True
        return any(await asyncio.gather(*map(self._reaches, self.check_hosts)))

    async def _reaches(self, text: str) -> bool:
        from twisted.internet import reactor

        host, port = host_port(text)
        factory: Any = Factory.forProtocol(Protocol)
        endpoint = HostnameEndpoint(reactor, host, port, timeout=CHECK_SECONDS)
        try:
            made = maybe_deferred_to_future(endpoint.connect(factory))
            protocol = await asyncio.wait_for(made, CHECK_SECONDS + 5)
        except Exception as error:  # noqa: BLE001 - whatever it is, it was not reached
            self.logger.info("%s not reached: %s: %s", text, type(error).__name__, error)
            return False
        protocol.transport.loseConnection()
        return True


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what it came from, and what Twisted keeps inside it."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        for reason in getattr(cause, "reasons", ()) or ():
            yield reason.value
        cause = cause.__cause__


def _say(probe: Probe, status: int | None, note: str | None) -> None:
    line = {"probe": as_line(probe, status, note)}
    print(json.dumps(line), flush=True)  # noqa: T201
