"""What accounts posted and what persons found: `xunjian account measures|yearly`, `hand list`."""

from __future__ import annotations

from typing import Annotated

from fastapi import HTTPException, Request, Response

from app.hands import hands_sheet
from app.measure_views import measures_sheet, yearly_sheet
from app.measuring import measure_accounts, year_of_accounts
from app.settings import SettingsError
from app.web.api.answers import answer, router
from app.web.api.guard import asks, unit_for
from app.web.api.parameters import AsOf, Period, Subject, Unit, Year
from app.web.api.shapes.accounts import Hands, Measures, Yearly
from app.web.guard import Guarded
from app.web.rights import Action

routes = router()
Own = Annotated[Guarded, asks(Action.SEE_OWN)]
All = Annotated[Guarded, asks(Action.SEE_ALL)]


@routes.get("/accounts/measures", response_model=Measures, summary="各账号的发布频次")
def measures(
    request: Request, visitor: Own, period: Period = None, as_of: AsOf = None, unit: Unit = None
) -> Response:
    """How often does each account post?"""
    unit = unit_for(visitor, unit)
    with request.app.state.days.turn():
        try:
            measured = measure_accounts(request.app.state.ledger, period, as_of, unit)
        except SettingsError as error:
            raise wrong(error) from error
        return answer(measures_sheet(measured).document)


@routes.get("/accounts/yearly", response_model=Yearly, summary="年度报表的移动新媒体部分")
def yearly(
    request: Request, visitor: Own, year: Year, as_of: AsOf = None, unit: Unit = None
) -> Response:
    """What does the yearly form say of the accounts?"""
    unit = unit_for(visitor, unit)
    with request.app.state.days.turn():
        try:
            told = year_of_accounts(request.app.state.ledger, year, as_of, unit)
        except SettingsError as error:
            raise wrong(error) from error
        return answer(yearly_sheet(told).document)


@routes.get("/hands", response_model=Hands, summary="当日有效的人工核查记录")
def hands(request: Request, _visitor: All, subject: Subject = None, as_of: AsOf = None) -> Response:
    """What did persons find that held on the day?"""
    state = request.app.state
    settings = state.home.settings()
    return answer(hands_sheet(state.home, settings, state.ledger, as_of, subject).document)


def wrong(error: SettingsError) -> HTTPException:
    """What was asked for cannot be: in the command's words, its options named as parameters."""
    option, space, words = str(error).partition(" ")
    return HTTPException(422, option.removeprefix("--").replace("-", "_") + space + words)
