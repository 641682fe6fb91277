"""`xunjian mailbox …`: letters from a mailbox's back end, and approved extensions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import day_of, opened, say
from app.show import console, visible

By = Annotated[str, typer.Option("--by", help="经办人。")]
Day = datetime | None


def mailbox_import(
    file: Annotated[Path, typer.Argument(help="后台或12345导出的 CSV 或 .xlsx 文件。")],
    mailbox: Annotated[str, typer.Option("--mailbox", help="信箱编号。")],
    by: By,
    exported_on: Annotated[
        Day, typer.Option("--exported-on", formats=["%Y-%m-%d"], help="导出日期，默认今天。")
    ] = None,
    template: Annotated[str | None, typer.Option("--template", help="所用模板的名称。")] = None,
    save_template: Annotated[
        str | None, typer.Option("--save-template", help="导入时把表头对应关系存为模板。")
    ] = None,
    nothing: Annotated[bool, typer.Option("--nothing", help="导出中确无来信。")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="写入；不加则只预览。")] = False,
) -> None:
    """导入信箱或12345的来信。默认只预览，不写入任何内容；确认后加 --apply。

    来信人姓名、电话、地址和来信内容一律不取；标题只存 SHA-256；原文件不留存。
    """
    from app.letters_import import Asked, carry_out, prepare
    from app.letters_preview import preview, summary
    from checks.freshness import local_day
    from storage.clock import now

    asked = Asked(file, mailbox, by, day_of(exported_on), template, save_template, nothing)
    with opened() as (home, settings, ledger):
        prepared = prepare(home, ledger, asked)
        if not apply:
            for line in preview(prepared, home.law(settings), local_day(now())):
                _tell(line)
            say("以上为预览，未写入任何内容；确认无误后加 --apply 导入。")
            return
        carry_out(home, ledger, prepared)
    say(f"已导入 {prepared.subject.name}（{prepared.subject.key}）：{summary(prepared)}。")


def mailbox_extend(
    mailbox: Annotated[str, typer.Argument(metavar="ID", help="信箱编号。")],
    ref: Annotated[str, typer.Argument(metavar="REF", help="来信编号。")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="延期或撤回的原因。")],
    until: Annotated[
        Day, typer.Option("--until", formats=["%Y-%m-%d"], help="延期至，含当日。")
    ] = None,
    approved_by: Annotated[str | None, typer.Option("--approved-by", help="批准人。")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="撤回已登记的延期。")] = False,
) -> None:
    """登记一封来信经批准的延期，或用 --withdraw 撤回。以前的记录仍保留。"""
    from app.extensions import Extension, extend

    if withdraw == (until is not None) or withdraw == (approved_by is not None):
        raise typer.BadParameter("请给出 --until 和 --approved-by，或只给 --withdraw")
    said = Extension(mailbox, ref, day_of(until), approved_by, reason, by)
    with opened() as (_, _, ledger):
        letter = extend(ledger, said)
    done = (
        f"延期至 {letter.extended_to}，{letter.extension}" if letter.extended_to else "延期已撤回"
    )
    say(f"已记录：来信 {letter.ref} {done}。")


def _tell(line: str) -> None:
    console().print(visible(line), markup=False, soft_wrap=True)
