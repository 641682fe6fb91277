"""`xunjian findings …`: what was found, and what persons do to it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.base import AsOf, FormatOption, UnitOption, day_of, opened, say, say_projected
from app.show import Format, console, print_json

if TYPE_CHECKING:
    from checks.handling import Action
    from notify.notices import NoticeKind

Ids = Annotated[list[int], typer.Argument(metavar="IDS…", help="问题编号，可给出多个。")]
By = Annotated[str, typer.Option("--by", help="经办人。")]
Note = Annotated[str, typer.Option("--note", help="说明：为什么。")]
Evidence = Annotated[
    str | None, typer.Option("--evidence", help="证据：所见情况，或截图等文件（复制入证据目录）。")
]
Number = Annotated[
    str | None, typer.Option("--number", help="文号；默认按年编号，如 整改通知〔2026〕3号。")
]
Due = Annotated[
    datetime | None,
    typer.Option("--due", formats=["%Y-%m-%d"], help="整改期限，含当日；默认按整改期限文件推算。"),
]
Out = Annotated[Path | None, typer.Option("--out", help="输出目录，默认 reports/。")]


def findings(
    context: typer.Context,
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """已发现的问题及其经过；核实、下发、反馈、复查、销号等处理。"""
    from app.commands.showing import show_day
    from app.views import findings_sheet

    if context.invoked_subcommand is not None:
        if as_of is not None or unit is not None or form is not Format.TABLE:
            raise typer.BadParameter("选项请写在子命令之后")
        return
    show_day(
        form, as_of, lambda day, ledger: findings_sheet(day, ledger.findings(day.cutoff), unit)
    )


def show(
    id_: Annotated[int, typer.Argument(metavar="ID", help="问题编号。")],
    as_of: AsOf = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """一个问题的全部经过：对象、条款、双方所述、经办人、证据、期限。"""
    from app.course import course_json, course_lines
    from app.day import judge_day
    from app.handling import HandlingError

    if form is Format.CSV:
        raise typer.BadParameter("应为 table 或 json", param_hint="--format")
    with opened() as (place, settings, ledger):
        day = judge_day(place, settings, ledger, day_of(as_of))
        say_projected(day)
        found = next((f for f in ledger.findings(day.cutoff) if f.id == id_), None)
        if found is None:
            raise HandlingError(f"问题 {id_}：没有这个编号的问题")
        notices = [row for row in ledger.notices(day.cutoff) if id_ in row.findings]
    if form is Format.JSON:
        print_json(course_json(day, found, notices))
        return
    for line in course_lines(day, found, notices):
        console().print(line, markup=False, soft_wrap=True)


def confirm(
    ids: Ids, by: By, note: Note = "经人工核实，问题属实。", evidence: Evidence = None
) -> None:
    """确认：经人工核实，问题属实。"""
    _take("confirm", ids, by, note, evidence)


def dismiss(ids: Ids, by: By, note: Note, evidence: Evidence = None) -> None:
    """认定误报；申诉成立的，也用此项更正。"""
    _take("dismiss", ids, by, note, evidence)


def report_back(ids: Ids, by: By, note: Note, evidence: Evidence = None) -> None:
    """登记责任单位的整改反馈。"""
    _take("report-back", ids, by, note, evidence)


def recheck(
    ids: Ids,
    by: By,
    note: Annotated[str | None, typer.Option("--note", help="说明；未通过的必填。")] = None,
    evidence: Evidence = None,
    failed: Annotated[bool, typer.Option("--failed", help="复查未通过。")] = False,
) -> None:
    """转入复查；加 --failed 认定复查未通过。复查合格的用 findings close 销号。"""
    if failed:
        _take("fail", ids, by, note or "", evidence)
    else:
        _take("recheck", ids, by, note or "开始复查。", evidence)


def close(
    ids: Ids, by: By, note: Note = "经复查，问题已整改到位。", evidence: Evidence = None
) -> None:
    """销号：复查合格。"""
    _take("close", ids, by, note, evidence)


def waive(
    ids: Ids,
    by: By,
    note: Note,
    until: Annotated[
        datetime,
        typer.Option("--until", formats=["%Y-%m-%d"], help="豁免至哪一日，含当日，最长一年。"),
    ],
    evidence: Evidence = None,
) -> None:
    """豁免：期满后问题仍在的，恢复处理。"""
    _take("waive", ids, by, note, evidence, until)


def appeal(
    ids: Ids,
    by: By,
    note: Note,
    evidence: Evidence = None,
    reject: Annotated[bool, typer.Option("--reject", help="不予采纳，整改期限继续计算。")] = False,
) -> None:
    """登记责任单位的申诉（--by 写单位的申诉人）；--reject 为办公室答复不予采纳。"""
    _take("reject" if reject else "appeal", ids, by, note, evidence)


def notice(
    by: By,
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[IDS…]", help="问题编号；默认全部已确认的。")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="只下发给该单位（编号），可多次给出。")
    ] = None,
    number: Number = None,
    due: Due = None,
    out: Out = None,
) -> None:
    """下发整改通知：每个单位一份公文、一封邮件。"""
    from notify.notices import NoticeKind

    _issue(NoticeKind.NOTICE, by, "下发整改通知", ids or [], unit or [], number, due, out)


def urge(
    ids: Ids, by: By, note: Note, number: Number = None, due: Due = None, out: Out = None
) -> None:
    """通报督办：复查未通过，或整改期限已过的。"""
    from notify.notices import NoticeKind

    _issue(NoticeKind.URGE, by, note, ids, [], number, due, out)


def _take(
    action: str,
    ids: list[int],
    by: str,
    note: str,
    evidence: str | None,
    until: datetime | None = None,
) -> None:
    from app.handling import Said, done_words, take
    from checks.handling import Action

    with opened() as (place, settings, ledger):
        said = Said(by, note, evidence, day_of(until))
        step: Action = Action(action)
        say(done_words(step, take(place, settings, ledger, step, ids, said)))


def _issue(
    kind: NoticeKind,
    by: str,
    note: str,
    ids: list[int],
    units: list[str],
    number: str | None,
    due: datetime | None,
    out: Path | None,
) -> None:
    from app.cycle import deliver_now
    from app.notices import Order, issue
    from app.summary import delivery_lines

    order = Order(kind, by, note, tuple(ids), tuple(units), number, day_of(due), out)
    with opened() as (place, settings, ledger):
        issued = issue(place, settings, ledger, order)
        if not issued.notices:
            say("没有已确认、待下发的问题。")
            return
        lines = delivery_lines(deliver_now(place, settings, ledger), place)
    for each in issued.notices:
        numbers = "、".join(map(str, each.findings))
        say(f"已下发：{each.number}，{each.addressee}，问题 {numbers}，整改期限 {each.due}。")
    for name in issued.by_paper:
        say(f"{name} 没有收件地址，须以纸质送达；请在登记册中填写其电子邮箱。")
    for line in lines:
        say(line)
    for path in issued.paths:
        sys.stdout.write(f"{path}\n")
