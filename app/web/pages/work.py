"""The work list (问题处理), and one finding's whole course with the steps that may be taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse

from app.course import UNTIL, course_facts, named, side_of
from app.cycle import contacts
from app.day import Day
from app.web.guard import Guarded, needs
from app.web.rights import Action, Role, may
from app.web.shown import own_unit, render, see, snapshot_of
from app.web.steps import HIGHEST, USUAL, Filled, fields_of, numbers_of
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
from app.words import EVENTS
from checks.handling import WORDS
from checks.handling import Action as Step
from checks.lifecycle import Event, Finding
from notify.news import LEADER, OFFICE, OPERATOR, unit_audience
from notify.notices import NoticeKind
from notify.queue import CHAT, readers
from notify.words import KIND_WORDS, web_link
from storage.attachments import Kept, kept_file
from storage.ledger import Mailed
from storage.tables import NoticeRow

router = APIRouter()
A_PAGE = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Word = Annotated[str, Query(max_length=200)]
KINDS = {**{str(kind): word for kind, word in KIND_WORDS.items()}, LETTER: "来信"}
SHOWS = {"": "待处理", ALL: "全部（含已办结）"}
DONE = {
    **{str(step): f"已办理：{word}。" for step, word in WORDS.items()},
    Step.NOTICE: "整改通知已下发：公文已生成，邮件已列入待发。",
    Step.URGE: "督办通知已下发：公文已生成，邮件已列入待发。",
}
AUDIENCES = {OFFICE: "办公室", OPERATOR: "运维人员", LEADER: "分管领导"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One event of a course. `file`: a copy of what was given as evidence; None: there is none."""

    event: Event
    side: str
    word: str
    until: str
    file: Kept | None


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of a finding and when; `mails` are those that could be found."""

    whom: str
    mails: Sequence[Mailed]


@router.get("/work")
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


@router.get("/work/issued")
def issued(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_ALL)],
    id_: Annotated[list[str], Query(alias="id")] = [],  # noqa: B006 - FastAPI reads it alone
) -> Response:
    """The last notices that name these findings: each paper, and its mails as they stand."""
    day, known = snapshot_of(request).day, request.app.state.findings.current()
    last = {}
    for number in numbers_of(id_):
        if number in known and (rows := _notices(request, known[number])):
            last[rows[-1].id] = (number, rows[-1])
    papers = [(number, row, _mails(request, day, row)) for number, row in last.values()]
    return render(request, "issued.html", visitor, papers=papers, units=day.unit_names)


@router.get("/work/{number:int}")
def course(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    number: int,
    done: Word = "",
) -> Response:
    """One finding: what, by which clause, both sides' words, and what may be done now."""
    finding = _finding(request, visitor, number)
    day = snapshot_of(request).day
    role, today = _role(visitor), day.bench.moment.as_of
    steps = steps_now(role, finding, today)
    notices = _notices(request, finding)
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
        may_open=_may_open(visitor, finding),
        events=list(_shown(request, visitor, finding)),
        notices=notices,
        told=_told(request, day, finding, notices) if may(role, Action.SEE_ALL) else None,
        next_step=next_step(finding, today),
        inline=[each for each in steps if each not in WEIGHTY],
        weighty=[each for each in steps if each in WEIGHTY],
        words=WORDS,
        fields_of=fields_of,
        right_for=right_for,
        blank={each: Filled(step=each, note=USUAL.get(each, "")) for each in steps},
        said=(True, [DONE[done]]) if done in DONE else None,
    )


@router.get("/work/{number:int}/evidence/{place:int}")
def evidence(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    number: int,
    place: int,
) -> Response:
    """The file that was given as evidence with an event of this finding."""
    shown = list(_shown(request, visitor, _finding(request, visitor, number)))
    if place >= len(shown) or (kept := shown[place].file) is None:
        raise HTTPException(404, "这条经过没有所附文件。")
    return _file(kept)


@router.get("/work/{number:int}/notices/{place:int}")
def notice(
    request: Request,
    visitor: Annotated[Guarded, needs(Action.SEE_OWN)],
    number: int,
    place: int,
) -> Response:
    """A notice that names this finding, as it was issued."""
    finding = _finding(request, visitor, number)
    for row in _notices(request, finding):
        kept = kept_file(request.app.state.ledger.evidence.folder, row.document)
        if row.id == place and kept is not None:
            return _file(kept, DOCX)
    raise HTTPException(404, "没有这份文书。")


@router.get("/work/{number:int}/page")
def page_seen(
    request: Request, visitor: Annotated[Guarded, needs(Action.SEE_OWN)], number: int
) -> Response:
    """What was seen when the fault was found, as it was received; as a file, never as a page."""
    finding, ledger = _finding(request, visitor, number), request.app.state.ledger
    place = finding.evidence if _may_open(visitor, finding) else None
    link = ledger.subjects_evidence(finding.key.subject, place) if place else None
    if link is None:
        raise HTTPException(404, "这个问题没有所存的页面。")
    try:
        body = ledger.evidence.capture(link).body
    except (OSError, ValueError) as error:
        raise HTTPException(404, f"所存的页面无法读取：{error}") from error
    named = f'attachment; filename="finding-{number}.txt"'
    return Response(body, 200, {"Content-Disposition": named}, "application/octet-stream")


def _role(visitor: Guarded) -> Role:
    return Role(visitor.person.role)


def _finding(request: Request, visitor: Guarded, number: int) -> Finding:
    """Raises HTTPException: 404, also where it is another unit's and the visitor is of one."""
    found: Finding | None = request.app.state.findings.current().get(number)
    if found is None or number >= HIGHEST:
        raise HTTPException(404, "没有这个编号的问题，或者不属于您的单位。")
    see(visitor, found.unit)
    return found


def _may_open(visitor: Guarded, finding: Finding) -> bool:
    """What was kept about a letter may show who wrote it: it stays in the office."""
    return own_unit(visitor) is None or not finding.key.letter


def _shown(request: Request, visitor: Guarded, finding: Finding) -> Iterator[Shown]:
    folder = request.app.state.ledger.evidence.folder
    for event in finding.events:
        kept = kept_file(folder, event.evidence) if event.evidence else None
        told = event
        if kept is not None or not _may_open(visitor, finding):
            told = replace(event, evidence=None)
        file = kept if _may_open(visitor, finding) else None
        until = UNTIL.get(event.kind, "期限")
        yield Shown(told, side_of(event), EVENTS[event.kind], until, file)


def _notices(request: Request, finding: Finding) -> list[NoticeRow]:
    if finding.unit is None:
        return []
    rows = request.app.state.ledger.notices(unit=finding.unit)
    return [row for row in rows if finding.id in row.findings]


def _file(kept: Kept, kind: str = "application/octet-stream") -> Response:
    """A kept copy, to be saved: no browser shows it as a page of ours."""
    if not kept.path.is_file():
        raise HTTPException(404, "文件已不在证据目录中，请与运维人员联系。")
    return FileResponse(kept.path, media_type=kind, filename=kept.original)


def _link(day: Day, finding: Finding) -> str | None:
    subject = day.subjects.get(finding.key.subject)
    return web_link(subject.url) if subject is not None else None


def _told(
    request: Request, day: Day, finding: Finding, notices: Sequence[NoticeRow]
) -> list[tuple[object, Told]]:
    """Who was told and when, the last first; beside the audiences the office's copies of notices.

    A mail is known by its instant and recipient; one that was put back since has another instant.
    """
    ledger, settings = request.app.state.ledger, request.app.state.home.settings()
    units = contacts(ledger)
    said = ledger.told_of(finding.id)
    copies = [(OFFICE, row.at) for row in notices]
    told = dict.fromkeys([*said, *copies])
    whom = {each: readers(each, units, settings.mail) for each, _ in told}
    robots = [each.removeprefix(CHAT) for each, _ in told if each.startswith(CHAT)]
    addresses = {address for each in whom.values() for address in each} | set(robots)
    mails = ledger.mailed_at({at for _, at in told}, addresses)
    name = day.unit_names.get(finding.unit or "", "")
    rows = []
    for audience, at in told:
        mine = {*whom[audience], audience.removeprefix(CHAT)}
        found = [
            each
            for each in mails
            if each.created_at == at and each.recipient in mine and _is_of(each, name)
        ]
        rows.append((at, Told(_audience(audience, day), found)))
    return sorted(rows, key=lambda each: each[0], reverse=True)


def _mails(request: Request, day: Day, notice: NoticeRow) -> list[Mailed]:
    """The mails of a notice: to its unit, and the office's copy."""
    ledger, settings = request.app.state.ledger, request.app.state.home.settings()
    units = contacts(ledger)
    to = [readers(each, units, settings.mail) for each in (unit_audience(notice.unit), OFFICE)]
    mails = ledger.mailed_at([notice.at], [address for each in to for address in each])
    return [each for each in mails if _is_of(each, day.unit_names.get(notice.unit, ""))]


def _is_of(mail: Mailed, name: str) -> bool:
    """Notices of one instant are told apart by the unit in their subject."""
    return mail.kind not in tuple(NoticeKind) or f"：{name}" in mail.subject


def _audience(audience: str, day: Day) -> str:
    if audience.startswith(CHAT):
        return "群机器人"
    unit = audience.removeprefix("unit:")
    return AUDIENCES.get(audience) or day.unit_names.get(unit, unit)
