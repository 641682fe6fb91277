"""The first page: how everything stands, what is worst, what could not be seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.web.board import Chosen, board
from app.web.guard import Guarded, needs
from app.web.rights import Action
from app.web.shown import own_unit, render, snapshot_of
from app.words import WORST_FIRST, days_words, severity
from checks.facts import Verdict
from checks.freshness import SHANGHAI
from notify.terms import VERDICTS

router = APIRouter()
MOST_ROWS = 500
Word = Annotated[str, Query(max_length=64)]


@router.get("/")
def morning(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    unit: Word = "",
    group: Word = "",
    verdict: Word = "",
) -> Response:
    """The board, and below it the rows that are chosen, the worst first."""
    own = own_unit(visitor)
    chosen = Chosen(own if own is not None else unit, group, verdict)
    snapshot = snapshot_of(request)
    day = snapshot.day
    rows = sorted((row for row in day.bench.rows if chosen.holds(row)), key=severity)
    seen = [row.last_seen for row in day.bench.rows if row.last_seen is not None]
    return render(
        request,
        "morning.html",
        visitor,
        board=board(day, chosen),
        chosen=chosen,
        own=own,
        rows=rows[:MOST_ROWS],
        left_out=max(0, len(rows) - MOST_ROWS),
        unseen=[row for row in rows if row.verdict is Verdict.UNKNOWN],
        units=day.unit_names,
        verdicts={each: VERDICTS[each] for each in WORST_FIRST},
        days_words=days_words,
        as_of=day.bench.moment.as_of,
        last_seen=max(seen).astimezone(SHANGHAI) if seen else None,
        judged_at=snapshot.at.astimezone(SHANGHAI),
    )
