"""The points of a period: `xunjian assess`, `xunjian assessment list|entries`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request, Response

from app.assessing import the_scheme
from app.assessment_steps import assessment_of
from app.assessment_views import kept_sheet, scores_sheet
from app.scheme_entries import entries_sheet
from app.settings import SettingsError
from app.web.api.answers import answer, router
from app.web.api.guard import asks, unit_for
from app.web.api.parameters import Cycle, Unit
from app.web.api.routes.accounts import wrong
from app.web.api.shapes.assessments import Assessed, Entries, Kept
from app.web.guard import Guarded
from app.web.rights import Action

routes = router()
Own = Annotated[Guarded, asks(Action.SEE_OWN)]
All = Annotated[Guarded, asks(Action.SEE_ALL)]


@routes.get("/assess", response_model=Assessed, summary="各单位考核得分")
def assess(request: Request, visitor: Own, period: Cycle, unit: Unit = None) -> Response:
    """How many points has each unit, and where does the assessment stand?"""
    unit, state = unit_for(visitor, unit), request.app.state
    settings = state.home.settings()
    # A scheme that cannot be read is no fault of whoever asks.
    the_scheme(state.home, settings)
    with state.days.turn():
        try:
            assessment = assessment_of(state.home, settings, state.ledger, period)
        except SettingsError as error:
            raise wrong(error) from error
    return answer(scores_sheet(assessment, unit).document)


@routes.get("/assessments", response_model=Kept, summary="已存档的考核和更正")
def assessments(request: Request, _visitor: All) -> Response:
    """Which assessments are kept, with their signatures?"""
    ledger = request.app.state.ledger
    with ledger.reading() as session:
        return answer(kept_sheet(ledger.assessments(session)).document)


@routes.get("/assessment-entries", response_model=Entries, summary="现行有效的评分录入")
def entries(request: Request, visitor: Own, unit: Unit = None) -> Response:
    """Which entries stand under the scheme of the settings?"""
    unit, state = unit_for(visitor, unit), request.app.state
    return answer(entries_sheet(state.home, state.home.settings(), state.ledger, unit).document)
