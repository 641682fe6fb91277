"""One round of probes: can the sites' home pages be opened just now, and if not, is it us?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checks.facts import Outcome
from checks.probes import Probe
from crawler.children import CrawlError, Line, run_child
from crawler.settings import CrawlSection, ProbeSection
from storage.ledger import Ledger

# A visit is given up only this long after it counts as failed, so that its time is measured.
MARGIN_SECONDS = 5
_GRACE_SECONDS = 120


def probe_sites(
    ledger: Ledger,
    homes: Mapping[str, str],
    crawl: CrawlSection,
    probe: ProbeSection,
    slow_ms: int,
) -> tuple[Probe, ...]:
    """Visit each home page once and write what was met, one by one. `homes` is keyed by site id.

    `slow_ms` is the time from which a visit counts as failed. When hosts for comparison are set
    and none can be reached, the sites are not asked and every probe is `ours`. Raises CrawlError
    when the round could not finish; what was written before is kept.
    """
    if not homes:
        return ()
    seconds = slow_ms / 1000 + MARGIN_SECONDS
    order = {
        "section": crawl.model_dump(mode="json"),
        "probe": {
            "homes": dict(homes),
            "check_hosts": list(probe.check_hosts),
        },
        "seconds": seconds,
    }
    made: list[Probe] = []

    def on_line(line: Line) -> None:
        seen, status, note = from_line(line["probe"])
        ledger.record_probe(seen, status, note)
        made.append(seen)

    # robots.txt, the page and its redirects, one site after the other at worst.
    bound = _GRACE_SECONDS + 3 * len(homes) * (seconds + crawl.delay_seconds)
    fault = run_child(order, on_line, bound)
    if fault is not None:
        raise CrawlError(fault)
    return tuple(made)


def as_line(probe: Probe, status: int | None, note: str | None) -> dict[str, Any]:
    """One probe as plain data that crosses a pipe."""
    return {
        "site": probe.site,
        "at": probe.at.isoformat(),
        "elapsed_ms": probe.elapsed_ms,
        "outcome": probe.outcome,
        "ours": probe.ours,
        "status": status,
        "note": note,
    }


def from_line(data: Mapping[str, Any]) -> tuple[Probe, int | None, str | None]:
    """The probe of such a line, its status and its note."""
    probe = Probe(
        site=data["site"],
        at=datetime.fromisoformat(data["at"]),
        elapsed_ms=data["elapsed_ms"],
        outcome=Outcome(data["outcome"]),
        ours=data["ours"],
    )
    return probe, data["status"], data["note"]


def probe_settings(seconds: float) -> dict[str, Any]:
    """What a probe asks of Scrapy beyond a crawl: one try, timed, whatever the certificate.

    Whether a certificate is good is a duty of its own; a chain that our trust store does not
    know must not make a site unreachable.
    """
    return {
        "ITEM_PIPELINES": {},
        "RETRY_ENABLED": False,
        "DOWNLOAD_TIMEOUT": seconds,
        "DOWNLOAD_VERIFY_CERTIFICATES": False,
    }
