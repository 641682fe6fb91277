"""The inventory (登记册): read and validated whole, every fault in one message."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from storage.cells import identifier
from storage.credentials import PLAIN_ID, WECHAT_API, variable_name, variables
from storage.fields import TABLES, Field, Table

Row = Mapping[str, Any]
Inventory = Mapping[str, Sequence[Row]]
Placed = tuple[int, Row]
EXPECTED_TABLES = {table.name: f"{table.name}（{table.chinese}）" for table in TABLES}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one row: where it stands, which field, and what was expected.

    `row` counts the table's rows in TOML from 1, in Excel the lines of the sheet.
    """

    table: str
    row: int
    id: str
    field: str
    value: Any
    expected: str

    def __str__(self) -> str:
        where = f"[[{_word(self.table)}]] 第{self.row}行 id={_word(self.id) or '（缺）'}"
        return f"{where} 字段 {_word(self.field)}：{_cut(repr(self.value))}，{self.expected}"


def _word(written: str) -> str:
    return _cut(written if written.isprintable() else repr(written))


def _cut(shown: str) -> str:
    return shown if len(shown) <= 80 else shown[:77] + "..."


class InventoryError(ValueError):
    """An inventory that cannot be loaded; `faults` lists every error found."""

    def __init__(self, faults: Sequence[Fault], origin: str, detail: str = "") -> None:
        self.faults = tuple(faults)
        lines = [detail] if detail else [str(fault) for fault in self.faults]
        head = f"{origin}：登记册有 {len(lines)} 处错误，未载入，原有登记册保持不变。"
        super().__init__("\n".join([head, *lines]))


def read_toml(text: str, origin: str) -> Inventory:
    """Read and validate inventory.toml. Raises InventoryError with every fault."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise InventoryError((), origin, f"不是合法的 TOML 文件：{error}") from error
    return validate(data, origin)


def validate(
    data: Mapping[str, Any], origin: str, lines: Mapping[str, Sequence[int]] | None = None
) -> Inventory:
    """Check raw rows of every table and fill defaults. Raises InventoryError with every fault.

    `lines` says where each table's rows stand in their sheet, when that is not 1, 2, 3….
    """
    faults = [
        Fault(
            name,
            0,
            "",
            name,
            type(value).__name__,
            f"未知的表，应为 {'、'.join(EXPECTED_TABLES.values())}",
        )
        for name, value in data.items()
        if name not in EXPECTED_TABLES
    ]
    checked: dict[str, list[Placed]] = {}
    known: dict[str, set[str]] = {}
    for table in TABLES:
        rows = data.get(table.name, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            faults.append(Fault(table.name, 0, "", table.name, rows, f"应写作 [[{table.name}]]"))
            rows = []
        places = (lines or {}).get(table.name) or range(1, len(rows) + 1)
        raw = list(zip(places, rows, strict=True))
        checked[table.name] = [(n, _row(table, n, row, faults)) for n, row in raw]
        known[table.name] = _ids(table, raw, faults)
    _references(checked, known, faults)
    _together(checked, faults)
    if faults:
        raise InventoryError(faults, origin)
    return {name: [row for _, row in rows] for name, rows in checked.items()}


def _row(table: Table, place: int, raw: Mapping[str, Any], faults: list[Fault]) -> Row:
    row_id = str(raw.get("id", ""))
    known = {field.name for field in table.fields}
    faults.extend(
        Fault(
            table.name, place, row_id, name, value, f"未知的字段，应为 {'、'.join(sorted(known))}"
        )
        for name, value in raw.items()
        if name not in known
    )
    row: dict[str, Any] = {"id": row_id}
    for field in table.fields:
        value = raw.get(field.name)
        if value is None or value == "":
            row[field.name] = copy(field.default)
            if field.required:
                faults.append(Fault(table.name, place, row_id, field.name, value, "必填"))
            continue
        try:
            row[field.name] = field.read(value)
        except ValueError as error:
            faults.append(Fault(table.name, place, row_id, field.name, value, str(error)))
    return row


def _ids(table: Table, rows: Sequence[Placed], faults: list[Fault]) -> set[str]:
    """The ids of a table's rows, as references will name them; one used twice is a fault."""
    first: dict[str, int] = {}
    for place, raw in rows:
        row_id = _id(raw)
        if row_id and row_id in first:
            expected = f"编号重复，已用于第{first[row_id]}行"
            faults.append(Fault(table.name, place, row_id, "id", raw["id"], expected))
        first.setdefault(row_id, place)
    return set(first)


def _id(raw: Row) -> str:
    try:
        return identifier(raw.get("id", ""))
    except ValueError:
        return str(raw.get("id", "")).strip()


def _is_identifier(value: str) -> bool:
    try:
        return identifier(value) == value
    except ValueError:
        return False


def _references(
    checked: Mapping[str, Sequence[Placed]], known: Mapping[str, set[str]], faults: list[Fault]
) -> None:
    # A row that is itself at fault still exists: what points to it is no second error.
    for table in TABLES:
        for field in table.fields:
            if field.refers_to:
                faults.extend(
                    _dangling(table, place, row, field)
                    for place, row in checked[table.name]
                    if row.get(field.name) is not None
                    and row[field.name] not in known[field.refers_to]
                )


def _together(checked: Mapping[str, Sequence[Placed]], faults: list[Fault]) -> None:
    # A field that could not be read is absent from the row, and has been named already.
    for place, row in checked["account"]:
        if row.get("source") in ("feed", "weibo", "page") and row.get("url", "") is None:
            why = f"来源方式为 {row['source']} 时必填"
            faults.append(_missing("account", place, row, "url", why))
        if row.get("status") in ("closed", "cancelled") and row.get("closed_on", "") is None:
            why = f"状态为 {row['status']} 时必填"
            faults.append(_missing("account", place, row, "closed_on", why))
        if row.get("status") == "open" and row.get("closed_on"):
            why = "已填写关停日期（closed_on），应为 closed 或 cancelled，或留空"
            faults.append(Fault("account", place, _told_id(row), "status", row["status"], why))
    _credentials(checked["account"], faults)
    for place, row in checked["mailbox"]:
        if row.get("source") == "page" and row.get("url", "") is None:
            faults.append(
                _missing("mailbox", place, row, "url", "必填（来源方式为 export 的除外）")
            )
    leading = {row["id"] for _, row in checked["column"] if row["id"] and row.get("redirect_to")}
    for place, row in checked["column"]:
        if row.get("exempt_until") and row.get("exempt_reason", "") is None:
            why = "填写了豁免期限（exempt_until）时必填"
            faults.append(_missing("column", place, row, "exempt_reason", why))
        if row.get("redirect_to") in leading:
            # Its own id, a chain and a ring alike: there is no list at the end.
            why = "应为自有列表的栏目的 id，该栏目自身又转到别的栏目"
            to = row["redirect_to"]
            faults.append(Fault("column", place, _told_id(row), "redirect_to", to, why))


def _credentials(accounts: Sequence[Placed], faults: list[Fault]) -> None:
    """An account that is asked with credentials of its own lends its id to two variables' names."""
    first: dict[str, tuple[int, str]] = {}
    for place, row in accounts:
        account = row["id"]
        if row.get("source") != WECHAT_API or not _is_identifier(account):
            continue
        if not PLAIN_ID.fullmatch(account):
            why = f"来源方式为 {WECHAT_API} 时，应只含英文字母、数字、连字符、下划线或点"
            faults.append(Fault("account", place, account, "id", account, why))
            continue
        taken, other = first.setdefault(variable_name(account), (place, account))
        if other != account:
            why = f"与第{taken}行 {other} 共用环境变量 {variables(account)[0]}，应改用其他编号"
            faults.append(Fault("account", place, account, "id", account, why))


def _told_id(row: Row) -> str:
    """The id as a fault names it: empty where it is missing too."""
    return str(row.get("id") or "")


def _missing(table: str, place: int, row: Row, field: str, why: str) -> Fault:
    return Fault(table, place, _told_id(row), field, None, why)


def _dangling(table: Table, place: int, row: Row, field: Field) -> Fault:
    expected = f"应为已登记的 [[{field.refers_to}]] 的 id"
    return Fault(table.name, place, _told_id(row), field.name, row[field.name], expected)
