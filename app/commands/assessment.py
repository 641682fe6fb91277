"""`xunjian assess` and `xunjian assessment …`: scores, their three steps, corrections, entries."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.base import OUR_FAULT, FormatOption, UnitOption, day_of, opened, say
from app.show import Format, show

if TYPE_CHECKING:
    from checks.signing import SigningStep

PeriodOption = Annotated[str, typer.Option("--period", help="考核周期：2026Q4、2026H1 或 2026。")]
By = Annotated[str, typer.Option("--by", help="经办人。")]
Note = Annotated[str, typer.Option("--note", help="意见或说明。")]


def assess(
    period: PeriodOption, unit: UnitOption = None, form: FormatOption = Format.TABLE
) -> None:
    """各单位考核得分。未录入的按现有数据计算，已审定的显示审定结果。"""
    from app.assessing import scheme_doubts
    from app.assessment_steps import assessment_of
    from app.assessment_views import scores_sheet, state_words

    with opened() as (home, settings, ledger):
        assessment = assessment_of(home, settings, ledger, period)
        doubts = scheme_doubts(assessment.shown.basis.scheme, home.law(settings))
    for line in (*state_words(assessment), *doubts):
        say(line)
    show(scores_sheet(assessment, unit), form)


def assessment_enter(period: PeriodOption, by: By, note: Note = "") -> None:
    """录入：按现有数据计算并存档，待审核。"""
    from app.assessment_steps import enter

    with opened() as (home, settings, ledger):
        kept = enter(home, settings, ledger, period, by.strip(), note.strip())
    say(f"{kept.period} 的考核已录入，SHA-256：{kept.sha256}。下一步：审核。")


def assessment_review(period: PeriodOption, by: By, note: Note = "") -> None:
    """审核负责人签署。"""
    from checks.signing import SigningStep

    _sign(period, SigningStep.REVIEWED, by, note, "已审核。下一步：分管领导审定。")


def assessment_approve(period: PeriodOption, by: By, note: Note = "") -> None:
    """分管领导审定；审定后冻结，不再改动。"""
    from checks.signing import SigningStep

    _sign(period, SigningStep.APPROVED, by, note, "已审定并冻结。")


def assessment_return(
    period: PeriodOption, by: By, note: Annotated[str, typer.Option("--note", help="退回原因。")]
) -> None:
    """退回：须重新录入。"""
    from checks.signing import SigningStep

    _sign(period, SigningStep.RETURNED, by, note, "已退回，请重新录入。")


def _sign(period: str, step: SigningStep, by: str, note: str, done: str) -> None:
    from app.assessment_steps import sign
    from checks.signing import Signature
    from storage.clock import now

    with opened() as (home, settings, ledger):
        sign(home, settings, ledger, period, Signature(step, now(), by.strip(), note.strip()))
    say(f"{period} 的考核{done}")


def assessment_correct(
    period: PeriodOption, by: By, note: Annotated[str, typer.Option("--note", help="更正原因。")]
) -> None:
    """更正：审定后另有发现的，按原评分办法重新计算，另经三步审定；原结果不改动。"""
    from app.assessment_steps import correct

    with opened() as (home, settings, ledger):
        kept = correct(home, settings, ledger, period, by.strip(), note.strip())
    say(f"{kept.period} 的更正已录入，SHA-256：{kept.sha256}。下一步：审核。")


def assessment_list(form: FormatOption = Format.TABLE) -> None:
    """已存档的考核和更正，及其办理情况。"""
    from app.assessment_views import kept_sheet

    with opened() as (_, _, ledger), ledger.reading() as session:
        show(kept_sheet(ledger.assessments(session)), form)


def assessment_verify() -> None:
    """按存档时已知的数据重新计算全部考核，逐字节核对。"""
    from app.assessment_steps import verify

    with opened() as (home, settings, ledger):
        told = list(verify(home, settings, ledger))
    for kept, fault in told:
        if fault:
            say(f"考核 {kept.id}（{kept.period}）：{fault}")
    if any(fault for _, fault in told):
        raise typer.Exit(OUR_FAULT)
    say(f"已存档的考核 {len(told)} 份，重新计算结果全部相符。")


def assessment_record(
    unit: Annotated[str, typer.Argument(help="单位编号。")],
    item: Annotated[str, typer.Argument(help="评分项编号；整体给分的，为部分编号。")],
    evidence: Annotated[
        str, typer.Option("--evidence", help="依据：文件名称文号，或文件（复制入证据目录）。")
    ],
    by: By,
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on",
            formats=["%Y-%m-%d"],
            help="所属日期，决定计入哪个周期；默认今天。",
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", help="次数。")] = 1,
    level: Annotated[
        str | None, typer.Option("--level", help="级别：province、city、county 等。")
    ] = None,
    points: Annotated[str | None, typer.Option("--points", help="分值（由录入人给分的）。")] = None,
    lacks: Annotated[bool, typer.Option("--lacks", help="本单位没有此部分工作。")] = False,
) -> None:
    """录入加分、扣分事项或整体给分，均附依据。补录上一周期的，用 --on 写该周期内的日期。"""
    from app.scheme_entries import Said, record

    said = Said(unit, item, day_of(on), count, level, points, lacks, evidence, by)
    with opened() as (home, settings, ledger):
        entry = record(home, settings, ledger, said)
    say(f"已录入：{entry.unit} {entry.item}，{entry.on}。")


def assessment_withdraw(
    number: Annotated[int, typer.Argument(help="评分录入的编号。")],
    by: By,
    note: Annotated[str, typer.Option("--note", help="撤回原因。")],
) -> None:
    """撤回一条评分录入；原录入仍保留备查。"""
    from app.scheme_entries import withdraw

    with opened() as (home, settings, ledger):
        entry = withdraw(home, settings, ledger, number, by, note)
    say(f"已撤回：{entry.unit} {entry.item}，{entry.on}。")


def assessment_entries(unit: UnitOption = None, form: FormatOption = Format.TABLE) -> None:
    """现行有效的评分录入。"""
    from app.scheme_entries import entries_sheet

    with opened() as (home, settings, ledger):
        show(entries_sheet(home, settings, ledger, unit), form)
