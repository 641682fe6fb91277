"""What the reading commands answer: the contract's JSON, and the same rows for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.day import Day
from app.show import Sheet
from app.words import COLOURS, days_words, severity
from checks.lifecycle import Finding
from checks.rules import Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement, LetterJudgement
from notify.terms import CLASSES, LETTERS, STATES, VERDICTS, told_apart
from notify.words import KIND_WORDS
from storage.ledger import Ledger, SeenItem

UNVERIFIED = "（未核实）"


def status_row(row: Judgement) -> dict[str, Any]:
    """One subject under one rule, as the contract writes it."""
    return {
        "kind": str(row.subject.kind),
        "id": row.subject.id,
        "name": row.subject.name,
        "unit": row.subject.unit,
        "rule": row.rule,
        "verdict": str(row.verdict),
        "newest": row.newest,
        "due": row.due,
        "days_over": row.days_over,
        "days_left": row.days_left,
        "outcome": str(row.outcome) if row.outcome else None,
        "last_seen": row.last_seen,
        "reason": row.reason,
        "evidence": row.evidence,
    }


def status_sheet(day: Day, unit: str | None = None) -> Sheet:
    """How does everything stand? Worst first for a person, register order in JSON."""
    chosen = [row for row in day.bench.rows if unit in (None, row.subject.unit)]
    document = {"as_of": day.bench.moment.as_of, "subjects": [status_row(row) for row in chosen]}
    ordered = sorted(chosen, key=severity)
    heads = {
        "unit": "责任单位",
        "name": "对象",
        "class": "类别",
        "newest": "最近更新",
        "limit": "时限",
        "days": "剩余/超期",
        "word": "判定",
        "reason": "说明",
    }
    rows = [{**status_row(row), **_for_a_person(day, row)} for row in ordered]
    names = _names(day)
    told = [{**row, "name": names[f"{row['kind']}:{row['id']}"]} for row in _once(rows)]
    return Sheet(document, rows, heads, COLOURS, told)


def _names(day: Day) -> dict[str, str]:
    """Names by subject key; with site or platform where a unit has several of a kind and name."""
    subjects = day.subjects
    alike = Counter((each.kind, each.unit, each.name) for each in subjects.values())

    def name(subject: Subject) -> str:
        site = subjects.get(f"{SubjectKind.SITE}:{subject.site}")
        alone = alike[(subject.kind, subject.unit, subject.name)] == 1
        more = told_apart(subject) or (site.name if site is not None else None)
        return subject.name if alone or more is None else f"{subject.name}（{more}）"

    return {key: name(subject) for key, subject in subjects.items()}


def _once(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of rules of several packs that say the same of one subject, one row: a verified one's."""
    held: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        limit = row["limit"].removesuffix(UNVERIFIED)
        key = (row["kind"], row["id"], limit, row["due"], row["verdict"])
        if key not in held or held[key]["limit"] != limit:
            held[key] = row
    return list(held.values())


def _for_a_person(day: Day, row: Judgement) -> dict[str, Any]:
    rule = day.law.rule(row.pack, row.rule, day.bench.moment.as_of)
    kind = KIND_WORDS[row.subject.kind]
    return {
        "unit": day.unit_names.get(row.subject.unit, row.subject.unit),
        "class": CLASSES.get(row.subject.column_class or "", kind),
        "limit": limit_words(row.subject, rule),
        "days": days_words(row) or "-",
        "newest": row.newest or "-",
        "word": VERDICTS[row.verdict],
    }


def limit_words(subject: Subject, rule: Rule | None) -> str:
    """A rule's limit for this subject; where the rule is not verified it says so."""
    if rule is None:
        return "-"
    words = rule.limit_for(subject).chinese
    return words if rule.verified else f"{words}{UNVERIFIED}"


def letters_sheet(day: Day, unit: str | None = None) -> Sheet:
    """How does every letter stand?"""
    rows = [
        {
            "mailbox": row.mailbox.id,
            "ref": row.letter.ref,
            "received": row.letter.received_on or row.letter.accepted_on,
            "replied": row.letter.replied_on,
            "due": row.due,
            "working_days": row.working_days,
            "verdict": str(row.verdict),
            "unit": row.unit,
            "url": row.letter.url,
            "reason": row.reason,
            "word": LETTERS[row.verdict],
            "unit_name": day.unit_names.get(row.unit, row.unit),
        }
        for row in strictest(day.bench.letters)
        if unit in (None, row.unit)
    ]
    public = ("mailbox", "ref", "received", "replied", "due", "working_days", "verdict", "unit")
    document = {
        "as_of": day.bench.moment.as_of,
        "letters": [{name: row[name] for name in (*public, "url", "reason")} for row in rows],
    }
    heads = {
        "mailbox": "信箱",
        "ref": "编号",
        "unit_name": "答复单位",
        "received": "来信日期",
        "due": "答复期限",
        "replied": "答复日期",
        "working_days": "用时（工作日）",
        "word": "状态",
        "reason": "说明",
    }
    names = _names(day)
    told = [
        {**row, "mailbox": names.get(f"{SubjectKind.MAILBOX}:{row['mailbox']}", row["mailbox"])}
        for row in rows
    ]
    return Sheet(document, rows, heads, COLOURS, told)


def strictest(letters: Sequence[LetterJudgement]) -> list[LetterJudgement]:
    """One judgement a letter: under several rules, the one whose deadline comes first."""
    held: dict[tuple[str, str], LetterJudgement] = {}
    for row in letters:
        key = (row.mailbox.key, row.letter.ref)
        other = held.get(key)
        if other is None or (row.due or date.max) < (other.due or date.max):
            held[key] = row
    return list(held.values())


def findings_sheet(day: Day, findings: Sequence[Finding], unit: str | None = None) -> Sheet:
    """Which findings are there, in which state, with what history?"""
    chosen = [finding for finding in findings if unit in (None, finding.unit)]
    rows = [
        {
            "id": finding.id,
            "rule": finding.key.rule,
            "pack": finding.key.pack,
            "subject": finding.key.subject,
            "letter": finding.key.letter or None,
            "unit": finding.unit,
            "state": str(finding.state),
            "opened_on": finding.opened_on,
            "events": [
                {
                    "kind": str(e.kind),
                    "at": e.at,
                    "by": e.by,
                    "note": e.note,
                    "evidence": e.evidence,
                    "until": e.until,
                }
                for e in finding.events
            ],
            "evidence": finding.evidence,
        }
        for finding in chosen
    ]
    names = _names(day)
    people = [
        {
            **row,
            "unit": day.unit_names.get(finding.unit or "", "（运维）"),
            "what": _what(names, finding),
            "problem": _problem(day, finding),
            "word": STATES[finding.state],
            "note": finding.events[-1].note,
        }
        for row, finding in zip(rows, chosen, strict=True)
    ]
    heads = {
        "id": "编号",
        "unit": "责任单位",
        "what": "对象",
        "problem": "问题",
        "opened_on": "发现日期",
        "word": "状态",
        "note": "最近情况",
    }
    return Sheet({"findings": rows}, people, heads, COLOURS)


def _what(names: Mapping[str, str], finding: Finding) -> str:
    name = names.get(finding.key.subject, finding.key.subject)
    return f"{name} {finding.key.letter}".strip()


def _problem(day: Day, finding: Finding) -> str:
    row = day.law.row(finding.key.pack, finding.key.rule, day.bench.moment.as_of)
    return row.headline if row else finding.key.rule


def items_of(
    day: Day,
    ledger: Ledger,
    unit: str | None = None,
    subject: str | None = None,
    most: int = 100_000,
    skip: int = 0,
) -> list[SeenItem]:
    """The newest items of the register's subjects; of one unit, or of one subject by its key."""
    keys = [
        each.key
        for each in day.subjects.values()
        if each.kind is not SubjectKind.SITE
        and unit in (None, each.unit)
        and subject in (None, each.key)
    ]
    return ledger.items_among(keys, day.cutoff, most, skip)


def items_sheet(items: Sequence[SeenItem]) -> Sheet:
    """Which items are known, newest first?"""
    rows = [
        {
            "subject": seen.subject,
            "title": seen.item.title,
            "url": seen.item.url,
            "date": seen.item.published_on,
            "date_text": seen.item.date_text,
            "date_source": str(seen.item.date_source) if seen.item.date_source else None,
            "first_seen": seen.first_seen,
        }
        for seen in items
    ]
    heads = {
        "subject": "对象",
        "date": "日期",
        "date_text": "原文",
        "date_source": "来源",
        "title": "标题",
        "url": "网址",
    }
    return Sheet({"items": rows}, rows, heads, {})
