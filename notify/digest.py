"""One recipient's lines as one mail: subject, text and HTML that agree in every count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from notify.news import TOPICS, Line, Topic
from notify.words import chinese_day, clean, shorten

SIGN = "【巡检】"
UNCONFIRMED = "系统发现，待核实"
NAME_MOST = 20
# What a list of mails shows of a subject, in characters.
SUBJECT_MOST = 60
NUMERALS = (
    "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十"
    " 二十一 二十二 二十三 二十四 二十五 二十六 二十七 二十八 二十九 三十"
).split()
PHRASES = {
    Topic.SITE_DOWN: "{n}个网站无法打开",
    Topic.OWN_NETWORK: "巡检所在网络中断",
    Topic.SITE_UNSEEN: "{n}个网站全部未能查看",
    Topic.LAPSED: "{n}项整改逾期",
    Topic.FAILED: "{n}项复查未通过",
    Topic.SITE_OVERDUE: "{n}个网站首页未更新",
    Topic.COLUMN_OVERDUE: "{n}个栏目超期",
    Topic.ACCOUNT_OVERDUE: "{n}个账号超期",
    Topic.LETTER_OVERDUE: "{n}封来信逾期未答复",
    Topic.LETTER_LATE: "{n}封来信逾期答复",
    Topic.MAILBOX_OVERDUE: "{n}个信箱公开列表未更新",
    Topic.VETO: "{n}项单项否决提示",
    Topic.COLUMN_BLANK: "{n}个栏目空白",
    Topic.ACCOUNT_BLANK: "{n}个账号无内容",
    Topic.COLUMN_UNDATED: "{n}个栏目未标注日期",
    Topic.ACCOUNT_UNDATED: "{n}个账号未标注日期",
    Topic.DUTY: "{n}个对象不符合规范要求",
    Topic.OTHER: "{n}项其他问题",
    Topic.TO_CHECK: "{n}个对象请人工核实",
    Topic.LONG_UNSEEN: "{n}个对象长期未能查看",
    Topic.RECTIFY_SOON: "{n}项临近整改期限",
    Topic.DUE_SOON: "{n}项临期",
    Topic.REPORTED: "{n}项整改反馈待复查",
    Topic.SITE_BACK: "{n}个网站恢复访问",
    Topic.RECOVERED: "{n}项恢复",
    Topic.SETTLED: "{n}项问题处理结果",
    Topic.UNSEEN: "{n}个对象未能查看",
    Topic.DOUBT: "{n}个对象日期不明",
    Topic.VISIBLE_AGAIN: "{n}个对象恢复查看",
}
OPERATORS = (Topic.SITE_UNSEEN, Topic.UNSEEN, Topic.DOUBT, Topic.LONG_UNSEEN)
NO_FAULT = (Topic.VISIBLE_AGAIN, Topic.SITE_DOWN, Topic.SITE_BACK, Topic.OWN_NETWORK)


@dataclass(frozen=True, slots=True)
class Section:
    """All lines of one topic. `phrase` carries their count, in the subject and in the body;
    `title` also names the worst.
    """

    phrase: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What one mail says."""

    subject: str
    text: str
    html: str


def sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Which topics does this mail have? The worst first, each with every one of its lines."""
    grouped = ((topic, tuple(row for row in lines if row.topic is topic)) for topic in TOPICS)
    return tuple(_section(topic, rows) for topic, rows in grouped if rows)


def compose_digest(lines: Sequence[Line], as_of: date) -> Content:
    """One mail with these lines, none left out. `lines` come sorted, the worst first."""
    parts = sections(lines)
    summary = "；".join(part.title for part in parts)
    topics = {line.topic for line in lines}
    facts: dict[str, Any] = {
        "summary": summary,
        "day": chinese_day(as_of),
        "sections": list(zip(NUMERALS[: len(parts)], parts, strict=True)),
        "unconfirmed_words": UNCONFIRMED,
        "unconfirmed": any(not line.confirmed for line in lines),
        "unseen": any(topic in OPERATORS for topic in topics),
        "units": any(topic not in (*OPERATORS, *NO_FAULT) for topic in topics),
    }
    return Content(
        subject=_subject(parts),
        text=PAGES.get_template("alert.txt").render(facts),
        html=PAGES.get_template("alert.html").render(facts),
    )


def _subject(parts: Sequence[Section]) -> str:
    """The whole summary if it is short; else the counts alone, and of many the first ones."""
    whole = f"{SIGN}{'；'.join(part.title for part in parts)}"
    if len(whole) <= SUBJECT_MOST:
        return whole
    phrases = [part.phrase for part in parts]
    for shown in range(len(phrases), 0, -1):
        left = len(phrases) - shown
        more = [f"另有{left}类情况"] if left else []
        subject = f"{SIGN}{'；'.join([*phrases[:shown], *more])}"
        if len(subject) <= SUBJECT_MOST:
            break
    return subject


def _section(topic: Topic, lines: tuple[Line, ...]) -> Section:
    things = len({line.thing for line in lines})
    more = f"共{len(lines)}条" if len(lines) != things else ""
    detail = "，".join(words for words in (more, _worst(topic, lines)) if words)
    phrase = PHRASES[topic].format(n=things)
    return Section(phrase, phrase + (f"（{detail}）" if detail else ""), lines)


def _worst(topic: Topic, lines: Sequence[Line]) -> str:
    """Which one is the worst, in a few words? Empty where no measure applies."""
    several = len({line.thing for line in lines}) > 1
    if topic is Topic.SITE_UNSEEN:
        return shorten(lines[0].name, NAME_MOST) + ("等" if several else "")
    if topic is Topic.LETTER_OVERDUE:
        due = min((line.due for line in lines if line.due), default=None)
        return f"{'最早' if several else ''}期限{due}" if due else ""
    worst = max(lines, key=lambda line: line.days_over or 0)
    if not worst.days_over:
        return ""
    words = f"{'最久' if several else ''}超期{worst.days_over}天"
    return f"{words}：{shorten(worst.name, NAME_MOST)}"


def _finalize(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


# Every word a template prints passes through `clean`; `alert.html` escapes it afterwards.
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    finalize=_finalize,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
