"""What a run did, in a few Chinese sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.words import WORST_FIRST
from checks.probes import Access, grade
from notify.outbox import Delivered, pending
from notify.terms import VERDICTS

if TYPE_CHECKING:
    from app.cycle import CycleReport
    from app.home import Home
    from app.probing import Round
    from storage.ledger import Ledger


def cycle_summary(report: CycleReport, home: Home) -> Iterator[str]:
    """Seen, judged, told."""
    crawl = report.crawl
    yield f"查看 {crawl.planned} 项：见到 {crawl.seen} 项，未能查看 {crawl.unseen} 项。"
    counts = report.verdicts
    words = "，".join(f"{VERDICTS[v]} {counts[v]}" for v in WORST_FIRST if counts.get(v))
    yield f"判定 {sum(counts.values())} 项：{words or '无'}。"
    if crawl.saw_nothing:
        yield "本次什么也没有看到：请检查本机网络、防火墙白名单和页面地址。没有据此作任何判定。"
    yield f"新增待发邮件 {report.queued.mails} 封。"
    yield from report.queued.unaddressed
    yield from delivery_lines(report.delivered, home)


def round_summary(made: Round, home: Home) -> Iterator[str]:
    """Which sites opened, and who was told?"""
    grades = Counter(grade(probe, made.rule) for probe in made.probes if not probe.ours)
    words = {Access.REACHED: "正常打开", Access.FAILED: "未能打开", Access.UNKNOWN: "情况不明"}
    counted = "，".join(f"{word} {grades[access]} 个" for access, word in words.items())
    yield f"探测 {len(made.probes)} 个网站：{counted}。"
    if ours := sum(probe.ours for probe in made.probes):
        yield f"本机网络不通，{ours} 个网站的探测不作数：请检查本机网络。"
    yield f"新增待发邮件 {made.queued.mails} 封。"
    yield from made.queued.unaddressed
    yield from delivery_lines(made.delivered, home)


def delivery_lines(delivered: Delivered, home: Home) -> list[str]:
    """What was sent, where it went, what is left and why."""
    where = home.settings().mail.host or home.path("outbox")
    lines = [f"已发出 {delivered.sent} 封（{where}），未发出 {delivered.left} 封。"]
    return [*lines, *delivered.errors]


def pending_lines(ledger: Ledger) -> list[str]:
    """What waits in the outbox."""
    rows = [
        f"{row.recipient}　{row.subject}　尝试 {row.attempts} 次"
        + (f"，上次失败：{row.last_error}" if row.last_error else "")
        for row in pending(ledger)
    ]
    return rows or ["没有待发的邮件。"]
