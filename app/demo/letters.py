"""The planted mailboxes: letters around the holidays of 2026, and open ones of these days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from app.demo.expected import Expected
from app.demo.titles import titles
from checks.calendar import Deadline, WorkCalendar, months_before
from checks.facts import Outcome
from checks.verdicts import LetterVerdict, Verdict

LIMIT_WORKING_DAYS = 5
# The hotline's own limits by category, as its mailbox is registered with them.
CATEGORIES = ("咨询=3 working days", "疑难=10 working days")
WORKING_DAYS = {"咨询": 3, "疑难": 10}
EXPORTED = "exported"
VETO_MONTHS = 3
# Open letters, by how many days they are past the three months of the national veto.
OLD_LETTERS = {"three_months": 0, "three_months_over": 1}
Style = Literal["table", "cards"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One planted letter and what must be said of it. `due` is the last good day.

    `near`: open and due today or on the next working day.
    """

    mailbox: str
    ref: str
    title: str
    unit_name: str
    status: str
    received: date
    replied: date | None
    due: date
    verdict: LetterVerdict
    near: bool = False
    category: str = ""
    extended_to: date | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    id: str
    site: str
    host: str
    name: str
    channel: str
    unit: str
    path: str
    style: Style
    letters: tuple[Letter, ...]
    form: str | None
    fault: str
    expected: Expected


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before the calendar has spoken."""

    received: date
    replied: date | None
    status: str
    category: str = ""
    extended_to: date | None = None


# The State Council's plan of 2026: 1 to 7 October off, 25 to 27 September off, work on
# Sunday 20 September and Saturday 10 October; 15 to 23 February off, work on 14 February.
HOLIDAY_LETTERS = (
    Draft(date(2026, 9, 24), date(2026, 10, 9), "已答复"),
    Draft(date(2026, 9, 24), date(2026, 10, 10), "已答复"),
    Draft(date(2026, 9, 18), date(2026, 9, 24), "已答复"),
    Draft(date(2026, 2, 13), date(2026, 2, 27), "已答复"),
)


def plant_mailbox(
    row: Mapping[str, Any], host: str, unit_name: str, today: date, calendar: WorkCalendar
) -> Mailbox:
    """Plant one mailbox of the register; letters later than `today` are left out."""
    drafts = _drafts(row["letters"], today, calendar)
    drafts.sort(key=lambda draft: draft.received, reverse=True)
    words = titles(row["id"], "letter", len(drafts))
    letters = tuple(
        _letter(row["id"], ref, unit_name, title, draft, today, calendar)
        for ref, draft, title in zip(_refs(row["id"], drafts), drafts, words, strict=True)
    )
    return Mailbox(
        id=row["id"],
        site=row["site"],
        host=host,
        name=row["name"],
        channel=row.get("channel", ""),
        unit=row["unit"],
        path=row.get("path", ""),
        style=row.get("style", "table"),
        letters=letters,
        form=row.get("form"),
        fault=row["letters"],
        expected=_expected(row["letters"], letters),
    )


def _drafts(kind: str, today: date, calendar: WorkCalendar) -> list[Draft]:
    if kind in OLD_LETTERS:
        received = months_before(today, VETO_MONTHS) - timedelta(OLD_LETTERS[kind])
        return [_answered(today, calendar), Draft(received, None, "办理中")]
    if kind == EXPORTED:
        return _exported(today, calendar)
    if kind == "answered":
        return [_answered(today, calendar)]
    drafts = [d for d in HOLIDAY_LETTERS if (d.replied or d.received) <= today]
    drafts += _recent(today, calendar)
    if kind == "fixed_and_overdue":
        drafts.append(Draft(_just_overdue(today, calendar), None, "办理中"))
    return drafts


def _answered(today: date, calendar: WorkCalendar) -> Draft:
    """A letter of a month ago, answered on the last good day."""
    month_ago = today - timedelta(30)
    on_the_day = calendar.nth_working_day_after(month_ago, LIMIT_WORKING_DAYS).on
    return Draft(month_ago, on_the_day, "已办结")


def _exported(today: date, calendar: WorkCalendar) -> list[Draft]:
    """Letters that no page shows: by category on the last good day and one late, extended, open."""
    month_ago, day_before = today - timedelta(30), today - timedelta(31)
    on_the_day = calendar.nth_working_day_after(month_ago, 3).on
    one_late = calendar.nth_working_day_after(day_before, 4).on
    overdue = _just_overdue(today, calendar)
    return [
        Draft(month_ago, on_the_day, "已办结", "咨询"),
        Draft(day_before, one_late, "已办结", "咨询"),
        Draft(overdue - timedelta(1), None, "办理中", "投诉", today + timedelta(10)),
        Draft(overdue, None, "办理中", "投诉"),
    ]


def _refs(mailbox: str, drafts: list[Draft]) -> tuple[str, ...]:
    """Numbers that a letter keeps from day to day: by its own day of receipt."""
    days = [draft.received for draft in drafts]
    return tuple(
        f"{mailbox[:2].upper()}{day:%Y%m%d}{days[:i].count(day) + 1:02d}"
        for i, day in enumerate(days)
    )


def _recent(today: date, calendar: WorkCalendar) -> list[Draft]:
    """Answered on the last good day, answered one working day late, declined, and open."""
    earlier = today - timedelta(45)
    one_late = calendar.nth_working_day_after(earlier, LIMIT_WORKING_DAYS + 1).on
    return [
        _answered(today, calendar),
        Draft(earlier, one_late, "已办结"),
        Draft(today - timedelta(25), None, "不予受理"),
        Draft(_due_next(today, calendar), None, "已受理"),
        Draft(today - timedelta(1), None, "已受理"),
    ]


def _due_next(today: date, calendar: WorkCalendar) -> date:
    """The latest receipt whose letter is due on the next working day after today."""
    due = calendar.nth_working_day_after(today, 1).on
    day = today - timedelta(1)
    while calendar.nth_working_day_after(day, LIMIT_WORKING_DAYS).on > due:
        day -= timedelta(1)
    return day


def _just_overdue(today: date, calendar: WorkCalendar) -> date:
    """The latest receipt whose letter is past a due day that is beyond doubt."""
    day = today - timedelta(1)
    while not _is_past(calendar.nth_working_day_after(day, LIMIT_WORKING_DAYS), today):
        day -= timedelta(1)
    return day


def _is_past(deadline: Deadline, today: date) -> bool:
    return not deadline.provisional and deadline.on < today


def _letter(
    mailbox: str,
    ref: str,
    unit_name: str,
    title: str,
    draft: Draft,
    today: date,
    calendar: WorkCalendar,
) -> Letter:
    limit = WORKING_DAYS.get(draft.category, LIMIT_WORKING_DAYS)
    deadline = calendar.nth_working_day_after(draft.received, limit)
    if draft.extended_to is not None:
        deadline = Deadline(draft.extended_to, provisional=False)
    next_day = calendar.nth_working_day_after(today, 1).on
    verdict = _verdict(draft, deadline, today)
    return Letter(
        mailbox=mailbox,
        ref=ref,
        title=title,
        unit_name=unit_name,
        status=draft.status,
        received=draft.received,
        replied=draft.replied,
        due=deadline.on,
        verdict=verdict,
        near=verdict is LetterVerdict.WAITING and deadline.on <= next_day,
        category=draft.category,
        extended_to=draft.extended_to,
    )


def _verdict(draft: Draft, deadline: Deadline, today: date) -> LetterVerdict:
    if draft.status == "不予受理":
        return LetterVerdict.ANSWERED_IN_TIME
    if deadline.provisional:
        return LetterVerdict.PROVISIONAL
    if draft.replied is not None:
        in_time = draft.replied <= deadline.on
        return LetterVerdict.ANSWERED_IN_TIME if in_time else LetterVerdict.ANSWERED_LATE
    return LetterVerdict.OVERDUE if deadline.on < today else LetterVerdict.WAITING


def _expected(kind: str, letters: tuple[Letter, ...]) -> Expected:
    """By the five working days; by the three months where the calendar leaves those open."""
    newest = max(letter.received for letter in letters)
    if any(letter.verdict is LetterVerdict.OVERDUE for letter in letters):
        why = "有来信超过五个工作日未答复"
        return Expected(Verdict.OVERDUE, newest, Outcome.OK, why)
    if OLD_LETTERS.get(kind, 0) > 0:
        return Expected(Verdict.OVERDUE, newest, Outcome.OK, "有来信超过三个月未答复")
    if kind in OLD_LETTERS:
        return Expected(Verdict.DUE_SOON, newest, Outcome.OK, "有来信三个月的期限当日届满")
    if any(letter.near for letter in letters):
        why = "有来信将于一个工作日内到期"
        return Expected(Verdict.DUE_SOON, newest, Outcome.OK, why)
    return Expected(Verdict.OK, newest, Outcome.OK, "没有临期或逾期的来信")
