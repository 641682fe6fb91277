"""Probes of loopback servers: what a round meets, whose fault it is, and how politely it asks."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest

from checks.facts import Outcome
from checks.probes import Access, AvailabilityRule, Probe, grade
from crawler.probe import probe_sites
from crawler.settings import CrawlSection, ProbeSection, host_port
from storage.clock import now
from storage.ledger import Ledger
from tests.crawler.certificates import context_of, make
from tests.crawler.server import Answer, Server, page, redirect, serving

SLOW_MS = 1500
RULE = AvailabilityRule.of(
    {
        "days": 7,
        "slow_ms": SLOW_MS,
        "percent": 5,
        "min_per_day": 20,
        "min_total": 140,
        "min_gap_minutes": 20,
        "max_gap_minutes": 240,
        "down_after": 3,
        "up_after": 2,
    }
)
HOME = page("<!-- synthetic --><html><body><h1>示例市人民政府</h1><p>首页</p></body></html>")
CRAWL = CrawlSection(delay_seconds=0, allow_private_networks=("127.0.0.1/32",))


def after(seconds: float, answer: Answer) -> Answer:
    """A server that takes its time."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        Event().wait(seconds)
        answer(handler)

    return slow


def held(handler: BaseHTTPRequestHandler) -> None:
    """A server that never answers while it is asked."""
    server = handler.server
    assert isinstance(server, Server)
    server.released.wait()


@pytest.fixture(scope="module")
def closed_port() -> Iterator[int]:
    """A port of loopback at which nobody listens, for as long as it is used."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@dataclass(frozen=True)
class Met:
    probes: dict[str, Probe]
    ledger: Ledger
    server: Server

    def asked(self, path: str) -> int:
        return [seen for seen, _ in self.server.seen].count(path)


ANSWERS: dict[str, Answer] = {
    "/up": HOME,
    "/moved": redirect("/up"),
    "/slow_hops": after(0.9, redirect("/slow_end")),
    "/slow_end": after(0.9, HOME),
    "/slow": after(SLOW_MS / 1000, HOME),
    "/broken": page("Bad Gateway", status=502),
    "/held": held,
    "/walled": page("<!-- synthetic --><p>网站云防护系统：拒绝执行</p>", status=403),
    "/works": page("<!-- synthetic --><p>网站正在维护，请稍后访问。</p>"),
    "/forbidden": HOME,
    "/robots.txt": page("User-agent: xunjian\nDisallow: /forbidden\n", Content_Type="text/plain"),
}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory, closed_port: int) -> Iterator[Met]:
    """One round of all that a home page may do."""
    folder = tmp_path_factory.mktemp("probe")
    untrusted = context_of(folder, make("localhost", names=("localhost",)))
    with serving(ANSWERS) as server, serving({"/": HOME}) as secure:
        secure.socket = untrusted.wrap_socket(secure.socket, server_side=True)
        ledger = Ledger.open(f"sqlite:///{folder}/x.db", folder / "evidence")
        names = [path[1:] for path in ANSWERS if path not in ("/slow_end", "/robots.txt")]
        homes = {name: f"{server.url}/{name}" for name in names}
        homes["refused"] = f"http://127.0.0.1:{closed_port}/"
        homes["inner"] = "http://10.255.255.1/"
        homes["nowhere"] = "http://no-such-host.invalid/"
        homes["no_tls"] = f"https://127.0.0.1:{server.server_port}/"
        homes["untrusted"] = f"https://127.0.0.1:{secure.server_port}/"
        made = probe_sites(ledger, homes, CRAWL, ProbeSection(), SLOW_MS)
        yield Met({probe.site: probe for probe in made}, ledger, server)
        ledger.close()


@pytest.mark.parametrize(
    ("site", "access"),
    [
        ("up", Access.REACHED),
        ("moved", Access.REACHED),
        ("slow", Access.FAILED),
        ("slow_hops", Access.FAILED),
        ("broken", Access.FAILED),
        ("held", Access.FAILED),
        ("refused", Access.FAILED),
        ("walled", Access.UNKNOWN),
        ("works", Access.UNKNOWN),
        ("forbidden", Access.UNKNOWN),
        ("inner", Access.UNKNOWN),
        ("nowhere", Access.UNKNOWN),
        ("no_tls", Access.UNKNOWN),
        ("untrusted", Access.REACHED),
    ],
)
def test_only_what_a_visitor_would_call_closed_is_a_failure(
    met: Met, site: str, access: Access
) -> None:
    assert grade(met.probes[site], RULE) is access


def test_each_outcome_has_its_name(met: Met) -> None:
    outcomes = {site: probe.outcome for site, probe in met.probes.items()}
    assert outcomes["works"] is Outcome.MAINTENANCE
    assert outcomes["walled"] is Outcome.BLOCKED
    assert outcomes["forbidden"] is Outcome.REFUSED
    assert outcomes["inner"] is Outcome.REFUSED
    assert outcomes["slow"] is Outcome.OK


def test_the_time_is_that_of_the_page_with_its_redirects(met: Met) -> None:
    slow, hops = met.probes["slow"].elapsed_ms, met.probes["slow_hops"].elapsed_ms
    up, gave_up = met.probes["up"].elapsed_ms, met.probes["held"].elapsed_ms
    assert slow is not None
    assert hops is not None
    assert up is not None
    assert gave_up is not None
    assert slow >= SLOW_MS
    assert hops >= 1800
    assert up < SLOW_MS
    assert gave_up >= SLOW_MS, "given up only after the rule's time was over"


def test_a_site_is_asked_once_a_round_and_never_where_robots_forbid(met: Met) -> None:
    asked = {path: met.asked(path) for path in ("/broken", "/held", "/forbidden", "/robots.txt")}
    assert asked == {"/broken": 1, "/held": 1, "/forbidden": 0, "/robots.txt": 1}


def test_every_probe_is_in_the_ledger_as_it_was_met(met: Met) -> None:
    kept = met.ledger.probes(now() - timedelta(hours=1), now())
    assert {site: probes for site, (*probes,) in kept.items()} == {
        site: [probe] for site, probe in met.probes.items()
    }


def probed(
    folder: Path, homes: dict[str, str], check_hosts: tuple[str, ...]
) -> tuple[dict[str, Probe], dict[str, tuple[Probe, ...]]]:
    ledger = Ledger.open(f"sqlite:///{folder}/x.db", folder / "evidence")
    try:
        made = probe_sites(ledger, homes, CRAWL, ProbeSection(check_hosts=check_hosts), SLOW_MS)
        return {probe.site: probe for probe in made}, ledger.probes(now() - timedelta(1), now())
    finally:
        ledger.close()


def test_when_no_host_for_comparison_answers_no_site_is_asked(
    tmp_path: Path, closed_port: int
) -> None:
    hosts = (f"127.0.0.1:{closed_port}", "http://10.255.255.1/", "https://no-such-host.invalid/")
    with serving({"/": HOME}) as server:
        made, kept = probed(tmp_path, {"s1": f"{server.url}/", "s2": f"{server.url}/"}, hosts)
        assert server.seen == []
    assert [(p.ours, grade(p, RULE)) for p in made.values()] == [(True, Access.UNKNOWN)] * 2
    assert kept == {site: (probe,) for site, probe in made.items()}


def test_one_host_that_answers_is_enough_and_a_name_that_is_gone_is_then_the_site_s(
    tmp_path: Path, closed_port: int
) -> None:
    with serving({"/": HOME}) as server:
        hosts = (f"127.0.0.1:{closed_port}", f"127.0.0.1:{server.server_port}")
        made, _ = probed(
            tmp_path, {"s1": f"{server.url}/", "gone": "http://no-such-host.invalid/"}, hosts
        )
    assert grade(made["s1"], RULE) is Access.REACHED
    assert grade(made["gone"], RULE) is Access.FAILED


def test_a_network_that_goes_down_within_the_round_is_ours(tmp_path: Path) -> None:
    """The only host for comparison is gone once the site was asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]

    def goes_down(handler: BaseHTTPRequestHandler) -> None:
        listening.close()
        page("Bad Gateway", status=502)(handler)

    with serving({"/": goes_down, "/up": HOME}) as server:
        homes = {"s1": f"{server.url}/", "s2": f"{server.url}/up"}
        made, _ = probed(tmp_path, homes, (f"127.0.0.1:{port}",))
    assert made["s1"].ours
    assert made["s2"] == replace(made["s2"], outcome=Outcome.OK, ours=False)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("https://www.example.cn/", ("www.example.cn", 443)),
        ("http://www.example.cn", ("www.example.cn", 80)),
        ("http://www.example.cn:8080/x", ("www.example.cn", 8080)),
        ("10.1.1.1:53", ("10.1.1.1", 53)),
        ("[2001:db8::1]:53", ("2001:db8::1", 53)),
    ],
)
def test_a_host_for_comparison_is_an_address_or_host_and_port(
    text: str, place: tuple[str, int]
) -> None:
    assert host_port(text) == place


@pytest.mark.parametrize("text", ["", "www.example.cn", "ftp://example.cn/", "a:b", "a:99999"])
def test_any_other_is_refused_in_the_settings(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ProbeSection(check_hosts=(text,))
