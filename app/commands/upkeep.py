"""Reports, evidence and the database."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import OUR_FAULT, day_of, opened, say


def report_weekly(
    period: Annotated[str | None, typer.Option("--period", help="ISO 周，如 2026W47。")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出目录。")] = None,
) -> None:
    """网站与新媒体合规周报：docx、xlsx、html。"""
    from app.weekly import make_weekly

    with opened() as (place, settings, ledger):
        for path in make_weekly(place, settings, ledger, period, out).paths:
            sys.stdout.write(f"{path}\n")


def report_quarterly(
    period: Annotated[
        str | None, typer.Option("--period", help="季度，如 2026Q4；默认本季度（截至今天）。")
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="判定日，默认季度最后一日。"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出目录。")] = None,
) -> None:
    """季度检查通报及附件：docx、xlsx、html；只列经人工确认的问题。"""
    from app.quarterly import make_quarterly

    with opened() as (place, settings, ledger):
        for path in make_quarterly(place, settings, ledger, period, day_of(on), out).paths:
            sys.stdout.write(f"{path}\n")


def report_annual(
    period: Annotated[
        str | None, typer.Option("--period", help="年度，如 2026；默认本年（截至今天）。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出目录。")] = None,
) -> None:
    """年度报告的平台建设部分：docx、xlsx、html，并为每个网站生成工作年度报表。"""
    from app.annual import make_annual

    with opened() as (place, settings, ledger):
        for path in make_annual(place, settings, ledger, period, out).paths:
            sys.stdout.write(f"{path}\n")


def report_halfyear(
    period: Annotated[
        str | None,
        typer.Option("--period", help="考核周期：2026H1、2026Q3 或 2026；默认本周期（截至今天）。"),
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="单位编号：只生成该单位的得分说明。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出目录。")] = None,
) -> None:
    """考核得分报送表：docx、xlsx、html；给出 --unit 时为该单位的得分说明：docx、html。"""
    from app.assessing import scheme_doubts
    from app.assessment_views import state_words
    from app.score_report import make_scores

    with opened() as (place, settings, ledger):
        made = make_scores(place, settings, ledger, period, unit, out)
        doubts = scheme_doubts(made.assessment.shown.basis.scheme, place.law(settings))
    for line in (*state_words(made.assessment), *doubts):
        say(line)
    for path in made.paths:
        sys.stdout.write(f"{path}\n")


def evidence_verify() -> None:
    """沿哈希链核对全部证据，并核对人工核查、问题处理所附的文件和已下发的通知。"""
    from storage.attachments import check_files

    with opened() as (_, _, ledger):
        faults = 0
        records = (*ledger.hand_evidence(), *ledger.event_evidence())
        chain = ledger.evidence.check(iter(ledger.evidence_links()))
        for fault in (*chain, *check_files(ledger.evidence.folder, records)):
            faults += 1
            say(fault)
    if faults:
        say(f"共 {faults} 处不符。")
        raise typer.Exit(OUR_FAULT)
    say("全部证据与登记的哈希链相符。")


def evidence_extract(
    evidence: Annotated[
        str, typer.Argument(help="status、explain 所示的证据，如 evidence/….warc.gz#urn:uuid:…")
    ],
    out: Annotated[Path, typer.Option("--out", help="写入的文件，不得已存在。")],
) -> None:
    """取出一份证据（网页、导出的记录或截图），核对 SHA-256 后写成文件。"""
    with opened() as (_, _, ledger):
        link = ledger.evidence_named(evidence)
        if link is None:
            raise typer.BadParameter(f"没有这份证据：{evidence}", param_hint="EVIDENCE")
        try:
            body = ledger.evidence.capture(link).body
        except (OSError, ValueError) as error:
            say(f"证据无法取出：{error}")
            raise typer.Exit(OUR_FAULT) from error
        try:
            with out.open("xb") as file:
                file.write(body)
        except FileExistsError as error:
            raise typer.BadParameter(f"{out} 已存在，不覆盖", param_hint="--out") from error
    say(f"已写入 {out}（{len(body)} 字节，{link.url}，SHA-256：{link.sha256}）。")


def db_upgrade() -> None:
    """把数据库升级到本版本的结构（其他命令也会自动进行）。"""
    with opened() as (place, _, _):
        say(f"数据库结构已是最新：{place.folder}")


def db_backup(file: Path) -> None:
    """在线备份 SQLite 数据库；可在运行中进行。"""
    from storage.backup import backup

    with opened() as (_, _, ledger):
        backup(ledger.engine, file)
    say(f"已备份到 {file}（证据目录 evidence/ 请另行复制）。")


def db_restore(file: Path) -> None:
    """用备份恢复 SQLite 数据库；原库先另存为 .before-restore。"""
    from storage.backup import restore

    with opened() as (_, _, ledger):
        saved = restore(ledger.engine, file)
    say(f"已从 {file} 恢复；恢复前的数据库另存为 {saved}。")


def db_copy(
    url: Annotated[str, typer.Argument(help="空的目标数据库，如 postgresql://user@host/xunjian。")],
) -> None:
    """把全部数据复制到另一个空数据库（SQLite 与 PostgreSQL 互换），逐表核对无误后才生效。"""
    from storage.copying import copy_database

    with opened() as (_, _, ledger):
        done = copy_database(ledger.engine, url)
    for each in done:
        say(f"{each.table}：{each.rows} 行，SHA-256 {each.sha256[:16]}…，两库一致")
    say(
        f"已复制 {sum(each.rows for each in done)} 行。证据目录 evidence/ 不变；"
        "请设置环境变量 XUNJIAN_DATABASE_URL 指向新库后重新启动服务。"
    )
