"""Which facts of a run are told, to whom, in which words? Pure: judgements in, lines out.

Nothing here speaks against a unit for a page that was not seen: those lines are made in
`notify.unseen` and go to the operator alone. A finding that no person has confirmed is
named as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checks.blanks import BLANK
from checks.course import course_of
from checks.duty_table import ABOUT, Duty
from checks.judge import Bench
from checks.lifecycle import Event, EventKind, Finding, Key, State
from checks.owed import DutyRow
from checks.rules import OPERATOR_PACK, SEVERITIES, Rule
from checks.subjects import Subject
from checks.verdicts import DutyState, LetterVerdict, Verdict
from notify.due_soon import due_soon_lines, letter_warnings
from notify.nearing import veto_lines
from notify.news import OFFICE, Line, News, Topic, unit_audience
from notify.rectifying import deadline_lines, escalation_lines, step_lines
from notify.settings import UnitAlerts
from notify.terms import kind_word, sure_clause
from notify.unseen import operator_lines
from notify.words import web_link
from storage.ledger import Happening

TAGS = {
    EventKind.DETECTED: "新发现",
    EventKind.REOPENED: "再次出现",
    EventKind.REMINDED: "提醒",
    EventKind.RECOVERED: "已恢复",
    EventKind.LAPSED: "整改逾期",
    EventKind.RESUMED: "豁免期满",
}
FAILED_TAG = "再次出现，复查未通过"
CONTENT_WORDS = {
    Verdict.BLANK: "没有任何内容",
    Verdict.UNDATED: "信息未标注发布日期，无法认定更新情况",
}
UNDATED_REMEDY = "请为各条信息标注发布日期；页面已有日期而系统未能识别的，请告知办公室。"
RECOVERED_REMEDY = "由办公室复查，确认后销号。"
FLAG = "flag"
# A template that lacks one of these lacks several: a unit reads of them in one line.
GROUPS = {"mark": "页脚标识", "tag": "页面标签"}
MOST_FAULTS = 5


def lines(news: News, unit_alerts: UnitAlerts) -> list[Line]:
    """Which facts are there to tell after this run? The worst first; told ones included.

    Findings go to the office, and to their unit as `unit_alerts` allows; early warnings to
    both; how near a veto is to the office; what could not be seen to the operator.
    """
    made = [
        *_finding_lines(news, unit_alerts),
        *step_lines(news),
        *deadline_lines(news),
        *escalation_lines(news),
        *due_soon_lines(news),
        *letter_warnings(news),
        *veto_lines(news),
        *operator_lines(news),
    ]
    return sorted(made, key=lambda line: line.order)


def is_confirmed(finding: Finding, event: Event) -> bool:
    """Has a person ever confirmed this finding? A recovery the crawler saw confirms nothing."""
    return course_of((*finding.events, event)).confirmed_on is not None


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the subject of a finding, or its letter, stands today."""

    verdict: Verdict
    days_over: int | None
    due: date | None
    link: str | None


def _standings(bench: Bench) -> dict[Key, _Standing]:
    found = {
        Key(row.pack, row.rule, row.subject.key): _Standing(
            row.verdict, row.days_over, row.due, row.subject.url
        )
        for row in bench.rows
        if row.pack and row.rule
    }
    for row in bench.letters:
        if row.pack and row.rule:
            key = Key(row.pack, row.rule, row.mailbox.key, row.letter.ref)
            late = row.verdict in (LetterVerdict.OVERDUE, LetterVerdict.ANSWERED_LATE)
            verdict = Verdict.OVERDUE if late else Verdict.OK
            link = web_link(row.letter.url) or row.mailbox.url
            found[key] = _Standing(verdict, None, row.due, link)
    return found


def _finding_lines(news: News, unit_alerts: UnitAlerts) -> list[Line]:
    standings = _standings(news.bench)
    duties = {Key(row.duty.pack, row.duty.id, row.subject.key): row for row in news.bench.duties}
    by_finding: dict[int, list[Happening]] = {}
    for happening in news.happenings:
        finding = happening.finding
        if finding.key.pack == OPERATOR_PACK or finding.state is State.DISMISSED:
            continue  # what is in order again after a false alarm is nobody's news
        if happening.event.kind in TAGS:
            by_finding.setdefault(happening.finding.id, []).append(happening)
    return [
        _finding_line(news, steps, standings, duties, unit_alerts) for steps in by_finding.values()
    ]


def _finding_line(
    news: News,
    steps: Sequence[Happening],
    standings: Mapping[Key, _Standing],
    duties: Mapping[Key, DutyRow],
    unit_alerts: UnitAlerts,
) -> Line:
    """One finding, one line, however many events this run wrote for it."""
    last = steps[-1]
    finding, event = last.finding, last.event
    key = finding.key
    rule = news.law.row(key.pack, key.rule, news.as_of)
    subject = news.subjects.get(key.subject)
    standing = standings.get(key)
    confirmed = is_confirmed(finding, event)
    recovered = event.kind is EventKind.RECOVERED
    lapsed = event.kind is EventKind.LAPSED
    topic = Topic.RECOVERED if recovered else _topic(finding, rule, standing)
    at_once = "本次发现后已恢复：" if recovered and len(steps) > 1 else ""
    return Line(
        key=last.key,
        topic=Topic.LAPSED if lapsed else topic,
        audiences=_audiences(finding.unit, rule, confirmed, unit_alerts),
        thing=f"{key.subject}#{key.letter}",
        what="来信" if key.letter else kind_word(key.subject, subject),
        name=_name(subject, key),
        headline=_headline(key, rule, standing, recovered=recovered),
        reason=f"{at_once}{event.note}" + ("" if recovered else _faults(duties.get(key))),
        clause=sure_clause(rule) if rule else "",
        clause_link=web_link(rule.link) if rule else None,
        remedy=_remedy(rule, standing, recovered=recovered),
        link=web_link(standing.link if standing else subject.url if subject else None),
        unit=news.unit_name(finding.unit),
        site=news.site_of(subject),
        severity=SEVERITIES.index(rule.severity) if rule else len(SEVERITIES),
        days_over=None if recovered or lapsed or standing is None else standing.days_over,
        due=finding.course.due if lapsed else standing.due if standing else None,
        tag=_tag(finding, event if recovered else steps[0].event),
        confirmed=confirmed,
        finding=finding.id,
        since=finding.opened_on,
        covers=tuple(step.key for step in steps[:-1]),
        group=GROUPS.get(rule.about, "") if isinstance(rule, Duty) else "",
    )


def _tag(finding: Finding, event: Event) -> str:
    failed = event.kind is EventKind.REOPENED and finding.course.notified_on is not None
    return FAILED_TAG if failed else TAGS[event.kind]


def _faults(row: DutyRow | None) -> str:
    """The things at fault, where the reason gives their number alone."""
    if row is None or row.state is not DutyState.UNMET or ABOUT[row.duty.about].on_pages:
        return ""
    faults = row.answer.faults
    if not faults or any(row.answer.reason in fault for fault in faults):
        return ""
    more = f"；共{len(faults)}处" if len(faults) > MOST_FAULTS else ""
    return f"：{'；'.join(faults[:MOST_FAULTS])}{more}"


def _audiences(
    unit: str | None, rule: Rule | Duty | None, confirmed: bool, unit_alerts: UnitAlerts
) -> frozenset[str]:
    """The office, and the unit as far as it is to be told. A flag asks a person first, always."""
    at_once = unit_alerts == "all" and rule is not None and rule.severity != FLAG
    told = at_once or (unit_alerts != "none" and confirmed)
    return frozenset({OFFICE} | ({unit_audience(unit)} if unit is not None and told else set()))


def _topic(finding: Finding, rule: Rule | Duty | None, standing: _Standing | None) -> Topic:
    if finding.key.letter:
        return Topic.LETTER_LATE if finding.over else Topic.LETTER_OVERDUE
    kind = finding.key.subject.partition(":")[0]
    word = f"{kind}_{standing.verdict}" if standing else ""
    if word in {*Topic}:
        return Topic(word)
    if rule is None or rule.severity == FLAG:
        return Topic.OTHER if rule is None else Topic.TO_CHECK
    if isinstance(rule, Duty):
        return Topic.COLUMN_BLANK if rule.about == BLANK else Topic.DUTY
    return Topic.OTHER


def _name(subject: Subject | None, key: Key) -> str:
    name = subject.name if subject else key.subject
    return f"{name} {key.letter}" if key.letter else name


def _headline(
    key: Key, rule: Rule | Duty | None, standing: _Standing | None, *, recovered: bool
) -> str:
    words = rule.headline if rule else f"{key.pack}/{key.rule}"
    if recovered:
        exempt = standing is not None and standing.verdict is Verdict.EXEMPT
        return f"{'现已豁免' if exempt else '现已恢复'}，待复查（原问题：{words}）"
    return CONTENT_WORDS.get(standing.verdict, words) if standing else words


def _remedy(rule: Rule | Duty | None, standing: _Standing | None, *, recovered: bool) -> str:
    if recovered:
        return RECOVERED_REMEDY
    if standing is not None and standing.verdict is Verdict.UNDATED:
        return UNDATED_REMEDY
    return rule.remedy if rule else ""
