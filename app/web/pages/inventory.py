"""The register: looked through, taken home as a file, and one row of it changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response

from app.register_file import inventory_toml
from app.web.drafts import FOLDER, Drafts
from app.web.filed import Filed
from app.web.guard import Guarded, needs
from app.web.register_words import told
from app.web.rights import Action
from app.web.shown import render
from storage.fields import TABLES
from storage.inventory import Row
from storage.ledger import Ledger
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


def drafts_of(request: Request) -> Drafts:
    """The drafts of this home."""
    return Drafts(request.app.state.home.path(FOLDER))


def sites_of(ledger: Ledger) -> Sequence[Row]:
    """The sites that a row may stand under, and that names are told of."""
    return ledger.listed("site", most=MOST_SITES).rows


def attachment(body: bytes, name: str, media: str) -> Response:
    """A file to be kept, never shown by the browser."""
    told_name = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=media, headers={"Content-Disposition": told_name})
