"""The database, the register, the outbox, and what the environment must hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from app.doctor.check import Check
from app.home import Home
from app.register_changes import changed_on_pages
from app.settings import Settings
from notify.dead import described
from storage.credentials import WECHAT_API, missing
from storage.database import REVISION, connect, revision
from storage.inventory import InventoryError, Row, read_toml
from storage.ledger import Ledger
from storage.size import bytes_in, database_size

MIB = 2**20
GIB = 2**30
MOST_DEAD = 10
AFTER_PAGES = "登记册最近在网页上改动过：请从网页“登记册”下载 inventory.toml 替换该文件"


def outdated(home: Home) -> Check | None:
    """Is the database of an older version? Then nothing opens it here: that would change it.

    Raises DatabaseError.
    """
    if not home.folder.is_dir():
        return None
    engine = connect(home.database_url)
    try:
        held = revision(engine)
    finally:
        engine.dispose()
    if held is None or held >= REVISION:
        return None
    note = (
        f"结构版本 {held}，本版本程序为 {REVISION}：请确认已有备份，再运行 xunjian db upgrade；"
        "升级之前未作其余检查"
    )
    return Check("数据库结构", False, note)


def database(ledger: Ledger) -> Iterator[Check]:
    """Where it lies, without the password, in which shape, and how large it is."""
    yield Check("数据库", True, ledger.engine.url.render_as_string())
    size = database_size(ledger.engine)
    rows = "，".join(f"{name} {count}" for name, count in size.rows.items())
    about = "约计" if size.estimated else ""
    note = f"结构版本 {REVISION}，与程序一致；{size.bytes / MIB:.1f} MB；{about}行数：{rows}"
    yield Check("数据库结构", True, note)


def register(home: Home, ledger: Ledger) -> Iterator[Check]:
    if not ledger.is_loaded():
        yield Check("登记册", False, "尚未载入：请运行 xunjian inventory load")
        return
    path = home.path("inventory.toml")
    stored = ledger.inventory()
    note = f"栏目 {len(stored['column'])}，信箱 {len(stored['mailbox'])}"
    same = True
    if path.is_file():
        try:
            written = read_toml(path.read_text(encoding="utf-8"), str(path))
            same = all(_by_id(written[kind]) == _by_id(stored[kind]) for kind in stored)
        except (InventoryError, UnicodeDecodeError) as error:
            yield Check("登记册", False, f"{note}；{error}")
            return
    if not same:
        note += "；inventory.toml 与已载入的登记册不同，"
        note += AFTER_PAGES if changed_on_pages(ledger) else "如要采用请运行 xunjian inventory load"
    yield Check("登记册", same, note)


def _by_id(rows: Sequence[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def credentials(ledger: Ledger) -> Iterator[Check]:
    """Which variables are missing for the accounts that are asked with their own credentials?"""
    accounts = [row["id"] for row in ledger.inventory()["account"] if row["source"] == WECHAT_API]
    lacking = [name for account in accounts for name in missing(account, os.environ)]
    if accounts:
        note = f"{len(accounts)} 个账号使用公众号接口" + (
            f"；缺少环境变量：{'、'.join(lacking[:10])}{'等' if len(lacking) > 10 else ''}"
            if lacking
            else "，凭证均已提供"
        )
        yield Check("公众号接口", not lacking, note)


def outbox(ledger: Ledger) -> Iterator[Check]:
    counts = ledger.delivery_counts()
    dead, queued = counts.get("dead", 0), counts.get("queued", 0)
    note = f"已发 {counts.get('sent', 0)}，待发 {queued}，无法投递 {dead}"
    if dead:
        shown = [described(each) for each in ledger.deliveries("dead")[-MOST_DEAD:]]
        more = f"（最近 {MOST_DEAD} 封）" if dead > MOST_DEAD else ""
        again = "改正后运行 xunjian deliver --again 重新发送"
        note += f"{more}：{'；'.join(shown)}；{again}"
    yield Check("投递", not dead, note)


def kept(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    """Is the evidence within its budget, and is nothing half given up?"""
    pending, budget = ledger.removals()[1], settings.keep.budget_gib
    size = bytes_in(ledger.evidence.folder)
    note = f"证据 {size / GIB:.2f} GiB" + (f"，上限 {budget:g} GiB" if budget is not None else "")
    over = budget is not None and size > budget * GIB
    if over:
        note += "：请运行 xunjian evidence prune；仍超过的，须扩大磁盘或调高 [keep] budget_gib"
    if pending:
        note += f"；{pending} 条已登记删除而文件尚未清理：请运行 xunjian evidence prune"
    if over or pending or budget is not None:
        yield Check("证据保留", not (over or pending), note)
