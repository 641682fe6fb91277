"""One finding for one visitor: its events, its evidence as far as they may see it, its notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastapi import HTTPException, Request

from app.course import UNTIL, side_of
from app.web.guard import Guarded
from app.web.shown import own_unit, see
from app.words import EVENTS
from checks.lifecycle import Event, Finding
from storage.attachments import Kept, kept_file
from storage.tables import NoticeRow


@dataclass(frozen=True, slots=True)
class Shown:
    """One event of a course. `file`: a copy of what was given as evidence; None: there is none."""

    event: Event
    side: str
    word: str
    until: str
    file: Kept | None


def finding_of(request: Request, visitor: Guarded, number: int) -> Finding:
    """The finding of this number.

    Raises HTTPException: 404, also where it is another unit's and the visitor is of one.
    """
    found: Finding | None = request.app.state.findings.current().get(number)
    if found is None:
        raise HTTPException(404, "没有这个编号的问题，或者不属于您的单位。")
    see(visitor, found.unit)
    return found


def may_open(visitor: Guarded, finding: Finding) -> bool:
    """What was kept about a letter may show who wrote it: it stays in the office."""
    return own_unit(visitor) is None or not finding.key.letter


def events_of(request: Request, visitor: Guarded, finding: Finding) -> Iterator[Shown]:
    """What happened, oldest first, as the visitor may see it."""
    folder = request.app.state.ledger.evidence.folder
    for event in finding.events:
        kept = kept_file(folder, event.evidence) if event.evidence else None
        told = event
        if kept is not None or not may_open(visitor, finding):
            told = replace(event, evidence=None)
        file = kept if may_open(visitor, finding) else None
        until = UNTIL.get(event.kind, "期限")
        yield Shown(told, side_of(event), EVENTS[event.kind], until, file)


def notices_of(request: Request, finding: Finding) -> list[NoticeRow]:
    """Every notice that names the finding, oldest first."""
    if finding.unit is None:
        return []
    rows = request.app.state.ledger.notices(unit=finding.unit)
    return [row for row in rows if finding.id in row.findings]
