"""What is owed after a stop: one run, however many were missed, and nothing from before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.service.plan import Standing, due_since, is_owed, trigger_of
from app.settings import ScheduleSection, ServiceSection, Settings
from app.workers.section import WorkersSection
from checks.freshness import SHANGHAI

LINES = ScheduleSection()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("line", "since", "present", "due"),
    [
        (LINES.cycle, "11-27T07:30", "11-28T07:29", None),
        (LINES.cycle, "11-27T07:30", "11-28T07:30", "11-28T07:30"),
        (LINES.cycle, "11-20T07:31", "11-28T12:00", "11-21T07:30"),
        (LINES.weekly, "11-23T08:30", "11-29T23:59", None),
        (LINES.weekly, "11-23T08:30", "11-30T08:30", "11-30T08:30"),
        (LINES.quarterly, "07-01T09:00", "09-30T23:59", None),
        (LINES.quarterly, "07-01T09:00", "10-08T08:00", "10-01T09:00"),
        (LINES.halfyear, "01-01T09:30", "07-01T09:30", "07-01T09:30"),
        (LINES.deliver, "11-28T12:00", "11-28T12:09", None),
        (LINES.upkeep, "11-28T02:30", "11-29T02:31", "11-29T02:30"),
    ],
)
def test_a_task_is_due_at_its_hour_in_beijing_time(
    line: str, since: str, present: str, due: str | None
) -> None:
    assert due_since(line, at(since), at(present)) == (at(due) if due else None)


def test_what_was_missed_before_the_first_service_is_not_owed() -> None:
    served = at("11-28T10:00")
    assert not is_owed(LINES.weekly, Standing(), served, at("11-29T10:00"))
    assert is_owed(LINES.weekly, Standing(), served, at("11-30T08:30"))


def test_what_succeeded_after_its_hour_is_not_owed_again() -> None:
    served = at("11-01T10:00")
    late = Standing(last_success=at("11-30T11:00"))
    assert not is_owed(LINES.weekly, late, served, at("11-30T11:01"))
    assert not is_owed(LINES.weekly, late, served, at("12-06T23:59"))
    assert is_owed(LINES.weekly, late, served, at("12-07T08:30"))


def test_what_is_to_be_left_alone_is_owed_only_afterwards() -> None:
    served = at("11-01T10:00")
    standing = Standing(at("11-27T07:30"), not_before=at("11-28T08:30"))
    asked = [at("11-28T08:29"), at("11-28T08:30")]
    assert [is_owed(LINES.cycle, standing, served, each) for each in asked] == [False, True]


def test_all_lines_are_on_by_default_and_an_empty_one_is_off() -> None:
    names = ["cycle", "weekly", "probe", "deliver", "quarterly", "halfyear", "upkeep"]
    assert list(LINES.lines) == [*names, "dispatch"]
    assert list(Settings().lines) == names  # nothing is shared out
    shared = Settings(workers=WorkersSection(enabled=True))
    assert list(shared.lines) == [*names, "dispatch"]
    assert "probe" not in ScheduleSection(probe=" ").lines
    for line in LINES.lines.values():
        assert trigger_of(line).timezone.key == "Asia/Shanghai"


@pytest.mark.parametrize("given", ["file:///etc/passwd", "ftp://a.cn", "a.cn"])
def test_a_ping_goes_to_the_web_alone(given: str) -> None:
    with pytest.raises(ValueError, match="http"):
        ServiceSection(ping=given)


def test_midnight_and_the_months_end_are_those_of_beijing() -> None:
    utc = datetime.fromisoformat("2026-09-30T17:00:00+00:00")  # 1 October, 01:00
    assert due_since("30 0 1 * *", utc - timedelta(hours=1), utc) == at("10-01T00:30")
