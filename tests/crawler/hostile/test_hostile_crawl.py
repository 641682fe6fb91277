"""A real crawl of every hostile answer, good columns among them: each is called what it is.

XUNJIAN_LONG=1 makes bombs of 1 GiB, pages of 8 MiB, lists of 50,000 rows, and takes the settings
that are in force by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.facts import Outcome, Visit
from crawler.jobs import Job
from crawler.run import crawl
from crawler.settings import CrawlSection
from storage.clock import now
from storage.ledger import Ledger
from tests.crawler.forked import started
from tests.crawler.hostile.bodies import LIST
from tests.crawler.hostile.cases import INNER, LONG, MAX_BYTES, PAGE, Case, all_cases
from tests.crawler.hostile.server import HostileServer, hostile_server, shown
from tests.crawler.processes import descendants

MOST_MIB = 400
CASES = all_cases()
NEIGHBOURS = ("gzip-bomb", "drip-body", "header-flood", "robots-drip", "silence")
GOOD = "/good.html"


@dataclass(frozen=True)
class Met:
    """What was planned, what the ledger then holds, and the most memory a process ever held."""

    planned: int
    visits: dict[str, Visit]
    peak_mib: int
    server: HostileServer


def address_of(at: int) -> str:
    return f"127.0.{1 + at // 250}.{at % 250 + 1}"


def peak_of(pid: int) -> int:
    """The most memory this process ever held, in MiB; 0: it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0) // 1024


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    folder = tmp_path_factory.mktemp("hostile")
    hosts = {case.name: address_of(at) for at, case in enumerate(CASES)}
    answers = {hosts[case.name]: {GOOD: shown(LIST), **case.pages} for case in CASES}
    peaks: list[int] = []

    def on_visit(_subject: str, _outcome: str) -> None:
        peaks.extend(map(peak_of, descendants("crawler.child")))

    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    with hostile_server(answers) as server, started():
        jobs = [_job(case, f"http://{hosts[case.name]}:{server.port}") for case in CASES]
        jobs += [
            Job(f"column:beside-{name}", f"http://{hosts[name]}:{server.port}{GOOD}")
            for name in NEIGHBOURS
        ]
        section = CrawlSection(
            delay_seconds=0,
            timeout_seconds=15 if LONG else 3,
            concurrency=8 if LONG else 32,
            max_bytes=MAX_BYTES,
            allow_private_networks=("127.0.1.0/24",),
        )
        kinds = [[job for job in jobs if (job.kind == "mailbox") is box] for box in (False, True)]
        with ThreadPoolExecutor() as crawls:  # a mailbox without end takes as long as all others
            runs = [crawls.submit(crawl, ledger, mine, section, on_visit) for mine in kinds]
            planned = sum(run.result().planned for run in runs)
        histories = ledger.histories([job.subject for job in jobs], now())
        visits = {key: history.last for key, history in histories.items() if history.last}
        yield Met(planned, visits, max(peaks), server)
    ledger.close()


def _job(case: Case, site: str) -> Job:
    return Job(f"{case.kind}:{case.name}", f"{site}{case.path}", case.reader)


def test_the_run_ends_by_itself_and_every_subject_has_its_visit(met: Met) -> None:
    """A run that is killed at its bound raises CrawlError, and `met` would not be there."""
    assert len(CASES) >= 120
    assert met.planned == len(met.visits) == len(CASES) + len(NEIGHBOURS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_answer_is_called_what_it_is(met: Met, case: Case) -> None:
    visit = met.visits[f"{case.kind}:{case.name}"]
    newest = str(visit.newest) if visit.newest else None
    assert (visit.outcome, newest) == (case.outcome, case.newest), visit.note
    assert case.words in (visit.note or "")


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_good_column_beside_a_hostile_one_is_read(met: Met, name: str) -> None:
    visit = met.visits[f"column:beside-{name}"]
    assert (visit.outcome, str(visit.newest)) == (Outcome.OK, "2026-11-19"), visit.note


def test_nothing_inside_was_connected_to(met: Met) -> None:
    assert INNER not in met.server.asked


def test_a_mailbox_without_end_is_left_after_so_much_time(met: Met) -> None:
    visit = met.visits["mailbox:endless-mailbox"]
    host = address_of([case.name for case in CASES].index("endless-mailbox"))
    opened = {path for path in met.server.asked[host] if path.startswith("/letter")}
    assert 1 <= len(opened) <= 9, visit.note


def test_the_crawling_process_stays_within_its_memory(met: Met) -> None:
    print(f"\npeak {met.peak_mib} MiB of {len(CASES)} cases")
    assert 0 < met.peak_mib < MOST_MIB


def test_page_of_every_case_was_asked_for_unless_its_robots_said_no(met: Met) -> None:
    hosts = {case.name: address_of(at) for at, case in enumerate(CASES)}
    unasked = {case.name for case in CASES if PAGE not in met.server.asked[hosts[case.name]]}
    assert unasked == {"robots-late-rule", "robots-503-forbids"}
