"""Do the numbers add up? Counts against lists, parts against wholes, rates against counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.verdicts import LetterVerdict, Verdict
from notify.documents.parts import Rate
from notify.selfcheck import Check, released
from notify.selfcheck import same as _same
from notify.weekly.letters import in_time
from notify.weekly.lines import UnitLine
from notify.weekly.model import LetterTally, Tally, WeeklyFigures
from notify.weekly.subjects import DEAD, FAILED


def check(figures: WeeklyFigures) -> tuple[Check, ...]:
    """Which comparisons must hold before the report is released, and do they?"""
    return (
        *_coverage(figures),
        *_lists(figures),
        *_veto(figures),
        *_letters(figures),
        *_findings(figures),
        *_units(figures),
        *_headline(figures),
    )


def release(figures: WeeklyFigures) -> tuple[Check, ...]:
    """The checks, all of which hold. Raises ReportError naming every one that does not."""
    return released(check(figures), "周报")


def _parts(tally: Tally) -> int:
    return sum(getattr(tally, verdict.value) for verdict in Verdict)


def _tallies(figures: WeeklyFigures) -> tuple[Tally, ...]:
    return (
        figures.columns,
        figures.free_columns,
        figures.mailboxes,
        figures.accounts,
        figures.sites,
    )


def _coverage(figures: WeeklyFigures) -> Iterator[Check]:
    cover = figures.coverage
    yield _same("查看情况各项之和＝登记对象数", sum(x.total for x in cover.looks), cover.registered)
    yield _same(
        "已查看＋未能查看＋未要求查看＝登记对象数",
        cover.seen + cover.unseen + cover.excused,
        cover.registered,
    )
    for tally in _tallies(figures):
        yield _same(f"{tally.label}各判定之和＝{tally.label}数", _parts(tally), tally.total)
    columns = figures.columns.total + figures.free_columns.total
    looked = {
        "栏目": (columns, sum(look.column for look in cover.looks)),
        "信箱": (figures.mailboxes.total, sum(look.mailbox for look in cover.looks)),
        "账号": (figures.accounts.total, sum(look.account for look in cover.looks)),
        "网站": (figures.sites.total, sum(look.site for look in cover.looks)),
    }
    for kind, (judged, met) in looked.items():
        yield _same(f"判定的{kind}数＝查看情况中的{kind}数", judged, met)


def _lists(figures: WeeklyFigures) -> Iterator[Check]:
    columns, free, accounts = figures.columns, figures.free_columns, figures.accounts
    tallies = _tallies(figures)
    bare = columns.blank + columns.undated + free.blank + free.undated
    grades = [line.grade for line in figures.account_lines]
    yield _same("超期栏目表行数＝超期栏目数", len(figures.overdue), columns.overdue)
    yield _same("空白、未标日期栏目表行数＝两项之和", len(figures.bare), bare)
    yield _same("临期栏目表行数＝临期栏目数", len(figures.near), columns.due_soon)
    yield _same("新媒体表行数＝账号数", len(figures.account_lines), accounts.total)
    yield _same(
        "不合格与僵尸账号之和＝超期账号数", sum(map(grades.count, (FAILED, DEAD))), accounts.overdue
    )
    told = [line.posts for line in figures.account_lines if line.posts is not None]
    postings = figures.postings
    yield _same("各账号本周发布数之和＝本周发布总数", sum(t.number for t in told), postings.posts)
    yield _same("有本周发布数的账号行数＝所计账号数", len(told), postings.accounts)
    part = sum(not each.whole for each in told)
    yield _same("本周仅见部分的账号行数＝其中仅见部分数", part, postings.part)
    yield _same("未判定表行数＝未判定对象数", len(figures.unknown), sum(t.unknown for t in tallies))
    yield _same("豁免表行数＝豁免对象数", len(figures.exempt), sum(t.exempt for t in tallies))
    classed = sum(number for _, number in figures.by_class)
    yield _same("各类超期栏目数之和＝超期栏目数", classed, columns.overdue)
    ended = figures.trend[-1].rate or Rate(0, 0)
    judged = columns.in_time if columns.in_time.whole else Rate(0, 0)
    yield _same("近12周按时率末项＝本期按时率", ended, judged)
    sums = [
        line.due is not None and line.days_over == (figures.as_of - line.due).days
        for line in figures.overdue
    ]
    yield _same("超期天数＝判定日－最后期限（相符行数）", sum(sums), len(sums))


def _veto(figures: WeeklyFigures) -> Iterator[Check]:
    watch = figures.veto
    untold = sum(group.clear + group.unjudged + group.unwatched for group in watch.groups)
    yield _same("单项否决表行数＋未列入项数＝应监测项数", len(watch.lines) + untold, watch.total)
    listed = sum(group.listed for group in watch.groups)
    yield _same("单项否决各指标列出数之和＝单项否决表行数", listed, len(watch.lines))
    gaps = [
        line.gap == max(0, line.limit - line.count)
        for line in watch.lines
        if isinstance(line.count, int) and isinstance(line.limit, int)
    ]
    yield _same("距限值＝限值－现有数（相符行数）", sum(gaps), len(gaps))


def _letter_parts(tally: LetterTally) -> int:
    return sum(getattr(tally, verdict.value) for verdict in LetterVerdict)


def _letters(figures: WeeklyFigures) -> Iterator[Check]:
    lines, answers = figures.letter_lines, figures.answers
    for tally in (figures.letters, figures.all_letters):
        yield _same(f"{tally.label}各状态之和＝{tally.label}数", _letter_parts(tally), tally.total)
    yield _same("来信表行数＝本期在办来信数", len(lines), figures.letters.total)
    for verdict, name in (
        (LetterVerdict.OVERDUE, "逾期未答复"),
        (LetterVerdict.PROVISIONAL, "期限暂定"),
        (LetterVerdict.ANSWERED_LATE, "逾期答复"),
    ):
        listed = sum(line.verdict is verdict for line in lines)
        yield _same(
            f"来信表中{name}行数＝{name}数", listed, getattr(figures.letters, verdict.value)
        )
    rests = sum(line.letters for line in figures.origins)
    yield _same("据公开页面＋据后台导出的来信＝来信表行数", rests, len(lines))
    yield _same("各单位留言数之和＝来信表行数", sum(a.letters for a in answers), len(lines))
    answered = sum(line.answered for line in lines)
    yield _same("各单位答复数之和＝已答复来信数", sum(a.answered for a in answers), answered)
    rates = [a.answer_rate == Rate(a.answered, a.letters) for a in answers]
    yield _same("答复率＝答复数÷留言数（相符行数）", sum(rates), len(answers))
    yield _same(
        "各单位按期答复合计＝来信表按期答复", _sum([a.in_time for a in answers]), in_time(lines)
    )


def _findings(figures: WeeklyFigures) -> Iterator[Check]:
    tally, lines = figures.findings, figures.finding_lines
    standing = sum(line.standing for line in lines)
    yield _same(
        "问题表中未销号行数＋往期事后认定数＝期末未销号问题数",
        standing + tally.ended_earlier,
        tally.standing,
    )
    parts = tally.unrectified + tally.recheck + tally.ended
    yield _same("未整改＋待复查＋事后认定＝期末未销号问题数", parts, tally.standing)
    opened = sum(line.found_on in figures.period for line in lines)
    yield _same("问题表中本期发现行数＝本期新发现问题数", opened, tally.opened)
    lapsed = sum(line.lapsed and line.standing for line in lines)
    yield _same("问题表中逾期未反馈行数＝逾期未反馈问题数", lapsed, tally.lapsed)


def _units(figures: WeeklyFigures) -> Iterator[Check]:
    units, columns, free = figures.units, figures.columns, figures.free_columns
    bare = columns.blank + columns.undated
    total = columns.total + free.total
    yield _same("各单位栏目数之和＝栏目总数", sum(u.columns for u in units), total)
    yield _same("各单位按时数之和＝按时栏目数", sum(u.on_time for u in units), columns.in_time.part)
    yield _same("各单位超期数之和＝超期栏目数", sum(u.overdue for u in units), columns.overdue)
    yield _same("各单位空白、未标日期之和＝合计", sum(u.bare for u in units), bare)
    yield _same("各单位豁免数之和＝豁免栏目数", sum(u.exempt for u in units), columns.exempt)
    yield _same("各单位未判定数之和＝未判定栏目数", sum(u.unknown for u in units), columns.unknown)
    yield _same("各单位未设时限之和＝未设时限栏目数", sum(u.free for u in units), free.total)
    yield _same("单位表各行分项之和＝栏目数（相符行数）", sum(map(_adds_up, units)), len(units))
    rates = [u.in_time == _rate(u) for u in units]
    yield _same("按时率＝按时数÷已判定数（相符行数）", sum(rates), len(units))
    yield _same("各单位按时率合计＝总按时率", _sum([u.in_time for u in units]), columns.in_time)
    letters = _sum([unit.letters for unit in units])
    yield _same("各单位信件按期合计＝来信表按期答复", letters, in_time(figures.letter_lines))
    unrectified = sum(unit.unrectified for unit in units)
    yield _same("各单位未整改数之和＝未整改问题数", unrectified, figures.findings.unrectified)


def _headline(figures: WeeklyFigures) -> Iterator[Check]:
    headline, columns, accounts = figures.headline, figures.columns, figures.accounts
    overdue = columns.overdue + accounts.overdue + figures.letters.overdue
    near = columns.due_soon + accounts.due_soon + figures.letters.near
    yield _same("栏目、账号、来信超期之和＝标题中超期数", overdue, headline.overdue)
    yield _same("栏目、账号、来信临期之和＝标题中临期数", near, headline.due_soon)
    yield _same("未能查看数＝标题中未能查看数", figures.coverage.unseen, headline.unseen)


def _sum(rates: Sequence[Rate]) -> Rate:
    return Rate(sum(rate.part for rate in rates), sum(rate.whole for rate in rates))


def _rate(unit: UnitLine) -> Rate:
    return Rate(unit.on_time, unit.on_time + unit.overdue + unit.bare)


def _adds_up(unit: UnitLine) -> bool:
    parts = (unit.on_time, unit.overdue, unit.bare, unit.exempt, unit.unknown, unit.free)
    return sum(parts) == unit.columns
