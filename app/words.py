"""What commands and pages add to the clerk's terms: events, colours, and what comes first."""

from __future__ import annotations

from checks.lifecycle import EventKind
from checks.verdicts import Judgement, Verdict

EVENTS = {
    EventKind.DETECTED: "发现",
    EventKind.REMINDED: "提醒",
    EventKind.RECOVERED: "恢复",
    EventKind.REOPENED: "再次发生",
    EventKind.CLOSED: "销号",
    EventKind.CONFIRMED: "确认",
    EventKind.DISMISSED: "认定误报",
    EventKind.NOTIFIED: "下发通知",
    EventKind.RECTIFYING: "整改期限起算",
    EventKind.LAPSED: "逾期未反馈",
    EventKind.REPORTED: "整改反馈",
    EventKind.RECHECKED: "开始复查",
    EventKind.FAILED: "复查未通过",
    EventKind.URGED: "通报督办",
    EventKind.WAIVED: "豁免",
    EventKind.RESUMED: "豁免期满",
    EventKind.APPEALED: "申诉",
    EventKind.REJECTED: "申诉未采纳",
}
COLOURS = {
    "overdue": "bold red",
    "blank": "red",
    "undated": "red",
    "due_soon": "yellow",
    "unknown": "magenta",
    "exempt": "dim",
    "found": "red",
    "failed": "bold red",
}
WORST_FIRST = [
    Verdict.OVERDUE,
    Verdict.BLANK,
    Verdict.UNDATED,
    Verdict.DUE_SOON,
    Verdict.UNKNOWN,
    Verdict.EXEMPT,
    Verdict.OK,
]


def severity(row: Judgement) -> tuple[int, int]:
    """What is worse sorts first: by verdict, then by days over, then by days left."""
    return WORST_FIRST.index(row.verdict), -(row.days_over or 0) or (row.days_left or 0)


def days_words(row: Judgement) -> str:
    """How far over or ahead, for a person; empty where nothing is counted."""
    if row.days_left is not None:
        return f"剩{row.days_left}天"
    return f"超{row.days_over}天" if row.days_over else ""
