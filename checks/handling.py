"""What may a person do to a finding, and when? (DOMAIN: 发现 → 待核实 → … → 销号)

A refusal is a Chinese sentence for the clerk: what is wrong, and what to do instead.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from checks.course import Course, State
from checks.lifecycle import Finding
from checks.rules import OPERATOR_PACK


class Action(StrEnum):
    """The steps that persons take, by their command's name."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    NOTICE = "notice"
    REPORT_BACK = "report-back"
    RECHECK = "recheck"
    FAIL = "fail"
    URGE = "urge"
    CLOSE = "close"
    WAIVE = "waive"
    APPEAL = "appeal"
    REJECT = "reject"


WORDS = {
    Action.CONFIRM: "确认",
    Action.DISMISS: "认定误报",
    Action.NOTICE: "下发整改通知",
    Action.REPORT_BACK: "登记整改反馈",
    Action.RECHECK: "转入复查",
    Action.FAIL: "认定复查未通过",
    Action.URGE: "通报督办",
    Action.CLOSE: "销号",
    Action.WAIVE: "豁免",
    Action.APPEAL: "登记申诉",
    Action.REJECT: "答复申诉",
}
STATE_WORDS = {
    State.FOUND: "系统发现，待核实",
    State.CONFIRMED: "已确认",
    State.NOTIFIED: "已下发",
    State.RECTIFYING: "整改中",
    State.REPORTED: "已反馈",
    State.RECHECK: "待复查",
    State.FAILED: "复查未通过",
    State.URGED: "通报督办",
    State.CLOSED: "已销号",
    State.DISMISSED: "误报",
    State.WAIVED: "豁免",
}
_DEMANDED = frozenset({State.NOTIFIED, State.RECTIFYING, State.FAILED, State.URGED})
_OPEN = frozenset(state for state in State if state.is_open)
# From which states a step may be taken, and what is said where it may not.
_FROM: dict[Action, tuple[frozenset[State], str]] = {
    Action.CONFIRM: (frozenset({State.FOUND, State.RECHECK}), "不能确认"),
    Action.DISMISS: (_OPEN, "不能认定误报；对已销号的问题，须先登记申诉"),
    Action.NOTICE: (frozenset({State.CONFIRMED}), "须先确认且未曾下发，方可下发整改通知"),
    Action.REPORT_BACK: (_DEMANDED | {State.REPORTED, State.RECHECK}, "不能登记反馈"),
    Action.RECHECK: (_DEMANDED | {State.REPORTED}, "不能转入复查"),
    Action.FAIL: (frozenset({State.REPORTED, State.RECHECK}), "须先转入复查"),
    Action.URGE: (frozenset({State.FAILED}), "复查未通过，或整改期限已过，方可通报督办"),
    Action.CLOSE: (frozenset({State.RECHECK}), "须经复查方可销号，请先用 findings recheck"),
    Action.WAIVE: (_OPEN | {State.WAIVED}, "不能豁免"),
    Action.APPEAL: (_OPEN | {State.CLOSED}, "没有可申诉的认定"),
    Action.REJECT: (frozenset(State), ""),
}
_AFTER_NOTICE = frozenset({Action.REPORT_BACK, Action.RECHECK, Action.FAIL, Action.URGE})
# What an open appeal leaves possible: to answer it, and what only adds to what is known.
_DURING_APPEAL = frozenset({Action.DISMISS, Action.REJECT, Action.REPORT_BACK})


def refusal(action: Action, finding: Finding, today: date) -> str | None:
    """Why may this step not be taken now? None: it may."""
    if finding.key.pack == OPERATOR_PACK:
        return "是运维事项，不计入单位，由系统自动销号"
    course = finding.course
    if course.appealed and action not in _DURING_APPEAL:
        return "申诉尚未答复，请先用 findings appeal --reject 或 findings dismiss 答复"
    why = _why_not(action, finding, course, today)
    return None if why is None else f"现为“{STATE_WORDS[course.state]}”，{why}"


def _why_not(action: Action, finding: Finding, course: Course, today: date) -> str | None:
    states, words = _FROM[action]
    if action is Action.REJECT and not course.appealed:
        return "没有待答复的申诉"
    if action is Action.CONFIRM and course.confirmed_on is not None:
        return f"已于{course.confirmed_on}确认"
    if action in _AFTER_NOTICE and course.notified_on is None:
        return f"尚未下发整改通知，不能{WORDS[action]}"
    if course.state in states or _may_besides(action, finding, course, today):
        return None
    return words


def _may_besides(action: Action, finding: Finding, course: Course, today: date) -> bool:
    """What the state alone does not allow and the case does."""
    if action is Action.URGE:
        running = course.state in (State.NOTIFIED, State.RECTIFYING, State.URGED)
        return running and course.due is not None and course.due < today
    if action is Action.CLOSE:
        # Of what had ended when it was found there is nothing left to see again.
        return finding.over and course.state in (State.CONFIRMED, State.REPORTED)
    return action is Action.DISMISS and course.appealed
