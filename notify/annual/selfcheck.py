"""Do the numbers add up? Parts against totals, lists against counts, before a byte is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notify.annual.counts import BUCKETS
from notify.annual.form_values import SiteForm, Values
from notify.annual.model import AnnualFigures, CountLine, LetterYear
from notify.documents.parts import Average, Rate
from notify.selfcheck import Check, ReportError

TOTAL = "信息发布总数＝概况类信息＋政务动态类信息＋信息公开目录信息"


def check(figures: AnnualFigures) -> tuple[Check, ...]:
    """Which comparisons must hold before the section is released, and do they?"""
    return (
        *_items(figures),
        *_accounts(figures),
        *_inspections(figures),
        *_letters(figures),
    )


def form_checks(site: str, values: Values) -> tuple[Check, ...]:
    """The parts of a site's yearly form against its total."""
    numbers = [values[name].number for name in ("items", *BUCKETS)]
    total, *parts = numbers
    return (_same(f"{site}年度报表：{TOTAL}", total, sum(parts)),)


def sites_check(figures: AnnualFigures, forms: Sequence[SiteForm]) -> Check:
    """The forms together against the report. A site that left the register has no form."""
    sites = {form.site for form in forms}
    gone = [x for x in figures.counts if x.bucket in BUCKETS and x.site not in sites]
    together = sum(form.values["items"].number for form in forms) + _sum(gone)
    return _same("各网站年度报表总数＋已撤网站发布数＝信息发布总数", together, figures.total)


def release(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks, all of which hold. Raises ReportError naming every one that does not."""
    failed = [f"{c.name}：{c.left} ≠ {c.right}" for c in checks if not c.holds]
    if failed:
        raise ReportError("数据核对未通过，年度报告数据未生成：" + "；".join(failed))
    return tuple(checks)


def _same(name: str, left: int | Rate | Average, right: int | Rate | Average) -> Check:
    return Check(name, _printed(left), _printed(right), left == right)


def _printed(value: int | Rate | Average) -> str:
    if isinstance(value, Rate):
        return f"{value.part}/{value.whole}"
    return f"{value.total}/{value.count}" if isinstance(value, Average) else str(value)


def _items(figures: AnnualFigures) -> Iterator[Check]:
    buckets, counts = figures.buckets, figures.counts
    yield _same(TOTAL, figures.total, sum(line.number for line in buckets))
    for line in buckets:
        own = [count for count in counts if count.bucket == line.bucket]
        yield _same(f"各栏目{line.words}之和＝{line.words}数", _sum(own), line.number)
        yield _same(f"{line.words}：逐条统计＋总数差＝合计", line.seen + line.growth, line.number)
        yield _same(f"栏目表中{line.words}行数＝栏目数", len(own), line.columns)
        by_unit = sum(getattr(unit, line.bucket) for unit in figures.units)
        yield _same(f"各单位{line.words}之和＝{line.words}数", by_unit, line.number)
    by_unit = sum(unit.total for unit in figures.units)
    yield _same("各单位发布数之和＝信息发布总数", by_unit, figures.total)
    sums = [unit.overview + unit.news + unit.disclosure == unit.total for unit in figures.units]
    yield _same("单位表各行分项之和＝合计（相符行数）", sum(sums), len(sums))
    listed = [line for line in figures.methods if line.growth is not None]
    grown = [
        line.after is not None and line.before is not None and line.after - line.before
        for line in listed
    ]
    agree = [line.growth == growth for line, growth in zip(listed, grown, strict=True)]
    yield _same("列表总数差＝期末总数－上年末总数（相符行数）", sum(agree), len(listed))


def _sum(counts: Sequence[CountLine]) -> int:
    return sum(count.number for count in counts)


def _accounts(figures: AnnualFigures) -> Iterator[Check]:
    tally = figures.accounts
    yield _same("新媒体账号表行数＝年末账号数", len(figures.account_lines), tally.now)
    if tally.before is not None:
        moved = tally.opened + tally.enrolled - tally.closed - tally.dropped
        yield _same("上年末账号数＋新增－减少＝年末账号数", tally.before + moved, tally.now)


def _inspections(figures: AnnualFigures) -> Iterator[Check]:
    quarters = figures.quarters
    yield _same("各季度天数之和＝报告期天数", sum(x.days for x in quarters), figures.period.count)
    within = [line.looked <= line.days for line in quarters]
    yield _same("有查看记录的天数不超过季度天数（相符行数）", sum(within), len(quarters))


def _letters(figures: AnnualFigures) -> Iterator[Check]:
    total, lines = figures.letters, figures.letter_lines
    for words, name in (("收到", "received"), ("答复", "answered"), ("上年结转办结", "carried")):
        parts = sum(getattr(line, name) for line in lines)
        yield _same(f"各信箱{words}来信之和＝{words}来信数", parts, getattr(total, name))
    rests = [line.by_page + line.by_export == line.received for line in (*lines, total)]
    yield _same("据公开页面＋据后台导出＝收到来信数（相符行数）", sum(rests), len(rests))
    yield _same("各信箱按期答复合计＝总按期答复", _rates(lines), total.in_time)
    yield _same("各信箱办理工作日合计＝总办理工作日", _averages(lines), total.average)
    within = [line.answered <= line.received for line in (*lines, total)]
    yield _same("答复数不超过收到数（相符行数）", sum(within), len(within))


def _rates(lines: Sequence[LetterYear]) -> Rate:
    rates = [line.in_time for line in lines]
    return Rate(sum(rate.part for rate in rates), sum(rate.whole for rate in rates))


def _averages(lines: Sequence[LetterYear]) -> Average:
    means = [line.average for line in lines]
    return Average(sum(mean.total for mean in means), sum(mean.count for mean in means))
