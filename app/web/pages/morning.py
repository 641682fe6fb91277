"""The first page: how everything stands, what is worst, what could not be seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.web.board import Chosen, board
from app.web.guard import Guarded, needs
from app.web.rights import Action
from app.web.shown import own_unit, render, snapshot_of
from app.web.watch import last_seen, near_vetoes, unseen
from app.words import WORST_FIRST, severity
from notify.terms import VERDICTS

router = APIRouter()
MOST_ROWS = 200
NAMED = 8  # subjects that a reason names
MOST_VETOES = 12
Word = Annotated[str, Query(max_length=64)]


@router.get("/")
def morning(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    unit: Word = "",
    group: Word = "",
    verdict: Word = "",
    text: Word = "",
) -> Response:
    """The board, the vetoes that are near, what was not seen, and the rows chosen, worst first."""
    own = own_unit(visitor)
    chosen = Chosen(own if own is not None else unit, group, verdict, text.strip())
    snapshot = snapshot_of(request)
    day = snapshot.day
    mine = [row for row in day.bench.rows if own in (None, row.subject.unit)]
    rows = sorted((row for row in mine if chosen.holds(row)), key=severity)
    newest, old = last_seen(mine, snapshot.at)
    return render(
        request,
        "morning.html",
        visitor,
        board=board(day, chosen),
        everything=board(day, Chosen(unit=own or "")),
        chosen=chosen,
        own=own,
        rows=rows[:MOST_ROWS],
        left_out=max(0, len(rows) - MOST_ROWS),
        near=near_vetoes(snapshot.places, chosen.unit),
        unseen=unseen(rows),
        named=NAMED,
        shown=MOST_VETOES,
        units=day.unit_names,
        verdicts={each: VERDICTS[each] for each in WORST_FIRST},
        as_of=day.bench.moment.as_of,
        last_seen=newest,
        old=old,
        judged_at=snapshot.at,
    )
