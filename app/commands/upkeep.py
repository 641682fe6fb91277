"""Reports, evidence and the database."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.base import OUR_FAULT, day_of, opened, say

if TYPE_CHECKING:
    from storage.ledger.chain import Portion


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


def evidence_verify(
    portion: Annotated[
        str | None,
        typer.Option("--portion", help="只核对一份，如 3/30：分成30份的第3份；默认全部。"),
    ] = None,
    chain_only: Annotated[
        bool, typer.Option("--chain-only", help="只核对哈希链，不读取证据文件。")
    ] = False,
) -> None:
    """沿哈希链核对全部证据，并核对人工核查、问题处理所附的文件和已下发的通知。"""
    from app.upkeep import verify_now

    asked = _portion(portion)
    with opened() as (_, _, ledger):
        done = verify_now(ledger, asked, bodies=not chain_only, on_block=_say_now_and_then)
    for fault in done.faults:
        say(fault)
    if done.removed:
        say(f"{done.removed} 条证据已按保留期限删除，仅存哈希值。")
    if done.faults:
        say(f"共 {len(done.faults)} 处不符。")
        raise typer.Exit(OUR_FAULT)
    if chain_only:
        say("哈希链相符；未读取证据文件。")
    elif portion is not None:
        say(f"第 {portion} 份证据与登记的哈希链相符。")
    else:
        say("全部证据与登记的哈希链相符。")


def _say_now_and_then(links: int) -> None:
    if links % 100_000 == 0:
        say(f"已核对 {links} 条……")


def _portion(text: str | None) -> Portion:
    from storage.ledger.chain import WHOLE, Portion

    if text is None:
        return WHOLE
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise typer.BadParameter(f"应如 3/30，所给为 {text}", param_hint="--portion")
    return Portion(int(number) - 1, int(of))


def evidence_prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说明将删除多少，不删除。")] = False,
) -> None:
    """按 [keep] 删除期满且不作为任何依据的证据；哈希链和登记的哈希值保留。"""
    from app.upkeep import gib, prune_now, too_large_words
    from storage.clock import now

    with opened() as (_, settings, ledger):
        done = prune_now(settings, ledger, now(), dry_run=dry_run)
    for fault in done.faults:
        say(fault)
    beyond = f"（其中 {done.over_budget} 条因超过容量上限）" if done.over_budget else ""
    if dry_run:
        say(f"将删除 {done.removed} 条证据{beyond}；证据现有 {gib(done.before)}。未作任何删除。")
        return
    say(f"已删除 {done.removed} 条证据{beyond}，证据由 {gib(done.before)} 减至 {gib(done.size)}。")
    if done.mails:
        say(f"已清除 {done.mails} 封已发邮件的正文，投递记录保留。")
    if done.too_large:
        say(too_large_words(done))
    if done.faults:
        raise typer.Exit(OUR_FAULT)


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


def db_backup(
    file: Path,
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", help="同时把证据复制到此目录，只复制有变化的。"),
    ] = None,
) -> None:
    """在线备份 SQLite 数据库，核对备份并写出 SHA-256；可在运行中进行。"""
    from app.alone import alone
    from app.upkeep import EVIDENCE
    from storage.backup import backup, copy_evidence

    with opened() as (_, _, ledger):
        if evidence is None:
            backup(ledger.engine, file)
            say(f"已备份到 {file}，并经核对（证据目录 evidence/ 请另行复制，或用 --evidence）。")
            return
        folder = ledger.evidence.folder
        # The database first: each of its rows then has its bytes, which are written before it.
        with alone(ledger, EVIDENCE):
            backup(ledger.engine, file)
            copied, refused = copy_evidence(folder, evidence, ledger.rewritten())
    for name in refused:
        say(
            f"{name} 比备份中的短，而其中没有按期删除的证据：未覆盖备份，请先运行 evidence verify。"
        )
    say(f"已备份到 {file}，并经核对；证据复制到 {evidence}，新增或有变化的文件 {copied} 个。")
    if refused:
        raise typer.Exit(OUR_FAULT)


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
