"""What was found, and its course: `xunjian findings`, `xunjian findings show`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request, Response

from app.course import course_json
from app.views import findings_sheet
from app.web.api.answers import answer, router
from app.web.api.days import day_for
from app.web.api.guard import asks, unit_for
from app.web.api.parameters import (
    USUAL,
    AsOf,
    Id,
    Limit,
    Offset,
    PageHeader,
    Unit,
    next_page,
)
from app.web.api.shapes.findings import FindingDocument, Findings
from app.web.guard import Guarded
from app.web.rights import Action
from app.web.shown import none_of_theirs, see

routes = router()
Own = Annotated[Guarded, asks(Action.SEE_OWN)]


@routes.get("/findings", response_model=Findings, responses=PageHeader, summary="问题及其经过")
def findings(
    request: Request,
    visitor: Own,
    as_of: AsOf = None,
    unit: Unit = None,
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response:
    """Which findings are there, in which state?"""
    unit = unit_for(visitor, unit)
    day = day_for(request, visitor, as_of)
    known = request.app.state.ledger.findings(day.cutoff)
    chosen = [each for each in known if unit in (None, each.unit)]
    more = next_page(request, limit, offset, more=len(chosen) > offset + limit)
    return answer(findings_sheet(day, chosen[offset : offset + limit]).document, more)


@routes.get("/findings/{id}", response_model=FindingDocument, summary="一个问题的全部经过")
def finding(request: Request, visitor: Own, id: Id, as_of: AsOf = None) -> Response:
    """What is this finding, and who did what about it?"""
    day = day_for(request, visitor, as_of)
    ledger = request.app.state.ledger
    found = next((each for each in ledger.findings(day.cutoff) if each.id == id), None)
    if found is None:
        raise none_of_theirs()
    see(visitor, found.unit)
    notices = [row for row in ledger.notices(day.cutoff) if id in row.findings]
    return answer(course_json(day, found, notices))
