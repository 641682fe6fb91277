"""Veto watch: how near is each site to a veto of 国办秘函〔2019〕19号?

Only what was seen and judged is counted. Where nothing was measured there is no number.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checks.calendar import Limit, months_before
from checks.facts import Judgement, LetterJudgement, LetterVerdict, SubjectKind, Verdict
from notify.terms import NO_DATA
from notify.weekly.desk import Desk
from notify.weekly.letters import received_on
from notify.weekly.model import VetoLine

WATCHED: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_name("veto.toml").read_text(encoding="utf-8")
)
STALE_ROW, BLANK_ROW = WATCHED["columns_stale"], WATCHED["columns_blank"]
LETTER_ROW, ACCOUNT_ROW = WATCHED["letters_unanswered"], WATCHED["accounts_stale"]
SIX_MONTH_CLASSES = tuple(STALE_ROW["six_month_classes"])
SIX_MONTHS, NEWS = Limit.parse(STALE_ROW["six_months"]), Limit.parse(STALE_ROW["news"])
LETTER_AGE, LETTER_SPAN = Limit.parse(LETTER_ROW["older_than"]), Limit.parse(LETTER_ROW["within"])
ZOMBIE = Limit.parse(WATCHED["accounts_zombie"]["older_than"])
STALE = "栏目不更新：动态、要闻类2周和通知公告、政策文件类6个月未更新的栏目合计"
BLANK = "栏目不更新：空白栏目"
LETTER = "互动回应差：一年内来信超过3个月未答复"
ACCOUNT = "政务新媒体内容不更新：2周内无更新的账号"
NOT_MEASURED = (
    "安全、泄密事故等严重问题",
    "站点无法访问：一周内15秒打不开的次数占比（限值5%）",
    "首页不更新：首页2周无新信息",
    "栏目不更新：应更新但长期未更新的栏目（限值10个）",
    "互动回应差：未提供有效的互动渠道",
    "服务不实用",
    "政务新媒体：安全、泄密事故等严重问题",
    "政务新媒体：互动回应差",
)


def veto_lines(desk: Desk, letters: Sequence[LetterJudgement]) -> tuple[VetoLine, ...]:
    """What counts towards a veto, site by site, then what no check measures yet."""
    lines: list[VetoLine] = []
    for site, name in desk.sites.items():
        columns = [row for row in desk.of(SubjectKind.COLUMN) if row.subject.site == site]
        boxes = [row for row in desk.of(SubjectKind.MAILBOX) if row.subject.site == site]
        lines += _stale(name, desk, [row for row in columns if _is_stale_kind(row)])
        lines += _line(name, BLANK, BLANK_ROW["limit"], columns, _count(columns, Verdict.BLANK))
        old = _old_letters(desk, [row for row in letters if row.mailbox.site == site])
        lines += _line(name, LETTER, LETTER_ROW["limit"], [row for row in boxes if row.rule], old)
    accounts = [row for row in desk.of(SubjectKind.ACCOUNT) if row.rule]
    late = sum(_is_stale(desk, row) for row in accounts)
    lines += _line("新媒体账号", ACCOUNT, ACCOUNT_ROW["limit"], accounts, late)
    return (*lines, *(VetoLine("全部", words, None, None, NO_DATA) for words in NOT_MEASURED))


def _is_stale_kind(row: Judgement) -> bool:
    subject = row.subject
    six_months = subject.column_class in SIX_MONTH_CLASSES and subject.level == 1
    return row.rule is not None and (subject.column_class == "news" or six_months)


def _stale(name: str, desk: Desk, rows: Sequence[Judgement]) -> list[VetoLine]:
    missing = (
        ""
        if any(r.subject.column_class in SIX_MONTH_CLASSES for r in rows)
        else ("通知公告、政策文件类未设时限，未计入")
    )
    count = sum(_is_stale(desk, row) for row in rows)
    return _line(name, STALE, STALE_ROW["limit"], rows, count, missing)


def _is_stale(desk: Desk, row: Judgement) -> bool:
    """Late by the national span, whatever the local one; undated counts as not updated."""
    if row.verdict is Verdict.UNDATED:
        return True
    if row.verdict is not Verdict.OVERDUE or row.newest is None:
        return False
    if row.subject.column_class in SIX_MONTH_CLASSES:
        return row.newest < months_before(desk.as_of, SIX_MONTHS.n)
    return (desk.as_of - row.newest).days > NEWS.n


def _old_letters(desk: Desk, letters: Sequence[LetterJudgement]) -> int:
    first = months_before(desk.as_of, LETTER_SPAN.n)
    last = months_before(desk.as_of, LETTER_AGE.n)
    received = [received_on(desk, r) for r in letters if r.verdict is LetterVerdict.OVERDUE]
    return sum(day is not None and first <= day < last for day in received)


def _count(rows: Sequence[Judgement], verdict: Verdict) -> int:
    return sum(row.verdict is verdict for row in rows)


def _line(
    place: str,
    indicator: str,
    limit: int,
    rows: Sequence[Judgement],
    count: int,
    remark: str = "",
) -> list[VetoLine]:
    """One line where the site has such subjects; without a number when none could be judged."""
    if not rows:
        return []
    unknown = _count(rows, Verdict.UNKNOWN)
    judged = len(rows) - unknown - _count(rows, Verdict.EXEMPT)
    remarks = [remark] if remark else []
    if unknown:
        remarks.append(f"另有{unknown}个未判定，未计入")
    if not judged:
        return [VetoLine(place, indicator, None, limit, "均未判定")]
    if count >= limit:
        remarks.insert(0, "已达限值，待核实")
    return [VetoLine(place, indicator, count, limit, "；".join(remarks) or "未达限值")]
