"""The pages that were kept of one look: by the look's number, and only below its own subject."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from app.web import kept
from app.web.guard import Guarded, needs
from app.web.rights import Action
from app.web.shown import FOLDERS, render, see, snapshot_of
from app.web.subject import visit_line, whole
from checks.facts import Visit
from checks.subjects import Subject
from storage.evidence import Capture, Link
from storage.ledger import Ledger

router = APIRouter()
VIEWS = {"text": "文字", "source": "源代码", "page": "原样（隔离）"}
KINDS = {folder: kind for kind, folder in FOLDERS.items()}
PATH = "/{folder}/{name}/visits/{visit}"


@router.get(PATH)
def evidence(
    request: Request,
    folder: str,
    name: str,
    visit: str,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    page: str = "",
    view: str = "",
) -> Response:
    """One look, and one of the answers that it rests on: as text, unless asked for otherwise."""
    subject, look = _look(request, visitor, folder, name, visit)
    ledger: Ledger = request.app.state.ledger
    links = ledger.evidence_of(look.id)
    number = min(whole(page) or 1, max(1, len(links)))
    capture, fault = _capture(ledger, links[number - 1]) if links else (None, None)
    form = kept.form_of(capture) if capture is not None else None
    views = VIEWS if form is kept.Form.PAGE else {}
    shown = None
    if capture is not None and form in (kept.Form.PAGE, kept.Form.WORDS) and view != "page":
        shown = kept.source_of(capture) if view == "source" else kept.text_of(capture)
    return render(
        request,
        "evidence.html",
        visitor,
        subject=subject,
        look=visit_line(look),
        links=links,
        number=number,
        fault=fault,
        form=form,
        views=views,
        view=view if view in views else "text",
        shown=shown,
    )


@router.get(PATH + "/pages/{page}")
def kept_page(
    request: Request,
    folder: str,
    name: str,
    visit: str,
    page: str,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
) -> Response:
    """A kept answer as it is, behind headers under which nothing runs and nothing is fetched."""
    _, look = _look(request, visitor, folder, name, visit)
    if request.headers.get("sec-fetch-dest") == "document":
        # A frame of ours holds it; in a window of its own a person may take it for the live page.
        return RedirectResponse(request.url.path.rpartition("/pages/")[0], status_code=303)
    ledger: Ledger = request.app.state.ledger
    links, number = ledger.evidence_of(look.id), whole(page) or 0
    if not 1 <= number <= len(links):
        raise HTTPException(404, "该次查看没有留存这一页。")
    capture, fault = _capture(ledger, links[number - 1])
    if capture is None:
        raise HTTPException(404, fault)
    body, kind = kept.page_of(capture)
    answer = Response(body, media_type=kind, headers=kept.HEADERS)
    if kept.form_of(capture) in (kept.Form.WORDS, kept.Form.FILE):
        answer.headers["Content-Disposition"] = f'attachment; filename="evidence-{look.id}.bin"'
    return answer


def _look(
    request: Request, visitor: Guarded, folder: str, name: str, visit: str
) -> tuple[Subject, Visit]:
    """The look of this number, where it is a look at this subject. Raises HTTPException (404)."""
    kind, number = KINDS.get(folder), whole(visit)
    subject = snapshot_of(request).day.subjects.get(f"{kind}:{name}")
    if subject is None or number is None:
        raise HTTPException(404, "没有这次查看。")
    see(visitor, subject.unit)
    look: Visit | None = request.app.state.ledger.visit(number)
    if look is None or look.subject != subject.key:
        raise HTTPException(404, "没有这次查看，或者它看的不是这个对象。")
    return subject, look


def _capture(ledger: Ledger, link: Link) -> tuple[Capture | None, str | None]:
    """The answer, or in words why it cannot be shown."""
    try:
        return ledger.evidence.capture(link), None
    except (OSError, ValueError) as error:
        why = "文件无法读取" if isinstance(error, OSError) else str(error)
        return None, f"留存的页面不能显示：{why}"
