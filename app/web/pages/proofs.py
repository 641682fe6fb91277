"""The files of one finding: evidence, notices, the page that was seen. To be saved, never shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse

from app.web.course import events_of, finding_of, may_open, notices_of
from app.web.guard import Guarded, needs
from app.web.rights import Action
from storage.attachments import Kept, kept_file

router = APIRouter()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/findings/{number:int}/evidence/{place:int}")
def evidence(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    number: int,
    place: int,
) -> Response:
    """The file that was given as evidence with an event of this finding."""
    shown = list(events_of(request, visitor, finding_of(request, visitor, number)))
    if place >= len(shown) or (kept := shown[place].file) is None:
        raise HTTPException(404, "这条经过没有所附文件。")
    return _file(kept)


@router.get("/findings/{number:int}/notices/{place:int}")
def notice(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    number: int,
    place: int,
) -> Response:
    """A notice that names this finding, as it was issued."""
    finding = finding_of(request, visitor, number)
    for row in notices_of(request, finding):
        kept = kept_file(request.app.state.ledger.evidence.folder, row.document)
        if row.id == place and kept is not None:
            return _file(kept, DOCX)
    raise HTTPException(404, "没有这份文书。")


@router.get("/findings/{number:int}/page")
def page_seen(
    request: Request, visitor: Annotated[Guarded, needs(Action.SEE_OWN)], number: int
) -> Response:
    """What was seen when the fault was found, as it was received; as a file, never as a page."""
    finding, ledger = finding_of(request, visitor, number), request.app.state.ledger
    place = finding.evidence if may_open(visitor, finding) else None
    link = ledger.subjects_evidence(finding.key.subject, place) if place else None
    if link is None:
        raise HTTPException(404, "这个问题没有所存的页面。")
    try:
        body = ledger.evidence.capture(link).body
    except (OSError, ValueError) as error:
        raise HTTPException(404, f"所存的页面无法读取：{error}") from error
    named = f'attachment; filename="finding-{number}.txt"'
    return Response(body, 200, {"Content-Disposition": named}, "application/octet-stream")


def _file(kept: Kept, kind: str = "application/octet-stream") -> Response:
    """A kept copy, to be saved: no browser shows it as a page of ours."""
    if not kept.path.is_file():
        raise HTTPException(404, "文件已不在证据目录中，请与运维人员联系。")
    return FileResponse(kept.path, media_type=kind, filename=kept.original)
