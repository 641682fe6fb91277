"""Workers look at what is due: each subject once, whoever is killed; pages synthetic."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from app.cycle import run_cycle
from app.doctor import service
from app.service.tasks import run_task
from app.service.told import Numbers
from app.settings import SettingsError
from app.workers import inspecting
from app.workers.dispatch import dispatch, fault_of
from app.workers.lots import follow_register
from app.workers.queue import queue_of
from app.workers.serving import work
from checks.verdicts import Verdict
from crawler.children import CrawlError
from storage.clock import now
from storage.ledger import Ledger
from tests.app.run import called
from tests.app.service.test_serve import said
from tests.app.workers.farm import LIST, Farm, farm, register, worker
from tests.crawler.processes import await_end, descendants
from tests.crawler.server import Answer, page
from tests.storage.make import open_ledger

SUBJECTS = ["column:a0", "column:a1", "column:b0", "column:b1", "site:a", "site:b"]


@pytest.fixture
def two(tmp_path: Path, pg_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Farm]:
    monkeypatch.setenv("XUNJIAN_DATABASE_URL", pg_url)
    with farm(tmp_path, pg_url) as made:
        yield made


def sent_out(farm: Farm) -> tuple[int, int, int]:
    made = dispatch(farm.home.settings(), farm.ledger)
    return made.watched, made.retried, made.deferred


def test_what_is_registered_is_looked_at_once_and_then_not_before_the_next_day(two: Farm) -> None:
    assert sent_out(two) == (6, 0, 2)
    assert [state for _, state in two.jobs()] == ["todo", "todo"]
    work(two.home, 2, once=True)
    assert sorted(two.visits()) == SUBJECTS
    assert sent_out(two) == (0, 0, 0)
    assert two.jobs() == []
    for subject in SUBJECTS:
        due = two.ledger.due(subject)
        assert due is not None
        assert timedelta(hours=22) < due.at - now() < timedelta(hours=26)


def test_a_lot_that_waits_or_is_under_way_gets_no_second_job(two: Farm) -> None:
    assert sent_out(two) == (6, 0, 2)
    assert sent_out(two) == (0, 0, 0)
    assert len(two.jobs()) == 2


def test_a_column_added_to_the_register_is_due_at_once_and_one_taken_from_it_never(
    two: Farm,
) -> None:
    follow_register(two.ledger, 64)
    changed = register(two.sites, 3)
    kept = [row for row in changed["column"] if row["id"] != "a0"]
    two.ledger.load_inventory({**changed, "column": kept}, now())
    assert follow_register(two.ledger, 64) == 2
    assert two.ledger.due("column:a0") is None
    assert two.ledger.due_count(now()) == 7


def test_one_that_could_not_be_seen_is_due_again_after_an_hour_and_goes_before_others(
    tmp_path: Path, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNJIAN_DATABASE_URL", pg_url)
    with farm(tmp_path, pg_url, a0=page("", status=503)) as made:
        sent_out(made)
        work(made.home, 1, once=True)
        due = made.ledger.due("column:a0")
        assert due is not None
        assert (due.misses, due.at - now() < timedelta(hours=1.1)) == (1, True)
        with made.ledger.reading() as session:
            later = now() + timedelta(days=2)
            first, second = made.ledger.due_lots(session, later)
        assert (first.lot, first.urgency, second.urgency) == (due.lot, 1, 0)
        assert made.ledger.due_in(first.lot, later, 1) == [due]


def test_what_is_near_its_limit_is_due_sooner_and_goes_first(two: Farm) -> None:
    sent_out(two)
    work(two.home, 1, once=True)
    soon = now() + timedelta(hours=12)
    two.ledger.press({"column:b1"}, soon)
    with two.ledger.reading() as session:
        (first,) = two.ledger.due_lots(session, soon)
    assert (first.count, first.urgency) == (1, 2)
    two.ledger.press({"column:b0"}, soon)
    urgent = two.ledger.due_in(first.lot, now() + timedelta(days=3), 2)
    assert [(due.subject == "column:b0", due.pressing) for due in urgent] == [
        (True, True),
        (False, False),
    ]


def test_a_site_is_not_visited_outside_its_hours(two: Farm) -> None:
    closed = now() + timedelta(hours=9)  # eight hours and one: never now, whatever the zone
    hours = f"{closed:%H:%M}-{closed + timedelta(minutes=1):%H:%M}"
    rows = register(two.sites, 2)
    sites = [{**row, "hours": hours if row["id"] == "a" else None} for row in rows["site"]]
    two.ledger.load_inventory({**rows, "site": sites}, now())
    sent_out(two)
    work(two.home, 2, once=True)
    assert set(two.visits()) == {"column:b0", "column:b1", "site:b"}
    assert two.asked("a") == []
    due = two.ledger.due("column:a0")
    assert due is not None
    assert timedelta() < due.at - now() <= timedelta(days=1)


def held(came: Event, let_go: Event) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        came.set()
        let_go.wait()
        page(LIST)(handler)

    return answer


def test_a_worker_killed_in_the_middle_loses_nothing_and_nothing_is_seen_twice(
    tmp_path: Path, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had seen is kept, its lot goes to another, and only the rest is looked at."""
    monkeypatch.setenv("XUNJIAN_DATABASE_URL", pg_url)
    came, let_go = Event(), Event()
    with farm(tmp_path, pg_url, names="a", columns=12, a11=held(came, let_go)) as made:
        assert sent_out(made) == (13, 0, 1)
        with worker(made) as process:
            assert came.wait(60)
            (child,) = descendants("crawler.child")
            while not made.visits():  # what was seen is written a moment later
                assert process.poll() is None
            process.kill()
            process.wait()
            await_end(child)
        let_go.set()
        before = made.visits()
        assert 0 < len(before) < 13
        assert [state for _, state in made.jobs()] == ["doing"]
        assert sent_out(made) == (0, 0, 0)  # it may only be slow
        made.forget_workers()
        assert sent_out(made) == (0, 1, 0)
        work(made.home, 1, once=True)
        assert made.jobs() == []
        counted = Counter(made.visits())
        assert (len(counted), set(counted.values())) == (13, {1})
        items = made.ledger.items()
        assert len({(each.subject, each.item.url) for each in items}) == len(items) == 12 * 8
        assert called("evidence", "verify", home=made.home.folder).code == 0


def test_a_worker_that_is_stopped_ends_its_crawl_and_gives_its_lot_back(
    tmp_path: Path, pg_url: str
) -> None:
    came, let_go = Event(), Event()
    with farm(tmp_path, pg_url, names="a", a0=held(came, let_go)) as made:
        sent_out(made)
        with worker(made) as process:
            assert came.wait(60)
            (child,) = descendants("crawler.child")
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0, process.stderr
            await_end(child)
        let_go.set()
        assert [state for _, state in made.jobs()] == ["todo"]


def test_a_cycle_judges_and_tells_what_the_workers_saw_and_visits_nothing_itself(
    two: Farm,
) -> None:
    sent_out(two)
    work(two.home, 2, once=True)
    asked = two.asked("a") + two.asked("b")
    report = run_cycle(two.home, two.home.settings(), two.ledger)
    assert (report.crawl.planned, report.crawl.seen, report.crawl.unseen) == (6, 6, 0)
    assert report.verdicts[Verdict.UNKNOWN] == 0
    assert two.asked("a") + two.asked("b") == asked


def test_lots_that_wait_while_no_worker_is_heard_of_are_told_to_the_operator(two: Farm) -> None:
    assert not run_task("dispatch", two.home, two.ledger)
    told = two.ledger.last_task("dispatch")
    assert told is not None
    assert told.note is not None
    assert told.note.startswith("没有巡检进程（xunjian worker）在运行，2批对象等待查看。")
    work(two.home, 2, once=True)
    assert fault_of(two.ledger, now()) is None
    assert run_task("dispatch", two.home, two.ledger)


def test_what_a_job_that_failed_did_not_see_is_due_half_an_hour_later_and_not_at_once(
    two: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lot that ends its process each time must not be begun again each minute."""

    def fails(*_given: object, **_named: object) -> None:
        raise CrawlError("爬取进程异常结束")

    monkeypatch.setattr(inspecting, "crawl", fails)
    sent_out(two)
    work(two.home, 1, once=True)
    assert [state for _, state in two.jobs()] == ["failed", "failed"]
    assert sent_out(two) == (0, 0, 0)
    for subject in SUBJECTS:
        due = two.ledger.due(subject)
        assert due is not None
        assert timedelta(minutes=25) < due.at - now() <= timedelta(minutes=30)
    (check,) = service.workers(two.home.settings(), two.ledger)
    assert "一天内2批未能完成" in check.note


def test_the_queue_is_shown_to_a_person_and_to_programs(two: Farm) -> None:
    sent_out(two)
    told = called("workers", "--format", "json", home=two.home.folder).json
    del told["at"]
    assert told == {
        "watched": 6,
        "due": 6,
        "waiting": 2,
        "running": 0,
        "failed": 0,
        "workers": [],
    }
    assert "等待的批次" in called("workers", home=two.home.folder).out


def test_doctor_says_whether_anybody_looks(two: Farm) -> None:
    sent_out(two)
    (before,) = service.workers(two.home.settings(), two.ledger)
    assert (before.ok, before.note) == (
        False,
        "0个在运行；到时间待查看的对象6个，等待2批，正在查看0批。"
        "没有巡检进程（xunjian worker）：登记的对象不会被查看",
    )
    with worker(two) as process:
        said(process.stderr, "3 seen, 0 not seen")
        (after,) = service.workers(two.home.settings(), two.ledger)
        assert after.ok
        assert after.note.startswith("1个在运行；")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_the_queue_is_told_in_numbers(two: Farm) -> None:
    sent_out(two)
    numbers = Numbers(two.ledger, BackgroundScheduler())
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in numbers.collect()
        for sample in metric.samples
    }
    assert told["xunjian_shared_subjects", "watched"] == 6
    assert told["xunjian_shared_subjects", "due"] == 6
    assert told["xunjian_lots", "waiting"] == 2
    assert told[("xunjian_workers",)] == 0


def test_without_postgresql_there_is_no_queue(tmp_path: Path) -> None:
    ledger: Ledger = open_ledger(tmp_path)
    with pytest.raises(SettingsError, match="需要 PostgreSQL"):
        queue_of(ledger.engine)
    ledger.close()


def test_a_worker_says_what_it_needs_and_ends(two: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XUNJIAN_DATABASE_URL")
    ran = called("worker", home=two.home.folder)
    assert (ran.code, "XUNJIAN_DATABASE_URL" in ran.err) == (2, True)
