"""Synthetic units with an assessed half-year, as the score table and the units' sheets take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from checks.assessment import assess
from checks.assessment_case import Case, Entry
from checks.calendar import load_calendar
from checks.freshness import SHANGHAI
from checks.lifecycle import Event, EventKind, Finding, Key
from checks.periods import Days
from checks.rules import Law, pack_texts, read_law
from checks.scheme import read_scheme, scheme_text
from checks.scheme_table import Scheme
from checks.scored import Known, scored
from checks.signing import SIGNING, Signature
from checks.subjects import Subject, SubjectKind
from notify.scores import Edition, Office, ScoreMaterial

HALF = Days(date(2026, 1, 1), date(2026, 6, 30))
SCHEME = read_scheme(scheme_text("haian-default"), "haian-default.toml")
LAW = read_law(pack_texts(["haian"]), load_calendar())
OFFICE = Office(None, "某某市人民政府办公室", "政务公开科，0500-00000000", "市目标绩效考核办")
SIGNERS = ("张三", "李四", "王五")
KINDS = {0: "department", 1: "town", 2: "department", 3: "department", 4: "other"}


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def signatures(count: int) -> tuple[Signature, ...]:
    """The first steps, each by another person on another day: entered on 6 July."""
    steps = enumerate(zip(SIGNING, SIGNERS, strict=True))
    return tuple(Signature(step, at(7, 6 + n), by, "") for n, (step, by) in steps)[:count]


def edition(signed: int = 3, correction: int = 0) -> Edition:
    given = signatures(signed)
    made_at = given[-1].at if given else at(7, 20)
    sha = "0" * 64 if given else None
    return Edition("2026H1", correction, given, made_at, sha, sha)


def column(unit: str, number: int) -> Subject:
    return Subject(
        SubjectKind.COLUMN,
        f"{unit}-c{number}",
        f"工作动态{number}",
        unit,
        site="portal",
        column_class="news",
    )


def mailbox(unit: str) -> Subject:
    return Subject(SubjectKind.MAILBOX, f"{unit}-m", "领导信箱", unit, site="portal")


SITE = Subject(SubjectKind.SITE, "portal", "示例门户网站", "u01", portal=True)


def late_column(id_: int, unit: str, number: int, opened: date, *steps: Event) -> Finding:
    key = Key("haian", "news_2w", column(unit, number).key)
    evidence = f"evidence/2026/{opened:%m}/run-{id_:05d}.warc.gz#urn:uuid:{id_:032x}"
    events = (Event(EventKind.DETECTED, _nine(opened), "xunjian", "超期"), *steps)
    basis = opened - timedelta(days=15)
    return Finding(id_, key, unit, opened, basis, evidence, events, False, "2020.1", "cn-2026-test")


def late_letter(id_: int, unit: str, ref: str, due: date, opened: date, *steps: Event) -> Finding:
    key = Key("haian", "mailbox_5wd", mailbox(unit).key, ref)
    events = (Event(EventKind.DETECTED, _nine(opened), "xunjian", "逾期"), *steps)
    return Finding(id_, key, unit, opened, due, None, events, True, "2020.1", "cn-2026-test")


def step(kind: EventKind, day: date, until: date | None = None) -> Event:
    return Event(kind, _nine(day), "办公室", "synthetic", f"核查记录{day}", until)


def confirmed(day: date) -> Event:
    return step(EventKind.CONFIRMED, day)


def _nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def case_of(
    unit: str,
    findings: tuple[Finding, ...] = (),
    entries: tuple[Entry, ...] = (),
    *,
    kind: str = "department",
    name: str = "",
) -> Case:
    """One unit's case; a letter was answered on the day on which it was found."""
    known = Known(LAW, _subjects(unit), {}, {})
    given = tuple(scored(finding, known, HALF.last) for finding in findings)
    name = name or f"示例单位{unit}"
    return Case(unit, name, kind, HALF, HALF.last, given, entries)


def _subjects(unit: str) -> dict[str, Subject]:
    own = [SITE, mailbox(unit), *(column(unit, number) for number in range(1, 30))]
    return {subject.key: subject for subject in own}


def material(
    cases: tuple[Case, ...],
    findings: tuple[Finding, ...],
    told: Edition | None = None,
    *,
    scheme: Scheme = SCHEME,
    law: Law = LAW,
) -> ScoreMaterial:
    subjects: dict[str, Subject] = {}
    for case in cases:
        subjects |= _subjects(case.unit)
    return ScoreMaterial(
        edition=told or edition(),
        days=HALF,
        as_of=HALF.last,
        scheme=scheme,
        law=law,
        subjects=subjects,
        cases=cases,
        sheets=tuple(assess(scheme, case) for case in cases),
        findings={finding.id: finding for finding in findings},
        office=OFFICE,
    )


def praise(number: int, level: str, count: int = 1) -> Entry:
    day, words = date(2026, 5, 1 + number % 28), f"示例办发〔2026〕{number}号通报表扬"
    return Entry(f"{number}", "praise", count, words, "张三", day, level)


def county(units: int = 45, told: Edition | None = None) -> ScoreMaterial:
    """So many units: with one to nine late columns each, late letters, urged ones and praise."""
    cases: list[Case] = []
    findings: list[Finding] = []
    for number in range(1, units + 1):
        unit = f"u{number:02d}"
        own = tuple(_own(unit, number))
        entries = (praise(number, "city"),) if number % 6 == 0 else ()
        kind = KINDS[number % 5]
        name = f"示例{'镇' if kind == 'town' else '局'}{number:02d}"
        cases.append(case_of(unit, own, entries, kind=kind, name=name))
        findings += own
    return material(tuple(cases), tuple(findings), told)


def _own(unit: str, number: int) -> list[Finding]:
    if number % 5 == 2:
        return []
    first, day = number * 100, date(2026, 2, 2)
    found = [
        late_column(first + n, unit, n, day + timedelta(days=7 * n), confirmed(day + timedelta(80)))
        for n in range(1, 2 + number % 9)
    ]
    in_time = (
        confirmed(date(2026, 5, 7)),
        step(EventKind.NOTIFIED, date(2026, 5, 8), date(2026, 5, 22)),
        step(EventKind.RECOVERED, date(2026, 5, 15)),
    )
    found.append(late_column(first + 20, unit, 20, date(2026, 5, 6), *in_time))
    if number % 4 == 0:
        letter = f"2026{number:04d}"
        due, opened = date(2026, 3, 2), date(2026, 3, 10)
        found.append(late_letter(first + 30, unit, letter, due, opened, confirmed(opened)))
    if number % 7 == 0:
        urged = (
            confirmed(date(2026, 4, 2)),
            step(EventKind.NOTIFIED, date(2026, 4, 2), date(2026, 4, 17)),
            step(EventKind.URGED, date(2026, 4, 20), date(2026, 5, 8)),
        )
        found.append(late_column(first + 40, unit, 21, date(2026, 4, 1), *urged))
    if number % 3 == 0:
        found.append(late_column(first + 50, unit, 22, date(2026, 6, 1)))
    return found


def changed(told: ScoreMaterial, unit: str, *findings: Finding) -> ScoreMaterial:
    """The correction that counts these findings of a unit instead of those it had."""
    cases = tuple(
        case_of(unit, findings, case.entries, kind=case.unit_kind, name=case.unit_name)
        if case.unit == unit
        else case
        for case in told.cases
    )
    kept = [finding for finding in told.findings.values() if finding.unit != unit]
    made = material(cases, (*kept, *findings), edition(3, told.edition.correction + 1))
    return replace(made, before=told.sheets)
