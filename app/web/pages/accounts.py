"""The new-media accounts: how each stands and how it is known; and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response

from app.measure_views import MEASURE_HEADS
from app.measuring import USUAL, measures_of
from app.web.accounts import AccountLine, Wanted, account_lines, worst_rows
from app.web.guard import Guarded, needs
from app.web.paging import page_of
from app.web.periods import ChosenPeriod, chosen_period, offered_periods
from app.web.rights import Action
from app.web.shown import own_unit, render, see, snapshot_of
from app.web.snapshot import Snapshot
from app.web.subject import about, page_number
from app.words import WORST_FIRST
from checks.periods import Days
from checks.subjects import SubjectKind
from checks.verdicts import Judgement
from notify.terms import PLATFORMS, VERDICTS
from storage.ledger import Ledger

router = APIRouter()
MEASURED = ("last_post", "posts", "per_week", "longest_gap", "gap_days", "replied", "note")


@router.get("/accounts")
def accounts(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    period: str = "",
    unit: str = "",
    platform: str = "",
    verdict: str = "",
    page: str = "",
) -> Response:
    """All accounts, the worst first, with the measures of the period."""
    snapshot, own = snapshot_of(request), own_unit(visitor)
    day = snapshot.day
    chosen = _period(snapshot, period)
    every = worst_rows(day, SubjectKind.ACCOUNT, own)
    wanted = Wanted("" if own is not None else unit, platform, verdict)
    rows = [row for row in every if wanted.holds(row)]
    asked = {"period": chosen.text, "unit": unit, "platform": platform, "verdict": verdict}
    shown = page_of(rows, page, asked)
    present = {row.subject.unit for row in every}
    return render(
        request,
        "accounts.html",
        visitor,
        chosen=chosen,
        periods=offered_periods(day.bench.moment.as_of, chosen.text),
        wanted=wanted,
        units={} if own is not None else _named(day.unit_names, present),
        platforms=_named(PLATFORMS, {row.subject.platform or "" for row in every}),
        verdicts={str(each): VERDICTS[each] for each in WORST_FIRST},
        page=shown,
        lines=_lines(request.app.state.ledger, snapshot, shown.rows, chosen.days),
        as_of=day.bench.moment.as_of,
        judged_at=snapshot.at,
    )


@router.get("/accounts/{name}")
def account(
    request: Request,
    name: str,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    period: str = "",
    visits: str = "",
    items: str = "",
) -> Response:
    """One account: verdicts, how it is known, how often it posts, what was seen."""
    snapshot, ledger = snapshot_of(request), request.app.state.ledger
    day = snapshot.day
    subject = day.subjects.get(f"{SubjectKind.ACCOUNT}:{name}")
    if subject is None:
        raise HTTPException(404, "登记册中没有这个账号。")
    see(visitor, subject.unit)
    chosen = _period(snapshot, period)
    row = next(
        row for row in worst_rows(day, SubjectKind.ACCOUNT, subject.unit) if row.subject == subject
    )
    (line,) = _lines(ledger, snapshot, [row], chosen.days)
    looked, known = page_number(visits), page_number(items)
    return render(
        request,
        "account.html",
        visitor,
        about=about(ledger, day, subject, own_unit(visitor), looked, known),
        line=line,
        heads={each: head for each, head in MEASURE_HEADS.items() if each in MEASURED},
        chosen=chosen,
        periods=offered_periods(day.bench.moment.as_of, chosen.text),
    )


def _period(snapshot: Snapshot, text: str) -> ChosenPeriod:
    """Nothing asked: the 30 days up to the day judged, as `xunjian account measures` has them."""
    as_of = snapshot.day.bench.moment.as_of
    return chosen_period(text, as_of, Days(as_of - USUAL, as_of))


def _named(words: Mapping[str, str], present: Iterable[str]) -> dict[str, str]:
    """What may be chosen, with its word."""
    return {each: words.get(each, each) for each in sorted(present)}


def _lines(
    ledger: Ledger, snapshot: Snapshot, rows: Sequence[Judgement], days: Days
) -> list[AccountLine]:
    day = snapshot.day
    subjects = [row.subject for row in rows]
    found = measures_of(ledger, subjects, [days], day.bench.moment.as_of, day.cutoff)
    return account_lines(day, rows, days, found)
