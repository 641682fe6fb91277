"""A step as a form has it: what was filled in, what is wrong with it, and what it would bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict

from app.handling import EVENTS, Said
from app.notices import Order
from app.proof import MOST_BYTES, Brought
from app.web.work import BY_UNIT, PAPERS
from checks.handling import Action as Step
from checks.lifecycle import Finding
from notify.news import OFFICE, Contact, unit_audience
from notify.notices import Notice, NoticeKind
from notify.queue import readers
from notify.rectifying import STEPS
from notify.settings import MailSection
from notify.words import clean
from storage.ledger import Ledger

LONGEST_NOTE = 2000
LONGEST_NAME = 64
MOST_NUMBERS = 100
HIGHEST = 2**31
# What is usually said; `xunjian findings …` says the same.
USUAL = {
    Step.CONFIRM: "经人工核实，问题属实。",
    Step.RECHECK: "开始复查。",
    Step.CLOSE: "经复查，问题已整改到位。",
}
NOTICE_NOTE = "下发整改通知"
KINDS = {Step.NOTICE: NoticeKind.NOTICE, Step.URGE: NoticeKind.URGE}


class Filled(BaseModel):
    """A form as it came: nothing in it is believed yet.

    `seen` are numbers and counts, `1:3`; `back` is which list the person came from.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    step: str = ""
    id: list[str] = []
    seen: list[str] = []
    by: str = ""
    note: str = ""
    evidence: str = ""
    number: str = ""
    due: str = ""
    until: str = ""
    back: str = ""
    file: UploadFile | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What somebody will get: in which words, at which addresses.

    No `addresses`: no mail reaches them, it must be told otherwise; None: they are not told.
    """

    whom: str
    words: str
    addresses: tuple[str, ...] | None
    lines: tuple[str, ...] = ()


def fields_of(step: Step) -> tuple[str, ...]:
    """What is asked for with this step, beside the findings?"""
    if step in PAPERS:
        return ("number", "due") if step is Step.NOTICE else ("note", "number", "due")
    more = {Step.WAIVE: ("until",), **dict.fromkeys(BY_UNIT, ("by",))}
    return (*more.get(step, ()), "note", "evidence")


def numbers_of(given: Sequence[str]) -> tuple[int, ...]:
    """The numbers of findings, each once; what is none is left out."""
    numbers = (int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 10)
    return tuple(dict.fromkeys(numbers))[:MOST_NUMBERS]


def seen_of(given: Sequence[str]) -> dict[int, int]:
    """How many events of each finding were on the page that was filled in?"""
    split = (each.partition(":") for each in given)
    return {
        int(number): int(count)
        for number, _, count in split
        if numbers_of([number]) and numbers_of([count])
    }


def said_of(filled: Filled, step: Step, name: str, unread: list[str]) -> Said:
    """What the person says; what cannot be read goes to `unread`. `name` is theirs."""
    by = clean(filled.by) if step in BY_UNIT else name
    if not by:
        unread.append("单位联系人：不能为空")
    return Said(
        by or name,
        clean(filled.note),
        _brought(filled),
        _day(filled.until, "豁免期限", unread),
        seen_of(filled.seen),
    )


def order_of(filled: Filled, step: Step, name: str, unread: list[str]) -> Order:
    """The notice that the person asks for; what cannot be read goes to `unread`."""
    return Order(
        KINDS[step],
        name,
        NOTICE_NOTE if step is Step.NOTICE else clean(filled.note),
        numbers_of(filled.id),
        number=filled.number if filled.number.strip() else None,
        due=_day(filled.due, "整改期限", unread),
        seen=seen_of(filled.seen),
    )


def form_faults(filled: Filled) -> Iterator[str]:
    """What is wrong whatever the step?"""
    ids, seen = numbers_of(filled.id), seen_of(filled.seen)
    if not ids:
        yield "请至少选择一个问题"
    if any(each not in seen for each in ids):
        yield "页面不完整，请返回上一页刷新后重试"
    if len(filled.note) > LONGEST_NOTE:
        yield f"说明：应不超过{LONGEST_NOTE}个字"
    if len(filled.by) > LONGEST_NAME:
        yield f"单位联系人：应不超过{LONGEST_NAME}个字"


def _brought(filled: Filled) -> Brought | None:
    """What was given as evidence; of a file no more is read than says that it is too large."""
    file = filled.file
    name = file.filename or "" if file is not None else ""
    body = file.file.read(MOST_BYTES + 1) if file is not None and name else b""
    given = Brought(filled.evidence, name, body)
    return given if name or filled.evidence.strip() else None


def _day(text: str, label: str, unread: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        unread.append(f"{label}：{clean(text)[:20]}，应为日期，如 2026-03-16")
        return None


def mails_of_step(
    ledger: Ledger,
    step: Step,
    findings: Sequence[Finding],
    units: Mapping[str, Contact],
    mail: MailSection,
) -> list[Foreseen]:
    """Who will be told of this step, after the next check? By unit, in the order of findings."""
    told = STEPS.get(EVENTS[step])
    if told is None:
        return []
    if step is Step.REPORT_BACK:
        return [Foreseen("办公室", told.words, readers(OFFICE, units, mail))]
    heard: dict[str, list[int]] = {}
    unheard: dict[str, list[int]] = {}
    with ledger.reading() as session:
        for each in findings:
            unit = each.unit or ""
            was = ledger.was_told(session, unit_audience(unit), each.id)
            (heard if was else unheard).setdefault(unit, []).append(each.id)
    told_units = [
        Foreseen(
            _name(unit, units),
            f"{told.words}（问题 {_joined(ids)}），{told.next.rstrip('。')}",
            readers(unit_audience(unit), units, mail),
        )
        for unit, ids in heard.items()
    ]
    return told_units + [
        Foreseen(_name(unit, units), f"问题 {_joined(ids)} 未曾告知该单位", None)
        for unit, ids in unheard.items()
    ]


def mails_of_notices(
    notices: Sequence[Notice], units: Mapping[str, Contact], mail: MailSection
) -> list[Foreseen]:
    """Which papers and mails would be issued, and which copies does the office get?"""
    papers = [
        Foreseen(
            notice.addressee,
            f"{notice.number}，整改期限 {notice.due}（含当日）",
            readers(unit_audience(notice.unit), units, mail),
            tuple(
                f"问题 {each.finding}：{each.subject}，{each.headline}" for each in notice.problems
            ),
        )
        for notice in notices
    ]
    return [*papers, Foreseen("办公室", "每份通知各一份", readers(OFFICE, units, mail))]


def _name(unit: str, units: Mapping[str, Contact]) -> str:
    return units[unit].name if unit in units else unit


def _joined(ids: Sequence[int]) -> str:
    return "、".join(map(str, ids))
