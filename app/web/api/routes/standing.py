"""How everything stands, and why: `xunjian status|letters|items|scores|explain`."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

from fastapi import HTTPException, Request, Response

from app.asked import SubjectNotFoundError, ask
from app.explain import explain_json
from app.scores import chosen_places, scores_document
from app.views import items_of, items_sheet, letters_sheet, status_sheet
from app.web.api.answers import answer, router
from app.web.api.days import day_for
from app.web.api.guard import asks, unit_for
from app.web.api.parameters import (
    MOST,
    USUAL,
    AsOf,
    Limit,
    Offset,
    PageHeader,
    Site,
    Subject,
    Unit,
    Watched,
    next_page,
)
from app.web.api.shapes.scores import Scores
from app.web.api.shapes.standing import Explanation, Items, Letters, Status
from app.web.guard import Guarded
from app.web.rights import Action
from app.web.shown import none_of_theirs, own_unit

routes = router()
Own = Annotated[Guarded, asks(Action.SEE_OWN)]
All = Annotated[Guarded, asks(Action.SEE_ALL)]


@routes.get("/status", response_model=Status, summary="各对象的判定结果")
def status(request: Request, visitor: Own, as_of: AsOf = None, unit: Unit = None) -> Response:
    """How does everything stand?"""
    unit = unit_for(visitor, unit)
    return answer(status_sheet(day_for(request, visitor, as_of), unit).document)


@routes.get("/letters", response_model=Letters, responses=PageHeader, summary="来信及答复期限")
def letters(
    request: Request,
    visitor: Own,
    as_of: AsOf = None,
    unit: Unit = None,
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response:
    """How does every letter stand?"""
    unit = unit_for(visitor, unit)
    told = letters_sheet(day_for(request, visitor, as_of), unit).document
    rows = told["letters"]
    more = next_page(request, limit, offset, more=len(rows) > offset + limit)
    return answer({**told, "letters": rows[offset : offset + limit]}, more)


@routes.get("/items", response_model=Items, responses=PageHeader, summary="信息条目，最新在前")
def items(
    request: Request,
    visitor: Own,
    as_of: AsOf = None,
    unit: Unit = None,
    subject: Subject = None,
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response:
    """Which items are known?"""
    unit = unit_for(visitor, unit)
    day = day_for(request, visitor, as_of)
    if subject is not None and subject not in day.subjects:
        raise none_of_theirs()
    # A page far down reads all that it passes: such pages take turns.
    with request.app.state.days.turn() if offset > MOST else nullcontext():
        found = items_of(day, request.app.state.ledger, unit, subject, limit + 1, offset)
    more = next_page(request, limit, offset, more=len(found) > limit)
    return answer(items_sheet(found[:limit]).document, more)


@routes.get("/scores", response_model=Scores, summary="距单项否决多远，门户网站的计分")
def scores(
    request: Request,
    visitor: All,
    site: Site = None,
    as_of: AsOf = None,
) -> Response:
    """How near is each site and account to a veto? A site's count names columns of many units."""
    day = day_for(request, visitor, as_of)
    if site is not None and f"site:{site}" not in day.subjects:
        raise HTTPException(404, f"登记册中没有编号为 {site} 的网站")
    findings = request.app.state.ledger.findings(day.cutoff)
    return answer(scores_document(day, chosen_places(day, findings, site)))


@routes.get("/explain/{subject}", response_model=Explanation, summary="一个对象的判定由来")
def explain(request: Request, visitor: Own, subject: Watched, as_of: AsOf = None) -> Response:
    """Why does it say so? Of a mailbox a viewer is told the letters of their own unit."""
    day, own = day_for(request, visitor, as_of), own_unit(visitor)
    try:
        asked = ask(day, request.app.state.ledger, subject)
    except SubjectNotFoundError as error:
        raise HTTPException(404, str(error)) from error
    known = [each for each in asked.findings if own in (None, each.unit)]
    return answer(explain_json(day, asked.subject, asked.history, known, asked.again))
