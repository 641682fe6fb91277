"""The one place where the annual figures are computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from checks.calendar import Limit
from checks.counting_total import bucket_sum
from checks.facts import SubjectKind
from checks.lifecycle import Finding, State
from checks.periods import Days
from checks.rules import LIST, OPERATOR_PACK, Rule
from notify.annual.accounts import account_lines, account_tally
from notify.annual.counts import (
    BUCKETS,
    bucket_lines,
    count_lines,
    doubts,
    method_lines,
    unit_counts,
)
from notify.annual.letters import year_letters
from notify.annual.model import (
    AnnualFigures,
    AnnualMaterial,
    FaultTally,
    Limits,
    QuarterEnd,
    QuarterLine,
)
from notify.weekly.desk import lay_out
from notify.weekly.subjects import tally

QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
WEEK = 7


def annual_figures(material: AnnualMaterial) -> AnnualFigures:
    """What does the section of this year say?

    Raises ReportError where a judgement names a rule that the law in force does not hold.
    """
    desk, period, items = lay_out(material.day), material.period, material.items
    register, law = material.day.register, material.day.law
    columns = [row for row in desk.of(SubjectKind.COLUMN) if row.rule]
    letters, letter_lines = year_letters(desk, period)
    return AnnualFigures(
        year=material.year,
        period=period,
        made_at=material.day.made_at,
        packs=tuple(f"{pack.title}（{pack.name} {pack.version}）" for pack in law.packs),
        total=sum(bucket_sum(material.columns, bucket) for bucket in BUCKETS),
        buckets=bucket_lines(material.columns),
        counts=count_lines(desk, material.columns),
        methods=method_lines(desk, material.columns),
        units=unit_counts(desk, material.columns),
        interpretations=items.by_class.get("interpretation", 0),
        surveys=items.by_class.get("survey", 0),
        interviews=items.by_class.get("interview", 0),
        limits=_limits(law.in_force(period.last)),
        accounts=account_tally(register, material.before, period),
        account_lines=account_lines(desk, period.last),
        quarters=tuple(
            _quarter(quarter, material.watch.days, period) for quarter in material.quarters
        ),
        faults=fault_tally(material.findings, period),
        on_time=tally("栏目", columns).in_time,
        letters=letters,
        letter_lines=letter_lines,
        doubts=doubts(material),
    )


def _limits(rules: Iterable[Rule]) -> Limits:
    """Of several packs the one that settings name first speaks, as it does of findings."""
    rules = [rule for rule in rules if rule.pack != OPERATOR_PACK and rule.of != LIST]

    def of_class(word: str) -> str | None:
        own = (rule.limit for rule in rules if word in rule.classes)
        return next((limit_words(limit) for limit in own), None)

    letters = (rule.limit for rule in rules if rule.subject == SubjectKind.MAILBOX)
    return Limits(
        news=of_class("news"),
        interpretation=of_class("interpretation"),
        letters=next((limit_words(limit) for limit in letters), None),
    )


def limit_words(limit: Limit) -> str:
    """`2周` rather than `14天`: as such a report writes it."""
    weeks, rest = divmod(limit.n, WEEK)
    return f"{weeks}周" if limit.unit == "day" and not rest else limit.chinese


def _quarter(quarter: QuarterEnd, looked: Sequence[date], period: Days) -> QuarterLine:
    """A quarter is inspected when each of its months had a day on which columns were seen."""
    days, number = quarter.days, (quarter.days.first.month - 1) // 3
    own = [day for day in looked if day in days]
    over = days.last < period.last or (days.last.month % 3 == 0 and _ends_month(days.last))
    return QuarterLine(
        name=QUARTERS[number],
        over=over,
        days=days.count,
        looked=len(own),
        inspected=over and len({day.month for day in own}) == 3,
        on_time=quarter.on_time,
    )


def _ends_month(day: date) -> bool:
    return Days(day, day).last.day >= (30 if day.month in (6, 9) else 31)


def fault_tally(findings: Sequence[Finding], period: Days) -> FaultTally:
    """What was found in the year, and what became of findings in it. The operator's are left out.

    A finding counts as confirmed or closed while it is so: not when it was opened again.
    """
    own = [(each, each.course) for each in findings if each.key.pack != OPERATOR_PACK]
    opened = [course for each, course in own if each.opened_on in period]
    dismissed = sum(course.state is State.DISMISSED for course in opened)
    return FaultTally(
        found=len(opened) - dismissed,
        dismissed=dismissed,
        confirmed=sum(
            course.confirmed_on in period and course.state is not State.DISMISSED
            for _, course in own
        ),
        closed=sum(
            course.state is State.CLOSED and course.closed_on in period for _, course in own
        ),
        urged=sum(any(day in period for day in course.urged_on) for _, course in own),
        standing=sum(course.state.is_open for _, course in own),
    )
