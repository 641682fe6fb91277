"""Exports of accounts' and mailboxes' back ends, handed in: previewed, then imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from app.letters_import import MailboxError
from app.settings import SettingsError
from app.web.guard import Guarded, doing, needs
from app.web.importing import PREPARERS, Handed, Prepared, day_of, on_a_page, prepare
from app.web.receiving import Sent, as_file, file_name, sends_file, texts
from app.web.rights import Action
from app.web.shown import render
from storage.ledger import Ledger
from storage.sheets import UploadError

router = APIRouter()
SUFFIXES = (".xlsx", ".csv", ".txt", ".tsv")
NO_FILE = "请选择 CSV 或 .xlsx 格式的导出文件。"
OTHER = "文件或台账与预览时不同，没有导入。以下为新的预览，请核对后再确认。"
DONE = {"posts": "发布记录已导入。", "letters": "来信已导入。"}


@router.get("/imports")
def imports(
    request: Request, visitor: Annotated[Guarded, needs(Action.REGISTER)], done: str = ""
) -> Response:
    """Where exports are handed in."""
    said = (True, [DONE[done]]) if done in DONE else None
    return _page(request, visitor, said)


@router.post("/imports/{kind}")
def hand_in(
    request: Request,
    visitor: Annotated[Guarded, sends_file(Action.REGISTER)],
    sent: Sent,
    kind: str,
) -> Response:
    """Preview an export; import it where it was previewed and still says the same."""
    if kind not in PREPARERS:
        raise HTTPException(404, "没有这种导入。")
    form, given = texts(sent), sent.get("file")
    name = file_name(given) if isinstance(given, UploadFile) else ""
    suffix = next((each for each in SUFFIXES if name.lower().endswith(each)), None)
    if not isinstance(given, UploadFile) or suffix is None:
        return _page(request, visitor, (False, [NO_FILE]), {kind: form})
    try:
        with as_file(given, suffix) as path:
            handed = Handed(
                kind,
                path,
                name,
                visitor.person.name,
                form.get("of", ""),
                day_of(form.get("exported_on", "")),
                "nothing" in form,
                "deleted" in form,
            )
            prepared = prepare(request.app.state.home, request.app.state.ledger, handed)
    except UploadError as error:
        lines = [f"{name}：没有导入任何内容，已有数据保持不变。", *on_a_page(error.faults)]
        return _page(request, visitor, (False, lines), {kind: form})
    except (MailboxError, SettingsError) as error:
        lines = on_a_page(str(error).splitlines())
        return _page(request, visitor, (False, lines), {kind: form})
    if form.get("seen") != prepared.digest:
        return _preview(request, visitor, kind, form, prepared)
    with doing(request, visitor, f"import.{kind}", prepared.object, prepared.summary):
        prepared.carry_out()
    return RedirectResponse(f"/imports?done={kind}", 303)


def _preview(
    request: Request, visitor: Guarded, kind: str, form: Mapping[str, str], prepared: Prepared
) -> Response:
    other = bool(form.get("seen"))
    return render(
        request,
        "imports_preview.html",
        visitor,
        status=422 if other else 200,
        kind=kind,
        form={name: form[name] for name in SAID if name in form},
        prepared=prepared,
        said=(False, [OTHER]) if other else None,
    )


SAID = ("of", "exported_on", "nothing", "deleted")


def _page(
    request: Request,
    visitor: Guarded,
    said: tuple[bool, Sequence[str]] | None,
    forms: Mapping[str, Mapping[str, str]] | None = None,
) -> Response:
    """Both forms; what was refused is filled in again, but for its file."""
    ledger: Ledger = request.app.state.ledger
    return render(
        request,
        "imports.html",
        visitor,
        status=422 if forms else 200,
        accounts=ledger.listed("account", most=2000).rows,
        mailboxes=ledger.listed("mailbox", most=2000).rows,
        forms=forms or {},
        said=said,
    )
