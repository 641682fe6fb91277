"""The work list (问题处理), and one finding's whole course with the steps that may be taken."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.course import course_facts, named
from app.day import Day
from app.web.course import events_of, finding_of, may_open, notices_of
from app.web.guard import Guarded, needs
from app.web.rights import Action, Role, may
from app.web.shown import own_unit, render, snapshot_of
from app.web.steps import USUAL, Filled, fields_of, numbers_of
from app.web.told import mails_of, told_of
from app.web.work import (
    ALL,
    LETTER,
    WEIGHTY,
    Wanted,
    is_late,
    next_step,
    query_of,
    rank,
    right_for,
    rows_of,
    rules_among,
    steps_now,
    steps_of,
    wants_step,
)
from checks.handling import WORDS
from checks.handling import Action as Step
from checks.lifecycle import Finding
from notify.words import KIND_WORDS, web_link

router = APIRouter()
A_PAGE = 50
Word = Annotated[str, Query(max_length=200)]
KINDS = {**{str(kind): word for kind, word in KIND_WORDS.items()}, LETTER: "来信"}
SHOWS = {"": "待处理", ALL: "全部（含已办结）"}
DONE = {
    **{str(step): f"已办理：{word}。" for step, word in WORDS.items()},
    Step.NOTICE: "整改通知已下发：公文已生成，邮件已列入待发。",
    Step.URGE: "督办通知已下发：公文已生成，邮件已列入待发。",
}


@router.get("/findings")
def work(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    unit: Word = "",
    state: Word = "",
    rule: Word = "",
    kind: Word = "",
    show: Word = "",
    page: Word = "1",
    done: Word = "",
) -> Response:
    """The findings that want somebody's step, the most urgent first."""
    day, own = snapshot_of(request).day, own_unit(visitor)
    wanted = Wanted(own if own is not None else unit, state, rule, kind, show)
    today = day.bench.moment.as_of
    everything = [
        each
        for each in request.app.state.findings.current().values()
        if own is None or each.unit == own
    ]
    chosen = sorted(filter(wanted.holds, everything), key=lambda each: rank(each, today))
    last = max(1, -(-len(chosen) // A_PAGE))
    at = min(int(page), last) if page.isdecimal() and len(page) < 7 and int(page) else 1
    fields = {**asdict(wanted), "unit": unit if own is None else ""}
    return render(
        request,
        "work.html",
        visitor,
        rows=list(rows_of(day, chosen[(at - 1) * A_PAGE : at * A_PAGE])),
        count=len(chosen),
        late=sum(is_late(each.course, today) for each in chosen if wants_step(each)),
        wanted=wanted,
        own=own,
        units=day.unit_names,
        rules=rules_among(day, everything),
        kinds=KINDS,
        shows=SHOWS,
        steps=[(step, WORDS[step], right_for(step)) for step in steps_of(_role(visitor))],
        at=at,
        last=last,
        query=query_of(fields),
        here=query_of({**fields, "page": str(at) if at > 1 else ""}),
        said=(True, [DONE[done]]) if done in DONE else None,
        as_of=today,
    )


@router.get("/findings/issued")
def issued(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_ALL)],
    id_: Annotated[list[str], Query(alias="id")] = [],  # noqa: B006 - FastAPI reads it alone
) -> Response:
    """The last notices that name these findings: each paper, and its mails as they stand."""
    day, known = snapshot_of(request).day, request.app.state.findings.current()
    last = {}
    for number in numbers_of(id_):
        if number in known and (rows := notices_of(request, known[number])):
            last[rows[-1].id] = (number, rows[-1])
    papers = [(number, row, mails_of(request, day, row)) for number, row in last.values()]
    return render(request, "issued.html", visitor, papers=papers, units=day.unit_names)


@router.get("/findings/{number:int}")
def course(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    number: int,
    done: Word = "",
) -> Response:
    """One finding: what, by which clause, both sides' words, and what may be done now."""
    finding = finding_of(request, visitor, number)
    day = snapshot_of(request).day
    role, today = _role(visitor), day.bench.moment.as_of
    steps = steps_now(role, finding, today)
    notices = notices_of(request, finding)
    (row,) = rows_of(day, [finding])
    return render(
        request,
        "finding.html",
        visitor,
        finding=finding,
        row=row,
        heading=named(day, finding),
        subject=day.subjects.get(finding.key.subject),
        facts=[each for each in course_facts(day, finding) if each[0] not in ("页面", "证据")],
        link=_link(day, finding),
        may_open=may_open(visitor, finding),
        events=list(events_of(request, visitor, finding)),
        notices=notices,
        told=told_of(request, day, finding, notices) if may(role, Action.SEE_ALL) else None,
        next_step=next_step(finding, today),
        inline=[each for each in steps if each not in WEIGHTY],
        weighty=[each for each in steps if each in WEIGHTY],
        words=WORDS,
        fields_of=fields_of,
        right_for=right_for,
        blank={each: Filled(step=each, note=USUAL.get(each, "")) for each in steps},
        said=(True, [DONE[done]]) if done in DONE else None,
    )


def _role(visitor: Guarded) -> Role:
    return Role(visitor.person.role)


def _link(day: Day, finding: Finding) -> str | None:
    subject = day.subjects.get(finding.key.subject)
    return web_link(subject.url) if subject is not None else None
