"""`xunjian inventory …`: the register, checked, loaded, exchanged with Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.base import home, opened, say


def inventory_validate(
    file: Annotated[Path | None, typer.Argument(help="默认为数据目录中的 inventory.toml。")] = None,
) -> None:
    """校验登记册，一次列出全部错误；不改动已载入的登记册。"""
    inventory = _read_inventory(file or home().path("inventory.toml"))
    say("登记册无误：" + _counts(inventory))


def inventory_load(
    file: Annotated[Path | None, typer.Argument(help="默认为数据目录中的 inventory.toml。")] = None,
) -> None:
    """载入 inventory.toml；历史从不删除，变更自此刻起生效。"""
    _load(file or home().path("inventory.toml"))


def inventory_import(file: Path) -> None:
    """载入 Excel 登记册。"""
    _load(file)


def inventory_export(file: Path) -> None:
    """把现行登记册导出为 Excel。"""
    from storage.register import write_xlsx

    with opened() as (_, _, ledger):
        write_xlsx(ledger.inventory(), file)
    say(f"已导出 {file}")


def _read_inventory(path: Path) -> Any:
    from storage.bounded import MOST_BYTES, TOO_MUCH, within_memory
    from storage.inventory import InventoryError, read_toml
    from storage.register import read_xlsx

    if not path.is_file():
        raise InventoryError((), str(path), "文件不存在")
    if path.stat().st_size > MOST_BYTES:
        why = f"文件超过 {MOST_BYTES // 2**20} MB，登记册不会这样大，请核对是否选错了文件"
        raise InventoryError((), str(path), why)
    if path.suffix.lower() == ".xlsx":
        return read_xlsx(path)
    try:
        with within_memory():
            return read_toml(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise InventoryError((), str(path), f"不是 UTF-8 编码：{error}") from error
    except MemoryError:
        raise InventoryError((), str(path), TOO_MUCH) from None


def _load(path: Path) -> None:
    from storage.clock import now

    inventory = _read_inventory(path)
    with opened() as (_, _, ledger):
        counts = ledger.load_inventory(inventory, now())
    say(
        f"已载入 {path}：{_counts(inventory)}。新增 {counts.added}，变更 {counts.changed}，"
        f"停用 {counts.ended}，未变 {counts.same}。"
    )


def _counts(inventory: Any) -> str:
    names = {"unit": "单位", "site": "网站", "column": "栏目", "mailbox": "信箱", "account": "账号"}
    return "，".join(f"{word} {len(inventory[name])}" for name, word in names.items())
