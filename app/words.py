"""What verdicts, states and kinds are called in Chinese, and which of them come first."""

from __future__ import annotations

from checks.facts import LetterVerdict, SubjectKind, Verdict
from checks.lifecycle import EventKind, State

VERDICTS = {
    Verdict.OK: "正常",
    Verdict.DUE_SOON: "临期",
    Verdict.OVERDUE: "超期",
    Verdict.BLANK: "空白",
    Verdict.UNDATED: "未标日期",
    Verdict.EXEMPT: "豁免",
    Verdict.UNKNOWN: "未知",
}
LETTER_VERDICTS = {
    LetterVerdict.ANSWERED_IN_TIME: "按期答复",
    LetterVerdict.ANSWERED_LATE: "逾期答复",
    LetterVerdict.WAITING: "待答复",
    LetterVerdict.OVERDUE: "逾期未答复",
    LetterVerdict.PROVISIONAL: "期限暂定",
}
STATES = {
    State.FOUND: "已发现，待核实",
    State.RECHECK: "待复查",
    State.FAILED: "复查未通过",
    State.CLOSED: "已销号",
}
EVENTS = {
    EventKind.DETECTED: "发现",
    EventKind.REMINDED: "提醒",
    EventKind.RECOVERED: "恢复",
    EventKind.REOPENED: "再次发生",
    EventKind.CLOSED: "销号",
}
CLASSES = {
    "news": "动态新闻",
    "notice": "通知公告",
    "policy_doc": "政策文件",
    "interpretation": "政策解读",
    "catalog": "公开目录",
    "overview": "概况",
    "leader": "领导信息",
    "institution": "机构职能",
    "plan": "规划计划",
    "personnel": "人事信息",
    "statistics": "统计信息",
    "interview": "在线访谈",
    "survey": "征集调查",
    "special": "专题",
    "service": "办事服务",
    "other": "其他",
}
KINDS = {
    SubjectKind.SITE: "网站",
    SubjectKind.COLUMN: "栏目",
    SubjectKind.MAILBOX: "信箱",
    SubjectKind.ACCOUNT: "新媒体",
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
