"""The reports: those that were made, to be taken home, and one made now."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.annual import make_annual
from app.assessment_steps import AssessmentError
from app.home import Home
from app.quarterly import make_quarterly
from app.score_report import make_scores
from app.settings import Settings, SettingsError
from app.web.guard import Guarded, doing, needs
from app.web.making import BusyError, Workshop
from app.web.pages.inventory import attachment
from app.web.receiving import Sent, sends_form, texts
from app.web.reports import KINDS, body_of, files_of, named, reports_of, size_words
from app.web.rights import Action
from app.web.shown import render
from app.weekly import make_weekly
from checks.freshness import local_day
from notify.selfcheck import ReportError
from notify.weekly import Period
from storage.clock import now
from storage.database import DatabaseError
from storage.ledger import Ledger

router = APIRouter()
MOST = 100
BUSY = "正在生成另一份报告，请稍后再试。"
DONE = "报告已经生成，列在下方首位。"
UNDER_WAY = "正在生成{}，完成后列在下方首位，请稍后刷新本页。"
OURS = "生成失败，原因已记入运行日志，请与运维人员联系。"
Word = Annotated[str, Query(max_length=64)]
REFUSALS = (SettingsError, ReportError, AssessmentError, DatabaseError, OSError)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says; None: what the command takes where nothing is said."""

    period: str | None
    on: date | None
    unit: str | None


Make = Callable[[Home, Settings, Ledger, Asked], Sequence[Path]]
MAKERS: Mapping[str, Make] = {
    "weekly": lambda home, settings, ledger, asked: (
        make_weekly(home, settings, ledger, asked.period, None).paths
    ),
    "quarterly": lambda home, settings, ledger, asked: (
        make_quarterly(home, settings, ledger, asked.period, asked.on, None).paths
    ),
    "scores": lambda home, settings, ledger, asked: (
        make_scores(home, settings, ledger, asked.period, asked.unit, None).paths
    ),
    "annual": lambda home, settings, ledger, asked: (
        make_annual(home, settings, ledger, asked.period, None).paths
    ),
}


@router.get("/reports")
def reports(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.REPORT)],
    kind: Word = "",
    done: Word = "",
) -> Response:
    """What lies in the reports folder, the last made first, and the forms to make one."""
    last = _workshop(request).last
    said = (True, [DONE]) if done == "made" else None
    if last is not None and last.runs:
        said = True, [UNDER_WAY.format(last.title)]
    elif done == "begun" and last is not None and last.by == visitor.person.login:
        said = (True, [DONE]) if last.fault is None else (False, _told(last.fault))
    return _page(request, visitor, kind=kind, said=said)


@router.post("/reports")
def make(
    request: Request, visitor: Annotated[Guarded, sends_form(Action.REPORT)], sent: Sent
) -> Response:
    """Make one now, as `xunjian report …` does; what takes long is heard of afterwards."""
    form = texts(sent)
    kind = form.get("make", "")
    if kind not in MAKERS:
        raise HTTPException(404, "没有这种报告。")
    try:
        asked = _asked(form)
        job = _workshop(request).begin(
            visitor.person.login, KINDS[kind], lambda: _made(request, visitor, kind, asked)
        )
    except BusyError:
        return _page(request, visitor, said=(False, [BUSY]), typed=form, status=422)
    except SettingsError as error:
        return _page(request, visitor, said=(False, _told(error)), typed=form, status=422)
    if job.runs:
        return RedirectResponse("/reports?done=begun", 303)
    if job.fault is not None:
        return _page(request, visitor, said=(False, _told(job.fault)), typed=form, status=422)
    return RedirectResponse(
        f"/reports?kind={named(Path(job.work.result()[0]).stem)[0]}&done=made", 303
    )


@router.get("/reports/{name}")
def download(request: Request, _: Annotated[Guarded, needs(Action.REPORT)], name: str) -> Response:
    """One file of the folder, to be kept."""
    body = body_of(_folder(request), name)
    if body is None:
        raise HTTPException(404, "没有这份报告。")
    return attachment(body, name, mimetypes.guess_type(name)[0] or "application/octet-stream")


def _made(request: Request, visitor: Guarded, kind: str, asked: Asked) -> Sequence[str]:
    """The names of the files that were made; the audit names them too."""
    home: Home = request.app.state.home
    ledger: Ledger = request.app.state.ledger
    names = [path.name for path in MAKERS[kind](home, home.settings(), ledger, asked)]
    # What was made lies in files: the audit's row is all that the ledger is told.
    note = "、".join(names)
    with doing(request, visitor, "report.make", f"report:{kind}", note), ledger.writing():
        pass
    return names


def _told(fault: BaseException) -> list[str]:
    """Why a report was not made; what is no refusal in words is a fault of ours, and logged."""
    if not isinstance(fault, REFUSALS):
        return [OURS]
    return [line.replace("--", "") for line in str(fault).splitlines()]


def _workshop(request: Request) -> Workshop:
    workshop: Workshop = request.app.state.workshop
    return workshop


def _asked(form: Mapping[str, str]) -> Asked:
    on = form.get("on", "").strip()
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise SettingsError(f"判定日 {on[:20]}：应为日期，如 2026-12-31") from error
    period = form.get("period", "").strip()[:20].upper()
    return Asked(period or None, day, form.get("unit", "").strip() or None)


def _folder(request: Request) -> Path:
    home: Home = request.app.state.home
    return home.path("reports")


def _page(
    request: Request,
    visitor: Guarded,
    kind: str = "",
    said: tuple[bool, Sequence[str]] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    ledger: Ledger = request.app.state.ledger
    every = reports_of(files_of(_folder(request)))
    there = [each for each in KINDS if any(made.kind == each for made in every)]
    listed = [made for made in every if kind in ("", made.kind)]
    today = local_day(now())
    return render(
        request,
        "reports.html",
        visitor,
        status=status,
        kinds={each: KINDS[each] for each in there},
        kind=kind,
        reports=listed[:MOST],
        left_out=max(0, len(listed) - MOST),
        size_words=size_words,
        said=said,
        typed=typed or {},
        units=ledger.units(),
        week=Period.containing(today),
        last_week=Period.last_full(today),
        today=today,
    )
