"""`xunjian hand …`: what a person found, with the evidence; never overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from app.commands.base import AsOf, FormatOption, day_of, opened, say
from app.show import Format, show

Target = Annotated[str, typer.Argument(metavar="SUBJECT", help="对象，如 account:wx1、site:s1。")]
Row = Annotated[str, typer.Argument(metavar="ROW", help="指标、义务、扣分项或加分项的编号。")]
By = Annotated[str, typer.Option("--by", help="核查人。")]
PackOption = Annotated[str, typer.Option("--pack", help="指标集。")]


def hand_record(
    subject: Target,
    row: Row,
    evidence: Annotated[
        str, typer.Option("--evidence", help="所见情况，或截图等文件（复制入证据目录）。")
    ],
    by: By,
    fault: Annotated[bool, typer.Option("--fault", help="有问题。")] = False,
    none: Annotated[bool, typer.Option("--none", help="未发现问题。")] = False,
    points: Annotated[str | None, typer.Option("--points", help="扣分合计，或加分。")] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="有效期，含当日；默认见下。"),
    ] = None,
    pack: PackOption = "cn-2019",
) -> None:
    """记录一次人工核查。同一对象同一编号以最近一次为准，以前的记录仍保留。

    未写有效期的：由人工答复的义务（如 nm_interactive）按指标集所定天数；其余直至另有记录。
    """
    from app.hands import Said, found_words, record

    if [fault, none, points is not None].count(True) != 1:
        raise typer.BadParameter("请在 --fault、--none、--points 中给出一项")
    said = Said(
        subject=subject,
        row=row,
        fault=None if points is not None else fault,
        points=points,
        evidence=evidence,
        by=by,
        until=day_of(until),
        pack=pack,
    )
    with opened() as (home, settings, ledger):
        hand = record(home, settings, ledger, said)
    lasting = f"有效期至 {hand.until}" if hand.until else "长期有效，直至另有记录"
    say(f"已记录：{hand.subject} {hand.pack}/{hand.row}，{found_words(hand)}，{lasting}。")


def hand_list(
    subject: Annotated[str | None, typer.Option("--subject", help="只看一个对象。")] = None,
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
) -> None:
    """当日有效的人工核查记录。"""
    from app.hands import hands_sheet

    with opened() as (home, settings, ledger):
        show(hands_sheet(home, settings, ledger, day_of(as_of), subject), form)


def hand_withdraw(
    subject: Target,
    row: Row,
    by: By,
    note: Annotated[str, typer.Option("--note", help="撤回原因。")],
    pack: PackOption = "cn-2019",
) -> None:
    """撤回一项人工核查：此后视为未核查。已发现的问题不随之销号，复查无问题的请另记 --none。"""
    from app.hands import withdraw

    with opened() as (home, settings, ledger):
        hand = withdraw(home, settings, ledger, (subject, row, pack), by, note)
    say(f"已撤回：{hand.subject} {hand.pack}/{hand.row}。")
