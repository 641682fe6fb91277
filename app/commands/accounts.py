"""`xunjian account …`: what accounts posted, by their back ends' exports and by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import day_of, opened, say
from app.show import console, visible

DAY = ["%Y-%m-%d"]
Deleted = Annotated[
    bool, typer.Option("--deleted", help="台账所见的较新内容确已删除，以本次为准。")
]


def account_import(
    file: Annotated[Path, typer.Argument(help="后台导出的 CSV 或 .xlsx 文件。")],
    by: Annotated[str, typer.Option("--by", help="导入人。")],
    account: Annotated[
        str | None, typer.Option("--account", help="账号编号；文件有“账号”一列的可不写。")
    ] = None,
    exported_on: Annotated[
        datetime | None, typer.Option("--exported-on", formats=DAY, help="导出日期，默认今天。")
    ] = None,
    template: Annotated[str | None, typer.Option("--template", help="所用模板的名称。")] = None,
    save_template: Annotated[
        str | None, typer.Option("--save-template", help="导入时把表头对应关系存为模板。")
    ] = None,
    nothing: Annotated[bool, typer.Option("--nothing", help="后台确实没有任何内容。")] = False,
    deleted: Deleted = False,
    apply: Annotated[bool, typer.Option("--apply", help="写入；不加则只预览。")] = False,
) -> None:
    """导入新媒体账号后台导出的发布记录。默认只预览，不写入任何内容；确认后加 --apply。

    只取标题、链接、发布时间、评论数、回复数和账号；标题中的证件号、手机号遮盖；原文件不留存。
    """
    from app.account_export import Asked, carry_out, part_lines, prepare, preview

    asked = Asked(file, by, account, day_of(exported_on), template, save_template, nothing, deleted)
    with opened() as (home, _, ledger):
        prepared = prepare(home, ledger, asked)
        if not apply:
            for line in preview(prepared):
                console().print(visible(line), markup=False, soft_wrap=True)
            say("以上为预览，未写入任何内容；确认无误后加 --apply 导入。")
            return
        carry_out(home, ledger, prepared)
    for part in prepared.parts:
        say(visible(f"已导入 {next(part_lines(part))}。"))


def account_record(
    account: Annotated[str, typer.Argument(metavar="ID", help="账号编号。")],
    evidence: Annotated[Path, typer.Option("--evidence", help="截图：png、jpg、webp、bmp、pdf。")],
    by: Annotated[str, typer.Option("--by", help="登记人。")],
    last_post: Annotated[
        datetime | None, typer.Option("--last-post", formats=DAY, help="最近一次发布的日期。")
    ] = None,
    no_posts: Annotated[bool, typer.Option("--no-posts", help="账号没有任何内容。")] = False,
    title: Annotated[str | None, typer.Option("--title", help="最近一条的标题。")] = None,
    url: Annotated[str | None, typer.Option("--url", help="最近一条的网址。")] = None,
    seen_on: Annotated[
        datetime | None, typer.Option("--seen-on", formats=DAY, help="查看日期，默认今天。")
    ] = None,
    followers: Annotated[int | None, typer.Option("--followers", min=0, help="关注人数。")] = None,
    comments: Annotated[int | None, typer.Option("--comments", min=0, help="评论数。")] = None,
    replies: Annotated[int | None, typer.Option("--replies", min=0, help="回复数。")] = None,
    deleted: Deleted = False,
) -> None:
    """人工登记一个账号最近一次发布的日期，须附截图；截图留存入证据。"""
    from app.account_entry import Said, record, told

    if (last_post is None) != no_posts:
        raise typer.BadParameter("请在 --last-post、--no-posts 中给出一项")
    said = Said(
        account=account,
        last_post=day_of(last_post),
        evidence=evidence,
        by=by,
        title=title,
        url=url,
        seen_on=day_of(seen_on),
        figures={"followers": followers, "comments": comments, "replies": replies},
        deleted=deleted,
    )
    with opened() as (_, _, ledger):
        sighting = record(ledger, said)
    say(visible(f"已登记 {told(sighting, account)}。"))
