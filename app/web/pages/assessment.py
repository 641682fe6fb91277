"""The assessment of a period: the units' scores, and its steps, each by the role that signs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.assessing import the_scheme
from app.assessment_steps import AssessmentError, correct, enter, sign
from app.assessment_views import scores_sheet, state_words
from app.forecast import running
from app.home import Home
from app.law import remember_law
from app.settings import Settings, SettingsError
from app.web.assessment import narrowed, next_step, offered, said_words, state_word
from app.web.computed import Computations, Computed
from app.web.guard import Guarded, doing, needs
from app.web.rights import Action, Role
from app.web.shown import own_unit, render
from checks.freshness import local_day
from checks.signing import Signature, SigningStep, is_frozen, standing_signatures
from notify.selfcheck import ReportError
from storage.clock import now
from storage.ledger import Ledger

router = APIRouter()
Words = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=64)]
Said = tuple[bool, list[str]] | None
DONE = {
    "enter": "已录入，下一步：审核。",
    "correct": "更正已录入，下一步：审核。",
    "review": "已审核，下一步：分管领导审定。",
    "approve": "已审定并冻结。",
    "return": "已退回，请重新录入。",
}
STALE = "该考核刚由他人办理，请重新查看后再签署。没有作任何改动。"


@router.get("/assessment")
def assessment(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    period: Annotated[str, Query(max_length=16)] = "",
    done: str = "",
) -> Response:
    """Every unit's score in a period, and where its assessment stands; a unit's own line alone."""
    said = (True, [DONE[done]]) if done in DONE else None
    return _page(request, visitor, period, said=said)


@router.post("/assessment/{period}/enter")
def enter_assessment(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.ENTER)],
    period: str,
    note: Words = "",
) -> Response:
    """Compute it and keep it, with the first signature."""
    home, settings, ledger = open_home(request)
    by, words = visitor.person.name, note.strip()

    def step() -> object:
        return enter(home, settings, ledger, period, by, words)

    return _step(request, visitor, period, "enter", note, step)


@router.post("/assessment/{period}/correct")
def correct_assessment(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.ENTER)],
    period: str,
    note: Words = "",
) -> Response:
    """Compute a correction of what was frozen, with its first signature and its reason."""
    home, settings, ledger = open_home(request)
    by, words = visitor.person.name, note.strip()

    def step() -> object:
        _asked_for(words, "更正原因")
        return correct(home, settings, ledger, period, by, words)

    return _step(request, visitor, period, "correct", note, step)


@router.post("/assessment/{period}/review")
def review(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.REVIEW)],
    period: str,
    decision: Short = "",
    note: Words = "",
    kept: Short = "",
) -> Response:
    """The second signature, or back to the clerk."""
    if decision == "return":
        return _sign(request, visitor, period, SigningStep.RETURNED, note, kept)
    return _sign(request, visitor, period, SigningStep.REVIEWED, note, kept)


@router.post("/assessment/{period}/approve")
def approve(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.APPROVE)],
    period: str,
    decision: Short = "",
    note: Words = "",
    kept: Short = "",
    sure: Short = "",
) -> Response:
    """The third signature, which freezes: asked once more. Or back to the clerk."""
    if decision == "return":
        return _sign(request, visitor, period, SigningStep.RETURNED, note, kept)
    if sure:
        return _sign(request, visitor, period, SigningStep.APPROVED, note, kept)
    held = computed(request, period)
    return render(
        request,
        "assessment_approve.html",
        visitor,
        period=period,
        title=periods(request)[period],
        lines=list(state_words(held.assessment)),
        sheet=scores_sheet(held.assessment, None),
        note=note,
        kept=kept,
    )


def open_home(request: Request) -> tuple[Home, Settings, Ledger]:
    """What the steps work on."""
    home: Home = request.app.state.home
    return home, home.settings(), request.app.state.ledger


def periods(request: Request) -> dict[str, str]:
    """The periods to choose from, with their names. Raises SettingsError."""
    home, settings, ledger = open_home(request)
    scheme, _ = the_scheme(home, settings)
    return offered(scheme, local_day(now()), ledger.assessed_periods())


def computed(request: Request, period: str) -> Computed:
    """The assessment of a period. Raises HTTPException (404), SettingsError and ReportError."""
    if period not in periods(request):
        raise HTTPException(404, "没有这个考核周期。")
    computations: Computations = request.app.state.computations
    return computations.current(period)


def act(
    request: Request,
    visitor: Guarded,
    period: str,
    action: str,
    on: str,
    step: Callable[[], object],
) -> list[str]:
    """Take a step as the visitor's doing; the faults in words where it is refused.

    Either way what is shown next is computed anew: a refusal may tell of what another did.
    """
    home, settings, ledger = open_home(request)
    faults: list[str] = []
    try:
        remember_law(home, settings, ledger)  # before, for that is nobody's doing
        with doing(request, visitor, f"assessment.{action}", on):
            step()
    except (AssessmentError, SettingsError, ReportError) as error:
        faults = said_words(str(error))
    computations: Computations = request.app.state.computations
    computations.renewed(period)
    return faults


def _page(
    request: Request,
    visitor: Guarded,
    period: str,
    *,
    status: int = 200,
    said: Said = None,
    note: str = "",
) -> Response:
    named = periods(request)
    today, own = local_day(now()), own_unit(visitor)
    period = period or _current(request, today, named)
    held = computed(request, period)
    shown = narrowed(held.assessment, own)
    sheet = scores_sheet(shown, own)
    role = Role(visitor.person.role)
    waiting = shown.under_way
    return render(
        request,
        "assessment.html",
        visitor,
        status=status,
        said=said,
        period=period,
        periods=named,
        state=state_word(shown),
        lines=list(state_words(shown)),
        doubts=held.doubts if own is None else (),
        sheet=sheet,
        units=[unit["unit"] for unit in sheet.document["units"]],
        own=own,
        next=next_step(shown, role, visitor.person.name, today),
        kept=waiting.id if waiting is not None else "",
        note=note,
        at=held.at,
    )


def _current(request: Request, today: date, named: dict[str, str]) -> str:
    home, settings, _ = open_home(request)
    wanted = running(the_scheme(home, settings)[0], today)
    return wanted if wanted in named else next(iter(named))


def _sign(
    request: Request, visitor: Guarded, period: str, step: SigningStep, note: str, kept: str
) -> Response:
    home, settings, ledger = open_home(request)
    words = note.strip()

    def signed() -> object:
        # What is signed is what was looked at: another may have come in its place meanwhile.
        if kept not in _under_way(ledger, period):
            raise AssessmentError(STALE)
        if step is SigningStep.RETURNED:
            _asked_for(words, "退回原因")
        signature = Signature(step, now(), visitor.person.name, words)
        return sign(home, settings, ledger, period, signature)

    names = {SigningStep.REVIEWED: "review", SigningStep.APPROVED: "approve"}
    return _step(request, visitor, period, names.get(step, "return"), note, signed)


def _step(
    request: Request,
    visitor: Guarded,
    period: str,
    action: str,
    note: str,
    step: Callable[[], object],
) -> Response:
    computed(request, period)
    faults = act(request, visitor, period, action, f"assessment:{period}", step)
    if faults:
        return _page(request, visitor, period, status=422, said=(False, faults), note=note)
    return RedirectResponse(f"/assessment?period={quote(period)}&done={action}", status_code=303)


def _under_way(ledger: Ledger, period: str) -> list[str]:
    """The number of what awaits its next signature, if anything does."""
    with ledger.reading() as session:
        kept = ledger.assessments(session, period)
    return [
        str(each.id)
        for each in kept
        if standing_signatures(each.signatures) and not is_frozen(each.signatures)
    ]


def _asked_for(words: str, what: str) -> None:
    if not words:
        raise AssessmentError(f"{what}：不能为空")
