"""What waits for somebody's step, and which steps those are. Pure: findings and a day in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

from app.course import left_words
from app.day import Day
from app.views import findings_sheet
from app.web.rights import Action, Role, may
from checks.course import Course, State
from checks.handling import WORDS, refusal
from checks.handling import Action as Step
from checks.lifecycle import Finding
from checks.rules import OPERATOR_PACK
from notify.terms import sure_clause

LETTER = "letter"
OPEN, ALL = "", "all"
ENDING = (Step.CLOSE, Step.WAIVE)
# What cannot be undone, or goes out of the house: its page says first what will happen.
WEIGHTY = (Step.DISMISS, Step.NOTICE, Step.URGE, Step.CLOSE, Step.WAIVE)
PAPERS = (Step.NOTICE, Step.URGE)
BY_UNIT = (Step.REPORT_BACK, Step.APPEAL)
GONE_BY = "该指标已不在采用的指标集内"
_OPTION = re.compile(r"（--[a-z-]+）")
_COMMAND = re.compile(r"findings ([a-z-]+)(?: --([a-z]+))?")
_BY_OPTION = {"reject": Step.REJECT, "failed": Step.FAIL}
_NEXT = {
    State.FOUND: "核实（确认，或认定误报）",
    State.CONFIRMED: "下发整改通知",
    State.NOTIFIED: "责任单位整改并反馈",
    State.RECTIFYING: "责任单位整改并反馈",
    State.URGED: "责任单位整改并反馈",
    State.REPORTED: "复查",
    State.RECHECK: "复查（销号，或认定未通过）",
    State.FAILED: "通报督办，或再次反馈",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings the reader wants to see; empty: any. These are the fields of the address.

    `show` empty: those that want a step; "all": the closed ones and the operator's as well.
    """

    unit: str = ""
    state: str = ""
    rule: str = ""
    kind: str = ""
    show: str = OPEN

    def holds(self, finding: Finding) -> bool:
        return (
            self.unit in ("", finding.unit)
            and self.rule in ("", rule_of(finding))
            and self.kind in ("", kind_of(finding))
            and self.state in ("", finding.state)
            and (self.show == ALL or wants_step(finding))
        )


def query_of(given: Mapping[str, str]) -> str:
    """The part of an address that chooses findings and a page; nothing else of it is kept."""
    names = (*(each.name for each in fields(Wanted)), "page")
    return urlencode({name: given[name] for name in names if given.get(name)})


def rule_of(finding: Finding) -> str:
    return f"{finding.key.pack}/{finding.key.rule}"


def kind_of(finding: Finding) -> str:
    """What is it about: a kind of subject, or a letter?"""
    return LETTER if finding.key.letter else finding.key.subject.partition(":")[0]


def wants_step(finding: Finding) -> bool:
    """Does it wait for somebody? The operator's own end by themselves."""
    if finding.key.pack == OPERATOR_PACK:
        return False
    return finding.state.is_open or finding.course.appealed


def is_late(course: Course, today: date) -> bool:
    """Has its deadline passed, and nobody reported?"""
    late = course.due is not None and course.due < today
    return late and course.state.is_open and course.reported_on is None and not course.appealed


def rank(finding: Finding, today: date) -> tuple[int, int, int]:
    """What comes first: deadlines that passed, what is due soonest, what has none, what is over."""
    course = finding.course
    if not wants_step(finding):
        return 3, -finding.opened_on.toordinal(), -finding.id
    if course.due is None or not course.state.is_open:
        return 2, finding.opened_on.toordinal(), finding.id
    return 0 if is_late(course, today) else 1, course.due.toordinal(), finding.id


def next_step(finding: Finding, today: date) -> str:
    """Whose step is next, and which? Empty: nobody's."""
    course = finding.course
    if not wants_step(finding):
        return ""
    if course.appealed:
        return "答复申诉"
    if course.state is State.CONFIRMED and finding.over:
        return "下发整改通知，或销号"
    if course.state is State.RECHECK and course.notified_on is None:
        return "复查（销号，或认定误报）"
    if is_late(course, today) and refusal(Step.URGE, finding, today) is None:
        return WORDS[Step.URGE]
    return _NEXT[course.state]


def right_for(step: Step) -> Action:
    return Action.CLOSE if step in ENDING else Action.HANDLE


def steps_of(role: Role) -> tuple[Step, ...]:
    """Which steps may a person of this role take at all?"""
    return tuple(step for step in Step if may(role, right_for(step)))


def steps_now(role: Role, finding: Finding, today: date) -> tuple[Step, ...]:
    """Which steps may a person of this role take with this finding today?"""
    return tuple(step for step in steps_of(role) if refusal(step, finding, today) is None)


def rows_of(day: Day, findings: Sequence[Finding]) -> Iterator[Mapping[str, object]]:
    """The findings as `xunjian findings` tells them, with clause, deadline and next step."""
    today = day.bench.moment.as_of
    for finding, told in zip(findings, findings_sheet(day, findings).rows, strict=True):
        rule = day.law.row(finding.key.pack, finding.key.rule, today)
        yield {
            **told,
            "clause": sure_clause(rule) if rule else GONE_BY,
            "due": finding.course.due if finding.state.is_open else None,
            "left": left_words(day, finding.course),
            "late": is_late(finding.course, today),
            "appealed": finding.course.appealed,
            "next": next_step(finding, today),
        }


def rules_among(day: Day, findings: Iterable[Finding]) -> dict[str, str]:
    """The rules that findings name, with their headlines: what there is to choose from."""
    named = sorted({(each.key.pack, each.key.rule) for each in findings})
    as_of = day.bench.moment.as_of
    rows = {f"{pack}/{rule}": day.law.row(pack, rule, as_of) for pack, rule in named}
    return {name: row.headline if row else name for name, row in rows.items()}


def for_a_page(line: str) -> str:
    """A refusal as the command line says it, in the words of the pages' own buttons."""
    return _COMMAND.sub(_button, _OPTION.sub("", line))


def _button(match: re.Match[str]) -> str:
    step = _BY_OPTION.get(match[2] or "") or Step(match[1])
    return f"“{WORDS[step]}”"
