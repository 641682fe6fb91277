"""The one place where the weekly figures are computed."""

from __future__ import annotations

from checks.rules import OPERATOR_PACK
from checks.subjects import SubjectKind
from checks.verdicts import Verdict
from notify.selfcheck import ReportError
from notify.weekly.desk import Desk, lay_out
from notify.weekly.letters import (
    answer_lines,
    letter_lines,
    letter_tally,
    of_period,
    origin_lines,
    standing_letters,
)
from notify.weekly.lines import RuleLine, TrendPoint
from notify.weekly.model import Headline, Material, WeeklyFigures
from notify.weekly.problems import finding_lines, finding_tally, operator_lines, unit_lines
from notify.weekly.quality import flag_lines, reach_lines
from notify.weekly.subjects import (
    account_lines,
    column_lines,
    coverage,
    note_lines,
    overdue_by_class,
    post_tally,
    ruled,
    tally,
)
from notify.weekly.veto import veto_watch


def weekly_figures(material: Material) -> WeeklyFigures:
    """What does the report of this week say?

    Raises ReportError when the day judged lies before the week, or when a judgement names a
    rule that the law in force does not hold.
    """
    desk = lay_out(material)
    if desk.as_of < material.period.first:
        raise ReportError(f"判定日{desk.as_of}早于报告期{material.period.chinese}，无法出具周报")
    columns = desk.of(SubjectKind.COLUMN)
    limited = ruled(columns)
    on_limit = tally("设有更新时限的栏目", limited)
    free = tally("未设更新时限的栏目", [row for row in columns if not row.rule])
    accounts = tally("新媒体账号", desk.of(SubjectKind.ACCOUNT))
    known = standing_letters(desk)
    current = of_period(desk, known)
    letters = letter_tally("本期在办来信", current)
    lines = letter_lines(desk, current)
    covered = coverage(desk)
    return WeeklyFigures(
        period=material.period,
        as_of=desk.as_of,
        made_at=material.made_at,
        packs=tuple(f"{pack.title}（{pack.name} {pack.version}）" for pack in material.law.packs),
        calendar=material.law.calendar.version,
        coverage=covered,
        headline=Headline(
            overdue=on_limit.overdue + accounts.overdue + letters.overdue,
            due_soon=on_limit.due_soon + accounts.due_soon + letters.near,
            unseen=covered.unseen,
        ),
        columns=on_limit,
        trend=(*material.trend, TrendPoint.of(material.period, on_limit.in_time)),
        by_class=overdue_by_class(limited),
        free_columns=free,
        mailboxes=tally("信箱", desk.of(SubjectKind.MAILBOX)),
        accounts=accounts,
        postings=post_tally(desk),
        sites=tally("网站", desk.of(SubjectKind.SITE)),
        all_letters=letter_tally("台账全部来信", known),
        letters=letters,
        findings=finding_tally(desk),
        veto=veto_watch(desk),
        overdue=column_lines(desk, Verdict.OVERDUE),
        bare=column_lines(desk, Verdict.BLANK, Verdict.UNDATED),
        near=column_lines(desk, Verdict.DUE_SOON),
        letter_lines=lines,
        origins=origin_lines(desk, current),
        answers=answer_lines(lines),
        account_lines=account_lines(desk),
        finding_lines=finding_lines(desk),
        units=unit_lines(desk, lines),
        unknown=note_lines(desk, Verdict.UNKNOWN),
        exempt=note_lines(desk, Verdict.EXEMPT),
        operator=operator_lines(desk),
        rules=_rules(desk),
        reach=reach_lines(desk),
        flags=flag_lines(desk),
        conflicts=material.conflicts,
    )


def _rules(desk: Desk) -> tuple[RuleLine, ...]:
    return tuple(
        RuleLine(r.name, r.headline, r.limit.chinese, r.clause, r.confidence, r.verified)
        for r in desk.rules.values()
        if r.pack != OPERATOR_PACK
    )
