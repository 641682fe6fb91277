"""Old probes are packed day by day, and a past week is judged as it was then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import func, select
from sqlmodel import col

from checks.availability import week_before
from checks.facts import Outcome
from checks.freshness import SHANGHAI, local_day
from checks.probes import AvailabilityRule, Probe
from storage import database
from storage.ledger import Ledger
from storage.ledger.base import plain_rows
from storage.ledger.probes import _unpack
from storage.tables import ProbeDayRow, ProbeRow
from tests.storage.make import MORNING, raw_register, register

RULE = AvailabilityRule.of(
    {
        "days": 7,
        "slow_ms": 15_000,
        "percent": 5,
        "min_per_day": 20,
        "min_total": 150,
        "min_gap_minutes": 20,
        "max_gap_minutes": 240,
        "down_after": 2,
        "up_after": 2,
    }
)
START = datetime(2026, 3, 1, tzinfo=SHANGHAI)
HALF = timedelta(minutes=30, microseconds=7)
LAST = date(2026, 3, 20)


def fill(ledger: Ledger) -> int:
    """Twenty days of two sites, every half hour, with every kind of answer; how many probes?"""
    answers = list(Outcome)
    with ledger.writing() as session:
        count = 0
        at = START
        while local_day(at) <= LAST:
            for site in ("portal", "other"):
                n = count
                outcome = answers[n % len(answers)] if n % 17 == 0 else Outcome.OK
                elapsed = None if n % 31 == 0 else n * 37 % 16_000
                status = 200 if n % 5 else None
                session.add(
                    ProbeRow(
                        site=site,
                        at=at,
                        elapsed_ms=elapsed,
                        outcome=outcome,
                        ours=n % 97 == 0,
                        status=status,
                        note="超时" if n % 7 == 0 else None,
                    )
                )
                count += 1
            at += HALF
    return count


def all_of(ledger: Ledger) -> dict[str, tuple[Probe, ...]]:
    return ledger.probes(START - HALF, MORNING)


def rows_of(ledger: Ledger, table: Any) -> int:
    with ledger.reading() as session:
        return int(
            session.connection().execute(select(func.count()).select_from(table)).scalar_one()
        )


def weeks(ledger: Ledger, rule: AvailabilityRule) -> list[object]:
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(0, 20, 2)]
    found: list[object] = []
    for day in days:
        cutoff = datetime.combine(day, datetime.max.time(), SHANGHAI)
        held = ledger.probes(cutoff - timedelta(days=9), cutoff)
        found += [week_before(site, held[site], rule, day) for site in sorted(held)]
    return found


OTHER_NUMBERS = replace(RULE, slow_ms=7000, min_gap=timedelta(minutes=45), days=5)


@pytest.mark.parametrize(
    ("rule", "before"),
    [(RULE, date(2026, 3, 2)), (OTHER_NUMBERS, date(2026, 3, 11)), (RULE, date(2026, 3, 21))],
)
def test_every_past_week_is_judged_alike_whether_its_days_are_packed_or_not(
    rule: AvailabilityRule, before: date, ledger: Ledger
) -> None:
    fill(ledger)
    judged, held = weeks(ledger, rule), all_of(ledger)
    assert ledger.pack_probes(before) == 2 * sum(local_day(p.at) < before for p in held["portal"])
    assert weeks(ledger, rule) == judged
    assert all_of(ledger) == held
    assert ledger.pack_probes(before) == 0


def test_only_whole_days_are_packed_and_each_becomes_one_row_a_site(ledger: Ledger) -> None:
    total = fill(ledger)
    packed = ledger.pack_probes(date(2026, 3, 11))
    assert rows_of(ledger, ProbeDayRow) == 2 * 10
    assert rows_of(ledger, ProbeRow) == total - packed
    with ledger.reading() as session:
        left = (
            session.connection()
            .execute(
                select(func.count()).where(
                    col(ProbeRow.at) < datetime(2026, 3, 11, tzinfo=SHANGHAI)
                )
            )
            .scalar()
        )
        days = list(plain_rows(session, ProbeDayRow))
    assert left == 0
    assert all(day.count == len(list(_unpack(day))) for day in days)
    assert {day.day for day in days} == {date(2026, 3, n) for n in range(1, 11)}


def test_a_site_that_moved_answers_only_for_its_new_home_in_packed_days_too(
    ledger: Ledger,
) -> None:
    rows = raw_register()
    ledger.load_inventory(register(), START)
    rows["site"][0]["home"] = "https://new.example.cn/"
    ledger.load_inventory(register(**rows), datetime(2026, 3, 5, tzinfo=SHANGHAI))
    fill(ledger)
    held = all_of(ledger)
    ledger.pack_probes(date(2026, 3, 15))
    assert all_of(ledger) == held
    assert local_day(held["portal"][0].at) == date(2026, 3, 5)
    assert local_day(held["other"][0].at) == date(2026, 3, 1)


def test_packed_probes_come_back_word_for_word_on_the_way_to_the_version_before(
    ledger: Ledger,
) -> None:
    def all_rows() -> list[tuple[Any, ...]]:
        with ledger.reading() as session:
            order = [col(ProbeRow.at), col(ProbeRow.site)]
            return [tuple(row)[1:] for row in plain_rows(session, ProbeRow, order_by=order)]

    fill(ledger)
    before = all_rows()
    ledger.pack_probes(date(2026, 3, 15))
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    for step, to in ((command.downgrade, "0006"), (command.upgrade, "head")):
        with ledger.engine.execution_options(write=True).begin() as connection:
            config.attributes["connection"] = connection
            step(config, to)
        assert all_rows() == before


def test_notes_of_probes_are_of_the_present_home_and_by_time(ledger: Ledger) -> None:
    ledger.load_inventory(register(), START)
    late, early = START + timedelta(hours=3), START + timedelta(hours=2)
    slow = Probe("portal", late, 20_000, Outcome.UNREACHABLE)
    ledger.record_probe(slow, None, "连接超时")
    ledger.record_probe(Probe("portal", early, 300, Outcome.BLOCKED), 403)
    ledger.record_probe(Probe("other", early, 300, Outcome.OK), 200)
    notes = ledger.probe_notes("portal", START, late)
    assert [(each.probe.at, each.status, each.note) for each in notes] == [
        (early, 403, None),
        (late, None, "连接超时"),
    ]
    assert notes[1].probe == slow
    assert ledger.probe_notes("portal", early, early + HALF) == []
    assert tuple(each.probe for each in notes) == ledger.probes(START, late)["portal"]
    sites = [{**row, "home": "https://new.example.gov.cn/"} for row in raw_register()["site"]]
    ledger.load_inventory(register(site=sites), late)
    assert [each.probe for each in ledger.probe_notes("portal", START, late)] == [slow]
