"""Items of the year: by bucket, column and unit, and both ways of counting where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from checks.counting import CountedColumn
from checks.counting_total import Basis, ColumnYear, Method
from notify.annual.model import (
    AnnualMaterial,
    BucketLine,
    CountLine,
    Doubts,
    MethodLine,
    UnitCount,
)
from notify.terms import CLASSES
from notify.weekly.desk import Desk

BUCKETS = {
    "overview": "概况类信息",
    "news": "政务动态类信息",
    "disclosure": "信息公开目录信息",
}
UNCOUNTED = "不计入年报"
METHODS = {Method.SEEN: "逐条统计", Method.TOTAL: "列表总数差（净增）"}
BASES = {
    Basis.NO_EARLIER: "上年末没有列表总数快照，不能计算列表总数差",
    Basis.FAR: "列表总数快照距年初或期末超过31天，列表总数差不予采用",
    Basis.NEGATIVE: "列表总数减少，列表总数差为负，不予采用，请核对是否有信息被撤下",
}


def bucket_lines(columns: Sequence[ColumnYear]) -> tuple[BucketLine, ...]:
    return tuple(_bucket_line(name, columns) for name in BUCKETS)


def _bucket_line(bucket: str, columns: Sequence[ColumnYear]) -> BucketLine:
    own = [line for line in columns if line.items.column.bucket == bucket]
    by_method = Counter[Method]()
    for line in own:
        by_method[line.method] += line.number
    return BucketLine(
        bucket=bucket,
        words=BUCKETS[bucket],
        columns=len(own),
        seen=by_method[Method.SEEN],
        growth=by_method[Method.TOTAL],
        number=by_method.total(),
    )


def count_lines(desk: Desk, columns: Sequence[ColumnYear]) -> tuple[CountLine, ...]:
    """Every column, those of one bucket together, the largest first; then those not counted."""
    order = {bucket: place for place, bucket in enumerate((*BUCKETS, "none"))}
    ranked = sorted(columns, key=lambda x: (order[x.items.column.bucket], -x.number))
    names = names_of(desk, [line.items.column for line in columns])
    return tuple(
        CountLine(
            unit=desk.unit(line.items.column.unit),
            unit_id=line.items.column.unit,
            site=line.items.column.site,
            column=names[line.items.column.key],
            class_words=CLASSES.get(line.items.column.column_class, "其他"),
            bucket=line.items.column.bucket,
            method=METHODS[line.method],
            number=line.number,
            home=line.items.home,
            elsewhere=line.items.elsewhere,
            note=_note(line),
        )
        for line in ranked
    )


def names_of(desk: Desk, columns: Sequence[CountedColumn]) -> dict[str, str]:
    """By key, each column's name; with its site where its unit has several of that name."""
    shared = Counter((column.unit, column.name) for column in columns)
    return {
        column.key: column.name
        if shared[column.unit, column.name] == 1
        else f"{column.name}（{desk.sites.get(column.site, column.site)}）"
        for column in columns
    }


def _note(line: ColumnYear) -> str:
    told = []
    if line.items.column.ended:
        told.append("已不在登记册内")
    if line.items.undated:
        told.append(f"另有{line.items.undated}条未标日期，未计入")
    if line.items.misdated:
        told.append(f"另有{line.items.misdated}条日期晚于首次看到之日，未计入")
    return "；".join(told)


def method_lines(desk: Desk, columns: Sequence[ColumnYear]) -> tuple[MethodLine, ...]:
    """The lists that tell a total and whose two numbers differ by more than 1 %, or whose total
    cannot be used."""
    names = names_of(desk, [line.items.column for line in columns])
    asked = [line for line in columns if line.differs or line.basis in BASES]
    return tuple(_method_line(names[line.items.column.key], line) for line in asked)


def _method_line(name: str, line: ColumnYear) -> MethodLine:
    before, after = line.totals.before, line.totals.after
    note = BASES.get(line.basis, "")
    if line.method is Method.TOTAL and line.items.elsewhere:
        note = f"已减去归属其他栏目的{line.items.elsewhere}条"
    return MethodLine(
        column=name,
        shown=line.items.shown,
        before_on=before.on if before else None,
        before=before.total if before else None,
        after_on=after.on if after else None,
        after=after.total if after else None,
        growth=line.totals.growth,
        taken=METHODS[line.method],
        differs=line.differs,
        note=note,
    )


def unit_counts(desk: Desk, columns: Iterable[ColumnYear]) -> tuple[UnitCount, ...]:
    """The units that have a column which counts, the one with most items first."""
    by_unit: dict[str, Counter[str]] = {}
    for line in columns:
        column = line.items.column
        if column.counts:
            by_unit.setdefault(column.unit, Counter())[column.bucket] += line.number
    lines = [
        UnitCount(desk.unit(unit), own["overview"], own["news"], own["disclosure"], own.total())
        for unit, own in by_unit.items()
    ]
    return tuple(sorted(lines, key=lambda line: -line.total))


def of_class(material: AnnualMaterial, word: str, site: str | None = None) -> int | None:
    """How many items did columns of a class show, each once? None: there is no such column."""
    columns = [line.items.column for line in material.columns]
    if not any(x.column_class == word and site in (None, x.site) for x in columns):
        return None
    items = material.items
    return items.by_class.get(word, 0) if site is None else items.by_site.get((site, word), 0)


def doubts(material: AnnualMaterial) -> Doubts:
    watch, items = material.watch, material.items
    counted = [line for line in material.columns if line.items.column.counts]
    idle = [line for line in material.columns if not line.items.column.counts]
    looks = [watch.first_looks.get(line.items.column.key) for line in counted]
    return Doubts(
        watched_since=watch.since,
        late_columns=sum(day is not None and day > material.period.first for day in looks),
        unseen_columns=looks.count(None),
        undated=sum(line.items.undated for line in counted),
        misdated=sum(line.items.misdated for line in counted),
        redated=items.redated,
        several=items.several,
        hidden=items.hidden,
        uncounted_columns=len(idle),
        uncounted_items=sum(line.items.home for line in idle),
        copies=material.copies,
    )
