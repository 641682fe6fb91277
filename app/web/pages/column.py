"""The page of one column: how it stands, when it was updated, what was seen of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response

from app.web.guard import Guarded, needs
from app.web.rights import Action
from app.web.shown import own_unit, render, see, snapshot_of
from app.web.subject import about, page_number
from checks.subjects import SubjectKind

router = APIRouter()


@router.get("/columns/{name}")
def column(
    request: Request,
    name: str,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    visits: str = "",
    items: str = "",
) -> Response:
    """One column. Looks and items come by stretches, each with its own number in the address."""
    day = snapshot_of(request).day
    subject = day.subjects.get(f"{SubjectKind.COLUMN}:{name}")
    if subject is None:
        raise HTTPException(404, "登记册中没有这个栏目。")
    see(visitor, subject.unit)
    site = day.subjects.get(f"{SubjectKind.SITE}:{subject.site}")
    told = about(
        request.app.state.ledger,
        day,
        subject,
        own_unit(visitor),
        page_number(visits),
        page_number(items),
    )
    return render(request, "column.html", visitor, about=told, site=site.name if site else "")
