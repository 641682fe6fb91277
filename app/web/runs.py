"""How the service fares: each task's last runs and next, each crawl and what it met. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.alone import TITLES, Holder
from app.service.plan import trigger_of
from checks.facts import Outcome
from checks.freshness import METHOD_WORDS, OUTCOME_WORDS
from checks.subjects import Subject
from notify.terms import kind_word
from storage.ledger import Lease, Missed, RunSeen, TaskRun


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task. `line`: its cron line, empty: it does not run by itself. `next`: when it is due."""

    name: str
    title: str
    line: str
    last: TaskRun | None
    good: datetime | None
    next: datetime | None


def next_run(line: str, present: datetime) -> datetime | None:
    """When does a task run next by its cron line, if the service runs?"""
    if not line:
        return None
    due: datetime | None = trigger_of(line).get_next_fire_time(None, present)
    return due


def took(started: datetime, finished: datetime | None) -> str:
    """How long did it take? Empty for what has not ended."""
    if finished is None:
        return ""
    seconds = max(0, round((finished - started).total_seconds()))
    if seconds < 60:
        return f"{seconds}秒"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}小时{minutes}分" if hours else f"{minutes}分{seconds % 60}秒"


def task_word(run: TaskRun, *, held: bool) -> str:
    """How did a run of a task end? `held`: the service that may still be at it lives."""
    if run.finished_at is None:
        return "进行中" if held else "中断"
    return {True: "成功", False: "失败", None: "中止"}[run.ok]


def run_row(run: RunSeen) -> dict[str, object]:
    """One crawl as the page shows it. What has not ended was not counted."""
    ended = run.finished_at is not None
    return {
        "id": run.id,
        "started_at": run.started_at,
        "method": METHOD_WORDS[run.method],
        "took": took(run.started_at, run.finished_at) or "未结束",
        "planned": run.planned,
        "seen": run.seen if ended else "",
        "unseen": run.unseen if ended else "",
        "missing": max(0, run.planned - run.seen - run.unseen) if ended else "",
    }


def outcome_rows(outcomes: Mapping[Outcome, int]) -> list[dict[str, object]]:
    """What the visits of a run met: what was not seen first, the most frequent first."""
    ranked = sorted(outcomes.items(), key=lambda pair: (pair[0].seen, -pair[1], pair[0]))
    return [
        {"word": OUTCOME_WORDS[outcome], "count": count, "seen": "是" if outcome.seen else "否"}
        for outcome, count in ranked
    ]


def missed_rows(
    missed: Iterable[Missed], subjects: Mapping[str, Subject], units: Mapping[str, str]
) -> list[dict[str, object]]:
    """What a run did not see, with the names it has now; what is no longer registered by key."""
    rows: list[dict[str, object]] = []
    for each in missed:
        subject = subjects.get(each.subject)
        rows.append(
            {
                "key": each.subject,
                "known": subject is not None,
                "name": subject.name if subject is not None else each.subject,
                "kind": kind_word(each.subject, subject),
                "unit": units.get(subject.unit, subject.unit) if subject is not None else "",
                "word": OUTCOME_WORDS[each.outcome],
                "note": each.note or "",
                "at": each.observed_at,
            }
        )
    return rows


def lease_rows(leases: Iterable[Lease], present: datetime) -> list[dict[str, object]]:
    """What is being done alone just now, by which process, and whether it is still heard of."""
    rows: list[dict[str, object]] = []
    for lease in leases:
        holder = Holder.read(lease.owner)
        ran_out = lease.until <= present or (holder is not None and holder.is_gone)
        rows.append(
            {
                "title": TITLES.get(lease.name, lease.name),
                "holder": f"{holder.place.partition(':')[0]}，进程 {holder.pid}" if holder else "",
                "taken_at": lease.taken_at,
                "until": lease.until,
                "state": "已失效" if ran_out else "占用中",
            }
        )
    return rows


def span_words(span: timedelta) -> str:
    """How long ago, in the largest unit that says it."""
    hours = int(span.total_seconds() // 3600)
    if hours >= 48:
        return f"{hours // 24}天"
    return f"{hours}小时" if hours else f"{max(0, int(span.total_seconds() // 60))}分钟"
