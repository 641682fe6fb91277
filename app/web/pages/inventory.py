"""The register: looked through, taken home as a file, and one row of it changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.register_file import inventory_toml
from app.web.drafts import FOLDER, Draft, Drafts, wanted
from app.web.filed import Filed
from app.web.guard import Guarded, needs
from app.web.receiving import Sent, sends_form, texts
from app.web.register_form import Checked, checked, form_fields, values_of
from app.web.register_words import told
from app.web.rights import Action
from app.web.shown import render
from storage.clock import now
from storage.fields import TABLES, Table
from storage.inventory import InventoryError, Row
from storage.ledger import Ledger, fingerprint
from storage.register import write_xlsx

router = APIRouter()
BY_NAME = {table.name: table for table in TABLES}
PAGE = 100
MOST_SITES = 2000
SHOWN = {
    "unit": ("id", "name", "kind", "emails"),
    "site": ("id", "name", "unit", "home", "code", "portal"),
    "column": ("id", "name", "site", "unit", "class", "url", "cycle", "exempt_until"),
    "mailbox": ("id", "name", "site", "unit", "source", "url", "limit"),
    "account": ("id", "name", "platform", "unit", "source", "status"),
}
DONE = {
    "applied": "变更已经生效。以往的登记内容仍然保留，可供追溯。",
    "dropped": "草稿已放弃，登记册没有改动。",
}
UNCHANGED = "没有改动任何内容。"
MOVED = (
    "您打开此页之后，这一行已被他人改动。您填写的内容仍在表单中；"
    "与现行内容不同的各项已注明，请核对后再提交。"
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Word = Annotated[str, Query(max_length=64)]


@router.get("/inventory")
def inventory(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_ALL)],
    table: Word = "column",
    unit: Word = "",
    words: Word = "",
    page: Annotated[str, Query(max_length=8)] = "1",
    done: Word = "",
) -> Response:
    """One table of the register in force, a page at a time."""
    ledger: Ledger = request.app.state.ledger
    chosen = BY_NAME.get(table, BY_NAME["column"])
    at = int(page) if page.isdecimal() and page.isascii() and int(page) else 1
    listed = ledger.listed(chosen.name, unit, words.strip(), (at - 1) * PAGE, PAGE)
    units = {row["id"]: row["name"] for row in ledger.units()}
    sites = {row["id"]: row["name"] for row in sites_of(ledger)}
    filed: Filed = request.app.state.filed
    asked = {"table": chosen.name, "unit": unit, "words": words}
    return render(
        request,
        "inventory.html",
        visitor,
        tables=TABLES,
        counts=ledger.register_counts(),
        table=chosen,
        heads=[field for field in chosen.fields if field.name in SHOWN[chosen.name]],
        rows=listed.rows,
        count=listed.count,
        page=at,
        pages=max(1, -(-listed.count // PAGE)),
        link=lambda number: "/inventory?" + urlencode({**asked, "page": number}),
        unit=unit,
        words=words,
        units=units,
        names={"unit": units, "site": sites},
        told=told,
        filed=filed.words(),
        said=(True, [DONE[done]]) if done in DONE else None,
    )


@router.get("/inventory.xlsx")
def workbook(request: Request, _: Annotated[Guarded, needs(Action.SEE_ALL)]) -> Response:
    """The register in force as the workbook that `xunjian inventory export-xlsx` writes."""
    with TemporaryDirectory(prefix="xunjian-") as folder:
        path = Path(folder) / "register.xlsx"
        write_xlsx(request.app.state.ledger.inventory(), path)
        return attachment(path.read_bytes(), "登记册.xlsx", XLSX)


@router.get("/inventory.toml")
def text(request: Request, _: Annotated[Guarded, needs(Action.SEE_ALL)]) -> Response:
    """The register in force as the file that the home directory holds."""
    body = inventory_toml(request.app.state.ledger.inventory()).encode()
    return attachment(body, "inventory.toml", "application/toml")


@router.get("/inventory/add/{table}")
def adding(
    request: Request, visitor: Annotated[Guarded, needs(Action.REGISTER)], table: str
) -> Response:
    """The empty form of a row."""
    chosen = table_of(table)
    return _form(request, visitor, chosen, None, values_of(chosen, None))


@router.post("/inventory/add/{table}")
def add(
    request: Request,
    visitor: Annotated[Guarded, sends_form(Action.REGISTER)],
    sent: Sent,
    table: str,
) -> Response:
    """A row that is to be added becomes a draft."""
    chosen, values = table_of(table), texts(sent)
    looked = checked(request.app.state.ledger.inventory(), chosen, values, new=True)
    if looked.row is None:
        return _form(request, visitor, chosen, None, values, looked)
    return drafted(request, visitor, chosen, looked.row["id"], looked.row, "网页新增")


@router.get("/inventory/{table}/{row_id}")
def editing(
    request: Request, visitor: Annotated[Guarded, needs(Action.REGISTER)], table: str, row_id: str
) -> Response:
    """Every field of one row, to be changed."""
    chosen = table_of(table)
    row = _row_of(request, chosen, row_id)
    return _form(request, visitor, chosen, row, values_of(chosen, row))


@router.post("/inventory/{table}/{row_id}")
def edit(
    request: Request,
    visitor: Annotated[Guarded, sends_form(Action.REGISTER)],
    sent: Sent,
    table: str,
    row_id: str,
) -> Response:
    """What is to be changed of a row becomes a draft; refused where the row is another by now."""
    chosen = table_of(table)
    row = _row_of(request, chosen, row_id)
    values = {**texts(sent), "id": row_id}
    if values.get("base") != _mark(row):
        looked = Checked(None, {}, [MOVED])
        return _form(request, visitor, chosen, row, values, looked, other=row)
    looked = checked(request.app.state.ledger.inventory(), chosen, values)
    if looked.row is None:
        return _form(request, visitor, chosen, row, values, looked)
    if looked.row == row:
        looked = Checked(None, {}, [UNCHANGED])
        return _form(request, visitor, chosen, row, values, looked)
    return drafted(request, visitor, chosen, row_id, looked.row, "网页编辑")


@router.post("/inventory/{table}/{row_id}/end")
def end(
    request: Request,
    visitor: Annotated[Guarded, sends_form(Action.REGISTER)],
    table: str,
    row_id: str,
) -> Response:
    """A row that is to be taken out becomes a draft; refused while other rows name it."""
    chosen = table_of(table)
    row = _row_of(request, chosen, row_id)
    draft = Draft(visitor.person.login, "网页停用", table=chosen.name, id=row_id)
    try:
        wanted(draft, request.app.state.ledger.inventory())
    except InventoryError as error:
        looked = Checked(None, {}, [str(fault) for fault in error.faults])
        return _form(request, visitor, chosen, row, values_of(chosen, row), looked)
    return drafted(request, visitor, chosen, row_id, None, "网页停用")


def drafted(
    request: Request, visitor: Guarded, table: Table, row_id: str, row: Row | None, source: str
) -> Response:
    """Keep it, and show what it would change."""
    draft = Draft(visitor.person.login, source, table=table.name, id=row_id, row=row)
    key = drafts_of(request).keep(draft, now())
    return RedirectResponse(f"/inventory/drafts/{key}", status_code=303)


def drafts_of(request: Request) -> Drafts:
    """The drafts of this home."""
    return Drafts(request.app.state.home.path(FOLDER))


def table_of(name: str) -> Table:
    """The table of this name. Raises HTTPException (404)."""
    if name not in BY_NAME:
        raise HTTPException(404, "登记册中没有这类对象。")
    return BY_NAME[name]


def sites_of(ledger: Ledger) -> Sequence[Row]:
    """The sites that a row may stand under, and that names are told of."""
    return ledger.listed("site", most=MOST_SITES).rows


def attachment(body: bytes, name: str, media: str) -> Response:
    """A file to be kept, never shown by the browser."""
    told_name = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=media, headers={"Content-Disposition": told_name})


def _row_of(request: Request, table: Table, row_id: str) -> Row:
    ledger: Ledger = request.app.state.ledger
    row = ledger.registered_row(table.name, row_id)
    if row is None:
        raise HTTPException(404, f"现行登记册中没有这个{table.chinese}，可能已经停用。")
    return row


def _mark(row: Row) -> str:
    return fingerprint({"row": [row]})


def _form(
    request: Request,
    visitor: Guarded,
    table: Table,
    row: Row | None,
    values: dict[str, str],
    looked: Checked | None = None,
    other: Row | None = None,
) -> Response:
    """The form; with status 422 where something is wrong with what it holds."""
    ledger: Ledger = request.app.state.ledger
    faults = looked.faults if looked is not None else {}
    lines = list(looked.others) if looked is not None else []
    if faults:
        lines.insert(0, f"有 {sum(map(len, faults.values()))} 处填写有误，已在各项下注明。")
    return render(
        request,
        "inventory_row.html",
        visitor,
        status=422 if lines else 200,
        table=table,
        row=row,
        base=_mark(row) if row is not None else "",
        fields=form_fields(table, values, faults, other),
        referred={
            "unit": [(each["id"], each["name"]) for each in ledger.units()],
            "site": [(each["id"], each["name"]) for each in sites_of(ledger)],
        },
        said=(False, lines) if lines else None,
    )
