"""Who changed what, when and from where. Nothing on this page can be changed."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.people import COMMAND
from app.web.audit import action_words, audit_row
from app.web.guard import Guarded, needs
from app.web.rights import Action
from app.web.shown import render
from storage.ledger import Ledger

router = APIRouter()
PAGE = 50
Word = Annotated[str, Query(max_length=64)]


@router.get("/audit")
def audit(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.AUDIT)],
    login: Word = "",
    action: Word = "",
    day: Word = "",
    before: Word = "",
) -> Response:
    """The last changes, newest first, of a login, of a sort, of a day."""
    ledger: Ledger = request.app.state.ledger
    on, faults = _day(day)
    people = {person.login: person.name for person in ledger.people()}
    rows = ledger.audited(_number(before), PAGE + 1, login=login, action=action, day=on)
    chosen = {"login": login, "action": action, "day": day}
    older = urlencode({**chosen, "before": rows[PAGE - 1].id}) if len(rows) > PAGE else ""
    return render(
        request,
        "audit.html",
        visitor,
        said=(False, faults) if faults else None,
        rows=[audit_row(row, people) for row in rows[:PAGE]],
        chosen=chosen,
        people={**people, COMMAND: "命令行"},
        actions={each: action_words(each) for each in ledger.audited_actions()},
        older=older,
        newest=not before,
        first=urlencode(chosen),
    )


def _day(given: str) -> tuple[date | None, list[str]]:
    try:
        return (date.fromisoformat(given) if given else None), []
    except ValueError:
        return None, [f"日期：{given}，应如 2026-11-23；以下没有按日期筛选。"]


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None
