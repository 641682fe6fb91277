"""What mailboxes call things: the columns and labels of letters, by their synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from crawler.dates import full_dates, relative_day

Field = Literal["ref", "title", "received", "accepted", "replied", "answer", "unit", "status"]

# Best word first: where a page has both 答复时间 and 办理时间, the former is the reply.
_WORDS: Mapping[Field, str] = {
    "ref": """
        信件编号 办件编号 受理编号 工单号 工单编号 业务编号 来信编号
        留言编号 信访编号 诉求编号 编号 信件号 流水号 受理号""",
    "title": """
        标题 主题 来信标题 信件标题 诉求标题 留言标题 信件主题 来信主题
        诉求主题 留言主题 咨询标题 问题标题 信件名称 来信名称 诉求名称 咨询主题""",
    "received": """
        来信时间 来信日期 写信时间 写信日期 提交时间 提交日期 留言时间 留言日期
        反映时间 反映日期 发起时间 咨询时间 咨询日期 申请日期 申请时间 诉求时间
        诉求日期 投诉时间 投诉日期 提问时间 提问日期 发信时间 信件日期 信件时间
        收信时间 收信日期 来件时间 来件日期 求助时间 求助日期""",
    "accepted": """
        受理时间 受理日期 审核时间 审核日期 转办时间 转办日期 交办时间 交办日期 接收时间
        登记时间 登记日期""",
    "replied": """
        答复时间 答复日期 回复时间 回复日期 回信时间 回信日期 反馈时间 反馈日期
        办结时间 办结日期 办理时间 办理日期 处理时间 处理日期 over_dtime""",
    "answer": """
        答复内容 回复内容 回信内容 办理结果 处理结果 答复意见 回复意见 办理意见 处理意见
        反馈内容 反馈意见 回复情况 答复情况 回复信息 答复信息 回复结果 答复结果 反馈结果
        反馈情况 处理反馈 办理反馈 部门回复 部门答复 单位回复 单位答复 官方回复 官方答复
        回复详情 答复详情 信件回复 信件答复 来信回复 来信答复 留言回复 留言答复 办理回复
        办理答复 领导回复 市长回复 县长回复 是否回复 是否答复 是否办结 答复 回复 回信""",
    "unit": """
        答复单位 回复单位 答复部门 回复部门 办理单位 办理部门 承办单位 承办部门
        处理单位 处理部门 受理单位 受理部门 转办单位 责任单位 责任部门 回复机构
        答复机构 受理人单位 办理机构 处理机构 承办机构 部门 单位""",
    "status": """
        处理状态 办理状态 受理状态 信件状态 来信状态 办件状态 办结状态 回复状态 答复状态
        处理进度 办理进度 当前进度 处理情况 办理情况 当前状态 状态""",
}
_FIELD_OF: dict[str, Field] = {
    word: field for field, words in _WORDS.items() for word in words.split()
}
_RANK = {word: rank for words in _WORDS.values() for rank, word in enumerate(words.split())}
_NOT_WORDS = re.compile(r"[^\w]")
_LONGEST_LABEL = 16
_BLANK = r"[ \u3000\u00a0]{0,4}"
_LABEL = re.compile(
    "(?<![\\w])("
    + "|".join(_BLANK.join(word) for word in sorted(_FIELD_OF, key=len, reverse=True))
    + r")\s{0,4}[:：]"
)
_NEXT_LABEL = re.compile(r"(?:\s|^|[\]】|])[\w]{2,8}\s{0,2}[:：]|[\]】]")
_LONGEST_VALUE = 80
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\[\[\s{0,9}\w|\{[a-zA-Z]\w{0,20}\.\w{1,30}\}")


def field_of(label: str) -> Field | None:
    """Which field does this head cell or label name? None for anything not known for sure."""
    return _FIELD_OF.get(_plain(label))


def _plain(label: str) -> str:
    return _NOT_WORDS.sub("", label) if len(label) <= _LONGEST_LABEL else ""


def best_fields(pairs: Iterable[tuple[str, str]]) -> dict[Field, str]:
    """The value of each field, from labels and their values.

    Of several labels for one field the better word wins, even when its value is blank: an
    empty 答复时间 is no reply, whatever 办理时间 says. The first of equal labels wins.
    """
    found: dict[Field, tuple[int, str]] = {}
    for label, value in pairs:
        field = field_of(label)
        if field is None:
            continue
        rank = _RANK[_plain(label)]
        if field not in found or rank < found[field][0]:
            found[field] = (rank, value)
    return {field: value for field, (_, value) in found.items()}


def labelled(text: str) -> list[tuple[str, str]]:
    """Labels and values in running text: 来信时间：2026-01-05 答复单位：某局."""
    pairs = []
    for mark in _LABEL.finditer(text):
        field = field_of(mark[1])
        rest = text[mark.end() : mark.end() + _LONGEST_VALUE].strip()
        if field is not None:
            pairs.append((mark[1], _until_next_label(rest, field)))
    return pairs


def _until_next_label(rest: str, field: Field) -> str:
    end = _NEXT_LABEL.search(rest)
    value = rest[: end.start()] if end else rest
    if field in ("unit", "status", "ref"):
        value = value.split()[0] if value.split() else ""
    return value.strip(" \t|｜,，;；")


def is_template(text: str) -> bool:
    """Are these the words of a template that a script has yet to fill: {{title}}, ${row.bt}?"""
    return _TEMPLATE.search(text) is not None


def day_of(text: str | None, today: date) -> date | None:
    """Which day does a field's value say? None for a blank, a dash, or a day without year."""
    if not text or is_template(text):
        return None
    found = full_dates(text)
    return found[0].on if found else relative_day(text, today)


def labelled_from(text: str, start: int) -> int:
    """Where does the next label of a field stand at or after a place? The text's end if nowhere."""
    mark = _LABEL.search(text, start)
    return mark.start() if mark else len(text)
