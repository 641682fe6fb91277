"""Changes of the register before they are made: a file handed in, a draft shown and applied."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from app.apart import ApartError, read_register
from app.register_changes import ON_PAGES, Changes, compare
from app.web.drafts import Draft, wanted
from app.web.guard import Guarded, doing, needs
from app.web.pages.inventory import drafts_of
from app.web.receiving import Sent, as_file, file_name, sends_file, sends_form, texts
from app.web.register_words import told
from app.web.rights import Action
from app.web.shown import render
from storage.clock import now
from storage.inventory import InventoryError
from storage.ledger import Ledger, RegisterChangedError, fingerprint

router = APIRouter()
SUFFIXES = (".xlsx", ".toml")
MOST_SHOWN = 200
MOST_NOTE = 500
NO_FILE = "请选择 .xlsx 或 .toml 格式的登记册文件。"
CHANGED = (
    "预览之后登记册又有改动，本次没有生效。草稿仍然保留，"
    "以下已按现行登记册重新对照，请核对后再确认。"
)
NOTHING = "与现行登记册相同，没有需要生效的变更。"


@router.get("/inventory/upload")
def uploading(request: Request, visitor: Annotated[Guarded, needs(Action.REGISTER)]) -> Response:
    """Where a register file is handed in."""
    return render(request, "inventory_upload.html", visitor, said=None)


@router.post("/inventory/upload")
def upload(
    request: Request, visitor: Annotated[Guarded, sends_file(Action.REGISTER)], sent: Sent
) -> Response:
    """A register file becomes a draft; it is read in a process of its own."""
    given = sent.get("file")
    name = file_name(given) if isinstance(given, UploadFile) else ""
    suffix = next((each for each in SUFFIXES if name.lower().endswith(each)), None)
    if not isinstance(given, UploadFile) or suffix is None:
        return _refused(request, visitor, [NO_FILE])
    try:
        with as_file(given, suffix) as path:
            whole = read_register(path)
    except ApartError as error:
        head = f"{name}：有 {len(error.faults)} 处错误，未载入，原有登记册保持不变。"
        return _refused(request, visitor, [head, *error.faults])
    draft = Draft(visitor.person.login, f"文件 {name}", whole=whole)
    return RedirectResponse(f"/inventory/drafts/{drafts_of(request).keep(draft, now())}", 303)


@router.get("/inventory/drafts/{key}")
def preview(
    request: Request, visitor: Annotated[Guarded, needs(Action.REGISTER)], key: str
) -> Response:
    """What the draft would change of the register in force."""
    return _preview(request, visitor, key, _draft(request, visitor, key))


@router.post("/inventory/drafts/{key}")
def apply(
    request: Request,
    visitor: Annotated[Guarded, sends_form(Action.REGISTER)],
    sent: Sent,
    key: str,
) -> Response:
    """Put the draft in force, if it changes what its preview said it would."""
    ledger: Ledger = request.app.state.ledger
    draft, form = _draft(request, visitor, key), texts(sent)
    current = ledger.inventory()
    if form.get("over") != fingerprint(current):
        return _preview(request, visitor, key, draft, CHANGED)
    try:
        new = wanted(draft, current)
        changes = compare(current, new)
        if not changes.any:
            return _preview(request, visitor, key, draft, NOTHING)
        if changes.drained and form.get("confirm", "").strip() != str(len(changes.ended)):
            return _preview(request, visitor, key, draft, _typed(changes))
        present = now()  # before the act's own: a later change is then a command's
        with doing(request, visitor, ON_PAGES, draft.object, _note(draft, changes)):
            ledger.load_inventory(new, present, over=form["over"])
    except RegisterChangedError:
        return _preview(request, visitor, key, draft, CHANGED)
    except InventoryError as error:
        return _preview(request, visitor, key, draft, *str(error).splitlines())
    drafts_of(request).drop(key)
    return RedirectResponse(f"/inventory?table={draft.table or 'column'}&done=applied", 303)


@router.post("/inventory/drafts/{key}/drop")
def drop(
    request: Request, visitor: Annotated[Guarded, sends_form(Action.REGISTER)], key: str
) -> Response:
    """Give the draft up."""
    draft = _draft(request, visitor, key)
    drafts_of(request).drop(key)
    return RedirectResponse(f"/inventory?table={draft.table or 'column'}&done=dropped", 303)


def _draft(request: Request, visitor: Guarded, key: str) -> Draft:
    draft = drafts_of(request).find(key, visitor.person.login)
    if draft is None:
        raise HTTPException(404, "没有这份草稿：可能已经生效、已经放弃，或者不是您的。")
    return draft


def _preview(request: Request, visitor: Guarded, key: str, draft: Draft, *lines: str) -> Response:
    """The draft against the register in force; with status 422 where it was refused."""
    ledger: Ledger = request.app.state.ledger
    current = ledger.inventory()
    try:
        changes = compare(current, wanted(draft, current))
    except InventoryError as error:
        changes, lines = compare(current, current), (*lines, *str(error).splitlines())
    said = tuple(dict.fromkeys(lines))
    return render(
        request,
        "inventory_draft.html",
        visitor,
        status=422 if said else 200,
        draft=draft,
        key=key,
        changes=changes,
        over=fingerprint(current),
        told=told,
        most=MOST_SHOWN,
        said=(False, said) if said else None,
    )


def _refused(request: Request, visitor: Guarded, lines: list[str]) -> Response:
    return render(request, "inventory_upload.html", visitor, status=422, said=(False, lines))


def _typed(changes: Changes) -> str:
    return f"停用的较多，没有生效。确认无误的，请输入停用的总数 {len(changes.ended)}。"


def _note(draft: Draft, changes: Changes) -> str:
    """What the audit keeps: how much changed, from what; of one row each field."""
    fields = [each for row in changes.changed for each in row.fields] if draft.table else []
    table = next((row.table for row in changes.changed), None)
    each = (
        f"{one.field.chinese} {told(table, one.field, one.before)} → "
        f"{told(table, one.field, one.after)}"
        for one in fields
        if table is not None
    )
    return "；".join([f"{draft.source}：{changes}", *each])[:MOST_NOTE]
