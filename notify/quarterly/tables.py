"""The annexes of the quarterly notice, as tables. Only what a person has confirmed is named."""

from __future__ import annotations

from collections.abc import Sequence

from checks.facts import SubjectKind
from notify.documents.parts import Table, heads, shown
from notify.quarterly.lines import GroupLine, ProblemLine
from notify.quarterly.model import QuarterlyFigures
from notify.quarterly.problems import OF_SITES
from notify.selfcheck import Check
from notify.terms import STATES
from notify.words import KIND_WORDS, chinese_day

SIGNERS = ("录入员", "审核负责人", "分管领导")


def annexes(figures: QuarterlyFigures, checks: int) -> tuple[tuple[Table, ...], ...]:
    """The tables of the five annexes; `checks` is how many comparisons were made, all of them
    holding.
    """
    return (
        (_coverage(figures), _failed_sites(figures), _near(figures), _of_sites(figures)),
        (
            _group_table("各平台情况", "平台", figures.platforms),
            _group_table("各类主办单位情况", "主办单位类别", figures.owners),
            _failed_accounts(figures),
            _of_accounts(figures),
        ),
        (_letters(figures), _of_mailboxes(figures)),
        (_retested(figures),),
        (_sheet(figures, checks), _signatures()),
    )


def checks_table(checks: Sequence[Check]) -> Table:
    return Table(
        name="数据核对",
        heads=heads(("核对项", 92, True), ("左侧", 22), ("右侧", 22), ("结果", 20)),
        rows=tuple((c.name, c.left, c.right, "相符" if c.holds else "不符") for c in checks),
        empty="没有核对项。",
    )


def _coverage(figures: QuarterlyFigures) -> Table:
    return Table(
        name="检查覆盖情况",
        heads=heads(
            ("检查对象", 32, True),
            ("登记", 20),
            ("已检查", 22),
            ("未能查看", 24),
            ("豁免或已关停", 32),
            ("覆盖率", 26),
        ),
        rows=tuple(
            (KIND_WORDS[x.kind], x.registered, x.seen, x.unseen, x.excused, x.rate)
            for x in figures.coverage
        ),
        empty="登记册内没有检查对象。",
        notes=("已检查指检查时段内至少有一次正常查看；覆盖率＝已检查÷登记。",),
    )


def _failed_sites(figures: QuarterlyFigures) -> Table:
    return Table(
        name="不合格网站",
        heads=heads(
            ("序号", 12),
            ("网站标识码", 30),
            ("网站名称", 38, True),
            ("主办单位", 32, True),
            ("不合格原因", 44, True),
        ),
        rows=tuple(
            (n, x.code, x.name, x.unit, x.reason) for n, x in enumerate(figures.failed_sites, 1)
        ),
        empty="本季度没有认定为不合格的网站。",
    )


def _near(figures: QuarterlyFigures) -> Table:
    return Table(
        name="接近单项否决的网站",
        heads=heads(
            ("网站名称", 40, True),
            ("指标", 64, True),
            ("现有数", 18),
            ("限值", 16),
            ("距限值", 18),
        ),
        rows=tuple((x.name, x.indicator, x.count, x.limit, x.gap) for x in figures.near),
        empty="没有接近单项否决的网站。",
        notes=("现有数只计经人工核实的问题。",) if figures.near else (),
    )


def _of_sites(figures: QuarterlyFigures) -> Table:
    return Table(
        name="网站和栏目问题",
        heads=heads(
            ("编号", 12),
            ("责任单位", 28, True),
            ("网站/栏目", 30, True),
            ("问题", 38, True),
            ("最近更新", 24),
            ("整改情况", 24),
        ),
        rows=tuple(
            (x.id, x.unit, x.name, _repeated(x), x.updated, STATES[x.state])
            for x in figures.problems
            if x.kind in OF_SITES
        ),
        empty="本季度没有经核实的网站和栏目问题。",
    )


def _of_accounts(figures: QuarterlyFigures) -> Table:
    return Table(
        name="政务新媒体问题",
        heads=heads(
            ("编号", 12),
            ("新媒体类型", 24),
            ("新媒体名称", 30, True),
            ("责任单位", 30, True),
            ("问题类别", 36, True),
            ("最近更新", 24),
        ),
        rows=tuple(
            (x.id, x.kind_word, x.name, x.unit, _repeated(x), x.updated)
            for x in figures.problems
            if x.kind is SubjectKind.ACCOUNT
        ),
        empty="本季度没有经核实的政务新媒体问题。",
    )


def _repeated(line: ProblemLine) -> str:
    again = line.run is not None and line.run > 1
    return f"{line.headline}（连续{line.run}季度）" if again else line.headline


def _group_table(name: str, label: str, lines: Sequence[GroupLine]) -> Table:
    return Table(
        name=name,
        heads=heads(
            (label, 44, True), ("账号数", 26), ("检查数", 26), ("不合格数", 28), ("合格率", 32)
        ),
        rows=tuple((x.label, x.total, x.checked, x.failed, x.passed) for x in lines),
        empty="没有登记在用的政务新媒体账号。",
    )


def _failed_accounts(figures: QuarterlyFigures) -> Table:
    return Table(
        name="不合格政务新媒体",
        heads=heads(
            ("序号", 12),
            ("新媒体类型", 28),
            ("新媒体名称", 36, True),
            ("责任单位", 34, True),
            ("不合格原因", 46, True),
        ),
        rows=tuple(
            (n, x.platform, x.name, x.unit, x.reason)
            for n, x in enumerate(figures.failed_accounts, 1)
        ),
        empty="本季度没有认定为不合格的政务新媒体账号。",
    )


def _letters(figures: QuarterlyFigures) -> Table:
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


def _of_mailboxes(figures: QuarterlyFigures) -> Table:
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
            (x.id, x.unit, x.name, x.letter or None, _repeated(x), x.due)
            for x in figures.problems
            if x.kind is SubjectKind.MAILBOX
        ),
        empty="本季度没有经核实的信箱问题。",
    )


def _retested(figures: QuarterlyFigures) -> Table:
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


def _sheet(figures: QuarterlyFigures, checks: int) -> Table:
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


def _signatures() -> Table:
    return Table(
        name="审签",
        heads=heads(("环节", 40), ("签名", 68), ("日期", 48)),
        rows=tuple((signer, "（签名）", "年 月 日") for signer in SIGNERS),
        empty="",
    )
