"""One unit in one period: each line with what is behind it, and what a person may add to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from app.assessing import LACKS
from app.assessment_steps import AssessmentError
from app.assessment_views import scores_sheet
from app.scheme_entries import Said, entries_sheet, record, withdraw
from app.web.assessment import (
    enterable,
    findings_of,
    levels_of,
    lines_of,
    narrowed,
    objection_words,
    state_word,
)
from app.web.guard import Guarded, needs
from app.web.pages.assessment import Short, Words, act, computed, open_home, periods
from app.web.rights import Action
from app.web.shown import own_unit, render, see
from checks.assessment_sheet import plain
from checks.freshness import local_day
from checks.periods import Days
from notify.scores.sentences import PROPOSAL, UNVERIFIED
from notify.scores.words import clamp_words, full_remark
from storage.clock import now

router = APIRouter()
DONE = {"record": "已录入，计入本周期得分。", "withdraw": "已撤回，原录入仍保留备查。"}
NOTHING = {"item": "", "level": "", "count": "1", "points": "", "on": "", "evidence": ""}


@router.get("/assessment/{period}/{unit}")
def unit_assessment(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    period: str,
    unit: str,
    done: str = "",
) -> Response:
    """The unit's sheet: what costs or gives points, by which clause, on what evidence."""
    see(visitor, unit)
    said = (True, [DONE[done]]) if done in DONE else None
    return _page(request, visitor, period, unit, said=said)


@router.post("/assessment/{period}/{unit}/entries")
def add_entry(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.ENTER)],
    period: str,
    unit: str,
    item: Short = "",
    level: Short = "",
    count: Short = "",
    points: Short = "",
    on: Short = "",
    evidence: Words = "",
) -> Response:
    """Enter praise, criticism, or the points of a section, with the evidence in words."""
    typed = {"item": item, "level": level, "count": count, "points": points, "on": on,
             "evidence": evidence}  # fmt: skip
    home, settings, ledger = open_home(request)
    days = computed(request, period).assessment.shown.basis.days
    by = visitor.person.name

    def step() -> object:
        said = _said(typed, unit, by, days)
        return record(home, settings, ledger, said, files=False)

    return _changed(request, visitor, period, unit, "record", step, typed)


@router.post("/assessment/{period}/{unit}/withdraw")
def withdraw_entry(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.ENTER)],
    period: str,
    unit: str,
    number: Short = "",
    note: Words = "",
) -> Response:
    """Take an entry back, with the reason."""
    computed(request, period)
    home, settings, ledger = open_home(request)
    held = entries_sheet(home, settings, ledger, unit).rows
    found = next((row["id"] for row in held if str(row["id"]) == number), None)
    if found is None:
        raise HTTPException(404, "没有可撤回的评分录入。")
    by = visitor.person.name

    def step() -> object:
        return withdraw(home, settings, ledger, found, by, note)

    return _changed(request, visitor, period, unit, "withdraw", step, NOTHING)


def _changed(
    request: Request,
    visitor: Guarded,
    period: str,
    unit: str,
    action: str,
    step: Callable[[], object],
    typed: Mapping[str, str],
) -> Response:
    faults = act(request, visitor, period, action, f"unit:{unit}", step)
    if faults:
        return _page(request, visitor, period, unit, 422, said=(False, faults), typed=typed)
    path = f"/assessment/{quote(period)}/{quote(unit, safe='')}"
    return RedirectResponse(f"{path}?done={action}", status_code=303)


def _page(
    request: Request,
    visitor: Guarded,
    period: str,
    unit: str,
    status: int = 200,
    *,
    said: tuple[bool, list[str]] | None = None,
    typed: Mapping[str, str] = NOTHING,
) -> Response:
    held = computed(request, period)
    draft = held.assessment.shown
    place = next((n for n, sheet in enumerate(draft.sheets) if sheet.unit == unit), None)
    if place is None:
        raise HTTPException(404, "没有这个单位，或者它不在这个周期的登记册内。")
    sheet, days, scheme = draft.sheets[place], draft.basis.days, draft.basis.scheme
    home, settings, ledger = open_home(request)
    lines = lines_of(draft, sheet, draft.cases[place], held.present)
    (row,) = scores_sheet(held.assessment, unit).rows
    behind = {each.id: each for line in lines for each in line.findings}
    left = [(each, findings_of(draft, each.findings, held.present)) for each in sheet.left_out]
    behind |= {each.id: each for _, findings in left for each in findings}
    return render(
        request,
        "assessment_unit.html",
        visitor,
        status=status,
        said=said,
        period=period,
        title=periods(request)[period],
        unit=unit,
        row=row,
        sheet=sheet,
        state=state_word(narrowed(held.assessment, unit)),
        scheme=scheme,
        bounds=clamp_words(scheme),
        remark=full_remark(sheet),
        doubt=PROPOSAL if scheme.proposal else "" if scheme.verified else UNVERIFIED,
        objection=objection_words(held.assessment, settings.office),
        lines=lines,
        left=left,
        appeals=[each for each in behind.values() if each.appeal],
        plain=plain,
        entries=[
            each
            for each in entries_sheet(home, settings, ledger, unit).rows
            if each["on"] in days or (each["level"] == LACKS and each["on"] <= days.last)
        ],
        items=enterable(scheme),
        levels=levels_of(scheme),
        typed={**typed, "on": typed["on"] or str(min(local_day(now()), days.last))},
        own=own_unit(visitor),
        at=held.at,
    )


def _said(typed: Mapping[str, str], unit: str, by: str, days: Days) -> Said:
    """The entry as it was typed. Raises AssessmentError for what is no number or day."""
    item, _, lacks = typed["item"].partition(" ")
    faults = list(_unread(typed, days))
    if faults:
        raise AssessmentError("\n".join(faults))
    return Said(
        unit=unit,
        item=item,
        on=_day(typed["on"]),
        count=int(typed["count"] or "1"),
        level=typed["level"] or None,
        points=typed["points"].strip() or None,
        lacks=lacks == LACKS,
        evidence=typed["evidence"],
        by=by,
    )


def _unread(typed: Mapping[str, Any], days: Days) -> Iterator[str]:
    if not typed["item"]:
        yield "评分项：未选"
    count = typed["count"]
    if count and not (count.isascii() and count.isdecimal() and len(count) < 5):
        yield f"次数：{count}，应为整数"
    on = _day(typed["on"])
    if on is None:
        yield f"日期：{typed['on'] or '未填'}，应如 {days.first}"
    elif on not in days:
        yield f"日期：{on}，不在本考核周期（{days.first} 至 {days.last}）内"
    if not typed["evidence"].strip():
        yield "依据：不能为空，请写明文件名称文号或事由"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
