"""Letters, the retest of the quarter before, the check sheet and its signatures, the checks."""

from __future__ import annotations

from checks.subjects import SubjectKind
from notify.documents.parts import Table, heads, shown
from notify.quarterly.lines import ProblemLine
from notify.quarterly.model import QuarterlyFigures
from notify.quarterly.tables.subjects import repeated
from notify.terms import STATES
from notify.words import chinese_day

SIGNERS = ("录入员", "审核负责人", "分管领导")


def letters(figures: QuarterlyFigures) -> Table:
    tally = figures.letters
    undated = f"未标来信日期的来信{tally.undated}封，不计入本表。" if tally.undated else ""
    return Table(
        name="各单位来信办理情况",
        heads=heads(
            ("单位", 40, True),
            ("留言数", 18),
            ("答复数", 18),
            ("答复率", 24),
            ("按期答复率", 28),
            ("平均办理工作日", 28),
        ),
        rows=tuple(
            (x.unit, x.letters, x.answered, x.answer_rate, x.in_time_rate, x.average)
            for x in figures.letter_lines
        ),
        empty="本季度没有见到来信。",
        total=(
            "合计",
            tally.total,
            tally.answered,
            tally.answer_rate,
            tally.in_time_rate,
            tally.average,
        ),
        notes=(
            f"统计时段：{chinese_day(figures.quarter.first)}至{chinese_day(figures.on)}收到的来信；"
            f"统计日期：{chinese_day(figures.on)}。据公开页面{tally.by_page}封，据后台导出"
            f"{tally.by_export}封。{undated}",
            "留言数指收到的有效来信数，答复数指已答复并公开或在后台办结的来信数，答复率＝答复数÷留言数。",
            "按期答复率＝按期答复数÷已能判定期限的来信数，期限暂定、未到期的来信不计；平均办理工作日自收到"
            "次日起计，据已判定的答复计算，没有可计算的记“—”。",
        ),
    )


def of_mailboxes(figures: QuarterlyFigures) -> Table:
    return Table(
        name="信箱问题",
        heads=heads(
            ("编号", 12),
            ("责任单位", 28, True),
            ("信箱", 26, True),
            ("来信编号", 26),
            ("问题", 40, True),
            ("答复期限", 24),
        ),
        rows=tuple(
            (x.id, x.unit, x.name, x.letter or None, repeated(x), x.due)
            for x in figures.problems
            if x.kind is SubjectKind.MAILBOX
        ),
        empty="本季度没有经核实的信箱问题。",
    )


def retested(figures: QuarterlyFigures) -> Table:
    appealed = figures.retest.appealed
    return Table(
        name="上季度问题整改情况",
        heads=heads(
            ("编号", 12),
            ("责任单位", 26, True),
            ("检查对象", 28, True),
            ("问题", 34, True),
            ("整改期限", 22),
            ("复查结果", 18),
            ("连续季度数", 16),
        ),
        rows=tuple(
            (x.id, x.unit, x.name, x.headline, x.due, x.result, x.run) for x in figures.retested
        ),
        empty="上季度没有须复查的问题。",
        notes=(
            "上季度经核实的问题逐项列出；待复查指已恢复或单位已反馈、尚待办公室复查销号，豁免指经批准暂不要求"
            "整改。" + (f"申诉尚未答复的{appealed}项不列名。" if appealed else ""),
            "连续季度数指同一对象的同一指标连续有经核实问题的季度数，来信不计。",
        ),
    )


def sheet(figures: QuarterlyFigures, checks: int) -> Table:
    return Table(
        name="检查表",
        heads=heads(
            ("检查对象", 32, True),
            ("指标", 26, True),
            ("评分细则", 34, True),
            ("检查情况", 26, True),
            ("证据", 38, True),
        ),
        rows=tuple(
            (_object(x), x.headline, x.clause, _found(x), x.evidence) for x in figures.problems
        ),
        empty="本季度没有经核实的问题。",
        notes=(f"本通报的合计数、比率和名单行数已核对{checks}项，全部相符。",),
    )


def _object(line: ProblemLine) -> str:
    letter = f"，来信{line.letter}" if line.letter else ""
    return f"{line.unit}：{line.kind_word}“{line.name}”{letter}"


def _found(line: ProblemLine) -> str:
    """What was found, from the ledger's own days: words of a page have no place in a notice."""
    known = [f"{shown(line.found_on)}发现"]
    if line.updated:
        known.append(f"最近更新{shown(line.updated)}")
    if line.due:
        known.append(f"答复期限{shown(line.due)}")
    return "，".join((*known, STATES[line.state]))


def signatures() -> Table:
    return Table(
        name="审签",
        heads=heads(("环节", 40), ("签名", 68), ("日期", 48)),
        rows=tuple((signer, "（签名）", "年 月 日") for signer in SIGNERS),
        empty="",
    )
