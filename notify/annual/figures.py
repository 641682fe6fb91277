"""The one place where the annual figures are computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from checks.calendar import Limit
from checks.counting_total import bucket_sum
from checks.freshness import local_day
from checks.lifecycle import Finding, State
from checks.periods import DAY, Days
from checks.rules import LIST, OPERATOR_PACK, Rule
from checks.subjects import SubjectKind
from notify.annual.accounts import account_lines, account_tally
from notify.annual.counts import (
    BUCKETS,
    bucket_lines,
    count_lines,
    doubts,
    method_lines,
    of_class,
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
from notify.terms import UNVERIFIED
from notify.weekly.desk import lay_out

QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
WEEK, MONTHS = 7, 3


def annual_figures(material: AnnualMaterial) -> AnnualFigures:
    """What does the section of this year say?

    Raises ReportError where a judgement names a rule that the law in force does not hold.
    """
    desk, period = lay_out(material.day), material.period
    register, law = material.day.register, material.day.law
    today = local_day(material.day.made_at)
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
        interpretations=of_class(material, "interpretation"),
        surveys=of_class(material, "survey"),
        interviews=of_class(material, "interview"),
        limits=_limits(law.in_force(period.last)),
        accounts=account_tally(register, material.before, period),
        account_lines=account_lines(desk, period.last),
        quarters=tuple(
            _quarter(quarter, material.watch.days, today) for quarter in material.quarters
        ),
        faults=fault_tally(material.findings, period),
        letters=letters,
        letter_lines=letter_lines,
        doubts=doubts(material),
    )


def _limits(rules: Iterable[Rule]) -> Limits:
    """Of several packs the one that settings name first speaks, as it does of findings."""
    rules = [rule for rule in rules if rule.pack != OPERATOR_PACK and rule.of != LIST]

    def of_columns(word: str) -> str | None:
        return next((_limit(rule) for rule in rules if word in rule.classes), None)

    letters = (rule for rule in rules if rule.subject == SubjectKind.MAILBOX)
    return Limits(
        news=of_columns("news"),
        interpretation=of_columns("interpretation"),
        letters=next(map(_limit, letters), None),
    )


def _limit(rule: Rule) -> str:
    words = limit_words(rule.limit)
    return words if rule.verified else f"{words}（{UNVERIFIED}）"


def limit_words(limit: Limit) -> str:
    """`2周` rather than `14天`: as such a report writes it."""
    weeks, rest = divmod(limit.n, WEEK)
    return f"{weeks}周" if limit.unit == "day" and not rest else limit.chinese


def _quarter(quarter: QuarterEnd, looked: Sequence[date], today: date) -> QuarterLine:
    """A quarter is inspected when each of its months had a day on which columns were seen."""
    days, number = quarter.days, (quarter.days.first.month - 1) // 3
    own = [day for day in looked if day in days]
    ends = days.last.month % 3 == 0 and (days.last + DAY).day == 1
    over = ends and days.last < today
    return QuarterLine(
        name=QUARTERS[number],
        over=over,
        days=days.count,
        looked=len(own),
        inspected=over and len({day.month for day in own}) == MONTHS,
        on_time=quarter.on_time,
    )


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
