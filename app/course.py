"""The whole course of one finding (问题经过): what, by which clause, who did what and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from app.day import Day
from app.show import visible
from app.views import findings_sheet
from app.words import EVENTS
from checks.course import Course
from checks.freshness import SHANGHAI
from checks.lifecycle import Event, EventKind, Finding
from notify.terms import STATES, kind_word, sure_clause
from storage.tables import NoticeRow

BY_UNIT = (EventKind.REPORTED, EventKind.APPEALED)
UNTIL = {
    EventKind.NOTIFIED: "整改期限",
    EventKind.URGED: "整改期限",
    EventKind.REJECTED: "整改期限顺延至",
    EventKind.WAIVED: "豁免至",
    EventKind.DISMISSED: "认定有效至",
}


def course_lines(day: Day, finding: Finding, notices: Sequence[NoticeRow]) -> Iterator[str]:
    """The finding in Chinese, for a clerk: how it stands, and every event with its evidence."""
    key = finding.key
    yield f"问题 {finding.id}：{named(day, finding)}（{key.subject}），{_headline(day, finding)}"
    yield from (f"{label}：{words}" for label, words in course_facts(day, finding))
    yield from (f"文书：{row.number}，{row.document}" for row in notices)
    yield "经过："
    for event in finding.events:
        yield from _event(event)


def named(day: Day, finding: Finding) -> str:
    """What is it about? The kind of the subject and its name, of a letter its number."""
    key, subject = finding.key, day.subjects.get(finding.key.subject)
    what = "来信" if key.letter else kind_word(key.subject, subject)
    name = f"{subject.name if subject else key.subject} {key.letter}".strip()
    return f"{what}“{visible(name)}”"


def course_facts(day: Day, finding: Finding) -> Iterator[tuple[str, str]]:
    """What is known of it, and how it stands: label and words."""
    key, course = finding.key, finding.course
    rule = day.law.row(key.pack, key.rule, day.bench.moment.as_of)
    subject = day.subjects.get(key.subject)
    yield "责任单位", day.unit_names.get(finding.unit or "", finding.unit or "（运维）")
    if subject is not None and subject.url:
        yield "页面", subject.url
    yield "指标", f"{key.pack}/{key.rule}（版本 {finding.rule_version}）"
    yield "依据", sure_clause(rule) if rule else "该指标已不在采用的指标集内"
    yield "工作日历", finding.calendar_version
    yield "证据", finding.evidence or "无"
    yield "状态", f"{STATES[course.state]}{'，申诉待答复' if course.appealed else ''}"
    if course.waived_until is not None:
        yield "豁免至", f"{course.waived_until}（含当日）"
    if course.due is not None and course.state.is_open:
        yield "整改期限", f"{course.due}（含当日），{left_words(day, course)}"


def course_json(day: Day, finding: Finding, notices: Sequence[NoticeRow]) -> dict[str, Any]:
    """The same as one document: the finding as `findings` shows it, its course, its notices."""
    course = finding.course
    rule = day.law.row(finding.key.pack, finding.key.rule, day.bench.moment.as_of)
    (row,) = findings_sheet(day, [finding]).document["findings"]
    told = {each.name: getattr(course, each.name) for each in fields(Course)}
    left = _days_left(day, course)
    return {
        "as_of": day.bench.moment.as_of,
        "finding": row,
        "headline": _headline(day, finding),
        "clause": rule.clause if rule else None,
        "verified": rule.verified if rule else None,
        "rule_version": finding.rule_version,
        "calendar_version": finding.calendar_version,
        "course": told,
        "working_days_left": left,
        "notices": [
            {"kind": n.kind, "number": n.number, "at": n.at, "due": n.due, "document": n.document}
            for n in notices
        ],
    }


def _headline(day: Day, finding: Finding) -> str:
    key = finding.key
    rule = day.law.row(key.pack, key.rule, day.bench.moment.as_of)
    return rule.headline if rule else f"{key.pack}/{key.rule}"


def left_words(day: Day, course: Course) -> str:
    """How far is the deadline of rectification ahead, or past? Empty where none runs."""
    if course.due is None or not course.state.is_open:
        return ""
    calendar, as_of = day.law.calendar, day.bench.moment.as_of
    if course.reported_on is not None:
        told = f"已于{course.reported_on}反馈"
    elif course.appealed:
        told = f"因申诉自{course.appealed_on}起停止计算"
    elif course.due < as_of:
        over = calendar.working_days_between(course.due, as_of).count
        told = f"已过{(as_of - course.due).days}天（{over}个工作日）"
    else:
        told = f"还剩{_days_left(day, course)}个工作日"
    known = "" if calendar.covers(course.due) else "；该年放假安排未公布，为暂定"
    return f"{told}{known}"


def _days_left(day: Day, course: Course) -> int | None:
    """Working days up to the deadline, its own day included; None: there is none, or it passed."""
    due: date | None = course.due
    if due is None or not course.state.is_open or due < day.bench.moment.as_of:
        return None
    return day.law.calendar.working_days_between(day.bench.moment.as_of, due).count


def side_of(event: Event) -> str:
    """Who speaks: the unit, the office, or the system?"""
    return "单位" if event.kind in BY_UNIT else "办公室" if event.kind.by_person else "系统"


def _event(event: Event) -> Iterator[str]:
    at = event.at.astimezone(SHANGHAI)
    side = side_of(event)
    who = "" if side == "系统" else f"，{visible(event.by)}"
    yield f"　　{at:%Y-%m-%d %H:%M} {EVENTS[event.kind]}（{side}{who}）：{visible(event.note)}"
    if event.until is not None:
        yield f"　　　　{UNTIL[event.kind]}：{event.until}（含当日）"
    if event.evidence is not None:
        yield f"　　　　证据：{visible(event.evidence)}"
