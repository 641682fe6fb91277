"""The arithmetic of a national day: each figure can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.simulate.nation import Costs, Load, Machine, national_day

LOAD = Load(
    sites=100,
    columns=36_000,
    articles_a_site=0,
    links_a_site=0,
    busiest_site=3_600,
    changed=0.5,
)
COSTS = Costs(
    page_changed=0.09,
    page_unchanged=0.01,
    link=0.02,
    plan_column=0.0,
    start_of_batch=0.0,
    judge_column=0.001,
    hosts_at_once=10,
    process_mib=1000,
    write_look=0.01,
    bytes_changed=2**20,
    bytes_unchanged=0,
)
MACHINE = Machine(cores=2, memory_mib=4000, hours=0.5, busy=0.5)


def test_a_day_is_worked_out_from_what_a_page_a_look_and_a_column_take() -> None:
    day = national_day(LOAD, COSTS, MACHINE)
    assert day.crawl_core_hours == pytest.approx(0.5)  # 18,000 pages of 90 ms, 18,000 of 10 ms
    assert day.machines_by_cores == 1  # two cores, half an hour, half busy
    assert day.processes_by_politeness == 2  # 36,000 s of waiting, ten hosts at a time
    assert day.machines_by_memory == 1
    assert day.longest_site_hours == 1.0
    assert day.writer_hours == pytest.approx(362 / 3600)
    assert day.judge_core_hours == pytest.approx(0.01)
    assert day.disk_gib_a_day == pytest.approx(18_000 / 1024)


def test_what_no_worker_speeds_up_is_told_as_a_share_of_the_day() -> None:
    shares = national_day(LOAD, COSTS, MACHINE).shares(MACHINE.hours)
    assert shares["the busiest site, one request at a time"] == 2.0
    assert max(shares, key=shares.__getitem__) == "the busiest site, one request at a time"


def test_more_machines_are_needed_where_cores_or_memory_run_out() -> None:
    slow = replace(COSTS, page_changed=0.9, page_unchanged=0.1)
    assert national_day(LOAD, slow, MACHINE).machines == 10
    heavy = replace(COSTS, process_mib=4000, hosts_at_once=1)
    assert national_day(LOAD, heavy, MACHINE).machines == 20


def test_a_lot_costs_its_start_however_few_sites_it_has() -> None:
    started = replace(COSTS, start_of_batch=3.0)
    more = national_day(LOAD, started, MACHINE).crawl_core_hours
    assert more - national_day(LOAD, COSTS, MACHINE).crawl_core_hours == pytest.approx(15 / 3600)


def test_articles_and_links_of_the_duties_are_asked_of_the_same_hosts() -> None:
    day = national_day(replace(LOAD, articles_a_site=60, links_a_site=120), COSTS, MACHINE)
    # 6,000 articles of 90 ms and 12,000 links of 20 ms, and a second of waiting for each.
    assert day.crawl_core_hours == pytest.approx(0.5 + (540 + 240) / 3600)
    assert day.processes_by_politeness == 3
    assert day.longest_site_hours == pytest.approx(3_780 / 3600)
    assert day.disk_gib_a_day == pytest.approx(24_000 / 1024)
