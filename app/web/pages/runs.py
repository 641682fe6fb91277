"""What the service did and does: is it alive, its tasks, its crawls, who holds what alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from app.alone import is_held
from app.home import Home
from app.service.tasks import TASKS
from app.service.watch import is_silent, last_success
from app.web.guard import Guarded, needs
from app.web.rights import Action
from app.web.runs import (
    TaskLine,
    lease_rows,
    missed_rows,
    next_run,
    outcome_rows,
    run_row,
    span_words,
    task_word,
    took,
)
from app.web.shown import render, snapshot_of
from storage.clock import now
from storage.ledger import Ledger

router = APIRouter()
SERVED = "service"
RUNS, TASK_RUNS, MISSED = 20, 50, 500
MOST_PAGES = 10_000
Word = Annotated[str, Query(max_length=20)]


@router.get("/runs")
def runs(
    request: Request, visitor: Annotated[Guarded, needs(Action.SEE_ALL)], before: Word = ""
) -> Response:
    """The heartbeat, each task, what is held, and the last crawls."""
    ledger: Ledger = request.app.state.ledger
    home: Home = request.app.state.home
    settings, present = home.settings(), now()
    since, held, good = (
        ledger.first_task(SERVED),
        is_held(ledger, SERVED),
        last_success(ledger),
    )
    rows = ledger.runs(_number(before), RUNS + 1)
    lines = settings.lines
    return render(
        request,
        "runs.html",
        visitor,
        since=since,
        held=held,
        good=good,
        ago=span_words(present - good) if good else "",
        silent=since is not None and is_silent(settings, ledger, since, present),
        silent_hours=settings.service.silent_hours,
        tasks=[_task(ledger, name, lines.get(name, "")) for name in TASKS],
        task_word=task_word,
        leases=lease_rows(ledger.leases(), present),
        rows=[run_row(row) for row in rows[:RUNS]],
        older=rows[RUNS - 1].id if len(rows) > RUNS else None,
        newest=not before,
    )


@router.get("/runs/crawls/{number}")
def crawl(
    request: Request, visitor: Annotated[Guarded, needs(Action.SEE_ALL)], number: str
) -> Response:
    """One crawl: what its looks met, and what it did not see."""
    ledger: Ledger = request.app.state.ledger
    wanted = _number(number)
    run = ledger.run(wanted) if wanted is not None else None
    if run is None:
        raise HTTPException(404, "没有这一次。")
    day = snapshot_of(request).day
    missed = ledger.missed(run.id, MISSED + 1)
    return render(
        request,
        "runs_crawl.html",
        visitor,
        run=run_row(run),
        outcomes=outcome_rows(ledger.outcomes(run.id)),
        missed=missed_rows(missed[:MISSED], day.subjects, day.unit_names),
        more=len(missed) > MISSED,
    )


@router.get("/runs/{task}")
def task_runs(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_ALL)],
    task: str,
    page: Word = "1",
    failed: Word = "",
) -> Response:
    """The runs of one task, newest first; only those that failed, if asked."""
    if task not in TASKS:
        raise HTTPException(404, "没有这项任务。")
    ledger: Ledger = request.app.state.ledger
    number = min(max(_number(page) or 1, 1), MOST_PAGES)
    skip = (number - 1) * TASK_RUNS
    found = ledger.last_tasks(task, TASK_RUNS + 1, ok=False if failed else None, skip=skip)
    held = is_held(ledger, SERVED)
    rows = [
        {
            "started_at": run.started_at,
            "took": took(run.started_at, run.finished_at),
            # Of runs that never ended only the newest can still be at it.
            "word": task_word(run, held=held and number == 1 and place == 0 and not failed),
            "note": run.note or "",
        }
        for place, run in enumerate(found[:TASK_RUNS])
    ]
    return render(
        request,
        "runs_task.html",
        visitor,
        task=task,
        title=TASKS[task].title,
        rows=rows,
        page=number,
        more=len(found) > TASK_RUNS,
        failed=bool(failed),
    )


def _task(ledger: Ledger, name: str, line: str) -> TaskLine:
    good = ledger.last_task(name, ok=True)
    return TaskLine(
        name,
        TASKS[name].title,
        line,
        ledger.last_task(name),
        good.started_at if good is not None else None,
        next_run(line, now()),
    )


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None
