"""Which certificate does a site show, and has its name an IPv6 address? No page is fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from checks.facts import Outcome
from crawler.guards import is_allowed
from crawler.handshake import Addresses, NotShownError, look_up, show_certificate
from crawler.jobs import Job
from crawler.readers.certificate import Handshake, certificate_facts, is_number
from crawler.spiders.task import TaskSpider
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Note


class TransportSpider(TaskSpider):
    """One note a family, so that a failure of the one does not hide the other."""

    name = "transport"

    async def notice(self, job: Job) -> list[Note]:
        looks: dict[str, Callable[[str], Note]] = {"tls": self._tls, "ipv6": self._ipv6}
        return [await asyncio.to_thread(_noted, f, looks[f], job.url) for f in job.notes]

    @property
    def networks(self) -> list[str]:
        return list(self.crawler.settings.getlist("ALLOWED_NETWORKS"))

    def _tls(self, url: str) -> Note:
        parts = urlsplit(url)
        if parts.scheme != "https":
            return Note("tls", url, Outcome.OK, {"https": False})
        host, port = _host(url), parts.port or 443
        seconds = self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        shown = show_certificate(host, port, _addresses(host), self.networks, seconds)
        facts = certificate_facts(shown, host)
        return Note("tls", url, Outcome.OK, facts, capture=_capture(host, port, shown))

    def _ipv6(self, url: str) -> Note:
        host = _host(url)
        if is_number(host):
            return Note("ipv6", url, Outcome.OK, {"host": host, "named": False})
        found = look_up(host)
        v6 = [each for each in found.v6 if is_allowed(each, self.networks)]
        if found.v6 and not v6:
            raise NotShownError(Outcome.REFUSED, "AAAA记录指向未获准访问的网络")
        facts = {
            "host": host,
            "named": True,
            "v4": list(found.v4),
            "v6": v6,
            "none": found.no_v6,
            "public": any(is_allowed(each, ()) for each in found.v4),
        }
        return Note("ipv6", url, Outcome.OK, facts)


def _noted(family: str, look: Callable[[str], Note], url: str) -> Note:
    try:
        return look(url)
    except NotShownError as failed:
        return Note(family, url, failed.outcome, {"why": failed.why})
    except ValueError as error:
        # A certificate or a name that cannot be read: a person must look.
        return Note(family, url, Outcome.UNREADABLE, {"why": f"未能读取（{error}）"[:200]})


def _host(url: str) -> str:
    host = urlsplit(url).hostname
    if not host:
        raise ValueError(f"{url}: no host")
    return host


def _addresses(host: str) -> Addresses:
    return Addresses((host,), (), False) if is_number(host) else look_up(host)


def _capture(host: str, port: int, shown: Handshake) -> Capture:
    """The certificates as sent, kept as evidence; the headers say that this was no page."""
    pem = b"".join(
        x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in shown.chain
    )
    headers = {
        "content-type": "application/pem-certificate-chain",
        "x-xunjian-observed": f"tls-handshake {shown.protocol}",
    }
    place = f"[{host}]" if ":" in host else host
    return Capture(f"https://{place}:{port}/", now(), 200, headers, pem)
