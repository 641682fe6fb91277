"""One mailbox, and one letter of it with its deadline day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response

from app.views import strictest
from app.web.guard import Guarded, needs
from app.web.letter_calendar import months_of
from app.web.letters import (
    ALL,
    STATES,
    Sought,
    clock_of,
    desk_of,
    in_trouble,
    letter_key,
    letters_of,
    ruled,
    told_until,
)
from app.web.paging import page_of
from app.web.periods import chosen_period, offered_periods
from app.web.rights import Action
from app.web.shown import none_of_theirs, own_unit, render, see, snapshot_of
from app.web.subject import about, finding_line, page_number
from checks.letter_days import letter_days
from checks.subjects import SubjectKind
from checks.verdicts import LetterJudgement
from notify.weekly.letters import letter_lines

router = APIRouter()


@router.get("/mailboxes/{name}")
def mailbox(
    request: Request,
    name: str,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    period: str = "",
    state: str = ALL,
    page: str = "",
    visits: str = "",
) -> Response:
    """One mailbox: verdicts, rates of the period, and all its letters, the latest first."""
    day, own = snapshot_of(request).day, own_unit(visitor)
    subject = day.subjects.get(f"{SubjectKind.MAILBOX}:{name}")
    if subject is None:
        raise HTTPException(404, "登记册中没有这个信箱。")
    see(visitor, subject.unit)
    as_of = day.bench.moment.as_of
    chosen = chosen_period(period, as_of)
    judged = [
        row for row in day.bench.letters if row.mailbox.id == name and own in (None, row.unit)
    ]
    sought = Sought(state=state if state in STATES else ALL)
    rows = [row for row in strictest(judged) if sought.holds(row)]
    rows.sort(key=_received, reverse=True)
    found = letters_of(day, chosen.days, judged)
    asked = {"period": chosen.text, "state": sought.state}
    # Ten years of letters told one by one would be longer than anybody reads.
    told = [row for row in judged if in_trouble(row)]
    short = replace(day, bench=replace(day.bench, letters=tuple(told)))
    return render(
        request,
        "mailbox.html",
        visitor,
        about=about(request.app.state.ledger, short, subject, own, page_number(visits)),
        chosen=chosen,
        periods=offered_periods(as_of, chosen.text),
        rates=found.rates,
        line=found.line,
        letter_key=letter_key,
        own=own,
        sought=sought,
        states=STATES,
        page=page_of(rows, page, asked),
    )


@router.get("/mailboxes/{name}/letters/{key}")
def letter(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    name: str,
    key: str,
) -> Response:
    """One letter: what is known of it, and how its deadline is counted."""
    snapshot = snapshot_of(request)
    day = snapshot.day
    judged = [
        row
        for row in day.bench.letters
        if row.mailbox.id == name and letter_key(row.letter.ref) == key
    ]
    if not judged:
        raise none_of_theirs()
    (row,) = strictest(judged)
    see(visitor, row.unit)
    as_of, clock = day.bench.moment.as_of, clock_of(day, row)
    days = letter_days(clock, row.letter, told_until(row, as_of)) if clock else None
    states = day.facts.letters.get(row.mailbox.key, ())
    found, own = request.app.state.ledger.findings_of(row.mailbox.key), own_unit(visitor)
    (line,) = letter_lines(desk_of(day, judged), [row])
    return render(
        request,
        "letter.html",
        visitor,
        row=row,
        line=line,
        days=days,
        months=months_of(days, row, as_of) if days else (),
        judged=[ruled(day, each) for each in judged],
        states=[each for each in states if each.letter.ref == row.letter.ref],
        findings=[
            finding_line(day, each)
            for each in reversed(found)
            if each.key.letter == row.letter.ref and own in (None, each.unit)
        ],
        own=own,
        as_of=as_of,
        judged_at=snapshot.at,
    )


def _received(row: LetterJudgement) -> tuple[date, str]:
    return row.letter.received_on or row.letter.accepted_on or date.min, row.letter.ref
