"""One mailbox, and one letter of it with its deadline day by day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.views import strictest
from app.web.guard import Guarded, needs
from app.web.letter_calendar import months_of
from app.web.letters import clock_of, desk_of, letter_key, ruled, told_until
from app.web.rights import Action
from app.web.shown import none_of_theirs, render, see, snapshot_of
from checks.letter_days import letter_days
from notify.weekly.letters import letter_lines

router = APIRouter()


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
        as_of=as_of,
        judged_at=snapshot.at,
    )
