"""What the commands add to the clerk's terms: events, colours, and what comes first."""

from __future__ import annotations

from checks.facts import Verdict
from checks.lifecycle import EventKind

EVENTS = {
    EventKind.DETECTED: "发现",
    EventKind.REMINDED: "提醒",
    EventKind.RECOVERED: "恢复",
    EventKind.REOPENED: "再次发生",
    EventKind.CLOSED: "销号",
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
