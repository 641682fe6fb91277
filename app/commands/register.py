"""`xunjian inventory …`: the register, checked, loaded, exchanged with Excel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.base import home, opened, say

if TYPE_CHECKING:
    from storage.inventory import Inventory
    from storage.ledger import Ledger


Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="登记册最近在网页上改动过的，仍以文件为准。")
]


def inventory_validate(
    file: Annotated[Path | None, typer.Argument(help="默认为数据目录中的 inventory.toml。")] = None,
) -> None:
    """校验登记册，一次列出全部错误；不改动已载入的登记册。"""
    from app.register_file import read_inventory

    inventory = read_inventory(file or home().path("inventory.toml"))
    say("登记册无误：" + _counts(inventory))


def inventory_load(
    file: Annotated[Path | None, typer.Argument(help="默认为数据目录中的 inventory.toml。")] = None,
    overwrite: Overwrite = False,
) -> None:
    """载入 inventory.toml；历史从不删除，变更自此刻起生效。"""
    _load(file or home().path("inventory.toml"), overwrite)


def inventory_import(file: Path, overwrite: Overwrite = False) -> None:
    """载入 Excel 登记册。"""
    _load(file, overwrite)


def inventory_export(file: Path) -> None:
    """把现行登记册导出为 Excel。"""
    from storage.register import write_xlsx

    with opened() as (_, _, ledger):
        write_xlsx(ledger.inventory(), file)
    say(f"已导出 {file}")


def _load(path: Path, overwrite: bool) -> None:
    from app.register_file import read_inventory
    from storage.clock import now

    inventory = read_inventory(path)
    with opened() as (_, _, ledger):
        if not overwrite:
            _leave_what_pages_did(ledger, path, inventory)
        counts = ledger.load_inventory(inventory, now())
    say(
        f"已载入 {path}：{_counts(inventory)}。新增 {counts.added}，变更 {counts.changed}，"
        f"停用 {counts.ended}，未变 {counts.same}。"
    )


def _leave_what_pages_did(ledger: Ledger, path: Path, inventory: Inventory) -> None:
    """An older file must not take back in silence what was changed on the pages since."""
    from app.register_changes import changed_on_pages, compare
    from app.settings import SettingsError
    from checks.freshness import SHANGHAI

    act = changed_on_pages(ledger)
    changes = compare(ledger.inventory(), inventory)
    if act is None or not changes.any:
        return
    raise SettingsError(
        f"登记册最近由 {act.login} 于 {act.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 在网页上改动"
        f"（{act.note}）。按 {path} 载入将{changes}，网页上的改动可能因此失效，故未载入。"
        "请先从网页“登记册”下载现行内容，合并后再载入；确认以文件为准的，加 --overwrite。"
    )


def _counts(inventory: Inventory) -> str:
    names = {"unit": "单位", "site": "网站", "column": "栏目", "mailbox": "信箱", "account": "账号"}
    return "，".join(f"{word} {len(inventory[name])}" for name, word in names.items())
