"""The letters: how each unit answers, and below it those that are open or late."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.web.guard import Guarded, needs
from app.web.letters import STATES, TROUBLE, Sought, letter_key, letters_of
from app.web.paging import page_of
from app.web.periods import chosen_period, offered_periods
from app.web.rights import Action
from app.web.shown import own_unit, render, snapshot_of
from checks.subjects import SubjectKind

router = APIRouter()


@router.get("/letters")
def letters(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    period: str = "",
    unit: str = "",
    mailbox: str = "",
    state: str = "",
    page: str = "",
) -> Response:
    """The rates of the period by unit, then its letters and all that are open, worst first."""
    snapshot, own = snapshot_of(request), own_unit(visitor)
    day = snapshot.day
    as_of = day.bench.moment.as_of
    chosen = chosen_period(period, as_of)
    judged = [row for row in day.bench.letters if own in (None, row.unit)]
    found = letters_of(day, chosen.days, judged)
    sought = Sought("" if own is not None else unit, mailbox, state if state in STATES else TROUBLE)
    rows = [row for row in found.rows if sought.holds(row)]
    asked = {"period": chosen.text, "unit": unit, "mailbox": mailbox, "state": sought.state}
    units = sorted({row.unit for row in judged})
    boxes = {row.mailbox.id: row.mailbox for row in judged}
    return render(
        request,
        "letters.html",
        visitor,
        chosen=chosen,
        periods=offered_periods(as_of, chosen.text),
        rates=found.rates,
        sought=sought,
        states=STATES,
        boxes={each: found.desk.name(box) for each, box in boxes.items()},
        own=own,
        units={} if own is not None else {each: day.unit_names.get(each, each) for each in units},
        page=page_of(rows, page, asked),
        line=found.line,
        letter_key=letter_key,
        exempt=[
            row.subject.name
            for row in found.desk.of(SubjectKind.MAILBOX)
            if row.verdict == "exempt" and own in (None, row.subject.unit)
        ],
        as_of=as_of,
        judged_at=snapshot.at,
    )
