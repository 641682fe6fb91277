"""Notices to units (整改通知、督办通知): composed, kept, recorded and queued for the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from app.day import Day, judge_day
from app.handling import HandlingError, may_be_taken, said_faults
from app.home import Home
from app.problems import ProblemError, problem_of
from app.settings import Settings
from checks.freshness import local_day
from checks.handling import Action, refusal
from checks.lifecycle import Event, EventKind, Finding
from notify.documents.files import write_whole
from notify.mail import recipients
from notify.news import unit_audience
from notify.notices import Notice, NoticeKind, Problem, Sender, notice_document, notice_message
from notify.notices.mail import document_name
from notify.words import clean
from storage.attachments import keep_file
from storage.clock import now
from storage.ledger import Ledger
from storage.tables import NoticeRow

ACTIONS = {NoticeKind.NOTICE: Action.NOTICE, NoticeKind.URGE: Action.URGE}
EVENTS = {NoticeKind.NOTICE: EventKind.NOTIFIED, NoticeKind.URGE: EventKind.URGED}
LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Order:
    """What the clerk asked for. No `ids`: every confirmed finding, or those of `units`.

    `seen` is how many events of each finding the clerk had before their eyes, where it is known.
    """

    kind: NoticeKind
    by: str
    note: str
    ids: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    number: str | None = None
    due: date | None = None
    out: Path | None = None
    seen: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued; `by_paper` are the names of units that no mail reaches."""

    notices: tuple[Notice, ...]
    paths: tuple[Path, ...]
    mails: int
    by_paper: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Paper:
    """One notice with its document: the bytes, and the words that name the kept copy."""

    notice: Notice
    body: bytes
    kept: str


def issue(home: Home, settings: Settings, ledger: Ledger, order: Order) -> Issued:
    """Issue one notice to each unit; nothing to issue is no fault.

    1. Choose the findings; refuse all where one may not be named.
    2. Compose each unit's notice from today's judgement, and check that it agrees with itself.
    3. Keep each document in the evidence.
    4. In one transaction: check the findings again, write the events, the notices and the mails.
    5. Write the documents for the clerk.

    Raises HandlingError, ReportError, OSError; nothing is recorded then.
    """
    present = now()
    if faults := list(order_faults(home, order, local_day(present))):
        raise HandlingError("\n".join(faults))
    findings = _chosen(ledger, order, local_day(present))
    if not findings:
        return Issued((), (), 0, ())
    folder = order.out or home.path("reports")
    folder.mkdir(parents=True, exist_ok=True)
    day = judge_day(home, settings, ledger)
    composed = _composed(home, settings, ledger, order, findings, day, present)
    papers = [_paper(ledger, each) for each in composed]
    emails = {row["id"]: tuple(row["emails"]) for row in ledger.units()}
    with ledger.writing() as session:
        mails = _record(ledger, session, settings, order, papers, emails, present)
    paths = write_whole({document_name(each.notice): each.body for each in papers}, folder)
    notices = tuple(each.notice for each in papers)
    by_paper = tuple(each.addressee for each in notices if not emails[each.unit])
    return Issued(notices, tuple(paths), mails, by_paper)


def foreseen(
    home: Home, settings: Settings, ledger: Ledger, order: Order, day: Day
) -> list[Notice]:
    """Which notices would be issued, as `day` stands? Nothing is written, here or in the ledger.

    Raises HandlingError.
    """
    present = now()
    findings = _chosen(ledger, order, local_day(present))
    return list(_composed(home, settings, ledger, order, findings, day, present))


def order_faults(home: Home, order: Order, today: date) -> Iterator[str]:
    """What is missing or wrong in what was asked for, whatever the findings?"""
    yield from said_faults(order.by, order.note)
    if order.ids and order.units:
        yield "问题编号与 --unit 只能给出一种"
    if order.number is not None and not 0 < len(clean(order.number)) <= LONGEST_NUMBER:
        yield f"文号（--number）：应为1至{LONGEST_NUMBER}个字"
    last = today + timedelta(days=home.rectification().hard_stop.n)
    if order.due is not None and not today < order.due <= last:
        yield f"整改期限（--due）：{order.due}，应在{today}之后，且不晚于{last}"


def _chosen(ledger: Ledger, order: Order, today: date) -> list[Finding]:
    known = {row["id"] for row in ledger.units()}
    if unknown := [each for each in order.units if each not in known]:
        raise HandlingError("\n".join(f"登记册中没有编号为 {each} 的单位" for each in unknown))
    with ledger.reading() as session:
        if order.ids:
            chosen = may_be_taken(
                ledger, session, ACTIONS[order.kind], order.ids, today, order.seen
            )
        else:
            chosen = [
                each
                for each in ledger.all_findings(session).values()
                if refusal(Action.NOTICE, each, today) is None
                and (not order.units or each.unit in order.units)
            ]
    if faults := [
        f"问题 {each.id}：责任单位 {each.unit} 不在登记册中，不能下发"
        for each in chosen
        if each.unit not in known
    ]:
        raise HandlingError("\n".join(faults))
    return chosen


def _composed(
    home: Home,
    settings: Settings,
    ledger: Ledger,
    order: Order,
    findings: Sequence[Finding],
    day: Day,
    present: datetime,
) -> Iterator[Notice]:
    """One notice a unit, in the order of the register."""
    today = local_day(present)
    problems = _problems(day, ledger, findings)
    units = [unit for unit in day.unit_names if any(each.unit == unit for each in findings)]
    numbers = _numbers(ledger, order, today.year, len(units))
    due = order.due or home.rectification().due(today, day.law.calendar)
    office = settings.office
    for unit, number in zip(units, numbers, strict=True):
        own = [each.id for each in findings if each.unit == unit]
        yield Notice(
            kind=order.kind,
            number=number,
            unit=unit,
            addressee=day.unit_names[unit],
            issued_on=today,
            due=due,
            problems=tuple(problems[each] for each in own),
            findings=tuple(own),
            sender=Sender(office.head, office.signature, office.contact.strip()),
            made_at=present,
        )


def _problems(day: Day, ledger: Ledger, findings: Sequence[Finding]) -> dict[int, Problem]:
    earlier, faults = ledger.notices(), []
    problems: dict[int, Problem] = {}
    for finding in findings:
        try:
            problems[finding.id] = problem_of(day, ledger, finding, earlier)
        except ProblemError as error:
            faults.append(f"问题 {finding.id}：{error}，不能下发")
    if faults:
        raise HandlingError("\n".join(faults))
    return problems


def _numbers(ledger: Ledger, order: Order, year: int, count: int) -> list[str]:
    """The number given, or the next free ones of the year."""
    with ledger.reading() as session:
        used = ledger.notice_numbers(session)
    if order.number is None:
        form = re.compile(rf"{order.kind.chinese}〔{year}〕([0-9]+)号")
        last = max((int(match[1]) for each in used if (match := form.fullmatch(each))), default=0)
        return [f"{order.kind.chinese}〔{year}〕{last + n}号" for n in range(1, count + 1)]
    number = clean(order.number)
    if count > 1:
        raise HandlingError(f"文号（--number）：{number} 只能用于一个单位，本次有{count}个单位")
    if number in used:
        raise HandlingError(f"文号（--number）：{number} 已用于另一份通知")
    return [number]


def _paper(ledger: Ledger, notice: Notice) -> _Paper:
    body = notice_document(notice)
    with TemporaryDirectory() as folder:
        path = Path(folder) / document_name(notice)
        path.write_bytes(body)
        return _Paper(notice, body, keep_file(ledger.evidence.folder, path))


def _record(
    ledger: Ledger,
    session: Session,
    settings: Settings,
    order: Order,
    papers: Sequence[_Paper],
    emails: dict[str, tuple[str, ...]],
    present: datetime,
) -> int:
    """Write what was issued; returns how many mails were queued."""
    used, today = ledger.notice_numbers(session), local_day(present)
    named = [each for paper in papers for each in paper.notice.findings]
    taken = may_be_taken(ledger, session, ACTIONS[order.kind], named, today, order.seen)
    mails = 0
    for paper in papers:
        notice = paper.notice
        findings = [each for each in taken if each.id in notice.findings]
        if notice.number in used:
            raise HandlingError(f"文号 {notice.number} 刚刚用于另一份通知，请重新运行")
        event = _event(order, paper, present)
        written = ledger.write_events(session, [(each, event) for each in findings])
        # The notice itself tells the unit: on paper where no mail reaches it.
        keys = [each.key for each in written]
        ledger.tell(session, unit_audience(notice.unit), keys, present)
        ledger.record_notice(session, _row(order, paper, present))
        for person in recipients((*emails[notice.unit], *settings.mail.office)):
            message = notice_message(notice, paper.body, settings.mail, person, present)
            mails += ledger.queue(session, message, present)
    return mails


def _event(order: Order, paper: _Paper, present: datetime) -> Event:
    notice = paper.notice
    why = f"：{order.note.strip()}" if order.kind is NoticeKind.URGE else ""
    words = f"{notice.number}{why}；整改期限{notice.due}（含当日）"
    return Event(EVENTS[order.kind], present, order.by.strip(), words, paper.kept, notice.due)


def _row(order: Order, paper: _Paper, present: datetime) -> NoticeRow:
    notice = paper.notice
    return NoticeRow(
        kind=notice.kind,
        number=notice.number,
        unit=notice.unit,
        at=present,
        by=order.by.strip(),
        due=notice.due,
        findings=list(notice.findings),
        document=paper.kept,
    )
