"""Are the sites open to us just now, and what time is it there? Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.facts import Outcome
from crawler.children import Line, run_child
from crawler.outcome import failure_outcome
from crawler.probe import from_line
from crawler.settings import CrawlSection, ProbeSection

SECONDS = 10
_GRACE_SECONDS = 60
ROBOTS = failure_outcome("RobotsRefused")[1]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one site's home page met. `ours`: our own network was down, it was not asked."""

    site: str
    outcome: Outcome
    ours: bool
    note: str

    @property
    def robots(self) -> bool:
        """Does the site's robots.txt keep us out?"""
        return self.outcome is Outcome.REFUSED and ROBOTS in self.note


@dataclass(frozen=True, slots=True)
class Reached:
    """All sites asked; by how many seconds our clock is ahead of each that told its time.

    `fault`: the look could not be finished, and why.
    """

    seen: tuple[Seen, ...]
    ahead: tuple[float, ...]
    fault: str | None


def reach(homes: Mapping[str, str], crawl: CrawlSection, probe: ProbeSection) -> Reached:
    """Ask robots.txt and the home page of each site once, under all guards. `homes` by site id."""
    order = {
        "section": crawl.model_dump(mode="json"),
        "reach": {"homes": dict(homes), "check_hosts": list(probe.check_hosts)},
        "seconds": SECONDS,
    }
    seen: list[Seen] = []
    ahead: list[float] = []

    def on_line(line: Line) -> None:
        if "ahead" in line:
            ahead.append(line["ahead"])
        else:
            met, _, note = from_line(line["probe"])
            seen.append(Seen(met.site, met.outcome, met.ours, note or ""))

    rounds = 1 + len(homes) // crawl.concurrency
    fault = run_child(order, on_line, _GRACE_SECONDS + 3 * rounds * (SECONDS + crawl.delay_seconds))
    return Reached(tuple(seen), tuple(ahead), fault)
