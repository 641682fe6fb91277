"""Duties (义务): what is owed and is no time limit, as `[[duty]]` rows of a rule pack.

A rule asks how long ago something was updated; a duty asks whether something is there, works, or
is in order. Both are rows with clause, source and confidence; `checks.owed` answers for duties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from checks.calendar import Limit
from checks.pack_rows import key_faults, text_faults
from checks.subjects import Subject, SubjectKind


class PageKind(StrEnum):
    HOME = "home"
    LIST = "list"
    ARTICLE = "article"


class Mark(StrEnum):
    """The seven marks in the foot of a page."""

    SIGN = "sign"  # 党政机关网站标识
    ERROR_ENTRY = "error_entry"  # 我为政府网站找错
    SITE_CODE = "site_code"  # 网站标识码
    ICP = "icp"  # ICP备案号
    POLICE = "police"  # 公安机关备案号
    HOST = "host"  # 主办单位
    CONTACT = "contact"  # 联系方式


@dataclass(frozen=True, slots=True)
class About:
    """What a family of duties speaks of, and the `numbers` that each of its rows must carry.

    `of_closed`: it is asked of accounts that are closed, too. `by_hand`: a person alone answers
    it, and `name` is the indicator which that answer decides, if any.
    """

    subject: SubjectKind
    numbers: tuple[str, ...] = ()
    on_pages: bool = False
    of_closed: bool = False
    by_hand: bool = False


SITE, COLUMN = SubjectKind.SITE, SubjectKind.COLUMN
MAILBOX, ACCOUNT = SubjectKind.MAILBOX, SubjectKind.ACCOUNT
ABOUT: Mapping[str, About] = {
    "mark": About(SITE, on_pages=True),
    "tag": About(SITE, on_pages=True),
    "code": About(SITE, on_pages=True),
    "links": About(SITE, on_pages=True),
    "form": About(SITE, on_pages=True),
    "domain": About(SITE),
    "tls": About(SITE, ("days_left",)),
    "ipv6": About(SITE),
    "availability": About(
        SITE,
        (
            "days",
            "slow_ms",
            "percent",
            "min_per_day",
            "min_total",
            "min_gap_minutes",
            "max_gap_minutes",
            "down_after",
            "up_after",
        ),
    ),
    "dead_links": About(SITE, ("looks", "unreachable_looks", "listed")),
    "search": About(SITE, ("titles_least", "lag_days")),
    "policy_search": About(SITE, ("titles_least", "lag_days")),
    "progress": About(SITE),
    "channel": About(MAILBOX, ("gone_days",)),
    "blank": About(COLUMN),
    "guides": About(COLUMN, ("missing_least", "guides_least")),
    "forms": About(COLUMN),
    "catalogue": About(COLUMN),
    "back_dated": About(COLUMN, ("tolerance_days",)),
    "burst": About(COLUMN, ("tolerance_days", "burst_items", "burst_spread_days")),
    "repost": About(COLUMN, ("repost_days", "min_chars")),
    "wording": About(COLUMN),
    "leader": About(COLUMN),
    "identity": About(COLUMN),
    "mobile": About(COLUMN),
    "duplicate": About(ACCOUNT),
    "renamed": About(ACCOUNT),
    "reopened": About(ACCOUNT, of_closed=True),
    "interactive": About(ACCOUNT, by_hand=True),
}
# By smaller numbers a site that never failed would be at fault.
BOUNDS: Mapping[str, tuple[int, int | None]] = {
    "days": (1, None),
    "slow_ms": (1, None),
    "percent": (1, 100),
    "down_after": (1, None),
    "up_after": (1, None),
    "burst_items": (2, None),
}
SEVERITIES = ("veto", "deduct", "flag")
DOMAIN_NAMES = ("gov_cn", "no_ip", "one_domain")


@dataclass(frozen=True, slots=True)
class Duty:
    """One row. `about` names the check that answers, `name` the mark, tag or address it asks for.

    `within` is how old the look may be that it rests on, or how long a person's answer holds.
    `classes` are the column classes it speaks of, none: all; `pages` the kinds of page that owe it.
    `pattern` is the form of a good value, matched in full; `placeholders` are what an unfilled
    template leaves; `allowed` are ends of hosts; `due` is the last good day of a year (month,
    day), inclusive; `times`: the value is a moment of a 24-hour clock. `numbers` are the check's
    own thresholds, their units in their names. `remind` spaces reminders, `link` is where the
    clause can be read.
    """

    id: str
    pack: str
    version: str
    about: str
    subject: str
    within: Limit
    headline: str
    remedy: str
    severity: str
    clause: str
    source: str
    confidence: str
    verified: bool
    effective_from: date
    remind: Limit | None = None
    link: str | None = None
    classes: tuple[str, ...] = ()
    name: str = ""
    pages: tuple[PageKind, ...] = ()
    pattern: re.Pattern[str] | None = None
    placeholders: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    due: tuple[int, int] | None = None
    times: bool = False
    numbers: Mapping[str, int] = field(default_factory=dict)

    def applies_to(self, subject: Subject) -> bool:
        if self.subject != subject.kind:
            return False
        return not self.classes or subject.column_class in self.classes


TEXTS = ("id", "headline", "remedy", "severity", "clause", "source", "confidence")
LISTS = ("classes", "pages", "placeholders", "allowed")
GIVEN = {"pack", "version", "subject"}
OPTIONAL = {
    f.name for f in fields(Duty) if f.default is not MISSING or f.default_factory is not MISSING
}
REQUIRED = {f.name for f in fields(Duty)} - OPTIONAL - GIVEN
NAMES: Mapping[str, Sequence[str]] = {"mark": tuple(Mark), "domain": DOMAIN_NAMES}
DUE = re.compile(r"\d\d-\d\d")
COMMON_YEAR = 2023


def read_duties(
    rows: object, where: str, pack: tuple[str, str], classes: Sequence[str]
) -> tuple[tuple[Duty, ...], list[str]]:
    """Read the `[[duty]]` rows of one pack (name, version); `classes` are the columns' classes.

    Returns the good rows, and a line for every fault: file, row, field, what was expected.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), [f"{where}: duty: expected rows written as [[duty]]"]
    read: list[Duty] = []
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        place = f"{where}: duty {number} ({row.get('id', 'no id')})"
        if wrong := _row_faults(row, classes):
            faults += [f"{place}: {fault}" for fault in wrong]
            continue
        new = _duty(row, *pack)
        if any((held.id, held.effective_from) == (new.id, new.effective_from) for held in read):
            begun = new.effective_from
            faults.append(f"{place}: effective_from: a second row of this id begins on {begun}")
        read.append(new)
    return tuple(read), faults


def _row_faults(row: Mapping[str, Any], classes: Sequence[str]) -> list[str]:
    faults = key_faults(row, REQUIRED, OPTIONAL) + text_faults(row, TEXTS)
    faults += [
        f"{name}: {row[name]!r}; expected a list"
        for name in LISTS
        if not isinstance(row.get(name, []), list)
    ]
    choices = {"about": tuple(ABOUT), "severity": SEVERITIES}
    for name, known in choices.items():
        if name in row and row[name] not in known:
            faults.append(f"{name}: {row[name]!r}; expected one of {', '.join(known)}")
    if type(row.get("effective_from", date.min)) is not date:
        faults.append(f"effective_from: {row['effective_from']!r}; expected a date")
    faults += [fault for name in ("within", "remind") for fault in _days_fault(row, name)]
    # What depends on a word is told only of a row whose words are understood.
    return faults or _meaning_faults(row, ABOUT[row["about"]], classes)


def _days_fault(row: Mapping[str, Any], name: str) -> list[str]:
    if name not in row:
        return []
    try:
        unit = Limit.parse(str(row[name])).unit
    except ValueError as error:
        return [f"{name}: {error}"]
    return [] if unit == "day" else [f"{name}: {row[name]!r}; expected a span in days"]


def _meaning_faults(row: Mapping[str, Any], about: About, classes: Sequence[str]) -> list[str]:
    faults = [
        f"pages: {each!r}; expected one of {', '.join(PageKind)}"
        for each in row.get("pages", [])
        if each not in tuple(PageKind)
    ]
    if bool(row.get("pages")) is not about.on_pages:
        faults.append(f"pages: expected some only of a duty about pages, not {row['about']!r}")
    known = classes if about.subject is COLUMN else ()
    faults += [
        f"classes: {each!r}; expected one of {', '.join(known) or 'nothing: only columns have one'}"
        for each in row.get("classes", [])
        if each not in known
    ]
    names = NAMES.get(row["about"])
    if names is not None and row.get("name") not in names:
        faults.append(f"name: {row.get('name')!r}; expected one of {', '.join(names)}")
    if row["about"] in ("tag", "code") and not row.get("name"):
        faults.append("name: missing; expected the name of a tag")
    try:
        re.compile(row.get("pattern", ""))
    except re.error as error:
        faults.append(f"pattern: {error}")
    if (row["about"] == "form") is not _is_day(row.get("due")):
        faults.append(f"due: {row.get('due')!r}; a form, and nothing else, needs a day as 01-31")
    return faults + _number_faults(row.get("numbers", {}), about)


def _number_faults(numbers: object, about: About) -> list[str]:
    if not isinstance(numbers, dict):
        return [f"numbers: {numbers!r}; expected a table"]
    faults = [f"numbers: missing {name}" for name in about.numbers if name not in numbers]
    faults += [f"numbers: unknown {name}" for name in numbers if name not in about.numbers]
    for name, value in numbers.items():
        least, most = BOUNDS.get(name, (0, None))
        if type(value) is not int or value < least or (most is not None and value > most):
            span = f"{least} or more" if most is None else f"{least} to {most}"
            faults.append(f"numbers: {name} = {value!r}; expected a whole number, {span}")
    return faults


def _is_day(due: object) -> bool:
    if not isinstance(due, str) or not DUE.fullmatch(due):
        return False
    try:
        date.fromisoformat(f"{COMMON_YEAR}-{due}")
    except ValueError:
        return False
    return True


def _duty(row: Mapping[str, Any], pack: str, version: str) -> Duty:
    values: dict[str, Any] = {**row, "subject": str(ABOUT[row["about"]].subject)}
    for name in ("classes", "placeholders", "allowed"):
        values[name] = tuple(row.get(name, ()))
    values["pages"] = tuple(PageKind(each) for each in row.get("pages", ()))
    values["pattern"] = re.compile(row["pattern"]) if "pattern" in row else None
    values |= {name: Limit.parse(row[name]) for name in ("within", "remind") if name in row}
    if "due" in row:
        month, day = row["due"].split("-")
        values["due"] = (int(month), int(day))
    return Duty(**values, pack=pack, version=version)
