"""The letter to the assessment office with its annexes, the same for Word, Excel and HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from checks.freshness import local_day
from notify.documents.parts import Form, Report, Section, Table
from notify.scores import annex_tables, tables
from notify.scores.model import ScoreFigures
from notify.scores.sentences import basis, objection, period_of, reason, state, warning
from notify.scores.words import points
from notify.selfcheck import Check, checks_table
from notify.terms import UNIT_KINDS

ORDINALS = "一二三四"


def score_letter(figures: ScoreFigures, checks: Sequence[Check]) -> Report:
    """The whole letter; `checks` are printed in its last annex."""
    material = figures.material
    edition, office = material.edition, material.office
    annexes = _annexes(figures, checks)
    verb = "更正" if edition.correction else "报送"
    return Report(
        title=f"关于{verb}{period_of(figures)}政务公开考核得分情况的函",
        subtitle=edition.mark,
        made_at=edition.made_at,
        sections=(*_body(figures), *annexes),
        form=Form(
            red_head=office.head,
            number=None,
            addressee=office.reported_to or None,
            closing=("特此函达。",),
            annexes=tuple(each.heading.partition(" ")[2] for each in annexes),
            signed_by=office.signature,
            dated=local_day(edition.made_at),
        ),
    )


def _body(figures: ScoreFigures) -> Iterator[Section]:
    scheme, edition = figures.material.scheme, figures.material.edition
    lead = (
        f"根据《{scheme.title}》，现将{period_of(figures)}各单位政务公开考核得分情况"
        f"{'更正' if edition.correction else '报送'}如下。"
    )
    yield Section("", (*warning(edition), lead))
    parts: list[tuple[str, tuple[str, ...], tuple[Table, ...]]]
    parts = [("考核依据", tuple(basis(figures)), ())]
    if figures.material.before is not None:
        parts.append(("更正情况", tuple(reason(edition)), (annex_tables.changes(figures),)))
    parts.append(("考核结果", tuple(_results(figures)), ()))
    parts.append(("异议和办理情况", (f"各单位{objection(figures)}", state(edition)), ()))
    for number, (name, paragraphs, shown) in zip(ORDINALS, parts, strict=False):
        yield Section(f"{number}、{name}", paragraphs, shown)


def _results(figures: ScoreFigures) -> Iterator[str]:
    kinds = "；".join(
        f"{UNIT_KINDS[each.kind]}{each.units}个，最高{figures.score(each.highest)}分，"
        f"最低{figures.score(each.lowest)}分，平均{figures.score(each.mean)}分"
        for each in figures.kinds
    )
    yield f"本周期共考核单位{len(figures.units)}个。其中，{kinds}。"
    losses = {row.finding for row in figures.losses if row.finding is not None}
    minus = sum((line.minus for line in figures.units), Decimal(0))
    plus = sum((line.plus for line in figures.units), Decimal(0))
    given = {row.entry for row in figures.gains if row.entry is not None}
    yield (
        f"涉及扣分的问题{len(losses)}项，扣分合计{points(minus)}分；"
        f"加分事项{len(given)}项，加分合计{points(plus)}分（均为各单位封顶前）。"
    )
    left = sum(len(each.left.findings) for each in figures.left)
    yield (
        f"另有问题{left}项因待核实、误报、豁免、申诉未结或期限暂定等原因未计入考核，"
        "各单位项数及原因见附件4。"
        if left
        else "没有未计入考核的问题。"
    )


def _annexes(figures: ScoreFigures, checks: Sequence[Check]) -> tuple[Section, ...]:
    edition = figures.material.edition
    return (
        _annex("附件1 得分汇总表", tables.summary(figures), *tables.sections(figures)),
        _annex("附件2 扣分明细", tables.losses(figures)),
        _annex("附件3 加分明细", tables.gains(figures)),
        _annex("附件4 未计入考核的问题及原因", *annex_tables.left_out(figures)),
        Section("附件5 三级签署", (), (annex_tables.signatures(edition),), new_page=True),
        Section("附件6 数据核对", (), (checks_table(checks),), new_page=True),
    )


def _annex(heading: str, *shown: Table) -> Section:
    return Section(heading, (), shown, new_page=True, landscape=True)
