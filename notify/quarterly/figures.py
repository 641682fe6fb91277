"""The one place where the figures of the quarterly notice are computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from checks.duty_table import Duty
from checks.periods import Days
from checks.rules import OPERATOR_PACK, Rule
from checks.sites import OF_ACCOUNT, OF_SITE
from checks.subjects import SubjectKind
from checks.verdicts import Verdict
from checks.watch import counting
from notify.documents.parts import Rate
from notify.quarterly.conclusions import is_asked, is_closed, stands_of
from notify.quarterly.letters import quarter_letters
from notify.quarterly.lines import CoverLine, ProblemLine
from notify.quarterly.lot import against_units, is_of, not_long_over, runs
from notify.quarterly.model import Judged, Material, QuarterlyFigures
from notify.quarterly.places import conclusion, failed_lines, groups_of, near_lines
from notify.quarterly.problems import problem_groups, problem_lines, problem_tally
from notify.quarterly.retest import of_quarter_before, retest_lines, retest_tally
from notify.selfcheck import ReportError
from notify.weekly.desk import Desk, lay_out
from notify.weekly.model import Material as Week
from notify.weekly.period import Period

KINDS = (SubjectKind.SITE, SubjectKind.COLUMN, SubjectKind.MAILBOX, SubjectKind.ACCOUNT)


def quarterly_figures(material: Material) -> QuarterlyFigures:
    """What does the notice of this quarter say?

    Raises ReportError when the day judged lies outside the quarter.
    """
    quarter, day = material.quarter, material.day
    on = day.bench.moment.as_of
    if on not in quarter.days:
        raise ReportError(f"判定日{on}不在{quarter.chinese}之内，无法出具通报")
    desk = _desk(material)
    known = against_units(material.findings)
    findings = not_long_over(known, quarter)
    own = [each for each in findings if is_of(each, quarter, on)]
    retested = of_quarter_before(findings, quarter)
    counted = runs(known, {each.key for each in (*own, *retested)}, quarter, on)
    problems = problem_lines(desk, own, counted, material.hashes)
    stands = stands_of(day, findings)
    sites = [each for each in stands if each.subject.kind is SubjectKind.SITE]
    accounts = [each for each in stands if each.subject.kind is SubjectKind.ACCOUNT]
    before = stands_of(material.before, findings) if material.before else ()
    letters, letter_lines = quarter_letters(desk, Days(quarter.first, on))
    by_platform, by_owner = groups_of(desk, accounts, asked=is_asked(day, OF_ACCOUNT))
    columns = desk.of(SubjectKind.COLUMN)
    return QuarterlyFigures(
        quarter=quarter,
        on=on,
        made_at=material.made_at,
        due=material.due,
        office=material.office,
        packs=_packs(day),
        sources=_sources(day, problems),
        coverage=tuple(_cover(desk, day, kind) for kind in KINDS),
        columns=len(columns),
        bad_columns=len({each.subject for each in problems if each.kind is SubjectKind.COLUMN}),
        sites=conclusion("网站", material, OF_SITE, sites, before),
        accounts=conclusion("政务新媒体", material, OF_ACCOUNT, accounts, before),
        closed_accounts=sum(is_closed(day, row.subject) for row in desk.of(SubjectKind.ACCOUNT)),
        failed_sites=failed_lines(desk, sites),
        failed_accounts=failed_lines(desk, accounts),
        near=near_lines(desk, sites),
        platforms=by_platform,
        owners=by_owner,
        tally=problem_tally(own),
        groups=problem_groups(problems),
        problems=problems,
        letters=letters,
        letter_lines=letter_lines,
        retest=retest_tally(retested),
        retested=retest_lines(desk, retested, counted),
    )


def _desk(material: Material) -> Desk:
    """Names, rules and letters are looked up as the weekly report looks them up."""
    day = material.day
    on = day.bench.moment.as_of
    return lay_out(
        Week(
            bench=day.bench,
            findings=material.findings,
            register=day.register,
            law=day.law,
            made_at=material.made_at,
            period=Period.containing(on),
        )
    )


def _packs(day: Judged) -> tuple[str, ...]:
    packs = (pack for pack in day.law.packs if pack.name != OPERATOR_PACK)
    return tuple(f"{pack.title}（{pack.name} {pack.version}）" for pack in packs)


def _sources(day: Judged, problems: Iterable[ProblemLine]) -> tuple[str, ...]:
    """The documents that the law in force names: of verified rows, and of what was found."""
    as_of = day.bench.moment.as_of
    named = {(each.pack, each.rule) for each in problems}
    rows = [
        row
        for row in day.law.rows_in_force(as_of)
        if row.pack != OPERATOR_PACK and _is_ground(row, named)
    ]
    indicators = [
        row
        for pack in counting(day.law, as_of)
        for row in pack.indicators
        if row.verified and row.effective_from <= as_of
    ]
    return tuple(dict.fromkeys(row.source for row in (*rows, *indicators)))


def _is_ground(row: Rule | Duty, named: Collection[tuple[str, str]]) -> bool:
    """Is it a ground of the inspection? A flag, or a row not verified, only where it was used."""
    return (row.pack, row.id) in named or (row.verified and row.severity != "flag")


def _cover(desk: Desk, day: Judged, kind: SubjectKind) -> CoverLine:
    rows = desk.of(kind)
    seen = [row for row in rows if row.subject.key in day.seen]
    excused = sum(row.verdict is Verdict.EXEMPT for row in rows if row.subject.key not in day.seen)
    rate = Rate(len(seen), len(rows), 2)
    return CoverLine(kind, len(rows), len(seen), len(rows) - len(seen) - excused, excused, rate)
