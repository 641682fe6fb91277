"""Promise 4: doctor warns before the last year whose plan of holidays is known comes to its end."""

from __future__ import annotations

from datetime import date

import pytest

from app.doctor.law import law
from checks.calendar import WorkCalendar, YearPlan
from checks.rules import pack_texts, read_law

CALENDAR = WorkCalendar({2026: YearPlan(2026, frozenset(), frozenset(), "synthetic")})


@pytest.mark.parametrize(
    ("today", "ok", "words"),
    [
        ("2026-10-31", True, "放假安排已知至 2026 年底（"),
        ("2026-11-01", False, "仅剩 60 天：请在 holidays/ 下补充 cn-2027.toml"),
        ("2026-11-02", False, "仅剩 59 天：请在 holidays/ 下补充 cn-2027.toml"),
        ("2026-12-31", False, "仅剩 0 天：请在 holidays/ 下补充 cn-2027.toml"),
        ("2027-01-05", False, "仅剩 0 天：请在 holidays/ 下补充 cn-2027.toml"),
    ],
)
def test_a_calendar_that_ends_within_sixty_days_is_told(today: str, ok: bool, words: str) -> None:
    known = read_law(pack_texts(["haian"]), CALENDAR)
    (check,) = (each for each in law(known, date.fromisoformat(today)) if each.name == "工作日历")
    assert check.ok is ok
    assert words in check.note
