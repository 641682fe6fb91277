"""What the crawler refuses, met by a real crawl of a hostile server on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from checks.facts import Outcome, Visit
from crawler.guards import is_allowed
from crawler.jobs import Job
from crawler.run import CrawlReport, crawl
from crawler.settings import CrawlSection
from storage.clock import now
from storage.ledger import Ledger
from tests.crawler.server import Server, page, redirect, serving

ROWS = "".join(
    f"<li><a href='/a/{n}.html'>关于做好第{n}号工作的通知</a><span>2026-11-{n:02d}</span></li>"
    for n in range(10, 20)
)
LIST = f"<html><!-- synthetic --><body><ul class='list'>{ROWS}</ul></body></html>"
HOLD_SECONDS = 60


@pytest.mark.parametrize(
    ("address", "networks", "allowed"),
    [
        ("8.8.8.8", (), True),
        ("2001:4860:4860::8888", (), True),
        ("127.0.0.1", (), False),
        ("127.9.9.9", (), False),
        ("10.1.2.3", (), False),
        ("172.16.0.1", (), False),
        ("192.168.1.1", (), False),
        ("169.254.169.254", (), False),
        ("100.64.0.1", (), False),
        ("0.0.0.0", (), False),  # noqa: S104
        ("224.0.0.1", (), False),
        ("::1", (), False),
        ("fe80::1%eth0", (), False),
        ("fd00::1", (), False),
        ("::ffff:127.0.0.1", (), False),
        ("::ffff:8.8.8.8", (), True),
        ("2002:7f00:1::", (), False),
        ("64:ff9b::7f00:1", (), False),
        ("64:ff9b::a9fe:a9fe", (), False),
        ("64:ff9b::808:808", (), True),
        ("64:ff9b:1::10.1.2.3", (), False),
        ("::127.0.0.1", (), False),
        ("fec0::1", (), False),
        ("127.0.0.1", ("127.0.0.1/32",), True),
        ("127.0.0.2", ("127.0.0.1/32",), False),
        ("::ffff:127.0.0.1", ("127.0.0.0/8",), True),
        ("10.1.2.3", ("192.168.0.0/16", "10.0.0.0/8"), True),
    ],
)
def test_only_public_or_listed_addresses_are_connected_to(
    address: str, networks: tuple[str, ...], allowed: bool
) -> None:
    assert is_allowed(address, networks) is allowed


def bomb(handler: BaseHTTPRequestHandler) -> None:
    page(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")(handler)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"<p>" + b"x" * 10_000)


def held(handler: BaseHTTPRequestHandler) -> None:
    server = handler.server
    assert isinstance(server, Server)
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    server.released.wait(HOLD_SECONDS)


def conditional(handler: BaseHTTPRequestHandler) -> None:
    same = handler.headers.get("If-None-Match") == '"v1"'
    page("" if same else LIST, status=304 if same else 200, ETag='"v1"')(handler)


@dataclass(frozen=True)
class Met:
    """One crawl of everything, and what the ledger then holds."""

    report: CrawlReport
    visits: dict[str, Visit]
    server: Server
    inner: Server

    def outcome(self, name: str) -> Outcome:
        return self.visits[f"column:{name}"].outcome

    def note(self, name: str) -> str:
        return self.visits[f"column:{name}"].note or ""


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    folder = tmp_path_factory.mktemp("crawl")
    answers = {
        "/robots.txt": page("User-agent: xunjian\nDisallow: /secret/\n", Content_Type="text/plain"),
        "/good.html": page(LIST),
        "/secret/list.html": page(LIST),
        "/bomb.html": bomb,
        "/endless.html": endless,
        "/held.html": held,
        "/loop.html": redirect("/loop2.html"),
        "/loop2.html": redirect("/loop.html"),
        "/busy.html": page("busy", status=503),
        "/stub.html": page('<meta http-equiv="refresh" content="0;url=/good.html">'),
        "/conditional.html": conditional,
    }
    with serving({"/list.html": page(LIST)}, host="127.0.0.2") as inner, serving(answers) as outer:
        port = inner.server_port
        inward = {
            "inward": f"http://127.0.0.2:{port}/list.html",
            "decimal": f"http://2130706434:{port}/list.html",
            "mapped": f"http://[::ffff:127.0.0.2]:{port}/list.html",
            "short": f"http://127.2:{port}/list.html",
        }
        for name, target in inward.items():
            answers[f"/{name}.html"] = redirect(target)
        answers["/file.html"] = redirect("file:///etc/passwd")
        names = [path.strip("/").removesuffix(".html") for path in answers if path != "/robots.txt"]
        jobs = [Job(f"column:{name}", f"{outer.url}/{name}.html") for name in names]
        jobs += [Job(f"column:direct-{name}", target) for name, target in inward.items()]
        ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
        section = CrawlSection(
            delay_seconds=0,
            timeout_seconds=2,
            max_bytes=1_000_000,
            contact="mailto:office@example.gov.cn",
            allow_private_networks=("127.0.0.1/32",),
        )
        report = crawl(ledger, jobs, section)
        histories = ledger.histories([job.subject for job in jobs], now())
        visits = {key: history.last for key, history in histories.items() if history.last}
        yield Met(report, visits, outer, inner)
        ledger.close()


def test_every_job_ends_in_one_visit(met: Met) -> None:
    assert met.report.planned == len(met.visits) == met.report.seen + met.report.unseen


def test_a_good_list_is_read(met: Met) -> None:
    assert met.outcome("good") is Outcome.OK
    assert str(met.visits["column:good"].newest) == "2026-11-19"


def test_we_say_who_we_are(met: Met) -> None:
    agents = {headers["user-agent"] for _, headers in met.server.seen}
    assert len(agents) == 1
    assert agents.pop().startswith("xunjian/")
    assert met.server.seen[-1][1]["user-agent"].endswith("(+mailto:office@example.gov.cn)")


@pytest.mark.parametrize("name", ["inward", "decimal", "mapped", "short"])
def test_no_redirect_and_no_spelling_leads_into_a_network_that_is_not_listed(
    met: Met, name: str
) -> None:
    assert met.outcome(name) is Outcome.REFUSED
    assert met.outcome(f"direct-{name}") is Outcome.REFUSED
    assert met.inner.seen == []


def test_robots_are_obeyed_and_named(met: Met) -> None:
    assert met.outcome("secret/list") is Outcome.REFUSED
    assert "/secret/list.html" not in [path for path, _ in met.server.seen]


def test_a_redirect_to_a_file_is_not_followed(met: Met) -> None:
    assert not met.outcome("file").seen


@pytest.mark.parametrize("name", ["bomb", "endless"])
def test_bodies_larger_than_the_limit_are_cut_off_and_named(met: Met, name: str) -> None:
    assert met.outcome(name) is Outcome.TOO_LARGE


@pytest.mark.parametrize("name", ["held", "loop", "busy"])
def test_held_connections_loops_and_busy_servers_are_unreachable(met: Met, name: str) -> None:
    assert met.outcome(name) is Outcome.UNREACHABLE


def test_passing_errors_are_tried_three_times(met: Met) -> None:
    assert [path for path, _ in met.server.seen].count("/busy.html") == 3


def test_a_meta_refresh_stub_is_followed(met: Met) -> None:
    assert met.outcome("stub") is Outcome.OK
    assert (met.visits["column:stub"].url or "").endswith("/good.html")


def test_caches_are_asked_to_revalidate(met: Met) -> None:
    asked = [headers for path, headers in met.server.seen if path == "/good.html"]
    assert asked[0]["cache-control"] == "max-age=0"


def test_what_was_refused_leaves_no_evidence_and_what_was_seen_does(met: Met) -> None:
    assert met.visits["column:inward"].evidence is None
    assert (met.visits["column:good"].evidence or "").startswith("evidence/")


def test_an_unknown_host_is_unreachable_not_refused(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    job = Job("column:nowhere", "http://no-such-host.invalid/list.html")
    crawl(ledger, [job], CrawlSection(delay_seconds=0, timeout_seconds=5))
    visit = ledger.histories([job.subject], now())[job.subject].last
    assert visit is not None
    assert visit.outcome is Outcome.UNREACHABLE
