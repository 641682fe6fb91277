"""The register as a file: read from TOML or Excel, written as TOML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from storage.bounded import MOST_BYTES, TOO_MUCH, within_memory
from storage.fields import TABLES
from storage.inventory import Inventory, InventoryError, read_toml
from storage.register import read_xlsx

_HEAD = "# 登记册：由系统导出的现行内容，可替换数据目录中的 inventory.toml。\n"


def read_inventory(path: Path, origin: str | None = None) -> Inventory:
    """Read and validate a register file, called `origin` in words. Raises InventoryError.

    A stranger's file is read in a process of its own: see `app.apart`.
    """
    told = origin or str(path)
    if not path.is_file():
        raise InventoryError((), told, "文件不存在")
    if path.stat().st_size > MOST_BYTES:
        why = f"文件超过 {MOST_BYTES // 2**20} MB，登记册不会这样大，请核对是否选错了文件"
        raise InventoryError((), told, why)
    if path.suffix.lower() == ".xlsx":
        return read_xlsx(path)
    try:
        with within_memory():
            return read_toml(path.read_text(encoding="utf-8-sig"), told)
    except UnicodeDecodeError as error:
        raise InventoryError((), told, f"不是 UTF-8 编码：{error}") from error
    except MemoryError:
        raise InventoryError((), told, TOO_MUCH) from None


def inventory_toml(inventory: Inventory) -> str:
    """The register as inventory.toml; what is empty is left out, so it reads back as the same."""
    return "".join([_HEAD, *_pieces(inventory)])


def _pieces(inventory: Inventory) -> Iterator[str]:
    for table in TABLES:
        for row in inventory[table.name]:
            yield f"\n[[{table.name}]]\n"
            for field in table.fields:
                if row[field.name] not in (None, [], field.default):
                    yield f"{field.name} = {_written(row[field.name])}\n"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, date | int):
        return str(value)
    # JSON writes a text as TOML does, but for one character that TOML wants written out.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
