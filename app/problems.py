"""A finding as a notice tells it: what was seen, under which clause, on which evidence."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from docx.image.image import Image

from app.day import Day
from checks.freshness import local_day
from checks.lifecycle import EventKind, Finding, Key, State
from checks.rules import Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import DutyState, LetterVerdict
from notify.documents.parts import Picture
from notify.notices import Demand, Problem, Proof
from notify.terms import kind_word, sure_clause
from notify.words import web_link
from storage.attachments import kept_file
from storage.ledger import Ledger
from storage.tables import NoticeRow

log = logging.getLogger("xunjian.notices")
FAULT_NOTES = (EventKind.DETECTED, EventKind.REMINDED, EventKind.REOPENED, EventKind.RESUMED)
LATE = (LetterVerdict.OVERDUE, LetterVerdict.ANSWERED_LATE)
MOST_FAULTS = 5
PICTURES = (".png", ".jpg", ".jpeg")
MOST_BYTES = 4 * 1024 * 1024
# In mm: a picture is no wider than the text, and no higher than half a page.
WIDEST, HIGHEST, PIXELS_PER_MM = 150, 120, 4


class ProblemError(LookupError):
    """A finding that no notice may name: its rule or subject is gone, or it no longer stands."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """What is known of a fault on the day of the notice."""

    words: str
    newest: date | None = None
    days_over: int | None = None
    evidence: str | None = None
    link: str | None = None


def problem_of(day: Day, ledger: Ledger, finding: Finding, earlier: Sequence[NoticeRow]) -> Problem:
    """What does a notice of today say of this finding? `earlier` are the notices there were.

    Raises ProblemError.
    """
    key, course = finding.key, finding.course
    rule = day.law.row(key.pack, key.rule, day.bench.moment.as_of)
    subject = day.subjects.get(key.subject)
    if rule is None:
        raise ProblemError(f"所依据的指标 {key.pack}/{key.rule} 已不在采用的指标集内")
    if subject is None:
        raise ProblemError(f"对象 {key.subject} 已不在登记册中")
    if key in day.bench.cleared and not finding.over:
        raise ProblemError(
            f"今日判定已无此问题（{day.bench.cleared[key]}），请先运行 xunjian check"
        )
    sight = _sight(day, finding)
    return Problem(
        finding=finding.id,
        what="来信" if key.letter else kind_word(key.subject, subject),
        name=f"{subject.name} {key.letter}" if key.letter else subject.name,
        site=_site_name(day, subject),
        url=web_link(sight.link) or web_link(subject.url),
        headline=rule.headline,
        situation=sight.words,
        found_on=finding.opened_on,
        confirmed_on=course.confirmed_on,
        newest=sight.newest,
        limit=rule.limit_for(subject).chinese if isinstance(rule, Rule) else None,
        days_over=sight.days_over,
        clause=sure_clause(rule),
        basis=next(pack.title for pack in day.law.packs if pack.name == key.pack),
        remedy=rule.remedy,
        proofs=tuple(_proofs(ledger, finding, sight)),
        pictures=tuple(_pictures(ledger, finding)),
        demands=tuple(
            Demand(row.number, local_day(row.at), row.due)
            for row in earlier
            if finding.id in row.findings
        ),
        remaining=_remaining(day, finding) if course.notified_on else "",
    )


def _sight(day: Day, finding: Finding) -> _Sight:
    """What stands against the unit today; where today says nothing, what was last found."""
    key, as_of = finding.key, day.bench.moment.as_of
    found = _letter(day, key) if key.letter else _row(day, key) or _duty(day, key)
    if found is not None:
        return found
    said = [event for event in finding.events if event.kind in FAULT_NOTES][-1]
    ruled = isinstance(day.law.row(key.pack, key.rule, as_of), Rule) and not key.letter
    words = f"{local_day(said.at)}查看：{said.note}"
    return _Sight(words, finding.basis if ruled else None)


def _row(day: Day, key: Key) -> _Sight | None:
    for row in day.bench.rows:
        if (row.pack, row.rule, row.subject.key) == (key.pack, key.rule, key.subject):
            if not row.verdict.against_unit:
                return None
            words = f"截至{day.bench.moment.as_of}，{row.reason}"
            return _Sight(words, row.newest, row.days_over, row.evidence)
    return None


def _duty(day: Day, key: Key) -> _Sight | None:
    for row in day.bench.duties:
        if (row.duty.pack, row.duty.id, row.subject.key) == (key.pack, key.rule, key.subject):
            if row.state is not DutyState.UNMET:
                return None
            answer = row.answer
            more = [fault for fault in answer.faults if answer.reason not in fault]
            counted = f"；共{len(more)}处" if len(more) > MOST_FAULTS else ""
            listed = f"：{'；'.join(more[:MOST_FAULTS])}{counted}" if more else ""
            words = f"截至{day.bench.moment.as_of}，{answer.reason}{listed}"
            return _Sight(words, evidence=answer.evidence)
    return None


def _letter(day: Day, key: Key) -> _Sight | None:
    seen = {row.subject.key: row.evidence for row in day.bench.rows}
    for row in day.bench.letters:
        named = (row.pack, row.rule, row.mailbox.key, row.letter.ref)
        if named == (key.pack, key.rule, key.subject, key.letter) and row.verdict in LATE:
            words = f"截至{day.bench.moment.as_of}，{row.reason}"
            return _Sight(words, evidence=seen.get(key.subject), link=row.letter.url)
    return None


def _site_name(day: Day, subject: Subject) -> str | None:
    if subject.kind is SubjectKind.SITE or subject.site is None:
        return None
    site = day.subjects.get(f"{SubjectKind.SITE}:{subject.site}")
    return site.name if site else subject.site


def _remaining(day: Day, finding: Finding) -> str:
    """What is still open after a demand, and since when?"""
    course, as_of = finding.course, day.bench.moment.as_of
    if course.state is State.FAILED:
        kinds = (EventKind.FAILED, EventKind.REOPENED)
        failed = [event for event in finding.events if event.kind in kinds][-1]
        return f"{local_day(failed.at)}复查未通过：{failed.note}"
    if course.due is None or course.due >= as_of:
        return ""
    late = day.law.calendar.working_days_between(course.due, as_of).count
    told = f"已于{course.reported_on}反馈" if course.reported_on else "未收到整改反馈"
    return f"整改期限{course.due}已过{(as_of - course.due).days}天（{late}个工作日），{told}"


def _proofs(ledger: Ledger, finding: Finding, sight: _Sight) -> Iterator[Proof]:
    places = dict.fromkeys(filter(None, (finding.evidence, sight.evidence)))
    for place in places:
        link = ledger.evidence_named(place)
        yield Proof(place, link.sha256 if link else None)
    for event in finding.events:
        if event.kind is EventKind.CONFIRMED and event.evidence:
            kept = kept_file(ledger.evidence.folder, event.evidence)
            # The name of a file about a letter may be that of who wrote it.
            name = "" if kept and finding.key.letter else kept.original if kept else event.evidence
            yield Proof(f"核实材料：{name}".rstrip("："), kept.sha256 if kept else None)


def _pictures(ledger: Ledger, finding: Finding) -> Iterator[Picture]:
    """What the person who confirmed it gave. Of a letter none: it may show who wrote it."""
    if finding.key.letter:
        return
    given = [e.evidence or "" for e in finding.events if e.kind is EventKind.CONFIRMED]
    for record in given:
        kept = kept_file(ledger.evidence.folder, record)
        if kept is None or kept.path.suffix not in PICTURES or not kept.path.is_file():
            continue
        if kept.path.stat().st_size <= MOST_BYTES:
            yield from _picture(kept.path, f"问题{finding.id}的核实材料")


def _picture(path: Path, alt: str) -> Iterator[Picture]:
    body = path.read_bytes()
    try:
        image = Image.from_blob(body)
        across, down = image.px_width, image.px_height
    except Exception as error:  # noqa: BLE001 - of a broken picture the library raises anything
        log.info("%s is not shown in the notice: %r", path.name, error)
        return  # No picture whatever its name says; the evidence is named all the same.
    if not across or not down:
        return
    own = max(10, across // PIXELS_PER_MM)
    width = min(WIDEST, own, HIGHEST * across // down)
    yield Picture(path.stem[:16], body, alt, max(1, width))
