"""Steps with findings, one or several: what will happen, the form, and the step itself."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from app.cycle import contacts
from app.handling import HandlingError, step_faults, take
from app.notices import Order, foreseen, issue, order_faults
from app.web.guard import Guarded, doing, needs
from app.web.rights import Action
from app.web.shown import render, snapshot_of
from app.web.steps import (
    KINDS,
    NOTICE_NOTE,
    USUAL,
    Filled,
    Foreseen,
    fields_of,
    form_faults,
    mails_of_notices,
    mails_of_step,
    numbers_of,
    order_of,
    said_of,
)
from app.web.work import PAPERS, WEIGHTY, for_a_page, query_of, right_for, rows_of
from checks.handling import WORDS, refusal
from checks.handling import Action as Step
from checks.lifecycle import Finding
from notify.selfcheck import ReportError

MOST_SENT = 24 * 1024 * 1024


class Bounded(APIRoute):
    """A route whose form is not even read where it is longer than any form of ours."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            length = request.headers.get("content-length", "0")
            chunked = "transfer-encoding" in request.headers
            if chunked or not length.isdigit() or int(length) > MOST_SENT:
                most = MOST_SENT // 1024**2
                raise HTTPException(413, f"一次上传应不超过 {most} MB。没有作任何改动。")
            return await answer(request)

        return bounded


router = APIRouter(route_class=Bounded)


@dataclass(frozen=True, slots=True)
class Asked:
    """One step that a visitor is about to take, with these findings, as they stand."""

    step: Step
    ids: Sequence[int]
    known: Mapping[int, Finding]
    today: date

    @property
    def refused(self) -> dict[int, str]:
        """Of which may it not be taken, and why?"""
        why = {
            each: refusal(self.step, self.known[each], self.today)
            if each in self.known
            else "没有这个编号的问题"
            for each in self.ids
        }
        return {each: for_a_page(told) for each, told in why.items() if told}

    @property
    def findings(self) -> list[Finding]:
        return [self.known[each] for each in self.ids if each in self.known]


@router.get("/findings/handle")
def handle_page(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.HANDLE)],
    step: str = "",
    back: str = "",
    id_: Annotated[list[str], Query(alias="id")] = [],  # noqa: B006 - FastAPI reads it alone
) -> Response:
    """What the step asks for, and what it would bring; nothing is done."""
    return _page(
        request,
        visitor,
        Action.HANDLE,
        Filled(step=step, id=id_, back=query_of(dict(parse_qsl(back)))),
    )


@router.get("/findings/end")
def end_page(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.CLOSE)],
    step: str = "",
    back: str = "",
    id_: Annotated[list[str], Query(alias="id")] = [],  # noqa: B006 - FastAPI reads it alone
) -> Response:
    """The same for closing and waiving."""
    return _page(
        request,
        visitor,
        Action.CLOSE,
        Filled(step=step, id=id_, back=query_of(dict(parse_qsl(back)))),
    )


@router.post("/findings/handle")
def handle(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.HANDLE)],
    filled: Annotated[Filled, Form()],
) -> Response:
    """Take the step with all of these findings, or with none."""
    return _taken(request, visitor, Action.HANDLE, filled)


@router.post("/findings/end")
def end(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.CLOSE)],
    filled: Annotated[Filled, Form()],
) -> Response:
    """The same for closing and waiving."""
    return _taken(request, visitor, Action.CLOSE, filled)


def _asked(request: Request, right: Action, filled: Filled) -> Asked:
    """Raises HTTPException: 404 no such step, 403 it is behind another right."""
    if filled.step not in tuple(Step):
        raise HTTPException(404, "没有这种处理。")
    step = Step(filled.step)
    if right_for(step) is not right:
        raise HTTPException(403, "您的角色不能进行这项操作，如有需要请与运维人员联系。")
    today = snapshot_of(request).day.bench.moment.as_of
    return Asked(step, numbers_of(filled.id), request.app.state.findings.current(), today)


def _page(request: Request, visitor: Guarded, right: Action, filled: Filled) -> Response:
    asked = _asked(request, right, filled)
    usual = filled.model_copy(update={"note": USUAL.get(asked.step, "")})
    return _shown(request, visitor, asked, usual, [])


def _taken(request: Request, visitor: Guarded, right: Action, filled: Filled) -> Response:
    asked = _asked(request, right, filled)
    faults = list(form_faults(filled)) or _do(request, visitor, asked, filled)
    if faults:
        return _shown(request, visitor, asked, filled, faults)
    return RedirectResponse(_after(asked, filled), status_code=303)


def _after(asked: Asked, filled: Filled) -> str:
    """Where is it seen what was done? Of several findings, in the list that they were chosen from.

    Of several notices, where all their papers are.
    """
    if len(asked.ids) == 1:
        return f"/findings/{asked.ids[0]}?done={asked.step}"
    if asked.step in PAPERS:
        return f"/findings/issued?{urlencode([('id', each) for each in asked.ids])}"
    back = query_of(dict(parse_qsl(filled.back)))
    return f"/findings?{back}&done={asked.step}" if back else f"/findings?done={asked.step}"


def _do(request: Request, visitor: Guarded, asked: Asked, filled: Filled) -> list[str]:
    """Take it; returns what was wrong, and then nothing was written."""
    home, ledger, step = request.app.state.home, request.app.state.ledger, asked.step
    settings, name, unread = home.settings(), visitor.person.name, list[str]()
    on = ",".join(map(str, asked.ids))
    try:
        if step in PAPERS:
            order = order_of(filled, step, name, unread)
            if not (unread := [*unread, *order_faults(home, order, asked.today)]):
                with doing(request, visitor, f"finding.{step}", on):
                    issue(home, settings, ledger, order)
        else:
            said = said_of(filled, step, name, unread)
            if not (unread := [*unread, *step_faults(step, said, asked.today)]):
                with doing(request, visitor, f"finding.{step}", on):
                    take(home, settings, ledger, step, asked.ids, said)
    except (HandlingError, ReportError) as error:
        return str(error).splitlines()
    return unread


def _shown(
    request: Request, visitor: Guarded, asked: Asked, filled: Filled, faults: Sequence[str]
) -> Response:
    day, status = snapshot_of(request).day, 422 if faults or not asked.ids else 200
    # A refusal may have told of what was written meanwhile: it is shown as it stands now.
    asked = Asked(asked.step, asked.ids, request.app.state.findings.current(), asked.today)
    refused = asked.refused
    coming, unready = _foreseen(request, asked) if not refused else ([], [])
    told = [*dict.fromkeys(map(for_a_page, faults))]
    told += [line for line in unready if line not in told]
    return render(
        request,
        "step.html",
        visitor,
        status,
        step=asked.step,
        title=WORDS[asked.step],
        right="end" if right_for(asked.step) is Action.CLOSE else "handle",
        rows=list(rows_of(day, asked.findings)),
        seen={each.id: len(each.events) for each in asked.findings},
        refused=refused,
        good=[each for each in asked.ids if each not in refused],
        ready=bool(asked.ids) and not refused and not unready,
        faults=told or ([] if asked.ids else ["请至少选择一个问题"]),
        coming=coming,
        at_once=asked.step in PAPERS,
        weighty=asked.step in WEIGHTY,
        fields=fields_of(asked.step),
        filled=filled,
    )


def _foreseen(request: Request, asked: Asked) -> tuple[list[Foreseen], list[str]]:
    """What the step would bring, and why it would not be taken as things stand."""
    if not asked.ids:
        return [], []
    home, ledger = request.app.state.home, request.app.state.ledger
    settings, units = home.settings(), contacts(ledger)
    if asked.step not in PAPERS:
        return mails_of_step(ledger, asked.step, asked.findings, units, settings.mail), []
    order = Order(KINDS[asked.step], "办公室", NOTICE_NOTE, tuple(asked.ids))
    try:
        notices = foreseen(home, settings, ledger, order, snapshot_of(request).day)
    except HandlingError as error:
        return [], [for_a_page(line) for line in str(error).splitlines()]
    return mails_of_notices(notices, units, settings.mail), []
