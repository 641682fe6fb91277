"""Do the numbers of the notice add up? Nothing is written before all of these hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.subjects import SubjectKind
from notify.quarterly.lines import Conclusion, GroupLine, LetterUnitLine
from notify.quarterly.model import LetterTally, QuarterlyFigures
from notify.quarterly.problems import OF_SITES
from notify.quarterly.retest import CLOSED, FAILED, RECHECK, UNRECTIFIED, WAIVED
from notify.selfcheck import Check, changed, rated, released, same, sums
from notify.words import KIND_WORDS


def check(figures: QuarterlyFigures) -> tuple[Check, ...]:
    """Which comparisons must hold before the notice is released, and do they?"""
    return (
        *_coverage(figures),
        *_conclusion(figures.sites, len(figures.failed_sites)),
        *_conclusion(figures.accounts, len(figures.failed_accounts)),
        *_accounts(figures),
        *_problems(figures),
        *_letters(figures),
        *_retest(figures),
    )


def release(figures: QuarterlyFigures) -> tuple[Check, ...]:
    """The checks, all of which hold. Raises ReportError naming both figures of any other."""
    return released(check(figures), "季度通报")


def _coverage(figures: QuarterlyFigures) -> Iterator[Check]:
    for line in figures.coverage:
        name = f"{KIND_WORDS[line.kind]}检查情况"
        parts = (line.seen, line.unseen, line.excused)
        yield sums(f"{name}：已检查＋未能查看＋未要求查看＝登记数", parts, line.registered)
        if line.registered:
            yield rated(f"{name}：覆盖率", line.seen, line.registered, str(line.rate))
    of = {line.kind: line.registered for line in figures.coverage}
    in_use = (figures.accounts.total, figures.closed_accounts)
    yield same("网站数＝登记网站数", figures.sites.total, of[SubjectKind.SITE])
    yield sums("在用账号＋已关停账号＝登记账号数", in_use, of[SubjectKind.ACCOUNT])
    yield same("栏目数＝登记栏目数", figures.columns, of[SubjectKind.COLUMN])


def _conclusion(one: Conclusion, failed: int) -> Iterator[Check]:
    name = one.label
    yield sums(f"{name}：检查数＋未能判定数＝总数", (one.checked, one.unjudged), one.total)
    yield sums(
        f"{name}：未发现否决情形＋待核实＋不合格＝检查数",
        (one.passed, one.pending, one.failed),
        one.checked,
    )
    yield same(f"{name}：不合格名单行数＝不合格数", failed, one.failed)
    if one.asked and one.checked:
        good = one.checked - one.failed
        yield rated(
            f"{name}：合格率＝（检查数－不合格数）÷检查数", good, one.checked, str(one.rate)
        )
    if one.before is not None and one.change is not None:
        yield changed(f"{name}：合格率变化", str(one.rate), str(one.before), one.change)


def _accounts(figures: QuarterlyFigures) -> Iterator[Check]:
    accounts = figures.accounts
    for name, lines in (("各平台", figures.platforms), ("各类主办单位", figures.owners)):
        yield sums(f"{name}账号数之和＝在用账号数", (x.total for x in lines), accounts.total)
        yield sums(f"{name}检查数之和＝账号检查数", (x.checked for x in lines), accounts.checked)
        yield sums(f"{name}不合格数之和＝不合格账号数", (x.failed for x in lines), accounts.failed)
        yield from _group_rates(name, lines) if accounts.asked else ()


def _group_rates(name: str, lines: Sequence[GroupLine]) -> Iterator[Check]:
    for line in lines:
        if line.checked:
            good = line.checked - line.failed
            yield rated(f"{name}合格率：{line.label}", good, line.checked, str(line.passed))


def _problems(figures: QuarterlyFigures) -> Iterator[Check]:
    tally, lines = figures.tally, figures.problems
    open_to_doubt = (tally.pending, tally.appealed, tally.waived)
    sorts = (tally.listed, *open_to_doubt, tally.dismissed, tally.unconfirmed)
    yield sums("列入＋待核实＋申诉＋豁免＋误报＋未经确认即销号＝本季度问题数", sorts, tally.total)
    kinds = (tally.of_sites, tally.of_accounts, tally.of_mailboxes)
    yield sums("网站栏目＋新媒体＋信箱问题数＝列入通报的问题数", kinds, tally.listed)
    rows = [line.kind for line in lines]
    yield same("附件1问题行数＝网站栏目问题数", sum(map(rows.count, OF_SITES)), tally.of_sites)
    yield same("附件2问题行数＝新媒体问题数", rows.count(SubjectKind.ACCOUNT), tally.of_accounts)
    yield same("附件3问题行数＝信箱问题数", rows.count(SubjectKind.MAILBOX), tally.of_mailboxes)
    grouped = (len(group.lines) for group in figures.groups)
    yield sums("各指标问题数之和＝列入通报的问题数", grouped, tally.listed)
    yield same("检查表行数＝列入通报的问题数", len(lines), tally.listed)
    yield same("问题涉及的单位数＝各行的单位数", tally.units, len({x.unit_id for x in lines}))
    columns = {line.subject for line in lines if line.kind is SubjectKind.COLUMN}
    yield same("存在问题的栏目数＝附件1所列栏目数", figures.bad_columns, len(columns))


def _letters(figures: QuarterlyFigures) -> Iterator[Check]:
    tally, lines = figures.letters, figures.letter_lines
    yield sums("已答复＋未答复＝来信数", (tally.answered, tally.unanswered), tally.total)
    yield sums("据公开页面＋据后台导出＝来信数", (tally.by_page, tally.by_export), tally.total)
    yield sums("各单位留言数之和＝来信数", (x.letters for x in lines), tally.total)
    yield sums("各单位答复数之和＝已答复数", (x.answered for x in lines), tally.answered)
    yield sums("各单位按期答复数之和＝按期答复数", (x.in_time for x in lines), tally.in_time)
    yield sums("各单位已判定期限数之和＝已判定期限数", (x.judged for x in lines), tally.judged)
    spent = sum(line.average.total for line in lines)
    yield same("各单位办理工作日之和＝办理工作日合计", spent, tally.average.total)
    yield from _answer_rates("合计", tally.total, tally)
    for line in lines:
        yield from _answer_rates(line.unit, line.letters, line)


def _answer_rates(name: str, whole: int, line: LetterTally | LetterUnitLine) -> Iterator[Check]:
    if whole:
        yield rated(f"答复率：{name}", line.answered, whole, str(line.answer_rate))
    if line.judged:
        yield rated(f"按期答复率：{name}", line.in_time, line.judged, str(line.in_time_rate))


def _retest(figures: QuarterlyFigures) -> Iterator[Check]:
    tally, lines = figures.retest, figures.retested
    parts = (tally.closed, tally.recheck, tally.unrectified, tally.failed, tally.waived)
    yield sums("上季度问题各项整改情况之和＝上季度问题数", (*parts, tally.appealed), tally.total)
    yield sums("附件4行数＋申诉未答复＝上季度问题数", (len(lines), tally.appealed), tally.total)
    results = [line.result for line in lines]
    counted = (CLOSED, RECHECK, UNRECTIFIED, FAILED, WAIVED)
    for word, number in zip(counted, parts, strict=True):
        yield same(f"附件4中{word}行数＝{word}数", results.count(word), number)
