"""What the page of any one subject shows: verdicts, looks, items, findings, and why it says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from urllib.parse import urlencode

from app.asked import decided_by
from app.day import Day
from app.explain import SOURCES, explain
from app.reread import weigh_again
from app.views import limit_words
from app.web.heat import Gap, Heat, borne_out, first_day, heat, line_of, pauses
from app.words import EVENTS, days_words, severity
from checks.facts import History, Method, Visit
from checks.freshness import METHOD_WORDS, OUTCOME_WORDS
from checks.lifecycle import Finding, State
from checks.subjects import Subject
from checks.verdicts import Judgement, Verdict
from notify.terms import CLASSES, kind_word, sure_clause
from notify.words import clean, web_link
from storage.ledger import Ledger, SeenItem

SIZE = 50
FIELDS = ("visits", "items")
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Paging:
    """One stretch of a longer list. `field` is its name in the address; pages count from 1."""

    field: str
    page: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / SIZE))

    @property
    def skip(self) -> int:
        return (self.page - 1) * SIZE

    def link(self, asked: Mapping[str, str], page: int) -> str:
        """The address's fields with this page of this list, and where the list begins."""
        kept = {name: asked[name] for name in FIELDS if name in asked}
        return urlencode({**kept, self.field: page}) + f"#{self.field}"


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict. `limit`, `named` and `clause` are of its rule, empty where none applies."""

    row: Judgement
    verdict: Verdict
    days: str
    newest: date | None
    due: date | None
    limit: str
    headline: str
    named: str
    clause: str
    verified: bool
    reason: str


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One look. `good`: it can lead to a verdict; `saved`: what it rests on was kept."""

    id: int
    at: datetime
    outcome: str
    good: bool
    way: str
    shown: int
    newest: date | None
    reader: str
    note: str
    saved: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item. `link` is its address where it may become a link; `deciding`: the verdict is its"""

    title: str
    link: str | None
    on: date | None
    text: str
    source: str
    first_seen: datetime
    deciding: bool


@dataclass(frozen=True, slots=True)
class EventLine:
    at: datetime
    what: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding with what happened to it, oldest first."""

    id: int
    state: State
    problem: str
    opened_on: date
    letter: str
    events: Sequence[EventLine]


@dataclass(frozen=True, slots=True)
class About:
    """All that the page of one subject shows."""

    subject: Subject
    key: str
    kind: str
    class_word: str
    unit: str
    link: str | None
    as_of: date
    judged: Sequence[Judged]
    heat: Heat
    visits: Sequence[VisitLine]
    visit_paging: Paging
    items: Sequence[ItemLine]
    item_paging: Paging
    findings: Sequence[FindingLine]
    explained: str


def about(
    ledger: Ledger, day: Day, subject: Subject, own: str | None, visits: int = 1, items: int = 1
) -> About:
    """Everything about one subject, for somebody who may see it; `own`: a viewer's unit, or None.

    `visits` and `items` are the pages asked for; beyond the last there is the last.
    """
    key = subject.key
    history = ledger.histories([key], day.cutoff).get(key, History())
    good = decided_by(day, subject, history).good
    findings = [each for each in ledger.findings_of(key) if own in (None, each.unit)]
    rows = sorted((row for row in day.bench.rows if row.subject.key == key), key=severity)
    looked = paging("visits", visits, ledger.visit_count(key))
    known = paging("items", items, ledger.item_count(key))
    return About(
        subject=subject,
        key=key,
        kind=kind_word(key, subject),
        class_word=CLASSES.get(subject.column_class or "", ""),
        unit=day.unit_names.get(subject.unit, subject.unit),
        link=web_link(subject.url),
        as_of=day.bench.moment.as_of,
        judged=[judged(day, row) for row in rows],
        heat=_heat(ledger, day, subject, rows),
        visits=[visit_line(each) for each in ledger.visits_of(key, SIZE, looked.skip)],
        visit_paging=looked,
        items=item_lines(ledger.items_of(key, SIZE, known.skip), good),
        item_paging=known,
        findings=[finding_line(day, each) for each in reversed(findings)],
        explained=explained(ledger, day, subject, history, findings),
    )


def paging(field: str, wanted: int, total: int) -> Paging:
    """The page asked for, or the nearest that there is."""
    return Paging(field, max(1, min(wanted, Paging(field, 1, total).pages)), total)


def page_number(given: str) -> int:
    """Which page does the address ask for? The first, where it does not say a number."""
    return whole(given) or 1


def whole(given: str) -> int | None:
    """A number as an address gives it, none that a database could not hold; None: it is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= DIGITS else None


def judged(day: Day, row: Judgement) -> Judged:
    """A verdict with the words of its rule."""
    rule = day.law.rule(row.pack, row.rule, day.bench.moment.as_of)
    return Judged(
        row=row,
        verdict=row.verdict,
        days=days_words(row),
        newest=row.newest,
        due=row.due,
        limit=limit_words(row.subject, rule) if rule else "",
        headline=rule.headline if rule else "没有适用的时限指标",
        named=rule.name if rule else "",
        clause=sure_clause(rule) if rule else "",
        verified=rule is None or rule.verified,
        reason=row.reason,
    )


def visit_line(visit: Visit) -> VisitLine:
    """A look in words: what it met, by whom, how."""
    by = f"（{clean(visit.by)}）" if visit.by else ""
    return VisitLine(
        id=visit.id,
        at=visit.observed_at,
        outcome=OUTCOME_WORDS[visit.outcome],
        good=visit.outcome.seen,
        way=("自动查看" if visit.method is Method.CRAWL else METHOD_WORDS[visit.method]) + by,
        shown=visit.item_count,
        newest=visit.newest,
        reader=visit.reader or "",
        note=clean(visit.note or ""),
        saved=visit.evidence is not None,
    )


def item_lines(items: Iterable[SeenItem], good: Visit | None) -> list[ItemLine]:
    """Items with the source of their day in words; `good` is the look that decides."""
    newest = None
    if good is not None and good.newest is not None:
        newest = good.newest_title, good.newest_url, good.newest
    return [
        ItemLine(
            title=clean(seen.item.title) or "（无标题）",
            link=web_link(seen.item.url),
            on=seen.item.published_on,
            text=clean(seen.item.date_text or ""),
            source=SOURCES[seen.item.date_source] if seen.item.date_source else "",
            first_seen=seen.first_seen,
            deciding=(seen.item.title, seen.item.url, seen.item.published_on) == newest,
        )
        for seen in items
    ]


def finding_line(day: Day, finding: Finding) -> FindingLine:
    """A finding and its events in words."""
    row = day.law.row(finding.key.pack, finding.key.rule, day.bench.moment.as_of)
    return FindingLine(
        id=finding.id,
        state=finding.state,
        problem=row.headline if row else finding.key.rule,
        opened_on=finding.opened_on,
        letter=finding.key.letter,
        events=[
            EventLine(event.at, EVENTS[event.kind], clean(event.by), clean(event.note))
            for event in finding.events
        ],
    )


def explained(
    ledger: Ledger, day: Day, subject: Subject, history: History, findings: Sequence[Finding]
) -> str:
    """What `xunjian explain` says of it, the same words."""
    good = decided_by(day, subject, history).good
    row = next((each for each in day.register[subject.kind] if each["id"] == subject.id), None)
    again = weigh_again(ledger, row, good) if good is not None else None
    return explain(day, subject, history, findings, again)


def _heat(ledger: Ledger, day: Day, subject: Subject, rows: Sequence[Judgement]) -> Heat:
    as_of, calendar, key = day.bench.moment.as_of, day.law.calendar, subject.key
    rules = {(rule.pack, rule.id): rule for rule in day.law.applying_to(subject, as_of)}
    days = ledger.item_days(key, first_day(as_of), day.cutoff)
    line = line_of(rows, rules, as_of, calendar)
    watched = ledger.first_looks([key], day.cutoff).get(key)
    gaps: Sequence[Gap] = ()
    if line is not None:
        gaps = pauses(days, line, watched, calendar)
        looks = ledger.day_looks(key, gaps[0].due, day.cutoff) if gaps else ()
        gaps = borne_out(gaps, line, looks, as_of)
    return heat(days, line, gaps, watched, as_of)
