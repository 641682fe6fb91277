"""What is told of the rectification of findings: steps of persons, deadlines that run out.

A unit is told of a step only where it was told of the finding before: a correction is owed to who
heard the accusation, once. Pure: findings in, lines out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checks.calendar import Limit, days_until
from checks.escalation import overdue_days, reached
from checks.lifecycle import EventKind, Finding, State
from checks.rules import OPERATOR_PACK, SEVERITIES
from notify.news import LEADER, OFFICE, Line, News, Topic, unit_audience
from notify.terms import kind_word, sure_clause
from notify.words import web_link

# Of these the unit is told up to which day.
DATED = (EventKind.WAIVED, EventKind.REJECTED)
RUNNING = (State.NOTIFIED, State.RECTIFYING, State.URGED)


@dataclass(frozen=True, slots=True)
class _Told:
    """How a step is told: under which topic, in which words, and what is to be done now."""

    topic: Topic
    words: str
    next: str = ""


STEPS = {
    EventKind.REPORTED: _Told(
        Topic.REPORTED, "责任单位已反馈整改情况", "请安排复查，合格的予以销号。"
    ),
    EventKind.FAILED: _Told(Topic.FAILED, "复查未通过", "请继续整改，并再次反馈。"),
    EventKind.REJECTED: _Told(Topic.SETTLED, "申诉未采纳", "请按期限完成整改并反馈。"),
    EventKind.CLOSED: _Told(Topic.SETTLED, "经复查已销号", "无需再作处理。"),
    EventKind.DISMISSED: _Told(
        Topic.SETTLED, "经核实为误报，予以更正", "此前对该问题的通报不作为认定依据。"
    ),
    EventKind.WAIVED: _Told(Topic.SETTLED, "已予豁免", "豁免期满后问题仍在的，恢复处理。"),
}


def step_lines(news: News) -> Iterator[Line]:
    """What persons did of late: a report to the office, anything else to the finding's unit."""
    for happening in news.persons:
        finding, event = happening.finding, happening.event
        told, reported = STEPS.get(event.kind), event.kind is EventKind.REPORTED
        if told is None or finding.unit is None or finding.key.pack == OPERATOR_PACK:
            continue
        until = f"（至{event.until}止，含当日）" if event.until and event.kind in DATED else ""
        yield _line(
            news,
            finding,
            key=happening.key,
            audience=OFFICE if reported else unit_audience(finding.unit),
            told=told,
            reason=f"{event.note}{until}",
            to_told=not reported,
        )


def deadline_lines(news: News) -> Iterator[Line]:
    """Which deadlines run out within the span? Told to the unit once; an appeal stops the clock."""
    if (warn := news.warn) is None:
        return
    for finding in news.standing:
        course = finding.course
        waits = course.state in RUNNING and not course.appealed and course.reported_on is None
        if course.due is None or finding.unit is None or not waits or course.due < news.as_of:
            continue
        left = days_until(course.due, news.as_of, warn.unit, news.law.calendar)
        if left <= warn.n:
            told = _Told(Topic.RECTIFY_SOON, _left(left, warn), "请按期完成整改并反馈。")
            yield _line(
                news,
                finding,
                key=f"rectify_due:{finding.id}:{course.due}",
                audience=unit_audience(finding.unit),
                told=told,
                reason=f"整改期限为{course.due}（含当日），尚未收到整改反馈",
                to_told=False,
            )


def escalation_lines(news: News) -> Iterator[Line]:
    """Who hears of demands that nobody answers, by their age? Each step once a demand."""
    for finding in news.standing if news.rungs else ():
        days = overdue_days(finding, news.as_of, news.law.calendar)
        if days is None or finding.unit is None or finding.key.pack == OPERATOR_PACK:
            continue
        to_unit = unit_audience(finding.unit)
        audiences = {"unit": to_unit, "office": OFFICE, "leader": LEADER}
        for rung in reached(news.rungs, days):
            due = finding.course.due
            told = _Told(Topic.LAPSED, "整改逾期未反馈", "请督促责任单位整改并反馈。")
            yield _line(
                news,
                finding,
                key=f"escalated:{finding.id}:{due}:{rung.to}:{rung.after}",
                audience=audiences[rung.to],
                told=told,
                reason=f"整改期限{due}（含当日）已过{days}个工作日，未收到整改反馈",
                to_told=rung.to == "unit",
            )


def _left(left: int, warn: Limit) -> str:
    unit = "个工作日" if warn.unit == "working day" else "天"
    return f"临近整改期限，还剩{left}{unit}" if left else "临近整改期限，期限将满"


def _line(
    news: News,
    finding: Finding,
    *,
    key: str,
    audience: str,
    told: _Told,
    reason: str,
    to_told: bool,
) -> Line:
    fault = finding.key
    rule = news.law.row(fault.pack, fault.rule, news.as_of)
    subject = news.subjects.get(fault.subject)
    name = subject.name if subject else fault.subject
    problem = rule.headline if rule else f"{fault.pack}/{fault.rule}"
    return Line(
        key=key,
        topic=told.topic,
        audiences=frozenset({audience}),
        thing=f"{fault.subject}#{fault.letter}",
        what="来信" if fault.letter else kind_word(fault.subject, subject),
        name=f"{name} {fault.letter}" if fault.letter else name,
        headline=f"{told.words}（原问题：{problem}）",
        reason=reason,
        clause=sure_clause(rule) if rule else "",
        clause_link=web_link(rule.link) if rule else None,
        remedy=told.next,
        link=web_link(subject.url) if subject else None,
        unit=news.unit_name(finding.unit),
        site=news.site_of(subject),
        severity=SEVERITIES.index(rule.severity) if rule else len(SEVERITIES),
        due=finding.course.due,
        finding=finding.id,
        since=finding.opened_on,
        to_told=to_told,
    )
