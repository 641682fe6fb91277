"""A name that changes its mind between two connections is checked at each of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checks.facts import Outcome, Visit
from checks.probes import Probe
from crawler.jobs import Job
from crawler.probe import probe_sites
from crawler.run import crawl
from crawler.settings import CrawlSection, ProbeSection
from storage.clock import now
from storage.ledger import Ledger
from tests.crawler.hostile.bodies import LIST
from tests.crawler.hostile.rebinding import INNER, PUBLIC
from tests.crawler.hostile.server import Answer, HostileServer, head, hostile_server, shown

SECTION = CrawlSection(delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.1.0/24",))
CHILD = "tests.crawler.hostile.rebinding"


@dataclass(frozen=True)
class Met:
    visits: dict[str, Visit]
    probes: dict[str, Probe]
    server: HostileServer

    def outcome(self, name: str) -> tuple[Outcome, bool]:
        """What the visit met, and whether its note says that a network was refused."""
        visit = self.visits[f"column:{name}"]
        return visit.outcome, "内部网络" in (visit.note or "")


def moved(url: str) -> Answer:
    return lambda caller: caller.say(head(302, 0, f"Location: {url}"))


def in_its_place(command: list[str], **named: Any) -> subprocess.Popen[str]:
    return REAL([*command[:-1], CHILD], **named)


REAL = subprocess.Popen


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    folder = tmp_path_factory.mktemp("rebinding")
    pages: dict[str, Answer] = {"/list.html": shown(LIST)}
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", Path(folder) / "evidence")
    with pytest.MonkeyPatch.context() as patch, hostile_server({PUBLIC: pages}) as server:
        patch.setattr("crawler.children.subprocess.Popen", in_its_place)
        there = f".test:{server.port}/list.html"
        pages["/moved.html"] = moved(f"http://inward{there}")
        pages["/back.html"] = moved(f"http://turns-later.test:{server.port}/list.html")
        names = ("steady", "turns-inward", "inward-first", "both", "inward")
        jobs = [Job(f"column:{name}", f"http://{name}{there}") for name in names]
        jobs.append(Job("column:moved", f"http://steady.test:{server.port}/moved.html"))
        jobs.append(Job("column:back", f"http://turns-later.test:{server.port}/back.html"))
        crawl(ledger, jobs, SECTION)
        homes = {name: f"http://{name}{there}" for name in ("steady", "turns-inward", "inward")}
        probes = probe_sites(ledger, homes, SECTION, ProbeSection(), slow_ms=5000)
        histories = ledger.histories([job.subject for job in jobs], now())
        visits = {key: history.last for key, history in histories.items() if history.last}
        yield Met(visits, {probe.site: probe for probe in probes}, server)
    ledger.close()


def test_nobody_connected_to_the_inner_address(met: Met) -> None:
    assert INNER not in met.server.asked
    assert met.server.asked[PUBLIC].count("/list.html") >= 3


@pytest.mark.parametrize("name", ["steady", "inward-first", "both"])
def test_a_name_is_connected_to_by_its_public_address(met: Met, name: str) -> None:
    assert met.outcome(name) == (Outcome.OK, False)


@pytest.mark.parametrize("name", ["turns-inward", "inward", "moved", "back"])
def test_a_name_that_turns_inward_is_refused_at_that_connection(met: Met, name: str) -> None:
    assert met.outcome(name) == (Outcome.REFUSED, True)


def test_probes_go_by_the_same_guard(met: Met) -> None:
    assert {site: probe.outcome for site, probe in met.probes.items()} == {
        "steady": Outcome.OK,
        "turns-inward": Outcome.REFUSED,
        "inward": Outcome.REFUSED,
    }
