"""A draft register as a person gets it: inventory.toml with comments, a table, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.show import Sheet
from crawler.readers.discovery.draft import Draft, DraftAccount, DraftRow
from storage.inventory import read_toml

UNIT = "todo"
_PLATFORM_NOTE = "页面只显示了名称或二维码；可自动查看的订阅地址请核实后填写，并相应修改 source"
_HEAD = """\
# 由 xunjian discover 从 {home} 生成的登记册草稿。
# 看了 {pages} 个页面，见到 {seen} 个。
# 栏目 {columns} 个，信箱 {mailboxes} 个，新媒体账号 {accounts} 个。
# 每行上方注明最近日期、条数、读取方式、把握（高、中、低）和依据；请逐行核对类别，删去不应
# 监测的，并把责任单位 {unit} 改为实际单位，再运行：xunjian inventory validate
"""


def draft_toml(draft: Draft) -> str:
    """The draft as inventory.toml, valid as it stands. Raises InventoryError if it is not."""
    text = "".join(_pieces(draft))
    read_toml(text, "草稿")
    return text


def draft_json(draft: Draft) -> dict[str, Any]:
    """The draft as `--format json` prints it."""
    columns = [{"class": row.column_class, **_shown(row)} for row in draft.columns]
    return {
        "pages": draft.pages,
        "seen": draft.seen,
        "cut": draft.cut or None,
        "sites": [_site(draft, place) for place in range(len(draft.sites))],
        "columns": columns,
        "mailboxes": [_shown(row) for row in draft.mailboxes],
        "accounts": [_account(account) for account in draft.accounts],
        "unlisted": [
            {"name": _line(each.name), "url": _line(each.url), "why": _line(each.why)}
            for each in draft.unlisted
        ],
    }


def draft_sheet(draft: Draft) -> Sheet:
    """The draft's columns and mailboxes as a table."""
    rows = [{"kind": "栏目", "class": row.column_class, **_shown(row)} for row in draft.columns]
    rows += [{"kind": "信箱", "class": "", **_shown(row)} for row in draft.mailboxes]
    heads = {
        "kind": "类型",
        "id": "编号",
        "name": "名称",
        "class": "类别",
        "confidence": "把握",
        "newest": "最近日期",
        "rows": "条数",
        "reader": "读取方式",
        "url": "网址",
    }
    return Sheet(draft_json(draft), rows, heads, {})


def _pieces(draft: Draft) -> Iterator[str]:
    yield _HEAD.format(
        home=_line(draft.sites[0].home),
        pages=draft.pages,
        seen=draft.seen,
        columns=len(draft.columns),
        mailboxes=len(draft.mailboxes),
        accounts=len(draft.accounts),
        unit=UNIT,
    )
    if draft.cut:
        yield f"# {draft.cut}，后面的页面没有看；可用 --max-pages 调整。\n"
    yield _table("unit", {"id": UNIT, "name": "（待填写）责任单位", "kind": "other"})
    for place in range(len(draft.sites)):
        yield _table("site", _site(draft, place))
    for row in draft.columns:
        yield _table("column", {**_fields(row), "class": row.column_class}, _comment(row))
    for row in draft.mailboxes:
        yield _table("mailbox", _fields(row), _comment(row))
    for account in draft.accounts:
        yield _table("account", _account(account), _PLATFORM_NOTE)
    if draft.unlisted:
        yield "\n# 以下页面由导航链接到，但未能查看，没有列入；请人工核对：\n"
    for each in draft.unlisted:
        yield f"# {_line(each.name)} {_line(each.url)}（{_line(each.why)}）\n"


def _site(draft: Draft, place: int) -> dict[str, Any]:
    site = draft.sites[place]
    row = {"id": site.id, "name": _line(site.name), "home": site.home, "unit": UNIT}
    code = {"code": site.code} if site.code else {}
    return {**row, **code, "portal": place == 0}


def _fields(row: DraftRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "site": row.site,
        "name": _line(row.name),
        "url": row.url,
        "unit": UNIT,
    }


def _shown(row: DraftRow) -> dict[str, Any]:
    return {
        **_fields(row),
        "confidence": row.sure,
        "newest": row.newest,
        "rows": row.rows,
        "reader": row.reader or None,
        "outcome": row.outcome,
        "why": _line(row.why),
    }


def _account(account: DraftAccount) -> dict[str, Any]:
    row = {
        "id": account.id,
        "platform": account.platform,
        "name": _line(account.name),
        "unit": UNIT,
        "source": "manual",
    }
    return {**row, "url": account.url} if account.url else row


def _comment(row: DraftRow) -> str:
    newest = row.newest or "无"
    reader = row.reader or "无"
    seen = f"把握：{row.sure}；最近日期 {newest}；{row.rows} 条；读取方式 {reader}"
    return f"{seen}；{_line(row.why)}"


def _table(kind: str, row: Mapping[str, Any], comment: str = "") -> str:
    above = f"# {comment}\n" if comment else ""
    fields = "".join(f"{name} = {_toml(value)}\n" for name, value in row.items())
    return f"\n{above}[[{kind}]]\n{fields}"


def _toml(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # Without control marks a JSON string is a TOML basic string.
    return json.dumps(_line(value), ensure_ascii=False)


def _line(text: str) -> str:
    """Words from a page as one line that a comment and a table cell can hold."""
    return "".join(char if char.isprintable() else " " for char in text).strip()
