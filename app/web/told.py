"""Who was told of a finding, and by which mails. For those alone who see everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from app.cycle import contacts
from app.day import Day
from checks.lifecycle import Finding
from notify.news import LEADER, OFFICE, OPERATOR, unit_audience
from notify.notices import NoticeKind
from notify.queue import CHAT, readers
from storage.ledger import Mailed
from storage.tables import NoticeRow

AUDIENCES = {OFFICE: "办公室", OPERATOR: "运维人员", LEADER: "分管领导"}


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of a finding and when; `mails` are those that could be found."""

    whom: str
    mails: Sequence[Mailed]


def told_of(
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


def mails_of(request: Request, day: Day, notice: NoticeRow) -> list[Mailed]:
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
