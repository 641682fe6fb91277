"""What the operator must hear of the service itself: silence, failures, a calendar that ends."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from app.home import Home
from app.service.tasks import TASKS
from app.settings import Settings, SettingsError
from checks.calendar import WorkCalendar
from checks.freshness import SHANGHAI, local_day
from notify.news import OPERATOR
from notify.operator import tell_operator
from notify.words import shorten
from storage.ledger import Ledger, TaskRun

log = logging.getLogger("xunjian.serve")
KIND = "service"
SILENT, HEARD = "silent:", "heard:"
CALENDAR_DAYS = (7, 30, 60)
MOST_SHOWN = 200
IN_A_ROW = 2  # a task that failed is tried again by itself; what fails again needs a person
ADVICE = "请运行 xunjian doctor 查看各项检查；服务的日志见 journalctl -u xunjian。"


def watch(home: Home, settings: Settings, ledger: Ledger, since: datetime, at: datetime) -> int:
    """Queue a mail to the operator about what is new to tell; how many? Each fact is told once.

    `since` is when the service first served.
    """
    facts = {**dict(silence(settings, ledger, since, at)), **dict(failures(ledger))}
    try:
        facts |= calendar_ends(home.law(settings).calendar, local_day(at))
    except SettingsError as error:
        log.error("%s", error)
    return tell_operator(ledger, settings.mail, KIND, facts, _wording, at)


def is_silent(settings: Settings, ledger: Ledger, since: datetime, at: datetime) -> bool:
    """Has no cycle succeeded for longer than [service] silent_hours?"""
    last = last_success(ledger) or since
    hours = timedelta(hours=settings.service.silent_hours)
    return bool(settings.schedule.cycle) and at - last > hours


def last_success(ledger: Ledger) -> datetime | None:
    """When did the last cycle that succeeded begin?"""
    run = ledger.last_task("cycle", ok=True)
    return run.started_at if run is not None else None


def silence(
    settings: Settings, ledger: Ledger, since: datetime, at: datetime
) -> Iterator[tuple[str, str]]:
    """Nothing succeeds any more; or, after that was told, something did."""
    good = last_success(ledger)
    if is_silent(settings, ledger, since, at):
        latest = ledger.last_task("cycle")
        why = f"最近一次未成功的原因：{_why(latest)}" if latest and latest.note else "期间没有运行"
        seen = f"最近一次成功为{_moment(good)}" if good else "至今没有成功过"
        key = f"{SILENT}{(good or since).isoformat()}"
        hours = settings.service.silent_hours
        yield key, f"每日巡检已超过{hours}小时没有成功，{seen}；{why}。期间的提醒和判定可能缺失。"
        return
    with ledger.reading() as session:
        told = ledger.told(session, OPERATOR, SILENT)
    if told and good is not None:
        key = HEARD + told[-1].removeprefix(SILENT)
        yield key, f"每日巡检已恢复：{_moment(good)}的一次已成功。"


def failures(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Which tasks failed again when they were tried again?"""
    for name, task in TASKS.items():
        runs = ledger.last_tasks(name, IN_A_ROW)
        if len(runs) == IN_A_ROW and all(run.ok is False for run in runs):
            good = ledger.last_task(name, ok=True)
            key = f"failed:{name}:{good.started_at.isoformat() if good else ''}"
            yield key, f"{task.title}连续{IN_A_ROW}次未能完成，仍在重试：{_why(runs[0])}"


def calendar_ends(calendar: WorkCalendar, today: date) -> Iterator[tuple[str, str]]:
    """Is the last year with an official plan about to end?"""
    left = (date(calendar.last_year, 12, 31) - today).days
    reached = [days for days in CALENDAR_DAYS if left <= days]
    if reached:
        year = calendar.last_year + 1
        yield (
            f"calendar:{calendar.last_year}:{min(reached)}",
            f"放假安排只到{calendar.last_year}年底，还有{max(left, 0)}天：请按国务院办公厅的通知在 "
            f"holidays/ 下补充 cn-{year}.toml，否则跨年的答复期限只能暂定。",
        )


def _why(run: TaskRun) -> str:
    return shorten(run.note or "未说明原因", MOST_SHOWN)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _wording(lines: Sequence[str]) -> tuple[str, Sequence[str]]:
    subject = "每日巡检已恢复" if all("已恢复" in line for line in lines) else "巡检系统需要处理"
    rows = [f"{n}. {line}" for n, line in enumerate(lines, 1)] if len(lines) > 1 else list(lines)
    return subject, [*rows, ADVICE]
