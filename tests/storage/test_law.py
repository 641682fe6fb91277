"""The law of a past day: the packs and the calendar as they were, whatever the files say now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from sqlmodel import func, select

from checks.calendar import WorkCalendar, YearPlan, load_calendar
from checks.rules import pack_texts, read_law
from storage.ledger import Ledger, law_body
from storage.tables import LawRow
from tests.storage.make import DAY, HOUR, MORNING

CALENDAR = load_calendar()
TEXTS = pack_texts(("haian",))


def stricter() -> dict[str, str]:
    changed = TEXTS["haian"].replace('limit = "6 months"', 'limit = "5 months"')
    assert changed != TEXTS["haian"]
    return {**TEXTS, "haian": changed}


def longer() -> WorkCalendar:
    plan = YearPlan(2030, frozenset({date(2030, 1, 1)}), frozenset({date(2030, 1, 5)}), "通知")
    return WorkCalendar({**CALENDAR.plans, 2030: plan})


def kept(ledger: Ledger) -> int:
    with ledger.reading() as session:
        return session.exec(select(func.count()).select_from(LawRow)).one()


def test_packs_and_calendar_come_back_equal(ledger: Ledger) -> None:
    ledger.keep_law(law_body(TEXTS, CALENDAR), MORNING)
    law = ledger.law_at(MORNING)
    assert law == read_law(TEXTS, CALENDAR)
    assert law is not None
    assert law.calendar == CALENDAR
    assert law.calendar.version == CALENDAR.version
    assert [rule.name for rule in law.in_force(date(2026, 11, 20))]


def test_a_plan_of_our_own_comes_back_equal(ledger: Ledger) -> None:
    ledger.keep_law(law_body(TEXTS, longer()), MORNING)
    law = ledger.law_at(MORNING)
    assert law is not None
    assert law.calendar == longer()
    assert law.calendar.plans[2030].source == "通知"
    assert law.calendar.is_working_day(date(2030, 1, 5))


def test_the_same_law_is_kept_once(ledger: Ledger) -> None:
    for days in range(3):
        ledger.keep_law(law_body(TEXTS, CALENDAR), MORNING + days * DAY)
    turned = dict(reversed(TEXTS.items()))
    ledger.keep_law(law_body(turned, CALENDAR), MORNING + 4 * DAY)
    assert kept(ledger) == 1


@pytest.mark.parametrize(("packs", "calendar"), [(stricter(), CALENDAR), (TEXTS, longer())])
def test_a_changed_pack_or_calendar_holds_from_then_on_and_not_before(
    packs: Mapping[str, str], calendar: WorkCalendar, ledger: Ledger
) -> None:
    first, second = read_law(TEXTS, CALENDAR), read_law(packs, calendar)
    assert first != second
    ledger.keep_law(law_body(TEXTS, CALENDAR), MORNING)
    ledger.keep_law(law_body(packs, calendar), MORNING + DAY)
    assert kept(ledger) == 2
    assert ledger.law_at(MORNING - HOUR) is None
    assert ledger.law_at(MORNING) == first
    assert ledger.law_at(MORNING + DAY - HOUR) == first
    assert ledger.law_at(MORNING + DAY) == second
    assert ledger.law_at(MORNING + 900 * DAY) == second


def test_a_law_that_comes_back_into_force_is_kept_again(ledger: Ledger) -> None:
    for days, packs in enumerate((TEXTS, stricter(), TEXTS)):
        ledger.keep_law(law_body(packs, CALENDAR), MORNING + days * DAY)
    assert kept(ledger) == 3
    laws = [ledger.law_at(MORNING + days * DAY) for days in range(3)]
    assert laws[0] == laws[2] == read_law(TEXTS, CALENDAR)
    assert laws[1] == read_law(stricter(), CALENDAR)
