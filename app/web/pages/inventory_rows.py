"""One row of the register: its form, and what was typed into it made a draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from app.web.drafts import Draft, wanted
from app.web.guard import Guarded, needs
from app.web.pages.inventory import BY_NAME, drafts_of, sites_of
from app.web.receiving import Sent, sends_form, texts
from app.web.register_form import Checked, checked, form_fields, values_of
from app.web.rights import Action
from app.web.shown import render
from storage.clock import now
from storage.fields import Table
from storage.inventory import InventoryError, Row
from storage.ledger import Ledger, fingerprint

router = APIRouter()
UNCHANGED = "没有改动任何内容。"
MOVED = (
    "您打开此页之后，这一行已被他人改动。您填写的内容仍在表单中；"
    "与现行内容不同的各项已注明，请核对后再提交。"
)


@router.get("/inventory/add/{table}")
def adding(
    request: Request, visitor: Annotated[Guarded, needs(Action.REGISTER)], table: str
) -> Response:
    """The empty form of a row."""
    chosen = _table_of(table)
    return _form(request, visitor, chosen, None, values_of(chosen, None))


@router.post("/inventory/add/{table}")
def add(
    request: Request,
    visitor: Annotated[Guarded, sends_form(Action.REGISTER)],
    sent: Sent,
    table: str,
) -> Response:
    """A row that is to be added becomes a draft."""
    chosen, values = _table_of(table), texts(sent)
    looked = checked(request.app.state.ledger.inventory(), chosen, values, new=True)
    if looked.row is None:
        return _form(request, visitor, chosen, None, values, looked)
    return _drafted(request, visitor, chosen, looked.row["id"], looked.row, "网页新增")


@router.get("/inventory/{table}/{row_id}")
def editing(
    request: Request, visitor: Annotated[Guarded, needs(Action.REGISTER)], table: str, row_id: str
) -> Response:
    """Every field of one row, to be changed."""
    chosen = _table_of(table)
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
    chosen = _table_of(table)
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
    return _drafted(request, visitor, chosen, row_id, looked.row, "网页编辑")


@router.post("/inventory/{table}/{row_id}/end")
def end(
    request: Request,
    visitor: Annotated[Guarded, sends_form(Action.REGISTER)],
    table: str,
    row_id: str,
) -> Response:
    """A row that is to be taken out becomes a draft; refused while other rows name it."""
    chosen = _table_of(table)
    row = _row_of(request, chosen, row_id)
    draft = Draft(visitor.person.login, "网页停用", table=chosen.name, id=row_id)
    try:
        wanted(draft, request.app.state.ledger.inventory())
    except InventoryError as error:
        looked = Checked(None, {}, [str(fault) for fault in error.faults])
        return _form(request, visitor, chosen, row, values_of(chosen, row), looked)
    return _drafted(request, visitor, chosen, row_id, None, "网页停用")


def _drafted(
    request: Request, visitor: Guarded, table: Table, row_id: str, row: Row | None, source: str
) -> Response:
    """Keep it, and show what it would change."""
    draft = Draft(visitor.person.login, source, table=table.name, id=row_id, row=row)
    key = drafts_of(request).keep(draft, now())
    return RedirectResponse(f"/inventory/drafts/{key}", status_code=303)


def _table_of(name: str) -> Table:
    """The table of this name. Raises HTTPException (404)."""
    if name not in BY_NAME:
        raise HTTPException(404, "登记册中没有这类对象。")
    return BY_NAME[name]


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
